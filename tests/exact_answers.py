"""Known answers, each by its own short calculation: the distributions that single mechanisms of the model must have.

Nothing here is taken from the simulator or from resilience.exact. Money is whole pence, months are indices from 0.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

import numpy as np
from quiet import FLAT, QUIET

from resilience.organisation import Organisation
from resilience.organisation_file import organisation_from


def charity(first_month: str = "2026-04", bank: float = 1_000_000, **tables: Any) -> Organisation:
    """A charity that holds money and nothing else, with the tables given on top; no growth of prices or pay.

    Odds are as written: no doubt about them, no payer in trouble, nothing unlisted.
    """
    raw: dict[str, Any] = {
        "name": "Isolated",
        "first_month": first_month,
        "employment_allowance": False,
        "creditor_days": 0,
        "reserves_policy": {"amount": 0},
        "economy": FLAT,
        "closing": {"holiday_weeks": 0},
        "opening": {"bank": bank, "creditors": 0},
        "source": "made up for tests",
        **QUIET,
    }
    for name, table in tables.items():
        added = name in ("economy", "closing", "opening")
        raw[name] = {**raw[name], **table} if added else table
    return organisation_from(raw, "isolated.toml")


def rounded(numerator: int, denominator: int) -> int:
    """Nearest whole, halves up; both from 0."""
    return (2 * numerator + denominator) // (2 * denominator)


def part(yearly: int, calendar_month: int) -> int:
    """Pence of a yearly amount in a calendar month: April is the first of twelve, cumulative rounding."""
    m = (calendar_month - 4) % 12 + 1
    return rounded(yearly * m, 12) - rounded(yearly * (m - 1), 12)


def calendar(first_month: str, t: int) -> int:
    """Calendar month, 1 to 12, of index t."""
    return (int(first_month[-2:]) - 1 + t) % 12 + 1


def first_cut(
    yearly: float, settled: float, decision_month: int, notice: int | None, first_month: str, months: int
) -> list[float]:
    """P(the first cut takes effect in month t), t < months; geometric. `notice` None: none.

    In a decision month t ≥ 1 a cut is announced with 1 − (1 − q)^w, in every month with 1 − (1 − q)^((1−w)/12). It
    takes effect notice + 1 months later (no notice: at once), a settlement cut not before the next April.
    """
    at_settlement = 1 - (1 - yearly) ** settled
    by_month = 1 - (1 - yearly) ** ((1 - settled) / 12)
    found, none_yet = [0.0] * months, 1.0

    def put(t: int, p: float) -> None:
        if t < months:
            found[t] += p

    for t in range(months):
        effect = t if notice is None else t + notice + 1
        if t >= 1 and calendar(first_month, t) == decision_month:
            april = next(s for s in range(t if notice is None else t + 1, t + 13) if calendar(first_month, s) == 4)
            put(max(effect, april), none_yet * at_settlement)
            none_yet *= 1 - at_settlement
        put(effect, none_yet * by_month)
        none_yet *= 1 - by_month
    return found


def poisson_binomial(chances: Iterable[float]) -> list[float]:
    """P(k of several unlike things happen), k = 0, 1, …: each folded in by turn."""
    found = [1.0]
    for p in chances:
        found = [a * (1 - p) + b * p for a, b in zip([*found, 0.0], [0.0, *found], strict=True)]
    return found


def compound_cuts(yearly: int, chance: float, keeps_millionths: int, decisions: int) -> dict[int, float]:
    """{yearly pence: probability} after some decisions, each of which may take a share: binomial, rounded each time."""
    found = {yearly: 1.0}
    for _ in range(decisions):
        following: dict[int, float] = defaultdict(float)
        for amount, p in found.items():
            following[amount] += p * (1 - chance)
            following[rounded(amount * keeps_millionths, 1_000_000)] += p * chance
        found = dict(following)
    return found


def convolved(*distributions: dict[int, float]) -> dict[int, float]:
    """{sum: probability} of independent amounts."""
    found = {0: 1.0}
    for one in distributions:
        following: dict[int, float] = defaultdict(float)
        for a, p in found.items():
            for b, q in one.items():
                following[a + b] += p * q
        found = dict(following)
    return found


def delay(lag: float, late: float, late_mean: float, months: int) -> list[float]:
    """P(an invoice is paid d months after delivery), d < months: the payer's habit and the late tail, convolved."""
    whole, odd = int(lag), lag - int(lag)
    habit = [0.0] * whole + [1 - odd, odd]
    tail = [1 - late] + [late / late_mean * (1 - 1 / late_mean) ** (k - 1) for k in range(1, months + 1)]
    return list(np.convolve(habit, tail)[:months])


def expected_receipts(invoices: Sequence[int], lag: float, late: float, late_mean: float) -> list[float]:
    """Mean pence received in each month, for invoices of those months: invoices and delay, convolved."""
    months = len(invoices)
    return list(np.convolve(invoices, delay(lag, late, late_mean, months))[:months])


def renewal_chain(chance: float, ends: Sequence[int], month: int) -> list[float]:
    """P(renewed at exactly the first k ends and not ended), k = 0 …, then last P(gone), as things stand in a month."""
    past = sum(end <= month for end in ends)
    alive = chance**past
    return [0.0] * past + [alive, 1 - alive]


def ruin_by_month(opening: float, drift: float, sd: float, months: int, nodes: int = 600) -> list[float]:
    """P(the balance has been below nil at a month-end by the end of month t); x ← x + drift + sd·z each month.

    The density of the survivors is carried from month to month, f′(y) = ∫ f(x) φ((y − x − drift)/sd)/sd dx over x ≥ 0,
    by Gauss–Legendre quadrature on 0 … the largest balance within 9 standard deviations: error below 1e−8.
    """
    top = opening + max(0.0, drift) * months + 9 * sd * np.sqrt(months)
    x, weight = np.polynomial.legendre.leggauss(nodes)
    x, weight = (x + 1) * top / 2, weight * top / 2

    def density(gap: Any) -> Any:
        return np.exp(-(((gap - drift) / sd) ** 2) / 2) / (sd * np.sqrt(2 * np.pi))

    step = density(x[None, :] - x[:, None]) * weight[:, None]  # from x to y
    survivors = density(x - opening)
    found = [1 - float(survivors @ weight)]
    for _ in range(1, months):
        survivors = survivors @ step
        found.append(1 - float(survivors @ weight))
    return found
