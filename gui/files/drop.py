"""Files dropped onto the window."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from PySide6.QtCore import QEvent, QMimeData, QObject, QRectF, Qt, Signal
from PySide6.QtGui import QColor, QDropEvent, QPainter, QPaintEvent, QPalette, QPen
from PySide6.QtWidgets import QGraphicsView, QWidget

from gui.paint.type_size import drawn
from gui.text.language import count, say
from gui.text.words import shown

MAX_SHOWN = 60  # characters of a name
MARGIN = 24  # pixels around the sentence
DRAGGED = (QEvent.Type.DragEnter, QEvent.Type.DragMove)


class FileDrop(QObject):
    """Takes files that are dropped onto a window, which is marked while they are over it.

    What cannot be taken is refused while it is dragged, so that nobody is asked to drop it.

    Args:
        window: where they are dropped.
        can_take: whether a path is of a file that can be opened or imported.

    Signals:
        dropped(list): the paths of those that can be taken.
    """

    dropped = Signal(list)
    _landed = Signal(list)

    def __init__(self, window: QWidget, can_take: Callable[[str], bool]) -> None:
        super().__init__(window)
        self._can_take, self._paths = can_take, list[str]()
        self._veil = Veil(window)
        # after the event: where the file came from waits for its end, and a box may be open for long
        self._landed.connect(self.dropped, Qt.ConnectionType.QueuedConnection)
        window.setAcceptDrops(True)
        for view in window.findChildren(QGraphicsView):
            view.setAcceptDrops(False)  # it would keep them from the window
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow what is dragged over the window."""
        if isinstance(event, QDropEvent):
            if event.type() != QEvent.Type.DragMove:  # of which there are many, all of the same files
                self._paths = [path for path in files_in(event.mimeData()) if self._can_take(path)]
            paths = self._paths
            if event.type() in DRAGGED and paths:
                event.setDropAction(Qt.DropAction.CopyAction)  # the file is read, never moved away
                event.accept()
                self._veil.cover(hint_of(paths))
                return True
            self._veil.hide()
            if event.type() == QEvent.Type.Drop and paths:
                event.setDropAction(Qt.DropAction.CopyAction)
                event.accept()
                self._landed.emit(paths)
                return True
        elif event.type() == QEvent.Type.DragLeave:
            self._veil.hide()
        return False


def files_in(data: QMimeData) -> list[str]:
    """The paths of the files that are dragged; those elsewhere than on this machine are none."""
    return [url.toLocalFile() for url in data.urls() if url.isLocalFile()]


def hint_of(paths: Sequence[str]) -> str:
    """The hint that says what dropping these files does."""
    name = shown(Path(paths[0]).name, MAX_SHOWN)
    if len(paths) == 1:
        return say("Drop to open or import “{name}”", name=name)
    return count(
        "Drop to open or import “{name}” and {n} more file",
        "Drop to open or import “{name}” and {n} more files",
        len(paths) - 1,
        name=name,
    )


class Veil(QWidget):
    """Covers the window while a file is over it, and says what dropping it does."""

    def __init__(self, window: QWidget) -> None:
        super().__init__(window)
        self._window, self._hint = window, ""
        self.setObjectName("drop_veil")
        self.setAttribute(Qt.WidgetAttribute.WA_TransparentForMouseEvents)
        self.hide()

    def cover(self, hint: str) -> None:
        """Lie over the whole window and say this."""
        self._hint = hint
        self.setGeometry(self._window.rect())
        self.raise_()
        self.show()

    def paintEvent(self, event: QPaintEvent) -> None:
        """A tint, a frame and a sentence."""
        palette = self.palette()
        accent, window = palette.color(QPalette.ColorRole.Accent), palette.color(QPalette.ColorRole.Window)
        window.setAlphaF(0.75)
        with QPainter(self) as painter:
            painter.setRenderHint(QPainter.RenderHint.Antialiasing)
            painter.fillRect(self.rect(), window)
            painter.setPen(QPen(accent, 3, Qt.PenStyle.DashLine))
            painter.drawRoundedRect(QRectF(self.rect()).adjusted(12, 12, -12, -12), 12, 12)
            painter.setFont(drawn(self.font(), 22))
            painter.setPen(QColor(palette.color(QPalette.ColorRole.WindowText)))
            area = self.rect().adjusted(MARGIN, MARGIN, -MARGIN, -MARGIN)
            painter.drawText(area, Qt.AlignmentFlag.AlignCenter | Qt.TextFlag.TextWordWrap, self._hint)
