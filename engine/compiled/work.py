"""The work of training as compiled code: steps of gradient descent, block by block, without the interpreter.

The same passes as those of `engine.mlp.passes`, which describes them. A block is some points of a batch; what it is
computed with lies in one memory, at places that the plan gives, values of a layer as units times points.
"""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from typing import Any

from engine.compiled import column, field, number
from engine.compiled.activations import activate, back
from engine.compiled.losses import loss_gradient
from engine.compiled.norm import follow, normalise, normalise_back, normalise_evenly
from engine.compiled.optimizers import update
from engine.compiled.products import gradient, product, product_back
from engine.compiled.shuffle import BITS, shuffle
from engine.compiled.vectors import compiled, lanes, load, store


@compiled
def gather(
    fields: Any, n_units: int, inputs: Any, targets: Any, order: Any, m: Any, start: int, b: int, width: int
) -> None:
    """Copy the points from number `start` of the order on into the memory, features and targets first.

    The last vector is filled with copies of the last point: what is 0 times an output there must not be nan.
    """
    n_features, n_points = fields[field.N_FEATURES], fields[field.N_POINTS]
    place, is_shuffled = fields[field.TARGETS], fields[field.IS_SHUFFLED]
    for i in range(b):
        point = order[start + i] if is_shuffled else start + i
        row = point * (n_features + 1)
        for feature in range(n_features):
            m[feature * width + i] = inputs[row + feature]
        for unit in range(n_units):
            m[place + unit * width + i] = targets[unit * n_points + point]
    for i in range(b, width):
        for feature in range(n_features):
            m[feature * width + i] = m[feature * width + b - 1]
        for unit in range(n_units):
            m[place + unit * width + i] = 0.0


@compiled
def forward(
    table: Any,
    fields: Any,
    numbers: Any,
    p: Any,
    m: Any,
    masks: Any,
    mask: int,
    points: int,
    b: int,
    width: int,
) -> None:
    """The pass forward of a block in training; its mask of dropout begins at `mask`, with rows of `points` points."""
    n, before, scales = lanes(m), 0, fields[field.N_PARAMETERS] - 2 * fields[field.N_HIDDEN]
    for layer in range(fields[field.N_LAYERS]):
        row = layer * column.COUNT
        n_units, z, f = table[row + column.N_UNITS], table[row + column.PRODUCT], table[row + column.VALUE]
        product(p, table[row + column.WEIGHTS], table[row + column.N_INPUTS], n_units, m, before, z, width)
        if layer == fields[field.N_LAYERS] - 1:
            return
        given, unit = table[row + column.INPUT], table[row + column.FIRST_UNIT]
        if fields[field.HAS_NORM]:
            scale, numbers_of = scales + unit, fields[field.STATISTICS] + 3 * unit
            normalise(p, scale, scale + fields[field.N_HIDDEN], m, z, given, numbers_of, n_units, width, b)
        size = n_units * width
        activate(table[row + column.ACTIVATION], numbers[number.SLOPE], numbers[number.ALPHA], m, given, f, size, width)
        out = table[row + column.OUTPUT]
        if fields[field.MASK_ROWS]:
            mask_row = mask + table[row + column.MASK] * points
            for u in range(n_units):
                for i in range(0, width, n):
                    stays = load(masks, mask_row + u * points + i)
                    store(m, out + u * width + i, load(m, f + u * width + i) * stays)
                for i in range(b, width):
                    m[out + u * width + i] = m[out + u * width + b - 1]
            f = out
        if table[row + column.SKIPS]:
            for i in range(0, size, n):
                store(m, out + i, load(m, f + i) + load(m, before + i))
        elif out != f:
            for i in range(0, size, n):
                store(m, out + i, load(m, f + i))
        before = out


