"""The columns of the table of a plan: a row a layer, the output layer last; places are in the memory of a block."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

N_INPUTS = 0
N_UNITS = 1
WEIGHTS = 2  # place of the matrix among the parameters
ACTIVATION = 3  # see `engine.compiled.codes`
PRODUCT = 4  # z, the product
INPUT = 5  # what goes into f: the same without batch normalisation
VALUE = 6  # f of it: the same where f is computed in place
OUTPUT = 7  # what goes into the next layer: the same without dropout and skip connections
FIRST_UNIT = 8  # number of its first unit among all hidden units
SKIPS = 9  # 1 if the output of the layer before is added
MASK = 10  # rows of the mask of dropout before those of this layer
COUNT = 11
