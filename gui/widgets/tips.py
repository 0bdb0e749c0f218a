"""Tooltips, which Qt takes for markup if they look like it: what comes from a file or a hand is never markup."""

# Tests: tests/gui/test_plain_text.py

from __future__ import annotations

from html import escape

from PySide6.QtGui import QAction, QKeySequence


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is, names and paths in it too; long ones go over several lines."""
    return f"<p>{escape(text)}</p>" if text else ""


def action_tip(text: str, action: QAction) -> str:
    """A tooltip that wraps and names the shortcut, which Qt leaves out."""
    shortcut = action.shortcut().toString(QKeySequence.SequenceFormat.NativeText)
    return f"<p>{text}{f' <b>({shortcut})</b>' if shortcut else ''}</p>"
