"""Numbers in cells: every script's digits, grouping signs, decimal signs; what is none stays none."""

from __future__ import annotations

import unicodedata

import pytest

from engine.files.numerals import is_missing, is_number, number

NUMBERS: list[tuple[str, str, float | None]] = [
    ("1.5", ".", 1.5),
    ("1,5", ",", 1.5),
    ("1/5", "/", 1.5),
    ("1,5", ".", None),
    ("1.5", ",", None),
    ("۱۲٫۵", ".", 12.5),
    ("۱۲٫۵", ",", 12.5),
    ("٣٦", ".", 36),
    ("−1.5", ".", -1.5),
    ("–1.5", ".", -1.5),
    ("＋1.5", ".", 1.5),
    (" \u200e1.5\u00a0", ".", 1.5),
    ("\u202a1.5\u202c", ".", 1.5),
    ("1\u202f234,5", ",", 1234.5),
    ("1'234.5", ".", 1234.5),
    ("1’234’567", ".", 1234567),
    ("1٬234٫5", ".", 1234.5),
    ("1.234,5", ",", 1234.5),
    ("1,234.5", ".", 1234.5),
    ("1,234,567", ".", 1234567),
    ("1,234", ".", None),  # it may be 1.234
    ("1.234", ",", None),
    ("0,123", ".", None),
    ("12,34.5", ".", None),
    ("1'23", ".", None),
    ("1.5D+01", ".", 15),
    ("1.5d1", ".", 15),
    (".5", ".", 0.5),
    ("4.", ".", 4),
    ("1_000", ".", None),
    ("nan", ".", None),
    ("inf", ".", None),
    ("0x10", ".", None),
    ("", ".", None),
    ("Ⅳ", ".", None),
]


@pytest.mark.parametrize(("cell", "decimal", "value"), NUMBERS)
def test_a_cell_is_the_number_that_its_writer_meant_or_none(cell: str, decimal: str, value: float | None) -> None:
    assert number(cell, decimal) == value
    assert is_number(cell, decimal) == (value is not None)


@pytest.mark.parametrize(("cell", "decimal"), [("1,234", "."), ("1.234", ",")])
def test_one_group_of_thousands_is_a_number_where_the_column_proves_its_decimal_sign(cell: str, decimal: str) -> None:
    assert number(cell, decimal) is None
    assert number(cell, decimal, lone=True) == 1234


def test_digits_of_every_script_are_read() -> None:
    zeros = [chr(code) for code in range(0x110000) if unicodedata.decimal(chr(code), None) == 0]
    assert len(zeros) > 60
    for zero in zeros:
        assert number(f"{chr(ord(zero) + 4)}{chr(ord(zero) + 2)}.{zero}{chr(ord(zero) + 7)}", ".") == 42.07


@pytest.mark.parametrize("cell", ["", "  ", "NA", "N/A", "#N/A", "NaN", "nan", "Null", "null", "?", " - ", "—", "<NA>"])
def test_what_stands_for_a_missing_value_is_one_thing(cell: str) -> None:
    assert is_missing(cell)
    assert not is_number(cell, ".")


@pytest.mark.parametrize("cell", ["0", "a", "none", "NAN1", "--", "+"])
def test_what_is_something_is_not_missing(cell: str) -> None:
    assert not is_missing(cell)
