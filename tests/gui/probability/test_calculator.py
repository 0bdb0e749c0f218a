"""The calculator: the course's problems to the digits of the slides, numbers that are changed, and the three rules."""

from __future__ import annotations

from dataclasses import replace

import pytest
from PySide6.QtCore import QCoreApplication, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton
from pytestqt.qtbot import QtBot

from gui.probability.calculator import Calculator
from gui.probability.figures import Digits
from gui.probability.problem import KINDS, PROBLEMS, Kind, Problem
from gui.probability.table import Classes
from gui.views import Example, LabView
from tests.gui.conftest import MakeStill
from tests.gui.probability.test_card import NATURAL, painted


@pytest.fixture
def calculator(qtbot: QtBot) -> Calculator:
    made = Calculator()
    qtbot.addWidget(made)
    made.resize(480, 700)
    made.show()
    return made


def marks(calculator: Calculator) -> str:
    return "".join(text[0] for text in calculator.rules.texts[:3])


SLIDES = {
    Example.PETS: ("0.88", "0.73", "0.52", "2.13", "7.39", "2.72", "1.11", "11.22", "0.66", "0.24", "0.10"),
    Example.BINARY: (
        "0.8000",
        "0.2231",
        "Loss: −log P(class 1) = −log 0.8 = 0.2231" + NATURAL,
        "−log 0.8 = 0.2231",
    ),
    Example.SHARES: ("0.7000", "0.2000", "0.1000", "0.3567", "Loss: −log P(A) = −log 0.7 = 0.3567" + NATURAL),
    Example.DIE: ("0.1667", "16.7 %", "100.0 %"),
    Example.COIN: ("0.5000", "50.0 %"),
}


def test_each_example_shows_the_numbers_of_its_slide(calculator: Calculator, monkeypatch: pytest.MonkeyPatch) -> None:
    assert set(SLIDES) == set(PROBLEMS) == set(Example)
    for name, wanted in SLIDES.items():
        calculator.show_example(name)
        texts = painted(calculator.card, monkeypatch)
        assert [text for text in wanted if text not in texts] == [], name
        assert marks(calculator) == "✓✓✓", name


def test_sums_of_rounded_numbers_are_told_from_the_exact_ones(calculator: Calculator) -> None:
    said = calculator.card.accessibleDescription()
    assert "The sigmoids sum to 2.13, not to 1" in said
    assert "by the sum of all, 11.22, so its P sum to 1." in said
    assert "Exactly: 2.137 and 11.21." in said
    calculator.decimals.setChecked(False)
    said = calculator.card.accessibleDescription()
    assert "The sigmoids sum to 2.137, not to 1" in said
    assert "Exactly" not in said


def test_the_rules_say_which_independent_sigmoids_break(calculator: Calculator) -> None:
    calculator.kind_box.setCurrentIndex(list(KINDS).index(Kind.SIGMOIDS))
    assert calculator.problem.numbers == (2.0, 1.0, 0.1)
    assert marks(calculator) == "✓✗✗"
    texts = calculator.rules.texts
    assert texts[1] == "✗ Broken: all outcomes sum to 1, but 0.88 + 0.73 + 0.52 = 2.13"
    assert texts[2] == "✗ Broken: P(not cat) = 1 − P(cat) = 0.12, but the others sum to 1.25"
    calculator.decimals.setChecked(False)
    texts = calculator.rules.texts
    assert texts[1] == "✗ Broken: all outcomes sum to 1, but 0.8808 + 0.7311 + 0.525 = 2.137"
    assert texts[2] == "✗ Broken: P(not cat) = 1 − P(cat) = 0.1192, but the others sum to 1.256"
    calculator.show_example(Example.COIN)
    assert calculator.rules.texts == [
        "✓ 0 ≤ P ≤ 1",
        "✓ All outcomes sum to 1: 0.5 + 0.5 = 1",
        "✓ P(not heads) = 1 − P(heads) = 1 − 0.5 = 0.5",
    ]


def test_typed_probabilities_are_checked_live(calculator: Calculator) -> None:
    calculator.show_example(Example.SHARES)
    box = calculator.rows[0].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "1.2")
    QTest.keyClick(box, Qt.Key.Key_Return)
    assert marks(calculator) == "✗✗✗"
    assert calculator.rules.texts[0] == "✗ Broken: 0 ≤ P ≤ 1, but P(A) = 1.2"
    calculator.rows[0].slider.setValue(70)
    assert marks(calculator) == "✓✓✓"


