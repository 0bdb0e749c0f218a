"""``python -m tests.trials KIND``: one long trial, its figures, and every fault it found."""

from __future__ import annotations

import argparse
import faulthandler
import os
import sys
import tempfile
import time
from pathlib import Path

MAX_GAPS = 12  # that are told: those in which most was computed, by the window or beside it


def main(argv: list[str] | None = None) -> int:
    """Run a trial; returns 1 if it found a fault."""
    parser = argparse.ArgumentParser(prog="python -m tests.trials", description=__doc__)
    parser.add_argument("kind", choices=("window", "files", "kills"), help="random events, damaged files, or kills")
    parser.add_argument("--seed", type=int, default=1, help="of everything that is left to chance")
    parser.add_argument("--number", type=int, default=1000, help="of events, of files of each kind, or of kills")
    parser.add_argument("--seconds", type=float, default=0.0, help="how long events are sent, whatever their number")
    parser.add_argument("--pause", type=int, default=0, help="milliseconds between two events")
    options = parser.parse_args(argv)
    faulthandler.enable()
    folder = Path(tempfile.mkdtemp(prefix="marz-trial-"))
    use_home(folder / "home")
    begin = time.monotonic()
    faults = {"window": events, "files": files, "kills": kills}[options.kind](options, folder)
    print(f"{time.monotonic() - begin:.0f} s; {len(faults)} faults" + (f", files in {folder}" if faults else ""))
    for fault in faults[:40]:
        print(f"- {fault}")
    return 1 if faults else 0


def use_home(home: Path) -> None:
    """Settings, logs and recovery files are the trial's own."""
    home.mkdir()
    os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
    for name in ("HOME", "USERPROFILE", "APPDATA", "LOCALAPPDATA"):
        os.environ[name] = str(home)
    for name in ("CONFIG", "DATA", "STATE", "CACHE"):
        os.environ[f"XDG_{name}_HOME"] = str(home / name.lower())


def events(options: argparse.Namespace, folder: Path) -> list[str]:
    """Random events in the real window."""
    from tests.trials.monkey import try_window  # after the home is set, which Qt reads once

    number = options.number if not options.seconds else 10**9
    report = try_window(folder, options.seed, number, seconds=options.seconds, pause=options.pause)
    megabytes = ", ".join(f"{size:.0f}" for size in spread(report.megabytes))
    kinds = ", ".join(f"{name} {count:,}" for name, count in report.kinds.most_common())
    print(f"{report.n_events:,} events ({kinds}); {report.n_windows} windows; {report.n_checks} checks")
    print(f"longest gap {report.longest_gap:,} ms; memory {megabytes} MB")
    for gap in sorted(report.gaps, key=lambda gap: gap.computed + gap.others, reverse=True)[:MAX_GAPS]:
        print(f"  {gap.milliseconds:,} ms, {gap.computed:,} computing, others {gap.others:,}: {gap.place}")
    return report.faults


def spread(values: list[float], number: int = 12) -> list[float]:
    """Some of the values, evenly."""
    return values[:: max(1, len(values) // number)]


def files(options: argparse.Namespace, folder: Path) -> list[str]:
    """Damaged files of every kind."""
    from tests.trials.files import READERS, try_files

    faults = []
    for kind in READERS:
        outcome = try_files(kind, options.number, options.seed, folder)
        print(f"{kind}: {outcome.n_read:,} read, {outcome.n_refused:,} refused; slowest {outcome.slowest:.2f} s")
        faults += [f"{kind}, {fault}" for fault in outcome.faults]
    return faults


def kills(options: argparse.Namespace, folder: Path) -> list[str]:
    """Processes that are killed while they paint and save."""
    from tests.trials.kills import try_kills, try_starters

    painted = try_kills(folder, options.number, options.seed)
    started = try_starters(folder / "starters", options.number, options.seed)
    print(f"{painted.n_kills} kills of painters, {painted.n_in_stroke} in the middle of a stroke")
    print(f"{started.n_starters} kills while work of others was taken over")
    return [*painted.faults, *started.faults]


if __name__ == "__main__":
    sys.exit(main())
