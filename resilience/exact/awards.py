"""Awards: streams and bids, each a chain of its own. What one month can do to it, with the probability of each way."""

from __future__ import annotations

from collections import defaultdict
from dataclasses import dataclass
from fractions import Fraction
from typing import NamedTuple

from resilience.exact.arithmetic import NEVER, ONE, part, rounded, share
from resilience.horizon import Month

NOT_YET, RUNNING, OVER, LOST = range(4)


class State(NamedTuple):
    """Where one award stands at a month-end."""

    now: int  # NOT_YET (a bid not yet told), RUNNING, OVER, LOST
    yearly: int
    start: int  # first month of the present term, index
    end: int  # first month not paid
    pending: tuple[int, ...]  # months in which announced cuts take effect
    announced: int
    lag: int
    invoices: tuple[tuple[int, int], ...]  # (month due, pence)
    late: tuple[int, ...]  # pence of invoices that are late
    parts: tuple[int, ...]  # paid for, not yet delivered: contracts paid ahead


class Flow(NamedTuple):
    """What one award does in one month: received, accrued as income, costs of bidding and mobilisation."""

    received: int = 0
    accrued: int = 0
    cost: int = 0


@dataclass(frozen=True)
class Award:
    """One stream or bid, without its chance drawn."""

    name: str
    first: Month  # of the horizon
    fund: int
    delivered: bool  # contract or sale: accrues month by month
    yearly: int
    start: int
    end: int
    payment: str
    lag: Fraction
    late: Fraction
    further: Fraction  # probability that a late invoice comes in any further month: 1/mean
    payer: str
    rises: tuple[Fraction, ...]  # factor by month, 1 but in an April after the first month
    settlement: Fraction = Fraction(0)
    monthly: Fraction = Fraction(0)
    keeps: Fraction = ONE
    at_most: int = NEVER
    decision_month: int = 0
    notice: int | None = None  # None: "none"
    renewal: Fraction = Fraction(0)
    term: int = 0
    fraction: Fraction = ONE
    shocks: tuple[tuple[int, Fraction], ...] = ()  # (month in force, share kept)
    bid: tuple[int, int, Fraction, int, int] | None = None  # told, go-live, chance, cost, cost of mobilisation

    def opening(self, lag: int) -> State:
        if self.bid:
            return State(NOT_YET, self.yearly, NEVER, NEVER, (), 0, lag, (), (), ())
        parts: tuple[int, ...] = ()
        if self.payment == "quarterly in advance" and self.delivered and self.start < 0 and self.start % 3:
            left = range(min(3 - (-self.start) % 3, self.end))
            parts = tuple(part(self.yearly, self.first + j) for j in left)
        return State(RUNNING, self.yearly, self.start, self.end, (), 0, lag, (), (), parts)

    def step(self, state: State, t: int) -> list[tuple[Fraction, State, Flow]]:
        """Every way one month can go: probability, state at its end, flows."""
        ways = []
        for p, begun in self._told(state, t):
            moved = self._amount(begun, t)
            settled, received, accrued = self._deliver(moved, t)
            for q, paid, arrived in self._collect(settled, t):
                ways.append((p * q, _tidied(paid, t), Flow(received + arrived, accrued, self._cost(paid, t))))
        return ways

    def _cost(self, state: State, t: int) -> int:
        if not self.bid:
            return 0
        told, live, _, bidding, mobilising = self.bid
        cost = bidding if t == told else 0
        if state.now in (RUNNING, OVER) and told < t <= live:
            done, n = t - told, live - told
            cost += rounded(Fraction(mobilising * done, n)) - rounded(Fraction(mobilising * (done - 1), n))
        return cost

    def _told(self, state: State, t: int) -> list[tuple[Fraction, State]]:
        """Awards, ends and cuts. A renewal is drawn where it counts, at the end: nobody acts on it before."""
        ways = [(ONE, state)]
        if self.bid and t == self.bid[0]:
            won = state._replace(now=RUNNING, start=self.bid[1], end=self.bid[1] + self.term)
            return _ways((self.bid[2], won), (1 - self.bid[2], state._replace(now=LOST)))
        if state.now == RUNNING and t == state.end:
            again = state._replace(start=t, end=t + self.term)
            ways = _ways((self.renewal, again), (1 - self.renewal, state._replace(now=OVER)))
        if t >= 1 and (self.first + t).month == self.decision_month:
            ways = self._announce(ways, self.settlement, t, settled=True)
        return self._announce(ways, self.monthly, t, settled=False)

    def _announce(
        self, ways: list[tuple[Fraction, State]], chance: Fraction, t: int, *, settled: bool
    ) -> list[tuple[Fraction, State]]:
        found: list[tuple[Fraction, State]] = []
        effect = t if self.notice is None else t + self.notice + 1
        if settled:  # never before the next April, which is this month itself only if there is no notice
            wait = (4 - (self.first + t).month) % 12
            effect = max(effect, t + (12 if wait == 0 and self.notice is not None else wait))
        for p, state in ways:
            if not chance or state.now != RUNNING or state.announced >= self.at_most:
                found.append((p, state))
                continue
            cut = state._replace(pending=tuple(sorted((*state.pending, effect))), announced=state.announced + 1)
            found += _ways((p * chance, cut), (p * (1 - chance), state))
        return found

    def _amount(self, state: State, t: int) -> State:
        """The amount in force: April's rise, a renewed term's fraction, cuts, shocks, in this order."""
        if state.now != RUNNING or t < state.start:
            return state
        yearly = state.yearly
        if t != self._first_month(state):
            yearly = share(yearly, self.rises[t])
        if t == state.start and t != self._first_month(state):
            yearly = share(yearly, self.fraction)
        for month in state.pending:
            yearly = share(yearly, self.keeps) if month == t else yearly
        for month, keeps in self.shocks:
            yearly = share(yearly, keeps) if month == t else yearly
        return state._replace(yearly=yearly, pending=tuple(m for m in state.pending if m > t))

    def _first_month(self, state: State) -> int:
        return self.bid[1] if self.bid else self.start

    def _deliver(self, state: State, t: int) -> tuple[State, int, int]:
        """(state, received at once, accrued): what is paid on the day, and what is earned."""
        active = state.now == RUNNING and state.start <= t < state.end
        earned = part(state.yearly, self.first + t) if active else 0
        if self.payment == "monthly":
            return state, earned, earned
        if self.payment == "arrears":
            asked = ((t + state.lag, earned),) if earned else ()
            return state._replace(invoices=(*state.invoices, *asked)), 0, earned
        parts, received = state.parts, 0
        if active and (t - state.start) % 3 == 0:
            ahead = range(t, min(t + 3, state.end))
            parts = tuple(part(state.yearly, self.first + j) for j in ahead)
            received = sum(parts)
        if not self.delivered:
            return state._replace(parts=()), received, received
        return state._replace(parts=parts[1:]), received, sum(parts[:1])

    def _collect(self, state: State, t: int) -> list[tuple[Fraction, State, int]]:
        """Invoices fall in: those due now unless late, and those late already with probability 1/mean a month."""
        if not state.invoices and not state.late:
            return [(ONE, state, 0)]
        due = [amount for month, amount in state.invoices if month <= t]
        kept = state._replace(invoices=tuple(i for i in state.invoices if i[0] > t))
        ways: dict[tuple[tuple[int, ...], int], Fraction] = {((), 0): ONE}  # (still late, arrived)
        for amount, chance in [*((a, self.further) for a in state.late), *((a, 1 - self.late) for a in due)]:
            merged: dict[tuple[tuple[int, ...], int], Fraction] = defaultdict(Fraction)
            for (waiting, arrived), p in ways.items():
                if chance:
                    merged[waiting, arrived + amount] += p * chance
                if chance != 1:
                    merged[tuple(sorted((*waiting, amount))), arrived] += p * (1 - chance)
            ways = merged
        return [(p, kept._replace(late=waiting), arrived) for (waiting, arrived), p in ways.items()]


def _ways(*ways: tuple[Fraction, State]) -> list[tuple[Fraction, State]]:
    return [(p, state) for p, state in ways if p]


def _tidied(state: State, t: int) -> State:
    """Forget what can no longer matter, so that like states meet."""
    if state.now == RUNNING and state.yearly == 0 and t >= state.start:
        state = state._replace(now=OVER)
    if state.now in (OVER, LOST):
        state = state._replace(yearly=0, start=0, end=0, pending=(), announced=0)
    return state
