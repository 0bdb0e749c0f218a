"""Experiments and their file: bit for bit there and back, and a sentence for everything that is no experiment."""

from __future__ import annotations

import contextlib
import json
import os
import stat
import sys
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from engine import experiment as module
from engine import toy_datasets
from engine.config import Activation, Initialization, Optimizer, Output, TrainingConfig
from engine.data.projection import principal_plane
from engine.dataset import MAX_POINTS, Dataset, empty_dataset
from engine.errors import InputError
from engine.experiment import (
    SHARED_SETTINGS,
    Experiment,
    ExperimentError,
    Obstacle,
    as_json,
    from_json,
    load,
    save,
)
from tests.engine.reference import cloud

FULL = TrainingConfig(
    layer_activations=(Activation.RELU, Activation.TANH, Activation.SIGMOID), leaky_slope=0.2, elu_alpha=0.5,
    batch_norm=True, skip_connections=True, initialization="normal", initialization_sigma=0.3,  # type: ignore[arg-type]
    output="softmax", loss="mse", threshold=0.6, optimizer="rmsprop", schedule="cosine", schedule_epochs=9,  # type: ignore[arg-type]
    schedule_factor=0.2, clip_norm=1.5, l1=0.01, l2=0.02, dropout=0.3,
)  # fmt: skip
EXPERIMENT = Experiment(cloud(20, 3), (TrainingConfig(activation=Activation.RELU), FULL), "Two lanes")


def same_bits(first: Experiment, second: Experiment) -> bool:
    return first == second and first.dataset.points.tobytes() == second.dataset.points.tobytes()


# there and back

single_precision = st.floats(width=32, allow_nan=False, allow_infinity=False)
datasets = st.lists(st.tuples(single_precision, single_precision, st.integers(0, 3)), max_size=20).map(
    lambda rows: Dataset(
        np.array([row[:2] for row in rows], dtype=np.float32).reshape(-1, 2),
        np.array([row[2] for row in rows], dtype=np.int64),
        ("Blue", "نارنجی", "Zwei “x”", "\\"),
    )
)
configs = st.builds(
    TrainingConfig,
    hidden_layers=st.lists(st.integers(1, 1024), min_size=1, max_size=5).map(tuple),
    activation=st.sampled_from(Activation),
    initialization=st.sampled_from(Initialization),
    output=st.sampled_from([Output.AUTO, Output.SOFTMAX]),
    optimizer=st.sampled_from(Optimizer),
    learning_rate=st.floats(0, 1e6, exclude_min=True),
    batch_size=st.none() | st.integers(1, 1000),
    validation_fraction=st.floats(0, 0.5),
    seed=st.integers(0, 2**31 - 1),
)


@given(datasets, st.lists(configs, min_size=1, max_size=4).map(tuple), st.text(max_size=200))
def test_json_gives_the_same_experiment_back_bit_for_bit(
    dataset: Dataset, lanes: tuple[TrainingConfig, ...], title: str
) -> None:
    experiment = Experiment(dataset, lanes, title)

    text = json.dumps(as_json(experiment), allow_nan=False)

    assert same_bits(from_json(json.loads(text)), experiment)


@pytest.mark.parametrize("n_points", [0, 1, 5000])
def test_a_file_gives_the_same_experiment_back_bit_for_bit(tmp_path: Path, n_points: int) -> None:
    bits = np.random.default_rng(1).integers(0, 2**32, size=(n_points, 2), dtype=np.uint32).view(np.float32)
    points = np.where(np.isfinite(bits), bits, np.float32(-0.0))
    dataset = Dataset(points, np.arange(n_points) % 2, ("A", "B"))
    experiment = Experiment(dataset, (TrainingConfig(batch_size=None),), "Half a point")
    path = tmp_path / "experiment.marz"

    save(path, experiment)

    assert same_bits(load(path), experiment)


def test_which_points_are_for_validation_survives_the_file(tmp_path: Path) -> None:
    dataset = cloud(100, 2).without(np.arange(100) < 37)

    save(tmp_path / "e", Experiment(dataset))

    loaded = load(tmp_path / "e").dataset
    np.testing.assert_array_equal(loaded.validation_mask(0.3), dataset.validation_mask(0.3))
    assert not np.array_equal(
        Dataset(dataset.points, dataset.labels, dataset.class_names).validation_mask(0.3), dataset.validation_mask(0.3)
    )


