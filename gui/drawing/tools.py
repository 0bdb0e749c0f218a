"""The drawing tools. Each is one row: what it is called, how it is taken in hand, and what it does."""

# Tests: tests/gui/drawing/test_strokes.py

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from engine.dataset import Dataset
from engine.messages import NOTHING, Message, counted, mark
from gui.drawing.brushes import Mask, Place, near_path
from gui.drawing.options import ToolOptions
from gui.drawing.stamps import StampShape
from gui.drawing.strokes import (
    BrushStroke,
    EraserStroke,
    JitterStroke,
    MagnetStroke,
    MoveStroke,
    PointStroke,
    RelabelStroke,
    SprayStroke,
    StampStroke,
    Stroke,
)


@dataclass(frozen=True, eq=False)
class StrokeStart:
    """The facts with which a stroke begins.

    Attributes:
        dataset: what is drawn on.
        label: of the class that is drawn.
        place: the middle of the ring.
        radius: of the ring.
        options: of the tools.
        generator: of random numbers.
        selected: bool ndarray of shape (n_samples,): what the move tool moves; if nothing, what is in the ring.
        repels: whether the magnet repels.
    """

    dataset: Dataset
    label: int
    place: Place
    radius: float
    options: ToolOptions
    generator: np.random.Generator
    selected: Mask
    repels: bool = False


@dataclass(frozen=True, eq=False)
class FinishedStroke:
    """The result of a stroke.

    Attributes:
        dataset: the result.
        tool: that made it.
        count: points added, removed or altered; 0 if nothing has changed.
        label: of the class that was drawn.
    """

    dataset: Dataset
    tool: Tool
    count: int
    label: int


@dataclass(frozen=True)
class ToolFacts:
    """A row of the table of tools.

    Attributes:
        title: its name in menus.
        key: takes it in hand.
        hint: how it is used.
        begins: makes its stroke; None for a tool that changes no point.
        step: the name of an undo step that has changed so many points, of the class of that name.
        options: those of `ToolOptions` that matter to it, and "size" if that of the ring does.
        has_ring: whether the ring shows what it reaches.
        uses_class: whether it draws points of a class.
        is_dragged: whether it needs a way from one place to another.
        starts_group: whether it is set off from the tools before it.
    """

    title: str
    key: str
    hint: str
    begins: Callable[[StrokeStart], Stroke] | None = None
    step: Callable[[int, str], Message] = lambda n, name: NOTHING
    options: tuple[str, ...] = ()
    has_ring: bool = False
    uses_class: bool = False
    is_dragged: bool = False
    starts_group: bool = False


def _move(start: StrokeStart) -> Stroke:
    in_ring = near_path(points=start.dataset.places, path=np.array([start.place]), radius=start.radius)
    return MoveStroke(start.dataset, start.selected if start.selected.any() else in_ring, start.place)


def _drawn(n: int, name: str) -> Message:
    return counted("Draw {n:,} point ({name})", "Draw {n:,} points ({name})", n, name=name)


def _stamp(shape: StampShape) -> Callable[[StrokeStart], Stroke]:
    return lambda start: StampStroke(
        start.dataset, start.label, start.place, shape, start.radius, start.options, start.generator
    )


_STAMP = ("size", "stamp_points", "stamp_noise")


