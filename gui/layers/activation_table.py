"""The activations as cards, with what each costs on this machine. They stay open beside the window."""

from __future__ import annotations

import math
from collections.abc import Mapping

from PySide6.QtCore import QModelIndex, QPersistentModelIndex, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFont, QPainter, QPen, QShowEvent
from PySide6.QtWidgets import (
    QDialog,
    QDialogButtonBox,
    QHBoxLayout,
    QListView,
    QListWidget,
    QListWidgetItem,
    QStyle,
    QStyledItemDelegate,
    QStyleOptionViewItem,
    QTextBrowser,
    QVBoxLayout,
    QWidget,
)

from engine.config import Activation
from engine.messages import message
from engine.mlp.activations import ACTIVATIONS, SATURATED_BELOW, ActivationCost, Shape, saturation
from gui.paint.chart import write_shortened
from gui.paint.swatches import draw_curve
from gui.paint.theme import Chrome, chrome_of
from gui.paint.type_size import scale_of
from gui.text.language import mark, say
from gui.text.names import name_of
from gui.text.numbers import with_minus
from gui.widgets.boxes import without_icons
from gui.widgets.forms import GAP

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
SOLID = mark("Solid: f(z); dashed: its slope f′(z); z goes from −4 to 4, on the same axes in all.")
CARD = QSize(168, 186)  # lengths beside the usual font
FORMULA_LINES = 2  # that the longest formula takes on a card
COLUMNS, ROWS = 4, 3  # of the cards that are seen at once
DETAILS = 320  # as the card


class ActivationTable(QDialog):
    """Facts about the hidden activations, and their costs once they are measured.

    A card each, with the curve, and all that is known of the one that is chosen beside them.
    """

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("activation_table")
        self.setWindowTitle(say("Activation Functions"))
        self._costs: Mapping[Activation, ActivationCost] | None = None
        self.cards, self.text = QListWidget(), QTextBrowser()
        self.cards.setObjectName("activation_cards")
        self.cards.setAccessibleName(say("Activation functions"))
        self.cards.setToolTip(f"<p>{say(SOLID)}</p>")
        self.cards.setViewMode(QListView.ViewMode.IconMode)
        self.cards.setResizeMode(QListView.ResizeMode.Adjust)
        self.cards.setMovement(QListView.Movement.Static)
        self.cards.setUniformItemSizes(True)
        self.cards.setMouseTracking(True)
        self.cards.setItemDelegate(CardDelegate(self.cards))
        self.text.setAccessibleName(say("Facts about the chosen activation function"))
        buttons = QDialogButtonBox(QDialogButtonBox.StandardButton.Close)
        buttons.button(QDialogButtonBox.StandardButton.Close).setText(say("Close"))
        without_icons(buttons)
        buttons.rejected.connect(self.reject)
        row = QHBoxLayout()
        row.setSpacing(GAP)
        row.addWidget(self.cards, COLUMNS * CARD.width())
        row.addWidget(self.text, DETAILS)
        column = QVBoxLayout(self)
        column.addLayout(row)
        column.addWidget(buttons)
        scale = scale_of(self.font())
        self.resize(round((COLUMNS * CARD.width() + DETAILS + 64) * scale), round((ROWS * CARD.height() + 64) * scale))
        self.cards.currentItemChanged.connect(self._show_facts)

    def showEvent(self, event: QShowEvent) -> None:
        """Make the cards: not before, since the window is not to wait for what is seldom asked for."""
        if not self.cards.count():
            for activation in Activation:
                item = QListWidgetItem(name_of(activation), self.cards)
                item.setData(Qt.ItemDataRole.UserRole, activation.value)
            self._describe()
            self.cards.setCurrentRow(0)
        super().showEvent(event)

    def show_costs(self, costs: Mapping[Activation, ActivationCost] | None) -> None:
        """Show the costs, if they are others than those shown."""
        if costs is not None and costs is not self._costs:
            self._costs = costs
            self._describe()
            self._show_facts()

    def choose(self, activation: Activation) -> None:
        """Choose the card of an activation."""
        self.cards.setCurrentRow(list(Activation).index(activation))

    def _cost(self, activation: Activation) -> ActivationCost | None:
        return None if self._costs is None else self._costs[activation]

    def _describe(self) -> None:
        """Let all cards say what is known now, to those too who hear them."""
        for number, activation in enumerate(Activation):
            item = self.cards.item(number)
            if item is not None:
                facts = facts_of(activation, self._cost(activation))
                said = "; ".join(f"{heading}: {fact}" for heading, fact in facts.items() if fact)
                item.setData(Qt.ItemDataRole.AccessibleTextRole, item.text())
                item.setData(Qt.ItemDataRole.AccessibleDescriptionRole, said)
                item.setData(COST_ROLE, self._cost(activation))

    @Slot()
    def _show_facts(self) -> None:
        item = self.cards.currentItem()
        if item is not None:
            activation, bar = Activation(item.data(Qt.ItemDataRole.UserRole)), self.text.verticalScrollBar()
            place = bar.value()
            self.text.setHtml(page(activation, self._costs))
            bar.setValue(place)


