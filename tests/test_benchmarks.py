"""The benchmarks still run and print every number that has a target."""

from __future__ import annotations

import json
import subprocess
import sys
from pathlib import Path

import pytest

from tests import ROOT
from tests.benchmarks import (
    bench_boundary,
    bench_canvas,
    bench_laboratory,
    bench_memory,
    bench_probes,
    bench_startup,
    bench_weight,
    bench_window,
)


@pytest.mark.parametrize(
    "module",
    [
        bench_boundary,
        bench_canvas,
        bench_laboratory,
        bench_memory,
        bench_probes,
        bench_startup,
        bench_weight,
        bench_window,
    ],
)
def test_a_quick_run_prints_every_number_that_has_a_target(module: object, tmp_path: Path) -> None:
    name, targets = module.__name__, module.TARGETS  # type: ignore[attr-defined]
    path = tmp_path / "numbers.json"
    result = subprocess.run(
        [sys.executable, "-m", name, "--quick", "--json", str(path)],
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
    )
    assert result.returncode == 0, result.stderr
    numbers = json.loads(path.read_text(encoding="utf-8"))

    assert set(targets) <= set(numbers)
    assert all(number in result.stdout for number in numbers)
    assert all(isinstance(value, float | int) for value in numbers.values())
