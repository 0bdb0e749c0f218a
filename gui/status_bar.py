"""The line at the bottom: where the run is, and what is under the pointer."""

from __future__ import annotations

from PySide6.QtCore import Qt
from PySide6.QtGui import QFontDatabase, QShowEvent
from PySide6.QtWidgets import QLabel, QSizePolicy, QStatusBar, QWidget

from engine.dataset import Dataset
from engine.snapshot import Snapshot
from gui.wording import loss, percent, place_text

MOST_PROBABILITIES = 3  # the largest, in the order of the classes
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
        self._pointer = QLabel()
        self._pointer.setObjectName("status_pointer")
        self._pointer.setAccessibleName("Place and class probabilities under the pointer")
        self._pointer.setTextFormat(Qt.TextFormat.PlainText)
        # a long sentence here must not make the window wider
        self._pointer.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
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
        if self.currentMessage():
            self._pointer.hide()
            self._pointer.setAttribute(Qt.WidgetAttribute.WA_WState_ExplicitShowHide, False)  # comes back after it

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

    def show_pointer(self, place: tuple[float, float] | None, snapshot: Snapshot, dataset: Dataset) -> None:
        """Show the place under the pointer and the class probabilities there."""
        if place is None:
            self._pointer.setText("")
            return
        text = place_text(dataset, place)
        probabilities = snapshot.lanes[0].pointer if snapshot.lanes else None
        if probabilities is not None and len(probabilities) == dataset.n_classes:
            shown = sorted(probabilities.argsort()[-MOST_PROBABILITIES:].tolist())
            names = dataset.class_names
            if not snapshot.lanes[0].is_distribution:
                text += f"   sum {float(probabilities.sum()):.2f}, need not be 1:"
            text += "   " + "   ".join(f"P({names[label]}) {percent(float(probabilities[label]))}" for label in shown)
        self._pointer.setText(text)
        self._pointer.setToolTip(text)
