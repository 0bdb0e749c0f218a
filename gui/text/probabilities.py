"""The class probabilities of one point in words: as shown they sum to 100.0 %."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
from numpy.typing import NDArray

from engine.dataset import Dataset
from engine.files.decimals import whole_shares
from engine.isolates import isolated
from gui.text.language import say
from gui.text.numbers import signed

UNKNOWN = "…"


def percents(probabilities: NDArray[np.floating]) -> list[str]:
    """The probabilities of all classes at one point, as 97.5 %; together they are 100.0 %."""
    if not np.isfinite(probabilities).all():
        return ["–"] * len(probabilities)
    return [f"{tenths / 10:.1f} %" for tenths in whole_shares(probabilities).tolist()]


def percents_apart(probabilities: NDArray[np.floating]) -> list[str]:
    """Probabilities that need not sum to 1, each rounded for itself."""
    return [f"{100 * value:.1f} %" if np.isfinite(value) else "–" for value in probabilities.tolist()]


def class_probabilities(
    names: Sequence[str], probabilities: NDArray[np.floating] | None, *, is_distribution: bool = True, most: int = 3
) -> str:
    """The largest probabilities at one point in the order of the classes, what the others have together as one number.

    Args:
        names: of all classes.
        probabilities: float ndarray of shape (n_classes,), or None if they are not known yet.
        is_distribution: whether they sum to 1.
        most: classes that are told of.
    """
    if probabilities is None:
        return "   ".join(f"P({isolated(name)}) {UNKNOWN}" for name in names[:most])
    shown = sorted(np.argsort(probabilities)[-most:].tolist())
    texts = percents(probabilities) if is_distribution else percents_apart(probabilities)
    parts = [f"P({isolated(names[label])}) {texts[label]}" for label in shown]
    if not is_distribution:
        return "   ".join([say("sum {total:.2f}, need not be 1:", total=float(probabilities.sum())), *parts])
    others = [label for label in range(len(names)) if label not in shown]
    if others and np.isfinite(probabilities).all():
        tenths = whole_shares(probabilities)
        parts.append(say("others {share:.1f} %", share=tenths[others].sum() / 10))
    return "   ".join(parts)


def said_there(dataset: Dataset, found: NDArray[np.floating] | None, *, is_distribution: bool = True) -> str:
    """The answer of a network at one point: class probabilities, or the value where these are learned.

    Args:
        dataset: that it learns.
        found: float ndarray of shape (n_classes,), or (1,) of a value; None if it is not known yet.
        is_distribution: whether probabilities sum to 1.
    """
    if not dataset.has_values:
        return class_probabilities(dataset.class_names, found, is_distribution=is_distribution)
    return say("learned value {value}", value=UNKNOWN if found is None else signed(float(found[0]), 4))
