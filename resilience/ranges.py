"""The forms in which a person can write what is not known exactly, and the distributions behind those that are no metalog.

    { low, likely, high }            metalog through its 10, 50 and 90 % points (`distributions.Range`)
    { p10, p50, p90 }                the same, named as quantiles
    { low, likely, high, ends = "hard" }             PERT: nothing lies beyond; `likely` is the peak, not the median
    { low, likely, high, family = "triangular" }     a triangle between the same hard ends
    { mean, sd }                     lognormal for an amount, beta for a share
    { from, to }                     uniform
    { values = […], weights = […] }  these values and no others; without weights all alike

Each has a quantile function over arrays, its exact mean and variance, `wider()` ("our ranges are too narrow": half as wide
again) and `written()`. `coefficients()` is what the compiled engine bends by, None for what only SciPy or a search can bend.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Final

import numpy as np

from resilience.distributions import WIDER, Bounds, Exact, Range, U, plain
from resilience.errors import did_you_mean, shown

Coefficients = tuple[float, float, float, int] | None
LOGNORMAL, UNIFORM, TRIANGULAR = 3, 4, 5  # codes of chance.quantity beyond those of a metalog
WIDEST_SHARE: Final = 0.99  # of the largest sd that a share of this mean can have: a beta that is widened stays one

FORMS: Final[dict[str, tuple[str, ...]]] = {
    "low, likely and high": ("low", "likely", "high"),
    "p10, p50 and p90": ("p10", "p50", "p90"),
    "mean and sd": ("mean", "sd"),
    "from and to": ("from", "to"),
    "values": ("values",),
}
EXTRAS: Final[dict[str, tuple[str, ...]]] = {"low, likely and high": ("ends", "family"), "values": ("weights",)}
FAMILIES: Final = ("pert", "triangular")
REMARKS: Final = ("source", "date", "note", "confidence", "review_by", "owner")  # beside the figures of any table
POINTS: Final = ("low", "likely", "high", "p10", "p50", "p90", "mean", "from", "to")
KEYS: Final = (*(key for keys in FORMS.values() for key in keys), *(key for keys in EXTRAS.values() for key in keys))


class _Bent:
    """What the forms have in common: a quantile function, given by each."""

    def _at(self, u: np.ndarray) -> np.ndarray:
        raise NotImplementedError

    def quantile(self, u: U) -> U:
        """The value below which a share u of futures lies, 0 ≤ u ≤ 1; shape of u."""
        value = self._at(np.asarray(u, dtype=float))
        return value if isinstance(u, np.ndarray) else float(value)

    def median(self) -> float:
        """The value as likely above as below."""
        return float(self.quantile(0.5))

    def coefficients(self) -> Coefficients:
        return None


@dataclass(frozen=True)
class Hard(_Bent):
    """PERT or triangle: nothing below low or above high, the peak at likely; low ≤ likely ≤ high, low < high.

    PERT: low + (high − low)·Beta(α, β), α = 1 + 4(likely − low)/(high − low), β = 6 − α.
    Mean (low + 4 likely + high)/6, variance (mean − low)(high − mean)/7.
    Triangle with F = (likely − low)/(high − low): low + √(u(high − low)(likely − low)) for u ≤ F, else
    high − √((1 − u)(high − low)(high − likely)). Mean (low + likely + high)/3,
    variance (low² + likely² + high² − low·likely − low·high − likely·high)/18.
    """

    low: float
    likely: float
    high: float
    bounds: Bounds = "amount"
    family: str = "pert"
    said: tuple[str, ...] = field(default=("ends",), compare=False)  # which of ends and family the file writes

    def __post_init__(self) -> None:
        if not (self.low <= self.likely <= self.high and self.low < self.high):
            points = f"low {self.low:.10g}, likely {self.likely:.10g}, high {self.high:.10g}"
            low, likely, high = sorted((self.low, self.likely, self.high))
            raise ValueError(f"{points} do not rise; write low {low:.10g}, likely {likely:.10g}, high {high:.10g}")

    def _at(self, u: np.ndarray) -> np.ndarray:
        low, likely, high = self.low, self.likely, self.high
        width, left, right = high - low, likely - low, high - likely
        if self.family == "triangular":
            return np.where(u <= left / width, low + np.sqrt(u * width * left), high - np.sqrt((1 - u) * width * right))
        from scipy.special import betaincinv

        return np.asarray(low + width * betaincinv(1 + 4 * left / width, 1 + 4 * right / width, u))

    def mean(self) -> float:
        return (self.low + (1 if self.family == "triangular" else 4) * self.likely + self.high) / (
            3 if self.family == "triangular" else 6
        )

    def variance(self) -> float:
        mean = self.mean()
        if self.family == "triangular":
            left, right, width = self.likely - self.low, self.high - self.likely, self.high - self.low
            return (left**2 + right**2 + left * right) / 18 if width else 0.0
        return (mean - self.low) * (self.high - mean) / 7

    def coefficients(self) -> Coefficients:
        return (self.low, self.likely, self.high, TRIANGULAR) if self.family == "triangular" else None

    def wider(self) -> Hard:
        """Each end half as far again from likely, within the bounds."""
        low, high = (self.likely + WIDER * (end - self.likely) for end in (self.low, self.high))
        return replace(self, low=_within(low, self.bounds), high=_within(high, self.bounds))

    def written(self, scale: float = 1.0) -> dict[str, Any]:
        points = {"low": self.low / scale, "likely": self.likely / scale, "high": self.high / scale}
        return points | {key: "hard" if key == "ends" else self.family for key in self.said}


@dataclass(frozen=True)
class Uniform(_Bent):
    """Anything between two values alike: low + u(high − low). Mean (low + high)/2, variance (high − low)²/12."""

    low: float
    high: float
    bounds: Bounds = "amount"

    def __post_init__(self) -> None:
        if not self.low < self.high:
            raise ValueError(
                f"from {self.low:.10g}, to {self.high:.10g} do not rise; "
                f"write from {self.high:.10g}, to {self.low:.10g}"
            )

    def _at(self, u: np.ndarray) -> np.ndarray:
        return self.low + u * (self.high - self.low)

    def mean(self) -> float:
        return (self.low + self.high) / 2

    def variance(self) -> float:
        return (self.high - self.low) ** 2 / 12

    def coefficients(self) -> Coefficients:
        return self.low, self.high - self.low, 0.0, UNIFORM

    def wider(self) -> Uniform:
        """Each end half as far again from the middle, within the bounds."""
        middle = self.mean()
        low, high = (middle + WIDER * (end - middle) for end in (self.low, self.high))
        return replace(self, low=_within(low, self.bounds), high=_within(high, self.bounds))

    def written(self, scale: float = 1.0) -> dict[str, float]:
        return {"from": self.low / scale, "to": self.high / scale}


@dataclass(frozen=True)
class Lognormal(_Bent):
    """An amount by its mean and standard deviation: exp(μ + σz), σ² = ln(1 + sd²/mean²), μ = ln mean − σ²/2."""

    centre: float
    sd: float

    def __post_init__(self) -> None:
        if self.centre <= 0:
            raise ValueError(f"mean {self.centre:.10g} is not above 0; write the mean that is expected, such as 1000")

    def _logs(self) -> tuple[float, float]:
        variance = math.log1p((self.sd / self.centre) ** 2)
        return math.log(self.centre) - variance / 2, math.sqrt(variance)

    def _at(self, u: np.ndarray) -> np.ndarray:
        from scipy.special import ndtri

        middle, sd = self._logs()
        return np.asarray(np.exp(middle + sd * ndtri(u)))

    def median(self) -> float:
        return math.exp(self._logs()[0])

    def mean(self) -> float:
        return self.centre

    def variance(self) -> float:
        return self.sd**2

    def coefficients(self) -> Coefficients:
        return (*self._logs(), 0.0, LOGNORMAL)

    def wider(self) -> Lognormal:
        """The sd times 1.5, the mean kept."""
        return replace(self, sd=self.sd * WIDER)

    def written(self, scale: float = 1.0) -> dict[str, float]:
        return {"mean": self.centre / scale, "sd": self.sd / scale}


@dataclass(frozen=True)
class Beta(_Bent):
    """A share by its mean m and standard deviation s: Beta(mν, (1 − m)ν), ν = m(1 − m)/s² − 1."""

    centre: float
    sd: float

    def __post_init__(self) -> None:
        if not 0 < self.centre < 1:
            raise ValueError(f"mean {self.centre:.10g} is not between 0 and 1; write it so, such as 0.70")
        if self.sd >= self._most():
            few = math.floor(self._most() * 1000 - 1e-9) / 1000
            raise ValueError(
                f"sd {self.sd:.10g} is more than a share of mean {self.centre:.10g} can have; write less, such as {few:g}"
                if few < self._most() and few > 0
                else f"sd {self.sd:.10g} is more than a share of mean {self.centre:.10g} can have; write less"
            )

    def _most(self) -> float:
        """The sd of a share that is 1 with this probability, and else 0."""
        return math.sqrt(self.centre * (1 - self.centre))

    def _at(self, u: np.ndarray) -> np.ndarray:
        from scipy.special import betaincinv

        number = (self._most() / self.sd) ** 2 - 1
        return np.asarray(betaincinv(self.centre * number, (1 - self.centre) * number, u))

    def mean(self) -> float:
        return self.centre

    def variance(self) -> float:
        return self.sd**2

    def wider(self) -> Beta:
        """The sd times 1.5, at most 0.99 of what a share of this mean can have; the mean kept."""
        return replace(self, sd=max(self.sd, min(self.sd * WIDER, WIDEST_SHARE * self._most())))

    def written(self, scale: float = 1.0) -> dict[str, float]:
        return {"mean": self.centre / scale, "sd": self.sd / scale}


@dataclass(frozen=True)
class Weighted(_Bent):
    """These values and no others: at u the smallest value whose weights, with those below it, sum to u of the whole."""

    values: tuple[float, ...]
    weights: tuple[float, ...]
    alike: bool = field(default=False, compare=False)  # the file gives no weights

    def _sorted(self) -> tuple[np.ndarray, np.ndarray]:
        """Values of any weight in rising order, and their shares of the whole."""
        values, weights = np.array(self.values), np.array(self.weights)
        order = np.argsort(values, kind="stable")
        order = order[weights[order] > 0]
        return values[order], weights[order] / weights.sum()

    def _at(self, u: np.ndarray) -> np.ndarray:
        values, shares = self._sorted()
        return values[np.minimum(np.searchsorted(shares.cumsum() + 1e-12, u), len(values) - 1)]

    def mean(self) -> float:
        values, shares = self._sorted()
        return float(values @ shares)

    def variance(self) -> float:
        values, shares = self._sorted()
        return float(((values - self.mean()) ** 2) @ shares)

    def wider(self) -> Weighted:
        """As it is: somebody who names the values says that there are no others."""
        return self

    def written(self, scale: float = 1.0) -> dict[str, list[float]]:
        return {"values": [x / scale for x in self.values]} | ({} if self.alike else {"weights": list(self.weights)})


Quantity = Exact | Range | Hard | Uniform | Lognormal | Beta | Weighted


def _within(value: float, bounds: str) -> float:
    return value if bounds == "real" else max(0.0, value) if bounds == "amount" else min(1.0, max(0.0, value))


# ---- what a person writes


def is_range(value: Any) -> bool:
    """Is this table of a file a range, rather than another table that may stand in its place or shares a key with one?"""
    return isinstance(value, Mapping) and {*value} <= {*KEYS, *REMARKS} and not {*value} <= {*REMARKS}


def form_of(given: Mapping[str, Any]) -> str:
    """The form that these keys make, as FORMS names it. Raises ValueError, whose text is `problem; fix`."""
    if unknown := [key for key in given if key not in KEYS]:
        guess = did_you_mean(str(unknown[0]), KEYS)
        raise ValueError(f"{shown(unknown[0])} is not part of a range; {guess or 'write low, likely and high'}")
    found = [form for form, keys in FORMS.items() if any(key in given for key in (*keys, *EXTRAS.get(form, ())))]
    if not found:
        raise ValueError(f"is not a range; write {', or '.join(FORMS)}")
    if len(found) > 1:
        raise ValueError(f"mixes {found[0]} with {found[1]}; write one of them")
    form = found[0]
    if missing := [key for key in FORMS[form] if key not in given]:
        raise ValueError(f"{' and '.join(missing)} missing from the range; write {form}")
    if form == "values":
        for name in [key for key in ("values", "weights") if key in given]:
            if not isinstance(given[name], (list, tuple)) or not given[name]:
                raise ValueError(
                    f"{name} {shown(given[name])} is not a list; write it in square brackets, like [10, 20]"
                )
    return form


def each_point(
    given: Mapping[str, Any], change: Callable[[Any], Any], width: Callable[[Any], Any] | None = None
) -> dict[str, Any]:
    """A range as written, each of its points changed; its sd by `width`, if that is another change than of the points."""
    by: dict[str, Callable[[Any], Any]] = dict.fromkeys(POINTS, change)
    by |= {"sd": width or change, "values": lambda them: [change(x) for x in them]}
    return {key: by[key](value) if key in by else value for key, value in given.items()}


def highest(value: Any) -> Any:
    """The largest number that a quantity as written names: itself, or a point of its range; None if it names none."""
    if not isinstance(value, Mapping):
        return value
    named: list[Any] = [value[key] for key in ("high", "p90", "mean", "to") if key in value]
    named += value["values"] if isinstance(value.get("values"), list) else []
    return max((x for x in named if isinstance(x, (int, float)) and not isinstance(x, bool)), default=None)


def quantity(value: Any, bounds: Bounds = "amount") -> Quantity:
    """What a person wrote: a plain number, or a range in any form; one without width is a plain number.

    Raises ValueError, whose text is `problem; fix`.
    """
    if not isinstance(value, Mapping):
        return Exact(plain(value, bounds))
    form = form_of(value)
    points = [value[key] for key in FORMS[form]]
    if form == "values":
        return _weighted(points[0], value.get("weights"), bounds)
    if form == "mean and sd":
        return _mean_and_sd(points[0], points[1], bounds)
    if all(point == points[0] for point in points):
        return Exact(plain(points[0], bounds))
    if form == "from and to":
        return Uniform(_point("from", points[0], bounds), _point("to", points[1], bounds), bounds)
    low, likely, high = points
    if form == "p10, p50 and p90":
        return Range(low, likely, high, bounds, names=("p10", "p50", "p90"))
    return _hard(value, points, bounds) if "ends" in value or "family" in value else Range(low, likely, high, bounds)


def _point(name: str, value: Any, bounds: str) -> float:
    """One number of a range with ends, in its bounds; the fault names it."""
    try:
        return plain(value, bounds)
    except ValueError as fault:
        raise ValueError(f"{name} {fault}") from None


def _hard(value: Mapping[str, Any], points: Sequence[Any], bounds: Bounds) -> Hard:
    if value.get("ends", "hard") != "hard":
        raise ValueError(f'ends {shown(value["ends"])} is not known here; write ends = "hard", or leave it out')
    family = value.get("family", "pert")
    if family not in FAMILIES:
        guess = did_you_mean(str(family), FAMILIES)
        fix = 'write "pert" or "triangular"' + (f"; {guess}" if guess else "")
        raise ValueError(f"family {shown(family)} is not known here; {fix}")
    low, likely, high = (_point(name, x, bounds) for name, x in zip(("low", "likely", "high"), points, strict=True))
    return Hard(low, likely, high, bounds, family, tuple(key for key in ("ends", "family") if key in value))


def _mean_and_sd(centre: Any, sd: Any, bounds: Bounds) -> Quantity:
    centre, sd = _point("mean", centre, bounds), _point("sd", sd, "amount")
    if sd == 0:
        return Exact(centre)
    return Beta(centre, sd) if bounds == "share" else Lognormal(centre, sd)


def _weighted(values: Sequence[Any], weights: Sequence[Any] | None, bounds: Bounds) -> Quantity:
    held = tuple(_point(f"values[{i + 1}]", x, bounds) for i, x in enumerate(values))
    if weights is None:
        return Exact(held[0]) if len(set(held)) == 1 else Weighted(held, (1.0,) * len(held), alike=True)
    if len(weights) != len(held):
        raise ValueError(f"{len(held)} values have {len(weights)} weights; write one weight for each value")
    each = tuple(_point(f"weights[{i + 1}]", x, "amount") for i, x in enumerate(weights))
    if sum(each) <= 0:
        raise ValueError("weights are all 0; write a weight above 0 for each value that can be")
    possible = {x for x, weight in zip(held, each, strict=True) if weight > 0}
    return Exact(possible.pop()) if len(possible) == 1 else Weighted(held, each)
