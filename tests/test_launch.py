"""The server of `resilience dashboard`: who gets in, what is served, what is left behind. Real servers, asked over plain HTTP.

The home folder they run in is a hostile one: settings, a template, a kernel and a start-up script that would all weaken the server.
"""

import asyncio
import http.client
import json
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import tempfile
import time
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path

import psutil
import pytest
from jupyter_server.services.kernels.connection.base import deserialize_msg_from_ws_v1, serialize_msg_to_ws_v1
from tornado.httpclient import HTTPClientError, HTTPRequest
from tornado.websocket import websocket_connect

import resilience
from resilience.dashboard.launch import listen, places
from resilience.dashboard.launch.pages import PROTOCOL, VERSION
from resilience.errors import InputError

PATIENCE = 60  # seconds for what takes two
SERVER = """
import json, sys
from pathlib import Path
from resilience.dashboard.launch import Limits, listen, serve
given = json.loads(sys.argv[1])
serve(listen(), {"RESILIENCE_MODEL": "told only to kernels"}, notebook=Path(given["notebook"]), limits=Limits(**given["limits"]),
      said=lambda text: print(text, flush=True))
"""
SHOWS = """
import os, sys
import ipywidgets
from IPython.display import display
display(ipywidgets.Label("what it shows"))
display({"text/plain": " ".join(["pid=%d" % os.getpid(), "python=" + sys.executable, "model=" + os.environ["RESILIENCE_MODEL"],
                                 "evil=" + str("evil" in globals())])}, raw=True)
"""
FAILS = "raise RuntimeError('a secret detail')"


def notebook(folder, code):
    """A notebook of one cell in a folder of its own."""
    folder.mkdir()
    kernel = {"name": "python3", "display_name": "x", "language": "python"}
    cell = {"cell_type": "code", "execution_count": None, "id": "a", "metadata": {}, "outputs": [], "source": code}
    file = folder / "page.ipynb"
    file.write_text(
        json.dumps({"cells": [cell], "metadata": {"kernelspec": kernel}, "nbformat": 4, "nbformat_minor": 5})
    )
    (folder / "beside.png").write_bytes(b"png")
    return file


def hostile_home(home):
    """A home folder whose files would open the server, were they read."""
    weak = {
        "Voila": {"ip": "0.0.0.0", "token": "weak", "autoreload": True},
        "VoilaConfiguration": {
            "show_tracebacks": True,
            "file_allowlist": [".*"],
            "template": "lab",
            "allow_theme_override": "YES",
        },
        "MappingKernelManager": {"cull_idle_timeout": 1, "cull_connected": True},
    }
    for folder in (home, home / ".jupyter", home / ".local" / "etc" / "jupyter"):
        folder.mkdir(parents=True, exist_ok=True)
        for name in ("voila", "jupyter_config", "jupyter_server_config"):
            (folder / f"{name}.json").write_text(json.dumps(weak))
    data = home / ".local" / "share" / "jupyter"
    (data / "kernels" / "python3").mkdir(parents=True)
    (data / "kernels" / "python3" / "kernel.json").write_text(
        json.dumps({"argv": ["false"], "display_name": "x", "language": "python"})
    )
    (data / "voila" / "templates" / "resilience").mkdir(parents=True)
    (data / "voila" / "templates" / "resilience" / "index.html.j2").write_text("<html>not ours</html>")
    startup = home / ".ipython" / "profile_default" / "startup"
    startup.mkdir(parents=True)
    (startup / "00.py").write_text("evil = True")
    return home


