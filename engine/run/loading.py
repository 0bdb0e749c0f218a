"""Has the system load large libraries while other threads go on."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import sys
from pathlib import Path

LIBRARIES = (
    ("torch", "lib/libc10"),
    ("torch", "lib/libtorch_cpu"),
    ("llvmlite", "binding/libllvmlite"),
)
"""Packages and libraries, in the order in which they need each other; those of torch have 430 MB, that of LLVM 180."""

SUFFIXES = {"linux": ".so", "darwin": ".dylib"}


def preload() -> list[Path]:
    """Load the largest libraries, which imports then find loaded; returns those that were.

    The import of torch has the system load them with the interpreter's lock held, 0.3 to 0.7 seconds in which no
    window can be drawn in. A function that is called through ctypes is called without the lock. On Windows torch itself
    does so. What cannot be loaded here the import will tell.
    """
    loaded: list[Path] = []
    if sys.platform not in SUFFIXES:
        return loaded
    with contextlib.suppress(OSError, AttributeError, ImportError, ValueError):
        load = ctypes.CDLL(None).dlopen
        load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        for package, name in LIBRARIES:
            spec = importlib.util.find_spec(package)
            if spec is None or not spec.submodule_search_locations:
                continue
            path = Path(spec.submodule_search_locations[0], name + SUFFIXES[sys.platform])
            if path.is_file() and load(os.fsencode(path), os.RTLD_LAZY) is not None:
                loaded.append(path)
    return loaded
