"""Accuracy and loss as they are now, in large figures."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LaneColours
from gui.paint.theme import Chrome, chrome_of, lane_pen
from gui.paint.type_size import drawn, scale_of
from gui.text.language import say
from gui.text.numbers import loss, percent

CAPTION, FIGURES = 11, (24, 20, 17, 14, 12)  # sizes of the texts; of the figures, the largest that has room
STACKED = FIGURES[1:]  # of figures under each other
SIDE = 0.7  # of the size of a figure: that beside it
EDGE, GAP, SAMPLE = 10, 8, 16  # lengths at the left, between texts, of the line of a lane
WIDEST_ACCURACY, WIDEST_LOSS = "100.0 %", "0.0000"


@dataclass(frozen=True)
class Figures:
    """One column: a caption, a large figure, and a smaller one beside it, or under it where lanes are side by side.

    Attributes:
        widest: the widest that both usually are, so that nothing moves.
        lane: the colour of the lane that they are of; None for training, and the smaller one for validation.
    """

    caption: str
    large: str
    small: str
    widest: tuple[str, str]
    lane: int | None


def figures_of(lanes: Sequence[LaneView]) -> list[Figures]:
    """The columns: of a single lane accuracy and loss, of several a column each."""
    metrics = [lane.snapshot.metrics for lane in lanes]
    if len(lanes) > 1:
        return [
            Figures(
                lane.title,
                percent(own.train_accuracy),
                loss(own.train_loss),
                (WIDEST_ACCURACY, WIDEST_LOSS),
                lane.colour,
            )
            for lane, own in zip(lanes, metrics, strict=True)
        ]
    accuracy, losses = ("–", "–"), ("–", "–")
    for own in metrics:
        accuracy = percent(own.train_accuracy), percent(own.validation_accuracy)
        losses = loss(own.train_loss), loss(own.validation_loss)
    return [
        Figures(say("Accuracy"), *accuracy, (WIDEST_ACCURACY, WIDEST_ACCURACY), None),
        Figures(say("Loss"), *losses, (WIDEST_LOSS, WIDEST_LOSS), None),
    ]


class Headline(LaneColours, QWidget):
    """Shows accuracy and loss: of one lane for training and, smaller, for validation; of several those of training."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("headline")
        self.setAccessibleName(say("Accuracy and loss now"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._figures = figures_of(())
        self._faces: dict[tuple[float, bool], tuple[QFont, QFontMetricsF]] = {}  # of the texts
        self._tell()

    def _face(self, size: float, *, is_bold: bool = False) -> tuple[QFont, QFontMetricsF]:
        """A font with its metrics; to make one takes longer than to paint a text in it."""
        if (size, is_bold) not in self._faces:
            font = drawn(self.font(), size, is_bold=is_bold)
            self._faces[size, is_bold] = font, QFontMetricsF(font)
        return self._faces[size, is_bold]

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show where lanes are; without lanes the figures are dashes."""
        figures = figures_of(lanes)
        if figures != self._figures:
            is_higher = figures[0].lane != self._figures[0].lane
            self._figures = figures
            self._tell()
            self.update()
            if is_higher:
                self.updateGeometry()

    def _tell(self) -> None:
        """Say it to those who do not see it, and at the pointer."""
        said = "; ".join(f"{shown.caption}: {shown.large}, {shown.small}" for shown in self._figures)
        self.setAccessibleDescription(said)
        if len(self._figures) > 2 or self._figures[0].lane is not None:
            self.setToolTip(f"<p>{say('Accuracy and loss of each lane on its training points')}</p>")
        else:
            self.setToolTip(f"<p>{say('On the training points; smaller, on those kept for validation')}</p>")

    def sizeHint(self) -> QSize:
        largest = self._sizes[0]
        lines = [self._face(CAPTION), self._face(largest, is_bold=True)]
        if self._sizes is STACKED:
            lines.append(self._face(SIDE * largest))
        height = sum(metrics.height() for _, metrics in lines)
        return QSize(round(300 * scale_of(self.font())), round(height))

    def minimumSizeHint(self) -> QSize:
        return QSize(0, self.sizeHint().height())

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self._faces = {}
            self.updateGeometry()
        super().changeEvent(event)

    def recolour(self) -> None:
        self.update()

    @property
    def _sizes(self) -> tuple[int, ...]:
        """The sizes that figures may have."""
        return FIGURES if self._figures[0].lane is None else STACKED

    def size_of_figures(self) -> int:
        """The largest size with which all figures have room beside each other."""
        room = self._column_width() - GAP * scale_of(self.font())
        for size in self._sizes:
            if all(self._width(shown, size) <= room for shown in self._figures):
                return size
        return FIGURES[-1]

    def _column_width(self) -> float:
        return (self.width() - EDGE * scale_of(self.font())) / len(self._figures)

    def _width(self, shown: Figures, size: float) -> float:
        """The room of both figures, beside or under each other."""
        faces = self._face(size, is_bold=True), self._face(SIDE * size)
        texts = zip(faces, (shown.large, shown.small), shown.widest, strict=True)
        widths = [max(map(metrics.horizontalAdvance, pair)) for (_, metrics), *pair in texts]
        return max(widths) if shown.lane is not None else sum(widths) + GAP * scale_of(self.font())

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome, scale, size = chrome_of(self.palette()), scale_of(self.font()), self.size_of_figures()
        width = self._column_width()
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            for number, shown in enumerate(self._figures):
                column = len(self._figures) - 1 - number if self.isRightToLeft() else number
                area = QRectF(EDGE * scale + column * width, 0, width - GAP * scale, self.height())
                self._paint(painter, shown, area, size, chrome)

    def _paint(self, painter: QPainter, shown: Figures, area: QRectF, size: int, chrome: Chrome) -> None:
        scale, left = scale_of(self.font()), area.left()
        font, metrics = self._face(CAPTION, is_bold=shown.lane is not None)
        painter.setFont(font)
        if shown.lane is not None:
            painter.setPen(lane_pen(chrome, shown.lane, 2.6 * scale))
            middle = metrics.height() / 2
            painter.drawLine(QPointF(left, middle), QPointF(left + SAMPLE * scale, middle))
            left += (SAMPLE + 5) * scale
        own = None if shown.lane is None else QColor(chrome.lanes[shown.lane])
        painter.setPen(own or QColor(chrome.faint))
        caption = metrics.elidedText(shown.caption, Qt.TextElideMode.ElideRight, int(area.right() - left))
        painter.drawText(QPointF(left, metrics.ascent()), caption)
        large, of_large = self._face(size, is_bold=True)
        small, of_small = self._face(SIDE * size)
        base = metrics.height() + of_large.ascent()
        painter.setFont(large)
        painter.setPen(own or QColor(chrome.training))
        painter.drawText(QPointF(area.left(), base), shown.large)
        if shown.lane is None:
            left = area.left() + max(map(of_large.horizontalAdvance, (shown.large, shown.widest[0])))
            place = QPointF(left + GAP * scale, base)
        else:
            place = QPointF(area.left(), base + of_large.descent() + of_small.ascent())
        painter.setFont(small)
        painter.setPen(own or QColor(chrome.validation))
        painter.drawText(place, shown.small)
