"""The command-line options that describe an experiment, shared by ``main.py`` and ``python -m engine``.

Importing this needs the standard library only; numpy is imported when the experiment is made.
"""

from __future__ import annotations

import argparse
from dataclasses import fields, replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

from engine.config import (
    MAX_DEPTH,
    Activation,
    Initialization,
    Loss,
    Optimizer,
    Output,
    Schedule,
    ToyDataset,
    TrainingConfig,
    checked_whole,
)
from engine.errors import InputError, as_sentence

if TYPE_CHECKING:
    from engine.experiment import Experiment


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are safe on a terminal, whatever was typed: one line, not long."""

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong and end with status 2."""
        super().error(as_sentence(message))


def names(choices: type[StrEnum]) -> list[str]:
    """What can be typed, without the names that Python gives to members."""
    return [choice.value for choice in choices]


def add_experiment_options(parser: argparse.ArgumentParser) -> None:
    """Add the options; each is None unless given."""
    data = parser.add_argument_group("data")
    data.add_argument("--dataset", choices=names(ToyDataset), help="toy dataset")
    data.add_argument("--classes", type=int, metavar="K", help="number of classes, 2 to 10")
    data.add_argument("--points", type=int, metavar="N", help="number of points")
    data.add_argument("--noise", type=float, metavar="X", help="noise of the points, 0 to 1")
    data.add_argument("--label-noise", type=float, metavar="X", help="share of wrong labels, 0 to 0.5")
    network = parser.add_argument_group("network")
    network.add_argument("--depth", type=int, metavar="D", help="number of hidden layers")
    network.add_argument("--width", type=int, metavar="W", help="units of each hidden layer")
    network.add_argument("--activation", choices=names(Activation), help="activation of the hidden layers")
    network.add_argument(
        "--layer-activations", metavar="A,...", help="one for each hidden layer, separated by commas, instead of that"
    )
    network.add_argument("--leaky-slope", type=float, metavar="X", help="slope of Leaky ReLU below 0")
    network.add_argument("--elu-alpha", type=float, metavar="X", help="α of ELU")
    network.add_argument("--batch-norm", action="store_const", const=True, help="normalise each hidden layer")
    network.add_argument(
        "--skip-connections",
        action="store_const",
        const=True,
        help="add the output of the layer before to that of each hidden layer as wide",
    )
    network.add_argument("--initialization", choices=names(Initialization), help="rule for the first weights")
    network.add_argument("--initialization-sigma", type=float, metavar="X", help="σ of the normal initialization")
    network.add_argument("--output", choices=names(Output), help="output layer")
    network.add_argument("--threshold", type=float, metavar="P", help="probability above which class 1 is decided for")
    training = parser.add_argument_group("training")
    training.add_argument("--loss", choices=names(Loss), help="what is minimised")
    training.add_argument("--optimizer", choices=names(Optimizer), help="update rule")
    training.add_argument("--learning-rate", type=float, metavar="R", help="learning rate")
    training.add_argument("--schedule", choices=names(Schedule), help="how the learning rate changes")
    training.add_argument("--schedule-epochs", type=int, metavar="N", help="epochs of the schedule")
    training.add_argument("--schedule-factor", type=float, metavar="X", help="factor of the schedule, 0 to 1")
    training.add_argument("--clip-norm", type=float, metavar="X", help="largest norm of a gradient")
    training.add_argument("--batch-size", type=int, metavar="B", help="points per step; 0 is the full batch")
    training.add_argument("--l1", type=float, metavar="X", help="L1 penalty of the weights")
    training.add_argument("--l2", type=float, metavar="X", help="L2 penalty of the weights")
    training.add_argument("--dropout", type=float, metavar="P", help="probability that a hidden unit drops out")
    training.add_argument("--validation", type=float, metavar="F", help="share kept for validation, 0 to 0.5")
    training.add_argument("--seed", type=int, metavar="S", help="seed of data, first weights, shuffling and dropout")


def refuse_options_beside(other: str, arguments: argparse.Namespace) -> None:
    """Raise an InputError if an option describes an experiment beside `other`, which describes one already."""
    reader = argparse.ArgumentParser()
    add_experiment_options(reader)
    given = [name for name in vars(reader.parse_args([])) if getattr(arguments, name, None) is not None]
    if given:
        option = given[0].replace("_", "-")
        raise InputError(f"--{option} cannot be combined with {other}, which has its own data and settings.")


def config_from(arguments: argparse.Namespace, default: TrainingConfig) -> TrainingConfig:
    """The config that the options describe; what is not given is as in `default`.

    Raises:
        InputError: an option is out of its range.
    """
    options = vars(arguments)
    known = {field.name for field in fields(TrainingConfig)}
    given: dict[str, Any] = {name: value for name, value in options.items() if name in known and value is not None}
    if arguments.depth is not None or arguments.width is not None:
        depth = len(default.hidden_layers) if arguments.depth is None else arguments.depth
        width = default.hidden_layers[0] if arguments.width is None else arguments.width
        checked_whole("depth", depth, 1, MAX_DEPTH)
        given["hidden_layers"] = (width,) * depth
    if arguments.layer_activations is not None:
        given["layer_activations"] = [name.strip() for name in arguments.layer_activations.split(",")]
    if arguments.batch_size == 0:
        given["batch_size"] = None
    if arguments.validation is not None:
        given["validation_fraction"] = arguments.validation
    return replace(default, **given)


DEFAULT_KIND, DEFAULT_POINTS, DEFAULT_CLASSES, DEFAULT_NOISE = ToyDataset.SPIRAL, 300, 3, 0.1
DEFAULT_CONFIG = TrainingConfig(hidden_layers=(16,) * 4, learning_rate=0.003)
TWO_CLASS_SHAPES = (
    *(ToyDataset.MOONS, ToyDataset.CIRCLES, ToyDataset.XOR),
    *(ToyDataset.CHECKERBOARD, ToyDataset.STRIPES, ToyDataset.OVERLAP),
)


def experiment_from(arguments: argparse.Namespace) -> Experiment:
    """The experiment that the options describe: a three-class spiral and a 4x16 tanh network, unless told otherwise.

    Raises:
        InputError: an option is out of its range.
    """
    from engine import toy_datasets
    from engine.experiment import Experiment

    config = config_from(arguments, DEFAULT_CONFIG)
    kind, points, classes, noise, seed, label_noise = sample_arguments(arguments)
    dataset = toy_datasets.make(
        kind, n_samples=points, n_classes=classes, noise=noise, seed=seed, label_noise=label_noise
    )
    return Experiment(dataset, (config,))


def sample_arguments(arguments: argparse.Namespace) -> tuple[ToyDataset, int, int, float, int, float]:
    """Kind, points, classes, noise, seed and label noise of the toy dataset that the options describe."""
    kind = ToyDataset(arguments.dataset or DEFAULT_KIND)
    classes = arguments.classes
    if classes is None:
        classes = 2 if kind in TWO_CLASS_SHAPES else DEFAULT_CLASSES
    points = DEFAULT_POINTS if arguments.points is None else arguments.points
    noise = DEFAULT_NOISE if arguments.noise is None else arguments.noise
    seed = DEFAULT_CONFIG.seed if arguments.seed is None else arguments.seed
    return kind, points, classes, noise, seed, arguments.label_noise or 0.0
