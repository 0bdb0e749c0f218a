"""Texts are said in a language: keys, values, plural forms, contexts, errors in errors; and the reader of files."""

from __future__ import annotations

import gettext
import pickle
import random
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.errors import InputError
from engine.experiment import ExperimentError
from engine.messages import Message, counted, message
from gui.text import language
from gui.text.language import Language, count, read_entries, read_language, say
from tests.texts.catalogue import HEADER, catalogue, pseudo, quoted
from tests.texts.marked import Marked

WELSH = """
# a translator's remark
msgid ""
msgstr ""
"Language: cy\\n"
"Plural-Forms: nplurals=3; plural=(n==1) ? 0 : (n==2) ? 1 : 2;\\n"

#: gui/somewhere.py
msgid "Save {name} now?"
msgstr ""
"Cadw {name} "
"nawr?"

msgctxt "button"
msgid "Step"
msgstr "Cam"

msgid "{n} dog"
msgid_plural "{n} dogs"
msgstr[0] "{n} ci"
msgstr[1] "{n} gi"
msgstr[2] "{n} o gŵn"

msgid "Not yet"
msgstr ""

#, fuzzy
msgid "Perhaps"
msgstr "Efallai"

msgid "“{name}” is not an experiment: {reason}"
msgstr "{reason} <- {name}"
"""


@pytest.fixture
def welsh(tmp_path: Path) -> Language:
    path = tmp_path / "cy.po"
    path.write_text(WELSH, encoding="utf-8")
    return read_language(path)


def test_english_needs_no_entries() -> None:
    assert say("Save {name} now?", name="{all}") == "Save {all} now?"
    assert say("100 % {sure}") == "100 % {sure}"  # nothing is put in where there are no values
    assert [count("{n} dog", "{n:,} dogs", n) for n in (0, 1, 2000)] == ["0 dogs", "1 dog", "2,000 dogs"]


def test_a_language_says_what_it_knows_and_else_english(welsh: Language) -> None:
    assert welsh.code == "cy"
    assert welsh.say("Save {name} now?", name="Sian") == "Cadw Sian nawr?"
    assert welsh.say("Step", "button") == "Cam"
    assert welsh.say("Step") == "Step"
    assert [welsh.say(text) for text in ("Not yet", "Perhaps", "")] == ["Not yet", "Perhaps", ""]
    assert [welsh.count("{n} dog", "{n} dogs", n) for n in (1, 2, 7)] == ["1 ci", "2 gi", "7 o gŵn"]


def test_facts_are_said_in_facts(welsh: Language) -> None:
    inner = counted("{n} dog", "{n} dogs", 2)
    error = InputError("“{name}” is not an experiment: {reason}", name="x", reason=InputError(inner))

    assert str(error) == "“x” is not an experiment: 2 dogs"
    assert welsh.say(error) == "2 gi <- x"
    assert (error.template, error.values["name"]) == ("“{name}” is not an experiment: {reason}", "x")
    assert welsh.say(message("Step", "button")) == "Cam"


def test_the_language_of_the_window_can_be_changed(welsh: Language, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(language, "_current", language.current())
    language.use(welsh)
    assert (say("Step", "button"), count("{n} dog", "{n} dogs", 1)) == ("Cam", "1 ci")


def test_values_of_a_language_that_runs_from_right_to_left_stand_apart() -> None:
    assert Language("fa").say("a {b} c {d}", b=1.5, d="") == "a \u20681.5\u2069 c "


def test_an_error_in_any_language_is_a_sentence_without_what_cannot_be_seen() -> None:
    error = InputError("no {name}", name="\x1b[31m" + "a" * 1000)

    assert len(str(error)) == len(Language().say(error)) == 300
    assert "\x1b" not in Language().say(error)


def test_errors_keep_their_facts_on_the_way_between_processes() -> None:
    error = ExperimentError("“{name}” has {what}", name="x", what=InputError(counted("{n} dog", "{n} dogs", 2)))

    copy = pickle.loads(pickle.dumps(error))

    assert type(copy) is ExperimentError
    assert (str(copy), copy.template, dict(copy.values)["name"]) == (str(error), error.template, "x")


def test_a_message_is_true_if_it_says_anything() -> None:
    assert message("Yes")
    assert not Message("")


@pytest.mark.parametrize("text", ["msgid nothing\n", 'msgid "a"\nmsgstr "b\n', '"a"\n'])
def test_a_line_that_cannot_be_understood_is_told(text: str) -> None:
    with pytest.raises((ValueError, SyntaxError)):
        read_entries(text)


words = st.text(st.characters(codec="utf-8", exclude_categories=["Cs"]), min_size=1, max_size=40)


@given(st.dictionaries(st.tuples(st.sampled_from(["", "menu"]), words), words, max_size=5))
def test_whatever_is_written_is_read(entries: dict[tuple[str, str], str]) -> None:
    texts = [Marked(context, text, "", "a.py:1") for context, text in entries]
    answers = {text: said for (_, text), said in entries.items()}
    wanted = {(context, text): (answers[text],) for context, text in entries}

    read, _ = read_entries(catalogue(texts, answers.__getitem__))

    assert read == wanted


def test_plural_rules_are_those_of_gettext() -> None:
    rule = "n%10==1 && n%100!=11 ? 0 : n != 0 ? 1 : 2"
    _, plural = read_entries(HEADER.replace("(n != 1)", f"({rule})"))
    wanted = gettext.c2py(rule)
    numbers = random.Random(0).sample(range(10**6), 100)

    assert [plural(n) for n in numbers] == [wanted(n) for n in numbers]


def test_the_pseudo_language_is_longer_and_keeps_what_is_not_words() -> None:
    said = pseudo("&Save <b>{name}</b> at {share:.1f} %")

    assert said.startswith("⟦&Š")
    assert said.endswith("⟧")
    assert "<b>{name}</b>" in said
    assert "{share:.1f}" in said
    assert quoted('a"\n') == '"a\\"\\n"'
