from __future__ import annotations

from itertools import pairwise

import numpy as np
import pytest
from PySide6.QtCore import QPointF
from PySide6.QtGui import QPainter
from pytestqt.qtbot import QtBot

from engine.learning.metrics import Metrics
from gui.paint.theme import DARK, LIGHT, palette_of
from gui.run.headline import STACKED, Headline, figures_of, figures_of_presentation
from tests.gui.pictures import of_colour, pixels
from tests.gui.snapshots import lane_views_of, make_lane

LANE = make_lane(metrics=Metrics(0.12341, 0.98765, 0.975, 0.5))


@pytest.fixture
def headline(qtbot: QtBot) -> Headline:
    made = Headline()
    qtbot.addWidget(made)
    made.resize(340, made.sizeHint().height())
    made.setPalette(palette_of(LIGHT))
    return made


def test_of_one_lane_the_figures_are_of_training_and_smaller_of_validation(headline: Headline) -> None:
    assert [shown.large for shown in figures_of(())] == ["–", "–"]
    headline.show_lanes(lane_views_of([LANE]))
    assert headline.accessibleDescription() == "Accuracy: 97.5 %, 50.0 %; Loss: 0.1234, 0.9877"
    for chrome in (LIGHT, DARK):
        headline.setPalette(palette_of(chrome))
        picture = pixels(headline)
        assert of_colour(picture, chrome.training).sum() > of_colour(picture, chrome.validation).sum() > 20


def test_of_several_lanes_each_has_a_column_in_its_colour(headline: Headline) -> None:
    headline.show_lanes(lane_views_of([LANE] * 4, ("Sigmoid", "ReLU", "Tanh", "ELU")))
    assert headline.accessibleDescription().startswith("Sigmoid: 97.5 %, 0.1234; ReLU: 97.5 %, 0.1234")
    picture = pixels(headline)
    columns = [np.flatnonzero(of_colour(picture, LIGHT.lanes[colour]).any(axis=0)) for colour in range(4)]
    assert all(first.max() < second.min() for first, second in pairwise(columns))


def test_figures_are_as_large_as_there_is_room_and_do_not_move_while_they_change(headline: Headline) -> None:
    sizes = []
    for width in (600, 230, 180, 140):
        headline.resize(width, headline.height())
        headline.show_lanes(lane_views_of([LANE] * 2, ("a", "b")))
        sizes.append(headline.size_of_figures())
    assert sizes[0] == STACKED[0]
    assert sizes == sorted(sizes, reverse=True)
    assert len(set(sizes)) > 2
    headline.resize(200, headline.height())
    size = headline.size_of_figures()
    for accuracy in (0.0, 0.05, 1.0):
        headline.show_lanes(lane_views_of([make_lane(metrics=Metrics(9.5 * accuracy, 0.5, accuracy, 0.5))] * 2, "ab"))
        assert headline.size_of_figures() == size


def test_in_narrow_rooms_the_smaller_figures_go_and_then_columns_but_none_lies_over_another(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    headline = Headline(figures_of_presentation)
    qtbot.addWidget(headline)
    shown = lane_views_of([make_lane(epochs=12_345, metrics=Metrics(0.12341, 0.98765, 1.0, 0.5))])
    headline.show_lanes(shown)
    assert headline.accessibleDescription().endswith("Epoch: 12,345")
    drawn: list[tuple[float, float]] = []

    def note(painter: QPainter, place: QPointF, text: str) -> None:
        drawn.append((place.x(), place.x() + painter.fontMetrics().horizontalAdvance(text)))

    monkeypatch.setattr(QPainter, "drawText", note)
    counts = []
    for width in (600, 400, 300, 230, 150, 90):
        drawn.clear()
        headline.resize(width, headline.sizeHint().height())
        headline.grab()
        figures = sorted(place for place in drawn if place[1] > place[0])
        columns = [place for place in figures if figures.count(place) == 1]
        assert all(a[0] == b[0] or a[1] <= b[0] for a, b in pairwise(columns)), width
        assert max(place[1] for place in drawn) <= width
        counts.append(len(figures))
    assert counts == sorted(counts, reverse=True)
    assert counts[0] > counts[3] > counts[-1] > 0
