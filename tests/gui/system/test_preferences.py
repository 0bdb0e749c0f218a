from __future__ import annotations

import base64
import json
import math
import os
import pickle
import random
import stat
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui.paint.theme import Theme
from gui.system.preferences import (
    FIRST_SPEED,
    LAYOUT,
    LAYOUT_VERSION,
    MAX_RECENT_FILES,
    SMOOTHINGS,
    SPEEDS,
    TOOL_OPTIONS_VERSION,
    Preferences,
    settings_folder,
)
from tests import ROOT
from tests.gui.conftest import MakeWindow

pytestmark = pytest.mark.usefixtures("qapp")


def settings_file() -> Path:
    path = settings_folder() / "settings.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    return path


def write(key: str, value: Any) -> None:
    """As another program or an older version may have left it."""
    path = settings_file()
    settings = json.loads(path.read_text(encoding="utf-8")) if path.exists() else {}
    path.write_text(json.dumps(settings | {key: value}), encoding="utf-8")


def test_at_first_the_theme_is_that_of_the_system_and_no_layout_is_known() -> None:
    assert Preferences().theme is Theme.SYSTEM
    assert Preferences().layout("window").isEmpty()


def test_the_theme_is_remembered() -> None:
    for theme in Theme:
        Preferences().theme = theme
        assert Preferences().theme is theme


def test_layouts_are_remembered_each_under_its_name() -> None:
    Preferences().save_layout("window", QByteArray(b"\x00\x01\xff geometry"))
    Preferences().save_layout("body", QByteArray(b"splitter"))
    assert Preferences().layout("window") == QByteArray(b"\x00\x01\xff geometry")
    assert Preferences().layout("body") == QByteArray(b"splitter")
    assert Preferences().layout("charts").isEmpty()


@pytest.mark.parametrize("value", ["purple", "", 17, True, None, ["dark", "light"], {"dark": "dark"}])
def test_a_theme_that_cannot_be_read_is_that_of_the_system(value: object) -> None:
    write("theme", value)
    assert Preferences().theme is Theme.SYSTEM


@pytest.mark.parametrize("value", ["texts", 5, ["a", "b"], None, "AA=A", "\u0628", "A" * 20_000])
def test_a_layout_that_cannot_be_read_is_none(value: object) -> None:
    write(LAYOUT, {"window": value, "body": base64.b64encode(b"splitter").decode()})
    assert Preferences().layout("body") == QByteArray(b"splitter"), "the others are as they were"
    assert Preferences().layout("window").isEmpty()


def test_the_layout_of_another_version_is_forgotten() -> None:
    write(f"layout{LAYOUT_VERSION - 1}", {"window": base64.b64encode(b"old").decode()})
    assert Preferences().layout("window").isEmpty()


def test_a_layout_can_be_forgotten_and_nothing_else_is() -> None:
    Preferences().save_layout("window", QByteArray(b"geometry"))
    Preferences().theme = Theme.DARK
    Preferences().forget_layout()
    assert Preferences().layout("window").isEmpty()
    assert Preferences().theme is Theme.DARK


def test_recent_files_are_remembered_once_each_with_the_newest_first() -> None:
    for path in ("/a", "/b, with a comma", "/a"):
        Preferences().add_recent_file(path)
    assert Preferences().recent_files == ["/a", "/b, with a comma"]


def test_of_many_recent_files_the_oldest_are_forgotten() -> None:
    for number in range(MAX_RECENT_FILES + 3):
        Preferences().add_recent_file(f"/{number}")
    assert Preferences().recent_files == [f"/{number}" for number in range(MAX_RECENT_FILES + 2, 2, -1)]


@pytest.mark.parametrize("value", ["", {}, 5, [5, [], ""], True, None])
def test_recent_files_that_cannot_be_read_are_none(value: object) -> None:
    write("recent_files", value)
    assert Preferences().recent_files == []


def test_of_recent_files_only_texts_count() -> None:
    write("recent_files", ["/a", 5, None, True, "", ["/b"], "/c"])
    assert Preferences().recent_files == ["/a", "/c"]


