"""Thumbnails of the toy datasets: small samples without axes."""

from __future__ import annotations

from functools import lru_cache

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPen, QPixmap
from PySide6.QtWidgets import QStyledItemDelegate, QStyleOptionViewItem, QWidget

from engine import toy_datasets
from engine.config import ToyDataset
from gui.paint.theme import CLASS_COLOURS, Chrome, chrome_of

SIZE = 40  # pixels
POINTS, NOISE = 150, 0.05
POINT_SIZE = 2.2  # pixels


@lru_cache(maxsize=64)
def thumbnail(kind: ToyDataset, chrome: Chrome, ratio: float = 1.0) -> QIcon:
    """A tile with a sample of two or three classes; the same when it is selected, where Qt would tint it.

    Args:
        kind: of the sample.
        chrome: colours around the points.
        ratio: device pixels per pixel.
    """
    n_classes = toy_datasets.ROWS[kind].usual_classes
    sample = toy_datasets.make(kind, n_samples=POINTS, n_classes=n_classes, noise=NOISE)
    picture = QPixmap(round(SIZE * ratio), round(SIZE * ratio))
    picture.setDevicePixelRatio(ratio)
    picture.fill(Qt.GlobalColor.transparent)
    with QPainter(picture) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(chrome.grid), 1))
        painter.setBrush(QColor(chrome.surface))
        painter.drawRoundedRect(QRectF(0.5, 0.5, SIZE - 1, SIZE - 1), 3, 3)
        painter.translate(SIZE / 2, SIZE / 2)
        unit = SIZE / 2 - 2.5  # from the middle to the edge of the plane
        for label in range(n_classes):
            painter.setPen(
                QPen(QColor(CLASS_COLOURS[label]), POINT_SIZE, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap)
            )
            places = sample.points[sample.labels == label] * (unit, -unit)
            painter.drawPoints([QPointF(x, y) for x, y in places.tolist()])
    icon = QIcon(picture)
    icon.addPixmap(picture, QIcon.Mode.Selected)
    return icon


class ThumbnailDelegate(QStyledItemDelegate):
    """Shows the thumbnails of toy datasets beside their names in a list; each is drawn when it is first seen.

    Args:
        kinds: of the rows.
    """

    def __init__(self, kinds: list[ToyDataset], parent: QWidget) -> None:
        super().__init__(parent)
        self._kinds = kinds

    def initStyleOption(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> None:
        super().initStyleOption(option, index)
        widget: QWidget = option.widget
        chrome = chrome_of(widget.palette())
        option.icon = thumbnail(self._kinds[index.row()], chrome, widget.devicePixelRatioF())
        option.decorationSize = QSize(SIZE, SIZE)
        option.features |= QStyleOptionViewItem.ViewItemFeature.HasDecoration

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        """Room for a thumbnail, known before it is drawn."""
        text = option.fontMetrics.horizontalAdvance(str(index.data()))
        return QSize(SIZE + text + 24, SIZE + 4)