@compiled
def evaluate(
    table: Any, fields: Any, numbers: Any, inputs: Any, logits: Any, p: Any, m: Any, mean: Any, variance: Any
) -> None:
    """The pass forward of some blocks in evaluation, as `work` takes what it needs; `logits` has its targets' shape."""
    n, scales = lanes(m), fields[field.N_PARAMETERS] - 2 * fields[field.N_HIDDEN]
    last, n_points = fields[field.N_LAYERS] - 1, fields[field.N_POINTS]
    while fields[field.N_BLOCKS] > 0 and fields[field.POINT] < n_points:
        start, before = fields[field.POINT], 0
        b = min(fields[field.BLOCK], n_points - start)
        width = (b + n - 1) // n * n
        gather(fields, 0, inputs, logits, fields, m, start, b, width)
        for layer in range(last + 1):
            row = layer * column.COUNT
            n_units, z, f = table[row + column.N_UNITS], table[row + column.PRODUCT], table[row + column.VALUE]
            product(p, table[row + column.WEIGHTS], table[row + column.N_INPUTS], n_units, m, before, z, width)
            if layer == last:
                for unit in range(n_units):
                    for i in range(b):
                        logits[unit * n_points + start + i] = m[z + unit * width + i]
                break
            if fields[field.HAS_NORM]:
                unit, hidden = table[row + column.FIRST_UNIT], fields[field.N_HIDDEN]
                z, scale = table[row + column.INPUT], scales + unit
                shift, given = scale + hidden, table[row + column.PRODUCT]
                normalise_evenly(p, scale, shift, mean, variance, unit, m, given, z, n_units, width)
            size, out = n_units * width, table[row + column.OUTPUT]
            activate(table[row + column.ACTIVATION], numbers[number.SLOPE], numbers[number.ALPHA], m, z, f, size, width)
            if table[row + column.SKIPS]:
                for i in range(0, size, n):
                    store(m, out + i, load(m, f + i) + load(m, before + i))
                before = out
            else:
                before = f
        fields[field.POINT] = start + b
        fields[field.N_BLOCKS] -= 1


@compiled
def activations_alone(table: Any, fields: Any, numbers: Any, m: Any) -> None:
    """All activations of a block, there or back, as often as steps are asked for: to be timed."""
    width, above, delta = fields[field.WIDTH], fields[field.ABOVE], fields[field.DELTA]
    slope, alpha = numbers[number.SLOPE], numbers[number.ALPHA]
    while fields[field.N_STEPS] > 0:
        for layer in range(fields[field.N_LAYERS] - 1):
            row = layer * column.COUNT
            kind, size = table[row + column.ACTIVATION], table[row + column.N_UNITS] * width
            z, f = table[row + column.INPUT], table[row + column.VALUE]
            # put where nobody reads it, so that the same numbers are there next time
            if fields[field.TASK] == field.TIME_FORWARD:
                activate(kind, slope, alpha, m, z, delta, size, width)
            else:
                back(kind, slope, alpha, m, z, f, above, delta, size, width)
        fields[field.N_STEPS] -= 1


@compiled
def backward(
    table: Any,
    fields: Any,
    numbers: Any,
    p: Any,
    g: Any,
    m: Any,
    masks: Any,
    mask: int,
    points: int,
    b: int,
    width: int,
    adds: bool,
) -> None:
    """The pass backward of a block, which puts its gradient into g, or adds it."""
    n, last, scales = lanes(m), fields[field.N_LAYERS] - 1, fields[field.N_PARAMETERS] - 2 * fields[field.N_HIDDEN]
    delta = table[last * column.COUNT + column.PRODUCT]
    for layer in range(last, -1, -1):
        row, below = layer * column.COUNT, (layer - 1) * column.COUNT
        w, n_in, n_units = table[row + column.WEIGHTS], table[row + column.N_INPUTS], table[row + column.N_UNITS]
        before = table[below + column.OUTPUT] if layer else 0
        gradient(g, w, n_in, n_units, m, delta, before, width, adds)
        if fields[field.HAS_NORM] and layer < last:
            for unit in range(n_units):  # the normalisation takes every bias away again
                g[w + unit * (n_in + 1) + n_in] = 0.0
        if layer == 0:
            return
        above = fields[field.ABOVE if layer % 2 else field.BELOW]
        size = n_in * width
        product_back(p, w, n_in, n_units, m, delta, above, width)
        if table[row + column.SKIPS]:
            other = fields[field.BELOW if layer % 2 else field.ABOVE]
            for i in range(0, size, n):
                store(m, above + i, load(m, above + i) + load(m, other + i))
        delta, source = fields[field.DELTA], above
        if fields[field.MASK_ROWS]:
            mask_row = mask + table[below + column.MASK] * points
            for u in range(n_in):
                for i in range(0, width, n):
                    stays = load(masks, mask_row + u * points + i)
                    store(m, delta + u * width + i, load(m, above + u * width + i) * stays)
            source = delta
        z, f = table[below + column.INPUT], table[below + column.VALUE]
        slope, alpha = numbers[number.SLOPE], numbers[number.ALPHA]
        back(table[below + column.ACTIVATION], slope, alpha, m, z, f, source, delta, size, width)
        if fields[field.HAS_NORM]:
            unit = table[below + column.FIRST_UNIT]
            scale, kept = scales + unit, fields[field.STATISTICS] + 3 * unit
            product_place, shift = table[below + column.PRODUCT], scale + fields[field.N_HIDDEN]
            normalise_back(p, scale, g, m, product_place, delta, kept, n_in, width, b, shift)