def test_a_folder_is_remembered_for_each_purpose_as_long_as_it_exists(tmp_path: Path) -> None:
    folder = tmp_path / "data"
    folder.mkdir()
    assert Preferences().folder("import") == str(Path.home())
    Preferences().remember_folder("import", str(folder / "cells.csv"))
    assert Preferences().folder("import") == str(folder)
    assert Preferences().folder("open") == str(Path.home())
    assert Preferences().proposal("import", "x.csv") == str(folder / "x.csv")
    folder.rmdir()
    assert Preferences().folder("import") == str(Path.home())
    assert Preferences().proposal("import", "x.csv") == str(Path.home() / "x.csv")


@pytest.mark.parametrize("value", [5, True, ["/tmp"], "\0", "x" * 10_000])
def test_a_folder_that_cannot_be_read_is_none(value: object) -> None:
    write("folders", {"open": value})
    assert Preferences().folder("open") == str(Path.home())


def test_tool_options_are_remembered_with_their_kinds() -> None:
    options: dict[str, float | str] = {"radius": 24.5, "points": 3, "spread": "uniform", "noise": 0.0}
    Preferences().tool_options = options
    assert Preferences().tool_options == options
    assert type(Preferences().tool_options["points"]) is int


@pytest.mark.parametrize(
    "value",
    [
        "nonsense",
        5,
        [],
        {},
        {"version": 1, "options": []},
        {"version": 1},
        {"version": 99, "options": {"a": 1}},
    ],
)
def test_tool_options_that_cannot_be_read_are_none(value: object) -> None:
    write("tool_options", value)
    assert Preferences().tool_options == {}


def test_of_tool_options_only_finite_numbers_and_texts_count() -> None:
    text = '{"a": true, "b": NaN, "c": Infinity, "d": null, "e": [1], "f": 2.5, "g": "x", "h": -1e400}'
    options = json.loads(text)
    write("tool_options", {"version": TOOL_OPTIONS_VERSION, "options": options})
    assert Preferences().tool_options == {"f": 2.5, "g": "x"}


def test_a_reset_forgets_everything() -> None:
    preferences = Preferences()
    preferences.theme = Theme.DARK
    preferences.add_recent_file("/a")
    preferences.tool_options = {"radius": 3.0}
    preferences.save_layout("window", QByteArray(b"geometry"))
    write("something else", "old")
    preferences.reset()
    assert json.loads(settings_file().read_text(encoding="utf-8")) == {}
    assert (Preferences().theme, Preferences().recent_files) == (Theme.SYSTEM, [])


@pytest.mark.skipif(sys.platform == "win32", reason="the place of the settings is not told by the environment there")
def test_where_settings_cannot_be_written_everything_works_for_the_day(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "occupied").touch()
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "occupied" / "settings"))
    preferences = Preferences()
    preferences.theme = Theme.DARK
    preferences.add_recent_file("/a")
    assert (preferences.theme, preferences.recent_files) == (Theme.DARK, ["/a"])
    preferences.reset()
    assert (preferences.theme, preferences.recent_files) == (Theme.SYSTEM, [])


def test_two_windows_leave_each_others_settings_alone() -> None:
    first, second = Preferences(), Preferences()
    first.theme = Theme.DARK
    second.add_recent_file("/a")
    first.add_recent_file("/b")
    assert (second.theme, second.recent_files) == (Theme.DARK, ["/b", "/a"])


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other modes")
def test_the_file_is_for_its_owner_alone() -> None:
    Preferences().add_recent_file("/secret")
    assert stat.S_IMODE(settings_file().stat().st_mode) == 0o600


@pytest.mark.parametrize(
    "content", [b"", b"[", b"[]", b"{" * 10**5, b'{"a":' * 10**5, b"\xff\xfe\x00", b"9" * 5000, b"null", b"{} {}"]
)
def test_a_damaged_file_is_forgotten_and_written_anew(content: bytes) -> None:
    settings_file().write_bytes(content)
    assert (Preferences().theme, Preferences().recent_files) == (Theme.SYSTEM, [])
    Preferences().theme = Theme.DARK
    assert Preferences().theme is Theme.DARK


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no named pipes in folders")
def test_a_pipe_in_its_place_is_not_waited_for() -> None:
    os.mkfifo(settings_file())
    preferences = Preferences()
    preferences.theme = Theme.DARK
    assert preferences.theme is Theme.DARK


