"""Datasets: checked, immutable, and stable in what is kept for validation."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import ArrayLike

from engine.data.projection import principal_plane
from engine.dataset import (
    COLOUR_NAMES,
    MAX_CLASSES,
    Dataset,
    DatasetError,
    default_names,
    empty_dataset,
    free_name,
)
from engine.errors import InputError

POINTS: Any = [[0, 0], [1, 1], [2, 0]]
LABELS: Any = [0, 1, 0]
NAMES = ("Cat", "Dog")


def of_labels(labels: list[int], n_classes: int = 3) -> Dataset:
    points = np.arange(2 * len(labels), dtype=np.float32).reshape(-1, 2)
    return Dataset(points, np.array(labels, dtype=np.int64), default_names(n_classes))


# what makes a dataset


def test_points_and_labels_are_converted_and_counted() -> None:
    dataset = Dataset(POINTS, LABELS, NAMES)

    assert dataset.points.dtype == np.float32
    assert dataset.labels.dtype == np.int64
    assert (len(dataset), dataset.n_classes, dataset.n_features) == (3, 2, 2)
    assert dataset.class_counts().tolist() == [2, 1]
    assert dataset.serials.tolist() == [0, 0, 1]


def test_a_dataset_is_a_read_only_copy() -> None:
    points = np.zeros((3, 2), dtype=np.float32)
    dataset = Dataset(points, LABELS, NAMES)

    points[:] = 9

    assert not dataset.points.any()
    for array in (dataset.points, dataset.labels, dataset.serials):
        with pytest.raises(ValueError, match="read-only"):
            array[0] = 1
    with pytest.raises(AttributeError):
        dataset.points = points  # type: ignore[misc]


def test_datasets_are_equal_by_value_and_not_hashable() -> None:
    assert Dataset(POINTS, LABELS, NAMES) == Dataset(POINTS, LABELS, NAMES)
    assert Dataset(POINTS, LABELS, NAMES) != Dataset(POINTS, LABELS, ("Cat", "Mouse"))
    assert Dataset(POINTS, LABELS, NAMES) != Dataset(POINTS, [1, 1, 0], NAMES)  # type: ignore[arg-type]
    assert Dataset(POINTS, LABELS, NAMES) != Dataset([[0, 0], [1, 1], [2, 1]], LABELS, NAMES)  # type: ignore[arg-type]
    assert Dataset(POINTS, LABELS, NAMES) != Dataset(POINTS, LABELS, NAMES, [0, 0, 2])  # type: ignore[arg-type]
    assert Dataset(POINTS, LABELS, NAMES) != "dataset"
    with pytest.raises(TypeError):
        hash(Dataset(POINTS, LABELS, NAMES))


BAD_DATASETS: list[tuple[Any, Any, Any, str]] = [
    ([[0, 0], [np.nan, 1], [2, 0]], LABELS, NAMES, r"Point number 2 is \[nan, 1.0\]"),
    ([[0, 0], [0, 1], [2, -np.inf]], LABELS, NAMES, r"Point number 3 is \[2.0, -inf\]"),
    ([[0, 0], [0, 1], [2, 1e39]], LABELS, NAMES, r"Point number 3 is \[2.0, inf\]"),
    ([[0, 0], [1], [2, 0]], LABELS, NAMES, "points are not a table"),
    ([["a", 0]], [0], NAMES, "points are not a table"),
    (None, LABELS, NAMES, "points"),
    ([0, 1, 2], LABELS, NAMES, r"points have shape \(3,\)"),
    (np.zeros((3, 0)), LABELS, NAMES, r"points have shape \(3, 0\)"),
    (np.zeros((3, 2, 1)), LABELS, NAMES, r"points have shape \(3, 2, 1\)"),
    (POINTS, [0, 1], NAMES, "3 points, 2 labels"),
    (POINTS, [0, 1, 2], NAMES, "Label 2 names no class; labels go from 0 to 1"),
    (POINTS, [0, -1, 1], NAMES, "Label -1 names no class"),
    (POINTS, np.array([0, 2**63, 1], dtype=np.uint64), NAMES, "Label 9223372036854775808 names no class"),
    (POINTS, [0, np.inf, 1], NAMES, "Label inf names no class"),
    (POINTS, [0, 1e300, 1], NAMES, r"Label 1e\+300 names no class"),
    (POINTS, [0, np.nan, 1], NAMES, "whole numbers"),
    (POINTS, [0, 0.5, 1], NAMES, "whole numbers"),
    (POINTS, ["a", "b", "c"], NAMES, "whole numbers"),
    (POINTS, [True, False, True], NAMES, "whole numbers"),
    (POINTS, [[0], [1], [0]], NAMES, r"labels have shape \(3, 1\)"),
    (POINTS, 0, NAMES, r"labels have shape \(\)"),
    (POINTS, LABELS, ("Cat",), "There is 1 class;"),
    (POINTS, LABELS, tuple("ABCDEFGHIJK"), "11 classes"),
    (POINTS, LABELS, ("Cat", " "), "class name is empty"),
    (POINTS, LABELS, ("Cat", "Cat "), "Two classes are named “Cat”"),
    (POINTS, LABELS, ("Cat", "D" * 41), "too long"),
    (POINTS, LABELS, ("Cat", "D\nog"), "cannot be shown"),
    (POINTS, LABELS, ("Cat", "\ud800"), "cannot be shown"),
    (POINTS, LABELS, "AB", "list of texts"),
    (POINTS, LABELS, (1, 2), "list of texts"),
]


@pytest.mark.parametrize(("points", "labels", "names", "message"), BAD_DATASETS)
def test_what_is_no_dataset_is_refused_with_the_reason(points: Any, labels: Any, names: Any, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        Dataset(points, labels, names)


@pytest.mark.parametrize("serials", [[0, 1], [0, -1, 2], [[0], [1], [2]]])
def test_serial_numbers_must_fit_the_points(serials: Any) -> None:
    with pytest.raises(DatasetError, match="serial number"):
        Dataset(POINTS, LABELS, NAMES, serials)


def test_whole_numbers_may_be_of_any_type() -> None:
    assert Dataset(POINTS, np.array([0.0, 1.0, 0.0]), NAMES).labels.tolist() == [0, 1, 0]
    assert Dataset(POINTS, np.array([0, 1, 0], dtype=np.uint8), NAMES).labels.tolist() == [0, 1, 0]


def test_surrounding_blanks_of_a_class_name_go() -> None:
    assert Dataset(POINTS, LABELS, (" Cat", "سگ ")).class_names == ("Cat", "سگ")


# edits


def test_points_are_added_with_one_label_or_one_each() -> None:
    dataset = Dataset(POINTS, LABELS, NAMES)

    one_label = dataset.with_points([[5, 5], [6, 6]], 1)
    one_each = dataset.with_points(np.array([[5, 5], [6, 6]]), np.array([1, 0]))

    assert one_label.labels.tolist() == [0, 1, 0, 1, 1]
    assert one_each.labels.tolist() == [0, 1, 0, 1, 0]
    assert one_each.points[3:].tolist() == [[5, 5], [6, 6]]
    assert one_each.serials.tolist() == [0, 0, 1, 1, 2]
    assert len(dataset) == 3


@pytest.mark.parametrize("labels", [0, []])
def test_adding_no_points_changes_nothing(labels: Any) -> None:
    dataset = Dataset(POINTS, LABELS, NAMES)

    assert dataset.with_points([], labels) == dataset
    assert dataset.with_points(np.empty((0, 2)), labels) == dataset
    assert empty_dataset().with_points([], labels) == empty_dataset()


@pytest.mark.parametrize(
    ("points", "labels", "message"),
    [
        ([[1, 2, 3], [4, 5, 6]], 0, "3 coordinates; in this dataset they have 2"),
        ([[1, 2, 3]], 0, "3 coordinates"),
        ([[1, np.nan]], 0, "Point number 1"),
        ([[1, 1e39]], 0, "Point number 1"),
        ([[1, 2]], 2, "Label 2 names no class"),
        ([[1, 2]], -1, "Label -1 names no class"),
        ([[1, 2]], 1.5, "whole numbers"),
        ([[1, 2]], [0, 1], "1 point, 2 labels"),
        ([], [0], "0 points, 1 label"),
    ],
)
def test_what_cannot_be_added_is_refused_with_the_reason(points: Any, labels: Any, message: str) -> None:
    with pytest.raises(DatasetError, match=message):
        Dataset(POINTS, LABELS, NAMES).with_points(points, labels)


def test_points_are_taken_away_by_a_mask() -> None:
    left = Dataset(POINTS, LABELS, NAMES).without(np.array([True, False, False]))

    assert left.points.tolist() == [[1, 1], [2, 0]]
    assert left.labels.tolist() == [1, 0]
    assert left.serials.tolist() == [0, 1]


def test_a_cleared_dataset_has_its_classes_still() -> None:
    cleared = Dataset(POINTS, LABELS, NAMES).cleared()

    assert len(cleared) == 0
    assert cleared.class_names == NAMES
    assert cleared.n_features == 2


def test_a_class_is_added_without_points() -> None:
    dataset = Dataset(POINTS, LABELS, NAMES).with_class("Rabbit")

    assert dataset.class_names == ("Cat", "Dog", "Rabbit")
    assert dataset.class_counts().tolist() == [2, 1, 0]


def test_classes_can_be_added_up_to_the_most_and_not_beyond() -> None:
    dataset = empty_dataset(2)
    while dataset.n_classes < MAX_CLASSES:
        dataset = dataset.with_class()

    assert dataset.class_names == COLOUR_NAMES
    with pytest.raises(DatasetError, match="11 classes"):
        dataset.with_class()


def test_a_class_goes_with_its_points_and_higher_labels_move_down() -> None:
    left = of_labels([0, 1, 2, 1, 2]).without_class(1)

    assert left.labels.tolist() == [0, 1, 1]
    assert left.points[:, 0].tolist() == [0, 4, 8]
    assert left.class_names == (COLOUR_NAMES[0], COLOUR_NAMES[2])


def test_two_classes_are_the_fewest() -> None:
    with pytest.raises(DatasetError, match="There is 1 class;"):
        Dataset(POINTS, LABELS, NAMES).without_class(0)


def test_a_class_is_renamed_but_not_to_the_name_of_another() -> None:
    dataset = Dataset(POINTS, LABELS, NAMES)

    assert dataset.renamed(1, "Wolf").class_names == ("Cat", "Wolf")
    with pytest.raises(DatasetError, match="Two classes"):
        dataset.renamed(1, "Cat")


@given(st.integers(0, 8), st.sets(st.sampled_from(COLOUR_NAMES)), st.sets(st.text(min_size=1, max_size=5), max_size=8))
def test_a_free_name_is_that_of_the_colour_or_at_least_none_of_the_names(
    colour: int, colours: set[str], others: set[str]
) -> None:
    taken = colours | others
    name = free_name(colour, taken)

    assert name not in taken
    if colour < 8 and COLOUR_NAMES[colour] not in taken:
        assert name == COLOUR_NAMES[colour]


def test_a_class_keeps_its_colour_when_another_is_removed_and_a_new_one_takes_the_free_colour() -> None:
    dataset = empty_dataset(3).without_class(1)
    assert (dataset.class_names, dataset.colours) == (("Blue", "Green"), (0, 2))

    dataset = dataset.with_class()
    assert (dataset.class_names, dataset.colours) == (("Blue", "Green", "Orange"), (0, 2, 1))


@pytest.mark.parametrize("colours", [(0,), (0, 0), (0, 10), (-1, 0), ("a", "b"), 3])
def test_colours_that_do_not_fit_are_refused(colours: object) -> None:
    with pytest.raises(DatasetError, match="colour"):
        Dataset(POINTS, LABELS, NAMES, None, colours)  # type: ignore[arg-type]


def test_every_error_is_an_input_error() -> None:
    for mistake in (lambda: default_names(1), lambda: default_names(11), lambda: empty_dataset(0)):
        with pytest.raises(InputError, match="number of classes is"):
            mistake()


# validation


def members(dataset: Dataset, fraction: float) -> dict[tuple[float, float], bool]:
    """Whether each point, told by its coordinates, is kept for validation."""
    mask = dataset.validation_mask(fraction)
    return {(float(x), float(y)): bool(held) for (x, y), held in zip(dataset.points, mask, strict=True)}


label_lists = st.lists(st.integers(0, 2), max_size=60)
fractions = st.floats(0.0, 0.5)


@given(label_lists, label_lists, fractions)
def test_adding_points_moves_no_other_point(before: list[int], added: list[int], fraction: float) -> None:
    dataset = of_labels(before)
    new_points = -1 - np.arange(2 * len(added)).reshape(-1, 2)

    more = members(dataset.with_points(new_points, np.array(added, dtype=np.int64)), fraction)

    assert members(dataset, fraction).items() <= more.items()


@given(label_lists, st.randoms(use_true_random=False), fractions)
def test_removing_points_moves_no_other_point(labels: list[int], random: Any, fraction: float) -> None:
    dataset = of_labels(labels)
    gone = np.array([random.random() < 0.4 for _ in labels], dtype=bool)

    left = dataset.without(gone)

    assert members(left, fraction).items() <= members(dataset, fraction).items()
    assert len(left) == len(labels) - gone.sum()


edits = st.lists(
    st.one_of(
        st.tuples(st.just("add"), st.integers(0, 2), st.integers(1, 5)),
        st.tuples(st.just("remove"), st.integers(0, 100), st.integers(1, 5)),
    ),
    max_size=20,
)


@given(edits, fractions)
def test_no_row_of_edits_moves_a_point_that_stays(row: list[tuple[str, int, int]], fraction: float) -> None:
    dataset, made = of_labels([0, 1, 2, 0]), 0
    for kind, where, count in row:
        before = members(dataset, fraction)
        if kind == "add":
            made += count
            new = np.column_stack([-made - np.arange(count) / 10, np.full(count, -1)])
            dataset = dataset.with_points(new, where)
        elif len(dataset):
            gone = np.zeros(len(dataset), dtype=bool)
            gone[where % len(dataset) :][:count] = True
            dataset = dataset.without(gone)
        after = members(dataset, fraction)
        assert all(after[point] == before[point] for point in after.keys() & before.keys())


@given(label_lists, fractions, fractions)
def test_a_larger_fraction_only_adds(labels: list[int], one: float, another: float) -> None:
    dataset = of_labels(labels)
    small, large = sorted([one, another])

    assert not (dataset.validation_mask(small) & ~dataset.validation_mask(large)).any()


@given(st.integers(1, 400), fractions)
def test_the_fraction_of_each_class_is_reached_to_within_a_few_points(per_class: int, fraction: float) -> None:
    dataset = of_labels(sorted([0, 1, 2] * per_class))
    mask = dataset.validation_mask(fraction)

    for label in range(3):
        assert abs(mask[dataset.labels == label].sum() - fraction * per_class) < 3


@pytest.mark.parametrize("fraction", [0.1, 0.25, 0.5])
def test_the_fraction_of_many_points_is_reached(fraction: float) -> None:
    assert of_labels([0, 1] * 50_000).validation_mask(fraction).mean() == pytest.approx(fraction, abs=1e-3)


@given(fractions)
def test_the_first_point_of_every_class_is_for_training(fraction: float) -> None:
    assert not of_labels([0, 1, 2]).validation_mask(fraction).any()


def test_nothing_is_kept_at_zero() -> None:
    assert not of_labels([0, 1, 2] * 1000).validation_mask(0.0).any()


MOVES: list[Callable[[Dataset], Dataset]] = [
    lambda dataset: dataset.renamed(0, "Other"),
    lambda dataset: dataset.with_class(),
]


@pytest.mark.parametrize("edit", MOVES)
def test_edits_of_classes_move_no_point(edit: Callable[[Dataset], Dataset]) -> None:
    dataset = of_labels([0, 1, 2] * 30)

    np.testing.assert_array_equal(edit(dataset).validation_mask(0.3), dataset.validation_mask(0.3))


def test_removing_a_class_moves_no_point_of_another() -> None:
    dataset = of_labels([0, 1, 2] * 30)

    assert members(dataset.without_class(1), 0.3).items() <= members(dataset, 0.3).items()


def test_relabelled_points_keep_their_places_and_their_side_of_the_split() -> None:
    dataset = empty_dataset(3).with_points(np.arange(20).reshape(10, 2), [0] * 5 + [1] * 5)
    mask = np.arange(10) % 3 == 0
    changed = dataset.relabelled(mask, 2)
    assert changed.labels.tolist() == [2, 0, 0, 2, 0, 1, 2, 1, 1, 2]
    np.testing.assert_array_equal(changed.points, dataset.points)
    np.testing.assert_array_equal(changed.validation_mask(0.3), dataset.validation_mask(0.3))
    with pytest.raises(DatasetError, match="names no class"):
        dataset.relabelled(mask, 3)


def test_moved_points_go_where_they_are_sent_and_the_others_stay() -> None:
    dataset = empty_dataset().with_points([[0, 0], [1, 1], [2, 2]], [0, 1, 0])
    mask = np.array([True, False, True])
    assert dataset.moved(mask, (0.5, -1)).points.tolist() == [[0.5, -1], [1, 1], [2.5, 1]]
    assert dataset.moved(mask, [(1, 0), (0, 1)]).points.tolist() == [[1, 0], [1, 1], [2, 3]]
    with pytest.raises(DatasetError, match="finite"):
        dataset.moved(mask, (1e39, 0))
    assert dataset.points.tolist() == [[0, 0], [1, 1], [2, 2]]


def test_what_an_edit_made_is_as_good_as_what_was_checked() -> None:
    dataset = empty_dataset(3).with_points([[0, 0], [1, 1], [2, 2]], [0, 1, 2])
    mask = np.array([True, False, False])
    for made in (dataset, dataset.without(mask), dataset.relabelled(mask, 1), dataset.moved(mask, (1, 1))):
        again = Dataset(made.points, made.labels, made.class_names, made.serials, made.colours)
        assert again == made
        for array in (made.points, made.labels, made.serials):
            with pytest.raises(ValueError, match="read-only"):
                array[0] = 0


def test_a_recoloured_class_exchanges_its_colour_with_the_one_that_had_it() -> None:
    dataset = empty_dataset(3)
    assert dataset.recoloured(0, 7).colours == (7, 1, 2)
    assert dataset.recoloured(0, 2).colours == (2, 1, 0)
    assert dataset.recoloured(1, 1).colours == (0, 1, 2)
    with pytest.raises(DatasetError, match="colour"):
        dataset.recoloured(0, 10)


@given(st.permutations(range(4)), st.integers(0, 99))
def test_reordered_classes_keep_points_names_and_colours_together(order: list[int], seed: int) -> None:
    generator = np.random.default_rng(seed)
    dataset = empty_dataset(4).with_points(generator.normal(size=(30, 2)), generator.integers(0, 4, 30))
    changed = dataset.reordered(order)
    for old, new in ((label, order.index(label)) for label in range(4)):
        assert changed.class_names[new] == dataset.class_names[old]
        assert changed.colours[new] == dataset.colours[old]
        np.testing.assert_array_equal(changed.labels == new, dataset.labels == old)
    assert changed.reordered([order.index(label) for label in range(4)]) == dataset
    with pytest.raises(DatasetError, match="each of 4 classes once"):
        dataset.reordered([0, 0, 1, 2])


def test_a_merged_class_is_gone_and_its_points_are_the_others() -> None:
    dataset = empty_dataset(3).with_points([[0, 0], [1, 1], [2, 2]], [0, 1, 2])
    merged = dataset.merged(0, 2)
    assert (merged.class_names, merged.labels.tolist()) == (dataset.class_names[1:], [1, 0, 1])
    assert merged.colours == (1, 2)
    with pytest.raises(DatasetError, match="into itself"):
        dataset.merged(1, 1)
    with pytest.raises(DatasetError, match="There is 1 class;"):
        merged.merged(0, 1)


def made(points: ArrayLike, labels: ArrayLike, names: tuple[str, ...], **rest: Any) -> Dataset:
    return Dataset(np.asarray(points, np.float32), np.asarray(labels, np.int64), names, **rest)


def test_joined_datasets_share_the_classes_of_the_same_name() -> None:
    first = made([[0, 0], [1, 1]], [0, 1], ("cat", "dog"))
    second = made([[2, 2], [3, 3], [4, 4]], [0, 2, 1], ("dog", "cat", "fox", "owl"))
    joined = first.joined(second)
    assert joined.class_names == ("cat", "dog", "fox"), "a class without points is not added"
    assert joined.labels.tolist() == [0, 1, 1, 2, 0]
    assert joined.points[2:].tolist() == second.points.tolist()
    assert joined.colours == (0, 1, 2)
    with pytest.raises(DatasetError, match="3 coordinates"):
        first.joined(made([[0, 0, 0]], [0], ("cat", "dog")))
    many = made(np.zeros((10, 2)), range(10), tuple("ABCDEFGHIJ"))
    with pytest.raises(DatasetError, match="11 classes"):
        first.joined(many)


def test_a_dataset_of_many_features_is_seen_and_drawn_on_its_plane() -> None:
    points = np.random.default_rng(1).normal(size=(50, 5)) * [1, 2, 3, 4, 5]
    dataset = made(points, np.zeros(50, dtype=int), ("A", "B"), projection=principal_plane(points.astype(np.float32)))
    assert dataset.places.shape == (50, 2)
    drawn = dataset.with_points(dataset.features_at([[1.5, -0.5]]), 1)
    np.testing.assert_allclose(drawn.places[-1], [1.5, -0.5], atol=1e-5)
    mask = np.arange(51) < 3
    moved = drawn.moved(mask, (0.25, -1))
    np.testing.assert_allclose(moved.places[mask], drawn.places[mask] + [0.25, -1], atol=1e-5)
    np.testing.assert_array_equal(moved.points[~mask], drawn.points[~mask])
    with pytest.raises(DatasetError, match="need a plane"):
        _ = made(points, np.zeros(50, dtype=int), ("A", "B")).places
    with pytest.raises(DatasetError, match="the plane they are shown on has 5"):
        made(points[:, :3], np.zeros(50, dtype=int), ("A", "B"), projection=dataset.projection)


def test_features_have_a_name_each_or_none() -> None:
    assert (
        Dataset(POINTS, LABELS, NAMES, feature_names=("a", "b")).without(np.array([True, False, False])).feature_names
    )
    for names in (("a",), ("a", "b\n"), "ab", ("a", 3)):
        with pytest.raises(DatasetError, match=r"[Ff]eature name"):
            Dataset(POINTS, LABELS, NAMES, feature_names=names)  # type: ignore[arg-type]
