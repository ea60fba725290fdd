"""Where the notebook, the page's template and Voilà's own files are; nobody's settings but ours."""

from __future__ import annotations

import atexit
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

NAME = "first"
_PACKAGE = Path(__file__).resolve().parents[2]
_ASKED = ("voila", "nbconvert", "anywidget")  # each brings files for share/jupyter
_SHORT = 22  # bytes of a place: with our folder and a kernel's socket in it 103, which is all that a Mac allows
_OURS = re.compile(r"resilience-(\d{1,9})-\w+")  # whose process made it


def notebook(name: str = NAME) -> Path:
    """The dashboard's notebook: in the package (a wheel), else beside it (a checkout)."""
    inside = _PACKAGE / "notebooks"
    return (inside if inside.is_dir() else _PACKAGE.parent / "notebooks") / "dashboards" / name / f"{name}.ipynb"


def jupyter_folders() -> list[str]:
    """Ours, then those of the installed Voilà and of what it needs: never the user's, whose templates and extensions may be any."""
    folders = [_PACKAGE / "dashboard" / "jupyter"]
    for name in _ASKED:
        try:
            listed = files(name) or []
        except PackageNotFoundError:
            continue
        for file in listed:
            if "share/jupyter/" in file.as_posix():
                path = Path(os.path.abspath(file.locate()))
                folders.append(
                    next(above for above in path.parents if above.name == "jupyter" and above.parent.name == "share")
                )
                break
    return list(dict.fromkeys(map(str, folders)))


def private_folder() -> str:
    """A new folder that is this user's alone, with a name short enough for a socket in it. It goes when this process ends.

    What a process that was killed has left behind is removed here too.
    """
    place = _place()
    if os.name == "posix":
        _sweep(place)
    folder = tempfile.mkdtemp(prefix=f"resilience-{os.getpid()}-", dir=place)
    atexit.register(shutil.rmtree, folder, ignore_errors=True)
    return folder


def _place() -> str:
    usual = tempfile.gettempdir()
    if os.name != "posix":
        return usual
    for place in (usual, os.environ.get("XDG_RUNTIME_DIR", "")):
        if os.path.isabs(place) and len(os.fsencode(place)) <= _SHORT and os.access(place, os.W_OK | os.X_OK):
            return place
    return "/tmp"


def _sweep(place: str) -> None:
    for left in Path(place).glob("resilience-*"):
        with suppress(OSError):
            made = _OURS.fullmatch(left.name)
            if made and left.lstat().st_uid == os.getuid() and not _runs(int(made[1])):
                shutil.rmtree(left, ignore_errors=True)


def _runs(pid: int) -> bool:
    try:
        os.kill(pid, 0)
    except OSError as error:
        return not isinstance(error, ProcessLookupError)
    return True


@contextmanager
def own_jupyter() -> Iterator[Path]:
    """Jupyter and IPython with an empty home: no file of settings, start-up script or extension of the user's can change the server."""
    home = private_folder()
    ours = {
        "JUPYTER_PATH": os.pathsep.join(jupyter_folders()),
        "JUPYTER_PREFER_ENV_PATH": "1",
        **{f"JUPYTER_{name}_DIR": str(Path(home, name.lower())) for name in ("CONFIG", "DATA", "RUNTIME")},
        "IPYTHONDIR": str(Path(home, "ipython")),
    }
    before = {
        name: os.environ.get(name) for name in (*ours, "JUPYTER_TOKEN", "JUPYTER_TOKEN_FILE", "JUPYTER_CONFIG_PATH")
    }
    for name, value in before.items():
        if value is not None:
            del os.environ[name]
    os.environ.update(ours)
    try:
        yield Path(home)
    finally:
        for name, value in before.items():
            os.environ.pop(name, None)
            if value is not None:
                os.environ[name] = value
        shutil.rmtree(home, ignore_errors=True)
