"""The motion that the user wants to see: as the system has it, or little."""

# Tests: tests/gui/canvas/test_field_layer.py

from __future__ import annotations

from PySide6.QtWidgets import QApplication, QStyle

REDUCED_MOTION = "marz_reduced_motion"  # property of the application: the user's own switch


def is_motion_reduced() -> bool:
    """True if the user wants little motion, by the switch or because the system animates nothing."""
    application = QApplication.instance()
    if not isinstance(application, QApplication) or application.property(REDUCED_MOTION):
        return True
    return application.style().styleHint(QStyle.StyleHint.SH_Widget_Animation_Duration) == 0
