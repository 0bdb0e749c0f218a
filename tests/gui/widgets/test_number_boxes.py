from __future__ import annotations

import math
from collections.abc import Iterator

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from PySide6.QtCore import QEvent, QLocale, QPoint, QPointF, Qt
from PySide6.QtGui import QKeyEvent, QValidator, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication
from pytestqt.qtbot import QtBot

from gui.widgets.number_boxes import RateBox, WholeBox, next_on_scale

pytestmark = pytest.mark.usefixtures("qapp")

GARBAGE = (
    "",
    " ",
    "abc",
    "nan",
    "-nan",
    "inf",
    "-inf",
    "infinity",
    "1e400",
    "-1e400",
    "1e",
    "e5",
    ".",
    "-",
    "+",
    "--1",
    "1,5",
    "1 000",
    "0x10",
    "1e5e5",
    "½",
    "٪",
    "∞",
    "None",
    "1;2",
    "0.0.1",
    "\n",
    "9" * 400,
    "1e999999999",
)


def type_text(box: WholeBox | RateBox, text: str) -> None:
    """As a person does: everything selected, typed over, Enter."""
    box.selectAll()
    for character in text:  # QTest's own way to type a text ends the program at letters beyond ASCII
        press = QKeyEvent(QEvent.Type.KeyPress, 0, Qt.KeyboardModifier.NoModifier, character)
        QApplication.sendEvent(box, press)
    QTest.keyClick(box, Qt.Key.Key_Return)


def paste_text(box: WholeBox | RateBox, text: str) -> None:
    """Past the check of each key."""
    line = box.lineEdit()
    assert line is not None
    line.setText(text)
    box.interpretText()


ENTRIES = {"typed": type_text, "pasted": paste_text}


def wheel(box: WholeBox | RateBox) -> QWheelEvent:
    """One notch up."""
    return QWheelEvent(
        QPointF(5, 5), QPointF(box.mapToGlobal(QPoint(5, 5))), QPoint(), QPoint(0, 120), Qt.MouseButton.NoButton,
        Qt.KeyboardModifier.NoModifier, Qt.ScrollPhase.NoScrollPhase, False,
    )  # fmt: skip


# whole numbers


@pytest.fixture
def whole(qtbot: QtBot) -> WholeBox:
    box = WholeBox("whole", 2, 50)
    qtbot.addWidget(box)
    box.show_value(8)
    return box


def test_a_whole_number_that_is_typed_counts_once_it_is_finished(whole: WholeBox) -> None:
    told: list[int] = []
    whole.valueChanged.connect(told.append)
    type_text(whole, "24")
    assert told == [24]  # and 2 never
    assert whole.value() == 24


@pytest.mark.parametrize("entry", list(ENTRIES))
def test_no_text_but_a_whole_number_in_range_gets_out_of_the_field(whole: WholeBox, entry: str) -> None:
    told: list[int] = []
    whole.valueChanged.connect(told.append)
    for text in (*GARBAGE, "1.5", "1e1", "-5", "0", "1", "51", "99999999999999999999"):
        ENTRIES[entry](whole, text)
        assert isinstance(whole.value(), int)
        assert all(2 <= value <= 50 for value in (*told, whole.value())), text
        assert whole.text() == str(whole.value()), text


@given(text=st.text(st.characters(codec="utf-8"), max_size=8))
def test_whatever_is_pasted_a_whole_box_stays_in_its_range(text: str) -> None:
    box = WholeBox("whole", 0, 2**31 - 1)
    paste_text(box, text)
    assert 0 <= box.value() <= 2**31 - 1


def test_an_empty_whole_box_is_what_it_was(whole: WholeBox) -> None:
    paste_text(whole, "")
    assert whole.value() == 8


def test_showing_a_value_announces_nothing_and_later_changes_are_announced(whole: WholeBox) -> None:
    told: list[int] = []
    whole.valueChanged.connect(told.append)
    whole.show_value(30)
    assert whole.value() == 30
    assert told == []
    whole.setValue(31)
    assert told == [31]


def test_a_whole_box_that_shows_a_value_while_its_signals_are_blocked_leaves_them_blocked(whole: WholeBox) -> None:
    whole.blockSignals(True)
    whole.show_value(30)
    assert whole.signalsBlocked()


