"""The files of --out: what stands in them, all or nothing, and the same bytes twice."""

import json
import math
import os
import tomllib

import numpy as np
import pandas as pd
import pytest

from resilience import project, read_organisation
from resilience.errors import WriteError
from resilience.exports import as_json, document, folder, tables, write
from resilience.exports.folder import Folder, write_new

TABLES = {
    "projection.json",
    "measures.csv",
    "measures.parquet",
    "years.csv",
    "probabilities.csv",
    "assumptions.csv",
    "paths.parquet",
}
LEVELS = ["p05", "p10", "p25", "p50", "p75", "p90", "p95"]


@pytest.fixture(scope="module")
def played():
    return project(read_organisation("small_grants"), paths=120, months=30, seed=3, keep_paths=True)


@pytest.fixture(scope="module")
def told(played):
    return document(played)


@pytest.fixture(scope="module")
def written(played, told, tmp_path_factory):
    at = tmp_path_factory.mktemp("results")
    write(played, at, keep_paths=True, told=told)
    return at


def test_the_document_has_what_its_schema_promises(told):
    found = json.loads(as_json(told))
    assert found == told  # nothing is lost or changed on the way
    assert found["schema"] == "resilience.projection/1"
    assert (
        found["manifest"]["paths"] == 120 and found["manifest"]["months"] == 30 and found["manifest"]["overlays"] == []
    )
    assert {len(one["sha256"]) for one in found["manifest"]["inputs"]} == {64}
    assert found["months"][0] == "2026-07" and len(found["months"]) == 30
    needed = "bank spendable headroom restricted_cash free_reserves income spending heads fte closing_liability capacity demand served unmet"
    assert set(needed.split()) <= set(found["measures"])
    for measure in found["measures"].values():
        assert set(measure) == {"unit", "mean", *LEVELS}
        assert all(len(measure[level]) == 30 for level in ("mean", *LEVELS))
    chances = "insolvent breach point_of_no_return restricted_touched closed_in_order merged_or_transferred continuing"
    assert set(chances.split()) <= set(found["probabilities"])
    assert all(len(one["by_month"]) == len(one["standard_error"]) == 30 for one in found["probabilities"].values())
    assert set(found["runway"]) == {*LEVELS, "beyond_horizon"}
    assert len(found["futures"]) == 7
    lowest = [one["lowest_spendable"] for one in found["futures"]]
    assert lowest == sorted(lowest)
    assert {"structural", "events"} <= set(found["why"]) and {"drivers", "first_answer"} <= set(found)


def test_null_is_what_has_ended(told, played):
    money = told["measures"]["spendable"]["p05"]
    ended = 1 - played.probabilities["continuing"].by_month
    assert [x is None for x in money] == [math.ceil(round(0.05 * 120, 9)) <= round(e * 120) for e in ended]
    assert None not in told["measures"]["unmet"]["p05"]


def test_every_file_stands_there(written):
    assert {path.name for path in written.iterdir()} == TABLES | {"accounts.parquet"}
    assert json.loads((written / "projection.json").read_text("utf-8"))["schema"] == "resilience.projection/1"


def test_tables_say_what_the_projection_says(written, played):
    csv, parquet = pd.read_csv(written / "measures.csv"), pd.read_parquet(written / "measures.parquet")
    assert len(csv) == len(parquet) == 30 * len(played.names)
    bank = parquet[parquet.measure == "bank"]
    np.testing.assert_allclose(bank["p50"], played.measure("bank").p50, atol=0.005)
    chances = pd.read_csv(written / "probabilities.csv")
    insolvent = chances[chances.probability == "insolvent"]
    np.testing.assert_allclose(insolvent["by_month"], played.probabilities["insolvent"].by_month, atol=1e-9)


def test_paths_are_told_one_by_one(written, played):
    paths = pd.read_parquet(written / "paths.parquet")
    end = played.paths["end"]
    assert list(paths["path"]) == list(range(120))
    assert (paths["end"] == "continuing").tolist() == (end < 0).tolist()
    k = int(np.flatnonzero(end >= 0)[0])
    assert paths["end_month"][k] == played.months[end[k]] and paths["runway_months"][k] == end[k]
    np.testing.assert_allclose(paths["lowest_spendable"] * 100, played.paths["lowest"])


