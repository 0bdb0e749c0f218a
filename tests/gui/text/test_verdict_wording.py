"""What is said over the bars is true of the numbers, and says by which rule."""

from __future__ import annotations

import re

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import Activation, Initialization, Loss, Optimizer, TrainingConfig
from engine.dataset import Dataset
from engine.insight.verdict import GRADIENT, Fit, GradientMeasure, GradientState, GradientVerdict, judge
from engine.mlp.activations import ACTIVATIONS, Shape
from engine.run.attention import Attention
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.pace import Resolution
from engine.run.snapshot import LaneSnapshot
from gui.text.lab_wording import bound_sentence
from gui.text.verdict_wording import gradient_sentence, looked_at, verdict_sentence
from tests.engine.reference import cloud
from tests.gui.snapshots import make_lane


def sentence_of(norms: list[float]) -> str:
    return gradient_sentence(judge(np.array(norms)), len(norms))


def test_of_a_single_layer_there_is_nothing_to_compare() -> None:
    assert (
        sentence_of([0.3]) == sentence_of([1e-9]) == "There is only the output layer: no other could get less than it."
    )
    assert sentence_of([0.0]) != sentence_of([0.3])


def test_each_verdict_has_a_sentence_and_those_with_a_number_their_rule() -> None:
    sentences = [gradient_sentence(GradientVerdict(state, 5e3), 3) for state in GradientState]
    assert len(set(sentences)) == len(GradientState)
    assert "rule of thumb: above 10³" in sentence_of([5e3, 1.0])
    for norms in ([1e-9, 1.0], [0.5, 1.0], [2.0, 1.0]):
        assert "rule: below 10⁻³ of it, dashed" in sentence_of(norms), "of what, and which line that is"
    assert "below 10⁻³" in sentence_of([0.5, 1.0])
    assert not [state for state in GradientState if "exploding" in gradient_sentence(GradientVerdict(state, 1.0), 3)][
        1:
    ]


def test_the_sentence_has_the_number_that_decided() -> None:
    assert "4" in sentence_of([4e-14, 1.0])
    assert re.search(r"4(\.0)?·10⁻¹⁴", sentence_of([4e-14, 1.0]))
    assert "First layer" in sentence_of([4e-14, 1.0])


def looked(lane: Lane) -> LaneSnapshot:
    """What is shown of a lane that stands still."""
    return lane.snapshot(Attention(), Look(Resolution(1.0), lambda: 0.0, still=True))


def measure(norms: list[float], *, other: float = 0.0, error: float = 0.5, n_points: int = 100) -> GradientMeasure:
    return GradientMeasure(np.array(norms), np.zeros(len(norms)), other, Fit(0.1, 0.7, error), n_points, 100)


def test_a_network_that_has_learned_is_not_called_vanishing_and_the_rule_is_told() -> None:
    norms = [1e-9, 1e-5]
    learned, wrong = (make_lane(norms=norms, gradient=measure(norms, error=error)) for error in (0.09, 0.11))

    assert verdict_sentence(wrong) == (gradient_sentence(judge(np.array(norms)), 2), True)
    said, is_wrong = verdict_sentence(learned)
    assert not is_wrong
    assert "vanishing" not in said
    assert said.startswith("Learned, so small gradients are no fault (rule: RMS error at most 0.1).")


def test_small_gradients_that_reach_every_layer_are_said_to_be_small_because_the_network_has_learned() -> None:
    said = {}
    for norms in ([3e-6, 5e-6], [5e-6, 3e-6], [0.0, 0.0]):
        for error in (0.05, 0.2):
            said[norms[0], error] = verdict_sentence(make_lane(norms=norms, gradient=measure(norms, error=error)))
    assert said[3e-6, 0.05][0].endswith("First layer is the weakest: 0.60 of the last.")
    assert [said[first, 0.05][1] for first in (3e-6, 5e-6, 0.0)] == [False] * 3
    assert all(said[first, 0.05][0].startswith("Learned, so small") for first in (3e-6, 5e-6, 0.0))
    assert said[3e-6, 0.2][0].startswith("First layer is the weakest: 0.60 of the last. Not vanishing")
    assert said[0.0, 0.2] == ("The gradient of every weight and bias is exactly 0: nothing is learned now.", True)


def test_deep_tanh_that_knows_every_point_has_learned() -> None:
    config = TrainingConfig(hidden_layers=(16,) * 8, activation=Activation.TANH, validation_fraction=0.0)
    lane = Lane(toy_datasets.make("moons", n_samples=200, n_classes=2, noise=0.05), config)
    lane.record()
    for _ in range(300):
        lane.trainer.epoch()
    snapshot = looked(lane)

    assert snapshot.metrics.train_accuracy == 1.0
    assert not verdict_sentence(snapshot)[1]


