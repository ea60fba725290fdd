"""Policy scenarios: dated cuts, changed figures, and how they stack."""

import copy
import tomllib

import pytest

from resilience.distributions import Exact, Range
from resilience.errors import InputError
from resilience.horizon import Month
from resilience.organisation import Organisation, Shock
from resilience.organisation_file import organisation_from
from resilience.scenario import Scenario, apply, read_scenario, read_scenarios, scenario_from

RAW = tomllib.loads("""
name = "Riverside"
first_month = "2026-04"
[opening]
bank = 50_000
[streams.city]
kind = "local authority"
yearly = { low = 90_000, likely = 100_000, high = 120_000, source = "budget" }
until = "2028-03"
[streams.county]
kind = "local authority"
form = "grant"
payer = "County Council"
yearly = 33_333.33
[streams.trust]
kind = "trust"
yearly = 30_000
until = "2027-03"
renewal = "7 in 10"
[bids.new]
kind = "NHS"
chance = "don't know"
yearly = 10_000
term = 24
decision = "2026-06"
[hub.posts.boss]
heads = 1
pay = 40_000
service = 3
[docks.advice]
funded_by = ["city", "county", "trust"]
[docks.advice.posts.worker]
heads = 3
pay_bill = 80_000
service = 4
[services.help]
dock = "advice"
caseload = 20
length = 6
referrals = 10
""")


def riverside() -> Organisation:
    return organisation_from(copy.deepcopy(RAW), "riverside.toml")


def scenario(text: str, name: str = "Storm") -> Scenario:
    head = f'name = "{name}"\nwhy = "a test"\nsource = "invented"\n'
    return scenario_from(tomllib.loads(head + text), f"{name.lower()}.toml")


def change(what: str, field: str, how: str, where: str = "") -> str:
    chosen = f"where = {{ {where} }}\n" if where else ""
    return f'[[changes]]\nwhat = "{what}"\n{chosen}field = "{field}"\n{how}\n'


def shock(streams: str, start: str = "2027-04", notice: int = 3) -> str:
    return f'[[shocks]]\nstreams = {{ {streams} }}\ndepth = 0.3\nfrom = "{start}"\nnotice = {notice}\n'


def under(*texts: str) -> Organisation:
    return apply(riverside(), [scenario(text, f"S{i}") for i, text in enumerate(texts, 1)])


def refusal(text: str) -> str:
    with pytest.raises(InputError) as caught:
        apply(riverside(), [scenario(text)])
    return str(caught.value)


def test_no_scenario_changes_nothing() -> None:
    organisation = riverside()
    assert apply(organisation, []) is organisation


def test_the_organisation_itself_stays_as_it_was() -> None:
    organisation = riverside()
    before, raw = organisation.model_dump(), copy.deepcopy(organisation.raw)
    apply(organisation, [scenario(change("streams", "lag", "add = 2") + shock('kind = "trust"'))])
    assert organisation.model_dump() == before
    assert organisation.raw == raw and organisation.shocks == () and organisation.overlays == ()


@pytest.mark.parametrize(
    ("selector", "hit"),
    [
        ('kind = "local authority"', ["city", "county"]),
        ('kind = ["local authority", "trust"], form = "grant"', ["county", "trust"]),
        ('payer = "County Council"', ["county"]),
        ('payment = "arrears"', ["city"]),
        ('id = ["trust", "city"]', ["city", "trust"]),
        ("", ["city", "county", "trust"]),
    ],
)
def test_a_shock_falls_on_the_streams_chosen(selector: str, hit: list[str]) -> None:
    assert [one.stream_id for one in under(shock(selector)).shocks] == hit


def test_a_shock_is_told_before_its_notice_runs() -> None:
    (found,) = under(shock('id = "city"', "2027-04", 3)).shocks
    assert found == Shock("city", 0.3, Month(2027, 4), Month(2026, 12), "S1")


@pytest.mark.parametrize(
    ("first", "april"), [("2026-04", 2027), ("2026-03", 2026), ("2026-05", 2027), ("2027-01", 2027)]
)
def test_next_april_is_the_first_after_the_first_month(first: str, april: int) -> None:
    organisation = organisation_from({**copy.deepcopy(RAW), "first_month": first, "bids": {}}, "riverside.toml")
    (found,) = apply(organisation, [scenario(shock('id = "city"', "next April", 0))]).shocks
    assert found.effective == Month(april, 4)


