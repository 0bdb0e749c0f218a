"""Marker shapes, one a class, so that classes differ without colour too; and pins, with a letter each."""

from __future__ import annotations

import math
from collections.abc import Iterable
from functools import lru_cache

from PySide6.QtCore import QLineF, QPointF, QRectF, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPainterPath, QPen, QPixmap, QPolygonF, QTransform

from engine.data.shares import Role
from engine.insight.pins import LETTERS
from gui.paint.theme import CLASS_COLOURS, PIN_COLOURS, Chrome
from gui.text.language import mark

MARKER_SIZE = 11.0  # pixels, where there is room
MIN_SIZE, SIZE_STEP = 4.0, 0.5  # pixels: of a marker among very many, and between two sizes
ROOM = 800.0  # pixels of the plane for each point, from which on markers are as large as they get
CLEAR, MIN_OPACITY = 150.0, 0.6  # the room below which points let the field through, and how much of them remains
RIM_WIDTH = 0.9  # pixels, of a marker of the usual size
RIM = 1.5  # pixels of white around a marker on a bar
PIN_HEAD, PIN_RISE = 9.0, 20.0  # pixels: the radius of the head of a pin, and how high over its tip the middle is
HOLLOW_SHARE = 0.55  # of the shape's size that is left open
DOT = 0.5  # of the size of what is left open: the dot in it


def size_for(room: float) -> float:
    """The size of markers when each has so many pixels of the plane, so that the field between them is seen.

    It follows the fourth root, slower than the distance of points, in steps that nobody sees: a stroke that adds points
    need not paint all others anew.
    """
    wanted = MARKER_SIZE * math.sqrt(math.sqrt(min(1.0, max(room, 0.0) / ROOM)))
    return max(MIN_SIZE, round(wanted / SIZE_STEP) * SIZE_STEP)


def opacity_for(room: float) -> float:
    """The opacity of all points together when each has so many pixels of the plane."""
    return MIN_OPACITY + (1 - MIN_OPACITY) * math.sqrt(min(1.0, max(room, 0.0) / CLEAR))


def polygon(corners: int, turn: float, radius: float = 1.0, inner: float | None = None) -> QPainterPath:
    """A regular polygon, or a star if `inner` gives the radius of the corners between; `turn` in degrees."""
    points = []
    count = corners if inner is None else 2 * corners
    for index in range(count):
        angle = math.radians(turn + 360 * index / count)
        distance = inner if inner is not None and index % 2 else radius
        points.append(QPointF(distance * math.cos(angle), distance * math.sin(angle)))
    path = QPainterPath()
    path.addPolygon(QPolygonF(points))
    path.closeSubpath()
    return path


def circle() -> QPainterPath:
    """A disc."""
    path = QPainterPath()
    path.addEllipse(QRectF(-0.85, -0.85, 1.7, 1.7))
    return path


def plus() -> QPainterPath:
    """A broad plus sign."""
    path = QPainterPath()
    path.addRect(QRectF(-1, -0.38, 2, 0.76))
    upright = QPainterPath()
    upright.addRect(QRectF(-0.38, -1, 0.76, 2))
    return path.united(upright)


def hourglass() -> QPainterPath:
    """Two triangles that meet at a waist."""
    path = QPainterPath()
    corners = ((-0.95, -1), (0.95, -1), (0.35, 0), (0.95, 1), (-0.95, 1), (-0.35, 0))
    path.addPolygon(QPolygonF([QPointF(x, y) for x, y in corners]))
    path.closeSubpath()
    return path


@lru_cache(maxsize=1)
def shapes() -> tuple[QPainterPath, ...]:
    """The shape of each class, about one unit in radius."""
    return (
        circle(),
        polygon(4, 45, 1.08),
        polygon(3, -90, 1.12),
        polygon(4, 0, 1.12),
        polygon(3, 90, 1.12),
        plus(),
        polygon(5, -90, 1.2, 0.52),
        polygon(6, 0, 1.0),
        QTransform().rotate(45).map(plus()),
        hourglass(),
    )


SHAPE_NAMES = (
    mark("circle", "marker"),
    mark("square", "marker"),
    mark("triangle", "marker"),
    mark("diamond", "marker"),
    mark("triangle down", "marker"),
    mark("plus", "marker"),
    mark("star", "marker"),
    mark("hexagon", "marker"),
    mark("cross", "marker"),
    mark("hourglass", "marker"),
)


@lru_cache(maxsize=128)
def marker(colour_number: int, role: int, chrome: Chrome, ratio: float, size: float = MARKER_SIZE) -> QPixmap:
    """The picture of one point: hollow for validation, with a dot for the test.

    Args:
        colour_number: of the class.
        role: of the point, see `engine.data.shares.Role`.
        chrome: colours around it.
        ratio: device pixels per pixel.
        size: of the marker in pixels; the picture has a rim.
    """
    side = math.ceil((size + 4) * ratio)
    side += 1 - side % 2  # odd, so that a pixel is in the middle
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.translate(side / 2, side / 2)
        painter.scale(ratio, ratio)
        paint_marker(painter, colour_number, role, chrome, size)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_marker(painter: QPainter, colour_number: int, role: int, chrome: Chrome, size: float = MARKER_SIZE) -> None:
    """Paint one point at the origin; see `marker`."""
    painter.scale(size / 2, size / 2)
    shape = shapes()[colour_number]
    edge = QPen(QColor(chrome.point_edge), 2 * RIM_WIDTH / MARKER_SIZE)
    edge.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
    painter.setPen(edge)
    painter.setBrush(QColor(CLASS_COLOURS[colour_number]))
    painter.drawPath(shape)
    if role:
        painter.setPen(Qt.PenStyle.NoPen)
        painter.setBrush(QColor(chrome.surface))
        painter.scale(HOLLOW_SHARE, HOLLOW_SHARE)
        painter.drawPath(shape)
    if role == Role.TEST:
        painter.setBrush(QColor(chrome.point_edge))
        painter.drawEllipse(QPointF(), DOT, DOT)


