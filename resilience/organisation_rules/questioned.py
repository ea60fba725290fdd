"""What is allowed in an organisation file but questioned, in sentences."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from typing import Any

from resilience.errors import place
from resilience.organisation import UNRESTRICTED
from resilience.organisation_rules.posts import questioned_posts
from resilience.organisation_rules.written import charged, form_of, fund_of, month_of, paid, tables


def warnings_of(raw: dict[str, Any], file: str) -> tuple[str, ...]:
    """What is allowed but questioned; for a file without faults."""
    said = []
    funding = {name for dock in tables(raw, "docks").values() for name in dock.get("funded_by", [])}
    spent = {fund for _, line in charged(raw) for fund in line.get("charged_to", {})}
    spent |= {fund_of(keys[-1], item) for keys, item in paid(raw) if keys[-1] in funding}
    for keys, item in paid(raw):
        fund = fund_of(keys[-1], item)
        if fund == UNRESTRICTED:
            continue
        if form_of(item) == "contract":
            said.append(f"{place(keys)}: a contract is seldom restricted; is {fund} right as its fund?")
        if fund not in spent:
            said.append(f"{place(keys)}: no dock is funded by it and no charged_to names its fund {fund}: never spent")
    return tuple(f"{file}: {text}" for text in (*said, *_questioned_bids(raw), *questioned_posts(raw)))


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
        if month := month_of(item.get("decision")):
            years[month.year - (month.month < 4)] += 1
    most = (raw.get("hub") or {}).get("bidding_capacity")
    for year, number in sorted(years.items()):
        if most is not None and number > most:
            yield f"hub.bidding_capacity: {number} bids are told in {year}/{(year + 1) % 100:02}, and the hub can write {most:g}"
