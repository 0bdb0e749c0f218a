from __future__ import annotations

import dataclasses
import math

import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QFontMetrics, QFontMetricsF, QHelpEvent
from PySide6.QtWidgets import QApplication, QSpinBox, QToolTip
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import LayerDiagnosis
from gui.layers.activation_lens import ActivationLens
from gui.layers.mean_outputs import CAPTIONS, LEFT, MIN_BAR, MeanOutputs, caption_in
from gui.paint.theme import DARK, LIGHT, Chrome, palette_of
from gui.text.numbers import signed
from tests.gui.diagnoses import make_diagnosis, make_layer
from tests.gui.pictures import of_colour, pixels
from tests.gui.snapshots import diagnosed


def layer(mean: float, *, is_zero_centred: bool = False) -> LayerDiagnosis:
    return dataclasses.replace(make_layer(1.0), mean_output=mean, is_zero_centred=is_zero_centred)


@pytest.fixture
def means(qtbot: QtBot) -> MeanOutputs:
    made = MeanOutputs()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(300, made.height())
    made.show()
    return made


def test_bars_go_up_from_zero_or_down_as_far_as_the_mean_says(means: MeanOutputs) -> None:
    means.show_layers([layer(0.5), layer(0.25), layer(-0.5), layer(0.0, is_zero_centred=True)], 0, None)
    up, half, down, none = (means.bar(index) for index in range(4))
    assert means.limits() == (-0.5, 0.5)
    assert up.bottom() == pytest.approx(half.bottom()) == pytest.approx(down.top())
    assert up.height() == pytest.approx(2 * half.height()) == pytest.approx(down.height())
    assert none.height() == 0
    assert up.right() < half.left()
    assert half.right() < down.left()


@pytest.mark.parametrize(
    ("values", "limits"),
    [
        ([0.3, 0.26], (0.0, 0.5)),
        ([0.51], (0.0, 1.0)),
        ([-3.0], (-5.0, 0.0)),
        ([2e-4, -1e-3], (-1e-3, 1e-3)),
        ([0.0], (0.0, 1.0)),
        ([math.nan, 0.4], (0.0, 0.5)),
        ([math.inf], (0.0, 1.0)),
        ([1.7e308], (0.0, 1e300)),
        ([5e-324], (0.0, 1e-300)),
    ],
)
def test_the_axis_ends_at_zero_or_at_a_round_number(
    means: MeanOutputs, values: list[float], limits: tuple[float, float]
) -> None:
    means.show_layers([layer(value) for value in values], 0, None)
    assert means.limits() == pytest.approx(limits, rel=1e-12, abs=0)
    means.grab()


def test_the_numbers_of_the_axis_have_room(means: MeanOutputs) -> None:
    font = means.font()
    font.setPixelSize(10)
    for exponent in range(-12, 13):
        for step in (1, 2, 5):
            assert QFontMetricsF(font).horizontalAdvance(signed(-step * 10.0**exponent, 1)) <= LEFT - 5


@pytest.mark.parametrize("mean", [1e-6, -1e-6])
def test_what_is_not_zero_centred_is_seen_beside_much_larger_means(means: MeanOutputs, mean: float) -> None:
    means.show_layers([layer(1.0), layer(mean)], 0, None)
    bar = means.bar(1)
    assert bar.height() == MIN_BAR
    zero = means.bar(0).bottom()
    assert (bar.bottom() if mean > 0 else bar.top()) == pytest.approx(zero)
    assert QRectF(means.rect()).contains(bar)


@pytest.mark.parametrize("chrome", [LIGHT, DARK])
def test_what_is_not_zero_centred_is_filled_and_what_is_not_finite_is_crossed_out(
    means: MeanOutputs, chrome: Chrome
) -> None:
    means.setPalette(palette_of(chrome))

    def inked(shown: LayerDiagnosis, colour: str) -> int:
        means.show_layers([shown], 0, 1)
        return int(of_colour(pixels(means)[16:44], QColor(colour).name()).sum())

    filled, hollow = (inked(layer(0.5, is_zero_centred=is_centred), chrome.lanes[1]) for is_centred in (False, True))
    assert filled > 3 * hollow > 0
    assert inked(layer(math.nan), chrome.lanes[1]) == 0
    assert inked(layer(math.nan), chrome.warning) > 0
    assert inked(layer(0.5), chrome.warning) == 0


def test_the_number_of_a_layer_is_told_and_how_many_lean(means: MeanOutputs, monkeypatch: pytest.MonkeyPatch) -> None:
    said: list[str] = []
    monkeypatch.setattr(QToolTip, "showText", lambda _place, text, *_where: said.append(text))
    means.show_layers([layer(0.51234), layer(-0.01, is_zero_centred=True), layer(math.nan)], 0, None)
    assert means.accessibleDescription().startswith("2 of 3 are not zero-centred.")
    for slot in means.slots():
        means.event(QHelpEvent(QHelpEvent.Type.ToolTip, slot.center().toPoint(), QPoint()))
    assert "Layer 1: 0.51234, not zero-centred." in said[0]
    assert "Layer 2: −0.010000, zero-centred." in said[1]
    assert "Layer 3: not finite." in said[2]
    assert means.layer_at(QPointF(2, 20)) is None


@pytest.mark.parametrize("count", [1, 20, 50, 200])
def test_any_number_of_layers_fits(means: MeanOutputs, count: int) -> None:
    means.show_layers([layer(0.5)] * count, count - 1, 0)
    assert means.slots()[-1].right() <= means.width()
    assert means.layer_at(means.slots()[-1].center()) == count - 1
    means.grab()


def test_a_click_in_the_lens_looks_at_that_layer(qtbot: QtBot) -> None:
    lens = ActivationLens()
    qtbot.addWidget(lens)
    lens.resize(430, 420)
    lens.show()
    lens.show_lanes(diagnosed([make_diagnosis([0.5] * 21)]))
    means, box = lens.findChild(MeanOutputs), lens.findChild(QSpinBox, "lens_layer_box")
    assert isinstance(means, MeanOutputs)
    assert isinstance(box, QSpinBox)
    assert len(means.slots()) == 20
    qtbot.mouseClick(means, Qt.MouseButton.LeftButton, pos=means.slots()[6].center().toPoint())
    assert box.value() == 7
    lens.show_lanes(diagnosed([None]))
    assert not means.slots()


@pytest.mark.usefixtures("each_font")
def test_the_caption_says_what_filled_bars_are_in_any_width_and_is_never_cut(qapp: QApplication) -> None:
    font = qapp.font()
    font.setPixelSize(10)
    metrics = QFontMetrics(font)
    said = [caption_in(metrics, width) for width in range(500, 159, -5)]
    assert said[0] == CAPTIONS[0]
    for width, caption in zip(range(500, 159, -5), said, strict=True):
        assert metrics.horizontalAdvance(caption) <= width
    assert said[:-1] == sorted(said[:-1], key=len, reverse=True)
    assert all("■ not zero-centred" in caption for width, caption in zip(range(500, 199, -5), said, strict=False))
