"""The dialog shows what a table is taken for, lets each part be changed, and says what will come of it."""

from __future__ import annotations

import threading
from collections.abc import Callable

import numpy as np
import pytest
from PySide6.QtCore import QCoreApplication, Qt, QTimer
from PySide6.QtGui import QColor
from PySide6.QtTest import QAbstractItemModelTester, QTest
from PySide6.QtWidgets import QApplication, QComboBox, QDialogButtonBox, QLabel, QWidget
from pytestqt.qtbot import QtBot

from engine.dataset import Dataset
from engine.errors import InputError
from engine.formats.tables import Columns, TableFormat, TablePoints, TableSample, TableSource, table_from_text
from gui.files import import_dialog, table_look
from gui.files.import_dialog import ALL, NONE, ImportChoice, ImportDialog, in_class
from gui.paint.type_size import scaled
from gui.system.background import Task

CELLS = "id;length;width;age;kind\n1;1,5;2,5;3;wild\n2;1,0;2,0;4;tame\n3;0,5;1,5;5;wild\n4;0,5;1,2;5;wild\n"
POINTS = "x,y,class\n1,2,red\n3,4,green\n5,6,red\n"
MakeDialog = Callable[..., ImportDialog]


def drawing(n_features: int = 2) -> Dataset:
    return Dataset(np.zeros((4, n_features), np.float32), np.array([0, 1, 0, 1]), ("red", "blue"))


@pytest.fixture
def make(qtbot: QtBot) -> MakeDialog:
    def made(text: str, present: Dataset | None = None) -> ImportDialog:
        dialog = ImportDialog("cells.csv", table_from_text(text), present or drawing(), "blue")
        qtbot.addWidget(dialog)
        dialog.show()
        return dialog

    return made


def choose(box: QComboBox, value: object) -> None:
    """As a user does."""
    index = box.findData(value)
    assert index >= 0
    box.setCurrentIndex(index)
    box.activated.emit(index)


def outcome(dialog: ImportDialog) -> str:
    label = dialog.findChild(QLabel, "outcome")
    assert isinstance(label, QLabel)
    assert label.textFormat() == Qt.TextFormat.PlainText
    return label.text()


def can_import(dialog: ImportDialog) -> bool:
    enabled = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    assert enabled == (dialog.choice() is not None)
    return enabled


def headings(dialog: ImportDialog) -> list[str]:
    model = dialog.preview
    return [str(model.headerData(column, Qt.Orientation.Horizontal)) for column in range(model.columnCount())]


def test_two_columns_of_numbers_and_a_label_are_found_by_themselves(make: MakeDialog) -> None:
    dialog = make(POINTS)
    assert dialog.choice() == ImportChoice(TableFormat(",", ".", True), Columns((0, 1), 2), adds=False)
    assert headings(dialog) == ["x\nx", "y\ny", "class\nclass"]
    assert outcome(dialog) == "x goes across, y upwards; classes in the first 3 rows: red, green."
    assert can_import(dialog)


def test_more_columns_of_numbers_are_seen_on_their_principal_plane_and_the_one_that_counts_is_left_out(
    make: MakeDialog,
) -> None:
    dialog = make(CELLS)
    choice = dialog.choice()
    assert choice is not None
    assert choice.format == TableFormat(";", ",", True)
    assert choice.columns == Columns((1, 2, 3), 4)
    assert "principal components" in outcome(dialog)
    assert dialog.x_box.currentData() == ALL
    assert not dialog.y_box.isEnabled()
    assert headings(dialog)[:2] == ["id\n", "length\nfeature"]


def test_two_of_many_columns_can_be_chosen_and_another_label_or_none(make: MakeDialog) -> None:
    dialog = make(CELLS)
    choose(dialog.x_box, 3)
    choose(dialog.y_box, 1)
    choose(dialog.label_box, NONE)
    choice = dialog.choice()
    assert choice is not None
    assert choice.columns == Columns((3, 1), None)
    assert headings(dialog) == ["id\n", "length\ny", "width\n", "age\nx", "kind\n"]
    assert outcome(dialog).startswith("age goes across, length upwards; all points are of one class.")


