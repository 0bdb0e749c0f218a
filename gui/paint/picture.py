"""Pictures of what is shown: as sharp as one wants, in vectors, on a dark or a light ground."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import ExitStack, contextmanager

from PySide6.QtCore import QBuffer, QIODevice, QPoint, QSignalBlocker, QSize, Qt
from PySide6.QtGui import QImage, QPaintEngine, QPainter, QPixmap
from PySide6.QtSvg import QSvgGenerator
from PySide6.QtWidgets import QGraphicsItem, QGraphicsView, QWidget

from gui.paint.theme import LIGHT, palette_of

FINE = 4.0  # pixels for a length, of what has no vectors in a picture that has
NOTHING: tuple[object, ...] = ()
USUAL_DOTS = 96  # an inch, of a picture in vectors: a pixel of the window is one of the picture


def image_of(widget: QWidget, ratio: float, *, is_light: bool = False) -> QImage:
    """A picture of a widget, painted with so many pixels for each of the window's."""
    image = QImage(widget.size() * ratio, QImage.Format.Format_RGB32)
    image.setDevicePixelRatio(ratio)
    with posing(widget, is_light=is_light):
        QWidget.render(widget, image, QPoint())  # whatever a view of items has by that name
    return image


def svg_of(widget: QWidget, title: str, *, is_light: bool = False) -> bytes:
    """A picture of a widget in vectors."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    generator = QSvgGenerator(QSvgGenerator.SvgVersion.Svg11)
    generator.setOutputDevice(buffer)
    generator.setResolution(USUAL_DOTS)
    generator.setSize(QSize(widget.size()))
    generator.setViewBox(widget.rect())
    generator.setTitle(title)
    with posing(widget, is_light=is_light), QPainter(generator) as painter:
        QWidget.render(widget, painter, QPoint())
    return bytes(buffer.data().data())


def png_of(image: QImage) -> bytes:
    """The bytes of a PNG file."""
    buffer = QBuffer()
    buffer.open(QIODevice.OpenModeFlag.WriteOnly)
    image.save(buffer, "PNG")  # type: ignore[call-overload]  # the format is a text
    return bytes(buffer.data().data())


@contextmanager
def posing(widget: QWidget, *, is_light: bool) -> Iterator[None]:
    """Have a widget painted for a picture, on a light ground if wanted.

    What is seen on the screen does not change, since nothing is painted there meanwhile.
    """
    with ExitStack() as stack:
        if is_light:
            for part in (widget, *widget.findChildren(QWidget)):
                stack.enter_context(QSignalBlocker(part))  # nobody is to work for colours that nobody keeps
            stack.callback(widget.setPalette, widget.palette())
            widget.setPalette(palette_of(LIGHT))
        for view in (widget, *widget.findChildren(QGraphicsView)):
            for item in view.items() if isinstance(view, QGraphicsView) else ():
                unbind(item, stack)
        yield


def unbind(item: QGraphicsItem, stack: ExitStack) -> None:
    """Free an item of its cache, which is in pixels of the screen, until the stack ends."""
    if (mode := item.cacheMode()) != QGraphicsItem.CacheMode.NoCache:
        stack.callback(item.setCacheMode, mode)
        item.setCacheMode(QGraphicsItem.CacheMode.NoCache)


def is_vector(painter: QPainter) -> bool:
    """True if a painter writes vectors, so that what it paints should not be a picture of pixels."""
    engine = painter.paintEngine()
    return engine is not None and engine.type() == QPaintEngine.Type.SVG


def ratio_of(painter: QPainter) -> float:
    """The pixels of what a painter paints on for one of its own: of a screen, or of a picture to be kept."""
    return FINE if is_vector(painter) else max(1.0, painter.combinedTransform().m11())


class Still:
    """The part of a painted widget that stands still, kept as a picture while nothing changes that it depends on."""

    def __init__(self) -> None:
        self._picture, self._key = QPixmap(), NOTHING

    def forget(self) -> None:
        """Paint it anew the next time."""
        self._picture, self._key = QPixmap(), NOTHING

    def paint(
        self, painter: QPainter, size: QSize, scale: float, key: tuple[object, ...], draw: Callable[[QPainter], None]
    ) -> None:
        """Paint it.

        Args:
            painter: of the widget, whose lengths are already multiplied by the scale; of vectors it gets vectors.
            size: of the widget.
            scale: pixels for each of the lengths that are drawn.
            key: all else that it depends on.
            draw: draws it.
        """
        if is_vector(painter):
            draw(painter)
            return
        painter.save()
        painter.scale(1 / scale, 1 / scale)
        ratio = ratio_of(painter)
        wanted = size, ratio, scale, *key
        if wanted != self._key:
            self._key, self._picture = wanted, QPixmap(size * ratio)
            self._picture.setDevicePixelRatio(ratio)
            self._picture.fill(Qt.GlobalColor.transparent)
            with QPainter(self._picture) as own:
                own.setLayoutDirection(Qt.LayoutDirection.LeftToRight)
                own.setRenderHints(painter.renderHints())
                own.scale(scale, scale)
                draw(own)
        painter.drawPixmap(0, 0, self._picture)
        painter.restore()
