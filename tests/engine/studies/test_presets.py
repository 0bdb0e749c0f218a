"""The experiments that are ready made."""

from __future__ import annotations

import subprocess
import sys
from dataclasses import replace

import numpy as np
import pytest

import main
from engine.config import Activation, Loss
from engine.insight.fitting import FitState, judge_fit
from engine.insight.measurement import Measurement
from engine.insight.neighbours import vote_of_neighbours
from engine.studies.course_protocol import course_lab, departures
from engine.studies.presets import OPTIONS, PRESETS, fit_lab, fit_values_lab, loss_lab, vanishing_lab
from engine.training import Trainer
from tests import ROOT


def test_twenty_layers_of_sigmoid_stay_at_chance_where_relu_and_leaky_relu_learn() -> None:
    experiment = vanishing_lab()
    accuracy, ratio = {}, {}
    for config in experiment.lanes:
        trainer = Trainer(experiment.dataset, config)
        for _ in range(200):
            trainer.epoch()
        norms = trainer.gradient_norms()
        accuracy[config.activation] = trainer.evaluate().train_accuracy
        ratio[config.activation] = norms[0] / norms[-1]

    assert len(experiment.lanes[0].hidden_layers) == 20
    assert accuracy[Activation.SIGMOID] < 0.36
    assert accuracy[Activation.RELU] > 0.95
    assert accuracy[Activation.LEAKY_RELU] > 0.95
    assert ratio[Activation.SIGMOID] < 1e-6
    assert min(ratio[Activation.RELU], ratio[Activation.LEAKY_RELU]) > 1e-3


def test_each_is_trainable_and_can_be_asked_for_by_a_name_of_its_own() -> None:
    assert len({preset.name for preset in PRESETS}) == len(OPTIONS) == len(PRESETS)
    for preset in PRESETS:
        assert preset.make().obstacle() is None
        assert OPTIONS[main.parser().parse_args(["--lab", preset.option]).lab] is preset


def test_the_course_is_known_by_what_its_protocol_makes() -> None:
    assert [departures(preset.make()) == () for preset in PRESETS] == [
        preset.make() == course_lab() for preset in PRESETS
    ]
    assert sum(departures(preset.make()) == () for preset in PRESETS) == 1


def test_the_names_are_known_without_numpy() -> None:
    code = "import sys, engine.studies.presets; sys.exit(bool({'numpy', 'torch'} & set(sys.modules)))"
    assert subprocess.run([sys.executable, "-c", code], check=False, cwd=ROOT).returncode == 0


def test_the_networks_of_the_loss_laboratory_differ_in_their_loss_alone() -> None:
    one, other = loss_lab().lanes

    assert (one.loss, other.loss) == (Loss.CROSS_ENTROPY, Loss.MSE)
    assert replace(one, loss=other.loss) == other


@pytest.mark.parametrize("seed", [4, 9])
def test_from_confidently_wrong_weights_cross_entropy_learns_while_squared_error_hardly_moves(seed: int) -> None:
    experiment = loss_lab(seed)
    accuracies = []
    for config in experiment.lanes:
        trainer = Trainer(experiment.dataset, config)
        begun = trainer.evaluate().train_accuracy
        for _ in range(20):
            trainer.epoch()
        accuracies.append((begun, trainer.evaluate().train_accuracy))

    (begun, by_entropy), (also_begun, by_square) = accuracies
    assert begun == also_begun
    assert by_entropy > 0.85
    assert by_square < by_entropy - 0.05


def test_the_networks_on_fitting_are_told_to_be_what_their_name_says() -> None:
    for experiment, epochs in ((fit_lab(), 400), (fit_values_lab(), 1000)):
        dataset, states = experiment.dataset, []
        for config in experiment.lanes:
            trainer, rows = Trainer(dataset, config), []
            for epoch in range(epochs + 1):
                if epoch % 4 == 0:
                    rows.append((epoch, *trainer.evaluate().curve))
                trainer.epoch()
            held_out = dataset.validation_mask(config.validation_fraction)
            vote = Measurement(vote_of_neighbours(dataset, ~held_out)).finished()
            verdict = judge_fit(np.array(rows), int(held_out.sum()), vote)
            states.append(verdict.state)
        assert states == [FitState.UNDERFITTING, FitState.JUST_RIGHT, FitState.OVERFITTING]
