"""No dead field: every field of the file formats, found by walking the models, is varied on an organisation that uses it.

A field that moves no account, no fate and so no quantile is a fault; so is a field for which no variation stands here. An address is
written with dots: names as `*`, places in a list as `[]`; a quantity that may be a range is varied as a whole and by each of its points.
"""

import copy
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cache
from types import UnionType
from typing import Annotated, Any, Union, get_args, get_origin

import numpy as np
import pytest
from pydantic import WithJsonSchema, create_model

from resilience import project
from resilience.costing.compared import compare
from resilience.costing.costed import told, worked
from resilience.costing.rules import names as rule_names
from resilience.costing.rules import rule_set
from resilience.costing.steps import break_points, ended, hours
from resilience.exports.document import plain
from resilience.exports.tables import years
from resilience.exports.toml import organisation_toml
from resilience.fields import Record
from resilience.fields import field as described
from resilience.organisation import Organisation
from resilience.organisation_file import organisation_from
from resilience.portfolio import Asked, portfolio
from resilience.ranges import KEYS, REMARKS, quantity
from resilience.reconcile import reconcile
from resilience.scenario import Scenario, scenario_from
from resilience.social_value import value as social_value
from resilience.strategy import Strategy, read_strategy, strategy_from

PATHS, MONTHS = 48, 36
OUT: Any = object()  # the field is left out
PROBABILITIES: set[str] = set()  # addresses of probabilities, which may be ranges of which only the mean counts


# ---- every field of a format


def is_record(kind):
    return isinstance(kind, type) and issubclass(kind, Record)


def fields_of(model, before=""):
    """Every address of a format, remarks and names apart."""
    for name, info in model.model_fields.items():
        if name in REMARKS or (name in ("name", "why", "expect") and "field" not in (info.alias or "")):
            continue
        key = before + (info.alias or name)
        yield from addresses(info.annotation, key, [*info.metadata])


def addresses(kind, key, metadata=()):
    """Addresses of what an annotation is about."""
    if get_origin(kind) is Annotated:
        inner, *more = get_args(kind)
        yield from addresses(inner, key, [*metadata, *more])
    elif get_origin(kind) in (Union, UnionType):
        found = [
            one for option in get_args(kind) if option is not type(None) for one in addresses(option, key, metadata)
        ]
        yield from dict.fromkeys(found)
    elif is_record(kind):
        yield from fields_of(kind, f"{key}.")
    elif get_origin(kind) is dict and is_record(get_args(kind)[1]):
        yield from fields_of(get_args(kind)[1], f"{key}.*.")
    elif get_origin(kind) is list and is_record(get_args(kind)[0]):
        yield from fields_of(get_args(kind)[0], f"{key}.[].")
    else:
        yield key
        schemas = [str(m.json_schema) for m in metadata if isinstance(m, WithJsonSchema)]
        if any("low" in schema and " in " in schema for schema in schemas):
            PROBABILITIES.add(key)
        elif any("low" in schema for schema in schemas):
            yield from (f"{key}.{part}" for part in KEYS)


NAMED = {
    "loans",
    "funds",
    "payers",
    "streams",
    "bids",
    "docks",
    "services",
    "posts",
    "costs",
    "pools",
    "outcomes",
    "stories",
    "programmes",
    "sprees",
    "reorganisations",
    "partnerships",
    "partners",
    "parties",
    "volunteers",
}


def address_of(place):
    """The address of a place in a file: streams.council.yearly.low is streams.*.yearly.low."""
    keys, found = place.split("."), []
    for i, key in enumerate(keys):
        found.append("[]" if key.isdecimal() else "*" if i and keys[i - 1] in NAMED and (i < 2 or keys[i - 2] != "changes") and found[-1] != "*" else key)  # fmt: skip
    return ".".join(found)


# ---- an organisation that uses every field


def organisation():
    return {
        "name": "Every field", "first_month": "2026-04", "recoverable_vat": 0.5, "redeployment": 0.7, "full_time_hours": 36,
        "opening": {"bank": 100_000, "investments": 10_000, "held_for_others": 2_000, "debtors": 8_000, "creditors": 5_000, "programme_related_investments": 3_000,
                    "essential_designations": 4_000, "provisions": 6_000, "provisions_due": "2026-09", "owed": [{"month": "2026-06", "amount": 3_000}]},
        "reserves_policy": {"months": 3},
        "facility": {"limit": 25_000, "until": "2028-06", "interest": 0.08, "covenant": -150_000},
        "loans": {"van": {"balance": 20_000, "repayment": 5_000, "interest": 0.05}, "house": {"balance": 30_000, "repayment": 2_000, "secured": True}},
        "fixed_assets": {"value": 60_000, "depreciation": 3_000, "purchases": [{"month": "2026-10", "amount": 5_000}]},
        "closing": {"lease_until": "2028-03", "lease_yearly": 9_000, "dilapidations": 3_000, "penalties": 1_000, "pension_exit": 5_000, "run_off": 4_000, "holiday_weeks": 1},
        "economy": {"cpi": 0.02, "earnings": 0.03, "law_as_of": "2026-04"},
        "funds": {"project": {"opening": 12_000, "overhead": 0.1, "overhead_yearly": 1_200, "overhead_cap": 4_000}, "other": {"opening": 30_000}},
        "streams": {
            "council": {"kind": "local authority", "form": "contract", "yearly": {"low": 90_000, "likely": 100_000, "high": 112_000}, "uplift": 0.02, "payment": "arrears", "payer": "town",
                        "lag": 1.4, "late": 0.3, "late_months": 2, "cut": 0.6, "depth": {"low": 0.05, "likely": 0.2, "high": 0.5}, "settlement_share": 0.5, "at_most": 2,
                        "decision_month": "February", "notice": 3, "noise": {"sd": 0.1, "of": "log", "autocorrelation": 0.3}},
            "lido": {"kind": "local authority", "yearly": 20_000, "payment": "arrears", "payer": "town", "lag": 1.5, "from": "2026-06", "cut": 0},
            "school": {"kind": "trust", "fund": "project", "yearly": 60_000, "until": "2027-06", "renewal": {"chance": 0.5, "told": 3, "term": 9, "fraction": {"low": 0.5, "likely": 0.8, "high": 0.95}}},
            "gifts": {"kind": "giving", "yearly": 36_000, "cut": 0, "uplift": {"share_of_cpi": 0.5}},
            "ward": {"kind": "NHS", "yearly": 24_000, "until": "2027-11", "break_clause": True, "cut": 0.7, "renewal": 0.5, "payment": "monthly"},
            "legacies": {"kind": "legacies", "cut": 0, "gifts": {"a_year": 3, "amount": {"low": 1_000, "likely": 2_000, "high": 4_000}}},
            "clinic": {"kind": "NHS", "cut": 0, "lag": 1, "late": 0, "unit": {"price": {"low": 4, "likely": 5, "high": 7}, "service": "advice", "guaranteed_volume": 45}},
            "pilot": {"kind": "central government", "form": "contract", "cut": 0, "yearly": 9_000, "payment": "monthly", "volatility": 0.2, "memory": 0.5, "season": [1, 1, 2] * 4,
                      "results": {"share": 0.4, "success": {"low": 0.4, "likely": 0.7, "high": 0.9}, "lag": 2}},
            "garden": {"kind": "trust", "yearly": 8_000, "until": "2026-11", "payment": "monthly", "clawback": "asked", "clawback_kept": 0.4,
                       "renewal": {"chance": 0.4, "term": 6, "held": 0.2, "retender": True, "incumbent": 0.5, "cost": 600, "extension": {"chance": 0.4, "months": 4, "times": 1}}},
        },
        "bids": {"tender": {"kind": "NHS", "form": "contract", "chance": 0.5, "yearly": {"low": 40_000, "likely": 48_000, "high": 60_000}, "term": 15, "decision": "2026-07", "standstill": 0,
                            "mobilisation": {"months": 2, "cost": 3_000}, "cost": 1_500, "uplift": 0.03, "payer": "trust board", "payment": "arrears", "lag": 1.4, "late": 0.3, "late_months": 2},
                 "lottery": {"kind": "lottery", "form": "grant", "fund": "project", "chance": 0.5, "yearly": 12_000, "term": 12, "decision": "2026-09", "uplift": {"share_of_cpi": 1}}},
        "hub": {"core": ["director"],
                "posts": {"director": {"heads": 1, "pay": 52_000, "age": 50, "service": 9},
                          "office": {"heads": 2, "hours": 30, "pay": 20_000, "age": 43, "service": 4, "pension": 0.05, "notice_weeks": 6, "turnover": 0.3, "recruiting_months": 3, "recruiting_cost": 800, "post": "guide"}},
                "costs": {"rent": {"yearly": {"low": 22_000, "likely": 24_000, "high": 27_000}, "grows": 0.03, "vat": "recoverable", "noise": {"sd": 0.1, "of": "log", "autocorrelation": 0.2}, "charged_to": {"other": 0.3}}}},
        "docks": {"team": {"funded_by": ["council", "tender"],
                           "posts": {"guide": {"heads": 3, "hours": 30, "pay": 21_000, "age": 43, "service": 4, "pension": 0.05, "notice_weeks": 6, "turnover": 0.3, "recruiting_months": 3, "recruiting_cost": 800, "post": "guide", "productivity": 0.8}},
                           "costs": {"kit": {"yearly": {"low": 8_250, "likely": 9_000, "high": 10_125}, "grows": 0.03, "vat": "recoverable", "noise": {"sd": 0.1, "of": "log", "autocorrelation": 0.2}, "charged_to": {"other": 0.3}}}},
                  "classes": {"funded_by": ["school", "lottery"], "posts": {"guide": {"heads": 2, "pay": 27_000, "service": 3, "turnover": 0.1}}}},
        "services": {"advice": {"dock": "team", "caseload": 20, "length": 5, "referrals": {"low": 8, "likely": 11, "high": 15}, "growth": 0.05, "waits": 0.6, "open": 40, "waiting": 12,
                                "noise": {"sd": 0.2, "of": "log", "autocorrelation": 0.3}}},
    }  # fmt: skip


