"""The engine without a window, from the command line."""

from __future__ import annotations

import json
import math
import subprocess
import sys
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine import toy_datasets
from engine.__main__ import main
from engine.compiled import cache
from engine.config import Activation, Initialization, Optimizer, TrainingConfig
from engine.experiment import Experiment, save
from engine.studies.grid import CellRun, GridTask, grid_study, train_cell
from engine.training import Trainer
from tests import ROOT
from tests.engine.studies.test_front import NO_GRIDS

KEYS = {
    "train_loss", "validation_loss", "train_accuracy", "validation_accuracy", "gradient_norms", "epochs", "steps",
    "diverged_at_step", "epochs_per_second", "history", "machine",
    "best_epoch", "best_validation_loss", "stopped_early",
}  # fmt: skip


def run(capsys: pytest.CaptureFixture[str], *options: str) -> dict[str, Any]:
    """What ``python -m engine train`` prints."""
    assert main(["train", *options]) == 0
    result: dict[str, Any] = json.loads(capsys.readouterr().out)
    return result


def test_xor_is_learnt_to_the_last_point(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(
        capsys, "--dataset", "xor", "--depth", "2", "--width", "8", "--activation", "relu", "--epochs", "200",
        "--seed", "1",
    )  # fmt: skip

    assert result["train_accuracy"] == 1.0
    assert result["epochs"] == 200


def test_the_result_is_complete(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, "--epochs", "20", "--depth", "3")

    assert set(result) == KEYS
    assert len(result["gradient_norms"]) == 4
    assert result["epochs_per_second"] > 0
    assert result["history"]["epoch"] == list(range(21))
    for name in ("train_loss", "validation_loss", "train_accuracy", "validation_accuracy"):
        assert len(result["history"][name]) == 21
        assert result["history"][name][-1] == result[name]


@pytest.mark.parametrize(("width", "machine"), [("8", "compiled"), ("200", "torch")])
def test_the_result_tells_which_machine_has_trained(
    width: str, machine: str, capsys: pytest.CaptureFixture[str]
) -> None:
    if not cache.has_compiler():
        machine = "torch"

    assert run(capsys, "--epochs", "1", "--depth", "2", "--width", width)["machine"] == machine


def test_the_code_is_made_on_demand(capsys: pytest.CaptureFixture[str]) -> None:
    if not cache.has_compiler():
        pytest.skip("there is no compiler")

    assert main(["compile"]) == 0

    result = json.loads(capsys.readouterr().out)
    assert set(result) == {"state", "seconds", "folder"}
    assert (result["state"], result["folder"]) == ("ready", str(cache.folder()))


def test_why_no_code_can_be_made_is_told(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "file").write_text("no folder")
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "file" / "code"))
    for reason in ("cannot keep compiled code: Not a directory.", "numba is not installed"):
        with pytest.raises(SystemExit) as end:
            main(["compile"])

        assert end.value.code == 2
        assert reason in capsys.readouterr().err
        monkeypatch.setitem(sys.modules, "numba", None)


def test_no_command_starts_the_compiler_by_itself(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(tmp_path / "nothing"))
    monkeypatch.setattr(cache, "_loaded", {})

    assert run(capsys, "--epochs", "1")["machine"] == "torch"
    assert cache._maker is None
    assert not (tmp_path / "nothing").exists()


def test_options_mean_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(
        capsys, "--dataset", "moons", "--classes", "3", "--points", "90", "--noise", "0.3", "--depth", "2", "--width",
        "5", "--activation", "elu", "--initialization", "he_normal", "--optimizer", "momentum", "--learning-rate",
        "0.07", "--batch-size", "0", "--validation", "0.4", "--seed", "6", "--epochs", "4", "--label-noise", "0.1",
    )  # fmt: skip
    config = TrainingConfig(
        hidden_layers=(5, 5), activation=Activation.ELU, initialization="he_normal", optimizer=Optimizer.MOMENTUM,  # type: ignore[arg-type]
        learning_rate=0.07, batch_size=None, validation_fraction=0.4, seed=6,
    )  # fmt: skip
    dataset = toy_datasets.make("moons", n_samples=90, n_classes=3, noise=0.3, seed=6, label_noise=0.1)
    trainer = Trainer(dataset, config)
    for _ in range(4):
        trainer.epoch()

    assert result["train_loss"] == trainer.evaluate().train_loss
    assert result["validation_loss"] == trainer.evaluate().validation_loss
    assert result["steps"] == 4


