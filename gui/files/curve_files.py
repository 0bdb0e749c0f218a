"""The curves of a run, written as a table."""

from __future__ import annotations

import csv
import io
import math
from collections.abc import Sequence
from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.files.whole_files import FileError, replace_file
from engine.run.snapshot import LaneSnapshot
from gui.editing.session import Session
from gui.files import questions
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.language import count, say
from gui.text.names import lane_titles
from gui.text.words import shown_path
from gui.widgets import boxes

COLUMNS = ("lane", "epoch", "training_loss", "validation_loss", "training_accuracy", "validation_accuracy")
"""Heads of the table, the same in every language: programs read them."""


class CurveFiles(QObject):
    """Writes what the curves show.

    Signals:
        told(str): a sentence on what was done.
    """

    told = Signal(str)

    def __init__(self, work: FileWork, session: Session, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._session, self._preferences = work, session, preferences

    def export_curves(self, name: str) -> None:
        """Write losses and accuracies of all lanes in a table that is asked for; `name` is proposed."""
        lanes = self._session.snapshot.lanes  # of now, though training goes on behind the question
        titles = lane_titles(self._session.experiment.lanes)
        if not lanes or len(lanes) != len(titles):
            self.told.emit(say("There are no curves yet."))
            return
        proposal = self._preferences.proposal("export", f"{name} curves.csv")
        path, decimal = questions.ask_export_path(self._work.window, proposal, of_curves=True)
        if not path:
            return
        rows = curve_rows(titles, lanes)
        try:
            replace_file(Path(path), as_csv(rows, decimal, has_values=lanes[0].has_values).encode("utf-8"))
        except FileError as error:
            boxes.tell(self._work.window, say("Export Curves"), say(error))
            return
        self._preferences.remember_folder("export", path)
        text = count(
            "{n:,} row exported to {file}.", "{n:,} rows exported to {file}.", len(rows), file=shown_path(path)
        )
        self.told.emit(text)


def curve_rows(titles: Sequence[str], lanes: Sequence[LaneSnapshot]) -> list[tuple[str, ...]]:
    """The rows of the table: of each lane the epochs that are kept, and as the last one where it is now."""
    rows: list[tuple[str, ...]] = []
    for title, lane in zip(titles, lanes, strict=True):
        measured, now = lane.metrics, lane.epochs + lane.epoch_share
        table = [tuple(row) for row in lane.history.tolist() if row[0] < now]
        rows += [(title, *map(written, row)) for row in (*table, (now, *measured.curve))]
    return rows


def written(number: float) -> str:
    """A number that reads back as the same; nothing for none."""
    if math.isnan(number):
        return ""
    return str(int(number)) if abs(number) < 1e15 and number == int(number) else repr(float(number))


def as_csv(rows: Sequence[Sequence[str]], decimal: str, *, has_values: bool = False) -> str:
    """Rows under their heads, with semicolons where the decimal sign is a comma."""
    text = io.StringIO()
    writer = csv.writer(text, delimiter=";" if decimal == "," else ",", lineterminator="\n")
    writer.writerow([column.replace("accuracy", "r2") if has_values else column for column in COLUMNS])
    writer.writerows((title, *(number.replace(".", decimal) for number in numbers)) for title, *numbers in rows)
    return text.getvalue()
