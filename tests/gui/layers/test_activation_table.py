from __future__ import annotations

import numpy as np
import pytest
import torch
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication, QRect, Qt
from PySide6.QtTest import QTest
from pytestqt.qtbot import QtBot

from engine.config import Activation
from engine.insight.diagnosis import ComplaintKind, Diagnosis, complaints
from engine.insight.verdict import Fit
from engine.mlp.activations import ActivationCost, Floats
from gui.layers.activation_table import (
    EXPLANATION,
    FORMULA_LINES,
    HEADINGS,
    ActivationTable,
    cost_sentence,
    facts_of,
    lines_of,
)
from gui.paint.theme import DARK, LIGHT, Chrome, palette_of
from gui.widgets.forms import GAP
from tests.engine.reference import MODULES
from tests.gui.diagnoses import make_layer
from tests.gui.pictures import of_colour, pixels

COSTS = {activation: ActivationCost(float(index + 1), 0.25) for index, activation in enumerate(Activation)}


@pytest.fixture
def table(qtbot: QtBot) -> ActivationTable:
    made = ActivationTable()
    qtbot.addWidget(made)
    assert made.cards.count() == 0  # made at start-up, filled when it is asked for
    made.show()
    return made


def cells_of(activation: Activation) -> list[str]:
    """The facts about an activation."""
    return list(facts_of(activation, COSTS[activation]).values())


def test_every_activation_has_a_card_before_anything_is_measured(table: ActivationTable) -> None:
    cards = [table.cards.item(number) for number in range(table.cards.count())]
    assert [card.text() for card in cards] == [activation.label for activation in Activation]
    text = table.text.toPlainText()
    assert all(heading in text for heading in HEADINGS)
    assert "as soon as it is ready" in text


def test_a_card_that_is_chosen_tells_all_about_its_activation(table: ActivationTable) -> None:
    told = set()
    for activation in Activation:
        table.choose(activation)
        text = table.text.toPlainText()
        assert activation.label in text.splitlines()[:4]
        assert all(fact in text for fact in facts_of(activation, None).values())
        told.add(text)
    assert len(told) == len(Activation)
    QTest.keyClick(table.cards, Qt.Key.Key_Home)
    assert table.cards.currentRow() == 0


def test_who_cannot_see_the_cards_hears_what_is_on_them(table: ActivationTable) -> None:
    table.show_costs(COSTS)
    for number, activation in enumerate(Activation):
        said = table.cards.item(number).data(Qt.ItemDataRole.AccessibleDescriptionRole)
        assert all(fact in said for fact in facts_of(activation, COSTS[activation]).values())


@pytest.mark.parametrize("chrome", [LIGHT, DARK], ids=["light", "dark"])
def test_each_card_has_a_curve_and_the_chosen_one_a_ring(table: ActivationTable, chrome: Chrome) -> None:
    table.setPalette(palette_of(chrome))
    for activation in (Activation.SIGMOID, Activation.RELU):
        table.choose(activation)
        painted = pixels(table.cards.viewport())
        for number in range(table.cards.count()):
            area = table.cards.visualItemRect(table.cards.item(number))
            card = painted[area.top() : area.bottom(), area.left() : area.right()]
            assert of_colour(card, chrome.bar).sum() > 50
            assert bool(of_colour(card, chrome.ring).sum() > 400) is (number == table.cards.currentRow())


def test_four_cards_stand_side_by_side_and_all_that_is_on_them_can_be_read(
    table: ActivationTable, each_font: str
) -> None:
    QCoreApplication.processEvents()
    places = [table.cards.visualItemRect(table.cards.item(number)) for number in range(table.cards.count())]
    assert len({place.top() for place in places}) == 3
    width, metrics = places[0].width() - 3 * GAP, table.cards.fontMetrics()
    for activation in Activation:
        formula, *others = lines_of(activation, COSTS[activation])
        for line in others:
            assert metrics.horizontalAdvance(line) <= width, (each_font, line)
        room = QRect(0, 0, width, FORMULA_LINES * metrics.height())
        needed = metrics.boundingRect(room, Qt.TextFlag.TextWordWrap, formula)
        assert room.contains(needed), (each_font, formula)