class Server:
    """A server in a process of its own, and a plain client of it."""

    def __init__(self, folder, code, **limits):
        home = hostile_home(folder / "home")
        outside = ("JUPYTER_", "RESILIENCE_", "XDG_", "VOILA_")
        self.temporary = folder / "t"
        self.temporary.mkdir()
        environment = {k: v for k, v in os.environ.items() if not k.startswith(outside)}
        environment |= {"HOME": str(home), "TMPDIR": str(self.temporary), "JUPYTER_TOKEN": "weak", "PYTHONPATH": ROOT}
        given = {"notebook": str(notebook(folder / "page", code)), "limits": limits}
        self.errors = open(folder / "errors", "w+")  # noqa: SIM115
        self.process = subprocess.Popen(
            [sys.executable, "-c", SERVER, json.dumps(given)],
            stdout=subprocess.PIPE,
            stderr=self.errors,
            text=True,
            cwd=home,
            env=environment,
        )
        line = self.process.stdout.readline()
        found = re.fullmatch(r"Open http://127\.0\.0\.1:(\d+)/\?token=(\S+) in a browser; Ctrl-C stops it\.\n", line)
        assert found, (line, self.said())
        self.port, self.token = int(found[1]), found[2]

    def said(self):
        """What it wrote to standard error."""
        self.errors.seek(0)
        return self.errors.read()

    def ask(self, path, method="GET", body=None, cookie=None, **headers):
        """Status, headers and text of one request; an underscore in a header's name stands for a hyphen."""
        line = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE)
        sent = {name.replace("_", "-"): value for name, value in headers.items()} | (
            {"Cookie": cookie} if cookie else {}
        )
        line.putrequest(method, path, skip_host="Host" in sent)
        if body is not None:
            sent["Content-Length"] = str(len(body))
        for name, value in sent.items():
            line.putheader(name, value)
        line.endheaders(body)
        answer = line.getresponse()
        text = answer.read().decode("utf-8", "replace")
        line.close()
        return answer.status, answer.headers, text

    def visitor(self):
        """The cookie of somebody with the token."""
        status, headers, _ = self.ask(f"/?token={self.token}")
        assert status == 303
        return headers["Set-Cookie"].partition(";")[0]

    def page(self, cookie):
        """A page: its text and the id of its kernel."""
        status, _, text = self.ask("/", cookie=cookie)
        assert status == 200
        return text, re.search(r'"kernelId": "([^"]+)"', text)[1]

    @property
    def origin(self):
        """Where our own page says it comes from."""
        return f"http://127.0.0.1:{self.port}"

    def close(self, kernel, cookie, origin=None):
        """What a page sends as it is closed."""
        return self.ask(f"/voila/api/shutdown/{kernel}", "POST", b"", cookie, Origin=origin or self.origin)[0]

    def socket(self, kernel, **headers):
        """Opens a kernel's websocket; the status where it is refused, else what the kernel says to a question and to code."""
        protocol = headers.pop("protocol", PROTOCOL)
        asked = self._socket(kernel, {name: value for name, value in headers.items() if value}, protocol)
        with ThreadPoolExecutor(1) as thread:  # the browser tests of the same process keep a loop running in this one
            return thread.submit(asyncio.run, asked).result()

    async def _socket(self, kernel, headers, protocol):
        url = f"ws://127.0.0.1:{self.port}/api/kernels/{kernel}/channels?session_id=one"
        try:
            line = await websocket_connect(HTTPRequest(url, headers=headers), subprotocols=protocol and [protocol])
        except HTTPClientError as error:
            return error.code
        for kind, content in (
            ("execute_request", {"code": "print('ran')", "silent": False}),
            ("comm_open", {"comm_id": "x", "target_name": "jupyter.widget", "data": {}}),  # fails
            ("kernel_info_request", {}),
        ):
            header = {"msg_id": kind, "msg_type": kind, "session": "one", "username": "", "version": "5.3", "date": ""}
            parts = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
            packed = serialize_msg_to_ws_v1(parts, "shell", lambda part: json.dumps(part).encode())
            await line.write_message(packed, binary=True)
        heard = []
        asked = "kernel_info_request"
        while not {("kernel_info_reply", asked, "ok"), ("status", asked, "idle")} <= {
            (one[0]["msg_type"], one[1].get("msg_id"), one[3].get("status") or one[3].get("execution_state"))
            for one in heard
        }:
            got = await asyncio.wait_for(line.read_message(), PATIENCE)
            assert got is not None, "the line is closed"
            heard.append([json.loads(part) for part in deserialize_msg_from_ws_v1(got)[1][:4]])
        line.close()
        return {(one[0]["msg_type"], one[1].get("msg_type")) for one in heard}

    def left(self):
        """Folders of it that are still there."""
        return [*self.temporary.iterdir(), *Path("/tmp").glob(f"resilience-{self.process.pid}-*")]

    def stop(self):
        """Ctrl-C; the exit status."""
        self.process.send_signal(signal.SIGINT)
        return self.process.wait(PATIENCE)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if self.process.poll() is None:
            self.stop()
        self.process.stdout.close()
        self.errors.close()


