"""What must hold between the tables of an organisation file: names meet, dates are in order, no figure is ignored.

The rules read the raw tables, whatever else is wrong with them: a wrong type and a dangling name are reported together.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Collection, Iterator
from typing import Any, get_args

from resilience.assumptions import default_of
from resilience.errors import Fault, did_you_mean, place
from resilience.fields import EARLIEST, LARGEST, LATEST, parse_probability_or_none
from resilience.horizon import NAMES, Month, parse_month
from resilience.ranges import highest
from resilience.rates import NATIONS, names, rate
from resilience.tenders import SCORED_ON_PRICE, Route
from resilience.terms import idle_terms

ROUTES = get_args(Route)
UNRESTRICTED, HUB = "unrestricted", "hub"
PAYMENT = {"contract": "arrears", "grant": "quarterly in advance", "gift": "monthly", "sale": "monthly"}
OF_A_CUT = ("cut", "depth", "settlement_share", "at_most", "decision_month", "notice")
OF_ARREARS = ("lag", "late", "late_months")
OF_TROUBLE = ("halves", "rent_help", "pension_deficit")
STATES = ("growth", "standstill", "austerity")
WIDEST_NOISE = 2.0  # standard deviation in logs
Items = list[tuple[tuple[str, ...], dict[str, Any]]]
Lines = Iterator[tuple[tuple[str, ...], dict[str, Any]]]
Found = Iterator[tuple[tuple[Any, ...], Any, str, str]]


def faults_between(raw: dict[str, Any], file: str) -> list[Fault]:
    """Every fault that lies between the tables of a file, in the order of the file's tables."""
    rules = (
        *(_names, _shared_names, _dates, _payments, _cuts, _funds, _docks, _bids),
        *(_payers, _outside, _sizes, _law, _economy),
    )
    return [Fault(file, place(keys), value, problem, fix) for rule in rules for keys, value, problem, fix in rule(raw)]


def warnings_of(raw: dict[str, Any], file: str) -> tuple[str, ...]:
    """What is allowed but questioned; for a file without faults."""
    said = []
    funding = {name for dock in tables(raw, "docks").values() for name in dock.get("funded_by", [])}
    spent = {fund for _, line in _charged(raw) for fund in line.get("charged_to", {})}
    spent |= {fund_of(keys[-1], item) for keys, item in _paid(raw) if keys[-1] in funding}
    for keys, item in _paid(raw):
        fund = fund_of(keys[-1], item)
        if fund == UNRESTRICTED:
            continue
        if form_of(item) == "contract":
            said.append(f"{place(keys)}: a contract is seldom restricted; is {fund} right as its fund?")
        if fund not in spent:
            said.append(f"{place(keys)}: no dock is funded by it and no charged_to names its fund {fund}: never spent")
    return tuple(f"{file}: {text}" for text in (*said, *_questioned_bids(raw)))


def _questioned_bids(raw: dict[str, Any]) -> Iterator[str]:
    """What a board should know of its bids: prices that cannot win, people whose cost is not known, more bids than the hub can write."""
    years: Counter[int] = Counter()
    for name, item in tables(raw, "bids").items():
        price, come = item.get("price") or {}, item.get("transfers_in")
        ceiling = price.get("ceiling")
        if ceiling is not None and price["ours"] > ceiling:
            yield f"bids.{name}.price: our {price['ours']:,} is above the ceiling of {ceiling:,}: it cannot be won"
        if come and not come.get("liability_known", False):
            yield (
                f"bids.{name}.transfers_in: what those who come are owed is not known: no walk-away price can be given; "
                "write liability_known = true once it has been told"
            )
        if month := _month(item.get("decision")):
            years[month.year - (month.month < 4)] += 1
    most = (raw.get("hub") or {}).get("bidding_capacity")
    for year, number in sorted(years.items()):
        if most is not None and number > most:
            yield f"hub.bidding_capacity: {number} bids are told in {year}/{(year + 1) % 100:02}, and the hub can write {most:g}"


def tables(raw: Any, *keys: str) -> dict[str, dict[str, Any]]:
    """The named tables below an address, leaving out what is not a table."""
    for key in keys:
        raw = raw.get(key) if isinstance(raw, dict) else None
    return {name: item for name, item in raw.items() if isinstance(item, dict)} if isinstance(raw, dict) else {}


