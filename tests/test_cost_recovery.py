"""Full cost recovery from files: the worked example of the documentation by hand, published cases, what pays, and refusals."""

import csv
import json
import re
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from a_small_file import play, raw
from click.testing import CliRunner

from resilience import project, read_strategy
from resilience.cli import cli
from resilience.costing.compared import added, compare, modified, under
from resilience.costing.costed import cost, told, worked
from resilience.costing.items import Item
from resilience.costing.price import price
from resilience.costing.ranges import ranged
from resilience.costing.rules import RuleSet, names, rule_set, rule_sets
from resilience.costing.steps import break_points, ended, hours
from resilience.errors import InputError
from resilience.organisation_file import organisation_from, read_organisation
from resilience.words import costing as words
from resilience.words.story import story

DOCS = (Path(__file__).resolve().parent.parent / "docs" / "cost_recovery.md").read_text("utf-8")
EXAMPLE = re.search(r"```toml\n(name = .*?)```", DOCS, re.S)[1]
ACCOUNTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "published_accounts" / "accounts_long.csv"
NO_NIC = {"employer_nic": {"from": "2026-04", "rate": 0, "threshold": 5000}}


def example(**more):
    return organisation_from(tomllib.loads(EXAMPLE) | more, "three_pools.toml")


def organisation(docks, streams=None, hub=None, **more):
    """Docks of one head each at 37.5 hours without NIC and pension, so that pay is all that people cost."""
    tables = raw(streams or {}, docks=docks, hub=hub or {}, employment_allowance=False, **more)
    tables["economy"] = tables["economy"] | NO_NIC
    return organisation_from(tables, "small.toml")


def post(pay=30_000, heads=1, **more):
    return {"heads": heads, "pay": pay, "service": 3, "pension": 0} | more


def dock(pay=30_000, **more):
    return {"posts": {"worker": post(pay)}} | more


def lines(**yearly):
    return {name: {"yearly": pounds} for name, pounds in yearly.items()}


def of(found, name):
    return next(one for one in found.docks if one.name == name)


def faults(tables, word):
    with pytest.raises(InputError) as refused:
        found = organisation_from(tables, "x.toml")
        cost(found)
    return [str(one) for one in refused.value.faults if word in str(one)]


# ---- the example of the documentation, by hand


def test_the_example_by_hand():
    found = cost(example())
    nic, pension = lambda pay: 0.15 * (pay - 5_000), lambda pay: 0.03 * (pay - 6_240)
    head = {pay: pay + nic(pay) + pension(pay) for pay in (28_000, 22_000, 50_000, 20_000)}
    assert head == pytest.approx({28_000: 32_102.80, 22_000: 25_022.80, 50_000: 58_062.80, 20_000: 22_662.80})
    advice, youth = of(found, "advice"), of(found, "youth")
    assert (advice.direct_total, youth.direct_total) == (
        100_000,
        60_000,
    )  # 3 × 32,102.80 + 3,691.60; 2 × 25,022.80 + 9,954.40
    pools = {one.name: one.pounds for one in found.pools}
    assert pools == {"premises": 24_000, "central": 57_031.40, "governance": 33_968.60}
    # 24,000 × 120/200; 57,031.40 × 112.5/172.5; 33,968.60 × 100/160, of two equal remainders the penny to the larger share
    assert {one.pool: one.pounds for one in advice.overhead} == {
        "premises": 14_400,
        "central": 37_194.39,
        "governance": 21_230.38,
    }
    assert {one.pool: one.pounds for one in youth.overhead} == {
        "premises": 9_600,
        "central": 19_837.01,
        "governance": 12_738.22,
    }
    assert (advice.full, youth.full, found.total) == (172_824.77, 102_175.23, 275_000)
    assert (advice.gap, youth.gap) == (22_824.77, 7_175.23)
    assert found.recovery == 245_000 / 275_000
    subsidy = found.subsidy
    assert (subsidy.total, [(one.name, one.pounds) for one in subsidy.untied], subsidy.reserves) == (
        30_000,
        [("gifts", 10_000)],
        20_000,
    )


def test_the_documentation_says_what_the_program_says(tmp_path):
    file = tmp_path / "three_pools.toml"
    file.write_text(EXAMPLE, encoding="utf-8")
    said = CliRunner().invoke(cli, ["cost", str(file), "--explain", "advice"]).output
    shown = re.search(r"```text\n(.*?)```", DOCS, re.S)[1]
    assert said.startswith(shown)
    assert said[len(shown) :].strip().startswith("resilience ")  # version and file, which the documentation leaves out
    found = cost(example())
    for name in ("advice", "youth"):
        one = of(found, name)
        for figure in (one.full, one.overhead_total, one.gap, *(part.pounds for part in one.overhead)):
            assert f"{figure:,.2f}" in DOCS


def test_what_it_costs_is_what_the_projection_spends():
    # twelve months without chance, ranges or bids: the same pennies by another road, rates of NIC and allowance included
    tables = tomllib.loads(EXAMPLE) | {"creditor_days": 0, "fixed_assets": {"value": 9_000, "depreciation": 3_000}}
    for allowance in (False, True):
        tables["employment_allowance"] = allowance
        spent = int(play(tables, months=12, chance=False).played.money["spending"].sum())
        assert round(100 * cost(organisation_from(tables, "x.toml")).total) == spent


def test_recoverable_vat_comes_off_a_line():
    tables = tomllib.loads(EXAMPLE) | {"recoverable_vat": 0.5}
    tables["hub"]["costs"]["rent"]["vat"] = "recoverable"
    # 24,000 holds 4,000 of VAT, half comes back
    assert (
        next(one.pounds for one in cost(organisation_from(tables, "x.toml")).pools if one.name == "premises") == 22_000
    )


# ---- published cases, through files


