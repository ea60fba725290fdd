"""The questions of the first file: asked in a terminal, or answered by flags."""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from typing import Any, TypeVar

from resilience.assumptions import default_of
from resilience.errors import Fault, InputError, did_you_mean
from resilience.first_file.answers import (
    KINDS,
    NATIONS,
    UNKNOWN,
    calendar_month,
    chance,
    month_name,
    number,
    one_of,
    pounds,
    signed,
    whole,
)
from resilience.first_file.figures import Figures, Funder, Team
from resilience.horizon import parse_month

BIGGEST = 5  # funders that are asked for one by one
REST = "other income"
T = TypeVar("T")
Given = Mapping[str, Any]


class Asker:
    """Asks until the answer can be read. given: answers by flag; listen: shows a question and returns the answer."""

    def __init__(self, given: Given, listen: Callable[[str], str], say: Callable[[str], None]) -> None:
        self.given, self.listen, self.say = given, listen, say

    def ask(self, flag: str, question: str, read: Callable[[str], T], default: str | None = None) -> T:
        """The answer; nothing typed means the default, shown in square brackets. Raises InputError for a bad flag."""
        if isinstance(value := self.given.get(flag), str):
            return of_flag(f"--{flag.replace('_', '-')}", value, read)
        while True:
            try:
                text = self.listen(f"{question}{f' [{default}]' if default else ''}: ").strip()
            except EOFError:
                self.say("")
                if default is not None:
                    return read(default)
                raise InputError(
                    [
                        Fault(
                            f"--{flag.replace('_', '-')}", "", None, f"is not answered: {question}", "give it as a flag"
                        )
                    ]
                ) from None
            if not text and default is None:
                self.say("  This one is needed.")
                continue
            try:
                return read(text or str(default))
            except ValueError as fault:
                self.say(f"  {fault}")


def of_flag(flag: str, text: str, read: Callable[[str], T]) -> T:
    """A flag's value, read. Raises InputError."""
    try:
        return read(text)
    except ValueError as fault:
        problem, _, fix = str(fault).rpartition("; ") if "; " in str(fault) else ("cannot be read", "", str(fault))
        raise InputError([Fault(flag, "", text, problem, fix)]) from None


def optional(read: Callable[[str], T]) -> Callable[[str], T | None]:
    """The same, where nothing, "no" or "none" is an answer."""
    return lambda text: None if text.strip().casefold() in ("", "no", "none", "-") else read(text)


def figures(asker: Asker, name: str) -> Figures:
    """Every question, in the order in which the figures come to hand."""
    ask = asker.ask
    called = ask("called", "What is the organisation called?", _text, name.replace("_", " ").replace("-", " ").title())
    first = ask(
        "first_month", "First month to play, such as 2026-04 (balances are those of the day before)", calendar_month
    )
    nation = ask("nation", "England, Wales, Scotland or Northern Ireland?", one_of(NATIONS), "England")
    year_end = ask("year_end", "Last month of the financial year", month_name, "March")
    income = ask("last_income", "Last year's income, to check against (nothing if not at hand)", optional(pounds), "")
    spending = ask("last_spending", "Last year's spending", optional(pounds), "")
    bank = ask("bank", "In the bank, all of it, in pounds", signed)
    restricted = ask("restricted", "of which restricted to a purpose", pounds, "0")
    owed = ask("owed", "Owed to you, arriving in the first month", pounds, "0")
    reserves = ask("reserves", "Reserves policy: months of spending", number, "3")
    funders = _funders(asker, first, restricted)
    teams = _teams(asker, funders)
    asker.say("The centre: management, finance, premises; what stays whatever funding goes.")
    hub = _team(asker, "centre", "hub_", [])
    costs = ask("hub_costs", "All other costs of the organisation, a year", pounds, "0")
    asker.say("Three big questions.")
    pension = ask(
        "pension",
        "Is there a final-salary pension scheme? no, the exit debt in pounds, or don't know",
        optional(_exit_debt),
        "no",
    )
    until = ask(
        "lease_until",
        "Lease of your premises: its last month or break, such as 2028-03 (nothing if none)",
        optional(_not_before(first)),
        "",
    )
    rent = ask("lease_yearly", "its rent a year", pounds) if until else None
    building = ask("building", "Do you own a building? no, or its value in the books", optional(pounds), "no")
    return Figures(
        called,
        first,
        bank,
        funders,
        teams,
        hub,
        costs,
        nation,
        year_end,
        income,
        spending,
        restricted,
        owed,
        reserves,
        pension,
        until,
        rent,
        building,
    )


