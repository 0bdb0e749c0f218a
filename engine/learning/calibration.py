"""The calibration of probabilities: whether of what is said to be true with P = 0.7 seven in ten come true.

Bins hold equally many points, so that none rests on a few (Nixon et al. 2019, "Measuring calibration in deep
learning"). Beside what was seen stands what chance alone would make of as many points if each P were exactly right
(Bröcker and Smith 2007, "Increasing the reliability of reliability diagrams"). Numpy only.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import ArrayLike, NDArray

from engine.learning.metrics import checked_scores, wilson
from engine.mlp.activations import Floats

FEWEST_CALIBRATED = 50
"""Points, below which chance alone looks like an error: 0.13 with 50 points in ten bins, 0.19 with 20."""
N_BINS, N_DRAWS, SEED = 5, 200, 0
N_CELLS = 20  # of a bin: its points in the order of P, of which those that are drawn together have nearly the same
TAIL = 2.5  # percent on each side of a band of 95 %


@dataclass(frozen=True, eq=False)
class Calibration:
    """The points of a class and of the rest in bins by the probability of the class, lowest first; no bin is empty.

    Attributes:
        n_points: in each bin, int64 (n_bins,); points with the same probability are in one bin.
        hits: those that are of the class, int64 (n_bins,).
        predicted: the mean probability of each bin, float64 (n_bins,).
        low, high: the interval of 95 % (Wilson) of the share of hits, float64 (n_bins,).
        band_low, band_high: between which that share lies in 95 of 100 draws in which each probability is exactly
            right, float64 (n_bins,).
        error: the mean difference of share and probability over the bins, each counted as often as it has points
            (expected calibration error, Naeini et al. 2015).
        chance_error: the same that 95 of 100 such draws do not exceed.
    """

    n_points: NDArray[np.int64]
    hits: NDArray[np.int64]
    predicted: Floats
    low: Floats
    high: Floats
    band_low: Floats
    band_high: Floats
    error: float
    chance_error: float

    @property
    def seen(self) -> Floats:
        """The share of each bin that is of the class, float64 (n_bins,)."""
        seen: Floats = self.hits / self.n_points
        return seen


def calibration(probabilities: ArrayLike, labels: ArrayLike) -> Calibration:
    """The calibration of probabilities, (n_points,), of points of which some are of a class.

    Args:
        probabilities: of the class.
        labels: true or 1 for the points of the class, false or 0 for the rest.

    Raises:
        InputError: a probability that is none, other lengths, or no points.
    """
    values, is_positive = checked_scores(probabilities, labels, is_probability=True)
    order = np.argsort(values, kind="stable")
    ranked, is_hit = values[order], is_positive[order]
    edges = np.percentile(ranked, np.linspace(0, 100, N_BINS + 1)[1:-1])
    starts = np.unique(np.concatenate([[0], np.searchsorted(ranked, edges, side="right")]))
    starts = starts[starts < len(ranked)]
    n_points = np.diff(starts, append=len(ranked)).astype(np.int64)
    hits = np.add.reduceat(is_hit.astype(np.int64), starts)
    predicted = np.add.reduceat(ranked, starts) / n_points
    weights = n_points / len(ranked)
    drawn = draws(ranked, starts, n_points) / n_points
    low, high = np.array([wilson(int(k), int(n)) for k, n in zip(hits, n_points, strict=True)]).T
    band_low, band_high = np.percentile(drawn, (TAIL, 100 - TAIL), axis=0)
    return Calibration(
        n_points,
        hits,
        predicted,
        low,
        high,
        band_low,
        band_high,
        float(weights @ np.abs(hits / n_points - predicted)),
        float(np.percentile(np.abs(drawn - predicted) @ weights, 95)),
    )


def draws(ranked: Floats, starts: NDArray[np.intp], n_points: NDArray[np.int64]) -> NDArray[np.int64]:
    """The hits of each bin if each of its probabilities, which grow, is exactly right: int64 (n_draws, n_bins).

    The same probabilities give the same draws, so that nothing trembles that does not change. Points of a bin whose
    probabilities are neighbours are drawn as one binomial number by their mean: that takes a millisecond for any number
    of points.
    """
    shares = [np.arange(min(n, N_CELLS)) / min(n, N_CELLS) for n in n_points.tolist()]
    cells = zip(starts, n_points, shares, strict=True)
    firsts = np.concatenate([start + (share * n).astype(np.intp) for start, n, share in cells])
    sizes = np.diff(firsts, append=len(ranked))
    means = np.clip(np.add.reduceat(ranked, firsts) / sizes, 0.0, 1.0)
    found = np.random.default_rng(SEED).binomial(sizes, means, (N_DRAWS, len(firsts)))
    hits: NDArray[np.int64] = np.add.reduceat(found, np.searchsorted(firsts, starts), axis=1)
    return hits