@pytest.mark.parametrize(
    "title",
    ["", "درس ۵: مرز", "🙂", "half a pair \ud83d", 'quotes " and \\', "two\nlines", "\x00", '"[{,' * 50, "\x01" * 200],
)
def test_any_title_can_be_saved(tmp_path: Path, title: str) -> None:
    experiment = replace(EXPERIMENT, title=title)

    save(tmp_path / "e", experiment)

    assert load(tmp_path / "e") == experiment


def test_a_file_with_a_byte_order_mark_is_read(tmp_path: Path) -> None:
    save(tmp_path / "plain", EXPERIMENT)
    (tmp_path / "marked").write_bytes(b"\xef\xbb\xbf" + (tmp_path / "plain").read_bytes())

    assert load(tmp_path / "marked") == EXPERIMENT


def deep_dataset(n_points: int) -> Dataset:
    """Points of four features with names, on their principal plane."""
    points = cloud(n_points, 3, n_features=4).points
    names = ("a", "طول", "", "<b>d</b>")
    return Dataset(
        points, np.arange(n_points) % 3, ("A", "B", "C"), feature_names=names, projection=principal_plane(points)
    )


@pytest.mark.parametrize("n_points", [0, 1, 50])
def test_feature_names_and_the_plane_come_back(tmp_path: Path, n_points: int) -> None:
    experiment = Experiment(deep_dataset(n_points))

    save(tmp_path / "e", experiment)

    assert same_bits(load(tmp_path / "e"), experiment)


def test_feature_names_and_the_plane_are_written_only_where_there_are_some() -> None:
    assert not {"feature_names", "projection"} & set(as_json(EXPERIMENT)["dataset"])
    assert {"feature_names", "projection"} <= set(as_json(Experiment(deep_dataset(9)))["dataset"])


@pytest.mark.parametrize("n_features", [2, 4])
def test_twenty_thousand_points_are_saved_and_loaded(tmp_path: Path, n_features: int) -> None:
    experiment = Experiment(cloud(20_000, 3) if n_features == 2 else deep_dataset(20_000))
    save(tmp_path / "e", experiment)

    assert load(tmp_path / "e") == experiment


def test_the_largest_dataset_can_be_opened_again(tmp_path: Path) -> None:
    generator = np.random.default_rng(1)
    points = -generator.uniform(1, 2, size=(MAX_POINTS, 2)).astype(np.float32)
    dataset = Dataset(points, generator.integers(0, 10, MAX_POINTS), tuple("ABCDEFGHIJ"))

    save(tmp_path / "e", Experiment(dataset))

    assert load(tmp_path / "e").dataset == dataset


def test_serials_and_title_may_be_missing() -> None:
    content = as_json(Experiment(cloud(20, 3), title="T"))
    del content["title"], content["dataset"]["serials"]

    assert from_json(content) == Experiment(cloud(20, 3))


# what is no experiment


def broken(**changes: Any) -> str:
    """The JSON of an experiment with other entries, those of the dataset by their own names."""
    content = as_json(EXPERIMENT)
    for name, value in changes.items():
        target = content["dataset"] if name in content["dataset"] or name.startswith("dataset_") else content
        target[name.removeprefix("dataset_")] = value
    return json.dumps(content)


