"""Social value: the vector of the reference to the penny, three sets, people of services, refusals, and what is said."""

import json
import re
import tomllib
from fractions import Fraction
from pathlib import Path

import pytest
from a_small_file import raw
from click.testing import CliRunner

from resilience import compare, project, read_strategy
from resilience import words as words_of_answer
from resilience.cli import cli
from resilience.errors import InputError
from resilience.exports import document
from resilience.organisation_file import organisation_from
from resilience.page.compared import comparison as compared_page
from resilience.rates import rate
from resilience.scenario import scenario_from
from resilience.social_value import SETS, value
from resilience.words import valued as words

DOCS = (Path(__file__).resolve().parent.parent / "docs" / "cost_recovery.md").read_text("utf-8")
WORK = {"quantity": 40, "value": {"low": 2_000, "central": 2_500, "high": 2_800}, "deadweight": 0.25, "displacement": 0.05, "attribution": 0.20, "drop_off": 0.30, "duration": 3}  # fmt: skip


def organisation(outcomes=None, docks=None, services=None, **held):
    tables = raw({}, docks=docks or {}, services=services or {}, employment_allowance=False)
    tables["social_value"] = {"outcomes": {"work": WORK} if outcomes is None else outcomes} | held
    return organisation_from(tables, "small.toml")


def found(people=None, full_cost=0, **held):
    return value(organisation(**({"investment": 60_000} | held)), people or {}, full_cost)


def central(one):
    return one.sets[1]


def test_the_vector_of_the_reference():
    # 40 × 2,500 × 0.75 × 0.95 × 0.80 = 57,000, then × 0.7 each year; ÷ 1.035, 1.035², 1.035³
    (outcome,) = central(found()).outcomes
    assert [year.impact for year in outcome.years] == [57_000, 39_900, 27_930]
    assert [year.present for year in outcome.years] == [55_072.46, 37_247.08, 25_191.26]
    one = central(found())
    assert (one.present, round(one.ratio, 4), one.net) == (117_510.80, 1.9585, 57_510.80)


def test_the_vector_at_the_start_of_the_years():
    one = central(found(timing="start of year"))
    assert (one.present, round(one.ratio, 4)) == (121_623.68, 2.0271)


def test_the_example_of_the_documentation_is_that_vector():
    block = re.search(r"```toml\n(\[social_value\].*?)```", DOCS, re.S)[1]
    assert tomllib.loads(block)["social_value"] == {"investment": 60_000, "outcomes": {"into_work": WORK}}
    for figure in (
        "57,000.00",
        "39,900.00",
        "27,930.00",
        "55,072.46",
        "37,247.08",
        "25,191.26",
        "117,510.80",
        "1.9585",
        "57,510.80",
        "121,623.68",
        "2.0271",
    ):
        assert figure in DOCS


def test_the_sets_are_in_proportion_to_the_value():
    low, middle, high = found().sets
    assert (low.present, high.present) == (
        pytest.approx(middle.present * 2_000 / 2_500, abs=0.01),
        pytest.approx(middle.present * 2_800 / 2_500, abs=0.01),
    )


def test_a_set_of_its_own_for_each_assumption():
    outcome = WORK | {
        "value": 1_000,
        "duration": 1,
        "deadweight": {"low": 0.5, "central": 0.25, "high": 0},
        "displacement": 0,
        "attribution": 0,
    }
    one = found(outcomes={"work": outcome}, rate=0)
    assert [s.present for s in one.sets] == [20_000, 30_000, 40_000]


def test_the_discount_rate_is_dated_or_the_files_own():
    dated = rate("social_time_preference", organisation(investment=1).first_month)
    assert (found().discount, found().discount_source) == (0.035, dated.source)
    assert "2026" in dated.source or "2025" in dated.source
    # at 0 % 57,000 + 39,900 + 27,930
    assert (central(found(rate=0)).present, found(rate=0).discount_source) == (124_830, "the file")


def test_people_come_from_those_who_complete_the_service():
    outcome = {k: x for k, x in WORK.items() if k != "quantity"} | {"service": "advice", "share": 0.5}
    services, docks = (
        {"advice": {"dock": "team", "caseload": 10, "length": 5, "referrals": 9}},
        {"team": {"posts": {"adviser": {"heads": 1, "pay": 30_000, "service": 3}}}},
    )
    one = value(organisation({"work": outcome}, docks, services), {"advice": Fraction(80)}, 60_000_00)
    assert central(one).outcomes[0].quantity == 40
    assert (central(one).present, one.investment) == (117_510.80, 60_000)


