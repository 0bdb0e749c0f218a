"""The regions of the window: run buttons and lanes above, then settings, stage and deck."""

# Tests: tests/gui/stage/test_regions.py

from __future__ import annotations

from PySide6.QtCore import QSize, Qt
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QSplitter, QVBoxLayout, QWidget

from gui.layout import Arranged, Layout
from gui.paint.type_size import scale_of
from gui.stage.deck import Deck
from gui.system.preferences import Preferences
from gui.views import Lab
from gui.widgets.side_panel import FoldingPanel

MIN_WORK = 720  # pixels of stage and deck with the usual font; where there is less, the settings fold
# how the parts of each splitter share the room at first: the plane and the deck, the curves and another view
FIRST_SIZES = {
    ("work", Qt.Orientation.Horizontal): (590, 460),
    ("work", Qt.Orientation.Vertical): (500, 500),
    ("charts", Qt.Orientation.Vertical): (300, 330),
    ("charts", Qt.Orientation.Horizontal): (445, 555),
}


class WindowRegions(QWidget):
    """Puts the regions together.

    Args:
        rows: above the regions.
        settings, stage, deck: the regions.
    """

    def __init__(self, rows: tuple[QWidget, ...], settings: FoldingPanel, stage: QWidget, deck: Deck) -> None:
        super().__init__()
        self.settings, self.deck = settings, deck
        self.work = QSplitter(Qt.Orientation.Horizontal)
        self.work.setChildrenCollapsible(False)
        for number, part in enumerate((stage, deck)):
            self.work.addWidget(part)
            self.work.setStretchFactor(number, 3 - number)
        body = QHBoxLayout()
        body.setSpacing(0)
        body.addWidget(settings)
        body.addWidget(self.work, 1)
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        for row in rows:
            column.addWidget(row)
        column.addLayout(body, 1)

    def make_layout(self, window: QWidget, preferences: Preferences) -> Layout:
        """The layout of a window with these regions."""
        splitters = {"charts": self.deck.splitter, "work": self.work}
        arranged: dict[str, Arranged] = {"deck": self.deck, "settings": self.settings, "windows": self.deck.windows}
        layout = Layout(window, splitters, FIRST_SIZES, preferences, arranged, tuple(Lab))
        self.deck.lab_chosen.connect(layout.use)
        self.deck.parts_changing.connect(lambda: layout.note("charts"))
        self.deck.parts_changed.connect(lambda: layout.share("charts"))
        return layout

    def minimumSizeHint(self) -> QSize:
        """That with folded settings: a window that is made so narrow folds them."""
        whole, settings = super().minimumSizeHint(), self.settings
        return whole - QSize(0 if settings.is_folded else settings.unfolded_width - settings.folded_width, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        room, needed = self.width() - self.settings.unfolded_width, self.work.minimumSizeHint().width()
        has_room = room >= max(needed, MIN_WORK * scale_of(self.font()))
        self.settings.use_room(has_room=has_room, must_fold=room < needed)
