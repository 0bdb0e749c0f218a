from __future__ import annotations

import numpy as np
import pytest

from engine.insight.field import View
from engine.insight.survey import Mesh
from gui.paint.grounds import on_ground
from gui.paint.theme import DARK, LIGHT, Chrome, field_colours
from tests.engine.fields import make_field


def view_of(chrome: Chrome) -> View:
    return View(0, 1, 0, 1, 60, 50, *field_colours(chrome, (0, 1, 2, 3)))


@pytest.mark.parametrize(("before", "after"), [(DARK, LIGHT), (LIGHT, DARK)], ids=["on light", "on dark"])
@pytest.mark.parametrize("n_classes", [2, 4])
def test_a_field_looks_as_if_it_had_been_made_for_the_other_ground(
    before: Chrome, after: Chrome, n_classes: int
) -> None:
    generator = np.random.default_rng(1)
    probabilities = generator.dirichlet(np.full(n_classes, 0.5), 3000).astype(np.float32)
    mesh = Mesh(50, 60)
    made, wanted = (make_field(view_of(chrome), mesh, lambda _: probabilities.T) for chrome in (before, after))
    moved = on_ground(made.pixels, made.view, after)
    parts = [pixels.view(np.uint8).reshape(*pixels.shape, 4).astype(int) for pixels in (moved, wanted.pixels)]

    assert moved.dtype == np.uint32
    assert np.abs(parts[0] - parts[1]).max() <= 3  # both were rounded
    assert np.abs(made.pixels.view(np.uint8).astype(int) - wanted.pixels.view(np.uint8)).max() > 100


def test_on_its_own_ground_a_field_is_left_alone() -> None:
    pixels = np.zeros((2, 3), dtype=np.uint32)

    assert on_ground(pixels, view_of(DARK), DARK) is pixels