@dataclass(frozen=True)
class Vary:
    """A place, what it becomes, and what the file says before where that differs from `organisation()`."""

    place: str
    to: Any
    given: dict[str, Any] = field(default_factory=dict)
    strategy: str = "carry on"
    besides: dict[str, Any] = field(default_factory=dict)  # what must be written with it
    read: str = ""  # another output that the field is for


HUB_AND_DOCK, STRIP, STRIP_DOCKS, READY = "hub and dock", "strip the hub", "strip the docks", "a proposal ready"
TEACHER = {"docks.classes.posts.guide.turnover": 0.95, "docks.classes.posts.guide.post": "teacher"}
CLERK = {"hub.posts.office.turnover": 0.95, "hub.posts.office.post": "clerk"}
STEPS = {"hub.step": {"docks": 1, "yearly": 3_000, "fte": 2}, "hub.need": 3}
DROP_IN = {"services.drop_in": {"dock": "classes", "caseload": 9, "length": 3, "referrals": 5}}
POOR, RICH = {"opening.bank": 20_000}, {"opening.bank": 500_000}
HARD_UP = POOR | {"facility": OUT}
FLOATING = {"loans.van.interest": {"over_bank_rate": 0.02}}
WAGES = {"economy.minimum_wage": {"from": "2027-04", "rise": 0.4}}
NIC = {"economy.employer_nic": {"from": "2026-10", "rate": 0.17, "threshold": 4_000}}
CLIMATE = {
    "climate": {"moves": "monthly", "standstill_to_austerity": 0.1},
    "streams.council.austerity": 4,
    "streams.council.growth_climate": 0.3,
}
STORIES = {
    "storylines": {"known_to": "2026-06", "stories": {"squeeze": {"weight": 1}, "own": {"weight": 2, "turns": [{"after": 0, "climate": "growth"}]}}},
    "streams.council.austerity": 4,
    "streams.council.growth_climate": 0.3,
}  # fmt: skip


def of_range(place, plain, low, likely, high):
    """A quantity as a whole, each of its three points, and each part of the other forms of range."""
    found = [
        Vary(place, plain),
        Vary(f"{place}.low", low),
        Vary(f"{place}.likely", likely),
        Vary(f"{place}.high", high),
    ]
    part = lambda x: round(x * plain, 4 if plain < 1 else 2)  # noqa: E731
    hard = {"low": part(0.8), "likely": plain, "high": part(1.15), "ends": "hard"}
    found.append(Vary(f"{place}.ends", OUT, {place: hard}))
    found.append(Vary(f"{place}.family", "triangular", {place: hard | {"family": "pert"}}))
    for given, to in (
        ({"p10": 0.8, "p50": 1, "p90": 1.15}, {"p10": 0.7, "p50": 0.95, "p90": 1.2}),
        ({"mean": 1, "sd": 0.1}, {"mean": 0.9, "sd": 0.15}),
        ({"from": 0.8, "to": 1.15}, {"from": 0.7, "to": 1.2}),
    ):
        form = {key: part(x) for key, x in given.items()}
        found += [Vary(f"{place}.{key}", part(x), {place: form}) for key, x in to.items()]
    weighted = {"values": [part(0.8), part(1.15)], "weights": [1, 3]}
    found.append(Vary(f"{place}.values", [part(0.8), part(0.9)], {place: weighted}))
    return [*found, Vary(f"{place}.weights", [3, 1], {place: weighted})]


def of_noise(place):
    return [Vary(f"{place}.sd", 0.3), Vary(f"{place}.of", "pounds"), Vary(f"{place}.autocorrelation", 0.8)]


def of_post(place, elsewhere):
    """Every field of a group of posts; `elsewhere`: what makes redeployment from another team bear on its kind."""
    to = {
        "heads": 4,
        "hours": 37.5,
        "pay": 25_000,
        "age": 30,
        "service": 2,
        "pension": 0.1,
        "notice_weeks": 12,
        "turnover": 0.6,
        "recruiting_months": 5,
        "recruiting_cost": 900,
    }
    found = [Vary(f"{place}.{key}", value) for key, value in to.items()]
    found.append(Vary(f"{place}.pay_bill", 90_000, {f"{place}.pay": OUT, f"{place}.pay_bill": 60_000}))
    found.append(Vary(f"{place}.charged_to", {"other": 0.5}))
    found.append(Vary(f"{place}.kind", "sessional"))
    found.append(Vary(f"{place}.until", "2026-12", {f"{place}.kind": "fixed-term", f"{place}.until": "2027-09"}))
    found.append(Vary(f"{place}.in_scheme", True, {"closing.pension_exit": 5_000, f"{place}.turnover": 0.99}))
    absent = {f"{place}.absence": 0.1, f"{place}.cover": 0.5}
    found.append(Vary(f"{place}.absence", 0.3, absent))
    found.append(Vary(f"{place}.cover", 0.9, absent))
    found.append(Vary(f"{place}.cover_cost", 1.6, absent))
    team = place.rsplit(".", 1)[0]
    other = {f"{team}.temp": {"heads": 1, "pay": 30_000, "service": 0, "kind": "sessional"}}
    found.append(Vary(f"{place}.vacancies_go_to", "temp", other | {f"{place}.turnover": 0.9}))
    return [*found, Vary(f"{place}.post", "porter", RICH | elsewhere, HUB_AND_DOCK)]


def of_volunteers():
    """Every field of a group of volunteers; by a post of the dock and by the hub."""
    place = "docks.team.volunteers.helpers"
    group = {"number": 10, "hours": 6, "productivity": 0.8, "supervised_by": "guide", "each_supervisor": 3, "turnover": 0.4, "turnover_unsupervised": 3, "recruited": 0.5, "cost": 100}  # fmt: skip
    to = {"number": 14, "hours": 9, "productivity": 0.4, "supervised_by": "hub", "each_supervisor": 5, "turnover": 0.8}
    to |= {"turnover_unsupervised": 9, "recruited": 2, "cost": 250}
    found = [Vary(f"{place}.{key}", value, {place: group}) for key, value in to.items()]
    plain = {key: value for key, value in group.items() if key not in ("each_supervisor", "turnover")}
    found.append(Vary(f"{place}.kind", "service users", {place: plain}))
    return [*found, Vary("services.advice.volunteer_share", 0.05, {place: group})]


