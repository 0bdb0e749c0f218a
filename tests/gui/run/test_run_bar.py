from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from PySide6.QtWidgets import QLabel, QSlider, QToolButton
from pytestqt.qtbot import QtBot

from engine.experiment import Obstacle
from engine.insight.verdict import Cause, Divergence
from engine.run.snapshot import Failure, RunState, Snapshot
from gui.actions import Action
from gui.editing.session import RESTARTED
from gui.menus import make_actions
from gui.paint.theme import DARK, palette_of
from gui.run.run_bar import RunBar, speed_text
from gui.system.preferences import FIRST_SPEED, SPEEDS
from gui.views import Lab, LabView
from tests.gui.pictures import pixels
from tests.gui.snapshots import make_lane, make_snapshot

LANE = make_lane(epochs=3, steps=12)


class Shown:
    """A run bar with its actions."""

    def __init__(self, qtbot: QtBot) -> None:
        self.holder = QObject()
        actions = self.actions = make_actions(self.holder)
        self.train, self.step, self.reset = actions[Action.TRAIN], actions[Action.STEP], actions[Action.RESET]
        self.bar = RunBar(actions)
        qtbot.addWidget(self.bar)

    def enabled(self) -> tuple[bool, bool, bool]:
        return self.train.isEnabled(), self.step.isEnabled(), self.reset.isEnabled()

    def button(self, name: str) -> QToolButton:
        found = self.bar.findChild(QToolButton, name)
        assert isinstance(found, QToolButton)
        return found

    def message(self) -> QLabel:
        found = self.bar.findChild(QLabel, "run_message")
        assert isinstance(found, QLabel)
        return found


@pytest.fixture
def shown(qtbot: QtBot) -> Shown:
    return Shown(qtbot)


# state: text of the first button; whether train, step and reset can be used; a part of the message
ROWS = {
    RunState.LOADING: ("Train", (True, True, False), "Loading"),  # what is asked for waits
    RunState.BLOCKED: ("Train", (False, False, True), "two classes"),
    RunState.READY: ("Train", (True, True, True), "Ready"),
    RunState.RUNNING: ("Pause", (True, False, True), "Training"),
    RunState.PAUSED: ("Resume", (True, True, True), "Paused"),
    RunState.DIVERGED: ("Train", (False, False, True), "Diverged at step 1,234"),
    RunState.FAILED: ("Train", (False, False, True), "error"),
    RunState.UNAVAILABLE: ("Train", (False, False, False), "PyTorch could not be loaded"),
    RunState.ENDED: ("Train", (False, False, False), "start it again"),
}


def snapshot_of(state: RunState) -> Snapshot:
    """What the worker sends in that state."""
    if state is RunState.DIVERGED:
        return make_snapshot(state, make_lane(divergence=Divergence(1234, Cause.VALUE, 0, 1.0)))
    if state in (RunState.UNAVAILABLE, RunState.ENDED):
        return make_snapshot(state, failure=Failure("ImportError: no torch", ""))
    if state is RunState.BLOCKED:
        return make_snapshot(state, LANE, obstacle=Obstacle.NO_POINTS)
    if state is RunState.FAILED:
        return make_snapshot(state, failure=Failure("ValueError: x", ""))
    return make_snapshot(state, None if state is RunState.LOADING else LANE)


def test_every_state_has_a_row_here() -> None:
    assert set(ROWS) == set(RunState)


@pytest.mark.parametrize("state", list(RunState))
def test_the_buttons_and_the_message_show_what_the_worker_acknowledged(shown: Shown, state: RunState) -> None:
    text, enabled, message = ROWS[state]
    shown.bar.show_state(snapshot_of(state))
    assert shown.train.text().replace("&", "") == text
    assert shown.button("train_button").text().replace("&", "") == text
    assert shown.enabled() == enabled
    assert message in shown.message().text()


