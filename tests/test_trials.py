"""Short forms of the long trials: random events in the real window, damaged files; for kills see `gui.test_kill`."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.trials.files import READERS, problem_of, try_files

EVENTS, FILES = 1500, 600


def test_random_events_in_the_real_window_break_and_lose_nothing() -> None:
    result = subprocess.run(
        [sys.executable, "-m", "tests.trials", "window", "--number", str(EVENTS), "--seed", "5"],
        cwd=ROOT, capture_output=True, text=True, check=False,
    )  # fmt: skip

    assert result.returncode == 0, result.stdout + result.stderr
    assert f"{EVENTS:,} events" in result.stdout
    checks = re.search(r"(\d+) checks", result.stdout)
    assert checks is not None
    assert int(checks[1]) > 0


PLANTED = """
import sys
from pathlib import Path
from gui.canvas.plane_view import PlaneView
def fail(self, event): raise ZeroDivisionError("planted")
PlaneView.wheelEvent = fail
from tests.trials.monkey import try_window
print(try_window(Path(sys.argv[1]), 5, 600).faults)
"""


def test_a_fault_that_is_planted_in_the_window_is_seen(tmp_path: Path) -> None:
    result = subprocess.run(
        [sys.executable, "-c", PLANTED, str(tmp_path)], cwd=ROOT, capture_output=True, text=True, check=False
    )

    # PySide puts words of its own between the two
    assert "ZeroDivisionError" in result.stdout, result.stderr
    assert "planted" in result.stdout


@pytest.mark.parametrize("kind", READERS)
def test_damage_that_knows_the_structure_is_read_or_refused_in_one_sentence(kind: str, tmp_path: Path) -> None:
    outcome = try_files(kind, FILES, 5, tmp_path)

    assert outcome.faults == []
    assert outcome.n_read > FILES // 50
    assert outcome.n_refused > FILES // 4


def test_a_sentence_that_is_endless_or_not_for_people_is_a_fault() -> None:
    assert problem_of("x" * 301)
    assert problem_of("line 1\x1b[2J")
    assert not problem_of("line 4, column “x”: “foo” is not a number.")
