"""What the laboratory says of rules and numbers, beside the rules and the numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
import torch

from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset
from engine.insight.diagnosis import Complaint, ComplaintKind, Diagnosis, UnitState, UnitVerdict, complaints
from engine.insight.remedies import Cure, cured
from engine.insight.verdict import Fit
from engine.mlp.activations import ACTIVATIONS, ActivationCost, Shape
from engine.studies.course_protocol import course_lab, load_breast_cancer, protocol
from engine.training import Trainer
from gui.layers import gradient_plot
from gui.layers.activation_lens import ZIG_ZAG, ZIG_ZAG_RULE
from gui.layers.complaint_cards import THRESHOLDS
from gui.layers.course_table import EXPLANATION, HEADINGS, rows_of
from gui.text.lab_wording import (
    CHAIN_EXPLANATION,
    CURE_TIPS,
    OF_ERROR,
    RULE_TIPS,
    bound_sentence,
    complaint_number,
    complaint_rule,
    units_sentence,
)
from gui.views import VIEWS
from tests.engine.reference import Reference, cloud, config_loss, standardised
from tests.gui.diagnoses import SIZE, make_diagnosis, make_layer
from tests.gui.snapshots import lane_views_of, make_lane

PLAIN = TrainingConfig(hidden_layers=(8, 8), activation=Activation.TANH, batch_size=16, validation_fraction=0.0)
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def numbers(sentence: str) -> list[float]:
    """The limits in a sentence, in their order: 10⁻³, 0.25, 50 % and the like."""
    found = re.findall(r"(10[⁻⁰¹²³⁴⁵⁶⁷⁸⁹]+)|(\d+(?:\.\d+)?)( %)?", sentence)
    return [
        10.0 ** int(power[2:].translate(SUPERSCRIPTS)) if power else float(plain) / (100 if share else 1)
        for power, plain, share in found
    ]


def limits(kind: ComplaintKind) -> list[float]:
    return numbers(complaint_rule(kind, THRESHOLDS[kind]))


def judged(kind: ComplaintKind, diagnosis: Diagnosis, cost: float = 1.0) -> Complaint:
    """One complaint, of costs in which everything but ReLU costs as many times as much as that."""
    costs = {activation: ActivationCost(cost, cost) for activation in Activation}
    costs[Activation.RELU] = ActivationCost(1.0, 1.0)
    return next(complaint for complaint in complaints(diagnosis, costs) if complaint.kind is kind)


def network(
    error: float, *, gradient: float = 1.0, steps: float = 1e-3, epochs: int = 1, of_chance: float = 0.5
) -> Diagnosis:
    """A diagnosis with that error, weakest gradient over the last layer's, steps over weights, and loss over chance."""
    weak = replace(make_layer(1.0), weight_gradient=replace(SIZE, norm=gradient))
    layers = [replace(layer, update_ratio=steps) for layer in (weak, make_layer(1.0), make_layer(1.0, activation=None))]
    return Diagnosis(tuple(layers), 100, 100, 1.0, Fit(of_chance * 0.7, 0.7, error), epochs)


@pytest.mark.parametrize(
    ("kind", "made"),
    [
        (ComplaintKind.VANISHING, lambda ratio, error: network(error, gradient=ratio)),
        (ComplaintKind.SLOW_LEARNING, lambda ratio, error: network(error, steps=ratio)),
    ],
)
def test_a_complaint_holds_below_the_one_limit_of_its_sentence_and_above_the_other(
    kind: ComplaintKind, made: Callable[[float, float], Diagnosis]
) -> None:
    ratio, error = limits(kind)

    assert judged(kind, made(0.9 * ratio, 1.1 * error)).holds
    assert not judged(kind, made(1.1 * ratio, 1.1 * error)).holds
    assert not judged(kind, made(0.9 * ratio, 0.9 * error)).holds
    assert str(RULE_TIPS[kind]).startswith(OF_ERROR), "what an error is"


def test_a_network_still_guesses_by_the_two_limits_of_the_sentence() -> None:
    kind = ComplaintKind.SLOW_LEARNING
    epochs, share = numbers(str(RULE_TIPS[kind]).removeprefix(OF_ERROR))

    def holds(epochs: float, share: float) -> bool:
        return judged(kind, network(0.5, epochs=int(epochs), of_chance=share)).holds

    assert holds(epochs, 1.01 * share)
    assert not holds(epochs - 1, 1.01 * share)
    assert not holds(epochs, 0.99 * share)
    complaint = judged(kind, network(0.5, epochs=int(epochs), of_chance=1.0))
    assert complaint_number(complaint) == "100.0 % of guessing"


