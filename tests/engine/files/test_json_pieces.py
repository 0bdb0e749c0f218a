"""What is written and read in pieces is what `json` writes and reads at once."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.files import json_pieces
from engine.files.json_pieces import pieces_of, value_of
from engine.files.json_text import JsonError, _no_constant, _unique_keys, parsed


@pytest.fixture(autouse=True)
def short_pieces(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(json_pieces, "ROWS", 3)
    monkeypatch.setattr(json_pieces, "BYTES", 8)


def lists(value: Any) -> Any:
    """Arrays as lists, however deep."""
    if isinstance(value, dict):
        return {key: lists(item) for key, item in value.items()}
    return value.tolist() if isinstance(value, np.ndarray) else value


def in_pieces(content: bytes) -> Any:
    return value_of(content, _no_constant, _unique_keys)


def at_once(content: bytes) -> Any:
    return json.loads(content.decode("utf-8-sig"), parse_constant=_no_constant, object_pairs_hook=_unique_keys)


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 100])
def test_arrays_are_written_as_their_lists_are(count: int) -> None:
    generator = np.random.default_rng(count)
    value = {
        "title": 'a "quoted" [1, 2], \\ NaN', "empty": {}, "none": None,
        "table": {"points": generator.normal(size=(count, 2)), "labels": generator.integers(0, 9, count)},
    }  # fmt: skip
    text = "".join(pieces_of(value))

    assert text == json.dumps(lists(value), ensure_ascii=False, separators=(",", ":"))
    assert lists(in_pieces(text.encode())) == at_once(text.encode())


def test_a_number_that_is_not_finite_is_not_written() -> None:
    with pytest.raises(ValueError, match="Out of range"):
        list(pieces_of({"points": np.array([1.0, np.nan])}))


@pytest.mark.parametrize("spaces", ["", " ", "\n\t"])
def test_long_arrays_are_read_as_arrays_bit_for_bit(spaces: str) -> None:
    points = [[0.1 * i, -1e-300 / (i + 1)] for i in range(50)]
    value = {"a": {"points": points, "labels": list(range(50))}, "b": [list(range(20))], "c": 1.5}
    text = json.dumps(value, separators=(f",{spaces}", f":{spaces}"))
    read = in_pieces(b"\xef\xbb\xbf" + text.encode())

    assert isinstance(read["a"]["points"], np.ndarray)
    assert read["a"]["points"].dtype == np.float64
    assert read["a"]["labels"].dtype == np.int64
    assert lists(read) == value


ODD = [
    '{"a": [1, 2, 3, 4, 5,]}', '{"a": [1, 2, 3,, 4, 5]}', '{"a": [1, 2, 3, 4, 5}', '{"a": [[1, 2], [3, 4], [5]]}',
    '{"a": [[[1, 2], [3, 4]], [[5, 6]]]}', '{"a": [[1, 2], [3, 4], 5, 6]}', '{"a": [1, 2, [3, 4], 5, 6]}',
    '{"a": [true, false, null, 1, 2]}', '{"a": [1, 2, NaN, 4, 5, 6]}', '{"a": NaN, "b": [1, 2, 3, 4, 5]}',
    '{"a": -Infinity, "b": [1, 2, 3, 4, 5, 6]}', '{"a": [123456789012345678901234567890, 2]}', '{"a": [1e999, 2, 3]}',
    '{"a": [1, 2, 3, 4, 5], "a": [1, 2, 3, 4, 5]}', '{"a": "[1, 2, 3, 4, 5]"}', '{"a\\"b": [1, 2, 3, 4, 5, 6]}',
    '{"a": "unclosed [1, 2, 3, 4, 5]}', '{"a": "\\\\", "b": [1, 2, 3, 4, 5, 6]}', '[1, 2, 3, 4, 5, 6, 7]', '"[1, 2, 3"',
    '{"a": [1, 2, 3, 4, 5]]}', '{"a": [1, 2, 3, 4, 5] 6}', '{"a": 0 [1, 2, 3, 4, 5]}', '{"a": [1, 2, 3, 4, 5]}}',
    '{"a": [], "b": [[], [], [], [], []]}', '{"a": [1, 2.5, 3, 4, 5, 6]}', '{"a": [[1, 2], [3, 4.5], [5, 6]]}',
    '{"a": [01, 2, 3, 4]}', '{"a": [1 2, 3, 4, 5, 6]}', '{"a": [1, 2, 3, 4, 5, 6], }', '{"a": [      ]}',
    '{"a": {"b": [1, 2, 3, 4, 5, 6]}, "c": {"d": [1.5, 2, 3, 4, 5]}}', '{"a": [-0.0, 1, 2, 3, 4, 5]}', "", "        ",
]  # fmt: skip


def same(text: str) -> bool:
    """Whether a text is read, or refused with the same words, in pieces as at once."""
    outcomes = []
    for read in (at_once, in_pieces):
        try:
            outcomes.append((lists(read(text.encode())), ""))
        except (ValueError, JsonError) as error:
            outcomes.append((type(error), str(error)))
    return outcomes[0] == outcomes[1]


@pytest.mark.parametrize("text", ODD)
def test_what_is_not_written_as_usual_is_read_or_refused_as_at_once(text: str) -> None:
    assert same(text)


@given(st.text(alphabet='[]{},:"\\ 10.N-e', max_size=60))
def test_any_text_is_read_or_refused_as_at_once(text: str) -> None:
    assert same(text)


def test_no_piece_is_long(monkeypatch: pytest.MonkeyPatch) -> None:
    # each call holds the interpreter's lock from its beginning to its end
    monkeypatch.undo()
    dumped, loaded = list[int](), list[int]()
    dumps, loads = json.dumps, json.loads
    value = {"points": np.random.default_rng(1).normal(size=(100_000, 2)), "labels": np.arange(100_000)}

    def noting_dumps(item: Any, **options: Any) -> str:
        dumped.append(len(text := dumps(item, **options)))
        return text

    def noting_loads(text: Any, **options: Any) -> Any:
        loaded.append(len(text))
        return loads(text, **options)

    monkeypatch.setattr(json, "dumps", noting_dumps)
    content = "".join(pieces_of(value)).encode()
    monkeypatch.setattr(json, "loads", noting_loads)
    read = parsed(content)

    assert len(content) > 3_000_000
    assert max(dumped) < 500_000
    assert max(loaded) < 400_000
    np.testing.assert_array_equal(read["points"], value["points"])


@pytest.mark.parametrize("text", ['{"a": "' + '\\"' * 50_000, '"' * 99_999 + "[" * 10, '{"a": ' + "]" * 500_000 + ","])
def test_a_hostile_text_takes_no_longer_than_its_length(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    # a search that begins anew at each sign would look at 2,500 million; this one is counted
    looked = [0]
    rest = json_pieces.STRING_REST

    class Counting:
        def match(self, content: bytes, start: int) -> Any:
            found = rest.match(content, start)
            looked[0] += (len(content) if found is None else found.end()) - start
            return found

    monkeypatch.setattr(json_pieces, "STRING_REST", Counting())
    with pytest.raises((ValueError, JsonError)):
        in_pieces(text.encode())
    assert looked[0] <= len(text)
