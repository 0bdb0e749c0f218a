"""The contours of a field: thin lines, each with its probability, and the double line of a threshold."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QFont, QFontMetrics, QPainter

from engine.dataset import Dataset
from engine.insight.field import Field
from engine.insight.lines.contours import LEVELS, Contour
from engine.isolates import isolated
from gui.canvas.marks.segments import paint_segments
from gui.drawing.plane import Plane
from gui.paint.theme import Chrome
from gui.paint.type_size import drawn, least_line, scale_of
from gui.text.language import say

SMALL = 10.0  # pixels of the numbers, beside the usual font
DOUBLE = ("halo", 8.0), ("ink", 5.5), ("halo", 1.8)  # the strokes of the line of a threshold
WIDEST_NAME = 8  # times the height of a letter
TOP = 2.5  # heights of a letter that are left free for notes
CELL = 16  # pixels of the squares in which there are points or not


def wanted_contours(n_classes: int, one_class: tuple[int, float] | None, *, has_levels: bool) -> tuple[Contour, ...]:
    """The contours to ask for.

    Of two classes those are of P(class 1), as the course has it; of more, of the class that is decided for, and of one
    class while it is compared with the rest.

    Args:
        n_classes: of the points.
        one_class: that is compared with the rest, and at which threshold; or None.
        has_levels: whether the round levels are wanted, too.
    """
    label = 1 if n_classes == 2 else None
    threshold: tuple[Contour, ...] = ()
    if one_class is not None and one_class[0] < n_classes:
        label = one_class[0]
        threshold = (Contour(one_class[1], label, is_threshold=True),)
    return (*(Contour(level, label) for level in LEVELS if has_levels), *threshold)


class ContourLines:
    """Paints contours; each number stays near where it was while the network trains.

    Attributes:
        has_threshold: whether the line of one class against the rest is of the lane that is shown.
    """

    def __init__(self) -> None:
        self.has_threshold = True
        self._places: dict[Contour, tuple[float, float]] = {}  # of the numbers, as shares of the plane
        self._places_of, self._plane = np.empty((0, 2), dtype=np.float32), Plane()
        self._is_crowded: NDArray[np.bool_] = np.zeros((1, 1), dtype=np.bool_)  # of squares of the plane

    def keep_clear_of(self, dataset: Dataset, plane: Plane) -> None:
        """Have numbers where no points are, if there is such a place on their line."""
        if dataset.places is self._places_of and plane == self._plane:
            return
        self._places_of, self._plane = dataset.places, plane
        self._is_crowded = np.zeros((int(plane.height / CELL) + 1, int(plane.width / CELL) + 1), dtype=np.bool_)
        pixels = plane.to_pixels(dataset.places) - (plane.x, plane.y)
        inside = pixels[((pixels >= 0) & (pixels < (plane.width, plane.height))).all(axis=1)]
        self._is_crowded[squares_of(inside[:, 1]), squares_of(inside[:, 0])] = True

    def _seen(self, field: Field, *, thresholds: bool) -> list[tuple[Contour, NDArray[np.float32]]]:
        """The contours that are shown, with their lines, of those that are thresholds or of the others."""
        if thresholds and not self.has_threshold:
            return []
        pairs = zip(field.view.contours, field.contours, strict=False)  # a field that was made by hand has none
        return [(each, lines) for each, lines in pairs if each.is_threshold is thresholds and len(lines)]

    def paint_thin(self, painter: QPainter, field: Field, plane: Plane, chrome: Chrome, font: QFont) -> None:
        """The lines that lie under the boundary."""
        if thin := [lines for _, lines in self._seen(field, thresholds=False)]:
            width = least_line(scale_of(font)) * scale_of(font)
            paint_segments(painter, np.concatenate(thin), plane, ((chrome.ink, width),))

    def paint_over(
        self, painter: QPainter, field: Field, plane: Plane, chrome: Chrome, font: QFont, names: Sequence[str]
    ) -> None:
        """The line of the threshold, and the numbers at all lines, those at one of each kind in full."""
        scale, thresholds = scale_of(font), self._seen(field, thresholds=True)
        strokes = [(getattr(chrome, colour), width * scale) for colour, width in DOUBLE]
        for _, lines in thresholds:
            paint_segments(painter, lines, plane, strokes)
        painter.setFont(drawn(font, SMALL))
        painter.setPen(QColor(chrome.ink))
        metrics, taken = painter.fontMetrics(), list[QRectF]()
        numbered = sorted(self._seen(field, thresholds=False), key=lambda each: abs(each[0].level - 0.5))
        for group in (thresholds, numbered):
            is_told = False
            for contour, lines in group:
                middles = plane.to_pixels(lines.reshape(-1, 2, 2).mean(axis=1))
                text, brief = in_words(contour, names, metrics), f"{contour.level:g}"
                wanted = ((brief, False),) if is_told else ((text, True), (brief, True), (text, False))
                for words, is_clear in wanted:
                    plate = self._plate(contour, middles, plane, size_of(words, metrics), taken, is_clear=is_clear)
                    if plate is not None:
                        is_told = is_told or words is text
                        taken.append(plate)
                        painter.fillRect(plate, QColor(chrome.surface))
                        painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, words)
                        break

    def _plate(
        self,
        contour: Contour,
        middles: NDArray[np.float64],
        plane: Plane,
        size: tuple[float, float],
        taken: Sequence[QRectF],
        *,
        is_clear: bool,
    ) -> QRectF | None:
        """A place for words on a line, near where it was, and apart from what is there; None if there is none.

        Args:
            contour: whose words they are.
            middles: of the pieces of the line, in pixels.
            plane: that is shown.
            size: of the words.
            taken: the places of others.
            is_clear: whether it must be clear of points; else it is if that is possible.
        """
        width, height = size
        x, y = middles[:, 0] - plane.x, middles[:, 1] - plane.y
        is_free = (x > width / 2) & (x < plane.width - width / 2)
        is_free &= (y > TOP * height) & (y < plane.height - height)
        if taken:
            others = np.array([(*plate.center().toTuple(), plate.width()) for plate in taken])
            beside = np.abs(middles[:, :1] - others[:, 0]) > (width + others[:, 2]) / 2 + 2
            is_free &= (beside | (np.abs(middles[:, 1:] - others[:, 1]) > height + 2)).all(axis=1)
        free = np.flatnonzero(is_free)
        if self._plane == plane:  # else it is not known where points are
            steps = np.linspace(-width / 2, width / 2, 2 + int(width / CELL))
            crowd = self._is_crowded[squares_of(y[free])[:, None], squares_of(x[free][:, None] + steps)]
            clear = free[~crowd.any(axis=1)]
            free = clear if is_clear or len(clear) else free
        if not len(free):
            return None
        # at first the numbers lie side by side, from the smallest to the largest
        wish_x, wish_y = self._places.get(contour, (0.1 + 0.8 * contour.level, 0.5))
        best = free[np.hypot(x[free] - wish_x * plane.width, y[free] - wish_y * plane.height).argmin()]
        self._places[contour] = float(x[best] / plane.width), float(y[best] / plane.height)
        return QRectF(middles[best, 0] - width / 2, middles[best, 1] - height / 2, width, height)


def size_of(words: str, metrics: QFontMetrics) -> tuple[float, float]:
    """The size of the plate that words need."""
    return metrics.horizontalAdvance(words) + 0.6 * metrics.height(), float(metrics.height())


def squares_of(pixels: NDArray[np.float64]) -> NDArray[np.intp]:
    """The numbers of the squares in a row or column of the plane that have pixels, counted from its edge."""
    return (pixels / CELL).astype(np.intp)


def in_words(contour: Contour, names: Sequence[str], metrics: QFontMetrics) -> str:
    """The probability of a contour, and of which class it is."""
    level = f"{contour.level:g}"
    if contour.label is None:
        return say("Largest P = {level}", level=level)
    name = names[contour.label] if contour.label < len(names) else ""
    name = metrics.elidedText(name, Qt.TextElideMode.ElideRight, WIDEST_NAME * metrics.height())
    return say("P({name}) = {level}", name=isolated(name), level=level)
