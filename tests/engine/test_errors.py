"""Whatever is quoted in it, a sentence is short, on one line and made of no more than it shows."""

from __future__ import annotations

import ast
import json
from collections.abc import Callable, Iterator
from dataclasses import fields
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import toy_datasets
from engine.config import SETTINGS, TrainingConfig, checked_layers
from engine.data.projection import Projection, principal_plane
from engine.dataset import Dataset
from engine.errors import MAX_SENTENCE, InputError, as_typed, shown, shown_path
from engine.experiment import Experiment, as_json, from_json
from engine.formats.npz import as_arrays, from_arrays
from engine.formats.table_format import TableFormat
from engine.messages import counted, message
from engine.options import Parser
from engine.settings import Flag
from engine.studies.grid import GridTask
from tests import ROOT

ESCAPES = "\x1b[31m\x07\r\n\x00\u202e\u2028\ud800\x9b"


class Guarded(list[Any]):
    """A list that fails the test if it is written down whole, or looked through for a sentence."""

    def __repr__(self) -> str:
        raise AssertionError("the whole value is written down")


class Untold:
    """A value of a kind nobody knows."""

    def __repr__(self) -> str:
        raise AssertionError("it is asked how it is written")


def nested(depth: int) -> Any:
    value: Any = []
    for _ in range(depth):
        value = [value]
    return value


HOSTILE: dict[str, Callable[[], Any]] = {
    "long text": lambda: "n" * 10**6,
    "escapes": lambda: ESCAPES * 1000,
    "bytes": lambda: b"\x1b" * 10**6,
    "long number": lambda: 10**5000,
    "long negative number": lambda: -(10**5000),
    "not a number": lambda: float("nan"),
    "long list": lambda: Guarded([1]) * 10**5,
    "list of long texts": lambda: ["n" * 10**5] * 100,
    "list of escapes": lambda: [ESCAPES] * 100,
    "nested list": lambda: nested(50_000),
    "table": lambda: {"k" * 10**5: ["v"] * 10**5},
    "set": lambda: frozenset(range(10**5)),
    "nothing": lambda: None,
    "truth": lambda: True,
    "of no known kind": Untold,
}


def check(sentence: str) -> None:
    """What holds for each sentence."""
    assert 0 < len(sentence) <= MAX_SENTENCE
    assert sentence.isprintable(), sentence


def told(make: Callable[[], object]) -> str:
    """The sentence with which something is refused, or "" if it is not."""
    try:
        make()
    except InputError as error:
        check(str(error))
        return str(error)
    return ""


@given(st.text() | st.text(alphabet="\x1bäن\u200c\u202e", min_size=250, max_size=400))
def test_any_text_makes_a_sentence_of_at_most_300_characters_on_one_line(text: str) -> None:
    sentence = str(InputError(text))

    assert len(sentence) <= MAX_SENTENCE
    assert all(character.isprintable() or character in "\u200c\u200d\u200e\u2068\u2069" for character in sentence)
    assert sentence == text or len(text) > MAX_SENTENCE or not text.isprintable()


@given(
    st.recursive(
        st.none() | st.booleans() | st.integers() | st.floats() | st.text(max_size=9) | st.binary(max_size=9),
        lambda inner: st.lists(inner) | st.dictionaries(st.text(max_size=9), inner) | st.tuples(inner, inner),
    ),
    st.integers(2, 200),
)
def test_any_value_is_shown_in_the_length_that_is_left_for_it(value: Any, length: int) -> None:
    text = as_typed(value, length)

    assert len(text) <= length
    whole = as_typed(value, 10**6)
    assert text == whole or text == f"{whole[: length - 1]}…"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("it's", '"it\'s"'),
        (b"\x00", "b'\\x00'"),
        ((8, 8), "(8, 8)"),
        ((8,), "(8,)"),
        ([1.5, None], "[1.5, None]"),
        ({"a": [True]}, "{'a': [True]}"),
        (-7, "-7"),
        (np.float32(0.5), "0.5"),
        (np.zeros(10**6), "a value of the kind ndarray"),
    ],
)
def test_a_value_is_shown_as_it_would_be_typed(value: object, text: str) -> None:
    assert as_typed(value) == text


