"""The trainer: epochs, curves that repeat bit for bit, live changes, and what happens when it goes wrong."""

from __future__ import annotations

import gc
import math
from dataclasses import replace

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import toy_datasets
from engine.config import Activation, Optimizer, Output, TrainingConfig
from engine.dataset import Dataset, empty_dataset
from engine.errors import InputError
from engine.learning.batches import order_seed
from engine.learning.samples import standardization
from engine.machines import compiled_machine as compiled_code
from engine.machines.compiled_machine import CompiledMachine
from engine.machines.kind import MachineKind
from engine.mlp.passes import Backpropagation
from engine.settings import ConfigError
from engine.training import Trainer
from tests.engine.reference import (
    cloud,
    compiled_machine,
    mean_loss,
    order_of,
    relative_error,
    sequential,
    standardised,
    torch_machine,
)

pytestmark = pytest.mark.usefixtures("machine")
CONFIG = TrainingConfig(hidden_layers=(6, 5), learning_rate=0.05)


def all_weights(trainer: Trainer) -> NDArray[np.floating]:
    return np.concatenate([part.ravel() for layer in trainer.weights() for part in layer])


def losses(dataset: Dataset, config: TrainingConfig, epochs: int) -> list[float]:
    trainer, result = Trainer(dataset, config), []
    for _ in range(epochs):
        trainer.epoch()
        result.append(trainer.evaluate().train_loss)
    return result


# epochs and steps


@pytest.mark.parametrize(("size", "steps"), [(None, 1), (1000, 1), (100, 1), (64, 2), (32, 4), (1, 100)])
def test_an_epoch_is_one_pass_the_last_short_batch_included(size: int | None, steps: int) -> None:
    trainer = Trainer(cloud(100, 2), replace(CONFIG, batch_size=size, validation_fraction=0.0))

    trainer.epoch()

    assert (trainer.epochs_done, trainer.steps_done) == (1, steps)


def test_an_epoch_is_its_steps() -> None:
    by_epochs, by_steps, by_slices = (Trainer(cloud(100, 3), CONFIG) for _ in range(3))

    for _ in range(5):
        by_epochs.epoch()
    while by_steps.epochs_done < 5:
        by_steps.step()
    while by_slices.epochs_done < 5:
        assert 1 <= by_slices.steps(2) <= 2

    assert by_epochs.steps_done == by_steps.steps_done == by_slices.steps_done
    assert np.array_equal(all_weights(by_epochs), all_weights(by_steps))
    assert np.array_equal(all_weights(by_epochs), all_weights(by_slices))


def test_slices_do_not_reach_into_the_next_epoch() -> None:
    trainer = Trainer(cloud(100, 3), replace(CONFIG, batch_size=32, validation_fraction=0.0))

    assert trainer.steps(3) == 3
    assert trainer.steps(1000) == 1
    assert (trainer.epochs_done, trainer.steps_done) == (1, 4)


def test_an_epoch_after_a_step_ends_the_epoch_that_was_begun() -> None:
    trainer = Trainer(cloud(100, 3), replace(CONFIG, batch_size=32, validation_fraction=0.0))
    trainer.step()

    trainer.epoch()

    assert (trainer.epochs_done, trainer.steps_done) == (1, 4)


def test_a_batch_and_the_short_one_after_it_follow_the_gradient_of_autograd() -> None:
    n_points, size = 2500, 2000
    dataset = cloud(n_points, 2)
    config = replace(
        CONFIG, optimizer=Optimizer.SGD, batch_size=size, validation_fraction=0.0, activation=Activation.RELU
    )
    trainer = Trainer(dataset, config, torch.float64)
    points, labels = standardised(dataset.points, by=dataset.points), torch.from_numpy(dataset.labels.copy())
    order = torch.randperm(n_points, generator=torch.Generator().manual_seed(order_seed(config.seed, 0)))
    net = sequential(trainer.weights(), config.activation)
    optimizer = torch.optim.SGD(net.parameters(), lr=config.learning_rate)
    for members in torch.split(order, size):
        optimizer.zero_grad()
        mean_loss(net(points[members]), labels[members]).backward()  # type: ignore[no-untyped-call]
        optimizer.step()

    trainer.epoch()

    expected = np.concatenate(
        [
            part.ravel()
            for module in net
            if isinstance(module, torch.nn.Linear)
            for part in (module.weight.detach().t().numpy(), module.bias.detach().numpy())
        ]
    )
    assert trainer.steps_done == 2
    assert relative_error(all_weights(trainer), expected) < 1e-10


