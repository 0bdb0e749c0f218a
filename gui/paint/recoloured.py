"""Widgets that give others colours by hand, and follow a change of theme."""

from __future__ import annotations

from PySide6.QtCore import QEvent


class Recoloured:
    """A widget whose colours are those of the palette that it has now; stands before the widget it is made from."""

    def recolour(self) -> None:
        """Give everything the colours of the palette."""
        raise NotImplementedError

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self.recolour()
        super().changeEvent(event)  # type: ignore[misc]  # that of the widget
