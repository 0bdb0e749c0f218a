"""The loss of every point: on the curve of −log P, and in the order of size."""

# Tests: tests/gui/decisions/test_losses.py

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QKeyEvent, QMouseEvent, QPainter, QPen
from PySide6.QtWidgets import QWidget

from gui.decisions.priced import Priced
from gui.decisions.words_chart import WIDE, WordsChart
from gui.paint.chart import draw_rule
from gui.paint.markers import paint_pin, pin_head
from gui.paint.plots.axes import round_up
from gui.paint.plots.panel import LINE, Panel
from gui.paint.theme import CLASS_COLOURS, Chrome
from gui.paint.type_size import sized
from gui.text.language import count, mark, say
from gui.text.numbers import loss as loss_text

Floats = NDArray[np.float64]
TICK, N_CURVE = 5.0, 400  # half the length of a tick, and corners of a curve
HIGHEST, LOWEST = 10.0, 0.5  # that the axis of the loss ends at
CURVE_END = 5.0  # of its axis beside the curves, unless a loss is larger: the same for both kinds of loss
NAME = mark("The loss of every point")
HINT = mark(
    "Each tick is a point, where its P lies on the curve; the bars are the points in the order of their losses. "
    "A click on the bars selects on the plane the points from the largest loss to that under the hand; Enter selects "
    "those that carry half of the sum."
)


class LossPicture(StrEnum):
    """The plots, in their order."""

    CURVE = "curve"
    SORTED = "sorted"


