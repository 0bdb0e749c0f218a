"""Colours. Data keep theirs in every theme; chrome follows the palette."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from PySide6.QtCore import Qt
from PySide6.QtGui import QColor, QGuiApplication, QPalette, QPen, QPixmapCache
from PySide6.QtWidgets import QApplication

CLASS_COLOURS = (
    *("#0072B2", "#E69F00", "#009E73", "#CC79A7", "#56B4E9", "#D55E00", "#F0E442", "#999999"),
    *("#5B2A86", "#7A4A1E"),
)
"""The first eight: Okabe and Ito 2008, "Color universal design", told apart by people with any colour vision; violet
and brown are darker than all of them."""

PIN_COLOURS = ("#6B2FA8", "#00696F", "#A3203F", "#6A5A00")
"""Of the pins on the plane, dark enough for the white letter that tells them apart."""


Rgb = tuple[int, int, int]


class Theme(StrEnum):
    """The theme that the user chose."""

    SYSTEM = "system"
    LIGHT = "light"
    DARK = "dark"


@dataclass(frozen=True)
class Chrome:
    """Colours of what is painted by hand, for one brightness.

    Attributes:
        window: behind everything; surface: of fields and behind plots, so that both separate regions.
        button: of a button; edge: the hairline around it and between regions; outline: around a field, seen at once.
        accent: fills the one button that counts most, and what is ticked; chosen: under a row that is chosen; ring:
            around what has the focus.
        link: of words that lead somewhere.
        neutral: of the field where the network is undecided.
        field_strength: of a class colour in the field at full confidence, 0 to 1.
        ink, faint: of text and lines, strong and weak.
        point_edge: around filled markers.
        boundary, halo: of the boundary line and the rim that lifts it off the field.
        training, validation: of curves.
        bar: of gradient bars; warning: of those that fail a rule.
        selection: under selected points.
        lanes: of the curves of each lane, told apart by those who see no red or no green, too; `lane_pen` has the
            styles.
    """

    is_dark: bool
    window: str
    surface: str
    button: str
    edge: str
    outline: str
    accent: str
    chosen: str
    ring: str
    link: str
    neutral: str
    field_strength: float
    ink: str
    faint: str
    grid: str
    point_edge: str
    boundary: str
    halo: str
    training: str
    validation: str
    bar: str
    warning: str
    selection: str
    lanes: tuple[str, ...]


LIGHT = Chrome(
    is_dark=False,
    window="#F3F4F6",
    surface="#FFFFFF",
    button="#FCFCFD",
    edge="#CFD3D9",
    outline="#868C96",
    accent="#2F66C4",
    chosen="#D6E2F6",
    ring="#1A56B8",
    link="#1A56B8",
    neutral="#FBFBFA",
    field_strength=0.42,
    ink="#1B1D21",
    faint="#5C626B",
    grid="#E3E5E8",
    point_edge="#2A2D33",
    boundary="#1B1D21",
    halo="#FFFFFF",
    training="#1B1D21",
    validation="#B0246C",
    bar="#3D6CB9",
    warning="#B3261E",
    selection="#FFD54A",
    lanes=("#2760F5", "#9D300F", "#650557", "#3E7F73"),
)
DARK = Chrome(
    is_dark=True,
    window="#22252A",
    surface="#16181C",
    button="#2F343B",
    edge="#434850",
    outline="#757C87",
    accent="#3B72CC",
    chosen="#2B4066",
    ring="#7FA8EE",
    link="#8AB4F8",
    neutral="#1D2025",
    field_strength=0.42,
    ink="#ECEEF1",
    faint="#A2A9B3",
    grid="#33373E",
    point_edge="#F5F6F8",
    boundary="#F5F6F8",
    halo="#0E0F12",
    training="#ECEEF1",
    validation="#FF8AC0",
    bar="#7FA8EE",
    warning="#FF8A80",
    selection="#A87B00",
    lanes=("#8997FE", "#FCB67C", "#FC3F8F", "#71EBE7"),
)


LANE_STYLES = (Qt.PenStyle.SolidLine, Qt.PenStyle.DashLine, Qt.PenStyle.DashDotLine, Qt.PenStyle.DotLine)


def lane_pen(chrome: Chrome, colour: int, width: float = 2.0) -> QPen:
    """The line of the lane that has the colour of that number: told from the others by colour and by style."""
    return QPen(QColor(chrome.lanes[colour]), width, LANE_STYLES[colour])


def field_colours(chrome: Chrome, colours: tuple[int, ...]) -> tuple[tuple[Rgb, ...], Rgb]:
    """The colours of the field at full confidence and the neutral one, as the engine takes them.

    Args:
        chrome: of the window.
        colours: the colour numbers of the classes; the unused ones follow, so that there are always as many.
    """
    neutral = QColor(chrome.neutral)
    numbers = (*colours, *(number for number in range(len(CLASS_COLOURS)) if number not in colours))
    strong = tuple(_rgb(mixed(neutral, QColor(CLASS_COLOURS[number]), chrome.field_strength)) for number in numbers)
    return strong, _rgb(neutral)


def entropy_colour(chrome: Chrome) -> Rgb:
    """The colour of the field where it tells of the entropy, and that is as large as it can be."""
    return _rgb(mixed(QColor(chrome.neutral), QColor(chrome.ink), chrome.field_strength))


def mixed(start: QColor, end: QColor, share: float) -> QColor:
    """The colour `share` of the way from `start` to `end`."""

    def between(low: int, high: int) -> int:
        return round(low + share * (high - low))

    return QColor(
        between(start.red(), end.red()), between(start.green(), end.green()), between(start.blue(), end.blue())
    )


def _rgb(colour: QColor) -> Rgb:
    return colour.red(), colour.green(), colour.blue()


def chrome_of(palette: QPalette) -> Chrome:
    """The chrome that goes with a palette, told by its text: some widgets stand on a ground of their own."""
    text = palette.color(QPalette.ColorGroup.Active, QPalette.ColorRole.WindowText)  # that of what is disabled is grey
    return DARK if text.lightness() > 127 else LIGHT


def tinted(role: QPalette.ColorRole, colour: str | None) -> QPalette:
    """A palette for one widget that differs from all others in one role; None if it does not.

    Never a changed copy of the palette that the widget has: that one holds all roles, and stays in its theme.
    """
    palette = QPalette()
    if colour is not None:
        palette.setColor(role, QColor(colour))
    return palette


def apply_theme(application: QApplication, theme: Theme) -> None:
    """Give the application the palette of a theme.

    Two palettes of our own over the Fusion style: `styleHints().setColorScheme()` alone does nothing on the offscreen
    platform and on bare X11.
    """
    scheme = QGuiApplication.styleHints().colorScheme()
    dark = theme is Theme.DARK or (theme is Theme.SYSTEM and scheme == Qt.ColorScheme.Dark)
    application.setPalette(palette_of(DARK if dark else LIGHT))
    QPixmapCache.clear()  # Qt keeps what it drew in each palette, up to 10 MB, and would not find it again


def palette_of(chrome: Chrome) -> QPalette:
    """The palette of widgets for a chrome."""
    role, window, base = QPalette.ColorRole, QColor(chrome.window), QColor(chrome.surface)
    ink, disabled = QColor(chrome.ink), mixed(QColor(chrome.ink), window, 0.55)
    palette = QPalette(QColor(chrome.button), window)
    for text_role in (role.WindowText, role.Text, role.ButtonText, role.ToolTipText):
        palette.setColor(text_role, ink)
        palette.setColor(QPalette.ColorGroup.Disabled, text_role, disabled)
    palette.setColor(role.Window, window)
    palette.setColor(role.Base, base)
    palette.setColor(role.AlternateBase, mixed(base, window, 0.5))
    palette.setColor(role.ToolTipBase, QColor(chrome.button))
    palette.setColor(role.Button, QColor(chrome.button))
    palette.setColor(role.PlaceholderText, mixed(ink, base, 0.4))
    palette.setColor(role.Highlight, QColor(chrome.chosen))
    palette.setColor(role.HighlightedText, ink)
    palette.setColor(role.Accent, QColor(chrome.ring))
    for line in (role.Mid, role.Dark, role.Midlight):  # of the lines that Qt draws by itself
        palette.setColor(line, QColor(chrome.edge))
    palette.setColor(role.Link, QColor(chrome.link))
    palette.setColor(QPalette.ColorGroup.Disabled, role.Highlight, mixed(QColor(chrome.chosen), window, 0.6))
    return palette
