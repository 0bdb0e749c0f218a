"""The session: edits, undo, drafts, and which snapshots belong to the current run."""

from __future__ import annotations

import weakref
from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.config import Activation, Optimizer, TrainingConfig
from engine.dataset import Dataset
from engine.experiment import Experiment
from engine.messages import Message, counted, message
from engine.run.commands import Command, Pause, Resume, Start, Step, UseExperiment
from engine.run.snapshot import Origin, RunState, Snapshot
from gui.editing.history import Edit, forget_oldest, runs_of, word_anew
from gui.editing.session import RESTARTED, RETURNED, Session
from gui.text import language
from tests.gui.conftest import small_experiment
from tests.gui.snapshots import make_lane


class RecordingPort:
    """Stands for the thread: notes commands, and has the snapshot it was given."""

    def __init__(self) -> None:
        self.commands: list[Command] = []
        self.snapshot: Snapshot | None = None

    def send(self, command: Command) -> None:
        self.commands.append(command)

    def take(self) -> Snapshot | None:
        snapshot, self.snapshot = self.snapshot, None
        return snapshot


@pytest.fixture
def port() -> RecordingPort:
    return RecordingPort()


@pytest.fixture
def session(qtbot: QtBot, port: RecordingPort) -> Session:
    session = Session(small_experiment(), port)
    session.start()
    return session


def with_config(experiment: Experiment, **changes: object) -> Experiment:
    return experiment.with_lane(0, replace(experiment.lanes[0], **changes))  # type: ignore[arg-type]


def test_a_snapshot_of_the_current_run_is_passed_on(qtbot: QtBot, session: Session, port: RecordingPort) -> None:
    port.snapshot = Snapshot(session.run_id, RunState.READY)

    with qtbot.waitSignal(session.snapshot_arrived):
        session.take_snapshot()

    assert session.snapshot.state is RunState.READY


def test_a_stale_snapshot_of_an_earlier_run_is_dropped(qtbot: QtBot, session: Session, port: RecordingPort) -> None:
    stale = Snapshot(session.run_id, RunState.RUNNING)
    session.start()
    port.snapshot = stale

    with qtbot.assertNotEmitted(session.snapshot_arrived):
        session.take_snapshot()

    assert session.snapshot is not stale


def test_that_the_engine_is_missing_is_told_whatever_run_it_was(
    qtbot: QtBot, session: Session, port: RecordingPort
) -> None:
    port.snapshot = Snapshot(-1, RunState.UNAVAILABLE)

    with qtbot.waitSignal(session.snapshot_arrived):
        session.take_snapshot()


def test_what_was_asked_for_while_loading_is_withdrawn_by_a_run_that_pauses_and_forgotten_once_it_is_loaded(
    session: Session, port: RecordingPort
) -> None:
    told = list[Snapshot]()
    session.train_withdrawn.connect(told.append)
    session.train()
    session.start(running=None)
    assert session.is_train_wanted, "the worker knows that it is to run"
    session.reset()
    assert not session.is_train_wanted
    assert told == [session.snapshot]
    session.train()
    port.snapshot = Snapshot(session.run_id, RunState.RUNNING)
    session.take_snapshot()
    session.reset()
    assert len(told) == 1


def test_each_start_has_a_number_of_its_own(session: Session, port: RecordingPort) -> None:
    for _ in range(3):
        session.start()

    numbers = [command.run_id for command in port.commands if isinstance(command, Start)]
    assert len(set(numbers)) == 4


@pytest.mark.parametrize(
    "changes",
    [{"learning_rate": 0.5}, {"optimizer": Optimizer.SGD}, {"batch_size": None}, {"validation_fraction": 0.4}],
)
def test_settings_that_keep_the_weights_go_on_with_the_run(
    session: Session, port: RecordingPort, changes: dict[str, object]
) -> None:
    run = session.run_id
    session.edit(with_config(session.experiment, **changes), message("Change"))

    assert session.run_id == run
    assert port.commands[-1] == UseExperiment(session.experiment)


