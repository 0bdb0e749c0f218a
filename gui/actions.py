"""The one table of actions: menus, tooltips, shortcuts and the shortcut sheet come from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import QObject
from PySide6.QtGui import QAction, QActionGroup, QKeySequence
from PySide6.QtWidgets import QMenu, QMenuBar

from engine.dataset import MAX_CLASSES


class Menu(StrEnum):
    """The menus, in order; the value is the title."""

    FILE = "&File"
    EDIT = "&Edit"
    VIEW = "&View"
    TRAIN = "T&rain"
    TOOLS = "T&ools"
    HELP = "&Help"


@dataclass(frozen=True)
class ActionRow:
    """One row of the table.

    Attributes:
        name: by which the window finds it.
        menu: where it is shown.
        text: with the mnemonic.
        tip: what it does, for tooltip and status bar.
        shortcuts: key sequences; the first is shown.
        group: of actions of which one is checked, or "".
        starts_section: whether a line is drawn before it.
    """

    name: str
    menu: Menu
    text: str
    tip: str
    shortcuts: tuple[str, ...] = ()
    group: str = ""
    starts_section: bool = False


TABLE = (
    ActionRow("open", Menu.FILE, "&Open …", "Open an experiment from a file", ("Ctrl+O",)),
    ActionRow("save_as", Menu.FILE, "Save &As …", "Save points and settings in a file", ("Ctrl+S", "Ctrl+Shift+S")),
    ActionRow("quit", Menu.FILE, "&Quit", "Close Marz", ("Ctrl+Q",), starts_section=True),
    ActionRow("undo", Menu.EDIT, "&Undo", "Take back the last change", ("Ctrl+Z",)),
    ActionRow("redo", Menu.EDIT, "&Redo", "Make the change again", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ActionRow("clear", Menu.EDIT, "&Clear All Points", "Remove all points; can be undone", ("Ctrl+Del",), "", True),
    ActionRow("fit", Menu.VIEW, "&Fit to Points", "Show all points", ("Home", "Ctrl+0")),
    ActionRow("zoom_in", Menu.VIEW, "Zoom &In", "Show a smaller part of the plane", ("Ctrl++", "Ctrl+=")),
    ActionRow("zoom_out", Menu.VIEW, "Zoom &Out", "Show a larger part of the plane", ("Ctrl+-",)),
    ActionRow("theme_system", Menu.VIEW, "Colours of the &System", "Light or dark as the system is", (), "theme", True),
    ActionRow("theme_light", Menu.VIEW, "&Light Colours", "Dark ink on a light window", (), "theme"),
    ActionRow("theme_dark", Menu.VIEW, "&Dark Colours", "Light ink on a dark window", (), "theme"),
    ActionRow("full_screen", Menu.VIEW, "F&ull Screen", "Fill the screen, or go back", ("F11",), "", True),
    ActionRow("train", Menu.TRAIN, "&Train", "Train the network, or pause", ("Space",)),
    ActionRow("step", Menu.TRAIN, "&Step", "Train one epoch", (".",)),
    ActionRow("reset", Menu.TRAIN, "&Reset", "Start again from the same first weights", ("Ctrl+R",)),
    ActionRow("new_seed", Menu.TRAIN, "&New Seed", "Start again from other first weights", ("Ctrl+Shift+R",)),
    ActionRow("brush", Menu.TOOLS, "&Brush", "Draw points: a click is one, a drag is a line of them", ("B",), "tool"),
    ActionRow("spray", Menu.TOOLS, "&Spray", "Spray points over the ring, also while held still", ("S",), "tool"),
    ActionRow(
        "eraser", Menu.TOOLS, "&Eraser", "Erase the points in the ring; so does the right button", ("E",), "tool"
    ),
    ActionRow(
        "larger", Menu.TOOLS, "&Larger Tool", "Make the ring larger; so does Ctrl and the wheel", ("]",), "", True
    ),
    ActionRow("smaller", Menu.TOOLS, "S&maller Tool", "Make the ring smaller", ("[",)),
    ActionRow("add_class", Menu.TOOLS, "&Add Class", "One more class of points", ("Ctrl+K",), "", True),
    ActionRow("remove_class", Menu.TOOLS, "Remo&ve Class", "Remove the chosen class and its points", ("Ctrl+Shift+K",)),
    *(
        ActionRow(f"class_{number}", Menu.TOOLS, f"Class &{number}", f"Draw points of class {number}", (str(number),))
        for number in range(1, MAX_CLASSES + 1)
    ),
    ActionRow("shortcuts", Menu.HELP, "&Keys and Mouse", "All shortcuts on one page", ("F1",)),
    ActionRow("activations", Menu.HELP, "A&ctivation Functions", "Compare them, with what each costs here", ("F2",)),
    ActionRow("about", Menu.HELP, "&About Marz", "Version and licence"),
)


def make_actions(parent: QObject) -> dict[str, QAction]:
    """One QAction for each row of the table, by name."""
    actions: dict[str, QAction] = {}
    groups: dict[str, QActionGroup] = {}
    for row in TABLE:
        action = QAction(row.text, parent)
        action.setObjectName(f"action_{row.name}")
        action.setShortcuts([QKeySequence(shortcut) for shortcut in row.shortcuts])
        action.setToolTip(tooltip(row.tip, action))
        action.setStatusTip(row.tip)
        if row.group:
            action.setCheckable(True)
            groups.setdefault(row.group, QActionGroup(parent)).addAction(action)
        actions[row.name] = action
    return actions


def tooltip(text: str, action: QAction) -> str:
    """A tooltip that wraps and names the shortcut, which Qt leaves out."""
    shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"<p>{text}{f' <b>({shortcut})</b>' if shortcut else ''}</p>"


def fill_menus(bar: QMenuBar, actions: dict[str, QAction]) -> dict[Menu, QMenu]:
    """The menus of the table."""
    menus = {menu: bar.addMenu(menu.value) for menu in Menu}
    for row in TABLE:
        if row.starts_section:
            menus[row.menu].addSeparator()
        menus[row.menu].addAction(actions[row.name])
    return menus


def shortcut_sheet(actions: dict[str, QAction]) -> str:
    """All shortcuts and what the mouse does, as rich text."""
    mouse = (
        ("Left button", "draw with the tool"),
        ("Right button", "erase"),
        ("Wheel", "zoom at the pointer"),
        ("Ctrl and wheel", "size of the tool"),
        ("Middle button, or Space held and left button", "move the plane"),
        ("Esc", "cancel the stroke"),
        ("Double click on a class", "rename it"),
    )
    rows = [(keys, what) for keys, what in mouse]
    for row in TABLE:
        keys = " or ".join(
            key.toString(QKeySequence.SequenceFormat.NativeText) for key in actions[row.name].shortcuts()
        )
        if keys and not (row.name.startswith("class_") and row.name != "class_1"):
            rows.append((f"1 … {MAX_CLASSES}", "choose the class") if row.name == "class_1" else (keys, row.tip))
    cells = "".join(f"<tr><td><b>{keys}</b></td><td>{what}</td></tr>" for keys, what in rows)
    return f"<table cellpadding='3'>{cells}</table>"
