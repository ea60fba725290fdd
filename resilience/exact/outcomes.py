"""All outcomes of one organisation, month by month.

Outcomes are not followed one by one: futures that have come to the same books and the same open questions are one state
from then on, with the sum of their probabilities, which loses nothing. What can happen within a month is a product of
what each award does on its own (`awards.Award.step`), and the accounts of the month follow from it (`ledger.Books`).
"""

from __future__ import annotations

import math
from collections import defaultdict
from collections.abc import Iterable
from fractions import Fraction
from itertools import product

from resilience.errors import Fault, InputError
from resilience.exact.awards import Award, Flow, State
from resilience.exact.income import lags
from resilience.exact.ledger import Books, Money
from resilience.exact.plan import Plan
from resilience.exact.result import MONEY, Exact
from resilience.organisation import Organisation, Shock

MOST_STATES = 200_000  # states alive in one month; more is refused


def exact(organisation: Organisation, months: int = 24, shocks: Iterable[Shock] = ()) -> Exact:
    """Every outcome of `organisation` (resolved: no default left open) over `months` months under *carry on*.

    `shocks` come beside those that the organisation's scenarios have brought.
    Raises InputError, all faults at once, for what cannot be enumerated (ranges, noise, leavers, a covenant, …) and
    when more than MOST_STATES states are alive in one month.
    """
    return _enumerate(Plan(organisation, months, (*organisation.shocks, *shocks)))


def _enumerate(plan: Plan) -> Exact:
    """Month by month. In a month all probabilities have one denominator, `whole`: sums are of whole numbers."""
    books = Books(plan)
    starts = list(lags(plan.awards))
    whole = math.lcm(*(p.denominator for p, _ in starts))
    alive: dict[tuple[tuple[State, ...], Money], int] = defaultdict(int)
    for p, habits in starts:
        opening = tuple(award.opening(lag) for award, lag in zip(plan.awards, habits, strict=True))
        alive[opening, books.opening] += int(p * whole)
    breached = books.breached_at_opening(next(iter(alive))[0])
    found = Exact(plan.o, plan.months, weights={m: [] for m in MONEY})
    ended, first = Fraction(0), [Fraction(0)] * 3
    events: list[list[Fraction]] = [[], [], []]
    for t in range(plan.months):
        ways = [_ways_of(award, {states[i] for states, _ in alive}, t) for i, award in enumerate(plan.awards)]
        whole *= math.prod(scale for _, scale in ways)
        following: dict[tuple[tuple[State, ...], Money], int] = defaultdict(int)
        weights: dict[str, dict[int, int]] = {m: defaultdict(int) for m in MONEY}
        ended_now, first_now = 0, [0, 0, 0]
        for (states, money), weight in alive.items():
            for combination in product(*(known[state] for (known, _), state in zip(ways, states, strict=True))):
                w = math.prod((weight, *(q for q, _, _ in combination)))
                after = tuple(state for _, state, _ in combination)
                then, measures, ends = books.step(t, money, after, [flow for _, _, flow in combination])
                for i, (old, new) in enumerate(zip(money.seen, then.seen, strict=True)):
                    first_now[i] += w if new and not old else 0
                if ends:
                    ended_now += w
                    continue
                for measure, value in measures.items():
                    weights[measure][value] += w
                following[after, then] += w
                if len(following) > MOST_STATES:
                    why, fix = f"has more than {MOST_STATES:,} outcomes by month {t + 1}", "leave out sources of chance"
                    raise InputError([Fault(plan.o.name, "", None, why, f"{fix}, or ask for fewer months")])
        alive = following
        ended += Fraction(ended_now, whole)
        first = [total + Fraction(now, whole) for total, now in zip(first, first_now, strict=True)]
        found.states = max(found.states, len(alive))
        found.whole.append(whole)
        found.insolvent.append(ended)
        for event, total in zip(events, first, strict=True):
            event.append(total)
        for measure, values in weights.items():
            found.weights[measure].append(dict(values))
    found.breach = None if breached else events[0]
    found.no_return, found.touched = events[1], events[2]
    return found


def _ways_of(award: Award, states: Iterable[State], t: int) -> tuple[dict[State, list[tuple[int, State, Flow]]], int]:
    """What can become of each state of an award in month t, as whole weights out of one scale."""
    ways = {state: award.step(state, t) for state in states}
    scale = math.lcm(*(p.denominator for found in ways.values() for p, _, _ in found))
    return {state: [(int(p * scale), s, f) for p, s, f in found] for state, found in ways.items()}, scale
