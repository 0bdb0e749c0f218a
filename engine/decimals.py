"""Single-precision numbers as decimals: the shortest that give the number back."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

FEWEST_DIGITS, MOST_DIGITS = 6, 9  # any 6 digits survive single precision; 9 tell any two numbers of it apart
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
    in_reach = (size > 0) & (np.abs(exponents) <= LARGEST_EXACT_POWER - MOST_DIGITS)
    open_ones = np.flatnonzero(in_reach)
    for digits in range(FEWEST_DIGITS, MOST_DIGITS + 1):
        shift = digits - 1 - exponents[open_ones]
        up, down = 10.0 ** np.maximum(shift, 0), 10.0 ** np.maximum(-shift, 0)
        rounded = np.rint(exact[open_ones] * up / down) * down / up
        same = rounded.astype(np.float32) == flat[open_ones]
        found[open_ones[same]] = rounded[same]
        open_ones = open_ones[~same]
    for index in (*np.flatnonzero(~in_reach & (size > 0)), *open_ones):
        found[index] = float(str(flat[index]))
    return found.reshape(np.shape(values))
