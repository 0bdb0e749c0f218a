"""The course's four complaints about sigmoid, as cards that say what was measured, by which rule, and what helps."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QSize, Qt, Signal
from PySide6.QtGui import QPalette, QResizeEvent
from PySide6.QtWidgets import (
    QFrame,
    QGridLayout,
    QHBoxLayout,
    QLabel,
    QMenu,
    QPushButton,
    QScrollArea,
    QSizePolicy,
    QVBoxLayout,
    QWidget,
)

from engine.experiment import MAX_LANES
from engine.insight.diagnosis import (
    COSTLY_RATIO,
    DIAGNOSIS,
    NOT_CENTRED_SHARE,
    SLOW_UPDATE_RATIO,
    Complaint,
    ComplaintKind,
    complaints,
)
from engine.insight.remedies import Cure
from engine.insight.verdict import VANISHING_RATIO
from engine.messages import message
from engine.run.snapshot import COSTS
from gui.paint.lane_view import LaneView
from gui.paint.lanes_view import LaneColours
from gui.paint.theme import Chrome, chrome_of, tinted
from gui.paint.type_size import keep_size
from gui.text.lab_wording import (
    COMPLAINTS,
    CURE_TIPS,
    CURES,
    FITTING,
    RULE_TIPS,
    SHOW_TIPS,
    complaint_number,
    complaint_rule,
    complaint_sentence,
    complaint_standing,
)
from gui.text.language import say
from gui.text.names import listed
from gui.widgets.elided_label import ElidedLabel
from gui.widgets.tips import plain_tip

THRESHOLDS = {
    ComplaintKind.VANISHING: VANISHING_RATIO,
    ComplaintKind.NOT_ZERO_CENTRED: NOT_CENTRED_SHARE,
    ComplaintKind.SLOW_LEARNING: SLOW_UPDATE_RATIO,
    ComplaintKind.COSTLY: COSTLY_RATIO,
}


class LaneLine(QWidget):
    """One lane's number, whether the complaint holds, and the lane's title."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.standing, self.number, self.title = QLabel(), QLabel(), ElidedLabel()
        row = QHBoxLayout(self)
        row.setContentsMargins(0, 0, 0, 0)
        row.setSpacing(5)
        for label in (self.number, self.standing):
            label.setTextFormat(Qt.TextFormat.PlainText)
            row.addWidget(label)
        row.addWidget(self.title, 1)
        for label in (self.standing, self.title):
            keep_size(label, 11)
        keep_size(self.number, 12, is_bold=True)
        self._shown: tuple[str, str, str] | None = None

    def show_complaint(self, complaint: Complaint | None, title: str) -> bool:
        """Show what was measured of a lane; whether that is something else than before."""
        number = "" if complaint is None else complaint_number(complaint)
        texts = ("" if number == "–" else number, complaint_standing(complaint), title)
        if texts == self._shown:
            return False
        self._shown = texts
        self.number.setText(texts[0])
        self.number.setVisible(bool(texts[0]))
        self.standing.setText(texts[1])
        self.title.setText(title)
        sentence = complaint_sentence(title, complaint)
        for part in (self, self.standing, self.number, self.title):
            part.setToolTip(plain_tip(sentence))
        self.setAccessibleName(sentence)
        return True

    def paint_title(self, colour: str) -> None:
        """Give the title the colour of its lane."""
        self.title.setPalette(tinted(QPalette.ColorRole.WindowText, colour))


class ComplaintCard(QFrame):
    """One complaint.

    Signals:
        shown: what the complaint is about is to be shown.
        cure_chosen: a Cure is to be tried.
    """

    shown = Signal(ComplaintKind)
    cure_chosen = Signal(Cure)

    def __init__(self, kind: ComplaintKind, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.kind = kind
        self.setObjectName(f"{kind.value}_card")
        self.setFrameShape(QFrame.Shape.StyledPanel)
        name = say(COMPLAINTS[kind])
        self.heading, self.rule = QLabel(name), QLabel(complaint_rule(kind, THRESHOLDS[kind]))
        font = self.heading.font()
        font.setBold(True)
        self.heading.setFont(font)
        keep_size(self.rule, 11)
        self.rule.setToolTip(f"<p>{self.rule.text()} {say(RULE_TIPS[kind])}</p>")
        self.rule.setAlignment(Qt.AlignmentFlag.AlignTop)
        self.rule.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Expanding)
        self.rule.setWordWrap(True)  # after the policy, of which it is a part: the height follows the width
        self.lines = [LaneLine() for _ in range(MAX_LANES)]
        self.show_button, self.try_button = QPushButton(say("Show Me")), QPushButton(say("Try This"))
        for button in (self.show_button, self.try_button):
            button.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # a click leaves the keys to the window
        self._set_up_buttons(name)
        column = QVBoxLayout(self)
        column.setContentsMargins(8, 2, 8, 3)
        column.setSpacing(1)
        column.addWidget(self.heading)
        for line in self.lines:
            column.addWidget(line)
            line.hide()
        column.addWidget(self.rule, 1)
        buttons = QHBoxLayout()
        buttons.setSpacing(8)
        buttons.addWidget(self.show_button)
        buttons.addWidget(self.try_button)
        buttons.addStretch(1)
        column.addLayout(buttons)

    def _set_up_buttons(self, name: str) -> None:
        tip = say(SHOW_TIPS[self.kind])
        self.show_button.setObjectName(f"show_{self.kind.value}_button")
        self.show_button.setToolTip(f"<p>{tip}</p>")
        self.show_button.setStatusTip(tip)
        self.show_button.setAccessibleName(say("Show me: {complaint}", complaint=name))
        self.show_button.clicked.connect(lambda: self.shown.emit(self.kind))
        menu = QMenu(self.try_button)
        menu.setToolTipsVisible(True)
        for cure in FITTING[self.kind]:
            action = menu.addAction(say(CURES[cure]))
            action.setObjectName(cure.value)
            action.setToolTip(f"<p>{say(CURE_TIPS[cure])}</p>")
            action.setStatusTip(say(CURE_TIPS[cure]))
            action.triggered.connect(lambda _=False, chosen=cure: self.cure_chosen.emit(chosen))
        cures = listed([message(CURES[cure]) for cure in FITTING[self.kind]])
        tip = say("Change the settings: {cures}", cures=cures)
        self.try_button.setObjectName(f"try_{self.kind.value}_button")
        self.try_button.setMenu(menu)
        self.try_button.setToolTip(f"<p>{tip}</p>")
        self.try_button.setStatusTip(tip)
        self.try_button.setAccessibleName(say("Try this against: {complaint}", complaint=name))
        self._tips = {button: button.statusTip() for button in (self.show_button, self.try_button)}

    def show_obstacle(self, reason: str) -> None:
        """Say why there is nothing to show or to try; "" if there is."""
        for button, tip in self._tips.items():
            button.setEnabled(not reason)
            button.setToolTip(f"<p>{reason or tip}</p>")
            button.setStatusTip(reason or tip)

    def show_lanes(self, complaints: Sequence[Complaint | None], titles: Sequence[str]) -> None:
        """Show what was measured of each lane."""
        changed = False
        for index, line in enumerate(self.lines):
            is_used = index < len(complaints)
            if line.isHidden() == is_used:
                line.setVisible(is_used)
                changed = True
            if is_used:
                changed |= line.show_complaint(complaints[index], titles[index])
        if changed:
            used = self.lines[: len(complaints)]
            self.setAccessibleName(self.heading.text())
            self.setAccessibleDescription(" ".join([*(line.accessibleName() for line in used), self.rule.text()]))

    def paint_titles(self, chrome: Chrome, colours: Sequence[int]) -> None:
        """Give each lane's title the colour of its number."""
        for line, colour in zip(self.lines, colours, strict=False):
            line.paint_title(chrome.lanes[colour])


