"""The way in which a logit comes about: the bias and what each unit of the last hidden layer adds, as a waterfall."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QLineF, QPointF, QRectF
from PySide6.QtGui import QColor, QPainter, QPen

from engine.isolates import isolated
from engine.messages import Message, counted, message
from gui.paint.theme import Chrome
from gui.probability.figures import Digits, number
from gui.probability.fonts import Fonts
from gui.probability.table import at_sign
from gui.text.language import say

ROW, HEAD, GAP = 16.0, 24.0, 12.0
MAX_TERMS = 6  # that have bars of their own
WIDEST_NUMBER = "−88.888"


@dataclass(frozen=True)
class Addend:
    """A bar.

    Attributes:
        label: what it is of.
        value: what is added.
        start, end: the sum before and after.
        is_sum: whether it is the whole, which begins at 0.
    """

    label: Message
    value: float
    start: float
    end: float
    is_sum: bool = False


def steps_of(contributions: NDArray[np.float64], most: int = MAX_TERMS, features: Sequence[str] = ()) -> list[Addend]:
    """The bars of a logit: the bias, the largest terms, the rest in one, and the whole, which is what all add up to.

    Args:
        contributions: the bias, then weight times output of each unit of the last hidden layer.
        most: terms with bars of their own; one more if the rest would be a single one.
        features: the names of what is multiplied, where that are features and not hidden units.
    """
    bias, terms = float(contributions[0]), contributions[1:]
    order = np.argsort(-np.abs(terms), kind="stable").tolist()
    if len(order) <= most + 1:
        most = len(order)
    parts: list[tuple[Message, float]] = [(message("bias b"), bias)]
    parts += [(addend_name(unit, features), float(terms[unit])) for unit in order[:most]]
    if rest := order[most:]:
        units = counted("{n:,} more unit", "{n:,} more units", len(rest))
        inputs = counted("{n:,} more feature", "{n:,} more features", len(rest))
        parts.append((inputs if features else units, math.fsum(terms[rest].tolist())))
    steps, ends = [], [0.0]
    for index, (label, value) in enumerate(parts):
        ends.append(math.fsum(value for _, value in parts[: index + 1]))
        steps.append(Addend(label, value, ends[-2], ends[-1]))
    return [*steps, Addend(message("z, their sum"), ends[-1], 0.0, ends[-1], is_sum=True)]


def addend_name(number: int, features: Sequence[str]) -> Message:
    """The name of a hidden unit, or of a feature of a network without hidden layers."""
    if features:
        return message("feature {name}", name=isolated(features[number]))
    return message("unit {number}", number=number + 1)


class Waterfall:
    """The bars of a logit under one another, on one axis.

    Args:
        heading: of which logit.
        steps: the bars.
        fonts: of the card.
        digits: of the numbers.
    """

    def __init__(self, heading: str, steps: Sequence[Addend], fonts: Fonts, digits: Digits) -> None:
        self._heading, self._steps, self._fonts = heading, steps, fonts
        self._labels = [say(addend.label) for addend in steps]  # the words before the bars
        self._texts = [number(addend.value, digits) for addend in steps]

    @property
    def height(self) -> float:
        """The height of all bars."""
        return HEAD + ROW * len(self._steps)

    def paint(self, painter: QPainter, area: QRectF, chrome: Chrome) -> None:
        """Paint it at the top of an area."""
        painter.setFont(self._fonts.bold.font)
        painter.setPen(QColor(chrome.ink))
        painter.drawText(QPointF(area.left(), area.top() + 16), self._heading)
        painter.setFont(self._fonts.small.font)
        advance, labels = self._fonts.small.width, self._labels
        names = max(map(advance, labels)) + GAP
        parts = [at_sign(text) for text in (*self._texts, WIDEST_NUMBER)]
        widths = [advance(left) for left, _ in parts]
        before, after = max(widths), max(advance(right) for _, right in parts)
        left = area.left() + names + before + after + GAP
        bars = QRectF(left, area.top() + HEAD, max(24.0, area.right() - left), ROW * len(self._steps))
        ends = [0.0, *(end for addend in self._steps for end in (addend.start, addend.end))]
        low, high = min(ends), max(ends)
        scale = bars.width() / (high - low) if high > low else 0.0
        zero = bars.left() - low * scale
        ink, faint, last = QColor(chrome.ink), QColor(chrome.faint), len(self._steps) - 1
        tops = [bars.top() + index * ROW for index in range(last + 1)]
        painter.setPen(QColor(chrome.edge))
        painter.drawLine(QLineF(zero, bars.top(), zero, bars.bottom()))
        painter.drawLine(QLineF(area.left(), tops[last], area.right(), tops[last]))
        painter.setPen(faint)
        for label, top in zip(labels[:last], tops, strict=False):
            painter.drawText(QPointF(area.left(), top + 12), label)
        painter.setPen(ink)
        painter.drawText(QPointF(area.left(), tops[last] + 12), labels[last])
        sign = area.left() + names + before
        for text, width, top in zip(self._texts, widths, tops, strict=False):
            painter.drawText(QPointF(sign - width, top + 12), text)
        self._paint_bars(painter, zero, scale, tops, chrome)

    def _paint_bars(self, painter: QPainter, zero: float, scale: float, tops: Sequence[float], chrome: Chrome) -> None:
        """Bars, full where something is added and hollow where it is taken away, and the lines on to the next."""
        full, hollow, lines = [], [], []
        for addend, top in zip(self._steps, tops, strict=True):
            start, end = zero + addend.start * scale, zero + addend.end * scale
            bar = QRectF(min(start, end), top + 3, max(1.0, abs(end - start)), ROW - 6)
            if addend.is_sum:
                painter.fillRect(bar, QColor(chrome.ink))
                continue
            lines.append(QLineF(end, top + ROW - 3, end, top + ROW + 3))
            if addend.value >= 0:
                full.append(bar)
            else:
                hollow.append(bar.adjusted(0.5, 0.5, -0.5, -0.5))
        colour = QColor(chrome.bar)
        for bar in full:
            painter.fillRect(bar, colour)
        painter.setPen(QPen(colour, 1))
        painter.drawRects(hollow)
        painter.setPen(QColor(chrome.faint))
        painter.drawLines(lines)