def test_a_cost_is_compared_with_relu_there_and_back_whatever_the_network() -> None:
    kind = ComplaintKind.COSTLY
    (ratio,) = limits(kind)
    sick = Diagnosis(
        (make_layer(1.0, activation=Activation.GELU), make_layer(1.0, activation=None)), 9, 9, 1.0, Fit(), 1
    )

    assert judged(kind, sick, 1.01 * ratio).holds
    assert not judged(kind, sick, 0.99 * ratio).holds
    # what was timed is no layer of this network, and the sentence has to say so
    assert "there and back, in large layers" in complaint_rule(kind, THRESHOLDS[kind])


def leaning(*shares: float) -> Diagnosis:
    """Of linear layers of one unit, each with outputs whose mean is that share of their root mean square."""
    points = np.column_stack([np.linspace(-1, 1, 50), np.zeros(50)]).astype(np.float32)
    points[:, 1] = points[::-1, 0]
    dataset = Dataset(points, np.arange(50) % 2, ("a", "b"))
    config = replace(PLAIN, hidden_layers=(1,) * len(shares), activation=Activation.LINEAR)
    trainer = Trainer(dataset, config, torch.float64)
    weights, before = [], 0.0
    for layer, share in enumerate(shares):
        weight = np.array([[1.0], [0.0]]) if layer == 0 else np.array([[1.0]])
        mean = share / math.sqrt(1 - share * share)  # the deviation is 1
        weights.append((weight, np.array([mean - before])))
        before = mean
    trainer.load_weights([*weights, trainer.weights()[-1]])
    return trainer.diagnose()


@pytest.mark.parametrize("sign", [-1, 1])
def test_outputs_lean_by_the_size_of_their_mean_to_whichever_side(sign: int) -> None:
    kind = ComplaintKind.NOT_ZERO_CENTRED
    of_rms, of_layers = limits(kind)
    much, little = 1.02 * of_rms * sign, 0.98 * of_rms * sign

    assert judged(kind, leaning(much, much, little)).holds
    assert not judged(kind, leaning(little, little, much)).holds
    assert of_layers == 0.5
    assert not judged(kind, leaning(much, little)).holds, "half of the layers is not over half"
    assert "the size of the mean" in complaint_rule(kind, THRESHOLDS[kind])


def test_the_error_is_the_root_mean_square_of_the_class_that_is_known_worst() -> None:
    dataset = Dataset(cloud(330, 2).points, np.repeat([0, 1], [300, 30]), ("a", "b"))
    trainer = Trainer(dataset, PLAIN)
    trainer.epoch()
    wrong = trainer.probabilities(dataset.points) - np.eye(2)[dataset.labels]
    of_classes = [float(np.sqrt((wrong[dataset.labels == label] ** 2).mean())) for label in (0, 1)]

    assert abs(of_classes[0] - of_classes[1]) > 0.1
    assert trainer.diagnose().fit.error == pytest.approx(max(of_classes), rel=1e-4)
    assert "root mean square over the points of the class for which that is largest" in OF_ERROR


# the chain rule and the bars


def test_the_slope_of_the_chain_rule_is_the_mean_that_its_explanation_names() -> None:
    trainer = Trainer(cloud(200, 2), replace(PLAIN, activation=Activation.RELU))
    reference = Reference(trainer)
    reference(standardised(cloud(200, 2).points, by=cloud(200, 2).points))
    layer = trainer.diagnose().layers[1]
    slopes = (reference.before_activation[1] > 0).double()
    means = {"root mean square": float(slopes.square().mean().sqrt()), "plain mean": float(slopes.mean())}

    named = [name for name, mean in means.items() if mean == pytest.approx(layer.rms_slope, abs=5e-3)]

    assert len(named) == 1
    assert named[0] in CHAIN_EXPLANATION
    assert layer.factor == pytest.approx(layer.rms_slope * layer.weight_factor)
    for what in ("is what is left", "batch normalization", "skip connections", "how slopes and signal go together"):
        assert what in CHAIN_EXPLANATION, "what is no weight, and in “weights” all the same"


@pytest.mark.parametrize("activation", Activation)
def test_the_slopes_are_said_to_be_bounded_only_where_they_are(activation: Activation) -> None:
    bound = ACTIVATIONS[activation].largest_derivative(Shape())
    said = bound_sentence(make_diagnosis([0.1, 0.1, 1.0], slope=0.1, bound=bound))

    assert ("dashed" in said) == (0 < bound < 1)
    assert ("can reach 1" in said) == (bound >= 1)
    assert "where that is below 1" in CHAIN_EXPLANATION