# what Qt would make of them


class Harm:
    """Leaves a file behind when it is unpickled."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return (Path.touch, (self.mark,))


def as_ini(value: bytes) -> str:
    """Bytes as they stand in a file of QSettings."""
    return "".join(f"\\x{byte:x}" for byte in value)


def harmful(mark: Path) -> str:
    """A value of QSettings that PySide unpickles."""
    code = pickle.dumps(Harm(mark))
    name = b"PySide::PyObjectWrapper\0"
    content = b"\0\0\0\x7f" + len(name).to_bytes(4, "big") + name + len(code).to_bytes(4, "big") + code
    return f"@Variant({as_ini(content)})"


OPENS = """
import sys
from PySide6.QtCore import QSettings, QTimer
from PySide6.QtWidgets import QFileDialog
if sys.argv[1] == "as it was":
    from PySide6.QtWidgets import QApplication
    application = QApplication([])
    try:
        QSettings("Marz", "Marz").value("theme")
    except Exception:
        pass
else:
    import main
    from gui import app
    shown = app.offer_leftovers
    def leave(window):
        dialog = QFileDialog(window)
        dialog.setOption(QFileDialog.Option.DontUseNativeDialog)
        dialog.show()
        dialog.close()
        print("opened", flush=True)
        window.close()
    app.offer_leftovers = leave
    sys.exit(main.main([]))
