"""The points as one cached picture; a stroke adds to it only what is new."""

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPen, QPixmap

from engine.data.shares import Role, Shares, roles_of
from engine.dataset import Dataset, is_extension
from gui.drawing.plane import Plane
from gui.paint.markers import MARKER_SIZE, marker, opacity_for, paint_marker, selection_mark, size_for
from gui.paint.picture import is_vector
from gui.paint.scene import PlaneScene
from gui.paint.sprites import Sprites, compose
from gui.paint.theme import Chrome

MAX_SHAPES = 20_000  # in a picture in vectors; more would be a file of many megabytes
FEW = 3000  # points up to which each is painted by a call of its own, on a screen of one pixel a pixel
SELECTED = 64  # beside the kind of a point
CHUNK = 2**14


class Markers(NamedTuple):
    """Markers on the screen.

    Attributes:
        columns, rows: of the upper left pixel of each, int32 ndarrays of shape (n,).
        kinds: uint8 ndarray of shape (n,): three times the label, and its `Role`, `SELECTED` more if selected.
    """

    columns: NDArray[np.int32]
    rows: NDArray[np.int32]
    kinds: NDArray[np.uint8]


class Middles(NamedTuple):
    """The middles of markers on the screen, whatever their size.

    Attributes:
        columns, rows: in pixels of the screen, float32 ndarrays of shape (n,).
        kinds: as of `Markers`.
    """

    columns: NDArray[np.float32]
    rows: NDArray[np.float32]
    kinds: NDArray[np.uint8]


