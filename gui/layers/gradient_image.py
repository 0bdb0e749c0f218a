"""The gradient of every layer over time: layers against epochs, the norm as a colour on a logarithmic scale."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QRegion
from PySide6.QtWidgets import QWidget

from engine.insight.verdict import GRADIENT
from gui.layers.gradient_plot import WIDEST
from gui.paint.chart import HEADING_HEIGHT, MARGIN, LanesChart, write_heading, write_marks
from gui.paint.lane_view import LaneView
from gui.paint.picture import ratio_of
from gui.paint.plots.axes import DecadeAxis, SteadyAxis, round_ticks
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.lab_wording import layer_name, layer_of
from gui.text.language import mark, say
from gui.text.numbers import scientific

Floats = NDArray[np.float64]

N_COLOURS = 211
HATCH = 6  # pixels from one line to the next
LANE_TITLE_HEIGHT, AXIS_HEIGHT, BAR_HEIGHT, GUTTER = 20, 34, 34, 28
TITLE = mark("Gradient norm of each layer over time")
NOTHING_YET = mark("No gradient has been measured yet: it will appear here as soon as the training starts.")
EXPLANATION = mark(
    "How strongly the loss pulled at the weights of each layer, from the first epoch to now: the L2 norm of the "
    "derivative of the mean training loss with respect to the layer's weights, first layer on top. Each colour holds "
    "until the next measurement. The scale has room for all that was measured; "
    "hatched means exactly 0, dotted means not a finite number."
)


def colour_table() -> NDArray[np.uint32]:
    """The colours of the scale from low to high, 0xFFRRGGBB, uint32 ndarray of shape (N_COLOURS,).

    Viridis by van der Walt and Smith: its lightness rises all the way, whatever colours a person can tell apart.
    """
    red, green, blue = pg.colormap.get("viridis").getLookupTable(nPts=N_COLOURS).T.astype(np.uint32)
    table: NDArray[np.uint32] = np.uint32(0xFF000000) | red << np.uint32(16) | green << np.uint32(8) | blue
    return table


TABLE = colour_table()


def colours_of(norms: Floats, axis: DecadeAxis) -> NDArray[np.uint32]:
    """The colour of each norm on the scale; what is 0 or not finite has some colour, too."""
    is_positive = (norms > 0) & np.isfinite(norms)
    decades = np.log10(np.where(is_positive, norms, 1.0))
    shares = np.clip((decades - axis.low) / axis.decades, 0, 1)
    return TABLE[(shares * (N_COLOURS - 1)).round().astype(np.intp)]


def painted(
    norms: Floats, rows: NDArray[np.intp], columns: NDArray[np.intp], axis: DecadeAxis, chrome: Chrome
) -> NDArray[np.uint32]:
    """Pixels 0xFFRRGGBB, uint32 ndarray of shape (height, width).

    Args:
        norms: of shape (n_rows, n_layers).
        rows: for each pixel downwards the layer, shape (height,).
        columns: for each pixel to the right the row of `norms`, shape (width,); -1 where nothing was measured.
        axis: of the colours.
        chrome: for what is no norm on the scale.
    """
    surface, ink, warning = (np.uint32(QColor(name).rgb()) for name in (chrome.surface, chrome.ink, chrome.warning))
    at = np.ix_(rows, columns)
    pixels = colours_of(norms, axis).T[at]
    y, x = np.ogrid[: len(rows), : len(columns)]
    if not norms.all():
        pixels = np.where((norms == 0).T[at], np.where((x + y) % HATCH < 2, ink, surface), pixels)
    if not np.isfinite(norms).all():
        dotted = np.where((x % HATCH < 2) & (y % HATCH < 2), surface, warning)
        pixels = np.where(~np.isfinite(norms).T[at], dotted, pixels)
    pixels[:, columns < 0] = surface
    return np.ascontiguousarray(pixels, dtype=np.uint32)


def extremes(norms: Floats) -> list[float]:
    """The smallest and the largest norm that has a colour; nothing if none has."""
    known = norms[(norms > 0) & np.isfinite(norms)]
    return [float(known.min()), float(known.max())] if len(known) else []


@dataclass(frozen=True, eq=False)
class LaneHistory:
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


class GradientImage(LanesChart):
    """Shows how the gradient of every layer went, first layer on top; lanes side by side on one scale."""

    needs = (GRADIENT,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("gradient_image")
        self.setAccessibleName(say(TITLE))
        self.setAccessibleDescription(f"{say(NOTHING_YET)} {say(EXPLANATION)}")
        self.setStatusTip(say(TITLE))
        self._lanes: list[LaneHistory] = []
        self._images: list[QImage] = []
        self._steady = SteadyAxis(WIDEST)
        self._painted_for: tuple[object, ...] | None = None
        self.fit()

    @property
    def heading(self) -> str:
        return say(TITLE)

    def words_end(self) -> float:
        return HEADING_HEIGHT + (LANE_TITLE_HEIGHT if self.n_lanes > 1 else 0)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the history of each lane, on one scale of colours and of epochs.

        Arrays that were shown before must not have been changed: if they are the same, nothing is painted.
        """
        self.use_colours(lanes)
        histories = [LaneHistory(lane.title, *lane.snapshot.readings.timeline(GRADIENT)) for lane in lanes]
        shown = [(history.title, id(history.epochs), id(history.norms)) for history in self._lanes]
        if shown == [(history.title, id(history.epochs), id(history.norms)) for history in histories]:
            return
        n_before, self._lanes = self.n_lanes, histories
        norms = (norm for history in histories if history.n_layers for norm in extremes(history.norms))
        self._steady.follow(norms, self.last_epoch())
        self._painted_for = None
        self.setAccessibleDescription(" ".join([*self._sentences(), say(EXPLANATION)]))
        self.show_changed(n_before, range(len(histories)))

    def _sentences(self) -> list[str]:
        """The newest norms of the first and the last layer of each lane."""
        return [
            say(
                "{lane}: first layer {first}, output layer {last} at epoch {epoch:,.0f}.",
                lane=history.title or say("Now"),
                first=scientific(float(history.norms[-1, 0]), 2),
                last=scientific(float(history.norms[-1, -1]), 2),
                epoch=history.epochs[-1],
            )
            for history in self._lanes
            if history.n_layers
        ] or [say(NOTHING_YET)]

    def last_epoch(self) -> float:
        """The end of the axis of epochs: where the epoch that was measured last ends."""
        return max((float(history.epochs[-1]) for history in self._lanes if history.n_layers), default=0.0) + 1

    def area(self, lane: int) -> QRectF:
        """The place of a lane's picture."""
        left, whole = int(self.columns.left(lane)), int(self.columns.width)
        height = max(20, int(self.extent.height() - self.top - AXIS_HEIGHT - BAR_HEIGHT))
        return QRectF(left + GUTTER + 4, self.top, max(10, whole - GUTTER - 4 - MARGIN // 2), height)

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        self._make_images(chrome, ratio_of(painter))
        area = QRectF(MARGIN, 0, self.extent.width() - 2 * MARGIN, HEADING_HEIGHT)
        write_heading(painter, area, self.heading, QColor(chrome.ink))
        for lane in range(self.n_lanes):
            self.paint_lane(painter, lane, chrome)
        if any(history.n_layers for history in self._lanes):
            self._paint_colour_bar(painter, chrome)
        else:
            flags = Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap
            painter.setPen(QColor(chrome.ink))
            painter.drawText(QRectF(QPointF(), self.extent).adjusted(20, 24, -20, 0), flags, say(NOTHING_YET))

    def _make_images(self, chrome: Chrome, ratio: float) -> None:
        """Anew if there are new data, or another size or palette; with so many pixels for one of its own lengths."""
        end = self.last_epoch()
        wanted = (self.size(), ratio, chrome)
        if wanted == self._painted_for:
            return
        self._painted_for, self._images = wanted, []
        for lane, history in enumerate(self._lanes):
            width, height = (round(side * ratio) for side in self.area(lane).size().toTuple())
            if not history.n_layers:
                self._images.append(QImage())
                continue
            layers = np.arange(height) * history.n_layers // height
            pixels = painted(history.norms, layers, history.rows_of_pixels(width, end), self._steady.axis, chrome)
            image = QImage(pixels.data, width, height, 4 * width, QImage.Format.Format_RGB32).copy()
            image.setDevicePixelRatio(ratio)
            self._images.append(image)

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        area, history = self.area(lane), self._lanes[lane]
        if history.title:
            above = QRectF(area.left(), area.top() - LANE_TITLE_HEIGHT, area.width(), LANE_TITLE_HEIGHT)
            write_heading(painter, above, history.title, self.lane_colour(chrome, lane))
        if not history.n_layers:
            return
        painter.drawImage(area.topLeft(), self._images[lane])
        painter.setFont(sized(self.font(), 10))
        painter.setPen(QColor(chrome.faint))
        flags = Qt.AlignmentFlag
        height = area.height() / history.n_layers
        for layer in labelled_layers(history.n_layers, height):
            place = QRectF(area.left() - GUTTER - 4, area.top() + layer * height - 8 + height / 2, GUTTER, 16)
            text = layer_name(layer, history.n_layers, briefly=True)
            painter.drawText(place, flags.AlignRight | flags.AlignVCenter, text)
        end = self.last_epoch()
        for tick in round_ticks(0, end - 1, max(2, int(area.width() / 60))) or [0.0]:
            x = area.left() + tick / end * area.width()
            painter.fillRect(QRectF(x, area.bottom(), 1, 4), QColor(chrome.faint))
            if tick == int(tick):  # there are no halves of epochs
                place = QRectF(max(x - 30, area.left() - GUTTER) if tick else x - 3, area.bottom() + 3, 60, 14)
                side = flags.AlignHCenter if tick else flags.AlignLeft
                painter.drawText(place, side | flags.AlignVCenter, f"{tick:,.0f}")
        place = QRectF(area.left(), area.bottom() + 16, area.width(), 14)
        painter.drawText(place, flags.AlignCenter, say("epoch"))

    def colour_bar(self) -> tuple[QRectF, QRectF, QRectF]:
        """The places of the scale, and of the samples of exactly 0 and of what is not finite."""
        top, samples = self.extent.height() - BAR_HEIGHT + 2, 166.0
        scale = QRectF(MARGIN + 18, top, max(60.0, self.extent.width() - 2 * MARGIN - 36 - samples), 12)
        zero = QRectF(scale.right() + 46, top, 20, 12)
        return scale, zero, zero.translated(64, 0)

    def _paint_colour_bar(self, painter: QPainter, chrome: Chrome) -> None:
        scale, zero, wrong = self.colour_bar()
        pixels = TABLE.reshape(1, -1)
        image = QImage(pixels.data, N_COLOURS, 1, 4 * N_COLOURS, QImage.Format.Format_RGB32)
        painter.drawImage(scale, image)
        ticks = self._steady.axis.ticks(scale.width())
        for share, _ in ticks:
            painter.fillRect(QRectF(scale.left() + share * scale.width(), scale.bottom(), 1, 4), QColor(chrome.faint))
        painter.setFont(sized(self.font(), 10))
        painter.setPen(QColor(chrome.faint))
        write_marks(painter, QRectF(scale.left(), scale.bottom() + 4, scale.width(), 14), ticks)
        for sample, norm, text in ((zero, 0.0, say("exactly 0")), (wrong, math.nan, say("not finite"))):
            width, height = int(sample.width()), int(sample.height())
            rows, columns = np.zeros(height, dtype=np.intp), np.zeros(width, dtype=np.intp)
            swatch = painted(np.array([[norm]]), rows, columns, self._steady.axis, chrome)
            painter.drawImage(
                sample.topLeft(), QImage(swatch.data, width, height, 4 * width, QImage.Format.Format_RGB32)
            )
            place = QRectF(sample.center().x() - 32, sample.bottom() + 4, 64, 14)
            painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)

    def text_at(self, place: QPointF) -> str:
        """A sentence about the pixel under the pointer."""
        for lane, history in enumerate(self._lanes):
            area = self.area(lane)
            if not history.n_layers or not area.contains(place):
                continue
            epoch = (place.x() - area.left()) / area.width() * self.last_epoch()
            layer = min(int((place.y() - area.top()) / area.height() * history.n_layers), history.n_layers - 1)
            name = layer_of(history.title, layer, history.n_layers)
            row = history.row_at(epoch)
            if row < 0:
                return say("{layer}: not measured before epoch {epoch:,.0f}", layer=name, epoch=history.epochs[0])
            norm = scientific(history.norms[row, layer], 5)
            return say(
                "{layer}, epoch {epoch:,.0f}: gradient norm {norm}", layer=name, epoch=history.epochs[row], norm=norm
            )
        return say(EXPLANATION)


def labelled_layers(n_layers: int, height: float) -> list[int]:
    """The layers that have a label, where each row has so many pixels: the first, the output, and some between."""
    step = next(step for step in (1, 2, 5, 10, 20, 50, 100, 1000) if step * height >= 12 or step == 1000)
    return [*(layer for layer in range(0, n_layers - 1, step) if (n_layers - 1 - layer) * height >= 12), n_layers - 1]
