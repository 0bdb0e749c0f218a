"""The first steps: three hints beside what they are about, one at a time; the work goes on meanwhile."""

from __future__ import annotations

from dataclasses import dataclass

from PySide6.QtCore import QEvent, QObject, QPoint, QPointF, QRect, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QKeyEvent, QPainter, QPainterPath, QPaintEvent, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QHBoxLayout, QLabel, QPushButton, QToolButton, QVBoxLayout, QWidget

from gui.text.language import mark, say

PLANE = "canvas"
ARROW, CORNER, SHADOW = 10, 8, 6  # pixels: of the arrow, of the rounded corners, and around the card
WIDTH = 20  # of the text, in heights of a line


@dataclass(frozen=True)
class Hint:
    """A hint.

    Attributes:
        targets: object names of what it is about; the first that is seen counts.
        title, text: what it says.
    """

    targets: tuple[str, ...]
    title: str
    text: str


HINTS = (
    Hint(
        ("train_button",),
        mark("Press Train, or the space bar"),
        mark("Watch the boundary wind itself around the classes while the network learns."),
    ),
    Hint(
        (PLANE,),
        mark("Draw while it learns"),
        mark("The keys 1, 2, 3 … choose a class. The left button draws its points, the right button erases."),
    ),
    Hint(
        ("gradient_plot", "loss_plot"),
        mark("See why it learns, or why not"),
        mark("One bar a layer: how much gradient reaches it. Make the network deep and compare sigmoid with ReLU."),
    ),
)