class LossChart(WordsChart):
    """Two plots; of two classes the other kind of loss is a dotted line beside the curves, on one axis.

    Signals:
        largest_chosen(int): so many points, those with the largest losses.
    """

    largest_chosen = Signal(int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__("loss_chart", parent)
        self.setAccessibleName(say(NAME))
        self.setMouseTracking(True)
        self.priced: Priced | None = None
        self._colours: Sequence[int] = ()
        self._names: Sequence[str] = ()
        self.pinned: list[tuple[int, int]] = []

    def show_points(self, priced: Priced | None, names: Sequence[str], colours: Sequence[int], words: str) -> None:
        """Show points with their losses, of classes of these names and numbers of colours, and words about them."""
        self.priced, self._names, self._colours = priced, names, colours
        self.forget_picture()
        self.show_words(words)

    def show_pins(self, pinned: list[tuple[int, int]]) -> None:
        """Name the points on which pins are: the number of each pin, and that of its point among all."""
        self.pinned = pinned
        self.update()

    @property
    def highest(self) -> float:
        """The loss at the upper end of the axis."""
        losses = np.empty(0) if self.priced is None else self.priced.losses
        finite = losses[np.isfinite(losses)]
        largest = float(finite.max()) if len(finite) else LOWEST
        return min(HIGHEST, max(LOWEST, round_up(1.05 * max(largest, LOWEST), (1, 2, 5))))

    def panels(self) -> dict[LossPicture, Panel]:
        """The plots, side by side where there is width."""
        room = self.room()
        if room.width() > WIDE / 1.5 * room.height():
            first, second = room.adjusted(0, 0, -room.width() / 2, 0), room.adjusted(room.width() / 2, 0, 0, 0)
        else:
            first, second = room.adjusted(0, 0, 0, -room.height() / 2), room.adjusted(0, room.height() / 2, 0, 0)
        n_points = max(1, 0 if self.priced is None else len(self.priced.order))
        bars = Panel(second, x=(0.0, n_points), y=(0.0, self.highest))
        return {LossPicture.CURVE: Panel(first, y=(0.0, max(CURVE_END, self.highest))), LossPicture.SORTED: bars}

    # painting

    def paint_plots(self, painter: QPainter, chrome: Chrome) -> None:
        if self.priced is None or not len(self.priced.order):
            return
        panels = self.panels()
        self._paint_curve(painter, panels[LossPicture.CURVE], self.priced, chrome)
        self._paint_sorted(painter, panels[LossPicture.SORTED], self.priced, chrome)

    def _paint_curve(self, painter: QPainter, panel: Panel, priced: Priced, chrome: Chrome) -> None:
        name = self._names[1] if priced.sides else ""
        across = say("P({name})", name=name) if priced.sides else say("P of the point’s own class")
        panel.paint_frame(painter, chrome, self.font(), (across, axis_name(panel, priced)))
        painter.save()
        painter.setClipRect(panel.area.adjusted(-TICK, -TICK, TICK, 1))
        p = np.linspace(0.0, 1.0, N_CURVE)
        for is_mirrored in (False, True) if priced.sides else (False,):
            at = 1 - p if is_mirrored else p
            painter.setPen(QPen(QColor(chrome.faint), 1.5))
            painter.drawPolyline(panel.line(p, np.minimum(priced.curve(at), 2 * panel.y[1])))
            if priced.sides:
                painter.setPen(QPen(QColor(chrome.faint), 1.2, Qt.PenStyle.DotLine))
                painter.drawPolyline(panel.line(p, np.minimum(priced.other_curve(at), 2 * panel.y[1])))
        for label, colour in enumerate(self._colours):
            painter.setPen(QPen(QColor(CLASS_COLOURS[colour]), 1.6))
            painter.drawLines(self._ticks(panel, priced, label))
        painter.restore()
        self._write_formulas(painter, panel, priced, chrome)

    def _ticks(self, panel: Panel, priced: Priced, label: int) -> list[QLineF]:
        """A short line across the curve for each point of a class, less those that nobody can tell apart."""
        mine = priced.labels == label
        p, losses = priced.p[mine], priced.losses[mine]
        is_mirrored = priced.sides and label == 0
        middles = np.stack([panel.across(p), panel.down(np.minimum(losses, panel.y[1]))], axis=1)
        slope = -priced.slope(1 - p) if is_mirrored else priced.slope(p)
        x, y = panel.area.width(), slope * panel.area.height() / panel.y[1]  # the way of the curve, as it is seen
        length = np.hypot(x, y)
        ends = np.stack([y / length, np.full_like(y, x) / length], axis=1) * TICK
        lines = np.unique(np.rint(2 * np.concatenate([middles - ends, middles + ends], axis=1)), axis=0) / 2
        return [QLineF(*line) for line in lines.tolist()]

    def _write_formulas(self, painter: QPainter, panel: Panel, priced: Priced, chrome: Chrome) -> None:
        """The formula of each curve, near its upper end."""
        painter.setFont(sized(self.font(), 10))
        painter.setPen(QColor(chrome.ink))
        flags, area = Qt.AlignmentFlag, panel.area
        weight = "" if priced.weight == 1 else f"{priced.weight:g}·"
        squares = float(panel.down(priced.weight)) - LINE - 2  # over the ends of their curves
        entropy = QRectF(area.left() + 0.14 * area.width(), area.top() + 2, 0.72 * area.width(), LINE)
        square = QRectF(area.left() + 4, squares, area.width() - 8, LINE)
        sides = (flags.AlignLeft, flags.AlignRight) if priced.sides else (flags.AlignHCenter,)
        for is_squared, place, texts in (
            (False, entropy, (say("−log P"), "−log(1 − P)")),
            (True, square, (f"{weight}(1 − P)²", f"{weight}P²")),
        ):
            if priced.sides or is_squared is priced.is_squared:
                painter.setPen(QColor(chrome.ink if is_squared is priced.is_squared else chrome.faint))
                for text, side in zip(texts, sides, strict=False):
                    painter.drawText(place, side | flags.AlignTop, text)

    def _paint_sorted(self, painter: QPainter, panel: Panel, priced: Priced, chrome: Chrome) -> None:
        """An upright line for each point, as far as there are pixels, and the mean."""
        panel.paint_frame(painter, chrome, self.font(), (say("Points, the largest loss first"), say("Loss of a point")))
        area, n_points = panel.area, len(priced.order)
        n_columns = max(1, min(n_points, int(area.width() * self.pixels_each)))
        ranks = (np.arange(n_columns) * n_points) // n_columns
        chosen, width = priced.order[ranks], area.width() / n_columns
        heights = panel.down(np.minimum(priced.losses[chosen], panel.y[1])).tolist()
        colours = [QColor(CLASS_COLOURS[colour]) for colour in self._colours]
        gap = 0.15 * width if width > 4 else 0.0
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, gap > 0)
        for column, (height, label) in enumerate(zip(heights, priced.labels[chosen].tolist(), strict=True)):
            bar = QRectF(area.left() + column * width + gap, height, width - 2 * gap, area.bottom() - height)
            painter.fillRect(bar, colours[label])
        mean = float(priced.losses.mean())
        down = float(panel.down(min(mean, panel.y[1])))
        draw_rule(painter, QLineF(area.left(), down, area.right(), down), chrome)
        painter.setFont(sized(self.font(), 10))
        painter.setPen(QColor(chrome.ink))
        place = QRectF(area.left(), down - LINE, area.width() - 3, LINE)
        painter.drawText(
            place, Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignBottom, say("mean {mean}", mean=loss_text(mean))
        )

    def paint_over(self, painter: QPainter, chrome: Chrome) -> None:
        """The pins, on the curve and on the bars."""
        priced, panels = self.priced, self.panels()
        if priced is None:
            return
        for number, row in self.pinned:
            if row not in priced.indices:
                continue  # it is none of those that are shown
            index = int(np.searchsorted(priced.indices, row))
            height = min(float(priced.losses[index]), self.highest)
            rank = float(np.flatnonzero(priced.order == index)[0]) + 0.5
            places = (LossPicture.CURVE, float(priced.p[index])), (LossPicture.SORTED, rank)
            for picture, x in places:
                tip = panels[picture].place(x, height)
                paint_pin(painter, tip, pin_head(tip, panels[picture].area.top(), 1.0), number, chrome, 1.0)

    # the hand

    def rank_at(self, place: QPointF) -> int | None:
        """The number of points from the largest loss to that at a place; None where there are none."""
        panel = self.panels()[LossPicture.SORTED]
        if self.priced is None or not len(self.priced.order) or not panel.area.contains(place):
            return None
        return min(int(panel.number_at(place)) + 1, len(self.priced.order))

    def mousePressEvent(self, event: QMouseEvent) -> None:
        rank = self.rank_at(event.position() / self.pixels_each)
        if event.button() == Qt.MouseButton.LeftButton and rank is not None:
            self.largest_chosen.emit(rank)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        is_there = self.rank_at(event.position() / self.pixels_each) is not None
        self.setCursor(Qt.CursorShape.PointingHandCursor if is_there else Qt.CursorShape.ArrowCursor)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter) and self.priced is not None:
            if carriers := self.priced.carriers:
                self.largest_chosen.emit(carriers)
        else:
            super().keyPressEvent(event)

    def text_at(self, place: QPointF) -> str:
        rank = self.rank_at(place)
        if rank is None or self.priced is None:
            return say(HINT)
        point = self.priced.order[rank - 1]
        share = float(self.priced.losses[self.priced.order[:rank]].sum() / max(float(self.priced.losses.sum()), 1e-300))
        return say(
            "Point {rank:,} of {n_points:,}: {name}, loss {loss}. The {rank:,} largest losses are {share:.0f} % of the "
            "sum. {hint}",
            rank=rank,
            n_points=len(self.priced.order),
            name=self._names[int(self.priced.labels[point])],
            loss=loss_text(float(self.priced.losses[point])),
            share=100 * share,
            hint=say(HINT),
        )


def axis_name(panel: Panel, priced: Priced) -> str:
    """The name of the axis of the loss, with what lies above its end."""
    beyond = int(np.count_nonzero(priced.losses > panel.y[1]))
    if not beyond:
        return say("Loss of a point")
    return count(
        "Loss of a point; {n:,} above the end of the axis, up to {largest}",
        "Loss of a point; {n:,} above the end of the axis, up to {largest}",
        beyond,
        largest=loss_text(float(priced.losses.max())),
    )
