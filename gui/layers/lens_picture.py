"""The picture of the activation lens: f and f′ on the values that go through them."""

# Tests: tests/gui/layers/test_activation_lens.py

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen, QPolygonF, QRegion
from PySide6.QtWidgets import QWidget

from engine.config import Activation
from engine.insight.diagnosis import LayerDiagnosis
from engine.messages import message
from engine.mlp.activations import ACTIVATIONS as FACTS
from engine.mlp.activations import SATURATED_BELOW, Shape, saturation
from gui.paint.chart import Chart, lane_ink, write_shortened
from gui.paint.swatches import curves
from gui.paint.theme import Chrome, mixed
from gui.paint.type_size import sized
from gui.text.language import say
from gui.text.names import name_of
from gui.text.numbers import signed
from gui.widgets.check_list import tell

Floats = NDArray[np.float64]
N_SAMPLES = 301
MIN_SLOPE = 0.1  # of the axis, that the largest slope must reach to be seen well
SIDE, NUMBERS, HEAD, GAP, Z_SHARE = 64, 50, 18, 6, 0.3  # pixels; the last: of the height, for the histogram of z
EXPLANATION = message(
    "Solid: f; dashed: its derivative f′, on the same axis, or on one of its own with the same 0 where it would be too "
    "small or too large to see, which then is said. Below: how often each "
    "z, what goes into f, occurred in this layer over the training points; right: how often each f(z). Values beyond "
    "the axis are counted in its last bin. Shaded: saturated, |f′| is below {limit:g}.",
    limit=SATURATED_BELOW,
)


def fitting(value: float, measure: Callable[[str], int], room: float) -> str:
    """A number of any sign with as many of three digits as have room."""
    texts = [signed(value, digits) for digits in (3, 2, 1)]
    return next((text for text in texts if measure(text) <= room), texts[-1])


def slope_scale(steepest: float, top: float) -> float:
    """The factor of f′ with which it is seen on the axis of f, which ends at `top`: 1 wherever that will do."""
    if steepest == 0 or MIN_SLOPE * top <= steepest <= top:
        return 1.0
    return 0.9 * top / steepest


