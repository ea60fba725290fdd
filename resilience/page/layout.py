"""Lines of 80 columns: wrapped sentences, sections, columns; and ASCII for terminals that show nothing else."""

from __future__ import annotations

import textwrap
from collections.abc import Iterable, Sequence

WIDTH = 80
TO_ASCII = str.maketrans(
    {"£": "GBP ", "−": "-", "–": "-", "—": "-", "±": "+/-", "×": "x", "’": "'", "…": "...", "÷": "/", "≤": "<="}
)


def to_ascii(text: str) -> str:
    """Text for a terminal that shows ASCII only: GBP for the pound sign, a hyphen for the minus."""
    return text.translate(TO_ASCII).encode("ascii", "replace").decode("ascii")


def wrapped(text: str, margin: str = "") -> str:
    """A sentence in lines of at most 80 columns; what stands in front of it is kept in front of its later lines too."""
    lead = text[: len(text) - len(text.lstrip())]
    return textwrap.fill(
        text.strip(),
        WIDTH,
        initial_indent=margin + lead,
        subsequent_indent=margin + lead + ("  " if lead else ""),
        break_on_hyphens=False,
    )


def paragraphs(sentences: Iterable[str]) -> str:
    return "\n".join(map(wrapped, sentences))


def section(title: str, lines: Iterable[str]) -> str:
    held = [line if len(line) <= WIDTH else wrapped(line) for block in lines for line in block.split("\n")]
    return "\n".join([title, "-" * min(WIDTH, len(title)), *held]) if held else ""


def columns(rows: Sequence[Sequence[str]], widest: int = 30) -> list[str]:
    """Rows as lines: the first column to the left, broken where wider than `widest`; the others to the right."""
    split = [(textwrap.wrap(row[0], widest) or [""], list(row[1:])) for row in rows]
    whole = [
        [part, *(rest if last else [""] * len(rest))]
        for parts, rest in split
        for i, part in enumerate(parts)
        for last in [i == len(parts) - 1]
    ]
    widths = [max(len(row[i]) for row in whole) for i in range(len(whole[0]))]
    lines = []
    for row in whole:
        cells = [
            cell.rjust(width) if i else cell.ljust(width)
            for i, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append("  ".join(cells).rstrip())
    return lines
