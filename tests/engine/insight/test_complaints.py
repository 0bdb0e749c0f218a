"""The course's four complaints, and the verdict on units, each at the limit that decides it."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import Activation, Initialization, Loss, Optimizer, TrainingConfig
from engine.insight.diagnosis import (
    Complaint,
    ComplaintKind,
    Diagnosis,
    GradientSize,
    LayerDiagnosis,
    UnitState,
    UnitVerdict,
    complaints,
    judge_units,
)
from engine.insight.verdict import Fit
from engine.mlp.activations import ActivationCost
from engine.training import Trainer


def layer_like(**changes: Any) -> LayerDiagnosis:
    """A layer in the best of health, but for the changes."""
    size = GradientSize(1.0, 0.1, 0.5)
    edges, counts = np.linspace(-1, 1, 42), np.zeros(41, dtype=np.int64)
    healthy = LayerDiagnosis(
        activation=Activation.TANH, weight_gradient=size, bias_gradient=size, layer_gradient=size, update_ratio=1e-3,
        signal=1.0, factor=1.0, rms_slope=0.9, weight_factor=1.1, slope_bound=1.0, z_edges=edges, z_counts=counts,
        output_edges=edges, output_counts=counts, n_units=8, saturated_share=0.0, n_saturated_units=0, n_dead_units=0,
        n_linear_units=0, mean_output=0.0, is_zero_centred=True, one_sign_share=0.5,
    )  # fmt: skip
    return replace(healthy, **changes)


def complaint(
    kind: ComplaintKind,
    *layers: LayerDiagnosis,
    error: float = 0.5,
    costs: dict[Activation, ActivationCost] | None = None,
    of_guessing: float = 0.5,
    epochs: int = 100,
) -> Complaint:
    """What is said of a network of these layers whose probabilities are wrong by `error`."""
    fit = Fit(1.5 * of_guessing, 1.5, error)
    found = complaints(Diagnosis(layers, 100, 100, 1e-9, fit, epochs), costs)
    assert [one.kind for one in found] == list(ComplaintKind)
    return found[list(ComplaintKind).index(kind)]


@pytest.mark.parametrize(
    ("dead", "saturated", "verdict"),
    [
        ((4, 4), (4, 4), None),  # half is not most
        ((0, 5), (0, 0), UnitVerdict(UnitState.DEAD, 1, 5, 8)),
        ((5, 6), (0, 0), UnitVerdict(UnitState.DEAD, 1, 6, 8)),  # the worst layer
        ((4, 0), (5, 3), UnitVerdict(UnitState.SATURATED, 0, 5, 8)),
        ((5, 0), (8, 8), UnitVerdict(UnitState.DEAD, 0, 5, 8)),  # the dead before the saturated
    ],
)
def test_most_units_of_a_layer_must_be_dead_or_saturated(
    dead: tuple[int, int], saturated: tuple[int, int], verdict: UnitVerdict | None
) -> None:
    hidden = [
        layer_like(n_dead_units=n_dead, n_saturated_units=n_saturated)
        for n_dead, n_saturated in zip(dead, saturated, strict=True)
    ]
    output = layer_like(activation=None, n_dead_units=8)
    assert judge_units(Diagnosis((*hidden, output), 100, 100, 0.1, Fit(), 1)) == verdict


def sized(norm: float) -> LayerDiagnosis:
    return layer_like(weight_gradient=GradientSize(norm, norm / 10, norm / 2))


@pytest.mark.parametrize(("ratio", "holds"), [(0.99e-3, True), (1.01e-3, False), (0.0, True), (5.0, False)])
def test_a_thousandth_of_the_last_gradient_is_the_limit_of_vanishing(ratio: float, holds: bool) -> None:
    found = complaint(ComplaintKind.VANISHING, sized(10.0), sized(0.2 * ratio), sized(0.2))

    learned = complaint(ComplaintKind.VANISHING, sized(10.0), sized(0.2 * ratio), sized(0.2), error=0.09)

    assert (found.holds, found.threshold) == (holds, 1e-3)
    assert (learned.holds, learned.value) == (False, found.value)
    assert found.value == pytest.approx(min(ratio, 1.0))
    assert found.layer == (1 if ratio < 1 else 2)


@pytest.mark.parametrize("last", [0.0, math.nan, math.inf])
def test_without_a_gradient_at_the_last_layer_nothing_is_said_of_vanishing(last: float) -> None:
    found = complaint(ComplaintKind.VANISHING, sized(0.0), sized(last))

    assert not found.holds
    assert math.isnan(found.value)
    assert found.layer is None


@pytest.mark.parametrize(("leaning", "holds"), [(0, False), (2, False), (3, True), (4, True)])
def test_more_than_half_of_the_hidden_layers_must_lean(leaning: int, holds: bool) -> None:
    hidden = [layer_like(is_zero_centred=index >= leaning) for index in range(4)]

    found = complaint(ComplaintKind.NOT_ZERO_CENTRED, *hidden, layer_like(is_zero_centred=False))

    assert (found.holds, found.value, found.threshold) == (holds, leaning / 4, 0.5)
    assert found.layer == (0 if leaning else None)


def test_nothing_is_said_of_outputs_that_are_no_numbers() -> None:
    bad = layer_like(mean_output=math.nan, is_zero_centred=False)

    found = complaint(ComplaintKind.NOT_ZERO_CENTRED, bad, layer_like())

    assert not found.holds
    assert math.isnan(found.value)


@pytest.mark.parametrize(
    ("median", "error", "holds"),
    [(0.99e-4, 0.11, True), (1.01e-4, 0.11, False), (0.99e-4, 0.09, False), (0.0, 0.5, True), (1e-3, 0.5, False)],
)
def test_small_steps_are_slow_while_much_is_left_to_learn(median: float, error: float, holds: bool) -> None:
    layers = [layer_like(update_ratio=ratio) for ratio in (1.0, median, median / 2)]

    found = complaint(ComplaintKind.SLOW_LEARNING, *layers, error=error)

    assert (found.holds, found.value, found.threshold) == (holds, median, 1e-4)
    assert found.layer == (1 if median == 0 else 2)


@pytest.mark.parametrize(
    ("of_guessing", "epochs", "error", "holds"),
    [
        (0.985, 20, 0.3, True),
        (1.5, 20, 0.3, True),
        (0.975, 999, 0.3, False),
        (1.0, 19, 0.3, False),
        (1.0, 99, 0.1, False),
    ],
)
@pytest.mark.parametrize("step", [1e-2, math.nan])
def test_a_network_that_guesses_after_twenty_epochs_learns_slowly_whatever_its_steps(
    of_guessing: float, epochs: int, error: float, holds: bool, step: float
) -> None:
    layers = [layer_like(update_ratio=step) for _ in range(3)]

    found = complaint(ComplaintKind.SLOW_LEARNING, *layers, error=error, of_guessing=of_guessing, epochs=epochs)

    assert found.holds == holds
    assert found.is_judged == (holds or step == 1e-2)
    if holds:
        assert found.of_guessing == pytest.approx(of_guessing)
    else:
        assert math.isnan(found.of_guessing)


@pytest.mark.parametrize("optimizer", [Optimizer.ADAM, Optimizer.SGD])
@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
def test_ten_layers_of_sigmoid_that_stand_still_learn_slowly(optimizer: Optimizer, loss: Loss) -> None:
    config = TrainingConfig(
        hidden_layers=(8,) * 10, activation=Activation.SIGMOID, optimizer=optimizer, loss=loss, learning_rate=0.01
    )
    trainer = Trainer(toy_datasets.make("spiral", n_samples=200, n_classes=3), config)
    for _ in range(40):
        trainer.epoch()

    found = complaints(trainer.diagnose())

    assert {one.kind for one in found if one.holds} >= {ComplaintKind.SLOW_LEARNING, ComplaintKind.VANISHING}


def test_a_saturated_network_that_is_wrong_learns_slowly_by_squared_error() -> None:
    config = TrainingConfig(
        hidden_layers=(8, 8), activation=Activation.TANH, initialization=Initialization.NORMAL,
        initialization_sigma=10.0, loss=Loss.MSE, optimizer=Optimizer.SGD, learning_rate=0.01, seed=39,
    )  # fmt: skip
    trainer = Trainer(toy_datasets.make("moons", n_samples=200, n_classes=2), config)
    trainer.step()
    diagnosis = trainer.diagnose()

    assert diagnosis.fit.error > 0.5
    assert complaints(diagnosis)[list(ComplaintKind).index(ComplaintKind.SLOW_LEARNING)].holds


def test_before_the_first_step_nothing_is_slow() -> None:
    found = complaint(
        ComplaintKind.SLOW_LEARNING, layer_like(update_ratio=math.nan), layer_like(update_ratio=0.0), epochs=0
    )

    assert not found.holds
    assert math.isnan(found.value)
    assert found.layer is None


@pytest.mark.parametrize(("ratio", "holds"), [(1.49, False), (1.51, True)])
def test_one_and_a_half_times_relu_is_the_limit_of_costly(ratio: float, holds: bool) -> None:
    costs = {
        Activation.RELU: ActivationCost(1.0, 1.0),
        Activation.TANH: ActivationCost(0.5, 2 * ratio - 0.5),
        Activation.ELU: ActivationCost(9.0, 9.0),  # which is not in the network
    }
    layers = (layer_like(activation=Activation.RELU), layer_like(), layer_like(activation=None))

    found = complaint(ComplaintKind.COSTLY, *layers, costs=costs)

    assert (found.holds, found.layer, found.threshold) == (holds, 1, 1.5)
    assert found.value == pytest.approx(ratio)


@pytest.mark.parametrize("known", [Activation.RELU, Activation.TANH])
def test_what_was_not_measured_is_not_costly(known: Activation) -> None:
    found = complaint(
        ComplaintKind.COSTLY, layer_like(), layer_like(activation=None), costs={known: ActivationCost(1.0, 1.0)}
    )

    assert not found.holds
    assert math.isnan(found.value)
    assert found.layer is None


@pytest.mark.parametrize("optimizer", [Optimizer.SGD, Optimizer.ADAM])
def test_twenty_layers_of_sigmoid_have_the_complaints_that_relu_has_not(optimizer: Optimizer) -> None:
    dataset = toy_datasets.make("spiral", n_samples=300, n_classes=3)

    def held(activation: Activation) -> set[ComplaintKind]:
        rate = 0.05 if optimizer is Optimizer.SGD else 3e-3
        config = TrainingConfig(
            hidden_layers=(16,) * 20, activation=activation, optimizer=optimizer, learning_rate=rate, batch_size=None
        )
        trainer = Trainer(dataset, config)
        trainer.diagnose()
        for _ in range(150):
            trainer.epoch()
        return {one.kind for one in complaints(trainer.diagnose()) if one.holds}

    assert held(Activation.SIGMOID) == set(ComplaintKind) - {ComplaintKind.COSTLY}
    assert held(Activation.RELU) <= {ComplaintKind.NOT_ZERO_CENTRED}
