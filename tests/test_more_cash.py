"""A rule that makes more cash worse is said to; a sound one is not. And warning time, by hand."""

import json

import pytest
from click.testing import CliRunner
from quiet import FLAT, QUIET

from resilience import project, read_organisation, read_strategy
from resilience.cli import cli
from resilience.decisions.compare import compare
from resilience.decisions.more_cash import more_cash, share_seen
from resilience.organisation_file import organisation_from
from resilience.page import comparison
from resilience.strategy import strategy_from

# Gifts of £1,000 a month pay the rent of £1,000; a team that nobody funds loses £1,500 a month. £20,000 in the bank; £14,500 falls due in
# December (t = 8). A month's spending is £2,500.
LOSING = {
    "name": "Losing",
    "first_month": "2026-04",
    "creditor_days": 0,
    "economy": FLAT,
    "opening": {"bank": 20_000, "creditors": 0, "provisions": 14_500, "provisions_due": "2026-12"},
    "streams": {"gifts": {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 12_000, "cut": 0}},
    "hub": {"costs": {"rent": {"yearly": 12_000, "grows": 0}}},
    "docks": {"team": {"costs": {"running": {"yearly": 18_000, "grows": 0}}}},
} | QUIET
RULE = {"when": "months of cover below", "level": 7, "do": "close lowest contribution"}


def strategy(**more):
    rules = [RULE | more]
    return strategy_from({"name": "Wait", "why": "a test", "source": "invented", "rules": rules}, "wait.toml")


def played(how, bank=20_000, paths=50):
    raw = LOSING | {"opening": LOSING["opening"] | {"bank": bank}}
    return project(organisation_from(raw, "losing.toml"), None, how, months=12, paths=paths, keep_paths=True)


# A quarterly board looks at the ends of June and September (t = 2, 5). Without more cash: 20,000 − 3 × 1,500 = 15,500, 6.2 months:
# the team goes, 15,500 pays the 14,500 in December. With 2,500 more: 18,000, 7.2 months: nothing; 13,500 at the end of September,
# too late: 13,500 does not pay 14,500.
LATE = strategy(board="quarterly")
# Looked at each month: with 17,000 (6.8) in May, with more at 16,500 (6.6) in July: both pay 14,500.
SOUND = strategy()


def test_a_rule_that_waits_for_a_board_makes_more_cash_worse():
    assert played(LATE).accounts["bank"][[2, 7, 8], 0].tolist() == [15_500_00, 15_500_00, 1_000_00]
    assert played(LATE, bank=22_500).accounts["bank"][[2, 5, 8], 0].tolist() == [18_000_00, 13_500_00, -1_000_00]
    found = more_cash(played(LATE))
    assert (found.label, found.pounds, found.paths) == ("Wait", 2_500, 50)
    assert (found.worse, found.standard_error, found.better, found.seen) == (1, 0, 0, True)


def test_a_sound_rule_is_silent():
    assert played(SOUND).accounts["bank"][[1, 7], 0].tolist() == [17_000_00, 17_000_00]
    assert played(SOUND, bank=22_500).accounts["bank"][[3, 7], 0].tolist() == [16_500_00, 16_500_00]
    found = more_cash(played(SOUND))
    assert (found.worse, found.seen) == (0, False)


def test_where_nobody_decides_there_is_nothing_to_ask():
    assert more_cash(played(read_strategy("carry on"))) is None


def test_what_the_count_leaves_open_is_not_said():
    # 3 of 2,000: √(3 − 9/2,000) = 1.73, twice that is more than 3; 4: √(4 − 16/2,000) = 1.998, twice that is less than 4
    assert share_seen(3, 2_000) == (0.0015, pytest.approx(1.7307 / 2_000, abs=1e-7), False)
    assert share_seen(4, 2_000) == (0.002, pytest.approx(1.9980 / 2_000, abs=1e-7), True)
    assert share_seen(0, 2_000) == (0, 0, False) and share_seen(1, 1) == (1, 0, True)
    close = project(
        read_organisation("advice_charity"), None, read_strategy("close in order"), paths=2_000, measures=()
    )
    assert not more_cash(close).seen


