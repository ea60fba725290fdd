"""One organisation of a portfolio, played: what became of each future, small enough to be sent from one process to another."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass

import numpy as np

from resilience import processes
from resilience.assumptions import default_of
from resilience.counterparties import named_payers
from resilience.errors import InputError
from resilience.organisation import Organisation
from resilience.organisation_file import read_organisation
from resilience.projection import project
from resilience.rows import CLOSED, INSOLVENT
from resilience.scenario import Scenario, read_scenarios, scenario_from
from resilience.strategy import read_strategy
from resilience.terms import expected_yearly
from resilience.variation import Variation

PUBLIC = "local authority"  # whose notice a payer that withdraws gives: statutory guidance speaks of it


@dataclass(frozen=True)
class Member:
    """An organisation under one set of scenarios; own: its name in the draws; without: a payer that withdraws from next April."""

    file: str
    own: str
    scenario: str
    strategy: str
    paths: int
    months: int
    seed: int
    without: str = ""


@dataclass(frozen=True)
class Fate:
    """What became of a member. failed: out of money or closed within the horizon, bool (paths,); unserved: people turned away on the mean.

    pays: pounds a year at the opening by payer that the file names. faults: why it could not be played.
    """

    member: Member
    name: str = ""
    area: str = ""
    kind: str = ""
    first_month: str = ""
    failed: np.ndarray | None = None
    served: float = 0.0
    unserved: float = 0.0
    pays: tuple[tuple[str, float], ...] = ()
    path: str = ""
    faults: tuple[str, ...] = ()


def play(member: Member) -> Fate:
    """Plays one member."""
    try:
        organisation = read_organisation(member.file)
        scenarios = read_scenarios([member.scenario])
        if member.without:
            scenarios = [*scenarios, withdrawal(member.without, organisation)]
        strategy, variation = read_strategy(member.strategy), Variation(own=member.own)
        n, months, seed = member.paths, member.months, member.seed
        played = project(
            organisation,
            scenarios,
            strategy,
            paths=n,
            months=months,
            seed=seed,
            measures=(),
            variation=variation,
            workers=1,
        )
    except InputError as error:
        return Fate(member, faults=tuple(map(str, error.faults)))
    ends = played.played.fates["end_kind"]
    pays = _pays(organisation)
    return Fate(
        member,
        organisation.name,
        organisation.area or "",
        organisation.kind or "",
        str(organisation.first_month),
        (ends == INSOLVENT) | (ends == CLOSED),
        float(played.played.served.mean()),
        float(played.played.turned_away.mean()),
        pays,
        organisation.file,
    )


def withdrawal(payer: str, organisation: Organisation) -> Scenario:
    """The scenario in which what a payer can end ends with next April, none of its awards is renewed, and no bid to it is won."""
    pays = any(one.payer == payer for one in organisation.streams.values())
    cut = {"streams": {"payer": payer}, "depth": 1, "from": "next April", "notice": default_of(PUBLIC, "notice")}
    lost = [{"what": "streams", "field": "renewal.chance"}, {"what": "bids", "field": "chance"}]
    changes = [{**one, "where": {"payer": payer}, "to": 0} for one in lost]
    said = {
        "name": f"{payer} withdraws",
        "why": "a portfolio asks what it would do",
        "source": "a question, no forecast",
    }
    return scenario_from(said | {"shocks": [cut] * pays, "changes": changes}, f"withdrawal of {payer}")


def _pays(organisation: Organisation) -> tuple[tuple[str, float], ...]:
    """Pounds a year at the opening by payer; nil of one to which there are bids alone."""
    named, found = named_payers(organisation), dict[str, float]()
    for one in organisation.streams.values():
        if one.payer in named:
            found[str(one.payer)] = found.get(str(one.payer), 0.0) + expected_yearly(one) / 100
    for bid in organisation.bids.values():
        if bid.payer in named:
            found.setdefault(str(bid.payer), 0.0)
    return tuple(sorted(found.items()))


def played(members: Sequence[Member], workers: int) -> Iterator[Fate]:
    """Fates in the order of the members."""
    if workers == 1 or len(members) < 2:
        yield from map(play, members)
    else:
        with processes.pool(min(workers, len(members))) as pool:
            try:
                yield from pool.map(play, members)
            except BaseException:
                pool.shutdown(wait=False, cancel_futures=True)
                raise