@pytest.mark.parametrize("changes", [{"hidden_layers": (3,)}, {"activation": Activation.RELU}, {"seed": 7}])
def test_settings_of_the_network_itself_start_a_new_run_that_trains_on_if_the_old_one_does(
    session: Session, port: RecordingPort, changes: dict[str, object]
) -> None:
    run = session.run_id

    session.edit(with_config(session.experiment, **changes), message("Change"))

    needed = frozenset({run, run + 1})
    assert port.commands[-1] == Start(run + 1, session.experiment, None, needed)  # the worker knows


def test_another_number_of_classes_starts_a_new_run(session: Session, port: RecordingPort) -> None:
    session.edit(session.experiment.with_dataset(session.experiment.dataset.with_class()), message("Add Class"))

    assert isinstance(port.commands[-1], Start)


def orders(port: RecordingPort) -> list[Command]:
    """All that the worker was told."""
    return port.commands


def show(session: Session, port: RecordingPort, steps: int, origin: Origin = Origin.DRAWN) -> None:
    """Have the worker tell of so many steps of the current run."""
    port.snapshot = Snapshot(session.run_id, RunState.PAUSED, (make_lane(steps=steps),), origin=origin)
    session.take_snapshot()


def test_undo_and_redo_across_a_restart_lead_back_to_the_runs_there_were(session: Session, port: RecordingPort) -> None:
    told: list[object] = []
    session.told.connect(told.append)
    first, before = session.run_id, session.experiment
    show(session, port, 40)
    session.edit(with_config(before, hidden_layers=(3,)), message("Depth"))
    second, after = session.run_id, session.experiment
    assert told == [RESTARTED]
    show(session, port, 50)
    session.edit(with_config(after, learning_rate=0.5), message("Rate"))

    session.undo_stack.setIndex(0)  # over both
    assert orders(port)[-1] == Start(first, before, False, frozenset({first, second}), (), (first, second))
    assert session.run_id == first
    show(session, port, 40)  # a snapshot of long ago
    assert told == [RESTARTED]
    show(session, port, 40, Origin.KEPT)
    show(session, port, 41, Origin.KEPT)
    assert told == [RESTARTED, RETURNED[Origin.KEPT]]
    session.undo_stack.redo()
    assert orders(port)[-1] == Start(second, after, False, frozenset({first, second}), (), (first, second))
    show(session, port, 0, Origin.LOST)
    assert told[2:] == [RETURNED[Origin.LOST]]
    session.undo_stack.redo()
    assert orders(port)[-1] == UseExperiment(session.experiment)
    session.undo_stack.undo()
    session.edit(with_config(after, hidden_layers=(4,)), message("Depth"))
    assert orders(port)[-1] == Start(3, session.experiment, None, frozenset({first, second, 3}), (), (first,))


def test_a_setting_there_and_back_in_one_step_brings_the_weights_back(session: Session, port: RecordingPort) -> None:
    first = session.run_id
    for width in (3, 4):
        session.edit(with_config(session.experiment, hidden_layers=(width,)), message("Width"), "width")
    session.edit(with_config(session.experiment, hidden_layers=(8, 8)), message("Width"), "width")
    assert session.undo_stack.count() == 0
    assert session.run_id == first
    assert port.commands[-1] == Start(first, session.experiment, False, frozenset({first}))


def test_reset_is_a_step_where_there_is_something_to_lose(session: Session, port: RecordingPort) -> None:
    first, experiment = session.run_id, session.experiment
    session.reset()
    assert session.undo_stack.count() == 0
    assert port.commands[-1] == Start(first, experiment, False, frozenset({first}))
    show(session, port, 40)
    session.reset()
    assert session.undo_stack.undoText() == "Reset"
    assert port.commands[-1] == Start(first + 1, experiment, False, frozenset({first, first + 1}), (), (first,))
    assert not session.state.is_modified
    session.undo_stack.undo()
    assert port.commands[-1] == Start(first, experiment, False, frozenset({first, first + 1}), (), (first,))
    session.undo_stack.redo()
    assert session.run_id == first + 1


