"""Which machine trains what: by the shape of the run, the same at every start."""

from __future__ import annotations

from dataclasses import replace

import pytest
import torch

from engine.compiled import cache
from engine.config import TrainingConfig
from engine.machines.choice import MAX_FEATURES, library_for, suits_compiled_code
from engine.machines.compiled_machine import CompiledEvaluator, CompiledMachine
from engine.machines.kind import MachineKind
from engine.machines.torch_machine import TorchMachine
from engine.mlp.network import Network, architecture_of
from engine.mlp.passes import Evaluator
from engine.training import Trainer
from tests.engine.reference import cloud


def network(*widths: int, batch_norm: bool = False) -> Network:
    return Network(architecture_of(TrainingConfig(hidden_layers=widths, batch_norm=batch_norm), 2, 1))


@pytest.mark.parametrize(
    ("widths", "batch", "suits"),
    [
        ((4, 2), 10, True),
        ((64,) * 20, 100_000, True),
        ((65,), 256, True),
        ((65,), 257, False),
        ((8, 128, 8), 64, True),
        ((8, 128, 8), 65, False),
        ((8, 129, 8), 1, False),
    ],
)
def test_compiled_code_takes_what_is_narrow_or_small(widths: tuple[int, ...], batch: int, suits: bool) -> None:
    assert suits_compiled_code(network(*widths), batch) == suits


def test_a_table_of_very_many_columns_is_left_to_torch() -> None:
    config = TrainingConfig(hidden_layers=(4,))
    assert suits_compiled_code(Network(architecture_of(config, MAX_FEATURES, 1)), 10)
    assert not suits_compiled_code(Network(architecture_of(config, MAX_FEATURES + 1, 1)), 10)


def test_a_large_batch_that_must_stay_whole_is_left_to_torch() -> None:
    assert suits_compiled_code(network(16, 16, batch_norm=True), 2**12)
    assert not suits_compiled_code(network(16, 16, batch_norm=True), 2**12 + 1)
    assert suits_compiled_code(network(16, 16), 2**12 + 1)


@pytest.mark.skipif(not cache.has_compiler(), reason="no compiler is installed")
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_a_wish_goes_before_the_shape(dtype: torch.dtype) -> None:
    config = TrainingConfig(hidden_layers=(4,))
    chosen, wished = (
        Trainer(cloud(60, 2), config, dtype),
        Trainer(cloud(60, 2), config, dtype, machine=MachineKind.TORCH),
    )

    assert chosen.machine is MachineKind.COMPILED
    assert isinstance(chosen._machine, CompiledMachine)
    assert isinstance(chosen._evaluator, CompiledEvaluator)
    assert wished.machine is MachineKind.TORCH
    assert isinstance(wished._machine, TorchMachine)
    assert isinstance(wished._evaluator, Evaluator)
    assert library_for(network(1024), 10, MachineKind.COMPILED) is not None


def test_without_compiled_code_torch_trains_whatever_is_wished(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cache, "library", lambda kind: None)
    trainer = Trainer(cloud(60, 2), TrainingConfig(hidden_layers=(4,)), machine=MachineKind.COMPILED)

    trainer.epoch()

    assert trainer.machine is MachineKind.TORCH
    assert trainer.epochs_done == 1


@pytest.mark.skipif(not cache.has_compiler(), reason="no compiler is installed")
def test_a_run_stays_on_its_machine_whatever_changes(monkeypatch: pytest.MonkeyPatch) -> None:
    config = TrainingConfig(hidden_layers=(40,), batch_size=10)
    dataset = cloud(400, 2)
    trainer = Trainer(dataset, config)
    assert trainer.machine is MachineKind.COMPILED
    monkeypatch.setattr(cache, "library", lambda kind: None)

    trainer.use(dataset, TrainingConfig(hidden_layers=(40,), batch_size=None))
    trainer.epoch()

    assert trainer.machine is MachineKind.COMPILED
    assert isinstance(trainer._machine, CompiledMachine)


@pytest.mark.skipif(not cache.has_compiler(), reason="no compiler is installed")
def test_a_batch_that_grows_too_large_to_stay_whole_is_handed_over_to_torch_and_back() -> None:
    small = TrainingConfig(hidden_layers=(16, 16), batch_norm=True, batch_size=32, validation_fraction=0.0)
    trainer = Trainer(cloud(5000, 2), small)
    trainer.steps(3)
    kinds = [trainer.machine]
    for size in (None, 32):
        trainer.use(cloud(5000, 2), replace(small, batch_size=size))
        trainer.steps(3)
        kinds.append(trainer.machine)
        trainer.diagnose()  # the share of the activations is that of the machine that trains
        assert trainer._step_share is not None
        assert (trainer._step_share._library is None) is (trainer.machine is MachineKind.TORCH)

    assert kinds == [MachineKind.COMPILED, MachineKind.TORCH, MachineKind.COMPILED]
    assert trainer.steps_done == 7  # one of them was of all points
