"""What the window remembers from one start to the next."""

from __future__ import annotations

import contextlib
import json
from pathlib import Path
from typing import Any

from PySide6.QtCore import QByteArray, QSettings, QStandardPaths

from gui.theme import Theme

LAYOUT_VERSION = 1  # raise it when splitters change, and older layouts are forgotten
TOOL_OPTIONS_VERSION = 1  # raise it when an option changes its meaning
MAX_RECENT_FILES = 10


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

    @property
    def recent_files(self) -> list[str]:
        """Documents that were opened or saved, the newest first."""
        stored = self._json("recent_files")
        paths = stored if isinstance(stored, list) else []
        return [path for path in paths if isinstance(path, str) and path][:MAX_RECENT_FILES]

    @recent_files.setter
    def recent_files(self, paths: list[str]) -> None:
        self._settings.setValue("recent_files", json.dumps(paths[:MAX_RECENT_FILES]))

    def add_recent_file(self, path: str) -> None:
        """Put a document first among the recent ones."""
        self.recent_files = [path, *(other for other in self.recent_files if other != path)]

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose such as "open"; else, or if it is gone, that of the documents."""
        value = self._settings.value(f"folders/{purpose}")
        with contextlib.suppress(OSError, ValueError):
            if isinstance(value, str) and value and Path(value).is_dir():
                return value
        return documents_folder()

    def proposal(self, purpose: str, name: str) -> str:
        """A path for a new file of that name, in the folder last used for the purpose."""
        return str(Path(self.folder(purpose)) / name)

    def remember_folder(self, purpose: str, path: str) -> None:
        """Remember the folder of a file."""
        self._settings.setValue(f"folders/{purpose}", str(Path(path).absolute().parent))

    @property
    def tool_options(self) -> dict[str, float | str]:
        """Options of the drawing tools by name; those of another version are forgotten."""
        stored = self._json("tool_options")
        if not isinstance(stored, dict) or stored.get("version") != TOOL_OPTIONS_VERSION:
            return {}
        options = stored.get("options")
        if not isinstance(options, dict):
            return {}
        return {name: value for name, value in options.items() if is_option(value)}

    @tool_options.setter
    def tool_options(self, options: dict[str, float | str]) -> None:
        self._settings.setValue("tool_options", json.dumps({"version": TOOL_OPTIONS_VERSION, "options": options}))

    def layout(self, name: str) -> QByteArray:
        """The geometry or splitter state of that name; empty if there is none."""
        value = self._settings.value(f"layout{LAYOUT_VERSION}/{name}")
        return value if isinstance(value, QByteArray) else QByteArray()

    def save_layout(self, name: str, state: QByteArray) -> None:
        """Remember a geometry or splitter state."""
        self._settings.setValue(f"layout{LAYOUT_VERSION}/{name}", state)

    def forget_layout(self) -> None:
        """Forget geometry and splitters."""
        self._settings.remove(f"layout{LAYOUT_VERSION}")

    def reset(self) -> None:
        """Forget everything."""
        self._settings.clear()
        self._settings.sync()

    def sync(self) -> None:
        """Write everything now."""
        self._settings.sync()

    def _json(self, key: str) -> Any:
        value = self._settings.value(key)
        try:
            return json.loads(value) if isinstance(value, str) else None
        except (ValueError, RecursionError):
            return None


def documents_folder() -> str:
    """The folder of the user's documents, or their home; never that in which the program was started."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return folder if folder and Path(folder).is_dir() else str(Path.home())


def is_option(value: object) -> bool:
    """Whether a value is a finite number, not a truth value, or a text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) < float("inf")
    return isinstance(value, str)