@pytest.mark.parametrize(("board", "said"), [("quarterly", True), ("executive", False)])
def test_project_and_compare_say_so(tmp_path, board, said):
    file, ours = tmp_path / "losing.toml", tmp_path / "wait.toml"
    file.write_text(
        'name = "Losing"\nfirst_month = "2026-04"\ncreditor_days = 0\nfunder_events = false\n[economy]\ncpi = 0\nearnings = 0\n'
        "prices_doubt = 0\nearnings_doubt = 0\nbank_rate_doubt = 0\n[doubt]\nwinning = 0\nrenewal = 0\ncuts = 0\n"
        '[unlisted_event]\nchance = 0\n[opening]\nbank = 20000\ncreditors = 0\nprovisions = 14500\nprovisions_due = "2026-12"\n'
        '[streams.gifts]\nkind = "giving"\nform = "gift"\npayment = "monthly"\nyearly = 12000\ncut = 0\n'
        "[hub.costs.rent]\nyearly = 12000\ngrows = 0\n[docks.team.costs.running]\nyearly = 18000\ngrows = 0\n"
    )
    ours.write_text(
        'name = "Wait"\nwhy = "a test"\nsource = "invented"\n[[rules]]\nwhen = "months of cover below"\nlevel = 7\n'
        f'do = "close lowest contribution"\nboard = "{board}"\n'
    )

    def run(*typed):
        return CliRunner().invoke(cli, [*typed, "--strategy", str(ours), "--months", "12", "--paths", "50"]).output

    for typed in (["project", str(file)], ["compare", str(file)]):
        assert ("Wait: more cash can be worse. With £2,500 more in the bank" in run(*typed)) is said
        found = json.loads(run(*typed, "--json"))["more_cash"]
        found = found[-1] if typed[0] == "compare" else found
        assert (found["worse"], found["seen"], found["pounds"]) == ((1, True, 2_500) if said else (0, False, 2_500))


def test_more_cash_can_be_worse_through_a_bid_that_it_lets_us_write():
    # a bid costs 300 and, won, 2,000 to mobilise, and pays £3 in all. With £2,200 in hand it is not written. With a month's rent more,
    # 3,200, it is: 903 are left. So what falls due in December can be paid in both if it is £500, but not with more cash if it is £1,500
    bid = {
        "kind": "NHS",
        "form": "contract",
        "payment": "monthly",
        "chance": 1,
        "yearly": 12,
        "term": 3,
        "decision": "2026-06",
    }
    bid |= {"standstill": 0, "cost": 300, "mobilisation": {"months": 2, "cost": 2_000}}
    raw = LOSING | {"docks": {}, "bids": {"bid": bid}}
    raw |= {"opening": {"bank": 2_200, "creditors": 0, "provisions": 500, "provisions_due": "2026-12"}}
    raw |= {"hub": {"costs": {"rent": {"yearly": 12_000, "grows": 0}}}, "streams": LOSING["streams"]}
    covered = {"name": "Covered", "why": "a test", "source": "invented", "bidding": "only if headroom covers peak cash"}
    organisation = organisation_from(raw, "bid.toml")
    p = project(organisation, None, strategy_from(covered, "covered.toml"), months=12, paths=20)
    assert p.paths["end"].tolist() == [-1] * 20 and p.paths["won"].tolist() == [0] * 20
    found = more_cash(p)
    assert (found.pounds, found.worse, found.seen) == (1_000, 0, False)
    raw["opening"]["provisions"] = 1_500
    p = project(organisation_from(raw, "bid.toml"), None, strategy_from(covered, "covered.toml"), months=12, paths=20)
    assert p.paths["end"].tolist() == [-1] * 20
    assert (more_cash(p).worse, more_cash(p).seen) == (1, True)


