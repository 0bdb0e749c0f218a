"""The result on the points that are kept back for a test. No torch."""

# Tests: tests/engine/test_test_share.py

from __future__ import annotations

from dataclasses import dataclass

from engine.insight.quantity import Quantity
from engine.learning.metrics import Metrics


@dataclass(frozen=True)
class Revealed:
    """The worth of a network on the points of the test.

    Attributes:
        n_points: how many there are.
        metrics: over them, in the place of those of training; nan without points.
    """

    n_points: int
    metrics: Metrics


REVEALED: Quantity[Revealed] = Quantity("revealed")
"""The result on the points of the test, of who asks to see it."""
