"""The measured cost of activations: that it is measured, of what, and by the clock."""

from __future__ import annotations

import itertools
import json

import pytest

from engine.__main__ import main
from engine.compiled import cache
from engine.config import Activation
from engine.machines.compiled_machine import TIMED_STEPS
from engine.machines.costs import POINTS, UNITS, measure_costs
from engine.machines.kind import MachineKind


@pytest.fixture(params=MachineKind, autouse=True)
def kind(request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch) -> MachineKind:
    """What trains here: without compiled code the calls of torch and numpy."""
    kind: MachineKind = request.param
    if kind is MachineKind.TORCH:
        monkeypatch.setattr(cache, "library", lambda name: None)
    elif not cache.has_compiler():
        pytest.skip("no compiler is installed")
    return kind


def test_every_activation_has_a_cost_forward_and_backward() -> None:
    costs = measure_costs()

    assert set(costs) == set(Activation)
    assert all(0 <= cost.forward < 1000 and 0 <= cost.backward < 1000 for cost in costs.values())
    assert costs[Activation.SOFTMAX].forward > 0


def test_the_numbers_are_nanoseconds_a_value(kind: MachineKind) -> None:
    ticks = itertools.count()

    costs = measure_costs(clock=lambda: float(next(ticks)))  # a second between two looks

    layers = 1 if kind is MachineKind.TORCH else TIMED_STEPS  # that are computed between two looks
    for cost in costs.values():
        assert cost.forward == cost.backward == pytest.approx(1e9 / (UNITS * POINTS * layers))


def test_the_command_prints_them(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["activation-costs"]) == 0

    printed = json.loads(capsys.readouterr().out)
    assert set(printed) == {activation.value for activation in Activation}
    assert all(set(cost) == {"forward", "backward"} for cost in printed.values())
