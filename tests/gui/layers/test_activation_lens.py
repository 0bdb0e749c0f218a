from __future__ import annotations

import dataclasses
from collections.abc import Callable

import numpy as np
import pytest
import torch
from PySide6.QtWidgets import QComboBox, QLabel, QSpinBox, QWidget
from pytestqt.qtbot import QtBot

from engine.config import Activation
from engine.insight.diagnosis import Diagnosis, GradientSize, LayerDiagnosis
from engine.insight.verdict import Fit
from engine.mlp.activations import ActivationCost, Shape
from gui.layers.activation_lens import NOT_FINITE, NOTHING_YET, ZIG_ZAG, ActivationLens
from gui.layers.lens_picture import LensPicture, fitting, slope_scale
from gui.layers.mean_outputs import MeanOutputs
from gui.paint.swatches import curves
from gui.paint.theme import DARK, LIGHT, Chrome, palette_of
from tests.gui.pictures import of_colour, pixels, rgb
from tests.gui.snapshots import diagnosed

SIZES = [(430, 360), (560, 250)]
SIZE = GradientSize(1.0, 1.0, 1.0)
LAYER = LayerDiagnosis(
    activation=Activation.SIGMOID, weight_gradient=SIZE, bias_gradient=SIZE, layer_gradient=SIZE, update_ratio=1e-3,
    signal=1.0, factor=0.2, rms_slope=0.2, weight_factor=1.0, slope_bound=0.25,
    z_edges=np.linspace(-8, 8, 42), z_counts=np.arange(41), output_edges=np.linspace(0, 1, 42),
    output_counts=np.arange(41)[::-1].copy(), n_units=16, saturated_share=0.623, n_saturated_units=5, n_dead_units=3,
    n_linear_units=2, mean_output=0.51, is_zero_centred=False, one_sign_share=1.0,
)  # fmt: skip


def diagnosis(*hidden: LayerDiagnosis) -> Diagnosis:
    return Diagnosis((*hidden, dataclasses.replace(LAYER, activation=None)), 100, 100, 1.0, Fit(), 1)


@pytest.fixture
def lens(qtbot: QtBot) -> ActivationLens:
    made = ActivationLens()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(430, 360)
    made.show()
    qtbot.waitExposed(made)
    return made


def layer_box(lens: ActivationLens) -> QSpinBox:
    box = lens.findChild(QSpinBox, "lens_layer_box")
    assert isinstance(box, QSpinBox)
    return box


def lane_box(lens: ActivationLens) -> QComboBox:
    box = lens.findChild(QComboBox, "lens_lane_box")
    assert isinstance(box, QComboBox)
    return box


def picture(lens: ActivationLens) -> LensPicture:
    found = lens.findChild(LensPicture)
    assert isinstance(found, LensPicture)
    return found


def test_what_is_measured_is_said_in_words(lens: ActivationLens) -> None:
    lens.show_lanes(diagnosed([diagnosis(LAYER)], costs={Activation.SIGMOID: ActivationCost(1.234, 0.567)}))

    for words in (
        "62.3 % of the values", "5 of 16 units at more than 99 % of the points", "<b>Dead</b>: 3 of 16 units",
        "<b>Linear</b>: 2 of 16", "0.51, <b>not zero-centred</b>", "<b>Inputs of one sign</b>: 100.0 %", ZIG_ZAG,
        "1.23 ns a value forward, 0.57 ns back",
    ):  # fmt: skip
        assert words in lens.words


def test_a_layer_most_of_whose_units_are_dead_is_named_whichever_is_looked_at(lens: ActivationLens) -> None:
    fine = dataclasses.replace(LAYER, n_dead_units=8, n_saturated_units=8)
    lens.show_lanes(diagnosed([diagnosis(fine, fine)]))
    assert "rule: more than half" not in lens.words
    lens.show_lanes(diagnosed([diagnosis(fine, dataclasses.replace(fine, n_dead_units=12))]))
    assert "<b>12 of 16 units in layer 2 are dead: output and slope are 0 for every point" in lens.words
    lens.show_lanes(diagnosed([diagnosis(fine, dataclasses.replace(fine, n_saturated_units=9))]))
    assert "<b>9 of 16 units in layer 2 are saturated: the slope is tiny for more than 99 % of the points" in lens.words
    assert "Layer 1, which is shown here:" in lens.words
    lens.show_layer(1)
    assert "which is shown here" not in lens.words


def test_costs_that_are_not_known_are_not_told_and_a_small_mean_is_zero_centred(lens: ActivationLens) -> None:
    lens.show_lanes(diagnosed([diagnosis(dataclasses.replace(LAYER, mean_output=-0.02, is_zero_centred=True))]))

    assert "Cost" not in lens.words
    assert "All activations" not in lens.words
    assert "−0.020, <b>zero-centred</b>" in lens.words