@pytest.mark.parametrize(("box", "value"), [("y_box", 1), ("label_box", 1)])
def test_a_column_that_is_chosen_twice_disables_import_and_says_so(make: MakeDialog, box: str, value: int) -> None:
    dialog = make(CELLS)
    choose(dialog.x_box, 1)
    choose(dialog.y_box, 2)
    choose(getattr(dialog, box), value)
    assert not can_import(dialog)
    assert "chosen twice" in outcome(dialog)
    choose(dialog.x_box, 3)
    assert can_import(dialog)


def test_the_label_is_no_feature_when_all_columns_are_used(make: MakeDialog) -> None:
    dialog = make("a,b,c,d\n" + "".join(f"{i * 0.5},{i * i},{-i},{i % 2}\n" for i in range(9)))
    choose(dialog.x_box, ALL)
    choose(dialog.label_box, 3)
    choice = dialog.choice()
    assert choice is not None
    assert choice.columns == Columns((0, 1, 2), 3)


def test_the_delimiter_can_be_changed_and_any_character_be_typed(qtbot: QtBot, make: MakeDialog) -> None:
    dialog = make("1!2!a\n3!4!b\n")
    editor = dialog.delimiter_box.lineEdit()
    assert editor is not None
    dialog.delimiter_box.setEditText("!")
    editor.editingFinished.emit()
    choice = dialog.choice()
    assert choice is not None
    assert choice.format.delimiter == "!"
    assert dialog.preview.columnCount() == 3
    choose(dialog.delimiter_box, ";")
    assert dialog.preview.columnCount() == 1
    assert not can_import(dialog)
    assert "no column of numbers" in outcome(dialog)


@pytest.mark.parametrize("typed", ["ab", '"'])
def test_a_delimiter_that_cannot_be_is_refused_with_a_sentence(make: MakeDialog, typed: str) -> None:
    dialog = make(POINTS)
    editor = dialog.delimiter_box.lineEdit()
    assert editor is not None
    dialog.delimiter_box.setEditText(typed)
    editor.editingFinished.emit()
    assert "one character" in outcome(dialog)
    assert not dialog.buttons.button(QDialogButtonBox.StandardButton.Ok).isEnabled()
    dialog.accept()
    assert dialog.isVisible(), "what is refused is not imported by Enter either"
    choose(dialog.delimiter_box, ",")
    assert can_import(dialog)


def test_enter_after_a_delimiter_was_typed_takes_it(qtbot: QtBot, make: MakeDialog) -> None:
    dialog = make(POINTS)
    dialog.delimiter_box.setFocus()
    dialog.delimiter_box.setEditText("|")
    dialog.accept()
    assert dialog.isVisible()
    assert dialog.preview.columnCount() == 1


def test_the_header_and_the_decimal_sign_can_be_changed(make: MakeDialog) -> None:
    dialog = make(POINTS)
    dialog.header_box.click()
    assert dialog.preview.rowCount() == 4
    assert dialog.preview.data(dialog.preview.index(0, 2)) == "class"
    dialog.header_box.click()
    assert can_import(dialog)
    dialog = make(CELLS)
    choose(dialog.decimal_box, ".")
    assert dialog.x_box.count() == 2, "only id and age are numbers then"


def test_columns_that_were_chosen_stay_when_the_header_is_changed(make: MakeDialog) -> None:
    dialog = make("1,2,3,4\n5,6.5,7,8\n9,1,2,3\n")
    choose(dialog.x_box, 3)
    choose(dialog.y_box, 1)
    choose(dialog.label_box, NONE)
    dialog.header_box.click()
    choice = dialog.choice()
    assert choice is not None
    assert choice.columns == Columns((3, 1), None)