ROOT = str(Path(resilience.__file__).resolve().parent.parent)


@pytest.fixture(scope="module")
def server(tmp_path_factory):
    """A server that keeps a kernel warm and serves two pages at once."""
    with Server(tmp_path_factory.mktemp("s"), SHOWS, pages=2, waiting=1) as one:
        yield one


@pytest.fixture(scope="module")
def anna(server):
    """A visitor's cookie."""
    return server.visitor()


@pytest.fixture(scope="module")
def opened(server, anna):
    """Anna's page: text and kernel."""
    return server.page(anna)


def until(true):
    """Waits for something that is about to be; False if it is not in a minute."""
    end = time.monotonic() + PATIENCE
    while not true():
        if time.monotonic() > end:
            return False
        time.sleep(0.1)
    return True


def runs(pid):
    """Is there such a process, and not just its name?"""
    try:
        return psutil.Process(pid).status() != psutil.STATUS_ZOMBIE
    except psutil.NoSuchProcess:
        return False


# ---------------------------------------------------------------------------------------------------- who gets in

EVERYWHERE = [
    "/",
    "/?token=wrong",
    "/?token=",
    "/?token=weak",
    f"/voila/{VERSION}/voila.js",
    "/voila/static/start.js",
    "/voila/labextensions/anywidget/static/remoteEntry.js",
    "/voila/templates/resilience/static/start.js",
    "/voila/files/page.ipynb",
    "/voila/files/beside.png",
    "/api/kernels",
    "/api/contents",
    "/nowhere",
    "/login",
]


@pytest.mark.parametrize("path", EVERYWHERE)
def test_nothing_is_served_without_the_token(server, path):
    status, headers, text = server.ask(path)
    assert (status, headers["Set-Cookie"]) == (403, None)
    assert "<h1>This page needs its token</h1>" in text


def test_a_cookie_of_another_start_or_a_forged_one_opens_nothing(server, anna):
    name, _, value = anna.partition("=")
    who, _, sign = value.partition(".")
    for forged in (f"{who}.", f"{who}x.{sign}", f".{sign}", "", "é", f"{who}.{'0' * 64}"):
        assert server.ask("/voila/static/start.js", cookie=f"{name}={forged}")[0] == 403
    assert server.ask("/voila/static/start.js", cookie=f"resilience-1={value}")[0] == 403
    assert server.ask("/voila/static/start.js", cookie=anna)[0] == 200


def test_the_token_becomes_a_cookie_and_leaves_the_address(server):
    status, headers, _ = server.ask(f"/?token={server.token}")
    assert (status, headers["Location"], headers["Cache-Control"]) == (303, "/", "no-store")
    name, *marks = headers["Set-Cookie"].split("; ")
    assert name.startswith(f"resilience-{server.port}=")
    assert set(marks) == {"HttpOnly", "Path=/", "SameSite=Strict"}


def test_from_a_link_of_another_site_our_own_page_goes_on(server):
    from_elsewhere = {"Sec_Fetch_Site": "cross-site", "Sec_Fetch_Dest": "document", "Sec_Fetch_Mode": "navigate"}
    status, headers, text = server.ask(f"/?token={server.token}", **from_elsewhere)
    assert (status, headers["Location"]) == (200, None)
    assert '<meta http-equiv="refresh" content="0;url=/">' in text