def test_options_of_regularization_and_the_rest_mean_what_they_say(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(
        capsys, "--dataset", "moons", "--depth", "3", "--width", "5", "--layer-activations", "leaky_relu, elu,sigmoid",
        "--leaky-slope", "0.2", "--elu-alpha", "0.5", "--batch-norm", "--skip-connections",
        "--squares", "--products", "--sines", "--initialization",
        "normal", "--initialization-sigma", "0.4", "--output", "softmax", "--loss", "mse", "--threshold", "0.6",
        "--optimizer", "nesterov", "--schedule", "step", "--schedule-epochs", "2", "--schedule-factor", "0.5",
        "--clip-norm", "0.1", "--l1", "0.001", "--l2", "0.002", "--dropout", "0.1", "--epochs", "4",
    )  # fmt: skip
    config = TrainingConfig(
        hidden_layers=(5, 5, 5), layer_activations=("leaky_relu", "elu", "sigmoid"), leaky_slope=0.2, elu_alpha=0.5,  # type: ignore[arg-type]
        batch_norm=True, skip_connections=True, squares=True, products=True, sines=True,
        initialization="normal", initialization_sigma=0.4, output="softmax",  # type: ignore[arg-type]
        loss="mse", threshold=0.6, optimizer="nesterov", learning_rate=0.003, schedule="step", schedule_epochs=2,  # type: ignore[arg-type]
        schedule_factor=0.5, clip_norm=0.1, l1=0.001, l2=0.002, dropout=0.1,
    )  # fmt: skip
    trainer = Trainer(toy_datasets.make("moons", n_samples=300, n_classes=2, noise=0.1, seed=1), config)
    for _ in range(4):
        trainer.epoch()

    assert result["train_loss"] == trainer.evaluate().train_loss
    assert result["gradient_norms"] == trainer.gradient_norms().tolist()


@pytest.mark.parametrize(
    "option", ["--depth=3", "--learning-rate=0.1", "--batch-norm", "--dataset=xor", "--label-noise=0"]
)
def test_a_file_has_its_own_settings_and_options_beside_it_are_refused(
    option: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "mine.json"
    save(path, Experiment(toy_datasets.make("xor", n_samples=20)))

    with pytest.raises(SystemExit):
        main(["train", str(path), option])

    assert f"{option.partition('=')[0]} cannot be combined with the file" in capsys.readouterr().err


def test_a_place_that_cannot_be_written_is_told_before_the_work(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--epochs", "1000000000", "--json", "/nowhere/at/all.json"])

    assert "could not be written" in capsys.readouterr().err


def test_when_the_work_fails_a_file_stays_what_it_was(tmp_path: Path) -> None:
    old, new = tmp_path / "old.json", tmp_path / "new.json"
    old.write_text("kept")
    for path in (old, new):
        with pytest.raises(SystemExit):
            main(["train", "--dropout", "7", "--json", str(path)])

    assert old.read_text() == "kept"
    assert not new.exists()


def test_choices_are_listed_by_the_names_that_can_be_typed(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["train", "--activation", "Relu"])

    assert "<Activation" not in (told := capsys.readouterr().err)
    assert "leaky_relu" in told


def test_the_result_can_go_to_a_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "--epochs", "1", "--json", str(tmp_path / "result.json")]) == 0

    assert capsys.readouterr().out == ""
    assert set(json.loads((tmp_path / "result.json").read_text(encoding="utf-8"))) == KEYS


def test_an_experiment_is_trained_from_its_file(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    dataset, config = toy_datasets.make("blobs", n_classes=3), TrainingConfig(hidden_layers=(4,))
    save(tmp_path / "e.marz", Experiment(dataset, (config,)))
    trainer = Trainer(dataset, config)
    for _ in range(3):
        trainer.epoch()

    result = run(capsys, str(tmp_path / "e.marz"), "--epochs", "3")

    assert result["train_loss"] == trainer.evaluate().train_loss


def test_two_processes_draw_the_same_curves_bit_for_bit(capsys: pytest.CaptureFixture[str]) -> None:
    options = ["--dataset", "spiral", "--epochs", "30", "--depth", "3", "--seed", "4"]
    other = subprocess.run(
        [sys.executable, "-m", "engine", "train", *options],
        capture_output=True, check=True, cwd=ROOT, text=True, timeout=120,
    )  # fmt: skip

    here, there = run(capsys, *options), json.loads(other.stdout)

    for result in (here, there):
        del result["epochs_per_second"]
    assert here == there
    assert run(capsys, *options[:-1], "5")["history"] != here["history"]
    assert {name.split("_")[-1] for name in here["history"]} == {"epoch", "loss", "accuracy"}
    assert "gives the same loss and accuracy curves, bit for bit, on one machine" in (ROOT / "README.md").read_text()


def test_no_epochs_are_allowed(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, "--epochs", "0")

    assert result["epochs"] == 0
    assert result["history"]["epoch"] == [0]


def test_what_is_not_a_number_is_null(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(capsys, "--validation", "0", "--epochs", "2")

    assert result["validation_loss"] is None
    assert result["history"]["validation_accuracy"] == [None] * 3
    assert math.isfinite(result["train_loss"])


def test_a_run_that_diverges_ends_and_says_where(capsys: pytest.CaptureFixture[str]) -> None:
    result = run(
        capsys, "--activation", "relu", "--optimizer", "sgd", "--learning-rate", "1e5", "--depth", "6",
        "--batch-size", "16", "--epochs", "50",
    )  # fmt: skip

    assert 0 < result["diverged_at_step"] == result["steps"]
    assert result["epochs"] < 50
    assert (np.diff(result["history"]["epoch"]) > 0).all()


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--epochs", "-1"], "epochs is -1"),
        (["--width", "0"], "width in hidden_layers is 0"),
        (["--depth", "-1"], "depth is -1"),
        (["--depth", "201"], "depth is 201"),
        (["--learning-rate", "-1"], "learning_rate is -1.0"),
        (["--learning-rate", "nan"], "learning_rate is nan"),
        (["--batch-size", "-4"], "batch_size is -4"),
        (["--classes", "11"], "n_classes is 11"),
        (["--points", "0"], "no points to train on"),
        (["--noise", "2"], "noise is 2.0"),
        (["--label-noise", "0.6"], "label_noise is 0.6"),
        (["--label-noise", "nan"], "label_noise is nan"),
        (["--validation", "0.9"], "validation_fraction is 0.9"),
        (["--seed", "-1"], "seed is -1"),
        (["--dataset", "donut"], "donut"),
        (["--activation", "swish"], "swish"),
        (["no-such-file.marz"], "no-such-file.marz"),
        (["--epochs", "0", "--json", "no/such/folder"], "no/such/folder"),
    ],
)
def test_what_cannot_be_done_is_told_in_a_sentence(
    options: list[str], message: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["train", *options])

    printed = capsys.readouterr()
    assert caught.value.code == 2
    assert message in printed.err
    assert "Traceback" not in printed.err
    assert printed.out == ""


def test_help_needs_no_torch() -> None:
    program = "import sys; sys.argv[1:] = ['--help']\ntry:\n    from engine.__main__ import main; main()\nfinally:\n"
    program += "    assert not {'torch', 'numpy'} & set(sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], capture_output=True, cwd=ROOT, text=True, timeout=60)

    assert done.returncode == 0, done.stderr
    assert "train" in done.stdout


SMALL_MATRIX = [
    "--activations",
    "relu, tanh",
    "--initializations",
    "zeros,he_normal",
    "--seeds",
    "4,6-7",
    "--epochs",
    "3",
]


@pytest.fixture
def matrix_file(tmp_path: Path) -> str:
    """An experiment that trains in no time."""
    path = tmp_path / "small.json"
    save(path, Experiment(toy_datasets.make("moons", n_samples=40, seed=1), (TrainingConfig(hidden_layers=(4, 4)),)))
    return str(path)


def test_the_matrix_is_a_line_for_each_run_and_a_last_one(matrix_file: str, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["matrix", matrix_file, *SMALL_MATRIX]) == 0
    *lines, last = map(json.loads, capsys.readouterr().out.splitlines())
    dataset = toy_datasets.make("moons", n_samples=40, seed=1)
    task = GridTask(
        dataset, TrainingConfig(hidden_layers=(4, 4)), (Activation.RELU, Activation.TANH),
        (Initialization.ZEROS, Initialization.HE_NORMAL), (4, 6, 7), 3,
    )  # fmt: skip

    assert [CellRun.from_json(line) for line in lines] == [train_cell(job) for job in grid_study(task).jobs]
    assert last == {"done": True}


def test_the_lines_of_the_matrix_can_go_to_a_file(
    matrix_file: str, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    path = tmp_path / "matrix.jsonl"
    assert main(["matrix", matrix_file, *SMALL_MATRIX, "--json", str(path)]) == 0

    assert capsys.readouterr().out == ""
    assert len(path.read_text(encoding="utf-8").splitlines()) == 2 * 2 * 3 + 1


@pytest.mark.parametrize(("options", "message"), NO_GRIDS)
def test_a_matrix_that_cannot_be_trained_is_told_in_a_sentence(
    options: list[str], message: str, matrix_file: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit) as caught:
        main(["matrix", matrix_file, *options])

    printed = capsys.readouterr()
    assert caught.value.code == 2
    assert message in printed.err
    assert printed.out == ""


def test_a_matrix_ends_with_its_standard_input_if_it_is_told_to(matrix_file: str) -> None:
    command = [sys.executable, "-m", "engine", "matrix", matrix_file, "--epochs", "1000000", "--end-with-input"]
    with subprocess.Popen(command, cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE) as process:
        with pytest.raises(subprocess.TimeoutExpired):
            process.wait(timeout=1)
        assert process.stdin is not None
        process.stdin.close()

        assert process.wait(timeout=20) == 0


def test_a_matrix_ends_when_nobody_reads_it_any_more(matrix_file: str) -> None:
    command = [sys.executable, "-m", "engine", "matrix", matrix_file, "--epochs", "1", "--seeds", "0-999"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.readline()
        process.stdout.close()

        assert process.wait(timeout=20) == 2
        assert process.stderr.read().strip().endswith("Standard output could not be written: Broken pipe.")


def test_too_little_memory_is_told(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    def load(path: str) -> None:
        raise MemoryError

    monkeypatch.setattr("engine.formats.npz.read_npz", load)

    with pytest.raises(SystemExit) as end:
        main(["import", str(tmp_path / "f.npz")])

    assert end.value.code == 2
    assert "There is not enough memory for this." in capsys.readouterr().err


@pytest.mark.parametrize("option", [["--label", "y"], ["--encoding", "cp1256"], ["--skip-missing"]])
def test_an_option_of_tables_is_not_ignored_for_arrays(
    option: list[str], capsys: pytest.CaptureFixture[str], tmp_path: Path
) -> None:
    np.savez(tmp_path / "f.npz", X=[[1.0, 2.0], [3.0, 4.0]], y=[0, 1])

    with pytest.raises(SystemExit) as end:
        main(["import", str(tmp_path / "f.npz"), *option])

    assert end.value.code == 2
    told = capsys.readouterr().err
    assert f"{option[0]} is for tables; “f.npz” is an NPZ file" in told
    assert "Leave the option out." in told
