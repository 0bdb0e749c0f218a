"""The threshold: where both classes lie on the axis of P, the ROC, precision and recall; a drag moves it."""

from __future__ import annotations

from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from engine.learning.metrics import Roc
from gui.decisions.calibration_plot import hint, paint_calibration
from gui.decisions.ranked import Ranked, possible, threshold_of
from gui.decisions.words_chart import USUAL_PLOTS, WIDE, WordsChart
from gui.paint.plots.axes import round_up
from gui.paint.plots.panel import Panel
from gui.paint.theme import CLASS_COLOURS, Chrome
from gui.text.language import mark, say
from gui.widgets.throttle import new_drag

Floats = NDArray[np.float64]
N_BINS = 20
KNOB = 5.0  # radius
KEY_STEP = 0.01
NAME = mark("Threshold: distribution of P, ROC, precision and recall, and calibration")
HINT = mark(
    "Drag the line of the threshold, or the points on the curves; arrow keys: 0.01. Dashed: a network that "
    "knows nothing."
)


class Plot(StrEnum):
    """The plots, in their order."""

    HISTOGRAM = "histogram"
    ROC = "roc"
    RECALL = "recall"
    CALIBRATION = "calibration"  # where there are enough points


class ThresholdChart(WordsChart):
    """Three plots of one threshold, and that of the calibration.

    Signals:
        threshold_moved(float, int): to a number, by a drag that has this number, or a key.
    """

    threshold_moved = Signal(float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("threshold_chart", parent)
        self.setAccessibleName(say(NAME))
        self.setMouseTracking(True)
        self.ranked: Ranked | None = None
        self.steps: Roc | None = None  # of these points
        self._has_fourth = False  # which is that of the calibration
        self._bars = [0] * N_BINS, [0] * N_BINS  # points in each bin, of the class and of the rest
        self.threshold = 0.5
        self._names = "", ""
        self._colours: tuple[int | None, int | None] = None, None
        self._held: Plot | None = None
        self._drag = 0

    def show_points(
        self, ranked: Ranked | None, names: tuple[str, str], colours: tuple[int | None, int | None]
    ) -> None:
        """Show points of a class and of the rest, in this order their names and the numbers of their colours."""
        self.ranked, self._names, self._colours = ranked, names, colours
        self.steps = None if ranked is None else ranked.steps
        self._has_fourth = ranked is not None and ranked.calibration is not None
        self.crowding = (3 + self._has_fourth) / USUAL_PLOTS
        if ranked is not None:
            self._bars = bins(ranked.scores[ranked.is_positive]), bins(ranked.scores[~ranked.is_positive])
        self.forget_picture()

    def show_threshold(self, threshold: float, words: str) -> None:
        """Show a threshold, and words about it."""
        self.threshold = threshold
        self.show_words(words)

    def panels(self) -> dict[Plot, Panel]:
        """The plots, side by side where there is width, else in two rows, the two curves below."""
        room, has_fourth = self.room(), self._has_fourth
        width, height = room.width(), room.height()
        if width > WIDE * self.crowding * height:
            each = width / (3 + has_fourth)
            places = [QRectF(room.left() + index * each, room.top(), each, height) for index in range(4)]
        else:
            half, share = width / 2, (0.5 if has_fourth else 0.42) * height
            above, below = room.adjusted(0, 0, 0, share - height), room.adjusted(0, share, 0, 0)
            places = [
                above.adjusted(0, 0, -half * has_fourth, 0),
                below.adjusted(0, 0, -half, 0),
                below.adjusted(half, 0, 0, 0),
                above.adjusted(half, 0, 0, 0),
            ]
        up, down = (round_up(max(1, *bars)) for bars in self._bars)
        panels = {Plot.HISTOGRAM: Panel(places[0], y=(-down, up))}
        others = (Plot.ROC, Plot.RECALL, Plot.CALIBRATION)[: 2 + has_fourth]
        return panels | {plot: Panel(place) for plot, place in zip(others, places[1:], strict=False)}

    # painting

    def paint_plots(self, painter: QPainter, chrome: Chrome) -> None:
        if (steps := self.steps) is not None:
            panels = self.panels()
            self._paint_histogram(painter, panels[Plot.HISTOGRAM], chrome)
            self._paint_roc(painter, panels[Plot.ROC], steps, chrome)
            self._paint_recall(painter, panels[Plot.RECALL], steps, chrome)
            if self.ranked is not None and (found := self.ranked.calibration) is not None:
                paint_calibration(painter, panels[Plot.CALIBRATION], found, self._names[0], self.font(), chrome)

    def _paint_histogram(self, painter: QPainter, panel: Panel, chrome: Chrome) -> None:
        """Bars up for the class, down for the rest."""
        name, rest = self._names
        names = say("P({name})", name=name), say("Points: ↑ {name}, ↓ {rest}", name=name, rest=rest)
        panel.paint_frame(painter, chrome, self.font(), names, counts=True)
        for bars, colour, way in zip(self._bars, self._colours, (1, -1), strict=True):
            ink = QColor(chrome.faint if colour is None else CLASS_COLOURS[colour])
            for index, n in enumerate(bars):
                corner, other = panel.place((index + 0.08) / N_BINS, way * n), panel.place((index + 0.92) / N_BINS, 0)
                painter.fillRect(QRectF(corner, other).normalized(), ink)
        painter.setPen(QPen(QColor(chrome.faint), 1))
        painter.drawLine(QLineF(panel.place(0, 0), panel.place(1, 0)))

    def _paint_roc(self, painter: QPainter, panel: Panel, steps: Roc, chrome: Chrome) -> None:
        panel.paint_frame(painter, chrome, self.font(), (say("False alarms"), say("ROC: recall")))
        paint_chance(painter, panel, (0, 0), (1, 1), chrome)
        paint_curve(painter, panel, steps.false_rate, steps.true_rate, chrome)

    def _paint_recall(self, painter: QPainter, panel: Panel, steps: Roc, chrome: Chrome) -> None:
        panel.paint_frame(painter, chrome, self.font(), (say("Recall"), say("Precision")))
        share = steps.n_positive / (steps.n_positive + steps.n_negative)
        paint_chance(painter, panel, (0, share), (1, share), chrome)
        # straight lines between the steps would be too good (Davis and Goadrich 2006, ICML)
        recall, precision = np.repeat(steps.true_rate, 2)[:-1], np.repeat(steps.precision, 2)[1:]
        paint_curve(painter, panel, recall, precision, chrome)

    def paint_over(self, painter: QPainter, chrome: Chrome) -> None:
        """The line and the points of the threshold."""
        if (steps := self.steps) is None:
            return
        panels, at = self.panels(), steps.step_of(self.threshold)
        histogram = panels[Plot.HISTOGRAM]
        x = float(histogram.across(self.threshold))
        for colour_name, width in ((chrome.halo, 4.0), (chrome.ink, 2.0)):
            painter.setPen(QPen(QColor(colour_name), width))
            painter.drawLine(QLineF(x, histogram.area.top() - 3, x, histogram.area.bottom() + 3))
        texts = say("threshold {threshold:.4g}", threshold=self.threshold), f"{self.threshold:.4g}"
        paint_handle(painter, histogram.area, x, texts, chrome)
        false_rate, recall = float(steps.false_rate[at]), float(steps.true_rate[at])
        paint_knob(painter, panels[Plot.ROC].place(false_rate, recall), chrome)
        if steps.true_positives[at] + steps.false_positives[at]:
            paint_knob(painter, panels[Plot.RECALL].place(recall, float(steps.precision[at])), chrome)

    # the hand

    def plot_at(self, place: QPointF) -> Plot | None:
        """The plot at a place."""
        if self.steps is None:
            return None
        return next((plot for plot, panel in self.panels().items() if panel.outer.contains(place)), None)

    def handle_at(self, place: QPointF) -> Plot | None:
        """The plot at a place in which the threshold can be taken hold of."""
        plot = self.plot_at(place)
        return None if plot is Plot.CALIBRATION else plot

    def _follow(self, plot: Plot, place: QPointF) -> None:
        """Move the threshold to where the hand is."""
        if (steps := self.steps) is None:
            return
        panel = self.panels()[plot]
        if plot is Plot.HISTOGRAM:
            threshold = round(panel.number_at(place), 2)
        else:
            roc = plot is Plot.ROC
            x, y = (steps.false_rate, steps.true_rate) if roc else (steps.true_rate, steps.precision)
            distances = np.hypot(panel.across(x) - place.x(), panel.down(y) - place.y())
            threshold = threshold_of(steps, int(distances.argmin()))
        self.threshold_moved.emit(possible(threshold), self._drag)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        place = event.position() / self.pixels_each
        if event.button() == Qt.MouseButton.LeftButton and (plot := self.handle_at(place)) is not None:
            self._held = plot
            self._drag = new_drag()
            self._follow(plot, place)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        place = event.position() / self.pixels_each
        if self._held is not None:
            self._follow(self._held, place)
            return
        cursors = {Plot.HISTOGRAM: Qt.CursorShape.SplitHCursor, None: Qt.CursorShape.ArrowCursor}
        self.setCursor(cursors.get(self.handle_at(place), Qt.CursorShape.PointingHandCursor))

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self._held = None

    def keyPressEvent(self, event: QKeyEvent) -> None:
        ways = {Qt.Key.Key_Left: -KEY_STEP, Qt.Key.Key_Right: KEY_STEP}
        way = ways.get(Qt.Key(event.key()))
        if way is None or self.steps is None:
            super().keyPressEvent(event)
            return
        if not event.isAutoRepeat():
            self._drag = new_drag()
        self.threshold_moved.emit(possible(round(self.threshold + way, 2)), self._drag)

    def text_at(self, place: QPointF) -> str:
        return hint(self._names[0]) if self.plot_at(place) is Plot.CALIBRATION else say(HINT)


def bins(scores: Floats) -> list[int]:
    """The number of probabilities in each bin."""
    return list(np.histogram(scores[np.isfinite(scores)], N_BINS, (0.0, 1.0))[0].tolist())


def paint_chance(
    painter: QPainter, panel: Panel, start: tuple[float, float], end: tuple[float, float], chrome: Chrome
) -> None:
    """The dashed line of a network that knows nothing."""
    painter.setPen(QPen(QColor(chrome.faint), 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(panel.place(*start), panel.place(*end)))


def paint_curve(painter: QPainter, panel: Panel, x: Floats, y: Floats, chrome: Chrome) -> None:
    """A line through pairs of numbers."""
    painter.setPen(QPen(QColor(chrome.bar), 2))
    painter.drawPolyline(panel.line(x, y))


def paint_handle(painter: QPainter, area: QRectF, x: float, texts: tuple[str, ...], chrome: Chrome) -> None:
    """The handle at the top of an upright line, and beside it the first of the texts on it that has room."""
    metrics = painter.fontMetrics()
    height, half = float(metrics.height()), 0.4 * metrics.height()
    tip, base = QPointF(x, area.top() + 1.5 * half), QPointF(0, -1.5 * half)
    painter.setPen(QPen(QColor(chrome.halo), 1))
    painter.setBrush(QColor(chrome.ink))
    painter.drawPolygon(QPolygonF([tip, tip + base - QPointF(half, 0), tip + base + QPointF(half, 0)]))
    room = max(area.right() - x, x - area.left()) - half
    text = next((text for text in texts if metrics.horizontalAdvance(text) + 8.0 <= room), "")
    if text:
        width = metrics.horizontalAdvance(text) + 8.0
        left = x + half if x + half + width <= area.right() else x - half - width
        place = QRectF(left, area.top() + 1, width, height)
        ground = QColor(chrome.surface)
        ground.setAlphaF(0.85)
        painter.fillRect(place, ground)
        painter.setPen(QColor(chrome.ink))
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def paint_knob(painter: QPainter, place: QPointF, chrome: Chrome) -> None:
    """The point of the threshold on a curve."""
    painter.setPen(QPen(QColor(chrome.halo), 2))
    painter.setBrush(QColor(chrome.ink))
    painter.drawEllipse(place, KNOB, KNOB)
