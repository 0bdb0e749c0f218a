"""The initialization × activation matrix in words, and as a table for the clipboard."""

# Tests: tests/gui/studies/test_matrix_window.py

from __future__ import annotations

import csv
import io
from collections.abc import Mapping, Sequence

from engine.config import Activation, Initialization, TrainingConfig
from engine.dataset import Dataset
from engine.errors import InputError
from engine.insight.verdict import VANISHING_RATIO
from engine.studies.grid import CHANCE_MARGIN, CellSummary, Spread
from gui.text.language import say
from gui.text.names import ACTIVATIONS, CONFIG_FIELDS, INITIALIZATIONS, OPTIMIZERS, named_setting, setting
from gui.text.numbers import percent, scientific

Cell = tuple[Activation, Initialization]
VANISHING_MARK, CHANCE_MARK, DIVERGED_MARK = "▼ vanishing", "○ at chance", "✕ diverged"
COLUMNS = (
    "Activation", "Initialization", "Seeds", "Accuracy", "Lowest accuracy", "Highest accuracy", "First/last gradient",
    "Lowest first/last", "Highest first/last", "First/last at the end", "Diverged", "Marks",
)  # fmt: skip


TOLD_IN_FULL = ("hidden_layers", "optimizer", "learning_rate", "batch_size", "validation_fraction")
OF_A_CELL = ("activation", "layer_activations", "initialization", "initialization_sigma", "seed")


def matrix_subject(dataset: Dataset, config: TrainingConfig) -> str:
    """What the matrix trains: all that its cells have in common; settings that are as usual are not told."""
    n_points = int((~dataset.validation_mask(config.validation_fraction)).sum())
    same_width = len(set(config.hidden_layers)) == 1
    layers = setting("hidden_layers", config.hidden_layers)
    batches = "the full batch" if config.batch_size is None else f"batches of {config.batch_size:,}"
    usual = TrainingConfig()
    others = [
        named_setting(name, getattr(config, name))
        for name in CONFIG_FIELDS
        if name not in TOLD_IN_FULL + OF_A_CELL and getattr(config, name) != getattr(usual, name)
    ]
    return ", ".join(
        [
            f"{layers} (depth × width)" if same_width else f"hidden layers of {layers}",
            f"{n_points:,} training {'point' if n_points == 1 else 'points'} of {dataset.n_classes} classes",
            OPTIMIZERS[config.optimizer],
            f"learning rate {config.learning_rate:g}",
            batches,
            *others,
        ]
    )


def marks(summary: CellSummary, chance: float) -> list[str]:
    """What is said of a cell beside its numbers, so that it need not be read off a colour."""
    found = {
        CHANCE_MARK: summary.is_at_chance(chance),
        VANISHING_MARK: summary.is_vanishing,
        DIVERGED_MARK: summary.n_diverged > 0,
    }
    return [mark for mark, holds in found.items() if holds]


def cell_lines(summary: CellSummary | None, chance: float) -> list[str]:
    """What stands in a cell, line by line."""
    if summary is None:
        return ["…"]
    return [percent(summary.accuracy.median), ratio(summary.first_over_last.median), *marks(summary, chance)]


def ratio(value: float) -> str:
    """A ratio of gradient norms."""
    return scientific(value, 2)


def cell_sentence(cell: Cell, summary: CellSummary | None, chance: float) -> str:
    """Everything that is known of a cell."""
    name = f"{ACTIVATIONS[cell[0]]}, {INITIALIZATIONS[cell[1]]}"
    if summary is None:
        return f"{name}: not trained yet."
    seeds = f"{summary.n_runs} seeds" if summary.n_runs > 1 else "one seed"
    accuracy, first, last = summary.accuracy, summary.first_over_last, summary.final_ratio
    parts = [
        f"{name}, {seeds}. Training accuracy at the end {percent(accuracy.median)}"
        f"{between(percent(accuracy.low), percent(accuracy.high))}.",
        f"Gradient norm of the first layer over that of the last: before training {ratio(first.median)}"
        f"{between(ratio(first.low), ratio(first.high))}, at the end {ratio(last.median)}"
        f"{between(ratio(last.low), ratio(last.high))}.",
    ]
    if summary.is_at_chance(chance):
        parts.append(f"At chance: hardly above {percent(chance)}, the share of the largest class.")
    if summary.is_vanishing:
        parts.append(f"Vanishing: below {scientific(VANISHING_RATIO)}.")
    if summary.n_diverged:
        parts.append(f"Diverged: {summary.n_diverged} of {summary.n_runs}.")
    parts.append("Click or press Enter to open it as a lane.")
    return " ".join(parts)


def between(low: str, high: str) -> str:
    """The range over the seeds, where there is one."""
    return "" if low == high else f" ({low} to {high})"


def legend(chance: float) -> str:
    """What numbers and marks of the cells mean, as rich text."""
    text = (
        "<b>Large number and colour</b>: training accuracy at the end. <b>Small number</b>: gradient norm of the first "
        "layer over that of the last, before training. Both are medians over the seeds.<br>"
        f"<b>{VANISHING_MARK}</b>: that ratio is below {scientific(VANISHING_RATIO)}. "
        f"<b>{CHANCE_MARK}</b>: accuracy at most {percent(chance + CHANCE_MARGIN)}; always choosing the largest class "
        f"has {percent(chance)}. <b>{DIVERGED_MARK}</b>: some run stopped at numbers that are not finite."
    )
    return text.replace(" %", "\N{NO-BREAK SPACE}%")


def failure_sentence(problem: InputError | None) -> str:
    """Why a matrix has come to no end: what the process said that trained it, if it has said something."""
    if problem is not None:
        return say("The matrix could not be trained: {problem}", problem=problem)
    return say("Training the matrix stopped by an unexpected error. Start it again; the log says more.")


def as_rows(summaries: Mapping[Cell, CellSummary], chance: float) -> list[tuple[str, ...]]:
    """A row for each cell, as `COLUMNS` names them; numbers in full."""

    def numbers(spread: Spread) -> tuple[str, ...]:
        return tuple(f"{value:.6g}" for value in (spread.median, spread.low, spread.high))

    return [
        (
            ACTIVATIONS[cell[0]],
            INITIALIZATIONS[cell[1]],
            str(summary.n_runs),
            *numbers(summary.accuracy),
            *numbers(summary.first_over_last),
            f"{summary.final_ratio.median:.6g}",
            str(summary.n_diverged),
            "; ".join(mark[2:] for mark in marks(summary, chance)),
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
