"""Runs become rows of their document: when, with what, and which networks stay."""

from __future__ import annotations

from dataclasses import replace

import pytest
from pytestqt.qtbot import QtBot

from engine.config import Activation
from engine.experiment import Experiment
from engine.messages import message
from engine.run.commands import Start
from engine.run.past.run_record import DATA, Key
from engine.run.snapshot import Origin, RunState, Snapshot
from gui.editing.session import Session
from tests.gui.conftest import small_experiment
from tests.gui.editing.test_session import RecordingPort, with_config
from tests.gui.snapshots import make_lane


class Bench:
    """A session whose worker says what a test wants."""

    def __init__(self) -> None:
        self.port = RecordingPort()
        self.session = Session(small_experiment(), self.port)
        self.session.start()

    def trained(self, steps: int, *, origin: Origin = Origin.DRAWN, left: frozenset[int] = frozenset()) -> None:
        """A snapshot of the current run comes, whose lanes have made so many steps."""
        lanes = tuple(make_lane(epochs=steps, steps=steps) for _ in self.session.experiment.lanes)
        state = RunState.PAUSED if steps else RunState.READY
        self.port.snapshot = Snapshot(self.session.run_id, state, lanes, origin=origin, left_runs=left)
        self.session.take_snapshot()

    def change(self, **changes: object) -> None:
        self.session.edit(with_config(self.session.experiment, **changes), message("Change"))

    @property
    def rows(self) -> list[tuple[Key, int]]:
        """Keys and epochs of all runs, that under way included."""
        return [(found.key, found.epochs) for found in self.session.runs.of(self.session.document).shown]


@pytest.fixture
def bench(qtbot: QtBot) -> Bench:
    return Bench()


def test_a_run_is_a_row_as_soon_as_it_is_trained_and_stays_when_it_is_left(bench: Bench) -> None:
    bench.trained(0)
    assert bench.rows == []
    bench.trained(5)
    assert bench.rows == [((1, 0), 5)]
    bench.trained(8)
    bench.session.reset()
    assert bench.rows == [((1, 0), 8)]
    bench.trained(0)
    bench.trained(3)
    assert bench.rows == [((1, 0), 8), ((2, 0), 3)]
    assert bench.session.runs.under_way(bench.session.document) == 2


def test_a_run_that_is_gone_back_to_is_no_second_row(bench: Bench) -> None:
    bench.trained(5)
    bench.change(hidden_layers=(3,))
    bench.trained(2)
    bench.session.undo_stack.undo()
    bench.trained(5, origin=Origin.KEPT)
    assert bench.rows == [((1, 0), 5), ((2, 0), 2)]
    bench.trained(9, origin=Origin.KEPT)
    assert bench.rows == [((1, 0), 9), ((2, 0), 2)]


def test_a_run_whose_networks_were_lost_is_trained_as_another_and_keeps_its_row(bench: Bench) -> None:
    bench.trained(5)
    bench.change(hidden_layers=(3,))
    bench.trained(2)
    bench.session.undo_stack.undo()
    bench.trained(0, origin=Origin.LOST)
    bench.trained(1, origin=Origin.LOST)

    assert bench.rows == [((1, 0), 5), ((2, 0), 2), ((3, 0), 1)]


def test_each_lane_is_a_row_with_its_settings_at_the_end(bench: Bench) -> None:
    bench.change(activation=Activation.RELU)
    lane = bench.session.experiment.lanes[0]
    lanes = lane, replace(lane, hidden_layers=(3,))
    bench.session.edit(replace(bench.session.experiment, lanes=lanes), message("Add"))
    bench.trained(4)
    bench.change(learning_rate=0.5)
    bench.trained(6)
    bench.session.reset()

    first, second = bench.session.document.runs.records
    assert (first.key, second.key) == ((1, 0), (1, 1))
    assert (first.config.learning_rate, first.config.activation) == (0.5, Activation.RELU)
    assert first.changes == second.changes == ("learning_rate",)


def test_other_points_while_it_is_trained_are_told(bench: Bench) -> None:
    bench.trained(4)
    data = bench.session.experiment.dataset
    bench.session.edit(bench.session.experiment.with_dataset(data.with_points([[0.5, 0.5]], 1)), message("Draw"))
    bench.trained(5)

    assert bench.session.runs.of(bench.session.document).records[0].changes == (DATA,)


