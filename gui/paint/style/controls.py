"""The looks of each control: flat surfaces, hairlines, round corners, and a ring around what has the focus."""

# Tests: tests/gui/paint/test_style.py

from __future__ import annotations

from functools import lru_cache
from typing import NamedTuple

from PySide6.QtCore import QPointF, QRect, QRectF, Qt
from PySide6.QtGui import QColor, QPainter, QPalette, QPen, QPolygonF
from PySide6.QtWidgets import QSlider, QStyle, QStyleOption, QStyleOptionSlider, QStyleOptionTab

from gui.paint.theme import Chrome, chrome_of, mixed

RADIUS, RING = 6.0, 2.0  # pixels: of corners, and the width of the ring
USUAL_LINE = 15.0  # pixels that a line of the usual font is high
State, Group, Role = QStyle.StateFlag, QPalette.ColorGroup, QPalette.ColorRole


class Inks(NamedTuple):
    """The colours of controls in one theme; `Chrome` says what each is for."""

    window: QColor
    surface: QColor
    button: QColor
    hover: QColor
    pressed: QColor
    edge: QColor
    outline: QColor
    ink: QColor
    faint: QColor
    accent: QColor
    ring: QColor
    chosen: QColor


@lru_cache(maxsize=2)
def inks(chrome: Chrome) -> Inks:
    """The colours of controls, made once."""
    ink, button = QColor(chrome.ink), QColor(chrome.button)
    return Inks(
        QColor(chrome.window),
        QColor(chrome.surface),
        button,
        mixed(button, ink, 0.07),
        mixed(button, ink, 0.16),
        QColor(chrome.edge),
        QColor(chrome.outline),
        ink,
        QColor(chrome.faint),
        QColor(chrome.accent),
        QColor(chrome.ring),
        QColor(chrome.chosen),
    )


def inks_of(option: QStyleOption) -> Inks:
    """The colours of controls that go with the palette of an option."""
    return inks(chrome_of(option.palette))


def has(option: QStyleOption, *flags: QStyle.StateFlag) -> bool:
    """True if all of these are set."""
    return all(option.state & flag for flag in flags)


