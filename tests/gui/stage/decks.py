"""Decks without a session, to be shown lanes by hand."""

from __future__ import annotations

from PySide6.QtGui import QAction
from PySide6.QtWidgets import QMainWindow
from pytestqt.qtbot import QtBot

from gui.menus import make_actions
from gui.stage.deck import Deck
from gui.system.preferences import Preferences


def make_deck(qtbot: QtBot, planted: str = "", *, size: tuple[int, int] = (480, 640)) -> Deck:
    """A deck in a window of its own, with the actions of the program and one that is planted, if any is."""
    window = QMainWindow()
    qtbot.addWidget(window)
    actions = make_actions(window)
    if planted:
        actions[planted] = QAction(planted, window, checkable=True)
    deck = Deck(actions, Preferences())
    window.setCentralWidget(deck)
    window.resize(*size)
    deck.destroyed.connect(lambda: window)  # which nobody else keeps
    return deck
