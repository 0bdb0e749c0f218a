"""The confusion matrix, with precision, recall and F1 of each class and their intervals; a click chooses a cell."""

# Tests: tests/gui/decisions/test_decisions.py

from __future__ import annotations

import math
from collections.abc import Sequence

from PySide6.QtCore import QPointF, QRectF, QSize, Qt, Signal
from PySide6.QtGui import (
    QColor,
    QFontMetrics,
    QKeyEvent,
    QMouseEvent,
    QPainter,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.learning.metrics import ClassReport, wilson
from gui.paint.chart import Chart, draw_ring, wrapped_height, write_shortened
from gui.paint.markers import paint_marker_at
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.language import count, mark, say
from gui.text.names import listed_words

TEXT, NOTE_TEXT, ROW, HEAD, MARGIN, MARKER = 11, 10, 22.0, 18.0, 8.0, 9.0
MAX_NAME, MAX_CELL, MIN_CELL = 110.0, 64.0, 24.0
WIDEST_FIGURES = "100 % (100–100)", "100 % (100–100)", "0.00"  # precision, recall and F1
NAME = mark("Confusion matrix: a row for each class, a column for what is decided")
HINT = mark(
    "Rows: the class of a point. Columns: the class that is decided for. A click, or the arrow keys and Enter, selects "
    "the points of a cell on the plane."
)
NOTE = mark("In brackets: the 95 % interval (Wilson). A click on a cell selects its points.")
CORNER = mark("decided →")
HEADINGS = (mark("Precision"), mark("Recall"), "F1")


class ConfusionChart(Chart):
    """A matrix, and beside it, or below where it is narrow, the numbers of each class.

    Signals:
        cell_chosen(int, int): points of the first class that are decided for the second.
    """

    cell_chosen = Signal(int, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("confusion_chart")
        self.setAccessibleName(say(NAME))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self.setCursor(Qt.CursorShape.PointingHandCursor)
        self.report: ClassReport | None = None
        self._names: Sequence[str] = ()
        self._colours: Sequence[int] = ()
        self.cell = 0, 0  # in hand of the keys
        self.fit()

    def show_report(self, report: ClassReport | None, names: Sequence[str], colours: Sequence[int]) -> None:
        """Show the decisions for classes of these names and numbers of colours."""
        before, self._names = self._names, tuple(names)
        self.report, self._colours = report, colours
        if len(self._names) != len(before):
            self.cell = 0, 0
        if self._names != before:
            self.fit()
        self._go_to(self.cell)

    # where things are

    @property
    def n_classes(self) -> int:
        """The number of classes."""
        return max(1, len(self._names))

    @property
    def is_beside(self) -> bool:
        """True if the numbers of the classes have room beside the matrix."""
        needed = self._name_width + self.n_classes * MIN_CELL * 1.5 + sum(self._figure_widths)
        return self.extent.width() - 2 * MARGIN >= needed

    def cell_area(self, row: int, column: int) -> QRectF:
        """The place of a cell."""
        left = MARGIN + self._name_width
        room = self.extent.width() - left - MARGIN - (sum(self._figure_widths) if self.is_beside else 0)
        width = min(MAX_CELL, room / self.n_classes)
        return QRectF(left + column * width, HEAD + row * ROW, width, ROW)

    def figure_areas(self, row: int) -> list[QRectF]:
        """The places of precision, recall and F1 of a class; of their headings where the row is -1."""
        widths = self._figure_widths
        if self.is_beside:
            left, top = self.cell_area(0, self.n_classes).left() + 4, HEAD + row * ROW
        else:  # where there is no room for them and the names, the markers tell the classes
            room = self.extent.width() - MARGIN - sum(widths)
            left = max(MARGIN + MARKER + 5, min(MARGIN + self._name_width, room))
            top = self._matrix_end() + HEAD + row * ROW
        height = HEAD if row < 0 else ROW
        areas = []
        for width in widths:
            areas.append(QRectF(left, top + (ROW - HEAD if row < 0 else 0), width - 4, height))
            left += width
        return areas

    def _matrix_end(self) -> float:
        return HEAD + self.n_classes * ROW + 2

    def sizeHint(self) -> QSize:
        return QSize(self.pixels(400), self.minimumHeight())

    def fit(self) -> None:
        advance = QFontMetrics(sized(self.font(), TEXT)).horizontalAdvance
        widest = max((advance(name) + MARKER + 6.0 for name in self._names), default=0)
        self._name_width = max(min(MAX_NAME, widest + 6.0), advance(say(CORNER)) + 8.0)
        pairs = zip(WIDEST_FIGURES, HEADINGS, strict=True)
        self._figure_widths = [max(advance(figure), advance(say(heading))) + 10.0 for figure, heading in pairs]
        end = self._matrix_end()
        end += 0 if self.is_beside else HEAD + self.n_classes * ROW
        room = self.extent.width() - 2 * MARGIN
        self._note = QRectF(MARGIN, end + 2, room, wrapped_height(sized(self.font(), NOTE_TEXT), say(NOTE), room))
        height = self.pixels(self._note.bottom() + 2)
        if height != self.minimumHeight():
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)

    # painting

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), TEXT))
        if self.report is None:
            return
        flags = Qt.AlignmentFlag
        painter.setPen(QColor(chrome.faint))
        corner = QRectF(MARGIN, 0, self._name_width - 4, HEAD)
        write_shortened(painter, corner, say(CORNER))
        for column in range(self.n_classes):
            middle = self.cell_area(-1, column).adjusted(0, ROW - HEAD, 0, 0).center()
            paint_marker_at(painter, middle, self._colours[column], chrome, MARKER)
        for heading, area in zip(HEADINGS, self.figure_areas(-1), strict=True):
            painter.setPen(QColor(chrome.faint))
            painter.drawText(area, flags.AlignRight | flags.AlignVCenter, say(heading))
        for row in range(self.n_classes):
            self._paint_class(painter, row, chrome)
        painter.setFont(sized(self.font(), NOTE_TEXT))
        painter.setPen(QColor(chrome.faint))
        painter.drawText(self._note, flags.AlignLeft | flags.AlignTop | Qt.TextFlag.TextWordWrap, say(NOTE))
        if self.hasFocus():
            draw_ring(painter, self.cell_area(*self.cell), chrome)

    def _paint_class(self, painter: QPainter, row: int, chrome: Chrome) -> None:
        """The cells and the numbers of a class."""
        assert self.report is not None
        flags, confusion = Qt.AlignmentFlag, self.report.confusion
        total = max(1, int(confusion[row].sum()))
        figures = self.figure_areas(row)
        places = [(self.cell_area(row, 0).top(), MARGIN + self._name_width - 4)]
        if not self.is_beside:
            places.append((figures[0].top(), figures[0].left()))
        for top, right in places:
            middle = QPointF(MARGIN + MARKER / 2, top + ROW / 2)
            paint_marker_at(painter, middle, self._colours[row], chrome, MARKER)
            painter.setPen(QColor(chrome.ink))
            left = MARGIN + MARKER + 5
            if right - left > MARKER:
                write_shortened(painter, QRectF(left, top, right - left, ROW), self._names[row])
        for column in range(self.n_classes):
            area, n = self.cell_area(row, column), int(confusion[row, column])
            tint = QColor(chrome.bar if row == column else chrome.warning)
            tint.setAlphaF(0.08 + 0.4 * n / total if n else 0.0)
            painter.fillRect(area.adjusted(1, 1, -1, -1), tint)
            painter.setPen(QPen(QColor(chrome.edge), 1))
            painter.setBrush(Qt.BrushStyle.NoBrush)
            painter.drawRect(area)
            painter.setPen(QColor(chrome.ink if n else chrome.faint))
            painter.drawText(area, flags.AlignCenter, f"{n:,}" if area.width() > 40 else str(n))
        painter.setPen(QColor(chrome.ink))
        for area, text in zip(figures, figures_of(self.report, row), strict=True):
            painter.drawText(area, flags.AlignRight | flags.AlignVCenter, text)

    # the hand

    def _go_to(self, cell: tuple[int, int]) -> None:
        """Have a cell in hand of the keys, and tell it and all others."""
        self.cell = cell
        sentences = [] if self.report is None else report_in_words(self.report, self._names)
        self.setAccessibleDescription("\n".join(filter(None, [self._in_words(cell), say(HINT), *sentences])))
        self.update()

    def _in_words(self, cell: tuple[int, int]) -> str:
        """The points of a cell."""
        if self.report is None:
            return ""
        points = count("{n:,} point", "{n:,} points", int(self.report.confusion[cell]))
        return say(
            "{points} of {name} decided for {other}.",
            points=points,
            name=self._names[cell[0]],
            other=self._names[cell[1]],
        )

    def cell_at(self, place: QPointF) -> tuple[int, int] | None:
        """The cell at a place."""
        cells = [(row, column) for row in range(len(self._names)) for column in range(len(self._names))]
        return next((cell for cell in cells if self.cell_area(*cell).contains(place)), None)

    def mousePressEvent(self, event: QMouseEvent) -> None:
        cell = self.cell_at(event.position() / self.pixels_each)
        if event.button() == Qt.MouseButton.LeftButton and cell is not None and self.report is not None:
            self._go_to(cell)
            self.cell_chosen.emit(*cell)

    def keyPressEvent(self, event: QKeyEvent) -> None:
        key = Qt.Key
        ways = {key.Key_Up: (-1, 0), key.Key_Down: (1, 0), key.Key_Left: (0, -1), key.Key_Right: (0, 1)}
        if (way := ways.get(key(event.key()))) is not None:
            row, column = (min(max(here + by, 0), self.n_classes - 1) for here, by in zip(self.cell, way, strict=True))
            self._go_to((row, column))
        elif event.key() in (key.Key_Return, key.Key_Enter) and self.report is not None:
            self.cell_chosen.emit(*self.cell)
        else:
            super().keyPressEvent(event)

    def text_at(self, place: QPointF) -> str:
        cell = self.cell_at(place)
        return say(HINT) if cell is None else self._in_words(cell)