def form_of(item: dict[str, Any]) -> str | None:
    """Form of a stream or bid; None if it cannot be known."""
    try:
        if "decision" in item:  # a bid
            return str(item.get("form") or default_of(item.get("route", "open tender"), "form") or "contract")
        return str(item.get("form") or default_of(item.get("kind"), "form"))
    except (KeyError, TypeError):
        return None


def payment_of(item: dict[str, Any]) -> str | None:
    """When a stream or bid is paid; None if it cannot be known."""
    form = form_of(item)
    usual = PAYMENT.get(form or "")
    if "decision" in item and form == "contract" and isinstance(item.get("route"), str):
        usual = default_of(item["route"], "payment") or usual if item["route"] in ROUTES else usual
    given = item.get("payment", usual)
    return given if given in PAYMENT.values() else None


def fund_of(name: str, item: dict[str, Any]) -> str:
    """Fund of a stream or bid: as written; else a grant has a restricted fund of its own name."""
    return item.get("fund") or (name if form_of(item) == "grant" else UNRESTRICTED)


def idle(item: dict[str, Any], *, stream: bool = True) -> dict[str, str]:
    """{field: why} of the fields of a stream or bid that would be read and ignored."""
    found: dict[str, str] = {}
    if payment_of(item) not in ("arrears", None):
        found |= {name: f"does nothing: it is paid {payment_of(item)}" for name in OF_ARREARS}
    if stream and "until" in item and item.get("break_clause") is not True:
        why = "does nothing: an award with an end and no break clause is cut only at renewal"
        found |= dict.fromkeys(OF_A_CUT, why)
    if stream and "until" not in item:
        found |= dict.fromkeys(("renewal", "break_clause"), "does nothing: the stream has no end")
    if stream and payment_of(item) == "quarterly in advance":
        found["noise"] = "does nothing: an instalment paid in advance does not vary"
    if stream:
        found |= idle_terms(item, payment_of(item))
    return found


def _paid(raw: dict[str, Any]) -> Lines:
    for kind in ("streams", "bids"):
        for name, item in tables(raw, kind).items():
            yield (kind, name), item


def _teams(raw: dict[str, Any]) -> Lines:
    if isinstance(raw.get("hub"), dict):
        yield ("hub",), raw["hub"]
    for name, dock in tables(raw, "docks").items():
        yield ("docks", name), dock


def _charged(raw: dict[str, Any]) -> Lines:
    """Every post and cost line, with its address."""
    for keys, team in _teams(raw):
        for kind in ("posts", "costs"):
            for name, line in tables(team, kind).items():
                yield (*keys, kind, name), line


def _month(value: Any) -> Month | None:
    try:
        month = parse_month(value)
    except (TypeError, ValueError):
        return None
    return month if EARLIEST <= month.year <= LATEST else None


def _number(value: Any) -> float:
    """A plain number, or the highest point of a range; 0 for anything else."""
    value = highest(value)
    return float(value) if isinstance(value, (int, float)) and not isinstance(value, bool) else 0.0


def _named(raw: dict[str, Any]) -> Iterator[tuple[tuple[str, ...], dict[str, Any]]]:
    """Every table whose keys are names that the writer chose."""
    for key in ("loans", "funds", "streams", "bids", "docks", "services"):
        if isinstance(raw.get(key), dict):
            yield (key,), raw[key]
    for keys, team in _teams(raw):
        for kind in ("posts", "costs"):
            if isinstance(team.get(kind), dict):
                yield (*keys, kind), team[kind]


def _names(raw: dict[str, Any]) -> Found:
    for keys, items in _named(raw):
        seen: dict[str, str] = {}
        for name in items:
            if not re.fullmatch(r"[A-Za-z0-9_-]{1,60}", name):
                yield (
                    (*keys, name),
                    None,
                    "is not a name that can be used",
                    "use letters, digits, - and _ only, 60 at most",
                )
            elif (twin := seen.setdefault(name.casefold(), name)) != name:
                yield (*keys, name), None, f"differs from {twin} only in capitals", "give one of them another name"
            if (name == UNRESTRICTED and keys[0] in ("funds", "streams", "bids")) or (
                name == HUB and keys == ("docks",)
            ):
                yield (*keys, name), None, "has a name that is already taken by the program", "give it another name"


def _shared_names(raw: dict[str, Any]) -> Found:
    streams = tables(raw, "streams")
    plain = {name.casefold(): name for name in streams}
    for name in tables(raw, "bids"):
        if twin := name if name in streams else plain.get(name.casefold()):
            yield ("bids", name), None, f"has the name of the stream {twin}", "give one of them another name"


