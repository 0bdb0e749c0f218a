"""Documents from files and into them, and what others do to those files meanwhile."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QObject, Signal, Slot

from engine.experiment import save
from engine.files.locks import held
from engine.messages import Message, mark, message
from engine.run.lane_file import weights_as_json
from engine.run.lane_state import RunMemory, size_of
from engine.run.past.run_file import runs_as_json
from gui.editing.document import Document, State, Training, steps_of
from gui.editing.fingerprint import Change, Fingerprint, change_of, fingerprint
from gui.editing.session import Session
from gui.files import questions
from gui.files.documents import LARGE_FILE, Kind, Opened, document_name, is_large, kind_of, open_document
from gui.files.kept_weights import KeptWeights
from gui.files.questions import Answer
from gui.system import background
from gui.system.background import LARGE_DATASET
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.language import say
from gui.text.words import shown, shown_path
from gui.widgets import boxes

SAVED = (Change.NONE, Change.GONE)  # what others may have done to a file that is saved without a question
LOCK_SECONDS, SHORT_LOCK_SECONDS = 5.0, 0.05  # that another window's save is waited for, and in the window's thread
SAVED_SENTENCES = {
    (False, None): mark("Saved in {file}."),
    (False, False): mark("Saved in {file}: points and settings; the trained network is not kept."),
    (False, True): mark("Saved in {file}: points, settings and the trained network with its curves."),
    (True, None): mark("Saved in {file}, which was gone."),
    (True, False): mark("Saved in {file}, which was gone: points and settings; the trained network is not kept."),
    (True, True): mark("Saved in {file}, which was gone: points, settings and the trained network with its curves."),
}
"""By whether the file was gone, and whether the trained network is kept; None: nothing is trained."""
UNTRAINED = message("The file holds a trained network; the one here is not trained.")
OTHER = message("The file holds another trained network than the one here.")
WHAT_THEN = {
    Change.CONTENT: mark("File > Reload shows it as it is now."),
    Change.GONE: mark("Save writes it again."),
    Change.NO_FILE: mark("Save it under another name."),
}
"""The way out where a file was changed."""


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
        self._weights = KeptWeights(work, session)
        self._noticed: Fingerprint | None = None  # of the file whose change was told
        self._looked_at: Document | None = None

    def load(self, path: str) -> Opened | None:
        """The content of a document; None if it cannot be read, which is told, or the user gave up."""
        path = str(Path(path).absolute())
        text = say("Opening {name} …", name=shown(Path(path).name, 60))
        found = self._work.result(say("Open Experiment"), text, lambda *_: open_document(path), is_long=is_large(path))
        if found is not None:
            self._preferences.remember_folder("open", path)
        return found

    def reload(self) -> None:
        """The document as its file is now, undoably."""
        path = self._session.document.path
        found = self.load(path) if path else None
        if path is None or found is None:
            return
        name = message("Reload {name}", name=shown(document_name(path), 60))
        self._session.edit(found.experiment, name, memory=found.memory, keeps_weights=found.keeps_weights)
        state, document = self._session.state, self._session.document
        had_notes = document.runs.notes != document.saved_notes
        document.runs = document.runs.joined(found.runs)  # nobody loses those of here by it
        if found.memory:
            self._session.runs.begin(document, self._session.run_id)
        self._session.mark_saved(state, path, found.fingerprint, found.trained(self._session.run_id))
        if had_notes:
            document.saved_notes = found.runs.notes
        self.replaced.emit()
        self.told.emit(say("{file} is shown as it is now; Undo brings back what was here.", file=shown_path(path)))

    def remember(self, path: str | None) -> None:
        """Put a document first among the recent ones."""
        if path is not None:
            self._preferences.add_recent_file(path)

    def save(self, state: State) -> bool:
        """Save in the file of its document, or in one that is asked for; returns whether it was.

        What others wrote in the file meanwhile is not overwritten without a question.
        """
        path = state.document.path
        if path is None:
            return self.save_as(state)
        change = self._save_in(path, state, over=state.document.fingerprint)
        if change is None or change in SAVED:
            return change is not None
        is_file, is_here = change is Change.CONTENT, state.document is self._session.document
        sentence = change_sentence(shown(Path(path).name, 60), change)
        match questions.ask_about_change_on_disk(
            self._work.window, sentence, can_overwrite=is_file, can_reload=is_file and is_here
        ):
            case Answer.SAVE_AS:
                return self.save_as(state)
            case Answer.OVERWRITE:
                return self._save_in(path, state) is not None
            case Answer.RELOAD:
                self.reload()
        return False

    def save_as(self, state: State) -> bool:
        """Save in a file that is asked for; returns whether it was."""
        name = f"{document_name(None)}{questions.DOCUMENT_SUFFIX}"
        proposal = state.document.path or self._preferences.proposal("open", name)
        path = questions.ask_save_path(self._work.window, proposal)
        return bool(path) and self._save_in(str(Path(path).absolute()), state) is not None

    def _save_in(self, path: str, state: State, *, over: Fingerprint | None = None) -> Change | None:
        """Save in a file, unless it is not as it was any more.

        Args:
            path: of the file.
            state: which is saved.
            over: what the file was like; if it is not given, whatever is there is overwritten.

        Returns:
            What others did to the file; it is saved if they did nothing, or removed it. None if that failed, which is
            told.
        """
        if kind_of(path) in (Kind.TABLE, Kind.NPZ):
            sentence = say("Experiments are saved in files that end in .json; use Export Points for a table.")
            boxes.tell(self._work.window, say("Save Experiment"), sentence)
            return None
        memory, reason = self._weights.of(state)
        match self._ask_about_weights(path, state, memory, reason):
            case Answer.SAVE_AS:
                return Change.NONE if self.save_as(state) else None
            case Answer.CANCEL:
                return None
        is_long = len(state.experiment.dataset) > LARGE_DATASET or size_of(memory) > LARGE_FILE or is_large(path)
        keeps_weights = state.document.keeps_weights
        runs = self._session.runs.to_save(state.document, state.run if memory else None)

        def write(*_: object) -> tuple[Change, Fingerprint | None]:
            with held(path, LOCK_SECONDS if is_long else SHORT_LOCK_SECONDS):  # no other window saves in between
                change = Change.NONE if over is None else change_of(path, over)
                if change not in SAVED:
                    return change, None
                save(path, state.experiment, weights_as_json(memory) if keeps_weights else None, runs_as_json(runs))
                return change, fingerprint(path)

        text = say("Saving {name} …", name=shown(Path(path).name, 60))
        written = self._work.result(say("Save Experiment"), text, write, is_long=is_long, can_cancel=False)
        if written is None:
            return None
        change, after = written
        if change in SAVED:
            trained = Training(state.run, steps_of(memory)) if memory else None
            self._session.mark_saved(state, path, after, trained)
            self.remember(path)
            self._preferences.remember_folder("open", path)
            is_trained = bool(memory) or any(lane.steps for lane in self._session.snapshot.lanes)
            sentence = SAVED_SENTENCES[change is Change.GONE, bool(memory) if is_trained else None]
            told = say(sentence, file=shown_path(path))
            self.told.emit(told if reason is None else f"{told} {say(reason)}")
        return change

    def _ask_about_weights(self, path: str, state: State, memory: RunMemory, reason: Message | None) -> Answer:
        """Ask before a file loses a trained network that may be in it, for a `reason` or since here is another or none.

        Where it is saved all the same the answer is to overwrite.
        """
        document, in_file = state.document, state.document.trained
        if reason is None and document.keeps_weights and in_file is not None and path == document.path:
            reason = UNTRAINED if not memory else OTHER if in_file.run is None else None
        if reason is None or not Path(path).exists():
            return Answer.OVERWRITE
        sentence = say(reason)
        return questions.ask_about_change_on_disk(self._work.window, sentence, can_overwrite=True, can_reload=False)

    def notice_change(self) -> None:
        """Tell, once, that somebody else has changed the file of the document."""
        path, before = self._session.document.path, self._session.document.fingerprint
        if path is None or before is None or before is self._noticed or self._work.is_busy:
            return
        self._looked_at = self._session.document
        if not is_large(path):
            self._tell_change(change_of(path, before, quick=True))
            return
        task = background.Task(lambda *_: change_of(path, before, quick=True), self._work.window)
        task.done.connect(self._tell_change)
        task.finished.connect(task.deleteLater)
        task.start()

    @Slot(object)
    def _tell_change(self, change: Change) -> None:
        document = self._looked_at
        if change is Change.NONE or document is not self._session.document or document.fingerprint is self._noticed:
            return
        self._noticed = document.fingerprint
        name = shown(Path(document.path or "").name, 60)
        self.told.emit(f"{change_sentence(name, change)} {say(WHAT_THEN[change])}")


def change_sentence(name: str, change: Change) -> str:
    """A sentence about the change of a document's file."""
    match change:
        case Change.CONTENT:
            return say("Somebody else has changed “{name}” since this window read or saved it.", name=name)
        case Change.GONE:
            return say("“{name}” is gone.", name=name)
        case _:
            return say("“{name}” is no file any more that can be read.", name=name)
