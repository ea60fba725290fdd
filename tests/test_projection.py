"""What must hold of any projection (docs/model.md, section 3; MODEL.md, sections 2 and 14): compared to the bit, on whole accounts."""

import hashlib
import os
import random
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from benchmarks.models import full_size

from resilience import project, read_organisation, read_scenario, read_strategy
from resilience.draws import fill
from resilience.organisation_file import organisation_from
from resilience.projection import under
from resilience.projection.luck import luck
from resilience.projection.plan import prepare
from resilience.rows import CLOSED, CONTINUING, EVENTS, INSOLVENT
from resilience.scenario import apply
from resilience.strategy import strategy_from

MONTHS = 30
CARRY_ON, HUB_AND_DOCK, CUT_LATE = "carry on", "hub and dock", "cut late"
STRATEGIES = (CARRY_ON, HUB_AND_DOCK, CUT_LATE)
BANK = {CARRY_ON: 240_000, HUB_AND_DOCK: 240_000, CUT_LATE: 200_000}


def busy(strategy=CARRY_ON):
    """The full-size organisation with a facility and its covenant, loans, late payers and noise; so poor that about half the paths end."""
    raw = full_size()
    raw["opening"] |= {"bank": BANK[strategy], "investments": 30_000, "provisions": 9_000, "provisions_due": "2026-11"}
    raw["facility"] = {"limit": 60_000, "until": "2028-03", "covenant": 5_000}
    raw["loans"] = {
        "building": {"balance": 40_000, "repayment": 8_000, "interest": 0.06, "secured": True},
        "van": {"balance": 9_000, "repayment": 3_000},
    }
    raw["fixed_assets"] = {"value": 60_000, "depreciation": 4_000, "purchases": [{"month": "2027-02", "amount": 6_000}]}
    raw["streams"]["stream_00"] |= {
        "payer": "council",
        "lag": 1.5,
        "late": 0.3,
        "late_months": 2,
        "cut": 0.5,
        "settlement_share": 0.5,
    }
    raw["streams"]["stream_01"] |= {
        "payer": "council",
        "lag": 0.5,
        "cut": 0.6,
        "settlement_share": 0.2,
        "notice": "none",
    }
    raw["closing"] = {"lease_until": "2027-03", "lease_yearly": 12_000, "run_off": 3_000}
    for dock in raw["docks"].values():
        for post in dock["posts"].values():
            post["service"] = 1
    for name, until in (("stream_04", "2027-03"), ("stream_05", "2027-05")):
        raw["streams"][name] |= {"until": until, "renewal": {"chance": 0.5, "told": 3, "term": 12}}
    raw["bids"]["bid_2"] |= {"chance": 0.1, "decision": "2027-10"}
    raw["docks"]["dock_2"]["posts"]["worker"]["service"] = 9
    raw["docks"]["dock_0"]["costs"]["running"] |= {"noise": {"sd": 0.1, "autocorrelation": 0.5}}
    raw["services"]["service_1"] |= {"noise": {"sd": 3, "of": "pounds"}, "waits": 0.5}
    return raw


def run(raw, strategy=CARRY_ON, **how):
    how = {"paths": 200, "months": MONTHS, "keep_paths": True} | how
    rules = strategy if not isinstance(strategy, str) else read_strategy(strategy)
    return project(organisation_from(raw, "x.toml"), strategy=rules, **how)


def arrays(p):
    """Every account by month and path, and every fate by path."""
    return {**p.accounts, **{f"fate: {name}": values for name, values in p.paths.items()}}


def differing(a, b, columns=slice(None), but=(), added=False):
    """Names of accounts and fates that differ by one bit; `columns` of a only. added: b may hold more accounts."""
    one, other = arrays(a), arrays(b)
    assert set(one) == set(other) or (added and set(one) <= set(other))
    return [name for name in one if name not in but and not np.array_equal(one[name][..., columns], other[name])]


