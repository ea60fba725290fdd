"""The command line as a person meets it: verbs, typos, exit statuses, JSON, files, one future told."""

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
from click.testing import CliRunner

from resilience import project
from resilience.cli import cli
from resilience.cli.terminal import PATIENCE, _Bar
from resilience.errors import WriteError
from resilience.organisation_file import read_organisation
from resilience.shipped import folder

FEW = ["--paths", "200", "--months", "30"]
HEAVY = {"numpy", "numba", "pandas", "pydantic", "scipy", "pyarrow"}


def run(*args):
    return CliRunner().invoke(cli, list(args))


def process(*args, **extra):
    """The program as a process of its own."""
    environment = {**os.environ, "PYTHONIOENCODING": "utf-8", **extra.pop("env", {})}
    command = [sys.executable, "-m", "resilience", *args]
    return subprocess.run(
        command, capture_output=True, text=True, encoding="utf-8", env=environment, timeout=300, **extra
    )


# ---- quick to answer


@pytest.mark.parametrize("args", [["--help"], ["--version"], ["project", "--help"], ["nonsense"]])
def test_help_loads_nothing_heavy(args):
    code = (
        "import sys\nfrom resilience.cli import cli\n"
        f"try: cli({args!r})\nexcept SystemExit: pass\n"
        f"found = {HEAVY!r} & set(sys.modules)\nassert not found, found"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=60)
    assert done.returncode == 0, done.stderr


def test_help_lists_every_verb_but_warm():
    said = run("--help").stdout
    assert all(verb in said for verb in ("demo", "new", "check", "schema", "project", "compare", "verify"))
    assert "warm" not in said


def test_version():
    assert re.fullmatch(r"resilience \d+\.\d+\.\d+\n", run("--version").stdout)


# ---- typos and exit statuses


@pytest.mark.parametrize(
    ("args", "said"),
    [
        (["projct", "certain"], 'Did you mean "project"?'),
        (["project", "certan"], 'did you mean "certain"?'),
        (["project", "certain", "--sed", "3"], "--seed"),
        (["project", "certain", "--scenario", "late_paymnt"], 'did you mean "late_payment"?'),
        (["project", "certain", "--strategy", "cary on"], 'did you mean "carry_on"?'),
        (["project"], "Missing argument"),
        (["project", "certain", "--months", "0"], "1<=x<=600"),
        (["project", "certain", "--paths", "many"], "not a valid integer"),
        (["project", "certain", "--keep-paths"], "add --out DIR"),
        (["project", "certain", "--path", "1", "--json"], "leave out --json"),
        (["project", "certain", "--paths", "5", "--path", "5"], "numbered from 0"),
        (["project", "certain", "--no-chance", "--seed", "5"], "leave out --seed"),
        (["compare", "certain", "--no-chance", "--paths", "200", "--strategy", "cut_late"], "leave out --paths"),
        (["project", "certain", "--json", "--assumptions"], "leave out --json and --path"),
        (
            ["project", "certain", "--strategy", "carry_on", "--strategy", "cut_late"],
            "`resilience compare` takes several",
        ),
        (["compare", "certain"], "needs alternatives"),
        (["compare", "certain", "--strategy", "carry_on", "--strategy", "carry on"], "nothing to compare"),
        (["check", "nowhere.toml"], "does not exist"),
        (["check"], "Missing argument"),
    ],
)
def test_a_fault_of_the_command_is_status_2_with_the_fix(args, said):
    result = run(*args)
    assert result.exit_code == 2
    assert said in result.stderr and "Traceback" not in result.stderr
    assert result.stdout == ""


def test_faults_of_organisation_scenario_and_strategy_are_said_together():
    said = run("project", "certan", "--scenario", "basline", "--strategy", "cut_lat").stderr
    assert len(said.splitlines()) == 3


def test_nothing_to_do_is_help_and_status_2():
    result = run()
    assert result.exit_code == 2 and "Commands:" in result.output


def test_the_unexpected_is_one_line_that_says_how_to_report_it(monkeypatch):
    def broken(*_, **__):
        raise RuntimeError("the sky\nfell")

    monkeypatch.setattr("resilience.projection.project", broken)
    monkeypatch.delenv("RESILIENCE_DEBUG", raising=False)
    result = run("project", "certain")
    assert result.exit_code == 1
    assert (
        len(result.stderr.splitlines()) == 1
        and "RuntimeError: the sky fell" in result.stderr
        and "report" in result.stderr
    )
    monkeypatch.setenv("RESILIENCE_DEBUG", "1")
    assert isinstance(run("project", "certain").exception, RuntimeError)


