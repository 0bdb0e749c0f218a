"""Recovery files: an experiment under work, written so often that it must be quick."""

from __future__ import annotations

import json
import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from engine.errors import InputError, shown
from engine.experiment import (
    Experiment,
    ExperimentError,
    checked_format,
    experiment_from,
    format_of,
    lanes_as_json,
)
from engine.files.json_text import parsed
from engine.files.npy_arrays import packed, unpacked
from engine.files.whole_files import FileError, read_file, replace_file
from engine.formats.npz import MAX_FILE_BYTES, OWN_SIZES, as_arrays, from_arrays

SETTINGS, WEIGHTS, RUNS = "settings", "weights", "runs"
MAX_SETTINGS_BYTES = 2**20
MAX_RUN_BYTES = 2**21
"""The most bytes of the state of a run that are kept for recovery: writing them holds the interpreter for 10 ms."""
MAX_WEIGHTS_BYTES = 4 * MAX_RUN_BYTES  # as text, which takes a third more, with room for later versions
MAX_RUNS_BYTES = 4 * MAX_RUN_BYTES


def write_recovery(
    path: str | os.PathLike[str],
    experiment: Experiment,
    document: str | None,
    weights: Sequence[Mapping[str, Any]] | None = None,
    runs: Mapping[str, Any] | None = None,
) -> None:
    """Write an experiment, the path of its document, or None if it has none, `weights` and `runs` as for a document.

    A process that is killed meanwhile leaves the old file or the new one; it is not waited for the disk, so that a
    power failure may take it.

    Raises:
        ExperimentError: the file could not be written.
    """
    table = {
        "format": format_of(experiment),
        "title": experiment.title,
        "document": document,
        **lanes_as_json(experiment),
    }
    settings = json.dumps(table)
    try:
        arrays = as_arrays(experiment.dataset) | {SETTINGS: np.frombuffer(settings.encode("ascii"), dtype=np.uint8)}
        if weights is not None:
            arrays[WEIGHTS] = np.frombuffer(json.dumps(list(weights)).encode("ascii"), dtype=np.uint8)
        if runs is not None:
            arrays[RUNS] = np.frombuffer(json.dumps(runs).encode("ascii"), dtype=np.uint8)
        replace_file(path, packed(arrays), durable=False, private=True)
    except InputError as error:
        raise ExperimentError(error.message) from error


def read_recovery(path: str | os.PathLike[str]) -> tuple[Experiment, str | None, object, object]:
    """The experiment, the path of its document, None if it had none, and what stands in the places of weights and runs.

    Raises:
        ExperimentError: the file cannot be read or is damaged.
    """
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError as error:
        raise ExperimentError(error.message) from error
    try:
        sizes = {SETTINGS: MAX_SETTINGS_BYTES, WEIGHTS: MAX_WEIGHTS_BYTES, RUNS: MAX_RUNS_BYTES}
        arrays = unpacked(content, OWN_SIZES | sizes)
        settings, weights, runs = (arrays.pop(name, None) for name in sizes)
        if settings is None or any(part is not None and part.dtype != np.uint8 for part in (settings, weights, runs)):
            raise ExperimentError("its settings are missing or damaged.")
        table = checked_format(parsed(settings.tobytes()))
        document = table.get("document")
        if not (document is None or isinstance(document, str)):
            raise ExperimentError("the path of the document is not a text.")
        kept_weights, kept_runs = (None if part is None else parsed(part.tobytes()) for part in (weights, runs))
        return experiment_from(from_arrays(arrays), table), document, kept_weights, kept_runs
    except InputError as error:
        raise ExperimentError(
            "“{name}” cannot be restored: {error}", name=shown(Path(path).name), error=error
        ) from error
