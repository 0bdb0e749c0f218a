"""Options of the studies of under- and overfitting on the command line, and the studies that they describe.

Importing this loads neither numpy nor torch.
"""

from __future__ import annotations

import argparse
from enum import StrEnum
from typing import TYPE_CHECKING, Any

from engine.errors import InputError
from engine.options import experiment_asked_for, names, recipe_from

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.studies.bias_variance import BiasVarianceTask
    from engine.studies.populations import Population
    from engine.studies.study import Study

EPOCHS, REPEATS, N_TEST = 400, 20, 2000


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


def add_bias_variance_options(command: argparse.ArgumentParser) -> None:
    """The options of measuring bias and variance."""
    study = command.add_argument_group("bias and variance")
    study.add_argument("--epochs", type=int, default=EPOCHS, metavar="N", help="of each network (default %(default)s)")
    study.add_argument(
        "--repeats", type=int, default=REPEATS, metavar="B", help="training sets, from 2 on (default %(default)s)"
    )
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


def bias_variance_of(options: argparse.Namespace) -> Study[Any, Any]:
    """The networks that the options describe."""
    from engine.studies.bias_variance import bias_variance_study

    return bias_variance_study(task_of(options))


def task_of(options: argparse.Namespace) -> BiasVarianceTask:
    """The task that the options describe."""
    from engine.data.shares import Role, roles_of, shares_of
    from engine.studies.bias_variance import BiasVarianceTask

    experiment = experiment_asked_for(options)
    source = options.population or (PopulationKind.PAINTING if options.file else PopulationKind.GENERATOR)
    config, dataset = experiment.lanes[0], experiment.dataset
    training = dataset.without(roles_of(dataset.serials, shares_of(config)) != Role.TRAINING)
    return BiasVarianceTask(
        population_of(options, source, experiment),
        config,
        len(training),
        options.epochs,
        options.repeats,
        options.initial_weights,
        options.test_points,
        training if source == PopulationKind.BOOTSTRAP else None,
    )


def population_of(options: argparse.Namespace, source: str, experiment: Experiment) -> Population:
    """The population of which the truth is known; of a bootstrap that from which its points come."""
    from engine.studies.populations import ToyPopulation, painted

    if source == PopulationKind.PAINTING or options.file:
        if source == PopulationKind.GENERATOR:
            raise InputError(
                "The points of a file have no generator. Take --population painting, or --dataset in place of the file."
            )
        return painted(experiment.dataset, options.bandwidth)
    if options.bandwidth is not None:
        raise InputError("--bandwidth is of points that are a population; it needs --population painting, or a file.")
    return ToyPopulation(recipe_from(options))
