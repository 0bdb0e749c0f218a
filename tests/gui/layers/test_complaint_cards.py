from __future__ import annotations

import math

import pytest
from PySide6.QtWidgets import QApplication, QPushButton
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import Complaint, ComplaintKind
from engine.insight.remedies import AGAINST_OVERFITTING, AGAINST_UNDERFITTING, Cure
from gui.layers.complaint_cards import THRESHOLDS, ComplaintCards
from gui.paint.theme import DARK, palette_of
from gui.text.lab_wording import CURES, FITTING

KINDS = tuple(ComplaintKind)


def complaints_of(values: list[float], holds: bool) -> tuple[Complaint, ...]:
    return tuple(
        Complaint(kind, holds and not math.isnan(value), value, THRESHOLDS[kind], 0)
        for kind, value in zip(KINDS, values, strict=True)
    )


SICK = complaints_of([2.2e-12, 1.0, 7e-5, 1.84], holds=True)
WELL = complaints_of([0.5, 0.25, 2e-3, 1.0], holds=False)


@pytest.fixture
def cards(qtbot: QtBot) -> ComplaintCards:
    made = ComplaintCards()
    qtbot.addWidget(made)
    made.resize(560, 250)
    made.show()
    return made


def texts(cards: ComplaintCards, lane: int) -> list[tuple[str, str]]:
    lines = [card.lines[lane] for card in cards.cards.values()]
    return [(line.number.text(), line.standing.text()) for line in lines if line.isVisible()]


def test_each_card_has_its_number_and_says_in_words_whether_it_holds(cards: ComplaintCards) -> None:
    cards.show_complaints([SICK, WELL], ["Sigmoid", "ReLU"])
    yes, no = "▲ holds", "✓ does not hold"
    assert texts(cards, 0) == [("2.2·10⁻¹²", yes), ("100.0 %", yes), ("7.0·10⁻⁵", yes), ("1.8 ×", yes)]
    assert texts(cards, 1) == [("0.50", no), ("25.0 %", no), ("2.0·10⁻³", no), ("1 ×", no)]
    assert texts(cards, 2) == []
    line = cards.cards[ComplaintKind.VANISHING].lines[0]
    assert line.accessibleName() == "Sigmoid: holds, 2.2·10⁻¹², layer 1."


@pytest.mark.parametrize("lane", [None, complaints_of([math.nan] * 4, holds=False)])
def test_what_is_not_measured_neither_holds_nor_does_not(
    cards: ComplaintCards, lane: tuple[Complaint, ...] | None
) -> None:
    cards.show_complaints([lane], [""])
    assert texts(cards, 0) == [("", "… not measured yet")] * 4


def test_each_card_says_its_rule_with_the_threshold(cards: ComplaintCards) -> None:
    rules = [card.rule.text() for card in cards.cards.values()]
    for rule, threshold in zip(rules, ("10⁻³", "50 %", "10⁻⁴", "1.5 times"), strict=True):
        assert threshold in rule


@pytest.mark.parametrize("kind", KINDS)
def test_the_buttons_tell_what_to_show_and_which_cure_to_try(
    cards: ComplaintCards, qtbot: QtBot, kind: ComplaintKind
) -> None:
    card, chosen = cards.cards[kind], list[Cure]()
    with qtbot.waitSignal(cards.shown) as shown:
        card.show_button.click()
    assert shown.args == [kind]
    cards.cure_chosen.connect(chosen.append)
    for action in card.try_button.menu().actions():
        action.trigger()
    assert tuple(chosen) == FITTING[kind]


def test_every_button_has_tips_and_a_name_of_its_own(cards: ComplaintCards) -> None:
    buttons = cards.findChildren(QPushButton)
    assert len(buttons) == 8
    assert all(button.toolTip() and button.statusTip() for button in buttons)
    assert len({button.accessibleName() for button in buttons}) == 8


@pytest.mark.usefixtures("each_font")
@pytest.mark.parametrize(("size", "lanes"), [((430, 360), 4), ((560, 250), 3), ((240, 150), 2)])
def test_everything_on_the_cards_has_room(cards: ComplaintCards, size: tuple[int, int], lanes: int) -> None:
    cards.resize(*size)
    cards.show_complaints([SICK] * lanes, list("abcd")[:lanes])
    QApplication.processEvents()
    assert (cards.width(), cards.height()) == size
    content = cards.widget()
    assert content is not None
    assert content.width() <= cards.viewport().width()
    for card in cards.cards.values():
        assert card.rule.height() >= card.rule.heightForWidth(card.rule.width())
        assert card.rect().contains(card.try_button.geometry())
        for line in card.lines[:lanes]:
            assert line.standing.width() >= line.standing.sizeHint().width()


def test_the_buttons_stay_beside_what_they_belong_to_where_there_is_much_room(cards: ComplaintCards) -> None:
    cards.show_complaints([SICK], [""])
    for width, height in ((900, 640), (300, 1200)):
        cards.resize(width, height)
        QApplication.processEvents()
        for card in cards.cards.values():
            assert card.show_button.y() - card.rule.y() < 5 * card.fontMetrics().height()


def test_what_is_shown_already_is_not_set_again(cards: ComplaintCards) -> None:
    cards.show_complaints([SICK], [""])
    card = cards.cards[ComplaintKind.COSTLY]
    card.setAccessibleDescription("as it was")
    cards.show_complaints([complaints_of([2.2e-12, 1.0, 7e-5, 1.8401], holds=True)], [""])
    assert card.accessibleDescription() == "as it was"
    cards.show_complaints([WELL], [""])
    assert card.accessibleDescription().startswith("does not hold, 1 ×")


def test_the_titles_have_the_colours_of_their_lanes_in_either_theme(cards: ComplaintCards) -> None:
    cards.show_complaints([SICK, WELL], ["Sigmoid", "ReLU"])
    cards.setPalette(palette_of(DARK))
    line = cards.cards[ComplaintKind.VANISHING].lines[1]
    assert line.title.palette().windowText().color().name().upper() == DARK.lanes[1]


def test_every_cure_has_a_name_and_is_offered_for_something() -> None:
    named = {cure for cures in FITTING.values() for cure in cures} | {*AGAINST_UNDERFITTING, *AGAINST_OVERFITTING}
    assert set(CURES) == set(Cure) == named
