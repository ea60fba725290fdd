"""The line between the pages and the model's process, and the notebook that stands on it."""

from __future__ import annotations

import json
import os
import signal
import stat
import subprocess
import sys
import time
from collections.abc import Iterator
from multiprocessing import AuthenticationError
from multiprocessing.connection import Client
from pathlib import Path
from typing import Any

import nbformat
import pytest
from nbclient import NotebookClient

from resilience.dashboard.remote import ADDRESS, KEY, Model, ModelProcess
from resilience.dashboard.state import State
from resilience.errors import InputError

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "notebooks" / "dashboards" / "first" / "first.ipynb"
SMALL = "small_grants"


@pytest.fixture(scope="module")
def process() -> Iterator[ModelProcess]:
    with ModelProcess(SMALL) as found:
        assert found.wait(60)
        yield found


def line(process: ModelProcess) -> Model:
    return Model(process.environment[ADDRESS], bytes.fromhex(process.environment[KEY]))


def test_questions_are_answered_and_faults_come_back_as_faults(process: ModelProcess) -> None:
    model = line(process)
    state = State(model.ask("catalogue"))
    state.set("opening/bank", 1_000, final=False)
    found = model.ask("answer", state.request())
    assert found["preview"] and found["paths"] in (264, 1_000) and found["headline"]
    with pytest.raises(InputError, match="nosuch: is neither a shipped scenario nor a file"):
        model.ask("answer", state.request() | {"scenarios": ["nosuch"]})
    with pytest.raises(RuntimeError, match="KeyError"):
        model.ask("nosuch")
    assert model.ask("ready") is True


def test_who_does_not_know_the_key_is_not_answered(process: ModelProcess) -> None:
    with pytest.raises((AuthenticationError, EOFError, OSError)):
        Client(process.environment[ADDRESS], authkey=b"wrong").recv_bytes()
    with Client(process.environment[ADDRESS], authkey=bytes.fromhex(process.environment[KEY])) as known:
        known.send_bytes(b"not JSON")
        said, words = json.loads(known.recv_bytes())
        assert said == "failed" and "JSON" in words
    assert line(process).ask("ready") is True


@pytest.mark.skipif(os.name == "nt", reason="a named pipe of Windows has no folder")
def test_the_line_is_for_this_user_alone(process: ModelProcess) -> None:
    folder = Path(process.environment[ADDRESS]).parent
    assert stat.S_IMODE(folder.stat().st_mode) == 0o700


def test_a_model_that_died_is_started_again_and_the_page_only_waits(process: ModelProcess) -> None:
    model = line(process)
    assert model.ask("ready") is True
    assert process._process is not None
    first = process._process.pid
    os.kill(first, signal.SIGKILL)
    assert model.ask("ready") is True
    assert process._process.pid != first


def test_the_model_ends_with_its_launcher_however_that_ends(tmp_path: Path) -> None:
    text = (
        "import os, sys, time\n"
        "from resilience.dashboard.remote import ModelProcess\n"
        f"with ModelProcess({SMALL!r}) as found:\n"
        "    assert found.wait(60)\n"
        "    print(found._process.pid, flush=True)\n"
        "    time.sleep(100)\n"
    )
    launcher = subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True)
    assert launcher.stdout is not None
    model = int(launcher.stdout.readline())
    launcher.kill()
    launcher.wait()
    end = time.monotonic() + 30
    while _alive(model):
        assert time.monotonic() < end, "the model outlives its launcher"
        time.sleep(0.05)


def _alive(number: int) -> bool:
    state = Path(f"/proc/{number}/stat")
    if Path("/proc/self/stat").exists():
        return state.exists() and state.read_text().rpartition(") ")[2][0] != "Z"
    try:
        os.kill(number, 0)
    except OSError:
        return False
    return True


def test_a_model_that_dies_as_it_starts_is_given_up(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    faulty = tmp_path / "faulty.toml"
    faulty.write_text("name = 1", encoding="utf-8")
    process = ModelProcess(str(faulty))
    with process, pytest.raises(RuntimeError, match="ends as soon as it has started"):
        process.wait(60)


# ---- the notebook


def executed(monkeypatch: pytest.MonkeyPatch, process: ModelProcess | None, *more: str) -> Any:
    """The notebook with cells added that look at what it made; the text that they print."""
    for name, value in (process.environment if process else {}).items():
        monkeypatch.setenv(name, value)
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    if process is None:
        for name in (ADDRESS, KEY):
            monkeypatch.delenv(name, raising=False)
    notebook.cells += [nbformat.v4.new_code_cell(text) for text in more]
    NotebookClient(notebook, timeout=120, kernel_name="python3").execute()
    return notebook


LOOK = (
    "import sys\nfrom ipywidgets.widgets import widget\n"
    "found = {type(one).__name__: one for one in widget._instances.values()}\n"
    "print(found['Answer'].view['headline'][0])\n"
    "print([name for name in ('numpy', 'numba', 'pandas', 'pydantic') if name in sys.modules])\n"
)


def test_the_notebook_is_a_title_and_one_call() -> None:
    notebook = nbformat.read(NOTEBOOK, as_version=4)
    code = [cell.source for cell in notebook.cells if cell.cell_type == "code"]
    assert code == ["from resilience.dashboard import first\n\nfirst()"]
    assert all(not cell.get("outputs") for cell in notebook.cells)
    assert [one.name for one in NOTEBOOK.parent.iterdir()] == [NOTEBOOK.name]


def test_the_notebook_shows_the_answer_without_loading_the_engine(
    monkeypatch: pytest.MonkeyPatch, process: ModelProcess
) -> None:
    notebook = executed(monkeypatch, process, LOOK)
    shown = [out for cell in notebook.cells for out in cell.get("outputs", []) if out.output_type == "display_data"]
    assert len(shown) == 1
    assert "application/vnd.jupyter.widget-view+json" in shown[0].data
    headline, loaded = notebook.cells[-1].outputs[0].text.splitlines()
    model = line(process)
    assert headline == model.ask("answer", State(model.ask("catalogue")).request())["headline"][0]
    assert loaded == "[]"


def test_without_a_launcher_the_notebook_plays_the_shipped_example_itself(monkeypatch: pytest.MonkeyPatch) -> None:
    notebook = executed(monkeypatch, None, LOOK)
    headline, loaded = notebook.cells[-1].outputs[0].text.splitlines()
    assert "simulated futures" in headline
    assert "numpy" in loaded
