"""Datasets: labelled points as immutable values; every edit returns a new one."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cached_property

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data.dataset_checks import (
    MAX_CLASSES,
    MAX_NAME_LENGTH,
    MAX_POINTS,
    MIN_CLASSES,
    DatasetError,
    check_fit,
    checked_colours,
    checked_feature_names,
    checked_labels,
    checked_names,
    checked_points,
)
from engine.data.projection import Projection
from engine.data.shares import spread
from engine.data.targets import Target
from engine.errors import as_typed
from engine.messages import mark
from engine.settings import checked_choice

__all__ = ["MAX_CLASSES", "MAX_NAME_LENGTH", "MAX_POINTS", "MIN_CLASSES", "Dataset", "DatasetError", "checked_points"]


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled points; immutable, the arrays are read-only.

    Attributes:
        points: float32 ndarray of shape (n_samples, n_features), finite.
        labels: int64 ndarray of shape (n_samples,), each in [0, n_classes).
        class_names: two to ten different names, not empty.
        serials: int64 ndarray of shape (n_samples,): the how-many-th point of its class a point was when it was
            made. It never changes, and it alone decides whether the point is kept for validation.
        colours: for each class the number of its colour and marker, 0 to 9, all different.
        feature_names: one for each feature, or none.
        projection: the plane on which points of more than two features are seen and drawn; points of two features are
            their own places and need none.
        target: what is learned of a point from the rest: its label, or the second of its two coordinates.

    Raises:
        DatasetError: if the parts do not fit together.
    """

    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    serials: NDArray[np.int64] = None  # type: ignore[assignment]  # None: numbered in the order given
    colours: tuple[int, ...] = None  # type: ignore[assignment]  # None: in order
    feature_names: tuple[str, ...] = ()
    projection: Projection | None = None
    target: Target = Target.CLASSES

    def __post_init__(self) -> None:
        points, labels = checked_points(self.points), checked_labels(self.labels)
        names = checked_names(self.class_names)
        check_fit(points, labels, names)
        serials = serial_numbers(labels) if self.serials is None else np.array(self.serials, dtype=np.int64)
        if serials.shape != labels.shape or (len(serials) and serials.min() < 0):
            raise DatasetError("Each point needs one serial number, 0 or larger.")
        for name, value in (("points", points), ("labels", labels), ("serials", serials)):
            value.flags.writeable = False
            object.__setattr__(self, name, value)
        object.__setattr__(self, "class_names", names)
        object.__setattr__(self, "colours", checked_colours(self.colours, len(names)))
        object.__setattr__(self, "feature_names", checked_feature_names(self.feature_names, points.shape[1]))
        object.__setattr__(self, "target", Target(checked_choice("target", self.target, Target)))
        if self.target is Target.VALUES and points.shape[1] != 2:
            raise DatasetError(
                "The points have {n_features} coordinates; a value is learned of points that have two.",
                n_features=points.shape[1],
            )
        if self.projection is not None and self.projection.n_features != points.shape[1]:
            raise DatasetError(
                "The points have {n_features} features; the plane they are shown on has {n_shown}.",
                n_features=points.shape[1],
                n_shown=self.projection.n_features,
            )

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        same_names = (self.class_names, self.colours, self.feature_names, self.target) == (
            other.class_names,
            other.colours,
            other.feature_names,
            other.target,
        )
        same_plane = self.projection is other.projection or self.projection == other.projection
        return same_names and same_plane and self.has_same_points(other)

    __hash__ = None  # type: ignore[assignment]

    def has_same_points(self, other: Dataset) -> bool:
        """True if points, labels and split are the same; names, colours and plane may be others."""
        return all(
            mine is theirs or np.array_equal(mine, theirs)
            for mine, theirs in (
                (self.points, other.points),
                (self.labels, other.labels),
                (self.serials, other.serials),
            )
        )

    @property
    def n_classes(self) -> int:
        """The number of classes, those without points included."""
        return len(self.class_names)

    @property
    def n_features(self) -> int:
        """The number of coordinates of a point; two on the plane."""
        return int(self.points.shape[1])

    @property
    def has_values(self) -> bool:
        """True if a value is to be learned, false if a class is."""
        return self.target is Target.VALUES

    @property
    def n_inputs(self) -> int:
        """The number of coordinates that a network is given: all, or all but the value."""
        return self.n_features - self.has_values

    def class_counts(self) -> NDArray[np.int64]:
        """The number of points of each class, ndarray of shape (n_classes,)."""
        return np.bincount(self.labels, minlength=self.n_classes)

    def validation_mask(self, fraction: float) -> NDArray[np.bool_]:
        """A mask of the points that are kept for validation, bool ndarray of shape (n_samples,).

        What is spread below `fraction` is validation, see `engine.data.shares.spread`. So no edit of other points moves
        a point between the two, a larger fraction only adds to validation, and the first point of a class is for
        training as long as `fraction` is below 0.6.
        """
        is_held_out: NDArray[np.bool_] = spread(self.serials) < fraction
        return is_held_out

    @cached_property
    def places(self) -> NDArray[np.float32]:
        """The places of the points on the plane, float32 ndarray of shape (n_samples, 2), read-only.

        Raises:
            DatasetError: the points have not two features and no projection.
        """
        if self.projection is None:
            if self.n_features != 2:
                raise DatasetError(
                    "Points of {n_features} features need a plane to be shown on.", n_features=self.n_features
                )
            return self.points
        places = self.projection.to_plane(self.points)
        places.flags.writeable = False
        return places

    def features_at(self, places: ArrayLike) -> NDArray[np.float32]:
        """The features of (n, 2) places of the plane, float32 ndarray of shape (n, n_features)."""
        if self.projection is None:
            return np.asarray(places, dtype=np.float32)
        return self.projection.to_features(places)

    # edits of points

    def with_points(self, points: ArrayLike, labels: ArrayLike) -> Dataset:
        """This dataset and more points: (n, n_features) points and n labels, or one label for all."""
        added = checked_points(points if np.size(points) else np.empty((0, self.n_features)))
        if added.shape[1] != self.n_features:
            raise DatasetError(
                "The points have {n_coordinates} coordinates; in this dataset they have {n_features}.",
                n_coordinates=added.shape[1],
                n_features=self.n_features,
            )
        if len(self) + len(added) > MAX_POINTS:
            raise DatasetError(
                "There would be {n_points:,} points; at most {most:,} are possible.",
                n_points=len(self) + len(added),
                most=MAX_POINTS,
            )
        new_labels = checked_labels(np.full(len(added), labels) if np.ndim(labels) == 0 else labels)
        check_fit(added, new_labels, self.class_names)
        if not len(added):
            return self
        serials = serial_numbers(new_labels)
        for label in np.unique(new_labels):
            taken = self.serials[self.labels == label]
            serials[new_labels == label] += taken.max() + 1 if len(taken) else 0
        return self._with_rows(
            np.concatenate([self.points, added]),
            np.concatenate([self.labels, new_labels]),
            np.concatenate([self.serials, serials]),
        )

    def without(self, mask: NDArray[np.bool_]) -> Dataset:
        """This dataset less the points where `mask`, bool ndarray of shape (n_samples,), is true."""
        keep = ~mask
        return self._with_rows(self.points[keep], self.labels[keep], self.serials[keep])

    def cleared(self) -> Dataset:
        """The same classes without points."""
        return self.without(np.ones(len(self), dtype=bool))

    def relabelled(self, mask: NDArray[np.bool_], labels: ArrayLike) -> Dataset:
        """This dataset with other labels, or one label for all, where `mask`, bool (n_samples,), is true."""
        changed = self.labels.copy()
        changed[mask] = labels
        check_fit(self.points, changed, self.class_names)
        return self._with_rows(self.points, changed, self.serials)

    def moved(self, mask: NDArray[np.bool_], steps: ArrayLike) -> Dataset:
        """This dataset with the points where `mask` is true moved on the plane.

        Args:
            mask: bool ndarray of shape (n_samples,).
            steps: one (dx, dy) for each of these points, or one for all.

        Raises:
            DatasetError: a coordinate would be too large a number.
        """
        moves = np.broadcast_to(np.asarray(steps, dtype=np.float64), (int(mask.sum()), 2))
        if self.projection is not None:
            moves = self.projection.offsets(moves)
        points = self.points.copy()
        points[mask] = checked_points(self.points[mask] + moves)
        return self._with_rows(points, self.labels, self.serials)

    def _with_rows(self, points: NDArray[np.float32], labels: NDArray[np.int64], serials: NDArray[np.int64]) -> Dataset:
        """This dataset with other rows, which are known to be right: a stroke makes hundreds of datasets."""
        made = object.__new__(Dataset)
        for array in (points, labels, serials):
            array.flags.writeable = False
        made.__dict__.update(
            points=points,
            labels=labels,
            serials=serials,
            class_names=self.class_names,
            colours=self.colours,
            feature_names=self.feature_names,
            projection=self.projection,
            target=self.target,
        )
        return made

    def joined(self, other: Dataset) -> Dataset:
        """This dataset and the points of another; classes of the same name are one, missing ones are added."""
        result = self
        for name in (name for name in other.class_names if name not in self.class_names):
            if name in np.asarray(other.class_names)[np.unique(other.labels)]:
                result = result.with_class(name)
        labels = np.array([result.class_names.index(n) if n in result.class_names else 0 for n in other.class_names])
        return result.with_points(other.points, labels[other.labels])

    # edits of classes

    def with_class(self, name: str | None = None) -> Dataset:
        """This dataset and one more class, in a colour no other class has; it has no points yet."""
        colour = next((colour for colour in range(MAX_CLASSES) if colour not in self.colours), MAX_CLASSES)
        name = free_name(colour, self.class_names) if name is None else name
        return replace(self, class_names=(*self.class_names, name), colours=(*self.colours, colour))

    def without_class(self, label: int) -> Dataset:
        """This dataset less one class and its points; higher labels move down by one, colours stay with their class."""
        return _less_empty_class(self.without(self.labels == label), label)

    def merged(self, label: int, into: int) -> Dataset:
        """This dataset with the points of class `label` in class `into`, and one class less."""
        if label == into:
            raise DatasetError("A class cannot be merged into itself.")
        return _less_empty_class(self.relabelled(self.labels == label, into), label)

    def renamed(self, label: int, name: str) -> Dataset:
        """This dataset with another name for one class."""
        return replace(self, class_names=(*self.class_names[:label], name, *self.class_names[label + 1 :]))

    def recoloured(self, label: int, colour: int) -> Dataset:
        """This dataset with another colour for one class; a class that has it takes the old one in exchange."""
        colours = list(self.colours)
        if colour in colours:
            colours[colours.index(colour)] = colours[label]
        colours[label] = colour
        return replace(self, colours=tuple(colours))

    def reordered(self, order: Sequence[int]) -> Dataset:
        """This dataset with its classes in another order: `order` has the present labels, each once."""
        if sorted(order) != list(range(self.n_classes)):
            raise DatasetError(
                "The order {order} does not have each of {n_classes} classes once.",
                order=as_typed(order),
                n_classes=self.n_classes,
            )
        places = np.argsort(np.asarray(order))
        return replace(
            self,
            labels=places[self.labels],
            class_names=tuple(self.class_names[label] for label in order),
            colours=tuple(self.colours[label] for label in order),
        )


