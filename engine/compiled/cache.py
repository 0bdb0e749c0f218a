"""The place where compiled code is kept from one start to the next, and the process that makes it.

The code is made once on a machine, and anew after an update of the program, the compiler or the processor: all these
are in the name of the file and in its digest. Who looks for it takes it if it is there, whole, and written by nobody
else; nobody waits for it.
"""

# Tests: tests/engine/compiled/test_cache.py

from __future__ import annotations

import contextlib
import hashlib
import importlib.util
import os
import platform
import sys
import threading
from collections.abc import Iterator
from contextvars import ContextVar
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from engine.errors import InputError
from engine.files.own_files import check_owner, read_own_file
from engine.files.whole_files import PRIVATE_FOLDER, replace_file

if TYPE_CHECKING:
    from engine.compiled.library import Library

ROOT = Path(__file__).parents[2]
CONSTANTS = (
    *("engine/mlp/batch_norm.py", "engine/learning/optimizers.py", "engine/learning/updates.py", "engine/config.py"),
)
"""Files outside of this folder that the code takes something from."""
USERS = ("cache.py", "library.py", "plan.py")
"""Of this folder, what finds and calls the code and is no part of it."""

FOLDER_VARIABLE = "MARZ_COMPILED"
MAX_BYTES = 2**23
KINDS = ("float32", "float64")
KEPT = 4
"""Files of a kind that stay: homes are shared by machines, and a machine may have two versions of the program."""

PROGRAM = (
    "import sys; sys.path[:0] = {sys.argv[1]} - set(sys.path); from engine.compiled.build import main; sys.exit(main())"
)
NO_WINDOW, LOWEST_PRIORITY = 0x08000000, 0x00000040  # of Windows


class CodeState(StrEnum):
    """The state of the code: only if it is ready, runs that begin now are trained by it."""

    READY = "ready"
    IN_THE_MAKING = "in_the_making"
    MISSING = "missing"
    FAILED = "failed"
    UNAVAILABLE = "unavailable"


def folder() -> Path:
    """The folder of compiled code: in the user's own cache, or what the environment says.

    Raises:
        InputError: the system tells no folder of the user's.
    """
    if given := os.environ.get(FOLDER_VARIABLE):
        return Path(given)
    if sys.platform == "win32":
        base = os.environ.get("LOCALAPPDATA") or "~/AppData/Local"
    elif sys.platform == "darwin":
        base = "~/Library/Caches"
    else:
        base = os.environ.get("XDG_CACHE_HOME") or "~/.cache"
    path = Path(os.path.expanduser(base), "Marz", "compiled")  # noqa: PTH111  # without a home, that one leaves it as it is
    if not path.is_absolute():
        raise InputError("There is no home folder for the compiled code. Set {name} to a folder.", name=FOLDER_VARIABLE)
    return path


def private_folder() -> Path:
    """The folder, made for this user alone if there is none.

    Raises:
        InputError: see `folder`.
        OSError: it cannot be made, or others may write there.
    """
    path = folder()
    path.mkdir(PRIVATE_FOLDER, parents=True, exist_ok=True)
    check_owner(path.stat())
    return path


def has_compiler() -> bool:
    """True if the compiler is installed; without it nothing is taken from the cache either."""
    try:
        return all(importlib.util.find_spec(name) is not None for name in ("numba", "llvmlite"))
    except (ImportError, ValueError):
        return False


def sources() -> list[Path]:
    """The files that the code is made of."""
    of_here = sorted(path for path in Path(__file__).parent.rglob("*.py") if path.name not in USERS)
    return [*of_here, *(ROOT / name for name in CONSTANTS)]


@cache
def key() -> str:
    """Sixteen characters for what the code is made of and for."""
    import importlib.metadata

    from llvmlite import binding

    digest = hashlib.sha256()
    for path in sources():
        digest.update(path.read_bytes())
    versions = [importlib.metadata.version(name) for name in ("numba", "llvmlite")]
    processor = binding.get_host_cpu_name(), binding.get_host_cpu_features().flatten()
    system = sys.implementation.cache_tag, platform.machine(), sys.platform
    digest.update(repr((versions, processor, system)).encode())
    return digest.hexdigest()[:16]