GOOD_TEXT = broken()
PLANE = {"mean": [0, 0], "scale": [1, 1], "axes": [[1, 0], [0, 1]], "explained": [0.6, 0.4]}
PLANE_OF_THREE = {**PLANE, "mean": [0, 0, 0], "scale": [1, 1, 1], "axes": [[1, 0], [0, 1], [0, 0]]}
LANE = as_json(EXPERIMENT)["lanes"][0]
BROKEN_FILES: dict[str, tuple[str | bytes, str]] = {
    "empty": ("", "not JSON"),
    "truncated": (GOOD_TEXT[: len(GOOD_TEXT) // 2], "not JSON .*line 1, column"),
    "binary": (bytes(range(256)) * 10, "not a text file"),
    "utf-16": (GOOD_TEXT.encode("utf-16"), "not a text file"),
    "text": ("Dear diary", "not JSON"),
    "null": ("null", "the file is missing or not a table"),
    "list": ("[]", "the file is missing or not a table"),
    "no format": ("{}", "no format number"),
    "wrong format": (broken(format=True), "no format number"),
    "text format": (broken(format="1"), "no format number"),
    "newer format": (broken(format=5), "newer version .format 5."),
    "nested bomb": ("[" * 100_000 + "]" * 100_000, "nested too deeply"),
    "table bomb": ('{"a":' * 5_000 + "1" + "}" * 5_000, "nested too deeply"),
    "many tables": ("[" + "{}," * 100_000 + "0]", "100,000 tables; at most 80,000"),
    "nan": (GOOD_TEXT.replace('"learning_rate": 0.01', '"learning_rate": NaN'), "contains NaN"),
    "infinity": (GOOD_TEXT.replace('"learning_rate": 0.01', '"learning_rate": -Infinity'), "contains -Infinity"),
    "overflowing float": (GOOD_TEXT.replace('"learning_rate": 0.01', '"learning_rate": 1e999'), "learning_rate is inf"),
    "number of 9999 digits": (GOOD_TEXT.replace('"seed": 1', '"seed": ' + "9" * 9999), "number that cannot be read"),
    "dataset missing": (json.dumps({"format": 1, "lanes": [LANE]}), "“dataset” is missing"),
    "dataset null": (broken(dataset=None), "“dataset” is missing"),
    "points null": (broken(points=None), "points"),
    "points ragged": (broken(points=[[1, 2], [3]]), "lists of the right kind"),
    "points overflow": (broken(points=[[1e39, 2]] * 20), "Point number 1"),
    "points huge number": (broken(points=[[10**400, 2]] * 20), "lists of the right kind"),
    "points with null": (broken(points=[[None, 2]] * 20), "lists of the right kind"),
    "points of texts": (broken(points=[["a", "b"]] * 20), "lists of the right kind"),
    "labels missing": (broken(labels=None), "labels"),
    "labels too few": (broken(labels=[0]), "20 points, 1 label"),
    "labels out of range": (broken(labels=[3] * 20), "Label 3 names no class"),
    "labels negative": (broken(labels=[-1] * 20), "Label -1 names no class"),
    "labels huge": (broken(labels=[10**30] * 20), "whole numbers"),
    "labels halves": (broken(labels=[0.5] * 20), "whole numbers"),
    "labels 1e300": (broken(labels=[1e300] * 20), "Label 1e"),
    "names missing": (broken(class_names=None), "“class_names” is missing or not a list"),
    "names a text": (broken(class_names="ABC"), "“class_names” is missing or not a list"),
    "names numbers": (broken(class_names=[1, 2, 3]), "Class names must be a list"),
    "names twice": (broken(class_names=["A", "A", "B"]), "Two classes are named “A”"),
    "serials too few": (broken(serials=[1]), "serial number"),
    "serials huge": (broken(serials=[10**30] * 20), "lists of the right kind"),
    "serials too large": (broken(serials=[2**53 + 1] * 20), "serial number 9007199254740993 is too large"),
    "feature names a text": (broken(dataset_feature_names="xy"), "“feature_names” is missing or not a list"),
    "feature names too many": (broken(dataset_feature_names=["x", "y", "z"]), "3 feature names"),
    "plane a list": (broken(dataset_projection=[]), "“projection” is missing or not a table"),
    "plane without axes": (broken(dataset_projection={**PLANE, "axes": None}), "“axes” is missing or not a list"),
    "plane of texts": (broken(dataset_projection={**PLANE, "mean": ["a", "b"]}), "“projection” has something"),
    "plane ragged": (broken(dataset_projection={**PLANE, "axes": [[1], [0, 1]]}), "lists of different lengths"),
    "plane of huge numbers": (broken(dataset_projection={**PLANE, "mean": [10**400, 0]}), "number that is too large"),
    "plane askew": (broken(dataset_projection={**PLANE, "axes": [[1, 1], [0, 1]]}), "at right angles"),
    "plane of large numbers": (broken(dataset_projection={**PLANE, "axes": [[1e300, 0], [0, 1]]}), "at right angles"),
    "plane far away": (broken(dataset_projection={**PLANE, "scale": [1e-300, 1]}), "shows some at infinity"),
    "plane of three features": (broken(dataset_projection=PLANE_OF_THREE), "have 2 features; the plane"),
    "serials texts": (broken(serials=["x"] * 20), "lists of the right kind"),
    "lanes missing": (broken(lanes=None), "“lanes” is missing"),
    "no lanes": (broken(lanes=[]), "0 lanes"),
    "five lanes": (broken(lanes=[LANE] * 5), "5 lanes"),
    "lane a number": (broken(lanes=[LANE, 5]), "lane 2 is missing or not a table"),
    "unknown setting": (broken(lanes=[{**LANE, "swish": 1}]), "lane 1 has a setting “swish”"),
    "bad setting": (broken(lanes=[{**LANE, "batch_size": -1}]), "batch_size is -1"),
    "output does not fit": (broken(lanes=[{**LANE, "output": "sigmoid"}]), "output is sigmoid for 3 classes"),
    "title a number": (broken(title=5), "“title” is not a text"),
    "title too long": (broken(title="x" * 201), "title has 201 characters"),
}


def test_the_good_text_that_others_are_made_from_is_good(tmp_path: Path) -> None:
    (tmp_path / "good").write_text(GOOD_TEXT, encoding="utf-8")

    assert load(tmp_path / "good") == EXPERIMENT


@pytest.mark.parametrize("name", BROKEN_FILES)
def test_a_file_that_is_no_experiment_is_refused_with_its_name_and_the_reason(tmp_path: Path, name: str) -> None:
    content, message = BROKEN_FILES[name]
    path = tmp_path / "lesson.marz"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())

    with pytest.raises(ExperimentError, match=message) as caught:
        load(path)

    assert "lesson.marz" in str(caught.value)
    assert len(str(caught.value)) < 400


@pytest.mark.parametrize("name", ["missing.marz", "folder.marz"])
def test_a_path_that_is_no_file_is_refused_with_its_name(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.marz").mkdir()

    with pytest.raises(ExperimentError, match=f"{name}” could not be read"):
        load(tmp_path / name)


def test_a_file_too_large_is_not_read_to_its_end(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    save(tmp_path / "big.marz", EXPERIMENT)
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 100)

    with pytest.raises(ExperimentError, match=r"big\.marz. is .* MB large; at most"):
        load(tmp_path / "big.marz")


def test_what_could_not_be_read_again_is_not_saved(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MAX_FILE_BYTES", 100)

    with pytest.raises(ExperimentError, match=r"big\.marz. could not be saved: .* Remove some points"):
        save(tmp_path / "big.marz", EXPERIMENT)

    assert not (tmp_path / "big.marz").exists()


@pytest.mark.parametrize("cut", range(0, len(GOOD_TEXT) - 1, 97))
def test_wherever_a_file_is_cut_off_it_is_refused(tmp_path: Path, cut: int) -> None:
    (tmp_path / "cut").write_text(GOOD_TEXT[:cut], encoding="utf-8")

    with pytest.raises(ExperimentError, match="cut"):
        load(tmp_path / "cut")


json_values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False, allow_infinity=False) | st.text(max_size=3),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=5,
)


KEYS = ["format", "title", "points", "labels", "class_names", "serials", "colours", "lanes", "dataset"]


@given(st.sampled_from([*KEYS, "dataset_feature_names", "dataset_projection"]), json_values)
def test_whatever_stands_in_a_file_nothing_but_an_input_error_comes_of_it(name: str, value: Any) -> None:
    with contextlib.suppress(InputError):
        from_json(json.loads(broken(**{name: value})))


@given(st.sampled_from(sorted(LANE)), json_values)
def test_whatever_a_setting_is_nothing_but_an_input_error_comes_of_it(name: str, value: Any) -> None:
    with contextlib.suppress(InputError):
        from_json(json.loads(broken(lanes=[{**LANE, name: value}])))


@given(st.sampled_from(sorted(PLANE)), json_values | st.lists(json_values, min_size=2, max_size=2))
def test_whatever_a_plane_is_nothing_but_an_input_error_comes_of_it(name: str, value: Any) -> None:
    with contextlib.suppress(InputError):
        from_json(json.loads(broken(dataset_projection={**PLANE, name: value})))


# saving


def test_a_saved_file_is_alone_in_its_folder_and_readable_as_any_other(tmp_path: Path) -> None:
    (tmp_path / "other").write_text("", encoding="utf-8")

    save(tmp_path / "e.marz", EXPERIMENT)

    assert sorted(path.name for path in tmp_path.iterdir() if path.is_file()) == ["e.marz", "other"]
    assert (tmp_path / "e.marz").stat().st_mode == (tmp_path / "other").stat().st_mode


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no file modes")
def test_saving_keeps_the_rights_of_the_file(tmp_path: Path) -> None:
    path = tmp_path / "e.marz"
    save(path, EXPERIMENT)
    path.chmod(0o660)

    save(path, EXPERIMENT)

    assert stat.S_IMODE(path.stat().st_mode) == 0o660


@pytest.mark.parametrize("failing", ["fsync", "replace"])
def test_when_saving_fails_the_old_file_stays_whole_and_nothing_else_is_left(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, failing: str
) -> None:
    path = tmp_path / "e.marz"
    save(path, EXPERIMENT)
    files = {each for each in tmp_path.iterdir() if each.is_file()}

    def fail(*arguments: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os if failing == "fsync" else Path, failing, fail)
        with pytest.raises(ExperimentError, match=r"e\.marz.*No space left"):
            save(path, replace(EXPERIMENT, title="new"))

    assert load(path) == EXPERIMENT
    assert {each for each in tmp_path.iterdir() if each.is_file()} == files


def test_an_error_nobody_foresaw_leaves_no_temporary_file_either(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    path = tmp_path / "e.marz"
    save(path, EXPERIMENT)

    def fail(experiment: Experiment) -> dict[str, Any]:
        raise MemoryError

    monkeypatch.setattr(module, "_content", fail)
    with pytest.raises(MemoryError):
        save(path, EXPERIMENT)

    assert load(path) == EXPERIMENT
    assert [each.name for each in tmp_path.iterdir() if each.is_file()] == ["e.marz"]


@pytest.mark.parametrize("name", ["no such folder/e.marz", "file/e.marz", "folder", "x" * 300])
def test_a_place_that_cannot_be_written_is_named(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder").mkdir()
    (tmp_path / "file").write_text("", encoding="utf-8")
    before = sorted(tmp_path.rglob("*"))

    with pytest.raises(ExperimentError, match=r"could not be saved.*Choose another place") as caught:
        save(tmp_path / name, EXPERIMENT)

    assert name[-100:] in str(caught.value)
    assert sorted(tmp_path.rglob("*")) == before


# values


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"lanes": ()}, "0 lanes"),
        ({"lanes": (TrainingConfig(),) * 5}, "5 lanes"),
        ({"title": "x" * 201}, "201 characters"),
    ],
)
def test_an_experiment_has_one_to_four_lanes_and_a_short_title(changes: dict[str, Any], message: str) -> None:
    with pytest.raises(ExperimentError, match=message):
        replace(EXPERIMENT, **changes)


