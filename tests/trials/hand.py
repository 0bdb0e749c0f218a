"""A hand without a purpose: it presses, types and drops whatever there is, as chance wants."""

# Tests: tests/test_trials.py

from __future__ import annotations

import random
from collections.abc import Callable
from pathlib import Path

from PySide6.QtCore import QMimeData, QPoint, QPointF, Qt, QUrl
from PySide6.QtGui import QDragEnterEvent, QDropEvent, QGuiApplication, QInputMethodEvent, QPointingDevice, QWheelEvent
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QAbstractSpinBox, QApplication, QComboBox, QLineEdit, QWidget

from gui.actions import Action
from gui.files import questions
from gui.main_window import MainWindow
from tests.trials.files import damaged
from tests.trials.mutations import HOSTILE_TEXTS

NO_BUTTON, LEFT, RIGHT = Qt.MouseButton.NoButton, Qt.MouseButton.LeftButton, Qt.MouseButton.RightButton
BUTTONS = (LEFT, LEFT, LEFT, LEFT, RIGHT, Qt.MouseButton.MiddleButton)
PLAIN = Qt.KeyboardModifier.NoModifier
MODIFIERS = (*[PLAIN] * 8, Qt.KeyboardModifier.ShiftModifier, Qt.KeyboardModifier.ControlModifier)
NAMES_OF_KEYS = (
    *("Escape", "Return", "Space", "Tab", "Backtab", "Delete", "Backspace", "Up", "Down", "Left", "Right"),
    *("Home", "PageDown", "F1", "F2", "F4", "Plus"),
)
NAMED_KEYS = [getattr(Qt.Key, f"Key_{name}") for name in NAMES_OF_KEYS]
LETTER_KEYS = [Qt.Key(code) for code in (*range(0x30, 0x3A), *range(0x41, 0x5B), ord("."), ord("["), ord("]"))]
CLOSING = (Qt.Key.Key_Q, Qt.Key.Key_W)  # with Ctrl; windows are closed by an event of their own
NUMBERS = ("0", "1", "7", "12", "0.03", "0,2", "۲۴", "۰٫۰۳", "-3", "1e9", "", "abc", "٣", "9" * 40)
SIZES = ((1366, 768), (1280, 720), (1000, 600), (940, 520), (1600, 900))


