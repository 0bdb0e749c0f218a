"""Names and sentences for everything the engine can be asked or can say."""

from __future__ import annotations

import math
from enum import StrEnum
from functools import lru_cache
from typing import Any

from engine.config import (
    Activation,
    Initialization,
    Loss,
    Optimizer,
    Output,
    Schedule,
    ToyDataset,
    TrainingConfig,
)
from engine.dataset import MAX_POINTS, Dataset
from engine.experiment import Obstacle
from engine.insight.verdict import Cause, Divergence
from engine.isolates import isolated
from engine.run.snapshot import RunState, Snapshot
from gui.drawing.tools import STAMPS, Spread, Tool

ACTIVATIONS = {
    Activation.LINEAR: "Linear",
    Activation.STEP: "Step",
    Activation.SIGMOID: "Sigmoid",
    Activation.TANH: "Tanh",
    Activation.SOFTMAX: "Softmax",
    Activation.RELU: "ReLU",
    Activation.LEAKY_RELU: "Leaky ReLU",
    Activation.ELU: "ELU",
    Activation.GELU: "GELU",
    Activation.SILU: "SiLU",
}
INITIALIZATIONS = {
    Initialization.AUTO: "Automatic",
    Initialization.TORCH_DEFAULT: "PyTorch default",
    Initialization.XAVIER_UNIFORM: "Xavier, uniform",
    Initialization.XAVIER_NORMAL: "Xavier, normal",
    Initialization.HE_UNIFORM: "He, uniform",
    Initialization.HE_NORMAL: "He, normal",
    Initialization.NORMAL: "Normal",
    Initialization.ZEROS: "Zeros",
}
OPTIMIZERS = {
    Optimizer.SGD: "SGD",
    Optimizer.MOMENTUM: "SGD with momentum 0.9",
    Optimizer.NESTEROV: "SGD with Nesterov momentum",
    Optimizer.RMSPROP: "RMSprop",
    Optimizer.ADAM: "Adam",
    Optimizer.ADAMW: "AdamW",
}
OUTPUTS = {
    Output.AUTO: "Automatic",
    Output.SIGMOID: "One sigmoid unit",
    Output.SOFTMAX: "Softmax",
    Output.INDEPENDENT_SIGMOIDS: "A sigmoid for each class",
}
LOSSES = {Loss.AUTO: "Automatic", Loss.CROSS_ENTROPY: "Cross-entropy", Loss.MSE: "Squared error (MSE)"}
SCHEDULES = {
    Schedule.CONSTANT: "Constant",
    Schedule.STEP: "Step",
    Schedule.COSINE: "Cosine",
    Schedule.WARM_UP: "Warm-up",
}
CHOICES: dict[type[StrEnum], dict[Any, str]] = {
    Activation: ACTIVATIONS,
    Initialization: INITIALIZATIONS,
    Optimizer: OPTIMIZERS,
    Output: OUTPUTS,
    Loss: LOSSES,
    Schedule: SCHEDULES,
}
TOY_DATASETS = {
    ToyDataset.BLOBS: "Blobs",
    ToyDataset.MOONS: "Moons",
    ToyDataset.CIRCLES: "Circles",
    ToyDataset.XOR: "XOR",
    ToyDataset.SPIRAL: "Spiral",
    ToyDataset.CHECKERBOARD: "Checkerboard",
    ToyDataset.RINGS: "Rings",
    ToyDataset.STRIPES: "Stripes",
    ToyDataset.MIXTURE: "Gaussian mixture",
    ToyDataset.OVERLAP: "Overlapping classes",
}
TOOLS = {
    Tool.POINT: "Point",
    Tool.BRUSH: "Brush",
    Tool.SPRAY: "Spray",
    Tool.ERASER: "Eraser",
    Tool.RELABEL: "Relabel",
    Tool.RECTANGLE: "Select by Rectangle",
    Tool.LASSO: "Select by Lasso",
    Tool.MOVE: "Move",
    Tool.JITTER: "Jitter",
    Tool.MAGNET: "Magnet",
    Tool.LINE: "Line",
    Tool.RING: "Ring",
    Tool.ARC: "Arc",
    Tool.BLOB: "Blob",
    Tool.MOON: "Moon",
    Tool.SPIRAL: "Spiral Arm",
}
TOOL_HINTS = {
    Tool.POINT: "A click is one point; drag to put it where you want it",
    Tool.BRUSH: "A click is one point, a drag a line of them",
    Tool.SPRAY: "Hold the button to spray",
    Tool.ERASER: "Erases the points in the ring; so does the right button",
    Tool.RELABEL: "Gives the points in the ring the chosen class",
    Tool.RECTANGLE: "Drag around points; Shift adds, Alt subtracts",
    Tool.LASSO: "Draw around points; Shift adds, Alt subtracts",
    Tool.MOVE: "Drag to move the selected points, or those in the ring",
    Tool.JITTER: "Hold the button to stir the points in the ring",
    Tool.MAGNET: "Hold the button to draw points together; Shift pushes them apart",
    Tool.LINE: "Drag from one end to the other",
    Tool.RING: "Drag from the middle to the edge",
    Tool.ARC: "Drag from one end to the other; it bulges to the left of the way",
    Tool.BLOB: "Drag from the middle outwards: the size of a Gaussian cloud",
    Tool.MOON: "Drag from one tip to the other",
    Tool.SPIRAL: "Drag from the middle to the outer end",
}
SPREADS = {Spread.UNIFORM: "Uniform", Spread.GAUSSIAN: "Gaussian"}
STATES = {
    RunState.LOADING: "Loading the training engine …",
    RunState.BLOCKED: "Cannot train yet",
    RunState.READY: "Ready to train",
    RunState.RUNNING: "Training",
    RunState.PAUSED: "Paused",
    RunState.DIVERGED: "Diverged",
    RunState.FAILED: "Stopped by an error",
    RunState.UNAVAILABLE: "Training is not available",
    RunState.ENDED: "Training ended by an error that needs a new start: save your work, close Marz and start it again.",
}
OBSTACLES = {
    Obstacle.NO_POINTS: "There are no points yet: draw points of two classes, or choose a dataset.",
    Obstacle.ONE_CLASS: "Only one class has points to train on: draw points of a second class.",
    Obstacle.LARGE_BATCH: "The batch is too large for batch normalization, which takes it whole: choose a smaller one.",
}


