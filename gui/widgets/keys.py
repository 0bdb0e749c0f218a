"""Keys that more than one place asks for."""

# Tests: tests/gui/test_keyboard.py

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QKeyEvent


def is_space(event: QKeyEvent) -> bool:
    """True if a key event is of the space bar alone."""
    return event.key() == Qt.Key.Key_Space and event.modifiers() == Qt.KeyboardModifier.NoModifier
