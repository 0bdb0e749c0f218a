"""The engine without a window: ``python -m engine train --dataset xor --epochs 200 --json -``."""

# Tests: tests/engine/test_main.py

from __future__ import annotations

import argparse
import json
import math
import sys
import time
from collections.abc import Callable, Generator, Sequence
from contextlib import closing
from dataclasses import asdict
from pathlib import Path
from typing import Any

from engine.config import Activation
from engine.errors import NO_MEMORY, InputError, as_typed, shown, shown_path
from engine.files.whole_files import local_path
from engine.messages import Message
from engine.options import Parser, add_experiment_options, experiment_asked_for
from engine.studies.front import add_matrix_options, add_study_commands, matrix_lines, study_lines
from engine.studies.lists import all_seeds, checked_choices

Results = Generator[dict[str, Any], None, None]

ENDED_BY_CTRL_C = 130  # as a shell has it
VALUE_METRICS = ("train_rmse", "validation_rmse", "train_r2", "validation_r2")
HISTORY_COLUMNS = ("epoch", "train_loss", "validation_loss", "train_accuracy", "validation_accuracy")


def main(arguments: list[str] | None = None) -> int:
    """Run a subcommand; returns the exit status."""
    parser = Parser(prog="python -m engine", description="Marz without its window.")
    commands = parser.add_subparsers(dest="command", required=True)
    train = commands.add_parser("train", help="train a network and print what came of it")
    add_training_options(train)
    inspect = commands.add_parser("inspect", help="train a network and print what it makes of a point, and how")
    add_inspect_options(inspect)
    course = commands.add_parser("course-table", help="run the course's experiment on the Breast Cancer data")
    add_course_options(course)
    costs = commands.add_parser("activation-costs", help="measure what each activation costs here")
    studies = commands.add_parser("study", help="train many networks; a line each, and a last one that sums them up")
    matrix = commands.add_parser("matrix", help="the same as “study grid”, by its old name")
    add_matrix_options(matrix)
    points = commands.add_parser(
        "import", help="read a table, spreadsheet or NPZ file of points and print what is in it"
    )
    add_import_options(points)
    code = commands.add_parser("compile", help="make the compiled code now, which the window makes at its first start")
    for command, results in (
        (train, alone(train_headless)),
        (inspect, alone(inspect_headless)),
        (course, alone(course_table)),
        (costs, alone(activation_costs)),
        *((study, study_lines) for study in add_study_commands(studies)),
        (matrix, matrix_lines),
        (points, alone(import_points)),
        (code, alone(compile_code)),
    ):
        command.add_argument("--json", default="-", metavar="PATH", help="where the result goes; - is standard output")
        command.set_defaults(results=results, tell=command.error)
    options = parser.parse_args(with_point(sys.argv[1:] if arguments is None else arguments))
    try:
        write_result(options)
    except InputError as error:
        options.tell(str(error))
    except MemoryError:
        options.tell(NO_MEMORY)
    except OSError as error:
        place = "Standard output" if options.json == "-" else f"“{shown_path(options.json)}”"
        options.tell(f"{place} could not be written: {error.strerror}.")
    except KeyboardInterrupt:
        return ENDED_BY_CTRL_C
    return 0


def with_point(arguments: Sequence[str]) -> list[str]:
    """The arguments with coordinates as a part of their option: a minus in front would be taken for another option."""
    joined: list[str] = []
    for argument in arguments:
        if joined and joined[-1] in ("--point", "--field"):
            joined[-1] += f"={argument}"
        else:
            joined.append(argument)
    return joined


def add_training_options(command: argparse.ArgumentParser) -> None:
    """The options of training one network."""
    command.add_argument("file", nargs="?", type=local_path, metavar="FILE", help="an experiment saved by Marz")
    add_experiment_options(command)
    command.add_argument("--epochs", type=int, default=200, metavar="N", help="epochs to train (default 200)")


