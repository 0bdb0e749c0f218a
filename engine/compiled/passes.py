"""The passes of a block there and back as compiled code, and what is done beside training.

The same passes as those of `engine.mlp.passes`, which describes them. A block is some points of a batch; what it is
computed with lies in one memory, at places that the plan gives, values of a layer as units times points.
"""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from typing import Any

from engine.compiled import places
from engine.compiled.activations import activate, back
from engine.compiled.norm import normalise, normalise_back, normalise_evenly
from engine.compiled.products import gradient, product, product_back
from engine.compiled.vectors import compiled, lanes, load, store


@compiled
def gather(
    fields: Any, n_units: int, inputs: Any, targets: Any, order: Any, m: Any, start: int, b: int, width: int
) -> None:
    """Copy the points from number `start` of the order on into the memory, features and targets first.

    The last vector is filled with copies of the last point: what is 0 times an output there must not be nan.
    """
    n_features, n_points = fields[places.N_FEATURES], fields[places.N_POINTS]
    place, is_shuffled = fields[places.TARGETS], fields[places.IS_SHUFFLED]
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
def plus(m: Any, left: int, right: int, out: int, size: int) -> None:
    """Put the sum of two layers of so many numbers into the memory at `out`, which may be one of them."""
    for i in range(0, size, lanes(m)):
        store(m, out + i, load(m, left + i) + load(m, right + i))


@compiled
def drop_out(m: Any, source: int, masks: Any, mask: int, points: int, out: int, n_units: int, width: int) -> None:
    """Put what stays of a layer into the memory at `out`; its mask has rows of so many points."""
    for u in range(n_units):
        for i in range(0, width, lanes(m)):
            place = u * width + i
            store(m, out + place, load(m, source + place) * load(masks, mask + u * points + i))


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
    n, before, scales = lanes(m), 0, fields[places.N_PARAMETERS] - 2 * fields[places.N_HIDDEN]
    for layer in range(fields[places.N_LAYERS]):
        row = layer * places.N_COLUMNS
        n_units, z, f = table[row + places.N_UNITS], table[row + places.PRODUCT], table[row + places.VALUE]
        product(p, table[row + places.WEIGHTS], table[row + places.N_INPUTS], n_units, m, before, z, width)
        if layer == fields[places.N_LAYERS] - 1:
            return
        given, unit = table[row + places.INPUT], table[row + places.FIRST_UNIT]
        if fields[places.HAS_NORM]:
            scale, numbers_of = scales + unit, fields[places.STATISTICS] + 3 * unit
            normalise(p, scale, scale + fields[places.N_HIDDEN], m, z, given, numbers_of, n_units, width, b)
        size = n_units * width
        activate(table[row + places.ACTIVATION], numbers[places.SLOPE], numbers[places.ALPHA], m, given, f, size, width)
        out = table[row + places.OUTPUT]
        if fields[places.MASK_ROWS]:
            drop_out(m, f, masks, mask + table[row + places.MASK] * points, points, out, n_units, width)
            for u in range(n_units):
                for i in range(b, width):
                    m[out + u * width + i] = m[out + u * width + b - 1]
            f = out
        if table[row + places.SKIPS]:
            plus(m, f, before, out, size)
        elif out != f:
            for i in range(0, size, n):
                store(m, out + i, load(m, f + i))
        before = out


@compiled
def evaluate(network: Any, inputs: Any, logits: Any) -> None:
    """The pass forward of some blocks in evaluation, as `work` takes what it needs; `logits` has its targets' shape."""
    table, fields, _, _, m, _, _ = network
    n, n_points = lanes(m), fields[places.N_POINTS]
    n_outputs = table[(fields[places.N_LAYERS] - 1) * places.N_COLUMNS + places.N_UNITS]
    while fields[places.N_BLOCKS] > 0 and fields[places.POINT] < n_points:
        start = fields[places.POINT]
        b = min(fields[places.BLOCK], n_points - start)
        width = (b + n - 1) // n * n
        gather(fields, 0, inputs, logits, fields, m, start, b, width)
        z = forward_evenly(network, width)
        for unit in range(n_outputs):
            for i in range(b):
                logits[unit * n_points + start + i] = m[z + unit * width + i]
        fields[places.POINT] = start + b
        fields[places.N_BLOCKS] -= 1


