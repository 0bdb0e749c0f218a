"""The kit of painted charts: their painter, fonts and headings, the columns of lanes, and tips at a place."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from html import escape

from PySide6.QtCore import QEvent, QLineF, QMargins, QPointF, QRect, QRectF, QSize, QSizeF, Qt
from PySide6.QtGui import (
    QColor,
    QFont,
    QFontMetrics,
    QHelpEvent,
    QPainter,
    QPaintEvent,
    QPen,
    QRegion,
    QResizeEvent,
)
from PySide6.QtWidgets import QApplication, QToolTip, QWidget

from gui.paint.lanes_view import LaneColours
from gui.paint.theme import Chrome, chrome_of
from gui.paint.type_size import scale_of, sized

HEADING_FONT, HEADING_HEIGHT, MARGIN = 13, 24.0, 10
MIN_SIZE = QSize(240, 150)
LABEL_WIDTH = 48.0  # of the marks of an axis
TIP_REACH = QMargins(12, 12, 12, 12)  # around the pointer, where its tip stays


class Chart(QWidget):
    """A picture painted by hand: left to right in every language, as mathematics is, and with a tip at each place.

    Its lengths are those with a usual font; with another one all of it is drawn larger or smaller.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.pixels_each = scale_of(self.font())  # of its own lengths

    @property
    def extent(self) -> QSizeF:
        """Its width and height, in its own lengths."""
        return QSizeF(self.size()) / self.pixels_each

    def pixels(self, length: float) -> int:
        """One of its own lengths on the screen."""
        return round(length * self.pixels_each)

    def fit(self) -> None:
        """Ask for the room that it needs with its font."""

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome = chrome_of(self.palette())
        with QPainter(self) as painter:
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)  # else it has the application's
            painter.fillRect(event.rect(), QColor(chrome.surface))
            painter.scale(self.pixels_each, self.pixels_each)
            self.paint(painter, event.region(), chrome)

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        """Paint what is in a region of the widget, on an empty ground."""
        raise NotImplementedError

    def text_at(self, place: QPointF) -> str:
        """The tip at a place, in its own lengths; "" if there is none."""
        raise NotImplementedError

    def event(self, event: QEvent) -> bool:
        """Show the tip of the place under the pointer."""
        if event.type() == QEvent.Type.ToolTip and isinstance(event, QHelpEvent):
            text = self.text_at(QPointF(event.pos()) / self.pixels_each)
            place = QRect(event.pos(), QSize()).marginsAdded(TIP_REACH)
            QToolTip.showText(event.globalPos(), f"<p>{escape(text)}</p>" if text else "", self, place)
            let_through()
            return True
        return super().event(event)

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.pixels_each = scale_of(self.font())
            self.fit()
        super().changeEvent(event)


def let_through() -> None:
    """Leave presses on the tip to what is under it: else a tip over a handle would take the drag away."""
    for widget in QApplication.topLevelWidgets():
        window = widget.windowHandle() if widget.inherits("QTipLabel") else None
        if window is not None:
            window.setFlag(Qt.WindowType.WindowTransparentForInput)


@dataclass(frozen=True)
class LaneColumns:
    """The columns of lanes beside each other; where one reads from right to left, the first is on the right.

    Attributes:
        count: of the lanes.
        width: of each.
        is_mirrored: whether the first is on the right.
    """

    count: int
    width: float
    is_mirrored: bool

    def left(self, lane: int) -> float:
        """The left edge of the column of a lane."""
        return (self.count - 1 - lane if self.is_mirrored else lane) * self.width