@pytest.mark.parametrize("state", [state for state in RunState if not ROWS[state][1][0]])
def test_a_train_button_that_cannot_be_used_says_why_in_its_tip(shown: Shown, state: RunState) -> None:
    shown.bar.show_state(snapshot_of(state))
    reason = shown.message().text()
    assert len(reason) > 15
    assert reason in shown.train.toolTip()
    assert shown.train.statusTip() == reason


def test_before_the_first_snapshot_it_says_that_the_engine_is_being_loaded(shown: Shown) -> None:
    assert shown.enabled() == (True, True, False)
    assert "Loading" in shown.message().text()


def test_a_click_shows_nothing_until_it_is_acknowledged(shown: Shown) -> None:
    shown.bar.show_state(make_snapshot(RunState.READY, LANE))
    shown.train.trigger()
    assert shown.train.text() == "&Train"
    shown.bar.show_request("Pausing …")
    assert shown.message().text() == "Pausing …"
    assert shown.train.text() == "&Train"


def test_problems_are_told_in_bold_and_progress_is_not(shown: Shown) -> None:
    bold = {}
    for state in RunState:
        shown.bar.show_state(snapshot_of(state))
        bold[state] = shown.message().font().bold()
    problems = {RunState.BLOCKED, RunState.DIVERGED, RunState.FAILED, RunState.UNAVAILABLE, RunState.ENDED}
    assert {state for state, is_bold in bold.items() if is_bold} == problems


def test_each_obstacle_has_its_own_sentence(shown: Shown) -> None:
    sentences = set()
    for obstacle in Obstacle:
        shown.bar.show_state(make_snapshot(RunState.BLOCKED, LANE, obstacle=obstacle))
        sentences.add(shown.message().text())
    assert len(sentences) == len(Obstacle)


def test_the_first_button_shows_the_sign_of_what_it_would_do(shown: Shown) -> None:
    shown.bar.show_state(make_snapshot(RunState.READY, LANE))
    train = pixels(shown.train.icon().pixmap(16, 16))
    shown.bar.show_state(make_snapshot(RunState.RUNNING, LANE))
    pause = pixels(shown.train.icon().pixmap(16, 16))
    shown.bar.show_state(make_snapshot(RunState.PAUSED, LANE))
    assert (train != pause).any()
    assert (pixels(shown.train.icon().pixmap(16, 16)) == train).all()


def test_the_tip_of_the_first_button_names_its_shortcut(shown: Shown) -> None:
    for state, what in ((RunState.READY, "Train"), (RunState.RUNNING, "Pause")):
        shown.bar.show_state(make_snapshot(state, LANE))
        assert what in shown.train.toolTip()
        assert "Space" in shown.train.toolTip()


def test_the_buttons_do_what_their_actions_do(shown: Shown, qtbot: QtBot) -> None:
    shown.bar.show_state(make_snapshot(RunState.PAUSED, LANE))
    for name, action in (("train_button", shown.train), ("step_button", shown.step), ("reset_button", shown.reset)):
        with qtbot.waitSignal(action.triggered):
            shown.button(name).click()
        assert not action.icon().isNull()


def test_the_slider_goes_from_one_epoch_a_second_to_as_fast_as_possible(shown: Shown) -> None:
    slider = shown.bar.findChild(QSlider, "speed_slider")
    assert isinstance(slider, QSlider)
    told: list[float | None] = []
    shown.bar.speed_chosen.connect(told.append)
    assert slider.value() == slider.maximum()
    for index in (*range(len(SPEEDS)), 0):
        slider.setValue(index)
    assert told == [1.0, 3.0, 10.0, 30.0, 100.0, 300.0, 1000.0, None, 1.0]
    assert slider.accessibleName()


