"""The order of the points in an epoch as compiled code: that of ``torch.randperm`` by a generator of that seed."""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

from typing import Any

from engine.compiled.vectors import compiled

SIZE, PERIOD = 624, 397
BITS = 0xFFFFFFFF
UPPER, LOWER, TWIST = 0x80000000, 0x7FFFFFFF, 0x9908B0DF


@compiled
def seed_twister(twister: Any, seed: int) -> None:
    """Seed the Mersenne Twister (Matsumoto and Nishimura 1998), whose state is 624 numbers of 32 bits."""
    number = seed & BITS
    twister[0] = number
    for i in range(1, SIZE):
        number = (1812433253 * (number ^ (number >> 30)) + i) & BITS
        twister[i] = number


@compiled
def twist(twister: Any) -> None:
    """The next 624 numbers."""
    for i in range(SIZE):
        y = (twister[i] & UPPER) | (twister[(i + 1) % SIZE] & LOWER)
        number = twister[(i + PERIOD) % SIZE] ^ (y >> 1)
        twister[i] = number ^ TWIST if y & 1 else number


@compiled
def shuffle(order: Any, n_points: int, twister: Any, seed: int) -> None:
    """Put the order of so many points into `order`, drawn with a seed (Fisher and Yates; Durstenfeld 1964)."""
    seed_twister(twister, seed)
    for i in range(n_points):
        order[i] = i
    used = SIZE
    for i in range(n_points - 1):
        if used == SIZE:
            twist(twister)
            used = 0
        y = twister[used]
        used += 1
        y ^= y >> 11
        y ^= (y << 7) & 0x9D2C5680
        y ^= (y << 15) & 0xEFC60000
        y ^= y >> 18
        other = i + y % (n_points - i)
        order[i], order[other] = order[other], order[i]
