"""Who may import whom: reads every import of the package and says which one goes the wrong way.

The picture is in README.md ("The rooms"). A new module gets a floor here before it gets a line of code.
"""

import ast
from collections.abc import Iterator
from pathlib import Path

import pytest

PACKAGE = Path(__file__).resolve().parent.parent / "resilience"

# A module imports from lower floors only. On one floor nobody imports anybody, except inside a package and on floor 0.
FLOORS: dict[int, tuple[str, ...]] = {
    11: ("__init__", "__main__"),
    10: ("cli",),
    9: ("dashboard", "batch", "portfolio", "verify"),
    8: ("exports", "importers", "first_file"),
    7: ("charts", "page"),
    6: ("words",),
    5: ("decisions", "why", "first_answer", "reconcile", "closure", "prior"),
    4: ("projection", "exact"),
    3: (
        *("funding", "irregular", "workforce", "services", "accounts", "months", "policy", "costing", "social_value"),
        *(
            "climate",
            "explanation",
            "bids",
            "undocking",
            "hub",
            "volunteers",
            "opportunities",
            "programmes",
            "partnerships",
        ),
    ),
    2: ("scenario", "strategy", "counterparties", "rises", "structures", "pay", "sheets", "reorganisation", "cuts"),
    1: ("organisation_file", "scenario_file", "economy", "rows", "drawn"),
    0: (
        *("errors", "horizon", "distributions", "rates", "draws", "chance", "measures", "manifest", "reading"),
        *("compiled", "fields", "neutral", "variation", "organisation", "organisation_rules", "assumptions", "shipped"),
        *(
            "ranges",
            "terms",
            "tenders",
            "winning",
            "employment",
            "storylines",
            "elections",
            "processes",
            "assessment",
            "completed",
        ),
    ),
}
FLOOR_OF = {room: floor for floor, rooms in FLOORS.items() for room in rooms}

# Some rooms may use less than their floor allows: the independent engine shares no code with the simulator.
ONLY_THESE = {"exact": {"organisation", "scenario", "strategy", "horizon", "errors"}}

# A library outside the rooms named here is a fault.
LIBRARY_ROOMS = {
    "numba": {"months", "draws", "measures", "compiled"},
    "ipywidgets": {"dashboard"},
    "matplotlib": {"charts"},
    "plotly": {"charts"},
    "bokeh": {"charts"},
    "altair": {"charts"},
}

# Slow to import, so imported inside the function that needs them: `resilience --help` must answer at once.
NOT_AT_TOP = ("pandas", "pyarrow", "scipy.stats")

# Chance comes in by draws only, as named uniforms. A key that nobody can guess is no chance of the model.
OTHER_CHANCE = ("random", "secrets", "numpy.random")
KEYS = {"secrets": {"dashboard"}}

FORBIDDEN_NAMES = {"utils", "util", "helpers", "helper", "core", "base", "common", "manager"}


def begins_with(name: str, library: str) -> bool:
    return name == library or name.startswith(library + ".")


def dotted_name(path: Path, package: Path) -> list[str]:
    """['resilience', 'months', 'calendar'] for resilience/months/calendar.py; a package's __init__ is the package."""
    parts = ["resilience", *path.relative_to(package).with_suffix("").parts]
    return parts[:-1] if parts[-1] == "__init__" and len(parts) > 2 else parts


def imported_names(node: ast.AST, path: Path, package: Path) -> list[str]:
    """Full dotted names that one statement or call imports; `from a import b` gives a.b, as b may be a module."""
    if isinstance(node, ast.Import):
        return [alias.name for alias in node.names]
    if isinstance(node, ast.ImportFrom):
        origin = node.module or ""
        if node.level:
            folder = ["resilience", *path.relative_to(package).parent.parts]
            kept = folder[: len(folder) - (node.level - 1)]
            origin = ".".join([*kept, node.module] if node.module else kept)
        return [f"{origin}.{alias.name}" for alias in node.names]
    if isinstance(node, ast.Call) and node.args and isinstance(node.args[0], ast.Constant):
        called = node.func.attr if isinstance(node.func, ast.Attribute) else getattr(node.func, "id", "")
        if called in ("import_module", "__import__") and isinstance(node.args[0].value, str):
            return [node.args[0].value]
    return []


