"""Why it fails, and what it hangs on: replays of the same futures with one thing changed.

Neither tells "the first in the chain". `why` asks of each source of chance whether the failures would have happened
without it; `drivers` asks how the answer moves if an assumption were low or high.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from typing import Any

import numpy as np

from resilience.distributions import Range
from resilience.draws import fill
from resilience.measures import rank_correlation
from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.projection.engine import BLOCK, Played, run
from resilience.projection.plan import luck, prepare
from resilience.rows import ARREARS, INSOLVENT, Luck
from resilience.variation import AS_IS, Variation

LEAVERS = "leavers"
SHIFT = 0.6408  # 1.2816 · 0.5: the 10 and 90 % points of a normal shift of log-odds with standard deviation 0.5
LOW, HIGH = 0.1, 0.9  # where a quantity is held
REPLAYED = 1_000  # failures replayed: the first by number, as good as any; a share then has a standard error of 1.6 of 100 at most
MOVED = 4_000  # futures replayed for a driver
NOTICED = 3.0  # standard errors of a rank correlation, 1/√N, below which a driver is noise
Progress = Callable[[int, int], None]  # replays done, replays in all


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


@dataclass(frozen=True)
class Driver:
    """An assumption that matters: its low and high value and the share of paths that then end insolvent.

    unit: "GBP a year", "share" or "probability". `correlation`: of ranks, between what was drawn and the lowest
    spendable cash, path by path.
    """

    place: str
    words: str
    unit: str
    low_value: float
    high_value: float
    low_share: float
    high_share: float
    correlation: float


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
    failed = np.flatnonzero(_fails(projection, projection.played, on))
    paths, sources, events = projection.paths_played[failed][:REPLAYED], _sources(projection), []
    if not len(failed):
        return Why(on, projection.number, 0, math.nan, [])

    def prevented(names: frozenset[str], done: int) -> float:
        organisation = _without_shocks(projection.organisation, names)
        played = _replay(projection, Variation(off=names), paths, organisation)
        if progress:
            progress(done, len(sources) + 1)
        return float((~_fails(projection, played, on)).mean())

    for i, (name, words) in enumerate(sources.items()):
        events.append(Prevented(name, words, prevented(frozenset({name}), i + 1)))
    structural = 1 - prevented(frozenset(sources) - {LEAVERS}, len(sources) + 1)
    events.sort(key=lambda e: (-e.share_prevented, e.name))
    return Why(on, projection.number, len(failed), structural, events)


def _fails(projection: Projection, played: Played, on: str) -> np.ndarray:
    """Does each path fail by the horizon? bool (paths,)."""
    fates = played.fates
    if on == "insolvent":
        return fates["end_kind"] == INSOLVENT
    if on == "point_of_no_return":
        return fates["no_return"] >= 0
    if on == "breach":
        return fates["breach_24"] == 1 if projection.in_breach_at_opening else fates["first_breach"] >= 0
    raise ValueError(f'{on} is no failure to be explained; write "insolvent", "point_of_no_return" or "breach"')


def _replay(
    projection: Projection, variation: Variation, paths: np.ndarray, organisation: Organisation | None = None
) -> Played:
    """The numbered paths again, same seed, horizon and strategy; the organisation has its scenarios already."""
    months = projection.prepared.horizon.months
    prepared = prepare(organisation or projection.organisation, projection.strategy, months, variation)
    return run(prepared, paths, projection.seed)


def _sources(projection: Projection) -> dict[str, str]:
    """Every source of chance that can make a difference, and what to call it."""
    organisation, funded, found = projection.organisation, projection.prepared.funding, {}
    if organisation.chance:
        streams = projection.prepared.plan.streams
        for s, place in enumerate(funded.names):
            item, called = _item(organisation, place), _called(place)
            if funded.cuts[s] is not None:
                found[f"{place}.cuts"] = f"cuts to {called}"
            turns = funded.turns[s]
            if turns is not None and turns.chance.min() < 1:
                what, fails = ("renewal", "renewed") if streams.bid[s] < 0 else ("extension", "extended")
                found[f"{place}.{what}"] = f"{called} not {fails}"
            if streams.bid[s] >= 0 and funded.won_chance[streams.bid[s]] < 1:
                found[place] = f"{called} not won"
            if streams.bid[s] >= 0 and item.delay is not None:
                found[f"{place}.delay"] = f"{called} told late"
            if streams.payment[s] == ARREARS and funded.waits[streams.lag[s]][3] > 0:
                found[f"payers.{item.payer}"] = f"{_called(str(item.payer))} paying late"
            if streams.noise[s] >= 0:
                found[f"{place}.noise"] = f"monthly ups and downs of {called}"
        if (projection.prepared.plan.posts.hazard > 0).any():
            found[LEAVERS] = "people leaving"
        for place, (_, cost) in organisation.costs().items():
            if cost.noise is not None and cost.noise.sd:
                found[f"{place}.noise"] = f"monthly ups and downs of {_called(place)}"
    for shock in organisation.shocks:
        found[f"shocks.{shock.stream_id}"] = f"the scenario's cut to {_called(shock.stream_id)}"
    return found


def _item(organisation: Organisation, place: str) -> Any:
    kind, name = place.split(".", 1)
    return getattr(organisation, kind)[name]


def _called(place: str) -> str:
    """A place in words: "docks.advice.costs.rent" is "rent of advice"."""
    parts = [
        part.replace("_", " ")
        for part in place.split(".")
        if part not in ("streams", "bids", "docks", "posts", "costs", "services")
    ]
    return " of ".join(reversed(parts))


def _without_shocks(organisation: Organisation, names: frozenset[str]) -> Organisation:
    """The organisation without the scenarios' cuts of the streams named "shocks.X"."""
    kept = tuple(shock for shock in organisation.shocks if f"shocks.{shock.stream_id}" not in names)
    if len(kept) == len(organisation.shocks):
        return organisation
    copy = organisation.model_copy()
    copy._shocks = kept
    return copy