@pytest.mark.parametrize(("text", "reason"), [("a\nb\nc\n", "no column"), ("a\n1\n2\n", "only one column")])
def test_a_table_without_two_columns_of_numbers_says_so(make: MakeDialog, text: str, reason: str) -> None:
    dialog = make(text)
    assert not can_import(dialog)
    assert reason in outcome(dialog)


def test_adding_names_the_class_of_points_that_have_none(make: MakeDialog) -> None:
    dialog = make(POINTS)
    dialog.add_button.click()
    choice = dialog.choice()
    assert choice is not None
    assert choice.adds
    choose(dialog.label_box, NONE)
    assert "all points are of the class blue" in outcome(dialog)


def test_points_of_other_features_cannot_be_added(make: MakeDialog) -> None:
    dialog = make(CELLS)
    dialog.add_button.click()
    assert not can_import(dialog)
    assert "have 2 features, these have 3" in outcome(dialog)
    dialog.replace_button.click()
    assert can_import(dialog)
    dialog = make(CELLS, drawing(3))
    dialog.add_button.click()
    assert can_import(dialog)


def test_more_than_ten_classes_are_refused_before_reading(make: MakeDialog) -> None:
    text = "x,y,class\n" + "".join(f"{i}.5,{i * i},c{i % 9}\n" for i in range(30))
    dialog = make(text)
    assert can_import(dialog)
    dialog.add_button.click()
    assert not can_import(dialog)
    assert "11 classes" in outcome(dialog)


def test_columns_are_tinted_by_their_use_and_the_model_is_sound(make: MakeDialog) -> None:
    dialog = make(CELLS)
    QAbstractItemModelTester(dialog.preview, QAbstractItemModelTester.FailureReportingMode.Fatal)
    choose(dialog.x_box, 1)
    choose(dialog.y_box, 2)

    def tint(column: int) -> QColor | None:
        brush = dialog.preview.data(dialog.preview.index(0, column), Qt.ItemDataRole.BackgroundRole)
        return None if brush is None else brush.color()  # type: ignore[attr-defined]

    assert tint(0) is tint(3) is None
    assert tint(1) == tint(2) != tint(4)
    assert tint(4) is not None


def test_names_are_no_markup(make: MakeDialog) -> None:
    dialog = make("<b>x</b>,y,class\n1,2,<i>red</i>\n3,4,green\n5,6,green\n")
    assert "<b>x</b> goes across" in outcome(dialog)
    assert "<i>red</i>" in outcome(dialog)


def test_everything_that_can_be_focused_has_a_name_a_tip_or_a_text(make: MakeDialog) -> None:
    dialog = make(POINTS)
    for widget in (
        dialog.x_box,
        dialog.y_box,
        dialog.label_box,
        dialog.delimiter_box,
        dialog.decimal_box,
        dialog.table,
    ):
        assert widget.accessibleName()
        assert widget.toolTip()
    letters = [
        text[text.index("&") + 1].lower()
        for child in dialog.findChildren(QWidget)
        if "&" in (text := str(child.property("text") or ""))
    ]
    assert len(letters) == len(set(letters)) >= 9


def test_the_function_returns_what_was_chosen_or_none(qtbot: QtBot) -> None:
    parent = QWidget()
    qtbot.addWidget(parent)

    def ask(answer: str) -> tuple[ImportChoice, TablePoints] | None:
        QTimer.singleShot(50, lambda: getattr(parent.findChildren(ImportDialog)[-1], answer)())
        source = table_from_text(POINTS)
        return import_dialog.ask_import(parent, "cells.csv", source, drawing(), "blue", import_dialog.read_at_once)

    found = ask("accept")
    assert found is not None
    assert found[0] == ImportChoice(TableFormat(",", ".", True), Columns((0, 1), 2), adds=False)
    assert found[1].dataset.points.tolist() == [[1, 2], [3, 4], [5, 6]]
    assert ask("reject") is None


