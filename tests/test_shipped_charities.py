"""The shipped charities: do they say what the accounts say, do scenarios push them the right way, is anything absurd?

Published figures are read from ../shared/data, which is not part of the project; without it those tests are skipped.
"""

from __future__ import annotations

import copy
import csv
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from resilience import Projection, project, read_organisation, read_scenario, read_strategy
from resilience.organisation_file import organisation_from
from resilience.shipped import locate, names

ACCOUNTS = Path(__file__).resolve().parents[2] / "shared" / "data" / "published_accounts" / "accounts_long.csv"
CHARITIES = {"advice_charity": ("1088651", "2023-03-31"), "nursery": ("325123", "2022-07-31")}
ROUNDED = 250  # every figure of a file is rounded to the nearest 500 pounds
PATHS = 2_000
SEEN = 3  # standard errors

published = pytest.mark.skipif(not ACCOUNTS.exists(), reason="../shared is absent: data/published_accounts")


@cache
def filed(name: str) -> list[dict[str, str]]:
    """The rows of a charity's accounts for the year that its file is made from."""
    number, year = CHARITIES[name]
    with ACCOUNTS.open(encoding="utf-8", newline="") as file:
        return [row for row in csv.DictReader(file) if (row["charity_number"], row["fy_end"]) == (number, year)]


def figures(name: str, section: str, fund: str = "total") -> list[int]:
    """Amounts of a section in the order of the accounts; the last of income and expenditure is the total."""
    return [int(row["amount_gbp"]) for row in filed(name) if row["section"] == section and row["fund"] == fund]


def figure(name: str, *words: str) -> int:
    """The one amount whose line holds all the words."""
    found = {int(r["amount_gbp"]) for r in filed(name) if r["fund"] == "total" and all(w in r["line"] for w in words)}
    assert len(found) == 1, (words, found)
    return found.pop()


def changed(name: str, change: Any) -> dict[str, Any]:
    """The tables of a shipped file with something changed."""
    raw = copy.deepcopy(read_organisation(name).raw)
    change(raw)
    return raw


def ample(raw: dict[str, Any]) -> None:
    """So much in the bank that a year is played to its end: neither income nor spending depends on it."""
    raw["opening"]["bank"] += 10_000_000


def year(raw: dict[str, Any], measure: str) -> float:
    """The first twelve months of a measure without chance, pounds."""

    def plenty() -> dict[str, Any]:
        there = copy.deepcopy(raw)
        ample(there)
        return there

    projection = project(organisation_from(plenty(), "test"), chance=False, months=12)
    return float(projection.measure(measure).mean.sum())


def income_of(name: str, stream: str) -> float:
    """A stream's income of the first twelve months: the income of the file in which every other stream is nil."""

    def others_nil(raw: dict[str, Any]) -> None:
        for other in raw["streams"]:
            if other != stream:
                raw["streams"][other]["yearly"] = 0
        raw.pop("bids", None)
        _without_docks_of_bids(raw)

    return year(changed(name, others_nil), "income")


def spending_with(name: str, docks: set[str]) -> float:
    """Spending of twelve months with the hub and these docks only, before employment allowance, without bids."""

    def only(raw: dict[str, Any]) -> None:
        raw.pop("bids", None)
        _without_docks_of_bids(raw)
        raw["docks"] = {dock: item for dock, item in raw["docks"].items() if dock in docks}
        raw["services"] = {}
        raw["employment_allowance"] = False

    return year(changed(name, only), "spending")


def _without_docks_of_bids(raw: dict[str, Any]) -> None:
    kept = {d: i for d, i in raw["docks"].items() if set(i["funded_by"]) <= set(raw["streams"])}
    raw["services"] = {n: s for n, s in raw.get("services", {}).items() if s["dock"] in kept}
    raw["docks"] = kept


# ---- against the accounts


@published
def test_advice_opening_balances_tie_to_the_accounts() -> None:
    opening = project(read_organisation("advice_charity"), chance=False, months=1).manifest["opening"]
    funds = opening["unrestricted_funds"] + opening["restricted"]
    assert funds == pytest.approx(figure("advice_charity", "carried forward"), abs=ROUNDED)
    raw = read_organisation("advice_charity").raw
    owed = raw["opening"]["debtors"] + sum(debt["amount"] for debt in raw["opening"]["owed"])
    assert owed == pytest.approx(figure("advice_charity", "Debtors"), abs=ROUNDED)
    assert raw["fixed_assets"]["value"] == pytest.approx(figure("advice_charity", "fixed assets"), abs=ROUNDED)


@published
def test_nursery_opening_balances_tie_to_the_accounts() -> None:
    opening = project(read_organisation("nursery"), chance=False, months=1).manifest["opening"]
    assert opening["restricted"] == 0
    assert opening["unrestricted_funds"] == pytest.approx(figure("nursery", "carried forward"), abs=ROUNDED)


