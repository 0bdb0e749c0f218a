"""The benchmark of the engine still runs."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from tests.benchmarks import __main__ as benchmarks
from tests.benchmarks import bench_engine
from tests.benchmarks.bench_engine import (
    AUTOGRAD,
    AUTOGRAD_OF_VALUES,
    ITSELF,
    PLAIN_OBJECTS,
    PRODUCTS,
    SCIKIT_LEARN,
    SCIKIT_LEARN_32,
    SINGLES,
    TORCH_MACHINE,
    Row,
)


def test_the_benchmark_of_the_engine_prints_a_row_for_every_case(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert bench_engine.main(["--quick", "--json", str(tmp_path / "numbers.json")]) == 0

    printed = capsys.readouterr().out
    numbers = json.loads((tmp_path / "numbers.json").read_text(encoding="utf-8"))
    counts = {AUTOGRAD: 12, TORCH_MACHINE: 12, SCIKIT_LEARN: 12, SCIKIT_LEARN_32: 12, PRODUCTS: 1, SINGLES: 2}
    counts |= {ITSELF: 2, AUTOGRAD_OF_VALUES: 3}
    counts[PLAIN_OBJECTS] = 3 if shutil.which("node") else 0
    assert {against: sum(row["against"] == against for row in numbers["rows"]) for against in counts} == counts
    assert len(numbers["rows"]) == sum(counts.values())
    assert all(row["engine"] > 0 and row["other"] > 0 for row in numbers["rows"])
    assert "ConvNetJS is skipped" in printed
    assert f"geometric mean of the ratios: {numbers['geometric_mean']:.2f}" in printed


def test_without_node_the_engine_of_plain_objects_is_skipped_with_a_sentence(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv("PATH", "")

    assert bench_engine.against_plain_objects(turns=1, seconds=0.0) == []
    assert "there is no Node.js here" in capsys.readouterr().out


@pytest.mark.parametrize(
    ("against", "ratio", "is_met"),
    [
        (AUTOGRAD, 1.59, False),
        (AUTOGRAD, 1.61, True),
        (PRODUCTS, 1.61, False),
        (SINGLES, 1.59, True),
    ],
)
def test_more_is_better_except_where_times_are_compared(against: str, ratio: float, is_met: bool) -> None:
    row = Row(against, "[4, 2]", "10", 250, "sgd", 1.0, 1.0, ratio, goal=1.6)

    assert row.is_met == is_met
    assert ("missed" in bench_engine.goal_of(row)) != is_met


def test_all_benchmarks_are_found_by_their_names(capsys: pytest.CaptureFixture[str]) -> None:
    assert "engine" in benchmarks.names()

    with pytest.raises(SystemExit):
        benchmarks.main(["nothing"])

    assert "there is no benchmark 'nothing'" in capsys.readouterr().err
