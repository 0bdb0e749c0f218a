"""Experiments, and the one file format: JSON with a format number."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from itertools import chain
from pathlib import Path
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.config import SETTINGS, TrainingConfig
from engine.data.features import features_of
from engine.data.projection import Projection
from engine.data.shares import Role, roles_of, shares_of
from engine.data.targets import Target
from engine.dataset import MAX_POINTS, Dataset
from engine.errors import InputError, as_typed, shown, shown_path
from engine.files.decimals import shortest_decimals
from engine.files.json_fields import array_in, as_table, holds, list_in, no_table, plain
from engine.files.json_pieces import pieces_of
from engine.files.json_text import parsed
from engine.files.whole_files import MAX_VALUES, FileError, read_file, replace_file
from engine.messages import mark, message
from engine.settings import ConfigError

FORMAT = 1
WITH_WEIGHTS = 2  # of documents that keep trained networks, too; older versions would lose them
WITH_VALUES = 3  # of documents whose points have values to be learned, which older versions take for classes
WITH_RUNS = 4  # of documents with best networks, runs, or looks at the test, which older versions would lose
MAX_LANES = 4
MAX_FILE_BYTES = 256 * 2**20
MAX_TITLE_LENGTH = 200
SHARED_SETTINGS = tuple(name for name, row in SETTINGS.items() if row.is_shared)
"""So that lanes are trained on the same split in the same batches."""
MAX_SERIAL = 2**53
COUNTED = 2**22  # bytes that are looked through in one call, which holds the interpreter's lock
MAX_SIGNS: dict[bytes, tuple[str, int]] = {
    b"[": (mark("it has {count:,} lists; at most {most:,} are possible."), MAX_POINTS + 70_000),
    b"{": (mark("it has {count:,} tables; at most {most:,} are possible."), 80_000),
    b",": (mark("it has {count:,} values; at most {most:,} are possible."), MAX_VALUES + 2 * MAX_POINTS + 600_000),
    b'"': (mark("it has {count:,} quotation marks; at most {most:,} are possible."), 800_000),
}
"""The most signs of a kind that the largest file possible needs, and the complaint about more, which costs memory."""


class ExperimentError(InputError):
    """A file or a value that is no experiment; the message is a sentence a user can act on."""


@dataclass(frozen=True)
class Experiment:
    """The content of a file: a dataset, and one to four lanes that are trained on it in lock-step.

    Attributes:
        lane_colours: of each lane the number of its colour, below `MAX_LANES`, which it keeps when others come and go.
            What is missing here is filled with the lowest numbers that are free, what is too much is left out.
        test_looks: how often the result on the points of the test was looked at.
    """

    dataset: Dataset
    lanes: tuple[TrainingConfig, ...] = (TrainingConfig(),)
    title: str = ""
    lane_colours: tuple[int, ...] = ()
    test_looks: int = 0

    def __post_init__(self) -> None:
        if not 1 <= len(self.lanes) <= MAX_LANES:
            raise ExperimentError(
                "There are {n_lanes} lanes; there must be 1 to {most}.", n_lanes=len(self.lanes), most=MAX_LANES
            )
        if len(self.title) > MAX_TITLE_LENGTH:
            raise ExperimentError(
                "The title has {n_title} characters; {most} are possible.",
                n_title=len(self.title),
                most=MAX_TITLE_LENGTH,
            )
        for lane in self.lanes:
            features_of(lane, self.dataset.n_inputs)
            if not self.dataset.has_values:
                lane.resolved_output(self.dataset.n_classes)
        kept = self.lane_colours[: len(self.lanes)]
        if len(set(kept)) < len(kept) or not set(kept) <= set(range(MAX_LANES)):
            raise ExperimentError(
                "Each lane needs a colour number of its own, 0 to {largest}; they are {kept}.",
                largest=MAX_LANES - 1,
                kept=as_typed(kept),
            )
        free = [colour for colour in range(MAX_LANES) if colour not in kept]
        object.__setattr__(self, "lane_colours", (*kept, *free[: len(self.lanes) - len(kept)]))

    def with_dataset(self, dataset: Dataset) -> Experiment:
        """This experiment on other data."""
        return replace(self, dataset=dataset)

    def with_lane(self, index: int, config: TrainingConfig) -> Experiment:
        """This experiment with another config in one lane; what all lanes must share, all get from it."""
        shared = {name: getattr(config, name) for name in SHARED_SETTINGS}
        lanes = (config if i == index else replace(lane, **shared) for i, lane in enumerate(self.lanes))
        return replace(self, lanes=tuple(lanes))

    def without_lane(self, index: int) -> Experiment:
        """This experiment with one lane less; the others keep their colours."""
        lanes, colours = list(self.lanes), list(self.lane_colours)
        del lanes[index], colours[index]
        return replace(self, lanes=tuple(lanes), lane_colours=tuple(colours))

    def goes_on_from(self, other: Experiment) -> bool:
        """True if a run of `other` can go on as this experiment; if not, a new run starts.

        Classes in another order, or more than one with another name, are other classes to the network.
        """
        names = zip(self.dataset.class_names, other.dataset.class_names, strict=False)
        return (
            self.dataset.target is other.dataset.target
            and self.dataset.n_classes == other.dataset.n_classes
            and sum(mine != theirs for mine, theirs in names) <= 1
            and self.dataset.n_features == other.dataset.n_features
            and len(self.lanes) == len(other.lanes)
            and all(new.keeps_weights_of(old) for new, old in zip(self.lanes, other.lanes, strict=True))
        )

    def obstacle(self) -> Obstacle | None:
        """The reason why this cannot be trained, or None if it can."""
        if not len(self.dataset):
            return Obstacle.NO_POINTS
        for lane in self.lanes:
            is_training = roles_of(self.dataset.serials, shares_of(lane)) == Role.TRAINING
            training = self.dataset.labels[is_training]
            if self.dataset.has_values and not np.ptp(self.dataset.points[is_training, 0]) > 0:
                return Obstacle.ONE_X
            if not self.dataset.has_values and len(np.unique(training)) < 2:
                return Obstacle.ONE_CLASS
            try:
                lane.check_batch(len(training))
            except ConfigError:
                return Obstacle.LARGE_BATCH
        return None


class Obstacle(StrEnum):
    """A fact that stands in the way of training."""

    NO_POINTS = "no_points"
    ONE_CLASS = "one_class"
    ONE_X = "one_x"  # where values are learned
    LARGE_BATCH = "large_batch"  # too large for batch normalization


def save(
    path: str | os.PathLike[str],
    experiment: Experiment,
    weights: Sequence[Mapping[str, Any]] | None = None,
    runs: Mapping[str, Any] | None = None,
) -> None:
    """Write an experiment; a file that was there before stays whole until the new one is.

    Args:
        path: of the file.
        experiment: to be written.
        weights: of its lanes, as `engine.run.lane_file` makes them, if they are to be kept; none while there are none.
        runs: that were trained, as `engine.run.past.run_file` makes them, if there are any.

    Raises:
        ExperimentError: the file could not be written.
    """
    table = _content(experiment)
    if weights is not None:
        least = WITH_RUNS if any("best" in lane for lane in weights) else WITH_WEIGHTS if weights else FORMAT
        table |= {"format": max(table["format"], least), "weights": list(weights)}
    if runs is not None:
        table |= {"format": WITH_RUNS, "runs": runs}
    # half a surrogate pair in a title becomes its escape, which is JSON's too
    content = b"".join(piece.encode("utf-8", errors="backslashreplace") for piece in pieces_of(table))
    try:
        _check_size(content)
    except ExperimentError as error:
        raise ExperimentError(
            "“{path}” could not be saved: {error} Remove some points.", path=shown_path(path), error=error
        ) from error
    try:
        replace_file(path, content)
    except FileError as error:
        raise ExperimentError(error.message) from error


def load(path: str | os.PathLike[str]) -> Experiment:
    """Read an experiment.

    Raises:
        ExperimentError: the file cannot be read or holds no experiment; says what and where.
    """
    return load_whole(path)[0]


def load_whole(path: str | os.PathLike[str]) -> tuple[Experiment, object, object]:
    """Read an experiment, and what stands in the places of weights and runs, unchecked; None if there is nothing.

    Raises:
        ExperimentError: the file cannot be read or holds no experiment; says what and where.
    """
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError as error:
        raise ExperimentError(error.message) from error
    try:
        _check_size(content)
        table = parsed(content)
        return from_json(table), table.get("weights"), table.get("runs")
    except InputError as error:
        raise ExperimentError(
            "“{name}” is not an experiment: {error}", name=shown(Path(path).name), error=error
        ) from error


def _check_size(content: bytes) -> None:
    """Refuse what would take much memory when it is parsed, before it is."""
    if len(content) > MAX_FILE_BYTES:
        raise ExperimentError(
            "it is {size:,.0f} MB large; at most {most} MB can be read.",
            size=len(content) / 2**20,
            most=MAX_FILE_BYTES >> 20,
        )
    for sign, (template, most) in MAX_SIGNS.items():
        count = sum(content.count(sign, first, first + COUNTED) for first in range(0, len(content), COUNTED))
        if count > most:
            raise ExperimentError(template, count=count, most=most)


def as_json(experiment: Experiment) -> dict[str, Any]:
    """The experiment as what JSON can hold; `from_json` gives the same experiment back, bit for bit."""
    content = _content(experiment)
    data = content["dataset"].items()
    return content | {"dataset": {name: plain(value) for name, value in data}}


def _content(experiment: Experiment) -> dict[str, Any]:
    """`as_json`, with arrays for points, labels and serials."""
    dataset = experiment.dataset
    data: dict[str, Any] = {
        "class_names": list(dataset.class_names),
        "points": shortest_decimals(dataset.points),
        "labels": dataset.labels,
        "serials": dataset.serials,
        "colours": list(dataset.colours),
    }
    if dataset.feature_names:
        data["feature_names"] = list(dataset.feature_names)
    if dataset.has_values:
        data["target"] = dataset.target.value
    if (plane := dataset.projection) is not None:
        data["projection"] = {
            "mean": plane.mean.tolist(),
            "scale": plane.scale.tolist(),
            "axes": plane.axes.tolist(),
            "explained": list(plane.explained),
        }
    return {
        "format": format_of(experiment),
        "title": experiment.title,
        "dataset": data,
        **lanes_as_json(experiment),
    }


def format_of(experiment: Experiment) -> int:
    """The number of the format of a document without weights and runs."""
    if experiment.test_looks:
        return WITH_RUNS
    return WITH_VALUES if experiment.dataset.has_values else FORMAT


def lanes_as_json(experiment: Experiment) -> dict[str, Any]:
    """The lanes as they stand in a file, and how often the test was looked at."""
    lanes = [asdict(lane) for lane in experiment.lanes]
    table = {"lanes": lanes, "lane_colours": list(experiment.lane_colours)}
    return table | ({"test_looks": experiment.test_looks} if experiment.test_looks else {})


def from_json(content: Any) -> Experiment:
    """The experiment that `as_json` described.

    Raises:
        InputError: something is missing, unknown or out of its range.
    """
    table = checked_format(content)
    return experiment_from(
        _dataset(as_table(table.get("dataset"), no_table("dataset"))),
        table,
    )


def checked_format(content: Any) -> dict[str, Any]:
    """The table in a file, if its format is one this version reads; else an ExperimentError."""
    table = as_table(content, message("the file is missing or not a table of names and values."))
    number = table.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ExperimentError("it has no format number; it was not saved by Marz.")
    if number > WITH_RUNS:
        raise ExperimentError(
            "it was saved by a newer version (format {number}); this one reads up to {newest}.",
            number=as_typed(number),
            newest=WITH_RUNS,
        )
    return table


def experiment_from(dataset: Dataset, table: dict[str, Any]) -> Experiment:
    """The experiment of a dataset, and of the lanes and the title in a table."""
    lanes = list_in(table, "lanes")
    title = table.get("title", "")
    if not isinstance(title, str):
        raise ExperimentError("“title” is not a text.")
    colours = list_in(table, "lane_colours") if "lane_colours" in table else []  # earlier versions had none
    if not all(type(colour) is int for colour in colours):
        raise ExperimentError("“lane_colours” has something that is no whole number.")
    configs = tuple(_config(lane, index) for index, lane in enumerate(lanes))
    looks = table.get("test_looks", 0)
    if type(looks) is not int or not 0 <= looks <= MAX_SERIAL:
        raise ExperimentError("“test_looks” is no whole number of looks.")
    return Experiment(dataset, configs, title, tuple(colours), looks)


def check_places(dataset: Dataset) -> None:
    """Raise an ExperimentError if the plane of a file shows its points nowhere."""
    if dataset.projection is not None:
        with np.errstate(all="ignore"):
            if not np.isfinite(dataset.projection.to_plane(dataset.points)).all():
                raise ExperimentError("the plane the points are shown on does not fit them: it shows some at infinity.")


def checked_serials(serials: NDArray[np.int64]) -> NDArray[np.int64]:
    """Serial numbers that leave room for those of more points; else an ExperimentError."""
    if serials.size and serials.max() > MAX_SERIAL:
        raise ExperimentError(
            "the serial number {serial} is too large; at most {most} is possible.",
            serial=serials.max(),
            most=MAX_SERIAL,
        )
    return serials


def _dataset(data: dict[str, Any]) -> Dataset:
    points, labels = array_in(data, "points", 2), array_in(data, "labels", 1)
    serials = array_in(data, "serials", 1) if data.get("serials") is not None else None
    class_names = list_in(data, "class_names")
    feature_names = list_in(data, "feature_names") if "feature_names" in data else []
    projection = _projection(as_table(data["projection"], no_table("projection"))) if "projection" in data else None
    if isinstance(points, list) and not (holds(points, list) and holds(chain.from_iterable(points), int, float)):
        raise ExperimentError("the points are not lists of the right kind: something in them is no number.")
    if not (holds(labels, int, float) and holds(() if serials is None else serials, int)):
        raise ExperimentError("the labels or serials are not lists of the right kind: they must be whole numbers.")
    n_features = projection.n_features if projection else len(feature_names) or 2
    try:
        dataset = Dataset(
            np.asarray(points, dtype=np.float64) if len(points) else np.empty((0, n_features)),  # type: ignore[arg-type]  # converted there
            np.asarray(labels, dtype=None if len(labels) else np.int64),
            tuple(class_names),
            None if serials is None else checked_serials(np.asarray(serials, dtype=np.int64)),  # type: ignore[arg-type]
            plain(data.get("colours")),  # checked there
            tuple(feature_names),
            projection,
            data.get("target", Target.CLASSES),
        )
    except InputError:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        raise ExperimentError("the points, labels or serials are not lists of the right kind.") from error
    check_places(dataset)
    return dataset


def _projection(plane: dict[str, Any]) -> Projection:
    mean, scale, axes, explained = (list_in(plane, name) for name in ("mean", "scale", "axes", "explained"))
    rows = chain.from_iterable(axes) if holds(axes, list) else ["no rows"]
    if not holds(chain(mean, scale, explained, rows), int, float):
        raise ExperimentError("“projection” has something in its lists that is no number.")
    try:
        with np.errstate(all="ignore"):  # a square that is too large fails the check
            return Projection(np.array(mean), np.array(scale), np.array(axes), tuple(explained))
    except (ValueError, OverflowError) as error:
        if isinstance(error, InputError):
            raise
        raise ExperimentError("“projection” has lists of different lengths or a number that is too large.") from error


def _config(value: Any, index: int) -> TrainingConfig:
    table = as_table(value, message("lane {number} is missing or not a table of names and values.", number=index + 1))
    unknown = sorted(set(table) - {field.name for field in fields(TrainingConfig)})
    if unknown:
        raise ExperimentError(
            "lane {number} has a setting “{name}” that this version does not know.",
            number=index + 1,
            name=shown(unknown[0], 40),
        )
    return TrainingConfig(**{name: plain(setting) for name, setting in table.items()})
