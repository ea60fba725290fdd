"""Organisations to measure with: the reference job REF-1 and the full-size model. Made up; amounts in pounds."""

from __future__ import annotations

from typing import Any


def full_size() -> dict[str, Any]:
    """12 streams, 8 bids, 6 docks of 3 kinds of post, 4 services, 3 funds, month noise on three streams."""
    kinds = [
        "local authority",
        "local authority",
        "NHS",
        "central government",
        "lottery",
        "trust",
        "trust",
        "corporate",
        "giving",
        "trading",
        "NHS",
        "trust",
    ]
    streams: dict[str, Any] = {}
    for i, kind in enumerate(kinds):
        one: dict[str, Any] = {
            "kind": kind,
            "yearly": {"low": 70_000 + 4_000 * i, "likely": 80_000 + 4_000 * i, "high": 95_000 + 4_000 * i},
        }
        if kind in ("lottery", "trust"):
            one |= {
                "until": f"202{8 + i % 2}-03",
                "fund": f"fund_{i % 3}",
                "form": "grant",
                "renewal": {"chance": 0.6, "term": 24, "fraction": {"low": 0.7, "likely": 0.9, "high": 0.98}},
            }
        if kind in ("giving", "trading", "corporate"):
            one |= {"noise": {"sd": 0.2}}
        streams[f"stream_{i:02d}"] = one
    bids = {
        f"bid_{j}": {
            "kind": "NHS",
            "chance": 0.3 + 0.03 * j,
            "yearly": 150_000,
            "term": 24 + 6 * (j % 3),
            "decision": f"202{6 + j // 3}-{9 - j % 3:02d}",
            "mobilisation": {"months": 2, "cost": 4_000},
            "cost": 1_500,
        }
        for j in range(8)
    }
    docks: dict[str, Any] = {}
    for d in range(6):
        posts = {
            kind: {"heads": n, "pay": pay, "service": service, "post": kind}
            for kind, n, pay, service in (("lead", 1, 36_000, 6), ("worker", 3, 28_000, 4), ("assistant", 1, 24_500, 2))
        }
        funded = [f"stream_{2 * d:02d}", f"stream_{2 * d + 1:02d}"] + ([f"bid_{d}"] if d < 2 else [])
        docks[f"dock_{d}"] = {"funded_by": funded, "posts": posts, "costs": {"running": {"yearly": 18_000}}}
    for j in range(2, 8):
        docks[f"dock_{j % 6}"]["funded_by"].append(f"bid_{j}")
    hub_posts = {
        "director": {"heads": 1, "pay": 52_000, "service": 8},
        "finance": {"heads": 2, "pay": 33_000, "service": 5},
        "office": {"heads": 2, "pay": 25_000, "service": 3},
    }
    return {
        "name": "Full size",
        "first_month": "2026-04",
        "redeployment": 0.5,
        "opening": {"bank": 420_000, "debtors": 40_000},
        "reserves_policy": {"months": 3},
        "funds": {f"fund_{f}": {"opening": 20_000, "overhead": 0.1} for f in range(3)},
        "streams": streams,
        "bids": bids,
        "docks": docks,
        "hub": {
            "core": ["director", "finance"],
            "posts": hub_posts,
            "costs": {
                "rent": {"yearly": 48_000},
                "other": {"yearly": {"low": 20_000, "likely": 26_000, "high": 36_000}},
            },
        },
        "services": {
            f"service_{v}": {
                "dock": f"dock_{v}",
                "caseload": 25,
                "length": 6,
                "referrals": {"low": 14, "likely": 18, "high": 24},
                "growth": 0.04,
            }
            for v in range(4)
        },
        "closing": {"lease_until": "2029-03", "lease_yearly": 48_000, "dilapidations": 15_000, "run_off": 12_000},
    }


