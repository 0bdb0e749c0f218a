"""The arithmetic of one point, against torch in float64 and the course's slides."""

from __future__ import annotations

import json
import math
from typing import Any

import numpy as np
import pytest
import torch

from engine.__main__ import main
from engine.config import Activation, Loss, Output, TrainingConfig
from engine.errors import InputError
from engine.insight.inspection import Inspection, inspect_logits, inspect_point
from engine.options import Parser, add_experiment_options, experiment_from
from engine.toy_datasets import make
from engine.training import Trainer
from tests.engine.reference import Reference, class_probabilities, config_loss

PETS = (2.0, 1.0, 0.1)  # cat, dog and rabbit on the slide


def test_the_slide_of_cat_dog_and_rabbit_to_its_digits() -> None:
    softmax, sigmoids = inspect_logits(PETS, "softmax", 0), inspect_logits(PETS, "independent_sigmoids", 0)

    assert softmax.exps.round(2).tolist() == [7.39, 2.72, 1.11]
    assert round(softmax.exps_sum, 2) == 11.21  # the slide adds what it has rounded, and says 11.22
    assert round(float(softmax.exps.round(2).sum()), 2) == 11.22
    assert softmax.probabilities.round(2).tolist() == [0.66, 0.24, 0.10]
    assert softmax.probabilities_sum == pytest.approx(1)
    assert sigmoids.probabilities.round(2).tolist() == softmax.sigmoids.round(2).tolist() == [0.88, 0.73, 0.52]
    assert round(sigmoids.probabilities_sum, 2) == 2.14
    assert round(float(sigmoids.probabilities.round(2).sum()), 2) == 2.13
    assert softmax.is_distribution
    assert not sigmoids.is_distribution


def test_the_losses_of_the_slides() -> None:
    two = inspect_logits([math.log(0.8 / 0.2)], Output.SIGMOID, 1)
    three = inspect_logits(np.log([0.7, 0.2, 0.1]), Output.SOFTMAX, 0)

    assert two.loss is not None
    assert three.loss is not None
    assert round(two.loss, 4) == 0.2231
    assert round(three.loss, 4) == 0.3567
    assert three.probabilities == pytest.approx([0.7, 0.2, 0.1])


@pytest.mark.parametrize(("threshold", "decided"), [(0.5, 0), (0.4, 0), (0.39, 1), (0.7, 0)])
def test_one_unit_decides_by_the_threshold(threshold: float, decided: int) -> None:
    found = inspect_logits([math.log(0.4 / 0.6)], "sigmoid", threshold=threshold)

    assert found.probabilities == pytest.approx([0.6, 0.4])
    assert (found.decided, found.threshold) == (decided, threshold)


def oracle(z: torch.Tensor, output: Output, label: int, loss: Loss) -> tuple[torch.Tensor, torch.Tensor]:
    """Probabilities and the loss, by torch's own functions."""
    p = z.sigmoid() if output is Output.INDEPENDENT_SIGMOIDS else class_probabilities(z[None])[0]
    return p, config_loss(z[None], torch.tensor([label]), output, loss)


@pytest.mark.parametrize("loss", [Loss.AUTO, Loss.MSE])
@pytest.mark.parametrize(("output", "n_units"), [("sigmoid", 1), ("softmax", 4), ("independent_sigmoids", 4)])
def test_every_number_is_that_of_torch(output: str, n_units: int, loss: Loss) -> None:
    rng = np.random.default_rng(3)
    for scale in (0.1, 1.0, 20.0):
        logits = scale * rng.normal(size=n_units)
        for label in range(max(n_units, 2)):
            z = torch.tensor(logits, requires_grad=True)
            p, of_torch = oracle(z, Output(output), label, loss)
            (gradient,) = torch.autograd.grad(of_torch, z)
            found = inspect_logits(logits, output, label, loss=loss)

            assert found.loss == pytest.approx(of_torch.item(), rel=1e-9, abs=1e-12)
            assert found.probabilities == pytest.approx(p.detach().numpy(), rel=1e-9, abs=1e-12)
            assert found.minus_logs == pytest.approx(
                -np.log(np.maximum(p.detach().numpy(), 1e-300)), rel=1e-6, abs=1e-9
            )
            assert found.output_error == pytest.approx(gradient.numpy(), rel=1e-7, abs=1e-12)
            assert found.exps == pytest.approx(np.exp(logits))
            assert found.shifted_exps / found.shifted_exps.sum() == pytest.approx(torch.softmax(z, 0).detach().numpy())
            if loss is not Loss.MSE and found.targets is not None:
                shown = found.probabilities[-n_units:]
                assert found.output_error == pytest.approx(shown - found.targets, abs=1e-12)


