"""Experiments that are ready made: one table of them, from which the menu, the command line and the tests are made.

Importing this loads neither numpy nor torch, so that the command line may know the names.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import TYPE_CHECKING

from engine.config import Activation, Initialization, Loss, Optimizer, Output, ToyDataset, TrainingConfig
from engine.messages import mark

if TYPE_CHECKING:
    from engine.dataset import Dataset
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
        shortcuts: the keys that open it.
        is_about_losses: whether the losses of the points are what is looked at.
        is_about_fit: whether the verdicts on the lanes are what is looked at.
        begins: how its networks begin, to be said beside them; "" for as usual.
    """

    name: str
    option: str
    make: Callable[[], Experiment]
    label: str
    tip: str
    step: str
    shortcuts: tuple[str, ...] = ()
    is_about_losses: bool = False
    is_about_fit: bool = False
    begins: str = ""


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


def loss_lab(seed: int = 4) -> Experiment:
    """One network with cross-entropy and with the squared error, on two moons, that begins confidently wrong.

    The first weights are large, the same in both lanes, so the output is saturated. Cross-entropy pulls the more at
    the output the more wrong a point is, |P - y|; the squared error of a sigmoid by 2 |P - y| P (1 - P), next to
    nothing. With plain steps: Adam would divide by the size of the gradient, and hide the difference.
    """
    from engine import toy_datasets
    from engine.experiment import Experiment

    dataset = toy_datasets.make(ToyDataset.MOONS, n_samples=300, n_classes=2, noise=0.15, seed=seed)
    config = TrainingConfig(
        hidden_layers=(16,),
        output=Output.SIGMOID,
        optimizer=Optimizer.SGD,
        learning_rate=0.1,
        batch_size=32,
        initialization=Initialization.NORMAL,
        initialization_sigma=4.0,
        seed=seed,
    )
    lanes = tuple(replace(config, loss=loss) for loss in (Loss.CROSS_ENTROPY, Loss.MSE))
    return Experiment(dataset, lanes, "Loss laboratory")


def fit_lab(seed: int = 4) -> Experiment:
    """Three networks on two moons that overlap: a line, one that suits them, and one that learns each point by heart.

    100 points, of which 30 are kept for validation; Adam, full batch. After about 400 epochs the rules of
    `engine.insight.fitting` call them under-, just right and overfitted.
    """
    from engine import toy_datasets

    dataset = toy_datasets.make(ToyDataset.MOONS, n_samples=100, n_classes=2, noise=0.7, seed=seed)
    return _under_right_over(dataset, 32, 0.3, "Under, just right, over")


def fit_values_lab(seed: int = 2) -> Experiment:
    """The same three on values: a line, a curve and a contorted curve through points around a sine."""
    from engine import toy_datasets

    dataset = toy_datasets.make(ToyDataset.SINE, n_samples=60, noise=0.8, seed=seed)
    return _under_right_over(dataset, 64, 0.35, "Under, just right, over: values")


def _under_right_over(dataset: Dataset, width: int, validation: float, title: str) -> Experiment:
    """No hidden layer, two of 8 units with L2, and two of `width` units without."""
    from engine.experiment import Experiment

    config = TrainingConfig(
        hidden_layers=(),
        activation=Activation.TANH,
        learning_rate=0.02,
        batch_size=None,
        validation_fraction=validation,
        seed=1,
    )
    right = replace(config, hidden_layers=(8, 8), l2=0.01)
    return Experiment(dataset, (config, right, replace(config, hidden_layers=(width, width))), title)


PRESETS = (
    Preset(
        "vanishing_lab",
        "vanishing",
        vanishing_lab,
        mark("Twenty &Layers: Sigmoid | ReLU | Leaky ReLU"),
        mark("Three deep networks side by side: the sigmoid one does not learn"),
        mark("Vanishing-Gradient Laboratory"),
        ("Ctrl+Shift+L",),
    ),
    Preset(
        "course_lab",
        "course-table",
        course_lab,
        mark("C&ourse Table: Breast Cancer Data"),
        mark("The slide's experiment, live: three activations in nine hidden layers, its numbers beside ours"),
        mark("Course Experiment"),
    ),
    Preset(
        "loss_lab",
        "loss",
        loss_lab,
        mark("Loss: Cross-&Entropy | Squared Error"),
        mark("A network that begins surely wrong, with both losses: cross-entropy learns, squared error hardly moves"),
        mark("Loss Laboratory"),
        is_about_losses=True,
        begins=mark("Both begin with the same large weights, σ = 4: surely wrong about many points."),
    ),
    Preset(
        "fit_lab",
        "fit",
        fit_lab,
        mark("&Under | Just Right | Over: Classes"),
        mark("A line, a smooth boundary and a contorted one on the same points, and what the curves say of each"),
        mark("Under, Just Right, Over"),
        is_about_fit=True,
        begins=mark("A line, two layers of 8 units with L2, and two of 32: train some 400 epochs."),
    ),
    Preset(
        "fit_values_lab",
        "fit-values",
        fit_values_lab,
        mark("Under | Just Right | Over: &Values"),
        mark("A line, a curve and a contorted curve through the same points, and what the curves say of each"),
        mark("Under, Just Right, Over: Values"),
        is_about_fit=True,
        begins=mark("A line, two layers of 8 units with L2, and two of 64: train some 1,000 epochs."),
    ),
)
OPTIONS = {preset.option: preset for preset in PRESETS}
