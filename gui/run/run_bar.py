"""Train, pause, step, reset and speed; ready-made experiments, and the way back."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from PySide6.QtCore import QEvent, QSize, Qt, QTimer, Signal, Slot
from PySide6.QtGui import QAction, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QLabel, QMenu, QSizePolicy, QSlider, QToolButton, QWidget

from engine.messages import Message
from engine.run.snapshot import RunState, Snapshot
from engine.studies.presets import PRESETS
from gui.actions import Action
from gui.paint.icons import ThemedIcon
from gui.paint.lane_view import LaneView
from gui.paint.style.marz_style import PRIMARY
from gui.run.headline import Headline, figures_of_presentation
from gui.system.preferences import FIRST_SPEED, SPEEDS
from gui.text.language import count, mark, say
from gui.text.sentences import has_stopped_early, state_sentence
from gui.views import Example, Lab, views_of
from gui.widgets.flow_bar import size_of
from gui.widgets.tips import action_tip

FIRST_PRESET, *OTHER_PRESETS = (preset.name for preset in PRESETS)
EXPERIMENTS = (
    FIRST_PRESET,
    Action.COMPARE_ACTIVATIONS,
    *OTHER_PRESETS,
    Action.MATRIX,
    Action.DUPLICATE_LANE,
    Action.REMOVE_LANE,
)
NOTICE_MILLISECONDS = 8000
PROBLEMS = (RunState.DIVERGED, RunState.FAILED, RunState.UNAVAILABLE, RunState.ENDED, RunState.BLOCKED)

SOON = mark("Training begins as soon as the engine is loaded …")
TRAIN_TEXTS = (mark("&Train"), mark("&Pause"), mark("R&esume"))


class RunBar(QWidget):
    """Shows what the worker has acknowledged; the buttons are those of the actions.

    The speed is as fast as possible until another is used.

    Signals:
        speed_chosen(object): epochs a second, or None for as fast as possible.
    """

    speed_chosen = Signal(object)

    def __init__(self, actions: Mapping[str, QAction], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("run_bar")
        self._train, self._step, self._reset = train, step, reset = (
            actions[Action.TRAIN],
            actions[Action.STEP],
            actions[Action.RESET],
        )
        self._icons = [ThemedIcon(self, action, name) for action, name in ((step, "step"), (reset, "reset"))]
        self._train_icon = ThemedIcon(self, train, "train")
        layout = QHBoxLayout(self)
        layout.setContentsMargins(8, 6, 8, 6)
        for action, name in ((train, "train_button"), (step, "step_button"), (reset, "reset_button")):
            button = action_button(action, name)
            if action is train:
                button.setProperty(PRIMARY, True)
                self._train_button = button
            layout.addWidget(button)
        self._slider, self._speed_label = QSlider(Qt.Orientation.Horizontal), QLabel()
        self._fast, self._leisurely = actions[Action.FAST], FIRST_SPEED
        self._fast.setCheckable(True)
        self._fast.triggered.connect(lambda is_fast: self.use_speed(None if is_fast else self._leisurely))
        self._message = QLabel()
        self._notice, self._sentence = "", ""  # what is said for a while, and then
        self._is_strong = self._is_problem = False  # what is said then
        self._notice_timer = QTimer(self, singleShot=True, interval=NOTICE_MILLISECONDS)
        self._notice_timer.timeout.connect(self._end_notice)
        self._extras: list[QWidget] = []  # that a presentation does without
        self._is_brief, self._lanes = False, list[LaneView]()
        self._lay_out_speed(layout)
        self._message.setObjectName("run_message")
        self._message.setTextFormat(Qt.TextFormat.PlainText)
        self._message.setWordWrap(True)
        self._message.setSizePolicy(QSizePolicy.Policy.Expanding, QSizePolicy.Policy.Preferred)
        layout.addWidget(self._message, 1)
        self.headline = Headline(figures_of_presentation)
        self.headline.hide()
        layout.addWidget(self.headline, 3)
        self._icons.append(ThemedIcon(self, actions[Action.BACK], "back"))
        layout.addWidget(back_button(actions[Action.BACK]))
        self._extras.append(experiments_button(actions))
        layout.addWidget(self._extras[-1])
        self._ways = [views_button(actions), leave_button(actions[Action.PRESENTATION])]  # out of a presentation's view
        for way in self._ways:
            way.hide()
            layout.addWidget(way)
        self.show_state(Snapshot(0, RunState.LOADING))
        self._fit()

    def _lay_out_speed(self, layout: QHBoxLayout) -> None:
        label = QLabel(say("Speed"))
        label.setBuddy(self._slider)
        self._giving_way = (label, self._speed_label)
        self._slider.setObjectName("speed_slider")
        self._slider.setAccessibleName(say("Speed of training"))
        self._slider.setRange(0, len(SPEEDS) - 1)
        self._slider.setPageStep(1)
        self._slider.setFixedWidth(110)
        self._slider.setTickPosition(QSlider.TickPosition.TicksBelow)
        self._slider.setToolTip(f"<p>{say('How many epochs are trained in a second: slow motion on the left.')}</p>")
        self._slider.setStatusTip(say("How many epochs are trained in a second"))
        self._slider.valueChanged.connect(self._choose_speed)
        layout.addSpacing(12)
        layout.addWidget(label)
        layout.addWidget(self._slider)
        self._icons.append(ThemedIcon(self, self._fast, "fast"))
        fast = action_button(self._fast, "fast_button")
        fast.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonIconOnly)
        fast.setAccessibleName(self._fast.iconText())
        fast.setAutoRaise(True)
        layout.addWidget(fast)
        layout.addWidget(self._speed_label)
        layout.addSpacing(8)
        self._slider.setValue(len(SPEEDS) - 1)
        self._extras += [label, self._slider, fast, self._speed_label]

    def be_brief(self, is_brief: bool) -> None:
        """Show buttons, headline, the ways to other views and out, and messages that matter; or all but those ways."""
        self._is_brief = is_brief
        for extra in self._extras:
            extra.setVisible(not is_brief)
        for shown in (self.headline, *self._ways):
            shown.setVisible(is_brief)
        self._say()
        self._give_way()
        self.show_lanes(self._lanes)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show how the lanes fare, in a presentation."""
        self._lanes = list(lanes)
        if self._is_brief:
            self.headline.show_lanes(lanes)

    def _fit(self) -> None:
        """Leave the button that trains, and the speed, room for each of their texts, so that nothing moves."""
        metrics, button = self._train_button.fontMetrics(), self._train_button
        texts = [metrics.horizontalAdvance(say(text)) for text in TRAIN_TEXTS]
        around = button.sizeHint().width() - metrics.horizontalAdvance(button.text())
        button.setMinimumWidth(max(texts) + around)
        self._speed_label.setMinimumWidth(max(metrics.horizontalAdvance(f"{speed_text(each)} m") for each in SPEEDS))

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()
            self._give_way()

    def minimumSizeHint(self) -> QSize:
        """Without the words that give way."""
        seen = sum(size_of(part).width() for part in self._giving_way if not part.isHidden())
        return super().minimumSizeHint() - QSize(seen, 0)

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._give_way()

    def _give_way(self) -> None:
        """Let words give way where there is no room for all of the row, one after the other."""
        if self._is_brief:
            return
        room = self.width() - self.minimumSizeHint().width() - sum(size_of(part).width() for part in self._giving_way)
        for part in self._giving_way:
            part.setVisible(room >= 0)
            room += 0 if room >= 0 else size_of(part).width()

    def use_speed(self, speed: float | None) -> None:
        """Choose one of `SPEEDS`, as the user does."""
        self._slider.setValue(SPEEDS.index(speed))

    @Slot(int)
    def _choose_speed(self, index: int) -> None:
        speed = SPEEDS[index]
        self._leisurely = self._leisurely if speed is None else speed
        self._fast.setChecked(speed is None)
        self._speed_label.setText(speed_text(speed))
        self.speed_chosen.emit(speed)

    def show_state(self, snapshot: Snapshot, *, is_train_wanted: bool = False) -> None:
        """Show the state of the run, and that it will train, if that was asked for while the engine is loaded."""
        state = snapshot.state
        running = state is RunState.RUNNING or is_train_wanted
        can_train = state in (RunState.LOADING, RunState.READY, RunState.PAUSED, RunState.RUNNING)
        sentence = say(SOON) if is_train_wanted else state_sentence(snapshot)
        text = say(TRAIN_TEXTS[1 if running else 2 if state is RunState.PAUSED else 0])
        self._train.setText(text)
        self._train.setEnabled(can_train)
        tip = say("Pause training") if running else say("Train the network")
        self._train.setToolTip(action_tip(tip if can_train else sentence, self._train))
        self._train.setStatusTip(tip if can_train else sentence)
        self._train_icon.use("pause" if running else "train")
        self._step.setEnabled(can_train and not running)
        self._reset.setEnabled(bool(snapshot.lanes) or state is RunState.FAILED)
        self._sentence, self._is_strong = sentence, state in PROBLEMS or has_stopped_early(snapshot)
        self._is_problem = state in PROBLEMS
        self._say()

    def show_request(self, text: str) -> None:
        """Show what was asked for, until the worker acknowledges it."""
        self._end_notice()
        self.show_message(text, is_strong=False)

    @Slot(object)
    def tell(self, fact: Message) -> None:
        """Say for a while what has become of the network, unless there is a problem to be told of."""
        self._notice = say(fact)
        self._notice_timer.start()
        self._say()

    @Slot()
    def _end_notice(self) -> None:
        self._notice_timer.stop()
        self._notice = ""
        self._say()

    def _say(self) -> None:
        is_notice = bool(self._notice) and not self._is_problem
        self.show_message(self._notice if is_notice else self._sentence, is_strong=is_notice or self._is_strong)

    def show_message(self, text: str, *, is_strong: bool) -> None:
        """Say something beside the buttons."""
        self._message.setVisible(is_strong or not self._is_brief)  # the buttons tell of the usual states, too
        if text != self._message.text():
            self._message.setText(text)
        font = self._message.font()
        if font.bold() != is_strong:
            font.setBold(is_strong)
            self._message.setFont(font)


