"""The points as one cached picture; a stroke adds to it only what is new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from engine.dataset import Dataset
from gui.markers import marker
from gui.plane import Plane
from gui.theme import Chrome


class PointLayer:
    """Paints the points of a dataset, those for validation hollow."""

    def __init__(self) -> None:
        self._dataset: Dataset | None = None
        self._fraction = 0.0
        self._drawn: Dataset | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._pixmap = QPixmap()

    def show(self, dataset: Dataset, validation_fraction: float) -> None:
        """Take the points to paint."""
        self._dataset, self._fraction = dataset, validation_fraction

    def pixmap(self, plane: Plane, chrome: Chrome, size: QSize, ratio: float) -> QPixmap:
        """A transparent picture of `size` pixels with the points on it."""
        wanted = (plane, chrome, size, ratio, self._fraction)
        dataset, drawn = self._dataset, self._drawn
        if dataset is None or (dataset is drawn and wanted == self._drawn_for):
            return self._pixmap
        first = 0
        if drawn is not None and wanted == self._drawn_for and is_extension(dataset, drawn):
            first = len(drawn)
        else:
            self._pixmap = QPixmap(size * ratio)
            self._pixmap.setDevicePixelRatio(ratio)
            self._pixmap.fill(Qt.GlobalColor.transparent)
        self._paint(dataset, first, plane, chrome, ratio)
        self._drawn, self._drawn_for = dataset, wanted
        return self._pixmap

    def _paint(self, dataset: Dataset, first: int, plane: Plane, chrome: Chrome, ratio: float) -> None:
        places = plane.to_pixels(dataset.points[first:])
        hollow = dataset.validation_mask(self._fraction)[first:]
        margin = 10
        visible = (
            (places[:, 0] > plane.x - margin)
            & (places[:, 0] < plane.x + plane.width + margin)
            & (places[:, 1] > plane.y - margin)
            & (places[:, 1] < plane.y + plane.height + margin)
        )
        with QPainter(self._pixmap) as painter:
            for label in range(dataset.n_classes):
                for is_hollow in (False, True):
                    picture = marker(dataset.colours[label], is_hollow, chrome, ratio)
                    members = visible & (dataset.labels[first:] == label) & (hollow == is_hollow)
                    half = picture.width() / 2 / ratio
                    # whole device pixels, so that copying needs no interpolation
                    corners = np.round((places[members] - half) * ratio) / ratio
                    for x, y in corners.tolist():
                        painter.drawPixmap(QPointF(x, y), picture)


def is_extension(dataset: Dataset, of: Dataset) -> bool:
    """Whether a dataset is another one with points added at its end."""
    return (
        len(dataset) >= len(of)
        and dataset.colours == of.colours
        and _same(dataset.points, of.points)
        and _same(dataset.labels, of.labels)
        and _same(dataset.serials, of.serials)
    )


def _same(longer: NDArray[np.generic], shorter: NDArray[np.generic]) -> bool:
    return np.array_equal(longer[: len(shorter)], shorter)
