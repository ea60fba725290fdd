"""What a parameter that nobody knows does alone: found by its class, set to its neutral value, replayed on the same futures."""

import copy
import math

import exact_answers as known
import numpy as np
import pytest
from quiet import FLAT, QUIET

from resilience import project
from resilience.distributions import Exact, Range
from resilience.fields import NumberRange, Record, field
from resilience.neutral import switched_on, without
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from
from resilience.why import MOVED, alone
from resilience.words import alone as said

PATHS = 1_000
UNDOCK = strategy_from({"name": "Undock", "why": "test", "source": "test", "rules": [{"when": "funding ends", "do": "undock"}]}, "u.toml")  # fmt: skip
WORKER = {"heads": 1, "pay": 24_000, "hours": 20, "service": 8, "age": 50, "turnover": 0.5, "recruiting_months": 6}


def redeploying(chance, **changed):
    """A team that loses its grant in a year: its head takes the like vacancy in the hub, if there is one, or is paid redundancy."""
    raw = {
        "name": "Small", "first_month": "2026-04", "economy": FLAT, **QUIET, "redeployment": chance,
        "opening": {"bank": 3_000, "creditors": 0}, "reserves_policy": {"months": 0},
        "streams": {"gifts": {"kind": "giving", "form": "gift", "yearly": 44_000, "cut": 0},
                    "grant": {"kind": "trust", "yearly": 24_000, "until": "2027-03", "renewal": 0}},
        "hub": {"core": [], "posts": {"worker": {**WORKER, "heads": 2}}},
        "docks": {"team": {"funded_by": ["grant"], "posts": {"worker": {**WORKER, "turnover": 0}}}},
    } | changed  # fmt: skip
    return organisation_from(copy.deepcopy(raw), "small.toml")


def played(redeployment, **how):
    return project(redeploying(redeployment), strategy=UNDOCK, months=24, **{"paths": PATHS} | how)


def test_what_is_neutral_is_not_on():
    assert list(switched_on(redeploying(0.0))) == []
    (one,) = switched_on(redeploying(0.5))
    assert (one.place, one.unit, one.value, one.neutral) == ("redeployment", "probability", 0.5, 0.0)


def test_the_share_without_is_that_of_the_file_with_nil_written():
    found = alone(played(0.9))
    assert [one.place for one in found] == ["redeployment"]
    (one,) = found
    with_it, without_it = played(0.9).insolvent, played(0.0).insolvent
    assert one.share == with_it.mean() and one.neutral_share == without_it.mean()
    apart = without_it.astype(float) - with_it
    assert one.error == pytest.approx(apart.std() / math.sqrt(PATHS))  # sd of −1, 0 and 1
    assert one.share != one.neutral_share  # it does move this organisation, or nothing is tested here


def test_beyond_four_thousand_futures_the_first_are_replayed_and_set_off():
    many = played(0.9, paths=MOVED + 1_000)
    (one,) = alone(many)
    first = played(0.0, paths=MOVED).insolvent
    assert one.neutral_share == pytest.approx(many.insolvent.mean() + first.mean() - many.insolvent[:MOVED].mean())


def test_without_chance_and_with_nothing_on_there_is_none():
    assert alone(played(0.9, chance=False)) == []
    assert alone(project(known.charity(bank=7_000), months=12, paths=100)) == []


def test_progress_counts_replays():
    told = []
    alone(played(0.9, paths=50), progress=lambda done, of: told.append((done, of)))
    assert told == [(1, 1)]


# ---- any place of a file


class Doubt(Record):
    winning: float = field("shared doubt of winning", "log-odds", 0.0, of="nobody", neutral=0.0)
    slope: NumberRange = field("slope", "", 1.0, of="nobody", neutral=1.0)


class Table(Record):
    doubt: Doubt = field("doubts", "", Doubt())
    payers: dict[str, Doubt] = field("payers", "", {})
    starts: float = field("an alias", "", 0.0, of="nobody", neutral=0.0, alias="from")
    weak: float = field("not of the kind", "", 0.0, of="weak")
    unknown: float | None = field("left out", "", None, of="nobody", neutral=0.0)
    undeclared: float = field("no neutral value", "", 0.0, of="nobody")


def test_places_are_found_at_every_depth_and_set_back_one_at_a_time():
    raw = {"doubt": {"winning": 0.5}, "payers": {"town": {"winning": 0.2}, "county": {"slope": {"low": 0.5, "likely": 1.0, "high": 2.0}}}, "from": 3.0, "weak": 2.0, "undeclared": 4.0}  # fmt: skip
    table = Table.model_validate(raw)
    found = {one.place: one for one in switched_on(table)}
    assert list(found) == ["doubt.winning", "payers.county.slope", "payers.town.winning", "from"]
    assert without(table, found["doubt.winning"]).doubt.winning == 0.0
    assert without(table, found["payers.county.slope"]).payers["county"].slope == Exact(1.0)
    assert isinstance(table.payers["county"].slope, Range)
    one = without(table, found["payers.town.winning"])
    assert (one.payers["town"].winning, one.payers["county"], one.doubt.winning, one.starts) == (0.0, table.payers["county"], 0.5, 3.0)  # fmt: skip
    assert without(table, found["from"]).starts == 0.0 and table.starts == 3.0


def test_the_organisation_keeps_its_private_facts():
    organisation = redeploying(0.5)
    organisation._overlays = ("Storm",)
    (one,) = switched_on(organisation)
    assert without(organisation, one).overlays == ("Storm",) and without(organisation, one).redeployment == 0.0


# ---- words


def stub(place, share, neutral_share, value=0.3, unit="probability"):
    from resilience.why import Alone

    return Alone(place, f"words of {place}", unit, value, 0.0, share, neutral_share, 0.01)


def test_at_most_eight_are_said_and_how_many_are_left_out():
    lines = said([stub(f"p{i}", 0.5, 0.4) for i in range(11)])
    assert len(lines) == 1 + 8 + 1 and lines[-1].strip() == "and 3 more that move it no more, left out here"
    assert said([stub("p", 0.5, 0.4)] * 9)[-1].strip() == "and 1 more that moves it no more, left out here"
    assert len(said([stub("p", 0.5, 0.4)] * 8)) == 9
    assert said([]) == []


def test_the_sentence_says_both_numbers():
    (_, line) = said([stub("redeployment", 0.62, 0.655)])
    assert "from 66 of 100 without it to 62 [redeployment]" in line
    (_, line) = said([stub("redeployment", 0.62, 0.621)])
    assert ": 62 of 100 with it or without it [redeployment]" in line


def test_the_page_and_the_json_say_it():
    from resilience.exports import document
    from resilience.first_answer import first_answer
    from resilience.page import page
    from resilience.why import drivers, why

    one = played(0.9, paths=200)
    found = alone(one)
    text = "\n".join(page(one, lambda: first_answer(one), lambda: why(one), lambda: drivers(one), alone=lambda: found))
    assert "[redeployment]" in text.split("What this rests on most")[1].split("What it assumed")[0]
    (told,) = document(one, alone=found)["alone"]
    assert told["place"] == "redeployment" and told["neutral"] == 0.0 and np.isfinite(told["error"])
