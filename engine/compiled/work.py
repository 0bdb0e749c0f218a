"""The work of training as compiled code: steps of gradient descent, block by block, without the interpreter.

The arrays of `work`, all by their places in the memory of the process:

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
    whole, reals, values, edges, grid, classes, colours, pixels, lines: of a survey, see `engine.compiled.plane.survey`.
"""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

from typing import Any

from engine.compiled import places
from engine.compiled.losses import loss_gradient, value_gradient
from engine.compiled.norm import follow
from engine.compiled.optimizers import update
from engine.compiled.passes import activations_alone, backward, evaluate, forward, gather
from engine.compiled.plane.survey import survey
from engine.compiled.shuffle import BITS, shuffle
from engine.compiled.vectors import compiled, lanes


@compiled
def learn(network: Any, inputs: Any, targets: Any, order: Any, g: Any, masks: Any, n_batch: int) -> Any:
    """Put the gradient of the next block of a batch of so many points into g, or add it; the points that are done."""
    table, fields, numbers, p, m, mean, variance = network
    n, done, row = lanes(m), fields[places.POINT], (fields[places.N_LAYERS] - 1) * places.N_COLUMNS
    b, n_units = min(fields[places.BLOCK], n_batch - done), table[row + places.N_UNITS]
    width = (b + n - 1) // n * n
    piece = done // fields[places.PIECE] * fields[places.PIECE]
    points = min(fields[places.PIECE], n_batch - piece)
    mask = fields[places.MASK_PLACE] + done - piece
    start, z = fields[places.STEP] * fields[places.BATCH] + done, table[row + places.PRODUCT]
    gather(fields, n_units, inputs, targets, order, m, start, b, width)
    forward(table, fields, numbers, p, m, masks, mask, points, b, width)
    is_softmax, is_squared = fields[places.IS_SOFTMAX] != 0, fields[places.IS_SQUARED] != 0
    goals, spare = fields[places.TARGETS], fields[places.DELTA]
    if fields[places.IS_LINEAR]:
        value_gradient(is_squared, numbers[places.HUBER], m, z, goals, b, width, n_batch)
    else:
        loss_gradient(is_softmax, is_squared, m, z, goals, spare, n_units, width, b, n_batch)
    backward(table, fields, numbers, p, g, m, masks, mask, points, b, width, done > 0)
    if fields[places.HAS_NORM] and b > 1:
        follow(m, fields[places.STATISTICS], 0, fields[places.N_HIDDEN], mean, variance, b)
    if done + b == piece + points:
        fields[places.MASK_PLACE] += fields[places.MASK_ROWS] * points
    return done + b


@compiled
def is_end_of_work(fields: Any, numbers: Any, rates: Any) -> bool:
    """Go on to the next step, maybe of the next epoch; True if that is not to be begun."""
    fields[places.N_STEPS] -= 1
    fields[places.STEP] += 1
    if fields[places.STEP] < fields[places.PER_EPOCH]:
        return False
    fields[places.STEP] = 0
    fields[places.EPOCH] += 1
    if fields[places.EPOCH] == fields[places.UNTIL]:
        return True
    numbers[places.LEARNING_RATE] = rates[fields[places.EPOCH] - fields[places.FIRST_EPOCH]]
    return False


@compiled
def train(
    network: Any,
    inputs: Any,
    targets: Any,
    order: Any,
    g: Any,
    state: Any,
    square: Any,
    noted: Any,
    masks: Any,
    powers: Any,
    rates: Any,
    twister: Any,
    bell: Any,
) -> None:
    """Make the steps and the blocks that the fields ask for."""
    table, fields, numbers, p, _, _, _ = network
    while fields[places.N_STEPS] > 0 and fields[places.N_BLOCKS] > 0 and bell[0] == 0:
        if fields[places.IS_SHUFFLED] and fields[places.STEP] == 0 and fields[places.POINT] == 0:
            seed = (fields[places.SEED] + fields[places.EPOCH]) & BITS
            shuffle(order, fields[places.N_POINTS], twister, seed)
        n_batch = min(fields[places.BATCH], fields[places.N_POINTS] - fields[places.STEP] * fields[places.BATCH])
        done = learn(network, inputs, targets, order, g, masks, n_batch)
        fields[places.N_BLOCKS] -= 1
        if done < n_batch:
            fields[places.POINT] = done
            continue
        fields[places.POINT] = 0
        for i in range(fields[places.N_PARAMETERS]):
            noted[i] = p[i]
        if not update(p, g, state, square, powers, table, fields, numbers):
            fields[places.HAS_DIVERGED] = 1
            return
        if is_end_of_work(fields, numbers, rates):
            return


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
    whole: Any,
    reals: Any,
    values: Any,
    edges: Any,
    grid: Any,
    classes: Any,
    colours: Any,
    pixels: Any,
    lines: Any,
) -> None:
    """Do the task that the fields ask for; the arguments are told above."""
    network, task = (table, fields, numbers, p, m, mean, variance), fields[places.TASK]
    if task == places.TRAIN:
        train(network, inputs, targets, order, g, state, square, noted, masks, powers, rates, twister, bell)
    elif task == places.EVALUATE:
        evaluate(network, inputs, targets)
    elif task == places.SURVEY:
        survey(network, (whole, reals, values, edges, grid, classes, colours, pixels, lines))
    else:
        activations_alone(table, fields, numbers, m)