"""


@pytest.mark.skipif(sys.platform != "linux", reason="Qt keeps settings elsewhere")
@pytest.mark.parametrize("how", ["as it was", "as it is"])
def test_code_in_the_settings_of_qt_is_not_run(how: str, tmp_path: Path) -> None:
    config, mark = settings_folder().parent, tmp_path / "mark"
    (config / "Marz").mkdir(parents=True)
    value = harmful(mark)
    text = "".join(f"{key}={value}\n" for key in ("theme", "recent_files", "tool_options"))
    (config / "Marz" / "Marz.conf").write_text(f"[General]\n{text}[layout1]\nwindow={value}\n", encoding="ascii")
    dialog = "".join(
        f"{key}={value}\n" for key in ("lastVisited", "history", "sidebarWidth", "shortcuts", "treeViewHeader")
    )
    (config / "QtProject.conf").write_text(f"[FileDialog]\n{dialog}", encoding="ascii")
    (config / "Marz" / "settings.json").write_text(json.dumps({"theme": value, LAYOUT: {"window": value}}))

    ended = subprocess.run([sys.executable, "-c", OPENS, how], cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert ended.returncode == 0, ended.stderr
    if how == "as it was":
        assert mark.exists(), "this test proves nothing: the value does no harm anywhere"
    else:
        assert "opened" in ended.stdout
        assert not mark.exists()


def test_what_an_earlier_version_kept_with_qt_is_taken_over_where_it_is_plain(tmp_path: Path) -> None:
    old = QSettings(str(settings_file().with_name("Marz.conf")), QSettings.Format.IniFormat)
    old.setValue("theme", "dark")
    old.setValue("recent_files", json.dumps(["/a b", '/ü "quoted"', "/c, d=e"]))
    old.setValue("tool_options", json.dumps({"version": TOOL_OPTIONS_VERSION, "options": {"radius": 2.5, "kind": "x"}}))
    old.setValue("layout1/window", QByteArray(b"geometry"))
    old.sync()

    preferences = Preferences()
    assert preferences.theme is Theme.DARK
    assert preferences.recent_files == ["/a b", '/ü "quoted"', "/c, d=e"]
    assert preferences.tool_options == {"radius": 2.5, "kind": "x"}
    preferences.reset()
    assert Preferences().theme is Theme.SYSTEM, "once forgotten, it does not come back"


def mutations(good: bytes, chance: random.Random) -> bytes:
    data = bytearray(good)
    for _ in range(chance.randint(1, 5)):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(4):
            case 0:
                data[place:place] = chance.randbytes(chance.randint(1, 9))
            case 1:
                del data[place : place + chance.randint(1, 30)]
            case 2 if place < len(data):
                data[place] = chance.randrange(256)
            case _:
                pieces = (
                    b"null",
                    b"[]",
                    b"{}",
                    b"1e999",
                    b"NaN",
                    b'"\\ud800"',
                    b"-1",
                    b'"' + b"A" * 999 + b'"',
                    b"true",
                )
                data[place:place] = chance.choice(pieces)
    return bytes(data)


def test_whatever_is_in_the_files_every_setting_is_of_its_kind() -> None:
    chance = random.Random("settings")
    settings = Preferences()
    settings.theme = Theme.DARK
    settings.add_recent_file("/a")
    settings.remember_folder("open", "/tmp/x")
    settings.tool_options = {"radius": 2.5}
    settings.save_layout("window", QByteArray(bytes(range(60))))
    settings.smoothing = 20.0
    good = settings_file().read_bytes()
    for number in range(3000):
        if number % 3:
            settings_file().write_bytes(mutations(good, chance))
        else:
            settings_file().unlink(missing_ok=True)
            old = b'[General]\ntheme=dark\nrecent_files="[\\"/a\\"]"\ntool_options="{}"\n'
            settings_file().with_name("Marz.conf").write_bytes(mutations(old, chance))
        made = Preferences()
        assert isinstance(made.theme, Theme)
        assert all(isinstance(path, str) for path in made.recent_files)
        assert isinstance(made.folder("open"), str)
        assert all(isinstance(value, int | float | str) for value in made.tool_options.values())
        assert isinstance(made.layout("window"), QByteArray)
        assert made.smoothing in SMOOTHINGS


def test_whatever_layouts_and_recent_files_are_remembered_the_window_opens(make_window: MakeWindow) -> None:
    chance = random.Random("layouts")
    first = make_window(wait=False)
    first.window_layout.save()
    stored = json.loads(settings_file().read_text(encoding="utf-8"))[LAYOUT]
    for number in range(20):
        if number % 2:
            layout = {n: mutations(base64.b64decode(value), chance) for n, value in stored.items()}
        else:
            layout = {name: chance.randbytes(chance.randrange(200)) for name in stored}
        write(LAYOUT, {name: base64.b64encode(value).decode() for name, value in layout.items()})
        first.window_layout.restore()
        screen = first.screen().virtualGeometry()
        assert first.width() <= 2 * screen.width()
        assert first.height() <= 2 * screen.height()
    write("recent_files", ["x" * 10_000, "a\0b", "\ud800", "\x1b[31m", "<img src=file:/x>", "/proc/self/mem/x", "&"])
    write(
        "tool_options", {"version": TOOL_OPTIONS_VERSION, "options": {"radius": 1e308, "spread": "n" * 10**5, "": -1}}
    )
    second = make_window(wait=False)
    second.files.recent_menu.fill()
    assert len(second.files.recent_menu.actions()) == 7 + 2


def test_the_speed_of_training_is_remembered_and_one_that_is_not_to_be_chosen_is_the_first() -> None:
    assert Preferences().speed == FIRST_SPEED
    for speed in SPEEDS:
        Preferences().speed = speed
        assert Preferences().speed == speed
    values: list[object] = [31.0, "30", None, [], math.inf, {"speed": 3}]
    for value in values:
        write("speed", value)
        assert Preferences().speed == FIRST_SPEED


def test_a_flag_is_off_until_it_is_set_and_in_whatever_else_is_stored() -> None:
    preferences = Preferences()
    assert preferences.has_seen_first_steps is False
    preferences.has_seen_first_steps = True
    assert Preferences().has_seen_first_steps is True
    for damaged in ("yes", 1, None, [True]):
        preferences._put("has_seen_first_steps", damaged)
        assert Preferences().has_seen_first_steps is False
