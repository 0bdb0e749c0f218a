"""The picture of the output layer beside its setting."""

from __future__ import annotations

from dataclasses import replace

from pytestqt.qtbot import QtBot

from engine.config import Output, TrainingConfig
from gui.main_window import MainWindow
from gui.paint.theme import CLASS_COLOURS
from gui.settings.output_picture import OutputPicture
from tests.gui.conftest import MakeStill
from tests.gui.pictures import of_colour, pixels


def test_it_shows_what_automatic_stands_for(qtbot: QtBot) -> None:
    picture, shown = OutputPicture(), list[Output]()
    qtbot.addWidget(picture)
    picture.show_config(TrainingConfig())
    shown.append(picture.output)
    assert "One unit is enough for two classes" in picture.toolTip()
    picture.show_classes((0, 1, 3))
    shown.append(picture.output)
    assert of_colour(pixels(picture), CLASS_COLOURS[3]).any()
    assert not of_colour(pixels(picture), CLASS_COLOURS[2]).any()
    picture.show_config(replace(TrainingConfig(), output=Output.INDEPENDENT_SIGMOIDS))
    shown.append(picture.output)
    assert "no distribution" in picture.toolTip()
    assert shown == [Output.SIGMOID, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS]


def test_one_unit_for_more_than_two_classes_is_never_shown(qtbot: QtBot) -> None:
    picture = OutputPicture()
    qtbot.addWidget(picture)
    picture.show_config(TrainingConfig())
    picture.show_classes((0, 1, 2))
    picture.show_config(replace(TrainingConfig(), output=Output.SIGMOID))
    assert picture.output is Output.SOFTMAX


def picture_of(window: MainWindow) -> OutputPicture:
    found = window.control_panel.findChild(OutputPicture)
    assert isinstance(found, OutputPicture)
    return found


def test_in_the_window_it_follows_the_classes_and_the_setting(make_still: MakeStill) -> None:
    window = make_still(1280, 720)
    shown = [picture_of(window).output]
    window._editor.add_class()
    shown.append(picture_of(window).output)
    window._lanes.use_config(replace(window._lanes.config, output=Output.INDEPENDENT_SIGMOIDS))
    assert [*shown, picture_of(window).output] == [Output.SIGMOID, Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS]
    panel = window.control_panel
    panel.more.toggle()
    form = panel._more.layout
    rows = [form.getWidgetPosition(part)[0] for part in (panel.boxes["output"], picture_of(window))]  # type: ignore[index]
    assert rows[1] == rows[0] + 1, "under the list of outputs"
