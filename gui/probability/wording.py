"""The sentences of a card."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

import math
from collections.abc import Sequence

from engine.config import Loss, Output
from engine.insight.inspection import Inspection
from engine.insight.pins import Standing
from engine.isolates import isolated
from engine.messages import mark
from gui.probability.figures import Arithmetic, Digits, Stated, brief, complement, number, power
from gui.text.language import say
from gui.text.numbers import percent, scientific

ENOUGH = mark("One unit is enough for two classes: the other has 1 − P.")
NO_DISTRIBUTION = mark("The sigmoids sum to {total}, not to 1: no distribution. Each answers for its own class alone.")
BY_CHANCE = mark("The sigmoids sum to {total} here, but nothing makes them: each answers for its own class alone.")
BOTH = mark(
    "The sigmoids sum to {sigmoids}, not to 1: no distribution, since each answers for its own class alone. Softmax "
    "divides each power by the sum of all, {powers}, so its P sum to 1."
)
BOTH_BY_CHANCE = mark(
    "The sigmoids sum to {sigmoids} here, but nothing makes them: each answers for its own class alone. Softmax "
    "divides each power by the sum of all, {powers}, so its P sum to 1."
)
ROUNDED = mark("Rounded numbers are added as they are shown. Exactly: {sigmoids} and {powers}.")
LOSS = mark(
    "Loss: −log P({name}) = −log {p} = {value}, by the natural logarithm. −log 1 = 0: to be surely right costs nothing."
)
SHIFT = mark("Shifted by the largest z, {largest}: each power is divided by e to it, and so is the sum: no P changes.")


def verdict(shown: Arithmetic, names: Sequence[str], digits: Digits) -> str:
    """The sentence on what is decided for, as the course says it."""
    shown_names, decided = [isolated(name) for name in names], shown.decided
    values = shown.probabilities.tolist()
    if isinstance(shown, Stated) or shown.output is not Output.SIGMOID:
        return say(
            "P({name}) = {p} is the largest: {name}", name=shown_names[decided], p=in_digits(values[decided], digits)
        )
    zero, one = shown_names
    words = {"one": one, "zero": zero, "name": shown_names[decided], "threshold": f"{shown.threshold:.4g}"}
    words["p"] = complement(values[1], values[0]) if values[0] < 0.001 else brief(values[1])
    if shown.threshold != 0.5:
        above = mark("P({one}) = {p} is above the threshold {threshold}: {name}")
        below = mark("P({one}) = {p} is not above the threshold {threshold}: {name}")
        return say(above if decided else below, **words)
    if values[1] == values[0]:
        return say("P({one}) = 0.5: exactly on the boundary", **words)
    words["q"] = complement(values[0], values[1])
    return say("P({one}) = {p}, so P({zero}) = {q}: {name}", **words)


def class_sentence(shown: Arithmetic, names: Sequence[str]) -> str:
    """The class of the point, and whether it is decided for; "" if it has none."""
    if shown.label is None:
        return ""
    name = isolated(names[shown.label])
    if shown.label == shown.decided:
        return say("Its class is {name}: right.", name=name)
    return say("Its class is {name}: wrong.", name=name)


def remark(shown: Arithmetic, total: str, digits: Digits) -> str:
    """The sentence under the table, by the sum that is shown there; "" if there is none."""
    if isinstance(shown, Stated):
        return ""
    if shown.output is Output.SIGMOID:
        return say(ENOUGH)
    if shown.output is Output.INDEPENDENT_SIGMOIDS:
        return say(BY_CHANCE if total == number(1.0, digits) else NO_DISTRIBUTION, total=total)
    return ""


def shift_sentence(shown: Inspection, digits: Digits) -> str:
    """The sentence on the powers after the largest logit was taken away."""
    return say(SHIFT, largest=number(float(shown.logits.max()), digits))


def comparison(shown: Inspection, digits: Digits, sigmoids: str, powers: str) -> list[str]:
    """Sigmoids beside softmax, by the sums that are shown, and what these are exactly."""
    both = BOTH_BY_CHANCE if sigmoids == number(1.0, digits) else BOTH
    sentences = [say(both, sigmoids=sigmoids, powers=powers)]
    if digits is Digits.DECIMALS and not shown.shift:
        exactly = {"sigmoids": number(float(shown.sigmoids.sum())), "powers": number(shown.exps_sum)}
        sentences.append(say(ROUNDED, **exactly))
    return sentences


def in_digits(probability: float, digits: Digits) -> str:
    """A probability in a sentence."""
    return number(probability, digits) if digits is Digits.DECIMALS else brief(probability)


def loss_sentence(shown: Arithmetic, names: Sequence[str], digits: Digits) -> str:
    """The loss of the point as a formula with its numbers; "" without a label."""
    if shown.label is None:
        return ""
    label, p = shown.label, float(shown.probabilities[shown.label])
    name = isolated(names[label])
    if isinstance(shown, Stated):
        value = number(0.0 - math.log(p), digits) if 0 < p <= 1 else ""
        return say(LOSS, name=name, p=in_digits(p, digits), value=value) if value else ""
    assert shown.loss is not None
    value = number(shown.loss, digits)
    if shown.loss_kind is Loss.MSE and shown.output is Output.SIGMOID:
        return say("Loss: (P − y)² = {value}", value=value)
    if shown.loss_kind is Loss.MSE:
        return say("Loss: the squared errors sum to {value}", value=value)
    if shown.output is Output.INDEPENDENT_SIGMOIDS:
        return say("Loss: the sum over all units is {value}", value=value)
    minus = float(shown.minus_logs[label])
    text = in_digits(p, digits) if p >= 1e-300 else power(-minus)
    return say(LOSS, name=name, p=text, value=value)


def standing_sentence(standing: Standing) -> str:
    """The place of a point's loss among those that the mean loss is of."""
    of_validation = mark(
        "It makes {share} of the mean validation loss, {factor} × as much as an average point; number {rank:,} of "
        "{n_points:,} by size."
    )
    of_training = mark(
        "It makes {share} of the mean training loss, {factor} × as much as an average point; number {rank:,} of "
        "{n_points:,} by size."
    )
    return say(
        of_validation if standing.is_validation else of_training,
        share=percent(standing.share),
        factor=scientific(standing.share * standing.n_points, 2),
        rank=standing.rank,
        n_points=standing.n_points,
    )
