"""The checks that points, labels, names and colours are fit for a dataset; an error says what is not."""

# Tests: tests/engine/test_dataset.py

from __future__ import annotations

import operator
from collections.abc import Iterable
from itertools import islice

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.data.names import can_be_shown
from engine.errors import InputError, as_typed, shown
from engine.messages import Message, counted, message

MIN_CLASSES = 2
MAX_CLASSES = 10
MAX_POINTS = 1_000_000
MAX_NAME_LENGTH = 40


class DatasetError(InputError):
    """Points, labels or class names that do not make a dataset."""


def checked_points(points: ArrayLike) -> NDArray[np.float32]:
    """A float32 copy of `points`, or a DatasetError that says what is wrong with them."""
    try:
        with np.errstate(over="ignore"):
            array = np.array(points, dtype=np.float32)
    except (TypeError, ValueError) as error:
        raise DatasetError("The points are not a table of numbers with one row a point.") from error
    if array.ndim != 2 or array.shape[1] < 1:
        raise DatasetError(
            "The points have shape {shape}; they must be a table with one row a point and one column a feature.",
            shape=as_typed(array.shape),
        )
    if len(array) > MAX_POINTS:
        raise DatasetError(
            "There are {n_points:,} points; at most {most:,} are possible.", n_points=len(array), most=MAX_POINTS
        )
    finite = np.isfinite(array).all(axis=1)
    if not finite.all():
        row = int(np.argmin(finite))
        raise DatasetError(
            "Point number {number} is {place}; coordinates must be finite numbers.",
            number=row + 1,
            place=as_typed(array[row].tolist()),
        )
    return array


def checked_labels(labels: ArrayLike) -> NDArray[np.int64]:
    """An int64 copy of `labels`, or a DatasetError that says what is wrong with them."""
    array = np.asarray(labels)
    if array.ndim != 1:
        raise DatasetError(
            "The labels have shape {shape}; they must be one whole number a point.", shape=as_typed(array.shape)
        )
    if array.size and not (
        np.issubdtype(array.dtype, np.integer)
        or (np.issubdtype(array.dtype, np.floating) and np.all(array == np.floor(array)))
    ):
        raise DatasetError("Labels must be whole numbers, counted from 0.")
    if array.size and not (array.min() >= 0 and array.max() < MAX_CLASSES):  # before the cast, which would wrap
        wrong = array[(array < 0) | (array >= MAX_CLASSES)][0]
        raise DatasetError(
            "Label {label} names no class; labels go from 0 to {largest}.",
            label=as_typed(wrong),
            largest=MAX_CLASSES - 1,
        )
    return np.array(array, dtype=np.int64)


def check_fit(points: NDArray[np.float32], labels: NDArray[np.int64], names: tuple[str, ...]) -> None:
    """Raise a DatasetError if there is not one label a point and one name a label."""
    if len(points) != len(labels):
        raise DatasetError(
            "Points and labels differ in number: {points}, {labels}. Each point needs one label.",
            points=counted("{n:,} point", "{n:,} points", len(points)),
            labels=counted("{n:,} label", "{n:,} labels", len(labels)),
        )
    if len(labels) and labels.max() >= len(names):
        raise DatasetError(
            "Label {label} names no class; labels go from 0 to {largest}.", label=labels.max(), largest=len(names) - 1
        )


def checked_names(names: Iterable[str]) -> tuple[str, ...]:
    """The class names without surrounding blanks, or a DatasetError that says what is wrong with them."""
    clean = tuple(name.strip() for name in _texts(names, message("Class names must be a list of texts.")))
    if not MIN_CLASSES <= len(clean) <= MAX_CLASSES:
        raise DatasetError(
            counted(
                "There is {n} class; there must be {least} to {most}.",
                "There are {n} classes; there must be {least} to {most}.",
                len(clean),
                least=MIN_CLASSES,
                most=MAX_CLASSES,
            )
        )
    for name in clean:
        if not name:
            raise DatasetError("A class name is empty; every class needs a name.")
        if len(name) > MAX_NAME_LENGTH:
            raise DatasetError(
                "The class name “{name}” is too long; at most {most} characters.",
                name=shown(name, 20),
                most=MAX_NAME_LENGTH,
            )
        if not can_be_shown(name):
            raise DatasetError("The class name {name} has characters that cannot be shown.", name=as_typed(name))
        if clean.count(name) > 1:
            raise DatasetError("Two classes are named “{name}”; names must differ.", name=name)
    return clean


def checked_colours(colours: Iterable[int] | None, n_classes: int) -> tuple[int, ...]:
    """One colour number for each class, or a DatasetError that says what is wrong with them."""
    if colours is None:
        return tuple(range(n_classes))
    try:
        clean = tuple(operator.index(colour) for colour in islice(colours, MAX_CLASSES + 1))
    except TypeError as error:
        raise DatasetError("The colours of the classes must be a list of whole numbers.") from error
    if len(clean) != n_classes or len(set(clean)) != n_classes or not all(0 <= c < MAX_CLASSES for c in clean):
        raise DatasetError(
            "Each class needs a colour number of its own, 0 to {largest}; they are {colours}.",
            largest=MAX_CLASSES - 1,
            colours=as_typed(clean),
        )
    return clean


def checked_feature_names(names: Iterable[str] | None, n_features: int) -> tuple[str, ...]:
    """No names, or one for each feature, or a DatasetError that says what is wrong with them."""
    clean = () if names is None else _texts(names, message("Feature names must be a list of texts."))
    if len(clean) not in (0, n_features):
        raise DatasetError(
            counted(
                "There is {n} feature name; there must be one for each of {n_features} features.",
                "There are {n} feature names; there must be one for each of {n_features} features.",
                len(clean),
                n_features=n_features,
            )
        )
    for name in clean:
        if len(name) > MAX_NAME_LENGTH or not can_be_shown(name):
            raise DatasetError(
                "The feature name {name} is too long or has characters that cannot be shown.", name=as_typed(name, 20)
            )
    return clean


def _texts(values: object, complaint: Message) -> tuple[str, ...]:
    texts = tuple(values) if isinstance(values, Iterable) and not isinstance(values, str) else (None,)
    if not all(isinstance(text, str) for text in texts):
        raise DatasetError(complaint)
    return texts