def test_a_ready_made_experiment_is_left_for_the_run_behind_it(session: Session, port: RecordingPort) -> None:
    first = session.run_id
    session.visit(small_experiment(30, 3), message("Visit"))
    session.undo_stack.clear()  # what led here is forgotten
    assert runs_of(session.undo_stack, session.state) == {first, first + 1}
    session.go_back(message("Back"))
    assert (session.run_id, port.commands[-1].run_id) == (first, first)  # type: ignore[union-attr]
    session.undo_stack.undo()
    assert session.run_id == first + 1


def test_undo_restores_exactly_and_redo_makes_it_again(session: Session) -> None:
    before = session.experiment
    session.edit(before.with_dataset(before.dataset.with_points([[0.5, 0.25]], 1)), message("Draw 1 point (Orange)"))
    after = session.experiment

    session.undo_stack.undo()
    assert session.experiment is before
    session.undo_stack.redo()
    assert session.experiment is after
    assert session.undo_stack.undoText() == "Draw 1 point (Orange)"


def test_edits_of_one_field_in_a_row_are_one_step(session: Session) -> None:
    before = session.experiment
    for rate in (0.1, 0.2, 0.3):
        session.edit(with_config(session.experiment, learning_rate=rate), message(f"Rate {rate}"), "learning_rate")
    session.edit(with_config(session.experiment, seed=9), message("Seed"), "seed")

    assert session.undo_stack.count() == 2
    session.undo_stack.undo()
    session.undo_stack.undo()
    assert session.experiment == before


def nudge(session: Session, times: int) -> list[weakref.ref[Dataset]]:
    """Move the points so often, as one step; what they were each time."""
    seen = []
    for _ in range(times):
        dataset = session.experiment.dataset
        session.edit(
            session.experiment.with_dataset(dataset.moved(dataset.labels == 0, (0.1, 0))), message("Move"), "nudge"
        )
        seen.append(weakref.ref(session.experiment.dataset))
    return seen


def test_what_lay_between_the_edits_of_one_step_is_not_kept(session: Session, port: RecordingPort) -> None:
    seen = nudge(session, 50)
    port.commands.clear()  # which a worker takes
    assert session.undo_stack.count() == 1
    assert [number for number, dataset in enumerate(seen) if dataset() is not None] == [49]


def test_of_steps_that_are_forgotten_nothing_is_kept(session: Session, port: RecordingPort) -> None:
    session.undo_stack.setUndoLimit(20)
    nudge(session, 3)
    seen = []
    for number in range(40):
        session.edit(with_points(session.experiment, 1), message(f"Step {number}"))
        seen.append(weakref.ref(session.experiment.dataset))
    session.undo_stack.setIndex(5)
    session.edit(with_points(session.experiment, 2), message("Other"))
    port.commands.clear()
    assert [number for number, dataset in enumerate(seen) if dataset() is not None] == list(range(19, 25))
    session.open(small_experiment())
    assert [dataset for dataset in seen if dataset() is not None] == []


def test_edits_in_a_row_that_lead_back_are_no_step_and_not_kept(session: Session, port: RecordingPort) -> None:
    before = session.experiment
    session.edit(with_config(before, learning_rate=0.7), message("Rate"), "learning_rate")
    during = weakref.ref(session.experiment)
    session.edit(
        with_config(session.experiment, learning_rate=before.lanes[0].learning_rate), message("Rate"), "learning_rate"
    )
    assert session.undo_stack.count() == 0
    assert session.experiment == before
    port.commands.clear()
    assert during() is None


def test_an_edit_that_changes_nothing_is_no_step(session: Session) -> None:
    session.edit(Experiment(session.experiment.dataset, session.experiment.lanes), message("Nothing"))

    assert session.undo_stack.count() == 0


def test_a_drawing_is_trained_on_while_it_is_drawn_and_is_one_step_in_the_end(
    session: Session, port: RecordingPort
) -> None:
    before = session.experiment
    dataset = before.dataset
    for place in ([0, 0], [0.1, 0], [0.2, 0]):
        dataset = dataset.with_points([place], 0)
        session.draft(dataset)
        assert port.commands[-1] == UseExperiment(session.experiment)
        assert session.undo_stack.count() == 0

    session.commit_draft(message("Draw 3 points (Blue)"))

    assert session.undo_stack.count() == 1
    assert session.experiment.dataset is dataset
    session.undo_stack.undo()
    assert session.experiment == before