def _dates(raw: dict[str, Any]) -> Found:
    first = _month(raw.get("first_month"))
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
        month = _month(text)
        if first and month and month < first:
            yield (
                keys,
                text,
                f"lies before the first month, {first}",
                "correct the month, or leave this out if it is over",
            )
    for name, item in tables(raw, "streams").items():
        start, end = _month(item.get("from")), _month(item.get("until"))
        if start and end and end < start:
            yield (
                ("streams", name, "until"),
                item["until"],
                f"lies before from, {start}",
                "until is the last month paid; correct one of them",
            )


def _payments(raw: dict[str, Any]) -> Found:
    for keys, item in _paid(raw):
        why = idle(item, stream=keys[0] == "streams")
        for name in (*OF_ARREARS, "noise"):
            if name in item and name in why:
                way = 'write payment = "arrears"' if name in OF_ARREARS else 'write payment = "monthly" or "arrears"'
                yield (*keys, name), None, why[name], f"{way}, or remove {name}"
    noisy = [(keys, item) for keys, item in _paid(raw) if keys[0] == "streams"]
    noisy += [(("services", name), item) for name, item in tables(raw, "services").items()] + list(_charged(raw))
    for keys, item in noisy:
        noise = item.get("noise")
        if isinstance(noise, dict) and noise.get("of", "log") == "log" and _number(noise.get("sd")) > WIDEST_NOISE:
            fix = 'write 0.10 for a tenth, or add of = "pounds"'
            yield (*keys, "noise", "sd"), noise["sd"], f"is too wide for noise in logs, at most {WIDEST_NOISE:g}", fix


def _cuts(raw: dict[str, Any]) -> Found:
    for name, item in tables(raw, "streams").items():
        why = idle(item)
        for key in OF_A_CUT:
            if key in item and key in why:
                yield ("streams", name, key), None, why[key], f"add break_clause = true, or remove {key}"
        if "until" not in item and "renewal" in item:
            yield ("streams", name, "renewal"), None, why["renewal"], "add until, or remove renewal"
        if "until" not in item and item.get("break_clause") is True:
            yield ("streams", name, "break_clause"), None, why["break_clause"], "add until, or remove break_clause"


def _funds(raw: dict[str, Any]) -> Found:
    own = {fund_of(keys[-1], {**item, "fund": None}) for keys, item in _paid(raw)}
    known = {*(raw["funds"] if isinstance(raw.get("funds"), dict) else ()), *own} - {UNRESTRICTED}
    for keys, item in _paid(raw):
        fund = item.get("fund")
        if isinstance(fund, str) and fund not in known | {UNRESTRICTED}:
            yield (
                (*keys, "fund"),
                fund,
                "is not a restricted fund of this file",
                _nearest(fund, known, f"add [funds.{fund}]"),
            )
    for keys, line in _charged(raw):
        for fund in line["charged_to"] if isinstance(line.get("charged_to"), dict) else ():
            if fund == UNRESTRICTED:
                yield (
                    (*keys, "charged_to"),
                    fund,
                    "need not be named",
                    "what the shares leave over is unrestricted; remove it",
                )
            elif fund not in known:
                yield (
                    (*keys, "charged_to"),
                    fund,
                    "is not a restricted fund of this file",
                    _nearest(fund, known, f"add [funds.{fund}]"),
                )


def _docks(raw: dict[str, Any]) -> Found:
    known, funds = {keys[-1] for keys, _ in _paid(raw)}, dict[str, str]()
    for dock, item in tables(raw, "docks").items():
        for name in _texts(item.get("funded_by")):
            keys = ("docks", dock, "funded_by")
            if name not in known:
                yield (
                    keys,
                    name,
                    "is neither a stream nor a bid of this file",
                    _nearest(name, known, "add it, or remove the name"),
                )
            elif (other := funds.setdefault(name, dock)) != dock:
                yield keys, name, f"already funds the dock {other}", "a stream funds one dock; split it in two streams"
        for name, times in Counter(_texts(item.get("funded_by"))).items():
            if times > 1:
                yield ("docks", dock, "funded_by"), name, "stands there twice", "write it once"
    posts = tables(raw, "hub", "posts")
    for name in _texts(raw["hub"].get("core")) if isinstance(raw.get("hub"), dict) else ():
        if name not in posts:
            yield ("hub", "core"), name, "is not a post of the hub", _nearest(name, posts, "add it, or remove the name")
    docks = tables(raw, "docks")
    for name, item in tables(raw, "services").items():
        named = item.get("dock")
        if isinstance(named, str) and named not in docks:
            yield (
                ("services", name, "dock"),
                named,
                "is not a dock of this file",
                _nearest(named, docks, f"add [docks.{named}]"),
            )


