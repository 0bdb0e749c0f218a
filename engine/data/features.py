"""The inputs of a network: those of a point, standardised, and what is worked out of them.

Of standardised inputs, not of raw ones: these differ in size by any factor, and a square makes that worse; what comes
out here is of the size of 1, as the inputs are, whatever units the points have.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import MAX_WIDTH, TrainingConfig
from engine.settings import ConfigError

SINE = -1
"""Instead of the second factor: not a product, but sin(πz) of the first.

Points that are spread evenly reach √3 deviations to each side: sin(πz) makes 1.7 waves of that, sin z would be nearly
a straight line there, which the network has already.
"""


LONGEST_BARE = 2
"""Characters of a name that stands in a formula without brackets."""


@dataclass(frozen=True)
class Features:
    """The inputs of a network.

    Attributes:
        n_inputs: standardised inputs of a point, which come first.
        factors: of each feature that is worked out, in their order, the numbers of the two inputs whose product it is,
            or of one and `SINE`.
    """

    n_inputs: int
    factors: tuple[tuple[int, int], ...] = ()

    @property
    def n_features(self) -> int:
        """Inputs of the network, those that are worked out included."""
        return self.n_inputs + len(self.factors)

    def work_out(self, table: NDArray[np.floating[Any]]) -> None:
        """Fill the columns after the inputs, which are there, in a table with a row for each point."""
        with np.errstate(all="ignore"):
            for column, (one, other) in enumerate(self.factors, self.n_inputs):
                if other == SINE:
                    np.sin(np.pi * table[:, one], out=table[:, column])
                else:
                    np.multiply(table[:, one], table[:, other], out=table[:, column])

    def names(self, inputs: Sequence[str]) -> tuple[str, ...]:
        """The names of all, made of those of the inputs; long ones stand in brackets."""
        names = [name if len(name) <= LONGEST_BARE else f"({name})" for name in inputs]
        return *inputs, *(_formula(names, one, other) for one, other in self.factors)


def _formula(names: Sequence[str], one: int, other: int) -> str:
    if other == SINE:
        return f"sin π{names[one]}"
    return f"{names[one]}²" if one == other else f"{names[one]}·{names[other]}"


def features_of(config: TrainingConfig, n_inputs: int) -> Features:
    """The features of so many inputs: with the square of each, the product of each two, the sine of each, if wanted.

    Raises:
        ConfigError: with what is worked out of them they are too many.
    """
    n_pairs = n_inputs * (n_inputs - 1) // 2
    n_factors = (config.squares + config.sines) * n_inputs + config.products * n_pairs
    if n_factors and n_inputs + n_factors > MAX_WIDTH:  # counted before they are made: there may be billions
        raise ConfigError(
            "With these features {n_inputs:,} inputs become {n_features:,}; at most {most:,} are possible. Take fewer:"
            " the product of each two inputs makes the most.",
            n_inputs=n_inputs,
            n_features=n_inputs + n_factors,
            most=MAX_WIDTH,
        )
    each = range(n_inputs)
    kinds = (
        (config.squares, ((k, k) for k in each)),
        (config.products, combinations(each, 2)),
        (config.sines, ((k, SINE) for k in each)),
    )
    return Features(n_inputs, tuple(pair for is_wanted, pairs in kinds if is_wanted for pair in pairs))
