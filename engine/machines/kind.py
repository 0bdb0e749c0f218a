"""The names of the machines."""

# Tests: tests/engine/machines/test_choice.py

from __future__ import annotations

from enum import StrEnum


class MachineKind(StrEnum):
    """The maker of the steps of a run: calls of torch and numpy, or compiled code."""

    TORCH = "torch"
    COMPILED = "compiled"
