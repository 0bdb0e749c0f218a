"""Thumbnails: of every toy dataset, in the colours of its classes, and of every activation; drawn when first seen."""

from __future__ import annotations

from itertools import combinations

import pytest
from PySide6.QtCore import QSize
from PySide6.QtGui import QColor, QIcon, QImage
from PySide6.QtWidgets import QStyleOptionViewItem
from pytestqt.qtbot import QtBot

from engine.config import Activation, ToyDataset
from engine.toy_datasets import ROWS
from gui.paint.theme import CLASS_COLOURS, DARK, LIGHT, Chrome, palette_of
from gui.settings.thumbnails import ThumbnailDelegate, thumbnail, tile_size
from gui.text.names import TOY_DATASETS
from gui.widgets.choice_box import ChoiceBox

KINDS, SIZE = list(ToyDataset), 40
THREE_CLASSES = (ToyDataset.BLOBS, ToyDataset.SPIRAL, ToyDataset.RINGS, ToyDataset.MIXTURE)


def picture(kind: ToyDataset, chrome: Chrome = LIGHT, mode: QIcon.Mode = QIcon.Mode.Normal) -> QImage:
    return thumbnail(kind, chrome, SIZE, SIZE).pixmap(QSize(SIZE, SIZE), 1.0, mode).toImage()


def count(image: QImage, colour: str) -> int:
    """Pixels that are of a colour but for rounding."""
    wanted = QColor(colour)
    pixels = (image.pixelColor(x, y) for x in range(image.width()) for y in range(image.height()))
    return sum(
        max(abs(p.red() - wanted.red()), abs(p.green() - wanted.green()), abs(p.blue() - wanted.blue())) < 8
        for p in pixels
    )


@pytest.mark.parametrize("chrome", [LIGHT, DARK])
@pytest.mark.parametrize("kind", KINDS)
def test_a_thumbnail_shows_two_or_three_classes_in_their_colours(
    qtbot: QtBot, kind: ToyDataset, chrome: Chrome
) -> None:
    image = picture(kind, chrome)
    if ROWS[kind].curve is not None:
        assert count(image, chrome.boundary) > 8, "the curve of the values"
        return
    n_classes = 3 if kind in THREE_CLASSES else 2

    assert (image.width(), image.height()) == (SIZE, SIZE)
    assert [count(image, colour) > 8 for colour in CLASS_COLOURS[:3]] == [True, True, n_classes == 3]
    assert count(image, chrome.surface) > SIZE * SIZE / 4


def test_every_shape_looks_different(qtbot: QtBot) -> None:
    assert all(picture(one) != picture(other) for one, other in combinations(KINDS, 2))


@pytest.mark.parametrize("kind", KINDS)
def test_a_selected_thumbnail_is_not_tinted(qtbot: QtBot, kind: ToyDataset) -> None:
    assert picture(kind, mode=QIcon.Mode.Selected) == picture(kind)


def test_on_a_dense_screen_there_are_more_pixels(qtbot: QtBot) -> None:
    pixmap = thumbnail(ToyDataset.RINGS, LIGHT, SIZE, SIZE, 2.0).pixmap(QSize(SIZE, SIZE), 2.0)

    assert (pixmap.width(), pixmap.height()) == (2 * SIZE, 2 * SIZE)


@pytest.fixture
def box(qtbot: QtBot) -> ChoiceBox[ToyDataset]:
    made = ChoiceBox("dataset_box", TOY_DATASETS)
    qtbot.addWidget(made)
    made.setItemDelegate(ThumbnailDelegate(list(TOY_DATASETS), made))
    return made


def styled(box: ChoiceBox[ToyDataset], row: int) -> QIcon:
    """The icon that a row of the list is painted with."""
    option = QStyleOptionViewItem()
    option.widget = box.view()
    delegate = box.itemDelegate()
    assert isinstance(delegate, ThumbnailDelegate)
    delegate.initStyleOption(option, box.model().index(row, 0))
    assert option.decorationSize == tile_size(KINDS[row], option.fontMetrics)
    assert option.text == box.itemText(row)
    return QIcon(option.icon)  # which goes with the option


@pytest.mark.qt_log_ignore("This plugin does not support", extend=True)  # without a screen, of any popup
def test_nothing_is_drawn_before_the_list_is_opened(box: ChoiceBox[ToyDataset], qtbot: QtBot) -> None:
    thumbnail.cache_clear()
    box.show()
    qtbot.waitExposed(box)
    height = box.sizeHint().height()
    assert thumbnail.cache_info().misses == 0

    box.showPopup()
    qtbot.waitUntil(lambda: thumbnail.cache_info().misses == len(KINDS))
    box.hidePopup()
    box.showPopup()
    box.view().repaint()
    assert thumbnail.cache_info().misses == len(KINDS)
    assert box.sizeHint().height() == height
    box.hidePopup()


def test_the_rows_show_the_shapes_that_they_name_in_the_colours_of_the_window(box: ChoiceBox[ToyDataset]) -> None:
    for chrome in (LIGHT, DARK, LIGHT):
        box.view().setPalette(palette_of(chrome))
        for row, kind in enumerate(TOY_DATASETS):
            icon = styled(box, row)
            (size,) = icon.availableSizes()
            shown = icon.pixmap(size, 1.0).toImage()
            assert shown == thumbnail(kind, chrome, *size.toTuple()).pixmap(size, 1.0).toImage()


def test_a_row_has_room_for_its_thumbnail(box: ChoiceBox[ToyDataset]) -> None:
    option = QStyleOptionViewItem()
    option.initFrom(box)
    hint = box.itemDelegate().sizeHint(option, box.model().index(9, 0))

    tile = tile_size(KINDS[9], option.fontMetrics)
    assert hint.height() > tile.height() > 2 * option.fontMetrics.height()
    assert hint.width() > tile.width() + option.fontMetrics.horizontalAdvance(box.itemText(9))


def test_every_activation_has_a_curve_of_its_own_and_all_are_on_the_same_axes(qtbot: QtBot) -> None:
    tiles = {kind: thumbnail(kind, LIGHT, 60, 40).pixmap(60, 40).toImage() for kind in Activation}
    line = QColor(LIGHT.bar)

    def lowest_blue(kind: Activation, column: int) -> int:
        """The row of the curve in a column, from above; the axes are grey."""
        rows = range(tiles[kind].height())
        reds = [tiles[kind].pixelColor(column, row) for row in rows]
        return min(rows, key=lambda row: abs(reds[row].red() - line.red()) + abs(reds[row].blue() - line.blue()))

    different = {kind: tile for kind, tile in tiles.items() if kind is not Activation.SOFTMAX}  # of two: a sigmoid
    assert all(one != other for one, other in combinations(different.values(), 2))
    assert lowest_blue(Activation.SIGMOID, 5) > lowest_blue(Activation.SIGMOID, 54)
    assert lowest_blue(Activation.TANH, 5) > lowest_blue(Activation.SIGMOID, 5) + 3  # to -1, not to 0
    assert abs(lowest_blue(Activation.RELU, 5) - lowest_blue(Activation.SIGMOID, 5)) <= 1