def of_cost(place):
    part = 1 if "rent" in place else 3 / 8  # of rent's 22,000, 24,000 and 27,000
    found = [
        *of_range(f"{place}.yearly", 20_000 * part, 20_800 * part, 24_800 * part, 28_000 * part),
        *of_noise(f"{place}.noise"),
    ]
    return [
        *found,
        Vary(f"{place}.grows", 0.08),
        Vary(f"{place}.vat", "none"),
        Vary(f"{place}.charged_to", {"other": 0.6}),
    ]


def of_paid(place):
    """What streams and bids have in common."""
    found = [
        Vary(
            f"{place}.kind",
            "giving",
            {f"{place}.{key}": OUT for key in ("form", "payment", "late", "late_months", "lag")},
        )
    ]
    found += [
        Vary(
            f"{place}.payment",
            "quarterly in advance",
            {f"{place}.{key}": OUT for key in ("late", "late_months", "lag", "noise")},
        )
    ]
    to = {"fund": "other", "uplift": 0.09, "lag": 2.8, "late": 0.8, "late_months": 4, "form": "gift", "payer": "lido"}
    found += [Vary(f"{place}.{key}", value) for key, value in to.items()]
    found.append(Vary(f"{place}.fit", 0.2, {f"{place}.fit": 0.9}))
    return [*found, Vary(f"{place}.uplift.share_of_cpi", 2, {f"{place}.uplift": {"share_of_cpi": 1}})]


LOST = {"retendered": 3, "in_house": 3, "reshaped": 3, "ended": 3, "retendered_tupe": 0.8, "in_house_tupe": 0.2, "reshaped_tupe": 0.4, "ended_tupe": 0.1}  # fmt: skip


def of_loss(place, given):
    """Every field of how an award that funds a dock is lost."""
    to = {"retendered": 30, "in_house": 30, "reshaped": 30, "ended": 30}
    to |= {"retendered_tupe": 0.1, "in_house_tupe": 0.9, "reshaped_tupe": 1, "ended_tupe": 0.8}
    return [Vary(f"{place}.{key}", value, given | {place: LOST}) for key, value in to.items()]


PRICED = {"bids.tender.price": {"usual": 100, "ours": 95, "ceiling": 200}}
SCORED = PRICED | {"bids.tender.score": {"slope": 20, "quality_weight": 0.5, "quality": 0.7, "usual_quality": 0.7, "lowest": {"low": 60, "likely": 80, "high": 98}}}  # fmt: skip
COME = {"bids.tender.transfers_in": {"heads": 2, "hours": 30, "pay": 21_000, "age": 43, "service": 4, "pension": 0.05, "turnover": 0.3, "indemnity": 1_000}}  # fmt: skip
UNNAMED = {"opportunities": {"a_year": 4, "chance": 0.5, "yearly": {"low": 8_000, "likely": 12_000, "high": 30_000}, "term": 12, "margin": 0.1, "cost": 500, "months": 2, "fit": 0.5}}  # fmt: skip


def of_opportunities(place, given):
    """Every field of what brings work that nobody has named yet."""
    to = {"a_year": 9, "chance": 0.9, "term": 3, "renewal": 0.9, "margin": 0.5, "cost": 900, "months": 5, "fit": 0.1}
    return [
        *(Vary(f"{place}.{k}", value, given | ({f"{place}.term": 3} if k == "renewal" else {})) for k, value in to.items()),
        *(Vary(one.place, one.to, given | one.given) for one in of_range(f"{place}.yearly", 12_000, 4_000, 14_000, 60_000)),
        Vary(f"{place}.austerity", 3, CLIMATE | given | {"climate.starts": "austerity"}),
        Vary(f"{place}.growth_climate", 3, CLIMATE | given | {"climate.starts": "growth"}),
    ]  # fmt: skip


def of_programmes():
    """Every field of a policy programme, and of elections."""
    money, place = UNNAMED["opportunities"], "programmes.p"
    quick = {"trigger": 3, "peak": 3, "trough": 3, "slope": 3}
    one = {
        "stage": "trigger",
        "lasts": quick,
        "shape": 2,
        "scrapped": 0.4,
        "adapted": 0.3,
        "pilots": money,
        "contracts": money,
        "winning": dict.fromkeys(quick, 1),
    }
    one |= {"engaging": {"yearly": 3_000, "odds": 2, "months": 4, "from": "2026-06"}}
    of = {
        "streams.council.programme": "p",
        "bids.tender.programme": "p",
        "elections": {"next": "2026-05", "changes": 0.6},
    }
    given = of | {place: one}
    still = lambda stage: given | {place: one | {"stage": stage, "lasts": dict.fromkeys(quick, 200), "shape": 50}}  # noqa: E731
    to = {"stage": "plateau", "shape": 20, "abandoned": 1, "scrapped": 0.0, "adapted": 0.6}
    return [
        Vary("streams.council.programme", OUT, given),
        Vary("bids.tender.programme", OUT, given, besides={f"{place}.winning": OUT}),
        *(Vary(f"{place}.{k}", value, given | ({f"{place}.scrapped": 0} if k == "adapted" else {f"{place}.adapted": 0})) for k, value in to.items()),
        Vary(f"{place}.since", 12, given),
        *(Vary(f"{place}.lasts.{k}", 30, given) for k in quick),
        *(Vary(f"{place}.cuts.{k}", 99, still(k)) for k in (*quick, "plateau")),
        *(Vary(f"{place}.winning.{k}", 3, still(k)) for k in (*quick, "plateau")),
        Vary(f"{place}.notice", 20, still("slope") | {f"{place}.scrapped": 1, f"{place}.adapted": 0, "elections.changes": 1}),
        *of_opportunities(f"{place}.pilots", still("slope")),
        *of_opportunities(f"{place}.contracts", still("plateau")),
        *(Vary(f"{place}.engaging.{k}", v, still("slope")) for k, v in {"yearly": 9_000, "odds": 5, "months": 40, "from": "2026-09"}.items()),
        Vary("elections.next", "2028-05", given),
        Vary("elections.changes", 0.0, given),
    ]  # fmt: skip


def of_levers():
    """Every field of a spree, met by a proposal that is ready, and of a reorganisation."""
    spree = {
        "before": "year end",
        "window": 3,
        "comes": 0.6,
        "chance": 0.6,
        "yearly": {"low": 8_000, "likely": 12_000, "high": 30_000},
        "term": 4,
        "margin": 0.2,
        "fit": 0.5,
    }
    place = "sprees.march"
    to = {"before": "election", "window": 9, "comes": 0.95, "chance": 0.95, "term": 9, "margin": 0.6, "fit": 0.1}
    new = {"vesting": "2027-04", "held": 0.5, "waits": 4, "later": 1, "rebuilt": 10, "harmonised": 0.2}
    at = {"reorganisations.new": new, "streams.council.until": "2026-12", "streams.council.break_clause": True}
    at |= {
        "streams.council.renewal": {"chance": 0.4, "term": 6, "retender": True, "incumbent": 2},
        "bids.tender.kind": "local authority",
    }
    at |= {"streams.lido.form": "grant", "streams.lido.fund": "other", "bids.tender.decision": "2027-01"}
    other = {
        "kinds": ["NHS"],
        "vesting": "2026-12",
        "held": 0.0,
        "waits": 9,
        "later": 6,
        "rebuilt": 40,
        "harmonised": 0.9,
    }
    return [
        *(Vary(f"{place}.{k}", value, {place: spree}, READY) for k, value in to.items()),
        *(Vary(one.place, one.to, {place: spree} | one.given, READY) for one in of_range(f"{place}.yearly", 12_000, 4_000, 14_000, 60_000)),
        *(Vary(f"reorganisations.new.{k}", value, at) for k, value in other.items()),
    ]  # fmt: skip


