"""The engine without a window: ``python -m engine train --dataset xor --epochs 200 --json -``."""

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from pathlib import Path
from typing import Any

from engine.config import MAX_SEED, Activation, checked_choice, checked_whole
from engine.errors import InputError
from engine.options import add_experiment_options, experiment_from, refuse_options_beside

MOST_SEEDS = 1000  # of a range
HISTORY_COLUMNS = ("epoch", "train_loss", "validation_loss", "train_accuracy", "validation_accuracy")


def main(arguments: list[str] | None = None) -> int:
    """Run a subcommand; returns the exit status."""
    parser = argparse.ArgumentParser(prog="python -m engine", description="Marz without its window.")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a network and print what came of it")
    train.add_argument("file", nargs="?", metavar="FILE", help="an experiment saved by Marz")
    add_experiment_options(train)
    train.add_argument("--epochs", type=int, default=200, metavar="N", help="epochs to train (default 200)")
    course = commands.add_parser("course-table", help="run the course's experiment on the Breast Cancer data")
    course.add_argument(
        "--activations",
        default="sigmoid,relu,leaky_relu",
        metavar="A,...",
        help="hidden activations, separated by commas, or “all” (default: those of the slide)",
    )
    course.add_argument("--seeds", default="1", metavar="S,...", help="seeds, as in “1,2,7” or “0-9” (default 1)")
    costs = commands.add_parser("activation-costs", help="measure what each activation costs here")
    for command, run in ((train, train_headless), (course, course_table), (costs, activation_costs)):
        command.add_argument("--json", default="-", metavar="PATH", help="where the result goes; - is standard output")
        command.set_defaults(run=run, tell=command.error)
    options = parser.parse_args(arguments)
    try:
        write_result(options)
    except InputError as error:
        options.tell(str(error))
    except OSError as error:
        place = "Standard output" if options.json == "-" else f"“{options.json}”"
        options.tell(f"{place} could not be written: {error.strerror}.")
    return 0


def write_result(options: argparse.Namespace) -> None:
    """Do the work and write what came of it; whether a file can be written is tried before."""
    if options.json == "-":
        print(json.dumps(options.run(options), allow_nan=False))
        return
    path = Path(options.json)
    is_new = not path.exists()
    path.open("a").close()
    try:
        path.write_text(json.dumps(options.run(options), allow_nan=False) + "\n", encoding="utf-8")
    except InputError:
        if is_new:
            path.unlink()
        raise


def train_headless(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say; values that are not finite are None in the result."""
    if options.epochs < 0:
        raise InputError(f"epochs is {options.epochs}; it must be 0 or more.")
    import torch

    from engine.experiment import load
    from engine.lane import Lane

    torch.set_num_threads(1)
    if options.file:
        refuse_options_beside(options.file, options)
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


def course_table(options: argparse.Namespace) -> dict[str, Any]:
    """The course's experiment: a row for each seed and activation."""
    names = list(Activation) if options.activations == "all" else options.activations.split(",")
    activations = [Activation(checked_choice("activations", name.strip(), Activation)) for name in names]
    seeds = [seed for part in options.seeds.split(",") for seed in checked_seeds(part.strip())]
    import torch

    from engine.course import load_breast_cancer, run

    torch.set_num_threads(1)
    training, test, _ = load_breast_cancer()
    rows = [run(activation, seed, training, test) for seed in seeds for activation in activations]
    return {
        "rows": [
            {
                "activation": row.activation.value,
                "seed": row.seed,
                "loss": finite(row.loss),
                "accuracy": finite(row.accuracy),
                "tensor_norms": [finite(norm) for norm in row.tensor_norms],
                "gradient_norms": [finite(norm) for norm in row.gradient_norms],
                "seconds": row.seconds,
            }
            for row in rows
        ]
    }


def checked_seeds(text: str) -> range:
    """The seeds that a number or a range such as 0-9 stands for."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise InputError(f"seeds has {text!r}; seeds are whole numbers such as 3, or a range such as 0-9.")
    if dash and int(last[:20]) < int(first[:20]):
        raise InputError(f"seeds has the range {text}, which runs backwards.")
    low = checked_whole("seeds", int(first[:20]), 0, MAX_SEED)
    high = checked_whole("seeds", int(last[:20]), low, min(low + MOST_SEEDS - 1, MAX_SEED)) if dash else low
    return range(low, high + 1)


def activation_costs(options: argparse.Namespace) -> dict[str, Any]:
    """Nanoseconds a value of each activation, forward and backward."""
    import torch

    from engine.costs import measure_costs

    torch.set_num_threads(1)
    return {
        activation.value: {"forward": cost.forward, "backward": cost.backward}
        for activation, cost in measure_costs().items()
    }


def finite(value: float) -> float | None:
    """The value, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
