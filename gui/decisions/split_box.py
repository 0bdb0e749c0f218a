"""The list box of which points are looked at, and sentences for what has no numbers."""

# Tests: tests/gui/decisions/test_decisions.py

from __future__ import annotations

from PySide6.QtWidgets import QWidget

from engine.insight.outcomes import Split
from gui.text.language import mark, say
from gui.widgets.choice_box import ChoiceBox

SPLITS = {
    Split.TRAINING: mark("Training points"),
    Split.VALIDATION: mark("Validation points"),
    Split.ALL: mark("All points"),
}
NOTHING_YET = mark("No point has been asked for yet.")
NOT_FINITE = mark("The probabilities are not finite numbers: the run has diverged.")


class SplitBox(ChoiceBox[Split]):
    """Offers the points for training, those for validation, and all."""

    def __init__(self, name: str, parent: QWidget | None = None) -> None:
        super().__init__(name, {split: say(text) for split, text in SPLITS.items()}, parent)
        self.setAccessibleName(say("Points that are counted"))

    @property
    def split(self) -> Split:
        """The points that are chosen."""
        return self.choice() or Split.ALL
