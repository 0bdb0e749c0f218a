"""Rings around the points that a network takes for another class."""

from __future__ import annotations

import math
from functools import lru_cache

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, Qt
from PySide6.QtGui import QImage, QPainter, QPixmap

from engine.dataset import is_extension
from engine.run.snapshot import Misclassified
from gui.canvas.point_layer import FEW, pixels_of, room_on, unscaled, within
from gui.canvas.signals.sized_points import SizedPoints
from gui.paint.markers import MARKER_SIZE, paint_circle, size_for
from gui.paint.picture import is_vector
from gui.paint.scene import PlaneScene
from gui.paint.sprites import Sprites, compose
from gui.paint.theme import Chrome

RADIUS = 0.85  # of a ring, in sizes of the marker in it
SELECTED = 1.35  # by how much it is larger around a selected one: apart from its glow
THINNEST = 1.3  # pixels of the line around the smallest
WIDTH, RIM = 1.5, 0.6  # of its line, and of the rim on either side, around a marker of the usual size


class MistakeRings:
    """Paints a ring around each misclassified point, once these are shown; thin, since in a crowd they lie over others.

    Args:
        sized: tells the size of each marker where they differ.
    """

    def __init__(self, sized: SizedPoints) -> None:
        self._sized = sized
        self._found: Misclassified | None = None
        self._painted: Misclassified | None = None  # held, so that no others have its identity
        self._painted_for: tuple[object, ...] = ()
        self._selected: object = None
        self._picture = QPixmap()

    def show(self, found: Misclassified | None) -> None:
        """Ring these points, or none."""
        self._found = found

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The rings of a scene; points that a stroke has just added are not judged yet."""
        found = self._found
        if found is None or not found.mask.any():
            return
        if found.dataset is not scene.dataset and not is_extension(scene.dataset, found.dataset):
            return
        places, sizes = self._rings(found, scene)
        if is_vector(painter):
            for (x, y), size in zip(places.tolist(), sizes.tolist(), strict=True):
                paint_ring_at(painter, QPointF(x, y), size, scene.chrome)
            return
        sized_by = self._sized.outcomes_of(scene)
        wanted = (scene.plane, scene.size, scene.ratio, scene.chrome, scene.scale, len(scene.dataset), sized_by)
        is_same = found is self._painted and scene.selected is self._selected
        if not is_same or wanted != self._painted_for:
            self._painted, self._painted_for, self._selected = found, wanted, scene.selected
            self._picture = picture_of(places, sizes, scene)
        painter.drawPixmap(0, 0, self._picture)

    def _rings(self, found: Misclassified, scene: PlaneScene) -> tuple[NDArray[np.float64], NDArray[np.float64]]:
        """The pixels that rings lie around, (n_rings, 2), and the sizes of markers that they would fit, (n_rings,)."""
        pixels, numbers = scene.plane.to_pixels(scene.dataset.places), np.flatnonzero(found.mask)
        outcomes = self._sized.outcomes_of(scene)
        if outcomes is None:
            n_inside = int(np.count_nonzero(within(pixels, scene.plane, 0)))
            sizes = np.full(len(pixels), size_for(room_on(scene.plane, n_inside, scene.scale)))
        else:
            sizes = np.array(self._sized.sizes(outcomes))
        seen = numbers[within(pixels[numbers], scene.plane, 2 * MARKER_SIZE * scene.scale)]
        return pixels[seen], sizes[seen] * scene.scale * np.where(scene.selected[seen], SELECTED, 1.0)


def picture_of(places: NDArray[np.float64], sizes: NDArray[np.float64], scene: PlaneScene) -> QPixmap:
    """Rings in a transparent picture: few by a call each, many composed in numpy."""
    picture = QPixmap(scene.size * scene.ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        for size in np.unique(sizes).tolist():
            sprite = unscaled(ring(size, scene.chrome, scene.ratio))
            corners = np.rint(places[sizes == size] * scene.ratio - sprite.width() / 2).astype(np.int32)
            if len(corners) <= FEW * scene.ratio**2:
                for x, y in corners.tolist():
                    painter.drawPixmap(x, y, sprite)
                continue
            image = np.zeros((picture.height(), picture.width()), dtype=np.uint32)
            columns, rows = corners.T
            rings = Sprites.of(pixels_of(sprite)[None])
            compose(image, columns, rows, np.zeros(len(corners), dtype=np.uint8), rings)
            height, width = image.shape
            form = QImage.Format.Format_ARGB32_Premultiplied
            painter.drawImage(0, 0, QImage(image.data, width, height, 4 * width, form))
    picture.setDevicePixelRatio(scene.ratio)
    return picture


@lru_cache(maxsize=64)
def ring(size: float, chrome: Chrome, ratio: float) -> QPixmap:
    """The ring around a marker of a size."""
    side = math.ceil((2 * RADIUS * size + WIDTH + 2 * RIM + 2) * ratio)
    side += 1 - side % 2
    picture = QPixmap(side, side)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.scale(ratio, ratio)
        paint_ring_at(painter, QPointF(side / 2, side / 2) / ratio, size, chrome)
    picture.setDevicePixelRatio(ratio)
    return picture


def paint_ring_at(painter: QPainter, middle: QPointF, size: float, chrome: Chrome) -> None:
    """The ring around a marker of a size, with a rim so that it is seen on every colour."""
    width = max(THINNEST, WIDTH * size / MARKER_SIZE)
    paint_circle(painter, middle, RADIUS * size, ((chrome.halo, width + 2 * RIM), (chrome.ink, width)))
