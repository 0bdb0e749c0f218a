"""One slot, and one notice per filling of it."""

from __future__ import annotations

from threading import Thread

from engine.run.mailbox import Mailbox
from engine.run.snapshot import RunState, Snapshot


def numbered(run_id: int) -> Snapshot:
    return Snapshot(run_id, RunState.RUNNING)


def test_an_empty_mailbox_gives_nothing() -> None:
    mailbox = Mailbox(lambda: None)

    assert mailbox.is_empty()
    assert mailbox.take() is None


def test_a_snapshot_is_taken_once() -> None:
    mailbox = Mailbox(lambda: None)
    snapshot = numbered(1)
    mailbox.put(snapshot)

    assert not mailbox.is_empty()
    assert mailbox.take() is snapshot
    assert mailbox.is_empty()
    assert mailbox.take() is None


def test_the_newest_wins_and_one_notice_is_enough() -> None:
    notices: list[None] = []
    mailbox = Mailbox(lambda: notices.append(None))

    for run_id in range(100):
        mailbox.put(numbered(run_id))

    assert len(notices) == 1
    taken = mailbox.take()
    assert taken is not None
    assert taken.run_id == 99


def test_after_taking_there_is_a_notice_again() -> None:
    notices: list[None] = []
    mailbox = Mailbox(lambda: notices.append(None))

    for run_id in range(3):
        mailbox.put(numbered(run_id))
        mailbox.take()

    assert len(notices) == 3


def test_whoever_is_notified_may_take_at_once() -> None:
    taken: list[Snapshot | None] = []
    mailbox = Mailbox(lambda: taken.append(mailbox.take()))

    mailbox.put(numbered(7))

    assert [snapshot.run_id for snapshot in taken if snapshot] == [7]


def test_between_two_threads_the_last_snapshot_always_arrives() -> None:
    mailbox = Mailbox(lambda: None)

    def write() -> None:
        for run_id in range(20_000):
            mailbox.put(numbered(run_id))

    writer = Thread(target=write)
    seen: list[int] = []
    writer.start()

    while writer.is_alive() or not mailbox.is_empty():
        if (snapshot := mailbox.take()) is not None:
            seen.append(snapshot.run_id)
    writer.join()

    assert seen[-1] == 19_999
    assert seen == sorted(set(seen))