REFERENCE_STREAMS = {  # pounds a month, hazard of a cut a month, its factor in austerity, share lost: least, likeliest, most
    "council_core_grant": (9_000, 0.0040, 4.0, (0.20, 0.50, 1.0)),
    "council_youth": (6_000, 0.0048, 4.0, (0.30, 0.60, 1.0)),
    "nhs_wellbeing": (7_500, 0.0040, 3.0, (0.10, 0.40, 1.0)),
    "police_crime": (3_000, 0.0048, 3.0, (0.30, 1.00, 1.0)),
    "central_fund": (5_000, 0.0060, 2.5, (0.50, 1.00, 1.0)),
    "lottery": (8_000, 0.0032, 1.2, (0.50, 1.00, 1.0)),
    "trust_a": (2_500, 0.0048, 1.1, (0.50, 1.00, 1.0)),
    "trust_b": (2_000, 0.0048, 1.1, (0.50, 1.00, 1.0)),
    "corporate": (3_500, 0.0040, 1.5, (0.20, 0.50, 1.0)),
    "giving": (6_500, 0.0024, 1.3, (0.05, 0.15, 0.4)),
    "cafe": (5_000, 0.0032, 1.5, (0.05, 0.20, 0.6)),
    "room_hire": (4_000, 0.0020, 1.2, (0.05, 0.20, 0.5)),
}
REFERENCE_BIDS = {  # chance, first month, months, pounds a month: income and delivery; once: mobilising and leaving
    "advice_hub": (0.45, 3, 36, 12_000, 10_200, 9_000, 7_000),
    "social_rx": (0.35, 6, 24, 8_000, 6_800, 6_000, 4_500),
    "youth": (0.55, 9, 24, 6_000, 5_100, 4_000, 3_500),
    "carers": (0.30, 12, 36, 10_000, 8_400, 8_000, 6_000),
    "support": (0.25, 15, 36, 15_000, 13_000, 12_000, 9_000),
    "employability": (0.40, 18, 18, 9_000, 7_300, 7_000, 4_000),
    "digital": (0.50, 24, 12, 4_000, 3_300, 2_000, 1_500),
    "housing": (0.30, 30, 24, 11_000, 9_400, 8_000, 6_500),
}
REFERENCE_STRATEGY = {  # a dock goes with its money
    "name": "with the money",
    "why": "REF-1: what a bid pays for costs nothing when its term is over",
    "source": "REF-1",
    "rules": [{"when": "funding ends", "do": "undock"}],
}


def _yearly(hazard: float) -> float:
    return 1 - (1 - hazard) ** 12


def reference() -> dict[str, Any]:
    """REF-1, the small cash model that every tool can run; played under REFERENCE_STRATEGY.

    60 months, 12 streams cut at most once, a two-state climate that multiplies the monthly probability of a cut, 8 bids paid two
    months behind, a core cost that rises 3 % a year with month noise of a tenth. The odds of a cut in a year are multiplied by what
    makes its monthly probability in austerity hazard × factor.
    """
    streams = {}
    for name, (amount, hazard, factor, (least, likely, most)) in REFERENCE_STREAMS.items():
        calm, austere = _yearly(hazard), _yearly(factor * hazard)
        streams[name] = {
            "kind": "trading",
            "form": "sale",
            "payment": "monthly",
            "yearly": 12 * amount,
            "cut": calm,
            "austerity": austere / (1 - austere) / (calm / (1 - calm)),
            "settlement_share": 0,
            "at_most": 1,
            "notice": "none",
            "depth": {"low": least, "likely": likely, "high": most, "ends": "hard", "family": "triangular"},
        }
    bids, docks = {}, {}
    for name, (chance, start, term, income, cost, mobilising, leaving) in REFERENCE_BIDS.items():
        bids[name] = {
            "kind": "NHS",
            "chance": chance,
            "yearly": 12 * income,
            "term": term,
            "decision": f"{2026 + (start + 2) // 12}-{(start + 2) % 12 + 1:02d}",  # the month before the first
            "mobilisation": {"cost": mobilising},
            "demobilisation": leaving,
            "payment": "arrears",
            "lag": 2,
            "late": 0,
        }
        docks[name] = {"funded_by": [name], "costs": {"delivery": {"yearly": 12 * cost, "grows": 0}}}
    return {
        "name": "REF-1",
        "first_month": "2026-04",
        "economy": {"cpi": 0.03, "earnings": 0.03, "prices_doubt": 0, "earnings_doubt": 0},
        "creditor_days": 0,
        "employment_allowance": False,
        "grace": 1,
        "opening": {"bank": 90_000, "creditors": 0},
        "reserves_policy": {"amount": 0},
        "doubt": {"winning": 0, "renewal": 0, "cuts": 0},
        "unlisted_event": {"chance": 0},
        "funder_events": False,
        "climate": {"moves": "monthly", "standstill_to_austerity": 0.02, "austerity_to_standstill": 0.04},
        "streams": streams,
        "bids": bids,
        "docks": docks,
        "hub": {"costs": {"core": {"yearly": 678_000, "noise": {"sd": 0.1}}}},
    }
