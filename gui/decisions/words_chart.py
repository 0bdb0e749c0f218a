"""A painted chart with words above its plots, which make room for themselves."""

# Tests: tests/gui/decisions/test_threshold_chart.py

from __future__ import annotations

from PySide6.QtCore import QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QPainter, QRegion, QResizeEvent
from PySide6.QtWidgets import QWidget

from gui.paint.chart import Chart, draw_ring, wrapped_height
from gui.paint.picture import Still
from gui.paint.plots.panel import TEXT
from gui.paint.theme import Chrome
from gui.paint.type_size import sized

MARGIN = 8.0
MIN_WIDTH, MIN_HEIGHTS, BROAD = 250.0, (210.0, 130.0), 400.0  # of the plots: one over the other, or side by side
WIDE = 1.8  # times as wide as high: all plots side by side
USUAL_PLOTS = 3  # of which these are


class WordsChart(Chart):
    """Words, and the plots below them.

    Attributes:
        words: line by line.
        top: of the plots; it grows with the words, and does not jump while they change.
        crowding: how many times the width of the usual plots its own need, to stand side by side.
    """

    crowding = 1.0

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName(name)
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self.words, self.top = "", 0.0
        self._still = Still()
        self.fit()

    def forget_picture(self) -> None:
        """Paint the plots anew, not only what moves over them."""
        self._still.forget()
        self.update()

    def show_words(self, words: str) -> None:
        """Show words above the plots."""
        self.words = words
        self.setAccessibleDescription(words)
        self._make_room()
        self.update()

    def sizeHint(self) -> QSize:
        return QSize(430, 300) * self.pixels_each

    def fit(self) -> None:
        self.top = 0.0
        self._make_room()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.fit()
        super().resizeEvent(event)

    def _make_room(self) -> None:
        width = self.extent.width() - 2 * MARGIN
        self.top = max(self.top, wrapped_height(sized(self.font(), TEXT + 1), self.words, width) + 4.0)
        height = MIN_HEIGHTS[width >= BROAD * self.crowding]
        least = QSize(self.pixels(MIN_WIDTH), self.pixels(self.top + height))
        if least != self.minimumSize():
            self.setMinimumSize(least)

    def room(self) -> QRectF:
        """The room below the words."""
        return QRectF(MARGIN, self.top, self.extent.width() - 2 * MARGIN, max(0.0, self.extent.height() - self.top))

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setFont(sized(self.font(), TEXT + 1))
        painter.setPen(QColor(chrome.ink))
        area = QRectF(MARGIN, 0, self.extent.width() - 2 * MARGIN, self.extent.height())
        flags = Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft | Qt.TextFlag.TextWordWrap
        painter.drawText(area, int(flags), self.words)
        key = self.top, chrome.is_dark
        self._still.paint(painter, self.size(), self.pixels_each, key, lambda own: self.paint_plots(own, chrome))
        self.paint_over(painter, chrome)
        if self.hasFocus():
            draw_ring(painter, QRectF(QPointF(), self.extent), chrome, 4)

    def paint_plots(self, painter: QPainter, chrome: Chrome) -> None:
        """Paint all that is below the words and stands still."""
        raise NotImplementedError

    def paint_over(self, painter: QPainter, chrome: Chrome) -> None:
        """Paint what moves over the plots."""
