"""The cash that bids need, on the first page: worked by hand, month by month; and what is said beside it."""

import numpy as np
from quiet import FLAT, QUIET

from resilience import project
from resilience.exports.document import plain
from resilience.first_answer import first_answer
from resilience.first_answer.bids import needed
from resilience.organisation_file import organisation_from
from resilience.page.first import sections
from resilience.words import first as words

STILL = QUIET | {"economy": FLAT, "creditor_days": 0, "employment_allowance": False}
BASE = {"name": "Bids", "first_month": "2026-04", "opening": {"bank": 5_000, "creditors": 0}} | STILL
ONE = {"kind": "NHS", "chance": 0.3, "yearly": 12_000, "term": 12, "decision": "2026-06", "cost": 500, "lag": 2, "late": 0,
       "payment": "arrears", "mobilisation": {"months": 2, "cost": 900}}  # fmt: skip
TWO = {"kind": "NHS", "chance": 0.3, "yearly": 6_000, "term": 24, "decision": "2026-07", "cost": 2_000, "lag": 1, "late": 0, "payment": "arrears"}  # fmt: skip
RAW = BASE | {
    "bids": {"one": ONE, "two": TWO},
    "docks": {"d": {"funded_by": ["one"], "costs": {"kit": {"yearly": 1_200}}}},
}


def found(raw, months=40, paths=8):
    return first_answer(project(organisation_from(raw, "x.toml"), months=months, paths=paths)).bids


def test_peak_cash_by_hand():
    """one: told in June (t = 2), mobilised over July to September (300 each), live in September (t = 5), paid from November on.

    End of June −500, July −800, August −1,100, September −1,500 (300 and the month's kit of 100), October −1,600, November −700
    (1,000 − 100), December +200. two: told in July −2,000, live in August, 500 from September on: −1,500 … nil in December.
    Together: June −500, July −2,800, August −3,100, September −3,000, October −2,600, November −1,200, December +200.
    """
    one, two, both = found(RAW)
    assert (one.bid, one.needed, one.month, one.paid_back) == ("one", 1_600.0, "2026-10", "2026-12")
    assert (two.bid, two.needed, two.month, two.paid_back) == ("two", 2_000.0, "2026-07", "2026-12")
    assert (both.bid, both.needed, both.month, both.paid_back) == ("all bids", 3_100.0, "2026-08", "2026-12")
    # one runs September 2026 to August 2027 and is paid two months later; two runs August 2026 to July 2028
    assert (one.counted_to, two.counted_to, both.counted_to) == ("2027-10", "2028-08", "2028-08")


def test_it_asks_neither_what_chance_says_nor_whether_the_bank_can_pay():
    sure = RAW | {
        "opening": {"bank": 0, "creditors": 0},
        "bids": {"one": ONE | {"chance": 1}, "two": TWO | {"chance": 0}},
    }
    assert [(x.needed, x.month) for x in found(sure)] == [(x.needed, x.month) for x in found(RAW)]


def test_a_bid_that_loses_money_is_never_paid_back_and_a_short_horizon_says_how_far_it_looked():
    dear = RAW | {"docks": {"d": {"funded_by": ["one"], "costs": {"kit": {"yearly": 36_000}}}}}
    one = found(dear)[0]
    # twelve months at 1,000 in and 3,000 out: 24,000 at the end of the term (August 2027) and 2,000 of income still to come, and 1,400
    # before; the kit goes on after the term, which is no longer the bid's
    assert one.paid_back is None and one.counted_to == "2027-10"
    one = found(RAW, months=8)[0]
    assert (one.needed, one.month, one.paid_back, one.counted_to) == (1_600.0, "2026-10", None, "2026-11")


def test_a_bid_that_costs_nothing_needs_nothing():
    free = ONE | {"cost": 0, "mobilisation": {}, "payment": "monthly"}
    free = {k: v for k, v in free.items() if k not in ("lag", "late")}
    (one,) = found(BASE | {"bids": {"one": free}})  # alone: no line for all together
    assert (one.needed, one.month, one.paid_back) == (0.0, None, None)
    assert found(BASE) == []


def test_most_needed_and_paid_back_of_a_row_of_differences():
    for row, expected in (
        ([0, -5, -9, -9, -2, 0, 3], (9, 2, 5)),
        ([0, -5, 1, -1, 2], (5, 1, 4)),  # it must stay above
        ([0, -5, 1, -1], (5, 1, -1)),
        ([0, 0, 4], (0, -1, -1)),
        ([-1], (1, 0, -1)),
    ):
        assert needed(np.array(row)) == expected


def test_the_page_says_cash_staff_and_what_is_not_known():
    post = {"heads": 1, "pay": 20_000, "hours": 20, "service": 0, "recruiting_months": 4, "turnover": 0}
    team = {"d": {"funded_by": ["one"], "posts": {"w": post}}}
    come = {"heads": 1, "pay": 20_000, "hours": 20, "service": 1, "turnover": 0}
    one = ONE | {"chance": 1, "minimum_posts": 2, "transfers_in": come}
    two = TWO | {"price": {"usual": 10, "ours": 12, "ceiling": 11}}
    raw = BASE | {"opening": {"bank": 90_000}, "bids": {"one": one, "two": two}, "docks": team}
    projection = project(organisation_from(raw, "x.toml"), months=24, paths=8)
    answer = first_answer(projection)
    (said,) = [text for text in sections(projection, answer) if text.startswith(words.BIDS)]
    flat = " ".join(said.split())
    assert "Income of one fell short in all of the futures for want of staff." in flat
    assert "one: what those who come are owed is not known, so no walk-away price can be given." in flat
    assert "two cannot be won" in flat and "two: our price is above the ceiling" in flat
    assert plain(answer.bids)[0]["short_of_staff"] == 1.0 and plain(answer.bids)[1]["winnable"] is False
    assert plain(answer.bids)[0].keys() == {"bid", "needed", "month", "paid_back", "counted_to", "winnable", "walk_away", "short_of_staff"}  # fmt: skip
