"""What every test of the engine gets: torch on one thread; and the two machines."""

from __future__ import annotations

import pytest
import torch

from engine.compiled import cache
from engine.machines import choice
from engine.machines.kind import MachineKind


@pytest.fixture(autouse=True, scope="session")
def one_torch_thread() -> None:
    torch.set_num_threads(1)


@pytest.fixture(params=MachineKind)
def machine(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MachineKind:
    """One machine makes the steps of every network of the test, whatever its shape; the test is run with each."""
    kind: MachineKind = request.param
    if kind is MachineKind.COMPILED and not cache.has_compiler():
        pytest.skip("no compiler is installed")
    monkeypatch.setattr(choice, "suits_compiled_code", lambda network, batch: kind is MachineKind.COMPILED)
    return kind
