"""Keys in the real window, sent as the system sends them: to the window, which finds out whose they are."""

from __future__ import annotations

from collections.abc import Iterator

import pytest
from PySide6.QtCore import QCoreApplication, QEvent, QObject, QPoint, Qt
from PySide6.QtGui import QAction, QCursor, QKeyEvent, QKeySequence
from PySide6.QtTest import QTest
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractSlider,
    QAbstractSpinBox,
    QApplication,
    QCheckBox,
    QComboBox,
    QDialog,
    QFormLayout,
    QLabel,
    QLineEdit,
    QMenu,
    QMenuBar,
    QMessageBox,
    QScrollBar,
    QSlider,
    QSpinBox,
    QTreeWidget,
    QWhatsThis,
    QWidget,
)
from pytestqt.qtbot import QtBot

from engine.config import Activation
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.keyboard import PERSIAN, PHYSICAL, REGIONS, latin_key, region_of
from gui.main_window import MainWindow
from gui.settings.class_list import ClassList
from gui.stage.view_windows import ViewWindow
from gui.views import LabView
from gui.widgets.number_boxes import RateBox, WholeBox
from tests.gui.conftest import MakeWindow, wait_for_state

Key, Modifier = Qt.Key, Qt.KeyboardModifier
NONE, CONTROL, ALT = Modifier.NoModifier, Modifier.ControlModifier, Modifier.AltModifier
NUMBERS = (WholeBox, RateBox)
TEXTS = QLineEdit | QAbstractSpinBox


@pytest.fixture
def window(make_window: MakeWindow) -> MainWindow:
    """A window that has the keyboard, whatever was sent to the pointer before."""
    window = make_window()
    QCursor.setPos(window.mapToGlobal(QPoint(1, 1)))  # where Qt looks for it with each new layout
    window.activateWindow()
    QTest.qWaitForWindowActive(window)
    window.canvas.setFocus()
    return window


