"""What activations take of a training step, by a clock that only the calls of the test put forward."""

from __future__ import annotations

import itertools
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial

import numpy as np
import pytest
import torch

from engine.config import Activation, Optimizer, TrainingConfig
from engine.insight.measurement import Measurement
from engine.learning.updates import Updater
from engine.machines.compiled_machine import TIMED_STEPS
from engine.machines.kind import MachineKind
from engine.machines.step_share import MIN_ROUNDS, StepShare
from engine.mlp import network, passes
from engine.mlp.activations import Shape
from engine.mlp.kernels import Calls, Kernel, make_kernel
from engine.training import Trainer
from tests.engine.reference import cloud

CONFIG = TrainingConfig(hidden_layers=(8, 8, 4), optimizer=Optimizer.SGD, batch_size=16, validation_fraction=0.0)


@dataclass
class World:
    """Seconds that passed, in all and in activations."""

    now: float = 0.0
    of_activations: float = 0.0

    def slower(self, call: Callable[[], object], seconds: float, *, is_activation: bool) -> Callable[[], object]:
        """The call, which takes so long."""

        def slow() -> None:
            call()
            self.now += seconds
            self.of_activations += seconds * is_activation

        return slow


def slow_kernel(world: World, kernel: Kernel) -> Kernel:
    """Forward takes 3 seconds a call, all ways back 5."""

    def slow(make: Callable[..., Calls], seconds: float) -> Callable[..., Calls]:
        return lambda *given: [world.slower(call, seconds, is_activation=True) for call in make(*given)]

    return replace(
        kernel,
        forward=slow(kernel.forward, 3),
        backward=slow(kernel.backward, 5),
        quick_derivative=slow(kernel.derivative, 5),
    )


@pytest.fixture
def world(monkeypatch: pytest.MonkeyPatch) -> World:
    made = World()

    def make_slow(kind: Activation, shape: Shape, *, exact: bool = False) -> Kernel:
        return slow_kernel(made, make_kernel(kind, shape, exact=exact))

    def product(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> Callable[[], object]:
        return made.slower(partial(torch.mm, left, right, out=out), 7, is_activation=False)

    def times(left: torch.Tensor, right: torch.Tensor, out: torch.Tensor) -> Callable[[], object]:
        return made.slower(partial(torch.mul, left, right, out=out), 2, is_activation=True)

    def update(self: Updater, epoch: int) -> bool:
        made.now += 11
        return True

    monkeypatch.setattr(network, "make_kernel", make_slow)
    monkeypatch.setattr(passes, "product", product)
    monkeypatch.setattr(passes, "times", times)
    monkeypatch.setattr(Updater, "update", update)
    return made


@pytest.mark.parametrize("stacked_values", [passes.STACKED_VALUES, 0])
@pytest.mark.parametrize("activation", Activation)
@pytest.mark.parametrize("changes", [{}, {"skip_connections": True}, {"batch_norm": True}, {"batch_size": None}])
def test_the_share_is_what_activations_took_of_all_that_passed(
    world: World,
    activation: Activation,
    changes: dict[str, object],
    stacked_values: int,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setattr(passes, "STACKED_VALUES", stacked_values)
    config = replace(CONFIG, activation=activation, **changes)  # type: ignore[arg-type]  # each its own
    trainer = Trainer(cloud(60, 2), config, machine=MachineKind.TORCH)
    world.now = world.of_activations = 0.0

    share = measured(trainer, lambda: world.now)

    assert world.of_activations > 0 or activation is Activation.LINEAR
    assert share == pytest.approx(world.of_activations / world.now)


def test_a_batch_in_pieces_has_one_update_for_all_of_them(world: World) -> None:
    trainer = Trainer(cloud(3 * passes.PIECE, 2), replace(CONFIG, batch_size=None), machine=MachineKind.TORCH)
    world.now = world.of_activations = 0.0

    share = measured(trainer, lambda: world.now)

    of_updates = 11 * MIN_ROUNDS
    assert share == pytest.approx(3 * world.of_activations / (3 * (world.now - of_updates) + of_updates))


def test_of_compiled_code_whole_steps_and_all_activations_are_timed_in_turn() -> None:
    trainer, ticks = Trainer(cloud(60, 2), CONFIG, machine=MachineKind.COMPILED), itertools.count()
    assert trainer.machine is MachineKind.COMPILED

    share = measured(trainer, lambda: float(next(ticks)))  # a second for each call

    # the 4 steps of an epoch, and as often as is timed the activations of a step, there and back
    assert share == pytest.approx(2 / TIMED_STEPS * trainer.steps_per_epoch)


def measured(trainer: Trainer, clock: Callable[[], float]) -> float:
    training = trainer._samples.training()
    share = StepShare(trainer._library, trainer._network, trainer._output, trainer.config, *training, clock)
    return Measurement(share.measure()).finished()


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("changes", [{"dropout": 0.4}, {"batch_norm": True}, {"optimizer": Optimizer.ADAM}])
def test_what_is_timed_leaves_the_run_as_it_was(changes: dict[str, object]) -> None:
    config = replace(CONFIG, **changes)  # type: ignore[arg-type]  # each its own
    looked, plain = (Trainer(cloud(60, 2), config) for _ in range(2))
    for _ in range(3):
        looked.step()
        plain.step()
        share = looked.diagnose().activation_share
        assert 0 < share < 1

    for (weight, bias), (same, alike) in zip(looked.weights(), plain.weights(), strict=True):
        np.testing.assert_array_equal(weight, same)
        np.testing.assert_array_equal(bias, alike)
    assert looked.evaluate() == plain.evaluate()


@pytest.mark.usefixtures("machine")
def test_it_is_timed_once_and_again_after_a_change_of_settings() -> None:
    trainer = Trainer(cloud(60, 2), CONFIG)
    first = trainer.diagnose().activation_share
    trainer.step()
    assert trainer.diagnose().activation_share == first

    trainer.use(cloud(60, 2), replace(CONFIG, optimizer=Optimizer.ADAM))
    assert trainer.diagnose().activation_share != first
