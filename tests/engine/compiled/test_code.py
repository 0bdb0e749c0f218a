"""The parts of the compiled code against numpy, torch and the tables of the engine."""

from __future__ import annotations

import ctypes
import math
from collections.abc import Callable
from functools import cache
from itertools import product
from typing import Any

import numpy as np
import pytest
import torch
from numpy.typing import NDArray

from engine.compiled import cache as code_cache
from engine.compiled import places
from engine.compiled.codes import OPTIMIZERS
from engine.compiled.plan import make_plan
from engine.config import Activation, Loss, Optimizer, Output, TrainingConfig
from engine.learning.updates import Updater
from engine.machines.compiled_machine import CompiledMachine, whole_vectors
from engine.machines.kind import MachineKind
from engine.mlp.activations import ACTIVATIONS, Shape
from engine.mlp.losses import make_output
from engine.mlp.network import Network, Parameters, architecture_of
from engine.training import Trainer
from tests.engine.reference import cloud, compiled_machine, relative_error

pytestmark = pytest.mark.skipif(not code_cache.has_compiler(), reason="no compiler is installed")

DTYPES = [torch.float32, torch.float64]
TOLERANCES = {torch.float32: 2e-6, torch.float64: 1e-14}
Numbers = NDArray[np.floating[Any]]


_kept: list[Any] = []
"""Functions that are called by their address."""


def native(function: Any, dtype: torch.dtype, arguments: str, result: str = "void") -> Callable[..., Any]:
    """A function of the compiled code that takes arrays; n: numbers, w: whole and e: exact ones, i: a whole number."""
    from numba import cfunc, float32, float64, int64, types

    item = float32 if dtype is torch.float32 else float64
    pointer: Any = types.CPointer
    kinds = {"n": pointer(item), "w": pointer(int64), "e": pointer(float64), "i": int64}
    signature = getattr(types, result)(*(kinds[letter] for letter in arguments))
    # an array is handed over as the place where it begins
    address: Any = cfunc(signature, error_model="numpy")(getattr(function, "py_func", function))
    takes = [ctypes.c_int64 if letter == "i" else ctypes.c_void_p for letter in arguments]
    kind: Any = ctypes.c_bool if result == "boolean" else None
    made = ctypes.CFUNCTYPE(kind, *takes)(address.address)
    _kept.append(address)
    return lambda *given: made(*(one if isinstance(one, int) else one.ctypes.data for one in given))


def array(values: Any, dtype: torch.dtype) -> Numbers:
    """Numbers in this precision."""
    return np.ascontiguousarray(values, dtype=np.float32 if dtype is torch.float32 else np.float64)


# vectors


@cache
def exponentials(dtype: torch.dtype) -> Callable[..., Any]:
    from engine.compiled.vectors import exp, expm1, lanes, load, store

    def compute(z: Any, powers: Any, less: Any, n: Any) -> None:
        for i in range(0, n, lanes(z)):
            store(powers, i, exp(load(z, i)))
            store(less, i, expm1(load(z, i)))

    return native(compute, dtype, "nnni")


@pytest.mark.parametrize("dtype", DTYPES)
def test_exponentials_are_right_to_the_last_digits(dtype: torch.dtype) -> None:
    end = 87.0 if dtype is torch.float32 else 708.0
    z = array(
        np.concatenate([np.linspace(-end, end, 20_000), np.geomspace(1e-30, 1, 6000), -np.geomspace(1e-30, 1, 6000)]),
        dtype,
    )
    powers, less = np.empty_like(z), np.empty_like(z)

    exponentials(dtype)(z, powers, less, len(z))

    eps = float(torch.finfo(dtype).eps)
    exact = z.astype(np.longdouble)
    assert float(np.abs(powers / np.exp(exact) - 1).max()) < 2 * eps
    assert float(np.abs(less / np.expm1(exact) - 1).max()) < 4 * eps


@pytest.mark.parametrize("dtype", DTYPES)
def test_beyond_its_range_the_exponential_is_that_of_the_end_and_of_nan_nan(dtype: torch.dtype) -> None:
    z = array([math.inf, -math.inf, math.nan, 1e30, -1e30, 800, -800, 0] * 2, dtype)
    powers, less = np.empty_like(z), np.empty_like(z)

    exponentials(dtype)(z, powers, less, len(z))

    highest, lowest = (1e38, 2e-38) if dtype is torch.float32 else (8e307, 4e-308)
    assert (powers[[0, 3, 5]] > highest).all()
    assert np.isfinite(powers[[0, 3, 5]]).all()
    assert (powers[[1, 4, 6]] < lowest).all()
    assert (less[[1, 4, 6]] == -1).all()
    assert np.isnan([powers[2], less[2]]).all()
    assert (powers[7], less[7]) == (1, 0)


