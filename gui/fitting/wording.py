"""Words for the verdict on a run, with its rule and numbers, and the slide's words for bias and variance."""

# Tests: tests/gui/fitting/test_fit_curves.py

from __future__ import annotations

import math

from engine.insight.fitting import (
    MIN_VALIDATION,
    OVERFITTED_RATIO,
    OVERFITTED_RISE,
    OVERFITTED_WAIT,
    UNDERFITTED_GAP,
    FitState,
    FitVerdict,
)
from engine.run.snapshot import LaneSnapshot
from gui.text.language import count, mark, say
from gui.text.numbers import loss, percent, r_squared, times

STATES = {
    FitState.OVERFITTING: mark("▲ Overfitting"),
    FitState.UNDERFITTING: mark("▼ Underfitting"),
    FitState.JUST_RIGHT: mark("✓ Just right"),
    FitState.TOO_EARLY: mark("… Still learning"),
    FitState.FEW_POINTS: mark("Not enough points to say"),
    FitState.NO_VALIDATION: mark("No validation points"),
}
"""The headline of each verdict."""

FAULTS = (FitState.OVERFITTING, FitState.UNDERFITTING)
"""Verdicts that ask for a remedy."""


def headline(verdict: FitVerdict) -> str:
    """The verdict in a word or two; of a few rows, as after the way back to an early best, nothing is said yet."""
    if verdict.state is FitState.TOO_EARLY and math.isnan(verdict.ratio):
        return say("… Too early to say")
    return say(STATES[verdict.state])


def score(value: float, *, has_values: bool) -> str:
    """An accuracy, or R² where values are learned."""
    return r_squared(value) if has_values else percent(value)


def verdict_sentence(verdict: FitVerdict, lane: LaneSnapshot) -> str:
    """The numbers that the verdict is made of."""
    has_values = lane.has_values
    match verdict.state:
        case FitState.OVERFITTING:
            said = say(
                "Validation loss {now} is {ratio} × its minimum, {best} at epoch {epoch:,.0f} (both smoothed).",
                now=loss(verdict.loss),
                ratio=times(verdict.loss, verdict.best_loss),
                best=loss(verdict.best_loss),
                epoch=verdict.best_epoch,
            )
            second = surely_sentence(verdict, lane)
            return say("{first} {second}", first=said, second=second) if second else said
        case FitState.UNDERFITTING if has_values:
            return say(
                "R² of the training points is {mine}; the mean of 5 neighbours gets {theirs}.",
                mine=r_squared(verdict.train_score),
                theirs=r_squared(verdict.neighbours),
            )
        case FitState.UNDERFITTING:
            return say(
                "Training accuracy is {mine}; a vote of 5 neighbours gets {theirs}.",
                mine=percent(verdict.train_score),
                theirs=percent(verdict.neighbours),
            )
        case FitState.JUST_RIGHT:
            return say(
                "Validation loss {now}, lowest {best} at epoch {epoch:,}. {score}: training {train}, validation "
                "{held}.",
                now=loss(lane.metrics.validation_loss),
                best="–" if lane.best_loss is None else loss(lane.best_loss),
                epoch=lane.best_epoch or 0,
                score="R²" if has_values else say("Accuracy"),
                train=score(verdict.train_score, has_values=has_values),
                held=score(verdict.validation_score, has_values=has_values),
            )
        case FitState.TOO_EARLY:
            return early_sentence(verdict, lane)
        case FitState.FEW_POINTS:
            return count(
                "{n} validation point; {least} are needed. Draw more points or keep a larger share for validation.",
                "{n} validation points; {least} are needed. Draw more points or keep a larger share for validation.",
                lane.n_validation,
                least=MIN_VALIDATION,
            )
        case FitState.NO_VALIDATION:
            return say("Draw more points or keep a share for validation: only points not trained on show overfitting.")


def early_sentence(verdict: FitVerdict, lane: LaneSnapshot) -> str:
    """The place in a run that is young; that it is to go on only if its loss falls still."""
    now = loss(lane.metrics.validation_loss)
    if math.isnan(verdict.ratio) and lane.changes:
        return say("Validation loss {now}. Curves are judged from the last change of points or settings on.", now=now)
    if math.isnan(verdict.ratio):
        return say("Validation loss {now} at epoch {epoch:,}.", now=now, epoch=lane.epochs)
    return say("Validation loss {now} at epoch {epoch:,}: train on.", now=now, epoch=lane.epochs)


def surely_sentence(verdict: FitVerdict, lane: LaneSnapshot) -> str:
    """A sentence on a loss that has risen while no more points are wrong; "" if more are, or values are learned."""
    if lane.has_values or not math.isfinite(verdict.validation_score):
        return ""
    now = wrong_points(verdict.validation_score, lane.n_validation)
    then = wrong_points(verdict.best_validation_score, lane.n_validation)
    if now == 0 or now > then:
        return ""
    return count(
        "No more points are wrong than then ({n} of {all}): it is wrong more surely.",
        "No more points are wrong than then ({n} of {all}): they are wrong more surely.",
        now,
        all=lane.n_validation,
    )


def wrong_points(accuracy: float, n_points: int) -> int:
    """The number of points that are decided wrongly."""
    return round((1 - accuracy) * n_points)


def rule_sentence(state: FitState, *, has_values: bool) -> str:
    """The rule by which a verdict was found; "" where there was nothing to find."""
    ratio, rise, gap = OVERFITTED_RATIO, OVERFITTED_RISE, UNDERFITTED_GAP
    match state:
        case FitState.OVERFITTING:
            return say(
                "Rule: at least {ratio:g} × its minimum and {rise:g} above it, and that minimum at least "
                "{share:.0f} % of the run ago.",
                ratio=ratio,
                rise=rise,
                share=100 * OVERFITTED_WAIT,
            )
        case FitState.UNDERFITTING if has_values:
            return say("Rule: R² over {gap:g} below that of 5 neighbours, and the loss falls no more.", gap=gap)
        case FitState.UNDERFITTING:
            return say(
                "Rule: 5 neighbours are better by over {gap:.0f} % of the points, and the loss falls no more.",
                gap=100 * gap,
            )
        case FitState.JUST_RIGHT if has_values:
            return say(
                "Rule: below {ratio:g} × the minimum or {rise:g} above it, or that less than {share:.0f} % of the run "
                "ago, and 5 neighbours no better by over {gap:g}.",
                ratio=ratio,
                rise=rise,
                share=100 * OVERFITTED_WAIT,
                gap=gap,
            )
        case FitState.JUST_RIGHT:
            return say(
                "Rule: below {ratio:g} × the minimum or {rise:g} above it, or that less than {share:.0f} % of the run "
                "ago, and 5 neighbours no better by over {gap:.0f} % of the points.",
                ratio=ratio,
                rise=rise,
                share=100 * OVERFITTED_WAIT,
                gap=100 * gap,
            )
    return ""


WORDS = {
    FitState.OVERFITTING: (mark("low"), mark("high"), mark("weak")),
    FitState.UNDERFITTING: (mark("high"), mark("low"), mark("weak")),
    FitState.JUST_RIGHT: (mark("low"), mark("balanced"), mark("strong")),
}
"""The slide's words for bias, variance and generalisation."""
