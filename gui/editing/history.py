"""The steps of the undo history. No widgets."""

# Tests: tests/gui/editing/test_session.py

from __future__ import annotations

from dataclasses import replace
from typing import Protocol

from PySide6.QtGui import QUndoCommand, QUndoStack

from engine.messages import Message
from gui.editing.document import State
from gui.text.language import say


class Worked(Protocol):
    """The work that steps change; see `gui.editing.session.Session`."""

    def use(self, state: State) -> int | None: ...


class Edit(QUndoCommand):
    """From one state to another, perhaps of another document; edits in a row with the same key are one.

    Attributes:
        name: what was done; it is worded for the list of changes.
    """

    def __init__(self, session: Worked, before: State, after: State, name: Message, key: str = "") -> None:
        super().__init__(say(name))
        self._session, self._key = session, key
        self.before, self.after, self.name = before, after, name
        self._is_made = False

    def copy(self) -> Edit:
        """The same edit as one that was made already, to be pushed on a stack once more; it merges with none."""
        edit = Edit(self._session, self.before, self.after, self.name)
        edit._is_made = True
        return edit

    def is_one_with(self, later: Edit) -> bool:
        """True if a later edit is no step of its own."""
        return bool(self._key) and later._key == self._key

    def call(self, name: Message) -> None:
        """Give it a name, or word the one it has anew."""
        self.name = name
        self.setText(say(name))

    def redo(self) -> None:
        """Make the edit; a stack asks for that also when it is pushed."""
        if not self._is_made:
            self.before = replace(self.before, run=self._session.use(self.after))
        self._is_made = False

    def undo(self) -> None:
        """Take it back."""
        self.after = replace(self.after, run=self._session.use(self.before))


def word_anew(stack: QUndoStack) -> None:
    """Say the names of all edits of a stack in the language that is spoken now."""
    for edit in map(stack.command, range(stack.count())):
        if isinstance(edit, Edit):
            edit.call(edit.name)
    stack.indexChanged.emit(stack.index())  # whoever shows a name shows it anew


def forget_oldest(stack: QUndoStack, most_bytes: int) -> None:
    """Drop the oldest edits of a stack until the points that the others keep fit into so many bytes; one always stays.

    Nothing else is told or changed: what can be undone stays.
    """
    edits = [edit for edit in map(stack.command, range(stack.count())) if isinstance(edit, Edit)]
    kept, seen, size = len(edits), set[int](), 0
    for edit in reversed(edits):
        for dataset in (edit.before.experiment.dataset, edit.after.experiment.dataset):
            for array in (dataset.points, dataset.labels, dataset.serials):
                size += 0 if id(array) in seen else array.nbytes
                seen.add(id(array))
        if size > most_bytes and kept < len(edits):
            break
        kept -= 1
    if kept == 0:
        return
    copies = [edit.copy() for edit in edits[kept:]]
    was_blocked = stack.blockSignals(True)
    stack.clear()
    for edit in copies:
        stack.push(edit)
    stack.blockSignals(was_blocked)
    stack.indexChanged.emit(stack.index())  # a view of the history shows fewer steps now


def runs_of(stack: QUndoStack, state: State) -> frozenset[int]:
    """The numbers of the runs to which a state, those behind it, and the edits of a stack may lead back."""
    edits = [edit for edit in map(stack.command, range(stack.count())) if isinstance(edit, Edit)]
    states = [state for edit in edits for state in (edit.before, edit.after)] + [state]
    return frozenset(part.run for state in states for part in state.with_those_behind() if part.run is not None)
