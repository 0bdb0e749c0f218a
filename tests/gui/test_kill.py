"""A process that is killed while it paints loses no more than the stroke it was in, and damages no file."""

from __future__ import annotations

import os
import random
import signal
import subprocess
import sys
import time
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pytest

from engine.experiment import load
from gui.recovery import leftovers
from tests.gui.painting_process import DOCUMENT, FINISHED, RECOVERY, STATE, STROKES, digest

ROOT = Path(__file__).resolve().parent.parent.parent
KILLS, AT_ONCE = 100, 2
NOTHING = "nothing was saved yet"
PATIENCE = 20.0  # seconds until a process has begun to paint

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


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
        try:
            os.kill(self.number, 0)
        except ProcessLookupError:
            return False
        return True


@pytest.fixture
def server() -> Iterator[subprocess.Popen[str]]:
    """Starts painters quickly: everything is imported already."""
    with subprocess.Popen(
        [sys.executable, "-m", "tests.gui.painting_process"],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
    ) as process:  # fmt: skip
        yield process
        process.kill()


def start_painter(server: subprocess.Popen[str], folder: Path) -> Painter:
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
    os.kill(painter.number, signal.SIGKILL)
    while painter.is_alive():
        time.sleep(0.002)


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


def test_a_hundred_kills_cost_no_finished_stroke_and_no_saved_file(
    server: subprocess.Popen[str], tmp_path: Path, qapp: object
) -> None:
    chance = random.Random(5)
    in_stroke = 0
    for first in range(0, KILLS, AT_ONCE):
        painters = [start_painter(server, tmp_path / str(first + index)) for index in range(AT_ONCE)]
        for painter in painters:
            kill_in_the_middle(painter, chance)
            finished, after = painter.strokes()[-1], points_after(painter)
            # the next one may have been kept when the process was killed before it could report that it was finished
            assert after in (finished, painter.strokes(STATE)[-1])
            in_stroke += after == finished
            assert not [path for path in painter.folder.glob("recovery/*") if path.suffix != ".npz"]
    assert in_stroke > KILLS // 4, "too few were killed in the middle of a stroke"
