"""The laboratories of the deck and their views, by which keys and with how much room; the calculator's examples."""

# Tests: tests/gui/stage/test_deck.py

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from gui.text.language import mark


class Lab(StrEnum):
    """The laboratories, in the order of their tabs."""

    TRAINING = "training"
    GRADIENTS = "gradients"
    PROBABILITY = "probability"
    FIT = "fitting"


class LabView(StrEnum):
    """The views of the laboratories."""

    CURVES = "curves"
    BARS = "bars"
    OVER_TIME = "over_time"
    CHAIN_RULE = "chain_rule"
    ACTIVATION = "activation"
    COMPLAINTS = "complaints"
    TABLE = "table"
    POINT = "point_numbers"
    CALCULATOR = "calculator"
    LOSSES = "losses"
    DECISIONS = "decisions"
    FIT_CURVES = "fit_curves"
    SLIDE = "slide"
    REMEDIES = "remedies"
    RUNS = "runs"
    DROPOUT = "dropout"


class Example(StrEnum):
    """The problems of the course that the calculator shows."""

    PETS = "example_pets"
    BINARY = "example_binary"
    SHARES = "example_shares"
    DIE = "example_die"
    COIN = "example_coin"


@dataclass(frozen=True)
class ExampleRow:
    """An example.

    Attributes:
        title: on its button in the calculator.
        label: in the menus.
        tip: what it shows.
    """

    title: str
    label: str
    tip: str


@dataclass(frozen=True)
class LabRow:
    """A laboratory.

    Attributes:
        title: of its tab, with the mnemonic of its menu.
        tip: what it is about.
        key: that chooses it.
        menu: the title of the menu of its views, with the mnemonic; "" if there is a single one.
    """

    title: str
    tip: str
    key: str
    menu: str = ""


@dataclass(frozen=True)
class ViewRow:
    """A view; the only one of a laboratory is chosen with it, and needs no tab and no key.

    Attributes:
        laboratory: where it is.
        widget: its class, by module and name: this table stands below the views.
        title: of its tab and its window, with the mnemonic of its menu.
        tip: what it shows.
        least: width and height that it should have, in pixels with the usual font; where there is less it is scrolled.
        key: that chooses it while its laboratory is chosen.
        of_classes: true if there is nothing to show where values are learned.
        has_curves: true if it shows the curves itself, so that they need not stand beside it.
        tells_age: true if it shows what was measured last, of the first quantity that it needs, and not all of it.
    """

    laboratory: Lab
    widget: str
    title: str
    tip: str
    least: tuple[int, int]
    key: str = ""
    tells_age: bool = True
    of_classes: bool = False
    has_curves: bool = False


LABS = {
    Lab.TRAINING: LabRow(mark("T&raining"), mark("Loss and accuracy against the epoch"), "Ctrl+1"),
    Lab.GRADIENTS: LabRow(
        mark("&Gradients"),
        mark("How the gradient fares on its way through the layers, and why"),
        "Ctrl+2",
        mark("&Views of Gradients"),
    ),
    Lab.PROBABILITY: LabRow(
        mark("&Probability"),
        mark("From the sums of the last layer to probabilities, a decision and a loss"),
        "Ctrl+3",
        mark("Vi&ews of Probability"),
    ),
    Lab.FIT: LabRow(
        mark("&Fit"),
        mark("Under-, just right, overfitting: told by rules, and what helps"),
        "Ctrl+4",
        mark("Views &of Fit"),
    ),
}

