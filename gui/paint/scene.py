"""The layers that lie on a plane, as a stack, each painted for the same scene."""

# Tests: tests/gui/canvas/test_plane_view.py

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize
from PySide6.QtGui import QFont, QPainter

from engine.data.shares import Shares
from engine.dataset import Dataset
from gui.drawing.plane import Plane
from gui.paint.theme import Chrome
from gui.paint.type_size import scale_of


@dataclass(frozen=True, eq=False)
class PlaneScene:
    """All that a view shows at one moment.

    Attributes:
        plane: the visible part.
        size, ratio: of the view in its pixels, and how many of the screen's one of them is wide.
        chrome, font: in which colours and letters.
        dataset, shares: the points, and the shares of them that are not trained on.
        selected: which points are, bool ndarray of shape (n_samples,).
    """

    plane: Plane
    size: QSize
    ratio: float
    chrome: Chrome
    font: QFont
    dataset: Dataset
    shares: Shares
    selected: NDArray[np.bool_]

    @property
    def scale(self) -> float:
        """The scale of lines and markers, which are as large as the letters beside them."""
        return scale_of(self.font)


class Layer(Protocol):
    """A thing that lies on the plane; it finds the painter as a new one, clipped to the plane."""

    def paint(self, painter: QPainter, scene: PlaneScene, /) -> None:
        """Paint it."""
