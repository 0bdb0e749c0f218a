"""The studies on the command line: ``python -m engine study grid moons.marz.json --workers 2 --json -``.

Importing this loads neither numpy nor torch.
"""

from __future__ import annotations

import argparse
import os
import threading
from collections.abc import Callable, Generator
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from engine.config import Activation, Initialization
from engine.errors import NO_MEMORY, InputError, as_typed
from engine.files.whole_files import local_path
from engine.options import add_experiment_options, experiment_asked_for
from engine.settings import checked_whole
from engine.studies.executors import MAX_WORKERS, Workers, cluster_workers, here, local_workers, usual_workers
from engine.studies.fit.options import (
    add_bias_variance_options,
    add_learning_curve_options,
    add_sweep_options,
    bias_variance_of,
    learning_curve_of,
    sweep_of,
)
from engine.studies.lists import all_seeds, checked_choices

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.studies.grid import GridTask
    from engine.studies.study import Study

Results = Generator[dict[str, Any], None, None]


@dataclass(frozen=True)
class Kind:
    """A kind of study.

    Attributes:
        help: what it does, in a line.
        add_options: beside those of the experiment, of the workers and of the result.
        study: that the options describe; raises an InputError if there is none.
    """

    help: str
    add_options: Callable[[argparse.ArgumentParser], None]
    study: Callable[[argparse.Namespace], Study[Any, Any]]


@dataclass(frozen=True)
class Order:
    """The order that a program gives to have a study done by ``python -m engine study``.

    Attributes:
        kind: of the study, a key of `KINDS`.
        experiment: for the file.
        options: the rest of what is typed.
        n_jobs: how many lines will come, the last one apart.
        result: of a job, from the line that tells it; raises if the line tells of none.
    """

    kind: str
    experiment: Experiment
    options: tuple[str, ...]
    n_jobs: int
    result: Callable[[dict[str, Any]], object]