# ---- drivers


@dataclass(frozen=True)
class _Candidate:
    """An assumption, its two values, and how to read from a block of draws what it came to on each path."""

    place: str
    words: str
    unit: str
    low: float
    high: float
    read: Callable[[Luck, np.ndarray], np.ndarray]


def drivers(projection: Projection, number: int = 3, progress: Progress | None = None) -> list[Driver]:
    """The assumptions that matter most, and the share of futures that end insolvent at their low and high values.

    Candidates: every amount or share given as a range, and every probability (cut, renewal, bid, late invoice,
    turnover, redeployment). Picked by the size of the rank correlation, over the run's own paths, between what was
    drawn (for a probability: how often it happened) and the lowest spendable cash; correlations below 3/√N are left
    out, so there may be fewer than `number`. Then two replays each of the first 4,000 futures with the same draws,
    set off from the headline by what they change in those: a quantity held at its 10 and
    90 % points; the log-odds of a probability moved by ∓0.6408, the 10 and 90 % points of a normal shift with standard
    deviation 0.5. Without chance there are none.
    """
    candidates = list(_candidates(projection))
    if not projection.organisation.chance or not candidates:
        return []
    drawn, lowest = _values(projection, candidates), projection.played.fates["lowest"]
    found = [(rank_correlation(values, lowest), one) for values, one in zip(drawn, candidates, strict=True)]
    found = [(r, one) for r, one in found if abs(r) > NOTICED / math.sqrt(projection.number)]
    found = sorted(found, key=lambda x: (-abs(x[0]), x[1].place))[:number]
    out, fails = [], _fails(projection, projection.played, "insolvent")
    paths, missed = projection.paths_played[:MOVED], float(fails.mean() - fails[:MOVED].mean())
    for i, (r, one) in enumerate(found):
        shares = []
        for k, held in enumerate(_held(one)):
            moved = float(_fails(projection, _replay(projection, held, paths), "insolvent").mean())
            shares.append(min(1.0, max(0.0, moved + missed)))
            if progress:
                progress(2 * i + k + 1, 2 * len(found))
        out.append(Driver(one.place, one.words, one.unit, one.low, one.high, shares[0], shares[1], r))
    return out


def _held(one: _Candidate) -> list[Variation]:
    """The variations that hold a candidate low and high."""
    if one.unit == "probability":
        return [Variation(shifted={one.place: shift}) for shift in (-SHIFT, SHIFT)]
    return [Variation(pinned={one.place: u}) for u in (LOW, HIGH)]


def _values(projection: Projection, candidates: list[_Candidate]) -> np.ndarray:
    """What each candidate came to on each path of the run, drawn again by block; float64 (candidates, paths).

    Where it was not asked for (the depth of a cut that never came) its mean stands, so that it says nothing.
    """
    prepared, out = projection.prepared, np.empty((len(candidates), projection.number))
    keys, rows, calls = prepared.sources.arrays(projection.seed)
    for first in range(0, projection.number, BLOCK):
        paths = np.ascontiguousarray(projection.paths_played[first : first + BLOCK]).astype(np.uint64)
        u = np.full((max(1, prepared.sources.height), len(paths)), 0.5)
        fill(keys, rows, calls, paths, u)
        drawn = luck(prepared, u, True)
        for i, one in enumerate(candidates):
            out[i, first : first + len(paths)] = one.read(drawn, u)
    unasked = np.isnan(out)
    middle = np.where(unasked, 0.0, out).sum(axis=1) / np.maximum(1, (~unasked).sum(axis=1))
    return np.where(unasked, middle[:, None], out)