def uneventful(p):
    """Whether a run has too little in it to show anything."""
    fates = p.paths
    ends = {kind: (fates["end_kind"] == kind).mean() for kind in (CONTINUING, INSOLVENT, CLOSED)}
    return max(ends.values()) > 0.95 or fates["posts_lost"].max() + fates["won"].max() == 0


# ---- which paths, in what company


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_first_1000_of_5000_paths_are_a_run_of_1000(strategy):
    few, many = run(busy(strategy), strategy, paths=1_000), run(busy(strategy), strategy, paths=5_000)
    assert not uneventful(few)
    assert not differing(many, few, slice(1_000))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_workers_and_block_length_change_nothing(strategy):
    base = run(busy(strategy), strategy, paths=301, workers=1)
    for workers, block in ((1, 1), (2, 7), (3, 7), (2, 264), (3, 264), (1, 300), (2, 300), (1, 301)):
        assert not differing(base, run(busy(strategy), strategy, paths=301, workers=workers, block=block)), (
            workers,
            block,
        )


def test_paths_played_alone_are_columns_of_the_whole_run():
    whole = run(busy(CUT_LATE), CUT_LATE, paths=600)
    for k in (0, 1, 263, 264, 599):
        assert not differing(whole, run(busy(CUT_LATE), CUT_LATE, only=np.array([k])), [k]), k
    some = np.array([500, 3, 77])
    assert not differing(whole, run(busy(CUT_LATE), CUT_LATE, only=some), some)


def test_another_seed_is_another_future():
    one, other = run(busy(), seed=1), run(busy(), seed=2)
    assert {"bank", "heads", "served", "fate: end"} <= set(differing(one, other))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_longer_horizon_changes_no_month_before(strategy):
    short, long = run(busy(strategy), strategy, months=18), run(busy(strategy), strategy, months=MONTHS)
    assert set(short.accounts) == set(long.accounts)
    assert not [n for n, values in short.accounts.items() if not np.array_equal(values, long.accounts[n][:18])]


def test_without_chance_there_is_one_path():
    p = run(busy(), chance=False, paths=500)
    assert p.number == 1 and {values.shape[-1] for values in arrays(p).values()} == {1}
    assert not differing(p, run(busy(), chance=False, seed=99))
    raw = busy() | {"chance": False}
    assert not differing(p, run(raw))
    assert not (set(np.ravel(p.accounts["left"])) - {0})  # nobody leaves by chance
    assert run(raw, chance=True).number == 200


# ---- the order of the file


def shuffled(tables, luck_of):
    """The same tables, their keys in another order; lists of names too, where order has no meaning."""
    if not isinstance(tables, dict):
        return tables
    keys = list(tables)
    luck_of.shuffle(keys)
    return {
        k: luck_of.sample(tables[k], len(tables[k]))
        if k in ("funded_by", "core", "purchases")
        else shuffled(tables[k], luck_of)
        for k in keys
    }


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_order_of_the_file_changes_nothing(strategy):
    raw = busy(strategy)
    raw["fixed_assets"]["purchases"].append({"month": "2027-02", "amount": 1_000})
    raw["hub"]["posts"]["office"]["charged_to"] = {"fund_1": 0.3, "fund_0": 0.5}
    base = run(raw, strategy)
    for seed in range(5):
        assert not differing(base, run(shuffled(raw, random.Random(seed)), strategy)), seed


# ---- one thing added


def with_bid(strategy, **changes):
    raw = busy(strategy)
    raw["bids"]["a_first"] = {"kind": "NHS", "chance": 0, "yearly": 90_000, "term": 24, "decision": "2026-12"} | changes
    return raw


