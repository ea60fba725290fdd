"""Voilà, started and stopped by us: its settings, its signals, its end."""

from __future__ import annotations

import asyncio
import logging
import os
import secrets
import signal
import socket
import threading
import webbrowser
from collections.abc import Callable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from jupyter_core.utils import ensure_async
from tornado.httpserver import HTTPServer
from traitlets.config import Config
from traitlets.config.application import LevelFormatter
from voila.app import Voila

from resilience.dashboard.launch import Limits
from resilience.dashboard.launch.gate import Gate
from resilience.dashboard.launch.kernels import Kernels, ThisPython
from resilience.dashboard.launch.pages import EXTENSIONS, VERSION, Admitted, routes
from resilience.errors import shown

LONGEST_MESSAGE = 6_000_000  # bytes, from the page to its kernel
LONGEST_REQUEST = 100_000  # bytes: nothing is uploaded but by the websocket
HALF_SENT = 20.0  # seconds after which a request that does not go on is dropped
OPEN = 10_000  # files and connections at once, where the system lets us: a Mac starts with 256
SLOW = 5.0  # seconds after which a start is explained
DEBUG = os.environ.get("RESILIENCE_DEBUG") == "1"


def settings(limits: Limits) -> Config:
    """What differs from Voilà's defaults; no file of settings is read."""
    return Config(
        Voila={"autoreload": False, "open_browser": False, "log_level": logging.DEBUG if DEBUG else logging.ERROR},
        VoilaConfiguration={
            "template": "resilience",
            "theme": "light",
            "allow_template_override": "NO",
            "allow_theme_override": "NO",
            "strip_sources": True,
            "show_tracebacks": False,
            "file_allowlist": ["(?!)"],  # matches nothing; the route is gone too
            "extension_allowlist": list(EXTENSIONS),
            "kernel_spec_manager_class": ThisPython,
            "multi_kernel_manager_class": Kernels,
            "page_config_hook": _page_config,
            "http_keep_alive_timeout": 3600,  # what Voilà sends in between is a script that stands in the page
            "preheat_kernel": limits.waiting > 0,
            "default_pool_size": limits.waiting,
        },
        VoilaKernelManager={"fill_delay": 0.0},  # Kernels waits itself
        MappingKernelManager={
            "cull_idle_timeout": limits.forsaken,
            "cull_interval": limits.looked,
            "cull_connected": False,
            "cull_busy": True,
            "buffer_offline_messages": False,
            "allow_tracebacks": False,
        },
        KernelRestarter={
            "restart_limit": 0
        },  # a kernel begun again knows nothing of its page: the page asks to be loaded again
    )


def _page_config(config: dict[str, Any], **_: Any) -> dict[str, Any]:
    """What JupyterLab's part of the page is told: where its scripts are, and that no part is switched off."""
    return config | {"fullStaticUrl": f"/voila/{VERSION}", "disabledExtensions": []}


class Short(LevelFormatter):
    """One line for a fault of a page; where it happened is shown with RESILIENCE_DEBUG=1."""

    def format(self, record: logging.LogRecord) -> str:
        """What is written on standard error."""
        if DEBUG or not record.exc_info or not (error := record.exc_info[1]):
            return super().format(record)
        name, words = getattr(error, "ename", type(error).__name__), str(getattr(error, "evalue", error))
        return f"resilience: a page failed: {name}: {shown(words, 300)}; RESILIENCE_DEBUG=1 shows where it happened."


