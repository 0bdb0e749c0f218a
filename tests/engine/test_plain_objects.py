"""The benchmark's engine of plain objects in JavaScript trains the same network as the engine."""

from __future__ import annotations

import json
import math
import shutil
import subprocess
from typing import Any

import numpy as np
import pytest
import torch

from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset
from engine.training import Trainer
from tests.benchmarks.opponents import FOLDER
from tests.engine.reference import cloud

pytestmark = pytest.mark.skipif(shutil.which("node") is None, reason="needs Node.js")

LEARNING_RATE = 0.3
TRAIN = """
const { Network, trainer } = require(process.argv[1]);
const work = JSON.parse(require("fs").readFileSync(0, "utf8"));
if (!work.is_shuffled) Math.random = () => 1 - 2 ** -53; // each point is exchanged with itself
const network = new Network(work.weights), epoch = trainer(network, work);
for (let count = 0; count < work.epochs; count++) epoch();
const probabilities = work.points.map((point) => network.forward(point));
console.log(JSON.stringify({ weights: network.weights(), probabilities }));
"""


def config_of(*hidden_layers: int) -> TrainingConfig:
    return TrainingConfig(
        hidden_layers=hidden_layers,
        activation=Activation.TANH,
        output=Output.SIGMOID,
        optimizer=Optimizer.SGD,
        learning_rate=LEARNING_RATE,
        batch_size=None,
        validation_fraction=0.0,
    )


def trained(trainer: Trainer, dataset: Dataset, **work: Any) -> dict[str, Any]:
    """Weights and probabilities after some epochs in JavaScript that begin with the weights of a trainer."""
    work |= {
        "weights": [(weight.tolist(), bias.tolist()) for weight, bias in trainer.weights()],
        "points": trainer.standardized(dataset.points)[:-1].t().tolist(),
        "labels": dataset.labels.tolist(),
        "learning_rate": LEARNING_RATE,
    }
    command = ["node", "-e", TRAIN, str(FOLDER / "plain_objects.js")]
    done = subprocess.run(command, input=json.dumps(work), capture_output=True, text=True, timeout=60, check=True)
    result: dict[str, Any] = json.loads(done.stdout)
    return result


@pytest.mark.parametrize("hidden_layers", [(4, 2), (8,) * 6])
def test_after_an_epoch_in_batches_both_have_the_same_weights(hidden_layers: tuple[int, ...]) -> None:
    dataset = cloud(25, 2)
    batches = [
        Dataset(dataset.points[members], dataset.labels[members], dataset.class_names)
        for members in (slice(0, 10), slice(10, 20), slice(20, 25))
    ]
    config = config_of(*hidden_layers)
    trainer = Trainer(batches[0], config, torch.float64)
    before = trainer.weights()
    theirs = trained(trainer, dataset, batch_size=10, epochs=1, is_shuffled=False)

    for batch in batches:
        trainer.use(batch, config)
        trainer.epoch()

    for mine, start, other in zip(trainer.weights(), before, theirs["weights"], strict=True):
        for array, at_start, numbers in zip(mine, start, other, strict=True):
            assert np.allclose(array, numbers, rtol=0, atol=1e-12)
            assert not np.allclose(array, at_start, rtol=0, atol=1e-6)
    assert np.allclose(theirs["probabilities"], trainer.probabilities(dataset.points)[:, 1], atol=1e-6)


def test_it_learns_to_separate_points() -> None:
    points = np.random.default_rng(0).uniform(-1, 1, size=(100, 2)).astype(np.float32)
    dataset = Dataset(points, (points[:, 0] * points[:, 1] > 0).astype(np.int64), ("A", "B"))
    trainer = Trainer(dataset, config_of(8, 8))

    def loss_and_accuracy(epochs: int) -> tuple[float, float]:
        result = trained(trainer, dataset, batch_size=10, epochs=epochs, is_shuffled=True)
        of_label = [p if label else 1 - p for p, label in zip(result["probabilities"], dataset.labels, strict=True)]
        return -math.fsum(map(math.log, of_label)) / len(of_label), sum(p > 0.5 for p in of_label) / len(of_label)

    loss_before, accuracy_before = loss_and_accuracy(0)
    loss_after, accuracy_after = loss_and_accuracy(300)

    assert loss_before > 0.6
    assert accuracy_before < 0.8
    assert loss_after < 0.1
    assert accuracy_after > 0.95
