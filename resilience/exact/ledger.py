"""The accounts and events of one month of one outcome, given what the awards did. Nothing here is left to chance."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import NamedTuple

from resilience.exact.arithmetic import ONE, exactly, millionths, part, share
from resilience.exact.awards import OVER, RUNNING, Flow, State
from resilience.exact.costs import Charge
from resilience.exact.plan import Plan


class Money(NamedTuple):
    """The books of one path at a month-end. Index 0 of a tuple by fund is unrestricted."""

    bank: int
    investments: int
    drawn: int
    cash: tuple[int, ...]  # by restricted fund; [0] is not used
    due: tuple[tuple[int, ...], ...]  # by fund: pence to be paid next month, the month after, …
    allowance: int
    moved: tuple[int, ...]  # overhead paid in this funders' year, by fund
    recent: tuple[int, int]  # recurring unrestricted spending of the last two months
    strikes: int  # month-ends running with headroom below nil
    seen: tuple[bool, bool, bool]  # breach, no return, touched


class Charged(NamedTuple):
    """What a month costs, by fund: pay with NIC and pension, and the rest; recruiting; the allowance that is left."""

    pay: list[int]
    lines: list[int]
    recruiting: int
    closing: int
    allowance: int


class Books:
    """Accounts of every month of one organisation."""

    def __init__(self, plan: Plan) -> None:
        self.plan, self.o = plan, plan.o
        o, n = plan.o, len(plan.funds)
        self.limit = o.facility.limit if o.facility else 0
        self.interest = millionths(exactly(o.facility.interest)) / 12 if o.facility else Fraction(0)
        self.provisions_due = o.opening.provisions_due - plan.first if o.opening.provisions_due is not None else 0
        owed = [o.opening.creditors or 0, *[0] * (plan.delay + 1)]
        due = (tuple(owed), *[(0,) * len(owed)] * (n - 1))
        here = [team for team in plan.teams if team.bid is None]
        gone = plan.first.funders_month - 1
        allowance = max(0, plan.allowance[0] - gone * sum(team.heads * team.nic[0] for team in here))
        self.leaving = sum(team.heads * team.leaving[-1] for team in here)
        self.budget = self._budget(allowance, [award.opening(0) for award in plan.awards])
        cash = (0, *(o.funds[f].opening for f in plan.funds[1:]))
        self.opening = Money(o.opening.bank, o.opening.investments, 0, cash, due, allowance, (0,) * n,
                             (self.budget, self.budget), 0, (False, False, False))  # fmt: skip

    def _budget(self, allowance: int, states: Sequence[State]) -> int:
        """Pay and lines of month 0 beyond what the month's income of restricted funds bears."""
        income = [0] * len(self.plan.funds)
        for award in self.plan.awards:
            if award.fund and not award.bid and award.start <= 0:
                income[award.fund] += part(award.yearly, self.plan.first)
        charged = self._charged(0, states, allowance, income)
        return charged.pay[0] + charged.lines[0]

    def breached_at_opening(self, states: Sequence[State]) -> bool:
        """Whether free reserves are below the policy before the first month."""
        o, plan = self.o.opening, self.plan
        ahead = [sum(state.parts) for state in states]
        balances = sum(self.opening.cash) - sum(x for x, a in zip(ahead, plan.awards, strict=True) if a.fund)
        owned = plan.upkeep[0]
        funds = (
            o.bank
            + o.investments
            + o.debtors
            + plan.owed[0]
            + owned.assets
            - (o.creditors or 0)
            - sum(ahead)
            - owned.owing
        )
        funds -= o.provisions + o.held_for_others + balances
        free = funds - max(0, owned.assets - owned.secured) - o.essential_designations
        return free < self._target(3 * self.budget, self.leaving + plan.other_closing[0])

    def _target(self, spending_of_three_months: int, closing: int) -> Fraction:
        policy = self.o.reserves_policy
        if policy.amount is not None:
            return Fraction(policy.amount)
        if policy.months is not None:
            return exactly(policy.months) * spending_of_three_months / 3
        return Fraction(closing)

    def _charged(self, t: int, states: Sequence[State], allowance: int, balance: list[int]) -> Charged:
        """Costs of the month, charged one after the other; takes from the balances what restricted funds bear."""

        def there(bid: int | None, begins: int) -> bool:
            return bid is None or (states[bid].now in (RUNNING, OVER) and t >= begins)

        plan = self.plan
        pay, nic, lines = ([0] * len(plan.charges) for _ in range(3))
        teams = [team for team in plan.teams if there(team.bid, team.joins)]
        for team in teams:
            pay[team.charge] += team.heads * (team.pay[t] + team.pension[t])
            nic[team.charge] += team.heads * team.nic[t]
        for line in plan.lines:
            if there(line.bid, line.begins):
                lines[line.charge] += line.cost[t]
        for k in plan.spared_first:
            spared = min(allowance, nic[k])
            allowance -= spared
            pay[k] += nic[k] - spared
        by_fund: tuple[list[int], list[int]] = ([0] * len(balance), [0] * len(balance))
        for k, charge in enumerate(plan.charges):
            _bear(charge, pay[k], balance, by_fund[0])
            _bear(charge, lines[k], balance, by_fund[1])
        recruiting = sum(team.heads * team.recruiting for team in teams if team.bid is not None and t == team.joins)
        return Charged(*by_fund, recruiting, sum(team.heads * team.leaving[t] for team in teams), allowance)

    def step(
        self, t: int, money: Money, states: Sequence[State], flows: Sequence[Flow]
    ) -> tuple[Money, dict[str, int], bool]:
        """Books at the end of month t, the measures of the month, and whether the path becomes insolvent."""
        plan, o, opening, upkeep = self.plan, self.o, self.o.opening, self.plan.upkeep[t + 1]
        n = len(plan.funds)
        # receipts
        received = sum(f.received for f in flows) + (opening.debtors if t == 0 else 0) + plan.owed[t] - plan.owed[t + 1]
        bank = money.bank + received
        cash, invoiced, deferred = list(money.cash), [0] * n, [0] * n
        for award, state, flow in zip(plan.awards, states, flows, strict=True):
            if award.fund:
                cash[award.fund] += flow.received
            invoiced[award.fund] += sum(a for _, a in state.invoices) + sum(state.late)
            deferred[award.fund] += sum(state.parts)
        # costs
        allowance = plan.allowance[t] if plan.calendar[t].funders_month == 1 and t else money.allowance
        balance = [0] + [cash[f] + invoiced[f] - sum(money.due[f]) - deferred[f] for f in range(1, n)]
        charged = self._charged(t, states, allowance, balance)
        once = sum(f.cost for f in flows) + charged.recruiting
        interest = share(money.drawn, self.interest) + upkeep.interest
        # overhead from restricted to unrestricted: cash and balance at once
        moved = list(money.moved) if plan.calendar[t].funders_month > 1 else [0] * n
        for f in range(1, n):
            fund = o.funds[plan.funds[f]]
            wish = share(charged.pay[f] + charged.lines[f], plan.overhead[f])
            wish += part(fund.overhead_yearly, plan.calendar[t])
            room = wish if fund.overhead_cap is None else fund.overhead_cap - moved[f]
            overhead = max(0, min(wish, room, balance[f], cash[f]))
            cash[f] -= overhead
            balance[f] -= overhead
            moved[f] += overhead
        # payments
        due = []
        for f in range(n):
            held = share(charged.pay[f], plan.deductions[t])
            queue = [*money.due[f], 0]
            queue[1] += held
            odd = share(charged.lines[f], plan.odd)
            queue[plan.delay] += charged.lines[f] - odd
            if odd:
                queue[plan.delay + 1] += odd
            paid = queue[0] + charged.pay[f] - held
            bank -= paid
            cash[f] -= paid if f else 0
            due.append(tuple(queue[1:]))
        bank -= once + interest + upkeep.repaid + upkeep.bought
        provisions = opening.provisions if t < self.provisions_due else 0
        bank -= opening.provisions if t == self.provisions_due else 0
        # investments, facility
        ours = bank - sum(max(0, c) for c in cash) - opening.held_for_others
        sold = min(money.investments, max(0, -ours))
        bank, ours, investments = bank + sold, ours + sold, money.investments - sold
        ours += investments  # spendable, before the facility
        change = min(self.limit - money.drawn, max(0, -ours)) - min(money.drawn, max(0, ours))
        bank, drawn = bank + change, money.drawn + change
        # measures
        restricted = sum(max(0, c) for c in cash)
        spendable = bank + investments - restricted - opening.held_for_others
        headroom = spendable + self.limit - drawn
        funds = bank + investments + upkeep.assets + sum(invoiced) - sum(map(sum, due)) - sum(deferred) - provisions
        funds += plan.owed[t + 1] - upkeep.owing - drawn - opening.held_for_others - sum(balance)
        free = funds - max(0, upkeep.assets - upkeep.secured) - opening.essential_designations
        recurring = charged.pay[0] + charged.lines[0]
        closing = plan.other_closing[t + 1] + charged.closing
        # events
        strikes = money.strikes + 1 if headroom < 0 else 0
        ends = bank + self.limit - drawn < 0 or strikes >= o.grace
        breach = ends or free < self._target(sum(money.recent) + recurring, closing)
        seen = money.seen[0] or breach, money.seen[1] or headroom < closing, money.seen[2] or headroom < 0 <= bank
        books = Money(bank, investments, drawn, tuple(cash), tuple(due), charged.allowance, tuple(moved),
                      (money.recent[1], recurring), strikes, seen)  # fmt: skip
        spending = sum(charged.pay) + sum(charged.lines) + once + interest + upkeep.worn
        measures = {
            "bank": bank, "spendable": spendable, "headroom": headroom, "restricted_cash": restricted,
            "free_reserves": free, "unrestricted_funds": funds + opening.programme_related_investments,
            "income": sum(f.accrued for f in flows), "spending": spending, "receipts_of_income": received,
            "closing_liability": closing,
        }  # fmt: skip
        return books, measures, ends


def _bear(charge: Charge, cost: int, balance: list[int], charged: list[int]) -> None:
    """Let restricted funds bear a cost as far as their balances go, unrestricted the rest. Changes both lists."""
    left = cost
    for f, part_of_it in charge.shares or [(f, ONE) for f in charge.order]:
        borne = max(0, min(share(cost, part_of_it), left, balance[f]))
        balance[f] -= borne
        charged[f] += borne
        left -= borne
    charged[0] += left
