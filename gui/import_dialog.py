"""Importing a table: how it is written, which columns are used, and what will come of it, with a preview."""

from __future__ import annotations

from dataclasses import dataclass, replace

from PySide6.QtCore import Qt, Slot
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

from engine.dataset import MAX_CLASSES, Dataset
from engine.isolates import isolated, with_isolated_quotes
from engine.tables import Columns, TableError, TableFormat, TableSample, TableSource
from gui.forms import heading, make_form
from gui.table_preview import TablePreview

DELIMITER_NAMES = {",": "Comma", ";": "Semicolon", "\t": "Tab", "": "Blanks", "|": "Bar |", ":": "Colon"}
DECIMAL_NAMES = {".": "Point, as in 1.5", ",": "Comma, as in 1,5"}
ALL = -1  # in the box of x: all columns of numbers
NONE = -2  # in the box of the label
MAX_SHOWN_NAMES = 6


@dataclass(frozen=True)
class ImportChoice:
    """How a table is imported.

    Attributes:
        format: how it is written.
        columns: which are used.
        adds: whether the points are added to the drawing, or replace it.
    """

    format: TableFormat
    columns: Columns
    adds: bool


def ask_import(
    parent: QWidget, name: str, source: TableSource, drawing: Dataset, class_in_hand: str
) -> ImportChoice | None:
    """How a table is to be imported; None if the user gave up.

    Args:
        parent: the window.
        name: of the file.
        source: the table.
        drawing: to which points may be added.
        class_in_hand: the name of the class that points without a label are given when they are added.
    """
    dialog = ImportDialog(name, source, drawing, class_in_hand, parent)
    choice = dialog.choice() if dialog.exec() else None
    dialog.deleteLater()
    return choice


