"""Small pictures, each drawn at very many places at once, in numpy: no call for each of them.

A pixel shows the last picture that covers it. Which one that is comes out of a map of the places, in which each picture
has its place in the order, and in which for every shape the largest number within its outline spreads: by horizontal
runs, put together from runs of 1, 2, 4 … pixels, and one call for each row of a shape instead of one for each picture.
What covers a pixel in part shows what is behind it: there are two layers, of the last picture that covers a pixel
nearly wholly, and of the last that covers it at all. What lies between them is not drawn.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Self

import numpy as np
from numpy.typing import NDArray

Image = NDArray[np.uint32]  # 0xAARRGGBB, premultiplied
Ints = NDArray[np.int32]
Kinds = NDArray[np.uint8]
Ranks = NDArray[np.unsignedinteger]
Shape = tuple[tuple[int, tuple[tuple[int, int, int], ...]], ...]
"""For each length of a run of pixels: layer, row and column of where such runs begin."""

COVERS = (225, 1)  # of 255: what a picture covers at least, in each layer; the last one is in front
BAND = 2**16  # pixels that are composed at once: they stay in the cache, and their pictures are numbered in 16 bits
PAIRS = 0x00FF00FF  # every second of the four channels


def shape_of(alpha: NDArray[np.uint32]) -> Shape:
    """The outlines of a picture in each layer, from its alpha, shape (side, side)."""
    found: dict[int, list[tuple[int, int, int]]] = {}
    for layer, least in enumerate(COVERS):
        for row, pixels in enumerate(np.pad(alpha >= least, ((0, 0), (1, 1))).astype(np.int8)):
            for start, end in np.flatnonzero(np.diff(pixels)).reshape(-1, 2).tolist():
                found.setdefault(end - start, []).append((layer, row, start))
    return tuple((length, tuple(found[length])) for length in sorted(found))


@dataclass(frozen=True, eq=False)
class Sprites:
    """Square pictures of one size.

    Attributes:
        pictures: uint32 ndarray of shape (n, side, side), premultiplied.
        shapes: the different outlines.
        shape_of: for each picture the number of its shape, ndarray of shape (n,).
    """

    pictures: NDArray[np.uint32]
    shapes: tuple[Shape, ...]
    shape_of: NDArray[np.uint8]

    @classmethod
    def of(cls, pictures: NDArray[np.uint32]) -> Self:
        """These pictures."""
        outlines = [shape_of(alpha) for alpha in pictures >> 24]
        shapes = tuple(dict.fromkeys(outlines))
        return cls(pictures, shapes, np.array([shapes.index(outline) for outline in outlines], dtype=np.uint8))

    @property
    def side(self) -> int:
        """Pixels."""
        return int(self.pictures.shape[1])


def last_at_each_place(places: Ints, size: int) -> NDArray[np.intp]:
    """Of places, numbers below `size`, the last one of those that are equal; indices in order."""
    order = np.arange(1, len(places) + 1, dtype=np.int32)
    newest = np.zeros(size, dtype=np.int32)
    newest[places] = order  # of equal ones numpy keeps the last
    return np.flatnonzero(newest.take(places) == order)


def compose(image: Image, columns: Ints, rows: Ints, kinds: Kinds, sprites: Sprites) -> None:
    """Draw pictures over an image, in their order.

    Args:
        image: shape (height, width); is changed.
        columns: of the left pixels of each picture, shape (n,); what lies beyond the image is cut.
        rows: of the upper pixels.
        kinds: which picture, shape (n,).
        sprites: the pictures.
    """
    (height, width), side = image.shape, sprites.side
    is_seen = (columns > -side) & (columns < width) & (rows > -side) & (rows < height)
    if not is_seen.all():
        seen = np.flatnonzero(is_seen)
        columns, rows, kinds = columns.take(seen), rows.take(seen), kinds.take(seen)
    if not len(columns):
        return
    # nothing to do where no picture is
    left, top = max(0, int(columns.min())), max(0, int(rows.min()))
    image = image[top : int(rows.max()) + side, left : int(columns.max()) + side]
    height, width = image.shape
    stride = width + 2 * side  # what reaches over the right edge must not come in again on the left
    at = rows + (side - top)
    at *= stride
    at += columns
    at += side - left
    chosen = last_at_each_place(at, (height + side) * stride)
    at, kinds = at.take(chosen), kinds.take(chosen)
    step = min(height, max(BAND // stride - side, 2 * side))
    band = Band(step, width, sprites)
    for first_row in range(0, height, step):
        # pictures reach down from the rows above
        first, last = (first_row + 1) * stride, (first_row + side + step) * stride
        inside = np.flatnonzero((at >= first) & (at < last))
        if len(inside):
            band.draw(image[first_row : first_row + step], at.take(inside) - first, kinds.take(inside))


class Band:
    """Draws on some rows of an image; its arrays serve again and again.

    Args:
        height, width: of the rows.
        sprites: what is drawn.
    """

    def __init__(self, height: int, width: int, sprites: Sprites) -> None:
        self._sprites, side = sprites, sprites.side
        self._width, self._stride = width, width + 2 * side
        self._length = length = height * self._stride
        # a picture's pixels are looked up by the pixel's number; for no picture there are transparent ones
        self._table = np.zeros(length + len(sprites.pictures) * side * self._stride, dtype=np.uint32)
        self._table[length:].reshape(-1, side, self._stride)[:, :, :side] = sprites.pictures
        # the rows of the band, and those above from which pictures reach into it; before them is room for what is
        # looked for to the left of the first pixel
        size = side + (height + side - 1) * self._stride
        kind: type[np.unsignedinteger] = np.uint16 if size < 2**16 else np.uint32
        longest = max((length for shape in sprites.shapes for length, _ in shape), default=1)
        self._runs: list[Ranks] = [np.empty(size, dtype=kind) for _ in range(longest.bit_length() + 1)]
        self._layers: list[Ranks] = [np.empty(length, dtype=kind) for _ in COVERS]
        self._is_front = np.empty(length, dtype=bool)
        self._pixel, self._index = np.arange(length, dtype=np.intp), np.empty(length, dtype=np.intp)
        self._place, self._image = np.empty_like(self._index), np.empty(length, dtype=np.uint32)

    def draw(self, rows: Image, at: Ints, kinds: Kinds) -> None:
        """Draw pictures, in their order, over rows, at most as many as there is room for.

        Args:
            rows: shape (height, width).
            at: number of the upper left pixel, in rows of the width and a margin of a side each, the first `side` - 1
                rows above those to be drawn on.
            kinds: which pictures.
        """
        side, stride = self._sprites.side, self._stride
        self._find_last(at, kinds)
        start = np.zeros(len(at) + 1, dtype=np.intp)
        start[1:] = kinds
        start[1:] *= side * stride
        start[1:] -= at
        start[1:] += self._length + (side - 1) * stride
        inner = slice(side, side + self._width)
        image, is_empty = self._image.reshape(-1, stride)[: len(rows), inner], not rows.any()
        if not is_empty:
            self._image[:] = 0
            image[...] = rows
        behind: Ranks | int = 0
        for layer in self._layers:
            if layer is self._layers[0] and is_empty:
                np.copyto(self._index, layer)
                start.take(self._index, out=self._place, mode="clip")
                self._place += self._pixel
                self._table.take(self._place, out=self._image, mode="clip")
            else:
                np.greater(layer, behind, out=self._is_front)
                pixels = np.flatnonzero(self._is_front)  # few: rims that lie over another picture
                place = start.take(layer.take(pixels))
                place += pixels
                self._image[pixels] = laid_over(self._image.take(pixels), self._table.take(place))
            behind = layer
        rows[...] = image

    def _find_last(self, at: Ints, kinds: Kinds) -> None:
        """For each layer and pixel, which picture, from 1, is the last to cover it; 0 for none."""
        sprites, places = self._sprites, self._runs[0]
        ranks = np.arange(1, len(at) + 1, dtype=places.dtype)
        shapes = sprites.shape_of.take(kinds)
        for layer in self._layers:
            layer[:] = 0
        for number, shape in enumerate(sprites.shapes):
            mine = np.flatnonzero(shapes == number)
            if len(mine):
                places[:] = 0
                places[sprites.side + at.take(mine)] = ranks.take(mine)
                self._spread(shape)

    def _spread(self, shape: Shape) -> None:
        """Let each pixel of a layer be at least the largest number whose outline, begun at its place, covers it."""
        runs, spare, side = self._runs, self._runs[-1], self._sprites.side
        n_made = 1
        for length, starts in shape:
            half = length.bit_length() - 1
            while n_made <= half:
                lengthen(runs[n_made - 1], 2 ** (n_made - 1), runs[n_made])
                n_made += 1
            run = runs[half]
            if length > 2**half:
                lengthen(run, length - 2**half, spare)
                run = spare
            for number, row, column in starts:
                first, largest = side + (side - 1 - row) * self._stride - column, self._layers[number]
                np.maximum(largest, run[first : first + self._length], out=largest)


def laid_over(behind: Image, front: Image) -> Image:
    """Pixels with others in front of them, both premultiplied, rounded as Qt rounds; changes those behind."""
    even, odd, through = behind, behind >> 8, 255 - (front >> 24)
    for pair in (even, odd):
        pair &= PAIRS
        pair *= through
        pair += (pair >> 8) & PAIRS
        pair += 0x00800080
    even >>= 8
    even &= PAIRS
    odd &= 0xFF00FF00
    even |= odd
    even += front
    return even


def lengthen(run: Ranks, step: int, longer: Ranks) -> None:
    """From the largest numbers of runs that end at each pixel those of runs that are `step` longer."""
    longer[:step] = run[:step]
    np.maximum(run[step:], run[:-step], out=longer[step:])