@pytest.mark.parametrize(
    "host", ["evil.example", "evil.example:{port}", "127.0.0.1", "127.0.0.1:1", "127.0.0.1:{port}.evil.example", ""]
)
def test_another_name_for_this_computer_is_refused_before_the_token_is_looked_at(server, anna, host):
    host = host.format(port=server.port)
    for path in ("/", f"/?token={server.token}", "/voila/static/start.js"):
        status, headers, text = server.ask(path, cookie=anna, Host=host)
        assert (status, headers["Set-Cookie"]) == (403, None)
        assert "This name is not ours" in text


def test_localhost_is_this_computer_too(server):
    assert server.ask(f"/?token={server.token}", Host=f"localhost:{server.port}")[0] == 303


@pytest.mark.parametrize("site", ["cross-site", "same-site"])
def test_another_page_cannot_take_in_what_is_ours(server, anna, site):
    assert server.ask("/voila/static/start.js", cookie=anna, Sec_Fetch_Site=site, Sec_Fetch_Dest="script")[0] == 403
    assert server.ask("/", cookie=anna, Sec_Fetch_Site=site, Sec_Fetch_Dest="iframe")[0] == 403
    assert server.ask("/voila/static/start.js", cookie=anna, Origin="http://127.0.0.1:1")[0] == 403


# ---------------------------------------------------------------------------------------------------- the page


def test_the_page_has_its_landmarks_and_asks_nothing_of_outside(server, opened):
    text, _ = opened
    for part in (
        '<html lang="en-GB">',
        '<main id="content"',
        "<header",
        "<footer",
        'href="#content"',
        "<noscript>",
        'role="status"',
        "<title>",
    ):
        assert part in text
    assert not re.findall(r"(?:https?:)?//[\w.-]+\.\w+", text)
    scripts = re.findall(r"<script([^>]*)>", text)
    assert scripts
    assert all(re.search(r'src="/|type="application/', script) for script in scripts)  # none stands in the page
    assert not re.search(r"\son\w+=", text)
    for path in re.findall(r'(?:src|href)="(/voila/[^"]+)"', text):
        assert server.ask(path, cookie=server.visitor())[0] == 200


def test_the_kernel_is_this_python_with_the_model_and_nobodys_start_up_script(opened):
    text, _ = opened
    assert f"python={sys.executable}" in text or f"python={json.dumps(sys.executable)[1:-1]}" in text
    assert "model=told only to kernels" in text
    assert "evil=False" in text
    assert "not ours" not in text


def test_every_answer_carries_the_rules(server, anna, opened):
    for path, cookie in (
        ("/nowhere", anna),
        ("/", None),
        ("/voila/static/start.js", anna),
        (f"/api/kernels/{opened[1]}", anna),
    ):
        _, headers, _ = server.ask(path, cookie=cookie)
        rules = headers["Content-Security-Policy"]
        assert "default-src 'none'" in rules
        assert "script-src 'self' blob:;" in rules
        assert "frame-ancestors 'none'" in rules
        assert f"connect-src 'self' ws://127.0.0.1:{server.port} ws://localhost:{server.port}" in rules
        assert headers["X-Frame-Options"] == "DENY"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "same-origin"
        assert headers["Cross-Origin-Resource-Policy"] == "same-origin"
        assert headers["Access-Control-Allow-Origin"] is None
        assert "tornado" not in headers["Server"].lower()


def test_what_stands_in_the_address_after_the_question_mark_has_no_effect(server):
    ben = server.visitor()
    for query in ("theme=%3Cscript%3Ealert(1)%3C/script%3E", "template=nosuch", "theme=dark&template=classic"):
        status, headers, text = server.ask(f"/?{query}", cookie=ben)
        assert status == 200
        assert "no-store" in headers["Cache-Control"]
        assert "alert(1)" not in text
        assert '<main id="content"' in text
        assert server.close(re.search(r'"kernelId": "([^"]+)"', text)[1], ben) == 204


