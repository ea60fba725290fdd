"""An organisation file: defaults filled in, each figure registered, the questionable questioned."""

import copy
import json
from typing import Any

import pytest

from resilience.assumptions import Assumption, default_of
from resilience.distributions import Exact, Range
from resilience.errors import InputError
from resilience.horizon import Month
from resilience.organisation import Organisation, Renewal
from resilience.organisation_file import json_schema, organisation_from, read_organisation

CITY = {"kind": "local authority", "yearly": 100_000}
TRUST = {"kind": "trust", "yearly": 30_000.5}


def written(**tables: Any) -> dict[str, Any]:
    """The tables of a small file."""
    return {"name": "Riverside", "first_month": "2026-04", "opening": {"bank": -12.34}} | copy.deepcopy(tables)


def read(**tables: Any) -> Organisation:
    return organisation_from(written(**tables), "riverside.toml")


def refusal(**tables: Any) -> str:
    with pytest.raises(InputError) as caught:
        read(**tables)
    return str(caught.value)


def registered(organisation: Organisation, place: str) -> Assumption:
    (found,) = [one for one in organisation.register if one.place == place]
    return found


def test_amounts_are_whole_pence_and_months_are_months() -> None:
    organisation = read(streams={"trust": TRUST})
    assert organisation.opening.bank == -1234
    assert organisation.streams["trust"].yearly == Exact(3_000_050.0)
    assert organisation.first_month == Month(2026, 4)


def test_a_range_of_pounds_is_a_range_of_pence() -> None:
    organisation = read(streams={"city": CITY | {"yearly": {"low": 90_000, "likely": 100_000, "high": 120_000}}})
    assert organisation.streams["city"].yearly == Range(9e6, 1e7, 1.2e7, "amount")


@pytest.mark.parametrize(
    ("kind", "form", "payment", "fund", "lag"),
    [
        ("local authority", "contract", "arrears", "unrestricted", 1.3),
        ("trust", "grant", "quarterly in advance", "x", 0.0),
        ("giving", "gift", "monthly", "unrestricted", 0.0),
        ("trading", "sale", "monthly", "unrestricted", 0.0),
    ],
)
def test_a_stream_takes_the_defaults_of_its_kind(kind: str, form: str, payment: str, fund: str, lag: float) -> None:
    organisation = read(streams={"x": {"kind": kind, "yearly": 100}})
    stream = organisation.streams["x"]
    assert (stream.form, stream.payment, stream.fund, stream.payer, stream.lag) == (form, payment, fund, "x", lag)
    assert stream.late == (0.1 if payment == "arrears" else 0.0)
    assert stream.cut == default_of(kind, "cut")
    assert stream.depth == Range(0.05, 0.15, 0.40, "share")
    assert (stream.decision_month, stream.notice) == (default_of(kind, "decision_month"), default_of(kind, "notice"))
    assert stream.renewal is None
    assert set(organisation.funds) == {fund} - {"unrestricted"}


def test_an_award_with_an_end_is_renewed_and_not_cut() -> None:
    ends = CITY | {"until": "2028-03"}
    stream = read(streams={"city": ends}).streams["city"]
    assert stream.cut == 0.0
    assert stream.renewal == Renewal(chance=0.55)
    assert read(streams={"city": ends | {"break_clause": True}}).streams["city"].cut == 0.3


@pytest.mark.parametrize(
    ("renewal", "chance", "told"),
    [
        ("7 in 10", 0.7, 2),
        ("0 in 10", 0.0, 2),
        ("don't know", 0.55, 2),
        (1, 1.0, 2),
        ({"chance": "6 in 10", "told": 6}, 0.6, 6),
    ],
)
def test_a_renewal_may_be_a_bare_probability(renewal: Any, chance: float, told: int) -> None:
    found = read(streams={"city": CITY | {"until": "2028-03", "renewal": renewal}}).streams["city"].renewal
    assert isinstance(found, Renewal)
    assert (found.chance, found.told, found.term, found.fraction) == (chance, told, 12, Exact(1.0))


def test_dont_know_becomes_the_default_of_its_kind() -> None:
    bid = {"kind": "NHS", "chance": "don't know", "yearly": 100, "term": 12, "decision": "2026-06"}
    post = {"heads": 3, "pay_bill": 80_000, "service": 2, "turnover": "don't know"}
    organisation = read(
        bids={"new": bid}, hub={"posts": {"office": post}}, streams={"city": CITY | {"cut": "don't know"}}
    )
    assert organisation.bids["new"].chance == 0.25
    assert organisation.hub.posts["office"].turnover == 0.19
    assert organisation.streams["city"].cut == 0.3
    assert registered(organisation, "bids.new.chance").text == "don't know"
    assert not registered(organisation, "bids.new.chance").given


def test_a_pay_bill_is_shared_to_the_penny() -> None:
    organisation = read(hub={"posts": {"office": {"heads": 3, "pay_bill": 80_000, "service": 2}}})
    office = organisation.hub.posts["office"]
    assert office.pay == 26_667_00 - 33  # 80,000 ÷ 3 = 26,666.666…
    assert office.post == "office"
    assert organisation.hub.core == ["office"]


