"""Points from tables and NPZ files, and into them."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path

from PySide6.QtCore import QObject, Signal
from PySide6.QtWidgets import QWidget

from engine.errors import InputError
from engine.formats.tables import TablePoints, TableSource, open_table
from engine.messages import Message, counted
from gui.editing.session import Session
from gui.files import import_dialog, questions
from gui.files.documents import Kind, export_points, kind_in, obstacle_to_adding, read_for_plane
from gui.files.import_dialog import ImportChoice
from gui.files.questions import Answer
from gui.system import background
from gui.system.background import LARGE_DATASET
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.language import count, say
from gui.text.sentences import sentence_of
from gui.text.words import shown, shown_path
from gui.widgets import boxes


class PointFiles(QObject):
    """Imports and exports the points of a session.

    Args:
        work: does it.
        session: whose points they are.
        preferences: remember folders.
        label_in_hand: the class that imported points are given if they are added without one.

    Signals:
        told(str): a sentence on what was done.
        replaced(): other points are shown than before.
    """

    told = Signal(str)
    replaced = Signal()

    def __init__(
        self,
        work: FileWork,
        session: Session,
        preferences: Preferences,
        label_in_hand: Callable[[], int],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._work, self._session, self._preferences, self._label_in_hand = work, session, preferences, label_in_hand

    def import_points(self) -> None:
        """Points of a table or an NPZ file that is chosen in a dialog."""
        path = questions.ask_import_path(self._work.window, self._preferences.folder("import"))
        if path:
            self.import_path(path)

    def import_path(self, path: str) -> None:
        """Points of a table or an NPZ file, after a question."""
        self._preferences.remember_folder("import", path)
        name = shown(Path(path).name, 60)
        found = (self._ask_for_npz if kind_in(path) is Kind.NPZ else self._ask_for_table)(path, name)
        if found is None:
            return
        read, adds = found
        self._session.finish_draft()
        experiment = self._session.experiment
        try:
            after = experiment.with_dataset(experiment.dataset.joined(read.dataset) if adds else read.dataset)
        except InputError as error:
            boxes.tell(self._work.window, say("Import Points"), sentence_of(error))
            return
        step = counted("Import {n:,} point ({name})", "Import {n:,} points ({name})", len(read.dataset), name=name)
        self._session.edit(after, step)
        self.replaced.emit()
        done = count(
            "{n:,} point imported from {name}.", "{n:,} points imported from {name}.", len(read.dataset), name=name
        )
        self.told.emit(" ".join([done, *map(say, what_was_left_out(read))]))

    def tell_notes(self, path: str, notes: tuple[Message, ...]) -> None:
        """Tell what there is to tell of the table whose points are worked on."""
        if notes:
            read = count(
                "{n:,} point read from {name}.",
                "{n:,} points read from {name}.",
                len(self._session.experiment.dataset),
                name=shown(Path(path).name, 60),
            )
            self.told.emit(" ".join([read, *map(say, notes)]))

    def _ask_for_table(self, path: str, name: str) -> tuple[TablePoints, bool] | None:
        def look(_tell: object, is_cancelled: Callable[[], bool]) -> TableSource:
            source = open_table(path, is_cancelled=is_cancelled)
            source.look()  # what cannot be read at all is told before the dialog
            return source

        def read(dialog: QWidget, source: TableSource, choice: ImportChoice) -> TablePoints | None:
            def work(tell: Callable[[float], None], is_cancelled: Callable[[], bool]) -> TablePoints | None:
                skips, form = choice.skip_missing, choice.format
                return source.read(form, choice.columns, skip_missing=skips, progress=tell, is_cancelled=is_cancelled)

            return background.run(dialog, say("Importing {name} …", name=name), work)

        source = self._work.result(say("Import Points"), say("Reading {name} …", name=name), look)
        if source is None:
            return None
        drawing = self._session.experiment.dataset
        label = min(self._label_in_hand(), drawing.n_classes - 1)
        in_hand = drawing.class_names[label]
        found = import_dialog.ask_import(self._work.window, name, source, drawing, in_hand, read)
        if found is None:
            return None
        choice, imported = found
        if choice.adds and choice.columns.label is None:
            drawing = self._session.experiment.dataset
            given = import_dialog.in_class(imported.dataset, min(label, drawing.n_classes - 1), drawing)
            imported = replace(imported, dataset=given)
        return imported, choice.adds

    def _ask_for_npz(self, path: str, name: str) -> tuple[TablePoints, bool] | None:
        text = say("Reading {name} …", name=name)
        read = self._work.result(say("Import Points"), text, lambda *_: read_for_plane(path))
        if read is None:
            return None
        dataset = read.dataset
        drawing = self._session.experiment.dataset
        if not len(drawing):
            return read, False
        text = count(
            "{n:,} point of {n_features} features in {n_classes} classes.",
            "{n:,} points of {n_features} features in {n_classes} classes.",
            len(dataset),
            n_features=dataset.n_features,
            n_classes=dataset.n_classes,
        )
        answer = questions.ask_replace_or_add(self._work.window, name, text, obstacle_to_adding(dataset, drawing))
        return None if answer is Answer.CANCEL else (read, answer is Answer.ADD)

    def export_points(self, name: str) -> None:
        """Write all points in a table or an NPZ file that is asked for; `name` is proposed."""
        self._session.finish_draft()
        dataset = self._session.experiment.dataset
        proposal = self._preferences.proposal("export", f"{name}.csv")
        path, decimal = questions.ask_export_path(self._work.window, proposal)
        if not path:
            return

        def write(*_: object) -> bool:
            export_points(path, dataset, decimal)
            return True

        text, is_long = say("Exporting {name} …", name=shown(Path(path).name, 60)), len(dataset) > LARGE_DATASET
        if self._work.result(say("Export Points"), text, write, is_long=is_long, can_cancel=False):
            self._preferences.remember_folder("export", path)
            self.told.emit(
                count(
                    "{n:,} point exported to {file}.",
                    "{n:,} points exported to {file}.",
                    len(dataset),
                    file=shown_path(path),
                )
            )


def what_was_left_out(read: TablePoints) -> tuple[Message, ...]:
    """The notes on a table that was read, with the rows that were left out."""
    left = counted(
        "{n:,} row with a missing value was left out.", "{n:,} rows with missing values were left out.", read.left_out
    )
    return (left, *read.notes) if read.left_out else read.notes