@pytest.mark.parametrize("strategy", STRATEGIES)
@pytest.mark.parametrize("where", ["nowhere", "a dock that works", "a dock of its own", "a restricted fund"])
def test_a_bid_that_cannot_be_won_and_costs_nothing_changes_nothing(strategy, where):
    raw = with_bid(
        strategy,
        mobilisation={"months": 2, "cost": 20_000},
        **({"form": "grant"} if where == "a restricted fund" else {}),
    )
    if where == "a dock that works":
        raw["docks"]["dock_2"]["funded_by"].insert(0, "a_first")
    if where == "a dock of its own":
        raw["docks"]["another"] = {
            "funded_by": ["a_first"],
            "posts": {"guide": {"heads": 2, "pay": 27_000, "service": 9}},
            "costs": {"kit": {"yearly": 9_000}},
        }
    base, other = run(busy(strategy), strategy), run(raw, strategy)
    assert not differing(base, other, but=("fate: lost",), added=True)
    told = (base.paths["end"] < 0) | (base.paths["end"] >= 8)
    assert np.array_equal(other.paths["lost"] - base.paths["lost"], told.astype(int))


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_a_bid_at_probability_nought_is_a_bid_lost(strategy):
    costs = {"cost": 4_000, "mobilisation": {"months": 2, "cost": 20_000}}
    raw = with_bid(strategy, **costs)
    raw["docks"]["dock_2"]["funded_by"].insert(0, "a_first")
    never = run(raw, strategy)
    raw["bids"]["a_first"]["chance"] = 0.5
    even = run(raw, strategy)
    lost = np.flatnonzero(drawn(raw, paths=200)["bids.a_first: won"] == 0)
    assert 0.4 < len(lost) / 200 < 0.6
    assert not [n for n, x in arrays(even).items() if not np.array_equal(x[..., lost], arrays(never)[n][..., lost])]


def test_an_award_told_after_closing_is_decided_counts_for_nothing():
    # the path is closing when the award is told, so it is lost, and the forecast must not hope for its income
    raw = with_bid(CUT_LATE, chance=0)
    never = run(raw, CUT_LATE, paths=500, months=18)
    raw["bids"]["a_first"]["chance"] = 1
    always = run(raw, CUT_LATE, paths=500, months=18)
    closing = np.flatnonzero(
        (never.paths["end_kind"] == CLOSED) & (always.paths["won"] == never.paths["won"]) & (never.paths["end"] > 8)
    )
    assert len(closing) > 10
    assert not [
        n for n, x in arrays(always).items() if not np.array_equal(x[..., closing], arrays(never)[n][..., closing])
    ]


def drawn(raw, paths=150, months=MONTHS, seed=1):
    """{what: what chance decided of it}, by name: uniforms of every source, and what streams, bids, lines and services make of theirs."""
    prepared = prepare(organisation_from(raw, "x.toml"), read_strategy(CARRY_ON), months)
    u = np.zeros((prepared.sources.height, paths))
    fill(*prepared.sources.arrays(seed), np.arange(paths, dtype=np.uint64), u)
    found = {f"uniforms of {n}": u[first : first + 4 * calls] for n, (first, calls) in prepared.sources.names.items()}
    it, funding, rows = luck(prepared, u), prepared.funding, prepared.plan.streams
    for s, name in enumerate(funding.names):
        found |= {f"{name}: amount": it.amount[s], f"{name}: renewed": it.renewed[s], f"{name}: cuts": it.cuts[s]}
        if rows.bid[s] >= 0:
            found[f"{name}: won"] = it.won[rows.bid[s]]
        if rows.lag[s] >= 0:
            found[f"{name}: waits"] = it.wait[rows.lag[s]]
        if rows.noise[s] >= 0:
            found[f"{name}: noise"] = it.noise[rows.noise[s]]
        if (cut := funding.cuts[s]) is not None:
            here = slice(funding.cut_row[s], funding.cut_row[s] + cut.most)
            told = np.arange(cut.most)[:, None] < it.cuts[s]
            for what in ("cut_told", "cut_effective", "cut_keep"):
                found[f"{name}: {what}"] = np.where(told, getattr(it, what)[here], -1)
        if (turns := funding.turns[s]) is not None:
            here = slice(funding.turn_row[s], funding.turn_row[s] + turns.most)
            asked = np.arange(turns.most)[:, None] < it.turns[s]
            for what in ("turn_told", "turn_from", "turn_until", "turn_keep"):
                found[f"{name}: {what}"] = np.where(asked, getattr(it, what)[here], -1)
    found |= {f"{name}: cost": it.line[i] for i, name in enumerate(prepared.places)}
    found |= {f"{name}: referrals": it.referrals[i] for i, name in enumerate(prepared.services)}
    return found