def test_accounts_hold_every_account_by_path_and_month(written, played):
    accounts = pd.read_parquet(written / "accounts.parquet")
    assert list(accounts.columns) == ["path", "month", *played.accounts]
    assert len(accounts) == 120 * 30
    one = accounts[accounts.path == 7]
    assert one["month"].tolist() == played.months
    assert one["debtors"].tolist() == played.accounts["debtors"][:, 7].tolist()
    assert accounts["bank"].dtype == "int64"


def test_a_year_adds_its_flows_up(written, played):
    years = pd.read_csv(written / "years.csv").set_index(["year_end", "measure"])
    # July 2026 to March 2027: nine months; nobody has ended by then, so the means simply add up
    assert years.loc[("2027-03", "income"), "months"] == 9
    months = played.played.money["income"][:9].sum(axis=0) / 100
    assert years.loc[("2027-03", "income"), "mean"] == pytest.approx(months.mean(), abs=0.01)
    assert years.loc[("2027-03", "income"), "p50"] == pytest.approx(
        np.sort(months)[59], abs=0.01
    )  # ⌈0.5 · 120⌉-th smallest
    assert years.loc[("2027-03", "bank"), "p50"] == pytest.approx(played.measure("bank").p50[8], abs=0.01)
    assert years.index.get_level_values(0)[-1] == "2028-12"  # the horizon cuts the last year short


def test_same_inputs_same_bytes(written, tmp_path):
    again = project(
        read_organisation("small_grants"), paths=120, months=30, seed=3, keep_paths=True, workers=3, block=50
    )
    write(again, tmp_path, keep_paths=True)
    for file in written.iterdir():
        assert file.read_bytes() == (tmp_path / file.name).read_bytes(), file.name


def test_accounts_that_were_not_kept_are_refused(tmp_path):
    with pytest.raises(ValueError, match="keep_paths=True"):
        write(project(read_organisation("certain")), tmp_path, keep_paths=True)
    assert not list(tmp_path.iterdir())


@pytest.mark.parametrize("text", ["=1+1", "+44 20", "-a", "@here", "\tx"])
def test_text_cannot_become_a_formula(text):
    assert tables.csv({"a": [text]}).split("\r\n")[1].strip('"').startswith("'")


def test_numbers_and_quotes_stay_what_they_are():
    assert tables.csv({"a": [-1.5, 2, None, "-3.5"], "b": ['say "no"', "x,y", "", "£"]}) == (
        'a,b\r\n-1.5,"say ""no"""\r\n2,"x,y"\r\n,\r\n-3.5,£\r\n'
    )


def test_nothing_is_replaced_unless_everything_is_written(written, played, told, tmp_path, monkeypatch):
    write(played, tmp_path, told=told)
    before = {path.name: path.read_bytes() for path in tmp_path.iterdir()}

    def full(file, table):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("resilience.exports.parquet", full)
    with pytest.raises(WriteError, match=r"measures\.parquet: could not be written \(no space left on device\)"):
        write(played, tmp_path, told={**told, "name": "another"})
    assert {path.name: path.read_bytes() for path in tmp_path.iterdir()} == before


def test_what_a_killed_run_left_is_swept(played, told, tmp_path):
    (tmp_path / f"{folder.PART}measures.csv").write_text("half")
    (tmp_path / "mine.txt").write_text("kept")
    write(played, tmp_path, told=told)
    assert {path.name for path in tmp_path.iterdir()} == TABLES | {"mine.txt"}


def test_two_runs_do_not_write_into_one_folder(played, told, tmp_path):
    with Folder(tmp_path), pytest.raises(WriteError, match="another run is writing here"):
        write(played, tmp_path, told=told)


def test_a_file_in_place_of_the_folder_is_a_write_error(played, told, tmp_path):
    (tmp_path / "results").write_text("a file")
    with pytest.raises(WriteError, match="could not be written"):
        write(played, tmp_path / "results", told=told)


def test_a_new_file_never_replaces_one(tmp_path):
    write_new(tmp_path / "a.toml", "x = 1\n")
    with pytest.raises(FileExistsError):
        write_new(tmp_path / "a.toml", "x = 2\n")
    assert tomllib.loads((tmp_path / "a.toml").read_text()) == {"x": 1}
    assert os.listdir(tmp_path) == ["a.toml"]
