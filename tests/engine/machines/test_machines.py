"""The two machines against each other: parameters, running statistics, steps and divergence."""

from __future__ import annotations

from collections import Counter
from dataclasses import replace
from threading import Event, Thread
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine import toy_datasets
from engine.compiled import cache, places
from engine.config import Activation, Loss, Optimizer, Output, Schedule, TrainingConfig, ValueLoss
from engine.data.targets import Target
from engine.dataset import Dataset
from engine.insight.verdict import Cause
from engine.machines import choice
from engine.machines import compiled_machine as compiled_code
from engine.machines.compiled_machine import whole_vectors
from engine.machines.kind import MachineKind
from engine.mlp.pieces import Bell
from engine.training import Trainer
from tests.engine.reference import cloud, compiled_machine

pytestmark = pytest.mark.skipif(not cache.has_compiler(), reason="no compiler is installed")

N_CASES, N_STEPS = 500, 20
Generator = np.random.Generator
Numbers = NDArray[np.float64]


def random_dataset(generator: Generator) -> Dataset:
    """Overlapping clouds of 20 to 2,500 points with 2 to 30 features; of two features sometimes values."""
    n_points = 2500 if generator.random() < 0.1 else int(generator.choice([20, 57, 130, 300]))
    n_features = int(generator.choice([2, 2, 2, 5, 30]))
    n_classes = int(generator.choice([2, 2, 3, 5]))
    labels = np.arange(n_points) % n_classes
    points = generator.normal(size=(n_points, n_features)) + labels[:, None] * generator.normal(size=(1, n_features))
    target = Target.VALUES if n_features == 2 and generator.spawn(1)[0].random() < 0.3 else Target.CLASSES
    return Dataset(points.astype(np.float32), labels, tuple("ABCDE"[:n_classes]), target=target)


def random_config(generator: Generator) -> TrainingConfig:
    """Anything that can be chosen, with learning rates that people use."""
    apart, depth = generator.spawn(1)[0], int(generator.choice([0, 1, 2, 3, 4, 8]))
    widths = generator.integers(1, 40, depth) if generator.random() < 0.5 else [generator.choice([4, 8, 16])] * depth

    def sometimes(share: float, value: float) -> float:
        return value if generator.random() < share else 0.0

    def one_of(kinds: Any) -> Any:
        return list(kinds)[generator.integers(len(kinds))]

    has_norm = bool(generator.random() < 0.25)
    # of a single point batch normalisation leaves nothing but rounding, on which step and ReLU depend
    batches = [None, None, 7, 10, 32, 200, 1500, *([] if has_norm else [1])]
    clip = sometimes(0.4, 10 ** generator.uniform(-2, 0))
    return TrainingConfig(
        hidden_layers=tuple(map(int, widths)),
        activation=one_of(Activation),
        layer_activations=tuple(one_of(Activation) for _ in range(depth)) if generator.random() < 0.5 else (),
        leaky_slope=one_of([0.0, 0.01, 0.3]),
        elu_alpha=one_of([0.0, 1.0, 2.0]),
        batch_norm=has_norm,
        skip_connections=bool(generator.random() < 0.3),
        output=one_of([Output.AUTO, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS]),
        loss=one_of([Loss.CROSS_ENTROPY, Loss.MSE]),
        value_loss=list(ValueLoss)[apart.integers(2)],
        huber_delta=float(apart.choice([0.1, 1.0])),
        optimizer=one_of(Optimizer),
        learning_rate=10 ** generator.uniform(-4, -1.5),
        schedule=one_of(Schedule),
        schedule_epochs=3,
        clip_norm=clip or None,
        batch_size=one_of(batches),
        l1=sometimes(0.3, 10 ** generator.uniform(-5, -2)),
        l2=sometimes(0.3, 10 ** generator.uniform(-4, -1)),
        dropout=sometimes(0.3, generator.uniform(0.05, 0.7)),
        validation_fraction=one_of([0.0, 0.2]),
        seed=int(generator.integers(1000)),
    )


