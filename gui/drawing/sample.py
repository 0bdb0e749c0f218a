"""Toy datasets to be made: which one is on the canvas, and which one is wanted."""

# Tests: tests/gui/settings/test_dataset_panel.py

from __future__ import annotations

from dataclasses import dataclass

from engine import toy_datasets
from engine.config import ToyDataset
from engine.dataset import Dataset


@dataclass(frozen=True)
class Sample:
    """A toy dataset to be made; see `engine.toy_datasets.make`."""

    kind: ToyDataset
    n_samples: int
    n_classes: int
    noise: float
    seed: int
    label_noise: float = 0.0

    def make(self) -> Dataset:
        """The dataset; an InputError if a number is out of its range."""
        return toy_datasets.make(
            self.kind,
            n_samples=self.n_samples,
            n_classes=self.n_classes,
            noise=self.noise,
            seed=self.seed,
            label_noise=self.label_noise,
        )


DEFAULT_SAMPLE = Sample(ToyDataset.SPIRAL, 300, 3, 0.1, 1)
