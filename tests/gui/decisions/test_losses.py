"""The view of losses: each point on its curve, the mean with its numbers, and what a plotted loss contains."""

from __future__ import annotations

import math
from dataclasses import replace

import numpy as np
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from engine.config import Loss, Output, TrainingConfig
from engine.insight.measurement import Measurement
from engine.insight.outcomes import OUTCOMES, Outcomes, Split
from engine.insight.pins import PINS, Pin, Pinned, PinsRead
from engine.insight.quantity import Reading, Readings
from engine.training import Trainer
from gui.decisions.loss_chart import HINT, LossChart, LossPicture, axis_name
from gui.decisions.losses import Losses
from gui.decisions.priced import mean_in_words, price
from gui.decisions.split_box import SplitBox
from gui.paint.theme import CLASS_COLOURS, LIGHT, PIN_COLOURS, palette_of
from gui.text.language import say
from tests.engine.reference import cloud
from tests.gui.decisions.looks import outcomes, pair, shown
from tests.gui.pictures import of_colour, pixels


@pytest.fixture
def view(qtbot: QtBot) -> Losses:
    made = Losses()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(430, 500)
    made.show()
    qtbot.waitExposed(made)
    return made


def chart(view: Losses) -> LossChart:
    found = view.findChild(LossChart)
    assert isinstance(found, LossChart)
    return found


def choose(view: Losses, split: Split) -> None:
    box = view.findChild(SplitBox)
    assert isinstance(box, SplitBox)
    box.setCurrentIndex(list(Split).index(split))


@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
@pytest.mark.parametrize(
    ("output", "n_classes"),
    [(Output.SIGMOID, 2), (Output.SOFTMAX, 2), (Output.SOFTMAX, 3), (Output.INDEPENDENT_SIGMOIDS, 2)],
)
def test_points_lie_on_the_curve_or_above_it_where_that_is_said(output: Output, n_classes: int, loss: Loss) -> None:
    trainer = Trainer(cloud(60, n_classes), TrainingConfig(hidden_layers=(4,), output=output, loss=loss))
    trainer.epoch()
    found = Measurement(trainer.outcomes.look()).finished()
    priced = price(found, Split.ALL)
    at = np.where(priced.sides & (priced.labels == 0), 1 - priced.p, priced.p)
    on_curve = priced.curve(at)

    if priced.is_exact:
        np.testing.assert_allclose(priced.losses, on_curve, atol=1e-6)
    else:
        assert (priced.losses >= on_curve - 1e-9).all()
    assert priced.is_exact is (n_classes == 2 and output is not Output.INDEPENDENT_SIGMOIDS) or (
        output is Output.SOFTMAX and loss is Loss.CROSS_ENTROPY
    )
    said = "\n".join(mean_in_words(found, priced, Split.ALL))
    assert ("lies above it" in said) is not priced.is_exact
    assert ("summed over the classes" in said) is (
        output is Output.INDEPENDENT_SIGMOIDS or (loss is Loss.MSE and output is Output.SOFTMAX)
    )
    slope = (priced.curve(at + 1e-6) - priced.curve(at - 1e-6)) / 2e-6
    np.testing.assert_allclose(priced.slope(at), slope, rtol=1e-4)


def test_the_mean_stands_with_its_numbers_and_what_it_is_over(view: Losses) -> None:
    """The course's examples: P = 0.8 costs 0.2231, and two such points that are wrong 1.6094 each."""
    found = pair([0.8, 0.8, 0.8, 0.2], [1, 1, 0, 1], held_out=[False, True, False, False])
    view.show_lanes(shown(found))
    expected = {
        Split.TRAINING: "Mean loss of the 3 training points: Σ L / n = 3.4420 / 3 = 1.1473",
        Split.VALIDATION: "Mean loss of the 1 validation point: Σ L / n = 0.2231 / 1 = 0.2231",
        Split.ALL: "Mean loss of all 4 points: Σ L / n = 3.6652 / 4 = 0.9163",
    }
    for split, words in expected.items():
        choose(view, split)
        assert words in chart(view).words
    assert "natural logarithm. Of the data alone, without penalties" in chart(view).words
    assert "Half of the sum is carried by 2 points (50.0 %)." in chart(view).words


