"""Unsaved work is kept; that of windows that are gone is found at the start, offered and taken over."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import partial
from pathlib import Path

from PySide6.QtCore import QDateTime, QLocale, QObject, Signal, Slot

from engine.dataset import empty_dataset
from engine.errors import InputError
from engine.experiment import Experiment
from engine.messages import Message
from gui.editing.document import Document, Training
from gui.editing.fingerprint import UNKNOWN, fingerprint
from gui.editing.session import Session
from gui.files import questions
from gui.files.document_files import DocumentFiles
from gui.files.documents import Opened, document_name, is_large, open_document
from gui.files.questions import Answer
from gui.files.recovery import Leftover, Recovery, leftovers
from gui.system import background
from gui.system.file_work import FileWork
from gui.text.language import count, say
from gui.text.words import shown


class Rescue(QObject):
    """Unsaved work of this window and of those that are gone.

    Args:
        work: asks and restores.
        session: what is restored is worked on there.
        documents: remember what is.
        may_lose_changes: asks whether what is worked on now may go.

    Signals:
        told(str): a sentence on what was found, or cannot be kept.
    """

    told = Signal(str)
    _found = Signal(object)

    def __init__(
        self,
        work: FileWork,
        session: Session,
        documents: DocumentFiles,
        may_lose_changes: Callable[[], bool],
        parent: QObject,
    ) -> None:
        super().__init__(parent)
        self._work, self._session, self._documents, self._may_lose_changes = work, session, documents, may_lose_changes
        self._recovery: Recovery | None = None
        self._restored: Leftover | None = None  # which lies there until it is kept anew
        self._is_closed = False
        self._found.connect(self._tell)

    def watch(self, recovery: Recovery) -> None:
        """Have unsaved work kept by `recovery`."""
        self._recovery = recovery
        recovery.failed.connect(self.told)
        recovery.kept.connect(self._discard_restored)

    def look(self, folder: Path) -> None:
        """Offer what windows left in a folder, which is read in the background."""

        def read(_tell: object, is_cancelled: Callable[[], bool]) -> list[Leftover]:
            found = leftovers(folder, self._found.emit)
            return leave(found) if is_cancelled() else found

        task = background.Task(read, self._work.window)
        task.done.connect(self.offer)
        task.failed.connect(self._tell)
        task.finished.connect(task.deleteLater)
        task.start()

    @Slot(object)
    def _tell(self, fact: Message | InputError) -> None:
        self.told.emit(say(fact))

    @Slot(object)
    def offer(self, found: list[Leftover]) -> None:
        """Offer unsaved work of windows that are gone, one after the other, until one is restored."""
        if found:
            self._work.when_free(partial(self._offer, found))

    def _offer(self, found: list[Leftover]) -> None:
        restored, n_left = False, 0
        for leftover in leave(found) if self._is_closed else found:
            answer = Answer.LATER
            if not restored:
                answer = questions.ask_about_leftover(self._work.window, description_of(leftover))
            if answer is Answer.RESTORE and self._may_lose_changes():
                self._restore(leftover)
                restored = True
            elif answer is Answer.DISCARD:
                leftover.discard()
            else:
                leftover.leave()
                n_left += 1
        if restored and n_left:
            self.told.emit(say("What else was not saved is offered at the next start."))

    def _restore(self, leftover: Leftover) -> None:
        path, in_file, memory = leftover.document, None, leftover.memory
        if path:
            text = say("Looking at {name} …", name=shown(Path(path).name, 60))
            in_file = self._work.result(
                say("Restore"), text, lambda *_: looked_at(path), is_long=is_large(path), can_cancel=False
            )
        document = Document(path, None, keeps_weights=leftover.keeps_weights, runs=leftover.runs)
        if in_file is not None:
            is_newer = in_file.fingerprint is not None and in_file.fingerprint.is_newer_than(leftover.time.timestamp())
            # what comes there, or has come since, is somebody else's
            document.fingerprint = UNKNOWN if is_newer else in_file.fingerprint or UNKNOWN
            document.keeps_weights |= in_file.keeps_weights
            document.trained = in_file.trained(0) and Training()
            if not memory and leftover.experiment.goes_on_from(in_file.experiment):
                memory = in_file.memory
            runs = document.runs.joined(in_file.runs)  # of which the newest alone were kept
            document.runs = runs if memory is in_file.memory else replace(runs, current=None)
        self._restored = leftover
        self._session.open(leftover.experiment, document, memory)
        if in_file is not None and in_file.memory and memory:  # those in the file came here, or became these
            document.trained = in_file.trained(self._session.run_id)
        if self._recovery is not None and memory:
            self._recovery.weights.know(self._session.state, memory)
        self._documents.remember(path)
        self._discard_restored()

    @Slot()
    def _discard_restored(self) -> None:
        """Remove what was restored, once it is kept anew or saved."""
        if self._restored is not None and self._recovery is not None and self._recovery.is_up_to_date:
            self._restored.discard()
            self._restored = None

    def close(self, *, keeps: bool) -> None:
        """End; what is not saved stays for the next start if `keeps`."""
        self._is_closed = True
        if self._recovery is not None:
            self._recovery.end(keeps=keeps)
            self._discard_restored()
        if self._restored is not None:
            self._restored.leave() if keeps else self._restored.discard()
        self._recovery = self._restored = None


def looked_at(path: str) -> Opened:
    """The content of the file of a document; an empty one where that cannot be had."""
    try:
        return open_document(path)
    except InputError:
        return Opened(Experiment(empty_dataset()), path, fingerprint(path))


def leave(found: list[Leftover]) -> list[Leftover]:
    """Let all of them lie until the next start; nothing remains of the list."""
    for leftover in found:
        leftover.leave()
    return []


def description_of(leftover: Leftover) -> str:
    """A description of unsaved work: its name, its time, and its points."""
    time = QLocale().toString(QDateTime(leftover.time), QLocale.FormatType.ShortFormat)  # type: ignore[call-overload]
    dataset = leftover.experiment.dataset
    if leftover.document is None:
        return count(
            "An untitled drawing, {time}: {n:,} point in {n_classes} classes.",
            "An untitled drawing, {time}: {n:,} points in {n_classes} classes.",
            len(dataset),
            time=time,
            n_classes=dataset.n_classes,
        )
    return count(
        "“{name}”, {time}: {n:,} point in {n_classes} classes.",
        "“{name}”, {time}: {n:,} points in {n_classes} classes.",
        len(dataset),
        name=shown(document_name(leftover.document), 100),
        time=time,
        n_classes=dataset.n_classes,
    )
