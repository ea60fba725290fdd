"""The first answer in sentences and rows, in the order in which it is read."""

from __future__ import annotations

from typing import Any

from resilience.words import count, listed, money, month, of_100, owned, sentence, short_month
from resilience.words.story import item

KNOWN = {
    "instalment": "{name} pays {pounds}",
    "ends": "last month of {name}, {pounds} a year",
    "renewal told": "told whether {name} is renewed",
    "settlement": "decision on {name}, {pounds} a year",
    "scenario cut": "{name} cut to {pounds} a year",
    "cut ends": "the cut of {name} ends: {pounds} a year",
    "scenario rise": "{name} raised to {pounds} a year",
    "rise ends": "the rise of {name} ends: {pounds} a year",
    "bid told": "told whether {name} is won, {pounds} a year",
    "serve-by": "SERVE BY: the last month in which notice to {name} can start",
    "serve-by passed": "the serve-by month of {name} has passed",
    "pay award": "pay rises: {pounds} a year more",
    "facility ends": "the facility of {pounds} ends",
}
MARKS = {"ends": 0, "serve-by": 1, "serve-by passed": 2}  # said first
RENEWALS = {
    "none": "if nothing is renewed",
    "all": "if everything is renewed",
    "as guessed": "in the middle of all futures",
}
HAPPENS = {
    "ended": "{name} ends by a cut",
    "not renewed": "{name} is not renewed",
    "not won": "{name} is not won",
    "a month later": "{name} pays a month later",
}
AHEAD_CAPTION = "Bank and spendable: the middle of all futures at the month's end."
CONTRACT_CAPTION = (
    "A year at today's figures; the hub is shared in proportion to direct cost. Below nil: subsidised from other money."
)


def ours(found: Any) -> list[str]:
    """What is really ours, beside the bank balance."""
    held = [f"{money(found.restricted)} is held for one purpose only (restricted)"] if found.restricted else []
    held += [f"{money(found.held_for_others)} belongs to others"] if found.held_for_others else []
    of = money(found.bank) + (
        f" in the bank and {money(found.investments)} of investments" if found.investments else " in the bank"
    )
    said = f"Of {of}, {owned(found.spendable)} is yours to spend{': ' + listed(held) if held else ''}."
    if not found.months_of_cover > 0:
        return [said]
    return [said, f"That pays for {found.months_of_cover:.1f} months of the spending that no restricted fund bears."]


OURS = "What is really yours today"
OURS_ROWS = (
    ("bank", "In the bank", 1),
    ("investments", "Investments that can be sold within a month", 1),
    ("restricted", "Held for one purpose only (restricted)", -1),
    ("held_for_others", "Belongs to others", -1),
)


def ours_table(opening: dict[str, float]) -> dict[str, Any]:
    """What is really ours, as rows that add up; a row of nil is left out."""
    rows = [[name, money(sign * opening[key])] for key, name, sign in OURS_ROWS if opening[key] or key == "bank"]
    months = opening["months_of_cover"]
    note = f"That pays for {months:.1f} months of the spending that no restricted fund bears." if months > 0 else ""
    return {"title": OURS, "rows": [*rows, ["Yours to spend", money(opening["spendable"])]], "note": note}


def ahead(found: list[Any]) -> list[list[str]]:
    """Rows: month, bank, spendable, and what is known to come, the ends and serve-by dates first."""
    rows = []
    for one in found:
        known = sorted(one.known, key=lambda k: (MARKS.get(k.kind, 9), k.name))
        said = [KNOWN[k.kind].format(name=item(k.name), pounds=money(k.pounds or 0)) for k in known]
        rows.append(
            [
                short_month(one.month),
                *("ended" if x is None else money(x) for x in (one.bank, one.spendable)),
                "; ".join(said),
            ]
        )
    return rows


def too_late(found: list[Any], last: str) -> list[str]:
    """The last month in which closing in order can be paid for; once, if the answer is always the same."""
    lines = {one.renewals: _last_month(one, last) for one in found}
    if len(set(lines.values())) == 1:
        return [f"Whatever is renewed: {next(iter(lines.values()))}."]
    return [f"  {RENEWALS[name]}: {text}" for name, text in lines.items()]


