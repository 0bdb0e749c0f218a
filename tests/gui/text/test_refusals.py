"""In the pseudo language every word of a refusal, a doubt or a note on a file is said, those of nested ones too."""

from __future__ import annotations

import errno
import os
from collections.abc import Callable, Iterator
from pathlib import Path

import numpy as np
import pytest

from engine.config import TrainingConfig
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import load
from engine.files.whole_files import read_file, reason_of
from engine.formats.npz import load_npz
from engine.formats.spreadsheet import sheet_as_text
from engine.formats.tables import open_table, table_from_text
from engine.messages import Message
from gui.system.background import problem_of
from gui.text import language
from gui.text.language import Language, read_entries, say
from tests.inputs import FOLDER, RIGHT
from tests.texts.catalogue import catalogue, pseudo
from tests.texts.marked import marked
from tests.texts.shown import escaped

MANY = "".join(f"{n}.5;{n}.25;kind {n}\n" for n in range(30))


@pytest.fixture(scope="module")
def pseudo_language() -> Language:
    entries, plural = read_entries(catalogue(marked(), pseudo))
    return Language("pseudo", entries, plural)


@pytest.fixture(autouse=True)
def spoken(pseudo_language: Language) -> Iterator[None]:
    before = language.current()
    language.use(pseudo_language)
    yield
    language.use(before)


def unsaid(fact: object) -> list[str]:
    """The words that no language can say: of templates that are not marked, and of values that are texts."""
    if isinstance(fact, InputError):
        fact = fact.message
    if not isinstance(fact, Message):
        return escaped(str(fact))
    own = escaped(language.current().say(Message(fact.template, {}, "", fact.context)))
    return [*own, *(word for value in fact.values.values() for word in unsaid(value))]


def read(text: str) -> object:
    return table_from_text(text).read_as_found()


REFUSED: dict[str, Callable[[], object]] = {
    "empty": lambda: read(" "),
    "no numbers": lambda: read("①,②\n③,④\n⑤,⑥\n"),
    "one column": lambda: read("①,②\n1,③\n2,④\n3,⑤\n"),
    "no number": lambda: read("①,②\n1,2\n3,④\n5,6\n7,8\n9,10\n11,12\n"),
    "a decimal comma": lambda: read("①;②\n1.5;2\n3;4,5\n5;6\n7;8\n9;10\n11;12\n"),
    "thousands": lambda: read("①;②\n1.5;2\n3;4 000\n5;6\n7;8\n9;10\n11;12\n"),
    "a missing value": lambda: read("①,②\n1,2\n3,\n5,6\n"),
    "a missing class": lambda: read("①,②,③\n1,2,④\n3,4,\n5,6,⑤\n"),
    "a row too long": lambda: read("①,②\n1,2\n3,4,5\n5,6\n"),
    "a row of one cell": lambda: read("①,②\n1,2\n3\n5,6\n"),
    "too many classes": lambda: read(MANY.replace("kind", "①")),
    "a doubt": lambda: read("①,②,③,④\n" + "".join(f"{n}.5,{n * n}.5,{'⑤⑥'[n % 2]},{'⑦⑧'[n % 2]}\n" for n in range(9))),
    "thousands or decimals": lambda: read('"1,000",2,①\n"2,500",3,②\n'),
    "a damaged spreadsheet": lambda: sheet_as_text(b"PK\x03\x04 no more"),
    "a width": lambda: TrainingConfig(hidden_layers=(0,)),
    "a folder": lambda: read_file("/", 10),
    "no such file": lambda: load("/①"),
    "a name twice": lambda: Dataset([[1.0, 2.0]], [0], ("①", "①")),  # type: ignore[arg-type]
}


@pytest.mark.parametrize("name", REFUSED)
def test_a_refusal_has_no_word_that_is_not_said(name: str) -> None:
    with pytest.raises(InputError) as refused:
        REFUSED[name]()

    assert unsaid(refused.value) == [], say(refused.value)
    assert escaped(say(refused.value)) == []


def test_damaged_arrays_are_said_whole(tmp_path: Path) -> None:
    np.savez(tmp_path / "a.npz", X=np.zeros((3, 1)))
    (tmp_path / "a.npz").rename(tmp_path / "①")

    with pytest.raises(InputError) as refused:
        load_npz(tmp_path / "①")

    assert unsaid(refused.value) == []


@pytest.mark.parametrize("name", RIGHT)
def test_doubts_and_notes_are_facts_and_a_doubt_reads_the_same_after_a_colon(name: str) -> None:
    sample = open_table(FOLDER / name).look()

    for doubt in (*sample.doubts, *filter(None, [sample.label_doubt])):
        sentence, reason = str(doubt.sentence), str(doubt.reason)
        assert reason == sentence[:1].lower() + sentence[1:]
        assert unsaid(Message(doubt.sentence.template)) == unsaid(Message(doubt.reason.template)) == []
    assert [unsaid(Message(note.template)) for note in sample.notes] == [[] for _ in sample.notes]


@pytest.mark.parametrize("number", [errno.ENOENT, errno.EACCES, errno.ENOSPC, errno.EROFS, errno.EISDIR])
def test_what_systems_say_of_files_is_said(number: int) -> None:
    assert say(reason_of(OSError(number, os.strerror(number)))) == pseudo(os.strerror(number))


def test_why_work_failed_is_told_in_the_language_of_the_window() -> None:
    with pytest.raises(InputError) as refused:
        REFUSED["one column"]()

    for error in (refused.value, MemoryError(), KeyError("①")):
        problem = problem_of(error)
        assert unsaid(problem) == []
        assert problem.__traceback__ is None  # whose frames would keep the content of a file


def test_words_that_no_language_can_say_are_found() -> None:
    assert unsaid(InputError("it is empty.")) == []
    assert unsaid(InputError("it is not marked")) == ["it", "is", "not", "marked"]
    assert unsaid(InputError("The text cannot be read as a table: {reason}", reason="it is empty.")) == [
        *("it", "is", "empty"),
    ]
