"""Every default that has a source is what the arithmetic of tests/defaults_from_evidence.py makes of the published figures."""

import tomllib

import defaults_from_evidence as evidence
import pytest

from resilience.assumptions import DEFAULTS, default_of, default_source

DATA = tomllib.loads(DEFAULTS.read_text("utf-8"))
KINDS = list(DATA["kind"])
BY_KIND = {
    "cut": evidence.cut,
    "depth": lambda kind: evidence.depth(),
    "renewal": lambda kind: evidence.renewal_of_a_contract() if kind in evidence.PUBLIC else evidence.renewal_of_a_grant(),
    "decision_month": lambda kind: evidence.decision_month(),
    "notice": lambda kind: evidence.notice(),
    "lag": evidence.lag,
}  # fmt: skip
OTHERS = [kind for kind in KINDS if kind not in evidence.PUBLIC]
ASSUMED = {
    (kind, name) for kind in OTHERS for name in ("cut", "decision_month", "notice")
}  # and said to be so in their source


@pytest.mark.parametrize("name", BY_KIND)
@pytest.mark.parametrize("kind", KINDS)
def test_a_default_is_computed_or_said_to_be_assumed(kind, name):
    if (kind, name) in ASSUMED:
        assert "assumption" in default_source(kind, name)
    else:
        assert default_of(kind, name) == BY_KIND[name](kind)


def test_defaults_without_a_kind():
    assert default_of(None, "win") == evidence.win()
    assert default_of(None, "late") == evidence.late()
    assert default_of(None, "turnover") == evidence.turnover()


def test_every_default_is_looked_at_here():
    said = {"form", "event"}  # a word, not a figure; below
    assert {key for kind in DATA["kind"].values() for key in kind if not key.endswith("_source")} - said == set(BY_KIND)
    assert set(DATA) == {
        "date",
        "sources",
        "kind",
        "bid",
        "late",
        "turnover",
        "route",
        "delay",
        "payer",
        "statutory_duty",
        "volunteers",
    }


def test_trouble_of_a_payer():
    assert default_of("local authority", "event") == evidence.trouble_of_a_council()
    others = {kind: default_of(kind, "event") for kind in KINDS if kind != "local authority"}
    assert set(others.values()) == {evidence.trouble_of_a_council() / 2, 0.0}  # assumed, and said to be
    assert "assumption" in default_source(None, "event")


def test_chances_by_route():
    assert default_of("open tender", "win") == default_of("fixed price", "win") == evidence.win()
    assert default_of("grant round", "win") == evidence.win_of_a_grant()
    for route in ("direct award", "framework place"):
        assert "assumption" in default_source(route, "win")


def test_what_stands_by_itself_is_said_to_be_assumed():
    assert "assumption" in DATA["delay"]["source"] and "assumption" in DATA["statutory_duty"]["source"]


def test_every_published_figure_has_unit_date_and_source():
    for name, table in evidence.EVIDENCE.items():
        assert {"unit", "date", "source"} <= table.keys() and all(table.values()), name


@pytest.mark.parametrize(
    ("source", "figures"),
    [
        ("cut_public", ["28 %", "30 %"]),
        ("depth", ["15 %", "6 %", "16.6 %"]),
        ("renewal_grant", ["63 %"]),
        ("renewal_contract", ["35 %", "80 %"]),
        ("win", ["24.5 %"]),
        ("lag", ["17.5 days"]),
    ],
)
def test_the_sentence_of_a_source_names_the_figures_used(source, figures):
    assert all(figure in DATA["sources"][source] for figure in figures)


def test_a_normal_through_two_points_goes_through_them():
    # independent of the fit: the fitted normal gives back the shares it was made from
    mean, sd = evidence.two_points(0.06, 0.3, 0.15, 0.7)
    assert evidence.NORMAL.cdf((evidence.logit(0.06) - mean) / sd) == pytest.approx(0.3)
    assert evidence.NORMAL.cdf((evidence.logit(0.15) - mean) / sd) == pytest.approx(0.7)
