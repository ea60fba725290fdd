"""`resilience new`: asked in a terminal or answered by flags; never overwrites; what it writes passes `check`."""

import tomllib

import pytest
from click.testing import CliRunner

from resilience.cli import cli
from resilience.first_file import Figures, Funder, Team, answers, as_toml
from resilience.organisation_file import organisation_from

ANSWERS = """Riverside Advice
2026-04


268000
250000
84,000
12000
4000
2
City Council
council
120000
2028-03
7
Big Trust
trust
40k
£40,000


5000

20000
Advice
3
2.5
84000
4
1
Outreach
2

50000
2
1, Big Trust

2

70000
6
30000
don't know
2028-03
12000
no
"""
FLAGS = {
    "first-month": "2026-04",
    "bank": "£50,000",
    "funder": "name=City, kind=council, yearly=£100,000, until=2027-03, renewal=?",
    "team": "name=Advice, people=3, pay_bill=84000, service=2, funded_by=City",
    "hub-people": "1",
    "hub-pay": "30000",
}


@pytest.fixture
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def run(*args, typed=""):
    return CliRunner().invoke(cli, ["new", *args], input=typed)


def flags(**changed):
    given = FLAGS | changed
    return [part for name, text in given.items() if text is not None for part in (f"--{name}", text)]


def test_thirty_answers_make_a_file_that_checks(here):
    result = run("riverside", typed=ANSWERS)
    assert result.exit_code == 0, result.output
    assert "write pounds in figures" in result.output  # 40k was asked again
    found = tomllib.loads((here / "riverside.toml").read_text("utf-8"))
    assert found["name"] == "Riverside Advice" and found["opening"] == {"bank": 84000, "debtors": 4000}
    assert found["last_year"] == {"income": 268000, "spending": 250000}
    assert found["streams"]["city_council"] == {
        "kind": "local authority",
        "yearly": 120000,
        "until": "2028-03",
        "renewal": "7 in 10",
    }
    assert found["streams"]["big_trust"]["cut"] == "don't know"
    assert found["streams"]["other_income"] == {"kind": "giving", "yearly": 20000, "cut": "don't know"}
    # of 12,000 restricted, 5,000 is the trust's; nobody was named for the rest
    assert {name: fund["opening"] for name, fund in found["funds"].items()} == {
        "big_trust": 5000,
        "other_restricted": 7000,
    }
    # both teams live on the council's money: one dock
    dock = found["docks"]["advice_and_outreach"]
    assert dock["funded_by"] == ["city_council", "big_trust"]
    assert dock["posts"]["advice"] == {"heads": 3, "pay_bill": 84000, "service": 4, "hours": 31.25}  # 37.5 × 2.5 ÷ 3
    assert found["closing"] == {"lease_until": "2028-03", "lease_yearly": 12000, "pension_exit": "don't know"}
    checked = CliRunner().invoke(cli, ["check", "riverside.toml"])
    assert checked.exit_code == 0 and "no fault" in checked.output


def test_flags_answer_without_a_question(here):
    result = run("riverside", *flags())
    assert result.exit_code == 0, result.output
    found = tomllib.loads((here / "riverside.toml").read_text("utf-8"))
    assert found["name"] == "Riverside" and found["streams"]["city"]["renewal"] == "don't know"
    assert found["docks"]["advice"]["posts"]["advice"]["hours"] if "hours" in found["docks"]["advice"] else True
    assert CliRunner().invoke(cli, ["check", "riverside.toml"]).exit_code == 0


def test_a_file_that_is_there_is_left_alone(here):
    (here / "riverside.toml").write_text("mine")
    result = run("riverside", typed=ANSWERS)
    assert result.exit_code == 2 and "is there already" in result.stderr
    assert (here / "riverside.toml").read_text() == "mine"


@pytest.mark.parametrize("name", ["../riverside", "/tmp/riverside", "con", "", "a\\b", "..."])
def test_a_name_stays_in_this_folder(here, name):
    result = run(name, typed=ANSWERS)
    assert result.exit_code == 2 and "is no name for a file" in result.stderr
    assert not list(here.iterdir())


@pytest.mark.parametrize(
    ("changed", "said"),
    [
        ({"bank": "5O"}, "--bank: 5O"),
        ({"first-month": "April 26"}, "--first-month"),
        ({"first-month": None}, "--first-month: is not answered"),
        ({"funder": "name=City, kin=council, yearly=lots"}, "--funder yearly: lots"),
        ({"funder": "name=City, yearly=5, kind=NHS, until=2020-03"}, "before the first month"),
        ({"team": "name=A, people=1, pay_bill=20000, service=1, funded_by=Town"}, "did you mean"),
        ({"nation": "Walls"}, 'did you mean "Wales"?'),
    ],
)
def test_a_bad_flag_is_named(here, changed, said):
    if "team" in changed:
        changed["funder"] = "name=Town Hall, kind=council, yearly=5"
    result = run("riverside", *flags(**changed))
    assert result.exit_code == 2
    assert said in result.stderr
    assert not list(here.iterdir())


def test_every_fault_of_a_flag_at_once(here):
    result = run("riverside", *flags(funder="name=City, kin=council, yearly=lots"))
    assert 'did you mean "kind"?' in result.stderr and "lots" in result.stderr and "has no kind" in result.stderr


def test_names_that_toml_must_quote_come_back_whole():
    name = 'Café "O’Neill" \\ Söhne = [x] # \U0001f600'
    figures = Figures(
        name,
        "2026-04",
        -500,
        [Funder(name, "giving", 10), Funder("cafe-o neill sohne x", "giving", 5)],
        [],
        Team("c", 0, 0, 0),
        0,
    )
    found = tomllib.loads(as_toml(figures))
    assert found["name"] == name
    assert len(found["streams"]) == 2
    organisation_from(found, "test")


@pytest.mark.parametrize(
    ("typed", "meant"), [("7", "7 in 10"), ("?", "don't know"), ("Don’t know", "don't know"), ("3 in 4", "3 in 4")]
)
def test_chances_are_read_as_people_write_them(typed, meant):
    assert answers.chance(typed) == meant


@pytest.mark.parametrize("typed", ["80 %", "11 in 10", "often", ""])
def test_a_chance_that_is_none_is_refused(typed):
    with pytest.raises(ValueError, match="in ten"):
        answers.chance(typed)


def test_pounds_are_read_as_people_write_them():
    assert (
        answers.pounds("£12,500") == 12500
        and answers.pounds(" 12 500.50 ") == 12500.5
        and answers.signed("−300") == -300
    )
    for typed in ("12k", "12.505", "-5", "1e9", ""):
        with pytest.raises(ValueError):
            answers.pounds(typed)