def _candidates(projection: Projection) -> Iterator[_Candidate]:
    """Every range and probability that can move money.

    Referrals are left out: people served bring no income in this version.
    """
    organisation, prepared = projection.organisation, projection.prepared
    for s, place in enumerate(prepared.funding.names):
        yield from _of_stream(projection, s, place)
    for i, place in enumerate(prepared.places):
        yield from _range(f"{place}.yearly", _called(place), organisation.costs()[place][1].yearly, _row("line", i))
    posts = prepared.plan.posts
    for g, place in enumerate(prepared.posts):
        if posts.hazard[g] > 0:
            turnover = float({**organisation.posts(), **organisation.transferred()}[place][1].turnover)
            read = partial(_leavers, projection, g)
            yield from _odds(f"{place}.turnover", f"turnover of {_called(place)}", turnover, read)
    unnamed = organisation.opportunities
    if unnamed is not None and prepared.bidding.unnamed is not None:
        won = lambda drawn, u: drawn.unnamed_won.sum(axis=0)  # noqa: E731
        yield from _odds("opportunities.chance", "winning opportunities", float(unnamed.chance), won)
        worth = lambda drawn, u: drawn.unnamed_income.sum(axis=0)  # noqa: E731
        yield from _range("opportunities.yearly", "what opportunities are worth", unnamed.yearly, worth)
    chance = float(organisation.redeployment)
    moves = [int(posts.moves[g]) + 4 * h for g in range(len(posts.heads)) for h in range(posts.heads[g])]
    if chance:
        yield from _odds("redeployment", "redeployment", chance, lambda drawn, u: (u[moves] <= chance).sum(axis=0))


def _row(name: str, i: int) -> Callable[[Luck, np.ndarray], np.ndarray]:
    """Reads one row of what chance decided."""
    return lambda drawn, u: getattr(drawn, name)[i]


def _of_stream(projection: Projection, s: int, place: str) -> Iterator[_Candidate]:
    """The candidates of one stream or bid."""
    funded, streams = projection.prepared.funding, projection.prepared.plan.streams
    item, called = _item(projection.organisation, place), _called(place)
    yield from _range(f"{place}.yearly", called, item.yearly, lambda drawn, u: drawn.amount[s])
    cut = funded.cuts[s]
    if cut is not None:
        yield from _odds(f"{place}.cut", f"cuts to {called}", float(item.cut), lambda drawn, u: drawn.cuts[s])
        row = int(funded.cut_row[s])
        depth = lambda drawn, u: _mean_of_first(1e6 - drawn.cut_keep[row : row + cut.most], drawn.cuts[s])  # noqa: E731
        yield from _range(f"{place}.depth", f"depth of cuts to {called}", item.depth, depth)
    turns = funded.turns[s]
    if turns is not None and streams.bid[s] < 0:
        yield from _odds(
            f"{place}.renewal.chance",
            f"renewal of {called}",
            float(item.renewal.chance),
            lambda drawn, u: drawn.renewed[s],
        )
        first, asked = int(funded.turn_row[s]), turns.most
        fraction = lambda drawn, u: _mean_of_first(drawn.turn_keep[first : first + asked], drawn.renewed[s])  # noqa: E731
        yield from _range(
            f"{place}.renewal.fraction", f"size of {called} when renewed", item.renewal.fraction, fraction
        )
    bid = int(streams.bid[s])
    if bid >= 0:
        yield from _of_bid(projection, s, place)
        yield from _odds(f"{place}.chance", f"winning {called}", float(item.chance), lambda drawn, u: drawn.won[bid])
    if streams.payment[s] == ARREARS:
        lag = int(streams.lag[s])
        late = lambda drawn, u: (drawn.wait[lag] > drawn.wait[lag].min(axis=0)).sum(axis=0)  # noqa: E731
        yield from _odds(f"{place}.late", f"late payment of {called}", float(item.late), late)


def _of_bid(projection: Projection, s: int, place: str) -> Iterator[_Candidate]:
    """The candidates of one bid beside its value and the odds of winning it."""
    prepared, item, called = projection.prepared, _item(projection.organisation, place), _called(place)
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


def _uniform(row: int, drawn: Luck, u: np.ndarray) -> np.ndarray:
    """A quantity by its uniform: it rises with it."""
    return u[row]


def _range(place: str, words: str, value: Any, read: Callable[[Luck, np.ndarray], np.ndarray]) -> Iterator[_Candidate]:
    if isinstance(value, Range):
        scale, unit = (1.0, "share") if value.bounds == "share" else (100.0, "GBP a year")
        yield _Candidate(place, words, unit, value.low / scale, value.high / scale, read)


def _odds(
    place: str, words: str, chance: float, read: Callable[[Luck, np.ndarray], np.ndarray]
) -> Iterator[_Candidate]:
    if 0 < chance < 1:
        low, high = (replace(AS_IS, shifted={place: shift}).odds(place, chance) for shift in (-SHIFT, SHIFT))
        yield _Candidate(place, words, "probability", low, high, read)


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
