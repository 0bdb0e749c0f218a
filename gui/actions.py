"""The one table of actions: menus, tooltips, shortcuts, the shortcut sheet and the palette come from it."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from engine.dataset import MAX_CLASSES
from engine.insight.field import Shading
from engine.messages import Message, message
from engine.studies.presets import PRESETS
from gui.drawing.tools import Tool
from gui.paint.type_size import STEPS
from gui.text.language import mark
from gui.text.names import CONTOURS, RINGS, SHADINGS
from gui.views import EXAMPLES, LABS, VIEWS


class Menu(StrEnum):
    """The menus, in order; the value is the title."""

    FILE = mark("&File")
    EDIT = mark("&Edit")
    VIEW = mark("&View")
    LABORATORY = mark("&Laboratory")
    TRAIN = mark("T&rain")
    DATA = mark("&Data")
    TOOLS = mark("T&ools")
    HELP = mark("&Help")


class Action(StrEnum):
    """The actions of the program; those of laboratories, views, examples, tools and others have their names."""

    NEW = "new"
    OPEN = "open"
    SAVE = "save"
    SAVE_AS = "save_as"
    KEEP_WEIGHTS = "keep_weights"
    RELOAD = "reload"
    BACK = "back"
    IMPORT = "import"
    EXPORT = "export"
    EXPORT_PICTURE = "export_picture"
    COPY_PICTURE = "copy_picture"
    EXPORT_CURVES = "export_curves"
    CLOSE = "close"
    QUIT = "quit"
    UNDO = "undo"
    REDO = "redo"
    HISTORY = "history"
    CUT = "cut"
    COPY = "copy"
    PASTE = "paste"
    DELETE = "delete"
    SELECT_ALL = "select_all"
    SELECT_NONE = "select_none"
    INVERT = "invert"
    SELECT_CLASS = "select_class"
    SELECT_MISCLASSIFIED = "select_misclassified"
    PREFERENCES = "preferences"
    FIT = "fit"
    STRETCH_PLANE = "stretch_plane"
    CONTOURS = "contours"
    RING_MISTAKES = "ring_mistakes"
    ZOOM_IN = "zoom_in"
    ZOOM_OUT = "zoom_out"
    THEME_SYSTEM = "theme_system"
    THEME_LIGHT = "theme_light"
    THEME_DARK = "theme_dark"
    REDUCE_MOTION = "reduce_motion"
    TEXT_90 = "text_90"
    TEXT_100 = "text_100"
    TEXT_115 = "text_115"
    TEXT_130 = "text_130"
    TEXT_150 = "text_150"
    LARGER_TEXT = "larger_text"
    SMALLER_TEXT = "smaller_text"
    FOLD_SETTINGS = "fold_settings"
    PRESENTATION = "presentation"
    FULL_SCREEN = "full_screen"
    RESET_LAYOUT = "reset_layout"
    NEXT_REGION = "next_region"
    PREVIOUS_REGION = "previous_region"
    KEEP_CURVES = "keep_curves"
    POP_OUT = "pop_out"
    TRAIN = "train"
    STEP = "step"
    RESET = "reset"
    NEW_SEED = "new_seed"
    BEST_WEIGHTS = "best_weights"
    REVEAL_TEST = "reveal_test"
    FAST = "fast"
    MATRIX = "matrix"
    COMPARE_ACTIVATIONS = "compare_activations"
    DUPLICATE_LANE = "duplicate_lane"
    REMOVE_LANE = "remove_lane"
    NEXT_LANE = "next_lane"
    ADD_CLASS = "add_class"
    REMOVE_CLASS = "remove_class"
    RENAME_CLASS = "rename_class"
    CLASS_UP = "class_up"
    CLASS_DOWN = "class_down"
    CLEAR = "clear"
    DRAW_MORE = "draw_more"
    LARGER = "larger"
    SMALLER = "smaller"
    REMOVE_PINS = "remove_pins"
    SIZE_POINTS = "size_points"
    FIRST_STEPS = "first_steps"
    PALETTE = "palette"
    WHATS_THIS = "whats_this"
    SHORTCUTS = "shortcuts"
    ACTIVATIONS = "activations"
    LOG_FOLDER = "log_folder"
    REPORT = "report"
    ABOUT_QT = "about_qt"
    ABOUT = "about"


def class_action(label: int) -> str:
    """The name of the action that chooses the class with that label."""
    return f"class_{label + 1}"


def shading_action(shading: Shading) -> str:
    """The name of the action that gives the plane these colours."""
    return f"shade_{shading}"


def text_action(percent: int) -> str:
    """The name of the action that gives text so many percent of its usual size."""
    return f"text_{percent}"


@dataclass(frozen=True)
class ActionRow:
    """One row of the table.

    Attributes:
        name: by which the window finds it: an Action, or the name of a laboratory, view, tool, preset or class.
        menu: where it is shown.
        text: with the mnemonic; said where it is shown, like the tip.
        tip: what it does, for tooltip and status bar.
        shortcuts: key sequences; the first is shown.
        group: of actions of which one is checked, or "".
        starts_section: whether a line is drawn before it.
        submenu: the title of a menu inside `menu` where it is shown, or "".
        is_switch: whether it is on or off by itself.
    """

    name: str
    menu: Menu
    text: str | Message
    tip: str | Message
    shortcuts: tuple[str, ...] = ()
    group: str = ""
    starts_section: bool = False
    submenu: str = ""
    is_switch: bool = False


SIZE, SHADING, EXAMPLES_MENU = mark("&Text Size"), mark("Colours of t&he Plane"), mark("E&xamples of the Calculator")
TABLE = (
    ActionRow(Action.NEW, Menu.FILE, "&New", "Begin with an empty plane and the usual settings", ("Ctrl+N",)),
    ActionRow(Action.OPEN, Menu.FILE, "&Open …", "Open an experiment from a file", ("Ctrl+O",)),
    ActionRow(Action.SAVE, Menu.FILE, "&Save", "Save points and settings in the file of the experiment", ("Ctrl+S",)),
    ActionRow(Action.SAVE_AS, Menu.FILE, "Save &As …", "Save points and settings in another file", ("Ctrl+Shift+S",)),
    ActionRow(
        Action.KEEP_WEIGHTS, Menu.FILE, "Save Wei&ghts with the Experiment", "Save the trained network", is_switch=True
    ),
    ActionRow(Action.RELOAD, Menu.FILE, "Re&load", "Show the experiment as its file is now; can be undone"),
    ActionRow(Action.BACK, Menu.FILE, "&Back", "Leave the ready-made experiment; what was before comes back"),
    ActionRow(
        Action.IMPORT, Menu.FILE, "&Import Points …", "Points from a table or NPZ file", ("Ctrl+Shift+I",), "", True
    ),
    ActionRow(Action.EXPORT, Menu.FILE, "&Export Points …", "Write all points in a table or NPZ file", ("Ctrl+E",)),
    ActionRow(Action.EXPORT_CURVES, Menu.FILE, "Export Cur&ves …", "Losses and accuracies, epoch by epoch, in a table"),
    ActionRow(
        Action.EXPORT_PICTURE, Menu.FILE, "Export Pic&ture …", "What is shown as a picture, in pixels or vectors"
    ),
    ActionRow(
        Action.COPY_PICTURE,
        Menu.FILE,
        "&Copy Picture",
        "A picture of what is shown, for slides and documents",
        ("Ctrl+Shift+C",),
    ),
    ActionRow(Action.CLOSE, Menu.FILE, "Close &Window", "Close this window", ("Ctrl+W",), starts_section=True),
    ActionRow(Action.QUIT, Menu.FILE, "&Quit", "Close Marz", ("Ctrl+Q",)),
    ActionRow(Action.UNDO, Menu.EDIT, "&Undo", "Take back the last change", ("Ctrl+Z",)),
    ActionRow(Action.REDO, Menu.EDIT, "&Redo", "Make the change again", ("Ctrl+Y", "Ctrl+Shift+Z")),
    ActionRow(Action.HISTORY, Menu.EDIT, "&History …", "All changes by name; a click goes back to one", ("Ctrl+H",)),
    ActionRow(Action.CUT, Menu.EDIT, "Cu&t", "Copy the selected points and remove them", ("Ctrl+X",), "", True),
    ActionRow(Action.COPY, Menu.EDIT, "&Copy", "Copy the selected points, or all, as a table", ("Ctrl+C",)),
    ActionRow(Action.PASTE, Menu.EDIT, "&Paste", "Add points from the clipboard, from a spreadsheet too", ("Ctrl+V",)),
    ActionRow(Action.DELETE, Menu.EDIT, "&Delete", "Remove the selected points", ("Del", "Backspace")),
    ActionRow(Action.SELECT_ALL, Menu.EDIT, "Select &All", "Select every point", ("Ctrl+A",), "", True),
    ActionRow(Action.SELECT_NONE, Menu.EDIT, "Select &None", "Select no point; so does Esc", ("Ctrl+D",)),
    ActionRow(Action.INVERT, Menu.EDIT, "&Invert Selection", "Select what is not selected", ("Ctrl+I",)),
    ActionRow(Action.SELECT_CLASS, Menu.EDIT, "Select C&lass", "Select the points of the chosen class", ("Ctrl+L",)),
    ActionRow(Action.SELECT_MISCLASSIFIED, Menu.EDIT, "Select &Misclassified", "Select what is wrong", ("Ctrl+M",)),
    ActionRow(
        Action.PREFERENCES, Menu.EDIT, "Pr&eferences …", "How Marz looks and begins", ("Ctrl+,",), starts_section=True
    ),
    ActionRow(Action.FIT, Menu.VIEW, "&Fit to Points", "Show all points", ("Home", "Ctrl+0")),
    ActionRow(Action.ZOOM_IN, Menu.VIEW, "Zoom &In", "Show a smaller part of the plane", ("Ctrl++", "Ctrl+=")),
    ActionRow(Action.ZOOM_OUT, Menu.VIEW, "Zoom &Out", "Show a larger part of the plane", ("Ctrl+-",)),
    ActionRow(
        Action.STRETCH_PLANE,
        Menu.VIEW,
        "Stret&ch Plane to Room",
        "Let what is seen fill the plane; a unit may then be longer on one axis than on the other",
        is_switch=True,
    ),
    ActionRow(
        Action.THEME_SYSTEM, Menu.VIEW, "Colours of the &System", "Light or dark as the system is", (), "theme", True
    ),
    ActionRow(Action.THEME_LIGHT, Menu.VIEW, "&Light Colours", "Dark ink on a light window", (), "theme"),
    ActionRow(Action.THEME_DARK, Menu.VIEW, "&Dark Colours", "Light ink on a dark window", (), "theme"),
    ActionRow(
        Action.REDUCE_MOTION,
        Menu.VIEW,
        "Reduce &Motion",
        "Let the colours of the plane change slowly, even where the system animates",
        starts_section=True,
        is_switch=True,
    ),
    *(
        ActionRow(shading_action(shading), Menu.VIEW, row.title, row.tip, (), "shading", submenu=SHADING)
        for shading, row in SHADINGS.items()
    ),
    ActionRow(Action.CONTOURS, Menu.VIEW, *CONTOURS, (), "", True, SHADING, True),
    ActionRow(Action.RING_MISTAKES, Menu.VIEW, *RINGS, submenu=SHADING, is_switch=True),
    *(
        ActionRow(
            text_action(percent),
            Menu.VIEW,
            message("{percent} %", percent=marked),
            message("All text at {percent} % of the usual size", percent=percent),
            (),
            "text_size",
            submenu=SIZE,
        )
        for percent, marked in zip(STEPS, ("&90", "&100", "11&5", "1&30", "15&0"), strict=True)
    ),
    ActionRow(
        Action.LARGER_TEXT, Menu.VIEW, "&Larger Text", "One step larger", ("Ctrl+Alt++", "Ctrl+Alt+="), "", True, SIZE
    ),
    ActionRow(Action.SMALLER_TEXT, Menu.VIEW, "S&maller Text", "One step smaller", ("Ctrl+Alt+-",), submenu=SIZE),
    ActionRow(
        Action.FOLD_SETTINGS,
        Menu.VIEW,
        "Fold S&ettings",
        "Fold the settings to a strip, or unfold them",
        ("F9",),
        starts_section=True,
        is_switch=True,
    ),
    ActionRow(
        Action.PRESENTATION,
        Menu.VIEW,
        "Present&ation",
        "Planes, one view and the run buttons, large enough for the last row; Esc ends it, Alt brings the menus",
        ("F5",),
        is_switch=True,
    ),
    ActionRow(Action.FULL_SCREEN, Menu.VIEW, "F&ull Screen", "Fill the screen, or go back", ("F11",)),
    ActionRow(Action.RESET_LAYOUT, Menu.VIEW, "&Reset Layout", "Window and panels as at the first start"),
    ActionRow(
        Action.NEXT_REGION,
        Menu.VIEW,
        "&Next Part of the Window",
        "Take the keys to the next part: run buttons, settings, tools, plane, charts",
        ("F6",),
        starts_section=True,
    ),
    ActionRow(
        Action.PREVIOUS_REGION,
        Menu.VIEW,
        "&Previous Part of the Window",
        "Take the keys to the part of the window before",
        ("Shift+F6",),
    ),
    *(ActionRow(lab, Menu.LABORATORY, row.title, row.tip, (row.key,), "laboratory") for lab, row in LABS.items()),
    *(
        ActionRow(view, Menu.LABORATORY, row.title, row.tip, (row.key,), "view", submenu=LABS[row.laboratory].menu)
        for view, row in VIEWS.items()
        if row.key
    ),
    ActionRow(
        Action.KEEP_CURVES,
        Menu.LABORATORY,
        "&Keep Curves in View",
        "Show the curves beside the other laboratories, too, where there is room",
        starts_section=True,
        is_switch=True,
    ),
    ActionRow(
        Action.POP_OUT,
        Menu.LABORATORY,
        "View in a &Window of Its Own",
        "Show this view in a window of its own, for a second screen; closed, it comes back",
        ("Ctrl+Shift+O",),
        is_switch=True,
    ),
    ActionRow(
        Action.SIZE_POINTS,
        Menu.LABORATORY,
        "&Size Points by Their Error Signals",
        "Each point of the plane as large as |∂L/∂z| at the output: what it does to the last layer in a step",
        starts_section=True,
        is_switch=True,
    ),
    ActionRow(Action.REMOVE_PINS, Menu.LABORATORY, "Remove Pi&ns", "Take all pins off the plane"),
    *(
        ActionRow(example, Menu.LABORATORY, row.label, row.tip, submenu=EXAMPLES_MENU)
        for example, row in EXAMPLES.items()
    ),
    ActionRow(Action.TRAIN, Menu.TRAIN, "&Train", "Train the network, or pause", ("Space",)),
    ActionRow(Action.STEP, Menu.TRAIN, "&Step", "Train one epoch", (".",)),
    ActionRow(Action.RESET, Menu.TRAIN, "&Reset", "Start again from the same first weights", ("Ctrl+R",)),
    ActionRow(Action.NEW_SEED, Menu.TRAIN, "&New Seed", "Start again from other first weights", ("Ctrl+Shift+R",)),
    ActionRow(Action.BEST_WEIGHTS, Menu.TRAIN, "&Back to Best Weights", "Of the lowest validation loss; can be undone"),
    ActionRow(Action.REVEAL_TEST, Menu.TRAIN, "Reve&al Test Result", "On the points that are kept back; counted"),
    ActionRow(Action.FAST, Menu.TRAIN, "As &Fast as Possible", "Train as fast as possible, or in slow motion", ("T",)),
    *(
        ActionRow(preset.name, Menu.TRAIN, preset.label, preset.tip, preset.shortcuts, starts_section=number == 0)
        for number, preset in enumerate(PRESETS)
    ),
    ActionRow(Action.MATRIX, Menu.TRAIN, "&Initialization × Activation …", "Train a whole grid; open a cell as a lane"),
    ActionRow(
        Action.COMPARE_ACTIVATIONS,
        Menu.TRAIN,
        "&Compare Sigmoid | ReLU | Leaky ReLU",
        "The present network with each of these activations, side by side",
    ),
    ActionRow(
        Action.DUPLICATE_LANE, Menu.TRAIN, "&Duplicate Lane", "The same network once more: change one thing and compare"
    ),
    ActionRow(Action.REMOVE_LANE, Menu.TRAIN, "Re&move Lane", "Stop comparing with the lane in hand"),
    ActionRow(Action.NEXT_LANE, Menu.TRAIN, "Ne&xt Lane", "Take the next lane in hand, or the first", ("N",)),
    ActionRow(Action.ADD_CLASS, Menu.DATA, "&Add Class", "One more class of points", ("Ctrl+K",)),
    ActionRow(
        Action.REMOVE_CLASS, Menu.DATA, "Remo&ve Class", "Remove the chosen class and its points", ("Ctrl+Shift+K",)
    ),
    ActionRow(Action.RENAME_CLASS, Menu.DATA, "Re&name Class", "Type another name for the chosen class", ("F4",)),
    ActionRow(Action.CLASS_UP, Menu.DATA, "Move Class &Up", "Move the chosen class up in the list", ("Alt+Up",)),
    ActionRow(
        Action.CLASS_DOWN, Menu.DATA, "Move Class &Down", "Move the chosen class down in the list", ("Alt+Down",)
    ),
    ActionRow(
        Action.DRAW_MORE,
        Menu.DATA,
        "Draw &More Points like These",
        "Twice as many as there are: these, each moved at random by a little that the status bar tells; can be undone",
        starts_section=True,
    ),
    ActionRow(Action.CLEAR, Menu.DATA, "&Clear All Points", "Remove all points; can be undone", ("Ctrl+Del",)),
    *(
        ActionRow(
            class_action(number - 1),
            Menu.DATA,
            message("Class {number}", number=number),
            message("Draw points of class {number}", number=number),
            (str(number % 10),),
            starts_section=number == 1,
        )
        for number in range(1, MAX_CLASSES + 1)
    ),
    *(
        ActionRow(
            tool, Menu.TOOLS, tool.facts.title, tool.facts.hint, (tool.facts.key,), "tool", tool.facts.starts_group
        )
        for tool in Tool
    ),
    ActionRow(
        Action.LARGER, Menu.TOOLS, "&Larger Ring", "Make the ring larger; so does Ctrl and the wheel", ("]",), "", True
    ),
    ActionRow(Action.SMALLER, Menu.TOOLS, "S&maller Ring", "Make the ring smaller", ("[",)),
    ActionRow(Action.FIRST_STEPS, Menu.HELP, "&First Steps", "Three hints for the first minute"),
    ActionRow(
        Action.PALETTE, Menu.HELP, "Find a C&ommand …", "Type a few letters of what you want to do", ("Ctrl+Shift+P",)
    ),
    ActionRow(Action.WHATS_THIS, Menu.HELP, "&What’s This?", "Explain the control that is clicked next", ("Shift+F1",)),
    ActionRow(Action.SHORTCUTS, Menu.HELP, "&Keys and Mouse", "All shortcuts on one page", ("F1",)),
    ActionRow(
        Action.ACTIVATIONS, Menu.HELP, "A&ctivation Functions", "Compare them, with what each costs here", ("F2",)
    ),
    ActionRow(
        Action.LOG_FOLDER, Menu.HELP, "Open &Log Folder", "Show the folder with the log of errors", starts_section=True
    ),
    ActionRow(Action.REPORT, Menu.HELP, "&Report a Problem …", "Versions and last errors, to be copied into a message"),
    ActionRow(Action.ABOUT_QT, Menu.HELP, "About &Qt", "The library that makes the windows", starts_section=True),
    ActionRow(Action.ABOUT, Menu.HELP, "&About Marz", "Versions and licence"),
)


CLASSES = tuple(map(class_action, range(MAX_CLASSES)))