SMALLER_RATE = "Press Reset and try a smaller learning rate."
OTHER_WEIGHTS = "The first weights are too large: choose another initialization."


def what_helps(divergence: Divergence) -> str:
    """What to do about a divergence; before the first step no learning rate is to blame."""
    return OTHER_WEIGHTS if math.isnan(divergence.learning_rate) else SMALLER_RATE


def state_sentence(snapshot: Snapshot) -> str:
    """What the run is doing and, if something is wrong, what to do."""
    if snapshot.state is RunState.BLOCKED and snapshot.obstacle is not None:
        return OBSTACLES[snapshot.obstacle]
    if snapshot.state is RunState.DIVERGED:
        for number, lane in enumerate(snapshot.lanes, 1):
            if lane.divergence is not None:
                said = divergence_sentence(lane.divergence, len(lane.activations) + 1)
                helps = what_helps(lane.divergence)
                several = len(snapshot.lanes) > 1
                return f"Lane {number}: {said} All lanes stop with it. {helps}" if several else f"{said} {helps}"
        return f"Diverged. {SMALLER_RATE}"
    if snapshot.state is RunState.UNAVAILABLE:
        return (
            "PyTorch could not be loaded, so training is off; drawing works. "
            "Install it with “pip install -r requirements.txt” and start again."
        )
    if snapshot.state is RunState.FAILED:
        return "Training stopped by an unexpected error. Your points are safe; press Reset to start a new run."
    return STATES[snapshot.state]


def points(count: int) -> str:
    """A number of points."""
    return f"{count:,} point" if count == 1 else f"{count:,} points"


