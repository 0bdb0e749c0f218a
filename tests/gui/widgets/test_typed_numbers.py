"""Numbers in every script of Unicode, made from the digits' own names, so that no table of ours is its own witness."""

from __future__ import annotations

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.files.numerals import number
from gui.widgets.typed_numbers import MAX_CHARACTERS, plain, real, whole

NAMES = ("ZERO", "ONE", "TWO", "THREE", "FOUR", "FIVE", "SIX", "SEVEN", "EIGHT", "NINE")


def scripts() -> dict[str, str]:
    """The ten digits of each script, by the name before DIGIT ZERO."""
    found = {}
    for code in range(sys.maxunicode + 1):
        name = unicodedata.name(chr(code), "")
        if name.endswith("DIGIT ZERO") and unicodedata.category(chr(code)) == "Nd":
            found[name.removesuffix("ZERO")] = "".join(
                unicodedata.lookup(name.removesuffix("ZERO") + word) for word in NAMES
            )
    return found


SCRIPTS = scripts()
MARKS = ("\u200e", "\u200f", "\u202a", "\u202c", "\u2066", "\u2069", "\ufeff", "\u200b", "\u2060", "\u061c")
BLANKS = ("\u00a0", "\u202f", "\u2009", " ")


def test_there_are_scripts_to_read() -> None:
    assert len(SCRIPTS) > 50
    assert SCRIPTS["EXTENDED ARABIC-INDIC DIGIT "] == "۰۱۲۳۴۵۶۷۸۹"


def in_script(text: str, digits: str) -> str:
    return "".join(
        digits[int(character)] if character.isascii() and character.isdigit() else character for character in text
    )


@given(number=st.integers(-(10**12), 10**12), script=st.sampled_from(sorted(SCRIPTS)), data=st.data())
def test_a_whole_number_is_read_in_every_script(number: int, script: str, data: st.DataObject) -> None:
    text = in_script(str(number), SCRIPTS[script])
    minus = data.draw(st.sampled_from("-−﹣－–"))
    mark, blank = data.draw(st.sampled_from(MARKS)), data.draw(st.sampled_from(BLANKS))
    place = data.draw(st.integers(0, len(text)))
    text = (text[:place] + mark + text[place:]).replace("-", minus)
    assert whole(blank + text + blank) == number
    assert real(text) == number


@given(
    number=st.integers(1000, 10**12),
    sign=st.sampled_from(["٬", "'", "’", "＇", " ", "\u00a0", "\u202f", ",", "."]),
    script=st.sampled_from(sorted(SCRIPTS)),
)
def test_signs_that_group_digits_are_no_part_of_a_whole_number(number: int, sign: str, script: str) -> None:
    assert whole(in_script(f"{number:,}", SCRIPTS[script]).replace(",", sign)) == number


@given(
    number=st.floats(allow_nan=False, allow_infinity=False),
    decimal=st.sampled_from(".,٫،．，"),
    script=st.sampled_from(sorted(SCRIPTS)),
)
def test_a_number_is_read_with_every_decimal_sign(number: float, decimal: str, script: str) -> None:
    text = in_script(repr(number), SCRIPTS[script]).replace(".", decimal)
    assert real(text) == number


@pytest.mark.parametrize("text", [
    *(f"{minus}1.5" for minus in "-−﹣－–"), *(f"{plus}1.5" for plus in "+﹢＋"),
    *(f"1{group}234.5" for group in "'’＇٬\u00a0\u2007\u2009\u202f"), *(f"1{point}5" for point in ".٫．"),
])  # fmt: skip
def test_a_sign_means_the_same_in_a_box_and_in_a_table(text: str) -> None:
    assert real(text) is not None
    assert number(text, ".") == real(text)


@pytest.mark.parametrize(("text", "number"), [
    ("1.234,5", 1234.5), ("1,234.5", 1234.5), ("1 234,5", 1234.5), ("1'234.5", 1234.5), ("۱٬۲۳۴٫۵", 1234.5),
    ("1,234,567", 1234567), ("1.234.567", 1234567), ("۱e−۳", 1e-3), ("5E+2", 500), (".5", 0.5), ("5.", 5),
    ("1,234", 1.234),
])  # fmt: skip
def test_numbers_as_they_are_written_here_and_there(text: str, number: float) -> None:
    assert real(text) == number


@pytest.mark.parametrize("text", [
    "", " ", "-", ".", "٫", "1.2.3", "1,2,3", "1.2,3.4", "12 34", "1,23.4", "1 2", "½", "²", "5²", "Ⅷ", "x", "3x5",
    "nan", "inf", "1_000", "0x10", "1e", "e5", "1e999", "--1", "1-", "1/5", "1;2", "1\n2", "10%", "٪",
    "9" * (MAX_CHARACTERS + 1), "\u200f",
])  # fmt: skip
def test_what_is_no_number_is_none_and_no_part_of_it_is_one(text: str) -> None:
    assert real(text) is None
    assert whole(text) is None


@pytest.mark.parametrize("text", ["1.5", "1,5", "1٫5", "1e3", "1.0", "1.2345"])
def test_what_is_not_whole_is_no_whole_number(text: str) -> None:
    assert whole(text) is None
    assert real(text) is not None


@given(text=st.text(max_size=30))
def test_any_text_can_be_asked_and_what_is_plain_stays_so(text: str) -> None:
    assert plain(plain(text)) == plain(text)
    assert real(text) == real(plain(text))
    assert whole(text) == whole(plain(text))
