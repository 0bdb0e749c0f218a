from __future__ import annotations

import pytest

from engine.errors import InputError, as_sentence, shown
from engine.isolates import ISOLATING, isolated


@pytest.mark.parametrize("word", ["Blue", "größe", "体重", "3.5", "", "a b"])
def test_words_that_turn_nothing_stay_as_they_are(word: str) -> None:
    assert isolated(word) == word


@pytest.mark.parametrize("word", ["خوش\u200cخیم", "משקל", "x وزن", "١٢"])
def test_words_that_run_from_right_to_left_are_isolated(word: str) -> None:
    assert isolated(word) == f"\u200e\u2068{word}\u2069"


def test_a_word_cannot_end_its_own_isolate_and_a_sentence_keeps_it() -> None:
    quoted = shown("وزن\u2069\u202e.csv")
    assert quoted[2:-1].translate({ord(mark): None for mark in ISOLATING}) == quoted[2:-1]
    assert as_sentence(f"“{quoted}” is empty.") == f"“{quoted}” is empty."
    assert quoted in str(InputError(f"“{quoted}” is empty."))
