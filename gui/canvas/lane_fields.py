"""One field a lane, side by side: the first is the canvas, the others follow it."""

# Tests: tests/gui/test_main_window.py

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Slot
from PySide6.QtGui import QResizeEvent
from PySide6.QtWidgets import QGridLayout, QLabel, QSizePolicy, QWidget

from engine.data.shares import Shares
from engine.dataset import Dataset
from engine.experiment import MAX_LANES
from engine.insight.field import FIELD
from engine.insight.outcomes import OUTCOMES
from engine.run.snapshot import MISCLASSIFIED, LaneSnapshot
from gui.canvas.plane_view import PlaneView
from gui.drawing.plane import Plane
from gui.paint.lane_view import LaneView, are_losses_alike
from gui.paint.recoloured import Recoloured
from gui.paint.scene import Layer
from gui.paint.swatches import lane_line
from gui.paint.theme import chrome_of
from gui.text.language import say
from gui.text.numbers import loss, scores
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tips import plain_tip

WIDEST = "100.0 %", "0.00·10⁻⁴"  # that accuracy and loss usually are


def numbers_in_words(accuracy: str, value: str, *, has_values: bool = False) -> str:
    """Accuracy, or R² where values are learned, of a lane and, unless that is empty, its loss, with their names."""
    if not value:
        return say("R² {r2}", r2=accuracy) if has_values else say("Accuracy {accuracy}", accuracy=accuracy)
    if has_values:
        return say("R² {r2} · loss {loss}", r2=accuracy, loss=value)
    return say("Accuracy {accuracy} · loss {loss}", accuracy=accuracy, loss=value)


class LaneTitle(Recoloured, QWidget):
    """The line of a lane, what sets it apart, and how it fares."""

    def __init__(self) -> None:
        super().__init__()
        self._colour = 0
        self._line, self._name, self._numbers = QLabel(), ElidedLabel(), Readout()
        font = self._name.font()
        font.setBold(True)
        self._name.setFont(font)
        row = QGridLayout(self)
        row.setContentsMargins(12, 0, 10, 0)
        row.setHorizontalSpacing(6)
        row.addWidget(self._line, 0, 0)
        row.addWidget(self._name, 0, 1)
        row.addWidget(self._numbers, 1, 1)
        row.setColumnStretch(1, 1)

    def show_title(self, title: str, colour: int, *, is_in_hand: bool) -> None:
        """Show what sets the lane apart, the number of its colour, and by a line whether its settings are shown."""
        font = self._name.font()
        font.setUnderline(is_in_hand)
        self._name.setFont(font)
        self._colour = colour
        self.recolour()
        self._name.setText(title)
        self._name.setToolTip(plain_tip(title))

    def recolour(self) -> None:
        line = lane_line(chrome_of(self.palette()), self._colour, self.font(), self.devicePixelRatioF())
        self._line.setPixmap(line)

    def show_lane(self, lane: LaneSnapshot | None, *, has_loss: bool = True) -> None:
        """Show how the lane fares; its loss only if it can be compared with those of the others."""
        text = brief = ""
        if lane is not None:
            accuracy, _ = scores(lane.metrics, has_values=lane.has_values)
            value = loss(lane.metrics.train_loss) if has_loss else ""
            text = numbers_in_words(accuracy, value, has_values=lane.has_values)
            brief = f"{accuracy} · {value}" if value else accuracy
            if lane.divergence is not None:
                text = say("Diverged at step {step:,}", step=lane.divergence.step)
                brief = say("Diverged")
        self._numbers.show_text(text, brief)


class Readout(QWidget):
    """A line that changes many times a second; a label in a layout would have the whole window laid out each time.

    Where there is no room for it, it is said more briefly, and whole in the tooltip.
    """

    def __init__(self) -> None:
        super().__init__()
        self._label, self._texts = ElidedLabel(self), ("", "")
        self.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Fixed)

    def sizeHint(self) -> QSize:
        return QSize(0, self.fontMetrics().height())

    def show_text(self, text: str, brief: str) -> None:
        """Show a line, as it is or in brief."""
        self._texts = text, brief
        widest = max(map(self.fontMetrics().horizontalAdvance, (text, numbers_in_words(*WIDEST))))
        fits = widest <= self.width()  # lanes side by side say it alike, and no number makes words come and go
        self._label.setText(text if fits else brief)
        self._label.setToolTip("" if fits else plain_tip(text))

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._label.setGeometry(self.rect())
        self.show_text(*self._texts)


