"""Puts the views together and wires them to the session; nothing else."""

from __future__ import annotations

import logging
from collections.abc import Callable
from functools import partial
from html import escape

from PySide6.QtCore import QEvent, Qt, Signal, Slot
from PySide6.QtGui import QCloseEvent
from PySide6.QtWidgets import QMainWindow

from engine.dataset import MAX_CLASSES
from engine.errors import InputError
from engine.experiment import MAX_LANES, Experiment
from engine.isolates import with_isolated_quotes
from engine.messages import Message, counted
from engine.run.snapshot import COSTS, RunState, Snapshot
from engine.toy_datasets import DEFAULT_RECIPE, Recipe
from gui.actions import Action, Menu, class_action
from gui.appearance import Appearance
from gui.canvas.workbench import Workbench
from gui.dialogs.program_actions import ProgramActions
from gui.drawing.options import ToolOptions, options_from
from gui.drawing.tools import Tool
from gui.editing.best_weights import BestWeights
from gui.editing.editor import Editor
from gui.editing.lane_editor import LaneEditor
from gui.editing.selection_editor import SelectionEditor
from gui.editing.session import Session
from gui.editing.stroke_editor import StrokeEditor
from gui.editing.training_thread import TrainingThread
from gui.files.documents import can_take
from gui.files.drop import FileDrop
from gui.files.file_actions import Files
from gui.files.pictures import Pictures
from gui.keyboard import Keyboard
from gui.laboratory import Laboratory
from gui.layers.activation_table import ActivationTable
from gui.menus import fill_menus, make_actions
from gui.paint.lane_view import lane_views
from gui.run.lane_bar import LaneBar
from gui.run.run_bar import RunBar
from gui.run.status_bar import StatusBar
from gui.settings.class_list import ClassList
from gui.settings.control_panel import ControlPanel
from gui.settings.dataset_panel import DatasetPanel
from gui.stage.presentation import Presentation
from gui.stage.regions import WindowRegions
from gui.system.file_work import FileWork
from gui.system.preferences import Preferences
from gui.text.edits import REDO, UNDO, history_texts
from gui.text.language import say
from gui.text.names import lane_titles
from gui.text.sentences import NO_ROOM, sentence_of
from gui.views import LabView
from gui.widgets import boxes
from gui.widgets.side_panel import FoldingPanel, SidePanel
from gui.widgets.tips import action_tip

NOTICE_MILLISECONDS = 8000


