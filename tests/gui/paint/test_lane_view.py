"""Lanes as views are shown them."""

from __future__ import annotations

from dataclasses import replace

from engine.config import Activation
from engine.insight.quantity import Quantity, Reading, Readings
from engine.run.snapshot import RunState
from gui.paint.lane_view import lane_views
from tests.gui.conftest import small_experiment
from tests.gui.snapshots import make_lane, make_snapshot

LENGTH: Quantity[float] = Quantity("length")


def test_each_lane_has_its_own_settings_title_and_colour_and_a_single_one_no_title() -> None:
    one = small_experiment()
    two = replace(one, lanes=(one.lanes[0], replace(one.lanes[0], activation=Activation.RELU)))
    first, second = make_lane(epochs=1), make_lane(epochs=2)
    snapshot = replace(make_snapshot(RunState.PAUSED), lanes=(first, second))
    shown = lane_views(snapshot, two, ("a", "b"))

    assert [(lane.snapshot, lane.config, lane.title) for lane in shown] == [
        (first, two.lanes[0], "a"), (second, two.lanes[1], "b"),
    ]  # fmt: skip
    assert [lane.colour for lane in shown] == list(two.lane_colours)
    (single,) = lane_views(make_snapshot(RunState.PAUSED, first), one, ("a",))
    assert single.title == ""


def test_a_value_is_of_the_lane_and_else_of_the_machine() -> None:
    lane = replace(make_lane(), readings=Readings({LENGTH: Reading(1.0)}))
    snapshot = replace(make_snapshot(RunState.PAUSED), readings=Readings({LENGTH: Reading(2.0)}))
    with_own, without = (
        lane_views(replace(snapshot, lanes=(of,)), small_experiment(), ("",))[0] for of in (lane, make_lane())
    )

    assert (with_own.value(LENGTH), without.value(LENGTH)) == (1.0, 2.0)
