"""Closing in order: who goes when, what it costs, by when to decide; to the penny by hand, through files."""

import json

import pytest
from a_small_file import raw
from click.testing import CliRunner

from resilience.cli import cli
from resilience.closure import closure
from resilience.errors import InputError
from resilience.horizon import Month, parse_month
from resilience.organisation_file import organisation_from, read_organisation
from resilience.scenario import read_scenario
from resilience.shipped import names
from resilience.words import closing as words

POST = {"turnover": 0, "pension": 0}
DIRECTOR = POST | {"heads": 1, "pay": 31_200, "age": 45, "service": 5}  # £600 a week
HELPER = POST | {"heads": 2, "pay": 26_000, "age": 30, "service": 1}  # £500 a week
CLOSING = {"lease_until": "2026-12", "lease_yearly": 12_000, "dilapidations": 3_000, "run_off": 2_000}


def file(bank=100_000, director=DIRECTOR, helper=HELPER, closing=CLOSING, loans=None, **more):
    """A hub alone, without income; no NIC, so that pay is all that people cost."""
    tables = raw({}, hub={"posts": {"director": director, "helper": helper}}, closing=closing, loans=loans or {})
    tables["opening"] = {"bank": bank, "creditors": 0} | more
    tables["economy"] = tables["economy"] | {"employer_nic": {"from": "2026-04", "rate": 0, "threshold": 5000}}
    return organisation_from(tables, "small.toml")


def test_a_closing_decided_at_once_to_the_penny():
    found = closure(file())
    # decided at the end of April. Director: 61 months, 5 weeks, ⌈12·5/52⌉ = 2 months; helpers: 13 months, a week, 1 month
    assert (found.decided, found.consulted, found.notice_from, found.last) == ("2026-04", 0, "2026-05", "2026-06")
    assert [(one.place, one.people, one.last) for one in found.leaving] == [
        ("hub.posts.helper", 2, "2026-05"),
        ("hub.posts.director", 1, "2026-06"),
    ]
    helpers, director = found.leaving
    assert (helpers.redundancy, helpers.holiday) == (0, 1_000)  # below two years; a week each
    assert (director.redundancy, director.holiday) == (4_200, 600)  # years begun at 44, 43, 42, 41: 1½ weeks, at 40: 1
    items = {one.name: one.pounds for one in found.items}
    assert items == {
        "redundancy": 4_200,
        "holiday": 1_600,
        "lease": 6_000,  # July to December
        "dilapidations": 3_000,
        "penalties": None,
        "pension exit": None,
        "run-off": 2_000,
        "loans": None,
    }
    assert found.total == 16_800
    # pay: director April to June, helpers April and May; of June's pay 30.6 % leaves in July
    pay = 3 * 2_600 + 2 * (2_166.67 + 2_166.66) - 795.60
    assert found.spendable_last == pytest.approx(100_000 - pay - 16_800, abs=0.001)
    assert found.in_order and found.runs_out is None


def test_what_is_not_entered_is_said():
    said = {
        one.name: one.said
        for one in closure(file(closing=CLOSING | {"pension_exit": "don't know"})).items
        if one.pounds is None
    }
    assert said == {"penalties": "not entered", "pension exit": "don't know", "loans": "not entered"}


@pytest.mark.parametrize("item", ["dilapidations", "penalties", "run_off", "pension_exit"])
def test_an_item_costs_what_it_says(item):
    before, after = (closure(file(closing=CLOSING | {item: pounds})) for pounds in (5_000, 6_250))
    assert after.total - before.total == 1_250
    assert before.spendable_last - after.spendable_last == pytest.approx(1_250)


def test_what_is_left_of_a_loan_and_a_provision_is_paid_in_the_last_month():
    loan = {"bank": {"balance": 12_000, "repayment": 6_000}}
    without = closure(file())
    found = closure(file(loans=loan, provisions=800, provisions_due="2026-12"))
    items = {one.name: one.pounds for one in found.items}
    assert items["loans"] == 12_000 - 3 * 500 and items["provisions"] == 800
    assert without.spendable_last - found.spendable_last == pytest.approx(12_000 + 800)
    early = {one.name: one.pounds for one in closure(file(provisions=800, provisions_due="2026-05")).items}
    assert "provisions" not in early  # paid when due, before the last have left


@pytest.mark.parametrize(
    ("month", "decided"),
    [
        ("2026-06", "2026-04"),
        ("2026-12", "2026-10"),  # 5 years and 7 months: 5 weeks, 2 months
        ("2030-12", "2030-09"),  # 9 years: 9 weeks, ⌈108/52⌉ = 3 months
        ("2035-03", "2034-12"),  # 12 weeks, the most: ⌈144/52⌉ = 3 months
    ],
)
def test_by_when_to_decide(month, decided):
    found = closure(file(bank=2_000_000), (), parse_month(month))
    assert (found.decided, found.last) == (decided, month)


