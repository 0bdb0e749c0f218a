"""The looks of the program that the user chooses: theme, size of text, colours of the plane, and how much moves."""

# Tests: tests/gui/test_text_size.py

from __future__ import annotations

from collections.abc import Mapping
from functools import partial

from PySide6.QtCore import QObject, Signal
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QApplication

from engine.insight.field import Shading
from gui.actions import Action, shading_action, text_action
from gui.paint.style.motion import REDUCED_MOTION
from gui.paint.theme import Theme, apply_theme
from gui.paint.type_size import STEPS, TextSize
from gui.system.preferences import Preferences

PLANE_SWITCHES = {
    Action.STRETCH_PLANE: "stretches_plane",
    Action.CONTOURS: "has_contours",
    Action.RING_MISTAKES: "rings_mistakes",
}
"""The switches of the plane, and the preference that remembers each."""


class Appearance(QObject):
    """Lets theme, text size, colours of the plane and reduced motion be chosen by actions, and remembers them.

    Args:
        preferences: where they are remembered.
        actions: by which they are chosen.
        parent: owner.

    Signals:
        shading_chosen(Shading): the colours of the plane are to mean something else.
    """

    shading_chosen = Signal(Shading)

    def __init__(self, preferences: Preferences, actions: Mapping[str, QAction], parent: QObject) -> None:
        super().__init__(parent)
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        self._application, self._preferences, self._actions = application, preferences, actions
        self._text, self._presented_scale = TextSize(application), 0.0
        for theme in Theme:
            self._actions[Action(f"theme_{theme}")].triggered.connect(partial(self._use_theme, theme))
        self._actions[Action(f"theme_{preferences.theme}")].setChecked(True)
        self._actions[Action.REDUCE_MOTION].setChecked(preferences.reduces_motion)
        self._actions[Action.REDUCE_MOTION].toggled.connect(self._reduce_motion)
        application.setProperty(REDUCED_MOTION, preferences.reduces_motion)
        for name, preference in PLANE_SWITCHES.items():
            self._actions[name].setChecked(getattr(preferences, preference))
            self._actions[name].toggled.connect(partial(setattr, preferences, preference))
        for shading in Shading:
            self._actions[shading_action(shading)].triggered.connect(partial(self._use_shading, shading))
        self._actions[shading_action(preferences.shading)].setChecked(True)
        for percent in STEPS:
            self._actions[text_action(percent)].triggered.connect(partial(self._use_step, percent))
        self._actions[Action.LARGER_TEXT].triggered.connect(partial(self._go, 1))
        self._actions[Action.SMALLER_TEXT].triggered.connect(partial(self._go, -1))
        self._show_step()

    def _use_theme(self, theme: Theme, _is_checked: bool = True) -> None:
        self._preferences.theme = theme
        apply_theme(self._application, theme)

    def _use_shading(self, shading: Shading, _is_checked: bool = True) -> None:
        self._preferences.shading = shading
        self.shading_chosen.emit(shading)

    def _reduce_motion(self, is_reduced: bool) -> None:
        self._preferences.reduces_motion = is_reduced
        self._application.setProperty(REDUCED_MOTION, is_reduced)

    def _use_step(self, percent: int, _is_checked: bool = True) -> None:
        self._preferences.text_size = percent
        self._show_step()

    def _go(self, by: int, _is_checked: bool = False) -> None:
        """So many steps larger."""
        number = STEPS.index(self._preferences.text_size) + by
        self._use_step(STEPS[min(max(number, 0), len(STEPS) - 1)])

    def _show_step(self) -> None:
        percent = self._preferences.text_size
        self._actions[text_action(percent)].setChecked(True)
        self._actions[Action.LARGER_TEXT].setEnabled(percent < STEPS[-1])
        self._actions[Action.SMALLER_TEXT].setEnabled(percent > STEPS[0])
        self._use_scale()

    def _use_scale(self) -> None:
        self._text.use(max(self._preferences.text_size / 100, self._presented_scale))

    def present(self, height: float) -> None:
        """Let all text be seen from the last row, on a screen so many logical pixels high, until `end_presenting`."""
        self._presented_scale = self._text.for_last_row(height)
        self._use_scale()

    def end_presenting(self) -> None:
        """Let text have the size that was chosen again."""
        self._presented_scale = 0.0
        self._use_scale()
