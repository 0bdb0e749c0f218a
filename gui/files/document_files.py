"""Documents from files and into them, and what others do to those files meanwhile."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal

from engine.experiment import Experiment, save
from gui.editing.document import State
from gui.editing.fingerprint import Change, Fingerprint, change_of, fingerprint
from gui.editing.session import Session
from gui.files import questions
from gui.files.documents import Kind, document_name, is_large, kind_of, load_for_plane
from gui.files.questions import Answer
from gui.system.background import LARGE_DATASET
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.words import shown, shown_path
from gui.widgets import boxes

Found = tuple[Experiment, str | None, Fingerprint | None]
"""What a document is found to hold, its path, and its file as it was then."""


class DocumentFiles(QObject):
    """Reads and writes the documents of a session.

    Args:
        work: does it.
        session: whose documents they are.
        preferences: remember files and folders.

    Signals:
        told(str): a sentence on what was done, or on what others did.
        replaced(): other points are shown than before.
    """

    told = Signal(str)
    replaced = Signal()

    def __init__(self, work: FileWork, session: Session, preferences: Preferences, parent: QObject) -> None:
        super().__init__(parent)
        self._work, self._session, self._preferences = work, session, preferences
        self._noticed: Fingerprint | None = None  # of the file whose change was told

    def load(self, path: str) -> Found | None:
        """What a document holds; None if it cannot be read, which is told, or the user gave up."""
        path = str(Path(path).absolute())
        text = f"Opening {shown(Path(path).name, 60)} …"

        def load(*_: object) -> Found:
            before = fingerprint(path)  # not afterwards: a file that changes meanwhile has changed
            return load_for_plane(path), path, before

        found = self._work.result("Open Experiment", text, load, is_long=is_large(path))
        if found is not None:
            self._preferences.remember_folder("open", path)
        return found

    def reload(self) -> None:
        """The document as its file is now, undoably."""
        path = self._session.document.path
        found = self.load(path) if path else None
        if path is None or found is None:
            return
        self._session.edit(found[0], f"Reload {shown(document_name(path), 60)}")
        self._session.mark_saved(self._session.state, path, found[2])
        self.replaced.emit()
        self.told.emit(f"{shown_path(path)} is shown as it is now; Undo brings back what was here.")

    def remember(self, path: str | None) -> None:
        """Put a document first among the recent ones."""
        if path is not None:
            self._preferences.add_recent_file(path)

    def save(self, state: State) -> bool:
        """Save in the file of its document, or in one that is asked for; returns whether it was.

        What others wrote in the file meanwhile is not overwritten without a question.
        """
        path, before = state.document.path, state.document.fingerprint
        if path is None:
            return self.save_as(state)
        name = shown(Path(path).name, 60)
        title, look = "Save Experiment", (lambda *_: change_of(path, before))
        change = self._work.result(title, f"Looking at {name} …", look, is_long=is_large(path))
        if change in (Change.NONE, Change.GONE):
            return self._save_in(path, state, was_gone=change is Change.GONE)
        if change is None:
            return False
        is_file, is_here = change is Change.CONTENT, state.document is self._session.document
        sentence = change_sentence(name, change)
        match questions.ask_about_change_on_disk(
            self._work.window, sentence, can_overwrite=is_file, can_reload=is_file and is_here
        ):
            case Answer.SAVE_AS:
                return self.save_as(state)
            case Answer.OVERWRITE:
                return self._save_in(path, state)
            case Answer.RELOAD:
                self.reload()
        return False

    def save_as(self, state: State) -> bool:
        """Save in a file that is asked for; returns whether it was."""
        name = f"{document_name(None)}{questions.DOCUMENT_SUFFIX}"
        proposal = state.document.path or self._preferences.proposal("open", name)
        path = questions.ask_save_path(self._work.window, proposal)
        return bool(path) and self._save_in(str(Path(path).absolute()), state)

    def _save_in(self, path: str, state: State, *, was_gone: bool = False) -> bool:
        if kind_of(path) in (Kind.TABLE, Kind.NPZ):
            sentence = "Experiments are saved in files that end in .json; use Export Points for a table."
            boxes.tell(self._work.window, "Save Experiment", sentence)
            return False

        def write(*_: object) -> tuple[Fingerprint | None]:
            save(path, state.experiment)
            return (fingerprint(path),)

        text = f"Saving {shown(Path(path).name, 60)} …"
        is_long = len(state.experiment.dataset) > LARGE_DATASET
        written = self._work.result("Save Experiment", text, write, is_long=is_long, can_cancel=False)
        if written is None:
            return False
        self._session.mark_saved(state, path, written[0])
        self.remember(path)
        self._preferences.remember_folder("open", path)
        is_trained = any(lane.steps for lane in self._session.snapshot.lanes)
        what = ": points and settings; the trained network is not kept" if is_trained else ""
        self.told.emit(f"Saved in {shown_path(path)}{', which was gone' if was_gone else ''}{what}.")
        return True

    def notice_change(self) -> None:
        """Tell, once, that somebody else has changed the file of the document."""
        path, before = self._session.document.path, self._session.document.fingerprint
        if path is None or before is None or before is self._noticed or self._work.is_busy:
            return
        change = change_of(path, before, quick=True)
        if change is not Change.NONE:
            self._noticed = before
            what_then = "File > Reload shows it as it is now" if change is Change.CONTENT else "Save writes it again"
            if change is Change.NO_FILE:
                what_then = "Save it under another name"
            self.told.emit(f"{change_sentence(shown(Path(path).name, 60), change)} {what_then}.")


def change_sentence(name: str, change: Change) -> str:
    """What became of the file of a document."""
    match change:
        case Change.CONTENT:
            return f"Somebody else has changed “{name}” since this window read or saved it."
        case Change.GONE:
            return f"“{name}” is gone."
        case _:
            return f"“{name}” is no file any more that can be read."
