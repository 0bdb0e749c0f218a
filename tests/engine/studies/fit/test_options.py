"""Bias and variance from the command line."""

from __future__ import annotations

import base64
import json
from collections.abc import Sequence
from contextlib import nullcontext
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.__main__ import main
from engine.config import TrainingConfig
from engine.dataset import Dataset
from engine.experiment import Experiment, save
from engine.studies import front
from engine.studies.executors import here
from engine.toy_datasets import make

QUICK = ("--repeats", "2", "--epochs", "2", "--test-points", "20")
MOONS = ("--dataset", "moons", "--points", "30", "--depth", "1", "--width", "3")
NUMBERS = {"noise", "bias2", "variance", "error", "train_error", "bayes_error", "mistakes", "domingos"}


@pytest.fixture(autouse=True)
def in_this_process(monkeypatch: pytest.MonkeyPatch) -> None:
    """Workers take a second to begin."""
    monkeypatch.setattr(front, "local_workers", lambda count: nullcontext(here()))


def file_of(folder: Path, dataset: Dataset) -> str:
    """An experiment that trains in no time."""
    path = folder / "small.json"
    save(path, Experiment(dataset, (TrainingConfig(hidden_layers=(3,)),)))
    return str(path)


def printed(
    capsys: pytest.CaptureFixture[str], *options: str, study: str = "bias-variance", quick: Sequence[str] = QUICK
) -> list[dict[str, Any]]:
    """The lines of a study."""
    assert main(["study", study, *quick, *options]) == 0
    return [json.loads(line) for line in capsys.readouterr().out.splitlines()]


def test_a_line_a_network_and_a_summary(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    *jobs, last = printed(capsys, *MOONS, "--initial-weights", "2", "--json", "-")
    assert [(job["training_set"], job["weights"]) for job in jobs] == [(0, 0), (0, 1), (1, 0), (1, 1)]
    field = printed(capsys, *MOONS, "--field", "-1,1,-1,1")[0]["field"]
    assert len(base64.b64decode(field)) == 64 * 64 * 2 * 4
    assert set(jobs[0]) == {"training_set", "weights", "error", "mistakes", "train_error", "diverged", "epochs"}
    assert set(last["summary"]) == NUMBERS | {"from_data", "from_weights", "n_points", "networks", "diverged"}
    assert set(last["summary"]["domingos"]) == {"bias", "variance_unbiased", "variance_biased"}

    fresh = printed(capsys, *MOONS, "--population", "generator")[-1]["summary"]
    again = printed(capsys, *MOONS)[-1]["summary"]
    painting = printed(capsys, *MOONS, "--population", "painting", "--bandwidth", "0.3")[-1]["summary"]
    bootstrap = printed(capsys, *MOONS, "--population", "bootstrap")[-1]["summary"]
    assert fresh == again
    assert painting["bandwidth"] == 0.3
    assert bootstrap["warning"]
    assert bootstrap["error"] != fresh["error"]
    assert bootstrap["noise"] == fresh["noise"]  # the truth stays that of the generator
    assert fresh["n_points"] == 24  # as the network is trained on, with a fifth for validation

    of_file = printed(capsys, file_of(tmp_path, make("sine", n_samples=30)))[-1]["summary"]
    assert set(of_file) == NUMBERS | {"bandwidth", "n_points", "networks", "diverged"}
    assert of_file["domingos"] is None
    assert (
        "warning"
        in printed(capsys, file_of(tmp_path, make("moons", n_samples=30)), "--population", "bootstrap")[-1]["summary"]
    )


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (("--repeats", "1"), "repeats is 1"),
        (("--epochs", "0"), "epochs is 0"),
        (("--initial-weights", "0"), "weights is 0"),
        (("--test-points", "0"), "n_test is 0"),
        (("--population", "painting", "--bandwidth", "0"), "bandwidth is 0"),
        (("--bandwidth", "0.3"), "--bandwidth is of points"),
        (("--points", "2", "--population", "painting"), "has one point"),
        (("--points", "0"), "n_points is 0"),
        (("--field", "-1,1,1,-1"), "field is '-1,1,1,-1'"),
        (("--field", "0,1,0"), "field is"),
        (("--field", "0,1,0,nan"), "field is"),
    ],
)
def test_what_cannot_be_measured_is_told(
    options: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["study", "bias-variance", *QUICK, *MOONS, *options])

    told = capsys.readouterr()
    assert sentence in told.err
    assert sentence in json.loads(told.out)["error"]["sentence"]