def of_partnerships():
    """Every field of a partnership, its partners, its assessment and its goodwill."""
    place, dims = (
        "partnerships.x",
        ("senior_involvement", "strategic_topics", "joint_delivery", "shared_outcomes", "service_users", "mutual_gain"),
    )
    partner = {"share": 0.3, "leaves": 0.4, "backfilled": 0.5, "backfill": 900}
    parties = {
        "us": {"money": 1, "scores": dict.fromkeys(dims, 4)},
        "them": {"money": 2, "scores": dict.fromkeys(dims, 3)},
    }
    one = {
        "of": ["council", "tender"],
        "lead": "another",
        "lead_fails": 0.2,
        "notice": 2,
        "hours": 9,
        "hour_cost": 20,
        "payments": 1_200,
        "partners": {"n": partner},
    }
    will = one | {
        "goodwill": {"rises": 0.5, "falls": 0.7, "at_settlement": 24, "at_tender": 30, "settles": "December"},
        "parties": parties,
        "lead_fails": 0.001,
    }
    given, held = (
        {place: one},
        {place: will | {"partners": {"n": partner | {"leaves": 0.01}}}, "streams.council.break_clause": OUT},
    )
    sure = {place: will | {"goodwill": will["goodwill"] | {"starts": 30}, "parties": OUT}}
    del sure[place]["parties"]
    to = {
        "of": ["council"],
        "lead": "us",
        "lead_fails": 0.8,
        "only_together": True,
        "notice": 9,
        "hours": 30,
        "hour_cost": 90,
        "payments": 9_000,
    }
    return [
        *(Vary(f"{place}.{k}", value, given, besides={f"{place}.lead_fails": OUT} if k == "lead" else {}) for k, value in to.items()),
        *(Vary(f"{place}.partners.n.{k}", value, given) for k, value in {"share": 0.9, "leaves": 0.9, "backfilled": 0.95, "backfill": 7_000}.items()),
        Vary(f"{place}.parties.them.money", 0, {place: will | {"parties": {"us": {"money": 1, "scores": dict.fromkeys(dims, 3)}, "them": {"money": 9, "scores": dict.fromkeys(dims, 4)}}}}),
        *(Vary(f"{place}.parties.them.scores.{k}", 1, held) for k in dims),
        *(Vary(f"{place}.goodwill.{k}", value, held) for k, value in {"rises": 5, "falls": 0.99, "at_settlement": 90, "at_tender": 90, "settles": "May"}.items()),
        Vary(f"{place}.goodwill.starts", 90, sure),
    ]  # fmt: skip


def of_bidding():
    """What only bids have beside their terms, and opportunities."""
    tender = "bids.tender"
    seldom = {f"{tender}.price.ours": 70, f"{tender}.chance": 0.1}
    undocks = RICH | COME | {"docks.team.posts.guide.turnover": 0}
    found = [
        Vary(f"{tender}.route", "fixed price", {f"{tender}.{key}": OUT for key in ("payment", "late", "late_months", "lag")}),
        *(Vary(f"{tender}.price.{k}", value, PRICED) for k, value in {"usual": 90, "ours": 80, "ceiling": 90}.items()),
        *(
            Vary(f"{tender}.score.{k}", value, SCORED | seldom)
            for k, value in {"slope": 90, "quality_weight": 0.1, "quality": 0.95, "usual_quality": 0.4}.items()
        ),
        *(Vary(one.place, one.to, SCORED | seldom | one.given) for one in of_range(f"{tender}.score.lowest", 86, 45, 70, 250)),
        Vary(f"{tender}.incumbent", 2),
        *(
            Vary(f"{tender}.extension.{k}", value, RICH | {f"{tender}.extension": {"chance": 0.5, "months": 4, "told": 3}}, "hub and dock")
            for k, value in {"chance": 0.9, "months": 2, "told": 0, "times": 3}.items()
        ),
        *(
            Vary(f"{tender}.delay.{k}", value, {f"{tender}.delay": {"chance": 0.5, "months": 4}})
            for k, value in {"chance": 0.9, "months": 2}.items()
        ),
        Vary(f"{tender}.minimum_posts", 3),
        *(
            Vary(f"{tender}.transfers_in.{k}", value, undocks, "hub and dock")
            for k, value in {"heads": 3, "hours": 37.5, "pay": 26_000, "age": 20, "service": 9, "pension": 0.2, "turnover": 0.8, "indemnity": 0}.items()
        ),
        Vary(f"{tender}.transfers_in.liability_known", True, COME, read="warnings"),
        *of_range(f"{tender}.takeover.hidden_cost", 500, 100, 2_500, 9_000),
        Vary("hub.bidding_capacity", 1, UNNAMED),
        Vary("hub.mobilisations_at_once", 1, UNNAMED),
        *of_opportunities("opportunities", UNNAMED),
    ]  # fmt: skip
    hidden = {f"{tender}.takeover": {"hidden_cost": {"low": 1_000, "likely": 2_000, "high": 5_000}}}
    return [Vary(v.place, v.to, hidden | v.given) if "takeover" in v.place else v for v in found]


OF_CUTS = ("cut", "depth", "settlement_share", "at_most", "decision_month", "notice")
OVER = {f"streams.council.{key}": OUT for key in OF_CUTS} | {"streams.council.until": "2026-10", "streams.council.renewal": 0.1}  # fmt: skip

COSTING = {
    "costing": {
        "method": "step-down",
        "order": ["premises", "office"],
        "floor_area": {"team": 60, "classes": 30},
        "kinds": {"team": {"kit": "equipment"}},
        "pools": {
            "premises": {"kind": "premises and office", "lines": {"rent": 0.4}, "driver": "floor area"},
            "office": {"posts": {"office": 0.5}, "depreciation": 0.4, "driver": "time", "floor_area": 10},
            "split": {"lines": {"rent": 0.2}, "driver": "fixed shares", "shares": {"team": 0.7, "classes": 0.3}},
        },
    },
    "funds.project.overhead": 0,
    "funds.project.overhead_yearly": 0,
}


def of_costing():
    """What only the verb `cost` reads."""
    pools = {
        "premises.kind": "fundraising",
        "office.posts": {"office": 0.7},
        "premises.lines": {"rent": 0.3},
        "office.depreciation": 0.9,
        "office.driver": "headcount",
        "split.shares": {"team": 0.4, "classes": 0.6},
        "office.floor_area": 30,
        "office.avoidable": 0.5,
        "office.billed_to": ["project"],
    }
    found = {f"pools.{place}": to for place, to in pools.items()}
    found |= {
        "method": "reciprocal",
        "order": ["office", "premises"],
        "floor_area": {"team": 10, "classes": 30},
        "kinds": {},
        "weeks_worked": 40,
    }
    found |= dict.fromkeys(("unfunded", "working_capital", "reserves", "change_capital"), 500)
    besides = {"costing.method": {"costing.order": OUT}}
    return [Vary(f"costing.{k}", to, COSTING, besides=besides.get(f"costing.{k}", {}), read="cost") for k, to in found.items()]  # fmt: skip


SOCIAL = {
    "social_value": {
        "outcomes": {
            "work": {"service": "advice", "share": 0.5, "value": {"low": 100, "central": 200, "high": 300}, "deadweight": 0.2, "displacement": 0.1, "attribution": 0.3, "drop_off": 0.4, "duration": 3},
            "rest": {"quantity": 10, "value": 50, "deadweight": 0, "displacement": 0, "attribution": 0, "drop_off": 0, "duration": 1},
        }
    }
}  # fmt: skip


