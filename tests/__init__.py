"""The tests; they mirror the program."""

from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
"""The folder of the program."""
