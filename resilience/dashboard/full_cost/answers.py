"""What the page of full cost recovery asks of the model: plain values in, plain values out.

What is asked: `base`, the tables of an organisation that a viewer has brought (None: the file's), `edits`, what was typed by place, and
the terms of a price: `dock`, `term`, `margin`, `uplift`. A figure that cannot be read makes no sums: its fault is told instead.
"""

from __future__ import annotations

import base64
import json
import tempfile
from collections.abc import Callable, Mapping, Sequence
from fractions import Fraction
from pathlib import Path
from typing import Any

from resilience.costing.compared import Spread, UnderRules, compare
from resilience.costing.costed import told, worked
from resilience.costing.items import docks_at_work
from resilience.costing.price import Price, price
from resilience.costing.ranges import ranged
from resilience.costing.rules import names, rule_sets
from resilience.dashboard.full_cost import grid
from resilience.errors import Fault, InputError
from resilience.manifest import inputs
from resilience.organisation import Organisation
from resilience.organisation_file import copied, organisation_from, read_organisation
from resilience.page.costed import manifest
from resilience.words import costing as words
from resilience.words.numbers import money, sentence

LARGEST_TABLES = 500_000  # characters of the tables of a workbook: a question to the model holds a million bytes
SAID = {"part": "is added", "total": "comes to", "income": "is paid now", "gap": "lies between"}
Faults = dict[str, str]


