"""Everything that is known before chance, month by month; what the exact engine does not do is refused here."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction

from resilience.exact.arithmetic import exactly, millionths
from resilience.exact.costs import Costs
from resilience.exact.figures import Given
from resilience.exact.income import awards_of
from resilience.organisation import Organisation, Shock


class Plan:
    """One organisation over some months. Raises InputError with all that cannot be enumerated."""

    def __init__(self, o: Organisation, months: int, shocks: Sequence[Shock]) -> None:
        given = Given(o, months)
        _refuse(given)
        self.o, self.months, self.first, self.calendar = o, months, given.first, given.calendar
        self.funds = given.funds
        self.awards = awards_of(given, shocks)
        costs = Costs(given, self.awards)
        self.charges, self.teams, self.lines = costs.charges, costs.teams, costs.lines
        self.upkeep, self.other_closing = costs.upkeep, costs.other_closing
        # the allowance spares the NIC of unrestricted charges first
        self.spared_first = sorted(range(len(self.charges)), key=lambda k: (not self.charges[k].unrestricted, k))
        debts = o.opening.owed
        self.owed = [sum(d.amount for d in debts if d.month >= given.first + t) for t in range(months + 1)]
        self.overhead = [millionths(exactly(o.funds[f].overhead)) if f in o.funds else Fraction(0) for f in self.funds]
        claimed = o.employment_allowance
        self.allowance = [given.law.pence("employment_allowance", m) if claimed else 0 for m in self.calendar]
        self.deductions = [millionths(given.law("deductions_share", m)) for m in self.calendar]
        delay = exactly(o.creditor_days) / 30
        self.delay, self.odd = int(delay), millionths(delay - int(delay))
        given.faults.raise_any()


def _refuse_economy(given: Given) -> None:
    """What of the economy is uncertain, dated in the file, tied to Bank Rate or settled late."""
    o, unless = given.o, given.faults.unless
    for name in ("prices_doubt", "earnings_doubt", "bank_rate_doubt"):
        unless(getattr(o.economy, name) == 0, f"economy.{name}", "makes the economy uncertain", "write 0")
    for name in ("cpi", "earnings"):
        by_year = isinstance(getattr(o.economy, name), dict)
        unless(not by_year, f"economy.{name}", "is given by year", "write one number, or leave it out")
    for name in ("minimum_wage", "employer_nic", "bank_rate"):
        unless(getattr(o.economy, name) is None, f"economy.{name}", "changes a dated figure", "leave it out")
    unless(o.living_wage == "none", "living_wage", "is promised", "leave it out")
    settled = o.pay_award.settled == 4 and o.pay_award.arrears_owed == 0
    unless(settled, "pay_award", "is settled late", "leave it out")
    floating = [("opening.interest_on_bank", o.opening.interest_on_bank)]
    floating += [(f"loans.{name}.interest", loan.interest) for name, loan in o.loans.items()]
    floating += [("facility.interest", o.facility.interest)] if o.facility else []
    for place, interest in floating:
        unless(not hasattr(interest, "over_bank_rate"), place, "follows Bank Rate", "write one number")
    unless(o.opening.interest_on_bank == 0, "opening.interest_on_bank", "is received", "write 0")


def _refuse_losses(given: Given) -> None:
    """Awards with whose loss the people of a dock may go."""
    o, last = given.o, given.calendar[-1]
    for dock in o.docks.values():
        for name in dock.funded_by:
            kind = "streams" if name in o.streams else "bids"
            item = getattr(o, kind)[name]
            weights = item.lost and zip(item.lost.weights, item.lost.tupe, strict=True)
            goes = item.form == "contract" if not weights else any(w * p for w, p in weights)
            until = getattr(item, "until", None)
            if kind == "bids":
                until = item.decision + item.standstill + item.mobilisation.months + item.term
            cut = bool(getattr(item, "cut", 0)) and getattr(item.depth, "value", 1.0) > 1 - 5e-7
            ends = (until is not None and until <= last) or cut
            ends = ends or any(shock.stream_id == name and shock.depth > 1 - 5e-7 for shock in given.o.shocks)
            fix = "write lost = { ended = 1 }"
            given.faults.unless(not (goes and ends), f"{kind}.{name}.lost", "may take people of its dock along", fix)


def _refuse(given: Given) -> None:
    o, unless = given.o, given.faults.unless
    unless(o.chance, "chance", "is false", "leave it out; without chance there is one outcome")
    unless(not o.ranges_too_narrow, "ranges_too_narrow", "is true", "leave it out")
    unless(not o.rises, "costs", "rise on a date", "leave out the scenario that raises them")
    unless(o.economy.law_as_of is None, "economy.law_as_of", "freezes the law", "leave it out")
    unless(o.opening.creditors is not None, "opening.creditors", "is left out", "write the amount, or 0")
    _refuse_economy(given)
    for name in ("winning", "renewal", "cuts"):
        unless(getattr(o.doubt, name) == 0, f"doubt.{name}", "is a doubt about odds", f"write [doubt] {name} = 0")
    unless(o.unlisted_event.chance == 0, "unlisted_event.chance", "is an event", "write [unlisted_event] chance = 0")
    troubled = [name for name, payer in o.payers.items() if payer.event]
    unless(not troubled, "funder_events", f"lets {', '.join(troubled)} get into trouble", "write funder_events = false")
    unless(o.storylines is None, "storylines", "are storylines", "leave them out")
    unless(o.climate is None, "climate", "is a climate", "leave it out")
    for name, said in (
        ("programmes", "are policy programmes"),
        ("sprees", "are money that must be spent soon"),
        ("reorganisations", "are reorganisations"),
        ("partnerships", "are partnerships"),
    ):
        unless(not getattr(o, name), name, said, "leave them out")
    for name, stream in o.streams.items():
        unless(not stream.statutory_duty, f"streams.{name}.statutory_duty", "is a duty", "leave it out")
    for place, (_, post) in o.posts().items():
        unless(post.kind == "permanent", f"{place}.kind", f"is {post.kind}", 'write "permanent"')
        unless(post.vacancies_go_to is None, f"{place}.vacancies_go_to", "moves vacancies", "leave it out")
        unless(post.absence == 0, f"{place}.absence", "is time lost", "leave it out")
        unless(not post.in_scheme, f"{place}.in_scheme", "is in a final-salary scheme", "leave it out")
        unless(not getattr(post, "ramp_up", 0), f"{place}.ramp_up", "is a time of learning", "leave it out")
    helped = [name for name, dock in o.docks.items() if dock.volunteers]
    unless(not helped, "docks", f"with volunteers: {', '.join(helped)}", "leave the volunteers out")
    own = o.closing.redundancy
    plain = own.times == 1 and own.weeks_a_year is None and not own.uncapped
    unless(plain, "closing.redundancy", "is more than the law asks", "leave it out")
    unless(o.closing.pension_until is None, "closing.pension_until", "ends an admission", "leave it out")
    unless(o.leavers == "shortest service", "leavers", "says who leaves", "leave it out")
    for name, bid in o.bids.items():
        unless(bid.demobilisation == 0, f"bids.{name}.demobilisation", "is a cost of leaving", "leave it out")
    _refuse_losses(given)
    unless(o.opportunities is None, "opportunities", "are contracts that nobody has named", "leave them out")
    leaves = any(post.turnover for post in o.hub.posts.values()) and o.hub.odds_when_short > 0
    unless(not leaves, "hub", "can be short of staff", "write turnover = 0, or odds_when_short = 0")
    unless(o.hub.need is None and o.hub.step is None, "hub.need", "or step says what it needs", "leave them out")
    at_once = o.hub.mobilisations_at_once
    unless(at_once is None, "hub.mobilisations_at_once", "makes go-live depend on other bids", "leave it out")
    if o.facility:
        last, until = given.calendar[-1], o.facility.until
        unless(o.facility.covenant is None, "facility.covenant", "is a covenant", "leave it out")
        ends = "ends within the months asked for"
        unless(until is None or until > last, "facility.until", ends, f"write a month after {last}")
