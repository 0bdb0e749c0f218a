"""The initialization × activation matrix in words, and as a table for the clipboard."""

# Tests: tests/gui/studies/test_matrix_window.py

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Mapping, Sequence

from engine.config import SETTINGS, Activation, Initialization, TrainingConfig
from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset
from engine.errors import InputError
from engine.insight.verdict import VANISHING_RATIO
from engine.messages import message
from engine.studies.grid import CHANCE_MARGIN, CellSummary, MedianRange
from gui.text.language import count, mark, say
from gui.text.names import (
    in_words,
    listed,
    name_of,
    named_setting,
    setting,
)
from gui.text.numbers import percent, scientific

Cell = tuple[Activation, Initialization]
VANISHING_MARK, CHANCE_MARK, DIVERGED_MARK = mark("▼ vanishing"), mark("○ at chance"), mark("✕ diverged")
COLUMNS = (
    "Activation", "Initialization", "Seeds", "Accuracy", "Lowest accuracy", "Highest accuracy", "First/last gradient",
    "Lowest first/last", "Highest first/last", "First/last at the end", "Diverged", "Marks",
)  # fmt: skip


TOLD_IN_FULL = ("hidden_layers", "optimizer", "learning_rate", "batch_size", "validation_fraction")
OF_A_CELL = ("activation", "layer_activations", "initialization", "initialization_sigma", "seed")


def matrix_subject(dataset: Dataset, config: TrainingConfig) -> str:
    """The subject of the matrix: all that its cells have in common; settings that are as usual are not told."""
    layers = setting("hidden_layers", config.hidden_layers)
    if len(set(config.hidden_layers)) == 1:
        layers = say("{layers} (depth × width)", layers=layers)
    else:
        layers = say("hidden layers of {widths}", widths=layers)
    usual = TrainingConfig()
    parts = [
        layers,
        count(
            "{n:,} training point of {n_classes} classes",
            "{n:,} training points of {n_classes} classes",
            int((roles_of(dataset.serials, shares_of(config)) == Role.TRAINING).sum()),
            n_classes=dataset.n_classes,
        ),
        name_of(config.optimizer),
        say("learning rate {rate:g}", rate=config.learning_rate),
        say("the full batch") if config.batch_size is None else say("batches of {n:,}", n=config.batch_size),
    ]
    others = [
        named_setting(name, getattr(config, name))
        for name in SETTINGS
        if name not in TOLD_IN_FULL + OF_A_CELL and getattr(config, name) != getattr(usual, name)
    ]
    return in_words(listed([*parts, *others]))


def marks(summary: CellSummary, chance: float) -> list[str]:
    """The marks of a cell beside its numbers, so that they need not be read off a colour; in English."""
    found = {
        CHANCE_MARK: summary.is_at_chance(chance),
        VANISHING_MARK: summary.is_vanishing,
        DIVERGED_MARK: summary.n_diverged > 0,
    }
    return [text for text, holds in found.items() if holds]


def cell_lines(summary: CellSummary | None, chance: float) -> list[str]:
    """The text of a cell, line by line."""
    if summary is None:
        return ["…"]
    numbers = [percent(summary.accuracy.median), ratio(summary.first_over_last.median)]
    return [*numbers, *map(say, marks(summary, chance))]


def ratio(value: float) -> str:
    """A ratio of gradient norms."""
    return scientific(value, 2)


def cell_name(cell: Cell) -> str:
    """The activation and the initialization of a cell."""
    return in_words(listed([name_of(cell[0]), name_of(cell[1])]))


