"""Many organisations: a bad file stops no other, broken off and gone on gives the same bytes, names never become paths."""

import json
import os
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import openpyxl
import pyarrow.parquet as pq
import pytest
from a_small_file import raw
from click.testing import CliRunner

from resilience import project, read_organisation, read_scenario, read_strategy
from resilience.batch import Task, batch, project_many, tasks
from resilience.batch.many import DATA, PROOFS
from resilience.cli import cli

SIZES = {"paths": 50, "months": 24}
TOML = Path(__file__).parents[1] / "scenarios" / "organisations" / "small_grants.toml"


def files(tmp_path, number, bad=()):
    """So many small charities, some of which cannot be read."""
    folder = tmp_path / "charities"
    folder.mkdir()
    text = TOML.read_text("utf-8")
    for i in range(number):
        name = f'name = "Charity {i}"\n'
        own = text.replace(text[text.index("name = ") : text.index("\n", text.index("name = ")) + 1], name, 1)
        (folder / f"charity_{i:02}.toml").write_text(
            own if i not in bad else own + "\n[streams.x]\nkind = 3\n", "utf-8"
        )
    return str(folder / "*.toml")


def written(folder):
    """Every file of the results by name and bytes."""
    return {
        str(file.relative_to(folder)): file.read_bytes() for file in sorted(Path(folder).rglob("*")) if file.is_file()
    }


def test_a_row_says_what_the_projection_says(tmp_path):
    under = {"scenarios": ("baseline", "council_cut_30"), "strategies": ("carry_on", "hub_and_dock")}
    (one,) = batch(tasks(["small_grants"], **under, **SIZES), tmp_path)
    assert [(row["scenario"], row["strategy"]) for row in one.rows] == [
        (s, m) for s in under["scenarios"] for m in under["strategies"]
    ]
    p = project(
        read_organisation("small_grants"), [read_scenario("council_cut_30")], read_strategy("hub_and_dock"), **SIZES
    )
    row = one.rows[3]
    assert row["insolvent"] == pytest.approx(p.probabilities["insolvent"].by_month[-1])
    assert row["people_served"] == pytest.approx(p.played.served.mean(), abs=1e-6)
    assert row["spendable_p50_month_12"] in (None, pytest.approx(p.measure("spendable").p50[11], abs=0.01))