class ComplaintCards(LaneColours, QScrollArea):
    """The four cards, two by two, or one below the other where there is little room; what is too high is scrolled.

    Signals:
        shown: "Show Me" of a ComplaintKind was pressed.
        cure_chosen: a Cure was chosen under "Try This".
    """

    shown = Signal(ComplaintKind)
    cure_chosen = Signal(Cure)
    needs = (DIAGNOSIS, COSTS)

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("complaint_cards")
        self.setAccessibleName(say("The four complaints about sigmoid"))
        self.setFocusPolicy(Qt.FocusPolicy.TabFocus)  # to be scrolled by keys; a click leaves them to the plane
        self.cards = {kind: ComplaintCard(kind) for kind in ComplaintKind}
        self._judged: list[tuple[object, object, str]] = []  # what the complaints of each lane are judged by
        self._grid, self._columns, content = QGridLayout(), 0, QWidget()
        self._grid.setContentsMargins(8, 2, 8, 2)
        self._grid.setHorizontalSpacing(8)
        self._grid.setVerticalSpacing(4)
        content.setLayout(self._grid)
        content.setBackgroundRole(QPalette.ColorRole.Base)
        self.setWidget(content)
        self.setWidgetResizable(True)
        self.setFrameShape(QFrame.Shape.NoFrame)
        self.viewport().setBackgroundRole(QPalette.ColorRole.Base)
        self._place_cards(2)
        for card in self.cards.values():
            card.shown.connect(self.shown)
            card.cure_chosen.connect(self.cure_chosen)
        self.recolour()

    def _place_cards(self, columns: int) -> None:
        if columns == self._columns:
            return
        self._columns = columns
        for place, card in enumerate(self.cards.values()):
            self._grid.addWidget(card, place // columns, place % columns)
        for row in range(len(self.cards) + 1):  # what is left over is below all cards
            self._grid.setRowStretch(row, int(row == len(self.cards)))
        self._grid.setColumnStretch(0, 1)
        self._grid.setColumnStretch(1, columns - 1)

    def resizeEvent(self, event: QResizeEvent) -> None:
        least = max(card.minimumSizeHint().width() for card in self.cards.values())
        self._place_cards(2 if self.width() >= 2 * least + 8 else 1)
        super().resizeEvent(event)

    def show_lanes(self, lanes: Sequence[LaneView]) -> None:
        """Show the complaints of one to four lanes, unless nothing that they are judged by has changed."""
        self.use_colours(lanes)
        judged = [(lane.value(DIAGNOSIS), lane.value(COSTS), lane.title) for lane in lanes]
        if judged == self._judged:
            return
        self._judged = [*judged]
        found = [None if diagnosis is None else complaints(diagnosis, costs) for diagnosis, costs, _ in judged]
        self.show_complaints(found, [lane.title for lane in lanes])

    def show_complaints(self, found: Sequence[tuple[Complaint, ...] | None], titles: Sequence[str]) -> None:
        """Show the complaints about each lane, None for what is not measured yet; a single lane has no title."""
        for place, card in enumerate(self.cards.values()):
            card.show_lanes([None if lane is None else lane[place] for lane in found], titles)

    def show_obstacle(self, reason: str) -> None:
        """Say why no card has anything to show or to try; "" if they have."""
        for card in self.cards.values():
            card.show_obstacle(reason)

    def sizeHint(self) -> QSize:
        return QSize(560, 300)

    def recolour(self) -> None:
        chrome = chrome_of(self.palette())
        for card in self.cards.values():
            card.paint_titles(chrome, self.colours)
