"""The names of undo steps, as facts: the history words them when it shows them."""

from __future__ import annotations

from engine.config import SETTINGS, TrainingConfig
from engine.messages import NOTHING, Message, message
from gui.drawing.tools import Tool
from gui.text.language import mark, say
from gui.text.names import is_named_by_value, setting_fact, setting_title


def stroke_edit(tool: Tool, n: int, class_name: str) -> Message:
    """The name of the undo step of a stroke; nothing if it changed nothing.

    Args:
        tool: that made it.
        n: points added, removed or altered.
        class_name: of the class that was drawn.
    """
    return tool.facts.step(n, class_name) if n else NOTHING


def config_edit(before: TrainingConfig, after: TrainingConfig) -> tuple[Message, str]:
    """The name of an undo step of settings, and a key that is the same for numbers of the same field, else "".

    An arrow that is held goes through many numbers on the way to one; each choice of a list or a box is meant.
    """
    changed = [name for name in SETTINGS if getattr(before, name) != getattr(after, name)]
    if len(changed) == 2 and "layer_activations" in changed and changed[0] in ("hidden_layers", "activation"):
        changed.remove("layer_activations")  # which follows them
    if len(changed) != 1:
        return message("Change Settings"), ""
    name = changed[0]
    value = getattr(after, name)
    is_number = not is_named_by_value(name) and not isinstance(value, bool)
    step = message("Change {setting} to {value}", setting=setting_title(name), value=setting_fact(name, value))
    return step, name if is_number else ""


UNDO = (mark("&Undo"), mark("&Undo {step}"), mark("Undo {step}"), mark("Nothing to undo"))
REDO = (mark("&Redo"), mark("&Redo {step}"), mark("Redo {step}"), mark("Nothing to redo"))
"""In the menu without and with the name of the step, and at the button: the step, or that there is none."""


def history_texts(texts: tuple[str, str, str, str], step: str, *, can: bool) -> tuple[str, str]:
    """The entry of the menu that goes one step back or forth, and what is said of it."""
    plain, named, tip, nothing = texts
    entry = say(named, step=step.replace("&", "&&")) if step else say(plain)
    return entry, say(tip, step=step) if can else say(nothing)