def test_direct_salaries():
    # worker 1: 2,070 + 207 at 100 %; worker 2: 1,800 + 180 at 50 %: 2,277 + 990 = 3,267
    tables = raw(
        {"grant": {"kind": "trust", "yearly": 5_000, "until": "2027-03"}},
        docks={"project": {"funded_by": ["grant"], "posts": {"one": post(2_070, hours=3)}}},
        hub={"posts": {"two": post(1_800, hours=2.7, charged_to={"grant": 0.5})}},
        employment_allowance=False,
    )
    tables["economy"] = tables["economy"] | {"employer_nic": {"from": "2026-04", "rate": 0.10, "threshold": 0}}
    found = of(cost(organisation_from(tables, "x.toml")), "project")
    assert [one.pounds for one in found.direct] == [2_277, 990]
    assert found.direct_total == 3_267


def test_office_costs_by_full_time_equivalents():
    hub = {
        "costs": lines(
            rent=50, telephone=200, fax=150, postage=300, couriers=20, photocopying=400, copiers=350, stationery=50
        )
    }
    fte = {"project": 0.35, "direct": 1.45, "support": 0.95, "fundraising": 2.25}
    docks = {name: {"posts": {"some": post(40_000, hours=10 * x)}} for name, x in fte.items()}
    pools = {"office": {"kind": "premises and office", "lines": dict.fromkeys(hub["costs"], 1), "driver": "time"}}
    found = cost(organisation(docks, hub=hub, costing={"pools": pools}))
    assert found.overhead == 1_520
    # 1,520 × 0.35/5 …: printed in whole pounds 106, 441, 289, 684
    assert {d.name: d.overhead_total for d in found.docks} == {
        "project": 106.40,
        "direct": 440.80,
        "support": 288.80,
        "fundraising": 684,
    }


def test_a_rate_of_direct_cost():
    # 48.5 % of 37,000, 40,000 and 42,000: 17,945, 19,400, 20,370; with it 54,945, 59,400, 62,370
    rules = RuleSet("indirect", "", "", "", "", "", "rate", rate=Fraction("0.485"))
    for direct, indirect, total in ((37_000, 17_945, 54_945), (40_000, 19_400, 59_400), (42_000, 20_370, 62_370)):
        (row,) = under(worked(organisation({"a": dock(direct)})), rules).docks
        assert (row.overhead, row.full) == (indirect, total)


def test_modified_total_direct_cost():
    # direct 64,000, 59,000, 59,000 with equipment 9,000, 0, 0, tuition 8,000 each and a subaward of 10,000, 11,000, 9,000
    kinds = {"laboratory": "equipment", "fees": "tuition", "partner": "subaward"}
    for threshold, bases in ((25_000, (47_000, 51_000, 46_000)), (50_000, (47_000, 51_000, 51_000))):
        counted = 0
        for direct, equipment, award, base in zip(
            (64_000, 59_000, 59_000), (9_000, 0, 0), (10_000, 11_000, 9_000), bases, strict=True
        ):
            parts = {
                "laboratory": equipment,
                "fees": 8_000,
                "partner": award,
                "rest": direct - equipment - 8_000 - award,
            }
            items = [Item(f"docks.a.costs.{name}", "a", 100 * pounds) for name, pounds in parts.items()]
            assert modified(items, kinds, 100 * threshold, {"partner": 100 * counted}) == 100 * base
            counted += award
    # 15 % of 47,000 and 51,000
    assert [rule_set("us_de_minimis_2024").rate * base for base in (47_000, 51_000)] == [7_050, 7_650]


def test_modified_total_direct_cost_of_a_file():
    costs = lines(machine=9_000, fees=8_000, rent=6_000, partner=60_000, food=1_000)
    kinds = {"a": {"machine": "equipment", "fees": "tuition", "rent": "rent", "partner": "subaward"}}
    working = worked(organisation({"a": dock(30_000, costs=costs)}, costing={"kinds": kinds}))
    # 30,000 + food 1,000 + 25,000 or 50,000 of the subaward
    for name, base, overhead in (
        ("us_de_minimis_2014", 56_000, 5_600),
        ("us_de_minimis_2024", 81_000, 12_150),
        ("flat_rate", 114_000, 11_400),
    ):
        (row,) = under(working, rule_set(name)).docks
        assert (row.base, row.overhead) == (base, overhead)


def test_a_real_charity_note():
    # £000: 1,350 + 1,832 + 1,120 + 160 + 447 + 456 + 1,081 = 6,446, of which activities 5,814 and governance 632
    docks = {
        f"activity_{i}": {"costs": lines(all=1_000 * x)}
        for i, x in enumerate((1_350, 1_832, 1_120, 160, 447, 456, 449))
    }
    found = cost(organisation(docks, hub={"costs": lines(governance=632_000)}))
    assert (found.direct, found.overhead, found.total) == (5_814_000, 632_000, 6_446_000)
    assert 1_350 + 1_832 + 1_120 + 160 + 447 + 456 + 1_081 == 6_446 == 5_814 + 632


def test_the_budget_test_before_bidding():
    # recovery of 42,000 against a target of 38,000: enough; against one of 43,000 it is not
    contract = {"bid_for": {"kind": "NHS", "form": "contract", "yearly": 42_000}}
    for target, enough in ((38_000, True), (43_000, False)):
        found = price(organisation({"a": dock(target, funded_by=["bid_for"])}, contract), "a", 12)
        assert (found.yearly, found.now) == (target, 42_000)
        assert ("enough" in words.price(found)[-1], "too little" in words.price(found)[-1]) == (enough, not enough)


@pytest.mark.parametrize(
    ("support", "total", "printed"),
    [
        (31_960, 115_902, "27.6 %"),
        (32_118, 118_674, "27.1 %"),
        (34_197, 123_754, "27.6 %"),
        (42_620, 130_791, "32.6 %"),
    ],
)
def test_the_support_shares_of_a_nursery(support, total, printed):
    found = cost(organisation({"rooms": dock(total - support)}, hub={"costs": lines(support=support)}))
    assert (found.overhead, found.total) == (support, total)
    assert words.percent(found.overhead / found.total) == printed


def test_the_shipped_nursery_is_near_its_accounts():
    found = cost(read_organisation("nursery"))
    assert found.overhead / found.total == pytest.approx(0.326, abs=0.005)


