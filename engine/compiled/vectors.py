"""Vectors of a processor as a type of compiled code: some neighbours of an array that are computed with together.

A vector holds 64 bytes: 16 numbers of float32 or 8 of float64. What the processor at hand lacks LLVM makes of what it
has, so the results are the same bits wherever a fused product is rounded once.
"""

# Tests: tests/engine/compiled/test_code.py

from __future__ import annotations

import math
import operator
from collections.abc import Callable
from typing import Any

from llvmlite import ir
from numba import float32, float64, int64, njit, types
from numba.core import cgutils, extending
from numba.core.extending import models, overload, register_model

BYTES = 64


class VectorType(types.Type):
    """The type of a vector of numbers."""

    def __init__(self, item: Any) -> None:
        self.item, self.lanes = item, BYTES * 8 // item.bitwidth
        super().__init__(name=f"Vector({item})")


VECTORS = {item: VectorType(item) for item in (float32, float64)}


@register_model(VectorType)
class VectorModel(models.PrimitiveModel):
    """A vector is kept as one of LLVM."""

    def __init__(self, manager: Any, kind: VectorType) -> None:
        item = manager.lookup(kind.item).get_value_type()
        super().__init__(manager, kind, ir.VectorType(item, kind.lanes))


def llvm_type(kind: VectorType) -> Any:
    """The type of LLVM that a vector is kept as."""
    return ir.VectorType(ir.FloatType() if kind.item is float32 else ir.DoubleType(), kind.lanes)


def constant(kind: VectorType, number: float) -> Any:
    """A vector of equal constants."""
    item = llvm_type(kind).element
    return ir.Constant(llvm_type(kind), [ir.Constant(item, number)] * kind.lanes)


def pointer(builder: Any, array: Any, index: Any, kind: VectorType) -> Any:
    """The place of the vector that begins at an index of an array."""
    return builder.bitcast(builder.gep(array, [index]), llvm_type(kind).as_pointer())


def spread(builder: Any, kind: VectorType, number: Any) -> Any:
    """A vector of equal numbers."""
    whole, zero = llvm_type(kind), ir.Constant(ir.IntType(32), 0)
    nothing = ir.Constant(whole, ir.Undefined)
    mask = ir.Constant(ir.VectorType(zero.type, kind.lanes), [zero] * kind.lanes)
    return builder.shuffle_vector(builder.insert_element(nothing, number, zero), nothing, mask)


def intrinsic(function: Any) -> Any:
    """A function that gives the instructions which compiled code has in place of a call of it, for the types there."""
    return extending.intrinsic(function)


