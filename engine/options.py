"""The command-line options that describe an experiment, shared by ``main.py`` and ``python -m engine``.

Importing this needs the standard library only; numpy is imported when the experiment is made.
"""

from __future__ import annotations

import argparse
from typing import TYPE_CHECKING

from engine.config import (
    MAX_DEPTH,
    Activation,
    Initialization,
    Optimizer,
    ToyDataset,
    TrainingConfig,
    checked_whole,
)

if TYPE_CHECKING:
    from engine.experiment import Experiment


def add_experiment_options(parser: argparse.ArgumentParser) -> None:
    """Add the options; each is None unless given."""
    data = parser.add_argument_group("data")
    data.add_argument("--dataset", choices=list(ToyDataset), help="toy dataset")
    data.add_argument("--classes", type=int, metavar="K", help="number of classes, 2 to 8")
    data.add_argument("--points", type=int, metavar="N", help="number of points")
    data.add_argument("--noise", type=float, metavar="X", help="noise of the points, 0 to 1")
    network = parser.add_argument_group("network and training")
    network.add_argument("--depth", type=int, metavar="D", help="number of hidden layers")
    network.add_argument("--width", type=int, metavar="W", help="units of each hidden layer")
    network.add_argument("--activation", choices=list(Activation), help="activation of the hidden layers")
    network.add_argument("--initialization", choices=list(Initialization), help="rule for the first weights")
    network.add_argument("--optimizer", choices=list(Optimizer), help="update rule")
    network.add_argument("--learning-rate", type=float, metavar="R", help="learning rate")
    network.add_argument("--batch-size", type=int, metavar="B", help="points per step; 0 is the full batch")
    network.add_argument("--validation", type=float, metavar="F", help="share kept for validation, 0 to 0.5")
    network.add_argument("--seed", type=int, metavar="S", help="seed of data, first weights and shuffling")


def config_from(arguments: argparse.Namespace, default: TrainingConfig) -> TrainingConfig:
    """The config that the options describe; what is not given is as in `default`.

    Raises:
        InputError: an option is out of its range.
    """
    depth = len(default.hidden_layers) if arguments.depth is None else arguments.depth
    width = default.hidden_layers[0] if arguments.width is None else arguments.width
    checked_whole("depth", depth, 1, MAX_DEPTH)
    batch_size = default.batch_size if arguments.batch_size is None else arguments.batch_size

    def given(name: str, otherwise: object) -> object:
        value = getattr(arguments, name)
        return otherwise if value is None else value

    return TrainingConfig(
        hidden_layers=(width,) * depth,
        activation=given("activation", default.activation),  # type: ignore[arg-type]  # checked there
        initialization=given("initialization", default.initialization),  # type: ignore[arg-type]
        optimizer=given("optimizer", default.optimizer),  # type: ignore[arg-type]
        learning_rate=given("learning_rate", default.learning_rate),  # type: ignore[arg-type]
        batch_size=batch_size or None,
        validation_fraction=given("validation", default.validation_fraction),  # type: ignore[arg-type]
        seed=given("seed", default.seed),  # type: ignore[arg-type]
    )


DEFAULT_KIND, DEFAULT_POINTS, DEFAULT_CLASSES, DEFAULT_NOISE = ToyDataset.SPIRAL, 300, 3, 0.1
DEFAULT_CONFIG = TrainingConfig(hidden_layers=(16,) * 4, learning_rate=0.003)
TWO_CLASS_SHAPES = (ToyDataset.MOONS, ToyDataset.CIRCLES, ToyDataset.XOR)


def experiment_from(arguments: argparse.Namespace) -> Experiment:
    """The experiment that the options describe: a three-class spiral and a 4x16 tanh network, unless told otherwise.

    Raises:
        InputError: an option is out of its range.
    """
    from engine import toy_datasets
    from engine.experiment import Experiment

    config = config_from(arguments, DEFAULT_CONFIG)
    kind, points, classes, noise, seed = sample_arguments(arguments)
    dataset = toy_datasets.make(kind, n_samples=points, n_classes=classes, noise=noise, seed=seed)
    return Experiment(dataset, (config,))


def sample_arguments(arguments: argparse.Namespace) -> tuple[ToyDataset, int, int, float, int]:
    """Kind, points, classes, noise and seed of the toy dataset that the options describe."""
    kind = ToyDataset(arguments.dataset or DEFAULT_KIND)
    classes = arguments.classes
    if classes is None:
        classes = 2 if kind in TWO_CLASS_SHAPES else DEFAULT_CLASSES
    points = DEFAULT_POINTS if arguments.points is None else arguments.points
    noise = DEFAULT_NOISE if arguments.noise is None else arguments.noise
    seed = DEFAULT_CONFIG.seed if arguments.seed is None else arguments.seed
    return kind, points, classes, noise, seed
