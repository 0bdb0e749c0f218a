"""The slide's table beside ours: the course's experiment, measured while it runs."""

# Tests: tests/gui/test_laboratory.py

from __future__ import annotations

import csv
import io
from collections.abc import Callable, Sequence

from PySide6.QtCore import Qt, Slot
from PySide6.QtGui import QGuiApplication, QResizeEvent
from PySide6.QtWidgets import (
    QAbstractItemView,
    QHBoxLayout,
    QHeaderView,
    QLabel,
    QMenu,
    QTableWidget,
    QTableWidgetItem,
    QToolButton,
    QVBoxLayout,
    QWidget,
)

from engine.insight.diagnosis import DIAGNOSIS
from engine.messages import counted, message
from engine.studies.course_protocol import EPOCHS, SLIDE
from gui.paint.lane_view import LaneView
from gui.text.language import mark, say
from gui.text.measures import Part, Size, measured_sizes
from gui.text.names import listed, setting_title
from gui.text.numbers import percent, scientific

HEADINGS = (
    mark("Activation"),
    mark("Loss\n(test)"),
    mark("Accuracy\n(test)"),
    mark("“Layer 1”\nsummed"),
    mark("“Layer 20”\nsummed"),
    mark("Layer 1\nof mean"),
    mark("Layer 10\nof mean"),
)
EXPLANATION = mark(
    "Above: the slide; below: this run, whose test samples are the points kept for validation. The slide’s “layers” "
    "are its tensors in turn, 10 weight matrices and 10 biases; its norms are of the gradient summed over the 455 "
    "training samples. The last two columns: the gradient of the mean loss by the weights of the first and the last "
    "layer. Of 114 test samples, accuracies of .9649 and .9737 cannot be told apart: by the Wilson interval (95 %) the "
    "one may be .913 to .986, the other .925 to .991."
)
MAX_NAMED = 4
Row = tuple[str, ...]


class Headings(QHeaderView):
    """Headings of equal width where that is enough for each, else each as wide as its column needs."""

    def __init__(self, parent: QWidget) -> None:
        super().__init__(Qt.Orientation.Horizontal, parent)

    def resizeEvent(self, event: QResizeEvent) -> None:
        modes, n_columns = QHeaderView.ResizeMode, self.count()
        widest = max(map(self.sectionSizeHint, range(n_columns)), default=0)
        self.setSectionResizeMode(modes.Stretch if n_columns * widest <= self.width() else modes.ResizeToContents)
        super().resizeEvent(event)


