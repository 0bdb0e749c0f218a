"""The line at the bottom: where the run is, and what is under the pointer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, QSize, QTimer, Slot
from PySide6.QtGui import QPainter, QPaintEvent, QResizeEvent, QStatusTipEvent
from PySide6.QtWidgets import QLabel, QStatusBar, QStyle, QStyleOption, QWidget

from engine.dataset import Dataset
from engine.messages import Message, counted
from engine.run.snapshot import AT_POINTER, Snapshot
from gui.text.language import mark, say
from gui.text.numbers import elapsed, loss, scores
from gui.text.probabilities import said_there
from gui.text.sentences import place_text
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tips import plain_tip

SIDE = 8  # pixels beside a text
PATIENCE = 150  # milliseconds that the answer for the last place stays while that for the new one is awaited
LONGEST_TIP = 8000  # milliseconds


def steps_of(n: int) -> Message:
    """A number of training steps."""
    return counted("{n:,} step", "{n:,} steps", n)


FIELDS: dict[str, tuple[str, str, dict[str, Message | str]]] = {
    # name: what it says to a screen reader, its text, and the widest values, so that nothing moves while they change
    "status_epoch": (
        mark("Epochs and steps"),
        mark("Epoch {epoch} · {steps}"),
        {"epoch": "0,000,000", "steps": steps_of(88_888_888)},
    ),
    "status_loss": (
        mark("Training and validation loss"),
        mark("Loss {training} | {validation} val."),
        {"training": "0.00·10⁻⁰", "validation": "0.00·10⁻⁰"},
    ),
    "status_accuracy": (
        mark("Training and validation accuracy"),
        mark("Accuracy {training} | {validation} val."),
        {"training": "100.0 %", "validation": "100.0 %"},
    ),
    "status_speed": (mark("Epochs per second"), mark("{speed} epochs/s"), {"speed": "00,000"}),
    "status_elapsed": (mark("Time of training"), mark("trained {time}"), {"time": "0:00:00"}),
}


DROPPED_FIRST = ("status_elapsed", "status_speed")  # where sentence and pointer's numbers would have too little room
DROPPED_FOR_POINTER = (*DROPPED_FIRST, "status_epoch", "status_loss")  # one after the other, while these are shown
MIN_WORDS = 60  # characters that both together should have
MIN_MESSAGE = 24  # characters that a message should have beside the numbers at the pointer


class StatusBar(QStatusBar):
    """Numbers of the newest snapshot; at the left what is under the pointer, and beside it what is to be told.

    Qt's bar writes a message over everything else; here it has a place of its own, and of the two who says nothing
    leaves the room to the other; if both speak, the numbers are whole and the message is shortened. What a widget
    under the pointer does is said there for a while, or until the pointer leaves the widget or the window, or
    something is to be told.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._labels: dict[str, QLabel] = {}
        self._message, self._pointer = ElidedLabel(), ElidedLabel()
        self._message.setObjectName("status_message")
        for line in (self._message, self._pointer):
            line.setContentsMargins(SIDE, 0, SIDE, 0)
        self._pointer.setObjectName("status_pointer")
        self._pointer.setAccessibleName(say("Place and class probabilities under the pointer"))
        self._asked: tuple[tuple[float, float] | None, Snapshot, Dataset, int] | None = None
        self._answer: NDArray[np.float32] | None = None  # that is shown, or was last
        self._needed = 0  # pixels of the numbers at the pointer
        self._is_late = False  # whether the answer that is awaited has taken long already
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self._lose_patience)
        # a hover text goes by itself, too: a button that changes under the pointer does not take it back
        self._tip = ""
        self._tip_timer = QTimer(self)
        self._tip_timer.setSingleShot(True)
        self._tip_timer.setInterval(LONGEST_TIP)
        self._tip_timer.timeout.connect(lambda: self.show_tip(""))
        for line in (self._pointer, self._message):
            self.addPermanentWidget(line, 3 if line is self._pointer else 2)
        self._pointer.hide()  # nothing is there yet; the empty message keeps the numbers at the right
        for name, (meaning, _, _) in FIELDS.items():
            label = QLabel()
            label.setObjectName(name)
            label.setAccessibleName(say(meaning))
            self.addPermanentWidget(label)
            self._labels[name] = label
        self._fit()
        self.messageChanged.connect(self._take_message)

    def _fit(self) -> None:
        """Give the numbers a fixed size, or each new one would have the whole window laid out again."""
        for name, (_, text, widest) in FIELDS.items():
            label = self._labels[name]
            metrics = label.fontMetrics()
            label.setFixedSize(metrics.horizontalAdvance(say(text, **widest)) + 2 * SIDE, metrics.height() + 4)
        self._share()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._share()

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def minimumSizeHint(self) -> QSize:
        kept = [
            label.minimumWidth() + 2 * SIDE for name, label in self._labels.items() if name not in DROPPED_FOR_POINTER
        ]
        return QSize(sum(kept), super().minimumSizeHint().height())

    def paintEvent(self, event: QPaintEvent) -> None:
        """Only the ground: Qt would write the message over the labels."""
        option = QStyleOption()
        option.initFrom(self)
        with QPainter(self) as painter:
            self.style().drawPrimitive(QStyle.PrimitiveElement.PE_PanelStatusBar, option, painter, self)

    def follow(self, window: QWidget) -> None:
        """Say what the widgets of a window do that the pointer is over."""
        window.installEventFilter(self)

    def eventFilter(self, watched: QObject, event: QEvent) -> bool:
        """Take the tips, which would end what is being told, and forget them when the pointer goes elsewhere."""
        if isinstance(event, QStatusTipEvent):
            self.show_tip(event.tip())
            return True
        if event.type() in (QEvent.Type.WindowDeactivate, QEvent.Type.Leave):
            self.show_tip("")
        return False

    def show_tip(self, tip: str) -> None:
        """Say what is under the pointer; "" for nothing."""
        self._tip = tip
        if tip:
            self._tip_timer.start()
        else:
            self._tip_timer.stop()
        self._show_words()

    @property
    def words(self) -> str:
        """The words that are said now."""
        return self._tip or self.currentMessage()

    @Slot(str)
    def _take_message(self, message: str) -> None:
        """Let a message replace the tip of the button that was clicked for it, which is older."""
        if message:
            self.show_tip("")
        else:
            self._show_words()

    def _show_words(self) -> None:
        if self._message.text() != self.words:
            self._message.setText(self.words)
            self._message.setToolTip(plain_tip(self.words))
            self._share()

    def show_snapshot(self, snapshot: Snapshot, in_hand: int = 0) -> None:
        """Show where the lane in hand is, 0 for the first; of several lanes it is named."""
        if not snapshot.lanes:
            for label in self._labels.values():
                label.setText("")
            return
        lane = snapshot.lanes[min(in_hand, len(snapshot.lanes) - 1)]
        metrics = lane.metrics
        score, validation_score = scores(metrics, has_values=lane.has_values)
        speed, epoch = snapshot.epochs_per_second, f"{lane.epochs:,}"
        values: dict[str, dict[str, Message | str]] = {
            "status_epoch": {"epoch": epoch, "steps": steps_of(lane.steps)},
            "status_loss": {"training": loss(metrics.train_loss), "validation": loss(metrics.validation_loss)},
            "status_accuracy": {"training": score, "validation": validation_score},
            "status_speed": {"speed": f"{speed:,.0f}" if speed >= 10 else f"{speed:.1f}"},
            "status_elapsed": {"time": elapsed(snapshot.training_seconds)},
        }
        texts = {name: say(text, **values[name]) for name, (_, text, _) in FIELDS.items()}
        if lane.has_values:
            texts["status_accuracy"] = say("R² {training} | {validation} val.", **values["status_accuracy"])
        if len(snapshot.lanes) > 1:
            texts["status_epoch"] = say("Lane {lane} · epoch {epoch}", lane=in_hand + 1, epoch=epoch)
        if not speed:
            texts["status_speed"] = ""
        if not snapshot.training_seconds:
            texts["status_elapsed"] = ""
        for name, text in texts.items():
            self._labels[name].setText(text)

    def show_pointer(
        self, place: tuple[float, float] | None, snapshot: Snapshot, dataset: Dataset, in_hand: int = 0
    ) -> None:
        """Show the place under the pointer and the class probabilities there, by the lane in hand.

        A place is never shown beside the probabilities of another. Until the answer for a new place has come, that for
        the last one stays, with its place, so that nothing flickers; if that takes long, there is an ellipsis.
        """
        self._asked = place, snapshot, dataset, in_hand
        if place is None:
            self._patience.stop()
            self._is_late = False
            self._say_at_pointer("")
            return
        lane = snapshot.lanes[min(in_hand, len(snapshot.lanes) - 1)] if snapshot.lanes else None
        where, whose = place_text(dataset, place), in_hand + 1 if len(snapshot.lanes) > 1 else None
        found = None if lane is None else lane.readings.of(AT_POINTER)
        n_numbers = 1 if dataset.has_values else dataset.n_classes
        if lane is None or found is None or len(found.value) != n_numbers:
            unknown = "" if lane is None else of_lane(whose, said_there(dataset, None))
            self._say_at_pointer(f"{where}   {unknown}" if unknown else where)
            return
        is_for_here, is_new = found.of == place, found.value is not self._answer
        if is_for_here or (is_new and not self._is_late):
            self._answer, self._is_late = found.value, False
            text = said_there(dataset, found.value, is_distribution=lane.is_distribution)
            self._say_at_pointer(f"{place_text(dataset, found.of)}   {of_lane(whose, text)}")
        elif self._is_late or not self._pointer.text():
            self._say_at_pointer(f"{where}   {of_lane(whose, said_there(dataset, None))}")
        if is_for_here:
            self._patience.stop()
        elif is_new or not self._patience.isActive():
            self._patience.start()

    @Slot()
    def _lose_patience(self) -> None:
        if self._asked is not None:
            self._is_late = True
            self.show_pointer(*self._asked)

    def _say_at_pointer(self, text: str) -> None:
        self._pointer.setText(text)
        self._pointer.setToolTip(plain_tip(text))
        self._share()

    def _share(self) -> None:
        """Leave the room of what is empty to the other; one of them keeps the numbers at the right.

        Where both have too little room, some of the numbers at the right give way.
        """
        has_place, has_words = bool(self._pointer.text()), bool(self._message.text())
        self._pointer.setVisible(has_place)
        self._message.setVisible(has_words or not has_place)
        # never less than for the place before, lest all of the bar is laid out with each new number
        needed = self.fontMetrics().horizontalAdvance(self._pointer.text()) + 2 * SIDE + 1
        self._needed = max(self._needed, needed) if has_place else 0
        room = self._leave_room(has_place, has_words)
        self._pointer.setMinimumWidth(max(0, min(self._needed, room)) if has_place and has_words else 0)

    def _leave_room(self, has_place: bool, has_words: bool) -> int:
        """Hide numbers that have no room beside what is said; returns the pixels that are left for that."""
        character = self.fontMetrics().averageCharWidth()
        wanted = self._needed
        if has_place and has_words:
            said = self.fontMetrics().horizontalAdvance(self._message.text()) + 2 * SIDE + 1
            wanted += min(said, MIN_MESSAGE * character)
        room = self.width() - sum(label.minimumWidth() + SIDE for label in self._labels.values())
        for name in DROPPED_FOR_POINTER:
            least = max(wanted, MIN_WORDS * character) if name in DROPPED_FIRST else wanted
            self._labels[name].setVisible(room >= least)
            if room < least:
                room += self._labels[name].minimumWidth() + SIDE
        return room


def of_lane(number: int | None, probabilities: str) -> str:
    """The class probabilities at a place, by the lane of a number where there are several."""
    return probabilities if number is None else say("lane {number}: {values}", number=number, values=probabilities)
