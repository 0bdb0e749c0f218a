"""Points as large as their error signals, what each does to the output layer in a step; the most wrong is ringed."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF
from PySide6.QtGui import QFontMetricsF, QPainter, QPixmap

from engine.data.shares import roles_of
from engine.insight.outcomes import Outcomes, Split
from gui.canvas.field_layer import note_inset, paint_note
from gui.canvas.point_layer import PointLayer, unscaled
from gui.paint.markers import MARKER_SIZE, marker, paint_circle, paint_marker, selection_mark
from gui.paint.picture import is_vector
from gui.paint.scene import PlaneScene
from gui.text.language import say
from gui.text.numbers import scientific
from gui.text.sentences import axis_captions

SMALLEST, LARGEST, N_SIZES = 3.0, 2.2 * MARKER_SIZE, 16  # pixels of a marker beside the usual font, and how many sizes
MAX_SIZED = 20_000  # points; of more all are alike
MIN_LINES = 8  # heights of a note that the plane must have for two of them
RING = 0.75 * LARGEST  # the radius of the ring around the most wrong point


class SizedPoints:
    """Paints the points of a layer, or each as large as its error signal, once outcomes are shown.

    The area of a marker grows with the signal, on one scale for all lanes. Of the training points that which is most
    wrong is ringed, and its probability and signal are said.

    Args:
        points: paints them where nothing is known.
    """

    def __init__(self, points: PointLayer) -> None:
        self._points = points
        self._given: Outcomes | None = None
        self._outcomes: Outcomes | None = None  # the same, if all numbers are finite
        self._worst: int | None = None  # the number of the training point to whose class it gives least
        self._largest = 1.0  # the signal at which a marker is the largest
        self._painted: Outcomes | None = None  # held, so that no others have its identity
        self._painted_for: tuple[object, ...] = ()
        self._selected: object = None
        self._picture = QPixmap()

    def show(self, outcomes: Outcomes | None, largest: float | None = None) -> None:
        """Size the points by these, or none; `largest`: the signal at the end of the scale, else that of their loss."""
        if outcomes is not self._given:
            self._given = outcomes
            self._outcomes = outcomes if outcomes is not None and outcomes.is_finite else None
            self._worst = None if self._outcomes is None else self._outcomes.most_wrong(Split.TRAINING)
        if outcomes is not None:
            self._largest = outcomes.largest_signal if largest is None else largest

    def outcomes_of(self, scene: PlaneScene) -> Outcomes | None:
        """Those that size the points of a scene, or None where all are alike."""
        outcomes = self._outcomes
        is_sized = outcomes is not None and outcomes.dataset is scene.dataset and 0 < len(scene.dataset) <= MAX_SIZED
        return outcomes if is_sized else None

    def sizes(self, outcomes: Outcomes) -> list[float]:
        """The size of each marker, in pixels beside the usual font."""
        share = np.sqrt(np.clip(outcomes.signals / self._largest, 0.0, 1.0))
        steps = np.rint(share * (N_SIZES - 1)) / (N_SIZES - 1)
        return list((SMALLEST + (LARGEST - SMALLEST) * steps).tolist())

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The points of a scene."""
        outcomes = self.outcomes_of(scene)
        if outcomes is None:
            self._points.paint(painter, scene)
            return
        if is_vector(painter):
            self._paint(painter, scene, outcomes)
        else:
            painter.drawPixmap(0, 0, self._pixmap(scene, outcomes))
        self._paint_notes(painter, scene, outcomes)

    def _paint_notes(self, painter: QPainter, scene: PlaneScene, outcomes: Outcomes) -> None:
        """The meaning of the sizes, if there is room, and the numbers of the most wrong point, which is ringed."""
        inset, line = note_inset(axis_captions(scene.dataset)[0], scene.font), QFontMetricsF(scene.font).height() + 8
        point, notes = self._worst, list[str]()
        if point is None or scene.plane.height >= MIN_LINES * line:
            notes.append(say("Size of a point: |∂L/∂z|, full at {largest:.2g}", largest=self._largest))
        if point is not None:
            own = outcomes.dataset.labels[point]
            p, signal = float(outcomes.probabilities[own, point]), float(outcomes.signals[point])
            said = {"p": scientific(p, 2), "signal": scientific(signal, 2)}
            notes.append(say("Ringed, most wrong: P = {p}, |∂L/∂z| = {signal}", **said))
        for number, note in enumerate(notes):
            at = inset + number * line
            paint_note(painter, note, scene.plane, scene.chrome, scene.font, at_bottom=True, inset=at)
        if point is not None:
            paint_ring(painter, scene.plane.to_pixels(scene.dataset.places[[point]])[0], scene)

    def _pixmap(self, scene: PlaneScene, outcomes: Outcomes) -> QPixmap:
        wanted = (scene.plane, scene.size, scene.ratio, scene.chrome, scene.scale, scene.shares, self._largest)
        is_same = outcomes is self._painted and scene.selected is self._selected
        if not is_same or wanted != self._painted_for:
            self._painted, self._painted_for, self._selected = outcomes, wanted, scene.selected
            self._picture = QPixmap(scene.size * scene.ratio)
            self._picture.fill("transparent")
            with QPainter(self._picture) as painter:
                self._paint(painter, scene, outcomes)
            self._picture.setDevicePixelRatio(scene.ratio)
        return self._picture

    def _paint(self, painter: QPainter, scene: PlaneScene, outcomes: Outcomes) -> None:
        """Each point by a call of its own, the largest first, so that the small ones are seen."""
        dataset, ratio, in_vectors = scene.dataset, scene.ratio, is_vector(painter)
        sizes, places = self.sizes(outcomes), scene.plane.to_pixels(dataset.places).tolist()
        roles, selected = roles_of(dataset.serials, scene.shares).tolist(), scene.selected.tolist()
        colours = [dataset.colours[label] for label in dataset.labels.tolist()]
        for index in np.argsort(-outcomes.signals, kind="stable").tolist():
            (x, y), size = places[index], sizes[index] * scene.scale
            if in_vectors:
                painter.save()
                painter.translate(x, y)
                paint_marker(painter, colours[index], roles[index], scene.chrome, size)
                painter.restore()
                continue
            pictures = [marker(colours[index], roles[index], scene.chrome, ratio, size)]
            if selected[index]:
                pictures.insert(0, selection_mark(scene.chrome, ratio, size))
            for picture in map(unscaled, pictures):
                half = picture.width() / 2
                painter.drawPixmap(round(x * ratio - half), round(y * ratio - half), picture)


def paint_ring(painter: QPainter, place: NDArray[np.float64], scene: PlaneScene) -> None:
    """A ring around a place, with a rim, so that it is seen on every colour."""
    plane, scale = scene.plane, scene.scale
    painter.save()
    painter.setClipRect(QRectF(plane.x, plane.y, plane.width, plane.height))
    strokes = (scene.chrome.halo, 4.0 * scale), (scene.chrome.boundary, 2.0 * scale)
    paint_circle(painter, QPointF(*place.tolist()), RING * scale, strokes)
    painter.restore()