@intrinsic
def load(_typing: Any, array: Any, index: Any) -> Any:
    """The vector that begins at an index of an array."""
    kind = VECTORS[array.dtype]

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = pointer(builder, arguments[0], arguments[1], kind)
        return builder.load(place, align=array.dtype.bitwidth // 8)

    return kind(array, int64), code


@intrinsic
def store(_typing: Any, array: Any, index: Any, vector: Any) -> Any:
    """Put a vector into an array, from an index on."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        place = pointer(builder, arguments[0], arguments[1], vector)
        builder.store(arguments[2], place, align=array.dtype.bitwidth // 8)
        return context.get_dummy_value()

    return types.void(array, int64, vector), code


@intrinsic
def splat(_typing: Any, number: Any) -> Any:
    """A vector of equal numbers."""
    kind = VECTORS[number]

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return spread(builder, kind, arguments[0])

    return kind(number), code


@intrinsic
def spread_at(_typing: Any, array: Any, index: Any) -> Any:
    """A vector of the number at an index of an array."""
    kind = VECTORS[array.dtype]

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        return spread(builder, kind, builder.load(builder.gep(arguments[0], [arguments[1]])))

    return kind(array, int64), code


@intrinsic
def filled(_typing: Any, vector: Any, _number: Any) -> Any:
    """A vector of equal numbers, of the kind of another vector."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        number = arguments[1] if vector.item is float64 else builder.fptrunc(arguments[1], ir.FloatType())
        return spread(builder, vector, number)

    return vector(vector, float64), code


def operation(make: Callable[..., Any]) -> Any:
    """An operation on two vectors by one instruction."""

    @intrinsic
    def compute(_typing: Any, left: Any, _right: Any) -> Any:
        def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
            return make(builder, *arguments)

        return left(left, left), code

    return compute


def where_less(builder: Any, left: Any, right: Any, then: Any, otherwise: Any) -> Any:
    """Of two vectors the numbers of one where left is less than right, of the other elsewhere, nan included."""
    return builder.select(builder.fcmp_ordered("<", left, right), then, otherwise)


add = operation(lambda builder, left, right: builder.fadd(left, right))
subtract = operation(lambda builder, left, right: builder.fsub(left, right))
multiply = operation(lambda builder, left, right: builder.fmul(left, right))
divide = operation(lambda builder, left, right: builder.fdiv(left, right))
smaller = operation(lambda builder, left, right: where_less(builder, right, left, right, left))
larger = operation(lambda builder, left, right: where_less(builder, left, right, right, left))


def overloads(name: Any, function: Any) -> None:
    """Let an operator of Python compute with vectors."""
    overload(name)(
        lambda left, right: (
            (lambda left, right: function(left, right))
            if isinstance(left, VectorType) and isinstance(right, VectorType)
            else None
        )
    )


overloads(operator.add, add)
overloads(operator.sub, subtract)
overloads(operator.mul, multiply)
overloads(operator.truediv, divide)


@intrinsic
def fused(_typing: Any, left: Any, _right: Any, _addend: Any) -> Any:
    """Left * right + addend, rounded once."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return fused_product(builder, left, *arguments)

    return left(left, left, left), code


def call(builder: Any, kind: VectorType, name: str, *arguments: Any) -> Any:
    """A function that LLVM knows, of vectors."""
    whole = llvm_type(kind)
    kinds = ir.FunctionType(whole, [whole] * len(arguments))
    name = f"llvm.{name}.v{kind.lanes}f{kind.item.bitwidth}"
    return builder.call(cgutils.get_or_insert_function(builder.module, kinds, name), arguments)


def fused_product(builder: Any, kind: VectorType, left: Any, right: Any, addend: Any) -> Any:
    """See `fused`."""
    return call(builder, kind, "fma", left, right, addend)


@intrinsic
def root(_typing: Any, number: Any) -> Any:
    """The square root of a number, in its own precision."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        kind = ir.FloatType() if number is float32 else ir.DoubleType()
        name = f"llvm.sqrt.f{number.bitwidth}"
        function = cgutils.get_or_insert_function(builder.module, ir.FunctionType(kind, [kind]), name)
        return builder.call(function, arguments)

    return number(number), code


@intrinsic
def choose_below(_typing: Any, left: Any, _right: Any, _then: Any, _otherwise: Any) -> Any:
    """The numbers of `then` where left is less than right, of `otherwise` elsewhere, nan included."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return where_less(builder, *arguments)

    return left(left, left, left, left), code


@intrinsic
def total(_typing: Any, vector: Any) -> Any:
    """The sum of the numbers of a vector: of its halves, then of the halves of these, and so on."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        index, half, sums = ir.IntType(32), vector.lanes // 2, arguments[0]
        while half:
            parts = [
                builder.shuffle_vector(
                    sums, sums, ir.Constant(ir.VectorType(index, half), [ir.Constant(index, i) for i in lanes])
                )
                for lanes in (range(half), range(half, 2 * half))
            ]
            sums, half = builder.fadd(*parts), half // 2
        return builder.extract_element(sums, ir.Constant(index, 0))

    return vector.item(vector), code


def picked(builder: Any, left: Any, right: Any, lanes: Any) -> Any:
    """A vector of some of the numbers of two, those of the second counted on from those of the first."""
    index = ir.IntType(32)
    mask = ir.Constant(ir.VectorType(index, len(lanes)), [ir.Constant(index, lane) for lane in lanes])
    return builder.shuffle_vector(left, right, mask)


def paired(builder: Any, left: Any, right: Any, n: int, size: int) -> Any:
    """Two vectors of which each `size` neighbours have one sum, with half as many for a sum, those of both by turns."""
    half = size // 2
    firsts = [start + lane for start in range(0, n, size) for lane in range(half)]
    lows, highs = ([lane + offset for lane in (*firsts, *(lane + n for lane in firsts))] for offset in (0, half))
    # one block of the first, then the one of the second
    turns = [k * half + lane + side * n // 2 for k in range(n // size) for side in (0, 1) for lane in range(half)]
    return builder.fadd(
        picked(builder, left, right, [lows[t] for t in turns]), picked(builder, left, right, [highs[t] for t in turns])
    )


@intrinsic
def put_totals(
    _typing: Any, array: Any, index: Any, first: Any, _second: Any, _third: Any, _last: Any, adds: Any
) -> Any:
    """Put the sums of the numbers of four vectors into an array, one after the other, or add them to what is there."""

    def code(context: Any, builder: Any, signature: Any, arguments: Any) -> Any:
        n, sums = first.lanes, arguments[2:6]
        # halves of 0 and 2, of 1 and 3; then quarters of 0, 1, 2 and 3
        halves = [paired(builder, sums[k], sums[k + 2], n, n) for k in (0, 1)]
        quarters, size = paired(builder, halves[0], halves[1], n, n // 2), n // 4
        while size > 1:
            other = [lane ^ (size // 2) for lane in range(n)]
            quarters, size = builder.fadd(quarters, picked(builder, quarters, quarters, other)), size // 2
        four = picked(builder, quarters, quarters, range(0, n, n // 4))
        place = builder.bitcast(builder.gep(arguments[0], [arguments[1]]), four.type.as_pointer())
        align = array.dtype.bitwidth // 8
        before = builder.load(place, align=align)
        builder.store(builder.select(arguments[6], builder.fadd(before, four), four), place, align=align)
        return context.get_dummy_value()

    return types.void(array, int64, first, first, first, first, types.boolean), code


EXPONENT = {  # highest and lowest argument of exp, ln 2 in two parts, the degree of its series, bits of the fraction
    float32: (88.0, -87.0, 0.693359375, -2.12194440e-4, 7, 23),
    float64: (709.0, -708.0, 0.693145751953125, 1.42860682030941723212e-6, 13, 52),
}


def series(builder: Any, kind: VectorType, z: Any) -> tuple[Any, Any]:
    """P and s with exp(z) = s + s p, for z within what the type can hold: s is a power of two.

    p is the series of exp(r) - 1 for the rest r, of a size of at most ln(2)/2 (Cody and Waite 1980, "Software manual
    for the elementary functions", chapter 6).
    """
    highest, lowest, large, small, degree, bits = EXPONENT[kind.item]
    z = where_less(builder, z, constant(kind, lowest), constant(kind, lowest), z)
    z = where_less(builder, constant(kind, highest), z, constant(kind, highest), z)
    # a number so large that its last bit is worth 1 rounds the quotient, which then is in its last bits
    magic = constant(kind, 1.5 * 2.0**bits)
    shifted = fused_product(builder, kind, z, constant(kind, 1 / math.log(2)), magic)
    n = builder.fsub(shifted, magic)
    r = fused_product(builder, kind, n, constant(kind, -large), z)
    r = fused_product(builder, kind, n, constant(kind, -small), r)
    p = constant(kind, 1 / math.factorial(degree))
    for power in range(degree - 1, 0, -1):
        p = fused_product(builder, kind, p, r, constant(kind, 1 / math.factorial(power)))
    whole = ir.VectorType(ir.IntType(kind.item.bitwidth), kind.lanes)
    shift = ir.Constant(whole, [ir.Constant(whole.element, bits)] * kind.lanes)
    exponent = builder.shl(builder.bitcast(shifted, whole), shift)
    one = builder.bitcast(constant(kind, 1.0), whole)
    return builder.fmul(p, r), builder.bitcast(builder.add(exponent, one), llvm_type(kind))


@intrinsic
def exp(_typing: Any, vector: Any) -> Any:
    """e**z; of what is beyond the range of the type, that of the end of the range."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        p, s = series(builder, vector, arguments[0])
        return fused_product(builder, vector, s, p, s)

    return vector(vector), code


@intrinsic
def expm1(_typing: Any, vector: Any) -> Any:
    """e**z - 1, exact to the last digits near 0, too."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        p, s = series(builder, vector, arguments[0])
        return fused_product(builder, vector, s, p, builder.fsub(s, constant(vector, 1.0)))

    return vector(vector), code


@intrinsic
def lanes(_typing: Any, array: Any) -> Any:
    """The number of numbers of an array that a vector holds."""

    def code(_context: Any, _builder: Any, _signature: Any, _arguments: Any) -> Any:
        return ir.Constant(ir.IntType(64), VECTORS[array.dtype].lanes)

    return int64(array), code


@intrinsic
def typed(_typing: Any, array: Any, _number: Any) -> Any:
    """A number in the precision of an array."""

    def code(_context: Any, builder: Any, _signature: Any, arguments: Any) -> Any:
        return arguments[1] if array.dtype is float64 else builder.fptrunc(arguments[1], ir.FloatType())

    return array.dtype(array, float64), code


@intrinsic
def is_single(_typing: Any, vector: Any) -> Any:
    """True for a vector of float32."""

    def code(_context: Any, _builder: Any, _signature: Any, _arguments: Any) -> Any:
        return ir.Constant(ir.IntType(1), int(vector.item is float32))

    return types.boolean(vector), code


def compiled(function: Any) -> Any:
    """The function as compiled code; a fault of arithmetic gives inf or nan, as everywhere in the engine."""
    return njit(error_model="numpy", boundscheck=False)(function)


def compiled_sums(function: Any) -> Any:
    """`compiled`, for loops that sum: in which order is left to the compiler, which then takes vectors for them."""
    return njit(error_model="numpy", boundscheck=False, fastmath={"reassoc", "contract", "nsz"})(function)
