"""Compiled and uncompiled give the same pence; an edit to any source that a kernel is made from compiles afresh."""

import ast
import hashlib
import importlib.util
import json
import os
import re
import shutil
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

import resilience
from resilience import project, read_organisation, read_strategy
from resilience.organisation_file import organisation_from
from resilience.strategy import strategy_from

PACKAGE = Path(resilience.__file__).parent
TESTS = Path(__file__).parent


def small():
    """A little of everything that chance and the months do."""
    return {
        "name": "Small", "first_month": "2026-11", "redeployment": 0.6,
        "opening": {"bank": 95_000, "investments": 3_000, "debtors": 2_000, "interest_on_bank": {"over_bank_rate": -0.01}}, "pay_award": {"settled": "July"},
        "facility": {"limit": 9_000, "covenant": 1_000}, "loans": {"van": {"balance": 5_000, "repayment": 1_000, "interest": 0.05}},
        "funds": {"project": {"opening": 4_000, "overhead": 0.1, "overhead_cap": 900}},
        "streams": {
            "council": {"kind": "local authority", "pays_exit": True, "yearly": {"low": 50_000, "likely": 60_000, "high": 72_000}, "lag": 1.4, "late": 0.4, "late_months": 2.5, "cut": 0.9,
                        "settlement_share": 0.3, "notice": 1, "noise": {"sd": 0.15, "autocorrelation": 0.4}},
            "trust": {"kind": "trust", "fund": "project", "yearly": 40_000, "until": "2027-05", "renewal": {"chance": 0.5, "term": 6, "fraction": {"low": 0.5, "likely": 0.8, "high": 0.9}}},
            "gifts": {"kind": "giving", "yearly": 20_000, "noise": {"sd": 400, "of": "pounds"}},
            "ahead": {"kind": "NHS", "payment": "quarterly in advance", "yearly": 13_001, "from": "2026-10"},
            "clinic": {"kind": "NHS", "cut": 0, "uplift": 0.03, "unit": {"price": {"low": 4, "likely": 5, "high": 7}, "service": "advice", "guaranteed_volume": 20}},
            "legacies": {"kind": "legacies", "uplift": 0.03, "gifts": {"a_year": 7, "amount": {"low": 100, "likely": 300, "high": 700}}},
            "pilot": {"kind": "NHS", "payment": "monthly", "cut": 0, "yearly": 7_003, "volatility": 0.2, "season": [1, 1, 3] * 4, "noise": {"sd": 0.1},
                      "results": {"share": 0.35, "success": {"low": 0.4, "likely": 0.7, "high": 0.9}, "lag": 2}},
            "garden": {"kind": "trust", "yearly": 9_001, "until": "2027-01", "payment": "monthly", "clawback": "asked",
                       "renewal": {"chance": 0.4, "term": 3, "held": 0.4, "retender": True, "incumbent": 0.4, "cost": 333, "extension": {"chance": 0.4, "months": 2}}},
        },
        "bids": {"tender": {"kind": "NHS", "chance": 0.5, "yearly": 30_001, "term": 9, "decision": "2026-12", "cost": 700, "mobilisation": {"months": 1, "cost": 2_000}}},
        "hub": {"core": ["lead"], "posts": {"lead": {"heads": 1, "pay": 40_000, "service": 6, "turnover": 0.5}, "office": {"heads": 1, "pay": 26_000, "service": 2, "post": "worker"}},
                "costs": {"rent": {"yearly": {"low": 8_000, "likely": 9_000, "high": 12_000}, "noise": {"sd": 0.1}}}},
        "docks": {"team": {"funded_by": ["council", "tender"], "posts": {"worker": {"heads": 2, "pay": 27_000, "service": 3, "turnover": 0.6, "recruiting_months": 1}}},
                  "class": {"funded_by": ["trust"], "posts": {"worker": {"heads": 2, "pay": 26_000, "service": 5}}, "costs": {"kit": {"yearly": 1_001}}}},
        "services": {"advice": {"dock": "team", "caseload": 20, "length": 4, "referrals": {"low": 6, "likely": 9, "high": 14}, "noise": {"sd": 0.3}, "waits": 0.7}},
    }  # fmt: skip