class LanesChart(LaneColours, Chart):
    """A chart with a column for each lane, of titles, words and what is measured below them."""

    _lanes: Sequence[object] = ()  # what is shown, one for each lane

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.top = 0.0  # of what is measured, below the words

    def sizeHint(self) -> QSize:
        return QSize(430, 360) * self.pixels_each

    @property
    def heading(self) -> str:
        """The title of the chart, over a single lane."""
        raise NotImplementedError

    @property
    def n_lanes(self) -> int:
        """The number of lanes that are shown."""
        return len(self._lanes)

    @property
    def columns(self) -> LaneColumns:
        """The columns of the lanes."""
        count = max(1, self.n_lanes)
        return LaneColumns(count, (self.extent.width() - MARGIN) / count, self.isRightToLeft())

    def lane_area(self, lane: int) -> QRect:
        """All that is painted of a lane, on the screen; the areas of all lanes fill the widget."""
        columns = self.columns
        left, right = columns.left(lane), columns.left(lane) + columns.width
        is_last = right > self.extent.width() - MARGIN - columns.width / 2
        first = self.pixels(left)
        return QRect(first, 0, (self.width() if is_last else self.pixels(right)) - first, self.height())

    def words_end(self) -> float:
        """The lower end of the words over what is measured."""
        raise NotImplementedError

    def least_size(self) -> QSize:
        """The size below which a part of the window with the chart scrolls."""
        return MIN_SIZE

    def fit(self) -> None:
        least = self.least_size()
        self.setMinimumSize(self.pixels(least.width()), self.pixels(least.height()))
        self.top = self.words_end()

    def resizeEvent(self, event: QResizeEvent) -> None:
        self.top = self.words_end()
        super().resizeEvent(event)

    def show_changed(self, n_before: int, changed: Iterable[int]) -> None:
        """Paint lanes that are new: those alone, unless all are or the words need another room."""
        before, self.top, lanes = self.top, self.words_end(), list(changed)
        if n_before != self.n_lanes or before != self.top or len(lanes) == self.n_lanes:
            self.update()
        else:
            for lane in lanes:
                self.update(self.lane_area(lane))

    def recolour(self) -> None:
        self.update()

    def paint(self, painter: QPainter, region: QRegion, chrome: Chrome) -> None:
        if self.n_lanes < 2:  # several have titles of their own
            area = QRectF(MARGIN, 0, self.extent.width() - 2 * MARGIN, HEADING_HEIGHT)
            write_heading(painter, area, self.heading, QColor(chrome.ink))
        for lane in range(self.n_lanes):
            shown = self.lane_area(lane)
            if region.intersects(shown):
                own = QPointF(shown.topLeft()) / self.pixels_each, QSizeF(shown.size()) / self.pixels_each
                painter.setClipRect(QRectF(*own))
                self.paint_lane(painter, lane, chrome)

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        """Paint one lane, inside its area."""
        raise NotImplementedError


def write_heading(painter: QPainter, area: QRectF, text: str, ink: QColor) -> None:
    """Write a heading in one line."""
    painter.setFont(sized(painter.font(), HEADING_FONT, is_bold=True))
    painter.setPen(ink)
    write_shortened(painter, area, text)


def write_shortened(
    painter: QPainter, area: QRectF, text: str, side: Qt.AlignmentFlag = Qt.AlignmentFlag.AlignLeft
) -> None:
    """Write one line at a side of an area, shortened where it is too long."""
    shown = painter.fontMetrics().elidedText(text, Qt.TextElideMode.ElideRight, int(area.width()))
    painter.drawText(area, side | Qt.AlignmentFlag.AlignVCenter, shown)


def lane_ink(chrome: Chrome, colour: int | None) -> QColor:
    """The colour of the bars of a lane, by its number; of a single lane, None."""
    return QColor(chrome.bar if colour is None else chrome.lanes[colour])


def wrapped_height(font: QFont, text: str, width: float) -> int:
    """The height of a text that is broken into lines of a width."""
    area = QRect(0, 0, int(width), 1000)
    return QFontMetrics(font).boundingRect(area, Qt.TextFlag.TextWordWrap, text).height()


def write_marks(painter: QPainter, area: QRectF, marks: Sequence[tuple[float, str]]) -> None:
    """The labels of an axis that is as wide as an area, each in the middle of the area's height."""
    for share, text in marks:
        place = QRectF(area.left() + share * area.width() - LABEL_WIDTH / 2, area.top(), LABEL_WIDTH, area.height())
        painter.drawText(place, Qt.AlignmentFlag.AlignCenter, text)


def draw_rule(painter: QPainter, line: QLineF, chrome: Chrome) -> None:
    """The dashed line of a rule."""
    painter.setPen(QPen(QColor(chrome.warning), 1, Qt.PenStyle.DashLine))
    painter.drawLine(line.p1(), line.p2())


def draw_ring(painter: QPainter, area: QRectF, chrome: Chrome, radius: float = 0.0) -> None:
    """The ring in an area that has the keys."""
    painter.setPen(QPen(QColor(chrome.ring), 2))
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.drawRoundedRect(area.adjusted(1, 1, -1, -1), radius, radius)


def draw_cross(painter: QPainter, middle: QPointF, chrome: Chrome) -> None:
    """The mark of what is no number, or exactly 0."""
    painter.setPen(QPen(QColor(chrome.warning), 1.6))
    for way in (QPointF(3.5, 3.5), QPointF(3.5, -3.5)):
        painter.drawLine(middle - way, middle + way)
