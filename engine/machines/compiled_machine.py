"""The machine of compiled code: whole slices of steps in one call, during which other threads run."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Iterable
from itertools import pairwise
from typing import Any

import numpy as np
import torch

from engine.compiled import places
from engine.compiled.codes import OPTIMIZERS
from engine.compiled.library import Library
from engine.compiled.plan import LANES, make_plan
from engine.config import Schedule
from engine.learning.batches import order_seed
from engine.learning.schedules import learning_rate
from engine.machines.machine import Assignment, Beginning, Masks
from engine.mlp.dropout import Dropout
from engine.mlp.losses import SoftmaxOutput
from engine.mlp.network import Network
from engine.mlp.passes import Evaluator, first_wrong
from engine.mlp.pieces import Heed, nobody

BLOCK_VALUES = 2**15
"""Values of all layers together, units times points, of a block: they stay in the processor's cache."""

MIN_BLOCK, MAX_BLOCK = 128, 512
PRODUCTS_AT_ONCE = 2**25
"""Multiplications of a call between two looks at the clock; about a millisecond."""

TIMED_STEPS = 16
MAX_EPOCHS = 512
"""Of a call."""

MASK_VALUES = 2**20
"""Of dropout that are drawn together, at least those of a step or a piece."""

MAX_BOUND = 4
"""Inputs that come back again and again: all points, the field, the pointer, and one to spare."""

SHORT = 4
"""So many times longer is a call that nobody calls away, since it must use what was drawn for it."""


def block_size(network: Network, batch: int) -> int:
    """The points that go through a network together; all of a batch, if batch normalisation needs them so."""
    if network.norm is not None:
        return batch
    wanted = BLOCK_VALUES // network.architecture.n_hidden
    # so that the pieces for which dropout is drawn are whole blocks
    size = 1 << max(MIN_BLOCK, min(MAX_BLOCK, wanted)).bit_length() - 1
    return min(batch, size)