def add_study_commands(studies: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """A command for each kind of study."""
    commands = studies.add_subparsers(dest="study", metavar="STUDY", required=True)
    made = []
    for name, kind in KINDS.items():
        command = commands.add_parser(name, help=kind.help)
        command.add_argument(
            "file",
            nargs="?",
            type=local_path,
            metavar="FILE",
            help="an experiment saved by Marz; its first lane counts",
        )
        add_experiment_options(command)
        kind.add_options(command)
        workers = command.add_argument_group("workers")
        workers.add_argument(
            "--workers",
            type=int,
            default=usual_workers(),
            metavar="N",
            help="processes that train (default %(default)s)",
        )
        workers.add_argument("--cluster", metavar="ADDRESS", help="train on a Dask cluster that runs already")
        add_end_with_input(workers)
        made.append(command)
    return made


def study_lines(options: argparse.Namespace) -> Results:
    """A line for each job as it ends, then “summary”; or “error” as the last one, before it is raised."""
    try:
        study = KINDS[options.study].study(options)
        checked_whole("workers", options.workers, 1, MAX_WORKERS)
        serve(options)
        workers = cluster_workers(options.cluster) if options.cluster else local_workers(options.workers)
        yield from lines_by(workers, study)
    except InputError as error:
        yield {"error": error.as_json()}
        raise
    except MemoryError:
        yield {"error": InputError(NO_MEMORY).as_json()}
        raise


def lines_by(wanted: AbstractContextManager[Workers], study: Study[Any, Any]) -> Results:
    """The lines of a study that is done by these workers."""
    from engine.studies.study import lines

    with wanted as workers:
        yield from lines(study, workers.executor, workers.ahead)


# the grid


def add_grid_options(grid: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """Add the options that say what the grid consists of."""
    grid.add_argument(
        "--activations",
        default="sigmoid,tanh,relu,leaky_relu,elu",
        metavar="A,...",
        help="or “all”; default %(default)s",
    )
    grid.add_argument(
        "--initializations",
        default="torch_default,xavier_uniform,he_uniform",
        metavar="I,...",
        help="or “all”; default %(default)s",
    )
    grid.add_argument("--seeds", default="0-2", metavar="S,...", help="as in “1,2,7” or “0-9”; default %(default)s")
    grid.add_argument("--epochs", type=int, default=300, metavar="N", help="epochs of each run (default %(default)s)")


def grid_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The grid that the options describe."""
    from engine.studies.grid import GridTask, grid_study

    activations = checked_choices("activations", options.activations, Activation)
    initializations = checked_choices("initializations", options.initializations, Initialization)
    seeds = all_seeds(options.seeds)
    refuse_varied(options)
    experiment = experiment_asked_for(options)
    dataset, config = experiment.dataset, experiment.lanes[0]
    return grid_study(GridTask(dataset, config, activations, initializations, seeds, options.epochs))


def refuse_varied(options: argparse.Namespace) -> None:
    """Raise an InputError if one value is given of what the grid has several of."""
    for name, many in (
        ("activation", "activations"),
        ("layer_activations", "activations"),
        ("initialization", "initializations"),
    ):
        if getattr(options, name, None) is not None:
            option = name.replace("_", "-")
            raise InputError("--{option} is of one network; the grid takes --{many}.", option=option, many=many)


def grid_order(task: GridTask) -> Order:
    """The order that a program gives to have a grid trained."""
    from engine.experiment import Experiment
    from engine.studies.grid import CellRun

    options = (
        *("--activations", ",".join(task.activations)),
        *("--initializations", ",".join(task.initializations)),
        *("--seeds", ",".join(map(str, task.seeds))),
        *("--epochs", str(task.epochs)),
    )
    return Order("grid", Experiment(task.dataset, (task.config,)), options, task.n_runs, CellRun.from_json)


def add_matrix_options(matrix: argparse.ArgumentParser) -> None:
    """The options of the grid as it was called before there were studies."""
    matrix.add_argument(
        "file", type=local_path, metavar="FILE", help="an experiment saved by Marz; its first lane counts"
    )
    add_grid_options(matrix)
    add_end_with_input(matrix)


def matrix_lines(options: argparse.Namespace) -> Results:
    """The grid as it was before there were studies: one run after the other, and a last line that all are done."""
    study = grid_of(options)
    serve(options)
    for line in lines_by(nullcontext(here()), study):
        yield {"done": True} if "summary" in line else line


# folds and seeds


def add_epochs(command: argparse.ArgumentParser) -> None:
    """The option that says how long each network is trained."""
    command.add_argument(
        "--epochs",
        type=int,
        default=300,
        metavar="N",
        help="epochs of each run, which patience does not end (default %(default)s)",
    )


def add_folds_options(folds: argparse.ArgumentParser) -> None:
    """The options of a cross-validation."""
    folds.add_argument(
        "--k",
        default="5",
        metavar="K",
        help="folds, 2 to 10, of all points but those of the test, those for validation too; or “all”: each of up to "
        "40 points is left out once (default %(default)s)",
    )
    add_epochs(folds)


def folds_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The cross-validation that the options describe."""
    from engine.studies.folds import FoldsTask, folds_study

    if options.k != "all" and not options.k.isdecimal():
        raise InputError("k is {value}; it must be a whole number such as 5, or “all”.", value=as_typed(options.k))
    experiment = experiment_asked_for(options)
    k = None if options.k == "all" else int(options.k[:20])
    return folds_study(FoldsTask(experiment.dataset, experiment.lanes[0], k, options.epochs))


def add_seeds_options(seeds: argparse.ArgumentParser) -> None:
    """The options of trainings that differ in their seed."""
    seeds.add_argument(
        "--seeds",
        default="0-9",
        metavar="S,...",
        help="of weights, batches and dropout, as in “1,2,7” or “0-9”; the points stay (default %(default)s)",
    )
    add_epochs(seeds)


def seeds_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The trainings with several seeds that the options describe."""
    from engine.studies.seeds import SeedsTask, seeds_study

    seeds = all_seeds(options.seeds)
    experiment = experiment_asked_for(options)
    return seeds_study(SeedsTask(experiment.dataset, experiment.lanes[0], seeds, options.epochs))


KINDS = {
    "grid": Kind("train with every activation and initialization", add_grid_options, grid_of),
    "folds": Kind(
        "cross-validate: train k times, each time without one fold of the points", add_folds_options, folds_of
    ),
    "seeds": Kind("train with several seeds: the range of the curves", add_seeds_options, seeds_of),
    "bias-variance": Kind(
        "measure bias and variance of a network over fresh training sets", add_bias_variance_options, bias_variance_of
    ),
    "sweep": Kind("measure bias and variance along axes: settings, epochs, points", add_sweep_options, sweep_of),
    "learning-curve": Kind(
        "measure bias and variance against the number of points", add_learning_curve_options, learning_curve_of
    ),
}


# serving another program


def add_end_with_input(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """The option of a program that starts this one."""
    parser.add_argument(
        "--end-with-input",
        action="store_true",
        help="for a program that starts this one: end when standard input ends, and let other programs go first",
    )


def serve(options: argparse.Namespace) -> None:
    """Begin to do as --end-with-input says."""
    if options.end_with_input:
        threading.Thread(target=end_with_input, daemon=True).start()
        if hasattr(os, "nice"):  # not on Windows
            os.nice(10)


def end_with_input() -> None:
    """End this process when its standard input ends, as it does when the program that holds the other end is killed."""
    # not sys.stdin, whose lock would be held while the interpreter ends
    while os.read(0, 4096):
        pass
    os._exit(0)
