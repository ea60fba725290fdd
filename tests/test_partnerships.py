"""Partnerships: partners who leave by chance or for want of goodwill, leads that fail, what it costs, and the assessment; by hand."""

import json
import math

import numpy as np
import pytest
from click.testing import CliRunner
from exact_answers import charity, part

from resilience import project
from resilience.assessment import dimensions, goodwill
from resilience.cli import cli
from resilience.errors import InputError
from resilience.exports.toml import organisation_toml
from resilience.organisation.partnership import DIMENSIONS, Party
from resilience.why import why
from resilience.why.alone import alone
from resilience.words.story import story

PATHS = 20_000
STREAM = {"kind": "local authority", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "cut": 0, "depth": 1, "notice": "none"}  # fmt: skip
AWARD = {"kind": "NHS", "form": "contract", "payment": "monthly", "yearly": 1_200, "uplift": 0, "until": "2028-03", "renewal": {"chance": 1, "term": 24}}  # fmt: skip
BID = {"kind": "NHS", "form": "contract", "chance": 1, "yearly": 1_200, "term": 60, "decision": "2027-03", "payment": "monthly", "uplift": 0}  # fmt: skip
NEVER = {"share": 0.3, "leaves": 0}
Q = 0.2
MONTHLY = 1 - (1 - Q) ** (1 / 12)


def gone_by(t):
    """P(it has left by the end of month t)."""
    return 1 - (1 - Q) ** ((t + 1) / 12) if t >= 0 else 0.0


def play(months, paths=PATHS, **tables):
    return project(charity(**tables), paths=paths, months=months, keep_paths=True)


def within(counts, chances, n=PATHS):
    return all(abs(c - n * p) <= 4.5 * math.sqrt(n * p * (1 - p)) + 1e-6 for c, p in zip(counts, chances, strict=True))


# ---- partners who leave


@pytest.mark.parametrize("stream", [STREAM, AWARD])
def test_a_partner_leaves_and_its_share_is_lost_or_not(stream):
    """20 % a year, somebody steps in in 4 of 10 at 600; else 30 % is lost two months and one after. An award within its term too."""
    partner = {"share": 0.3, "leaves": Q, "backfilled": 0.4, "backfill": 600}
    one = {"of": ["a"], "partners": {"north": partner}, "notice": 2}
    found = play(24, streams={"a": stream}, partnerships={"x": one}).accounts
    assert set(np.unique(found["income"])) == {7_000, 10_000}
    assert within((found["income"] == 7_000).sum(axis=1), [0.6 * gone_by(t - 3) for t in range(24)])
    spent = found["spending_one_off"].cumsum(axis=0)
    assert set(np.unique(spent)) == {0, 60_000}
    assert within((spent > 0).sum(axis=1), [0.4 * gone_by(t) for t in range(24)])


def test_two_partners_leave_each_by_itself_and_their_shares_multiply():
    partners = {name: {"share": 0.5, "leaves": Q, "backfilled": 0} for name in ("north", "south")}
    income = play(24, streams={"a": STREAM}, partnerships={"x": {"of": ["a"], "partners": partners, "notice": 0}}).accounts["income"]  # fmt: skip
    g = gone_by(22)
    assert within([(income[23] == x).sum() for x in (10_000, 5_000, 2_500)], [(1 - g) ** 2, 2 * g * (1 - g), g * g])


def test_what_a_partnership_does_not_carry_goes_on():
    streams = {"a": STREAM, "b": STREAM | {"yearly": 2_400}}
    partner = {"share": 1, "leaves": 0.9, "backfilled": 0}
    income = play(36, 500, streams=streams, partnerships={"x": {"of": ["a"], "partners": {"n": partner}}}).accounts[
        "income"
    ]
    assert income.min() == 20_000


