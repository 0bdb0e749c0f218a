"""The mean output of every hidden layer side by side, marked where it is not zero-centred."""

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QColor, QFontMetrics, QMouseEvent, QPainter, QPen, QRegion
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.insight.diagnosis import ZERO_CENTRED, LayerDiagnosis
from engine.messages import message
from gui.paint.chart import Chart, draw_cross, lane_ink
from gui.paint.plots.axes import round_up
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.language import mark, say
from gui.text.numbers import signed

HEIGHT, CAPTION, NUMBERS, LEFT, RIGHT = 58, 14, 13, 50.0, 8.0  # pixels; below the caption the bars, then the layers
WIDEST_BAR, MIN_BAR, MIN_NUMBER = 14.0, 2.0, 16.0
SMALLEST, LARGEST = 1e-300, 1e300  # of the axis
NAME = mark("Mean output of each layer")
CAPTIONS = (  # the first that has room is shown
    mark("Mean output of each layer  ■ not zero-centred  □ zero-centred"),
    mark("Mean output of each layer  ■ not zero-centred"),
    mark("Mean outputs  ■ not zero-centred"),
    mark("Mean outputs"),
)
EXPLANATION = message(
    "Mean of f(z) in every hidden layer. Filled: not zero-centred, its size is above {most:g} of the root mean square; "
    "hollow: zero-centred. A click looks at that layer.",
    most=ZERO_CENTRED,
)


