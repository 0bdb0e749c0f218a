"""The buttons of the remedies against under- and overfitting."""

# Tests: tests/gui/fitting/test_fit_curves.py

from __future__ import annotations

from collections.abc import Sequence
from functools import partial

from PySide6.QtCore import Qt, Signal
from PySide6.QtWidgets import QLabel, QToolButton, QWidget

from engine.insight.fitting import FitState
from engine.insight.remedies import AGAINST_OVERFITTING, AGAINST_UNDERFITTING, Cure
from gui.text.lab_wording import CURE_TIPS, CURES
from gui.text.language import mark, say
from gui.widgets.check_list import tell
from gui.widgets.flow_bar import FlowBar

AGAINST = {FitState.UNDERFITTING: AGAINST_UNDERFITTING, FitState.OVERFITTING: AGAINST_OVERFITTING}

PURPOSES = {
    FitState.UNDERFITTING: mark("against underfitting:"),
    FitState.OVERFITTING: mark("against overfitting:"),
}


class RemedyBar(FlowBar):
    """Offers the remedies against one fault, or those that suit a verdict.

    Args:
        fault: the verdict whose remedies are offered; None: see `show_verdict`.
        parent: owner.

    Signals:
        cure_chosen(Cure): one of them.
    """

    cure_chosen = Signal(Cure)

    def __init__(self, fault: FitState | None = None, parent: QWidget | None = None) -> None:
        super().__init__(parent=parent)
        self._faults = tuple(AGAINST) if fault is None else (fault,)
        self._labels = {state: QLabel(say(PURPOSES[state])) for state in self._faults}
        self.buttons: dict[Cure, QToolButton] = {}
        for state in self._faults:
            self.add(self._labels[state])
            for cure in AGAINST[state]:
                self.buttons[cure] = self._button(cure)
        self.show_verdict(fault)

    def _button(self, cure: Cure) -> QToolButton:
        button = QToolButton()
        button.setObjectName(f"{cure}_button")
        button.setText(say(CURES[cure]))
        button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
        tell(button, say(CURE_TIPS[cure]))
        button.clicked.connect(partial(self.cure_chosen.emit, cure))
        self.add(button)
        return button

    def _of(self, state: FitState | None) -> list[QWidget]:
        if state is None or state not in self._labels:
            return []
        return [self._labels[state], *(self.buttons[cure] for cure in AGAINST[state])]

    def alternatives(self) -> Sequence[Sequence[QWidget]]:
        return [self._of(state) for state in self._faults]

    def show_verdict(self, state: FitState | None, title: str = "") -> None:
        """Offer what suits the verdict on a lane, which has a title if there are several; of others nothing."""
        wanted = self._of(state)
        for kind, label in self._labels.items():
            purpose = say(PURPOSES[kind])
            label.setText(say("{lane}, {purpose}", lane=title, purpose=purpose) if title else purpose)
        for part in (*self._labels.values(), *self.buttons.values()):
            part.setVisible(part in wanted)
