"""Accuracy and loss as they are now, in large figures."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from gui.paint.lane_view import LaneView, are_losses_alike
from gui.paint.lanes_view import LaneColours
from gui.paint.theme import Chrome, chrome_of, lane_pen
from gui.paint.type_size import drawn, scale_of
from gui.text.language import say
from gui.text.numbers import loss, scores

CAPTION, FIGURES = 11, (24, 20, 17, 14, 12)  # sizes of the texts; of the figures, the largest that has room
STACKED = FIGURES[1:]  # of figures under each other
SIDE = 0.7  # of the size of a figure: that beside it
EDGE, GAP, SAMPLE = 10, 8, 16  # lengths at the left, between texts, of the line of a lane
WIDEST_ACCURACY, WIDEST_LOSS, WIDEST_EPOCH = "100.0 %", "0.0000", "00,000"


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
    """The columns: of a single lane accuracy and loss, of several a column each; losses only if they compare."""
    metrics = [lane.snapshot.metrics for lane in lanes]
    if len(lanes) > 1:
        has_losses = are_losses_alike(lanes)
        return [
            Figures(
                lane.title,
                scores(own, has_values=lane.snapshot.has_values)[0],
                loss(own.train_loss) if has_losses else "",
                (WIDEST_ACCURACY, WIDEST_LOSS),
                lane.colour,
            )
            for lane, own in zip(lanes, metrics, strict=True)
        ]
    names, score, losses = (say("Accuracy"), say("Loss")), ("–", "–"), ("–", "–")
    for lane, own in zip(lanes, metrics, strict=True):
        score = scores(own, has_values=lane.snapshot.has_values)
        losses = (loss(own.train_loss), loss(own.validation_loss))
        if lane.snapshot.has_values:
            names, losses = ("R²", say("RMSE")), (loss(own.train_rmse), loss(own.validation_rmse))
    return [
        Figures(names[0], *score, (WIDEST_ACCURACY, WIDEST_ACCURACY), None),
        Figures(names[1], *losses, (WIDEST_LOSS, WIDEST_LOSS), None),
    ]


def figures_of_presentation(lanes: Sequence[LaneView]) -> list[Figures]:
    """The columns of a presentation: with the epoch, which is all of several lanes, since they have titles."""
    epoch = max((lane.snapshot.epochs for lane in lanes), default=0)
    shown = Figures(say("Epoch"), f"{epoch:,}", "", (WIDEST_EPOCH, ""), None)
    return [shown] if len(lanes) > 1 else [*figures_of(lanes), shown]


class Headline(LaneColours, QWidget):
    """Shows accuracy and loss: of one lane for training and, smaller, for validation; of several those of training.

    Args:
        columns: what is shown of lanes.
    """

    def __init__(
        self, columns: Callable[[Sequence[LaneView]], list[Figures]] = figures_of, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setObjectName("headline")
        self.setAccessibleName(say("Accuracy and loss now"))
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)
        self._columns, self._figures = columns, columns(())
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
        figures = self._columns(lanes)
        if figures != self._figures:
            is_other = [each.lane for each in figures] != [each.lane for each in self._figures]
            self._figures = figures
            self._tell()
            self.update()
            if is_other:
                self.updateGeometry()

    def _tell(self) -> None:
        """Say it to those who do not see it, and at the pointer."""
        said = "; ".join(
            f"{shown.caption}: {', '.join(filter(None, (shown.large, shown.small)))}" for shown in self._figures
        )
        self.setAccessibleDescription(said)
        if self._figures[0].lane is not None:
            self.setToolTip(f"<p>{say('Accuracy, or R² of values, and loss of each lane on its training points')}</p>")
        else:
            self.setToolTip(f"<p>{say('On the training points; smaller, on those kept for validation')}</p>")

    def sizeHint(self) -> QSize:
        largest = self._sizes[0]
        lines = [self._face(CAPTION), self._face(largest, is_bold=True)]
        if self._figures[0].lane is not None:
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
        if self._figures[0].lane is not None:
            return STACKED
        return FIGURES if len(self._figures) > 1 else FIGURES[2:]  # the epoch alone leaves the planes the height

    def size_of_figures(self) -> int:
        """The largest size with which all figures have room beside each other."""
        return self._places()[0]

    def _places(self) -> tuple[int, list[float], bool]:
        """The size of the figures, the width of each column, and whether the smaller figures have room, too."""
        scale, count = scale_of(self.font()), len(self._figures)
        room, gap = self.width() - EDGE * scale, GAP * scale
        looks = [(size, True) for size in self._sizes] + [(self._sizes[-1], False)]
        for size, has_small in looks:
            widths = [self._width(shown, size, has_small=has_small) + 2 * gap for shown in self._figures]
            if self._figures[0].lane is not None:  # side by side as the lanes are
                widths = [max(widths)] * count
            if sum(widths) <= room:
                break
        while len(widths) > 1 and self._figures[0].lane is None and sum(widths) > room:
            widths.pop()  # rather than write one over the other
        return size, [width + (room - sum(widths)) / len(widths) for width in widths], has_small

    def _width(self, shown: Figures, size: float, *, has_small: bool) -> float:
        """The room of both figures, beside or under each other, or of the larger one alone."""
        faces = self._face(size, is_bold=True), self._face(SIDE * size)
        texts = zip(faces, (shown.large, shown.small), shown.widest, strict=True)
        widths = [max(map(metrics.horizontalAdvance, pair)) for (_, metrics), *pair in texts]
        if shown.lane is not None:
            return max(widths)
        is_double = has_small and bool(shown.widest[1])
        return sum(widths) + GAP * scale_of(self.font()) if is_double else widths[0]

    def paintEvent(self, event: QPaintEvent) -> None:
        chrome, scale, (size, widths, has_small) = chrome_of(self.palette()), scale_of(self.font()), self._places()
        left = EDGE * scale
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
            columns = list(zip(self._figures, widths, strict=False))
            for shown, width in reversed(columns) if self.isRightToLeft() else columns:
                area = QRectF(left, 0, width - GAP * scale, self.height())
                self._paint(painter, shown if has_small else replace(shown, small=""), area, size, chrome)
                left += width

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