def test_a_lead_elsewhere_that_fails_ends_our_share():
    """At once, whatever the award; a bid told later is lost."""
    one = {"of": ["a", "b"], "lead": "another", "lead_fails": Q}
    p = play(24, streams={"a": STREAM}, bids={"b": BID}, partnerships={"x": one})
    income = p.accounts["income"]
    assert within((income[:11] == 0).sum(axis=1), [gone_by(t) for t in range(11)])
    assert within([(p.played.fates["won"] == 0).sum(), (income[23] == 0).sum()], [gone_by(11), gone_by(23)])


def test_money_that_is_open_to_a_partnership_only():
    """Told in month 11: lost if a partner has left by then and nobody has stepped in; without the rule it is won, and smaller."""
    partner = {"share": 0.3, "leaves": Q, "backfilled": 0.4}
    one = {"of": ["b"], "partners": {"north": partner}, "notice": 0}
    for only, lost in ((True, 0.6 * gone_by(11)), (False, 0.0)):
        p = play(14, bids={"b": BID}, partnerships={"x": one | {"only_together": only}})
        assert within([(p.played.fates["won"] == 0).sum()], [lost])
    assert within([(p.accounts["income"][12] == 7_000).sum()], [0.6 * gone_by(11)])


def test_hours_and_payments_cost_money_until_the_lead_fails():
    """10 hours a month at 20 and 1,200 a year: 3,600 a year, 300 a month."""
    one = {"of": ["a"], "partners": {"n": NEVER}, "hours": 10, "hour_cost": 20, "payments": 1_200}
    spent = play(24, 10, streams={"a": STREAM}, partnerships={"x": one}).accounts["spending"]
    assert (spent[:, 0] == [part(360_000, (3 + t) % 12 + 1) for t in range(24)]).all()
    led = {"of": ["a"], "lead": "another", "lead_fails": Q, "hours": 10, "hour_cost": 20}
    spent = play(24, streams={"a": STREAM}, partnerships={"x": led}).accounts["spending"]
    assert within((spent == 0).sum(axis=1), [gone_by(t - 1) for t in range(24)])


# ---- goodwill

FULL = {"starts": 30, "rises": 1, "falls": 0.6, "at_settlement": 25, "at_tender": 12}


def ruined(starts, rises, falls, events, months):
    """P(used up by the end of month t), by recursion over the points of the lattice: up every month, down at each event with p."""
    at, gone, found = {starts: 1.0}, 0.0, []
    for t in range(months):
        if t > 0:
            at_now: dict[float, float] = {}
            for points, p in at.items():
                to = min(100, points + rises)
                at_now[to] = at_now.get(to, 0.0) + p
            at = at_now
        for month, fall in events:
            if month == t:
                after: dict[float, float] = {}
                for points, p in at.items():
                    for to, q in ((points - fall, p * falls), (points, p * (1 - falls))):
                        if to <= 0:
                            gone += q
                        else:
                            after[to] = after.get(to, 0.0) + q
                at = after
        found.append(gone)
    return found


def test_goodwill_is_used_up_as_the_recursion_says():
    """Settlements in December (months 8, 20, 32, 44), a tender told in month 11 and a retender told in month 22."""
    retender = AWARD | {"renewal": {"chance": 1, "term": 60, "retender": True, "told": 2}}
    one = {
        "of": ["a", "b", "t"],
        "partners": {"north": {"share": 0.3, "leaves": 0, "backfilled": 0}},
        "notice": 0,
        "goodwill": FULL,
    }
    tables = {"streams": {"a": STREAM, "t": retender | {"yearly": 0}}, "bids": {"b": BID | {"chance": 0}}}
    income = play(50, partnerships={"x": one}, **tables).accounts["income"]
    events = [(8, 25), (11, 12), (20, 25), (22, 12), (32, 25), (44, 25)]
    exact = ruined(30, 1, 0.6, events, 50)
    assert within((income < 10_000).sum(axis=1)[1:], exact[:-1]) and exact[-1] > 0.3
    assert not within((income < 10_000).sum(axis=1)[1:], ruined(31, 1, 0.6, events, 50)[:-1])


