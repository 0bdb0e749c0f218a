"""Widgets that give others colours and pictures by hand, and follow a change of theme and of the size of text."""

from __future__ import annotations

from PySide6.QtCore import QEvent


class Recoloured:
    """A widget whose pictures have the colours of the palette and the size of the font that it has now.

    It stands before the widget it is made from.
    """

    def recolour(self) -> None:
        """Give everything the colours of the palette, and the size of the font."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() in (QEvent.Type.PaletteChange, QEvent.Type.FontChange):
            self.recolour()
        super().changeEvent(event)  # type: ignore[misc]  # that of the widget
