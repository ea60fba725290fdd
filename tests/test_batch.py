"""Many organisations: a bad file stops no other, broken off and gone on gives the same bytes, names never become paths."""

import hashlib
import json
import os
import shutil
import signal
import subprocess
import sys
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from random import Random

import openpyxl
import psutil
import pyarrow.parquet as pq
import pytest
from a_small_file import raw
from click.testing import CliRunner

from resilience import project, read_organisation, read_scenario, read_strategy
from resilience.batch import batch, plan, playing, project_many, tasks
from resilience.batch.parts import Parts
from resilience.batch.results import DATA, PARTS
from resilience.cli import cli
from resilience.errors import InputError, WriteError

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


def rows(folder, one):
    return Parts(Path(folder) / PARTS).rows(one.key)


def typed(*more):
    """A command of 60 futures of 24 months on two workers."""
    return [sys.executable, "-m", "resilience", "batch", "--workers", "2", "--paths", "60", "--months", "24", *more]


def test_a_row_says_what_the_projection_says(tmp_path):
    under = {"scenarios": ("baseline", "council_cut_30"), "strategies": ("carry_on", "hub_and_dock")}
    (one,) = batch(tasks(["small_grants"], **under, **SIZES), tmp_path)
    assert [(row["scenario"], row["strategy"]) for row in rows(tmp_path, one)] == [
        (s, m) for s in under["scenarios"] for m in under["strategies"]
    ]
    p = project(
        read_organisation("small_grants"), [read_scenario("council_cut_30")], read_strategy("hub_and_dock"), **SIZES
    )
    row = rows(tmp_path, one)[3]
    assert row["insolvent"] == pytest.approx(p.probabilities["insolvent"].by_month[-1])
    assert row["people_served"] == pytest.approx(p.played.served.mean(), abs=1e-6)
    assert row["spendable_p50_month_12"] in (None, pytest.approx(p.measure("spendable").p50[11], abs=0.01))


def test_the_results_stand_in_a_data_set_a_summary_and_a_manifest(tmp_path):
    found = batch(tasks([files(tmp_path, 3)], **SIZES), tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / DATA)
    assert sorted(table["organisation"].to_pylist()) == ["Charity 0", "Charity 1", "Charity 2"]
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert manifest["schema"] == "resilience.batch/1" and len(manifest["items"]) == 3
    assert manifest["data"] == [{"file": "data/part-00000.parquet", "sha256": hashlib.sha256((tmp_path / "out" / "data" / "part-00000.parquet").read_bytes()).hexdigest()}]  # fmt: skip
    sheet = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx")["Summary"]
    assert [sheet.cell(r, 2).value for r in (2, 3, 4)] == ["Charity 0", "Charity 1", "Charity 2"]
    assert [rows(tmp_path / "out", one)[0]["organisation"] for one in found] == ["Charity 0", "Charity 1", "Charity 2"]


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
    assert len(list((tmp_path / "out" / PARTS).iterdir())) == 3
    part = next((tmp_path / "out" / PARTS).iterdir())
    part.write_bytes(part.read_bytes().replace(b"0.", b"1.", 1))  # whole to look at, and not what was written
    assert sum(not one.done_before for one in batch(tasks([pattern], **SIZES), tmp_path / "out")) == 1
    smaller = tasks([str(first)], **SIZES)
    assert [one.done_before for one in batch(smaller, tmp_path / "out")] == [True]
    assert pq.read_table(tmp_path / "out" / DATA)["organisation"].to_pylist() == ["Charity 0"]
    assert len(list((tmp_path / "out" / PARTS).iterdir())) == 1


def test_another_version_plays_again(tmp_path, monkeypatch):
    from resilience.batch import task

    asked = tasks(["small_grants"], **SIZES)
    batch(asked, tmp_path)
    monkeypatch.setattr(task, "__version__", "0.2.0")
    assert [one.done_before for one in batch(asked, tmp_path)] == [False]


