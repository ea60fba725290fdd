"""Full cost recovery in words: what each dock costs, who pays, under whose rules, at what price, and how every figure came about."""

from __future__ import annotations

from typing import Any

from resilience.words.numbers import listed, money, month, people, sentence, short_month
from resilience.words.story import item

BASIS = (
    "A year at the pay, law and prices of {month}, every post filled; ranges at their middle. Every dock at work, and those asked for. "
    "Interest, bidding and closing are left out."
)
POOL = "One pool holds the whole hub and is divided by what the docks spend directly; [costing] in the file says otherwise."
HOUR = "Paid: pay over the hours paid. At work: with NIC and pension, over {weeks:g} weeks a year. In full: with the share of the hub."
STEPS = (
    "More people than a row holds need one more head of the post named: its pay, NIC and pension. Pounds a person with all places taken; "
    "the rest of the dock's full cost stays as it is."
)
ENDED = (
    "What a dock carries of the hub and what of it stays when the dock ends, for the others to carry: their overhead on each pound of "
    "direct cost, now and then."
)
RULES = (
    "Beside each rule set: the overhead it lets be recovered, the full cost by its rules, and what that leaves unpaid of the full cost by "
    "the file's own rules (minus: it pays more)."
)
BY_DOCK = ["", "direct", "hub", "full cost", "income", "of it", "gap"]
UNIT = ["", "people a year", "a person", "hours", "an hour"]


def exact_money(pounds: float) -> str:
    """Pounds and pence."""
    return f"−£{-pounds:,.2f}" if round(pounds, 2) < 0 else f"£{max(pounds, 0.0):,.2f}"


def percent(share: float | None, places: int = 1) -> str:
    return "–" if share is None else f"{100 * share:.{places}f} %".replace("-", "−")


def quantity(number: float) -> str:
    """What a driver measures: whole where it is whole."""
    return f"{number:,.0f}" if abs(number - round(number)) < 1e-9 else f"{number:,.2f}"


def basis(found: Any) -> list[str]:
    return [BASIS.format(month=month(found.month)), *([POOL] if found.default_pool else [])]


def ranges(one: Any) -> list[str]:
    """How far full cost and gap reach, where figures of the file are ranges."""
    if one is None:
        return []
    figures = f"{len(one.places)} figures are ranges" if len(one.places) > 1 else f"{one.places[0]} is a range"
    cost = f"all docks together cost {_reach(one.all.full_low, one.all.full_high)} a year"
    said = [
        f"Because {figures}, this is not certain: in 80 of 100 draws ({one.draws:,} made) {cost} and come out {_gap(one.all)}."
    ]
    return said + [
        sentence(f"{spaced(x.of)}: {_reach(x.full_low, x.full_high)}, {_gap(x)}")
        for x in one.docks
        if len(one.docks) > 1
    ]


def _reach(low: float, high: float) -> str:
    return money(low) if money(low) == money(high) else f"{money(low)} to {money(high)}"


def _gap(one: Any) -> str:
    return f"{_reach(one.gap_low, one.gap_high)} above what funds {'it' if one.of else 'them'}"


def by_dock(found: Any) -> list[list[str]]:
    """A row a dock, and one for all."""
    rows = [
        [
            spaced(one.name) + (" (not yet)" if one.not_yet else ""),
            *(money(x) for x in (one.direct_total, one.overhead_total, one.full, one.income_total)),
            percent(one.recovery, 0),
            money(one.gap),
        ]
        for one in found.docks
    ]
    tied = found.income
    full = sum(one.full for one in found.docks)
    alls = [
        "all docks",
        *(money(x) for x in (found.direct, found.overhead, full, tied)),
        percent(tied / full if full else None, 0),
        money(full - tied),
    ]
    return [BY_DOCK, *rows, alls]


def whole(found: Any) -> list[str]:
    """What it all comes to, and who pays the gaps."""
    said = []
    if found.straight:
        said.append(
            f"Of the hub, charged straight to funds: {listed([f'{one.name} {money(one.pounds)}' for one in found.straight])}."
        )
    said.append(in_all(found))
    if found.untied:
        said.append(
            f"Tied to no dock: {listed([f'{spaced(one.name)} {money(one.pounds)}' for one in found.untied])} a year."
        )
    return [*said, *_subsidy(found)]


