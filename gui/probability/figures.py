"""The numbers of a card as they are shown: columns of texts with one row a class, and their sums."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import Enum, auto

import numpy as np
from numpy.typing import NDArray

from engine.config import Loss, Output
from engine.files.decimals import whole_shares
from engine.insight.inspection import Inspection
from gui.text.language import mark, say
from gui.text.numbers import power_of_ten, signed, with_minus
from gui.text.probabilities import percents, percents_apart

Floats = NDArray[np.float64]
MAX_DECIMALS = 1e6  # from which on two decimals are no longer fewer digits than four
SIGMOID, ERROR, SHARE = "σ(z)", "∂L/∂z", "%"
EXP, SHIFTED, DIVIDED = mark("eᶻ"), mark("eᶻ⁻ᵐᵃˣ"), mark("eᶻ/Σ")
LOG, SQUARED = mark("−log P"), "(P − y)²"
LOG_TIP = mark("The loss, if this were the class of the point: nothing for P = 1, without bound for P near 0")
ERROR_TIP = mark("How the loss changes with z: P − y, what goes back into the network")
SQUARED_ERROR_TIP = mark("How the loss changes with z, what goes back into the network")

PERCENT_TIP = mark("The same in percent, rounded so that the numbers shown are 100.0 % together")
PERCENT_APART_TIP = mark("The same in percent, each rounded for itself: nothing makes them 100 % together")


class Digits(Enum):
    """The way in which numbers are rounded."""

    FOUR = auto()  # significant ones
    DECIMALS = auto()  # two, as by hand: sums are those of the numbers that are shown


@dataclass(frozen=True, eq=False)
class Stated:
    """Probabilities that somebody states; nothing says that they keep the rules.

    Attributes:
        probabilities: of each outcome, any numbers, of shape (n_classes,).
        label: the outcome that came true, or None.
    """

    probabilities: Floats
    label: int | None = None

    @property
    def decided(self) -> int:
        """The outcome with the largest probability."""
        return int(self.probabilities.argmax())

    @property
    def is_distribution(self) -> bool:
        """True if they are between 0 and 1 and sum to 1."""
        return keeps_range(self.probabilities) and keeps_sum(self.probabilities)


Arithmetic = Inspection | Stated


@dataclass(frozen=True)
class Column:
    """Numbers under one another, as they are shown.

    Attributes:
        title: their name.
        tip: what they are.
        cells: one a class; "" where there is none.
        total: their sum, or "".
        is_of_loss: whether it belongs to the loss, not to the way from z to P.
        is_optional: whether it may be left out where there is little room; the last ones go first.
        way: how they come about, or "".
    """

    title: str
    tip: str
    cells: tuple[str, ...]
    total: str = ""
    is_of_loss: bool = False
    is_optional: bool = False
    way: str = ""

    @property
    def heading(self) -> str:
        """Their name, and how they come about."""
        return f"{self.title} = {self.way}" if self.way else self.title


def keeps_range(probabilities: Floats) -> bool:
    """True if each is between 0 and 1."""
    return bool(((probabilities >= 0) & (probabilities <= 1)).all())


def keeps_sum(probabilities: Floats) -> bool:
    """True if they sum to 1, but for what rounding leaves."""
    return abs(float(probabilities.sum()) - 1) < 1e-9


def number(value: float, digits: Digits = Digits.FOUR) -> str:
    """A number of any sign, rounded."""
    if digits is Digits.DECIMALS and abs(value) < MAX_DECIMALS:
        text = f"{abs(value):.2f}"
        return f"−{text}" if value < 0 and float(text) else text
    return signed(value, 4)


def total(values: Sequence[float], digits: Digits) -> str:
    """A sum; of two decimals that of the rounded numbers, as one finds it by hand."""
    if digits is Digits.DECIMALS:
        values = [round(value, 2) for value in values]
    return number(math.fsum(values), digits)


def power(exponent: float, digits: Digits = Digits.FOUR) -> str:
    """E to the power of a number, which may be larger or smaller than all that have room in double precision."""
    if abs(exponent) < 690:
        return number(math.exp(exponent), digits)
    decades = exponent / math.log(10)
    whole = math.floor(decades)
    mantissa = f"{10 ** (decades - whole):.3f}"
    if mantissa == "10.000":
        mantissa, whole = "1.000", whole + 1
    return f"{mantissa}·{power_of_ten(whole)}"


def brief(value: float) -> str:
    """A probability in a sentence, 0.4 and not 0.4000."""
    return number(value) if 0 < abs(value) < 0.001 else with_minus(f"{value:.4g}")


def complement(value: float, other: float) -> str:
    """A probability in a sentence that tells the other one, too: together they are 1."""
    if 0 < other < 0.001:
        return f"1 − {brief(other)}"
    return brief(value) if value < 0.001 else f"{1 - round(other, 4):.4g}"


def columns_of(
    shown: Arithmetic, digits: Digits = Digits.FOUR, *, is_shifted: bool = False, with_sigmoids: bool = False
) -> tuple[Column, ...]:
    """The columns of a card.

    Args:
        shown: what was worked out or stated.
        digits: of the numbers.
        is_shifted: whether the largest logit is taken from all before the powers.
        with_sigmoids: whether the sigmoids stand beside softmax, too.
    """
    columns = [] if isinstance(shown, Stated) else on_the_way(shown, digits, is_shifted, with_sigmoids)
    return (*columns, *probability_columns(shown, digits), *loss_columns(shown, digits))


def on_the_way(inspection: Inspection, digits: Digits, is_shifted: bool, with_sigmoids: bool) -> list[Column]:
    """The columns from z to P."""
    z = inspection.logits.tolist()
    texts = by_class(inspection, tuple(number(value, digits) for value in z))
    columns = [Column("z", say("What the output layer sums up: the bias and weight times output of each unit"), texts)]
    if with_sigmoids and inspection.output is Output.SOFTMAX:
        sigmoids = inspection.sigmoids.tolist()
        columns.append(
            Column(
                SIGMOID,
                say("A sigmoid for each class instead: their sum need not be 1, so they are no distribution"),
                tuple(number(value, digits) for value in sigmoids),
                total(sigmoids, digits),
            )
        )
    if inspection.output is Output.SOFTMAX:
        columns += power_columns(inspection, digits, is_shifted)
    return columns


def power_columns(inspection: Inspection, digits: Digits, is_shifted: bool) -> list[Column]:
    """The powers and what each is divided by."""
    if is_shifted:
        shifted = inspection.shifted_exps.tolist()
        cells, whole = tuple(number(value, digits) for value in shifted), total(shifted, digits)
        tip = say("e to the power of z less the largest z: the largest is 1, and none is too large to compute with")
    else:
        cells = tuple(power(value, digits) for value in inspection.logits.tolist())
        tip = say("e to the power of z, drawn as bars on one linear axis")
        if inspection.shift:
            whole = power(math.log(inspection.exps_sum) + inspection.shift, digits)
        else:
            whole = total(inspection.exps.tolist(), digits)
    divided = tuple(f"÷ {whole}" for _ in cells)
    return [
        Column(say(SHIFTED if is_shifted else EXP), tip, cells, whole),
        Column("÷ Σ", say("Each is divided by the sum of all"), divided, is_optional=True),
    ]


def way_to_p(shown: Arithmetic) -> str:
    """The way to the probabilities, where it is one for all classes."""
    if isinstance(shown, Stated) or shown.output is Output.SIGMOID:
        return ""
    return say(DIVIDED) if shown.output is Output.SOFTMAX else SIGMOID


def probability_columns(shown: Arithmetic, digits: Digits) -> list[Column]:
    """P, and P in percent, of which those of a distribution sum to 100.0 % as they are shown."""
    values = shown.probabilities
    if shown.is_distribution and digits is Digits.DECIMALS:
        texts = [number(hundredths / 100, digits) for hundredths in whole_shares(values, 100).tolist()]
    else:
        texts = [number(value, digits) for value in values.tolist()]
    if isinstance(shown, Inspection) and digits is Digits.FOUR:  # what has no room in double precision is not 0
        texts = [power(-cost) if text == "0" else text for text, cost in zip(texts, shown.minus_logs, strict=True)]
    whole = "1" if shown.is_distribution else total(values.tolist(), digits)
    shares = percents(values) if shown.is_distribution else percents_apart(values)
    shares_sum = "100.0 %" if shown.is_distribution else f"{100 * float(values.sum()):.1f} %"
    tip = say("The probability of the class")
    in_percent = say(PERCENT_TIP if shown.is_distribution else PERCENT_APART_TIP)
    return [
        Column("P", tip, tuple(texts), whole, way=way_to_p(shown)),
        Column(SHARE, in_percent, tuple(map(with_minus, shares)), shares_sum, is_optional=True),
    ]


def loss_columns(shown: Arithmetic, digits: Digits) -> list[Column]:
    """y, what P costs, and the error that goes back; without a label only what each class would cost."""
    costs = [stated_cost(shown, digits)] if isinstance(shown, Stated) else [cost_column(shown, digits)]
    if shown.label is None:
        return [replace(costs[0], is_optional=True)]
    targets = tuple(str(int(row == shown.label)) for row in range(len(shown.probabilities)))
    columns = [Column("y", say("1 for the class of the point, 0 for the others"), targets, is_of_loss=True), *costs]
    if isinstance(shown, Inspection) and shown.output_error is not None:
        errors = tuple(number(value, digits) for value in shown.output_error.tolist())
        tip = ERROR_TIP if shown.loss_kind is Loss.CROSS_ENTROPY else SQUARED_ERROR_TIP
        columns.append(Column(ERROR, say(tip), by_class(shown, errors), is_of_loss=True))
    return columns


def costs_minus_log(shown: Arithmetic) -> bool:
    """True if the loss is −log P of the true class."""
    if isinstance(shown, Stated):
        return True
    return shown.loss_kind is Loss.CROSS_ENTROPY and shown.output is not Output.INDEPENDENT_SIGMOIDS


def by_class(inspection: Inspection, texts: tuple[str, ...]) -> tuple[str, ...]:
    """Texts of the units in the rows of the classes: a single unit is that of class 1."""
    return ("", *texts) if inspection.output is Output.SIGMOID else texts


def cost_column(inspection: Inspection, digits: Digits) -> Column:
    """The part of each row in the loss; with softmax, or without a label, what each class would cost."""
    costs, label = inspection.minus_logs.tolist(), inspection.label
    if label is None or (inspection.loss_kind is Loss.CROSS_ENTROPY and inspection.is_distribution):
        return Column(say(LOG), say(LOG_TIP), tuple(number(value, digits) for value in costs), is_of_loss=True)
    if inspection.loss_kind is Loss.MSE:
        assert inspection.targets is not None
        outputs = inspection.probabilities[-len(inspection.targets) :]
        costs = np.square(outputs - inspection.targets).tolist()
        title, tip = SQUARED, say("The squared error of each unit; their sum is the loss")
    else:
        away = np.where(np.arange(len(costs)) == label, -1.0, 1.0) * inspection.logits
        costs = np.logaddexp(0.0, away).tolist()
        title = say("loss of the unit")
        tip = say("−log P for the class of the point, −log(1 − P) for the others; their sum is the loss")
    cells = by_class(inspection, tuple(number(value, digits) for value in costs))
    return Column(title, tip, cells, total(costs, digits) if len(costs) > 1 else "", is_of_loss=True)


def stated_cost(stated: Stated, digits: Digits) -> Column:
    """−log P of numbers that may be no probabilities."""
    cells = []
    for probability in stated.probabilities.tolist():
        if 0 < probability <= 1:
            cells.append(number(0.0 - math.log(probability), digits))
        else:
            cells.append("∞" if probability == 0 else "–")
    return Column(say(LOG), say(LOG_TIP), tuple(cells), is_of_loss=True)


def bars_of(shown: Arithmetic, *, is_shifted: bool = False) -> Floats:
    """The lengths of the bars, on an axis that begins at 0: the powers of softmax, else the probabilities."""
    if isinstance(shown, Inspection) and shown.output is Output.SOFTMAX:
        return shown.shifted_exps if is_shifted else shown.exps
    return shown.probabilities
