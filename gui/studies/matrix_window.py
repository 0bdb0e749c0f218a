"""The window of the initialization × activation matrix. It stays open beside the main window, which stays live."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QGuiApplication, QPalette, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QProgressBar,
    QPushButton,
    QVBoxLayout,
    QWidget,
)

from engine.config import MAX_SEED, Activation, Initialization
from engine.errors import InputError
from engine.experiment import Experiment
from engine.messages import Message, counted
from engine.studies.grid import MAX_EPOCHS, CellRun, GridTask, chance_level, summary_of
from gui.paint.recoloured import Recoloured
from gui.paint.theme import chrome_of, tinted
from gui.studies.matrix_grid import MatrixGrid, ScaleBar
from gui.text.language import count, mark, say
from gui.text.matrix_text import Cell, as_csv, as_markdown, as_rows, as_tabs, failure_sentence, legend, matrix_subject
from gui.text.names import names_of
from gui.text.numbers import duration
from gui.text.sentences import OBSTACLES
from gui.widgets.check_list import CheckList, tell
from gui.widgets.forms import make_form
from gui.widgets.number_boxes import WholeBox

FIRST_ACTIVATIONS = (
    Activation.SIGMOID,
    Activation.TANH,
    Activation.RELU,
    Activation.LEAKY_RELU,
    Activation.ELU,
)
FIRST_INITIALIZATIONS = (Initialization.TORCH_DEFAULT, Initialization.XAVIER_UNIFORM, Initialization.HE_UNIFORM)
FIRST_EPOCHS, FIRST_SEEDS, MAX_SEEDS = 300, 3, 30
COPIES: dict[str, Callable[[Sequence[tuple[str, ...]]], str]] = {
    mark("&Text, Separated by Tabs"): as_tabs,
    mark("&CSV"): as_csv,
    mark("&Markdown"): as_markdown,
}


class MatrixWindow(Recoloured, QDialog):
    """Chooses what is compared, shows each result as it comes, and opens a cell as a lane.

    Signals:
        start_wanted(GridTask): train this; the answers are show_run, show_finished and show_failed.
        cancel_wanted(): stop; the answer is show_finished.
        cell_chosen(Activation, Initialization): open this as a lane.
    """

    start_wanted = Signal(object)
    cancel_wanted = Signal()
    cell_chosen = Signal(object, object)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("matrix_window")
        self.setWindowTitle(say("Initialization × Activation"))
        self._experiment: Experiment | None = None
        self._task: GridTask | None = None  # that the cells are of
        self._runs: dict[Cell, list[CellRun]] = {}
        self._is_running = self._is_warning = False
        self._outcome = ""  # of the last start
        self._started = 0.0
        self._make_choices()
        self._make_results()
        row = QHBoxLayout(self)
        row.addLayout(self._choices_column())
        row.addLayout(self._results_column(), 1)
        self.resize(1000, 700)
        self._refresh()

    def _make_choices(self) -> None:
        self.activations = CheckList("matrix_activations", names_of(Activation))
        self.activations.setAccessibleName(say("Activations"))
        tell(self.activations, say("Activations to compare: one row each. Space ticks."))
        self.activations.tick(FIRST_ACTIVATIONS)
        self.initializations = CheckList("matrix_initializations", names_of(Initialization))
        self.initializations.setAccessibleName(say("Initializations"))
        tell(self.initializations, say("Initializations to compare: one column each. Space ticks."))
        self.initializations.tick(FIRST_INITIALIZATIONS)
        self.epochs = WholeBox("matrix_epochs", 1, MAX_EPOCHS)
        self.epochs.setValue(FIRST_EPOCHS)
        tell(self.epochs, say("Epochs of each training."))
        self.seeds = WholeBox("matrix_seeds", 1, MAX_SEEDS)
        self.seeds.setValue(FIRST_SEEDS)
        tell(
            self.seeds,
            say("How often each cell is trained, each time with other first weights: the lane’s seed and on."),
        )
        for choices in (self.activations, self.initializations):
            choices.itemChanged.connect(self._take_choice)
        for box in (self.epochs, self.seeds):
            box.valueChanged.connect(self._take_choice)
        self.start_button = QPushButton()
        self.start_button.setObjectName("matrix_start")
        self.start_button.setDefault(True)
        self.start_button.clicked.connect(self._start_or_cancel)
        self.copy_button = QPushButton(say("&Copy"))
        self.copy_button.setObjectName("matrix_copy")
        self.copy_button.setAutoDefault(False)
        tell(self.copy_button, say("Copy the matrix as a table: a row for each cell, with the range over the seeds."))
        menu = QMenu(self.copy_button)
        for text, form in COPIES.items():
            menu.addAction(say(text), partial(self.copy, form))
        self.copy_button.setMenu(menu)
        close = self._close_button = QPushButton(say("Close"))
        close.setAutoDefault(False)
        tell(close, say("Close this window; a training under way is cancelled, its results stay."))
        close.clicked.connect(self.reject)

    def _make_results(self) -> None:
        self.subject = QLabel()
        self.subject.setObjectName("matrix_subject")
        self.grid = MatrixGrid()
        self.grid.cell_chosen.connect(self.cell_chosen)
        self.scale = ScaleBar()
        self.legend = QLabel()
        self.legend.setObjectName("matrix_legend")
        self.note = QLabel()
        self.note.setObjectName("matrix_note")
        names = (say("What is trained"), say("Legend"), say("State"))
        for label, name in zip((self.subject, self.legend, self.note), names, strict=True):
            label.setWordWrap(True)
            label.setAccessibleName(name)
        for label in (self.subject, self.note):
            label.setTextFormat(Qt.TextFormat.PlainText)
        self.progress = QProgressBar()
        self.progress.setObjectName("matrix_progress")
        self.progress.setAccessibleName(say("Progress of the matrix"))
        self.progress.setMinimumWidth(320)
        tell(self.progress, say("Trainings that are done, of all; and how long the others will take."))

    def _choices_column(self) -> QVBoxLayout:
        column = QVBoxLayout()
        for text, box in ((say("&Activations"), self.activations), (say("&Initializations"), self.initializations)):
            label = QLabel(text)
            label.setBuddy(box)
            column.addWidget(label)
            column.addWidget(box, len(Activation) if box is self.activations else len(Initialization))
        form = make_form()
        form.addRow(say("&Epochs"), self.epochs)
        form.addRow(say("See&ds"), self.seeds)
        column.addLayout(form)
        column.addWidget(self.start_button)
        column.addWidget(self.copy_button)
        column.addWidget(self._close_button)
        return column

    def _results_column(self) -> QVBoxLayout:
        below = QGridLayout()
        below.addWidget(self.scale, 0, 0, Qt.AlignmentFlag.AlignTop)
        below.addWidget(self.legend, 0, 1)
        below.addWidget(self.progress, 1, 0)
        below.addWidget(self.note, 1, 1)
        below.setColumnStretch(1, 1)
        below.setHorizontalSpacing(16)
        column = QVBoxLayout()
        column.addWidget(self.subject)
        column.addWidget(self.grid, 1)
        column.addLayout(below)
        return column

    # verbs

    def show_experiment(self, experiment: Experiment) -> None:
        """Show what will be trained: the data and the first lane, activation, initialization and seed apart."""
        self._experiment = experiment
        if self.isVisible():  # drawing is not to pay for a window that is hidden
            self._refresh()

    def show_run(self, run: CellRun) -> None:
        """One more training is done."""
        cell = run.activation, run.initialization
        if self._task is None or cell not in self._runs:
            return
        self._runs[cell].append(run)
        self.grid.show_summary(cell, summary_of(self._runs[cell]))
        n_done, n_runs = self.n_done, self._task.n_runs
        left = (time.monotonic() - self._started) / n_done * (n_runs - n_done)
        self.progress.setValue(n_done)
        self.progress.setFormat(
            say("%v of %m · {time} left", time=duration(left)) if n_done < n_runs else say("%v of %m")
        )
        self.copy_button.setEnabled(True)

    def show_finished(self) -> None:
        """No more runs will come."""
        taken = duration(time.monotonic() - self._started)
        if self._task is not None and self.n_done < self._task.n_runs:
            self._stop(say("Cancelled after {time}.", time=taken))
        else:
            self._stop(say("Done in {time}. Click a cell to open it.", time=taken))

    def show_failed(self, problem: InputError | None) -> None:
        """The work ended before its time; None if nobody knows why."""
        self._stop(failure_sentence(problem), is_warning=True)

    # the rest

    @property
    def n_done(self) -> int:
        """Trainings that are shown."""
        return sum(map(len, self._runs.values()))

    def copy(self, form: Callable[[Sequence[tuple[str, ...]]], str]) -> None:
        """Put the cells that have results on the clipboard."""
        summaries = {cell: summary_of(runs) for cell, runs in self._runs.items() if runs}
        QGuiApplication.clipboard().setText(form(as_rows(summaries, self.grid.chance)))
        self._outcome, self._is_warning = say("Copied."), False
        self._refresh()

    def showEvent(self, event: QShowEvent) -> None:
        """Say what would be trained now."""
        self._refresh()
        super().showEvent(event)

    def done(self, result: int) -> None:
        """Close; nothing is trained for a window that is not seen."""
        if self._is_running:
            self._start_or_cancel()
        super().done(result)

    @Slot()
    def _start_or_cancel(self) -> None:
        if self._is_running:
            self.start_button.setEnabled(False)
            self.start_button.setText(say("Cancelling …"))
            self.cancel_wanted.emit()
        elif (task := self._chosen_task()) is not None:
            self._task, self._is_running, self._started = task, True, time.monotonic()
            self._show_empty(task)
            self._take_choice()
            self.start_wanted.emit(task)

    def _chosen_task(self) -> GridTask | None:
        """The task that the choices ask for; None if it cannot be trained."""
        experiment = self._experiment
        if experiment is None or self._obstacle():
            return None
        config = experiment.lanes[0]
        return GridTask(
            experiment.dataset,
            config,
            self.activations.ticked(),
            self.initializations.ticked(),
            tuple((config.seed + offset) % (MAX_SEED + 1) for offset in range(self.seeds.value())),
            self.epochs.value(),
        )

    def _obstacle(self) -> str:
        """The reason why there is nothing to start, in a sentence; empty if there is."""
        if self._experiment is None:
            return say("There is nothing to train yet.")
        if self._experiment.dataset.has_values:
            return say("The matrix compares accuracies; values that are learned have none.")
        if (obstacle := self._experiment.obstacle()) is not None:
            return say(OBSTACLES[obstacle])
        if not self.activations.ticked():
            return say("Tick at least one activation.")
        return "" if self.initializations.ticked() else say("Tick at least one initialization.")

    def _show_empty(self, task: GridTask) -> None:
        self._runs = {(a, i): [] for a in task.activations for i in task.initializations}
        chance = chance_level(task.dataset, task.config)
        self.grid.show_cells(task.activations, task.initializations, chance)
        self.scale.show_chance(chance)
        self.legend.setText(legend(chance))
        self.progress.setRange(0, task.n_runs)
        self.progress.setValue(0)
        self.progress.setFormat(say("Starting …") if self._is_running else "")
        self.copy_button.setEnabled(False)

    def _stop(self, outcome: str, *, is_warning: bool = False) -> None:
        self._is_running = False
        self.progress.setFormat(say("%v of %m"))
        self._outcome, self._is_warning = outcome, is_warning
        self._refresh()

    @Slot()
    def _take_choice(self) -> None:
        self._outcome, self._is_warning = "", False
        self._refresh()

    def _refresh(self) -> None:
        """Bring what follows from the choices and the experiment up to date."""
        for box in (self.activations, self.initializations, self.epochs, self.seeds):
            box.setEnabled(not self._is_running)
        obstacle, chosen = "" if self._is_running else self._obstacle(), self._chosen_task()
        if self._task is None and chosen is not None:
            self._show_empty(chosen)
        plan = "" if chosen is None else plan_of(chosen)
        self.start_button.setText(say("Ca&ncel") if self._is_running else say("&Start"))
        self.start_button.setEnabled(not obstacle)
        tell(self.start_button, say("Stop training; what is done stays.") if self._is_running else obstacle or plan)
        self._show_note(obstacle or self._outcome or ("" if self._is_running else plan))
        self._show_subject()

    def _show_note(self, text: str) -> None:
        warning = chrome_of(self.palette()).warning if self._is_warning else None
        self.note.setPalette(tinted(QPalette.ColorRole.WindowText, warning))
        self.note.setText(text)

    def recolour(self) -> None:
        """Say what is wrong in the colour for that."""
        self._show_note(self.note.text())

    def _show_subject(self) -> None:
        shown, experiment = self._task, self._experiment
        if shown is None:
            if experiment is not None:
                self.subject.setText(to_train(experiment))
            return
        text = count(
            "{subject}, {epochs}, one seed.",
            "{subject}, {epochs}, {n} seeds.",
            len(shown.seeds),
            subject=matrix_subject(shown.dataset, shown.config),
            epochs=epochs_of(shown),
        )
        if experiment is not None and (experiment.dataset is not shown.dataset or experiment.lanes[0] != shown.config):
            text += f"\n{would_train(experiment)}"
        self.subject.setText(text)


def plan_of(task: GridTask) -> str:
    """A start in words: how much it would train."""
    times = counted("once", "{n:,} times", task.n_runs)
    return say("Start trains {times} for {epochs}.", times=times, epochs=epochs_of(task))


def epochs_of(task: GridTask) -> Message:
    """The length of each training."""
    return counted("{n:,} epoch", "{n:,} epochs", task.epochs)


def to_train(experiment: Experiment) -> str:
    """The subject that is to be trained, and whose settings that are where there are several lanes."""
    subject = matrix_subject(experiment.dataset, experiment.lanes[0])
    if len(experiment.lanes) > 1:
        return say("To train, with the settings of lane 1: {subject}.", subject=subject)
    return say("To train: {subject}.", subject=subject)


def would_train(experiment: Experiment) -> str:
    """The same of an experiment that is another than that of the cells."""
    subject = matrix_subject(experiment.dataset, experiment.lanes[0])
    if len(experiment.lanes) > 1:
        return say("Start would now train, with the settings of lane 1: {subject}.", subject=subject)
    return say("Start would now train: {subject}.", subject=subject)
