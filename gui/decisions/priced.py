"""The losses of points: on which curve they lie, which of them carry the mean, and the mean in words."""

# Tests: tests/gui/decisions/test_losses.py

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

from engine.config import Output
from engine.insight.outcomes import Outcomes, Split
from engine.messages import message
from gui.text.language import count, mark, say
from gui.text.numbers import loss as loss_text
from gui.text.numbers import percent, scientific

Floats = NDArray[np.float64]
MIN_P = 1e-300  # whose logarithm is taken
FORMULAS = {
    (Output.SIGMOID, False): mark(
        "L = −[y log P + (1 − y) log(1 − P)], which is −log of the P of the point’s own class"
    ),
    (Output.SOFTMAX, False): mark("L = −Σ y log P, which is −log of the P of the point’s own class"),
    (Output.INDEPENDENT_SIGMOIDS, False): mark("L = −Σ [y log P + (1 − y) log(1 − P)], summed over the classes"),
    (Output.SIGMOID, True): mark("L = (P − y)², squared error of the one output"),
    (Output.SOFTMAX, True): mark("L = Σ (P − y)², squared error summed over the classes"),
    (Output.INDEPENDENT_SIGMOIDS, True): mark("L = Σ (P − y)², squared error summed over the classes"),
}
"""The loss of a point, by output and by whether it is the squared error."""


@dataclass(frozen=True, eq=False)
class Priced:
    """Points with their losses.

    Attributes:
        p: of each point the probability at which it is drawn: that of the second class where there are `sides`, else
            that of its own class; float64 (n_points,).
        losses: float64 (n_points,).
        labels: int64 (n_points,).
        indices: of the points among all, int64 (n_points,).
        sides: whether there are two curves, one for each of two classes.
        is_squared: whether the loss is the squared error.
        weight: of the term of the own class in the squared error.
        is_exact: whether the points lie on the curves, since the loss depends on that one probability alone.
    """

    p: Floats
    losses: Floats
    labels: NDArray[np.int64]
    indices: NDArray[np.int64]
    sides: bool
    is_squared: bool
    weight: float
    is_exact: bool

    def curve(self, p: Floats) -> Floats:
        """The loss of a point of the second class, or of the point's own class, with these probabilities."""
        return self._of_kind(p, squared=self.is_squared)

    def other_curve(self, p: Floats) -> Floats:
        """The same for the other kind of loss."""
        return self._of_kind(p, squared=not self.is_squared)

    def _of_kind(self, p: Floats, *, squared: bool) -> Floats:
        result: Floats = self.weight * (1 - p) ** 2 if squared else -np.log(np.maximum(p, MIN_P))
        return result

    def slope(self, p: Floats) -> Floats:
        """The derivative of `curve`."""
        result: Floats = -2 * self.weight * (1 - p) if self.is_squared else -1 / np.maximum(p, MIN_P)
        return result

    @cached_property
    def order(self) -> NDArray[np.int64]:
        """The numbers of the points, the one with the largest loss first."""
        return np.argsort(-self.losses, kind="stable").astype(np.int64)

    @property
    def carriers(self) -> int:
        """The fewest points that carry half of the sum; 0 if there is none."""
        total = float(self.losses.sum())
        if not total > 0:
            return 0
        return int(np.searchsorted(np.cumsum(self.losses[self.order]), total / 2)) + 1


def price(outcomes: Outcomes, split: Split) -> Priced:
    """The points of a part, with their losses."""
    mask = outcomes.mask(split)
    is_apart = outcomes.output is Output.INDEPENDENT_SIGMOIDS
    sides = len(outcomes.probabilities) == 2 and not is_apart
    p = outcomes.probabilities[1] if sides else outcomes.of_own_class()
    return Priced(
        p[mask],
        outcomes.losses[mask],
        outcomes.dataset.labels[mask],
        np.flatnonzero(mask),
        sides,
        outcomes.is_squared,
        2.0 if sides and outcomes.output is Output.SOFTMAX else 1.0,
        sides or not (outcomes.is_squared or is_apart),
    )


def mean_in_words(outcomes: Outcomes, priced: Priced, split: Split) -> list[str]:
    """The mean with its numbers, what it contains, and who carries it, line by line."""
    n_points, total = len(priced.losses), float(priced.losses.sum())
    if not n_points:
        return [say("There are no such points.")]
    formula = message(FORMULAS[outcomes.output, outcomes.is_squared])
    lines = [
        mean_line(split, n_points, loss_text(total), loss_text(total / n_points)),
        say("{formula}; natural logarithm. Of the data alone, without penalties.", formula=formula)
        if not outcomes.is_squared
        else say("{formula}. Of the data alone, without penalties.", formula=formula),
    ]
    if not priced.is_exact:
        lines.append(say("The curve is the part of the point’s own class; what the other classes add lies above it."))
    lines.append(pull_line(outcomes, split))
    if carriers := priced.carriers:
        lines.append(
            count(
                "Half of the sum is carried by {n:,} point ({share}).",
                "Half of the sum is carried by {n:,} points ({share}).",
                carriers,
                share=percent(carriers / n_points),
            )
        )
    return lines


def pull_line(outcomes: Outcomes, split: Split) -> str:
    """The error signals that the most wrong point of a part that has points has with either loss."""
    point = outcomes.most_wrong(split)
    assert point is not None
    by_entropy, by_square = (scientific(outcomes.signal_with(point, squared=squared), 2) for squared in (False, True))
    p = scientific(float(outcomes.of_own_class()[point]), 2)
    if outcomes.has_threshold:
        return say(
            "Most wrong point, P = {p} of its class: |∂L/∂z| is |P − y| = {by_entropy} with cross-entropy, "
            "2 |P − y| P (1 − P) = {by_square} with squared error.",
            p=p,
            by_entropy=by_entropy,
            by_square=by_square,
        )
    return say(
        "Most wrong point, P = {p} of its class: |∂L/∂z| is {by_entropy} with cross-entropy, {by_square} with squared "
        "error.",
        p=p,
        by_entropy=by_entropy,
        by_square=by_square,
    )


def mean_line(split: Split, n_points: int, total: str, mean: str) -> str:
    """The mean over the points of a part, as a sum that is divided by their number."""
    match split:
        case Split.TRAINING:
            return count(
                "Mean loss of the {n:,} training point: Σ L / n = {total} / {n:,} = {mean}",
                "Mean loss of the {n:,} training points: Σ L / n = {total} / {n:,} = {mean}",
                n_points,
                total=total,
                mean=mean,
            )
        case Split.VALIDATION:
            return count(
                "Mean loss of the {n:,} validation point: Σ L / n = {total} / {n:,} = {mean}",
                "Mean loss of the {n:,} validation points: Σ L / n = {total} / {n:,} = {mean}",
                n_points,
                total=total,
                mean=mean,
            )
        case Split.ALL:
            return count(
                "Mean loss of the one point: Σ L / n = {total} / {n:,} = {mean}",
                "Mean loss of all {n:,} points: Σ L / n = {total} / {n:,} = {mean}",
                n_points,
                total=total,
                mean=mean,
            )
