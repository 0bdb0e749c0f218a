"""The curves of each lane with the gap between them, the best epoch and by how much the loss has risen since."""

# Tests: tests/gui/fitting/test_fit_curves.py

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QPainter, QPen, QPolygonF
from PySide6.QtWidgets import QWidget

from engine.insight.fitting import FitState, medians_of_three
from gui.fitting.lane_fit import LaneFit
from gui.fitting.wording import FAULTS, headline, rule_sentence, verdict_sentence
from gui.paint.chart import HEADING_HEIGHT, MARGIN, LanesChart, wrapped_height, write_heading, write_shortened
from gui.paint.plots.axes import round_up
from gui.paint.plots.panel import LINE, Panel
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.language import mark, say
from gui.text.numbers import loss, times

WORDS = 12  # size of the text of a sentence
RAW, GAP = 0.45, 0.16  # opacity of a line as measured, and of the ground between two
ORDINARY, BEYOND = 0.9, 4.0  # share of the losses that are surely shown, and how much larger what is shown may be
USUAL_LINES, ROOMY = 3, 300.0  # of most verdicts, and the width from which that is enough
TICK = 12.0  # half the width of the last mark of an axis
MIN_PLOT = 130.0  # height of the plots: where there is less, rules are left out, then sentences
MIN_SCORES = 250.0  # height of the plots from which there are two
SCORES_SHARE = 0.34  # of that height, for the lower one
HINT = mark(
    "Thick: the median of three measurements; thin: as measured. Shaded: by how much the validation loss lies above "
    "the training loss. The ring is the lowest validation loss; the arrow at the right tells how many times as large "
    "it is now. A validation loss that rises while the training loss falls is overfitting."
)