def state_of(trainer: Trainer) -> Numbers:
    """All parameters and running statistics, as one vector."""
    parts, norm = [trainer._network.parameters.vector], trainer._network.norm
    if norm is not None:
        parts += [norm.mean, norm.variance]
    return torch.cat(parts).double().numpy()


def made(dataset: Dataset, config: TrainingConfig, kind: MachineKind, dtype: torch.dtype = torch.float32) -> Trainer:
    """A trainer with this machine."""
    trainer = Trainer(dataset, config, dtype, machine=kind)
    assert trainer.machine is kind
    return trainer


def both(dataset: Dataset, config: TrainingConfig, dtype: torch.dtype = torch.float32) -> tuple[Trainer, Trainer]:
    """The same run on both machines."""
    return made(dataset, config, MachineKind.TORCH, dtype), made(dataset, config, MachineKind.COMPILED, dtype)


def train(trainer: Trainer, steps: int = N_STEPS) -> Trainer:
    """Make so many steps, fewer if the run diverges."""
    end = trainer.steps_done + steps
    while trainer.steps_done < end and trainer.steps(end - trainer.steps_done):
        pass
    return trainer


def distance(first: Numbers, second: Numbers) -> float:
    """Relative to the norm of the first."""
    return float(np.linalg.norm(first - second) / np.linalg.norm(first))


def disturbed(dataset: Dataset, config: TrainingConfig, dtype: torch.dtype, seed: int) -> Numbers:
    """Where the torch machine ends if in each step every parameter is changed by a rounding of the usual one."""
    trainer, generator = made(dataset, config, MachineKind.TORCH, dtype), np.random.default_rng(seed)
    values, rounding = trainer._network.parameters.vector.numpy(), torch.finfo(dtype).eps / 2
    for _ in range(N_STEPS):
        size = rounding * float(np.sqrt(np.mean(np.square(values))))
        values += (size * generator.choice([-1.0, 0.0, 1.0], len(values))).astype(values.dtype)
        trainer.step()
    return state_of(trainer)


def exact(dataset: Dataset, config: TrainingConfig) -> Numbers:
    """Where float64 ends from the parameters that float32 begins with."""
    trainer = made(dataset, config, MachineKind.TORCH, torch.float64)
    trainer.load_weights(made(dataset, config, MachineKind.TORCH).weights())
    return state_of(train(trainer))


@pytest.mark.parametrize(("dtype", "tolerance"), [(torch.float32, 1e-5), (torch.float64, 1e-11)])
def test_twenty_steps_of_many_configurations_agree(dtype: torch.dtype, tolerance: float) -> None:
    """To a fixed tolerance, but for the few runs that multiply rounding so much that no two programs could.

    For instance where Adam divides gradients that are nothing but rounding by their own size, or a unit with the step
    activation is at exactly 0. What one more rounding in each step makes of the torch machine says how much. There
    float32 must be as near to float64 as 3 times what the torch machine is with and without that, and float64 as near
    to the torch machine as 20 times what that leads to.
    """
    sensitive = 0
    for seed in range(N_CASES):
        generator = np.random.default_rng(seed)
        dataset, config = random_dataset(generator), random_config(generator)
        if not config.hidden_layers:  # of a line through values the first gradient of the bias is rounding alone
            dataset = replace(dataset, target=Target.CLASSES)
        by_torch, by_code = map(train, both(dataset, config, dtype))
        assert by_torch.steps_done == by_code.steps_done == N_STEPS, seed
        assert (by_torch.epochs_done, by_torch.steps_of_epoch) == (by_code.epochs_done, by_code.steps_of_epoch), seed
        assert by_torch.divergence is by_code.divergence is None, seed
        expected, found = state_of(by_torch), state_of(by_code)
        if distance(expected, found) < tolerance:
            continue
        sensitive += 1
        truth, factor = (expected, 20) if dtype is torch.float64 else (exact(dataset, config), 3)
        others = [expected, *(disturbed(dataset, config, dtype, noise) for noise in range(4))]
        assert distance(truth, found) < factor * max(distance(truth, other) for other in others), seed
    assert sensitive < 0.05 * N_CASES