def statements_run_on_import(tree: ast.Module) -> Iterator[ast.AST]:
    """Every node outside function bodies and `if TYPE_CHECKING:`."""
    waiting: list[ast.AST] = list(tree.body)
    while waiting:
        node = waiting.pop()
        yield node
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.Lambda):
            continue
        if isinstance(node, ast.If) and ast.unparse(node.test) in ("TYPE_CHECKING", "typing.TYPE_CHECKING"):
            waiting.extend(node.orelse)
            continue
        waiting.extend(ast.iter_child_nodes(node))


def room_of_import(name: str, package: Path) -> str | None:
    """The room a dotted name belongs to; None for other libraries and for the version."""
    parts = name.split(".")
    if parts[0] != "resilience" or name == "resilience.__version__":
        return None
    if len(parts) == 1:
        return "__init__"
    stands = (package / f"{parts[1]}.py").exists() or (package / parts[1]).is_dir()
    return parts[1] if stands or parts[1] in FLOOR_OF else "__init__"


def faults_of_direction(room: str, target: str) -> str | None:
    if target == room:
        return None
    if room in ONLY_THESE and target not in ONLY_THESE[room]:
        return f"{room} may import only {', '.join(sorted(ONLY_THESE[room]))}, not {target}"
    here, there = FLOOR_OF[room], FLOOR_OF.get(target)
    if there is None or there < here or here == there == 0 or (room, target) == ("__main__", "__init__"):
        return None  # an unknown target is reported once, where its own file is read
    way = "upward" if there > here else "on the same floor"
    return f"{room} (floor {here}) imports {target} (floor {there}): {way}"


def faults_of_file(path: Path, package: Path) -> Iterator[str]:
    names = dotted_name(path, package)
    room = names[1]
    for name in FORBIDDEN_NAMES.intersection(names[1:]):
        yield f"{name} says nothing about what is inside; call it after what it does"
        return
    if room not in FLOOR_OF:
        yield f"{room} has no floor; give it one in FLOORS here ({Path(__file__).name}) and in the picture in README.md"
        return
    tree = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    on_import = set(map(id, statements_run_on_import(tree)))
    for node in ast.walk(tree):
        if isinstance(node, ast.Attribute) and ast.unparse(node) in ("np.random", "numpy.random"):
            yield f"line {node.lineno}: {ast.unparse(node)}; chance comes in by resilience.draws only"
        for name in imported_names(node, path, package):
            where = f"line {getattr(node, 'lineno', 0)}: "
            target = room_of_import(name, package)
            wrong_way = faults_of_direction(room, target) if target else None
            if wrong_way:
                yield where + wrong_way
            if any(begins_with(name, library) and room not in KEYS.get(library, ()) for library in OTHER_CHANCE):
                yield f"{where}{name}; chance comes in by resilience.draws only"
            if id(node) in on_import and any(begins_with(name, library) for library in NOT_AT_TOP):
                yield f"{where}{name} is imported with the module; import it inside the function that needs it"
            for library, rooms in LIBRARY_ROOMS.items():
                if begins_with(name, library) and room not in rooms:
                    yield f"{where}{library} belongs in {', '.join(sorted(rooms))}, not in {room}"


def imports_on_floor_0(package: Path) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for room in FLOORS[0]:
        for path in [package / f"{room}.py", *sorted((package / room).rglob("*.py"))]:
            if path.exists():
                tree = ast.parse(path.read_text(encoding="utf-8"))
                names = [name for node in ast.walk(tree) for name in imported_names(node, path, package)]
                targets = {room_of_import(name, package) for name in names} & set(FLOORS[0]) - {room}
                found[room] = found.get(room, set()) | targets
    return found


def faults_of_circles(package: Path) -> Iterator[str]:
    """Floor 0 may import floor 0, but never in a circle: take away what imports nothing left, until nothing goes."""
    left = imports_on_floor_0(package)
    while free := [room for room, targets in left.items() if not targets & left.keys()]:
        for room in free:
            del left[room]
    if left:
        yield f"floor 0 imports in a circle: {', '.join(sorted(left))}"


def faults(package: Path) -> list[str]:
    """Every fault of the package, one line each, with the file it is in."""
    found = [
        f"resilience/{path.relative_to(package).as_posix()}: {fault}"
        for path in sorted(package.rglob("*.py"))
        for fault in faults_of_file(path, package)
    ]
    return [*found, *faults_of_circles(package)]