# The accounts' cost of each stream, and what the head of the shipped file works out by hand.
PUBLISHED = {"community_advice": 916_296, "debt_advice": 218_205, "pensions_guidance": 105_292, "legal_aid": 366_781}
BY_HAND = {"community_advice": 916_635, "debt_advice": 217_871, "pensions_guidance": 105_766, "legal_aid": 366_986}


def test_the_four_streams_of_the_advice_charity():
    found = cost(read_organisation("advice_charity"))
    full = {one.name: one.full for one in found.docks}
    assert full == pytest.approx(PUBLISHED, rel=0.005)
    assert full == pytest.approx(BY_HAND, abs=5)  # it rounds pay, NIC and shares to the pound
    assert found.total == pytest.approx(1_607_254, abs=1)
    assert sum(round(100 * x) for x in full.values()) == round(100 * found.total)


def test_the_published_costs_are_those_of_the_accounts():
    if not ACCOUNTS.exists():
        pytest.skip("../shared is absent")
    kinds = {
        "Council and Community": "community_advice",
        "Money Advice Service": "debt_advice",
        "Pension Wise": "pensions_guidance",
    }
    kinds["Legal Aid activities"] = "legal_aid"
    with ACCOUNTS.open(encoding="utf-8") as stream:
        rows = [
            row
            for row in csv.DictReader(stream)
            if (row["charity_number"], row["fy_end"], row["section"]) == ("1088651", "2023-03-31", "expenditure")
        ]
    assert {kinds[row["line"]]: int(row["amount_gbp"]) for row in rows if row["line"] in kinds} == PUBLISHED


# ---- drivers and methods, through files


TWO = {
    "a": {"posts": {"worker": post(30_000, heads=3, hours=20)}},
    "b": {"posts": {"worker": post(30_000, heads=1, hours=36)}},
}
TWO_STREAMS = {
    "x": {"kind": "NHS", "form": "contract", "yearly": 70_000},
    "y": {"kind": "NHS", "form": "contract", "yearly": 30_000},
}


@pytest.mark.parametrize(
    ("driver", "more", "a", "b"),
    [
        ("headcount", {}, 3, 1),
        ("time", {}, 60, 36),
        ("floor area", {"floor_area": {"a": 10, "b": 90}}, 10, 90),
        ("direct spending", {}, 90_000, 30_000),
        ("income", {}, 70_000, 30_000),
        ("people served", {}, 12, 48),
        ("fixed shares", {}, 0.2, 0.8),
    ],
)
def test_each_driver_divides_by_what_it_says(driver, more, a, b):
    docks = {"a": TWO["a"] | {"funded_by": ["x"]}, "b": TWO["b"] | {"funded_by": ["y"]}}
    shares = {"shares": {"a": 0.2, "b": 0.8}} if driver == "fixed shares" else {}
    services = {
        n: {"dock": n, "caseload": 1_000, "length": 2, "referrals": r} for n, r in (("a", 1), ("b", 4))
    }  # 12 × 1, 12 × 4
    costing = {"pools": {"p": {"driver": driver, "lines": {"rent": 1}} | shares}} | more
    found = cost(organisation(docks, TWO_STREAMS, {"costs": lines(rent=9_600)}, costing=costing, services=services))
    assert [one.overhead[0].amount for one in found.docks] == pytest.approx([a, b])
    assert [one.overhead_total for one in found.docks] == pytest.approx(
        [9_600 * a / (a + b), 9_600 * b / (a + b)], abs=0.005
    )


SERVING = {
    "method": "reciprocal",
    "floor_area": {"a": 30, "b": 50},
    "pools": {
        "premises": {"driver": "floor area", "lines": {"rent": 1}, "kind": "premises and office"},
        "office": {"driver": "time", "posts": {"clerk": 1}, "floor_area": 20},
    },
}
SERVED_HUB = {"posts": {"clerk": post(26_000, hours=24)}, "costs": lines(rent=10_000)}


@pytest.mark.parametrize(
    ("method", "premises", "office"),
    [
        # rent 10,000 by 30 : 50; clerk 26,000 by 60 : 36
        ("direct", Fraction(3, 8), Fraction(60, 96)),
        # dearest first: the office (26,000) before the premises, which it serves with nil hours; then 30 : 50
        ("step-down", Fraction(3, 8), Fraction(60, 96)),
        # premises give a fifth to the office, which gives nothing back: 30/100 + 20/100 × 60/96
        ("reciprocal", Fraction(30, 100) + Fraction(20, 100) * Fraction(60, 96), Fraction(60, 96)),
    ],
)
def test_pools_that_serve_pools(method, premises, office):
    costing = SERVING | {"method": method}
    if method == "direct":
        costing["pools"] = {n: {k: x for k, x in p.items() if k != "floor_area"} for n, p in SERVING["pools"].items()}
    found = of(cost(organisation(TWO, hub=SERVED_HUB, costing=costing)), "a")
    assert {one.pool: one.share for one in found.overhead} == pytest.approx(
        {"premises": float(premises), "office": float(office)}
    )


@pytest.mark.parametrize(("driver", "of_pool", "a"), [("time", 12, 60), ("headcount", 0.5, 3)])
def test_a_pool_weighs_as_much_as_the_part_of_a_post_that_is_in_it(driver, of_pool, a):
    # half of a clerk of 24 hours is in the office, half in what is left over; the docks have 60 and 36 hours, 3 heads and 1
    pools = {
        "premises": {"driver": driver, "lines": {"rent": 1}},
        "office": {"posts": {"clerk": 0.5}, "driver": "time"},
    }
    costing = {"method": "step-down", "order": ["premises"], "pools": pools}
    found = next(
        one for one in cost(organisation(TWO, hub=SERVED_HUB, costing=costing)).pools if one.name == "premises"
    )
    amounts = {one.name: one.amount for one in found.driven}
    assert (amounts["office"], amounts["hub"], amounts["a"]) == (of_pool, of_pool, a)
    assert {one.name: one.serves for one in found.driven} == {
        "a": False,
        "b": False,
        "hub": True,
        "office": True,
        "premises": True,
    }


