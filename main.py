"""Marz: draw points, train a network, watch the boundary. ``python main.py --help`` lists the options."""

from __future__ import annotations

import argparse
import gc
import re
import signal
import sys

from engine.errors import as_typed
from engine.files.whole_files import local_path
from engine.options import Parser, add_experiment_options
from engine.studies.presets import OPTIONS
from engine.version import VERSION


def parser() -> Parser:
    """The options of the window; making it needs neither Qt nor torch."""
    result = Parser(prog="marz", description="Marz, a visual trainer for classification.")
    result.add_argument(
        "file",
        nargs="?",
        type=local_path,
        metavar="FILE",
        help="an experiment saved by Marz, or a table, spreadsheet or NPZ file of points",
    )
    add_experiment_options(result)
    window = result.add_argument_group("window")
    window.add_argument("--lab", choices=tuple(OPTIONS), help="a comparison that is ready made")
    window.add_argument("--train", action="store_true", help="begin to train at once")
    window.add_argument("--epochs", type=whole_number, metavar="N", help="train so many epochs, then pause")
    window.add_argument(
        "--screenshot",
        metavar="PNG",
        help="train --epochs epochs (--lab course-table: 50), save the window as PNG, and end",
    )
    window.add_argument("--size", type=window_size, metavar="WxH", help="size of the window in pixels")
    window.add_argument("--theme", choices=("system", "light", "dark"), help="colours of the window")
    window.add_argument(
        "--reset-settings", action="store_true", help="forget window, theme, tools and recent files first"
    )
    window.add_argument("--presentation", action="store_true", help="begin with the presentation, for a lecture hall")
    result.add_argument("--version", action="version", version=f"Marz {VERSION}")
    return result


def whole_number(text: str) -> int:
    """A number of epochs."""
    if not re.fullmatch(r"\d{1,9}", text):
        raise argparse.ArgumentTypeError(f"{as_typed(text)} is not a whole number of 0 or more")
    return int(text)


def window_size(text: str) -> str:
    """A size such as 1366x768."""
    if not re.fullmatch(r"[1-9]\d{2,3}x[1-9]\d{2,3}", text.lower()):
        raise argparse.ArgumentTypeError(f"{as_typed(text)} is not a size such as 1366x768")
    return text


def main(arguments: list[str] | None = None) -> int:
    """Start the program; returns the exit status."""
    options = parser().parse_args(arguments)
    if options.screenshot and options.train and not options.epochs:
        parser().error("--screenshot with --train needs --epochs N, at which the picture is taken")
    # until the window listens, Ctrl+C ends the process at once: a traceback of what it is importing helps nobody
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    # what is imported stays, and to look through it takes a twentieth of the start; see `gui.app.collect_here`
    gc.disable()
    try:
        from gui.app import run

        return run(options)
    finally:
        signal.signal(signal.SIGINT, before)


if __name__ == "__main__":
    sys.exit(main())
