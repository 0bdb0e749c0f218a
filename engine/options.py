"""The command-line options that describe an experiment, shared by ``main.py`` and ``python -m engine``.

Importing this needs the standard library only; numpy is imported when the experiment is made.
"""

# Tests: tests/engine/test_main.py

from __future__ import annotations

import argparse
from dataclasses import replace
from enum import StrEnum
from typing import TYPE_CHECKING, Any, NoReturn

from engine.config import MAX_DEPTH, SETTINGS, ToyDataset, TrainingConfig
from engine.errors import InputError, as_sentence, shown_path
from engine.messages import Message, message
from engine.settings import Choice, Flag, Setting, Whole, checked_whole

if TYPE_CHECKING:
    from engine.experiment import Experiment
    from engine.toy_datasets import Recipe


class Parser(argparse.ArgumentParser):
    """A parser whose complaints are safe on a terminal, whatever was typed: one line, not long."""

    def error(self, message: str) -> NoReturn:
        """Tell what is wrong and end with status 2."""
        super().error(as_sentence(message))


def names(choices: type[StrEnum]) -> list[str]:
    """The names that can be typed, without the names that Python gives to members."""
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
    groups = {"network": network, "training": parser.add_argument_group("training")}
    for name, row in SETTINGS.items():
        if row.help:
            _add_option(groups[row.group], option_of(name), row)
    network.add_argument(
        "--layer-activations", metavar="A,...", help="activation of each hidden layer, separated by commas"
    )


def option_of(name: str) -> str:
    """The name of the option of a setting, without dashes in front."""
    return SETTINGS[name].option or name.replace("_", "-")


def _add_option(group: argparse._ArgumentGroup, option: str, row: Setting) -> None:
    match row.kind:
        case Choice(choices):
            group.add_argument(f"--{option}", choices=names(choices), help=row.help)
        case Flag():
            group.add_argument(f"--{option}", action="store_const", const=True, help=row.help)
        case kind:
            kind_of = int if isinstance(kind, Whole) else float
            group.add_argument(f"--{option}", type=kind_of, metavar=row.metavar, help=row.help)


def refuse_options_beside(other: str | Message, arguments: argparse.Namespace) -> None:
    """Raise an InputError if an option describes an experiment beside `other`, which describes one already."""
    reader = argparse.ArgumentParser()
    add_experiment_options(reader)
    given = [name for name in vars(reader.parse_args([])) if getattr(arguments, name, None) is not None]
    if given:
        option = given[0].replace("_", "-")
        raise InputError(
            "--{option} cannot be combined with {other}, which has its own data and settings.",
            option=option,
            other=other,
        )


def experiment_asked_for(arguments: argparse.Namespace) -> Experiment:
    """The experiment in the file that is named, or else that the options describe.

    Raises:
        InputError: the file cannot be read, there are options beside it, or one is out of its range.
    """
    if not arguments.file:
        return experiment_from(arguments)
    from engine.experiment import load

    refuse_options_beside(message("the file “{file}”", file=shown_path(arguments.file)), arguments)
    return load(arguments.file)


def config_from(arguments: argparse.Namespace, default: TrainingConfig) -> TrainingConfig:
    """The config that the options describe; what is not given is as in `default`.

    Raises:
        InputError: an option is out of its range.
    """
    options = vars(arguments)
    given: dict[str, Any] = {}
    for name, row in SETTINGS.items():
        value = options.get(option_of(name).replace("-", "_"))
        if row.help and value is not None:
            is_none = row.is_optional and isinstance(row.kind, Whole) and value == 0
            given[name] = None if is_none else value
    if arguments.depth is not None or arguments.width is not None:
        usual = default.hidden_layers or DEFAULT_CONFIG.hidden_layers
        depth = len(default.hidden_layers) if arguments.depth is None else arguments.depth
        width = usual[0] if arguments.width is None else arguments.width
        checked_whole("depth", depth, 0, MAX_DEPTH)
        given["hidden_layers"] = (width,) * depth
    if arguments.layer_activations is not None:
        given["layer_activations"] = [name.strip() for name in arguments.layer_activations.split(",")]
    return replace(default, **given)


DEFAULT_CONFIG = TrainingConfig(hidden_layers=(16,) * 4, learning_rate=0.003)
FILM_CONFIG = replace(DEFAULT_CONFIG, learning_rate=0.0005)
"""It learns the first spiral in some 300 epochs, which at the first speed of the window is a film of ten seconds."""


def experiment_from(arguments: argparse.Namespace, default: TrainingConfig = DEFAULT_CONFIG) -> Experiment:
    """The experiment that the options describe: a three-class spiral and a 4x16 tanh network, unless told otherwise.

    Settings that are not given are as in `default`.

    Raises:
        InputError: an option is out of its range.
    """
    from engine.experiment import Experiment

    config = config_from(arguments, default)
    return Experiment(recipe_from(arguments).make(), (config,))


def recipe_from(arguments: argparse.Namespace) -> Recipe:
    """The toy dataset that the options describe; what is not given is as usual."""
    from engine.toy_datasets import DEFAULT_RECIPE, ROWS, Recipe

    kind = ToyDataset(arguments.dataset or DEFAULT_RECIPE.kind)
    usual = Recipe(kind, DEFAULT_RECIPE.n_samples, ROWS[kind].usual_classes, DEFAULT_RECIPE.noise, DEFAULT_CONFIG.seed)
    options = {
        "n_samples": arguments.points,
        "n_classes": arguments.classes,
        "noise": arguments.noise,
        "seed": arguments.seed,
        "label_noise": arguments.label_noise,
    }
    return replace(usual, **{name: value for name, value in options.items() if value is not None})
