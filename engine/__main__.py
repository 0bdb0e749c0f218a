"""The engine without a window: ``python -m engine train --dataset xor --epochs 200 --json -``."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from typing import Any

from engine.errors import InputError
from engine.options import add_experiment_options, experiment_from

HISTORY_COLUMNS = ("epoch", "train_loss", "validation_loss", "train_accuracy", "validation_accuracy")


def main(arguments: list[str] | None = None) -> int:
    """Run a subcommand; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m engine", description="Marz without its window.")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a network and print what came of it")
    train.add_argument("file", nargs="?", metavar="FILE", help="an experiment saved by Marz")
    add_experiment_options(train)
    train.add_argument("--epochs", type=int, default=200, metavar="N", help="epochs to train (default 200)")
    train.add_argument("--json", default="-", metavar="PATH", help="where the result goes; - is standard output")
    options = parser.parse_args(arguments)
    try:
        result = train_headless(options)
    except InputError as error:
        train.error(str(error))
    text = json.dumps(result, allow_nan=False)
    if options.json == "-":
        print(text)
        return 0
    try:
        with open(options.json, "w", encoding="utf-8") as file:
            file.write(text + "\n")
    except OSError as error:
        train.error(f"“{options.json}” could not be written: {error.strerror}.")
    return 0


def train_headless(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say; values that are not finite are None in the result."""
    if options.epochs < 0:
        raise InputError(f"epochs is {options.epochs}; it must be 0 or more.")
    import torch

    from engine.experiment import load
    from engine.lane import Lane

    torch.set_num_threads(1)
    experiment = load(options.file) if options.file else experiment_from(options)
    lane = Lane(experiment.dataset, experiment.lanes[0])
    trainer = lane.trainer
    started = time.perf_counter()
    while trainer.epochs_done < options.epochs and trainer.diverged_at_step is None:
        trainer.epoch()
        if trainer.diverged_at_step is None:  # else the epoch did not end
            lane.record()
    seconds = time.perf_counter() - started
    metrics = trainer.evaluate()
    history = lane.history_table()
    return {
        "train_loss": finite(metrics.train_loss),
        "validation_loss": finite(metrics.validation_loss),
        "train_accuracy": finite(metrics.train_accuracy),
        "validation_accuracy": finite(metrics.validation_accuracy),
        "gradient_norms": [finite(norm) for norm in trainer.gradient_norms()],
        "epochs": trainer.epochs_done,
        "steps": trainer.steps_done,
        "diverged_at_step": trainer.diverged_at_step,
        "epochs_per_second": trainer.epochs_done / seconds if seconds > 0 else None,
        "history": {
            name: [finite(value) for value in column] for name, column in zip(HISTORY_COLUMNS, history.T, strict=True)
        },
    }


def finite(value: float) -> float | None:
    """The value, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
