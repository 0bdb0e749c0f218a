"""Numbers as decimals: the shortest that give a number of single precision back, and shares that sum to the whole."""

from __future__ import annotations

import math

import numpy as np
from numpy.typing import ArrayLike, NDArray

FEWEST_DIGITS, MAX_DIGITS = 6, 9  # any 6 digits survive single precision; 9 tell any two numbers of it apart
LARGEST_EXACT_POWER = 22  # 10**22 is a double, 10**23 is none


def shortest_decimals(values: NDArray[np.float32]) -> NDArray[np.float64]:
    """For each number the double whose shortest decimal, as `repr` gives it, is that of the float32.

    Args:
        values: finite float32 ndarray of any shape.

    Rounded to 6, 7, 8 and 9 digits in turn until the number comes back. An integer of nine digits and a power of ten up
    to 10**22 are doubles, so their quotient or product is rounded once and is the double next to the decimal.
    """
    flat = np.ascontiguousarray(values, dtype=np.float32).ravel()
    exact = flat.astype(np.float64)
    found = exact.copy()
    size = np.abs(exact)
    exponents = np.floor(np.log10(np.where(size > 0, size, 1.0))).astype(np.int64)
    in_reach = (size > 0) & (np.abs(exponents) <= LARGEST_EXACT_POWER - MAX_DIGITS)
    open_ones = np.flatnonzero(in_reach)
    for digits in range(FEWEST_DIGITS, MAX_DIGITS + 1):
        shift = digits - 1 - exponents[open_ones]
        up, down = 10.0 ** np.maximum(shift, 0), 10.0 ** np.maximum(-shift, 0)
        rounded = np.rint(exact[open_ones] * up / down) * down / up
        same = rounded.astype(np.float32) == flat[open_ones]
        found[open_ones[same]] = rounded[same]
        open_ones = open_ones[~same]
    for index in (*np.flatnonzero(~in_reach & (size > 0)), *open_ones):
        found[index] = float(str(flat[index]))
    return found.reshape(np.shape(values))


def whole_shares(shares: ArrayLike, units: int = 1000) -> NDArray[np.int64]:
    """Each share in whole units, int64 ndarray of the same shape, so that all of them sum to `units`.

    Args:
        shares: 0 or more, of shape (n,); of any positive sum, that of the result is `units`.
        units: that the whole has; 1000 for tenths of a percent.

    By largest remainders (Hamilton's method): each is rounded down, and what is left goes, one unit each, to those that
    were rounded down the most, the first of equal ones first. So none is off by a whole unit. Shares that are not
    finite, or that sum to 0, are no shares of anything: rounded each for itself, 0 for what is not a number.
    """
    values = np.asarray(shares, dtype=np.float64)
    total = values.sum()
    if not (math.isfinite(total) and total > 0):
        rounded: NDArray[np.int64] = np.nan_to_num(np.rint(values * units), posinf=units, neginf=0).astype(np.int64)
        return rounded
    exact = values * (units / total)
    whole: NDArray[np.int64] = np.floor(exact).astype(np.int64)
    left = units - int(whole.sum())
    whole[np.argsort(whole - exact, kind="stable")[:left]] += 1
    return whole
