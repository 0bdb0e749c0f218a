"""What each setting does and whether a change starts a new run, by the name of its box."""

# Tests: tests/gui/settings/test_control_panel.py

from __future__ import annotations

TIPS = {
    "activation_box": "What each hidden unit does with its sum. A change starts a new run.",
    "leaky_slope_box": "What Leaky ReLU multiplies a negative sum by; 0 is ReLU. A change starts a new run.",
    "elu_alpha_box": "How far below 0 the output of ELU can go. A change starts a new run.",
    "depth_box": "Number of hidden layers, 1 to 50. A change starts a new run.",
    "width_box": "Units in each hidden layer, 1 to 128. A change starts a new run.",
    "initialization_box": "How the first weights are drawn. A change starts a new run.",
    "initialization_sigma_box": "Standard deviation of the first weights around 0. A change starts a new run.",
    "optimizer_box": "How the gradient becomes a step. Takes effect at once, the weights stay.",
    "learning_rate_box": "Multiplies each step. Takes effect at once, the weights stay.",
    "batch_size_box": "Points per step; 0 is the full batch. Takes effect at once, the weights stay.",
    "validation_box": (
        "Share of the points that are kept from training, drawn hollow. Takes effect at once: points that were trained "
        "on may now count as validation; press Reset for a fair one."
    ),
    "seed_box": (
        "Of the network: same seed, same first weights, same order of points, same dropped units. "
        "A change starts a new run."
    ),
    "dropout_box": (
        "Probability that a hidden unit is left out, drawn anew for every point and step. "
        "Takes effect at once, the weights stay."
    ),
    "l1_box": (
        "Pulls every weight towards 0 until the data hold against it: many become exactly 0, more the larger it is. "
        "Takes effect at once, the weights stay."
    ),
    "l2_box": "Keeps weights small, the more the larger it is. Takes effect at once, the weights stay.",
    "batch_norm_box": "Brings the sums of each hidden layer to one scale, batch by batch. A change starts a new run.",
    "skip_connections_box": (
        "Adds the output of the layer before to that of each hidden layer as wide. A change starts a new run."
    ),
    "output_box": "How the last layer makes probabilities of its sums. A change starts a new run.",
    "loss_box": (
        "What training makes small: the mean over the points. Squared error, and cross-entropy of a sigmoid for each "
        "class, are sums over the output units, so lanes with other outputs cannot be compared by it. "
        "Takes effect at once, the weights stay."
    ),
    "threshold_box": (
        "Probability above which one sigmoid unit decides for the second class; counts for two classes only. "
        "Takes effect at once, the weights stay."
    ),
    "schedule_box": "How the learning rate changes with the epochs. Takes effect at once, the weights stay.",
    "schedule_epochs_box": (
        "Epochs until the next step, or until a curve or warm-up ends. Takes effect at once, the weights stay."
    ),
    "schedule_factor_box": (
        "Multiplies the learning rate: at each step, at the end of a curve, at the start of a warm-up. "
        "Takes effect at once, the weights stay."
    ),
    "clip_norm_box": "Shortens gradients that are longer than this; 0 is none. Takes effect at once, the weights stay.",
    "last_layers_box": "How many of the last hidden layers differ in activation; 0 is none. A change starts a new run.",
    "last_leaky_slope_box": (
        "What Leaky ReLU multiplies a negative sum by in all layers that have it; 0 is ReLU. A change starts a new run."
    ),
    "last_elu_alpha_box": (
        "How far below 0 the output of ELU can go in all layers that have it. A change starts a new run."
    ),
    "last_activation_box": "What the units of those last hidden layers do with their sums. A change starts a new run.",
}
