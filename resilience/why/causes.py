"""Why it fails: which failures would not have happened without one source of chance."""

from __future__ import annotations

import math
from dataclasses import asdict, dataclass
from typing import Any

import numpy as np

from resilience.economy import DOUBTED
from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.rows import ARREARS
from resilience.variation import Variation
from resilience.why.replay import ECONOMY, UNLISTED, Progress, failing, item_of, named, replay, uncertain

LEAVERS = "leavers"
REPLAYED = 1_000  # failures replayed: the first by number, as good as any; a share then has a standard error of 1.6 of 100 at most


@dataclass(frozen=True)
class Prevented:
    """An event and the share of failures that do not happen without it.

    `name` as in Variation.off; a scenario's cut: "shocks.NAME".
    """

    name: str
    words: str
    share_prevented: float


@dataclass(frozen=True)
class Why:
    """Why `failures` of `paths` futures fail.

    Shares are of the failures and overlap; nan without failures. `events` largest first.
    """

    on: str
    paths: int
    failures: int
    structural: float
    events: list[Prevented]

    def as_dict(self) -> dict[str, Any]:
        """As `--json` prints it; null for nan."""
        return asdict(self) | {"structural": None if math.isnan(self.structural) else self.structural}


def why(projection: Projection, on: str = "insolvent", progress: Progress | None = None) -> Why:
    """Which failures would not have happened, had one source of chance been switched off and all else been the same.

    on: "insolvent", "point_of_no_return" or "breach" (of the reserves policy), by the horizon. Only failed paths are
    replayed, at most the first 1,000, with the draws they had. share_prevented = those that no longer fail ÷ those
    replayed; structural = those that still fail with every shock off ÷ those replayed. Off means: never cut, always renewed, bid won,
    payer never late, nobody leaves, no month noise, the scenario's cut of that stream left out. People leaving is no
    shock: empty posts save pay, so it stays on for `structural`. Quantities given as ranges keep what was drawn. Shares
    overlap: two events can each have prevented the same failure, or only both together. Standard error of a share s:
    √(s(1 − s)/failures replayed). Raises ValueError for an unknown `on`.
    """
    failed = np.flatnonzero(failing(projection, projection.played, on))
    paths, sources, events = projection.paths_played[failed][:REPLAYED], sources_of(projection), []
    if not len(failed):
        return Why(on, projection.number, 0, math.nan, [])

    def prevented(names: frozenset[str], done: int) -> float:
        organisation = without_shocks(projection.organisation, names)
        played = replay(projection, Variation(off=names), paths, organisation)
        if progress:
            progress(done, len(sources) + 1)
        return float((~failing(projection, played, on)).mean())

    for i, (name, words) in enumerate(sources.items()):
        events.append(Prevented(name, words, prevented(frozenset({name}), i + 1)))
    structural = 1 - prevented(frozenset(sources) - {LEAVERS}, len(sources) + 1)
    events.sort(key=lambda e: (-e.share_prevented, e.name))
    return Why(on, projection.number, len(failed), structural, events)


def sources_of(projection: Projection) -> dict[str, str]:
    """Every source of chance that can make a difference, and what to call it."""
    organisation, funded, found = projection.organisation, projection.prepared.funding, {}
    if organisation.chance:
        streams = projection.prepared.plan.streams
        for s, place in enumerate(funded.names):
            item, called = item_of(organisation, place), named(place)
            if (cut := funded.cuts[s]) is not None and cut.own:
                found[f"{place}.cuts"] = f"cuts to {called}"
            turns = funded.turns[s]
            if turns is not None and (turns.chance.min() < 1 or (turns.held > 0).any()):
                what, fails = ("renewal", "renewed") if streams.bid[s] < 0 else ("extension", "extended")
                found[f"{place}.{what}"] = f"{called} not {fails}"
            if streams.bid[s] >= 0 and funded.won_given[streams.bid[s]] < 1:
                found[place] = f"{called} not won"
            if streams.bid[s] >= 0 and item.delay is not None:
                found[f"{place}.delay"] = f"{called} told late"
            if streams.payment[s] == ARREARS and funded.waits[streams.lag[s]][3] > 0:
                found[f"payers.{item.payer}"] = f"{named(str(item.payer))} paying late"
            if streams.noise[s] >= 0:
                found[f"{place}.noise"] = f"monthly ups and downs of {called}"
            irregular = projection.prepared.plan.irregular
            if irregular.year[s] >= 0:
                found[f"{place}.volatility"] = f"ups and downs of {called} from year to year"
            if irregular.gifts[s] >= 0:
                found[f"{place}.gifts"] = f"{called} coming in whole gifts, some years many and some none"
        for life in projection.prepared.programmes.lives:
            found[f"programmes.{life.name}.end"] = f"the end of the programme {named(life.name)}"
        for alliance in projection.prepared.partnerships.alliances:
            if alliance.partners:
                found[f"partnerships.{alliance.name}.left"] = f"partners leaving {named(alliance.name)}"
            if alliance.lead_hazard:
                found[f"partnerships.{alliance.name}.lead"] = f"the lead of {named(alliance.name)} failing"
        found |= {f"payers.{one.name}.event": f"{named(one.name)} in trouble" for one in funded.payers}
        if projection.prepared.unlisted.hazard:
            found[UNLISTED] = "something nobody listed"
        if (projection.prepared.plan.posts.hazard > 0).any():
            found[LEAVERS] = "people leaving"
        for i, name in enumerate(DOUBTED):
            if uncertain(projection, i):
                found[f"economy.{name}"] = f"{ECONOMY[name]} other than expected"
        for place, (_, cost) in organisation.costs().items():
            if cost.noise is not None and cost.noise.sd:
                found[f"{place}.noise"] = f"monthly ups and downs of {named(place)}"
    for shock in organisation.shocks:
        found[f"shocks.{shock.stream_id}"] = f"what the scenario does to {named(shock.stream_id)}"
    for rise in organisation.rises:
        if not rise.place.startswith("services."):  # referrals bring no income in this version
            found[f"shocks.{rise.place}"] = f"the scenario's rise of {named(rise.place)}"
    return found


def without_shocks(organisation: Organisation, names: frozenset[str]) -> Organisation:
    """The organisation without the scenarios' cuts of streams and rises of costs named "shocks.X"."""
    kept = tuple(shock for shock in organisation.shocks if f"shocks.{shock.stream_id}" not in names)
    rises = tuple(rise for rise in organisation.rises if f"shocks.{rise.place}" not in names)
    if (len(kept), len(rises)) == (len(organisation.shocks), len(organisation.rises)):
        return organisation
    copy = organisation.model_copy()
    copy._shocks, copy._rises = kept, rises
    return copy
