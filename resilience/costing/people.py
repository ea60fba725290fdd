"""People, cases and hours of services as they settle: what a unit cost is a cost of. docs/cost_recovery.md, "Unit costs"."""

from __future__ import annotations

from fractions import Fraction

from resilience.economy import economy_of
from resilience.employment import exact
from resilience.organisation import Organisation, Service
from resilience.organisation.costing import Costing
from resilience.pay import at_work

WEEKS = 52


def weeks_worked(organisation: Organisation) -> Fraction:
    """Weeks a year that a full post is at work: as the file says, or 52 less the statutory holiday."""
    given = (organisation.costing or Costing()).weeks_worked
    if given is not None:
        return exact(given)
    return WEEKS - economy_of(organisation).statutory("statutory_holiday_weeks", organisation.first_month)


def places(organisation: Organisation, service: Service) -> Fraction:
    """Open cases that the filled posts of its dock can carry: Σ FTE × productivity × caseload."""
    posts = organisation.docks[service.dock].posts.values()
    hours = sum((p.heads * exact(p.hours) * exact(p.productivity) * at_work(p) for p in posts), Fraction(0))
    return hours / exact(organisation.full_time_hours) * exact(service.caseload)


def served_yearly(organisation: Organisation, name: str) -> Fraction:
    """People a year who complete it once it has settled: 12 × min(referrals a month, places ÷ months of support)."""
    service = organisation.services[name]
    referrals = exact(float(service.referrals.quantile(0.5)))
    return 12 * min(referrals, places(organisation, service) / exact(service.length))


def taken_up(organisation: Organisation, name: str) -> Fraction:
    """Full-time equivalents that its cases take up: open cases ÷ caseload."""
    service = organisation.services[name]
    if not service.caseload:
        return Fraction(0)
    cases = served_yearly(organisation, name) / 12 * exact(service.length)
    return cases / exact(service.caseload)