def box(
    painter: QPainter,
    area: QRect | QRectF,
    fill: QColor | None,
    edge: QColor | None,
    width: float = 1.0,
    radius: float = RADIUS,
) -> None:
    """A box with round corners, its line inside the area."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setPen(Qt.PenStyle.NoPen if edge is None else QPen(edge, width))
    painter.setBrush(Qt.BrushStyle.NoBrush if fill is None else fill)
    inset = width / 2 if edge is not None else 0.0
    inner = QRectF(area).adjusted(inset, inset, -inset, -inset)
    corner = max(0.0, min(radius, inner.height() / 2) - inset)
    painter.drawRoundedRect(inner, corner, corner)
    painter.restore()


def ring(painter: QPainter, area: QRect | QRectF, colours: Inks, radius: float = RADIUS) -> None:
    """The ring around what has the focus."""
    box(painter, area, None, colours.ring, RING, radius)


def ringed(painter: QPainter, area: QRect, colour: QColor, fill: QColor) -> None:
    """A ring, and within it, a gap apart, a surface that would hide a ring beside it."""
    box(painter, area, None, colour, RING)
    box(painter, area.adjusted(4, 4, -4, -4), fill, None, radius=RADIUS - 4)


DOWN, UP, RIGHT, LEFT = (0.0, 1.0), (0.0, -1.0), (1.0, 0.0), (-1.0, 0.0)


def chevron(
    painter: QPainter, middle: QPointF, colour: QColor, way: tuple[float, float] = DOWN, size: float = 3.5
) -> None:
    """A small angle that points some way."""
    x, y = way
    corners = ((-y - x / 2, -x - y / 2), (x / 2, y / 2), (y - x / 2, x - y / 2))
    stroke(painter, [middle + QPointF(*corner) * size for corner in corners], colour)


def stroke(painter: QPainter, corners: list[QPointF], colour: QColor, width: float = 1.6) -> None:
    """A line through corners, as those of icons."""
    painter.save()
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(Qt.BrushStyle.NoBrush)
    painter.setPen(QPen(colour, width, Qt.PenStyle.SolidLine, Qt.PenCapStyle.RoundCap, Qt.PenJoinStyle.RoundJoin))
    painter.drawPolyline(QPolygonF(corners))
    painter.restore()


def middle_of(area: QRect) -> QPointF:
    """The middle of an area."""
    return QRectF(area).center()


def unit(option: QStyleOption) -> float:
    """The size of what is drawn beside the letters of an option, 1 beside the usual ones."""
    return max(1.0, option.fontMetrics.height() / USUAL_LINE)


def text_ink(option: QStyleOption, role: QPalette.ColorRole = Role.ButtonText) -> QColor:
    """The colour of what is written on a control."""
    return option.palette.color(Group.Normal if has(option, State.State_Enabled) else Group.Disabled, role)


def draw_push(painter: QPainter, option: QStyleOption, area: QRect, *, primary: bool, flat: bool = False) -> None:
    """The surface of a button.

    One that is primary is filled with the accent: there is one in a window. One that is flat is nothing but its words,
    as long as nothing is done with it.
    """
    colours, enabled = inks_of(option), has(option, State.State_Enabled)
    down, on = has(option, State.State_Sunken), has(option, State.State_On)
    over = enabled and has(option, State.State_MouseOver)
    focused = has(option, State.State_HasFocus)
    if primary and enabled:
        shade = 0.22 if down else 0.10 if over else 0.0
        accent = mixed(colours.accent, QColor(Qt.GlobalColor.black), shade)
        if focused:
            ringed(painter, area, colours.ink, accent)  # in the dark the usual ring is hardly lighter than the accent
        else:
            box(painter, area, accent, None)
        return
    fill: QColor | None = colours.pressed if down else colours.hover if over else colours.button
    edge: QColor | None = None if flat else colours.edge
    if on:
        fill, edge = (
            mixed(colours.chosen, colours.ink, 0.08 if down or over else 0.0),
            colours.ring if enabled else edge,
        )
    elif not enabled or (flat and not over and not down):
        fill = None
    if focused and on and fill is not None:
        ringed(painter, area, colours.ring, fill)
        return
    if fill is not None or edge is not None:
        box(painter, area, fill, edge)
    if focused:
        ring(painter, area, colours)


def draw_field(painter: QPainter, option: QStyleOption, area: QRect) -> None:
    """The surface of a field into which something is typed, or in which it is chosen."""
    colours = inks_of(option)
    if not has(option, State.State_Enabled):
        box(painter, area, colours.window, colours.edge)
        return
    over = has(option, State.State_MouseOver)
    box(painter, area, colours.surface, colours.ink if over else colours.outline)
    if has(option, State.State_HasFocus):
        ring(painter, area, colours)


def draw_tick(painter: QPainter, option: QStyleOption, area: QRect, *, round_one: bool = False) -> None:
    """A box to be ticked, or one of several to be chosen."""
    colours, enabled = inks_of(option), has(option, State.State_Enabled)
    side = min(area.width(), area.height())
    place = QRectF(0, 0, side, side)
    place.moveCenter(middle_of(area))
    on, partly = has(option, State.State_On), has(option, State.State_NoChange)
    radius = side / 2 if round_one else 4.0
    if (on or partly) and enabled:
        box(painter, place, colours.accent, None, radius=radius)
    else:
        fill = colours.surface if enabled else None
        over = enabled and has(option, State.State_MouseOver)
        line = colours.ink if over else colours.outline if enabled else colours.edge
        box(painter, place, fill, line, radius=radius)
    mark = QColor(Qt.GlobalColor.white) if enabled else text_ink(option)
    each, middle = side / 14, place.center()
    if round_one and on:
        dot = QRectF(0, 0, 5 * each, 5 * each)
        dot.moveCenter(middle)
        box(painter, dot, mark, None, radius=dot.height() / 2)
    elif partly:
        stroke(painter, [middle - QPointF(3 * each, 0), middle + QPointF(3 * each, 0)], mark, 1.8 * each)
    elif on:
        tick = ((-3.4, 0.2), (-1.0, 2.6), (3.4, -2.4))
        stroke(painter, [middle + QPointF(x * each, y * each) for x, y in tick], mark, 1.8 * each)


def draw_tab(painter: QPainter, option: QStyleOptionTab) -> None:
    """A tab: a bar under the one that is shown."""
    colours, area = inks_of(option), option.rect
    if has(option, State.State_Selected):
        painter.fillRect(QRect(area.left() + 6, area.bottom() - 1, area.width() - 12, 2), colours.ring)
    elif has(option, State.State_Enabled, State.State_MouseOver):
        box(painter, area.adjusted(2, 2, -2, -3), colours.hover, None)
    if has(option, State.State_HasFocus):
        ring(painter, area.adjusted(2, 1, -2, -3), colours)


def draw_slider(painter: QPainter, option: QStyleOptionSlider, groove: QRect, handle: QRect, widget: QSlider) -> None:
    """A groove, filled up to the handle, with ticks below it."""
    colours, enabled = inks_of(option), has(option, State.State_Enabled)
    level = option.orientation is Qt.Orientation.Horizontal
    middle, at = middle_of(groove), middle_of(handle)
    line = QRectF(groove)
    if level:
        line = QRectF(groove.left(), at.y() - 1.5, groove.width(), 3)
        filled = QRectF(line.left(), line.top(), at.x() - line.left(), 3)
        if option.upsideDown:
            filled = QRectF(at.x(), line.top(), line.right() - at.x(), 3)
    else:
        line = QRectF(middle.x() - 1.5, groove.top(), 3, groove.height())
        filled = QRectF(line.left(), at.y(), 3, line.bottom() - at.y())
    if widget.tickPosition() is not QSlider.TickPosition.NoTicks and level and option.tickInterval >= 0:
        steps = max(1, (option.maximum - option.minimum) // max(1, option.tickInterval or option.pageStep))
        first, room = groove.left() + handle.width() / 2, groove.width() - handle.width()
        for step in range(steps + 1):
            painter.fillRect(QRectF(first + step * room / steps - 0.5, at.y() + 8, 1, 3), colours.outline)
    box(painter, line, colours.edge, None, radius=1.5)
    box(painter, filled, colours.accent if enabled else colours.outline, None, radius=1.5)
    side = 14.0 if has(option, State.State_MouseOver) or has(option, State.State_Sunken) else 12.0
    knob = QRectF(0, 0, side, side)
    knob.moveCenter(at)
    if has(option, State.State_HasFocus):
        box(painter, knob.adjusted(-2, -2, 2, 2), colours.window, colours.ring, RING, radius=side)
    box(painter, knob, colours.surface, colours.accent if enabled else colours.outline, 2.0, radius=side)


def draw_scroll_bar(painter: QPainter, option: QStyleOptionSlider, slider: QRect) -> None:
    """A bar that shows what part is seen."""
    colours = inks_of(option)
    active = has(option, State.State_Enabled) and option.maximum > option.minimum
    painter.fillRect(option.rect, option.palette.color(Role.Window))
    if not active:
        return
    level = option.orientation is Qt.Orientation.Horizontal
    over = has(option, State.State_MouseOver) or has(option, State.State_Sunken)
    thumb = slider.adjusted(1, 3, -1, -3) if level else slider.adjusted(3, 1, -3, -1)
    box(painter, thumb, colours.faint if over else colours.outline, None, radius=4)
