"""The editor: what the views ask for becomes one named, undoable edit."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest
from pytestqt.qtbot import QtBot

from engine.config import ToyDataset
from engine.data.projection import principal_plane
from engine.dataset import MAX_POINTS, Dataset, default_names, empty_dataset
from engine.messages import message
from engine.run.commands import Command
from engine.run.snapshot import Snapshot
from engine.toy_datasets import Recipe
from gui.editing.editor import Editor
from gui.editing.session import Session
from tests.gui.conftest import small_experiment

RINGS = Recipe(ToyDataset.RINGS, 30, 3, 0.1, 4, 0.1)


class NoTrainer:
    """Stands for the thread, and trains nothing."""

    def send(self, command: Command) -> None:
        pass

    def take(self) -> Snapshot | None:
        return None


@pytest.fixture
def session(qtbot: QtBot) -> Session:
    return Session(small_experiment(), NoTrainer())


@pytest.fixture
def editor(session: Session) -> Editor:
    return Editor(session, None, session)


def use_dataset(session: Session, dataset: Dataset) -> None:
    session.edit(session.experiment.with_dataset(dataset), message("Use"))


def refusals_of(editor: Editor) -> list[str]:
    told: list[str] = []
    editor.refused.connect(lambda error: told.append(str(error)))
    return told


def test_a_sample_is_made_with_all_its_numbers(session: Session, editor: Editor) -> None:
    editor.use_sample(RINGS)

    assert session.experiment.dataset == RINGS.make()
    assert editor.sample_of(session.experiment.dataset) == RINGS
    assert RINGS.make() != replace(RINGS, label_noise=0.0).make()


def test_an_added_sample_comes_after_the_points_there_were(session: Session, editor: Editor) -> None:
    before = session.experiment.dataset
    editor.add_sample(RINGS)
    dataset, made = session.experiment.dataset, RINGS.make()

    np.testing.assert_array_equal(dataset.points, np.concatenate([before.points, made.points]))
    np.testing.assert_array_equal(dataset.labels, np.concatenate([before.labels, made.labels]))
    assert editor.sample_of(dataset) is None


def test_classes_that_the_sample_needs_are_added_in_free_colours(session: Session, editor: Editor) -> None:
    use_dataset(session, session.experiment.dataset.recoloured(1, 2).renamed(0, "Mine"))
    editor.add_sample(RINGS)

    assert session.experiment.dataset.colours == (0, 2, 1)
    assert session.experiment.dataset.class_names == ("Mine", "Orange", "Class 1")


def test_of_more_classes_those_of_the_sample_get_points(session: Session, editor: Editor) -> None:
    use_dataset(session, empty_dataset(10))
    editor.add_sample(RINGS)

    assert session.experiment.dataset.class_names == default_names(10)
    assert session.experiment.dataset.class_counts().tolist() == [*np.bincount(RINGS.make().labels), *[0] * 7]


def test_adding_is_one_step_with_a_name_that_is_undone_and_redone_exactly(session: Session, editor: Editor) -> None:
    before = session.experiment
    editor.add_sample(RINGS)
    after, stack = session.experiment, session.undo_stack

    assert stack.count() == 1
    assert stack.undoText() == "Add 30 points (Rings)"
    stack.undo()
    assert session.experiment == before
    stack.redo()
    assert session.experiment == after


def test_undoing_an_added_sample_shows_the_sample_that_was_there(session: Session, editor: Editor) -> None:
    editor.use_sample(RINGS)
    editor.add_sample(replace(RINGS, seed=5))
    session.undo_stack.undo()

    assert editor.sample_of(session.experiment.dataset) == RINGS


def test_with_more_features_a_sample_is_added_where_it_is_seen(session: Session, editor: Editor) -> None:
    points = (np.random.default_rng(0).normal(size=(40, 5)) * (1, 10, 100, 0.1, 3) + 7).astype(np.float32)
    use_dataset(session, Dataset(points, np.arange(40) % 2, ("A", "B"), projection=principal_plane(points)))
    editor.add_sample(RINGS)
    dataset = session.experiment.dataset

    assert dataset.points.shape == (70, 5)
    np.testing.assert_allclose(dataset.places[40:], RINGS.make().points, atol=1e-4)


def test_more_points_than_a_dataset_can_have_are_refused_and_nothing_changes(session: Session, editor: Editor) -> None:
    count = MAX_POINTS - 29
    use_dataset(session, Dataset(np.zeros((count, 2), np.float32), np.arange(count) % 2, ("A", "B")))
    before, told = session.experiment, refusals_of(editor)
    editor.add_sample(RINGS)

    assert session.experiment is before
    assert told == ["There would be 1,000,001 points; at most 1,000,000 are possible."]


@pytest.mark.parametrize("change", [{"n_classes": 11}, {"label_noise": 0.9}, {"noise": -1.0}])
def test_a_sample_that_cannot_be_made_is_neither_used_nor_added(
    session: Session, editor: Editor, change: dict[str, float]
) -> None:
    before, told = session.experiment, refusals_of(editor)
    wrong = replace(RINGS, **change)  # type: ignore[arg-type]
    editor.use_sample(wrong)
    editor.add_sample(wrong)

    assert session.experiment is before
    assert len(told) == 2
    assert all(next(iter(change)) in sentence for sentence in told)