def test_the_order_of_a_step_down():
    found = of(
        cost(organisation(TWO, hub=SERVED_HUB, costing=SERVING | {"method": "step-down", "order": ["premises"]})), "a"
    )
    assert next(one.share for one in found.overhead if one.pool == "premises") == pytest.approx(
        30 / 100 + 20 / 100 * 60 / 96
    )


def test_what_no_pool_takes_is_divided_by_direct_spending():
    pools = {"premises": {"driver": "headcount", "lines": {"rent": 0.25}, "depreciation": 0.5}}
    more = {"fixed_assets": {"value": 9_000, "depreciation": 1_000}, "costing": {"pools": pools}}
    found = cost(organisation(TWO, hub={"costs": lines(rent=8_000, audit=4_000)}, **more))
    assert {one.name: (one.pounds, one.driver) for one in found.pools} == {
        "premises": (2_500, "headcount"),  # a quarter of 8,000, half of 1,000
        "hub": (10_500, "direct spending"),  # 6,000 + 4,000 + 500
    }
    assert not found.default_pool and cost(organisation(TWO)).default_pool


def test_the_allowance_pays_the_hubs_nic_first():
    tables = raw({}, docks={"a": dock(30_000)}, hub={"posts": {"director": post(45_000)}})
    # NIC 15 % × 40,000 = 6,000 in the hub, 3,750 in the dock; 10,500 of allowance: all of the hub's, and the dock's
    found = cost(organisation_from(tables, "x.toml"))
    assert (found.overhead, found.direct) == (45_000, 30_000)
    tables["docks"]["a"] = {"posts": {"worker": post(65_000)}}  # NIC 9,000: 4,500 of allowance is left for it
    assert cost(organisation_from(tables, "x.toml")).direct == 65_000 + 9_000 - 4_500


def test_a_dock_that_only_a_bid_funds_is_costed_when_asked_for():
    bid = {"b": {"kind": "NHS", "form": "contract", "chance": 0.5, "yearly": 40_000, "term": 24, "decision": "2026-06"}}
    held = organisation(
        {"a": dock(30_000), "later": dock(30_000, funded_by=["b"])}, hub={"costs": lines(rent=6_000)}, bids=bid
    )
    assert [one.name for one in cost(held).docks] == ["a"]
    found = cost(held, ["later"])
    assert [(one.name, one.overhead_total, one.income_total, one.not_yet) for one in found.docks] == [
        ("a", 3_000, 0, False),
        ("later", 3_000, 40_000, True),
    ]
    assert price(held, "later").starts == "2026-07" and price(held, "later").months == 24


# ---- who pays


def test_other_funds_pay_what_is_charged_to_them_and_surpluses_the_rest():
    streams = TWO_STREAMS | {"gifts": {"kind": "giving", "yearly": 2_000}}
    docks = {
        "a": {
            "funded_by": ["x"],
            "posts": {"worker": post(90_000)},
            "costs": {"van": {"yearly": 10_000, "charged_to": {"fete": 0.5}}},
        },
        "b": dock(25_000, funded_by=["y"]),
    }
    found = cost(organisation(docks, streams, funds={"fete": {"opening": 20_000}}))
    # a: 100,000 − 70,000 = 30,000, of which half the van from the fete; b leaves 5,000; gifts 2,000; reserves 18,000
    assert [(one.name, one.pounds) for one in of(found, "a").paid_by] == [("fete", 5_000), ("unrestricted", 25_000)]
    subsidy = found.subsidy
    assert [(one.name, one.pounds) for one in (*subsidy.funds, *subsidy.surpluses, *subsidy.untied)] == [
        ("fete", 5_000),
        ("b", 5_000),
        ("gifts", 2_000),
    ]
    assert (subsidy.total, subsidy.reserves) == (30_000, 18_000)


def test_what_a_restricted_dock_leaves_over_pays_for_no_other():
    streams = {"x": TWO_STREAMS["x"], "y": {"kind": "trust", "yearly": 30_000, "until": "2027-03"}}
    docks = {"a": dock(90_000, funded_by=["x"]), "b": dock(25_000, funded_by=["y"])}
    assert (
        cost(organisation(docks, streams)).subsidy.surpluses,
        cost(organisation(docks, streams)).subsidy.reserves,
    ) == ([], 20_000)


def test_what_the_terms_of_a_fund_pay_as_overhead():
    streams = {"grant": {"kind": "trust", "yearly": 33_000, "until": "2027-03"}}
    hub, docks = {"costs": lines(rent=8_000)}, {"a": dock(40_000, funded_by=["grant"])}

    def asked(**more):
        return [one.pounds for one in of(cost(organisation(docks, streams, hub, **more)), "a").overhead_asked]

    assert asked(funds={"grant": {"overhead": 0.1}}) == [3_000]  # 30,000 + 3,000 = 33,000
    assert asked(funds={"grant": {"overhead": 0.1, "overhead_yearly": 500}}) == [3_500]
    assert asked(funds={"grant": {"overhead": 0.1, "overhead_cap": 1_000}}) == [1_000]
    assert asked(costing={"pools": {"premises": {"lines": {"rent": 0.75}, "billed_to": ["grant"]}}}) == [6_000]
    assert asked() == []


def test_what_of_the_hub_goes_to_a_fund_of_no_one_dock_is_shown_apart():
    hub = {"costs": {"rent": {"yearly": 8_000, "charged_to": {"fete": 0.25}}}}
    found = cost(organisation({"a": dock(30_000)}, hub=hub, funds={"fete": {"opening": 20_000}}))
    assert [(one.name, one.pounds) for one in found.straight] == [("hub.costs.rent to fete", 2_000)]
    assert (found.overhead, found.total) == (6_000, 38_000)


# ---- rule sets


