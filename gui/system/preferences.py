"""The preferences that the window remembers from one start to the next."""

from __future__ import annotations

import base64
import contextlib
import json
from collections.abc import Iterable
from pathlib import Path
from typing import Any, Generic, TypeVar

from PySide6.QtCore import QByteArray, QStandardPaths

from engine.files.whole_files import FileError, make_private_folder, read_file, replace_file
from engine.insight.field import Shading
from gui.paint.theme import Theme
from gui.paint.type_size import STEPS

T = TypeVar("T")
LAYOUT_VERSION = 1  # raise it when splitters change, and older layouts are forgotten
TOOL_OPTIONS_VERSION = 1  # raise it when an option changes its meaning
LAYOUT = f"layout{LAYOUT_VERSION}"
SPEEDS = (1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, None)  # epochs a second; None: as fast as possible
FIRST_SPEED = 30.0  # with which the first run is a film of ten to twenty seconds
SMOOTHINGS = (3.0, 8.0, 20.0)  # rows of a history after which a value of a smooth curve counts 1/e
USUAL_SMOOTHING = 8.0
OFF_ON = (False, True)
FASTEST = "fastest"  # as None is remembered
MAX_RECENT_FILES = 10
MAX_FILE_BYTES = 2**20
OLD_NAME = "Marz.conf"
MAX_LAYOUT_LENGTH = 10_000


def settings_folder() -> Path:
    """The folder of the file of settings."""
    return Path(QStandardPaths.writableLocation(QStandardPaths.StandardLocation.GenericConfigLocation)) / "Marz"


class Remembered(Generic[T]):
    """A preference that is one of some choices; it is kept under its own name.

    Args:
        usual: that at first.
        choices: all that it may be.
    """

    def __init__(self, usual: T, choices: Iterable[T]) -> None:
        self._usual, self._choices = usual, choices

    def __set_name__(self, owner: type[Preferences], name: str) -> None:
        self._name = name

    def __get__(self, preferences: Preferences, owner: type[Preferences]) -> T:
        value = preferences._value(self._name)
        is_truth = isinstance(value, bool)  # which counts as a number else
        found = (each for each in self._choices if each == value and isinstance(each, bool) is is_truth)
        return next(found, self._usual)

    def __set__(self, preferences: Preferences, choice: T) -> None:
        preferences._put(self._name, choice)


