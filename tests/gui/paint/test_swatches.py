"""The picture of the output layer: one unit or several, and the boxes of their functions."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QImage, QPainter

from engine.config import Output
from gui.paint import swatches
from gui.paint.theme import CLASS_COLOURS, DARK, LIGHT
from tests.gui.pictures import of_colour, pixels


@pytest.mark.parametrize("chrome", [LIGHT, DARK])
@pytest.mark.parametrize(
    ("output", "n_classes", "n_units", "n_curves"),
    [
        (Output.SIGMOID, 2, 1, 1),
        (Output.SOFTMAX, 3, 3, 0),
        (Output.INDEPENDENT_SIGMOIDS, 3, 3, 3),
        (Output.SOFTMAX, 10, 6, 0),
    ],
)
def test_units_functions_and_classes_are_drawn(
    monkeypatch: pytest.MonkeyPatch, chrome: object, output: Output, n_classes: int, n_units: int, n_curves: int
) -> None:
    circles, curves = list[QPointF](), list[QRectF]()
    draw_ellipse, draw_sigmoid = QPainter.drawEllipse, swatches.draw_sigmoid

    def note_circle(painter: QPainter, middle: QPointF, *radii: float) -> None:
        circles.append(middle)
        draw_ellipse(painter, middle, *radii)

    def note_curve(painter: QPainter, area: QRectF, colours: object) -> None:
        curves.append(area)
        draw_sigmoid(painter, area, colours)  # type: ignore[arg-type]

    monkeypatch.setattr(QPainter, "drawEllipse", note_circle)
    monkeypatch.setattr(swatches, "draw_sigmoid", note_curve)
    image = QImage(112, 48, QImage.Format.Format_RGB32)
    image.fill(QColor(chrome.surface))  # type: ignore[attr-defined]
    with QPainter(image) as painter:
        swatches.draw_output(painter, QRectF(0, 0, 112, 48), output, range(n_classes), chrome)  # type: ignore[arg-type]
        assert painter.brush().style() == Qt.BrushStyle.NoBrush, "the painter is as it was"

    assert len(circles) == swatches.N_HIDDEN + n_units
    assert len(curves) == n_curves
    shown = min(n_classes, 6)
    assert all(of_colour(pixels(image), colour).any() for colour in CLASS_COLOURS[:shown])