def _last_month(one: Any, last: str) -> str:
    if one.too_late:
        return "spendable cash does not cover closing in order even today"
    if one.month is None:
        return f"spendable cash covers closing in order to the end of {month(last)}, where the model stops"
    return f"spendable cash covers closing in order until the end of {month(one.month)}, not after"


def hurts(found: list[Any], months: int) -> list[list[str]]:
    """Rows: pounds, and what takes them."""
    return [
        [
            f"  {HAPPENS.get(one.what, '{name}: ' + one.what).format(name=item(one.place))}, from {month(one.when)}",
            money(one.pounds),
        ]
        for one in found
    ]


def closing(found: Any) -> list[list[str]]:
    """Rows: item, pounds or what was said of it; the sum."""
    rows = [[f"  {one.name}", one.said if one.pounds is None else money(one.pounds)] for one in found.items]
    missing = any(one.pounds is None for one in found.items)
    return [*rows, [f"  {'together, without what is not entered' if missing else 'together'}", money(found.total)]]


def contracts(found: list[Any]) -> list[list[str]]:
    """Rows: team, income, direct cost, share of the hub, what is left."""
    heads = ["", "income", "own cost", "share of hub", "left over"]
    return [
        heads,
        *(
            [f"  {item(one.dock)}", *(money(x) for x in (one.income, one.direct, one.hub_share, one.result))]
            for one in found
        ),
    ]


def subsidised(found: list[Any]) -> str:
    """The sentence on the contract that costs most of our own money; "" if none does."""
    worst = [one for one in found if round(one.result) < 0]
    if not worst:
        return "No team is subsidised: each brings in its own cost and its share of the hub." if found else ""
    return sentence(listed([f"{item(one.dock)} is subsidised by {money(-one.result)} a year" for one in worst]))


def questions(found: list[Any]) -> list[str]:
    """What to find out next: the figure, what stands in for it, and what hangs on it."""
    lines = []
    for one in found:
        if one.high == "yardstick":
            text = f"left at nil; a rough yardstick would add {money(one.effect)} to what closing costs"
        else:
            text = f"from {one.low} to {one.high}, {one.on} changes by {money(one.effect)}"
        lines.append(f"  {asked(one.place)} ({one.said}): {text} [{one.place}]")
    return lines


BIDS = "What bids need in cash"
BIDS_CAPTION = "If won, against not bidding at all, without chance: how far spendable cash falls behind, and when it has caught up."


def bids(found: list[Any]) -> list[list[str]]:
    """Rows: bid, most cash it needs, worst month, month paid back."""
    heads = ["", "needs", "worst month", "paid back"]
    return [
        heads,
        *([f"  {one.bid if one.bid == 'all bids' else item(f'bids.{one.bid}')}", *_cash(one)] for one in found),
    ]


def _cash(one: Any) -> list[str]:
    if not one.winnable:
        return ["cannot be won", "", ""]
    if one.month is None:
        return ["nothing", "", ""]
    return [
        money(one.needed),
        short_month(one.month),
        short_month(one.paid_back) if one.paid_back else f"not by {short_month(one.counted_to)}",
    ]


def bids_said(found: list[Any]) -> list[str]:
    """What must be known beside the cash: income lost for want of staff, people whose cost is not known, prices above the ceiling."""
    lines = []
    for one in found:
        if one.bid == "all bids":
            continue
        name = item(f"bids.{one.bid}")
        if one.short_of_staff is not None:
            often = count(one.short_of_staff) + (" of the" if one.short_of_staff in (0, 1) else "")
            lines.append(sentence(f"income of {name} fell short in {often} futures for want of staff"))
        if not one.walk_away:
            lines.append(f"{name}: what those who come are owed is not known, so no walk-away price can be given.")
        if not one.winnable:
            lines.append(f"{name}: our price is above the ceiling, so it cannot be won.")
    return lines


def asked(place: str) -> str:
    """A figure in words: "streams.city.renewal.chance" is "renewal of city"."""
    *where, name = place.removesuffix(".chance").split(".")
    name = name.replace("_", " ")
    return name if where in ([], ["closing"]) else f"{name} of {item('.'.join(where))}"


__all__ = [
    "ahead",
    "bids",
    "bids_said",
    "closing",
    "contracts",
    "count",
    "hurts",
    "of_100",
    "ours",
    "questions",
    "subsidised",
    "too_late",
]
