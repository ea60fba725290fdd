"""What a projection says: measures by month, chances of ends and events, each path's fate, and where it came from."""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np

from resilience import measures as numbers
from resilience.organisation import Organisation
from resilience.projection.engine import Played
from resilience.projection.luck import price_index
from resilience.projection.plan import Prepared
from resilience.projection.policy import Standing, standing
from resilience.rows import CLOSED, INSOLVENT, MERGED, MONEY
from resilience.social_value import SETS
from resilience.strategy import Strategy
from resilience.terms import expected_yearly

if TYPE_CHECKING:
    import pandas

MONEY_MEASURES = (
    "bank",
    "spendable",
    "headroom",
    "restricted_cash",
    "free_reserves",
    "income",
    "spending",
    "closing_liability",
)
PEOPLE_MEASURES = ("heads", "fte", "capacity", "demand", "served", "unmet")
OF_SERVICES = ("utilisation", "completed", "cost_per_completed")
BY_KIND_MONEY = (
    "income_grant",
    "income_contract",
    "income_gift",
    "income_sale",
    "spending_pay",
    "spending_non_pay",
    "spending_one_off",
)
BY_KIND_PEOPLE = ("months_of_cover", "heads_hub", "fte_hub", "hub_share", "mission_fit", "recovery", *OF_SERVICES)
RANKED_AS_MONEY = ("months_of_cover",)
UNITS = {
    "months_of_cover": "months",
    "hub_share": "share",
    "recovery": "share",
    "utilisation": "share",
    "cost_per_completed": "GBP",
    "mission_fit": "share",
    "fte": "full-time equivalents",
    "fte_hub": "full-time equivalents",
    "heads": "heads",
    "heads_hub": "heads",
}


@dataclass(frozen=True)
class Measure:
    """One measure by month: money in pounds. Quantiles are nan where that path has ended. Each array shape (months,)."""

    name: str
    unit: str
    mean: np.ndarray
    p05: np.ndarray
    p10: np.ndarray
    p25: np.ndarray
    p50: np.ndarray
    p75: np.ndarray
    p90: np.ndarray
    p95: np.ndarray


@dataclass(frozen=True)
class Chance:
    """Share of paths by the end of each month, and its standard error. Shape (months,)."""

    by_month: np.ndarray
    standard_error: np.ndarray

    @property
    def last(self) -> float:
        return float(self.by_month[-1])


