"""A process that is killed while it paints loses no more than the stroke it was in, and damages no file."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from tests.trials.kills import try_kills, try_starters

KILLS = 100

pytestmark = pytest.mark.skipif(not hasattr(os, "fork"), reason="needs fork")


def test_a_hundred_kills_cost_no_finished_stroke_and_no_saved_file(tmp_path: Path, qapp: object) -> None:
    outcome = try_kills(tmp_path, KILLS, seed=5)

    assert outcome.faults == []
    assert outcome.n_in_stroke > KILLS // 4, "too few were killed in the middle of a stroke"


def test_kills_while_leftovers_are_taken_over_hide_none_of_them(tmp_path: Path, qapp: object) -> None:
    assert try_starters(tmp_path, KILLS, seed=5).faults == []
