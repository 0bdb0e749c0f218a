"""Two thousand random edits in the real window, undone and redone, against a model written in plain Python."""

from __future__ import annotations

import math
import random
from collections.abc import Callable
from dataclasses import dataclass, replace

import numpy as np
from PySide6.QtCore import QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QToolButton, QTreeWidget

from engine.config import TrainingConfig
from engine.dataset import COLOUR_NAMES, Dataset
from engine.toy_datasets import Recipe
from gui.actions import Action
from gui.drawing.tools import Tool
from gui.editing.session import UNDO_LIMIT
from gui.main_window import MainWindow

OPERATIONS = 2000
LEFT, RIGHT = Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
STAMPS = [tool for tool in Tool if "stamp_points" in tool.facts.options]


@dataclass(frozen=True)
class Point:
    """A point of the model: float32 coordinates, the name of its class, its number within the class."""

    x: float
    y: float
    name: str
    serial: int


@dataclass(frozen=True)
class State:
    """What is on the plane, as plain tuples."""

    points: tuple[Point, ...]
    classes: tuple[tuple[str, int], ...]  # name and colour
    lanes: tuple[TrainingConfig, ...] = ()

    def names(self) -> list[str]:
        return [name for name, _ in self.classes]

    def added(self, places: list[tuple[float, float]], names: list[str]) -> State:
        points = list(self.points)
        first = {name: max((p.serial for p in points if p.name == name), default=-1) + 1 for name in self.names()}
        for (x, y), name in zip(places, names, strict=True):
            points.append(Point(single(x), single(y), name, first[name]))
            first[name] += 1
        return replace(self, points=tuple(points))

    def kept(self, keeps: Callable[[Point], bool]) -> State:
        return replace(self, points=tuple(point for point in self.points if keeps(point)))

    def changed(self, change: Callable[[Point], Point]) -> State:
        return replace(self, points=tuple(change(point) for point in self.points))


def single(value: float) -> float:
    return float(np.float32(value))


def state_of(dataset: Dataset, lanes: tuple[TrainingConfig, ...]) -> State:
    rows = zip(dataset.points.tolist(), dataset.labels.tolist(), dataset.serials.tolist(), strict=True)
    points = (Point(x, y, dataset.class_names[label], serial) for (x, y), label, serial in rows)
    return State(tuple(points), tuple(zip(dataset.class_names, dataset.colours, strict=True)), lanes)


class Model:
    """The states one can go back and forth to."""

    def __init__(self, state: State) -> None:
        self.steps: list[tuple[State, State, str]] = []
        self.index, self.state = 0, state

    def edit(self, after: State, key: str = "") -> None:
        if after == self.state:
            return
        del self.steps[self.index :]
        merges = bool(key and self.steps and self.steps[-1][2] == key)
        before = self.steps.pop()[0] if merges else self.state
        if before != after:
            self.steps.append((before, after, key))
        del self.steps[: max(0, len(self.steps) - UNDO_LIMIT)]
        self.index, self.state = len(self.steps), after

    def undo(self) -> None:
        if self.index:
            self.index -= 1
            self.state = self.steps[self.index][0]

    def redo(self) -> None:
        if self.index < len(self.steps):
            self.state = self.steps[self.index][1]
            self.index += 1