# ---- refused


@pytest.mark.parametrize(
    ("outcomes", "held", "said"),
    [
        ({"work": WORK | {"value": 2_500}}, {}, "gives one number where nobody knows it"),
        ({}, {}, "social_value.outcomes: is missing"),
        ({"work": {k: x for k, x in WORK.items() if k != "quantity"}}, {}, "needs a service or a quantity"),
        ({"work": WORK | {"service": "advice"}}, {}, "needs a service or a quantity"),
        ({"work": WORK | {"share": 0.5}}, {}, "does nothing: there is no service"),
        ({"work": {k: x for k, x in WORK.items() if k != "quantity"} | {"service": "advise"}}, {}, "advise is not a service of this file"),
        ({"work": WORK | {"deadweight": 25}}, {}, "25 is not a share; write it between 0 and 1, like 0.25"),
        ({"work": WORK | {"duration": 31}}, {}, "is too large; write 30 or less"),
        ({"work": WORK}, {"timing": "end"}, 'write one of "end of year"'),
        ({"w w": WORK}, {}, "is not a name that can be used"),
    ],
)  # fmt: skip
def test_a_fault_of_the_file(outcomes, held, said):
    with pytest.raises(InputError, match=re.escape(said)):
        organisation(outcomes, investment=1_000, **held)


def test_without_a_service_the_investment_must_be_given():
    with pytest.raises(InputError, match=r"social_value\.investment: is missing"):
        organisation()


def test_sets_in_the_wrong_order_are_refused():
    outcome = WORK | {"value": 1_000, "deadweight": {"low": 0, "central": 0.2, "high": 0.4}}
    with pytest.raises(InputError, match="the largest stands in the low set"):
        found(outcomes={"work": outcome})


def test_a_file_without_outcomes_is_refused():
    with pytest.raises(InputError, match="nothing says what the outcomes are worth"):
        value(organisation_from(raw({}), "x.toml"), {}, 0)


# ---- said


def test_no_number_without_its_range_and_what_it_rests_on():
    said = words.answer(found())
    assert (
        said[0] == "A year's work from April 2026 is worth £94,009 to £131,612 to society; in the central set £117,511."
    )
    assert "£1.57 to £2.19, central £1.96" in said[1]
    assert "3.5 % a year" in said[2] and "end of year" in said[2] and "Green Book" in said[2]
    ((title, rows, source),) = words.assumptions(found())
    assert title == "Work" and source == "No source is given."
    assert ["would have happened anyway", "25 %", "25 %", "25 %"] in rows


TABLES = """
name = "Valued"
first_month = "2026-04"
employment_allowance = false
[opening]
bank = 60_000
[docks.team.posts.adviser]
heads = 2
pay = 28_000
service = 3
[hub.costs.rent]
yearly = 6_000
[services.advice]
dock = "team"
caseload = 20
length = 4
referrals = 30
[social_value.outcomes.debts_settled]
service = "advice"
share = 0.4
value = { low = 400, central = 900, high = 1_500 }
deadweight = { low = 0.4, central = 0.3, high = 0.2 }
displacement = 0
attribution = 0.25
drop_off = 0.5
duration = 2
source = "our follow-up of 2025"
"""


def test_the_verb_from_file_to_page(tmp_path):
    file = tmp_path / "valued.toml"
    file.write_text(TABLES, encoding="utf-8")
    ran = CliRunner().invoke(cli, ["value", str(file), "--json"])
    one = json.loads(ran.output)
    assert one["schema"] == "resilience.value/1" and one["manifest"]["inputs"][0]["name"] == "valued.toml"
    # 2 heads carry 40 cases of 4 months: 10 a month are through, of whom 0.4; 2 × 32,102.80 + 6,000 = 70,205.60
    first = 120 * 0.4 * 900 * 0.7 * 0.75
    assert one["sets"][1]["outcomes"][0]["quantity"] == 48
    assert one["sets"][1]["present"] == pytest.approx(first / 1.035 + first / 2 / 1.035**2, abs=0.01)
    assert one["investment"] == 70_205.60 and one["invested"] == "full cost of the docks of the services named"
    page = CliRunner().invoke(cli, ["value", str(file)])
    assert page.exit_code == 0 and max(map(len, page.output.splitlines())) <= 80
    assert "Source: our follow-up of 2025." in page.output and "None" not in page.output


