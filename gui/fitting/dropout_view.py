"""The units that dropout leaves out: each lane's network as columns of units, as it was in the last step."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

from PySide6.QtCore import QLineF, QPointF, QRectF, QSize, Qt
from PySide6.QtGui import QColor, QFont, QFontMetricsF, QPainter, QPen
from PySide6.QtWidgets import QWidget

from engine.insight.dropped import DROPPED, Dropped
from gui.paint.chart import (
    HEADING_HEIGHT,
    MARGIN,
    LanesChart,
    lane_ink,
    wrapped_height,
    write_heading,
    write_shortened,
)
from gui.paint.lane_view import LaneView
from gui.paint.theme import Chrome
from gui.paint.type_size import sized
from gui.text.language import count, mark, say
from gui.text.numbers import percent, points

TITLE = mark("Dropout: the units that are out in a step")
NO_LAYER = mark("There is no hidden layer, so there is no unit that could drop out.")
NO_DROPOUT = mark(
    "No dropout: no unit is ever out. Choose a share under Regularization, 20 % to begin with; the weights stay."
)
NO_STEP = mark("No step was made with this dropout yet: Step trains one epoch.")
BRIEF_NO_LAYER, BRIEF_NO_DROPOUT = mark("No hidden layer"), mark("No dropout")  # of one lane of several
ROW_TEXTS = (  # the first that has room is shown
    mark("Layer {layer}: {n_out} of {n_units} out, expected {expected:.1f}; over all points {share}"),
    mark("Layer {layer}: {n_out} of {n_units} out, expected {expected:.1f}"),
    mark("Layer {layer}: {n_out} of {n_units} out"),
)
TIP = mark(
    "Filled: the unit takes part in the step; hollow and crossed: it is out, says 0 and learns nothing. Each point of "
    "a step has units of its own, drawn anew. When the network is asked, no unit is out."
)
OUT = mark("Layer {layer}, unit {unit}: out; of {points} out for {n_out}.")
TAKES_PART = mark("Layer {layer}, unit {unit}: takes part; of {points} out for {n_out}.")
WORDS, ROW, GAP = 12, 16.0, 6.0  # size of words, height of the row of a layer, between parts
ROWS_SHARE = 0.45  # of the height, which the rows of layers take at most
MIN_LANE = 110  # pixels across, of one of several
MIN_COLUMN, MIN_UNIT, MAX_UNIT, RADIUS = 18.0, 10.0, 24.0, 7.0  # between columns and between units, of a unit
NAMES_SHARE = 0.25  # of the width, which the names of the inputs take at most
SMALLEST = 8  # letters of the names of inputs that are near each other
MAX_LINES = 300  # of a lane, else they are left out


@dataclass(frozen=True)
class Unit:
    """A place in the picture of a network.

    Attributes:
        place: its middle.
        layer: 0 for the inputs, 1 for the first hidden layer.
        number: 0 for the first of the layer.
        is_out: whether it is out for the point that is shown.
    """

    place: QPointF
    layer: int
    number: int
    is_out: bool


@dataclass(frozen=True)
class Places:
    """The places in the picture of a network.

    Attributes:
        units: that have room.
        folded: what stands for those that have none.
        step: from a unit to that below.
        radius: of a unit.
    """

    units: Sequence[Unit] = ()
    folded: Sequence[tuple[QPointF, str]] = ()
    step: float = MAX_UNIT
    radius: float = 0.0


@dataclass(frozen=True, eq=False)
class LaneDropout:
    """All that is shown of a lane.

    Attributes:
        title: of the lane.
        seen: what was measured, or None.
        sentence: what there is to see.
        network: how large the network is.
        rows: a line on each hidden layer, for each of `ROW_TEXTS`; none if nothing was drawn.
    """

    title: str
    seen: Dropped | None
    sentence: str
    network: str
    rows: tuple[tuple[str, ...], ...]


def shown_of(lane: LaneView) -> LaneDropout:
    """All that is shown of a lane."""
    seen = lane.value(DROPPED)
    if seen is None:
        return LaneDropout(lane.title, None, "", "", ())
    sizes = " → ".join(map(str, seen.widths))
    network = count("{n:,} parameter: {sizes}", "{n:,} parameters: {sizes}", seen.n_parameters, sizes=sizes)
    return LaneDropout(
        lane.title,
        seen,
        sentence_of(seen, is_alone=not lane.title),
        network,
        tuple(rows_of(seen, text) for text in ROW_TEXTS),
    )


def sentence_of(seen: Dropped, *, is_alone: bool) -> str:
    """The sentence on what there is to see of a network, a brief one where there are others beside it."""
    if len(seen.widths) == 2:
        return say(NO_LAYER if is_alone else BRIEF_NO_LAYER)
    if not seen.probability:
        return say(NO_DROPOUT if is_alone else BRIEF_NO_DROPOUT)
    if not seen.layers:
        return say(NO_STEP)
    if not is_alone:
        return say("Step {step:,}, one point: crossed units are out.", step=seen.step)
    return count(
        "Step {step:,}, its one point: crossed units are out.",
        "Step {step:,}, the first of its {n:,} points: crossed units are out. Each point has its own.",
        seen.n_points,
        step=seen.step,
    )


def rows_of(seen: Dropped, text: str) -> tuple[str, ...]:
    """A line on each hidden layer, by one of `ROW_TEXTS`."""
    return tuple(
        say(
            text,
            layer=number,
            n_out=int(out[:, 0].sum()),
            n_units=len(out),
            expected=seen.probability * len(out),
            share=percent(float(out.mean())),
        )
        for number, out in enumerate(seen.layers, start=1)
    )


class DropoutView(LanesChart):
    """Shows the network of each lane, lanes side by side."""

    needs = (DROPPED,)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("dropout_view")
        self.setAccessibleName(say(TITLE))
        self._lanes: list[LaneDropout] = []
        self.fit()

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the networks of lanes as they were in the last step."""
        self.use_colours(lanes)
        before = self._lanes
        same = [
            shown.title == lane.title and shown.seen is lane.value(DROPPED)
            for shown, lane in zip(before, lanes, strict=False)
        ]
        if len(before) == len(lanes) and all(same):
            return
        self._lanes = [shown_of(lane) for lane in lanes]
        said = (
            " ".join([shown.title, shown.sentence, *(shown.rows[0] if shown.rows else ())]).strip()
            for shown in self._lanes
        )
        self.setAccessibleDescription(f"{' '.join(said)} {say(TIP)}")
        if len(before) != len(lanes):
            self.fit()
        self.show_changed(len(before), [lane for lane, is_same in enumerate(same) if not is_same])

    @property
    def heading(self) -> str:
        return say(TITLE)

    def least_size(self) -> QSize:
        return QSize(240, 220) if self.n_lanes < 2 else QSize(MIN_LANE * self.n_lanes, 260)

    def words_end(self) -> float:
        """Below the longest sentence and the line of the network."""
        width, font = self.columns.width - 2 * MARGIN, self._font()
        heights = [wrapped_height(font, shown.sentence, width) for shown in self._lanes]
        return HEADING_HEIGHT + max([2 * ROW, *heights]) + ROW + GAP

    def _font(self) -> QFont:
        return sized(self.font(), WORDS)

    # where all is

    def _area(self, lane: int) -> QRectF:
        """The area of a lane below the words."""
        left, width = self.columns.left(lane) + MARGIN, self.columns.width - 2 * MARGIN
        return QRectF(left, self.top, width, max(0.0, self.extent.height() - self.top - GAP))

    def row_texts(self, lane: int) -> list[str]:
        """The rows of the layers of a lane, as many as have room."""
        area, metrics, texts = self._area(lane), QFontMetricsF(self._font()), self._lanes[lane].rows
        if not texts:
            return []
        rows = next(
            (rows for rows in texts if all(metrics.horizontalAdvance(row) <= area.width() for row in rows)), texts[-1]
        )
        most = max(1, int(ROWS_SHARE * area.height() / ROW))
        if len(rows) <= most:
            return list(rows)
        n_more = len(rows) - most + 1
        return [*rows[: most - 1], count("and {n:,} more layer", "and {n:,} more layers", n_more)]

    def _picture(self, lane: int) -> QRectF:
        """The area of the columns of a lane: what the rows leave."""
        height = len(self.row_texts(lane)) * ROW
        return self._area(lane).adjusted(0, GAP, 0, -height - (GAP if height else 0))

    def _names_width(self, lane: int, area: QRectF) -> float:
        seen, metrics = self._lanes[lane].seen, QFontMetricsF(self._font())
        names = () if seen is None else seen.inputs
        longest = max((metrics.horizontalAdvance(name) for name in names), default=0.0)
        return min(longest + GAP, NAMES_SHARE * area.width())

    def places(self, lane: int) -> Places:
        """The places of what has room of the network of a lane."""
        seen = self._lanes[lane].seen
        if seen is None:
            return Places()
        area = self._picture(lane)
        area.setLeft(area.left() + self._names_width(lane, area) + RADIUS)
        area.setRight(area.right() - RADIUS)
        layers = list(range(len(seen.widths)))
        most = max(3, int(area.width() / MIN_COLUMN) + 1)
        if len(layers) > most:
            layers = [*layers[: most - 1], layers[-1]]
        apart = area.width() / (len(layers) - 1)
        fitting = max(2, int(area.height() / MIN_UNIT))
        n_rows = min(fitting, max(seen.widths[layer] for layer in layers))
        step = min(MAX_UNIT, area.height() / n_rows)
        units, folded = list[Unit](), list[tuple[QPointF, str]]()
        if len(layers) < len(seen.widths):
            folded.append((QPointF(area.right() - apart / 2, area.center().y()), "…"))
        for column, layer in enumerate(layers):
            width = seen.widths[layer]
            n_shown = width if width <= fitting else fitting - 1
            x, top = area.left() + column * apart, area.center().y() - step * min(width, fitting) / 2
            out = seen.layers[layer - 1] if seen.layers and 0 < layer <= len(seen.layers) else None
            for number in range(n_shown):
                place = QPointF(x, top + (number + 0.5) * step)
                units.append(Unit(place, layer, number, out is not None and bool(out[number, 0])))
            if n_shown < width:
                text = f"+{width - n_shown:,}"
                has_room = QFontMetricsF(self._font()).horizontalAdvance(text) < apart
                folded.append((QPointF(x, top + (n_shown + 0.5) * step), text if has_room else "⋮"))
        return Places(units, folded, step, min(RADIUS, 0.4 * step, 0.38 * apart))

    # painting

    def paint_lane(self, painter: QPainter, lane: int, chrome: Chrome) -> None:
        shown, area, font = self._lanes[lane], self._area(lane), self._font()
        if shown.title:
            heading = QRectF(area.left(), 0, area.width(), HEADING_HEIGHT)
            write_heading(painter, heading, shown.title, self.lane_colour(chrome, lane))
        painter.setFont(font)
        painter.setPen(QColor(chrome.ink))
        words = QRectF(area.left(), HEADING_HEIGHT, area.width(), self.top - HEADING_HEIGHT - ROW - GAP)
        painter.drawText(words, Qt.AlignmentFlag.AlignTop | Qt.TextFlag.TextWordWrap, shown.sentence)
        painter.setPen(QColor(chrome.faint))
        write_shortened(painter, QRectF(area.left(), self.top - ROW - GAP, area.width(), ROW), shown.network)
        painter.setPen(QColor(chrome.ink))
        texts = self.row_texts(lane)
        for number, text in enumerate(texts):
            top = area.bottom() - (len(texts) - number) * ROW
            write_shortened(painter, QRectF(area.left(), top, area.width(), ROW), text)
        if shown.seen is not None:
            self._paint_network(painter, lane, shown.seen, chrome)

    def _paint_network(self, painter: QPainter, lane: int, seen: Dropped, chrome: Chrome) -> None:
        places = self.places(lane)
        units, radius = places.units, places.radius
        painter.setPen(QColor(chrome.edge))
        painter.drawLines(lines_between(units, seen.widths))  # not smoothed, which would take five times as long
        painter.setRenderHint(QPainter.RenderHint.Antialiasing)
        ink = lane_ink(chrome, None if self.n_lanes == 1 else self.colours[lane])
        box = QRectF(-radius, -radius, 2 * radius, 2 * radius)
        left = self._picture(lane).left()
        painter.setFont(sized(self.font(), max(SMALLEST, min(WORDS, round(places.step)))))
        for unit in units:
            around = box.translated(unit.place)
            if unit.layer == 0:
                painter.setPen(QColor(chrome.ink))
                name = QRectF(left, unit.place.y() - ROW / 2, around.left() - left - GAP / 2, ROW)
                write_shortened(painter, name, seen.inputs[unit.number], Qt.AlignmentFlag.AlignRight)
                painter.fillRect(around.adjusted(1, 1, -1, -1), QColor(chrome.faint))
            elif unit.is_out:
                paint_out(painter, unit.place, radius, chrome)
            else:
                painter.setPen(Qt.PenStyle.NoPen)
                painter.setBrush(ink)
                painter.drawEllipse(around)
        painter.setPen(QColor(chrome.ink))
        for place, text in places.folded:
            around = QRectF(place.x() - 20, place.y() - ROW / 2, 40, ROW)
            painter.drawText(around, Qt.AlignmentFlag.AlignCenter, text)
        painter.setRenderHint(QPainter.RenderHint.Antialiasing, on=False)

    def text_at(self, place: QPointF) -> str:
        """The facts of the unit there."""
        for lane, shown in enumerate(self._lanes):
            places = self.places(lane)
            for unit in places.units:
                away = unit.place - place
                if shown.seen is not None and math.hypot(away.x(), away.y()) <= places.radius + 2:
                    return unit_in_words(unit, shown.seen)
        return say(TIP)


