"""Which toy dataset is on the canvas."""

from __future__ import annotations

from dataclasses import dataclass

from engine.config import ToyDataset


@dataclass(frozen=True)
class Sample:
    """A toy dataset to be made; see `engine.toy_datasets.make`."""

    kind: ToyDataset
    n_samples: int
    n_classes: int
    noise: float
    seed: int


DEFAULT_SAMPLE = Sample(ToyDataset.SPIRAL, 300, 3, 0.1, 1)
