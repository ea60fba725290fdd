"""Limited readers of files that nobody has vouched for: a file is read, or refused with every reason.

Limits: 1 MB, 20 levels. TOML is UTF-8, with or without a byte-order mark. Why: tomllib accepts nan, inf and 1e400,
refuses a byte-order mark, takes seconds for a long dotted key and overflows the stack at some hundred brackets.
"""

from __future__ import annotations

import hashlib
import math
import os
import re
import stat
import tomllib
from collections.abc import Iterator
from io import BufferedReader
from pathlib import Path
from typing import Any

from resilience.errors import Fault, InputError, place

LARGEST_FILE = 1_000_000  # bytes
DEEPEST = 20  # levels of tables and lists, and dots in one key
LARGEST_WHOLE = 2**63 - 1
IN_POUNDS = "write amounts in pounds, such as 12500.50"


def read_toml(path: str | os.PathLike[str]) -> dict[str, Any]:
    """The tables of a TOML file, numbers finite, days as datetime.date. Raises InputError with every fault found."""
    file = os.fspath(path)
    with _opened(path) as stream:
        data = stream.read(LARGEST_FILE + 1)
    if len(data) > LARGEST_FILE:
        raise _refusal(file, "", "is larger than 1 MB", "split it, or remove what does not belong in it")
    text = _decoded(file, data)
    _refuse_depth(file, text)
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise _syntax(file, text, str(error)) from None
    except RecursionError:
        raise _refusal(file, "", "is nested too deeply", "use fewer tables within tables") from None
    except ValueError:  # whole numbers of more digits than Python converts
        raise _refusal(file, "", "holds a number that is far too long", IN_POUNDS) from None
    if faults := [Fault(file, place(keys), value, problem, fix) for keys, value, problem, fix in _unusable(tables)]:
        raise InputError(faults)
    return tables


def read_value(text: str, file: str, where: str) -> Any:
    """One value as TOML writes it, such as "{ low = 1, high = 2 }". Raises InputError."""
    refused = _refusal(file, where, "cannot be read", "write it like { low = 1000, high = 2000 } or [1, 2]")
    try:
        _refuse_depth(file, text)
        tables = tomllib.loads(f"value = {text}")
    except (InputError, ValueError, RecursionError):
        raise refused from None
    if set(tables) != {"value"} or next(_unusable(tables), None):
        raise refused
    return tables["value"]


def sha256_of(path: str | os.PathLike[str]) -> str:
    """SHA-256 of a file's bytes, 64 hexadecimal digits. Raises InputError if it cannot be read."""
    with _opened(path) as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest()


def _refusal(file: str, where: str, problem: str, fix: str) -> InputError:
    return InputError([Fault(file, where, None, problem, fix)])


def _opened(path: str | os.PathLike[str]) -> BufferedReader:
    """The file, open for reading: an ordinary file, not a folder, pipe or device."""
    file = os.fspath(path)
    try:
        kind = os.stat(path).st_mode
        if stat.S_ISDIR(kind):
            raise _refusal(file, "", "is a folder", "name the file in it")
        if not stat.S_ISREG(kind):
            raise _refusal(file, "", "is not an ordinary file", "name a file on disk")
        return Path(path).open("rb")
    except FileNotFoundError:
        raise _refusal(file, "", "does not exist", "check the name and the folder") from None
    except PermissionError:
        raise _refusal(file, "", "may not be read", "ask for permission to read it") from None
    except (OSError, ValueError) as error:  # ValueError: a NUL in the name
        reason = getattr(error, "strerror", None) or str(error)
        raise _refusal(file, "", f"cannot be read ({reason})", "check the name and the folder") from None


def _decoded(file: str, data: bytes) -> str:
    """The text, without a byte-order mark."""
    fix = 'save it again as "UTF-8"'
    if data.startswith((b"\xff\xfe", b"\xfe\xff")) or b"\0" in data[:4]:
        raise _refusal(file, "", "is in UTF-16 or UTF-32", fix)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line, byte = data.count(b"\n", 0, error.start) + 1, data[error.start]
        raise _refusal(file, f"line {line}", f"holds a byte (0x{byte:02x}) that is not UTF-8", fix) from None


# What can open, close or hide a level. Strings and comments are skipped whole; an unclosed string runs to the end of
# its line or file, where tomllib stops too. Possessive (*+), so no text makes it slow.
_TOKEN = re.compile(
    r'''(?P<string>"""(?:[^"\\]|\\.|"(?!""))*+(?:"{3,5}|\Z) | \'\'\'(?:[^']|'(?!''))*+(?:'{3,5}|\Z)
        | "(?:[^"\\\n]|\\[^\n])*+"? | '[^'\n]*+'?)
    | (?P<comment>\#[^\n]*+) | (?P<key>[\w \t+-]++) | (?P<dot>\.)
    | (?P<open>[\[{]) | (?P<close>[\]}]) | (?P<other>.)''',
    re.VERBOSE | re.DOTALL,
)