def added_stream(raw):
    raw["streams"]["a_first"] = raw["streams"]["stream_00"] | {"payer": "another"}


def removed_stream(raw):
    del raw["streams"]["stream_05"]
    raw["docks"]["dock_2"]["funded_by"].remove("stream_05")


def changed_stream(raw):
    raw["streams"]["stream_01"] |= {
        "yearly": 1_000,
        "cut": 0.9,
        "settlement_share": 0.9,
        "lag": 3,
        "payment": "arrears",
    }


def more_heads(raw):
    raw["hub"]["posts"]["finance"]["heads"] = 4
    raw["hub"]["posts"]["a_first"] = {"heads": 2, "pay": 30_000, "service": 1}


def other_things(raw):
    raw["services"]["a_first"] = {
        "dock": "dock_5",
        "caseload": 9,
        "length": 3,
        "referrals": {"low": 1, "likely": 2, "high": 4},
    }
    raw["hub"]["costs"]["a_first"] = {"yearly": {"low": 100, "likely": 200, "high": 400}, "noise": {"sd": 0.2}}
    raw["bids"]["a_first"] = {"kind": "trust", "chance": 0.5, "yearly": 9_000, "term": 6, "decision": "2026-08"}


@pytest.mark.parametrize(
    ("change", "own"),
    [
        (added_stream, ("streams.a_first", "payers.another")),
        (removed_stream, ("streams.stream_05", "payers.stream_05")),
        (changed_stream, ("streams.stream_01", "payers.council")),
        (more_heads, ("hub.posts.finance", "hub.posts.a_first")),
        (other_things, ("services.a_first", "hub.costs.a_first", "bids.a_first", "a_first")),
    ],
)
def test_one_thing_changed_leaves_the_draws_of_all_others_alone(change, own):
    raw = busy()
    before = drawn(raw)
    change(raw)
    after = drawn(raw)
    assert len(before) > 150 and any("cut_told" in name for name in before)
    theirs = {n for n in before.keys() | after.keys() if not any(x in n for x in own)}
    assert theirs <= before.keys() & after.keys()
    assert not [n for n in theirs if not np.array_equal(before[n], after[n])]


def test_a_head_added_leaves_the_luck_of_the_others_alone():
    raw = busy()
    before = drawn(raw)
    raw["docks"]["dock_1"]["posts"]["worker"]["heads"] += 3
    after = drawn(raw)
    heads = {n for n in before if ".head " in n}
    assert len(heads) > 30 and heads < {n for n in after if ".head " in n}
    assert not [n for n in before if not np.array_equal(before[n], after[n])]


# ---- what more money does


@pytest.mark.parametrize("richer", [1, 100, 5_000, 60_000])
def test_under_carry_on_more_cash_shortens_no_runway(richer):
    raw = busy()
    del raw["facility"]["covenant"]

    def runway(bank):
        raw["opening"]["bank"] = bank
        end = run(raw, paths=500).paths["end"]
        return np.where(end < 0, MONTHS, end)

    for bank in (60_000, 140_000, 190_000):
        poor, rich = runway(bank), runway(bank + richer)
        assert (rich >= poor).all(), bank
        assert richer < 5_000 or (rich > poor).any() or poor.min() == MONTHS, bank