@compiled
def forward_evenly(network: Any, width: int) -> Any:
    """The pass forward of a block in evaluation, whose inputs come first in the memory; the place of the logits."""
    table, fields, numbers, p, m, mean, variance = network
    scales, last, before = fields[places.N_PARAMETERS] - 2 * fields[places.N_HIDDEN], fields[places.N_LAYERS] - 1, 0
    for layer in range(last):
        row = layer * places.N_COLUMNS
        n_units, z, f = table[row + places.N_UNITS], table[row + places.PRODUCT], table[row + places.VALUE]
        product(p, table[row + places.WEIGHTS], table[row + places.N_INPUTS], n_units, m, before, z, width)
        if fields[places.HAS_NORM]:
            unit, hidden = table[row + places.FIRST_UNIT], fields[places.N_HIDDEN]
            z, scale = table[row + places.INPUT], scales + unit
            shift, given = scale + hidden, table[row + places.PRODUCT]
            normalise_evenly(p, scale, shift, mean, variance, unit, m, given, z, n_units, width)
        size, out = n_units * width, table[row + places.OUTPUT]
        activate(table[row + places.ACTIVATION], numbers[places.SLOPE], numbers[places.ALPHA], m, z, f, size, width)
        if table[row + places.SKIPS]:
            plus(m, f, before, out, size)
            before = out
        else:
            before = f
    row = last * places.N_COLUMNS
    z, n_units = table[row + places.PRODUCT], table[row + places.N_UNITS]
    product(p, table[row + places.WEIGHTS], table[row + places.N_INPUTS], n_units, m, before, z, width)
    return z


@compiled
def activations_alone(table: Any, fields: Any, numbers: Any, m: Any) -> None:
    """All activations of a block, there or back, as often as steps are asked for: to be timed."""
    width, above, delta = fields[places.WIDTH], fields[places.ABOVE], fields[places.DELTA]
    slope, alpha = numbers[places.SLOPE], numbers[places.ALPHA]
    while fields[places.N_STEPS] > 0:
        for layer in range(fields[places.N_LAYERS] - 1):
            row = layer * places.N_COLUMNS
            kind, size = table[row + places.ACTIVATION], table[row + places.N_UNITS] * width
            z, f = table[row + places.INPUT], table[row + places.VALUE]
            # put where nobody reads it, so that the same numbers are there next time
            if fields[places.TASK] == places.TIME_FORWARD:
                activate(kind, slope, alpha, m, z, delta, size, width)
            else:
                back(kind, slope, alpha, m, z, f, above, delta, size, width)
        fields[places.N_STEPS] -= 1


@compiled
def through_layer(
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
    layer: int,
    above: int,
) -> None:
    """From the derivative by the output of a hidden layer, at `above`, to that by its product."""
    below = layer * places.N_COLUMNS
    n_in, scales = table[below + places.N_UNITS], fields[places.N_PARAMETERS] - 2 * fields[places.N_HIDDEN]
    delta, source, size = fields[places.DELTA], above, n_in * width
    if fields[places.MASK_ROWS]:
        drop_out(m, above, masks, mask + table[below + places.MASK] * points, points, delta, n_in, width)
        source = delta
    z, f = table[below + places.INPUT], table[below + places.VALUE]
    slope, alpha = numbers[places.SLOPE], numbers[places.ALPHA]
    back(table[below + places.ACTIVATION], slope, alpha, m, z, f, source, delta, size, width)
    if fields[places.HAS_NORM]:
        unit = table[below + places.FIRST_UNIT]
        scale, kept = scales + unit, fields[places.STATISTICS] + 3 * unit
        product_place, shift = table[below + places.PRODUCT], scale + fields[places.N_HIDDEN]
        normalise_back(p, scale, g, m, product_place, delta, kept, n_in, width, b, shift)


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
    last = fields[places.N_LAYERS] - 1
    delta = table[last * places.N_COLUMNS + places.PRODUCT]
    for layer in range(last, -1, -1):
        row, below = layer * places.N_COLUMNS, (layer - 1) * places.N_COLUMNS
        w, n_in, n_units = table[row + places.WEIGHTS], table[row + places.N_INPUTS], table[row + places.N_UNITS]
        before = table[below + places.OUTPUT] if layer else 0
        gradient(g, w, n_in, n_units, m, delta, before, width, adds)
        if fields[places.HAS_NORM] and layer < last:
            for unit in range(n_units):  # the normalisation takes every bias away again
                g[w + unit * (n_in + 1) + n_in] = 0.0
        if layer == 0:
            return
        above = fields[places.ABOVE if layer % 2 else places.BELOW]
        size = n_in * width
        product_back(p, w, n_in, n_units, m, delta, above, width)
        if table[row + places.SKIPS]:
            other = fields[places.BELOW if layer % 2 else places.ABOVE]
            plus(m, above, other, above, size)
        delta = fields[places.DELTA]
        through_layer(table, fields, numbers, p, g, m, masks, mask, points, b, width, layer - 1, above)