def test_where_a_rare_class_is_not_known_at_all_nothing_has_been_learned() -> None:
    config = TrainingConfig(hidden_layers=(8,) * 12, activation=Activation.SIGMOID, validation_fraction=0.0)
    points = np.random.default_rng(1).normal(0, 1, (1001, 2)).astype(np.float32)
    lane = Lane(Dataset(points, np.repeat([0, 1], [1000, 1]), ("a", "b")), config)
    for _ in range(30):
        lane.trainer.epoch()

    said, is_wrong = verdict_sentence(looked(lane))

    assert is_wrong
    assert "vanishing" in said


@pytest.mark.parametrize("batch_norm", [False, True])
def test_while_biases_learn_it_is_not_said_that_nothing_is_learned(batch_norm: bool) -> None:
    config = TrainingConfig(
        hidden_layers=(4, 4), initialization=Initialization.ZEROS, optimizer=Optimizer.SGD, batch_norm=batch_norm
    )
    points = np.random.default_rng(1).normal(0, 1, (100, 2)).astype(np.float32)
    lane = Lane(Dataset(points, np.repeat([0, 1], [85, 15]), ("a", "b")), config)
    before = looked(lane)
    for _ in range(30):
        lane.trainer.epoch()
    after = looked(lane)

    assert before.gradient is not None
    assert not before.gradient_norms.any()
    assert before.gradient.largest_other > 0
    assert verdict_sentence(before)[0] == "The gradient of every weight is exactly 0: only biases learn."
    assert after.metrics.train_loss < before.metrics.train_loss


@pytest.mark.parametrize(
    ("of_biases", "said"),
    [
        (1e-30, "The gradient of every weight is exactly 0: only biases learn."),
        (0.0, "The gradient of every weight and bias is exactly 0: nothing is learned now."),
    ],
)
def test_nothing_is_learned_only_where_no_bias_has_a_gradient(of_biases: float, said: str) -> None:
    norms = [0.0, 0.0]

    assert verdict_sentence(make_lane(norms=norms, gradient=measure(norms, other=of_biases))) == (said, True)


def test_step_has_a_slope_of_0_beside_0_and_none_at_0_and_that_is_said() -> None:
    facts, step = ACTIVATIONS[Activation.STEP], 1e-9
    z = np.array([-1.0, -1e-3, 0.0, 1e-3, 1.0])
    slopes = (facts.value(z + step, Shape()) - facts.value(z - step, Shape())) / (2 * step)
    flat = Lane(cloud(100, 2), TrainingConfig(hidden_layers=(4, 4), activation=Activation.STEP))

    assert slopes.tolist()[:2] == slopes.tolist()[3:] == [0.0, 0.0]
    assert slopes[2] > 1e6
    for said in (verdict_sentence(looked(flat))[0], bound_sentence(flat.trainer.diagnose())):
        assert "is 0" in said
        assert "at 0 there is none" in said


def test_what_vanished_at_the_start_is_told_for_good() -> None:
    config = TrainingConfig(
        hidden_layers=(8,) * 6, activation=Activation.SIGMOID, loss=Loss.CROSS_ENTROPY, batch_size=None,
        initialization=Initialization.TORCH_DEFAULT,
    )  # fmt: skip
    lane = Lane(cloud(100, 2), config)
    lane.record()
    lane.trainer.step()  # before the first look: it is of the start all the same
    first = looked(lane)
    start = Lane(cloud(100, 2), config).trainer.gradient_norms()
    np.testing.assert_array_equal(first.readings.timeline(GRADIENT)[1][0], start)

    timeline = np.array([0.0, 5.0]), np.array([[6e-7, 1.0], [0.5, 1.0]])
    fine = make_lane(norms=[0.5, 1.0], steps=9, gradient=measure([0.5, 1.0]), timeline=timeline)
    said, is_wrong = verdict_sentence(fine)

    assert said.endswith("Not vanishing (rule: below 10⁻³ of it, dashed). At the start: 6.0·10⁻⁷.")
    assert not is_wrong


def test_of_how_many_points_something_is_is_told_only_where_it_is_not_of_all() -> None:
    assert looked_at(100, 100) == ""
    assert looked_at(327, 1500) == "Of 327 of 1,500 points."
    said, _ = verdict_sentence(make_lane(norms=[1.0], gradient=measure([1.0], n_points=40)))
    assert said.endswith("Of 40 of 100 points.")