def test_logits_are_dragged_and_typed_and_named(calculator: Calculator, monkeypatch: pytest.MonkeyPatch) -> None:
    calculator.rows[1].slider.setValue(30)
    assert calculator.problem.numbers == (2.0, 3.0, 0.1)
    assert calculator.rows[1].box.value() == 3.0
    calculator.rows[1].name.setText("wolf")
    calculator.rows[1].name.editingFinished.emit()
    texts = painted(calculator.card, monkeypatch)
    assert "20.09" in texts
    assert "wolf" in texts
    assert calculator.truth_box.itemText(2) == "wolf"
    calculator.rows[1].name.setText("")
    calculator.rows[1].name.editingFinished.emit()
    assert "class 2" in painted(calculator.card, monkeypatch)
    calculator.rows[0].box.setValue(-1000.0)
    assert calculator.rows[0].slider.value() == calculator.rows[0].slider.minimum()
    assert calculator.problem.numbers[0] == -1000.0


def test_classes_come_and_go(calculator: Calculator) -> None:
    for n_rows in range(4, 11):
        calculator.add_button.click()
        assert [row.isHidden() for row in calculator.rows] == [place >= n_rows for place in range(10)]
    assert not calculator.add_button.isEnabled()
    calculator.rows[0].remove.click()
    assert calculator.problem.names[:2] == ("dog", "rabbit")
    assert calculator.problem.label is None, "the true class is gone"
    while calculator.rows[0].remove.isEnabled():
        calculator.rows[0].remove.click()
    assert len(calculator.problem.names) == 2


def test_the_true_class_and_the_digits_are_chosen(calculator: Calculator, monkeypatch: pytest.MonkeyPatch) -> None:
    calculator.truth_box.setCurrentIndex(3)
    calculator.decimals.setChecked(False)
    assert "Loss: −log P(rabbit) = −log 0.09857 = 2.317" + NATURAL in painted(calculator.card, monkeypatch)
    calculator.truth_box.setCurrentIndex(0)
    assert not any(text.startswith("Loss") for text in painted(calculator.card, monkeypatch))
    calculator.shift.setChecked(True)
    assert "0.3679" in painted(calculator.card, monkeypatch)


def test_one_unit_has_one_number_two_classes_and_a_threshold(
    calculator: Calculator, monkeypatch: pytest.MonkeyPatch
) -> None:
    calculator.show_example(Example.BINARY)
    assert [row.box.isHidden() for row in calculator.rows[:2]] == [True, False]
    assert [row.name.text() for row in calculator.rows[:2]] == ["class 0", "class 1"], "in the order of the table"
    assert calculator.problem.classes == Classes(("class 0", "class 1"), (0, 1))
    assert calculator.truth_box.currentText() == "class 1"
    calculator.card.threshold_chosen.emit(0.9)
    assert calculator.problem.threshold == 0.9
    texts = painted(calculator.card, monkeypatch)
    assert "P(class 1) = 0.8 is not above the threshold 0.9: class 0\nIts class is class 1: wrong." in texts
    assert "threshold 0.9" in texts


def test_logits_become_their_probabilities_and_the_other_way() -> None:
    problem = PROBLEMS[Example.PETS]()
    stated = problem.as_kind(Kind.STATED)
    assert stated.numbers == (0.659, 0.2424, 0.0986), "they sum to 1 as they are shown"
    back = stated.as_kind(Kind.SOFTMAX).worked_out().probabilities
    assert back == pytest.approx(problem.worked_out().probabilities, abs=1e-4)
    alone = replace(problem, kind=Kind.SIGMOIDS).as_kind(Kind.STATED)
    assert alone.numbers == (0.8808, 0.7311, 0.525), "what sums to 2.137 stays that"
    single = PROBLEMS[Example.BINARY]().as_kind(Kind.STATED)
    assert single.numbers == (0.2, 0.8)
    assert single.as_kind(Kind.SIGMOID).numbers[1] == pytest.approx(1.3863)
    edges = Problem(Kind.STATED, ("a", "b", "c"), (1.0, 0.0, -2.0))
    for kind in (Kind.SOFTMAX, Kind.SIGMOIDS, Kind.SIGMOID):
        assert edges.as_kind(kind).worked_out().probabilities[0] > 0.99


def test_probabilities_that_logits_became_keep_the_rules(calculator: Calculator) -> None:
    for digits in (True, False):
        calculator.show_example(Example.PETS)
        calculator.decimals.setChecked(digits)
        calculator.kind_box.setCurrentIndex(list(KINDS).index(Kind.STATED))
        assert marks(calculator) == "✓✓✓"


