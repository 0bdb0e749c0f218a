"""What is older than the epoch beside it says so; what is not says nothing."""

from __future__ import annotations

import pytest
from pytestqt.qtbot import QtBot

from gui.text.measures import Part, Size
from gui.views import LabView
from gui.widgets.age_line import AgeLine
from tests.gui.diagnoses import make_diagnosis
from tests.gui.snapshots import lane_views_of, make_lane
from tests.gui.stage.decks import make_deck


@pytest.fixture
def line(qtbot: QtBot) -> AgeLine:
    made = AgeLine()
    qtbot.addWidget(made)
    return made


def test_it_speaks_while_the_epochs_differ_and_ends_when_they_do_not(qtbot: QtBot, line: AgeLine) -> None:
    line.show_epochs([50], [50])
    assert line.text() == ""
    line.show_epochs([41], [1050])
    assert line.text() == "Measured at epoch 41"
    line.show_epochs([1050], [1050])
    qtbot.waitUntil(lambda: line.text() == "")


def test_it_does_not_flicker_and_what_it_says_is_true_all_the_time(line: AgeLine) -> None:
    for epoch in range(10, 200, 10):
        line.show_epochs([epoch], [epoch + 5])
        assert line.text() == f"Measured at epoch {epoch}"
        line.show_epochs([epoch + 6], [epoch + 6])
        assert line.text() == f"Measured at epoch {epoch + 6}"


def test_of_several_lanes_it_names_the_oldest_and_the_newest(line: AgeLine) -> None:
    line.show_epochs([44, 40, 1041], [1044, 1044, 1044])
    assert line.text() == "Measured at epochs 40 to 1,041"


def test_its_room_is_kept(line: AgeLine) -> None:
    height = line.height()
    line.show_epochs([1], [2])
    line.adjustSize()
    assert line.height() == height
    assert line.minimumHeight() == line.maximumHeight() == height


@pytest.mark.parametrize(
    ("view", "wanted"),
    [
        (LabView.BARS, "Measured at epoch 90"),
        (LabView.OVER_TIME, ""),
        (LabView.CHAIN_RULE, "Measured at epoch 70"),
        (LabView.ACTIVATION, "Measured at epoch 70"),
        (LabView.COMPLAINTS, "Measured at epoch 70"),
        (LabView.TABLE, "Measured at epoch 70"),
    ],
)
def test_every_view_says_how_old_it_is(qtbot: QtBot, view: LabView, wanted: str) -> None:
    deck = make_deck(qtbot)
    deck.show_course(())
    deck.show_view(view)
    lane = make_lane(
        epochs=100, norms=[0.1, 0.2], gradient_epoch=90, diagnosis=make_diagnosis([0.5, 0.5]), diagnosis_epoch=70
    )
    deck.show_lanes(lane_views_of([lane]))
    line = deck.frames[view].findChild(AgeLine)
    assert ("" if line is None else line.text()) == wanted


def test_bars_of_a_diagnosis_are_as_old_as_that(qtbot: QtBot) -> None:
    deck = make_deck(qtbot)
    deck.show_measure(Part.BIASES, Size.NORM)
    lane = make_lane(epochs=100, norms=[1], gradient_epoch=90, diagnosis=make_diagnosis([1]), diagnosis_epoch=70)
    deck.show_lanes(lane_views_of([lane]))
    line = deck.frames[LabView.BARS].findChild(AgeLine)
    assert line is not None
    assert line.text() == "Measured at epoch 70"