class Dashboard(Voila):
    """Voilà with one notebook, one template and a gate."""

    _log_formatter_cls = Short
    environment: Mapping[str, str]

    @classmethod
    def made(
        cls, home: Path, notebook: Path, listening: socket.socket, environment: Mapping[str, str], limits: Limits
    ) -> Dashboard:
        """Ready to run. home is an empty folder that is removed afterwards."""
        app: Dashboard = cls.instance(config=settings(limits), notebook_path=str(notebook), ip="127.0.0.1")
        app.home, app.listening, app.environment, app.limits = home, listening, environment, limits
        app.port = listening.getsockname()[1]
        app.initialize([])
        return app

    def load_config_file(self, *names: Any, **extra: Any) -> None:
        """None: not the user's, not the system's, not one in the working folder."""

    def init_handlers(self) -> list[Any]:
        """Ours instead of Voilà's: what is not in this list is not served."""
        page = {
            "notebook_path": os.path.relpath(self.notebook_path, self.root_dir),
            "template_paths": self.template_paths,
            "config": self.config,
            "voila_configuration": self.voila_configuration,
            "pages": self.limits.pages,
            "within": self.limits.opening,
        }
        return routes(self.static_paths, self.labextensions_path, page)

    def run(self, ready: Callable[[], bool], browser: bool, said: Callable[[str], None]) -> None:
        """Serves until told to stop."""
        logging.getLogger("tornado").setLevel(logging.DEBUG if DEBUG else logging.CRITICAL)
        logging.getLogger("asyncio").setLevel(logging.DEBUG if DEBUG else logging.CRITICAL)
        asyncio.run(self._run(ready, browser, said))

    async def _run(self, ready: Callable[[], bool], browser: bool, said: Callable[[str], None]) -> None:
        stop = self.stopping = asyncio.Event()
        _on_signals(stop, self._kill)
        self.connection_dir = str(self.home / "k")
        os.mkdir(self.connection_dir, 0o700)
        if os.name == "posix":  # files of this user's; ports, as on Windows, are open to every user of this computer
            self.config.KernelManager.transport = "ipc"
        self.identity_provider_class = Admitted
        self.token = ""
        self.cookie_secret = secrets.token_bytes(32)
        self.app = Gate(self.port)
        self.app.settings.update(self.init_settings())
        self.app.settings.update(websocket_max_message_size=LONGEST_MESSAGE, allow_remote_access=False)
        self.app.add_handlers(".*$", self.init_handlers())
        _open_more()
        server = HTTPServer(
            self.app,
            max_body_size=LONGEST_REQUEST,
            max_header_size=20_000,
            idle_connection_timeout=HALF_SENT,
            body_timeout=HALF_SENT,
        )
        server.add_socket(self.listening)
        try:
            if await _ready(ready, stop, said):
                self._tell(browser, said)
                await stop.wait()
        finally:
            stop.set()
            server.stop()
            await self._end(server)

    def _tell(self, browser: bool, said: Callable[[str], None]) -> None:
        here = f"http://127.0.0.1:{self.port}/?token="
        said(f"Open {here}{self.app.token} in a browser; Ctrl-C stops it.")
        if browser:
            file = _doorstep(self.home, here + self.app.ticket())
            threading.Thread(target=webbrowser.open, args=(file.as_uri(),), daemon=True).start()

    async def _end(self, server: HTTPServer) -> None:
        """Everything that was started is stopped; again if a kernel ends of itself meanwhile, which Jupyter takes for a fault."""
        for last in (False, False, True):
            try:
                async with asyncio.timeout(10):
                    await ensure_async(self.kernel_manager.shutdown_all(now=True))
                    return await server.close_all_connections()
            except Exception:
                if last:
                    self.log.exception("Not everything could be stopped")
        return None

    def _kill(self) -> None:
        """Every kernel, with no more ado; the model ends as its line to us does."""
        for kernel in self.kernel_manager.list_kernel_ids() if hasattr(self, "kernel_manager") else ():
            process = getattr(self.kernel_manager.get_kernel(kernel).provisioner, "process", None)
            if process is not None:
                process.kill()


async def _ready(ready: Callable[[], bool], stop: asyncio.Event, said: Callable[[str], None]) -> bool:
    """Waits for the model, which may block; False if we are told to stop before."""
    loop = asyncio.get_running_loop()
    answered: asyncio.Future[None] = loop.create_future()

    def wait() -> None:
        try:
            while not ready():
                pass
        except Exception as error:
            _call(loop, answered.set_exception, error)
        else:
            _call(loop, answered.set_result, None)

    threading.Thread(target=wait, daemon=True).start()
    stopped = asyncio.ensure_future(stop.wait())
    if not await _first(answered, stopped, timeout=SLOW):
        said("On the first start the engine is compiled for this computer: about a minute, once …")
        await _first(answered, stopped)
    stopped.cancel()
    if answered.done():
        answered.result()
    return answered.done() and not stop.is_set()


async def _first(*awaited: asyncio.Future[Any], timeout: float | None = None) -> bool:
    return bool((await asyncio.wait(awaited, timeout=timeout, return_when=asyncio.FIRST_COMPLETED))[0])


def _call(loop: asyncio.AbstractEventLoop, told: Callable[..., None], *what: Any) -> None:
    with suppress(RuntimeError):  # the loop has ended meanwhile
        loop.call_soon_threadsafe(told, *what)


def _doorstep(home: Path, address: str) -> Path:
    """A file of this user's that leads to the address: a browser's command line can be read by everybody on this computer."""
    file = home / "open.html"
    file.touch(0o600)
    file.write_text(
        f'<!DOCTYPE html><title>Opening …</title><meta http-equiv="refresh" content="0;url={address}">\n', "utf-8"
    )
    return file


def _open_more() -> None:
    with suppress(ImportError, ValueError, OSError):  # Windows has no such limit
        import resource

        soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
        many = OPEN if hard == resource.RLIM_INFINITY else min(OPEN, hard)
        if 0 <= soft < many:
            resource.setrlimit(resource.RLIMIT_NOFILE, (many, hard))


def _on_signals(stop: asyncio.Event, kill: Callable[[], None]) -> None:
    """The first signal ends in good order; the second at once, even if the loop is stuck."""
    loop, told = asyncio.get_running_loop(), list[int]()

    def on_signal(number: int, _: Any) -> None:
        told.append(number)
        if len(told) > 1:
            kill()
            os._exit(128 + number)
        _call(loop, stop.set)

    for name in ("SIGINT", "SIGTERM", "SIGHUP"):
        number = getattr(signal, name, None)
        if number and not (name == "SIGHUP" and signal.getsignal(number) == signal.SIG_IGN):  # nohup
            signal.signal(number, on_signal)