def test_an_interruption_is_status_130(monkeypatch):
    def stopped(*_, **__):
        raise KeyboardInterrupt

    monkeypatch.setattr("resilience.projection.project", stopped)
    assert run("project", "certain").exit_code == 130


def test_what_cannot_be_written_is_status_4(tmp_path, monkeypatch):
    (tmp_path / "taken").write_text("a file")
    result = run("project", "certain", "--out", str(tmp_path / "taken"))
    assert result.exit_code == 4 and "could not be written" in result.stderr
    assert (tmp_path / "taken").read_text() == "a file"
    monkeypatch.setattr(
        "resilience.exports.folder.write_new", lambda *_: (_ for _ in ()).throw(WriteError("disk full"))
    )
    monkeypatch.chdir(tmp_path)
    flags = [
        "--first-month",
        "2026-04",
        "--bank",
        "5",
        "--funder",
        "name=A, kind=NHS, yearly=5",
        "--team",
        "name=B, people=1, pay_bill=9, service=0",
    ]
    assert run("new", "riverside", *flags, "--hub-people", "0").exit_code == 4


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="no /dev/full on this system")
def test_a_full_disk_behind_standard_output_is_status_4():
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "resilience", "schema"], stdout=full, stderr=subprocess.PIPE, text=True
        )
    assert done.returncode == 4 and "could not be written" in done.stderr and "Traceback" not in done.stderr


@pytest.mark.skipif(os.name == "nt", reason="no sh on Windows")
def test_a_closed_pipe_is_quiet():
    done = subprocess.run(
        f'"{sys.executable}" -m resilience schema | head -1', shell=True, capture_output=True, text=True
    )
    assert done.stdout == "{\n" and done.stderr == ""


# ---- check


def test_check_counts_files_and_says_some_failed(tmp_path):
    bad = tmp_path / "bad.toml"
    bad.write_text(
        'name = "Bad"\nfirst_month = "2026-04"\nfundz = 3\n[opening]\nbank = "lots"\n[streams.a]\nkind = "NHZ"\nyearly = 5\n'
    )
    result = run("check", "certain", str(bad), "small_grants")
    assert result.exit_code == 3
    assert "2 of 3 files are without fault, 1 failed." in result.stdout
    assert len(result.stderr.splitlines()) >= 3  # every fault of the file
    assert run("check", str(bad)).exit_code == 2
    assert run("check", str(bad), str(tmp_path / "none.toml")).exit_code == 2
    assert run("check", "certain", "small_grants").exit_code == 0


def test_a_gap_to_last_year_is_said_first(tmp_path):
    text = (folder("organisations") / "certain.toml").read_text("utf-8")
    # the ledger's first twelve months: streams of 36,000 + 30,000 + … are far below a million
    (tmp_path / "gap.toml").write_text(text + "\n[last_year]\nincome = 1_000_000\nspending = 230_000\n", "utf-8")
    result = run("check", str(tmp_path / "gap.toml"))
    assert result.exit_code == 0
    assert result.stdout.startswith("Income of the file is £") and "below last year's" in result.stdout.split("\n\n")[
        0
    ].replace("\n", " ")


def test_check_lists_defaults_with_their_source():
    said = " ".join(run("check", "small_contracts").stdout.split())
    assert "uplift = 0 a year" in said and "NCVO, 2024" in said
    assert "Not entered, so not counted in what closing would cost: closing.lease_until" in said


@pytest.mark.parametrize("kind", ["policy", "strategies"])
def test_scenarios_and_strategies_can_be_checked_too(kind):
    for file in sorted(folder(kind).glob("*.toml")):
        result = run("check", str(file))
        assert result.exit_code == 0 and "no fault" in result.stdout, result.output


# ---- project


@pytest.fixture(scope="module")
def page():
    return run("project", "small_grants", *FEW)


