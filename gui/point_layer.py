"""The points as one cached picture; a stroke adds to it only what is new."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QPainter, QPixmap

from engine.dataset import Dataset
from gui.markers import marker, selection_mark
from gui.plane import Plane
from gui.theme import Chrome

MARGIN = 10  # pixels beyond the edge from where a marker still reaches in


class PointLayer:
    """Paints the points of a dataset in their order, those for validation hollow, the selected ones marked.

    Attributes:
        n_outside: how many points lay outside the plane when it was painted last.
    """

    def __init__(self) -> None:
        self.n_outside = 0
        self._dataset: Dataset | None = None
        self._fraction = 0.0
        self._selected: NDArray[np.bool_] | None = None
        self._drawn: Dataset | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._pixmap = QPixmap()

    def show(self, dataset: Dataset, validation_fraction: float, selected: NDArray[np.bool_] | None = None) -> None:
        """Take the points to paint; `selected`: bool ndarray of shape (n_samples,), or None for none."""
        self._dataset, self._fraction = dataset, validation_fraction
        marked = selected if selected is not None and selected.any() else None
        if marked is not None or self._selected is not None:
            self._drawn = None
        self._selected = marked

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
            self._pixmap.fill(Qt.GlobalColor.transparent)
            self.n_outside = 0
        # whole pixels of the screen: copying needs no interpolation, and is twice as fast
        self._pixmap.setDevicePixelRatio(1.0)
        self._paint(dataset, first, plane, chrome, ratio)
        self._pixmap.setDevicePixelRatio(ratio)
        self._drawn, self._drawn_for = dataset, wanted
        return self._pixmap

    def _paint(self, dataset: Dataset, first: int, plane: Plane, chrome: Chrome, ratio: float) -> None:
        places = plane.to_pixels(dataset.places[first:])
        hollow = dataset.validation_mask(self._fraction)[first:]
        self.n_outside += len(places) - int(np.count_nonzero(within(places, plane, 0)))
        visible = within(places, plane, MARGIN)
        pictures = [
            unscaled(marker(colour, is_hollow, chrome, ratio))
            for colour in dataset.colours
            for is_hollow in (False, True)
        ]
        kinds = (2 * dataset.labels[first:] + hollow)[visible]
        mark = unscaled(selection_mark(chrome, ratio))
        with QPainter(self._pixmap) as painter:
            corners = np.rint(places[visible] * ratio - pictures[0].width() / 2).astype(int)
            draw = painter.drawPixmap
            if self._selected is not None:
                marked = places[visible & self._selected[first:]]
                for x, y in np.rint(marked * ratio - mark.width() / 2).astype(int).tolist():
                    draw(x, y, mark)
            for (x, y), kind in zip(corners.tolist(), kinds.tolist(), strict=True):
                draw(x, y, pictures[kind])


def within(places: NDArray[np.float64], plane: Plane, margin: float) -> NDArray[np.bool_]:
    """Which of (n, 2) pixels lie on the plane or up to `margin` beyond its edge, bool ndarray of shape (n,)."""
    x, y = places.T
    inside: NDArray[np.bool_] = (
        (x >= plane.x - margin)
        & (x <= plane.x + plane.width + margin)
        & (y >= plane.y - margin)
        & (y <= plane.y + plane.height + margin)
    )
    return inside


def unscaled(picture: QPixmap) -> QPixmap:
    """The same picture, one of its pixels being one of the screen."""
    copy = QPixmap(picture)
    copy.setDevicePixelRatio(1.0)
    return copy


def is_extension(dataset: Dataset, of: Dataset) -> bool:
    """Whether a dataset is another one with points added at its end."""
    return (
        len(dataset) >= len(of)
        and dataset.colours == of.colours
        and _same(dataset.places, of.places)
        and _same(dataset.labels, of.labels)
        and _same(dataset.serials, of.serials)
    )


def _same(longer: NDArray[np.generic], shorter: NDArray[np.generic]) -> bool:
    return longer is shorter or np.array_equal(longer[: len(shorter)], shorter)
