"""A canvas by itself, with four points in a row."""

from __future__ import annotations

import numpy as np
import pytest
from PySide6.QtCore import QPoint
from pytestqt.qtbot import QtBot

from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset
from gui.canvas.canvas import Canvas


def row() -> Dataset:
    """Points at -0.75, -0.25, 0.25, 0.75 on the x axis."""
    return empty_dataset().with_points([[x, 0] for x in (-0.75, -0.25, 0.25, 0.75)], [0, 1, 0, 1])


@pytest.fixture
def canvas_of_row(qtbot: QtBot) -> Canvas:
    """A canvas that shows the row."""
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.resize(700, 600)
    canvas.show()
    qtbot.waitExposed(canvas)
    canvas.show_dataset(row(), Shares(0.0))
    return canvas


def pixel(canvas: Canvas, x: float, y: float) -> QPoint:
    """The pixel of a place."""
    return QPoint(*np.rint(canvas.plane.to_pixels(np.array([[x, y]], dtype=np.float32))[0]).astype(int).tolist())
