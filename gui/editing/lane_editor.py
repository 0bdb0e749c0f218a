"""Edits of the lanes: one more, one less, other settings, and comparisons that are ready made."""

from __future__ import annotations

import random
from dataclasses import replace

from PySide6.QtCore import QObject, Signal, Slot

from engine.config import MAX_SEED, Activation, TrainingConfig
from engine.errors import InputError
from engine.experiment import MAX_LANES, Experiment
from engine.messages import Message, message
from engine.studies.course_protocol import SLIDE_ACTIVATIONS
from engine.studies.presets import Preset
from gui.editing.session import Session
from gui.text.edits import config_edit
from gui.text.names import name_fact


class LaneEditor(QObject):
    """Edits the lane in hand, and which lanes there are.

    Signals:
        lane_chosen(int): another lane is in hand.
        refused(InputError): an edit could not be made, and why. Nothing has changed then.

    Attributes:
        current: the lane in hand, whose settings are shown.
    """

    lane_chosen = Signal(int)
    refused = Signal(object)

    def __init__(self, session: Session, parent: QObject) -> None:
        super().__init__(parent)
        self._session = session
        self.current = 0
        session.experiment_changed.connect(self._keep_in_range)

    @property
    def config(self) -> TrainingConfig:
        """The settings of the lane in hand."""
        return self._session.experiment.lanes[self.current]

    @Slot(int)
    def choose(self, lane: int) -> None:
        """Take another lane in hand."""
        if 0 <= lane < len(self._session.experiment.lanes):
            self.current = lane
            self.lane_chosen.emit(lane)

    def choose_next(self) -> None:
        """Take the next lane in hand, after the last the first."""
        self.choose((self.current + 1) % len(self._session.experiment.lanes))

    @Slot(Experiment)
    def _keep_in_range(self, experiment: Experiment) -> None:
        self.current = min(self.current, len(experiment.lanes) - 1)

    @Slot(TrainingConfig)
    def use_config(self, config: TrainingConfig) -> None:
        """Other settings for the lane in hand."""
        text, key = config_edit(self.config, config)
        self._session.finish_draft()
        try:
            edited = self._session.experiment.with_lane(self.current, config)
            self._session.edit(edited, text, f"{self.current} {key}" if key else "")
        except InputError as error:
            self.refused.emit(error)
            # the views go back to what holds
            self._session.experiment_changed.emit(self._session.experiment)

    @Slot(int, float, int)
    def use_threshold(self, lane: int, threshold: float, drag: int) -> None:
        """Another threshold for a lane; all of one drag, by its number, are one step."""
        if lane < len(self._session.experiment.lanes):
            before = self._session.experiment.lanes[lane]
            config = replace(before, threshold=threshold)
            text, key = config_edit(before, config)
            self._session.edit(self._session.experiment.with_lane(lane, config), text, f"{lane} {key} {drag}")

    def new_seed(self) -> None:
        """Another seed for all lanes, so other first weights."""
        self.use_config(replace(self.config, seed=random.randint(0, min(MAX_SEED, 9999))))

    def duplicate(self) -> None:
        """One more lane like that in hand, which is then in hand: change one thing and compare."""
        if len(self._session.experiment.lanes) < MAX_LANES:
            self.add(self.config, message("Duplicate Lane"))

    def remove(self) -> None:
        """One lane less."""
        self._session.finish_draft()
        experiment = self._session.experiment
        if len(experiment.lanes) > 1:
            self._session.edit(experiment.without_lane(self.current), message("Remove Lane"))
            self.choose(min(self.current, len(experiment.lanes) - 2))

    def add(self, config: TrainingConfig, name: Message, *, beside: bool = False) -> bool:
        """One more lane; if there is no room, in place of the one in hand; `beside` that, which stays in hand.

        False if it was refused.
        """
        self._session.finish_draft()
        try:
            added, place = self._with_added(config, beside=beside)
        except InputError as error:
            self.refused.emit(error)
            return False
        self._session.edit(added, name)
        self.choose(self.current if beside else place)
        return True

    def open_cell(self, config: TrainingConfig, name: Message) -> None:
        """The same as `add`, in a document of its own: one that has a name stays what its file holds."""
        if self._session.document.path is None:
            self.add(config, name)
            return
        self._session.finish_draft()
        added, place = self._with_added(config)
        self._session.visit(added, name)
        self.choose(place)

    def _with_added(self, config: TrainingConfig, *, beside: bool = False) -> tuple[Experiment, int]:
        experiment, last = self._session.experiment, MAX_LANES - 1
        if len(experiment.lanes) < MAX_LANES:
            return replace(experiment, lanes=(*experiment.lanes, config)), len(experiment.lanes)
        place = (last if self.current < last else last - 1) if beside else self.current
        return experiment.with_lane(place, config), place

    def compare_activations(self) -> None:
        """The network in hand with sigmoid, ReLU and Leaky ReLU."""
        first, second, third = map(name_fact, SLIDE_ACTIVATIONS)
        name = message("Compare {first} | {second} | {third}", first=first, second=second, third=third)
        lanes = tuple(with_activation(self.config, activation) for activation in SLIDE_ACTIVATIONS)
        self._session.finish_draft()
        self._session.edit(replace(self._session.experiment, lanes=lanes, lane_colours=()), name)
        self.choose(0)

    def open_preset(self, preset: Preset) -> None:
        """An experiment that is ready made, in a document of its own."""
        self._session.visit(preset.make(), message(preset.step))
        self.choose(0)


def with_activation(config: TrainingConfig, activation: Activation) -> TrainingConfig:
    """The same settings with one activation in all hidden layers."""
    return replace(config, activation=activation, layer_activations=())
