"""The whole answer of `resilience project`, in the order in which it is read."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING, Any

from resilience import words
from resilience.horizon import NAMES
from resilience.page.chart import FANCY, PLAIN, chart
from resilience.page.first import sections
from resilience.page.layout import WIDTH, paragraphs, section, to_ascii, wrapped
from resilience.page.register import assumed
from resilience.page.table import table
from resilience.reconcile import reconcile

if TYPE_CHECKING:
    from resilience.projection import Projection


def page(
    projection: Projection,
    first: Callable[[], Any],
    why: Callable[[], Any],
    drivers: Callable[[], Any],
    *,
    alone: Callable[[], Any] = list,
    more_cash: Callable[[], Any] = lambda: None,
    every_assumption: bool = False,
    ascii_only: bool = False,
) -> Iterator[str]:
    """The whole answer, part by part, in the order in which it is read; what needs replays is asked for last.

    ascii_only: for a terminal that shows nothing else.
    """
    for part in _parts(
        projection, first, why, drivers, alone, more_cash, every_assumption, PLAIN if ascii_only else FANCY
    ):
        if part:
            yield to_ascii(part) if ascii_only else part


def _parts(
    projection: Projection,
    first: Callable[[], Any],
    why: Callable[[], Any],
    drivers: Callable[[], Any],
    alone: Callable[[], Any],
    more_cash: Callable[[], Any],
    every: bool,
    marks: dict[str, str],
) -> Iterator[str]:
    yield _title(projection)
    yield section("To look at first", [*_unreconciled(projection), *projection.organisation.warnings])
    yield paragraphs([*words.headline(projection), *words.risks(projection)])
    yield paragraphs(words.limits(projection)) if projection.manifest["chance"] else ""
    yield from sections(projection, first())
    yield section("What the work is worth to society", words.worth(projection))
    yield section(f"Year by year, at the end of {NAMES[projection.organisation.year_end - 1]}", table(projection))
    yield paragraphs(words.mission(projection))
    yield section(*chart(projection, marks))
    yield section("Policy programmes", words.programmes(projection))
    yield section("Why", words.why(projection, why()))
    yield section("What this rests on most", [*words.drivers(projection, drivers()), *words.alone(alone())])
    richer = more_cash()
    yield section("More cash, and worse", [words.more_cash(richer)] if richer and richer.seen else [])
    yield assumed(projection, every)
    yield paragraphs([words.basis(projection.pounds)])
    yield paragraphs([words.manifest(projection.manifest)])


def _unreconciled(projection: Projection) -> list[str]:
    """What does not add up to last year, of the file as it stands."""
    if projection.manifest["overlays"]:
        return []
    return [words.alarm(line) for line in reconcile(projection.organisation) if line.noticed]


def _title(projection: Projection) -> str:
    first, last = (words.month(projection.months[i]) for i in (0, -1))
    name = f"{projection.organisation.name}: {first} to {last}"
    said = [words.UNDER.format(**words.under(projection)), words.in_pounds_of(projection.pounds)]
    return "\n".join([wrapped(name), "=" * min(WIDTH, len(name)), *(wrapped(line) for line in said if line)])
