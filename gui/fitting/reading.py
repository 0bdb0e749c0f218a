"""The slide's tables on fitting, read off a run: its course, and the symptoms of several lanes."""

# Tests: tests/gui/fitting/test_slide.py

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from engine.insight.fitting import FitState
from gui.fitting.lane_fit import LaneFit
from gui.fitting.wording import STATES, WORDS, headline, score
from gui.text.language import mark, say
from gui.text.numbers import loss, percent, r_squared, times

STEADY = 1.02  # times its minimum up to which a loss has not risen
NEARLY_NOTHING = 0.01  # of its start


@dataclass(frozen=True)
class TableLine:
    """A row of a table.

    Attributes:
        name: of what it is about.
        cells: beside it.
        is_whole: whether its first cell takes the room of all but the last.
    """

    name: str
    cells: tuple[str, ...]
    is_whole: bool = False


REMEDIES = {
    FitState.UNDERFITTING: mark("a more complex model, more features, longer training"),
    FitState.OVERFITTING: mark("regularization, more data, dropout, early stopping; cross-validation tells"),
    FitState.JUST_RIGHT: mark("none is needed"),
}
ON_THE_SLIDE = (
    mark("falls fast and steadily, to nearly 0"),
    mark("rises fast, to nearly 100 %"),
    mark("falls at first, then clearly rises"),
    mark("rises at first, then stays, with small swings"),
)
"""The words of the slide for the four curves of an overfitting network."""


def course_headings(fit: LaneFit) -> tuple[str, ...]:
    """The headings of the columns of `course_of`."""
    first, *best, now = (f"{math.floor(epoch):,}" for epoch in epochs_of(fit))
    if best:
        epochs = say("Epoch {first}\n→ {best} (best)\n→ {now} (now)", first=first, best=best[0], now=now)
    else:
        epochs = say("Epoch {first}\n→ {now} (now)", first=first, now=now)
    return epochs, say("In this run"), say("The slide, of\noverfitting")


def epochs_of(fit: LaneFit) -> tuple[float, ...]:
    """The epochs at the start, at the lowest validation loss if there is one, and now."""
    first, now = float(fit.rows[0, 0]), float(fit.rows[-1, 0])
    return (first, now) if fit.best is None else (first, fit.best[0], now)


def course_of(fit: LaneFit) -> list[TableLine]:
    """The four curves of a lane at these epochs and in words, and the diagnosis beside the slide's."""
    has_values = fit.lane.has_values
    names = loss_and_score_names(has_values=has_values)
    at = [fit.rows[np.abs(fit.rows[:, 0] - epoch).argmin()] for epoch in epochs_of(fit)]
    said = (loss_in_words, score_in_words, loss_in_words, score_in_words)
    lines = []
    for name, column, words, slide in zip(names, (1, 3, 2, 4), said, ON_THE_SLIDE, strict=True):
        shown = loss if column < 3 else (lambda value: score(value, has_values=has_values))
        rows = fit.rows[np.isfinite(fit.rows[:, column])]
        text = words(rows[:, column], has_values=has_values) if len(rows) > 1 else "–"
        numbers = " →\n".join(shown(float(row[column])) for row in at) if len(rows) else "–"
        lines.append(TableLine(name, (numbers, text, say(slide))))
    slide_says = [say(text) for text in WORDS[FitState.OVERFITTING]]
    against = say("L2, more data, dropout, cross-validation")
    slides = (say(STATES[FitState.OVERFITTING]), *slide_says, against)
    judged = zip(diagnosis_of(fit), slides, strict=True)
    return lines + [TableLine(name, (cell, slide), is_whole=True) for (name, cell), slide in judged]


def loss_and_score_names(*, has_values: bool) -> tuple[str, str, str, str]:
    """The names of the four curves, as the slide has them in turn."""
    if has_values:
        return say("Training loss"), say("Training R²"), say("Validation loss"), say("Validation R²")
    return say("Training loss"), say("Training accuracy"), say("Validation loss"), say("Validation accuracy")


def loss_in_words(values: NDArray[np.float64], *, has_values: bool) -> str:
    """The course of a loss from its first row to its last."""
    first, lowest, now = float(values[0]), float(values.min()), float(values[-1])
    if lowest == first:
        return say("rises to {factor} × its start", factor=times(now, first)) if now > STEADY * first else say("stays")
    if now <= NEARLY_NOTHING * first:
        return say("falls by {share}, to nearly 0", share=percent(1 - now / first))
    if now <= STEADY * lowest:
        return say("falls by {share}", share=percent(1 - now / first))
    fall = percent(1 - lowest / first)
    return say("falls by {share}, then rises to {factor} × that", share=fall, factor=times(now, lowest))


