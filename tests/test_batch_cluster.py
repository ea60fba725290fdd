"""A batch on a real cluster of this computer: a scheduler and two worker processes, one of which is killed half way."""

import gc
import os
import signal
import socket
import subprocess
import sys
import time

import pytest
from click.testing import CliRunner
from test_batch import TOML, files, written

from resilience.batch import batch, tasks
from resilience.cli import cli

pytest.importorskip("distributed", reason="the extra `cluster` is not installed")
SIZES = {"paths": 500, "months": 60}


def started(*words, **more):
    return subprocess.Popen(
        [sys.executable, "-m", "dask", *words], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True, **more
    )  # fmt: skip


@pytest.fixture
def address(tmp_path):
    """Of a scheduler that is there."""
    with socket.socket() as held:
        held.bind(("127.0.0.1", 0))
        port = held.getsockname()[1]
    run = started("scheduler", "--host", "127.0.0.1", "--port", str(port), "--no-dashboard", cwd=tmp_path)
    yield f"tcp://127.0.0.1:{port}"
    run.terminate()
    run.wait()


@pytest.fixture
def workers(address, tmp_path):
    """Two processes of one thread each."""
    runs = [
        started("worker", address, "--no-nanny", "--nthreads", "1", "--no-dashboard", cwd=tmp_path) for _ in range(2)
    ]
    yield runs
    for run in runs:
        run.kill()
        run.wait()


def all_there(address):
    from distributed import Client

    with Client(address, timeout=60, set_as_default=False) as client:
        client.wait_for_workers(2, timeout=60)


def test_a_worker_killed_half_way_costs_nothing(tmp_path, address, workers):
    asked = tasks([files(tmp_path, 60, bad={7})], **SIZES)
    all_there(address)
    done = []

    from resilience.batch.cluster import cluster

    def finished(one):
        done.append(one)
        if len(done) == 20:
            os.killpg(workers[0].pid, signal.SIGKILL)

    with cluster(address) as executor:
        found = batch(asked, tmp_path / "cluster", executor, finished=finished)
    assert workers[0].wait() == -signal.SIGKILL and workers[1].poll() is None
    assert [bool(one.faults) for one in found] == [i == 7 for i in range(60)]
    batch(asked, tmp_path / "here", workers=2)
    assert written(tmp_path / "cluster") == written(tmp_path / "here")


def test_on_the_command_line(tmp_path, address, workers):
    all_there(address)
    words = ["batch", files(tmp_path, 4), "--paths", "20", "--months", "6", "--out"]
    done = CliRunner().invoke(cli, [*words, str(tmp_path / "cluster"), "--scheduler", address])
    assert done.exit_code == 0 and "4 played" in done.output, done.output
    assert CliRunner().invoke(cli, [*words, str(tmp_path / "here"), "--workers", "1"]).exit_code == 0
    assert written(tmp_path / "cluster") == written(tmp_path / "here")


def test_no_scheduler_and_no_workers_are_said(tmp_path, monkeypatch, address):
    from resilience.batch import cluster

    monkeypatch.setattr(cluster, "PATIENCE", 2)
    words = ["batch", "small_bids", "--out", str(tmp_path / "out"), "--scheduler"]
    time.sleep(1)
    for there, said in (
        ("tcp://127.0.0.1:9", "no scheduler answers there"),
        (address, "has no workers"),
        ("x", "answers"),
    ):
        done = CliRunner().invoke(cli, [*words, there])
        assert done.exit_code == 2 and said in done.output, done.output
    assert not (tmp_path / "out").exists()
    from distributed import Client

    assert not [one for one in gc.get_objects() if isinstance(one, Client) and one.status != "closed"]


def test_without_dask_it_is_said_what_to_install(tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "distributed", None)
    done = CliRunner().invoke(cli, ["batch", "small_bids", "--out", str(tmp_path / "out"), "--scheduler", "tcp://x:1"])
    assert done.exit_code == 2 and "pip install 'resilience[cluster]'" in done.output


def test_workers_of_another_version_or_that_see_other_files_are_found_out(tmp_path, monkeypatch, address, workers):
    from resilience.batch import cluster, playing, task

    all_there(address)
    monkeypatch.setattr(cluster, "__version__", "0.2.0")
    words = ["batch", "small_bids", "--out", str(tmp_path / "out"), "--scheduler", address]
    done = CliRunner().invoke(cli, words)
    assert done.exit_code == 2 and "has workers of resilience 0.1.0, and this is 0.2.0" in done.output
    file = tmp_path / "one.toml"
    file.write_text(TOML.read_text("utf-8"), "utf-8")
    other = playing.play(task.Task(str(file), paths=2, months=1))
    file.write_text(TOML.read_text("utf-8") + "# here\n", "utf-8")

    class Elsewhere:
        """An executor that has played the file as it is on another disk."""

        def submit(self, *_):
            from concurrent.futures import Future

            ended = Future()
            ended.set_result(other)
            return ended

    (found,) = batch([other.task], tmp_path / "out", Elsewhere())
    assert "a worker read other files than these" in found.faults[0]
