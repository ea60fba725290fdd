"""What the odds imply for five years of public money: by hand, and beside a record that has sources."""

import json
import tomllib
from pathlib import Path

import pytest
from click.testing import CliRunner
from exact_answers import charity

from resilience.cli import cli
from resilience.exports.toml import organisation_toml
from resilience.prior import DATA, defaults, implied
from resilience.words.prior import change

FLAT = {
    "kind": "local authority",
    "form": "contract",
    "payment": "monthly",
    "yearly": 1_200,
    "uplift": 0,
    "cut": 0,
    "depth": 0.5,
}
PATHS = 20_000


def of(streams, **tables):
    return implied(charity(streams=streams, **tables), PATHS)


def test_without_cuts_prices_are_all_that_changes():
    """No uplift, prices flat in these files: nothing changes. With 3 % a year each April the sixth year is worth 1.03⁻⁵ of the first."""
    found = of({"a": FLAT})
    assert (
        found.levels == pytest.approx([0] * 5)
        and found.mean == 0
        and found.gone == 0
        and found.yearly == pytest.approx(1_200)
    )
    dear = of({"a": FLAT}, economy={"cpi": 0.03})
    assert dear.levels[2] == pytest.approx(1.03**-5 - 1, abs=0.004)
    kept = of({"a": FLAT | {"uplift": 0.03}}, economy={"cpi": 0.03})
    assert kept.levels[2] == pytest.approx(0, abs=0.004)


def test_a_cut_by_chance_by_hand():
    """Once at most, at the settlement of each December with q: after five settlements that reach the sixth year, 1 − (1 − q)⁵ are halved."""
    q = 0.1
    found = of(
        {"a": FLAT | {"cut": q, "at_most": 1, "settlement_share": 1, "decision_month": "December", "notice": "none"}}
    )
    halved = 1 - (1 - q) ** 5
    four = 4 * (halved * (1 - halved) / PATHS) ** 0.5
    assert found.mean == pytest.approx(-0.5 * halved, abs=four) and found.gone == 0
    assert found.levels[0] == pytest.approx(-0.5) and found.levels[4] == 0
    of_record = next(one for one in found.happened if one.middle == -0.204)
    assert of_record.below == pytest.approx(halved, abs=four)


def test_an_award_that_may_not_be_renewed_is_gone():
    ends = FLAT | {"until": "2028-03", "renewal": {"chance": 0.7, "term": 120}}
    del ends["cut"], ends["depth"]
    found = of({"a": ends, "b": {"kind": "trust", "yearly": 5_000}})
    assert found.gone == pytest.approx(0.3, abs=4 * (0.21 / PATHS) ** 0.5) and found.streams == ["a"]


LATER = {"kind": "NHS", "form": "contract", "yearly": 5_000, "from": "2027-06", "uplift": 0, "cut": 0}


def test_what_has_no_first_year_is_left_out():
    """Of another kind, begun after a year, or paid by the unit."""
    assert of({"b": {"kind": "trust", "yearly": 5_000}}) is None and of({"b": LATER}) is None
    both = of({"a": FLAT, "b": LATER})  # the first year is the first stream's alone
    assert both.levels == pytest.approx([5_000 / 1_200] * 5) and both.gone == 0
    unit = {"kind": "NHS", "form": "contract", "unit": {"service": "s", "price": 10}}
    docks = {"d": {"posts": {"w": {"heads": 1, "pay": 100, "service": 1}}}}
    services = {"s": {"dock": "d", "caseload": 2, "length": 1, "referrals": 2}}
    found = of({"a": FLAT, "u": unit}, docks=docks, services=services)
    assert found.left_out == ["u"] and found.streams == ["a"] and found.levels == pytest.approx([0] * 5)


def test_what_a_file_says_of_policy_does_not_stop_it():
    """A programme is left out; the next election moves a climate that is settled after it: austere for certain from 5 to 29 months on."""
    programme = {"stage": "trough", "abandoned": 1, "lasts": {"trough": 3}}
    found = of(
        {"a": FLAT | {"programme": "p"}}, programmes={"p": programme}, elections={"next": "2026-05", "changes": 0.5}
    )
    assert found.levels == pytest.approx([0] * 5)
    cut = FLAT | {"cut": 0.01, "austerity": 1000, "settlement_share": 0, "notice": "none", "at_most": 1}
    climate = {"moves": "settlement", "standstill_to_austerity": 1}
    soon, never = (of({"a": cut}, climate=climate, elections={"next": on}) for on in ("2026-05", "2040-05"))
    assert soon.levels[2] == pytest.approx(-0.5) and never.levels[2] == 0


def test_every_range_wider_by_half_is_heard():
    ranged = FLAT | {"cut": 1, "settlement_share": 1, "at_most": 1, "depth": {"low": 0.2, "likely": 0.3, "high": 0.4}}
    near, wide = (of({"a": ranged}, ranges_too_narrow=on).levels for on in (False, True))
    assert wide[4] - wide[0] == pytest.approx(1.5 * (near[4] - near[0]), rel=0.15)


def test_the_documentation_says_what_the_defaults_imply():
    found = implied()
    low, middle, high = (change(found.levels[k]) for k in (0, 2, 4))
    said = f"imply {middle} in the middle future and {low} to {high} in 90 of 100"
    assert said in " ".join((Path(__file__).parent.parent / "docs" / "model.md").read_text("utf-8").split())


def test_the_defaults_and_the_record():
    found = implied(paths=2_000)
    assert found.organisation == defaults().name and -0.6 < found.levels[2] < 0
    data = tomllib.loads(Path(DATA).read_text("utf-8"))
    assert data["date"] and len(data["happened"]) == len(found.happened) >= 3
    for one in data["happened"]:
        assert len(one["source"]) > 10 and one.get("low", -1) <= one["middle"] <= one.get("high", 9)


def test_on_the_command_line(tmp_path):
    done = CliRunner().invoke(cli, ["prior", "advice_charity", "--paths", "200"])
    assert done.exit_code == 0 and "implied by the file" in done.output and "IFS Briefing Note 166" in done.output
    found = json.loads(CliRunner().invoke(cli, ["prior", "--paths", "100", "--json"]).stdout)
    assert found["schema"] == "resilience.prior/1" and len(found["levels"]) == 5 and found["paths"] == 100
    (tmp_path / "x.toml").write_text(organisation_toml(charity(streams={"b": LATER | {"kind": "trust"}}).raw), "utf-8")
    none = CliRunner().invoke(cli, ["prior", str(tmp_path / "x.toml")])
    assert none.exit_code == 2 and "has no stream of a council, the NHS or central government" in none.output
    assert CliRunner().invoke(cli, ["prior", "nosuch"]).exit_code == 2