def test_twenty_together_are_consulted_for_a_month_and_a_hundred_for_two():
    for heads, months in ((18, 0), (19, 1), (98, 1), (99, 2)):
        found = closure(file(bank=10**7, helper=HELPER | {"heads": heads}))
        assert found.consulted == months
        assert parse_month(found.last) - parse_month(found.decided) == months + 2
        assert sum(one.people for one in found.leaving) == heads + 1


def test_without_enough_money_it_is_no_closing_in_order_and_the_costs_are_the_same():
    rich, poor, broke = (closure(file(bank=bank)) for bank in (100_000, 30_000, 5_000))
    assert rich.items == poor.items == broke.items and rich.leaving == broke.leaving
    assert (rich.in_order, poor.in_order, broke.in_order) == (True, False, False)
    assert poor.runs_out is None and poor.spendable_last < 0
    assert broke.runs_out == "2026-05" and broke.spendable_last is None  # April's pay leaves £188.27


def test_a_month_out_of_reach_is_refused_with_the_first_that_is_not():
    with pytest.raises(
        InputError, match=r"2026-05 is too soon: decided in April 2026.*June 2026; name 2026-06 or a later month"
    ):
        closure(file(), (), Month(2026, 5))
    with pytest.raises(InputError, match="600 months or more after April 2026"):
        closure(file(), (), Month(2076, 4))
    with pytest.raises(InputError, match="is too soon"):
        closure(file(), (), Month(2020, 1))
    with pytest.raises(InputError, match="has no posts and no costs"):
        closure(organisation_from(raw({}), "empty.toml"))


@pytest.mark.parametrize("name", names("organisations"))
def test_every_shipped_organisation_closes_and_deciding_later_is_too_late(name):
    organisation = read_organisation(name)
    soonest = closure(organisation)
    asked = parse_month(soonest.last) + 7
    found = closure(organisation, (), asked)
    assert parse_month(found.last) <= asked and parse_month(found.decided) >= parse_month(soonest.decided)
    later = closure(organisation, (), asked + 1)
    assert later.decided > found.decided or later.last == found.last
    assert found.total == pytest.approx(sum(one.pounds or 0 for one in found.items))


def test_a_scenario_changes_what_is_left():
    organisation = read_organisation("advice_charity")
    month = Month(2027, 6)
    plain, cut = closure(organisation, (), month), closure(organisation, [read_scenario("council_cut_30")], month)
    assert cut.spendable_last < plain.spendable_last and cut.leaving == plain.leaving
    assert cut.overlays == ["Council cut 30 %"]


def tables(**more):
    """A worker at £600 a week with five years of service, from September; no NIC."""
    found = raw({}, **more)
    found["first_month"] = "2026-09"
    found["economy"] = found["economy"] | {"employer_nic": {"from": "2026-09", "rate": 0, "threshold": 5000}}
    return found


@pytest.mark.parametrize("until", ["2027-02", None])
def test_who_is_paid_by_a_restricted_fund_alone_can_be_closed_too(until):
    grant = {"kind": "trust", "form": "grant", "fund": "g", "yearly": 60_000, "from": "2026-09"}
    grant |= {"until": until, "renewal": {"chance": 0}} if until else {"cut": 0}
    found = tables(funds={"g": {}}, docks={"team": {"funded_by": ["g"], "posts": {"worker": DIRECTOR}}})
    organisation = organisation_from(found | {"streams": {"g": grant}}, "grant.toml")
    at_once = closure(organisation)
    assert (at_once.decided, at_once.last) == ("2026-09", "2026-11")  # 61 months: 5 weeks, 2 months
    assert [one.redundancy for one in at_once.leaving] == [4_200]
    later = closure(organisation, (), Month(2027, 6))
    assert (later.decided, later.last, later.asked) == ("2027-04", "2027-06", "2027-06")


def test_what_nobody_could_pay_is_played_to_its_end():
    found = closure(file(helper=HELPER | {"heads": 2_000, "pay": 600_000}), (), Month(2031, 12))
    assert found.last == "2031-12" and sum(one.people for one in found.leaving) == 2_001
    assert found.runs_out == "2026-04" and found.spendable_decided is None and found.spendable_last is None


def test_our_own_money_runs_out_though_restricted_money_is_left():
    found = tables(funds={"building": {"opening": 50_000}}, hub={"posts": {"director": DIRECTOR}})
    found["opening"] = {"bank": 62_000, "creditors": 0}
    late = closure(organisation_from(found, "fund.toml"), (), Month(2027, 6))
    # 12,000 − (2,600 − 795.60) − 3 × 2,600 = 2,395.60 at the end of December: below nil in January
    assert late.runs_out == "2027-01" and late.spendable_decided is None and not late.in_order


