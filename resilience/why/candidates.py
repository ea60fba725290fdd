"""Every assumption that can move money, and how to read from the draws what it came to on each path."""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

from resilience.chance import HOLD_OVER, NEW_TERM, OPTION
from resilience.distributions import Exact
from resilience.economy import DOUBTED
from resilience.projection import Projection
from resilience.projection.luck import drawn_again
from resilience.projection.outlook import shifts
from resilience.ranges import Quantity
from resilience.rows import ARREARS, NEVER, Luck
from resilience.variation import AS_IS, Variation
from resilience.why.replay import ECONOMY, UNLISTED, item_of, named, uncertain

SHIFT = 0.6408  # 1.2816 · 0.5: the 10 and 90 % points of a normal shift of log-odds with standard deviation 0.5
LOW, HIGH = 0.1, 0.9  # where a quantity is held


@dataclass(frozen=True)
class Candidate:
    """An assumption, its two values, and how to read from a block of draws what it came to on each path."""

    place: str
    words: str
    unit: str
    low: float
    high: float
    read: Callable[[Luck, np.ndarray], np.ndarray]


def held(one: Candidate) -> list[Variation]:
    """The variations that hold a candidate low and high."""
    if one.unit == "probability":
        return [Variation(shifted={one.place: shift}) for shift in (-SHIFT, SHIFT)]
    return [Variation(pinned={one.place: u}) for u in (LOW, HIGH)]


def values(projection: Projection, candidates: list[Candidate]) -> np.ndarray:
    """What each candidate came to on each path of the run, drawn again by block; float64 (candidates, paths).

    Where it was not asked for (the depth of a cut that never came) its mean stands, so that it says nothing.
    """
    out = np.empty((len(candidates), projection.number))
    for here, drawn, u in drawn_again(projection.prepared, projection.paths_played, projection.seed):
        for i, one in enumerate(candidates):
            out[i, here] = one.read(drawn, u)
    unasked = np.isnan(out)
    middle = np.where(unasked, 0.0, out).sum(axis=1) / np.maximum(1, (~unasked).sum(axis=1))
    return np.where(unasked, middle[:, None], out)


def candidates_of(projection: Projection) -> Iterator[Candidate]:
    """Every range and probability that can move money.

    Referrals are left out where no stream is paid by the unit: people served then bring no income.
    """
    organisation, prepared = projection.organisation, projection.prepared
    for s, place in enumerate(prepared.funding.names):
        yield from _of_stream(projection, s, place)
    yield from _shared(projection)
    for i, place in enumerate(prepared.places):
        yield from _range(f"{place}.yearly", named(place), prepared.drawn_lines[i][0].value, _row("line", i))
    for i, name in enumerate(DOUBTED):
        if uncertain(projection, i):
            yield _of_economy(projection, i, name)
    paid_for = set(prepared.plan.irregular.service.tolist())
    for v, name in enumerate(prepared.services):
        if v in paid_for:
            yield from _range(
                f"services.{name}.referrals",
                f"referrals to {named(name)}",
                prepared.referrals[v].value,
                _row("referrals", v),
                "people a month",
            )
    posts = prepared.plan.posts
    for g, place in enumerate(prepared.posts):
        if posts.hazard[g] > 0:
            turnover = float({**organisation.posts(), **organisation.transferred()}[place][1].turnover)
            read = partial(_leavers, projection, g)
            yield from _odds(f"{place}.turnover", f"turnover of {named(place)}", turnover, read)
    yield from _of_policy(projection)
    yield from _losses(projection)
    chance = float(organisation.redeployment)
    moves = [int(posts.moves[g]) + 4 * h for g in range(len(posts.heads)) for h in range(posts.heads[g])]
    if chance:
        yield from _odds("redeployment", "redeployment", chance, lambda drawn, u: (u[moves] <= chance).sum(axis=0))


