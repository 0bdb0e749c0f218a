"""The activation lens: f and f′ of a hidden layer, with what really goes through them."""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

from PySide6.QtCore import QSize, Qt, Slot
from PySide6.QtGui import QResizeEvent, QShowEvent
from PySide6.QtWidgets import QBoxLayout, QHBoxLayout, QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.config import Activation
from engine.insight.diagnosis import DIAGNOSIS, SATURATED_POINTS, ZERO_CENTRED, Diagnosis, LayerDiagnosis, judge_units
from engine.messages import counted, message
from engine.mlp.activations import ActivationCost, Shape
from engine.run.snapshot import COSTS
from gui.layers.lens_picture import LensPicture
from gui.layers.mean_outputs import MeanOutputs
from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LanesView
from gui.paint.type_size import keep_size
from gui.text.lab_wording import units_sentence
from gui.text.language import mark, say
from gui.text.numbers import percent, signed
from gui.text.verdict_wording import looked_at
from gui.widgets.check_list import tell
from gui.widgets.lane_box import LaneBox
from gui.widgets.number_boxes import WholeBox

TALL = 400  # pixels, from which the mean outputs have room between the picture and the words
TITLE = mark("Activation lens")
NO_HIDDEN_LAYER = mark("This network has no hidden layer, and so no activation to look at.")
NOTHING_YET = mark("This layer has not been looked at yet: train or make a step.")
NOT_FINITE = mark(
    "The values of this layer are not finite numbers: the run has diverged. The status bar says what helps."
)
ZIG_ZAG = mark("At 100 % each single point pushes all weights into a unit one way: a zig-zag.")
ZIG_ZAG_RULE = mark(
    "Inputs of one sign: at a point, the derivatives by the weights into a unit have the signs of their inputs, or all "
    "the opposite ones. At 100 % each point pushes them all up or all down, and a way that needs some to rise and some "
    "to fall becomes a zig-zag; over a batch the pushes of its points may differ. Inputs that are 0 count as neither."
)