def test_rule_sets_by_hand():
    # premises 24,000 by headcount 3 : 2, by floor 120 : 80, by time 112.5 : 60 or by direct spending 100 : 60; and so on
    found = {
        one.name: {d.dock: d.overhead for d in one.docks}
        for one in compare(worked(example()), [rule_set(n) for n in names()])[0]
    }
    share = {"headcount": 3 / 5, "floor": 120 / 200, "time": 112.5 / 172.5, "spending": 100 / 160}
    pools = (24_000, 57_031.40, 33_968.60)  # premises, central, governance
    drivers = {
        "acevo_npc": ("headcount", "time", "spending"),
        "ncvo": ("floor", "headcount", "headcount"),
        "community_fund": ("floor", "time", "spending"),
        "heritage_fund": ("time", "time", "time"),
        "npac": ("spending", "spending", "spending"),
        "own": ("floor", "time", "spending"),
    }
    for name, by in drivers.items():
        assert found[name]["advice"] == pytest.approx(
            sum(p * share[d] for p, d in zip(pools, by, strict=True)), abs=0.02
        )
        assert sum(found[name].values()) == pytest.approx(115_000)
    assert found["flat_rate"] == {"advice": 10_000, "youth": 6_000}
    assert found["us_de_minimis_2024"] == {"advice": 15_000, "youth": 9_000}


def test_what_each_leaves_unpaid_and_how_far_they_lie_apart():
    rules, spreads = compare(worked(example()), rule_sets(["own", "flat rate"]))
    (flat,) = [one for one in rules if one.name == "flat_rate"]
    assert {d.dock: d.unpaid for d in flat.docks} == {"advice": 62_824.77, "youth": 36_175.23}
    assert [(one.lowest_rules, one.highest_rules, one.spread) for one in spreads] == [
        ("flat_rate", "own", 62_824.77),
        ("flat_rate", "own", 36_175.23),
    ]


def test_fundraising_is_left_out_where_rules_leave_it_out():
    costing = {"pools": {"appeals": {"kind": "fundraising", "lines": {"appeal": 1}, "driver": "direct spending"}}}
    working = worked(organisation(TWO, hub={"costs": lines(appeal=5_000)}, costing=costing))
    for name, left in (("community_fund", 5_000), ("heritage_fund", 5_000), ("acevo_npc", 0), ("ncvo", 0)):
        found = under(working, rule_set(name))
        assert (found.left_out, sum(d.overhead for d in found.docks)) == (left, 5_000 - left)


def test_a_rule_set_that_the_file_cannot_answer_says_what_to_add():
    costing = {"pools": {"premises": {"kind": "premises and office", "lines": {"rent": 1}}}}
    found = under(worked(organisation(TWO, hub={"costs": lines(rent=5_000)}, costing=costing)), rule_set("ncvo"))
    assert found.docks == [] and "costing.floor_area says nothing of a, b" in found.cannot


def test_the_full_cost_of_the_organisation_adds_what_templates_leave_out():
    costing = {"unfunded": 1_000, "working_capital": 2_000, "reserves": 3_000, "change_capital": 4_000}
    more = {
        "loans": {"van": {"balance": 600, "repayment": 900}},
        "fixed_assets": {
            "value": 1_000,
            "depreciation": 500,
            "purchases": [{"month": "2027-03", "amount": 700}, {"month": "2027-04", "amount": 50}],
        },
    }
    working = worked(organisation(TWO, costing=costing, **more))
    assert added(working) == 100 * (
        10_000 + 600 + 200
    )  # what is left of the loan; the purchase of the year beyond depreciation
    found = under(working, rule_set("organisation_level"))
    assert sum(d.overhead for d in found.docks) == 500 + 10_800


@pytest.mark.parametrize("name", [n for n in names() if n != "own"])
def test_every_rule_set_has_version_date_and_source(name):
    found = rule_set(name)
    assert re.fullmatch(r"20\d\d-\d\d", found.version) and found.date == found.version
    assert len(found.source) > 20 and found.title and found.note


# ---- price


def test_a_price_over_two_years_by_hand():
    # 2026/27 and 2027/28, all with 2 % from April 2027: pay 30,000 and 30,600, rent 6,000 and 6,120
    tables = raw(
        {},
        docks={"a": dock(30_000)},
        hub={"costs": {"rent": {"yearly": 6_000, "grows": 0.02}}},
        employment_allowance=False,
    )
    tables["economy"] = tables["economy"] | NO_NIC | {"earnings": 0.02}
    held = organisation_from(tables, "x.toml")
    found = price(held, "a", 24, Fraction("0.1"), Fraction("0.05"))
    assert (found.direct, found.overhead, found.full) == (60_600, 12_120, 72_720)
    assert found.to_recover == 79_992
    assert found.yearly == 39_020.49  # 79,992 ÷ 2.05 = 39,020.4878, and not a penny less
    assert [(y.months, y.cost, y.price) for y in found.years] == [(12, 36_000, 39_020.49), (12, 36_720, 40_971.51)]


def test_a_price_for_part_of_a_year():
    held = organisation({"a": dock(30_000)}, hub={"costs": lines(rent=6_000)})
    found = price(held, "a", 6)  # April to September
    assert (found.full, found.yearly) == (18_000, 35_999.99)  # half of which rounds up to 18,000


def test_a_price_follows_the_terms_of_the_stream_and_counts_what_a_bid_costs():
    bid = {
        "b": {
            "kind": "NHS",
            "form": "contract",
            "chance": 0.5,
            "yearly": 40_000,
            "term": 24,
            "decision": "2026-12",
            "uplift": 0.05,
        }
        | {"standstill": 1, "mobilisation": {"months": 2, "cost": 3_000}, "demobilisation": 500}
    }
    found = price(organisation({"a": dock(30_000, funded_by=["b"])}, bids=bid), "a")
    assert (found.starts, found.months) == ("2027-04", 24)  # December, + 1 + 1 + 2
    assert [(one.name, one.pounds) for one in found.one_off] == [("mobilisation of b", 3_000), ("leaving b", 500)]
    assert found.full == 63_500
    assert found.yearly == 30_975.61  # 63,500 ÷ 2.05 = 30,975.6098


def test_twelve_months_from_the_first_are_the_year_but_for_odd_pence():
    held = read_organisation("advice_charity")
    for one in cost(held).docks:
        assert price(held, one.name, 12).full == pytest.approx(one.full, abs=0.02)


# ---- units, break points, hours, what stays


SERVICE = {"talk": {"dock": "a", "caseload": 10, "length": 5, "referrals": 1.5}}


