"""Payers and their trouble, the climate, what nobody listed; law, prices and pay."""

from __future__ import annotations

from typing import Any

from resilience.assumptions import default_of
from resilience.fields import parse_probability_or_none
from resilience.horizon import NAMES, Month
from resilience.organisation_rules.programmes import unnamed_work
from resilience.organisation_rules.written import Found, month_of, nearest, number_of, paid, payment_of, tables
from resilience.rates import NATIONS, names, rate
from resilience.storylines import shipped

MOVED = ("austerity", "growth_climate", "depth_in_austerity")  # fields that say what a climate does
OF_TROUBLE = ("halves", "rent_help", "pension_deficit")
STATES = ("growth", "standstill", "austerity")
Items = list[tuple[tuple[str, ...], dict[str, Any]]]


def _paid_by(raw: dict[str, Any]) -> dict[str, Items]:
    """Streams and bids by the name of their payer."""
    found: dict[str, Items] = {}
    for keys, item in paid(raw):
        payer = item.get("payer", keys[-1])
        if isinstance(payer, str):
            found.setdefault(payer, []).append((keys, item))
    return found


def _can_be_cut(item: dict[str, Any]) -> bool:
    return "until" not in item or item.get("break_clause") is True


def _event(raw: dict[str, Any], payer: str, items: Items) -> float:
    """Yearly probability of a payer's trouble, as far as it can be known; 1 where it cannot."""
    if raw.get("funder_events") is False:
        return 0.0
    written = tables(raw, "payers").get(payer, {}).get("event")
    given = 1.0 if isinstance(written, dict) else parse_probability_or_none(written)
    if isinstance(given, (int, float)):
        return float(given)
    try:
        return max((float(default_of(item.get("kind"), "event")) for _, item in items), default=0.0)
    except (KeyError, TypeError):
        return 1.0


def idle_outside(raw: dict[str, Any]) -> dict[tuple[str, ...], tuple[str, str]]:
    """{address: (why, fix)} of the fields on payers, the climate and what nobody listed that would be read and ignored."""
    found: dict[tuple[str, ...], tuple[str, str]] = {}
    off = raw.get("funder_events") is False
    for payer, items in _paid_by(raw).items():
        event, at = _event(raw, payer, items), ("payers", payer)
        if off:
            found[*at, "event"] = "does nothing: funder_events is false", "remove it, or funder_events"
        if event == 0:
            nothing = "does nothing: trouble of this payer has no probability", "give event a probability, or remove it"
            found |= {(*at, name): nothing for name in OF_TROUBLE}
        touched = [item for keys, item in items if keys[0] == "streams" and item.get("statutory_duty") is not True]
        if not touched:
            found[*at, "halves"] = "does nothing: none of its streams can be halved or ended", "remove it"
        if not any(payment_of(item) in ("arrears", None) and "lag" not in item for _, item in items):
            found[*at, "days_to_pay"] = (
                "does nothing: nothing it pays is in arrears without a lag of its own",
                "remove it",
            )
        for keys, item in items:
            if keys[0] == "streams" and not _can_be_cut(item) and event == 0:
                found[*keys, "statutory_duty"] = (
                    "does nothing: the stream is cut only at renewal, and its payer cannot get into trouble",
                    "remove it",
                )
    for name, item in tables(raw, "streams").items():
        for key in ("austerity", "growth_climate", "depth_in_austerity"):
            if not _has_climate(raw):
                found["streams", name, key] = (
                    "does nothing: there is no climate",
                    "add [storylines] or [climate], or remove it",
                )
            elif not _can_be_cut(item):
                why = "does nothing: an award with an end and no break clause is cut only at renewal"
                found["streams", name, key] = why, "add break_clause = true, or remove it"
    for keys, _ in unnamed_work(raw) if not _has_climate(raw) else ():
        for key in ("austerity", "growth_climate"):
            found[*keys, key] = "does nothing: there is no climate", "add [storylines] or [climate], or remove it"
    for name in tables(raw, "services") if not _has_climate(raw) else ():
        why = "does nothing: there is no climate"
        found["services", name, "growth_after_austerity"] = why, "add [storylines] or [climate], or remove it"
    unlisted = raw.get("unlisted_event")
    if isinstance(unlisted, dict) and parse_probability_or_none(unlisted.get("chance")) == 0:
        why = "does nothing: the chance is 0"
        found |= {("unlisted_event", key): (why, f"remove {key}, or raise chance") for key in ("least", "most")}
    return found