class MeanOutputs(Chart):
    """A bar for each hidden layer, up or down from 0; a click chooses the layer."""

    layer_chosen = Signal(int)  # 0 for the first

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("mean_outputs")
        self.setAccessibleName(say(NAME))
        self.fit()
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._layers: Sequence[LayerDiagnosis] = ()
        self._chosen = 0
        self._colour: int | None = None

    def show_layers(self, hidden: Sequence[LayerDiagnosis], chosen: int, colour: int | None) -> None:
        """Show the hidden layers, of which one is chosen, in the colour of that number if there are several lanes."""
        self._layers, self._chosen, self._colour = hidden, chosen, colour
        leaning = sum(not layer.is_zero_centred for layer in hidden)
        self.setAccessibleDescription(
            say(
                "{n_leaning} of {n_layers} are not zero-centred. {explanation}",
                n_leaning=leaning,
                n_layers=len(hidden),
                explanation=EXPLANATION,
            )
        )
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(self.pixels(300), self.pixels(HEIGHT))

    def fit(self) -> None:
        self.setFixedHeight(self.pixels(HEIGHT))

    def limits(self) -> tuple[float, float]:
        """The ends of the axis: 0, or 1, 2 or 5 times a power of ten, so that they seldom move."""
        means = [layer.mean_output for layer in self._layers if math.isfinite(layer.mean_output)]
        low, high = min([0.0, *means]), max([0.0, *means])
        limit = round_up(min(max(-low, high, SMALLEST), LARGEST), (1, 2, 5)) if low or high else 1.0
        return (-limit if low < 0 else 0.0), (limit if high > 0 or low == 0 else 0.0)

    def slots(self) -> list[QRectF]:
        """The place of each layer."""
        return [self._slot(index) for index in range(len(self._layers))]

    def _slot(self, index: int) -> QRectF:
        width = (self.extent.width() - LEFT - RIGHT) / len(self._layers)
        return QRectF(LEFT + index * width, CAPTION, width, self.extent.height() - CAPTION - NUMBERS)

    def bar(self, index: int) -> QRectF:
        """The bar of a layer, from 0 to its mean; one that is filled is seen however small the mean is."""
        slot, layer = self._slot(index), self._layers[index]
        mean = layer.mean_output if math.isfinite(layer.mean_output) else 0.0
        zero, end = self._height_of(0.0), self._height_of(mean)
        if math.isfinite(layer.mean_output) and not layer.is_zero_centred and abs(end - zero) < MIN_BAR:
            end = zero + math.copysign(MIN_BAR, -mean)
        width = min(WIDEST_BAR, 0.7 * slot.width())
        return QRectF(slot.center().x() - width / 2, min(zero, end), width, abs(end - zero))

    def _height_of(self, value: float) -> float:
        low, high = self.limits()
        top, bottom = CAPTION + 2.0, self.extent.height() - NUMBERS - 1.0
        share = (min(max(value, low), high) - low) / (high - low)
        return bottom - share * (bottom - top)

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        if not self._layers:
            return
        painter.setFont(sized(self.font(), 10))
        self._paint_frame(painter, chrome)
        colour = lane_ink(chrome, self._colour)
        for index, layer in enumerate(self._layers):
            bar = self.bar(index)
            if not math.isfinite(layer.mean_output):
                draw_cross(painter, bar.center(), chrome)
            elif layer.is_zero_centred:
                painter.setPen(QPen(colour, 1))
                painter.setBrush(Qt.BrushStyle.NoBrush)
                painter.drawRect(bar)
            else:
                painter.fillRect(bar, colour)

    def _paint_frame(self, painter: QPainter, chrome: Chrome) -> None:
        """Caption, axis, and the numbers of the layers, that of the chosen one always."""
        flags, slots = Qt.AlignmentFlag, self.slots()
        left_middle, centre = flags.AlignLeft | flags.AlignVCenter, flags.AlignCenter
        painter.setPen(QColor(chrome.ink))
        caption = QRectF(LEFT, 0, self.extent.width() - LEFT, CAPTION)
        painter.drawText(caption, left_middle, caption_in(painter.fontMetrics(), caption.width()))
        low, high = self.limits()
        painter.setPen(QColor(chrome.faint))
        for value in {low, 0.0, high}:
            place = QRectF(0, self._height_of(value) - 7, LEFT - 5, 14)
            if value in (low, high) or abs(self._height_of(value) - self._height_of(low)) > 10:
                painter.drawText(place, flags.AlignRight | flags.AlignVCenter, signed(value, 1))
        every = max(1, math.ceil(MIN_NUMBER / slots[0].width()))
        for index, slot in enumerate(slots):
            is_chosen = index == self._chosen
            if is_chosen or (index % every == 0 and abs(index - self._chosen) >= every):
                painter.setPen(QColor(chrome.ink if is_chosen else chrome.faint))
                place = QRectF(slot.center().x() - 15, self.extent.height() - NUMBERS, 30, NUMBERS)
                painter.drawText(place, centre, f"[{index + 1}]" if is_chosen else str(index + 1))
        painter.setPen(QColor(chrome.faint))
        zero = self._height_of(0.0)
        painter.drawLine(QLineF(slots[0].left(), zero, slots[-1].right(), zero))

    def layer_at(self, place: QPointF) -> int | None:
        """The layer whose column that is, from top to bottom."""
        return next((i for i, slot in enumerate(self.slots()) if slot.left() <= place.x() < slot.right()), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        layer = self.layer_at(event.position() / self.pixels_each)
        if event.button() == Qt.MouseButton.LeftButton and layer is not None:
            self.layer_chosen.emit(layer)

    def _in_words(self, layer: LayerDiagnosis) -> str:
        if not math.isfinite(layer.mean_output):
            return say("not finite")
        mean = signed(layer.mean_output, 5)
        if layer.is_zero_centred:
            return say("{mean}, zero-centred", mean=mean)
        return say("{mean}, not zero-centred", mean=mean)

    def text_at(self, place: QPointF) -> str:
        index = self.layer_at(place)
        if index is None:
            return say(EXPLANATION)
        mean = self._in_words(self._layers[index])
        return say("Layer {number}: {mean}. {explanation}", number=index + 1, mean=mean, explanation=EXPLANATION)


def caption_in(metrics: QFontMetrics, width: float) -> str:
    """The caption that has room in a width."""
    captions = [say(caption) for caption in CAPTIONS]
    return next((text for text in captions if metrics.horizontalAdvance(text) <= width), captions[-1])
