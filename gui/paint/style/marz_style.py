"""The style of the window: Qt's Fusion, of which the surfaces of controls are drawn by us.

Only what draws is overridden: what Qt asks for a thousand times, as lengths and hints, never comes to Python.
"""

# Tests: tests/gui/paint/test_style.py

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

from PySide6.QtCore import QPointF, QRect, QSize, Qt
from PySide6.QtGui import QColor, QIcon, QPainter, QPalette, QPixmap
from PySide6.QtWidgets import (
    QAbstractSpinBox,
    QApplication,
    QProxyStyle,
    QSlider,
    QStyle,
    QStyleOption,
    QStyleOptionButton,
    QStyleOptionComboBox,
    QStyleOptionComplex,
    QStyleOptionMenuItem,
    QStyleOptionSlider,
    QStyleOptionSpinBox,
    QStyleOptionTab,
    QStyleOptionToolButton,
    QWidget,
)

from gui.paint.icons import icon
from gui.paint.style import controls, pieces
from gui.paint.style.controls import (
    DOWN,
    LEFT,
    RIGHT,
    UP,
    Role,
    State,
    box,
    chevron,
    has,
    inks_of,
    middle_of,
    text_ink,
)
from gui.paint.theme import chrome_of

DrawWith = Callable[[Any, Any, QPainter, QWidget | None], None]
PRIMARY = "primary"
"""A property of the one button that is filled."""
ARROW = 16  # pixels beside the words of a button, for the arrow of its menu
FIELD_MARGINS = 8  # pixels above and below the words of a field, together
Primitive, Control, Complex = QStyle.PrimitiveElement, QStyle.ControlElement, QStyle.ComplexControl
Part, Content, Stock = QStyle.SubControl, QStyle.ContentsType, QStyle.StandardPixmap
OWN_ICONS = {
    Stock.SP_MessageBoxInformation: "information",
    Stock.SP_MessageBoxQuestion: "question",
    Stock.SP_MessageBoxWarning: "warning",
    Stock.SP_MessageBoxCritical: "error",
    Stock.SP_FileDialogBack: "back",
    Stock.SP_ArrowBack: "back",
    Stock.SP_ArrowForward: "forward",
    Stock.SP_FileDialogToParent: "up",
    Stock.SP_FileDialogNewFolder: "new_folder",
    Stock.SP_FileDialogListView: "list",
    Stock.SP_FileDialogDetailedView: "details",
    Stock.SP_FileIcon: "file",
    **dict.fromkeys((Stock.SP_DirIcon, Stock.SP_DirClosedIcon, Stock.SP_DirOpenIcon, Stock.SP_DirHomeIcon), "folder"),
    **dict.fromkeys((Stock.SP_DriveHDIcon, Stock.SP_ComputerIcon, Stock.SP_DesktopIcon), "folder"),
}
"""In boxes, and in the file dialog that Qt has where the desktop has none."""


