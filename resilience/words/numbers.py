"""Numbers, money, dates and chances in words."""

from __future__ import annotations

import math
from collections.abc import Sequence
from typing import Any

from resilience.horizon import NAMES, Month, parse_month


def money(pounds: float) -> str:
    """£420,000; below nil −£420,000."""
    whole = round(pounds)
    return f"−£{-whole:,}" if whole < 0 else f"£{whole:,}"


def rough(pounds: float) -> str:
    """Two significant figures, for a finding: £190,000, £1.2 million."""
    if abs(pounds) < 10:
        return money(pounds)
    whole = round(pounds, 1 - math.floor(math.log10(abs(pounds))))
    if abs(whole) < 1_000_000:
        return money(whole)
    millions = abs(whole) / 1_000_000
    said = f"{millions:,.0f}" if millions >= 10 else f"{millions:.2g}"
    return f"{'−' if whole < 0 else ''}£{said} million"


def owned(pounds: float) -> str:
    """An amount that may be below nil, in a sentence: "£12,000", "£12,000 below nil"."""
    return f"{money(-pounds)} below nil" if round(pounds) < 0 else money(pounds)


def month(label: str | Month) -> str:
    """ "March 2031", from "2031-03"."""
    return parse_month(label).words if isinstance(label, str) else label.words


def short_month(label: str | Month) -> str:
    """ "Mar 2031", for tables."""
    at = parse_month(label) if isinstance(label, str) else label
    return f"{NAMES[at.month - 1][:3]} {at.year}"


def people(number: float) -> str:
    """A number of people: whole, with commas."""
    return f"{round(number):,}"


def listed(parts: Sequence[str], last: str = "and") -> str:
    """ "a, b and c"."""
    return f" {last} ".join([", ".join(parts[:-1]), parts[-1]] if len(parts) > 1 else parts)


def sentence(text: str) -> str:
    """With a capital letter and a full stop."""
    return text[:1].upper() + text[1:] + ("" if text.endswith((".", "?", "!")) else ".")


# ---- chances


def of_100(share: float) -> str:
    """The number in a hundred: whole; "fewer than 1", "more than 99"; "none" and "all" only where it is so."""
    if share <= 0 or share >= 1:
        return "none" if share <= 0 else "all"
    if share < 0.01 or share > 0.99:
        return "fewer than 1" if share < 0.01 else "more than 99"
    return str(min(99, max(1, whole(share))))


def in_table(share: float) -> str:
    """The number in a hundred as a table shows it: "<1", ">99"."""
    found = of_100(share)
    return {"fewer than 1": "<1", "more than 99": ">99"}.get(found, found)


def count(share: float) -> str:
    """ "13 of 100", "fewer than 1 of 100", "none", "all": after "futures" has been said."""
    found = of_100(share)
    return found if found in ("none", "all") else f"{found} of 100"


def in_100(share: float) -> str:
    """ "in 13 of 100", "in none", "in all"."""
    return f"in {count(share)}"


def futures(share: float, paths: int) -> str:
    """ "in 48 of 100 simulated futures"; at the edges the number that was simulated."""
    if share <= 0:
        return f"in none of {paths:,} simulated futures"
    return f"in all {paths:,} simulated futures" if share >= 1 else f"in {of_100(share)} of 100 simulated futures"


def counted(share: float, happens: str, otherwise: str, paths: int) -> str:
    """Both frames, the number first: "In 13 of 100 simulated futures X; in 87 they do not."."""
    said = f"{sentence(futures(share, paths))[:-1]} {happens}"
    return f"{said}; that does not make it impossible." if share <= 0 else f"{said}{_otherwise(share, otherwise)}"


def bound(share: float, paths: int) -> str:
    """What "none" and "all" leave open, by the rule of three; "" between them."""
    if 0 < share < 1:
        return ""
    edge = f"{math.ceil(300 / paths)} of 100" if paths < 300 else f"3 of {paths:,}"
    made = "impossible" if share <= 0 else "certain"
    return f"That does not make it {made}: counting {paths:,} futures leaves room for {edge}."


def both(happens: str, share: float, otherwise: str, paths: int) -> str:
    """Both frames: "X in 48 of 100 simulated futures; in 52 it does not."; at the edges see `bound`."""
    return f"{happens} {futures(share, paths)}{_otherwise(share, otherwise)}"


def _otherwise(share: float, otherwise: str) -> str:
    if share <= 0 or share >= 1:
        return "."
    rest = {"fewer than 1": "more than 99", "more than 99": "fewer than 1"}.get(of_100(share))
    return f"; in {rest or 100 - int(of_100(share))} {otherwise}."


def error(standard_error: float) -> str:
    """Two standard errors of a share, in futures of 100: "±1", "below ±1"."""
    found = 200 * standard_error
    return "below ±1" if found < 0.5 else f"±{math.ceil(found - 1e-9)}"


def whole(share: float) -> int:
    return math.floor(100 * share + 0.5)


def steps(pounds: float) -> str:
    """An amount with its sign, for differences: +£1,200, −£300."""
    return money(pounds) if round(pounds) < 0 else f"+{money(pounds)}"


def amount(value: float, unit: str) -> str:
    """A low or high value of an assumption: £90,000 a year, 4 in 10, a share as a percentage."""
    if unit == "probability":
        return f"{10 * value:.2g} in 10"
    if unit == "a year":
        return f"{100 * value:.1f} % a year".replace("-", "−")
    if unit == "odds":
        return f"{value:.2g} times the odds"
    if unit == "people a month":
        return f"{value:g} {unit}"
    if unit in ("GBP a unit", "GBP a gift"):
        return f"{money(value)} {unit[4:]}"
    return f"{100 * value:.0f} %" if unit == "share" else f"{money(value)} a year"


def figure(found: Any) -> str:
    """A figure of the register in a line."""
    from resilience.ranges import is_range  # loads numpy, which a page that only shows words does without

    if isinstance(found, dict):
        return _range(found) if is_range(found) else ", ".join(f"{key} {figure(one)}" for key, one in found.items())
    if isinstance(found, bool):
        return "yes" if found else "no"
    if isinstance(found, list):
        return ", ".join(map(str, found)) or "none"
    return f"{found:,g}" if isinstance(found, (int, float)) and abs(found) < 10**6 else str(found)


def _range(found: dict[str, Any]) -> str:
    """A range as it is written, in words."""
    numbers = {key: figure(x) for key, x in found.items() if isinstance(x, (int, float))}
    if "low" in found:
        sure = f" ({found.get('family', 'nothing beyond')})" if "ends" in found or "family" in found else ""
        return "{low} to {high}, most likely {likely}".format(**numbers) + sure
    if "p10" in found:
        return "{p10} to {p90}, as likely above {p50} as below".format(**numbers)
    if "sd" in found:
        return "{mean}, standard deviation {sd}".format(**numbers)
    if "to" in found:
        return "anything from {from} to {to}".format(**numbers)
    weights = found.get("weights") or [1] * len(found["values"])
    pairs = zip(found["values"], weights, strict=True)
    return " or ".join(f"{figure(x)} ({weight:g} in {sum(weights):g})" for x, weight in pairs)