def test_bars_are_without_dropout_and_penalties_and_of_all_training_points() -> None:
    dataset, config = cloud(100, 2), replace(PLAIN, dropout=0.5, l1=0.1, l2=0.1, validation_fraction=0.3)
    trainer = Trainer(dataset, config, torch.float64)
    used = ~dataset.validation_mask(0.3)
    reference = Reference(trainer)
    logits = reference(standardised(dataset.points[used], by=dataset.points[used]))
    loss = config_loss(logits, torch.from_numpy(dataset.labels[used]), Output.SIGMOID, config.loss)
    gradients = torch.autograd.grad(loss, reference.weights)

    np.testing.assert_allclose(trainer.gradient_norms(), [float(part.norm()) for part in gradients], rtol=1e-6)
    for words in ("derivative of the mean training loss", "over the training points", "without dropout and penalties"):
        assert words in gradient_plot.EXPLANATION


def test_no_view_is_said_to_show_what_is_now() -> None:
    for view in VIEWS.values():  # each may be older than the epoch beside it, see `gui.widgets.age_line`
        assert not {"now", "currently", "current"} & set(re.findall(r"\w+", f"{view.title} {view.tip}".lower())), (
            view.tip
        )


# the lens


def test_one_point_pushes_all_weights_into_a_unit_one_way_and_a_batch_need_not() -> None:
    dataset = cloud(32, 2)
    config = replace(PLAIN, hidden_layers=(16, 16, 16), activation=Activation.SIGMOID, optimizer=Optimizer.ADAM)
    trainer = Trainer(dataset, config, torch.float64)
    for _ in range(100):
        trainer.epoch()
    reference = Reference(trainer)
    points, labels = standardised(dataset.points, by=dataset.points), torch.from_numpy(dataset.labels.copy())

    def of_one_sign(chosen: slice) -> float:
        """The share of units of the second layer whose weights are all pushed one way."""
        loss = config_loss(reference(points[chosen]), labels[chosen], Output.SIGMOID, config.loss)
        (gradient,) = torch.autograd.grad(loss, [reference.weights[1]])
        return float(((gradient > 0).all(dim=1) | (gradient < 0).all(dim=1)).double().mean())

    assert trainer.diagnose().layers[1].one_sign_share == 1.0
    assert [of_one_sign(slice(point, point + 1)) for point in range(32)] == [1.0] * 32
    assert of_one_sign(slice(None)) < 0.9
    assert "each single point pushes all weights into a unit one way" in ZIG_ZAG
    assert "over a batch the pushes of its points may differ" in ZIG_ZAG_RULE


# cures


def test_what_is_said_of_an_activation_as_a_cure_is_true_of_it() -> None:
    z = np.linspace(-5, 5, 1001)
    relu, tanh = (
        ACTIVATIONS[cured(TrainingConfig(activation=Activation.SIGMOID), cure).activation]
        for cure in (Cure.USE_RELU, Cure.USE_TANH)
    )
    slopes, outputs = relu.derivative(z, Shape()), tanh.value(z, Shape())

    assert set(slopes[slopes != 0]) == {1.0}
    assert "exactly 1 wherever it is not 0" in CURE_TIPS[Cure.USE_RELU]
    assert outputs.mean() == pytest.approx(0, abs=1e-12)
    assert tanh.value(z + 2, Shape()).mean() > 0.3
    assert tanh.derivative(np.zeros(1), Shape())[0] == 1
    assert "lie evenly around 0 if z does" in CURE_TIPS[Cure.USE_TANH]


# the course's table


def test_the_slides_test_samples_are_what_the_columns_of_the_table_are_of() -> None:
    training, test, _ = load_breast_cancer()
    experiment = course_lab()
    ours, theirs = (
        Trainer(experiment.dataset, experiment.lanes[1]),
        Trainer(training, protocol(Activation.RELU, experiment.lanes[1].seed)),
    )
    for trainer in (ours, theirs):
        trainer.epoch()
    loss, accuracy = theirs.evaluate_on(test)
    lane = make_lane(metrics=ours.evaluate(), activations=experiment.lanes[1].activations)
    _, row = rows_of(lane_views_of([lane])[0])

    assert row[1:3] == (f"{loss:.4f}", f"{100 * accuracy:.1f} %")
    assert all("(test)" in heading for heading in HEADINGS[1:3])
    n_tensors = 2 * len(theirs.weights())
    assert f"“Layer {n_tensors}”" in HEADINGS[4]
    assert f"Layer {n_tensors // 2}\nof mean" == HEADINGS[6]
    assert f"{n_tensors // 2} weight matrices and {n_tensors // 2} biases" in EXPLANATION
    assert f"summed over the {len(training)} training samples" in EXPLANATION


@pytest.mark.parametrize(
    ("n_units", "n_all", "beginning"), [(3, 4, "3 of 4 units in layer 1 are"), (1, 1, "The unit of layer 1 is")]
)
def test_a_layer_of_one_unit_is_told_of_as_one(n_units: int, n_all: int, beginning: str) -> None:
    for state, word in ((UnitState.DEAD, "dead"), (UnitState.SATURATED, "saturated")):
        assert units_sentence(UnitVerdict(state, 0, n_units, n_all)).startswith(f"{beginning} {word}: ")