class Hand:
    """Works in the window and in the model alike."""

    def __init__(self, window: MainWindow, seed: int) -> None:
        self.window, self.canvas = window, window.canvas
        self.random = random.Random(seed)
        self.model = Model(self.found())
        self.clipboard: list[Point] | None = None
        self.samples: list[Recipe] = []
        window.dataset_panel.sample_chosen.connect(self.samples.append)
        window.dataset_panel.sample_added.connect(self.samples.append)

    def found(self) -> State:
        """What the window has."""
        experiment = self.window.session.experiment
        return state_of(experiment.dataset, experiment.lanes)

    @property
    def state(self) -> State:
        return self.model.state

    def act(self, name: str) -> None:
        self.window.actions_by_name[name].trigger()

    def pixel(self) -> QPoint:
        plane = self.canvas.plane
        x = self.random.randint(math.ceil(plane.x), math.floor(plane.x + plane.width))
        return QPoint(x, self.random.randint(math.ceil(plane.y), math.floor(plane.y + plane.height)))

    def place(self, pixel: QPoint) -> tuple[float, float]:
        return self.canvas.plane.to_data(pixel.x(), pixel.y())

    def chosen(self) -> str:
        return self.state.names()[self.canvas.hand.label]

    # what can be done

    def draw(self) -> None:
        self.act(Tool.POINT)
        pixel = self.pixel()
        QTest.mouseClick(self.canvas, LEFT, pos=pixel)
        self.model.edit(self.state.added([self.place(pixel)], [self.chosen()]))

    def in_ring(self, pixel: QPoint) -> Callable[[Point], bool]:
        (x, y), radius = self.place(pixel), self.canvas.hand.radius
        return lambda point: math.hypot(point.x - x, point.y - y) <= radius

    def erase(self) -> None:
        pixel = self.pixel()
        covers = self.in_ring(pixel)
        QTest.mouseClick(self.canvas, RIGHT, pos=pixel)
        self.model.edit(self.state.kept(lambda point: not covers(point)))

    def relabel(self) -> None:
        self.act(Tool.RELABEL)
        pixel = self.pixel()
        covers, name = self.in_ring(pixel), self.chosen()
        QTest.mouseClick(self.canvas, LEFT, pos=pixel)
        self.model.edit(self.state.changed(lambda point: replace(point, name=name) if covers(point) else point))

    def gesture(self, tool: Tool, *, gives_up: bool = False) -> None:
        """A drag with any tool that lasts some milliseconds."""
        self.act(tool)
        start = self.pixel()
        QTest.mousePress(self.canvas, LEFT, pos=start)
        for step in range(1, 4):
            QTest.mouseMove(self.canvas, start + QPoint(9 * step, 5 * step))
        if tool in (Tool.SPRAY, Tool.JITTER, Tool.MAGNET):
            QTest.qSleep(15)
        if gives_up:
            QTest.keyClick(self.canvas, Qt.Key.Key_Escape)
        QTest.mouseRelease(self.canvas, LEFT, pos=start + QPoint(27, 15))

    def scatter(self) -> None:
        """Tools that use chance: what they may not touch stays, what they add is of the chosen class."""
        tool = self.random.choice([Tool.SPRAY, Tool.BRUSH, *STAMPS])
        if len(self.state.points) > 800:
            return
        before, name = self.state, self.chosen()
        self.gesture(tool)
        after = self.found()
        assert after.points[: len(before.points)] == before.points
        added = after.points[len(before.points) :]
        assert added
        assert before.added([(p.x, p.y) for p in added], [name] * len(added)) == after
        self.model.edit(after)

    def stir(self) -> None:
        before = self.state
        self.act(Action.SELECT_NONE)
        self.gesture(self.random.choice([Tool.JITTER, Tool.MAGNET, Tool.MOVE]))
        after = self.found()
        assert [replace(point, x=0.0, y=0.0) for point in after.points] == [
            replace(point, x=0.0, y=0.0) for point in before.points
        ]
        self.model.edit(after)

    def give_up(self) -> None:
        self.act(Action.SELECT_NONE)
        self.gesture(self.random.choice([tool for tool in Tool if tool.facts.begins is not None]), gives_up=True)

    def settings(self) -> None:
        rate = self.random.choice([0.001, 0.003, 0.01])
        self.window.control_panel.boxes["learning_rate"].setValue(rate)
        lanes = tuple(replace(lane, learning_rate=rate) for lane in self.state.lanes)
        self.model.edit(replace(self.state, lanes=lanes), "learning rate")

    def select(self) -> None:
        first, second = self.pixel(), self.pixel()
        if (first - second).manhattanLength() < 40:
            return
        self.act(Action.SELECT_NONE)
        self.act(Tool.RECTANGLE)
        QTest.mousePress(self.canvas, LEFT, pos=first)
        QTest.mouseMove(self.canvas, second)
        QTest.mouseRelease(self.canvas, LEFT, pos=second)
        (x1, y1), (x2, y2) = self.place(first), self.place(second)
        inside = [
            min(x1, x2) <= point.x <= max(x1, x2) and min(y1, y2) <= point.y <= max(y1, y2)
            for point in self.state.points
        ]
        if first.x() != second.x() and first.y() != second.y():
            assert self.canvas.selection.mask.tolist() == inside

    def select_by_action(self) -> None:
        self.act(self.random.choice(["select_all", "select_none", "invert", "select_class"]))

    def picked(self) -> list[Point]:
        return [point for point, is_in in zip(self.state.points, self.canvas.selection.mask, strict=True) if is_in]

    def delete(self) -> None:
        gone = {id(point) for point in self.picked()}
        self.act(Action.DELETE)
        self.model.edit(self.state.kept(lambda point: id(point) not in gone))

    def nudge(self) -> None:
        moved = {id(point) for point in self.picked()}
        key = f"move {self.canvas.selection.mask.tolist()}"
        step = 4 / self.canvas.plane.scale
        QTest.keyClick(self.canvas, Qt.Key.Key_Right)
        if moved:
            self.model.edit(
                self.state.changed(lambda p: replace(p, x=single(p.x + step)) if id(p) in moved else p), key
            )

    def copy(self) -> None:
        picked = self.picked()
        if self.state.points:
            self.act(Action.COPY)
            self.clipboard = picked or list(self.state.points)

    def paste(self) -> None:
        if self.clipboard is None or len(self.state.points) > 800:
            return
        new = [name for name in dict.fromkeys(p.name for p in self.clipboard) if name not in self.state.names()]
        if len(self.state.classes) + len(new) > 10:
            return
        self.act(Action.PASTE)
        after = self.state
        for name in new:
            colour = min(set(range(10)) - {colour for _, colour in after.classes})
            after = replace(after, classes=(*after.classes, (name, colour)))
        # beside the originals: all by the same step
        added = self.found().points[len(after.points) :]
        steps = np.array([[p.x - q.x, p.y - q.y] for p, q in zip(added, self.clipboard, strict=True)])
        np.testing.assert_allclose(steps, np.broadcast_to(steps[:1], steps.shape), atol=1e-5)
        self.model.edit(after.added([(p.x, p.y) for p in added], [p.name for p in self.clipboard]))

    def add_class(self) -> None:
        self.act(Action.ADD_CLASS)
        if len(self.state.classes) < 10:
            self.model.edit(replace(self.state, classes=(*self.state.classes, self.new_class(self.state))))

    def new_class(self, state: State) -> tuple[str, int]:
        colour = min(set(range(10)) - {colour for _, colour in state.classes})
        candidates = [COLOUR_NAMES[colour], *(f"Class {number}" for number in range(1, 12))]
        return next(name for name in candidates if name not in state.names()), colour

    def without(self, name: str) -> tuple[tuple[str, int], ...]:
        return tuple(entry for entry in self.state.classes if entry[0] != name)

    def remove_class(self) -> None:
        name = self.chosen()
        if len(self.state.classes) > 2:
            self.act(Action.REMOVE_CLASS)
            after = self.state.kept(lambda point: point.name != name)
            self.model.edit(replace(after, classes=self.without(name)))

    def merge_class(self) -> None:
        if len(self.state.classes) > 2:
            self.choose_class()
            name, menu = self.chosen(), self.window.class_list.merge_menu
            menu.aboutToShow.emit()
            action = self.random.choice(menu.actions())
            other = action.text()
            action.trigger()
            after = self.state.changed(lambda point: replace(point, name=other) if point.name == name else point)
            self.model.edit(replace(after, classes=self.without(name)))

    def rename_class(self) -> None:
        label = self.random.randrange(len(self.state.classes))
        old, new = self.state.names()[label], f"Name {self.random.randrange(10**6)}"
        tree = self.window.class_list.findChild(QTreeWidget, "class_list")
        assert isinstance(tree, QTreeWidget)
        item = tree.topLevelItem(label)
        assert item is not None
        item.setText(0, new)  # as the editor of the cell does
        after = self.state.changed(lambda point: replace(point, name=new) if point.name == old else point)
        self.model.edit(replace(after, classes=tuple((new if n == old else n, c) for n, c in after.classes)))

    def recolour_class(self) -> None:
        self.choose_class()
        old, menu = self.state.classes[self.canvas.hand.label][1], self.window.class_list.recolour_menu
        menu.aboutToShow.emit()
        colour = self.random.randrange(10)
        menu.actions()[colour].trigger()
        exchange = {old: colour, colour: old}
        self.model.edit(replace(self.state, classes=tuple((n, exchange.get(c, c)) for n, c in self.state.classes)))

    def reorder_class(self) -> None:
        label, up = self.canvas.hand.label, self.random.random() < 0.5
        to = label + (-1 if up else 1)
        self.act("class_up" if up else "class_down")
        if 0 <= to < len(self.state.classes):
            order = list(self.state.classes)
            order.insert(to, order.pop(label))
            self.model.edit(replace(self.state, classes=tuple(order)))

    def choose_class(self) -> None:
        self.act(f"class_{self.random.randint(1, len(self.state.classes))}")

    def sample(self) -> None:
        panel = self.window.dataset_panel
        if self.random.random() < 0.3:
            panel.new_sample.click()
            self.model.edit(state_of(self.samples[-1].make(), self.state.lanes))

    def add_sample(self) -> None:
        if len(self.state.points) < 800 and self.random.random() < 0.3:
            button = self.window.dataset_panel.findChild(QToolButton, "add_sample_button")
            assert isinstance(button, QToolButton)
            button.click()
            made = state_of(self.samples[-1].make(), ())
            after = self.state
            while len(after.classes) < len(made.classes):
                after = replace(after, classes=(*after.classes, self.new_class(after)))
            names = dict(zip(made.names(), after.names(), strict=False))
            self.model.edit(after.added([(p.x, p.y) for p in made.points], [names[p.name] for p in made.points]))

    def clear(self) -> None:
        if self.random.random() < 0.1:
            self.act(Action.CLEAR)
            self.model.edit(replace(self.state, points=()))

    def undo(self) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.act(Action.UNDO)
            self.model.undo()

    def redo(self) -> None:
        for _ in range(self.random.randint(1, 4)):
            self.act(Action.REDO)
            self.model.redo()

    def everything(self) -> list[Callable[[], None]]:
        often = [self.draw] * 4 + [
            self.scatter,
            self.stir,
            self.give_up,
            self.settings,
            self.erase,
            self.relabel,
            self.select,
            self.select,
            self.nudge,
            self.undo,
            self.redo,
        ]
        seldom = [
            *(self.select_by_action, self.delete, self.copy, self.paste, self.add_class, self.remove_class),
            *(self.merge_class, self.rename_class, self.recolour_class, self.reorder_class, self.choose_class),
            *(self.sample, self.add_sample, self.clear),
        ]
        return [*often, *often, *seldom]


def test_two_thousand_random_edits_leave_what_the_model_says(window: MainWindow) -> None:
    hand = Hand(window, seed=4)
    window.canvas.menu_wanted.disconnect(window.workbench.show_menu)  # without a screen it cannot be closed again
    points = window.dataset_panel.points
    points.setValue(40)
    hand.model.edit(hand.found())
    for number in range(OPERATIONS):
        operation = hand.random.choice(hand.everything())
        operation()
        same = hand.found() == hand.state  # not in the assert, which would print both
        assert same, f"operation {number}, {operation.__name__}"
        stack = window.session.undo_stack
        assert (stack.index(), stack.count()) == (hand.model.index, len(hand.model.steps)), f"operation {number}"
    while hand.model.index:
        hand.act("undo")
        hand.model.undo()
        assert hand.found() == hand.state
    while hand.model.index < len(hand.model.steps):
        hand.act("redo")
        hand.model.redo()
        assert hand.found() == hand.state