# what is beyond the last point of a block


def test_a_batch_that_fills_no_vector_is_not_disturbed_by_what_fills_it() -> None:
    """The network overflows at the origin, which is no point of the batch."""
    dataset = Dataset([[-1, 0], [1, 0]] * 3, [0, 1] * 3, ("A", "B"))  # type: ignore[arg-type]
    config = TrainingConfig(hidden_layers=(2, 1, 1), activation=Activation.RELU, validation_fraction=0.0)
    for trainer in both(dataset, config):
        weights = [np.array(w, dtype=np.float32) for w in ([[1e25, -1e25], [0, 0]], [[-1], [-1]], [[1e14]], [[1]])]
        biases = [np.array(b, dtype=np.float32) for b in ([0, 0], [1e25], [0], [0])]
        trainer.load_weights(list(zip(weights, biases, strict=True)))
        trainer.steps(5)
        assert trainer.divergence is None
        assert trainer.steps_done == 1


@pytest.mark.parametrize("changes", [{}, {"dropout": 0.4}, {"batch_norm": True}, {"skip_connections": True}])
@pytest.mark.parametrize("n_points", [1, 10, 17])
def test_vectors_are_filled_with_copies_of_the_last_point(changes: dict[str, Any], n_points: int) -> None:
    config = TrainingConfig(hidden_layers=(5, 5), batch_size=None, validation_fraction=0.0, **changes)
    trainer = made(cloud(n_points, 2), config, MachineKind.COMPILED)
    trainer.step()

    machine = compiled_machine(trainer)
    width = whole_vectors(n_points, torch.float32)
    for layer in range(2):
        start = int(machine._plan.row(layer)[places.OUTPUT])
        values = machine._memory[start : start + 5 * width].view(5, width)
        assert values[:, n_points - 1 :].eq(values[:, n_points - 1 : n_points]).all()


# divergence


def wild_config(generator: Generator) -> TrainingConfig:
    """Without batch normalisation, in which the machines lose what has no room at different places."""

    def one_of(kinds: Any) -> Any:
        return list(kinds)[generator.integers(len(kinds))]

    return TrainingConfig(
        hidden_layers=(one_of([4, 8, 16]),) * one_of([1, 2, 4, 6, 8, 11]),
        activation=one_of([*Activation, *[Activation.RELU] * 5]),
        skip_connections=one_of([False, True]),
        output=one_of([Output.AUTO, Output.INDEPENDENT_SIGMOIDS]),
        loss=one_of([Loss.CROSS_ENTROPY, Loss.MSE]),
        optimizer=one_of(Optimizer),
        learning_rate=one_of([10.0, 1e3, 1e4, 1e5, 1e6]),
        batch_size=one_of([None, 8, 32]),
        clip_norm=one_of([None, None, 1.0]),
        l1=one_of([0.0, 0.0, 0.1]),
        l2=one_of([0.0, 0.0, 0.1]),
        dropout=one_of([0.0, 0.0, 0.4]),
        seed=int(generator.integers(1000)),
    )


def test_wild_runs_diverge_at_the_same_step_for_the_same_cause_in_the_same_layer() -> None:
    """Each step from the same numbers: what rounding a learning rate of a million makes is no question here."""
    small, large = (toy_datasets.make("spiral", n_samples=n, n_classes=3) for n in (60, 2600))
    causes = Counter[Cause]()
    for seed in range(300):
        generator = np.random.default_rng(seed)
        dataset = large if generator.random() < 0.25 else small
        config, dtype = wild_config(generator), torch.float64 if seed % 3 == 0 else torch.float32
        by_torch, by_code = both(dataset, config, dtype)
        with torch.inference_mode(), np.errstate(all="ignore"):
            while by_torch.steps_done < N_STEPS and by_torch.divergence is None:
                take_over(by_code, by_torch)
                by_torch.step()
                by_code.step()
                # nan, a rate before the first update, does not equal itself
                assert repr(by_torch.divergence) == repr(by_code.divergence), (seed, config)
        if by_torch.divergence is not None:
            causes[by_torch.divergence.cause] += 1
    assert min(causes[Cause.VALUE], causes[Cause.NORM]) > 20


