"""Every text of the program is marked for translation; the rules are tried on planted texts first."""

from __future__ import annotations

import pytest

from tests.texts.marked import composed_when_written, looks_like_text, marked, unmarked

PLANTED = [
    'button.setText("Train")',
    'button.setText(f"Add {n} points")',
    'label = "of all points"',
    'TITLES = {Size.NORM: "Gradient norm"}',
    'say("Found: {what}", what="no points at all")',
    'say("Step", "function").format("Something else")',
    'parts.append("no " + "Way")',
]
INNOCENT = [
    '"""A docstring of a module."""',
    'button.setText(say("Train"))',
    'count("{n} point", "{n} points", n, "drawn", where="x")',
    'box.setObjectName("train_button")',
    'logger.warning("The file cannot be written: %s", path)',
    'raise ValueError("not a line of a file")',
    'raise InputError("There are {n} classes.", n=3)',
    're.compile("Of [a-z] and")',
    'mark("Gradient norm")',
]


@pytest.mark.parametrize("source", PLANTED)
def test_a_planted_text_is_found(source: str) -> None:
    assert len(unmarked("gui/a.py", source)) == 1


@pytest.mark.parametrize("source", INNOCENT)
def test_what_is_marked_or_not_shown_is_not_found(source: str) -> None:
    assert unmarked("gui/a.py", source) == []


@pytest.mark.parametrize(
    "source",
    ['say(f"Add {n}")', 'raise TableError(f"line {n}")', 'mark("one" + word)', 'count("a", f"{b}", n)'],
)
def test_a_planted_text_that_is_put_together_is_found(source: str) -> None:
    assert len(composed_when_written("engine/a.py", source)) == 1
    assert composed_when_written("engine/a.py", source.replace('f"', '"').replace(" + word", "")) == []


def test_marked_texts_are_read_with_context_and_plural() -> None:
    source = 'say("Step", "function", a=1)\ncount("{n} dog",\n "{n} dogs", n, "pet")\nmark("One" " two")\nsay(name)'

    found = [(text.context, text.text, text.many, text.place) for text in marked({"gui/a.py": source})]

    assert found == [
        ("function", "Step", "", "gui/a.py:1"),
        ("pet", "{n} dog", "{n} dogs", "gui/a.py:2"),
        ("", "One two", "", "gui/a.py:4"),
    ]


@pytest.mark.parametrize("text", ["Train", "&Save", "no points", "Of {n} of"])
def test_words_look_like_texts(text: str) -> None:
    assert looks_like_text(text)


@pytest.mark.parametrize(
    "text", ["train_button", "Ctrl+Shift+Z", "<td><b></b></td>", "#ff00aa", "…", "%d", "a b", "{x:.3f}"]
)
def test_names_and_signs_do_not(text: str) -> None:
    assert not looks_like_text(text)
