"""The machine that calls torch and numpy: a list of calls a batch, see `engine.mlp.passes`."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from collections.abc import Callable

from engine.learning.batches import Batches, GradientOfMean
from engine.machines.machine import Assignment, Beginning, Masks
from engine.mlp.kernels import Calls


class TorchMachine:
    """Makes steps of a task by the calls of its batches; see `engine.machines.machine.Machine`."""

    def __init__(self, task: Assignment) -> None:
        self._gradient_of_mean = GradientOfMean(task.network, task.output, task.gradient, task.dropout)
        self._batches = Batches(task.inputs, task.targets, task.batch_size, self._gradient_of_mean, task.seed)
        self._update, self._watch, self._beginning = task.updater.update, task.watch, task.beginning
        self.per_epoch, self.has_diverged = self._batches.per_epoch, False
        self.begun: Beginning | None = None
        self._begun: tuple[list[Calls], int] | None = None  # a step under way: its pieces, and how many are done
        self._pieces: list[Calls] = []  # of the last step
        self._step: int | None = None  # number of the last one begun, in its epoch

    def steps(
        self, epoch: int, first: int, most: int, is_called_away: Callable[[], bool] | None, until: int | None = None
    ) -> int:
        batches, update, made, wanted = self._batches, self._update, 0, min(most, self.per_epoch - first)
        while made < wanted:
            pieces, done = self._begun or (batches.batch(epoch, first + made), 0)
            self._step = first + made
            if len(pieces) > 1 and not done:
                self.begun = self._beginning()
            for index in range(done, len(pieces)):
                if index > done and is_called_away is not None and is_called_away():
                    self._begun = pieces, index
                    return made
                for call in pieces[index]:
                    call()
            self._begun, self.begun, self._pieces = None, None, pieces
            made += 1
            # only what may be asked for after it is kept: that costs as much as some layers of a small network
            self._watch.begin(is_watched=made == wanted or len(pieces) > 1)
            if not update(epoch):
                self.has_diverged = True
                break
        return made

    def masks(self) -> Masks:
        if self._step is None:
            return Masks()
        n_points, n_done = self._batches.n_points_of(self._step), None if self._begun is None else self._begun[1]
        return Masks(self._gradient_of_mean.masks(n_points, n_done), n_done is not None)

    def first_not_finite(self) -> int | None:
        return self._gradient_of_mean.first_not_finite(self._pieces)

    def forget(self) -> None:
        self._begun, self.begun, self._step, self.has_diverged = None, None, None, False

    def enter(self, epoch: int, first: int) -> None:
        self._batches.enter(epoch, first)
