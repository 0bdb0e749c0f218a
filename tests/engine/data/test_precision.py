"""Numbers that single precision cannot tell apart: kept apart where that is possible, and else told."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.dataset import Dataset
from engine.errors import InputError
from engine.formats.npz import read_npz, save_npz
from engine.formats.tables import Columns, TableFormat, TablePoints, table_from_text

FORMAT, XY = TableFormat(",", ".", has_header=True), Columns((0, 1), None)


def read(cells: list[str]) -> TablePoints:
    """The points of a table with these cells in its first column, and 0, 1, 2, ... in the second."""
    points = table_from_text("x,y\n" + "".join(f"{cell},{n}\n" for n, cell in enumerate(cells))).read(FORMAT, XY)
    assert points is not None
    return points


def n_different(points: TablePoints) -> int:
    return len(set(points.dataset.points[:, 0].tolist()))


@st.composite
def whole_columns(draw: st.DrawFn) -> list[int]:
    """Whole numbers of 64 bits: anywhere, around one or two places, or close together."""
    whole = st.integers(-(2**63), 2**63 - 1)
    near = draw(st.lists(whole, min_size=1, max_size=2))
    width = 2 ** draw(st.integers(1, 62))
    around = st.builds(lambda middle, step: middle + step, st.sampled_from(near), st.integers(-width, width))
    column = draw(st.lists(around | whole if draw(st.booleans()) else around, min_size=2, max_size=30))
    return [min(max(value, -(2**63)), 2**63 - 1) for value in column]


@given(whole_columns())
def test_different_whole_numbers_stay_different_or_it_is_told(column: list[int]) -> None:
    points = read([str(value) for value in column])

    told = any("Single precision" in str(note) for note in points.notes)
    assert told or n_different(points) == len(set(column))


@given(st.lists(st.integers(-(2**24), 2**24), min_size=2, max_size=30))
def test_nothing_is_told_of_numbers_that_single_precision_has(column: list[int]) -> None:
    points = read([str(value) for value in column])

    assert points.notes == ()
    assert points.dataset.points[:, 0].tolist() == column


@pytest.mark.parametrize(("cells", "notes"), [
    (["16777216", "16777217", "-5"], "Single precision has about seven digits: 16,777,216 and 16,777,217 of “x”, for"),
    (["4500000.15", "4500000.2", "-5"], "seven digits: 4500000.15 and 4500000.2 of “x”, for example, are equal."),
    (["9007199254740993", "9007199254740992", "0"], "different values of “x” beyond 9,007,199,254,740,992 may be"),
    (["1700000000000000001", "1700000000000000002"], "beyond 9,007,199,254,740,992 may be equal."),
    (["30000000001", "30000000000", "20000000000"], "30,000,000,000 and 30,000,000,001 of “x”"),
])  # fmt: skip
def test_what_becomes_equal_is_told_by_example(cells: list[str], notes: str) -> None:
    told = " ".join(map(str, read(cells).notes))

    assert notes in told
    assert all(len(str(note)) <= 300 for note in read(cells).notes)


def test_a_number_is_taken_away_only_where_that_keeps_values_apart() -> None:
    assert str(read(["4500000.1", "4500000.15"]).notes[0]).startswith("4,500,000 was taken from every “x”")
    assert read(["4500000", "4500001"]).notes == ()


def test_decimals_of_a_computation_are_rounded_without_a_word() -> None:
    generator = np.random.default_rng(1)
    cells = [repr(value) for value in generator.normal(size=20_000).tolist()]

    points = read(cells)

    assert n_different(points) < len(set(cells))  # some are equal, of which nobody needs to know
    assert points.notes == ()


@pytest.mark.parametrize("kind", ["int64", "uint64", "float64"])
def test_the_numbers_of_arrays_are_kept_apart_or_told_as_those_of_tables_are(kind: str, tmp_path: Path) -> None:
    far = np.array([[4_500_000_000, 1], [4_500_000_001, 2], [4_500_000_002, 3]], dtype=kind)
    mixed = np.array([[16_777_216, 1], [16_777_217, 2], [5, 3]], dtype=kind)
    np.savez(tmp_path / "far.npz", X=far, y=[0, 1, 0])
    np.savez(tmp_path / "mixed.npz", X=mixed, y=[0, 1, 0])

    kept, told = read_npz(tmp_path / "far.npz"), read_npz(tmp_path / "mixed.npz")

    assert n_different(kept) == 3
    assert str(kept.notes[0]).startswith("4,500,000,000 was taken from every “x1”")
    assert "16,777,216 and 16,777,217 of “x1”, for example, are equal." in str(told.notes[0])


def test_what_was_saved_in_single_precision_is_nothing_to_tell_of(tmp_path: Path) -> None:
    points = np.array([[16_777_216, 1e30], [16_777_218, -5]], dtype=np.float32)
    save_npz(tmp_path / "f.npz", Dataset(points, [0, 1], ("a", "b")))  # type: ignore[arg-type]

    assert read_npz(tmp_path / "f.npz").notes == ()


@pytest.mark.parametrize("worst", [np.nan, np.inf, 1e39, 1e300])
def test_numbers_that_no_dataset_takes_are_refused_as_before(worst: float, tmp_path: Path) -> None:
    np.savez(tmp_path / "f.npz", X=np.array([[16_777_216.0, 1], [worst, 2], [-5, 3]]))

    with pytest.raises(InputError, match=r"Point number 2 is .* coordinates must be finite numbers\."):
        read_npz(tmp_path / "f.npz")
