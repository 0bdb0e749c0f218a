"""What can be done with selected points: select, delete, nudge, cut, copy, paste."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from engine.commands import FindMisclassified
from engine.dataset import Dataset
from engine.errors import InputError
from engine.snapshot import Snapshot
from engine.tables import as_text, table_from_text
from gui.editor import Editor
from gui.lane_editor import LaneEditor
from gui.selecting_view import SelectingView
from gui.session import Session
from gui.training_thread import TrainingThread
from gui.wording import points


class SelectionEditor(QObject):
    """Selects points on the plane and edits those that are selected.

    Signals:
        told(str): a sentence on what was found.
    """

    told = Signal(str)

    def __init__(
        self,
        view: SelectingView,
        session: Session,
        thread: TrainingThread,
        editor: Editor,
        lanes: LaneEditor,
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._view, self._session, self._thread, self._editor, self._lanes = view, session, thread, editor, lanes
        self._request = self._lane = 0
        self._is_waiting = False
        view.nudged.connect(self.nudge)
        session.snapshot_arrived.connect(self._take_misclassified)

    def _dataset(self) -> Dataset:
        self._session.finish_draft()
        return self._session.experiment.dataset

    def select_all(self) -> None:
        """Select every point."""
        self._view.select(np.ones(len(self._dataset()), dtype=bool))

    def select_none(self) -> None:
        """Select no point."""
        self._dataset()
        self._view.deselect()

    def invert(self) -> None:
        """Select what is not selected."""
        self._view.select(~self._view.selected if len(self._dataset()) else self._view.selected)

    def select_class(self, label: int) -> None:
        """Select the points of a class."""
        self._view.select(self._dataset().labels == label)

    def select_misclassified(self) -> None:
        """Ask the network in hand which points it takes for another class; they are selected when it answers."""
        self._dataset()
        if not self._session.snapshot.lanes:
            self.told.emit("There is no network to ask yet.")
            return
        self._lane = self._lanes.current
        self._ask()

    def _ask(self) -> None:
        self._request, self._is_waiting = self._request + 1, True
        self._thread.send(FindMisclassified(self._request, self._lane))

    @Slot(Snapshot)
    def _take_misclassified(self, snapshot: Snapshot) -> None:
        found = snapshot.misclassified
        if not self._is_waiting or found is None or found.request != self._request:
            return
        self._is_waiting = False
        if found.dataset is not self._session.experiment.dataset:
            self._ask()  # of the points there are now
            return
        self._view.select(found.mask)
        count = int(found.mask.sum())
        whose = f" by lane {self._lane + 1}" if len(snapshot.lanes) > 1 else ""
        self.told.emit(f"{points(count)} misclassified{whose}." if count else f"No point is misclassified{whose}.")

    def delete(self) -> None:
        """Remove the selected points."""
        self._dataset()
        if self._view.selected.any():
            self._editor.delete(self._view.selected)

    @Slot(float, float)
    def nudge(self, x: float, y: float) -> None:
        """Move the selected points a little."""
        self._dataset()
        self._editor.move(self._view.selected, x, y)

    def copy(self) -> None:
        """Put the selected points, or all if none is selected, on the clipboard, as a spreadsheet takes them."""
        dataset, selected = self._dataset(), self._view.selected
        mask = selected if selected.any() else np.ones(len(dataset), dtype=bool)
        QGuiApplication.clipboard().setText(as_text(dataset, mask))
        self.told.emit(f"{points(int(mask.sum()))} copied.")

    def cut(self) -> None:
        """Copy the selected points and remove them."""
        if self._view.selected.any():
            self.copy()
            self.delete()

    def paste(self, label: int) -> None:
        """Add the points on the clipboard and select them; those without a class get `label`."""
        dataset = self._dataset()
        try:
            source = table_from_text(QGuiApplication.clipboard().text())
            sample = source.look()
            pasted = source.read_as_found().dataset
        except InputError as error:
            self._editor.refused.emit(f"What is on the clipboard cannot be pasted as points: {error}")
            return
        if not len(pasted):
            self.told.emit("There are no points on the clipboard.")
            return
        text = f"Paste {points(len(pasted))}"
        if sample.columns.label is None:
            pasted = Dataset(pasted.points, np.full(len(pasted), label), dataset.class_names, colours=dataset.colours)
        self._editor.join(pasted, text)
        after = self._session.experiment.dataset
        if after is not dataset:
            self._view.select(np.arange(len(after)) >= len(dataset))
