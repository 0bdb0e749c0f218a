"""The form over a TrainingConfig."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import replace
from functools import partial
from typing import Any

from PySide6.QtCore import QSignalBlocker, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QLabel, QToolButton, QVBoxLayout, QWidget

from engine.config import Activation, Initialization, TrainingConfig
from engine.dataset import Dataset
from engine.mlp.activations import ACTIVATIONS as FACTS
from engine.mlp.activations import initializations
from gui.settings.fields import FieldForm, RowText, field_of
from gui.settings.layer_split import LayerSplit, split_of, with_layers, with_split
from gui.settings.output_picture import OutputPicture
from gui.settings.thumbnails import ThumbnailDelegate
from gui.text.language import count, say
from gui.text.names import listed_words, name_of, names_of
from gui.text.setting_rows import ROWS, Place, rows_in, tips
from gui.widgets.choice_box import ChoiceBox
from gui.widgets.forms import add_row, heading
from gui.widgets.number_boxes import WholeBox
from gui.widgets.section import Section

MAX_LAYERS, MAX_UNITS = 50, 128
MAX_NAMES = 3  # of mixed activations that are shown
SPLIT = {"first", "last", "count"}
"""The fields of `LayerSplit`; together with the layers, all that is no plain field."""


class ControlPanel(QWidget):
    """Shows a config and lets the user change it.

    Signals:
        config_chosen(TrainingConfig): the whole new config.

    Attributes:
        boxes: of the settings that are shown as they are, by name; the first where one stands twice.
        regularization, more: what opens and closes.
    """

    config_chosen = Signal(object)

    def __init__(self, new_seed: QAction, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("control_panel")
        self._config, self._n_inputs = TrainingConfig(), 2
        self._split = split_of(self._config)
        self._make_boxes()
        self._network, self._training = self._network_form(), self._training_form(new_seed)
        self._regularization, self._more = self._regularization_form(), self._more_form()
        self._forms = (self._network, self._training, self._regularization, self._more)
        self.boxes: dict[str, Any] = {field.name: field.box for form in reversed(self._forms) for field in form.fields}
        self.regularization = Section(
            "regularization",
            say("Regularization"),
            say(
                "Dropout, L1 and L2 keep the network from learning the points by heart; batch normalization and skip "
                "connections help deep networks to learn."
            ),
            self._regularization.layout,
        )
        self.more = Section(
            "more", say("More"), say("Output, loss, schedule and activations by layer."), self._more.layout
        )
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 0)
        layout.addWidget(heading(say("Network")))
        layout.addLayout(self._network.layout)
        layout.addWidget(heading(say("Training", "heading")))
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
        """The boxes of layers and their activations, which show parts of settings, and texts beside them."""
        self.activation_box = ChoiceBox("activation_box", names_of(Activation))
        self.activation_box.setPlaceholderText(say("mixed", "activations"))
        self.depth_box, self.width_box = WholeBox("depth_box", 0, MAX_LAYERS), WholeBox("width_box", 1, MAX_UNITS)
        self.last_layers_box = WholeBox("last_layers_box", 0, 0)
        self.last_layers_box.setSpecialValueText(say("none", "layers"))
        self.last_activation_box = ChoiceBox("last_activation_box", names_of(Activation))
        self.last_activation_box.setAccessibleName(say("Activation of the last layers"))
        for box in (self.activation_box, self.last_activation_box):
            box.setItemDelegate(ThumbnailDelegate(list(Activation), box))
        self._formula, self._last_formula = RowText(self.depth_box), RowText(self.depth_box)
        self._resolved, self._mixed, self._output = RowText(self.depth_box), QLabel(), OutputPicture()
        self._formula.setObjectName("activation_formula")
        self._last_formula.setObjectName("last_activation_formula")
        self._resolved.setObjectName("resolved_initialization")
        self._mixed.setObjectName("mixed_activations")
        self._mixed.setWordWrap(True)

    def _network_form(self) -> FieldForm:
        form = FieldForm()
        form.layout.addRow(say("Activation", "setting"), self.activation_box)
        self._add_parameters(form, "", self._formula, lambda config: config.activations[:1])
        add_row(form.layout, say("Depth, width"), self.depth_box, self.width_box)
        self.depth_box.setAccessibleName(say("Depth"))
        self.width_box.setAccessibleName(say("Width"))
        form.add_flags(say("More features"), rows_in(Place.FEATURES))
        form.add_settings(rows_in(Place.NETWORK))
        form.add_text(self._resolved, lambda config: config.initialization is not Initialization.NORMAL)
        return form

    def _add_parameters(
        self, form: FieldForm, which: str, text: RowText, activations: Callable[[TrainingConfig], Sequence[Activation]]
    ) -> None:
        """Add the parameters of the activations of some layers, and a text in the place of one where there is none."""
        rows = rows_in(Place.ACTIVATION)

        def matters(activation: Activation | None, config: TrainingConfig) -> bool:
            return activation in activations(config)

        for name, row in rows.items():
            matter = partial(matters, row.activation)
            form.add(say(row.label or row.title, "setting"), field_of(name, row, which), matter, hides=True)
        owners = {row.activation for row in rows.values()}
        form.add_text(text, lambda config: not owners & set(activations(config)))

    def _training_form(self, new_seed: QAction) -> FieldForm:
        form, button = FieldForm(), QToolButton()
        button.setObjectName("new_seed_button")
        button.setDefaultAction(new_seed)
        button.setText(say("New", "seed"))
        test = field_of("test_fraction", ROWS["test_fraction"])
        test.box.setAccessibleName(say(ROWS["test_fraction"].spoken))
        form.add_settings(rows_in(Place.TRAINING), {"seed": button, "validation_fraction": test.box})
        form.fields.append(test)
        return form

    def _regularization_form(self) -> FieldForm:
        form = FieldForm()
        form.add_settings(rows_in(Place.REGULARIZATION))
        return form

    def _more_form(self) -> FieldForm:
        form = FieldForm()
        form.add_settings(rows_in(Place.MORE))
        output = next(field.box for field in form.fields if field.name == "output")
        row = form.layout.getWidgetPosition(output)[0]  # type: ignore[index]  # a pair, which the stubs do not know
        form.layout.insertRow(row + 1, "", self._output)  # beneath its box
        form.layout.addRow(say("Last layers"), self.last_layers_box)
        form.layout.addRow(say("Activation", "setting"), self.last_activation_box)
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
            self.width_box.show_value(next(iter(config.hidden_layers), self.width_box.value()))
            for form in self._forms:
                form.show_config(config)
            self._show_split(config, self._split)
        for box in (self.width_box, self.activation_box):
            self._network.enable(box, len(config.hidden_layers) > 0)
        self._network.enable(self.boxes["products"], self._n_inputs > 1)
        self._resolved.show_text(self._rules(config))
        self._output.show_config(config)
        self._shown = self._values()

    def show_dataset(self, dataset: Dataset) -> None:
        """Show what depends on the data: their classes, or that values are learned, and of how many inputs."""
        self._n_inputs = dataset.n_inputs
        self._network.enable(self.boxes["products"], self._n_inputs > 1)
        self._output.show_classes(dataset.colours)
        self._more.show_target(dataset.target, self._config)
        self._more.layout.setRowVisible(self._output, not dataset.has_values)

    def _rules(self, config: TrainingConfig) -> str:
        """The initialization that is chosen automatically, in words; nothing if it is chosen by hand or not needed."""
        if config.initialization is not Initialization.AUTO or not config.hidden_layers:
            return ""
        rules = "; ".join(map(name_of, dict.fromkeys(initializations(config))))
        if config.skip_connections:
            return say("chosen: {rules}; smaller for skip connections", rules=rules)
        return say("chosen: {rules}", rules=rules)

    def _show_split(self, config: TrainingConfig, split: LayerSplit) -> None:
        self.activation_box.show_choice(split.first)
        with QSignalBlocker(self.last_layers_box):
            self.last_layers_box.setMaximum(max(0, len(config.hidden_layers) - 1))
        self.last_layers_box.show_value(split.count)
        self.last_activation_box.show_choice(split.last)
        names = [name_of(activation) for activation in config.activations]
        if len(names) > MAX_NAMES:
            self._mixed.setText(say("mixed: {names}, …", names=listed_words(names[:MAX_NAMES])))
        else:
            self._mixed.setText(say("mixed: {names}", names=listed_words(names)))
        self._mixed.setToolTip(f"<p>{listed_words(names)}</p>")
        self._more.enable(self.last_activation_box, split.count > 0)
        self._formula.show_text(formula(split.first))
        self._last_formula.show_text(formula(split.last if split.count else None))
        self._more.layout.setRowVisible(self._mixed, split.first is None)
        changes = self._more.changes(config)
        if split.first is None:
            changes.append(say("mixed activations"))
        elif split.count:
            changes.append(count("last {n} {name}", "last {n} {name}", split.count, name=name_of(split.last)))
        self.more.show_changes(changes)
        self.regularization.show_changes(self._regularization.changes(config))

    # asking

    def _values(self) -> dict[str, object]:
        """The values in the form now, by box; the layers are depth and width, their activations a split."""
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
            first = self.activation_box.choice() or next(iter(config.activations), config.activation)
            last = self.last_activation_box.choice() or split.last
            split = LayerSplit(first, last, self.last_layers_box.value())
            config = with_split(config, split)
        if "hidden_layers" in changed:
            config = with_layers(config, (self.width_box.value(),) * self.depth_box.value(), split)
            split = replace(split, count=split.fitting(config.hidden_layers))
        # as long as the user goes on here, the last layers stay apart from the first, even while they are alike
        self._split = split if split.count and split.first is not None else split_of(config)
        is_new, self._config = config != self._config, config
        self.show_config(config)
        if is_new:
            self.config_chosen.emit(config)


def formula(activation: Activation | None) -> str:
    """An activation as a formula; nothing where there is not one."""
    return f"f(z) = {say(FACTS[activation].formula)}" if activation else ""
