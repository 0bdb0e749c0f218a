"""Toy datasets to start from."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import Qt, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QCheckBox, QHBoxLayout, QMenu, QToolButton, QVBoxLayout, QWidget

from engine.config import MAX_LABEL_NOISE, MAX_SEED, ToyDataset
from engine.data.targets import Target
from engine.dataset import MAX_CLASSES, MIN_CLASSES, Dataset
from engine.toy_datasets import Recipe
from gui.settings.thumbnails import ThumbnailDelegate
from gui.text.language import count, mark, say
from gui.text.names import name_of, names_of
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.forms import add_row, heading, make_form
from gui.widgets.number_boxes import WholeBox

MAX_MADE_POINTS = 20_000
SPOKEN = (
    (mark("Dataset"), mark("Replace all points by this shape; can be undone.")),
    (mark("Points of the sample"), mark("Points of a sample, dealt evenly to the classes.")),
    (mark("Classes of the sample"), mark("Classes of a new sample; those there are stand above.")),
    (mark("Noise of the sample"), mark("How far the points of a sample stray from their shape.")),
    (mark("Seed of the sample"), mark("Of a sample, not the network: same numbers and seed, same points.")),
    (mark("Label noise of the sample"), mark("Share of the points that get a wrong label.")),
    (
        mark("Learn values"),
        mark("Learn the height of each point from its x: a curve through the points, not classes."),
    ),
)
"""Of each box its name for who hears the window, and what it does."""


class DatasetPanel(QWidget):
    """Shows which sample is on the canvas, and lets the user take another or add one.

    As long as the points are a sample as it was made, a change of the numbers makes it anew; once something was drawn,
    they count for the next sample only.

    Signals:
        sample_chosen(Recipe): in place of all points.
        sample_added(Recipe): to the points there are.
        target_chosen(Target): what is to be learned of the points.
    """

    target_chosen = Signal(object)
    sample_chosen = Signal(object)
    sample_added = Signal(object)

    def __init__(self, sample: Recipe, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._sample, self._is_shown = sample, True
        self._n_classes: int | None = None  # of the points that are shown
        self.kind = ChoiceBox("dataset_box", names_of(ToyDataset))
        self.kind.setPlaceholderText(say("own drawing"))
        self.kind.setItemDelegate(ThumbnailDelegate(list(ToyDataset), self.kind))
        self.points = WholeBox("samples_box", 0, MAX_MADE_POINTS)
        self.points.setSingleStep(50)
        self.classes = WholeBox("classes_box", MIN_CLASSES, MAX_CLASSES)
        self.seed = WholeBox("sample_seed_box", 0, MAX_SEED)
        self.noise = WholeBox("noise_box", 0, 100)
        self.label_noise = WholeBox("label_noise_box", 0, round(100 * MAX_LABEL_NOISE))
        for box in (self.noise, self.label_noise):
            box.setSuffix(" %")
            box.setSingleStep(5)
        self.learns_values = QCheckBox(say("learn values"))
        self.learns_values.setObjectName("learns_values_box")
        self.learns_values.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the window
        self.new_sample, self.add_sample = QToolButton(), QToolButton()
        self._name_buttons()
        self._lay_out()
        self.show_sample(sample)
        self.kind.chosen.connect(self._choose_kind)
        self.learns_values.clicked.connect(self._choose_target)
        self.new_sample.clicked.connect(self._choose_new)
        self.add_sample.clicked.connect(self._add)
        self.add_sample.menu().triggered.connect(self._add_shape)
        for box in (self.points, self.classes, self.noise, self.label_noise, self.seed):
            box.valueChanged.connect(self._choose_numbers)

    def _name_buttons(self) -> None:
        self.new_sample.setObjectName("new_sample_button")
        self.new_sample.setText(say("New sample"))
        self.add_sample.setObjectName("add_sample_button")
        self.add_sample.setText(say("Add", "sample"))
        self.add_sample.setPopupMode(QToolButton.ToolButtonPopupMode.MenuButtonPopup)
        shapes = QMenu(say("Add a sample of"), self.add_sample)
        for kind in ToyDataset:
            name = name_of(kind)
            action = shapes.addAction(name)
            action.setData(kind)
            action.setStatusTip(say("Add a sample of this shape to the points there are: {name}.", name=name))
        self.add_sample.setMenu(shapes)

    def _lay_out(self) -> None:
        heading_row = QHBoxLayout()
        heading_row.addWidget(heading(say("Data", "heading")), 1)
        heading_row.addWidget(self.new_sample)
        heading_row.addWidget(self.add_sample)
        form = make_form()
        form.addRow(say("Dataset", "sample"), self.kind)
        add_row(form, say("Points, classes", "sample"), self.points, self.classes)
        add_row(form, say("Noise, seed", "sample"), self.noise, self.seed)
        form.addRow(say("Label noise", "sample"), self.label_noise)
        form.addRow(say("Regression"), self.learns_values)
        boxes = (self.kind, self.points, self.classes, self.noise, self.seed, self.label_noise, self.learns_values)
        for box, (spoken, tip) in zip(boxes, SPOKEN, strict=True):
            box.setAccessibleName(say(spoken))
            explain(box, say(tip))
        explain(self.new_sample, say("Replace all points by another sample of the same shape; can be undone."))
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addLayout(heading_row)
        layout.addLayout(form)

    def show_sample(self, sample: Recipe | None, dataset: Dataset | None = None) -> None:
        """Show that the points are this sample, or, with None, that they are not.

        Args:
            sample: the points as they were made.
            dataset: the points; where the number of their classes changes, the next sample gets as many.
        """
        self._is_shown = sample is not None
        n_classes = None if dataset is None else dataset.n_classes
        self.learns_values.setChecked(dataset is not None and dataset.has_values)
        self.learns_values.setEnabled(dataset is None or dataset.n_features == 2)
        for box in (self.classes, self.label_noise):  # which are nothing to a network that learns values
            box.setEnabled(not self.learns_values.isChecked())
        if sample is None and n_classes is not None and n_classes != self._n_classes:
            self._sample = replace(self._sample, n_classes=n_classes)
            self.classes.show_value(n_classes)
        self._n_classes = n_classes
        if sample is not None:
            self._sample = sample
            self._show_numbers()
        self.kind.show_choice(None if sample is None else sample.kind)
        self._explain_adding()

    @Slot()
    def start_afresh(self) -> None:
        """Let the next sample have as many classes as the document there is now, whatever was chosen before it."""
        if not self._is_shown and self._n_classes is not None:
            self.classes.show_value(self._n_classes)

    def _show_numbers(self) -> None:
        sample = self._sample
        self.points.show_value(sample.n_samples)
        self.classes.show_value(sample.n_classes)
        self.noise.show_value(round(100 * sample.noise))
        self.label_noise.show_value(round(100 * sample.label_noise))
        self.seed.show_value(sample.seed)

    def _explain_adding(self) -> None:
        wanted = self._wanted()
        tip = count(
            "Add {n:,} point ({shape}) to those there are, with the next seed; the arrow offers other shapes.",
            "Add {n:,} points ({shape}) to those there are, with the next seed; the arrow offers other shapes.",
            wanted.n_samples,
            shape=name_of(wanted.kind),
        )
        explain(self.add_sample, tip)

    def _wanted(self) -> Recipe:
        before, n_samples = self._sample, self.points.value()
        noise, label_noise = self.noise.value(), self.label_noise.value()
        return replace(
            before,
            kind=self.kind.choice() or before.kind,
            # what the fields show cut off or rounded is kept until it is changed
            n_samples=before.n_samples if n_samples == min(before.n_samples, MAX_MADE_POINTS) else n_samples,
            n_classes=self.classes.value(),
            noise=before.noise if noise == round(100 * before.noise) else noise / 100,
            label_noise=before.label_noise if label_noise == round(100 * before.label_noise) else label_noise / 100,
            seed=self.seed.value(),
        )

    @Slot(bool)
    def _choose_target(self, is_values: bool) -> None:
        self.target_chosen.emit(Target.VALUES if is_values else Target.CLASSES)

    @Slot()
    def _choose_kind(self) -> None:
        if not self._is_shown or self._wanted() != self._sample:
            self.sample_chosen.emit(self._wanted())

    @Slot()
    def _choose_new(self) -> None:
        self.sample_chosen.emit(self._next())

    @Slot()
    def _choose_numbers(self) -> None:
        self._explain_adding()
        if self._is_shown:
            self.sample_chosen.emit(self._wanted())

    @Slot()
    def _add(self) -> None:
        self._announce_added(self._next())

    @Slot(QAction)
    def _add_shape(self, shape: QAction) -> None:
        self._announce_added(replace(self._next(), kind=ToyDataset(shape.data())))

    def _announce_added(self, sample: Recipe) -> None:
        self._sample = sample
        self._show_numbers()
        self.sample_added.emit(sample)

    def _next(self) -> Recipe:
        wanted = self._wanted()
        return replace(wanted, seed=(wanted.seed + 1) % (MAX_SEED + 1))


def explain(widget: QWidget, tip: str) -> None:
    """Say what a widget does, at the pointer and in the status bar."""
    widget.setToolTip(f"<p>{tip}</p>")
    widget.setStatusTip(tip)
