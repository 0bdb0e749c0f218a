"""Experiments that are ready made to show why deep networks of sigmoids do not learn. No torch."""

from __future__ import annotations

from dataclasses import replace

from engine import toy_datasets
from engine.config import Optimizer, ToyDataset, TrainingConfig
from engine.experiment import Experiment
from engine.studies.course_protocol import SLIDE_ACTIVATIONS


def vanishing_lab(seed: int = 1) -> Experiment:
    """Twenty layers of 16 units, three lanes that differ in the activation, on the three-class spiral.

    300 points, Adam with a learning rate of 0.003, batches of 32, initialization by the rule that suits each
    activation.
    """
    dataset = toy_datasets.make(ToyDataset.SPIRAL, n_samples=300, n_classes=3, noise=0.1, seed=seed)
    config = TrainingConfig(
        hidden_layers=(16,) * 20, optimizer=Optimizer.ADAM, learning_rate=0.003, batch_size=32, seed=seed
    )
    lanes = tuple(replace(config, activation=activation) for activation in SLIDE_ACTIVATIONS)
    return Experiment(dataset, lanes, "Vanishing gradients")
