"""What the exact engine answers: distributions, means, quantiles and probabilities, all as fractions."""

from __future__ import annotations

from dataclasses import dataclass, field
from fractions import Fraction

from resilience.exact.arithmetic import exactly
from resilience.organisation import Organisation

MONEY = (
    *("bank", "spendable", "headroom", "restricted_cash", "free_reserves", "unrestricted_funds"),
    *("income", "spending", "receipts_of_income", "closing_liability"),
)


@dataclass
class Exact:
    """The exact distribution of one organisation under *carry on*.

    `insolvent`, `breach`, `touched`, `no_return`: probability by the end of month t, list of `months` fractions;
    `breach` is None if the policy is already breached at the opening. `states`: the most in a month. Measures: MONEY.
    `weights[measure][t]`: {pence: weight} over the continuing paths; a probability is weight ÷ `whole[t]`.
    """

    organisation: Organisation
    months: int
    insolvent: list[Fraction] = field(default_factory=list)
    breach: list[Fraction] | None = None
    touched: list[Fraction] = field(default_factory=list)
    no_return: list[Fraction] = field(default_factory=list)
    weights: dict[str, list[dict[int, int]]] = field(default_factory=dict)
    whole: list[int] = field(default_factory=list)
    states: int = 0

    def distribution(self, measure: str, month: int) -> dict[int, Fraction]:
        """{pence: probability} over the continuing paths, in order; the sum is 1 − insolvent[month]."""
        return {x: Fraction(w, self.whole[month]) for x, w in sorted(self.weights[measure][month].items())}

    def mean(self, measure: str, month: int) -> Fraction:
        """Mean in pence over the continuing paths. ZeroDivisionError if none continues."""
        weights = self.weights[measure][month]
        return Fraction(sum(x * w for x, w in weights.items()), sum(weights.values()))

    def variance(self, measure: str, month: int) -> Fraction:
        """Variance in pence² over the continuing paths."""
        weights = self.weights[measure][month]
        square = Fraction(sum(x * x * w for x, w in weights.items()), sum(weights.values()))
        return square - self.mean(measure, month) ** 2

    def below(self, measure: str, month: int, amount: int, *, at_most: bool = False) -> Fraction:
        """P(X < amount), with `at_most` P(X ≤ amount), over all paths; ended paths rank lowest."""
        weights = self.weights[measure][month]
        under = sum(w for x, w in weights.items() if x < amount or (at_most and x == amount))
        return self.insolvent[month] + Fraction(under, self.whole[month])

    def quantile(self, measure: str, month: int, share: Fraction | float) -> int | None:
        """The smallest amount with P(X ≤ amount) ≥ share, in pence; None where the quantile has ended."""
        wanted = exactly(share) * self.whole[month]
        reached = self.insolvent[month] * self.whole[month]
        if reached >= wanted:
            return None
        for amount, weight in sorted(self.weights[measure][month].items()):
            reached += weight
            if reached >= wanted:
                return amount
        raise ValueError(f"{share} is not a share from 0 to 1")
