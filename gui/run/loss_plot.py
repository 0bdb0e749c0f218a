"""Loss and accuracy against the epoch."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from html import escape

import numpy as np
import pyqtgraph as pg
from numpy.typing import NDArray
from PySide6.QtCore import QEvent, QPointF, QSize, Qt, Slot
from PySide6.QtGui import QColor, QFontMetrics, QPalette, QPen, QResizeEvent
from PySide6.QtWidgets import QGraphicsItem, QHBoxLayout, QLabel, QSizePolicy, QToolButton, QVBoxLayout, QWidget

from engine.isolates import isolated
from engine.run.history import Change
from engine.run.snapshot import LaneSnapshot
from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LaneColours
from gui.paint.theme import Chrome, chrome_of, lane_pen
from gui.run.curves import MIN_LOSS, Curves, axis_ranges, changes_in_words, curves_of, epoch_text
from gui.text.language import mark, say
from gui.text.numbers import loss, percent
from gui.widgets.throttle import Throttle

N_CURVES = 4  # of a lane: training and validation loss, training and validation accuracy
THIN, THIN_BRIEFLY = mark("thin: validation"), mark("thin: val.")
SINGLE = (mark("training", "curve"), mark("validation", "curve"))
SINGLE_BRIEFLY = (mark("training", "curve"), mark("val.", "curve"))
MIN_TITLE = 40  # pixels of a title; where there are fewer, the line stands alone
LINE_SAMPLE = 36  # pixels of a line and the spaces around it
MARK_BRIEFLY = mark("┊ changed")
MARK_TIP = mark(
    "An upright dotted line: from here on the curves are of {what}, and cannot be compared with those before it."
)
BESIDE_LEGEND = 6  # pixels between the legend and the button
AROUND_PLOTS = 100  # pixels of the legend, the readout and the axis below
MILLISECONDS, MILLISECONDS_OF_SEVERAL = 100, 200


class LossPlot(LaneColours, QWidget):
    """Curves of the lanes; loss above, accuracy below. Of one lane, training is solid and validation dashed; several
    have a colour and a style each, and validation is the thinner line.

    Each vertex is a value as measured; there are at most some hundred, however long the run is.
    """

    needs = ()  # what it shows is in every snapshot

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("loss_plot")
        self.setAccessibleName(say("Loss and accuracy against the epoch"))
        self._tables: list[Curves] = []
        self._changes: tuple[Change, ...] = ()  # of all lanes
        self._titles: tuple[str, ...] = ()
        self._next_lanes: tuple[LaneSnapshot, ...] = ()
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
        self._plots.ci.setContentsMargins(2, 2, 8, 2)
        self._curves: list[list[pg.PlotCurveItem]] = []  # of each lane
        self._cursors = [pg.InfiniteLine(angle=90, movable=False) for _ in range(2)]
        self._marks = [pg.PlotCurveItem(connect="pairs") for _ in range(2)]  # where something else is measured
        self._set_up_plots()
        self._add_curves()
        self.log_box = QToolButton()
        self.log_box.setObjectName("log_box")
        self.log_box.setText(say("Log scale"))
        self.log_box.setCheckable(True)
        self.log_box.setToolTip(f"<p>{say('Loss on a logarithmic axis: every step is a factor of ten.')}</p>")
        self.log_box.toggled.connect(self._use_log)
        self._readout = QLabel()
        self._readout.setTextFormat(Qt.TextFormat.PlainText)
        self._legend = QLabel()
        self._legend.setObjectName("loss_legend")
        self._lay_out()
        self._draw = Throttle(self._draw_curves, MILLISECONDS, self)
        self._hover = Throttle(self._show_readout, 30, self)
        self._plots.scene().sigMouseMoved.connect(self._pointer_moved)
        self.recolour()

    def _lay_out(self) -> None:
        heading = QHBoxLayout()
        heading.setContentsMargins(10, 2, 8, 0)
        heading.addWidget(self._legend, 1)
        heading.addWidget(self.log_box)
        self._readout.setContentsMargins(10, 0, 8, 0)
        layout = QVBoxLayout(self)
        layout.setContentsMargins(0, 0, 0, 2)
        layout.setSpacing(0)
        layout.addLayout(heading)
        layout.addWidget(self._plots, 1)
        layout.addWidget(self._readout)
        font = self._legend.font()
        font.setPixelSize(13)
        self._legend.setContentsMargins(0, 0, BESIDE_LEGEND, 0)
        for label in (self._readout, self._legend):
            label.setFont(font)
        for label in (self._readout, self._legend):  # however long a text is, the window stays as it is
            label.setSizePolicy(QSizePolicy.Policy.Ignored, QSizePolicy.Policy.Preferred)
        self.setBackgroundRole(QPalette.ColorRole.Base)
        self.setAutoFillBackground(True)

    def _set_up_plots(self) -> None:
        for plot, name, cursor, marks in zip(
            (self._loss_plot, self._accuracy_plot),
            (say("Loss"), say("Accuracy")),
            self._cursors,
            self._marks,
            strict=True,
        ):
            plot.setMenuEnabled(False)
            plot.hideButtons()
            plot.setMouseEnabled(False, False)
            plot.disableAutoRange()
            plot.setLabel("left", name)
            plot.showGrid(x=True, y=True, alpha=0.15)
            plot.getAxis("left").setWidth(58)
            plot.getAxis("left").enableAutoSIPrefix(False)
            plot.getAxis("bottom").enableAutoSIPrefix(False)
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setStyle(maxTickLevel=0)  # grid lines take half the time of a repaint
                axis.setCacheMode(QGraphicsItem.CacheMode.DeviceCoordinateCache)  # and change seldom
            cursor.setVisible(False)
            plot.addItem(cursor, ignoreBounds=True)
            plot.getViewBox().addItem(marks, ignoreBounds=True)
        self._accuracy_plot.setLabel("bottom", say("Epoch"))
        self._accuracy_plot.setXLink(self._loss_plot)
        self._accuracy_plot.setYRange(-0.06, 1.1, padding=0)
        self._accuracy_plot.getAxis("left").setTicks([[(0, "0 %"), (0.5, "50 %"), (1, "100 %")], []])
        self._loss_plot.getAxis("bottom").setStyle(showValues=False)
        self._loss_plot.setXRange(0, 10, padding=0)
        self._loss_plot.setYRange(0, 1.2, padding=0)

    def _add_curves(self) -> None:
        """Curves of one more lane."""
        curves = [pg.PlotCurveItem(antialias=True) for _ in range(N_CURVES)]
        for curve, plot in zip(curves, [self._loss_plot] * 2 + [self._accuracy_plot] * 2, strict=True):
            plot.addItem(curve)
            curve.setZValue(1 if curve in curves[::2] else 0)  # training on top, validation broader
        if not self._curves:
            for curve in curves[::2]:
                curve.setSegmentedLineMode("on")  # several times faster; a dashed line would lose its dashes
        self._curves.append(curves)

    def sizeHint(self) -> QSize:
        return QSize(430, 320)

    def show_lanes(self, lanes: Sequence[LaneView], *, at_once: bool = False) -> None:
        """Show the curves of the lanes; while training a few times a second, which the eye cannot tell.

        Args:
            lanes: none, or up to four.
            at_once: do not wait.
        """
        self._next_lanes = tuple(lane.snapshot for lane in lanes)
        self.use_colours(lanes)
        shown = tuple(lane.title for lane in lanes) if len(lanes) > 1 else ()
        if lanes and self._titles != shown:  # without lanes the data block them, and they come again
            self._titles = shown
            self.recolour()
        self._draw.milliseconds = MILLISECONDS if len(lanes) < 2 else MILLISECONDS_OF_SEVERAL
        if at_once:
            self._draw.cancel()
            self._draw_curves()
        else:
            self._draw()

    def vertices(self) -> int:
        """The number of points of the longest curve."""
        return max((len(curves.table) for curves in self._tables), default=0)

    def _draw_curves(self) -> None:
        lanes = self._next_lanes
        if self._drawn_lanes is not None and list(map(id, lanes)) == list(map(id, self._drawn_lanes)):
            return
        self._drawn_lanes = lanes
        while len(self._curves) < len(lanes):
            self._add_curves()
            self.recolour()
        self._tables = [curves_of(lane) for lane in lanes]
        nothing = Curves(np.empty((0, 5)), np.empty(0, dtype=np.intp))
        for number, items in enumerate(self._curves):
            self._draw_lane(self._tables[number] if number < len(lanes) else nothing, items)
        whole = np.concatenate([nothing.table, *(curves.table for curves in self._tables)])
        self._use_ranges(axis_ranges(whole, self.log_box.isChecked()))
        self._mark(tuple(change for curves in self._tables for change in curves.changes))

    def _draw_lane(self, curves: Curves, items: list[pg.PlotCurveItem]) -> None:
        for column, item in enumerate(items, start=1):
            values = curves.table[:, column]
            if column <= 2 and self.log_box.isChecked():
                values = np.log10(np.maximum(values, MIN_LOSS))
            known = np.isfinite(values)
            piece = curves.piece[known]
            connect: NDArray[np.bool_] | str = "all"
            if len(piece) and piece[0] != piece[-1]:
                connect = np.append(piece[1:] == piece[:-1], False)
            item.setData(curves.table[known, 0], values[known], connect=connect)

    def _use_ranges(self, ranges: tuple[float, float, float]) -> None:
        if ranges != self._ranges:
            self._ranges = ranges
            last_epoch, low, high = ranges
            self._loss_plot.setXRange(0, last_epoch, padding=0)
            self._loss_plot.setYRange(low, high, padding=0)

    def _mark(self, changes: tuple[Change, ...]) -> None:
        """Upright lines where something else is measured from, named in the legend."""
        if changes or self._changes:
            epochs = np.repeat([change.epoch for change in changes], 2)
            for marks, plot in zip(self._marks, (self._loss_plot, self._accuracy_plot), strict=True):
                marks.setData(epochs, np.tile(plot.getViewBox().viewRange()[1], len(changes)), connect="pairs")
        if changes_in_words(changes) != changes_in_words(self._changes):
            self._changes = changes
            self._show_legend()
        self._changes = changes

    @Slot(bool)
    def _use_log(self, logarithmic: bool) -> None:
        # the curves get logarithms and the axis is told so: pyqtgraph's own switch would take them a second time
        self._loss_plot.getAxis("left").setLogMode(logarithmic)
        self._drawn_lanes = None
        self._draw_curves()

    @Slot(QPointF)
    def _pointer_moved(self, place: QPointF) -> None:
        self._hover(place)

    def _show_readout(self, place: QPointF | None) -> None:
        inside = place is not None and self._plots.ci.sceneBoundingRect().contains(place) and self.vertices()
        for cursor in self._cursors:
            cursor.setVisible(bool(inside))
        if not inside or place is None:
            self._readout.setText("")
            return
        epoch = self._loss_plot.getViewBox().mapSceneToView(place).x()
        found = [curves.nearest(epoch) for curves in self._tables]
        changes = [change for _, change in found if change is not None]
        at = changes[0].epoch if changes else found[0][0][0]
        for cursor in self._cursors:
            cursor.setPos(at)
        text = "   ".join(
            readout(row, change, title) for (row, change), title in zip(found, self._titles or ("",), strict=False)
        )
        if changes:
            said = say(
                "Epoch {epoch}, then {changes}:  {values}",
                epoch=epoch_text(at),
                changes=changes_in_words(changes),
                values=text,
            )
        else:
            said = say("Epoch {epoch}:  {values}", epoch=epoch_text(at), values=text)
        self._readout.setText(said)

    def leaveEvent(self, event: QEvent) -> None:
        self._hover.cancel()
        self._show_readout(None)

    def recolour(self) -> None:
        chrome = chrome_of(self.palette())
        self._plots.setBackground(chrome.surface)
        for plot in (self._loss_plot, self._accuracy_plot):
            for side in ("left", "bottom"):
                axis = plot.getAxis(side)
                axis.setPen(pg.mkPen(chrome.faint))
                axis.setTextPen(pg.mkPen(chrome.faint))
        for cursor in self._cursors:
            cursor.setPen(pg.mkPen(chrome.faint, width=1))
        for marks in self._marks:
            marks.setPen(pg.mkPen(chrome.ink, width=1, style=Qt.PenStyle.DotLine))
        for colour, curves in zip(self.colours, self._curves, strict=False):
            pens = lane_pens(chrome, colour) if self._titles else curve_pens(chrome)
            for curve, pen in zip(curves, pens * 2, strict=True):
                curve.setPen(pen)
        self._show_legend()

    def _show_legend(self) -> None:
        """The legend, its titles shortened to the room there is."""
        font = self._legend.font()
        font.setBold(True)
        metrics, count = QFontMetrics(font), len(self._titles)
        widths = [metrics.horizontalAdvance(title) + 1 for title in self._titles]  # advances are rounded
        upright, said, width = "", changes_in_words(self._changes), self._legend.contentsRect().width()
        self._legend.setToolTip(f"<p>{say(MARK_TIP, what=said)}</p>" if said else "")
        if said:
            room = width / (4 if count else 2)
            names = ("" if count else f"┊ {said}", say(MARK_BRIEFLY))
            upright = next((name for name in names if name and metrics.horizontalAdvance(name) < room), "┊")
        whole = width - LINE_SAMPLE * count - metrics.horizontalAdvance(f"{upright}  ")
        needed = ((say(THIN), sum(widths)), (say(THIN_BRIEFLY), MIN_TITLE * count))
        thin = next((note for note, titles in needed if titles + metrics.horizontalAdvance(note) <= whole), "")
        room = whole - metrics.horizontalAdvance(thin)
        most = room // max(1, count)
        while most < max(widths, default=0) and sum(min(width, most + 1) for width in widths) <= room:
            most += 1  # what short titles leave is for the long ones
        has_room = most >= min(MIN_TITLE, max(widths, default=0))
        shown = [
            metrics.elidedText(title, Qt.TextElideMode.ElideRight, most if has_room else 0) for title in self._titles
        ]
        if not shown:
            shown = [say(name, "curve") for name in SINGLE]
            if metrics.horizontalAdvance(f"━ {shown[0]}   ╍ {shown[1]}   {upright}") > width:
                shown = [say(name, "curve") for name in SINGLE_BRIEFLY]
        self._legend.setText(legend(chrome_of(self.palette()), shown, self.colours if count else (), thin, upright))

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        for plot, share in ((self._loss_plot, 0.6), (self._accuracy_plot, 0.4)):  # see the stretch factors
            axis = plot.getAxis("left")
            needed = QFontMetrics(self.font()).horizontalAdvance(axis.labelText)
            axis.showLabel(share * (self.height() - AROUND_PLOTS) >= needed)
        self._show_legend()


def curve_pens(chrome: Chrome) -> list[QPen]:
    """Of training and validation."""
    training, validation = QPen(QColor(chrome.training), 1.6), QPen(QColor(chrome.validation), 3)
    validation.setStyle(Qt.PenStyle.DashLine)
    for pen in (training, validation):
        pen.setCosmetic(True)
    return [training, validation]


def lane_pens(chrome: Chrome, colour: int) -> list[QPen]:
    """Of training and validation of the lane, among several, that has the colour of that number."""
    training, validation = lane_pen(chrome, colour), lane_pen(chrome, colour, 1.0)
    faint = validation.color()
    faint.setAlphaF(0.6)
    validation.setColor(faint)
    return [training, validation]


LINE_SIGNS = ("━━", "╍╍", "━ ·", "····")  # as `theme.lane_pen` draws them


def legend(chrome: Chrome, titles: Sequence[str], colours: Sequence[int], thin: str, upright: str) -> str:
    """The meaning of the lines, as rich text; of the thin ones of several lanes, and of upright ones, it is given.

    Without colours the titles are those of training and validation of a single lane.
    """
    last = f" &nbsp; {upright}" if upright else ""
    if not colours:
        return (
            f'<b style="color:{chrome.training}">━ {titles[0]}</b> &nbsp; '
            f'<b style="color:{chrome.validation}">╍ {titles[1]}</b>{last}'
        )
    names = " &nbsp; ".join(
        f'<b style="color:{chrome.lanes[colour]}">{LINE_SIGNS[colour]} {escape(isolated(title))}</b>'
        for colour, title in zip(colours, titles, strict=False)
    )
    return f"{names} &nbsp; {thin}{last}" if thin else f"{names}{last}"


def readout(row: NDArray[np.float64], change: Change | None, title: str) -> str:
    """The values of a lane where the pointer is, which has a title if there are several; of a change both sides."""
    rows = [row] if change is None else [np.array(side) for side in (change.before, change.after) if side is not None]

    def sides(column: int, in_words: Callable[[float], str]) -> str:
        return " → ".join(in_words(float(side[column])) for side in rows)

    if title:
        return f"{isolated(title)} {sides(1, loss)}, {sides(3, percent)}"
    losses, accuracies = f"{sides(1, loss)} | {sides(2, loss)}", f"{sides(3, percent)} | {sides(4, percent)}"
    return say("loss {losses}   accuracy {accuracies}", losses=losses, accuracies=accuracies)
