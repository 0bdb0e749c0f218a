"""The command line of a benchmark, and the report of its numbers."""

from __future__ import annotations

import argparse
import json
import os
import platform
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
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
    parser.add_argument("--busy", type=int, default=0, metavar="N", help="N processes spin beside what is measured")
    parser.add_argument("--json", metavar="PATH", help="also write the numbers; - is standard output")
    options = parser.parse_args(arguments)
    with spinning(options.busy):
        numbers = measure(options.quick)
    print(title)
    print(f"  {processor()}{f', {options.busy} processes spin beside it' if options.busy else ''}")
    for name, value in numbers.items():
        print(f"  {name:32s} {value:10.2f}   {targets.get(name, '')}")
    if options.json == "-":
        print(json.dumps(numbers))
    elif options.json:
        Path(options.json).write_text(json.dumps(numbers), encoding="utf-8")
    return 0


@contextmanager
def spinning(count: int) -> Iterator[None]:
    """So many processes that take all the time they get, until they are no longer needed."""
    processes = [subprocess.Popen([sys.executable, "-c", "while True: pass"]) for _ in range(count)]
    try:
        yield
    finally:
        for process in processes:
            process.kill()
            process.wait()


def processor() -> str:
    """The processor of this machine, as the system names it."""
    cpuinfo = Path("/proc/cpuinfo")
    lines = cpuinfo.read_text(encoding="utf-8").splitlines() if cpuinfo.is_file() else []
    names = [line.split(":", 1)[1].strip() for line in lines if line.startswith("model name")]
    return f"{os.cpu_count()} × {names[0] if names else platform.processor() or platform.machine()}"