ALWAYS = {"when": "months of cover below", "level": 120}
# Every trigger and every action that the shipped strategies above leave out.
ALL = strategy_from(
    {
        "name": "All", "why": "a test", "source": "made up", "bidding": "only if headroom covers peak cash",
        "rules": [
            ALWAYS | {"do": "ask for payment in advance", "agrees": 0.6}, ALWAYS | {"do": "draw facility"},
            ALWAYS | {"do": "emergency appeal", "brings": {"low": 500, "likely": 900, "high": 3_000}, "fatigue": 0.2, "at_most": 2},
            ALWAYS | {"do": "raise prices", "rise": 0.1, "lost": 0.03, "at_most": 1},
            {"when": "contract lost", "do": "close lowest contribution"}, {"when": "reserves below policy", "do": "strip hub"},
            {"when": "policy breach forecast", "within": 5, "do": "freeze recruitment"},
            {"when": "forecast insolvent", "within": 9, "do": "merge", "takes": 3, "found": 0.5, "needs": 0.5, "fee": 700},
        ],
    },
    "all.toml",
)  # fmt: skip


def digests():
    """{organisation under strategy: {account or fate: SHA-256}} of all that is kept."""
    found = {}
    runs = [
        (f"certain under {s}", read_organisation("certain"), s, {"paths": 1, "months": 24})
        for s in ("carry on", "hub and dock")
    ]
    runs += [
        (f"small under {s}", organisation_from(small(), "x.toml"), s, {"paths": 6, "months": 12})
        for s in ("carry on", "hub and dock", "cut late")
    ]
    runs.append(
        ("small under all that can be done", organisation_from(small(), "x.toml"), ALL, {"paths": 6, "months": 12})
    )
    for name, organisation, strategy, how in runs:
        chosen = read_strategy(strategy) if isinstance(strategy, str) else strategy
        p = project(organisation, strategy=chosen, keep_paths=True, log=True, **how)
        log = {"log": p.played.log} if how["paths"] == 1 else {}
        quantiles = {f"p50 of {n}": p.measure(n).p50 for n in p.names}
        arrays = {**p.accounts, **{f"fate: {n}": x for n, x in p.paths.items()}, **quantiles, **log}
        found[name] = {n: hashlib.sha256(np.ascontiguousarray(x).tobytes()).hexdigest() for n, x in arrays.items()}
    return found


def python(*arguments, path=(), **more):
    """A fresh interpreter with the tests and the package at hand."""
    path = os.pathsep.join(map(str, (*path, TESTS, PACKAGE.parent)))
    run = [sys.executable, *map(str, arguments)]
    return subprocess.run(
        run, env=os.environ | {"PYTHONPATH": path} | more, capture_output=True, text=True, timeout=300
    )


def test_uncompiled_kernels_give_the_same_pence():
    script = (
        "import json, numba, test_kernels; assert numba.config.DISABLE_JIT; print(json.dumps(test_kernels.digests()))"
    )
    plain = python("-c", script, NUMBA_DISABLE_JIT="1")
    assert plain.returncode == 0, plain.stderr
    expected, found = digests(), json.loads(plain.stdout)
    assert found.keys() == expected.keys() and all(found[name].keys() == expected[name].keys() for name in found)
    wrong = [
        f"{name}: {account}"
        for name in found
        for account in found[name]
        if found[name][account] != expected[name][account]
    ]
    assert not wrong
    assert len({x["bank"] for x in found.values()}) == len(
        found
    )  # no two alike: strategies and organisations do differ


# ---- the cache of compiled kernels


