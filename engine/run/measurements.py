"""The measurements of a run, one row each: how, how often, and for which share of the time.

What a row is about is a `Quantity`, which lives with its kind of value; a view that shows it names the quantity.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

import numpy as np
import torch
from numpy.typing import NDArray

from engine.data.shares import Role, roles_of, shares_of
from engine.dataset import Dataset, names_of_features
from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.dropped import DROPPED, Dropped, units_out
from engine.insight.field import (
    FIELD,
    Field,
    HeightsAsked,
    Shading,
    View,
    bisections,
    class_colours,
    curve_field,
    survey_field,
    surveyed_field,
    with_contours,
)
from engine.insight.measurement import Measurement
from engine.insight.neighbours import NEIGHBOURS, vote_of_neighbours
from engine.insight.outcomes import OUTCOMES
from engine.insight.pins import PINS, Pin, PinsRead, read_pins
from engine.insight.quantity import Quantity
from engine.insight.revealed import REVEALED, Revealed
from engine.insight.survey import Mesh, Probabilities
from engine.insight.verdict import GRADIENT
from engine.learning.metrics import Metrics
from engine.learning.samples import order_of
from engine.machines.costs import measure_costs
from engine.mlp.pieces import Heed, nobody
from engine.run.attention import Attention
from engine.run.lane_file import sizes_of, widths_of
from engine.run.lane_state import RUN_STATE
from engine.run.pace import ALONE, Pace, Resolution
from engine.run.past import thumbnail
from engine.run.past.thumbnail import THUMBNAIL, Thumbnail
from engine.run.snapshot import AT_POINTER, COSTS, MISCLASSIFIED, Misclassified
from engine.training import Trainer, metrics_on

R = TypeVar("R")
WHOLE = 64
"""Points go into a network in multiples of this: few sizes to make ready for, and few points that nobody asked for."""


class Scene:
    """The parts of a lane that are looked at.

    Attributes:
        trainer: its network.
        dataset: its points.
        resolution: of its field.
    """

    def __init__(self, trainer: Trainer, dataset: Dataset, heed: Heed = nobody) -> None:
        self.trainer, self.dataset, self.resolution = trainer, dataset, Resolution(ALONE.field_budget)
        self._heed = heed
        self._inputs = torch.empty((0, 0))
        self._over: tuple[View, tuple[int, int], NDArray[np.float32]] | None = None

    def use(self, dataset: Dataset) -> None:
        """Go on with other points."""
        self.dataset, self._over = dataset, None

    def survey(self, view: View, mesh: Mesh, exactness: float) -> tuple[Field, HeightsAsked]:
        """The field of a view, and what its contours are made of; see `engine.insight.field.survey_field`."""
        base, trainer = self._inputs_over(view, mesh.shape), self.trainer
        if trainer.surveyor is None:
            asked, is_distribution = self._probabilities_over(base), trainer.is_distribution
            return survey_field(view, mesh, asked, trainer.threshold, exactness, is_distribution=is_distribution)
        survey = trainer.surveyor.survey(
            mesh,
            base,
            class_colours(view, self.dataset.n_classes),
            trainer.threshold,
            bisections(view, mesh.shape, exactness),
            has_entropy=view.shading is Shading.ENTROPY,
        )
        return surveyed_field(view, *survey), trainer.surveyor.heights

    def _probabilities_over(self, base: NDArray[np.float32]) -> Probabilities:
        """The network for places of a grid, whose inputs are known."""
        features = self.trainer.features

        def probabilities(places: NDArray[np.float32]) -> NDArray[np.float32]:
            self._heed()
            n_points = len(places)
            room = self._room(-(-n_points // WHOLE) * WHOLE, features.n_features + 1)
            inputs = room.numpy()[:n_points]
            np.matmul(places, base[:2], out=inputs)
            inputs += base[2]
            features.work_out(inputs)
            return self.trainer.probabilities_at(room.t()).T[:, :n_points]

        return probabilities

    def _inputs_over(self, view: View, shape: tuple[int, int]) -> NDArray[np.float32]:
        """The inputs over a grid of cells of that shape: by how much they change by column and by row, and the first.

        On the way from the plane to the standardised inputs everything is linear, so three places tell all. What is
        worked out of these is not; its columns say nothing.
        """
        if self._over is not None and self._over[:2] == (view, shape):
            return self._over[2]
        rows, columns = shape
        places = view.grid_points(rows, columns)[[0, columns - 1, columns * (rows - 1)]]
        first, last, lowest = self.trainer.standardized(self.dataset.features_at(places)).t().numpy().astype(np.float64)
        base = np.stack([(last - first) / (columns - 1), (lowest - first) / (rows - 1), first]).astype(np.float32)
        self._over = view, shape, base
        return base

    def _room(self, n_points: int, n_inputs: int) -> torch.Tensor:
        """Room for inputs, the same again and again, which is quicker."""
        if len(self._inputs) < n_points or self._inputs.shape[1] != n_inputs:
            self._inputs = torch.zeros((n_points, n_inputs), dtype=self.trainer.dtype)
        return self._inputs[:n_points]


@dataclass(frozen=True)
class Row(Generic[R]):
    """The way in which a quantity is measured.

    Attributes:
        quantity: what is measured.
        measure: takes a `Scene`, for what is of the machine the worker's `state_of`, and what is asked for (see
            `subject`); returns the value, or a `Measurement` of what takes long, which is made in portions.
        subject: what of the attention is asked for, None if nothing; without it whether the quantity is wanted.
        interval: seconds between two while training; 0: it is of every snapshot; infinite: once for each subject.
        interval_of_several: the same, of each of several lanes.
        share: of the time, that it may take of all lanes together.
        in_turn: whether it takes so long that in each snapshot only one lane has its turn.
        at_rest: whether it is of the network as it is as soon as nothing moves.
        over_time: what of each value is kept over time; it is measured from the start on, whether anybody looks or not.
        is_fine: whether a value of the same step and subject is as fine as one that would be made now.
        by_threshold: whether it is another one where the threshold of the decision is.
        of_classes: whether there is nothing to measure where values are learned.
    """

    quantity: Quantity[R]
    measure: Callable[[Any, Any], R | Measurement[R]]
    subject: Callable[[Attention], object | None] | None = None
    interval: float = 0.0
    interval_of_several: float | None = None
    share: float = 1.0
    in_turn: bool = False
    at_rest: bool = True
    over_time: Callable[[R], NDArray[np.float64]] | None = None
    is_fine: Callable[[Scene, R], bool] = lambda _scene, _value: True
    by_threshold: bool = False
    of_classes: bool = False

    def asked_by(self, attention: Attention, lane: int) -> object | None:
        """The subject that is asked for of a lane, or None."""
        if self.over_time is not None:
            return True
        return attention.subject(self.quantity, lane) if self.subject is None else self.subject(attention)

    def pace(self, n_lanes: int) -> Pace:
        """That of one of so many lanes."""
        interval = self.interval if n_lanes == 1 or self.interval_of_several is None else self.interval_of_several
        return Pace(interval, self.share / n_lanes)


def field_over(scene: Scene, view: View) -> Field:
    """The decision field of a view, or the curve of the values over it."""
    if scene.dataset.has_values:
        return curve_field(view, predicted_places(scene, np.linspace(view.left, view.right, max(2, view.width))))
    resolution = scene.resolution
    mesh = view.mesh(resolution.n_points, resolution.finest)
    started = resolution.clock()
    field, heights = scene.survey(view, mesh, resolution.exactness)
    resolution.measured(mesh.rows * mesh.columns, resolution.clock() - started)
    return with_contours(field, mesh, heights)  # which take about as long on any mesh


def is_fine_field(scene: Scene, field: Field) -> bool:
    """True if a field has as many cells as are wanted now; a curve always has."""
    if scene.dataset.has_values:
        return True
    mesh = field.view.mesh(scene.resolution.n_points, scene.resolution.finest)
    return field.pixels.size >= math.prod(mesh.shape)


def predicted_places(scene: Scene, x: NDArray[np.float64]) -> NDArray[np.float32]:
    """The height on the plane of the values that are learned, at these places along it; float32 (n_places,)."""
    dataset = scene.dataset
    inputs = dataset.features_at(np.column_stack([x, np.zeros(len(x))]))[:, : dataset.n_inputs]
    points = np.column_stack([inputs, scene.trainer.predictions(inputs)])
    places = points if dataset.projection is None else dataset.projection.to_plane(points)
    return places[:, 1]


def at_pointer(scene: Scene, place: tuple[float, float]) -> NDArray[np.float32]:
    """The class probabilities of a place on the plane, or the value that is learned there."""
    if scene.dataset.has_values:
        return scene.trainer.predictions(scene.dataset.features_at([place])[:, : scene.dataset.n_inputs])
    probabilities: NDArray[np.float32] = scene.trainer.probabilities(scene.dataset.features_at([place]))[0]
    return probabilities


def dropped(scene: Scene, _: object) -> Dropped:
    """The network, and which of its units are out in the last step, if dropout has drawn any."""
    trainer, dataset = scene.trainer, scene.dataset
    masks = trainer.masks()
    return Dropped(
        trainer.steps_done + masks.is_under_way,
        trainer.config.dropout,
        units_out(masks.layers),
        masks.layers[0].shape[1] if masks.layers else 0,
        trainer.features.names(names_of_features(dataset)[: dataset.n_inputs]),
        widths_of(trainer.config, dataset),
        sizes_of(trainer.config, dataset)["parameters"],
    )


def pins_wanted(attention: Attention) -> tuple[Pin, ...] | None:
    """The pins, if a view shows them."""
    return attention.pins if PINS in attention.wanted else None


def read_pins_of(scene: Scene, pins: tuple[Pin, ...]) -> PinsRead:
    """The arithmetic at the pins."""
    trainer = scene.trainer
    if trainer.losses is None:  # a run that goes on knows its metrics already
        trainer.evaluate()
    assert trainer.losses is not None
    return read_pins(trainer, scene.dataset, trainer.losses, pins)


def misclassified(scene: Scene, _subject: object) -> Misclassified:
    """The points that the network takes for another class."""
    trainer, dataset = scene.trainer, scene.dataset
    if trainer.is_right is None:  # a run that goes on knows its metrics already
        trainer.evaluate()
    assert trainer.is_right is not None
    mask = np.zeros(len(dataset), dtype=np.bool_)
    mask[order_of(dataset, shares_of(trainer.config))[0]] = trainer.is_right == 0
    return Misclassified(dataset, mask)


def revealed(scene: Scene, _subject: object) -> Revealed:
    """The result on the points of the test."""
    dataset, trainer = scene.dataset, scene.trainer
    is_test = roles_of(dataset.serials, shares_of(trainer.config)) == Role.TEST
    n_points = int(is_test.sum())
    return Revealed(n_points, metrics_on(trainer, dataset.without(~is_test)) if n_points else Metrics())


def neighbours(scene: Scene, _subject: object) -> Measurement[float]:
    """The vote of the neighbours on the training points, which no step changes."""
    is_training = roles_of(scene.dataset.serials, shares_of(scene.trainer.config)) == Role.TRAINING
    return Measurement(vote_of_neighbours(scene.dataset, is_training))


def thumbnail_of(scene: Scene, _subject: object) -> Measurement[Thumbnail] | Thumbnail:
    """The small picture of what a lane decides, by which its run is known again later."""
    trainer, dataset = scene.trainer, scene.dataset
    if dataset.has_values:
        return thumbnail.curve(dataset, lambda x: predicted_places(scene, x))
    return Measurement(
        thumbnail.look(dataset, lambda places: trainer.probabilities(dataset.features_at(places)), trainer.threshold)
    )


OF_A_LANE: tuple[Row[Any], ...] = (
    Row(
        GRADIENT,
        lambda scene, _: scene.trainer.measure_gradient(),
        interval=0.1,
        interval_of_several=0.3,
        share=0.02,
        over_time=lambda gradient: gradient.norms,
    ),
    # what both push out of the cache counts, too: all together takes less than five percent
    Row(DIAGNOSIS, lambda scene, _: scene.trainer.measure_diagnosis(), interval=0.2, share=0.01, in_turn=True),
    Row(
        OUTCOMES,
        lambda scene, _: Measurement(scene.trainer.outcomes.look()),
        interval=0.25,
        interval_of_several=0.5,
        share=0.01,
        in_turn=True,
        of_classes=True,
    ),
    Row(FIELD, field_over, subject=lambda attention: attention.view, is_fine=is_fine_field, by_threshold=True),
    Row(AT_POINTER, at_pointer, subject=lambda attention: attention.pointer),
    Row(PINS, read_pins_of, subject=pins_wanted, by_threshold=True, of_classes=True),
    Row(DROPPED, dropped),
    Row(MISCLASSIFIED, misclassified, by_threshold=True, of_classes=True),
    Row(REVEALED, revealed, by_threshold=True),
    Row(NEIGHBOURS, neighbours, interval=math.inf, at_rest=False),
    Row(THUMBNAIL, thumbnail_of, interval=1.0, interval_of_several=2.0, share=0.002, in_turn=True, by_threshold=True),
)


def rows_for(dataset: Dataset) -> tuple[Row[Any], ...]:
    """The rows of a lane that learns this dataset."""
    return tuple(row for row in OF_A_LANE if not (row.of_classes and dataset.has_values))


OF_THE_MACHINE: tuple[Row[Any], ...] = (
    Row(COSTS, lambda _state_of, _question: measure_costs(), interval=math.inf, at_rest=False),
    Row(RUN_STATE, lambda state_of, question: state_of(question.run), interval=math.inf, at_rest=False),
)