@dataclass(frozen=True)
class Projection:
    """N paths of one organisation under one scenario and one strategy."""

    organisation: Organisation
    strategy: Strategy
    prepared: Prepared
    played: Played
    paths_played: np.ndarray
    seed: int
    manifest: dict[str, Any]
    kept: dict[str, Any]  # what was kept of the paths, and how they were played
    todays_pounds: bool = (
        False  # measures of money are divided by the path's own prices since the month before the first
    )
    _measures: dict[str, Measure] = field(default_factory=dict, repr=False)

    @cached_property
    def months(self) -> list[str]:
        """ "2026-04", … for each month."""
        return self.prepared.horizon.labels()

    @property
    def number(self) -> int:
        """Paths."""
        return len(self.paths_played)

    @cached_property
    def _ends(self) -> np.ndarray:
        """Month from which each path ranks below all that go on; beyond the horizon for those that never end."""
        end = self.played.fates["end"]
        return np.where(end < 0, np.iinfo(np.int64).max, end)

    @property
    def names(self) -> tuple[str, ...]:
        """Measures that were kept."""
        return tuple(
            n
            for n in (*self.played.money, *self.played.people)
            if n in {*MONEY_MEASURES, *PEOPLE_MEASURES, *BY_KIND_MONEY, *BY_KIND_PEOPLE}
        )

    @cached_property
    def price_index(self) -> np.ndarray:
        """Prices at each month-end beside those before the first month, float64 (months, paths)."""
        return price_index(self.prepared, self.paths_played, self.seed)

    @property
    def pounds(self) -> str:
        """The month whose pounds the measures are in ("March 2026"); "" for those of the day."""
        return str(self.manifest.get("pounds", ""))

    def in_pounds(self, name: str) -> np.ndarray:
        """An account of money by month and path, pence (months, paths): of the day, or today's, rounded path by path."""
        nominal = self.played.money[name]
        return np.floor(nominal / self.price_index + 0.5).astype(np.int64) if self.todays_pounds else nominal

    @cached_property
    def lowest(self) -> np.ndarray:
        """Lowest spendable cash of each path up to its end, pence, shape (paths,)."""
        if not self.todays_pounds:
            return np.asarray(self.played.fates["lowest"])
        after = np.arange(len(self.months))[:, None] > self._ends[None, :]
        return np.where(after, np.iinfo(np.int64).max, self.in_pounds("spendable")).min(axis=0)

    def measure(self, name: str) -> Measure:
        """A measure by month, in pounds or people. KeyError for one that was not kept."""
        if name not in self._measures:
            money = name in self.played.money
            values = self.in_pounds(name) if money else self.played.people[name]
            never = np.full(self.number, np.iinfo(np.int64).max)
            ends = self._ends if money or name in RANKED_AS_MONEY else never
            scale = 100.0 if money else 1.0
            levels = {k: v / scale for k, v in numbers.quantiles(values, ends).items()}
            unit = "GBP" if money else UNITS.get(name, "people")
            self._measures[name] = Measure(name, unit, numbers.mean_of_continuing(values, ends) / scale, **levels)
        return self._measures[name]

    @cached_property
    def year_ends(self) -> list[int]:
        """Indices of the organisation's year-ends, and of the last month."""
        last = len(self.months) - 1
        found = self.prepared.horizon.year_ends(self.organisation.year_end)
        return [*found, *([] if found and found[-1] == last else [last])]

    @cached_property
    def accounts(self) -> dict[str, np.ndarray]:
        """Every account kept, pence or people, shape (months, paths); restricted funds as "restricted:NAME" (cash) and "balance:NAME"."""
        found = {**self.played.money, **self.played.people}
        F = len(self.prepared.funds)
        if len(self.played.funds):
            for i, name in enumerate(self.prepared.funds):
                found[f"restricted:{name}"], found[f"balance:{name}"] = self.played.funds[i], self.played.funds[F + i]
        if "debtors" in found:
            shape, opening = found["debtors"].shape, self.organisation.opening
            found["held_for_others"] = np.full(shape, opening.held_for_others, dtype=np.int64)
            found["programme_related_investments"] = np.full(
                shape, opening.programme_related_investments, dtype=np.int64
            )
        return found

    @cached_property
    def paths(self) -> dict[str, np.ndarray]:
        """What became of each path, shape (paths,). Months are indices, −1: did not happen."""
        fates = dict(self.played.fates)
        return {
            "path": self.paths_played,
            **fates,
            "served": self.played.served,
            "turned_away": self.played.turned_away,
        }

    @cached_property
    def social_value(self) -> dict[str, float] | None:
        """Mean present value of all who complete a service within the horizon, pounds, by set; None where no outcome is linked to one."""
        means = self.played.worth.mean(axis=1) / 100
        return dict(zip(SETS, map(float, means), strict=True)) if len(means) else None

    def fit_of_those_that_go_on(self, t: int) -> tuple[float, float, float] | None:
        """Mission fit at the end of month t of the paths that then go on: 10, 50, 90 % points; None where it is not kept or none does."""
        if "mission_fit" not in self.names:
            return None
        end = self.played.fates["end"]
        fit = np.sort(self.played.people["mission_fit"][t][(end < 0) | (end > t)])
        low, middle, high = (float(fit[numbers.rank(q, len(fit))]) if len(fit) else math.nan for q in (0.1, 0.5, 0.9))
        return (low, middle, high) if len(fit) else None

    @cached_property
    def programmes(self) -> list[Standing]:
        """Where each policy programme stands in the last month, over all futures."""
        one = self.prepared
        return standing(self.organisation, one.horizon, one.variation, self.paths_played, self.seed)

    @cached_property
    def short_of_staff(self) -> dict[str, float]:
        """Share of paths on which the income of a bid fell short for want of its minimum posts, by place."""
        funded = self.prepared.funding
        rows = {place: int(funded.rows.short[s]) for s, place in enumerate(funded.names) if funded.rows.short[s] >= 0}
        return {place: float((self.played.unstaffed[row] > 0).mean()) for place, row in rows.items()}

    @property
    def insolvent(self) -> np.ndarray:
        """Which paths become insolvent, bool, shape (paths,)."""
        return np.asarray(self.played.fates["end_kind"] == INSOLVENT)

    @property
    def in_breach_at_opening(self) -> bool:
        """Is the reserves policy breached before the first month? Then "still in breach at month 24" takes its place."""
        return bool(self.manifest["opening"]["free_reserves"] < self.manifest["opening"]["policy"])

    @cached_property
    def probabilities(self) -> dict[str, Chance]:
        """Chance of each end and event by the end of each month."""
        f, T = self.played.fates, len(self.months)
        kinds = {"insolvent": INSOLVENT, "closed_in_order": CLOSED, "merged_or_transferred": MERGED}
        firsts = {name: np.where(f["end_kind"] == kind, f["end"], -1) for name, kind in kinds.items()}
        breach = np.where(f["breach_24"] == 1, min(24, T) - 1, -1) if self.in_breach_at_opening else f["first_breach"]
        firsts |= {
            "breach": breach,
            "point_of_no_return": f["no_return"],
            "restricted_touched": f["restricted_touched"],
            "liabilities_exceed_assets": f["in_debt"],
        }
        shares = {name: numbers.share_by_month(first, T) for name, first in firsts.items()}
        shares["continuing"] = 1 - numbers.share_by_month(f["end"], T)
        return {name: Chance(share, numbers.standard_error(share, self.number)) for name, share in shares.items()}

    @cached_property
    def runway(self) -> dict[str, float]:
        """Complete months survived, by quantile (nan: beyond the horizon), and the share of paths that end beyond it."""
        end = np.sort(self._ends)
        found = {name: float(end[numbers.rank(q, self.number)]) for name, q in numbers.LEVELS.items()}
        T = len(self.months)
        return {name: x if x < T else math.nan for name, x in found.items()} | {
            "beyond_horizon": float((self._ends >= T).mean())
        }

    @cached_property
    def expected_shortfall(self) -> float:
        """Mean lowest spendable cash of the worst 5 % of paths, pounds."""
        return numbers.expected_shortfall(self.lowest) / 100

    @cached_property
    def seven(self) -> np.ndarray:
        """Seven actual futures, as positions among the paths: from worst to best by lowest spendable cash, ranks 1/8 … 7/8."""
        order = np.lexsort((self.paths_played, self.lowest))
        ranks = sorted({numbers.rank(i / 8, self.number) for i in range(1, 8)})
        return order[ranks]

    @cached_property
    def funder_concentration(self) -> float:
        """Largest payer's share of the income of a year at the opening."""
        by: dict[str, float] = {}
        for one in self.organisation.streams.values():
            by[str(one.payer)] = by.get(str(one.payer), 0.0) + expected_yearly(one)
        return max(by.values()) / sum(by.values()) if sum(by.values()) else 0.0

    def table(self, *names: str) -> pandas.DataFrame:
        """Measures as a table: one row a month and measure, columns of mean and quantiles."""
        import pandas

        rows = []
        for name in names or self.names:
            m = self.measure(name)
            columns = {k: getattr(m, k) for k in ("mean", *numbers.LEVELS)}
            rows.append(pandas.DataFrame({"month": self.months, "measure": name, "unit": m.unit, **columns}))
        return pandas.concat(rows, ignore_index=True)

    def paths_table(self) -> pandas.DataFrame:
        """What became of each path: one row a path."""
        import pandas

        return pandas.DataFrame(self.paths)


def kept_for(
    accounts: bool, names: Sequence[str] | None = None, fit: bool = True, served: bool = True, tied: bool = True
) -> tuple[tuple[str, ...], tuple[str, ...]]:
    """(money, people) columns that a projection keeps; mission fit where the file says something of it (`fit`), and what only
    services have where there are some (`served`), and recovery where something funds a dock (`tied`), or where they are named.

    Raises ValueError for a measure that there is not.
    """
    if names is not None:
        money, people = (*MONEY_MEASURES, *BY_KIND_MONEY), (*PEOPLE_MEASURES, *BY_KIND_PEOPLE)
        if unknown := sorted({*names} - {*money, *people}):
            raise ValueError(f"{', '.join(unknown)}: no such measure; there are {', '.join((*money, *people))}")
        return tuple(n for n in money if n in names), tuple(n for n in people if n in names)
    known = tuple(
        n
        for n in (*PEOPLE_MEASURES, *BY_KIND_PEOPLE)
        if (fit or n != "mission_fit") and (served or n not in OF_SERVICES) and (tied or n != "recovery")
    )
    if accounts:
        return MONEY, (*known, "joined", "left", "transferred_out", "open", "waiting")
    return (*MONEY_MEASURES, *BY_KIND_MONEY), known