# reproducibility


@pytest.mark.parametrize("optimizer", Optimizer)
def test_the_same_experiment_gives_the_same_curve_bit_for_bit(optimizer: Optimizer) -> None:
    config = replace(CONFIG, optimizer=optimizer)

    assert losses(cloud(150, 3), config, 20) == losses(cloud(150, 3), config, 20)


def test_another_seed_gives_another_curve() -> None:
    assert losses(cloud(150, 3), CONFIG, 5) != losses(cloud(150, 3), replace(CONFIG, seed=2), 5)


@pytest.mark.parametrize("seed", [0, 1, 2**31 - 1])
def test_orders_are_not_drawn_from_the_numbers_that_the_weights_came_from(seed: int) -> None:
    trainer = Trainer(cloud(100, 2), replace(CONFIG, seed=seed, validation_fraction=0.0))
    trainer.step()

    of_the_weights = torch.randperm(100, generator=torch.Generator().manual_seed(seed))
    assert not torch.equal(order_of(trainer), of_the_weights)


def test_the_global_generator_is_neither_used_nor_changed() -> None:
    torch.manual_seed(1)
    expected = losses(cloud(150, 3), CONFIG, 3)
    after = torch.rand(3)
    torch.manual_seed(1)
    torch.rand(7)

    assert losses(cloud(150, 3), CONFIG, 3) == expected
    torch.manual_seed(1)
    assert torch.equal(torch.rand(3), after)


def test_lanes_with_another_activation_see_the_same_batches() -> None:
    """One thing differs between lanes: so neither the order nor its generator may depend on the network."""
    trainers = [
        Trainer(cloud(100, 2), replace(CONFIG, activation=activation, hidden_layers=layers))
        for activation, layers in ((Activation.RELU, (3,)), (Activation.TANH, (16, 16)))
    ]
    for trainer in trainers:
        trainer.step()

    first, second = map(order_of, trainers)
    assert torch.equal(first, second)


def test_trainers_do_not_disturb_each_other() -> None:
    alone = losses(cloud(100, 2), CONFIG, 6)
    first, second = Trainer(cloud(100, 2), CONFIG), Trainer(cloud(90, 3), replace(CONFIG, hidden_layers=(9,)))

    mixed = []
    for _ in range(6):
        second.epoch()
        first.epoch()
        second.evaluate()
        mixed.append(first.evaluate().train_loss)

    assert mixed == alone


# data


def test_inputs_are_standardised_by_the_training_points_alone() -> None:
    dataset = cloud(200, 2, n_features=5)
    held_out = dataset.validation_mask(0.2)
    moved = Dataset(dataset.points + 1000 * held_out[:, None], dataset.labels, dataset.class_names, dataset.serials)

    assert losses(dataset, CONFIG, 3) == losses(moved, CONFIG, 3)


def test_scale_and_place_of_the_points_do_not_matter() -> None:
    dataset = cloud(200, 2)
    larger = Dataset(dataset.points * 1024, dataset.labels, dataset.class_names)

    assert losses(dataset, CONFIG, 5) == losses(larger, CONFIG, 5)


@pytest.mark.parametrize("value", [0.1, 1234567.9, -3e30, 0.0])
def test_a_feature_that_does_not_vary_is_left_alone(value: float) -> None:
    points = np.full((100_003, 2), value, dtype=np.float32)
    points[:, 1] = np.linspace(0, 1, len(points))

    mean, deviation = standardization(points)

    assert deviation[0] == 1.0
    assert mean[0] == pytest.approx(float(np.float32(value)))
    assert deviation[1] == pytest.approx(math.sqrt(1 / 12), rel=1e-3)


@pytest.mark.parametrize("scale", [1e-30, 1e-18, 1e30])
def test_features_of_any_scale_are_standardised(scale: float) -> None:
    points = (np.array([[1.0], [3.0]]) * scale).astype(np.float32)

    mean, deviation = standardization(points)

    assert (points[:, 0] - mean[0]) / deviation[0] == pytest.approx([-1.0, 1.0], rel=1e-4)