def test_a_drawing_that_is_given_up_leaves_no_trace(session: Session) -> None:
    before = session.experiment
    session.draft(before.dataset.with_points([[0, 0]], 0))
    session.cancel_draft()

    assert session.experiment == before
    session.commit_draft(message("Draw"))
    assert session.undo_stack.count() == 0


class Pencil:
    """Draws one point, if it is asked for it."""

    def __init__(self, session: Session, text: str) -> None:
        self.dataset, self.text, self.gave_up = session.experiment.dataset.with_points([[0.5, 0.5]], 0), text, 0

    def hand_over(self) -> tuple[Message, Dataset]:
        return message(self.text), self.dataset

    def give_up(self) -> None:
        self.gave_up += 1


def test_whoever_draws_is_asked_for_it_before_something_else_is_edited(session: Session) -> None:
    session.drawer = pencil = Pencil(session, "Draw 1 point")
    session.finish_draft()
    assert session.undo_stack.undoText() == "Draw 1 point"
    assert session.experiment.dataset is pencil.dataset


def test_a_drawing_without_a_name_changed_nothing(session: Session) -> None:
    before = session.experiment
    session.draft(before.dataset.with_points([[0, 0]], 0))
    session.drawer = Pencil(session, "")
    session.finish_draft()
    assert session.experiment is before
    assert session.undo_stack.count() == 0


def test_whoever_draws_gives_up_when_the_history_moves(session: Session) -> None:
    session.edit(session.experiment.with_dataset(session.experiment.dataset.with_class()), message("Add Class"))
    session.drawer = pencil = Pencil(session, "Draw 1 point")
    pencil.gave_up = 0
    session.undo_stack.undo()
    assert pencil.gave_up == 1


def test_a_draft_that_comes_back_to_the_beginning_is_no_step(session: Session) -> None:
    session.draft(session.experiment.dataset.with_points([[0, 0]], 0))
    session.draft(session.experiment.dataset.without(session.experiment.dataset.labels < 0))
    session.undo_stack.clear()
    session.cancel_draft()
    session.draft(session.experiment.dataset)
    session.commit_draft(message("Nothing"))

    assert session.undo_stack.count() == 0


def test_buttons_are_commands(session: Session, port: RecordingPort) -> None:
    session.train()
    session.pause()
    session.step()

    assert port.commands[-3:] == [Resume(), Pause(), Step()]


def test_the_config_of_a_session_is_what_the_worker_gets(session: Session, port: RecordingPort) -> None:
    first = port.commands[0]

    assert isinstance(first, Start)
    assert first.experiment.lanes == (TrainingConfig(hidden_layers=(8, 8), batch_size=16),)


def with_points(experiment: Experiment, count: int) -> Experiment:
    places = np.random.default_rng(count).normal(size=(count, 2))
    return experiment.with_dataset(experiment.dataset.with_points(places, 0))


def save(session: Session) -> None:
    session.mark_saved(session.state, "/some/where.marz.json", None)


@pytest.mark.parametrize("saved_after", [None, 0, 3, 8, 10])
def test_the_oldest_steps_are_forgotten_when_they_take_too_much_memory(
    session: Session, saved_after: int | None
) -> None:
    states = [session.experiment]
    for number in range(1, 11):
        if saved_after == number - 1:
            save(session)
        session.edit(with_points(session.experiment, 1000), message(f"Step {number}"))
        states.append(session.experiment)
    if saved_after == 10:
        save(session)
    size = 1000 * 24
    forget_oldest(session.undo_stack, 10 * size + 9 * size + 8 * size + 61 * 24 * 3)  # what steps 10 and 9 keep
    stack = session.undo_stack

    assert [stack.text(index) for index in range(stack.count())] == ["Step 9", "Step 10"]
    assert session.experiment is states[10]
    assert session.state.is_modified == (saved_after != 10)
    for wanted in (9, 8):
        stack.undo()
        assert session.experiment is states[wanted]
        assert session.state.is_modified == (saved_after != wanted)
    assert not stack.canUndo()
    for wanted in (9, 10):
        stack.redo()
        assert session.experiment is states[wanted]