@pytest.mark.slow
def test_killed_at_twenty_random_moments_and_gone_on_gives_the_same_bytes(tmp_path):
    command, chosen = typed(files(tmp_path, 40), "--out"), Random(20)
    began = time.monotonic()
    assert subprocess.run([*command, str(tmp_path / "whole")], capture_output=True).returncode == 0
    lasts, went_on = time.monotonic() - began, 0
    for k in range(20):
        folder = tmp_path / f"broken_{k % 4}"  # each is killed five times
        run = subprocess.Popen([*command, str(folder)], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)  # fmt: skip
        time.sleep(chosen.uniform(0.2, 1.0) * lasts)
        if k % 2:
            os.killpg(run.pid, signal.SIGKILL)  # with its workers
        else:
            run.kill()  # its workers are left alone, and must end
        run.wait()
        went_on += bool(list(folder.glob(f"{PARTS}/*")))
    assert went_on >= 5  # some were killed amid the work
    for k in range(4):
        assert subprocess.run([*command, str(tmp_path / f"broken_{k}")], capture_output=True).returncode == 0
        assert written(tmp_path / "whole") == written(tmp_path / f"broken_{k}")


def test_workers_end_with_the_run_that_started_them(tmp_path):
    run = subprocess.Popen([*typed(files(tmp_path, 12), "--out", str(tmp_path / "out")), "--paths", "20000"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)  # fmt: skip
    workers = []
    for _ in range(300):
        workers = [
            one for one in psutil.Process(run.pid).children(recursive=True) if "spawn_main" in " ".join(one.cmdline())
        ]
        if len(workers) == 2:
            break
        time.sleep(0.05)
    time.sleep(2.0)
    run.kill()
    run.wait()
    gone, alive = psutil.wait_procs(workers, timeout=10)
    assert len(gone) == 2 and not alive


def test_ctrl_c_keeps_what_is_done_and_says_so(tmp_path):
    command = [*typed(files(tmp_path, 30), "--out", str(tmp_path / "out")), "--paths", "20000"]
    heeds = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  # tests started in the background do not
    run = subprocess.Popen(command, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heeds)
    for _ in range(3000):
        if list((tmp_path / "out").glob(f"{PARTS}/*.json")):
            break
        time.sleep(0.01)
    os.killpg(run.pid, signal.SIGINT)  # as a terminal sends it: to the workers too
    _, said = run.communicate(timeout=60)
    assert run.returncode == 130
    assert "the same command goes on from there" in said and "Traceback" not in said
    done = len(list((tmp_path / "out").glob(f"{PARTS}/*.json")))
    assert 0 < done < 30 and not list((tmp_path / "out").glob("*lock*"))
    again = subprocess.run(command, capture_output=True, text=True)
    assert f"{30 - done} played, {done} done before, 0 failed" in again.stderr


@pytest.mark.slow
def test_37_bad_files_among_a_thousand_stop_no_other(tmp_path):
    bad = set(Random(37).sample(range(1000), 37))
    pattern = files(tmp_path, 1000, bad=bad)
    for i in sorted(bad)[:6]:  # some that are no TOML, no text, nothing, or not there to be read
        file = tmp_path / "charities" / f"charity_{i:02}.toml"
        file.write_bytes([b"name = ", b"\xff\xfe\x00", b"", b"a = [" * 600, b"x = 1e400\n", b"[a" * 9][i % 6])
    command = [sys.executable, "-m", "resilience", "batch", pattern, "--out", str(tmp_path / "out"), "--workers", "2", "--paths", "2", "--months", "3"]  # fmt: skip
    done = subprocess.run(command, capture_output=True, text=True)
    assert done.returncode == 3, done.stderr[-2000:]
    assert "1,000 organisations: 963 played, 0 done before, 37 failed" in done.stderr
    manifest = json.loads((tmp_path / "out" / "manifest.json").read_text("utf-8"))
    assert (manifest["organisations"], manifest["played"], manifest["failed"]) == (1000, 963, 37)
    assert [i for i, item in enumerate(manifest["items"]) if item["faults"]] == sorted(
        i for i, item in enumerate(manifest["items"]) if int(Path(item["file"]).stem[8:]) in bad
    )
    table = pq.read_table(tmp_path / "out" / DATA)
    assert table.num_rows == 963 and table["organisation"].to_pylist() == [
        f"Charity {int(Path(item['file']).stem[8:])}" for item in manifest["items"] if not item["faults"]
    ]
    sheet = openpyxl.load_workbook(tmp_path / "out" / "summary.xlsx", read_only=True)["Failed"]
    assert len({row[0] for row in sheet.iter_rows(min_row=2, values_only=True)}) == 37


def bounded(tmp_path):
    """(a folder on a disk of a megabyte, how it is taken away); where none may be mounted, None."""
    folder = tmp_path / "disk"
    folder.mkdir()
    mounted = shutil.which("mount") and subprocess.run(["mount", "-t", "tmpfs", "-o", "size=1m", "tmpfs", str(folder)], capture_output=True).returncode == 0  # fmt: skip
    return folder if mounted else None


def test_a_full_disk_is_said_and_what_stood_there_stands(tmp_path):
    small, pattern = bounded(tmp_path), files(tmp_path, 300)
    out = (small or tmp_path) / "out"
    command = [*typed(pattern, "--out", str(out)), "--paths", "2", "--months", "1"]
    batch(tasks(["small_grants"], **SIZES), out)
    before = {name: what for name, what in written(out).items() if not name.startswith(PARTS)}
    try:
        if small:
            done = subprocess.run(command, capture_output=True, text=True)
        else:  # no file beyond 20 kB: the summary cannot be written, and says why
            done = subprocess.run(
                ["bash", "-c", 'ulimit -f 20; exec "$@"', "-", *command], capture_output=True, text=True
            )
        assert done.returncode == 4, done.stderr
        assert "could not be written" in done.stderr and "Traceback" not in done.stderr
        assert {name: what for name, what in written(out).items() if not name.startswith(PARTS)} == before
        assert not list(out.rglob("*.part")) and not list(out.rglob("*resilience-part*"))
        if small:  # more room: it goes on, and the bytes are those of a run that had it from the start
            subprocess.run(["mount", "-o", "remount,size=20m", str(small)], check=True)
            assert subprocess.run(command, capture_output=True).returncode == 0
            elsewhere = [one if one != str(out) else str(tmp_path / "whole") for one in command]
            assert subprocess.run(elsewhere, capture_output=True).returncode == 0
            assert written(out) == written(tmp_path / "whole")
    finally:
        if small:
            subprocess.run(["umount", str(small)])


def test_two_runs_in_one_folder(tmp_path):
    from resilience.exports.folder import Folder

    with Folder(tmp_path / "out"), pytest.raises(WriteError, match="another run is writing here"):
        batch(tasks(["small_grants"], **SIZES), tmp_path / "out")


@pytest.mark.parametrize("name", ["../evil", "CON", 'a"b', "=1+1", "x" * 190])
def test_names_never_become_paths(tmp_path, name):
    held = raw({}, hub={"posts": {"a": {"heads": 1, "pay": 30_000, "service": 0}}}) | {"name": name}
    file = tmp_path / "one.toml"
    file.write_text(_toml(held), "utf-8")
    (one,) = batch(tasks([str(file)], **SIZES), tmp_path / "out")
    assert rows(tmp_path / "out", one)[0]["organisation"] == name
    assert {part.name for part in (tmp_path / "out").iterdir()} == {
        DATA,
        PARTS,
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


def test_names_that_differ_by_case_or_by_folder_are_organisations_of_their_own(tmp_path):
    folder = tmp_path / "charities"
    (folder / "inner").mkdir(parents=True)
    text = TOML.read_text("utf-8")
    for name in ("hub.toml", "Hub.toml", "CON.toml", "inner/hub.toml", "café.toml", "cafe\u0301.toml"):
        (folder / name).write_text(text, "utf-8")
    asked = tasks([str(folder / "**" / "*.toml")], **SIZES)
    found = batch(asked, tmp_path / "out")
    number = len({file.stat().st_ino for file in folder.rglob("*.toml")})  # fewer where the disk knows no case
    assert len({one.key for one in found}) == len(found) == number
    assert all(len(part.stem) == 24 for part in (tmp_path / "out" / PARTS).iterdir())
    assert pq.read_table(tmp_path / "out" / DATA).num_rows == number


@pytest.mark.parametrize("name", ["a\0b.toml", "../../etc/passwd", "CON", "x" * 5000, "", "a.toml/../b.toml"])
def test_a_file_name_that_cannot_be_is_a_failed_organisation(tmp_path, name):
    ended = batch([*tasks(["small_grants"], **SIZES), playing.Task(name, **SIZES)], tmp_path / "out")
    assert [bool(one.faults) for one in ended] == [False, True]
    assert {file.name for file in tmp_path.iterdir()} == {"out"}


def test_a_column_has_one_type_whether_or_not_anything_stands_in_it(tmp_path, monkeypatch):
    """A file of the data set of organisations that have all ended has empty cash: of numbers, not of text."""
    from resilience.batch import results

    monkeypatch.setattr(results, "TOGETHER", 1)
    ended = tmp_path / "ended.toml"
    ended.write_text(_toml(raw({}, opening={"bank": 0, "creditors": 0}, hub={"posts": {"a": {"heads": 9, "pay": 30_000, "service": 0}}})), "utf-8")  # fmt: skip
    batch(tasks([str(ended), "small_grants"], **SIZES), tmp_path / "out")
    table = pq.read_table(tmp_path / "out" / DATA)
    assert len(list((tmp_path / "out" / DATA).iterdir())) == 2
    assert table["spendable_p50_month_24"].to_pylist()[0] is None and table["spendable_p50_month_12"].type == "double"
    (tmp_path / "out" / DATA / "part-00009.parquet").write_bytes(b"of a larger batch")
    batch(tasks([str(ended)], **SIZES), tmp_path / "out")
    assert [file.name for file in (tmp_path / "out" / DATA).iterdir()] == ["part-00000.parquet"]


PLAN = """
[[play]]
organisations = ["charities/*.toml", "small_bids"]
scenarios = ["baseline", "council_cut_30+own.toml"]
strategies = ["carry_on", "hub_and_dock"]
paths = [20, 40]
seeds = [1, 2]
months = 12

[[play]]
organisations = ["small_bids"]
paths = [20]
"""
OWN = 'name = "Own"\nwhy = "a test"\nsource = "made up"\n'


def test_a_plan_says_who_is_played_under_what(tmp_path):
    files(tmp_path, 2)
    (tmp_path / "own.toml").write_text(OWN, "utf-8")
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    asked = plan(tmp_path / "plan.toml")
    assert len(asked) == 3 * 2 * 2 + 1  # organisations × paths × seeds, and the second entry
    assert {Path(one.file).name for one in asked} == {"charity_00.toml", "charity_01.toml", "small_bids"}
    assert asked[-1] == playing.Task("small_bids", paths=20)
    done = CliRunner().invoke(cli, ["batch", "--plan", str(tmp_path / "plan.toml"), "--workers", "1", "--out", str(tmp_path / "out")])  # fmt: skip
    assert done.exit_code == 0, done.output
    table = pq.read_table(tmp_path / "out" / DATA).to_pylist()
    assert len(table) == 12 * 2 * 2 + 1
    assert {(row["paths"], row["seed"], row["months"]) for row in table} == {(n, s, 12) for n in (20, 40) for s in (1, 2)} | {(20, 1, 60)}  # fmt: skip


def test_the_plan_of_the_documentation_is_a_plan(tmp_path, monkeypatch):
    text = (Path(__file__).parents[1] / "docs" / "batch.md").read_text("utf-8")
    (tmp_path / "plan.toml").write_text(text.split("```toml")[1].split("```")[0], "utf-8")
    files(tmp_path, 2)
    assert [(Path(one.file).name, one.paths, one.seed) for one in plan(tmp_path / "plan.toml")] == [
        ("charity_00.toml", 1000, 1),
        ("charity_01.toml", 1000, 1),
        ("charity_00.toml", 1000, 2),
        ("charity_01.toml", 1000, 2),
        ("advice_charity", 10000, 1),
    ]


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "play"),
        ("[[play]]\norganisations = []\n", "play[1].organisations"),
        ('[[play]]\norganisations = ["small_bids"]\npaths = [1]\n', "play[1].paths[1]: 1 is out of reach; write 2 to 1,000,000"),
        ('[[play]]\norganisations = ["small_bids"]\nseeds = [-1]\n', "play[1].seeds[1]"),
        ('[[play]]\norganisations = ["*.nothing"]\n', "matches no file"),
        ('[[play]]\norganisations = ["small_bids"]\npath = [9]\n', "paths"),
        ("play = 3", "play"),
    ],
)  # fmt: skip
def test_a_fault_of_a_plan_is_named(tmp_path, text, said):
    (tmp_path / "plan.toml").write_text(text, "utf-8")
    with pytest.raises(InputError) as found:
        plan(tmp_path / "plan.toml")
    assert said in str(found.value)