def test_a_shock_before_the_first_month_is_left_out_and_said() -> None:
    organisation = under(shock('id = "city"', "2026-01"))
    assert organisation.shocks == ()
    assert organisation.warnings == ("scenario S1, shocks[1]: lies before the first month, 2026-04; left out",)


def test_a_change_starts_from_what_is_written_or_from_the_default() -> None:
    organisation = under(change("streams", "lag", "add = 2") + change("streams", "yearly", "times = 0.9"))
    assert organisation.streams["city"].lag == 3.3
    assert organisation.streams["city"].yearly == Range(8.1e6, 9e6, 1.08e7, "amount")
    assert organisation.streams["county"].yearly == Exact(3_000_000.0)  # 29,999.997 to the penny
    assert organisation.streams["county"].lag == 0.0  # not in arrears: nothing to be late


def test_a_bare_renewal_and_a_default_one_are_changed_alike() -> None:
    organisation = under(
        change("streams", "renewal.chance", "times = 0.5") + change("streams", "renewal.told", "to = 6")
    )
    city, trust, county = (organisation.streams[name].renewal for name in ("city", "trust", "county"))
    assert (city.chance, city.told) == (0.275, 6)
    assert (trust.chance, trust.told) == (0.35, 6)
    assert county is None


def test_posts_bids_services_and_the_organisation_can_be_changed() -> None:
    organisation = under(
        change("posts", "pay", "times = 1.033", 'dock = "hub"')
        + change("posts", "turnover", "add = 0.1", 'post = "worker"')
        + change("bids", "chance", "times = 2")
        + change("services", "referrals", "times = 1.5", 'dock = "advice"')
        + change("organisation", "opening.bank", "add = -60000")
        + change("organisation", "reserves_policy.months", "add = 1")
    )
    assert organisation.hub.posts["boss"].pay == 41_320_00
    assert organisation.docks["advice"].posts["worker"].turnover == 0.29
    assert organisation.bids["new"].chance == 0.5
    assert organisation.services["help"].referrals == Exact(15.0)
    assert organisation.opening.bank == -10_000_00
    assert organisation.reserves_policy.months == 4
    assert organisation.warnings == ()


def test_a_whole_number_stays_whole() -> None:
    assert under(change("streams", "notice", "times = 2", 'id = "county"')).streams["county"].notice == 6
    assert "4.5 is not a number of months" in refusal(change("streams", "notice", "times = 1.5", 'id = "county"'))


def test_scenarios_stack_and_say_where_they_meet() -> None:
    late = change("streams", "lag", "add = 2", 'id = "city"')
    organisation = under(late, late + shock('id = "city"'), change("streams", "lag", "to = 1") + shock('id = "city"'))
    assert organisation.streams["city"].lag == 1.0
    assert organisation.overlays == ("S1", "S2", "S3")
    assert len(organisation.shocks) == 2
    assert organisation.warnings == (
        "scenario S2, changes[1]: changes streams.city.lag, which S1 has changed; it starts from there",
        "scenario S3, shocks[1]: S2 moves streams.city too; both count",
        "scenario S3, changes[1]: changes streams.city.lag, which S2 has changed; its value holds",
    )


def test_what_touches_nothing_is_said() -> None:
    organisation = under(
        shock('kind = "lottery"') + shock('id = "citty"') + change("organisation", "facility.limit", "add = 1000")
    )
    assert organisation.warnings == (
        "scenario S1, shocks[1]: touches no stream of Riverside",
        'scenario S1, shocks[2]: touches no stream of Riverside; did you mean "city"?',
        "scenario S1, changes[1]: touches nothing of Riverside",
    )


