"""Experiments, and the one file format: JSON with a format number."""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from dataclasses import asdict, dataclass, fields, replace
from enum import StrEnum
from pathlib import Path
from typing import Any, NoReturn

import numpy as np

from engine.config import ConfigError, TrainingConfig
from engine.dataset import Dataset
from engine.errors import InputError

FORMAT = 1
MAX_LANES = 4
MAX_FILE_BYTES = 32 * 2**20
MAX_TITLE_LENGTH = 200


class ExperimentError(InputError):
    """A file or a value that is no experiment; the message is a sentence a user can act on."""


@dataclass(frozen=True)
class Experiment:
    """What a file holds: a dataset, and one to four lanes that are trained on it in lock-step."""

    dataset: Dataset
    lanes: tuple[TrainingConfig, ...] = (TrainingConfig(),)
    title: str = ""

    def __post_init__(self) -> None:
        if not 1 <= len(self.lanes) <= MAX_LANES:
            raise ExperimentError(f"There are {len(self.lanes)} lanes; there must be 1 to {MAX_LANES}.")
        if len(self.title) > MAX_TITLE_LENGTH:
            raise ExperimentError(f"The title has {len(self.title)} characters; {MAX_TITLE_LENGTH} are possible.")
        for lane in self.lanes:
            lane.resolved_output(self.dataset.n_classes)

    def with_dataset(self, dataset: Dataset) -> Experiment:
        """This experiment on other data."""
        return replace(self, dataset=dataset)

    def with_lane(self, index: int, config: TrainingConfig) -> Experiment:
        """This experiment with another config in one lane."""
        return replace(self, lanes=tuple(config if i == index else lane for i, lane in enumerate(self.lanes)))

    def goes_on_from(self, other: Experiment) -> bool:
        """Whether a run of `other` can go on as this experiment; if not, a new run starts."""
        return (
            self.dataset.n_classes == other.dataset.n_classes
            and self.dataset.n_features == other.dataset.n_features
            and len(self.lanes) == len(other.lanes)
            and all(new.keeps_weights_of(old) for new, old in zip(self.lanes, other.lanes, strict=True))
        )

    def obstacle(self) -> Obstacle | None:
        """Why this cannot be trained, or None if it can."""
        if not len(self.dataset):
            return Obstacle.NO_POINTS
        for lane in self.lanes:
            training = self.dataset.labels[~self.dataset.validation_mask(lane.validation_fraction)]
            if len(np.unique(training)) < 2:
                return Obstacle.ONE_CLASS
            try:
                lane.check_batch(len(training))
            except ConfigError:
                return Obstacle.LARGE_BATCH
        return None


class Obstacle(StrEnum):
    """What stands in the way of training."""

    NO_POINTS = "no_points"
    ONE_CLASS = "one_class"
    LARGE_BATCH = "large_batch"  # too large for batch normalization


def save(path: str | os.PathLike[str], experiment: Experiment) -> None:
    """Write an experiment; a file that was there before stays whole until the new one is.

    Raises:
        ExperimentError: the file could not be written.
    """
    path = Path(path)
    temporary = path.parent / f".{path.name}.{os.getpid()}.tmp"
    try:
        # half a surrogate pair in a title becomes its escape, which is JSON's too
        with temporary.open("w", encoding="utf-8", errors="backslashreplace") as file:
            json.dump(as_json(experiment), file, ensure_ascii=False, separators=(",", ":"), allow_nan=False)
            file.flush()
            os.fsync(file.fileno())
        if path.exists():
            shutil.copymode(path, temporary)
        temporary.replace(path)
    except OSError as error:
        raise ExperimentError(f"“{path}” could not be saved: {error.strerror}. Choose another place.") from error
    finally:
        with contextlib.suppress(OSError):
            temporary.unlink()


