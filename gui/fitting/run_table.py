"""The rows of the list of runs: what stands in each column, and in which order they are."""

# Tests: tests/gui/fitting/test_runs.py

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QAbstractTableModel, QModelIndex, QObject, QPersistentModelIndex, Qt, Signal
from PySide6.QtGui import QColor, QFont, QIcon, QImage, QPixmap

from engine.run.past.run_list import ListedRun
from engine.run.past.run_record import Key
from engine.run.past.thumbnail import SIDE
from gui.fitting.run_words import differing, facts, number_text, settings_text, spoken_number
from gui.paint.theme import CLASS_COLOURS, Chrome, mixed
from gui.text.language import mark, say
from gui.text.numbers import loss, percent, r_squared, scientific
from gui.widgets.tips import plain_tip

Index = QModelIndex | QPersistentModelIndex
Role = Qt.ItemDataRole
NO_PARENT = QModelIndex()
STRENGTH = 0.75  # of class colours in a thumbnail


@dataclass(frozen=True)
class RunColumn:
    """A column.

    Attributes:
        heading: in one line or two.
        tip: what stands in it.
        text: of a run.
        worth: by which rows are sorted; nan comes last.
        is_number: whether it stands at the right.
    """

    heading: str
    tip: str
    text: Callable[[ListedRun], str]
    worth: Callable[[ListedRun], float]
    is_number: bool = True


def score(run: ListedRun, value: float, r2: float) -> str:
    """An accuracy, or R² where values were learned."""
    return r_squared(r2) if run.record.has_values else percent(value)


def rmse(value: float) -> str:
    """A root mean squared error, or a dash."""
    return scientific(value, 3) if math.isfinite(value) else "–"


def epoch(value: float) -> str:
    """An epoch, or a dash."""
    return f"{value:,.0f}" if math.isfinite(value) else "–"


RUN, PICTURE, WORDS = 0, 1, 2
COLUMNS = (
    RunColumn(
        mark("Run"),
        mark("Its number, and that of its lane if there are several; ★: marked. Ticked: its curves as ghosts."),
        number_text,
        lambda run: run.record.key[0] + run.record.key[1] / 10,
        is_number=False,
    ),
    RunColumn(mark("Field"), mark("What it decides, in the colours of the classes"), lambda _: "", lambda run: 0.0),
    RunColumn(
        mark("Name, settings"),
        mark("The name that you gave it, and settings in which the runs differ"),
        lambda run: run.name,
        lambda run: 0.0,
        is_number=False,
    ),
    RunColumn(
        mark("Lowest\nvalidation loss"),
        mark("The lowest validation loss since the points, their split or the loss were changed"),
        lambda run: loss(run.record.lowest[0]),
        lambda run: run.record.lowest[0],
    ),
    RunColumn(
        mark("at\nepoch"),
        mark("The epoch of the lowest validation loss"),
        lambda run: epoch(run.record.lowest[1]),
        lambda run: run.record.lowest[1],
    ),
    RunColumn(
        mark("Training\nloss"),
        mark("The loss of the training points at the end"),
        lambda run: loss(run.record.metrics.train_loss),
        lambda run: run.record.metrics.train_loss,
    ),
    RunColumn(
        mark("Validation\nloss"),
        mark("The loss of the validation points at the end"),
        lambda run: loss(run.record.metrics.validation_loss),
        lambda run: run.record.metrics.validation_loss,
    ),
    RunColumn(
        mark("Training\naccuracy, R²"),
        mark("The accuracy of the training points at the end, or R² where values are learned"),
        lambda run: score(run, run.record.metrics.train_accuracy, run.record.metrics.train_r2),
        lambda run: run.record.metrics.curve[2],
    ),
    RunColumn(
        mark("Validation\naccuracy, R²"),
        mark("The accuracy of the validation points at the end, or R² where values are learned"),
        lambda run: score(run, run.record.metrics.validation_accuracy, run.record.metrics.validation_r2),
        lambda run: run.record.metrics.curve[3],
    ),
    RunColumn(
        mark("Validation\nRMSE"),
        mark("The root of the mean squared error of the validation points at the end, where values are learned"),
        lambda run: rmse(run.record.metrics.validation_rmse),
        lambda run: run.record.metrics.validation_rmse,
    ),
    RunColumn(
        mark("Epochs"),
        mark("The epochs that it was trained for"),
        lambda run: f"{run.record.epochs:,}",
        lambda run: run.record.epochs,
    ),
    RunColumn(
        mark("Seed"),
        mark("The seed of its first weights"),
        lambda run: f"{run.record.config.seed}",
        lambda run: run.record.config.seed,
    ),
    RunColumn(
        mark("Points"),
        mark("The points that there were; ≠: others than there are now"),
        lambda run: f"≠ {run.record.n_points:,}" if run.has_other_points else f"{run.record.n_points:,}",
        lambda run: run.record.n_points,
    ),
)
RMSE = next(number for number, column in enumerate(COLUMNS) if column.heading.endswith("RMSE"))


