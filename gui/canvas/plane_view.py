"""A view of a part of the plane: a stack of layers, one gesture at a time, and what takes the events of each."""

from __future__ import annotations

from collections.abc import Callable, Sequence

from PySide6.QtCore import QEvent, QPointF, QRect, QRectF, QSize, Qt, Signal
from PySide6.QtGui import QCursor, QMouseEvent, QPainter, QPaintEvent, QRegion, QResizeEvent, QWheelEvent
from PySide6.QtWidgets import QWidget

from engine.data.shares import Shares
from engine.dataset import Dataset, empty_dataset
from engine.insight.field import Field, Shading, View
from gui.canvas.camera import Camera
from gui.canvas.field_layer import FieldLayer
from gui.canvas.gestures import Gesture, Gestures, Pan, Press, SpaceBar, Spot
from gui.canvas.marks.rings import MistakeRings
from gui.canvas.point_layer import PointLayer
from gui.canvas.selection import Selection
from gui.canvas.signals.sized_points import SizedPoints
from gui.canvas.touch import Touch
from gui.drawing.plane import Plane
from gui.paint.picture import ratio_of
from gui.paint.scene import Layer, PlaneScene
from gui.paint.theme import chrome_of, entropy_colour, field_colours
from gui.paint.type_size import USUAL_FONT, drawn, scale_of
from gui.widgets.throttle import Throttle

LEFT_MARGIN, BOTTOM_MARGIN, MARGIN = 44, 24, 10  # beside the usual font
MIN_SIZE = (120, 100)  # pixels: four lanes beside the settings of a small screen
VIEW_MILLISECONDS = 30
FRAME_MILLISECONDS = 16  # of a screen
LEFT, MIDDLE = Qt.MouseButton.LeftButton, Qt.MouseButton.MiddleButton


