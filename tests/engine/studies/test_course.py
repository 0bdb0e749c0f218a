"""The course's experiment: the data, the protocol and the numbers of the slide."""

from __future__ import annotations

import json

import numpy as np
import pytest
from sklearn.datasets import load_breast_cancer as of_scikit_learn
from sklearn.model_selection import train_test_split

from engine.__main__ import main
from engine.config import Activation
from engine.studies.course import CourseRow, run
from engine.studies.course_protocol import EPOCHS, SLIDE_ACTIVATIONS, course_lab, load_breast_cancer, protocol
from engine.training import Trainer
from tests.engine.reference import Reference, config_loss, standardised

TEN_SEEDS = range(10)  # of the first hundred, eight end above 0.675; with PyTorch it is one in twelve, too


@pytest.fixture(scope="module")
def rows() -> dict[tuple[Activation, int], CourseRow]:
    training, test, _ = load_breast_cancer()
    activations = (Activation.SIGMOID, Activation.RELU, Activation.LEAKY_RELU)
    return {(kind, seed): run(kind, seed, training, test) for kind in activations for seed in TEN_SEEDS}


def test_the_data_and_the_split_are_those_of_scikit_learn() -> None:
    bunch = of_scikit_learn()
    train_x, test_x, train_y, test_y = train_test_split(bunch.data, bunch.target, test_size=0.2, random_state=42)

    training, test, names = load_breast_cancer()

    assert list(names) == list(bunch.feature_names)
    assert training.class_names == tuple(bunch.target_names)
    assert (len(training), len(test), training.n_features) == (455, 114, 30)
    for dataset, points, labels in ((training, train_x, train_y), (test, test_x, test_y)):
        ours = dataset.points[np.lexsort(dataset.points.T)]
        theirs = points.astype(np.float32)
        order = np.lexsort(theirs.T)
        np.testing.assert_array_equal(ours, theirs[order])
        np.testing.assert_array_equal(dataset.labels[np.lexsort(dataset.points.T)], labels[order])
    assert test.class_counts().tolist() == [43, 71]


def test_sigmoid_learns_nothing_whatever_the_seed(rows: dict[tuple[Activation, int], CourseRow]) -> None:
    for seed in TEN_SEEDS:
        row = rows[Activation.SIGMOID, seed]
        assert round(row.accuracy, 6) == 0.622807
        assert 0.66 <= row.loss <= 0.675
        assert row.tensor_norms[0] < 0.005


@pytest.mark.parametrize("activation", [Activation.RELU, Activation.LEAKY_RELU])
def test_rectifiers_learn_whatever_the_seed(
    rows: dict[tuple[Activation, int], CourseRow], activation: Activation
) -> None:
    for seed in TEN_SEEDS:
        row = rows[activation, seed]
        assert row.accuracy >= 0.93
        assert row.loss < 0.4
        assert row.tensor_norms[0] > 0.1


def test_the_norms_of_the_slide_are_of_each_tensor_summed_over_the_samples() -> None:
    training, _, _ = load_breast_cancer()
    trainer = Trainer(training, protocol(Activation.RELU, 3))
    trainer.epoch()
    reference = Reference(trainer)
    labels = np.asarray(training.labels)
    import torch

    logits = reference(standardised(training.points, by=training.points))
    loss = config_loss(logits, torch.from_numpy(labels.copy()), trainer.config.output, trainer.config.loss)
    tensors = [tensor for linear in reference.linears for tensor in (linear.weight, linear.bias)]
    of_mean = [float(gradient.norm()) for gradient in torch.autograd.grad(loss, tensors)]  # type: ignore[arg-type]

    assert trainer.measure_gradient().finished().tensor_norms() == pytest.approx(
        [455 * norm for norm in of_mean], rel=1e-6
    )
    assert trainer.gradient_norms() == pytest.approx(of_mean[::2], rel=1e-6)


def test_the_command_prints_a_row_for_each_activation_and_seed(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["course-table", "--activations", "sigmoid, elu", "--seeds", "1,3-4", "--json", "-"]) == 0

    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [(row["activation"], row["seed"]) for row in printed] == [
        (kind, seed) for seed in (1, 3, 4) for kind in ("sigmoid", "elu")
    ]
    for row in printed:
        assert set(row) == {"activation", "seed", "loss", "accuracy", "tensor_norms", "gradient_norms", "seconds"}
        assert (len(row["tensor_norms"]), len(row["gradient_norms"])) == (20, 10)


def test_without_options_it_is_the_table_of_the_slide(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["course-table"]) == 0

    printed = json.loads(capsys.readouterr().out)["rows"]
    assert [row["activation"] for row in printed] == ["sigmoid", "relu", "leaky_relu"]
    assert round(printed[0]["accuracy"], 6) == 0.622807


@pytest.mark.parametrize(
    ("options", "message"),
    [
        (["--activations", "swish"], "activations is 'swish'; it must be one of linear"),
        (["--seeds", "x"], "seeds has 'x'"),
        (["--seeds", "-1"], "seeds has '-1'"),
        (["--seeds", "5-2"], "seeds has the range 5-2, which runs backwards"),
        (["--seeds", "0-2147483647"], "seeds is 2147483647; it must be a whole number from 0 to 999"),
        (["--seeds", "99999999999"], "seeds is 99999999999"),
    ],
)
def test_what_cannot_be_run_is_said(options: list[str], message: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit):
        main(["course-table", f"{options[0]}={options[1]}"])

    assert message in capsys.readouterr().err


def test_the_lanes_of_the_laboratory_are_the_experiment_bit_for_bit() -> None:
    training, test, _ = load_breast_cancer()
    experiment = course_lab(seed=3)
    assert [lane.activation for lane in experiment.lanes] == list(SLIDE_ACTIVATIONS)
    kept = experiment.dataset.validation_mask(experiment.lanes[0].validation_fraction)
    assert int(kept.sum()) == len(test) == 114
    for lane in experiment.lanes:
        row = run(lane.activation, 3, training, test)
        trainer = Trainer(experiment.dataset, lane)
        for _ in range(EPOCHS):
            trainer.epoch()
        metrics = trainer.evaluate()
        # all points are evaluated together, and products of another shape round otherwise
        assert metrics.validation_loss == pytest.approx(row.loss, rel=1e-6)
        assert metrics.validation_accuracy == row.accuracy
        np.testing.assert_array_equal(trainer.measure_gradient().finished().tensor_norms(), row.tensor_norms)
        layers = trainer.diagnose().layers
        assert 455 * layers[0].weight_gradient.norm == pytest.approx(row.tensor_norms[0])
        assert 455 * layers[-1].bias_gradient.norm == pytest.approx(row.tensor_norms[-1])


def test_the_laboratory_shows_the_thirty_features_on_their_principal_plane() -> None:
    dataset = course_lab().dataset
    assert dataset.n_features == 30
    assert len(dataset.feature_names) == 30
    assert dataset.projection is not None
    assert 0.4 < dataset.projection.explained[0] < 0.5
    assert dataset.places.shape == (569, 2)