@pytest.mark.parametrize("adds", [0, 1])
@pytest.mark.parametrize("dtype", DTYPES)
def test_the_totals_of_four_vectors_are_each_its_own(dtype: torch.dtype, adds: int) -> None:
    from engine.compiled.vectors import lanes, load, put_totals, total

    def compute(values: Any, four: Any, one: Any, adds: Any) -> None:
        n = lanes(values)
        put_totals(four, 1, load(values, 0), load(values, n), load(values, 2 * n), load(values, 3 * n), adds != 0)
        one[0] = total(load(values, 0))

    n = 64 // dtype.itemsize
    values = array(np.random.default_rng(0).integers(-1000, 1000, 4 * n), dtype)
    four, one = array([7] * 6, dtype), array([0], dtype)

    native(compute, dtype, "nnni")(values, four, one, adds)

    assert four.tolist() == [7, *(values.reshape(4, n).sum(axis=1) + 7 * adds).tolist(), 7]
    assert one[0] == values[:n].sum()


# activations


def machine_of(trainer: Trainer) -> CompiledMachine:
    """After a step, so that its settings are bound."""
    trainer.step()
    return compiled_machine(trainer)


def there_and_back(activation: Activation, z: Numbers, shape: Shape, dtype: torch.dtype) -> tuple[Numbers, Numbers]:
    """f(z) and f'(z) times 2, of (n_units, n_points), by the compiled code."""
    n_units, n_points = z.shape
    config = TrainingConfig(
        hidden_layers=(n_units,), activation=activation, leaky_slope=shape.leaky_slope, elu_alpha=shape.elu_alpha,
        batch_size=None, validation_fraction=0.0,
    )  # fmt: skip
    machine = machine_of(Trainer(cloud(n_points, 2), config, dtype, machine=MachineKind.COMPILED))
    fields, row = machine._fields, machine._plan.row(0)
    assert fields[places.WIDTH] == fields[places.BLOCK] == n_points

    def at(place: int) -> torch.Tensor:
        return machine._memory[place : place + z.size].view(z.shape)

    def run(task: int) -> Numbers:
        fields[places.TASK], fields[places.N_STEPS] = task, 1
        machine._call()
        return at(int(fields[places.DELTA])).numpy().copy()

    with torch.inference_mode():
        at(row[places.INPUT]).copy_(torch.from_numpy(z))
        value = run(places.TIME_FORWARD)
        at(row[places.VALUE]).copy_(torch.from_numpy(value))
        if row[places.INPUT] != row[places.VALUE]:
            at(row[places.INPUT]).copy_(torch.from_numpy(z))
        at(int(fields[places.ABOVE])).fill_(2.0)
        return value, run(places.TIME_BACK)


GRID = np.concatenate(
    [
        np.linspace(-12, 12, 2041),
        [0.0, -0.0, 1e-30, -1e-30, 40.0, -40.0, 1e3, -1e3, 1e30, -1e30, 1e38, -1e38],
        np.geomspace(1e-9, 1e3, 507),
    ]
)
SHAPES = [Shape(), Shape(leaky_slope=0.3, elu_alpha=2.0), Shape(leaky_slope=0.0, elu_alpha=0.0)]


@pytest.mark.parametrize("shape", SHAPES)
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", [kind for kind in Activation if kind is not Activation.SOFTMAX])
def test_every_activation_is_that_of_the_table(activation: Activation, dtype: torch.dtype, shape: Shape) -> None:
    z = array(GRID.reshape(5, 512), dtype)
    facts, exact = ACTIVATIONS[activation], z.astype(np.float64)

    value, derivative = there_and_back(activation, z, shape, dtype)

    tolerance = TOLERANCES[dtype]
    np.testing.assert_allclose(value, facts.value(exact, shape), rtol=tolerance, atol=tolerance)
    np.testing.assert_allclose(derivative, 2 * facts.derivative(exact, shape), rtol=tolerance, atol=2 * tolerance)


