"""NPZ files: the arrays of a dataset, and those of others that hold points with labels. Never with pickle."""

from __future__ import annotations

import os
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.data.precision import in_single_precision
from engine.data.projection import Projection, plane_for
from engine.dataset import MAX_CLASSES, MAX_POINTS, Dataset, default_names
from engine.errors import InputError, as_typed, shown
from engine.experiment import check_places, checked_serials
from engine.files.npy_arrays import Array, packed, unpacked
from engine.files.whole_files import MAX_VALUES, FileError, read_file, replace_file
from engine.formats.table_reading import TablePoints, named_classes
from engine.messages import mark

MAX_FILE_BYTES = 256 * 2**20
MAX_FEATURES = 1_000
PLANE = {"mean": MAX_FEATURES, "scale": MAX_FEATURES, "axes": 2 * MAX_FEATURES, "explained": 2}
LEARNED = "learned"
"""The array that says what is to be learned, if it is values; what others call target are labels."""
OWN_SIZES = {
    **{"points": MAX_VALUES, "labels": MAX_POINTS, "class_names": MAX_CLASSES, "serials": MAX_POINTS},
    **{"colours": MAX_CLASSES, "feature_names": MAX_FEATURES, LEARNED: 1},
    **{f"projection_{name}": size for name, size in PLANE.items()},
}
"""The arrays of a dataset and how many values each has at most; what has more is refused before it is unpacked."""
POINT_NAMES = ("points", "X", "x", "data")
LABEL_NAMES = ("labels", "y", "label", "target")
SIZES = {**dict.fromkeys(LABEL_NAMES, MAX_POINTS), **dict.fromkeys(POINT_NAMES, MAX_VALUES), **OWN_SIZES}
BLOCK = 2**16


class NpzError(InputError):
    """A file that holds no points; the message says what is wrong and what to do."""


def save_npz(path: str | os.PathLike[str], dataset: Dataset) -> None:
    """Write a dataset; a file that was there stays whole until the new one is.

    Raises:
        NpzError: the file could not be written.
    """
    try:
        replace_file(path, packed(as_arrays(dataset)))
    except FileError as error:
        raise NpzError(error.message) from error


def load_npz(path: str | os.PathLike[str]) -> Dataset:
    """The points of `read_npz`, of which there is nothing to tell if `save_npz` wrote them."""
    return read_npz(path).dataset


def read_npz(path: str | os.PathLike[str]) -> TablePoints:
    """Read a dataset, or the arrays points and labels, X and y, or x and y of another program.

    Points are a table with a row for each; x and y may be coordinates too, if there are labels besides. Labels may be
    any whole numbers or texts; without labels all points are of one class.

    Raises:
        NpzError: the file cannot be read or holds no points; says why.
    """
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError as error:
        raise NpzError(error.message) from error
    try:
        return points_from_arrays(unpacked(content, SIZES))
    except InputError as error:
        raise NpzError(
            "“{name}” holds no points that can be read: {reason}", name=shown(Path(path).name), reason=error
        ) from error


def as_arrays(dataset: Dataset) -> dict[str, Array]:
    """The dataset as arrays by name; `from_arrays` gives the same dataset back.

    Raises:
        NpzError: it has more numbers than could be read again.
    """
    if dataset.points.size > MAX_VALUES:
        raise NpzError(
            "The points have {n_coordinates:,} coordinates; at most {most:,} can be saved.",
            n_coordinates=dataset.points.size,
            most=MAX_VALUES,
        )
    if dataset.n_features > MAX_FEATURES:
        raise NpzError(
            "The points have {n_features:,} features; at most {most:,} can be saved.",
            n_features=dataset.n_features,
            most=MAX_FEATURES,
        )
    arrays: dict[str, Array] = {
        "points": dataset.points,
        "labels": dataset.labels,
        "class_names": np.array(dataset.class_names),
        "serials": dataset.serials,
        "colours": np.array(dataset.colours, dtype=np.int64),
    }
    if dataset.feature_names:
        arrays["feature_names"] = np.array(dataset.feature_names)
    if dataset.has_values:
        arrays[LEARNED] = np.array([dataset.target.value])
    if (plane := dataset.projection) is not None:
        arrays |= {f"projection_{name}": np.asarray(getattr(plane, name)) for name in PLANE}
    return arrays


def from_arrays(arrays: dict[str, Array]) -> Dataset:
    """The dataset that `as_arrays` described, or that of other points and labels.

    Raises:
        InputError: something is missing or out of its range.
    """
    return points_from_arrays(arrays).dataset


def points_from_arrays(arrays: dict[str, Array]) -> TablePoints:
    """The dataset of `from_arrays`, with what there is to tell of its numbers."""
    wide, labels = _points(arrays)
    feature_names = _texts(arrays, "feature_names")
    n_features = wide.shape[1]
    told_names = feature_names if len(feature_names) == n_features else [f"x{i + 1}" for i in range(n_features)]
    points, told = in_single_precision(wide, told_names)
    return TablePoints(_dataset(arrays, points, labels, feature_names), 0, tuple(told))


