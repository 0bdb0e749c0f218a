"""Turns strokes into undoable edits of the session: finished ones, and those that something else ends."""

# Tests: tests/gui/editing/test_interruption.py

from __future__ import annotations

from typing import Protocol

from PySide6.QtCore import QObject, Slot

from engine.dataset import Dataset
from engine.isolates import isolated
from engine.messages import Message
from gui.drawing.tools import FinishedStroke
from gui.editing.session import Session
from gui.text.edits import stroke_edit


class StrokePlane(Protocol):
    """The plane on which strokes are drawn."""

    def take_stroke(self) -> FinishedStroke | None: ...
    def drop_stroke(self) -> None: ...


class StrokeEditor(QObject):
    """Names strokes, and hands over the one under way when the session asks for it.

    Args:
        plane: where they are drawn.
        session: what they change.
        parent: owner.
    """

    def __init__(self, plane: StrokePlane, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._plane, self._session = plane, session

    @Slot(FinishedStroke)
    def commit(self, stroke: FinishedStroke) -> None:
        """Make a stroke that the hand has finished one undo step."""
        self._session.commit_draft(*step_of(stroke))

    def hand_over(self) -> tuple[Message, Dataset] | None:
        """End the stroke under way, if there is one: the name of the step, and what it made."""
        stroke = self._plane.take_stroke()
        return None if stroke is None else step_of(stroke)

    def give_up(self) -> None:
        """Forget the stroke under way."""
        self._plane.drop_stroke()


def step_of(stroke: FinishedStroke) -> tuple[Message, Dataset]:
    """The name of the step that a stroke is, empty if it changed nothing, and what it has made."""
    names = stroke.dataset.class_names
    name = isolated(names[min(stroke.label, len(names) - 1)])
    return stroke_edit(stroke.tool, stroke.count, name), stroke.dataset
