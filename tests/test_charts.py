"""What a chart draws and says, on organisations so small that every figure is worked out by hand."""

from __future__ import annotations

import math
from typing import Any

import pytest

from resilience import charts, compare, project, read_organisation, read_strategy
from resilience.organisation_file import organisation_from
from resilience.projection import Projection
from resilience.rows import CLOSED
from resilience.strategy import strategy_from
from resilience.words import charts as said
from resilience.words import count, headline, month, of_100, risks, rough

ENDS = ("insolvent", "closed_in_order", "merged_or_transferred", "continuing")

CERTAIN: dict[str, Any] = {
    "name": "Small",
    "first_month": "2026-04",
    "source": "made up",
    "economy": {"cpi": 0, "earnings": 0},
    "chance": False,
    "opening": {"bank": 5_500, "creditors": 0},
    "hub": {"costs": {"rent": {"yearly": 12_000}}},
}
# A bill is paid 30 days later, in the month after (docs/model.md, payments): nothing leaves in April, then £1,000 a month; 500 at the end of September, −500 in October.


def played(raw: dict[str, Any], strategy: str = "carry_on", **how: Any) -> Projection:
    return project(organisation_from(raw, "small.toml"), None, read_strategy(strategy), measures=charts.MEASURES, **how)


def test_one_future_is_one_line_that_stops_where_it_ends() -> None:
    found = charts.cash(played(CERTAIN, months=12))
    line = [5_500, 4_500, 3_500, 2_500, 1_500, 500]
    for level in ("p10", "p25", "p75", "p90"):
        assert found[level][:6] == line
        assert all(math.isnan(x) for x in found[level][6:])
    assert found["futures"][:6] == line
    assert len(found["futures"]) == 12 * len(found["numbers"])
    assert all(math.isnan(x) for x in found["futures"][6:12])  # from the month of its end on there is no line
    assert found["table"]["rows"] == [["Mar 2027", "ended"]]
    assert found["floor"] == {"value": 0, "words": "Nothing of its own left"}
    assert found["caption"] == said.ONE_LINE


def test_the_title_speaks_of_a_fixed_date_whatever_is_chosen() -> None:
    raw = CERTAIN | {"opening": {"bank": 39_500, "creditors": 0}}  # April 2026 to March 2028: 23 payments of £1,000
    assert charts.cash(played(raw, months=60))["title"] == "Spendable cash at the end of March 2028: £16,000"
    assert charts.cash(played(CERTAIN, months=60))["title"] == "It has come to an end by March 2028"
    assert said.cash_title("2028-03", 192_547, 611_288, 0.02, True) == (
        "In 80 of 100 futures spendable cash is £190,000 to £610,000 in March 2028"
    )
    assert said.cash_title("2028-03", math.nan, 611_288, 0.22, True) == (
        "22 of 100 futures have ended by March 2028; 10 hold £610,000 or more"
    )
    assert (
        said.cash_title("2028-03", math.nan, math.nan, 0.995, True)
        == "More than 99 of 100 futures have ended by March 2028"
    )


def test_ended_futures_are_counted_under_each_plan() -> None:
    plans = [played(CERTAIN, months=12), played(CERTAIN, "close_in_order", months=12)]
    found = charts.ended(plans)
    first = found["plans"][0]["values"]
    assert first == [*[0] * 6, *[100] * 6]
    assert [one["name"] for one in found["plans"]] == [plan.strategy.name for plan in plans]
    assert found["table"]["head"][1] == f"{plans[0].strategy.name}: ended"
    assert found["table"]["rows"][0][1:3] == ["yes", "no"]  # one future is played: there is no "of 100"
    # the last £1,000 of 5,500 goes in October; closing in order comes before
    assert f"in October 2026 under {plans[0].strategy.name}" in found["caption"]
    side = charts.compared(plans)
    assert side is not None and side["rows"][0][:2] == ["Cash runs out", "yes"] and side["said"] == []
    texts = (found["title"], found["alt"], found["caption"], *found["table"]["head"], side["rows"][0][1])
    assert not any("of 100" in text for text in texts)


def test_breach_is_called_by_what_it_counts() -> None:
    below = charts.compared([project(read_organisation("nursery"), paths=20, measures=charts.MEASURES)] * 2)
    above = charts.compared([project(read_organisation("advice_charity"), paths=20, measures=charts.MEASURES)] * 2)
    assert (
        below is not None and below["rows"][2][0] == said.STILL
    )  # its reserves are below the policy before the first month
    assert above is not None and above["rows"][2][0] == "Below the reserves policy"