def round_sums():
    """No posts, so no threshold of law; every amount so round that no share of it is rounded; nothing unlisted, whose cost would be."""
    paid = {
        "kind": "trading",
        "form": "sale",
        "payment": "monthly",
        "cut": 0.6,
        "depth": 0.5,
        "at_most": 3,
        "settlement_share": 0.5,
    }
    return {
        "name": "Round sums", "first_month": "2026-04", "creditor_days": 45, "economy": {"cpi": 0, "earnings": 0, "prices_doubt": 0, "earnings_doubt": 0},
        "opening": {"bank": 240_000, "investments": 12_000, "held_for_others": 1_200, "debtors": 6_000, "creditors": 2_400, "programme_related_investments": 5_000,
                    "essential_designations": 7_000, "provisions": 3_000, "provisions_due": "2026-08"},
        "reserves_policy": {"months": 3}, "unlisted_event": {"chance": 0},
        "facility": {"limit": 36_000, "interest": 0, "covenant": 12_000},
        "loans": {"van": {"balance": 24_000, "repayment": 12_000, "interest": 0.12}},
        "fixed_assets": {"value": 48_000, "depreciation": 4_800, "purchases": [{"month": "2027-01", "amount": 6_000}]},
        "closing": {"lease_until": "2028-03", "lease_yearly": 24_000, "dilapidations": 5_000, "run_off": 2_000, "penalties": 300, "pension_exit": 700},
        "funds": {"project": {"opening": 24_000, "overhead": 0.125, "overhead_yearly": 2_400, "overhead_cap": 4_800}},
        "streams": {
            "shop": paid | {"yearly": 384_000},
            "council": {"kind": "local authority", "yearly": 192_000, "payment": "arrears", "lag": 1.5, "late": 0.25, "late_months": 2, "cut": 0.7, "depth": 0.25, "at_most": 2},
            "trust": {"kind": "trust", "form": "grant", "fund": "project", "yearly": 96_000, "until": "2027-03", "renewal": {"chance": 0.5, "fraction": 0.5}},
            "ahead": {"kind": "NHS", "payment": "quarterly in advance", "yearly": 48_000, "cut": 0.3, "depth": 0.5, "at_most": 2},
        },
        "bids": {"tender": {"kind": "NHS", "chance": 0.5, "yearly": 96_000, "term": 12, "decision": "2026-09", "cost": 1_200, "mobilisation": {"months": 2, "cost": 3_600}, "payment": "arrears", "lag": 1}},
        "hub": {"costs": {"all": {"yearly": 576_000}, "vat": {"yearly": 12_000, "vat": "none"}}},
        "docks": {"team": {"funded_by": ["trust"], "costs": {"kit": {"yearly": 72_000}}}},
    }  # fmt: skip


AMOUNTS = (
    *(
        "bank",
        "investments",
        "held_for_others",
        "debtors",
        "creditors",
        "programme_related_investments",
        "essential_designations",
        "provisions",
    ),
    *(
        "limit",
        "covenant",
        "balance",
        "repayment",
        "value",
        "depreciation",
        "amount",
        "lease_yearly",
        "dilapidations",
        "run_off",
        "penalties",
    ),
    *("pension_exit", "opening", "overhead_yearly", "overhead_cap", "yearly", "cost"),
)


def doubled(tables):
    if isinstance(tables, list):
        return [doubled(one) for one in tables]
    if not isinstance(tables, dict):
        return tables
    return {k: 2 * v if k in AMOUNTS and not isinstance(v, (dict, list)) else doubled(v) for k, v in tables.items()}


@pytest.mark.parametrize("strategy", [CARRY_ON, CUT_LATE])
def test_every_amount_doubled_doubles_every_balance_and_no_end(strategy):
    one, two = run(round_sums(), strategy, paths=1_000), run(doubled(round_sums()), strategy, paths=1_000)
    ended = (one.paths["end"] >= 0).mean()
    assert 0.05 < ended < 0.98 and one.accounts["facility"].max() > 0 and one.paths["first_breach"].max() > 0
    money = {*one.played.money, "fate: lowest", "fate: late_cost", "held_for_others"} | {
        n for n in one.accounts if ":" in n
    }
    money.add("programme_related_investments")
    for name, values in arrays(one).items():
        assert np.array_equal(arrays(two)[name], values * (2 if name in money else 1)), name


