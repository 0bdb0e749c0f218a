"""The kinds of files, and how they are read and written; without dialogs."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime
from enum import Enum, auto
from pathlib import Path

from engine.data.projection import principal_plane
from engine.dataset import Dataset, DatasetError
from engine.errors import InputError, shown
from engine.experiment import Experiment, load_whole
from engine.formats.npz import read_npz, save_npz
from engine.formats.tables import TablePoints, open_table, write_table
from engine.messages import Message, message
from engine.run.lane_file import WeightsError, memory_from
from engine.run.lane_state import RunMemory
from engine.run.past.run_file import runs_from
from engine.run.past.run_list import NO_RUNS, RunList
from gui.editing.document import Training, steps_of
from gui.editing.fingerprint import Fingerprint, fingerprint
from gui.text.language import say

LARGE_FILE = 2**20  # bytes
"""The size above which a file is read and written on a thread of its own."""


class Kind(Enum):
    """The kind of a file, by its suffix."""

    DOCUMENT = auto()
    TABLE = auto()
    NPZ = auto()


TABLE_SUFFIXES = (
    *(".csv", ".tsv", ".txt", ".tab", ".data", ".dat", ".asc", ".arff", ".libsvm", ".jsonl"),
    *(".xlsx", ".xlsm", ".xlsb", ".xls", ".ods"),
)
SUFFIXES = {**{".json": Kind.DOCUMENT, ".npz": Kind.NPZ}, **dict.fromkeys(TABLE_SUFFIXES, Kind.TABLE)}
DOCUMENT_BEGINNING = re.compile(rb'(?:\xef\xbb\xbf)?\s*\{\s*"format"')
NO_TEXT = re.compile(rb"[\x00-\x08\x0e-\x1f]")  # bytes that pictures and programs have, and no table
POINTS_BEGINNING = re.compile(rb"(?:\xef\xbb\xbf)?\s*\[")  # of JSON; a document is a table of names and values


def kind_of(path: str) -> Kind | None:
    """The kind that the name of a file promises; None if it is none that is known."""
    return SUFFIXES.get(Path(path).suffix.lower())


def kind_in(path: str) -> Kind:
    """The kind of a file that is to be read, also by its beginning: what is no other kind is tried as a table."""
    promised = kind_of(path)
    try:
        if not Path(path).is_file():  # a pipe may never give a byte
            return promised or Kind.TABLE
        with open(path, "rb") as file:
            beginning = file.read(1024)
    except (OSError, ValueError):
        return promised or Kind.TABLE  # reading it will tell why it cannot be read
    if promised is Kind.DOCUMENT and POINTS_BEGINNING.match(beginning):
        return Kind.TABLE
    return promised or (Kind.DOCUMENT if DOCUMENT_BEGINNING.match(beginning) else Kind.TABLE)


def can_take(path: str) -> bool:
    """True if a file can be opened or imported, by its name, or else by whether it begins as a text."""
    try:
        if kind_of(path) is not None or not Path(path).is_file():
            return kind_of(path) is not None and not Path(path).is_dir()
        with open(path, "rb") as file:
            beginning = file.read(1024)
    except (OSError, ValueError):
        return False
    return beginning.startswith((b"\xff\xfe", b"\xfe\xff")) or not NO_TEXT.search(beginning)


def document_name(path: str | None) -> str:
    """The name of a document: that of its file without suffixes."""
    name = Path(path).name if path else ""
    for suffix in (".json", ".marz"):
        name = name[: -len(suffix)] if name.lower().endswith(suffix) and len(name) > len(suffix) else name
    return name or say("Untitled")


def read_for_plane(path: str) -> TablePoints:
    """The points of an NPZ file, to be seen on the plane.

    Raises:
        InputError: they cannot be read, or have one feature.
    """
    read = read_npz(path)
    return replace(read, dataset=on_plane(read.dataset, path))


def load_points(
    path: str, progress: Callable[[float], None] | None = None, is_cancelled: Callable[[], bool] | None = None
) -> TablePoints:
    """The points of a table, with the columns found by themselves, or of an NPZ file.

    Args:
        path: of the file.
        progress: told from time to time which share is read, 0 to 1.
        is_cancelled: asked from time to time whether to give up.

    Raises:
        InputError: they cannot be read, may be meant otherwise, have one feature, or were given up.
    """
    if kind_in(path) is Kind.NPZ:
        return read_for_plane(path)
    return open_table(path, is_cancelled=is_cancelled).read_as_found(progress=progress)


@dataclass(frozen=True)
class Opened:
    """The experiment that a file of any kind makes, and what belongs to it.

    Attributes:
        experiment: to work on.
        path: of the document; None if the file is none.
        fingerprint: of a document's file as it was then.
        notes: what there is to tell of a table that was read, or of weights that are not used.
        memory: the states of the trained lanes that a document keeps.
        keeps_weights: whether the document keeps any.
        holds_weights: whether there are some in its file, even such as are not used.
        runs: that its file keeps.
    """

    experiment: Experiment
    path: str | None = None
    fingerprint: Fingerprint | None = None
    notes: tuple[Message, ...] = ()
    memory: RunMemory = ()
    keeps_weights: bool = False
    holds_weights: bool = False
    runs: RunList = NO_RUNS

    def trained(self, run: int) -> Training | None:
        """The training of the networks in the file, which are those of that run."""
        if not self.holds_weights:
            return None
        return Training(run, steps_of(self.memory)) if self.memory else Training()


def open_document(path: str) -> Opened:
    """The experiment of a document, to be seen on the plane, and its trained network, if it keeps one that fits.

    Raises:
        InputError: it cannot be read, or has points of one feature.
    """
    before = fingerprint(path)  # not afterwards: a file that changes meanwhile has changed
    experiment, weights, kept = load_whole(path)
    experiment = experiment.with_dataset(on_plane(experiment.dataset, path))
    runs, note = runs_from(kept)
    notes: tuple[Message, ...] = () if note is None else (note,)
    memory: RunMemory = ()
    try:
        memory = memory_from(weights, experiment)
    except WeightsError as error:
        notes = (message("The weights in it are not used: {reason}", reason=error), *notes)
    keeps, holds = weights is not None, weights not in (None, [])
    return Opened(experiment, str(Path(path).absolute()), before, notes, memory, keeps, holds, runs)


def open_any(
    path: str, progress: Callable[[float], None] | None = None, is_cancelled: Callable[[], bool] | None = None
) -> Opened:
    """The experiment that a file of any kind makes; see `load_points`.

    Raises:
        InputError: it cannot be read, or was given up.
    """
    if kind_in(path) in (Kind.TABLE, Kind.NPZ):
        read = load_points(path, progress, is_cancelled)
        return Opened(Experiment(read.dataset), notes=read.notes)
    return open_document(path)


def on_plane(dataset: Dataset, path: str) -> Dataset:
    """A dataset with a plane to be seen on, if it needs one and has none.

    Raises:
        DatasetError: its points have one feature, which is no place on a plane.
    """
    if dataset.n_features < 2:
        raise DatasetError(
            "“{name}” has points of 1 coordinate; the plane shows two or more.", name=shown(Path(path).name)
        )
    if dataset.n_features == 2 or dataset.projection is not None:
        return dataset
    return replace(dataset, projection=principal_plane(dataset.points))


def export_points(path: str, dataset: Dataset, decimal: str = ".") -> None:
    """Write points as an NPZ file or a table, by the suffix; a table with that decimal sign.

    Raises:
        InputError: the file could not be written.
    """
    kind = kind_of(path)
    if kind is Kind.DOCUMENT:
        raise DatasetError("Points are exported into files that end in .csv or .npz; documents are saved by Save As.")
    if kind is Kind.NPZ:
        save_npz(path, dataset)
    else:
        write_table(path, dataset, decimal)


def obstacle_to_adding(new: Dataset, drawing: Dataset) -> str:
    """The reason why points cannot be added to a drawing, as a sentence; "" if they can."""
    if new.n_features != drawing.n_features:
        return say(
            "They cannot be added: they have {n_features} features, those of the drawing have {n_drawn}.",
            n_features=new.n_features,
            n_drawn=drawing.n_features,
        )
    try:
        drawing.joined(new)
    except InputError as error:
        return say("They cannot be added: {reason}", reason=error)
    return ""


def is_large(path: str) -> bool:
    """True if reading a file may take a while."""
    try:
        return Path(path).stat().st_size > LARGE_FILE
    except (OSError, ValueError):
        return False


def time_written(path: Path) -> datetime:
    """The time at which a file was written; where that is no time people have, now."""
    try:
        return datetime.fromtimestamp(path.stat().st_mtime)
    except (OverflowError, ValueError):
        return datetime.now()
