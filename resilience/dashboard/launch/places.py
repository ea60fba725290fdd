"""Where the notebook, the page's template and Voilà's own files are; nobody's settings but ours."""

from __future__ import annotations

import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from importlib.metadata import PackageNotFoundError, files
from pathlib import Path

NAME = "first"
_PACKAGE = Path(__file__).resolve().parents[2]
_ASKED = ("voila", "nbconvert", "anywidget")  # each brings files for share/jupyter


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


@contextmanager
def own_jupyter() -> Iterator[Path]:
    """Jupyter and IPython with an empty home: no file of settings, start-up script or extension of the user's can change the server."""
    with tempfile.TemporaryDirectory(prefix="resilience-", ignore_cleanup_errors=True) as home:
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