def test_a_number_that_python_does_not_write_is_told_by_its_length() -> None:
    assert as_typed(-(10**5000)) == "a number of thousands of digits"


def test_of_a_long_value_no_more_is_looked_at_than_is_shown() -> None:
    taken = 0

    class Counted(Guarded):
        def __iter__(self) -> Iterator[Any]:
            nonlocal taken
            for item in super().__iter__():
                taken += 1
                yield item

    assert as_typed(Counted(range(10**6)), 20) == "[0, 1, 2, 3, 4, 5, …"
    assert taken < 20


def test_of_a_long_path_the_end_is_shown() -> None:
    path = "/folder" * 100 + "/lesson.json"

    assert shown_path(path, 20) == "…folder/lesson.json".rjust(20, "/").replace("/…", "…/")
    assert shown_path("/a\nb") == "/a�b"
    assert shown_path(Path("/short")) == "/short"


def test_persian_names_keep_their_joiners() -> None:
    assert shown("خوش\u200cخیم") == "خوش\u200cخیم"


# every check of the engine

CLOUD = np.random.default_rng(5).normal(size=(12, 3)).astype(np.float32)
PLANE = principal_plane(CLOUD)
DATASET = Dataset(CLOUD, np.arange(12) % 3, ("A", "B", "C"), feature_names=("a", "b", "c"), projection=PLANE)
EXPERIMENT = Experiment(DATASET, (TrainingConfig(),))


@pytest.mark.parametrize("name", HOSTILE)
def test_no_setting_says_more_than_300_characters(name: str) -> None:
    refused = [told(lambda f=field: TrainingConfig(**{f.name: HOSTILE[name]()})) for field in fields(TrainingConfig)]  # type: ignore[misc]

    n_flags = sum(isinstance(row.kind, Flag) for row in SETTINGS.values())  # which take a truth
    assert n_flags > 2
    assert sum(map(bool, refused)) >= len(refused) - n_flags


@pytest.mark.parametrize("name", HOSTILE)
def test_no_part_of_a_dataset_or_a_plane_says_more_than_300_characters(name: str) -> None:
    parts = {field.name: getattr(DATASET, field.name) for field in fields(Dataset)}
    for part in ("class_names", "colours", "feature_names"):
        told(lambda part=part: Dataset(**parts | {part: HOSTILE[name]()}))  # type: ignore[misc]
    for part in ("mean", "scale", "axes", "explained"):
        plane = {field.name: getattr(PLANE, field.name) for field in fields(Projection)}
        told(lambda plane=plane, part=part: Projection(**plane | {part: HOSTILE[name]()}))  # type: ignore[misc]


@pytest.mark.parametrize("name", HOSTILE)
def test_the_other_checks_say_no_more_either(name: str) -> None:
    value = HOSTILE[name]()

    assert told(lambda: toy_datasets.make(value))
    assert told(lambda: toy_datasets.make("moons", n_samples=value)) or value is True
    assert told(lambda: TableFormat(",", value, True)) if isinstance(value, str) else True
    assert told(lambda: checked_layers(value))
    assert told(lambda: GridTask(DATASET, TrainingConfig(), (), (), (value,), 5))


def places(tree: Any, way: tuple[Any, ...] = ()) -> Iterator[tuple[Any, ...]]:
    """The way to each part of a JSON value."""
    if way:
        yield way
    inner = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in list(inner)[:20]:
        yield from places(part, (*way, key))


def put(tree: Any, way: tuple[Any, ...], value: Any) -> Any:
    """A copy of a JSON value with another part."""
    copy = json.loads(json.dumps(tree))
    inner = copy
    for key in way[:-1]:
        inner = inner[key]
    inner[way[-1]] = value
    return copy


