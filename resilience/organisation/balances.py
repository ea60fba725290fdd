"""What an organisation holds, owes and owns: opening balances, restricted funds, loans, fixed assets, and what closing costs."""

from __future__ import annotations

from typing import Annotated

from pydantic import model_validator

from resilience.fields import (
    EITHER,
    PLAIN,
    TABLE,
    Amount,
    CalendarMonth,
    ExitDebt,
    Number,
    Rate,
    Record,
    Share,
    Signed,
    field,
    refuse,
)

UNRESTRICTED = "unrestricted"


class LastYear(Record):
    """Last year's totals, to reconcile the file with before anything is drawn."""

    income: Amount = field("income of the last full year", "GBP a year")
    spending: Amount = field("spending of the last full year", "GBP a year")


class Debt(Record):
    """Money owed to us that comes on a known date."""

    month: CalendarMonth = field("month in which it comes")
    amount: Amount = field("amount", "GBP")


class OverBankRate(Record):
    """A rate of interest that follows Bank Rate, never below nil."""

    over_bank_rate: Rate = field("what is added to Bank Rate", "a year")


Interest = Annotated[Annotated[OverBankRate, TABLE] | Annotated[Rate, PLAIN], EITHER]


class Opening(Record):
    """Balances at the close of the day before the first month."""

    bank: Signed = field("all money in the bank, restricted money included", "GBP")
    investments: Amount = field("investments that can be sold within 30 days, at book value", "GBP", 0)
    held_for_others: Amount = field("money in the bank that belongs to others", "GBP", 0)
    debtors: Amount = field("owed to us; arrives in the first month", "GBP", 0)
    owed: list[Debt] = field("owed to us besides, with a date", "", [])
    creditors: Amount | None = field(
        "we owe; paid in the first month", "GBP", None, why="one month's PAYE, NIC and pension"
    )
    programme_related_investments: Amount = field("programme-related investments", "GBP", 0)
    essential_designations: Amount = field("designated for essential, committed spending", "GBP", 0)
    provisions: Amount = field("provisions made before the first month", "GBP", 0)
    provisions_due: CalendarMonth | None = field(
        "month in which the provisions are paid", "", None, why="the first month"
    )
    interest_on_bank: Interest = field(
        "yearly interest received on what is in the bank, where above nil", "a year", 0.0
    )


class Fund(Record):
    """A restricted fund."""

    opening: Amount = field("cash held for it at the opening", "GBP", 0)
    overhead: Share = field("overhead it pays on what is charged to it", "share", 0.0)
    overhead_yearly: Amount = field("overhead it pays as a fixed sum", "GBP a year", 0)
    overhead_cap: Amount | None = field("most overhead in a funders' year", "GBP a year", None, why="no cap")


class Policy(Record):
    """The reserves policy: give one of the three."""

    months: Number | None = field("months of spending", "months", None, le=120)
    amount: Amount | None = field("an amount", "GBP", None)
    closing_liability: bool = field("enough to close in order", "", False)

    @model_validator(mode="after")
    def _one(self) -> Policy:
        if (self.months is not None) + (self.amount is not None) + self.closing_liability != 1:
            raise refuse("names no target or several; write one of months, amount, closing_liability = true")
        return self


class Facility(Record):
    """An overdraft or revolving loan."""

    limit: Amount = field("most that can be drawn", "GBP")
    until: CalendarMonth | None = field("last month for which it is committed", "", None, why="beyond the horizon")
    interest: Interest = field(
        "yearly interest on what is drawn",
        "a year",
        OverBankRate(over_bank_rate=0.04),
        of="weak",
        why="assumption: Bank Rate and a margin of 4 points",
    )
    covenant: Signed | None = field("free reserves needed at quarter-ends", "GBP", None, why="no covenant")


class Loan(Record):
    """A loan being repaid."""

    balance: Amount = field("owed at the opening", "GBP")
    repayment: Amount = field("repaid a year", "GBP a year")
    interest: Interest = field("yearly interest", "a year", 0.0)
    secured: bool = field("secured on fixed assets", "", False)


class Purchase(Record):
    """A fixed asset to be bought."""

    month: CalendarMonth = field("month of purchase")
    amount: Amount = field("price", "GBP")


class FixedAssets(Record):
    """Buildings and equipment, paid from unrestricted funds."""

    value: Amount = field("book value at the opening", "GBP", 0)
    depreciation: Amount = field("written off a year, never below nil", "GBP a year", 0)
    purchases: list[Purchase] = field("planned purchases", "", [])


class Redundancy(Record):
    """What is paid to who is made redundant, where that is more than the law asks: times × weeks × a week's pay."""

    times: Number = field("times the weeks", "", 1.0, le=20)
    weeks_a_year: Number | None = field(
        "weeks for each whole year of service", "weeks a year", None, why="the weeks of statutory redundancy pay", le=52
    )
    uncapped: bool = field("a week's pay counts in full, not up to the statutory cap", "", False)


class Closing(Record):
    """What closing would cost beside notice, redundancy and holiday. What is left out is said to be not entered."""

    lease_until: CalendarMonth | None = field("last month of the lease, or its break", "", None)
    lease_yearly: Amount | None = field("rent a year under the lease", "GBP a year", None)
    dilapidations: Amount | None = field("to put the premises right", "GBP", None)
    penalties: Amount | None = field("penalties in contracts", "GBP", None)
    pension_exit: ExitDebt | None = field("exit debt of a final-salary scheme (minus for a surplus)", "GBP", None)
    pension_until: CalendarMonth | None = field(
        "month in which the admission to the scheme ends", "", None, why="with its last active member, or at closing"
    )
    surplus_paid: bool = field("a surplus is paid out to us", "", False)
    run_off: Amount | None = field("accountants, records, insurance after closing", "GBP", None)
    holiday_weeks: Number = field(
        "untaken holiday owed to each head",
        "weeks",
        1.0,
        of="weak",
        why="assumption: a sixth of 5.6 weeks is untaken",
        le=52,
    )
    redundancy: Redundancy = field("redundancy pay beyond the statutory", "", Redundancy(), why="statutory")

    @property
    def exit_debt(self) -> int:
        """Pence that leaving the scheme costs, as far as it is known; a surplus counts where it is paid out."""
        debt = self.pension_exit if isinstance(self.pension_exit, int) else 0
        return debt if self.surplus_paid else max(0, debt)

    @model_validator(mode="after")
    def _surplus(self) -> Closing:
        known = isinstance(self.pension_exit, int)
        if self.surplus_paid and not (known and int(self.pension_exit or 0) < 0):
            raise refuse("pays out a surplus that there is not; write pension_exit below nil, or remove surplus_paid")
        if self.pension_until is not None and self.pension_exit is None:
            raise refuse('ends an admission without its cost; write pension_exit, or "don\'t know"')
        return self

    @model_validator(mode="after")
    def _lease(self) -> Closing:
        if (self.lease_until is None) != (self.lease_yearly is None):
            raise refuse("gives half a lease; write both lease_until and lease_yearly, or neither")
        return self