# ---------------------------------------------------------------------------------------------------- what is not there


@pytest.mark.parametrize(
    "path",
    [
        "/voila/files/page.ipynb",
        "/voila/files/beside.png",
        "/beside.png",
        "/page.ipynb",
        f"/voila/{VERSION}/../page.ipynb",
        f"/voila/{VERSION}/../../../../../../../../../../etc/passwd",
        f"/voila/{VERSION}/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/%2e%2e/etc/passwd",
        f"/voila/{VERSION}//etc/passwd",
        "/voila/static/start.%2e%2e",
        "/voila/labextensions/anywidget/static/../../../../../../../../../../../../etc/passwd",
        "/voila/labextensions/anywidget/static//etc/passwd",
        "/voila/labextensions/anywidget/static/%2e%2e/%2e%2e/jupyterlab_pygments/package.json",
        "/voila/labextensions/anywidget/static/..%2f..%2fanywidget/package.json",
        "/voila/labextensions/anywidget/package.json",
        "/voila/labextensions/jupyterlab_pygments/package.json",
        "/voila/templates/lab/static/voila.js",
        "/voila/api/themes/a",
        "/voila/api/contents",
        "/voila/tree",
        "/voila/render/page.ipynb",
        "/api/kernels",
        "/api/kernels/",
        "/api/kernelspecs",
        "/api/contents",
        "/api/terminals",
        "/api/sessions",
        "/lab",
        "/tree",
        "/login",
        "/metrics",
    ],
)
def test_only_the_page_and_its_parts_are_served(server, anna, path):
    status, _, text = server.ask(path, cookie=anna)
    assert status in (403, 404)
    assert "root:" not in text
    assert '"cells"' not in text
    assert '"id":' not in text


def test_kernels_cannot_be_started_or_stopped_but_by_the_page(server, anna, opened):
    _, kernel = opened
    for path, method in (
        ("/api/kernels", "POST"),
        (f"/api/kernels/{kernel}", "DELETE"),
        (f"/api/kernels/{kernel}/restart", "POST"),
    ):
        status, _, _ = server.ask(path, method, b"{}", anna, Origin=server.origin)
        assert status in (403, 404, 405)
    assert server.ask(f"/api/kernels/{kernel}", cookie=anna)[0] == 200


# ---------------------------------------------------------------------------------------------------- its kernel


def test_the_pages_kernel_answers_the_page_but_runs_no_code_of_it(server, anna, opened):
    heard = server.socket(opened[1], Cookie=anna, Origin=server.origin)
    assert ("kernel_info_reply", "kernel_info_request") in heard
    assert not [kind for kind, parent in heard if parent == "execute_request"]
    assert ("status", "comm_open") in heard
    assert not [kind for kind, _ in heard if kind in ("stream", "error")]  # no trace of where it failed


def test_a_websocket_of_another_page_or_of_nobody_is_refused(server, anna, opened):
    _, kernel = opened
    for origin in ("http://evil.example", "null", f"http://localhost:{server.port}", "http://127.0.0.1:1", None):
        assert server.socket(kernel, Cookie=anna, Origin=origin) == 403
    assert server.socket(kernel, Origin=server.origin) == 403


def test_a_visitor_cannot_reach_anothers_kernel(server, opened):
    _, kernel = opened
    ben = server.visitor()
    assert server.ask(f"/api/kernels/{kernel}", cookie=ben)[0] == 404
    assert server.socket(kernel, Cookie=ben, Origin=server.origin) == 404
    assert server.close(kernel, ben) == 404


