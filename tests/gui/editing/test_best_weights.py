"""Back to the best weights, through the real window; and what is said of them and of early stops."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from engine.experiment import Experiment
from engine.run.lane_state import RUN_STATE
from engine.run.snapshot import RunState, Snapshot
from gui.actions import Action
from gui.main_window import MainWindow
from gui.text.sentences import state_sentence
from tests.engine.run.test_best import DATASET, OVERFITS, PATIENT, SLOWER, stopped
from tests.gui.conftest import MakeWindow, wait_for_state
from tests.gui.snapshots import make_lane, make_snapshot

PAIR = Experiment(DATASET, (OVERFITS, SLOWER))


def wait(qtbot: QtBot, window: MainWindow, *epochs: int | None) -> Snapshot:
    session = window.session

    def is_there() -> bool:
        shown = session.snapshot
        is_current = shown.run_id == session.run_id and shown.state is RunState.PAUSED
        return is_current and tuple(lane.epochs for lane in shown.lanes) == epochs

    qtbot.waitUntil(is_there, timeout=20_000)
    return session.snapshot


def test_a_click_leads_each_lane_back_to_its_best_epoch_and_undo_forth_again(
    qtbot: QtBot, make_window: MakeWindow
) -> None:
    window = make_window(PAIR)
    session, action = window.session, window.actions_by_name[Action.BEST_WEIGHTS]
    best = [lane.best_epoch for lane in stopped((PATIENT, replace(PATIENT, learning_rate=0.02)))]
    assert not action.isEnabled()
    assert "These are the weights of the lowest validation loss: lane 1 epoch 0, " in action.statusTip()
    session.train(120)
    late = wait(qtbot, window, 120, 120)
    assert [lane.best_epoch for lane in late.lanes] == best
    assert action.isEnabled()
    assert f"lane 1 epoch {best[0]}, 0." in action.toolTip()
    steps = session.undo_stack.count()

    action.trigger()
    back = wait(qtbot, window, *best)
    assert [lane.metrics.validation_loss for lane in back.lanes] == [lane.best_loss for lane in late.lanes]
    assert [lane.history[-1, 0] for lane in back.lanes] == best
    assert window.run_bar._message.text().startswith(f"Back at the lowest validation loss: lane 1 epoch {best[0]}, ")
    assert session.undo_stack.undoText() == "Back to Best Weights"
    assert session.undo_stack.count() == steps + 1
    assert not action.isEnabled()
    assert "These are the weights" in action.statusTip()
    assert not any(question.quantity == RUN_STATE for question in session.sight.attention.questions)

    session.undo_stack.undo()
    again = wait(qtbot, window, 120, 120)
    assert [lane.metrics for lane in again.lanes] == [lane.metrics for lane in late.lanes]
    session.undo_stack.redo()
    wait(qtbot, window, *best)
    session.train(120)
    again = wait(qtbot, window, 120, 120)
    assert [lane.history.tobytes() for lane in again.lanes] == [lane.history.tobytes() for lane in late.lanes]

    session.train()  # nothing is lost while it trains
    qtbot.waitUntil(lambda: session.snapshot.lanes[0].epochs > 130)
    action.trigger()
    wait(qtbot, window, *[lane.best_epoch for lane in session.snapshot.lanes])
    session.undo_stack.undo()
    qtbot.waitUntil(lambda: session.snapshot.run_id == session.run_id, timeout=20_000)
    assert min(lane.epochs for lane in session.snapshot.lanes) > 130


def test_early_stops_are_told_and_why_there_is_nothing_to_go_back_to(qtbot: QtBot, make_window: MakeWindow) -> None:
    window = make_window(Experiment(DATASET, (PATIENT,)))
    session, action = window.session, window.actions_by_name[Action.BEST_WEIGHTS]
    (end,) = stopped((PATIENT,))
    session.train()
    shown = wait(qtbot, window, end.epochs)
    said = f"Stopped early at epoch {end.epochs}: no lower validation loss for 20 epochs; best at {end.best_epoch}."
    assert state_sentence(shown) == window.run_bar._message.text() == said
    assert window.run_bar._message.font().bold()

    without = replace(session.experiment, lanes=(replace(PATIENT, validation_fraction=0.0),))
    session.apply(without)
    qtbot.waitUntil(lambda: session.snapshot.lanes[0].best_epoch is None, timeout=20_000)
    assert not action.isEnabled()
    assert action.statusTip().startswith("No points are kept for validation")
    wait_for_state(qtbot, window, RunState.PAUSED)


def test_of_several_lanes_it_is_said_which_have_stopped_and_whether_the_others_go_on() -> None:
    lane = replace(make_lane(epochs=138), best=(118, 0.2, 0.25, 0.9, 0.9), has_stopped_early=True)
    for state, word in ((RunState.RUNNING, "Training"), (RunState.PAUSED, "Paused")):
        snapshot = replace(make_snapshot(state), lanes=(make_lane(epochs=150), lane))
        assert state_sentence(snapshot) == f"{word}. Stopped early: lane 2 at epoch 138, best at 118."
    alone = replace(make_snapshot(RunState.PAUSED), lanes=(replace(lane, epochs=119),))
    assert "no lower validation loss for 1 epoch; best at 118" in state_sentence(alone)
