"""A cache of the test's own, and a compiler that takes no time: it hands out the code of the session."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.compiled import cache

PROGRAM = """
import os, sys, time
sys.path[:0] = [sys.argv[1]]
from pathlib import Path
from engine.compiled import build, cache

def work(kind):
    with open({log!r}, "a") as log:
        log.write(f"{{os.getpid()}} {{kind}}\\n")
    time.sleep({seconds})
    content = Path({made!r}, cache.path_of(kind).name).read_bytes()[32:]
    name, _, code = content.partition(b"\\n")
    return name.decode(), code

build.compiled_work = work
sys.exit(build.main())
"""


@pytest.fixture
def made() -> Path:
    """The folder with the code of this session."""
    if not cache.has_compiler():
        pytest.skip("there is no compiler")
    return cache.folder()


@pytest.fixture
def cold(made: Path, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A process that has just been started, and the folder where it looks for code; there is none yet."""
    folder = tmp_path / "caches" / "code"
    monkeypatch.setenv(cache.FOLDER_VARIABLE, str(folder))
    monkeypatch.setattr(cache, "_loaded", {})
    monkeypatch.setattr(cache, "_maker", None)
    return folder


@pytest.fixture
def warm(made: Path, cold: Path) -> Path:
    """The same, with code in it."""
    cold.mkdir(0o700, parents=True)
    for kind in cache.KINDS:
        content = (made / cache.path_of(kind).name).read_bytes()[32:]
        name, _, code = content.partition(b"\n")
        cache.store(kind, name.decode(), code)
    return cold


@pytest.fixture
def log(tmp_path: Path) -> Path:
    """A line for each time that the quick compiler works: its process, and for which kind."""
    return tmp_path / "log"


@pytest.fixture
def quick(made: Path, cold: Path, log: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[[float], str]:
    """Have the quick compiler used, which takes so many seconds; returns its program."""

    def use(seconds: float = 0.0) -> str:
        program = PROGRAM.format(log=str(log), seconds=seconds, made=str(made))
        monkeypatch.setattr(cache, "PROGRAM", program)
        return program

    return use


@pytest.fixture
def no_compiler(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A Python on which numba is not installed."""
    monkeypatch.setitem(sys.modules, "numba", None)
