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

SETTINGS, WEIGHTS = "settings", "weights"
MAX_SETTINGS_BYTES = 2**20
MAX_RUN_BYTES = 2**21
"""The most bytes of the state of a run that are kept for recovery: writing them holds the interpreter for 10 ms."""
MAX_WEIGHTS_BYTES = 4 * MAX_RUN_BYTES  # as text, which takes a third more, with room for later versions


def write_recovery(
    path: str | os.PathLike[str],
    experiment: Experiment,
    document: str | None,
    weights: Sequence[Mapping[str, Any]] | None = None,
) -> None:
    """Write an experiment, the path of its document, or None if it has none yet, and `weights` as for a document.

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
        replace_file(path, packed(arrays), durable=False, private=True)
    except InputError as error:
        raise ExperimentError(error.message) from error


def read_recovery(path: str | os.PathLike[str]) -> tuple[Experiment, str | None, object]:
    """The experiment, the path of its document, None if it had none, and what stands in the place of the weights.

    Raises:
        ExperimentError: the file cannot be read or is damaged.
    """
    try:
        content = read_file(path, MAX_FILE_BYTES)
    except FileError as error:
        raise ExperimentError(error.message) from error
    try:
        arrays = unpacked(content, OWN_SIZES | {SETTINGS: MAX_SETTINGS_BYTES, WEIGHTS: MAX_WEIGHTS_BYTES})
        settings, weights = arrays.pop(SETTINGS, None), arrays.pop(WEIGHTS, None)
        if settings is None or settings.dtype != np.uint8 or (weights is not None and weights.dtype != np.uint8):
            raise ExperimentError("its settings are missing or damaged.")
        table = checked_format(parsed(settings.tobytes()))
        document = table.get("document")
        if not (document is None or isinstance(document, str)):
            raise ExperimentError("the path of the document is not a text.")
        kept = None if weights is None else parsed(weights.tobytes())
        return experiment_from(from_arrays(arrays), table), document, kept
    except InputError as error:
        raise ExperimentError(
            "“{name}” cannot be restored: {error}", name=shown(Path(path).name), error=error
        ) from error