def _of_policy(projection: Projection) -> Iterator[Candidate]:
    """Opportunities, those of programmes too; what becomes of programmes."""
    organisation, prepared = projection.organisation, projection.prepared
    won = lambda drawn, u: drawn.unnamed_won.sum(axis=0)  # noqa: E731
    worth = lambda drawn, u: drawn.unnamed_income.sum(axis=0)  # noqa: E731
    for one in prepared.unnamed.sources:
        money: Any = organisation
        for key in one.place.split("."):
            money = money[key] if isinstance(money, dict) else getattr(money, key)
        called = f"{one.place.rpartition('.')[2]} of {named(one.programme)}" if one.programme else named(one.place)
        yield from _odds(f"{one.place}.chance", f"winning {called}", float(money.chance), won)
        if one.ready:
            yield from _odds(f"{one.place}.comes", f"{named(one.place)} coming", float(money.comes), worth)
        else:
            yield from _odds(f"{one.place}.renewal", f"renewal of {called}", float(money.renewal), worth)
        yield from _range(f"{one.place}.yearly", f"what {called} are worth", money.yearly, worth)
    ruled = prepared.programmes
    for i, life in enumerate(ruled.lives):
        programme = organisation.programmes[life.name]
        read = partial(_gone, i)
        yield from _odds(
            f"programmes.{life.name}.abandoned", f"end of {named(life.name)}", float(programme.abandoned), read
        )
        for key in ("scrapped", "adapted") if len(ruled.government.elections) else ():
            fate = partial(_uniform, life.fate)
            yield from _odds(
                f"programmes.{life.name}.{key}", f"{named(life.name)} {key}", float(getattr(programme, key)), fate
            )
    for alliance in prepared.partnerships.alliances:
        its = organisation.partnerships[alliance.name]
        for partner in alliance.partners:
            at, called = f"partnerships.{alliance.name}.partners.{partner.name}", named(partner.name)
            given = its.partners[partner.name]
            leave = partial(_uniform, partner.row)
            yield from _odds(f"{at}.leaves", f"{called} leaving", float(given.leaves), leave)
            steps_in = partial(_uniform, partner.row + 1)
            yield from _odds(
                f"{at}.backfilled", f"somebody stepping in for {called}", float(given.backfilled), steps_in
            )
        if alliance.likely and its.goodwill:
            rows = [row for partner in alliance.partners for row in partner.falls_rows]
            place, words = f"partnerships.{alliance.name}.goodwill.falls", f"goodwill of {named(alliance.name)} falling"
            yield from _odds(place, words, float(its.goodwill.falls), partial(_falls, rows, alliance.likely))
        if alliance.lead_hazard:
            fails = partial(_uniform, alliance.lead_row)
            yield from _odds(
                f"partnerships.{alliance.name}.lead_fails",
                f"the lead of {named(alliance.name)} failing",
                float(its.lead_fails),
                fails,
            )
    for name, bodies in sorted(organisation.reorganisations.items()):
        words = f"awards held over in {named(name)}"
        yield from _odds(f"reorganisations.{name}.held", words, float(bodies.held), _held_over)
    if len(ruled.government.elections):
        changes = partial(_uniform, ruled.government.row + 1)
        yield from _odds("elections.changes", "a change of government", float(organisation.elections.changes), changes)


def _falls(rows: list[int], likely: float, drawn: Luck, u: np.ndarray) -> np.ndarray:
    """How often goodwill falls, shape (block,)."""
    return (u[rows] <= likely).sum(axis=0)


def _held_over(drawn: Luck, u: np.ndarray) -> np.ndarray:
    """How often an award is held over, shape (block,)."""
    return (drawn.turn_kind == HOLD_OVER).sum(axis=0)


def _gone(programme: int, drawn: Luck, u: np.ndarray) -> np.ndarray:
    return drawn.gone[programme] < NEVER


def _losses(projection: Projection) -> Iterator[Candidate]:
    """Whether the people of a dock go with its work when that is lost: Σ weight × probability, the log-odds of each shifted."""
    one = projection.prepared.undocking
    for i, s in enumerate(one.rows):
        place = projection.prepared.funding.names[s]
        if 0 < one.shares[i] < 1:
            low, high = (
                float(
                    sum(
                        w * replace(AS_IS, shifted={"": shift}).odds("", float(p))
                        for w, p in zip(one.weights[i], one.tupe[i], strict=True)
                    )
                )
                for shift in (-SHIFT, SHIFT)
            )
            words = f"people going with the work of {named(place)}"
            yield Candidate(f"{place}.lost", words, "probability", low, high, _row("goes", int(s)))


def _of_economy(projection: Projection, i: int, name: str) -> Candidate:
    """A yearly rate of the economy, from its 10 to its 90 % point: the mean of the years in which it is uncertain."""
    one, money = projection.prepared.doubt, projection.prepared.plan.money
    later = one.central[i][one.open[i]] if i < 2 else money.bank_rate[money.bank_rate_open == 1]
    middle, far = float(later.mean()), NormalDist().inv_cdf(HIGH) * one.sd[i]
    read = lambda drawn, u: shifts(one, u)[i]  # noqa: E731
    return Candidate(f"economy.{name}", ECONOMY[name], "a year", (middle - far) / 1e6, (middle + far) / 1e6, read)