# ---- the same again


SCRIPT = """
import hashlib, sys
from benchmarks.models import full_size
from resilience import project, read_strategy
from resilience.exports import write
from resilience.organisation_file import organisation_from
organisation = organisation_from(full_size(), "x.toml")
write(project(organisation, strategy=read_strategy("hub and dock"), paths=40, months=18, keep_paths=True), sys.argv[1], keep_paths=True)
"""


def test_same_inputs_same_bytes(tmp_path):
    tests = Path(__file__).parent
    written = []
    for salt in ("0", "4711"):  # sets and dictionaries are walked in another order by each process
        there = tmp_path / salt
        env = os.environ | {"PYTHONHASHSEED": salt, "PYTHONPATH": f"{tests}{os.pathsep}{tests.parent}"}
        subprocess.run([sys.executable, "-c", SCRIPT, str(there)], check=True, env=env, timeout=120)
        written.append({p.name: hashlib.sha256(p.read_bytes()).hexdigest() for p in there.iterdir()})
    assert {"projection.json", "accounts.parquet", "measures.csv"} <= set(written[0])
    assert written[0] == written[1]


# ---- the log of one path


def told(p):
    """Events of the path: (month, what, row, value)."""
    return [(int(t), EVENTS[e], int(row), int(value)) for t, e, row, value in p.played.log]


@pytest.mark.parametrize("strategy", STRATEGIES)
def test_the_events_of_a_path_are_those_of_its_accounts(strategy):
    seen = set()
    for k in range(25):
        p = run(busy(strategy), strategy, only=np.array([k]), log=True)
        log, fates, accounts = (
            told(p),
            {n: v[0] for n, v in p.paths.items()},
            {n: v[:, 0] for n, v in p.accounts.items()},
        )
        seen |= {what for _, what, _, _ in log}
        assert [t for t, *_ in log] == sorted(t for t, *_ in log)

        def number(what, log=log):
            """How often in each month."""
            return np.bincount([t for t, event, _, _ in log if event == what], minlength=MONTHS)

        def first(what, log=log):
            return next((t for t, event, _, _ in log if event == what), -1)

        assert np.array_equal(number("joins"), accounts["joined"])
        assert np.array_equal(number("leaves") + number("made redundant"), accounts["left"])
        assert number("made redundant").sum() == fates["posts_lost"]
        assert (number("bid won").sum(), number("bid lost").sum()) == (fates["won"], fates["lost"])
        assert first("policy breached") == fates["first_breach"]
        assert first("point of no return") == fates["no_return"]
        assert first("restricted money touched") == fates["restricted_touched"]
        assert first("insolvent") == (fates["end"] if fates["end_kind"] == INSOLVENT else -1)
        assert first("closed in order") == (fates["end"] if fates["end_kind"] == CLOSED else -1)
        more = np.diff(accounts["facility"], prepend=0)
        drawn_down = {t: value for t, event, _, value in log if event == "facility drawn"}
        assert all(drawn_down[t] == more[t] for t in range(MONTHS) if more[t] > 0 and t in drawn_down)
        assert {t for t in range(MONTHS) if more[t] > 0} <= set(drawn_down)
        if fates["end"] >= 0:
            assert max(t for t, *_ in log) == fates["end"]
    assert {"amount cut", "renewed", "not renewed", "bid won", "bid lost", "goes live", "stream ends", "joins", "leaves", "paid late"} <= seen  # fmt: skip
    more = {
        CARRY_ON: {"insolvent", "facility drawn", "covenant missed"},
        HUB_AND_DOCK: {"redeployed", "dock closes", "notice withdrawn"},
        CUT_LATE: {"rule fired"},
    }[strategy]
    assert more <= seen
    if strategy != CARRY_ON:
        assert {"made redundant", "notice served", "rule fired", "closed in order"} <= seen