def key(window: MainWindow, key: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
    """Press and release, where the focus is, shortcuts first."""
    QTest.keyClick(window.windowHandle(), key, modifiers)


def foreign_key(letter: str, modifiers: Qt.KeyboardModifier = NONE, scan_code: int = 0) -> None:
    """A key of a layout without Latin letters: Qt finds no shortcut, and gives it to the focus."""
    for kind in (QEvent.Type.ShortcutOverride, QEvent.Type.KeyPress):
        event = QKeyEvent(kind, ord(letter), modifiers, scan_code, 0, 0, letter)
        event.ignore()
        focus = QApplication.focusWidget()
        assert focus is not None
        QApplication.sendEvent(focus, event)


def click(widget: QWidget, place: QPoint | None = None) -> None:
    """With the left button, through the window, which gives the focus."""
    at = widget.rect().center() if place is None else place
    window = widget.window()
    QTest.mouseClick(window.windowHandle(), Qt.MouseButton.LeftButton, NONE, widget.mapTo(window, at))


def hover(window: MainWindow, is_over: bool = True) -> None:
    """Put the pointer over the plane, as far as widgets know."""
    window.canvas.setAttribute(Qt.WidgetAttribute.WA_UnderMouse, is_over)


def fields(window: MainWindow, *kinds: type[QWidget]) -> Iterator[QWidget]:
    """The fields of some kinds in the window, one after the other, each with the focus: what is folded is opened."""
    for field in window.findChildren(QWidget):
        if isinstance(field, kinds) and field.window() is window:
            widget: QWidget | None = field
            while widget is not None and widget is not window:
                widget.setEnabled(True)
                widget.setVisible(True)
                widget = widget.parentWidget()
            field.setFocus()
            assert field.hasFocus(), field.objectName()
            yield field


def number_boxes(window: MainWindow) -> Iterator[WholeBox | RateBox]:
    """Those of the window, each with the focus."""
    count = 0
    for box in fields(window, *NUMBERS):
        assert isinstance(box, NUMBERS)
        count += 1
        yield box
    assert count >= 29


def type_number(window: MainWindow, box: WholeBox | RateBox, text: str) -> None:
    box.setFocus()
    box.selectAll()
    for character in text:
        foreign_key(character)


# numbers


def test_every_number_box_of_the_window_reads_persian_digits(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name[Action.MATRIX].trigger()
    boxes = [box for box in window.findChildren(QAbstractSpinBox) if isinstance(box, NUMBERS)]
    assert len(boxes) >= 31
    for box in boxes:
        if box.minimum() == box.maximum():
            continue
        box.setEnabled(True)  # those, too, that do not matter to the settings of this window
        box.selectAll()
        old = box.value()
        number = 7 if isinstance(box, WholeBox) and box.maximum() >= 7 else 1
        text, wanted = ("۰٫۰۳", 0.03) if isinstance(box, RateBox) else ("۰۷" if number == 7 else "۱", number)
        for garbage in ("گ", "1۲x3", "-", "٫"):
            box.selectAll()
            QTest.keyClick(box, Key.Key_Delete)
            for character in garbage:
                QApplication.sendEvent(box, QKeyEvent(QEvent.Type.KeyPress, 0, NONE, character))
            box.interpretText()
            assert box.value() == old, (box.objectName(), garbage)
        box.selectAll()
        for character in text:
            QApplication.sendEvent(box, QKeyEvent(QEvent.Type.KeyPress, 0, NONE, character))
        box.interpretText()
        wanted = min(max(wanted, box.minimum()), box.maximum())
        assert box.value() == pytest.approx(wanted), box.objectName()
        assert box.text().isascii()


def test_after_enter_the_keys_are_the_planes_and_space_trains(qtbot: QtBot, window: MainWindow) -> None:
    box = window.control_panel.depth_box
    type_number(window, box, "10")
    key(window, Key.Key_Return)
    assert window.canvas.hasFocus()
    assert (box.value(), box.text()) == (10, "10")
    key(window, Key.Key_2)
    key(window, Key.Key_S)
    assert (window.canvas.hand.label, window.canvas.hand.tool) == (1, Tool.SPRAY)
    key(window, Key.Key_Space)
    wait_for_state(qtbot, window, RunState.RUNNING)
    assert len(window.session.experiment.lanes[0].hidden_layers) == 10


def test_space_in_every_number_box_confirms_the_number_and_trains(qtbot: QtBot, window: MainWindow) -> None:
    trained: list[str] = []
    window.actions_by_name[Action.TRAIN].triggered.disconnect()
    window.actions_by_name[Action.TRAIN].triggered.connect(lambda: trained.append("train"))
    boxes = []
    for box in number_boxes(window):
        boxes.append(box)
        text = box.text()
        box.selectAll()
        key(window, Key.Key_Space)
        assert box.text() == text, box.objectName()
        box.selectAll()
        key(window, Key.Key_1)
        key(window, Key.Key_Space)
        assert box.value() == max(1, box.minimum()) or box.maximum() < 1, box.objectName()
    assert len(trained) == 2 * len(boxes)


@pytest.mark.parametrize(
    ("name", "keys", "modifiers"), [("save", Key.Key_S, CONTROL), ("full_screen", Key.Key_F11, NONE)]
)
def test_a_number_is_confirmed_by_every_key_that_is_the_windows(
    window: MainWindow, name: str, keys: Qt.Key, modifiers: Qt.KeyboardModifier
) -> None:
    seen: list[int] = []
    box, action = window.control_panel.width_box, window.actions_by_name[name]
    action.triggered.disconnect()
    action.triggered.connect(lambda: seen.append(box.value()))
    type_number(window, box, "30")
    key(window, keys, modifiers)
    assert seen == [30]


def test_a_click_on_train_confirms_the_number_first(qtbot: QtBot, window: MainWindow) -> None:
    box = window.control_panel.depth_box
    type_number(window, box, "7")
    train = window.findChild(QAbstractButton, "train_button")
    assert train is not None
    click(train)
    assert (box.value(), box.text()) == (7, "7")
    wait_for_state(qtbot, window, RunState.RUNNING)


def test_escape_in_a_field_brings_the_value_back_and_goes_to_the_plane(window: MainWindow) -> None:
    for box in number_boxes(window):
        value, text = box.value(), box.text()
        box.selectAll()
        key(window, Key.Key_7)
        key(window, Key.Key_5)
        key(window, Key.Key_Escape)
        assert window.canvas.hasFocus(), box.objectName()
        assert (box.value(), box.text()) == (value, text), box.objectName()


@pytest.mark.parametrize("leaves", [Key.Key_Return, Key.Key_Enter, Key.Key_Escape])
def test_tab_goes_on_from_the_field_that_was_left(window: MainWindow, leaves: Qt.Key) -> None:
    panel = window.control_panel
    panel.depth_box.setFocus()
    key(window, leaves)
    assert window.canvas.hasFocus()
    key(window, Key.Key_Tab)
    assert panel.width_box.hasFocus()
    key(window, leaves)
    key(window, Key.Key_Tab, Modifier.ShiftModifier)
    assert panel.depth_box.hasFocus()


def test_tab_goes_on_from_the_plane_once_it_was_reached_otherwise(window: MainWindow) -> None:
    window.control_panel.depth_box.setFocus()
    key(window, Key.Key_Return)
    window.control_panel.boxes["seed"].setFocus()
    window.canvas.setFocus()
    key(window, Key.Key_Tab)
    assert not window.control_panel.width_box.hasFocus()
    assert not window.control_panel.boxes["seed"].hasFocus()


@pytest.mark.parametrize("shift", [NONE, Modifier.ShiftModifier])
def test_the_tab_key_reaches_every_stop_of_the_window_and_comes_back(
    window: MainWindow, shift: Qt.KeyboardModifier
) -> None:
    stops = [
        widget
        for widget in window.findChildren(QWidget)
        if widget.isVisible() and widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.TabFocus
        if widget.window() is window and not isinstance(widget.parent(), QAbstractSpinBox)
    ]
    wanted = {id(stop_of(widget)) for widget in stops}
    assert len(wanted) > 30
    reached = set()
    for _ in wanted:
        key(window, Key.Key_Tab, shift)
        focus = QApplication.focusWidget()
        assert focus is not None
        reached.add(id(stop_of(focus)))
    assert reached == wanted
    assert window.canvas.hasFocus()


def stop_of(widget: QWidget) -> QObject:
    """The widget, or the group of which the arrow keys reach the other buttons."""
    group = widget.group() if isinstance(widget, QAbstractButton) else None
    return group or widget


# the space bar and the pointer


def test_space_held_over_the_plane_moves_it_and_draws_nothing_wherever_the_focus_is(
    qtbot: QtBot, window: MainWindow
) -> None:
    canvas, handle = window.canvas, window.windowHandle()
    n_points = len(window.session.experiment.dataset)
    for field in fields(window, *NUMBERS, QComboBox, QSlider, QTreeWidget):
        if isinstance(field, NUMBERS):
            field.selectAll()
            key(window, Key.Key_3)
        window.control_panel.depth_box.show_value(2)
        QCoreApplication.processEvents()  # with a new layout Qt looks anew where the pointer is
        hover(window)
        before = canvas.plane
        start = canvas.mapTo(window, QPoint(300, 250))
        QTest.keyPress(handle, Key.Key_Space)
        QTest.mousePress(handle, Qt.MouseButton.LeftButton, NONE, start)
        QTest.mouseMove(handle, start + QPoint(40, 10))
        QTest.mouseRelease(handle, Qt.MouseButton.LeftButton, NONE, start + QPoint(40, 10))
        QTest.keyRelease(handle, Key.Key_Space)
        assert canvas.plane.centre_x != before.centre_x, field.objectName()
        assert canvas.plane.scale == before.scale
        hover(window, False)
    assert len(window.session.experiment.dataset) == n_points
    assert "Draw" not in window.session.undo_stack.undoText()
    assert window.session.snapshot.state is not RunState.RUNNING


def test_the_pointer_on_the_plane_does_not_take_the_space_bar_from_a_button(window: MainWindow) -> None:
    box = window.findChild(QAbstractButton, "batch_norm_box")
    assert box is not None
    assert any(field is box for field in fields(window, QCheckBox))
    hover(window)
    key(window, Key.Key_Space)
    assert box.isChecked()
    assert box.hasFocus()


def test_a_held_space_bar_trains_once(window: MainWindow) -> None:
    assert not window.actions_by_name[Action.TRAIN].autoRepeat()
    assert window.actions_by_name[Action.UNDO].autoRepeat()


# letters and digits in lists


def test_letters_choose_in_a_list_of_choices_and_no_tool(window: MainWindow) -> None:
    box = window.control_panel.activation_box
    box.setFocus()
    box.show_choice(Activation.SIGMOID)
    tool, label = window.canvas.hand.tool, window.canvas.hand.label
    key(window, Key.Key_R)
    assert box.choice() is Activation.RELU
    key(window, Key.Key_2)
    assert (window.canvas.hand.tool, window.canvas.hand.label) == (tool, label)
    scale = window.canvas.plane
    key(window, Key.Key_Home)
    assert box.currentIndex() == 0
    assert window.canvas.plane == scale


def test_no_letter_or_digit_in_any_list_chooses_a_tool_or_class(window: MainWindow) -> None:
    window.actions_by_name[Tool.BRUSH].trigger()
    fired: list[str] = []
    for name in (*Tool, "class_1", "class_2", "larger", "smaller", "step"):
        window.actions_by_name[name].triggered.connect(lambda _checked=False, name=name: fired.append(name))
    lists = []
    for widget in fields(window, QComboBox, QTreeWidget):
        lists.append(widget)
        for letter in "PSELRFVJMIOAGUWB12[].":
            key(window, Key(ord(letter)))
        assert fired == [], widget.objectName()
    assert len(lists) >= 8


def test_digits_choose_a_class_on_the_plane_and_belong_to_a_box(window: MainWindow) -> None:
    key(window, Key.Key_2)
    assert window.canvas.hand.label == 1
    box = window.control_panel.boxes["seed"]
    box.setFocus()
    box.selectAll()
    key(window, Key.Key_1)
    assert window.canvas.hand.label == 1
    assert box.text() == "1"


# clicks


def focus_of_click(widget: QWidget) -> QWidget:
    """Which widget Qt gives the focus when this one is clicked: the first that takes it."""
    while not (widget.isEnabled() and widget.focusPolicy() & Qt.FocusPolicy.ClickFocus):
        parent = widget.parentWidget()
        assert parent is not None
        widget = parent
    return widget


def test_a_click_on_any_widget_that_takes_no_text_leaves_the_keys_to_the_plane(window: MainWindow) -> None:
    wrong = []
    widgets = [widget for widget in window.findChildren(QWidget) if widget.window() is window]
    assert len(widgets) > 200
    for widget in widgets:
        focus = focus_of_click(widget)
        # sliders go on by the arrow keys, a text that can be copied needs the focus; neither takes letters or digits
        if focus not in (window, window.canvas) and not isinstance(focus, QAbstractSlider | QLabel | TEXTS):
            wrong.append(f"{type(widget).__name__} {widget.objectName()} → {focus}")
    assert wrong == []


def test_a_tool_letter_works_after_a_real_click_on_the_side_panel(window: MainWindow) -> None:
    panel = window.control_panel
    tree = window.findChild(QTreeWidget, "class_list")
    slider = window.findChild(QAbstractSlider, "speed_slider")
    assert tree is not None
    assert slider is not None
    status = window.statusBar()
    for widget in (tree.viewport(), slider, status, window.run_bar, panel, window.gradient_plot, window.loss_plot):
        panel.depth_box.setFocus()
        click(widget, QPoint(2, 2))
        assert not panel.depth_box.hasFocus(), widget
        for letter, tool in ((Key.Key_E, Tool.ERASER), (Key.Key_B, Tool.BRUSH)):
            key(window, letter)
            assert window.canvas.hand.tool is tool, widget


# other layouts


LETTERS = {latin: letter for letter, latin in PERSIAN.items()}
PERSIAN_KEYS = {"ذ": ("B", 0x30), "س": ("S", 0x1F), "ث": ("E", 0x12), "ق": ("R", 0x13), "ی": ("D", 0x20)}


@pytest.mark.parametrize("platform", ["xcb", "wayland", "windows"])
def test_a_key_of_another_layout_is_the_latin_one_of_its_place(platform: str) -> None:
    offset = 0 if platform == "windows" else 8
    for letter, (latin, code) in {**PERSIAN_KEYS, "я": ("Z", 0x2C), "ψ": ("C", 0x2E), "ש": ("A", 0x1E)}.items():
        event = QKeyEvent(QEvent.Type.KeyPress, ord(letter.upper()), NONE, code + offset, 0, 0, letter)
        assert latin_key(event, platform) is Key(ord(latin)), letter


def test_a_key_without_a_place_is_known_by_its_persian_letter() -> None:
    for letter, (latin, _code) in PERSIAN_KEYS.items():
        event = QKeyEvent(QEvent.Type.KeyPress, ord(letter), NONE, letter)
        assert latin_key(event, "xcb") is Key(ord(latin))


def test_a_latin_layout_is_left_alone() -> None:
    for key_code, text in ((int(Key.Key_Q), "q"), (0xC9, "é"), (0xD6, "ö"), (int(Key.Key_F4), ""), (0x42, "b")):
        assert latin_key(QKeyEvent(QEvent.Type.KeyPress, key_code, NONE, 0x13 + 8, 0, 0, text), "xcb") is None


def test_the_table_of_places_has_every_character_of_a_shortcut_once(window: MainWindow) -> None:
    assert len(set(PHYSICAL.values())) == len(PHYSICAL)
    wanted = {"P", "B", "S", "E", "L", "R", "F", "V", "J", "M", "I", "O", "A", "G", "U", "W", "[", "]", ".", "1", "0"}
    assert wanted | set("ABCDEFGHIJKLMNOPQRSTUVWXYZ") <= set(PHYSICAL.values())


def test_tools_and_commands_work_with_a_persian_layout_alone(window: MainWindow) -> None:
    fired: list[str] = []
    for letter, (latin, _code) in PERSIAN_KEYS.items():
        if latin != "D":
            foreign_key(letter)
            assert window.canvas.hand.tool in (Tool.BRUSH, Tool.SPRAY, Tool.ERASER, Tool.RECTANGLE)
            assert window.actions_by_name[window.canvas.hand.tool].isChecked()
            fired.append(window.canvas.hand.tool.value)
    assert fired == ["brush", "spray", "eraser", "rectangle"]
    foreign_key("ش", CONTROL)  # A
    assert window.canvas.selection.mask.all()
    foreign_key("ی", CONTROL)  # D
    assert not window.canvas.selection.mask.any()
    foreign_key("ش", CONTROL)
    window.actions_by_name[Action.DELETE].trigger()
    assert len(window.session.experiment.dataset) == 0
    foreign_key("ظ", CONTROL)  # Z
    assert len(window.session.experiment.dataset) == 60
    foreign_key("ظ", CONTROL | Modifier.ShiftModifier)
    assert len(window.session.experiment.dataset) == 0


def test_a_foreign_key_is_text_where_text_is_typed_and_its_commands_are_the_fields(
    window: MainWindow,
) -> None:
    box = window.control_panel.boxes["seed"]
    box.setFocus()
    box.selectAll()
    foreign_key("ذ")
    assert window.canvas.hand.tool is Tool.BRUSH
    assert box.cleanText() == "ذ"
    key(window, Key.Key_Escape)
    value = box.value()
    box.setFocus()
    box.selectAll()
    clipboard = QApplication.clipboard()
    clipboard.clear()
    foreign_key("ز", CONTROL)  # C
    assert clipboard.text() == str(value)


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_a_menu_opens_by_its_letter_on_a_persian_layout(window: MainWindow) -> None:
    foreign_key("ب", ALT)  # F
    file = window.menuBar().activeAction()
    assert file is not None
    assert file.text() == "&File"
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_in_every_open_menu_a_letter_of_a_persian_layout_is_the_one_of_its_key(window: MainWindow) -> None:
    owners = (QMenuBar, ClassList)
    menus = [menu for owner in owners for menu in window.findChild(owner).findChildren(QMenu)]  # type: ignore[union-attr]
    menus = [menu for menu in menus if menu.title() or isinstance(menu.parent(), ClassList)]
    menus = [menu for menu in menus if any("&" in action.text() for action in menu.actions())]
    assert len(menus) == 15, (
        "the bar’s, those of the size of text, the colours of the plane, the views of three laboratories and the "
        "calculator’s examples, and that of the right button on a class"
    )
    for menu in menus:
        chosen = next(action for action in menu.actions() if action.isEnabled() and latin_of(action) in LETTERS)
        menu.popup(QPoint(0, 0))
        press_in(menu, LETTERS[latin_of(chosen)])
        alike = [action for action in menu.actions() if latin_of(action) == latin_of(chosen)]
        assert menu.activeAction() in alike or not menu.isVisible(), menu.title()
        menu.hide()


def latin_of(action: QAction) -> str:
    """The letter that is underlined."""
    return QKeySequence.mnemonic(action.text()).toString()[-1:]


def press_in(widget: QWidget, letter: str, modifiers: Qt.KeyboardModifier = NONE) -> None:
    QApplication.sendEvent(widget, QKeyEvent(QEvent.Type.KeyPress, ord(letter), modifiers, letter))


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_a_command_is_chosen_in_a_menu_by_its_letter_on_a_persian_layout(window: MainWindow) -> None:
    chosen: list[str] = []
    foreign_key("ب", ALT)  # F
    menu = QApplication.activePopupWidget()
    assert isinstance(menu, QMenu)
    action = next(action for action in menu.actions() if latin_of(action) in LETTERS and not action.menu())
    action.triggered.disconnect()
    action.triggered.connect(lambda: chosen.append(action.text()))
    press_in(menu, LETTERS[latin_of(action)])
    assert chosen == [action.text()]


def test_a_dialog_is_answered_with_a_persian_layout_alone(window: MainWindow, qtbot: QtBot) -> None:
    for letter, modifiers in (("ی", NONE), ("ی", ALT)):  # D
        box = QMessageBox(window)
        keep, discard = (box.addButton(text, QMessageBox.ButtonRole.AcceptRole) for text in ("&Keep", "&Discard"))
        box.setDefaultButton(keep)
        box.open()
        qtbot.waitUntil(keep.hasFocus)
        foreign_key(letter, modifiers)
        qtbot.waitUntil(lambda box=box: not box.isVisible())  # type: ignore[misc]  # of this turn
        assert box.clickedButton() is discard
        box.deleteLater()


def test_underlined_letters_of_a_dialog_lead_to_their_fields_on_a_persian_layout(
    window: MainWindow, qtbot: QtBot
) -> None:
    dialog = QDialog(window)
    name, place = QLineEdit("a"), QSpinBox()
    form = QFormLayout(dialog)
    form.addRow("&Size", place)
    form.addRow("&Colour", name)
    dialog.open()
    name.setFocus()
    qtbot.waitUntil(name.hasFocus)
    foreign_key("س", ALT)  # S
    assert place.hasFocus()
    foreign_key("ز", ALT)  # C
    assert name.hasFocus()
    foreign_key("ز")
    assert name.text() in ("aز", "ز"), "without Alt it is text"
    dialog.close()
    dialog.deleteLater()


@pytest.mark.qt_log_ignore("does not support grabbing the keyboard", extend=True)
def test_the_menu_opens_from_a_field_too_and_nothing_is_typed_there(window: MainWindow) -> None:
    box = window.control_panel.boxes["seed"]
    box.setFocus()
    text = box.text()
    foreign_key("ب", ALT)  # F
    file = window.menuBar().activeAction()
    assert file is not None
    assert file.text() == "&File"
    assert box.text() == text
    popup = QApplication.activePopupWidget()
    assert popup is not None
    popup.close()


@pytest.mark.parametrize("digits", ["۰۱۲۳۴۵۶۷۸۹", "٠١٢٣٤٥٦٧٨٩", "०१२३४५६७८९"])
def test_digits_of_another_script_are_the_digits_that_they_are_wherever_they_lie(digits: str) -> None:
    for value, digit in enumerate(digits):
        for code in (0, 0x4F + 8):  # a keyboard on the screen; the block of digits, whose places are no characters
            event = QKeyEvent(QEvent.Type.KeyPress, ord(digit), NONE, code, 0, 0, digit)
            assert latin_key(event, "xcb") is Key(ord(str(value)))


def test_a_class_is_chosen_by_its_persian_digit(window: MainWindow) -> None:
    assert window.canvas.hand.label == 0
    foreign_key("۲")
    assert window.canvas.hand.label == 1
    foreign_key("١")
    assert window.canvas.hand.label == 0


def test_the_plane_shows_that_it_has_the_keyboard_if_a_key_brought_it(window: MainWindow) -> None:
    canvas, box = window.canvas, window.control_panel.depth_box

    def edge() -> str:
        return canvas.grab().toImage().pixelColor(round(canvas.plane.x) + 1, round(canvas.plane.y) + 9).name()

    highlight = canvas.palette().accent().color().name()
    box.setFocus()
    plain = edge()
    assert plain != highlight
    key(window, Key.Key_Escape)
    assert edge() == highlight
    box.setFocus()
    assert edge() == plain
    click(window.run_bar, QPoint(2, 2))
    assert canvas.hasFocus()
    assert edge() == plain


def test_a_persian_name_with_its_joiner_can_be_typed_for_a_class(qtbot: QtBot, window: MainWindow) -> None:
    window.actions_by_name[Action.RENAME_CLASS].trigger()
    editor = QApplication.focusWidget()
    assert isinstance(editor, QLineEdit)
    editor.selectAll()
    for letter in "خوش\u200cخیم":
        foreign_key(letter)
    QTest.keyClick(editor, Key.Key_Return)
    qtbot.waitUntil(lambda: window.session.experiment.dataset.class_names[0] == "خوش\u200cخیم")
    item = window.findChildren(QTreeWidget, "class_list")[0].topLevelItem(0)
    assert item is not None
    assert item.text(0) == "خوش\u200cخیم"
    assert window.canvas.hand.tool is Tool.BRUSH


# parts of the window


def region_names(window: MainWindow, keys: Qt.Key, modifiers: Qt.KeyboardModifier, times: int) -> list[str]:
    names = []
    for _ in range(times):
        key(window, keys, modifiers)
        focus = QApplication.focusWidget()
        assert focus is not None
        names.append(region_of(focus))
    return names


def test_f6_goes_round_the_parts_of_the_window_and_comes_back_to_where_one_was(window: MainWindow) -> None:
    there = [name for name in REGIONS if window.findChild(QWidget, name) is not None]
    at = there.index("canvas")
    around = there[at + 1 :] + there[: at + 1]
    assert len(there) >= 4
    assert region_names(window, Key.Key_F6, NONE, len(there)) == around
    assert window.canvas.hasFocus()
    back = [*reversed(there[:at]), *reversed(there[at:])]
    assert region_names(window, Key.Key_F6, Modifier.ShiftModifier, len(there)) == back
    box = window.control_panel.boxes["seed"]
    box.setFocus()
    key(window, Key.Key_F6)
    assert not box.hasFocus()
    key(window, Key.Key_F6, Modifier.ShiftModifier)
    assert box.hasFocus()


def test_f6_leaves_out_a_part_that_is_not_seen(window: MainWindow) -> None:
    panel = window.findChild(QWidget, "settings")
    assert panel is not None
    panel.hide()
    assert "settings" not in region_names(window, Key.Key_F6, NONE, len(REGIONS))


def test_digits_choose_a_class_from_the_plane_alone(window: MainWindow) -> None:
    stops = []
    for _ in range(60):
        key(window, Key.Key_Tab)
        focus = QApplication.focusWidget()
        if focus is window.canvas:
            break
        stops.append(focus)
        if not isinstance(focus, TEXTS):  # where a digit is a part of the number
            key(window, Key.Key_2)
            assert window.canvas.hand.label == 0, focus
    assert len(stops) > 30
    key(window, Key.Key_2)
    assert window.canvas.hand.label == 1


# everything by keys


def test_every_control_is_explained_by_its_tip(window: MainWindow) -> None:
    shown: list[str] = []
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(QWhatsThis, "showText", lambda _place, text, _widget: shown.append(text))
        patch.setattr(QWhatsThis, "enterWhatsThisMode", lambda: shown.append("mode"))
        key(window, Key.Key_F1, Modifier.ShiftModifier)
        assert shown == ["mode"]
        box = window.control_panel.depth_box
        box.setFocus()
        key(window, Key.Key_F1, Modifier.ShiftModifier)
        assert shown[1:] == [box.toolTip()]
    controls = (QAbstractButton, QAbstractSpinBox, QComboBox, QAbstractSlider)
    silent = [
        part.objectName() or repr(part)
        for part in window.findChildren(QWidget)
        if isinstance(part, controls) and not part.whatsThis() and part.isVisible()
        if not isinstance(part, QScrollBar) and not part.objectName().startswith("qt_")
    ]
    assert silent == []
    assert "right button erases" in window.canvas.whatsThis()


# the window of a view


def popped(window: MainWindow, view: LabView) -> ViewWindow:
    """The window of a view, which has the keyboard."""
    window.laboratory.panel.show_view(view)
    window.actions_by_name[Action.POP_OUT].trigger()
    made = window.laboratory.panel.windows.open[view]
    made.activateWindow()
    QTest.qWaitForWindowActive(made)
    QCoreApplication.processEvents()
    return made


def test_keys_in_the_window_of_a_view_are_those_of_the_main_window(window: MainWindow, qtbot: QtBot) -> None:
    action, dataset = window.actions_by_name, window.session.experiment.dataset
    view = popped(window, LabView.BARS)

    def press(pressed: Qt.Key, modifiers: Qt.KeyboardModifier = NONE) -> None:
        QTest.keyClick(view.windowHandle(), pressed, modifiers)

    is_fast = action[Action.FAST].isChecked()
    foreign_key("ف")  # T
    assert action[Action.FAST].isChecked() is not is_fast
    press(Key.Key_T)
    assert action[Action.FAST].isChecked() is is_fast
    action[Action.CLEAR].trigger()
    press(Key.Key_Z, CONTROL)
    assert window.session.experiment.dataset is dataset
    press(Key.Key_Y, CONTROL)
    assert len(window.session.experiment.dataset) == 0
    foreign_key("ظ", CONTROL)  # Z
    assert window.session.experiment.dataset is dataset
    press(Key.Key_F5)
    assert window.presentation.is_on
    window.presentation.end()
    press(Key.Key_F11)
    assert view.isFullScreen()
    assert not window.isFullScreen()
    wait_for_state(qtbot, window, RunState.READY)
    press(Key.Key_Space)
    wait_for_state(qtbot, window, RunState.RUNNING)
    press(Key.Key_O, CONTROL | Modifier.ShiftModifier)
    assert not window.laboratory.panel.windows.open


def test_buttons_and_lists_in_the_window_of_a_view_keep_their_keys(window: MainWindow) -> None:
    view, button = popped(window, LabView.CURVES), window.loss_plot.buttons.log_box
    hover(window)  # the plane must not have it, which is in another window
    tool, rows = window.canvas.hand.tool, QComboBox(view)
    rows.addItems(["Sigmoid", "ELU"])
    rows.show()
    button.setFocus()
    QCoreApplication.processEvents()
    QTest.keyClick(view.windowHandle(), Key.Key_Space)
    assert button.isChecked()
    assert window.session.snapshot.state is RunState.READY
    rows.setFocus()
    QCoreApplication.processEvents()
    QTest.keyClick(view.windowHandle(), Key.Key_E)
    assert rows.currentIndex() == 1
    assert window.canvas.hand.tool is tool