def test_coordinates_at_the_end_of_single_precision_are_no_trouble() -> None:
    dataset = Dataset([[3e38, 0], [-3e38, 1], [2e38, 0], [-1e38, 1]] * 10, [0, 1, 0, 1] * 10, ("A", "B"))  # type: ignore[arg-type]
    trainer = Trainer(dataset, CONFIG)

    trainer.epoch()

    assert math.isfinite(trainer.evaluate().train_loss)
    assert trainer.divergence is None


def test_without_validation_points_their_metrics_are_nan() -> None:
    metrics = Trainer(cloud(50, 2), replace(CONFIG, validation_fraction=0.0)).evaluate()

    assert math.isnan(metrics.validation_loss)
    assert math.isnan(metrics.validation_accuracy)
    assert math.isfinite(metrics.train_loss)


@pytest.mark.parametrize("n_classes", [2, 3, 8])
def test_probabilities_are_float32_and_sum_to_one(n_classes: int) -> None:
    trainer = Trainer(cloud(80, n_classes), CONFIG)

    probabilities = trainer.probabilities(np.random.default_rng(0).normal(size=(2500, 2)) * 100)

    assert probabilities.shape == (2500, n_classes)
    assert probabilities.dtype == np.float32
    np.testing.assert_allclose(probabilities.sum(axis=1), 1, atol=1e-6)


def test_no_points_have_no_probabilities() -> None:
    assert Trainer(cloud(80, 3), CONFIG).probabilities(np.empty((0, 2))).shape == (0, 3)


# what is handed out is a copy


def test_weights_are_copies_that_load_brings_back_bit_for_bit() -> None:
    trainer = Trainer(cloud(80, 3), CONFIG)
    before, kept = trainer.weights(), all_weights(trainer)
    trainer.epoch()
    assert not np.array_equal(all_weights(trainer), kept)

    trainer.load_weights(before)

    assert np.array_equal(all_weights(trainer), kept)
    before[0][0][:] = 7
    assert np.array_equal(all_weights(trainer), kept)
    assert [(w.shape, b.shape) for w, b in before] == [((2, 6), (6,)), ((6, 5), (5,)), ((5, 3), (3,))]


def test_probabilities_stay_when_training_goes_on() -> None:
    trainer = Trainer(cloud(80, 3), CONFIG)
    shown = trainer.probabilities([[1, 2]])
    copy = shown.copy()

    trainer.epoch()

    np.testing.assert_array_equal(shown, copy)
    assert not np.array_equal(trainer.probabilities([[1, 2]]), copy)


# live changes


def test_new_points_keep_weights_steps_and_standardisation() -> None:
    dataset = cloud(100, 2)
    trainer = Trainer(dataset, CONFIG)
    for _ in range(3):
        trainer.epoch()
    before, shown, steps = all_weights(trainer), trainer.probabilities(dataset.points), trainer.steps_done

    trainer.use(dataset.with_points([[50, 50], [60, 60]], 1), trainer.config)

    assert np.array_equal(all_weights(trainer), before)
    np.testing.assert_array_equal(trainer.probabilities(dataset.points), shown)
    assert (trainer.epochs_done, trainer.steps_done) == (3, steps)


def test_new_points_are_learnt_from() -> None:
    dataset = toy_datasets.make("blobs", n_samples=100, n_classes=2)
    trainer = Trainer(dataset, CONFIG)
    place = [[-0.9, 0.9]]
    added = dataset.with_points(np.repeat(place, 60, axis=0), 1 - int(trainer.probabilities(place).argmax()))
    wrong = 1 - int(trainer.probabilities(place).argmax())
    trainer.use(added, trainer.config)

    for _ in range(100):
        trainer.epoch()

    assert trainer.probabilities(place).argmax() == wrong


def test_metrics_are_of_the_new_points_at_once() -> None:
    dataset = cloud(100, 2)
    trainer = Trainer(dataset, CONFIG)
    before = trainer.evaluate()

    trainer.use(cloud(100, 2, seed=9), trainer.config)
    other = trainer.evaluate()
    trainer.use(dataset, trainer.config)

    assert other != before
    assert trainer.evaluate() == before


def test_a_change_of_the_learning_rate_keeps_the_epoch_and_the_momentum() -> None:
    changed, same = (Trainer(cloud(100, 2), CONFIG) for _ in range(2))
    for trainer in (changed, same):
        trainer.step()

    changed.use(changed._dataset, replace(CONFIG, learning_rate=0.5))
    changed.use(changed._dataset, CONFIG)
    for trainer in (changed, same):
        trainer.epoch()

    assert np.array_equal(all_weights(changed), all_weights(same))
    assert changed.steps_done == same.steps_done


