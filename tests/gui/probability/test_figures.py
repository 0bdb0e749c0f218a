"""The numbers of a card against torch in double precision, against the slides, and their sums."""

from __future__ import annotations

from decimal import Decimal

import numpy as np
import pytest
import torch

from engine.config import Loss, Output
from engine.insight.inspection import Inspection, inspect_logits
from gui.probability.figures import Column, Digits, Stated, columns_of, number, power

PETS = (2.0, 1.0, 0.1)
SUPERSCRIPTS = str.maketrans("⁻⁰¹²³⁴⁵⁶⁷⁸⁹", "-0123456789")


def value(text: str) -> float:
    """The number that a text means."""
    mantissa, _, exponent = text.removeprefix("÷ ").replace("−", "-").partition("·10")
    return float(mantissa.removesuffix(" %")) * float(f"1e{exponent.translate(SUPERSCRIPTS) or 0}")


def by_title(columns: tuple[Column, ...]) -> dict[str, Column]:
    return {column.title: column for column in columns}


def values(column: Column) -> list[float]:
    return [value(text) for text in column.cells if text]


def oracle(logits: list[float], output: Output, loss: Loss, label: int) -> tuple[list[float], list[float]]:
    """P of each class and the derivative of the loss by each logit, by torch's autograd."""
    z = torch.tensor(logits, dtype=torch.float64, requires_grad=True)
    target = torch.nn.functional.one_hot(torch.tensor(label), max(2, len(logits))).double()
    match output:
        case Output.SOFTMAX:
            p = torch.softmax(z, 0)
        case Output.SIGMOID:
            p = torch.stack([1 - torch.sigmoid(z[0]), torch.sigmoid(z[0])])
        case _:
            p = torch.sigmoid(z)
    units, wanted = (p[1:], target[1:]) if output is Output.SIGMOID else (p, target)
    if loss is Loss.MSE:
        made = ((units - wanted) ** 2).sum()
    elif output is Output.SOFTMAX:
        made = -torch.log(p[label])
    else:
        made = -(wanted * torch.log(units) + (1 - wanted) * torch.log(1 - units)).sum()
    made.backward()  # type: ignore[no-untyped-call]
    assert z.grad is not None
    return p.tolist(), z.grad.tolist()


@pytest.mark.parametrize("loss", [Loss.CROSS_ENTROPY, Loss.MSE])
@pytest.mark.parametrize("output", [Output.SOFTMAX, Output.SIGMOID, Output.INDEPENDENT_SIGMOIDS])
def test_the_numbers_are_those_of_torch(output: Output, loss: Loss) -> None:
    random = np.random.default_rng(3)
    for n_units in (2, 3, 10):
        logits = random.normal(0, 4, 1 if output is Output.SIGMOID else n_units).tolist()
        label = int(random.integers(0, max(2, len(logits))))
        inspection = inspect_logits(logits, output, label, loss=loss)
        shown = by_title(columns_of(inspection, with_sigmoids=True))
        probabilities, errors = oracle(logits, output, loss, label)
        assert values(shown["z"]) == pytest.approx(logits, rel=5e-4, abs=1e-300)
        assert values(shown["P"]) == pytest.approx(probabilities, rel=5e-4, abs=1e-300)
        assert values(shown["∂L/∂z"]) == pytest.approx(errors, rel=5e-4, abs=1e-300)
        assert values(shown["y"]) == [float(row == label) for row in range(len(probabilities))]
        if output is Output.SOFTMAX:
            exps = torch.exp(torch.tensor(logits, dtype=torch.float64))
            assert values(shown["eᶻ"]) == pytest.approx(exps.tolist(), rel=5e-4, abs=1e-300)
            assert values(shown["÷ Σ"]) == pytest.approx([float(exps.sum())] * n_units, rel=5e-4, abs=1e-300)
            sigmoids = torch.sigmoid(torch.tensor(logits, dtype=torch.float64))
            assert values(shown["σ(z)"]) == pytest.approx(sigmoids.tolist(), rel=5e-4, abs=1e-300)
            assert value(shown["σ(z)"].total) == pytest.approx(float(sigmoids.sum()), rel=5e-4, abs=1e-300)


def test_what_the_rows_add_to_the_loss_sums_to_it() -> None:
    for output, loss, title in (
        (Output.INDEPENDENT_SIGMOIDS, Loss.CROSS_ENTROPY, "loss of the unit"),
        (Output.INDEPENDENT_SIGMOIDS, Loss.MSE, "(P − y)²"),
        (Output.SOFTMAX, Loss.MSE, "(P − y)²"),
    ):
        inspection = inspect_logits(PETS, output, 1, loss=loss)
        column = by_title(columns_of(inspection))[title]
        assert value(column.total) == pytest.approx(inspection.loss, rel=5e-4)
        assert sum(values(column)) == pytest.approx(inspection.loss, rel=1e-3)


