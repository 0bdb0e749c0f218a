"""The fonts of a card, and the widths of texts in them, which are the same from snapshot to snapshot."""

# Tests: tests/gui/probability/test_card.py

from __future__ import annotations

from functools import lru_cache

from PySide6.QtGui import QFont, QFontMetricsF

from gui.paint.type_size import sized

TEXT, SMALL = 12, 11
N_WIDTHS = 2048  # that are remembered: those of words, and of digits before the decimal sign


class Face:
    """A font of a size.

    Attributes:
        font: what texts are painted in.
        metrics: of it.
        width: of a text in it.
    """

    def __init__(self, font: QFont, size: float, *, is_bold: bool = False) -> None:
        self.font = sized(font, size, is_bold=is_bold)
        self.metrics = QFontMetricsF(self.font)
        advance = self.metrics.horizontalAdvance  # not given itself: to be asked for its help text costs 20 ms
        self.width = lru_cache(N_WIDTHS)(lambda text: advance(text))


class Fonts:
    """All fonts of a card.

    Attributes:
        base: that of the widget.
        plain, bold, small: of what is painted.
    """

    def __init__(self, base: QFont) -> None:
        self.base = base
        self.plain, self.small = Face(base, TEXT), Face(base, SMALL)
        self.bold = Face(base, TEXT, is_bold=True)
