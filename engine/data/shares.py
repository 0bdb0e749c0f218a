"""The roles of points: to be trained on, validated on, or kept back for a test."""

# Tests: tests/engine/test_test_share.py

from __future__ import annotations

from enum import IntEnum
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from engine.config import TrainingConfig

GOLDEN_RATIO = 0.6180339887498949


class Role(IntEnum):
    """The role of a point."""

    TRAINING = 0
    VALIDATION = 1
    TEST = 2  # counted nowhere until the test is revealed


class Shares(NamedTuple):
    """The shares of the points that are not trained on, each 0 to 0.5."""

    validation: float = 0.0
    test: float = 0.0


def shares_of(config: TrainingConfig) -> Shares:
    """The shares that a config tells."""
    return Shares(config.validation_fraction, config.test_fraction)


def spread(serials: NDArray[np.int64]) -> NDArray[np.float64]:
    """Serial numbers spread over [0, 1), float64 ndarray of shape (n_points,).

    By the golden ratio (Knuth, The Art of Computer Programming 3, section 6.4), which fills the interval evenly for any
    number of points.
    """
    found = (serials + 1) * GOLDEN_RATIO
    found -= np.floor(found)  # modulo 1, exactly, in a fifth of the time of a division
    return np.asarray(found)


def roles_of(serials: NDArray[np.int64], shares: Shares) -> NDArray[np.uint8]:
    """The `Role` of each point by its serial number, uint8 ndarray of shape (n_points,).

    Validation is at one end of the interval over which they are spread, the test at the other: no point is of both, no
    edit of other points changes a role, and larger shares only take points from training.
    """
    places = spread(serials)
    roles = (places < shares.validation).astype(np.uint8)
    if shares.test:
        roles[places >= 1 - shares.test] = Role.TEST
    return roles