def load(path: str | os.PathLike[str]) -> Experiment:
    """Read an experiment.

    Raises:
        ExperimentError: the file cannot be read or holds no experiment; says what and where.
    """
    path = Path(path)
    try:
        with path.open("rb") as file:
            content = file.read(MAX_FILE_BYTES + 1)
        if len(content) > MAX_FILE_BYTES:
            raise ExperimentError(f"it is larger than {MAX_FILE_BYTES // 2**20} MB")
        return from_json(json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant))
    except OSError as error:
        raise ExperimentError(f"“{path}” could not be read: {error.strerror}.") from error
    except UnicodeDecodeError as error:
        raise ExperimentError(f"“{path.name}” is not an experiment: it is not a text file.") from error
    except json.JSONDecodeError as error:
        where = f"line {error.lineno}, column {error.colno}"
        raise ExperimentError(f"“{path.name}” is not an experiment: it is not JSON ({error.msg}, {where}).") from error
    except RecursionError as error:
        raise ExperimentError(f"“{path.name}” is not an experiment: it is nested too deeply.") from error
    except InputError as error:
        raise ExperimentError(f"“{path.name}” is not an experiment: {error}") from error
    except ValueError as error:  # a whole number of thousands of digits
        raise ExperimentError(f"“{path.name}” is not an experiment: it has a number that cannot be read.") from error


def _no_constant(name: str) -> NoReturn:
    raise ExperimentError(f"it contains {name} where a finite number is needed.")


def as_json(experiment: Experiment) -> dict[str, Any]:
    """The experiment as what JSON can hold; `from_json` gives the same experiment back, bit for bit."""
    dataset = experiment.dataset
    return {
        "format": FORMAT,
        "title": experiment.title,
        "dataset": {
            "class_names": list(dataset.class_names),
            # the shortest decimal that stands for the float32
            "points": [[float(str(value)) for value in row] for row in dataset.points],
            "labels": dataset.labels.tolist(),
            "serials": dataset.serials.tolist(),
            "colours": list(dataset.colours),
        },
        "lanes": [asdict(lane) for lane in experiment.lanes],
    }


def from_json(content: Any) -> Experiment:
    """The experiment that `as_json` described.

    Raises:
        InputError: something is missing, unknown or out of its range.
    """
    table = _table(content, "the file")
    number = table.get("format")
    if not isinstance(number, int) or isinstance(number, bool) or number < 1:
        raise ExperimentError("it has no format number; it was not saved by Marz.")
    if number > FORMAT:
        raise ExperimentError(f"it was saved by a newer version (format {number}); this one reads up to {FORMAT}.")
    data = _table(table.get("dataset"), "“dataset”")
    serials = data.get("serials")
    points = data.get("points")
    try:
        array = np.empty((0, 2)) if points == [] else np.asarray(points)
        if array.dtype.kind not in "iuf" or (serials and np.asarray(serials).dtype.kind not in "iu"):
            raise ExperimentError(
                "the points or serials are not lists of the right kind: something in them is no number."
            )
        dataset = Dataset(
            array,  # type: ignore[arg-type]  # checked and converted there
            np.asarray(data.get("labels"), dtype=np.int64 if data.get("labels") == [] else None),
            data.get("class_names"),  # type: ignore[arg-type]  # checked there
            None if serials is None else np.asarray(serials, dtype=np.int64),  # type: ignore[arg-type]
            data.get("colours"),  # type: ignore[arg-type]  # checked there
        )
    except InputError:
        raise
    except (TypeError, ValueError, OverflowError) as error:
        raise ExperimentError("the points, labels or class names are not lists of the right kind.") from error
    lanes = table.get("lanes")
    if not isinstance(lanes, list):
        raise ExperimentError("“lanes” is missing or not a list.")
    title = table.get("title", "")
    if not isinstance(title, str):
        raise ExperimentError("“title” is not a text.")
    return Experiment(dataset, tuple(_config(lane, index) for index, lane in enumerate(lanes)), title)


def _table(value: Any, where: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise ExperimentError(f"{where} is missing or not a table of names and values.")
    return value


def _config(value: Any, index: int) -> TrainingConfig:
    table = _table(value, f"lane {index + 1}")
    unknown = sorted(set(table) - {field.name for field in fields(TrainingConfig)})
    if unknown:
        raise ExperimentError(f"lane {index + 1} has a setting “{unknown[0]}” that this version does not know.")
    return TrainingConfig(**table)