class PointLayer:
    """Paints the points of a dataset in their order: of validation hollow, of the test with a dot, the selected marked.

    The more there are on the plane, the smaller they are, and very many let the field and its boundary through: all
    together, so that where they overlap is no exception. Few points are painted one by one. Many are composed in numpy,
    which takes the same time however many there are; of those only the part of the picture in which anything has
    changed, as in a stroke of the eraser.

    Attributes:
        n_outside: how many points lay outside the plane when it was painted last.
        painted: the width and height in pixels of the screen of what was painted last.
        room: the pixels of the plane that each point had then, in lengths of the letters' scale.
    """

    def __init__(self) -> None:
        self.n_outside = 0
        self.painted = 0, 0
        self.room = float("inf")
        self._size = MARKER_SIZE
        self._dataset: Dataset | None = None
        self._shares = Shares()
        self._selected: NDArray[np.bool_] | None = None
        self._given: NDArray[np.bool_] | None = None  # of which `_selected` is what is to be marked
        self._drawn: Dataset | None = None
        self._drawn_for: tuple[object, ...] = ()
        self._pixmap = QPixmap()
        self._shown: NDArray[np.uint8] | None = None  # what is shown at each corner, while there are many points

    def show(self, dataset: Dataset, shares: Shares, selected: NDArray[np.bool_] | None = None) -> None:
        """Take the points to paint.

        `selected`: bool ndarray of shape (n_samples,), another object whenever it changes, or None for none.
        """
        self._dataset, self._shares = dataset, shares
        if selected is not self._given:
            marked = selected if selected is not None and selected.any() else None
            if marked is not None or self._selected is not None:
                self._drawn = None
            self._given, self._selected = selected, marked

    def paint(self, painter: QPainter, scene: PlaneScene) -> None:
        """The points of a scene."""
        self.show(scene.dataset, scene.shares, scene.selected)
        if is_vector(painter) and len(scene.dataset) <= MAX_SHAPES:
            paint_shapes(painter, scene)
            return
        picture = self.pixmap(scene.plane, scene.chrome, scene.size, scene.ratio, scene.scale)
        if self._selected is None:  # else it is these that are looked at
            painter.setOpacity(opacity_for(self.room))
        painter.drawPixmap(0, 0, picture)

    def pixmap(self, plane: Plane, chrome: Chrome, size: QSize, ratio: float, scale: float = 1.0) -> QPixmap:
        """A transparent picture of `size` pixels with the points on it."""
        dataset, drawn = self._dataset, self._drawn
        if dataset is None:
            return self._pixmap
        wanted = (plane, chrome, size, ratio, scale, self._shares, dataset.colours)
        is_same = wanted == self._drawn_for
        if dataset is drawn and is_same:
            return self._pixmap
        # whole pixels of the screen: copying needs no interpolation, and is twice as fast
        self._pixmap.setDevicePixelRatio(1.0)
        if is_same and drawn is not None and is_extension(dataset, drawn):
            self._paint(dataset, len(drawn), plane, chrome, ratio, scale)
        else:
            if not is_same:
                self._pixmap, self._shown = QPixmap(size * ratio), None
                self._pixmap.fill(Qt.GlobalColor.transparent)  # before it has no transparency
            self._paint(dataset, 0, plane, chrome, ratio, scale)
        self._pixmap.setDevicePixelRatio(ratio)
        self._drawn, self._drawn_for = dataset, wanted
        return self._pixmap

    def _paint(self, dataset: Dataset, first: int, plane: Plane, chrome: Chrome, ratio: float, scale: float) -> None:
        """Paint the points from number `first` on, over those that are there; from the first on all anew."""
        kinds = dataset.labels[first:].astype(np.uint8)
        kinds *= len(Role)
        kinds += roles_of(dataset.serials, self._shares)[first:]
        if self._selected is not None:
            kinds += self._selected[first:] * np.uint8(SELECTED)
        middles, n_inside = seen(dataset.places[first:], kinds, plane, ratio, MARKER_SIZE * scale)
        n_outside = len(kinds) - n_inside + (self.n_outside if first else 0)
        self.room = room_on(plane, len(dataset) - n_outside, scale)
        size = size_for(self.room) * scale
        if first and size != self._size:
            self._paint(dataset, 0, plane, chrome, ratio, scale)
            return
        if size != self._size:
            self._shown = None
        self.n_outside, self._size = n_outside, size
        sprites, mark = sprites_of(dataset.colours, chrome, ratio, size), mark_of(chrome, ratio, size)
        columns, rows = (np.rint(axis - sprites.side / 2).astype(np.int32) for axis in middles[:2])
        markers = Markers(columns, rows, middles.kinds)
        if len(markers.kinds) > FEW * ratio**2:
            self._compose(markers, sprites, mark, is_new=first == 0)
            return
        if first == 0:
            self._pixmap.fill(Qt.GlobalColor.transparent)
            self._shown = None
        elif self._shown is not None:
            note(self._shown, markers, mark.side)
        self.painted = self._pixmap.width(), self._pixmap.height()
        self._paint_each(markers, dataset.colours, chrome, ratio)

    def _paint_each(self, markers: Markers, colours: tuple[int, ...], chrome: Chrome, ratio: float) -> None:
        looks = [(colour, role) for colour in colours for role in Role]
        pictures = [unscaled(marker(*look, chrome, ratio, self._size)) for look in looks]
        mark = unscaled(selection_mark(chrome, ratio, self._size))
        inset = (mark.width() - pictures[0].width()) // 2
        places = list(zip(markers.columns.tolist(), markers.rows.tolist(), markers.kinds.tolist(), strict=True))
        with QPainter(self._pixmap) as painter:
            draw = painter.drawPixmap
            for x, y, kind in places if self._selected is not None else ():
                if kind >= SELECTED:
                    draw(x - inset, y - inset, mark)
            for x, y, kind in places:
                draw(x, y, pictures[kind % SELECTED])

    def _compose(self, markers: Markers, sprites: Sprites, mark: Sprites, *, is_new: bool) -> None:
        """Paint many points, where they are not painted already."""
        margin, before = mark.side, self._shown
        width, height = self._pixmap.width(), self._pixmap.height()
        if is_new or before is None:
            self._shown = np.zeros((height + 2 * margin, width + 2 * margin), dtype=np.uint8)
        else:
            self._shown = before.copy()
        note(self._shown, markers, margin)
        area = (0, 0, width, height) if before is None else changed_area(before, self._shown, margin)
        left, top, right, bottom = area
        self.painted = right - left, bottom - top
        if not all(self.painted):
            return
        image = np.zeros((bottom - top, right - left), dtype=np.uint32)
        if not is_new:
            image[...] = pixels_of(self._pixmap.copy(left, top, right - left, bottom - top))
        columns, rows, kinds = markers.columns - left, markers.rows - top, markers.kinds
        if self._selected is not None:
            inset, marked = (mark.side - sprites.side) // 2, np.flatnonzero(kinds >= SELECTED)
            places = columns.take(marked) - inset, rows.take(marked) - inset
            compose(image, *places, np.zeros(len(marked), dtype=np.uint8), mark)
        compose(image, columns, rows, kinds % SELECTED, sprites)
        picture = QImage(image.data, *image.shape[::-1], 4 * image.shape[1], QImage.Format.Format_ARGB32_Premultiplied)
        with QPainter(self._pixmap) as painter:
            painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_Source)
            painter.drawImage(left, top, picture)


def room_on(plane: Plane, n_points: int, scale: float) -> float:
    """The pixels of a plane for each of so many points on it, in lengths of the scale of the letters."""
    return plane.width * plane.height / scale**2 / max(1, n_points)


