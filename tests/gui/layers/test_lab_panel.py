"""The table of views, and a view that is planted in it."""

from __future__ import annotations

from collections.abc import Sequence

import pytest
from PySide6.QtWidgets import QLabel, QToolButton
from pytestqt.qtbot import QtBot

from engine.insight.diagnosis import DIAGNOSIS
from engine.insight.quantity import Quantity, Reading, Readings
from engine.insight.verdict import GRADIENT
from engine.run.snapshot import LaneSnapshot
from gui.layers import lab_panel
from gui.layers.lab_panel import TABS, LabPanel, LabView, Tab
from gui.paint.lane_view import LaneView
from gui.widgets.age_line import AgeLine
from tests.gui.snapshots import lane_views_of, make_lane

LARGEST: Quantity[float] = Quantity("largest_weight")


class LargestWeight(QLabel):
    """Shows the largest weight of each lane."""

    needs = (LARGEST,)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        self.setText(" ".join(str(lane.value(LARGEST)) for lane in lanes))


def measured(value: float) -> LaneSnapshot:
    lane = make_lane(epochs=9)
    return LaneSnapshot(
        lane.epochs,
        lane.steps,
        lane.metrics,
        lane.history,
        (),
        True,
        None,
        readings=Readings({LARGEST: Reading(value, 4)}),
    )


def test_every_view_has_a_tab() -> None:
    assert list(TABS) == list(LabView)


def test_a_planted_view_has_a_tab_is_shown_lanes_and_says_what_it_needs(
    qtbot: QtBot, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(lab_panel.TABS, "largest", Tab(LargestWeight, "Largest", "The largest weight"))  # type: ignore[misc]
    panel, needed = LabPanel(), list[Sequence[Quantity[object]]]()
    qtbot.addWidget(panel)
    panel.needs_changed.connect(needed.append)
    panel.show_lanes(lane_views_of([measured(0.5), measured(0.75)], ["a", "b"]))
    button, view = panel.findChild(QToolButton, "largest_tab"), panel.findChild(LargestWeight)
    assert button is not None
    assert view is not None
    assert view.text() == "", "what is not seen is shown nothing"

    button.click()
    assert view.text() == "0.5 0.75"
    assert needed == [(LARGEST,)]
    age = panel.findChild(AgeLine)
    assert age is not None
    assert age.text() == "Measured at epoch 4"


def test_what_is_needed_is_told_with_every_change_of_view_and_of_measure(qtbot: QtBot) -> None:
    panel, needed = LabPanel(), list[object]()
    qtbot.addWidget(panel)
    assert panel.needs == (GRADIENT,)
    panel.needs_changed.connect(needed.append)
    panel.show_view(LabView.CHAIN_RULE)
    panel.show_view(LabView.OVER_TIME)

    assert needed == [(DIAGNOSIS,), (GRADIENT,)]