@pytest.mark.parametrize("size", [1e4, -1e4, 709.7])
@pytest.mark.parametrize("output", list(Output))
def test_huge_logits_give_finite_numbers(output: Output, size: float) -> None:
    choices: list[Any] = (
        [[size]] if output is Output.SIGMOID else [[size, 0], [size, size], [size, -size], [0, 0, size]]
    )
    for logits in choices:
        for label in range(max(len(logits), 2)):
            for loss in (Loss.CROSS_ENTROPY, Loss.MSE):
                found = inspect_logits(logits, output, label, loss=loss)
                for value in found.as_json().values():
                    assert value is None or isinstance(value, str) or np.isfinite(value).all()
                if output is Output.SOFTMAX:
                    assert found.exps / found.exps_sum == pytest.approx(found.probabilities)
    sure = inspect_logits([40.0], "sigmoid", 1)
    assert sure.loss == pytest.approx(math.exp(-40), rel=1e-9)  # not rounded to 0
    assert sure.output_error == pytest.approx([-math.exp(-40)], rel=1e-9)
    assert inspect_logits([0.0, -50.0], "softmax", 0).loss == pytest.approx(math.exp(-50), rel=1e-9)


@pytest.mark.parametrize(
    ("logits", "output", "label", "threshold", "words"),
    [
        ([1.0, math.nan], "softmax", None, 0.5, "finite"),
        ([math.inf], "sigmoid", None, 0.5, "finite"),
        ([1.0, 2.0], "sigmoid", None, 0.5, "number of logits is 2"),
        ([1.0], "softmax", None, 0.5, "There is one logit"),
        ([1.0], "independent_sigmoids", None, 0.5, "one for each class"),
        ([], "softmax", None, 0.5, "list of numbers"),
        ([[1.0, 2.0]], "softmax", None, 0.5, "list of numbers"),
        (["cat", 2.0], "softmax", None, 0.5, "list of numbers"),
        ([1.0, 2.0], "softmax", 2, 0.5, "label is 2"),
        ([1.0, 2.0], "softmax", -1, 0.5, "label is -1"),
        ([1.0], "sigmoid", 2, 0.5, "label is 2"),
        ([1.0], "sigmoid", 0, math.nan, "threshold"),
        ([1.0], "sigmoid", 0, 1.0, "threshold"),
        ([1.0], "step", 0, 0.5, "output is"),
    ],
)
def test_what_cannot_be_used_is_refused(
    logits: Any, output: str, label: int | None, threshold: float, words: str
) -> None:
    with pytest.raises(InputError, match=words):
        inspect_logits(logits, output, label, threshold)


# points of a network


def torch_logits(trainer: Trainer, features: Any) -> torch.Tensor:
    """The logits by torch's own modules, in float64, with the same weights."""
    mean, deviation = trainer._standardization.values
    point = torch.tensor((np.float32(features).astype(np.float64) - mean) / deviation)
    with torch.no_grad():
        logits: torch.Tensor = Reference(trainer).eval()(point[None])
    return logits[0]


