"""Fonts that tests bring along, so that they measure the same wherever they run."""

from __future__ import annotations

from functools import cache
from pathlib import Path

from PySide6.QtGui import QFont, QFontDatabase

FOLDER = Path(__file__).parent.parent / "fonts"
FAMILIES = {"narrow": "Marz Narrow", "middle": "Marz Middle", "wide": "Marz Wide"}
"""Families by name: one that is a fifth narrower than most, one with tall lines, and one that is wider than most."""
FALLBACK = "wide"  # has all characters that the window shows
USUAL_POINTS = 9.0


def own_font(name: str, points: float = USUAL_POINTS) -> QFont:
    """A font of these; what it has no picture for is taken from the widest, never from one of the machine."""
    add_fonts()
    font = QFont()
    font.setFamilies([FAMILIES[name], FAMILIES[FALLBACK]])
    font.setPointSizeF(points)
    return font


@cache
def add_fonts() -> None:
    """Make the fonts known to the application."""
    for path in sorted(FOLDER.glob("*.ttf")):
        if QFontDatabase.addApplicationFont(str(path)) < 0:
            raise FileNotFoundError(path)
