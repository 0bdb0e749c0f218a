"""Unsaved work is kept after each step, found again when its owner is gone, and leaves no trace otherwise."""

from __future__ import annotations

import os
import stat
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from lzma import LZMAError
from pathlib import Path

import pytest
from PySide6.QtCore import QCoreApplication
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.errors import InputError
from engine.experiment import Experiment
from engine.files.whole_files import make_private_folder
from engine.formats.recovery_file import read_recovery, write_recovery
from engine.messages import message
from engine.run.commands import Command
from engine.run.snapshot import Snapshot
from gui.editing.session import Session
from gui.files import recovery
from gui.files.recovery import Recovery, leftovers, lock_of
from tests import ROOT

pytestmark = pytest.mark.usefixtures("qapp")
OWN_NUMBER = f"{os.getpid()}\npython\n\n\n".encode()
OTHER = (
    "import sys; from pathlib import Path; from gui.files.recovery import lock_of; "
    "from engine.formats.recovery_file import *; "
)


class NoTrainer:
    """Takes commands and does nothing."""

    def send(self, command: Command) -> None: ...

    def take(self) -> Snapshot | None:
        return None


@pytest.fixture
def session() -> Session:
    return Session(experiment(20), NoTrainer())


def experiment(n_samples: int) -> Experiment:
    return Experiment(toy_datasets.make("moons", n_samples=n_samples, seed=3))


def files_in(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir()) if folder.exists() else []


def leave_behind(folder: Path, *sizes: int) -> None:
    """Files such as windows leave that were killed: without a lock that anybody holds."""
    folder.mkdir(exist_ok=True)
    for number, size in enumerate(sizes):
        write_recovery(folder / f"99999-{number}.npz", experiment(size), f"/somewhere/{size}.marz.json")
        time.sleep(0.02)


