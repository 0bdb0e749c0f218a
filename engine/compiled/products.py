"""The products of matrices, as compiled code.

Each keeps a few rows of its result in the registers of the processor, for as many points as a vector has numbers, and
goes once through what is summed (Goto and van de Geijn 2008, "Anatomy of high-performance matrix multiplication").
Values of a layer are an array of units times `width`, the points of a block rounded up to whole vectors.
"""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

from typing import Any

from engine.compiled.vectors import compiled, fused, lanes, load, put_totals, spread_at, store, total


@compiled
def product(p: Any, w: int, n_in: int, n_out: int, m: Any, a: int, z: int, width: int) -> None:
    """Z = W [a; 1], with the matrix at `w` of the parameters p, and a and z in the memory m."""
    n, stride, row = lanes(m), n_in + 1, 0
    while row + 4 <= n_out:
        k = w + row * stride
        for i in range(0, width, n):
            y0, y1 = spread_at(p, k + n_in), spread_at(p, k + stride + n_in)
            y2, y3 = spread_at(p, k + 2 * stride + n_in), spread_at(p, k + 3 * stride + n_in)
            for c in range(n_in):
                x = load(m, a + c * width + i)
                y0 = fused(spread_at(p, k + c), x, y0)
                y1 = fused(spread_at(p, k + stride + c), x, y1)
                y2 = fused(spread_at(p, k + 2 * stride + c), x, y2)
                y3 = fused(spread_at(p, k + 3 * stride + c), x, y3)
            at = z + row * width + i
            store(m, at, y0)
            store(m, at + width, y1)
            store(m, at + 2 * width, y2)
            store(m, at + 3 * width, y3)
        row += 4
    for rest in range(row, n_out):
        k = w + rest * stride
        for i in range(0, width, n):
            y = spread_at(p, k + n_in)
            for c in range(n_in):
                y = fused(spread_at(p, k + c), load(m, a + c * width + i), y)
            store(m, z + rest * width + i, y)


@compiled
def product_back(p: Any, w: int, n_in: int, n_out: int, m: Any, d: int, e: int, width: int) -> None:
    """E = W^T d, without the column of biases."""
    n, stride, column = lanes(m), n_in + 1, 0
    while column + 4 <= n_in:
        k = w + column
        for i in range(0, width, n):
            x = load(m, d + i)
            y0, y1, y2, y3 = (
                spread_at(p, k) * x,
                spread_at(p, k + 1) * x,
                spread_at(p, k + 2) * x,
                spread_at(p, k + 3) * x,
            )
            for r in range(1, n_out):
                x, at = load(m, d + r * width + i), k + r * stride
                y0 = fused(spread_at(p, at), x, y0)
                y1 = fused(spread_at(p, at + 1), x, y1)
                y2 = fused(spread_at(p, at + 2), x, y2)
                y3 = fused(spread_at(p, at + 3), x, y3)
            at = e + column * width + i
            store(m, at, y0)
            store(m, at + width, y1)
            store(m, at + 2 * width, y2)
            store(m, at + 3 * width, y3)
        column += 4
    for rest in range(column, n_in):
        for i in range(0, width, n):
            y = spread_at(p, w + rest) * load(m, d + i)
            for r in range(1, n_out):
                y = fused(spread_at(p, w + rest + r * stride), load(m, d + r * width + i), y)
            store(m, e + rest * width + i, y)


@compiled
def gradient(g: Any, w: int, n_in: int, n_out: int, m: Any, d: int, a: int, width: int, adds: bool) -> None:
    """Put d [a; 1]^T into g, or add it."""
    n, stride, row = lanes(m), n_in + 1, 0
    while row + 2 <= n_out:
        k, d0 = w + row * stride, d + row * width
        d1, column = d0 + width, 0
        while column + 4 <= n_in:
            ac = a + column * width
            x, y = load(m, d0), load(m, d1)
            u0, u1, u2, u3 = load(m, ac), load(m, ac + width), load(m, ac + 2 * width), load(m, ac + 3 * width)
            s0, s1, s2, s3 = x * u0, x * u1, x * u2, x * u3
            t0, t1, t2, t3 = y * u0, y * u1, y * u2, y * u3
            for i in range(n, width, n):
                x, y = load(m, d0 + i), load(m, d1 + i)
                u0, u1 = load(m, ac + i), load(m, ac + width + i)
                u2, u3 = load(m, ac + 2 * width + i), load(m, ac + 3 * width + i)
                s0, s1, s2, s3 = fused(x, u0, s0), fused(x, u1, s1), fused(x, u2, s2), fused(x, u3, s3)
                t0, t1, t2, t3 = fused(y, u0, t0), fused(y, u1, t1), fused(y, u2, t2), fused(y, u3, t3)
            put_totals(g, k + column, s0, s1, s2, s3, adds)
            put_totals(g, k + stride + column, t0, t1, t2, t3, adds)
            column += 4
        for r in range(row, row + 2):
            gradient_of_rest(g, w + r * stride, column, n_in, m, d + r * width, a, width, adds)
        row += 2
    if row < n_out:
        gradient_of_rest(g, w + row * stride, 0, n_in, m, d + row * width, a, width, adds)


@compiled
def gradient_of_rest(g: Any, k: int, column: int, n_in: int, m: Any, d: int, a: int, width: int, adds: bool) -> None:
    """The numbers of one row of a gradient, from a column on to the bias."""
    n = lanes(m)
    for c in range(column, n_in):
        s = load(m, d) * load(m, a + c * width)
        for i in range(n, width, n):
            s = fused(load(m, d + i), load(m, a + c * width + i), s)
        put(g, k + c, total(s), adds)
    s = load(m, d)
    for i in range(n, width, n):
        s = s + load(m, d + i)
    put(g, k + n_in, total(s), adds)


@compiled
def put(g: Any, at: int, number: Any, adds: bool) -> None:
    """Put a number into g, or add it to what is there."""
    g[at] = g[at] + number if adds else number
