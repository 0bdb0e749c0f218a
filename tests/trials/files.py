"""Damaged files of every kind: each is read, or refused with a sentence a user can act on."""

from __future__ import annotations

import json
import random
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from engine.config import TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment, load, save
from engine.formats.npz import load_npz, save_npz
from engine.formats.recovery_file import read_recovery, write_recovery
from engine.formats.tables import open_table
from tests.trials.mutations import WRITERS, Cells, mutated_archive, mutated_cells, mutated_tree

MAX_CHARACTERS = 300
FORMATTING = "\u200c\u200d\u2066\u2067\u2068\u2069\n"  # marks that texts of some scripts need
CLOUD = np.random.default_rng(7).normal(size=(30, 3)).astype(np.float32)
NAMES = ("Blue", "خوش\u200cخیم", "<b>&")
FLAT = Dataset(CLOUD[:, :2], np.arange(30) % 3, NAMES)
DEEP = Dataset(CLOUD, np.arange(30) % 3, NAMES, feature_names=("a", "ب", "c"), projection=principal_plane(CLOUD))
LANES = (TrainingConfig(), TrainingConfig(seed=2, dropout=0.1))


@dataclass
class Outcome:
    """The outcome for the files of one kind.

    Attributes:
        n_read, n_refused: how many were read, and refused with a sentence.
        faults: what should not have happened, as the number of the file and what came.
        slowest: seconds that the slowest took.
    """

    n_read: int = 0
    n_refused: int = 0
    faults: list[str] = field(default_factory=list)
    slowest: float = 0.0


def read_table(path: Path) -> object:
    """The points that the import makes of a file when all that is proposed is taken."""
    source = open_table(path)
    sample = source.look()
    return source.read(sample.format, sample.columns)


def originals(kind: str, folder: Path) -> list[bytes]:
    """Good files of one kind, with two features and with three."""
    path, contents = folder / "original", []
    for dataset in (FLAT, DEEP):
        if kind == "document":
            save(path, Experiment(dataset, LANES))
        elif kind == "npz":
            save_npz(path, dataset)
        else:
            write_recovery(path, Experiment(dataset, LANES), "/home/someone/lesson.json")
        contents.append(path.read_bytes())
    return contents


def arrays_of(content: bytes, path: Path) -> dict[str, Any]:
    """The arrays of an archive."""
    path.write_bytes(content)
    with np.load(path, allow_pickle=False) as archive:
        return dict(archive)


def cells_of(dataset: Dataset) -> Cells:
    """A header and a row for each point."""
    names = [dataset.class_names[label] for label in dataset.labels.tolist()]
    rows = [
        [*(f"{value:.4g}" for value in row), name] for row, name in zip(dataset.points.tolist(), names, strict=True)
    ]
    return [[*(dataset.feature_names or ("x", "y")), "class"], *rows]


def damaged(kind: str, folder: Path, chance: random.Random) -> Iterator[tuple[str, bytes]]:
    """Damaged files of one kind without end, as a suffix and the content."""
    if kind == "table":
        sources = [cells_of(FLAT), cells_of(DEEP)]
        while True:
            suffix = chance.choice(list(WRITERS))
            yield suffix, WRITERS[suffix](mutated_cells(chance.choice(sources), chance), chance)
    good = originals(kind, folder)
    if kind == "document":
        trees = [json.loads(content) for content in good]
        while True:
            yield ".json", mutated_tree(chance.choice(trees), chance)
    archives = [arrays_of(content, folder / "arrays.npz") for content in good]
    while True:
        yield ".npz", mutated_archive(chance.choice(archives), chance)


READERS: dict[str, Callable[[Path], object]] = {
    "document": load, "table": read_table, "npz": load_npz, "recovery": read_recovery
}  # fmt: skip


def try_files(kind: str, n_files: int, seed: int, folder: Path) -> Outcome:
    """Read so many damaged files of one kind."""
    chance, outcome, read = random.Random(f"{kind} {seed}"), Outcome(), READERS[kind]
    files = damaged(kind, folder, chance)
    for number in range(n_files):
        suffix, content = next(files)
        path = folder / f"damaged{suffix}"
        path.write_bytes(content)
        start = time.perf_counter()
        try:
            read(path)
            outcome.n_read += 1
        except InputError as error:
            outcome.n_refused += 1
            if problem := problem_of(str(error)):
                outcome.faults.append(f"file {number}: {problem}")
        except Exception as error:  # noqa: BLE001  # whatever it is, it is a fault
            outcome.faults.append(f"file {number}: {type(error).__name__}: {str(error)[:200]}")
            (folder / f"fault-{kind}-{number}{suffix}").write_bytes(content)
        outcome.slowest = max(outcome.slowest, time.perf_counter() - start)
    return outcome


def problem_of(sentence: str) -> str:
    """The problem of a sentence; "" if there is none."""
    if len(sentence) > MAX_CHARACTERS:
        return f"a sentence of {len(sentence)} characters: {sentence[:200]}"
    strange = [mark for mark in sentence if not mark.isprintable() and mark not in FORMATTING]
    return f"a sentence with {strange[:3]!r}: {sentence!r}" if strange else ""
