"""Where a run diverged, against float32 networks of torch that are looked at layer by layer."""

from __future__ import annotations

import math
from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch

from engine.compiled import places
from engine.config import Activation, Optimizer, TrainingConfig
from engine.insight.verdict import Cause
from engine.learning.samples import training_points
from engine.machines.torch_machine import TorchMachine
from engine.mlp.network import Network, Parameters, architecture_of
from engine.training import Trainer
from tests.engine.reference import Reference, cloud, compiled_machine, standardised

pytestmark = pytest.mark.usefixtures("machine")
DEEP = TrainingConfig(
    hidden_layers=(16,) * 8, activation=Activation.RELU, optimizer=Optimizer.SGD, learning_rate=3e4, batch_size=25
)


def first_wrong_layer(trainer: Trainer) -> int | None:
    """The first layer of float32 modules in training mode with a value that is not finite for all training points."""
    reference = Reference(trainer).float().train()
    points = training_points(trainer._dataset, trainer.config)
    outputs: list[torch.Tensor] = []
    for linear in list(reference.linears)[1:]:  # what goes into a layer went out of the one before
        linear.register_forward_hook(lambda _, inputs, output: outputs.append(inputs[0]))
    with torch.no_grad():
        logits = reference(standardised(points, points).float())
    return next((i for i, values in enumerate([*outputs, logits]) if not torch.isfinite(values).all()), None)


def hidden_outputs(trainer: Trainer) -> list[torch.Tensor]:
    """Those of each hidden layer in the last step, whose batch went through the network at once."""
    if isinstance(trainer._machine, TorchMachine):
        (passes,) = trainer._machine._gradient_of_mean._made.values()
        return passes._hidden.outputs.layers
    machine = compiled_machine(trainer)
    n_points, widths = int(machine._fields[places.BATCH]), trainer.config.hidden_layers
    assert n_points == machine._fields[places.BLOCK] == machine._fields[places.WIDTH]
    starts = [int(machine._plan.row(layer)[places.OUTPUT]) for layer in range(len(widths))]
    return [
        machine._memory[start : start + width * n_points].view(width, n_points)
        for start, width in zip(starts, widths, strict=True)
    ]


def scaled(trainer: Trainer, layer: int, factor: float) -> None:
    """Make the weights of one layer so much larger."""
    weights = trainer.weights()
    weights[layer] = (weights[layer][0] * np.float32(factor), weights[layer][1])
    trainer.load_weights(weights)


@pytest.mark.parametrize("change", [{}, {"skip_connections": True}, {"l2": 0.01}])
def test_the_first_layer_with_a_value_that_is_not_finite_is_named(change: dict[str, Any]) -> None:
    """In runs that diverge by themselves."""
    named, same = [], []
    for seed in range(8):
        trainer = Trainer(cloud(100, 3), replace(DEEP, learning_rate=1e6, batch_size=None, seed=seed, **change))
        while trainer.divergence is None:
            trainer.step()
        found, layer = trainer.divergence, first_wrong_layer(trainer)
        assert found is not None
        assert found.step == trainer.steps_done
        assert found.learning_rate == 1e6
        same.append(found.layer == layer if layer is not None else found.cause is not Cause.VALUE)
        named.append(layer)

    assert sum(same) > 6  # sums in another order may just be finite
    assert sum(layer is not None for layer in named) > 3
    assert len(set(named)) > 1


@pytest.mark.parametrize("change", [{}, {"dropout": 0.5}, {"batch_norm": True}])
def test_of_mini_batches_the_pass_that_failed_is_looked_at(change: dict[str, Any]) -> None:
    n_diverged = 0
    for seed in range(8):
        config = replace(DEEP, learning_rate=1e6, batch_size=32, validation_fraction=0.0, seed=seed, **change)
        trainer = Trainer(cloud(96, 3), config)  # whole batches only
        while trainer.divergence is None and trainer.epochs_done < 500:
            trainer.step()
        if trainer.divergence is None:
            continue  # batch normalisation forgives weights of any size
        n_diverged += 1
        wrong = [not torch.isfinite(values).all() for values in hidden_outputs(trainer)]
        found = trainer.divergence
        assert found is not None
        if any(wrong):
            assert (found.cause, found.layer) == (Cause.VALUE, wrong.index(True))
        else:
            assert found.layer in (8, None) or found.cause is Cause.GRADIENT
    assert n_diverged > 4


def test_a_scale_without_a_finite_derivative_belongs_to_its_layer() -> None:
    gradient = Parameters(Network(architecture_of(replace(DEEP, batch_norm=True), 2, 3)).architecture, torch.float32)
    assert gradient.layers_not_finite() == []
    gradient.scale[16 * 3] = math.inf
    gradient.shift[16 * 6 - 1] = math.nan
    gradient.matrices[8][0, 0] = math.inf
    assert gradient.layers_not_finite() == [3, 5, 8]


@pytest.mark.parametrize(("layer", "n_points"), [(0, 90), (4, 90), (8, 90), (4, 2500)])
def test_a_layer_that_is_made_to_overflow_is_the_one(layer: int, n_points: int) -> None:
    trainer = Trainer(cloud(n_points, 3), replace(DEEP, batch_size=None))
    weights = trainer.weights()
    weights[layer] = (np.full_like(weights[layer][0], 3e38), weights[layer][1])
    trainer.load_weights(weights)
    trainer.step()

    found = trainer.divergence

    assert found is not None
    assert (found.cause, found.layer) == (Cause.VALUE, layer)
    assert math.isnan(found.learning_rate)


def test_a_derivative_that_overflows_on_the_way_back_is_found_behind_finite_values() -> None:
    trainer = Trainer(cloud(90, 3), replace(DEEP, batch_size=None))
    scaled(trainer, 0, 1e-36)
    for layer in (3, 4, 5):  # 10**42 in all: from 10**-36 that leads to 10**6, from 1 beyond single precision
        scaled(trainer, layer, 1e14)
    assert first_wrong_layer(trainer) is None
    trainer.step()

    found = trainer.divergence

    assert found is not None
    assert (found.cause, found.layer) == (Cause.GRADIENT, 2)


def test_a_gradient_whose_square_has_no_room_has_no_layer() -> None:
    trainer = Trainer(cloud(90, 3), replace(DEEP, hidden_layers=(16,), batch_size=None))
    scaled(trainer, 1, 1e25)
    trainer.step()

    found = trainer.divergence

    assert found is not None
    assert (found.cause, found.layer) == (Cause.NORM, None)


def test_a_run_that_did_not_diverge_has_none_and_the_rate_is_that_of_the_schedule() -> None:
    trainer = Trainer(cloud(90, 3), replace(DEEP, learning_rate=0.01))
    trainer.epoch()
    assert trainer.divergence is None

    scaled(trainer, 0, 1e30)
    scaled(trainer, 1, 1e30)
    trainer.epoch()

    found = trainer.divergence
    assert found is not None
    assert found.learning_rate == pytest.approx(0.01)


@pytest.mark.parametrize("change", [{"batch_norm": True}, {"dropout": 0.3}, {"skip_connections": True}])
def test_networks_of_every_kind_say_where(change: dict[str, object]) -> None:
    trainer = Trainer(cloud(90, 3), replace(DEEP, batch_size=None, **change))  # type: ignore[arg-type]
    weights = trainer.weights()
    trainer.load_weights([*weights[:-1], (np.full_like(weights[-1][0], 3e38), weights[-1][1])])
    trainer.step()

    found = trainer.divergence

    assert found is not None
    assert (found.cause, found.layer) == (Cause.VALUE, 8)
