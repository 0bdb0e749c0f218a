"""Files of an earlier release open as they were saved: those in `earlier` are of the release of 24 November."""

from __future__ import annotations

from pathlib import Path

import pytest

from engine import experiment as files
from engine.config import Activation
from engine.formats.recovery_file import read_recovery
from engine.training import Trainer

EARLIER = Path(__file__).parent / "earlier"


def test_a_document_of_an_earlier_release_is_all_there() -> None:
    experiment = files.load(EARLIER / "document.marz.json")

    assert experiment.dataset.class_names == ("خوب", "Orange")
    assert experiment.dataset.class_counts().tolist() == [10, 10]
    first, second = experiment.lanes
    assert (first.hidden_layers, first.learning_rate, first.l2, first.seed) == ((8, 8, 8), 0.01, 0.001, 5)
    assert (first.activation, second.activation) == (Activation.TANH, Activation.RELU)


def test_unsaved_work_of_an_earlier_release_is_brought_back() -> None:
    experiment, document, weights, runs = read_recovery(EARLIER / "recovery.npz")

    assert experiment == files.load(EARLIER / "document.marz.json")
    assert document == "/home/a/work.marz.json"
    assert weights is runs is None


def test_it_trains_as_it_did_then() -> None:
    experiment = files.load(EARLIER / "document.marz.json")
    trainer = Trainer(experiment.dataset, experiment.lanes[0])
    for _ in range(20):
        trainer.epoch()

    metrics = trainer.evaluate()
    # as that release said; processors differ in the last digits
    assert metrics.train_loss == pytest.approx(0.2268568309, rel=1e-4)
    assert metrics.validation_loss == pytest.approx(0.6361318185, rel=1e-4)
    assert (metrics.train_accuracy, metrics.validation_accuracy) == (0.9375, 0.75)