@compiled
def work(
    table: Any,
    fields: Any,
    numbers: Any,
    inputs: Any,
    targets: Any,
    order: Any,
    p: Any,
    g: Any,
    state: Any,
    square: Any,
    noted: Any,
    m: Any,
    masks: Any,
    mean: Any,
    variance: Any,
    powers: Any,
    rates: Any,
    twister: Any,
    bell: Any,
) -> None:
    """Make the steps and the blocks that the fields ask for, or another task.

    Args:
        table: of the plan, see `engine.compiled.plan`.
        fields: of the plan, and where the work is left.
        numbers: of the plan.
        inputs: all points, one after the other, each with a last 1.
        targets: of all points, shape (n_units, n_points).
        order: where the order of the points in the epoch is put.
        p: parameters.
        g: their gradient.
        state: of the optimizer, of the gradients.
        square: of the optimizer, of their squares.
        noted: where the parameters before each step are put.
        m: the memory of a block.
        masks: of dropout, for all pieces of these steps.
        mean: running means of the batch normalisation.
        variance: its running variances.
        powers: of Adam, float64.
        rates: the learning rate of each epoch.
        twister: the state of the generator of the orders.
        bell: one number; as soon as it is not 0 the work is left after a block.
    """
    n = lanes(m)
    if fields[field.TASK] == field.EVALUATE:
        evaluate(table, fields, numbers, inputs, targets, p, m, mean, variance)
        return
    if fields[field.TASK] != field.TRAIN:
        activations_alone(table, fields, numbers, m)
        return
    while fields[field.N_STEPS] > 0 and fields[field.N_BLOCKS] > 0 and bell[0] == 0:
        if fields[field.IS_SHUFFLED] and fields[field.STEP] == 0 and fields[field.POINT] == 0:
            seed = (fields[field.SEED] + fields[field.EPOCH]) & BITS
            shuffle(order, fields[field.N_POINTS], twister, seed)
        start = fields[field.STEP] * fields[field.BATCH]
        n_batch, done = min(fields[field.BATCH], fields[field.N_POINTS] - start), fields[field.POINT]
        b = min(fields[field.BLOCK], n_batch - done)
        width = (b + n - 1) // n * n
        piece = done // fields[field.PIECE] * fields[field.PIECE]
        points = min(fields[field.PIECE], n_batch - piece)
        mask = fields[field.MASK_PLACE] + done - piece
        row = (fields[field.N_LAYERS] - 1) * column.COUNT
        n_units = table[row + column.N_UNITS]
        gather(fields, n_units, inputs, targets, order, m, start + done, b, width)
        forward(table, fields, numbers, p, m, masks, mask, points, b, width)
        loss_gradient(
            fields[field.IS_SOFTMAX] != 0,
            fields[field.IS_SQUARED] != 0,
            m,
            table[row + column.PRODUCT],
            fields[field.TARGETS],
            fields[field.DELTA],
            n_units,
            width,
            b,
            n_batch,
        )
        backward(table, fields, numbers, p, g, m, masks, mask, points, b, width, done > 0)
        if fields[field.HAS_NORM] and b > 1:
            hidden = fields[field.N_HIDDEN]
            follow(m, fields[field.STATISTICS], 0, hidden, mean, variance, b)
        done += b
        fields[field.N_BLOCKS] -= 1
        if done == piece + points:
            fields[field.MASK_PLACE] += fields[field.MASK_ROWS] * points
        if done < n_batch:
            fields[field.POINT] = done
            continue
        fields[field.POINT] = 0
        for i in range(fields[field.N_PARAMETERS]):
            noted[i] = p[i]
        if not update(p, g, state, square, powers, table, fields, numbers):
            fields[field.HAS_DIVERGED] = 1
            return
        fields[field.N_STEPS] -= 1
        fields[field.STEP] += 1
        if fields[field.STEP] == fields[field.PER_EPOCH]:
            fields[field.STEP] = 0
            fields[field.EPOCH] += 1
            if fields[field.EPOCH] == fields[field.UNTIL]:
                return
            numbers[number.LEARNING_RATE] = rates[fields[field.EPOCH] - fields[field.FIRST_EPOCH]]
