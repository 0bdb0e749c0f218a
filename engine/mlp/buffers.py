"""Tensors that hold a number for each unit of the hidden layers and each point."""

# Tests: tests/engine/test_gradients.py

from __future__ import annotations

from collections.abc import Sequence

import torch


class Stack:
    """A tensor (n_units, n_points) for each hidden layer, in one vector; under each there is a row of ones.

    Attributes:
        layers: without the row of ones.
        whole: with it, shape (n_units + 1, n_points).
    """

    def __init__(self, widths: Sequence[int], n_points: int, dtype: torch.dtype) -> None:
        self._vector = torch.ones(sum(width + 1 for width in widths) * n_points, dtype=dtype)
        parts = self._vector.split_with_sizes([(width + 1) * n_points for width in widths])
        self.whole = [part.view(width + 1, n_points) for part, width in zip(parts, widths, strict=True)]
        self.layers = [part[:-1] for part in self.whole]

    def span(self, first: int, last: int) -> torch.Tensor:
        """All from layer `first` to `last`, as a vector."""
        end = self.layers[last]
        return self._vector[self.layers[first].storage_offset() : end.storage_offset() + end.numel()]

    def stacked(self, first: int, last: int) -> torch.Tensor:
        """Layers `first` to `last` of one width, as one tensor (n, n_units + 1, n_points)."""
        whole = self.whole[first]
        n = last - first + 1
        return self._vector[whole.storage_offset() :][: n * whole.numel()].view(n, *whole.shape)


class Turns:
    """The same arrays as a `Stack` has, with some tensors for all layers of one width, which take turns."""

    def __init__(self, widths: Sequence[int], n_points: int, dtype: torch.dtype, count: int) -> None:
        made: dict[tuple[int, int], torch.Tensor] = {}
        for layer, width in enumerate(widths):
            if (width, layer % count) not in made:
                made[width, layer % count] = torch.ones((width + 1, n_points), dtype=dtype)
        self.whole = [made[width, layer % count] for layer, width in enumerate(widths)]
        self.layers = [whole[:-1] for whole in self.whole]


def kept(buffers: Stack | Turns) -> Stack:
    """The buffers of layers that are held for the way back."""
    assert isinstance(buffers, Stack)
    return buffers