class MainWindow(QMainWindow):
    """The window.

    Signals:
        failed(str, str): the worker met an error nobody foresaw; summary and details.
    """

    failed = Signal(str, str)

    def __init__(
        self, session: Session, thread: TrainingThread, preferences: Preferences, sample: Recipe | None = None
    ) -> None:
        super().__init__()
        self.session, self._thread, self._preferences = session, thread, preferences
        self._editor, self._lanes = Editor(session, sample, self), LaneEditor(session, self)
        self.remembers_layout = True
        self._told_failure: object = None
        self._shown_lanes: tuple[object, ...] = ()
        self._place: tuple[float, float] | None = None
        self.actions_by_name = action = make_actions(self)
        menus = fill_menus(self.menuBar(), action)
        self.appearance = Appearance(preferences, action, self)  # before there are views that would have to follow
        self.workbench = Workbench(action)
        self.canvas = self.workbench.canvas
        self.run_bar, self.lane_bar = RunBar(action), LaneBar(action)
        self.class_list, self.control_panel = ClassList(action), ControlPanel(action[Action.NEW_SEED])
        self.dataset_panel = DatasetPanel(sample or DEFAULT_RECIPE)
        self.status_bar, self.activation_table = StatusBar(), ActivationTable(self)
        self.laboratory = Laboratory(self, session, self._lanes, action, preferences)
        self.loss_plot, self.gradient_plot = self.laboratory.panel.loss_plot, self.laboratory.panel.gradient_plot
        work = FileWork(self)
        self._selection = SelectionEditor(self.canvas, session, self._editor, self._lanes, work)
        self._strokes = session.drawer = StrokeEditor(self.canvas, session, self)
        self.canvas.keys.nudged.connect(self._selection.nudge)
        self.laboratory.follow_plane(self.canvas.pins, self.workbench.fields)
        self.files = Files(work, session, preferences, action, lambda: self.canvas.hand.label)
        self.pictures = Pictures(
            work,
            preferences,
            action,
            lambda: (self.workbench.fields, self.laboratory.panel.current, self.regions.work, self),
        )
        self.pictures.told.connect(self._tell)
        menus[Menu.FILE].insertMenu(action[Action.SAVE], self.files.recent_menu)
        for menu in (self.class_list.recolour_menu, self.class_list.merge_menu):
            menus[Menu.DATA].insertMenu(action[Action.CLASS_UP], menu)
        self._lay_out()
        self._connect_views()
        self._connect_actions()
        ProgramActions(self, session, action)
        Keyboard(self, self.canvas, action)
        session.experiment_changed.connect(self.show_experiment)
        session.snapshot_arrived.connect(self.show_snapshot)
        session.train_withdrawn.connect(self.run_bar.show_state)
        session.told.connect(self.run_bar.tell)
        thread.arrived.connect(session.take_snapshot)
        self.show_experiment(session.experiment)
        self.actions_by_name[Tool.BRUSH].trigger()

    def event(self, event: QEvent) -> bool:
        """The time of what Qt paints, all at once, counts as painting, which training shares with it."""
        if event.type() != QEvent.Type.UpdateRequest:
            return super().event(event)
        with self.session.sight.painting():
            return super().event(event)

    # building

    def _lay_out(self) -> None:
        column = SidePanel(self.class_list, self.dataset_panel, self.control_panel)
        column.room_changed.connect(self.class_list.use_room)
        settings = FoldingPanel(column, self.actions_by_name[Action.FOLD_SETTINGS])
        self.regions = WindowRegions((self.run_bar, self.lane_bar), settings, self.workbench, self.laboratory.panel)
        self.window_layout = self.regions.make_layout(self, self._preferences)
        self.setCentralWidget(self.regions)
        self.setStatusBar(self.status_bar)
        self.presentation = Presentation(
            self,
            self.regions,
            self.window_layout,
            self.workbench,
            self.run_bar,
            self.lane_bar,
            self.appearance,
            self.actions_by_name,
        )
        self.status_bar.follow(self)

    def _connect_views(self) -> None:
        session, canvas, editor = self.session, self.canvas, self._editor
        self.workbench.use_options(options_from(self._preferences.tool_options))
        self.workbench.options_changed.connect(self._remember_tool_options)
        canvas.selection.changed.connect(self._show_selection)
        for told in (self._selection.told, self.workbench.tool_chosen, editor.noticed):
            told.connect(self._tell)
        self.workbench.paste_wanted.connect(lambda place: self._selection.paste(canvas.hand.label, place))
        canvas.hand.no_room.connect(lambda: self._tell(say(NO_ROOM)))
        canvas.hand.stroke_moved.connect(session.draft)
        canvas.hand.stroke_finished.connect(self._strokes.commit)
        canvas.hand.stroke_cancelled.connect(session.cancel_draft)
        canvas.gestures.drawing_changed.connect(self._hold_history)
        canvas.gestures.drawing_changed.connect(session.sight.use_hand)
        canvas.view_changed.connect(session.sight.use_view)
        canvas.field_layer.use_shading(self._preferences.shading)
        self.appearance.shading_chosen.connect(canvas.field_layer.use_shading)
        canvas.pointer.moved.connect(self._follow_pointer)
        canvas.space_tapped.connect(self.actions_by_name[Action.TRAIN].trigger)
        self.run_bar.speed_chosen.connect(session.use_speed)
        self.control_panel.config_chosen.connect(self._lanes.use_config)
        self.lane_bar.lane_chosen.connect(self._lanes.choose)
        self.laboratory.noted.connect(self.lane_bar.show_note)
        self._lanes.lane_chosen.connect(self._show_lanes)
        for name in (LabView.DECISIONS, LabView.LOSSES):
            self.laboratory.panel.frames[name].when_made(
                lambda view: view.points_chosen.connect(self._selection.select_points)
            )
        self.dataset_panel.sample_chosen.connect(self._use_sample)
        self.dataset_panel.target_chosen.connect(editor.use_target)
        self.files.told.connect(self._tell)
        for view in (self.workbench, self.dataset_panel):
            self.files.replaced.connect(view.start_afresh)
        FileDrop(self, can_take).dropped.connect(self.files.take_dropped)
        self.dataset_panel.sample_added.connect(editor.add_sample)
        self.class_list.class_chosen.connect(self._choose_label)
        self.class_list.class_renamed.connect(editor.rename_class)
        self.class_list.class_recoloured.connect(editor.recolour_class)
        self.class_list.class_merged.connect(editor.merge_class)
        for refused in (editor.refused, self._lanes.refused):
            refused.connect(self._tell_of_refusal)
        stack = session.undo_stack
        for changed in (stack.canUndoChanged, stack.canRedoChanged, stack.indexChanged):
            changed.connect(self._show_undo)
        self._show_undo()

    def _connect_actions(self) -> None:
        canvas, editor, selection, zoom = self.canvas, self._editor, self._selection, self.canvas.camera.zoom
        connections: dict[str, Callable[[], object]] = {
            Action.RESET_LAYOUT: self._reset_layout,
            Action.UNDO: self.session.undo_stack.undo, Action.REDO: self.session.undo_stack.redo,
            Action.CUT: selection.cut, Action.COPY: selection.copy, Action.DELETE: selection.delete,
            Action.PASTE: lambda: selection.paste(canvas.hand.label), Action.SELECT_ALL: selection.select_all,
            Action.SELECT_NONE: selection.select_none, Action.INVERT: selection.invert,
            Action.SELECT_CLASS: lambda: selection.select_class(canvas.hand.label),
            Action.SELECT_MISCLASSIFIED: selection.select_misclassified,
            Action.CLASS_UP: lambda: self._reorder_class(-1), Action.CLASS_DOWN: lambda: self._reorder_class(1),
            Action.RENAME_CLASS: self.class_list.edit_name,
            Action.CLEAR: editor.clear, Action.DRAW_MORE: selection.draw_more, Action.ADD_CLASS: self._add_class,
            Action.REMOVE_CLASS: lambda: editor.remove_class(canvas.hand.label),
            Action.FIT: canvas.fit, Action.ZOOM_IN: partial(zoom, 1.25), Action.ZOOM_OUT: partial(zoom, 0.8),
            Action.LARGER: partial(canvas.hand.resize, 1.25), Action.SMALLER: partial(canvas.hand.resize, 0.8),
            Action.FULL_SCREEN: lambda: self.setWindowState(self.windowState() ^ Qt.WindowState.WindowFullScreen),
            Action.TRAIN: self._train_or_pause, Action.NEW_SEED: self._lanes.new_seed,
            Action.STEP: partial(self._ask_worker, say("Training one epoch …"), self.session.step),
            Action.COMPARE_ACTIVATIONS: self._lanes.compare_activations,
            Action.NEXT_LANE: self._lanes.choose_next,
            Action.DUPLICATE_LANE: self._lanes.duplicate, Action.REMOVE_LANE: self._lanes.remove,
            Action.RESET: partial(self._ask_worker, say("Resetting …"), self.session.reset),
            Action.ACTIVATIONS: self._show_activations,
        }  # fmt: skip
        connections |= {tool.value: partial(self.workbench.choose_tool, tool) for tool in Tool}
        connections |= {class_action(label): partial(self._choose_label, label) for label in range(MAX_CLASSES)}
        for name, slot in connections.items():
            self.actions_by_name[name].triggered.connect(lambda _checked=False, slot=slot: slot())
        BestWeights(self.session, self.actions_by_name[Action.BEST_WEIGHTS], self)

    def _reset_layout(self) -> None:
        """The layout as at first, which is that of no presentation."""
        self.presentation.end()
        self.window_layout.reset()

    @Slot(bool)
    def _hold_history(self, is_drawing: bool) -> None:
        """During a stroke nothing is undone: the stroke is not a step yet."""
        self.actions_by_name[Action.HISTORY].setEnabled(not is_drawing)
        self._show_undo()

    # showing

    @Slot(Experiment)
    def show_experiment(self, experiment: Experiment) -> None:
        """Show points and settings."""
        dataset, config = experiment.dataset, self._lanes.config
        label = min(self.canvas.hand.label, dataset.n_classes - 1)
        self.canvas.hand.choose(self.canvas.hand.tool, label)
        self.workbench.show_dataset(dataset, config)
        self.control_panel.show_dataset(dataset)
        if self._shown_lanes != (experiment.lanes, experiment.lane_colours):  # not at each move of a stroke
            self._show_lanes()  # before the points: only fields that are shown get them
        self.workbench.fields.show_points(self.canvas.dataset, self.canvas.shares)
        self.class_list.show_classes(dataset, label)
        self.dataset_panel.show_sample(self._editor.sample_of(dataset), dataset)

    @Slot()
    def _show_lanes(self) -> None:
        """Show which lanes there are, and the settings of that in hand."""
        lanes, colours = self._shown_lanes = self.session.experiment.lanes, self.session.experiment.lane_colours
        titles, several = lane_titles(lanes), len(lanes) > 1
        self.lane_bar.show_lanes(titles, self._lanes.current, colours)
        self.workbench.fields.show_titles(titles, colours, self._lanes.current)
        self.control_panel.show_config(self._lanes.config)
        if len(self.session.snapshot.lanes) == len(lanes):  # else they are of before, and others come
            self.status_bar.show_snapshot(self.session.snapshot, self._lanes.current)
            self._show_pointer()
        self.window_layout.turn("work", Qt.Orientation.Vertical if several else Qt.Orientation.Horizontal)
        self.window_layout.turn("charts", Qt.Orientation.Horizontal if several else Qt.Orientation.Vertical)
        self.laboratory.panel.fit()
        self.actions_by_name[Action.DUPLICATE_LANE].setEnabled(len(lanes) < MAX_LANES)
        self.actions_by_name[Action.REMOVE_LANE].setEnabled(several)

    @Slot(Snapshot)
    def show_snapshot(self, snapshot: Snapshot) -> None:
        """Show where the run is."""
        # a snapshot of lanes that are gone since belongs to an earlier run, and never comes here
        experiment = self.session.experiment
        lanes = lane_views(snapshot, experiment, lane_titles(experiment.lanes))
        self.run_bar.show_state(snapshot)
        self.run_bar.show_lanes(lanes)
        self.workbench.fields.show_lanes(lanes)
        self.laboratory.show_snapshot(snapshot, lanes)
        self.status_bar.show_snapshot(snapshot, self._lanes.current)
        self.activation_table.show_costs(snapshot.readings.value(COSTS))
        self._show_pointer()
        failure = snapshot.failure
        if failure is not None and failure is not self._told_failure:
            self._told_failure = failure
            if snapshot.state in (RunState.FAILED, RunState.ENDED):
                self.failed.emit(say(failure.summary), say(failure.details))
            else:
                logging.getLogger("marz").error("%s\n%s", failure.summary, failure.details)

    @Slot()
    def _show_undo(self) -> None:
        stack = self.session.undo_stack
        for name, texts, can, step in (
            (Action.UNDO, UNDO, stack.canUndo(), stack.undoText()),
            (Action.REDO, REDO, stack.canRedo(), stack.redoText()),
        ):
            action = self.actions_by_name[name]
            action.setEnabled(can and self.actions_by_name[Action.HISTORY].isEnabled())
            text, tip = history_texts(texts, step, can=can)
            action.setText(text)
            action.setStatusTip(tip)
            action.setToolTip(action_tip(escape(tip), action))

    def _show_activations(self) -> None:
        self.session.sight.ask(COSTS)
        self.activation_table.show()
        self.activation_table.raise_()

    @Slot(object)
    def _tell_of_refusal(self, error: InputError) -> None:
        boxes.tell(self, say("Not Possible"), sentence_of(error))

    @Slot(object)
    def _tell(self, fact: Message | str) -> None:
        self.status_bar.showMessage(with_isolated_quotes(say(fact)), NOTICE_MILLISECONDS)

    # asking

    @Slot(int)
    def _choose_label(self, label: int) -> None:
        if label < self.session.experiment.dataset.n_classes:
            self.workbench.choose_label(label)
            self.class_list.show_classes(self.session.experiment.dataset, label)

    def _reorder_class(self, by: int) -> None:
        to = self.canvas.hand.label + by
        if 0 <= to < self.session.experiment.dataset.n_classes:
            self._editor.reorder_class(self.canvas.hand.label, to)
            self._choose_label(to)

    @Slot(int)
    def _show_selection(self, n_points: int) -> None:
        if n_points:
            self._tell(counted("{n:,} point selected.", "{n:,} points selected.", n_points))

    @Slot(Recipe)
    def _use_sample(self, sample: Recipe) -> None:
        self._editor.use_sample(sample)
        self.canvas.fit()

    def _add_class(self) -> None:
        self._editor.add_class()
        self._choose_label(self.session.experiment.dataset.n_classes - 1)

    def _train_or_pause(self) -> None:
        session = self.session
        if session.snapshot.state is RunState.LOADING:  # what is asked for waits in the queue
            if session.is_train_wanted:
                session.pause()
            else:
                session.train(self.laboratory.pause_at())
            self.run_bar.show_state(session.snapshot, is_train_wanted=session.is_train_wanted)
        elif session.snapshot.state is RunState.RUNNING:
            self._ask_worker(say("Pausing …"), session.pause)
        else:
            is_begun = session.snapshot.state is RunState.PAUSED
            until = self.laboratory.pause_at()
            self._ask_worker(say("Resuming …") if is_begun else say("Starting …"), lambda: session.train(until))

    def _ask_worker(self, text: str, order: Callable[[], object]) -> None:
        """Give an order and say so until it is acknowledged."""
        self.run_bar.show_request(text)
        order()

    @Slot(tuple)
    def _follow_pointer(self, place: tuple[float, float] | None) -> None:
        self._place = place
        self._show_pointer()
        self.session.sight.use_pointer(place)

    def _show_pointer(self) -> None:
        dataset = self.session.experiment.dataset
        self.status_bar.show_pointer(self._place, self.session.snapshot, dataset, self._lanes.current)

    # opening and closing

    @Slot(ToolOptions)
    def _remember_tool_options(self, options: ToolOptions) -> None:
        self._preferences.tool_options = options.as_table()

    def closeEvent(self, event: QCloseEvent) -> None:
        """Ask about changes, remember the layout, hide at once, end the worker."""
        if not self.files.may_close():
            event.ignore()
            return
        self.presentation.end()
        if self.remembers_layout:
            self.window_layout.save()
        self.files.close()
        self.laboratory.close()
        self.hide()
        self._thread.arrived.disconnect(self.session.take_snapshot)
        self.session.undo_stack.blockSignals(True)  # it clears itself when the window is gone
        self._thread.stop()
        event.accept()