def test_the_slide_of_cat_dog_and_rabbit_to_its_digits() -> None:
    shown = by_title(columns_of(inspect_logits(PETS, "softmax", 0), Digits.DECIMALS, with_sigmoids=True))
    assert (shown["σ(z)"].cells, shown["σ(z)"].total) == (("0.88", "0.73", "0.52"), "2.13")
    assert (shown["eᶻ"].cells, shown["eᶻ"].total) == (("7.39", "2.72", "1.11"), "11.22")
    assert (shown["P"].cells, shown["P"].total) == (("0.66", "0.24", "0.10"), "1")
    assert set(shown["÷ Σ"].cells) == {"÷ 11.22"}
    alone = by_title(columns_of(inspect_logits(PETS, "independent_sigmoids"), Digits.DECIMALS))
    assert (alone["P"].cells, alone["P"].total) == (("0.88", "0.73", "0.52"), "2.13")


def test_the_slides_of_the_loss_to_their_digits() -> None:
    single = by_title(columns_of(inspect_logits([np.log(4)], "sigmoid", 1)))
    assert (single["P"].cells[1], single["−log P"].cells[1]) == ("0.8000", "0.2231")
    stated = by_title(columns_of(Stated(np.array([0.7, 0.2, 0.1]), 0)))
    assert (stated["P"].cells[0], stated["−log P"].cells[0]) == ("0.7000", "0.3567")
    assert by_title(columns_of(Stated(np.full(6, 1 / 6))))["P"].cells == ("0.1667",) * 6


def test_percents_of_a_distribution_are_100_as_they_are_shown() -> None:
    random = np.random.default_rng(1)
    for _ in range(50):
        inspection = inspect_logits(random.normal(0, 3, random.integers(2, 11)), "softmax")
        shown = by_title(columns_of(inspection))["%"]
        assert sum(Decimal(text.removesuffix(" %")) for text in shown.cells) == 100
        assert shown.total == "100.0 %"
        decimals = by_title(columns_of(inspection, Digits.DECIMALS))["P"]
        assert sum(map(Decimal, decimals.cells)) == 1
    alone = by_title(columns_of(inspect_logits(PETS, "independent_sigmoids")))["%"]
    assert (alone.total, "100.0 %" in alone.tip) == ("213.7 %", False)
    assert "100.0 %" in shown.tip
    assert "100.0 %" not in by_title(columns_of(Stated(np.array([0.7, 0.7]))))["%"].tip


def test_the_shift_by_the_largest_logit_changes_no_probability() -> None:
    inspection = inspect_logits(PETS, "softmax")
    plain, shifted = (by_title(columns_of(inspection, is_shifted=is_shifted)) for is_shifted in (False, True))
    assert plain["P"] == shifted["P"]
    assert shifted["eᶻ⁻ᵐᵃˣ"].cells == ("1.000", "0.3679", "0.1496")
    assert shifted["eᶻ⁻ᵐᵃˣ"].total == "1.517"
    for row, text in enumerate(shifted["eᶻ⁻ᵐᵃˣ"].cells):
        assert value(text) / 1.517 == pytest.approx(value(plain["P"].cells[row]), rel=1e-3)


@pytest.mark.parametrize("exponent", [10_000.0, -10_000.0, 709.5, -745.0, 2302.585092994, 230.2585092994])
def test_powers_beyond_double_precision_are_written_all_the_same(exponent: float) -> None:
    mantissa, _, decades = power(exponent).partition("·10")
    assert 1 <= float(mantissa) < 10
    shown = Decimal(mantissa).scaleb(int(decades.translate(SUPERSCRIPTS)))
    assert float(shown / Decimal(exponent).exp()) == pytest.approx(1, abs=6e-4)


def test_logits_of_ten_thousand_have_numbers_everywhere() -> None:
    for output in (Output.SOFTMAX, Output.INDEPENDENT_SIGMOIDS):
        inspection: Inspection = inspect_logits([1e4, -1e4, 0.0], output, 1)
        texts = [text for column in columns_of(inspection) for text in (*column.cells, column.total) if text]
        assert all(np.isfinite(value(text)) for text in texts if "10⁻⁴" not in text and "10⁴" not in text)
        assert by_title(columns_of(inspection))["z"].cells == ("1.000·10⁴", "−1.000·10⁴", "0")
    far = by_title(columns_of(inspect_logits([1000.0, -3.0], "softmax")))["P"].cells[1]
    wanted = Decimal(-1003).exp()
    assert far == f"{wanted:.3e}".replace("e-436", "·10⁻⁴³⁶"), "it is not 0"


def test_numbers_that_are_no_probabilities_are_shown_as_they_are() -> None:
    shown = by_title(columns_of(Stated(np.array([1.2, -0.3, 0.0, 1.0]), 0)))
    assert shown["P"].cells == ("1.200", "−0.3000", "0", "1.000")
    assert shown["P"].total == "1.900"
    assert shown["−log P"].cells == ("–", "–", "∞", "0")


def test_two_decimals_have_the_sign_of_what_is_left() -> None:
    assert [number(each, Digits.DECIMALS) for each in (-0.001, -0.25, 2.675, 1e9)] == [
        "0.00",
        "−0.25",
        "2.67",
        "1.000·10⁹",
    ]