class Preferences:
    """Typed access to a JSON file; what cannot be read, a value or all of them, is the default.

    Each is read when it is asked for and written when it is set, so that windows that are open at once leave each
    other's alone. Where the file cannot be written, settings hold for the day. `QSettings` is not used: it builds
    objects from what it reads, and PySide unpickles them, which runs code.

    Attributes:
        theme: light, dark, or as the system.
        shading: what the colours of the plane mean.
        has_seen_first_steps: whether the first steps were shown once.
        reduces_motion: whether little is to move, whatever the system says.
        has_log_loss, has_smooth_curves: how the curves are drawn.
        has_contours, rings_mistakes: whether the plane shows lines of equal probability, and rings around mistakes.
        stretches_plane: whether the plane fills its room, with a scale of its own for each axis.
        smoothing: the strength of smooth curves, see `SMOOTHINGS`.
        text_size: in percent of the system's, one of the steps.
    """

    theme, shading = Remembered(Theme.SYSTEM, Theme), Remembered(Shading.CONFIDENCE, Shading)
    has_seen_first_steps, reduces_motion = Remembered(False, OFF_ON), Remembered(False, OFF_ON)
    has_log_loss, has_smooth_curves = Remembered(False, OFF_ON), Remembered(False, OFF_ON)
    stretches_plane = Remembered(False, OFF_ON)
    has_contours, rings_mistakes = Remembered(False, OFF_ON), Remembered(False, OFF_ON)
    smoothing, text_size = Remembered(USUAL_SMOOTHING, SMOOTHINGS), Remembered(100, STEPS)

    def __init__(self) -> None:
        self._path = settings_folder() / "settings.json"
        self._for_the_day: dict[str, Any] | None = None  # all of them, if the file cannot be written

    @property
    def speed(self) -> float | None:
        """Epochs a second that are trained; None as fast as possible."""
        value = self._value("speed")
        if value == FASTEST:
            return None
        return next((speed for speed in SPEEDS if speed is not None and speed == value), FIRST_SPEED)

    @speed.setter
    def speed(self, speed: float | None) -> None:
        self._put("speed", FASTEST if speed is None else speed)

    @property
    def recent_files(self) -> list[str]:
        """Documents that were opened or saved, the newest first."""
        stored = self._value("recent_files")
        paths = stored if isinstance(stored, list) else []
        return [path for path in paths if isinstance(path, str) and path][:MAX_RECENT_FILES]

    @recent_files.setter
    def recent_files(self, paths: list[str]) -> None:
        self._put("recent_files", paths[:MAX_RECENT_FILES])

    def add_recent_file(self, path: str) -> None:
        """Put a document first among the recent ones."""
        self.recent_files = [path, *(other for other in self.recent_files if other != path)]

    def folder(self, purpose: str) -> str:
        """The folder last used for a purpose such as "open"; else, or if it is gone, that of the documents."""
        value = self._table("folders").get(purpose)
        with contextlib.suppress(OSError, ValueError):
            if isinstance(value, str) and value and Path(value).is_dir():
                return value
        return documents_folder()

    def proposal(self, purpose: str, name: str) -> str:
        """A path for a new file of that name, in the folder last used for the purpose."""
        return str(Path(self.folder(purpose)) / name)

    def remember_folder(self, purpose: str, path: str) -> None:
        """Remember the folder of a file."""
        self._put("folders", self._table("folders") | {purpose: str(Path(path).absolute().parent)})

    @property
    def tool_options(self) -> dict[str, float | str]:
        """Options of the drawing tools by name; those of another version are forgotten."""
        stored = self._table("tool_options")
        options = stored.get("options")
        if stored.get("version") != TOOL_OPTIONS_VERSION or not isinstance(options, dict):
            return {}
        return {name: value for name, value in options.items() if is_option(value)}

    @tool_options.setter
    def tool_options(self, options: dict[str, float | str]) -> None:
        self._put("tool_options", {"version": TOOL_OPTIONS_VERSION, "options": options})

    def layout(self, name: str) -> QByteArray:
        """The geometry or splitter state of that name; empty if there is none."""
        value = self._table(LAYOUT).get(name)
        try:
            if isinstance(value, str) and len(value) <= MAX_LAYOUT_LENGTH:
                return QByteArray(base64.b64decode(value, validate=True))
        except ValueError:
            pass
        return QByteArray()

    def save_layout(self, name: str, state: QByteArray) -> None:
        """Remember a geometry or splitter state."""
        self._put(LAYOUT, self._table(LAYOUT) | {name: base64.b64encode(state.data()).decode("ascii")})

    def forget_layout(self) -> None:
        """Forget geometry and splitters."""
        self._put(LAYOUT, {})

    def reset(self) -> None:
        """Forget everything."""
        self._write({})

    def _value(self, key: str) -> Any:
        return self._read().get(key)

    def _table(self, key: str) -> dict[str, Any]:
        value = self._value(key)
        return value if isinstance(value, dict) else {}

    def _put(self, key: str, value: Any) -> None:
        self._write(self._read() | {key: value})

    def _read(self) -> dict[str, Any]:
        return settings_in(self._path) if self._for_the_day is None else self._for_the_day

    def _write(self, settings: dict[str, Any]) -> None:
        try:
            make_private_folder(self._path.parent)
            replace_file(self._path, json.dumps(settings).encode("ascii"), durable=False, private=True)
            self._for_the_day = None
        except (OSError, FileError):
            self._for_the_day = settings


def settings_in(path: Path) -> dict[str, Any]:
    """The settings in a file; nothing if it is damaged; if it is not there yet, what an earlier version left."""
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError:
        return {} if path.exists() else old_settings(path.parent)
    try:
        settings = json.loads(content)
    except (ValueError, RecursionError):
        return {}
    return settings if isinstance(settings, dict) else {}


def old_settings(folder: Path) -> dict[str, Any]:
    """Theme, recent files and tool options of a version that kept them with Qt, as far as they are plain texts."""
    try:
        lines = read_file(folder / OLD_NAME, MAX_FILE_BYTES).decode("utf-8", errors="replace").splitlines()
    except FileError:
        return {}
    found: dict[str, Any] = {}
    for key, _, value in (line.partition("=") for line in lines):
        with contextlib.suppress(ValueError, TypeError, RecursionError):
            if key == "theme":
                found[key] = value
            elif key in ("recent_files", "tool_options"):  # JSON in quotation marks, which JSON can read, too
                found[key] = json.loads(json.loads(value))
    return found


def documents_folder() -> str:
    """The folder of the user's documents, or their home; never that in which the program was started."""
    folder = QStandardPaths.writableLocation(QStandardPaths.StandardLocation.DocumentsLocation)
    return folder if folder and Path(folder).is_dir() else str(Path.home())


def is_option(value: object) -> bool:
    """True if a value is a finite number, not a truth value, or a text."""
    if isinstance(value, int | float) and not isinstance(value, bool):
        return abs(value) < float("inf")
    return isinstance(value, str)
