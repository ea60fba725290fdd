"""What must hold between the tables of an organisation file: names meet, dates are in order, no figure is ignored.

The rules read the raw tables, whatever else is wrong with them: a wrong type and a dangling name are reported together.
"""

from __future__ import annotations

from typing import Any

from resilience.errors import Fault, place
from resilience.organisation_rules.bids import faults_of_bids
from resilience.organisation_rules.costing import faults_of_costing
from resilience.organisation_rules.income import faults_of_cuts, faults_of_payments, idle
from resilience.organisation_rules.limits import faults_of_dates, faults_of_sizes
from resilience.organisation_rules.names import (
    faults_of_docks,
    faults_of_funds,
    faults_of_names,
    faults_of_shared_names,
)
from resilience.organisation_rules.outside import (
    faults_of_economy,
    faults_of_law,
    faults_of_outside,
    faults_of_payers,
    idle_outside,
)
from resilience.organisation_rules.partnerships import faults_of_partnerships, idle_partnerships
from resilience.organisation_rules.posts import faults_of_posts, faults_of_volunteers
from resilience.organisation_rules.programmes import faults_of_programmes, idle_policy
from resilience.organisation_rules.questioned import warnings_of
from resilience.organisation_rules.social_value import faults_of_social_value
from resilience.organisation_rules.terms import OF_A_RETENDER, faults_of_terms
from resilience.organisation_rules.written import PAYMENT, funding_docks, tables


def faults_between(raw: dict[str, Any], file: str) -> list[Fault]:
    """Every fault that lies between the tables of a file, in the order of the file's tables."""
    rules = (
        *(faults_of_names, faults_of_shared_names, faults_of_dates, faults_of_payments, faults_of_cuts),
        *(faults_of_funds, faults_of_docks, faults_of_bids, faults_of_payers, faults_of_outside, faults_of_programmes),
        faults_of_partnerships,
        *(faults_of_sizes, faults_of_law, faults_of_economy, faults_of_terms, faults_of_posts, faults_of_costing),
        faults_of_social_value,
        faults_of_volunteers,
    )
    return [Fault(file, place(keys), value, problem, fix) for rule in rules for keys, value, problem, fix in rule(raw)]


__all__ = [
    "OF_A_RETENDER",
    "PAYMENT",
    "faults_between",
    "funding_docks",
    "idle",
    "idle_outside",
    "idle_partnerships",
    "idle_policy",
    "tables",
    "warnings_of",
]
