"""The wheel, installed where the checkout cannot be seen: what is in it, that it answers, that its page is served."""

import http.client
import json
import os
import posixpath
import re
import signal
import subprocess
import sys
import sysconfig
import venv
import zipfile
from pathlib import Path

import psutil
import pytest

from resilience.dashboard.launch.pages import VERSION

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 300  # seconds, for what takes a few

pytestmark = pytest.mark.slow


def ran(*command, **extra):
    """What a command printed; its complaint where it fails."""
    done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=PATIENCE, **extra)
    assert done.returncode == 0, done.stderr
    return done.stdout


@pytest.fixture(scope="module")
def wheel(tmp_path_factory):
    """The wheel, built without a network."""
    folder = tmp_path_factory.mktemp("dist")
    ran(sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", folder, cwd=ROOT)
    (file,) = folder.glob("*.whl")
    return file


@pytest.fixture(scope="module")
def installed(wheel, tmp_path_factory):
    """An environment with the wheel and, by a path file, what it leans on: a path file read so brings no editable install along."""
    folder = tmp_path_factory.mktemp("installed")
    venv.create(folder / "v", with_pip=False, symlinks=os.name != "nt")
    scripts = folder / "v" / ("Scripts" if os.name == "nt" else "bin")
    ran(
        sys.executable,
        "-m",
        "pip",
        "--python",
        scripts / "python",
        "install",
        "--quiet",
        "--no-deps",
        "--no-index",
        wheel,
    )
    places = ran(scripts / "python", "-c", "import sysconfig; print(sysconfig.get_path('purelib'))", cwd=folder).strip()
    Path(places, "leaned_on.pth").write_text(f"{sysconfig.get_path('purelib')}\n{sysconfig.get_path('platlib')}\n")
    return scripts


@pytest.fixture
def outside(tmp_path):
    """A working folder and an environment that know nothing of the checkout. The engine runs as plain Python: compiling takes a minute."""
    known = {
        k: v for k, v in os.environ.items() if not k.startswith(("PYTHON", "RESILIENCE_", "JUPYTER_", "VIRTUAL_ENV"))
    }
    return {"cwd": tmp_path, "env": known | {"NUMBA_DISABLE_JIT": "1", "HOME": str(tmp_path)}}


def test_the_wheel_holds_what_the_program_reads_and_nothing_else(wheel):
    names = set(zipfile.ZipFile(wheel).namelist())
    kept = {
        path
        for folder in ("resilience", "scenarios", "notebooks")
        for path in (ROOT / folder).rglob("*")
        if path.is_file()
    }
    expected = set()
    for path in kept:
        name = path.relative_to(ROOT).as_posix()
        if "__pycache__" in name or path.suffix in (".pyc", ".nbi", ".nbc") or ".ipynb_checkpoints" in name:
            continue
        name = name if name.startswith("resilience/") else f"resilience/{name}"
        expected.add(name.replace("resilience/scenarios/", "resilience/shipped/"))
    for needed in (
        "resilience/notebooks/dashboards/first/first.ipynb",
        "resilience/notebooks/dashboards/full_cost/full_cost.ipynb",
        "resilience/dashboard/jupyter/voila/templates/resilience/index.html.j2",
        "resilience/dashboard/jupyter/voila/templates/resilience/conf.json",
        "resilience/dashboard/jupyter/voila/templates/resilience/static/start.js",
        "resilience/dashboard/drawing/page.css",
        "resilience/data/uk_rates.toml",
        "resilience/shipped/organisations/advice_charity.toml",
    ):
        assert needed in expected
    assert {name for name in names if ".dist-info/" not in name} == expected
    assert not [name for name in names if "test" in name.lower()]


def test_the_installed_program_answers_with_the_shipped_files(installed, outside):
    where = ran(installed / "python", "-c", "import resilience; print(resilience.__file__)", **outside).strip()
    assert Path(where).is_relative_to(installed.parent)
    found = json.loads(
        ran(installed / "resilience", "project", "small_grants", "--paths", "3", "--months", "6", "--json", **outside)
    )
    assert found["manifest"]["paths"] == 3


def test_the_installed_dashboard_serves_its_page_and_stops(installed, outside):
    program = subprocess.Popen(
        [installed / "resilience", "dashboard", "certain", "--no-browser"],  # one future: nothing is compiled here
        stdout=subprocess.PIPE,
        text=True,
        **outside,
    )
    try:
        said = iter(program.stdout.readline, "")
        port, token = next(
            found.groups() for line in said if (found := re.search(r"127\.0\.0\.1:(\d+)/\?token=(\S+)", line))
        )
        line = http.client.HTTPConnection("127.0.0.1", int(port), timeout=PATIENCE)
        line.request("GET", f"/?token={token}")
        answer = line.getresponse()
        answer.read()
        cookie = answer.headers["Set-Cookie"].partition(";")[0]
        texts = {}
        for path in ("/", f"/voila/{VERSION}/voila.js", "/voila/static/start.js"):
            line.request("GET", path, headers={"Cookie": cookie})
            answer = line.getresponse()
            texts[path] = answer.read().decode()
            assert answer.status == 200
        page = texts["/"]
        assert '<main id="content"' in page
        assert "data-failed" not in page
        assert "application/vnd.jupyter.widget-view+json" in page
        for extension in json.loads(re.search(r'<script id="jupyter-config-data"[^>]*>(.*?)</script>', page)[1])[
            "federated_extensions"
        ]:
            line.request(
                "GET",
                posixpath.normpath(f"/voila/labextensions/{extension['name']}/{extension['load']}"),
                headers={"Cookie": cookie},
            )
            answer = line.getresponse()
            answer.read()
            assert answer.status == 200
        every = psutil.Process(program.pid).children(recursive=True)
        assert every
        program.send_signal(signal.SIGINT)
        assert program.wait(60) == 0
        assert not psutil.wait_procs(every, timeout=30)[1]
    finally:
        program.kill()
        program.stdout.close()