def _less_empty_class(dataset: Dataset, label: int) -> Dataset:
    """A dataset less a class that has no points."""
    return replace(
        dataset,
        labels=dataset.labels - (dataset.labels > label),
        class_names=dataset.class_names[:label] + dataset.class_names[label + 1 :],
        colours=dataset.colours[:label] + dataset.colours[label + 1 :],
    )


def names_of_features(dataset: Dataset) -> tuple[str, ...]:
    """The names of the features, made up where there are none: x and y, of more than two x1, x2 and so on."""
    n_features = dataset.n_features
    made_up = ("x", "y") if n_features == 2 else tuple(f"x{number}" for number in range(1, n_features + 1))
    return tuple(name or other for name, other in zip(dataset.feature_names or made_up, made_up, strict=True))


def serial_numbers(labels: NDArray[np.int64]) -> NDArray[np.int64]:
    """The running number of each point within its class, int64 ndarray of shape (n_samples,)."""
    serials = np.empty(len(labels), dtype=np.int64)
    for label in np.unique(labels):
        members = labels == label
        serials[members] = np.arange(members.sum())
    return serials


def empty_dataset(n_classes: int = 2, n_features: int = 2) -> Dataset:
    """A dataset without points."""
    return Dataset(np.empty((0, n_features), np.float32), np.empty(0, np.int64), default_names(n_classes))