def check(trainer: Trainer, features: Any, label: int) -> Inspection:
    found, z = inspect_point(trainer, features, label), torch_logits(trainer, features)
    assert found.logits == pytest.approx(z.numpy(), rel=1e-9, abs=1e-9)
    p, loss = oracle(z, found.output, label, trainer.config.loss)
    assert found.loss == pytest.approx(float(loss), rel=1e-6)
    assert found.probabilities == pytest.approx(p.numpy(), rel=1e-6)
    assert found.contributions is not None
    assert found.contributions.shape == (len(z), 1 + trainer.config.hidden_layers[-1])
    assert found.contributions.sum(axis=1) == pytest.approx(found.logits, rel=1e-12)
    assert found.contributions[:, 0].tolist() == trainer._network.parameters.matrices[-1][:, -1].double().tolist()
    assert found.probabilities == pytest.approx(trainer.probabilities([features])[0], abs=2e-5)
    return found


@pytest.mark.parametrize("activation", list(Activation))
def test_a_point_of_a_trained_network_is_as_torch_has_it(activation: Activation) -> None:
    config = TrainingConfig(hidden_layers=(8, 8, 5), activation=activation, skip_connections=True, batch_norm=True)
    trainer = Trainer(make("spiral", n_samples=90, n_classes=3, noise=0.1, seed=2), config)
    for _ in range(2):
        trainer.epoch()

    for label, features in enumerate([(0.5, -0.25), (-3.0, 2.0), (0.0, 0.0)]):
        check(trainer, features, label)


@pytest.mark.parametrize("output", [Output.SIGMOID, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS])
def test_a_point_of_two_classes_by_each_output_layer(output: Output) -> None:
    config = TrainingConfig(hidden_layers=(6,), output=output, loss=Loss.MSE, threshold=0.7)
    trainer = Trainer(make("moons", n_samples=60, n_classes=2, noise=0.1, seed=2), config)
    trainer.epoch()

    found = check(trainer, (0.5, 0.25), 1)
    assert (found.output, found.loss_kind) == (output, Loss.MSE)
    assert found.threshold == (0.7 if output is Output.SIGMOID else 0.5)
    assert inspect_point(trainer, (0.5, 0.25)).loss is None
    for features, label, words in (
        ((1.0,), 0, "2 coordinates"),
        ((1.0, math.nan), 0, "finite"),
        ((1, 1), 2, "label is 2"),
        (((1,), (2, 3)), 0, "row of numbers"),
        (("a", "b"), 0, "table of numbers"),
        (((1, 2), (3, 4)), 0, "one point"),
        ((), 0, "one column a feature"),
        (np.empty((0, 2)), 0, "one point"),
    ):
        with pytest.raises(InputError, match=words):
            inspect_point(trainer, features, label)


def test_weights_without_bound_are_refused() -> None:
    config = TrainingConfig(hidden_layers=(4,) * 12, activation=Activation.RELU)
    trainer = Trainer(make("moons", n_samples=60, n_classes=2, noise=0.1, seed=2), config)
    trainer.load_weights([(np.full(w.shape, 3e38), b) for w, b in trainer.weights()])

    with pytest.raises(InputError, match="logits of this point"):
        inspect_point(trainer, (1, 1))


# the command


def test_the_command_prints_the_numbers_after_training(capsys: pytest.CaptureFixture[str]) -> None:
    options = ("--dataset", "moons", "--depth", "2", "--width", "5", "--seed", "4")
    assert main(["inspect", *options, "--epochs", "3", "--point", "-0.5,1", "--label", "1", "--json", "-"]) == 0
    found = json.loads(capsys.readouterr().out)
    parser = Parser()
    add_experiment_options(parser)
    experiment = experiment_from(parser.parse_args(options))
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    for _ in range(3):
        trainer.epoch()

    assert found == check(trainer, (-0.5, 1.0), 1).as_json()


@pytest.mark.parametrize(
    ("options", "words"),
    [
        (["--point", "a,b"], "must be numbers"),
        (["--point", "1,2,3"], "2 coordinates"),
        (["--point", "1,nan"], "finite"),
        (["--point", "1,2", "--label", "9"], "label is 9"),
        (["--point", "1,2", "--epochs", "-1"], "epochs is -1"),
    ],
)
def test_the_command_refuses_what_it_cannot_use(
    options: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    with pytest.raises(SystemExit):
        main(["inspect", "--dataset", "moons", *options])
    assert words in capsys.readouterr().err
