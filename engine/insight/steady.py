"""A picture of the field that does not flash, however fast the field changes. No torch."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray

SIDE = 48
"""Places, in rows and columns, at which changes of light are counted."""

AT_ONCE, AT_ONCE_REDUCED = 0.4, 0.1
"""Relative luminance by which a place that was at rest may change at once; with reduced motion."""

A_SECOND, A_SECOND_REDUCED = 0.35, 0.15
"""By which it may change on and on.

A flash is a pair of opposing changes of a tenth each (WCAG 2.2, success criterion 2.3.1). In any second a place has
0.4 + 0.35 to spend, and four flashes take 0.8.
"""

FREE_SHARE = 0.1
"""Of the places, that may change by more, as beside a boundary that moves; a quarter of the plane must not."""

WEIGHTS = 0.0722, 0.7152, 0.2126  # of blue, green and red
EIGHT, CHANNELS = np.uint32(8), np.uint32(0xFF00FF)  # two of them, each with room for a product


def linear_light() -> NDArray[np.float64]:
    """The light of each value of a channel (sRGB, IEC 61966-2-1)."""
    value = np.arange(256) / 255
    return np.where(value <= 0.04045, value / 12.92, ((value + 0.055) / 1.055) ** 2.4)


LIGHT_OF = [(weight * linear_light()).astype(np.float32) for weight in WEIGHTS]


def luminance(pixels: NDArray[np.uint32]) -> NDArray[np.float32]:
    """The relative luminance of 0xffRRGGBB, from 0 to 1."""
    blue, green, red = (of.take(pixels >> shift & 0xFF) for of, shift in zip(LIGHT_OF, (0, 8, 16), strict=True))
    light: NDArray[np.float32] = blue + green + red
    return light


class SteadyPicture:
    """Follows a picture: at once as long as it is calm, else with no more light a second than makes no flash.

    Attributes:
        is_reduced: whether it follows more slowly, for those who want little motion.
        is_settled: whether what is shown is the picture itself.
    """

    def __init__(self) -> None:
        self.is_reduced, self.is_settled = False, True
        self._shown: NDArray[np.uint32] | None = None
        self._light = self._left = np.zeros((SIDE, SIDE), dtype=np.float32)  # what is shown, and what may change
        self._at = 0.0

    def forget(self) -> None:
        """Show the next picture as it is, since it is of something else."""
        self._shown = None

    def follow(self, picture: NDArray[np.uint32], now: float) -> NDArray[np.uint32]:
        """The pixels to be shown now, at so many seconds of a clock that only grows."""
        at_once, a_second = (AT_ONCE_REDUCED, A_SECOND_REDUCED) if self.is_reduced else (AT_ONCE, A_SECOND)
        self._left = np.minimum(self._left + a_second * (now - self._at), at_once)
        self._at = now
        light = luminance(sampled(picture, (SIDE, SIDE)))
        if self._shown is None:
            self._light, self._left = light, np.full_like(light, at_once)
        change = np.abs(light - self._light)
        self.is_settled = self._shown is None or bool(np.mean(change > self._left) <= FREE_SHARE)
        if self._shown is None or self.is_settled:
            self._shown = picture
        else:
            shares = np.sort(np.minimum(self._left / np.maximum(change, 1e-6), 1.0), axis=None)
            share = shares[int(FREE_SHARE * shares.size)]
            self._shown = blended(sampled(self._shown, picture.shape), picture, float(share))
            light = luminance(sampled(self._shown, (SIDE, SIDE)))
        self._left = np.maximum(self._left - np.abs(light - self._light), 0.0)
        self._light = light
        return self._shown


def sampled(picture: NDArray[np.uint32], shape: tuple[int, ...]) -> NDArray[np.uint32]:
    """A picture in so many rows and columns, each pixel that which is there."""
    if picture.shape == shape:
        return picture
    return picture.take(samples(picture.shape, shape))


@lru_cache(maxsize=16)
def samples(before: tuple[int, ...], after: tuple[int, ...]) -> NDArray[np.intp]:
    """The numbers of the pixels of a picture that are where those of another shape are."""
    rows, columns = ((2 * np.arange(new) + 1) * old // (2 * new) for new, old in zip(after, before, strict=True))
    return rows[:, None] * before[1] + columns


def blended(before: NDArray[np.uint32], after: NDArray[np.uint32], share: float) -> NDArray[np.uint32]:
    """The colours a share of the way from one picture to another."""
    new = np.uint32(min(max(math.ceil(256 * share), 1), 256))
    old = np.uint32(256 - new)
    low, high = (
        ((before >> shift & CHANNELS) * old + (after >> shift & CHANNELS) * new) >> EIGHT & CHANNELS
        for shift in (np.uint32(0), EIGHT)
    )
    mixed: NDArray[np.uint32] = low | high << EIGHT
    return mixed
