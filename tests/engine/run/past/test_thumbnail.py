"""Small pictures of what a network decides."""

from __future__ import annotations

import zlib

import numpy as np
import pytest

from engine.dataset import Dataset
from engine.insight.measurement import Measurement
from engine.run.past.thumbnail import NOTHING, SIDE, Thumbnail, curve, look, unpacked

CORNERS = Dataset(np.array([[-1.0, -1.0], [3.0, 1.0]], dtype=np.float32), np.array([0, 1]), ("A", "B"), colours=(7, 2))


def picture(threshold: float = 0.5) -> Thumbnail:
    """Of a network that is the surer of class B the farther right a place is."""

    def probabilities(places: np.ndarray) -> np.ndarray:
        right = np.clip((places[:, 0] + 1) / 4, 0, 1).astype(np.float32)
        return np.column_stack([1 - right, right])

    return Measurement(look(CORNERS, probabilities, threshold)).finished()


def test_each_cell_has_the_colour_of_the_class_that_is_decided_for() -> None:
    cells = picture().cells

    assert (cells[:, : SIDE // 2] == 7).all()
    assert (cells[:, SIDE // 2 :] == 2).all()


def test_the_threshold_decides() -> None:
    shares = [(picture(threshold).cells == 2).mean() for threshold in (0.25, 0.5, 0.75)]

    assert shares == sorted(shares, reverse=True)
    assert len(set(shares)) == 3


def test_where_nothing_is_finite_no_class_leads() -> None:
    made = Measurement(look(CORNERS, lambda places: np.full((len(places), 2), np.nan, np.float32), 0.5)).finished()

    assert (made.cells == NOTHING).all()


def test_a_curve_hangs_together_from_edge_to_edge() -> None:
    cells = curve(CORNERS, lambda x: np.sign(x - 1).astype(np.float32)).cells

    assert (cells == 0).any(axis=0).all()
    assert (cells == 0).any(axis=1).sum() > 0.8 * SIDE, "the step is a line, too"


def test_what_is_packed_is_small_and_comes_back() -> None:
    noise = Thumbnail(np.random.default_rng(1).integers(0, 16, (SIDE, SIDE)).astype(np.uint8))

    for made in (noise, picture()):
        assert len(made.packed()) <= 300
        assert np.array_equal(unpacked(made.packed()).cells, made.cells)


@pytest.mark.parametrize("content", [b"", b"no picture", picture().packed()[:-3], zlib.compress(bytes(10**6))])
def test_what_is_no_picture_is_refused(content: bytes) -> None:
    with pytest.raises(ValueError, match=r"thumbnail|header"):
        unpacked(content)
