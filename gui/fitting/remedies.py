"""The effect of each remedy: the lanes as they are now beside the one that it was tried on, as that was then."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import replace

from PySide6.QtCore import Signal
from PySide6.QtWidgets import QLabel, QVBoxLayout, QWidget

from engine.insight.neighbours import NEIGHBOURS
from engine.insight.remedies import Cure
from gui.fitting.lane_fit import LaneFit, fit_of
from gui.fitting.reading import TableLine, wrong
from gui.fitting.remedy_bar import AGAINST, RemedyBar
from gui.fitting.word_table import WordTable
from gui.fitting.wording import headline
from gui.paint.lane_view import LaneView
from gui.text.language import count, mark, say
from gui.text.numbers import loss, with_minus

HOW_TO = mark(
    "Press a remedy: it becomes one more lane with that one thing changed, trained for as many epochs, and stands here "
    "beside the lane that it was tried on."
)
COMPARED = mark("Changes are against the first row.")


class Remedies(QWidget):
    """Shows all lanes, a row each.

    Signals:
        cure_chosen(Cure): a remedy for the lane in hand.
    """

    cure_chosen = Signal(Cure)
    needs = (NEIGHBOURS,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("remedies")
        self._before: LaneFit | None = None  # a lane as it was when a remedy was tried on it
        self.bars = {state: RemedyBar(state) for state in AGAINST}
        self.table = WordTable("remedies_table", say("What each remedy did"))
        self._note = QLabel(say(HOW_TO))
        self._note.setWordWrap(True)
        column = QVBoxLayout(self)
        column.setContentsMargins(10, 2, 10, 6)
        column.setSpacing(2)
        for bar in self.bars.values():
            bar.cure_chosen.connect(self.cure_chosen)
            column.addWidget(bar)
        column.addWidget(self.table, 1)
        column.addWidget(self._note)

    def remember(self, lane: LaneView) -> None:
        """Keep a lane as it is now, to compare with what a remedy makes of it."""
        self._before = replace(fit_of(lane), title="")

    def forget(self) -> None:
        """Compare with the first lane: what was kept is of other work."""
        self._before = None

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show what became of each lane."""
        fits = [fit_of(lane) for lane in lanes]
        if not fits:
            self.table.show_lines((), [])
            return
        before = self._before
        rows = [] if before is None else [line_of(before, before_name(before), None)]
        first = fits[0] if before is None else before
        for number, fit in enumerate(fits):
            name = fit.title or say("This network")
            rows.append(line_of(fit, name, first if before is not None or number else None))
        self.table.show_lines(headings(has_values=first.lane.has_values), rows)
        self._note.setText(say(COMPARED) if len(rows) > 1 else say(HOW_TO))


def headings(*, has_values: bool) -> tuple[str, ...]:
    """The headings of the table."""
    if has_values:
        return say("Training\nR²"), say("Validation\nR²"), say("Validation\nloss"), say("Its\nlowest")
    return say("Training\nerror"), say("Validation\nerror"), say("Validation\nloss"), say("Its\nlowest")


def before_name(before: LaneFit) -> str:
    """The name of the row of a lane as it was."""
    points = count("{n:,} point", "{n:,} points", before.lane.n_training)
    return say("Before\nepoch {epoch:,}, {points}", epoch=before.lane.epochs, points=points)


def line_of(fit: LaneFit, name: str, first: LaneFit | None) -> TableLine:
    """The row of a lane, with changes against another if there is one."""
    has_values = fit.lane.has_values
    sign, unit = (1, 1) if has_values else (-1, 100)  # an error is what an accuracy lacks, in percent
    cells = []
    for field in ("train_score", "validation_score"):
        score = getattr(fit, field)
        change = math.nan if first is None else sign * unit * (score - getattr(first, field))
        cells.append(with_change(wrong(fit, score), change, has_values=has_values))
    for field in ("validation_loss", "lowest_loss"):
        value = getattr(fit, field)
        change = math.nan if first is None else value - getattr(first, field)
        cells.append(with_change(loss(value), change, is_loss=True, has_values=has_values))
    return TableLine(say("{lane}\n{verdict}", lane=name, verdict=headline(fit.verdict)), tuple(cells))


def with_change(text: str, change: float, *, has_values: bool, is_loss: bool = False) -> str:
    """A number, and below it by how much it has changed, and whether that is better."""
    if not math.isfinite(change):
        return text
    digits = 1 if not (has_values or is_loss) else 3
    if round(abs(change), digits) == 0:
        return say("{number}\nas before", number=text)
    is_better = change > 0 if has_values and not is_loss else change < 0
    shown = with_minus(f"{change:+.{digits}f}")
    if is_better:
        return say("{number}\n{change}, better", number=text, change=shown)
    return say("{number}\n{change}, worse", number=text, change=shown)
