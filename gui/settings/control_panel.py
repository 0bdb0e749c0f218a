"""The form over a TrainingConfig."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.config import (
    MAX_ALPHA,
    MAX_CLIP_NORM,
    MAX_DROPOUT,
    MAX_PENALTY,
    MAX_SCHEDULE_EPOCHS,
    MAX_SEED,
    MAX_SIGMA,
    Activation,
    Initialization,
    Output,
    Schedule,
    TrainingConfig,
)
from engine.mlp.activations import ACTIVATIONS as FACTS
from engine.mlp.activations import initializations
from gui.settings.fields import (
    FieldForm,
    RowText,
    choice_field,
    flag_field,
    number_field,
    optional_field,
    percent_field,
)
from gui.settings.layer_split import LayerSplit, split_of, with_layers, with_split
from gui.text.names import ACTIVATIONS, INITIALIZATIONS, LOSSES, OPTIMIZERS, OUTPUTS, SCHEDULES
from gui.text.setting_rows import tips
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.forms import heading
from gui.widgets.number_boxes import RateBox, WholeBox
from gui.widgets.section import Section

MOST_LAYERS, MOST_UNITS = 50, 128
MOST_NAMES = 3  # of mixed activations that are shown
SPLIT = {"first", "last", "count"}
"""What `LayerSplit` says; together with the layers, all that is no plain field."""


class ControlPanel(QWidget):
    """Shows a config and lets the user change it.

    Signals:
        config_chosen(TrainingConfig): the whole new config.
    """

    config_chosen = Signal(object)

    def __init__(self, new_seed: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("control_panel")
        self._config = TrainingConfig()
        self._split = split_of(self._config)
        self._make_boxes()
        self._network, self._training = self._network_form(), self._training_form(new_seed)
        self._regularization, self._more = self._regularization_form(), self._more_form()
        self._forms = (self._network, self._training, self._regularization, self._more)
        self.regularization = Section(
            "regularization",
            "Regularization",
            "Dropout, L1 and L2 keep the network from learning the points by heart; batch normalization and skip "
            "connections help deep networks to learn.",
            self._regularization.layout,
        )
        self.more = Section("more", "More", "Output, loss, schedule and activations by layer.", self._more.layout)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Network"))
        layout.addLayout(self._network.layout)
        layout.addWidget(heading("Training"))
        layout.addLayout(self._training.layout)
        layout.addWidget(self.regularization)
        layout.addWidget(self.more)
        told = tips()
        for box in self.findChildren(QWidget):
            if box.objectName() in told:
                box.setToolTip(f"<p>{told[box.objectName()]}</p>")
                box.setStatusTip(told[box.objectName()])
        self._connect()
        self.show_config(self._config)

    # building

    def _make_boxes(self) -> None:
        self.activation_box = ChoiceBox("activation_box", ACTIVATIONS)
        self.activation_box.setPlaceholderText("mixed")
        self.depth_box, self.width_box = WholeBox("depth_box", 1, MOST_LAYERS), WholeBox("width_box", 1, MOST_UNITS)
        self.initialization_box = ChoiceBox("initialization_box", INITIALIZATIONS)
        self.optimizer_box = ChoiceBox("optimizer_box", OPTIMIZERS)
        self.learning_rate_box = RateBox("learning_rate_box", 1e-8, 1e6)
        self.batch_size_box = WholeBox("batch_size_box", 0, 100_000)
        self.validation_box = WholeBox("validation_box", 0, 50)
        self.seed_box = WholeBox("seed_box", 0, MAX_SEED)
        self.last_layers_box = WholeBox("last_layers_box", 0, 0)
        self.last_layers_box.setSpecialValueText("none")
        self.last_activation_box = ChoiceBox("last_activation_box", ACTIVATIONS)
        self.last_activation_box.setAccessibleName("Activation of the last layers")
        self._formula, self._last_formula = RowText(self.depth_box), RowText(self.depth_box)
        self._resolved, self._mixed = RowText(self.depth_box), QLabel()
        self._formula.setObjectName("activation_formula")
        self._last_formula.setObjectName("last_activation_formula")
        self._resolved.setObjectName("resolved_initialization")
        self._mixed.setObjectName("mixed_activations")
        self._mixed.setWordWrap(True)

    def _network_form(self) -> FieldForm:
        form = FieldForm()
        form.layout.addRow("Activation", self.activation_box)
        self._add_parameters(form, "", self._formula, lambda config: config.activations[:1])
        row, width = QHBoxLayout(), QLabel("Width")
        row.setSpacing(form.layout.horizontalSpacing())
        width.setBuddy(self.width_box)
        row.addWidget(self.depth_box, 1)
        row.addWidget(width)
        row.addWidget(self.width_box, 1)
        form.layout.addRow("Depth", row)
        lead_to(self.depth_box, form.layout.labelForField(row))
        form.add("Initialization", choice_field("initialization", self.initialization_box))
        form.add(
            "Spread σ",
            number_field("initialization_sigma", RateBox("initialization_sigma_box", 0.0, MAX_SIGMA)),
            lambda config: config.initialization is Initialization.NORMAL,
            hides=True,
        )
        form.add_text(self._resolved, lambda config: config.initialization is not Initialization.NORMAL)
        return form

    def _add_parameters(
        self, form: FieldForm, which: str, text: RowText, activations: Callable[[TrainingConfig], Sequence[Activation]]
    ) -> None:
        """Add the parameters of the activations of some layers, and a text in the place of one where there is none."""
        slope = RateBox(f"{which}leaky_slope_box", 0.0, 1.0)
        alpha = RateBox(f"{which}elu_alpha_box", 0.0, MAX_ALPHA)
        fields = {
            Activation.LEAKY_RELU: ("Leaky slope", number_field("leaky_slope", slope)),
            Activation.ELU: ("ELU α", number_field("elu_alpha", alpha)),
        }

        def matters(activation: Activation, config: TrainingConfig) -> bool:
            return activation in activations(config)

        for activation, (label, field) in fields.items():
            form.add(label, field, partial(matters, activation), hides=True)
        form.add_text(text, lambda config: not fields.keys() & set(activations(config)))

    def _training_form(self, new_seed: QAction) -> FieldForm:
        form = FieldForm()
        form.add("Optimizer", choice_field("optimizer", self.optimizer_box))
        form.add("Learning rate", number_field("learning_rate", self.learning_rate_box))
        form.add("Batch size", optional_field("batch_size", self.batch_size_box, "full batch"))
        form.add("Kept for validation", percent_field("validation_fraction", self.validation_box))
        row, button = QHBoxLayout(), QToolButton()
        button.setObjectName("new_seed_button")
        button.setDefaultAction(new_seed)
        button.setText("New")
        row.addWidget(self.seed_box, 1)
        row.addWidget(button)
        form.layout.addRow("Weight seed", row)
        form.fields.append(number_field("seed", self.seed_box))
        lead_to(self.seed_box, form.layout.labelForField(row))
        return form

    def _regularization_form(self) -> FieldForm:
        form = FieldForm()
        form.add("Dropout", percent_field("dropout", WholeBox("dropout_box", 0, round(100 * MAX_DROPOUT))))
        form.add("L1", number_field("l1", RateBox("l1_box", 0.0, MAX_PENALTY)))
        form.add("L2", number_field("l2", RateBox("l2_box", 0.0, MAX_PENALTY)))
        form.add("Batch normalization", flag_field("batch_norm"))
        form.add("Skip connections", flag_field("skip_connections"))
        return form

    def _more_form(self) -> FieldForm:
        form = FieldForm()
        output, loss = ChoiceBox("output_box", OUTPUTS), ChoiceBox("loss_box", LOSSES)
        for box in (output, loss):  # their names are long and must be told apart
            box.show_whole()
        form.add("Output", choice_field("output", output), above=True)
        form.add(
            "Threshold",
            number_field("threshold", RateBox("threshold_box", 1e-6, 1 - 1e-6, step=0.05)),
            lambda config: config.output in (Output.AUTO, Output.SIGMOID),
        )
        form.add("Loss", choice_field("loss", loss), above=True)
        form.add("Schedule", choice_field("schedule", ChoiceBox("schedule_box", SCHEDULES)))
        epochs = number_field("schedule_epochs", WholeBox("schedule_epochs_box", 1, MAX_SCHEDULE_EPOCHS))
        factor = number_field("schedule_factor", RateBox("schedule_factor_box", 0.0, 1.0))
        for label, field in (("Epochs", epochs), ("Factor", factor)):
            form.add(label, field, lambda config: config.schedule is not Schedule.CONSTANT)
            field.box.setAccessibleName(f"{label} of the schedule")
        clipping = RateBox("clip_norm_box", 0.0, MAX_CLIP_NORM, first=0.1)
        form.add("Gradient limit", optional_field("clip_norm", clipping, "none"))
        form.layout.addRow("Last layers", self.last_layers_box)
        form.layout.addRow("Activation", self.last_activation_box)
        self._add_parameters(
            form, "last_", self._last_formula, lambda config: list(dict.fromkeys(config.activations))[1:]
        )
        form.layout.addRow(self._mixed)
        return form

    def _connect(self) -> None:
        for form in self._forms:
            for field in form.fields:
                field.changed.connect(self._announce)
        for number in (self.depth_box, self.width_box, self.last_layers_box):
            number.valueChanged.connect(self._announce)
        for choice in (self.activation_box, self.last_activation_box):
            choice.chosen.connect(self._announce)

    # showing

    def show_config(self, config: TrainingConfig) -> None:
        """Show a config."""
        if config != self._config:
            self._split = split_of(config)
        self._config = config
        with QSignalBlocker(self):
            self.depth_box.show_value(len(config.hidden_layers))
            self.width_box.show_value(config.hidden_layers[0])
            for form in self._forms:
                form.show_config(config)
            self._show_split(config, self._split)
        automatic = config.initialization is Initialization.AUTO
        rules = dict.fromkeys(INITIALIZATIONS[rule] for rule in initializations(config))
        note = "; smaller for skip connections" if config.skip_connections else ""
        self._resolved.show_text("chosen: " + "; ".join(rules) + note if automatic else "")
        self._shown = self._values()

    def _show_split(self, config: TrainingConfig, split: LayerSplit) -> None:
        self.activation_box.show_choice(split.first)
        with QSignalBlocker(self.last_layers_box):
            self.last_layers_box.setMaximum(len(config.hidden_layers) - 1)
        self.last_layers_box.show_value(split.count)
        self.last_activation_box.show_choice(split.last)
        names = [ACTIVATIONS[activation] for activation in config.activations]
        more = ", …" if len(names) > MOST_NAMES else ""
        self._mixed.setText(f"mixed: {', '.join(names[:MOST_NAMES])}{more}")
        self._mixed.setToolTip(f"<p>{', '.join(names)}</p>")
        self._more.enable(self.last_activation_box, split.count > 0)
        self._formula.show_text(formula(split.first))
        self._last_formula.show_text(formula(split.last if split.count else None))
        self._more.layout.setRowVisible(self._mixed, split.first is None)
        changes = self._more.changes(config)
        if split.first is None:
            changes.append("mixed activations")
        elif split.count:
            changes.append(f"last {split.count} {ACTIVATIONS[split.last]}")
        self.more.show_changes(changes)
        self.regularization.show_changes(self._regularization.changes(config))

    # asking

    def _values(self) -> dict[str, object]:
        """What the form says now, by box; the layers are depth and width, their activations a split."""
        return {
            "hidden_layers": (self.depth_box.value(), self.width_box.value()),
            "first": self.activation_box.choice(),
            "last": self.last_activation_box.choice(),
            "count": self.last_layers_box.value(),
        } | {field.box.objectName(): field.value() for form in self._forms for field in form.fields}

    @Slot()
    def _announce(self) -> None:
        """Tell of what the user changed; a field that was not touched keeps the config's value, shown or not."""
        before, now = self._shown, self._values()
        changed = {name: value for name, value in now.items() if value != before[name]}
        fields = [field for form in self._forms for field in form.fields]
        plain = {field.name: now[name] for field in fields if (name := field.box.objectName()) in changed}
        config = replace(self._config, **plain)  # type: ignore[arg-type]  # each field its own
        split = self._split
        if SPLIT & set(changed):
            first = self.activation_box.choice() or config.activations[0]
            last = self.last_activation_box.choice() or split.last
            split = LayerSplit(first, last, self.last_layers_box.value())
            config = with_split(config, split)
        if "hidden_layers" in changed:
            config = with_layers(config, (self.width_box.value(),) * self.depth_box.value(), split)
            split = replace(split, count=min(split.count, len(config.hidden_layers) - 1))
        # as long as the user goes on here, the last layers stay apart from the first, even while they are alike
        self._split = split if split.count and split.first is not None else split_of(config)
        is_new, self._config = config != self._config, config
        self.show_config(config)
        if is_new:
            self.config_chosen.emit(config)


def formula(activation: Activation | None) -> str:
    """An activation as a formula; nothing where there is not one."""
    return f"f(z) = {FACTS[activation].formula}" if activation else ""


def lead_to(box: QWidget, label: QWidget | None) -> None:
    """Let the label of a row that holds several things lead to one of them."""
    if isinstance(label, QLabel):
        label.setBuddy(box)