class LaneFields(QWidget):
    """The canvas and, with more than one lane, a field for each of the others beside it, with titles above.

    Args:
        canvas: shows the first lane, and is drawn on.
        shared: layers that lie on the other planes, too.
    """

    def __init__(self, canvas: PlaneView, shared: Sequence[Layer] = (), parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._canvas, self._shared = canvas, shared
        self._sizes_points = self._rings_mistakes = False
        self._threshold_lane = 0  # where one class is compared with the rest
        self._lanes: Sequence[LaneView] = ()
        self._titles: list[LaneTitle] = []
        self._views: list[PlaneView] = [canvas]
        self._grid = QGridLayout(self)
        self._grid.setContentsMargins(0, 0, 0, 0)
        self._grid.setSpacing(0)
        self._grid.addWidget(canvas, 1, 0)
        self._grid.setRowStretch(1, 1)
        self._grid.setColumnStretch(0, 1)
        canvas.camera.moved.connect(self._follow)

    @property
    def views(self) -> tuple[PlaneView, ...]:
        """The fields that are shown, the canvas first."""
        return tuple(view for view in self._views if view is self._canvas or not view.isHidden())

    def show_titles(self, titles: Sequence[str], colours: Sequence[int], in_hand: int) -> None:
        """Show so many lanes, each with its title and the number of its colour; a single one needs none."""
        while len(self._views) < len(titles):
            self._add_view()
        for lane in range(MAX_LANES):
            is_shown = len(titles) > 1 and lane < len(titles)
            if lane < len(self._titles):
                self._titles[lane].setVisible(is_shown)
            if 0 < lane < len(self._views):
                self._views[lane].setVisible(is_shown)
                self._grid.setColumnStretch(lane, int(is_shown))
        if len(titles) > 1:
            for lane, (title, text, colour) in enumerate(zip(self._titles, titles, colours, strict=False)):
                title.show_title(text, colour, is_in_hand=lane == in_hand)

    def _add_view(self) -> None:
        lane = len(self._views)
        view = PlaneView(follows=True)
        view.setObjectName(f"lane_{lane + 1}_field")
        view.setAccessibleName(say("Field of lane {number}", number=lane + 1))
        view.setToolTip(f"<p>{say('The same points, as this lane sees them. Draw in the first field.')}</p>")
        view.layers += self._shared
        view.field_layer.contours.has_threshold = lane == self._threshold_lane
        view.show_points(self._canvas.dataset, self._canvas.shares)
        view.camera.look_like(self._canvas.plane)
        view.camera.moved.connect(self._lead)
        view.space_tapped.connect(self._canvas.space_tapped)
        self._views.append(view)
        self._grid.addWidget(view, 1, lane)
        while len(self._titles) < len(self._views):
            title = LaneTitle()
            self._grid.addWidget(title, 0, len(self._titles))
            self._titles.append(title)

    @Slot()
    def refresh(self) -> None:
        """Have the other planes painted: a layer that lies on them has changed."""
        for view in self.views[1:]:
            view.refresh()

    def show_points(self, dataset: Dataset, shares: Shares) -> None:
        """Show the points in the other fields."""
        for view in self.views[1:]:
            view.show_points(dataset, shares)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the field and the numbers of each lane."""
        self._lanes = lanes
        known = [found for lane in lanes if (found := lane.value(OUTCOMES)) is not None]
        largest = max((found.largest_signal for found in known), default=None)  # one scale, so that lanes compare
        for number, view in enumerate(self.views):
            lane = lanes[number] if number < len(lanes) else None
            view.sized.show(lane.value(OUTCOMES) if lane is not None and self._sizes_points else None, largest)
            view.rings.show(lane.value(MISCLASSIFIED) if lane is not None and self._rings_mistakes else None)
            if lane is None:
                view.show_field(None)
            else:
                view.show_field(lane.value(FIELD), has_diverged=lane.snapshot.divergence is not None)
        has_loss = are_losses_alike(lanes)
        for number, title in enumerate(self._titles):
            title.show_lane(lanes[number].snapshot if number < len(lanes) else None, has_loss=has_loss)

    @Slot(bool)
    def size_points(self, on: bool) -> None:
        """Size the points of each lane by their error signals, or all alike."""
        self._sizes_points = on
        self.show_lanes(self._lanes)

    @Slot(bool)
    def ring_mistakes(self, on: bool) -> None:
        """Ring the points that each lane takes for another class, or none."""
        self._rings_mistakes = on
        self.show_lanes(self._lanes)

    @Slot(object, int)
    def compare(self, one_class: tuple[int, float] | None, lane: int) -> None:
        """Have the line on which a class is at a threshold against the rest, on the plane of a lane; None: no line."""
        self._threshold_lane = lane
        for number, view in enumerate(self._views):
            view.field_layer.contours.has_threshold = number == lane
        self._canvas.field_layer.compare(one_class)

    @Slot(Plane)
    def _follow(self, plane: Plane) -> None:
        for view in self._views[1:]:
            view.camera.look_like(plane)

    @Slot(Plane)
    def _lead(self, plane: Plane) -> None:
        self._canvas.camera.look_like(plane)
