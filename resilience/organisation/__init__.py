"""The nouns: one organisation as its file describes it.

Amounts are whole pence (written in pounds), shares and probabilities 0 to 1, pay per year. Every field says its unit and class.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Literal

from pydantic import PrivateAttr

from resilience.assumptions import Assumption
from resilience.fields import OFF, CalendarMonth, Chance, MonthOfYear, Number, Record, Share, field
from resilience.organisation.balances import (
    UNRESTRICTED,
    Closing,
    Facility,
    FixedAssets,
    Fund,
    LastYear,
    Loan,
    Opening,
    OverBankRate,
    Policy,
)
from resilience.organisation.costing import Costing
from resilience.organisation.income import Bid, CpiShare, Form, Noise, Paid, Payment, Renewal, Stream
from resilience.organisation.outside import (
    Climate,
    Doubt,
    Economy,
    PayAward,
    Payer,
    Rise,
    Shock,
    Storylines,
    UnlistedEvent,
)
from resilience.organisation.partnership import Partnership
from resilience.organisation.policy import Elections, Programme, Reorganisation, Spree
from resilience.organisation.social_value import SocialValue
from resilience.organisation.teams import Cost, Dock, DockPost, Hub, Post, Service, Volunteers
from resilience.tenders import Kind, Opportunities

Nation = Literal["England", "Wales", "Scotland", "Northern Ireland"]


class Organisation(Record):
    """One legal entity: what it has, gets, owes and does."""

    name: str = field("name shown in outputs", min_length=1, max_length=200)
    first_month: CalendarMonth = field("first month played")
    area: str | None = field(
        "where it works: a portfolio adds up people by it", "", None, why="not stated", max_length=80
    )
    kind: str | None = field(
        "kind of help it gives: a portfolio adds up people by it", "", None, why="not stated", max_length=80
    )
    nation: Nation = field("selects statutory rates", "", "England")
    year_end: MonthOfYear = field("last month of the financial year", "month of the year", 3)
    chance: bool = field("false turns every source of chance off", "", True)
    ranges_too_narrow: bool = field(
        "every range is widened by half", "", False, of="nobody", why="off: the ranges as they are written"
    )
    full_time_hours: Number = field("hours of a full-time post", "hours a week", 37.5, gt=0, le=168)
    employment_allowance: bool = field("claims the employment allowance", "", True)
    creditor_days: Number = field(
        "days after which non-pay costs are paid", "days", 30.0, of="weak", why="usual terms", le=365
    )
    recoverable_vat: Share = field("share of VAT that comes back", "share", 0.0)
    redeployment: Chance = field(
        "probability that a head takes a like vacancy elsewhere",
        "probability",
        0.0,
        of="nobody",
        neutral=0.0,
        why="off until asked for",
    )
    leavers: Literal["shortest service", "that head"] = field(
        "of a group in which chance says that one head leaves: who it is",
        "",
        "shortest service",
        of="weak",
        why="assumption: who came last leaves first; moves redundancy pay only",
    )
    at_risk_turnover: Number = field(
        "turnover of people whose notice has been served at risk is multiplied by this",
        "",
        1.5,
        of="weak",
        why="assumption of the model: half as many again look for another post",
        le=20,
    )
    living_wage: Literal["none", "Real Living Wage"] = field(
        "hourly wage the employer has promised to pay at least", "", "none"
    )
    london: bool = field("the promise is London's Real Living Wage", "", False)
    pay_award: PayAward = field("when the yearly pay award is settled", "", PayAward())
    grace: int = field("month-ends running with headroom below nil that make insolvency", "months", 3, ge=1, le=600)
    last_year: LastYear | None = field("last year's totals", "", None)
    opening: Opening = field("balances at the opening")
    reserves_policy: Policy = field(
        "the reserves policy", "", Policy(months=3), of="weak", why="rule of thumb: three months"
    )
    facility: Facility | None = field("overdraft or revolving loan", "", None)
    loans: dict[str, Loan] = field("loans", "", {})
    fixed_assets: FixedAssets = field("fixed assets", "", FixedAssets())
    closing: Closing = field("what closing would cost", "", Closing())
    economy: Economy = field("prices, pay and law", "", Economy())
    doubt: Doubt = field("how unsure the odds themselves are", "", Doubt())
    unlisted_event: UnlistedEvent = field("something nobody listed", "", UnlistedEvent())
    funder_events: bool = field("payers can get into trouble; false: none does", "", True)
    payers: dict[str, Payer] = field("who pays, by the names that streams and bids give their payers", "", {})
    storylines: Storylines | None = field(
        "national money, in stories that the board weighs", "", None, of="nobody", neutral=OFF, why="off"
    )
    climate: Climate | None = field("fiscal climate, as a chain", "", None, of="nobody", neutral=OFF, why="off")
    elections: Elections = field("general elections", "", Elections())
    programmes: dict[str, Programme] = field(
        "policy programmes, by the names that streams and bids give them", "", {}, of="nobody", neutral=OFF
    )
    sprees: dict[str, Spree] = field("money that must be spent soon", "", {}, of="nobody", neutral=OFF)
    reorganisations: dict[str, Reorganisation] = field(
        "reorganisations of the bodies that commission", "", {}, of="nobody", neutral=OFF
    )
    partnerships: dict[str, Partnership] = field("who carries streams and bids with us", "", {})
    funds: dict[str, Fund] = field("restricted funds", "", {})
    streams: dict[str, Stream] = field("income", "", {})
    bids: dict[str, Bid] = field("bids", "", {})
    opportunities: Opportunities | None = field("contracts that nobody has named yet", "", None, of="nobody", why="off")
    hub: Hub = field("the hub", "", Hub())
    docks: dict[str, Dock] = field("teams that dock on", "", {})
    services: dict[str, Service] = field("what is delivered", "", {})
    costing: Costing | None = field("how shared costs are divided", "", None, why="one pool, by direct spending")
    social_value: SocialValue | None = field("what outcomes are worth", "", None, why="no outcomes are named")

    _register: Callable[[], tuple[Assumption, ...]] = PrivateAttr(tuple)  # worked out when asked for
    _warnings: tuple[str, ...] = PrivateAttr(())
    _of_file: tuple[str, ...] = PrivateAttr(())  # those of them that its own tables give rise to
    _changed: dict[str, tuple[str, str]] = PrivateAttr(default_factory=dict)  # place: note and source of who changed it
    _shocks: tuple[Shock, ...] = PrivateAttr(())
    _rises: tuple[Rise, ...] = PrivateAttr(())
    _overlays: tuple[str, ...] = PrivateAttr(())
    _scenarios: tuple[tuple[str, dict[str, Any]], ...] = PrivateAttr(())
    _as_read: Organisation | None = PrivateAttr(None)
    _file: str = PrivateAttr("")
    _raw: dict[str, Any] = PrivateAttr(default_factory=dict)

    @property
    def register(self) -> tuple[Assumption, ...]:
        """Every figure used: as given, or the default that stands in for it, with its class and source."""
        return self._register()

    @property
    def warnings(self) -> tuple[str, ...]:
        """What is allowed but questioned, one sentence each."""
        return self._warnings

    @property
    def scenarios(self) -> tuple[tuple[str, dict[str, Any]], ...]:
        """File and content of the scenarios applied, in their order."""
        return self._scenarios

    @property
    def as_read(self) -> Organisation:
        """The organisation before any scenario."""
        return self._as_read or self

    @property
    def shocks(self) -> tuple[Shock, ...]:
        """Dated cuts of the scenarios applied, in their order."""
        return self._shocks

    @property
    def rises(self) -> tuple[Rise, ...]:
        """Dated rises of costs and referrals of the scenarios applied, in their order."""
        return self._rises

    @property
    def overlays(self) -> tuple[str, ...]:
        """Names of the scenarios applied, in their order."""
        return self._overlays

    @property
    def file(self) -> str:
        """The file it was read from."""
        return self._file

    @property
    def raw(self) -> dict[str, Any]:
        """The tables of the file as written; scenarios change a copy of them."""
        return self._raw

    @property
    def has_climate(self) -> bool:
        """Does national money move, in storylines or as a chain?"""
        return self.climate is not None or self.storylines is not None

    @property
    def says_fit(self) -> bool:
        """Does it say of anything that it pays for what is not wholly our purpose?"""
        work = [money for programme in self.programmes.values() for _, money in programme.monies]
        work += [self.opportunities] if self.opportunities else []
        paid: list[Any] = [*self.streams.values(), *self.bids.values(), *work, *self.sprees.values()]
        return any(one.fit < 1 for one in paid)

    def posts(self) -> dict[str, tuple[str | None, Post]]:
        """Every group of posts by place ("hub.posts.x"), with its dock (None: the hub), in alphabetical order."""
        found: dict[str, tuple[str | None, Post]] = {f"hub.posts.{k}": (None, p) for k, p in self.hub.posts.items()}
        found |= {f"docks.{d}.posts.{k}": (d, p) for d, dock in self.docks.items() for k, p in dock.posts.items()}
        return dict(sorted(found.items()))

    def transferred(self) -> dict[str, tuple[str, DockPost]]:
        """Every group that comes with a bid by place ("bids.x.transfers_in"), with its dock, as a group of posts."""
        dock_of = {name: d for d, dock in self.docks.items() for name in dock.funded_by}
        return {
            f"bids.{name}.transfers_in": (
                dock_of[name],
                DockPost(
                    heads=one.heads,
                    hours=one.hours,
                    pay=one.pay / 100,  # type: ignore[arg-type]  # a file says pounds
                    age=one.age,
                    service=one.service,
                    pension=one.pension,
                    turnover=one.turnover,
                    post=f"with {name}",
                ),
            )
            for name, bid in sorted(self.bids.items())
            if (one := bid.transfers_in) is not None
        }

    def costs(self) -> dict[str, tuple[str | None, Cost]]:
        """Every cost line by place, with its dock (None: the hub), in alphabetical order."""
        found: dict[str, tuple[str | None, Cost]] = {f"hub.costs.{k}": (None, c) for k, c in self.hub.costs.items()}
        found |= {f"docks.{d}.costs.{k}": (d, c) for d, dock in self.docks.items() for k, c in dock.costs.items()}
        return dict(sorted(found.items()))


__all__ = [
    "UNRESTRICTED",
    "Bid",
    "Climate",
    "Cost",
    "Costing",
    "CpiShare",
    "Dock",
    "DockPost",
    "Economy",
    "Elections",
    "Form",
    "Fund",
    "Kind",
    "Nation",
    "Noise",
    "Opening",
    "Organisation",
    "OverBankRate",
    "Paid",
    "Partnership",
    "Payer",
    "Payment",
    "Post",
    "Programme",
    "Renewal",
    "Reorganisation",
    "Rise",
    "Service",
    "Shock",
    "SocialValue",
    "Spree",
    "Stream",
    "UnlistedEvent",
    "Volunteers",
]
