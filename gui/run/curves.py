"""The points of a lane's curves, which end and begin anew where something else is measured, and words for them."""

# Tests: tests/gui/run/test_loss_plot.py

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.isolates import isolated
from engine.messages import message
from engine.run.history import Change, Measured, with_row
from engine.run.snapshot import LaneSnapshot
from gui.paint.plots.axes import round_up
from gui.text.language import mark, say
from gui.text.names import in_words, listed
from gui.text.numbers import loss, percent, r_squared

MIN_LOSS = 1e-12  # below it a logarithmic curve ends
ORDINARY_SHARE, ORDINARY_START = 0.9, 10.0  # share of the losses that are surely shown; a first loss that is, too
BEYOND, BEYOND_LOGARITHMIC = 4.0, 1000.0  # how much larger what is shown may be
OTHER = {
    Measured.DATA: mark("other data"),
    Measured.SPLIT: mark("another validation share"),
    Measured.LOSS: mark("another loss"),
    Measured.THRESHOLD: mark("another threshold"),
}
"""The words for what is measured from a change on."""


@dataclass(frozen=True, eq=False)
class Curves:
    """The vertices of a lane's curves.

    Attributes:
        table: float64 (n_rows, 5), columns as in `engine.run.history.History.table`; a part of an epoch counts as such.
        piece: int (n_rows,), growing: rows of different pieces are measures of different things, and not connected.
        changes: between the pieces; may be more than there are pieces if some have no rows.
        has_values: whether the last two columns are R², not accuracies.
    """

    table: NDArray[np.float64]
    piece: NDArray[np.intp]
    changes: tuple[Change, ...] = ()
    has_values: bool = False

    def nearest(self, epoch: float) -> tuple[NDArray[np.float64], Change | None]:
        """The row nearest to an epoch, and the change that is there, if there is one at least as near."""
        row = self.table[np.abs(self.table[:, 0] - epoch).argmin()]
        change = min(self.changes, key=lambda change: abs(change.epoch - epoch), default=None)
        is_near = change is not None and abs(change.epoch - epoch) <= abs(row[0] - epoch)
        return row, change if is_near else None

    @property
    def lowest(self) -> NDArray[np.float64] | None:
        """The row of the lowest validation loss since the last change, if there are several to choose from."""
        rows = self.table[self.piece == self.piece[-1]] if len(self.piece) else self.table
        rows = rows[np.isfinite(rows[:, 2])]
        return None if len(rows) < 2 else rows[rows[:, 2].argmin()]

    def beyond(self, highest: float) -> list[tuple[float, float]]:
        """Epoch and largest loss of each stretch of the curves that lies above a loss."""
        losses = np.where(np.isnan(self.table[:, 1:3]), -math.inf, self.table[:, 1:3]).max(axis=1, initial=-math.inf)
        above = np.flatnonzero(losses > highest)
        stretches = np.split(above, np.flatnonzero(np.diff(above) > 1) + 1) if len(above) else []
        tops = [stretch[losses[stretch].argmax()] for stretch in stretches]
        return [(float(self.table[top, 0]), float(losses[top])) for top in tops]

    def smoothed(self, values: NDArray[np.float64], n_rows: float) -> NDArray[np.float64]:
        """The exponential moving average of values, one a row, in which what is so many rows ago counts 1/e.

        It is corrected for its start: the weights of all rows up to each sum to 1. Each piece has its own, and what is
        not finite does not count.
        """
        made = np.full(len(self.table), math.nan)
        for piece in np.unique(self.piece):
            rows = np.flatnonzero((self.piece == piece) & np.isfinite(values))
            if len(rows) < 2:
                made[rows] = values[rows]
                continue
            epochs = self.table[rows, 0]
            spans = np.maximum(np.diff(epochs, prepend=2 * epochs[0] - epochs[1]), 1e-9)
            ages = (epochs[:, None] - epochs) / (n_rows * np.median(spans))
            weights = np.exp(-np.maximum(ages, 0)) * (ages >= 0) * spans
            made[rows] = weights @ values[rows] / weights.sum(axis=1)
        return made


def curves_of(lane: LaneSnapshot) -> Curves:
    """The history of a lane, both sides of each change, its best row, and as the last one where the lane is now."""
    metrics, changes = lane.metrics, lane.changes
    now = [lane.epochs + lane.epoch_share, *metrics.curve]
    piece = np.searchsorted([change.epoch for change in changes], lane.history[:, 0])
    pieces = [lane.history[piece == number] for number in range(len(changes) + 1)]
    for number, change in enumerate(changes):
        pieces[number] = with_last(pieces[number], change.before)
        if change.after is not None:
            rest = pieces[number + 1]
            pieces[number + 1] = np.concatenate([[change.after], rest[rest[:, 0] > change.after[0]]])
    pieces[-1] = with_row(with_last(pieces[-1], now), lane.best)
    numbers = np.repeat(np.arange(len(pieces)), [len(rows) for rows in pieces])
    return Curves(np.concatenate(pieces), numbers, changes, lane.has_values)


def are_same(some: Sequence[Curves], others: Sequence[Curves]) -> bool:
    """True if they have the same vertices and changes."""
    return len(some) == len(others) and all(
        one.changes == other.changes
        and np.array_equal(one.piece, other.piece)
        and np.array_equal(one.table, other.table, equal_nan=True)
        for one, other in zip(some, others, strict=True)
    )


