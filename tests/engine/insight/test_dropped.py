"""The units that are said to be out are those of the machine that makes the steps, and looking changes nothing."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from engine.config import Activation, TrainingConfig
from engine.dataset import Dataset
from engine.insight.dropped import DROPPED, EXAMPLES, Dropped, units_out
from engine.machines.torch_machine import TorchMachine
from engine.run.attention import Attention
from engine.run.kept import Look
from engine.run.lane import Lane
from engine.run.measurements import Scene, dropped
from engine.run.pace import Resolution
from engine.training import Trainer
from tests.engine.reference import cloud, dropout_masks

CONFIG = TrainingConfig(hidden_layers=(8, 5, 6), dropout=0.3, batch_size=None, validation_fraction=0.0)


def seen(trainer: Trainer, dataset: Dataset) -> Dropped:
    return dropped(Scene(trainer, dataset), True)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("changes", [{}, {"batch_norm": True}, {"skip_connections": True, "hidden_layers": (6, 6)}])
def test_they_are_those_of_the_last_step(changes: dict[str, object]) -> None:
    dataset, before = cloud(40, 3), None
    trainer = Trainer(dataset, replace(CONFIG, **changes))  # type: ignore[arg-type]
    assert seen(trainer, dataset).layers == ()
    for step in (1, 2):
        trainer.step()
        found, masks = seen(trainer, dataset), dropout_masks(trainer)

        assert (found.step, found.n_points, found.probability) == (step, 40, 0.3)
        for layer, mask in zip(found.layers, masks, strict=True):
            np.testing.assert_array_equal(layer, mask.t().numpy() == 0)
            assert 0.1 < layer.mean() < 0.5
        assert before is None or any((one != other).any() for one, other in zip(found.layers, before, strict=True))
        before = found.layers


@pytest.mark.usefixtures("machine")
def test_a_unit_that_is_out_says_0_in_that_step() -> None:
    dataset = cloud(40, 2)
    trainer = Trainer(dataset, replace(CONFIG, activation=Activation.SIGMOID))  # which never says 0 itself
    trainer.step()
    found, machine = seen(trainer, dataset), trainer._machine

    for layer, out in enumerate(found.layers):
        if isinstance(machine, TorchMachine):
            (passes,) = machine._gradient_of_mean._made.values()
            outputs = passes._hidden.outputs.layers[layer].numpy()
        else:
            start, width = int(machine._plan.row(layer)[7]), -(-40 // 16) * 16  # type: ignore[attr-defined]
            outputs = machine._memory[start : start + len(out) * width].view(len(out), width)[:, :40].numpy()  # type: ignore[attr-defined]
        np.testing.assert_array_equal(outputs == 0, out)


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize(("n_points", "batch_size"), [(50, 16), (2500, None), (2500, 1100)])
def test_of_batches_of_any_size_it_is_the_last_one_or_the_last_piece_of_it(
    n_points: int, batch_size: int | None
) -> None:
    trainer = Trainer(cloud(n_points, 2), replace(CONFIG, batch_size=batch_size))
    size = batch_size or n_points
    for step in range(2 * trainer.steps_per_epoch):
        trainer.step()
        batch = min(size, n_points - step % trainer.steps_per_epoch * size)
        masks = trainer.masks()

        assert [layer.shape for layer in masks.layers] == [(width, (batch - 1) % 1024 + 1) for width in (8, 5, 6)]
        assert {*np.unique(np.concatenate([layer.ravel() for layer in masks.layers]))} == {0, np.float32(1 / 0.7)}


@pytest.mark.usefixtures("machine")
def test_a_step_that_was_left_in_the_middle_is_told_as_under_way() -> None:
    dataset = cloud(9000, 2)
    trainer = Trainer(dataset, replace(CONFIG, hidden_layers=(60, 60, 60)))
    trainer.step()
    before = seen(trainer, dataset)
    trainer.steps(1, lambda: True)
    found = seen(trainer, dataset)

    assert trainer.steps_done == 1
    assert (found.step, found.n_points, trainer.masks().is_under_way) == (2, 1024, True)
    assert any((one != other).any() for one, other in zip(found.layers, before.layers, strict=True))


@pytest.mark.usefixtures("machine")
def test_other_weights_or_settings_begin_without() -> None:
    dataset = cloud(40, 2)
    trainer = Trainer(dataset, CONFIG)
    trainer.step()
    trainer.load_weights(trainer.weights())
    assert not trainer.masks().layers
    trainer.step()
    assert trainer.masks().layers
    trainer.use(dataset, replace(CONFIG, dropout=0.5))
    assert not trainer.masks().layers
    trainer.use(dataset, replace(CONFIG, dropout=0.0))
    trainer.step()
    assert not trainer.masks().layers


@pytest.mark.usefixtures("machine")
def test_looking_changes_no_bit_of_the_training() -> None:
    dataset, ends = cloud(60, 2), []
    config = replace(CONFIG, batch_size=16)
    for wanted in (frozenset(), frozenset({DROPPED})):
        lane, look = Lane(dataset, config), Look(Resolution(1.0), lambda: 0.0, still=False)
        for _ in range(12):
            lane.trainer.steps(3)
            snapshot = lane.snapshot(Attention(wanted=wanted), look)
        assert (snapshot.readings.value(DROPPED) is not None) == bool(wanted)
        ends.append(lane.trainer._network.parameters.vector.numpy().tobytes())

    assert ends[0] == ends[1]


def test_the_network_around_them_is_told() -> None:
    dataset = cloud(40, 3)
    trainer = Trainer(dataset, replace(CONFIG, squares=True))

    found = seen(trainer, dataset)

    assert (found.inputs, found.widths) == (("x", "y", "x²", "y²"), (4, 8, 5, 6, 3))
    assert found.n_parameters == trainer._network.parameters.vector.numel() == 5 * 8 + 9 * 5 + 6 * 6 + 7 * 3


def test_of_wide_networks_fewer_points_are_kept() -> None:
    def kept(*widths: int) -> int:
        layer, *_ = units_out([np.zeros((width, 100), np.float32) for width in widths])
        return len(layer.T)

    assert (kept(8, 8), kept(*[1000] * 4), kept(*[1000] * 100)) == (EXAMPLES, 16, 1)
