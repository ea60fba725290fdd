"""The sheets that work the full cost out, formula by formula, from the sheets of inputs."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from resilience.costing.costed import told
from resilience.costing.items import Item
from resilience.costing.pools import amounts, in_order, settings
from resilience.employment import exact
from resilience.exports.cost_workbook.cells import DRIVERS, HELP, cell, span
from resilience.exports.cost_workbook.inputs import Inputs


class Layout(Inputs):
    """Where everything stands, sheet by sheet, and what is worked out from what."""

    def lay(self) -> None:
        for i, text in enumerate((f"Full cost recovery of {self.o.name}", *HELP)):
            self.words("Read me", i, 0, text, self.heading if i == 0 else None)
        self.sheets["Read me"].set_column(0, 0, 120)
        for part in (
            self._law,
            self._posts,
            self._lines,
            self._pools,
            self._in_pools,
            self._docks,
            self._fixed,
            self._funds,
            self._income,
        ):
            part()
        for part in (
            self._pay,
            self._split,
            self._direct,
            self._drivers,
            self._weights,
            self._shares,
            self._allocation,
            self._result,
        ):
            part()

    def _pay(self) -> None:
        """NIC and pension of a head, to the penny; the allowance in proportion to NIC, the hub's first."""
        titles = [
            "post",
            "NIC a head",
            "pension a head",
            "NIC in all",
            "allowance, pence",
            "whole pence",
            "remainder",
            "odd penny",
            "spared",
            "cost",
        ]
        self.head("Pay", titles)
        hub = [r for r, i in enumerate(self.posts, 1) if i.dock is None]
        of_docks = [r for r, i in enumerate(self.posts, 1) if i.dock is not None]
        gross = {r: i.nic + i.spared for r, i in enumerate(self.posts, 1)}
        left = self.allowance
        for rows in (hub, of_docks):
            if not rows:
                continue
            nic = _union(rows, 3)
            taken = f"MIN({left},SUM({nic}))"
            total, spared = sum(gross[r] for r in rows), sum(self.posts[r - 1].spared for r in rows)
            for r in rows:
                self._post(r, rows, taken, Fraction(spared * gross[r], total) if total else Fraction(0), gross[r])
            left = f"({self.allowance}-{taken})"

    def _post(self, r: int, rows: Sequence[int], taken: str, shared: Fraction, gross: int) -> None:
        item, at = self.posts[r - 1], lambda c: cell(r, c, "Posts")
        self.words("Pay", r, 0, item.place)
        head = Fraction(gross, 100 * item.heads), Fraction(item.pension, 100 * item.heads)
        self.live(
            "Pay",
            r,
            1,
            f'IF({at(7)}="no",0,ROUND(ROUND({self.nic}*MAX(0,100*{at(4)}-100*{self.above})/100,6),0)/100)',
            float(head[0]),
            self.money,
        )
        band = f"MAX(0,MIN({at(4)},{self.high})-{self.low})"
        self.live(
            "Pay", r, 2, f'IF({at(7)}="no",0,ROUND(ROUND({at(5)}*100*{band}/100,6),0)/100)', float(head[1]), self.money
        )
        self.live("Pay", r, 3, f"ROUND({at(2)}*{cell(r, 1)},2)", gross / 100, self.money)
        nic = f"SUM({_union(rows, 3)})"
        self.live("Pay", r, 4, f"IF({nic}=0,0,ROUND(100*{taken}*{cell(r, 3)}/MAX({nic},0.01),6))", _six(shared))
        self._remainders("Pay", r, [(x, 4, 5, 6, 3) for x in rows], r, f"ROUND(100*{taken},0)", shared, item.spared)
        self.live("Pay", r, 8, f"({cell(r, 5)}+{cell(r, 7)})/100", item.spared / 100, self.money)
        self.live(
            "Pay",
            r,
            9,
            f"ROUND({at(2)}*({at(4)}+{at(6)}+{cell(r, 1)}+{cell(r, 2)})-{cell(r, 8)},2)",
            item.pence / 100,
            self.money,
        )

    def _remainders(
        self,
        sheet: str,
        r: int,
        rows: Sequence[tuple[int, int, int, int, int]],
        mine: int,
        pence: str,
        shared: Fraction,
        found: int,
    ) -> None:
        """Whole pence, remainder and odd penny of one of several rows: columns exact, whole, remainder, and of the weight."""
        _, x, whole, left, weight = rows[0]
        floor = int(_six(shared))
        self.live(sheet, r, whole, f"INT({cell(r, x)})", floor)
        self.live(sheet, r, left, f"ROUND({cell(r, x)}-{cell(r, whole)},6)", round(_six(shared) - floor, 6))
        mine_left, mine_weight = cell(r, left), cell(r, weight)
        ahead = (
            "+".join(
                _ahead(cell(o, left), cell(o, weight), mine_left, mine_weight, o < mine) for o, *_ in rows if o != mine
            )
            or "0"
        )
        odd = f"{pence}-SUM({_union([o for o, *_ in rows], whole)})"
        self.live(sheet, r, left + 1, f"IF({ahead}<{odd},1,0)", found - floor)

    def _split(self) -> None:
        """Each item of the hub in whole pence by fund and pool, by largest remainder along the row."""
        n = len(self.into)
        blocks = ("exact pence", "whole pence", "pence")
        self.head("Split", ["of the hub", "pence", *(f"{b}: {name}" for b in blocks for _, name in self.into)])
        for r, item in enumerate(self.hub, 1):
            self.words("Split", r, 0, item.place)
            self.live("Split", r, 1, f"ROUND(100*{self._cost(item)},0)", item.pence)
            parts = {c: self._part(item, key) for c, key in enumerate(self.into)}
            found = {c: self._pence(item, key) for c, key in enumerate(self.into)}
            self._along(
                "Split", r, 2, [cell(r, c + 1, "In pools") for c in range(n)], cell(r, 1), item.pence, parts, found
            )

    def _along(
        self,
        sheet: str,
        r: int,
        left: int,
        weights: Sequence[str],
        pence: str,
        of: int,
        parts: dict[int, Fraction],
        found: dict[int, int],
    ) -> None:
        """Largest remainder along a row: exact, whole and final pence in three blocks from column `left` on; weights are shares."""
        n = len(weights)
        total = f"({'+'.join(weights)})"
        for c in range(n):
            x, whole = cell(r, left + c), cell(r, left + n + c)
            self.live(sheet, r, left + c, f"ROUND({pence}*{weights[c]}/{total},6)", _six(of * parts[c]))
            self.live(sheet, r, left + n + c, f"INT({x})", int(_six(of * parts[c])))
            rest = lambda k: f"ROUND({cell(r, left + k)}-{cell(r, left + n + k)},6)"  # noqa: E731
            even = lambda k: f"ROUND({weights[k]},12)"  # noqa: E731
            ahead = "+".join(_ahead(rest(k), even(k), rest(c), even(c), k < c) for k in range(n) if k != c) or "0"
            odd = f"{pence}-SUM({span(r, left + n, r, left + 2 * n - 1)})"
            self.live(sheet, r, left + 2 * n + c, f"{whole}+IF({ahead}<{odd},1,0)", found[c])

    def _cost(self, item: Item) -> str:
        if item.heads:
            return cell(self.posts.index(item) + 1, 9, "Pay")
        return cell(self.lines.index(item) + 1, 2, "Lines")

    def _pence(self, item: Item, key: tuple[str, str]) -> int:
        if key[0] == "pool":
            pool = next(one for one in self.pools if one.name == key[1])
            return sum(part.pence for part in pool.parts if part.place == item.place)
        charged = [(f, i) for f, i in self.w.straight] + [
            (self._fund_of(i), i) for d in self.docks for i in self.w.own[d] if i.dock is None
        ]
        return sum(i.pence for f, i in charged if f == key[1] and i.place == item.place)

    def _fund_of(self, item: Item) -> str:
        """The fund that a part of the hub in a dock's own items was charged to."""
        held = [f for f in (item.charged_to or {}) if self._dock_of(f)]
        return (
            held[0] if len(held) == 1 else next((f for f in held if any(item in self.w.own[d] for d in self.docks)), "")
        )

    def _direct(self) -> None:
        self.head("Direct", ["dock", "pounds a year"])
        p, n = len(self.posts), len(self.lines)
        for r, dock in enumerate(self.docks, 1):
            self.words("Direct", r, 0, dock)
            me = cell(r, 0)
            parts = [f"SUMIF({span(1, 1, p, 1, 'Posts')},{me},{span(1, 9, p, 9, 'Pay')})"] if p else []
            parts += [f"SUMIF({span(1, 1, n, 1, 'Lines')},{me},{span(1, 2, n, 2, 'Lines')})"] if n else []
            for c, _ in enumerate(self.funds):
                column = 2 + 2 * len(self.into) + c
                parts.append(
                    f"IF({cell(c + 1, 1, 'Funds')}={me},SUM({span(1, column, len(self.hub), column, 'Split')})/100,0)"
                )
            self.live("Direct", r, 1, f"ROUND({'+'.join(parts) or '0'},2)", self.w.direct(dock) / 100, self.money)

    def _drivers(self) -> None:
        self.head("Drivers", ["of", *DRIVERS])
        p, n, inner = len(self.posts), len(self.income), len(self.hub)
        measured = (
            {d: amounts(d, self.pools[0], self.pools, self.w.measured) for d in DRIVERS if d != "floor area"}
            if self.pools
            else {}
        )
        for r, name in enumerate(self.receivers, 1):
            self.words("Drivers", r, 0, name)
            me, dock = cell(r, 0), r <= len(self.docks)
            team = span(1, 1, p, 1, "Posts")
            heads, hours = span(1, 2, p, 2, "Posts"), span(1, 3, p, 3, "Posts")
            rows = [(k, self.posts.index(i) + 1) for k, i in enumerate(self.hub, 1) if i.heads]
            column = 1 + len(self.funds) + (r - len(self.docks) - 1)
            share = [] if dock else [cell(k, column, "In pools") for k, _ in rows]
            if dock:
                found = [
                    f"SUMIF({team},{me},{heads})" if p else "0",
                    f"SUMPRODUCT(({team}={me})*{heads}*{hours})" if p else "0",
                    cell(r, 1, "Docks"),
                    cell(r, 1, "Direct"),
                    f"SUMIF({span(1, 1, n, 1, 'Income')},{me},{span(1, 2, n, 2, 'Income')})" if n else "0",
                    cell(r, 2, "Docks"),
                ]
            else:
                total = span(
                    1, 2 + 2 * len(self.into) + column - 1, inner, 2 + 2 * len(self.into) + column - 1, "Split"
                )
                by_head = [f"{s}*{cell(q, 2, 'Posts')}" for s, (_, q) in zip(share, rows, strict=True)]
                by_hour = [f"{one}*{cell(q, 3, 'Posts')}" for one, (_, q) in zip(by_head, rows, strict=True)]
                found = [
                    "+".join(by_head) or "0",
                    "+".join(by_hour) or "0",
                    cell(r - len(self.docks), 4, "Pools"),
                    f"SUM({total})/100",
                    "0",
                    "0",
                ]
            for c, formula in enumerate(found, 1):
                driver = DRIVERS[c - 1]
                value = (
                    self._floor(name) if driver == "floor area" else measured[driver][name] if measured else Fraction(0)
                )
                self.live("Drivers", r, c, formula, float(value))

    def _floor(self, name: str) -> Fraction:
        pool = next((one for one in self.pools if one.name == name), None)
        return exact(settings(self.o).floor_area.get(name, 0) if pool is None else pool.pool.floor_area)

    def _serves(self, pool: int, other: int) -> str:
        """Does a pool serve another by the method chosen? As a condition."""
        here, there = cell(pool + 1, 3, "Pools"), cell(other + 1, 3, "Pools")
        return f'OR({self.method}="reciprocal",AND({self.method}="step-down",{there}>{here}))'

    def _weights(self) -> None:
        """A row a pool: what its driver measures of each dock, and of each pool that it serves."""
        self.head("Weights", ["pool", *self.receivers])
        for r, one in enumerate(self.pools, 1):
            self.words("Weights", r, 0, one.name)
            driver = cell(r, 2, "Pools")
            for c, name in enumerate(self.receivers, 1):
                row = span(c, 1, c, len(DRIVERS), "Drivers")
                found = f"INDEX({row},1,MATCH({driver},{span(0, 1, 0, len(DRIVERS), 'Drivers')},0))"
                found = f'IF({driver}="fixed shares",{cell(c, r, "Fixed shares")},{found})'
                k = c - 1 - len(self.docks)
                if k >= 0:
                    found = "0" if k == r - 1 else f"IF({self._serves(r - 1, k)},{found},0)"
                self.live("Weights", r, c, found, float(self._weight(one.name, name)))

    def _weight(self, pool: str, name: str) -> Fraction:
        """The weight as the method counts it."""
        held, names = settings(self.o), [one.name for one in self.pools]
        if name in names:
            order = in_order(held.order, self.pools)
            served = held.method == "reciprocal" or (
                held.method == "step-down" and order.index(name) > order.index(pool)
            )
            if name == pool or not served:
                return Fraction(0)
        return self.w.weights[pool].get(name, Fraction(0))

    def _shares(self) -> None:
        """(1 − R)·F = D: D shares to docks, R to pools; F by matrices, for every method alike, as R is nil where pools serve none."""
        n, docks = len(self.pools), len(self.docks)
        self.head(
            "Shares",
            [
                "pool",
                *(f"direct: {d}" for d in self.docks),
                *(f"1 − R: {p.name}" for p in self.pools),
                *(f"in the end: {d}" for d in self.docks),
            ],
        )
        for r, one in enumerate(self.pools, 1):
            self.words("Shares", r, 0, one.name)
            total = f"SUM({span(r, 1, r, docks + n, 'Weights')})"
            weights = [self._weight(one.name, name) for name in self.receivers]
            whole = sum(weights, Fraction(0))
            for c, weight in enumerate(weights, 1):
                share = f"{cell(r, c, 'Weights')}/{total}"
                own = 1 if c - 1 - docks == r - 1 else 0
                value = float(weight / whole) if c <= docks else float(own - weight / whole)
                self.live("Shares", r, c, share if c <= docks else f"{own}-{share}", value, self.share)
        if not n or not docks:
            return
        ends, matrix = (1, 1 + docks + n, n, docks + n + docks), span(1, docks + 1, n, docks + n)
        self.sheets["Shares"].write_array_formula(
            *ends, f"{{=MMULT(MINVERSE({matrix}),{span(1, 1, n, docks)})}}", self.share, 0
        )
        for r, one in enumerate(self.pools, 1):
            for c, dock in enumerate(self.docks):
                value = float(self.w.shares[one.name].get(dock, 0))
                if (r, c) == (1, 0):  # the first cell holds the formula
                    self.sheets["Shares"].write_array_formula(
                        *ends, f"{{=MMULT(MINVERSE({matrix}),{span(1, 1, n, docks)})}}", self.share, value
                    )
                else:
                    self.sheets["Shares"].write_number(r, 1 + docks + n + c, value, self.share)

    def _allocation(self) -> None:
        n, docks = len(self.pools), len(self.docks)
        blocks = ("exact pence", "whole pence", "pence")
        self.head("Allocation", ["pool", "pence", *(f"{b}: {d}" for b in blocks for d in self.docks)])
        for r, one in enumerate(self.pools, 1):
            self.words("Allocation", r, 0, one.name)
            column = 2 + 2 * len(self.into) + len(self.funds) + r - 1
            self.live("Allocation", r, 1, f"SUM({span(1, column, len(self.hub), column, 'Split')})", one.pence)
            ends = [cell(r, 1 + docks + n + c, "Shares") for c in range(docks)]
            parts = {c: self.w.shares[one.name].get(d, Fraction(0)) for c, d in enumerate(self.docks)}
            found = {c: self.w.pence[one.name].get(d, 0) for c, d in enumerate(self.docks)}
            self._along("Allocation", r, 2, ends, cell(r, 1), one.pence, parts, found)

    def _result(self) -> None:
        n, docks = len(self.pools), len(self.docks)
        self.head(
            "Result", ["dock", "direct", *(one.name for one in self.pools), "full cost", "income", "recovery", "gap"]
        )
        full, rows = 2 + n, {one.name: one for one in told(self.w).docks}
        for r, dock in enumerate(self.docks, 1):
            one = rows[dock]
            self.words("Result", r, 0, dock)
            self.live("Result", r, 1, cell(r, 1, "Direct"), one.direct_total, self.money)
            for c, pool in enumerate(one.overhead, 2):
                self.live(
                    "Result", r, c, f"{cell(c - 1, 2 + 2 * docks + r - 1, 'Allocation')}/100", pool.pounds, self.money
                )
            self.live("Result", r, full, f"ROUND(SUM({span(r, 1, r, full - 1)}),2)", one.full, self.money)
            self.live("Result", r, full + 1, cell(r, 5, "Drivers"), one.income_total, self.money)
            self.live(
                "Result",
                r,
                full + 2,
                f'IF({cell(r, full)}=0,"",{cell(r, full + 1)}/{cell(r, full)})',
                "" if one.recovery is None else one.recovery,
                self.share,
            )
            self.live("Result", r, full + 3, f"ROUND({cell(r, full)}-{cell(r, full + 1)},2)", one.gap, self.money)
        self._check(docks, full)

    def _check(self, docks: int, full: int) -> None:
        """What docks bear and what is charged straight to funds, beside all that is spent."""
        p, lines, last = len(self.posts), len(self.lines), docks + 2
        spent = [f"SUM({span(1, 9, p, 9, 'Pay')})"] if p else []
        spent += [f"SUM({span(1, 2, lines, 2, 'Lines')})"] if lines else []
        inner, first = len(self.hub), 2 + 2 * len(self.into)
        straight = [
            f'IF({cell(c + 1, 1, "Funds")}="",SUM({span(1, first + c, inner, first + c, "Split")})/100,0)'
            for c in range(len(self.funds))
        ]
        said = (
            (
                "all docks",
                f"ROUND(SUM({span(1, full, docks, full)}),2)",
                sum(self.w.direct(d) + self.w.overhead(d) for d in self.docks),
            ),
            (
                "charged straight to funds",
                f"ROUND({'+'.join(straight) or '0'},2)",
                sum(i.pence for _, i in self.w.straight),
            ),
            ("all that is spent", f"ROUND({'+'.join(spent) or '0'},2)", sum(i.pence for i in self.w.items)),
        )
        for i, (title, formula, pence) in enumerate(said):
            self.words("Result", last + i, 0, title)
            self.live("Result", last + i, 1, formula, pence / 100, self.money)
        self.words("Result", last + 3, 0, "check")
        whole = f"ROUND({cell(last, 1)}+{cell(last + 1, 1)}-{cell(last + 2, 1)},2)"
        wrong = "0"
        if self.hub:
            column = len(self.into) + 1
            wrong = f"SUMPRODUCT(({span(1, column, len(self.hub), column, 'In pools')}<>1)*1)"
        self.live("Result", last + 3, 1, f'IF(AND({whole}=0,{wrong}=0),"adds up","does not add up")', "adds up")
        at = (last + 3, 1, last + 3, 1)
        self.sheets["Result"].conditional_format(
            *at, {"type": "cell", "criteria": "!=", "value": '"adds up"', "format": self.red}
        )
        self.sheets["Result"].conditional_format(
            *at, {"type": "cell", "criteria": "==", "value": '"adds up"', "format": self.green}
        )


def _union(rows: Sequence[int], column: int) -> str:
    """Cells of a column in some rows: ranges where they lie together."""
    runs: list[list[int]] = []
    for row in rows:
        if runs and row == runs[-1][-1] + 1:
            runs[-1].append(row)
        else:
            runs.append([row])
    return ",".join(span(run[0], column, run[-1], column) for run in runs)


def _ahead(left: str, weight: str, mine: str, mine_weight: str, before: bool) -> str:
    """1 if another comes before me for the odd penny: a larger remainder, else a larger weight, else an earlier place; else 0."""
    even = f"{weight}>={mine_weight}" if before else f"{weight}>{mine_weight}"
    return f"IF({left}>{mine},1,IF(AND({left}={mine},{even}),1,0))"


def _six(pence: Fraction | int) -> float:
    return round(float(pence), 6)