def of_social_value():
    """What only the verb `value` reads; what may stand in three sets, as a whole and by each of them."""
    work = "social_value.outcomes.work"
    found = [
        *(
            Vary(f"{work}.{k}", to, SOCIAL, read="value")
            for k, to in {
                "share": 0.6,
                "deadweight": 0.3,
                "displacement": 0.2,
                "attribution": 0.4,
                "drop_off": 0.5,
                "duration": 4,
                "value": 250,
            }.items()
            if k != "value"
        ),
        Vary(
            f"{work}.service",
            "classes",
            SOCIAL | {"services.classes": {"dock": "classes", "caseload": 9, "length": 3, "referrals": 5}},
            read="value",
        ),
        Vary("social_value.outcomes.rest.quantity", 20, SOCIAL, read="value"),
        Vary("social_value.outcomes.rest.value", 90, SOCIAL, read="value"),
        *(
            Vary(f"social_value.{k}", to, SOCIAL, read="value")
            for k, to in {"timing": "start of year", "rate": 0.05, "investment": 9_000}.items()
        ),
        *(
            Vary(f"{work}.value.{k}", to, SOCIAL, read="value")
            for k, to in {"low": 110, "central": 210, "high": 310}.items()
        ),
    ]
    for key in ("share", "deadweight", "displacement", "attribution", "drop_off"):
        three = (
            {"low": 0.1, "central": 0.2, "high": 0.3} if key == "share" else {"low": 0.3, "central": 0.2, "high": 0.1}
        )
        found += [
            Vary(f"{work}.{key}.{k}", x + 0.01, SOCIAL | {f"{work}.{key}": three}, read="value")
            for k, x in three.items()
        ]
    return found  # fmt: skip


VARIATIONS = [
    *of_loss("streams.school.lost", {}),
    *of_loss("bids.tender.lost", OVER),
    Vary("first_month", "2026-05"),
    Vary("nation", "Northern Ireland"),
    Vary("chance", False),
    Vary("ranges_too_narrow", True),
    Vary("full_time_hours", 30),
    Vary("employment_allowance", False),
    Vary("creditor_days", 45),
    Vary("recoverable_vat", 1),
    Vary("leavers", "that head", {"docks.team.posts.guide.turnover": 0.9}),
    Vary("redeployment", 0, RICH, HUB_AND_DOCK),
    Vary("grace", 6, HARD_UP),
    Vary("area", "York", read="portfolio"),
    Vary("kind", "advice", read="portfolio"),
    Vary("year_end", "August", read="years"),
    Vary("last_year.income", 300_000, {"last_year": {"income": 200_000, "spending": 200_000}}, read="reconcile"),
    Vary("last_year.spending", 300_000, {"last_year": {"income": 200_000, "spending": 200_000}}, read="reconcile"),
    *(Vary(f"opening.{k}", 7_000) for k in ("bank", "investments", "held_for_others", "debtors", "creditors")),
    *(Vary(f"opening.{k}", 7_000) for k in ("programme_related_investments", "essential_designations", "provisions")),
    Vary("opening.provisions_due", "2026-12"),
    Vary("opening.owed.0.month", "2026-08"),
    Vary("opening.owed.0.amount", 3_500),
    Vary("reserves_policy.months", 1),
    Vary("reserves_policy.amount", 90_000, {"reserves_policy": {"amount": 5_000}}),
    Vary("reserves_policy.closing_liability", True, besides={"reserves_policy.months": OUT}),
    Vary("facility.limit", 12_000, POOR),
    Vary("facility.until", "2026-08", POOR),
    Vary("facility.interest", 0.2, POOR),
    Vary("facility.covenant", 50_000, POOR),
    *(
        Vary(f"loans.van.{k}", value)
        for k, value in {"balance": 25_000, "repayment": 9_000, "interest": 0.09, "secured": True}.items()
    ),
    Vary("fixed_assets.value", 70_000),
    Vary("fixed_assets.depreciation", 4_000),
    Vary("fixed_assets.purchases.0.month", "2026-12"),
    Vary("fixed_assets.purchases.0.amount", 6_000),
    Vary("closing.lease_until", "2028-09"),
    *(Vary(f"closing.{k}", 9_500) for k in ("lease_yearly", "dilapidations", "penalties", "pension_exit", "run_off")),
    Vary("closing.holiday_weeks", 3),
    Vary("closing.pension_until", "2026-09", {"closing.pension_until": "2027-09"}),
    Vary("closing.surplus_paid", True, {"closing.pension_exit": -5_000}),
    *(Vary(f"closing.redundancy.{k}", v) for k, v in {"times": 2, "weeks_a_year": 4}.items()),
    Vary("closing.redundancy.uncapped", True, {"hub.posts.director.pay": 90_000}),
    Vary(
        "at_risk_turnover",
        9,
        RICH | OVER | {"docks.team.posts.guide.turnover": 0.7, "docks.team.posts.guide.notice_weeks": 40},
        HUB_AND_DOCK,
    ),
    Vary("economy.cpi", 0.09),
    Vary("economy.earnings", 0.09),
    Vary("economy.law_as_of", "2025-06"),
    Vary("economy.cpi", {"2027": 0.09}),
    Vary("economy.earnings", {"2027": 0.09}),
    Vary("economy.bank_rate", 0.09, FLOATING),
    Vary("economy.prices_doubt", 0.05),
    Vary("economy.earnings_doubt", 0.05),
    Vary("economy.bank_rate_doubt", 0.05, FLOATING),
    Vary("economy.together", 0.1),
    *(Vary(f"economy.minimum_wage.{k}", v, WAGES) for k, v in {"from": "2028-04", "rise": 0.5}.items()),
    *(
        Vary(f"economy.employer_nic.{k}", v, NIC)
        for k, v in {"from": "2027-04", "rate": 0.2, "threshold": 7_000}.items()
    ),
    Vary("facility.interest.over_bank_rate", 0.2, POOR | {"facility.interest": {"over_bank_rate": 0.01}}),
    Vary("loans.van.interest.over_bank_rate", 0.09, FLOATING),
    Vary("opening.interest_on_bank", 0.02),
    Vary("opening.interest_on_bank.over_bank_rate", 0.01, {"opening.interest_on_bank": {"over_bank_rate": -0.01}}),
    Vary("living_wage", "Real Living Wage"),
    Vary("london", True, {"living_wage": "Real Living Wage"}),
    Vary("pay_award.settled", "November"),
    Vary("pay_award.arrears_owed", 2_000, {"pay_award": {"settled": "June"}}),
    *(
        Vary(f"funds.project.{k}", value)
        for k, value in {"opening": 9_000, "overhead": 0.3, "overhead_yearly": 2_400, "overhead_cap": 900}.items()
    ),
    # streams
    *of_paid("streams.council"),
    *of_range("streams.council.yearly", 100_000, 85_000, 104_000, 125_000),
    Vary("streams.lido.from", "2026-09"),
    Vary("streams.school.until", "2027-12"),
    Vary("streams.council.cut", 0.1),
    *of_range("streams.council.depth", 0.2, 0.02, 0.3, 0.7),
    *(
        Vary(f"streams.council.{k}", value)
        for k, value in {"settlement_share": 0.1, "at_most": 1, "decision_month": "June", "notice": "none"}.items()
    ),
    Vary("streams.ward.break_clause", OUT, {"streams.ward.cut": OUT}),
    Vary("streams.school.renewal", 0.9, {"streams.school.renewal": 0.1}),
    *(Vary(f"streams.school.renewal.{k}", value) for k, value in {"chance": 0.9, "told": 0, "term": 6}.items()),
    *of_range("streams.school.renewal.fraction", 0.8, 0.3, 0.7, 0.99),
    *of_noise("streams.council.noise"),
    *of_range("streams.legacies.gifts.amount", 2_000, 800, 2_100, 5_000),
    Vary("streams.legacies.gifts.a_year", 6),
    *of_range("streams.clinic.unit.price", 5, 3, 5.2, 9),
    Vary("streams.clinic.unit.service", "drop_in", DROP_IN),
    Vary("streams.clinic.unit.guaranteed_volume", 70),
    Vary("streams.pilot.volatility", 0.4),
    Vary("streams.pilot.memory", 0.1),
    Vary("streams.pilot.season", [3, 1, 2] * 4),
    Vary("streams.pilot.results.share", 0.8),
    *of_range("streams.pilot.results.success", 0.7, 0.2, 0.8, 0.95),
    Vary("streams.pilot.results.lag", 5),
    Vary("streams.garden.clawback", "returned", besides={"streams.garden.clawback_kept": OUT}),
    Vary("streams.garden.clawback_kept", 0.9),
    *(Vary(f"streams.garden.renewal.{k}", value) for k, value in {"held": 0.8, "incumbent": -2, "cost": 700}.items()),
    Vary(
        "streams.garden.renewal.retender",
        OUT,
        besides={"streams.garden.renewal.incumbent": OUT, "streams.garden.renewal.cost": OUT},
    ),
    Vary("streams.garden.renewal.extension.chance", 0.9),
    Vary("streams.garden.renewal.extension.months", 7),
    Vary("streams.garden.renewal.extension.times", 2),
    Vary("streams.school.pays_exit", True, RICH, STRIP_DOCKS),
    # bids
    *of_paid("bids.tender"),
    *of_range("bids.tender.yearly", 48_000, 30_000, 50_000, 70_000),
    *(
        Vary(f"bids.tender.{k}", value)
        for k, value in {"chance": 0.1, "term": 9, "decision": "2026-10", "standstill": 1, "cost": 2_500}.items()
    ),
    Vary("bids.tender.mobilisation.months", 4),
    Vary("bids.tender.mobilisation.cost", 9_000),
    Vary("bids.tender.demobilisation", 4_000, {"bids.tender.term": 6}),
    # doubt, payers in trouble, what nobody listed, the climate
    *(Vary(f"doubt.{k}", 3) for k in ("winning", "renewal", "cuts")),
    Vary("unlisted_event.chance", 0.9),
    Vary("unlisted_event.least", 2.5, {"unlisted_event": {"chance": 0.5}}),
    Vary("unlisted_event.most", 9, {"unlisted_event": {"chance": 0.5}}),
    Vary("funder_events", False, {"streams.council.kind": "NHS", "streams.ward.cut": 0.001}),
    Vary("payers.town.event", 0.9),
    *(
        Vary(f"payers.town.{k}", value, {"payers": {"town": {"event": 0.6}}})
        for k, value in {"halves": 1, "rent_help": 5_000, "pension_deficit": 5_000}.items()
    ),
    Vary("payers.town.days_to_pay", 70, {"streams.lido.lag": OUT}),
    Vary("streams.council.statutory_duty", True),
    Vary("streams.council.austerity", 9, CLIMATE),
    Vary("streams.council.growth_climate", 0.1, CLIMATE | {"climate.starts": "growth"}),
    Vary("streams.council.depth_in_austerity", 2, CLIMATE | {"climate.starts": "austerity"}),
    *of_programmes(),
    *of_levers(),
    *of_partnerships(),
    Vary("storylines.known_to", "2027-06", STORIES),
    Vary("storylines.until_then", "austerity", STORIES),
    Vary("storylines.stories.squeeze.weight", 90, STORIES),
    Vary("storylines.stories.own.turns.0.after", 9, STORIES),
    Vary("storylines.stories.own.turns.0.climate", "austerity", STORIES),
    Vary("climate.moves", "yearly", CLIMATE),
    Vary("climate.starts", "growth", CLIMATE),
    Vary("climate.growth_to_standstill", 0.9, CLIMATE | {"climate.starts": "growth"}),
    Vary("climate.growth_to_austerity", 0.9, CLIMATE | {"climate.starts": "growth"}),
    Vary("climate.standstill_to_growth", 0.8, CLIMATE),
    Vary("climate.standstill_to_austerity", 0.8, CLIMATE),
    Vary("climate.austerity_to_growth", 0.9, CLIMATE | {"climate.starts": "austerity"}),
    Vary("climate.austerity_to_standstill", 0.9, CLIMATE | {"climate.starts": "austerity"}),
    *of_bidding(),
    # hub and docks
    Vary("hub.need", 6, {"hub.need": 4}),
    Vary("hub.step.docks", 2, STEPS),
    Vary("hub.step.yearly", 9_000, STEPS),
    Vary("hub.step.fte", 4, STEPS),
    Vary("hub.odds_when_short", 4, STEPS),
    Vary("hub.turnover_when_short", 0.1, STEPS),
    Vary(
        "hub.turnover_after_redundancies",
        9,
        RICH
        | {
            "docks.team.posts.guide.kind": "fixed-term",
            "docks.team.posts.guide.until": "2026-06",
            "docks.team.posts.guide.service": 1,
            "hub.posts.office.turnover": 0.6,
        },
    ),
    Vary("hub.core", ["director", "office"], RICH, STRIP),
    *of_post("hub.posts.office", {"docks.classes.posts.guide.turnover": 0, "hub.posts.office.turnover": 0.9}),
    Vary("docks.classes.funded_by", ["lottery"]),
    *of_post("docks.team.posts.guide", {}),
    Vary("docks.team.posts.guide.productivity", 0.5),
    Vary("hub.posts.office.could_take", ["teacher"], RICH | TEACHER, STRIP),
    Vary("docks.classes.posts.guide.could_take", ["clerk"], RICH | CLERK, STRIP_DOCKS),
    Vary("docks.team.posts.guide.ramp_up", 9, {"docks.team.posts.guide.turnover": 0.9}),
    *of_cost("hub.costs.rent"),
    *of_cost("docks.team.costs.kit"),
    *of_volunteers(),
    # services
    Vary("services.advice.dock", "classes"),
    Vary("services.advice.season", [3, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0]),
    Vary("services.advice.growth_after_austerity", 0.3, CLIMATE | {"climate.starts": "austerity"}),
    Vary("services.advice.turnover_when_busy", 9, {"services.advice.turnover_when_busy": 1.5}),
    Vary("services.advice.busy", 0.1, {"services.advice.turnover_when_busy": 9, "services.advice.busy": 5}),
    *(
        Vary(f"services.advice.{k}", value)
        for k, value in {"caseload": 12, "length": 8, "growth": 0.3, "waits": 0.1, "open": 20, "waiting": 30}.items()
    ),
    *of_range("services.advice.referrals", 11, 6, 12, 20),
    *of_noise("services.advice.noise"),
    # full cost recovery
    *of_costing(),
    *of_social_value(),
]

