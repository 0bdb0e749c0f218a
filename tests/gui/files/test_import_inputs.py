"""Tables as people and programs write them, through the dialog: what is announced is what is read."""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import Qt
from PySide6.QtWidgets import QDialogButtonBox
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset
from engine.formats.tables import open_table
from gui.files.import_dialog import ImportDialog
from tests.gui.files.test_import_dialog import choose
from tests.inputs import FOLDER, RIGHT

MakeDialog = Callable[[str], ImportDialog]


@pytest.fixture
def make(qtbot: QtBot) -> MakeDialog:
    def made(name: str) -> ImportDialog:
        drawing = Dataset(np.zeros((2, 2), np.float32), np.array([0, 1]), ("red", "blue"))
        dialog = ImportDialog(name, open_table(FOLDER / name), drawing, "blue")
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


def press_import(dialog: ImportDialog) -> None:
    dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).click()


@pytest.mark.parametrize("name", RIGHT)
def test_what_is_accepted_is_read_right(make: MakeDialog, name: str) -> None:
    right, dialog = RIGHT[name], make(name)
    if right.missing:
        assert right.missing[1:] in dialog.outcome.text()  # where it begins a sentence
        assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
        n_rows = sum(right.counts.values()) + right.left_out
        assert dialog.missing_box.text().endswith(f"({right.left_out} of {n_rows})")
        dialog.missing_box.click()
    assert right.doubt in dialog.outcome.text()

    press_import(dialog)

    assert not dialog.isVisible()
    assert dialog.points is not None
    dataset = dialog.points.dataset
    found = zip(dataset.class_names, dataset.class_counts().tolist(), strict=True)
    assert {name: count for name, count in found if count} == right.counts
    assert dataset.feature_names == right.features
    np.testing.assert_array_equal(dataset.points[0], np.array(right.first, np.float32))
    assert dialog.points.left_out == right.left_out
    assert right.note in " ".join([dialog.outcome.text(), *map(str, dialog.points.notes)])


def test_another_encoding_gives_other_names_and_settles_the_doubt(make: MakeDialog) -> None:
    dialog = make("08_cp1256.csv")
    assert dialog.encoding_box.currentData() == "cp1256"
    assert "guessed" in dialog.outcome.text()

    choose(dialog.encoding_box, "cp1251")
    assert "Шжб goes across" in dialog.outcome.text()
    assert "guessed" not in dialog.outcome.text()

    choose(dialog.encoding_box, "cp1256")
    press_import(dialog)
    assert dialog.points is not None
    assert dialog.points.dataset.feature_names == ("طول", "عرض")


def test_an_encoding_that_cannot_be_is_told_and_another_can_be_chosen(make: MakeDialog) -> None:
    dialog = make("08_cp1256.csv")
    choose(dialog.encoding_box, "utf-16-le")
    assert "not a text file" in dialog.outcome.text()
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    choose(dialog.encoding_box, "cp1256")
    assert dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()


def test_a_spreadsheet_has_no_encoding_to_choose(make: MakeDialog) -> None:
    assert not make("31_libreoffice.ods").encoding_box.isEnabled()
    assert make("41_cp1252.csv").encoding_box.isEnabled()


def test_the_line_in_which_the_table_begins_can_be_chosen(make: MakeDialog) -> None:
    dialog = make("17_preamble.csv")
    assert dialog.begin_box.value() == 4

    dialog.begin_box.setValue(9)
    dialog.header_box.click()

    assert dialog.preview.rowCount() == 8
    assert dialog.preview.data(dialog.preview.index(0, 0)) == "-0.04"
    assert dialog.preview.headerData(0, Qt.Orientation.Vertical) == 9, "rows are counted as the file's lines"
    press_import(dialog)
    assert dialog.points is not None
    assert len(dialog.points.dataset) == 8


def test_a_label_that_is_chosen_settles_the_doubt(make: MakeDialog) -> None:
    dialog = make("18_multi_candidates.csv")
    assert "may be in any of the columns" in dialog.outcome.text()
    choose(dialog.label_box, 4)
    assert "may be in any of the columns" not in dialog.outcome.text()
    press_import(dialog)
    assert dialog.points is not None
    assert dialog.points.dataset.class_names == ("1", "2")


def test_all_columns_are_those_that_are_no_identifier(make: MakeDialog) -> None:
    dialog = make("50_header_trailing_comma.csv")
    headings = [str(dialog.preview.headerData(k, Qt.Orientation.Horizontal)) for k in range(4)]
    assert headings == ["id\n", "class\nclass", "x\nx", "y\ny"]
    choose(dialog.x_box, -1)
    choice = dialog.choice()
    assert choice is not None
    assert choice.columns.features == (2, 3)
