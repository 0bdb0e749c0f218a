"""Finders of what does not fit in a window: cut, outside, overlapping, elided, or under a scroll bar."""

from __future__ import annotations

from collections.abc import Iterator

from PySide6.QtCore import QPoint, QRect, Qt
from PySide6.QtWidgets import (
    QAbstractButton,
    QAbstractScrollArea,
    QAbstractSlider,
    QAbstractSpinBox,
    QComboBox,
    QLabel,
    QScrollBar,
    QSizePolicy,
    QTabBar,
    QToolBar,
    QWidget,
)

from gui.widgets.elided_label import ElidedLabel

CONTROLS = (QAbstractButton, QAbstractSpinBox, QComboBox, QAbstractSlider)


def faults_in(window: QWidget) -> list[str]:
    """All that does not fit."""
    return [*outside(window), *overlapping(window), *shortened(window), *covered(window)]


def parts_of(window: QWidget) -> list[QWidget]:
    """What is seen in a window, without the parts of which Qt makes its own widgets."""
    return [
        part
        for part in window.findChildren(QWidget)
        if part.isVisible() and part.window() is window and not isinstance(part, QScrollBar)
        if not part.objectName().startswith("qt_")
        if not any(isinstance(parent, (*CONTROLS, QToolBar)) for parent in ancestors(part))
    ]


def ancestors(part: QWidget) -> Iterator[QWidget]:
    """What a widget is in, up to its window."""
    while not part.isWindow() and (parent := part.parentWidget()) is not None:
        yield parent
        part = parent


def area_of(part: QWidget) -> QAbstractScrollArea | None:
    """The area in which a widget is scrolled."""
    return next((each for each in ancestors(part) if isinstance(each, QAbstractScrollArea)), None)


def place_in(window: QWidget, part: QWidget) -> QRect:
    return QRect(part.mapTo(window, QPoint()), part.size())


def seen_of(window: QWidget, part: QWidget) -> QRect:
    """The part of a widget that no area has scrolled away."""
    place = place_in(window, part)
    for each in ancestors(part):
        if isinstance(each, QAbstractScrollArea) and each.viewport().isAncestorOf(part):
            place &= place_in(window, each.viewport())
    return place


def name_of(part: QWidget) -> str:
    text = part.text() if isinstance(part, QLabel | QAbstractButton) else ""
    return f"{type(part).__name__} {part.objectName()} {text!r}".replace("\n", " ")


def outside(window: QWidget) -> list[str]:
    """What reaches beyond what it is in, unless that can be scrolled to; to the side only pictures can be."""
    found = []
    for part in parts_of(window):
        parent = part.parentWidget()
        area = area_of(part)
        is_content = area is not None and parent is area.viewport()
        if parent is not None and not is_content and not parent.rect().contains(part.geometry()):
            found.append(f"outside: {name_of(part)}")
        if area is not None and isinstance(part, (*CONTROLS, QLabel)):
            place, port = place_in(window, part), place_in(window, area.viewport())
            if place.left() < port.left() or place.right() > port.right():
                found.append(f"to be scrolled sideways: {name_of(part)}")
    return found


def overlapping(window: QWidget) -> list[str]:
    """Texts and controls that lie over each other."""
    parts = [part for part in parts_of(window) if isinstance(part, (*CONTROLS, QLabel)) and says_something(part)]
    places = [(part, place) for part in parts if not (place := seen_of(window, part)).isEmpty()]
    return [
        f"overlapping: {name_of(one)} and {name_of(other)}"
        for index, (one, place) in enumerate(places)
        for other, there in places[index + 1 :]
        if place.intersects(there) and not one.isAncestorOf(other) and not other.isAncestorOf(one)
    ]


def says_something(part: QWidget) -> bool:
    return not isinstance(part, QLabel) or bool(part.text()) or not part.pixmap().isNull()


def shortened(window: QWidget) -> list[str]:
    """Texts and fields that have less room than they need, unless they are shortened on purpose."""
    found = []
    for part in parts_of(window):
        match part:
            case ElidedLabel():  # on purpose: all of it is said elsewhere
                continue
            case QLabel() if part.wordWrap():
                is_cut = part.height() < part.heightForWidth(part.width())
            case QLabel():
                is_ignored = part.sizePolicy().horizontalPolicy() is QSizePolicy.Policy.Ignored
                needed = part.sizeHint()
                is_cut = bool(part.text()) and (part.height() < needed.height() - 4 or part.width() < needed.width())
                is_cut = is_cut and not (is_ignored and part.textFormat() is Qt.TextFormat.PlainText)
            case QAbstractButton():
                is_cut = part.width() < part.sizeHint().width() or part.height() < part.minimumSizeHint().height()
            case QComboBox() | QAbstractSpinBox():
                needed = part.minimumSizeHint()
                is_cut = part.width() < needed.width() or part.height() < needed.height()
            case QTabBar():
                is_cut = any(part.tabRect(tab).width() < part.tabSizeHint(tab).width() for tab in range(part.count()))
            case _:
                continue
        if is_cut:
            found.append(f"cut: {name_of(part)} {part.size().toTuple()} of {part.sizeHint().toTuple()}")
    return found


def covered(window: QWidget) -> list[str]:
    """Controls under a scroll bar."""
    bars = [bar for bar in window.findChildren(QScrollBar) if bar.isVisible() and bar.window() is window]
    places = [(bar, seen_of(window, bar)) for bar in bars]
    controls = [(part, seen_of(window, part)) for part in parts_of(window) if isinstance(part, (*CONTROLS, QLabel))]
    return [
        f"covered: {name_of(part)}"
        for part, place in controls
        for bar, there in places
        if part is not bar and place.intersects(there)
    ]
