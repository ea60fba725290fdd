"""Nothing that a file says becomes markup, style or code of a page: what could do that is not used anywhere.

ruff refuses the imports (banned-api in pyproject.toml); here are the calls, the attributes and the JavaScript.
"""

from __future__ import annotations

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGE = ROOT / "resilience"
DRAWING = PACKAGE / "dashboard" / "drawing"
TEMPLATES = PACKAGE / "dashboard" / "jupyter"

NAMES = {"HTML", "HTMLMath", "Markdown", "Javascript", "SVG", "Latex", "Markup", "Styler"}  # called
METHODS = {"_repr_html_", "_repr_javascript_", "_repr_svg_", "_repr_markdown_", "style"}  # defined or read
JAVASCRIPT = (
    *("innerHTML", "outerHTML", "insertAdjacentHTML", "document.write", "createContextualFragment", "DOMParser"),
    *("eval(", "new Function", "javascript:", "srcdoc", "setHTML", "import(", "cssText", "fetch(", "XMLHttpRequest"),
    *("http://", "https://", "localStorage", "sessionStorage", "indexedDB"),
)


def faults(tree: ast.AST) -> Iterator[str]:
    """What could make markup of data in Python."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Call):
            called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
            if called in NAMES:
                yield f"line {node.lineno}: {called}(…)"
            if called in ("to_html", "display") and any(
                k.arg in ("escape", "raw") and isinstance(k.value, ast.Constant) for k in node.keywords
            ):
                yield f"line {node.lineno}: {called} with {', '.join(str(k.arg) for k in node.keywords)}"
        if isinstance(node, ast.Attribute) and node.attr == "style":
            yield f"line {node.lineno}: .style"
        if isinstance(node, ast.FunctionDef) and node.name in METHODS:
            yield f"line {node.lineno}: {node.name}"


def test_no_python_makes_markup() -> None:
    found = [
        f"{path.relative_to(ROOT)}: {fault}"
        for path in sorted(PACKAGE.rglob("*.py"))
        for fault in faults(ast.parse(path.read_text("utf-8")))
    ]
    assert not found, "\n".join(found)


@pytest.mark.parametrize(
    "text",
    [
        "import ipywidgets as w\nw.HTML(name)",
        "from IPython.display import display, HTML\ndisplay(HTML(name))",
        "frame.style.format('x')",
        "frame.to_html(escape=False)",
        "display({'text/html': name}, raw=True)",
        "class A:\n    def _repr_html_(self):\n        return self.name",
    ],
)
def test_what_could_is_seen(text: str) -> None:
    assert list(faults(ast.parse(text)))


@pytest.mark.parametrize(
    "text",
    ["from ipywidgets import HTML", "from IPython.display import Markdown", "import ipywidgets\nipywidgets.HTML('')"],
)
def test_ruff_refuses_the_imports(text: str, tmp_path: Path) -> None:
    typed = [sys.executable, "-m", "ruff", "check", "--config", str(ROOT / "pyproject.toml"), "--select", "TID251", "-"]
    run = subprocess.run(typed, input=text, text=True, capture_output=True)
    assert run.returncode == 1
    assert "TID251" in run.stdout


def test_no_javascript_makes_markup_or_asks_for_anything() -> None:
    scripts = [*DRAWING.glob("*.js"), *TEMPLATES.rglob("*.js")]
    assert scripts
    for path in scripts:
        text = path.read_text("utf-8").replace(
            "http://www.w3.org/2000/svg", ""
        )  # the name of SVG, which nobody asks for
        for word in JAVASCRIPT:
            assert word not in text, f"{path.name}: {word}"


def test_no_style_sheet_or_template_asks_for_anything_elsewhere() -> None:
    for path in [*DRAWING.glob("*.css"), *TEMPLATES.rglob("*")]:
        if path.suffix in (".css", ".html", ".j2"):
            text = path.read_text("utf-8")
            assert not re.search(r"https?://|//cdn|@import", text), path.name
            assert "|safe" not in text.replace(" ", ""), path.name