class PlaneView(QWidget):
    """Shows a dataset and a decision field; the wheel zooms, the middle button or the space bar and a drag move.

    Args:
        parent: owner.
        follows: whether another view decides what part of the plane is shown; see `Camera.look_like`.

    Signals:
        view_changed(View): another part of the plane is visible, or it is coloured otherwise.
        space_tapped(): the space bar was used, and not for moving.

    Attributes:
        dataset, fraction: the points that are shown, and the share of them kept for validation.
        camera, selection, gestures: what part of the plane is seen, which points are selected, what the hand does.
        layers: what lies over the field, the lowest first.
        sized: the layer of the points, that sizes them if it is shown outcomes.
        rings: around the points that are misclassified, if it is shown which.
        takers: of events; one that returns True has done all there was to do.
        fields_painted: how many fields have reached the screen.
    """

    view_changed = Signal(object)
    space_tapped = Signal()
    takers: Sequence[Callable[[QEvent], bool]] = ()  # events come before the view is made

    def __init__(self, parent: QWidget | None = None, *, follows: bool = False) -> None:
        super().__init__(parent)
        self.setFocusPolicy(Qt.FocusPolicy.StrongFocus)
        self.setAttribute(Qt.WidgetAttribute.WA_OpaquePaintEvent)
        self.setMinimumSize(*MIN_SIZE)
        self.fields_painted = 0
        self.dataset, self.shares = empty_dataset(), Shares()
        self.camera, self.gestures = Camera(self, follows=follows), Gestures(self)
        self.selection = Selection(self.camera, self)
        self._ask_for_field = Throttle(self._send_view, VIEW_MILLISECONDS, self)
        self.points, self._has_new_field = PointLayer(), False
        self.field_layer = FieldLayer(self.refresh, self, ask=self._ask_for_field)
        self.sized = SizedPoints(self.points)
        self.rings = MistakeRings(self.sized)
        self.layers: list[Layer] = [self.sized, self.rings, self.gestures]
        self._space = SpaceBar(self)
        self.takers = (Touch(self, self.camera, self.gestures).take, self._space.take)
        self._stale, self._ask_for_paint = QRegion(), Throttle(self._paint_stale, FRAME_MILLISECONDS, self)
        self.camera.moved.connect(self._show_part)
        self.selection.changed.connect(self._show_selection)
        self.gestures.changed.connect(self.show_cursor)
        self._space.changed.connect(self.show_cursor)
        self._space.tapped.connect(self.space_tapped)

    @property
    def plane(self) -> Plane:
        """The visible part."""
        return self.camera.plane

    def refresh(self, area: QRect | None = None) -> None:
        """Have an area painted, or all, once a frame of the screen: events come faster, and training would wait."""
        self._stale += self.rect() if area is None else area
        self._ask_for_paint()

    def _paint_stale(self) -> None:
        stale, self._stale = self._stale, QRegion()
        self.update(stale)

    def show_points(self, dataset: Dataset, shares: Shares) -> None:
        """Show points, those for validation hollow; what is shown already is not painted again."""
        if dataset is self.dataset and shares == self.shares:
            return
        before, self.dataset, self.shares = self.dataset, dataset, shares
        if dataset.colours != before.colours:
            self._ask_for_field()
        if dataset is not before:
            self.selection.carry_over(dataset)
        self.refresh()

    def show_field(self, field: Field | None, *, has_diverged: bool = False) -> None:
        """Show a decision field, maybe of a run that has diverged, or none."""
        if not len(self.dataset):
            field = None  # what is left of points that are gone
        self.field_layer.show(field, has_diverged=has_diverged)
        self._has_new_field = field is not None
        self._stale += plane_rect(self.plane)
        self._ask_for_paint.at_once()  # fields come in a rhythm of their own; that of a stroke follows

    def fit(self) -> None:
        """Show all points."""
        self.camera.fit(self.dataset.places)

    @property
    def is_panning(self) -> bool:
        """True if the hand moves the plane, or is about to."""
        return self._space.is_held or isinstance(self.gestures.current, Pan)

    def _show_selection(self) -> None:
        self.refresh()

    def _show_part(self) -> None:
        self.refresh()
        self._ask_for_field()

    def _send_view(self) -> None:
        left, right, bottom, top = self.plane.edges()
        chrome = chrome_of(self.palette())
        (colours, neutral), shading = field_colours(chrome, self.dataset.colours), self.field_layer.shading
        if shading is Shading.ENTROPY:
            colours = (entropy_colour(chrome),) * len(colours)
        width, height = max(1, round(self.plane.width)), max(1, round(self.plane.height))
        contours = self.field_layer.wanted_contours(self.dataset.n_classes)
        self.view_changed.emit(View(left, right, bottom, top, width, height, colours, neutral, shading, contours))

    def paintEvent(self, event: QPaintEvent) -> None:
        font = drawn(self.font(), USUAL_FONT)
        chrome = chrome_of(self.palette())
        with QPainter(self) as painter:
            size, ratio, selected = self.size(), ratio_of(painter), self.selection.mask
            scene = PlaneScene(self.plane, size, ratio, chrome, font, self.dataset, self.shares, selected)
            self.field_layer.paint(painter, scene)
            painter.setClipRect(plane_rect(self.plane))
            for layer in self.layers:
                painter.save()
                layer.paint(painter, scene)
                painter.restore()
        if self._has_new_field:
            self.fields_painted, self._has_new_field = self.fields_painted + 1, False

    # events

    def event(self, event: QEvent) -> bool:
        return any(take(event) for take in self.takers) or super().event(event)

    def spot(self, pixel: QPointF) -> Spot:
        """A pixel as a place of the plane, too."""
        return Spot(pixel, self.plane.inside(pixel.x(), pixel.y()))

    def start(self, press: Press) -> Gesture | None:
        """The gesture that a press begins, if it does not move the plane; for subclasses."""
        return None

    def mousePressEvent(self, event: QMouseEvent) -> None:
        if self.gestures.current is not None:
            if not self.gestures.current.yields:
                return
            self.gestures.finish()
        button = event.button()
        if button == MIDDLE or (self._space.is_held and button == LEFT):
            self._space.has_moved = self._space.has_moved or button == LEFT
            self.gestures.begin(Pan(self.camera, event.position()), button)
        elif not self._space.is_held:
            gesture = self.start(Press(self.spot(event.position()), button, event.modifiers()))
            if gesture is not None:
                self.gestures.begin(gesture, button)

    def mouseMoveEvent(self, event: QMouseEvent) -> None:
        if self.gestures.current is not None:
            self.gestures.move(self.spot(event.position()), event.buttons())

    def mouseReleaseEvent(self, event: QMouseEvent) -> None:
        self.gestures.release(event.button())

    def wheelEvent(self, event: QWheelEvent) -> None:
        self.camera.zoom(1.2 ** wheel_steps(event), event.position().x(), event.position().y())
        event.accept()

    def show_cursor(self) -> None:
        """Give the pointer the shape of what it does."""
        gesture = self.gestures.current
        if gesture is not None and gesture.cursor is not None:
            self.setCursor(gesture.cursor)
        else:
            self.setCursor(Qt.CursorShape.OpenHandCursor if self._space.is_held else self.usual_cursor())
        self.refresh()

    def usual_cursor(self) -> QCursor | Qt.CursorShape:
        """The pointer over the plane; for subclasses."""
        return Qt.CursorShape.CrossCursor

    def resizeEvent(self, event: QResizeEvent) -> None:
        self._fit_plane()

    def _fit_plane(self) -> None:
        """Leave the axes the room that their numbers need."""
        left, bottom, margin = (round(scale_of(self.font()) * side) for side in (LEFT_MARGIN, BOTTOM_MARGIN, MARGIN))
        self.camera.resize(
            left, margin, max(20, self.width() - left - margin), max(20, self.height() - bottom - margin)
        )

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.PaletteChange:
            self._ask_for_field()
            self.show_cursor()
        if event.type() == QEvent.Type.FontChange:
            self._fit_plane()
            self.show_cursor()
        if event.type() == QEvent.Type.ActivationChange and not self.isActiveWindow():
            self.gestures.finish()  # a dialog has taken the mouse
        super().changeEvent(event)

    def sizeHint(self) -> QSize:
        return QSize(640, 640)


def plane_rect(plane: Plane) -> QRect:
    """The rectangle of a plane in pixels of its widget."""
    return QRectF(plane.x, plane.y, plane.width, plane.height).toAlignedRect()


def wheel_steps(event: QWheelEvent) -> float:
    """Notches of the wheel; with some modifiers Qt reports them sideways."""
    return (event.angleDelta().y() or event.angleDelta().x()) / 120
