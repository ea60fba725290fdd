"""What is served behind the gate: the page, its files, and its kernel. There is no other route."""

from __future__ import annotations

import asyncio
import re
from collections.abc import Callable
from typing import Any

import voila
from jupyter_core.utils import ensure_async
from jupyter_server._tz import utcnow
from jupyter_server.auth.identity import IdentityProvider, User
from jupyter_server.base.handlers import FileFindHandler
from jupyter_server.services.kernels.handlers import KernelHandler
from tornado.web import RequestHandler
from voila.static_file_handler import MultiStaticFileHandler
from voila.tornado.handler import TornadoVoilaHandler
from voila.tornado.kernel_websocket_handler import VoilaKernelWebsocketHandler, read_header_from_binary_message

from resilience.dashboard.launch.gate import Gate, Told

EXTENSIONS = ("@voila-dashboards/widgets-manager8", "@jupyter-widgets/jupyterlab-manager", "anywidget")
VERSION = f"voila-{voila.__version__}"
FOR_EVER = "private, max-age=31536000, immutable"
PROTOCOL = "v1.kernel.websocket.jupyter.org"
_KEPT = ("stream", "error")  # what a fault in a kernel writes: it names folders, and nobody on the page looks for it
_KERNEL = r"(?P<kernel_id>\w+-\w+-\w+-\w+-\w+)"
_FULL = (
    "{} pages are open, which is as many as this program serves at once. Close one that is not needed, then try again."
)


class Admitted(IdentityProvider):
    """Whoever is through the gate."""

    def get_user(self, handler: RequestHandler) -> User:
        """One name for all: what a visitor may reach the gate has decided."""
        return User("visitor")

    def is_token_authenticated(self, handler: RequestHandler) -> bool:
        """Never: that would lift Jupyter's own checks."""
        return False


class Counter:
    """The kernel manager as the page sees it: notes whose each kernel is that goes over the counter."""

    def __init__(self, manager: Any, note: Callable[[str], None]) -> None:
        self._manager, self._note = manager, note

    async def start_kernel(self, **extra: Any) -> str:
        """A new kernel."""
        found: str = await ensure_async(self._manager.start_kernel(**extra))
        self._note(found)
        return found

    def get_pool_size(self, notebook: str) -> int:
        """How many kernels are warm: one that is still starting, or has failed or died meanwhile, would only be waited for."""
        pool = getattr(self._manager, "_pools", {}).get(notebook, [])
        for gone in [one for one in pool if one.done() and not self._lives(one)]:
            pool.remove(gone)
            self._manager.fill_if_needed(notebook_name=notebook)
        return len(pool) if pool and pool[0].done() else 0

    def _lives(self, warmed: asyncio.Task[Any]) -> bool:
        if warmed.cancelled() or warmed.exception() or (kernel := warmed.result()["kernel_id"]) not in self._manager:
            return False
        process = getattr(self._manager.get_kernel(kernel).provisioner, "process", None)
        return process is None or process.poll() is None

    async def get_rendered_notebook(self, **extra: Any) -> Any:
        """The kernel that was kept warm."""
        found = await self._manager.get_rendered_notebook(**extra)
        self._note(found[2])
        return found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._manager, name)