def test_bad_input_ends_with_status_2():
    ran = CliRunner().invoke(cli, ["value", "advice_charity"])
    assert ran.exit_code == 2 and "social_value: is missing" in ran.output


# ---- in the projection: of those who complete a service, month by month


WORTH = {"service": "advice", "share": 0.5, "value": {"low": 800, "central": 1_000, "high": 1_100}, "deadweight": 0.2, "displacement": 0.1, "attribution": 0.25, "drop_off": 0.5, "duration": 2}  # fmt: skip
CONTRACT = {"kind": "trust", "form": "contract", "payment": "monthly", "yearly": 80_000, "uplift": 0}


def working(until=None, **held):
    """Two heads carry 20 cases of 4 months, 4 people are referred a month; a contract funds them, for good or to a month."""
    post = {"heads": 2, "pay": 26_000, "age": 40, "service": 0, "pension": 0, "turnover": 0, "kind": "fixed-term"}
    service = {"dock": "team", "caseload": 10, "length": 4, "referrals": 4}
    ends = {"until": until, "renewal": 0, "lost": {"ended": 1}} if until else {"cut": 0}
    tables = raw({"c": CONTRACT | ends}, docks={"team": {"funded_by": ["c"], "posts": {"worker": post}}}, services={"advice": service}, opening={"bank": 900_000, "creditors": 0}, employment_allowance=False, chance=False)  # fmt: skip
    tables["social_value"] = {"outcomes": {"into_work": WORTH, "apart": WORK}} | held
    return organisation_from(tables, "small.toml")


def by_hand(value, months, timing="end of year", r=0.035):
    """4 complete a month in a steady service of 20 places: present value of each, discounted from its month to the opening."""
    first = 0.5 * value * 0.8 * 0.9 * 0.75
    early = 1 if timing == "start of year" else 0
    each = sum(first * 0.5**k / (1 + r) ** (k + 1 - early) for k in range(2))
    return sum(4 * each / (1 + r) ** (t / 12) for t in range(months))


@pytest.mark.parametrize("timing", ["end of year", "start of year"])
def test_the_social_value_of_a_projection_by_hand(timing):
    p = project(working(timing=timing), months=24)
    assert p.social_value == pytest.approx({name: by_hand(x, 24, timing) for name, x in zip(SETS, (800, 1_000, 1_100), strict=True)}, rel=1e-9)  # fmt: skip
    assert p.social_value["central"] == pytest.approx(
        project(working(timing=timing, rate=0.035), months=24).social_value["central"]
    )


def test_what_a_scenario_costs_in_social_value_is_shown():
    """The contract ends after a year: nobody completes any more. Against a year more of it, by `compare` on the same futures."""
    whole, short = project(working(), months=24), project(working(until="2027-03"), months=24)
    assert short.social_value["central"] == pytest.approx(by_hand(1_000, 12), rel=1e-9)
    shock = scenario_from({"name": "half", "why": "a test", "source": "a test", "changes": [{"what": "services", "field": "referrals", "to": 2}]}, "half.toml")  # fmt: skip
    found = compare(working(), scenarios=[[], shock], paths=10, months=24)
    lost = found.differences[0].social_value
    assert set(lost) == set(SETS) and lost["central"].difference < 0
    assert found.alternatives[0].social_value == pytest.approx(whole.social_value)
    assert lost["low"].difference == pytest.approx(0.8 * lost["central"].difference)
    assert "less social value on average" in compared_page(found)
    plain = compare(organisation_from(raw({}, employment_allowance=False), "x"), strategies=[read_strategy("carry on"), read_strategy("hub and dock")], paths=10, months=3)  # fmt: skip
    assert plain.differences[0].social_value is None and "social value" not in compared_page(plain)


def test_the_terminal_and_the_document_say_it(tmp_path):
    p = project(working(), months=24)
    said = "\n".join(words_of_answer.worth(p))
    assert "within 24 months are worth" in said and "resilience value" in said
    assert document(p)["social_value"]["central"] == pytest.approx(by_hand(1_000, 24), abs=0.01)
    assert project(organisation_from(raw({}, employment_allowance=False), "x"), months=3).social_value is None
