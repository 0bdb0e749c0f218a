"""Rings around misclassified points: around which, told apart from what is selected, and quick for many."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray
from pytestqt.qtbot import QtBot

from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset
from engine.run.snapshot import Misclassified
from gui.canvas.marks.rings import RADIUS, RIM, SELECTED, WIDTH
from gui.canvas.plane_view import PlaneView
from gui.canvas.point_layer import FEW
from gui.paint.markers import MARKER_SIZE
from gui.paint.picture import svg_of
from gui.paint.theme import DARK, LIGHT, Chrome, palette_of
from tests.gui.decisions.looks import pair
from tests.gui.paint.test_theme import contrast
from tests.gui.pictures import of_colour, pixels

ROW = empty_dataset(2).with_points(np.column_stack([np.linspace(-0.8, 0.8, 5), np.zeros(5)]), 0)


@pytest.fixture
def view(qtbot: QtBot) -> PlaneView:
    made = PlaneView()
    qtbot.addWidget(made)
    made.setPalette(palette_of(LIGHT))
    made.resize(400, 300)
    made.show_points(ROW, Shares(0.0))
    made.fit()
    return made


def wrong(dataset: Dataset, *numbers: int) -> Misclassified:
    mask = np.zeros(len(dataset), dtype=bool)
    mask[list(numbers)] = True
    return Misclassified(dataset, mask)


def ringed(view: PlaneView, radius: float = RADIUS * MARKER_SIZE) -> list[int]:
    """The points that have ink all around them at that distance."""
    picture, found = pixels(view), []
    angles = np.linspace(0, 2 * np.pi, 16, endpoint=False)
    for number, middle in enumerate(view.plane.to_pixels(view.dataset.places)):
        ways, lengths = np.column_stack([np.cos(angles), np.sin(angles)]), np.array([-1, 0, 1]) + radius
        around: NDArray[np.intp] = (middle + lengths[:, None, None] * ways).astype(int)
        if ((picture[around[..., 1], around[..., 0]] & 0xFF).min(axis=0) < 0x90).all():
            found.append(number)
    return found


def test_the_points_that_are_wrong_are_ringed_and_no_others(view: PlaneView) -> None:
    assert ringed(view) == []
    view.rings.show(wrong(ROW, 1, 4))
    assert ringed(view) == [1, 4]
    view.show_points(ROW.with_points(np.array([[0.0, 0.5]]), 1), Shares(0.0))
    assert ringed(view) == [1, 4], "a stroke adds points that are not judged yet"
    view.show_points(ROW.without(np.arange(5) == 0), Shares(0.0))
    assert ringed(view) == [], "numbers of other points"
    view.show_points(ROW, Shares(0.0))
    view.rings.show(wrong(ROW, 2))
    assert ringed(view) == [2]
    view.rings.show(None)
    assert ringed(view) == []


def test_a_ring_is_told_from_a_selection_and_both_are_seen_together(view: PlaneView) -> None:
    view.rings.show(wrong(ROW, 1, 2))
    view.selection.select(np.arange(5) >= 2)
    glows = of_colour(pixels(view), LIGHT.selection)
    rows, columns = np.nonzero(glows)
    middles = view.plane.to_pixels(ROW.places)[:, 0]
    assert [bool((np.abs(columns - x) < 12).any()) for x in middles] == [False, False, True, True, True]
    assert ringed(view, SELECTED * RADIUS * MARKER_SIZE) == [2]
    reach = np.hypot(columns - middles[2], rows - view.plane.to_pixels(ROW.places)[2, 1])
    ring = SELECTED * RADIUS * MARKER_SIZE - WIDTH / 2
    assert reach[reach < 14].max() < ring - RIM, "a rim lies between the glow and the ring"


def test_many_rings_are_composed_and_lie_where_few_would(view: PlaneView) -> None:
    generator = np.random.default_rng(1)
    many = empty_dataset(2).with_points(generator.uniform(-0.9, 0.9, (FEW + 400, 2)), 0)
    view.show_points(many, Shares(0.0))
    view.rings.show(Misclassified(many, np.ones(len(many), dtype=bool)))
    composed = of_colour(pixels(view), LIGHT.ink).sum()
    key = view.rings._picture.cacheKey()
    view.grab()
    assert view.rings._picture.cacheKey() == key, "the same rings are not painted twice"
    view.rings.show(Misclassified(many, np.arange(len(many)) < FEW))
    assert composed == pytest.approx(of_colour(pixels(view), LIGHT.ink).sum(), rel=0.1)


def test_rings_are_as_large_as_sized_points_need_and_shapes_in_vectors(view: PlaneView) -> None:
    found = pair([0.02, 0.9], [1, 1])
    view.show_points(found.dataset, Shares(0.0))
    view.fit()
    view.sized.show(found)
    size = view.sized.sizes(found)[0]
    view.rings.show(wrong(found.dataset, 0))
    assert size > 1.8 * MARKER_SIZE
    assert ringed(view, RADIUS * size) == [0]
    drawn = svg_of(view, "rings")
    view.rings.show(None)
    assert len(drawn) > len(svg_of(view, "none"))


@pytest.mark.parametrize("chrome", [LIGHT, DARK], ids=["light", "dark"])
def test_a_ring_has_a_rim_that_it_stands_out_from(chrome: Chrome) -> None:
    assert contrast(chrome.ink, chrome.halo) >= 3
    assert contrast(chrome.ink, chrome.selection) >= 3
