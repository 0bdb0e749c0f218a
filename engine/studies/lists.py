"""Lists with commas on the command line: of choices, and of seeds. Importing this needs the standard library only."""

# Tests: tests/engine/studies/test_front.py

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum
from typing import TypeVar

from engine.config import MAX_SEED
from engine.errors import InputError, as_typed, shown
from engine.settings import checked_choice, checked_whole

Choice = TypeVar("Choice", bound=StrEnum)

MAX_SEEDS = 1000  # of a range
MAX_NETWORKS = 10_000  # that one study compares


def checked_choices(name: str, text: str, choices: type[Choice]) -> tuple[Choice, ...]:
    """The members that a list with commas names; “all” are all."""
    names = list(choices) if text == "all" else text.split(",")
    return tuple(choices(checked_choice(name, part.strip(), choices)) for part in names)


def all_seeds(text: str) -> tuple[int, ...]:
    """The seeds that a list with commas names."""
    return tuple(seed for part in text.split(",") for seed in checked_seeds(part.strip()))


def checked_seeds(text: str) -> range:
    """The seeds that a number or a range such as 0-9 stands for."""
    first, dash, last = text.partition("-")
    if not first.isdecimal() or (dash and not last.isdecimal()):
        raise InputError(
            "seeds has {value}; seeds are whole numbers such as 3, or a range such as 0-9.", value=as_typed(text)
        )
    if dash and int(last[:20]) < int(first[:20]):
        raise InputError("seeds has the range {range}, which runs backwards.", range=shown(text))
    low = checked_whole("seeds", int(first[:20]), 0, MAX_SEED)
    high = checked_whole("seeds", int(last[:20]), low, min(low + MAX_SEEDS - 1, MAX_SEED)) if dash else low
    return range(low, high + 1)


def check_each_once(name: str, values: Sequence[object]) -> None:
    """Raise an InputError unless there is at least one value, and none twice."""
    if not values:
        raise InputError("{name} is empty; the study needs at least one.", name=name)
    twice = next((value for value in values if values.count(value) > 1), None)
    if twice is not None:
        raise InputError("{name} has {value} twice; once is enough.", name=name, value=twice)
