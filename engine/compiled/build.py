"""Makes the compiled code: ``python -m engine.compiled.build`` puts it where `engine.compiled.cache` finds it.

The only module of those that run which needs numba. The compiler holds the interpreter's lock for seconds, so it works
in a process of its own; what comes of it is an object file with one function, which is called without numba.
"""

# Tests: tests/engine/compiled/test_build.py

from __future__ import annotations

import os
import sys
from typing import Any

from numba import float32, float64, int64, types
from numba.core import compiler
from numba.core.registry import cpu_target

from engine.compiled import cache
from engine.compiled.work import work
from engine.errors import InputError
from engine.files.locks import FileLock
from engine.files.whole_files import PRIVATE_FOLDER

NICENESS = 10
LOCK = "compiler.lock"


def compiled_work(item: Any) -> tuple[str, bytes]:
    """The name of the function `work` and its object file, for numbers of a type of numba."""
    items, whole, exact = types.CPointer(item), types.CPointer(int64), types.CPointer(float64)
    arguments = (whole, whole, exact, items, items, whole, *[items] * 9, exact, exact, whole, whole)
    flags: Any = compiler.Flags()
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    result = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, work.py_func, arguments, types.void, flags, {}
    )
    return result.fndesc.mangled_name, result.library._get_compiled_object()


def main() -> int:
    """Make what is missing, unless another process does so; 1 if it cannot be kept."""
    if hasattr(os, "nice"):
        os.nice(NICENESS)
    try:
        cache.folder().mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
        lock = FileLock(cache.folder() / LOCK)
        if not lock.try_lock():
            return 0
        for item in (float32, float64):
            if cache.stored(item.name) is None:
                cache.store(item.name, *compiled_work(item))
    except (InputError, OSError) as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
