"""One future told month by month: what happened, and what was left."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from resilience.rows import EVENTS, PACKED
from resilience.strategy import AT_FULL_COST
from resilience.terms import REASONS
from resilience.words import money, month, owned

if TYPE_CHECKING:
    from resilience.projection import Projection

OF_STREAM = {
    "amount cut": "{name} is cut: from this month {pounds} a year",
    "amount back": "{name} is again what it would have been: from this month {pounds} a year",
    "amount raised": "{name} is raised: from this month {pounds} a year",
    "rise announced": "we are told that {name} will be raised from {when} on",
    "cut announced": "we are told that {name} will be cut from {when} on",
    "renewed": "we are told that {name} is renewed",
    "not renewed": "we are told that {name} is not renewed",
    "extended": "we are told that {name} is extended by {whole} months",
    "held over": "we are told that {name} is held over for {whole} months and decided then",
    "gift arrives": "{name}: {pounds} arrives",
    "paid back": "{name} has ended, and {pounds} left of it is paid back",
    "bid won": "we are told that the bid {name} is won",
    "bid lost": "we are told that the bid {name} is lost",
    "goes live": "{name} goes live",
    "stream ends": "{name} has ended",
    "payment in advance": "the payer of {name} agrees to pay in the month itself",
    "asked in vain": "the payer of {name} is asked to pay in advance and does not agree",
    "prices raised": "prices of {name} rise: from next month on {pounds} a year",
    "not bid for": "the bid {name} is not written: headroom of {owned} does not cover the cash it needs",
    "paid late": "{name} pays late: what is earned this month arrives {whole} months later",
}
OF_POST = {
    "joins": "{count} hired: {name}",
    "transferred in": "{count} transferred to us with the contract: {name}",
    "leaves": "{count} left of their own accord: {name}",
    "transferred out": "{gone} transferred out, with their service: {name}; {why}",
    "notice served": "notice is served on {whole}: {name}",
    "notice withdrawn": "notice is withdrawn: {name}",
    "made redundant": "{count} made redundant: {name}; redundancy and holiday pay {pounds}",
    "contract ends": "{count} left with a fixed-term contract that ended: {name}; redundancy and holiday pay {pounds}",
    "redeployed": "{count} moved to a vacancy elsewhere in the organisation, instead of redundancy: {name}",
}
LOST = {
    "retendered": "the work of {name} is tendered again alike and goes to another",
    "in_house": "the payer takes the work of {name} in-house",
    "reshaped": "the payer reshapes the work of {name}",
    "ended": "the work of {name} ends",
}
GO, STAY = "; its people go with it at the end of {when}", "; its people do not go with it"
OF_ALL = {
    "unlisted event": "something nobody listed costs {pounds}",
    "facility drawn": "{pounds} is drawn from the facility",
    "covenant missed": "the bank's test is missed, with free reserves of {owned}: nothing more can be drawn",
    "policy breached": "free reserves fall below the policy: {owned}",
    "point of no return": "spendable cash no longer covers what closing in order would cost: headroom {owned}",
    "restricted money touched": "bills are paid with money held for something else: headroom {owned}",
    "appeal brings": "the emergency appeal brings {pounds}",
    "spree missed": "money that must be spent soon is offered, and no proposal is ready",
    "bids beyond": "{whole} bid{s} beyond what the hub has room to write, decided this month",
    "pension exit": "the final-salary scheme is left, which costs {owned}",
    "no partner": "no partner has been found to go over to",
    "merged or transferred": "people and services go over to a partner: the organisation has merged or been transferred",
    "insolvent": "{end}",
    "closed in order": "the organisation has closed in order",
}


OF_PARTNER = {
    "partner leaves": "the partner {name} leaves, and somebody steps in",
    "partner lost": "the partner {name} leaves, and nobody steps in: its share is lost",
}
STAGE = (
    "is being talked of",
    "is at the peak of its fashion",
    "falls out of fashion",
    "comes back, with pilots",
    "has become usual, with regular contracts",
    "is over",
)


def story(projection: Projection, end: str = "cash has run out") -> Iterator[tuple[str, list[str]]]:
    """(month and what was left, what happened in it) of the first path, to its end; needs log=True."""
    held, log = projection.played, projection.played.log
    happened: dict[int, list[str]] = {}
    for t, event, row, count, value in _together(log.tolist()):
        happened.setdefault(t, []).append(_told(projection, EVENTS[event], row, count, value, end))
    last = int(held.fates["end"][0])
    for t, label in enumerate(projection.months):
        bank, spendable = (held.money[name][t, 0] / 100 for name in ("bank", "spendable"))
        heads = round(held.people["heads"][t, 0])
        yield f"{month(label)}: bank {money(bank)}, spendable {owned(spendable)}, {heads} in post", happened.get(t, [])
        if t == last:
            return


def _together(log: list[list[int]]) -> Iterator[tuple[int, int, int, int, int]]:
    """(month, event, row, how often, value added up) of what is written down once a head."""
    found: dict[tuple[int, int, int], list[int]] = {}
    for t, event, row, value in log:
        found.setdefault((t, event, row), []).append(value)
    for (t, event, row), values in found.items():
        once_a_head = EVENTS[event] in (
            "joins",
            "transferred in",
            "leaves",
            "made redundant",
            "redeployed",
            "contract ends",
        )
        yield t, event, row, len(values), sum(values) if once_a_head else values[-1]


def _told(projection: Projection, event: str, row: int, count: int, value: int, end: str) -> str:
    prepared = projection.prepared
    words = {
        "count": count,
        "whole": value,
        "pounds": money(value / 100),
        "owned": owned(value / 100),
        "end": end,
        "s": "" if value == 1 else "s",
    }
    words["when"] = month(str(prepared.horizon.first + value)) if event in ("cut announced", "rise announced") else ""
    if event == "not bid for" and projection.strategy.bidding == AT_FULL_COST:
        return f"the bid {item(prepared.funding.names[row])} is not written: at its price it does not recover its full cost"
    if event == "pension exit" and value < 0:
        return f"the final-salary scheme is left, and its surplus of {money(-value / 100)} is paid out to us"
    if event in OF_STREAM:
        return OF_STREAM[event].format(name=item(prepared.funding.names[row]), **words)
    if event == "lost because":
        code, end_month = divmod(value, PACKED)
        reason, goes = divmod(code, 2)
        when = month(str(prepared.horizon.first + end_month - 1))
        return _lost(projection, row, reason) + (GO.format(when=when) if goes else STAY)
    if event == "transferred out":
        code, gone = divmod(value, PACKED)
        words |= {"gone": gone, "why": _lost(projection, *divmod(code, 4))}
    if event in OF_POST:
        return OF_POST[event].format(name=item(prepared.posts[row]), **words)
    if event == "funder in trouble":
        what = "halves" if value else "ends"
        return f"{_plain(prepared.funding.payers[row].name)} is in trouble: it {what} what it need not pay, as notice allows"
    if event == "programme":
        return f"the programme {_plain(prepared.programmes.lives[row].name)} {STAGE[value]}"
    if event in OF_PARTNER:
        partners = [p.name for one in prepared.partnerships.alliances for p in one.partners]
        return OF_PARTNER[event].format(name=_plain(partners[row]))
    if event == "lead fails":
        return f"the lead of {_plain(prepared.partnerships.alliances[row].name)} has failed, and our share ends with it"
    if event == "dock closes":
        return f"the team {item(prepared.docks[row])} has gone"
    if event == "rule fired":
        rule = projection.strategy.rules[row]
        who = "the board" if rule.board == "quarterly" else "management"
        return f"{who} decides: {rule.do} ({rule.when}{'' if rule.level is None else f' {rule.level:g}'})"
    return OF_ALL[event].format(**words)


def _lost(projection: Projection, stream: int, reason: int) -> str:
    """Why a stream is lost."""
    return LOST[REASONS[reason]].format(name=item(projection.prepared.funding.names[stream]))


def item(place: str) -> str:
    """A place of the file as words: "streams.city_grant" is "city grant", "docks.a.posts.adviser" "adviser (a)"."""
    kind, *rest = place.split(".")
    rest = [part for part in rest if part not in ("posts", "costs")]
    if kind == "hub":
        return f"{_plain(rest[-1])} (hub)"
    if kind == "bids" and rest[1:] == ["transfers_in"]:
        return f"those who came with {_plain(rest[0])}"
    return (
        f"{_plain(rest[-1])} ({_plain(rest[0])})"
        if kind == "docks" and len(rest) > 1
        else _plain(rest[0] if rest else kind)
    )


def _plain(name: str) -> str:
    return name.replace("_", " ").strip()
