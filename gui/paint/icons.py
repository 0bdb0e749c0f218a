"""Icons: SVG files that are drawn in the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, Qt
from PySide6.QtGui import QAction, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QWidget

import resources

FOLDER = resources.FOLDER / "icons"
SIZES = (16, 24, 32, 48)


@lru_cache(maxsize=128)
def icon(name: str, colour: str, disabled_colour: str) -> QIcon:
    """The icon of a file in ``resources/icons``, in a colour."""
    source = (FOLDER / f"{name}.svg").read_text(encoding="utf-8")
    result = QIcon()
    for mode, ink in ((QIcon.Mode.Normal, colour), (QIcon.Mode.Disabled, disabled_colour)):
        renderer = QSvgRenderer(QByteArray(source.replace("currentColor", ink).encode()))
        for size in SIZES:
            pixmap = QPixmap(size, size)
            pixmap.fill(Qt.GlobalColor.transparent)
            with QPainter(pixmap) as painter:
                renderer.render(painter, QRectF(0, 0, size, size))
            result.addPixmap(pixmap, mode)
    return result


class ThemedIcon(QObject):
    """Keeps the icon of an action in the text colour of a widget.

    Args:
        widget: whose palette counts; the owner.
        action: whose icon it is.
        name: of the file.
    """

    def __init__(self, widget: QWidget, action: QAction, name: str) -> None:
        super().__init__(widget)
        self._widget, self._action, self._name = widget, action, name
        widget.installEventFilter(self)
        self._draw()

    def use(self, name: str) -> None:
        """Take another file."""
        if name != self._name:
            self._name = name
            self._draw()

    def _draw(self) -> None:
        palette = self._widget.palette()
        role, disabled = QPalette.ColorRole.ButtonText, QPalette.ColorGroup.Disabled
        self._action.setIcon(icon(self._name, palette.color(role).name(), palette.color(disabled, role).name()))

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        return False