# Fields that stand in a table shared with items that use them, and do nothing here.
IDLE: dict[str, Vary] = {}


# ---- playing


def changed(raw, places):
    """A copy with some places set; a place that is OUT is removed."""
    raw = copy.deepcopy(raw)
    for place, value in places.items():
        *way, last = place.split(".")
        table: Any = raw
        for key in way:
            if isinstance(table, dict) and not isinstance(table.get(key), (dict, list)):
                table[key] = {}
            table = table[int(key)] if isinstance(table, list) else table[key]
        if value is OUT:
            table.pop(last, None)
        else:
            table[int(last) if isinstance(table, list) else last] = copy.deepcopy(value)
    return raw


def figures(projection):
    """Accounts by month and path, and fates by path: what quantiles and probabilities are made of."""
    played = projection.played
    funds = {f"fund {i}": one for i, one in enumerate(played.funds)}
    return {
        **played.money,
        **played.people,
        **funds,
        **played.fates,
        "served once": played.served,
        "turned away": played.turned_away,
    }


def differ(a, b):
    """Names of what differs."""
    return [
        name for name in a.keys() & b.keys() if a[name].shape != b[name].shape or not np.array_equal(a[name], b[name])
    ]


@cache
def _strategy(name):
    if name == STRIP:
        return strategy_from(a_strategy({"when": "months of cover below", "level": 120, "do": "strip hub"}), "s.toml")
    if name == READY:
        return strategy_from(a_strategy(ready=KEPT), "s.toml")
    if name == STRIP_DOCKS:
        return strategy_from(
            a_strategy(
                {"when": "months of cover below", "level": 120, "do": "close lowest contribution", "at_most": 3}
            ),
            "s.toml",
        )
    return read_strategy(name)


def played(raw, strategy=None, scenarios=(), months=MONTHS):
    strategy = _strategy(strategy) if isinstance(strategy, str) else strategy
    return project(
        organisation_from(raw, "x.toml"), list(scenarios), strategy, paths=PATHS, months=months, keep_paths=True
    )


_BASES: dict[str, dict[str, np.ndarray]] = {}


def base_figures(vary):
    key = repr((vary.given, vary.strategy))
    if key not in _BASES:
        _BASES[key] = figures(played(changed(organisation(), vary.given), vary.strategy))
    return _BASES[key]


