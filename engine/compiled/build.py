"""Makes the compiled code: ``python -m engine.compiled.build`` puts it where `engine.compiled.cache` finds it.

Of what runs, this module alone needs numba. The compiler holds the interpreter's lock for seconds, so it works in a
process of its own; what comes of it is an object file with one function, which is called without numba.
"""

# Tests: tests/engine/compiled/test_build.py

from __future__ import annotations

import contextlib
import os
import sys
import time
from pathlib import Path
from typing import Any

from engine.compiled import cache
from engine.errors import InputError, shown, shown_path
from engine.files.locks import FileLock
from engine.files.whole_files import reason_of
from engine.messages import mark

NICENESS = 19
LOCK = "compiler.lock"
PATIENCE, TRY_SECONDS = 600.0, 0.1
"""Seconds to wait for another process that makes the code, and between two looks."""

NO_COMPILER = mark("numba is not installed, so there is no compiled code; Marz trains without it, only slower.")


def compiled_work(kind: str) -> tuple[str, bytes]:
    """The name of the function `work` and its object file, for float32 or float64."""
    from numba import float32, float64, int32, int64, types, uint8, uint32
    from numba.core import compiler
    from numba.core.registry import cpu_target

    from engine.compiled.work import work

    item = {"float32": float32, "float64": float64}[kind]
    items, whole, exact = types.CPointer(item), types.CPointer(int64), types.CPointer(float64)
    arguments = (whole, whole, exact, items, items, whole, *[items] * 9, exact, exact, whole, whole)
    of_survey = (whole, exact, items, items, *map(types.CPointer, (int32, uint8, uint32, uint32, float32)))
    flags: Any = compiler.Flags()
    flags.no_cpython_wrapper = flags.no_cfunc_wrapper = True
    flags.error_model = "numpy"
    result = compiler.compile_extra(
        cpu_target.typing_context, cpu_target.target_context, work.py_func, arguments + of_survey, types.void, flags, {}
    )
    return result.fndesc.mangled_name, result.library._get_compiled_object()


def make() -> None:
    """Make what is missing; what another process is about is waited for.

    Raises:
        InputError: there is no compiler, it fails, or what it makes cannot be kept.
    """
    if not cache.has_compiler():
        raise InputError(NO_COMPILER)
    for name in [name for name in os.environ if name.startswith("NUMBA_")]:  # they make another code of the same name
        del os.environ[name]
    try:
        lock = FileLock(cache.private_folder() / LOCK)
        deadline = time.monotonic() + PATIENCE
        while not lock.try_lock():
            if time.monotonic() > deadline:
                raise InputError("Another process has been compiling for {seconds:.0f} seconds.", seconds=PATIENCE)
            time.sleep(TRY_SECONDS)
    except OSError as error:
        name = shown_path(cache.folder())
        raise InputError("“{name}” cannot keep compiled code: {reason}.", name=name, reason=reason_of(error)) from error
    try:
        for kind in cache.KINDS:
            if cache.stored(kind) is None:
                make_one(kind)
    finally:
        lock.unlock()


def make_one(kind: str) -> None:
    """Make the code for float32 or float64, and keep it if it can be loaded.

    Code that the system cannot load ends its process; better this one than one with a window.
    """
    try:
        name, code = compiled_work(kind)
        from engine.compiled.library import Library

        Library(code, name)
    except Exception as error:
        reason = f"{type(error).__name__}: {error}"
        raise InputError("The code could not be compiled: {reason}.", reason=shown(reason)) from error
    cache.store(kind, name, code)


def let_others_go_first() -> None:
    """Take only what is left of the processor; on Windows, who starts this process sees to that.

    Linux shares it out among sessions before it looks at processes, and this one has a session of its own.
    """
    if sys.platform == "win32":
        return
    os.nice(NICENESS)
    if os.getsid(0) == os.getpid():
        with contextlib.suppress(OSError):
            Path("/proc/self/autogroup").write_text(str(NICENESS), encoding="ascii")


def main() -> int:
    """Make what is missing, when the processor has nothing better to do; 1 if it cannot be made or kept."""
    let_others_go_first()
    try:
        make()
    except InputError as error:
        print(error, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())
