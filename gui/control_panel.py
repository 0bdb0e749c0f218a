"""The form over a TrainingConfig."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QFormLayout, QHBoxLayout, QLabel, QToolButton, QVBoxLayout, QWidget

from engine.activations import initializations
from engine.config import MAX_SEED, Initialization, TrainingConfig
from gui.choice_box import ChoiceBox
from gui.forms import heading, make_form
from gui.number_boxes import RateBox, WholeBox
from gui.wording import ACTIVATIONS, INITIALIZATIONS, OPTIMIZERS

MOST_LAYERS, MOST_UNITS = 50, 128
TIPS = {
    "activation_box": "What each hidden unit does with its sum. A change starts a new run.",
    "depth_box": "Number of hidden layers, 1 to 50. A change starts a new run.",
    "width_box": "Units in each hidden layer, 1 to 128. A change starts a new run.",
    "initialization_box": "How the first weights are drawn. A change starts a new run.",
    "optimizer_box": "How the gradient becomes a step. Takes effect at once, the weights stay.",
    "learning_rate_box": "How far a step goes. Takes effect at once, the weights stay.",
    "batch_size_box": "Points per step; 0 is the full batch. Takes effect at once, the weights stay.",
    "validation_box": "Share of the points that are kept from training, drawn hollow. Takes effect at once.",
    "seed_box": "Same seed, same first weights and same order of points. A change starts a new run.",
}


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
        self.depth_box, self.width_box = WholeBox("depth_box", 1, MOST_LAYERS), WholeBox("width_box", 1, MOST_UNITS)
        self.activation_box = ChoiceBox("activation_box", ACTIVATIONS)
        self.initialization_box = ChoiceBox("initialization_box", INITIALIZATIONS)
        self.optimizer_box = ChoiceBox("optimizer_box", OPTIMIZERS)
        self.learning_rate_box = RateBox("learning_rate_box", 1e-8, 1e6)
        self.batch_size_box = WholeBox("batch_size_box", 0, 100_000)
        self.batch_size_box.setSpecialValueText("full batch")
        self.validation_box = WholeBox("validation_box", 0, 50)
        self.validation_box.setSuffix(" %")
        self.validation_box.setSingleStep(5)
        self.seed_box = WholeBox("seed_box", 0, MAX_SEED)
        self._resolved = QLabel()
        self._resolved.setObjectName("resolved_initialization")
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading("Network"))
        layout.addLayout(self._network_form())
        layout.addWidget(heading("Training"))
        layout.addLayout(self._training_form(new_seed))
        for box in self.findChildren(QWidget):
            if box.objectName() in TIPS:
                box.setToolTip(f"<p>{TIPS[box.objectName()]}</p>")
                box.setStatusTip(TIPS[box.objectName()])
        self._connect()
        self.show_config(self._config)

    def _network_form(self) -> QFormLayout:
        form = make_form()
        form.addRow("Activation", self.activation_box)
        form.addRow("Depth", self.depth_box)
        form.addRow("Width", self.width_box)
        form.addRow("Initialization", self.initialization_box)
        form.addRow("", self._resolved)
        return form

    def _training_form(self, new_seed: QAction) -> QFormLayout:
        form = make_form()
        form.addRow("Optimizer", self.optimizer_box)
        form.addRow("Learning rate", self.learning_rate_box)
        form.addRow("Batch size", self.batch_size_box)
        form.addRow("Kept for validation", self.validation_box)
        row, button = QHBoxLayout(), QToolButton()
        button.setObjectName("new_seed_button")
        button.setDefaultAction(new_seed)
        button.setText("New")
        row.addWidget(self.seed_box, 1)
        row.addWidget(button)
        form.addRow("Seed", row)
        label = form.labelForField(row)
        if isinstance(label, QLabel):
            label.setBuddy(self.seed_box)
        return form

    def _connect(self) -> None:
        for number in (self.depth_box, self.width_box, self.batch_size_box, self.validation_box, self.seed_box):
            number.valueChanged.connect(self._announce)
        self.learning_rate_box.valueChanged.connect(self._announce)
        for choice in (self.activation_box, self.initialization_box, self.optimizer_box):
            choice.chosen.connect(self._announce)

    def show_config(self, config: TrainingConfig) -> None:
        """Show a config."""
        self._config = config
        blockers = [QSignalBlocker(self)]
        self.depth_box.show_value(len(config.hidden_layers))
        self.width_box.show_value(config.hidden_layers[0])
        self.activation_box.show_choice(config.activation)
        self.initialization_box.show_choice(config.initialization)
        self.optimizer_box.show_choice(config.optimizer)
        self.learning_rate_box.show_value(config.learning_rate)
        self.batch_size_box.show_value(config.batch_size or 0)
        self.validation_box.show_value(round(100 * config.validation_fraction))
        self.seed_box.show_value(config.seed)
        automatic = config.initialization is Initialization.AUTO
        self._resolved.setText(f"chosen: {INITIALIZATIONS[initializations(config)[0]]}" if automatic else "")
        self._shown = self._values()
        del blockers

    def _values(self) -> dict[str, object]:
        """What the form says now, by field; the layers are depth and width."""
        return {
            "hidden_layers": (self.depth_box.value(), self.width_box.value()),
            "activation": self.activation_box.choice(),
            "initialization": self.initialization_box.choice(),
            "optimizer": self.optimizer_box.choice(),
            "learning_rate": self.learning_rate_box.value(),
            "batch_size": self.batch_size_box.value() or None,
            "validation_fraction": self.validation_box.value() / 100,
            "seed": self.seed_box.value(),
        }

    @Slot()
    def _announce(self) -> None:
        """Tell of what the user changed; a field that was not touched keeps the config's value, shown or not."""
        before, self._shown = self._shown, self._values()
        changed = {name: value for name, value in self._shown.items() if value != before[name]}
        if "hidden_layers" in changed:
            changed["hidden_layers"] = (self.width_box.value(),) * self.depth_box.value()
        config = replace(self._config, **changed)  # type: ignore[arg-type]  # each field its own
        if config != self._config:
            self._config = config
            self.config_chosen.emit(config)
