"""Processes that are killed while they paint, save and start: what was finished is there at the next start."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from engine import toy_datasets
from engine.errors import InputError
from engine.experiment import Experiment, load
from engine.formats.recovery_file import write_recovery
from gui.files.recovery import leftovers
from tests import ROOT
from tests.gui.painting_process import DOCUMENT, FINISHED, RECOVERY, STATE, STROKES, digest

AT_ONCE = 2
N_LEFTOVERS = 12
NOTHING = "nothing was saved yet"
PATIENCE = 60.0  # seconds until a process has begun to paint


@dataclass
class Outcome:
    """The outcome of kills.

    Attributes:
        n_kills: processes that were killed while they painted and saved.
        n_in_stroke: of these, how many had shown no more than what was finished.
        n_starters: processes that were killed while they took over what others had left.
        faults: what was lost or damaged.
    """

    n_kills: int = 0
    n_in_stroke: int = 0
    n_starters: int = 0
    faults: list[str] = field(default_factory=list)


@dataclass(frozen=True)
class Painter:
    """A process that paints, and the folder it paints in."""

    number: int
    folder: Path

    def strokes(self, event: str = FINISHED) -> list[str]:
        """A digest of the points after each finished stroke, or of each state that was to be kept."""
        path = self.folder / STROKES
        lines = path.read_text().splitlines() if path.exists() else []
        return [line.split()[1] for line in lines if line.startswith(f"{event} ")]

    def is_alive(self) -> bool:
        """True if the process still runs."""
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True

    def kill(self) -> None:
        """End it as a power cut does, and wait until it is gone."""
        os.kill(self.number, signal.SIGKILL)
        while self.is_alive():
            time.sleep(0.002)


@contextmanager
def painters_on_demand() -> Iterator[subprocess.Popen[str]]:
    """Starts painters quickly: everything is imported already."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.gui.painting_process"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def start_painter(server: subprocess.Popen[str], folder: Path) -> Painter:
    """A process that paints in a new folder."""
    assert server.stdin is not None
    assert server.stdout is not None
    folder.mkdir()
    server.stdin.write(f"{folder}\n")
    server.stdin.flush()
    return Painter(int(server.stdout.readline()), folder)


def kill_in_the_middle(painter: Painter, chance: random.Random) -> None:
    """After some strokes, at any moment of the next ones."""
    deadline = time.monotonic() + PATIENCE
    wanted = chance.randrange(1, 8)
    while len(painter.strokes()) < wanted:
        assert painter.is_alive(), "it ended by itself"
        assert time.monotonic() < deadline, "it does not paint"
        time.sleep(0.002)
    time.sleep(chance.random() * 0.05)
    painter.kill()


def points_after(painter: Painter) -> str:
    """A digest of the points after a restart: those of the recovery file, else those that were saved."""
    found = leftovers(painter.folder / RECOVERY)
    assert len(found) <= 1
    document = painter.folder / DOCUMENT
    saved = digest(load(document).dataset) if document.exists() else NOTHING
    assert saved in (NOTHING, *painter.strokes()), "it was saved between two strokes"
    if not found:
        return saved
    assert found[0].document in (None, str(document))
    recovered = digest(found[0].experiment.dataset)
    found[0].leave()
    return recovered


def try_kills(folder: Path, n_kills: int, seed: int) -> Outcome:
    """Kill so many processes that paint and save."""
    chance, outcome = random.Random(seed), Outcome()
    with painters_on_demand() as server:
        for first in range(0, n_kills, AT_ONCE):
            painters = [start_painter(server, folder / str(first + index)) for index in range(AT_ONCE)]
            for painter in painters:
                kill_in_the_middle(painter, chance)
                outcome.n_kills += 1
                try:
                    look_at(painter, outcome)
                except (AssertionError, InputError) as error:
                    outcome.faults.append(f"{painter.folder}: {error}")
    return outcome


def look_at(painter: Painter, outcome: Outcome) -> None:
    """Compare what is there after a kill with what the painter had told."""
    finished, after = painter.strokes()[-1], points_after(painter)
    # the next one may have been kept when the process was killed before it could report that it was finished
    assert after in (finished, painter.strokes(STATE)[-1]), "a finished stroke is lost"
    outcome.n_in_stroke += after == finished
    strange = [path.name for path in (painter.folder / RECOVERY).iterdir() if path.suffix != ".npz"]
    assert not strange, f"{strange} were left"


def try_starters(folder: Path, n_kills: int, seed: int) -> Outcome:
    """Kill processes while they take over what others left; in the end all of it must still be offered."""
    chance, outcome, recovery = random.Random(seed), Outcome(), folder / RECOVERY
    recovery.mkdir(mode=0o700, parents=True)
    for number in range(N_LEFTOVERS):
        dataset = toy_datasets.make("moons", n_samples=20 + number, n_classes=2, seed=number)
        write_recovery(recovery / f"1-{number:08x}.npz", Experiment(dataset), None)
    for _ in range(n_kills):
        child = os.fork()
        if not child:
            while True:
                for leftover in leftovers(recovery):
                    leftover.leave()
        time.sleep(chance.random() * 0.03)
        os.kill(child, signal.SIGKILL)
        os.waitpid(child, 0)
        outcome.n_starters += 1
    deadline = time.monotonic() + PATIENCE  # a lock that was cut short counts as given up after some seconds
    while len(found := leftovers(recovery)) < N_LEFTOVERS and time.monotonic() < deadline:
        for leftover in found:
            leftover.leave()
        time.sleep(0.5)
    if len(found) < N_LEFTOVERS:
        outcome.faults.append(f"only {len(found)} of {N_LEFTOVERS} leftovers are offered after {n_kills} kills")
    return outcome