def stroke_edit(tool: Tool, changed: int, class_name: str) -> str:
    """The name of the undo step of a stroke; "" if it changed nothing.

    Args:
        tool: that made it.
        changed: points added, removed or altered.
        class_name: of the class that was drawn.
    """
    if not changed:
        return ""
    what = points(changed)
    match tool:
        case Tool.ERASER:
            return f"Erase {what}"
        case Tool.RELABEL:
            return f"Relabel {what} ({class_name})"
        case Tool.MOVE | Tool.JITTER | Tool.MAGNET:
            return f"{'Move' if tool is Tool.MOVE else TOOLS[tool]} {what}"
        case _:
            shape = f"{TOOLS[tool]} of " if tool in STAMPS else ""
            return f"Draw {shape}{what} ({class_name})"


def axis_captions(dataset: Dataset) -> tuple[str, str]:
    """What lies along the axes of the plane; empty where there is nothing to say."""
    names = dataset.feature_names or ("x", "y")
    if dataset.projection is None:
        return (names[0], names[1]) if dataset.feature_names else ("", "")
    if dataset.n_features == 2:
        across, up = (f"{isolated(name)}, standard deviations from its mean" for name in names)
        return across, up
    first, second = dataset.projection.explained
    return (
        f"1st principal component ({percent(first)})",
        f"2nd principal component ({percent(second)})",
    )


def place_text(dataset: Dataset, place: tuple[float, float]) -> str:
    """A place of the plane in words."""
    if dataset.projection is not None and dataset.n_features > 2:
        return f"component 1 {place[0]:.3f}   component 2 {place[1]:.3f}"
    names = dataset.feature_names or ("x", "y")
    x, y = place if dataset.projection is None else dataset.features_at([place])[0].tolist()
    return f"{isolated(names[0])} {decimal(x)}   {isolated(names[1])} {decimal(y)}"


def decimal(value: float) -> str:
    """A coordinate with three decimals, or fewer digits where it is large."""
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:,.6g}"


NO_ROOM = f"There is no room for more points: at most {MAX_POINTS:,} are possible. Erase some first."


def outside_note(count: int) -> str:
    """What is said of points that are not in sight."""
    verb = "lies" if count == 1 else "lie"
    return f"{points(count)} {verb} outside: Home shows all"


SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(value: float, digits: int = 1) -> str:
    """A number of 0 or more with so many digits, as 4·10⁻¹⁴, or plainly where that is as short."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return "not finite"
    if 0.01 <= value < 1000:
        # as many digits as are asked for, 3.00 beside 3.30·10⁻³; a mark on an axis, of one digit, is as short as can be
        plain = f"{value:#.{digits}g}".rstrip(".") if digits > 1 else f"{value:.2g}"
        return f"{value:.0f}" if "e" in plain else plain
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = f"10{str(int(exponent)).translate(SUPERSCRIPTS)}"
    return power if mantissa == "1" else f"{mantissa}·{power}"


def divergence_sentence(divergence: Divergence, n_layers: int) -> str:
    """Where a run of a network of so many layers diverged, and by which rule."""
    layer = divergence.layer
    where = "the output layer" if layer == n_layers - 1 else "" if layer is None else f"layer {layer + 1}"
    match divergence.cause:
        case Cause.VALUE:
            what = f"first non-finite value in {where}"
        case Cause.GRADIENT:
            what = f"first non-finite derivative in {where}"
        case Cause.NORM:
            what = "the gradient is too large for single precision"
    rate = f", last learning rate {divergence.learning_rate:g}" if math.isfinite(divergence.learning_rate) else ""
    return f"Diverged at step {divergence.step:,}: {what}{rate}."


def percent(share: float) -> str:
    """A share as 97.5 %, or a dash where there is none."""
    if math.isnan(share):
        return "–"
    # 100 % means all of them
    return f"{math.floor(1000 * share) / 10 if share > 0.999 else 100 * share:.1f} %"


def loss(value: float) -> str:
    """A loss with four significant digits, or a dash where there is none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    return f"{value:.4f}" if 0.001 <= value < 1000 else scientific(value, 3)