def test_what_is_missing_or_not_finite_is_said(lens: ActivationLens) -> None:
    assert NOTHING_YET in lens.words
    assert not layer_box(lens).isEnabled()
    zeros = np.zeros(41, dtype=np.int64)
    lens.show_lanes(
        diagnosed(
            [diagnosis(dataclasses.replace(LAYER, mean_output=np.nan, z_counts=zeros, output_counts=zeros)), None],
            ["a", "b"],
        )
    )
    lens.grab()
    assert NOT_FINITE in lens.words
    lens.show_layer(0, 1)
    lens.grab()
    assert NOTHING_YET in lens.words


def test_layers_and_lanes_are_chosen_and_the_output_layer_is_none_of_them(lens: ActivationLens) -> None:
    deep = diagnosis(*(dataclasses.replace(LAYER, n_dead_units=dead) for dead in (10, 11, 12)))
    flat = diagnosis(dataclasses.replace(LAYER, n_dead_units=7))
    lens.show_lanes(diagnosed([deep, flat], ["Sigmoid", "ReLU"]))
    box = layer_box(lens)

    assert (box.minimum(), box.maximum(), box.suffix()) == (1, 3, " of 3")
    box.setValue(3)
    assert "<b>Dead</b>: 12 of" in lens.words
    lane_box(lens).setCurrentIndex(1)
    assert "<b>Dead</b>: 7 of" in lens.words
    assert box.value() == 1
    lane_box(lens).setCurrentIndex(0)
    assert "<b>Dead</b>: 12 of" in lens.words  # the wish is remembered
    lens.show_layer(1)
    assert "<b>Dead</b>: 11 of" in lens.words
    lens.show_lanes(diagnosed([deep, flat], ["Sigmoid", "Tanh"]))
    assert lane_box(lens).itemText(1) == "Tanh"


def test_lanes_can_be_chosen_only_where_there_are_several(lens: ActivationLens) -> None:
    lens.show_lanes(diagnosed([diagnosis(LAYER)], ["Sigmoid"]))
    assert not lane_box(lens).isVisible()
    lens.show_lanes(diagnosed([diagnosis(LAYER)] * 4, ["a", "b", "c", "d"]))
    assert lane_box(lens).isVisible()
    assert lane_box(lens).count() == 4