def report_in_words(report: ClassReport, names: Sequence[str]) -> list[str]:
    """The cells and the figures of each class, those with points, a sentence or two for each."""
    lines = []
    for label, name in enumerate(names):
        row = report.confusion[label].tolist()
        cells = [say("{n:,} decided for {name}", n=n, name=other) for n, other in zip(row, names, strict=True) if n]
        if cells:
            precision, recall, f1 = figures_of(report, label)
            lines.append(
                say(
                    "Of {name}: {cells}. Precision {precision}, recall {recall}, F1 {f1}.",
                    name=name,
                    cells=listed_words(cells),
                    precision=precision,
                    recall=recall,
                    f1=f1,
                )
            )
    return lines


def figures_of(report: ClassReport, label: int) -> tuple[str, str, str]:
    """Precision and recall of a class with their intervals, and F1."""
    right = int(report.confusion[label, label])
    decided, there = int(report.confusion[:, label].sum()), int(report.confusion[label].sum())
    f1 = float(report.f1[label])
    return (
        with_interval(right, decided if there else 0),
        with_interval(right, there),
        "–" if math.isnan(f1) else f"{f1:.2f}",
    )


def with_interval(hits: int, n: int) -> str:
    """A share and its interval of 95 %, in whole percent: 96 % (91–99); a dash where there is none."""
    if not n:
        return "–"
    low, high = wilson(hits, n)
    whole = 100 if hits == n else min(round(100 * hits / n), 99)  # 100 % means all of them
    return f"{whole} % ({100 * low:.0f}–{100 * high:.0f})"
