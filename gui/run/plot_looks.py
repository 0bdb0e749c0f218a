"""The looks of the plots, and the pens and lines of their curves."""

# Tests: tests/gui/run/test_loss_plot.py

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPen
from PySide6.QtWidgets import QGraphicsItem

from gui.paint.theme import Chrome, lane_pen
from gui.paint.type_size import least_line
from gui.run.curves import Curves, loss_name
from gui.text.language import say

RAW_STRENGTH = 0.45  # opacity of the line as measured under the smooth one


class Line(pg.PlotCurveItem):  # type: ignore[misc]  # pyqtgraph has no types
    """A curve that takes the room of its whole plot, which is asked for more often than curves are drawn.

    Its pen does not grow with the plot, and would be that many pixels of any screen or picture, however fine.
    """

    def boundingRect(self) -> QRectF:
        is_drawn = self.xData is not None and len(self.xData)
        return self.viewRect() or QRectF() if is_drawn else QRectF()

    def paint(self, painter: QPainter, *given: object) -> None:
        usual, scaled = self.opts["pen"], painter.worldTransform().m11()  # in lengths of the window
        self.opts["pen"] = QPen(usual)
        self.opts["pen"].setWidthF(usual.widthF() * painter.combinedTransform().m11() / scaled)
        super().paint(painter, *given)
        self.opts["pen"] = usual


def set_up(plot: pg.PlotItem, name: str) -> None:
    """Have a plot stand still under the pointer, with a grid that costs little and an axis of that name."""
    plot.setMenuEnabled(False)
    plot.hideButtons()
    plot.setMouseEnabled(False, False)
    plot.disableAutoRange()
    plot.setLabel("left", name)
    plot.showGrid(x=True, y=True, alpha=0.15)
    for side in ("left", "bottom"):
        axis = plot.getAxis(side)
        axis.enableAutoSIPrefix(False)
        axis.setStyle(maxTickLevel=0)  # grid lines take half the time of a repaint
        axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # and change seldom


def renamed(plot: pg.PlotItem, name: str) -> bool:
    """Call the upright axis of a plot so; returns whether it was called otherwise."""
    axis = plot.getAxis("left")
    is_other = axis.labelText != name
    if is_other:
        axis.setLabel(name)
    return bool(is_other)


def name_axes(losses: pg.PlotItem, scores: pg.PlotItem, *, are_alike: bool = True, has_values: bool = False) -> bool:
    """Call the upright axes by what they show; returns whether one was called otherwise.

    Args:
        losses: the plot of losses.
        scores: the plot of accuracies or R².
        are_alike: whether all losses are of one kind.
        has_values: whether values are learned, so that scores are R², not accuracies.
    """
    ticks = ("0", "0.5", "1") if has_values else ("0 %", "50 %", "100 %")
    if is_other := renamed(scores, "R²" if has_values else say("Accuracy")):
        scores.getAxis("left").setTicks([list(zip((0, 0.5, 1), ticks, strict=True)), []])
    return renamed(losses, loss_name(are_alike=are_alike)) or is_other


def draw_line(item: Line, curves: Curves, heights: NDArray[np.float64]) -> None:
    """Draw a line through the heights of the rows of curves, broken between their pieces."""
    known = np.isfinite(heights)
    piece = curves.piece[known]
    connect: NDArray[np.bool_] | str = "all"
    if len(piece) and piece[0] != piece[-1]:
        connect = np.append(piece[1:] == piece[:-1], False)
    item.setData(curves.table[known, 0], heights[known], connect=connect)


def curve_pens(chrome: Chrome, scale: float) -> list[QPen]:
    """Of training and validation."""
    training, validation = QPen(QColor(chrome.training), 1.6 * scale), QPen(QColor(chrome.validation), 3 * scale)
    validation.setStyle(Qt.PenStyle.DashLine)
    for pen in (training, validation):
        pen.setCosmetic(True)
    return [training, validation]


def lane_pens(chrome: Chrome, colour: int, scale: float) -> list[QPen]:
    """Of training and validation of the lane, among several, that has the colour of that number."""
    training, validation = lane_pen(chrome, colour, 2 * scale), lane_pen(chrome, colour, least_line(scale) * scale)
    for pen in (training, validation):
        pen.setCosmetic(True)
    faint = validation.color()
    faint.setAlphaF(0.6)
    validation.setColor(faint)
    return [training, validation]


def raw_pen(pen: QPen, scale: float) -> QPen:
    """Of the line as measured, under a smooth one."""
    raw, faint = QPen(pen), QColor(pen.color())
    faint.setAlphaF(RAW_STRENGTH * faint.alphaF())
    raw.setColor(faint)
    raw.setWidthF(min(pen.widthF(), least_line(scale) * scale))
    return raw


def name_inks(chrome: Chrome, colours: Sequence[int]) -> list[tuple[QColor, QColor]]:
    """The colours of the names of training and validation of each lane; without colours of a single one."""
    if not colours:
        return [(QColor(chrome.training), QColor(chrome.validation))]
    return [(QColor(chrome.lanes[colour]),) * 2 for colour in colours]
