"""Organisations to measure with: the reference job REF-1 and the full-size model. Made up; amounts in pounds."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

REFERENCE = Path(__file__).resolve().parents[3] / "shared" / "benchmarks" / "params.json"


def full_size() -> dict[str, Any]:
    """12 streams, 8 bids, 6 docks of 3 kinds of post, 4 services, 3 funds, month noise on three streams."""
    kinds = ["local authority", "local authority", "NHS", "central government", "lottery", "trust", "trust", "corporate", "giving", "trading", "NHS", "trust"]
    streams: dict[str, Any] = {}
    for i, kind in enumerate(kinds):
        one: dict[str, Any] = {"kind": kind, "yearly": {"low": 70_000 + 4_000 * i, "likely": 80_000 + 4_000 * i, "high": 95_000 + 4_000 * i}}
        if kind in ("lottery", "trust"):
            one |= {"until": f"202{8 + i % 2}-03", "fund": f"fund_{i % 3}", "form": "grant", "renewal": {"chance": 0.6, "term": 24, "fraction": {"low": 0.7, "likely": 0.9, "high": 0.98}}}
        if kind in ("giving", "trading", "corporate"):
            one |= {"noise": {"sd": 0.2}}
        streams[f"stream_{i:02d}"] = one
    bids = {f"bid_{j}": {"kind": "NHS", "chance": 0.3 + 0.03 * j, "yearly": 150_000, "term": 24 + 6 * (j % 3), "decision": f"202{6 + j // 3}-{9 - j % 3:02d}",
                         "mobilisation": {"months": 2, "cost": 4_000}, "cost": 1_500} for j in range(8)}  # fmt: skip
    docks: dict[str, Any] = {}
    for d in range(6):
        posts = {kind: {"heads": n, "pay": pay, "service": service, "post": kind} for kind, n, pay, service in (("lead", 1, 36_000, 6), ("worker", 3, 28_000, 4), ("assistant", 1, 24_500, 2))}
        funded = [f"stream_{2 * d:02d}", f"stream_{2 * d + 1:02d}"] + ([f"bid_{d}"] if d < 2 else [])
        docks[f"dock_{d}"] = {"funded_by": funded, "posts": posts, "costs": {"running": {"yearly": 18_000}}}
    for j in range(2, 8):
        docks[f"dock_{j % 6}"]["funded_by"].append(f"bid_{j}")
    hub_posts = {"director": {"heads": 1, "pay": 52_000, "service": 8}, "finance": {"heads": 2, "pay": 33_000, "service": 5}, "office": {"heads": 2, "pay": 25_000, "service": 3}}
    return {
        "name": "Full size", "first_month": "2026-04", "redeployment": 0.5,
        "opening": {"bank": 420_000, "debtors": 40_000}, "reserves_policy": {"months": 3},
        "funds": {f"fund_{f}": {"opening": 20_000, "overhead": 0.1} for f in range(3)},
        "streams": streams, "bids": bids, "docks": docks,
        "hub": {"core": ["director", "finance"], "posts": hub_posts, "costs": {"rent": {"yearly": 48_000}, "other": {"yearly": {"low": 20_000, "likely": 26_000, "high": 36_000}}}},
        "services": {f"service_{v}": {"dock": f"dock_{v}", "caseload": 25, "length": 6, "referrals": {"low": 14, "likely": 18, "high": 24}, "growth": 0.04} for v in range(4)},
        "closing": {"lease_until": "2029-03", "lease_yearly": 48_000, "dilapidations": 15_000, "run_off": 12_000},
    }  # fmt: skip


def reference(flat: bool = False) -> dict[str, Any]:
    """REF-1 as an organisation file: as far as the format of today can say it.

    The two-state climate and the hazards that hang on it wait for their section, so the hazards stand at their calm level (`flat`).
    """
    data = json.loads(REFERENCE.read_text())
    streams = {}
    for s in data["streams"]:
        yearly = 1 - (1 - s["hazard"]) ** 12
        span = (s["lo"], s["mode"], min(0.99, s["hi"]))
        streams[s["name"]] = {
            "kind": "trading", "form": "sale", "payment": "monthly", "yearly": 12 * s["amount"], "cut": yearly, "settlement_share": 0, "at_most": 1, "notice": "none",
            "depth": span[1] if flat or span[1] >= 0.98 else {"low": 0.8 * span[1], "likely": span[1], "high": min(0.99, 1.15 * span[1])},
        }  # fmt: skip
    bids = {b["name"]: {"kind": "NHS", "form": "contract", "chance": b["p"], "yearly": 12 * b["value"], "term": b["term"], "decision": f"{2026 + (b['start'] + 2) // 12}-{(b['start'] + 2) % 12 + 1:02d}",
                        "payment": "arrears", "lag": data["pay_lag"], "late": 0} for b in data["bids"]}  # fmt: skip
    return {
        "name": "REF-1", "first_month": "2026-04", "economy": {"cpi": data["inflation"], "earnings": data["inflation"]}, "creditor_days": 0, "employment_allowance": False,
        "opening": {"bank": data["opening_cash"], "creditors": 0}, "grace": 1, "streams": streams, "bids": bids,
        "hub": {"costs": {"core": {"yearly": 12 * data["core_cost"], "noise": {"sd": data["sigma"]}}}},
    }  # fmt: skip