class FirstSteps(QWidget):
    """A card with an arrow to what it is about, over the window, which stays as it is and keeps its keys.

    Args:
        window: over which it lies.
    """

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self.setObjectName("first_steps")
        self.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        self.setAccessibleName(say("First steps"))
        self._window, self._index, self._tip = window, 0, QPointF()
        self._title, self._text, self._place = QLabel(), QLabel(), QLabel()
        font = self.font()
        font.setBold(True)
        self._title.setFont(font)
        for label in (self._title, self._text):
            label.setWordWrap(True)
            label.setFixedWidth(WIDTH * self.fontMetrics().height())
        self._place.setForegroundRole(QPalette.ColorRole.PlaceholderText)
        self.end, self.next = QPushButton(say("&Skip")), QPushButton()
        self.end.setToolTip(f"<p>{say('No more hints; Help > First Steps has them.')}</p>")
        self.next.setToolTip(f"<p>{say('The next hint')}</p>")
        self.end.clicked.connect(self.close)
        self.next.clicked.connect(self.go_on)
        self._lay_out()
        train = window.findChild(QToolButton, HINTS[0].targets[0])
        if train is not None:
            train.defaultAction().triggered.connect(self._follow_train)
        window.installEventFilter(self)
        self._show_step()

    def _lay_out(self) -> None:
        row = QHBoxLayout()
        row.addWidget(self._place, 1)
        row.addWidget(self.end)
        row.addWidget(self.next)
        column = QVBoxLayout(self)
        around = ARROW + SHADOW + 10
        column.setContentsMargins(around + 2, around, around + 2, around)
        column.setSpacing(8)
        for part in (self._title, self._text):
            column.addWidget(part)
        column.addLayout(row)

    @classmethod
    def show_in(cls, window: QWidget) -> FirstSteps:
        """Begin with the first hint, whether hints are seen already or not."""
        for shown in window.findChildren(cls):
            shown.close()
        steps = cls(window)
        steps.show()
        steps.raise_()
        return steps

    @property
    def hint(self) -> Hint:
        """The hint that is seen."""
        return HINTS[self._index]

    @Slot()
    def go_on(self) -> None:
        """Show the next hint; after the last one there is none."""
        if self._index + 1 == len(HINTS):
            self.close()
        else:
            self._index += 1
            self._show_step()

    @Slot()
    def _follow_train(self) -> None:
        """Go on when somebody has done what the first hint says."""
        if self._index == 0:
            self.go_on()

    def _show_step(self) -> None:
        is_last = self._index + 1 == len(HINTS)
        self._title.setText(say(self.hint.title))
        self._text.setText(say(self.hint.text))
        self._place.setText(say("{number} of {all}", "hint", number=self._index + 1, all=len(HINTS)))
        self.next.setText(say("&Done") if is_last else say("&Next"))
        self.end.setVisible(not is_last)
        self.adjustSize()
        self._go_to_target()

    def _go_to_target(self) -> None:
        """Lie beside the target where there is room, with the arrow to it."""
        window = self._window
        found = (window.findChild(QWidget, name) for name in self.hint.targets)
        target = next((widget for widget in found if widget is not None and widget.isVisible()), window)
        around = QRect(target.mapTo(window, QPoint()), target.size())
        self.resize(self.sizeHint())
        place, self._tip = beside(around, self.size(), window.rect())
        self.move(place)
        self.update()

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Stay beside the target when the window changes; Esc is Skip, where nothing on the plane is ended by it."""
        if event.type() in (QEvent.Type.Resize, QEvent.Type.LayoutRequest):
            self._go_to_target()
        elif event.type() == QEvent.Type.KeyPress and isinstance(event, QKeyEvent) and self.isVisible():
            focus = self._window.focusWidget()
            is_here = focus is not None and (focus.objectName() == PLANE or self.isAncestorOf(focus))
            if is_here and event.key() == Qt.Key.Key_Escape:
                self.close()
                return True
        return False

    def paintEvent(self, event: QPaintEvent) -> None:
        """The card, its arrow and a soft shadow."""
        palette, inset = self.palette(), ARROW + SHADOW
        path = card_path(QRectF(self.rect()).adjusted(inset, inset, -inset, -inset), self._tip)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.setBrush(Qt.BrushStyle.NoBrush)
            for width in range(2, 2 * SHADOW, 2):
                painter.setPen(QPen(QColor(0, 0, 0, 12), width, j=Qt.PenJoinStyle.RoundJoin))
                painter.drawPath(path)
            painter.setPen(QPen(palette.color(QPalette.ColorRole.Accent), 1.5))
            painter.setBrush(palette.color(QPalette.ColorRole.Base))
            painter.drawPath(path)


def beside(target: QRect, size: QSize, room: QRect) -> tuple[QPoint, QPointF]:
    """The place for a card beside a target, and the end of its arrow on the card; within, where nothing else fits.

    Left comes before right, where the curves and bars are that one looks at.
    """
    width, height, middle = size.width(), size.height(), target.center()
    overlap = SHADOW + 2  # the tip of the arrow touches the target
    across = min(max(middle.x() - width // 2, room.left()), room.right() + 1 - width)
    down = min(max(middle.y() - height // 2, room.top()), room.bottom() + 1 - height)
    places = (
        (QPoint(across, target.bottom() + 1 - overlap), Qt.Edge.TopEdge),
        (QPoint(target.left() - width + overlap, down), Qt.Edge.RightEdge),
        (QPoint(target.right() + 1 - overlap, down), Qt.Edge.LeftEdge),
        (QPoint(across, target.top() - height + overlap), Qt.Edge.BottomEdge),
    )
    for place, edge in places:
        if room.contains(QRect(place, size)):
            inner = QRect(QPoint(), size).adjusted(SHADOW, SHADOW, -SHADOW, -SHADOW)
            end = QPointF(middle - place)
            keep = ARROW + 2 * CORNER
            x = min(max(end.x(), inner.left() + keep), inner.right() - keep)
            y = min(max(end.y(), inner.top() + keep), inner.bottom() - keep)
            ends = {
                Qt.Edge.TopEdge: QPointF(x, inner.top()),
                Qt.Edge.BottomEdge: QPointF(x, inner.bottom()),
                Qt.Edge.LeftEdge: QPointF(inner.left(), y),
                Qt.Edge.RightEdge: QPointF(inner.right(), y),
            }
            return place, ends[edge]
    return QPoint(across, down), QPointF()


def card_path(card: QRectF, tip: QPointF) -> QPainterPath:
    """A rectangle with rounded corners, and an arrow to its tip; none if that is nowhere."""
    path = QPainterPath()
    path.addRoundedRect(card, CORNER, CORNER)
    if tip.isNull():
        return path
    foot = QPointF(min(max(tip.x(), card.left()), card.right()), min(max(tip.y(), card.top()), card.bottom()))
    is_upright = foot.x() == tip.x()
    along = QPointF(ARROW, 0) if is_upright else QPointF(0, ARROW)
    into = (foot - tip) * 0.2  # so that no line is left between the two
    arrow = QPainterPath()
    arrow.addPolygon(QPolygonF([tip, foot + into - along, foot + into + along]))
    arrow.closeSubpath()
    return path.united(arrow)
