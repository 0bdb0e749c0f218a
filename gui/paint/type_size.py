"""The size of text, and of all that is painted beside it: one scale, that of the font."""

from __future__ import annotations

import math

from PySide6.QtCore import QCoreApplication, QEvent, QObject, Slot
from PySide6.QtGui import QFont, QFontInfo, QFontMetricsF
from PySide6.QtWidgets import QApplication, QWidget

USUAL_FONT = 12  # pixels of the font with which lengths are those that are written in the program
SMALLEST = 9.0  # pixels of the smallest text beside the usual font
STEPS = (90, 100, 115, 130, 150)  # percent of the system's font that the user chooses from
CAPITALS = 21 / 1080  # of the height of a screen: a capital that is seen from the last row


def scale_of(font: QFont) -> float:
    """The scale of what is painted beside texts in a font, 1 for the usual one."""
    return QFontInfo(font).pixelSize() / USUAL_FONT


def least_text(scale: float) -> float:
    """The size of the smallest text, in lengths of a scale: small texts grow more than others, up to the usual size.

    So from a scale of 1.5 on, as in a presentation, all is as large as what is largest is needed to be.
    """
    return max(SMALLEST / scale, min(float(USUAL_FONT), SMALLEST + 6 * (scale - 1)))


def least_line(scale: float) -> float:
    """The width of the thinnest curve, in lengths of a scale; it grows with the smallest text."""
    return max(1.0, min(1.25, 1 + 0.5 * (scale - 1)))


def sized(font: QFont, size: float, *, is_bold: bool = False) -> QFont:
    """A font in another size, in lengths of the scale of `font`, for a painter that is scaled by that."""
    other = QFont(font)
    other.setPixelSize(math.ceil(max(size, least_text(scale_of(font)))))
    other.setBold(is_bold)
    return other


def drawn(font: QFont, size: float, *, is_bold: bool = False) -> QFont:
    """A font in another size, in lengths of the scale of `font`, for widgets and painters that are not scaled."""
    scale = scale_of(font)
    other = QFont(font)
    other.setPixelSize(max(1, round(scale * max(size, least_text(scale)))))
    other.setBold(is_bold)
    return other


def keep_size(widget: QWidget, size: float, *, is_bold: bool = False) -> None:
    """Give a widget a text of a size in lengths of the scale of the program's font, now and whenever that changes."""
    Follower(widget, size, is_bold)


class Follower(QObject):
    """Keeps the size of a widget's text in proportion to the font of the program."""

    def __init__(self, widget: QWidget, size: float, is_bold: bool) -> None:
        super().__init__(widget)
        self._widget, self._size, self._is_bold = widget, size, is_bold
        self._follow(QApplication.font())
        application = QApplication.instance()
        assert isinstance(application, QApplication)
        application.fontChanged.connect(self._follow)

    @Slot(QFont)
    def _follow(self, font: QFont) -> None:
        self._widget.setFont(drawn(font, self._size, is_bold=self._is_bold))


class TextSize:
    """The size of all text of the program, as a multiple of the system's.

    Attributes:
        scale: the multiple.
    """

    def __init__(self, application: QApplication) -> None:
        self._application, self._usual, self.scale = application, application.font(), 1.0

    def use(self, scale: float) -> None:
        """Let all windows have text of a size."""
        if scale != self.scale:
            self.scale = scale
            self._application.setFont(scaled(self._usual, scale) if scale != 1 else self._usual)
            # at once, so that nothing is painted or laid out with the font of before
            QCoreApplication.sendPostedEvents(None, QEvent.Type.ApplicationFontChange.value)

    def for_last_row(self, height: float) -> float:
        """The multiple with which capitals are seen from the last row, on a screen so many logical pixels high."""
        large = QFont(self._usual)
        large.setPixelSize(100)
        capital = QFontMetricsF(large).capHeight() / 100 * QFontInfo(self._usual).pixelSize()
        return max(1.5, (CAPITALS * height + 0.5) / capital)


def scaled(font: QFont, factor: float, *, bold: bool | None = None) -> QFont:
    """A font that is larger by a factor, as bold as it is unless that is said."""
    larger = QFont(font)
    if font.pointSizeF() > 0:
        larger.setPointSizeF(font.pointSizeF() * factor)
    else:
        larger.setPixelSize(max(1, round(font.pixelSize() * factor)))
    if bold is not None:
        larger.setBold(bold)
    return larger