@pytest.mark.parametrize("change", [{"optimizer": "sgd"}, {"batch_size": 7}, {"validation_fraction": 0.4}])
def test_settings_that_keep_the_weights_take_effect_live(change: dict[str, object]) -> None:
    trainer = Trainer(cloud(100, 2), CONFIG)
    trainer.epoch()
    before = all_weights(trainer)

    trainer.use(trainer._dataset, replace(CONFIG, **change))  # type: ignore[arg-type]
    kept = all_weights(trainer)
    trainer.epoch()

    assert np.array_equal(kept, before)
    assert trainer.epochs_done == 2
    assert losses(cloud(100, 2), CONFIG, 2)[-1] != trainer.evaluate().train_loss


@pytest.mark.parametrize(
    "change",
    [{"hidden_layers": (6,)}, {"activation": "relu"}, {"initialization": "he_normal"}, {"seed": 2},
     {"output": Output.SOFTMAX}],
)  # fmt: skip
def test_settings_that_change_the_network_need_a_new_run(change: dict[str, object]) -> None:
    trainer = Trainer(cloud(100, 2), CONFIG)

    with pytest.raises(ConfigError, match="new run"):
        trainer.use(trainer._dataset, replace(CONFIG, **change))  # type: ignore[arg-type]

    assert trainer.config == CONFIG


def test_editing_while_training_does_not_pile_up_buffers() -> None:
    dataset = cloud(100, 2)
    trainer = Trainer(dataset, replace(CONFIG, batch_size=None))

    for _ in range(30):
        dataset = dataset.with_points([[0, 0]], 1)
        trainer.use(dataset, trainer.config)
        trainer.epoch()

    gc.collect()
    made = [type(thing) for thing in gc.get_objects()]
    assert made.count(Backpropagation) <= 4
    assert made.count(CompiledMachine) <= 4


# trouble


def wild_cases() -> list[TrainingConfig]:
    return [
        TrainingConfig(
            hidden_layers=(8,) * depth, activation=activation, optimizer=optimizer, learning_rate=rate,
            batch_size=None, seed=seed,
        )
        for activation in (Activation.RELU, Activation.ELU)
        for optimizer in (Optimizer.SGD, Optimizer.MOMENTUM, Optimizer.ADAMW)
        for depth in (2, 4, 5, 6, 8, 11)
        for rate in (1e3, 1e4, 1e5, 1e6)
        for seed in range(3)
    ]  # fmt: skip


def test_however_wild_a_run_is_its_parameters_stay_finite() -> None:
    dataset = toy_datasets.make("spiral", n_samples=60, n_classes=3)
    diverged = 0
    for config in wild_cases():
        trainer = Trainer(dataset, config)
        for _ in range(12):
            trainer.step()
        diverged += trainer.divergence is not None
        assert np.isfinite(all_weights(trainer)).all(), config
        trainer.evaluate()
    assert diverged > 20


@pytest.mark.parametrize("optimizer", Optimizer)
def test_a_run_that_diverged_stays_where_it_is(optimizer: Optimizer) -> None:
    trainer = Trainer(cloud(60, 3), replace(CONFIG, optimizer=optimizer, activation=Activation.RELU, batch_size=10))
    trainer.epoch()
    weights = trainer.weights()
    trainer.load_weights([(np.full_like(weight, 3e13), bias) for weight, bias in weights])
    steps, epochs, kept = trainer.steps_done, trainer.epochs_done, all_weights(trainer)

    trainer.epoch()
    trainer.step()
    trainer.epoch()

    assert trainer.divergence is not None
    assert trainer.divergence.step == trainer.steps_done == steps + 1
    assert trainer.epochs_done == epochs
    assert trainer.steps(10) == 0
    assert np.array_equal(all_weights(trainer), kept)
    trainer.evaluate()
    assert trainer.gradient_norms().shape == (3,)
    assert trainer.probabilities([[0, 0]]).shape == (1, 3)


def test_a_loss_that_is_not_finite_is_a_divergence_too() -> None:
    trainer = Trainer(cloud(60, 3), replace(CONFIG, activation=Activation.RELU))
    trainer.load_weights([(np.full_like(weight, 3e30), bias) for weight, bias in trainer.weights()])

    assert not math.isfinite(trainer.evaluate().train_loss)
    assert trainer.divergence is None  # whoever looks changes nothing
    assert not math.isfinite(trainer.evaluate(ends_run=True).train_loss)
    assert trainer.divergence is not None
    assert trainer.divergence.step == 0


