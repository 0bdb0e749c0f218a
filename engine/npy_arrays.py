"""Arrays in a zip file, as ``numpy.savez`` writes them: read without pickle, and never more than was asked for."""

from __future__ import annotations

import io
import math
import re
import struct
import sys
import zipfile
import zlib
from typing import Any

import numpy as np
from numpy.typing import NDArray

from engine.errors import InputError, as_typed, shown

Array = NDArray[Any]

MAX_ARRAYS = 1_000
MAX_ARRAY_BYTES = 256 * 2**20
MAX_HEADER_BYTES = 10_000
ENTRY_MARK = b"PK\x01\x02"
HEADER = {
    "descr": re.compile(r"""['"]descr['"]\s*:\s*['"]([<>|=]?[a-zA-Z][0-9]{0,6})['"]"""),
    "fortran_order": re.compile(r"""['"]fortran_order['"]\s*:\s*(True|False)"""),
    "shape": re.compile(r"""['"]shape['"]\s*:\s*\(([0-9, ]*)\)"""),
}
READ_ERRORS = (
    zipfile.BadZipFile,
    zlib.error,
    struct.error,
    OSError,
    EOFError,
    RuntimeError,  # it is encrypted, or compressed in a way that is not known
    ValueError,
    OverflowError,
    IndexError,
    KeyError,
)


class ArrayError(InputError):
    """A file that is no zip file of arrays, or an array in it that is not read."""


def packed(arrays: dict[str, Array]) -> bytes:
    """A zip file of arrays."""
    buffer = io.BytesIO()
    np.savez(buffer, allow_pickle=False, **arrays)
    return buffer.getvalue()


def unpacked(content: bytes, wanted: frozenset[str]) -> dict[str, Array]:
    """Those of the wanted arrays that a zip file has.

    Raises:
        ArrayError: it is no zip file, or a wanted array is too large, damaged or of a kind that is not read.
    """
    if content.count(ENTRY_MARK) > MAX_ARRAYS:
        raise ArrayError(f"it has more than {MAX_ARRAYS:,} entries.")
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            entries = [entry for entry in archive.infolist() if entry.filename.removesuffix(".npy") in wanted]
            names = [entry.filename.removesuffix(".npy") for entry in entries]
            if len(set(names)) < len(names):
                raise ArrayError("an array stands in it twice; which of the two counts cannot be known.")
            _check_sizes(entries)
            contents = [_entry(archive, entry) for entry in entries]
    except READ_ERRORS as error:
        if isinstance(error, ArrayError):
            raise
        raise ArrayError(f"it is no NPZ file, or a damaged one ({shown(str(error), 80)}).") from error
    return {name: _array(name, data) for name, data in zip(names, contents, strict=True)}


def _check_sizes(entries: list[zipfile.ZipInfo]) -> None:
    total = sum(entry.file_size for entry in entries)
    if total > MAX_ARRAY_BYTES:
        size = f"{total / 2**20:,.0f} MB of arrays"
        raise ArrayError(f"it holds {size}; at most {MAX_ARRAY_BYTES // 2**20} MB can be read.")


def _entry(archive: zipfile.ZipFile, entry: zipfile.ZipInfo) -> bytes:
    with archive.open(entry) as file:
        return file.read(entry.file_size + 1)  # without a number it would unpack whatever is there


def _array(name: str, content: bytes) -> Array:
    """An array of numbers or texts. Its header is searched for three entries and not evaluated."""
    if not content.startswith(b"\x93NUMPY") or len(content) < 12:
        raise ArrayError(f"“{name}” is no array of numpy.")
    wide = content[6] >= 2
    start = 12 if wide else 10
    end = start + int.from_bytes(content[8:start], "little")
    header = content[start : min(end, start + MAX_HEADER_BYTES)].decode("latin-1")
    kind, order, shape = (_header_entry(name, header, key) for key in ("descr", "fortran_order", "shape"))
    if kind.lstrip("<>|=")[0] not in "fiubUS":
        hint = " It holds Python objects, which could run code." if "O" in kind else ""
        raise ArrayError(f"“{name}” has values of the kind {kind}, which are not read.{hint}")
    try:
        sizes = tuple(int(size) for size in shape.replace(" ", "").split(",") if size)
        dtype = np.dtype(kind)
        if not dtype.itemsize or math.prod(sizes) * dtype.itemsize != len(content) - end:
            raise ArrayError(f"“{name}” is damaged: its size is not that of {as_typed(sizes, 80)} values.")
        if (
            dtype.kind == "U"
            and np.frombuffer(content, dtype.str[0] + "u4", offset=end).max(initial=0) > sys.maxunicode
        ):
            raise ArrayError(f"“{name}” is damaged: it has texts of characters that do not exist.")
        flat = np.frombuffer(content, dtype, offset=end)
        return flat.reshape(sizes, order="F" if order == "True" else "C")
    except (TypeError, ValueError, OverflowError) as error:
        if isinstance(error, ArrayError):
            raise
        raise ArrayError(f"“{name}” is damaged: its header cannot be read.") from error


def _header_entry(name: str, header: str, key: str) -> str:
    found = HEADER[key].search(header)
    if found is None:
        raise ArrayError(f"“{name}” has no plain numbers or texts, or a damaged header.")
    return found[1]