def faults_of_payers(raw: dict[str, Any]) -> Found:
    known = _paid_by(raw)
    for name in tables(raw, "payers"):
        if name not in known:
            fix = nearest(name, known, "write a payer as a stream or bid names it, or a stream's own name")
            yield ("payers", name), None, "pays no stream or bid of this file", fix
    seen: dict[str, str] = {}
    for name, items in known.items():
        named = [keys for keys, item in items if "payer" in item]
        if (twin := seen.setdefault(name.casefold(), name)) != name and named:
            yield (*named[0], "payer"), name, f"differs from the payer {twin} only in capitals", "write both alike"


def faults_of_outside(raw: dict[str, Any]) -> Found:
    for keys, (why, fix) in idle_outside(raw).items():
        table: Any = raw
        for key in keys[:-1]:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict) and keys[-1] in table:
            yield keys, None, why, fix
    unlisted = raw.get("unlisted_event")
    if isinstance(unlisted, dict):
        least, most = (number_of(unlisted.get(key, default)) for key, default in (("least", 0.5), ("most", 3.0)))
        if least > most:
            yield (
                ("unlisted_event", "least"),
                unlisted.get("least", least),
                f"is above most, {most:g}",
                "write least below most",
            )
    moved = any(key in item for item in tables(raw, "streams").values() for key in MOVED)
    moved = moved or any(key in one for _, one in unnamed_work(raw) for key in MOVED)
    moved = moved or any("growth_after_austerity" in item for item in tables(raw, "services").values())
    for key in ("storylines", "climate") if not moved else ():
        if isinstance(raw.get(key), dict):
            fix = f"give a stream or the opportunities austerity or growth_climate, or a service growth_after_austerity, or remove [{key}]"
            yield (key,), None, "does nothing: no stream, service or opportunity says what it does to it", fix
    yield from _faults_of_storylines(raw)
    climate = raw.get("climate")
    if not isinstance(climate, dict):
        return
    for state in STATES:
        total = sum(number_of(climate.get(f"{state}_to_{to}")) for to in STATES if to != state)
        if total > 1 + 1e-9:
            fix = "make the probabilities of leaving one climate add up to 1 or less"
            yield (
                ("climate", f"{state}_to_{STATES[1] if state != STATES[1] else STATES[0]}"),
                None,
                f"leaves {state} with {total:g} in all",
                fix,
            )


def _has_climate(raw: dict[str, Any]) -> bool:
    return any(isinstance(raw.get(key), dict) for key in ("climate", "storylines"))


def _faults_of_storylines(raw: dict[str, Any]) -> Found:
    held = raw.get("storylines")
    if not isinstance(held, dict):
        return
    if isinstance(raw.get("climate"), dict):
        yield (
            ("climate",),
            None,
            "stands beside [storylines]: national money is one or the other",
            "remove one of the two",
        )
    told = held.get("stories")
    told = told if isinstance(told, dict) else {}
    if not any(number_of(one.get("weight")) > 0 for one in told.values() if isinstance(one, dict)):
        fix = f"add [storylines.stories.NAME] with a weight: {', '.join(shipped())}, or one of your own with turns"
        yield ("storylines",), None, "tells no storyline that has a weight", fix
    for name, one in told.items():
        if isinstance(one, dict) and "turns" not in one and name not in shipped():
            yield (
                ("storylines", "stories", name),
                None,
                "is no storyline that the program knows",
                nearest(name, shipped(), "add its turns"),
            )
        afters = (
            [turn.get("after") for turn in one.get("turns") or () if isinstance(turn, dict)]
            if isinstance(one, dict)
            else []
        )
        if len(set(afters)) < len(afters):
            yield ("storylines", "stories", name, "turns"), None, "turns twice in one month", "keep one of the two"