def moved(vary):
    """Names of accounts and fates that a variation moves."""
    return differ(
        base_figures(vary),
        figures(played(changed(organisation(), vary.given | vary.besides | {vary.place: vary.to}), vary.strategy)),
    )


FIELDS = list(fields_of(Organisation))
BY_ADDRESS: dict[str, list[Vary]] = {}
for _one in VARIATIONS:
    BY_ADDRESS.setdefault(address_of(_one.place), []).append(_one)


def test_the_walk_finds_the_format():
    assert len(FIELDS) == len(set(FIELDS)) > 170
    assert {"grace", "opening.bank", "streams.*.renewal", "streams.*.renewal.fraction.low", "docks.*.costs.*.noise.of", "fixed_assets.purchases.[].month"} <= set(FIELDS)  # fmt: skip
    assert {
        "streams.*.from",
        "streams.*.uplift.share_of_cpi",
        "hub.core",
        "hub.posts.*.charged_to",
        "docks.*.funded_by",
    } <= set(FIELDS)
    assert not {f for f in FIELDS if f.rsplit(".", 1)[-1] in REMARKS}


def test_every_variation_is_of_a_field():
    assert set(BY_ADDRESS) | set(IDLE) == set(FIELDS)
    assert not set(BY_ADDRESS) & set(IDLE)


@pytest.mark.parametrize("address", FIELDS)
def test_every_field_moves_a_figure(address):
    if address in IDLE:
        assert not moved(IDLE[address]), (
            f"{address} does something after all: take it off IDLE and write a variation of it"
        )
        return
    assert address in BY_ADDRESS, (
        f"{address} is new in the format: write a variation of it, on an organisation that uses it"
    )
    for vary in BY_ADDRESS[address]:
        if not vary.read:
            assert moved(vary), f"{vary.place} = {vary.to!r} moves no account and no fate"


@pytest.mark.parametrize("address", sorted(PROBABILITIES))
def test_a_probability_given_as_a_range_does_what_its_mean_does(address):
    vary = BY_ADDRESS[address][0]
    ranged, other = {"from": 0.1, "to": 0.4}, {"from": 0.1, "to": 0.9}
    plain = quantity(ranged, "share").mean()
    one, two, three = (figures(played(changed(organisation(), vary.given | {vary.place: x}), vary.strategy)) for x in (ranged, plain, other))  # fmt: skip
    assert not differ(one, two) and differ(one, three)


def test_the_month_of_the_year_end_moves_the_table_of_years():
    (vary,) = BY_ADDRESS["year_end"]
    assert (
        years(played(organisation()))["year_end"]
        != years(played(changed(organisation(), {vary.place: vary.to})))["year_end"]
    )


@pytest.mark.parametrize("which", ["area", "kind"])
def test_area_and_kind_move_the_groups_of_a_portfolio(which, tmp_path):
    (vary,) = BY_ADDRESS[which]
    for name, places in (("a", {}), ("b", {vary.place: vary.to})):
        (tmp_path / f"{name}.toml").write_text(organisation_toml(changed(organisation(), places)), "utf-8")
    found = portfolio([str(tmp_path / "a.toml"), str(tmp_path / "b.toml")], Asked(paths=2, months=2, payers=0))
    assert {one.name for one in getattr(found, f"{which}s")} == {"not stated", vary.to}


@pytest.mark.parametrize("which", ["income", "spending"])
def test_last_year_moves_the_reconciliation(which):
    (vary,) = BY_ADDRESS[f"last_year.{which}"]
    raw = changed(organisation(), vary.given)
    one, two = (reconcile(organisation_from(r, "x.toml")) for r in (raw, changed(raw, {vary.place: vary.to})))
    gaps = {a.name: (a.gap, b.gap) for a, b in zip(one, two, strict=True)}
    assert [name for name, (a, b) in gaps.items() if a != b] == [which]


def costed(raw):
    """Everything that the verb `cost` says, but for the file and its hash."""
    working = worked(organisation_from(raw, "x.toml"))
    found = told(working)
    rules = compare(working, [rule_set(name) for name in rule_names()])
    return plain([replace(found, manifest={}), rules, break_points(working), hours(working), ended(working)])


@pytest.mark.parametrize("vary", [one for one in VARIATIONS if one.read == "cost"], ids=lambda one: one.place)
def test_every_field_of_costing_moves_what_the_verb_cost_says(vary):
    raw = changed(organisation(), vary.given)
    assert costed(raw) != costed(changed(raw, vary.besides | {vary.place: vary.to}))


@pytest.mark.parametrize("vary", [one for one in VARIATIONS if one.read == "value"], ids=lambda one: one.place)
def test_every_field_of_social_value_moves_what_the_verb_value_says(vary):
    raw = changed(organisation(), vary.given)
    people = {"advice": Fraction(100), "classes": Fraction(70)}
    one, two = (
        replace(social_value(organisation_from(r, "x.toml"), people, 10**6), manifest={})
        for r in (raw, changed(raw, {vary.place: vary.to}))
    )
    assert one != two


def test_what_is_owed_to_people_who_transfer_moves_the_warnings():
    (vary,) = BY_ADDRESS["bids.*.transfers_in.liability_known"]
    raw = changed(organisation(), vary.given)
    said = [organisation_from(r, "x.toml").warnings for r in (raw, changed(raw, {vary.place: vary.to}))]
    assert [sum("no walk-away price" in text for text in warnings) for warnings in said] == [1, 0]


# ---- strategies


def a_strategy(*rules, **more):
    return {"name": "S", "why": "a test", "source": "a test", "rules": [copy.deepcopy(rule) for rule in rules]} | more


FREEZE = {
    "when": "months of cover below",
    "level": 2,
    "do": "freeze recruitment",
    "board": "executive",
    "delay": 0,
    "at_most": 1,
    "rearm_above": 2.5,
}
CLOSE = {"when": "months of cover below", "level": 2, "do": "close lowest contribution"}
ACT = {"when": "months of cover below", "level": 120}
ASK = ACT | {"do": "ask for payment in advance", "agrees": 1}
APPEAL = ACT | {"do": "emergency appeal", "brings": {"low": 1_000, "likely": 5_000, "high": 9_000}}
# Fires each time that an award is lost; the renewals of the organisation below are refused now and then.
APPEALS = {"when": "contract lost", "do": "emergency appeal", "brings": 5_000, "at_most": 9}
RAISE = ACT | {"do": "raise prices", "rise": 0.1, "lost": 0}
LOOK = ACT | {"do": "merge", "takes": 6, "found": 1, "needs": 0, "fee": 0}
FOR_STRATEGIES = UNNAMED | {
    "sprees.march": {"before": "year end", "window": 3, "comes": 0.9, "chance": 0.9, "yearly": 12_000, "margin": 0.2},
    "hub.bidding_capacity": 1,
    "streams.hall": {"kind": "trading", "form": "sale", "payment": "monthly", "yearly": 6_000},
}
KEPT = {"cost": 300, "shelf_life": 12, "months": 1}
OF_STRATEGY = {
    "source": None,
    "hope": (a_strategy(), "hope", 1),
    "rules.[].when": (
        a_strategy(CLOSE | {"level": 2}),
        "rules.0",
        {"when": "forecast insolvent", "do": "close lowest contribution"},
    ),
    "rules.[].level": (a_strategy(FREEZE), "rules.0.level", 0.5),
    "rules.[].do": (a_strategy(FREEZE), "rules.0.do", "strip hub"),
    "rules.[].board": (a_strategy(CLOSE), "rules.0.board", "quarterly"),
    "rules.[].delay": (a_strategy(FREEZE), "rules.0.delay", 5),
    "rules.[].at_most": (a_strategy(FREEZE), "rules.0.at_most", 5),
    "rules.[].within": (a_strategy({"when": "forecast insolvent", "do": "close in order"}), "rules.0.within", 9),
    "rules.[].agrees": (a_strategy(ASK), "rules.0.agrees", 0),
    **{
        address_of(one.place): (changed(a_strategy(APPEAL), one.given), one.place, one.to)
        for one in of_range("rules.0.brings", 5_000, 2_000, 5_500, 20_000)
    },
    "rules.[].fatigue": (a_strategy(APPEALS), "rules.0.fatigue", 0.5),
    "rules.[].rise": (a_strategy(RAISE), "rules.0.rise", 0.2),
    "rules.[].lost": (a_strategy(RAISE), "rules.0.lost", 0.2),
    "rules.[].takes": (a_strategy(LOOK), "rules.0.takes", 3),
    "rules.[].found": (a_strategy(LOOK), "rules.0.found", 0.2),
    "rules.[].needs": (a_strategy(LOOK), "rules.0.needs", 100),
    "rules.[].fee": (a_strategy(LOOK), "rules.0.fee", 500),
    "bidding": (a_strategy(), "bidding", "everything"),
    "ready.cost": (a_strategy(ready=KEPT), "ready.cost", 900),
    "ready.shelf_life": (a_strategy(ready=KEPT), "ready.shelf_life", 3),
    "ready.months": (a_strategy(ready=KEPT), "ready.months", 20),
    "stretched": (a_strategy(bidding="everything"), "stretched", 3),
    "rules.[].rearm_above": (a_strategy(FREEZE | {"at_most": 9}), "rules.0.rearm_above", 6),
}


