"""The way back to the weights of the lowest validation loss: an undoable step."""

from __future__ import annotations

from html import escape

from PySide6.QtCore import QObject, Slot
from PySide6.QtGui import QAction

from engine.messages import message
from engine.run.snapshot import RunState, Snapshot
from gui.editing.session import Session
from gui.text.language import say
from gui.text.sentences import best_places, best_tip
from gui.widgets.tips import action_tip


class BestWeights(QObject):
    """Leads every lane of a session back to the end of its best epoch when the action is triggered."""

    def __init__(self, session: Session, action: QAction, parent: QObject) -> None:
        super().__init__(parent)
        self._session, self._action = session, action
        self._awaited: int | None = None  # the run of which it is to be told where its lanes are
        self._shown: tuple[bool, str] | None = None
        action.triggered.connect(self.go_back)
        session.snapshot_arrived.connect(self._follow)
        self._show(session.snapshot)

    @Slot()
    def go_back(self) -> None:
        """Begin a run with the best weights of this one, which is left as it is."""
        self._session.edit(self._session.experiment, message("Back to Best Weights"), memory=None)
        self._awaited = self._session.run_id

    @Slot(object)
    def _follow(self, snapshot: Snapshot) -> None:
        self._show(snapshot)
        if snapshot.run_id == self._awaited and (places := best_places(snapshot.lanes)) is not None:
            self._awaited = None
            self._session.told.emit(message("Back at the lowest validation loss: {places}.", places=places))

    def _show(self, snapshot: Snapshot) -> None:
        """Show whether there is something to go back to, and to which epoch, or why there is not."""
        tip = best_tip(snapshot.lanes)
        places = [
            lane.epochs + lane.epoch_share - lane.best_epoch for lane in snapshot.lanes if lane.best_epoch is not None
        ]
        # while it trains the best is soon left behind, if it is not already
        shown = any(places) or (bool(places) and snapshot.state is RunState.RUNNING), say(tip)
        if shown != self._shown:
            self._shown = shown
            self._action.setEnabled(shown[0])
            self._action.setStatusTip(shown[1])
            self._action.setToolTip(action_tip(escape(shown[1]), self._action))
