"""Compiled code in the memory of this process, found in an object file: by LLVM alone, without the compiler."""

# Tests: tests/engine/compiled/test_library.py

from __future__ import annotations

import ctypes
from collections.abc import Callable
from typing import Any

N_ARRAYS = 28


class Library:
    """The function `engine.compiled.work.work` of an object file.

    Args:
        code: the object file; one that is damaged ends the process, so it must be known to be whole.
        name: of the function in it.

    Raises:
        ValueError: it has no such function.
    """

    def __init__(self, code: bytes, name: str) -> None:
        import llvmlite.binding as llvm

        llvm.initialize_native_target()
        machine = llvm.Target.from_default_triple().create_target_machine(jit=True)
        nothing = llvm.parse_assembly("")
        self._engine = llvm.create_mcjit_compiler(nothing, machine)  # holds the code
        self._engine.remove_module(nothing)  # else it would be compiled, by what takes five megabytes
        self._engine.add_object_file(llvm.ObjectFileRef.from_data(code))
        self._engine.finalize_object()
        address = self._engine.get_function_address(name)
        if not address:
            raise ValueError(name)
        kind = ctypes.CFUNCTYPE(ctypes.c_int, *[ctypes.c_void_p] * (N_ARRAYS + 2))
        self._function = kind(address)
        # numba's functions put their result and what was raised there; this one has neither
        self._result, self._raised = ctypes.c_void_p(), ctypes.c_void_p()

    def bound(self, *places: int) -> Callable[[], Any]:
        """A call of the function with arrays at these places, during which other threads run.

        The last arrays can be left out where the task has no use for them.
        """
        function, result, raised = self._function, ctypes.byref(self._result), ctypes.byref(self._raised)
        nothing = [None] * (N_ARRAYS - len(places))
        arguments = (result, raised, *map(ctypes.c_void_p, [*places, *nothing]))
        return lambda: function(*arguments)