@pytest.mark.parametrize("dtype", DTYPES)
def test_softmax_and_its_way_back_are_those_of_autograd(dtype: torch.dtype) -> None:
    z = array(np.random.default_rng(0).normal(size=(7, 64)) * np.geomspace(0.01, 300, 64), dtype)
    leaf = torch.from_numpy(z.astype(np.float64)).requires_grad_()
    expected = torch.softmax(leaf, 0)

    value, derivative = there_and_back(Activation.SOFTMAX, z, Shape(), dtype)

    np.testing.assert_allclose(value, expected.detach().numpy(), rtol=0, atol=TOLERANCES[dtype])
    # a number that all units are above by together changes nothing
    np.testing.assert_allclose(derivative, np.zeros_like(z), atol=TOLERANCES[dtype])


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("activation", Activation)
def test_what_is_not_finite_stays_so_or_is_at_the_end_of_the_range(activation: Activation, dtype: torch.dtype) -> None:
    z = array([[math.nan, math.inf, -math.inf, 1.0] * 16], dtype)

    value, _ = there_and_back(activation, z, Shape(), dtype)

    of_nan, of_much, of_little, _ = value[0, :4]
    assert np.isnan(of_nan) or activation is Activation.STEP
    if activation is Activation.SOFTMAX:
        assert np.isnan(value[0, 1:3]).all()
        return
    limits = ACTIVATIONS[activation].lowest(Shape()), ACTIVATIONS[activation].highest
    assert of_much == limits[1]
    if activation in (Activation.GELU, Activation.SILU):  # as torch has it
        assert np.isnan(of_little)
    else:
        assert of_little == pytest.approx(limits[0], abs=1e-37)


# products and losses


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize(("n_in", "n_units"), list(product([1, 3, 4, 5, 9], [1, 2, 3, 4, 7, 8])))
def test_products_of_every_shape_are_those_of_numpy(n_in: int, n_units: int, dtype: torch.dtype) -> None:
    config = TrainingConfig(
        hidden_layers=(n_in, n_units), activation=Activation.LINEAR, optimizer=Optimizer.SGD, batch_size=None,
        validation_fraction=0.0, learning_rate=1e-30,
    )  # fmt: skip
    trainer = Trainer(cloud(37, 3), config, dtype, machine=MachineKind.COMPILED)
    machine = machine_of(trainer)
    width = whole_vectors(37, dtype)

    def layer(place: int, units: int) -> Numbers:
        return machine._memory[place : place + units * width].view(units, width)[:, :37].double().numpy()

    below, here, last = (int(machine._plan.row(index)[places.OUTPUT]) for index in range(3))
    before, after, delta = layer(below, n_in), layer(here, n_units), layer(last, 3)
    (_, _), (weight, bias), (top, _) = [(w.astype(np.float64), b.astype(np.float64)) for w, b in trainer.weights()]
    back = top @ delta
    gradient = trainer._gradient.matrices[1].double().numpy()
    assert relative_error(after, weight.T @ before + bias[:, None]) < TOLERANCES[dtype]
    assert relative_error(gradient[:, :-1], back @ before.T) < 5 * TOLERANCES[dtype]
    assert relative_error(gradient[:, -1], back.sum(axis=1)) < 5 * TOLERANCES[dtype]


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
@pytest.mark.parametrize(
    ("output", "n_classes"), [(Output.SIGMOID, 2), (Output.SOFTMAX, 4), (Output.INDEPENDENT_SIGMOIDS, 3)]
)
@pytest.mark.parametrize("scale", [1.0, 30.0, 1000.0])
def test_derivatives_of_losses_are_those_of_the_other_machine(
    output: Output, n_classes: int, loss: Loss, scale: float, dtype: torch.dtype
) -> None:
    config = TrainingConfig(hidden_layers=(3,), output=output, loss=loss, batch_size=None, validation_fraction=0.0)
    trainer = Trainer(cloud(41, n_classes), config, dtype, machine=MachineKind.COMPILED)
    weights = trainer.weights()
    trainer.load_weights([weights[0], (weights[1][0] * scale, weights[1][1])])
    logits = trainer._evaluator.logits(trainer._samples.inputs).double()
    targets, logits_size = trainer._samples.targets.double(), float(logits.abs().max())
    with torch.inference_mode():
        for call in make_output(output, loss).gradient(logits, targets, 41):
            call()

    machine = machine_of(trainer)

    place, width = int(machine._plan.row(1)[places.PRODUCT]), whole_vectors(41, dtype)
    found = machine._memory[place : place + len(logits) * width].view(len(logits), width)
    assert relative_error(found[:, :41].double().numpy(), logits.numpy()) < 10 * TOLERANCES[dtype] * max(
        1.0, logits_size
    )
    assert not found[:, 41:].any()