COLOUR_NAMES = (
    *(mark("Blue", "colour"), mark("Orange", "colour"), mark("Green", "colour"), mark("Pink", "colour")),
    *(mark("Sky blue", "colour"), mark("Vermilion", "colour"), mark("Yellow", "colour"), mark("Grey", "colour")),
    *(mark("Violet", "colour"), mark("Brown", "colour")),
)


def default_names(n_classes: int) -> tuple[str, ...]:
    """The names classes have until they are renamed: the names of their colours on screen."""
    if not MIN_CLASSES <= n_classes <= MAX_CLASSES:
        raise DatasetError(
            "The number of classes is {n_classes}; it must be {least} to {most}.",
            n_classes=n_classes,
            least=MIN_CLASSES,
            most=MAX_CLASSES,
        )
    return COLOUR_NAMES[:n_classes]


def free_name(colour: int, names: Iterable[str]) -> str:
    """A name for one more class that none of `names` has: that of its colour, if it is free."""
    taken = set(names)
    candidates = (*COLOUR_NAMES[colour : colour + 1], *(f"Class {number}" for number in range(1, MAX_CLASSES + 2)))
    return next(name for name in candidates if name not in taken)


def is_extension(dataset: Dataset, of: Dataset) -> bool:
    """True if a dataset is another one with points added at its end."""
    return (
        len(dataset) >= len(of)
        and dataset.colours == of.colours
        and _same(dataset.places, of.places)
        and _same(dataset.labels, of.labels)
        and _same(dataset.serials, of.serials)
    )


def _same(longer: NDArray[np.generic], shorter: NDArray[np.generic]) -> bool:
    return longer is shorter or np.array_equal(longer[: len(shorter)], shorter)
