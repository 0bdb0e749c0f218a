"""Compiled code from one start to the next: made once, taken only if it is whole, and everything trains without it."""

from __future__ import annotations

import importlib.abc
import importlib.metadata
import os
import signal
import stat
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from importlib.machinery import ModuleSpec
from pathlib import Path

import pytest

from engine import toy_datasets
from engine.compiled import cache
from engine.compiled.cache import CodeState
from engine.config import TrainingConfig
from engine.errors import InputError
from engine.machines.kind import MachineKind
from engine.training import Trainer
from tests import ROOT
from tests.architecture.sources import SOURCES, imports, is_within, module_name

Quick = Callable[..., str]

DATASET = toy_datasets.make("moons", n_samples=40)
CONFIG = TrainingConfig(hidden_layers=(4, 4))
SOON = 30.0
ENDED_BY_KILL = -9


def trained() -> Trainer:
    """A trainer that has trained."""
    trainer = Trainer(DATASET, CONFIG)
    before = trainer.evaluate().train_loss
    for _ in range(30):
        trainer.epoch()
    assert trainer.evaluate().train_loss < before
    return trainer


def wait_for_compiler() -> None:
    """Wait until the process has ended that makes the code."""
    assert cache._maker is not None
    cache._maker.join(SOON)
    assert not cache._maker.is_alive()


def start_anew(monkeypatch: pytest.MonkeyPatch) -> None:
    """Forget what this process knows of the code."""
    monkeypatch.setattr(cache, "_loaded", {})
    monkeypatch.setattr(cache, "_maker", None)


def lines_of(log: Path) -> list[list[str]]:
    """The lines of the log of the quick compiler."""
    return [line.split() for line in log.read_text().splitlines()] if log.exists() else []


def test_the_code_that_is_there_trains(warm: Path) -> None:
    assert cache.state() is CodeState.READY
    assert trained().machine is MachineKind.COMPILED

    cache.make()

    assert cache._maker is None


def test_the_first_start_has_it_made_and_trains_meanwhile(cold: Path, quick: Quick, log: Path) -> None:
    quick(0.3)
    assert cache.state() is CodeState.MISSING

    cache.make()
    maker = cache._maker
    cache.make()
    assert cache._maker is maker
    before = trained()
    assert cache.state() is CodeState.IN_THE_MAKING
    wait_for_compiler()

    assert before.machine is MachineKind.TORCH
    assert cache.state() is CodeState.READY
    assert trained().machine is MachineKind.COMPILED
    assert [kind for _, kind in lines_of(log)] == list(cache.KINDS)
    assert sorted(path.name for path in cold.iterdir()) == sorted(cache.path_of(kind).name for kind in cache.KINDS)


def test_a_run_that_began_before_stays_on_its_machine(cold: Path, quick: Quick) -> None:
    quick()
    trainer = trained()

    cache.make()
    wait_for_compiler()
    trainer.use(toy_datasets.make("moons", n_samples=50), CONFIG)
    trainer.epoch()
    trainer.use(DATASET, TrainingConfig(hidden_layers=(4, 4), batch_size=7, dropout=0.1))
    trainer.epoch()

    assert trainer.machine is MachineKind.TORCH
    assert trainer._library is None
    assert Trainer(DATASET, CONFIG).machine is MachineKind.COMPILED


@pytest.mark.skipif(sys.platform == "win32", reason="there folders of a user are private by themselves")
def test_files_and_folder_are_for_their_owner_alone(cold: Path, quick: Quick) -> None:
    quick()
    before = os.umask(0)
    try:
        cache.make()
        wait_for_compiler()
    finally:
        os.umask(before)

    assert stat.S_IMODE(cold.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in cold.iterdir()} == {0o600}


# damage


def flip(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(content)


def replace_by_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def replace_by_link(path: Path) -> None:
    elsewhere = path.parent.parent / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


DAMAGES: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "only the digest": lambda path: path.write_bytes(path.read_bytes()[:32]),
    "cut": lambda path: path.write_bytes(path.read_bytes()[:-1000]),
    "longer": lambda path: path.write_bytes(path.read_bytes() + b"\0"),
    "one bit": flip,
    "text": lambda path: path.write_text("hello\n" * 100),
    "too large": lambda path: os.truncate(path, cache.MAX_BYTES + 1),
    "of the other kind": lambda path: path.write_bytes(cache.path_of("float64").read_bytes()),
    "a folder": replace_by_folder,
    "a link": replace_by_link,
    "gone": lambda path: path.unlink(),
}