def unit_in_words(unit: Unit, seen: Dropped) -> str:
    """The facts of a unit."""
    if unit.layer == 0:
        return say("Input {name}, standardised: inputs do not drop out.", name=seen.inputs[unit.number])
    if unit.layer == len(seen.widths) - 1:
        return say("Output unit {unit}: output units do not drop out.", unit=unit.number + 1)
    if not seen.layers:
        return say("Layer {layer}, unit {unit}.", layer=unit.layer, unit=unit.number + 1)
    out = seen.layers[unit.layer - 1][unit.number]
    return say(
        OUT if unit.is_out else TAKES_PART,
        layer=unit.layer,
        unit=unit.number + 1,
        points=points(len(out)),
        n_out=int(out.sum()),
    )


def lines_between(units: Sequence[Unit], widths: Sequence[int]) -> list[QLineF]:
    """The connections between units of layers that follow each other, where both take part; none if they are many."""
    of_layer: list[list[Unit]] = [[] for _ in widths]
    for unit in units:
        if not unit.is_out:
            of_layer[unit.layer].append(unit)
    pairs = list(pairwise(of_layer))
    if sum(len(before) * len(after) for before, after in pairs) > MAX_LINES:
        return []
    return [QLineF(one.place, other.place) for before, after in pairs for one in before for other in after]


def paint_out(painter: QPainter, middle: QPointF, radius: float, chrome: Chrome) -> None:
    """A unit that is out: hollow and crossed."""
    painter.setPen(QPen(QColor(chrome.ink), 1.2))
    painter.setBrush(QColor(chrome.surface))
    painter.drawEllipse(middle, radius - 0.6, radius - 0.6)
    reach = 0.7 * radius
    for way in (QPointF(reach, reach), QPointF(reach, -reach)):
        painter.drawLine(middle - way, middle + way)
