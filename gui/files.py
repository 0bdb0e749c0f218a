"""The document of a window: new, open, save, import, export; nothing is lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow

from engine.dataset import empty_dataset
from engine.errors import shown, shown_path
from engine.experiment import Experiment, save
from gui import background, dialogs
from gui.dialogs import Answer
from gui.documents import LARGE_DATASET, Kind, document_name, is_large, kind_of, load_for_plane
from gui.file_work import FileWork
from gui.point_files import PointFiles
from gui.preferences import Preferences
from gui.recent_menu import RecentMenu
from gui.recovery import Leftover, Recovery
from gui.session import Session
from gui.wording import points

TAKEN = "experiments (.json), tables (.csv, .tsv, .txt) and NumPy archives (.npz)"
CLOSING_PATIENCE = 2000  # milliseconds for work that is under way when the window closes


class Files(QObject):
    """Everything that has to do with files.

    Signals:
        told(str): a sentence on what was done.
        replaced(): other points are shown than before.

    Attributes:
        path: of the document, or None.
        asks: whether closing the window asks about changes; if not, they stay for recovery.
        points: imports and exports them.
        recent_menu: the documents used last.
    """

    told = Signal(str)
    replaced = Signal()

    def __init__(
        self,
        window: QMainWindow,
        session: Session,
        preferences: Preferences,
        actions: dict[str, QAction],
        label_in_hand: Callable[[], int],
    ) -> None:
        super().__init__(window)
        self._window, self._session, self._preferences = window, session, preferences
        self._stack, self._work = session.undo_stack, FileWork(window)
        self._recovery: Recovery | None = None
        self.path: str | None = None
        self.asks = True
        self._keeps = False
        self.points = PointFiles(self._work, session, preferences, label_in_hand, self)
        self.points.told.connect(self.told)
        self.points.replaced.connect(self.replaced)
        self.recent_menu = RecentMenu(preferences, window)
        self.recent_menu.chosen.connect(self._open_recent)
        slots: dict[str, Callable[[], object]] = {
            "new": self.new, "open": self.open, "save": self.save, "save_as": self.save_as,
            "import": self.points.import_points,
            "export": lambda: self.points.export_points(document_name(self.path)),
        }  # fmt: skip
        for name, slot in slots.items():
            actions[name].triggered.connect(self._work.alone(slot))
        self._stack.cleanChanged.connect(self._show_title)
        self._show_title()

    def watch(self, recovery: Recovery) -> None:
        """Have unsaved work kept by `recovery`."""
        self._recovery = recovery
        recovery.document = self.path
        recovery.failed.connect(self.told)

    # documents

    def adopt(self, experiment: Experiment, path: str | None) -> None:
        """Work on another document, which is as it was saved."""
        self._session.open(experiment)
        self.use_path(path)
        self.replaced.emit()

    def use_path(self, path: str | None) -> None:
        """What the session works on is the document in that file, or in none yet."""
        self.path = path
        if self._recovery is not None:
            self._recovery.document = path
        if path is not None:
            self._preferences.add_recent_file(path)
        self._show_title()

    @Slot()
    def _show_title(self) -> None:
        name = shown(document_name(self.path)).replace("[*]", "[*][*]")  # two of Qt's marks mean the text itself
        self._window.setWindowTitle(f"{name}[*] — Marz")
        self._window.setWindowFilePath(self.path or "")
        self._window.setWindowModified(not self._stack.isClean())

    def new(self) -> None:
        """An empty plane and the usual settings."""
        self._replace_document(lambda: (Experiment(empty_dataset()), None))

    def open(self) -> None:
        """Another document, chosen in a dialog."""

        def find() -> tuple[Experiment, str | None] | None:
            path = dialogs.ask_open_path(self._window, self._preferences.folder("open"))
            return self._load(path) if path else None

        self._replace_document(find)

    def open_path(self, path: str) -> None:
        """Another document."""
        self._replace_document(lambda: self._load(path))

    def _replace_document(self, find: Callable[[], tuple[Experiment, str | None] | None]) -> None:
        if not self._may_lose_changes():
            return
        before, found = self._session.experiment, find()
        if found is None or (self._session.experiment is not before and not self._may_lose_changes()):
            return
        self.adopt(*found)

    def _load(self, path: str) -> tuple[Experiment, str] | None:
        path = str(Path(path).absolute())
        text = f"Opening {shown(Path(path).name, 60)} …"
        load, is_long = (lambda *_: load_for_plane(path)), is_large(path)
        experiment = self._work.result("Open Experiment", text, load, is_long=is_long)
        if experiment is None:
            return None
        self._preferences.remember_folder("open", path)
        return experiment, path

    def save(self) -> bool:
        """Save in the file of the document, or in one that is asked for; returns whether it was."""
        return self._save_in(self.path) if self.path else self.save_as()

    def save_as(self) -> bool:
        """Save in a file that is asked for; returns whether it was."""
        name = f"{document_name(None)}{dialogs.DOCUMENT_SUFFIX}"
        proposal = self.path or self._preferences.proposal("open", name)
        path = dialogs.ask_save_path(self._window, proposal)
        return bool(path) and self._save_in(str(Path(path).absolute()))

    def _save_in(self, path: str) -> bool:
        if kind_of(path) in (Kind.TABLE, Kind.NPZ):
            sentence = "Experiments are saved in files that end in .json; use Export Points for a table."
            dialogs.tell(self._window, "Save Experiment", sentence)
            return False
        self._session.finish_draft()
        experiment = self._session.experiment

        def write(*_: object) -> bool:
            save(path, experiment)
            return True

        text = f"Saving {shown(Path(path).name, 60)} …"
        is_long = len(experiment.dataset) > LARGE_DATASET
        if not self._work.result("Save Experiment", text, write, is_long=is_long, can_cancel=False):
            return False
        if self._session.experiment is experiment:
            self._stack.setClean()
        self.use_path(path)
        self._preferences.remember_folder("open", path)
        self.told.emit(f"Saved in {shown_path(path)}.")
        return True

    def _may_lose_changes(self) -> bool:
        """Whether nothing would be lost, or the user agrees to that."""
        self._session.finish_draft()
        if self._stack.isClean():
            return True
        answer = dialogs.ask_about_changes(self._window, shown(document_name(self.path), 100))
        if answer is Answer.SAVE:
            return self.save() and self._stack.isClean()
        return answer is Answer.DISCARD

    @Slot(str)
    def _open_recent(self, path: str) -> None:
        self._work.alone(partial(self.open_path, path))()

    # dropped files

    @Slot(list)
    def take_dropped(self, paths: list[str]) -> None:
        """Open or import the first of some files."""
        self._work.alone(partial(self._take_first, paths))()

    def _take_first(self, paths: list[str]) -> None:
        path, kind, name = paths[0], kind_of(paths[0]), shown(Path(paths[0]).name)
        if Path(path).is_dir():
            dialogs.tell(self._window, "Drop", f"“{name}” is a folder; drop a file.")
        elif kind is None:
            dialogs.tell(self._window, "Drop", f"“{name}” is no file that Marz takes: {TAKEN}.")
        elif kind is Kind.DOCUMENT:
            self.open_path(path)
        else:
            self.points.import_path(path)
        if len(paths) > 1:
            self.told.emit(f"Only the first of {len(paths)} files was taken.")

    # recovery

    def offer_leftovers(self, found: list[Leftover]) -> None:
        """Offer unsaved work of windows that are gone, one after the other, until one is restored."""
        self._work.alone(partial(self._offer, found))()

    def _offer(self, found: list[Leftover]) -> None:
        restored, n_left = False, 0
        for leftover in found:
            answer = Answer.LATER if restored else dialogs.ask_about_leftover(self._window, description_of(leftover))
            if answer is Answer.RESTORE and self._may_lose_changes():
                self._restore(leftover)
                restored = True
            elif answer is Answer.DISCARD:
                leftover.discard()
            else:
                leftover.leave()
                n_left += 1
        if restored and n_left:
            self.told.emit("What else was not saved is offered at the next start.")

    def _restore(self, leftover: Leftover) -> None:
        self.adopt(leftover.experiment, leftover.document)
        self._stack.resetClean()
        if self._recovery is not None and self._recovery.flush():
            leftover.discard()
        else:
            leftover.leave()

    # closing

    def may_close(self) -> bool:
        """Whether the window may close: nothing is lost, or the user agrees to that."""
        self._keeps = not self.asks
        if not self.asks:
            return True
        if self._work.is_busy:
            self.told.emit("Something is still being done with a file; close the window when that has ended.")
            return False
        agreed: list[bool] = []
        self._work.alone(lambda: agreed.append(self._may_lose_changes()))()
        return agreed == [True]

    def close(self) -> None:
        """End what is under way. Work that is lost without a question having been asked stays for recovery."""
        background.end_tasks(self._window, CLOSING_PATIENCE)
        if self._recovery is not None:
            self._recovery.end(keeps=self._keeps and not self._stack.isClean())
            self._recovery = None


def description_of(leftover: Leftover) -> str:
    """What unsaved work is, and from when."""
    name = shown(f"“{document_name(leftover.document)}”", 100) if leftover.document else "An untitled drawing"
    time = QLocale().toString(QDateTime(leftover.time), QLocale.FormatType.ShortFormat)  # type: ignore[call-overload]
    dataset = leftover.experiment.dataset
    return f"{name}, {time}: {points(len(dataset))} in {dataset.n_classes} classes."
