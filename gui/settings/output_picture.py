"""A picture of the output layer beside its setting: one unit or one a class, and their function."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QEvent, QPointF, QRectF, QSize
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QSizePolicy, QWidget

from engine.config import Output, TrainingConfig
from gui.paint.swatches import OUTPUT_SIZE, draw_output
from gui.paint.theme import chrome_of
from gui.paint.type_size import scale_of
from gui.text.language import mark, say
from gui.widgets.check_list import tell

MEANINGS = {
    Output.SIGMOID: mark(
        "One unit is enough for two classes: its sigmoid is P of the second class, and the first has 1 − P."
    ),
    Output.SOFTMAX: mark("One unit a class; softmax divides their powers by the sum of all, so the P sum to 1."),
    Output.INDEPENDENT_SIGMOIDS: mark(
        "One unit a class, each with a sigmoid of its own: the P need not sum to 1, so they are no distribution."
    ),
}


class OutputPicture(QWidget):
    """Shows the output layer of a config for the classes that there are."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("output_picture")
        self.setAccessibleName(say("The output layer"))
        tell(self, say(MEANINGS[Output.SIGMOID]))
        self.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Fixed)
        self._colours: Sequence[int] = (0, 1)
        self._config: TrainingConfig | None = None
        self.output = Output.SIGMOID

    def show_config(self, config: TrainingConfig) -> None:
        """Show the output layer of a config."""
        self._config = config
        self._show()

    def show_classes(self, colours: Sequence[int]) -> None:
        """Show it for classes of these colours."""
        self._colours = colours
        self._show()

    def _show(self) -> None:
        n_classes, config = len(self._colours), self._config
        if config is None or (config.output is Output.SIGMOID and n_classes > 2):
            return  # another config follows at once: no network has this
        self.output = config.resolved_output(n_classes)
        tell(self, say(MEANINGS[self.output]))
        self.update()

    def sizeHint(self) -> QSize:
        return (OUTPUT_SIZE * scale_of(self.font())).toSize()

    def minimumSizeHint(self) -> QSize:
        return self.sizeHint()

    def changeEvent(self, event: QEvent) -> None:
        if event.type() == QEvent.Type.FontChange:
            self.updateGeometry()
        super().changeEvent(event)

    def paintEvent(self, event: QPaintEvent) -> None:
        scale = scale_of(self.font())
        with QPainter(self) as painter:
            painter.scale(scale, scale)
            left = (self.width() / scale - OUTPUT_SIZE.width()) / 2
            area = QRectF(QPointF(left, 0), OUTPUT_SIZE)
            draw_output(painter, area, self.output, self._colours, chrome_of(self.palette()))
