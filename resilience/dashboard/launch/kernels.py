"""The kernels behind the pages: this Python and no other, stopped when their page is gone."""

from __future__ import annotations

import asyncio
import sys
from contextlib import suppress
from typing import Any

from jupyter_client.kernelspec import NATIVE_KERNEL_NAME, KernelSpec, KernelSpecManager, NoSuchKernel
from jupyter_server.services.kernels.kernelmanager import AsyncMappingKernelManager
from voila.utils import ENV_VARIABLE

# A kernel that is stopped while it answers finds its sockets closed and says so by a traceback on the terminal of whoever runs the server.
QUIET = "import logging; logging.getLogger('tornado').setLevel(logging.CRITICAL)"
REST = 3.0  # seconds before the next kernel is warmed: not while the page that took the last one is being drawn


class ThisPython(KernelSpecManager):
    """One kernel: the Python that runs the server, whatever kernels the user has installed under its name."""

    def find_kernel_specs(self) -> dict[str, str]:
        """The only one."""
        return {NATIVE_KERNEL_NAME: ""}

    def get_kernel_spec(self, kernel_name: str) -> KernelSpec:
        """How it is started. No history, which would be a file of what was done."""
        if kernel_name != NATIVE_KERNEL_NAME:
            raise NoSuchKernel(kernel_name)
        argv = [
            sys.executable,
            "-m",
            "ipykernel_launcher",
            "-f",
            "{connection_file}",
            "--HistoryManager.enabled=False",
            "--log-level=40",
            f"--IPKernelApp.exec_lines={QUIET}",
        ]
        return KernelSpec(argv=argv, display_name="Python", language="python")

    def get_all_specs(self) -> dict[str, Any]:
        """The same, as Voilà asks for it."""
        return {NATIVE_KERNEL_NAME: {"resource_dir": "", "spec": self.get_kernel_spec(NATIVE_KERNEL_NAME).to_dict()}}


class Kernels(AsyncMappingKernelManager):
    """Kernels that are told where the model is, and are not forsaken while their page is still on its way."""

    async def start_kernel(self, **extra: Any) -> str:  # type: ignore[override]
        """Starts one; what the server adds to its environment reaches no other process."""
        server: Any = self.parent
        if (
            self._kernels and extra.get("env", {}).get(ENV_VARIABLE.VOILA_PREHEAT) == "True"
        ):  # a page is just being loaded
            with suppress(TimeoutError):
                await asyncio.wait_for(server.stopping.wait(), REST)
        if server.stopping.is_set():
            raise RuntimeError("the server is stopping")
        extra["env"] = {**extra.get("env", {}), **server.environment}
        return await super().start_kernel(**extra)

    async def cull_kernel_if_idle(self, kernel_id: str) -> None:
        """Stops one that no page is connected to any more."""
        server: Any = self.parent
        if kernel_id not in server.app.unfinished:
            await super().cull_kernel_if_idle(kernel_id)