def test_one_step_can_be_undone_however_large_it_is(session: Session) -> None:
    before = session.experiment
    session.edit(with_points(before, 1000), message("Large"))
    forget_oldest(session.undo_stack, 1)
    assert isinstance(session.undo_stack.command(0), Edit)
    session.undo_stack.undo()
    assert session.experiment is before


def test_steps_that_fit_are_left_alone(session: Session) -> None:
    for number in range(5):
        session.edit(with_points(session.experiment, 10), message(f"Step {number}"))
    commands = [session.undo_stack.command(index) for index in range(5)]
    forget_oldest(session.undo_stack, 10**6)
    assert [session.undo_stack.command(index) for index in range(5)] == commands


def test_many_steps_at_a_time_lead_to_the_last_alone(session: Session, port: RecordingPort) -> None:
    states, shown = [session.experiment], list[Experiment]()
    for number in range(1, 41):
        session.edit(with_points(session.experiment, 1), message(f"Step {number}"))
        states.append(session.experiment)
    session.experiment_changed.connect(shown.append)
    for wanted in (3, 38):
        shown.clear()
        port.commands.clear()
        session.undo_stack.setIndex(wanted)
        assert session.experiment is states[wanted]
        assert [id(experiment) for experiment in shown] == [id(states[wanted])]
        assert [type(command) for command in port.commands] == [UseExperiment]


def test_opening_an_experiment_forgets_what_came_before(session: Session, port: RecordingPort) -> None:
    session.edit(with_points(session.experiment, 5), message("Draw"))
    other = small_experiment(30, 3)
    session.open(other)
    assert session.experiment is other
    assert session.undo_stack.count() == 0
    assert not session.state.is_modified
    assert isinstance(port.commands[-1], Start)


def test_steps_that_were_apart_stay_apart_when_older_ones_are_forgotten(session: Session) -> None:
    session.edit(with_points(session.experiment, 1000), message("Large"))
    session.edit(with_points(session.experiment, 1), message("Move"), "move")
    save(session)
    session.edit(with_points(session.experiment, 2), message("Move again"), "move")
    save(session)
    session.edit(with_points(session.experiment, 3), message("Draw"))
    told: list[int] = []
    session.undo_stack.indexChanged.connect(told.append)
    forget_oldest(session.undo_stack, 24 * 4260)  # the points of all but the first step

    texts = [session.undo_stack.text(index) for index in range(session.undo_stack.count())]
    assert texts == ["Move", "Move again", "Draw"]
    assert told == [3], "a view of the history hears of it"


def test_edits_are_worded_anew_in_another_language(session: Session) -> None:
    rate = message("Change {setting} to {value}", setting=message("Learning Rate", "setting"), value="0.5")
    session.edit(with_points(session.experiment, 1), counted("Draw {n:,} point", "Draw {n:,} points", 1))
    session.edit(with_config(session.experiment, learning_rate=0.5), rate, "learning_rate")
    session.edit(with_points(session.experiment, 2), message("Named by hand"))
    stack, before = session.undo_stack, language.current()
    english = [stack.text(index) for index in range(stack.count())]
    entries = {
        ("", "Draw {n:,} point"): ("{n:,} Punkt zeichnen", "{n:,} Punkte zeichnen"),
        ("", "Change {setting} to {value}"): ("{setting} auf {value} setzen",),
        ("setting", "Learning Rate"): ("Lernrate",),
    }
    language.use(language.Language("de", entries))
    try:
        word_anew(stack)
        german = [stack.text(index) for index in range(stack.count())]
        stack.undo()
        stack.undo()
        session.edit(with_points(session.experiment, 2), counted("Draw {n:,} point", "Draw {n:,} points", 2))
        assert stack.undoText() == "2 Punkte zeichnen"
    finally:
        language.use(before)
    word_anew(stack)

    assert english == ["Draw 1 point", "Change Learning Rate to 0.5", "Named by hand"]
    assert german == ["1 Punkt zeichnen", "Lernrate auf 0.5 setzen", "Named by hand"]
    assert [stack.text(index) for index in range(stack.count())] == ["Draw 1 point", "Draw 2 points"]
