"""A field that was coloured for one ground, dark or light, on the other."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor

from engine.insight.field import View
from gui.paint.theme import Chrome, Rgb


def on_ground(pixels: NDArray[np.uint32], view: View, chrome: Chrome) -> NDArray[np.uint32]:
    """The pixels of a field, 0xffRRGGBB, as they would be on the ground of a chrome.

    The engine colours a field between the neutral colour and that of each class. How far between is found again from
    each colour that occurs, by the class on whose line it lies.
    """
    ground = QColor(chrome.neutral)
    wanted: Rgb = (ground.red(), ground.green(), ground.blue())
    if view.neutral == wanted:
        return pixels
    found, places = np.unique(pixels, return_inverse=True)
    before, after = np.array(view.neutral, dtype=np.float64), np.array(wanted, dtype=np.float64)
    colours = np.stack([found >> 16 & 0xFF, found >> 8 & 0xFF, found & 0xFF], axis=-1).astype(np.float64)
    lines = np.array(view.colours, dtype=np.float64) - before
    shares = np.clip((colours - before) @ lines.T / (lines**2).sum(axis=1), 0, 1)
    misses = ((before + shares[..., None] * lines - colours[:, None]) ** 2).sum(axis=-1)
    share = np.take_along_axis(shares, misses.argmin(axis=1)[:, None], axis=1)
    # a class colour at full strength is field_strength of itself, and of the ground the rest
    moved = colours + (1 - share * chrome.field_strength) * (after - before)
    parts = np.clip(np.rint(moved), 0, 255).astype(np.uint32)
    table = (0xFF000000 | parts[:, 0] << 16 | parts[:, 1] << 8 | parts[:, 2]).astype(np.uint32)
    return np.ascontiguousarray(table[places].reshape(pixels.shape))