def test_a_websocket_without_the_newer_protocol_is_refused_and_a_bad_message_ends_only_its_own(server, anna, opened):
    _, kernel = opened
    for protocol in (None, "v2.kernel.websocket.jupyter.org"):
        assert server.socket(kernel, protocol=protocol, Cookie=anna, Origin=server.origin) == 400

    async def bad():
        url = f"ws://127.0.0.1:{server.port}/api/kernels/{kernel}/channels?session_id=two"
        headers = {"Cookie": anna, "Origin": server.origin}
        line = await websocket_connect(HTTPRequest(url, headers=headers), subprotocols=[PROTOCOL])
        await line.write_message(b"\xff" * 7 + b"\x00" * 9, binary=True)  # so many parts
        while await asyncio.wait_for(line.read_message(), PATIENCE):
            pass
        return line.close_code

    with ThreadPoolExecutor(1) as thread:
        assert thread.submit(asyncio.run, bad()).result() == 1003
    assert server.ask(f"/api/kernels/{kernel}", cookie=anna)[0] == 200


@pytest.mark.skipif(os.name != "posix", reason="ports on Windows")
def test_kernels_listen_on_files_of_this_user_even_if_the_folder_for_such_has_a_long_name(server, opened):
    assert len(str(server.temporary)) > 30
    process = psutil.Process(server.process.pid)
    assert {one.laddr.port for one in process.net_connections("tcp")} == {server.port}  # none leads to a kernel
    (folder,) = server.left()
    assert folder.stat().st_mode & 0o077 == 0
    kernels = [json.loads(path.read_text()) for path in folder.glob("k/*.json")]
    assert {one["transport"] for one in kernels} == {"ipc"}


def test_a_kernel_that_was_warm_for_long_waits_for_its_page_as_long_as_a_new_one(tmp_path):
    with Server(tmp_path, SHOWS, waiting=1, forsaken=5, looked=1) as one:
        assert until(lambda: len(psutil.Process(one.process.pid).children()) == 1)
        time.sleep(8)
        ben = one.visitor()
        _, kernel = one.page(ben)
        time.sleep(3)
        assert ("kernel_info_reply", "kernel_info_request") in one.socket(kernel, Cookie=ben, Origin=one.origin)


def test_a_closed_page_frees_its_kernel_and_only_its_own_page_can_say_so(server):
    ben = server.visitor()
    text, kernel = server.page(ben)
    pid = int(re.search(r"pid=(\d+)", text)[1])
    assert runs(pid)
    assert server.close(kernel, ben, origin="http://evil.example") == 403
    assert server.close(kernel, ben, origin="null") == 403
    assert runs(pid)
    assert server.close(kernel, ben) == 204
    assert until(lambda: not runs(pid))
    assert server.ask(f"/api/kernels/{kernel}", cookie=ben)[0] == 404
    assert server.close(kernel, ben) in (204, 404)  # told twice: no harm


def test_one_page_too_many_is_told_so_and_a_dead_kernel_makes_room(server, opened):
    ben = server.visitor()
    text, _ = server.page(ben)  # with Anna's the second of two
    status, headers, told = server.ask("/", cookie=ben)
    assert (status, headers["Retry-After"]) == (503, "60")
    assert "2 pages are open" in told
    os.kill(int(re.search(r"pid=(\d+)", text)[1]), signal.SIGKILL)
    assert until(lambda: server.ask("/", cookie=ben)[0] == 200)


# ---------------------------------------------------------------------------------------------------- the end


def test_a_page_that_fails_says_so_a_forsaken_kernel_is_stopped_and_ctrl_c_leaves_nothing(tmp_path):
    with Server(tmp_path, FAILS, waiting=0, forsaken=1, looked=1) as one:
        ben = one.visitor()
        text, kernel = one.page(ben)
        assert 'role="alert" data-failed' in text
        assert "a secret detail" not in text  # that is for the terminal
        assert until(lambda: one.ask(f"/api/kernels/{kernel}", cookie=ben)[0] == 404)
        assert (
            one.said()
            == "resilience: a page failed: RuntimeError: a secret detail; RESILIENCE_DEBUG=1 shows where it happened.\n"
        )
        assert one.stop() == 0
        assert not one.left()