def test_goodwill_comes_beside_the_yearly_chance():
    one = {"of": ["a"], "partners": {"n": {"share": 0.3, "leaves": Q, "backfilled": 0}}, "notice": 0, "goodwill": {"starts": 10, "rises": 0, "falls": 0.5, "at_settlement": 10}}  # fmt: skip
    income = play(24, streams={"a": STREAM}, partnerships={"x": one}).accounts["income"]
    exact = [1 - (1 - gone_by(t - 1)) * 0.5 ** ((t - 1 >= 8) + (t - 1 >= 20)) for t in range(24)]
    assert within((income < 10_000).sum(axis=1), exact)


def scores(*values):
    return dict(zip(DIMENSIONS, values, strict=True))


def test_an_assessment_by_hand():
    """We hold nothing, the council all: level is the council's, gap its distance from us. (3, 5): level ½, gap ½, so nil."""
    ours, theirs = scores(5, 3, 3, 4, 1, 5), scores(3, 3, 5, 2, 1, 4)
    parties = {"us": Party(money=0, scores=ours), "council": Party(money=1, scores=theirs)}
    found = {one.name: (one.level, one.gap) for one in dimensions(parties)}
    assert list(found.values()) == [(0.25, 0.5), (0.5, 0.5), (1.0, 0.5), (0.75, 0.25), (0.0, 0.0), (0.5, 0.0)]
    assert found["strategic_topics"] == (0.5, 0) and found["shared_outcomes"] == (0.25, 0.5)
    assert goodwill(parties) == pytest.approx(100 * (0 + 0.5 + 0.5 + 0 + 0 + 0.5) / 6)
    alike = {name: Party(money=0, scores=scores(*[5] * 6)) for name in ("us", "council", "other")}
    assert goodwill(alike) == 100 and all(one.gap == 0 for one in dimensions(alike))


def test_of_three_parties_each_is_held_against_the_others():
    """Levels 1, ½, 0 with money 1, 1, 2: level ¼·1 + ¼·½ = ⅜; apart ¾, 0, ¾: gap ¼·¾ + ½·¾ = 9/16."""
    parties = {name: Party(money=m, scores=scores(*[s] * 6)) for name, m, s in (("a", 1, 5), ("b", 1, 3), ("c", 2, 1))}
    assert all((one.level, one.gap) == pytest.approx((3 / 8, 9 / 16)) for one in dimensions(parties))


def test_goodwill_starts_from_the_assessment():
    """Half of the points: two falls of 25 use it up; one does not."""
    parties = {"us": {"money": 0, "scores": scores(*[3] * 6)}, "council": {"money": 1, "scores": scores(*[3] * 6)}}
    held = {"rises": 0, "falls": 1, "at_settlement": 25}
    one = {"of": ["a"], "partners": {"n": NEVER | {"backfilled": 0}}, "notice": 0, "goodwill": held, "parties": parties}
    income = play(36, 10, streams={"a": STREAM}, partnerships={"x": one}).accounts["income"][:, 0]
    assert (income == [7_000 if t >= 21 else 10_000 for t in range(36)]).all()


# ---- told, and apart


def test_partners_are_among_the_causes_and_what_nobody_knows():
    one = {"of": ["a"], "partners": {"n": {"share": 0.9, "leaves": Q, "backfilled": 0}}}
    tables = {
        "streams": {"a": STREAM},
        "hub": {"costs": {"rent": {"yearly": 1_200, "grows": 0}}},
        "partnerships": {"x": one},
    }
    p = project(charity(bank=50, **tables), paths=4_000, months=36)
    found = why(p)
    assert found.events[0].name == "partnerships.x.left" and found.events[0].share_prevented == 1
    (leaving,) = alone(p)
    assert leaving.place == "partnerships.x.partners.n.leaves" and leaving.neutral_share == 0 < leaving.share


