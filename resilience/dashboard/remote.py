"""The model beside the pages: one process that plays futures for every page that is open, and the line to it.

A page's kernel needs neither numpy nor the engine, and so starts at once and stays small. Over the line go bytes of JSON, after both
ends have proved that they know the key; nothing is unpickled.
"""

from __future__ import annotations

import json
import os
import secrets
import shutil
import subprocess
import sys
import threading
import time
from contextlib import suppress
from multiprocessing.connection import Client, Connection
from pathlib import Path
from types import TracebackType
from typing import Any

from resilience.dashboard.launch.places import private_folder
from resilience.errors import Fault, InputError

ADDRESS, KEY = "RESILIENCE_MODEL", "RESILIENCE_MODEL_KEY"
PATIENCE = 20.0  # seconds that a page waits for a model that is just starting or starting again
SILENT = 60.0  # seconds without an answer after which the model is taken to hang; the longest question takes a fifth
LISTENING = 15.0  # seconds between two questions whether it still answers
HOPELESS, STARTING = 3, 10.0  # so many deaths, each within so many seconds of its start


class ModelGone(ConnectionError):
    """The model's process does not answer."""


class Model:
    """A line to the model's process. Safe to use from several threads: one question at a time."""

    def __init__(self, address: str, key: bytes, patience: float = PATIENCE) -> None:
        self._address, self._key, self._patience = address, key, patience
        self._lock = threading.Lock()
        self._line: Connection[Any, Any] | None = None

    @classmethod
    def of_environment(cls) -> Model | None:
        """The line that the launcher has named; None where there is no launcher."""
        address, key = os.environ.get(ADDRESS), os.environ.get(KEY)
        return cls(address, bytes.fromhex(key)) if address and key else None

    def another(self) -> Model:
        """A second line: a question on it waits for none on the first."""
        return Model(self._address, self._key, self._patience)

    def ask(self, verb: str, asked: Any = None) -> Any:
        """The answer; None where the viewer has asked something else meanwhile.

        Raises InputError as the model does, ModelGone where it cannot be reached, RuntimeError where it fails.
        """
        question = json.dumps([verb, asked]).encode()
        with self._lock:
            try:
                answer = self._asked(question)
            except TimeoutError as error:
                self._hang_up()
                raise ModelGone("the model has fallen silent") from error
            except (OSError, EOFError):
                self._hang_up()  # it may have started again
                try:
                    answer = self._asked(question)
                except (OSError, EOFError) as error:
                    self._hang_up()
                    raise ModelGone("the model does not answer") from error
        said, content = json.loads(answer)
        if said == "faults":
            raise InputError([Fault(*fault) for fault in content])
        if said == "failed":
            raise RuntimeError(content)
        return content

    def _asked(self, question: bytes) -> bytes:
        if self._line is None:
            self._line = self._connected()
        self._line.send_bytes(question)
        if not self._line.poll(SILENT):
            raise TimeoutError  # an OSError
        return self._line.recv_bytes()

    def _connected(self) -> Connection[Any, Any]:
        end = time.monotonic() + self._patience
        while True:
            try:
                return Client(self._address, authkey=self._key)
            except (OSError, EOFError):  # not there yet, or just gone
                if time.monotonic() > end:
                    raise
                time.sleep(0.05)

    def _hang_up(self) -> None:
        if self._line is not None:
            self._line.close()
        self._line = None


class ModelProcess:
    """The model's process, started again if it dies: `with ModelProcess("advice_charity") as model: model.environment`."""

    def __init__(self, organisation: str, page: str = "first") -> None:
        self.organisation, self.page = organisation, page
        self._folder: str | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._over = threading.Event()
        self._deaths = 0

    def __enter__(self) -> ModelProcess:
        key = secrets.token_bytes(32)
        if os.name == "nt":
            address = rf"\\.\pipe\resilience-{secrets.token_hex(16)}"
        else:
            self._folder = private_folder()
            address = str(Path(self._folder) / "model")
        self.environment = {ADDRESS: address, KEY: key.hex()}
        self._start()
        threading.Thread(target=self._watch, daemon=True).start()
        threading.Thread(target=self._listen, daemon=True).start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._over.set()
        if self._process is not None:
            self._process.terminate()
            try:
                self._process.wait(5)
            except subprocess.TimeoutExpired:
                self._process.kill()
                self._process.wait()
        if self._folder:
            shutil.rmtree(self._folder, ignore_errors=True)

    @property
    def alive(self) -> bool:
        """Is there a process?"""
        return self._process is not None and self._process.poll() is None

    def wait(self, timeout: float | None = None) -> bool:
        """Waits until the first answer is there; False if it is not within so many seconds. Raises RuntimeError if it keeps dying."""
        line = Model(self.environment[ADDRESS], bytes.fromhex(self.environment[KEY]), patience=1)
        end = None if timeout is None else time.monotonic() + timeout
        while end is None or time.monotonic() < end:
            if self._deaths >= HOPELESS:
                raise RuntimeError("the model's process ends as soon as it has started")
            with suppress(ModelGone):
                if line.ask("ready"):
                    return True
        return False

    def _start(self) -> None:
        command = [sys.executable, "-P", "-m", "resilience.dashboard.model", self.organisation, self.page]
        self._process = subprocess.Popen(
            command, env=os.environ | self.environment, stdin=subprocess.PIPE, start_new_session=os.name != "nt"
        )

    def _watch(self) -> None:
        """Starts it again when it has died, at most once a second; not if it dies again and again as it starts."""
        began = time.monotonic()
        while not self._over.wait(1) and self._deaths < HOPELESS:
            if not self.alive:
                self._deaths = self._deaths + 1 if time.monotonic() - began < STARTING else 1
                if self._folder:
                    (Path(self._folder) / "model").unlink(missing_ok=True)
                began = time.monotonic()
                self._start()
        if self._deaths >= HOPELESS:
            print("resilience: the model's process keeps dying; stop with Ctrl-C and start anew.", file=sys.stderr)

    def _listen(self) -> None:
        """Ends a model that hangs, so that it is started again."""
        line = Model(self.environment[ADDRESS], bytes.fromhex(self.environment[KEY]), patience=1)
        while not self._over.wait(LISTENING):
            try:
                line.ask("ready")
            except ModelGone as gone:
                if isinstance(gone.__cause__, TimeoutError) and self._process is not None:
                    self._process.kill()
            except RuntimeError:  # it answers, be it with a fault
                continue