class Tool(StrEnum):
    """The tool of the left button; the value is also the name of the icon and of the action.

    Attributes:
        facts: its row.
    """

    facts: ToolFacts

    def __new__(cls, value: str, facts: ToolFacts) -> Tool:
        tool = str.__new__(cls, value)
        tool._value_, tool.facts = value, facts
        return tool

    POINT = (
        "point",
        ToolFacts(
            mark("Point"),
            "P",
            mark("A click is one point; drag to put it where you want it"),
            lambda start: PointStroke(start.dataset, start.label, start.place),
            _drawn,
            uses_class=True,
        ),
    )
    BRUSH = (
        "brush",
        ToolFacts(
            mark("Brush"),
            "B",
            mark("A click is one point, a drag a line of them"),
            lambda start: BrushStroke(start.dataset, start.label, start.place, start.radius * start.options.spacing),
            _drawn,
            ("size", "spacing"),
            has_ring=True,
            uses_class=True,
        ),
    )
    SPRAY = (
        "spray",
        ToolFacts(
            mark("Spray"),
            "S",
            mark("Hold the button to spray"),
            lambda start: SprayStroke(
                start.dataset, start.label, start.place, start.radius, start.options, start.generator
            ),
            _drawn,
            ("size", "spread", "rate"),
            has_ring=True,
            uses_class=True,
        ),
    )
    ERASER = (
        "eraser",
        ToolFacts(
            mark("Eraser"),
            "E",
            mark("Erases the points in the ring; so does the right button"),
            lambda start: EraserStroke(start.dataset, start.place, start.radius),
            lambda n, _name: counted("Erase {n:,} point", "Erase {n:,} points", n),
            ("size",),
            has_ring=True,
        ),
    )
    RELABEL = (
        "relabel",
        ToolFacts(
            mark("Relabel"),
            "L",
            mark("Gives the points in the ring the chosen class"),
            lambda start: RelabelStroke(
                start.dataset, start.label, start.place, start.radius, start.options, start.generator
            ),
            lambda n, name: counted("Relabel {n:,} point ({name})", "Relabel {n:,} points ({name})", n, name=name),
            ("size", "relabel_share"),
            has_ring=True,
            uses_class=True,
        ),
    )
    RECTANGLE = (
        "rectangle",
        ToolFacts(
            mark("Select by Rectangle"),
            "R",
            mark("Drag around points; Shift adds, Ctrl subtracts"),
            is_dragged=True,
            starts_group=True,
        ),
    )
    LASSO = (
        "lasso",
        ToolFacts(
            mark("Select by Lasso"), "F", mark("Draw around points; Shift adds, Ctrl subtracts"), is_dragged=True
        ),
    )
    MOVE = (
        "move",
        ToolFacts(
            mark("Move"),
            "V",
            mark("Drag to move the selected points, or those in the ring"),
            _move,
            lambda n, _name: counted("Move {n:,} point", "Move {n:,} points", n),
            ("size",),
            is_dragged=True,
        ),
    )
    INSPECT = (
        "inspect",
        ToolFacts(
            mark("Inspect Network"),
            "K",
            mark("Click a point or a spot to see its probabilities, a pin to remove it; Alt does so with any tool"),
            is_dragged=True,
        ),
    )
    JITTER = (
        "jitter",
        ToolFacts(
            mark("Jitter"),
            "J",
            mark("Hold the button to stir the points in the ring"),
            lambda start: JitterStroke(start.dataset, start.place, start.radius, start.options, start.generator),
            lambda n, _name: counted("Jitter {n:,} point", "Jitter {n:,} points", n),
            ("size", "strength"),
            has_ring=True,
            starts_group=True,
        ),
    )
    MAGNET = (
        "magnet",
        ToolFacts(
            mark("Magnet"),
            "M",
            mark("Hold the button to draw points together; Shift pushes them apart"),
            lambda start: MagnetStroke(start.dataset, start.place, start.radius, start.options, repels=start.repels),
            lambda n, _name: counted("Magnet {n:,} point", "Magnet {n:,} points", n),
            ("size", "strength"),
            has_ring=True,
        ),
    )
    LINE = (
        "line",
        ToolFacts(
            mark("Line"),
            "I",
            mark("Drag from one end to the other"),
            _stamp(StampShape.LINE),
            lambda n, name: counted(
                "Draw Line of {n:,} point ({name})", "Draw Line of {n:,} points ({name})", n, name=name
            ),
            _STAMP,
            uses_class=True,
            is_dragged=True,
            starts_group=True,
        ),
    )
    RING = (
        "ring",
        ToolFacts(
            mark("Ring"),
            "O",
            mark("Drag from the middle to the edge"),
            _stamp(StampShape.RING),
            lambda n, name: counted(
                "Draw Ring of {n:,} point ({name})", "Draw Ring of {n:,} points ({name})", n, name=name
            ),
            _STAMP,
            uses_class=True,
            is_dragged=True,
        ),
    )
    ARC = (
        "arc",
        ToolFacts(
            mark("Arc"),
            "A",
            mark("Drag from one end to the other; it bulges to the left of the way"),
            _stamp(StampShape.ARC),
            lambda n, name: counted(
                "Draw Arc of {n:,} point ({name})", "Draw Arc of {n:,} points ({name})", n, name=name
            ),
            _STAMP,
            uses_class=True,
            is_dragged=True,
        ),
    )
    BLOB = (
        "blob",
        ToolFacts(
            mark("Blob"),
            "G",
            mark("Drag from the middle outwards: the size of a Gaussian cloud"),
            _stamp(StampShape.BLOB),
            lambda n, name: counted(
                "Draw Blob of {n:,} point ({name})", "Draw Blob of {n:,} points ({name})", n, name=name
            ),
            _STAMP,
            uses_class=True,
            is_dragged=True,
        ),
    )
    MOON = (
        "moon",
        ToolFacts(
            mark("Moon"),
            "U",
            mark("Drag from one tip to the other"),
            _stamp(StampShape.MOON),
            lambda n, name: counted(
                "Draw Moon of {n:,} point ({name})", "Draw Moon of {n:,} points ({name})", n, name=name
            ),
            _STAMP,
            uses_class=True,
            is_dragged=True,
        ),
    )
    SPIRAL = (
        "spiral",
        ToolFacts(
            mark("Spiral Arm"),
            "W",
            mark("Drag from the middle to the outer end"),
            _stamp(StampShape.SPIRAL),
            lambda n, name: counted(
                "Draw Spiral Arm of {n:,} point ({name})", "Draw Spiral Arm of {n:,} points ({name})", n, name=name
            ),
            _STAMP,
            uses_class=True,
            is_dragged=True,
        ),
    )