def _shared(projection: Projection) -> Iterator[Candidate]:
    """The candidates that many things share: doubt about odds, payers in trouble, what nobody listed."""
    organisation, prepared = projection.organisation, projection.prepared
    funded, months = prepared.funding, prepared.horizon.months
    asked = {
        "winning": ("how good we are at winning", bool(((funded.won_chance > 0) & (funded.won_chance < 1)).any())),
        "renewal": (
            "how good we are at being renewed",
            any(bool(((one.chance > 0) & (one.chance < 1)).any()) for one in funded.turns if one),
        ),
        "cuts": ("how hard the cutting is", any(cut.own for cut in funded.cuts if cut)),
    }
    for name, (words, used) in asked.items():
        doubt = funded.doubts[name]
        if used and doubt.sd:
            low, high = (math.exp(sign * 1.2816 * doubt.sd) for sign in (-1, 1))
            yield Candidate(f"doubt.{name}", words, "odds", low, high, partial(_uniform, doubt.row))
    for i, one in enumerate(funded.payers):
        chance, come = float(organisation.payers[one.name].event or 0), partial(_come, i, months)
        yield from _odds(f"payers.{one.name}.event", f"trouble of {named(one.name)}", chance, come)
    if prepared.unlisted.hazard:
        chance = float(organisation.unlisted_event.chance)
        yield from _odds(
            f"{UNLISTED}.chance", "something nobody listed", chance, lambda drawn, u: drawn.unlisted.sum(axis=0)
        )


def _uniform(row: int, drawn: Luck, u: np.ndarray) -> np.ndarray:
    return u[row]


def _come(payer: int, months: int, drawn: Luck, u: np.ndarray) -> np.ndarray:
    """Has this payer's trouble come within the horizon?"""
    return drawn.trouble[payer] < months


def _row(name: str, i: int) -> Callable[[Luck, np.ndarray], np.ndarray]:
    """Reads one row of what chance decided."""
    return lambda drawn, u: getattr(drawn, name)[i]


def _of_stream(projection: Projection, s: int, place: str) -> Iterator[Candidate]:
    """The candidates of one stream or bid."""
    funded, streams = projection.prepared.funding, projection.prepared.plan.streams
    item, called = item_of(projection.organisation, place), named(place)
    yield from _range(f"{place}.yearly", called, funded.amounts[s].value, lambda drawn, u: drawn.amount[s])
    cut = funded.cuts[s]
    if cut is not None and cut.own:
        yield from _odds(f"{place}.cut", f"cuts to {called}", float(item.cut), lambda drawn, u: drawn.cuts[s])
        row = int(funded.cut_row[s])
        depth = lambda drawn, u: _mean_of_first(1e6 - drawn.cut_keep[row : row + cut.most], drawn.cuts[s])  # noqa: E731
        yield from _range(f"{place}.depth", f"depth of cuts to {called}", cut.depth, depth)
    turns = funded.turns[s]
    if turns is not None and streams.bid[s] < 0:
        yield from _odds(
            f"{place}.renewal.chance",
            f"renewal of {called}",
            float(item.renewal.chance),
            lambda drawn, u: drawn.renewed[s],
        )
        first, asked = int(funded.turn_row[s]), turns.most
        here = slice(first, first + asked)
        yield from _odds(
            f"{place}.renewal.held",
            f"{called} held over",
            float(item.renewal.held) if turns.held.any() else 0.0,
            lambda drawn, u: (drawn.turn_kind[here] == HOLD_OVER).sum(axis=0),
        )
        if turns.options:
            yield from _odds(
                f"{place}.renewal.extension.chance",
                f"{called} extended",
                float(item.renewal.extension.chance),
                lambda drawn, u: (drawn.turn_kind[here] == OPTION).sum(axis=0),
            )
        fraction = lambda drawn, u: _mean_of(drawn.turn_keep[here], drawn.turn_kind[here] == NEW_TERM)  # noqa: E731
        yield from _range(
            f"{place}.renewal.fraction", f"size of {called} when renewed", turns.fractions[0].value, fraction
        )
    yield from _of_irregular(projection, s, place, item, called)
    bid = int(streams.bid[s])
    if bid >= 0:
        yield from _of_bid(projection, s, place)
        yield from _odds(f"{place}.chance", f"winning {called}", float(item.chance), lambda drawn, u: drawn.won[bid])
    if streams.payment[s] == ARREARS:
        lag = int(streams.lag[s])
        late = lambda drawn, u: (drawn.wait[lag] > drawn.wait[lag].min(axis=0)).sum(axis=0)  # noqa: E731
        yield from _odds(f"{place}.late", f"late payment of {called}", float(item.late), late)


