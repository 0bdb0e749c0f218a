"""Datasets: labelled points as immutable values; every edit returns a new one."""

from __future__ import annotations

import operator
from collections.abc import Iterable
from dataclasses import dataclass, replace

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.errors import InputError

MIN_CLASSES = 2
MAX_CLASSES = 8
MAX_POINTS = 1_000_000
MAX_NAME_LENGTH = 40
GOLDEN_RATIO = 0.6180339887498949


class DatasetError(InputError):
    """Points, labels or class names that do not make a dataset."""


@dataclass(frozen=True, eq=False)
class Dataset:
    """Labelled points; immutable, the arrays are read-only.

    Attributes:
        points: float32 ndarray of shape (n_samples, n_features), finite.
        labels: int64 ndarray of shape (n_samples,), each in [0, n_classes).
        class_names: two to eight different names, not empty.
        serials: int64 ndarray of shape (n_samples,): the how-many-th point of its class a point was when it was
            made. It never changes, and it alone decides whether the point is kept for validation.
        colours: for each class the number of its colour and marker, 0 to 7, all different.

    Raises:
        DatasetError: if the parts do not fit together.
    """

    points: NDArray[np.float32]
    labels: NDArray[np.int64]
    class_names: tuple[str, ...]
    serials: NDArray[np.int64] = None  # type: ignore[assignment]  # None: numbered in the order given
    colours: tuple[int, ...] = None  # type: ignore[assignment]  # None: in order

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

    def __len__(self) -> int:
        return len(self.labels)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, Dataset):
            return NotImplemented
        return (self.class_names, self.colours) == (other.class_names, other.colours) and all(
            np.array_equal(mine, theirs)
            for mine, theirs in (
                (self.points, other.points),
                (self.labels, other.labels),
                (self.serials, other.serials),
            )
        )

    __hash__ = None  # type: ignore[assignment]

    @property
    def n_classes(self) -> int:
        """The number of classes, those without points included."""
        return len(self.class_names)

    @property
    def n_features(self) -> int:
        """The number of coordinates of a point; two on the plane."""
        return int(self.points.shape[1])

    def class_counts(self) -> NDArray[np.int64]:
        """The number of points of each class, ndarray of shape (n_classes,)."""
        return np.bincount(self.labels, minlength=self.n_classes)

    def validation_mask(self, fraction: float) -> NDArray[np.bool_]:
        """Which points are kept for validation, bool ndarray of shape (n_samples,).

        The serial number of a point is spread over [0, 1) by the golden ratio (Knuth, The Art of Computer
        Programming 3, section 6.4), which fills the interval evenly for any number of points; what falls below
        `fraction` is validation. So no edit of other points moves a point between the two, a larger fraction only
        adds to validation, and the first point of a class is for training as long as `fraction` is below 0.6.
        """
        spread: NDArray[np.bool_] = np.mod((self.serials + 1) * GOLDEN_RATIO, 1.0) < fraction
        return spread

    def with_points(self, points: ArrayLike, labels: ArrayLike) -> Dataset:
        """This dataset and more points: (n, n_features) points and n labels, or one label for all."""
        added = checked_points(points if np.size(points) else np.empty((0, self.n_features)))
        if added.shape[1] != self.n_features:
            raise DatasetError(
                f"The points have {added.shape[1]} coordinates; in this dataset they have {self.n_features}."
            )
        new_labels = checked_labels(np.full(len(added), labels) if np.ndim(labels) == 0 else labels)
        check_fit(added, new_labels, self.class_names)
        first = np.zeros(self.n_classes, dtype=np.int64)
        np.maximum.at(first, self.labels, self.serials + 1)
        serials = serial_numbers(new_labels) + first[new_labels] if len(added) else new_labels
        return replace(
            self,
            points=np.concatenate([self.points, added]),
            labels=np.concatenate([self.labels, new_labels]),
            serials=np.concatenate([self.serials, serials]),
        )

    def without(self, mask: NDArray[np.bool_]) -> Dataset:
        """This dataset less the points where `mask`, bool ndarray of shape (n_samples,), is true."""
        keep = ~mask
        return replace(self, points=self.points[keep], labels=self.labels[keep], serials=self.serials[keep])

    def cleared(self) -> Dataset:
        """The same classes without points."""
        return self.without(np.ones(len(self), dtype=bool))

    def with_class(self, name: str | None = None) -> Dataset:
        """This dataset and one more class, in a colour no other class has; it has no points yet."""
        colour = next((colour for colour in range(MAX_CLASSES) if colour not in self.colours), MAX_CLASSES)
        name = free_name(colour, self.class_names) if name is None else name
        return replace(self, class_names=(*self.class_names, name), colours=(*self.colours, colour))

    def without_class(self, label: int) -> Dataset:
        """This dataset less one class and its points; higher labels move down by one, colours stay with their class."""
        keep = self.labels != label
        labels = self.labels[keep]
        return replace(
            self,
            points=self.points[keep],
            labels=labels - (labels > label),
            class_names=self.class_names[:label] + self.class_names[label + 1 :],
            serials=self.serials[keep],
            colours=self.colours[:label] + self.colours[label + 1 :],
        )

    def renamed(self, label: int, name: str) -> Dataset:
        """This dataset with another name for one class."""
        return replace(self, class_names=(*self.class_names[:label], name, *self.class_names[label + 1 :]))


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


