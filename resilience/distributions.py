"""Quantities that a person can give, with exact mean and variance. A distribution bends a uniform; it draws nothing.

Here: the plain number, the metalog, probabilities. The other forms of range, and how all are written: `ranges`.

A range {low, likely, high} names the 10 %, 50 % and 90 % points. With L = ln(u/(1−u)) the three-term metalog is

    M(u) = a1 + a2·L + a3·(u − ½)·L

and the quantity is M for a real number, exp M for an amount (never below 0), 1/(1 + exp −M) for a share (within 0, 1).
Through the three points z10, z50, z90 (of x, ln x or logit x; ln 9 = L(0.9)):

    a1 = z50,  a2 = (z90 − z10)/(2 ln 9),  a3 = (z90 + z10 − 2 z50)/(0.8 ln 9)

M rises everywhere if and only if |a3| < a2·2/t, t = 1.19967864… the root of t·tanh t = 1: M′·u(1−u) = a2 + a3·g(u),
where g(u) = u − ½ + u(1−u)L is largest, t/2, where L = 2t.
Source: T. W. Keelin, The Metalog Distributions, Decision Analysis 13(4), 2016.
"""

from __future__ import annotations

import enum
import math
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final, Literal, TypeVar

import numpy as np

from resilience.errors import shown

Bounds = Literal["real", "amount", "share"]
CODES: Final[dict[str, int]] = {"real": 0, "amount": 1, "share": 2}
LN9: Final = math.log(9)
WIDER: Final = 1.5  # "our ranges are too narrow": the spread times this
STEEPEST: Final = 2 / 1.1996786402577339  # largest |a3|/a2 of a rising metalog: 1.66711…
U = TypeVar("U", float, np.ndarray)


@dataclass(frozen=True)
class Exact:
    """A quantity known exactly, in the unit of its field."""

    value: float

    def quantile(self, u: U) -> U:
        """The value, whatever u; shape of u."""
        return self.value + 0 * u

    def mean(self) -> float:
        return self.value

    def variance(self) -> float:
        return 0.0

    def coefficients(self) -> tuple[float, float, float, int]:
        """(a1, a2, a3, code) of a metalog that is flat; 0 < u < 1."""
        return self.value, 0.0, 0.0, CODES["real"]

    def median(self) -> float:
        return self.value

    def wider(self) -> Exact:
        """A plain number has no width."""
        return self

    def written(self, scale: float = 1.0) -> float:
        """As a file would say it; scale: units of this quantity in one of the file's."""
        return self.value / scale


