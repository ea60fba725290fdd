"""The phrases: both frames, whole numbers, edges said and not numbered, no word that communication.md bans."""

import math
import re
from types import SimpleNamespace as Some

import pytest
from exact_answers import charity

from resilience import compare, project, read_organisation, read_strategy, words
from resilience.page import comparison
from resilience.page.table import table
from resilience.words import compared, numbers

BANNED = (
    "success",
    "failure",
    "score",
    "confidence",
    "percentile",
    "worst case",
    "safe",
    "expected",
    "likely",
    "unlikely",
)


@pytest.mark.parametrize(
    ("share", "said"),
    [
        (0, "none"),
        (0.0001, "fewer than 1"),
        (0.0099, "fewer than 1"),
        (0.01, "1"),
        (0.484, "48"),
        (0.485, "49"),
        (0.99, "99"),
        (0.9901, "more than 99"),
        (1, "all"),
    ],
)
def test_a_share_is_a_whole_number_of_100(share, said):
    assert numbers.of_100(share) == said


def test_both_frames_add_up_to_100():
    said = numbers.both("cash runs out by March 2031", 0.484, "it does not", 10_000)
    assert said == "cash runs out by March 2031 in 48 of 100 simulated futures; in 52 it does not."
    said = numbers.both("cash runs out by March 2031", 0.004, "it does not", 10_000)
    assert said == "cash runs out by March 2031 in fewer than 1 of 100 simulated futures; in more than 99 it does not."


def test_none_is_not_impossible():
    said = numbers.counted(0, "cash runs out", "it does not", 10_000)
    assert said == "In none of 10,000 simulated futures cash runs out; that does not make it impossible."
    assert "3 of 10,000" in numbers.bound(0, 10_000)  # rule of three: 3/N
    assert "30 of 100" in numbers.bound(0, 10)  # 3/10
    assert numbers.bound(0.5, 10) == ""


@pytest.mark.parametrize(
    ("pounds", "said"),
    [(420_000, "£420,000"), (-12_000.4, "−£12,000"), (0.4, "£0"), (-0.4, "£0"), (1_234_567, "£1,234,567")],
)
def test_money_is_whole_pounds_with_commas(pounds, said):
    assert numbers.money(pounds) == said


def test_money_below_nil_is_said():
    assert numbers.owned(-12_000) == "£12,000 below nil"


def test_the_error_is_two_standard_errors_rounded_up():
    assert numbers.error(0.0049) == "±1"  # 0.98 of 100
    assert numbers.error(0.0051) == "±2"  # 1.02
    assert numbers.error(0.001) == "below ±1"


def test_a_difference_is_told_only_beyond_two_standard_errors():
    what = ("run out of cash", "running out of cash")
    seen = compared.difference("A", "B", 0.13, 0.21, 0.004, 10_000, what)
    assert seen == "With B, 21 of 100 run out of cash, with A 13: 8 more (simulation error ±1)."
    unseen = compared.difference("A", "B", 0.13, 0.137, 0.004, 10_000, what)
    assert unseen.startswith("We cannot tell A and B apart on running out of cash: 1 of 100 apart, error ±1.")
    same = compared.difference("A", "B", 0.13, 0.13, 0.0, 10_000, what)
    assert same == "Running out of cash: B and A differ in none of 10,000 futures (13 of 100 with either)."


def test_cash_changes_are_told_future_by_future():
    at = Some(month="2031-03", less=0.94, more=0.0, both=5, p10=-31_000.0, p90=-12_000.0)
    said = compared.cash_difference("A", "B", at)
    assert "in 94 of 100 and more in none" in said and "−£31,000 to −£12,000" in said


@pytest.fixture(scope="module")
def carried_on():
    return project(read_organisation("small_contracts"), paths=500, months=60)


def test_the_headline_of_carry_on_never_says_insolvent(carried_on):
    said = words.headline(carried_on)
    pattern = r"If nobody changes anything, cash runs out by March 2031 in (\S+) of 100 simulated futures; in (\S+) it does not\."
    found = re.fullmatch(pattern, said[0])
    assert found and int(found[1]) + int(found[2]) == 100
    assert "insolvent" not in " ".join(said + words.risks(carried_on))


