"""The sheets of inputs: the only ones on which a number is a value."""

from __future__ import annotations

from fractions import Fraction

from resilience.costing.items import Item
from resilience.costing.people import served_yearly
from resilience.costing.pools import in_order, settings
from resilience.economy import economy_of
from resilience.employment import exact, whole_pence
from resilience.exports.cost_workbook.cells import DRIVERS, METHODS, POSTS, Book, cell, span
from resilience.horizon import Horizon
from resilience.pay import covered, with_holiday, yearly_pay


class Inputs(Book):
    """What the file says, a cell for each figure."""

    def _law(self) -> None:
        economy, month = economy_of(self.o), self.o.first_month
        claimed = self.o.employment_allowance
        rows = {
            "employer NIC, per cent": 100 * economy.statutory("employer_nic_rate", month),
            "NIC above, pounds a year": economy.statutory("secondary_threshold", month),
            "pension from, pounds a year": economy.statutory("qualifying_earnings_lower", month),
            "pension to, pounds a year": economy.statutory("qualifying_earnings_upper", month),
            "employment allowance, pounds a year": economy.statutory("employment_allowance", month)
            if claimed
            else Fraction(0),
        }
        self.head("Law", ["of the first month", "value"])
        for i, (name, value) in enumerate(rows.items(), 1):
            self.words("Law", i, 0, name)
            self.input("Law", i, 1, value)
        self.words("Law", 6, 0, "method: may pools serve pools")
        self.choose("Law", 6, 1, settings(self.o).method, METHODS)
        self.nic, self.above, self.low, self.high, self.allowance, self.method = (
            cell(i, 1, "Law") for i in range(1, 7)
        )

    def _posts(self) -> None:
        self.head("Posts", POSTS)
        groups = {**self.o.posts(), **self.o.transferred()}
        for r, item in enumerate(self.posts, 1):
            post = groups[item.place][1]
            cover = whole_pence(self._bare(item) * covered(post))
            self.words("Posts", r, 0, item.place, self.blue)
            self.words("Posts", r, 1, item.dock or "hub", self.blue)
            pay = Fraction(self._bare(item), 100)
            numbers: list[int | Fraction] = [item.heads, item.hours / item.heads, pay, 100 * exact(post.pension)]
            numbers.append(Fraction(cover, 100))
            for c, number in enumerate(numbers, 2):
                self.input("Posts", r, c, number)
            self.choose("Posts", r, 7, "no" if post.kind == "freelance" else "yes", ("yes", "no"))

    def _bare(self, item: Item) -> int:
        """Pay of a head of a group, pence, without cover for its absence."""
        post, first = {**self.o.posts(), **self.o.transferred()}[item.place][1], Horizon(self.o.first_month, 1)
        economy = economy_of(self.o)
        basic = yearly_pay(int(post.pay or 0), post.hours, post.kind, first, economy)[0]
        return with_holiday(basic, post.kind, first.first, economy)

    def _lines(self) -> None:
        self.head("Lines", ["cost line", "dock, or hub", "pounds a year"])
        for r, item in enumerate(self.lines, 1):
            self.words("Lines", r, 0, item.place, self.blue)
            self.words("Lines", r, 1, item.dock or "hub", self.blue)
            self.input("Lines", r, 2, Fraction(item.pence, 100))

    def _pools(self) -> None:
        self.head("Pools", ["pool", "kind", "driver", "order", "own floor area"])
        order = in_order(settings(self.o).order, self.pools)
        for r, one in enumerate(self.pools, 1):
            self.words("Pools", r, 0, one.name, self.blue)
            self.words("Pools", r, 1, one.pool.kind, self.blue)
            self.choose("Pools", r, 2, one.pool.driver, (*DRIVERS, "fixed shares"))
            self.input("Pools", r, 3, order.index(one.name) + 1)
            self.input("Pools", r, 4, exact(one.pool.floor_area))

    def _in_pools(self) -> None:
        """Shares of items of the hub; the rest of each falls to the pool that takes what is left over, or to nobody if there is none."""
        self.head("In pools", ["of the hub", *(f"{kind} {name}" for kind, name in self.into)])
        self.rest = next((c for c, key in enumerate(self.into, 1) if key == ("pool", "hub")), 0)
        for r, item in enumerate(self.hub, 1):
            self.words("In pools", r, 0, item.place, self.blue)
            for c, key in enumerate(self.into, 1):
                share = self._part(item, key)
                if c != self.rest:
                    self.input("In pools", r, c, share)
                    continue
                others = [span(r, 1, r, c - 1)] if c > 1 else []
                others += [span(r, c + 1, r, len(self.into))] if c < len(self.into) else []
                self.live(
                    "In pools", r, c, f"ROUND(1-{f'SUM({chr(44).join(others)})' if others else 0},9)", float(share)
                )

        last = len(self.into)
        self.words("In pools", 0, last + 1, "in all", self.heading)
        for r, _ in enumerate(self.hub, 1):
            self.live("In pools", r, last + 1, f"ROUND(SUM({span(r, 1, r, last)}),9)" if last else "1", 1, self.share)

    def _part(self, item: Item, key: tuple[str, str]) -> Fraction:
        if key[0] == "fund":
            return exact((item.charged_to or {}).get(key[1], 0))
        pool = next(one for one in self.pools if one.name == key[1])
        return next((part.share for part in pool.parts if part.place == item.place), Fraction(0))

    def _docks(self) -> None:
        self.head("Docks", ["dock", "floor area", "people a year"])
        for r, dock in enumerate(self.docks, 1):
            self.words("Docks", r, 0, dock, self.blue)
            self.input("Docks", r, 1, exact(settings(self.o).floor_area.get(dock, 0)))
            self.input("Docks", r, 2, self._people(dock))

    def _people(self, dock: str) -> Fraction:
        return sum((served_yearly(self.o, n) for n, s in self.o.services.items() if s.dock == dock), Fraction(0))

    @property
    def receivers(self) -> list[str]:
        return [*self.docks, *(one.name for one in self.pools)]

    def _fixed(self) -> None:
        self.head("Fixed shares", ["bears of the pool", *(one.name for one in self.pools)])
        for r, name in enumerate(self.receivers, 1):
            self.words("Fixed shares", r, 0, name)
            for c, one in enumerate(self.pools, 1):
                self.input("Fixed shares", r, c, exact((one.pool.shares or {}).get(name, 0)))

    def _funds(self) -> None:
        """Which dock an item of the hub that is charged to a fund belongs to: that with streams in it, if there is one alone."""
        self.head("Funds", ["restricted fund", "dock"])
        self.straight = {f for f, _ in self.w.straight}
        for r, fund in enumerate(self.funds, 1):
            self.words("Funds", r, 0, fund, self.blue)
            self.words("Funds", r, 1, self._dock_of(fund), self.blue)

    def _dock_of(self, fund: str) -> str:
        own = [d for d in self.docks if any(i.dock is None and fund in (i.charged_to or {}) for i in self.w.own[d])]
        paid = {**self.o.streams, **self.o.bids}
        held = [d for d in own if any(paid[n].fund == fund for n in self.o.docks[d].funded_by)]
        return held[0] if len(held) == 1 and fund not in self.straight else ""

    def _income(self) -> None:
        self.head("Income", ["stream or bid", "dock, or none", "pounds a year"])
        tied = {n: d for d in self.docks for n in self.w.earned(d)}
        self.income = list(self.w.income)
        for r, name in enumerate(self.income, 1):
            self.words("Income", r, 0, name, self.blue)
            self.words("Income", r, 1, tied.get(name, ""), self.blue)
            self.input("Income", r, 2, Fraction(self.w.income[name], 100))
