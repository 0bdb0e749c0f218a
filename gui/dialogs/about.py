"""About the program: versions, licence, and what trains."""

# Tests: tests/gui/dialogs/test_dialogs.py

from __future__ import annotations

import platform
from collections.abc import Sequence
from html import escape
from importlib import metadata

import PySide6
from PySide6.QtCore import Qt, qVersion
from PySide6.QtGui import QGuiApplication
from PySide6.QtWidgets import QApplication, QWidget

from engine.compiled import cache
from engine.compiled.cache import CodeState
from engine.machines.kind import MachineKind
from engine.run.snapshot import LaneSnapshot
from engine.version import VERSION
from gui.text.language import mark, say
from gui.widgets.boxes import add_button, copy_when_clicked, text_box

SOON_COMPILED = mark(
    "Code for this processor is being compiled in the background, only this once. Runs that begin when it is ready "
    "train faster."
)
CODE_STATES = {
    CodeState.READY: mark(
        "Networks are trained by code compiled for this processor, wide ones by torch, which is faster there."
    ),
    CodeState.IN_THE_MAKING: SOON_COMPILED,
    CodeState.MISSING: SOON_COMPILED,
    CodeState.FAILED: mark(
        "Networks are trained by torch. Code for this processor, which is faster for small networks, could not be "
        "made; <i>python -m engine compile</i> tells why."
    ),
    CodeState.UNAVAILABLE: mark(
        "Networks are trained by torch. Small ones train faster if numba is installed: <i>pip install numba</i>."
    ),
}
MACHINES = {MachineKind.COMPILED: mark("compiled code"), MachineKind.TORCH: mark("torch")}


def machines_text(titles: Sequence[str], lanes: Sequence[LaneSnapshot]) -> str:
    """The sentences about what trains: in general, and the lanes of the run at hand."""
    lines, machines = [say(CODE_STATES[cache.state()])], {lane.machine for lane in lanes}
    if len(machines) == 1:
        lines.append(say("This run: {machine}.", machine=say(MACHINES[machines.pop()])))
    elif len(lanes) == len(titles):  # else they are of before, and others come
        lines += [
            say(
                "{lane}: {machine}",
                "a lane and what trains it",
                lane=escape(title),
                machine=say(MACHINES[lane.machine]),
            )
            for title, lane in zip(titles, lanes, strict=True)
        ]
    return "<br>".join(lines)


LIBRARIES = ("torch", "numpy", "numba", "llvmlite", "pyqtgraph")
"""Their versions are told; asked of what is installed, since importing some of them takes seconds."""


def versions() -> list[str]:
    """The program, the language, the libraries, the state of the compiled code and the system, a line each."""
    found = {"Marz": VERSION, "Python": platform.python_version(), "PySide6": PySide6.__version__, "Qt": qVersion()}
    found |= {name: version_of(name) for name in LIBRARIES}
    lines = [f"{name} {version}" for name, version in found.items() if version]
    desktop = QGuiApplication.platformName()
    return [*lines, f"compiled code: {cache.state()}", f"{platform.platform()}, {platform.machine()}, {desktop}"]


def version_of(name: str) -> str:
    """The version of a library that is installed, or ""."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return ""


def show_about(parent: QWidget, titles: Sequence[str] = (), lanes: Sequence[LaneSnapshot] = ()) -> None:
    """Versions and licence, and what trains the lanes that there are."""
    text = say(
        "<h3>Marz {version}</h3><p>A visual trainer for neural-network classification.<br><i>Marz</i> is "
        "Persian for <i>boundary</i>. MIT licence.</p><p>{machines}</p><p>{versions}</p>",
        version=VERSION,
        machines=machines_text(titles, lanes),
        versions="<br>".join(map(escape, versions()[1:])),
    )
    box = text_box(parent, say("About Marz"), text, Qt.TextFormat.RichText)
    copy_when_clicked(add_button(box, say("&Copy")), lambda: "\n".join(versions()))
    add_button(box, say("About &Qt")).clicked.connect(lambda: QApplication.aboutQt())
    box.open()
