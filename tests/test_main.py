"""The program as a user starts it: ``python main.py`` in a process of its own."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from PySide6.QtGui import QImage

from engine import toy_datasets
from engine.experiment import Experiment
from engine.formats.recovery_file import write_recovery
from engine.version import VERSION
from gui.views import VIEWS, LabView
from tests import ROOT

SIZE = "1366x768"

MAIN_AS_SCRIPT = """
import runpy, sys
sys.argv = ["main.py", *sys.argv[1:]]
try:
    runpy.run_path("main.py", run_name="__main__")
except SystemExit:
    pass
print("loaded", *sorted(sys.modules))
"""

LOADED_BY_THE_WINDOW = """
import gc, os, sys
import main
from gui import app
def tell(window, *given, **named):
    print(*sys.modules, "with collections" if gc.isenabled() else "", flush=True)
    os._exit(0)
app.open_window = tell
main.main([])
"""

VIEW_AT_FIRST = """
import os
from main import parser
from gui import app
def tell(window, *given):
    print(window.laboratory.panel.view, flush=True)
    os._exit(0)
app.greet = tell
app.run(parser().parse_args(["--lab", "fit"]))
"""

INTERRUPTED = """
import os, runpy, signal, sys, threading, time
def interrupt():
    while "PySide6.QtWidgets" not in sys.modules or not sys.modules["PySide6.QtWidgets"].QApplication.instance():
        time.sleep(0.05)
    time.sleep(2)
    os.kill(os.getpid(), signal.SIGINT)
threading.Thread(target=interrupt, daemon=True).start()
sys.argv = ["main.py", "--train"]
runpy.run_path("main.py", run_name="__main__")
"""

INTERRUPTED_EARLY = """
import os, runpy, signal, sys, threading, time
def interrupt():
    while wanted not in sys.modules:
        time.sleep(0.001)
    while True:  # what a library imports may swallow the first one; then a user presses again
        os.kill(os.getpid(), signal.SIGINT)
        time.sleep(5)
wanted, sys.argv = sys.argv[1], sys.argv[2:]
sys.setswitchinterval(0.001)
threading.Thread(target=interrupt, daemon=True).start()
if sys.argv[0].endswith(".py"):
    runpy.run_path(sys.argv[0], run_name="__main__")
else:
    runpy.run_module(sys.argv[0], run_name="__main__")
print("reached the end")
"""

OFFERED = """
import runpy, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication
from gui.files import questions
def ask(window, description):
    print("offered", description)
    QTimer.singleShot(500, window.close)
    return questions.Answer.RESTORE
def ask_about_changes(window, name, is_training):
    print("asked about", name)
    return questions.Answer.DISCARD
questions.ask_about_leftover, questions.ask_about_changes = ask, ask_about_changes
sys.argv = ["main.py"]
runpy.run_path("main.py", run_name="__main__")
"""

CANCELLED = """
import os, runpy, sys, threading, time
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QApplication, QProgressDialog, QPushButton
from engine.formats.tables import TableSource
from gui.system import background
is_reading, read = threading.Event(), TableSource.read_as_found
def wait_and_read(self, **given):
    if threading.current_thread() is threading.main_thread():
        os._exit(9)  # nobody could press Cancel
    is_reading.set()
    while not self._is_cancelled():
        time.sleep(0.01)
    return read(self, **given)
def press():
    boxes = [box for box in QApplication.topLevelWidgets() if isinstance(box, QProgressDialog) and box.isVisible()]
    if not (is_reading.is_set() and boxes):
        return
    timer.stop()
    window = boxes[0].parentWidget()
    print(window.isVisible(), boxes[0].labelText())
    QTimer.singleShot(500, lambda: print(len(window.session.experiment.dataset), window.close()))
    boxes[0].findChild(QPushButton).click()
def begin(self, *given):
    timer.start(50)
    return wait(self, *given)
wait, background.TaskDialog.wait = background.TaskDialog.wait, begin
TableSource.read_as_found = wait_and_read
timer = QTimer()
timer.timeout.connect(press)
sys.argv = ["main.py", sys.argv[1]]
runpy.run_path("main.py", run_name="__main__")
"""

CLOSED_WHEN_READ = """
import runpy, sys
from PySide6.QtCore import QTimer
from gui.files.point_files import PointFiles
tell = PointFiles.tell_notes
def tell_and_close(self, *given):
    self.told.connect(print)
    tell(self, *given)
    window = self._work.window
    print(len(self._session.experiment.dataset), self._session.state.is_modified, window.isVisible())
    QTimer.singleShot(200, window.close)
