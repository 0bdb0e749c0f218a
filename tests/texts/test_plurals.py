"""What is counted is right for one, too: no "1 steps" in any sentence of the program."""

from __future__ import annotations

import re

import pytest

from tests.texts.marked import marked

COUNTED = re.compile(
    r"\{(\w+)(?::[^}]*)?\} (?:[a-z]+ )?"
    r"(characters|classes|columns|coordinates|entries|epochs|features|files|labels|lanes|layers|lines|lists|marks|names|"
    r"numbers|parts|points|rows|runs|samples|seeds|steps|tables|texts|times|units|values|weights|windows)\b"
)
"""A number, and what there are many of."""
LIMIT = re.compile(r"at most \{most|must have 1 to \{most|must be 1 to \{most|\{most[^}]*\} are possible")
"""Words of a sentence about a number beyond a limit, which is never one."""
NEVER_ONE = {
    "most": "a limit",
    "n_classes": "a dataset has two or more",
    "its_classes": "a dataset has two or more",
    "n_features": "points have two or more",
    "n_coordinates": "points have two or more",
    "n_drawn": "points have two or more",
    "n_files": "of one nothing is said",
    "factor": "a measured number, such as 1.0",
    "forward": "a measured number, such as 1.0",
    "together": "a measured number, such as 1.0",
    "speed": "a measured number, such as 1.0",
    "label": "no number of labels",
    "name": "no number",
    "shape": "no number",
}
NEVER_ONE_IN = {
    "epochs": "It still guesses if after",
    "times": "Holds if a value takes over",
    "n_columns": "which is too much",
    "n_widths": "it must have 0 to",
}
"""Numbers that are constants or large in a sentence with these words."""


def wrong_for_one(text: str, many: str) -> list[str]:
    """The numbers of a text, other than the one by which its form is chosen, with a word that is wrong for one."""
    found = []
    for number, word in COUNTED.findall(many or text):
        is_chosen = bool(many) and number == "n"
        is_more = number in NEVER_ONE or NEVER_ONE_IN.get(number, "\0") in text or LIMIT.search(text)
        if not is_chosen and not is_more:
            found.append(f"{{{number}}} {word}")
    return found


@pytest.mark.parametrize(
    ("text", "many", "expected"),
    [
        ("Epoch {epoch} · {steps} steps", "", ["{steps} steps"]),
        ("{subject}, {epochs:,} epochs, one seed.", "{subject}, {epochs:,} epochs, {n} seeds.", ["{epochs} epochs"]),
        ("{n} of the hidden layer", "{n} hidden layers", []),
        ("There are {n_layers} hidden layers; at most {most} are possible.", "", []),
    ],
)
def test_a_word_that_is_wrong_for_one_is_found(text: str, many: str, expected: list[str]) -> None:
    assert wrong_for_one(text, many) == expected


def test_every_number_that_may_be_one_has_a_word_for_one() -> None:
    texts = marked()
    assert len(texts) > 500
    assert [(found.place, wrong) for found in texts for wrong in wrong_for_one(found.text, found.many)] == []