def test_a_usual_run_does_not_diverge() -> None:
    trainer = Trainer(cloud(60, 3), CONFIG)

    for _ in range(50):
        trainer.epoch()

    assert trainer.divergence is None


def test_there_must_be_points_to_train_on() -> None:
    with pytest.raises(InputError, match="no points to train on"):
        Trainer(empty_dataset(), CONFIG)


def test_one_sigmoid_unit_is_not_enough_for_three_classes() -> None:
    with pytest.raises(ConfigError, match="output is sigmoid for 3 classes"):
        Trainer(cloud(30, 3), replace(CONFIG, output=Output.SIGMOID))


@pytest.mark.parametrize("dataset", [cloud(60, 3), cloud(60, 2, n_features=3), empty_dataset()])
def test_a_dataset_the_run_cannot_use_changes_nothing(dataset: Dataset) -> None:
    trainer = Trainer(cloud(60, 2), CONFIG)
    trainer.step()
    before, metrics = all_weights(trainer), trainer.evaluate()

    with pytest.raises(InputError):
        trainer.use(dataset, trainer.config)

    assert trainer.evaluate() == metrics
    assert np.array_equal(all_weights(trainer), before)
    trainer.epoch()
    assert trainer.epochs_done == 1


def test_a_split_that_leaves_nothing_to_train_on_changes_nothing() -> None:
    dataset = Dataset([[0, 0], [1, 1]], [0, 1], ("A", "B"), [1, 1])  # type: ignore[arg-type]  # falls at 0.236
    trainer = Trainer(dataset, replace(CONFIG, validation_fraction=0.0))
    before = trainer.evaluate()

    with pytest.raises(InputError, match="no points to train on"):
        trainer.use(trainer._dataset, replace(CONFIG, validation_fraction=0.5))

    assert trainer.config.validation_fraction == 0.0
    assert trainer.evaluate() == before


@pytest.mark.parametrize("shape", [(2,), (3, 3), (3, 1), (1, 2, 2)])
def test_points_of_another_shape_have_no_probabilities(shape: tuple[int, ...]) -> None:
    trainer = Trainer(cloud(60, 2), CONFIG)

    with pytest.raises(InputError, match=rf"shape \({shape[0]},"):
        trainer.probabilities(np.zeros(shape))


@pytest.mark.parametrize("value", [np.nan, np.inf, 1e39])
def test_weights_that_single_precision_cannot_hold_change_nothing(value: float) -> None:
    trainer = Trainer(cloud(60, 2), CONFIG)
    before = all_weights(trainer)
    weights = [(weight.astype(np.float64), bias) for weight, bias in trainer.weights()]
    weights[-1][0][0, 0] = value

    with pytest.raises(InputError, match="not finite"):
        trainer.load_weights(weights)

    assert np.array_equal(all_weights(trainer), before)


def test_weights_of_another_shape_change_nothing() -> None:
    trainer, other = Trainer(cloud(60, 2), CONFIG), Trainer(cloud(60, 2), replace(CONFIG, hidden_layers=(6, 4)))
    before = all_weights(trainer)

    with pytest.raises(InputError, match="shapes"):
        trainer.load_weights(other.weights())

    assert np.array_equal(all_weights(trainer), before)


def twins(config: TrainingConfig = CONFIG) -> tuple[Trainer, Trainer, Dataset]:
    dataset = cloud(100, 2)
    return Trainer(dataset, config), Trainer(dataset, config), dataset


def test_another_threshold_changes_nothing_of_the_training() -> None:
    changed, same, dataset = twins(replace(CONFIG, batch_size=7))
    for step in range(40):
        changed.use(dataset, replace(CONFIG, batch_size=7, threshold=0.3 + step / 100))
        changed.step()
        same.step()

    assert changed.epochs_done == same.epochs_done > 1
    assert np.array_equal(all_weights(changed), all_weights(same))


@pytest.mark.parametrize("change", [{"dropout": 0.5}, {"loss": "mse"}, {"l2": 0.1}, {"optimizer": "sgd"}])
def test_after_a_live_change_the_batches_are_still_those_of_the_other_lanes(change: dict[str, object]) -> None:
    changed, same, dataset = twins(replace(CONFIG, batch_size=7))
    for trainer in (changed, same):
        trainer.epoch()
        trainer.step()
    changed.use(dataset, replace(CONFIG, batch_size=7, **change))  # type: ignore[arg-type]
    for trainer in (changed, same):
        trainer.epoch()
        trainer.step()

    assert changed.epochs_done == same.epochs_done
    assert torch.equal(order_of(changed), order_of(same))


