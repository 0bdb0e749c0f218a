from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from PySide6.QtGui import QColor, QGuiApplication, QImage
from PySide6.QtWidgets import QApplication, QWidget

import gui.files.pictures
from gui.actions import Action
from gui.files import questions
from gui.files.pictures import PARTS, RATIOS, PictureDialog, PicturePart, PictureWish
from gui.main_window import MainWindow
from gui.paint.picture import image_of
from gui.paint.theme import DARK, LIGHT, Theme, apply_theme
from tests.gui.conftest import MakeStill


@pytest.fixture
def window(make_still: MakeStill, qapp: QApplication) -> Iterator[MainWindow]:
    """A dark window."""
    palette = qapp.palette()
    apply_theme(qapp, Theme.DARK)
    yield make_still(1000, 640)
    QGuiApplication.clipboard().clear()
    qapp.setPalette(palette)


def test_a_picture_is_copied_and_exported_as_wished_for(
    window: MainWindow, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, told, proposed = window.pictures, list[str](), list[str]()
    pictures.told.connect(lambda fact: told.append(str(fact)))
    pictures.wish = PictureWish(PicturePart.WINDOW, 3)
    window.actions_by_name[Action.COPY_PICTURE].trigger()
    assert QGuiApplication.clipboard().image().size() == window.size() * 3
    assert told[-1] == f"Picture of {3 * window.width()} × {3 * window.height()} pixels copied."

    answers = iter(["dark.png", "light.PNG", "planes.svg", "no/such/folder.png"])

    def answer(_parent: object, proposal: str) -> str:
        proposed.append(Path(proposal).name)
        return str(tmp_path / next(answers))

    monkeypatch.setattr(questions, "ask_picture_path", answer)
    for is_light in (False, True, False):
        pictures.wish = PictureWish(PicturePart.PLANES, 2, is_light)
        assert pictures.save()
    dark, light = (QImage(str(tmp_path / name)) for name in ("dark.png", "light.PNG"))
    assert dark.size() == light.size() == window.workbench.fields.size() * 2
    assert dark.pixelColor(3, 3).name() == QColor(DARK.surface).name()
    assert light.pixelColor(3, 3).name() == QColor(LIGHT.surface).name()
    assert (tmp_path / "planes.svg").read_bytes().startswith(b"<?xml")
    assert str(tmp_path / "planes.svg") in told[-1]
    assert all(name.startswith("Marz 2") and name.endswith(".png") for name in proposed)

    failed = len(told)
    assert not pictures.save()
    assert len(told) == failed
    box = QApplication.activeModalWidget()
    assert box is not None
    box.close()


def test_the_dialog_shows_what_will_be_kept_and_remembers_it(
    window: MainWindow, monkeypatch: pytest.MonkeyPatch
) -> None:
    pictures, ratios = window.pictures, list[float]()

    def painted(widget: QWidget, ratio: float, *, is_light: bool = False) -> QImage:
        ratios.append(ratio)
        return image_of(widget, ratio, is_light=is_light)

    monkeypatch.setattr(gui.files.pictures, "image_of", painted)
    pictures.wish = PictureWish(PicturePart.PLANES, 1)
    dialog = PictureDialog(pictures, window)
    for part in PARTS:
        dialog.part_box.setCurrentIndex(list(PARTS).index(part))
        assert pictures.wish.part is part
        width, height = pictures.size(4)
        assert f"{width:,} by {height:,}" in dialog.size_box.itemText(RATIOS.index(4))
        picture = dialog.preview.pixmap()
        assert picture.width() / picture.height() == pytest.approx(width / height, rel=0.02)
    dialog.size_box.setCurrentIndex(2)
    corner = dialog.preview.pixmap().toImage().pixelColor(1, 1)
    dialog.light_box.setChecked(True)
    assert dialog.preview.pixmap().toImage().pixelColor(1, 1).lightness() > corner.lightness() + 100
    assert pictures.wish == PictureWish(PicturePart.WINDOW, 3, is_light=True)
    assert set(ratios) == {window.devicePixelRatioF()}  # nothing larger is painted to be looked at
    dialog.deleteLater()
    QCoreApplication.processEvents()
