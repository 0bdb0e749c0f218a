"""Unsaved work is kept after each step, found again when its owner is gone, and leaves no trace otherwise."""

from __future__ import annotations

import os
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import pytest
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.commands import Command
from engine.errors import InputError
from engine.experiment import Experiment
from engine.recovery_file import read_recovery, write_recovery
from engine.snapshot import Snapshot
from gui import recovery
from gui.recovery import Recovery, leftovers
from gui.session import Session

pytestmark = pytest.mark.usefixtures("qapp")
OTHER = "import sys; from pathlib import Path; from gui.recovery import lock_of; from engine.recovery_file import *; "


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
    kept.document = "/some/where.marz.json"
    assert files_in(tmp_path / "recovery") == []
    for size in (30, 40, 50):
        session.edit(experiment(size), f"Draw {size}")
        assert read_recovery(kept.path) == (session.experiment, "/some/where.marz.json")
    session.undo_stack.undo()
    assert read_recovery(kept.path)[0] == experiment(40)


def test_edits_that_become_one_step_are_kept_too(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    for size in (30, 40, 50):
        session.edit(experiment(size), "Nudge", key="nudge")
    assert session.undo_stack.count() == 1
    assert read_recovery(kept.path)[0] == experiment(50)


def test_what_is_saved_or_undone_to_the_saved_state_leaves_no_file(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), "Draw")
    session.undo_stack.setClean()
    assert not kept.path.exists()
    session.edit(experiment(40), "Draw")
    assert kept.path.exists()
    session.undo_stack.undo()
    assert not kept.path.exists()
    session.edit(experiment(50), "Draw")
    session.open(experiment(60))
    assert not kept.path.exists()


def test_a_clean_end_leaves_no_trace(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), "Draw")
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []
    session.edit(experiment(40), "Draw")
    assert files_in(tmp_path / "recovery") == []


def test_an_end_that_keeps_can_be_found(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), "Draw")
    kept.end(keeps=True)
    (found,) = leftovers(tmp_path / "recovery")
    assert found.experiment == experiment(30)
    found.discard()
    assert files_in(tmp_path / "recovery") == []


def test_what_another_window_works_on_is_left_alone(session: Session, tmp_path: Path) -> None:
    kept = Recovery(session, tmp_path / "recovery")
    other = Recovery(Session(experiment(5), NoTrainer()), tmp_path / "recovery")
    session.edit(experiment(30), "Draw")
    assert leftovers(tmp_path / "recovery") == []
    assert kept.path != other.path
    assert read_recovery(kept.path)[0] == experiment(30)
    kept.end(keeps=False)


def test_what_another_process_works_on_is_left_alone_until_it_is_killed(tmp_path: Path) -> None:
    leave_behind(tmp_path / "recovery", 30)
    script = f"""{OTHER}
lock = lock_of(Path(sys.argv[1]), "99999-0")
print(lock.tryLock(0), flush=True)
sys.stdin.read()
"""
    root = Path(recovery.__file__).parent.parent
    with subprocess.Popen(
        [sys.executable, "-c", script, str(tmp_path / "recovery")],
        cwd=root, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
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


def test_a_file_that_cannot_be_read_is_left_and_disturbs_nobody(tmp_path: Path) -> None:
    leave_behind(tmp_path / "recovery", 10)
    (tmp_path / "recovery" / "99999-5.npz").write_bytes(b"PK damaged")
    (found,) = leftovers(tmp_path / "recovery")
    found.discard()
    assert files_in(tmp_path / "recovery") == ["99999-5.npz"]


def test_without_a_folder_there_is_nothing(tmp_path: Path) -> None:
    assert leftovers(tmp_path / "nowhere") == []


def test_where_nothing_can_be_written_it_is_told_once_and_work_goes_on(session: Session, tmp_path: Path) -> None:
    (tmp_path / "occupied").touch()  # a file where a folder is wanted; root may write anywhere else
    kept = Recovery(session, tmp_path / "occupied" / "recovery")
    told: list[str] = []
    kept.failed.connect(told.append)
    for size in (30, 40):
        session.edit(experiment(size), "Draw")
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
        session.edit(experiment(size), "Draw")
    monkeypatch.setattr(recovery, "write_recovery", write_recovery)
    session.edit(experiment(50), "Draw")
    assert len(told) == 1
    assert "no space left on device. Save" in told[0]
    assert read_recovery(kept.path)[0] == experiment(50)
    kept.end(keeps=False)


def slow_writer(calls: list[float], seconds: float) -> Callable[..., None]:
    def write(path: Path, experiment: Experiment, document: str | None) -> None:
        begin = time.monotonic()
        time.sleep(seconds)
        write_recovery(path, experiment, document)
        calls.append(time.monotonic() - begin)

    return write


def test_slow_writing_takes_a_tenth_of_the_time_and_the_last_state_is_kept(
    qtbot: QtBot, session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    calls: list[float] = []
    monkeypatch.setattr(recovery, "write_recovery", slow_writer(calls, 0.03))
    kept = Recovery(session, tmp_path / "recovery")
    begin = time.monotonic()
    for size in range(30, 130):
        session.edit(experiment(size), "Draw")
        qtbot.wait(10)
    qtbot.waitUntil(lambda: kept.is_up_to_date, timeout=5000)
    assert len(calls) >= 2
    assert sum(calls[:-1]) <= 0.15 * (time.monotonic() - begin)
    assert read_recovery(kept.path)[0] == experiment(129)
    kept.end(keeps=False)
    assert files_in(tmp_path / "recovery") == []


def test_an_end_in_a_pause_keeps_the_last_state(
    session: Session, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(recovery, "write_recovery", slow_writer([], 0.03))
    kept = Recovery(session, tmp_path / "recovery")
    session.edit(experiment(30), "Draw")
    session.edit(experiment(40), "Draw")
    assert not kept.is_up_to_date
    kept.end(keeps=True)
    assert read_recovery(kept.path)[0] == experiment(40)