def test_the_results_stand_in_a_data_set_a_summary_and_a_manifest(tmp_path):
    found = batch(tasks([files(tmp_path, 3)], **SIZES), tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / DATA)
    assert sorted(table["organisation"].to_pylist()) == ["Charity 0", "Charity 1", "Charity 2"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["schema"] == "resilience.batch/1" and len(manifest["items"]) == 3
    assert all((tmp_path / "out" / item["part"]).exists() for item in manifest["items"])
    sheet = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")["Summary"]
    assert [sheet.cell(r, 2).value for r in (2, 3, 4)] == ["Charity 0", "Charity 1", "Charity 2"]
    assert [one.rows[0]["organisation"] for one in found] == ["Charity 0", "Charity 1", "Charity 2"]


def test_bad_files_stop_no_other_and_are_counted(tmp_path):
    pattern, bad = files(tmp_path, 12, bad={1, 4, 5}), 3
    done = CliRunner().invoke(cli, ["batch", pattern, "missing_charity", "--out", str(tmp_path / "out"), "--workers", "1", "--paths", "20", "--months", "12"])  # fmt: skip
    assert done.exit_code == 3
    assert f"13 organisations: 9 played, 0 done before, {bad + 1} failed" in done.output
    assert "charity_04.toml: streams.x.kind" in done.output and "missing_charity" in done.output
    again = CliRunner().invoke(cli, ["batch", pattern, "missing_charity", "--out", str(tmp_path / "out"), "--workers", "1", "--paths", "20", "--months", "12"])  # fmt: skip
    assert again.exit_code == 3 and "0 played, 9 done before, 4 failed" in again.output


def test_the_same_bytes_whatever_plays_it(tmp_path):
    asked = tasks([files(tmp_path, 6)], **SIZES)
    batch(asked, tmp_path / "one")
    with ThreadPoolExecutor(4) as pool:
        batch(asked, tmp_path / "threads", executor=pool)
    batch(asked, tmp_path / "processes", workers=2)
    assert written(tmp_path / "one") == written(tmp_path / "threads") == written(tmp_path / "processes")


def test_what_changes_is_played_again_and_what_is_left_of_another_batch_goes(tmp_path):
    pattern = files(tmp_path, 3)
    batch(tasks([pattern], **SIZES), tmp_path / "out")
    first = tmp_path / "charities" / "charity_00.toml"
    first.write_text(first.read_text("utf-8") + "\n# a remark\n", "utf-8")
    found = batch(tasks([pattern], **SIZES), tmp_path / "out")
    assert [one.done_before for one in found] == [False, True, True]
    assert len(list((tmp_path / "out" / DATA).glob("*.parquet"))) == 3
    part = next((tmp_path / "out" / DATA).glob("*.parquet"))
    part.write_bytes(part.read_bytes()[:-1])  # a part that is not what its proof says
    assert sum(not one.done_before for one in batch(tasks([pattern], **SIZES), tmp_path / "out")) == 1


def test_killed_at_many_moments_and_gone_on_gives_the_same_bytes(tmp_path):
    pattern = files(tmp_path, 8)
    typed = [
        sys.executable,
        "-m",
        "resilience",
        "batch",
        pattern,
        "--workers",
        "2",
        "--paths",
        "60",
        "--months",
        "24",
        "--out",
    ]
    assert subprocess.run([*typed, str(tmp_path / "whole")], capture_output=True).returncode == 0
    for k in range(6):
        run = subprocess.Popen([*typed, str(tmp_path / "broken")], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        time.sleep(0.7 + 0.45 * k)
        os.killpg(run.pid, signal.SIGKILL)
        run.wait()
    assert subprocess.run([*typed, str(tmp_path / "broken")], capture_output=True).returncode == 0
    assert written(tmp_path / "whole") == written(tmp_path / "broken")


def test_a_full_disk_is_said_and_what_stood_there_stands(tmp_path, monkeypatch):
    from resilience.batch import many
    from resilience.errors import WriteError

    batch(tasks(["small_grants"], **SIZES), tmp_path / "out")
    before = written(tmp_path / "out")

    def full(file, table):
        file.write_bytes(b"half")
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(many, "parquet", full)
    with pytest.raises(WriteError, match=r"(?i)no space left"):
        batch(tasks(["small_grants", "nursery"], **SIZES), tmp_path / "out")
    assert written(tmp_path / "out") == before


def test_two_runs_in_one_folder(tmp_path):
    from resilience.errors import WriteError
    from resilience.exports.folder import Folder

    with Folder(tmp_path / "out"), pytest.raises(WriteError, match="another run is writing here"):
        batch(tasks(["small_grants"], **SIZES), tmp_path / "out")


@pytest.mark.parametrize("name", ["../evil", "CON", 'a"b', "=1+1", "x" * 190])
def test_names_never_become_paths(tmp_path, name):
    held = raw({}, hub={"posts": {"a": {"heads": 1, "pay": 30_000, "service": 0}}}) | {"name": name}
    file = tmp_path / "one.toml"
    file.write_text(_toml(held), "utf-8")
    (one,) = batch(tasks([str(file)], **SIZES), tmp_path / "out")
    assert one.rows[0]["organisation"] == name
    assert {part.name for part in (tmp_path / "out").iterdir()} == {
        DATA,
        PROOFS,
        "summary.csv",
        "summary.xlsx",
        "manifest.json",
    }
    cell = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")["Summary"].cell(2, 2)
    assert cell.data_type == "s" and cell.value == name


def _toml(tables, at=""):
    """Just enough TOML for these files."""
    lines, inner = [], []
    for key, value in tables.items():
        if isinstance(value, dict):
            inner.append(f"[{at}{key}]\n{_toml(value, f'{at}{key}.')}")
        else:
            lines.append(f"{key} = {json.dumps(value)}\n")
    return "".join(lines) + "".join(inner)


def test_a_mistake_in_what_all_of_them_share_is_one_of_the_command(tmp_path):
    done = CliRunner().invoke(cli, ["batch", "small_grants", "--scenario", "base", "--out", str(tmp_path)])
    assert done.exit_code == 2 and "base" in done.output and not list(tmp_path.iterdir())
    none = CliRunner().invoke(cli, ["batch", str(tmp_path / "*.toml"), "--out", str(tmp_path / "out")])
    assert none.exit_code == 2 and "matches no file" in none.output


def test_outcomes_come_as_they_finish(tmp_path):
    asked = tasks([files(tmp_path, 3, bad={0})], **SIZES)
    found = list(project_many(asked))
    assert [bool(one.faults) for one in found] == [True, False, False]


def test_a_fault_of_the_program_stops_no_other(tmp_path, monkeypatch):
    asked = tasks([files(tmp_path, 3)], **SIZES)
    plays = Task.rows

    def fails(self):
        if "charity_01" in self.file:
            raise ZeroDivisionError("division by zero")
        return plays(self)

    monkeypatch.setattr(Task, "rows", fails)
    found = batch(asked, tmp_path / "out")
    assert [bool(one.faults) for one in found] == [False, True, False]
    assert "a fault of the program" in found[1].faults[0]
