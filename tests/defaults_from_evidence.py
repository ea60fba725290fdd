"""The arithmetic from published figures (resilience/data/evidence.toml) to the defaults by kind of payer (data/defaults.toml).

Odds and shares are rounded to the nearest twentieth: the evidence says no more. For development: the program reads the defaults alone.
"""

import tomllib
from statistics import NormalDist, fmean

from resilience.assumptions import DEFAULTS

EVIDENCE = tomllib.loads((DEFAULTS.parent / "evidence.toml").read_text("utf-8"))
PUBLIC = {"local authority": 1.0, "NHS": 1 / 2, "central government": 3 / 4}  # odds beside a council's: assumed
DAYS_OF_A_MONTH, TO_MONTH_END = 30, 15  # from a day of delivery to the invoice at the month's end, in the mean
NORMAL = NormalDist()


def twentieth(x: float) -> float:
    """To the nearest 0.05, never to nil."""
    return max(0.05, round(x * 20) / 20)


def cut(kind: str) -> float:
    """Yearly probability of a cut: the mean of 28 and 30 of 100, 0.29; times the share assumed for the kind.

    0.29 → 0.30; 0.29 · 1/2 = 0.145 → 0.15; 0.29 · 3/4 = 0.2175 → 0.20.
    """
    seen = fmean(
        [EVIDENCE["councils_expected_to_cut"]["value"], EVIDENCE["government_income_falls"]["over_10_percent"]]
    )
    return twentieth(seen * PUBLIC[kind])


def logit(share: float) -> float:
    from math import log

    return log(share / (1 - share))


def two_points(low: float, below_low: float, high: float, below_high: float) -> tuple[float, float]:
    """(mean, sd) of logits of the normal that has the share `below_low` below `low`, and `below_high` below `high`."""
    one, two = NORMAL.inv_cdf(below_low), NORMAL.inv_cdf(below_high)
    sd = (logit(high) - logit(low)) / (two - one)
    return logit(low) - one * sd, sd


def falls() -> float:
    """Share of charities whose income falls in a year, between the quarter and the middle: 0.25 + 0.25 · 65/76 = 0.464."""
    seen = EVIDENCE["income_above_half_a_million"]
    return 0.25 + 0.25 * -seen["p25"] / (seen["p50"] - seen["p25"])


def depth() -> dict[str, float]:
    """10, 50 and 90 % points of the share lost in a cut: two normals of logits, their means and deviations averaged.

    Councils 2009-2011: of the 90 in 100 areas that cut, 25 by less than 6 %, 25 by more than 15 %: mean −2.24, sd 0.86.
    Government income of charities: of the 46.4 in 100 that fall, 30 by over 10 %, 16.6 by over 25 %: mean −1.64, sd 1.48.
    Together −1.94 and 1.17: 3.1 %, 12.6 %, 39.2 %.
    """
    wave, register = EVIDENCE["first_wave_of_austerity"], EVIDENCE["government_income_falls"]
    cuts, fall = 1 - wave["rises"], falls()
    fits = [
        two_points(0.06, wave["cut_under_6_percent"] / cuts, 0.15, 1 - wave["cut_over_15_percent"] / cuts),
        two_points(0.10, 1 - register["over_10_percent"] / fall, 0.25, 1 - register["over_25_percent"] / fall),
    ]
    mean, sd = (fmean(values) for values in zip(*fits, strict=True))
    points = {"low": 0.1, "likely": 0.5, "high": 0.9}
    return {name: twentieth(_share(mean + sd * NORMAL.inv_cdf(p))) for name, p in points.items()}


def _share(odds: float) -> float:
    from math import exp

    return 1 / (1 + exp(-odds))


def renewal_of_a_grant() -> float:
    """Repeat applications that succeed: 0.63 as it stands."""
    return float(EVIDENCE["applications"]["repeat"])


def renewal_of_a_contract() -> float:
    """The mean of the numbers claimed, (35 + 50 + 60 + 80)/4 = 56.25 of 100 → 0.55."""
    return twentieth(fmean(EVIDENCE["retenders"]["claims"]))


def win() -> float:
    """Cold applications that succeed: 24.5 of 100 → 0.25."""
    return twentieth(EVIDENCE["applications"]["cold"])


def win_of_a_grant() -> float:
    """Applications that succeed, cold and repeat together: 36 of 100 → 0.36."""
    return float(EVIDENCE["applications"]["overall"])


def trouble_of_a_council() -> float:
    """Notices a year and council in the two years with most, 6/(2 · 384) = 0.0078 → 0.01, to the hundredth."""
    seen = EVIDENCE["section_114_notices"]
    return round(seen["notices"] / seen["years"] / seen["councils"], 2)


def lag(kind: str) -> float:
    """Months from delivery to payment: public payers half a month to the invoice, then 17.5 to 30 days, (15 + 23.75)/30 = 1.29 → 1.3.

    Others: an invoice of the day, paid on usual terms, 30/30 = 1.0.
    """
    days = [EVIDENCE["council_pays"]["days"], EVIDENCE["usual_terms"]["days"]]
    return round((TO_MONTH_END + fmean(days)) / DAYS_OF_A_MONTH, 1) if kind in PUBLIC else days[1] / DAYS_OF_A_MONTH


def decision_month() -> int:
    """Public payers: the month of the final settlement."""
    return int(EVIDENCE["final_settlement"]["month"].split("-")[1])


def notice() -> int:
    """Public payers: what statutory guidance asks of councils."""
    return int(EVIDENCE["notice_of_a_cut"]["months"])


def late() -> float:
    """One less the mean share paid within 30 days: 1 − 0.897 = 0.103 → 0.10."""
    return twentieth(1 - fmean(EVIDENCE["paid_within_30_days"]["shares"]))


def turnover() -> float:
    """Mean of five surveys less redundancies, (22 + 21.3 + 20 + 17 + 22)/5 − 1.35 = 19.11 of 100 → 0.19, to the hundredth."""
    seen = EVIDENCE["staff_turnover"]
    return round(fmean(seen["surveys"]) - fmean(seen["redundancy"]), 2)
