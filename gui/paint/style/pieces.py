"""The pieces that Qt draws one by one: frames, arrows, ticks, rows, and the grounds of bars."""

# Tests: tests/gui/paint/test_style.py

from __future__ import annotations

from collections.abc import Callable

from PySide6.QtCore import QRect, Qt
from PySide6.QtGui import QPainter
from PySide6.QtWidgets import (
    QAbstractItemView,
    QCheckBox,
    QStyle,
    QStyleOption,
    QStyleOptionHeader,
    QStyleOptionProgressBar,
    QStyleOptionViewItem,
    QWidget,
)

from gui.paint.style.controls import (
    RADIUS,
    Role,
    State,
    box,
    chevron,
    draw_field,
    draw_tick,
    has,
    inks_of,
    middle_of,
    ring,
    text_ink,
    unit,
)

Draw = Callable[[QStyleOption, QPainter, QWidget | None], None]


def focus_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The ring, where Qt has a dotted line."""
    ring(painter, option.rect, inks_of(option), RADIUS - 2)


def frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The hairline around a list or a text."""
    colours = inks_of(option)
    focused = has(option, State.State_HasFocus)
    box(painter, option.rect, None, colours.ring if focused else colours.edge, 2.0 if focused else 1.0, 2.0)


def line_edit(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The surface of a line that is typed, unless that is part of another field; it hides the cell that it is in."""
    parent = None if widget is None else widget.parentWidget()
    if getattr(option, "lineWidth", 1) > 0:
        draw_field(painter, option, option.rect)
    elif parent is not None and isinstance(parent.parentWidget(), QAbstractItemView):
        painter.fillRect(option.rect, option.palette.base())


def tick_box(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A box to be ticked; one without words beside it is as large as the letters of its label."""
    area = option.rect
    if isinstance(widget, QCheckBox) and not widget.text():
        side = min(widget.height(), round(unit(option) * area.height()))
        area = QRect(0, (widget.height() - side) // 2, side, side)
        area = QStyle.visualRect(option.direction, widget.rect(), area)
    draw_tick(painter, option, area)


def choice_dot(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """One of several that exclude each other."""
    draw_tick(painter, option, option.rect, round_one=True)


def arrow(way: tuple[float, float]) -> Draw:
    """An arrow that points some way."""

    def draw(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
        chevron(painter, middle_of(option.rect), text_ink(option), way)

    return draw


def nothing(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """No frame and no shade: the ground is enough."""


def selected_row(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The bar of what is selected in a list; that under the pointer is only tinted."""
    if isinstance(option, QStyleOptionViewItem):
        colours, area = inks_of(option), option.rect
        if option.backgroundBrush.style() is not Qt.BrushStyle.NoBrush:
            painter.fillRect(area, option.backgroundBrush)
        if has(option, State.State_Selected):
            painter.fillRect(area, option.palette.brush(Role.Highlight))
            place = QStyleOptionViewItem.ViewItemPosition
            if option.viewItemPosition in (place.Beginning, place.OnlyOne):
                bar = QRect(area.left(), area.top(), 3, area.height())
                painter.fillRect(QStyle.visualRect(option.direction, area, bar), colours.ring)
        elif has(option, State.State_Enabled, State.State_MouseOver):
            painter.fillRect(area, colours.hover)


def splitter(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A hairline between two regions, that lights up under the pointer."""
    colours, area = inks_of(option), option.rect
    over = has(option, State.State_MouseOver) or has(option, State.State_Sunken)
    width, colour = (3, colours.ring) if over else (1, colours.edge)
    if area.width() < area.height():
        line = QRect(area.center().x() - width // 2, area.top(), width, area.height())
    else:
        line = QRect(area.left(), area.center().y() - width // 2, area.width(), width)
    painter.fillRect(line, colour)


def header(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The ground of a heading of a table."""
    if isinstance(option, QStyleOptionHeader):
        colours, area = inks_of(option), option.rect
        painter.fillRect(area, colours.window)
        painter.fillRect(QRect(area.left(), area.bottom(), area.width(), 1), colours.edge)
        painter.fillRect(QRect(area.right(), area.top(), 1, area.height()), colours.edge)


def bare(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The ground of a bar of tools or of menus: that of the window."""
    painter.fillRect(option.rect, option.palette.color(Role.Window))


def progress_groove(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """All of a bar of progress."""
    colours = inks_of(option)
    box(painter, option.rect, colours.surface, colours.edge, radius=4)


def progress_done(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The part of a bar of progress that is done."""
    if isinstance(option, QStyleOptionProgressBar) and option.maximum > option.minimum:
        share = (option.progress - option.minimum) / (option.maximum - option.minimum)
        area = option.rect.adjusted(1, 1, -1, -1)
        done = QRect(area.left(), area.top(), round(area.width() * max(0.0, min(1.0, share))), area.height())
        box(painter, QStyle.visualRect(option.direction, area, done), inks_of(option).chosen, None, radius=3)


def menu_frame(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The hairline around a menu."""
    box(painter, option.rect, None, inks_of(option).edge, radius=0)
