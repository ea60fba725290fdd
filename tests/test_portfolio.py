"""A portfolio: failures together against exact answers, whose withdrawal does harm, people unserved, and nobody given away."""

import contextlib
import json
import math
import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import numpy as np
import psutil
import pytest
from click.testing import CliRunner
from exact_answers import charity
from hypothesis import given
from hypothesis import strategies as st

from resilience import project, read_strategy
from resilience.cli import cli
from resilience.draws import Sources, key
from resilience.errors import InputError
from resilience.exports.toml import organisation_toml
from resilience.organisation_file import read_organisation
from resilience.portfolio import LEAST, Asked, anonymous, portfolio
from resilience.portfolio.playing import Member, play
from resilience.portfolio.portfolio import Group, together
from resilience.portfolio.suppressed import OTHERS, pooled
from resilience.variation import Variation

PATHS, MONTHS, F, R = 4000, 24, 0.2, 0.7
GIFT = {"kind": "trust", "form": "gift", "payment": "monthly", "yearly": 1_200, "cut": 0, "notice": "none", "settlement_share": 0}  # fmt: skip
ENDS = {"kind": "trust", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "until": "2026-12", "renewal": {"chance": R, "term": 60}}  # fmt: skip


def member(tmp_path, name, payer="Town Hall", own=False, **more):
    """A charity that lives from month to month: a gift that its payer's trouble ends, and an award of its own that may not be renewed."""
    streams = {"gift": {**GIFT, "payer": payer}} | ({"award": {**ENDS, "payer": f"Trust {name}"}} if own else {})
    payers = {payer: {"event": F, "halves": 0}} | ({f"Trust {name}": {"event": 0}} if own else {})
    costs = {"rent": {"yearly": 1_200 * (1 + own), "grows": 0}}
    tables = {"streams": streams, "payers": payers, "hub": {"costs": costs}, "funder_events": True, "grace": 1, **more}
    raw = charity(bank=50, **tables).raw | {"name": name}
    file = tmp_path / f"{name}.toml"
    file.write_text(organisation_toml(raw), "utf-8")
    return str(file)


def close(found, exact, n=PATHS):
    return abs(found - exact) <= 4 * math.sqrt(exact * (1 - exact) / n) + 1e-12


P = 1 - (1 - F) ** (MONTHS / 12)  # the event has come within the horizon


def test_two_of_one_payer_fail_together(tmp_path):
    """Nothing but the payer's trouble fails either: both or none, with p = 1 − (1 − f)²; apart p² would be both."""
    found = portfolio([member(tmp_path, "a"), member(tmp_path, "b")], Asked(paths=PATHS, months=MONTHS))
    none, one, both = found.together.exactly
    assert one == 0 and close(both, P) and close(none, 1 - P)
    assert found.together.apart == pytest.approx([(1 - both) ** 2, 2 * both * (1 - both), both**2])
    assert found.together.mean == pytest.approx(2 * both) and found.together.spread > found.together.spread_apart


def test_two_of_two_payers_fail_each_by_itself(tmp_path):
    found = portfolio([member(tmp_path, "a"), member(tmp_path, "b", payer="County")], Asked(paths=PATHS, months=MONTHS))
    none, one, both = found.together.exactly
    assert close(both, P * P) and close(one, 2 * P * (1 - P)) and close(none, (1 - P) ** 2)


def test_a_payer_in_common_and_an_award_of_their_own(tmp_path):
    """By total probability: with the trouble both fail; without it each fails by itself where its award is not renewed, 1 − r."""
    files = [member(tmp_path, name, own=True) for name in ("a", "b", "c")]
    found = portfolio(files, Asked(paths=PATHS, months=MONTHS))
    q = 1 - R
    exact = [(1 - P) * math.comb(3, k) * q**k * R ** (3 - k) + (P if k == 3 else 0) for k in range(4)]
    assert all(map(close, found.together.exactly, exact)), (found.together.exactly, exact)
    apart = [math.comb(3, k) * (s := P + (1 - P) * q) ** k * (1 - s) ** (3 - k) for k in range(4)]
    assert found.together.apart == pytest.approx(apart, abs=0.03)