def take_over(trainer: Trainer, other: Trainer) -> None:
    """Go on from the parameters and the state of another."""
    trainer._network.parameters.vector.copy_(other._network.parameters.vector)
    for mine, given in zip(trainer._updater.optimizer.state, other._updater.optimizer.state, strict=True):
        mine.copy_(given)


@pytest.mark.parametrize("layer", [0, 4, 8])
@pytest.mark.parametrize("changes", [{}, {"batch_size": None}, {"dropout": 0.3}, {"batch_norm": True}])
def test_a_value_that_overflows_in_any_block_is_found_in_its_layer(
    monkeypatch: pytest.MonkeyPatch, layer: int, changes: dict[str, Any]
) -> None:
    monkeypatch.setattr(choice, "MAX_WHOLE", 2**20)
    config = TrainingConfig(
        hidden_layers=(16,) * 8,
        activation=Activation.RELU,
        **{"batch_size": 1500, "validation_fraction": 0.0} | changes,
    )
    for trainer in both(cloud(4000, 3), config):
        weights = trainer.weights()
        weights[layer] = (np.full_like(weights[layer][0], 3e38), weights[layer][1])
        trainer.load_weights(weights)
        before, norm = state_of(trainer), trainer._network.norm

        trainer.steps(9)

        assert trainer.divergence is not None
        assert (trainer.divergence.step, trainer.divergence.cause, trainer.divergence.layer) == (1, Cause.VALUE, layer)
        if norm is None:  # whose running statistics have followed the batch
            np.testing.assert_array_equal(state_of(trainer), before)


@pytest.mark.parametrize("place", [0, 1000, 1999])
def test_a_value_that_overflows_at_one_point_is_found_wherever_it_is(place: int) -> None:
    points = cloud(2000, 2).points.copy()
    points[place] = 1000
    config = TrainingConfig(
        hidden_layers=(16, 16), activation=Activation.RELU, batch_size=None, validation_fraction=0.0
    )
    for trainer in both(Dataset(points, cloud(2000, 2).labels, ("A", "B")), config):
        (weight, bias), (inner, inner_bias), last = trainer.weights()
        trainer.load_weights([(np.full_like(weight, 1e37), bias), (np.full_like(inner, 1e-38), inner_bias), last])

        trainer.step()

        assert trainer.divergence is not None
        assert (trainer.divergence.cause, trainer.divergence.layer) == (Cause.VALUE, 0)


@pytest.mark.parametrize("rate", [1e3, 1e6])
def test_a_long_gradient_is_clipped_where_its_square_has_no_room(rate: float) -> None:
    config = TrainingConfig(hidden_layers=(8,), activation=Activation.RELU, clip_norm=1.0, learning_rate=rate)
    by_torch, by_code = both(cloud(60, 2), config)
    for trainer in (by_torch, by_code):
        weights = trainer.weights()
        weights[1] = (weights[1][0] * np.float32(1e25), weights[1][1])
        trainer.load_weights(weights)
        trainer.step()
        assert trainer.divergence is None

    assert distance(state_of(by_torch), state_of(by_code)) < 1e-5


def test_running_statistics_follow_the_step_that_diverged_once() -> None:
    config = TrainingConfig(hidden_layers=(8, 8), batch_norm=True, batch_size=None)
    by_torch, by_code = both(cloud(60, 2), config)
    for trainer in (by_torch, by_code):
        weights = trainer.weights()
        weights[2] = (np.full_like(weights[2][0], 3e38), weights[2][1])
        trainer.load_weights(weights)
        assert trainer._network.norm is not None
        with torch.inference_mode():
            trainer._network.norm.mean.fill_(5.0)
        trainer.step()
        assert trainer.divergence is not None

    assert distance(state_of(by_torch)[-32:], state_of(by_code)[-32:]) < 1e-5


