"""Won, told, lost: counted against what the months themselves did in the same futures, and income told against arithmetic."""

import json

import exact_answers as known
import numpy as np
import pytest
from click.testing import CliRunner

from resilience import project
from resilience.cli import cli
from resilience.first_answer import awards
from resilience.scenario import scenario_from
from resilience.words import awards as words

PATHS, MONTHS = 2_000, 48
BID = {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 12_000, "term": 24, "decision": "2026-09", "chance": 0.3}  # fmt: skip
AWARD = {"kind": "trust", "form": "gift", "payment": "monthly", "yearly": 24_000, "until": "2027-03", "renewal": {"chance": 0.6, "told": 3, "term": 12, "fraction": 0.5}}  # fmt: skip
GIFTS = {"kind": "giving", "form": "gift", "yearly": 6_000, "cut": 0}


def played(bank=100_000, **tables):
    how = {k: tables.pop(k) for k in ("months", "paths", "chance", "scenario") if k in tables}
    organisation = known.charity(bank=bank, **tables)
    return project(organisation, how.pop("scenario", None), keep_paths=True, **{"paths": PATHS, "months": MONTHS} | how)


def only(projection):
    (found,) = awards(projection).fates
    return found


def test_a_bid_is_won_as_often_as_the_months_say():
    projection = played(bids={"tender": BID})
    found = only(projection)
    assert (found.place, found.kind, found.pounds) == ("bids.tender", "bid", 12_000.0)
    (told,) = found.decisions
    won = projection.paths["won"] == 1
    assert (told.month, told.yes, told.no, told.ended) == ("2026-09", won.mean(), (~won).mean(), 0.0)
    assert abs(told.yes - 0.3) <= 4 * np.sqrt(0.3 * 0.7 / PATHS)


def test_a_renewal_comes_as_often_as_money_does():
    # each decision is told three months before a term's end; in the first month of a further term income says what it was
    projection = played(streams={"award": AWARD})
    income, found = projection.accounts["income"], only(projection)
    assert [one.month for one in found.decisions] == ["2027-01", "2028-01", "2029-01", "2030-01"]
    paid = [income[t] > 0 for t in (12, 24, 36)]
    for k, one in enumerate(found.decisions[:3]):
        before = paid[k - 1] if k else np.ones(PATHS, dtype=bool)
        assert one.yes == paid[k].mean()
        assert one.no == (before & ~paid[k]).mean()
        assert one.ended == (~before).mean()
    assert abs(found.decisions[0].yes - 0.6) <= 4 * np.sqrt(0.6 * 0.4 / PATHS)
    assert abs(found.decisions[1].yes - 0.36) <= 4 * np.sqrt(0.36 * 0.64 / PATHS)


def test_an_organisation_that_has_ended_is_told_nothing():
    # 3,000 in the bank and 1,000 a month of rent: April to June are paid, July is not, before a decision of September
    projection = played(bank=3_000, bids={"tender": BID}, hub={"costs": {"rent": {"yearly": 12_000, "grows": 0}}}, months=12)  # fmt: skip
    (told,) = only(projection).decisions
    assert projection.insolvent.all() and (told.yes, told.no, told.ended) == (0.0, 0.0, 1.0)


def test_the_shares_add_up_and_the_first_told_comes_first():
    found = awards(played(bids={"tender": BID}, streams={"award": AWARD, "gifts": GIFTS})).fates
    assert [one.place for one in found] == ["bids.tender", "streams.award"]  # gifts have no end: nothing is told
    for one in found:
        for told in one.decisions:
            assert told.yes + told.no + told.ended == pytest.approx(1)


def test_what_is_told_beyond_the_horizon_is_left_out():
    assert awards(played(bids={"tender": BID | {"decision": "2027-05"}}, months=12)).fates == []


def test_without_chance_the_likelier_way_is_taken():
    found = awards(played(bids={"tender": BID}, streams={"award": AWARD}, chance=False)).fates
    assert [(one.decisions[0].yes, one.decisions[0].no) for one in found] == [(0.0, 1.0), (1.0, 0.0)]
    table = words.table(awards(played(bids={"tender": BID}, chance=False)), chance=False)
    assert table["rows"][0][2:5] == ["–", "yes", "–"]


# ---- income told and not told


def test_income_of_thirteen_months_told_and_untold():
    # gifts 500 a month, 13 months: 6,500. The award 2,000 a month for 12: 24,000; the thirteenth month is a renewed term at a half:
    # 1,000, untold. The bid is told in September and pays 1,000 from October: 7 months of 13: 7,000, untold.
    projection = played(bids={"tender": BID}, streams={"award": AWARD, "gifts": GIFTS})
    found, told = awards(projection), awards(projection).income
    won, renewed = (one.decisions[0].yes for one in found.fates)
    assert (told.months, told.told, told.untold) == (13, 30_500.0, 8_000.0)
    assert told.untold_mean == pytest.approx(7_000 * won + 1_000 * renewed, abs=0.01)


def test_what_comes_is_what_the_months_bring():
    # nothing is cut and nobody ends: told and the mean of the untold are the mean income that was played
    projection = played(bids={"tender": BID}, streams={"award": AWARD, "gifts": GIFTS})
    told = awards(projection).income
    income = projection.accounts["income"][:13].sum(axis=0).mean() / 100
    assert told.told + told.untold_mean == pytest.approx(income, abs=0.01)


def test_a_scenario_s_cut_that_ends_again_is_taken_off():
    cut = scenario_from({"name": "S", "why": "w", "source": "s", "shocks": [{"streams": {"id": "gifts"}, "depth": 0.5, "from": "2026-10", "until": "3 months", "notice": 0}]}, "s.toml")  # fmt: skip
    told = awards(played(streams={"gifts": GIFTS}, scenario=cut)).income
    assert (told.told, told.untold) == (6_500 - 3 * 250.0, 0.0)
    assert "is told: all of it" in words.income(told)


# ---- where it is shown


def test_the_terminal_shows_it():
    said = CliRunner().invoke(cli, ["project", "advice_charity", "--paths", "200", "--months", "36"]).stdout
    part = said.split("Won, told, lost\n")[1].split("\n\n")[0]
    assert "social prescribing (bid)" in part and "council grant" in part and "hangs on decisions" in part


def test_the_json_has_it_by_itself():
    found = json.loads(CliRunner().invoke(cli, ["project", "advice_charity", "--paths", "200", "--json"]).stdout)
    assert "awards" not in found["first_answer"]
    assert {"place", "kind", "pounds", "decisions"} == found["awards"]["fates"][0].keys()
    assert {"month", "yes", "no", "ended"} == found["awards"]["fates"][0]["decisions"][0].keys()
    assert {"months", "told", "untold", "untold_mean"} == found["awards"]["income"].keys()
