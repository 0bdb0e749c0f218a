"""Names from right to left leave the words, numbers and signs around them in their order, everywhere."""

from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtGui import QTextDocument, QTextLayout
from PySide6.QtWidgets import QApplication, QLabel
from pytestqt.qtbot import QtBot

from engine.data.projection import principal_plane
from engine.dataset import Dataset, empty_dataset
from engine.formats.tables import table_from_text
from engine.isolates import isolated, with_isolated_quotes
from engine.messages import message
from gui.drawing.plane import Units
from gui.drawing.tools import Tool
from gui.files.import_dialog import ImportDialog
from gui.main_window import MainWindow
from gui.text.edits import stroke_edit
from gui.text.probabilities import class_probabilities
from gui.text.sentences import axis_caption, axis_captions, place_text

NAMES = ("خوش\u200cخیم", "بدخیم")
FEATURES = ("وزن (گرم)", "طول")
TABLE = "وزن,طول,نوع\n1,2,خوش\n3,4,بد\n5,7,خوش\n"


def dataset() -> Dataset:
    points = np.array([[0.0, 1.0], [2.0, 5.0], [3.0, 1.0], [4.0, 4.0]], dtype=np.float32)
    return Dataset(points, np.array([0, 1, 0, 1]), NAMES, feature_names=FEATURES)


def check_order(line: str, *parts: str) -> None:
    """The line runs from left to right, and its parts stand on the screen in the order given."""
    document = QTextDocument()
    document.setPlainText(line)
    assert document.begin().textDirection() is Qt.LayoutDirection.LeftToRight, line
    layout = QTextLayout(line)
    layout.beginLayout()
    shown_line = layout.createLine()
    layout.endLayout()
    places, start = [], 0
    for part in parts:
        start = line.index(part, start)
        ends = [shown_line.cursorToX(start)[0], shown_line.cursorToX(start + len(part))[0]]  # type: ignore[index]
        places.append((min(ends), max(ends)))
        start += len(part)
    assert all(left[1] <= right[0] + 0.5 for left, right in pairwise(places)), (line, places)


@pytest.mark.parametrize("with_marks", [True, False])
def test_the_check_can_fail(qapp: QApplication, with_marks: bool) -> None:
    name = isolated(NAMES[0]) if with_marks else NAMES[0]
    if with_marks:
        check_order(f"{name} 12.5 and {name} 3", "12.5", "and", "3")
    else:
        with pytest.raises(AssertionError):
            check_order(f"{name} 12.5 and {name} 3", "12.5", "and", "3")


def test_probabilities_and_places(qapp: QApplication) -> None:
    check_order(class_probabilities(NAMES, np.array([0.25, 0.75])), "P(", NAMES[0], ")", "25.0 %", NAMES[1], "75.0 %")
    check_order(place_text(dataset(), (1.0, 2.0)), FEATURES[0], "1.000", FEATURES[1], "2.000")


def test_captions_keep_their_arrows(qapp: QApplication) -> None:
    data = dataset()
    across, up = axis_captions(data)
    for caption in (across, *axis_captions(Dataset(
        data.points, data.labels, NAMES, feature_names=FEATURES, projection=principal_plane(data.points)
    ))):  # fmt: skip
        check_order(f"{isolated(caption)} →", FEATURES[0] if FEATURES[0] in caption else FEATURES[1], "→")
    check_order(f"↑ {isolated(up)}", "↑", FEATURES[1])
    check_order(f"{isolated(axis_caption(FEATURES[0], Units(0.0, 1e5, 3)))} →", FEATURES[0], "in", "10³", "→")


def test_undo_steps_and_errors(qapp: QApplication) -> None:
    check_order(str(stroke_edit(Tool.BRUSH, 3, isolated(NAMES[0]))), "Draw", "3", "(", NAMES[0], ")")
    check_order(with_isolated_quotes(f"“{NAMES[0]}” is 3 of 4."), "“", NAMES[0], "”", "is", "3", "of", "4")


def test_names_of_steps_in_the_window(window: MainWindow) -> None:
    window._editor.rename_class(0, NAMES[0])
    check_order(window.session.undo_stack.undoText(), "Rename", "to", NAMES[0])
    window.session.edit(window.session.experiment.with_dataset(dataset().with_class()), message("Other Points"))
    window._editor.merge_class(0, 1)
    check_order(window.session.undo_stack.undoText(), "Merge", NAMES[0], "into", NAMES[1])


def test_what_an_import_will_make(qtbot: QtBot) -> None:
    dialog = ImportDialog("نام.csv", table_from_text(TABLE), empty_dataset(), "a")
    qtbot.addWidget(dialog)
    outcome = dialog.findChild(QLabel, "outcome")
    assert outcome is not None
    check_order(outcome.text(), "وزن", "goes across", "طول", "upwards", "classes in the first", "3", "خوش", "بد")