class RunTable(QAbstractTableModel):
    """The runs, one a row.

    Signals:
        renamed(Key, str): by the user.
        ghost_ticked(Key, bool): by the user.

    Attributes:
        rows: in the order in which they are shown.
        names: of the settings that each row tells.
    """

    renamed, ghost_ticked = Signal(tuple, str), Signal(tuple, bool)

    def __init__(self, parent: QObject) -> None:
        super().__init__(parent)
        self.rows: list[ListedRun] = []
        self.names: tuple[str, ...] = ()
        self._sorted = RUN, Qt.SortOrder.DescendingOrder
        self._chrome: Chrome | None = None
        self._side = 1

    def show_runs(self, runs: Sequence[ListedRun]) -> bool:
        """Show these; returns whether there are others than before, or others in their places."""
        before = [run.record.key for run in self.rows]
        names = differing(run.record.config for run in runs)
        rows = self._in_order(runs, names)
        is_other = before != [run.record.key for run in rows]
        if is_other:
            self.beginResetModel()
        self.rows, self.names = rows, names
        if is_other:
            self.endResetModel()
        elif rows:
            self.dataChanged.emit(self.index(0, 0), self.index(len(rows) - 1, len(COLUMNS) - 1))
        return is_other

    def use_looks(self, chrome: Chrome, side: int) -> None:
        """Draw thumbnails of so many pixels for a theme."""
        self._chrome, self._side = chrome, side

    def sort(self, column: int, order: Qt.SortOrder = Qt.SortOrder.AscendingOrder) -> None:
        """Sort by a column; what has no number there comes last either way."""
        self._sorted = column, order
        self.beginResetModel()
        self.rows = self._in_order(self.rows, self.names)
        self.endResetModel()

    def _in_order(self, runs: Sequence[ListedRun], names: tuple[str, ...]) -> list[ListedRun]:
        column, order = self._sorted
        falls = order is Qt.SortOrder.DescendingOrder
        if column == WORDS:
            return sorted(runs, key=lambda run: (run.name, settings_text(run.record.config, names)), reverse=falls)
        worth = COLUMNS[column].worth
        known = sorted((run for run in runs if not math.isnan(worth(run))), key=worth, reverse=falls)
        return known + [run for run in runs if math.isnan(worth(run))]

    def place_of(self, key: Key) -> int | None:
        """The row of a run, or None."""
        return next((place for place, run in enumerate(self.rows) if run.record.key == key), None)

    def rowCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(self.rows)

    def columnCount(self, parent: Index = NO_PARENT) -> int:
        return 0 if parent.isValid() else len(COLUMNS)

    def headerData(self, section: int, orientation: Qt.Orientation, role: int = Role.DisplayRole) -> Any:
        if orientation is not Qt.Orientation.Horizontal:
            return None
        column = COLUMNS[section]
        if role == Role.DisplayRole:
            return say(column.heading)
        return say(column.tip) if role in (Role.ToolTipRole, Role.StatusTipRole) else None

    def flags(self, index: Index) -> Qt.ItemFlag:
        flags = super().flags(index)
        if index.column() == RUN:
            flags |= Qt.ItemFlag.ItemIsUserCheckable
        return flags | Qt.ItemFlag.ItemIsEditable if index.column() == WORDS else flags

    def data(self, index: Index, role: int = Role.DisplayRole) -> Any:
        run, column = self.rows[index.row()], index.column()
        match role:
            case Role.DisplayRole:
                return self.words(run) if column == WORDS else COLUMNS[column].text(run)
            case Role.EditRole:
                return run.name
            case Role.CheckStateRole if column == RUN:
                return Qt.CheckState.Checked if run.is_ghost else Qt.CheckState.Unchecked
            case Role.DecorationRole if (
                column == PICTURE and self._chrome is not None and run.record.thumbnail is not None
            ):
                return thumbnail_icon(run.record.thumbnail.cells.tobytes(), self._chrome, self._side)
            case Role.TextAlignmentRole if COLUMNS[column].is_number:
                return Qt.AlignmentFlag.AlignRight | Qt.AlignmentFlag.AlignVCenter
            case Role.FontRole if run.is_under_way:
                bold = QFont()
                bold.setBold(True)
                return bold
            case Role.ToolTipRole:
                return "".join(map(plain_tip, [self.words(run), *facts(run)]))
            case Role.StatusTipRole:
                return " ".join(facts(run))
            case Role.AccessibleTextRole:
                return self._spoken(run, column)
        return None

    def words(self, run: ListedRun) -> str:
        """The name and the settings of a run."""
        told = settings_text(run.record.config, self.names)
        return f"{run.name} — {told}" if run.name else told

    def _spoken(self, run: ListedRun, column: int) -> str:
        if column == RUN:
            return spoken_number(run)
        if column == PICTURE:
            return say("Picture of the field")
        text = self.words(run) if column == WORDS else COLUMNS[column].text(run)
        return f"{say(COLUMNS[column].heading)} {text}".replace("\n", " ")

    def setData(self, index: Index, value: Any, role: int = Role.EditRole) -> bool:
        key = self.rows[index.row()].record.key
        if role == Role.EditRole:
            self.renamed.emit(key, str(value))
        elif role == Role.CheckStateRole:
            self.ghost_ticked.emit(key, Qt.CheckState(value) is Qt.CheckState.Checked)
        return role in (Role.EditRole, Role.CheckStateRole)


@lru_cache(maxsize=512)
def thumbnail_icon(cells: bytes, chrome: Chrome, side: int) -> QIcon:
    """The icon of the cells of a thumbnail, so many pixels large; the same when its row is chosen."""
    pixels = thumbnail_colours(chrome).take(np.frombuffer(cells, dtype=np.uint8))
    image = QImage(pixels.tobytes(), SIDE, SIDE, QImage.Format.Format_RGB32)
    picture = QPixmap.fromImage(image.scaled(side, side))
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


@lru_cache(maxsize=2)
def thumbnail_colours(chrome: Chrome) -> NDArray[np.uint32]:
    """0xffRRGGBB of each number that a cell may have."""
    ground = QColor(chrome.surface)
    colours = [mixed(ground, QColor(colour), STRENGTH).rgb() for colour in CLASS_COLOURS]
    nothing = [QColor(chrome.neutral).rgb()] * (256 - len(colours))
    return np.array(colours + nothing, dtype=np.uint32)
