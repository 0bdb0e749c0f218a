"""The benchmark of growth still runs, and its slope is a slope."""

from __future__ import annotations

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.benchmarks.bench_growth import SERIES, growth


def test_every_series_is_measured_and_drawn(tmp_path: Path) -> None:
    numbers, picture = tmp_path / "numbers.json", tmp_path / "growth.png"
    command = [sys.executable, "-m", "tests.benchmarks.bench_growth", "--quick"]

    done = subprocess.run(
        [*command, "--json", str(numbers), "--plot", str(picture)],
        cwd=ROOT,
        env={**os.environ, "QT_QPA_PLATFORM": "offscreen"},
        capture_output=True,
        text=True,
        check=True,
    )

    rows = json.loads(numbers.read_text(encoding="utf-8"))["rows"]
    assert set(rows) == {series.name for series in SERIES}
    assert all(row["seconds"] > 0 for series in rows.values() for row in series)
    assert done.stdout.count("growth from") == len(SERIES)
    assert picture.stat().st_size > 1000


@pytest.mark.parametrize("power", [0.5, 1.0, 2.0])
def test_the_growth_is_the_power(power: float) -> None:
    sizes = [10, 100, 1000]

    assert growth(sizes, [3e-6 * size**power for size in sizes]) == pytest.approx(power)