PointFiles.tell_notes = tell_and_close
sys.argv = ["main.py", sys.argv[1]]
runpy.run_path("main.py", run_name="__main__")
"""

LEFT_AT_THE_END = """
import runpy, sys
from PySide6.QtCore import QTimer
from PySide6.QtWidgets import QGraphicsItem, QMainWindow
from shiboken6 import getAllValidWrappers
from engine.run.snapshot import RunState
from gui import app
from gui.views import LabView
open_window = app.open_window
def show_views(window):
    if window.session.snapshot.state is RunState.LOADING:  # it may not end in time while it is loading
        QTimer.singleShot(100, lambda: show_views(window))
        return
    for view in LabView.CURVES, LabView.BARS, LabView.OVER_TIME:
        window.laboratory.panel.windows.switch(view)
    things = [thing for thing in getAllValidWrappers() if isinstance(thing, QGraphicsItem)]
    print(any(thing.isVisible() for thing in things))
    QTimer.singleShot(200, window.close)
def open_and_show_views(window, *given, **options):
    open_window(window, *given, **options)
    QTimer.singleShot(500, lambda: show_views(window))
app.open_window = open_and_show_views
sys.argv = ["main.py", *sys.argv[1:]]
try:
    runpy.run_path("main.py", run_name="__main__")
finally:
    left = [thing for thing in getAllValidWrappers() if isinstance(thing, QGraphicsItem | QMainWindow)]
    print(*left)
