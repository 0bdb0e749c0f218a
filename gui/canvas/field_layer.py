"""The decision field, its boundary and the axes as one cached picture."""

from __future__ import annotations

import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, QPointF, QRectF, QSize, Qt, QTimer
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QImage, QPainter, QPixmap

from engine.insight.field import Field, Shading, View
from engine.insight.lines.contours import Contour
from engine.insight.steady import SteadyPicture
from engine.isolates import isolated
from gui.canvas.marks.contours import ContourLines, wanted_contours
from gui.canvas.marks.segments import paint_segments
from gui.drawing.plane import Plane, Units, units_of
from gui.paint.grounds import on_ground
from gui.paint.picture import is_vector
from gui.paint.plots.axes import round_ticks
from gui.paint.scene import PlaneScene
from gui.paint.style.motion import is_motion_reduced
from gui.paint.theme import Chrome
from gui.paint.type_size import scale_of
from gui.text.language import mark, say
from gui.text.names import SHADINGS
from gui.text.sentences import axis_captions

TICK_DISTANCE = 80  # pixels beside the usual font, about
NO_UNITS = Units(), Units()
SETTLING_MILLISECONDS = 33  # between two pictures of colours that are on their way
CAPTION_INSET = 4  # pixels between a caption and the edge
# an edge of colour may be in view all the same: of how sure the network is, not of what it decides for
NO_CURVE = mark("The curve is out of view")
ONE_CLASS = mark("No boundary in view: one class throughout, the surer the stronger its colour")
DIVERGED = mark("No boundary in view: the run has diverged")