def test_a_payer_that_no_file_names_is_nobody_elses(tmp_path):
    """Two streams of the same name, each paid by whoever: not one payer."""
    files = []
    for name in ("a", "b"):
        raw = read_organisation(member(tmp_path, name)).raw
        del raw["streams"]["gift"]["payer"], raw["payers"]
        raw["streams"]["gift"] |= {"cut": 0.3, "depth": 1}
        (tmp_path / f"{name}.toml").write_text(organisation_toml(raw), "utf-8")
        files.append(str(tmp_path / f"{name}.toml"))
    found = portfolio(files, Asked(paths=PATHS, months=MONTHS))
    share = found.together.mean / 2
    assert 0.2 < share < 0.8 and close(found.together.exactly[2], share**2)
    assert not found.withdrawals


def test_the_climate_is_the_same_for_all(tmp_path):
    """Cuts to nothing, all but impossible before the one climate turns austere, and then as likely as not: they come together."""
    files = []
    for name in ("a", "b"):
        raw = read_organisation(member(tmp_path, name, payer=f"Payer {name}")).raw
        raw["payers"] = {f"Payer {name}": {"event": 0}}
        raw["streams"]["gift"] |= {"cut": 1e-3, "depth": 1, "austerity": 1000}
        raw["climate"] = {"moves": "monthly", "starts": "growth", "growth_to_austerity": 0.05}
        files.append(str(tmp_path / f"{name}.toml"))
        Path(files[-1]).write_text(organisation_toml(raw), "utf-8")
    none, one, both = portfolio(files, Asked(paths=PATHS, months=MONTHS)).together.exactly
    share = both + one / 2
    assert 0.1 < share < 0.9 and none > 0.1 and both > 1.3 * share**2


def test_a_programme_of_one_name_ends_for_all_of_them_at_once(tmp_path):
    """Its trough, 10 months on the mean, is over by the beginning of month 23, the last, with 1 − e^(−2.3), and it is then abandoned in 6
    of 10, and the gift gone: both fail or none. Of another name it is another programme.
    """
    p = 0.6 * -math.expm1(-2.3)
    for names, both_fail in ((("p", "p"), p), (("p", "q"), p * p)):
        files = []
        for name, programme in zip(("a", "b"), names, strict=True):
            raw = read_organisation(member(tmp_path, name, payer=f"Payer {name}")).raw
            raw["payers"] = {f"Payer {name}": {"event": 0}}
            raw["opening"]["bank"] = 50
            raw["streams"]["gift"] |= {"programme": programme}
            lasts = {"trough": 10, "slope": 240}
            raw["programmes"] = {
                programme: {"stage": "trough", "lasts": lasts, "abandoned": 0.6, "scrapped": 0, "adapted": 0}
            }
            files.append(str(tmp_path / f"{name}.toml"))
            Path(files[-1]).write_text(organisation_toml(raw), "utf-8")
        _none, one, both = portfolio(files, Asked(paths=PATHS, months=MONTHS)).together.exactly
        assert close(both, both_fail) and close(one / 2 + both, p)


def test_alone_nothing_is_drawn_otherwise_than_without_a_portfolio():
    sources = Sources()
    sources.row("streams.a.renewal")
    assert tuple(sources.arrays(7)[0][0]) == key(7, "streams.a.renewal")
    own = Sources("here", frozenset({"Town Hall"}))
    for name in (
        "streams.a.renewal",
        "payers.Town Hall.event",
        "payers.Town Hall 2.event",
        "payers.Town Hall.B.event",
        "economy.cpi",
        "climate",
        "storyline",
    ):
        own.row(name)
    names = [
        "here/streams.a.renewal",
        "payers.Town Hall.event",
        "here/payers.Town Hall 2.event",
        "here/payers.Town Hall.B.event",
        "economy.cpi",
        "climate",
        "storyline",
    ]
    assert [tuple(one) for one in own.arrays(7)[0]] == [key(7, name) for name in names]