"""


def python(*arguments: str) -> subprocess.CompletedProcess[str]:
    """Run a Python of its own in the folder of the program."""
    return subprocess.run(
        [sys.executable, *arguments], cwd=ROOT, capture_output=True, text=True, encoding="utf-8", timeout=120
    )


def options_in(text: str) -> set[str]:
    """The long options a text names."""
    return set(re.findall(r"--[a-z][a-z-]+", text))


def complaints(run: subprocess.CompletedProcess[str]) -> list[str]:
    """The lines of standard error, but for one that Qt without a screen has for any window."""
    return [line for line in run.stderr.splitlines() if "does not support propagateSizeHints" not in line]


def picture(path: Path, *options: str) -> np.ndarray[tuple[int, ...], np.dtype[np.uint8]]:
    """What ``--screenshot`` saves, uint8 ndarray of shape (height, width, 4)."""
    run = python("main.py", "--screenshot", str(path), "--size", SIZE, *options)
    assert (run.returncode, complaints(run)) == (0, [])
    image = QImage(str(path)).convertToFormat(QImage.Format.Format_RGBA8888)
    return np.frombuffer(image.constBits(), np.uint8).reshape(image.height(), image.width(), 4).copy()


def test_version_is_printed_without_loading_qt_numpy_or_torch() -> None:
    run = python("-c", MAIN_AS_SCRIPT, "--version")

    assert run.returncode == 0, run.stderr
    answer, loaded = run.stdout.rsplit("loaded", 1)
    assert VERSION in answer
    assert not {"PySide6", "pyqtgraph", "numpy", "torch"} & set(loaded.split())


def test_help_and_the_readme_name_the_same_options() -> None:
    run = python("main.py", "--help")
    readme = (ROOT / "README.md").read_text(encoding="utf-8")
    synopsis = readme[readme.index("python main.py [FILE]") :].split("```")[0]

    assert run.returncode == 0, run.stderr
    assert options_in(run.stdout) - {"--help"} == options_in(synopsis)


@pytest.mark.parametrize(
    ("option", "value"),
    [
        ("--activation", "cosine"),
        ("--depth", "-1"),
        ("--classes", "1"),
        ("--learning-rate", "nan"),
        ("--points", "many"),
        ("--size", "12"),
    ],
)
def test_an_option_that_cannot_be_used_is_refused_in_a_sentence(option: str, value: str) -> None:
    run = python("main.py", option, value)

    assert run.returncode == 2
    assert value in run.stderr
    assert "Traceback" not in run.stderr


def test_screenshot_trains_in_the_real_window_and_saves_a_picture_of_it(tmp_path: Path) -> None:
    untrained = picture(tmp_path / "untrained.png", "--epochs", "0")
    trained = picture(tmp_path / "trained.png", "--epochs", "60")

    height, width = trained.shape[:2]
    assert f"{width}x{height}" == SIZE
    assert untrained.shape == trained.shape
    assert len(np.unique(trained.reshape(-1, 4), axis=0)) > 100
    assert (trained != untrained).any(axis=2).mean() > 0.05


def test_the_picture_of_the_courses_table_is_after_fifty_epochs_and_of_all_points(tmp_path: Path) -> None:
    usual = picture(tmp_path / "usual.png", "--lab", "course-table")
    fifty = picture(tmp_path / "fifty.png", "--lab", "course-table", "--epochs", "50")
    first = picture(tmp_path / "first.png", "--lab", "course-table", "--epochs", "0")

    assert (usual != fifty).any(axis=2).mean() < 0.001
    assert (usual != first).any(axis=2).mean() > 0.05
    # the last field, between its edges: 569 markers, of which 53 would be seen in the usual part of the plane
    field = first[165:388, 1062:1355]
    assert (field != field[-1, 0]).any(axis=2).mean() > 0.2


def test_nothing_of_the_window_and_its_plots_is_left_to_the_end_of_python() -> None:
    run = python("-c", LEFT_AT_THE_END)

    assert (run.returncode, complaints(run)) == (0, [])
    assert run.stdout.splitlines() == ["True", ""]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no SIGINT for one process")
def test_ctrl_c_in_the_terminal_ends_the_program_while_it_trains() -> None:
    run = python("-c", INTERRUPTED)

    assert run.returncode in (0, 130)
    assert complaints(run) == []


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("bad.csv", b"x,y\n1,2\n3,4,5\n", "line 3"),
        ("empty.txt", b"", "empty"),
        ("one.tsv", b"1\n2\n", "one column"),
        ("no.npz", b"PK no", "no.npz"),
        ("no.json", b"{", "no.json"),
        ("picture.png", b"\x89PNG", "picture.png"),
    ],
)
def test_a_file_that_cannot_be_used_is_refused_in_a_sentence(
    tmp_path: Path, name: str, content: bytes, reason: str
) -> None:
    (tmp_path / name).write_bytes(content)
    run = python("main.py", str(tmp_path / name))

    assert run.returncode == 2
    assert reason in run.stderr
    assert run.stderr.startswith("marz: ")
    assert len(run.stderr.splitlines()) == 1


def test_a_table_is_opened_with_the_columns_found_by_themselves(tmp_path: Path) -> None:
    rows = "".join(f"{i};{i % 7},5;{i % 5},25;{'left' if i % 2 else 'right'}\n" for i in range(40))
    (tmp_path / "cells.txt").write_text(f"id;x;y;side\n{rows}")
    shown = picture(tmp_path / "shown.png", str(tmp_path / "cells.txt"), "--epochs", "0")

    assert len(np.unique(shown.reshape(-1, 4), axis=0)) > 100


def test_a_large_file_is_read_behind_the_window_and_that_can_be_cancelled(tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_text("x,y\n1,2\n" + "#\n" * 2**20)
    run = python("-c", CANCELLED, str(tmp_path / "large.csv"))

    assert (run.returncode, complaints(run)) == (0, [])
    assert run.stdout.splitlines() == ["True Reading large.csv …", "0 True"]


def test_a_large_file_that_cannot_be_used_is_refused_in_the_same_sentence(tmp_path: Path) -> None:
    (tmp_path / "large.csv").write_text("x,y\n" + "1,2\n" * 2**19 + "1,b\n")
    run = python("main.py", str(tmp_path / "large.csv"))

    assert (run.returncode, len(complaints(run))) == (2, 1)
    assert complaints(run)[0].startswith("marz: “large.csv”")
    assert f"line {2**19 + 2}" in run.stderr


@pytest.mark.parametrize("n_rows", [20, 100_000])
def test_what_was_done_to_a_table_that_is_opened_is_told_in_the_window(tmp_path: Path, n_rows: int) -> None:
    rows = "".join(f"{i % 9},{i % 7}.5,{'ab'[i % 2]}\n" for i in range(n_rows))
    (tmp_path / "table.csv").write_text(f"# made by hand\n{rows}" + "# the end, with words,,,\n" * 2)
    run = python("-c", CLOSED_WHEN_READ, str(tmp_path / "table.csv"))

    assert (run.returncode, complaints(run)) == (0, [])
    told, state = run.stdout.splitlines()
    assert told.startswith(f"{n_rows:,} points read from table.csv. ")
    assert "line" in told
    assert state == f"{n_rows} False True"


def test_settings_can_be_reset_whatever_they_are(tmp_path: Path) -> None:
    for file in (tmp_path / "home" / "config" / "Marz").parent, tmp_path / "home" / "config" / "Marz":
        file.mkdir(exist_ok=True)
    settings = tmp_path / "home" / "config" / "Marz" / "Marz.conf"
    settings.write_text("[General]\ntheme=dark\nnonsense=\x00\n\n[layout1]\nwindow=@ByteArray(broken)\n")
    dark = picture(tmp_path / "dark.png", "--epochs", "0")
    reset = picture(tmp_path / "reset.png", "--epochs", "0", "--reset-settings")
    later = picture(tmp_path / "later.png", "--epochs", "0")

    assert dark[5, 5, :3].max() < 100
    assert reset[5, 5, :3].min() > 150
    assert later[5, 5, :3].min() > 150


@pytest.mark.skipif(sys.platform != "linux", reason="sets the folders as Linux has them")
def test_where_nothing_can_be_written_the_window_works(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "occupied").touch()
    for name in ("HOME", "XDG_CONFIG_HOME", "XDG_DATA_HOME", "XDG_STATE_HOME", "XDG_CACHE_HOME"):
        monkeypatch.setenv(name, str(tmp_path / "occupied"))
    shown = picture(tmp_path / "shown.png", "--epochs", "5")

    assert len(np.unique(shown.reshape(-1, 4), axis=0)) > 100


@pytest.mark.skipif(sys.platform != "linux", reason="looks where Linux has the folder")
def test_what_a_killed_window_left_is_offered_at_the_next_start_and_gone_after_a_clean_exit(tmp_path: Path) -> None:
    folder = tmp_path / "home" / "data" / "Marz" / "Marz" / "recovery"
    folder.mkdir(parents=True)
    experiment = Experiment(toy_datasets.make("moons", n_samples=44))
    write_recovery(folder / "99999-abc.npz", experiment, "/somewhere/mine.marz.json")
    run = python("-c", OFFERED)

    assert (run.returncode, complaints(run)) == (0, [])
    first, second = run.stdout.splitlines()
    assert first.startswith("offered “mine”")
    assert "44 points" in first
    assert second == "asked about mine"
    assert list(folder.iterdir()) == []


def test_the_window_loads_nothing_that_is_not_seen_at_first() -> None:
    run = python("-c", LOADED_BY_THE_WINDOW)

    loaded = set(run.stdout.split())
    assert "gui.stage.deck" in loaded, run.stderr
    first = {VIEWS[name].widget.rpartition(".")[0] for name in (LabView.CURVES, LabView.BARS)}
    assert {row.widget.rpartition(".")[0] for row in VIEWS.values()} & loaded == first
    assert not {"torch", "llvmlite", "charset_normalizer", "http.client", "gui.probability", "gui.decisions"} & loaded
    assert not run.stdout.rstrip().endswith("with collections"), "garbage is looked for before there is any"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
@pytest.mark.parametrize("module", ["gui", "PySide6", "PySide6.QtWidgets", "pyqtgraph", "gui.main_window"])
def test_ctrl_c_before_the_window_is_there_ends_the_program_without_a_traceback(module: str) -> None:
    command = [sys.executable, "-c", INTERRUPTED_EARLY, module, "main.py"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert "Traceback" not in ended.stderr
    assert "KeyboardInterrupt" not in ended.stderr
    assert ended.returncode == -signal.SIGINT


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no signals between processes")
def test_ctrl_c_ends_the_command_line_without_a_traceback() -> None:
    command = [sys.executable, "-c", INTERRUPTED_EARLY, "engine.training", "engine", "train", "--epochs", "100000000"]

    ended = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, timeout=120)

    assert "Traceback" not in ended.stderr
    assert ended.returncode == 130
    assert "reached the end" not in ended.stdout


@pytest.mark.skipif(sys.platform != "linux", reason="other systems have no such names")
@pytest.mark.parametrize("name", [b"a\xff\x1b[31m.json", b"\x1b]0;t\x07.npz", b"x\ny.csv", "\u202eabc.json".encode()])
@pytest.mark.parametrize("program", [["main.py"], ["-m", "engine", "train"], ["main.py", "--depth", "3"]])
def test_no_name_of_a_file_reaches_the_terminal_as_it_is(program: list[str], name: bytes, tmp_path: Path) -> None:
    path = bytes(tmp_path) + b"/" + name
    Path(os.fsdecode(path)).write_bytes(b"damaged \x1b[31m")

    ended = subprocess.run([sys.executable, *program, path], cwd=ROOT, capture_output=True, timeout=120)

    told = ended.stderr.decode()
    assert ended.returncode == 2
    assert "Traceback" not in told
    assert all(line.isprintable() for line in told.splitlines()), told
    assert len(told.splitlines()[-1]) < 350


def test_a_laboratory_that_is_asked_for_begins_with_its_own_view_not_with_the_one_that_was_left() -> None:
    assert python("-c", VIEW_AT_FIRST).stdout.split() == [LabView.FIT_CURVES]
