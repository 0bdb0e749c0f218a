"""The gradient of every layer over time: layers against epochs, the norm as a colour on a fixed logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from html import escape

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QHelpEvent, QImage, QPainter, QPaintEvent
from PySide6.QtWidgets import QToolTip, QWidget

from engine.insight.verdict import GRADIENT
from gui.paint.axes import round_ticks
from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LanesView
from gui.paint.theme import Chrome, chrome_of
from gui.text.lab_wording import layer_name, layer_of
from gui.text.language import mark, say
from gui.text.numbers import scientific

Floats = NDArray[np.float64]

LOW_DECADE, HIGH_DECADE = -17, 4  # those of the bars
STOPS = (
    *("#440154", "#482878", "#3E4A89", "#31688E", "#26828E"),
    *("#1F9E89", "#35B779", "#6DCD59", "#B4DE2C", "#FDE725"),
)
"""Viridis by van der Walt and Smith: its lightness rises all the way, whatever colours a person can tell apart."""
N_COLOURS = 10 * (HIGH_DECADE - LOW_DECADE) + 1
HATCH = 6  # pixels from one line to the next
TITLE_HEIGHT, LANE_TITLE_HEIGHT, AXIS_HEIGHT, BAR_HEIGHT, MARGIN, GUTTER = 24, 20, 34, 34, 10, 28
TITLE = mark("Gradient norm of each layer over time")
NOTHING_YET = mark("No gradient has been measured yet: it will appear here as soon as the training starts.")
EXPLANATION = mark(
    "How strongly the loss pulled at the weights of each layer, from the first epoch to now: the L2 norm of the "
    "derivative of the mean training loss with respect to the layer's weights, first layer on top. Each colour holds "
    "until the next measurement. The scale is that of the bars; beyond its ends the colour of the end is shown; "
    "hatched means exactly 0, dotted means not a finite number."
)


def colour_table() -> NDArray[np.uint32]:
    """The colours of the scale from low to high, 0xFFRRGGBB, uint32 ndarray of shape (N_COLOURS,)."""
    colours = [QColor(stop) for stop in STOPS]
    stops = np.array([(c.red(), c.green(), c.blue()) for c in colours], dtype=np.float64)
    places = np.linspace(0, len(stops) - 1, N_COLOURS)
    red, green, blue = (
        np.interp(places, np.arange(len(stops)), stops[:, channel]).round().astype(np.uint32) for channel in range(3)
    )
    table: NDArray[np.uint32] = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    return table


TABLE = colour_table()


def colours_of(norms: Floats) -> NDArray[np.uint32]:
    """The colour of each norm on the fixed scale; what is 0 or not finite has some colour, too."""
    is_positive = (norms > 0) & np.isfinite(norms)
    decades = np.log10(np.where(is_positive, norms, 1.0))
    shares = np.clip((decades - LOW_DECADE) / (HIGH_DECADE - LOW_DECADE), 0, 1)
    return TABLE[(shares * (N_COLOURS - 1)).round().astype(np.intp)]


def painted(norms: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp], chrome: Chrome) -> NDArray[np.uint32]:
    """Pixels 0xFFRRGGBB, uint32 ndarray of shape (height, width).

    Args:
        norms: of shape (n_rows, n_layers).
        rows: for each pixel downwards the layer, shape (height,).
        columns: for each pixel to the right the row of `norms`, shape (width,); -1 where nothing was measured.
        chrome: for what is no norm on the scale.
    """
    surface, ink, warning = (np.uint32(QColor(name).rgb()) for name in (chrome.surface, chrome.ink, chrome.warning))
    at = np.ix_(rows, columns)
    pixels = colours_of(norms).T[at]
    y, x = np.ogrid[: len(rows), : len(columns)]
    if not norms.all():
        pixels = np.where((norms == 0).T[at], np.where((x + y) % HATCH < 2, ink, surface), pixels)
    if not np.isfinite(norms).all():
        dotted = np.where((x % HATCH < 2) & (y % HATCH < 2), surface, warning)
        pixels = np.where(~np.isfinite(norms).T[at], dotted, pixels)
    pixels[:, columns < 0] = surface
    return np.ascontiguousarray(pixels, dtype=np.uint32)


@dataclass(frozen=True, eq=False)
class Panel:
    """All that is shown of one lane."""

    title: str
    epochs: Floats
    norms: Floats

    @property
    def n_layers(self) -> int:
        """The number of layers; 0 as long as nothing was measured."""
        return self.norms.shape[1] if len(self.epochs) and self.norms.ndim == 2 else 0

    def row_at(self, epoch: float) -> int:
        """The last row before or at an epoch; -1 if there is none."""
        return int(np.searchsorted(self.epochs, epoch, side="right")) - 1

    def rows_of_pixels(self, width: int, end: float) -> NDArray[np.intp]:
        """For each of the pixels from epoch 0 to `end` the last row that begins left of its right edge, or -1."""
        edges = np.arange(1, width + 1) * (end / max(1, width))
        return np.searchsorted(self.epochs, edges, side="left") - 1


class GradientImage(LanesView):
    """Shows how the gradient of every layer went, first layer on top; lanes side by side on one scale."""

    needs = (GRADIENT,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_image")
        self.setAccessibleName(say(TITLE))
        self.setAccessibleDescription(f"{say(NOTHING_YET)} {say(EXPLANATION)}")
        self.setStatusTip(say(TITLE))
        self.setMinimumSize(240, 150)
        self._panels: list[Panel] = []
        self._images: list[QImage] = []
        self._painted_for: tuple[object, ...] | None = None

    def sizeHint(self) -> QSize:
        return QSize(430, 360)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the history of each lane, on one scale of colours and of epochs.

        Arrays that were shown before must not have been changed: if they are the same, nothing is painted.
        """
        self.use_colours(lanes)
        panels = [Panel(lane.title, *lane.snapshot.readings.timeline(GRADIENT)) for lane in lanes]
        shown = [(panel.title, id(panel.epochs), id(panel.norms)) for panel in self._panels]
        if shown == [(panel.title, id(panel.epochs), id(panel.norms)) for panel in panels]:
            return
        self._panels = panels
        self._painted_for = None
        self.setAccessibleDescription(" ".join([*self._sentences(), say(EXPLANATION)]))
        self.update()

    def _sentences(self) -> list[str]:
        """The newest norms of the first and the last layer of each lane."""
        return [
            say(
                "{lane}: first layer {first}, output layer {last} at epoch {epoch:,.0f}.",
                lane=panel.title or say("Now"),
                first=scientific(float(panel.norms[-1, 0]), 2),
                last=scientific(float(panel.norms[-1, -1]), 2),
                epoch=panel.epochs[-1],
            )
            for panel in self._panels
            if panel.n_layers
        ] or [say(NOTHING_YET)]

    def last_epoch(self) -> float:
        """The end of the axis of epochs: where the epoch that was measured last ends."""
        return max((float(panel.epochs[-1]) for panel in self._panels if panel.n_layers), default=0.0) + 1

    def area(self, lane: int) -> QRectF:
        """The place of a lane's picture."""
        top = TITLE_HEIGHT + (LANE_TITLE_HEIGHT if len(self._panels) > 1 else 0)
        whole = (self.width() - MARGIN) // max(1, len(self._panels))
        height = max(20, self.height() - top - AXIS_HEIGHT - BAR_HEIGHT)
        return QRectF(lane * whole + GUTTER + 4, top, max(10, whole - GUTTER - 4 - MARGIN // 2), height)

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome = chrome_of(self.palette())
        self._make_images(chrome)
        with QPainter(self) as painter:
            painter.fillRect(self.rect(), QColor(chrome.surface))
            self._write(
                painter, QRectF(MARGIN, 0, self.width() - MARGIN, TITLE_HEIGHT), say(TITLE), chrome.ink, 13, bold=True
            )
            for lane, panel in enumerate(self._panels):
                self._paint_panel(painter, lane, panel, chrome)
            if any(panel.n_layers for panel in self._panels):
                self._paint_colour_bar(painter, chrome)
            else:
                flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
                painter.drawText(QRectF(self.rect()).adjusted(20, 24, -20, 0), flags, say(NOTHING_YET))

    def _make_images(self, chrome: Chrome) -> None:
        """Anew if there are new data, or another size or palette."""
        ratio, end = self.devicePixelRatioF(), self.last_epoch()
        wanted = (self.size(), ratio, chrome)
        if wanted == self._painted_for:
            return
        self._painted_for, self._images = wanted, []
        for lane, panel in enumerate(self._panels):
            width, height = (round(side * ratio) for side in self.area(lane).size().toTuple())
            if not panel.n_layers:
                self._images.append(QImage())
                continue
            layers = np.arange(height) * panel.n_layers // height
            pixels = painted(panel.norms, layers, panel.rows_of_pixels(width, end), chrome)
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
            image.setDevicePixelRatio(ratio)
            self._images.append(image)

    def _write(
        self, painter: QPainter, area: QRectF, text: str, colour: str, pixels: int, *,
        bold: bool = False, align: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft,
    ) -> None:  # fmt: skip
        font = self.font()
        font.setPixelSize(pixels)
        font.setBold(bold)
        painter.setFont(font)
        painter.setPen(QColor(colour))
        if bold:  # titles may be long
            text = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
        painter.drawText(area, align | Qt.AlignmentFlag.AlignVCenter, text)

    def _paint_panel(self, painter: QPainter, lane: int, panel: Panel, chrome: Chrome) -> None:
        area = self.area(lane)
        if panel.title:
            above = QRectF(area.left(), area.top() - LANE_TITLE_HEIGHT, area.width(), LANE_TITLE_HEIGHT)
            self._write(painter, above, panel.title, self.lane_colour(chrome, lane).name(), 13, bold=True)
        if not panel.n_layers:
            return
        painter.drawImage(area.topLeft(), self._images[lane])
        right, centre = Qt.AlignmentFlag.AlignRight, Qt.AlignmentFlag.AlignHCenter
        height = area.height() / panel.n_layers
        for layer in labelled_layers(panel.n_layers, height):
            place = QRectF(area.left() - GUTTER - 4, area.top() + layer * height - 8 + height / 2, GUTTER, 16)
            self._write(painter, place, layer_name(layer, panel.n_layers, briefly=True), chrome.faint, 10, align=right)
        end = self.last_epoch()
        for tick in round_ticks(0, end - 1, max(2, int(area.width() / 60))) or [0.0]:
            x = area.left() + tick / end * area.width()
            painter.fillRect(QRectF(x, area.bottom(), 1, 4), QColor(chrome.faint))
            if tick == int(tick):  # there are no halves of epochs
                place = QRectF(max(x - 30, area.left() - GUTTER), area.bottom() + 3, 60, 14)
                left = Qt.AlignmentFlag.AlignLeft
                if tick:
                    self._write(painter, place, f"{tick:,.0f}", chrome.faint, 10, align=centre)
                else:
                    self._write(painter, place.translated(x - place.left() - 3, 0), "0", chrome.faint, 10, align=left)
        place = QRectF(area.left(), area.bottom() + 16, area.width(), 14)
        self._write(painter, place, say("epoch"), chrome.faint, 10, align=centre)

    def colour_bar(self) -> tuple[QRectF, QRectF, QRectF]:
        """The places of the scale, and of the samples of exactly 0 and of what is not finite."""
        top, samples = self.height() - BAR_HEIGHT + 2, 150.0
        scale = QRectF(MARGIN + 18, top, max(60.0, self.width() - 2 * MARGIN - 36 - samples), 12)
        zero = QRectF(scale.right() + 30, top, 20, 12)
        return scale, zero, zero.translated(64, 0)

    def _paint_colour_bar(self, painter: QPainter, chrome: Chrome) -> None:
        scale, zero, wrong = self.colour_bar()
        pixels = TABLE.reshape(1, -1)
        image = QImage(pixels.data, N_COLOURS, 1, 4 * N_COLOURS, QImage.Format.Format_RGB32)
        painter.drawImage(scale, image)
        centre = Qt.AlignmentFlag.AlignHCenter
        step = 3 if scale.width() > 240 else 6
        for decade in range(math.ceil(LOW_DECADE / step) * step, HIGH_DECADE + 1, step):
            x = scale.left() + (decade - LOW_DECADE) / (HIGH_DECADE - LOW_DECADE) * scale.width()
            painter.fillRect(QRectF(x, scale.bottom(), 1, 4), QColor(chrome.faint))
            text = scientific(10.0**decade) if decade else "1"
            self._write(painter, QRectF(x - 20, scale.bottom() + 4, 40, 14), text, chrome.faint, 10, align=centre)
        for sample, norm, text in ((zero, 0.0, say("exactly 0")), (wrong, math.nan, say("not finite"))):
            width, height = int(sample.width()), int(sample.height())
            rows, columns = np.zeros(height, dtype=np.intp), np.zeros(width, dtype=np.intp)
            swatch = painted(np.array([[norm]]), rows, columns, chrome)
            painter.drawImage(
                sample.topLeft(), QImage(swatch.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            )
            place = QRectF(sample.center().x() - 32, sample.bottom() + 4, 64, 14)
            self._write(painter, place, text, chrome.faint, 10, align=centre)

    def text_at(self, place: QPointF) -> str:
        """A sentence about the pixel under the pointer."""
        for lane, panel in enumerate(self._panels):
            area = self.area(lane)
            if not panel.n_layers or not area.contains(place):
                continue
            epoch = (place.x() - area.left()) / area.width() * self.last_epoch()
            layer = min(int((place.y() - area.top()) / area.height() * panel.n_layers), panel.n_layers - 1)
            name = layer_of(panel.title, layer, panel.n_layers)
            row = panel.row_at(epoch)
            if row < 0:
                return say("{layer}: not measured before epoch {epoch:,.0f}", layer=name, epoch=panel.epochs[0])
            norm = scientific(panel.norms[row, layer], 5)
            return say(
                "{layer}, epoch {epoch:,.0f}: gradient norm {norm}", layer=name, epoch=panel.epochs[row], norm=norm
            )
        return say(EXPLANATION)

    def event(self, event: QEvent) -> bool:
        """The exact number under the pointer as a tooltip."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            QToolTip.showText(event.globalPos(), f"<p>{escape(self.text_at(QPointF(event.pos())))}</p>", self)
            return True
        return super().event(event)


def labelled_layers(n_layers: int, height: float) -> list[int]:
    """The layers that have a label, where each row has so many pixels: the first, the output, and some between."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if step * height >= 12 or step == 1000)
    return [*(layer for layer in range(0, n_layers - 1, step) if (n_layers - 1 - layer) * height >= 12), n_layers - 1]
