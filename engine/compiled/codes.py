"""The numbers by which compiled code knows the choices of a configuration."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from engine.config import Activation, Optimizer

ACTIVATIONS = {kind: code for code, kind in enumerate(Activation)}
NEEDS_INPUT = frozenset({Activation.GELU, Activation.SILU})
"""The activations whose derivative is taken from z, which then is kept."""

OPTIMIZERS = {kind: code for code, kind in enumerate(Optimizer)}
