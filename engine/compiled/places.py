"""The places of numbers in the three arrays of a plan, which compiled code works by."""

# Tests: tests/engine/machines/test_machines.py

from __future__ import annotations

# the columns of the table: a row a layer, the output layer last; places are in the memory of a block
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
N_COLUMNS = 11

# the whole numbers, and the state of the work
N_LAYERS = 0
N_FEATURES = 1
N_POINTS = 2
BATCH = 3  # points of a batch
BLOCK = 4  # points that go through the network together
WIDTH = 5  # the most of them, rounded up to whole vectors
PIECE = 6  # points that one mask of dropout is drawn for
IS_SOFTMAX = 7  # whether the outputs are a softmax, else sigmoids
IS_SQUARED = 8  # whether the loss is the squared error, else cross-entropy
OPTIMIZER = 9  # see `engine.compiled.codes`
N_PARAMETERS = 10
N_HIDDEN = 11  # all hidden units
MASK_ROWS = 12  # rows of a mask of dropout; 0 without
HAS_NORM = 13
IS_SHUFFLED = 14
TARGETS = 15  # place of the targets of a block
DELTA = 16  # of the derivative by a product
ABOVE = 17  # of the derivative by an output, two in turn
BELOW = 18
STATISTICS = 19  # of mean and inverse deviation of the hidden units
STEP = 20  # number of the next batch of the epoch
POINT = 21  # points of it that are done
N_STEPS = 22  # steps still to be made
N_BLOCKS = 23  # blocks after which the work is left where it is
MASK_PLACE = 24  # where the mask of the next piece begins
HAS_DIVERGED = 25
EPOCH = 26  # number of the one under way
FIRST_EPOCH = 27  # that the first of the learning rates is of
UNTIL = 28  # number of the epoch before whose first step the work ends
PER_EPOCH = 29  # steps
SEED = 30  # of the order of the points in epoch 0; that of each epoch is one more
TASK = 31  # one of those below
IS_LINEAR = 32  # whether the output is a value, with the squared error or Huber's
N_FIELDS = 33

TRAIN, EVALUATE, TIME_FORWARD, TIME_BACK, SURVEY = 0, 1, 2, 3, 4

# the real numbers
LEARNING_RATE = 0
L1 = 1
L2 = 2
CLIP = 3  # squared
SLOPE = 4  # of Leaky ReLU
ALPHA = 5  # of ELU
HUBER = 6  # error above which Huber's loss grows evenly
N_NUMBERS = 7

# the whole numbers of a survey, and where it is left; places on its finest grid are called nodes
ROWS = 0  # of the mesh
COLUMNS = 1
SPACING = 2  # nodes of the finest grid from one of the mesh to the next
N_OUTPUTS = 3  # logits of a node
HAS_SOFTMAX = 4  # whether the outputs are a softmax, else sigmoids
BISECTIONS = 5
STAGE = 6  # one of those below
AT = 7  # what is done of the stage
N_ASKED = 8  # nodes of which the logits are there
N_LEFT = 9  # edges between two nodes that differ in class, to be bisected once more
TURN = 10  # bisections that are done
N_LINES = 11
STRENGTHS = 12  # colours of each class
LEVEL = 13  # nodes from one to the next that may be asked, halved again and again
HAS_ENTROPY = 14  # whether colours tell of the entropy of the probabilities
N_GIVEN = 15  # inputs of a place; features after these are worked out of them
FACTORS = 16  # of each of those two numbers, see `engine.data.features`

MESH, SQUARES, ALONG, EDGES, HALVES, LINES, DONE = 0, 1, 2, 3, 4, 5, 6

# its real numbers
THRESHOLD = 0  # above which the class of a single sigmoid is decided for
LOGIT = 1  # the logit of that
BENT = 2  # by how much of its change an edge may be bent
ACROSS = 3  # by how much each input of a place changes by column, then by row, then what it is at the first
