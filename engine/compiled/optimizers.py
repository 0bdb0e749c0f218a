"""The update of the parameters, as compiled code; beside those of `engine.learning.optimizers` and `updates`."""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

import math
from typing import Any

from engine.compiled import places
from engine.compiled.codes import OPTIMIZERS
from engine.compiled.vectors import compiled, compiled_sums, root, typed
from engine.config import Optimizer
from engine.learning.optimizers import MAX_PULL, Adam, AdamW, Momentum, RMSprop
from engine.learning.updates import CLIP_EPSILON

SGD, MOMENTUM, NESTEROV = OPTIMIZERS[Optimizer.SGD], OPTIMIZERS[Optimizer.MOMENTUM], OPTIMIZERS[Optimizer.NESTEROV]
RMSPROP, ADAM, ADAMW = OPTIMIZERS[Optimizer.RMSPROP], OPTIMIZERS[Optimizer.ADAM], OPTIMIZERS[Optimizer.ADAMW]
KEPT = Momentum.momentum
SMOOTHING, ROOT_EPSILON = RMSprop.smoothing, RMSprop.epsilon
BETA1, BETA2, EPSILON, DECAY = Adam.beta1, Adam.beta2, Adam.epsilon, AdamW.weight_decay


@compiled_sums
def squared_norm(g: Any, n: int) -> Any:
    """The sum of squares, in the precision of the numbers."""
    result = g[0] * g[0]
    for i in range(1, n):
        result += g[i] * g[i]
    return result


@compiled_sums
def exact_squared_norm(g: Any, n: int) -> float:
    """The sum of squares in double precision."""
    result = 0.0
    for i in range(n):
        exact = 1.0 * g[i]  # float() would leave it in single precision
        result += exact * exact
    return result


@compiled
def sgd(p: Any, g: Any, n: int, rate: float) -> None:
    """P <- p - lr g."""
    step = typed(p, -rate)
    for i in range(n):
        p[i] += step * g[i]


@compiled
def momentum(p: Any, g: Any, velocity: Any, n: int, rate: float, is_nesterov: bool) -> None:
    """V <- 0.9 v + g; p <- p - lr v, or by Nesterov p - lr (g + 0.9 v)."""
    kept, step = typed(p, KEPT), typed(p, -rate)
    for i in range(n):
        v = kept * velocity[i] + g[i]
        velocity[i] = v
        p[i] += step * (g[i] + kept * v if is_nesterov else v)


@compiled
def rmsprop(p: Any, g: Any, square: Any, n: int, rate: float) -> None:
    """S <- 0.99 s + 0.01 g**2; p <- p - lr g / (sqrt(s) + 1e-8)."""
    kept, share, epsilon, step = typed(p, SMOOTHING), typed(p, 1 - SMOOTHING), typed(p, ROOT_EPSILON), typed(p, -rate)
    for i in range(n):
        s = kept * square[i] + share * g[i] * g[i]
        square[i] = s
        p[i] += step * g[i] / (root(s) + epsilon)


@compiled
def adam(p: Any, g: Any, mean: Any, square: Any, powers: Any, n: int, rate: float) -> None:
    """Adam; `powers` are those of beta1 and beta2 that correct the two means."""
    powers[0] *= BETA1
    powers[1] *= BETA2
    scale = math.sqrt(1 - powers[1])
    share1, share2, kept2 = typed(p, 1 - BETA1), typed(p, 1 - BETA2), typed(p, BETA2)
    epsilon = typed(p, EPSILON * scale)
    step = typed(p, -rate * scale / (1 - powers[0]))
    for i in range(n):
        m = mean[i] + share1 * (g[i] - mean[i])
        s = kept2 * square[i] + share2 * (g[i] * g[i])
        mean[i], square[i] = m, s
        p[i] += step * (m / (root(s) + epsilon))


@compiled
def shrink(p: Any, i: int, amount: Any) -> None:
    """Pull one weight towards 0, and no further."""
    p[i] -= min(max(p[i], -amount), amount)


@compiled
def shrink_weights(p: Any, square: Any, powers: Any, table: Any, fields: Any, numbers: Any) -> None:
    """Pull all weights towards 0 by L1, see `engine.learning.updates.Shrinkage` and the rules of the optimizers."""
    kind, rate, l1 = fields[places.OPTIMIZER], numbers[places.LEARNING_RATE], numbers[places.L1]
    is_scaled = kind in (RMSPROP, ADAM, ADAMW)
    scale = 1.0 if kind == RMSPROP else math.sqrt(1 - powers[1])
    epsilon = typed(p, ROOT_EPSILON if kind == RMSPROP else EPSILON * scale)
    pull = typed(p, l1 * scale)
    most, step = typed(p, MAX_PULL), typed(p, rate)
    even = typed(p, rate * l1 if kind == SGD else rate * l1 / (1 - KEPT))
    for layer in range(fields[places.N_LAYERS]):
        row = layer * places.N_COLUMNS
        n_in, start = table[row + places.N_INPUTS], table[row + places.WEIGHTS]
        for unit in range(table[row + places.N_UNITS]):
            first = start + unit * (n_in + 1)
            for i in range(first, first + n_in):
                amount = even
                if is_scaled:
                    amount = min(pull / (root(square[i]) + epsilon), most) * step
                shrink(p, i, amount)


@compiled
def penalise(p: Any, g: Any, table: Any, fields: Any, l2: float) -> None:
    """Add the derivative of l2/2 w**2 of each weight."""
    factor = typed(p, l2)
    for layer in range(fields[places.N_LAYERS]):
        row = layer * places.N_COLUMNS
        n_in, start = table[row + places.N_INPUTS], table[row + places.WEIGHTS]
        for unit in range(table[row + places.N_UNITS]):
            first = start + unit * (n_in + 1)
            for i in range(first, first + n_in):
                g[i] += factor * p[i]


@compiled
def update(p: Any, g: Any, state: Any, square: Any, powers: Any, table: Any, fields: Any, numbers: Any) -> bool:
    """Update once; False, and nothing is changed, if the gradient is not finite: see `engine.learning.updates`."""
    n = fields[places.N_PARAMETERS]
    if numbers[places.L2] != 0.0:
        penalise(p, g, table, fields, numbers[places.L2])
    squared = float(squared_norm(g, n))
    if not math.isfinite(squared) and numbers[places.CLIP] < math.inf:
        squared = exact_squared_norm(g, n)
    if not math.isfinite(squared):
        return False
    if squared > numbers[places.CLIP]:
        factor = typed(g, math.sqrt(numbers[places.CLIP]) / (math.sqrt(squared) + CLIP_EPSILON))
        for i in range(n):
            g[i] *= factor
    kind, rate = fields[places.OPTIMIZER], numbers[places.LEARNING_RATE]
    if kind == SGD:
        sgd(p, g, n, rate)
    elif kind in (MOMENTUM, NESTEROV):
        momentum(p, g, state, n, rate, kind == NESTEROV)
    elif kind == RMSPROP:
        rmsprop(p, g, square, n, rate)
    else:
        if kind == ADAMW:
            decay = typed(p, max(-1.0, 1 - rate * DECAY))
            for i in range(n):
                p[i] *= decay
        adam(p, g, state, square, powers, n, rate)
    if numbers[places.L1] != 0.0:
        shrink_weights(p, square, powers, table, fields, numbers)
    return True
