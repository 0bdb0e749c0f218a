"""The target of a dataset: the class of a point, or a value."""

# Tests: tests/engine/test_dataset.py

from __future__ import annotations

from enum import StrEnum


class Target(StrEnum):
    """The target of a dataset: the class of each point (classification), or its last coordinate (regression)."""

    CLASSES = "classes"
    VALUES = "values"
