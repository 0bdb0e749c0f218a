"""What waits for the worker."""

from __future__ import annotations

from collections import deque
from queue import SimpleQueue

import numpy as np
import pytest

from engine import toy_datasets
from engine.config import TrainingConfig
from engine.experiment import Experiment
from engine.mlp.pieces import CalledAway
from engine.run.attention import Attention
from engine.run.commands import Attend, Command, Pause, Quit, Resume, Start, Step, UseExperiment, UseSpeed
from engine.run.inbox import CommandQueue, Inbox, without_replaced

DATASET = toy_datasets.make("moons", n_samples=60)
ONE = Experiment(DATASET, (TrainingConfig(),))


def edit(n_points: int) -> UseExperiment:
    dataset = DATASET.with_points(np.zeros((n_points, 2)), 0)
    return UseExperiment(ONE.with_dataset(dataset))


def test_of_edits_and_pointers_that_wait_only_the_last_counts_however_they_are_mixed() -> None:
    edits = [edit(1), edit(2), edit(3)]
    pointers = [Attend(Attention(pointer=place)) for place in ((0.0, 0.0), (0.1, 0.0), None)]
    waiting: deque[Command] = deque(command for pair in zip(edits, pointers, strict=True) for command in pair)

    assert list(without_replaced(waiting)) == [edits[2], pointers[2]]


def test_an_edit_before_a_change_of_state_is_not_replaced_by_one_behind_it() -> None:
    waiting: deque[Command] = deque([edit(1), edit(2), Resume(), edit(3), edit(4)])
    kept = list(without_replaced(waiting))

    assert kept == [waiting[1], waiting[2], waiting[4]]


def test_a_new_start_replaces_the_edits_before_it() -> None:
    waiting: deque[Command] = deque([edit(1), Pause(), edit(2), Start(2, ONE), edit(3)])

    assert list(without_replaced(waiting)) == [waiting[1], waiting[3], waiting[4]]


def test_quit_does_not_wait_its_turn() -> None:
    assert list(without_replaced(deque([Start(1, ONE), edit(1), Quit(), Pause()]))) == [Quit()]


@pytest.mark.parametrize("order", [Start(1, ONE), Resume(), Step(), Pause(), Quit()])
def test_orders_call_away_and_what_only_looks_or_edits_does_not(order: Command) -> None:
    queue: SimpleQueue[Command] = SimpleQueue()
    inbox = Inbox(queue)
    for command in (edit(1), Attend(Attention())):
        queue.put(command)
    inbox.heed()
    queue.put(order)

    with pytest.raises(CalledAway):
        inbox.heed()
    assert inbox.is_called_away()


def test_what_was_looked_at_between_pieces_is_still_handed_out_in_order() -> None:
    queue: SimpleQueue[Command] = SimpleQueue()
    inbox = Inbox(queue)
    orders: list[Command] = [Resume(), Pause(), Step()]
    for order in orders:
        assert inbox.is_empty() is (order is orders[0])
        queue.put(order)
        assert inbox.is_called_away()
    inbox.wait(None)

    assert [inbox.take(), inbox.take(), inbox.take(), inbox.take()] == [*orders, None]
    assert inbox.is_empty()


@pytest.mark.parametrize(
    ("command", "rings"),
    [(Pause(), True), (Resume(), True), (Quit(), True), (Attend(Attention()), False), (UseSpeed(1.0), False)],
)
def test_the_bell_rings_for_what_must_not_wait_until_it_is_looked_at(command: Command, rings: bool) -> None:
    queue = CommandQueue()
    inbox = Inbox(queue)

    queue.put(command)
    assert bool(inbox.bell.rung[0]) is rings
    assert inbox.is_called_away() is rings
    assert not inbox.bell.rung[0]


def test_a_queue_without_a_bell_never_rings() -> None:
    queue = SimpleQueue[Command]()
    inbox = Inbox(queue)
    queue.put(Quit())

    assert not inbox.has_bell
    assert not inbox.bell.rung[0]
