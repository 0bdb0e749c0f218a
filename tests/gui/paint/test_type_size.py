from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from gui.paint.type_size import (
    CAPITALS,
    STEPS,
    USUAL_FONT,
    TextSize,
    drawn,
    keep_size,
    least_text,
    scale_of,
    scaled,
    sized,
)
from tests.gui.fonts import FAMILIES, own_font


@pytest.fixture
def text_size(qapp: QApplication) -> Iterator[TextSize]:
    """The size of the text of this application, which is as usual again afterwards."""
    made = TextSize(qapp)
    yield made
    made.use(1.0)


def font_of(pixel_size: int) -> QFont:
    font = own_font("wide")
    font.setPixelSize(pixel_size)
    return font


@pytest.mark.parametrize("pixel_size", [9, 12, 13, 15, 24, 37])
@pytest.mark.usefixtures("qapp")
def test_the_scale_is_the_size_over_that_of_the_usual_font(pixel_size: int) -> None:
    assert scale_of(font_of(pixel_size)) == pixel_size / 12


@pytest.mark.parametrize("size", [9, 10, 11, 12, 13, 20])
@pytest.mark.usefixtures("qapp")
def test_no_text_becomes_smaller_where_the_font_does_not_and_small_texts_grow_most(size: int) -> None:
    shown = [size_on_screen(pixel_size, size) for pixel_size in range(9, 60)]
    relative = [painted / pixel_size for painted, pixel_size in zip(shown, range(9, 60), strict=True)]

    assert min(shown) >= 9
    assert size_on_screen(USUAL_FONT, size) == size
    assert relative[30] >= 1  # as large as the font from a scale of 1.5 on
    assert least_text(1.5) == least_text(3.0) == USUAL_FONT


def size_on_screen(pixel_size: int, size: float) -> float:
    """The pixels of a text that a painter writes which is scaled as the font is."""
    return sized(font_of(pixel_size), size).pixelSize() * scale_of(font_of(pixel_size))


@pytest.mark.parametrize("pixel_size", [12, 15, 18, 30])
@pytest.mark.usefixtures("qapp")
def test_a_text_is_as_large_whether_the_painter_is_scaled_or_not(pixel_size: int) -> None:
    for size in (9, 11, 13, 22):
        unscaled = drawn(font_of(pixel_size), size, is_bold=True)
        assert unscaled.pixelSize() == pytest.approx(size_on_screen(pixel_size, size), abs=pixel_size / 12)
        assert unscaled.bold()


@pytest.mark.usefixtures("qapp")
def test_fonts_in_points_and_in_pixels_are_scaled_alike() -> None:
    assert scaled(own_font("wide", 9.0), 1.5).pointSizeF() == 13.5
    assert scaled(font_of(12), 1.5, bold=True).pixelSize() == 18
    assert scaled(scaled(font_of(12), 1.5, bold=True), 2.0).bold()


def test_all_steps_reach_every_widget_and_a_label_keeps_its_share(
    qtbot: QtBot, qapp: QApplication, text_size: TextSize
) -> None:
    usual, small, plain = QFontInfo(qapp.font()).pixelSize(), QLabel("small"), QLabel("plain")
    for label in (small, plain):
        qtbot.addWidget(label)
    keep_size(small, 11, is_bold=True)
    sizes = []
    for step in STEPS:
        text_size.use(step / 100)
        assert QFontInfo(plain.font()).pixelSize() == pytest.approx(usual * step / 100, abs=0.6)
        assert small.font().pixelSize() <= QFontInfo(plain.font()).pixelSize()
        assert small.font().bold()
        sizes.append(small.font().pixelSize())

    assert sizes == sorted(sizes)
    assert len(set(sizes)) == len(STEPS)
    text_size.use(1.0)
    assert qapp.font() == own_font("wide")


@pytest.mark.parametrize("family", FAMILIES)
@pytest.mark.parametrize(("height", "capital"), [(1080, 21), (720, 14), (2160, 42)])
def test_capitals_are_as_high_as_the_last_row_needs(
    qapp: QApplication, family: str, height: int, capital: float
) -> None:
    qapp.setFont(own_font(family))
    text_size = TextSize(qapp)
    text_size.use(text_size.for_last_row(height))
    try:
        assert capital <= QFontMetricsF(qapp.font()).capHeight() <= 1.15 * capital + 1
    finally:
        text_size.use(1.0)
    assert CAPITALS * height == pytest.approx(capital)