def test_one_bad_cell_among_few_rows_is_named_with_its_line_and_column(make: MakeDialog) -> None:
    dialog = make("x,bill\n1,2\n3,foo\n5,6\n")
    assert not can_import(dialog)
    told = outcome(dialog)
    assert told == "There is only one column of numbers; two are needed. Line 3, column “bill”: “foo” is not a number."


def everything_with_the_focus(dialog: ImportDialog) -> list[QWidget]:
    return [widget for widget in dialog.findChildren(QWidget) if widget.focusPolicy() & Qt.FocusPolicy.TabFocus]


@pytest.mark.parametrize("key", [Qt.Key.Key_Return, Qt.Key.Key_Enter])
def test_enter_never_gives_up_wherever_the_focus_is(qtbot: QtBot, make: MakeDialog, key: Qt.Key) -> None:
    dialog = make("a\nb\nc\n")
    dialog.activateWindow()
    assert not can_import(dialog)
    ended: list[int] = []
    dialog.finished.connect(ended.append)
    for widget in everything_with_the_focus(dialog):
        widget.setFocus()
        QTest.keyClick(dialog.focusWidget() or dialog, key)
        assert dialog.isVisible(), widget
    assert ended == []


def test_a_row_that_cannot_be_read_leaves_the_focus_where_no_key_gives_up(qtbot: QtBot, make: MakeDialog) -> None:
    rows = "".join(f"{i},{i * i},{'ab'[i % 2]}\n" for i in range(1200))
    dialog = make(f"x,y,class\n{rows}7,foo,a\n")
    button = dialog.buttons.button(QDialogButtonBox.StandardButton.Ok)
    button.setFocus()
    for key in (Qt.Key.Key_Return, Qt.Key.Key_Return, Qt.Key.Key_Space):
        QTest.keyClick(dialog.focusWidget() or dialog, key)
        assert dialog.isVisible()
    assert "Line 1202, column “y”: “foo” is not a number" in outcome(dialog).replace("line", "Line")


def test_enter_imports_where_that_can_be(qtbot: QtBot, make: MakeDialog) -> None:
    dialog = make(POINTS)
    dialog.x_box.setFocus()
    QTest.keyClick(dialog.x_box, Qt.Key.Key_Return)
    assert not dialog.isVisible()
    assert dialog.points is not None


class SlowLook:
    """Looks at tables as if each were large, each look waiting to be let through.

    Attributes:
        on_main: for each look whether it was on this thread.
        go: lets one look through.
        error: raised then, if it is set.
    """

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.on_main: list[bool] = []
        self.go = threading.Semaphore(0)
        self.error: BaseException | None = None
        self._look = TableSource.look
        monkeypatch.setattr(table_look, "LARGE_FILE", 0)
        monkeypatch.setattr(TableSource, "look", self._wait_and_look)

    def _wait_and_look(
        self, source: TableSource, form: TableFormat | None = None, is_cancelled: Callable[[], bool] | None = None
    ) -> TableSample:
        self.on_main.append(threading.current_thread() is threading.main_thread())
        assert self.go.acquire(timeout=20)
        if self.error is not None:
            raise self.error
        return self._look(source, form, is_cancelled)


@pytest.fixture
def slow(monkeypatch: pytest.MonkeyPatch) -> SlowLook:
    look = SlowLook(monkeypatch)
    monkeypatch.setattr(TableSource, "look", lambda source, *given: look._wait_and_look(source, *given))
    return look