def test_a_tender_more_moves_no_draw_of_the_settlements():
    """It costs a hundredth of a point: who is gone is the same, future by future."""
    one = {
        "of": ["a"],
        "partners": {"n": NEVER | {"backfilled": 0}},
        "notice": 0,
        "goodwill": FULL | {"at_tender": 0.01},
    }
    tables = {"streams": {"a": STREAM}, "bids": {"b": BID | {"chance": 0, "decision": "2026-06"}}}
    few, more = (
        play(50, 500, partnerships={"x": one | {"of": of}}, **tables).accounts["income"] for of in (["a"], ["a", "b"])
    )
    assert (few == more).all() and (few < 10_000).any()


def test_nothing_else_is_drawn_otherwise_by_a_partnership():
    streams = {"a": STREAM | {"cut": 0.3}, "b": AWARD | {"renewal": 0.5}}
    one = {"of": ["a", "b"], "partners": {"n": NEVER, "m": NEVER}}
    bare, with_it = play(48, 500, streams=streams), play(48, 500, streams=streams, partnerships={"x": one})
    assert (bare.accounts["bank"] == with_it.accounts["bank"]).all()


@pytest.mark.parametrize(
    ("one", "said"),
    [
        ({"of": ["nothing"]}, "partnerships.x.of: nothing is neither a stream nor a bid"),
        ({"of": []}, "partnerships.x.of: carries nothing"),
        ({"of": ["a"], "partners": {"m": {"share": 0.6}, "n": {"share": 0.6}}}, "have shares of 1.2 in all"),
        ({"of": ["a"], "lead_fails": 0.1}, "partnerships.x.lead_fails: does nothing: we lead"),
        ({"of": ["a"], "partners": {"n": NEVER}, "goodwill": {}}, "partnerships.x.goodwill: has nothing to start from"),
        ({"of": ["a"], "partners": {"n": NEVER}, "only_together": True}, "only_together: does nothing: no bid"),
        ({"of": ["a"], "partners": {"n": NEVER | {"backfilled": 0, "backfill": 10}}}, "backfill: does nothing: nobody steps in"),
        ({"of": ["a"], "notice": 2}, "notice: does nothing"),
        ({"of": ["a", "a"], "partners": {"n": NEVER}}, "stands there twice"),
        ({"of": ["a"], "partners": {"n": NEVER}, "parties": {"us": {"money": 1, "scores": scores(*[6] * 6)}}}, "mutual_gain"),
    ],
)  # fmt: skip
def test_what_does_nothing_or_cannot_be_is_refused(one, said):
    with pytest.raises(InputError) as refused:
        charity(streams={"a": STREAM}, partnerships={"x": one})
    assert said in str(refused.value)


# ---- the verb


ASSESSMENT = """
name = "Alliance"
[parties.us]
money = 0
[parties.us.scores]
{us}
[parties.council]
money = 1
[parties.council.scores]
{council}
"""


def file_of(tmp_path, us, council):
    text = ASSESSMENT.format(**{name: "\n".join(f"{d} = {v}" for d, v in scores(*of).items()) for name, of in (("us", us), ("council", council))})  # fmt: skip
    (tmp_path / "alliance.toml").write_text(text, "utf-8")
    return str(tmp_path / "alliance.toml")


def with_partnership(tmp_path, **more):
    one = {"of": ["a"], "partners": {"n": {"share": 0.9, "leaves": 0, "backfilled": 0}}, "notice": 0} | more
    tables = {
        "streams": {"a": STREAM},
        "hub": {"costs": {"rent": {"yearly": 1_200, "grows": 0}}},
        "partnerships": {"x": one},
    }
    (tmp_path / "org.toml").write_text(organisation_toml(charity(bank=50, **tables).raw), "utf-8")
    return str(tmp_path / "org.toml")