VIEWS = {
    LabView.CURVES: ViewRow(
        Lab.TRAINING,
        "gui.run.loss_plot.LossPlot",
        mark("Curves"),
        mark("Loss and accuracy against the epoch"),
        (240, 288),  # of which the plots have 160
        tells_age=False,
    ),
    LabView.BARS: ViewRow(
        Lab.GRADIENTS,
        "gui.layers.gradient_plot.GradientPlot",
        mark("&Bars"),
        mark("How much gradient each layer gets, as last measured"),
        (240, 150),
        "Alt+1",
    ),
    LabView.OVER_TIME: ViewRow(
        Lab.GRADIENTS,
        "gui.layers.gradient_image.GradientImage",
        mark("&Over Time"),
        mark("How much gradient each layer got, from the first epoch on"),
        (240, 150),
        "Alt+2",
        tells_age=False,
    ),
    LabView.CHAIN_RULE: ViewRow(
        Lab.GRADIENTS,
        "gui.layers.chain_strip.ChainStrip",
        mark("W&hy"),
        mark("The chain rule: by which factor each layer changes the gradient, and their product"),
        (240, 150),
        "Alt+3",
    ),
    LabView.ACTIVATION: ViewRow(
        Lab.GRADIENTS,
        "gui.layers.activation_lens.ActivationLens",
        mark("&Activation"),
        mark("The activation and its slope, and where the values of a layer lie on them"),
        (240, 180),
        "Alt+4",
    ),
    LabView.COMPLAINTS: ViewRow(
        Lab.GRADIENTS,
        "gui.layers.complaint_cards.ComplaintCards",
        mark("&Complaints"),
        mark("The course’s four complaints about sigmoid, measured, and what helps"),
        (240, 180),
        "Alt+5",
    ),
    LabView.TABLE: ViewRow(
        Lab.GRADIENTS,
        "gui.layers.course_table.CourseTable",
        mark("Course &Table"),
        mark("The slide’s table beside this run"),
        (300, 180),
        "Alt+6",
    ),
    LabView.POINT: ViewRow(
        Lab.PROBABILITY,
        "gui.probability.point_view.PointView",
        mark("Po&int"),
        mark("What the network makes of the places that are pinned, number by number"),
        (240, 150),
        "Alt+1",
        tells_age=False,
        of_classes=True,
    ),
    LabView.CALCULATOR: ViewRow(
        Lab.PROBABILITY,
        "gui.probability.calculator.Calculator",
        mark("Calc&ulator"),
        mark("From numbers that you type to probabilities and a loss, and the rules of probability"),
        (300, 352),
        "Alt+2",
        tells_age=False,
    ),
    LabView.LOSSES: ViewRow(
        Lab.PROBABILITY,
        "gui.decisions.losses.Losses",
        mark("&Loss"),
        mark("What each point costs: the curve of −log P, and which points carry the mean"),
        (260, 270),
        "Alt+3",
        of_classes=True,
    ),
    LabView.DECISIONS: ViewRow(
        Lab.PROBABILITY,
        "gui.decisions.decisions.Decisions",
        mark("&Decisions"),
        mark("What is taken for what, and what another threshold would do"),
        (300, 420),
        "Alt+4",
        of_classes=True,
    ),
    LabView.FIT_CURVES: ViewRow(
        Lab.FIT,
        "gui.fitting.fit_curves.FitCurves",
        mark("C&urves and Verdict"),
        mark("Training and validation curves, the gap between them, the best epoch, and what they say about the fit"),
        (300, 270),
        "Alt+1",
        tells_age=False,
        has_curves=True,
    ),
    LabView.SLIDE: ViewRow(
        Lab.FIT,
        "gui.fitting.slide.Slide",
        mark("Slide’s &Table"),
        mark("The slide’s table of symptoms, bias, variance and remedies, filled in from this run"),
        (420, 400),
        "Alt+2",
        tells_age=False,
    ),
    LabView.REMEDIES: ViewRow(
        Lab.FIT,
        "gui.fitting.remedies.Remedies",
        mark("Re&medies"),
        mark("Remedies to try, each as one more lane, and what each did"),
        (420, 260),
        "Alt+3",
        tells_age=False,
    ),
    LabView.RUNS: ViewRow(
        Lab.FIT,
        "gui.fitting.runs.Runs",
        mark("&Runs"),
        mark("Every run that was trained: compare them, and go back to the settings or the networks of one"),
        (300, 180),
        "Alt+4",
        tells_age=False,
    ),
    LabView.DROPOUT: ViewRow(
        Lab.FIT,
        "gui.fitting.dropout_view.DropoutView",
        mark("&Dropout"),
        mark("The network of each lane, and which of its units dropout leaves out in a step"),
        (240, 220),
        "Alt+5",
        tells_age=False,
    ),
}

EXAMPLES = {
    Example.PETS: ExampleRow(
        mark("Cat, dog, rabbit"),
        mark("Cat, Dog, Rabbit"),
        mark("Logits 2, 1 and 0.1 through a sigmoid each and through softmax, in the calculator"),
    ),
    Example.BINARY: ExampleRow(
        mark("P = 0.8"), mark("P = 0.8: Two Classes"), mark("One sigmoid unit, and −log 0.8, in the calculator")
    ),
    Example.SHARES: ExampleRow(
        mark("0.7, 0.2, 0.1"), mark("P = 0.7, 0.2, 0.1"), mark("Three classes, and −log 0.7, in the calculator")
    ),
    Example.DIE: ExampleRow(mark("Die"), mark("A Die"), mark("Six outcomes with P = 1/6 each, in the calculator")),
    Example.COIN: ExampleRow(mark("Coin"), mark("A Coin"), mark("Heads or tails: the complement, in the calculator")),
}


def views_of(laboratory: Lab) -> tuple[LabView, ...]:
    """The views of a laboratory, in the order of their tabs."""
    return tuple(view for view, row in VIEWS.items() if row.laboratory is laboratory)


def has_tabs(laboratory: Lab) -> bool:
    """True if a laboratory has several views."""
    return len(views_of(laboratory)) > 1