def test_what_a_kernel_says_while_it_is_stopped_reaches_no_terminal(tmp_path):
    """Its sockets may close under it; that it then logs an error depends on the load, that it would be shown does not."""
    level = "logging.getLogger('tornado.general').getEffectiveLevel()"
    asks = f"import logging\nfrom IPython.display import display\ndisplay({{'text/plain': 'level %d' % {level}}}, raw=True)"
    with Server(tmp_path, asks, waiting=0) as one:
        assert f"level {logging.CRITICAL}" in one.page(one.visitor())[0]


def test_a_warm_kernel_that_died_is_not_handed_out_and_ctrl_c_stops_every_process(tmp_path):
    with Server(tmp_path, SHOWS, waiting=1) as one:
        started = psutil.Process(one.process.pid).children
        assert until(lambda: len(started()) == 1)
        (warm,) = started()
        warm.kill()
        pids = {re.search(r"pid=(\d+)", one.page(one.visitor())[0])[1] for _ in range(2)}
        assert len(pids - {str(warm.pid)}) == 2
        every = started()
        assert "Traceback" not in one.said()
        assert one.stop() == 0
        assert until(lambda: not [child for child in every if runs(child.pid)])
        assert not one.left()


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_second_signal_ends_it_at_once_and_the_next_start_sweeps(tmp_path):
    with Server(tmp_path, SHOWS, waiting=0) as one:
        _, _ = one.page(one.visitor())
        every = psutil.Process(one.process.pid).children()
        assert every
        one.process.send_signal(signal.SIGSTOP)  # so that both are there before it can end
        one.process.send_signal(signal.SIGINT)
        one.process.send_signal(signal.SIGTERM)
        one.process.send_signal(signal.SIGCONT)
        assert one.process.wait(PATIENCE) in (128 + signal.SIGTERM, 128 + signal.SIGINT)
        assert until(lambda: not [child for child in every if runs(child.pid)])
        assert one.left()
    (tmp_path / "next").mkdir()
    with Server(tmp_path / "next", SHOWS, waiting=0):
        assert not one.left()  # swept by the next start


def _ends(process):
    """It ends of itself; if not, it is killed, so that nothing waits for it for ever."""
    try:
        process.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        process.kill()
        raise


@pytest.mark.skipif(os.name != "posix", reason="signals")
def test_a_signal_whose_exit_is_lost_while_it_starts_ends_it_all_the_same():
    text = """
import os, signal, time
from resilience import organisation_file
from resilience.cli import cli
real = organisation_file.read_organisation
def read(org):
    try:
        os.kill(os.getpid(), signal.SIGTERM)
        time.sleep(0.1)
    except BaseException:
        pass  # as in a finaliser, where nothing can be raised
    return real(org)
organisation_file.read_organisation = read
cli(["dashboard", "certain", "--no-browser"])
"""
    with subprocess.Popen([sys.executable, "-c", text], stdout=subprocess.PIPE, text=True, cwd=ROOT) as process:
        _ends(process)
        assert "Stopped." in process.stdout.read()
    assert not list(Path(tempfile.gettempdir()).glob(f"resilience-{process.pid}-*"))


@pytest.mark.skipif(os.name != "posix", reason="signals")
@pytest.mark.parametrize("after", [0.2, 0.4, 0.6, 0.9])
def test_a_signal_while_it_starts_leaves_nothing(after):
    words = [sys.executable, "-m", "resilience", "dashboard", "--no-browser"]
    with subprocess.Popen(words, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, cwd=ROOT) as process:
        time.sleep(after)
        process.terminate()
        _ends(process)
    assert not list(Path(tempfile.gettempdir()).glob(f"resilience-{process.pid}-*"))