def test_who_carries_half_is_counted_from_the_largest_loss_on() -> None:
    found = pair([0.01, 0.9, 0.9, 0.9, 0.9], [1, 1, 1, 1, 1])

    assert price(found, Split.ALL).carriers == 1
    assert price(pair([0.5, 0.5, 0.5, 0.5], [0, 1, 0, 1]), Split.ALL).carriers == 2
    assert price(pair([1.0, 1.0], [1, 1]), Split.ALL).carriers == 0


def test_a_click_on_the_bars_tells_the_points_with_losses_as_large(view: Losses) -> None:
    told = list[NDArray[np.bool_]]()
    view.points_chosen.connect(lambda _dataset, mask: told.append(mask))
    scores = np.linspace(0.05, 0.95, 40)
    found = pair(scores, np.ones(40), held_out=np.arange(40) % 2 == 0)
    view.show_lanes(shown(found))
    choose(view, Split.VALIDATION)
    picture = chart(view)
    place = picture.panels()[LossPicture.SORTED].place(2.5, 0.01)
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=(place * picture.pixels_each).toPoint())

    assert np.flatnonzero(told[0]).tolist() == [0, 2, 4], "the three with the smallest P of those kept for validation"
    QTest.keyClick(picture, Qt.Key.Key_Return)
    priced = price(found, Split.VALIDATION)
    assert told[1].sum() == priced.carriers
    assert found.losses[told[1]].sum() >= priced.losses.sum() / 2


def test_where_no_point_is_shown_the_hand_finds_none_and_selects_none(view: Losses) -> None:
    told = list[object]()
    view.points_chosen.connect(lambda *choice: told.append(choice))
    view.show_lanes(shown(pair([0.2, 0.9], [1, 1], held_out=False)))
    choose(view, Split.VALIDATION)
    picture = chart(view)
    place = picture.panels()[LossPicture.SORTED].place(0.5, 0.2)
    assert picture.rank_at(place) is None
    assert picture.text_at(place) == say(HINT)
    QTest.mouseClick(picture, Qt.MouseButton.LeftButton, pos=(place * picture.pixels_each).toPoint())
    QTest.keyClick(picture, Qt.Key.Key_Return)
    assert told == []


def test_ticks_are_in_the_colours_of_the_classes_and_many_are_few_lines(view: Losses) -> None:
    generator = np.random.default_rng(0)
    p = generator.uniform(0.02, 0.98, 20_000)
    found = pair(p, generator.integers(0, 2, 20_000))
    view.show_lanes(shown(found))
    choose(view, Split.ALL)
    image = pixels(chart(view))
    assert all(of_colour(image, CLASS_COLOURS[label]).sum() > 100 for label in (0, 1))
    priced = price(found, Split.ALL)
    assert len(chart(view)._ticks(chart(view).panels()[LossPicture.CURVE], priced, 1)) < 2500


def test_a_loss_beyond_the_axis_is_told_and_what_is_not_finite_too(view: Losses) -> None:
    found = pair([1e-9, 0.9, 0.8], [1, 1, 1])
    view.show_lanes(shown(found))
    choose(view, Split.ALL)
    picture = chart(view)
    assert picture.highest == 10.0
    priced = price(found, Split.ALL)
    assert "1 above the end of the axis, up to 20.7233" in axis_name(picture.panels()[LossPicture.CURVE], priced)
    for broken, words in ((pair([math.nan, 0.5], [0, 1]), "not finite"), (None, "asked")):
        view.show_lanes(shown(broken))
        assert words in picture.words
        assert picture.priced is None
        picture.grab()