def test_weights_that_are_loaded_are_evaluated_as_they_are_under_batch_normalisation() -> None:
    dataset, config = cloud(100, 2), replace(CONFIG, batch_norm=True)
    trainer = Trainer(dataset, config)
    start, before = trainer.weights(), trainer.evaluate()
    for _ in range(30):
        trainer.epoch()
    scale = trainer._network.parameters.scale.numpy().copy()

    trainer.load_weights(start)

    other = Trainer(dataset, config)
    with torch.inference_mode():
        other._network.parameters.scale.copy_(torch.from_numpy(scale))
        other._network.parameters.shift.copy_(trainer._network.parameters.shift)
    other.load_weights(start)
    assert trainer.evaluate() == other.evaluate() != before


def test_loading_weights_leaves_a_step_that_was_begun_and_a_divergence(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_code, "PRODUCTS_AT_ONCE", 1)  # a call for each block
    dataset = cloud(3000, 2)
    config = replace(CONFIG, batch_size=None, validation_fraction=0.0, activation=Activation.RELU)
    trainer, fresh = Trainer(dataset, config), Trainer(dataset, config)
    start = trainer.weights()
    trainer.steps(1, lambda: True)
    assert trainer.steps_done == 0
    trainer.load_weights(start)
    trainer.step()
    fresh.step()
    assert np.array_equal(all_weights(trainer), all_weights(fresh))

    trainer.load_weights([(np.full_like(weight, 3e30), bias) for weight, bias in start])
    trainer.step()
    assert trainer.divergence is not None
    trainer.load_weights(start)
    assert trainer.divergence is None
    trainer.step()
    assert np.isfinite(all_weights(trainer)).all()


@pytest.mark.parametrize("weights", [5, None, [1, 2], [(1,)], [("a", "b")] * 3, [([[1, 2], [3]], [1])] * 3])
def test_what_are_no_weights_is_refused_in_a_sentence(weights: object) -> None:
    trainer = Trainer(cloud(60, 2), CONFIG)

    with pytest.raises(InputError, match="weights"):
        trainer.load_weights(weights)  # type: ignore[arg-type]


@pytest.mark.parametrize("points", [[[np.nan, 0]], [[np.inf, 0]], [[1e300, 0]], [["a", "b"]], [[1], [1, 2]], [[1j, 2]]])
def test_points_that_are_no_finite_numbers_have_no_probabilities(points: object) -> None:
    with pytest.raises(InputError, match=r"finite|table of numbers"):
        Trainer(cloud(60, 2), CONFIG).probabilities(points)  # type: ignore[arg-type]


def test_more_features_than_memory_are_refused_before_anything_is_made() -> None:
    dataset = cloud(4, 2, n_features=30_000)

    with pytest.raises(ConfigError, match="30,721,024 weights with 30,000 features; at most 21,048,576"):
        Trainer(dataset, TrainingConfig(hidden_layers=(1024,)))


def test_a_million_points_are_trained_on_without_a_copy_in_each_epoch(machine: MachineKind) -> None:
    points = np.random.default_rng(0).normal(size=(1_000_000, 2)).astype(np.float32)
    dataset = Dataset(points, (points[:, 0] > 0).astype(np.int64), ("A", "B"))
    trainer = Trainer(dataset, TrainingConfig(hidden_layers=(4,), batch_size=4096))

    trainer.epoch()

    assert trainer.epochs_done == 1
    assert trainer.evaluate().train_accuracy > 0.9
    if machine is MachineKind.TORCH:
        assert torch_machine(trainer)._batches._chunk_inputs.numel() <= 3 * 4096
    else:
        assert compiled_machine(trainer)._inputs.data_ptr() == trainer._samples.inputs.data_ptr()
        assert compiled_machine(trainer)._memory.numel() < 100 * 4096


@pytest.mark.parametrize("most", [0, -1])
def test_no_steps_are_no_steps(most: int) -> None:
    trainer = Trainer(cloud(60, 2), CONFIG)

    assert trainer.steps(most) == 0
    assert trainer.steps_done == 0