def run(*words):
    return CliRunner().invoke(cli, ["partnership", *words])


def test_the_conversation_begins_where_the_parties_lie_farthest_apart(tmp_path):
    done = run(file_of(tmp_path, (5, 3, 3, 4, 3, 3), (1, 3, 3, 3, 3, 3)))
    said = " ".join(done.output.split())
    assert done.exit_code == 0 and "council at 1 and us at 5 of 5." in said
    assert said.index("Senior people") < said.index("Answering for results") < said.index("To begin with")
    assert "goodwill of 38 points" in said  # four dimensions of ½, one of ½ − ¼, one of 0 − 1, so nil: 2.25 ÷ 6
    assert "What it does to the answer" not in said


def test_the_shipped_assessment():
    done = run("advice alliance")
    assert done.exit_code == 0 and "How the parties see Advice alliance" in done.output
    assert "is neither a shipped assessment nor a file" in run("advice_aliance").output


def test_an_assessment_and_a_strategy_that_only_keeps_a_proposal_are_checked_as_what_they_are(tmp_path):
    (tmp_path / "s.toml").write_text(
        'name = "S"\nwhy = "w"\nsource = "s"\nready = { cost = 1, shelf_life = 2 }\n', "utf-8"
    )
    for file, said in (("advice_alliance", "Advice alliance: no fault"), (str(tmp_path / "s.toml"), "S: no fault")):
        done = CliRunner().invoke(cli, ["check", file])
        assert done.exit_code == 0 and said in " ".join(done.output.split()), done.output


def test_what_the_scores_do_to_the_answer(tmp_path):
    """Half of the points; each December costs 60 for certain: all partners are gone in the first, month 8, and the charity after it."""
    org = with_partnership(tmp_path, goodwill={"starts": 100, "rises": 0, "falls": 1, "at_settlement": 60})
    file = file_of(tmp_path, (3,) * 6, (3,) * 6)
    done = run(file, "--org", org, "--months", "12", "--paths", "200", "--json")
    found = json.loads(done.stdout)
    assert found["schema"] == "resilience.partnership/1" and found["goodwill"] == 50
    assert found["answer"]["assessed"] == {"starts": 50.0, "insolvent": 1.0, "left": 1.0}
    assert found["answer"]["without"] == {"starts": None, "insolvent": 0.0, "left": 0.0}
    assert [one["role"] for one in found["manifest"]["inputs"]] == ["assessment", "organisation"]
    said = " ".join(run(file, "--org", org, "--months", "12", "--paths", "200").output.split())
    assert "cash runs out in all futures with goodwill as it is scored, in none without" in said


def test_what_cannot_be_is_told(tmp_path):
    file, org = file_of(tmp_path, (3,) * 6, (3,) * 6), with_partnership(tmp_path)
    unknown = run(file, "--org", org, "--name", "y")
    assert unknown.exit_code == 2 and "y is not a partnership of this file; write --name x" in unknown.output
    assert run(file, "--org", "advice_charity").exit_code == 2
    assert run(str(tmp_path / "missing.toml")).exit_code == 2
    (tmp_path / "one.toml").write_text('name = "One"\n[parties.us]\nmoney = 1\n', "utf-8")
    faults = run(str(tmp_path / "one.toml"))
    assert faults.exit_code == 2 and "scores" in faults.output and "Traceback" not in faults.output


def test_one_future_tells_of_partners_and_leads():
    one = {
        "of": ["a"],
        "lead": "another",
        "lead_fails": 0.9,
        "partners": {"north": {"share": 0.3, "leaves": 0.99, "backfilled": 0}},
    }
    p = project(charity(streams={"a": STREAM}, partnerships={"x": one}), paths=1, months=60, log=True)
    told = [line for _, lines in story(p) for line in lines]
    assert "the partner north leaves, and nobody steps in: its share is lost" in told
    assert "the lead of x has failed, and our share ends with it" in told
