"""What a second reading of the month loop found, each on the smallest organisation that shows it."""

import numpy as np
import pytest

from resilience import project, read_strategy
from resilience.errors import InputError
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from

BASE = {"name": "Small", "first_month": "2026-04", "source": "made up", "economy": {"cpi": 0, "earnings": 0}}
CERTAIN = BASE | {"chance": False}


def played(raw, strategy="carry on", **how):
    chosen = strategy if not isinstance(strategy, str) else read_strategy(strategy)
    return project(organisation_from(raw, "small.toml"), None, chosen, keep_paths=True, **how)


def rules(*rules):
    return strategy_from({"name": "Rules", "why": "test", "source": "test", "rules": list(rules)}, "rules.toml")


def test_an_uplift_counts_from_the_second_april():
    # 12,000 a year from April 2026, the first month: 1,000 until March 2027, then 3 % more
    stream = {"kind": "giving", "form": "gift", "yearly": 12_000, "cut": 0, "uplift": 0.03}
    income = played(CERTAIN | {"opening": {"bank": 1_000}, "streams": {"s": stream}}, months=14).accounts["income"][
        :, 0
    ]
    assert income[:12].tolist() == [1_000_00] * 12
    assert income[12:].tolist() == [1_030_00] * 2


def test_a_delayed_freeze_ends_when_money_comes():
    raw = BASE | {"opening": {"bank": 20_000, "owed": [{"month": "2026-07", "amount": 900_000}]},
                  "hub": {"posts": {"worker": {"heads": 5, "pay": 20_000, "hours": 20, "service": 2, "turnover": 0.9}}}}  # fmt: skip
    freeze = {"when": "months of cover below", "level": 3, "do": "freeze recruitment", "delay": 5}
    heads = played(raw, rules(freeze), months=48, paths=300).accounts["heads"]
    unfrozen = played(raw, rules(), months=48, paths=300).accounts["heads"]
    assert abs(heads[30:].mean() - unfrozen[30:].mean()) < 0.3  # five posts, each empty about a quarter of the time


def test_an_award_with_an_earlier_go_live_is_staffed_for_it():
    late = {
        "kind": "NHS",
        "chance": 1,
        "yearly": 60_000,
        "term": 24,
        "decision": "2026-05",
        "mobilisation": {"months": 20},
    }
    soon = {"kind": "NHS", "chance": 1, "yearly": 60_000, "term": 24, "decision": "2026-06"}
    posts = {"worker": {"heads": 3, "pay": 20_000, "hours": 20, "service": 0, "recruiting_months": 1}}
    raw = CERTAIN | {"opening": {"bank": 500_000}, "bids": {"late": late, "soon": soon},
                     "docks": {"team": {"funded_by": ["late", "soon"], "posts": posts}}}  # fmt: skip
    heads = played(raw, months=12).accounts["heads"][:, 0]
    # told in June (t = 2), recruited in a month: in post from July + 1 (t = 4) on
    assert heads.tolist() == [0, 0, 0, 0] + [3] * 8


def test_a_team_under_notice_stays_when_a_new_stream_pays_for_it():
    first = {"kind": "trust", "form": "contract", "yearly": 60_000, "until": "2026-06", "renewal": "0 in 10"}
    second = {"kind": "trust", "form": "contract", "yearly": 60_000, "from": "2027-02", "cut": 0}
    posts = {"worker": {"heads": 2, "pay": 20_000, "hours": 20, "service": 0, "recruiting_months": 0}}
    raw = CERTAIN | {"opening": {"bank": 200_000}, "streams": {"first": first, "second": second},
                     "docks": {"team": {"funded_by": ["first"], "posts": posts}}}  # fmt: skip
    raw["docks"]["team"]["funded_by"] = ["first", "second"]
    close = {"when": "months of cover below", "level": 100, "do": "close lowest contribution", "at_most": 1}
    heads = played(raw, rules(close), months=14).accounts["heads"][:, 0]
    # notice decided in April (t = 0), one week: gone at the end of May (t = 1); the second stream begins in February (t = 10)
    assert heads[1] == 0
    assert heads[10:].tolist() == [2] * 4


@pytest.mark.parametrize("months", [24, 25, 36])
def test_the_horizon_does_not_change_what_is_told_within_it(months):
    award = {
        "kind": "trust",
        "form": "contract",
        "yearly": 90_000,
        "until": "2028-03",
        "renewal": {"chance": 1, "told": 6},
    }
    posts = {"worker": {"heads": 4, "pay": 20_000, "hours": 20, "service": 9, "notice_weeks": 12}}
    raw = CERTAIN | {
        "opening": {"bank": 90_000},
        "streams": {"s": award},
        "docks": {"d": {"funded_by": ["s"], "posts": posts}},
    }
    p = played(raw, "hub and dock", months=months)
    assert p.accounts["heads"][:24, 0].tolist() == [4] * 24
    assert p.accounts["spending_one_off"][:24, 0].sum() == 0


def test_a_facility_that_has_expired_is_refused():
    raw = CERTAIN | {"opening": {"bank": 1_000}, "facility": {"limit": 50_000, "until": "2026-01"}}
    with pytest.raises(InputError, match=r"facility\.until: 2026-01 lies before the first month"):
        organisation_from(raw, "small.toml")


def test_heads_that_go_in_different_months_have_their_own_luck():
    # two heads of one group, notice of 1 and of 3 months: redeployed each with probability one half, independently
    away = {"worker": {"heads": 1, "pay": 20_000, "hours": 20, "service": 9, "turnover": 0.999, "recruiting_months": 2}}
    home = {"worker": {"heads": 2, "pay": 20_000, "hours": 20, "service": 9, "turnover": 0.5, "recruiting_months": 0}}
    award = {"kind": "trust", "form": "contract", "yearly": 90_000, "until": "2027-09", "renewal": "0 in 10"}
    raw = BASE | {"redeployment": 0.5, "opening": {"bank": 900_000}, "streams": {"s": award},
                  "docks": {"home": {"funded_by": ["s"], "posts": home}}, "hub": {"posts": away}}  # fmt: skip
    p = played(raw, "hub and dock", months=24, paths=2_000)
    lost = p.paths["posts_lost"]
    assert set(np.unique(lost)) >= {0, 1, 2}


def test_more_close_than_are_open_in_no_month():
    service = {"dock": "d", "caseload": 20, "length": 0.4, "referrals": 10, "noise": {"sd": 0.1}}
    dock = {"posts": {"worker": {"heads": 1, "pay": 20_000, "hours": 37.5, "service": 1}}}
    p = played(
        BASE | {"opening": {"bank": 900_000}, "docks": {"d": dock}, "services": {"s": service}}, months=24, paths=200
    )
    assert (p.accounts["open"] >= 0).all()
    assert (p.accounts["served"] >= 0).all()


def test_the_month_of_a_missed_covenant_counts_no_facility():
    # June is the first quarter-end; free reserves are far below a million
    raw = CERTAIN | {"opening": {"bank": 10_000}, "facility": {"limit": 100_000, "covenant": 1_000_000}}
    a = played(raw, months=4).accounts
    assert (a["headroom"] - a["spendable"])[:, 0].tolist() == [100_000_00, 100_000_00, 0, 0]


def test_amounts_beyond_counting_are_refused():
    raw = CERTAIN | {
        "economy": {"cpi": 0.9, "earnings": 0},
        "opening": {"bank": 1},
        "hub": {"costs": {"rent": {"yearly": 1_000_000}}},
    }
    with pytest.raises(InputError, match="grows beyond what can be counted"):
        played(raw, months=600)
