"""Routes, prices and people of bids; what the hub can take on."""

from __future__ import annotations

from typing import Any

from resilience.organisation_rules.programmes import unnamed_work
from resilience.organisation_rules.written import ROUTES, Found, number_of, payment_of, tables, texts
from resilience.tenders import SCORED_ON_PRICE

MOST_DEARER = 10  # times the usual price: a dearer one is a slip, and would leave 64 bits


def faults_of_bids(raw: dict[str, Any]) -> Found:
    """Routes, prices and people of bids; what the hub can take on."""
    bids = tables(raw, "bids")
    funded = {name: dock for dock in tables(raw, "docks").values() for name in texts(dock.get("funded_by"))}
    for name, item in bids.items():
        route, price = item.get("route", "open tender"), item.get("price")
        if route == "fixed price" and price is not None:
            fix = 'remove price, or write route = "open tender"'
            yield ("bids", name, "price"), None, "does nothing: the payer fixes the price", fix
        if isinstance(price, dict):
            usual, ours = number_of(price.get("usual")), number_of(price.get("ours"))
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
            heads = sum(number_of(post.get("heads")) for post in tables(dock, "posts").values())
            heads += number_of(come.get("heads")) if isinstance(come, dict) else 0
            if least > heads:
                fix = f"write {heads:.0f} or less, or add posts to the dock"
                yield (
                    ("bids", name, "minimum_posts"),
                    least,
                    f"can never be filled: the dock has {heads:.0f} heads",
                    fix,
                )
    hub, unnamed = raw.get("hub"), unnamed_work(raw)
    if isinstance(hub, dict) and "bidding_capacity" in hub and not unnamed:
        fix = "add [opportunities], or remove bidding_capacity"
        yield ("hub", "bidding_capacity"), None, "does nothing: bids named in the file are all written", fix
    if isinstance(hub, dict) and "mobilisations_at_once" in hub:
        takes = [b for b in bids.values() if isinstance(m := b.get("mobilisation"), dict) and m.get("months")]
        if len(takes) < 2 and not unnamed:
            fix = "give two bids mobilisation months, or remove mobilisations_at_once"
            yield ("hub", "mobilisations_at_once"), None, "does nothing: no two bids mobilise", fix