@published
def test_advice_income_by_stream_is_that_of_the_accounts() -> None:
    """From April on nothing rises within twelve months: only the rounding of the file is between them."""
    _, debt, pensions, legal, investment, total = figures("advice_charity", "income")
    wanted = {"debt_advice": debt, "pensions_guidance": pensions, "legal_aid": legal, "investment": investment}
    wanted["council_contract"] = figures("advice_charity", "income", "unrestricted")[0]
    wanted["council_grant"] = figures("advice_charity", "income", "restricted")[0]
    assert set(wanted) == set(read_organisation("advice_charity").streams)
    for stream, amount in wanted.items():
        assert income_of("advice_charity", stream) == pytest.approx(amount, abs=ROUNDED), stream
    assert sum(wanted.values()) == total


@published
def test_advice_docks_and_their_share_of_the_hub_cost_what_each_stream_cost() -> None:
    """Within 1 %: a dock's own cost, and the hub after employment allowance in proportion to it."""
    docks = ("community_advice", "debt_advice", "pensions_guidance", "legal_aid")
    *costs, total = figures("advice_charity", "expenditure")
    hub = spending_with("advice_charity", set())
    own = {dock: spending_with("advice_charity", {dock}) - hub for dock in docks}
    shared = hub - 10_500  # employment allowance of 2026/27
    for dock, cost in zip(docks, costs, strict=True):
        assert own[dock] * (1 + shared / sum(own.values())) == pytest.approx(cost, rel=0.01), dock
    assert sum(own.values()) + shared == pytest.approx(total, rel=0.01)


@published
def test_nursery_income_and_spending_are_those_of_the_accounts() -> None:
    """Within 2 %: four of the first twelve months lie after an April, when fees, funding, pay and prices have risen."""
    funding, fees, _interest, total = figures("nursery", "income")
    assert income_of("nursery", "early_years_funding") == pytest.approx(funding, rel=0.02)
    assert income_of("nursery", "parent_fees") == pytest.approx(fees, rel=0.02)
    raw = changed("nursery", lambda raw: None)
    assert year(raw, "income") == pytest.approx(total, rel=0.02)
    assert year(raw, "spending") == pytest.approx(figure("nursery", "TOTAL EXPENDITURE"), rel=0.02)
    assert year(raw, "spending_pay") == pytest.approx(figure("nursery", "TOTAL STAFF COSTS"), rel=0.02)
    heads = project(read_organisation("nursery"), chance=False, months=1).measure("heads").mean[0]
    assert heads == figure("nursery", "Average number of employees")


@pytest.mark.parametrize("name", CHARITIES)
def test_last_year_in_the_file_reconciles_within_5_percent(name: str) -> None:
    raw = read_organisation(name).raw
    without = changed(name, lambda raw: (raw.pop("bids", None), _without_docks_of_bids(raw)))
    for key in ("income", "spending"):
        assert year(without, key) == pytest.approx(raw["last_year"][key], rel=0.05)


@published
@pytest.mark.parametrize("name", CHARITIES)
def test_no_name_or_number_of_the_real_charity_is_in_the_file(name: str) -> None:
    text = locate("organisations", name).read_text(encoding="utf-8").casefold()
    number, _ = CHARITIES[name]
    assert number not in text
    streams = [r["line"] for r in filed(name) if r["section"] == "income" and r["fund"] == "total"]
    for words in (*streams[:4], filed(name)[0]["charity_name"]):
        assert words.casefold() not in text, words


# ---- every scenario and strategy


@pytest.mark.parametrize("strategy", names("strategies"))
@pytest.mark.parametrize("scenario", names("policy"))
@pytest.mark.parametrize("name", CHARITIES)
def test_every_scenario_and_strategy_plays(name: str, scenario: str, strategy: str) -> None:
    played = project(read_organisation(name), read_scenario(scenario), read_strategy(strategy), paths=200)
    ends = ("insolvent", "closed_in_order", "merged_or_transferred", "continuing")
    assert sum(played.probabilities[end].last for end in ends) == pytest.approx(1)
    assert played.measure("bank").mean.shape == (60,)


@cache
def played(name: str, scenario: str) -> Projection:
    return project(read_organisation(name), read_scenario(scenario), paths=PATHS)


def difference(after: np.ndarray, before: np.ndarray) -> float:
    """Mean paired difference in standard errors."""
    d = (after - before).astype(np.float64)
    return float(d.mean() / (d.std(ddof=1) / math.sqrt(len(d)))) if d.any() else 0.0


def runs_out(name: str, scenario: str) -> float:
    """Change of the share that runs out of cash against the baseline, in standard errors from discordant paths.

    Standard error of a difference in probability: √(b + c − (b − c)²/N)/N (MODEL.md, section 2).
    """
    after, before = (played(name, s).paths["end"] >= 0 for s in (scenario, "baseline"))
    b, c = int((after & ~before).sum()), int((before & ~after).sum())
    return (b - c) / math.sqrt(b + c - (b - c) ** 2 / PATHS) if b + c else 0.0


def column(name: str, scenario: str, measure: str, month: str) -> np.ndarray:
    """A measure in one month, by path; an ended path keeps its last balance."""
    one = played(name, scenario)
    kept = one.played.money if measure in one.played.money else one.played.people
    return kept[measure][one.months.index(month)]