CONFIG_FIELDS = {
    "hidden_layers": "Layers",
    "activation": "Activation",
    "layer_activations": "Activation by Layer",
    "leaky_slope": "Leaky ReLU Slope",
    "elu_alpha": "ELU α",
    "batch_norm": "Batch Normalization",
    "skip_connections": "Skip Connections",
    "initialization": "Initialization",
    "initialization_sigma": "σ of First Weights",
    "output": "Output",
    "loss": "Loss",
    "threshold": "Threshold",
    "optimizer": "Optimizer",
    "learning_rate": "Learning Rate",
    "schedule": "Schedule",
    "schedule_epochs": "Schedule Epochs",
    "schedule_factor": "Schedule Factor",
    "clip_norm": "Gradient Limit",
    "batch_size": "Batch Size",
    "l1": "L1",
    "l2": "L2",
    "dropout": "Dropout",
    "validation_fraction": "Validation Share",
    "seed": "Seed",
}


def config_edit(before: TrainingConfig, after: TrainingConfig) -> tuple[str, str]:
    """The name of an undo step of settings, and a key that is the same for numbers of the same field, else "".

    An arrow that is held goes through many numbers on the way to one; each choice of a list or a box is meant.
    """
    changed = [name for name in CONFIG_FIELDS if getattr(before, name) != getattr(after, name)]
    if len(changed) == 2 and "layer_activations" in changed and changed[0] in ("hidden_layers", "activation"):
        changed.remove("layer_activations")  # which follows them
    if len(changed) != 1:
        return "Change Settings", ""
    name = changed[0]
    is_number = name not in NAMED_BY_VALUE and not isinstance(getattr(after, name), bool)
    return f"Change {CONFIG_FIELDS[name]} to {setting(name, getattr(after, name))}", name if is_number else ""


NAMED_BY_VALUE = ("activation", "layer_activations", "initialization", "optimizer", "loss", "output", "schedule")
"""Settings whose value says what it is of."""


@lru_cache(maxsize=8)
def lane_titles(lanes: tuple[TrainingConfig, ...]) -> tuple[str, ...]:
    """For each lane what sets it apart from the others; settings that they share are not repeated."""
    differing = [name for name in CONFIG_FIELDS if len({getattr(lane, name) for lane in lanes}) > 1]
    titles = [
        ", ".join(
            setting(name, getattr(lane, name))
            if name in NAMED_BY_VALUE
            else f"{CONFIG_FIELDS[name]} {setting(name, getattr(lane, name))}"
            for name in differing
            if name != "initialization_sigma" or lane.initialization is Initialization.NORMAL
        )
        or f"Lane {number}"
        for number, lane in enumerate(lanes, start=1)
    ]
    earlier = [titles[:place].count(title) for place, title in enumerate(titles)]
    return tuple(f"{title} ({count + 1})" if count else title for title, count in zip(titles, earlier, strict=True))


def duration(seconds: float) -> str:
    """A time to wait, such as 40 s or 2 min 5 s."""
    whole = math.ceil(seconds)
    return f"{whole} s" if whole < 60 else f"{whole // 60} min {whole % 60} s"


def setting(name: str, value: object) -> str:
    """The value of a config field in words."""
    if isinstance(value, StrEnum):
        return CHOICES[type(value)][value]
    if name == "hidden_layers" and isinstance(value, tuple):
        return f"{len(value)} × {value[0]}" if len(set(value)) == 1 else ", ".join(map(str, value))
    if name == "layer_activations" and isinstance(value, tuple):
        return ", ".join(setting(name, activation) for activation in value) or "all alike"
    if name in ("validation_fraction", "dropout"):
        return f"{100 * float(str(value)):.0f} %"
    if isinstance(value, bool):
        return "on" if value else "off"
    if value is None:
        return "none" if name == "clip_norm" else "full batch"
    return f"{value:g}" if isinstance(value, float) else str(value)
