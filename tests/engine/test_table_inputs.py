"""Tables as people and programs write them, read through the command line and where nobody can be asked."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from engine.__main__ import main
from engine.dataset import Dataset
from engine.tables import TableError, open_table
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
