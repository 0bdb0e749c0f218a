from __future__ import annotations

import pytest
from PySide6.QtCore import QByteArray, QSettings

from gui.preferences import LAYOUT_VERSION, Preferences
from gui.theme import Theme

pytestmark = pytest.mark.usefixtures("qapp")


def write(key: str, value: object) -> None:
    """As another program or an older version may have left it."""
    settings = QSettings("Marz", "Marz")
    settings.setValue(key, value)
    settings.sync()


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


@pytest.mark.parametrize("value", ["purple", "", 17, True, ["dark", "light"], QByteArray(b"dark?")])
def test_a_theme_that_cannot_be_read_is_that_of_the_system(value: object) -> None:
    write("theme", value)
    assert Preferences().theme is Theme.SYSTEM


@pytest.mark.parametrize("value", ["text", 5, ["a", "b"]])
def test_a_layout_that_cannot_be_read_is_none(value: object) -> None:
    write(f"layout{LAYOUT_VERSION}/window", value)
    assert Preferences().layout("window").isEmpty()


def test_the_layout_of_another_version_is_forgotten() -> None:
    write(f"layout{LAYOUT_VERSION - 1}/window", QByteArray(b"old"))
    assert Preferences().layout("window").isEmpty()
