"""Has the system load torch's libraries while other threads go on."""

from __future__ import annotations

import contextlib
import ctypes
import importlib.util
import os
import sys
from pathlib import Path

LIBRARIES = ("libc10", "libtorch_cpu")  # in the order in which they need each other; together 430 MB
SUFFIXES = {"linux": ".so", "darwin": ".dylib"}


def preload() -> list[Path]:
    """Load the largest libraries of torch, which `import torch` then finds loaded; those that were.

    The import has the system load them with the interpreter's lock held, 0.3 to 0.7 seconds in which no window can be
    drawn in. A function that is called through ctypes is called without the lock. On Windows torch itself does so. What
    cannot be loaded here the import will tell.
    """
    loaded: list[Path] = []
    spec = importlib.util.find_spec("torch")
    if sys.platform not in SUFFIXES or spec is None or not spec.submodule_search_locations:
        return loaded
    with contextlib.suppress(OSError, AttributeError):
        load = ctypes.CDLL(None).dlopen
        load.restype, load.argtypes = ctypes.c_void_p, (ctypes.c_char_p, ctypes.c_int)
        for name in LIBRARIES:
            path = Path(spec.submodule_search_locations[0], "lib", name + SUFFIXES[sys.platform])
            if path.is_file() and load(os.fsencode(path), os.RTLD_LAZY) is not None:
                loaded.append(path)
    return loaded