def test_the_two_plans_are_told_apart_on_the_same_futures() -> None:
    organisation = read_organisation("advice_charity")
    plans = [
        project(organisation, None, read_strategy(name), paths=400, measures=charts.MEASURES)
        for name in ("carry_on", "hub_and_dock")
    ]
    shares = [float((plan.paths["end"] >= 0).mean()) for plan in plans]
    found = charts.ended(plans)
    assert [one["values"][-1] for one in found["plans"]] == [pytest.approx(100 * share, abs=0.01) for share in shares]
    a, b = (math.floor(100 * share + 0.5) for share in shares)
    order = math.floor(100 * float((plans[1].paths["end_kind"] == CLOSED).mean()) + 0.5)
    assert order < b  # what nobody listed can come too soon to close in order
    title = f"Ended by March 2031, of 100: Carry on {a}, none in order; Hub and dock {b}, {order} in order"
    assert found["title"] == title
    assert [one["said"] for one in found["plans"]] == [str(a), str(b)]
    half = found["plans"][0]["values"].index(next(x for x in found["plans"][0]["values"] if x >= 50))
    assert f"by {month(plans[0].months[half])} under Carry on" in found["caption"]
    for row in found["table"]["rows"]:  # closed in order is a part of ended
        numbers = [0 if cell in ("none", "<1") else 100 if cell in ("all", ">99") else int(cell) for cell in row[1:]]
        assert numbers[1] <= numbers[0] and numbers[3] <= numbers[2]


def test_a_plan_that_never_ends_says_so() -> None:
    raw = CERTAIN | {"opening": {"bank": 500_000, "creditors": 0}}
    assert charts.ended([played(raw, months=24)])["title"] == "No future ends by March 2028 under Carry on"


SERVED = CERTAIN | {
    "opening": {"bank": 900_000, "creditors": 0},
    "hub": {},
    "docks": {
        "advice": {"posts": {"adviser": {"heads": 2, "hours": 37.5, "pay": 30_000, "service": 2, "turnover": 0}}}
    },
    "services": {"advice": {"dock": "advice", "caseload": 10, "length": 1, "referrals": 30, "waits": 0}},
}


def test_capacity_stands_against_demand_by_quarter() -> None:
    found = charts.demand(played(SERVED, months=24))
    assert found is not None
    # two full-time advisers hold 20 cases; each is closed within the month, so that 20 more can begin; 30 come each month
    assert [row[0] for row in found["rows"]][:3] == ["Jun 2026", "Sep 2026", "Dec 2026"]
    assert len(found["rows"]) == 8
    july = found["rows"][1]
    assert july == ["Sep 2026", 40, 40, 50]
    assert found["table"]["rows"][1] == ["Sep 2026", "40", "50", "40"]
    assert found["said"] == "In March 2028 the services can help 40 people; 50 need it, and 10 of them are not helped."


def test_need_is_that_of_the_futures_that_go_on() -> None:
    raw = SERVED | {
        "opening": {"bank": 30_000, "creditors": 0}
    }  # two pays a month of £5,000 and more: ended before a year has gone
    found = charts.demand(played(raw, months=24))
    assert found is not None
    assert [row[3] for row in found["rows"]][:1] == [50]
    assert found["rows"][-1][3] is None
    assert found["table"]["rows"][-1] == ["Mar 2028", "0", "all have ended", "0"]
    assert found["said"] == "In March 2028 the services can help 0 people: the organisation has come to an end."


def test_two_plans_stand_side_by_side_with_what_compare_says() -> None:
    organisation = read_organisation("advice_charity")
    strategies = [read_strategy(name) for name in ("carry_on", "hub_and_dock")]
    plans = [project(organisation, None, one, paths=400, measures=charts.MEASURES) for one in strategies]
    found, other = charts.compared(plans), compare(organisation, strategies=strategies, paths=400)
    assert found is not None
    rows = {row[0]: row[1:] for row in found["rows"]}
    for words, name in (("Cash runs out", "insolvent"), ("Closed in order", "closed_in_order")):
        assert rows[words] == [count(one.probabilities[name]) for one in other.alternatives]
    assert rows["People helped in all, on average"] == [f"{one.served:,.0f}" for one in other.alternatives]
    assert rows["Posts lost, on average"] == [f"{one.posts_lost:.1f}" for one in other.alternatives]
    carry_on, hub_and_dock = (of_100(one.probabilities["insolvent"]) for one in other.alternatives)
    assert found["said"][0].startswith(
        f"With Hub and dock, {hub_and_dock} of 100 run out of cash, with Carry on {carry_on}"
    )
    assert charts.compared(plans[:1]) is None