def test_unit_costs_by_hand():
    # one head: 10 places, 10 ÷ 5 × 12 = 24 people a year at most, 18 referred; 30,000 ÷ 18; 37.5 h × 46.4 weeks
    found = of(cost(organisation({"a": dock(30_000)}, services=SERVICE)), "a")
    (unit,) = found.services
    assert (unit.people, unit.at_most, unit.a_person) == (18, 24, pytest.approx(30_000 / 18))
    assert (found.hours, found.an_hour) == (1_740, pytest.approx(30_000 / 1_740))


def test_people_are_no_more_than_places_let_through():
    busy = {"talk": SERVICE["talk"] | {"referrals": 9}}
    assert of(cost(organisation({"a": dock(30_000)}, services=busy)), "a").services[0].people == 24


def test_a_dock_with_two_services_divides_its_cost_by_what_their_cases_take_up():
    two = SERVICE | {"group": {"dock": "a", "caseload": 30, "length": 3, "referrals": 2}}
    # cases 1.5 × 5 = 7.5 ÷ 10 = 0.75 FTE; 2 × 3 = 6 ÷ 30 = 0.2 FTE
    found = of(cost(organisation({"a": dock(30_000)}, services=two)), "a")
    assert {one.service: one.pounds for one in found.services} == {
        "group": 6_315.79,
        "talk": 23_684.21,
    }  # 30,000 × 20/95, × 75/95


def test_break_points_by_hand():
    (found,) = break_points(
        worked(organisation({"a": dock(30_000)}, hub={"costs": lines(rent=6_000)}, services=SERVICE))
    )
    assert (found.post, found.referred) == ("worker", 18)
    assert [(s.heads, s.people, s.pounds, s.a_person) for s in found.steps[:3]] == [
        (0, 24, 36_000, 1_500),
        (1, 48, 66_000, 1_375),
        (2, 72, 96_000, pytest.approx(96_000 / 72)),
    ]


def test_one_more_head_has_no_allowance():
    tables = raw({}, docks={"a": dock(25_000)}, services=SERVICE)  # NIC 15 % × 20,000 = 3,000, all of it spared
    found = break_points(worked(organisation_from(tables, "x.toml")))[0].steps
    assert (found[0].pounds, found[1].pounds) == (25_000, 25_000 + 28_000)


def test_an_hour_by_hand():
    costing = {"weeks_worked": 40}
    found = {
        one.place: one
        for one in hours(
            worked(organisation({"a": dock(39_000)}, hub={"posts": {"director": post(58_500)}}, costing=costing))
        )
    }
    worker = found["docks.a.posts.worker"]
    assert (worker.paid, worker.worked, worker.full) == (
        20,
        26,
        65,
    )  # 37.5 h × 52, × 40 weeks; × (39,000 + 58,500) ÷ 39,000
    assert found["hub.posts.director"].full is None


def test_what_stays_when_a_dock_ends():
    pools = {"systems": {"lines": {"it": 1}, "avoidable": 0.25}}
    found = ended(
        worked(
            organisation(
                {"a": dock(60_000), "b": dock(30_000)}, hub={"costs": lines(it=9_000)}, costing={"pools": pools}
            )
        )
    )
    a = next(one for one in found if one.dock == "a")
    assert (a.carried, a.stays) == (6_000, 4_500)
    assert (a.rate_before, a.rate_after) == (0.1, 0.25)  # 3,000 ÷ 30,000, 7,500 ÷ 30,000


def test_as_docks_leave_the_hub_is_spread_over_fewer():
    held = organisation({"a": dock(60_000), "b": dock(30_000)}, hub={"costs": lines(rent=9_000)})
    assert of(cost(held, without=["a"]), "b").overhead_total == 9_000


# ---- refused, with the place and the fix


HUB = {"posts": {"clerk": post(26_000)}, "costs": lines(rent=8_000)}


def broken(costing, hub=HUB, **more):
    return raw({}, docks={"a": dock(), "b": dock()}, hub=hub, costing=costing, **more)