def _text(text: str) -> str:
    if not text.strip():
        raise ValueError("write a name")
    return text.strip()


def _exit_debt(text: str) -> float | str:
    if text.strip().casefold().replace("’", "'") in ("don't know", "dont know", "?", "yes"):
        return UNKNOWN
    return signed(text)


def _not_before(first: str) -> Callable[[str], str]:
    def read(text: str) -> str:
        month = calendar_month(text)
        if parse_month(month) < parse_month(first):
            raise ValueError(f"{month} is before the first month, {first}; write a later one")
        return month

    return read


# ---- funders


def _funders(asker: Asker, first: str, restricted: float) -> list[Funder]:
    if asker.given.get("funder"):
        found = _unique([_funder_of(text, first) for text in asker.given["funder"]], "--funder")
        unspent = sum(one.unspent for one in found)
        if unspent and unspent != restricted:
            fix = "make them the same: what each funder has left unspent is what is restricted"
            raise InputError([Fault("--restricted", "", f"{restricted:g}", f"is not the {unspent:g} unspent", fix)])
        given = asker.given.get("other_income")
        rest = of_flag("--other-income", given, pounds) if isinstance(given, str) else 0
        return [*found, *([Funder(REST, "giving", rest)] if rest else [])]
    asker.say(f"Who funds you? The {BIGGEST} biggest, one by one; nothing when there are no more.")
    asker.say("Kinds: " + ", ".join(f"{i} {kind}" for i, kind in enumerate(KINDS, 1)))
    found = []
    while len(found) < BIGGEST:
        name = asker.ask("funder", f"Funder {len(found) + 1}, its name", _another([one.name for one in found]), "")
        if not name:
            break
        found.append(_funder(asker, name, first, restricted - sum(one.unspent for one in found)))
    rest = asker.ask("other_income", "All other income together, a year", pounds, "0")
    return [*found, *([Funder(REST, "giving", rest)] if rest else [])]


def _funder(asker: Asker, name: str, first: str, left: float) -> Funder:
    ask = asker.ask
    one = Funder(name, ask("", "  kind of payer", one_of(KINDS)), ask("", "  pounds a year", pounds))
    one.until = ask(
        "", "  last month of the award, such as 2028-03 (nothing if it has no end)", optional(_not_before(first)), ""
    )
    if one.until:
        one.renewal = ask("", "  will it be renewed? n in 10, or don't know", chance, UNKNOWN)
    else:
        one.cut = ask("", "  will it be cut within a year? n in 10, or don't know", chance, UNKNOWN)
    if left > 0 and default_of(one.kind, "form") == "grant":
        one.unspent = ask("", f"  of the £{left:,.0f} of restricted money, how much is theirs?", _at_most(left), "0")
    return one


def _funder_of(text: str, first: str) -> Funder:
    """ "name=City Council, kind=local authority, yearly=120000, until=2028-03, renewal=7 in 10"."""
    readers = {
        "name": _text,
        "kind": one_of(KINDS),
        "yearly": pounds,
        "until": optional(_not_before(first)),
        "renewal": chance,
        "cut": chance,
        "unspent": pounds,
    }
    return Funder(**_fields("--funder", text, readers, ("name", "kind", "yearly")))


# ---- teams