def test_the_page_has_its_parts_in_order(page):
    assert page.exit_code == 0, page.output
    parts = (
        "If nobody changes anything, cash runs out by December 2028",
        "For comparison",
        "What is really yours today",
        "The next 13 months",
        "When it is too late to close in order",
        "What would hurt most",
        "What closing today would cost",
        "Who pays for whom",
        "What to find out next",
        "Year by year",
        "Spendable cash by month",
        "Why",
        "What it assumed",
        "Basis: management accounts on accruals, not SORP accounts",
        "resilience 0.1.0, seed 1, 200 futures of 30 months",
    )
    places = [page.stdout.find(part) for part in parts]
    assert -1 not in places and places == sorted(places), dict(zip(parts, places, strict=True))


def test_no_line_is_wider_than_a_terminal(page):
    assert max(map(len, page.stdout.splitlines())) <= 80
    chart = page.stdout.split("Spendable cash by month")[1].split("half of the futures")[0]
    assert max(map(len, chart.splitlines())) <= 72


def test_rows_stand_at_the_year_ends_and_the_last_month(page):
    table = page.stdout.split("Year by year, at the end of March")[1].split("Spendable cash at")[0]
    assert re.findall(r"^[A-Z][a-z]{2} \d{4}", table, re.MULTILINE) == ["Mar 2027", "Mar 2028", "Dec 2028"]


def test_a_terminal_of_ascii_gets_ascii():
    done = process("project", "certain", "--months", "12", env={"PYTHONIOENCODING": "ascii"})
    assert done.returncode == 0, done.stderr
    assert done.stdout.isascii() and "GBP" in done.stdout and "?" not in done.stdout.replace("?]", "")
    done = process("project", "certain", "--months", "12", "--json", env={"PYTHONIOENCODING": "ascii"})
    assert done.stdout.isascii() and json.loads(done.stdout)["name"] == "Harbour Lane Neighbours"


def test_every_assumption_is_listed_when_asked_for():
    said = " ".join(run("project", "small_contracts", *FEW, "--assumptions").stdout.split())
    assert "From weak outside evidence:" in said and "NCVO, 2024" in said


def test_without_chance_there_is_one_future():
    said = run("project", "small_grants", "--no-chance", "--months", "12").stdout
    assert "this is one future, not a range" in said and "no chance, 1 future" in said
    assert "For comparison" not in said


def test_scenarios_stack_and_what_they_leave_out_is_said():
    result = run(
        "project", "small_contracts", *FEW, "--scenario", "council_cut_30", "--scenario", "late payment", "--json"
    )
    found = json.loads(result.stdout)
    assert found["manifest"]["overlays"] == ["Council cut 30 %", "Late payment"]
    again = run("project", "small_contracts", *FEW, "--scenario", "council_cut_30+late payment", "--json")
    assert {**json.loads(again.stdout), "manifest": 0} == {**found, "manifest": 0}


def test_json_is_one_object_and_the_same_twice():
    one, two = run("project", "small_grants", *FEW, "--json"), run("project", "small_grants", *FEW, "--json")
    assert one.stdout_bytes == two.stdout_bytes
    found = json.loads(one.stdout)
    assert found["schema"] == "resilience.projection/1" and found["manifest"]["paths"] == 200
    assert found["manifest"]["seed"] == 1 and len(found["months"]) == 30


def test_files_are_written_beside_the_page(tmp_path):
    result = run("project", "small_grants", *FEW, "--out", str(tmp_path / "a b" / "é"), "--keep-paths")
    assert result.exit_code == 0 and "If nobody changes anything" in result.stdout
    written = tmp_path / "a b" / "é"
    assert {"projection.json", "measures.csv", "accounts.parquet"} <= {path.name for path in written.iterdir()}
    assert (written / "projection.json").read_bytes() == run("project", "small_grants", *FEW, "--json").stdout_bytes


def test_demo_is_project_advice_charity_and_the_next_thing_to_try(monkeypatch):
    demo, page = run("demo"), run("project", "advice_charity")
    assert demo.exit_code == 0, demo.output
    assert demo.stdout.startswith(page.stdout)
    rest = demo.stdout[len(page.stdout) :]
    assert rest.startswith("\nNext, one of\n") and "resilience compare advice_charity" in rest


# ---- one future