@pytest.fixture
def copied(tmp_path):
    """The package's modules in a folder of their own, and the name of the cache folder that its `compiled` chooses."""
    package = tmp_path / "resilience"
    shutil.copytree(PACKAGE, package, ignore=shutil.ignore_patterns("__pycache__", "*.nbi", "*.nbc"))

    def folder(monkeypatch):
        monkeypatch.setenv("RESILIENCE_CACHE", str(tmp_path / "cache"))
        spec = importlib.util.spec_from_file_location("compiled_of_the_copy", package / "compiled.py")
        module = importlib.util.module_from_spec(spec)
        spec.loader.exec_module(module)
        return module.cache_folder()

    return package, folder


def imports_of(path):
    """Modules of the package that a file imports by `from resilience.x import y`, as files."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.ImportFrom) and (node.module or "").startswith("resilience"):
            for name in (node.module, *(f"{node.module}.{alias.name}" for alias in node.names)):
                found = PACKAGE.parent / (name.replace(".", "/") + ".py")
                if found.exists():
                    yield found


def kernel_files():
    """Files in which something is compiled, and those whose functions or constants such a file takes in."""
    compiling = [p for p in PACKAGE.rglob("*.py") if re.search(r"^\w+ = compiled\(", p.read_text("utf-8"), re.M)]
    found, waiting = set(), list(compiling)
    while waiting:
        path = waiting.pop()
        if path not in found:
            found.add(path)
            waiting += [p for p in imports_of(path) if p.name != "__init__.py"]
    return sorted(p.relative_to(PACKAGE).as_posix() for p in found)


def test_the_files_that_kernels_are_made_of():
    assert {
        "draws.py",
        "chance.py",
        "measures.py",
        "rows.py",
        "months/play.py",
        "months/money.py",
        "months/record.py",
    } <= set(kernel_files())


@pytest.mark.parametrize("name", kernel_files())
def test_an_edit_to_what_a_kernel_is_made_of_compiles_afresh(name, copied, monkeypatch):
    # numba looks at the file of the kernel alone; a callee or a constant of another file is frozen into it
    package, folder = copied
    before = folder(monkeypatch)
    assert before == folder(monkeypatch) and before.is_dir()
    file = package / name
    file.write_text(file.read_text("utf-8") + "\n# edited\n", "utf-8")
    after = folder(monkeypatch)
    assert after != before and after.parent == before.parent


def test_an_edit_elsewhere_keeps_what_was_compiled(copied, monkeypatch):
    package, folder = copied
    before = folder(monkeypatch)
    (package / "errors.py").write_text((package / "errors.py").read_text("utf-8") + "\n# edited\n", "utf-8")
    assert folder(monkeypatch) == before


def test_the_cache_folder_goes_where_it_is_told(copied, monkeypatch, tmp_path):
    _, folder = copied
    assert folder(monkeypatch).is_relative_to(tmp_path / "cache")
    assert not list(folder(monkeypatch).iterdir())  # the probe is taken away again


@pytest.mark.parametrize("uncompiled", ["0", "1"])
def test_without_a_folder_to_write_to_one_line_is_said_and_all_works(tmp_path, uncompiled):
    blocked = tmp_path / "a file"
    blocked.write_text("in the way")
    script = "import numpy as np; from resilience.measures import quantiles; print(quantiles(np.array([[3, 1, 2]]), np.array([9, 9, 9]))['p50'][0])"
    done = python("-c", script, RESILIENCE_CACHE=str(blocked), NUMBA_DISABLE_JIT=uncompiled)
    assert (done.returncode, done.stdout) == (0, "2.0\n"), done.stderr
    lines = done.stderr.splitlines()
    assert len(lines) == 1 and "RESILIENCE_CACHE" in lines[0] and "compiled code" in lines[0]


def test_with_a_folder_to_write_to_nothing_is_said(tmp_path):
    script = (
        "from resilience.measures import quantiles; from resilience.compiled import cache_folder; print(cache_folder())"
    )
    done = python("-c", script, RESILIENCE_CACHE=str(tmp_path))
    assert done.returncode == 0 and done.stderr == "" and Path(done.stdout.strip()).is_relative_to(tmp_path)
