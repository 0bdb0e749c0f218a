"""Where compiled code is kept from one start to the next, and the process that makes it.

The code is made once on a machine, and anew after an update of the program, the compiler or the processor: all these
are in the name of the file. Whoever looks for it takes it if it is there and whole; nobody waits for it.
"""

# Tests: tests/engine/compiled/test_cache.py

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import importlib.util
import os
import platform
import subprocess
import sys
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.files.whole_files import read_file, replace_file

if TYPE_CHECKING:
    from engine.compiled.library import Library

ROOT = Path(__file__).parents[2]
SOURCES = (
    *("engine/mlp/batch_norm.py", "engine/learning/optimizers.py", "engine/learning/updates.py", "engine/config.py"),
)
"""Beside those of this folder: what the code takes its constants from."""

FOLDER_VARIABLE = "MARZ_COMPILED"
MAX_BYTES = 2**23
KINDS = ("float32", "float64")


class CodeState(StrEnum):
    """Whether runs that begin now are trained by compiled code."""

    READY = "ready"
    IN_THE_MAKING = "in_the_making"
    MISSING = "missing"
    UNAVAILABLE = "unavailable"


def folder() -> Path:
    """The folder of compiled code: the user's own cache, or what the environment says."""
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or str(Path.home() / "AppData" / "Local")
    elif sys.platform == "darwin":
        base = str(Path.home() / "Library" / "Caches")
    else:
        base = os.environ.get("XDG_CACHE_HOME") or str(Path.home() / ".cache")
    return Path(base) / "marz"


def has_compiler() -> bool:
    """True if the compiler is installed; without it nothing is taken from the cache either."""
    try:
        return all(importlib.util.find_spec(name) is not None for name in ("numba", "llvmlite"))
    except (ImportError, ValueError):
        return False


@cache
def key() -> str:
    """What the code is made of and for, in sixteen characters."""
    from llvmlite import binding

    digest = hashlib.sha256()
    for path in (*sorted(Path(__file__).parent.glob("*.py")), *(ROOT / name for name in SOURCES)):
        digest.update(path.read_bytes())
    versions = [importlib.metadata.version(name) for name in ("numba", "llvmlite")]
    processor = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    digest.update(repr((versions, processor, platform.machine(), sys.platform)).encode())
    return digest.hexdigest()[:16]


def path_of(kind: str) -> Path:
    """The file of the code for float32 or float64."""
    return folder() / f"{kind}-{key()}.code"


def store(kind: str, name: str, code: bytes) -> None:
    """Keep code, with the name of its function.

    Raises:
        FileError: the folder cannot be written.
    """
    content = name.encode() + b"\n" + code
    replace_file(path_of(kind), hashlib.sha256(content).digest() + content, private=True)
    for old in folder().glob(f"{kind}-*.code"):  # of an earlier state of the program
        if old != path_of(kind):
            with contextlib.suppress(OSError):
                old.unlink()


def stored(kind: str) -> tuple[str, bytes] | None:
    """The name of the function and the code; None if there is none, or it is damaged."""
    try:
        content = read_file(path_of(kind), MAX_BYTES)
    except InputError:
        return None
    digest, content = content[:32], content[32:]
    name, separator, code = content.partition(b"\n")
    if not separator or hashlib.sha256(content).digest() != digest:
        return None
    return name.decode("ascii"), code


_loaded: dict[str, Library] = {}
_maker: subprocess.Popen[bytes] | None = None


def library(kind: str) -> Library | None:
    """The code for float32 or float64, if it is there."""
    if kind not in _loaded and has_compiler():
        try:
            found = stored(kind)
            if found is not None:
                from engine.compiled.library import Library

                name, code = found
                _loaded[kind] = Library(code, name)
        except (ImportError, OSError, RuntimeError):  # a broken installation is as good as none
            return None
    return _loaded.get(kind)


def make() -> None:
    """Have the code made by a process of its own, if there is none; nobody waits for it."""
    global _maker
    if state() is not CodeState.MISSING:
        return
    environment = os.environ | {"PYTHONPATH": os.pathsep.join([str(ROOT), os.environ.get("PYTHONPATH", "")])}
    flags = 0x08000000 if sys.platform == "win32" else 0  # no window of its own
    with contextlib.suppress(OSError):
        _maker = subprocess.Popen(
            [sys.executable, "-m", "engine.compiled.build"],
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            env=environment,
            creationflags=flags,
        )


def state() -> CodeState:
    """Whether there is code for the precision that the window trains with."""
    if KINDS[0] in _loaded:
        return CodeState.READY
    if not has_compiler():
        return CodeState.UNAVAILABLE
    if stored(KINDS[0]) is not None:
        return CodeState.READY
    return CodeState.MISSING if _maker is None else CodeState.IN_THE_MAKING