def test_one_future_is_told_with_its_events():
    said = run("project", "certain", "--path", "0", "--strategy", "hub_and_dock").stdout
    # the story of certain.toml, as its own comments tell it
    for event in (
        "December 2026",
        "told that the bid helpline contract is won",
        "helpline contract goes live",
        "notice is served on 20: befriender (befriending)",
        "1 hired: adviser (helpline)",
        "council grant is cut: from this month £21,000 a year",
        "20 made redundant: befriender (befriending)",
    ):
        assert event in said
    carried_on = run("project", "certain", "--path", "0").stdout
    assert "February 2028: bank" in carried_on and "    cash has run out" in carried_on
    assert "March 2028" not in carried_on  # nothing is told of what comes after an end


def test_path_k_is_future_k_of_the_run():
    played = project(read_organisation("small_grants"), paths=20, months=30)
    said = run("project", "small_grants", *FEW, "--path", "7").stdout
    assert "small_grants" in said and "Hedgerow Play: future 7" in said
    bank = played.played.money["bank"][0, 7] / 100
    assert f"July 2026: bank £{bank:,.0f}" in said


def test_late_payment_is_told():
    played = project(read_organisation("small_contracts"), paths=60, months=30)
    late = [
        k
        for k in range(20)
        if "pays late: what is earned" in run("project", "small_contracts", *FEW, "--path", str(k)).stdout
    ]
    assert late and played.number == 60


# ---- compare, schema, verify, warm


def test_compare_tells_the_difference_on_the_same_futures():
    result = run("compare", "small_grants", *FEW, "--strategy", "carry_on", "--strategy", "hub_and_dock")
    assert result.exit_code == 0, result.output
    assert "Hub and dock, against Carry on" in result.stdout and "simulation error" in result.stdout
    assert "200 futures of 30 months, the same for each" in " ".join(result.stdout.split())
    assert max(map(len, result.stdout.splitlines())) <= 80


def test_compare_takes_each_scenario_as_an_alternative():
    result = run(
        "compare",
        "small_contracts",
        *FEW,
        "--scenario",
        "baseline",
        "--scenario",
        "council_cut_30+late_payment",
        "--json",
    )
    found = json.loads(result.stdout)
    assert [one["label"] for one in found["alternatives"]] == ["Baseline", "Council cut 30 % + Late payment"]


def test_schema_is_the_json_schema():
    found = json.loads(run("schema").stdout)
    assert found["$schema"].endswith("2020-12/schema") and "streams" in found["properties"]


@pytest.mark.slow
def test_verify_says_what_agrees(monkeypatch):
    result = run("verify", "--paths", "2000")
    assert re.search(r"\d+ of \d+ checks agree", result.stdout)
    assert result.exit_code in (0, 3)


def test_the_engine_is_compiled_once():
    run("warm")
    assert run("warm").stdout == "The engine is already compiled.\n"


# ---- progress


def test_a_bar_shows_on_a_terminal_only_and_not_at_once(monkeypatch):
    shown = []

    class Bar:
        def __init__(self, **options):
            shown.append(options["length"])

        def __enter__(self):
            return self

        def __exit__(self, *_):
            pass

        def update(self, done):
            shown.append(done)

    monkeypatch.setattr("resilience.cli.terminal.click.progressbar", Bar)
    monkeypatch.setattr("sys.stderr.isatty", lambda: True, raising=False)
    bar = _Bar(10, "")
    bar.moved(3)
    assert shown == []  # not within the first second
    bar.started -= PATIENCE + 1
    bar.moved(2)
    bar.moved(5)
    bar.close()
    assert shown == [10, 5, 5]
    monkeypatch.setattr("sys.stderr.isatty", lambda: False, raising=False)
    quiet = _Bar(10, "")
    quiet.started -= PATIENCE + 1
    quiet.moved(10)
    assert shown == [10, 5, 5]


def test_a_first_run_says_that_it_compiles(tmp_path):
    typed = [sys.executable, "-m", "resilience", "project", "small_grants", "--months", "2", "--no-chance"]
    environment = os.environ | {"RESILIENCE_CACHE": str(tmp_path), "NUMBA_DISABLE_JIT": "1"}
    run = subprocess.run(typed, env=environment, capture_output=True, text=True, encoding="utf-8")
    assert run.returncode == 0, run.stderr
    assert run.stderr.startswith("Compiling the engine for this machine")
