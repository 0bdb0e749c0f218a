"""Outcomes of points for views of them, without a network."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

import numpy as np
from numpy.typing import ArrayLike

from engine.config import Output, TrainingConfig
from engine.dataset import Dataset
from engine.insight.outcomes import OUTCOMES, Outcomes
from engine.insight.quantity import Reading, Readings
from gui.paint.lane_view import LaneView
from tests.gui.snapshots import lane_views_of, make_lane

NAMES = "Blue", "Orange", "Green", "Purple"


def pair(scores: ArrayLike, labels: ArrayLike, *, held_out: ArrayLike = True, squared: bool = False) -> Outcomes:
    """Points of two classes with these probabilities of the second, decided by one sigmoid."""
    p = np.asarray(scores, dtype=np.float64)
    return outcomes(np.stack([1 - p, p]), labels, Output.SIGMOID, held_out=held_out, squared=squared)


def outcomes(
    probabilities: ArrayLike,
    labels: ArrayLike,
    output: Output = Output.SOFTMAX,
    *,
    held_out: ArrayLike = True,
    squared: bool = False,
) -> Outcomes:
    """Points with these probabilities, (n_classes, n_points)."""
    table, of = np.asarray(probabilities, dtype=np.float64), np.asarray(labels, dtype=np.int64)
    places = np.stack([np.linspace(-1, 1, len(of)), np.zeros(len(of))], axis=1).astype(np.float32)
    own = table[of, np.arange(len(of))]
    losses = (1 - own) ** 2 if squared else -np.log(own)
    held = np.broadcast_to(np.asarray(held_out, dtype=bool), of.shape).copy()
    signals = 2 * (1 - own) * own * (1 - own) if squared else 1 - own
    return Outcomes(Dataset(places, of, NAMES[: len(table)]), held, output, squared, table, losses, signals)


def shown(*found: Outcomes | None, threshold: float = 0.5, titles: Sequence[str] = ("a", "b", "c")) -> list[LaneView]:
    """Lanes of which nothing but outcomes is known."""
    lanes = [
        replace(make_lane(epochs=3), readings=Readings({} if each is None else {OUTCOMES: Reading(each, 3)}))
        for each in found
    ]
    return lane_views_of(lanes, titles, configs=[TrainingConfig(threshold=threshold)] * len(lanes))
