"""Icons: SVG files that are drawn in the colour of the text around them."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QByteArray, QEvent, QObject, QRectF, QSize, Qt
from PySide6.QtGui import QAction, QFont, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtSvg import QSvgRenderer
from PySide6.QtWidgets import QAbstractButton, QToolBar, QWidget

import resources
from gui.paint.type_size import scale_of

FOLDER = resources.FOLDER / "icons"
SIZES = (16, 18, 20, 24, 32, 48)
SIDE = 16  # pixels beside the usual font
BAR_SHARE = 18 / SIDE  # of that: in a bar of tools, where icons have no words


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


def icon_size(font: QFont) -> QSize:
    """The size of icons beside a text."""
    return QSize(SIDE, SIDE) * (round(4 * scale_of(font)) / 4)


class ThemedIcon(QObject):
    """Keeps the icon of an action or a button in the text colour of a widget, and as large as its letters.

    Args:
        widget: whose palette counts; the owner.
        target: whose icon it is.
        name: of the file.
    """

    def __init__(self, widget: QWidget, target: QAction | QAbstractButton, name: str) -> None:
        super().__init__(widget)
        self._widget, self._target, self._name = widget, target, name
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
        self._target.setIcon(icon(self._name, palette.color(role).name(), palette.color(disabled, role).name()))

    def _fit(self) -> None:
        size = icon_size(self._widget.font())
        for thing in self._target.associatedObjects() if isinstance(self._target, QAction) else [self._target]:
            if isinstance(thing, QToolBar):
                thing.setIconSize(size * BAR_SHARE)
            elif isinstance(thing, QAbstractButton) and not isinstance(thing.parent(), QToolBar):
                thing.setIconSize(size)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Follow the palette and the font."""
        if event.type() == QEvent.Type.PaletteChange:
            self._draw()
        elif event.type() in (QEvent.Type.FontChange, QEvent.Type.Polish):
            self._fit()
        return False
