"""The three rules of probability, checked on the numbers that are shown."""

# Tests: tests/gui/probability/test_calculator.py

from __future__ import annotations

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import partial

from PySide6.QtCore import Qt
from PySide6.QtGui import QPalette
from PySide6.QtWidgets import QLabel, QSizePolicy, QVBoxLayout, QWidget

from engine.config import Output
from engine.files.decimals import whole_shares
from engine.insight.inspection import Inspection
from engine.isolates import isolated
from gui.paint.recoloured import Recoloured
from gui.paint.theme import chrome_of, tinted
from gui.probability.figures import Arithmetic, Digits, brief, keeps_range, keeps_sum
from gui.probability.wording import in_digits
from gui.text.language import mark, say
from gui.text.numbers import with_minus
from gui.widgets.forms import NEAR, heading

MAX_TERMS = 4  # of a sum that is written out
FINE = 10  # decimals, by which a sum that is not 1 differs from it
KEPT, BROKEN = mark("✓ {rule}"), mark("✗ Broken: {rule}")
RANGE = mark("0 ≤ P ≤ 1")
SUM, NO_SUM = mark("All outcomes sum to 1: {terms} = 1"), mark("all outcomes sum to 1, but {terms} = {total}")
REST = mark("P(not {name}) = 1 − P({name}) = 1 − {p} = {rest}")
NO_REST = mark("P(not {name}) = 1 − P({name}) = {rest}, but the others sum to {others}")
ALONE = mark(
    "A sigmoid for each class gives every class a probability of its own: these are not the outcomes of one draw."
)


@dataclass(frozen=True)
class Rule:
    """A rule, and whether it is kept.

    Attributes:
        text: the rule with its numbers.
        is_kept: whether it is.
    """

    text: str
    is_kept: bool


def rules_of(shown: Arithmetic, names: Sequence[str], digits: Digits = Digits.FOUR) -> tuple[Rule, Rule, Rule]:
    """The range, the sum and the complement, of the true class or that which is decided for."""
    values, called = shown.probabilities, [isolated(name) for name in names]
    outside = [row for row, value in enumerate(values.tolist()) if not 0 <= value <= 1]
    in_range = say(RANGE)
    if outside:
        row = outside[0]
        in_range = say("0 ≤ P ≤ 1, but P({name}) = {p}", name=called[row], p=brief(float(values[row])))
    is_one, places = keeps_sum(values), 2 if digits is Digits.DECIMALS else 4
    shares = rounded(values.tolist(), places, is_one and keeps_range(values))
    written: Callable[[float], str] = partial(in_digits, digits=digits)
    if not is_one and written(math.fsum(shares)) == written(1.0):  # rounded numbers would keep the rule
        places, written = FINE, in_full
        shares = rounded(values.tolist(), places, False)
    texts = [written(share) for share in shares]
    terms = " + ".join(texts[:MAX_TERMS]) + (" + …" if len(texts) > MAX_TERMS else "")
    row = shown.decided if shown.label is None else shown.label
    rest, others = round(1 - shares[row], places), math.fsum(shares) - shares[row]
    facts = {"name": called[row], "p": texts[row], "rest": written(rest)}
    return (
        Rule(in_range, keeps_range(values)),
        Rule(say(SUM if is_one else NO_SUM, terms=terms, total=written(math.fsum(shares))), is_one),
        Rule(say(REST if is_one else NO_REST, others=written(others), **facts), is_one),
    )


def in_full(value: float) -> str:
    """A number with all its decimals up to the last that counts for a sum."""
    return with_minus(f"{value:.{FINE}f}".rstrip("0").rstrip("."))


def rounded(values: Sequence[float], places: int, is_distribution: bool) -> list[float]:
    """Probabilities in some decimals; those of a distribution sum to 1 as they are."""
    if is_distribution:
        return [share / 10**places for share in whole_shares(values, 10**places).tolist()]
    return [round(value, places) for value in values]


class Rules(Recoloured, QWidget):
    """Shows the three rules, and says which is broken."""

    def __init__(self, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setObjectName("probability_rules")
        self._rules: tuple[Rule, ...] = ()
        column = QVBoxLayout(self)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(NEAR)
        column.addWidget(heading(say("The rules of probability")))
        self._lines = [QLabel() for _ in range(4)]
        for line in self._lines:
            line.setTextFormat(Qt.TextFormat.PlainText)
            line.setWordWrap(True)
            line.setSizePolicy(QSizePolicy.Policy.Preferred, QSizePolicy.Policy.Minimum)
            column.addWidget(line)

    @property
    def texts(self) -> list[str]:
        """The lines as they are shown."""
        return [line.text() for line in self._lines if not line.isHidden()]

    def show_arithmetic(self, shown: Arithmetic, names: Sequence[str], digits: Digits) -> None:
        """Check the rules."""
        self._rules = rules_of(shown, names, digits)
        for line, rule in zip(self._lines, self._rules, strict=False):
            line.setText(say(KEPT if rule.is_kept else BROKEN, rule=rule.text))
        self._lines[-1].setText(say(ALONE))
        self._lines[-1].setVisible(isinstance(shown, Inspection) and shown.output is Output.INDEPENDENT_SIGMOIDS)
        self.recolour()

    def recolour(self) -> None:
        warning = chrome_of(self.palette()).warning
        for line, rule in zip(self._lines, self._rules, strict=False):
            line.setPalette(tinted(QPalette.ColorRole.WindowText, None if rule.is_kept else warning))
