"""Tables as people and programs write them, read through the command line and where nobody can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine.__main__ import main
from engine.config import TrainingConfig
from engine.dataset import Dataset
from engine.experiment import Experiment, save
from engine.formats.tables import Columns, TableError, TableFormat, TableSource, open_table
from tests.inputs import FOLDER, RIGHT, Right


def counts(dataset: Dataset) -> dict[str, int]:
    """The classes that have points."""
    found = zip(dataset.class_names, dataset.class_counts().tolist(), strict=True)
    return {name: count for name, count in found if count}


def test_every_input_has_its_right_reading() -> None:
    assert {path.name for path in FOLDER.iterdir() if path.suffix != ".py" and path.is_file()} == set(RIGHT)


@pytest.mark.parametrize("name", RIGHT)
def test_the_command_line_tells_what_is_in_a_file(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    right = RIGHT[name]

    assert main(["import", str(FOLDER / name), "--json", "-", *(["--skip-missing"] if right.missing else [])]) == 0

    told = json.loads(capsys.readouterr().out)
    assert set(told) == {
        *("n_points", "n_features", "feature_names", "class_names", "counts", "left_out", "doubts", "format")
    }
    assert told["n_points"] == sum(right.counts.values())
    assert told["n_features"] == len(right.first)
    assert tuple(told["feature_names"]) == right.features
    assert dict(zip(told["class_names"], told["counts"], strict=True)) == right.counts
    assert told["left_out"] == right.left_out
    assert right.doubt in " ".join(told["doubts"])
    assert right.note in " ".join(told["doubts"])
    assert bool(told["doubts"]) == bool(right.doubt or right.note)
    assert all(len(sentence) <= 300 for sentence in told["doubts"])


@pytest.mark.parametrize("name", [name for name, right in RIGHT.items() if right.missing])
def test_a_missing_value_is_named_and_ends_the_command_with_2(name: str, capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as ended:
        main(["import", str(FOLDER / name)])

    assert ended.value.code == 2
    told = capsys.readouterr().err
    assert RIGHT[name].missing in told
    assert "Leave out the rows with missing values" in told


@pytest.mark.parametrize("name", RIGHT)
def test_where_nobody_can_be_asked_a_file_is_read_right_or_its_doubt_is_told(name: str) -> None:
    right, source = RIGHT[name], open_table(FOLDER / name)
    if right.doubt:
        with pytest.raises(TableError) as refused:
            source.read_as_found()
        assert right.doubt[1:] in str(refused.value)
        assert str(refused.value).endswith("Choose what is meant with Import Points, or change the table.")
        return
    read = source.read_as_found(skip_missing=bool(right.missing))
    np.testing.assert_array_equal(read.dataset.points[0], np.array(right.first, dtype=np.float32))
    assert counts(read.dataset) == right.counts
    assert read.dataset.feature_names == right.features
    assert read.left_out == right.left_out


@pytest.mark.parametrize("name", ["18_multi_candidates.csv", "62_tips.csv"])
def test_a_label_that_is_named_settles_the_doubt(name: str) -> None:
    label = open_table(FOLDER / name).look().names[-1]
    sample = open_table(FOLDER / name).look()

    read = open_table(FOLDER / name).read_as_found(label=label)

    assert sample.doubts == ()
    assert sample.label_doubt
    assert label not in read.dataset.feature_names


def test_an_encoding_that_is_named_settles_the_doubt() -> None:
    source = open_table(FOLDER / "08b_cp1256_merged.csv", "windows-1256")

    assert source.look().doubts == ()
    assert counts(source.read_as_found().dataset) == {"پل": 6, "گل": 6}
    with pytest.raises(TableError, match="there is no encoding “nonsense”"):
        open_table(FOLDER / "08_cp1256.csv", "nonsense")


@pytest.mark.parametrize("encoding", ["cp1252", "ascii", "utf-8", "cp1256", "gb18030"])
def test_different_bytes_never_become_one_class(encoding: str) -> None:
    right: Right = RIGHT["08b_cp1256_merged.csv"]

    read = open_table(FOLDER / "08b_cp1256_merged.csv", encoding).read_as_found()

    assert sorted(counts(read.dataset).values()) == sorted(right.counts.values())


def test_different_coordinates_stay_different() -> None:
    points = open_table(FOLDER / "56_utm_float32.csv").read_as_found().dataset.points

    assert len(np.unique(points[:, 1])) == 20
    np.testing.assert_allclose(points[:3, 1], [0, 0.15, 0.2], atol=1e-6)


def test_a_file_address_is_a_path(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    path = tmp_path / "a b ۱.csv"
    path.write_text("x,y\n1,2\n3,5\n", encoding="utf-8")

    assert main(["import", path.as_uri()]) == 0

    assert json.loads(capsys.readouterr().out)["n_points"] == 2


def test_what_only_begins_like_a_file_address_is_a_path(capsys: pytest.CaptureFixture[str]) -> None:
    with pytest.raises(SystemExit) as end:
        main(["import", "file://[a"])

    assert end.value.code == 2
    assert "“file://[a” could not be read: No such file" in capsys.readouterr().err


def test_an_experiment_is_no_table_of_points(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    dataset = Dataset([[1, 2], [3, 4]], [0, 1], ("a", "b"))  # type: ignore[arg-type]
    save(tmp_path / "work.marz.json", Experiment(dataset, (TrainingConfig(hidden_layers=(2,)),)))

    with pytest.raises(SystemExit) as end:
        main(["import", str(tmp_path / "work.marz.json"), "--label", "x"])

    assert end.value.code == 2
    assert "it is an experiment saved by Marz, no table. Open it, and export" in capsys.readouterr().err


def test_a_table_of_values_in_json_is_one_point_or_refused() -> None:
    one = TableSource(b'{"x": 1, "y": 2.5, "class": "a"}', "The file").read_as_found().dataset

    assert one.points.tolist() == [[1, 2.5]]
    with pytest.raises(TableError, match="point number 1 is no list or table of numbers and texts"):
        TableSource(b'{"points": [[1, 2], [3, 4]], "n": 2}', "The file").look()


# any dialect, encoding and script

SCRIPTS = {"ascii": "0123456789", "persian": "۰۱۲۳۴۵۶۷۸۹", "arabic": "٠١٢٣٤٥٦٧٨٩", "devanagari": "०१२३४५६७८९"}
ENDS = ("\n", "\r\n", "\r")
NAMES = {"ascii": ("length", "width", "red", "blue"), "letters": ("طول", "عرض", "سرخ", "آبی")}


@st.composite
def written_tables(draw: st.DrawFn) -> tuple[bytes, list[tuple[float, float]], list[str], tuple[str, ...]]:
    """A table as some program may write it, the numbers in it, its labels, and its four names."""
    delimiter, decimal = draw(
        st.sampled_from(
            [(",", "."), (";", ","), (";", "."), ("\t", "."), ("\t", ","), ("|", "."), ("؛", "."), (";", "٫")]
        )
    )
    script, names = draw(st.sampled_from(sorted(SCRIPTS))), NAMES[draw(st.sampled_from(sorted(NAMES)))]
    encoding = draw(st.sampled_from(["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be"]))
    minus, quote = draw(st.sampled_from(["-", "−"])), draw(st.sampled_from(["", '"', "'"]))
    blank = draw(st.sampled_from(["", "\u00a0", "\u200e"]))
    before = draw(st.sampled_from([(), ("# made by hand",), ("A title", "")]))
    whole = st.integers(-9_999_999, 9_999_999).filter(lambda value: value % 1000)  # so that no three digits are zeros
    values = draw(st.lists(st.tuples(whole, whole), min_size=6, max_size=20))
    labels = draw(st.lists(st.sampled_from(names[2:]), min_size=len(values), max_size=len(values)))

    def cell(value: int) -> str:
        text = f"{abs(value) / 10000:.4f}".translate(str.maketrans("0123456789.", SCRIPTS[script] + decimal))
        return f"{blank}{minus if value < 0 else ''}{text}{blank}"

    lines = [*before, delimiter.join(f"{quote}{name}{quote}" for name in (*names[:2], "class"))]
    for (x, y), label in zip(values, labels, strict=True):
        lines.append(delimiter.join((cell(x), cell(y), f"{quote}{label}{quote}")))
    content = draw(st.sampled_from(ENDS)).join([*lines, ""]).encode(encoding)
    return content, [(x / 10000, y / 10000) for x, y in values], labels, names


@given(written_tables())
def test_a_table_in_any_dialect_encoding_and_script_is_read_as_it_was_meant(
    written: tuple[bytes, list[tuple[float, float]], list[str], tuple[str, ...]],
) -> None:
    content, values, labels, names = written

    read = TableSource(content, "The table").read_as_found()

    np.testing.assert_array_equal(read.dataset.points, np.array(values, dtype=np.float32))
    assert [read.dataset.class_names[label] for label in read.dataset.labels] == labels
    assert read.dataset.feature_names == names[:2]
    assert read.left_out == 0


@given(st.lists(st.tuples(st.integers(0, 999_999), st.booleans()), min_size=8, max_size=30))
def test_any_pattern_of_missing_values_is_left_out_and_counted(rows: list[tuple[int, bool]]) -> None:
    tokens = ("", "NA", "?", "null", "-", "NaN")
    lines = [f"{value / 7!r},{tokens[value % 6] if gone else value / 3!r},{'ab'[value % 2]}" for value, gone in rows]
    source = TableSource("\n".join(["x,y,class", *lines, "1.5,2.5,a"]).encode(), "The table")
    kept = [value for value, gone in rows if not gone]

    read = source.read(TableFormat(",", ".", has_header=True), Columns((0, 1), 2), skip_missing=True)

    assert read is not None
    assert read.left_out == len(rows) - len(kept)
    expected = [[value / 7, value / 3] for value in kept] + [[1.5, 2.5]]
    np.testing.assert_array_equal(read.dataset.points, np.array(expected, dtype=np.float32))
