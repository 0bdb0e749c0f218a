"""The compiler: what is missing is made, and kept only if it can be loaded."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from engine.compiled import build, cache
from engine.errors import InputError
from engine.files.locks import FileLock
from tests import ROOT

Quick = Callable[..., str]


def test_what_is_there_is_left_alone_without_loading_the_compiler(warm: Path) -> None:
    before = [path.stat().st_mtime_ns for path in sorted(warm.iterdir())]
    program = "import sys; from engine.compiled.build import main; print(main(), 'numba' in sys.modules)"

    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.stdout == "0 False\n"
    assert [path.stat().st_mtime_ns for path in sorted(warm.iterdir())] == before


def test_without_numba_a_sentence_says_so(no_compiler: None, cold: Path) -> None:
    with pytest.raises(InputError, match="numba is not installed"):
        build.make()

    assert not cold.exists()


def test_a_place_that_cannot_be_written_is_told_before_the_work(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "compiled_work", lambda kind: pytest.fail("work for nothing"))
    cold.parent.write_text("no folder")

    with pytest.raises(InputError, match="code” cannot keep compiled code: "):
        build.make()


@pytest.mark.skipif(sys.platform == "win32", reason="there modes tell nothing")
def test_a_folder_that_others_may_write_is_told(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "compiled_work", lambda kind: pytest.fail("work for nothing"))
    cold.mkdir(parents=True)
    cold.chmod(0o777)

    with pytest.raises(InputError, match="others may write there"):
        build.make()

    assert list(cold.iterdir()) == []


def test_a_compiler_that_fails_is_told_and_leaves_nothing(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(kind: str) -> tuple[str, bytes]:
        raise AttributeError("an older numba")

    monkeypatch.setattr(build, "compiled_work", fail)

    with pytest.raises(InputError, match=r"could not be compiled: AttributeError: an older numba\."):
        build.make()

    assert list(cold.iterdir()) == []


BROKEN = """
import sys
from engine.compiled import build
build.compiled_work = lambda kind: ("work", b"no object file")
sys.exit(build.main())
"""


def test_code_that_the_system_cannot_load_is_not_kept(cold: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BROKEN], cwd=ROOT, capture_output=True, timeout=100)

    assert done.returncode != 0
    assert list(cold.glob("*.code")) == []


def test_who_waits_too_long_gives_up(cold: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "PATIENCE", 0.2)
    lock = FileLock(cache.private_folder() / build.LOCK)
    assert lock.try_lock()

    with pytest.raises(InputError, match="Another process"):
        build.make()
    lock.unlock()


def test_the_surroundings_do_not_change_the_code(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("NUMBA_DISABLE_JIT", "1")
    monkeypatch.setenv("NUMBA_OPT", "0")

    build.make()

    assert not [name for name in os.environ if name.startswith("NUMBA_")]


def test_the_process_tells_by_its_status(cold: Path, quick: Quick) -> None:
    done = subprocess.run([sys.executable, "-c", quick(), str(ROOT)], capture_output=True, text=True, timeout=100)
    assert (done.returncode, done.stderr) == (0, "")

    cold.rename(cold.with_name("elsewhere"))
    cold.write_text("no folder")
    done = subprocess.run([sys.executable, "-c", quick(), str(ROOT)], capture_output=True, text=True, timeout=100)
    assert done.returncode == 1
    assert "cannot keep compiled code" in done.stderr
    assert "Traceback" not in done.stderr