class Costs:
    """Answers about the full cost of one organisation, or of those that viewers bring."""

    def __init__(self, organisation: str) -> None:
        self.organisation = read_organisation(organisation)
        self._read_as = self._hash()

    def answer(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The grid with the figures of the file, faults by place, and, where there is none, everything that it comes to.

        `grid` and `standing` are the same in most answers, and then not sent again.
        """
        before = self._base(asked)
        cells = _cells(grid.grid(before))
        now, faults, others, changed = _edited(before, asked["edits"], cells)
        # What an edit makes of the grid, such as the cells of another driver, is shown although other cells are wrong.
        sections = grid.grid(now)
        for where, cell in _cells(sections).items():
            cell["shown"] = cells[where]["shown"] if where in cells else ""
        terms, wrong = _terms(asked)
        dock = asked["dock"] if asked["dock"] in now.docks else _first(now)
        results = None
        if not faults | wrong and not others:
            try:
                results = _results(now, dock, terms)
                results["manifest"] += _changed(changed, asked.get("base") is not None)
            except InputError as error:
                faults, others = _told(error, asked["edits"])
        standing = results.pop("standing") if results else {}
        docks = [[name, words.spaced(name)] for name in sorted(now.docks)]
        return {
            "grid": {"title": before.name, "sections": sections, "docks": docks},
            "standing": standing,
            "dock": dock,
            "faults": faults | wrong,
            "others": others,
            "results": results,
        }

    def working(self, asked: Mapping[str, Any]) -> str:
        """The working as a workbook with live formulas, base64. Raises InputError."""
        from resilience.exports.cost_workbook import write_workbook

        return _file(lambda part: write_workbook(part, worked(self._edited(asked))))

    def organisation_workbook(self, asked: Mapping[str, Any]) -> str:
        """The organisation as it stands as a workbook to fill in, base64. Raises InputError."""
        from resilience.exports.workbook import write_workbook

        return _file(lambda part: write_workbook(part, self._edited(asked).raw))

    def organisation_file(self, asked: Mapping[str, Any]) -> str:
        """The organisation as it stands as a file, base64. Raises InputError."""
        from resilience.exports.toml import organisation_toml

        return base64.b64encode(organisation_toml(self._edited(asked).raw).encode()).decode()

    def brought(self, asked: Mapping[str, Any]) -> dict[str, Any]:
        """The tables of a workbook that a viewer has brought, or its faults: where, what stands there, what is wrong, what to type."""
        from resilience.importers import read_workbook

        data, remarks = base64.b64decode(str(asked["data"])), list[str]()
        with tempfile.TemporaryDirectory(prefix="resilience-") as folder:
            file = Path(folder) / "workbook.xlsx"
            file.touch(0o600)
            file.write_bytes(data)
            try:
                raw = read_workbook(file, lambda said: remarks.append(said.removeprefix(f"{file}: ")))
                worked(organisation_from(raw, "workbook"))
            except InputError as error:
                rows = [
                    [f.place, "" if f.value_text is None else str(f.value_text)[:80], f.problem, f.fix]
                    for f in error.faults[:100]
                ]
                return {"raw": None, "faults": rows, "remarks": remarks}
        held = _plain(raw)
        if len(json.dumps(held)) > LARGEST_TABLES:
            rows = [
                ["", "", "holds more than this page can carry", "shorten its notes, or use `resilience workbook read`"]
            ]
            return {"raw": None, "faults": rows, "remarks": remarks}
        return {"raw": held, "faults": [], "remarks": remarks}

    def _hash(self) -> str:
        """SHA-256 of the organisation's file as it stands now."""
        return inputs({"organisation": (self.organisation.file, self.organisation.raw)})[0]["sha256"]

    def _base(self, asked: Mapping[str, Any]) -> Organisation:
        """What a viewer starts from. Raises InputError where the file is no longer the one that was read."""
        given = asked.get("base")
        if given is not None:
            return organisation_from(given, "workbook")
        if self._hash() != self._read_as:
            fix = "start `resilience dashboard` anew; what was typed can be saved as a file before"
            raise InputError(
                [Fault(self.organisation.file, "", None, "has been changed since this page was opened", fix)]
            )
        return self.organisation

    def _edited(self, asked: Mapping[str, Any]) -> Organisation:
        """The organisation as it stands. Raises InputError where a cell cannot be read."""
        base, faults = self._base(asked), dict[str, str]()
        raw = copied(base.raw)
        for where, value in _read(asked["edits"], _cells(grid.grid(base)), faults).items():
            grid.put(raw, where, value)
        if faults:
            raise InputError([Fault("", where, None, said, "") for where, said in faults.items()])
        return organisation_from(raw, base.file)


def _cells(sections: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    return {cell["place"]: cell for one in sections for row in one["rows"] for cell in row["cells"] if cell["place"]}


def _read(edits: Mapping[str, str], cells: Mapping[str, dict[str, Any]], faults: Faults) -> dict[str, Any]:
    """Values by place; what cannot be read goes to the faults. A cell that a driver has opened meanwhile is told by its place."""
    found: dict[str, Any] = {}
    for where, text in edits.items():
        cell = cells.get(where)
        kind = cell["kind"] if cell else grid.kind_of(where)
        if kind is None:
            continue
        try:
            value = grid.read(kind, text, tuple(cell["choices"]) if cell else ())
            if cell is None or value != grid.read(kind, cell["shown"], tuple(cell["choices"])):
                found[where] = value
        except ValueError as fault:
            faults[where] = f"{fault}."
    return found


def _edited(
    base: Organisation, edits: Mapping[str, str], cells: Mapping[str, dict[str, Any]]
) -> tuple[Organisation, Faults, list[str], int]:
    """(the organisation with those edits that can be taken, faults by place, faults of no cell, how many figures are not the file's)."""
    faults: Faults = {}
    values, raw = _read(edits, cells, faults), copied(base.raw)
    for where, value in values.items():
        grid.put(raw, where, value)
    try:
        return organisation_from(raw, base.file), faults, [], len(values)
    except InputError as error:
        more, others = _told(error, edits)
    faults |= more
    raw = copied(base.raw)
    for where, value in values.items():
        if where not in faults:
            grid.put(raw, where, value)
    try:
        return organisation_from(raw, base.file), faults, others, len(values)
    except InputError:
        return base, faults, others, 0


def _told(error: InputError, edits: Mapping[str, str]) -> tuple[Faults, list[str]]:
    """Faults by the edited cell that they are of, or that lies within what they are of; the others in sentences."""
    faults, others = dict[str, str](), list[str]()
    for fault in error.faults:
        said = f"{'' if fault.value_text is None else f'{fault.value_text} '}{fault.problem}; {fault.fix}."
        of = [one for one in edits if one == fault.place or one.startswith(f"{fault.place}.")]
        if of:
            faults |= dict.fromkeys(of, said)
        else:
            others.append(f"{fault.place}: {said}")
    return faults, others


def _terms(asked: Mapping[str, Any]) -> tuple[dict[str, Any], Faults]:
    """Term, margin and uplift of the price, read; faults by "price.term" and so on."""
    found: dict[str, Any] = {}
    faults: Faults = {}
    limits: dict[str, tuple[Any, float, float, str]] = {
        "term": ("whole", 1, 240, "write months, 1 to 240"),
        "margin": ("share", 0, 1, "write it like 5 %"),
        "uplift": ("share", -0.5, 1, "write it like 3 %, or leave it empty: as its terms say"),
    }
    for name, (kind, low, high, fix) in limits.items():
        text = str(asked.get(name, ""))[:40]
        try:
            value = grid.read(kind, text)
            if value is not None and not (low <= float(value) <= high and (kind != "whole" or isinstance(value, int))):
                raise ValueError(f'"{text}" is out of reach; {fix}')
            found[name] = value
        except ValueError as fault:
            faults[f"price.{name}"] = f"{fault}."
    return found, faults


def _changed(n: int, brought: bool) -> str:
    """What stands between the files of the manifest and the figures."""
    said = ["a workbook that was brought"] * brought + [f"{n} figure{'s' if n > 1 else ''} changed on the page"] * (
        n > 0
    )
    return f"; {', '.join(said)}" if said else ""


def _first(organisation: Organisation) -> str:
    """The dock that is shown first: of those at work the first."""
    return next(iter([*sorted(docks_at_work(organisation)), *sorted(organisation.docks)]), "")


def _results(now: Organisation, dock: str, terms: Mapping[str, Any]) -> dict[str, Any]:
    also = [dock] if dock and dock not in docks_at_work(now) else []
    working = worked(now, also)
    found, (rules, spreads) = told(working), compare(working, rule_sets(names()))
    margin, uplift = (None if terms[x] is None else Fraction(str(terms[x])) for x in ("margin", "uplift"))
    at = price(now, dock, terms["term"], margin or Fraction(0), uplift) if dock else None
    return {
        "status": words.in_all(found),
        "said": words.whole(found) + words.asked(found) + words.ranges(ranged(now, also)),
        "docks": _table("What each dock costs a year, in full, and what funds it", words.by_dock(found)),
        "working": [[one.name, words.spaced(one.name), _workings(found, one.name)] for one in found.docks],
        "units": _table("What a unit costs", words.units(found)),
        "rules": _rules(rules, spreads, dock) if dock else None,
        "price": None if at is None else _price(at),
        "manifest": manifest(found.manifest),
        "standing": {"basis": words.basis(found), "rules": words.RULES, "sources": words.sources(rules)},
    }


def _table(caption: str, rows: list[list[str]]) -> dict[str, Any]:
    return {"caption": caption, "head": rows[0], "rows": rows[1:]}


def _workings(found: Any, dock: str) -> list[list[Any]]:
    return [[title, rows] for title, rows in words.explained(found, dock)]


def _rules(under: Sequence[UnderRules], spreads: Sequence[Spread], dock: str) -> dict[str, Any]:
    rows = words.under_rules(under, dock)
    return {
        "table": _table(
            f"{words.spaced(dock)} under the rules of funders, a year", [["rules", *rows[0][1:]], *rows[1:]]
        ),
        "said": [words.spread(one) for one in spreads if one.dock == dock],
    }


def _price(at: Price) -> dict[str, Any]:
    """Sentences, years, and the steps from direct cost to price, pounds over the term."""
    rows = [[name, money(to - start), SAID[kind]] for name, start, to, kind in _steps(at)]
    so_far = f"Direct cost {money(at.direct)}, with the share of the hub {money(at.direct + at.overhead)}"
    return {
        "said": words.price(at),
        "years": _table("The price and the full cost, year by year", words.price_years(at)),
        "chart": {
            "title": f"From direct cost to price: {words.spaced(at.dock)}, {at.months} months",
            "subtitle": "Pounds over the term; income as it stands, without its rises",
            "alt": f"{so_far}, to recover {money(at.to_recover)}.",
            "steps": [[name, start, to, kind, money(to - start)] for name, start, to, kind in _steps(at)],
            "table": {"caption": "from direct cost to price", "head": ["", "over the term", "and"], "rows": rows},
        },
    }


def _steps(at: Price) -> list[tuple[str, float, float, str]]:
    """(what it is, from, to, kind) of each bar: parts stand on what is below them."""
    found, level = list[tuple[str, float, float, str]](), 0.0
    parts = [("Direct cost", at.direct), ("Share of the hub", at.overhead)]
    for name, pounds in (*parts, *((sentence(words.spaced(x.name))[:-1], x.pounds) for x in at.one_off)):
        found.append((name, level, level + pounds, "part"))
        level += pounds
    found.append(("Full cost", 0.0, at.full, "total"))
    if at.to_recover != at.full:
        found += [("Margin", at.full, at.to_recover, "part"), ("To recover", 0.0, at.to_recover, "total")]
    if at.now:
        now = at.now * at.months / 12
        name = "Gap" if now < at.to_recover else "Left over"
        low, high = sorted((now, at.to_recover))
        found += [("Income as it stands", 0.0, now, "income"), (name, low, high, "gap")]
    return found


def _file(write: Callable[[Path], None]) -> str:
    with tempfile.TemporaryDirectory(prefix="resilience-") as folder:
        file = Path(folder) / "file.xlsx"
        write(file)
        return base64.b64encode(file.read_bytes()).decode()


def _plain(tables: Any) -> Any:
    """Tables as JSON carries them: days as text."""
    if isinstance(tables, dict):
        return {key: _plain(one) for key, one in tables.items()}
    if isinstance(tables, list):
        return [_plain(one) for one in tables]
    return tables if tables is None or isinstance(tables, str | int | float) else str(tables)


def verbs(organisation: str) -> dict[str, Callable[[Any], Any]]:
    """What the model answers for this page, by name."""
    costs = Costs(organisation)
    return {
        "cost": costs.answer,
        "cost working": costs.working,
        "cost workbook": costs.organisation_workbook,
        "cost file": costs.organisation_file,
        "cost brought": costs.brought,
    }
