"""Importing a table: how it is written, which columns are used, and what will come of it, with a preview."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QKeyEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QButtonGroup,
    QCheckBox,
    QComboBox,
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QLabel,
    QRadioButton,
    QTableView,
    QVBoxLayout,
    QWidget,
)

from engine.dataset import Dataset
from engine.errors import InputError
from engine.formats.encodings import ENCODINGS
from engine.formats.tables import (
    LOOKED_AT_ROWS,
    Columns,
    TableError,
    TableFormat,
    TablePoints,
    TableSample,
    TableSource,
)
from engine.isolates import with_isolated_quotes
from gui.files.table_look import TableLook, Wish
from gui.files.table_preview import TablePreview
from gui.paint.type_size import scale_of
from gui.text.import_wording import (
    DECIMAL_NAMES,
    DELIMITER_NAMES,
    TIPS,
    classes_of,
    outcome_of,
    problem_of,
    problem_of_classes,
)
from gui.text.language import mark, say
from gui.text.sentences import sentence_of
from gui.widgets.boxes import without_icons
from gui.widgets.forms import heading, make_form
from gui.widgets.number_boxes import WholeBox

ALL = -1  # in the box of x: all columns of numbers
NONE = -2  # in the box of the label
MAX_FIRST_LINE = 9_999_999


@dataclass(frozen=True)
class ImportChoice:
    """The choices by which a table is imported.

    Attributes:
        format: how it is written.
        columns: which are used.
        adds: whether the points are added to the drawing, or replace it.
        skip_missing: whether rows with missing values are left out.
    """

    format: TableFormat
    columns: Columns
    adds: bool
    skip_missing: bool = False


Reading = Callable[[QWidget, TableSource, ImportChoice], TablePoints | None]
"""Reads what was chosen, over the dialog; None if the user ended it. Raises `InputError`."""


def read_at_once(_parent: QWidget, source: TableSource, choice: ImportChoice) -> TablePoints | None:
    """Read what was chosen; see `Reading`."""
    return source.read(choice.format, choice.columns, skip_missing=choice.skip_missing)


def ask_import(
    parent: QWidget, name: str, source: TableSource, drawing: Dataset, class_in_hand: str, read: Reading
) -> tuple[ImportChoice, TablePoints] | None:
    """The choices by which a table is to be imported, and its points; None if the user gave up.

    Args:
        parent: the window.
        name: of the file.
        source: the table.
        drawing: to which points may be added.
        class_in_hand: the name of the class that points without a label are given when they are added.
        read: reads the points; what is wrong with them is told in the dialog, which stays open.
    """
    dialog = ImportDialog(name, source, drawing, class_in_hand, parent, read)
    choice = dialog.choice() if dialog.exec() else None
    points = dialog.points
    dialog.deleteLater()
    return None if choice is None or points is None else (choice, points)


class ImportDialog(QDialog):
    """Asks how a table is imported; see `ask_import`.

    Attributes:
        points: what was read; None until that succeeded.
    """

    def __init__(
        self,
        name: str,
        source: TableSource,
        drawing: Dataset,
        class_in_hand: str,
        parent: QWidget | None = None,
        read: Reading = read_at_once,
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(say("Import {name}", name=name))
        self._drawing, self._class_in_hand, self._read = drawing, class_in_hand, read
        self._look = TableLook(source, self)
        self._sample: TableSample | None = None
        self._encoding: str | None = None  # that was chosen
        self.points: TablePoints | None = None
        self.encoding_box, self.delimiter_box, self.decimal_box = QComboBox(), QComboBox(), QComboBox()
        self.header_box = QCheckBox(say("The &first line has names"))
        self.begin_box = WholeBox("begin_box", 1, MAX_FIRST_LINE)
        self.x_box, self.y_box, self.label_box = QComboBox(), QComboBox(), QComboBox()
        self.missing_box = QCheckBox(say("Lea&ve out rows with missing values"))
        self.preview = TablePreview(self)
        self.table = QTableView()
        self.replace_button = QRadioButton(say("&Replace the drawing"))
        self.add_button = QRadioButton(say("&Add to the drawing"))
        self.outcome = QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        without_icons(self.buttons)
        self._fill()
        self._lay_out()
        self._connect()
        self._begin_look(None)

    def choice(self) -> ImportChoice | None:
        """The choices as they are; None if the table cannot be imported in this way."""
        if self._sample is None or self._look.is_busy or self._problem():
            return None
        columns, adds = self._columns(self._sample), self.add_button.isChecked()
        return ImportChoice(self._sample.format, columns, adds, self.missing_box.isChecked())

    # building

    def _fill(self) -> None:
        for encoding, name in ENCODINGS.items():
            self.encoding_box.addItem(say(name), encoding)
        for delimiter, name in DELIMITER_NAMES.items():
            self.delimiter_box.addItem(say(name), delimiter)
        self.delimiter_box.setEditable(True)
        self.delimiter_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for decimal, name in DECIMAL_NAMES.items():
            self.decimal_box.addItem(say(name), decimal)
        for field, (title, tip) in TIPS.items():
            widget: QWidget = getattr(self, field)
            widget.setAccessibleName(say(title))
            widget.setToolTip(f"<p>{say(tip)}</p>")
        self.table.setModel(self.preview)
        self.table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self.table.setTabKeyNavigation(False)
        self.outcome.setWordWrap(True)
        self.outcome.setTextFormat(Qt.TextFormat.PlainText)
        self.outcome.setObjectName("outcome")
        for box in (self.x_box, self.y_box, self.label_box):
            box.setSizeAdjustPolicy(QComboBox.SizeAdjustPolicy.AdjustToMinimumContentsLengthWithIcon)
            box.setMinimumContentsLength(22)

    def _lay_out(self) -> None:
        written, used = make_form(), make_form()
        written.addRow(heading(say("How it is written")))
        written.addRow(say("&Encoding"), self.encoding_box)
        written.addRow(say("Columns are &separated by"), self.delimiter_box)
        written.addRow(say("&Decimal sign"), self.decimal_box)
        written.addRow(say("Table &begins in line"), self.begin_box)
        written.addRow(self.header_box)
        used.addRow(heading(say("Which columns are used")))
        used.addRow(say("A&cross (x)"), self.x_box)
        used.addRow(say("&Upwards (y)"), self.y_box)
        used.addRow(say("C&lass"), self.label_box)
        used.addRow(self.missing_box)
        forms = QHBoxLayout()
        forms.setSpacing(24)
        forms.addLayout(written)
        forms.addLayout(used, 1)
        placement = QHBoxLayout()
        group = QButtonGroup(self)
        for button in (self.replace_button, self.add_button):
            group.addButton(button)
            placement.addWidget(button)
        placement.addStretch()
        self.replace_button.setChecked(True)
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setText(say("&Import"))
        ok.setDefault(True)
        self.buttons.button(QDialogButtonBox.StandardButton.Cancel).setAutoDefault(False)
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(forms)
        column.addWidget(self.table, 1)
        column.addLayout(placement)
        column.addWidget(self.outcome)
        column.addWidget(self.buttons)
        self.resize((QSize(720, 540) * scale_of(self.font())).boundedTo(self.screen().availableSize() * 0.9))

    def _connect(self) -> None:
        self.delimiter_box.activated.connect(self._look_again)
        editor = self.delimiter_box.lineEdit()
        assert editor is not None  # it is editable
        editor.editingFinished.connect(self._look_again)
        self.encoding_box.activated.connect(self._decode_again)
        self.begin_box.valueChanged.connect(self._look_again)
        self.decimal_box.activated.connect(self._look_again)
        self.header_box.clicked.connect(self._look_again)
        for box in (self.x_box, self.y_box, self.label_box):
            box.activated.connect(self._show_outcome)
        for button in (self.replace_button, self.add_button, self.missing_box):
            button.clicked.connect(self._show_outcome)
        self._look.found.connect(self._show_sample)
        self._look.failed.connect(self._show_no_table)
        self.finished.connect(self._look.end)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    # looking at the table

    def accept(self) -> None:
        """Read what is chosen and close; what is wrong is told, and the dialog stays."""
        self._look_again()  # Enter in the field of the delimiter comes here first
        choice = self.choice()
        if choice is None:
            return
        try:
            self.points = self._read(self, self._look.source, choice)
        except InputError as error:
            self._show_problem(sentence_of(error))
            return
        if self.points is not None:
            super().accept()

    def keyPressEvent(self, event: QKeyEvent) -> None:
        """Keep Enter from giving up what was chosen: where it cannot import, it does nothing."""
        enters = event.key() in (Qt.Key.Key_Return, Qt.Key.Key_Enter)
        if not (enters and self.focusWidget() is self.buttons.button(QDialogButtonBox.StandardButton.Cancel)):
            super().keyPressEvent(event)

    @Slot()
    def _decode_again(self) -> None:
        self._encoding = self.encoding_box.currentData()
        self._begin_look(None if self._sample is None else self._wanted or self._sample.format)

    @Slot()
    def _look_again(self) -> None:
        typed = self.delimiter_box.currentText()
        index = self.delimiter_box.findText(typed, Qt.MatchFlag.MatchFixedString)
        delimiter = self.delimiter_box.itemData(index) if index >= 0 else typed.strip(" ") if len(typed) > 1 else typed
        try:
            decimal, has_header = self.decimal_box.currentData(), self.header_box.isChecked()
            wanted = TableFormat(delimiter, decimal, has_header, self.begin_box.value())
        except TableError as error:
            self._show_no_table(error)
            return
        if wanted != (self._wanted or (self._sample.format if self._sample else None)):
            self._begin_look(wanted)

    def _begin_look(self, wanted: TableFormat | None) -> None:
        self._wanted = wanted
        self._look.begin(Wish(self._encoding, wanted))
        if self._look.is_busy:
            self._show_problem(say("Looking at the table …"))

    @Slot(object)
    def _show_sample(self, sample: TableSample) -> None:
        before, self._sample = self._sample, sample
        if self._wanted is None:
            self._show_format(sample.format)
        self.encoding_box.setCurrentIndex(self.encoding_box.findData(sample.encoding))
        self.encoding_box.setEnabled(bool(sample.encoding))
        same = before is not None and (before.n_columns, before.numeric) == (sample.n_columns, sample.numeric)
        self._fill_columns(sample, self._columns(before) if same and before is not None else sample.columns)
        self._show_outcome()
        self.preview.fit(self.table)

    @Slot(object)
    def _show_no_table(self, problem: InputError) -> None:
        self._sample = self._wanted = None
        self._show_problem(sentence_of(problem))

    def _show_format(self, table_format: TableFormat) -> None:
        if table_format.delimiter in DELIMITER_NAMES:
            self.delimiter_box.setCurrentIndex(self.delimiter_box.findData(table_format.delimiter))
        else:
            self.delimiter_box.setEditText(table_format.delimiter)
        self.decimal_box.setCurrentIndex(self.decimal_box.findData(table_format.decimal))
        self.header_box.setChecked(table_format.has_header)
        self.begin_box.show_value(table_format.first_line)

    def _fill_columns(self, sample: TableSample, columns: Columns) -> None:
        numbers = [column for column in range(sample.n_columns) if sample.numeric[column]]
        for box in (self.x_box, self.y_box, self.label_box):
            box.clear()
        if len(numbers) > 2:
            self.x_box.addItem(say("All (principal components)"), ALL)
        for column in numbers:
            self.x_box.addItem(sample.names[column], column)
            self.y_box.addItem(sample.names[column], column)
        self.label_box.addItem(say("None: all points are of one class"), NONE)
        for column in range(sample.n_columns):
            self.label_box.addItem(sample.names[column], column)
        x, y = (*columns.features, NONE, NONE)[:2]
        self.x_box.setCurrentIndex(self.x_box.findData(ALL if len(columns.features) > 2 else x))
        self.y_box.setCurrentIndex(self.y_box.findData(y))
        self.label_box.setCurrentIndex(self.label_box.findData(NONE if columns.label is None else columns.label))

    def _columns(self, sample: TableSample) -> Columns:
        """The columns that the boxes say."""
        x, y, label = (box.currentData() for box in (self.x_box, self.y_box, self.label_box))
        label = None if label in (NONE, None) else label
        if x == ALL:
            numbers = (c for c in range(sample.n_columns) if sample.numeric[c] and c != label)
            return Columns(tuple(c for c in numbers if c not in sample.identifiers), label)
        return Columns(tuple(column for column in (x, y) if column is not None), label)

    # showing

    @Slot()
    def _show_outcome(self) -> None:
        if self._sample is None or self._look.is_busy:
            return
        sample, columns = self._sample, self._columns(self._sample)
        self.y_box.setEnabled(self.x_box.currentData() != ALL)
        self.preview.show_sample(sample, columns)
        self._show_missing(sample, columns)
        problem = self._problem()
        if problem:
            self._show_problem(problem)
            return
        classes = classes_of(sample, columns.label)
        class_in_hand = self._class_in_hand if self.add_button.isChecked() else None
        self.outcome.setText(outcome_of(sample, columns, classes, class_in_hand))
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(True)
        ok.setDefault(True)

    def _show_problem(self, problem: str) -> None:
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        if self.focusWidget() is ok:
            self.table.setFocus()  # else Qt gives it to Cancel, and the next key gives up what was chosen
        self.outcome.setText(with_isolated_quotes(problem))
        ok.setEnabled(False)

    def _show_missing(self, sample: TableSample, columns: Columns) -> None:
        n_missing, n_rows = self._look.source.count_missing(sample.format, columns)
        text = mark("Lea&ve out rows with missing values ({n_missing:,} of {n_rows:,})")
        if n_rows >= LOOKED_AT_ROWS:
            text = mark("Lea&ve out rows with missing values ({n_missing:,} of the first {n_rows:,})")
        self.missing_box.setText(say(text, n_missing=n_missing, n_rows=n_rows))

    def _problem(self) -> str:
        """The reason why the table cannot be imported as chosen; "" if it seems it can."""
        sample = self._sample
        if sample is None:
            return say("There is no table.")
        columns, adds, skips = self._columns(sample), self.add_button.isChecked(), self.missing_box.isChecked()
        problem = problem_of(sample, columns, self._drawing, adds=adds)
        if problem:
            return problem
        if error := self._look.source.first_problem(sample.format, columns, skip_missing=skips):
            return sentence_of(error)
        return problem_of_classes(classes_of(sample, columns.label), self._drawing, adds=adds)


def in_class(dataset: Dataset, label: int, drawing: Dataset) -> Dataset:
    """Imported points all given one class of the drawing, so that they can be added to it."""
    return replace(
        dataset,
        labels=dataset.labels * 0 + label,
        class_names=drawing.class_names,
        colours=drawing.colours,
    )
