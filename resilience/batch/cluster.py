"""The executor of a cluster: `dask.distributed`, an optional extra. docs/batch.md says how to start scheduler and workers."""

from __future__ import annotations

import gc
from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import contextmanager

from resilience import __version__
from resilience.errors import Fault, InputError, shown

PATIENCE = 10  # seconds for a scheduler to answer, and for a first worker to be there


@contextmanager
def cluster(address: str) -> Iterator[Executor]:
    """The executor of the scheduler at an address such as "tcp://192.168.0.10:8786". Raises InputError if it cannot play."""
    try:
        from distributed import Client
    except ImportError:
        fix = "install it here and on every worker: pip install 'resilience[cluster]'"
        raise _refused(address, "needs dask.distributed", fix) from None
    silence = ""
    try:
        client = Client(address, timeout=PATIENCE, set_as_default=False)
    except (OSError, ValueError) as error:
        silence = (str(error).splitlines() or ["silence"])[0][:100]
    if silence:
        gc.collect()  # the half-made client goes now: let go of while another is made, dask waits for itself for ever
        raise _refused(address, f"no scheduler answers there ({silence})", "start one: dask scheduler")
    with client:
        try:
            client.wait_for_workers(1, timeout=PATIENCE)
        except TimeoutError:
            raise _refused(address, "has no workers", f"start some: dask worker {address}") from None
        try:
            versions = client.run(version)
        except Exception as error:
            problem = f"has workers that cannot play ({type(error).__name__}: {shown(str(error), 100)})"
            raise _refused(address, problem, "install this program on every worker") from None
        if other := sorted({str(one) for one in versions.values()} - {__version__}):
            problem = f"has workers of resilience {', '.join(other)}, and this is {__version__}"
            raise _refused(address, problem, "install the same version everywhere")
        with client.get_executor() as executor:
            yield executor


def version() -> str:
    """Of the program that a worker runs."""
    return __version__


def _refused(address: str, problem: str, fix: str) -> InputError:
    return InputError([Fault("--scheduler", "", address, problem, fix)])