def _refuse_depth(file: str, text: str) -> None:
    """Refuse, before tomllib runs, a key of more than 20 dots or more than 20 brackets within each other."""
    dots = depth = 0
    for token in _TOKEN.finditer(text):
        match token.lastgroup:
            case "dot":
                dots += 1
            case "open":
                depth, dots = depth + 1, 0
            case "close":
                depth, dots = max(0, depth - 1), 0
            case "comment" | "other":
                dots = 0
        if dots > DEEPEST or depth > DEEPEST:
            line = text.count("\n", 0, token.start()) + 1
            what = "dots in one key" if dots > DEEPEST else "brackets within each other"
            raise _refusal(file, f"line {line}", f"has more than {DEEPEST} {what}", "use fewer tables within tables")


def _unusable(value: Any, keys: tuple[str | int, ...] = ()) -> Iterator[tuple[tuple[str | int, ...], Any, str, str]]:
    """(address, value, problem, fix) of numbers that are not finite or beyond 64 bits, and of what lies too deep."""
    if len(keys) > DEEPEST:
        yield keys, None, f"lies more than {DEEPEST} levels deep", "use fewer tables within tables"
    elif isinstance(value, dict):
        for key, inner in value.items():
            yield from _unusable(inner, (*keys, key))
    elif isinstance(value, list):
        for i, inner in enumerate(value):
            yield from _unusable(inner, (*keys, i))
    elif isinstance(value, float) and not math.isfinite(value):
        yield keys, value, "is not a finite number", "write the amount, or leave the line out"
    elif isinstance(value, int) and abs(value) > LARGEST_WHOLE:
        # in hexadecimal, as Python refuses to print a very long decimal
        yield keys, f"{value:#x}", "is too large a number", IN_POUNDS


_WHERE = re.compile(r" \(at line (\d+), column (\d+)\)$| \(at end of document\)$")
UNCLOSED = "close the bracket or quote that is still open"
# Fixes, the first that fits: by words of tomllib's message, else by the slip that shows in the line.
_TOLD = [
    ("overwrite|twice|mutate|uplicate", "this name stands twice; keep one of them"),
    ("Invalid date", "no such day in the calendar; correct it"),
    (r"Illegal character '\\n'", UNCLOSED),
]
_SLIPS = [
    (r"[“”„‘’](?!s\b)", "use straight quotes, not curly ones"),
    (r"=\s*[-+]?£", "write amounts without the pound sign: 12500.50"),
    (r"=\s*[-+]?\d{1,3}(,\d{3})+", "write amounts without commas: 12500 or 12_500"),
    (r"=\s*[-+]?[\d.]+\s*%", "write a share without the percent sign: 0.70 for 70 %"),
    (r"=\s*\d{1,2}/\d{1,2}/\d{2,4}", "write a day as year-month-day: 2026-04-06"),
    (r"=\s*\d{4}-\d{1,2}\s*(#|$)", 'put a month in quotes: "2026-04"'),
    (r"=\s*(True|False|TRUE|FALSE|Yes|No|yes|no)\b", "write true or false, in small letters"),
    (r'"[^"]*\\', "put a text with backslashes in single quotes"),
    (r"=\s*0\d", "write numbers without leading zeros, or put them in quotes"),
    (r"=\s*[A-Za-z]", "put text in quotes"),
    (r"^\s*[\w-]+[ \t]+[\w-][^=]*=", "write names without spaces, or put the name in quotes"),
    (r"^[^=]*$", "write name = value, or a heading in square brackets"),
]


def _syntax(file: str, text: str, message: str) -> InputError:
    """tomllib's message with its line and column, and the fix that the line itself suggests."""
    found = _WHERE.search(message)
    problem = _WHERE.sub("", message)
    problem = f"cannot be read as TOML ({problem[:1].lower()}{problem[1:]})"
    where, line = "end of file", ""
    if found and found[1]:
        where = f"line {found[1]}, column {found[2]}"
        line = text.replace("\r\n", "\n").split("\n")[int(found[1]) - 1][:500]
    fixes = [fix for words, fix in _TOLD if re.search(words, message)]
    fixes += [fix for slip, fix in _SLIPS if line and re.search(slip, line)]
    fixes += ["look for a missing quote, bracket or comma here or on the line before" if line else UNCLOSED]
    return _refusal(file, where, problem, fixes[0])
