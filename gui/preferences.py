"""What the window remembers from one start to the next."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QSettings

from gui.theme import Theme

LAYOUT_VERSION = 1  # raise it when splitters change, and older layouts are forgotten


class Preferences:
    """Typed access to QSettings; a value that cannot be read is the default."""

    def __init__(self) -> None:
        self._settings = QSettings("Marz", "Marz")

    @property
    def theme(self) -> Theme:
        """Light, dark, or as the system."""
        value = str(self._settings.value("theme", Theme.SYSTEM.value, type=str))
        return Theme(value) if value in list(Theme) else Theme.SYSTEM

    @theme.setter
    def theme(self, theme: Theme) -> None:
        self._settings.setValue("theme", theme.value)

    def sync(self) -> None:
        """Write everything now."""
        self._settings.sync()

    def layout(self, name: str) -> QByteArray:
        """The geometry or splitter state of that name; empty if there is none."""
        value = self._settings.value(f"layout{LAYOUT_VERSION}/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def save_layout(self, name: str, state: QByteArray) -> None:
        """Remember a geometry or splitter state."""
        self._settings.setValue(f"layout{LAYOUT_VERSION}/{name}", state)
