"""The real numbers of a plan, and of the state of its work."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

LEARNING_RATE = 0
L1 = 1
L2 = 2
CLIP = 3  # squared
SLOPE = 4  # of Leaky ReLU
ALPHA = 5  # of ELU
COUNT = 6
