"""Mini-batches: a new order of the points each epoch, in buffers of bounded size."""

from __future__ import annotations

from dataclasses import dataclass

import torch

from engine.losses import OutputLayer
from engine.network import PIECE, Backpropagation, Gradient, Network

CHUNK = 4096
"""Points that are copied into a new order at once; so a million points need no second million."""


@dataclass(frozen=True)
class Piece:
    """Points that go through the network at once."""

    inputs: torch.Tensor
    inputs_t: torch.Tensor
    targets: torch.Tensor
    backpropagation: Backpropagation


class GradientOfMean:
    """The gradient of the mean loss over a batch of any size, put together from pieces.

    Attributes:
        gradient: where the result is found.
    """

    def __init__(self, network: Network, output: OutputLayer) -> None:
        self._network, self._output = network, output
        self.gradient = Gradient(network)
        self._further = Gradient(network)
        self._made: dict[tuple[int, bool], Backpropagation] = {}

    def pieces(self, inputs: torch.Tensor, targets: torch.Tensor) -> list[Piece]:
        """The pieces of a batch, as views of `inputs` (n_features + 1, n) and `targets` (n_units, n)."""
        columns = zip(torch.split(inputs, PIECE, dim=1), torch.split(targets, PIECE, dim=1), strict=True)
        return [
            Piece(part, part.t(), goals, self._backpropagation(part.shape[1], first=index == 0))
            for index, (part, goals) in enumerate(columns)
        ]

    def _backpropagation(self, n_points: int, *, first: bool) -> Backpropagation:
        key = (n_points, first)
        if key not in self._made:
            into = self.gradient if first else self._further
            self._made[key] = Backpropagation(self._network, self._output, n_points, into)
        return self._made[key]

    def compute(self, pieces: list[Piece], n_points: int) -> None:
        """Put the gradient of the mean loss over all `n_points` points of `pieces` into `gradient`."""
        for index in range(len(pieces)):
            self.add(pieces, index, n_points)

    def add(self, pieces: list[Piece], index: int, n_points: int) -> None:
        """Add the share of one piece to the gradient; that of the first one replaces what was there."""
        piece = pieces[index]
        piece.backpropagation(piece.inputs, piece.inputs_t, piece.targets, n_points)
        if index:
            self.gradient.vector.add_(self._further.vector)


class Batches:
    """The batches of one epoch after the other.

    Args:
        inputs: shape (n_features + 1, n_points); targets: shape (n_units, n_points); at least one point.
        batch_size: points in a batch; the last one of an epoch may be shorter. None: all points.
        generator: of the orders. The full batch needs none, since the order does not matter to its mean.
    """

    def __init__(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        batch_size: int | None,
        gradient_of_mean: GradientOfMean,
        generator: torch.Generator,
    ) -> None:
        n_points = inputs.shape[1]
        self._inputs, self._targets, self._generator = inputs, targets, generator
        self._size = min(batch_size or n_points, n_points)
        self.per_epoch = -(-n_points // self._size)
        self._shuffled = self.per_epoch > 1
        self._per_chunk = max(1, CHUNK // self._size) if self._shuffled else 1
        self._order = torch.empty(n_points if self._shuffled else 0, dtype=torch.int64)
        if self._shuffled:
            chunk = min(n_points, self._per_chunk * self._size)
            inputs = torch.empty((inputs.shape[0], chunk), dtype=inputs.dtype)
            targets = torch.empty((targets.shape[0], chunk), dtype=targets.dtype)
        self._chunk_inputs, self._chunk_targets = inputs, targets
        bounds = [(start, min(start + self._size, inputs.shape[1])) for start in range(0, inputs.shape[1], self._size)]
        self._batches = [
            (gradient_of_mean.pieces(inputs[:, start:stop], targets[:, start:stop]), stop - start)
            for start, stop in bounds
        ]
        start = ((self.per_epoch - 1) % self._per_chunk) * self._size
        self._last_size = n_points - (self.per_epoch - 1) * self._size
        stop = start + self._last_size
        self._last = gradient_of_mean.pieces(inputs[:, start:stop], targets[:, start:stop])

    def batch(self, index: int) -> tuple[list[Piece], int]:
        """The pieces and the size of batch number `index` of the epoch; ask in order, from 0 to per_epoch - 1."""
        if self._shuffled:
            if index == 0:
                torch.randperm(len(self._order), generator=self._generator, out=self._order)
            if index % self._per_chunk == 0:
                self._fill_chunk(index * self._size)
        if index == self.per_epoch - 1:
            return self._last, self._last_size
        return self._batches[index % self._per_chunk]

    def _fill_chunk(self, start: int) -> None:
        chosen = self._order[start : start + self._chunk_inputs.shape[1]]
        torch.index_select(self._inputs, 1, chosen, out=self._chunk_inputs[:, : len(chosen)])
        torch.index_select(self._targets, 1, chosen, out=self._chunk_targets[:, : len(chosen)])
