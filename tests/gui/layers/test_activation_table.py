from __future__ import annotations

import re

import pytest
from PySide6.QtWidgets import QTextBrowser
from pytestqt.qtbot import QtBot

from engine.config import Activation
from engine.insight.diagnosis import ComplaintKind, Diagnosis, complaints
from engine.insight.verdict import Fit
from engine.mlp.activations import ActivationCost
from gui.layers.activation_table import HEADINGS, ActivationTable, cost_sentence, page
from gui.text.wording import ACTIVATIONS
from tests.gui.diagnoses import make_layer

COSTS = {activation: ActivationCost(float(index + 1), 0.25) for index, activation in enumerate(Activation)}


@pytest.fixture
def table(qtbot: QtBot) -> ActivationTable:
    made = ActivationTable()
    qtbot.addWidget(made)
    assert text_of(made) == ""  # made at start-up, filled when it is asked for
    made.show()
    return made


def text_of(table: ActivationTable) -> str:
    browser = table.findChild(QTextBrowser)
    assert isinstance(browser, QTextBrowser)
    return browser.toPlainText()


def cells_of(activation: Activation) -> list[str]:
    """The row of an activation in the page."""
    start = page(COSTS).split(f"<b>{ACTIVATIONS[activation]}</b>")[1].split("</tr>")[0]
    return [ACTIVATIONS[activation], *re.findall("<td[^>]*>(.*?)</td>", start)]


def test_every_activation_is_there_before_anything_is_measured(table: ActivationTable) -> None:
    text = text_of(table)
    assert all(name in text for name in ACTIVATIONS.values())
    assert all(heading in text for heading in HEADINGS)
    assert "as soon as it is ready" in text


def test_costs_appear_when_they_come_and_are_kept(table: ActivationTable) -> None:
    table.show_costs(COSTS)
    table.show_costs(None)
    text = text_of(table)
    assert "8.00" in text  # Leaky ReLU is the seventh, ELU the eighth
    assert "as soon as it is ready" not in text
    ratio = COSTS[Activation.SIGMOID].forward / COSTS[Activation.RELU].forward
    assert f"{ratio:.1f} times as long as ReLU" in text


def test_the_same_costs_do_not_scroll_the_page_back(table: ActivationTable, qtbot: QtBot) -> None:
    table.resize(400, 200)
    table.show()
    table.show_costs(COSTS)
    browser = table.findChild(QTextBrowser)
    assert isinstance(browser, QTextBrowser)
    bar = browser.verticalScrollBar()
    bar.setValue(bar.maximum())
    assert bar.value() > 0
    table.show_costs(COSTS)
    assert bar.value() == bar.maximum()


@pytest.mark.parametrize(
    ("activation", "expected"),
    [
        (Activation.SIGMOID, ["0 … 1", "no", "0.25", "|z| ≥ 4.6", "Xavier, uniform"]),
        (Activation.TANH, ["−1 … 1", "yes", "1", "|z| ≥ 3", "Xavier, uniform"]),
        (Activation.RELU, ["0 … ∞", "no", "1", "z ≤ 0", "He, normal"]),
        (Activation.STEP, ["0 … 1", "no", "0", "everywhere"]),
        (Activation.LINEAR, ["−∞ … ∞", "yes", "1", "nowhere"]),
        (Activation.SOFTMAX, ["0 … 1", "no", "0.25", "as the others say"]),
    ],
)
def test_rows_say_what_the_textbook_says(activation: Activation, expected: list[str]) -> None:
    cells = cells_of(activation)
    assert [cell for cell in expected if cell not in cells] == []
    assert len([heading for heading in HEADINGS if heading]) == len(HEADINGS) == len(cells) - cells.count("")


def test_both_ratios_of_the_costs_are_named_and_one_is_that_of_the_complaint() -> None:
    costs = {activation: ActivationCost(1.0, 1.0) for activation in Activation}
    costs[Activation.SIGMOID] = ActivationCost(4.6, 2.0)
    sentence = cost_sentence(costs)
    layers = (make_layer(0.5, activation=Activation.SIGMOID), make_layer(0.5, activation=None))
    judged = complaints(Diagnosis(layers, 100, 100, 1.0, Fit(), 1), costs)
    card = next(complaint for complaint in judged if complaint.kind is ComplaintKind.COSTLY)
    assert "4.6 times as long as ReLU forward" in sentence
    assert f"{card.value:.1f} times forward and backward together" in sentence