class Hand:
    """Does one thing at a time to a window.

    Args:
        folder: for documents and damaged files.
        seed: of the damage.
        chance: of everything else.
        fingers: a device for touches.

    Attributes:
        window: the one in which it acts.
        kinds: what it can do, each with its weight.
        asked: questions about changes so far.
    """

    window: MainWindow

    def __init__(self, folder: Path, seed: int, chance: random.Random, fingers: QPointingDevice) -> None:
        self._folder, self._random, self._fingers, self.asked = folder, chance, fingers, 0
        self.kinds: list[tuple[int, Callable[[], None]]] = [
            (30, self.mouse), (14, self.stroke), (14, self.key), (10, self.action), (5, self.wheel),
            (5, self.number), (4, self.choose), (3, self.escape), (2, self.text), (2, self.hover), (1, self.paste),
            (1, self.resize), (1, self.theme), (1, self.touch), (1, self.drop), (1, self.wait),
        ]  # fmt: skip
        self._files = {kind: damaged(kind, folder, random.Random(f"{kind} {seed}")) for kind in ("table", "document")}

    def target(self) -> QWidget:
        """The widget of the next event: what is modal, else mostly the plane, else anything that can be seen."""
        top = QApplication.activePopupWidget() or QApplication.activeModalWidget() or self.window
        self._top = top  # as long as its child is used: what Python sees of that ends with what it sees of its parent
        if top is self.window and self._random.random() < 0.4:
            return self.window.canvas
        widgets = [widget for widget in top.findChildren(QWidget) if widget.isVisible()] or [top]
        return self._random.choice(widgets)

    def spot(self, widget: QWidget) -> QPoint:
        """A place in a widget, now and then just outside."""
        return QPoint(self._random.randint(-2, widget.width() + 2), self._random.randint(-2, widget.height() + 2))

    def mouse(self) -> None:
        """Press, move, release or click, each by itself: buttons stay down, and come up elsewhere."""
        widget, button, keys = self.target(), self._random.choice(BUTTONS), self._random.choice(MODIFIERS)
        do = self._random.choice((QTest.mouseClick, QTest.mouseClick, QTest.mousePress, QTest.mouseRelease))
        if self._random.random() < 0.03:
            do = QTest.mouseDClick
        do(widget, button, keys, self.spot(widget))

    def stroke(self) -> None:
        """A whole gesture on the plane, sometimes with a key in the middle."""
        canvas, button = self.window.canvas, self._random.choice(BUTTONS)
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        QTest.mousePress(canvas, button, self._random.choice(MODIFIERS), self.spot(canvas))
        for _ in range(self._random.randint(0, 6)):
            QTest.mouseMove(canvas, self.spot(canvas))
        if self._random.random() < 0.2:
            self.key()
        QTest.mouseRelease(canvas, button, PLAIN, self.spot(canvas))

    def key(self) -> None:
        """A key to whoever has the keyboard."""
        key = self._random.choice(NAMED_KEYS if self._random.random() < 0.5 else LETTER_KEYS)
        keys = self._random.choice(MODIFIERS)
        if keys == Qt.KeyboardModifier.ControlModifier and key in CLOSING:
            return
        QTest.keyClick(self.with_keyboard(), key, keys)

    def with_keyboard(self) -> QWidget:
        return QApplication.focusWidget() or QApplication.activeModalWidget() or self.window

    def escape(self) -> None:
        """Out of whatever is open."""
        if self._random.random() < 0.8:
            QTest.keyClick(self.with_keyboard(), self._random.choice((Qt.Key.Key_Escape, Qt.Key.Key_Return)))
        else:
            self.window.canvas.setFocus()

    def action(self) -> None:
        """Any entry of the menus; seldom the last."""
        if QApplication.activeModalWidget():
            return
        name = self._random.choice(list(self.window.actions_by_name))
        if name == "quit" and self._random.random() < 0.9:
            return
        self.window.actions_by_name[name].trigger()

    def wheel(self) -> None:
        """A turn over any widget."""
        widget = self.target()
        place, turn = QPointF(self.spot(widget)), QPoint(0, self._random.choice((-960, -120, 120, 960)))
        event = QWheelEvent(
            place, QPointF(widget.mapToGlobal(place.toPoint())), QPoint(), turn, NO_BUTTON,
            self._random.choice(MODIFIERS), Qt.ScrollPhase.NoScrollPhase, False,
        )  # fmt: skip
        QApplication.sendEvent(widget, event)

    def number(self) -> None:
        """Another number in a box, in some script, with and without Enter."""
        top = QApplication.activeModalWidget() or self.window
        boxes = [box for box in top.findChildren(QAbstractSpinBox) if box.isVisible() and box.isEnabled()]
        if boxes:
            box = self._random.choice(boxes)
            box.setFocus()
            box.selectAll()
            self.type_in(box, self._random.choice(NUMBERS))
            if self._random.random() < 0.7:
                QTest.keyClick(box, self._random.choice((Qt.Key.Key_Return, Qt.Key.Key_Tab, Qt.Key.Key_Escape)))

    def text(self) -> None:
        """A hostile text into a line that takes one."""
        widget = QApplication.focusWidget()
        if isinstance(widget, QLineEdit):
            self.type_in(widget, self._random.choice(HOSTILE_TEXTS)[:200].replace("\ud800", ""))

    def type_in(self, widget: QWidget, text: str) -> None:
        """As an input method commits it, which knows every script."""
        event = QInputMethodEvent("", [])
        event.setCommitString(text)
        QApplication.sendEvent(widget.findChild(QLineEdit) or widget, event)

    def choose(self) -> None:
        """Another entry of a list, as a hand does: the box tells that it was activated."""
        top = QApplication.activeModalWidget() or self.window
        boxes = [box for box in top.findChildren(QComboBox) if box.isVisible() and box.isEnabled() and box.count()]
        if boxes:
            box = self._random.choice(boxes)
            index = self._random.randrange(box.count())
            box.setCurrentIndex(index)
            box.activated.emit(index)

    def hover(self) -> None:
        """The pointer alone."""
        widget = self.target()
        QTest.mouseMove(widget, self.spot(widget))

    def paste(self) -> None:
        """Something from elsewhere on the clipboard, and into the window."""
        rows = "".join(f"{self._random.gauss(0, 1):.3f}\t{self._random.gauss(0, 1):.3f}\tA\n" for _ in range(5))
        text = self._random.choice((rows, rows.replace(".", ","), self._random.choice(HOSTILE_TEXTS)))
        QGuiApplication.clipboard().setText(text.replace("\ud800", ""))
        if not QApplication.activeModalWidget():
            self.window.actions_by_name[Action.PASTE].trigger()

    def resize(self) -> None:
        """Another size of the window."""
        self.window.resize(*self._random.choice(SIZES))

    def theme(self) -> None:
        """The other colours."""
        self.window.actions_by_name[self._random.choice(("theme_dark", "theme_light", "theme_system"))].trigger()

    def touch(self) -> None:
        """One or two fingers on the plane."""
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        window, canvas, fingers = self.window, self.window.canvas, range(self._random.randint(1, 2))
        moves = ["move"] * self._random.randint(0, 4)
        for what in ("press", *moves, "release"):
            sequence = QTest.touchEvent(canvas, self._fingers)
            for finger in fingers:
                getattr(sequence, what)(finger, self.spot(canvas), canvas)
            sequence.commit()
            if self.window is not window:
                return  # other events came meanwhile, and one has closed it

    def drop(self) -> None:
        """A file that may be damaged, from a file manager."""
        if QApplication.activeModalWidget() or QApplication.activePopupWidget():
            return
        data = QMimeData()
        data.setUrls([QUrl.fromLocalFile(self.any_file())])
        place, copies = QPoint(200, 200), Qt.DropAction.CopyAction
        for event in (QDragEnterEvent(place, copies, data, LEFT, PLAIN), QDropEvent(place, copies, data, LEFT, PLAIN)):
            QApplication.sendEvent(self.window, event)

    def any_file(self) -> str:
        """A document that was saved, a damaged one, a damaged table, or nothing that exists."""
        kind = self._random.choice(("saved", "document", "table", "gone"))
        if kind in self._files:
            suffix, content = next(self._files[kind])
            path = self._folder / f"dropped{suffix}"
            path.write_bytes(content)
        else:
            path = self._folder / ("document-0.marz.json" if kind == "saved" else "gone.csv")
        return str(path)

    def wait(self) -> None:
        """Let time pass, so that training and its pictures go on."""
        QTest.qWait(self._random.choice((1, 5, 30)))

    def replace_file_dialogs(self) -> None:
        """Paths are chosen by chance; all other boxes are the real ones."""
        chance = self._random

        def a_document(*_: object) -> str:
            return chance.choice(("", *(str(self._folder / f"document-{number}.marz.json") for number in range(3))))

        exports = ("", str(self._folder / "out.csv"), str(self._folder / "out.npz"))
        stand_ins: dict[str, Callable[..., object]] = {
            "ask_open_path": a_document,
            "ask_save_path": a_document,
            "ask_picture_path": lambda *_: chance.choice(("", str(self._folder / "out.png"))),
            "ask_import_path": lambda *_: chance.choice(("", self.any_file())),
            "ask_export_path": lambda *_, **__: (chance.choice(exports), chance.choice((".", ","))),
        }
        for name, stand_in in stand_ins.items():
            setattr(questions, name, stand_in)
        ask = questions.ask_about_changes

        def counted(parent: QWidget, name: str, is_training: bool = False) -> questions.Answer:
            self.asked += 1
            return ask(parent, name, is_training)

        questions.ask_about_changes = counted