def faults_of_law(raw: dict[str, Any]) -> Found:
    """The dated figures must be known: law in the first month, growth of prices and pay by next April."""
    first, economy = month_of(raw.get("first_month")), raw.get("economy")
    economy, nation = economy if isinstance(economy, dict) else {}, raw.get("nation", "England")
    if first is None or nation not in NATIONS:
        return
    as_of, april = month_of(economy.get("law_as_of")), first.tax_year_start + 12
    growth = {"cpi_growth": ("cpi", april - 4), "average_earnings_growth": ("earnings", april)}
    law = [missing for name in names() if name not in growth and (missing := _unknown(name, first, nation, as_of))]
    for problem, fix in law[:1]:
        keys = ("economy", "law_as_of") if as_of else ("first_month",)
        yield keys, str(as_of or first), f"is too early: {problem}", f"write a later month: {fix}"
    for name, (key, on) in growth.items():
        by_year = _years(economy.get(key))
        if key in economy and not by_year:
            continue
        while str(on.year) in by_year and _unknown(name, on, nation, as_of):
            on += 12
        if missing := _unknown(name, on, nation, as_of):
            fix = (
                f"write {on.year} too, or one number such as 0.03"
                if by_year
                else "write the yearly growth, such as 0.03"
            )
            yield ("economy", key), None, f"is missing: {missing[0]}", fix


def faults_of_economy(raw: dict[str, Any]) -> Found:
    """Changes of the economy that come too late to count, and promises that say nothing."""
    first, economy = month_of(raw.get("first_month")), raw.get("economy")
    economy = economy if isinstance(economy, dict) else {}
    if raw.get("london") is True and raw.get("living_wage") != "Real Living Wage":
        fix = 'add living_wage = "Real Living Wage", or remove london'
        yield ("london",), None, "does nothing: no Real Living Wage is promised", fix
    if first is None:
        return
    april = first.tax_year_start + 12  # the first in which anything rises
    for key, least in (("cpi", april.year - 1), ("earnings", april.year), ("bank_rate", first.year)):
        for year in _years(economy.get(key)):
            if str(year).isdecimal() and int(year) < least:
                yield ("economy", key), None, f"names {year}, which no longer counts", f"write {least} or later"
    wage, nic, award = (economy.get("minimum_wage"), economy.get("employer_nic"), raw.get("pay_award"))
    if isinstance(wage, dict) and (start := month_of(wage.get("from"))):
        if start.month != 4:
            yield (
                ("economy", "minimum_wage", "from"),
                str(start),
                "is no April, when the minimum wage rises",
                "write an April",
            )
        elif start <= first:
            fix = "write a later April"
            yield ("economy", "minimum_wage", "from"), str(start), f"is not after the first month, {first}", fix
    if isinstance(nic, dict) and (start := month_of(nic.get("from"))) and start < first:
        fix = f"write {first} or later"
        yield ("economy", "employer_nic", "from"), str(start), f"lies before the first month, {first}", fix
    if isinstance(award, dict) and number_of(award.get("arrears_owed")) > 0:
        settled = _month_number(award.get("settled", "April"))
        if settled and (settled - 4) % 12 + 1 < first.funders_month:
            said = f"would be settled before the first month, {first}"
            yield ("pay_award", "arrears_owed"), None, said, "write the month in which they are paid as settled, or 0"


def _years(value: Any) -> dict[str, Any]:
    """The years of a rate that is given by year; none where it is one number."""
    return value if isinstance(value, dict) else {}


def _month_number(value: Any) -> int | None:
    """The number of a month of the year; None if it is none."""
    if isinstance(value, int) and not isinstance(value, bool):
        return value if 1 <= value <= 12 else None
    return NAMES.index(value.capitalize()) + 1 if isinstance(value, str) and value.capitalize() in NAMES else None


def _unknown(name: str, on: Month, nation: str, as_of: Month | None) -> tuple[str, str] | None:
    """(problem, fix) if a dated figure is not known for a month."""
    try:
        rate(name, on, nation, as_of)
    except LookupError as fault:
        problem, _, fix = str(fault.args[0]).partition("; ")
        return problem, fix
    return None