def in_all(found: Any) -> str:
    """The headline: what it costs, what it brings, what of it is recovered."""
    brings = f"what funds the docks brings {money(found.income)}"
    return f"In all it costs {money(found.total)} a year; {brings}: {percent(found.recovery)} of the full cost is recovered."


def _subsidy(found: Any) -> list[str]:
    one = found.subsidy
    if not one.total:
        return ["No dock costs more than it brings."]
    short = [spaced(d.name) for d in found.docks if d.gap > 0]
    costs, brings = ("costs", "it brings") if len(short) == 1 else ("cost", "they bring")
    said = [sentence(f"{listed(short)} {costs} {money(one.total)} a year more than {brings}")]
    by = [f"{money(x.pounds)} from the restricted fund {spaced(x.name)}" for x in one.funds]
    by += [f"{money(x.pounds)} from what {spaced(x.name)} leaves over" for x in one.surpluses]
    by += [f"{money(x.pounds)} from {spaced(x.name)}, which is tied to no dock" for x in one.untied]
    by += [f"{money(one.reserves)} from reserves" for _ in [0] if one.reserves > 0]
    return [*said, sentence(f"it is paid by {listed(by)}")]


def asked(found: Any) -> list[str]:
    """What funders' own terms pay as overhead, beside what the hub costs."""
    return [
        sentence(
            f"{spaced(one.name)} pays {money(one.pounds)} as overhead of {spaced(dock.name)}, "
            f"whose share of the hub is {money(dock.overhead_total)}"
        )
        for dock in found.docks
        for one in dock.overhead_asked
    ]


def pools(found: Any) -> list[list[str]]:
    return [
        ["pool", "divided by", "a year"],
        *([spaced(one.name), one.driver, money(one.pounds)] for one in found.pools),
    ]


def units(found: Any) -> list[list[str]]:
    """A row a service; hours of service and their cost where a dock has one service, or none."""
    rows = []
    for dock in found.docks:
        hours = [people(dock.hours), exact_money(dock.an_hour)] if dock.an_hour is not None else ["–", "–"]
        for i, one in enumerate(dock.services or [None]):
            each = (
                ["–", "–"]
                if one is None
                else [people(one.people), "–" if one.a_person is None else exact_money(one.a_person)]
            )
            name = spaced(dock.name if one is None or one.service == dock.name else f"{dock.name}: {one.service}")
            rows.append([name, *each, *(hours if i == 0 else ["", ""])])
    return [UNIT, *rows]


def steps(found: Any) -> list[list[str]]:
    """Rows of one service's break points."""
    rows = [
        [
            f"{spaced(one.service)} as it is" if s.heads == 0 else f"+ {s.heads} {spaced(one.post)}",
            people(s.people),
            money(s.pounds),
            "–" if s.a_person is None else exact_money(s.a_person),
        ]
        for one in found
        for s in one.steps
    ]
    return [["", "people a year", "full cost", "a person"], *rows] if rows else []


def spaced(name: str) -> str:
    """A name of the file as words."""
    return name.replace("_", " ")


def ended(found: Any) -> list[list[str]]:
    rows = [
        [spaced(one.dock), money(one.carried), money(one.stays), percent(one.rate_before), percent(one.rate_after)]
        for one in found
    ]
    return [["if it ends", "it carries", "stays", "now", "then"], *rows]


def hours(found: Any) -> list[list[str]]:
    rows = [
        [
            item(one.place),
            exact_money(one.paid),
            exact_money(one.worked),
            "–" if one.full is None else exact_money(one.full),
        ]
        for one in found
    ]
    return [["an hour of", "paid", "at work", "in full"], *rows] if rows else []


# ---- rule sets


def under_rules(found: Any, dock: str) -> list[list[str]]:
    """A row a rule set for one dock."""
    rows = []
    for one in found:
        row = next((d for d in one.docks if d.dock == dock), None)
        rows.append(
            [one.name, *(["–"] * 3 if row is None else [money(row.overhead), money(row.full), money(row.unpaid)])]
        )
    return [[spaced(dock), "overhead", "full cost", "unpaid"], *rows]


def spread(one: Any) -> str:
    """How far the rule sets lie apart for one dock."""
    if not one.spread:
        return "All come to the same."
    return (
        f"From {money(one.lowest)} ({one.lowest_rules}) to {money(one.highest)} ({one.highest_rules}): "
        f"the choice of rules is worth {money(one.spread)} a year."
    )