COLOUR_NAMES = ("Blue", "Orange", "Green", "Pink", "Sky blue", "Vermilion", "Yellow", "Grey")


def default_names(n_classes: int) -> tuple[str, ...]:
    """The names classes have until they are renamed: the names of their colours on screen."""
    if not MIN_CLASSES <= n_classes <= MAX_CLASSES:
        raise DatasetError(f"The number of classes is {n_classes}; it must be {MIN_CLASSES} to {MAX_CLASSES}.")
    return COLOUR_NAMES[:n_classes]


def free_name(colour: int, names: Iterable[str]) -> str:
    """A name for one more class that none of `names` has: that of its colour, if it is free."""
    taken = set(names)
    candidates = (*COLOUR_NAMES[colour : colour + 1], *(f"Class {number}" for number in range(1, MAX_CLASSES + 2)))
    return next(name for name in candidates if name not in taken)


def checked_points(points: ArrayLike) -> NDArray[np.float32]:
    """A float32 copy of `points`, or a DatasetError that says what is wrong with them."""
    try:
        with np.errstate(over="ignore"):
            array = np.array(points, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise DatasetError("The points are not a table of numbers with one row a point.") from error
    if array.ndim != 2 or array.shape[1] < 1:
        raise DatasetError(
            f"The points have shape {array.shape}; they must be a table with one row a point and one column a feature."
        )
    if len(array) > MAX_POINTS:
        raise DatasetError(f"There are {len(array):,} points; at most {MAX_POINTS:,} are possible.")
    finite = np.isfinite(array).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise DatasetError(f"Point number {row + 1} is {array[row].tolist()}; coordinates must be finite numbers.")
    return array


def checked_labels(labels: ArrayLike) -> NDArray[np.int64]:
    """An int64 copy of `labels`, or a DatasetError that says what is wrong with them."""
    array = np.asarray(labels)
    if array.ndim != 1:
        raise DatasetError(f"The labels have shape {array.shape}; they must be one whole number a point.")
    if array.size and not (
        np.issubdtype(array.dtype, np.integer)
        or (np.issubdtype(array.dtype, np.floating) and np.all(array == np.floor(array)))
    ):
        raise DatasetError("Labels must be whole numbers, counted from 0.")
    if array.size and not (array.min() >= 0 and array.max() < MAX_CLASSES):  # before the cast, which would wrap
        wrong = array[(array < 0) | (array >= MAX_CLASSES)][0]
        raise DatasetError(f"Label {wrong} names no class; labels go from 0 to {MAX_CLASSES - 1}.")
    return np.array(array, dtype=np.int64)


def check_fit(points: NDArray[np.float32], labels: NDArray[np.int64], names: tuple[str, ...]) -> None:
    """Raise a DatasetError if there is not one label a point and one name a label."""
    if len(points) != len(labels):
        raise DatasetError(f"There are {len(points)} points but {len(labels)} labels; each point needs one label.")
    if len(labels) and labels.max() >= len(names):
        raise DatasetError(f"Label {labels.max()} names no class; labels go from 0 to {len(names) - 1}.")


def checked_names(names: Iterable[str]) -> tuple[str, ...]:
    """The class names without surrounding blanks, or a DatasetError that says what is wrong with them."""
    if isinstance(names, str) or not all(isinstance(name, str) for name in names):
        raise DatasetError("Class names must be a list of texts.")
    clean = tuple(name.strip() for name in names)
    if not MIN_CLASSES <= len(clean) <= MAX_CLASSES:
        raise DatasetError(f"There are {len(clean)} classes; there must be {MIN_CLASSES} to {MAX_CLASSES}.")
    for name in clean:
        if not name:
            raise DatasetError("A class name is empty; every class needs a name.")
        if len(name) > MAX_NAME_LENGTH:
            raise DatasetError(f"The class name “{name[:20]}…” is too long; at most {MAX_NAME_LENGTH} characters.")
        if not name.isprintable():
            raise DatasetError(f"The class name {name!r} has characters that cannot be shown.")
        if clean.count(name) > 1:
            raise DatasetError(f"Two classes are named “{name}”; names must differ.")
    return clean


def checked_colours(colours: Iterable[int] | None, n_classes: int) -> tuple[int, ...]:
    """One colour number for each class, or a DatasetError that says what is wrong with them."""
    if colours is None:
        return tuple(range(n_classes))
    try:
        clean = tuple(operator.index(colour) for colour in colours)
    except TypeError as error:
        raise DatasetError("The colours of the classes must be a list of whole numbers.") from error
    if len(clean) != n_classes or len(set(clean)) != n_classes or not all(0 <= c < MAX_CLASSES for c in clean):
        raise DatasetError(f"Each class needs a colour number of its own, 0 to {MAX_CLASSES - 1}; they are {clean}.")
    return clean
