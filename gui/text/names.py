"""The names of everything that can be chosen, and of what a setting is set to.

English names stand in tables here, or beside the members of a choice, and are put into words where they are shown: see
`name_of` and `setting`.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any, TypeVar

import engine.settings
from engine import toy_datasets
from engine.config import (
    SETTINGS,
    Activation,
    Initialization,
    Loss,
    Optimizer,
    Output,
    Schedule,
    ToyDataset,
    TrainingConfig,
    ValueLoss,
)
from engine.insight.field import Shading
from engine.messages import Message, message
from engine.settings import Named
from gui.drawing.options import Spread
from gui.text.language import Language, current, mark, say
from gui.text.setting_rows import ROWS


@dataclass(frozen=True)
class ShadingText:
    """The words for a shading.

    Attributes:
        title: in the menu, with its mnemonic.
        tip: what the colours mean.
        note: the same on the plane; before its colon where there is little room; "" for the usual shading.
    """

    title: str
    tip: str
    note: str = ""


SHADINGS = {
    Shading.CONFIDENCE: ShadingText(
        mark("Class and &Confidence"),
        mark("Each place in the colour of its class, the stronger the further that leads over the next"),
    ),
    Shading.CLASSES: ShadingText(
        mark("C&lass Alone"),
        mark("Each place in the colour of the class that is decided for, everywhere as strong"),
        mark("Class alone: not how sure the network is"),
    ),
    Shading.ENTROPY: ShadingText(
        mark("&Uncertainty (Entropy)"),
        mark("Each place the stronger the less sure the network is: strongest where all classes are equally probable"),
        mark("Uncertainty: strongest where all classes are equally probable"),
    ),
}
CONTOURS = (
    mark("Con&tours of P"),
    mark(
        "Lines on which a probability is 0.1, 0.2 … 0.9: with two classes that of class 1, with more that of the class "
        "that is decided for, or, while “Decisions” is seen, of the class that is compared with the rest"
    ),
)
RINGS = (
    mark("&Ring Misclassified Points"),
    mark("A ring around each point that the network takes for another class, on the plane of each lane"),
)
CHOICES: tuple[type[Named], ...] = (Activation, Initialization, Optimizer, Output, Loss, ValueLoss, Schedule)
"""Whose names stand beside their members."""
TOY_DATASETS = {kind: row.name for kind, row in toy_datasets.ROWS.items()}
SPREADS = {Spread.UNIFORM: mark("Uniform"), Spread.GAUSSIAN: mark("Gaussian")}
NAMES: dict[type[StrEnum], dict[Any, str]] = {
    **{kind: {member: member.label for member in kind} for kind in CHOICES},
    ToyDataset: TOY_DATASETS,
    Spread: SPREADS,
}
CONTEXTS: dict[type[StrEnum], str] = {Activation: "function", Schedule: "schedule"}
"""Of names that have another meaning elsewhere."""


def name_fact(member: StrEnum) -> Message:
    """The name of a choice, to be said later."""
    return message(NAMES[type(member)][member], CONTEXTS.get(type(member), ""))


def name_of(member: StrEnum) -> str:
    """The name of a choice as it is shown."""
    return say(NAMES[type(member)][member], CONTEXTS.get(type(member), ""))


Choice = TypeVar("Choice", bound=StrEnum)


def names_of(members: Iterable[Choice]) -> dict[Choice, str]:
    """The names of choices as they are shown, such as of all members of an enum."""
    return {member: name_of(member) for member in members}


def listed(items: Sequence[object]) -> object:
    """Words, numbers or facts one after the other, as one fact; there is one at least."""
    if len(items) == 1:
        return items[0]
    middle = len(items) // 2  # in halves, so that long lists are not nested deeply
    return message("{some}, {others}", some=listed(items[:middle]), others=listed(items[middle:]))


def listed_words(words: Sequence[str]) -> str:
    """Words as they are shown one after the other."""
    return in_words(listed(words)) if words else ""


def in_words(fact: object) -> str:
    """A fact as it is shown, or what is no fact as it is written."""
    return say(fact) if isinstance(fact, Message) else str(fact)


def setting_fact(name: str, value: object) -> object:
    """The value of a config field: a fact, or what is written alike in all languages."""
    if isinstance(value, StrEnum):
        return name_fact(value)
    if name == "hidden_layers" and isinstance(value, tuple) and not value:
        return message("no hidden layer")
    if name == "hidden_layers" and isinstance(value, tuple):
        return f"{len(value)} × {value[0]}" if len(set(value)) == 1 else listed(value)
    if name == "layer_activations" and isinstance(value, tuple):
        return listed([name_fact(activation) for activation in value]) if value else message("all alike")
    if ROWS[name].is_percent:
        return f"{100 * float(str(value)):.0f} %"
    if isinstance(value, bool):
        return message("on", "switch") if value else message("off", "switch")
    if value is None:
        return message(ROWS[name].nothing, "setting")
    return f"{value:g}" if isinstance(value, float) else str(value)


def setting_title(name: str) -> Message:
    """The name of a setting, to be said later."""
    return message(ROWS[name].title, "setting")


def is_named_by_value(name: str) -> bool:
    """True if the value of a setting says what it is of."""
    return name == "layer_activations" or isinstance(SETTINGS[name].kind, engine.settings.Choice)


def setting(name: str, value: object) -> str:
    """The value of a config field as it is shown."""
    return in_words(setting_fact(name, value))


def named_setting(name: str, value: object) -> str:
    """The name of a config field and its value."""
    return say("{setting} {value}", setting=setting_title(name), value=setting_fact(name, value))


def lane_titles(lanes: Sequence[TrainingConfig]) -> tuple[str, ...]:
    """For each lane what sets it apart from the others; settings that they share are not repeated."""
    return _lane_titles(tuple(lanes), current())


@lru_cache(maxsize=8)
def _lane_titles(lanes: tuple[TrainingConfig, ...], _language: Language) -> tuple[str, ...]:
    differing = [name for name in SETTINGS if len({getattr(lane, name) for lane in lanes}) > 1]
    titles = [_lane_title(number, lane, differing) for number, lane in enumerate(lanes, start=1)]
    earlier = [titles[:place].count(title) for place, title in enumerate(titles)]
    return tuple(f"{title} ({count + 1})" if count else title for title, count in zip(titles, earlier, strict=True))


def _lane_title(number: int, lane: TrainingConfig, differing: Sequence[str]) -> str:
    parts = [
        setting(name, value) if is_named_by_value(name) or value == () else named_setting(name, value)
        for name in differing
        if is_told_of(name, lane)
        for value in [getattr(lane, name)]
    ]
    return listed_words(parts) or say("Lane {number}", number=number)


OF_HIDDEN_LAYERS = ("activation", "layer_activations", "batch_norm", "skip_connections", "dropout")
"""The settings that say nothing of a network without hidden layers."""


def is_told_of(name: str, lane: TrainingConfig) -> bool:
    """True if the title of a lane tells a setting: one that is hidden where it does not matter only where it does."""
    row = ROWS[name]
    if not lane.hidden_layers and name in OF_HIDDEN_LAYERS:
        return False
    return row.matters is None or not row.is_hidden or row.matters(lane)