def test_the_histograms_are_as_high_as_their_counts(lens: ActivationLens) -> None:
    lens.show_lanes(diagnosed([diagnosis(LAYER)]))
    shown = of_colour(pixels(picture(lens)), LIGHT.bar)
    _, under, beside = picture(lens).areas()
    bars = shown[int(under.top()) + 1 : int(under.bottom()), int(under.left()) : int(under.right())]
    heights = bars.sum(axis=0)
    assert heights[3] < 4
    assert heights[-3] > 0.9 * under.height() - 2
    assert heights[len(heights) // 4] == pytest.approx(under.height() / 4, abs=2)
    lengths = shown[int(beside.top()) + 2 : int(beside.bottom()) - 1, int(beside.left()) : int(beside.right())].sum(
        axis=1
    )
    assert lengths[-3] > 0.9 * beside.width()  # f = 0 at the bottom, and there are most
    assert lengths[2] < 4


def test_f_is_where_its_values_are_and_saturation_is_shaded(lens: ActivationLens) -> None:
    lens.show_lanes(diagnosed([diagnosis(LAYER)]))
    shown, (plot, _, _) = pixels(picture(lens)), picture(lens).areas()
    y, x = plot.bottom() - plot.height() / 2, plot.center().x()  # sigmoid(0) = 1/2
    assert of_colour(shown[int(y) - 2 : int(y) + 3, int(x) - 2 : int(x) + 3], LIGHT.bar).any()

    def at(z: float) -> tuple[int, int, int]:
        return rgb(int(shown[int(plot.top() + 0.5 * plot.height()), int(plot.left() + (z + 8) / 16 * plot.width())]))

    # |sigmoid'| = 0.01 where |z| = 4.585
    assert at(-4.9) == at(4.9) == at(-7) != rgb(LIGHT.surface)
    assert at(-4.2) == at(4.2) == rgb(LIGHT.surface)


@pytest.mark.parametrize("activation", list(Activation))
@pytest.mark.parametrize("limit", [2.0**-1000, 1.0, 2.0**1000])
def test_every_activation_is_painted_at_every_size_and_limit(
    lens: ActivationLens, activation: Activation, limit: float
) -> None:
    edges = np.linspace(-limit, limit, 42)
    lens.show_lanes(
        diagnosed([diagnosis(dataclasses.replace(LAYER, activation=activation, z_edges=edges, output_edges=edges))])
    )
    for size in SIZES:
        lens.resize(*size)
        lens.grab()


OF_TORCH: dict[Activation, Callable[[torch.Tensor], torch.Tensor]] = {
    Activation.SIGMOID: torch.sigmoid, Activation.TANH: torch.tanh, Activation.RELU: torch.relu,
    Activation.LEAKY_RELU: lambda z: torch.nn.functional.leaky_relu(z, 0.2),
    Activation.ELU: lambda z: torch.nn.functional.elu(z, 0.5),
    Activation.GELU: torch.nn.functional.gelu, Activation.SILU: torch.nn.functional.silu,
    Activation.LINEAR: lambda z: z * 1,
    Activation.SOFTMAX: lambda z: torch.stack([z, 0 * z, 0 * z]).softmax(dim=0)[0],
}  # fmt: skip


@pytest.mark.parametrize("activation", OF_TORCH)
def test_the_curves_are_those_of_autograd(activation: Activation) -> None:
    z = torch.linspace(-8, 8, 300, dtype=torch.float64, requires_grad=True)
    expected = OF_TORCH[activation](z)
    (slope,) = torch.autograd.grad(expected.sum(), z)
    got = curves(activation, Shape(leaky_slope=0.2, elu_alpha=0.5), z.detach().numpy(), 3)

    assert got[0] == pytest.approx(expected.detach().numpy(), abs=1e-12)
    assert got[1] == pytest.approx(slope.numpy(), abs=1e-12)


def test_the_axes_stand_still_as_long_as_the_limits_do(lens: ActivationLens) -> None:
    pictures = []
    for counts in (np.arange(41), np.arange(41) * 100 + 7):
        lens.show_lanes(diagnosed([diagnosis(dataclasses.replace(LAYER, z_counts=counts))]))
        plot = picture(lens).areas()[0].toRect()
        pictures.append(pixels(picture(lens))[: plot.bottom()])

    assert (pictures[0] == pictures[1]).all()


def test_hidden_it_does_nothing_and_catches_up_when_shown(lens: ActivationLens) -> None:
    lens.hide()
    before = lens.words
    lens.show_lanes(diagnosed([diagnosis(LAYER)]))
    assert lens.words == before
    lens.show()
    assert "62.3 %" in lens.words


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("chrome", [LIGHT, DARK])
def test_all_words_fit(lens: ActivationLens, qtbot: QtBot, size: tuple[int, int], chrome: Chrome) -> None:
    lens.setPalette(palette_of(chrome))
    lens.resize(*size)
    lens.show_lanes(diagnosed([diagnosis(LAYER)] * 2, ["a", "b"], {Activation.SIGMOID: ActivationCost(1.2, 0.6)}))
    lens.grab()
    words = lens.findChild(QLabel, "lens_words")
    assert isinstance(words, QLabel)
    assert (lens.width(), lens.height()) == size
    qtbot.waitUntil(lambda: words.height() >= words.heightForWidth(words.width()), timeout=2000)
    assert picture(lens).height() >= 110


def test_every_control_says_what_it_is(lens: ActivationLens) -> None:
    controls: list[QWidget] = [layer_box(lens), lane_box(lens), picture(lens)]
    for control in controls:
        assert control.accessibleName()
        assert control.toolTip()
        assert control.statusTip()


@pytest.mark.parametrize(
    ("steepest", "top", "scale"),
    [(0.25, 1.0, 1.0), (1.0, 4.0, 1.0), (1.0, 8.0, 1.0), (1.0, 16.0, 14.4), (1.0, 0.5, 0.45), (0.0, 4.0, 1.0)],
)
def test_the_slope_is_on_the_axis_of_f_wherever_it_can_be_seen_there(steepest: float, top: float, scale: float) -> None:
    assert slope_scale(steepest, top) == pytest.approx(scale)
    assert scale * steepest <= top


@pytest.mark.parametrize(
    ("value", "room", "text"), [(0.125, 99, "0.125"), (-0.125, 5, "−0.12"), (2.0**70, 5, "10²¹"), (4.0, 0, "4")]
)
def test_numbers_have_as_many_digits_as_there_is_room_for(value: float, room: int, text: str) -> None:
    assert fitting(value, len, room) == text


def test_mean_outputs_give_way_where_picture_and_words_need_the_room(lens: ActivationLens) -> None:
    lens.show_lanes(diagnosed([diagnosis(LAYER, LAYER)]))
    means = lens.findChild(MeanOutputs)
    assert means is not None
    shown = []
    for size in ((430, 300), (430, 500), (600, 300)):
        lens.resize(*size)
        shown.append(means.isVisible())
    assert shown == [False, True, True]


@pytest.mark.parametrize(("share", "said"), [(0.114, "about 10 %"), (0.43, "about 45 %"), (0.049, "less than 5 %")])
def test_what_all_activations_take_of_a_step_is_told_as_what_was_timed(
    lens: ActivationLens, share: float, said: str
) -> None:
    lens.show_lanes(diagnosed([dataclasses.replace(diagnosis(LAYER), activation_share=share)]))

    assert f"<b>All activations</b>, f and f′: {said} of the time of a training step" in lens.words
