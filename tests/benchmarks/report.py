"""The command line of a benchmark, and the report of its numbers."""

from __future__ import annotations

import argparse
import json
from collections.abc import Callable, Mapping
from pathlib import Path


def report(
    title: str,
    about: str | None,
    measure: Callable[[bool], Mapping[str, float]],
    targets: Mapping[str, str],
    arguments: list[str] | None,
) -> int:
    """Measure and print one table; returns the exit status.

    Args:
        title: over the table.
        about: what ``--help`` says.
        measure: takes whether it is to be quick, only to see that it works; returns the numbers by name.
        targets: of some numbers, as text.
        arguments: of the command line; None: those of the process.
    """
    parser = argparse.ArgumentParser(description=about)
    parser.add_argument("--quick", action="store_true", help="some seconds, to see that it works")
    parser.add_argument("--json", metavar="PATH", help="also write the numbers; - is standard output")
    options = parser.parse_args(arguments)
    numbers = measure(options.quick)
    print(title)
    for name, value in numbers.items():
        print(f"  {name:32s} {value:10.2f}   {targets.get(name, '')}")
    if options.json == "-":
        print(json.dumps(numbers))
    elif options.json:
        Path(options.json).write_text(json.dumps(numbers), encoding="utf-8")
    return 0
