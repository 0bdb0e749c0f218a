"""The part of the plane that a view shows."""

# Tests: tests/gui/drawing/test_plane.py, tests/gui/canvas/test_plane_view.py

from __future__ import annotations

from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QObject, Signal

from gui.drawing.plane import Plane


class Camera(QObject):
    """The visible part of the plane, to be fitted, zoomed and moved.

    Args:
        parent: owner.
        follows: whether another view decides what part is shown; see `look_like`.

    Signals:
        moved(Plane): another part is shown, or on another place of the screen.

    Attributes:
        plane: the visible part.
    """

    moved = Signal(object)

    def __init__(self, parent: QObject, *, follows: bool = False) -> None:
        super().__init__(parent)
        self.plane = Plane()
        self._follows = follows
        self._fitted_to: NDArray[np.float32] | None = None if follows else np.empty((0, 2), dtype=np.float32)

    def fit(self, places: NDArray[np.float32]) -> None:
        """Show all of (n, 2) places, until somebody zooms or moves."""
        self._fitted_to = places
        self._show(self.plane.fitted(places))

    def let_fill(self, *, fills: bool) -> None:
        """Let each axis have a scale of its own, or both the same, from the next fit on."""
        self.plane = replace(self.plane, fills=fills)

    def zoom(self, factor: float, x: float | None = None, y: float | None = None) -> None:
        """Zoom at a pixel, or at the middle."""
        middle_x, middle_y = self.plane.x + self.plane.width / 2, self.plane.y + self.plane.height / 2
        self._choose(self.plane.zoomed(factor, middle_x if x is None else x, middle_y if y is None else y))

    def pan(self, x: float, y: float) -> None:
        """Move the plane along with a pointer that went so many pixels."""
        self._choose(self.plane.panned(x, y))

    def look_like(self, plane: Plane) -> None:
        """Show what a plane shows, as far as the shape allows."""
        room = self.plane
        mine = replace(plane, x=room.x, y=room.y, width=room.width, height=room.height)
        if mine != self.plane:
            self._choose(mine)

    def resize(self, x: float, y: float, width: float, height: float) -> None:
        """Show the plane in another rectangle of pixels."""
        plane = self.plane.resized(x, y, width, height)
        if self._follows:
            plane = replace(plane, scale=self.plane.scale, stretch=self.plane.stretch)
        # what was drawn since must not make the plane jump
        self._show(plane if self._fitted_to is None else plane.fitted(self._fitted_to))

    def _choose(self, plane: Plane) -> None:
        self._fitted_to = None
        self._show(plane)

    def _show(self, plane: Plane) -> None:
        self.plane = plane
        self.moved.emit(plane)
