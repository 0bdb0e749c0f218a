"""Mini-batches: every point once an epoch, and the same gradient however a batch is cut."""

from __future__ import annotations

from typing import Any, cast

import pytest
import torch

from engine.config import Activation, Loss
from engine.learning import batches
from engine.learning.batches import CHUNK, Batches, GradientOfMean, order_seed
from engine.mlp.losses import SoftmaxOutput
from engine.mlp.network import Architecture, Network, Parameters
from engine.mlp.passes import PIECE
from tests.engine.reference import mean_loss, sequential

SIZES = [
    (1, 1), (10, 4), (10, 10), (10, 30), (10, 1), (5000, 32), (CHUNK + 1, 1000), (3 * CHUNK, CHUNK),
    (2 * CHUNK + 5, CHUNK + 1), (9001, 1500),
]  # fmt: skip


def numbered(n_points: int) -> tuple[torch.Tensor, torch.Tensor]:
    """Inputs (3, n) and targets (3, n) whose first entry is the number of the point."""
    numbers = torch.arange(n_points, dtype=torch.float64)
    ones, zeros = torch.ones(n_points), torch.zeros(n_points)
    return torch.stack([numbers, -numbers, ones]), torch.stack([numbers, zeros, zeros])


class Views(GradientOfMean):
    """Instead of calls, the views of inputs and targets that they would be bound to."""

    def __init__(self) -> None:
        pass

    def pieces(self, inputs: torch.Tensor, targets: torch.Tensor) -> Any:
        return [(inputs, targets)]


def make_batches(n_points: int, size: int | None, seed: int = 0) -> Batches:
    inputs, targets = numbered(n_points)
    return Batches(inputs, targets, size, Views(), seed)


def epoch_of(source: Batches, epoch: int = 0) -> list[list[int]]:
    """The numbers of the points in each batch of one epoch."""
    result = []
    for index in range(source.per_epoch):
        ((inputs, targets),) = cast(Any, source.batch(epoch, index))
        numbers = inputs[0]
        # what belongs together stays together
        assert torch.equal(numbers, targets[0])
        assert torch.equal(numbers, -inputs[1])
        result.append([int(number) for number in numbers])
    return result


@pytest.mark.parametrize(("n_points", "size"), SIZES)
def test_every_point_is_used_exactly_once_an_epoch(n_points: int, size: int) -> None:
    source = make_batches(n_points, size)

    for epoch in range(3):
        found = epoch_of(source, epoch)

        assert sorted(number for batch in found for number in batch) == list(range(n_points))
        full, rest = divmod(n_points, size)
        assert [len(batch) for batch in found] == [size] * full + ([rest] if rest else [])


def test_each_epoch_has_an_order_of_its_own() -> None:
    source = make_batches(100, 7)

    first, second = epoch_of(source, 0), epoch_of(source, 1)

    assert first != second
    assert [number for batch in first for number in batch] != list(range(100))


def test_the_seed_decides_the_order() -> None:
    assert epoch_of(make_batches(100, 7, seed=5)) == epoch_of(make_batches(100, 7, seed=5))
    assert epoch_of(make_batches(100, 7, seed=5)) != epoch_of(make_batches(100, 7, seed=6))


def test_the_order_of_an_epoch_does_not_depend_on_what_was_before() -> None:
    source = make_batches(100, 7)
    for epoch in range(5):
        epoch_of(source, epoch)

    assert epoch_of(source, 5) == epoch_of(make_batches(100, 7), 5)


def test_orders_of_neighbouring_seeds_and_epochs_differ() -> None:
    seeds = {order_seed(seed, epoch) for seed in range(100) for epoch in range(1000)}

    assert len(seeds) == 100_000
    assert all(order_seed(seed, epoch) != seed for seed in range(100) for epoch in range(1000))


def test_no_batch_size_is_the_full_batch() -> None:
    assert [len(batch) for batch in epoch_of(make_batches(5000, None))] == [5000]


@pytest.mark.parametrize("n_points", [1, PIECE, PIECE + 1, 3 * PIECE + 5])
def test_pieces_give_the_gradient_that_autograd_gives_for_all_at_once(n_points: int) -> None:
    generator = torch.Generator().manual_seed(2)
    network = Network(Architecture((2, 6, 4, 3), (Activation.TANH,) * 2), torch.float64)
    network.parameters.vector.normal_(generator=generator)
    points = torch.randn(n_points, 2, dtype=torch.float64, generator=generator)
    labels = torch.randint(3, (n_points,), generator=generator)
    net = sequential([(m[:, :-1].t().numpy(), m[:, -1].numpy()) for m in network.parameters.matrices], Activation.TANH)
    mean_loss(net(points), labels).backward()  # type: ignore[no-untyped-call]
    gradient = Parameters(network.architecture, torch.float64)
    of_mean = GradientOfMean(network, SoftmaxOutput(Loss.AUTO), gradient)
    inputs = torch.cat([points.t(), torch.ones(1, n_points)])
    pieces = of_mean.pieces(inputs, SoftmaxOutput(Loss.AUTO).targets(labels, 3, torch.float64))

    for _ in range(2):  # the second time into buffers that are not empty
        for calls in pieces:
            for call in calls:
                call()

    assert len(pieces) == -(-n_points // PIECE)
    linears = [module for module in net if isinstance(module, torch.nn.Linear)]
    for matrix, linear in zip(gradient.matrices, linears, strict=True):
        torch.testing.assert_close(matrix[:, :-1], linear.weight.grad, rtol=1e-10, atol=1e-15)
        torch.testing.assert_close(matrix[:, -1], linear.bias.grad, rtol=1e-10, atol=1e-15)


def test_an_epoch_copied_in_chunks_has_the_order_of_one_copied_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    at_once = epoch_of(make_batches(1000, 30))
    monkeypatch.setattr(batches, "CHUNK", 100)

    assert epoch_of(make_batches(1000, 30)) == at_once