def add_inspect_options(inspect: argparse.ArgumentParser) -> None:
    """The options of asking a network for a point."""
    add_training_options(inspect)
    inspect.add_argument("--point", required=True, metavar="X,Y", help="the features of the point")
    inspect.add_argument("--label", type=int, metavar="K", help="its class, from 0 on, if it has one")


def add_course_options(course: argparse.ArgumentParser) -> None:
    """The options of the course's experiment."""
    course.add_argument(
        "--activations",
        default="sigmoid,relu,leaky_relu",
        metavar="A,...",
        help="hidden activations, separated by commas, or “all” (default: those of the slide)",
    )
    course.add_argument("--seeds", default="1", metavar="S,...", help="seeds, as in “1,2,7” or “0-9” (default 1)")


def add_import_options(points: argparse.ArgumentParser) -> None:
    """The options of reading points."""
    points.add_argument("file", type=local_path, metavar="FILE", help="a table, spreadsheet or NPZ file")
    points.add_argument("--encoding", metavar="E", help="of a text, such as cp1256; found by itself if not given")
    points.add_argument("--label", metavar="NAME", help="the column of the classes; found by itself if not given")
    points.add_argument("--skip-missing", action="store_true", help="leave out rows in which a value is missing")


def alone(run: Callable[[argparse.Namespace], dict[str, Any]]) -> Callable[[argparse.Namespace], Results]:
    """A command with one result as one with several."""

    def results(options: argparse.Namespace) -> Results:
        yield run(options)

    return results


def write_result(options: argparse.Namespace) -> None:
    """Do the work and write what came of it, each result on a line; whether a file can be written is tried before."""
    with closing(options.results(options)) as results:  # work that nobody waits for any more ends here
        if options.json == "-":
            for result in results:
                print(json.dumps(result, allow_nan=False), flush=True)
            return
        path = Path(options.json)
        is_new = not path.exists()
        path.open("a").close()
        try:
            lines = [json.dumps(result, allow_nan=False) for result in results]
            path.write_text("".join(f"{line}\n" for line in lines), encoding="utf-8")
        except InputError:
            if is_new:
                path.unlink()
            raise


def check_epochs(options: argparse.Namespace) -> None:
    """Raise an InputError unless the number of epochs is one."""
    if options.epochs < 0:
        raise InputError("epochs is {value}; it must be 0 or more.", value=as_typed(options.epochs))


