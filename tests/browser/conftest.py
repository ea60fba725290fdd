"""A running server and a real browser for the tests of this folder. Without Chromium they are skipped; `.ci/run` installs it."""

from __future__ import annotations

import os
import re
import shutil
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = next(
    (found for name in ("chromium", "chromium-browser", "google-chrome") if (found := shutil.which(name))), None
)
FLAGS = [
    *("--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking"),
    *("--disable-component-update", "--disable-sync"),
    "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1, EXCLUDE localhost",
]
LONG = 60_000  # ms that a slow machine may take


@dataclass
class Server:
    """A dashboard served from a process of its own: its address with the token, and what it printed."""

    address: str
    process: subprocess.Popen[str]
    said: list[str] = field(default_factory=list)


@pytest.fixture(scope="session")
def serve(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Callable[..., Server]]:
    """Serves a page of an organisation, once for all tests that ask for it."""
    # Compiling is no part of what a page may take.
    subprocess.run([sys.executable, "-m", "resilience", "warm"], check=True)
    found: dict[tuple[str, str], Server] = {}

    def started(organisation: str, page: str = "first") -> Server:
        if (organisation, page) not in found:
            found[organisation, page] = _started(organisation, page, tmp_path_factory.mktemp("empty"))
        return found[organisation, page]

    yield started
    for server in found.values():
        server.process.send_signal(signal.SIGINT)
        server.process.wait(30)


def _started(organisation: str, page: str, folder: Path) -> Server:
    typed = [sys.executable, "-m", "resilience", "dashboard", organisation, "--page", page, "--no-browser"]
    process = subprocess.Popen(typed, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, cwd=folder)
    said: list[str] = []
    for line in process.stdout or ():
        said.append(line)
        if found := re.search(r"http://\S+token=\S+", line):
            threading.Thread(target=lambda: said.extend(process.stdout or ()), daemon=True).start()
            return Server(found[0], process, said)
    raise AssertionError(f"the server did not start: {''.join(said)}")


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """Headless Chromium that can resolve no name but this computer's own."""
    if CHROMIUM is None:
        pytest.skip("Chromium is not installed")
    with sync_playwright() as play:
        found = play.chromium.launch(executable_path=CHROMIUM, args=FLAGS)
        yield found
        found.close()


@dataclass
class Seen:
    """What the browser met on the way: faults of scripts, refusals of the policy, requests to anywhere else."""

    faults: list[str] = field(default_factory=list)
    outside: list[str] = field(default_factory=list)


@pytest.fixture
def visit(browser: Browser, serve: Callable[..., Server]) -> Iterator[Callable[..., tuple[Page, Seen]]]:
    """Opens the page of an organisation as a visitor of one's own, and waits for the first answer."""
    contexts: list[BrowserContext] = []

    def opened(organisation: str = "advice_charity", width: int = 1280, page: str = "first") -> tuple[Page, Seen]:
        context = browser.new_context(viewport={"width": width, "height": 900}, accept_downloads=True)
        contexts.append(context)
        tab, seen = context.new_page(), Seen()
        tab.set_default_timeout(LONG)
        tab.on("pageerror", lambda error: seen.faults.append(str(error)))
        tab.on(
            "console",
            lambda m: seen.faults.append(m.text) if m.type == "error" or "Content Security" in m.text else None,
        )
        ours = re.compile(r"(http|ws)://(127\.0\.0\.1|localhost):|blob:|data:")
        tab.on("request", lambda r: None if ours.match(r.url) else seen.outside.append(r.url))
        tab.on("dialog", lambda dialog: (seen.faults.append(f"dialog: {dialog.message}"), dialog.dismiss()))
        tab.goto(serve(organisation, page).address)
        tab.wait_for_selector("[data-seq]")
        return tab, seen

    yield opened
    for context in contexts:
        for page in context.pages:
            page.close(run_before_unload=True)
        context.close()


@pytest.fixture(scope="session")
def shots() -> Path:
    """Where screenshots of a test run go: looked at by whoever changed the page."""
    folder = Path(os.environ.get("RESILIENCE_SHOTS", Path(__file__).parent.parent.parent / "build" / "screenshots"))
    folder.mkdir(parents=True, exist_ok=True)
    return folder