def test_pins_on_points_stand_on_the_curve_and_on_the_bars(view: Losses) -> None:
    found = pair([0.2, 0.9, 0.8], [1, 1, 1], held_out=[False, False, True])
    place = tuple(float(value) for value in found.dataset.places[1])
    pins = Pinned(Pin(0, (place[0], place[1])), None, 1), Pinned(Pin(1, (9.0, 9.0)), None)
    (lane,) = shown(found)
    readings = Readings({OUTCOMES: Reading(found), PINS: Reading(PinsRead(found.dataset, pins))})
    view.show_lanes([replace(lane, snapshot=replace(lane.snapshot, readings=readings))])
    choose(view, Split.TRAINING)
    picture = chart(view)
    assert picture.pinned == [(0, 1)], "the other one is on no point"
    colour = PIN_COLOURS[0]
    on_curve = of_colour(pixels(picture), colour)
    for panel in picture.panels().values():
        left, right = (round(end * picture.pixels_each) for end in (panel.outer.left(), panel.outer.right()))
        top, bottom = (round(end * picture.pixels_each) for end in (panel.outer.top(), panel.outer.bottom()))
        assert on_curve[top:bottom, left:right].sum() > 20
    choose(view, Split.VALIDATION)
    assert of_colour(pixels(picture), colour).sum() == 0, "its point is not among these"


def test_as_long_as_nothing_is_measured_nothing_is_painted_anew(view: Losses, monkeypatch: pytest.MonkeyPatch) -> None:
    view.show_lanes(shown(None))
    anew = list[object]()
    monkeypatch.setattr(view._chart, "show_points", lambda *shown: anew.append(shown))

    view.show_lanes(shown(None))
    assert anew == []
    view._split_box.chosen.emit()
    assert len(anew) == 1


def test_of_several_lanes_one_is_shown(view: Losses) -> None:
    sure, unsure = (outcomes([[p, 0.5], [0.1, 0.3], [0.9 - p, 0.2]], [0, 0]) for p in (0.8, 0.4))
    view.show_lanes(shown(sure, unsure))
    choose(view, Split.ALL)
    before = chart(view).words
    view.choose_lane(1)

    assert chart(view).words != before
    assert Outcomes.of_own_class(unsure).tolist() == [0.4, 0.5]


def test_both_kinds_of_loss_stand_on_one_axis(view: Losses) -> None:
    p = np.linspace(0.01, 0.99, 9)
    panels, curves = [], []
    for squared in (False, True):
        view.show_lanes(shown(pair([0.4, 0.7], [0, 1], held_out=False, squared=squared)))
        priced = chart(view).priced
        assert priced is not None
        panels.append(chart(view).panels()[LossPicture.CURVE].y)
        curves.append((priced.curve(p), priced.other_curve(p)))
    assert panels == [(0.0, 5.0), (0.0, 5.0)], "a squared error of 1 is as high as a log loss of 1"
    np.testing.assert_allclose(curves[0], curves[1][::-1])
    np.testing.assert_allclose(curves[0], (-np.log(p), (1 - p) ** 2))


def test_a_button_leads_to_both_kinds_of_loss_unless_one_is_the_squared_error(view: Losses, qtbot: QtBot) -> None:
    button = view.findChild(QToolButton, "compare_losses")
    assert button is not None
    lanes = shown(pair([0.4, 0.7], [0, 1], held_out=False))
    view.show_lanes(lanes)
    assert button.isVisible()
    with qtbot.waitSignal(view.comparison_wanted):
        button.click()
    view.show_lanes([*lanes, replace(lanes[0], config=TrainingConfig(loss=Loss.MSE))])
    assert not button.isVisible()


def test_what_either_loss_pulls_the_most_wrong_point_with_is_said(view: Losses) -> None:
    view.show_lanes(shown(pair([0.1, 0.7], [1, 1], held_out=False)))
    assert (
        "Most wrong point, P = 0.10 of its class: |∂L/∂z| is |P − y| = 0.90 with cross-entropy, "
        "2 |P − y| P (1 − P) = 0.16 with squared error."
    ) in chart(view).words
