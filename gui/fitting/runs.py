"""The list of runs: compare them, and go back to the settings or the networks of one."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QItemSelectionModel, QSize, Qt, Signal, Slot
from PySide6.QtGui import QAction, QKeyEvent
from PySide6.QtWidgets import QAbstractItemView, QLabel, QTableView, QToolButton, QVBoxLayout, QWidget

from engine.run.past.run_list import ListedRun
from engine.run.past.run_record import Key
from gui.fitting.run_table import PICTURE, RMSE, RUN, WORDS, RunTable
from gui.fitting.run_words import MARKED, title_of
from gui.paint.lane_view import LaneView
from gui.paint.plots.ghost import Ghost
from gui.paint.recoloured import Recoloured
from gui.paint.theme import chrome_of
from gui.text.language import mark, say
from gui.widgets.flow_bar import FlowBar
from gui.widgets.throttle import Throttle

MILLISECONDS = 400  # between two looks at the run under way
ROW_SHARE = 1.9  # of the height of a line of text
SOME_ROWS = 50  # by which columns get their widths
WORDS_ROOM = 30  # letters of the column of settings, before it is made wider by hand
NOTHING_YET = mark("No run yet. Each run that you train becomes a row here, with its settings and what came of them.")
RESTORE, WEIGHTS, MARK = "restore_settings", "restore_weights", "mark_run"
NAME, DELETE, OTHERS = "name_run", "delete_runs", "delete_others"
BUTTONS = {
    RESTORE: (mark("Restore &Settings"), mark("Give the lane in hand the settings of this run (Enter)")),
    WEIGHTS: (
        mark("Restore &Weights"),
        mark("Go on with the networks of this run, all its lanes, as they were when it was left"),
    ),
    MARK: (mark("&Mark"), mark("Mark the chosen runs, or take their marks away (*)")),
    NAME: (mark("&Name"), mark("Give this run a name (F2)")),
    DELETE: (mark("&Delete"), mark("Delete the chosen runs; Undo brings them back (Delete)")),
    OTHERS: (
        mark("Delete &Unmarked"),
        mark("Delete all runs that are not marked; Undo brings them back"),
    ),
}
"""Texts and tips of the buttons, by their names."""
UNDER_WAY = mark("This run is under way.")
NO_WEIGHTS = mark("The networks of this run are not kept: those of the newest and of marked runs of this session are.")

Keys = Qt.Key
USED = (Keys.Key_Return, Keys.Key_Enter, Keys.Key_Delete, Keys.Key_F2, Keys.Key_Asterisk, Keys.Key_Space)


class RunsTableView(QTableView):
    """A table that keeps the keys which it uses from being shortcuts of the window.

    Signals:
        key_used(Key): one of these was pressed.
    """

    key_used = Signal(int)

    def event(self, event: QEvent) -> bool:
        if event.type() == QEvent.Type.ShortcutOverride and isinstance(event, QKeyEvent) and self._uses(event):
            event.accept()
            return True
        return super().event(event)

    def _uses(self, event: QKeyEvent) -> bool:
        modifiers = event.modifiers() & ~(Qt.KeyboardModifier.KeypadModifier | Qt.KeyboardModifier.ShiftModifier)
        return event.key() in USED and modifiers == Qt.KeyboardModifier.NoModifier

    def keyPressEvent(self, event: QKeyEvent) -> None:
        if self._uses(event) and self.state() is not QAbstractItemView.State.EditingState:
            self.key_used.emit(event.key())
            event.accept()
        else:
            super().keyPressEvent(event)


class Runs(Recoloured, QWidget):
    """A table of all runs, sorted by the heading that is clicked.

    Signals:
        runs_wanted(): show_runs is to be called.
        settings_wanted(Key), weights_wanted(Key): of this run, to go back to.
        marks_changed(Sequence[Key], bool): of these runs.
        run_renamed(Key, str): by the user.
        deletion_wanted(Sequence[Key]): of these runs.
        others_unwanted(): all but those that are marked are to be deleted.
        ghost_chosen(Key, bool): whether the curves of this run are shown behind those of the run under way.
        ghosts_changed(Sequence[Ghost]): of those that are.
    """

    needs = ()
    runs_wanted, settings_wanted, weights_wanted = Signal(), Signal(tuple), Signal(tuple)
    marks_changed, run_renamed, deletion_wanted = Signal(object, bool), Signal(tuple, str), Signal(object)
    others_unwanted, ghost_chosen, ghosts_changed = Signal(), Signal(tuple, bool), Signal(object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("runs")
        self._ghosts: list[Ghost] = []
        self._model, self._table, self._bar = RunTable(self), RunsTableView(), FlowBar(gap=2)
        self._empty = QLabel(say(NOTHING_YET))
        self._actions = {name: QAction(say(text), self) for name, (text, _) in BUTTONS.items()}
        self._refresh = Throttle(self.runs_wanted.emit, MILLISECONDS, self)
        self._make_table()
        self._make_buttons()
        self._empty.setObjectName("no_runs")
        self._empty.setWordWrap(True)
        self._empty.setAlignment(Qt.AlignmentFlag.AlignCenter)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for part in (self._bar, self._table, self._empty):
            column.addWidget(part, 0 if part is self._bar else 1)
        self.recolour()
        self.show_runs(())

    def _make_table(self) -> None:
        table = self._table
        table.setObjectName("runs_table")
        table.setAccessibleName(say("Runs"))
        table.setModel(self._model)
        table.setSelectionBehavior(QAbstractItemView.SelectionBehavior.SelectRows)
        table.setSelectionMode(QAbstractItemView.SelectionMode.ExtendedSelection)
        table.setEditTriggers(QAbstractItemView.EditTrigger.NoEditTriggers)
        table.setTabKeyNavigation(False)
        table.setWordWrap(False)
        table.setShowGrid(False)
        table.setAlternatingRowColors(True)
        table.setHorizontalScrollMode(QAbstractItemView.ScrollMode.ScrollPerPixel)
        table.setContextMenuPolicy(Qt.ContextMenuPolicy.ActionsContextMenu)
        table.verticalHeader().hide()
        header = table.horizontalHeader()
        header.setSectionsMovable(True)
        header.setHighlightSections(False)
        header.setSortIndicator(RUN, Qt.SortOrder.DescendingOrder)
        table.setSortingEnabled(True)
        self._model.renamed.connect(self.run_renamed)
        self._model.ghost_ticked.connect(self.ghost_chosen)
        table.selectionModel().selectionChanged.connect(self._offer)
        table.selectionModel().currentChanged.connect(self._offer)
        self._model.modelAboutToBeReset.connect(self._remember)
        self._model.modelReset.connect(self._choose_again)
        table.key_used.connect(self._use_key)
        table.itemDelegate().closeEditor.connect(self.refresh)

    def _make_buttons(self) -> None:
        calls: dict[str, Callable[[], object]] = {
            RESTORE: lambda: self._with_current(self.settings_wanted.emit),
            WEIGHTS: lambda: self._with_current(self.weights_wanted.emit),
            MARK: self._mark,
            NAME: self._edit_name,
            DELETE: lambda: self.deletion_wanted.emit([run.record.key for run in self._deletable()]),
            OTHERS: self.others_unwanted.emit,
        }
        for name, action in self._actions.items():
            action.triggered.connect(lambda _checked=False, call=calls[name]: call())
            button = QToolButton()
            button.setObjectName(name)
            button.setDefaultAction(action)
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
            self._bar.add(button)
            self._table.addAction(action)

    def sizeHint(self) -> QSize:
        return QSize(430, 300)

    # what is shown

    def show_lanes(self, _lanes: Sequence[LaneView]) -> None:
        """The run under way has gone on: ask for the rows now and then."""
        self._refresh()

    @Slot()
    def refresh(self, *_: object) -> None:
        """Ask for the rows now, if anybody sees them or their ghosts."""
        if self.isVisible() or self._ghosts:
            self._refresh.at_once()

    def show_runs(self, runs: Sequence[ListedRun]) -> None:
        """Show these; not while a name is being typed, which would be lost: its end asks for them again."""
        if self._table.state() is QAbstractItemView.State.EditingState:
            return
        is_first = not self._model.rows and bool(runs)
        self._model.show_runs(runs)
        self._table.setVisible(bool(runs))
        self._empty.setVisible(not runs)
        has_values = any(run.record.has_values for run in runs)
        if self._table.isColumnHidden(RMSE) is has_values:
            self._table.setColumnHidden(RMSE, not has_values)
        if is_first:
            self._fit()
        ghosts = [Ghost(title_of(run, self._model.names), run.record.curves) for run in runs if run.is_ghost]
        if [ghost.mark for ghost in ghosts] != [ghost.mark for ghost in self._ghosts]:
            self.ghosts_changed.emit(ghosts)
        self._ghosts = ghosts
        self._offer()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self.recolour()

    def recolour(self) -> None:
        line = self._table.fontMetrics().height()
        side = round(ROW_SHARE * line) - 4
        self._model.use_looks(chrome_of(self.palette()), side)
        self._table.setIconSize(QSize(side, side))
        self._table.verticalHeader().setDefaultSectionSize(round(ROW_SHARE * line))
        self._fit()

    def _fit(self) -> None:
        """Give each column the width of its heading and of what stands in it, as far as some rows tell.

        Qt would ask for every cell, a thousand times thirteen.
        """
        metrics, header, model = self._table.fontMetrics(), self._table.horizontalHeader(), self._model
        beside, side = 2 * metrics.averageCharWidth(), self._table.iconSize().width()
        for column in range(model.columnCount()):
            texts = [str(model.index(row, column).data()) for row in range(min(SOME_ROWS, model.rowCount()))]
            width = max(map(metrics.horizontalAdvance, texts), default=0) + beside
            width = WORDS_ROOM * metrics.averageCharWidth() if column == WORDS else width
            width += side if column in (RUN, PICTURE) else 0  # of a box, or of a picture
            width += metrics.horizontalAdvance(MARKED) if column == RUN else 0
            self._table.setColumnWidth(column, max(width, header.sectionSizeHint(column)))

    # what is chosen

    @property
    def current(self) -> ListedRun | None:
        """The run of the row that has the cursor."""
        index = self._table.currentIndex()
        return self._model.rows[index.row()] if index.isValid() and index.row() < len(self._model.rows) else None

    @property
    def chosen(self) -> list[ListedRun]:
        """The runs of the rows that are chosen."""
        return [self._model.rows[index.row()] for index in self._table.selectionModel().selectedRows()]

    def choose(self, key: Key) -> None:
        """Choose the row of a run."""
        place = self._model.place_of(key)
        if place is not None:
            self._table.selectRow(place)

    @Slot()
    def _remember(self) -> None:
        current = self.current
        self._kept = None if current is None else current.record.key, {run.record.key for run in self.chosen}

    @Slot()
    def _choose_again(self) -> None:
        """Rows that were chosen stay so wherever they are now."""
        current, chosen = self._kept
        selection, flags = self._table.selectionModel(), QItemSelectionModel.SelectionFlag
        for place, run in enumerate(self._model.rows):
            index = self._model.index(place, RUN)
            if run.record.key == current:
                selection.setCurrentIndex(index, flags.NoUpdate)
            if run.record.key in chosen:
                selection.select(index, flags.Select | flags.Rows)

    @Slot()
    def _offer(self, *_: object) -> None:
        """Offer what can be done with the chosen rows, and tell why something cannot."""
        current, chosen, rows = self.current, self.chosen, self._model.rows
        is_under_way = current is not None and current.is_under_way
        offered = {
            RESTORE: current is not None,
            WEIGHTS: current is not None and current.has_weights,
            MARK: bool(chosen),
            NAME: current is not None,
            DELETE: bool(self._deletable()),
            OTHERS: any(not run.is_marked and not run.is_under_way for run in rows),
        }
        for name, action in self._actions.items():
            tip = say(BUTTONS[name][1])
            if name == WEIGHTS and current is not None and not current.has_weights:
                tip = say(UNDER_WAY) if is_under_way else say(NO_WEIGHTS)
            elif name == DELETE and is_under_way and not offered[name]:
                tip = say(UNDER_WAY)
            action.setEnabled(offered[name])
            if action.statusTip() != tip:
                action.setStatusTip(tip)
                action.setToolTip(f"<p>{tip}</p>")
        self._bar.setVisible(bool(rows))

    def _deletable(self) -> list[ListedRun]:
        return [run for run in self.chosen if not run.is_under_way]

    # what is done

    def _with_current(self, call: Callable[[Key], object]) -> None:
        current = self.current
        if current is not None:
            call(current.record.key)

    def _mark(self) -> None:
        chosen = self.chosen
        if chosen:
            self.marks_changed.emit([run.record.key for run in chosen], not all(run.is_marked for run in chosen))

    def _edit_name(self) -> None:
        index = self._table.currentIndex()
        if index.isValid():
            self._table.edit(self._model.index(index.row(), WORDS))

    @Slot(int)
    def _use_key(self, key: int) -> None:
        current = self.current
        match key:
            case Keys.Key_Return | Keys.Key_Enter:
                self._actions[RESTORE].trigger()
            case Keys.Key_Delete:
                self._actions[DELETE].trigger()
            case Keys.Key_F2:
                self._actions[NAME].trigger()
            case Keys.Key_Asterisk:
                self._actions[MARK].trigger()
            case Keys.Key_Space if current is not None:
                self.ghost_chosen.emit(current.record.key, not current.is_ghost)
