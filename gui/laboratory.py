"""The laboratory: the deck with its views, the matrix, and the comparisons that are ready made."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from functools import partial
from typing import TYPE_CHECKING, Any

from PySide6.QtCore import QObject, Signal, Slot
from PySide6.QtGui import QAction
from PySide6.QtWidgets import QWidget

from engine.config import Activation, Initialization, TrainingConfig
from engine.experiment import Experiment
from engine.insight.outcomes import OUTCOMES
from engine.insight.pins import Pin
from engine.insight.quantity import Quantity
from engine.insight.remedies import Cure, cured
from engine.messages import message
from engine.run.past.thumbnail import THUMBNAIL
from engine.run.snapshot import MISCLASSIFIED, RunState, Snapshot
from engine.studies.course_protocol import EPOCHS, departures
from engine.studies.front import grid_order
from engine.studies.grid import GridTask, cell_config
from engine.studies.presets import PRESETS, Preset
from gui.actions import Action
from gui.canvas.lane_fields import LaneFields
from gui.canvas.pins.pinboard import Pinboard
from gui.editing.document import Document
from gui.editing.lane_editor import LaneEditor
from gui.editing.run_editor import RunEditor
from gui.editing.session import Session
from gui.paint.lane_view import LaneView
from gui.stage.deck import Deck
from gui.studies.matrix_window import MatrixWindow
from gui.studies.study_process import StudyProcess
from gui.system.preferences import Preferences
from gui.text.lab_wording import CURES
from gui.text.language import say
from gui.text.names import name_fact
from gui.text.sentences import OBSTACLES
from gui.views import Example, LabView

if TYPE_CHECKING:
    from gui.decisions.decisions import Decisions
    from gui.decisions.losses import Losses
    from gui.fitting.fit_curves import FitCurves
    from gui.fitting.runs import Runs
    from gui.layers.activation_lens import ActivationLens
    from gui.layers.complaint_cards import ComplaintCards


class Laboratory(QObject):
    """Wires the views of the laboratory to the session.

    Signals:
        noted(str): what is to be said beside the lanes; "" for nothing.

    Attributes:
        panel: the deck.
    """

    noted = Signal(str)

    def __init__(
        self,
        window: QWidget,
        session: Session,
        lanes: LaneEditor,
        actions: Mapping[str, QAction],
        preferences: Preferences,
    ) -> None:
        super().__init__(window)
        self._session, self._lanes, self._preferences = session, lanes, preferences
        self.panel, self.matrix_window = Deck(actions, preferences), MatrixWindow(window)
        self._matrix = StudyProcess(self)
        self._departures: tuple[str, ...] | None = None
        self._begun: tuple[tuple[TrainingConfig, ...], str] = ((), "")  # lanes of which it is said how they begin
        self.panel.needs_changed.connect(self._want)
        self._wire_views(actions)
        self.matrix_window.start_wanted.connect(self._train_matrix)
        self.matrix_window.cancel_wanted.connect(self._matrix.cancel)
        self.matrix_window.cell_chosen.connect(self._open_cell)
        self._matrix.job_finished.connect(self.matrix_window.show_run)
        self._matrix.finished.connect(self.matrix_window.show_finished)
        self._matrix.failed.connect(self.matrix_window.show_failed)
        session.experiment_changed.connect(self._show_experiment)
        self._size_points = actions[Action.SIZE_POINTS]
        self._sized_for: Document | None = None  # whose points a preset sizes; None if it is the choice of the user
        self._size_points.toggled.connect(self._want_sizes)
        rings = actions[Action.RING_MISTAKES]
        rings.toggled.connect(self._want_mistakes)
        self._want_mistakes(rings.isChecked())
        session.sight.want("runs", (THUMBNAIL,))
        session.document_replaced.connect(self._leave_sizes)
        for preset in PRESETS:
            actions[preset.name].triggered.connect(partial(self._open_preset, preset))
        for example in Example:
            actions[example].triggered.connect(partial(self._show_example, example))
        actions[Action.MATRIX].triggered.connect(self._show_matrix)
        self._show_experiment(session.experiment)
        self._use_curves()

    def _use_curves(self) -> None:
        """Have the curves as they are remembered, and remember how they are."""
        buttons, preferences = self.panel.loss_plot.buttons, self._preferences
        buttons.use(
            is_logarithmic=preferences.has_log_loss,
            is_smooth=preferences.has_smooth_curves,
            strength=preferences.smoothing,
        )
        buttons.changed.connect(self._remember_curves)

    def _wire_views(self, actions: Mapping[str, QAction]) -> None:
        """Wire the views that are there not before they are first seen, when they are."""

        def follow_lane(view: ActivationLens | Decisions | Losses | FitCurves) -> None:
            self._lanes.lane_chosen.connect(view.choose_lane)
            view.choose_lane(self._lanes.current)

        frames = self.panel.frames
        for name in (LabView.ACTIVATION, LabView.DECISIONS, LabView.LOSSES, LabView.FIT_CURVES):
            frames[name].when_made(follow_lane)
        for name in (LabView.DECISIONS, LabView.POINT):
            frames[name].when_made(lambda view: view.threshold_chosen.connect(self._lanes.use_threshold))
        compare = next(actions[preset.name] for preset in PRESETS if preset.is_about_losses)
        frames[LabView.LOSSES].when_made(lambda view: view.comparison_wanted.connect(compare.trigger))
        frames[LabView.COMPLAINTS].when_made(self._wire_complaints)
        self._draw_more = actions[Action.DRAW_MORE]
        frames[LabView.FIT_CURVES].when_made(lambda view: view.offer_best(actions[Action.BEST_WEIGHTS]))
        for name in (LabView.FIT_CURVES, LabView.REMEDIES):
            frames[name].when_made(lambda view: view.cure_chosen.connect(self._treat))
        frames[LabView.REMEDIES].when_made(lambda view: self._session.document_replaced.connect(view.forget))
        frames[LabView.RUNS].when_made(self._wire_runs)

    def _wire_complaints(self, cards: ComplaintCards) -> None:
        cards.cure_chosen.connect(self._try)
        cards.show_obstacle(obstacle_of(self._session.snapshot))

    def _wire_runs(self, view: Runs) -> None:
        runs = RunEditor(self._session, self._lanes, self)
        view.runs_wanted.connect(lambda: view.show_runs(runs.rows()))
        runs.changed.connect(view.refresh)
        view.settings_wanted.connect(runs.restore_settings)
        view.weights_wanted.connect(runs.restore_weights)
        view.marks_changed.connect(runs.use_marks)
        view.run_renamed.connect(runs.rename)
        view.deletion_wanted.connect(runs.delete)
        view.others_unwanted.connect(runs.delete_others)
        view.ghost_chosen.connect(runs.use_ghost)
        view.ghosts_changed.connect(self.panel.loss_plot.show_ghosts)

    @Slot()
    def _remember_curves(self) -> None:
        buttons, preferences = self.panel.loss_plot.buttons, self._preferences
        preferences.has_log_loss, preferences.smoothing = buttons.is_logarithmic, buttons.strength
        preferences.has_smooth_curves = buttons.smooth_box.isChecked()

    def _open_preset(self, preset: Preset, _is_checked: bool = False) -> None:
        self._lanes.open_preset(preset)
        self.show_first_view(preset)

    def follow_plane(self, pins: Pinboard, fields: LaneFields) -> None:
        """Look at what is pinned, and show on the planes what the views compare; another document has no pins."""
        self.panel.frames[LabView.DECISIONS].when_made(lambda view: view.compared.connect(fields.compare))
        pins.pins_chosen.connect(self._use_pins)
        self._session.document_replaced.connect(pins.clear)

    @Slot(object)
    def _use_pins(self, pins: tuple[Pin, ...]) -> None:
        """Have these pins read; the first of them brings the view in which they are seen."""
        is_more = len(pins) > len(self._session.sight.attention.pins)
        self._session.sight.use_pins(pins)
        if is_more and self.panel.frames[LabView.POINT] not in self.panel.shown:
            self.panel.show_view(LabView.POINT)

    def show_first_view(self, preset: Preset) -> None:
        """The view to begin with: the slide's table beside its experiment, losses, verdicts or else the bars."""
        self._begun = self._session.experiment.lanes, preset.begins
        self._note_beginning()
        if preset.is_about_losses:
            if not self._size_points.isChecked():
                self._size_points.setChecked(True)
                self._sized_for = self._session.document
            self.panel.show_view(LabView.LOSSES)
            return
        if preset.is_about_fit:
            self.panel.show_view(LabView.FIT_CURVES)
            return
        self.panel.show_view(LabView.TABLE if self._departures == () else LabView.BARS)

    @Slot(bool)
    def _want_sizes(self, on: bool) -> None:
        self._sized_for = None
        self._session.sight.want("sizes", (OUTCOMES,) if on else ())

    @Slot(bool)
    def _want_mistakes(self, on: bool) -> None:
        self._session.sight.want("mistakes", (MISCLASSIFIED,) if on else ())

    @Slot()
    def _leave_sizes(self) -> None:
        """Size no points any more if a document is left that was opened with that."""
        if self._sized_for not in (None, self._session.document):
            self._size_points.setChecked(False)

    def show_snapshot(self, snapshot: Snapshot, lanes: Sequence[LaneView]) -> None:
        """Show its lanes in the views that are seen."""
        cards = self.panel.frames[LabView.COMPLAINTS].made
        if cards is not None:
            cards.show_obstacle(obstacle_of(snapshot))
        self.panel.show_lanes(lanes, at_once=snapshot.state is not RunState.RUNNING)

    def pause_at(self) -> int | None:
        """The epoch of the slide while its table is looked at and that is to come; else None."""
        lanes = self._session.snapshot.lanes
        is_past = bool(lanes) and min(lane.epochs for lane in lanes) >= EPOCHS
        is_looked_at = self.panel.view is LabView.TABLE and self._departures == ()
        return EPOCHS if is_looked_at and not is_past else None

    def close(self) -> None:
        """End what trains in a process of its own, and the windows of views."""
        self._matrix.cancel()
        self.panel.windows.end_all()

    @Slot(Experiment)
    def _show_experiment(self, experiment: Experiment) -> None:
        self.matrix_window.show_experiment(experiment)
        self._note_beginning()
        self._departures = departures(experiment)
        self.panel.show_course(self._departures)

    def _note_beginning(self) -> None:
        """Say how the lanes begin while they are as they were made."""
        lanes, note = self._begun
        self.noted.emit(say(note) if note and self._session.experiment.lanes == lanes else "")

    def _show_example(self, example: Example, _is_checked: bool = False) -> None:
        from gui.probability.calculator import Calculator

        self.panel.view_of(Calculator).show_example(example)
        self.panel.show_view(LabView.CALCULATOR)

    @Slot()
    def _show_matrix(self) -> None:
        self.matrix_window.show()
        self.matrix_window.raise_()

    @Slot(GridTask)
    def _train_matrix(self, task: GridTask) -> None:
        self._matrix.start(grid_order(task))

    @Slot(object)
    def _want(self, needs: Sequence[Quantity[Any]]) -> None:
        self._session.sight.want("laboratory", needs)

    @Slot(Cure)
    def _try(self, cure: Cure) -> None:
        """The lane in hand with a cure, as one more lane, so that both are seen."""
        self._lanes.add(cured(self._lanes.config, cure), message("Try {cure}", cure=message(CURES[cure])))

    @Slot(Cure)
    def _treat(self, cure: Cure) -> None:
        """Try a remedy on the lane in hand: beside it, for as many epochs, so that it can be told what it did."""
        from gui.fitting.remedies import Remedies

        lanes, number = self.panel.lanes, self._lanes.current
        if is_tried(cure, self._session, self._lanes, self._draw_more) and number < len(lanes):
            self.panel.view_of(Remedies).remember(lanes[number])

    @Slot(object, object)
    def _open_cell(self, activation: Activation, initialization: Initialization) -> None:
        config = cell_config(self._session.experiment.lanes[0], activation, initialization)
        names = {"activation": name_fact(activation), "initialization": name_fact(initialization)}
        self._lanes.open_cell(config, message("Add Lane {activation}, {initialization}", **names))


def obstacle_of(snapshot: Snapshot) -> str:
    """The sentence that says why nothing can be trained; "" if it can."""
    return "" if snapshot.obstacle is None else say(OBSTACLES[snapshot.obstacle])


def is_tried(cure: Cure, session: Session, editor: LaneEditor, draw_more: QAction) -> bool:
    """Try a remedy on the lane in hand; returns whether that was possible, which is told if it was not."""
    epochs = max((lane.epochs for lane in session.snapshot.lanes), default=0)
    if cure is Cure.TRAIN_LONGER:
        session.train(2 * epochs)
        return True
    if cure is Cure.MORE_DATA:
        dataset = session.experiment.dataset
        draw_more.trigger()
        if session.experiment.dataset is dataset:
            return False
        session.reset()
    else:
        config = cured(editor.config, cure)
        if config == editor.config:
            session.told.emit(message("This lane has that already, or as much of it as is possible."))
            return False
        if not editor.add(config, message("Try {cure}", cure=message(CURES[cure])), beside=True):
            return False
    if epochs:
        session.train(epochs)
    return True