def score_in_words(values: NDArray[np.float64], *, has_values: bool) -> str:
    """The course of an accuracy or of R² from its first row to its last."""
    highest = int(values.argmax())
    top, low, now = float(values[highest]), float(values[highest:].min()), float(values[-1])

    if highest == 0:
        return say("falls to {now}", now=score(now, has_values=has_values)) if now < top else say("stays")
    if low == top:
        return say("rises to {top}", top=score(top, has_values=has_values))
    return say(
        "rises to {top}, later never below {low}",
        top=score(top, has_values=has_values),
        low=score(low, has_values=has_values),
    )


def diagnosis_of(fit: LaneFit) -> list[tuple[str, str]]:
    """Diagnosis, bias, variance, generalisation and remedies of a lane, with the numbers that say so."""
    verdict, has_values = fit.verdict, fit.lane.has_values
    names = (say("Diagnosis"), say("Bias"), say("Variance"), say("Generalization"), say("Remedies"))
    if verdict.state not in WORDS:
        return list(zip(names, (headline(verdict), *("–",) * 4), strict=True))
    held = score(verdict.validation_score, has_values=has_values)
    bias, variance, general = (say(word) for word in WORDS[verdict.state])
    what = "R²" if has_values else say("accuracy")
    cells = (
        headline(verdict),
        bias_in_words(fit, bias, what),
        say(
            "{word}: validation loss {ratio} × its smoothed minimum, {what} {held} against {mine} in training",
            word=variance,
            ratio=times(verdict.loss, verdict.best_loss),
            what=what,
            held=held,
            mine=score(verdict.train_score, has_values=has_values),
        ),
        say("{word}: validation {what} {score}", word=general, what=what, score=held),
        say(REMEDIES[verdict.state]),
    )
    return list(zip(names, cells, strict=True))


def bias_in_words(fit: LaneFit, word: str, what: str) -> str:
    """The word for the bias, with the training score and that of the neighbours."""
    verdict, has_values = fit.verdict, fit.lane.has_values
    mine = score(verdict.train_score, has_values=has_values)
    if not math.isfinite(verdict.neighbours):
        return say("{word}: training {what} {mine}", word=word, what=what, mine=mine)
    theirs = score(verdict.neighbours, has_values=has_values)
    if has_values:
        return say("{word}: training R² {mine}, the mean of 5 neighbours {theirs}", word=word, mine=mine, theirs=theirs)
    return say(
        "{word}: training {what} {mine}, a vote of 5 neighbours {theirs}",
        word=word,
        what=what,
        mine=mine,
        theirs=theirs,
    )


def symptoms_of(fits: Sequence[LaneFit]) -> list[TableLine]:
    """The slide's table of symptoms, a cell for each lane."""
    training, held = score_names(has_values=any(fit.lane.has_values for fit in fits))
    columns = [diagnosis_of(fit) for fit in fits]
    return [
        TableLine(training, tuple(wrong(fit, fit.train_score) for fit in fits)),
        TableLine(held, tuple(wrong(fit, fit.validation_score) for fit in fits)),
        TableLine(say("Validation loss"), tuple(loss_and_best(fit) for fit in fits)),
        *(TableLine(cells[0][0], tuple(text for _, text in cells)) for cells in zip(*columns, strict=True)),
    ]


def score_names(*, has_values: bool) -> tuple[str, str]:
    """The names of the errors of training and validation points, or of R² where values are learned."""
    if has_values:
        return say("Training R²"), say("Validation R²")
    return say("Training error"), say("Validation error")


def wrong(fit: LaneFit, found: float) -> str:
    """An error, the share of points that are decided wrongly; R² where values are learned."""
    return r_squared(found) if fit.lane.has_values else percent(1 - found)


def loss_and_best(fit: LaneFit) -> str:
    """The validation loss now, and the lowest with its epoch."""
    if fit.best is None:
        return loss(fit.validation_loss)
    epoch, lowest = fit.best
    return say(
        "{now}; lowest {best} at epoch {epoch:,.0f}", now=loss(fit.validation_loss), best=loss(lowest), epoch=epoch
    )
