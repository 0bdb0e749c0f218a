"""The actions on selected points: select, delete, nudge, cut, copy, paste."""

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QGuiApplication

from engine.dataset import Dataset
from engine.errors import InputError
from engine.formats.tables import as_text, table_from_text
from engine.messages import Message, counted, message
from engine.population import kernel_width
from engine.run.attention import Question
from engine.run.snapshot import MISCLASSIFIED, Snapshot
from gui.drawing.brushes import Place
from gui.drawing.plane import Plane
from gui.editing.editor import Editor
from gui.editing.lane_editor import LaneEditor
from gui.editing.session import Session
from gui.system import background
from gui.system.background import LARGE_DATASET
from gui.system.file_work import FileWork
from gui.text.decimals import decimal_sign
from gui.text.language import count, say

ASIDE = 16.0  # pixels that a copy lies beside what it was copied from, to the right and down
MAX_STEPS = 100  # aside
MAX_COMPARED = 4  # points that are looked for among those that there are
SAME = 1e-3  # of a step; rounding on a plane of many features is far less
LARGE_TEXT = 2**17  # characters on the clipboard; more are read on a thread of its own


class SelectedPoints(Protocol):
    """The points that are selected.

    Attributes:
        mask: bool ndarray of shape (n_samples,).
    """

    mask: NDArray[np.bool_]

    def select(self, selected: NDArray[np.bool_]) -> None: ...
    def clear(self) -> None: ...


class SelectionView(Protocol):
    """A view where points are seen and selected: they, the part of the plane that is seen, and what is selected."""

    @property
    def dataset(self) -> Dataset: ...
    @property
    def plane(self) -> Plane: ...
    @property
    def selection(self) -> SelectedPoints: ...