def _teams(asker: Asker, funders: Sequence[Funder]) -> list[Team]:
    names = [one.name for one in funders]
    if asker.given.get("team"):
        return _unique([_team_of(text, names) for text in asker.given["team"]], "--team")
    asker.say("Which teams deliver the work? One by one; nothing when there are no more.")
    asker.say("Funders: " + ", ".join(f"{i} {name}" for i, name in enumerate(names, 1)))
    found: list[Team] = []
    while name := asker.ask("team", f"Team {len(found) + 1}, its name", _another([one.name for one in found]), ""):
        found.append(_team(asker, name, "", names))
    return found


def _team(asker: Asker, name: str, flags: str, funders: list[str]) -> Team:
    """People, pay bill, service, and, for a team, who pays."""
    ask = asker.ask
    key = lambda word: f"{flags}{word}" if flags else ""  # noqa: E731
    heads = ask(key("people"), "  people", whole, "0" if flags else None)
    if not heads:
        return Team(name, 0, 0, 0)
    full_time = ask(key("full_time"), "  as full-time equivalents", number, str(heads))
    pay = ask(key("pay"), "  their pay together, a year, without employer's NIC and pension", pounds)
    service = ask(key("service"), "  average whole years with you", whole, "3")
    paid_by = (
        ask("", "  who pays? names or numbers, with commas (nothing if nobody in particular)", _some_of(funders), "")
        if funders
        else []
    )
    return Team(name, heads, pay, service, paid_by, full_time)


def _team_of(text: str, funders: list[str]) -> Team:
    """ "name=Advice, people=3, pay_bill=84000, funded_by=City Council, service=4"; several funders with a +."""
    readers = {
        "name": _text,
        "people": whole,
        "pay_bill": pounds,
        "service": whole,
        "funded_by": _some_of(funders),
        "full_time": number,
    }
    return Team(**_fields("--team", text, readers, ("name", "people", "pay_bill", "service")))


def _fields(flag: str, text: str, readers: Mapping[str, Callable[[str], Any]], needed: Sequence[str]) -> dict[str, Any]:
    """The parts of "key=value, key=value", read. Raises InputError with every fault."""
    found: dict[str, Any] = {}
    faults: list[Fault] = []
    for part in re.split(r",\s*(?=\w+\s*=)", text):
        key, _, value = (piece.strip() for piece in part.partition("="))
        if key not in readers:
            faults.append(
                Fault(flag, "", key, "is not a part of it", did_you_mean(key, readers) or f"write {', '.join(readers)}")
            )
            continue
        try:
            found[key] = of_flag(f"{flag} {key}", value, readers[key])
        except InputError as error:
            faults += error.faults
    faults += [
        Fault(flag, "", text, f"has no {key}", f"add {key}=…")
        for key in needed
        if key not in found and f"{key}=" not in text
    ]
    if faults:
        raise InputError(faults)
    return found


def _some_of(names: Sequence[str]) -> Callable[[str], list[str]]:
    """Some of the funders, by name or number, with commas or a +."""

    def chosen(text: str) -> list[str]:
        return list(dict.fromkeys(one_of(tuple(names))(part) for part in re.split(r"[,+]", text) if part.strip()))

    return chosen


def _another(taken: Sequence[str]) -> Callable[[str], str]:
    def read(text: str) -> str:
        if text.strip().casefold() in map(str.casefold, taken):
            raise ValueError("is there already; write another name")
        return text.strip()

    return read


def _at_most(most: float) -> Callable[[str], float]:
    def read(text: str) -> float:
        found = pounds(text)
        if found > most:
            raise ValueError(f"is more than the £{most:,.0f} that is left; write less")
        return found

    return read


def _unique(found: list[Any], flag: str) -> list[Any]:
    """Refuses two of one name."""
    names = [one.name for one in found]
    if twice := sorted({name for name in names if names.count(name) > 1}):
        raise InputError([Fault(flag, "", name, "is there twice", "give each its own name") for name in twice])
    return found