def test_organisations_or_a_plan(tmp_path):
    (tmp_path / "plan.toml").write_text(PLAN, "utf-8")
    for wrong in (
        [],
        ["small_bids", "--plan", "x"],
        ["--plan", "x", "--paths", "9"],
        ["a", "--scheduler", "x", "--workers", "2"],
    ):
        done = CliRunner().invoke(cli, ["batch", *wrong, "--out", str(tmp_path / "out")])
        assert done.exit_code == 2, wrong
    assert not (tmp_path / "out").exists()


def test_a_fault_of_the_program_stops_no_other(tmp_path, monkeypatch):
    from resilience.batch.task import Task

    real = Task.rows
    monkeypatch.setattr(Task, "rows", lambda one: 1 / 0 if one.file == "nursery" else real(one))
    found = list(project_many(tasks(["small_bids", "nursery", "small_grants"], **SIZES)))
    assert [bool(one.faults) for one in found] == [False, True, False]
    assert "nursery: ZeroDivisionError" in found[1].faults[0] and "fault of the program" in found[1].faults[0]


def test_a_file_that_changes_while_it_is_played_is_not_kept(tmp_path, monkeypatch):
    from resilience.batch.task import Task

    file, real = tmp_path / "one.toml", Task.rows
    file.write_text(TOML.read_text("utf-8"), "utf-8")

    def changed(one):
        file.write_text(TOML.read_text("utf-8") + "# later\n", "utf-8")
        return real(one)

    monkeypatch.setattr(Task, "rows", changed)
    (found,) = batch(tasks([str(file)], **SIZES), tmp_path / "out")
    assert "has changed while it was played" in found.faults[0]