def back_button(action: QAction) -> QToolButton:
    """A button that leaves a ready-made experiment, there while one is open."""
    button = action_button(action, "back_button")
    button.setVisible(action.isVisible())
    action.visibleChanged.connect(lambda: button.setVisible(action.isVisible()))
    return button


def experiments_button(actions: Mapping[str, QAction]) -> QToolButton:
    """A button with the comparisons that are ready made."""
    tip = say("Networks side by side on the same points: why deep networks of sigmoids do not learn, and what helps")
    button = menu_button("experiments_button", say("Experiments"), tip)
    menu = QMenu(button)
    for name in EXPERIMENTS:
        menu.addAction(actions[name])
    menu.addSection(say("Calculator"))
    for example in Example:
        menu.addAction(actions[example])
    button.setMenu(menu)
    return button


def views_button(actions: Mapping[str, QAction]) -> QToolButton:
    """A button with the laboratories and their views, where there are no tabs."""
    tip = say("Another view; its key stands beside it")
    button = menu_button("views_button", say("Views"), tip)
    menu = QMenu(button)
    for lab in Lab:
        menu.addSeparator()
        for name in (lab, *views_of(lab)):
            if name in actions:
                menu.addAction(actions[name])
    button.setMenu(menu)
    return button


def leave_button(presentation: QAction) -> QToolButton:
    """A button that ends the presentation."""
    button, tip = QToolButton(), say("End the presentation (Esc or F5)")
    button.setObjectName("leave_button")
    button.setText(say("Leave (Esc)"))
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMinimumHeight(32)
    button.setToolTip(f"<p>{tip}</p>")
    button.setStatusTip(tip)
    button.clicked.connect(presentation.trigger)
    return button


def menu_button(name: str, text: str, tip: str) -> QToolButton:
    """A button that opens a menu."""
    button = QToolButton()
    button.setObjectName(name)
    button.setText(text)
    button.setPopupMode(QToolButton.ToolButtonPopupMode.InstantPopup)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMinimumHeight(32)
    button.setToolTip(f"<p>{tip}</p>")
    button.setStatusTip(tip)
    return button


def action_button(action: QAction, name: str) -> QToolButton:
    """A button of an action, with its icon beside its text."""
    button = QToolButton()
    button.setObjectName(name)
    button.setDefaultAction(action)
    button.setToolButtonStyle(Qt.ToolButtonStyle.ToolButtonTextBesideIcon)
    button.setFocusPolicy(Qt.FocusPolicy.TabFocus)
    button.setMinimumHeight(32)
    return button


def speed_text(speed: float | None) -> str:
    """A speed in words."""
    if speed is None:
        return say("as fast as possible")
    return count("{n:,} epoch/s", "{n:,} epochs/s", round(speed))