class Page(TornadoVoilaHandler):
    """The page: a kernel of its own for every visit."""

    application: Gate

    def initialize(self, *, pages: int, within: int, **extra: Any) -> None:
        super().initialize(**extra)
        self.pages, self.within, self.kernels = pages, within, list[str]()

    @property
    def kernel_manager(self) -> Any:
        """Jupyter's, with a note of whose a kernel is."""
        return Counter(self.settings["kernel_manager"], self._note)

    def _note(self, kernel: str) -> None:
        visitor = self.application.visitor(self.request)
        assert visitor is not None  # the gate has looked
        self.application.owners[kernel] = visitor
        self._counted()
        self.application.unfinished.add(kernel)
        self.kernels.append(kernel)

    async def get(self, path: str | None = None) -> None:
        """Writes the page as it comes, so that there is something to read while its kernel starts."""
        self._without_query()
        owners, manager = self.application.owners, self.settings["kernel_manager"]
        for gone in [kernel for kernel in owners if kernel not in manager]:
            del owners[gone]
        if len(owners) + self.application.opening >= self.pages:
            self.set_header("Retry-After", "60")
            return self._told(503, "All pages are in use", _FULL.format(self.pages))
        self.application.opening += 1
        self.counted = True
        try:
            async with asyncio.timeout(self.within):
                async for part in self.get_generator():
                    self.write(part)
                    self.flush()
        except Exception:
            self.log.exception("The page could not be made")
            await self._failed()
        finally:
            self._counted()
            for kernel in self.kernels:  # one that was warm for long has to wait for its page as long as a new one
                if kernel in manager:
                    manager.get_kernel(kernel).last_activity = utcnow()
            self.application.unfinished.difference_update(self.kernels)
        return None

    def _counted(self) -> None:
        """From here on it counts by its kernel."""
        self.application.opening -= self.counted
        self.counted = False

    async def _failed(self) -> None:
        manager = self.settings["kernel_manager"]
        for kernel in self.kernels:
            if kernel in manager:
                await ensure_async(manager.shutdown_kernel(kernel, now=True))
        if not self._headers_written:
            return self._told(
                500, "The page could not be started", "Try again; if it fails again, look where the program runs."
            )
        self.finish('<p role="alert" data-failed>The page could not be started. <a href="/">Try again</a></p>')
        return None

    def _without_query(self) -> None:
        """Nothing that stands in the address after ? has an effect."""
        self.request.uri, self.request.query, self.request.arguments, self.request.query_arguments = "/", "", {}, {}

    def _told(self, status: int, title: str, sentence: str) -> None:
        self.set_status(status)
        self.set_header("Content-Type", "text/html; charset=UTF-8")
        self.set_header("Cache-Control", "no-store")
        self.finish(self.get_template("told.html").render(title=title, sentences=(sentence,), again=True))


class Kernel(KernelHandler):
    """What the page asks of its kernel before it speaks to it."""

    SUPPORTED_METHODS = ("GET",)


class Line(VoilaKernelWebsocketHandler):
    """The websocket between page and kernel: in Jupyter's newer protocol alone, for Voilà misreads the older one and never ends."""

    async def get(self, kernel_id: str) -> None:
        """Opens it."""
        if PROTOCOL not in re.split(r"\s*,\s*", self.request.headers.get("Sec-WebSocket-Protocol", "")):
            self.set_status(400)
            self.finish()
        else:
            await super().get(kernel_id=kernel_id)

    def on_message(self, message: str | bytes) -> None:
        """From the page; one that says it has more parts than there is room for would be counted through to the end."""
        if isinstance(message, bytes) and 8 * int.from_bytes(message[:8], "little") < len(message):
            super().on_message(message)
        else:
            self.close(1003)

    def write_message(self, message: Any, binary: bool = False) -> Any:
        """To the page."""
        header = read_header_from_binary_message(message) if isinstance(message, bytes) else None
        if header and header.get("msg_type") in _KEPT:
            return None
        return super().write_message(message, binary)


class Closed(RequestHandler):
    """The page tells that it is being closed: its kernel is stopped. The gate has seen that it is the page's own."""

    SUPPORTED_METHODS = ("POST",)

    async def post(self, kernel_id: str) -> None:
        """Voilà's own handler asks for an _xsrf cookie that its page never gets."""
        manager = self.settings["kernel_manager"]
        if kernel_id in manager:
            await ensure_async(manager.shutdown_kernel(kernel_id, now=True))
        self.set_status(204)


class Voilas(MultiStaticFileHandler):
    """Voilà's own scripts, under an address that has its version: a browser need not ask for them again."""

    def set_extra_headers(self, path: str) -> None:
        """Called for every file."""
        self.set_header("Cache-Control", FOR_EVER)


class Extensions(FileFindHandler):
    """Scripts of widgets: their names change with what is in them."""

    def set_headers(self) -> None:
        """Called for every file."""
        super().set_headers()
        self.set_header("Cache-Control", FOR_EVER)


def routes(static: list[str], extensions: list[str], page: dict[str, Any]) -> list[Any]:
    """Every address that is served."""
    nowhere = {
        "status": 404,
        "title": "There is no such page",
        "sentences": ("The only page here is the first one.",),
        "again": True,
    }
    return [
        (rf"/api/kernels/{_KERNEL}", Kernel),
        (rf"/api/kernels/{_KERNEL}/channels", Line),
        (rf"/voila/api/shutdown/{_KERNEL}", Closed),
        (rf"/voila/{re.escape(VERSION)}/(.+)", Voilas, {"paths": static}),
        (r"/voila/static/(start\.\w+)", MultiStaticFileHandler, {"paths": static}),
        (rf"/voila/labextensions/((?:{'|'.join(EXTENSIONS)})/static/.+)", Extensions, {"path": extensions}),
        (r"/", Page, page),
        (r".*", Told, nowhere),
    ]