@pytest.mark.parametrize("kind", ["whole", "rate"])
def test_the_wheel_scrolls_the_panel_unless_the_field_has_the_focus(kind: str, qtbot: QtBot) -> None:
    box = WholeBox("n", 0, 9) if kind == "whole" else RateBox("n", 0.01, 100.0)
    qtbot.addWidget(box)
    box.setValue(1)
    ignored = wheel(box)
    box.wheelEvent(ignored)
    assert box.value() == 1
    assert not ignored.isAccepted()
    box.show()
    box.activateWindow()
    box.setFocus()
    qtbot.waitUntil(box.hasFocus)
    box.wheelEvent(wheel(box))
    assert box.value() == (2 if kind == "whole" else 3)


# rates


@pytest.fixture
def rate(qtbot: QtBot) -> RateBox:
    box = RateBox("rate", 1e-8, 1e6)
    qtbot.addWidget(box)
    box.show_value(0.01)
    return box


def test_the_arrows_of_a_rate_go_through_one_three_ten(rate: RateBox) -> None:
    seen = []
    for _ in range(5):
        rate.stepBy(1)
        seen.append(rate.value())
    assert seen == pytest.approx([0.03, 0.1, 0.3, 1, 3])
    rate.stepBy(-7)
    assert rate.value() == pytest.approx(1e-3)


def test_from_between_the_steps_the_arrows_go_to_the_next_one() -> None:
    for start, up, down in ((0.02, 0.03, 0.01), (0.0299, 0.03, 0.01), (7.0, 10.0, 3.0), (1e-5, 3e-5, 3e-6)):
        assert next_on_scale(start, up=True) == up
        assert next_on_scale(start, up=False) == down


@given(value=st.floats(1e-8, 1e6))
def test_the_next_step_lies_on_the_scale_and_at_most_a_factor_ten_away(value: float) -> None:
    for up in (True, False):
        step = next_on_scale(value, up=up)
        mantissa = step / 10.0 ** math.floor(math.log10(step) + 1e-9)
        assert min(abs(mantissa - 1), abs(mantissa - 3)) < 1e-6
        factor = step / value if up else value / step
        assert 1 < factor <= 10


def test_the_arrows_of_a_rate_stop_at_its_range(rate: RateBox) -> None:
    rate.stepBy(100)
    assert rate.value() == 1e6
    rate.stepBy(-100)
    assert rate.value() == 1e-8


def test_a_rate_can_be_typed_plainly_or_with_a_power_of_ten(rate: RateBox) -> None:
    told: list[float] = []
    rate.valueChanged.connect(told.append)
    texts = ["5e-4", "5E-4", "0.5", ".5", "2", "+3", "1e6", "1e-8", "1.23e-7", "0.0123456789"]
    for text in texts:
        type_text(rate, text)
    assert told == [5e-4, 0.5, 2.0, 3.0, 1e6, 1e-8, 1.23e-7, 0.0123456789]


@pytest.mark.parametrize("entry", list(ENTRIES))
def test_no_text_but_a_number_in_range_gets_out_of_a_rate(rate: RateBox, entry: str) -> None:
    told: list[float] = []
    rate.valueChanged.connect(told.append)
    for text in (*GARBAGE, "0", "-1", "1e-9", "1e7", "1000001"):
        ENTRIES[entry](rate, text)
        assert all(1e-8 <= value <= 1e6 for value in (*told, rate.value())), text
        assert float(rate.text()) == pytest.approx(rate.value()), text


def test_a_rate_that_is_left_with_nonsense_is_what_it_was(rate: RateBox) -> None:
    for text in ("", "nan", "1e400", "-1", "abc"):
        paste_text(rate, text)
        assert rate.value() == 0.01
        assert rate.text() == "0.01"


@given(text=st.text("0123456789.eE+-naif_ x", max_size=10))
def test_whatever_is_pasted_a_rate_stays_in_its_range(text: str) -> None:
    box = RateBox("rate", 1e-8, 1e6)
    paste_text(box, text)
    assert 1e-8 <= box.value() <= 1e6


@given(value=st.floats(1e-8, 1e6))
def test_a_rate_keeps_every_number_in_its_range_exactly(value: float) -> None:
    box = RateBox("rate", 1e-8, 1e6)
    told: list[float] = []
    box.valueChanged.connect(told.append)
    box.show_value(value)
    assert box.value() == value
    line = box.lineEdit()
    assert line is not None
    QTest.keyClick(line, Qt.Key.Key_Return)  # nothing was typed, so nothing changes
    assert box.value() == value
    assert told == []


def test_an_arrow_counts_from_what_was_just_typed(rate: RateBox) -> None:
    rate.selectAll()
    line = rate.lineEdit()
    assert line is not None
    QTest.keyClicks(line, "0.5")
    QTest.keyClick(line, Qt.Key.Key_Up)
    assert rate.value() == 1.0


