"""The line at the bottom: where the run is, and what is under the pointer."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QObject, Qt, QTimer, Slot
from PySide6.QtGui import QFontDatabase, QShowEvent, QStatusTipEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QWidget

from engine.dataset import Dataset
from engine.snapshot import Snapshot
from gui.probabilities import class_probabilities
from gui.tips import plain_tip
from gui.wording import loss, percent, place_text

TIP_MILLISECONDS = 8000
PATIENCE = 150  # milliseconds that the answer for the last place stays while that for the new one is awaited
LONGEST_MESSAGE = 8000  # milliseconds
FIELDS = {
    # name: what it says to a screen reader, and its widest text, so that nothing moves while numbers change
    "status_epoch": ("Epochs and steps", "Epoch 0,000,000 · 00,000,000 steps"),
    "status_loss": ("Training and validation loss", "Loss 0.00·10⁻⁰ | 0.00·10⁻⁰ val."),
    "status_accuracy": ("Training and validation accuracy", "Accuracy 100.0 % | 100.0 % val."),
    "status_speed": ("Epochs per second", "00,000 epochs/s"),
}


class StatusBar(QStatusBar):
    """Numbers of the newest snapshot; sentences of the moment appear at the left and leave the numbers alone."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setSizeGripEnabled(False)
        self._labels: dict[str, QLabel] = {}
        self._tip = ""  # of what was under the pointer last
        self._pointer = QLabel()
        self._pointer.setObjectName("status_pointer")
        self._pointer.setAccessibleName("Place and class probabilities under the pointer")
        self._pointer.setTextFormat(Qt.TextFormat.PlainText)
        # a long sentence here must not make the window wider
        self._pointer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self._asked: tuple[tuple[float, float] | None, Snapshot, Dataset, int] | None = None
        self._answer: NDArray[np.float32] | None = None  # that is shown, or was last
        self._is_late = False  # whether the answer that is awaited has taken long already
        self._patience = QTimer(self)
        self._patience.setSingleShot(True)
        self._patience.setInterval(PATIENCE)
        self._patience.timeout.connect(self._lose_patience)
        # a hover text goes by itself, too: a button that changes under the pointer does not take it back
        self._message_end = QTimer(self)
        self._message_end.setSingleShot(True)
        self._message_end.setInterval(LONGEST_MESSAGE)
        self._message_end.timeout.connect(self.clearMessage)
        self.messageChanged.connect(self._message_end.start)
        self.addWidget(self._pointer, 1)
        for name, (meaning, widest) in FIELDS.items():
            label = QLabel()
            label.setObjectName(name)
            label.setAccessibleName(meaning)
            label.setFont(QFontDatabase.systemFont(QFontDatabase.SystemFont.GeneralFont))
            # a fixed size, or each new number would have the whole window laid out again
            label.setFixedSize(label.fontMetrics().horizontalAdvance(widest) + 16, label.fontMetrics().height() + 4)
            self.addPermanentWidget(label)
            self._labels[name] = label

    def showEvent(self, event: QShowEvent) -> None:
        """Make room for a sentence that came before the window did; Qt does so only in a bar that is seen."""
        super().showEvent(event)
        self.window().installEventFilter(self)
        if self.currentMessage():
            self._pointer.hide()
            self._pointer.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)  # comes back after it

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        """Show what is told of the thing under the pointer, for a while: Qt forgets it if that changes.

        That the pointer is elsewhere takes back such a text only, and no sentence that came meanwhile.
        """
        if not isinstance(event, QStatusTipEvent):
            return False
        if event.tip():
            self._tip = event.tip()
            self.showMessage(self._tip, TIP_MILLISECONDS)
        elif self._tip == self.currentMessage():
            self.clearMessage()
        return True

    def show_snapshot(self, snapshot: Snapshot, in_hand: int = 0) -> None:
        """Show where the lane in hand is, 0 for the first; of several lanes it is named."""
        if not snapshot.lanes:
            for label in self._labels.values():
                label.setText("")
            return
        lane = snapshot.lanes[min(in_hand, len(snapshot.lanes) - 1)]
        metrics = lane.metrics
        where = f"Epoch {lane.epochs:,} · {lane.steps:,} steps"
        if len(snapshot.lanes) > 1:
            where = f"Lane {in_hand + 1} · epoch {lane.epochs:,}"
        speed = snapshot.epochs_per_second
        texts = {
            "status_epoch": where,
            "status_loss": f"Loss {loss(metrics.train_loss)} | {loss(metrics.validation_loss)} val.",
            "status_accuracy": f"Accuracy {percent(metrics.train_accuracy)} | "
            f"{percent(metrics.validation_accuracy)} val.",
            "status_speed": f"{speed:,.0f} epochs/s" if speed >= 10 else f"{speed:.1f} epochs/s" if speed else "",
        }
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
        where, whose = place_text(dataset, place), f"lane {in_hand + 1}: " if len(snapshot.lanes) > 1 else ""
        if lane is None or lane.pointer is None or len(lane.pointer) != dataset.n_classes:
            unknown = "" if lane is None else f"   {whose}{class_probabilities(dataset.class_names, None)}"
            self._say_at_pointer(f"{where}{unknown}")
            return
        is_for_here, is_new = lane.pointer_place == place, lane.pointer is not self._answer
        if is_for_here or (is_new and not self._is_late and lane.pointer_place is not None):
            self._answer, self._is_late = lane.pointer, False
            text = class_probabilities(dataset.class_names, lane.pointer, is_distribution=lane.is_distribution)
            self._say_at_pointer(f"{place_text(dataset, lane.pointer_place or place)}   {whose}{text}")
        elif self._is_late or not self._pointer.text():
            self._say_at_pointer(f"{where}   {whose}{class_probabilities(dataset.class_names, None)}")
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