def is_edited(lanes: Sequence[LaneSnapshot], before: Sequence[LaneSnapshot]) -> bool:
    """True if no lane has gone on, but something that is measured is changed again and again, as by a drag."""
    return [lane.steps for lane in lanes] == [lane.steps for lane in before] and any(
        lane.changes and lane.changes[-1].epoch == lane.epochs + lane.epoch_share for lane in lanes
    )


def with_last(rows: NDArray[np.float64], last: Sequence[float]) -> NDArray[np.float64]:
    """The rows before the epoch of another, and that."""
    return np.concatenate([rows[rows[:, 0] < last[0]], [last]])


def changes_in_words(changes: Sequence[Change]) -> str:
    """The words for what else is measured from some changes on; "" without any."""
    found = {kind for change in changes for kind in change.what}
    words = [message(OTHER[kind]) for kind in Measured if kind in found]
    return in_words(listed(words)) if words else ""


def epoch_text(epoch: float) -> str:
    """An epoch, and tenths of one that was not at its end."""
    if epoch == int(epoch):
        return f"{epoch:,.0f}"
    return f"{min(max(round(epoch, 1), math.floor(epoch) + 0.1), math.ceil(epoch) - 0.1):,.1f}"


def ordinary(table: NDArray[np.float64], factor: float) -> NDArray[np.float64]:
    """The losses that rule the axis: all but those many times as large as nine of ten, and as at an ordinary start."""
    losses = table[:, 1:3]
    known = np.sort(losses[np.isfinite(losses)])
    if not len(known):
        return known
    starts = losses[table[:, 0] == table[:, 0].min()]
    starts = starts[starts <= ORDINARY_START]  # False for nan
    usual = max(float(known[int(ORDINARY_SHARE * (len(known) - 1))]), *map(float, starts), 0.0)
    return known[known <= factor * usual] if usual else known


def axis_ranges(table: NDArray[np.float64], logarithmic: bool) -> tuple[float, float, float]:
    """The last epoch and the lowest and highest loss of the axes: round, so that they seldom change."""
    last_epoch = round_up(max(10.0, float(table[:, 0].max()))) if len(table) else 10.0
    losses = ordinary(table, BEYOND_LOGARITHMIC if logarithmic else BEYOND)
    if logarithmic:
        positive = losses[losses > 0]
        if not len(positive):
            return last_epoch, -3.0, 0.5
        low = math.floor(math.log10(max(float(positive.min()), MIN_LOSS)))
        high = math.ceil(math.log10(max(float(positive.max()), MIN_LOSS * 10)) + 1e-9)
        return last_epoch, float(low), float(max(high, low + 1))
    highest = float(losses.max()) if len(losses) else 1.0
    return last_epoch, 0.0, round_up(max(highest * 1.02, 1e-6))


def lowest_text(row: NDArray[np.float64]) -> str:
    """The lowest validation loss, from a row of a table."""
    return say("○ lowest validation loss {loss}, epoch {epoch}", loss=loss(row[2]), epoch=epoch_text(row[0]))


def loss_name(*, are_alike: bool) -> str:
    """The name of the axis of losses, which are of one kind or not."""
    return say("Loss") if are_alike else say("Losses of different kinds")


def at_rest(lowest: Sequence[NDArray[np.float64] | None], has_titles: bool, *, are_alike: bool) -> str:
    """The sentence below curves: of the lowest validation loss, and whether losses of several lanes are of one kind."""
    known = [row for row in lowest if row is not None]
    if not has_titles:
        return lowest_text(known[0]) if known else ""
    if not are_alike:
        return say("Losses of different kinds: only their shapes compare. Thin: validation, ○ its lowest loss")
    return say("Thin: validation, ○ its lowest loss") if known else ""


def readout(row: NDArray[np.float64], change: Change | None, title: str, *, has_values: bool = False) -> str:
    """The values of a lane where the pointer is, which has a title if there are several; of a change both sides."""
    rows = [row] if change is None else [np.array(side) for side in (change.before, change.after) if side is not None]

    def sides(column: int, in_words: Callable[[float], str]) -> str:
        return " → ".join(in_words(float(side[column])) for side in rows)

    score = r_squared if has_values else percent
    if title:
        return f"{isolated(title)} {sides(1, loss)}, {sides(3, score)}"
    losses, accuracies = f"{sides(1, loss)} | {sides(2, loss)}", f"{sides(3, score)} | {sides(4, score)}"
    if has_values:
        return say("loss {losses}   R² {r2}", losses=losses, r2=accuracies)
    return say("loss {losses}   accuracy {accuracies}", losses=losses, accuracies=accuracies)


def readout_at(epoch: float, changes: Sequence[Change], values: str) -> str:
    """The values of all lanes at an epoch, or at both sides of changes there."""
    if changes:
        what = changes_in_words(changes)
        return say("Epoch {epoch}, then {changes}:  {values}", epoch=epoch_text(epoch), changes=what, values=values)
    return say("Epoch {epoch}:  {values}", epoch=epoch_text(epoch), values=values)