@pytest.mark.parametrize("damage", DAMAGES)
def test_damaged_code_is_never_loaded_and_made_anew(
    damage: str, warm: Path, quick: Quick, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick()
    DAMAGES[damage](cache.path_of("float32"))

    assert cache.stored("float32") is None
    assert cache.state() is CodeState.MISSING
    assert trained().machine is MachineKind.TORCH
    cache.make()
    wait_for_compiler()

    assert [kind for _, kind in lines_of(log)] == ["float32"]
    start_anew(monkeypatch)
    assert cache.state() is CodeState.READY
    assert trained().machine is MachineKind.COMPILED


def test_code_of_another_key_under_this_name_is_never_loaded(warm: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    old = cache.path_of("float32")
    monkeypatch.setattr(cache, "key", lambda: "0123456789abcdef")
    old.rename(cache.path_of("float32"))

    assert cache.stored("float32") is None
    assert cache.library("float32") is None


@pytest.mark.skipif(sys.platform == "win32", reason="there modes tell nothing")
@pytest.mark.parametrize("what", ["file", "folder"])
def test_what_others_may_write_is_neither_loaded_nor_written(
    what: str, warm: Path, quick: Quick, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick()
    (warm if what == "folder" else cache.path_of("float32")).chmod(0o777)

    assert trained().machine is MachineKind.TORCH
    cache.make()
    wait_for_compiler()

    if what == "folder":
        assert cache.state() is CodeState.FAILED
        assert lines_of(log) == []
    else:
        assert cache.state() is CodeState.READY
        assert stat.S_IMODE(cache.path_of("float32").stat().st_mode) == 0o600


def test_code_without_its_function_is_as_good_as_none(warm: Path) -> None:
    content = cache.stored("float32")
    assert content is not None
    cache.store("float32", "another_name", content[1])

    assert trained().machine is MachineKind.TORCH
    assert cache.library("float32") is None
    assert cache.state() is CodeState.FAILED


# places


def file_in_the_way(folder: Path) -> None:
    folder.parent.parent.mkdir(exist_ok=True)
    folder.parent.write_text("no folder")


def folder_without_write(folder: Path) -> None:
    folder.mkdir(parents=True)
    folder.chmod(0o500)


@pytest.mark.parametrize(
    "spoil",
    [
        file_in_the_way,
        pytest.param(
            folder_without_write,
            marks=pytest.mark.skipif(
                sys.platform == "win32" or os.geteuid() == 0, reason="nothing is protected from this user"
            ),
        ),
    ],
)
def test_a_place_that_cannot_be_written_costs_no_work(
    spoil: Callable[[Path], None], cold: Path, quick: Quick, log: Path
) -> None:
    quick()
    spoil(cold)

    cache.make()
    assert trained().machine is MachineKind.TORCH
    wait_for_compiler()

    assert cache.state() is CodeState.FAILED
    assert lines_of(log) == []


def test_without_a_home_everything_trains(cold: Path, quick: Quick, monkeypatch: pytest.MonkeyPatch) -> None:
    quick()
    monkeypatch.delenv(cache.FOLDER_VARIABLE)
    monkeypatch.delenv("XDG_CACHE_HOME")
    monkeypatch.delenv("LOCALAPPDATA")
    monkeypatch.setattr("os.path.expanduser", lambda path: path)

    with pytest.raises(InputError, match="Set MARZ_COMPILED to a folder"):
        cache.folder()
    assert cache.state() is CodeState.MISSING
    assert trained().machine is MachineKind.TORCH


@pytest.mark.parametrize(
    ("system", "variable", "wanted"),
    [
        ("linux", None, "{home}/.cache/Marz/compiled"),
        ("linux", "XDG_CACHE_HOME", "{home}/given/Marz/compiled"),
        ("darwin", None, "{home}/Library/Caches/Marz/compiled"),
        ("win32", None, "{home}/AppData/Local/Marz/compiled"),
        ("win32", "LOCALAPPDATA", "{home}/given/Marz/compiled"),
    ],
)
def test_the_folder_is_that_of_caches(
    system: str, variable: str | None, wanted: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for name in (cache.FOLDER_VARIABLE, "XDG_CACHE_HOME", "LOCALAPPDATA"):
        monkeypatch.delenv(name)
    monkeypatch.setenv("HOME", str(tmp_path))
    monkeypatch.setattr(sys, "platform", system)
    if variable is not None:
        monkeypatch.setenv(variable, str(tmp_path / "given"))

    assert cache.folder() == Path(wanted.format(home=tmp_path))


# without the compiler


class Blocker(importlib.abc.MetaPathFinder):
    """Refuses to import the compiler."""

    def find_spec(self, fullname: str, path: object = None, target: object = None) -> ModuleSpec | None:
        if fullname.split(".")[0] in ("numba", "llvmlite"):
            raise ImportError(fullname)
        return None


@pytest.mark.parametrize("way", ["no module", "refused"])
@pytest.mark.parametrize("temperature", ["cold", "warm"])
def test_without_numba_everything_trains_and_nothing_is_started(
    way: str, temperature: str, request: pytest.FixtureRequest, monkeypatch: pytest.MonkeyPatch
) -> None:
    request.getfixturevalue(temperature)
    for name in [name for name in sys.modules if name.split(".")[0] in ("numba", "llvmlite")]:
        monkeypatch.delitem(sys.modules, name)
    if way == "no module":
        monkeypatch.setitem(sys.modules, "numba", None)
    else:
        monkeypatch.setattr(sys, "meta_path", [Blocker(), *sys.meta_path])

    cache.make()

    assert cache._maker is None
    assert cache.state() is CodeState.UNAVAILABLE
    assert trained().machine is MachineKind.TORCH


BLOCKED = """
import sys
class Blocker:
    def find_spec(self, name, path=None, target=None):
        if name.split(".")[0] in ("numba", "llvmlite"):
            raise ImportError(name)
sys.meta_path.insert(0, Blocker())
from engine.__main__ import main
sys.exit(main(["train", "--dataset", "xor", "--epochs", "3"]))
"""


@pytest.mark.slow
def test_a_process_without_numba_trains(warm: Path) -> None:
    done = subprocess.run([sys.executable, "-c", BLOCKED], cwd=ROOT, capture_output=True, text=True, timeout=100)

    assert (done.returncode, done.stderr) == (0, "")
    assert '"machine": "torch"' in done.stdout


@pytest.mark.parametrize("error", [OSError("no library"), ImportError("no module"), AttributeError("too old")])
def test_a_broken_installation_is_as_good_as_none(
    error: Exception, warm: Path, quick: Quick, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick()

    def broken() -> str:
        raise error

    monkeypatch.setattr(cache, "key", broken)

    assert cache.state() is CodeState.MISSING
    assert trained().machine is MachineKind.TORCH


# processes


def first_process(log: Path) -> int:
    """The process that compiles, as soon as it does."""
    deadline = time.monotonic() + SOON
    while not (lines := lines_of(log)):
        assert time.monotonic() < deadline
        time.sleep(0.01)
    return int(lines[0][0])


@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_a_compiler_that_was_killed_is_started_anew_by_the_next_start(
    cold: Path, quick: Quick, log: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    quick(60)
    cache.make()
    process = first_process(log)
    assert os.getsid(process) == process, "Ctrl+C in the terminal of the window ends it, too"
    os.kill(process, signal.SIGKILL)
    wait_for_compiler()
    assert cache.state() is CodeState.FAILED
    assert trained().machine is MachineKind.TORCH

    start_anew(monkeypatch)
    quick()
    cache.make()
    wait_for_compiler()

    assert cache.state() is CodeState.READY


def test_a_thread_that_cannot_be_started_is_no_failure_of_the_engine(
    cold: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(_thread: threading.Thread) -> None:
        raise RuntimeError("can't start new thread")

    with monkeypatch.context() as patch:
        patch.setattr(threading.Thread, "start", fail)
        cache.make()

    assert cache.state() is CodeState.FAILED


@pytest.mark.slow
def test_of_two_starts_at_once_one_compiles_and_the_other_waits(cold: Path, quick: Quick, log: Path) -> None:
    command = [sys.executable, "-c", quick(0.5), str(ROOT)]
    with subprocess.Popen(command) as first, subprocess.Popen(command) as second:
        assert (first.wait(SOON), second.wait(SOON)) == (0, 0)

    assert [kind for _, kind in lines_of(log)] == list(cache.KINDS)
    assert cache.state() is CodeState.READY


@pytest.mark.slow
@pytest.mark.skipif(sys.platform == "win32", reason="there is no such signal")
def test_who_waits_takes_over_from_a_compiler_that_is_killed(cold: Path, quick: Quick, log: Path) -> None:
    with subprocess.Popen([sys.executable, "-c", quick(60), str(ROOT)]) as first:
        first_process(log)
        with subprocess.Popen([sys.executable, "-c", quick(0), str(ROOT)]) as second:
            with pytest.raises(subprocess.TimeoutExpired):
                second.wait(1)
            first.kill()
            assert second.wait(SOON) == 0

    assert cache.state() is CodeState.READY


STARTS_AND_ENDS = """
import sys, time
from engine.compiled import cache
cache.PROGRAM = sys.argv[1]
cache.make()
deadline = time.monotonic() + 20
while not __import__("os").path.exists(sys.argv[2]) and time.monotonic() < deadline:
    time.sleep(0.01)
print(cache.state())
"""


@pytest.mark.slow
def test_the_compiler_goes_on_when_the_program_ends_which_it_does_not_hold_up(
    cold: Path, quick: Quick, log: Path
) -> None:
    command = [sys.executable, "-X", "dev", "-W", "error", "-c", STARTS_AND_ENDS, quick(1), str(log)]

    done = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=100)

    assert (done.returncode, done.stdout, done.stderr) == (0, "in_the_making\n", "")
    assert cache.stored("float32") is None, "the program has waited"
    deadline = time.monotonic() + SOON
    while any(cache.stored(kind) is None for kind in cache.KINDS):
        assert time.monotonic() < deadline
        time.sleep(0.05)


@pytest.mark.skipif(not Path("/proc").exists(), reason="processes are seen elsewhere")
def test_the_compiler_leaves_no_zombie(cold: Path, quick: Quick, log: Path) -> None:
    quick()
    cache.make()
    wait_for_compiler()

    assert not Path(f"/proc/{first_process(log)}").exists()


def test_modules_of_the_folder_one_is_in_are_not_imported(
    cold: Path, quick: Quick, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    (tmp_path / "hashlib.py").write_text(f"open({str(tmp_path / 'trap')!r}, 'w')")
    (tmp_path / "engine.py").write_text(f"open({str(tmp_path / 'trap')!r}, 'w')")
    monkeypatch.chdir(tmp_path)
    quick()

    cache.make()
    wait_for_compiler()

    assert not (tmp_path / "trap").exists()
    assert cache.state() is CodeState.READY


# the key


def key_now() -> str:
    """The key, found anew."""
    return cache.key.__wrapped__()


def test_the_key_changes_with_all_that_changes_the_code(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from llvmlite import binding

    source = tmp_path / "work.py"
    source.write_text("a")
    monkeypatch.setattr(cache, "sources", lambda: [source])
    keys, version = [key_now()], importlib.metadata.version
    source.write_text("b")
    keys.append(key_now())
    for name in ("numba", "llvmlite"):
        with monkeypatch.context() as patch:
            patch.setattr(importlib.metadata, "version", lambda of, name=name: "9" if of == name else version(of))
            keys.append(key_now())
    with monkeypatch.context() as patch:
        patch.setattr(binding, "get_host_cpu_name", lambda: "another")
        keys.append(key_now())
    with monkeypatch.context() as patch:
        features = binding.get_host_cpu_features()
        features["another"] = True
        patch.setattr(binding, "get_host_cpu_features", lambda: features)
        keys.append(key_now())
    with monkeypatch.context() as patch:
        patch.setattr("platform.machine", lambda: "another")
        keys.append(key_now())

    assert len(set(keys)) == len(keys)
    assert keys[1] == key_now()
    assert all(len(key) == 16 for key in keys)


def test_every_module_that_goes_into_the_code_is_in_the_key() -> None:
    names, waiting = {module_name(path): path for path in SOURCES}, {"engine.compiled.work", "engine.compiled.build"}
    used = set[str]()
    while waiting:
        path = names[waiting.pop()]
        used.add(path)
        found = {i.module for i in imports(path, SOURCES[path]) if i.module in names}
        users = {f"engine.compiled.{Path(name).stem}" for name in cache.USERS}
        waiting |= {name for name in found - users if is_within(name, "engine.compiled") and names[name] not in used}
        if not path.endswith("build.py"):  # what that needs beside is how the code is kept
            used |= {names[name] for name in found if not is_within(name, "engine.compiled")} - {"engine/__init__.py"}

    assert used <= {path.relative_to(ROOT).as_posix() for path in cache.sources()}
    assert "engine/config.py" in used


def test_code_of_earlier_versions_goes_but_not_at_once(warm: Path) -> None:
    content = cache.stored("float32")
    assert content is not None
    for age in range(9):
        path = warm / f"float32-{age:016x}.code"
        path.write_bytes(b"old")
        os.utime(path, (1000 - age, 1000 - age))
    (warm / "notes.txt").write_text("mine")

    cache.store("float32", *content)

    left = {path.name for path in warm.glob("float32-*.code")}
    assert left == {cache.path_of("float32").name, *(f"float32-{age:016x}.code" for age in range(cache.KEPT - 1))}
    assert cache.stored("float32") == content
    assert cache.stored("float64") is not None
    assert (warm / "notes.txt").exists()


# what looking costs


def test_looking_for_code_imports_no_compiler(warm: Path) -> None:
    program = (
        "import sys; before = set(sys.modules); from engine.compiled import cache; a = set(sys.modules) - before; "
    )
    program += "print(cache.state(), cache.library('float32') is not None); b = set(sys.modules) - before; "
    program += "print([n for n in ('llvmlite', 'importlib.metadata', 'torch', 'numpy') if n in a]); "
    program += "print([n for n in ('numba', 'torch', 'numpy') if n in b])"
    done = subprocess.run([sys.executable, "-c", program], cwd=ROOT, capture_output=True, text=True, timeout=60)

    assert done.stdout.split("\n") == ["ready True", "[]", "[]", ""], done.stderr
