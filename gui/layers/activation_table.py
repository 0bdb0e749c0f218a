"""The table of activations, with what each costs on this machine. It stays open beside the window."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtGui import QShowEvent, QTextOption
from PySide6.QtWidgets import QDialog, QDialogButtonBox, QTextBrowser, QVBoxLayout, QWidget

from engine.config import Activation
from engine.messages import message
from engine.mlp.activations import ACTIVATIONS, SATURATED_BELOW, ActivationCost, Shape, saturation
from gui.text.language import mark, say
from gui.text.names import name_of
from gui.widgets.boxes import without_icons

HEADINGS = (
    mark("Activation"),
    "f(z)",
    mark("Values"),
    mark("Centred at 0"),
    mark("Largest f′"),
    mark("Saturated"),
    mark("First weights"),
    mark("ns forward"),
    mark("ns backward"),
)
EXPLANATION = message(
    "<p><b>Centred at 0</b>: f(−z) = −f(z), so where z lies evenly around 0, the outputs do, too. <b>Largest f′</b>: "
    "what the gradient is multiplied by at most on its way back through f, the weights apart; twenty sigmoid layers "
    "multiply by 0.25 each at best, 0.25²⁰ ≈ 9·10⁻¹³. For softmax it is that of an output by its own z; with those by "
    "the other z together it is 0.5 at most. <b>Saturated</b>: from where on |f′| stays below "
    "{limit:g}, so that a unit hardly learns. <b>First weights</b>: what Automatic chooses.</p>",
    limit=SATURATED_BELOW,
)
MAX_WIDTH = 1280  # pixels: of a small screen


class ActivationTable(QDialog):
    """Facts about the hidden activations, and their costs once they are measured."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activation_table")
        self.setWindowTitle(say("Activation Functions"))
        self._costs: Mapping[Activation, ActivationCost] | None = None
        self._text = QTextBrowser()
        self._text.setAccessibleName(say("Table of activation functions"))
        self._text.setWordWrapMode(QTextOption.WrapMode.WordWrap)  # headings are not broken within a word
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(say("Close"))
        without_icons(buttons)
        buttons.rejected.connect(self.reject)
        column = QVBoxLayout(self)
        column.addWidget(self._text)
        column.addWidget(buttons)
        self.resize(1000, 460)

    def showEvent(self, event: QShowEvent) -> None:
        """Fill the page: not before, since the window is not to wait for a table that is seldom asked for."""
        if self._text.document().isEmpty():
            self._text.setHtml(page(self._costs))
        super().showEvent(event)
        if missing := self._text.horizontalScrollBar().maximum():
            self.resize(min(self.width() + missing, MAX_WIDTH), self.height())

    def show_costs(self, costs: Mapping[Activation, ActivationCost] | None) -> None:
        """Show the costs, if they are others than those shown."""
        if costs is not None and costs is not self._costs:
            self._costs = costs
            self._text.setHtml(page(costs))


def page(costs: Mapping[Activation, ActivationCost] | None) -> str:
    """The table as rich text."""
    head = "".join(f"<th align='left'>{say(heading)}</th>" for heading in HEADINGS)
    rows = "".join(row(activation, None if costs is None else costs[activation]) for activation in Activation)
    return f"<table cellpadding='5'><tr>{head}</tr>{rows}</table>{say(EXPLANATION)}<p>{cost_sentence(costs)}</p>"


def row(activation: Activation, cost: ActivationCost | None) -> str:
    """One activation."""
    facts, shape = ACTIVATIONS[activation], Shape()
    low = facts.lowest(shape)
    cells = (
        f"<b>{name_of(activation)}</b>",
        say(facts.formula),
        f"{number(low)} … {number(facts.highest)}",
        say("yes") if facts.is_zero_centred else say("no"),
        f"{facts.largest_derivative(shape):.3g}",
        saturated(activation, shape),
        name_of(facts.initialization),
        "…" if cost is None else f"{cost.forward:.2f}",
        "…" if cost is None else f"{cost.backward:.2f}",
    )
    return "<tr>" + "".join(f"<td style='white-space: nowrap'>{cell}</td>" for cell in cells) + "</tr>"


def number(value: float) -> str:
    """A bound of the values."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return f"{value:.2g}".replace("-", "−")


def saturated(activation: Activation, shape: Shape) -> str:
    """The range in which the derivative is nearly 0, in words."""
    if activation is Activation.SOFTMAX:
        return say("as the others say")
    left, right = saturation(activation, shape)
    if left >= right:
        return say("everywhere")
    if math.isinf(left) and math.isinf(right):
        return say("nowhere")
    if math.isinf(right):
        return f"z ≤ {number(left)}"
    return f"|z| ≥ {number(right)}"


def cost_sentence(costs: Mapping[Activation, ActivationCost] | None) -> str:
    """A sentence about the costs, and how sigmoid compares with ReLU."""
    if costs is None:
        return say("The training engine measures the cost as soon as it is ready …")
    sigmoid, relu = costs[Activation.SIGMOID], costs[Activation.RELU]
    ratio = sigmoid.forward / max(relu.forward, 1e-9)
    whole = (sigmoid.forward + sigmoid.backward) / max(relu.forward + relu.backward, 1e-9)
    return say(
        "<b>ns</b>: nanoseconds for one value, measured on this machine just now, without the matrix products. "
        "Sigmoid takes {forward:.1f} times as long as ReLU forward, {together:.1f} times forward and backward "
        "together, which is what the complaint about the computing cost compares.",
        forward=ratio,
        together=whole,
    )
