"""A row of widgets that goes on below where its width ends."""

# Tests: tests/gui/canvas/test_tool_options.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QRect, QSize
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QStyle, QWidget

SIDE, ABOVE, GAP = 8, 2, 6  # pixels at the ends, above and below, and between two widgets


class FlowBar(QWidget):
    """Widgets side by side, in as many rows as the width needs; one of them may stand at the end of the last row.

    Its height follows from its width, and from what `alternatives` says can be shown: not from what is shown now, so
    that nothing below it moves when that changes.
    """

    def __init__(self, gap: int = GAP, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._gap = gap
        self._parts: list[QWidget] = []
        self._tail: QWidget | None = None
        self._tail_is_needed = False
        self._arranged: object = None  # what the widgets wanted when they were put in their places

    def add(self, part: QWidget) -> None:
        """Add a widget to the row."""
        part.setParent(self)
        self._parts.append(part)

    def add_tail(self, part: QWidget, *, is_needed: bool) -> None:
        """Add the widget at the end; one that is not needed is there only where the last row has room for it."""
        part.setParent(self)
        self._tail, self._tail_is_needed = part, is_needed

    def remove_tail(self) -> None:
        """Let the widget at the end go elsewhere."""
        self._tail = None

    @property
    def shown(self) -> list[QWidget]:
        """The widgets that are shown now, without the tail."""
        return [part for part in self._parts if not part.isHidden()]

    def alternatives(self) -> Sequence[Sequence[QWidget]]:
        """The widgets that can be shown at a time; for subclasses that show some of theirs by turns."""
        return [self.shown]

    def sizeHint(self) -> QSize:
        width = max(sum(size_of(part).width() + self._gap for part in parts) for parts in self.alternatives())
        if self._tail is not None and self._tail_is_needed:
            width += size_of(self._tail).width() + self._gap
        return QSize(width - self._gap + 2 * SIDE, self.height_at(width + 2 * SIDE))

    def minimumSizeHint(self) -> QSize:
        parts = [*self._parts, *([self._tail] if self._tail is not None and self._tail_is_needed else [])]
        return QSize(max(size_of(part).width() for part in parts) + 2 * SIDE, self._row_height() + 2 * ABOVE)

    def height_at(self, width: int) -> int:
        """The height that whatever can be shown has room in."""
        heights = []
        for parts in self.alternatives():
            needed = [*parts, *([self._tail] if self._tail is not None and self._tail_is_needed else [])]
            places = self._places(needed, width)
            heights.append(max((place.bottom() + 1 for place in places), default=0))
        return max(heights) + ABOVE

    def _row_height(self) -> int:
        everything = [*self._parts, *([self._tail] if self._tail is not None else [])]
        return max((size_of(part).height() for part in everything), default=0)

    def _places(self, parts: Sequence[QWidget], width: int) -> list[QRect]:
        """The places of these widgets, in a row as high as its highest widget."""
        places, left, row, height = list[QRect](), SIDE, 0, self._row_height()
        for part in parts:
            size = size_of(part)
            if left > SIDE and left + size.width() > width - SIDE:
                left, row = SIDE, row + 1
            top = ABOVE + row * (height + ABOVE)
            places.append(QRect(left, top, min(size.width(), width - 2 * SIDE), height))
            left += size.width() + self._gap
        return places

    def arrange(self) -> None:
        """Put everything in its place, and be as high as that needs; when it is shown, it is done by itself."""
        if self.isVisible():  # until then nobody knows the width
            self._arrange()

    def _wishes(self) -> object:
        """All that the places depend on, but for the width."""
        wishes = [(part.isHidden(), size_of(part)) for part in self._parts]
        return wishes, None if self._tail is None else size_of(self._tail), self.layoutDirection()

    def _arrange(self) -> None:
        self._arranged = self._wishes()
        shown, width = self.shown, self.width()
        places = self._places(shown, width)
        tail = self._tail
        if tail is not None:
            size = size_of(tail)
            place = self._places([*shown, tail], width)[-1]
            fits = not places or place.top() == places[-1].top()
            if not self._tail_is_needed:
                tail.setVisible(fits)
            places.append(place.translated(width - SIDE - size.width() - place.left(), 0))
            shown.append(tail)
        for part, place in zip(shown, places, strict=True):
            height = min(place.height(), size_of(part).height())
            place.adjust(0, (place.height() - height) // 2, 0, 0)
            place.setHeight(height)
            part.setGeometry(QStyle.visualRect(self.layoutDirection(), self.rect(), place))
        if self.height() != (height := self.height_at(width)) or self.minimumHeight() != height:
            self.setFixedHeight(height)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._arrange()

    def showEvent(self, event: QShowEvent) -> None:
        self._arrange()  # other widgets may be shown in it than before, and its width the same
        super().showEvent(event)

    def event(self, event: QEvent) -> bool:
        """Arrange anew when a widget is shown, hidden, or has become wider; a button asks with each new tip, too."""
        if event.type() == QEvent.Type.LayoutRequest and self._wishes() != self._arranged:
            self.arrange()
        return super().event(event)


def size_of(part: QWidget) -> QSize:
    """The size that a widget would like to have, shown or not, within its limits."""
    return part.sizeHint().expandedTo(part.minimumSize()).boundedTo(part.maximumSize())