class ImportDialog(QDialog):
    """Asks how a table is imported; see `ask_import`."""

    def __init__(
        self, name: str, source: TableSource, drawing: Dataset, class_in_hand: str, parent: QWidget | None = None
    ) -> None:
        super().__init__(parent)
        self.setWindowTitle(f"Import {name}")
        self._source, self._drawing, self._class_in_hand = source, drawing, class_in_hand
        self._sample: TableSample | None = None
        self.delimiter_box, self.decimal_box = QComboBox(), QComboBox()
        self.header_box = QCheckBox("The &first line has names")
        self.x_box, self.y_box, self.label_box = QComboBox(), QComboBox(), QComboBox()
        self.preview = TablePreview(self)
        self.table = QTableView()
        self.replace_button, self.add_button = QRadioButton("&Replace the drawing"), QRadioButton("&Add to the drawing")
        self.outcome = QLabel()
        self.buttons = QDialogButtonBox(
            QDialogButtonBox.StandardButton.Ok | QDialogButtonBox.StandardButton.Cancel, self
        )
        self._fill()
        self._lay_out()
        self._connect()
        self._look(None)

    def choice(self) -> ImportChoice | None:
        """What is chosen; None if it cannot be imported."""
        if self._sample is None or self._problem():
            return None
        return ImportChoice(self._sample.format, self._columns(self._sample), self.add_button.isChecked())

    # building

    def _fill(self) -> None:
        for delimiter, name in DELIMITER_NAMES.items():
            self.delimiter_box.addItem(name, delimiter)
        self.delimiter_box.setEditable(True)
        self.delimiter_box.setInsertPolicy(QComboBox.InsertPolicy.NoInsert)
        for decimal, name in DECIMAL_NAMES.items():
            self.decimal_box.addItem(name, decimal)
        tips: dict[QWidget, tuple[str, str]] = {
            self.delimiter_box: ("Columns are separated by", "What stands between columns; any character can be typed"),
            self.decimal_box: ("Decimal sign", "What stands between whole and tenth"),
            self.header_box: ("The first line has names", "Whether the table begins with a row of names"),
            self.x_box: ("Across", "The column of numbers that goes from left to right; or all columns of numbers"),
            self.y_box: ("Upwards", "The column of numbers that goes from bottom to top"),
            self.label_box: ("Class", "The column that says which class a point is of"),
            self.table: ("First rows", "The first rows; columns that are used are marked"),
            self.replace_button: ("Replace the drawing", "The points that are there now go; undo brings them back"),
            self.add_button: ("Add to the drawing", "Classes of the same name are one; new ones are added"),
        }
        for widget, (name, tip) in tips.items():
            widget.setAccessibleName(name)
            widget.setToolTip(f"<p>{tip}.</p>")
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
        written.addRow(heading("How it is written"))
        written.addRow("Columns are &separated by", self.delimiter_box)
        written.addRow("&Decimal sign", self.decimal_box)
        written.addRow(self.header_box)
        used.addRow(heading("Which columns are used"))
        used.addRow("A&cross (x)", self.x_box)
        used.addRow("&Upwards (y)", self.y_box)
        used.addRow("C&lass", self.label_box)
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
        ok.setText("&Import")
        column = QVBoxLayout(self)
        column.setSpacing(10)
        column.addLayout(forms)
        column.addWidget(self.table, 1)
        column.addLayout(placement)
        column.addWidget(self.outcome)
        column.addWidget(self.buttons)
        self.resize(720, 540)

    def _connect(self) -> None:
        self.delimiter_box.activated.connect(self._look_again)
        editor = self.delimiter_box.lineEdit()
        assert editor is not None  # it is editable
        editor.editingFinished.connect(self._look_again)
        self.decimal_box.activated.connect(self._look_again)
        self.header_box.clicked.connect(self._look_again)
        for box in (self.x_box, self.y_box, self.label_box):
            box.activated.connect(self._show_outcome)
        for button in (self.replace_button, self.add_button):
            button.clicked.connect(self._show_outcome)
        self.buttons.accepted.connect(self.accept)
        self.buttons.rejected.connect(self.reject)

    # looking at the table

    def accept(self) -> None:
        """Close, if what is chosen can be imported."""
        self._look_again()  # Enter in the field of the delimiter comes here first
        if self.choice() is not None:
            super().accept()

    @Slot()
    def _look_again(self) -> None:
        typed = self.delimiter_box.currentText()
        index = self.delimiter_box.findText(typed, Qt.MatchFlag.MatchFixedString)
        delimiter = self.delimiter_box.itemData(index) if index >= 0 else typed.strip(" ") if len(typed) > 1 else typed
        try:
            wanted = TableFormat(delimiter, self.decimal_box.currentData(), self.header_box.isChecked())
        except TableError as error:
            self._sample = None
            self._show_problem(str(error))
            return
        if self._sample is None or wanted != self._sample.format:
            self._look(wanted)

    def _look(self, table_format: TableFormat | None) -> None:
        before = self._sample
        try:
            self._sample = self._source.look(table_format)
        except TableError as error:
            self._sample = None
            self._show_problem(str(error))
            return
        if table_format is None:
            self._show_format(self._sample.format)
        same = before is not None and (before.n_columns, before.numeric) == (
            self._sample.n_columns,
            self._sample.numeric,
        )
        columns = self._columns(before) if same and before is not None else self._sample.columns
        self._fill_columns(self._sample, columns)
        self._show_outcome()

    def _show_format(self, table_format: TableFormat) -> None:
        if table_format.delimiter in DELIMITER_NAMES:
            self.delimiter_box.setCurrentIndex(self.delimiter_box.findData(table_format.delimiter))
        else:
            self.delimiter_box.setEditText(table_format.delimiter)
        self.decimal_box.setCurrentIndex(self.decimal_box.findData(table_format.decimal))
        self.header_box.setChecked(table_format.has_header)

    def _fill_columns(self, sample: TableSample, columns: Columns) -> None:
        numbers = [column for column in range(sample.n_columns) if sample.numeric[column]]
        for box in (self.x_box, self.y_box, self.label_box):
            box.clear()
        if len(numbers) > 2:
            self.x_box.addItem("All (principal components)", ALL)
        for column in numbers:
            self.x_box.addItem(sample.names[column], column)
            self.y_box.addItem(sample.names[column], column)
        self.label_box.addItem("None: all points are of one class", NONE)
        for column in range(sample.n_columns):
            self.label_box.addItem(sample.names[column], column)
        x, y = (*columns.features, NONE, NONE)[:2]
        self.x_box.setCurrentIndex(self.x_box.findData(ALL if len(columns.features) > 2 else x))
        self.y_box.setCurrentIndex(self.y_box.findData(y))
        self.label_box.setCurrentIndex(self.label_box.findData(NONE if columns.label is None else columns.label))

    def _columns(self, sample: TableSample) -> Columns:
        """What the boxes say."""
        x, y, label = (box.currentData() for box in (self.x_box, self.y_box, self.label_box))
        label = None if label in (NONE, None) else label
        if x == ALL:
            # a column that only counts the rows was left out of the proposal
            proposed = {*sample.columns.features, sample.columns.label}
            numbers = (c for c in range(sample.n_columns) if sample.numeric[c] and c != label)
            return Columns(tuple(c for c in numbers if len(sample.columns.features) < 3 or c in proposed), label)
        return Columns(tuple(column for column in (x, y) if column is not None), label)

    # showing

    @Slot()
    def _show_outcome(self) -> None:
        if self._sample is None:
            return
        sample, columns = self._sample, self._columns(self._sample)
        self.y_box.setEnabled(self.x_box.currentData() != ALL)
        self.preview.show_sample(sample, columns)
        problem = self._problem()
        if problem:
            self._show_problem(problem)
            return
        self.outcome.setText(self._sentence(sample, columns))
        ok = self.buttons.button(QDialogButtonBox.StandardButton.Ok)
        ok.setEnabled(True)
        ok.setDefault(True)

    def _show_problem(self, problem: str) -> None:
        self.outcome.setText(with_isolated_quotes(problem[0].upper() + problem[1:]))
        self.buttons.button(QDialogButtonBox.StandardButton.Ok).setEnabled(False)

    def _problem(self) -> str:
        """Why what is chosen cannot be imported; "" if it seems it can."""
        sample = self._sample
        if sample is None:
            return "There is no table."
        columns = self._columns(sample)
        n_features = len(columns.features)
        if n_features < 2:
            found = {0: "no column", 1: "only one column"}.get(sum(sample.numeric), "too few columns")
            return f"There is {found} of numbers chosen; two are needed. Is another delimiter or decimal sign used?"
        if len({*columns.features, columns.label}) < n_features + 1:
            return "One column is chosen twice; each can be one coordinate or the class."
        if self.add_button.isChecked() and n_features != self._drawing.n_features:
            return (
                f"The points of the drawing have {self._drawing.n_features} features, these have {n_features}. "
                "Choose as many columns, or replace the drawing."
            )
        if columns.label is not None:
            classes = classes_of(sample, columns.label)
            if self.add_button.isChecked():
                classes = list(dict.fromkeys([*self._drawing.class_names, *classes]))
            if len(classes) > MAX_CLASSES:
                return f"There would be {len(classes)} classes or more; at most {MAX_CLASSES} are possible."
        return ""

    def _sentence(self, sample: TableSample, columns: Columns) -> str:
        """What will come of it."""
        names = [isolated(sample.names[column]) for column in columns.features]
        if len(names) > 2:
            place = f"{len(names)} features, seen on the plane of their first two principal components"
        else:
            place = f"{names[0]} goes across, {names[1]} upwards"
        if columns.label is not None:
            classes = classes_of(sample, columns.label)
            more = " …" if len(classes) > MAX_SHOWN_NAMES else ""
            named = ", ".join(map(isolated, classes[:MAX_SHOWN_NAMES]))
            of = f"classes in the first {len(sample.rows)} rows: {named}{more}"
        elif self.add_button.isChecked():
            of = f"all points are of the class {isolated(self._class_in_hand)}"
        else:
            of = "all points are of one class"
        doubts = [*sample.doubts, *([sample.label_doubt] if columns == sample.columns else []), *sample.notes]
        return "\n".join([f"{place[0].upper()}{place[1:]}; {of}.", *filter(None, doubts)])


def classes_of(sample: TableSample, label: int) -> list[str]:
    """The different texts of a column in the rows shown, in their order."""
    return list(dict.fromkeys(row[label].strip() for row in sample.rows))


def in_class(dataset: Dataset, label: int, drawing: Dataset) -> Dataset:
    """Imported points all given one class of the drawing, so that they can be added to it."""
    return replace(
        dataset,
        labels=dataset.labels * 0 + label,
        class_names=drawing.class_names,
        colours=drawing.colours,
    )