class CourseTable(QWidget):
    """One row an activation; every number in two lines, the slide's and ours."""

    needs = (DIAGNOSIS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("course_table")
        self._rows: list[tuple[Row, Row]] = []
        self._table = QTableWidget(0, len(HEADINGS))
        self._table.setAccessibleName(say("The slide’s table beside this run"))
        self._table.setHorizontalHeader(Headings(self._table))
        self._table.setHorizontalHeaderLabels([say(heading) for heading in HEADINGS])
        self._table.verticalHeader().hide()
        self._table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        self._table.setSelectionMode(QAbstractItemView.SelectionMode.NoSelection)
        self._table.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        self._table.setToolTip(f"<p>{say(EXPLANATION)}</p>")
        self._table.setStatusTip(say("The slide’s numbers above, those of this run below"))
        self._state, self._explanation, self._button = QLabel(), QLabel(say(EXPLANATION)), self._copy_button()
        self._state.setObjectName("course_state")
        self._departures: tuple[str, ...] = ()
        for label in (self._state, self._explanation):
            label.setWordWrap(True)
            policy = label.sizePolicy()
            policy.setHorizontalPolicy(policy.Policy.Ignored)  # no word is so long that the table should be scrolled
            label.setSizePolicy(policy)
        row = QHBoxLayout()
        row.addWidget(self._state, 1)
        row.addWidget(self._button)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 4, 10, 6)
        column.addLayout(row)
        column.addWidget(self._table, 1)
        column.addWidget(self._explanation)

    def _copy_button(self) -> QToolButton:
        button = QToolButton()
        button.setObjectName("copy_course_table")
        button.setText(say("Copy"))
        tip = say("Put the table on the clipboard")
        button.setToolTip(f"<p>{tip}</p>")
        button.setStatusTip(tip)
        button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
        menu = QMenu(button)
        for name, made in FORMATS.items():
            action = menu.addAction(say(name, "format"))
            action.setStatusTip(say("Copy the table as {format}", format=message(name, "format")))
            action.triggered.connect(lambda _checked=False, made=made: self._copy(made))
        button.setMenu(menu)
        return button

    def show_departures(self, departures: tuple[str, ...]) -> None:
        """Say in what the experiment is another than the slide's, whose numbers cannot stand beside it then.

        See `engine.studies.course_protocol.departures`; empty where the table holds.
        """
        self._departures, self._rows = departures, []
        self._table.setRowCount(0)  # until there are numbers of the experiment as it is now
        for part in (self._table, self._explanation, self._button):
            part.setHidden(bool(departures))
        self._state.setText(departures_sentence(departures))

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show what is measured of each lane."""
        if self._departures:
            return
        rows = [rows_of(lane) for lane in lanes if lane.snapshot.activations and lane.snapshot.activations[0] in SLIDE]
        if lanes:
            epochs = min(lane.snapshot.epochs for lane in lanes)
            if (text := place_in_run(epochs)) != self._state.text():
                self._state.setText(text)
        if rows == self._rows:
            return
        self._rows = rows
        self._table.setRowCount(len(rows))
        for number, (slide, ours) in enumerate(rows):
            for column, (theirs, mine) in enumerate(zip(slide, ours, strict=True)):
                item = QTableWidgetItem(say(mine, "function") if column == 0 else f"{theirs or '–'}\n{mine}")
                item.setTextAlignment(Qt.AlignmentFlag.AlignCenter)
                self._table.setItem(number, column, item)
            self._table.setRowHeight(number, 2 * self._table.fontMetrics().height() + 6)

    @Slot()
    def _copy(self, made: Callable[[Sequence[Row]], str]) -> None:
        lines: list[Row] = [("Activation", "Source", *(heading.replace("\n", ", ") for heading in HEADINGS[1:]))]
        for slide, ours in self._rows:
            lines += [(ours[0], "slide", *slide[1:]), (ours[0], "this run", *ours[1:])]
        QGuiApplication.clipboard().setText(made(lines))


def rows_of(lane: LaneView) -> tuple[Row, Row]:
    """The numbers of the slide and of a lane, by the slide's definitions and by ours."""
    kind, metrics, diagnosis = lane.snapshot.activations[0], lane.snapshot.metrics, lane.value(DIAGNOSIS)
    slide = SLIDE[kind]
    theirs = (f"{slide.loss:.4f}", percent(slide.accuracy), norm(slide.first_norm), norm(slide.last_norm), "", "")
    mine = ("…",) * 4
    if diagnosis is not None:
        sums = measured_sizes(diagnosis, Part.WEIGHTS, Size.SUMMED)
        means = measured_sizes(diagnosis, Part.WEIGHTS, Size.NORM)
        mine = (norm(sums[0]), norm(sums[-1]), norm(means[0]), norm(means[-1]))
    ours = (f"{metrics.validation_loss:.4f}", percent(metrics.validation_accuracy), *mine)
    return (kind.label, *theirs), (kind.label, *ours)


def place_in_run(epochs: int) -> str:
    """A sentence about how far the run is, seen from the slide."""
    if epochs < EPOCHS:
        return say("Epoch {epoch} of {last}", epoch=epochs, last=EPOCHS)
    if epochs == EPOCHS:
        return say("Epoch {epoch}, that of the slide", epoch=epochs)
    return say("Epoch {epoch}; the slide’s numbers are of epoch {last}", epoch=epochs, last=EPOCHS)


def departures_sentence(departures: tuple[str, ...]) -> str:
    """A sentence about why there is no table, and how to get it back; "" where there is one."""
    if not departures:
        return ""
    names = [message("“{setting}”", setting=setting_title(name)) for name in departures if name != "data"]
    named, more = names[:MAX_NAMED], len(names) - MAX_NAMED
    data = [message("the points or their split")] if "data" in departures else []
    others = [counted("{n} more", "{n} more", more)] if more > 0 else []
    return say(
        "These lanes are not the slide’s experiment, so its numbers cannot stand beside them. Changed: {changes}. "
        "Undo, or Train > Course Table, brings it back.",
        changes=listed([*data, *named, *others]),
    )


def norm(value: float) -> str:
    """A gradient norm with three digits."""
    return scientific(value, 3)


def as_text(lines: Sequence[Row]) -> str:
    """Tab-separated."""
    return "\n".join("\t".join(line) for line in lines) + "\n"


def as_csv(lines: Sequence[Row]) -> str:
    """Comma-separated."""
    text = io.StringIO()
    csv.writer(text, lineterminator="\n").writerows(lines)
    return text.getvalue()


def as_markdown(lines: Sequence[Row]) -> str:
    """A table of Markdown."""
    head, *rest = lines
    return "\n".join(f"| {' | '.join(line)} |" for line in (head, ("---",) * len(head), *rest)) + "\n"


FORMATS: dict[str, Callable[[Sequence[Row]], str]] = {
    mark("text", "format"): as_text,
    mark("CSV", "format"): as_csv,
    mark("Markdown", "format"): as_markdown,
}
