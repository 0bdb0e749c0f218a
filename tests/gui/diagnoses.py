"""Diagnoses for views to show, with everything that a test does not care about filled in."""

from __future__ import annotations

import math
from collections.abc import Sequence

import numpy as np

from engine.config import Activation
from engine.insight.diagnosis import Diagnosis, GradientSize, LayerDiagnosis
from engine.insight.verdict import Fit

SIZE = GradientSize(1.0, 1.0, 1.0)


def make_layer(
    factor: float, slope: float = 1.0, bound: float = 1.0, activation: Activation | None = Activation.RELU
) -> LayerDiagnosis:
    """A layer whose weight factor follows from the factor and the mean slope."""
    edges, counts = np.linspace(-1, 1, 4), np.zeros(3, dtype=np.int64)
    return LayerDiagnosis(
        activation=activation,
        weight_gradient=SIZE,
        bias_gradient=SIZE,
        layer_gradient=SIZE,
        update_ratio=1e-3,
        signal=1.0,
        factor=factor,
        rms_slope=slope,
        weight_factor=factor / slope if slope else math.nan,
        slope_bound=bound,
        z_edges=edges,
        z_counts=counts,
        output_edges=edges,
        output_counts=counts,
        n_units=16,
        saturated_share=0.0,
        n_saturated_units=0,
        n_dead_units=0,
        n_linear_units=0,
        mean_output=0.0,
        is_zero_centred=True,
        one_sign_share=0.5,
    )


def make_diagnosis(factors: Sequence[float], slope: float = 1.0, bound: float = 1.0) -> Diagnosis:
    """A network with these factors, first layer first; the last is that of the output layer."""
    hidden = [make_layer(factor, slope, bound) for factor in factors[:-1]]
    return Diagnosis((*hidden, make_layer(factors[-1], activation=None)), 100, 100, 1.0, Fit(), 1)
