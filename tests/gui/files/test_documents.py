from __future__ import annotations

import os
from dataclasses import replace
from pathlib import Path

import numpy as np
import pytest

from engine import toy_datasets
from engine.data.projection import principal_plane
from engine.dataset import Dataset
from engine.errors import InputError
from engine.experiment import Experiment, load, save
from engine.formats.npz import load_npz, save_npz
from gui.editing.fingerprint import fingerprint
from gui.files import documents
from gui.files.documents import Kind, Opened, document_name, kind_of
from tests.inputs import FOLDER, RIGHT


@pytest.mark.parametrize(
    ("path", "kind"),
    [
        ("/a/b.marz.json", Kind.DOCUMENT),
        ("B.JSON", Kind.DOCUMENT),
        ("b.csv", Kind.TABLE),
        ("b.TSV", Kind.TABLE),
        ("b.txt", Kind.TABLE),
        ("b.xlsb", Kind.TABLE),
        ("b.npz", Kind.NPZ),
        ("b.png", None),
        ("json", None),
        ("", None),
    ],
)
def test_the_kind_of_a_file_is_told_by_its_suffix(path: str, kind: Kind | None) -> None:
    assert kind_of(path) is kind


@pytest.mark.parametrize(
    ("name", "content", "kind"),
    [
        ("a.json", '{"format": 1}', Kind.DOCUMENT),
        ("a.json", "broken", Kind.DOCUMENT),
        ("a.json", ' [{"x": 1}]', Kind.TABLE),
        ("mine", ' {"format": 1}', Kind.DOCUMENT),
        ("mine.marz", '{"format": 1}', Kind.DOCUMENT),
        ("ecoli.data", "a 1 2", Kind.TABLE),
        ("cat.png", "\x89PNG", Kind.TABLE),  # which reading refuses, as it is no text
        ("a.npz", "x", Kind.NPZ),
    ],
)
def test_the_kind_of_a_file_that_is_there_is_told_by_its_beginning_too(
    tmp_path: Path, name: str, content: str, kind: Kind
) -> None:
    (tmp_path / name).write_text(content, encoding="latin-1")
    assert documents.kind_in(str(tmp_path / name)) is kind


def test_a_pipe_is_not_waited_for(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe.csv")
    assert documents.kind_in(str(tmp_path / "pipe.csv")) is Kind.TABLE
    assert documents.kind_in(str(tmp_path / "nothing")) is Kind.TABLE


@pytest.mark.parametrize("name", ["20_points.json", "46_d_exponent.dat", "03_points.arff", "31_libreoffice.ods"])
def test_points_in_files_of_other_programs_are_opened(name: str) -> None:
    opened = documents.open_any(str(FOLDER / name))
    assert opened.path is None
    assert len(opened.experiment.dataset) == sum(RIGHT[name].counts.values())


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (None, "Untitled"),
        ("/a/mine.marz.json", "mine"),
        ("mine.json", "mine"),
        ("mine.MARZ.JSON", "mine"),
        ("two.parts.json", "two.parts"),
        (".marz.json", ".marz"),
        ("mine", "mine"),
    ],
)
def test_a_document_is_called_as_its_file(path: str | None, name: str) -> None:
    assert document_name(path) == name


def three_features(n_features: int = 3) -> Dataset:
    points = np.random.default_rng(1).normal(size=(20, n_features))
    return Dataset(points.astype(np.float32), np.arange(20) % 2, ("a", "b"))


def test_points_of_more_than_two_features_get_the_plane_of_their_principal_components(tmp_path: Path) -> None:
    path = str(tmp_path / "three.json")
    save(path, Experiment(three_features()))
    shown = documents.open_document(path).experiment.dataset
    assert load(path).dataset.projection is None
    assert shown.projection == principal_plane(three_features().points)
    assert shown.places.shape == (20, 2)


def test_a_plane_that_a_file_has_is_kept(tmp_path: Path) -> None:
    path = str(tmp_path / "three.json")
    plane = principal_plane(three_features().points[:10])
    save(path, Experiment(replace(three_features(), projection=plane)))
    assert documents.open_document(path).experiment.dataset.projection == plane


def test_points_of_one_feature_are_refused(tmp_path: Path) -> None:
    path = str(tmp_path / "one.json")
    save(path, Experiment(three_features(1)))
    with pytest.raises(InputError, match=r"“one\.json” has points of 1 coordinate"):
        documents.open_document(path)