def test_costs_appear_when_they_come_and_are_kept(table: ActivationTable) -> None:
    table.choose(Activation.ELU)
    table.show_costs(COSTS)
    table.show_costs(None)
    text = table.text.toPlainText()
    assert "8.00" in text
    assert "as soon as it is ready" not in text
    assert lines_of(Activation.ELU, COSTS[Activation.ELU])[2] == "8.00 + 0.25 ns a value"
    ratio = COSTS[Activation.SIGMOID].forward / COSTS[Activation.RELU].forward
    assert f"{ratio:.1f} times as long as ReLU" in text


def test_costs_that_come_do_not_scroll_the_page_back(table: ActivationTable) -> None:
    table.resize(500, 260)
    QCoreApplication.processEvents()
    bar = table.text.verticalScrollBar()
    bar.setValue(bar.maximum() // 2)
    assert (place := bar.value()) > 0
    table.show_costs(COSTS)
    assert bar.value() == place


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


def curve_of(activation: Activation) -> tuple[Floats, Floats, Floats]:
    """z evenly on both sides of 0, f(z) and its slope by autograd."""
    z = torch.linspace(-12, 12, 24_000, dtype=torch.float64, requires_grad=True)
    value = MODULES[activation]()(z)
    (slope,) = torch.autograd.grad(value.sum(), z)
    return z.detach().numpy(), value.detach().numpy(), slope.numpy()


def is_beyond(said: str, z: Floats, by: float) -> NDArray[np.bool_]:
    """Where the cell of the column “Saturated” says that f is, its rounded edge moved outwards."""
    if said in ("everywhere", "nowhere"):
        return np.full(len(z), said == "everywhere")
    edge = float(said.split()[-1].replace("−", "-"))
    return np.abs(z) >= edge + by if said.startswith("|z|") else z <= edge - by


@pytest.mark.parametrize("activation", [kind for kind in Activation if kind is not Activation.SOFTMAX])
def test_what_the_columns_are_said_to_mean_is_true_of_every_row(activation: Activation) -> None:
    z, value, slope = curve_of(activation)
    cells = dict(zip(HEADINGS, cells_of(activation), strict=True))

    # f(-z) = -f(z), which is more than as often negative as positive, and less for z that lean
    assert np.allclose(value, -value[::-1]) == (cells["Centred at 0"] == "yes")
    assert np.abs(slope).max() == pytest.approx(float(cells["Largest f′"]), abs=0.006)
    said = cells["Saturated"]
    assert (np.abs(slope[is_beyond(said, z, 0.06)]) < 0.01).all(), "it stays below"
    beside = is_beyond(said, z, -0.06) & ~is_beyond(said, z, 0.06)
    assert not beside.any() or (np.abs(slope[beside]) > 0).any()
    assert (np.abs(slope[~is_beyond(said, z, -0.06)]) >= 0.01).any() or said == "everywhere"


def test_softmax_has_two_largest_slopes_and_it_is_said_which_is_which() -> None:
    own, whole = 0.0, 0.0
    for z in np.random.default_rng(1).normal(0, 2, (300, 2)):
        leaf = torch.tensor(z, requires_grad=True)
        outputs = torch.softmax(leaf, 0)
        jacobian = torch.stack([torch.autograd.grad(output, leaf, retain_graph=True)[0] for output in outputs])
        own = max(own, float(jacobian.diagonal().max()))
        whole = max(whole, float(torch.linalg.matrix_norm(jacobian, 2)))

    assert own == pytest.approx(0.25, abs=1e-3)
    assert whole == pytest.approx(0.5, abs=2e-3)
    assert cells_of(Activation.SOFTMAX)[HEADINGS.index("Largest f′")] == "0.25"
    assert "that of an output by its own z; with those by the other z together it is 0.5 at most" in str(EXPLANATION)


def test_the_explanation_of_the_columns_says_no_more_than_holds() -> None:
    assert "f(−z) = −f(z), so where z lies evenly around 0, the outputs do, too" in str(EXPLANATION)
    assert "from where on |f′| stays below 0.01" in str(EXPLANATION)
    assert f"0.25²⁰ ≈ {0.25**20 * 1e13:.0f}·10⁻¹³" in str(EXPLANATION)