def test_imports_go_downward_and_every_library_keeps_to_its_room() -> None:
    assert PACKAGE.is_dir()
    found = faults(PACKAGE)
    assert not found, "\n" + "\n".join(found)


def test_a_room_has_one_floor() -> None:
    assert len(FLOOR_OF) == sum(len(rooms) for rooms in FLOORS.values())


def write_package(folder: Path, files: dict[str, str]) -> Path:
    package = folder / "resilience"
    for name, text in {"__init__.py": "", **files}.items():
        path = package / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text, encoding="utf-8")
    return package


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("organisation.py", "from resilience.scenario import Scenario", "upward"),
        ("organisation.py", "def f():\n    from resilience import projection", "upward"),
        ("organisation.py", "from . import cli", "upward"),
        ("organisation.py", "import importlib\nimportlib.import_module('resilience.cli')", "upward"),
        ("organisation.py", "from resilience import read_organisation", "upward"),
        ("months/play.py", "from ..funding import cuts", "on the same floor"),
        ("months/play.py", "from resilience.projection import project", "upward"),
        ("strategy.py", "import resilience.scenario", "on the same floor"),
        ("exact.py", "from resilience.months import play", "may import only"),
        ("exact.py", "from resilience.measures import quantile", "may import only"),
        ("surprise.py", "", "has no floor"),
        ("surprise/__init__.py", "", "has no floor"),
        ("utils.py", "", "says nothing"),
        ("months/helpers.py", "", "says nothing"),
        ("funding.py", "from numba import njit", "numba belongs in"),
        ("charts.py", "import ipywidgets", "ipywidgets belongs in"),
        ("projection.py", "import pandas as pd", "imported with the module"),
        ("projection.py", "try:\n    from pandas import DataFrame\nexcept ImportError:\n    pass", "with the module"),
        ("measures.py", "from scipy import stats", "imported with the module"),
        ("economy.py", "import numpy as np\nx = np.random.default_rng(1)", "chance comes in"),
        ("economy.py", "from numpy import random", "chance comes in"),
        ("economy.py", "from random import Random", "chance comes in"),
        ("economy.py", "import secrets", "chance comes in"),
    ],
)
def test_a_fault_is_seen(tmp_path: Path, name: str, text: str, said: str) -> None:
    found = faults(write_package(tmp_path, {name: text}))
    assert len(found) == 1
    assert said in found[0]


def test_a_circle_on_floor_0_is_seen(tmp_path: Path) -> None:
    files = {"draws.py": "from resilience import rates", "rates.py": "from .draws import uniforms", "errors.py": ""}
    assert faults(write_package(tmp_path, files)) == ["floor 0 imports in a circle: draws, rates"]


def test_a_circle_through_a_package_on_floor_0_is_seen(tmp_path: Path) -> None:
    files = {"organisation/income.py": "from resilience import terms", "terms.py": "from .organisation import income"}
    assert faults(write_package(tmp_path, files)) == ["floor 0 imports in a circle: organisation, terms"]


def test_what_is_allowed_is_not_a_fault(tmp_path: Path) -> None:
    files = {
        "__init__.py": "from resilience.projection import project\n__version__ = '1'",
        "__main__.py": "from resilience.cli import main",
        "cli.py": "from resilience import __version__, projection\nfrom .exports.tables import write",
        "exports/tables.py": "def write():\n    import pandas\n    from pyarrow import parquet",
        "months/__init__.py": "from .play import play",
        "months/play.py": "import numba\nfrom . import calendar\nfrom .calendar import april\nfrom ..draws import f",
        "months/calendar.py": "",
        "draws.py": "import numpy as np\nfrom resilience.errors import InputError\nfrom numba import njit",
        "errors.py": "",
        "projection.py": (
            "from typing import TYPE_CHECKING\n"
            "from resilience.months import play\n"
            "from scipy.special import ndtri\n"
            "if TYPE_CHECKING:\n    import pandas as pd"
        ),
        "exact.py": "from fractions import Fraction\nfrom resilience.organisation import Organisation",
        "organisation.py": "from resilience.errors import InputError",
    }
    assert faults(write_package(tmp_path, files)) == []
