"""A trainer that takes over the state of another goes on as that would have, to the bit."""

from __future__ import annotations

import hashlib
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine import toy_datasets
from engine.config import Activation, Optimizer, Schedule, TrainingConfig
from engine.dataset import Dataset
from engine.machines import choice, compiled_machine
from engine.machines.kind import MachineKind
from engine.mlp.passes import PIECE
from engine.training import Trainer
from tests.engine.reference import cloud

SMALL = TrainingConfig(hidden_layers=(6, 5), batch_size=16, seed=3)
EVERYTHING = replace(
    SMALL,
    hidden_layers=(6, 6, 5),
    layer_activations=(Activation.GELU, Activation.ELU, Activation.SIGMOID),
    batch_norm=True,
    skip_connections=True,
    optimizer=Optimizer.ADAMW,
    schedule=Schedule.COSINE,
    l1=1e-4,
    l2=1e-3,
    dropout=0.2,
    clip_norm=1.0,
)
KINDS = list(MachineKind)


def fingerprint(trainer: Trainer) -> str:
    """Of all that a run has come to."""
    state = trainer.state()
    counts = f"{state.epochs} {state.steps} {state.steps_of_epoch} {state.learning_rate} {state.divergence}"
    return hashlib.sha256(b"".join([counts.encode(), *(array.tobytes() for array in state.arrays())])).hexdigest()


def goes_on_alike(
    dataset: Dataset, config: TrainingConfig, kind: MachineKind, dtype: torch.dtype, steps: int, more: int
) -> bool:
    """True if a run that is interrupted after some steps ends as one that is not."""
    whole, interrupted = (Trainer(dataset, config, dtype, machine=kind) for _ in range(2))
    for trainer, end in ((whole, steps + more), (interrupted, steps)):
        assert trainer.machine is kind
        while trainer.steps_done < end:
            trainer.steps(end - trainer.steps_done)
    other = Trainer(dataset, config, dtype, state=interrupted.state())
    assert other.machine is kind
    assert fingerprint(other) == fingerprint(interrupted)
    assert other.evaluate() == interrupted.evaluate()
    while other.steps_done < steps + more:
        other.steps(steps + more - other.steps_done)
    return fingerprint(other) == fingerprint(whole)


@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
@pytest.mark.parametrize("kind", KINDS)
def test_a_run_goes_on_to_the_bit_from_wherever_it_was(kind: MachineKind, dtype: torch.dtype) -> None:
    dataset = cloud(90, 3)
    for optimizer in Optimizer:
        assert goes_on_alike(dataset, replace(SMALL, optimizer=optimizer), kind, dtype, 7, 12), optimizer
    for config in (EVERYTHING, replace(EVERYTHING, batch_size=None), replace(SMALL, dropout=0.5)):
        for steps in (5, 8):  # at the end of an epoch of five steps, and in the middle of one
            assert goes_on_alike(dataset, config, kind, dtype, steps, 9), (config, steps)


def test_a_run_goes_on_in_the_middle_of_many_batches() -> None:
    dataset = cloud(5200, 2)
    for steps in (3, 70, 129):  # of 130 batches of an epoch, 64 in a chunk
        assert goes_on_alike(dataset, replace(SMALL, batch_size=32), MachineKind.TORCH, torch.float32, steps, 70)


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("changes", [{"dropout": 0.3}, {"batch_norm": True, "dropout": 0.3}])
def test_a_step_that_was_left_in_the_middle_is_made_anew_as_if_it_had_not_begun(
    kind: MachineKind, changes: dict[str, object], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(choice, "MAX_WHOLE", 2**30)
    monkeypatch.setattr(compiled_machine, "PRODUCTS_AT_ONCE", 2**20)  # so that some points are many
    config = replace(SMALL, hidden_layers=(8,) * 8, batch_size=None, validation_fraction=0.0, **changes)  # type: ignore[arg-type]
    dataset = cloud(3 * PIECE, 2)
    trainer, twin = (Trainer(dataset, config, machine=kind) for _ in range(2))
    for one in (trainer, twin):
        one.steps(1)
    is_left = trainer.steps(1, lambda: True) == 0
    assert is_left is not (kind is MachineKind.COMPILED and config.batch_norm)  # which goes through in one call

    other = Trainer(dataset, config, state=trainer.state())
    other.steps(2 - other.steps_done)
    twin.steps(1)
    assert fingerprint(other) == fingerprint(twin)
    if is_left:
        trainer.steps(1)
    assert fingerprint(trainer) == fingerprint(twin), "and the run itself has felt nothing of it"


def test_a_diverged_run_stays_so_and_a_state_cannot_be_changed() -> None:
    dataset = toy_datasets.make("moons", n_samples=200, n_classes=2)
    wild = replace(
        SMALL,
        hidden_layers=(8, 8),
        learning_rate=1e5,
        batch_size=8,
        activation=Activation.RELU,
        optimizer=Optimizer.SGD,
    )
    trainer = Trainer(dataset, wild)
    for _ in range(20):
        trainer.epoch()
    assert trainer.divergence is not None
    other = Trainer(dataset, trainer.config, state=trainer.state())
    assert other.divergence == trainer.divergence
    assert other.steps(5) == 0
    with pytest.raises(ValueError, match="read-only"):
        trainer.state().parameters[0] = 1.0


def test_random_numbers_of_another_version_of_torch_are_drawn_anew() -> None:
    trainer = Trainer(cloud(60, 2), replace(SMALL, dropout=0.5))
    trainer.epoch()
    odd = replace(trainer.state(), generator=np.arange(77, dtype=np.uint8))
    other = Trainer(cloud(60, 2), trainer.config, state=odd)
    other.epoch()
    assert other.epochs_done == 2