class ActivationLens(LanesView):
    """Shows one hidden layer of one lane: its activation, the values in it, and what they mean in words."""

    needs = (DIAGNOSIS, COSTS)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activation_lens")
        self.setAccessibleName(say(TITLE))
        self._diagnoses: Sequence[Diagnosis | None] = ()
        self._shapes: Sequence[Shape] = ()
        self._titles: Sequence[str] = ()
        self._costs: Mapping[Activation, ActivationCost] | None = None
        self._is_stale = False
        self._wanted_layer = 0
        self._layer_box = WholeBox("lens_layer_box", 1, 1)
        self._layer_box.setAccessibleName(say("Hidden layer"))
        tell(self._layer_box, say("The hidden layer that is looked at; 1 is the first after the inputs."))
        self._lane_box = LaneBox("lens_lane_box")
        self._picture, self._means, self._words = LensPicture(), MeanOutputs(), QLabel()
        self._words.setObjectName("lens_words")
        self._words.setAccessibleName(say("What the lens shows, in words"))
        self._words.setWordWrap(True)
        tell(self._words, say(ZIG_ZAG_RULE))
        self._words.setTextInteractionFlags(Qt.TextInteractionFlag.TextSelectableByMouse)
        self._words.setAlignment(Qt.AlignmentFlag.AlignTop | Qt.AlignmentFlag.AlignLeft)
        self._words.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        keep_size(self._words, 11)
        self._lay_out()
        self._layer_box.valueChanged.connect(self._choose_layer)
        self._lane_box.currentIndexChanged.connect(self._refresh)
        self._means.layer_chosen.connect(lambda layer: self._layer_box.setValue(layer + 1))
        self._refresh()

    def _lay_out(self) -> None:
        label = QLabel(say("Hidden &layer"))
        label.setBuddy(self._layer_box)
        row = QHBoxLayout()
        row.addWidget(label)
        row.addWidget(self._layer_box)
        row.addWidget(self._lane_box, 1)
        row.addStretch()
        self._halves = QBoxLayout(QBoxLayout.Direction.TopToBottom)
        self._halves.setSpacing(6)
        pictures = QVBoxLayout()
        pictures.addWidget(self._picture, 1)
        pictures.addWidget(self._means)
        self._halves.addLayout(pictures, 1)
        self._halves.addWidget(self._words)
        column = QBoxLayout(QBoxLayout.Direction.TopToBottom, self)
        column.setContentsMargins(8, 4, 8, 4)
        column.setSpacing(4)
        column.addLayout(row)
        column.addLayout(self._halves, 1)

    def sizeHint(self) -> QSize:
        return QSize(430, 360)

    @Slot(int)
    def choose_lane(self, lane: int) -> None:
        """Look at a lane, if it is shown."""
        self._lane_box.choose(lane)

    @property
    def words(self) -> str:
        """The words beside the picture, as rich text."""
        return self._words.text()

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the diagnosis of one of the lanes, and let another be chosen."""
        self.use_colours(lanes)
        names = tuple(lane.title for lane in lanes) if len(lanes) > 1 else ()
        diagnoses, costs = [lane.value(DIAGNOSIS) for lane in lanes], lanes[0].value(COSTS) if lanes else None
        shapes = tuple(Shape(leaky_slope=lane.config.leaky_slope, elu_alpha=lane.config.elu_alpha) for lane in lanes)
        same = len(diagnoses) == len(self._diagnoses) and all(
            new is old for new, old in zip(diagnoses, self._diagnoses, strict=True)
        )
        if same and names == self._titles and costs is self._costs and shapes == self._shapes:
            return
        if names != self._titles or len(diagnoses) != len(self._diagnoses):
            self._lane_box.show_titles(names)
        self._diagnoses, self._titles, self._costs, self._shapes = tuple(diagnoses), names, costs, shapes
        self._is_stale = True
        if self.isVisible():
            self._refresh()

    def show_layer(self, layer: int, lane: int = 0) -> None:
        """Look at a hidden layer, 0 for the first, of a lane."""
        self._wanted_layer = layer
        self._lane_box.show_lane(lane)
        self._refresh()

    @Slot(int)
    def _choose_layer(self, number: int) -> None:
        self._wanted_layer = number - 1
        self._refresh()

    @Slot()
    def _refresh(self) -> None:
        """The chosen layer, or the last one where a lane has fewer, into picture and words."""
        self._is_stale = False
        lane = self._lane_box.lane
        diagnosis = self._diagnoses[lane] if self._diagnoses else None
        hidden = diagnosis.layers[:-1] if diagnosis is not None else ()
        self._layer_box.setEnabled(bool(hidden))
        if diagnosis is None or not hidden:
            self._picture.show_layer(None, Shape(), None)
            self._means.show_layers((), 0, None)
            self._words.setText(f"<p>{say(NOTHING_YET if diagnosis is None else NO_HIDDEN_LAYER)}</p>")
            return
        layer = min(self._wanted_layer, len(hidden) - 1)
        was_blocked = self._layer_box.blockSignals(True)
        self._layer_box.setRange(1, len(hidden))
        self._layer_box.setSuffix(say(" of {n_layers}", n_layers=len(hidden)))
        self._layer_box.setValue(layer + 1)
        self._layer_box.blockSignals(was_blocked)
        shape, coloured = self._shapes[lane] if self._shapes else Shape(), self.colours[lane] if self._titles else None
        self._picture.show_layer(hidden[layer], shape, coloured)
        self._means.show_layers(hidden, layer, coloured)
        self._words.setText(in_words(diagnosis, layer, self._costs))

    def showEvent(self, event: QShowEvent) -> None:
        """Catch up with what came while nobody looked."""
        if self._is_stale:
            self._refresh()
        super().showEvent(event)

    def resizeEvent(self, event: QResizeEvent) -> None:
        """Words below the picture, or beside it where it is wide."""
        is_wide = self.width() > 1.6 * self.height()
        directions = QBoxLayout.Direction
        self._halves.setDirection(directions.LeftToRight if is_wide else directions.TopToBottom)
        self._halves.setStretch(1, 1 if is_wide else 0)
        self._means.setVisible(is_wide or self.height() >= TALL)
        super().resizeEvent(event)


def in_words(diagnosis: Diagnosis, index: int, costs: Mapping[Activation, ActivationCost] | None) -> str:
    """The measured values of a hidden layer, as rich text."""
    layer, verdict = diagnosis.layers[index], judge_units(diagnosis)
    if not math.isfinite(layer.mean_output):
        return f"<p>{say(NOT_FINITE)}</p>"
    lines = [] if verdict is None else [f"<b>{units_sentence(verdict)}</b>"]
    if verdict is not None and verdict.layer != index:
        lines.append(say("Layer {number}, which is shown here:", number=index + 1))
    lines += units_in_words(layer)
    if of := looked_at(diagnosis.n_points, diagnosis.n_training):
        lines.append(of)
    cost = costs.get(layer.activation) if costs is not None and layer.activation is not None else None
    if cost is not None:
        lines.append(
            say(
                "<b>Cost</b>: {forward:.2f} ns a value forward, {backward:.2f} ns back, in large layers",
                forward=cost.forward,
                backward=cost.backward,
            )
        )
    if math.isfinite(diagnosis.activation_share):
        lines.append(share_in_words(diagnosis.activation_share))
    return "<br>".join(lines)


def units_in_words(layer: LayerDiagnosis) -> list[str]:
    """The effect of a layer's units on what goes through them, in words, line by line."""
    n_units = layer.n_units
    units = counted("{n:,} unit", "{n:,} units", n_units)
    if layer.activation is Activation.SOFTMAX:
        saturated = say(
            "<b>Saturated</b>: not counted, the slope depends on the other units; drawn for one unit with the others "
            "at z = 0"
        )
    else:
        saturated = say(
            "<b>Saturated</b>: {share} of the values; {n_saturated} of {units} at more than {most:g} % of the points",
            share=percent(layer.saturated_share),
            n_saturated=layer.n_saturated_units,
            units=units,
            most=100 * SATURATED_POINTS,
        )
    if layer.is_zero_centred:
        centre = mark(
            "<b>Mean output</b>: {mean}, <b>zero-centred</b> (rule: its size ≤ {most:g} of the root mean square)"
        )
    else:
        centre = mark(
            "<b>Mean output</b>: {mean}, <b>not zero-centred</b> (rule: its size &gt; {most:g} of the root mean square)"
        )
    return [
        saturated,
        say(
            "<b>Dead</b>: {n_dead} of {units} &nbsp; <b>Linear</b>: {n_linear} of {n_units}",
            n_dead=layer.n_dead_units,
            n_linear=layer.n_linear_units,
            units=units,
            n_units=n_units,
        ),
        say(centre, mean=signed(layer.mean_output), most=ZERO_CENTRED),
        say(
            "<b>Inputs of one sign</b>: {share}. {meaning}",
            share=percent(layer.one_sign_share),
            meaning=message(ZIG_ZAG),
        ),
    ]


def share_in_words(share: float) -> str:
    """The share of time that the activations take, which is known to some hundredths."""
    if share < 0.05:
        return say("<b>All activations</b>, f and f′: less than 5 % of the time of a training step")
    return say(
        "<b>All activations</b>, f and f′: about {share} % of the time of a training step", share=5 * round(20 * share)
    )
