"""Loss and accuracy against the epoch."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QRectF, QSize, Qt, Slot
from PySide6.QtGui import QFontMetricsF, QPalette, QResizeEvent
from PySide6.QtWidgets import QHBoxLayout, QVBoxLayout, QWidget

from engine.run.history import Change
from engine.run.snapshot import LaneSnapshot
from gui.paint.lane_view import LaneView, are_losses_alike
from gui.paint.lanes_view import LaneColours
from gui.paint.plots.ghost import Ghost
from gui.paint.theme import chrome_of
from gui.paint.type_size import drawn, least_line, scale_of
from gui.run.curve_buttons import CurveButtons
from gui.run.curves import (
    MIN_LOSS,
    Curves,
    are_same,
    at_rest,
    axis_ranges,
    changes_in_words,
    curves_of,
    is_edited,
    readout,
    readout_at,
)
from gui.run.ghosts import Ghosts
from gui.run.headline import Headline
from gui.run.plot_looks import Line, curve_pens, draw_line, lane_pens, name_axes, name_inks, raw_pen, set_up
from gui.run.plot_notes import End, Notes, PlotNotes
from gui.text.language import mark, say
from gui.text.numbers import measured_briefly
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.throttle import Throttle

N_CURVES = 4  # of a lane: training and validation loss, training and validation accuracy
NAMES = (mark("training", "curve"), mark("validation", "curve"))
MARK_TIP = mark(
    "An upright dotted line: from here on the curves are of {what}, and cannot be compared with those before it."
)
TEXT, MIN_PLOTS = 11, 160  # lengths: of the numbers at the axes; of both plots together, at the least
NAME_SHARE, MIN_NAME = 0.25, 34  # of the width, that names at the ends of lines may take; where less, there are none
OFF_AXIS = 100.0  # how many times the axis a line is drawn that leaves it: farther away Qt cannot paint
MILLISECONDS, MILLISECONDS_OF_SEVERAL = 100, 200


class LossPlot(LaneColours, QWidget):
    """Curves of the lanes; loss above, accuracy below. Of one lane, training is solid and validation dashed; several
    have a colour and a style each, and validation is the thinner line.

    Each vertex is a value as measured; there are at most some hundred, however long the run is. Smooth lines are drawn
    over them.

    Attributes:
        headline: the figures over the curves.
    """

    needs = ()  # what it shows is in every snapshot

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss_plot")
        self.setAccessibleName(say("Loss and accuracy against the epoch"))
        self._tables: list[Curves] = []
        self._changes: tuple[Change, ...] = ()  # of all lanes
        self._titles, self._are_alike = tuple[str, ...](), True  # the second: the losses of all
        self._next_lanes: tuple[LaneView, ...] = ()
        self._drawn_lanes: tuple[LaneSnapshot, ...] | None = None
        self._ranges: tuple[float, float, float] | None = None
        self._plots = pg.GraphicsLayoutWidget()
        for widget in (self._plots, self._plots.viewport()):
            widget.setFocusPolicy(Qt.FocusPolicy.NoFocus)
        self._loss_plot = self._plots.addPlot(row=0, col=0)
        self._accuracy_plot = self._plots.addPlot(row=1, col=0)
        self._plots.ci.layout.setRowStretchFactor(0, 3)
        self._plots.ci.layout.setRowStretchFactor(1, 2)
        self._plots.ci.layout.setVerticalSpacing(0)
        self._curves: list[list[Line]] = []  # of each lane
        self._raw: list[list[Line]] = []  # of each lane, under smooth ones
        self._cursors = [pg.InfiniteLine(angle=90, movable=False) for _ in range(2)]
        self._marks = [Line(connect="pairs") for _ in range(2)]  # where something else is measured
        self._ghosts = Ghosts(self._loss_plot, self._accuracy_plot)
        self._notes = PlotNotes()
        self._plots.scene().addItem(self._notes)
        self._set_up_plots()
        self._add_curves()
        self.headline, self.buttons, self._readout = Headline(), CurveButtons(), ElidedLabel()
        self.buttons.changed.connect(self._use_scale)
        self._lay_out()
        self._draw = Throttle(self._draw_curves, MILLISECONDS, self)
        self._hover = Throttle(self._show_readout, 30, self)
        self._plots.scene().sigMouseMoved.connect(self._hover)
        for plot in (self._loss_plot, self._accuracy_plot):
            plot.getViewBox().sigResized.connect(self._use_room)
        self._fit()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(0, 2, 8, 0)
        heading.addWidget(self.headline, 1)
        heading.addWidget(self.buttons, 0, Qt.AlignmentFlag.AlignTop)
        self._readout.setContentsMargins(10, 0, 8, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(0)
        layout.addLayout(heading)
        layout.addWidget(self._plots, 1)
        layout.addWidget(self._readout)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)

    def _set_up_plots(self) -> None:
        plots = ((self._loss_plot, say("Loss")), (self._accuracy_plot, ""))
        for (plot, name), cursor, marks in zip(plots, self._cursors, self._marks, strict=True):
            set_up(plot, name)
            cursor.setVisible(False)
            plot.addItem(cursor, ignoreBounds=True)
            plot.getViewBox().addItem(marks, ignoreBounds=True)
        self._accuracy_plot.setLabel("bottom", say("Epoch"))
        self._accuracy_plot.setXLink(self._loss_plot)
        self._accuracy_plot.setYRange(-0.06, 1.1, padding=0)
        name_axes(self._loss_plot, self._accuracy_plot)
        self._loss_plot.getAxis("bottom").setStyle(showValues=False)
        self._loss_plot.setXRange(0, 10, padding=0)
        self._loss_plot.setYRange(0, 1.2, padding=0)

    def _add_curves(self) -> None:
        """Curves of one more lane."""
        curves = [Line(antialias=True) for _ in range(N_CURVES)]
        for curve, plot in zip(curves, [self._loss_plot] * 2 + [self._accuracy_plot] * 2, strict=True):
            plot.addItem(curve)
            curve.setZValue(1 if curve in curves[::2] else 0)  # training on top, validation broader
        if not self._curves:
            for curve in curves[::2]:
                curve.setSegmentedLineMode("on")  # several times faster; a dashed line would lose its dashes
        self._curves.append(curves)
        raw = [Line() for _ in range(N_CURVES)]
        for curve, plot in zip(raw, [self._loss_plot] * 2 + [self._accuracy_plot] * 2, strict=True):
            plot.getViewBox().addItem(curve, ignoreBounds=True)
            curve.setZValue(-1)
        self._raw.append(raw)

    def sizeHint(self) -> QSize:
        return QSize(430, 360) * scale_of(self.font())

    def changeEvent(self, event: QEvent) -> None:
        super().changeEvent(event)
        if event.type() == QEvent.Type.FontChange:
            self._fit()

    def _fit(self) -> None:
        """Give texts, lines and rooms the size of the font."""
        small, scale = drawn(self.font(), TEXT), scale_of(self.font())
        metrics = QFontMetricsF(small)
        below = 2 * metrics.height() + 8 * scale
        for plot in (self._loss_plot, self._accuracy_plot):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setTickFont(small)
                axis.label.setFont(small)
            plot.getAxis("left").setWidth(metrics.horizontalAdvance("0.0000") + metrics.height() + 12 * scale)
        self._accuracy_plot.getAxis("bottom").setHeight(below)
        self._plots.setMinimumHeight(round((MIN_PLOTS + 8) * scale + below))
        self._readout.setFont(drawn(self.font(), TEXT + 1))
        self.recolour()

    def show_lanes(self, lanes: Sequence[LaneView], *, at_once: bool = False) -> None:
        """Show the curves of the lanes; while training a few times a second, which the eye cannot tell.

        Args:
            lanes: none, or up to four.
            at_once: do not wait, unless something is being edited.
        """
        self._next_lanes = tuple(lanes)
        self.use_colours(lanes)
        self.headline.use_colours(lanes)
        shown = tuple(lane.title for lane in lanes) if len(lanes) > 1 else ()
        if lanes and self._titles != shown:  # without lanes the data block them, and they come again
            self._titles = shown
            self.recolour()
        self._draw.milliseconds = MILLISECONDS if len(lanes) < 2 else MILLISECONDS_OF_SEVERAL
        if at_once and not is_edited([lane.snapshot for lane in lanes], self._drawn_lanes or ()):
            self._draw.at_once()
        else:
            self._draw()

    def show_ghosts(self, ghosts: Sequence[Ghost]) -> None:
        """Show the curves of earlier runs behind those of the lanes."""
        self._ghosts.show_ghosts(ghosts)
        self._drawn_lanes = None
        self.recolour()
        self._draw_curves()

    def vertices(self) -> int:
        """The number of points of the longest curve."""
        return max((len(curves.table) for curves in self._tables), default=0)

    def _draw_curves(self) -> None:
        self.headline.show_lanes(self._next_lanes)
        lanes = tuple(lane.snapshot for lane in self._next_lanes)
        if self._drawn_lanes is not None and list(map(id, lanes)) == list(map(id, self._drawn_lanes)):
            return
        is_first, self._drawn_lanes = self._drawn_lanes is None, lanes
        tables, are_alike = [curves_of(lane) for lane in lanes], are_losses_alike(self._next_lanes)
        if not is_first and are_alike == self._are_alike and are_same(tables, self._tables):
            return  # something else of the snapshot is new
        while len(self._curves) < len(lanes):
            self._add_curves()
            self.recolour()
        self._tables, self._are_alike = tables, are_alike
        nothing = Curves(np.empty((0, 5)), np.empty(0, dtype=np.intp))
        whole = np.concatenate([nothing.table, *(curves.table for curves in self._tables), *self._ghosts.tables])
        self._use_ranges(axis_ranges(whole, self.buttons.is_logarithmic))
        self._ghosts.draw(self._heights)
        for number, (items, raw) in enumerate(zip(self._curves, self._raw, strict=True)):
            curves = self._tables[number] if number < len(lanes) else nothing
            n_rows = self.buttons.smoothing
            for column, (item, under) in enumerate(zip(items, raw, strict=True), start=1):
                heights, top = self._heights(curves.table[:, column], column)
                # one value off the axis must not take the smooth line with it
                smooth = curves.smoothed(np.minimum(heights, top), n_rows) if n_rows else heights
                draw_line(item, curves, smooth)
                if n_rows:
                    draw_line(under, curves, heights)
        plots, has_values = (self._loss_plot, self._accuracy_plot), any(curves.has_values for curves in tables)
        if name_axes(*plots, are_alike=self._are_alike, has_values=has_values):
            self._use_room()
        self._mark(tuple(change for curves in self._tables for change in curves.changes))
        self._annotate()
        self._show_readout(None)

    @property
    def _highest(self) -> float:
        """The loss at the upper end of the axis."""
        assert self._ranges is not None
        return 10.0 ** self._ranges[2] if self.buttons.is_logarithmic else self._ranges[2]

    def _heights(self, values: NDArray[np.float64], column: int) -> tuple[NDArray[np.float64], float]:
        """The heights at which the values of a column are drawn, and that of the end of the axis.

        What is far off the axis lies less far; what is not finite is nowhere.
        """
        known = np.where(np.isfinite(values), values, np.nan)
        if column > N_CURVES / 2:
            return known, 1.0
        assert self._ranges is not None
        top = self._ranges[2]
        if self.buttons.is_logarithmic:
            return np.log10(np.maximum(known, MIN_LOSS)), top
        return np.minimum(known, OFF_AXIS * top), top

    def _use_ranges(self, ranges: tuple[float, float, float]) -> None:
        if ranges != self._ranges:
            self._ranges = ranges
            last_epoch, low, high = ranges
            self._loss_plot.setXRange(0, last_epoch, padding=0)
            self._loss_plot.setYRange(low, high, padding=0)

    def _mark(self, changes: tuple[Change, ...]) -> None:
        """Upright lines where something else is measured from."""
        if changes or self._changes:
            epochs = np.repeat([change.epoch for change in changes], 2)
            for marks, plot in zip(self._marks, (self._loss_plot, self._accuracy_plot), strict=True):
                marks.setData(epochs, np.tile(plot.getViewBox().viewRange()[1], len(changes)), connect="pairs")
        said = changes_in_words(changes)
        if said != changes_in_words(self._changes):
            self._plots.setToolTip(f"<p>{say(MARK_TIP, what=said)}</p>" if said else "")
        self._changes = changes

    @Slot()
    def _use_room(self) -> None:
        """Name the axes that are long enough, and find the places of the notes anew."""
        for plot in (self._loss_plot, self._accuracy_plot):
            axis = plot.getAxis("left")
            needed = QFontMetricsF(axis.label.font()).horizontalAdvance(axis.labelText)
            axis.showLabel(plot.getViewBox().height() >= needed)
        self._annotate()

    def _annotate(self) -> None:
        """Write what belongs to places in the plots."""
        if self._ranges is not None:
            plots = ((self._loss_plot, 1), (self._accuracy_plot, 3))
            self._notes.show_notes([self._notes_of(plot, first) for plot, first in plots])

    def _notes_of(self, plot: pg.PlotItem, first: int) -> Notes:
        """The notes of a plot, whose curves are of that column and the next."""
        box, room = plot.getViewBox(), NAME_SHARE * self.width()
        area = box.mapRectToScene(box.rect())

        (left, right), (low, high) = box.viewRange()

        def at(epoch: float, value: float) -> QPointF:
            height = float(self._heights(np.array([value]), first)[0][0])
            x = area.left() + (epoch - left) / (right - left) * area.width()
            y = area.bottom() - (height - low) / (high - low) * area.height()
            return QPointF(x, min(max(y, area.top()), area.bottom()))

        ends, rings, arrows = [], [], []
        inks_of_lanes = name_inks(chrome_of(self.palette()), self.colours if self._titles else ())
        for number, (curves, inks) in enumerate(zip(self._tables, inks_of_lanes, strict=False)):
            names = self._titles[number : number + 1] or [say(name, "curve") for name in NAMES]
            for column, (name, ink) in enumerate(zip(names, inks, strict=False), start=first):
                rows = curves.table[np.isfinite(curves.table[:, column])]
                if len(rows) and room >= MIN_NAME:
                    ends.append(End(at(*rows[-1, [0, column]]), self._notes.shortened(name, room), ink))
            if first == 1:
                lowest = curves.lowest
                rings += [] if lowest is None else [(at(lowest[0], lowest[2]), inks[1])]
                beyond = curves.beyond(self._highest)
                top = max((value for _, value in beyond), default=0.0)
                arrows += [
                    (at(epoch, self._highest).x(), measured_briefly(value) if value == top else "", inks[0])
                    for epoch, value in beyond
                ]
        if room >= MIN_NAME:
            ends += self._ghosts.ends(first, at, lambda name: self._notes.shortened(name, room))
        change = (at(self._changes[-1].epoch, 0).x(), changes_in_words(self._changes[-1:])) if self._changes else None
        return Notes(area, tuple(ends), tuple(rings), tuple(arrows), change if first == 1 else None)

    @Slot()
    def _use_scale(self) -> None:
        # the curves get logarithms and the axis is told so: pyqtgraph's own switch would take them a second time
        self._loss_plot.getAxis("left").setLogMode(self.buttons.is_logarithmic)
        if not self.buttons.smoothing:
            for under in chain.from_iterable(self._raw):
                under.clear()
        self._drawn_lanes = None
        self.recolour()
        self._draw_curves()

    def _show_readout(self, place: QPointF | None) -> None:
        inside = place is not None and self._plots.ci.sceneBoundingRect().contains(place) and self.vertices()
        for cursor in self._cursors:
            cursor.setVisible(bool(inside))
        if not inside or place is None:
            lowest_of_lanes = [curves.lowest for curves in self._tables]
            self._readout.setText(at_rest(lowest_of_lanes, bool(self._titles), are_alike=self._are_alike))
            return
        epoch = self._loss_plot.getViewBox().mapSceneToView(place).x()
        found = [curves.nearest(epoch) for curves in self._tables]
        changes = [change for _, change in found if change is not None]
        at = changes[0].epoch if changes else found[0][0][0]
        for cursor in self._cursors:
            cursor.setPos(at)
        shown, has_values = zip(found, self._titles or ("",), strict=False), self._tables[0].has_values
        text = "   ".join(readout(row, change, title, has_values=has_values) for (row, change), title in shown)
        said = readout_at(at, changes, text)
        lowest = self._tables[0].lowest
        if not self._titles and lowest is not None and lowest[0] == at:
            said = say("{values}   ○ lowest validation loss", values=said)
        self._readout.setText(said)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.cancel()
        self._show_readout(None)

    def recolour(self) -> None:
        chrome, scale = chrome_of(self.palette()), scale_of(self.font())
        self._plots.setBackground(chrome.surface)
        for plot in (self._loss_plot, self._accuracy_plot):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(chrome.faint))
                axis.setTextPen(pg.mkPen(chrome.faint))
        for cursor in self._cursors:
            cursor.setPen(pg.mkPen(chrome.faint, width=scale))
        for marks in self._marks:
            marks.setPen(pg.mkPen(chrome.ink, width=least_line(scale) * scale, style=Qt.PenStyle.DotLine))
        for colour, curves, raw in zip(self.colours, self._curves, self._raw, strict=False):
            pens = lane_pens(chrome, colour, scale) if self._titles else curve_pens(chrome, scale)
            for curve, under, pen in zip(curves, raw, pens * 2, strict=True):
                curve.setPen(pen)
                under.setPen(raw_pen(pen, scale))
        self._ghosts.recolour(chrome, scale)
        self._cover()

    def _cover(self) -> None:
        """Lay the notes over the plots, and leave room for names at the ends of lines."""
        self._notes.cover(QRectF(self.rect()), self.font(), chrome_of(self.palette()))
        room = NAME_SHARE * self.width()
        names = [*(self._titles or [say(name, "curve") for name in NAMES]), *self._ghosts.titles]
        widest = max(self._notes.width(self._notes.shortened(name, room)) for name in names)
        self._plots.ci.setContentsMargins(2, 2, widest if room >= MIN_NAME else 8, 2)
        self._plots.ci.layout.activate()
        self._annotate()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self._cover()
