"""The resources that the program shows and reads beside its code, icons and datasets; and where they lie."""

from pathlib import Path

FOLDER = Path(__file__).resolve().parent
ROOT = FOLDER.parent
"""The folder in which ``python -m engine`` finds the program."""
