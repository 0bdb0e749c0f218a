"""The facts of a setting: its kind and range, whether a change restarts a run, and its option on the command line.

One row a setting, in the metadata of a dataclass field: what is checked, read from the command line and said in the
window about restarts follows from it. No torch.
"""

# Tests: tests/engine/test_config.py

from __future__ import annotations

import math
import operator
from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Protocol, Self

from engine.errors import InputError, as_typed
from engine.messages import Message


class ConfigError(InputError):
    """A setting that is out of its range; the message names the field, its value and the range."""


class Kind(Protocol):
    """The kind of values that a setting has."""

    def checked(self, name: str, value: Any) -> Any:
        """The value of the setting `name` as it is kept, or a ConfigError."""


class Named(StrEnum):
    """A choice with a value that is stored and a template of its name: ``MEMBER = "value", mark("Name")``.

    The name may be left out where a member is found by its value; a test wants one of each member.
    """

    _value_: str
    label: str

    def __new__(cls, value: str, label: str = "") -> Self:
        member = str.__new__(cls, value)
        member._value_, member.label = value, label
        return member


@dataclass(frozen=True)
class Choice:
    """One of the members of an enum, or what is stored for it."""

    choices: type[StrEnum]

    def checked(self, name: str, value: Any) -> StrEnum:
        return checked_choice(name, value, self.choices)


@dataclass(frozen=True)
class Flag:
    """True or false."""

    def checked(self, name: str, value: Any) -> bool:
        return checked_flag(name, value)


@dataclass(frozen=True)
class Whole:
    """A whole number from `low` to `high`."""

    low: int
    high: int

    def checked(self, name: str, value: Any) -> int:
        return checked_whole(name, value, self.low, self.high)


@dataclass(frozen=True)
class Number:
    """A number from `low` to `high`; `above`: larger than `low`, which is 0."""

    low: float
    high: float
    above: bool = False

    def checked(self, name: str, value: Any) -> float:
        number = checked_number(name, value, self.low, self.high)
        if self.above and number == self.low:
            raise ConfigError("{name} is {number:g}; it must be above 0.", name=name, number=number)
        return number


@dataclass(frozen=True)
class Setting:
    """All that is to be known of a setting.

    Attributes:
        kind: of its values; None: the dataclass itself checks it.
        help: what it is, for the help of the command line; "": it has no option of its own.
        restarts: whether a change needs a new run.
        group: of options on the command line, ``network`` or ``training``.
        metavar: what the help calls the value.
        option: the name on the command line, without dashes; "": that of the field.
        is_optional: whether it can be None; a whole number is None for 0 on the command line.
        is_shared: whether all lanes have the same.
    """

    kind: Kind | None
    help: str = ""
    restarts: bool = False
    group: str = "training"
    metavar: str = "X"
    option: str = ""
    is_optional: bool = False
    is_shared: bool = False

    def checked(self, name: str, value: Any) -> Any:
        """The value as it is kept, or a ConfigError."""
        if self.kind is None or (value is None and self.is_optional):
            return value
        return self.kind.checked(name, value)


def setting(default: Any, kind: Kind | None, help: str = "", **facts: Any) -> Any:  # argparse calls it so
    """A field of a dataclass of settings; for `facts` see `Setting`."""
    return field(default=default, metadata={"setting": Setting(kind, help, **facts)})


def settings_of(config: type) -> Mapping[str, Setting]:
    """The settings of a dataclass, by name, in its order."""
    return {entry.name: entry.metadata["setting"] for entry in fields(config) if "setting" in entry.metadata}


def checked_choice(name: str | Message, value: Any, choices: type[StrEnum]) -> StrEnum:
    """The member of `choices` that `value` is or names."""
    if not (isinstance(value, str) and value in list(choices)):  # an enum's own error would quote all of the value
        raise ConfigError(
            "{name} is {value}; it must be one of {choices}.",
            name=name,
            value=as_typed(value),
            choices=", ".join(choices),
        )
    return choices(value)


def checked_flag(name: str, value: Any) -> bool:
    """`value` if it is True or False."""
    if not isinstance(value, bool):
        raise ConfigError("{name} is {value}; it must be true or false.", name=name, value=as_typed(value))
    return value


def checked_whole(name: str | Message, value: Any, low: int, high: int) -> int:
    """`value` as an int in [low, high]."""
    try:
        whole = None if isinstance(value, bool) else operator.index(value)
    except TypeError:
        whole = None
    if whole is None or not low <= whole <= high:
        raise ConfigError(
            "{name} is {value}; it must be a whole number from {low} to {high:,}.",
            name=name,
            value=as_typed(value),
            low=low,
            high=high,
        )
    return whole


def checked_number(name: str, value: Any, low: float, high: float) -> float:
    """`value` as a finite float in [low, high]."""
    try:
        number = math.nan if isinstance(value, (bool, str, bytes, bytearray)) else float(value)
    except (TypeError, ValueError, OverflowError):
        number = math.nan
    if not low <= number <= high:
        raise ConfigError(
            "{name} is {value}; it must be a number from {low:g} to {high:g}.",
            name=name,
            value=as_typed(value),
            low=low,
            high=high,
        )
    return number
