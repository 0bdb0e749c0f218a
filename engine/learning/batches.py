"""Mini-batches: a new order of the points each epoch, in buffers of bounded size."""

from __future__ import annotations

from functools import partial
from typing import Any

import numpy as np
import torch
from numpy.typing import NDArray

from engine.mlp.batch_norm import MOMENTUM
from engine.mlp.dropout import Dropout
from engine.mlp.kernels import Calls
from engine.mlp.losses import OutputLayer
from engine.mlp.network import Network, Parameters
from engine.mlp.passes import PIECE, Backpropagation

CHUNK = 4096
"""Points that are copied into a new order at once; so a million points need no second million."""

CALLS_OF_PIECE = 32
"""Of a large batch that goes through the network whole; some layers."""

MAX_IN_CHUNK = 64
"""Batches of a chunk; each has its own list of calls."""


class GradientOfMean:
    """The gradient of the mean loss over a batch of any size, put together from pieces.

    Args:
        network, output: what is differentiated.
        gradient: where the result goes.
        dropout: which units drop out, or None.
        momentum: of the running statistics of the batch normalisation.
    """

    def __init__(
        self,
        network: Network,
        output: OutputLayer,
        gradient: Parameters,
        dropout: Dropout | None = None,
        momentum: float = MOMENTUM,
    ) -> None:
        self._network, self._output, self._dropout, self._momentum = network, output, dropout, momentum
        self._gradient, self._goes_whole = gradient, network.norm is not None
        self._further = Parameters(network.architecture, network.dtype)
        self._made: dict[tuple[int, bool], Backpropagation] = {}

    def pieces(self, inputs: torch.Tensor, targets: torch.Tensor) -> list[Calls]:
        """The calls of each piece of a batch, given as `inputs` (n_features + 1, n) and `targets` (n_units, n).

        One after the other they put the gradient of the mean loss over the whole batch into the gradient. Batch
        normalisation looks at all points of a batch together, so there a piece is some layers of a large batch.
        """
        n_points = inputs.shape[1]
        size = n_points if self._goes_whole else PIECE
        columns = zip(torch.split(inputs, size, dim=1), torch.split(targets, size, dim=1), strict=True)
        pieces = []
        for index, (part, goals) in enumerate(columns):
            backpropagation = self._backpropagation(part.shape[1], first=index == 0)
            calls = backpropagation.calls(part, part.t(), goals, n_points)
            if index:
                calls.append(partial(self._gradient.vector.add_, self._further.vector))
            if self._goes_whole and n_points > PIECE:
                pieces += [calls[first : first + CALLS_OF_PIECE] for first in range(0, len(calls), CALLS_OF_PIECE)]
            else:
                pieces.append(calls)
        return pieces

    def first_not_finite(self, pieces: list[Calls]) -> int | None:
        """The first layer with a value that is not finite in a batch whose pieces were just computed; None if none.

        Several pieces of points are computed once more, one after the other, and dropout draws for them anew.
        """
        found, are_gone = [], len(pieces) > 1 and not self._goes_whole
        for calls in pieces:
            for call in calls if are_gone else []:
                call()
            # what other batches left is finite, else the run would have ended there
            found += [wrong for made in self._made.values() if (wrong := made.first_not_finite()) is not None]
        return min(found, default=None)

    def masks(self, n_points: int, n_done: int | None = None) -> tuple[NDArray[np.floating[Any]], ...]:
        """The masks of dropout of the last piece of a batch that was just computed, or of so many of its pieces.

        One for each hidden layer, (n_units, n_points), as they stand in the buffers; nothing if nothing drops out.
        """
        n_pieces = 1 if self._goes_whole else -(-n_points // PIECE)
        n_done = n_pieces if n_done is None or self._goes_whole else n_done
        size = n_points - (n_pieces - 1) * PIECE if n_done == n_pieces else PIECE
        return self._made[size, n_done == 1].masks

    def _backpropagation(self, n_points: int, *, first: bool) -> Backpropagation:
        key = (n_points, first)
        if key not in self._made:
            into = self._gradient if first else self._further
            self._made[key] = Backpropagation(
                self._network, self._output, n_points, into, self._dropout, self._momentum
            )
        return self._made[key]


def order_seed(seed: int, epoch: int) -> int:
    """The seed of an epoch's order: so lanes see the same batches whatever was changed in one of them before.

    Multiplied by an odd number near the golden ratio, so that the epochs of two seeds do not overlap (Knuth, The Art of
    Computer Programming 3, section 6.4); 32 bits, which is what torch takes; far from the seed itself, from which the
    weights are drawn.
    """
    return (0x9E3779B1 * seed + 0x80000000 + epoch) % 2**32


class Batches:
    """The batches of one epoch after the other.

    Args:
        inputs: shape (n_features + 1, n_points), best as the transpose of a tensor with one row a point, of which rows
            are copied; targets: shape (n_units, n_points); at least one point.
        batch_size: points in a batch; the last one of an epoch may be shorter. None: all points.
        seed: of the orders; each epoch has one of its own, which depends on these two numbers alone.
    """

    def __init__(
        self,
        inputs: torch.Tensor,
        targets: torch.Tensor,
        batch_size: int | None,
        gradient_of_mean: GradientOfMean,
        seed: int,
    ) -> None:
        n_points = self._n_points = inputs.shape[1]
        self._inputs_t, self._targets, self._seed = inputs.t(), targets, seed
        self._generator = torch.Generator()
        self._size = min(batch_size or n_points, n_points)
        self.per_epoch = -(-n_points // self._size)
        self._shuffled = self.per_epoch > 1
        if not self._shuffled:
            self._last = gradient_of_mean.pieces(inputs, targets)
            return
        self._per_chunk = min(max(1, CHUNK // self._size), MAX_IN_CHUNK, n_points // self._size)
        self._order = torch.empty(n_points, dtype=torch.int64)
        # each batch in one piece of memory, which small products are quicker with
        self._chunk_inputs = torch.empty((self._per_chunk * self._size, len(inputs)), dtype=inputs.dtype)
        self._chunk_targets = torch.empty((self._per_chunk, len(targets), self._size), dtype=targets.dtype)
        parts = zip(torch.split(self._chunk_inputs, self._size), self._chunk_targets, strict=True)
        self._batches = [gradient_of_mean.pieces(points.t(), goals) for points, goals in parts]
        rest = n_points - (self.per_epoch - 1) * self._size
        self._rest_inputs = torch.empty((rest, len(inputs)), dtype=inputs.dtype)
        self._rest_targets = torch.empty((len(targets), rest), dtype=targets.dtype)
        self._last = gradient_of_mean.pieces(self._rest_inputs.t(), self._rest_targets)

    def batch(self, epoch: int, index: int) -> list[Calls]:
        """The pieces of batch number `index` of an epoch; ask in order, from 0 to per_epoch - 1."""
        if self._shuffled:
            if index == 0:
                self._draw_order(epoch)
            if index == self.per_epoch - 1:
                self._fill_rest()
            elif index % self._per_chunk == 0:
                self._fill_chunk(index)
        if index == self.per_epoch - 1:
            return self._last
        return self._batches[index % self._per_chunk]

    def n_points_of(self, index: int) -> int:
        """The points of batch number `index`."""
        return min(self._size, self._n_points - index * self._size)

    def enter(self, epoch: int, index: int) -> None:
        """Go into the middle of an epoch, before batch number `index`."""
        if self._shuffled and index:
            self._draw_order(epoch)
            if index % self._per_chunk and index < self.per_epoch - 1:
                self._fill_chunk(index - index % self._per_chunk)

    def _draw_order(self, epoch: int) -> None:
        self._generator.manual_seed(order_seed(self._seed, epoch))
        torch.randperm(len(self._order), generator=self._generator, out=self._order)

    def _fill_chunk(self, first: int) -> None:
        """Copy the points of the batches from number `first` on, but not those of the last one of the epoch."""
        n_batches = min(self._per_chunk, self.per_epoch - 1 - first)
        chosen = self._order[first * self._size : (first + n_batches) * self._size]
        torch.index_select(self._inputs_t, 0, chosen, out=self._chunk_inputs[: len(chosen)])
        goals = torch.index_select(self._targets, 1, chosen).view(len(self._targets), n_batches, self._size)
        self._chunk_targets[:n_batches].copy_(goals.transpose(0, 1))

    def _fill_rest(self) -> None:
        chosen = self._order[(self.per_epoch - 1) * self._size :]
        torch.index_select(self._inputs_t, 0, chosen, out=self._rest_inputs)
        torch.index_select(self._targets, 1, chosen, out=self._rest_targets)