def test_lane_and_dataset_are_replaced_in_a_new_experiment() -> None:
    dataset, config = cloud(5, 3), TrainingConfig(seed=9)

    changed = EXPERIMENT.with_dataset(dataset).with_lane(1, config)

    shared = {name: getattr(config, name) for name in SHARED_SETTINGS}
    first = replace(EXPERIMENT.lanes[0], **shared)
    assert changed == Experiment(dataset, (first, config), EXPERIMENT.title), "what lanes must share, they share"
    assert EXPERIMENT.lanes[1].seed == 1


@pytest.mark.parametrize(
    ("other", "goes_on"),
    [
        (EXPERIMENT.with_dataset(cloud(50, 3)), True),
        (EXPERIMENT.with_dataset(EXPERIMENT.dataset.cleared()), True),
        (replace(EXPERIMENT, title="Other"), True),
        (EXPERIMENT.with_lane(1, replace(EXPERIMENT.lanes[1], learning_rate=1.0)), True),
        (EXPERIMENT.with_lane(1, replace(EXPERIMENT.lanes[1], seed=5)), False),
        (EXPERIMENT.with_dataset(cloud(50, 4)), False),
        (EXPERIMENT.with_dataset(cloud(50, 3, n_features=3)), False),
        (replace(EXPERIMENT, lanes=EXPERIMENT.lanes[:1]), False),
        (EXPERIMENT.with_dataset(EXPERIMENT.dataset.renamed(1, "Another")), True),
        (EXPERIMENT.with_dataset(EXPERIMENT.dataset.recoloured(1, 7)), True),
        (EXPERIMENT.with_dataset(EXPERIMENT.dataset.reordered([1, 0, *range(2, EXPERIMENT.dataset.n_classes)])), False),
    ],
)
def test_a_run_goes_on_where_the_weights_fit(other: Experiment, goes_on: bool) -> None:
    assert other.goes_on_from(EXPERIMENT) is goes_on


@pytest.mark.parametrize(
    ("dataset", "obstacle"),
    [
        (empty_dataset(), Obstacle.NO_POINTS),
        (empty_dataset().with_points([[0, 0], [1, 1], [2, 2]], 1), Obstacle.ONE_CLASS),
        (empty_dataset().with_points([[0, 0], [1, 1]], [0, 1]), None),
        (empty_dataset(8).with_points([[0, 0], [1, 1]], [3, 7]), None),
        (toy_datasets.make("xor"), None),
        # the only point of class 1 is kept for validation
        (Dataset([[0, 0], [1, 1]], [0, 1], ("A", "B"), [0, 1]), Obstacle.ONE_CLASS),  # type: ignore[arg-type]
    ],
)
def test_training_needs_two_classes(dataset: Dataset, obstacle: Obstacle | None) -> None:
    assert Experiment(dataset, (TrainingConfig(validation_fraction=0.25),)).obstacle() is obstacle