def test_the_register_says_what_a_scenario_changed() -> None:
    organisation = under(change("streams", "lag", "add = 2"))
    (lag,) = [one for one in organisation.register if one.place == "streams.city.lag"]
    assert (lag.value, lag.source, lag.note) == (3.3, "invented", "changed by the scenario S1")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            change("streams", "renewal.chance", "times = 2"),
            "storm.toml: makes streams.trust.renewal.chance wrong: 1.4 is not",
        ),
        (
            change("streams", "until", 'to = "2025-01"'),
            "makes streams.city.until wrong: 2025-01 lies before the first month",
        ),
        (
            change("streams", "until", "add = 3"),
            "storm.toml: changes[1]: streams.city.until has no number to start from",
        ),
        (change("streams", "lagg", "add = 3"), 'changes lagg, which is not a field of streams; did you mean "lag"?'),
        (change("streams", "lag.x", "add = 3"), "changes lag.x, which is not a field of streams"),
        (
            change("streams", "lag", "add = 3\nto = 3"),
            "has no new value, or several; write one of to, years, add, times",
        ),
        (change("streams", "lag", ""), "has no new value, or several; write one of to, years, add, times"),
        (change("streams", "lag", "to = 3", 'dock = "hub"'), "cannot choose streams by dock; write id or kind or form"),
        (change("stream", "lag", "to = 3"), 'did you mean "streams"?'),
        (shock('kind = "trusts"'), "shocks[1].streams.kind[1]: trusts is not known here"),
        (shock('id = "city"', "April"), 'shocks[1].from: April is not a month; write it as 2026-04, or "next April"'),
        (
            "[[shocks]]\nstreams = {}\ndepth = 30\n",
            "shocks[1].depth: 30 is not a share; write it between 0 and 1, like 0.3",
        ),
    ],
)
def test_nonsense_is_refused(text: str, said: str) -> None:
    assert said in refusal(text)


def test_every_fault_of_several_scenarios_is_said_at_once() -> None:
    with pytest.raises(InputError) as caught:
        read_scenarios(["baselin+late payment", "nowhere.toml"])
    assert str(caught.value).splitlines() == [
        'baselin: is neither a shipped scenario nor a file; did you mean "baseline"?',
        "nowhere.toml: does not exist; check the name and the folder",
    ]


def test_names_are_joined_by_a_plus() -> None:
    found = read_scenarios(["council-cut 30 + late_payment", "contract_won"])
    assert [one.name for one in found] == ["Council cut 30 %", "Late payment", "Contract won"]


def test_why_and_source_are_asked_for() -> None:
    with pytest.raises(InputError) as caught:
        scenario_from({"name": "Storm"}, "storm.toml")
    assert {fault.place for fault in caught.value.faults} == {"why", "source"}


def test_the_shipped_scenarios_do_what_they_say() -> None:
    cut, late, won, cliff = (
        apply(riverside(), [read_scenario(name)])
        for name in ("council_cut_30", "late_payment", "contract_won", "grant_cliff")
    )
    assert [(one.stream_id, one.depth, str(one.effective)) for one in cut.shocks] == [
        ("city", 0.3, "2027-04"),
        ("county", 0.3, "2027-04"),
    ]
    assert (late.streams["city"].lag, late.streams["city"].late, late.streams["trust"].late) == (3.3, 0.3, 0.0)
    assert won.bids["new"].chance == 1.0
    assert cliff.streams["trust"].renewal.chance == 0.0 and cliff.streams["city"].renewal.chance == 0.55


# ---- odds, and items of their own name


def raw_with(**county):
    raw = copy.deepcopy(RAW)
    raw["streams"]["county"] |= county
    return raw


def of_change(**change):
    raw = {"name": "S", "why": "a test", "source": "a test", "changes": [change]}
    return scenario_from(raw, "s.toml")


def test_odds_are_multiplied():
    """One half has odds of 1; times 1.5 they are 1.5, so 0.6. Of a range each point; "don't know" is the default first."""
    where = {"what": "streams", "where": {"id": "county"}, "field": "cut", "odds": 1.5}
    for cut, expected in ((0.5, 0.6), (0, 0), (1, 1)):
        organisation = organisation_from(raw_with(cut=cut), "x.toml")
        assert apply(organisation, [of_change(**where)]).streams["county"].cut == pytest.approx(expected)
    unknown = organisation_from(raw_with(cut="don't know"), "x.toml")
    p = unknown.streams["county"].cut
    assert apply(unknown, [of_change(**where)]).streams["county"].cut == pytest.approx(1.5 * p / (1 + 0.5 * p))
    with pytest.raises(InputError, match="multiplies the odds of yearly, which is no probability; write times"):
        of_change(**where | {"field": "yearly"})


def test_an_item_of_its_own_name_is_added_beside_others():
    spree = {"before": "year end", "comes": 0.5, "chance": 0.5, "yearly": 1_000, "margin": 0.1}
    two = [of_change(what="organisation", field=f"sprees.{name}", to=spree) for name in ("one", "two")]
    found = apply(organisation_from(raw_with(), "x.toml"), two)
    assert set(found.sprees) == {"one", "two"} and not [w for w in found.warnings if "sprees" in w]
    for name, to in (("nowhere.x", spree), ("sprees.x", 3)):
        with pytest.raises(InputError, match="which is not a field of organisation"):
            of_change(what="organisation", field=name, to=to)
