"""Hub and docks: posts, what a head costs each month, and what it costs when a head must go."""

from __future__ import annotations

from dataclasses import dataclass
from fractions import Fraction
from functools import lru_cache
from typing import Any

import numpy as np

from resilience import chance as bend
from resilience.draws import Sources
from resilience.economy import Economy
from resilience.employment import (
    CONSULTED,
    consultation_months,
    exact,
    monthly_part,
    notice_months,
    redundancy_by_service,
    statutory_notice_weeks,
    whole_pence,
)
from resilience.horizon import Horizon, Month
from resilience.organisation import UNRESTRICTED, DockPost, Organisation, Post
from resilience.pay import at_work, covered, on_costs, with_holiday, yearly_pay
from resilience.rows import FIXED_TERM, FREELANCE, NEVER, PERMANENT, SESSIONAL, Charges, Posts
from resilience.variation import Variation

# kinds up to fixed-term are employees
FORMS = {"permanent": PERMANENT, "fixed-term": FIXED_TERM, "sessional": SESSIONAL, "freelance": FREELANCE}
HALF = 0.5  # of its time: a group that is at least that on the work of its dock goes with it


@dataclass(frozen=True)
class Charging:
    """Rows of the ways in which costs are charged."""

    rows: Charges
    docks: list[int]
    shares: dict[tuple[tuple[str, float], ...], int]

    def row(self, dock: int, charged_to: dict[str, float] | None) -> int:
        """Row of an item in a dock (−1: the hub)."""
        if charged_to is not None:
            return self.shares[tuple(sorted(charged_to.items()))] if charged_to else 0
        return self.docks[dock] if dock >= 0 else 0


def charging(organisation: Organisation, first_ends: dict[str, int]) -> Charging:
    """How each cost is charged: docks to their streams' funds, the one that ends first first; or by shares.

    `first_ends`: month after the scheduled end of each stream, by id.
    """
    funds, docks = sorted(organisation.funds), []
    orders: list[list[tuple[int, int]]] = [[]]
    sources: dict[str, Any] = organisation.streams | organisation.bids
    for name in sorted(organisation.docks):
        ends: dict[str, int] = {}
        for source in organisation.docks[name].funded_by:
            fund = sources[source].fund
            if fund in funds:
                ends[fund] = min(ends.get(fund, first_ends[source]), first_ends[source])
        docks.append(len(orders) if ends else 0)  # without a restricted fund it is charged like the hub
        if ends:
            orders.append([(funds.index(f), -1) for f in sorted(ends, key=lambda f: (ends[f], f))])
    shares: dict[tuple[tuple[str, float], ...], int] = {}
    items = [p.charged_to for _, p in organisation.posts().values()] + [
        c.charged_to for _, c in organisation.costs().values()
    ]
    for charged in sorted({tuple(sorted(i.items())) for i in items if i}):
        shares[charged] = len(orders)
        orders.append([(funds.index(f), round(x * 1e6)) for f, x in charged])
    K, F = len(orders), max(1, len(funds))
    fund, part = np.full((K, F), -1, dtype=np.int64), np.full((K, F), -1, dtype=np.int64)
    for k, order in enumerate(orders):
        for j, (f, x) in enumerate(order):
            fund[k, j], part[k, j] = f, x
    return Charging(Charges(fund, part, np.asarray((part >= 0).any(axis=1), dtype=np.uint8)), docks, shares)


@dataclass(frozen=True)
class Terms:
    """What decides the cost of one head of a group: pence, hours a week, share, years, weeks; cover as a share of pay."""

    pay: int
    hours: float
    pension: float
    age: int
    notice_weeks: int
    holiday_weeks: float
    kind: str
    cover: Fraction
    redundancy: tuple[float, float | None, bool]  # times the weeks, weeks a year, uncapped


@dataclass(frozen=True)
class Head:
    """What one head costs each month, and when it must go. Arrays int64 (months,); service tables (service, months).

    pay_moves, nic_moves: the parts of pay with pension, and of NIC, that move in proportion to earnings.
    Column c of a service table is a head that began in month c − oldest: it has t + 1 + oldest − c months of service at the
    end of month t.
    """

    pay: np.ndarray
    nic: np.ndarray
    pension: np.ndarray
    pay_moves: np.ndarray
    nic_moves: np.ndarray
    holiday: np.ndarray
    exit_pay: np.ndarray
    notice: np.ndarray
    liability: np.ndarray