def _dataset(
    arrays: dict[str, Array], points: NDArray[np.float32], labels: Array | None, feature_names: tuple[str, ...]
) -> Dataset:
    if "class_names" not in arrays:
        names, labels = _classes(labels, len(points))
        return Dataset(points, labels, names, feature_names=feature_names, projection=plane_for(points))
    if labels is None:
        raise NpzError("there are class names but no labels.")
    colours, serials = arrays.get("colours"), arrays.get("serials")
    if not all(array is None or (array.ndim == 1 and array.dtype.kind in "iu") for array in (colours, serials)):
        raise NpzError("“colours” and “serials” must be lists of whole numbers.")
    dataset = Dataset(
        points,
        labels,
        _texts(arrays, "class_names"),
        None if serials is None else checked_serials(serials),  # type: ignore[arg-type]  # numbered in the order given
        None if colours is None else tuple(colours.tolist()),  # type: ignore[arg-type]  # in order
        feature_names,
        _projection(arrays),
        *_texts(arrays, LEARNED),  # type: ignore[arg-type]  # checked there
    )
    check_places(dataset)
    return dataset


def _points(arrays: dict[str, Array]) -> tuple[Array, Array | None]:
    """The points as they are, and the labels if there are any."""
    x, y, labels = arrays.get("x"), arrays.get("y"), next((arrays[n] for n in LABEL_NAMES if n in arrays), None)
    if x is not None and y is not None and x.ndim == y.ndim == 1 and len(x) == len(y):
        points = np.stack([_numbers("x", x), _numbers("y", y)], axis=1)
        return points, next((arrays[name] for name in LABEL_NAMES if name in arrays and name != "y"), None)
    name = next((name for name in POINT_NAMES if name in arrays), None)
    if name is None:
        raise NpzError("it has no array called points or X.")
    found = arrays[name]
    if found.ndim != 2 or not 2 <= found.shape[1] <= MAX_FEATURES:
        raise NpzError(
            "“{name}” has shape {shape}; it must be a table with a row for each point and 2 to {most:,} columns.",
            name=name,
            shape=as_typed(found.shape),
            most=MAX_FEATURES,
        )
    return _numbers(name, found), labels


def _numbers(name: str, values: Array) -> Array:
    if values.dtype.kind not in "fiu":
        raise NpzError("“{name}” holds no numbers.", name=name)
    return values


def _classes(labels: Array | None, n_points: int) -> tuple[tuple[str, ...], NDArray[np.int64]]:
    """Names for labels that are any whole numbers or texts, and the class of each point."""
    if labels is None:
        return default_names(2), np.zeros(n_points, dtype=np.int64)
    if labels.ndim == 2 and labels.shape[1] == 1:
        labels = labels[:, 0]
    if labels.ndim != 1 or len(labels) != n_points:
        raise NpzError(
            "the labels have shape {shape}; there must be one for each point, {n_points:,} in all.",
            shape=as_typed(labels.shape),
            n_points=n_points,
        )
    if labels.dtype.kind == "f":
        if not (
            np.isfinite(labels).all() and (labels == np.floor(labels)).all() and np.abs(labels).max(initial=0) < 2**53
        ):
            raise NpzError("the labels have numbers that are not whole; classes are needed.")
        labels = labels.astype(np.int64)
    values, codes = _numbered(labels)
    if not values:
        return default_names(2), codes
    names, places = named_classes(tuple(map(_as_text, values)), ".")
    return names, np.array(places, dtype=np.int64)[codes]


def _numbered(labels: Array) -> tuple[list[Any], NDArray[np.int64]]:
    """The different labels in the order in which they are met, and the place of each label among them."""
    known: dict[Any, int] = {}
    codes = np.empty(len(labels), dtype=np.int64)
    for start in range(0, len(labels), BLOCK):
        values, first, inverse = np.unique(labels[start : start + BLOCK], return_index=True, return_inverse=True)
        texts = values.tolist()
        for place in np.argsort(first):
            known.setdefault(texts[place], len(known))
        if len(known) > MAX_CLASSES:  # before the rest is looked at
            raise NpzError(
                mark("there are {n_labels:,} or more different labels; at most {most} are possible.")
                if start + BLOCK < len(labels)
                else mark("there are {n_labels:,} different labels; at most {most} are possible."),
                n_labels=len(known),
                most=MAX_CLASSES,
            )
        codes[start : start + BLOCK] = np.array([known[text] for text in texts])[inverse]
    return list(known), codes


def _as_text(value: Any) -> str:
    return value.decode("latin-1") if isinstance(value, bytes) else str(value)


def _texts(arrays: dict[str, Array], name: str) -> tuple[str, ...]:
    array = arrays.get(name)
    if array is None:
        return ()
    if array.ndim != 1 or array.dtype.kind != "U":
        raise NpzError("“{name}” is no list of texts.", name=name)
    return tuple(array.tolist())


def _projection(arrays: dict[str, Array]) -> Projection | None:
    parts = [arrays.get(f"projection_{name}") for name in PLANE]
    if all(part is None for part in parts):
        return None
    mean, scale, axes, explained = (None if p is None or p.dtype.kind != "f" else p for p in parts)
    if mean is None or scale is None or axes is None or explained is None:
        raise NpzError("the plane the points are shown on is not complete.")
    with np.errstate(all="ignore"):  # a square that is too large fails the check
        return Projection(mean, scale, axes, explained)  # type: ignore[arg-type]  # a pair of floats there