def test_each_step_is_kept_at_once_and_undo_too(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.document.path = "/some/where.marz.json"
    assert files_in(tmp_path / "recovery") == []
    for size in (30, 40, 50):
        session.edit(experiment(size), message(f"Draw {size}"))
        assert read_recovery(kept.path) == (session.experiment, "/some/where.marz.json", None, None)
    session.undo_stack.undo()
    assert read_recovery(kept.path)[0] == experiment(40)


class NotedWriter:
    """Writes at its usual speed, or waits to be let through.

    Attributes:
        on_main: for each write whether it was made on this thread.
        go: set as long as writes need not wait.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on_main: list[bool] = []
        self.go = threading.Event()
        self.go.set()
        monkeypatch.setattr(recovery, "write_recovery", self._write)

    def _write(self, path: Path, experiment: Experiment, document: str | None, weights: None, runs: None) -> None:
        self.on_main.append(threading.current_thread() is threading.main_thread())
        assert self.go.wait(20)
        write_recovery(path, experiment, document, weights, runs)


def test_a_disk_that_sleeps_stops_nobody_not_even_the_first_time_and_nothing_is_lost(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    writer = NotedWriter(monkeypatch)
    kept = Recovery(session, tmp_path / "recovery")
    writer.go.clear()
    session.edit(experiment(30), message("Draw"))
    session.edit(experiment(40), message("Draw"))
    assert not kept.is_up_to_date
    writer.go.set()
    assert kept.flush()
    assert read_recovery(kept.path)[0] == experiment(40)
    assert not any(writer.on_main)
    kept.end(keeps=False)


def test_making_the_folder_and_taking_the_lock_stop_nobody_either(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    on_main: list[bool] = []
    go = threading.Event()

    def make(folder: Path) -> None:
        on_main.append(threading.current_thread() is threading.main_thread())
        assert go.wait(20)
        make_private_folder(folder)

    monkeypatch.setattr(recovery, "make_private_folder", make)
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    go.set()
    assert kept.flush()
    assert on_main == [False]
    kept.end(keeps=False)


@pytest.mark.parametrize(("most", "is_waited_for"), [(35, False), (45, True)])
def test_few_points_are_waited_for_and_very_many_are_not(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch, most: int, is_waited_for: bool
) -> None:
    waited: list[float] = []
    flush = Recovery.flush

    def note(self: Recovery, seconds: float = 5) -> bool:
        waited.append(seconds)
        return flush(self, 20)

    monkeypatch.setattr(Recovery, "flush", note)
    monkeypatch.setattr(recovery, "MANY_POINTS", most)
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(40), message("Draw"))
    assert waited == ([recovery.QUICK_SECONDS] if is_waited_for else [])
    assert recovery.QUICK_SECONDS < 0.1
    kept.end(keeps=False)


def test_one_document_that_cannot_be_kept_leaves_the_others_alone(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    told: list[str] = []
    kept.failed.connect(told.append)
    (tmp_path / "recovery" / f"{kept.path.stem}.lock").mkdir(parents=True)  # it can never be taken
    session.edit(experiment(30), message("Draw"))
    session.visit(experiment(40), message("Visit"))
    session.edit(experiment(50), message("Draw"))
    kept.flush()
    others = [path for path in kept.path.parent.glob("*.npz") if path != kept.path]
    assert [read_recovery(path)[0] for path in others] == [experiment(50)]
    assert not kept.is_up_to_date
    QCoreApplication.sendPostedEvents()
    assert len(told) == 1
    kept.end(keeps=False)


def test_edits_that_become_one_step_are_kept_too(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    for size in (30, 40, 50):
        session.edit(experiment(size), message("Nudge"), key="nudge")
    assert session.undo_stack.count() == 1
    assert read_recovery(kept.path)[0] == experiment(50)


def test_what_is_saved_or_undone_to_the_saved_state_leaves_no_file(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    session.mark_saved(session.state, "/some/where.marz.json", None, None)
    assert not kept.path.exists()
    session.edit(experiment(40), message("Draw"))
    assert kept.path.exists()
    session.undo_stack.undo()
    assert not kept.path.exists()
    session.edit(experiment(50), message("Draw"))
    session.open(experiment(60))
    assert not kept.path.exists()


def test_a_clean_end_leaves_no_trace(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []
    session.edit(experiment(40), message("Draw"))
    assert files_in(tmp_path / "recovery") == []


def test_saving_a_document_that_lies_behind_leaves_the_file_of_the_other_where_it_is(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    behind = session.state
    session.visit(experiment(40), message("Visit"))
    session.edit(experiment(50), message("Draw"))
    assert kept.is_up_to_date
    assert len(list(kept.path.parent.glob("*.npz"))) == 2

    def write(*_: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(recovery, "write_recovery", write)
    session.mark_saved(behind, "/some/where.marz.json", None, None)
    (path,) = kept.path.parent.glob("*.npz")
    assert read_recovery(path)[0] == experiment(50)
    assert kept.is_up_to_date
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []


def test_an_end_that_keeps_can_be_found(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    kept.end(keeps=True)
    (found,) = leftovers(tmp_path / "recovery")
    assert found.experiment == experiment(30)
    found.discard()
    assert files_in(tmp_path / "recovery") == []


def test_what_another_window_works_on_is_left_alone(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    other = Recovery(Session(experiment(5), NoTrainer()), tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    assert leftovers(tmp_path / "recovery") == []
    assert kept.path != other.path
    assert read_recovery(kept.path)[0] == experiment(30)
    kept.end(keeps=False)


def test_what_another_process_works_on_is_left_alone_until_it_is_killed(tmp_path: Path) -> None:
    leave_behind(tmp_path / "recovery", 30)
    script = f"""{OTHER}
lock = lock_of(Path(sys.argv[1]), "99999-0")
print(lock.try_lock(), flush=True)
sys.stdin.read()
"""
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "recovery")],
        cwd=ROOT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    ) as other:  # fmt: skip
        assert other.stdout is not None
        assert other.stdout.readline() == "True\n"
        os.utime(tmp_path / "recovery" / "99999-0.lock", (0, 0))  # it has been alive for long
        assert leftovers(tmp_path / "recovery") == []
        other.kill()
        other.wait()
    (found,) = leftovers(tmp_path / "recovery")
    assert found.experiment == experiment(30)
    found.leave()


def test_leftovers_come_with_the_newest_first_and_once(tmp_path: Path) -> None:
    leave_behind(tmp_path / "recovery", 10, 20, 30)
    found = leftovers(tmp_path / "recovery")
    assert [len(leftover.experiment.dataset) for leftover in found] == [30, 20, 10]
    assert found[0].document == "/somewhere/30.marz.json"
    assert leftovers(tmp_path / "recovery") == [], "another window that starts now is not offered the same"
    for leftover in found:
        leftover.leave()
    assert files_in(tmp_path / "recovery") == ["99999-0.npz", "99999-1.npz", "99999-2.npz"]


def test_what_a_killed_window_left_half_written_is_removed(tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    leave_behind(folder, 10)
    (folder / ".99999-0.npz.99999-1.tmp").write_bytes(b"half")
    (folder / ".99998-7.npz.99998-1.tmp").write_bytes(b"half")
    (found,) = leftovers(folder)
    found.leave()
    assert files_in(folder) == ["99999-0.npz"]


def test_a_file_that_cannot_be_read_is_put_aside_and_told_once_and_disturbs_nobody(tmp_path: Path) -> None:
    leave_behind(tmp_path / "recovery", 10)
    (tmp_path / "recovery" / "99999-5.npz").write_bytes(b"PK damaged")
    told: list[str] = []
    (found,) = leftovers(tmp_path / "recovery", lambda fact: told.append(str(fact)))
    found.discard()
    assert files_in(tmp_path / "recovery") == ["99999-5.unreadable"], "put aside, so that it is tried once"
    assert leftovers(tmp_path / "recovery", lambda fact: told.append(str(fact))) == []
    assert len(told) == 1
    assert str(tmp_path / "recovery" / "99999-5.unreadable") in told[0]


def lzma_file(path: Path) -> None:
    with zipfile.ZipFile(path, "w", zipfile.ZIP_LZMA) as archive:
        archive.writestr("settings.npy", b"n" * 100)


UNREADABLE: dict[str, Callable[[Path], object]] = {
    "empty": lambda path: path.write_bytes(b""),
    "compressed otherwise": lzma_file,
    "no zip": lambda path: path.write_bytes(b"PK\3\4" * 1000),
    "a link to nothing": lambda path: path.symlink_to(path.with_name("nothing")),
    "a folder": lambda path: path.mkdir(),
}


@pytest.mark.parametrize("kind", UNREADABLE)
@pytest.mark.parametrize("name", ["1-0", "99999-0a", "99999999-0"])  # before, between and after the good ones
def test_one_that_cannot_be_read_hides_no_other(kind: str, name: str, tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    told: list[str] = []
    leave_behind(folder, 10, 20)
    UNREADABLE[kind](folder / f"{name}.npz")

    found = leftovers(folder, lambda fact: told.append(str(fact)))

    assert [len(leftover.experiment.dataset) for leftover in found] == [20, 10]
    assert len(told) == (0 if kind == "a link to nothing" else 1)
    assert leftovers(folder, lambda fact: told.append(str(fact))) == []
    for leftover in found:
        leftover.leave()
    assert not [name for name in files_in(folder) if name.endswith(".lock")]


@pytest.mark.parametrize("error", [LZMAError("odd"), SystemError("odd"), ValueError("odd"), RecursionError()])
def test_whatever_one_leads_to_the_others_are_offered_and_it_is_put_aside(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "recovery"
    told: list[str] = []
    leave_behind(folder, 10, 20, 30)

    def read(path: Path) -> tuple[Experiment, str | None, object, object]:
        if path.stem == "99999-1":
            raise error
        return read_recovery(path)

    monkeypatch.setattr(recovery, "read_recovery", read)
    found = leftovers(folder, lambda fact: told.append(str(fact)))

    assert [len(leftover.experiment.dataset) for leftover in found] == [30, 10]
    assert "99999-1.unreadable" in files_in(folder)
    assert "99999-1.lock" not in files_in(folder)
    assert len(told) == 1
    for leftover in found:
        leftover.leave()


@pytest.mark.parametrize("error", [MemoryError(), OSError(5, "Input/output error")])
def test_what_cannot_be_had_now_stays_for_the_next_start_and_is_told(
    error: Exception, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    folder = tmp_path / "recovery"
    told: list[str] = []
    leave_behind(folder, 10, 20, 30)

    def read(path: Path) -> tuple[Experiment, str | None, object, object]:
        if path.stem != "99999-1":
            raise error
        return read_recovery(path)

    monkeypatch.setattr(recovery, "read_recovery", read)
    (found,) = leftovers(folder, lambda fact: told.append(str(fact)))
    found.leave()

    assert len(told) == 1
    assert "work of 2 earlier windows cannot be read now" in told[0]
    assert str(folder) in told[0]
    monkeypatch.undo()
    later = leftovers(folder, lambda fact: told.append(str(fact)))
    assert len(later) == 3, "no lock was kept"
    for leftover in later:
        leftover.leave()


@pytest.mark.parametrize(
    "content",
    [b"", b"\0\0", b"garbage", b"1\npython\nanother-host\n\n\n", pytest.param(OWN_NUMBER, id="own number")],
)
def test_a_lock_that_nobody_holds_hides_nothing(content: bytes, tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    told: list[str] = []
    leave_behind(folder, 10)
    (folder / "99999-0.lock").write_bytes(content)

    (found,) = leftovers(folder, lambda fact: told.append(str(fact)))

    assert found.experiment == experiment(10)
    assert told == []
    found.discard()
    assert files_in(folder) == []


def test_work_that_can_be_locked_nowhere_is_told(tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    told: list[str] = []
    leave_behind(folder, 10, 20)
    (folder / "99999-0.lock").mkdir()

    (found,) = leftovers(folder, lambda fact: told.append(str(fact)))

    assert found.experiment == experiment(20)
    assert "Unsaved work of an earlier window cannot be read now" in told[0]
    found.leave()


def test_a_window_that_lives_keeps_its_work_even_if_its_lock_was_cleaned_away(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    kept.path.with_suffix(".lock").unlink()
    session.edit(experiment(40), message("Draw"))

    assert leftovers(tmp_path / "recovery") == []
    assert read_recovery(kept.path)[0] == experiment(40)
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []


def test_a_window_waits_while_another_looks_whether_it_left_something(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    (tmp_path / "recovery").mkdir()
    looking = lock_of(tmp_path / "recovery", kept.path.stem)
    assert looking.try_lock()
    timer = threading.Timer(0.05, looking.unlock)
    timer.start()

    session.edit(experiment(30), message("Draw"))

    timer.join()
    assert kept.flush()
    kept.end(keeps=False)


def test_the_time_of_a_file_from_nowhere_is_now(tmp_path: Path) -> None:
    leave_behind(tmp_path / "recovery", 10)
    try:
        os.utime(tmp_path / "recovery" / "99999-0.npz", (2**40, 2**40))
    except (OSError, OverflowError):
        pytest.skip("this disk knows no such time")

    (found,) = leftovers(tmp_path / "recovery")

    found.leave()


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has other modes")
def test_unsaved_work_is_for_its_owner_alone(session: Session, tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    folder.mkdir(mode=0o755)
    kept = Recovery(session, folder)
    session.edit(experiment(30), message("Draw"))

    assert stat.S_IMODE(folder.stat().st_mode) == 0o700
    assert {stat.S_IMODE(path.stat().st_mode) for path in folder.iterdir()} == {0o600}
    kept.end(keeps=False)


def test_what_is_not_of_a_window_is_left_alone(tmp_path: Path) -> None:
    folder = tmp_path / "recovery"
    folder.mkdir()
    for name in ("notes.txt", ".hidden.tmp", "notes.lock", "12-0.unreadable"):
        (folder / name).write_bytes(b"dear")

    assert leftovers(folder) == []
    assert len(files_in(folder)) == 4


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert leftovers(tmp_path / "nowhere") == []


def test_where_nothing_can_be_written_it_is_told_once_and_work_goes_on(session: Session, tmp_path: Path) -> None:
    (tmp_path / "occupied").touch()  # a file where a folder is wanted; root may write anywhere else
    kept = Recovery(session, tmp_path / "occupied" / "recovery")
    told: list[str] = []
    kept.failed.connect(told.append)
    for size in (30, 40):
        session.edit(experiment(size), message("Draw"))
    kept.flush()
    QCoreApplication.sendPostedEvents()
    assert session.experiment == experiment(40)
    assert len(told) == 1
    assert "not kept" in told[0]
    assert "irectory" in told[0]  # the system's reason
    kept.end(keeps=False)


def test_a_full_disk_is_told_once_and_when_there_is_room_again_work_is_kept(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(*_: object) -> None:
        raise InputError("no space left on device.")

    kept = Recovery(session, tmp_path / "recovery")
    told: list[str] = []
    kept.failed.connect(told.append)
    monkeypatch.setattr(recovery, "write_recovery", full)
    for size in (30, 40):
        session.edit(experiment(size), message("Draw"))
        kept.flush()
        QCoreApplication.sendPostedEvents()
    monkeypatch.setattr(recovery, "write_recovery", write_recovery)
    session.edit(experiment(50), message("Draw"))
    assert kept.flush()
    assert len(told) == 1
    assert "for a crash: no space left on device" in told[0]
    assert read_recovery(kept.path)[0] == experiment(50)
    kept.end(keeps=False)


class HeldWriter:
    """Writes; the first write is slow, and those after it take until they are let through.

    Attributes:
        sizes: of what was written, in this order.
        under_way: a write waits to be let through.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.sizes: list[int] = []
        self.under_way, self._let_through = threading.Event(), threading.Semaphore(0)
        monkeypatch.setattr(recovery, "write_recovery", self._write)

    def _write(self, path: Path, experiment: Experiment, document: str | None, weights: None, runs: None) -> None:
        if self.sizes:
            self.under_way.set()
            assert self._let_through.acquire(timeout=20)
        else:
            time.sleep(1.5 * recovery.QUICK_SECONDS)
        write_recovery(path, experiment, document, weights, runs)
        self.sizes.append(len(experiment.dataset))

    def let_through(self, n_writes: int = 1) -> None:
        self.under_way.clear()
        self._let_through.release(n_writes)


@pytest.fixture
def held(monkeypatch: pytest.MonkeyPatch) -> HeldWriter:
    return HeldWriter(monkeypatch)


def test_while_a_slow_write_is_under_way_drawing_goes_on_and_the_newest_state_is_written_next(
    qtbot: QtBot, session: Session, tmp_path: Path, held: HeldWriter
) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    for size in (30, 40):
        session.edit(experiment(size), message("Draw"))
    assert held.under_way.wait(5)
    for size in (50, 60, 70):
        session.edit(experiment(size), message("Draw"))
    assert read_recovery(kept.path)[0] == experiment(30), "a write under way leaves the old file whole"
    assert not kept.is_up_to_date
    held.let_through()
    assert held.under_way.wait(5), "it goes on with the newest at once"
    assert read_recovery(kept.path)[0] == experiment(40)
    held.let_through()
    qtbot.waitUntil(lambda: kept.is_up_to_date, timeout=5000)
    assert read_recovery(kept.path)[0] == experiment(70)
    assert held.sizes == [30, 40, 70]
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []


def test_at_any_moment_only_the_write_under_way_is_behind_however_slow_writing_is(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    seconds = 0.06

    def write(path: Path, experiment: Experiment, document: str | None, weights: None, runs: None) -> None:
        time.sleep(seconds)
        write_recovery(path, experiment, document, weights, runs)

    monkeypatch.setattr(recovery, "write_recovery", write)
    kept = Recovery(session, tmp_path / "recovery")
    for size in range(30, 40):
        session.edit(experiment(size), message("Draw"))
        qtbot.wait(int(3000 * seconds))  # a stroke takes longer than a write
        assert read_recovery(kept.path)[0] == experiment(size)
    kept.end(keeps=False)


def test_where_writing_has_become_quick_again_a_step_is_kept_before_the_next_can_begin(
    qtbot: QtBot, session: Session, tmp_path: Path, held: HeldWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), message("Draw"))
    held.let_through()
    session.edit(experiment(40), message("Draw"))
    kept.flush()
    monkeypatch.setattr(recovery, "write_recovery", write_recovery)
    session.edit(experiment(50), message("Draw"))
    assert read_recovery(kept.path)[0] == experiment(50)
    kept.end(keeps=False)


def test_an_end_that_keeps_waits_for_the_last_state(session: Session, tmp_path: Path, held: HeldWriter) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    for size in (30, 40, 50):
        session.edit(experiment(size), message("Draw"))
    assert not kept.is_up_to_date
    held.let_through(2)
    kept.end(keeps=True)
    assert read_recovery(kept.path)[0] == experiment(50)


def test_what_is_saved_while_it_is_written_leaves_no_file(session: Session, tmp_path: Path, held: HeldWriter) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    for size in (30, 40):
        session.edit(experiment(size), message("Draw"))
    assert held.under_way.wait(5)
    session.mark_saved(session.state, "/some/where.marz.json", None, None)
    held.let_through()
    kept.flush()
    assert not kept.path.exists()
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []


def test_a_failure_on_the_other_thread_is_told_on_this_one_and_the_next_step_is_tried(
    qtbot: QtBot, session: Session, tmp_path: Path, held: HeldWriter, monkeypatch: pytest.MonkeyPatch
) -> None:
    def broken(*_: object) -> None:
        raise MemoryError

    told: list[int] = []
    kept = Recovery(session, tmp_path / "recovery")
    kept.failed.connect(lambda _: told.append(threading.get_ident()))
    session.edit(experiment(30), message("Draw"))
    monkeypatch.setattr(recovery, "write_recovery", broken)
    session.edit(experiment(40), message("Draw"))
    qtbot.waitUntil(lambda: bool(told), timeout=5000)
    assert told == [threading.get_ident()]
    monkeypatch.setattr(recovery, "write_recovery", write_recovery)
    session.edit(experiment(50), message("Draw"))
    kept.flush()
    assert read_recovery(kept.path)[0] == experiment(50)
    kept.end(keeps=False)