COST_ROLE = Qt.ItemDataRole.UserRole + 1


class CardDelegate(QStyledItemDelegate):
    """Paints the card of an activation: its name, curve and slope, formula, values and costs."""

    def sizeHint(self, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex) -> QSize:
        return CARD * scale_of(option.font)

    def paint(
        self, painter: QPainter, option: QStyleOptionViewItem, index: QModelIndex | QPersistentModelIndex
    ) -> None:
        chrome, scale = chrome_of(option.widget.palette()), scale_of(option.font)
        activation, cost = Activation(index.data(Qt.ItemDataRole.UserRole)), index.data(COST_ROLE)
        gap = GAP * scale
        card = QRectF(option.rect).adjusted(gap / 2, gap / 2, -gap / 2, -gap / 2)
        painter.save()
        paint_ground(painter, option, card, chrome)
        inner, line = card.adjusted(gap, gap * 0.75, -gap, -gap * 0.75), option.fontMetrics.height()
        name = QFont(option.font)
        name.setBold(True)
        painter.setFont(name)
        painter.setPen(QColor(chrome.ink))
        write_shortened(painter, QRectF(inner.left(), inner.top(), inner.width(), line), name_of(activation))
        painter.setFont(option.font)
        formula, *others = lines_of(activation, cost)
        top = inner.bottom() - (FORMULA_LINES + len(others)) * line
        place = QRectF(inner.left(), top, inner.width(), FORMULA_LINES * line)
        area = inner.adjusted(0, line + gap / 2, 0, top - gap / 2 - inner.bottom())
        if painter.fontMetrics().horizontalAdvance(formula) > place.width():
            formula = formula.replace(", ", ",\n", 1)  # between the cases, not within one
        painter.drawText(place, Qt.AlignmentFlag.AlignVCenter | Qt.TextFlag.TextWordWrap, formula)
        painter.setPen(QColor(chrome.faint))
        for number, text in enumerate(others):
            write_shortened(painter, QRectF(inner.left(), place.bottom() + number * line, inner.width(), line), text)
        draw_curve(painter, area, activation, chrome, 2 * scale, with_slope=True)
        painter.restore()


def paint_ground(painter: QPainter, option: QStyleOptionViewItem, card: QRectF, chrome: Chrome) -> None:
    """The ground of a card and its edge, which tell whether it is chosen."""
    state = QStyle.StateFlag
    is_chosen, is_over = bool(option.state & state.State_Selected), bool(option.state & state.State_MouseOver)
    width = 2.0 if is_chosen else 1.0
    painter.setRenderHint(QPainter.RenderHint.Antialiasing)
    painter.setBrush(QColor(chrome.surface))
    painter.setPen(QPen(QColor(chrome.ring if is_chosen else chrome.ink if is_over else chrome.edge), width))
    inner = card.adjusted(width / 2, width / 2, -width / 2, -width / 2)
    painter.drawRoundedRect(inner, 6, 6)


def lines_of(activation: Activation, cost: ActivationCost | None) -> tuple[str, str, str]:
    """The words on a card beneath the curve: formula, values and slope, costs."""
    facts, shape = ACTIVATIONS[activation], Shape()
    if cost is None:
        costs = say("cost: not measured yet")
    else:
        costs = say("{forward:.2f} + {backward:.2f} ns a value", forward=cost.forward, backward=cost.backward)
    slope = f"{facts.largest_derivative(shape):.3g}"
    return say(facts.formula), f"{values_of(activation)}   f′ ≤ {slope}", costs


def page(activation: Activation, costs: Mapping[Activation, ActivationCost] | None) -> str:
    """All that is known of one activation, and what it means, as rich text."""
    facts = facts_of(activation, None if costs is None else costs[activation])
    rows = "".join(
        f"<tr><td>{heading}</td><td style='white-space: nowrap'><b>{fact}</b></td></tr>"
        for heading, fact in facts.items()
    )
    table = f"<table cellpadding='3'>{rows}</table>"
    return f"{table}<p>{say(SOLID)}</p>{say(EXPLANATION)}<p>{cost_sentence(costs)}</p>"


def facts_of(activation: Activation, cost: ActivationCost | None) -> dict[str, str]:
    """The facts about an activation under their headings."""
    facts, shape = ACTIVATIONS[activation], Shape()
    told = (
        name_of(activation),
        say(facts.formula),
        values_of(activation),
        say("yes") if facts.is_zero_centred else say("no"),
        f"{facts.largest_derivative(shape):.3g}",
        saturated(activation, shape),
        name_of(facts.initialization),
        "…" if cost is None else f"{cost.forward:.2f}",
        "…" if cost is None else f"{cost.backward:.2f}",
    )
    return dict(zip(map(say, HEADINGS), told, strict=True))


def values_of(activation: Activation) -> str:
    """The range of the values."""
    facts = ACTIVATIONS[activation]
    return f"{number(facts.lowest(Shape()))} … {number(facts.highest)}"


def number(value: float) -> str:
    """A bound of the values."""
    if math.isinf(value):
        return "∞" if value > 0 else "−∞"
    return with_minus(f"{value:.2g}")


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