def test_the_speed_is_said_in_words_that_always_fit(shown: Shown) -> None:
    assert [speed_text(speed) for speed in (1.0, 3.0, 1000.0, None)] == [
        "1 epoch/s",
        "3 epochs/s",
        "1,000 epochs/s",
        "as fast as possible",
    ]
    labels = [label for label in shown.bar.findChildren(QLabel) if label.text() == "as fast as possible"]
    assert len(labels) == 1
    room = labels[0].minimumWidth()
    assert all(labels[0].fontMetrics().horizontalAdvance(speed_text(speed)) <= room for speed in SPEEDS)


def test_messages_are_shown_as_they_are(shown: Shown) -> None:
    shown.bar.show_message("<b>1 < 2</b>", is_strong=False)
    shown.bar.grab()
    assert shown.message().text() == "<b>1 < 2</b>"
    assert shown.message().textFormat() == shown.message().textFormat().PlainText


def test_the_icons_follow_the_theme(shown: Shown) -> None:
    shown.bar.show_state(make_snapshot(RunState.READY, LANE))
    before = pixels(shown.reset.icon().pixmap(24, 24))
    shown.bar.setPalette(palette_of(DARK))
    assert (pixels(shown.reset.icon().pixmap(24, 24)) != before).any()


def test_as_fast_as_possible_is_a_key_that_also_leads_back_to_the_speed_before(shown: Shown) -> None:
    fast, told = shown.actions[Action.FAST], list[float | None]()
    shown.bar.speed_chosen.connect(told.append)
    assert fast.isChecked()
    for _ in range(2):
        fast.trigger()
    shown.bar.use_speed(3.0)
    assert not fast.isChecked()
    fast.trigger()
    assert fast.isChecked()
    fast.trigger()

    assert told == [FIRST_SPEED, None, 3.0, None, 3.0]


def test_a_button_beside_the_speed_is_as_fast_as_possible_and_back(shown: Shown) -> None:
    button, slider = shown.button("fast_button"), shown.bar.findChild(QSlider, "speed_slider")
    assert slider is not None
    assert button.isChecked()
    slider.setValue(2)
    assert not button.isChecked()
    button.click()
    assert slider.value() == slider.maximum()
    button.click()
    assert slider.value() == 2
    assert button.accessibleName() == "As Fast as Possible"
    assert "T" in button.toolTip()


def test_what_became_of_the_network_is_said_beside_the_buttons_for_a_while(shown: Shown) -> None:
    shown.bar.tell(RESTARTED)
    for state in (RunState.READY, RunState.RUNNING):
        shown.bar.show_state(make_snapshot(state, LANE))
        assert shown.message().text() == "The network starts anew, from the same seed. Undo brings the old one back."
        assert shown.message().font().bold()
    shown.bar.show_state(make_snapshot(RunState.BLOCKED, obstacle=Obstacle.ONE_CLASS))
    assert "class" in shown.message().text(), "a problem is more than that"
    shown.bar.show_state(make_snapshot(RunState.READY, LANE))
    shown.bar._notice_timer.timeout.emit()
    assert shown.message().text() == "Ready to train"
    assert not shown.message().font().bold()
    shown.bar.tell(RESTARTED)
    shown.bar.show_request("Starting …")
    assert shown.message().text() == "Starting …"


def test_a_presentation_has_a_way_to_each_view_and_out(shown: Shown) -> None:
    views, leave = shown.button("views_button"), shown.button("leave_button")
    assert views.isHidden()
    assert leave.isHidden()
    shown.bar.be_brief(True)
    assert not views.isHidden()
    assert not leave.isHidden()
    menu = views.menu()
    assert menu is not None
    names = [*Lab, *(view for view in LabView if view in shown.actions)]
    assert {action for action in menu.actions() if not action.isSeparator()} == {shown.actions[name] for name in names}
    presentation = shown.actions[Action.PRESENTATION]
    presentation.setChecked(True)
    leave.click()
    assert not presentation.isChecked()
    assert shown.message().isHidden(), "figures have its room"
    shown.bar.tell(RESTARTED)
    assert not shown.message().isHidden()
    shown.bar.be_brief(False)
    assert leave.isHidden()