def test_every_figure_is_registered_with_class_and_source() -> None:
    organisation = read(
        streams={"city": CITY | {"until": "2028-03", "renewal": "7 in 10", "source": "contract", "date": "2026-01-05"}},
        source="budget",
    )
    assert registered(organisation, "opening.bank") == Assumption(
        "opening.bank", -12.34, "GBP", "known", True, source="budget"
    )
    renewal = registered(organisation, "streams.city.renewal.chance")
    assert (renewal.value, renewal.text, renewal.klass, renewal.given) == (0.7, "7 in 10", "weak", True)
    assert (renewal.source, renewal.date) == ("contract", "2026-01-05")
    lag = registered(organisation, "streams.city.lag")
    assert (lag.value, lag.given, lag.date) == (1.3, False, "2026-11")
    assert "17.5 days" in lag.source
    assert registered(organisation, "reserves_policy.months").klass == "weak"
    assert all(one.source for one in organisation.register if not one.given)


def test_what_does_nothing_is_not_registered() -> None:
    organisation = read(streams={"trust": TRUST, "city": CITY | {"until": "2028-03"}})
    places = {one.place for one in organisation.register}
    assert "streams.city.lag" in places and "streams.trust.lag" not in places
    assert "streams.trust.cut" in places and "streams.city.cut" not in places


def test_a_restricted_contract_and_an_idle_grant_are_questioned() -> None:
    organisation = read(
        streams={"city": CITY | {"fund": "trust"}, "trust": TRUST, "spent": TRUST},
        docks={"a": {"funded_by": ["spent"]}},
    )
    contract, *idle = organisation.warnings
    assert contract.startswith("riverside.toml: streams.city: a contract is seldom restricted")
    assert len(idle) == 2 and all("never spent" in text for text in idle)


def test_a_file_may_name_a_grants_own_fund() -> None:
    line = {"yearly": 100, "charged_to": {"trust": 0.5}}
    organisation = read(streams={"trust": TRUST}, hub={"costs": {"rent": line}})
    assert organisation.hub.costs["rent"].charged_to == {"trust": 0.5}
    assert organisation.warnings == ()


@pytest.mark.parametrize(
    ("tables", "said"),
    [
        ({"docks": {"hub": {}}}, "docks.hub: has a name that is already taken"),
        ({"funds": {"unrestricted": {}}}, "funds.unrestricted: has a name that is already taken"),
        ({"streams": {"city": CITY | {"until": "2199-12"}}}, "streams.city.until: 2199-12 is too far away"),
        ({"streams": {"city": CITY | {"yearly": 10**10}}}, "is above a thousand million pounds"),
        (
            {"streams": {f"s{i}": CITY | {"yearly": 10**9} for i in range(11)}},
            "adds up to more than ten thousand million",
        ),
        ({"streams": {"city": CITY | {"notice": 40}}}, "40 is not a number of months"),
        ({"streams": {"city": CITY | {"uplift": {"share_of_cpi": 30}}}}, "uplift.share_of_cpi: 30.0 is too large"),
        ({"streams": {"city": []}}, "streams.city: is not a table"),
        ({"streams": 3, "docks": [], "hub": {"posts": 1}}, "docks: is not a table"),
        ({"docks": {"a": {"funded_by": ["x", 3]}}, "streams": {"x": CITY}}, "docks.a.funded_by[2]: 3 is not text"),
        ({"docks": {"a": {"funded_by": ["x", "x"]}}, "streams": {"x": CITY}}, "x stands there twice"),
        ({"employment_allowance": "yes"}, "employment_allowance: yes is neither true nor false"),
        ({"closing": {"pension_exit": "dont no"}}, "closing.pension_exit: dont no is not a number"),
    ],
)
def test_a_fault_is_said(tables: dict[str, Any], said: str) -> None:
    assert said in refusal(**tables)


def test_the_answer_dont_know_about_a_pension_is_kept() -> None:
    assert read(closing={"pension_exit": "Don’t know"}).closing.pension_exit == "don't know"


def test_the_schema_tells_unit_class_and_default() -> None:
    schema = json_schema()
    assert json.loads(json.dumps(schema)) == schema
    stream = schema["$defs"]["Stream"]["properties"]
    assert stream["yearly"]["unit"] == "GBP a year"
    assert (stream["cut"]["class"], stream["settlement_share"]["default"]) == ("weak", 0.8)
    assert stream["lag"]["maximum"] == 24 and '"le"' not in json.dumps(schema)
    assert "from" in stream and "starts" not in stream


def test_an_unknown_name_brings_the_nearest() -> None:
    with pytest.raises(
        InputError, match=r'certian: is neither a shipped organisation nor a file; did you mean "certain"\?'
    ):
        read_organisation("certian")
    with pytest.raises(InputError, match=r"nowhere\.toml: does not exist"):
        read_organisation("nowhere.toml")