class MarzStyle(QProxyStyle):
    """Draws flat controls with hairlines and a ring around what has the focus."""

    def __init__(self) -> None:
        super().__init__("Fusion")

    def drawPrimitive(
        self, element: QStyle.PrimitiveElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        draw = PRIMITIVES.get(element)
        if draw is None:
            super().drawPrimitive(element, option, painter, widget)
        else:
            draw(option, painter, widget)

    def drawControl(
        self, element: QStyle.ControlElement, option: QStyleOption, painter: QPainter, widget: QWidget | None = None
    ) -> None:
        draw = CONTROLS.get(element)
        if draw is None:
            super().drawControl(element, option, painter, widget)
        else:
            draw(self, option, painter, widget)

    def drawComplexControl(
        self,
        control: QStyle.ComplexControl,
        option: QStyleOptionComplex,
        painter: QPainter,
        widget: QWidget | None = None,
    ) -> None:
        draw = COMPLEX.get(control)
        if draw is None:
            super().drawComplexControl(control, option, painter, widget)
        else:
            draw(self, option, painter, widget)

    def sizeFromContents(
        self,
        kind: QStyle.ContentsType,
        option: QStyleOption,
        size: QSize,
        widget: QWidget | None = None,
    ) -> QSize:
        """Room for the arrow of a menu beside the words of its button, not over them; ticks as high as fields."""
        result = super().sizeFromContents(kind, option, size, widget)  # type: ignore[arg-type]  # as Qt calls it
        if kind is Content.CT_ToolButton and isinstance(option, QStyleOptionToolButton) and opens_menu(option):
            result.setWidth(result.width() + ARROW)
        elif kind is Content.CT_CheckBox:
            line = option.fontMetrics.height()
            result = result.expandedTo(QSize(line, line + FIELD_MARGINS))
        return result

    def standardIcon(
        self, pixmap: QStyle.StandardPixmap, option: QStyleOption | None = None, widget: QWidget | None = None
    ) -> QIcon:
        """Our own icons in boxes and dialogs, in the ink of the theme."""
        name = OWN_ICONS.get(pixmap)
        if name is None:
            return super().standardIcon(pixmap, option, widget)
        palette = QApplication.palette() if widget is None else widget.palette()
        chrome = chrome_of(palette)
        return icon(name, chrome.warning if name in ("warning", "error") else chrome.ink, chrome.faint)


def opens_menu(option: QStyleOptionToolButton) -> bool:
    """True if all of a button opens its menu."""
    feature = QStyleOptionToolButton.ToolButtonFeature
    return bool(option.features & feature.HasMenu) and not option.features & feature.MenuButtonPopup


def is_primary(widget: QWidget | None) -> bool:
    """True of the one button that is filled."""
    return widget is not None and bool(widget.property(PRIMARY))


# what is drawn by itself


def push_button(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The surface of a button with words; that of a box's usual answer is filled."""
    if isinstance(option, QStyleOptionButton):
        flat = bool(option.features & QStyleOptionButton.ButtonFeature.Flat)
        controls.draw_push(painter, option, option.rect, primary=is_usual(option, widget), flat=flat)


def is_usual(option: QStyleOptionButton, widget: QWidget | None) -> bool:
    """True of the button that is filled, in a box that of the usual answer."""
    return bool(option.features & QStyleOptionButton.ButtonFeature.DefaultButton) or is_primary(widget)


def tool_panel(option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The surface of a tool button."""
    flat = has(option, State.State_AutoRaise)
    controls.draw_push(painter, option, option.rect, primary=is_primary(widget), flat=flat)


# what is drawn with its words


def tool_label(style: QProxyStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The words and the icon of a tool button: white on the one that is filled."""
    if isinstance(option, QStyleOptionToolButton) and is_primary(widget) and has(option, State.State_Enabled):
        option = QStyleOptionToolButton(option)
        option.palette = with_white_words(option.palette)
        if not option.icon.isNull():
            option.icon = in_white(option.icon.pixmap(option.iconSize, painter.device().devicePixelRatio()))
    QProxyStyle.drawControl(style, Control.CE_ToolButtonLabel, option, painter, widget)


def in_white(picture: QPixmap) -> QIcon:
    """The same picture in white."""
    with QPainter(picture) as painter:
        painter.setCompositionMode(QPainter.CompositionMode.CompositionMode_SourceIn)
        painter.fillRect(picture.rect(), Qt.GlobalColor.white)
    return QIcon(picture)


def with_white_words(palette: QPalette) -> QPalette:
    """A palette for the words on the accent."""
    changed = QPalette(palette)
    changed.setColor(Role.ButtonText, QColor(Qt.GlobalColor.white))
    return changed


def push_label(style: QProxyStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """The words of a button: white on one that is filled."""
    if isinstance(option, QStyleOptionButton) and has(option, State.State_Enabled) and is_usual(option, widget):
        option = QStyleOptionButton(option)
        option.palette = with_white_words(option.palette)
    QProxyStyle.drawControl(style, Control.CE_PushButtonLabel, option, painter, widget)


def menu_item(style: QProxyStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A row of a menu; the line between two groups can be seen in the dark, too."""
    kind = QStyleOptionMenuItem.MenuItemType
    if isinstance(option, QStyleOptionMenuItem) and option.menuItemType is kind.Separator and not option.text:
        area = option.rect
        painter.fillRect(QRect(area.left() + 4, area.center().y(), area.width() - 8, 1), inks_of(option).edge)
    else:
        QProxyStyle.drawControl(style, Control.CE_MenuItem, option, painter, widget)


def tab_shape(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A tab without its words."""
    if isinstance(option, QStyleOptionTab):
        controls.draw_tab(painter, option)


# what has parts


def tool_button(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A tool button: one surface, its words, and an arrow if there is a menu."""
    if not isinstance(option, QStyleOptionToolButton):
        return
    controls.draw_push(
        painter, option, option.rect, primary=is_primary(widget), flat=has(option, State.State_AutoRaise)
    )
    label, whole = QStyleOptionToolButton(option), Complex.CC_ToolButton
    label.rect = style.subControlRect(whole, option, Part.SC_ToolButton, widget)
    feature = QStyleOptionToolButton.ToolButtonFeature
    if option.features & feature.MenuButtonPopup:
        menu = style.subControlRect(whole, option, Part.SC_ToolButtonMenu, widget)
        line = QRect(menu.left(), menu.top() + 6, 1, menu.height() - 12)
        painter.fillRect(line, inks_of(option).edge)
        chevron(painter, middle_of(menu) - QPointF(1, 0), text_ink(option), size=3.0 * controls.unit(option))
    elif option.features & feature.HasMenu:
        menu = QRect(option.rect.right() - ARROW - 2, option.rect.top(), ARROW, option.rect.height())
        menu = QStyle.visualRect(option.direction, option.rect, menu)
        chevron(painter, middle_of(menu), text_ink(option), size=3.5 * controls.unit(option))
        label.rect = QStyle.visualRect(option.direction, option.rect, option.rect.adjusted(0, 0, -ARROW, 0))
    label.rect = centred(label.rect.adjusted(2, 2, -2, -2), label)
    style.drawControl(Control.CE_ToolButtonLabel, label, painter, widget)


def centred(area: QRect, option: QStyleOptionToolButton) -> QRect:
    """The middle of a button that is wider than its icon and its words beside it."""
    if option.toolButtonStyle is not Qt.ToolButtonStyle.ToolButtonTextBesideIcon or option.icon.isNull():
        return area
    words = option.fontMetrics.size(Qt.TextFlag.TextShowMnemonic, option.text).width()
    spare = area.width() - option.iconSize.width() - 12 - words
    return area.adjusted(spare // 2, 0, -(spare // 2), 0) if spare > 0 else area


def combo_box(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A list box: a field with an arrow."""
    if isinstance(option, QStyleOptionComboBox):
        controls.draw_field(painter, option, option.rect)
        arrow = style.subControlRect(Complex.CC_ComboBox, option, Part.SC_ComboBoxArrow, widget)
        chevron(painter, middle_of(arrow), text_ink(option), size=3.5 * controls.unit(option))


def spin_box(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A field of a number, with an arrow up and one down."""
    if not isinstance(option, QStyleOptionSpinBox):
        return
    controls.draw_field(painter, option, option.rect)
    colours, enabled = inks_of(option), has(option, State.State_Enabled)
    step = QAbstractSpinBox.StepEnabledFlag
    for part, flag, way in (
        (Part.SC_SpinBoxUp, step.StepUpEnabled, UP),
        (Part.SC_SpinBoxDown, step.StepDownEnabled, DOWN),
    ):
        area = style.subControlRect(Complex.CC_SpinBox, option, part, widget)
        can = enabled and bool(option.stepEnabled & flag)
        touched = can and bool(option.activeSubControls & part)
        if touched and has(option, State.State_MouseOver):
            down = has(option, State.State_Sunken)
            box(painter, area.adjusted(0, 1, -1, -1), colours.pressed if down else colours.hover, None, radius=3)
        chevron(painter, middle_of(area), colours.ink if can else colours.edge, way, size=3.0 * controls.unit(option))


def slider(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A slider."""
    if isinstance(option, QStyleOptionSlider) and isinstance(widget, QSlider):
        groove, handle = (
            style.subControlRect(Complex.CC_Slider, option, part, widget)
            for part in (Part.SC_SliderGroove, Part.SC_SliderHandle)
        )
        controls.draw_slider(painter, option, groove, handle, widget)


def scroll_bar(style: QStyle, option: QStyleOption, painter: QPainter, widget: QWidget | None) -> None:
    """A scroll bar without buttons."""
    if isinstance(option, QStyleOptionSlider):
        thumb = style.subControlRect(Complex.CC_ScrollBar, option, Part.SC_ScrollBarSlider, widget)
        controls.draw_scroll_bar(painter, option, thumb)


PRIMITIVES: Mapping[QStyle.PrimitiveElement, pieces.Draw] = {
    Primitive.PE_PanelButtonCommand: push_button,
    Primitive.PE_PanelButtonTool: tool_panel,
    Primitive.PE_FrameFocusRect: pieces.focus_frame,
    Primitive.PE_Frame: pieces.frame,
    Primitive.PE_PanelLineEdit: pieces.line_edit,
    Primitive.PE_FrameLineEdit: pieces.nothing,
    Primitive.PE_IndicatorCheckBox: pieces.tick_box,
    Primitive.PE_IndicatorItemViewItemCheck: pieces.tick_box,
    Primitive.PE_IndicatorRadioButton: pieces.choice_dot,
    Primitive.PE_IndicatorArrowDown: pieces.arrow(DOWN),
    Primitive.PE_IndicatorArrowUp: pieces.arrow(UP),
    Primitive.PE_IndicatorArrowRight: pieces.arrow(RIGHT),
    Primitive.PE_IndicatorArrowLeft: pieces.arrow(LEFT),
    Primitive.PE_FrameMenu: pieces.menu_frame,
    Primitive.PE_FrameStatusBarItem: pieces.nothing,
    Primitive.PE_FrameTabBarBase: pieces.nothing,
    Primitive.PE_PanelItemViewRow: pieces.nothing,
    Primitive.PE_PanelItemViewItem: pieces.selected_row,
}
CONTROLS: Mapping[QStyle.ControlElement, DrawWith] = {
    Control.CE_ToolButtonLabel: tool_label,
    Control.CE_PushButtonLabel: push_label,
    Control.CE_MenuItem: menu_item,
    Control.CE_TabBarTabShape: tab_shape,
    Control.CE_Splitter: pieces.splitter,
    Control.CE_HeaderSection: pieces.header,
    Control.CE_HeaderEmptyArea: pieces.bare,
    Control.CE_ToolBar: pieces.bare,
    Control.CE_MenuBarEmptyArea: pieces.bare,
    Control.CE_ProgressBarGroove: pieces.progress_groove,
    Control.CE_ProgressBarContents: pieces.progress_done,
}
COMPLEX: Mapping[QStyle.ComplexControl, DrawWith] = {
    Complex.CC_ToolButton: tool_button,
    Complex.CC_ComboBox: combo_box,
    Complex.CC_SpinBox: spin_box,
    Complex.CC_Slider: slider,
    Complex.CC_ScrollBar: scroll_bar,
}