def test_a_worker_that_is_killed_costs_its_own_task_at_most(tmp_path):
    asked = tasks([files(tmp_path, 10)], paths=4000, months=60)
    found = []
    for one in project_many(asked, workers=2):
        if not found:
            workers = [p for p in psutil.Process().children(recursive=True) if "spawn_main" in " ".join(p.cmdline())]
            workers[0].kill()
        found.append(one)
    assert {one.task for one in found} == set(asked)
    assert not [one.faults for one in found if one.faults]


@pytest.mark.parametrize("verb", ["batch", "portfolio"])
@pytest.mark.parametrize("after", [0.7, 0.9, 1.1, 1.4])
def test_ctrl_c_while_the_workers_start_shows_no_traceback(tmp_path, verb, after):
    folder = ["--out", str(tmp_path / "out")] if verb == "batch" else []
    typed = [
        sys.executable,
        "-m",
        "resilience",
        verb,
        files(tmp_path, 12),
        *folder,
        "--workers",
        "2",
        "--paths",
        "4000",
    ]
    heeds = lambda: signal.signal(signal.SIGINT, signal.SIG_DFL)  # noqa: E731  # tests started in the background do not
    run = subprocess.Popen(
        typed, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE, text=True, start_new_session=True, preexec_fn=heeds
    )
    time.sleep(after)
    os.killpg(run.pid, signal.SIGINT)
    _, said = run.communicate(timeout=240)
    assert "InvalidStateError" not in said and "spawn_main" not in said, said[-800:]