def test_the_decimal_sign_of_a_rate_is_a_point_in_every_country(rate: RateBox) -> None:
    rate.show_value(0.25)
    assert rate.text() == "0.25"


@pytest.mark.parametrize(("text", "expected"), [("999999", 50), ("51", 50), ("1", 2), ("0", 2), ("007", 7)])
def test_a_whole_number_beyond_the_range_becomes_the_nearest_in_it(whole: WholeBox, text: str, expected: int) -> None:
    type_text(whole, text)

    assert whole.value() == expected


@pytest.mark.parametrize(("text", "expected"), [("0,01", 0.01), ("0,5", 0.5), ("1e99", 1e6), ("1e-20", 1e-8)])
def test_a_rate_understands_the_decimal_comma_and_becomes_the_nearest_in_range(
    rate: RateBox, text: str, expected: float
) -> None:
    rate.show_value(7.0)
    type_text(rate, text)

    assert rate.value() == pytest.approx(expected)


@pytest.mark.parametrize("keys", ["Ctrl+Z", "Ctrl+Y"])
def test_undo_is_left_to_the_window_unless_something_was_typed(whole: WholeBox, keys: str) -> None:
    key = {"Ctrl+Z": Qt.Key.Key_Z, "Ctrl+Y": Qt.Key.Key_Y}[keys]
    control = Qt.KeyboardModifier.ControlModifier

    def takes_it() -> bool:
        event = QKeyEvent(QEvent.Type.ShortcutOverride, key, control)
        event.ignore()
        QApplication.sendEvent(whole, event)
        return event.isAccepted()

    assert not takes_it()
    QTest.keyClick(whole, Qt.Key.Key_7)
    assert takes_it()
    QTest.keyClick(whole, Qt.Key.Key_Return)
    assert not takes_it()


# rates that can be 0


@pytest.fixture
def penalty(qtbot: QtBot) -> RateBox:
    box = RateBox("penalty", 0.0, 1000.0)
    qtbot.addWidget(box)
    return box


def test_the_arrows_go_from_zero_to_the_first_step_and_back(penalty: RateBox) -> None:
    assert penalty.text() == "0"
    seen = []
    for _ in range(3):
        penalty.stepBy(1)
        seen.append(penalty.value())
    assert seen == [1e-4, 3e-4, 1e-3]
    penalty.stepBy(-3)
    assert penalty.value() == 0
    penalty.stepBy(-1)
    assert penalty.value() == 0
    penalty.show_value(2e-6)
    penalty.stepBy(-1)
    assert penalty.value() == 0


def test_zero_and_what_is_smaller_than_the_first_step_can_be_typed(penalty: RateBox) -> None:
    for text, value in (("1e-6", 1e-6), ("0", 0.0), ("0.0001", 1e-4), ("0,0", 0.0), ("5000", 1000.0)):
        type_text(penalty, text)
        assert penalty.value() == value


@given(text=st.text("0123456789.eE+-naif_ x", max_size=10))
def test_whatever_is_pasted_a_rate_that_can_be_zero_stays_in_its_range(text: str) -> None:
    box = RateBox("penalty", 0.0, 10.0)
    box.setSpecialValueText("none")
    paste_text(box, text)
    assert 0 <= box.value() <= 10


@pytest.mark.parametrize("text", ["0", "", "none"])
def test_zero_may_have_a_name_and_no_text_is_zero_then(penalty: RateBox, text: str) -> None:
    penalty.setSpecialValueText("none")
    assert penalty.text() == "none"
    penalty.setValue(2.5)
    assert penalty.text() == "2.5"
    paste_text(penalty, text)
    assert penalty.value() == 0
    assert penalty.text() == "none"
    type_text(penalty, "3")
    assert penalty.text() == "3"


def test_the_arrows_of_a_rate_may_take_even_steps(qtbot: QtBot) -> None:
    box = RateBox("threshold", 0.01, 0.99, step=0.05)
    qtbot.addWidget(box)
    box.show_value(0.5)
    box.stepBy(3)
    assert box.value() == 0.65
    box.stepBy(100)
    assert box.value() == 0.99
    box.stepBy(-100)
    assert box.value() == 0.01


@pytest.mark.parametrize("box_type", [WholeBox, RateBox])
def test_the_wheel_gives_no_focus_to_a_field_that_is_scrolled_past(
    qtbot: QtBot, box_type: type[WholeBox | RateBox]
) -> None:
    box = box_type("box", 1, 100)
    qtbot.addWidget(box)
    assert box.focusPolicy() is Qt.FocusPolicy.StrongFocus