def paint_shapes(painter: QPainter, scene: PlaneScene) -> None:
    """Paint each point as a shape, where what is painted can be made larger."""
    pixels, colours = scene.plane.to_pixels(scene.dataset.places), scene.dataset.colours
    room = room_on(scene.plane, int(np.count_nonzero(within(pixels, scene.plane, 0))), scene.scale)
    size, places = size_for(room) * scene.scale, pixels.tolist()
    painter.setOpacity(1.0 if scene.selected.any() else opacity_for(room))
    roles = roles_of(scene.dataset.serials, scene.shares).tolist()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(QPen(QColor(scene.chrome.ink), 1.2 * scene.scale))
    painter.setBrush(QColor(scene.chrome.selection))
    for (x, y), is_selected in zip(places, scene.selected.tolist(), strict=True):
        if is_selected:
            painter.drawEllipse(QPointF(x, y), 0.85 * size, 0.85 * size)
    for (x, y), label, role in zip(places, scene.dataset.labels.tolist(), roles, strict=True):
        painter.save()
        painter.translate(x, y)
        paint_marker(painter, colours[label], role, scene.chrome, size)
        painter.restore()


def seen(
    places: NDArray[np.float32], kinds: NDArray[np.uint8], plane: Plane, ratio: float, margin: float
) -> tuple[Middles, int]:
    """The middles of the markers of the places that are on the plane or up to `margin` pixels beyond its edge.

    Returns:
        the middles, and how many places are on the plane itself.
    """
    parts, n_inside = [], 0
    for first in range(0, len(places), CHUNK):  # so many that what is computed on the way stays in the cache
        pixels = plane.to_pixels(places[first : first + CHUNK])
        n_inside += int(np.count_nonzero(within(pixels, plane, 0)))
        visible = np.flatnonzero(within(pixels, plane, margin))
        middles = [(axis.take(visible) * ratio).astype(np.float32) for axis in pixels.T]
        parts.append((*middles, kinds[first : first + CHUNK].take(visible)))
    if len(parts) == 1:
        return Middles(*parts[0]), n_inside
    nothing = np.empty(0, dtype=np.float32)
    columns, rows, shown = zip(*parts, strict=True) if parts else ((nothing,), (nothing,), (kinds,))
    return Middles(np.concatenate(columns), np.concatenate(rows), np.concatenate(shown)), n_inside


def note(shown: NDArray[np.uint8], markers: Markers, margin: int) -> None:
    """Write what is shown at each corner into an array that has a margin on each side; 0 is nothing."""
    at = markers.rows + margin
    at *= shown.shape[1]
    at += markers.columns
    at += margin
    shown.reshape(-1)[at] = markers.kinds + np.uint8(1)


def changed_area(before: NDArray[np.uint8], after: NDArray[np.uint8], margin: int) -> tuple[int, int, int, int]:
    """Left, top, right and bottom of the pixels that a change of `note` can have reached; all 0 if there is none."""
    differs = before != after
    rows, columns = np.flatnonzero(differs.any(axis=1)), np.flatnonzero(differs.any(axis=0))
    if not len(rows):
        return 0, 0, 0, 0
    height, width = before.shape[0] - 2 * margin, before.shape[1] - 2 * margin
    left, top = max(0, int(columns[0]) - 2 * margin), max(0, int(rows[0]) - 2 * margin)
    return left, top, min(width, int(columns[-1]) + margin), min(height, int(rows[-1]) + margin)


@lru_cache(maxsize=16)
def sprites_of(colours: tuple[int, ...], chrome: Chrome, ratio: float, size: float = MARKER_SIZE) -> Sprites:
    """The markers of classes, of each role."""
    pictures = [marker(colour, role, chrome, ratio, size) for colour in colours for role in Role]
    return Sprites.of(np.array([pixels_of(picture) for picture in pictures]))


@lru_cache(maxsize=16)
def mark_of(chrome: Chrome, ratio: float, size: float = MARKER_SIZE) -> Sprites:
    """The mark of a selected point."""
    return Sprites.of(pixels_of(selection_mark(chrome, ratio, size))[None])


def pixels_of(picture: QPixmap) -> NDArray[np.uint32]:
    """The premultiplied pixels, shape (height, width)."""
    image = picture.toImage().convertToFormat(QImage.Format.Format_ARGB32_Premultiplied)
    rows = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), image.bytesPerLine() // 4)
    return rows[:, : image.width()].copy()


def within(places: NDArray[np.float64], plane: Plane, margin: float) -> NDArray[np.bool_]:
    """The mask of (n, 2) pixels that lie on the plane or up to `margin` beyond its edge, bool ndarray of shape (n,)."""
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
