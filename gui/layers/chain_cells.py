"""The places of what stands in a row of the chain-rule strip: labels, numbers, and bars beside them."""

# Tests: tests/gui/layers/test_chain_strip.py

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass

from PySide6.QtCore import QRectF
from PySide6.QtGui import QFont, QFontMetricsF

from gui.layers.lane_chain import Row
from gui.paint.chart import MARGIN
from gui.paint.plots.axes import DecadeAxis
from gui.paint.type_size import sized

SPLIT_DECADES = 1.2
"""Of the short bars, to either side of 1."""

GAP, STEP, BESIDE = 6.0, 4, 4.0  # between parts; columns of numbers grow in steps, lest bars move; before a bar
LABEL_WIDTH, BRIEF_LABEL_WIDTH, FACTOR_WIDTH = 46.0, 22.0, 60.0
NARROW, WIDE = 260.0, 380.0  # of a row
SHARES, MIN_BAR, GOOD_BAR = (0.25, 0.25, 0.5), 10.0, 15.0  # of the room that numbers leave, for each bar; its width
FACTORS = ((160.0, (0, 1)), (120.0, (1,)), (0.0, ()))  # which numbers besides the product a row of so much width has
BARRED = ((0, 1, 2), (1, 2), (2,), ())  # which numbers have bars, where all are written; else the product alone
MAX_FONT, MIN_FONT = 12, 9


@dataclass(frozen=True)
class RowLook:
    """The size of the numbers in all rows, whether they are brief, and the room of labels and of each number."""

    size: int
    is_brief: bool
    label: float
    numbers: tuple[float, float, float]


@dataclass(frozen=True)
class Cells:
    """The places of the parts of a row.

    Attributes:
        label, factor: without `factor` where that does not fit.
        is_narrow: whether the label is brief.
        end: of the row.
        numbers: of the weights, the slope and the product; None where there is no room.
        bars: right of each; None where there is no room.
    """

    label: QRectF
    factor: QRectF | None
    is_narrow: bool
    end: float
    numbers: tuple[QRectF | None, ...]
    bars: tuple[QRectF | None, ...]


def is_narrow(row: QRectF) -> bool:
    """True if a row has room for brief labels only."""
    return row.width() < NARROW


def label_of(row: Row, *, is_brief: bool) -> str:
    """The label that is written before a row."""
    return row.brief_label if is_brief else row.label


def texts_of(row: Row, *, is_brief: bool) -> tuple[str, str, str]:
    """The numbers of a row as they are written."""
    return row.briefly if is_brief else row.texts


def look_for(rows: Iterable[Row], area: QRectF, font: QFont, largest: int) -> RowLook:
    """The look of rows in an area: as large and full numbers as leave all bars good room, else small and brief ones."""
    shown, brief_labels = list(rows), is_narrow(area)
    tried = [(largest, False), *((size, True) for size in range(largest, MIN_FONT - 1, -1))]
    for size, is_brief in tried:
        metrics = QFontMetricsF(sized(font, size))
        label = max((metrics.horizontalAdvance(label_of(row, is_brief=brief_labels)) for row in shown), default=0.0)
        columns = zip(*(texts_of(row, is_brief=is_brief) for row in shown), strict=True)
        widths = [math.ceil(max(map(metrics.horizontalAdvance, column)) / STEP) * STEP for column in columns]
        look = RowLook(
            size, is_brief, math.ceil(label), (widths[0], widths[1], widths[2]) if widths else (0.0, 0.0, 0.0)
        )
        if all(bar is not None and bar.width() >= GOOD_BAR for bar in cells_of(area, look).bars):
            break
    return look


def cells_of(row: QRectF, look: RowLook) -> Cells:
    """The parts of a row. The numbers stand beside their bars, so that no edge runs through a digit.

    Where lanes leave a row little width, what arrives keeps a bar that can be compared, and factors go.
    """
    written = (*next(parts for least, parts in FACTORS if row.width() >= least), 2)
    left, height = row.left() + MARGIN / 2, row.height()
    label_width = max(BRIEF_LABEL_WIDTH if is_narrow(row) else LABEL_WIDTH, look.label + GAP)
    label = QRectF(left, row.top(), label_width - GAP, height)
    left += label_width
    factor = None
    if row.width() >= WIDE:
        factor = QRectF(left, row.top(), FACTOR_WIDTH, height)
        left += FACTOR_WIDTH
    room = row.right() - MARGIN / 2 - left - sum(look.numbers[part] for part in written) - GAP * (len(written) - 1)
    for barred in BARRED if len(written) == len(look.numbers) else BARRED[2:]:
        each = max(0.0, room - BESIDE * len(barred)) / (sum(SHARES[part] for part in barred) or 1.0)
        if all(each * SHARES[part] >= MIN_BAR for part in barred):
            break
    numbers: list[QRectF | None] = [None] * len(look.numbers)
    bars = list(numbers)
    for part in written:
        numbers[part] = QRectF(left, row.top(), look.numbers[part], height)
        left += look.numbers[part]
        if part in barred:
            bars[part] = QRectF(left + BESIDE, row.top(), each * SHARES[part], height)
            left += BESIDE + each * SHARES[part]
        left += GAP
    return Cells(label, factor, is_narrow(row), row.right(), tuple(numbers), tuple(bars))


def bars(row: Row, cells: Cells, axis: DecadeAxis) -> list[QRectF]:
    """The bars of a row: around 1 for the two factors, from the left end for what arrives; none for what is no number.

    One that would end beyond its axis ends there.
    """
    made = []
    for cell, value in zip(cells.bars[:2], row.values[:2], strict=True):
        if cell is not None and value > 0 and math.isfinite(value):
            end, middle = share_around_one(value) * cell.width(), cell.width() / 2
            left, right = min(end, middle), max(end, middle)
            made.append(_thick(cell, left, max(1.0, right - left)))
    product, cell = row.values[2], cells.bars[2]
    if cell is not None and product > 0 and math.isfinite(product):
        made.append(_thick(cell, 0.0, max(2.0, axis.share(product) * cell.width())))
    return made


def _thick(cell: QRectF, left: float, width: float) -> QRectF:
    """A bar in a cell, from `left` on, a little lower than the cell is high."""
    inset = min(2.0, cell.height() * 0.13)
    return QRectF(cell.left() + left, cell.top() + inset, width, cell.height() - 2 * inset)


def share_around_one(value: float) -> float:
    """The place of a positive number on the axis around 1, 0 at its left end, 1 at its right."""
    return min(max(0.5 + math.log10(value) / (2 * SPLIT_DECADES), 0.0), 1.0)
