"""Thumbnails in lists: small samples of the toy datasets without axes, and the curves of activations."""

from __future__ import annotations

from collections.abc import Sequence
from functools import lru_cache

import numpy as np
from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFontMetrics, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine import toy_datasets
from engine.config import Activation, ToyDataset
from gui.paint.swatches import curve_tile
from gui.paint.theme import CLASS_COLOURS, Chrome, chrome_of

Kind = ToyDataset | Activation
SIDE = 40  # lengths in which a sample is drawn
POINTS, NOISE = 150, 0.05
POINT_SIZE, LINE = 2.2, 2.4


def tile_size(kind: Kind, metrics: QFontMetrics) -> QSize:
    """The size of a thumbnail beside a text."""
    line = metrics.height()
    return QSize(round(2.6 * line), round(1.8 * line)) if isinstance(kind, Activation) else QSize(1, 1) * (2.5 * line)


@lru_cache(maxsize=64)
def thumbnail(kind: Kind, chrome: Chrome, width: int, height: int, ratio: float = 1.0) -> QIcon:
    """A tile of so many pixels, sharp on a dense screen; the same when it is selected, where Qt would tint it."""
    if isinstance(kind, Activation):
        picture = curve_tile(kind, chrome, QSize(width, height), ratio)
    else:
        picture = sample_tile(kind, chrome, height, ratio)
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


def sample_tile(kind: ToyDataset, chrome: Chrome, side: int, ratio: float) -> QPixmap:
    """A sample of two or three classes, or the curve that the values of one lie along."""
    n_classes = toy_datasets.ROWS[kind].usual_classes
    sample = toy_datasets.make(kind, n_samples=POINTS, n_classes=n_classes, noise=NOISE)
    picture = QPixmap(round(side * ratio), round(side * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(side / SIDE, side / SIDE)
        painter.setPen(QPen(QColor(chrome.edge), 1))
        painter.setBrush(QColor(chrome.surface))
        painter.drawRoundedRect(QRectF(0.5, 0.5, SIDE - 1, SIDE - 1), 3, 3)
        painter.translate(SIDE / 2, SIDE / 2)
        unit = SIDE / 2 - 2.5  # from the middle to the edge of the plane
        if (curve := toy_datasets.ROWS[kind].curve) is not None:
            x = np.linspace(-1, 1, SIDE)
            painter.setPen(QPen(QColor(chrome.boundary), LINE))
            painter.drawPolyline([QPointF(*place) for place in np.column_stack([x, curve(x)]) * (unit, -unit)])
        for label in range(n_classes if curve is None else 0):
            painter.setPen(
                QPen(QColor(CLASS_COLOURS[label]), POINT_SIZE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            )
            places = sample.points[sample.labels == label] * (unit, -unit)
            painter.drawPoints([QPointF(x, y) for x, y in places.tolist()])
    return picture


class ThumbnailDelegate(QStyledItemDelegate):
    """Shows thumbnails beside the names in a list; each is drawn when it is first seen.

    Args:
        kinds: of the rows.
    """

    def __init__(self, kinds: Sequence[Kind], parent: QWidget) -> None:
        super().__init__(parent)
        self._kinds = kinds

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        widget: QWidget = option.widget
        kind = self._kinds[index.row()]
        option.decorationSize = tile_size(kind, option.fontMetrics)
        size = option.decorationSize.toTuple()
        option.icon = thumbnail(kind, chrome_of(widget.palette()), *size, widget.devicePixelRatioF())
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for a thumbnail, known before it is drawn."""
        tile = tile_size(self._kinds[index.row()], option.fontMetrics)
        text = option.fontMetrics.horizontalAdvance(str(index.data()))
        return QSize(tile.width() + text + 24, tile.height() + 4)
