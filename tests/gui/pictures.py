"""What is painted, as numbers."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtGui import QColor, QImage, QPixmap
from PySide6.QtWidgets import QWidget


def pixels(picture: QPixmap | QImage | QWidget) -> NDArray[np.uint32]:
    """0xAARRGGBB, uint32 ndarray of shape (height, width) in device pixels; a widget is painted for it."""
    if isinstance(picture, QWidget):
        picture = picture.grab()
    image = picture.toImage() if isinstance(picture, QPixmap) else picture
    image = image.convertToFormat(QImage.Format.Format_ARGB32)
    rows = np.frombuffer(image.constBits(), dtype=np.uint32).reshape(image.height(), -1)
    return rows[:, : image.width()].copy()


def of_colour(picture: NDArray[np.uint32], name: str) -> NDArray[np.bool_]:
    """Where a picture has exactly that colour."""
    is_it: NDArray[np.bool_] = picture == np.uint32(QColor(name).rgba())
    return is_it


def rgb(colour: QColor | str | int) -> tuple[int, int, int]:
    """Red, green and blue, 0 to 255."""
    made = QColor(colour)
    return made.red(), made.green(), made.blue()
