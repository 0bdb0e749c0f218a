"""Experiments that are ready made: one table of them, from which the menu, the command line and the tests are made.

Importing this loads neither numpy nor torch, so that the command line may know the names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.config import Optimizer, ToyDataset, TrainingConfig
from engine.messages import mark

if TYPE_CHECKING:
    from engine.experiment import Experiment


@dataclass(frozen=True)
class Preset:
    """An experiment that is ready made.

    Attributes:
        name: of the action that opens it.
        option: what is typed after ``--lab``.
        make: the experiment.
        label: in the menu, with the mnemonic.
        tip: what it shows.
        step: how opening it is called in the list of changes.
        shortcut: the keys that open it, or "".
    """

    name: str
    option: str
    make: Callable[[], Experiment]
    label: str
    tip: str
    step: str
    shortcut: str = ""


def vanishing_lab(seed: int = 1) -> Experiment:
    """Twenty layers of 16 units, three lanes that differ in the activation, on the three-class spiral.

    300 points, Adam with a learning rate of 0.003, batches of 32, initialization by the rule that suits each
    activation. It shows why deep networks of sigmoids do not learn.
    """
    from engine import toy_datasets
    from engine.experiment import Experiment
    from engine.studies.course_protocol import SLIDE_ACTIVATIONS

    dataset = toy_datasets.make(ToyDataset.SPIRAL, n_samples=300, n_classes=3, noise=0.1, seed=seed)
    config = TrainingConfig(
        hidden_layers=(16,) * 20, optimizer=Optimizer.ADAM, learning_rate=0.003, batch_size=32, seed=seed
    )
    lanes = tuple(replace(config, activation=activation) for activation in SLIDE_ACTIVATIONS)
    return Experiment(dataset, lanes, "Vanishing gradients")


def course_lab() -> Experiment:
    """The slide's experiment on the Breast Cancer data, see `engine.studies.course_protocol`."""
    from engine.studies import course_protocol

    return course_protocol.course_lab()


PRESETS = (
    Preset(
        "vanishing_lab",
        "vanishing",
        vanishing_lab,
        mark("Twenty &Layers: Sigmoid | ReLU | Leaky ReLU"),
        mark("Three deep networks side by side: the sigmoid one does not learn"),
        mark("Vanishing-Gradient Laboratory"),
        "Ctrl+Shift+L",
    ),
    Preset(
        "course_lab",
        "course-table",
        course_lab,
        mark("C&ourse Table: Breast Cancer Data"),
        mark("The slide's experiment, live: three activations in nine hidden layers, its numbers beside ours"),
        mark("Course Experiment"),
    ),
)
OPTIONS = {preset.option: preset for preset in PRESETS}
