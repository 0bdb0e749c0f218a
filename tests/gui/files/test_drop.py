"""Files dragged over the window and dropped, with the events that Qt sends."""

from __future__ import annotations

import pytest
from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDragLeaveEvent, QDragMoveEvent, QDropEvent
from PySide6.QtWidgets import QApplication, QGraphicsView, QMainWindow, QWidget
from pytestqt.qtbot import QtBot

from gui.files.drop import FileDrop, hint_of

COPY, LEFT, NONE = Qt.DropAction.CopyAction, Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier


class Window(QMainWindow):
    """A window with a view in the middle that takes drops itself, as plots do."""

    def __init__(self) -> None:
        super().__init__()
        self.view = QGraphicsView()
        self.setCentralWidget(self.view)
        self.resize(400, 300)
        self.drop = FileDrop(self, lambda path: not path.endswith(".png"))
        self.taken: list[list[str]] = []
        self.drop.dropped.connect(self.taken.append)

    def veil(self) -> QWidget:
        found = self.findChild(QWidget, "drop_veil")
        assert isinstance(found, QWidget)
        return found


@pytest.fixture
def window(qtbot: QtBot) -> Window:
    made = Window()
    qtbot.addWidget(made)
    made.show()
    qtbot.waitExposed(made)
    return made


def files(*paths: str) -> QMimeData:
    data = QMimeData()
    data.setUrls([QUrl.fromLocalFile(path) if path.startswith("/") else QUrl(path) for path in paths])
    return data


def enter(target: QWidget, data: QMimeData) -> bool:
    event = QDragEnterEvent(QPoint(100, 100), COPY | Qt.DropAction.MoveAction, data, LEFT, NONE)
    QApplication.sendEvent(target, event)
    return event.isAccepted()


def drop(target: QWidget, data: QMimeData) -> QDropEvent:
    event = QDropEvent(QPointF(100, 100), COPY | Qt.DropAction.MoveAction, data, LEFT, NONE)
    QApplication.sendEvent(target, event)
    return event


def test_the_window_is_marked_while_a_file_is_over_it(window: Window) -> None:
    assert enter(window, files("/tmp/cells.csv"))
    assert window.veil().isVisible()
    assert window.veil().size() == window.size()
    picture = window.veil().grab().toImage()
    assert len({picture.pixel(x, 150) for x in range(400)}) > 2
    data = files("/tmp/cells.csv")  # an event does not own its data
    move = QDragMoveEvent(QPoint(120, 100), COPY, data, LEFT, NONE)
    QApplication.sendEvent(window, move)
    assert move.isAccepted()
    QApplication.sendEvent(window, QDragLeaveEvent())
    assert not window.veil().isVisible()
    assert window.taken == []


def test_dropped_files_are_told_and_never_moved_away(window: Window) -> None:
    enter(window, files("/tmp/a file.csv", "/tmp/b.json"))
    event = drop(window, files("/tmp/a file.csv", "/tmp/b.json"))
    assert event.isAccepted()
    assert event.dropAction() == COPY
    assert not window.veil().isVisible()
    assert window.taken == [], "a box that asks would be open within the event"
    QApplication.processEvents()
    assert window.taken == [["/tmp/a file.csv", "/tmp/b.json"]]


def test_what_is_no_file_is_not_taken(window: Window) -> None:
    text = QMimeData()
    text.setText("1, 2, blue")
    for data in (text, files("https://example.org/cells.csv"), QMimeData()):
        assert not enter(window, data)
        drop(window, data)
    QApplication.processEvents()
    assert window.taken == []
    assert not window.veil().isVisible()


def test_a_view_inside_does_not_keep_files_from_the_window(window: Window) -> None:
    assert not window.view.acceptDrops()
    assert not window.view.viewport().acceptDrops()


def test_what_cannot_be_read_is_refused_while_it_is_dragged(window: Window) -> None:
    picture = files("/tmp/picture.png")
    assert not enter(window, picture)
    assert not window.veil().isVisible()
    assert not drop(window, picture).isAccepted()
    QApplication.processEvents()
    assert window.taken == []


def test_of_several_files_those_that_can_be_read_are_taken(window: Window) -> None:
    several = files("/tmp/picture.png", "/tmp/a.csv", "/tmp/b.csv")
    assert enter(window, several)
    drop(window, several)
    QApplication.processEvents()
    assert window.taken == [["/tmp/a.csv", "/tmp/b.csv"]]


def test_what_is_dragged_is_named_and_how_many_there_are() -> None:
    assert hint_of(["/tmp/a.csv"]) == "Drop to open or import “a.csv”"
    assert hint_of(["/tmp/a.csv", "/tmp/b.csv"]) == "Drop to open or import “a.csv” and 1 more file"
    assert hint_of(["/tmp/a.csv"] * 4) == "Drop to open or import “a.csv” and 3 more files"
    assert len(hint_of(["/tmp/" + "x" * 5000])) < 300


def test_a_persian_name_leaves_the_sentence_of_the_veil_in_its_order() -> None:
    assert hint_of(["/tmp/سلول‌ها.csv", "/tmp/b.csv"]) == (
        "Drop to open or import “\u200e\u2068سلول‌ها.csv\u2069” and 1 more file"
    )
