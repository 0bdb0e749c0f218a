"""Pins as values."""

from __future__ import annotations

from engine.dataset import empty_dataset
from engine.insight.pins import Pin
from gui.drawing.pins import Pins, moved, snapped, with_pin, without


def test_letters_are_given_from_the_first_free_one_and_a_fifth_pin_is_the_last_moved() -> None:
    pins: Pins = ()
    numbers = []
    for x in range(5):
        pins, number = with_pin(pins, (float(x), 0.0))
        numbers.append(number)

    assert numbers == [0, 1, 2, 3, 3]
    assert pins == (Pin(0, (0, 0)), Pin(1, (1, 0)), Pin(2, (2, 0)), Pin(3, (4, 0)))
    fewer = without(pins, 1)
    assert with_pin(fewer, (9, 9)) == ((pins[0], Pin(1, (9, 9)), *pins[2:]), 1)
    assert moved(fewer, 2, (7, 7)) == (pins[0], Pin(2, (7, 7)), pins[3])


def test_a_pin_near_a_point_is_exactly_there() -> None:
    dataset = empty_dataset().with_points([[0.1, 0.3], [0.7, 0.7]], 0)

    x, y = dataset.places[0].tolist()
    assert snapped(dataset, (0.12, 0.29), 0.05) == (x, y)
    assert snapped(dataset, (0.2, 0.2), 0.05) == (0.2, 0.2)
    assert snapped(empty_dataset(), (0.2, 0.2), 0.05) == (0.2, 0.2)