def sources(found: Any) -> list[str]:
    """What each rule set is, with version, date and source, and why one could not be worked out."""
    said = []
    for one in found:
        if one.name == "own":
            said.append(f"own: {one.title}.")
            continue
        left = f" It leaves {money(one.left_out)} of the hub out." if one.left_out else ""
        why = f" Not worked out: {one.cannot}." if one.cannot else ""
        said.append(f"{one.name}: {one.title}, version {one.version}.{left}{why} {one.note} Source: {one.source}.")
    return said


# ---- price


def price(one: Any) -> list[str]:
    """The price and what it has to recover."""
    parts = [
        f"{money(one.direct)} direct",
        f"{money(one.overhead)} of the hub",
        *(f"{money(x.pounds)} {spaced(x.name)}" for x in one.one_off),
    ]
    said = [
        f"{sentence(spaced(one.dock))[:-1]}, {one.months} months from {month(one.starts)}: full cost {money(one.full)} ({listed(parts)}).",
        f"With a margin of {percent(one.margin)} to recover: {money(one.to_recover)}.",
    ]
    if one.uplift:
        rises = listed([f"{percent(x.pounds, 2)} in {month(x.name)}" for x in one.uplift])
        said.append(f"The price rises by {rises}, as its terms say or as asked for.")
    elif one.months > 12:
        said.append("The price does not rise over the term; costs do.")
    said.append(f"Price that recovers it: {exact_money(one.yearly)} a year at the start.")
    each = [
        f"{exact_money(x)} {what}"
        for x, what in ((one.a_person, "a person who completes it"), (one.an_hour, "an hour of service"))
        if x is not None
    ]
    said += [sentence(f"that is {listed(each)}")] if each else []
    if one.now:
        gap = one.yearly - one.now
        said.append(
            f"As the file stands it brings {money(one.now)} a year: {money(gap)} too little."
            if gap > 0
            else f"As the file stands it brings {money(one.now)} a year: enough."
        )
    return said


def price_years(one: Any) -> list[list[str]]:
    rows = [
        [f"from {short_month(y.starts)}", str(y.months), money(y.cost), money(y.price), money(y.price - y.cost)]
        for y in one.years
    ]
    return [["", "months", "full cost", "price", "left over"], *rows]


# ---- explained


def explained(found: Any, name: str) -> list[tuple[str, list[list[str]] | list[str]]]:
    """The chain behind a dock's figures: direct items; of each pool lines, driver, share and pounds; income; the gap."""
    dock = next(one for one in found.docks if one.name == name)
    direct = [
        *([item(one.name), exact_money(one.pounds)] for one in dock.direct),
        ["direct cost", exact_money(dock.direct_total)],
    ]
    parts: list[tuple[str, list[list[str]] | list[str]]] = [("Direct", direct)]
    for held in dock.overhead:
        pool = next(one for one in found.pools if one.name == held.pool)
        parts.append((f"Pool: {spaced(pool.name)}", _pool(found, pool, held)))
    full = [
        ["direct cost", exact_money(dock.direct_total)],
        *([f"+ {spaced(one.pool)}", exact_money(one.pounds)] for one in dock.overhead),
        ["= full cost", exact_money(dock.full)],
        *([f"− {spaced(one.name)}", exact_money(one.pounds)] for one in dock.income),
        ["= gap" if dock.gap >= 0 else "= left over", exact_money(abs(dock.gap))],
    ]
    return [*parts, ("In all", full)]


def _pool(found: Any, pool: Any, held: Any) -> list[list[str]]:
    of = lambda share: "" if share == 1 else f" × {percent(share, 2)}"  # noqa: E731
    lines = [[item(one.place) + of(one.share), exact_money(one.pounds)] for one in pool.lines]
    driven = [
        [f"{spaced(one.name)}: {quantity(one.amount)} {pool.unit}", percent(one.share, 4)]
        for one in pool.driven
        if one.amount
    ]
    through = (
        []
        if found.method == "direct" or not any(one.serves for one in pool.driven)
        else [["in the end, with what comes through other pools", percent(held.share, 4)]]
    )
    return [
        *lines,
        ["the pool", exact_money(pool.pounds)],
        [f"divided by {pool.driver}:", ""],
        *driven,
        *through,
        [f"its share: {exact_money(pool.pounds)} × {percent(held.share, 4)}", exact_money(held.pounds)],
    ]
