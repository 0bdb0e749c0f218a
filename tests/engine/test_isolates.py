from __future__ import annotations

import pytest

from engine.errors import as_sentence
from engine.isolates import isolated, with_isolated_quotes


@pytest.mark.parametrize("word", ["Blue", "größe", "体重", "3.5", "", "a b"])
def test_words_that_turn_nothing_stay_as_they_are(word: str) -> None:
    assert isolated(word) == word


@pytest.mark.parametrize("word", ["خوش\u200cخیم", "משקל", "x وزن", "١٢"])
def test_words_that_run_from_right_to_left_are_isolated(word: str) -> None:
    assert isolated(word) == f"\u200e\u2068{word}\u2069"


def test_what_a_sentence_quotes_is_isolated_and_the_rest_stays() -> None:
    sentence = "“وزن” is not “height” of “نام.csv”."
    assert with_isolated_quotes(sentence) == ("“\u200e\u2068وزن\u2069” is not “height” of “\u200e\u2068نام.csv\u2069”.")
    assert with_isolated_quotes(with_isolated_quotes("plain “text")) == "plain “text"


def test_a_sentence_keeps_its_isolates() -> None:
    sentence = with_isolated_quotes("“وزن” is not a number.")
    assert as_sentence(sentence) == sentence