class LensPicture(Chart):
    """Paints f, f′ and the two histograms; the axes are those of the histograms, so they seldom move."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("lens_picture")
        self.setAccessibleName(say("f, f′ and the values of the layer"))
        tell(self, say(EXPLANATION))
        self.fit()
        self._layer: LayerDiagnosis | None = None
        self._shape = Shape()
        self._colour: int | None = None  # of the lane, where there are several

    def fit(self) -> None:
        self.setMinimumSize(self.pixels(200), self.pixels(110))

    def text_at(self, place: QPointF) -> str:
        return say(EXPLANATION)

    def show_layer(self, layer: LayerDiagnosis | None, shape: Shape, colour: int | None) -> None:
        """Paint a layer, in the colour of that number where there are several lanes."""
        self._layer, self._shape, self._colour = layer, shape, colour
        self.update()

    def areas(self) -> tuple[QRectF, QRectF, QRectF]:
        """The places of f, of the histogram of z under it, and of that of f(z) beside it."""
        width, height = self.extent.width(), self.extent.height()
        below = max(30.0, Z_SHARE * (height - HEAD))
        plot = QRectF(NUMBERS, HEAD, width - NUMBERS - SIDE - 2 * GAP, height - HEAD - below - GAP)
        under = QRectF(plot.left(), plot.bottom() + GAP, plot.width(), below - 15)
        return plot, under, QRectF(plot.right() + GAP, plot.top(), SIDE, plot.height())

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        layer = self._layer
        if layer is None or layer.activation is None:
            return
        painter.setFont(sized(self.font(), 10))
        plot, under, beside = self.areas()
        colour = lane_ink(chrome, self._colour)
        self._paint_saturation(painter, layer, layer.activation, plot.united(under), chrome)
        self._paint_axes(painter, layer, chrome)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        self._paint_curves(painter, layer, layer.activation, colour, chrome)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, False)
        tallest = max(1, int(layer.z_counts.max()))
        width = under.width() / len(layer.z_counts)
        for index, count in enumerate(layer.z_counts.tolist()):
            height = count / tallest * under.height()
            painter.fillRect(QRectF(under.left() + index * width, under.bottom() - height, width, height), colour)
        widest = max(1, int(layer.output_counts.max()))
        height = beside.height() / len(layer.output_counts)
        for index, count in enumerate(layer.output_counts.tolist()):
            top = beside.bottom() - (index + 1) * height
            painter.fillRect(QRectF(beside.left(), top, count / widest * beside.width(), height), colour)

    def _paint_saturation(
        self, painter: QPainter, layer: LayerDiagnosis, activation: Activation, area: QRectF, chrome: Chrome
    ) -> None:
        low, high = float(layer.z_edges[0]), float(layer.z_edges[-1])
        left, right = saturation(activation, self._shape)
        shade = mixed(QColor(chrome.surface), QColor(chrome.warning), 0.18)
        for start, end in ((low, min(left, high)), (max(right, low), high)):
            if end > start:
                share = (start - low) / (high - low), (end - low) / (high - low)
                x = area.left() + share[0] * area.width()
                painter.fillRect(QRectF(x, area.top(), (share[1] - share[0]) * area.width(), area.height()), shade)

    def _paint_axes(self, painter: QPainter, layer: LayerDiagnosis, chrome: Chrome) -> None:
        plot, under, beside = self.areas()
        ink, flags = QColor(chrome.faint), Qt.AlignmentFlag
        painter.setPen(QColor(chrome.grid))
        painter.drawRect(plot)
        painter.drawLine(under.bottomLeft(), under.bottomRight())
        painter.drawLine(beside.topLeft(), beside.bottomLeft())
        low, high = float(layer.output_edges[0]), float(layer.output_edges[-1])
        middle = plot.center().x()
        painter.drawLine(QPointF(middle, plot.top()), QPointF(middle, under.bottom()))
        painter.setPen(ink)
        numbers = [low, high] if low >= 0 or low > -0.2 * high else [low, 0.0, high]
        for value in numbers:
            y = plot.bottom() - (value - low) / (high - low) * plot.height()
            place = QRectF(0, min(max(y - 7, plot.top() - 3), plot.bottom() - 11), NUMBERS - 4, 14)
            text = fitting(value, painter.fontMetrics().horizontalAdvance, place.width())
            painter.drawText(place, flags.AlignRight | flags.AlignVCenter, text)
        limit = float(layer.z_edges[-1])
        ticks = (
            (0.0, signed(-limit, 3), flags.AlignLeft),
            (0.5, "z = 0", flags.AlignHCenter),
            (1.0, signed(limit, 3), flags.AlignRight),
        )
        for share, text, side in ticks:
            place = QRectF(plot.left() + share * (plot.width() - 60), under.bottom() + 1, 60, 14)
            painter.drawText(place, side | flags.AlignVCenter, text)
        painter.drawText(QRectF(beside.left(), under.top() - GAP, SIDE, 14), flags.AlignLeft, "f(z)")

    def _paint_curves(
        self, painter: QPainter, layer: LayerDiagnosis, activation: Activation, colour: QColor, chrome: Chrome
    ) -> None:
        plot = self.areas()[0]
        z = np.linspace(layer.z_edges[0], layer.z_edges[-1], N_SAMPLES)
        value, slope = curves(activation, self._shape, z, layer.n_units)
        facts, bottom, top = FACTS[activation], float(layer.output_edges[0]), float(layer.output_edges[-1])
        steepest = 0.25 if activation is Activation.SOFTMAX else facts.largest_derivative(self._shape)
        scale = slope_scale(steepest, top)
        solid, dashed = QPen(colour, 2), QPen(QColor(chrome.ink), 1.5, Qt.PenStyle.DashLine)
        room_of_slope = 70 if scale == 1 else 120
        legend = (
            (solid, 0, f"f  {name_of(activation)}: {say(facts.formula)}"),
            (
                dashed,
                plot.right() + SIDE - 22 - room_of_slope,
                f"f′ ≤ {steepest:.3g}" if scale == 1 else say("f′ ≤ {most:.3g}, own scale", most=steepest),
            ),
        )
        for pen, x, text in legend:
            painter.setPen(pen)
            painter.drawLine(QPointF(x + 2, HEAD / 2), QPointF(x + 26, HEAD / 2))
            painter.setPen(QColor(chrome.ink))
            room = QRectF(x + 31, 0, plot.right() + SIDE - 60 - room_of_slope if not x else room_of_slope, HEAD)
            write_shortened(painter, room, text)
        painter.save()
        painter.setClipRect(plot.adjusted(-1, -2, 1, 2))
        for pen, heights in (
            (solid, value),
            (dashed, scale * slope),
        ):
            shares = np.clip((heights - bottom) / (top - bottom), -1, 2)
            ys, xs = plot.bottom() - shares * plot.height(), np.linspace(plot.left(), plot.right(), len(z))
            painter.setPen(pen)
            painter.drawPolyline(QPolygonF([QPointF(x, y) for x, y in zip(xs.tolist(), ys.tolist(), strict=True)]))
        painter.restore()
