"""The curves of an earlier run, to be shown behind those of the run under way."""

# Tests: tests/gui/run/test_ghosts.py

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray


@dataclass(frozen=True, eq=False)
class Ghost:
    """An earlier run in a plot.

    Attributes:
        title: its name in the plot.
        curves: float32 (n_rows, 5), columns as in `engine.run.history.History.table`.
    """

    title: str
    curves: NDArray[np.float32]

    @property
    def mark(self) -> tuple[str, int]:
        """A value that only a ghost with the same name and the same curves has, as long as there are these."""
        return self.title, id(self.curves)