def moved(name: str, scenario: str, measure: str, month: str) -> float:
    return difference(column(name, scenario, measure, month), column(name, "baseline", measure, month))


@pytest.mark.parametrize(("name", "month"), [("advice_charity", "2028-03"), ("nursery", "2027-07")])
def test_a_council_cut_lowers_spendable_cash_and_raises_the_odds_of_running_out(name: str, month: str) -> None:
    assert moved(name, "council_cut_30", "spendable", month) < -SEEN
    assert runs_out(name, "council_cut_30") > SEEN


def test_late_payment_lowers_the_lowest_balance_and_leaves_income_alone() -> None:
    late, base = played("advice_charity", "late_payment"), played("advice_charity", "baseline")
    assert difference(late.paths["lowest"], base.paths["lowest"]) < -SEEN
    assert runs_out("advice_charity", "late_payment") > SEEN
    income, before = (column("advice_charity", s, "income", "2026-12") for s in ("late_payment", "baseline"))
    going = (income > 0) & (before > 0)  # an ended future earns nothing
    assert going.mean() > 0.95 and np.array_equal(income[going], before[going])


def test_a_contract_won_raises_income_heads_and_people_served_and_costs_cash_first() -> None:
    for measure in ("income", "heads", "served", "spendable"):
        assert moved("advice_charity", "contract_won", measure, "2028-12") > SEEN, measure
    assert moved("advice_charity", "contract_won", "spendable", "2027-02") < -SEEN


def test_a_grant_cliff_lowers_income_and_cash_and_raises_the_odds_of_running_out() -> None:
    for measure in ("income", "spendable"):
        assert moved("advice_charity", "grant_cliff", measure, "2028-04") < -SEEN, measure
    assert runs_out("advice_charity", "grant_cliff") > SEEN


@pytest.mark.parametrize("scenario", ["late_payment", "contract_won", "grant_cliff"])
def test_what_the_nursery_does_not_have_changes_nothing_and_is_said(scenario: str) -> None:
    assert np.array_equal(played("nursery", scenario).paths["end"], played("nursery", "baseline").paths["end"])
    assert any("touches nothing" in text for text in played("nursery", scenario).organisation.warnings)


# ---- as a finance officer would look at it


@pytest.mark.parametrize("name", CHARITIES)
def test_no_warning_is_left_and_assumptions_are_marked(name: str) -> None:
    organisation = read_organisation(name)
    assert organisation.warnings == ()
    raw = organisation.raw
    tables = [raw["opening"], raw["closing"]]
    tables += [one for kind in ("streams", "bids", "services") for one in raw.get(kind, {}).values()]
    for team in (raw["hub"], *raw["docks"].values()):
        tables += [line for kind in ("posts", "costs") for line in team.get(kind, {}).values()]
    for table in tables:
        assert table["source"] and table["confidence"] in ("low", "medium", "high"), table
        assert "assumption" not in table["source"] or table["note"], table


def test_the_answer_of_the_advice_charity_turns_on_renewals() -> None:
    """What its note says: neither safe nor lost; one in five runs out if all is renewed, nearly all under the defaults."""

    def share(change: Any) -> float:
        organisation = organisation_from(changed("advice_charity", change), "test")
        return project(organisation, paths=PATHS).probabilities["insolvent"].last

    def renewed(raw: dict[str, Any]) -> None:
        for stream in raw["streams"].values():
            if "renewal" in stream:
                stream["renewal"]["chance"] = 1

    def unknown(raw: dict[str, Any]) -> None:
        for stream in raw["streams"].values():
            for key in ("uplift", "cut", "at_most"):
                stream.pop(key, None)
            if "renewal" in stream:
                stream["renewal"] = "don't know"

    as_shipped = share(lambda raw: None)
    all_renewed, defaults = share(renewed), share(unknown)
    print(f"out of cash by March 2031: {as_shipped:.3f}; all renewed {all_renewed:.3f}; defaults {defaults:.3f}")
    assert 0.15 < as_shipped < 0.75
    assert 0.15 < all_renewed < 0.25 < 0.9 < defaults
    assert share(lambda raw: raw["opening"].update(bank=289_000)) > as_shipped + 0.05


def test_the_nursery_cannot_close_in_order_from_the_first_day() -> None:
    opening = played("nursery", "baseline").manifest["opening"]
    assert opening["spendable"] < opening["closing_liability"]
    assert played("nursery", "baseline").probabilities["point_of_no_return"].by_month[0] == 1


def test_restricted_money_of_the_advice_charity_is_used() -> None:
    """No grant piles up: at no month-end more than half a year of it lies unspent, whatever chance does."""
    accounts = project(read_organisation("advice_charity"), paths=200, keep_paths=True).accounts
    for fund, grant in (("council_grant", 154_500), ("debt_advice", 218_000), ("pensions_guidance", 105_000)):
        assert accounts[f"balance:{fund}"].max() / 100 <= grant / 2, fund