def test_heads_follow_from_the_events():
    for k in range(12):
        p = run(busy(HUB_AND_DOCK), HUB_AND_DOCK, only=np.array([k]), log=True)
        log, heads = told(p), p.accounts["heads"][:, 0]
        opening = int(heads[0] - p.accounts["joined"][0, 0] + p.accounts["left"][0, 0])
        change = {"joins": 1, "leaves": -1, "made redundant": -1}
        for t in range(MONTHS):
            assert heads[t] == opening + sum(change.get(what, 0) for month, what, _, _ in log if month <= t), (k, t)


def test_a_log_asked_of_many_paths_is_that_of_the_first():
    assert told(run(busy(), paths=600, log=True, block=264)) == told(run(busy(), only=np.array([0]), log=True))


def test_a_log_changes_nothing():
    assert not differing(run(busy(CUT_LATE), CUT_LATE, log=True), run(busy(CUT_LATE), CUT_LATE))


# ---- strategies


def test_a_strategy_without_rules_is_carry_on():
    nothing = strategy_from({"name": "Nothing", "why": "a test", "source": "a test"}, "x.toml")
    assert not differing(run(busy(), CARRY_ON), run(busy(), nothing))


def test_strategies_meet_the_same_futures():
    by = {s: run(busy(HUB_AND_DOCK), s) for s in STRATEGIES}
    for s in STRATEGIES[1:]:  # until a path's first rule fires nothing differs; in the first month it cannot have fired
        assert all(
            np.array_equal(by[CARRY_ON].accounts[n][0], by[s].accounts[n][0])
            for n in ("bank", "income", "heads", "demand")
        )
        alike = (
            (by[CARRY_ON].accounts["income_gift"] == by[s].accounts["income_gift"])
            | (by[s].accounts["income_gift"] == 0)
            | (by[CARRY_ON].accounts["income_gift"] == 0)
        )
        assert alike.all()  # gifts depend on chance alone, as long as a path goes on


def test_shipped_organisations_can_be_projected():
    for name in ("certain", "advice_charity", "nursery"):
        p = project(read_organisation(name), paths=20, months=12)
        assert np.isfinite(p.measure("bank").mean[0])


def test_under_another_strategy_is_the_projection_of_that_strategy():
    organisation, scenario = read_organisation("small_bids"), read_scenario("council_cut_30")
    first = project(organisation, scenario, read_strategy("carry_on"), paths=300, months=40, seed=5, keep_paths=True)
    found, alone = (
        under(first, read_strategy("hub_and_dock")),
        project(organisation, scenario, read_strategy("hub_and_dock"), paths=300, months=40, seed=5, keep_paths=True),
    )
    assert found.manifest == alone.manifest
    assert all(np.array_equal(found.accounts[name], alone.accounts[name]) for name in alone.accounts)
    assert found.manifest != first.manifest


def test_scenarios_applied_before_are_in_the_manifest_like_those_given():
    organisation, scenario = read_organisation("small_bids"), read_scenario("council_cut_30")
    given = project(organisation, scenario, paths=10, months=6)
    applied = project(apply(organisation, [scenario]), paths=10, months=6)
    assert applied.manifest == given.manifest
    assert [one["role"] for one in given.manifest["inputs"]] == ["organisation", "strategy", "scenario 1"]


def test_measures_that_are_not_asked_for_are_not_kept():
    found = project(read_organisation("small_bids"), paths=10, months=6, measures=("spendable", "served"))
    assert found.names == ("spendable", "served")
    with pytest.raises(ValueError, match="spendables: no such measure; there are bank, spendable"):
        project(read_organisation("small_bids"), paths=10, months=6, measures=("spendables",))
