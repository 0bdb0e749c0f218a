from __future__ import annotations

from xml.etree import ElementTree

import numpy as np
import pytest
from PySide6.QtGui import QAction, QIcon
from PySide6.QtWidgets import QApplication, QWidget
from pytestqt.qtbot import QtBot

from gui.paint.icons import FOLDER, SIZES, ThemedIcon, icon
from gui.paint.theme import DARK, LIGHT, palette_of
from tests.gui.pictures import of_colour, pixels

pytestmark = pytest.mark.usefixtures("qapp")
NAMES = sorted(path.stem for path in FOLDER.glob("*.svg") if path.stem != "marz")


def test_there_are_icons() -> None:
    assert {
        "train",
        "pause",
        "step",
        "reset",
        "brush",
        "spray",
        "eraser",
        "undo",
        "redo",
        "fit",
        "add",
        "remove",
        *("fold", "unfold", "pop_out", "back", "experiments", "fast", "picture", "presentation", "pin", "palette"),
        *("settings", "help", "warning", "information", "question", "error"),
    } <= set(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_an_icon_is_drawn_in_the_colour_asked_for_and_in_that_only(name: str) -> None:
    made = icon(name, "#ff0000", "#0000ff")
    for size in SIZES:
        for mode, colour in ((QIcon.Mode.Normal, "#ff0000"), (QIcon.Mode.Disabled, "#0000ff")):
            picture = pixels(made.pixmap(size, size, mode))
            opaque = (picture >> 24) == 255
            assert picture.any(), name
            assert of_colour(picture, colour)[opaque].all(), name


def test_icons_differ() -> None:
    pictures = {pixels(icon(name, "#000000", "#888888").pixmap(32, 32)).tobytes() for name in NAMES}
    assert len(pictures) == len(NAMES)


def test_icons_are_plain_drawings_without_links_or_scripts() -> None:
    for path in FOLDER.glob("*.svg"):
        for element in ElementTree.parse(path).iter():
            assert element.tag.split("}")[-1] not in ("script", "image", "foreignObject")
            assert not any("href" in attribute for attribute in element.attrib)


def test_all_icons_have_one_grid_and_one_stroke() -> None:
    roots = [ElementTree.parse(FOLDER / f"{name}.svg").getroot() for name in NAMES]
    assert len({tuple(sorted(root.attrib.items())) for root in roots}) == 1
    assert roots[0].get("viewBox") == "0 0 24 24"
    assert (roots[0].get("stroke-linecap"), roots[0].get("stroke-linejoin")) == ("round", "round")
    for root, name in zip(roots, NAMES, strict=True):
        for part in root.iter():
            own = {attribute for attribute in part.attrib if part is not root}
            assert own <= {"d", "cx", "cy", "r", "fill"}, name
            assert part is root or part.get("fill", "currentColor") == "currentColor", name


def test_an_icon_fills_its_grid_and_is_not_cut(qapp: QApplication) -> None:
    for name in NAMES:
        shown = pixels(icon(name, "#000000", "#888888").pixmap(48, 48)) >> 24 > 0
        edge = np.concatenate([shown[:2].ravel(), shown[-2:].ravel(), shown[:, :2].ravel(), shown[:, -2:].ravel()])
        assert not edge.any(), name
        rows, columns = (np.flatnonzero(shown.any(axis=axis)) for axis in (1, 0))
        assert max(np.ptp(rows), np.ptp(columns)) >= 27, name


def test_the_icon_of_the_program_can_be_shown() -> None:
    assert (pixels(QIcon(str(FOLDER / "marz.svg")).pixmap(64, 64)) >> 24).any()


def test_the_same_icon_is_drawn_once() -> None:
    assert icon("train", "#000000", "#888888") is icon("train", "#000000", "#888888")


def test_an_icon_that_does_not_exist_is_an_error() -> None:
    with pytest.raises(FileNotFoundError):
        icon("unicorn", "#000000", "#888888")


def test_a_themed_icon_follows_the_palette_and_can_become_another(qtbot: QtBot) -> None:
    widget, action = QWidget(), QAction("x")
    qtbot.addWidget(widget)
    widget.setPalette(palette_of(LIGHT))
    themed = ThemedIcon(widget, action, "train")

    def picture() -> object:
        return pixels(action.icon().pixmap(32, 32))

    assert of_colour(pixels(action.icon().pixmap(32, 32)), LIGHT.ink).any()
    widget.setPalette(palette_of(DARK))
    assert of_colour(pixels(action.icon().pixmap(32, 32)), DARK.ink).any()
    train = pixels(action.icon().pixmap(32, 32))
    themed.use("pause")
    assert (pixels(action.icon().pixmap(32, 32)) != train).any()
    themed.use("train")
    assert (pixels(action.icon().pixmap(32, 32)) == train).all()