class SelectionEditor(QObject):
    """Selects points on the plane and edits those that are selected.

    Signals:
        told(Message): a sentence on what was found.
    """

    told = Signal(object)

    def __init__(
        self,
        view: SelectionView,
        session: Session,
        editor: Editor,
        lanes: LaneEditor,
        work: FileWork,
    ) -> None:
        super().__init__(work.window)
        self._view, self._session, self._editor, self._lanes = view, session, editor, lanes
        self._selected, self._work = view.selection, work
        self._question: Question | None = None  # that waits for its answer
        session.snapshot_arrived.connect(self._take_misclassified)

    def _dataset(self) -> Dataset:
        self._session.finish_draft()
        return self._session.experiment.dataset

    def select_all(self) -> None:
        """Select every point."""
        self._selected.select(np.ones(len(self._dataset()), dtype=bool))

    def select_none(self) -> None:
        """Select no point."""
        self._dataset()
        self._selected.clear()

    def invert(self) -> None:
        """Select what is not selected."""
        self._selected.select(~self._selected.mask if len(self._dataset()) else self._selected.mask)

    def select_class(self, label: int) -> None:
        """Select the points of a class."""
        self._selected.select(self._dataset().labels == label)

    @Slot(object, object)
    def select_points(self, dataset: Dataset, mask: NDArray[np.bool_]) -> None:
        """Select points of a dataset, if that is worked on still."""
        if self._dataset() is dataset:
            self._selected.select(mask)

    def select_misclassified(self) -> None:
        """Ask the network in hand which points it takes for another class; they are selected when it answers."""
        if self._dataset().has_values:
            self.told.emit(message("Values are learned: no point is of a wrong class."))
            return
        if not self._session.snapshot.lanes:
            self.told.emit(message("There is no network to ask yet."))
            return
        self._question = self._session.sight.ask(MISCLASSIFIED, self._lanes.current)

    @Slot(Snapshot)
    def _take_misclassified(self, snapshot: Snapshot) -> None:
        question = self._question
        if question is None:
            return
        is_gone = question.lane >= len(self._session.experiment.lanes)
        if is_gone or snapshot.obstacle is not None or snapshot.failure is not None:
            self._forget(question)  # an answer that came much later would surprise
            return
        if question.lane >= len(snapshot.lanes):
            return  # that lane is being made
        answer = snapshot.lanes[question.lane].readings.of(MISCLASSIFIED)
        if answer is None or answer.of != question or answer.value.dataset is not self._view.dataset:
            return  # the answer on the points there are now comes; those of a stroke under way are ahead of the session
        self._forget(question)
        self._selected.select(answer.value.mask)
        lane = question.lane + 1 if len(snapshot.lanes) > 1 else None
        self.told.emit(misclassified_notice(int(answer.value.mask.sum()), lane))

    def _forget(self, question: Question) -> None:
        self._question = None
        self._session.sight.withdraw(question)

    def delete(self) -> None:
        """Remove the selected points."""
        self._dataset()
        if self._selected.mask.any():
            self._editor.delete(self._selected.mask)

    @Slot(float, float)
    def nudge(self, x: float, y: float) -> None:
        """Move the selected points a little."""
        self._dataset()
        self._editor.move(self._selected.mask, x, y)

    def copy(self) -> None:
        """Put the selected points, or all if none is selected, on the clipboard, as a spreadsheet takes them."""
        self._work.alone(self._copy)()

    def _copy(self) -> bool:
        dataset, selected = self._dataset(), self._selected.mask
        mask = selected if selected.any() else np.ones(len(dataset), dtype=bool)
        n_points, decimal = int(mask.sum()), decimal_sign()

        def write(*_: object) -> str:
            return as_text(dataset, mask, decimal)

        doing = count("Copying {n:,} point …", "Copying {n:,} points …", n_points)
        text = self._work.result(say("Copy"), doing, write, is_long=n_points > LARGE_DATASET)
        if text is None:
            return False
        QGuiApplication.clipboard().setText(text)
        self.told.emit(counted("{n:,} point copied.", "{n:,} points copied.", n_points))
        return True

    def cut(self) -> None:
        """Copy the selected points and remove them."""
        self._work.alone(self._cut)()

    def _cut(self) -> None:
        dataset, mask = self._dataset(), self._selected.mask  # in this order: a stroke under way is finished first
        if mask.any() and self._copy() and self._session.experiment.dataset is dataset:
            self._editor.delete(mask)

    def paste(self, label: int, place: Place | None = None) -> None:
        """Add the points on the clipboard and select them; those without a class get `label`.

        Args:
            label: of a class.
            place: where their middle is to lie; if not given, they lie where they were, or beside.
        """
        self._work.alone(lambda: self._paste(label, place))()

    def _paste(self, label: int, place: Place | None) -> None:
        text, decimal = QGuiApplication.clipboard().text(), decimal_sign()

        def read(*_: object) -> tuple[Dataset, bool, tuple[Message, ...]]:
            source = table_from_text(text, decimal)
            has_classes = source.look().columns.label is not None
            found = source.read_as_found()
            return found.dataset, has_classes, found.notes

        try:
            is_long = len(text) > LARGE_TEXT
            found = background.run(self._work.window, say("Pasting points …"), read) if is_long else read()
        except InputError as error:
            self._editor.refused.emit(
                InputError("What is on the clipboard cannot be pasted as points: {reason}", reason=error)
            )
            return
        if found is None:
            return
        (pasted, has_classes, notes), dataset = found, self._dataset()
        if not len(pasted):
            self.told.emit(message("There are no points on the clipboard."))
            return
        if not has_classes:
            label = min(label, dataset.n_classes - 1)
            pasted = Dataset(pasted.points, np.full(len(pasted), label), dataset.class_names, colours=dataset.colours)
        name = counted("Paste {n:,} point", "Paste {n:,} points", len(pasted))
        self._editor.join(pasted, name, self._step(dataset, pasted, place))
        if self._select_added(dataset) and notes:
            self.told.emit(" ".join(map(say, notes)))

    def draw_more(self) -> None:
        """Draw twice as many points as there are from these as a population, and select them."""
        dataset = self._dataset()
        if not len(dataset):
            self.told.emit(message("There are no points yet, of which more could be drawn."))
            return
        n_points, width = 2 * len(dataset), kernel_width(dataset)
        self._editor.draw_more(n_points, width)
        if self._select_added(dataset):
            self.told.emit(drawn_notice(n_points, len(dataset), width))

    def _select_added(self, before: Dataset) -> bool:
        """Select the points that were not there before; False if nothing was added."""
        after = self._session.experiment.dataset
        if after is not before:
            self._selected.select(np.arange(len(after)) >= len(before))
        return after is not before

    def _step(self, dataset: Dataset, pasted: Dataset, place: Place | None) -> tuple[float, float]:
        """The step of pasted points to a place, or so that they are seen: beside those there are, and into the view."""
        if pasted.n_features != dataset.n_features:
            return 0.0, 0.0  # they cannot be added, which is told
        if place is not None:
            places = seen_on_plane_of(dataset, pasted)
            middle = (places.min(axis=0) + places.max(axis=0)) / 2
            return place[0] - float(middle[0]), place[1] - float(middle[1])
        plane = self._view.plane
        return free_step(dataset.places, seen_on_plane_of(dataset, pasted), plane.edges(), ASIDE / plane.mean_scale)