@pytest.mark.parametrize("name", HOSTILE)
def test_no_part_of_a_document_says_more_than_300_characters(name: str) -> None:
    if name in ("bytes", "set", "of no known kind"):
        pytest.skip("JSON has none")
    good = as_json(EXPERIMENT)
    refused = [
        told(lambda way=way: from_json(put(good, way, HOSTILE[name]())))  # type: ignore[misc]
        for way in places(good)
        if len(way) < 3 or way[-1] in (0, 1)
    ]

    assert sum(map(bool, refused)) > len(refused) // 4


ARRAYS: dict[str, Callable[[], np.ndarray[Any, Any]]] = {
    "many": lambda: np.zeros(10**6, np.int8),
    "of many dimensions": lambda: np.zeros((1,) * 30, np.int8),
    "large numbers": lambda: np.full(12, 2**63, np.uint64),
    "no numbers": lambda: np.full(3, np.nan),
    "texts": lambda: np.array([ESCAPES.replace("\ud800", "") * 50] * 3),
    "bytes": lambda: np.array([b"\x1b" * 100] * 12),
    "empty": lambda: np.zeros((0, 10**6)),
    "truths": lambda: np.zeros(12, bool),
}


@pytest.mark.parametrize("array", ARRAYS)
def test_no_array_of_an_npz_file_says_more_than_300_characters(array: str) -> None:
    good = as_arrays(DATASET)

    refused = [told(lambda name=name: from_arrays(good | {name: ARRAYS[array]()})) for name in good]  # type: ignore[misc]

    assert sum(map(bool, refused)) > len(refused) // 2


def test_the_command_line_complains_on_one_line_without_escapes(capsys: pytest.CaptureFixture[str]) -> None:
    parser = Parser(prog="marz")
    parser.add_argument("--theme", choices=("light", "dark"))
    for arguments in (["unknown" + ESCAPES], ["--theme", ESCAPES * 100], ["--" + "x" * 10**5]):
        with pytest.raises(SystemExit, match="2"):
            parser.parse_args(arguments)
        complaint = capsys.readouterr().err.splitlines()[-1]
        check(complaint.removeprefix("marz: error: "))


# what is written in the source


def test_no_sentence_writes_a_value_down_whole() -> None:
    """``!r`` in an f-string of an error would write all of a value, however long it is."""
    found = [
        f"{path.relative_to(ROOT)}:{part.lineno}"
        for path in [*ROOT.glob("engine/*.py"), *ROOT.glob("gui/*.py"), ROOT / "main.py"]
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Raise)
        for part in ast.walk(node)
        if isinstance(part, ast.FormattedValue) and part.conversion == ord("r")
    ]

    assert found == []


def test_the_facts_of_an_error_survive_json_with_the_errors_and_messages_within_them() -> None:
    inner = InputError("{value} is not {kind}.", value=0.5, kind=message("a colour", "of points"))
    points = counted("{n:,} point", "{n:,} points", np.int64(1234))  # type: ignore[arg-type]  # as a caller may
    error = InputError("{file}: {reason} {points} {limit}", file=Path("a"), reason=inner, points=points, limit=np.inf)

    table = json.loads(json.dumps(error.as_json(), allow_nan=False))
    back = InputError.from_json(table)

    assert table["sentence"] == str(back) == str(error) == "a: 0.5 is not a colour. 1,234 points inf"
    assert back.template == error.template
    assert back.values["points"] == counted("{n:,} point", "{n:,} points", 1234)
    assert back.values["reason"] == inner.message
    assert dict(inner.values) == {"value": 0.5, "kind": message("a colour", "of points")}
    for no_error in ({}, {"sentence": "Only this."}, {"template": "?", "values": 3, "many": "", "context": ""}):
        with pytest.raises((TypeError, LookupError, AttributeError)):
            InputError.from_json(no_error)
