"""The ready-made comparison of deep networks."""

from __future__ import annotations

from engine.config import Activation
from engine.studies.presets import vanishing_lab
from engine.training import Trainer


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