def train_headless(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say; values that are not finite are None in the result."""
    check_epochs(options)
    import torch

    from engine.run.lane import Lane

    torch.set_num_threads(1)
    experiment = experiment_asked_for(options)
    lane = Lane(experiment.dataset, experiment.lanes[0])
    trainer = lane.trainer
    lane.record()
    started = time.perf_counter()
    while trainer.epochs_done < options.epochs and trainer.divergence is None and not lane.is_resting:
        trainer.epoch()
        if trainer.divergence is None:  # else the epoch did not end
            lane.record()
    seconds = time.perf_counter() - started
    metrics = trainer.evaluate(ends_run=True)
    history = lane.history_table()
    return {
        "train_loss": finite(metrics.train_loss),
        "validation_loss": finite(metrics.validation_loss),
        "train_accuracy": finite(metrics.train_accuracy),
        "validation_accuracy": finite(metrics.validation_accuracy),
        **({name: finite(getattr(metrics, name)) for name in VALUE_METRICS} if experiment.dataset.has_values else {}),
        "gradient_norms": [finite(norm) for norm in trainer.gradient_norms()],
        "epochs": trainer.epochs_done,
        "steps": trainer.steps_done,
        "best_epoch": None if lane.best is None else lane.best.epoch,
        "best_validation_loss": None if lane.best is None else lane.best.loss,
        "stopped_early": lane.has_stopped_early,
        "diverged_at_step": trainer.divergence.step if trainer.divergence else None,
        "epochs_per_second": trainer.epochs_done / seconds if seconds > 0 else None,
        "machine": trainer.machine.value,
        "history": {
            name.replace("accuracy", "r2") if experiment.dataset.has_values else name: [
                finite(value) for value in column
            ]
            for name, column in zip(HISTORY_COLUMNS, history.T, strict=True)
        },
    }


def inspect_headless(options: argparse.Namespace) -> dict[str, Any]:
    """Train as the options say, and tell the numbers of a point."""
    check_epochs(options)
    try:
        features = [float(part) for part in options.point.split(",")]
    except ValueError as error:
        raise InputError(
            "point is {value}; it must be numbers with commas between them, such as 0.5,-1.",
            value=as_typed(options.point),
        ) from error
    import torch

    from engine.insight.inspection import inspect_point
    from engine.training import Trainer

    torch.set_num_threads(1)
    experiment = experiment_asked_for(options)
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    inspect_point(trainer, features, options.label)  # what cannot be asked is refused before the training
    while trainer.epochs_done < options.epochs and trainer.divergence is None:
        trainer.epoch()
    return inspect_point(trainer, features, options.label).as_json()


def import_points(options: argparse.Namespace) -> dict[str, Any]:
    """Read points and tell what was found, and what may be meant otherwise."""
    from engine.formats.npz import read_npz
    from engine.formats.table_format import Doubt
    from engine.formats.tables import open_table

    doubts: tuple[Doubt | Message, ...] = ()
    if options.file.lower().endswith(".npz"):
        given = [name for name in ("encoding", "label", "skip_missing") if getattr(options, name)]
        if given:
            raise InputError(
                "--{option} is for tables; “{name}” is an NPZ file, in which the array called labels, y, label "
                "or target has the classes. Leave the option out.",
                option=given[0].replace("_", "-"),
                name=shown(Path(options.file).name),
            )
        read, form = read_npz(options.file), {"kind": "NPZ"}
        doubts = read.notes
    else:
        source = open_table(options.file, options.encoding)
        sample = source.look()
        read = source.read_with_doubts(options.label, skip_missing=options.skip_missing)
        doubts = (*sample.doubts_beside(options.label), *sample.notes, *read.notes)
        form = {"kind": sample.kind, "encoding": sample.encoding, **asdict(sample.format)}
    dataset = read.dataset
    return {
        "n_points": len(dataset),
        "n_features": dataset.n_features,
        "feature_names": list(dataset.feature_names),
        "class_names": list(dataset.class_names),
        "counts": dataset.class_counts().tolist(),
        "left_out": read.left_out,
        "doubts": list(map(str, doubts)),
        "format": form,
    }


def course_table(options: argparse.Namespace) -> dict[str, Any]:
    """The course's experiment: a row for each seed and activation."""
    activations = checked_choices("activations", options.activations, Activation)
    seeds = all_seeds(options.seeds)
    import torch

    from engine.studies.course import run
    from engine.studies.course_protocol import load_breast_cancer

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


def activation_costs(options: argparse.Namespace) -> dict[str, Any]:
    """Nanoseconds a value of each activation, forward and backward."""
    import torch

    from engine.machines.costs import measure_costs

    torch.set_num_threads(1)
    return {
        activation.value: {"forward": cost.forward, "backward": cost.backward}
        for activation, cost in measure_costs().items()
    }


def compile_code(_options: argparse.Namespace) -> dict[str, Any]:
    """Make the compiled code, or wait for who makes it."""
    from engine.compiled import build, cache

    started = time.perf_counter()
    build.make()
    return {
        "state": cache.state().value,
        "seconds": time.perf_counter() - started,
        "folder": str(cache.folder()),
    }


def finite(value: float) -> float | None:
    """The value, or None where JSON has no number for it."""
    return float(value) if math.isfinite(value) else None


if __name__ == "__main__":
    sys.exit(main())
