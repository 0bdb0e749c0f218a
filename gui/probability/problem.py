"""Names and numbers for the calculator, and their meaning; the problems of the course, ready made."""

# Tests: tests/gui/probability/test_calculator.py

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass, replace
from enum import StrEnum

import numpy as np

from engine.config import Output
from engine.dataset import MAX_CLASSES
from engine.files.decimals import whole_shares
from engine.insight.inspection import inspect_logits
from engine.mlp.activations import logit
from gui.probability.figures import Arithmetic, Digits, Stated
from gui.probability.table import Classes
from gui.text.language import mark, say
from gui.views import Example

FEWEST = 2
WHOLE = 10**4
FAR = 20.0  # the logit of what is stated to be impossible, and less 0 of what is certain


class Kind(StrEnum):
    """The meaning of the numbers."""

    SOFTMAX = Output.SOFTMAX
    SIGMOIDS = Output.INDEPENDENT_SIGMOIDS
    SIGMOID = Output.SIGMOID
    STATED = "stated"


KINDS = {
    Kind.SOFTMAX: mark("Logits, softmax"),
    Kind.SIGMOIDS: mark("Logits, a sigmoid for each class"),
    Kind.SIGMOID: mark("A logit, one sigmoid unit"),
    Kind.STATED: mark("Probabilities"),
}


@dataclass(frozen=True)
class Problem:
    """Names and numbers.

    Attributes:
        kind: of the numbers.
        names: of the classes or outcomes, two at least.
        numbers: one for each name; of one sigmoid unit the second is the logit of the class that is
            named second, and no other counts.
        label: the class that is the true one, or None.
        threshold: of one sigmoid unit.
        digits: in which the numbers are shown.
    """

    kind: Kind
    names: tuple[str, ...]
    numbers: tuple[float, ...]
    label: int | None = None
    threshold: float = 0.5
    digits: Digits = Digits.FOUR

    @property
    def n_shown(self) -> int:
        """The number of classes that count."""
        return 2 if self.kind is Kind.SIGMOID else len(self.names)

    @property
    def shown_label(self) -> int | None:
        """The true class, if it is one of those that count."""
        return self.label if self.label is not None and self.label < self.n_shown else None

    def worked_out(self) -> Arithmetic:
        """All that follows from the numbers."""
        label = self.shown_label
        if self.kind is Kind.STATED:
            return Stated(np.array(self.numbers), label)
        if self.kind is Kind.SIGMOID:
            return inspect_logits(self.numbers[1:2], Output.SIGMOID, label, self.threshold)
        return inspect_logits(self.numbers, self.kind.value, label)

    @property
    def classes(self) -> Classes:
        """The names and colours of the rows of the card."""
        names = [name or say("class {number}", number=place + 1) for place, name in enumerate(self.names)]
        return Classes(tuple(names[: self.n_shown]), tuple(range(self.n_shown)))

    def as_kind(self, kind: Kind) -> Problem:
        """The same classes with numbers of another meaning: logits become their probabilities, and the other way."""
        numbers = self.numbers
        if kind is Kind.STATED and self.kind is not Kind.STATED:
            shares = four_digits(self.worked_out())
            numbers = (*shares, *numbers[len(shares) :])
        elif self.kind is Kind.STATED and kind is not Kind.STATED:
            to_logit = math.log if kind is Kind.SOFTMAX else logit
            numbers = tuple(logit_of(share, to_logit) for share in numbers)
        return replace(self, kind=kind, numbers=numbers)

    def with_row(self) -> Problem:
        """One class more."""
        return replace(self, names=(*self.names, ""), numbers=(*self.numbers, 0.0))

    def without_row(self, row: int) -> Problem:
        """One class less."""
        label = self.label
        if label is not None and row <= label:
            label = None if row == label else label - 1
        names, numbers = self.names, self.numbers
        return replace(
            self, names=names[:row] + names[row + 1 :], numbers=numbers[:row] + numbers[row + 1 :], label=label
        )

    def with_number(self, row: int, number: float) -> Problem:
        """Another number in a row."""
        return replace(self, numbers=(*self.numbers[:row], number, *self.numbers[row + 1 :]))

    def with_name(self, row: int, name: str) -> Problem:
        """Another name in a row."""
        return replace(self, names=(*self.names[:row], name, *self.names[row + 1 :]))

    @property
    def can_grow(self) -> bool:
        """True if there may be one class more."""
        return self.kind is not Kind.SIGMOID and len(self.names) < MAX_CLASSES

    @property
    def can_shrink(self) -> bool:
        """True if there may be one class less."""
        return self.kind is not Kind.SIGMOID and len(self.names) > FEWEST


def four_digits(shown: Arithmetic) -> list[float]:
    """Probabilities with four decimals that sum to 1; with four digits if they are no distribution."""
    if shown.is_distribution:
        return [share / WHOLE for share in whole_shares(shown.probabilities, WHOLE).tolist()]
    return [float(f"{probability:.4g}") for probability in shown.probabilities.tolist()]


def logit_of(share: float, to_logit: Callable[[float], float]) -> float:
    """The logit of a stated probability, with four digits; far ones where there is none."""
    if 0 < share < 1:
        return float(f"{to_logit(share):.5g}")
    if share <= 0:
        return -FAR
    return 0.0 if to_logit is math.log else FAR


SIXTH = 1 / 6
PROBLEMS: dict[Example, Callable[[], Problem]] = {
    Example.PETS: lambda: Problem(
        Kind.SOFTMAX, (say("cat"), say("dog"), say("rabbit")), (2.0, 1.0, 0.1), 0, digits=Digits.DECIMALS
    ),
    Example.BINARY: lambda: Problem(
        Kind.SIGMOID, (say("class {number}", number=0), say("class {number}", number=1)), (0.0, logit(0.8)), 1
    ),
    Example.SHARES: lambda: Problem(Kind.STATED, ("A", "B", "C"), (0.7, 0.2, 0.1), 0),
    Example.DIE: lambda: Problem(Kind.STATED, tuple("123456"), (SIXTH,) * 6, 2),
    Example.COIN: lambda: Problem(Kind.STATED, (say("heads"), say("tails")), (0.5, 0.5), 0),
}
"""The problems of the examples."""