def test_the_word_insolvent_belongs_to_strategies_that_would_close():
    played = project(read_organisation("small_grants"), strategy=read_strategy("hub_and_dock"), paths=200)
    said = " ".join(words.headline(played))
    assert "becomes insolvent by June 2031" in said and "closed in order" in said


def test_without_chance_there_is_one_date():
    played = project(read_organisation("certain"))
    assert words.headline(played)[0] == "If nobody changes anything, cash runs out in February 2028."
    shorter = project(read_organisation("certain"), months=12)
    assert "still cash at the end of September 2027, where the model stops" in words.headline(shorter)[0]
    assert words.risks(played) == []


def test_beyond_the_horizon_is_said_not_numbered():
    played = project(read_organisation("small_grants"), paths=500, months=22)
    assert math.isnan(played.runway["p50"])
    assert "where the model stops, so there is no typical date" in " ".join(words.headline(played))


def test_no_banned_word_and_one_denominator(carried_on):
    said = " ".join([*words.headline(carried_on), *words.risks(carried_on), *words.limits(carried_on), words.BASIS])
    assert not [word for word in BANNED if re.search(rf"\b{word}\b", said, re.IGNORECASE)]
    assert "%" not in said and not re.search(r"\b\d{1,2} in \d", said)


def test_the_closure_rate_has_its_date_and_caution():
    said = words.beside(60)
    assert "2.6 were removed in the year to June 2025 (4,372)" in said
    assert "12 of 100 in 60 months" in said  # 1 − (1 − 0.026)⁵ = 0.1234
    assert "NCVO warns" in said


def test_why_begins_with_what_remains_without_shocks(carried_on):
    event = Some(name="streams.county.cuts", words="cuts to county", share_prevented=0.7)
    said = words.why(carried_on, Some(failures=480, structural=0.25, events=[event]))
    assert said[0].startswith("Of 100 futures that run out of cash, 25 would still do so with every shock switched off")
    assert said[-1].split() == ["70", "cuts", "to", "county"]
    assert words.why(carried_on, Some(failures=0, structural=math.nan, events=[])) == []


def test_in_breach_at_the_opening_counts_every_future_once():
    played = project(read_organisation("nursery"), paths=500, months=30)
    assert played.in_breach_at_opening
    said = words.risks(played)[0]
    counts = [
        re.search(rf"in (\S+)( of 100)?( simulated futures)? {what}", said)[1]
        for what in ("they are still", "they are not")
    ]
    # rounded one by one, so within one of a hundred; none and fewer than 1 count as nil
    assert abs(sum(int(x) if x.isdecimal() else 0 for x in counts) - 100) <= 2


def test_mission_drift_is_said_beside_the_money():
    """Half of what the one team spends fits at first; a second, wholly fitting, of the same size comes with a bid won for certain: ¾."""
    streams = {"a": {"kind": "giving", "form": "gift", "yearly": 30_000, "cut": 0, "fit": 0.5}}
    bids = {
        "b": {
            "kind": "trust",
            "form": "contract",
            "chance": 1,
            "yearly": 30_000,
            "term": 60,
            "decision": "2026-08",
            "fit": 1,
        }
    }
    docks = {name: {"funded_by": [name], "costs": {"rent": {"yearly": 12_000, "grows": 0}}} for name in ("a", "b")}
    organisation = charity(streams=streams, bids=bids, docks=docks)
    p = project(organisation, paths=50, months=24)
    assert words.mission(p) == [
        "Of 100 pounds that teams spend 50 fit our purpose in April 2026, and 75 in March 2028 where it goes on."
    ]
    shown = [line.split()[-1] for line in table(p) if line.startswith("Mar 20")]
    assert shown == ["75", "75"]
    found = compare(
        organisation,
        scenarios=[[]],
        strategies=[read_strategy("carry on"), read_strategy("close in order")],
        months=24,
        paths=50,
    )
    assert found.alternatives[0].mission_fit == pytest.approx((5 * 0.5 + 19 * 0.75) / 24)
    assert "mission" in comparison(found)
    plain = charity(streams={"a": {k: v for k, v in streams["a"].items() if k != "fit"}})
    assert words.mission(project(plain, paths=50, months=24)) == []
