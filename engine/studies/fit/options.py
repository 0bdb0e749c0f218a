"""Options of the studies of under- and overfitting on the command line, and the studies that they describe.

Importing this loads neither numpy nor torch.
"""

from __future__ import annotations

import argparse
import math
from collections.abc import Sequence
from dataclasses import replace
from enum import StrEnum
from itertools import product
from typing import TYPE_CHECKING, Any, NoReturn

from engine.config import SETTINGS
from engine.errors import InputError, as_typed, shown
from engine.options import (
    Parser,
    add_experiment_options,
    config_from,
    experiment_asked_for,
    names,
    option_of,
    recipe_from,
)
from engine.settings import Flag, checked_whole
from engine.studies.lists import MAX_NETWORKS, all_seeds, check_each_once

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.studies.fit.bias_variance import BiasVarianceTask
    from engine.studies.fit.populations import Population
    from engine.studies.study import Study

EPOCHS, REPEATS, N_TEST = 400, 20, 2000
MAX_REASON = 160


class PopulationKind(StrEnum):
    """The places that training sets may come from.

    Attributes:
        GENERATOR: a toy dataset, of which there is no end.
        PAINTING: the points themselves as a population.
        BOOTSTRAP: samples of the points with replacement.
    """

    GENERATOR = "generator"
    PAINTING = "painting"
    BOOTSTRAP = "bootstrap"


AXES = {
    option_of(name)
    for name, row in SETTINGS.items()
    if row.help
    and not isinstance(row.kind, Flag)
    and name not in ("seed", "patience", "validation_fraction", "test_fraction")
} | {"depth", "width", "points", "epochs"}
"""Options of which a study may take several values."""


def add_population_options(command: argparse.ArgumentParser) -> argparse._ArgumentGroup:
    """The options that say how bias and variance are measured."""
    study = command.add_argument_group("bias and variance")
    study.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help="of each network (default %(default)s)")
    study.add_argument(
        "--initial-weights",
        type=int,
        default=1,
        metavar="I",
        help="networks for each training set, which tell how much of the variance is theirs (default %(default)s)",
    )
    study.add_argument(
        "--population",
        choices=names(PopulationKind),
        help="where training sets come from: fresh points of the toy dataset (default), of the kernel density of the"
        " points (default for a file), or samples of the points with replacement, which take variance for bias",
    )
    study.add_argument(
        "--bandwidth",
        type=float,
        metavar="H",
        help="of the kernels, in standard deviations; the likeliest if not given",
    )
    study.add_argument(
        "--test-points", type=int, default=N_TEST, metavar="T", help="where networks are compared (default %(default)s)"
    )
    study.add_argument(
        "--field",
        metavar="L,R,B,T",
        help="edges of a part of the plane: each line has the outputs at 64 × 64 places of it, as float32 in base 64",
    )
    return study


def add_repeats(study: argparse._ArgumentGroup) -> None:
    """The option that says how many training sets there are."""
    study.add_argument(
        "--repeats", type=int, default=REPEATS, metavar="B", help="training sets, from 2 on (default %(default)s)"
    )


def add_bias_variance_options(command: argparse.ArgumentParser) -> None:
    """The options of measuring bias and variance."""
    add_repeats(add_population_options(command))


def add_sweep_options(command: argparse.ArgumentParser) -> None:
    """The options of measuring bias and variance along axes."""
    study = add_population_options(command)
    study.add_argument(
        "--axis",
        action="append",
        required=True,
        metavar="NAME=V,...",
        help="an option of the network or of training, depth, width, epochs or points, and its values, as in"
        " “epochs=10,30,100”; given again, every combination is measured",
    )
    study.add_argument(
        "--seeds", default=f"0-{REPEATS - 1}", metavar="S,...", help="of the training sets (default %(default)s)"
    )


def add_learning_curve_options(command: argparse.ArgumentParser) -> None:
    """The options of measuring the error against the number of points."""
    study = add_population_options(command)
    study.add_argument(
        "--sizes",
        default="20,60,200,600",
        metavar="N,...",
        help="numbers of points that are trained on (default %(default)s)",
    )
    add_repeats(study)


def bias_variance_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The networks that the options describe."""
    from engine.studies.fit.bias_variance import bias_variance_study

    return bias_variance_study(task_of(options, repeated(options)))


def sweep_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The sweep that the options describe."""
    return swept(task_of(options, all_seeds(options.seeds)), options.axis)


