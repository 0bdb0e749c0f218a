"""Texts from outside as they stand in the sentences of the window, in whatever script they are."""

# Tests: tests/gui/files/test_names_of_any_script.py

from __future__ import annotations

import os

from engine import errors
from engine.isolates import isolated


def shown(text: str, length: int = errors.QUOTED) -> str:
    """See `engine.errors.shown`; isolated, so that it leaves the words around it in their order."""
    return isolated(errors.shown(text, length))


def shown_path(path: str | os.PathLike[str], length: int = errors.QUOTED_PATH) -> str:
    """See `engine.errors.shown_path`; isolated, so that it leaves the words around it in their order."""
    return isolated(errors.shown_path(path, length))