@pytest.mark.parametrize(
    ("costing", "more", "said"),
    [
        ({"pools": {"p": {"posts": {"clerc": 1}}}}, {}, 'costing.pools.p.posts: clerc is not a post of the hub; did you mean "clerk"?'),
        ({"pools": {"p": {"lines": {"rnt": 1}}}}, {}, 'costing.pools.p.lines: rnt is not a cost line of the hub; did you mean "rent"?'),
        ({"pools": {"a": {}}}, {}, "costing.pools.a: has the name of a dock"),
        ({"pools": {"p": {"driver": "floor_area"}}}, {}, 'did you mean "floor area"?'),
        ({"pools": {"p": {"driver": "fixed shares"}}}, {}, "costing.pools.p.shares: is missing"),
        ({"pools": {"p": {"driver": "fixed shares", "shares": {"a": 0.5, "b": 0.4}}}}, {}, "add up to 0.9; make them add up to 1"),
        ({"pools": {"p": {"driver": "fixed shares", "shares": {"a": 0.5, "c": 0.5}}}}, {}, "c is neither a dock nor a pool"),
        ({"pools": {"p": {"driver": "fixed shares", "shares": {"a": 1.5, "b": -0.5}}}}, {}, "-0.5 is not a share"),
        ({"pools": {"p": {"shares": {"a": 1}}}}, {}, "does nothing: the driver is another"),
        ({"pools": {"p": {"billed_to": ["fate"]}}}, {"funds": {"fete": {}}}, 'fate is not a restricted fund of this file; did you mean "fete"?'),
        ({"floor_area": {"c": 5}}, {}, "costing.floor_area: c is not a dock of this file"),
        ({"kinds": {"c": {}}}, {}, "costing.kinds: c is not a dock of this file"),
        ({"kinds": {"a": {"van": "rent"}}}, {}, "van is not a cost line of the dock a"),
        ({"order": ["p"], "pools": {"p": {}}}, {}, "does nothing: pools are not stepped down"),
        ({"method": "step-down", "order": ["q"], "pools": {"p": {}}}, {}, "q is not a pool"),
        ({"method": "step-down", "order": ["p", "p"], "pools": {"p": {}}}, {}, "p stands there twice"),
        ({"pools": {"p": {"floor_area": 5}}}, {}, "does nothing: no pool serves pools"),
        ({"pools": {"p": {"depreciation": 1}}}, {}, "does nothing: nothing is written off"),
        ({"pools": {"p p": {}}}, {}, "is not a name that can be used"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file(costing, more, said):
    assert faults(broken(costing, **more), said)


def test_a_post_in_two_pools_names_both():
    (said,) = faults(broken({"pools": {"p": {"posts": {"clerk": 0.7}}, "q": {"posts": {"clerk": 0.5}}}}), "twice")
    assert "costing.pools.q.posts.clerk" in said and "costing.pools.p.posts (70%)" in said and "leaves 30%" in said


def test_a_post_charged_to_a_fund_and_in_a_pool_names_both():
    hub = {"posts": {"clerk": post(26_000, charged_to={"fete": 0.6})}}
    (said,) = faults(broken({"pools": {"p": {"posts": {"clerk": 0.5}}}}, hub, funds={"fete": {}}), "twice")
    assert "costing.pools.p.posts.clerk" in said and "hub.posts.clerk.charged_to (60%)" in said
    cost(
        organisation_from(broken({"pools": {"p": {"posts": {"clerk": 0.4}}}}, hub, funds={"fete": {}}), "x.toml")
    )  # together all of it


def test_a_fund_that_pays_overhead_and_is_billed_a_pool_names_both():
    for key, value in (("overhead", 0.1), ("overhead_yearly", 500)):
        (said,) = faults(broken({"pools": {"p": {"billed_to": ["fete"]}}}, funds={"fete": {key: value}}), "twice")
        assert "costing.pools.p.billed_to: fete" in said and f"funds.fete.{key}" in said


def test_depreciation_in_two_pools_is_refused():
    pools = {"p": {"depreciation": 0.7}, "q": {"depreciation": 0.5}}
    (said,) = faults(broken({"pools": pools}, fixed_assets={"value": 900, "depreciation": 100}), "depreciation")
    assert "costing.pools.q.depreciation" in said and "costing.pools.p.depreciation" in said


@pytest.mark.parametrize(
    ("pool", "more", "said"),
    [
        ({"driver": "floor area"}, {"floor_area": {"a": 4}}, "costing.floor_area: says nothing of b"),
        ({"driver": "floor area"}, {"floor_area": {"a": 0, "b": 0}}, "is nil in every dock"),
        ({"driver": "income"}, {}, "is nil in every dock"),
        ({"driver": "people served"}, {}, "is nil in every dock"),
        ({"driver": "fixed shares", "shares": {"a": 1}}, {}, "costing.pools.p.shares: says nothing of b"),
    ],
)
def test_a_driver_that_says_nothing_is_refused(pool, more, said):
    assert faults(broken({"pools": {"p": {"lines": {"rent": 1}} | pool}} | more), said)


def test_a_hub_without_docks_is_refused():
    with pytest.raises(InputError, match="no dock at work"):
        cost(organisation_from(raw({}, hub=HUB), "x.toml"))


# ---- the verb


def run(*arguments):
    return CliRunner().invoke(cli, ["cost", *arguments])


def test_the_verb_says_who_pays():
    found = run("advice_charity")
    said = " ".join(found.output.split())
    assert found.exit_code == 0
    assert (
        "In all it costs £1,607,254 a year; what funds the docks brings £1,590,500: 99.0 % of the full cost is recovered."
        in said
    )
    assert "One pool holds the whole hub" in said
    assert all(len(line) <= 80 for line in found.output.splitlines())


@pytest.mark.parametrize("name", ["advice_charity", "nursery"])
def test_every_part_fits_eighty_columns(name):
    service = "debt_advice" if name == "advice_charity" else "rooms"
    for more in (["--compare"], ["--price", service, "--term", "36", "--margin", "0.05"], ["--explain", service]):
        found = run(name, *more)
        assert found.exit_code == 0 and max(map(len, found.output.splitlines())) <= 80


def test_a_service_is_found_by_its_own_name_or_its_docks():
    assert run("nursery", "--explain", "places").output == run("nursery", "--explain", "rooms").output


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["advice_charity", "--price", "det_advice"], 'did you mean "debt_advice"?'),
        (["advice_charity", "--explain", "det_advice"], 'did you mean "debt_advice"?'),
        (["advice_charity", "--rules", "nvco"], 'did you mean "ncvo"?'),
        (["advice_chairty"], 'did you mean "advice_charity"?'),
        (["advice_charity", "--margin", "0.1"], "add --price SERVICE"),
        (["advice_charity", "--explain", "debt_advice", "--compare"], "leave out --rules"),
    ],
)
def test_bad_input_ends_with_status_2_and_the_nearest_name(arguments, said):
    found = run(*arguments)
    assert found.exit_code == 2 and said in found.output


def test_the_json_has_its_schema_and_manifest():
    found = json.loads(run("advice_charity", "--json", "--compare", "--price", "legal_aid").output)
    assert found["schema"] == "resilience.cost/1"
    assert (
        found["manifest"]["inputs"][0]["name"] == "advice_charity.toml"
        and len(found["manifest"]["inputs"][0]["sha256"]) == 64
    )
    assert len(found["rules"]) == len(names()) and found["price"]["dock"] == "legal_aid"
    assert sum(d["full"] for d in found["docks"]) == pytest.approx(found["total"])


def test_a_percent_with_a_minus_has_the_minus_of_print():
    assert (words.percent(-0.031), words.exact_money(-1.5), words.exact_money(-0.001)) == ("−3.1 %", "−£1.50", "£0.00")


def test_told_is_the_same_as_cost():
    held = read_organisation("nursery")
    assert told(worked(held)) == cost(held)


# ---- the strategy: bid only at full cost


