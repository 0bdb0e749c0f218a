"""Numbers as they are shown: measured values, shares, losses, times."""

from __future__ import annotations

import math

from engine.learning.metrics import Metrics
from gui.text.language import count, say

SUPERSCRIPTS = str.maketrans("-0123456789", "⁻⁰¹²³⁴⁵⁶⁷⁸⁹")


def scientific(value: float, digits: int = 1) -> str:
    """A number of 0 or more with so many digits, as 4·10⁻¹⁴, or plainly where that is as short."""
    if value == 0:
        return "0"
    if not math.isfinite(value):
        return say("not finite")
    if 0.01 <= value < 1000:
        # as many digits as are asked for, 3.00 beside 3.30·10⁻³; a mark on an axis, of one digit, is as short as can be
        plain = f"{value:#.{digits}g}".rstrip(".") if digits > 1 else f"{value:.2g}"
        return f"{value:.0f}" if "e" in plain else plain
    mantissa, exponent = f"{value:.{digits - 1}e}".split("e")
    power = power_of_ten(int(exponent))
    return power if mantissa == "1" else f"{mantissa}·{power}"


def power_of_ten(exponent: int) -> str:
    """Ten to a whole power, as 10⁻¹⁴."""
    return f"10{str(exponent).translate(SUPERSCRIPTS)}"


def with_minus(text: str) -> str:
    """A number as Python writes it, with the sign of mathematics."""
    return text.replace("-", "−")


def signed(value: float, digits: int = 2) -> str:
    """A number of any sign."""
    return f"−{scientific(-value, digits)}" if value < 0 else scientific(value, digits)


def measured(value: float, digits: int = 2) -> str:
    """A measured factor; what is exactly 0 or no finite number is told in words."""
    if value == 0:
        return say("exactly 0")
    if math.isnan(value):
        return say("not a number")
    if math.isinf(value):
        return say("infinite")
    return scientific(value, digits)


def measured_briefly(value: float) -> str:
    """The same where there is little room."""
    if math.isnan(value):
        return say("nan")
    return "∞" if math.isinf(value) else scientific(value)


def r_squared(value: float) -> str:
    """R², as 0.940; what has no meaning is a dash."""
    return with_minus(f"{value:.3f}") if math.isfinite(value) else "–"


def decimal(value: float) -> str:
    """A coordinate with three decimals, or fewer digits where it is large."""
    return f"{value:.3f}" if abs(value) < 1000 else f"{value:,.6g}"


def percent(share: float) -> str:
    """A share as 97.5 %, or a dash where there is none."""
    if math.isnan(share):
        return "–"
    # 100 % means all of them
    return f"{math.floor(1000 * share) / 10 if share > 0.999 else 100 * share:.1f} %"


def scores(metrics: Metrics, *, has_values: bool) -> tuple[str, str]:
    """The accuracies of training and validation points, or R² where values are learned."""
    _, _, train, validation = metrics.curve
    return (r_squared(train), r_squared(validation)) if has_values else (percent(train), percent(validation))


def times(now: float, before: float) -> str:
    """The factor by which a number of 0 or more has grown."""
    ratio = 1.0 if now == before else now / before if before > 0 else math.inf
    return f"{ratio:.1f}" if ratio < 1000 else measured_briefly(ratio)


def loss(value: float) -> str:
    """A loss with four significant digits, or a dash where there is none."""
    if math.isnan(value):
        return "–"
    if math.isinf(value):
        return "∞"
    return f"{value:.4f}" if 0.001 <= value < 1000 else scientific(value, 3)


def duration(seconds: float) -> str:
    """A time to wait, such as 40 s or 2 min 5 s."""
    whole = math.ceil(seconds)
    if whole < 60:
        return say("{seconds} s", seconds=whole)
    return say("{minutes} min {seconds} s", minutes=whole // 60, seconds=whole % 60)


def elapsed(seconds: float) -> str:
    """A time that has gone by, as a clock shows it: 0:05, 12:40, 1:02:03."""
    minutes, rest = divmod(int(seconds), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


def points(n: int) -> str:
    """A number of points."""
    return count("{n:,} point", "{n:,} points", n)