def test_a_sum_that_is_broken_is_never_shown_as_one(calculator: Calculator) -> None:
    calculator.show_problem(Problem(Kind.STATED, ("a", "b", "c"), (0.659, 0.2424, 0.09857), 0, digits=Digits.DECIMALS))
    assert calculator.rules.texts[1:] == [
        "✗ Broken: all outcomes sum to 1, but 0.659 + 0.2424 + 0.09857 = 0.99997",
        "✗ Broken: P(not a) = 1 − P(a) = 0.341, but the others sum to 0.34097",
    ]
    calculator.show_problem(Problem(Kind.STATED, ("a", "b"), (0.5, 0.5004)))
    assert calculator.rules.texts[1] == "✗ Broken: all outcomes sum to 1, but 0.5 + 0.5004 = 1.0004"


def test_sigmoids_that_happen_to_sum_to_one_are_said_to_do_so_by_chance(calculator: Calculator) -> None:
    for kind in (Kind.SIGMOIDS, Kind.SOFTMAX):
        for digits in (Digits.FOUR, Digits.DECIMALS):
            calculator.show_problem(Problem(kind, ("heads", "tails"), (0.0, 0.0), 0, digits=digits))
            said = calculator.card.accessibleDescription()
            assert "The sigmoids sum to 1.0" in said
            assert "but nothing makes them" in said
            assert "not to 1" not in said


def test_a_row_that_is_gone_changes_nothing(calculator: Calculator) -> None:
    calculator.show_example(Example.PETS)
    box = calculator.rows[2].box
    box.setFocus()
    box.selectAll()
    QTest.keyClicks(box, "50")  # not yet confirmed
    calculator.show_example(Example.COIN)
    assert calculator.problem == PROBLEMS[Example.COIN]()
    for signal, value in (
        (calculator.rows[2].number_changed, 50.0),
        (calculator.rows[2].name_changed, "late"),
    ):
        signal.emit(value)
    calculator.rows[2].removed.emit()
    assert calculator.problem == PROBLEMS[Example.COIN]()


def test_where_it_is_wide_the_card_stands_beside_the_numbers(calculator: Calculator) -> None:
    assert calculator.card.geometry().top() > calculator.rows[0].geometry().bottom()
    calculator.resize(900, 500)
    QTest.qWait(1)
    assert calculator.card.geometry().left() > calculator.rows[0].geometry().right()
    assert calculator.rules.geometry().left() < calculator.card.geometry().left()


def test_two_clicks_lead_from_a_fresh_start_to_each_example(
    make_still: MakeStill, monkeypatch: pytest.MonkeyPatch
) -> None:
    window = make_still(1366, 768)
    button, deck = window.run_bar.findChild(QToolButton, "experiments_button"), window.laboratory.panel
    assert isinstance(button, QToolButton)
    for example, wanted in SLIDES.items():
        deck.show_view(LabView.BARS)
        entry = window.actions_by_name[example]
        assert entry in button.menu().actions()  # the first click opens the menu
        entry.trigger()
        QCoreApplication.processEvents()
        assert deck.view is LabView.CALCULATOR
        texts = painted(deck.view_of(Calculator).card, monkeypatch)
        assert [text for text in wanted if text not in texts] == [], example
        card, seen = deck.view_of(Calculator).card, deck.view_of(Calculator).card.visibleRegion().boundingRect()
        assert seen.height() >= 0.75 * min(card.height(), 360), "without scrolling"


def test_it_is_worked_with_keys_alone(make_still: MakeStill) -> None:
    window = make_still(1366, 768)
    calculator, canvas = window.laboratory.panel.view_of(Calculator), window.canvas
    window.laboratory.panel.show_view(LabView.CALCULATOR)
    tool, name, box = canvas.hand.tool, calculator.rows[0].name, calculator.rows[0].box
    for field, typed in ((name, "big cat 2"), (box, "-3,5")):
        field.setFocus()
        field.selectAll()
        QTest.keyClicks(field, typed)
        QTest.keyClick(field, Qt.Key.Key_Return)
        assert canvas.hasFocus(), "Enter confirms and goes to the plane"
    assert calculator.problem.names[0] == "big cat 2"
    assert calculator.problem.numbers[0] == -3.5
    assert canvas.hand.tool is tool, "letters and digits were those of the field"
