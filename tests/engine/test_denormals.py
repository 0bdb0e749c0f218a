"""Denormal numbers are zero wherever the engine computes, so a network that has learned trains as fast as a new one."""

from __future__ import annotations

import hashlib
from collections.abc import Generator
from dataclasses import replace
from threading import Thread
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.config import Activation, Optimizer, TrainingConfig
from engine.insight.measurement import Measurement
from engine.mlp import kernels
from engine.mlp.kernels import in_engine
from engine.mlp.pieces import CalledAway
from engine.training import Trainer
from tests.engine.reference import cloud

CONFIG = TrainingConfig(hidden_layers=(8, 8, 8), activation=Activation.TANH, batch_size=None)
PRECISIONS = torch.float32, torch.float64


def arrays(optimizer: Optimizer, dtype: torch.dtype) -> list[NDArray[Any]]:
    """All that a step has changed of weights of such a size that the products of three of them are denormal."""
    trainer = Trainer(cloud(60, 2), replace(CONFIG, optimizer=optimizer), dtype)
    scale = 1e-13 if dtype is torch.float32 else 1e-103
    trainer.load_weights([(scale * weight, 0 * bias) for weight, bias in trainer.weights()])
    trainer.step()
    changed = trainer._network.parameters.vector, trainer._gradient.vector, *trainer._updater.optimizer.state
    return [array.numpy() for array in changed]


def has_denormals(values: NDArray[Any]) -> bool:
    """True if one of the numbers is denormal."""
    sizes = np.abs(values)
    return bool(((sizes > 0) & (sizes < np.finfo(values.dtype).tiny)).any())


def fingerprint() -> str:
    """What all optimizers make of such weights, in both precisions."""
    found = [array.tobytes() for optimizer in Optimizer for dtype in PRECISIONS for array in arrays(optimizer, dtype)]
    return hashlib.sha256(b"".join(found)).hexdigest()


@pytest.mark.usefixtures("machine")
@pytest.mark.parametrize("dtype", PRECISIONS)
@pytest.mark.parametrize("optimizer", Optimizer)
def test_no_step_makes_denormal_numbers(
    optimizer: Optimizer, dtype: torch.dtype, monkeypatch: pytest.MonkeyPatch
) -> None:
    assert not any(map(has_denormals, arrays(optimizer, dtype)))

    monkeypatch.setattr(torch, "set_flush_denormal", lambda _: False)
    assert any(map(has_denormals, arrays(optimizer, dtype)))  # else the test would prove nothing


@pytest.mark.parametrize("is_theirs", [False, True])
def test_another_thread_makes_the_same_bits_and_stays_as_it_was(is_theirs: bool) -> None:
    found: list[str | bool] = []

    def other_thread() -> None:
        torch.set_flush_denormal(is_theirs)
        found.extend((fingerprint(), kernels.SMALLEST == 0.0))

    thread = Thread(target=other_thread)
    thread.start()
    thread.join()

    assert found == [fingerprint(), is_theirs]


def test_the_thread_is_as_it_was_after_an_error_and_between_the_pieces_of_a_measurement() -> None:
    seen: list[bool] = []

    @in_engine
    def interrupted() -> None:
        seen.append(kernels.SMALLEST == 0.0)
        raise CalledAway

    def pieces() -> Generator[None, None, bool]:
        seen.append(kernels.SMALLEST == 0.0)
        yield
        return kernels.SMALLEST == 0.0

    with pytest.raises(CalledAway):
        interrupted()
    assert kernels.SMALLEST > 0.0
    measurement = Measurement(pieces())
    measurement.go_on(lambda: True)
    assert kernels.SMALLEST > 0.0
    assert seen == [True, True]
    assert measurement.finished()
