"""Dates that must not lie before the first month, and totals that must stay within 64 bits."""

from __future__ import annotations

from typing import Any

from resilience.fields import LARGEST
from resilience.organisation_rules.programmes import unnamed_work
from resilience.organisation_rules.written import Found, charged, month_of, number_of, paid, tables


def faults_of_dates(raw: dict[str, Any]) -> Found:
    first = month_of(raw.get("first_month"))
    dated: list[tuple[tuple[Any, ...], Any]] = [
        (("bids", n, "decision"), b.get("decision")) for n, b in tables(raw, "bids").items()
    ]
    dated += [(("streams", n, "until"), s.get("until")) for n, s in tables(raw, "streams").items()]
    if isinstance(opening := raw.get("opening"), dict):
        dated.append((("opening", "provisions_due"), opening.get("provisions_due")))
        owed: list[Any] = debts if isinstance(debts := opening.get("owed"), list) else []
        dated += [(("opening", "owed", i, "month"), d.get("month")) for i, d in enumerate(owed) if isinstance(d, dict)]
    if isinstance(facility := raw.get("facility"), dict):
        dated.append((("facility", "until"), facility.get("until")))
    if isinstance(assets := raw.get("fixed_assets"), dict) and isinstance(assets.get("purchases"), list):
        bought = [(i, p) for i, p in enumerate(assets["purchases"]) if isinstance(p, dict)]
        dated += [(("fixed_assets", "purchases", i, "month"), p.get("month")) for i, p in bought]
    for keys, text in dated:
        month = month_of(text)
        if first and month and month < first:
            yield (
                keys,
                text,
                f"lies before the first month, {first}",
                "correct the month, or leave this out if it is over",
            )
    for name, item in tables(raw, "streams").items():
        start, end = month_of(item.get("from")), month_of(item.get("until"))
        if start and end and end < start:
            yield (
                ("streams", name, "until"),
                item["until"],
                f"lies before from, {start}",
                "until is the last month paid; correct one of them",
            )


def faults_of_sizes(raw: dict[str, Any]) -> Found:
    """Totals that would leave 64 bits of whole pence."""
    amounts = [number_of(item.get("yearly")) for _, item in (*paid(raw), *charged(raw))]
    pay = [
        max(number_of(p.get("pay_bill")), number_of(p.get("pay")) * number_of(p.get("heads"))) for _, p in charged(raw)
    ]
    for _, one in unnamed_work(raw):  # as many as can run at once, on average
        terms = 1 / max(0.01, 1 - number_of(one.get("renewal")))
        running = number_of(one.get("a_year")) * number_of(one.get("term")) / 12 * terms
        amounts.append(running * number_of(one.get("yearly")))
    amounts += [number_of(one.get("yearly")) for one in tables(raw, "sprees").values()]
    come = [bid.get("transfers_in") for bid in tables(raw, "bids").values()]
    pay += [number_of(one.get("pay")) * number_of(one.get("heads")) for one in come if isinstance(one, dict)]
    if sum(amounts) + sum(pay) > 10 * LARGEST:
        yield (), None, "adds up to more than ten thousand million pounds a year", "write pounds, not pence"