def drawn_notice(n_points: int, n_known: int, width: float) -> Message:
    """The number of points that were drawn, and of what."""
    return counted(
        "{n:,} point drawn from {known:,}, h = {width:.2f} standard deviations.",
        "{n:,} points drawn from {known:,}, h = {width:.2f} standard deviations.",
        n_points,
        known=n_known,
        width=width,
    )


def misclassified_notice(n_points: int, lane: int | None) -> Message:
    """The number of points that a network takes for another class; `lane` is that of one among several."""
    if lane is None:
        if n_points == 0:
            return message("No point is misclassified.")
        return counted("{n:,} point misclassified.", "{n:,} points misclassified.", n_points)
    if n_points == 0:
        return message("No point is misclassified by lane {lane}.", lane=lane)
    return counted(
        "{n:,} point misclassified by lane {lane}.", "{n:,} points misclassified by lane {lane}.", n_points, lane=lane
    )


def seen_on_plane_of(dataset: Dataset, pasted: Dataset) -> NDArray[np.float32]:
    """The places of points on the plane of a dataset, float32 ndarray of shape (n, 2)."""
    return replace(pasted, projection=dataset.projection, feature_names=dataset.feature_names).places


def free_step(
    taken: NDArray[np.float32], places: NDArray[np.float32], edges: tuple[float, float, float, float], step: float
) -> tuple[float, float]:
    """By how much points are moved so that they do not lie on those they are copies of, and are in sight.

    Args:
        taken: where points lie, float32 ndarray of shape (n, 2).
        places: where the others would, float32 ndarray of shape (m, 2); if none lies there yet, they stay.
        edges: left, right, bottom and top of the view.
        step: one step aside, in data units; so many are made as are needed.
    """
    low, high = places.min(axis=0).astype(np.float64), places.max(axis=0).astype(np.float64)
    some = places[:: max(1, len(places) // MAX_COMPARED)].astype(np.float64)
    left, right, bottom, top = edges
    x, y = places.T
    is_hidden = not ((left <= x) & (x <= right) & (bottom <= y) & (y <= top)).any()
    for number in range(MAX_STEPS):
        move, way = np.zeros(2), number * step
        if number and is_hidden:
            move += np.array([left + right, bottom + top]) / 2 - (low + high) / 2
        move[0] += way if high[0] + move[0] + way <= right else -way
        move[1] -= way if low[1] + move[1] - way >= bottom else -way
        if not all((np.abs(taken - place) < SAME * step).all(axis=1).any() for place in some + move):
            break
    return float(move[0]), float(move[1])