def _paid_by(raw: dict[str, Any]) -> dict[str, Items]:
    """Streams and bids by the name of their payer."""
    found: dict[str, Items] = {}
    for keys, item in _paid(raw):
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
        for key in ("austerity", "growth_climate"):
            if not isinstance(raw.get("climate"), dict):
                found["streams", name, key] = "does nothing: there is no climate", "add [climate], or remove it"
            elif not _can_be_cut(item):
                why = "does nothing: an award with an end and no break clause is cut only at renewal"
                found["streams", name, key] = why, "add break_clause = true, or remove it"
    unlisted = raw.get("unlisted_event")
    if isinstance(unlisted, dict) and parse_probability_or_none(unlisted.get("chance")) == 0:
        why = "does nothing: the chance is 0"
        found |= {("unlisted_event", key): (why, f"remove {key}, or raise chance") for key in ("least", "most")}
    return found


def _payers(raw: dict[str, Any]) -> Found:
    known = _paid_by(raw)
    for name in tables(raw, "payers"):
        if name not in known:
            fix = _nearest(name, known, "write a payer as a stream or bid names it, or a stream's own name")
            yield ("payers", name), None, "pays no stream or bid of this file", fix
    seen: dict[str, str] = {}
    for name, items in known.items():
        named = [keys for keys, item in items if "payer" in item]
        if (twin := seen.setdefault(name.casefold(), name)) != name and named:
            yield (*named[0], "payer"), name, f"differs from the payer {twin} only in capitals", "write both alike"


def _outside(raw: dict[str, Any]) -> Found:
    for keys, (why, fix) in idle_outside(raw).items():
        table: Any = raw
        for key in keys[:-1]:
            table = table.get(key, {}) if isinstance(table, dict) else {}
        if isinstance(table, dict) and keys[-1] in table:
            yield keys, None, why, fix
    unlisted = raw.get("unlisted_event")
    if isinstance(unlisted, dict):
        least, most = (_number(unlisted.get(key, default)) for key, default in (("least", 0.5), ("most", 3.0)))
        if least > most:
            yield (
                ("unlisted_event", "least"),
                unlisted.get("least", least),
                f"is above most, {most:g}",
                "write least below most",
            )
    climate = raw.get("climate")
    if not isinstance(climate, dict):
        return
    for state in STATES:
        total = sum(_number(climate.get(f"{state}_to_{to}")) for to in STATES if to != state)
        if total > 1 + 1e-9:
            fix = "make the probabilities of leaving one climate add up to 1 or less"
            yield (
                ("climate", f"{state}_to_{STATES[1] if state != STATES[1] else STATES[0]}"),
                None,
                f"leaves {state} with {total:g} in all",
                fix,
            )
    if not any(key in item for item in tables(raw, "streams").values() for key in ("austerity", "growth_climate")):
        fix = "give a stream austerity or growth_climate, or remove [climate]"
        yield ("climate",), None, "does nothing: no stream says what it does to it", fix


MOST_DEARER = 10  # times the usual price: a dearer one is a slip, and would leave 64 bits