@pytest.mark.parametrize("address", list(fields_of(Strategy)))
def test_every_field_of_a_strategy_moves_a_figure(address):
    assert address in OF_STRATEGY, f"{address} is new in strategies: write a variation of it"
    raw, place, to = OF_STRATEGY[address]
    org = changed(organisation(), {"opening.bank": 50_000} | FOR_STRATEGIES)
    one, two = (figures(played(org, strategy_from(r, "s.toml"))) for r in (raw, changed(raw, {place: to})))
    assert differ(one, two), f"{place} = {to!r} moves no account and no fate"


def test_every_variation_of_a_strategy_is_of_a_field():
    assert set(OF_STRATEGY) - {"source"} == set(fields_of(Strategy))


# ---- scenarios


def a_scenario(shock=None, change=None):
    return {
        "name": "S",
        "why": "a test",
        "source": "a test",
        "shocks": [shock] if shock else [],
        "changes": [change] if change else [],
    }


def shock(**streams):
    return a_scenario(shock={"streams": streams, "depth": 0.3, "from": "2026-10", "notice": 2})


def rise(what, **chosen):
    return a_scenario(shock={what: chosen, "rise": 0.3, "from": "2026-10"})


def change(what, name, where=None, **how):
    return a_scenario(change={"what": what, "where": where or {}, "field": name} | how)


YEARLY = {"what": "streams", "field": "yearly"}
OF_SCENARIO = {
    "shocks.[].streams.id": (shock(id="council"), "shocks.0.streams.id", ["gifts"]),
    "shocks.[].streams.kind": (shock(kind="local authority"), "shocks.0.streams.kind", "giving"),
    "shocks.[].streams.form": (shock(form="contract"), "shocks.0.streams.form", ["gift"]),
    "shocks.[].streams.payer": (shock(payer="town"), "shocks.0.streams.payer", "gifts"),
    "shocks.[].streams.payment": (shock(payment="arrears"), "shocks.0.streams.payment", "monthly"),
    "shocks.[].streams.dock": (shock(id="council"), "shocks.0.streams.dock", "team"),
    "shocks.[].streams.post": (shock(id="council"), "shocks.0.streams.post", "guide"),
    "shocks.[].streams.programme": (shock(programme="p"), "shocks.0.streams.programme", "q"),
    "changes.[].where.programme": (
        change("streams", "yearly", {"programme": "p"}, times=2),
        "changes.0.where.programme",
        "q",
    ),
    "shocks.[].streams.largest": (shock(), "shocks.0.streams.largest", True),
    "shocks.[].costs.id": (rise("costs", id="rent"), "shocks.0.costs.id", "kit"),
    "shocks.[].costs.dock": (rise("costs", dock="hub"), "shocks.0.costs.dock", "team"),
    "shocks.[].services.id": (rise("services", id="advice"), "shocks.0.services.id", "other"),
    "shocks.[].services.dock": (rise("services", dock="team"), "shocks.0.services.dock", "classes"),
    "shocks.[].rise": (rise("costs", id="rent"), "shocks.0.rise", -0.2),
    "shocks.[].until": (shock(id="council"), "shocks.0.until", "6 months"),
    "shocks.[].depth": (shock(id="council"), "shocks.0.depth", 0.5),
    "shocks.[].from": (shock(id="council"), "shocks.0.from", "next April"),
    "shocks.[].notice": (shock(id="council"), "shocks.0.notice", 0),
    "changes.[].what": (change("posts", "charged_to", to={"other": 0.2}), "changes.0.what", "costs"),
    "changes.[].where.id": (change("streams", "yearly", {"id": "council"}, times=2), "changes.0.where.id", "gifts"),
    "changes.[].where.kind": (
        change("streams", "yearly", {"kind": "giving"}, times=2),
        "changes.0.where.kind",
        ["NHS"],
    ),
    "changes.[].where.form": (
        change("streams", "yearly", {"form": "gift"}, times=2),
        "changes.0.where.form",
        "contract",
    ),
    "changes.[].where.payer": (
        change("streams", "yearly", {"payer": "gifts"}, times=2),
        "changes.0.where.payer",
        "town",
    ),
    "changes.[].where.payment": (
        change("streams", "yearly", {"payment": "arrears"}, times=2),
        "changes.0.where.payment",
        "monthly",
    ),
    "changes.[].where.dock": (change("posts", "pay", {"dock": "team"}, times=2), "changes.0.where.dock", "hub"),
    "changes.[].where.post": (change("posts", "pay", {"post": "guide"}, times=2), "changes.0.where.post", "director"),
    "changes.[].where.largest": (change("streams", "yearly", times=2), "changes.0.where.largest", True),
    "changes.[].field": (change("streams", "late", {"id": "council"}, to=0.9), "changes.0.field", "cut"),
    "changes.[].to": (change("streams", "yearly", {"id": "gifts"}, to=10_000), "changes.0.to", 20_000),
    "changes.[].years": (change("organisation", "economy.cpi", years=[0.09]), "changes.0.years", [0.02, 0.09]),
    "changes.[].add": (change("streams", "yearly", {"id": "gifts"}, add=10_000), "changes.0.add", -10_000),
    "changes.[].odds": (change("streams", "cut", {"id": "council"}, odds=9), "changes.0.odds", 0.1),
    "changes.[].times": (change("streams", "yearly", {"id": "gifts"}, times=2), "changes.0.times", 0.5),
}


@pytest.mark.parametrize("address", [a for a in fields_of(Scenario) if a != "source"])
def test_every_field_of_a_scenario_moves_a_figure(address):
    assert address in OF_SCENARIO, f"{address} is new in scenarios: write a variation of it"
    raw, place, to = OF_SCENARIO[address]
    belongs = {"streams.council.programme": "p", "streams.gifts.programme": "q"}
    raw_of = changed(organisation(), belongs | {"programmes": {"p": {"stage": "peak"}, "q": {"stage": "peak"}}})
    first, one, two = (figures(played(raw_of, "carry on", s)) for s in ([], [scenario_from(raw, "s.toml")], [scenario_from(changed(raw, {place: to}), "s.toml")]))  # fmt: skip
    assert differ(first, one), f"{raw} moves no account and no fate"
    assert differ(one, two), f"{place} = {to!r} moves no account and no fate"


def test_every_variation_of_a_scenario_is_of_a_field():
    assert set(OF_SCENARIO) == {a for a in fields_of(Scenario) if a != "source"}


# ---- the test itself


def test_a_field_added_to_the_format_is_missed_here():
    wider = create_model("Wider", __base__=Organisation, colour=(str | None, described("a new field", "", None)))
    assert set(fields_of(wider)) - set(BY_ADDRESS) - set(IDLE) == {"colour"}


def test_a_field_that_does_nothing_is_noticed():
    assert moved(Vary("name", "Another name")) == []
    assert moved(Vary("source", "another source")) == []