def workforce(
    organisation: Organisation,
    horizon: Horizon,
    economy: Economy,
    sources: Sources,
    variation: Variation,
    charges: Charging,
    awards: dict[str, tuple[int, int]],
) -> tuple[list[str], Posts]:
    """Rows of every group of posts; those that come with a bid last. Equations: docs/model.md, sections 5 and 6.

    awards: row and planned go-live of each bid, by place.
    """
    own, T = organisation.posts(), horizon.months
    groups: dict[str, tuple[str | None, Post]] = {**own, **organisation.transferred()}
    docks = sorted(organisation.docks)
    core, G = organisation.hub.core, len(groups)
    oldest = 12 * max([p.service for _, p in groups.values()], default=0)
    columns = ["dock", "heads", "charge", "recruiting", "recruiting_cost", "leaves", "gaps", "moves", "began"]
    columns += ["brought", "indemnity", "filled_in", "form", "ends", "ramp", "places"]
    r: dict[str, Any] = {k: np.zeros(G, dtype=np.int64) for k in columns}
    r["transferred"] = np.full(G, -1, dtype=np.int64)
    r |= {k: np.zeros(G) for k in ("hours", "productivity", "hazard")} | {
        k: np.zeros(G, dtype=np.uint8) for k in ("core", "goes", "member", "helped")
    }
    r |= {k: np.zeros((G, T), dtype=np.int64) for k in ("pay", "nic", "pension", "pay_moves", "nic_moves", "holiday")}
    r |= {k: np.zeros((G, oldest + T + 1, T), dtype=np.int64) for k in ("exit_pay", "notice", "liability")}
    for g, (place, (dock, post)) in enumerate(groups.items()):
        d = docks.index(dock) if dock is not None else -1
        r["form"][g], r["ends"][g] = FORMS[post.kind], _last_month(post, horizon)
        r["filled_in"][g] = list(groups).index(_filled_in(place, post))
        r["dock"][g], r["heads"][g], r["charge"][g] = d, post.heads, charges.row(d, post.charged_to)
        r["member"][g] = post.in_scheme
        r["helped"][g] = dock is not None and bool(organisation.docks[dock].volunteers)
        r["goes"][g] = r["form"][g] <= FIXED_TERM and _on_the_work(organisation, dock, post)  # employees go
        r["core"][g] = d < 0 and (core is None or place.split(".")[-1] in core)
        r["recruiting"][g], r["recruiting_cost"][g] = post.recruiting_months, post.recruiting_cost
        r["hours"][g] = post.hours / organisation.full_time_hours
        if isinstance(post, DockPost):  # the hub delivers no service
            r["productivity"][g] = post.productivity * float(at_work(post))
            r["ramp"][g] = post.ramp_up
        r["began"][g] = -12 * post.service
        if place not in own:
            bid = place.removesuffix(".transfers_in")
            come = organisation.bids[bid.removeprefix("bids.")].transfers_in
            r["transferred"][g], live = awards[bid]
            r["brought"][g], r["indemnity"][g] = 12 * post.service, come.indemnity if come else 0
            r["began"][g] += min(live, T)
        if organisation.chance and "leavers" not in variation.off:
            r["hazard"][g] = bend.monthly_hazard(variation.odds(f"{place}.turnover", float(post.turnover)))
        gaps = bend.most_events(r["hazard"][g], T)
        r["gaps"][g] = 4 * -(-gaps // 4)
        most = post.heads + sum(p.heads for at, (_, p) in groups.items() if at != place and _filled_in(at, p) == place)
        r["places"][g] = most
        if r["hazard"][g]:
            r["leaves"][g] = min((sources.row(f"{place}.head {h}.leaves", gaps) for h in range(most)), default=0)
        if organisation.redeployment:
            r["moves"][g] = min((sources.row(f"{place}.head {h}.moves") for h in range(most)), default=0)
        terms = Terms(
            pay=int(post.pay or 0),
            hours=post.hours,
            pension=post.pension,
            age=post.age,
            notice_weeks=post.notice_weeks,
            holiday_weeks=organisation.closing.holiday_weeks,
            kind=post.kind,
            cover=covered(post),
            redundancy=_redundancy(organisation),
        )
        for name, values in vars(head(terms, oldest, horizon, economy)).items():
            r[name][g] = values
    consulting = _consulting(economy, horizon)
    return list(groups), Posts(
        takes=_takes(list(groups.values())),
        consulting=consulting,
        at_risk=float(organisation.at_risk_turnover) - 1.0,
        oldest=oldest,
        longest=int(r["notice"].max(initial=0)) + int(consulting[:, 1].max()),
        limit=12 * int(economy.statutory("fixed_term_limit_years", horizon.first)),
        expiring=int((r["form"] == FIXED_TERM).any()),
        each=int(organisation.leavers == "that head"),
        ramps=int(r["ramp"].any()),
        **r,
    )


def _takes(groups: list[tuple[str | None, Post]]) -> np.ndarray:
    """Who could be redeployed where, uint8 (posts, posts): employees into permanent posts of their own name or of a listed one."""
    found = np.zeros((len(groups), len(groups)), dtype=np.uint8)
    for g, (_, one) in enumerate(groups):
        for other, (_, vacant) in enumerate(groups):
            could = vacant.post == one.post or vacant.post in one.could_take
            found[g, other] = g != other and could and FORMS[one.kind] <= FIXED_TERM and vacant.kind == "permanent"
    return found


def _consulting(economy: Economy, horizon: Horizon) -> np.ndarray:
    """Heads from which there is collective consultation, and its whole months, int64 (2, 2), by the law of the first month."""
    law = economy.nation, economy.law_as_of
    return np.array([(heads, consultation_months(heads, horizon.first, *law)) for heads in CONSULTED], dtype=np.int64)


def _redundancy(organisation: Organisation) -> tuple[float, float | None, bool]:
    """What the file says of redundancy pay beyond the statutory."""
    own = organisation.closing.redundancy
    return own.times, own.weeks_a_year, own.uncapped


def _last_month(post: Post, horizon: Horizon) -> int:
    """Of a group's contracts: NEVER without an end, −1 with the funding of its dock."""
    if post.kind != "fixed-term":
        return NEVER
    return -1 if post.until is None else int(post.until - horizon.first)


def _filled_in(place: str, post: Post) -> str:
    """Place of the group in which what falls vacant in a group is filled."""
    return place if post.vacancies_go_to is None else f"{place.rsplit('.', 1)[0]}.{post.vacancies_go_to}"


def _on_the_work(organisation: Organisation, dock: str | None, post: Post) -> bool:
    """Is a group at least half on what its dock is funded for? By the shares of its pay; the hub never is."""
    if dock is None:
        return False
    if post.charged_to is None:
        return True
    sources = {**organisation.streams, **organisation.bids}
    funds = {str(sources[name].fund) for name in organisation.docks[dock].funded_by}
    share = sum(x for fund, x in post.charged_to.items() if fund in funds)
    share += 1 - sum(post.charged_to.values()) if UNRESTRICTED in funds else 0.0
    return share >= HALF - 1e-9


@lru_cache(maxsize=128)  # replays of one organisation ask for the same heads again
def head(terms: Terms, oldest: int, horizon: Horizon, economy: Economy) -> Head:
    """What one head costs along the horizon; service tables for heads that began up to `oldest` months before it."""
    T, size = horizon.months, oldest + horizon.months + 1
    made = Head(
        *(np.zeros(T, dtype=np.int64) for _ in range(6)), *(np.zeros((size, T), dtype=np.int64) for _ in range(3))
    )
    paid = yearly_pay(terms.pay, terms.hours, terms.kind, horizon, economy)
    laws, yearly = _laws(horizon, economy), dict[tuple[int, int], _Yearly]()
    for t, (month, basic) in enumerate(zip(horizon, paid, strict=True)):
        key = basic, laws[t]
        if key not in yearly:
            yearly[key] = _yearly(basic, terms, month, economy)
        pay, nic, pension, amounts = yearly[key]
        parts = [monthly_part(one, month.funders_month) for one in amounts]
        made.pay[t], made.nic[t], made.pension[t], made.pay_moves[t], made.nic_moves[t] = parts
        age, years = terms.age + (t + 1) // 12, (T + oldest) // 12 + 1
        if terms.kind in ("sessional", "freelance"):
            dues = list(_ending(pay + nic + pension, years, terms.notice_weeks))
        else:
            law = economy.statutory("redundancy_weekly_cap", month), economy.statutory("employer_nic_rate", month)
            made.holiday[t], *dues = _dues(
                pay, nic + pension, age, years, terms.notice_weeks, terms.holiday_weeks, *law, terms.redundancy
            )
        served = (t + 1 + oldest - np.arange(oldest + t + 1)) // 12
        for table, by_year in zip((made.exit_pay, made.notice, made.liability), dues, strict=True):
            table[: oldest + t + 1, t] = by_year[served]
    return made


LAW = (
    "employer_nic_rate",
    "secondary_threshold",
    "qualifying_earnings_lower",
    "qualifying_earnings_upper",
    "irregular_holiday_share",
)
_Yearly = tuple[int, Fraction, Fraction, tuple[Fraction, ...]]


@lru_cache(maxsize=16)
def _laws(horizon: Horizon, economy: Economy) -> list[int]:
    """A number for each month: the same for months in which the law of pay is the same."""
    found: dict[tuple[Fraction, ...], int] = {}
    return [found.setdefault(tuple(economy.statutory(one, month) for one in LAW), len(found)) for month in horizon]


def _yearly(basic: int, terms: Terms, month: Month, economy: Economy) -> _Yearly:
    """(pay with holiday, NIC, pension; pay with cover, NIC, pension, what of pay and of NIC moves), yearly pence."""
    pay = with_holiday(basic, terms.kind, month, economy)
    nic, pension = on_costs(pay, terms.kind, terms.pension, month, economy)
    moves = (Fraction(pay), Fraction(0))
    if terms.kind != "freelance":
        moves = _moving(pay, terms.pension, month, economy)
    cover = pay * terms.cover
    return pay, nic, pension, (pay + cover, nic, pension, moves[0] + cover, moves[1])


def _moving(pay: int, pension: float, month: Month, economy: Economy) -> tuple[Fraction, Fraction]:
    """Yearly pence that a rise of earnings beside the central path is a share of: of pay and pension, of NIC.

    All of the pay; of its pension where it lies within the qualifying band, of its NIC where it lies above the threshold.
    """
    lower, upper = (100 * economy.statutory(f"qualifying_earnings_{end}", month) for end in ("lower", "upper"))
    nic = (
        economy.statutory("employer_nic_rate", month)
        if pay > 100 * economy.statutory("secondary_threshold", month)
        else 0
    )
    return Fraction(pay) * (1 + (exact(pension) if lower < pay < upper else 0)), pay * Fraction(nic)


def _ending(costs: Fraction, years: int, notice_weeks: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """(exit pay, months of notice, liability) of a sessional or freelance head: the notice of its contract, and nothing else."""
    due, months = whole_pence(notice_weeks * costs / 52), notice_months(notice_weeks)
    return np.zeros(years, dtype=np.int64), np.full(years, months), np.full(years, due)


@lru_cache(maxsize=1024)
def _dues(
    pay: int,
    costs: Fraction,
    age: int,
    years: int,
    notice_weeks: int,
    holiday_weeks: float,
    cap: Fraction,
    nic: Fraction,
    redundancy: tuple[float, float | None, bool],
) -> tuple[int, np.ndarray, np.ndarray, np.ndarray]:
    """(holiday, exit pay, months of notice, liability) of a head by whole years of service; `costs`: its yearly NIC and pension.

    Holiday bears NIC, no pension. Exit pay: redundancy (employment.redundancy_by_service) and holiday in the last month. Liability:
    notice with NIC and pension besides.
    """
    holiday = whole_pence(exact(holiday_weeks) * Fraction(pay, 52) * (1 + nic))
    weeks = [max(notice_weeks, statutory_notice_weeks(max(1, 12 * y))) for y in range(years)]
    exits = [holiday + due for due in redundancy_by_service(age, years, Fraction(pay, 52), 100 * cap, *redundancy)]
    months = {w: notice_months(w) for w in set(weeks)}
    notice = {w: whole_pence(w * (pay + costs) / 52) for w in set(weeks)}
    liabilities = [due + notice[w] for due, w in zip(exits, weeks, strict=True)]
    return holiday, np.array(exits), np.array([*map(months.__getitem__, weeks)]), np.array(liabilities)