@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("offset", [0.0, 1e4])
def test_a_batch_is_normalised_however_far_from_0_it_is(offset: float, dtype: torch.dtype) -> None:
    config = TrainingConfig(
        hidden_layers=(5,), activation=Activation.LINEAR, batch_norm=True, batch_size=None, validation_fraction=0.0
    )
    trainer = Trainer(cloud(37, 2), config, dtype, machine=MachineKind.COMPILED)
    (weight, bias), last = trainer.weights()
    trainer.load_weights([(weight, bias + offset), last])
    machine = machine_of(trainer)

    row, width = machine._plan.row(0), whole_vectors(37, dtype)
    z, given = (
        machine._memory[row[at] : row[at] + 5 * width].view(5, width)[:, :37].double().numpy()
        for at in (places.PRODUCT, places.INPUT)
    )
    expected = (z - z.mean(axis=1, keepdims=True)) / np.sqrt(z.var(axis=1, keepdims=True) + 1e-5)
    assert relative_error(given, expected) < 4 * TOLERANCES[dtype] * max(1.0, offset)


# updates


@cache
def compiled_update(dtype: torch.dtype) -> Callable[..., Any]:
    from engine.compiled.optimizers import update

    return native(update, dtype, "nnnnewwe", "boolean")


@pytest.mark.parametrize("changes", [{}, {"l1": 0.01, "l2": 0.1}, {"clip_norm": 0.5}], ids=str)
@pytest.mark.parametrize("scale", [1.0, 1e-6, 1e3])
@pytest.mark.parametrize("dtype", DTYPES)
@pytest.mark.parametrize("kind", Optimizer)
def test_every_optimizer_is_that_of_the_other_machine(
    kind: Optimizer, dtype: torch.dtype, scale: float, changes: dict[str, Any]
) -> None:
    config = TrainingConfig(hidden_layers=(5, 4), optimizer=kind, learning_rate=0.03, **changes)
    architecture = architecture_of(config, 2, 3)
    network, gradient = Network(architecture, dtype), Parameters(architecture, dtype)
    network.initialize(config, torch.Generator().manual_seed(0))
    updater, generator = Updater(network, gradient, config), np.random.default_rng(1)
    plan = make_plan(architecture, network.parameters, 10, 10, 10, has_dropout=False)
    plan.fields[places.OPTIMIZER] = OPTIMIZERS[kind]
    plan.numbers[: places.CLIP + 1] = (
        *(0.03, config.l1, config.l2),
        math.inf if config.clip_norm is None else config.clip_norm**2,
    )
    p = network.parameters.vector.numpy().copy()
    state, square, powers = np.zeros_like(p), np.zeros_like(p), np.ones(2)

    for _ in range(20):
        given = array(scale * generator.normal(size=len(p)), dtype)
        gradient.vector.copy_(torch.from_numpy(given))
        with torch.inference_mode():
            assert updater.update(0)
        assert compiled_update(dtype)(p, given, state, square, powers, plan.table, plan.fields, plan.numbers)

    assert relative_error(p, network.parameters.vector.numpy()) < 5 * TOLERANCES[dtype]


# the order of the points


@pytest.mark.parametrize("n_points", [1, 2, 10, 623, 625, 5000])
@pytest.mark.parametrize("seed", [0, 1, 0x9E3779B1, 2**32 - 1])
def test_the_order_of_the_points_is_that_of_torch(n_points: int, seed: int) -> None:
    order, twister = np.zeros(n_points, dtype=np.int64), np.zeros(624, dtype=np.int64)

    compiled_shuffle()(order, n_points, twister, seed)

    assert order.tolist() == torch.randperm(n_points, generator=torch.Generator().manual_seed(seed)).tolist()


@cache
def compiled_shuffle() -> Callable[..., Any]:
    from engine.compiled.shuffle import shuffle

    return native(shuffle, torch.float32, "wiwi")
