from __future__ import annotations

import re

import numpy as np
import pyqtgraph as pg
import pytest
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QPointF, QSize, Qt
from PySide6.QtGui import QColor, QImage, QPainter, QPaintEvent, QPalette
from PySide6.QtWidgets import QGraphicsItem, QVBoxLayout, QWidget
from pytestqt.qtbot import QtBot

from engine import toy_datasets
from engine.data.shares import Shares
from gui.canvas.canvas import Canvas
from gui.paint.picture import FINE, image_of, is_vector, png_of, ratio_of, svg_of
from gui.paint.theme import DARK, LIGHT, palette_of
from gui.run import plot_looks


class Line(QWidget):
    """A thin line in the colour of its text, on the ground of its palette."""

    seen: tuple[float, bool] = (0.0, False)
    outer: QWidget  # kept with it

    def paintEvent(self, event: QPaintEvent) -> None:
        with QPainter(self) as painter:
            self.seen = ratio_of(painter), is_vector(painter)
            painter.fillRect(self.rect(), self.palette().color(QPalette.ColorRole.Base))
            painter.fillRect(10, 0, 1, 40, self.palette().color(QPalette.ColorRole.Text))
            painter.drawText(QPointF(20, 20), "words")


@pytest.fixture
def line(qtbot: QtBot) -> Line:
    outer = QWidget()
    inner = Line(outer)
    column = QVBoxLayout(outer)
    column.setContentsMargins(0, 0, 0, 0)
    column.addWidget(inner)
    outer.setPalette(palette_of(DARK))
    outer.resize(100, 40)
    outer.show()
    qtbot.addWidget(outer)
    qtbot.waitExposed(outer)
    inner.outer = outer
    return inner


def array(image: QImage) -> NDArray[np.uint8]:
    """The red parts of a picture's pixels."""
    image = image.convertToFormat(QImage.Format.Format_RGB32)
    rows = np.frombuffer(image.constBits(), dtype=np.uint8).reshape(image.height(), image.bytesPerLine() // 4, 4)
    return rows[:, : image.width(), 2].copy()


@pytest.mark.parametrize("ratio", [1, 2, 4])
def test_a_picture_is_painted_with_as_many_pixels_as_are_wanted(line: Line, ratio: int) -> None:
    image = image_of(line, ratio)

    assert image.size() == QSize(100, 40) * ratio
    assert line.seen == (ratio, False)
    assert image.pixelColor(10 * ratio, 0).name() == QColor(DARK.ink).name()
    assert image.pixelColor(11 * ratio, 0).name() == image.pixelColor(10 * ratio - 1, 0).name()
    assert QImage.fromData(png_of(image)).size() == image.size()


def test_a_dark_window_has_a_picture_on_a_light_ground_and_stays_dark(line: Line) -> None:
    before = image_of(line, 1)
    light = image_of(line, 1, is_light=True)

    assert light.pixelColor(0, 0).name() == QColor(LIGHT.surface).name()
    assert light.pixelColor(10, 0).name() == QColor(LIGHT.ink).name()
    assert image_of(line, 1) == before
    assert line.window().palette() == palette_of(DARK)


def test_vectors_are_vectors_and_words_are_words(line: Line) -> None:
    drawing = svg_of(line, "A <title>").decode()

    assert line.seen == (FINE, True)
    assert 'viewBox="0 0 100 40"' in drawing
    assert ">words</text>" in drawing
    assert "A &lt;title&gt;" in drawing
    assert "<image" not in drawing


def plane(qtbot: QtBot) -> Canvas:
    canvas = Canvas()
    qtbot.addWidget(canvas)
    canvas.setPalette(palette_of(DARK))
    canvas.resize(300, 240)
    canvas.show_dataset(toy_datasets.make("moons", n_samples=30, n_classes=2, noise=0.1, seed=1), Shares(0.2))
    canvas.fit()
    canvas.show()
    QCoreApplication.processEvents()
    return canvas


def test_points_are_sharp_in_a_large_picture_and_shapes_in_vectors(qtbot: QtBot) -> None:
    canvas = plane(qtbot)
    small, large = array(image_of(canvas, 1)), array(image_of(canvas, 4))
    blocks = large.reshape(240, 4, 300, 4).transpose(0, 2, 1, 3).reshape(240, 300, 16)
    scaled_up = (blocks.max(axis=2) == blocks.min(axis=2)).mean()

    assert np.abs(blocks.mean(axis=2) - small).mean() < 6  # it is the same picture
    assert scaled_up < 0.99
    drawing = svg_of(canvas, "plane").decode()
    assert "<image" not in drawing  # there is no field yet
    assert len(re.findall("<path|<circle|<polygon|<ellipse", drawing)) >= 30


def test_nobody_is_asked_for_a_field_in_colours_that_are_seen_on_a_picture_only(qtbot: QtBot) -> None:
    canvas, asked = plane(qtbot), list[object]()
    qtbot.wait(60)
    canvas.view_changed.connect(asked.append)
    image_of(canvas, 1, is_light=True)
    qtbot.wait(60)

    assert {view.neutral for view in asked} <= {rgb_of(DARK.neutral)}  # type: ignore[attr-defined]


def rgb_of(name: str) -> tuple[int, int, int]:
    colour = QColor(name)
    return colour.red(), colour.green(), colour.blue()


def test_curves_keep_their_share_of_a_picture(qtbot: QtBot) -> None:
    plots = pg.GraphicsLayoutWidget()
    qtbot.addWidget(plots)
    plots.setBackground("#000000")
    plots.resize(200, 100)
    box = plots.addViewBox(enableMouse=False)
    curve = plot_looks.Line([0, 1], [0.5, 0.5], pen=pg.mkPen("#FFFFFF", width=6))
    curve.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)
    box.addItem(curve)
    box.setRange(xRange=(0, 1), yRange=(0, 1), padding=0)
    plots.show()
    QCoreApplication.processEvents()
    thick = [(array(image_of(plots, ratio))[:, 100 * ratio] > 128).sum() for ratio in (1, 3)]

    assert thick[0] in (5, 6, 7)
    assert abs(thick[1] - 3 * thick[0]) <= 3
    assert curve.opts["pen"].widthF() == 6
    assert curve.cacheMode() == QGraphicsItem.CacheMode.DeviceCoordinateCache
    assert plots.testAttribute(Qt.WidgetAttribute.WA_WState_Visible)