# ---- warning time


def drained(bank, gift):
    """£1,000 of rent a month, and a gift of a month that comes or not: the forecast counts on the yearly amount."""
    streams = (
        {"gift": {"kind": "giving", "form": "gift", "payment": "monthly", "yearly": 12 * gift, "cut": 0}}
        if gift
        else {}
    )
    raw = {"name": "Drained", "first_month": "2026-04", "creditor_days": 0, "economy": FLAT, "streams": streams}
    raw |= {
        "opening": {"bank": bank, "creditors": 0},
        "hub": {"costs": {"rent": {"yearly": 12_000, "grows": 0}}},
    } | QUIET
    return organisation_from(raw, "drained.toml")


def test_warning_time_by_hand():
    # 10,500 less 1,000 a month: below nil at the end of t = 10; the forecast, 3,000 less, first at the end of t = 7: three months
    found = compare(drained(10_500, 0), strategies=[read_strategy("carry on"), SOUND], months=24, paths=20)
    one = found.alternatives[0].warned
    assert (one.insolvent, one.median, one.in_time, one.standard_error, one.unwarned) == (20, 3, 1, 0, 0)
    # the closing liability is nil: the point of no return is the first month-end below nil, February 2027
    assert found.alternatives[0].no_return == "2027-02"
    assert found.differences[0].unwarned.difference == 0
    # 1,500 in the bank: 500 at the end of April (t = 0), forecast below nil then, out of cash in t = 1: one month
    short = compare(drained(1_500, 0), strategies=[read_strategy("carry on"), SOUND], months=24, paths=20)
    one = short.alternatives[0].warned
    assert (one.median, one.in_time, one.unwarned) == (1, 0, 1)
    text = comparison(short)
    assert "our own forecast had said so 1 month before in the middle case" in " ".join(text.split())
    # 500: below nil at the end of April itself: never foreseen
    never = compare(drained(500, 0), strategies=[read_strategy("carry on"), SOUND], months=24, paths=20)
    assert never.alternatives[0].warned.median == 0 and "had never said so in the middle case" in " ".join(
        comparison(never).split()
    )
    # 1,000 a month comes in: nobody runs out
    safe = compare(drained(10_000, 1_000), strategies=[read_strategy("carry on"), SOUND], months=24, paths=20)
    assert safe.alternatives[0].warned.insolvent == 0 and safe.as_dict()["alternatives"][0]["warned"]["median"] is None
    assert safe.alternatives[0].no_return is None and "none of 20 futures runs out of cash" in " ".join(
        comparison(safe).split()
    )


def test_a_difference_in_warning_is_paired():
    organisation = read_organisation("advice_charity")
    strategies = [read_strategy(name) for name in ("carry on", "close in order")]
    found = compare(organisation, strategies=strategies, paths=500, months=60)
    fates = [project(organisation, None, one, paths=500, months=60, measures=()).paths for one in strategies]
    a, b = ((f["end_kind"] == 1) & (f["warning"] < 3) for f in fates)
    unwarned = found.differences[0].unwarned
    assert (unwarned.b, unwarned.c) == (int((a & ~b).sum()), int((b & ~a).sum())) and unwarned.b > 10
    assert unwarned.difference == pytest.approx(b.mean() - a.mean())
    for one, f in zip(found.alternatives, fates, strict=True):
        broke = f["warning"][f["end_kind"] == 1]
        assert (one.warned.insolvent, one.warned.in_time) == (len(broke), (broke >= 3).mean())


def test_merged_stands_in_the_table_only_where_it_happens():
    organisation = read_organisation("advice_charity")
    names = ("carry on", "close in order", "merge in time")
    two, three = (
        comparison(compare(organisation, strategies=[read_strategy(n) for n in names[:k]], paths=200)) for k in (2, 3)
    )
    assert "merged" not in two and "merged" in three
