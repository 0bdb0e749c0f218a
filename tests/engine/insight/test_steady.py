"""No flashing: recorded frames of a field, by a clock of their own, counted as WCAG 2.2 does in criterion 2.3.1."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from engine.insight.steady import SteadyPicture, blended, luminance, sampled
from gui.paint.theme import DARK, LIGHT, Chrome, field_colours

RATE = 60  # frames a second
SIDE = 30
Frames = list[NDArray[np.uint32]]


def flashing_area(frames: Frames) -> float:
    """The largest share of a picture that flashes more than three times within some second.

    A flash is a pair of opposing changes of relative luminance by a tenth or more, the darker one below 0.80.
    """
    light = np.array([luminance(frame).ravel() for frame in frames]).astype(float)
    low, high, way = light[0], light[0], np.zeros(light.shape[1], dtype=int)
    turns = np.zeros(light.shape, dtype=int)
    for number, now in enumerate(light):
        low, high = np.minimum(low, now), np.maximum(high, now)
        falls = (way >= 0) & (high - now >= 0.1) & (now < 0.8)
        rises = (way <= 0) & (now - low >= 0.1) & (low < 0.8)
        way = np.where(falls, -1, np.where(rises, 1, way))
        low, high = np.where(falls, now, low), np.where(rises, now, high)
        turns[number] = falls | rises
    sums = np.cumsum(np.concatenate([np.zeros_like(turns[:1]), turns]), axis=0)
    return float(((sums[RATE:] - sums[:-RATE]) // 2 > 3).mean(axis=1).max())


def colours_of(chrome: Chrome) -> list[int]:
    """The neutral colour and those of two classes, blue and orange."""
    strong, neutral = field_colours(chrome, (0, 1))
    return [0xFF000000 | red << 16 | green << 8 | blue for red, green, blue in (neutral, *strong[:2])]


def flicker(chrome: Chrome, a_second: float, seconds: float = 3.0) -> Frames:
    """Most of the plane changes between sure and unsure, and between the classes, so many times a second."""
    colours = np.array(colours_of(chrome), dtype=np.uint32)
    generator = np.random.default_rng(1)
    frames = []
    for number in range(int(RATE * seconds)):
        turn = int(2 * a_second * number / RATE)
        frame = np.full((SIDE, SIDE), colours[turn % 2 * (1 + turn // 2 % 2)])
        frame[:, :4] = colours[generator.integers(3)]
        frames.append(frame)
    return frames


def steadied(frames: Frames, steady: SteadyPicture) -> Frames:
    return [steady.follow(frame, number / RATE) for number, frame in enumerate(frames)]


@pytest.mark.parametrize("a_second", [4.5, 7.0, 15.0, 30.0])
def test_whatever_is_measured_a_quarter_of_the_plane_flashes_three_times_a_second_at_most(a_second: float) -> None:
    frames = flicker(LIGHT, a_second)

    assert flashing_area(frames) > 0.8
    assert flashing_area(steadied(frames, SteadyPicture())) < 0.25


def test_in_the_dark_it_does_not_flash_either() -> None:
    assert flashing_area(steadied(flicker(DARK, 7.0), SteadyPicture())) < 0.25


def test_a_boundary_that_moves_is_shown_as_it_is_measured() -> None:
    _, blue, orange = colours_of(LIGHT)
    steady = SteadyPicture()
    for number in range(90):
        frame = np.full((SIDE, SIDE), blue, dtype=np.uint32)
        frame[:, : number // 3] = orange

        assert steady.follow(frame, number / RATE) is frame
        assert steady.is_settled


@pytest.mark.parametrize("is_reduced", [False, True])
def test_at_rest_the_picture_is_soon_the_measured_one_however_fine_that_is(is_reduced: bool) -> None:
    steady = SteadyPicture()
    steady.is_reduced = is_reduced
    steadied(flicker(LIGHT, 7.0), steady)
    last = np.full((4 * SIDE, 5 * SIDE), colours_of(LIGHT)[1], dtype=np.uint32)
    shown = [steady.follow(last, 3 + number / 30) for number in range(180)]

    n_frames = next(number for number, frame in enumerate(shown) if frame is last)
    assert 0 < n_frames < (180 if is_reduced else 60)
    assert steady.is_settled


def test_with_reduced_motion_a_change_of_the_whole_plane_takes_longer() -> None:
    neutral, blue, _ = colours_of(LIGHT)
    taken = []
    for is_reduced in (False, True):
        steady = SteadyPicture()
        steady.is_reduced = is_reduced
        steady.follow(np.full((9, 9), neutral, dtype=np.uint32), 0.0)
        picture = np.full((9, 9), blue, dtype=np.uint32)
        taken.append(next(n for n in range(600) if steady.follow(picture, n / RATE) is picture))

    assert taken[0] < taken[1] / 2


def test_what_is_of_something_else_is_shown_at_once() -> None:
    steady = SteadyPicture()
    steadied(flicker(LIGHT, 7.0, 1.0), steady)
    steady.forget()
    other = np.full((5, 7), colours_of(DARK)[2], dtype=np.uint32)

    assert steady.follow(other, 1.0) is other


def test_luminance_is_that_of_the_standard() -> None:
    pixels = np.array([[0xFF000000, 0xFFFFFFFF, 0xFF00FF00, 0xFF777777]], dtype=np.uint32)

    np.testing.assert_allclose(luminance(pixels), [[0, 1, 0.7152, 0.18448]], atol=1e-4)


def test_a_blend_is_between_two_colours_in_each_channel() -> None:
    one, other = np.array([0xFF0080FF], dtype=np.uint32), np.array([0xFFFF8000], dtype=np.uint32)

    assert blended(one, other, 1.0).tolist() == other.tolist()
    assert blended(one, other, 0.5).tolist() == [0xFF7F807F]


def test_another_number_of_pixels_shows_the_same() -> None:
    picture = np.arange(6, dtype=np.uint32).reshape(2, 3)

    np.testing.assert_array_equal(sampled(picture, (4, 6)), np.kron(picture, np.ones((2, 2), dtype=np.uint32)))