def path_of(kind: str) -> Path:
    """The file of the code for float32 or float64."""
    return folder() / f"{kind}-{key()}.code"


def digest_of(kind: str, content: bytes) -> bytes:
    """Of the code and of what it is for, so that a file under another's name is none."""
    return hashlib.sha256(f"{kind}-{key()}\n".encode() + content).digest()


def store(kind: str, name: str, code: bytes) -> None:
    """Keep code, with the name of its function, and remove what is older than the newest few.

    Raises:
        FileError: the folder cannot be written.
    """
    content = name.encode() + b"\n" + code
    path = path_of(kind)
    with contextlib.suppress(OSError):
        path.rmdir()  # an empty folder in its place
    if path.is_symlink():
        path.unlink()
    replace_file(path, digest_of(kind, content) + content, private=True)
    with contextlib.suppress(OSError):
        others = [other for other in folder().glob(f"{kind}-*.code") if other != path]
        for other in sorted(others, key=lambda other: other.lstat().st_mtime, reverse=True)[KEPT - 1 :]:
            other.unlink()


def stored(kind: str) -> tuple[str, bytes] | None:
    """The name of the function and the code; None if there is none, it is damaged, or others can have written it."""
    try:
        content = read_own_file(path_of(kind), MAX_BYTES)
        digest, content = content[:32], content[32:]
        if digest_of(kind, content) != digest:
            return None
    except Exception:  # noqa: BLE001  # a broken installation, which tells the key, can raise anything
        return None
    name, _, code = content.partition(b"\n")
    return name.decode(), code


_loaded: dict[str, Library | None] = {}  # None for one that cannot be loaded
_maker: threading.Thread | None = None


_is_left_out = ContextVar("is_left_out", default=False)


@contextlib.contextmanager
def left_out(*, is_so: bool = True) -> Iterator[None]:
    """Let whoever asks meanwhile, on this thread, find no code: so that all networks of a study have one machine."""
    token = _is_left_out.set(is_so)
    try:
        yield
    finally:
        _is_left_out.reset(token)


def library(kind: str) -> Library | None:
    """The code for float32 or float64, if it is there."""
    if _is_left_out.get():
        return None
    if kind not in _loaded and has_compiler() and (found := stored(kind)) is not None:
        try:
            from engine.compiled.library import Library

            name, code = found
            _loaded[kind] = Library(code, name)
        except Exception:  # noqa: BLE001  # a broken installation is as good as none
            _loaded[kind] = None
    return _loaded.get(kind)


def make() -> None:
    """Have the code made by a process of its own, if there is none; nobody waits for it.

    It goes on when the program ends: it takes some seconds of the time that nobody else wants, and the next start has
    the code. A thread waits for its end, so that it is no zombie meanwhile; that does not hold the program up.
    """
    global _maker
    if _maker is None and has_compiler() and any(stored(kind) is None for kind in KINDS):
        _maker = threading.Thread(target=run_compiler, name="compiler", daemon=True)
        with contextlib.suppress(RuntimeError):  # there are too many, or the program ends
            _maker.start()


def run_compiler() -> None:
    """Run the compiler in a process of its own to its end; it says nothing."""
    import subprocess

    with contextlib.suppress(OSError):
        subprocess.run(
            [sys.executable, "-P", "-c", PROGRAM, str(ROOT)],  # -P: no module of the folder that one happens to be in
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
            start_new_session=True,  # Ctrl+C and the end of a terminal are for the window
            creationflags=NO_WINDOW | LOWEST_PRIORITY if sys.platform == "win32" else 0,
            check=False,
        )


def state() -> CodeState:
    """The state of the code for the precision that the window trains with."""
    kind = KINDS[0]
    if kind in _loaded:
        return CodeState.FAILED if _loaded[kind] is None else CodeState.READY
    if not has_compiler():
        return CodeState.UNAVAILABLE
    if stored(kind) is not None:
        return CodeState.READY
    if _maker is None:
        return CodeState.MISSING
    return CodeState.IN_THE_MAKING if _maker.is_alive() else CodeState.FAILED