def _of_bid(projection: Projection, s: int, place: str) -> Iterator[Candidate]:
    """The candidates of one bid beside its value and the odds of winning it."""
    prepared, item, called = projection.prepared, item_of(projection.organisation, place), named(place)
    if item.extension:
        asked = float(item.extension.chance)
        yield from _odds(
            f"{place}.extension.chance", f"extension of {called}", asked, lambda drawn, u: drawn.renewed[s]
        )
    for row, late, chance, months in prepared.bidding.delays:
        if row == s and months:
            yield from _odds(f"{place}.delay.chance", f"{called} told late", chance, partial(_late, late, chance))
    if item.takeover:
        read = _row("hidden", int(prepared.plan.streams.hidden[s]))
        cost = f"hidden cost of {called}"
        yield from _range(f"{place}.takeover.hidden_cost", cost, item.takeover.hidden_cost, read)
    for one in prepared.bidding.odds:
        if one.lowest is not None and one.lowest.place == f"{place}.score.lowest":
            lowest = f"lowest price of others for {called}"
            yield from _range(one.lowest.place, lowest, item.score.lowest, partial(_uniform, one.lowest.row))


def _late(row: int, chance: float, drawn: Luck, u: np.ndarray) -> np.ndarray:
    """Is the award told late? bool (block,)."""
    return u[row] <= chance


def _of_irregular(projection: Projection, s: int, place: str, item: Any, called: str) -> Iterator[Candidate]:
    """The candidates among the terms of irregular income."""
    rows = projection.prepared.plan.irregular
    unit, success, gifts = (int(column[s]) for column in (rows.unit, rows.success, rows.gifts))
    if unit >= 0:
        yield from _range(
            f"{place}.unit.price", f"price of {called}", item.unit.price, _row("price", unit), "GBP a unit"
        )
    if success >= 0:
        yield from _range(
            f"{place}.results.success", f"results of {called}", item.results.success, _row("success", success)
        )
    if gifts >= 0:
        total = lambda drawn, u: drawn.gifts[gifts].sum(axis=0)  # noqa: E731
        yield from _range(
            f"{place}.gifts.amount", f"size of a gift of {called}", item.gifts.amount, total, "GBP a gift"
        )
    if rows.clawback[s] >= 0 and item.clawback == "asked":
        row = int(rows.clawback[s])
        kept = float(item.clawback_kept)
        yield from _odds(
            f"{place}.clawback_kept",
            f"keeping what is left of {called}",
            kept,
            lambda drawn, u: 1 - drawn.returned[row],
        )


def _range(
    place: str, words: str, value: Quantity, read: Callable[[Luck, np.ndarray], np.ndarray], unit: str = "GBP a year"
) -> Iterator[Candidate]:
    """A range by its 10 and 90 % points, to the penny, as they are drawn."""
    if not isinstance(value, Exact):
        share = place.rpartition(".")[2] in ("depth", "fraction", "success")
        scale, places = (100.0, 2) if unit.startswith("GBP") and not share else (1.0, 9)
        low, high = (round(value.quantile(u) / scale, places) for u in (LOW, HIGH))
        yield Candidate(place, words, "share" if share else unit, low, high, read)


def _odds(place: str, words: str, chance: float, read: Callable[[Luck, np.ndarray], np.ndarray]) -> Iterator[Candidate]:
    if 0 < chance < 1:
        low, high = (replace(AS_IS, shifted={place: shift}).odds(place, chance) for shift in (-SHIFT, SHIFT))
        yield Candidate(place, words, "probability", low, high, read)


def _mean_of(values: np.ndarray, counts: np.ndarray) -> np.ndarray:
    """Mean of the values of each column that count; nan where none does."""
    number = counts.sum(axis=0)
    return np.where(number > 0, np.where(counts, values, 0).sum(axis=0) / np.maximum(1, number), np.nan)


def _mean_of_first(values: np.ndarray, number: np.ndarray) -> np.ndarray:
    """Mean of the first `number` rows of each column; nan where that is none."""
    counts = np.arange(len(values))[:, None] < number[None, :]
    total = np.where(counts, values, 0).sum(axis=0)
    return np.where(number > 0, total / np.maximum(1, number), np.nan)


def _leavers(projection: Projection, g: int, drawn: Luck, u: np.ndarray) -> np.ndarray:
    """How many of a group's thresholds fall within the horizon, vacancies and notices left aside, shape (block,)."""
    posts, T = projection.prepared.plan.posts, projection.prepared.horizon.months
    first, gaps, heads = int(posts.leaves[g]), int(posts.gaps[g]), int(posts.heads[g])
    thresholds = -np.log(u[first : first + heads * gaps]).reshape(heads, gaps, u.shape[1])
    return (thresholds.cumsum(axis=1) <= posts.hazard[g] * T).sum(axis=(0, 1))