def test_what_was_changed_before_the_first_step_is_no_change(bench: Bench) -> None:
    bench.trained(0)
    bench.change(learning_rate=0.5)
    bench.trained(0)
    bench.trained(3)

    assert bench.session.runs.of(bench.session.document).records[0].changes == ()


def test_another_document_has_runs_of_its_own_and_those_of_the_one_behind_come_back(bench: Bench) -> None:
    bench.trained(5)
    bench.session.visit(Experiment(small_experiment().dataset.with_points([[0.5, 0.5]], 1)), message("Open"))
    assert bench.rows == []
    bench.trained(2)
    assert bench.rows == [((1, 0), 2)]
    bench.session.go_back(message("Back"))
    assert bench.rows == [((1, 0), 5)]


def test_the_worker_is_told_which_networks_are_worth_keeping_the_marked_ones_last(bench: Bench) -> None:
    runs = []
    for number in range(1, 4):
        bench.trained(number)
        runs.append(bench.session.run_id)
        if number == 1:
            marked = bench.session.document.runs.notes.with_marks([(1, 0)], is_marked=True)
            bench.session.edit(bench.session.experiment, message("Mark"), notes=marked)
        bench.session.reset()
    (*_, start) = [command for command in bench.port.commands if isinstance(command, Start)]
    assert start.welcome == (runs[1], runs[2], runs[0])
    notes = bench.session.document.runs.notes.without([(2, 0)])
    bench.session.edit(bench.session.experiment, message("Delete"), notes=notes)
    assert bench.session.runs.worth_keeping() == (runs[2], runs[0])


def test_only_of_runs_that_were_left_and_are_kept_there_are_networks(bench: Bench) -> None:
    bench.trained(5)
    run, log, document = bench.session.run_id, bench.session.runs, bench.session.document
    bench.session.reset()
    bench.trained(1)
    assert log.run_with_weights(document, 1) is None
    bench.trained(2, left=frozenset({run}))
    assert (log.run_with_weights(document, 1), log.run_with_weights(document, 2)) == (run, None)


def test_notes_are_undone_and_make_the_document_modified_but_training_alone_does_not(bench: Bench) -> None:
    bench.trained(5)
    bench.session.reset()
    bench.session.undo_stack.setIndex(1)
    session = bench.session
    assert not session.state.is_modified
    session.edit(session.experiment, message("Delete"), notes=session.document.runs.notes.without([(1, 0)]))
    assert session.state.is_modified
    assert bench.rows == []
    bench.trained(3)
    session.undo_stack.undo()
    assert not session.state.is_modified
    assert [key for key, _ in bench.rows] == [(1, 0), (2, 0)]
    session.undo_stack.redo()
    assert [key for key, _ in bench.rows] == [(2, 0)]


def test_a_run_that_only_begins_with_weights_is_no_row_before_it_is_trained_on(bench: Bench) -> None:
    bench.trained(5)
    bench.session.reset()
    bench.trained(7, origin=Origin.KEPT)
    assert bench.rows == [((1, 0), 5)]
    bench.trained(8, origin=Origin.KEPT)
    assert bench.rows == [((1, 0), 5), ((2, 0), 8)]


def test_the_networks_of_a_file_go_on_as_the_run_that_they_are_of(bench: Bench) -> None:
    bench.trained(5)
    session = bench.session
    saved = session.runs.to_save(session.document, session.run_id)
    assert (saved.current, session.runs.to_save(session.document, None).current) == (1, None)
    session.document.runs = saved
    session.start()
    session.runs.begin(session.document, session.run_id)
    bench.trained(5, origin=Origin.KEPT)
    bench.trained(6, origin=Origin.KEPT)
    assert bench.rows == [((1, 0), 6)]


def test_a_run_that_goes_on_in_another_document_is_a_row_of_either(bench: Bench) -> None:
    bench.trained(5)
    here, session = bench.session.document, bench.session
    session.visit(replace(session.experiment, title="Another"), message("Visit"))
    bench.trained(8)
    assert session.document is not here
    assert bench.rows == [((1, 0), 8)]
    assert session.runs.under_way(session.document) == 1
    session.undo_stack.undo()
    bench.trained(9)
    assert session.document is here
    assert bench.rows == [((1, 0), 9)]