def test_a_file_has_no_generator_and_one_of_equal_points_no_population(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = file_of(tmp_path, make("moons", n_samples=20))
    with pytest.raises(SystemExit):
        main(["study", "bias-variance", path, "--population", "generator"])
    assert "have no generator" in capsys.readouterr().err

    equal = Dataset(np.ones((6, 2), dtype=np.float32), np.arange(6) % 2, ("a", "b"))
    with pytest.raises(SystemExit):
        main(["study", "bias-variance", file_of(tmp_path, equal)])
    assert "differ in every coordinate" in capsys.readouterr().err


def test_axes_are_options_and_every_combination_is_measured(capsys: pytest.CaptureFixture[str]) -> None:
    quick = ("--epochs", "2", "--test-points", "20", *MOONS)
    axes = ("--axis", "depth=0,2", "--axis", "activation=relu,tanh", "--axis", "points=12", "--axis", "batch-size=0")
    *jobs, last = printed(capsys, *axes, "--seeds", "4-6", study="sweep", quick=quick)
    wanted = [
        {"depth": depth, "activation": activation, "points": 12, "batch-size": 0}
        for depth in (0, 2)
        for activation in ("relu", "tanh")
    ]
    assert [cell["values"] for cell in last["summary"]["cells"]] == wanted
    assert {cell["n_points"] for cell in last["summary"]["cells"]} == {12}
    assert len(jobs) == 12
    assert {job["training_set"] for job in jobs} == {4, 5, 6}

    epochs = printed(capsys, "--axis", "epochs=1,3", "--seeds", "0,1", study="sweep", quick=quick)
    assert {(job["values"]["epochs"], job["epochs"]) for job in epochs[:-1]} == {(1, 1), (3, 3)}
    plain = printed(capsys, *MOONS, "--epochs", "3")[-1]["summary"]
    assert epochs[-1]["summary"]["cells"][1] == {"values": {"epochs": 3}} | plain

    curve = printed(capsys, *MOONS, "--sizes", "10,20", study="learning-curve")[-1]["summary"]["cells"]
    assert [(cell["values"], cell["n_points"]) for cell in curve] == [({"points": 10}, 10), ({"points": 20}, 20)]


@pytest.mark.parametrize(
    ("axes", "sentence"),
    [
        (("l2",), "“l2” is no axis"),
        (("seed=1,2",), "“seed=1,2” is no axis"),
        (("batch-norm=1",), "is no axis"),
        (("l2=-1",), "l2 is -1"),
        (("l2=much",), "invalid float value: 'much'"),
        (("activation=swish",), "swish"),
        (("width=0",), "is 0"),
        (("epochs=0",), "epochs is 0"),
        (("points=0,20",), "n_points is 0"),
        (("l2=0,0",), "l2 has 0 twice"),
        (("l2=0", "l2=1"), "same name"),
        (("width=" + ",".join(map(str, range(1, 102))), "epochs=" + ",".join(map(str, range(1, 102)))), "10,201"),
    ],
)
def test_an_axis_with_an_impossible_value_is_told(
    axes: tuple[str, ...], sentence: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["study", "sweep", *MOONS, *(part for axis in axes for part in ("--axis", axis))])

    told = capsys.readouterr()
    assert sentence in told.err
    assert sentence in json.loads(told.out)["error"]["sentence"]