def cell_sentence(cell: Cell, summary: CellSummary | None, chance: float) -> str:
    """Everything that is known of a cell."""
    name = cell_name(cell)
    if summary is None:
        return say("{name}: not trained yet.", name=name)
    parts = [
        count("{name}, one seed.", "{name}, {n} seeds.", summary.n_runs, name=name),
        say("Training accuracy at the end {accuracy}.", accuracy=with_range(summary.accuracy, percent)),
        say(
            "Gradient norm of the first layer over that of the last: before training {before}, at the end {after}.",
            before=with_range(summary.first_over_last, ratio),
            after=with_range(summary.final_ratio, ratio),
        ),
    ]
    if summary.is_at_chance(chance):
        parts.append(say("At chance: hardly above {share}, the share of the largest class.", share=percent(chance)))
    if summary.is_vanishing:
        parts.append(say("Vanishing: below {limit}.", limit=scientific(VANISHING_RATIO)))
    if summary.n_diverged:
        parts.append(say("Diverged: {n} of {n_runs}.", n=summary.n_diverged, n_runs=summary.n_runs))
    parts.append(say("Click or press Enter to open it as a lane."))
    return " ".join(parts)


def with_range(found: MedianRange, written: Callable[[float], str]) -> str:
    """The median over the seeds, and their range where there is one."""
    median, low, high = map(written, (found.median, found.low, found.high))
    return median if low == high else say("{median} ({low} to {high})", median=median, low=low, high=high)


COLUMN_HEADINGS = {
    Initialization.XAVIER_UNIFORM: mark("Xavier\nuniform"),
    Initialization.XAVIER_NORMAL: mark("Xavier\nnormal"),
    Initialization.HE_UNIFORM: mark("He\nuniform"),
    Initialization.HE_NORMAL: mark("He\nnormal"),
}


def column_heading(initialization: Initialization) -> str:
    """The name of an initialization, in two lines if it is long."""
    heading = COLUMN_HEADINGS.get(initialization)
    return name_of(initialization) if heading is None else say(heading)


def legend(chance: float) -> str:
    """The meaning of the numbers and marks in the cells, as rich text."""
    text = say(
        "<b>Large number and colour</b>: training accuracy at the end. <b>Small number</b>: gradient norm of the first "
        "layer over that of the last, before training. Both are medians over the seeds.<br><b>{vanishing}</b>: that "
        "ratio is below {limit}. <b>{at_chance}</b>: accuracy at most {most}; always choosing the largest class has "
        "{chance}. <b>{diverged}</b>: some run stopped at numbers that are not finite.",
        vanishing=message(VANISHING_MARK),
        limit=scientific(VANISHING_RATIO),
        at_chance=message(CHANCE_MARK),
        most=percent(chance + CHANCE_MARGIN),
        chance=percent(chance),
        diverged=message(DIVERGED_MARK),
    )
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def failure_sentence(problem: InputError | None) -> str:
    """The reason why a matrix has come to no end: the words of the process that trained it, if it has said any."""
    if problem is not None:
        return say("The matrix could not be trained: {problem}", problem=problem)
    return say("Training the matrix stopped by an unexpected error. Start it again; the log says more.")


def as_rows(summaries: Mapping[Cell, CellSummary], chance: float) -> list[tuple[str, ...]]:
    """A row for each cell, as `COLUMNS` names them; numbers in full."""

    def numbers(found: MedianRange) -> tuple[str, ...]:
        return tuple(f"{value:.6g}" for value in (found.median, found.low, found.high))

    return [
        (
            cell[0].label,
            cell[1].label,
            str(summary.n_runs),
            *numbers(summary.accuracy),
            *numbers(summary.first_over_last),
            f"{summary.final_ratio.median:.6g}",
            str(summary.n_diverged),
            "; ".join(text[2:] for text in marks(summary, chance)),
        )
        for cell, summary in summaries.items()
    ]


def as_tabs(rows: Sequence[tuple[str, ...]]) -> str:
    """Tab-separated text, as a spreadsheet takes it from the clipboard."""
    return "".join("\t".join(row) + "\n" for row in (COLUMNS, *rows))


def as_csv(rows: Sequence[tuple[str, ...]]) -> str:
    """Comma-separated values."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows((COLUMNS, *rows))
    return text.getvalue()


def as_markdown(rows: Sequence[tuple[str, ...]]) -> str:
    """A table in Markdown."""
    rule = ("---", "---", *["---:"] * (len(COLUMNS) - 3), "---")
    return "".join(f"| {' | '.join(row)} |\n" for row in (COLUMNS, rule, *rows))
