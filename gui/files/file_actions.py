"""The document of a window: new, open, save, import, export; nothing is lost without a question."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QEvent, QObject, Signal, Slot
from PySide6.QtGui import QAction

from engine.dataset import empty_dataset
from engine.experiment import Experiment
from engine.messages import mark, message
from engine.run.snapshot import RunState
from gui.actions import Action
from gui.editing.document import Document, State
from gui.editing.session import Session
from gui.files import questions
from gui.files.curve_files import CurveFiles
from gui.files.document_files import DocumentFiles
from gui.files.documents import Kind, Opened, document_name, kind_in, open_any
from gui.files.point_files import PointFiles
from gui.files.questions import Answer
from gui.files.recent_menu import RecentMenu
from gui.files.recovery import Recovery
from gui.files.rescue import Rescue
from gui.system import background
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.language import say
from gui.text.words import shown, shown_path
from gui.widgets import boxes
from gui.widgets.tips import action_tip

SAVE_TIPS = {
    (Action.SAVE, False): mark("Save points and settings in the file of the experiment"),
    (Action.SAVE, True): mark("Save points, settings and the trained network in the file of the experiment"),
    (Action.SAVE_AS, False): mark("Save points and settings in another file"),
    (Action.SAVE_AS, True): mark("Save points, settings and the trained network in another file"),
}
"""By whether the document keeps weights."""
KEEPS_SENTENCES = {
    False: mark("Save keeps points and settings of this experiment."),
    True: mark("Save keeps the trained network of this experiment and its curves, too."),
}
CLOSING_PATIENCE = 2000  # milliseconds for work that is under way when the window closes


class Files(QObject):
    """Everything that has to do with files.

    Signals:
        told(str): a sentence on what was done.
        replaced(): other points are shown than before.

    Attributes:
        asks: whether closing the window asks about changes; if not, they stay for recovery.
        documents: reads and writes them.
        points: imports and exports them.
        curves: exports them.
        rescue: keeps what is not saved, and offers what others left.
        recent_menu: the documents used last.
    """

    told = Signal(str)
    replaced = Signal()

    def __init__(
        self,
        work: FileWork,
        session: Session,
        preferences: Preferences,
        actions: dict[str, QAction],
        label_in_hand: Callable[[], int],
    ) -> None:
        window = work.window
        super().__init__(window)
        self._window, self._session, self._preferences = window, session, preferences
        self._actions, self._work = actions, work
        self.asks = True
        self._keeps = False
        self.documents = DocumentFiles(self._work, session, preferences, self)
        self.points = PointFiles(self._work, session, preferences, label_in_hand, self)
        self.curves = CurveFiles(work, session, preferences, self)
        self.rescue = Rescue(work, session, self.documents, self._may_lose_changes, self)
        for part in (self.documents, self.points):
            part.replaced.connect(self.replaced)
        for told in (self.documents.told, self.points.told, self.curves.told, self.rescue.told):
            told.connect(self.told)
        self.recent_menu = RecentMenu(preferences, window)
        self.recent_menu.chosen.connect(self._open_recent)
        slots: dict[str, Callable[[], object]] = {
            Action.NEW: self.new, Action.OPEN: self.open, Action.SAVE: self.save, Action.SAVE_AS: self.save_as,
            Action.IMPORT: self.points.import_points,
            Action.EXPORT: lambda: self.points.export_points(document_name(self.path)),
            Action.EXPORT_CURVES: lambda: self.curves.export_curves(document_name(self.path)),
            Action.RELOAD: self.documents.reload, Action.BACK: self.go_back, Action.KEEP_WEIGHTS: self.keep_weights,
        }  # fmt: skip
        for name, slot in slots.items():
            actions[name].triggered.connect(self._work.alone(slot))
        session.document_changed.connect(self._show_title)
        session.document_replaced.connect(self.replaced)
        window.installEventFilter(self)
        self._show_title()

    @property
    def path(self) -> str | None:
        """The file of the document, or None."""
        return self._session.document.path

    def watch(self, recovery: Recovery) -> None:
        """Have unsaved work kept by `recovery`."""
        self.rescue.watch(recovery)

    # documents

    def adopt(self, opened: Opened) -> None:
        """Work on another document, which is as it was saved."""
        keeps, trained = opened.keeps_weights, opened.trained(0)  # the session knows the number of the run
        runs = opened.runs
        document = Document(
            opened.path, opened.experiment, None, opened.fingerprint, keeps, keeps, trained, runs, runs.notes
        )
        self._session.open(opened.experiment, document, opened.memory)
        self.documents.remember(opened.path)

    def use_file(self, opened: Opened) -> None:
        """Begin the first run; take the file that was opened, if it is a document, for that of the session as it is."""
        self._session.start(memory=opened.memory)
        if opened.path is not None:
            document = self._session.document
            document.keeps_weights, document.runs = opened.keeps_weights, opened.runs
            if opened.memory:
                self._session.runs.begin(document, self._session.run_id)
            trained = opened.trained(self._session.run_id)
            self._session.mark_saved(self._session.state, opened.path, opened.fingerprint, trained)
            self.documents.remember(opened.path)

    def begin_with(self, path: str) -> None:
        """Work on what a file of any kind holds, read in the background; the user may give that up.

        Raises:
            InputError: it cannot be read.
        """
        name = shown(Path(path).name, 60)

        def read(tell: Callable[[float], None], is_cancelled: Callable[[], bool]) -> Opened:
            return open_any(path, tell, is_cancelled)

        def begin() -> None:
            opened = background.run(self._window, say("Reading {name} …", name=name), read)
            if opened is None:
                self.told.emit(say("Reading {name} was given up.", name=name))
                return
            self.adopt(opened)
            self.points.tell_notes(path, opened.notes)

        self._work.alone(begin)()

    @Slot()
    def _show_title(self) -> None:
        document = self._session.document
        name = shown(document_name(self.path)).replace("[*]", "[*][*]")  # two of Qt's marks mean the text itself
        self._window.setWindowTitle(f"{name}[*] — Marz")
        self._window.setWindowFilePath(self.path or "")
        self._window.setWindowModified(self._session.state.is_modified)
        self._actions[Action.RELOAD].setEnabled(self.path is not None)
        self._actions[Action.KEEP_WEIGHTS].setChecked(document.keeps_weights)
        for (name, keeps), text in SAVE_TIPS.items():
            if keeps is document.keeps_weights:
                self._actions[name].setStatusTip(say(text))
                self._actions[name].setToolTip(action_tip(say(text), self._actions[name]))
        back, behind = self._actions[Action.BACK], document.behind
        back.setVisible(behind is not None)
        if behind is not None:
            name = shown(document_name(behind.document.path), 40)
            back.setText(say("&Back to “{name}”", name=name.replace("&", "&&")))

    def new(self) -> None:
        """An empty plane and the usual settings."""
        self._replace_document(lambda: Opened(Experiment(empty_dataset())))

    def open(self) -> None:
        """Another document, chosen in a dialog."""

        def find() -> Opened | None:
            path = questions.ask_open_path(self._window, self._preferences.folder("open"))
            return self.documents.load(path) if path else None

        self._replace_document(find)

    def open_path(self, path: str) -> None:
        """Another document."""
        self._replace_document(lambda: self.documents.load(path))

    def _replace_document(self, find: Callable[[], Opened | None]) -> None:
        if not self._may_lose_changes():
            return
        before, found = self._session.experiment, find()
        if found is None or (self._session.experiment is not before and not self._may_lose_changes()):
            return
        self.adopt(found)
        if found.path is not None:
            self.told.emit(opened_sentence(found))

    def keep_weights(self) -> None:
        """Have the trained network saved with the document from now on, or not any more."""
        keeps = self._actions[Action.KEEP_WEIGHTS].isChecked()
        self._session.document.keeps_weights = keeps
        self._session.document_changed.emit()
        self.told.emit(say(KEEPS_SENTENCES[keeps]))

    def go_back(self) -> None:
        """The document that was left for a ready-made experiment, as it was."""
        behind = self._session.document.behind
        if behind is not None and self._may_lose([self._session.state]):
            name = shown(document_name(behind.document.path), 60)
            self._session.go_back(message("Back to {name}", name=name))

    def save(self) -> bool:
        """Save in the file of the document, or in one that is asked for; returns whether it was."""
        self._session.finish_draft()
        return self.documents.save(self._session.state)

    def save_as(self) -> bool:
        """Save in a file that is asked for; returns whether it was."""
        self._session.finish_draft()
        return self.documents.save_as(self._session.state)

    def _may_lose_changes(self) -> bool:
        """True if nothing would be lost, or the user agrees to that; what lies behind it included."""
        self._session.finish_draft()
        return self._may_lose(self._session.state.all_unsaved())

    def _may_lose(self, states: list[State]) -> bool:
        for state in states:
            if not state.is_modified:
                continue
            was_training = self._session.snapshot.state is RunState.RUNNING
            self._session.pause()  # or the window would say that it trains, and do so, behind the question
            name, is_training = shown(document_name(state.document.path), 100), not state.has_other_content
            answer = questions.ask_about_changes(self._window, name, is_training)
            if answer is Answer.SAVE:
                is_here = state.document is self._session.document  # and may have been edited while it was saved
                if not self.documents.save(state) or (is_here and self._session.state.is_modified):
                    return False
            elif answer is not Answer.DISCARD:
                if was_training:
                    self.told.emit(say("Training was paused for the question; Resume goes on with it."))
                return False
        return True

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Look at the file when one comes back to the window."""
        if event.type() == QEvent.Type.WindowActivate:
            self.documents.notice_change()
        return False

    @Slot(str)
    def _open_recent(self, path: str) -> None:
        self._work.alone(partial(self.open_path, path))()

    # dropped files

    @Slot(list)
    def take_dropped(self, paths: list[str]) -> None:
        """Open the first document among some files, and import the points of the others into it, one by one."""
        self._work.alone(partial(self._take, paths))()

    def _take(self, paths: list[str]) -> None:
        documents = [path for path in paths if kind_in(path) is Kind.DOCUMENT]
        if documents:
            self.open_path(documents[0])
            if self.path is None or Path(self.path) != Path(documents[0]):  # a system may write one path in two ways
                return  # it was given up, and the others were meant for it
        for path in paths:
            if Path(path).is_dir():
                name = shown(Path(path).name)
                boxes.tell(self._window, say("Drop"), say("“{name}” is a folder; drop a file.", name=name))
            elif path not in documents:
                self.points.import_path(path)
        if len(documents) > 1:
            self.told.emit(say("Only the first of {n_files} documents was opened.", n_files=len(documents)))

    # closing

    def may_close(self) -> bool:
        """True if the window may close: nothing is lost, or the user agrees to that."""
        self._keeps = not self.asks
        if not self.asks:
            return True
        if self._work.is_busy:
            self.told.emit(say("Something is still being done with a file; close the window when that has ended."))
            return False
        agreed: list[bool] = []
        self._work.alone(lambda: agreed.append(self._may_lose_changes()))()
        return agreed == [True]

    def close(self) -> None:
        """End what is under way. Work that is lost without a question having been asked stays for recovery."""
        background.end_tasks(self._window, CLOSING_PATIENCE)
        self.rescue.close(keeps=self._keeps)


def opened_sentence(opened: Opened) -> str:
    """A sentence on what was found in the file of a document."""
    file = shown_path(opened.path or "")
    found = say("Opened {file}: points and settings; training begins anew.", file=file)
    if opened.memory:
        epoch = min(lane.network.epochs for lane in opened.memory)
        found = say(
            "Opened {file}: points, settings and the network, trained to epoch {epoch:,}.", file=file, epoch=epoch
        )
    return " ".join([found, *map(say, opened.notes)])
