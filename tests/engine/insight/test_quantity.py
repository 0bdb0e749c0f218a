"""Readings by their quantity."""

from __future__ import annotations

import numpy as np

from engine.insight.quantity import NO_READINGS, Quantity, Reading, Readings

LENGTH: Quantity[float] = Quantity("length")
WEIGHT: Quantity[float] = Quantity("weight")


def test_a_reading_is_found_by_its_quantity_and_no_other() -> None:
    reading = Reading(1.5, epoch=7, steps=70)
    readings = Readings({LENGTH: reading})

    assert readings.of(LENGTH) is reading
    assert (readings.value(LENGTH), readings.epoch(LENGTH)) == (1.5, 7)
    assert readings.of(WEIGHT) is None
    assert readings.value(WEIGHT) is None
    assert readings.epoch(WEIGHT) == 0


def test_readings_do_not_follow_the_table_they_were_made_from() -> None:
    table = {LENGTH: Reading(1.0)}
    readings = Readings(table)
    table[WEIGHT] = Reading(2.0)

    assert readings.of(WEIGHT) is None


def test_what_is_kept_over_time_comes_with_the_reading() -> None:
    timeline = np.array([0.0, 3.0]), np.array([[1.0], [2.0]])

    assert Readings({LENGTH: Reading(2.0, timeline=timeline)}).timeline(LENGTH) is timeline
    assert Readings({LENGTH: Reading(2.0)}).timeline(LENGTH)[0].shape == (0,)
    assert NO_READINGS.timeline(LENGTH)[1].shape == (0, 0)
