"""The engine of Marz: datasets, networks and their training, without a window.

The vocabulary, one word per thing:

point, label, class
    A drawn sample, its integer, and the group the integer stands for.
dataset, config, experiment
    All points with their labels; the choices of one lane; dataset and lanes together, which is what a file holds.
run, run id, lane
    One training from a fresh initialization; its number; one of the configs that are trained in lock-step.
epoch, step
    One pass over the training points; one update of the parameters.
depth, width
    The number of hidden layers; the units in each.
logits, probabilities, loss, accuracy
    As in the literature.
gradient norm
    The L2 norm of the derivative of the mean loss with respect to the weights of one layer.
field, boundary
    The class probabilities over the visible plane; the line where the two largest are equal.
snapshot
    What is shown of a run at one instant.

Importing this package imports nothing else; ``engine.training`` and ``engine.run.worker`` import torch, the value
modules (``dataset``, ``config``, ``experiment``, ``commands``, ``snapshot``) do not.
"""
