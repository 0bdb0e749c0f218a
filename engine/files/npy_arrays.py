"""Arrays in a zip file, as ``numpy.savez`` writes them: read without pickle, and never more than was asked for."""

# Tests: tests/engine/formats/test_npz.py

from __future__ import annotations

import io
import math
import sys
import warnings
import zipfile
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
from numpy.lib import format as npy
from numpy.typing import NDArray

from engine.errors import InputError, as_typed, shown

Array = NDArray[Any]

MAX_ARRAYS = 1_000
MAX_ARRAY_BYTES = 256 * 2**20
MAX_HEADER_BYTES = 10_000
ENTRY_MARK = b"PK\x01\x02"
HEADERS = {(1, 0): npy.read_array_header_1_0, (2, 0): npy.read_array_header_2_0}
"""The versions that numpy writes of plain values."""
MAX_TEXT_LENGTH = 1_000
"""Characters of each text in an array, whose shorter ones are as long."""
COMPRESSIONS = (zipfile.ZIP_STORED, zipfile.ZIP_DEFLATED)
"""The compressions that numpy writes; the others can ask for gigabytes before the first byte is read."""


class ArrayError(InputError):
    """A file that is no zip file of arrays, or an array in it that is not read."""


def packed(arrays: dict[str, Array]) -> bytes:
    """A zip file of arrays."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpacked(content: bytes, wanted: Mapping[str, int]) -> dict[str, Array]:
    """Those of the wanted arrays that a zip file has.

    Args:
        content: the zip file.
        wanted: the names of arrays, and how many values each may have at most; one that has more is not unpacked.

    Raises:
        ArrayError: it is no zip file, or a wanted array is too large, damaged or of a kind that is not read.
    """
    if content.count(ENTRY_MARK) > MAX_ARRAYS:
        raise ArrayError("it has more than {most:,} entries.", most=MAX_ARRAYS)
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.removesuffix(".npy") in wanted]
            names = [entry.filename.removesuffix(".npy") for entry in entries]
            if len(set(names)) < len(names):
                raise ArrayError("an array stands in it twice; which of the two counts cannot be known.")
            _check_entries(entries)
            return {
                name: _array(name, archive, entry, wanted[name]) for name, entry in zip(names, entries, strict=True)
            }
    except (InputError, MemoryError):
        raise
    except Exception as error:  # a damaged zip file raises what zipfile and its unpackers like
        raise ArrayError("it is no NPZ file, or a damaged one ({problem}).", problem=shown(str(error), 80)) from error


def _check_entries(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MAX_ARRAY_BYTES:
        raise ArrayError(
            "it holds {size:,.0f} MB of arrays; at most {most} MB can be read.",
            size=total / 2**20,
            most=MAX_ARRAY_BYTES // 2**20,
        )
    if any(entry.compress_type not in COMPRESSIONS for entry in entries):
        raise ArrayError("it is compressed in a way that NumPy does not use.")


def _read(archive: zipfile.ZipFile, entry: zipfile.ZipInfo, n_bytes: int) -> bytes:
    """The first bytes of an entry; without a number it would unpack whatever is there."""
    with archive.open(entry) as file:
        return file.read(n_bytes)


def _array(name: str, archive: zipfile.ZipFile, entry: zipfile.ZipInfo, most: int) -> Array:
    """An array of numbers or texts; what its header says is looked at before the rest is unpacked."""
    form = _form(name, _read(archive, entry, MAX_HEADER_BYTES))
    n_values = math.prod(form.shape)
    if n_values > most:
        raise ArrayError(
            "“{name}” has {n_values} values; at most {most:,} can be read.",
            name=name,
            n_values=as_typed(n_values),
            most=most,
        )
    content = _read(archive, entry, entry.file_size + 1)
    if n_values * form.dtype.itemsize != len(content) - form.start:
        raise ArrayError(
            "“{name}” is damaged: its size is not that of {shape} values.", name=name, shape=as_typed(form.shape)
        )
    if form.dtype.kind == "U":
        characters = np.frombuffer(content, form.dtype.str[0] + "u4", offset=form.start)
        if characters.max(initial=0) > sys.maxunicode:
            raise ArrayError("“{name}” is damaged: it has texts of characters that do not exist.", name=name)
    return np.frombuffer(content, form.dtype, offset=form.start).reshape(form.shape, order=form.order)


@dataclass(frozen=True)
class _Form:
    """The facts that the header of an array tells: its values, its shape, their order, and where they begin."""

    dtype: np.dtype[Any]
    shape: tuple[int, ...]
    order: Literal["C", "F"]
    start: int


def _form(name: str, beginning: bytes) -> _Form:
    """The facts in the header, read by numpy, which evaluates it as a literal of Python and runs none of it."""
    file = io.BytesIO(beginning)
    try:
        with warnings.catch_warnings(action="ignore"):  # of Python 2
            shape, is_fortran, dtype = HEADERS[npy.read_magic(file)](file, MAX_HEADER_BYTES)
    except Exception as error:  # also of memory and recursion, by a text that is nested deeply
        raise ArrayError("“{name}” is damaged: its header cannot be read.", name=name) from error
    if dtype.names or dtype.subdtype:
        raise ArrayError("“{name}” has no plain numbers or texts.", name=name)
    if dtype.hasobject:
        raise ArrayError(
            "“{name}” has values of the kind |O, which are not read. It holds Python objects, which could run code.",
            name=name,
        )
    if dtype.kind not in "fiubUS":
        raise ArrayError("“{name}” has values of the kind {kind}, which are not read.", name=name, kind=dtype.str)
    if not dtype.itemsize or min(shape, default=0) < 0:
        raise ArrayError("“{name}” is damaged: its values have no size.", name=name)
    if dtype.kind in "US" and dtype.itemsize > MAX_TEXT_LENGTH * (4 if dtype.kind == "U" else 1):
        raise ArrayError("“{name}” has texts of more than {most:,} characters.", name=name, most=MAX_TEXT_LENGTH)
    return _Form(dtype, shape, "F" if is_fortran else "C", file.tell())