def paint_marker_at(painter: QPainter, place: QPointF, colour_number: int, chrome: Chrome, size: float) -> None:
    """Paint a point that is none of validation at a place."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.translate(place)
    paint_marker(painter, colour_number, Role.TRAINING, chrome, size)
    painter.restore()


@lru_cache(maxsize=32)
def selection_mark(chrome: Chrome, ratio: float, size: float = MARKER_SIZE) -> QPixmap:
    """The mark under a selected point with a marker of a size, so that it seems to glow."""
    side = math.ceil((size + 4 + 5 * size / MARKER_SIZE) * ratio)
    side += 1 - side % 2
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.setPen(QPen(QColor(chrome.ink), max(1.0, 1.2 * size / MARKER_SIZE) * ratio))
        painter.setBrush(QColor(chrome.selection))
        painter.drawEllipse(QRectF(0, 0, side, side).adjusted(ratio, ratio, -ratio, -ratio))
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def class_icon(colour_number: int, chrome: Chrome) -> QIcon:
    """The marker of a class for lists and menus; the same when it is selected, where Qt would tint it."""
    icon = QIcon()
    icon.addPixmap(marker(colour_number, Role.TRAINING, chrome, 2.0, 13.0))
    icon.addPixmap(selected_marker(colour_number, chrome), QIcon.Mode.Selected)
    return icon


@lru_cache(maxsize=64)
def selected_marker(colour_number: int, chrome: Chrome) -> QPixmap:
    """The marker of a class within a white rim: it must be seen on the bar of what is selected, whatever its colour."""
    picture = marker(colour_number, Role.TRAINING, chrome, 2.0, 13.0)
    rimmed = QPixmap(picture.size())
    rimmed.fill(Qt.GlobalColor.transparent)
    side = picture.width() / picture.devicePixelRatio()
    with QPainter(rimmed) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        painter.scale(picture.devicePixelRatio(), picture.devicePixelRatio())
        painter.translate(side / 2, side / 2)
        size = 13.0 / 2 - RIM
        painter.scale(size, size)
        pen = QPen(Qt.GlobalColor.white, 2 * RIM / size)
        pen.setJoinStyle(Qt.PenJoinStyle.RoundJoin)
        painter.setPen(pen)
        painter.drawPath(shapes()[colour_number])
        painter.fillPath(shapes()[colour_number], QColor(CLASS_COLOURS[colour_number]))
    rimmed.setDevicePixelRatio(picture.devicePixelRatio())
    return rimmed


def pin_head(tip: QPointF, top: float, scale: float) -> QPointF:
    """The middle of the head of a pin, over its tip; where that is too near to the top, under it."""
    rises = tip.y() - (PIN_RISE + PIN_HEAD + 2) * scale >= top
    return tip + QPointF(0, (-PIN_RISE if rises else PIN_RISE) * scale)


def paint_pin(painter: QPainter, tip: QPointF, head: QPointF, number: int, chrome: Chrome, scale: float) -> None:
    """A pin with its tip at a place, so that what is there is seen, and its letter in the head."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    needle = QLineF(tip, head)
    for colour, width in ((chrome.halo, 5.0), (PIN_COLOURS[number], 2.0)):
        painter.setPen(QPen(QColor(colour), width * scale, c=Qt.PenCapStyle.RoundCap))
        painter.drawLine(needle)
    paint_pin_head(painter, head, number, chrome, PIN_HEAD * scale)


def paint_pin_head(painter: QPainter, middle: QPointF, number: int, chrome: Chrome, radius: float) -> None:
    """The head of a pin: a disc with its letter."""
    painter.setPen(QPen(QColor(chrome.halo), radius / 5))
    painter.setBrush(QColor(PIN_COLOURS[number]))
    painter.drawEllipse(middle, radius, radius)
    font = painter.font()
    font.setPixelSize(max(1, round(1.35 * radius)))
    font.setBold(True)
    painter.setFont(font)
    painter.setPen(Qt.GlobalColor.white)
    area = QRectF(-radius, -radius, 2 * radius, 2 * radius).translated(middle)
    painter.drawText(area, Qt.AlignmentFlag.AlignCenter, LETTERS[number])


def pin_badge(number: int, chrome: Chrome, ratio: float, size: float) -> QPixmap:
    """The head of a pin as a picture, so many pixels wide."""
    side = math.ceil(size * ratio)
    pixmap = QPixmap(side, side)
    pixmap.fill(Qt.GlobalColor.transparent)
    with QPainter(pixmap) as painter:
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        paint_pin_head(painter, QPointF(side / 2, side / 2), number, chrome, 0.45 * side)
    pixmap.setDevicePixelRatio(ratio)
    return pixmap


def paint_circle(painter: QPainter, middle: QPointF, radius: float, strokes: Iterable[tuple[str, float]]) -> None:
    """A circle, once for each stroke: its colour and width; with a broader one first it has a rim."""
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    for colour, width in strokes:
        painter.setPen(QPen(QColor(colour), width))
        painter.drawEllipse(middle, radius, radius)