class FieldLayer:
    """Paints field, boundary and axes; the axes only when they change, since a new field comes with every frame.

    Large parts of the plane do not flash: then the colours follow the field more slowly. The line is always that of the
    newest field; it is too small to flash, and what one looks at.

    Args:
        refresh: called when the colours have come nearer to those of the field by themselves.
        owner: the view that it belongs to.
        clock: seconds that only grow.
        ask: called when the field is to be coloured otherwise.

    Attributes:
        shading: what its colours are to mean.
        has_levels: whether contours at round probabilities are wanted.
        one_class: that is compared with the rest, and at which threshold; or None.
        contours: paints them.
    """

    def __init__(
        self,
        refresh: Callable[[], object] = lambda: None,
        owner: QObject | None = None,
        clock: Callable[[], float] = time.perf_counter,
        ask: Callable[[], object] = lambda: None,
    ) -> None:
        self.shading, self._ask = Shading.CONFIDENCE, ask
        self.has_levels = False
        self.one_class: tuple[int, float] | None = None
        self.contours = ContourLines()
        self._field: Field | None = None
        self._steady, self._clock, self._refresh = SteadyPicture(), clock, refresh
        self._settling = QTimer(owner, singleShot=True, interval=SETTLING_MILLISECONDS)  # ends with the view
        self._settling.timeout.connect(self._settle)
        self._pixels = np.empty((0, 0), dtype=np.uint32)  # as they are shown, which may be behind those of the field
        self._note = ONE_CLASS  # where there is no boundary
        self._framed_for: tuple[object, ...] | None = None
        self._is_painted = False
        self._pixmap = QPixmap()

    def show(self, field: Field | None, *, has_diverged: bool = False) -> None:
        """Take the field to paint, maybe of a run that has diverged; None paints an empty plane."""
        if self._field is None or field is None or not self._field.view.is_coloured_as(field.view):
            self._steady.forget()
        nothing = NO_CURVE if field is not None and field.is_curve else ONE_CLASS
        self._field, self._note = field, DIVERGED if has_diverged else nothing
        self.go_on()

    def use_shading(self, shading: Shading) -> None:
        """Have the field coloured so that its colours mean this."""
        self.shading = shading
        self._ask()

    def use_levels(self, wanted: bool) -> None:
        """Have contours at round probabilities, or not."""
        self.has_levels = wanted
        self._ask()

    def compare(self, one_class: tuple[int, float] | None) -> None:
        """Have the line on which a class is at a threshold against the rest; None: no such line."""
        self.one_class = one_class
        self._ask()

    def wanted_contours(self, n_classes: int) -> tuple[Contour, ...]:
        """The contours that the field is to have, over points of so many classes."""
        return wanted_contours(n_classes, self.one_class, has_levels=self.has_levels)

    def go_on(self) -> None:
        """Let the colours follow the field as far as it is time for that; see `is_settled`."""
        self._is_painted = False
        if self._field is not None:
            self._steady.is_reduced = is_motion_reduced()
            self._pixels = self._steady.follow(self._field.pixels, self._clock())
            if not self.is_settled:
                self._settling.start()

    def _settle(self) -> None:
        self.go_on()
        self._refresh()

    @property
    def is_settled(self) -> bool:
        """True if the colours are those of the field."""
        return self._field is None or self._steady.is_settled

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The field and the axes of a scene."""
        captions, units = axis_captions(scene.dataset), units_of(scene.dataset)
        if self._field is not None and self._field.contours:
            self.contours.keep_clear_of(scene.dataset, scene.plane)
        if is_vector(painter):
            paint_axes(painter, scene.plane, scene.chrome, scene.size, scene.font, units)
            self._paint(painter, scene.plane, scene.chrome, scene.font, captions, scene.dataset.class_names)
            return
        names = scene.dataset.class_names
        picture = self.pixmap(scene.plane, scene.chrome, scene.size, scene.ratio, scene.font, captions, units, names)
        painter.drawPixmap(0, 0, picture)

    def pixmap(
        self,
        plane: Plane,
        chrome: Chrome,
        size: QSize,
        ratio: float,
        font: QFont,
        captions: tuple[str, str] = ("", ""),
        units: tuple[Units, Units] = NO_UNITS,
        names: tuple[str, ...] = (),
    ) -> QPixmap:
        """An opaque picture of `size` pixels; `captions` say what lies along the axes, in these units.

        `names`: of the classes.
        """
        wanted = (plane, chrome, size, ratio, font, captions, units, names)
        if wanted != self._framed_for:
            if self._pixmap.size() != size * ratio:
                self._pixmap = QPixmap(size * ratio)
                self._pixmap.setDevicePixelRatio(ratio)
            with QPainter(self._pixmap) as painter:
                paint_axes(painter, plane, chrome, size, font, units)
            self._framed_for, self._is_painted = wanted, False
        if not self._is_painted:
            with QPainter(self._pixmap) as painter:
                self._paint(painter, plane, chrome, font, captions, names)
            self._is_painted = True
        return self._pixmap

    def _paint(
        self,
        painter: QPainter,
        plane: Plane,
        chrome: Chrome,
        font: QFont,
        captions: tuple[str, str],
        names: tuple[str, ...],
    ) -> None:
        """All that is within the axes."""
        area = QRectF(plane.x, plane.y, plane.width, plane.height)
        painter.setClipRect(area)
        painter.setFont(font)
        target = QRectF() if self._field is None else target_of(self._field.view, plane)
        if not target.adjusted(-0.01, -0.01, 0.01, 0.01).contains(area):  # as close as numbers are
            painter.fillRect(area, QColor(chrome.neutral))
        if self._field is not None:
            paint_field(painter, self._pixels, self._field.view, target, chrome)
            self.contours.paint_thin(painter, self._field, plane, chrome, font)
            paint_boundary(painter, self._field, plane, chrome, scale_of(font))
            self.contours.paint_over(painter, self._field, plane, chrome, font, names)
            painter.setFont(font)
            note = "" if len(self._field.boundary) else self._note
            shading = "" if self._field.is_curve else SHADINGS[self._field.view.shading].note
            if note := note or shading:
                paint_note(painter, say(note), plane, chrome, font, inset=note_inset(captions[1], font))
        paint_captions(painter, captions, plane, chrome)
        painter.setClipping(False)
        painter.setPen(QColor(chrome.faint))
        painter.drawRect(QRectF(plane.x - 0.5, plane.y - 0.5, plane.width, plane.height))


def target_of(view: View, plane: Plane) -> QRectF:
    """The pixels where a view is now; during a zoom that may be elsewhere than when it was computed."""
    left = plane.x + plane.width / 2 + (view.left - plane.centre_x) * plane.scale
    top = plane.y + plane.height / 2 - (view.top - plane.centre_y) * plane.scale_y
    return QRectF(left, top, (view.right - view.left) * plane.scale, (view.top - view.bottom) * plane.scale_y)


def paint_field(painter: QPainter, pixels: NDArray[np.uint32], view: View, target: QRectF, chrome: Chrome) -> None:
    """The picture of a view, there where that is now."""
    pixels = on_ground(pixels, view, chrome)
    rows, columns = pixels.shape
    image = QImage(pixels.data, columns, rows, 4 * columns, QImage.Format.Format_RGB32)
    painter.setRenderHint(QPainter.RenderHint.SmoothPixmapTransform)
    painter.drawImage(target, image)


def paint_boundary(painter: QPainter, field: Field, plane: Plane, chrome: Chrome, scale: float = 1.0) -> None:
    """The boundary line with a rim, so that it is seen on every colour."""
    wider = 1.0 if field.is_curve else 0.0  # most of a curve lies under the points
    looks = (chrome.halo, (4.0 + wider) * scale), (chrome.boundary, (2.0 + wider) * scale)
    paint_segments(painter, field.boundary, plane, looks)


def note_inset(caption: str, font: QFont) -> float:
    """The distance of a note from the edge, so that it leaves the caption there free, if there is one."""
    return QFontMetricsF(font).height() + 2 * CAPTION_INSET + 4 if caption else 10.0


def paint_note(
    painter: QPainter,
    text: str,
    plane: Plane,
    chrome: Chrome,
    font: QFont,
    *,
    at_bottom: bool = False,
    inset: float = 10.0,
) -> None:
    """A sentence on a plate so far from the edge, or what is before its colon; nothing if that does not fit."""
    painter.setFont(font)
    measure = painter.fontMetrics().horizontalAdvance
    shown = next((words for words in (text, text.split(":")[0]) if measure(words) + 20 <= plane.width), None)
    if shown is None:
        return
    width, height = measure(shown) + 20, painter.fontMetrics().height() + 8
    top = plane.y + (plane.height - height - inset if at_bottom else inset)
    plate = QRectF(plane.x + (plane.width - width) / 2, top, width, height)
    painter.fillRect(plate, QColor(chrome.surface))
    painter.setPen(QColor(chrome.ink))
    painter.drawText(plate, Qt.AlignmentFlag.AlignCenter, shown)


def paint_captions(painter: QPainter, captions: tuple[str, str], plane: Plane, chrome: Chrome) -> None:
    """The names of the axes: to the right at the lower edge, upwards at the upper one."""
    area = QRectF(plane.x, plane.y, plane.width, plane.height).adjusted(6, CAPTION_INSET, -6, -CAPTION_INSET)
    painter.setPen(QColor(chrome.ink))
    if captions[0]:
        painter.drawText(area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, f"{isolated(captions[0])} →")
    if captions[1]:
        painter.drawText(area, Qt.AlignmentFlag.AlignLeft | Qt.AlignmentFlag.AlignTop, f"↑ {isolated(captions[1])}")


def ticks_of(units: Units, low: float, high: float, most: int) -> list[tuple[float, str]]:
    """The places from low to high that have round numbers, at most about so many, with these as texts."""
    first, last = units.number(low), units.number(high)
    numbers = round_ticks(first, last, most) if np.isfinite(last - first) else []
    return [(units.place(number), f"{number:.6g}") for number in numbers]


def paint_axes(
    painter: QPainter,
    plane: Plane,
    chrome: Chrome,
    size: QSize,
    font: QFont,
    units: tuple[Units, Units] = NO_UNITS,
) -> None:
    """Round numbers along the left and the lower edge."""
    surface = QColor(chrome.surface)
    painter.fillRect(QRectF(0, 0, plane.x, size.height()), surface)
    painter.fillRect(QRectF(0, 0, size.width(), plane.y), surface)
    below, beside = plane.y + plane.height, plane.x + plane.width
    painter.fillRect(QRectF(0, below, size.width(), size.height() - below), surface)
    painter.fillRect(QRectF(beside, 0, size.width() - beside, size.height()), surface)
    painter.setFont(font)
    painter.setPen(QColor(chrome.faint))
    left, right, bottom, top = plane.edges()
    scale = scale_of(font)
    distance, tick, wide, high = (scale * length for length in (TICK_DISTANCE, 4, 80, 16))
    for place, text in ticks_of(units[0], left, right, int(plane.width / distance)):
        x = plane.x + (place - left) * plane.scale
        painter.drawLine(QPointF(x, below), QPointF(x, below + tick))
        painter.drawText(QRectF(x - wide / 2, below + tick + 1, wide, high), Qt.AlignmentFlag.AlignCenter, text)
    for place, text in ticks_of(units[1], bottom, top, int(plane.height / distance)):
        y = below - (place - bottom) * plane.scale_y
        painter.drawLine(QPointF(plane.x - tick, y), QPointF(plane.x, y))
        text_area = QRectF(0, y - high / 2, plane.x - tick - 2, high)
        painter.drawText(text_area, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter, text)