def test_the_browser_is_sent_by_a_file_that_only_this_user_can_read(tmp_path):
    from resilience.dashboard.launch.server import _doorstep

    file = _doorstep(tmp_path, "http://127.0.0.1:1/?token=once")
    assert "url=http://127.0.0.1:1/?token=once" in file.read_text("utf-8")
    assert os.name != "posix" or file.stat().st_mode & 0o077 == 0


def test_a_request_that_does_not_go_on_is_dropped(server):
    with socket.create_connection(("127.0.0.1", server.port)) as line:
        line.settimeout(PATIENCE)
        line.sendall(b"GET / HTTP/1.1\r\nHost: ")
        assert line.recv(10) == b""


# ---------------------------------------------------------------------------------------------------- before it starts


def test_a_private_folder_is_short_and_sweeps_what_a_killed_process_has_left(monkeypatch):
    mine = places.private_folder()
    gone = Path(mine).with_name("resilience-999999999-a")
    gone.mkdir()
    (gone / "x").touch()
    monkeypatch.setattr(tempfile, "tempdir", "/" + "x" * 90)
    monkeypatch.delenv("XDG_RUNTIME_DIR", raising=False)
    other = places.private_folder()
    assert Path(mine).is_dir()
    assert not gone.exists() or os.name != "posix"
    assert len(other) <= 50 or os.name != "posix"
    for folder in (mine, other):
        assert os.stat(folder).st_mode & 0o077 == 0 or os.name != "posix"
        os.rmdir(folder)


def test_a_taken_port_is_refused_with_a_fix_and_a_free_one_is_found():
    with listen() as first:
        port = first.getsockname()[1]
        assert first.getsockname()[0] == "127.0.0.1"
        with pytest.raises(
            InputError, match=f"^--port: {port} is taken by another program; name another port, or leave out --port$"
        ):
            listen(port)
        with listen() as second:
            assert second.getsockname()[1] != port


def resilience_says(*words):
    """Exit status and output of the program."""
    done = subprocess.run(
        [sys.executable, "-m", "resilience", *words], capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT
    )
    return done.returncode, done.stdout, done.stderr


def test_a_faulty_file_or_a_taken_port_is_refused_before_anything_starts(tmp_path):
    file = tmp_path / "faulty.toml"
    file.write_text('name = "x"\n[opening]\nbank = "a lot"\n')
    status, out, err = resilience_says("dashboard", str(file), "--no-browser")
    assert (status, out) == (2, "")
    assert "faulty.toml: opening.bank" in err
    with listen() as taken:
        status, out, err = resilience_says("dashboard", "--no-browser", "--port", str(taken.getsockname()[1]))
    assert (status, out) == (2, "")
    assert "is taken by another program" in err


def test_help_answers_without_the_server():
    code = """
import sys
from resilience.cli import cli
try:
    cli(["dashboard", "--help"])
finally:
    print([name for name in sys.modules if name.partition(".")[0] in ("voila", "tornado", "numba", "numpy")])
"""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, cwd=ROOT)
    assert "--no-browser" in done.stdout
    assert done.stdout.endswith("[]\n")


def test_the_notebook_is_a_doorstep_with_nothing_beside_it():
    file = places.notebook()
    cells = json.loads(file.read_text())["cells"]
    assert ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"] == [
        "from resilience.dashboard import first\n\nfirst()"
    ]
    assert [path.name for path in file.parent.iterdir()] == [file.name]
    assert not any(cell.get("outputs") for cell in cells)


def test_no_script_of_the_template_stands_in_a_page():
    folder = Path(places.jupyter_folders()[0])
    templates = [path for path in folder.rglob("*") if path.suffix in (".j2", ".html")]
    assert len(templates) >= 4
    for path in templates:
        text = path.read_text()
        assert not re.search(r"https?://", text)
        assert all(
            re.search(r'src="(/|{{ page_config)|type="application/', script)
            for script in re.findall(r"<script([^>]*)>", text)
        )