def test_a_member_has_the_chances_that_it_has_alone():
    """Other draws, the same distribution: the share that fails differs by chance only."""
    alone = project(read_organisation("advice_charity"), paths=2000).insolvent.mean()
    own = project(read_organisation("advice_charity"), paths=2000, variation=Variation(own="x")).insolvent.mean()
    assert own != alone and abs(own - alone) < 4 * math.sqrt(2 * alone * (1 - alone) / 2000)


def test_order_and_workers_change_nothing(tmp_path):
    files = [member(tmp_path, name, own=True) for name in ("a", "b", "c")]
    one, other = (
        portfolio(order, Asked(paths=200, months=12), workers=w) for order, w in ((files, 1), (files[::-1], 2))
    )
    assert one.together == other.together and one.withdrawals == other.withdrawals
    assert sorted(one.members, key=lambda m: m.name) == sorted(other.members, key=lambda m: m.name)


# ---- whose withdrawal does most harm


def test_a_withdrawal_fails_those_it_pays(tmp_path):
    """Town Hall pays three, County one: everybody who loses the gift fails, by 1 − P of the futures in which it would not have anyway."""
    files = [member(tmp_path, name) for name in ("a", "b", "c")] + [member(tmp_path, "d", payer="County")]
    found = portfolio(files, Asked(paths=PATHS, months=36))
    p = 1 - (1 - F) ** 3
    first, second = found.withdrawals
    assert (first.payer, first.organisations, first.pounds) == ("Town Hall", 3, 3_600.0) and second.payer == "County"
    assert abs(first.more_fail - 3 * (1 - p)) < 4 * 3 * math.sqrt(p * (1 - p) / PATHS)
    assert first.standard_error == pytest.approx(3 * math.sqrt(p * (1 - p) / PATHS), rel=0.1)
    assert portfolio(files, Asked(paths=50, months=12, payers=1)).withdrawals[0].payer == "Town Hall"
    assert portfolio(files, Asked(paths=50, months=12, payers=0)).withdrawals == []


def test_a_withdrawal_renews_nothing_and_buys_nothing(tmp_path):
    """An award that would be renewed, or else one that would be won, keeps each going; both are the payer's and are lost with it."""
    renewed = {
        "gift": GIFT | {"payer": "Other"},
        "award": {**ENDS, "payer": "Town Hall", "renewal": {"chance": 1, "term": 60}},
    }
    won = {"kind": "trust", "yearly": 1_200, "payer": "Town Hall", "chance": 1, "decision": "2026-11", "term": 60, "form": "contract", "payment": "monthly", "uplift": 0}  # fmt: skip
    ends = ENDS | {"renewal": {"chance": 0}}
    for name, streams, bids in (
        ("a", renewed, {}),
        ("b", {"gift": GIFT | {"payer": "Other"}, "award": ends}, {"next": won}),
    ):
        raw = read_organisation(member(tmp_path, name, own=True)).raw
        raw |= {"streams": streams, "payers": {"Town Hall": {"event": 0}, "Other": {"event": 0}}} | (
            {"bids": bids} if bids else {}
        )
        (tmp_path / f"{name}.toml").write_text(organisation_toml(raw), "utf-8")
    found = portfolio([str(tmp_path / "a.toml"), str(tmp_path / "b.toml")], Asked(paths=100, months=36))
    assert found.together.mean == 0 and {one.payer: one.more_fail for one in found.withdrawals}["Town Hall"] == 2


HELP = {"hub": {"costs": {"rent": {"yearly": 1_200, "grows": 0}}}, "docks": {"team": {"posts": {"w": {"heads": 0, "pay": 30_000, "service": 1}}}}, "services": {"s": {"dock": "team", "caseload": 10, "length": 1, "referrals": 5, "waits": 0, "open": 0}}}  # fmt: skip