def _bids(raw: dict[str, Any]) -> Found:
    """Routes, prices and people of bids; what the hub can take on."""
    bids = tables(raw, "bids")
    funded = {name: dock for dock in tables(raw, "docks").values() for name in _texts(dock.get("funded_by"))}
    for name, item in bids.items():
        route, price = item.get("route", "open tender"), item.get("price")
        if route == "fixed price" and price is not None:
            fix = 'remove price, or write route = "open tender"'
            yield ("bids", name, "price"), None, "does nothing: the payer fixes the price", fix
        if isinstance(price, dict):
            usual, ours = _number(price.get("usual")), _number(price.get("ours"))
            if usual > 0 and ours > MOST_DEARER * usual:
                fix = "write all in one unit"
                yield ("bids", name, "price", "ours"), ours, f"is more than {MOST_DEARER} times the usual price", fix
        if "score" in item and route in ROUTES and route not in SCORED_ON_PRICE:
            fix = 'remove score, or write route = "open tender"'
            yield ("bids", name, "score"), None, f"does nothing: no price is scored in a {route}", fix
        elif "score" in item and price is None:
            yield ("bids", name, "score"), None, "does nothing without a price", "add price = { usual = …, ours = … }"
        dock = funded.get(name)
        for key in ("minimum_posts", "transfers_in"):
            if item.get(key) and dock is None:
                yield ("bids", name, key), None, "does nothing: it funds no dock", f"name {name} in a dock's funded_by"
        least, come = item.get("minimum_posts"), item.get("transfers_in")
        if least and payment_of(item) == "quarterly in advance":
            fix = 'write payment = "monthly" or "arrears", or remove minimum_posts'
            yield ("bids", name, "minimum_posts"), None, "does nothing: an instalment in advance does not vary", fix
        if isinstance(least, int) and dock is not None:
            heads = sum(_number(post.get("heads")) for post in tables(dock, "posts").values())
            heads += _number(come.get("heads")) if isinstance(come, dict) else 0
            if least > heads:
                fix = f"write {heads:.0f} or less, or add posts to the dock"
                yield (
                    ("bids", name, "minimum_posts"),
                    least,
                    f"can never be filled: the dock has {heads:.0f} heads",
                    fix,
                )
    hub, unnamed = raw.get("hub"), raw.get("opportunities")
    if isinstance(hub, dict) and "bidding_capacity" in hub and unnamed is None:
        fix = "add [opportunities], or remove bidding_capacity"
        yield ("hub", "bidding_capacity"), None, "does nothing: bids named in the file are all written", fix
    if isinstance(hub, dict) and "mobilisations_at_once" in hub:
        takes = [b for b in bids.values() if isinstance(m := b.get("mobilisation"), dict) and m.get("months")]
        if len(takes) < 2 and not isinstance(unnamed, dict):
            fix = "give two bids mobilisation months, or remove mobilisations_at_once"
            yield ("hub", "mobilisations_at_once"), None, "does nothing: no two bids mobilise", fix


def _sizes(raw: dict[str, Any]) -> Found:
    """Totals that would leave 64 bits of whole pence."""
    amounts = [_number(item.get("yearly")) for _, item in (*_paid(raw), *_charged(raw))]
    pay = [max(_number(p.get("pay_bill")), _number(p.get("pay")) * _number(p.get("heads"))) for _, p in _charged(raw)]
    if isinstance(one := raw.get("opportunities"), dict):  # as many as can run at once, on average
        amounts.append(_number(one.get("a_year")) * _number(one.get("term")) / 12 * _number(one.get("yearly")))
    come = [bid.get("transfers_in") for bid in tables(raw, "bids").values()]
    pay += [_number(one.get("pay")) * _number(one.get("heads")) for one in come if isinstance(one, dict)]
    if sum(amounts) + sum(pay) > 10 * LARGEST:
        yield (), None, "adds up to more than ten thousand million pounds a year", "write pounds, not pence"


def _law(raw: dict[str, Any]) -> Found:
    """The dated figures must be known: law in the first month, growth of prices and pay by next April."""
    first, economy = _month(raw.get("first_month")), raw.get("economy")
    economy, nation = economy if isinstance(economy, dict) else {}, raw.get("nation", "England")
    if first is None or nation not in NATIONS:
        return
    as_of, april = _month(economy.get("law_as_of")), first.tax_year_start + 12
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


def _economy(raw: dict[str, Any]) -> Found:
    """Changes of the economy that come too late to count, and promises that say nothing."""
    first, economy = _month(raw.get("first_month")), raw.get("economy")
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
    if isinstance(wage, dict) and (start := _month(wage.get("from"))):
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
    if isinstance(nic, dict) and (start := _month(nic.get("from"))) and start < first:
        fix = f"write {first} or later"
        yield ("economy", "employer_nic", "from"), str(start), f"lies before the first month, {first}", fix
    if isinstance(award, dict) and _number(award.get("arrears_owed")) > 0:
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


def _texts(value: Any) -> list[str]:
    return [one for one in value if isinstance(one, str)] if isinstance(value, list) else []


def _nearest(word: str, choices: Collection[str], otherwise: str) -> str:
    return did_you_mean(word, sorted(choices)) or otherwise
