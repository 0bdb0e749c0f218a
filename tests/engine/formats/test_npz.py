"""NPZ files: exact there and back, and the points of other programs. What is refused is in test_hostile_files.py."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np
import pytest

from engine.data.projection import principal_plane
from engine.dataset import Dataset, empty_dataset
from engine.formats.npz import load_npz, save_npz
from tests.engine.reference import cloud

DEEP_POINTS = np.random.default_rng(3).normal(size=(30, 4)).astype(np.float32)
DATASETS = {
    "empty": empty_dataset(),
    "plain": cloud(20, 3),
    "edited": cloud(100, 2).without(np.arange(100) < 37).recoloured(0, 7),
    "names": Dataset([[1, 2]], [1], ("نارنجی", "<b>&amp;</b>"), feature_names=("", "طول")),  # type: ignore[arg-type]
    "four features": Dataset(
        DEEP_POINTS, np.arange(30) % 2, ("A", "B"), feature_names=tuple("abcd"), projection=principal_plane(DEEP_POINTS)
    ),
}


@pytest.mark.parametrize("name", DATASETS)
def test_a_file_gives_the_same_dataset_back(name: str, tmp_path: Path) -> None:
    save_npz(tmp_path / "f.npz", DATASETS[name])

    again = load_npz(tmp_path / "f.npz")

    assert again == DATASETS[name]
    assert again.points.tobytes() == DATASETS[name].points.tobytes()


def test_numpy_reads_the_arrays_without_pickle(tmp_path: Path) -> None:
    save_npz(tmp_path / "f.npz", DATASETS["plain"])

    with np.load(tmp_path / "f.npz", allow_pickle=False) as arrays:
        np.testing.assert_array_equal(arrays["points"], DATASETS["plain"].points)
        np.testing.assert_array_equal(arrays["labels"], DATASETS["plain"].labels)
        assert arrays["class_names"].tolist() == ["A", "B", "C"]


X = np.array([[0.5, 1], [2, 3], [4, 5]])


@pytest.mark.parametrize(
    ("arrays", "names", "labels"),
    [
        ({"X": X, "y": [1, 0, 1]}, ("0", "1"), [1, 0, 1]),
        ({"X": X, "y": [10, -1, 9]}, ("-1", "9", "10"), [2, 0, 1]),
        ({"X": X, "y": [1.0, 0.0, 1.0]}, ("0", "1"), [1, 0, 1]),
        ({"X": X, "y": [[1], [0], [1]]}, ("0", "1"), [1, 0, 1]),
        ({"X": X, "y": [True, False, True]}, ("True", "False"), [0, 1, 0]),
        ({"X": X, "y": ["pear", "apple", "pear"]}, ("pear", "apple"), [0, 1, 0]),
        ({"X": X, "y": np.array([b"pear", b"apple", b"pear"])}, ("pear", "apple"), [0, 1, 0]),
        ({"X": X, "y": np.array([1, 0, 1], dtype=">i2")}, ("0", "1"), [1, 0, 1]),
        ({"X": X.astype(np.float32), "y": [7, 7, 7]}, ("7", "Orange"), [0, 0, 0]),
        ({"X": np.asfortranarray(X)}, ("Blue", "Orange"), [0, 0, 0]),
        ({"points": X, "labels": [1, 0, 1]}, ("0", "1"), [1, 0, 1]),
        ({"x": X, "y": [1, 0, 1]}, ("0", "1"), [1, 0, 1]),
        ({"x": X[:, 0], "y": X[:, 1], "labels": [1, 0, 1]}, ("0", "1"), [1, 0, 1]),
        ({"x": X[:, 0], "y": X[:, 1]}, ("Blue", "Orange"), [0, 0, 0]),
    ],
)
@pytest.mark.parametrize("compressed", [False, True])
def test_the_points_of_other_programs_are_read(
    arrays: dict[str, Any], names: tuple[str, ...], labels: list[int], compressed: bool, tmp_path: Path
) -> None:
    (np.savez_compressed if compressed else np.savez)(tmp_path / "f.npz", other=np.zeros(5), **arrays)

    dataset = load_npz(tmp_path / "f.npz")

    assert dataset.points.tolist() == X.tolist()
    assert dataset.class_names == names
    assert dataset.labels.tolist() == labels


def test_more_than_two_features_of_another_program_are_shown_on_their_principal_plane(tmp_path: Path) -> None:
    np.savez(tmp_path / "f.npz", X=DEEP_POINTS, y=np.arange(30) % 2)

    dataset = load_npz(tmp_path / "f.npz")

    assert dataset.projection == principal_plane(DEEP_POINTS)
    assert dataset.places.shape == (30, 2)