def test_costs_without_people_are_closed_and_nobody_leaves(tmp_path):
    found = closure(organisation_from(raw({}, hub={"costs": {"office": {"yearly": 12_000}}}), "office.toml"))
    assert (found.decided, found.last, found.leaving) == ("2026-04", "2026-05", [])
    ours = tmp_path / "office.toml"
    ours.write_text(
        'name = "Office"\nfirst_month = "2026-04"\nopening = { bank = 9000 }\nhub.costs.office.yearly = 12000\n'
    )
    done = run(str(ours))
    assert done.exit_code == 0 and "it is closed at the end of May 2026" in " ".join(done.output.split())
    assert "Who leaves when" not in done.output


def in_advance(**closing):
    """A contract of £5,000 a month paid by the quarter from October on, and £2,600 a month of pay."""
    contract = {
        "kind": "local authority",
        "form": "contract",
        "yearly": 60_000,
        "payment": "quarterly in advance",
        "cut": 0,
        "from": "2026-10",
    }
    found = tables(hub={"posts": {"director": DIRECTOR}}, closing=closing) | {
        "streams": {"c": contract},
        "opening": {"bank": 5_000, "creditors": 0},
    }
    return closure(organisation_from(found, "contract.toml"), (), Month(2027, 1))


def test_what_was_paid_for_work_not_done_has_to_go_back():
    one = in_advance()
    assert one.paid_ahead == 10_000  # January's instalment of £15,000 less January's part
    assert one.owed_by_us == 795.6 and one.owed_to_us == 0 and one.overdraft == 0  # deductions of January
    # 5,000 + 30,000 − 5 × 2,600 + 795.60 − redundancy 4,200 − holiday 600
    assert one.spendable_last == 17_995.6 and one.in_order
    assert "paid to us for work not done, and to go back: £10,000" in " ".join(words.decided(one))
    # 17,995.60 − 795.60 − 10,000 = 7,200 to spare
    assert in_advance(dilapidations=7_200).in_order
    short = in_advance(dilapidations=7_200.01)
    assert not short.in_order and short.spendable_last == 10_795.59
    assert "not everybody can be paid: no closing in order" in " ".join(words.decided(short))


def test_what_a_restricted_fund_is_owed_for_costs_we_have_borne_pays_our_debts():
    grant = {
        "kind": "trust",
        "form": "grant",
        "fund": "g",
        "yearly": 60_000,
        "payment": "arrears",
        "lag": 3,
        "late": 0,
        "cut": 0,
    }
    found = tables(funds={"g": {}}, docks={"team": {"funded_by": ["g"], "posts": {"worker": DIRECTOR}}})
    found |= {"streams": {"g": grant}, "opening": {"bank": 12_200, "creditors": 0, "debtors": 0}}
    one = closure(organisation_from(found, "grant.toml"))
    assert one.last == "2026-11" and one.spendable_last < 800  # three months' pay and £4,800 of exit pay
    assert one.owed_to_us > 7_800 and one.in_order  # what the grant still owes for that pay


# ---- on the command line


def run(*typed):
    return CliRunner().invoke(cli, ["closure", *typed])


def test_the_page_says_it():
    done = run("advice_charity", "--month", "2027-04")
    assert done.exit_code == 0
    text = " ".join(done.output.split())
    found = closure(read_organisation("advice_charity"), (), Month(2027, 4))
    assert "If it is decided at the end of December 2026, the last people leave at the end of April 2027." in text
    assert "after a month of consultation: 38 are dismissed together" in text
    assert f"£{found.total:,.0f}" in text and "pension exit don't know" in text
    assert "; advice_charity.toml " in text and ", strategy " in text.rsplit(";", 1)[1]
    assert max(map(len, done.output.splitlines())) <= 80


def test_a_closing_that_cannot_be_paid_is_said():
    assert "no closing in order" in " ".join(run("nursery").output.split())
    late = " ".join(run("nursery", "--month", "2028-01").output.split())
    assert "Our own money has run out by March 2027, before it is decided: decide earlier." in late
    assert "Spendable" not in late


def test_the_json_has_its_shape():
    found = json.loads(run("advice_charity", "--json").output)
    assert found["schema"] == "resilience.closure/1"
    assert {"decided", "consulted", "notice_from", "last", "leaving", "items", "total", "in_order", "manifest"} <= set(
        found
    )
    assert found["manifest"]["chance"] is False
    assert run("advice_charity", "--json").output == run("advice_charity", "--json").output


@pytest.mark.parametrize(
    ("typed", "said"),
    [
        (["advice_charity", "--month", "April 2027"], "write it as 2027-04"),
        (["advice_charity", "--month", "2026-05"], "name 2026-08 or a later month"),
        (["advice_charty"], 'did you mean "advice_charity"'),
    ],
)
def test_a_mistake_gets_one_answer(typed, said):
    done = run(*typed)
    assert done.exit_code == 2 and said in " ".join(done.output.split())
