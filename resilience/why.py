"""Why it fails, and what it hangs on: replays of the same futures with one thing changed.

None tells "the first in the chain". `why` asks of each source of chance whether the failures would have happened
without it; `drivers` asks how the answer moves if an assumption were low or high; `alone` what a parameter that nobody knows does.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterator
from dataclasses import asdict, dataclass, replace
from functools import partial
from statistics import NormalDist
from typing import Any

import numpy as np

from resilience.assumptions import as_written
from resilience.chance import HOLD_OVER, NEW_TERM, OPTION
from resilience.distributions import WIDER, Exact
from resilience.draws import fill
from resilience.economy import DOUBTED
from resilience.measures import paired_difference, rank_correlation
from resilience.neutral import switched_on, without
from resilience.organisation import Organisation
from resilience.projection import Projection
from resilience.projection.engine import BLOCK, Played, run
from resilience.projection.outlook import shifts
from resilience.projection.plan import luck, prepare
from resilience.ranges import Quantity
from resilience.rows import ARREARS, INSOLVENT, Luck
from resilience.variation import AS_IS, Variation

LEAVERS, UNLISTED = "leavers", "unlisted_event"
ECONOMY = {"prices": "the yearly rise of prices", "earnings": "the yearly rise of pay", "bank_rate": "Bank Rate"}
ALL_RANGES, SPREAD = "ranges_too_narrow", "spread"
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

    unit: "GBP a year", "GBP a unit", "GBP a gift", "people a month", "share", "a year", "probability" or "odds" (a factor on many odds
    at once). `correlation`: of ranks, between what was drawn and the lowest spendable cash, path by path. One more, "if all our
    ranges were wider by half": place "ranges_too_narrow", unit "spread", the low value 1 (the ranges as written), the high one 1.5;
    correlation nan.
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
            if (cut := funded.cuts[s]) is not None and cut.own:
                found[f"{place}.cuts"] = f"cuts to {called}"
            turns = funded.turns[s]
            if turns is not None and (turns.chance.min() < 1 or turns.held > 0):
                what, fails = ("renewal", "renewed") if streams.bid[s] < 0 else ("extension", "extended")
                found[f"{place}.{what}"] = f"{called} not {fails}"
            if streams.bid[s] >= 0 and funded.won_given[streams.bid[s]] < 1:
                found[place] = f"{called} not won"
            if streams.bid[s] >= 0 and item.delay is not None:
                found[f"{place}.delay"] = f"{called} told late"
            if streams.payment[s] == ARREARS and funded.waits[streams.lag[s]][3] > 0:
                found[f"payers.{item.payer}"] = f"{_called(str(item.payer))} paying late"
            if streams.noise[s] >= 0:
                found[f"{place}.noise"] = f"monthly ups and downs of {called}"
            irregular = projection.prepared.plan.irregular
            if irregular.year[s] >= 0:
                found[f"{place}.volatility"] = f"ups and downs of {called} from year to year"
            if irregular.gifts[s] >= 0:
                found[f"{place}.gifts"] = f"{called} coming in whole gifts, some years many and some none"
        found |= {f"payers.{one.name}.event": f"{_called(one.name)} in trouble" for one in funded.payers}
        if projection.prepared.unlisted.hazard:
            found[UNLISTED] = "something nobody listed"
        if (projection.prepared.plan.posts.hazard > 0).any():
            found[LEAVERS] = "people leaving"
        for i, name in enumerate(DOUBTED):
            if _uncertain(projection, i):
                found[f"economy.{name}"] = f"{ECONOMY[name]} other than expected"
        for place, (_, cost) in organisation.costs().items():
            if cost.noise is not None and cost.noise.sd:
                found[f"{place}.noise"] = f"monthly ups and downs of {_called(place)}"
    for shock in organisation.shocks:
        found[f"shocks.{shock.stream_id}"] = f"the scenario's cut to {_called(shock.stream_id)}"
    for rise in organisation.rises:
        if not rise.place.startswith("services."):  # referrals bring no income in this version
            found[f"shocks.{rise.place}"] = f"the scenario's rise of {_called(rise.place)}"
    return found


def _uncertain(projection: Projection, i: int) -> bool:
    """Is the i-th of the economy's rates uncertain, and does anything hang on it?"""
    one, money = projection.prepared.doubt, projection.prepared.plan.money
    floats = money.interest_floats or money.bank_interest_floats or money.loan_floats.any()
    return bool(one.moves and one.sd[i] > 0 and (one.open[i].any() if i < 2 else money.bank_rate_open.any() and floats))


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
    """The organisation without the scenarios' cuts of streams and rises of costs named "shocks.X"."""
    kept = tuple(shock for shock in organisation.shocks if f"shocks.{shock.stream_id}" not in names)
    rises = tuple(rise for rise in organisation.rises if f"shocks.{rise.place}" not in names)
    if (len(kept), len(rises)) == (len(organisation.shocks), len(organisation.rises)):
        return organisation
    copy = organisation.model_copy()
    copy._shocks, copy._rises = kept, rises
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
    deviation 0.5. And always, where a range can be wider, one replay of all the run's futures with all ranges wider by
    half (or as written, if they are wider already), as `--wider` plays them: the last of the list. Without chance there
    are none.
    """
    candidates, widened = list(_candidates(projection)), _has_ranges(projection)
    if not projection.organisation.chance or not (candidates or widened):
        return []
    drawn, lowest = _values(projection, candidates), projection.played.fates["lowest"]
    found = [(rank_correlation(values, lowest), one) for values, one in zip(drawn, candidates, strict=True)]
    found = [(r, one) for r, one in found if abs(r) > NOTICED / math.sqrt(projection.number)]
    found = sorted(found, key=lambda x: (-abs(x[0]), x[1].place))[:number]
    out, fails = [], _fails(projection, projection.played, "insolvent")
    paths, missed = projection.paths_played[:MOVED], float(fails.mean() - fails[:MOVED].mean())
    steps, done = 2 * len(found) + widened, 0

    def share(held: Variation, played: np.ndarray) -> float:
        nonlocal done
        moved = float(_fails(projection, _replay(projection, held, played), "insolvent").mean())
        done += 1
        if progress:
            progress(done, steps)
        return moved

    for r, one in found:
        low, high = (min(1.0, max(0.0, share(held, paths) + missed)) for held in _held(one))
        out.append(Driver(one.place, one.words, one.unit, one.low, one.high, low, high, r))
    if widened:
        already = projection.organisation.ranges_too_narrow
        now, other = float(fails.mean()), share(Variation(wider=not already), projection.paths_played)
        low, high = (other, now) if already else (now, other)
        words = "if all our ranges were wider by half"
        out.append(Driver(ALL_RANGES, words, SPREAD, 1.0, WIDER, low, high, math.nan))
    return out


def _has_ranges(projection: Projection) -> bool:
    """Is anything drawn from a range that can be wider?"""
    prepared, funded = projection.prepared, projection.prepared.funding
    drawn = [*funded.amounts, *(one for one, _ in prepared.drawn_lines), *prepared.referrals]
    drawn += [one for turns in funded.turns if turns for one in turns.fractions]
    values = [*(one.value for one in drawn), *(cut.depth for cut in funded.cuts if cut)]
    return any(one.wider() != one for one in values)


@dataclass(frozen=True)
class Alone:
    """A parameter that nobody knows, and the share of paths that end insolvent with it and with it alone at its neutral value.

    `error`: standard error of their difference, path by path.
    """

    place: str
    words: str
    unit: str
    value: Any
    neutral: Any
    share: float
    neutral_share: float
    error: float


def alone(projection: Projection, progress: Progress | None = None) -> list[Alone]:
    """What each parameter that nobody knows and that is on does to the headline by itself, the largest first.

    One replay each of the first 4,000 futures, same draws, the organisation with that one figure at its neutral value; set off from
    the headline by what it changes in those. Standard error √(b + c − (b − c)²/n)/n, b and c the paths in which it alone makes the
    end come and go away. Without chance there are none.
    """
    found = list(switched_on(projection.organisation)) if projection.organisation.chance else []
    fails, paths = _fails(projection, projection.played, "insolvent"), projection.paths_played[:MOVED]
    out, share = [], float(fails.mean())
    for i, one in enumerate(found):
        played = _replay(projection, AS_IS, paths, without(projection.organisation, one))
        apart, error = paired_difference(fails[:MOVED], _fails(projection, played, "insolvent"))
        value, other = as_written(one.value, one.unit), min(1.0, max(0.0, share + apart))
        out.append(Alone(one.place, one.description, one.unit, value, one.neutral, share, other, error))
        if progress:
            progress(i + 1, len(found))
    return sorted(out, key=lambda x: (-abs(x.neutral_share - x.share), x.place))


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

    Referrals are left out where no stream is paid by the unit: people served then bring no income.
    """
    organisation, prepared = projection.organisation, projection.prepared
    for s, place in enumerate(prepared.funding.names):
        yield from _of_stream(projection, s, place)
    yield from _shared(projection)
    for i, place in enumerate(prepared.places):
        yield from _range(f"{place}.yearly", _called(place), prepared.drawn_lines[i][0].value, _row("line", i))
    for i, name in enumerate(DOUBTED):
        if _uncertain(projection, i):
            yield _of_economy(projection, i, name)
    paid_for = set(prepared.plan.irregular.service.tolist())
    for v, name in enumerate(prepared.services):
        if v in paid_for:
            yield from _range(
                f"services.{name}.referrals",
                f"referrals to {_called(name)}",
                prepared.referrals[v].value,
                _row("referrals", v),
                "people a month",
            )
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