# the same bits, however the steps are asked for

SLICED = [
    TrainingConfig(hidden_layers=(9, 9), batch_size=7, schedule=Schedule.COSINE, schedule_epochs=3, l1=1e-4),
    TrainingConfig(hidden_layers=(9, 9), batch_size=7, dropout=0.3, optimizer=Optimizer.MOMENTUM),
    TrainingConfig(hidden_layers=(9, 9), batch_size=33, batch_norm=True, skip_connections=True, dropout=0.2),
    TrainingConfig(hidden_layers=(9, 9), batch_size=None, optimizer=Optimizer.NESTEROV, clip_norm=0.1, l2=0.01),
]


LEFT = TrainingConfig(
    hidden_layers=(8,) * 20, batch_size=None, schedule_epochs=8, learning_rate=0.01, validation_fraction=0.0
)


def bits(trainer: Trainer) -> tuple[bytes, int, int]:
    """Everything that the next step depends on, but for the state of the optimizer."""
    return state_of(trainer).tobytes(), trainer.steps_done, trainer.epochs_done


@pytest.mark.parametrize("config", SLICED)
@pytest.mark.parametrize("kind", MachineKind)
def test_slices_of_any_length_give_the_same_bits(config: TrainingConfig, kind: MachineKind) -> None:
    whole, singly, sevens, epochs = (made(cloud(150, 3), config, kind) for _ in range(4))
    while whole.epochs_done < 6:
        whole.epoch()
    while singly.epochs_done < 6:
        singly.step()
    while sevens.epochs_done < 6:
        sevens.steps(7)
    while epochs.epochs_done < 6:
        epochs.steps(10**6, until=6)

    assert bits(singly) == bits(sevens) == bits(whole) == bits(epochs)


@pytest.mark.parametrize("config", SLICED)
def test_a_bell_in_the_middle_of_a_call_leaves_the_bits_as_they_are(
    monkeypatch: pytest.MonkeyPatch, config: TrainingConfig
) -> None:
    monkeypatch.setattr(compiled_code, "MASK_VALUES", 2000)  # with dropout a call goes on to its end
    bell, is_done = Bell(), Event()
    rung = Trainer(cloud(150, 3), config, machine=MachineKind.COMPILED, bell=bell)
    whole = made(cloud(150, 3), config, MachineKind.COMPILED)

    def ring() -> None:
        while not is_done.wait(1e-4):
            bell.ring()

    thread = Thread(target=ring)
    thread.start()
    n_calls = 0
    try:
        while rung.epochs_done < 300 or (n_calls < 5 and rung.epochs_done < 30_000):
            bell.silence()
            until = rung.epochs_done + 300
            rung.steps(10**6, until=until)
            n_calls += rung.epochs_done < until
    finally:
        is_done.set()
        thread.join()
    whole.steps(rung.steps_done, until=10**6)

    assert n_calls > 3
    assert bits(rung) == bits(whole)