def test_people_left_unserved_by_area_and_kind(tmp_path):
    """Nobody is in post: five a month are turned away for 12 months, in every future: 60 people a charity."""
    places = {"a": ("Leeds", "advice"), "b": ("Leeds", "youth"), "c": ("York", "advice"), "d": (None, None)}
    files = []
    for name, (area, kind) in places.items():
        said = {key: value for key, value in {"area": area, "kind": kind}.items() if value}
        files.append(member(tmp_path, name, **HELP, **said))
    found = portfolio(files, Asked(paths=20, months=12, payers=0))
    assert {g.name: (g.organisations, round(g.unserved)) for g in found.areas} == {"Leeds": (2, 120), "York": (1, 60), "not stated": (1, 60)}  # fmt: skip
    assert {g.name: (g.organisations, round(g.unserved)) for g in found.kinds} == {"advice": (2, 120), "youth": (1, 60), "not stated": (1, 60)}  # fmt: skip


# ---- nobody is given away

GROUPS = st.lists(st.integers(1, 12), min_size=1, max_size=9)


@given(GROUPS)
def test_no_group_of_few_is_shown_or_left_by_subtraction(sizes):
    groups = [Group(f"g{i}", n, 10.0 * n, float(n)) for i, n in enumerate(sizes)]
    shown, whole = pooled(groups), sum(sizes)
    assert sum(one.organisations for one in shown) == whole and sum(one.unserved for one in shown) == pytest.approx(
        whole
    )
    if whole >= LEAST:
        assert all(one.organisations >= LEAST for one in shown)
        named = [one for one in shown if one.name != OTHERS]
        assert all(one in groups for one in named)
        left = whole - sum(one.organisations for one in named)
        assert left == 0 or left >= LEAST
        hidden = [n for g, n in zip(groups, sizes, strict=True) if g not in named]
        assert len(hidden) != 1 or hidden[0] >= LEAST
    if min(sizes) >= LEAST:
        assert len(shown) == len(sizes)


def test_a_portfolio_that_names_nobody(tmp_path):
    files = [member(tmp_path, f"Charity{i}", payer="Town Hall" if i < 6 else "County", area="Leeds" if i < 5 else f"Village{i}") for i in range(8)]  # fmt: skip
    found = portfolio(files, Asked(paths=50, months=12))
    hidden = anonymous(found)
    text = json.dumps(vars(hidden), default=lambda one: vars(one))
    assert "Charity" not in text and "Village" not in text and "County" not in text
    assert hidden.withdrawals == []  # two are not paid by Town Hall: few, and known by subtraction
    assert [one.name for one in hidden.areas] == [OTHERS] and hidden.areas[0].organisations == 8
    assert anonymous(portfolio(files[:4], Asked(paths=50, months=12))) is None
    assert [one["role"] for one in hidden.manifest["under"]] == ["scenario 1", "strategy"] and hidden.manifest[
        "version"
    ]
    assert len(found.manifest["inputs"]) == 8 and "inputs" not in hidden.manifest


# ---- the verb


def run(*words):
    return CliRunner().invoke(
        cli, ["portfolio", *map(str, words), "--paths", "100", "--months", "12", "--workers", "1"]
    )


def test_on_the_command_line(tmp_path):
    for name in ("a", "b", "c"):
        member(tmp_path, name)
    (tmp_path / "broken.toml").write_text("name = 3", "utf-8")
    done = run(tmp_path, "--scenario", "council_cut_30")
    assert done.exit_code == 3 and "broken.toml" in done.output and "3 organisations together" in done.output
    assert re.search(r"3 or more +in \d+ of 100", done.output) and "Town Hall" in done.output
    assert re.search(
        r"council_cut_30.toml [0-9a-f]{8}, carry_on.toml [0-9a-f]{8}; members: 3 files", " ".join(done.output.split())
    )
    found = json.loads(run(tmp_path, "--json").stdout)
    assert found["schema"] == "resilience.portfolio/1" and not found["anonymous"] and found["asked"]["paths"] == 100
    assert (
        len(found["members"]) == 3
        and len(found["together"]["exactly"]) == 4
        and found["failed"][0][0].endswith("broken.toml")
    )
    assert sum(found["together"]["exactly"]) == pytest.approx(1)


