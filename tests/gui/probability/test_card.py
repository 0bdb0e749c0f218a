"""The card: aligned numbers that stand still, the threshold in the hand, the waterfall, and what is painted."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
from PySide6.QtCore import QPoint, QPointF, QRectF, Qt
from PySide6.QtGui import QFontMetricsF, QPainter
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from engine.insight.inspection import Inspection, inspect_logits
from engine.insight.pins import Standing
from engine.mlp.activations import logit
from gui.paint import markers
from gui.paint.picture import Still
from gui.paint.theme import CLASS_COLOURS, DARK, LIGHT, PIN_COLOURS, Chrome, palette_of
from gui.paint.type_size import TextSize
from gui.probability.card import Card
from gui.probability.cost_curve import CostCurve
from gui.probability.figures import Arithmetic, Stated, number
from gui.probability.parts import CardLook, CurvePart, Facts, SigmoidPart, TablePart, WaterfallPart
from gui.probability.sigmoid_line import SigmoidLine
from gui.probability.table import Classes, at_sign
from gui.probability.waterfall import steps_of
from tests.gui.pictures import of_colour, pixels
from tests.texts.shown import PaintedTexts

PETS = Classes(("cat", "dog", "rabbit"), (0, 1, 2))
TWO = Classes(("Blue", "Orange"), (0, 1))
NATURAL = ", by the natural logarithm. −log 1 = 0: to be surely right costs nothing."


def make_card(qtbot: QtBot, shown: Arithmetic, classes: Classes = PETS, width: int = 420, **facts: Any) -> Card:
    card = Card()
    qtbot.addWidget(card)
    card.show_facts(Facts(shown, classes, **facts))
    card.resize(width, card.heightForWidth(width))
    card.show()
    return card


def contributed(inspection: Inspection, n_hidden: int = 16) -> Inspection:
    """Logits that are the sums of a bias and of terms."""
    terms = np.random.default_rng(5).normal(0, 1, (len(inspection.logits), 1 + n_hidden))
    terms[:, 0] += inspection.logits - terms.sum(axis=1)
    return replace(inspection, contributions=terms)


def bar_of(card: Card, label: int = 0) -> int:
    """The pixels that the bar of a class is long."""
    return int(of_colour(pixels(card), CLASS_COLOURS[label]).sum(axis=1).max())


def painted(card: Card, monkeypatch: pytest.MonkeyPatch) -> list[str]:
    with monkeypatch.context() as patch:
        texts = PaintedTexts(patch)
        card.grab()
        return list(texts.texts)


def test_every_number_of_the_table_is_painted(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make_card(qtbot, inspect_logits([2, 1, 0.1], "softmax", 0), standing=Standing(0.031, 4, 300))
    texts = painted(card, monkeypatch)
    wanted = ["2.000", "7.389", "÷ 11.21", "0.6590", "65.9 %", "1", "0.4170", "−0.3410", "0.2424", "2.317", "100.0 %"]
    assert [text for text in wanted if text not in texts] == []
    said = card.accessibleDescription()
    assert all(text in said for text in wanted[:8])
    assert "Loss: −log P(cat) = −log 0.659 = 0.4170" + NATURAL in texts
    assert (
        "It makes 3.1 % of the mean training loss, 9.3 × as much as an average point; number 4 of 300 by size." in texts
    )


def test_numbers_stand_under_one_another_by_their_decimal_signs(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    shown = inspect_logits([2, -10.25, 4.5], "softmax", 0)
    card, signs = make_card(qtbot, shown, width=700), dict[str, float]()
    write = QPainter.drawText

    def note(painter: QPainter, *arguments: Any) -> None:
        if isinstance(arguments[0], QPointF):
            before = QFontMetricsF(painter.font()).horizontalAdvance(at_sign(arguments[-1])[0])
            signs[arguments[-1]] = arguments[0].x() + before
        write(painter, *arguments)

    with monkeypatch.context() as patch:
        patch.setattr(QPainter, "drawText", note)
        card.grab()
    for column in (("2.000", "−10.25", "4.500"), ("7.389", "3.536·10⁻⁵", "90.02"), ("7.6 %", "0.0 %", "92.4 %")):
        assert max(signs[text] for text in column) - min(signs[text] for text in column) < 0.5


def test_what_stands_still_is_painted_once_and_the_numbers_each_time(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    of_still, text = Still.paint, PaintedTexts(monkeypatch)
    for logits, output, classes in (([2.0, 1.0, 0.1], "softmax", PETS), ([0.4], "sigmoid", TWO)):
        card = make_card(qtbot, contributed(inspect_logits(logits, output, 0)), classes, title="x 1   y 2", pin=1)
        card.grab()
        text.texts.clear()
        others = contributed(inspect_logits([z + 0.01 for z in logits], output, 0))
        card.show_facts(Facts(others, classes, "x 1   y 2", pin=1))
        image = card.grab().toImage()
        assert number(logits[0] + 0.01) in text.texts
        assert not {*classes.names, "x 1   y 2", "σ(z)", "y", "∂L/∂z"} & {*text.texts}
        with monkeypatch.context() as patch:
            patch.setattr(Still, "paint", lambda self, *arguments: (self.forget(), of_still(self, *arguments)))
            assert card.grab().toImage() == image, "the picture that was kept is that which would be painted"
        text.texts.clear()
        renamed = Classes(("Ant", *classes.names[1:]), classes.colours)
        card.show_facts(Facts(others, renamed, "x 1   y 2", pin=1))
        card.grab()
        assert "Ant" in text.texts


def test_a_bar_of_what_is_taken_away_is_hollow_in_the_card_of_a_pin(qtbot: QtBot) -> None:
    card = make_card(qtbot, contributed(inspect_logits([2, 1, 0.1], "softmax", 0)), title="x 1   y 2", pin=2)
    head = np.argwhere(of_colour(pixels(card), PIN_COLOURS[2]))
    assert len(head) > 20
    assert head[:, 0].max() < 40


def test_marks_of_an_axis_differ(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make_card(qtbot, inspect_logits([12.5, 1, 0.1], "softmax", 0), width=600)
    texts = painted(card, monkeypatch)
    assert {"5.0·10⁴", "1.0·10⁵", "1.5·10⁵", "2.0·10⁵"} <= {*texts}


def test_nothing_moves_once_the_widest_numbers_were_there(qtbot: QtBot) -> None:
    several: list[list[float]] = [[2, -30, 0.1], [14.5, 1, 0.1], [0, 0, 0]]
    card = make_card(qtbot, inspect_logits(several[0], "softmax", 0))
    for logits in several:
        card.show_facts(Facts(inspect_logits(logits, "softmax", 0), PETS))
    before, height = placed(card), card.heightForWidth(420)
    for logits in several:
        card.show_facts(Facts(inspect_logits(logits, "softmax", 0), PETS))
        assert placed(card) == before
        assert card.heightForWidth(420) == height
    titled = Facts(inspect_logits(several[0], "softmax", 0), PETS, "x 1.000   y 2.000")
    card.show_facts(titled)
    settled = placed(card)
    for title in ("x 1.111   y 2.000", "x 0   y 0"):
        card.show_facts(replace(titled, title=title, shown=inspect_logits([0, 0, 0], "softmax", 0)))
        assert placed(card) == settled, "nor while a pin is dragged"
    card.show_facts(Facts(inspect_logits(several[-1], "softmax"), PETS))
    assert placed(card) != before, "another card takes the room that it needs"


def placed(card: Card) -> list[object]:
    part, area = next((part, area) for part, area in card._placed if isinstance(part, TablePart))
    return [
        (each.column.title, each.left, each.sign)
        for block in part.table.blocks(404)
        for each in part.table.place(block, area)
    ]


def test_the_bars_are_the_powers_on_one_linear_axis(qtbot: QtBot) -> None:
    card = make_card(qtbot, inspect_logits([2, 1, 0.1], "softmax"))
    counts = [bar_of(card, label) for label in range(3)]
    assert counts[0] == pytest.approx(404, abs=2)
    assert counts[1] / counts[0] == pytest.approx(np.exp(-1), abs=0.01)
    assert counts[2] / counts[0] == pytest.approx(np.exp(-1.9), abs=0.01)

    card.show_facts(Facts(inspect_logits([2, 1, 0.1], "softmax"), PETS), longest=2 * np.exp(2))
    beside = bar_of(card)
    assert beside == pytest.approx(202, abs=2), "cards beside each other have one axis"


def test_the_sentence_of_the_course(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make_card(qtbot, inspect_logits([logit(0.4)], "sigmoid", 1), TWO)
    texts = painted(card, monkeypatch)
    assert "P(Orange) = 0.4, so P(Blue) = 0.6: Blue\nIts class is Orange: wrong." in texts
    assert "One unit is enough for two classes: the other has 1 − P." in texts
    for z, threshold, sentence in (
        (logit(0.65), 0.7, "P(Orange) = 0.65 is not above the threshold 0.7: Blue"),
        (logit(0.75), 0.7, "P(Orange) = 0.75 is above the threshold 0.7: Orange"),
        (0.0, 0.5, "P(Orange) = 0.5: exactly on the boundary"),
        (-20.0, 0.5, "P(Orange) = 2.061·10⁻⁹, so P(Blue) = 1 − 2.061·10⁻⁹: Blue"),
        (20.0, 0.5, "P(Orange) = 1 − 2.061·10⁻⁹, so P(Blue) = 2.061·10⁻⁹: Orange"),
    ):
        card.show_facts(Facts(inspect_logits([z], "sigmoid", None, threshold), TWO))
        assert sentence in painted(card, monkeypatch)


def test_sigmoids_for_each_class_are_said_to_be_no_distribution(qtbot: QtBot) -> None:
    card = make_card(qtbot, inspect_logits([2, 1, 0.1], "independent_sigmoids"))
    assert "The sigmoids sum to 2.137, not to 1: no distribution." in card.accessibleDescription()
    assert "no distribution" not in make_card(qtbot, inspect_logits([2, 1], "softmax"), TWO).accessibleDescription()


def test_the_threshold_is_dragged_and_moved_by_keys(qtbot: QtBot) -> None:
    card = make_card(qtbot, inspect_logits([logit(0.65)], "sigmoid"), TWO)
    moved, chosen = list[float](), list[float]()
    card.threshold_moved.connect(moved.append)
    card.threshold_chosen.connect(chosen.append)
    line = next(part.line_in(area) for part, area in card._placed if isinstance(part, SigmoidPart))
    start = QPoint(round(line.x_of(0.0)), round(line.plot.top()))
    end = QPoint(round(line.x_of(logit(0.7))), start.y())

    QTest.mousePress(card, Qt.MouseButton.LeftButton, pos=start)
    QTest.mouseMove(card, end)
    assert moved == [pytest.approx(0.7, abs=0.011)]
    assert f"is not above the threshold {moved[0]:g}: Blue" in card.accessibleDescription()
    assert chosen == []
    QTest.mouseRelease(card, Qt.MouseButton.LeftButton, pos=end)
    assert chosen == moved

    QTest.keyClick(card, Qt.Key.Key_Right)
    assert chosen[1:] == [round(moved[0] + 0.01, 2)], "from the one that was asked for"


def test_presses_that_are_faster_than_the_numbers_are_all_counted(qtbot: QtBot) -> None:
    def facts(threshold: float) -> Facts:
        return Facts(inspect_logits([0.3], "sigmoid", None, threshold), TWO)

    card, chosen = make_card(qtbot, facts(0.5).shown, TWO), list[float]()
    card.threshold_chosen.connect(chosen.append)

    def press(*keys: Qt.Key) -> list[float]:
        chosen.clear()
        for key in keys:
            QTest.keyClick(card, key)
        return list(chosen)

    right, left = Qt.Key.Key_Right, Qt.Key.Key_Left
    assert press(right, right) == [0.51, 0.52]
    card.show_facts(facts(0.51))  # the numbers lag behind
    assert press(right, left, right) == [0.53, 0.52, 0.53]
    card.show_facts(facts(0.53))
    card.show_facts(facts(0.5))
    assert press(left) == [0.49], "after an undo it is that of the numbers"
    card.show_facts(facts(0.8))
    assert press(right) == [0.81], "another one came from elsewhere"
    card.threshold_chosen.connect(lambda threshold: card.show_facts(facts(threshold)))
    assert press(right, right) == [0.82, 0.83]
    card.show_facts(facts(0.5))
    assert press(right) == [0.51]


def test_a_threshold_that_is_dragged_is_a_hundredth_between_the_ends() -> None:
    line = SigmoidLine(QRectF(0, 0, 400, 150), -3.0, 0.5)
    assert line.threshold_at(line.x_of(logit(0.73))) == 0.73
    assert (line.threshold_at(-1e6), line.threshold_at(1e6)) == (0.01, 0.99)
    for z in (0.0, 5.9, -40.0, 1e4):
        far = SigmoidLine(QRectF(0, 0, 400, 150), z, 0.5)
        assert far.plot.left() <= far.x_of(z) <= far.plot.right()


@pytest.mark.parametrize("n_hidden", [1, 6, 7, 8, 128])
def test_the_waterfall_adds_up_and_begins_with_the_bias_and_the_largest(n_hidden: int) -> None:
    terms = np.random.default_rng(n_hidden).normal(0, 5, 1 + n_hidden)
    *steps, whole = steps_of(terms)
    assert whole.is_sum
    assert whole.end == pytest.approx(float(terms.sum()), abs=1e-9)
    assert [step.start for step in steps] == [0.0, *(step.end for step in steps[:-1])]
    assert steps[-1].end == whole.end
    assert sum(step.value for step in steps) == pytest.approx(whole.end, abs=1e-9)
    assert steps[0].value == terms[0]
    sizes = np.sort(np.abs(terms[1:]))[::-1]
    n_own = n_hidden if n_hidden <= 7 else 6
    assert [abs(step.value) for step in steps[1 : 1 + n_own]] == sizes[:n_own].tolist()
    assert len(steps) == 1 + n_own + (n_hidden > n_own), "the rest is one bar, if it is more than one unit"


def test_a_click_on_a_row_and_the_keys_choose_whose_logit_is_taken_apart(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    card = make_card(qtbot, contributed(inspect_logits([2, 1, 0.1], "softmax", 0)))
    assert "z of cat = b + Σ w · a" in painted(card, monkeypatch), "of the class that is decided for"
    area = next(area for part, area in card._placed if isinstance(part, TablePart))
    QTest.mouseClick(card, Qt.MouseButton.LeftButton, pos=QPointF(100, area.top() + 24 + 2.5 * 32).toPoint())
    assert "z of rabbit = b + Σ w · a" in painted(card, monkeypatch)
    QTest.keyClick(card, Qt.Key.Key_Up)
    assert "z of dog = b + Σ w · a" in painted(card, monkeypatch)
    single = make_card(qtbot, contributed(inspect_logits([2.0], "sigmoid")), TWO)
    assert "z of Orange = b + Σ w · a" in painted(single, monkeypatch)


def test_the_waterfall_stands_beside_the_table_where_there_is_room(qtbot: QtBot) -> None:
    card = make_card(qtbot, contributed(inspect_logits([2, 1, 0.1], "softmax", 0)))
    tops = [(type(part), area.left()) for part, area in card._placed]
    assert {left for _, left in tops} == {8.0}
    card.resize(800, 500)
    tops = [(type(part), area.left()) for part, area in card._placed]
    assert tops[-1][0] is WaterfallPart
    assert tops[-1][1] > 350


def test_a_narrow_card_leaves_out_what_can_be_seen_elsewhere(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make_card(qtbot, inspect_logits([2, 1, 0.1], "softmax", 0), width=300)
    texts = painted(card, monkeypatch)
    assert "÷ 11.21" not in texts
    assert "P = eᶻ/Σ" in texts, "the step is told all the same"
    assert {"11.21", "7.389", "0.6590", "0.4170", "−0.3410"} <= set(texts)
    assert card.minimumSizeHint().width() <= 300
    card.resize(360, 500)
    texts = painted(card, monkeypatch)
    assert ("÷ 11.21" in texts, "65.9 %" in texts) == (True, False), "the step of softmax stays longer than percents"


@pytest.mark.parametrize(
    ("shown", "text"),
    [
        (inspect_logits([logit(0.8)], "sigmoid", 1), "−log 0.8 = 0.2231"),
        (Stated(np.array([0.7, 0.2, 0.1]), 0), "−log 0.7 = 0.3567"),
        (inspect_logits([-700, 0, 0], "softmax", 0), "−log"),
        (Stated(np.array([1.2, 0.0, -0.2]), 0), ""),
        (Stated(np.array([1.2, 0.0, -0.2]), 1), ""),
        (Stated(np.array([0.7, 0.2, 0.1])), None),
        (inspect_logits([2, 1, 0.1], "independent_sigmoids", 0), None),
        (inspect_logits([2, 1, 0.1], "softmax", 0, loss="mse"), None),
    ],
)
def test_a_loss_that_is_minus_log_p_lies_on_its_curve(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch, shown: Arithmetic, text: str | None
) -> None:
    card = make_card(qtbot, shown, PETS if len(shown.probabilities) == 3 else TWO)
    assert not any(isinstance(part, CurvePart) for part, _ in card._placed), "a card of a network leaves it to Loss"
    assert card._facts is not None
    card.show_facts(card._facts, CardLook(with_curve=True))
    assert [type(part) for part, _ in card._placed].count(CurvePart) == (text is not None)
    texts = [each for each in painted(card, monkeypatch) if each.startswith("−log ") and "=" in each]
    assert [each.startswith(text) for each in texts] == [True] if text else texts == []


def test_the_curve_of_the_loss_reaches_as_high_as_its_point() -> None:
    curve = CostCurve(QRectF(0, 0, 400, 160), 0.8, "cat", 0)
    left, right = curve.place(0.0, 0.0), curve.place(1.0, 0.0)
    assert (left.x(), right.x()) == (curve.plot.left(), curve.plot.right())
    assert curve.cost == pytest.approx(0.2231, abs=5e-5)
    assert curve.place(0.8, 0.2231).y() == pytest.approx(curve.plot.bottom() - 0.2231 / 3 * curve.plot.height())
    far = replace(curve, probability=1e-9)
    assert far.cost is not None
    assert far.place(1e-9, far.cost).y() >= far.plot.top()


def test_stated_numbers_need_no_logits(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    card = make_card(qtbot, Stated(np.array([0.7, 0.2, 0.1]), 0))
    texts = painted(card, monkeypatch)
    assert {"0.7000", "0.3567", "70.0 %", "100.0 %"} <= set(texts)
    assert "z" not in texts


def test_shifted_powers_say_that_no_probability_changes(qtbot: QtBot) -> None:
    card, facts = Card(), Facts(inspect_logits([2, 1, 0.1], "softmax"), PETS)
    qtbot.addWidget(card)
    card.show_facts(facts, CardLook(is_shifted=True))
    assert "Shifted by the largest z, 2.000" in card.accessibleDescription()
    assert "eᶻ⁻ᵐᵃˣ 0.3679" in card.accessibleDescription()


def test_a_tip_says_what_a_column_is(qtbot: QtBot) -> None:
    card = make_card(qtbot, inspect_logits([2, 1, 0.1], "softmax", 0), width=700)
    part, area = next((part, area) for part, area in card._placed if isinstance(part, TablePart))
    column = next(
        each for each in part.table.place(part.table.blocks(area.width())[0], area) if each.column.title == "P"
    )
    assert card.text_at(QPointF(column.left + 5, area.top() + 30)).startswith("P: ")
    assert card.text_at(QPointF(1, 1)) == ""


def test_bars_of_powers_that_have_no_room_are_said_to_be_shifted(qtbot: QtBot, monkeypatch: pytest.MonkeyPatch) -> None:
    texts = painted(make_card(qtbot, inspect_logits([1000, 999, 1], "softmax")), monkeypatch)
    assert {"1.970·10⁴³⁴", "eᶻ", "bars: eᶻ⁻ᵐᵃˣ"} <= set(texts), "the heading is of the numbers, the axis of the bars"


def test_the_squared_error_of_one_unit_is_said_as_a_formula(qtbot: QtBot) -> None:
    card = make_card(qtbot, inspect_logits([logit(0.6)], "sigmoid", 1, loss="mse"), TWO)
    assert "Loss: (P − y)² = 0.1600" in card.accessibleDescription()


def test_the_sides_of_the_threshold_have_the_markers_of_their_classes(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    drawn, paint = list[int](), markers.paint_marker_at

    def note(painter: QPainter, place: QPointF, colour: int, *arguments: Any) -> None:
        drawn.append(colour)
        paint(painter, place, colour, *arguments)

    monkeypatch.setattr("gui.probability.sigmoid_line.paint_marker_at", note)
    make_card(qtbot, inspect_logits([0.3], "sigmoid"), Classes(("Red", "Green"), (3, 5))).grab()
    assert drawn[-2:] == [3, 5], "left and right, and not by colour alone"


@pytest.mark.parametrize("chrome", [LIGHT, DARK])
def test_the_title_has_the_colour_of_its_lane_in_each_theme(qtbot: QtBot, chrome: Chrome) -> None:
    card = make_card(qtbot, inspect_logits([2, 1, 0.1], "softmax"), title="Adam", lane=2)
    card.setPalette(palette_of(chrome))
    assert of_colour(pixels(card), chrome.lanes[2]).any()


@pytest.mark.parametrize("output", ["softmax", "sigmoid"])
def test_it_is_read_from_the_last_row_at_720_lines(
    qtbot: QtBot, qapp: QApplication, monkeypatch: pytest.MonkeyPatch, output: str
) -> None:
    size, capitals, write = TextSize(qapp), dict[str, float](), QPainter.drawText

    def note(painter: QPainter, *arguments: Any) -> None:
        capitals[arguments[-1]] = QFontMetricsF(painter.font()).capHeight() * painter.combinedTransform().m11()
        write(painter, *arguments)

    size.use(size.for_last_row(720))
    try:
        logits, classes = ([2, 1, 0.1], PETS) if output == "softmax" else ([0.4], TWO)
        standing = Standing(0.031, 4, 300)
        shown = contributed(inspect_logits(logits, output, 0))
        card = make_card(qtbot, shown, classes, width=589, title="Adam · x 1.000   y 2.000", standing=standing)
        assert card.minimumSizeHint().width() <= 589, "as wide as the view is in a window of 1280 pixels"
        with monkeypatch.context() as patch:
            patch.setattr(QPainter, "drawText", note)
            card.grab()
    finally:
        size.use(1.0)
    assert len(capitals) > 30
    assert {text: height for text, height in capitals.items() if height < 14} == {}


def test_without_hidden_layers_a_logit_is_made_of_features(monkeypatch: pytest.MonkeyPatch, qtbot: QtBot) -> None:
    inspection = contributed(inspect_logits([0.3], "sigmoid"), n_hidden=2)
    card = make_card(qtbot, inspection, TWO, features=("weight", "height"))
    texts = painted(card, monkeypatch)
    assert "z of Orange = b + Σ w · x" in texts
    assert {"feature weight", "feature height"} <= set(texts)
