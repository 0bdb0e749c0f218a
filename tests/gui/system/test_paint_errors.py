"""An error while painting is logged, and the program goes on."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests import ROOT

PLANTED = """
import sys
import time
from PySide6.QtCore import QTimer
import gui.app
from main import parser
from {module} import {owner}

calls = []

def broken(*arguments, **keywords):
    calls.append(1)
    raise RuntimeError("planted")

{owner}.{method} = broken
original = gui.app.open_window

def open_window(window, size, **keywords):
    original(window, size, **keywords)
    started = time.monotonic()

    def look():
        window.canvas.update()
        if len(calls) > 3 or time.monotonic() - started > 30:
            timer.stop()
            window.close()

    timer = QTimer(window)
    timer.timeout.connect(look)
    timer.start(20)

gui.app.open_window = open_window
sys.exit(gui.app.run(parser().parse_args(["--size", "1366x768", "--train"])))
"""


@pytest.mark.parametrize(
    ("module", "owner", "method"),
    [
        ("gui.canvas.overlay", "Pointer", "paint"),
        ("gui.layers.gradient_plot", "GradientPlot", "_paint_bars"),
        ("gui.canvas.point_layer", "PointLayer", "_paint"),
        ("gui.canvas.field_layer", "FieldLayer", "_paint"),
    ],
)
def test_an_error_while_painting_does_not_end_the_program(module: str, owner: str, method: str) -> None:
    code = PLANTED.format(module=module, owner=owner, method=method)
    result = subprocess.run(
        [sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, timeout=60, check=False
    )

    assert result.returncode == 0, result.stderr[-2000:]
    assert "RuntimeError" in result.stderr
    assert "planted" in result.stderr