@dataclass(frozen=True)
class Range:
    """A quantity given by its 10 %, 50 % and 90 % points, in the unit of its field.

    Raises ValueError, whose text is `problem; fix`, unless low < likely < high lie within the bounds, the curve through
    them rises, and (for an amount) its mean is finite. `spread` multiplies a2 and a3, and so opens the curve around its
    median: only what was given is checked, so a wider amount may have an infinite mean; it is drawn up to chance.MOST.
    `names`: what the file calls the three points.
    """

    low: float
    likely: float
    high: float
    bounds: Bounds = "amount"
    spread: float = 1.0
    names: tuple[str, str, str] = field(default=("low", "likely", "high"), compare=False)

    def __post_init__(self) -> None:
        if self.bounds not in CODES:
            raise ValueError(f"{shown(self.bounds)} is not a kind of bounds; write real, amount or share")
        points = self.low, self.likely, self.high
        for name, value in zip(self.names, points, strict=True):
            _refuse_beyond(name, value, self.bounds)
        low, likely, high = self.names
        if not self.low < self.likely < self.high:
            raise ValueError(f"{_listed(points, self.names)} do not rise; {_rising(points, self.names)}")
        _, a2, a3, _ = replace(self, spread=1.0).coefficients() if self.spread != 1 else self.coefficients()
        if abs(a3) >= STEEPEST * a2:
            raise ValueError(f"{_listed(points, self.names)}: {likely} is too near one end; {self._room()}")
        if self.bounds == "amount" and a2 + a3 / 2 >= 1:
            fix = f"raise {low} or bring down {high}"
            raise ValueError(f"{_listed(points, self.names)} are too far apart: the mean is infinite; {fix}")

    def _room(self) -> str:
        """The fix: where `likely` may lie between these ends, a little inside the limits."""
        bend, back = _TO_REAL[self.bounds], _FROM_REAL[self.bounds]
        z10, z90, margin = bend(self.low), bend(self.high), 0.5 - 0.2 * STEEPEST + 1e-3
        least, most = (float(back(z10 + share * (z90 - z10))) for share in (margin, 1 - margin))
        least, most = (float(f"{end:.6g}") for end in (least, most))
        return f"write {self.names[1]} between {_figure(least)} and {_figure(most)}, or move the ends"

    def coefficients(self) -> tuple[float, float, float, int]:
        """(a1, a2, a3, code) for the compiled engine; code 0 is M itself, 1 exp M, 2 logistic M."""
        z10, z50, z90 = map(_TO_REAL[self.bounds], (self.low, self.likely, self.high))
        a2, a3 = (z90 - z10) / (2 * LN9), (z90 + z10 - 2 * z50) / (0.8 * LN9)
        return z50, a2 * self.spread, a3 * self.spread, CODES[self.bounds]

    def median(self) -> float:
        """The value as likely above as below."""
        return math.exp(self.coefficients()[0]) if self.bounds == "amount" else self.likely

    def wider(self) -> Range:
        """Half as wide again around the median: a2 and a3 times 1.5."""
        return replace(self, spread=self.spread * WIDER)

    def written(self, scale: float = 1.0) -> dict[str, float]:
        """As a file would say it: the points that were given."""
        points = self.low, self.likely, self.high
        return {name: point / scale for name, point in zip(self.names, points, strict=True)}

    def quantile(self, u: U) -> U:
        """The value below which a share u of futures lies, 0 ≤ u ≤ 1 (the ends give the bounds); shape of u."""
        a1, a2, a3, _ = self.coefficients()
        with np.errstate(divide="ignore", over="ignore"):
            logit = np.log(u) - np.log1p(-u)
            value = _FROM_REAL[self.bounds](a1 + logit * (a2 + a3 * (u - 0.5)))
        return value if isinstance(u, np.ndarray) else float(value)

    def mean(self) -> float:
        """E[x]. Real: a1 + a3/2. Amount: inf if a2 + a3/2 ≥ 1. Else integrated, relative error below 1e−10 (`_expected`)."""
        a1, a2, a3, _ = self.coefficients()
        if self.bounds == "amount" and a2 + a3 / 2 >= 1:
            return math.inf
        return a1 + a3 / 2 if self.bounds == "real" else self._expected(0.0, 1)

    def variance(self) -> float:
        """Var[x]. Real: a2²π²/3 + a3²(1/12 + π²/36). Amount: inf if a2 + a3/2 ≥ ½ (a long tail), else as the mean."""
        _, a2, a3, _ = self.coefficients()
        if self.bounds == "real":
            return a2**2 * math.pi**2 / 3 + a3**2 * (1 / 12 + math.pi**2 / 36)
        if self.bounds == "amount" and a2 + a3 / 2 >= 0.5:
            return math.inf
        return self._expected(self.mean(), 2)

    def _expected(self, centre: float, power: int) -> float:
        """E[(x − centre)^power], power 1 or 2: ∫ (x − centre)^power u(1−u) cosh w dw, L = sinh w, trapezoidal rule.

        The integrand is analytic and falls off doubly exponentially, so the error falls as exp(−π²/step): below 1e−10
        of the result, save for an amount within 1e−4 of the bound where its moment ceases to exist.
        """
        a1, a2, a3, _ = self.coefficients()
        decay = 1 - power * max(0.0, a2 + a3 / 2) if self.bounds == "amount" else 1.0
        w = math.asinh(50 / decay) * np.linspace(-1, 1, 1025)
        logit = np.sinh(w)
        spread = np.log1p(np.exp(-np.abs(logit)))  # u(1−u) = exp(−|L| − 2·spread)
        share = (np.abs(logit) + 2 * spread) / power
        real = a1 + logit * (a2 + a3 * 0.5 * np.tanh(logit / 2))
        if self.bounds == "amount":
            term = np.exp(real - share) - centre * np.exp(-share)  # joined in the exponent: neither overflows
        else:
            term = (_expit(real) - centre) * np.exp(-share)
        return float(np.sum(term**power * np.cosh(w)) * (w[1] - w[0]))


def _expit(z: Any) -> Any:
    with np.errstate(over="ignore"):
        return 1 / (1 + np.exp(-z))