def test_a_large_table_is_looked_at_on_another_thread_and_the_newest_wish_wins(
    qtbot: QtBot, make: MakeDialog, slow: SlowLook
) -> None:
    dialog = make("1;2|3;4|5\n6;7|8;9|1\n2;3|4;5|6\n")
    assert outcome(dialog) == "Looking at the table …"
    assert not can_import(dialog)
    slow.go.release()
    qtbot.waitUntil(lambda: dialog.preview.columnCount() > 0, timeout=20_000)
    choose(dialog.delimiter_box, "|")
    choose(dialog.delimiter_box, ",")
    choose(dialog.delimiter_box, ";")
    dialog.accept()
    assert dialog.isVisible(), "what it will be is not known yet"
    slow.go.release(5)
    qtbot.waitUntil(lambda: dialog._look.is_busy is False, timeout=20_000)
    choice = dialog.choice()
    assert not any(slow.on_main)
    assert dialog.delimiter_box.currentData() == ";"
    assert dialog.preview.columnCount() == 3
    assert choice is None or choice.format.delimiter == ";"


@pytest.mark.parametrize(
    ("error", "sentence"),
    [(MemoryError(), "memory"), (InputError("it is odd."), "It is odd."), (ZeroDivisionError(), "nobody foresaw")],
)
@pytest.mark.parametrize("is_large", [True, False])
def test_whatever_a_look_leads_to_is_told_in_the_dialog_which_stays(
    qtbot: QtBot,
    make: MakeDialog,
    slow: SlowLook,
    monkeypatch: pytest.MonkeyPatch,
    error: BaseException,
    sentence: str,
    is_large: bool,
) -> None:
    if not is_large:
        monkeypatch.setattr(table_look, "LARGE_FILE", 1000)
    slow.go.release(9)
    dialog = make(POINTS)
    qtbot.waitUntil(lambda: can_import(dialog), timeout=20_000)
    slow.error = error
    choose(dialog.encoding_box, "cp1252")
    qtbot.waitUntil(lambda: sentence in outcome(dialog), timeout=20_000)
    assert not can_import(dialog)
    slow.error = None
    choose(dialog.encoding_box, "cp1250")
    qtbot.waitUntil(lambda: can_import(dialog), timeout=20_000)


def test_a_dialog_that_is_given_up_ends_its_look(qtbot: QtBot, make: MakeDialog, slow: SlowLook) -> None:
    dialog = make(POINTS)
    dialog.reject()
    slow.go.release()
    for task in dialog.findChildren(Task):
        assert task.wait(20_000)
    QCoreApplication.sendPostedEvents()
    assert dialog.preview.columnCount() == 0


def test_points_without_a_class_are_given_one_of_the_drawing() -> None:
    read = table_from_text("1,2\n3,4\n5,7\n").read(TableFormat(",", ".", False), Columns((0, 1), None))
    assert read is not None
    given = in_class(read.dataset, 1, drawing())
    joined = drawing().joined(given)
    assert joined.class_names == ("red", "blue")
    assert joined.labels.tolist() == [0, 1, 0, 1, 1, 1, 1]
    assert len(set(zip(joined.labels.tolist(), joined.serials.tolist(), strict=True))) == 7


def test_what_may_be_meant_otherwise_is_said_and_can_be_imported_all_the_same(make: MakeDialog) -> None:
    dialog = make("x,y,species\n" + "".join(f"{i},{i % 7}.5,kind {i}\n" for i in range(0, 100, 2)))

    assert "all points are of one class.\nThe column “species” has 50 different values" in outcome(dialog)
    assert can_import(dialog)


def test_names_of_columns_are_whole_and_long_texts_have_more_room_beside_a_large_font(
    make: MakeDialog, qapp: QApplication
) -> None:
    usual = qapp.font()
    try:
        qapp.setFont(scaled(usual, 1.5))
        dialog = make("sepal length,width,note\n1,2,a rather long text in a cell\n3,4,b\n")
        dialog.show()
        header = dialog.table.horizontalHeader()
        widths = [header.sectionSize(column) for column in range(3)]
        assert all(width >= header.sectionSizeHint(column) for column, width in enumerate(widths))
        assert widths[2] > widths[1]
        assert dialog.width() >= min(1.4 * 720, 0.89 * dialog.screen().availableSize().width())
    finally:
        qapp.setFont(usual)
