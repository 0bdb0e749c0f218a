"""The benchmark of the engine still runs."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import bench_engine


def test_the_benchmark_of_the_engine_prints_a_row_for_every_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench_engine.main(["--quick", "--json", str(tmp_path / "numbers.json")]) == 0

    printed = capsys.readouterr().out
    numbers = json.loads((tmp_path / "numbers.json").read_text(encoding="utf-8"))
    assert len(numbers["rows"]) == len(bench_engine.CASES) == 12
    assert all(row["engine"] > 0 and row["torch"] > 0 for row in numbers["rows"])
    assert f"geometric mean of the ratios: {numbers['geometric_mean']:.2f}" in printed


def test_all_benchmarks_are_found_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert "engine" in benchmarks.names()

    with pytest.raises(SystemExit):
        benchmarks.main(["nothing"])

    assert "there is no benchmark 'nothing'" in capsys.readouterr().err
