"""The gate in front of everything that is served: who asks, from where, and with what right.

Tornado asks an Application for a handler before anything is done with a request; there every request is looked at, be it for the page,
a file or a kernel's websocket. What comes in by another name (DNS rebinding), from another site or without the token gets a plain 403.
"""

from __future__ import annotations

import hashlib
import hmac
import re
import secrets
from functools import partial
from typing import Any
from urllib.parse import unquote

from tornado.httputil import HTTPServerRequest
from tornado.web import Application, OutputTransform, RequestHandler

_OF_A_KERNEL = re.compile(r"^/(?:api/kernels|voila/api/shutdown)/([^/]*)")
_ALONE = "It answers only on this computer, at the address that it printed when it started."
_ADDRESS = "Open the whole address that the program printed when it started: it ends in ?token= and a long word, new at every start."


def policy(port: int) -> str:
    """The Content-Security-Policy. Scripts come from files of ours alone, none stands in the page; blob: is how anywidget loads a
    widget's module, style 'unsafe-inline' how widgets lay themselves out."""
    sockets = f"ws://127.0.0.1:{port} ws://localhost:{port}"
    return "; ".join(
        (
            "default-src 'none'",
            "script-src 'self' blob:",
            "style-src 'self' 'unsafe-inline'",
            "img-src 'self' data:",
            f"connect-src 'self' {sockets}",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )


class Headers(OutputTransform):
    """Puts what a browser must know of our rules on every answer, whoever made it."""

    def __init__(self, port: int, request: HTTPServerRequest) -> None:
        self.always = {
            "Content-Security-Policy": policy(port),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "same-origin",  # with no-referrer a browser says Origin: null, and the page could not tell that it closes
            "X-Content-Type-Options": "nosniff",
            "X-Frame-Options": "DENY",
            "Server": "resilience",
        }

    def transform_first_chunk(
        self, status_code: int, headers: Any, chunk: bytes, finishing: bool
    ) -> tuple[int, Any, bytes]:
        """Called by tornado with the first part of every answer."""
        for name, value in self.always.items():
            headers[name] = value
        if "Cache-Control" not in headers:
            headers["Cache-Control"] = "private, no-cache"
        return status_code, headers, chunk


class Gate(Application):
    """An Application that lets nobody in without the right."""

    def __init__(self, port: int, **settings: Any) -> None:
        super().__init__(transforms=[partial(Headers, port)], log_function=lambda handler: None, **settings)  # type: ignore[list-item]
        self.port = port
        self.hosts = {f"{name}:{port}" for name in ("127.0.0.1", "localhost")}
        self.token = secrets.token_urlsafe(32)
        self.tickets = set[str]()  # good once, for the browser that we open ourselves
        self.cookie = f"resilience-{port}"  # cookies know no ports
        self._key = secrets.token_bytes(32)
        self.owners: dict[str, str] = {}  # whose kernel: kernel's id -> visitor
        self.opening = 0  # pages on their way to a kernel
        self.unfinished = set[str]()  # kernels whose page is being written

    def find_handler(self, request: HTTPServerRequest, **extra: Any) -> Any:
        """What answers the request: a refusal, the login, or the page, file or kernel that it asks for."""
        if not self._own_name(request):
            return self._told(request, 403, "This name is not ours", _ALONE)
        if not self._own_page(request):
            return self._told(request, 403, "This was asked by another page", _ALONE)
        if request.path == "/" and request.method == "GET" and self._may_enter(request):
            return self.get_handler_delegate(request, Login)
        visitor = self.visitor(request)
        if visitor is None:
            return self._told(request, 403, "This page needs its token", _ADDRESS)
        asked = _OF_A_KERNEL.match(request.path)
        if asked and not hmac.compare_digest(self.owners.get(asked[1], "nobody"), visitor):
            return self._told(request, 404, "There is no such page")
        if ".." in re.split(r"[/\\]", unquote(request.path)):
            return self._told(request, 404, "There is no such page")
        return super().find_handler(request, **extra)

    def _told(self, request: HTTPServerRequest, status: int, title: str, *sentences: str) -> Any:
        return self.get_handler_delegate(request, Told, {"status": status, "title": title, "sentences": sentences})

    def _own_name(self, request: HTTPServerRequest) -> bool:
        """Was it sent to this computer by its own name, and not by one that somebody has made point here?"""
        return request.headers.get("Host", "").lower() in self.hosts

    def _own_page(self, request: HTTPServerRequest) -> bool:
        """Does it come from our page, or from the address bar? From elsewhere only the page as a whole may be opened."""
        origin = request.headers.get("Origin")
        acts = request.method not in ("GET", "HEAD") or "Upgrade" in request.headers  # then a browser says where from
        if (origin is None and acts) or (origin is not None and origin.lower() != f"http://{request.host.lower()}"):
            return False
        opens = request.method == "GET" and request.path == "/" and request.headers.get("Sec-Fetch-Dest") == "document"
        return opens or request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin")

    def ticket(self) -> str:
        """A token that is good once."""
        self.tickets.add(found := secrets.token_urlsafe(32))
        return found

    def _may_enter(self, request: HTTPServerRequest) -> bool:
        for given in request.query_arguments.get("token", []):
            if hmac.compare_digest(given, self.token.encode()):
                return True
            for one in self.tickets:
                if hmac.compare_digest(given, one.encode()):
                    self.tickets.discard(one)
                    return True
        return False

    def visitor(self, request: HTTPServerRequest) -> str | None:
        """Who asks, by a cookie that we gave; None if nobody we know."""
        given = request.cookies.get(self.cookie)
        name, _, sign = given.value.partition(".") if given else ("", "", "")
        return name if name and hmac.compare_digest(sign.encode(), self._signed(name).encode()) else None

    def new_visitor(self) -> str:
        """The cookie of somebody who has just shown the token."""
        name = secrets.token_urlsafe(16)
        return f"{name}.{self._signed(name)}"

    def _signed(self, name: str) -> str:
        return hmac.new(self._key, name.encode(), hashlib.sha256).hexdigest()


class Told(RequestHandler):
    """A page of a few words: why not, and what to do."""

    application: Gate

    def initialize(self, status: int, title: str, sentences: tuple[str, ...], again: bool = False) -> None:
        self.status, self.told = status, {"title": title, "sentences": sentences, "again": again}

    def prepare(self) -> None:
        """Every method is answered alike."""
        self.set_status(self.status)
        self.set_header("Cache-Control", "no-store")
        self.finish(self.settings["voila_jinja2_env"].get_template("told.html").render(self.told))

    def check_xsrf_cookie(self) -> None:
        """Nothing is done, so nothing can be forged."""


class Login(RequestHandler):
    """The token was right: a cookie instead, and the page without the token in its address."""

    application: Gate

    def get(self) -> None:
        """Goes on to the page; from another site's link by a page of ours, for a browser sends a strict cookie only within a site."""
        if self.application.visitor(self.request) is None:
            self.set_cookie(
                self.application.cookie, self.application.new_visitor(), httponly=True, samesite="Strict", path="/"
            )
        self.set_header("Cache-Control", "no-store")
        if self.request.headers.get("Sec-Fetch-Site", "none") in ("none", "same-origin"):
            self.redirect("/", status=303)
        else:
            self.finish(
                self.settings["voila_jinja2_env"].get_template("told.html").render(title="Opening …", onward="/")
            )
