"""The rows and sentences that the chain-rule strip shows of a lane, in words and numbers."""

# Tests: tests/gui/layers/test_chain_strip.py

from __future__ import annotations

import math
from dataclasses import dataclass

from engine.insight.diagnosis import Diagnosis, LayerDiagnosis
from gui.text.lab_wording import bound_sentence, chain_sentence, layer_name, weight_factor_text
from gui.text.language import mark, say
from gui.text.numbers import measured, measured_briefly
from gui.text.verdict_wording import looked_at

WAITING = mark("Not measured yet.")


@dataclass(frozen=True, eq=False)
class Row:
    """The row of one layer; the texts are full, and brief for where there is little room."""

    label: str
    brief_label: str
    values: tuple[float, float, float]
    texts: tuple[str, str, str]
    briefly: tuple[str, str, str]
    factor: str
    layer: LayerDiagnosis

    @property
    def bound(self) -> float:
        """The largest slope there can be."""
        return self.layer.slope_bound

    @property
    def tip(self) -> str:
        """All numbers in full, in a sentence that is made when it is asked for."""
        slope = measured(self.layer.rms_slope, 5)
        if self.bound < 1:
            slope = say("{slope} (at most {most:g})", slope=slope, most=self.bound)
        return say(
            "arriving {share} of the signal at the output; factor {factor}, slope {slope}, "
            "weights and all else {weights}",
            share=measured(self.values[2], 5),
            factor=measured(self.layer.factor, 5),
            slope=slope,
            weights=weight_factor_text(self.layer.weight_factor, 5),
        )


@dataclass(frozen=True)
class LaneChain:
    """All that is shown of one lane; rows from the output back to the first layer.

    Attributes:
        bound, undrawn_bound: about what the bounds of slopes do, where their line is drawn and where it is not.
    """

    source: Diagnosis | None
    title: str
    sentence: str
    bound: str
    undrawn_bound: str
    rows: tuple[Row, ...]


def chain_of(diagnosis: Diagnosis | None, title: str) -> LaneChain:
    """All that is shown of a lane, from its diagnosis."""
    if diagnosis is None:
        return LaneChain(None, title, say(WAITING), "", "", ())
    count, products = len(diagnosis.layers), diagnosis.running_products()
    rows = [row_of(layer, index, count, products[index]) for index, layer in enumerate(diagnosis.layers)]
    said = f"{chain_sentence(diagnosis)} {looked_at(diagnosis.n_points, diagnosis.n_training)}".strip()
    bounds = bound_sentence(diagnosis), bound_sentence(diagnosis, is_drawn=False)
    return LaneChain(diagnosis, title, said, *bounds, tuple(reversed(rows)))


def row_of(layer: LayerDiagnosis, index: int, count: int, product: float) -> Row:
    """The row of a layer, of so many."""
    values = (layer.weight_factor, layer.rms_slope, product)
    texts = (weight_factor_text(values[0]), measured(values[1]), measured(values[2]))
    briefly = ("?" if math.isnan(values[0]) else measured_briefly(values[0]), *map(measured_briefly, values[1:]))
    return Row(
        label=layer_name(index, count),
        brief_label=layer_name(index, count, briefly=True),
        values=values,
        texts=texts,
        briefly=(briefly[0], briefly[1], briefly[2]),
        factor=measured(layer.factor),
        layer=layer,
    )