def blocks_at_once(network: Network, block: int) -> int:
    """The blocks of a call."""
    sizes = network.architecture.sizes
    products = 3 * block * sum(before * after for before, after in pairwise(sizes))
    return max(1, PRODUCTS_AT_ONCE // products)


class CompiledMachine:
    """Makes steps of a task by compiled code; see `engine.machines.machine.Machine`.

    Args:
        task: what is trained.
        library: the code, for the precision of the network.
    """

    def __init__(self, task: Assignment, library: Library) -> None:
        self._task, self._library = task, library
        network, n_points = task.network, task.inputs.shape[1]
        batch = min(task.batch_size or n_points, n_points)
        self.per_epoch, self.has_diverged = -(-n_points // batch), False
        self.begun: Beginning | None = None
        block = block_size(network, batch)
        plan = self._plan = make_plan(
            network.architecture, network.parameters, n_points, batch, block, has_dropout=task.dropout is not None
        )
        self._fields, self._numbers = plan.fields, plan.numbers
        self._fields[places.IS_SOFTMAX] = isinstance(task.output, SoftmaxOutput)
        self._fields[places.IS_SQUARED], self._fields[places.IS_LINEAR] = task.output.is_squared, task.output.has_values
        self._numbers[places.HUBER] = task.output.huber_delta
        self._fields[places.PER_EPOCH], self._fields[places.SEED] = self.per_epoch, order_seed(task.seed, 0)
        self._blocks = blocks_at_once(network, block)
        self._n_blocks_of_step = -(-batch // block)
        kind = network.dtype
        self._inputs, self._targets = task.inputs.t().contiguous(), task.targets.contiguous()
        self._order = torch.arange(n_points)
        self._memory = torch.zeros(plan.size, dtype=kind)
        self._prepare_masks(batch, block)
        self._none, self._silent = torch.zeros(1, dtype=kind), np.zeros(1, dtype=np.int64)
        self._taken: tuple[Any, Any] = None, None  # the settings that the numbers are of
        self._rates, self._twister = np.empty(MAX_EPOCHS), np.empty(624, dtype=np.int64)
        self._call: Callable[[], Any] = nobody

    def _prepare_masks(self, batch: int, block: int) -> None:
        """Decide for how many steps or blocks a call is, so that it is short and little is drawn for it."""
        fields, dropout, kind = self._fields, self._task.dropout, self._task.network.dtype
        self._most_steps = sys.maxsize if self._n_blocks_of_step <= self._blocks else 1
        if dropout is None:
            self._masks = torch.zeros(1, dtype=kind)
            return
        rows, piece = int(fields[places.MASK_ROWS]), int(fields[places.PIECE])
        if self._most_steps > 1:
            most = min(SHORT * self._blocks // self._n_blocks_of_step, MASK_VALUES // (rows * batch))
            self._most_steps, size = max(1, most), max(1, most) * rows * batch
        else:  # whole pieces, so that none is drawn twice
            n_pieces = max(1, min(self._blocks * block // piece, MASK_VALUES // (rows * piece)))
            self._blocks, size = n_pieces * piece // block, n_pieces * rows * piece
        # a vector that is read at the end of the last row goes beyond it
        self._masks = torch.zeros(size + LANES, dtype=kind)

    def steps(
        self, epoch: int, first: int, most: int, is_called_away: Callable[[], bool] | None, until: int | None = None
    ) -> int:
        fields, rung = self._fields, self._task.bell.rung
        last = min(epoch + MAX_EPOCHS, epoch + 1 if until is None else until)
        made, wanted = 0, min(most, (last - epoch) * self.per_epoch - first)
        self._take_settings(epoch, last, (first + wanted) // self.per_epoch + 1)
        while made < wanted:
            if fields[places.POINT] == 0:  # else a step was left in the middle
                in_epoch, fields[places.STEP] = divmod(first + made, self.per_epoch)
                fields[places.EPOCH] = epoch + in_epoch
                self.begun = None if self._n_blocks_of_step <= self._blocks else self._task.beginning()
            asked = min(wanted - made, self._most_steps) if fields[places.POINT] == 0 else 1
            self._run(asked)
            self.has_diverged = bool(fields[places.HAS_DIVERGED])
            if fields[places.POINT] == 0:
                self.begun = None
            # a step that has diverged was made, too
            if new := asked - int(fields[places.N_STEPS]) + self.has_diverged:
                made += new
                self._task.watch.noted()
                if new > self.has_diverged:  # so that its rate is that of the last update
                    self._task.updater.begin_epoch(int(fields[places.EPOCH]) - int(fields[places.STEP] == 0))
            if self.has_diverged:
                break
            if rung[0] or (fields[places.POINT] and is_called_away is not None and is_called_away()):
                break
        return made

    def _run(self, n_steps: int) -> None:
        """One call: so many steps, or some blocks of one."""
        fields, is_whole = self._fields, self._n_blocks_of_step <= self._blocks
        fields[places.N_STEPS] = n_steps
        fields[places.N_BLOCKS] = self._n_blocks_of_step * n_steps if is_whole else self._blocks
        if self._task.dropout is not None:
            first = int(fields[places.STEP])
            if is_whole:
                pieces = [piece for step in range(first, first + n_steps) for piece in self._pieces_of(step)]
            else:
                piece = int(fields[places.PIECE])
                done, n_pieces = int(fields[places.POINT]) // piece, self._blocks * int(fields[places.BLOCK]) // piece
                pieces = self._pieces_of(first)[done : done + n_pieces]
            self._draw(self._task.dropout, pieces)
        self._call()

    def _pieces_of(self, step: int) -> list[int]:
        """The points of each piece of a step, for which the other machine draws what drops out, too."""
        batch, piece = int(self._fields[places.BATCH]), int(self._fields[places.PIECE])
        n_points = min(batch, int(self._fields[places.N_POINTS]) - step % self.per_epoch * batch)
        return [min(piece, n_points - done) for done in range(0, n_points, piece)]

    def _draw(self, dropout: Dropout, pieces: list[int]) -> None:
        """Draw what drops out, for pieces of so many points, just before they are computed."""
        start = self._fields[places.MASK_PLACE] = 0
        for n_points in pieces:
            end = start + int(self._fields[places.MASK_ROWS]) * n_points
            for call in dropout.draw(self._masks[start:end]):
                call()
            start = end

    def masks(self) -> Masks:
        fields, plan, is_under_way = self._fields, self._plan, bool(self._fields[places.POINT])
        rows, end, widths = fields[places.MASK_ROWS], fields[places.MASK_PLACE], self._task.network.architecture.widths
        if not rows or not end:
            return Masks()
        if is_under_way:
            n_points = fields[places.PIECE]
        else:  # a step that has diverged is not counted
            step = int(fields[places.STEP]) - 1 + self.has_diverged
            n_points = self._pieces_of(step)[-1]
        drawn = self._masks[end - rows * n_points : end].view(rows, n_points).numpy()
        firsts = [plan.row(layer)[places.MASK] for layer in range(len(widths))]
        layers = tuple(drawn[first : first + width] for first, width in zip(firsts, widths, strict=True))
        return Masks(layers, is_under_way)

    def _take_settings(self, epoch: int, last: int, n_epochs: int) -> None:
        """Take the settings for the epochs from one number to before another, of which so many are begun at most."""
        updater, fields = self._task.updater, self._fields
        if updater.config is not self._taken[0] or updater.optimizer is not self._taken[1]:
            self._bind()
        fields[places.FIRST_EPOCH], fields[places.UNTIL] = epoch, last
        if updater.config.schedule is not Schedule.CONSTANT:
            end = min(epoch + n_epochs, last)
            self._rates[: end - epoch] = [learning_rate(updater.config, e) for e in range(epoch, end)]
        self._numbers[places.LEARNING_RATE] = self._rates[0]

    def _bind(self) -> None:
        """Take settings and state of the updater as they are now."""
        task, updater, numbers = self._task, self._task.updater, self._numbers
        config, optimizer = updater.config, updater.optimizer
        self._taken = config, optimizer
        self._rates.fill(config.learning_rate)
        numbers[places.L1], numbers[places.L2] = config.l1, config.l2
        numbers[places.CLIP] = math.inf if config.clip_norm is None else config.clip_norm**2
        self._fields[places.OPTIMIZER] = OPTIMIZERS[config.optimizer]
        first, second = optimizer.state
        norm, none = task.network.norm, self._none
        self._arrays = (
            *(self._plan.table, self._fields, numbers, self._inputs, self._targets, self._order),
            *(task.network.parameters.vector, task.gradient.vector, first, second, task.watch.before.vector),
            *(self._memory, self._masks, none if norm is None else norm.mean, none if norm is None else norm.variance),
            # what was drawn for a call must be used in it
            *(optimizer.powers, self._rates, self._twister, task.bell.rung if task.dropout is None else self._silent),
        )
        self._call = self._library.bound(*map(place, self._arrays))

    def first_not_finite(self) -> int | None:
        fields, found = self._fields, list[int]()
        n_batch = min(
            int(fields[places.BATCH]), int(fields[places.N_POINTS] - fields[places.STEP] * fields[places.BATCH])
        )
        block, done = int(fields[places.BLOCK]), 0
        if n_batch <= block:
            return self._wrong_layer(n_batch)
        # the same step once more, block by block, whatever rings; what drops out of several pieces is drawn anew, so
        # the gradient may be finite now, and nothing may come of it
        call = self._library.bound(*map(place, (*self._arrays[:-1], self._silent)))
        self._numbers[places.LEARNING_RATE] = 0.0
        fields[places.MASK_PLACE] -= fields[places.MASK_ROWS] * n_batch
        pieces, piece = self._pieces_of(int(fields[places.STEP])), int(fields[places.PIECE])
        while done < n_batch:
            if self._task.dropout is not None and len(pieces) > 1 and done % piece == 0:
                self._draw(self._task.dropout, [pieces[done // piece]])
            fields[places.N_STEPS] = fields[places.N_BLOCKS] = 1
            call()
            wrong = self._wrong_layer(min(block, n_batch - done))
            found += [] if wrong is None else [wrong]
            done += block
        return min(found, default=None)

    def _wrong_layer(self, n_points: int) -> int | None:
        """The first layer with a value that is not finite in the last block, of so many points, or None."""
        width, layers = whole_vectors(n_points, self._task.network.dtype), []
        for layer, units in enumerate(self._task.network.architecture.sizes[1:]):
            start = int(self._plan.row(layer)[places.OUTPUT])
            layers.append(self._memory[start : start + units * width].view(units, width)[:, :n_points])
        return first_wrong(layers)

    def step_seconds(self, clock: Callable[[], float]) -> float:
        """Seconds of a step, the mean of some; they change the parameters."""
        self._take_settings(0, 1, 1)
        n_steps = min(self.per_epoch, TIMED_STEPS, self._most_steps)
        self._fields[places.STEP] = self._fields[places.EPOCH] = 0
        started = clock()
        self._run(n_steps)
        seconds = clock() - started
        self.forget()
        return seconds / n_steps

    def activation_seconds(self, clock: Callable[[], float], *, back: bool) -> float:
        """Seconds of all activations in a step, there or back, the mean of some; they change nothing."""
        fields = self._fields
        self._take_settings(0, 1, 1)
        fields[places.TASK] = places.TIME_BACK if back else places.TIME_FORWARD
        fields[places.N_STEPS] = TIMED_STEPS
        started = clock()
        self._call()
        seconds = clock() - started
        fields[places.TASK] = places.TRAIN
        return seconds * int(fields[places.BATCH]) / int(fields[places.BLOCK]) / TIMED_STEPS

    def forget(self) -> None:
        self._fields[[places.POINT, places.HAS_DIVERGED, places.MASK_PLACE]] = 0
        self.begun, self.has_diverged = None, False

    def enter(self, epoch: int, first: int) -> None:
        if first and self._fields[places.IS_SHUFFLED]:
            generator = torch.Generator().manual_seed(order_seed(self._task.seed, epoch))
            torch.randperm(len(self._order), generator=generator, out=self._order)


def place(array: Any) -> int:
    """The place in memory where an array begins."""
    return int(array.data_ptr() if isinstance(array, torch.Tensor) else array.ctypes.data)


def whole_vectors(n_points: int, dtype: torch.dtype) -> int:
    """So many points, rounded up to whole vectors of the processor."""
    lanes = LANES * 4 // dtype.itemsize
    return -(-n_points // lanes) * lanes


class CompiledEvaluation:
    """A task of compiled code that changes nothing of a network.

    Args:
        network: whose parameters are used, as they are at each call.
        library: the code, for its precision.
        task: see `engine.compiled.places`.
        heed: called between two calls.

    Attributes:
        fields: of the plan.
    """

    def __init__(self, network: Network, library: Library, task: int, heed: Heed) -> None:
        self._network, self._library, self._heed = network, library, heed
        plan = make_plan(network.architecture, network.parameters, *[MIN_BLOCK] * 3, has_dropout=False)
        self._plan, self.fields, self._blocks = plan, plan.fields, 3 * blocks_at_once(network, MIN_BLOCK)
        self.fields[places.TASK] = task
        self._memory = torch.zeros(plan.size, dtype=network.dtype)

    def bound(self, inputs: Any = None, logits: Any = None, of_survey: Iterable[Any] = ()) -> Callable[[], Any]:
        """The call with these arrays of its own."""
        network, plan, nothing = self._network, self._plan, self._memory
        statistics = (nothing, nothing) if network.norm is None else (network.norm.mean, network.norm.variance)
        own = (nothing if array is None else array for array in (inputs, logits))
        arrays = (
            *(plan.table, plan.fields, plan.numbers, *own, nothing, network.parameters.vector, *[nothing] * 6),
            *(*statistics, *[nothing] * 4, *of_survey),
        )
        return self._library.bound(*map(place, arrays))

    def finish(self, call: Callable[[], Any], is_done: Callable[[], Any]) -> None:
        """Make the call again and again, each for some blocks, until all is done."""
        while True:
            self.fields[places.N_BLOCKS] = self._blocks
            call()
            if is_done():
                return
            self._heed()


class CompiledEvaluator:
    """The logits of any number of points by compiled code; see `engine.mlp.passes.Evaluator`.

    Args:
        network: whose parameters are used, as they are at each call.
        library: the code, for its precision.
        heed: called between two pieces of many points.
    """

    def __init__(self, network: Network, library: Library, heed: Heed = nobody) -> None:
        self._network, self._heed = network, heed
        self._evaluation = CompiledEvaluation(network, library, places.EVALUATE, heed)
        self._bound: dict[int, tuple[torch.Tensor, torch.Tensor, Callable[[], Any]]] = {}

    def logits(self, inputs: torch.Tensor) -> torch.Tensor:
        """Logits, tensor of shape (n_units, n_points), of inputs of shape (n_features + 1, n_points), last row ones.

        Those of the same inputs, or of the first of them, are put into the same memory each time.

        Raises:
            ValueError: another precision, or another number of features, than the network has.
        """
        network, fields = self._network, self._evaluation.fields
        if (inputs.dtype, len(inputs)) != (network.dtype, network.architecture.sizes[0] + 1):
            raise ValueError(inputs.dtype, len(inputs))
        points = inputs.t().contiguous()
        n_points, key = len(points), points.data_ptr()
        if key not in self._bound or len(self._bound[key][0]) < n_points:
            self._bound.pop(key, None)
            logits = torch.empty((network.architecture.sizes[-1], n_points), dtype=network.dtype)
            # the points are held so that others are not found at their place
            self._bound[key] = points, logits, self._evaluation.bound(points, logits)
            if len(self._bound) > MAX_BOUND:
                del self._bound[next(iter(self._bound))]
        _, room, call = self._bound[key]
        result = room.flatten()[: len(room) * n_points].view(len(room), n_points)
        fields[places.POINT], fields[places.N_POINTS] = 0, n_points
        self._evaluation.finish(call, lambda: fields[places.POINT] >= n_points)
        return result

    def first_not_finite(self, inputs: torch.Tensor) -> int | None:
        """See `engine.mlp.passes.Evaluator.first_not_finite`."""
        return Evaluator(self._network, self._heed).first_not_finite(inputs)