class FitChart(LanesChart):
    """Shows loss, and below it accuracy or R², of the training and the validation points of each lane."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("fit_chart")
        self.setAccessibleName(say("Training and validation curves, and the verdict on them"))
        self._lanes: list[LaneFit] = []
        self._n_texts = 2  # for which there is room
        self._reach = 10.0, 1.0  # the last epoch and the highest loss of the axes, which all lanes share
        self.fit()

    @property
    def heading(self) -> str:
        return self._headline(0) if self._lanes else ""

    def _headline(self, lane: int) -> str:
        shown = self._lanes[lane]
        verdict = headline(shown.verdict)
        return say("{verdict}: {lane}", verdict=verdict, lane=shown.title) if shown.title else verdict

    def show_fits(self, lanes: Sequence[LaneFit]) -> None:
        """Show these lanes."""
        before, self._lanes = self._lanes, list(lanes)
        changed = [
            number for number, shown in enumerate(lanes) if len(before) != len(lanes) or not shown.is_as(before[number])
        ]
        reach = reach_of(self._lanes)
        is_other, self._reach = reach != self._reach, reach
        if changed or is_other:
            said = " ".join(" ".join((self._headline(n), *texts_of(each))) for n, each in enumerate(self._lanes))
            self.setAccessibleDescription(said)
            if len(before) != len(lanes):
                self.fit()
            self.show_changed(len(before), range(len(lanes)) if is_other else changed)

    def least_size(self) -> QSize:
        return QSize(240, 200)

    def words_end(self) -> float:
        """Below the longest sentences; not higher than most need, lest the curves jump."""
        font, width = sized(self.font(), WORDS), self.columns.width - 2 * MARGIN
        usual = (USUAL_LINES if width >= ROOMY else 2 * USUAL_LINES) * QFontMetrics(font).lineSpacing()
        several = [[wrapped_height(font, text, width) for text in texts_of(shown)] for shown in self._lanes]
        whole = HEADING_HEIGHT + max(usual, *map(sum, several), 0) + 4
        without_rules = HEADING_HEIGHT + max((heights[0] for heights in several), default=0) + 4
        ends = (whole, without_rules, HEADING_HEIGHT)
        left_out = next((n for n, end in enumerate(ends) if self.extent.height() - end >= MIN_PLOT), len(ends) - 1)
        self._n_texts = len(ends) - 1 - left_out
        return ends[left_out]

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        shown, columns = self._lanes[lane], self.columns
        left, width = columns.left(lane) + MARGIN, columns.width - 2 * MARGIN
        if shown.title:
            area = QRectF(left, 0, width, HEADING_HEIGHT)
            write_heading(painter, area, self._headline(lane), self.lane_colour(chrome, lane))
        painter.setFont(font := sized(self.font(), WORDS))
        words = QRectF(left, HEADING_HEIGHT, width, self.top - HEADING_HEIGHT)
        is_fault = shown.verdict.state in FAULTS
        texts, inks = texts_of(shown), (chrome.warning if is_fault else chrome.ink, chrome.faint)
        for text, ink in zip(texts[: self._n_texts], inks, strict=False):
            painter.setPen(QColor(ink))
            painter.drawText(words, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, text)
            words.setTop(words.top() + wrapped_height(font, text, width))
        height = self.extent.height() - self.top - 2
        scores = SCORES_SHARE * height if height >= MIN_SCORES else 0.0
        outer = QRectF(columns.left(lane), self.top, columns.width - TICK, height)
        self._paint_losses(painter, Panel(outer.adjusted(0, 0, 0, -scores), *self._ranges()), shown, chrome)
        if scores:
            lower = Panel(outer.adjusted(0, height - scores, 0, 0), (0.0, self._reach[0]), scores_range(self._lanes))
            self._paint_scores(painter, lower, shown, chrome)

    def _ranges(self) -> tuple[tuple[float, float], tuple[float, float]]:
        return (0.0, self._reach[0]), (0.0, self._reach[1])

    def _paint_losses(self, painter: QPainter, panel: Panel, shown: LaneFit, chrome: Chrome) -> None:
        panel.paint_frame(painter, chrome, self.font(), (say("Epoch"), say("Loss")))
        self._paint_legend(painter, panel, chrome)
        rows, verdict = shown.rows, shown.verdict
        painter.save()
        painter.setClipRect(panel.area.adjusted(-1, -1, 6, 1), Qt.ClipOperation.IntersectClip)
        epochs, high = rows[:, 0], self._reach[1]
        training, validation = (np.minimum(smoothed(rows[:, column]), 2 * high) for column in (1, 2))
        paint_gap(painter, panel, epochs, training, validation, chrome)
        for column, smooth in ((1, training), (2, validation)):
            paint_curve(painter, panel, epochs, np.minimum(rows[:, column], 2 * high), smooth, column == 2, chrome)
        if verdict.state is FitState.OVERFITTING:
            paint_rise(painter, panel, shown, chrome)
        if shown.best is not None:
            paint_best(painter, panel, shown.best, chrome)
        painter.restore()

    def _paint_scores(self, painter: QPainter, panel: Panel, shown: LaneFit, chrome: Chrome) -> None:
        name = "R²" if shown.lane.has_values else say("Accuracy")
        panel.paint_frame(painter, chrome, self.font(), ("", name))
        rows = shown.rows
        painter.save()
        painter.setClipRect(panel.area.adjusted(-1, -2, 6, 2), Qt.ClipOperation.IntersectClip)
        for column in (3, 4):
            values = np.maximum(rows[:, column], panel.y[0] - 1)
            paint_curve(painter, panel, rows[:, 0], values, smoothed(values), column == 4, chrome)
        painter.restore()

    def _paint_legend(self, painter: QPainter, panel: Panel, chrome: Chrome) -> None:
        """Say which line is which, at the right over the plot, if there is room beside its name."""
        painter.setFont(sized(self.font(), 10))
        metrics = painter.fontMetrics()
        right, top = panel.area.right(), panel.outer.top()
        names = ((say("┅ validation"), chrome.validation), (say("━ training"), chrome.training))
        room = panel.area.width() - metrics.horizontalAdvance(say("Loss")) - 8
        if sum(metrics.horizontalAdvance(name) + 12 for name, _ in names) > room:
            return
        for name, colour in names:
            width = float(metrics.horizontalAdvance(name) + 2)
            painter.setPen(QColor(colour))
            write_shortened(painter, QRectF(right - width, top, width, LINE), name)
            right -= width + 10

    def text_at(self, place: QPointF) -> str:
        """The verdict on the lane there with its rule, over the plots; their meaning on them."""
        columns = self.columns
        for lane, shown in enumerate(self._lanes):
            if place.y() < self.top and 0 <= place.x() - columns.left(lane) < columns.width:
                return " ".join((self._headline(lane), *texts_of(shown)))
        return say(HINT)


def texts_of(shown: LaneFit) -> tuple[str, str]:
    """The verdict with its numbers, and its rule."""
    verdict, lane = shown.verdict, shown.lane
    return verdict_sentence(verdict, lane), rule_sentence(verdict.state, has_values=lane.has_values)


def reach_of(lanes: Sequence[LaneFit]) -> tuple[float, float]:
    """The last epoch and the highest loss of axes for all lanes: round numbers, so that they seldom change."""
    last = max((float(shown.rows[-1, 0]) for shown in lanes), default=0.0)
    losses = np.concatenate([shown.rows[:, 1:3].ravel() for shown in lanes] or [np.empty(0)])
    known = np.sort(losses[np.isfinite(losses)])
    if not len(known):
        return round_up(max(10.0, last)), 1.0
    usual = BEYOND * known[math.ceil(ORDINARY * (len(known) - 1))]
    return round_up(max(10.0, last)), round_up(max(1.05 * float(min(known[-1], usual)), 1e-6))


def scores_range(lanes: Sequence[LaneFit]) -> tuple[float, float]:
    """The ends of the axis of accuracies or R², which begins where the lowest that is of use does."""
    scores = np.concatenate([shown.rows[:, 3:].ravel() for shown in lanes])
    known = scores[np.isfinite(scores)]
    low = float(known.min()) if len(known) else 0.0
    return max(0.0, math.floor(10 * low) / 10) if low < 0.9 else 0.9, 1.0


def paint_gap(
    painter: QPainter,
    panel: Panel,
    epochs: NDArray[np.float64],
    training: NDArray[np.float64],
    validation: NDArray[np.float64],
    chrome: Chrome,
) -> None:
    """Shade what the validation loss lies above the training loss."""
    known = np.isfinite(training) & np.isfinite(validation)
    if known.sum() < 2:
        return
    upper, lower = panel.line(epochs[known], np.maximum(validation, training)[known]), training[known]
    ground = QColor(chrome.validation)
    ground.setAlphaF(GAP)
    painter.setPen(Qt.PenStyle.NoPen)
    painter.setBrush(ground)
    painter.drawPolygon(QPolygonF([*upper.toList(), *reversed(panel.line(epochs[known], lower).toList())]))


def paint_curve(
    painter: QPainter,
    panel: Panel,
    epochs: NDArray[np.float64],
    raw: NDArray[np.float64],
    smooth: NDArray[np.float64],
    is_validation: bool,
    chrome: Chrome,
) -> None:
    """A line as measured, and over it the smooth one."""
    colour = QColor(chrome.validation if is_validation else chrome.training)
    faint = QColor(colour)
    faint.setAlphaF(RAW)
    dash = Qt.PenStyle.DashLine if is_validation else Qt.PenStyle.SolidLine
    for values, pen in ((raw, QPen(faint, 1)), (smooth, QPen(colour, 2.4 if is_validation else 1.8, dash))):
        known = np.isfinite(values)
        painter.setPen(pen)
        painter.drawPolyline(panel.line(epochs[known], values[known]))


def paint_best(painter: QPainter, panel: Panel, best: tuple[float, float], chrome: Chrome) -> None:
    """The lowest validation loss and its epoch."""
    epoch, lowest = best
    place, ink = panel.place(epoch, lowest), QColor(chrome.validation)
    painter.setPen(QPen(ink, 1, Qt.PenStyle.DashLine))
    painter.drawLine(QLineF(place.x(), panel.area.top(), place.x(), panel.area.bottom()))
    painter.setPen(QPen(ink, 2))
    painter.setBrush(QColor(chrome.surface))
    painter.drawEllipse(place, 4.5, 4.5)
    text = say("best: {loss}, epoch {epoch:,.0f}", loss=loss(lowest), epoch=epoch)
    write_over(painter, panel, place.x() + 4, panel.area.top() + LINE / 2 + 1, text, chrome)


def paint_rise(painter: QPainter, panel: Panel, shown: LaneFit, chrome: Chrome) -> None:
    """The rise of the smooth validation loss from its minimum to now, and how many times as large it is."""
    verdict, ink = shown.verdict, QColor(chrome.validation)
    start, now = panel.place(verdict.best_epoch, verdict.best_loss), panel.place(shown.rows[-1, 0], verdict.loss)
    painter.setPen(QPen(ink, 1, Qt.PenStyle.DotLine))
    painter.drawLine(QLineF(start, QPointF(now.x(), start.y())))
    x, top = now.x() - 3, max(now.y(), panel.area.top() + 2)
    painter.setPen(QPen(ink, 2))
    painter.drawLine(QLineF(x, start.y(), x, top))
    for way in (-4, 4):
        painter.drawLine(QLineF(x, top, x + way, top + 6))
    text = f"{times(verdict.loss, verdict.best_loss)} ×"
    write_over(painter, panel, x - 5, (top + start.y()) / 2, text, chrome, is_left=True)


def write_over(
    painter: QPainter, panel: Panel, x: float, middle: float, text: str, chrome: Chrome, *, is_left: bool = False
) -> None:
    """Write beside an upright line, on a ground of its own: at its right if there is room, or at its left."""
    metrics = painter.fontMetrics()
    width, height = metrics.horizontalAdvance(text) + 4.0, float(metrics.height())
    if is_left or x + width > panel.area.right():
        x = max(panel.area.left(), x - width - (0 if is_left else 8))
    area = QRectF(x, middle - height / 2, width, height)
    ground = QColor(chrome.surface)
    ground.setAlphaF(0.85)
    painter.fillRect(area, ground)
    painter.setPen(QColor(chrome.validation))
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, text)


def smoothed(values: NDArray[np.float64]) -> NDArray[np.float64]:
    """The median of each value and those beside it; the first as it is, the last as that before it."""
    if len(values) < 3:
        return values
    medians = medians_of_three(values)
    return np.concatenate([values[:1], medians, medians[-1:]])
