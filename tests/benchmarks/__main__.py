"""``python -m tests.benchmarks``: every benchmark of this folder in a process of its own, one table after the other."""

from __future__ import annotations

import argparse
import subprocess
import sys
from pathlib import Path

FOLDER = Path(__file__).parent


def names() -> list[str]:
    """The benchmarks, without ``bench_``."""
    return sorted(path.stem.removeprefix("bench_") for path in FOLDER.glob("bench_*.py"))


def main(argv: list[str] | None = None) -> int:
    """Run them; returns 1 if one of them failed."""
    parser = argparse.ArgumentParser(prog="python -m tests.benchmarks", description=__doc__)
    parser.add_argument("names", nargs="*", metavar="NAME", help=f"which ones: {', '.join(names())}; all if none")
    parser.add_argument("--quick", action="store_true", help="whether they work, not how fast")
    options = parser.parse_args(argv)
    if unknown := set(options.names) - set(names()):
        parser.error(f"there is no benchmark {sorted(unknown)[0]!r}; there are {', '.join(names())}")
    failed = []
    for name in options.names or names():
        print(f"== {name}", flush=True)
        command = [sys.executable, "-m", f"{__package__}.bench_{name}", *(["--quick"] if options.quick else [])]
        if subprocess.run(command, cwd=FOLDER.parents[1], check=False).returncode:
            failed.append(name)
        print(flush=True)
    if failed:
        print(f"failed: {', '.join(failed)}", file=sys.stderr)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
