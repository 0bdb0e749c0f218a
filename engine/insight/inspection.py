"""The arithmetic of one point: from its logits to probabilities, a decision, a loss and the loss's derivative.

All in double precision, whatever the network computes in, and from the logits: what is finite stays so, however sure a
network is (Goodfellow et al. 2016, Deep Learning, section 6.2.2). No torch.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import ArrayLike

from engine.config import SETTINGS, Loss, Output, TrainingConfig
from engine.errors import InputError, as_typed
from engine.mlp.activations import Floats, logit, sigmoid
from engine.settings import checked_choice, checked_whole

if TYPE_CHECKING:
    from engine.learning.exact_pass import ExactPass

LARGEST_POWER = 700.0
"""e to the power of this, and of this negated, have room in double precision, and so has the sum of some."""


@dataclass(frozen=True, eq=False)
class Inspection:
    """The numbers of one point; arrays are float64.

    There is one logit for a single sigmoid unit, else one a class.

    Attributes:
        output: the output layer, never auto.
        loss_kind: cross-entropy or squared error, never auto.
        threshold: the probability of class 1 above which a single sigmoid unit decides for it; else 0.5.
        logits: z of each unit.
        shift: what is taken from each logit before the powers: 0, unless one of them would have no room.
        exps: e**(z - shift) of each unit.
        exps_sum: the sum of these.
        shifted_exps: e**(z - largest z) of each unit, which give the same shares.
        probabilities: of each class; of a single sigmoid unit 1 - P and P.
        probabilities_sum: the sum of these; of independent sigmoids it need not be 1.
        minus_logs: -log P of each class, exact also where P is rounded to 0 or 1.
        decided: the label that is decided for.
        label: the class of the point, or None if it has none.
        targets: y of each unit, or None without a label.
        loss: of the point, or None without a label; see `engine.mlp.losses`.
        output_error: the derivative of the loss by each logit, or None; P - y with cross-entropy.
        contributions: float64 (n_units, 1 + n_hidden), or None if only logits are known: how each logit comes about,
            the bias first, then weight times output of each unit of the last hidden layer. A row sums to its logit.
    """

    output: Output
    loss_kind: Loss
    threshold: float
    logits: Floats
    shift: float
    exps: Floats
    exps_sum: float
    shifted_exps: Floats
    probabilities: Floats
    probabilities_sum: float
    minus_logs: Floats
    decided: int
    label: int | None = None
    targets: Floats | None = None
    loss: float | None = None
    output_error: Floats | None = None
    contributions: Floats | None = None

    @property
    def is_distribution(self) -> bool:
        """True if the probabilities sum to 1 by their nature."""
        return self.output is not Output.INDEPENDENT_SIGMOIDS

    @property
    def sigmoids(self) -> Floats:
        """The sigmoid of each logit, whatever the output layer is."""
        return sigmoid(self.logits)

    def as_json(self) -> dict[str, Any]:
        """All fields as a table for JSON."""
        table = asdict(self)
        return {name: of.tolist() if isinstance(of, np.ndarray) else of for name, of in table.items()}


def inspect_logits(
    logits: ArrayLike,
    output: Output | str,
    label: int | None = None,
    threshold: float = 0.5,
    *,
    loss: Loss | str = Loss.AUTO,
) -> Inspection:
    """The numbers that follow from logits.

    Args:
        logits: one for a single sigmoid unit, two or more otherwise.
        output: the output layer; auto is a single sigmoid unit for one logit, else softmax.
        label: the class of the point, if it has one.
        threshold: see `Inspection`; softmax and independent sigmoids decide for the largest.
        loss: auto is cross-entropy.

    Raises:
        InputError: logits that are no finite numbers or too few or many, a label that is no class, or a threshold or
            choice out of its range.
    """
    z = checked_logits(logits)
    kind = Output(checked_choice("output", output, Output))
    if kind is Output.AUTO:
        kind = Output.SIGMOID if len(z) == 1 else Output.SOFTMAX
    if kind is Output.SIGMOID and len(z) != 1:
        raise InputError("The number of logits is {n_logits}; one sigmoid unit has one.", n_logits=len(z))
    if kind is not Output.SIGMOID and len(z) == 1:
        raise InputError("There is one logit; the output {output} needs one for each class.", output=kind.value)
    n_classes = max(len(z), 2)
    checked = None if label is None else checked_whole("label", label, 0, n_classes - 1)
    least = SETTINGS["threshold"].checked("threshold", threshold)
    return worked_out(z, kind, Loss(checked_choice("loss", loss, Loss)), checked, least)


def checked_logits(logits: ArrayLike) -> Floats:
    """The logits as float64 (n_units,), or an InputError."""
    try:
        z = np.array(logits, dtype=np.float64)
    except (TypeError, ValueError, OverflowError) as error:
        raise InputError("The logits are {logits}; they must be a list of numbers.", logits=as_typed(logits)) from error
    if z.ndim != 1 or not len(z):
        raise InputError("The logits have shape {shape}; they must be a list of numbers.", shape=as_typed(z.shape))
    if not np.isfinite(z).all():
        raise InputError("The logits are {logits}; they must be finite numbers.", logits=as_typed(z.tolist()))
    return z


def worked_out(
    z: Floats, output: Output, loss: Loss, label: int | None, threshold: float, contributions: Floats | None = None
) -> Inspection:
    """The numbers of logits that are finite, as many as the output layer has units."""
    largest = float(z.max())
    shift = largest if max(largest, -float(z.min())) > LARGEST_POWER else 0.0
    exps, shifted_exps = np.exp(z - shift), np.exp(z - largest)
    if output is Output.SIGMOID:
        both = np.array([-z[0], z[0]])
        probabilities, minus_logs = sigmoid(both), np.logaddexp(0.0, -both)
        decided = int(z[0] > logit(threshold))
    elif output is Output.SOFTMAX:
        decided, threshold, others = int(z.argmax()), 0.5, shifted_exps.copy()
        others[decided] = 0.0
        rest = float(others.sum())  # beside the largest, which is 1
        probabilities, minus_logs = shifted_exps / (1 + rest), (largest - z) + math.log1p(rest)
    else:
        probabilities, minus_logs = sigmoid(z), np.logaddexp(0.0, -z)
        decided, threshold = int(z.argmax()), 0.5
    targets = point_loss = output_error = None
    is_squared = loss is Loss.MSE
    if label is not None:
        targets = np.array([float(label)] if output is Output.SIGMOID else np.arange(len(z)) == label, dtype=np.float64)
        if output is Output.SOFTMAX:
            point_loss, output_error = softmax_loss(probabilities, minus_logs, label, is_squared=is_squared)
        else:
            point_loss, output_error = sigmoid_loss(z, targets, is_squared=is_squared)
    return Inspection(
        output,
        Loss.MSE if is_squared else Loss.CROSS_ENTROPY,
        threshold,
        z,
        shift,
        exps,
        float(exps.sum()),
        shifted_exps,
        probabilities,
        float(probabilities.sum()),
        minus_logs,
        decided,
        label,
        targets,
        point_loss,
        output_error,
        contributions,
    )


def sigmoid_loss(z: Floats, targets: Floats, *, is_squared: bool) -> tuple[float, Floats]:
    """The loss of sigmoid units, summed over them, and its derivative by each logit."""
    away = (1 - 2 * targets) * z  # from what it should be: the difference is its sigmoid, never rounded to 0
    difference: Floats = (1 - 2 * targets) * sigmoid(away)
    if not is_squared:
        return float(np.logaddexp(0.0, away).sum()), difference
    return float(np.square(difference).sum()), 2 * difference * sigmoid(z) * sigmoid(-z)


def softmax_loss(probabilities: Floats, minus_logs: Floats, label: int, *, is_squared: bool) -> tuple[float, Floats]:
    """The loss of softmax over all units, and its derivative by each logit."""
    difference = probabilities.copy()
    difference[label] = 0.0
    difference[label] = -difference.sum()  # P - 1, which would be rounded
    if not is_squared:
        return float(minus_logs[label]), difference
    return float(np.square(difference).sum()), 2 * probabilities * (difference - difference @ probabilities)


class Trained(Protocol):
    """A trainer, as far as it is inspected; see `engine.training.Trainer`."""

    config: TrainingConfig
    exact: ExactPass


def inspect_point(trainer: Trained, features: ArrayLike, label: int | None = None) -> Inspection:
    """The numbers of a point with these features, and of which parts its logits are made.

    Raises:
        InputError: features that are no finite numbers or too few or many, a label that is no class, or a network that
            gives no finite logits there.
    """
    n_classes = trainer.exact.n_classes
    if not n_classes:
        raise InputError("The network learns values; there are no classes to be inspected.")
    checked = None if label is None else checked_whole("label", label, 0, n_classes - 1)
    try:
        table = np.atleast_2d(np.asarray(features))
    except ValueError as error:  # rows of several lengths
        raise InputError("The features are not a row of numbers.") from error
    if len(table) != 1:
        raise InputError(
            "The features have shape {shape}; they must be those of one point.", shape=as_typed(table.shape)
        )
    (found,) = inspect_points(trainer, table, [checked])
    if found is None:
        raise InputError("The logits of this point are not finite numbers; the weights are too large.")
    return found


def inspect_points(trainer: Trained, points: ArrayLike, labels: Sequence[int | None]) -> list[Inspection | None]:
    """`inspect_point` of several points by one pass; None where logits are not finite."""
    config, parts = trainer.config, trainer.exact.contributions(points)
    output = config.resolved_output(trainer.exact.n_classes)
    with np.errstate(all="ignore"):
        logits = parts.sum(axis=2)
        return [
            worked_out(z, output, config.loss, label, config.threshold, of) if np.isfinite(z).all() else None
            for z, of, label in zip(logits, parts, labels, strict=True)
        ]
