"""The view of pinned places: a card for what each lane makes of each."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import Qt, QTimer, Signal, Slot
from PySide6.QtWidgets import QLabel, QScrollArea, QVBoxLayout, QWidget

from engine.data.features import features_of
from engine.dataset import Dataset, names_of_features
from engine.insight.pins import PINS, Pin, Pinned
from gui.paint.lane_view import LaneView
from gui.probability.board import CardBoard
from gui.probability.parts import Facts
from gui.probability.table import Classes
from gui.text.language import mark, say
from gui.text.sentences import place_text
from gui.widgets.forms import GAP
from gui.widgets.throttle import SEND_MILLISECONDS, Throttle, new_drag

HOW_TO = mark(
    "Nothing is pinned. Take the tool Inspect Network (K) and click a point or any spot of the plane, or click there "
    "with Alt held down. By keys: move the crosshair, then press Enter twice."
)
NOT_FINITE = mark("Pin {letter}: the weights are so large that the logits are not finite numbers.")
NOT_FINITE_ON = mark("Pin {letter}, {lane}: the weights are so large that the logits are not finite numbers.")


class PointView(QWidget):
    """Shows the numbers at each pin, a row each, and a column for each lane.

    Signals:
        threshold_chosen(int, float, int): the threshold of a lane is to be that, by a drag of this number.
    """

    needs = (PINS,)
    threshold_chosen = Signal(int, float, int)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("point_view")
        self.board, self._note = CardBoard(), QLabel()
        self._note.setObjectName("point_note")
        self._note.setTextFormat(Qt.TextFormat.PlainText)
        self._note.setWordWrap(True)
        self._note.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeading)
        column = QVBoxLayout(self)
        column.setContentsMargins(GAP, GAP, GAP, GAP)
        column.addWidget(self._note)
        column.addWidget(self.board, 1)
        self._shown: tuple[list[str], list[Pin]] = [], []  # the titles of the lanes, and a pin for each row of cards
        self._drag, self._is_dragging = 0, False
        self._send = Throttle(self.threshold_chosen.emit, SEND_MILLISECONDS, self)
        self.board.threshold_moved.connect(self._move_threshold)
        self.board.threshold_chosen.connect(self._choose_threshold)

    def _begin_drag(self) -> None:
        if not self._is_dragging:
            self._drag = new_drag()

    @Slot(int, float)
    def _move_threshold(self, lane: int, threshold: float) -> None:
        self._begin_drag()
        self._is_dragging = True
        self._send(lane, threshold, self._drag)

    @Slot(int, float)
    def _choose_threshold(self, lane: int, threshold: float) -> None:
        self._begin_drag()  # a key is a step of its own
        self._is_dragging = False
        self._send.at_once(lane, threshold, self._drag)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show what was read at the pins, those that all lanes know."""
        read = [found for found in (lane.value(PINS) for lane in lanes) if found is not None]
        if len(read) < len(lanes) or len({tuple(one.pin for one in found.pinned) for found in read}) > 1:
            return  # they are about to be read
        rows, pins, notes = [], [], []
        for several in zip(*(found.pinned for found in read), strict=True):
            of_lanes = zip(several, read, lanes, strict=True)
            facts = [facts_of(pinned, found.dataset, lane) for pinned, found, lane in of_lanes]
            unknown = [lane for one, lane in zip(facts, lanes, strict=True) if one is None]
            notes += [not_finite(several[0].pin.letter, lane) for lane in unknown]
            if len(unknown) < len(facts):
                rows.append(facts)
                pins.append(several[0].pin)
        if lanes and not rows and not notes:
            notes.append(say(HOW_TO))
        self._note.setText("\n".join(notes))
        self._note.setVisible(bool(notes))
        self.board.setVisible(bool(rows))
        self.board.show_cards(rows)
        (titles, known), self._shown = self._shown, ([lane.title for lane in lanes], pins)
        new = pins if titles != self._shown[0] else [pin for pin in pins if pin not in known]
        if new:  # when all has its place
            QTimer.singleShot(0, self, lambda: self._scroll_to(new[0]))

    def _scroll_to(self, pin: Pin) -> None:
        """Begin with the cards of a pin, if all has no room."""
        area = self.parentWidget()
        while area is not None and not isinstance(area, QScrollArea):
            area = area.parentWidget()
        pins = self._shown[1]
        if area is not None and pin in pins:
            row = pins.index(pin)
            area.verticalScrollBar().setValue(self.board.y() + self.board.top(row) if row else 0)


def not_finite(letter: str, lane: LaneView) -> str:
    """The sentence in place of a card; a lane that is not alone is named."""
    if not lane.title:
        return say(NOT_FINITE, letter=letter)
    return say(NOT_FINITE_ON, letter=letter, lane=lane.title)


def facts_of(pinned: Pinned, dataset: Dataset, lane: LaneView) -> Facts | None:
    """All that the card of a pin shows for a lane; None if there are no numbers."""
    if pinned.inspection is None:
        return None
    where, pin = place_text(dataset, pinned.pin.place), pinned.pin.number
    classes = Classes(dataset.class_names, dataset.colours)
    config = lane.config
    features = () if config.hidden_layers else features_of(config, dataset.n_inputs).names(names_of_features(dataset))
    if not lane.title:
        return Facts(pinned.inspection, classes, where, None, pinned.standing, pin, features)
    title = say("{lane} · {place}", lane=lane.title, place=where)
    return Facts(pinned.inspection, classes, title, lane.colour, pinned.standing, pin, features)