def test_any_kind_of_file_can_be_opened_and_only_a_document_has_a_path(tmp_path: Path) -> None:
    dataset = toy_datasets.make("moons", n_samples=30)
    experiment = Experiment(dataset, title="mine")
    save(tmp_path / "a.json", experiment)
    documents.export_points(str(tmp_path / "a.csv"), dataset)
    documents.export_points(str(tmp_path / "a.npz"), dataset)
    document = str(tmp_path / "a.json")
    assert documents.open_any(document) == Opened(experiment, document, fingerprint(document))
    for name in ("a.csv", "a.npz"):
        opened = documents.open_any(str(tmp_path / name))
        assert opened.path is None
        assert np.array_equal(opened.experiment.dataset.points, dataset.points)
        assert np.array_equal(opened.experiment.dataset.labels, dataset.labels)
        assert opened.experiment.dataset.class_names == dataset.class_names


def test_a_relative_path_is_made_absolute(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "a.json", Experiment(three_features(2)))
    monkeypatch.chdir(tmp_path)
    assert documents.open_any("a.json").path == str(tmp_path / "a.json")


@pytest.mark.parametrize("name", ["nothing.json", "nothing.csv", "nothing.npz", "nothing.xyz"])
def test_a_file_that_is_not_there_is_an_input_error_that_names_it(tmp_path: Path, name: str) -> None:
    with pytest.raises(InputError, match=name):
        documents.open_any(str(tmp_path / name))


def test_points_are_exported_by_suffix_and_never_into_a_document(tmp_path: Path) -> None:
    dataset = three_features(2)
    documents.export_points(str(tmp_path / "a.npz"), dataset)
    assert load_npz(tmp_path / "a.npz") == dataset
    documents.export_points(str(tmp_path / "a.csv"), dataset)
    assert (tmp_path / "a.csv").read_text().splitlines()[0] == "x,y,class"
    save(tmp_path / "a.json", Experiment(dataset))
    with pytest.raises(InputError, match=r"\.csv or \.npz"):
        documents.export_points(str(tmp_path / "a.json"), dataset)
    assert load(tmp_path / "a.json").dataset == dataset


def test_why_points_cannot_be_added_is_a_sentence(tmp_path: Path) -> None:
    drawing = three_features(2)
    assert documents.obstacle_to_adding(three_features(2), drawing) == ""
    assert "3 features" in documents.obstacle_to_adding(three_features(3), drawing)
    names = tuple(f"class {number}" for number in range(9))
    many = Dataset(np.zeros((9, 2), np.float32), np.arange(9), names)
    assert "11 classes" in documents.obstacle_to_adding(many, drawing)


def test_only_files_of_some_size_are_read_in_the_background(tmp_path: Path) -> None:
    small, large = tmp_path / "small", tmp_path / "large"
    small.write_bytes(b"x")
    large.write_bytes(b"x" * (documents.LARGE_FILE + 1))
    assert [documents.is_large(str(path)) for path in (small, large, tmp_path / "nothing")] == [False, True, False]


def test_one_coordinate_of_another_program_is_refused(tmp_path: Path) -> None:
    np.savez(tmp_path / "one.npz", X=np.zeros((4, 1)), y=np.arange(4) % 2)
    with pytest.raises(InputError, match=r"one\.npz"):
        documents.load_points(str(tmp_path / "one.npz"))
    save_npz(tmp_path / "two.npz", three_features(2))
    assert documents.load_points(str(tmp_path / "two.npz")).dataset == three_features(2)


def test_a_table_whose_classes_are_too_many_is_not_opened_as_points_of_one_class(tmp_path: Path) -> None:
    path = tmp_path / "many.csv"
    path.write_text("x,y,species\n" + "".join(f"{i},{i % 7}.5,kind {i}\n" for i in range(0, 1000, 2)))

    with pytest.raises(InputError, match=r"“many\.csv”.*“species” has 500 different values.*Import Points"):
        documents.open_any(str(path))


@pytest.mark.parametrize(
    ("name", "content", "takes"),
    [
        ("points.csv", b"", True),
        ("points.data", b"1,2,a", True),
        ("points.unknown", b"1,2,a\n", True),
        ("points", "1\t2\tگل\n".encode(), True),
        ("points.out", "1,2,a".encode("utf-16"), True),
        ("picture.png", b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR", False),
        ("program", b"\x7fELF\x02\x01\x01\x00", False),
    ],
)
def test_what_begins_as_no_text_is_not_taken(tmp_path: Path, name: str, content: bytes, takes: bool) -> None:
    (tmp_path / name).write_bytes(content)
    assert documents.can_take(str(tmp_path / name)) is takes


def test_folders_and_what_is_not_there_are_not_taken(tmp_path: Path) -> None:
    (tmp_path / "folder.csv").mkdir()
    for name in ("folder.csv", "", "missing.png"):
        assert not documents.can_take(str(tmp_path / name))