def bid_of(yearly):
    """A team of one at 30,000 and a hub of 12,000, and a bid for twelve months that would pay for it."""
    bid = {
        "kind": "trust",
        "form": "contract",
        "payment": "monthly",
        "yearly": yearly,
        "uplift": 0,
        "chance": 1,
        "term": 12,
    }
    bid |= {"decision": "2026-05", "standstill": 0, "mobilisation": {"months": 1}, "cost": 500}
    tables = raw({}, docks={"team": {"funded_by": ["bid"], "posts": {"worker": post(30_000)}}}, bids={"bid": bid}, hub={"costs": lines(rent=12_000)}, employment_allowance=False)  # fmt: skip
    return tables | {"economy": tables["economy"] | NO_NIC}


def test_a_bid_is_written_only_at_full_cost():
    """The only team bears all of the hub: 42,000 a year, to the penny: a penny below it is not bid for, has no cost and is not won."""
    asked = price(organisation_from(bid_of(50_000), "x.toml"), "team", 12).yearly
    assert asked == 42_000
    for yearly, written in ((42_000, 1), (41_999.99, 0)):
        p = play(bid_of(yearly), months=16, strategy="bid only at full cost", log=True)
        assert (p.played.fates["won"][0], p.played.fates["lost"][0]) == (written, 0)
        assert (p.played.money["income"].sum() > 0) == bool(written)
        assert (p.played.money["spending_one_off"].sum() >= 50_000) == bool(written)
        said = [one for _, what in story(p) for one in what]
        assert any("does not recover its full cost" in one for one in said) != bool(written)


def test_a_bid_of_the_advice_charity_is_below_its_full_cost():
    """`resilience cost --price social_prescribing` says 6,060 too little."""
    p = project(
        read_organisation("advice_charity"), strategy=read_strategy("bid only at full cost"), paths=50, months=24
    )
    row = sorted(p.organisation.bids).index("social_prescribing")
    told = p.played.fates["end"] < 0  # a path that has ended before writes nothing
    assert p.played.unwritten[row][told].all() and told.sum() > 20


# ---- figures that are ranges


def test_how_far_ranges_reach_by_hand():
    """A hub line anywhere between 10,000 and 30,000 alike, and an award between 40,000 and 60,000: uniform and triangular by hand."""
    docks = {"a": dock(60_000, funded_by=["grant"]), "b": dock(30_000, funded_by=["sure"])}
    streams = {name: {"kind": "trust", "form": "contract", "yearly": yearly} for name, yearly in (("grant", {"from": 40_000, "to": 60_000}), ("sure", 20_000))}  # fmt: skip
    held = organisation(docks, streams, {"costs": {"rent": {"yearly": {"from": 10_000, "to": 30_000}}}})
    found = ranged(held, draws=4000)
    assert found.places == ["hub.costs.rent.yearly", "streams.grant.yearly"]
    four = 4 * 20_000 * (0.1 * 0.9 / 4000) ** 0.5  # standard errors of a 10 % point of a uniform range of 20,000
    all_, (a, b) = found.all, found.docks  # direct spending divides: 2 of 3 and 1 of 3
    assert (all_.full_low, all_.full_high) == pytest.approx((90_000 + 12_000, 90_000 + 28_000), abs=four)
    assert a.full_low == pytest.approx(60_000 + 12_000 * 2 / 3, abs=four)
    assert (b.full_high, b.gap_high) == pytest.approx((30_000 + 28_000 / 3, 10_000 + 28_000 / 3), abs=four)
    # gap of all = 90,000 + rent − grant − 20,000: 70,000 and the sum of two such widths, from −50,000 to −10,000; its 10 % point √0.2 of one in
    in_ = 0.2**0.5 * 20_000
    assert (all_.gap_low, all_.gap_high) == pytest.approx((20_000 + in_, 60_000 - in_), abs=2 * four)
    assert ranged(held, draws=4000) == found
    sure = {name: one | {"yearly": 1} for name, one in streams.items()}
    assert ranged(organisation(docks, sure)) is None


def test_ranges_of_prices_and_of_success_by_hand():
    """Two are helped a month, at 100 to 300 each: 24 × 120 to 280 for 80 of 100; half of 60,000 is paid as 0 to 1 of the results succeeds."""
    paid = {
        "units": {"kind": "NHS", "form": "contract", "unit": {"service": "s", "price": {"from": 100, "to": 300}}},
        "results": {"kind": "NHS", "form": "contract", "yearly": 60_000, "results": {"share": 0.5, "success": {"from": 0, "to": 1}}},
    }  # fmt: skip
    docks = {"a": dock(60_000, funded_by=["units"]), "b": dock(30_000, funded_by=["results"])}
    services = {"s": {"dock": "a", "caseload": 2, "length": 1, "referrals": 2, "open": 0}}
    reach = ranged(organisation(docks, paid, services=services), draws=4000)
    assert reach.places == ["streams.units.unit.price", "streams.results.results.success"]
    a, b = reach.docks
    one = (0.1 * 0.9 / 4000) ** 0.5  # standard error of a 10 % point of a uniform range of one
    assert (60_000 - a.gap_high, 60_000 - a.gap_low) == pytest.approx((24 * 120, 24 * 280), abs=4 * one * 24 * 200)
    assert (30_000 - b.gap_high, 30_000 - b.gap_low) == pytest.approx((33_000, 57_000), abs=4 * one * 30_000)


def test_ranges_are_said_on_the_terminal_and_in_the_document(tmp_path):
    text = EXAMPLE.replace("yearly = ", "yearly = { from = 1_000, to = 900_000 } # ", 1)
    (tmp_path / "x.toml").write_text(text, "utf-8")
    said = CliRunner().invoke(cli, ["cost", str(tmp_path / "x.toml")])
    assert said.exit_code == 0 and "is a range, this is not certain: in 80 of 100 draws (200 made)" in " ".join(
        said.output.split()
    )
    found = json.loads(CliRunner().invoke(cli, ["cost", str(tmp_path / "x.toml"), "--json"]).stdout)["ranges"]
    assert found["draws"] == 200 and found["all"]["full_low"] <= found["all"]["full_high"] and len(found["places"]) == 1
    plain = CliRunner().invoke(cli, ["cost", "advice_charity", "--json"])
    assert json.loads(plain.stdout)["ranges"] is None
