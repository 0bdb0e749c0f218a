"""The derivatives of the losses by the logits, as compiled code; beside those of `engine.mlp.losses`."""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

from typing import Any

from engine.compiled.activations import sigmoid, softmax, softmax_back
from engine.compiled.vectors import choose_below, compiled, filled, lanes, load, store


@compiled
def loss_gradient(
    is_softmax: bool,
    is_squared: bool,
    m: Any,
    z: int,
    targets: int,
    spare: int,
    n_units: int,
    width: int,
    n_points: int,
    n_mean: int,
) -> None:
    """Put in the place of the logits the derivative of (sum of the losses / n_mean) by them.

    Args:
        is_softmax: whether the outputs are a softmax, else each a sigmoid.
        is_squared: whether the loss is the squared error, else cross-entropy.
        m: the memory.
        z: place of the logits.
        targets: place of the targets.
        spare: place of as much spare room.
        n_units: logits of a point.
        width: points there is room for.
        n_points: those that count; the derivatives of all others are 0.
        n_mean: points that the mean is over.
    """
    n, size = lanes(m), n_units * width
    if is_softmax:
        softmax(m, z, z, size, width)
    scale = (2.0 if is_squared else 1.0) / n_mean
    for i in range(0, size, n):
        x = load(m, z + i)
        output = x if is_softmax else sigmoid(x)
        difference = (output - load(m, targets + i)) * filled(x, scale)
        if is_squared and not is_softmax:
            # sigmoid' = sigmoid(z) sigmoid(-z); 1 - sigmoid(z) would be rounded to zero
            difference = difference * (output * sigmoid(filled(x, 0.0) - x))
        store(m, spare + i, difference)
    if is_squared and is_softmax:
        softmax_back(m, z, spare, z, size, width)
    else:
        for i in range(0, size, n):
            store(m, z + i, load(m, spare + i))
    no_rest(m, z, n_units, n_points, width)


@compiled
def value_gradient(
    is_squared: bool, delta: float, m: Any, z: int, targets: int, n_points: int, width: int, n_mean: int
) -> None:
    """`loss_gradient` of a single output that is a value: squared error, or Huber's loss with this delta."""
    scale = (2.0 if is_squared else 1.0) / n_mean
    for i in range(0, width, lanes(m)):
        error = load(m, z + i) - load(m, targets + i)
        if not is_squared:
            most, least = filled(error, delta), filled(error, -delta)
            error = choose_below(most, error, most, error)  # nan stays nan
            error = choose_below(error, least, least, error)
        store(m, z + i, error * filled(error, scale))
    no_rest(m, z, 1, n_points, width)


@compiled
def no_rest(m: Any, z: int, n_units: int, n_points: int, width: int) -> None:
    """Put 0 where there is no point, up to the width of the rows."""
    for unit in range(n_units):
        for i in range(n_points, width):
            m[z + unit * width + i] = 0.0
