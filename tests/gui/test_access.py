"""What keyboards, screen readers and the curious need: keys that fire, names, and tips everywhere."""

from __future__ import annotations

from collections import Counter

import pytest
from PySide6.QtGui import QAction, QKeySequence
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractItemView,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QLabel,
    QLineEdit,
    QScrollBar,
    QTableView,
    QTextBrowser,
    QToolButton,
    QWidget,
)

from gui.main_window import MainWindow

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QAbstractSlider, QAbstractItemView)


def controls(window: MainWindow) -> list[QWidget]:
    """What can be worked with; the parts of which Qt makes its own widgets belong to these."""
    found: list[QWidget] = []
    for control in window.findChildren(QWidget):
        parents = []
        parent = control.parentWidget()
        while parent is not None:
            parents.append(parent)
            parent = parent.parentWidget()
        is_part = any(isinstance(parent, CONTROLS) for parent in parents)
        if isinstance(control, CONTROLS) and not is_part and not is_of_qt(control):
            found.append(control)
    return found


def name_of(control: QWidget) -> str:
    """What a screen reader says."""
    labels = [label for label in control.window().findChildren(QLabel) if label.buddy() is control]
    own = control.text() if isinstance(control, QAbstractButton) else ""
    return control.accessibleName() or own or (labels[0].text() if labels else "")


def is_of_qt(control: QWidget) -> bool:
    """Scroll bars, the buttons with which menu bar and tool bar show what does not fit, and Close and the like."""
    is_standard = isinstance(control.parentWidget(), QDialogButtonBox)
    return is_standard or isinstance(control, QScrollBar) or control.objectName().startswith("qt_")


def test_no_key_means_two_things(window: MainWindow) -> None:
    keys = Counter(
        key.toString(QKeySequence.SequenceFormat.PortableText)
        for action in window.findChildren(QAction)
        for key in action.shortcuts()
    )
    assert [key for key, count in keys.items() if count > 1] == []
    assert len(keys) > 50


def test_no_key_of_the_window_is_a_mnemonic_of_its_menu_bar(window: MainWindow) -> None:
    letters = [
        text[text.index("&") + 1].upper() for action in window.menuBar().actions() if "&" in (text := action.text())
    ]
    assert len(letters) == len(set(letters)) == len(window.menuBar().actions())


def test_every_action_of_the_menus_has_a_status_tip(window: MainWindow) -> None:
    silent = [
        action.text()
        for menu in window.menuBar().actions()
        for action in menu.menu().actions()  # type: ignore[attr-defined]
        if not action.isSeparator() and action.menu() is None and not action.statusTip()
    ]
    assert silent == []


def test_every_control_has_a_name(window: MainWindow) -> None:
    nameless = [control.objectName() or repr(control) for control in controls(window) if not name_of(control)]
    assert nameless == []


def test_every_control_has_a_tooltip(window: MainWindow) -> None:
    silent = [c.objectName() or repr(c) for c in controls(window) if not c.toolTip()]
    assert silent == []


def test_every_control_says_in_the_status_bar_what_it_does(window: MainWindow) -> None:
    silent = []
    for control in controls(window):
        action = control.defaultAction() if isinstance(control, QToolButton) else None
        if control.window() is window and not control.statusTip() and (action is None or not action.statusTip()):
            silent.append(control.objectName() or repr(control))
    assert silent == []


def test_every_tip_goes_over_several_lines_where_it_is_long(window: MainWindow) -> None:
    assert [
        part for part in window.findChildren(QWidget) if part.toolTip() and not part.toolTip().startswith("<")
    ] == []


def test_a_control_without_name_or_tip_would_be_found(window: MainWindow) -> None:
    planted = QComboBox(window.canvas)
    planted.setObjectName("planted")
    edit = QLineEdit(planted)
    assert planted in controls(window)
    assert edit not in controls(window)
    assert not name_of(planted)
    assert not planted.toolTip()


@pytest.mark.parametrize("name", ["matrix", "activations", "history", "shortcuts"])
def test_every_window_that_is_opened_has_names_and_tips_too(window: MainWindow, name: str) -> None:
    window.actions_by_name[name].trigger()
    dialog = next(child for child in window.findChildren(QDialog) if child.isVisible())
    found = [control for control in controls(window) if control.window() is dialog]
    assert [control.objectName() or repr(control) for control in found if not name_of(control)] == []
    silent = [c for c in found if not c.toolTip() and not isinstance(c, QTextBrowser | QTableView)]
    assert [control.objectName() or repr(control) for control in silent] == []
    letters = Counter(mnemonic for control in found if (mnemonic := mnemonic_of(control)))
    assert [letter for letter, count in letters.items() if count > 1] == []
    dialog.close()


def mnemonic_of(control: QWidget) -> str:
    """The letter that reaches a button with Alt, or ""."""
    text = control.text().replace("&&", "") if isinstance(control, QAbstractButton) else ""
    return text[text.index("&") + 1].upper() if "&" in text else ""
