"""Toy datasets to start from."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Signal, Slot
from PySide6.QtWidgets import QHBoxLayout, QToolButton, QVBoxLayout, QWidget

from engine.dataset import MAX_CLASSES, MIN_CLASSES
from gui.choice_box import ChoiceBox
from gui.forms import heading, make_form
from gui.number_boxes import WholeBox
from gui.sample import Sample
from gui.wording import TOY_DATASETS

MOST_SAMPLES = 20_000


class DatasetPanel(QWidget):
    """Shows which sample is on the canvas, and lets the user take another.

    As long as the points are a sample as it was made, a change of the numbers makes it anew; once something was drawn,
    they count for the next sample only.

    Signals:
        sample_chosen(Sample): to be made.
    """

    sample_chosen = Signal(object)

    def __init__(self, sample: Sample, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample, self._is_shown = sample, True
        self.kind = ChoiceBox("dataset_box", TOY_DATASETS)
        self.kind.setPlaceholderText("own drawing")
        self.samples = WholeBox("samples_box", 0, MOST_SAMPLES)
        self.samples.setSingleStep(50)
        self.classes = WholeBox("classes_box", MIN_CLASSES, MAX_CLASSES)
        self.noise = WholeBox("noise_box", 0, 100)
        self.noise.setSuffix(" %")
        self.noise.setSingleStep(5)
        self.new_sample = QToolButton()
        self.new_sample.setObjectName("new_sample_button")
        self.new_sample.setText("New sample")
        self._lay_out()
        self._show_numbers()
        self.kind.chosen.connect(self._choose_kind)
        self.new_sample.clicked.connect(self._choose_new)
        for box in (self.samples, self.classes, self.noise):
            box.valueChanged.connect(self._choose_numbers)

    def _lay_out(self) -> None:
        form = make_form()
        form.addRow("Dataset", self.kind)
        form.addRow("Points", self.samples)
        form.addRow("Classes", self.classes)
        row = QHBoxLayout()
        row.addWidget(self.noise, 1)
        row.addWidget(self.new_sample)
        form.addRow("Noise", row)
        label = form.labelForField(row)
        label.setBuddy(self.noise)  # type: ignore[attr-defined]  # a QLabel
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Data"))
        layout.addLayout(form)
        for box, tip in (
            (self.kind, "Replace all points by a sample of this shape; can be undone."),
            (self.samples, "Points of a sample, dealt evenly to the classes."),
            (self.classes, "Classes of a sample."),
            (self.noise, "How far the points of a sample stray from their shape."),
            (self.new_sample, "Replace all points by another sample of the same shape; can be undone."),
        ):
            box.setToolTip(f"<p>{tip}</p>")
            box.setStatusTip(tip)

    def show_sample(self, sample: Sample | None) -> None:
        """Show that the points are this sample, or, with None, that they are not."""
        self._is_shown = sample is not None
        if sample is not None:
            self._sample = sample
            self._show_numbers()
        self.kind.show_choice(None if sample is None else sample.kind)

    def _show_numbers(self) -> None:
        sample = self._sample
        self.samples.show_value(sample.n_samples)
        self.classes.show_value(sample.n_classes)
        self.noise.show_value(round(100 * sample.noise))
        self.kind.show_choice(sample.kind)

    def _wanted(self) -> Sample:
        before, n_samples, noise = self._sample, self.samples.value(), self.noise.value()
        return replace(
            before,
            kind=self.kind.choice() or before.kind,
            # what the fields show cut off or rounded is kept until it is changed
            n_samples=before.n_samples if n_samples == min(before.n_samples, MOST_SAMPLES) else n_samples,
            n_classes=self.classes.value(),
            noise=before.noise if noise == round(100 * before.noise) else noise / 100,
        )

    @Slot()
    def _choose_kind(self) -> None:
        if not self._is_shown or self._wanted() != self._sample:
            self.sample_chosen.emit(self._wanted())

    @Slot()
    def _choose_new(self) -> None:
        wanted = self._wanted()
        self.sample_chosen.emit(replace(wanted, seed=(wanted.seed + 1) % 2**31))

    @Slot()
    def _choose_numbers(self) -> None:
        if self._is_shown:
            self.sample_chosen.emit(self._wanted())
