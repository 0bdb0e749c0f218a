"""Tooltips, which Qt takes for markup if they look like it: what comes from a file or a hand is never markup."""

from __future__ import annotations

from html import escape


def plain_tip(text: str) -> str:
    """A tooltip that shows a text as it is, names and paths in it too; long ones go over several lines."""
    return f"<p>{escape(text)}</p>" if text else ""
