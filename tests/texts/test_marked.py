"""Every text of the program is marked for translation; the rules are tried on planted texts first."""

from __future__ import annotations

import re

import pytest

from gui.text.matrix_text import COLUMNS
from tests.architecture.sources import SOURCES
from tests.texts.marked import composed_when_written, looks_like_text, marked, misfits, unmarked, unmarked_texts

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

ALLOWED = {
    "gui/app.py": {"Marz"},
    "gui/paint/style/marz_style.py": {"Fusion"},
    "gui/dialogs/about.py": {"Marz", "Python", "PySide6", "Qt", "compiled code: "},  # of the report of a problem
    "gui/files/questions.py": {"Marz"},
    "gui/layers/course_table.py": {"Activation", "Source", "this run"},  # of the copy on the clipboard
    "gui/system/background.py": {"Marz"},
    "gui/system/crash_report.py": {"Marz", "\n[ characters are left out]\n"},  # in the log
    "gui/system/preferences.py": {"Marz", "Marz.conf"},
    "gui/text/matrix_text.py": set(COLUMNS),  # of the copy on the clipboard
}
"""Names, and what is English in every language, by the modules in which it stands."""


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


@pytest.mark.parametrize(
    ("source", "complaint"),
    [
        ('raise InputError("line {line} of {name}", line=3)', "given no name"),
        ('say("Found {n_points:,} points")', "given no n_points"),
        ('message("Add", n=3)', "no place for n"),
        ('count("{n} dog", "{n} dogs of {name}", n)', "given no name"),
        ('counted("{n} dog", "{n} dogs", n, "pet", name="x")', "no place for name"),
        ('raise TableError(mark("no {a}") if a else mark("no {b}"), a=a)', "given no b"),
    ],
)
def test_a_planted_placeholder_or_value_without_the_other_is_found(source: str, complaint: str) -> None:
    assert [found.endswith(complaint) for found in misfits("engine/a.py", source)] == [True]


@pytest.mark.parametrize(
    "source",
    [
        'raise InputError("line {line} of {name:>5}", line=3, name=name)',
        'count("{n} dog", "{n:,} dogs of {name}", n, name="x")',
        'message("Yes")',
        "say(TABLE[x], name=name)",
        'message("{a}", **values)',
        'raise TableError(mark("no {a}") if a else mark("nothing"), a=a)',
        'mark("{name} is marked here and filled elsewhere")',
    ],
)
def test_placeholders_and_values_that_fit_are_not_found(source: str) -> None:
    assert misfits("engine/a.py", source) == []


def test_no_text_of_the_program_is_put_together_before_it_is_said() -> None:
    assert {"engine", "gui"} <= {path.partition("/")[0] for path in SOURCES}
    assert [found for path, source in SOURCES.items() for found in composed_when_written(path, source)] == []


def test_no_text_of_the_window_is_unmarked_or_put_together_before_it_is_said() -> None:
    window = {path: source for path, source in SOURCES.items() if path.startswith("gui/")}
    left = {path: texts for path, source in window.items() if (texts := set(unmarked_texts(source)))}

    assert left == ALLOWED
    assert [found for path, source in window.items() for found in composed_when_written(path, source)] == []


def test_no_text_has_the_name_of_a_class_of_the_program() -> None:
    names = re.compile(r"^class ([A-Z][a-z]+(?:[A-Z][a-z]+)+)", re.MULTILINE)
    classes = {name for source in SOURCES.values() for name in names.findall(source)}
    assert "PicturePart" in classes
    texts = {text for found in marked() for text in (found.text, found.many)}
    assert {text for text in texts if classes & set(re.findall(r"\w+", text))} == set()


def test_every_placeholder_of_the_program_has_its_value() -> None:
    assert [found for path, source in SOURCES.items() for found in misfits(path, source)] == []


def test_marked_texts_are_read_with_context_and_plural() -> None:
    source = 'say("Step", "function", a=1)\ncount("{n} dog",\n "{n} dogs", n, "pet")\nmark("One" " two")\nsay(name)'

    found = [(text.context, text.text, text.many, text.place) for text in marked({"gui/a.py": source})]

    assert found == [
        ("function", "Step", "", "gui/a.py:1"),
        ("pet", "{n} dog", "{n} dogs", "gui/a.py:2"),
        ("", "One two", "", "gui/a.py:4"),
    ]


@pytest.mark.parametrize("text", ["Train", "&Save", "C&lass", "no points", "Of {n} of"])
def test_words_look_like_texts(text: str) -> None:
    assert looks_like_text(text)


@pytest.mark.parametrize(
    "text", ["train_button", "Ctrl+Shift+Z", "<td><b></b></td>", "#ff00aa", "…", "%d", "a b", "{x:.3f}"]
)
def test_names_and_signs_do_not(text: str) -> None:
    assert not looks_like_text(text)
