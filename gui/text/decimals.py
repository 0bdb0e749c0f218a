"""The decimal sign that other programs on this system read and write."""

# Tests: tests/gui/files/test_file_actions.py

from __future__ import annotations

from PySide6.QtCore import QLocale

from engine.files.numerals import DECIMALS


def decimal_sign() -> str:
    """A point or a comma, as the settings of the system say; a point where they say another sign."""
    sign = QLocale.system().decimalPoint()
    return sign if sign in DECIMALS[:2] else "."
