from __future__ import annotations

import pytest
from PySide6.QtCore import QObject
from pytestqt.qtbot import QtBot

from gui.widgets.throttle import Throttle, new_drag


@pytest.fixture
def owner(qtbot: QtBot) -> QObject:
    return QObject()


def test_the_first_call_is_made_at_once(owner: QObject) -> None:
    calls: list[int] = []
    Throttle(calls.append, 60_000, owner)(1)
    assert calls == [1]


def test_a_call_that_comes_too_soon_is_made_later(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []
    throttle = Throttle(calls.append, 100, owner)
    throttle(1)
    throttle(2)
    assert calls == [1]
    qtbot.waitUntil(lambda: calls == [1, 2])


def test_of_many_calls_that_wait_only_the_last_is_made(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []
    throttle = Throttle(calls.append, 100, owner)
    for number in range(50):
        throttle(number)
    qtbot.waitUntil(lambda: len(calls) == 2)
    qtbot.wait(150)
    assert calls == [0, 49]


def test_after_a_pause_a_call_is_made_at_once_again(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []
    throttle = Throttle(calls.append, 20, owner)
    throttle(1)
    qtbot.wait(60)
    throttle(2)
    assert calls == [1, 2]


def test_a_cancelled_call_is_never_made(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []
    throttle = Throttle(calls.append, 50, owner)
    throttle(1)
    throttle(2)
    throttle.cancel()
    qtbot.wait(120)
    assert calls == [1]


def test_after_a_cancelled_call_others_are_made(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []
    throttle = Throttle(calls.append, 30, owner)
    throttle(1)
    throttle(2)
    throttle.cancel()
    throttle(3)
    qtbot.waitUntil(lambda: calls == [1, 3])


def test_nothing_is_called_by_cancelling_when_nothing_waits(owner: QObject) -> None:
    calls: list[int] = []
    Throttle(calls.append, 30, owner).cancel()
    assert calls == []


def test_all_arguments_or_none_are_passed_on(owner: QObject) -> None:
    calls: list[tuple[object, ...]] = []
    Throttle(lambda *arguments: calls.append(arguments), 0, owner)(1, "two", None)
    Throttle(lambda *arguments: calls.append(arguments), 0, owner)()
    assert calls == [(1, "two", None), ()]


def test_a_call_may_ask_for_the_next_one(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []

    def call(number: int) -> None:
        calls.append(number)
        if number < 3:
            throttle(number + 1)

    throttle = Throttle(call, 10, owner)
    throttle(1)
    qtbot.waitUntil(lambda: calls == [1, 2, 3])


def test_a_call_at_once_is_made_now_and_the_next_one_waits(owner: QObject, qtbot: QtBot) -> None:
    calls: list[int] = []
    throttle = Throttle(calls.append, 50, owner)
    throttle(1)
    throttle(2)
    throttle.at_once(3)
    throttle(4)
    assert calls == [1, 3]
    qtbot.waitUntil(lambda: calls == [1, 3, 4])
    qtbot.wait(80)
    assert calls == [1, 3, 4]


def test_no_two_drags_have_one_number() -> None:
    assert len({new_drag() for _ in range(5)}) == 5