@pytest.mark.parametrize("dropout", [0.0, 0.3])
@pytest.mark.parametrize("batch_size", [None, 2100])
def test_a_large_step_that_is_left_in_the_middle_goes_on_with_the_same_bits(
    batch_size: int | None, dropout: float, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(compiled_code, "PRODUCTS_AT_ONCE", 1)  # a call for each block
    config = TrainingConfig(hidden_layers=(16, 16), batch_size=batch_size, dropout=dropout, validation_fraction=0.0)
    whole, left = (made(cloud(5000, 3), config, MachineKind.COMPILED) for _ in range(2))
    away, generator = 0, np.random.default_rng(0)

    def is_called_away() -> bool:
        nonlocal away
        is_away = bool(generator.random() < 0.4)
        away += is_away
        return is_away

    while left.epochs_done < 2:
        if left.steps(3, is_called_away) == 0:
            left.evaluate()
    while whole.epochs_done < 2:
        whole.epoch()

    assert away > 2
    assert bits(left) == bits(whole)
    monkeypatch.undo()
    at_once = made(cloud(5000, 3), config, MachineKind.COMPILED)
    while at_once.epochs_done < 2:
        at_once.epoch()
    assert bits(at_once) == bits(whole)


@pytest.mark.parametrize(
    "changes", [{"batch_size": 200}, {"schedule": Schedule.COSINE}, {"batch_size": 300, "schedule": Schedule.STEP}]
)
@pytest.mark.parametrize("seed", range(3))
def test_a_step_left_in_the_middle_of_a_later_epoch_of_a_call_goes_on_with_that_epoch(
    monkeypatch: pytest.MonkeyPatch, changes: dict[str, Any], seed: int
) -> None:
    monkeypatch.setattr(compiled_code, "PRODUCTS_AT_ONCE", 1)  # a block a call
    config = replace(LEFT, **changes)
    other, trainer = both(cloud(600, 2), config, torch.float64)
    assert compiled_machine(trainer)._n_blocks_of_step > 1
    generator, most = np.random.default_rng(seed), list[int]()
    while trainer.epochs_done < 12:
        asked = int(generator.integers(1, 40))
        until = trainer.epochs_done + int(generator.integers(1, 7))
        most.append(trainer.steps(asked, lambda: bool(generator.random() < 0.3), until=min(until, 12)) - asked)
    for _ in range(12):
        other.epoch()

    assert max(most) <= 0
    assert (trainer.epochs_done, trainer.steps_done) == (other.epochs_done, other.steps_done)
    assert trainer._updater.rate == other._updater.rate
    assert distance(state_of(trainer), state_of(other)) < 1e-12


@pytest.mark.parametrize("batch_size", [7, None])
def test_what_drops_out_is_drawn_for_no_step_that_is_not_made(
    monkeypatch: pytest.MonkeyPatch, batch_size: int | None
) -> None:
    monkeypatch.setattr(compiled_code, "MASK_VALUES", 2000)
    config = TrainingConfig(hidden_layers=(9, 8), batch_size=batch_size, dropout=0.3)
    other, trainer = both(cloud(1500, 3), config, torch.float64)
    bell = trainer._bell
    bell.ring()
    trainer.steps(100, until=50)  # left after the first call
    while other.steps_done < trainer.steps_done:
        other.step()
    bell.silence()
    for one in (trainer, other):
        one.use(cloud(900, 3, seed=5), config)
        for _ in range(10):
            one.step()

    assert 0 < trainer.steps_done < 110
    assert distance(state_of(trainer), state_of(other)) < 1e-12


def test_of_many_points_little_is_drawn_at_once() -> None:
    config = TrainingConfig(hidden_layers=(8,) * 20, batch_size=None, dropout=0.2)
    trainer = made(cloud(20_000, 2), config, MachineKind.COMPILED)

    assert trainer.steps(1, lambda: True) == 0
    assert compiled_machine(trainer)._masks.numel() < 2 * compiled_code.MASK_VALUES


def test_weights_that_are_loaded_in_the_middle_of_a_step_begin_it_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(compiled_code, "PRODUCTS_AT_ONCE", 1)
    config = TrainingConfig(hidden_layers=(16, 16), batch_size=None, optimizer=Optimizer.SGD)
    left, fresh = (made(cloud(5000, 3), config, MachineKind.COMPILED) for _ in range(2))
    assert left.steps(1, lambda: True) == 0

    left.load_weights(left.weights())
    left.step()
    fresh.step()

    assert bits(left) == bits(fresh)


@pytest.mark.parametrize("kind", MachineKind)
def test_lanes_do_not_feel_each_other(kind: MachineKind) -> None:
    dataset = cloud(150, 3)
    alone = [made(dataset, config, kind) for config in SLICED]
    beside = [made(dataset, config, kind) for config in SLICED]
    for trainer in alone:
        train(trainer, 30)
    for _ in range(10):
        for trainer in beside:
            train(trainer, 3)
            trainer.evaluate()

    assert list(map(bits, beside)) == list(map(bits, alone))


# what changes in the middle of a run, and what is looked at


@pytest.mark.parametrize(
    "changes",
    [
        *[{"optimizer": optimizer} for optimizer in Optimizer],
        {"learning_rate": 0.05},
        {"schedule": Schedule.STEP, "schedule_epochs": 1},
        {"batch_size": 20},
        {"batch_size": None},
        {"dropout": 0.0},
        {"dropout": 0.6},
        {"l1": 0.01, "l2": 0.1},
        {"clip_norm": 0.05},
        {"loss": Loss.MSE},
        {"validation_fraction": 0.4},
    ],
    ids=str,
)
@pytest.mark.parametrize("batch_norm", [False, True])
def test_a_live_change_leads_both_to_the_same_place(changes: dict[str, Any], batch_norm: bool) -> None:
    config = TrainingConfig(hidden_layers=(9, 8), batch_size=7, dropout=0.3, l1=1e-4, batch_norm=batch_norm)
    dataset, other = cloud(150, 3), cloud(90, 3, seed=5)
    by_torch, by_code = both(dataset, config, torch.float64)
    for trainer in (by_torch, by_code):
        train(trainer, 25)  # into the second epoch
        trainer.use(dataset, replace(config, **changes))
        train(trainer, 25)
        trainer.use(dataset, config)
        train(trainer, 5)
        trainer.use(other, config)
        train(trainer, 5)

    assert (by_torch.steps_done, by_torch.epochs_done) == (by_code.steps_done, by_code.epochs_done)
    assert distance(state_of(by_torch), state_of(by_code)) < 1e-10
    assert by_torch.learning_rate == by_code.learning_rate


@pytest.mark.parametrize("changes", [{}, {"batch_norm": True}, {"skip_connections": True}, {"dropout": 0.5}])
@pytest.mark.parametrize("n_points", [1, 5, 3000])
def test_logits_and_update_ratios_agree(changes: dict[str, Any], n_points: int) -> None:
    kinds = (Activation.GELU, Activation.SOFTMAX, Activation.SILU, Activation.ELU)
    config = TrainingConfig(hidden_layers=(9, 9, 9, 7), layer_activations=kinds, batch_size=30, **changes)
    points = np.random.default_rng(1).normal(size=(n_points, 2)) * 5
    by_torch, by_code = both(cloud(150, 3), config, torch.float64)
    for trainer in (by_torch, by_code):
        train(trainer, 13)

    given = by_torch.standardized(points)
    expected, found = by_torch._evaluator.logits(given), by_code._evaluator.logits(given)
    torch.testing.assert_close(found, expected, rtol=1e-9, atol=1e-11)
    np.testing.assert_allclose(by_code.evaluate().train_loss, by_torch.evaluate().train_loss, rtol=1e-10)
    ratios, others = ([layer.update_ratio for layer in trainer.diagnose().layers] for trainer in (by_torch, by_code))
    np.testing.assert_allclose(others, ratios, rtol=1e-8)
    assert np.isfinite(ratios[:-1]).all()


def test_the_evaluator_names_the_first_layer_that_is_not_finite() -> None:
    config = TrainingConfig(hidden_layers=(6, 6, 6), activation=Activation.RELU)
    for trainer in both(cloud(150, 3), config):
        weights = trainer.weights()
        weights[2] = (np.full_like(weights[2][0], 3e38), weights[2][1])
        trainer.load_weights(weights)
        assert not np.isfinite(trainer.evaluate(ends_run=True).train_loss)
        assert trainer.divergence is not None
        assert trainer.divergence.layer == 2