# every script, sign and country

DIGITS = {
    "Latin": "0123456789",
    "Persian": "۰۱۲۳۴۵۶۷۸۹",
    "Arabic": "٠١٢٣٤٥٦٧٨٩",
    "Devanagari": "०१२३४५६७८९",
    "Thai": "๐๑๒๓๔๕๖๗๘๙",
}
LOCALES = [QLocale(name) for name in ("C", "en_US", "fa_IR", "ar_EG", "de_DE", "hi_IN", "fr_CH", "ne_NP")]


def in_script(text: str, script: str) -> str:
    return "".join(DIGITS[script][int(sign)] if sign.isascii() and sign.isdigit() else sign for sign in text)


@pytest.fixture
def default_locale() -> Iterator[None]:
    before = QLocale()
    yield
    QLocale.setDefault(before)


@pytest.mark.usefixtures("default_locale")
@given(
    number=st.integers(2, 60_000), script=st.sampled_from(sorted(DIGITS)), locale=st.sampled_from(LOCALES),
    group=st.sampled_from(["", "٬", ",", "\u202f"]), mark=st.sampled_from(["", "\u200f", "\u2068"]),
    suffix=st.sampled_from(["", " %", " /s"]), entry=st.sampled_from(sorted(ENTRIES)),
)  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_whole_number_of_every_script_is_read_in_every_country(
    number: int, script: str, locale: QLocale, group: str, mark: str, suffix: str, entry: str
) -> None:
    QLocale.setDefault(locale)
    box = WholeBox("whole", 2, 60_000)
    box.setSuffix(suffix)
    text = mark + in_script(f"{number:,}".replace(",", group), script)
    box.show_value(7)
    assert box.text() == f"7{suffix}"
    ENTRIES[entry](box, text)
    assert (box.value(), box.text()) == (number, f"{number}{suffix}")


@pytest.mark.usefixtures("default_locale")
@given(
    number=st.floats(1e-7, 1e5), script=st.sampled_from(sorted(DIGITS)), locale=st.sampled_from(LOCALES),
    decimal=st.sampled_from(".,٫"), minus=st.sampled_from("-−"), entry=st.sampled_from(sorted(ENTRIES)),
)  # fmt: skip
@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
def test_a_rate_of_every_script_is_read_in_every_country(
    number: float, script: str, locale: QLocale, decimal: str, minus: str, entry: str
) -> None:
    QLocale.setDefault(locale)
    box = RateBox("rate", 1e-8, 1e6)
    ENTRIES[entry](box, in_script(repr(number), script).replace(".", decimal).replace("-", minus))
    assert box.value() == number
    assert box.text() == f"{number:.6g}"


@given(
    text=st.text(
        # a field drops control characters before it asks what the text means
        st.one_of(
            st.sampled_from("0123456789۰۱۲۳٠١٢.,٫٬-−eE+ %\u200f\u202f"),
            st.characters(codec="utf-8", exclude_categories=["Cc", "Cs"]),
        ),
        max_size=8,
    )
)
def test_what_a_box_accepts_is_what_it_reads_and_what_it_cannot_read_changes_nothing(text: str) -> None:
    for make in (lambda: WholeBox("whole", 3, 900), lambda: RateBox("rate", 0.25, 900.0)):
        box: WholeBox | RateBox = make()
        box.show_value(100)
        state, kept, _ = box.validate(text, 0)
        assert kept == text
        reads = box.number(text)
        assert (state is QValidator.State.Acceptable) == (reads is not None)
        paste_text(box, text)
        assert box.value() == (100 if reads is None else reads)
        assert box.text() == box.textFromValue(box.value())  # type: ignore[arg-type]


@pytest.mark.parametrize("text", ["3x5", "0·5", "1.5", "5 apples", "۳گ", "٪", "1e1"])
@pytest.mark.parametrize("entry", list(ENTRIES))
def test_no_sign_is_left_out_of_what_is_typed_to_make_a_number(whole: WholeBox, entry: str, text: str) -> None:
    ENTRIES[entry](whole, text)
    assert (whole.value(), whole.text()) == (8, "8")


def test_a_share_may_be_typed_with_its_sign_in_any_script(qtbot: QtBot) -> None:
    box = WholeBox("share", 0, 100)
    qtbot.addWidget(box)
    box.setSuffix(" %")
    for text, value in (("20 %", 20), ("30%", 30), ("۴۰٪", 40), ("۵۰", 50)):
        type_text(box, text)
        assert (box.value(), box.text()) == (value, f"{value} %")
