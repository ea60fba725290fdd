"""Every shipped file: it loads, it says why and where from, and every scenario can be put on every organisation."""

import re
import tomllib
from pathlib import Path

import pytest

from resilience import shipped
from resilience.organisation_file import organisation_from, read_organisation
from resilience.reading import read_toml
from resilience.scenario import apply, read_scenario, scenario_from
from resilience.shipped import locate, names
from resilience.strategy import read_strategy, strategy_from


@pytest.mark.parametrize("name", names("organisations"))
def test_an_organisation_has_a_source(name: str) -> None:
    assert read_organisation(name).source


@pytest.mark.parametrize("name", names("policy"))
def test_a_scenario_has_why_and_source(name: str) -> None:
    scenario = read_scenario(name)
    assert len(scenario.why) > 20 and len(scenario.source) > 20


@pytest.mark.parametrize("name", names("strategies"))
def test_a_strategy_has_why_and_source(name: str) -> None:
    strategy = read_strategy(name)
    assert len(strategy.why) > 20 and len(strategy.source) > 20


@pytest.mark.parametrize("organisation", names("organisations"))
@pytest.mark.parametrize("scenario", names("policy"))
def test_every_scenario_goes_on_every_organisation(scenario: str, organisation: str) -> None:
    assert apply(read_organisation(organisation), [read_scenario(scenario)]).overlays == (read_scenario(scenario).name,)


def test_what_is_promised_is_there() -> None:
    assert {"baseline", "contract_won", "council_cut_30", "grant_cliff", "late_payment"} <= set(names("policy"))
    assert {"carry_on", "close_in_order", "cut_late", "hub_and_dock"} <= set(names("strategies"))
    assert "certain" in names("organisations")


def test_the_examples_of_the_readme_load() -> None:
    text = (shipped.folder("policy").parent / "README.md").read_text(encoding="utf-8")
    organisation, *parts, scenario, strategy = (
        tomllib.loads(block) for block in re.findall("```toml\n(.*?)```", text, re.DOTALL)
    )
    riverside = apply(organisation_from(organisation, "README"), [scenario_from(scenario, "README")])
    assert riverside.warnings == () and len(riverside.shocks) == 1 and len(riverside.rises) == 1
    assert strategy_from(strategy, "README").rules
    organisation["streams"]["city"]["payer"] = "County Council"
    for part in parts:  # each goes into the organisation above it
        organisation_from({k: {**organisation.get(k, {}), **part.get(k, {})} if k in part else organisation[k] for k in organisation | part}, "README")  # fmt: skip
    city = organisation_from(organisation | parts[0], "README")
    assert city.payers["County Council"].event == 0.01 and city.unlisted_event.chance == 0.1


@pytest.mark.parametrize("text", ["hub_and_dock", "hub and dock", "Hub-and-Dock", " hub_and_dock "])
def test_a_shipped_name_may_be_written_in_words(text: str) -> None:
    assert locate("strategies", text).name == "hub_and_dock.toml"


def test_a_path_leads_to_a_file_and_a_name_never_to_a_path(tmp_path: Path) -> None:
    path = tmp_path / "mine.toml"
    path.write_text("", encoding="utf-8")
    assert locate("policy", path) == path
    assert locate("policy", "../policy/baseline.toml") == Path("../policy/baseline.toml")
    assert shipped.shipped("policy", "../policy/baseline") is None


def test_in_a_wheel_the_files_lie_in_the_package(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    inside = tmp_path / "resilience" / "shipped" / "policy"
    inside.mkdir(parents=True)
    (inside / "storm.toml").write_text("", encoding="utf-8")
    monkeypatch.setattr(shipped, "__file__", str(tmp_path / "resilience" / "shipped.py"))
    assert names("policy") == ["storm"]


@pytest.mark.parametrize("kind", ["organisations", "policy", "strategies"])
def test_names_are_plain(kind: shipped.Kind) -> None:
    for name in names(kind):
        assert name.isascii() and name.replace("_", "").isalnum() and name == name.lower()
        assert read_toml(locate(kind, name))["name"]
