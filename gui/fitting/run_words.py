"""The words for a run in the list: what sets it apart from the others, and how it ended."""

# Tests: tests/gui/fitting/test_runs.py

from __future__ import annotations

from collections.abc import Collection, Iterable
from functools import lru_cache

from engine.config import SETTINGS, TrainingConfig
from engine.run.past.run_list import ListedRun
from engine.run.past.run_record import DATA
from gui.text.language import Language, current, mark, say
from gui.text.names import is_named_by_value, is_told_of, listed_words, named_setting, setting, setting_title

ALWAYS = ("activation", "hidden_layers")
"""Settings that every row tells, so that none is empty."""
OF_COLUMNS = ("seed",)
"""Settings that have a column of their own."""
BETWEEN = " · "
MARKED = "★ "
MANY_ROWS = 2048  # whose words are kept


def differing(configs: Iterable[TrainingConfig]) -> tuple[str, ...]:
    """The settings that rows tell: those that are not alike in all of them, and some always."""
    kinds = set(configs)
    names = [name for name in SETTINGS if name in ALWAYS or len({getattr(kind, name) for kind in kinds}) > 1]
    return tuple(name for name in (*ALWAYS, *names) if name not in OF_COLUMNS)


def settings_text(config: TrainingConfig, names: Collection[str]) -> str:
    """These settings of a run, as “Tanh · 8, 8 · L2 0.01”."""
    return _settings_text(config, tuple(dict.fromkeys(names)), current())


@lru_cache(maxsize=MANY_ROWS)
def _settings_text(config: TrainingConfig, names: tuple[str, ...], _language: Language) -> str:
    return BETWEEN.join(
        setting(name, value) if name in ALWAYS or is_named_by_value(name) else named_setting(name, value)
        for name in names
        if is_told_of(name, config)
        for value in [getattr(config, name)]
        if not (name == "layer_activations" and not value)
    )


def number_text(run: ListedRun) -> str:
    """The number of a run, and of its lane if it has several; with a star if it is marked."""
    number, lane = run.record.key
    text = f"{number}.{lane + 1}" if run.has_lanes else f"{number}"
    return MARKED + text if run.is_marked else text


STATES = {
    (False, False): mark("Run {number}"),
    (False, True): mark("Run {number}, marked"),
    (True, False): mark("Run {number}, under way"),
    (True, True): mark("Run {number}, under way, marked"),
}
"""By whether it is under way, and marked."""


def spoken_number(run: ListedRun) -> str:
    """The same for those who hear the list."""
    return say(STATES[run.is_under_way, run.is_marked], number=number_text(run).removeprefix(MARKED))


def facts(run: ListedRun) -> list[str]:
    """Sentences on what the numbers of a run do not tell."""
    record, told = run.record, list[str]()
    if run.is_under_way:
        told.append(say("This run is under way."))
    if record.is_diverged:
        told.append(say("It diverged: a value was not finite."))
    if record.changes:
        names = [say("points") if name == DATA else say(setting_title(name)) for name in record.changes]
        told.append(
            say("Changed while it was trained: {what}. Settings are those at its end.", what=listed_words(names))
        )
    if run.has_other_points:
        told.append(say("It was trained on other points than there are now, so its losses do not compare."))
    return told


def title_of(run: ListedRun, names: Collection[str]) -> str:
    """The name of a run in a legend: the one that it was given, or its number and settings."""
    if run.name:
        return run.name
    settings = settings_text(run.record.config, names)
    return say("{number}: {settings}", number=number_text(run).removeprefix(MARKED), settings=settings)