def _of_economy(projection: Projection, i: int, name: str) -> _Candidate:
    """A yearly rate of the economy, from its 10 to its 90 % point: the mean of the years in which it is uncertain."""
    one, money = projection.prepared.doubt, projection.prepared.plan.money
    later = one.central[i][one.open[i]] if i < 2 else money.bank_rate[money.bank_rate_open == 1]
    middle, far = float(later.mean()), NormalDist().inv_cdf(HIGH) * one.sd[i]
    read = lambda drawn, u: shifts(one, u)[i]  # noqa: E731
    return _Candidate(f"economy.{name}", ECONOMY[name], "a year", (middle - far) / 1e6, (middle + far) / 1e6, read)


def _shared(projection: Projection) -> Iterator[_Candidate]:
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
            yield _Candidate(f"doubt.{name}", words, "odds", low, high, partial(_uniform, doubt.row))
    for i, one in enumerate(funded.payers):
        chance, come = float(organisation.payers[one.name].event or 0), partial(_come, i, months)
        yield from _odds(f"payers.{one.name}.event", f"trouble of {_called(one.name)}", chance, come)
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


def _of_stream(projection: Projection, s: int, place: str) -> Iterator[_Candidate]:
    """The candidates of one stream or bid."""
    funded, streams = projection.prepared.funding, projection.prepared.plan.streams
    item, called = _item(projection.organisation, place), _called(place)
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
            turns.held and float(item.renewal.held),
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


def _of_irregular(projection: Projection, s: int, place: str, item: Any, called: str) -> Iterator[_Candidate]:
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
) -> Iterator[_Candidate]:
    """A range by its 10 and 90 % points, to the penny, as they are drawn."""
    if not isinstance(value, Exact):
        share = place.rpartition(".")[2] in ("depth", "fraction", "success")
        scale, places = (100.0, 2) if unit.startswith("GBP") and not share else (1.0, 9)
        low, high = (round(value.quantile(u) / scale, places) for u in (LOW, HIGH))
        yield _Candidate(place, words, "share" if share else unit, low, high, read)


def _odds(
    place: str, words: str, chance: float, read: Callable[[Luck, np.ndarray], np.ndarray]
) -> Iterator[_Candidate]:
    if 0 < chance < 1:
        low, high = (replace(AS_IS, shifted={place: shift}).odds(place, chance) for shift in (-SHIFT, SHIFT))
        yield _Candidate(place, words, "probability", low, high, read)


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