_TO_REAL: Final[dict[str, Callable[[float], float]]] = {
    "real": float,
    "amount": math.log,
    "share": lambda x: math.log(x) - math.log1p(-x),
}
_FROM_REAL: Final[dict[str, Callable[[Any], Any]]] = {"real": lambda z: z, "amount": np.exp, "share": _expit}


def _refuse_beyond(name: str, value: Any, bounds: str) -> None:
    """Refuse what is no finite number, and what the curve cannot reach: an amount of 0 or less, a share of 0 or 1."""
    if not _is_number(value):
        raise ValueError(f"{name} {shown(value)} is not a number; write it in figures, such as 1234.50")
    if bounds == "amount" and value <= 0:
        raise ValueError(
            f"{name} {_figure(value)} is not above 0; write the smallest amount still thinkable, such as 1"
        )
    if bounds == "share" and not 0 < value < 1:
        fix = "0.01" if value == 0 else "0.99" if value == 1 else _as_share(value)
        raise ValueError(f"{name} {_figure(value)} is not between 0 and 1; write {fix}")


def _is_number(value: Any) -> bool:
    return isinstance(value, int | float) and not isinstance(value, bool) and abs(value) <= 1e300  # false for nan


def _listed(points: Sequence[float], names: Sequence[str]) -> str:
    return ", ".join(f"{name} {_figure(point)}" for name, point in zip(names, points, strict=True))


def _figure(value: float) -> str:
    return f"{value:.10g}"


def _rising(points: Sequence[float], names: Sequence[str]) -> str:
    """The fix for three numbers out of order, or with two alike."""
    low, likely, high = ordered = sorted(points)
    if low < likely < high:
        return f"write {_listed(ordered, names)}"
    if low == high:
        return f"write the plain number {_figure(low)}"
    return f"write {names[1]} between {_figure(low)} and {_figure(high)}, and not at either"


def plain(value: Any, bounds: str) -> float:
    """A plain number within its bounds. Raises ValueError: `problem; fix`."""
    if not _is_number(value):
        raise ValueError(f"{shown(value)} is not a number; write it in figures, such as 1234.50")
    if bounds == "amount" and value < 0:
        raise ValueError(f"{_figure(value)} is below 0; write receipts and costs both as positive amounts")
    if bounds == "share" and not 0 <= value <= 1:
        raise ValueError(f"{_figure(value)} is not a share; write {_as_share(value)}")
    return float(value)


class DontKnow(enum.Enum):
    """The answer "don't know": the reader puts the default of its kind in its place, and shows it as such."""

    DONT_KNOW = "don't know"


DONT_KNOW: Final = DontKnow.DONT_KNOW


def parse_probability(value: Any) -> float | DontKnow:
    """A probability from 0 to 1, written as a number, as "6 in 10" or as "don't know" (DONT_KNOW).

    Raises ValueError, whose text is `problem; fix`: `70 is not a probability; write 0.70`.
    """
    wrong = f"{shown(value)} is not a probability"
    if isinstance(value, str):
        text = " ".join(value.casefold().replace("’", "'").split())
        if text in ("don't know", "dont know"):
            return DONT_KNOW
        if found := re.fullmatch(r"([0-9]{1,6}) in ([0-9]{1,6})", text):
            part, whole = int(found[1]), int(found[2])
            if part <= whole and whole:
                return part / whole
            raise ValueError(f'{wrong}; write the part first, such as "{min(part, whole)} in {max(part, whole, 1)}"')
        if found := re.fullmatch(r"([0-9]{1,3}(?:\.[0-9]{1,6})?) ?%", text):
            raise ValueError(f"{wrong}; write {_as_share(float(found[1]))}")
        raise ValueError(f'{wrong}; write a number from 0 to 1, "6 in 10" or "don\'t know"')
    if not _is_number(value):
        raise ValueError(f'{wrong}; write a number from 0 to 1, "6 in 10" or "don\'t know"')
    if not 0 <= value <= 1:
        raise ValueError(f"{wrong}; write {_as_share(value)}")
    return float(value)


def _as_share(value: float) -> str:
    """The share that a percentage was meant to be: 0.70 for 70. From 2 to 100 only: 1.2 may be a slip of the point."""
    if not 2 <= value <= 100:
        return "a number from 0 to 1, such as 0.70"
    text = f"{value / 100:.6f}".rstrip("0")
    return text if len(text) > 3 else f"{value / 100:.2f}"
