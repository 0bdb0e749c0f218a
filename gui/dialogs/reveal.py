"""The result on the points of the test: shown when it is asked for, and counted."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import QObject, Qt, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMessageBox, QWidget

from engine.insight.revealed import REVEALED, Revealed
from engine.learning.metrics import wilson
from engine.messages import Message, counted, message
from engine.run.snapshot import LaneSnapshot, Snapshot
from gui.editing.session import Session
from gui.text.language import say
from gui.text.numbers import loss, percent, r_squared
from gui.widgets.boxes import text_box
from gui.widgets.tips import action_tip

WHO = "test"  # asks for it


class Reveal(QObject):
    """Measures the lanes of a session on the points of the test when an action is triggered.

    Args:
        window: over which the result is shown.
        session: whose lanes they are; its document counts the looks.
        action: asks for it.
    """

    def __init__(self, window: QWidget, session: Session, action: QAction) -> None:
        super().__init__(window)
        self._window, self._session, self._action = window, session, action
        self._is_asked = False
        self._shown: tuple[bool, str] | None = None
        action.triggered.connect(self.ask)
        session.snapshot_arrived.connect(self._follow)
        session.experiment_changed.connect(self._show)
        self._show()

    @Slot()
    def ask(self) -> None:
        """Have all lanes measured on the points of the test, once."""
        self._is_asked = True
        self._session.sight.want(WHO, (REVEALED,))

    @Slot()
    def _show(self) -> None:
        """Show whether there is a test, and how often it was looked at."""
        experiment = self._session.experiment
        has_test, looks = experiment.lanes[0].test_fraction > 0, experiment.test_looks
        if not has_test:
            tip = message("No points are kept back for a test: the setting “Validation, test” sets how many are")
        else:
            tip = message("What the networks make of the points that are kept back, once")
        if has_test and looks:
            tip = counted("Already looked at once", "Already looked at {n:,} times", looks)
        shown = has_test and bool(self._session.snapshot.lanes), say(tip)
        if shown != self._shown:
            self._shown = shown
            self._action.setEnabled(shown[0])
            self._action.setStatusTip(shown[1])
            self._action.setToolTip(action_tip(shown[1], self._action))

    @Slot(object)
    def _follow(self, snapshot: Snapshot) -> None:
        self._show()
        found = [lane.readings.value(REVEALED) for lane in snapshot.lanes]
        known = [each for each in found if each is not None]
        if not self._is_asked or not known or len(known) < len(found):
            return
        self._is_asked = False
        self._session.sight.want(WHO, ())
        if known[0].n_points:
            experiment = self._session.experiment
            self._session.apply(replace(experiment, test_looks=experiment.test_looks + 1))
        said = reveal_text(snapshot.lanes, known, self._session.experiment.test_looks)
        title, icon = say("Test Result"), QMessageBox.Icon.Information
        text_box(self._window, title, said, Qt.TextFormat.PlainText, icon).open()


def reveal_text(lanes: Sequence[LaneSnapshot], found: Sequence[Revealed], looks: int) -> str:
    """The results of lanes, and of which look they are."""
    if not found[0].n_points:
        return say("There are so few points that none is kept back for the test.")
    results = [result_of(lane, each) for lane, each in zip(lanes, found, strict=True)]
    if len(lanes) > 1:
        results = [message("Lane {number}: {what}", number=number, what=what) for number, what in enumerate(results, 1)]
    heading = counted(
        "{n:,} point kept back for the test:",
        "{n:,} points kept back for the test:",
        found[0].n_points,
    )
    note = counted(
        "This was the first look: the test was unseen.",
        "Looked at {n:,} times: it is no longer unseen. A choice made by it seems better than it is.",
        looks,
    )
    return "\n\n".join([say(heading), "\n".join(map(say, results)), say(note)])


def result_of(lane: LaneSnapshot, found: Revealed) -> Message:
    """The result of a lane: accuracy with its 95 % interval and loss, or how well values are met."""
    metrics = found.metrics
    if lane.has_values:
        return message(
            "R² {r2}, RMSE {rmse}, after epoch {epoch:,}",
            r2=r_squared(metrics.train_r2),
            rmse=loss(metrics.train_rmse),
            epoch=lane.epochs,
        )
    low, high = wilson(round(metrics.train_accuracy * found.n_points), found.n_points)
    return message(
        "accuracy {accuracy} (95 %: {low} to {high}), loss {loss}, after epoch {epoch:,}",
        accuracy=percent(metrics.train_accuracy),
        low=percent(low),
        high=percent(high),
        loss=loss(metrics.train_loss),
        epoch=lane.epochs,
    )