def test_what_cannot_be_is_told(tmp_path):
    file = member(tmp_path, "a")
    few = run(file)
    assert few.exit_code == 2 and "has fewer than two organisations that can be played" in few.output
    hidden = run(file, member(tmp_path, "b"), "--anonymous")
    assert hidden.exit_code == 2 and "Fewer than 5 organisations" in hidden.output
    assert run(tmp_path / "nothing").exit_code == 2 and run(file, "--scenario", "nosuch").exit_code == 2
    with pytest.raises(InputError):
        portfolio([file, str(tmp_path / "missing.toml")])


def test_what_may_not_be_meant_is_remarked(tmp_path):
    files = [member(tmp_path, "a", payer="Town Hall"), member(tmp_path, "b", payer="town_hall", first_month="2026-07")]
    remarks = " ".join(portfolio(files, Asked(paths=20, months=6)).remarks)
    assert (
        "First months differ (2026-04, 2026-07)" in remarks
        and "look alike are taken as 2: Town Hall, town_hall" in remarks
    )


@given(st.lists(st.floats(0, 1), min_size=1, max_size=6))
def test_apart_is_the_poisson_binomial(chances):
    n = 64
    failed = np.array([np.arange(n) < round(p * n) for p in chances])
    found = together(failed)
    assert sum(found.apart) == pytest.approx(1) and sum(found.exactly) == pytest.approx(1)
    shares = failed.mean(axis=1)
    assert sum(k * x for k, x in enumerate(found.apart)) == pytest.approx(shares.sum()) == found.mean
    assert found.spread_apart**2 == pytest.approx((shares * (1 - shares)).sum(), abs=1e-9)


def test_in_one_future_of_twenty_so_many_or_more():
    """Of 100 futures all three fail in 5 and two of them in 10 more: three in one of twenty; in 4, two. Apart by the binomial of 15 and 5 of 100."""
    failed = np.zeros((3, 100), dtype=bool)
    failed[:, :5] = failed[:2, 5:15] = True
    assert (
        together(failed).one_in_20 == 3 and together(failed[:, 1:]).one_in_20 == 2
    )  # 4 of 99 are fewer than one of twenty
    failed[2, :2] = False
    assert together(failed).one_in_20 == 2
    apart = together(failed).apart  # 0.15, 0.15, 0.03
    assert (
        apart[2] + apart[3] == pytest.approx(0.15 * 0.15 + 2 * 0.15 * 0.85 * 0.03)
        and together(failed).one_in_20_apart == 1
    )


def test_closing_in_order_counts_as_failing():
    fate = play(Member("advice_charity", "x", "baseline", "hub_and_dock", 400, 60, 1))
    alone = project(
        read_organisation("advice_charity"),
        strategy=read_strategy("hub_and_dock"),
        paths=400,
        variation=Variation(own="x"),
    )
    closed, insolvent = (alone.probabilities[name].last for name in ("closed_in_order", "insolvent"))
    assert closed > 0.01 and fate.failed.mean() == pytest.approx(closed + insolvent)


def test_ctrl_c_says_so_and_shows_no_traceback(tmp_path):
    files = [member(tmp_path, f"m{i}", own=True) for i in range(30)]
    typed = [sys.executable, "-m", "resilience", "portfolio", *files, "--paths", "100000", "--workers", "2"]
    heeds = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  # tests started in the background do not
    run = subprocess.Popen(
        typed, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heeds
    )
    for _ in range(1200):  # until both workers are past their imports and play
        with contextlib.suppress(psutil.Error):
            workers = [
                p for p in psutil.Process(run.pid).children(recursive=True) if "spawn_main" in " ".join(p.cmdline())
            ]
            if len(workers) == 2 and all(p.cpu_times().user > 4 for p in workers):
                break
        time.sleep(0.1)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal sends it: to the workers too
    out, said = run.communicate(timeout=120)
    assert run.returncode == 130 and "Interrupted" in said and "Traceback" not in out + said