def test_a_merger_is_named_where_it_can_come_and_nowhere_else() -> None:
    organisation = read_organisation("advice_charity")
    plans = [
        project(organisation, None, read_strategy(name), paths=400, measures=charts.MEASURES)
        for name in ("close_in_order", "merge_in_time")
    ]
    merged = of_100(plans[1].probabilities["merged_or_transferred"].last)
    closed = of_100(plans[1].probabilities["closed_in_order"].last)
    found, side = charts.ended(plans), charts.compared(plans)
    assert found["table"]["head"][3:] == [
        "Merge in time: ended",
        "Merge in time: of which closed in order",
        "Merge in time: of which merged or transferred",
    ]
    assert all(len(row) == 6 for row in found["table"]["rows"])
    assert found["table"]["rows"][-1][-1] == merged
    assert f", {closed} in order, {merged} merged" in found["title"]
    assert side is not None
    assert ["Merged or transferred", "none", f"{merged} of 100"] in side["rows"]
    assert any(f"{merged} of 100 merge or are transferred" in text for text in side["said"])
    said_of_it = " ".join(headline(plans[1]))
    assert f"it has merged or been transferred in {merged} of 100" in said_of_it
    shares = [round(100 * chance.last) for name, chance in plans[1].probabilities.items() if name in ENDS]
    assert abs(sum(shares) - 100) <= 2  # each is rounded by itself
    first = charts.ended(plans[:1])
    assert "merged" not in str([first["title"], first["alt"], first["table"]])
    assert not any("erged" in row[0] for row in charts.compared([plans[0]] * 2)["rows"])  # type: ignore[index]
    assert "merged" not in " ".join(headline(plans[0]))


def test_a_strategy_that_can_only_merge_says_how_often_it_does() -> None:
    rule = {"when": "months of cover below", "level": 5, "do": "merge", "takes": 2, "found": 1}
    merge = strategy_from({"name": "Merge", "why": "a test", "source": "made up", "rules": [rule]}, "merge.toml")
    raw = CERTAIN | {"chance": True, "unlisted_event": {"chance": 0}}
    p = project(organisation_from(raw, "small.toml"), None, merge, months=12, paths=50)
    text = " ".join(headline(p))
    assert (
        "By then it has merged or been transferred in all." in text
        and "the organisation has come to an end" in text.lower()
    )
    # in breach at the opening: at month 24 nobody is below the policy, as all have merged
    poor = organisation_from(raw | {"reserves_policy": {"amount": 10_000}}, "small.toml")
    (breach, *_) = risks(project(poor, None, merge, months=30, paths=50))
    assert "in none of 50 simulated futures they are still below it" in breach
    assert "in all it has merged or been transferred and in none they are not below it" in breach
    certain = project(organisation_from(CERTAIN, "small.toml"), None, merge, months=12)
    assert "the organisation merges or is transferred in July 2026" in " ".join(headline(certain))


def test_beyond_24_quarters_there_is_a_row_a_year() -> None:
    found = charts.demand(played(SERVED, months=120))
    assert found is not None
    assert [row[0] for row in found["rows"]] == [f"Mar {year}" for year in range(2027, 2037)]


@pytest.mark.parametrize(
    ("pounds", "words"),
    [
        (0, "£0"),
        (7, "£7"),
        (1_234, "£1,200"),
        (-192_547, "−£190,000"),
        (999_999, "£1 million"),
        (1_250_000, "£1.2 million"),
        (25_400_000, "£25 million"),
        (123_456_789, "£120 million"),
    ],
)
def test_a_finding_has_two_significant_figures(pounds: float, words: str) -> None:
    assert rough(pounds) == words


@pytest.mark.parametrize("months", [1, 2, 11, 600])
@pytest.mark.parametrize("name", ["nursery", "small_bids"])
def test_any_horizon_can_be_drawn(name: str, months: int) -> None:
    plan = project(read_organisation(name), paths=20, months=months, measures=charts.MEASURES)
    assert len(charts.cash(plan)["p10"]) == months
    assert len(charts.ended([plan])["plans"][0]["values"]) == months
    found = charts.demand(plan)
    assert found is None or found["rows"][-1][0]
    for figure in (charts.cash(plan), charts.ended([plan])):
        assert len(figure["title"].split()) <= 15
