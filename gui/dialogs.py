"""Dialogs that tell about the program; none of them stops training."""

from __future__ import annotations

import platform
from collections.abc import Sequence
from html import escape

import PySide6
from PySide6.QtCore import Qt
from PySide6.QtGui import QAction, QUndoStack
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QTextBrowser,
    QUndoView,
    QVBoxLayout,
    QWidget,
)

from engine.compiled import cache
from engine.compiled.cache import CodeState
from engine.machines.kind import MachineKind
from engine.run.snapshot import LaneSnapshot
from engine.version import VERSION
from gui.actions import shortcut_sheet
from gui.text.language import mark, say
from gui.widgets.boxes import text_box, without_icons


def show_shortcuts(parent: QWidget, actions: dict[str, QAction]) -> None:
    """All keys on one page, which scrolls on a small screen."""
    dialog = QDialog(parent)
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(say("Keys and Mouse"))
    sheet = QTextBrowser()
    sheet.setAccessibleName(say("Keys and mouse"))
    sheet.setHtml(shortcut_sheet(actions))
    buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
    without_icons(buttons)
    buttons.rejected.connect(dialog.reject)
    column = QVBoxLayout(dialog)
    column.addWidget(sheet)
    column.addWidget(buttons)
    dialog.resize(680, 600)
    dialog.open()


def show_history(parent: QWidget, stack: QUndoStack, action: QAction) -> None:
    """All changes by name; a click on one goes back or forth to it, as long as the action that shows it is enabled."""
    shown = parent.findChild(QDialog, "history")
    if shown is not None:
        shown.raise_()
        shown.activateWindow()
        return
    dialog = QDialog(parent)
    dialog.setObjectName("history")
    dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
    dialog.setWindowTitle(say("History"))
    view = QUndoView(stack, dialog)
    view.setAccessibleName(say("Changes, the oldest first"))
    view.setEmptyLabel(say("As it was opened"))
    view.setToolTip(say("<p>A click takes back, or makes again, all changes up to this one.</p>"))
    action.enabledChanged.connect(view.setEnabled)
    column = QVBoxLayout(dialog)
    column.addWidget(view)
    dialog.resize(320, 420)
    dialog.show()


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


def show_about(parent: QWidget, titles: Sequence[str] = (), lanes: Sequence[LaneSnapshot] = ()) -> None:
    """Versions and licence, and what trains the lanes that there are."""
    text = say(
        "<h3>Marz {version}</h3><p>A visual trainer for neural-network classification.<br><i>Marz</i> is "
        "Persian for <i>boundary</i>. MIT licence.</p><p>{machines}</p><p>Python {python_version} · Qt for Python "
        "{qt_version} · {platform}</p>",
        version=VERSION,
        machines=machines_text(titles, lanes),
        python_version=platform.python_version(),
        qt_version=PySide6.__version__,
        platform=platform.platform(),
    )
    text_box(parent, say("About Marz"), text, Qt.TextFormat.RichText).open()