def learning_curve_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The learning curve that the options describe: a sweep along the number of points."""
    return swept(task_of(options, repeated(options)), [f"points={options.sizes}"])


def repeated(options: argparse.Namespace) -> range:
    """The training sets that --repeats asks for."""
    return range(checked_whole("repeats", options.repeats, 2, MAX_NETWORKS))


def swept(base: BiasVarianceTask, texts: Sequence[str]) -> Study[Any, Any]:
    """A task measured for every combination of the values of axes."""
    from engine.studies.fit.sweep import SweepCell, sweep_study

    axes = dict(map(checked_axis, texts))
    if len(axes) < len(texts):
        raise InputError("Two axes have the same name; give all the values to one.")
    if (n_cells := math.prod(map(len, axes.values()))) > MAX_NETWORKS:
        raise InputError(
            "The axes have {n_cells:,} combinations; at most {most:,} can be measured.",
            n_cells=n_cells,
            most=MAX_NETWORKS,
        )
    parser = AxisParser()
    add_experiment_options(parser)
    parser.add_argument("--epochs", type=int)
    cells = []
    for combination in product(*axes.values()):
        given = parser.parse_args([f"--{name}={value}" for name, value in zip(axes, combination, strict=True)])
        task = replace(
            base,
            config=config_from(given, base.config),
            n_points=base.n_points if given.points is None else given.points,
            epochs=base.epochs if given.epochs is None else given.epochs,
        )
        cells.append(SweepCell({name: getattr(given, name.replace("-", "_")) for name in axes}, task))
    return sweep_study(cells)


def checked_axis(text: str) -> tuple[str, list[str]]:
    """The name and the values of an axis such as “epochs=10,30”."""
    name, _, values = text.partition("=")
    if name.strip() not in AXES or not values:
        raise InputError(
            "“{axis}” is no axis; it is an option with values, such as epochs=10,30,100 or l2=0,0.01.", axis=shown(text)
        )
    parts = [value.strip() for value in values.split(",")]
    check_each_once(name, parts)
    return name.strip(), parts


class AxisParser(Parser):
    """A parser of what an axis takes for options, whose complaints are errors like others."""

    def error(self, message: str) -> NoReturn:
        """Raise an InputError."""
        raise InputError("An axis has an impossible value: {reason}.", reason=shown(message, MAX_REASON))


def task_of(options: argparse.Namespace, training_sets: Sequence[int]) -> BiasVarianceTask:
    """The task that the options describe."""
    from engine.data.shares import Role, roles_of, shares_of
    from engine.studies.fit.bias_variance import BiasVarianceTask

    experiment = experiment_asked_for(options)
    config, dataset = experiment.lanes[0], experiment.dataset
    training = dataset.without(roles_of(dataset.serials, shares_of(config)) != Role.TRAINING)
    source = options.population or (PopulationKind.PAINTING if options.file else PopulationKind.GENERATOR)
    return BiasVarianceTask(
        population_of(options, source, experiment),
        config,
        len(training),
        options.epochs,
        training_sets,
        options.initial_weights,
        options.test_points,
        training if source == PopulationKind.BOOTSTRAP else None,
        None if options.field is None else checked_view(options.field),
    )


def checked_view(text: str) -> tuple[float, float, float, float]:
    """The edges of a part of the plane."""
    try:
        left, right, bottom, top = map(float, text.split(","))
    except ValueError:
        left = right = bottom = top = 0.0
    if not (-math.inf < left < right < math.inf and -math.inf < bottom < top < math.inf):
        raise InputError(
            "field is {value}; it must be the left, right, lower and upper edge, such as -1,1,-1,1.",
            value=as_typed(text),
        )
    return left, right, bottom, top


def population_of(options: argparse.Namespace, source: str, experiment: Experiment) -> Population:
    """The population of which the truth is known; of a bootstrap that from which its points come."""
    from engine.studies.fit.populations import ToyPopulation, painted

    if source == PopulationKind.PAINTING or options.file:
        if source == PopulationKind.GENERATOR:
            raise InputError(
                "The points of a file have no generator. Take --population painting, or --dataset in place of the file."
            )
        return painted(experiment.dataset, options.bandwidth)
    if options.bandwidth is not None:
        raise InputError("--bandwidth is of points that are a population; it needs --population painting, or a file.")
    return ToyPopulation(recipe_from(options))
