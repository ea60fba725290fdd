"""Partnerships in time: partners who leave, by chance or for want of goodwill, and leads that fail. docs/model.md, section 5a."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from resilience import chance as bend
from resilience.assessment import goodwill
from resilience.draws import Sources
from resilience.employment import monthly_part
from resilience.horizon import Horizon
from resilience.organisation import Organisation, Partnership, Renewal
from resilience.rows import NEVER
from resilience.variation import Variation


@dataclass(frozen=True)
class Account:
    """A partner: what is drawn for it."""

    name: str
    share: float
    hazard: float  # of leaving, in a month
    backfilled: float
    backfill: int  # pence
    row: int  # of the threshold; the next one says whether somebody steps in
    falls_rows: list[int]  # of a uniform for each time at which goodwill can fall, in the order of `Alliance.falls`


@dataclass(frozen=True)
class Alliance:
    """One partnership: its partners, in alphabetical order, and its lead."""

    name: str
    one: Partnership
    partners: list[Account]
    starts: float  # points of goodwill; nan without an account
    falls: list[tuple[int, float]]  # (month, points) of every time at which goodwill can fall, in order
    likely: float  # that it then does
    lead_hazard: float
    lead_row: int

    @property
    def gap(self) -> int:
        """Months from a partner's leaving to the first month without its share."""
        return self.one.notice + 1


@dataclass(frozen=True)
class Befallen:
    """What befalls one partnership in a block of paths: months int16, NEVER if not within the horizon."""

    left: np.ndarray  # (partners, block): a partner leaves
    lost: np.ndarray  # (partners, block): it leaves and nobody steps in
    failed: np.ndarray  # (block,): the lead fails

    def first_lost(self) -> np.ndarray:
        """Month of the first loss of a partner, int16 (block,)."""
        first = np.full(self.failed.shape, NEVER, dtype=np.int16)
        return np.minimum(first, self.lost.min(axis=0)) if len(self.lost) else first


@dataclass(frozen=True)
class Partnerships:
    """All partnerships of an organisation, in alphabetical order."""

    alliances: list[Alliance]
    months: int

    def row(self, name: str) -> int:
        """Row of the partnership that carries a stream or bid; −1 for none."""
        return next((i for i, one in enumerate(self.alliances) if name in one.one.of), -1)

    def most(self, row: int) -> int:
        """Things that can befall a stream that it carries."""
        return len(self.alliances[row].partners) + 1 if row >= 0 else 0

    def befallen(self, u: np.ndarray) -> list[Befallen]:
        """What befalls each."""
        return [self._befallen(one, u) for one in self.alliances]

    def _befallen(self, one: Alliance, u: np.ndarray) -> Befallen:
        rows = np.array([p.row for p in one.partners] + [one.lead_row], dtype=np.int64)
        hazard = np.array([p.hazard for p in one.partners] + [one.lead_hazard])
        month = np.empty((len(rows), u.shape[1]), dtype=np.int16)
        bend.first_months(u, rows, hazard, NEVER, month)
        month[month >= self.months] = NEVER
        left, failed = month[:-1], month[-1]
        for i, partner in enumerate(one.partners):
            left[i] = np.minimum(left[i], self._estranged(one, partner, u))
        stays = [u[p.row + 1] <= p.backfilled for p in one.partners]
        lost = np.where(np.array(stays).reshape(left.shape), NEVER, left).astype(np.int16)
        return Befallen(left, lost, failed)

    def _estranged(self, one: Alliance, partner: Account, u: np.ndarray) -> np.ndarray:
        """Month in which goodwill with a partner is used up: int16 (block,)."""
        out = np.full(u.shape[1], NEVER, dtype=np.int16)
        if np.isnan(one.starts) or not one.likely:
            return out
        rises = float(one.one.goodwill.rises) if one.one.goodwill else 0.0
        points, before = np.full(u.shape[1], one.starts), 0
        for (month, fall), row in zip(one.falls, partner.falls_rows, strict=True):
            points = np.minimum(100.0, points + rises * (month - before))
            points = points - np.where(u[row] <= one.likely, fall, 0.0)
            out[(points <= 1e-9) & (out == NEVER)] = month
            before = month
        return out

    def closed(self, row: int, befallen: list[Befallen]) -> np.ndarray:
        """Month from which a bid that it carries is lost: its lead has failed, or it is short of a partner that it needs; (block,)."""
        what = befallen[row]
        return np.minimum(what.failed, what.first_lost()) if self.alliances[row].one.only_together else what.failed

    def on_streams(self, row: int, befallen: list[Befallen]) -> list[tuple[np.ndarray, float, int]]:
        """(month, what stands for its depth, gap) of everything that befalls the streams of a partnership; none of row −1."""
        if row < 0:
            return []
        one, what = self.alliances[row], befallen[row]
        found = [(what.lost[i], partner.share - 2.0, one.gap) for i, partner in enumerate(one.partners)]
        return [*found, (what.failed, -1.0, 0)]

    def costs(self, befallen: list[Befallen], horizon: Horizon) -> tuple[np.ndarray, np.ndarray]:
        """(hours and payments, somebody stepping in) by month: pence, int64 (months, block); no rows if there are none."""
        B = befallen[0].failed.shape[0] if befallen else 0
        t = np.arange(self.months)[:, None]
        running, once = (np.zeros((self.months, B), dtype=np.int64) for _ in range(2))
        for one, what in zip(self.alliances, befallen, strict=True):
            yearly = one.one.payments + round(12 * one.one.hours * one.one.hour_cost)
            parts = np.array([monthly_part(yearly, month.funders_month) for month in horizon], dtype=np.int64)
            running += np.where(t <= what.failed, parts[:, None], 0)
            for i, partner in enumerate(one.partners):
                steps_in = (what.left[i] < NEVER) & (what.lost[i] == NEVER)
                once += np.where(steps_in & (t == what.left[i]), partner.backfill, 0)
        return running, once


def partnerships(organisation: Organisation, horizon: Horizon, sources: Sources, variation: Variation) -> Partnerships:
    """What is fixed before chance. Sources "partnerships.NAME.partners.PARTNER", its ".goodwill", and "partnerships.NAME.lead"."""
    found, chance = [], organisation.chance
    for name, one in sorted(organisation.partnerships.items()):
        place, partners = f"partnerships.{name}", []
        falls = _falls(organisation, one, horizon) if one.goodwill else []
        for partner, its in sorted(one.partners.items()):
            at = f"{place}.partners.{partner}"
            leaves = variation.odds(f"{at}.leaves", float(its.leaves))
            never = not chance or f"{place}.left" in variation.off
            partners.append(
                Account(
                    partner,
                    float(its.share),
                    0.0 if never else bend.monthly_hazard(leaves),
                    variation.odds(f"{at}.backfilled", float(its.backfilled)),
                    its.backfill,
                    sources.row(at, 2),
                    [sources.row(f"{at}.goodwill.{what}") for _, _, what in falls],
                )
            )
        starts, likely = float("nan"), 0.0
        if one.goodwill and chance and f"{place}.left" not in variation.off:
            given = one.goodwill.starts
            starts = goodwill(one.parties) if given is None else float(given)
            likely = variation.odds(f"{place}.goodwill.falls", float(one.goodwill.falls))
        fails = variation.odds(f"{place}.lead_fails", float(one.lead_fails)) if one.lead == "another" else 0.0
        hazard = bend.monthly_hazard(fails) if chance and f"{place}.lead" not in variation.off else 0.0
        row = sources.row(f"{place}.lead") if one.lead == "another" else 0
        found.append(Alliance(name, one, partners, starts, [fall[:2] for fall in falls], likely, hazard, row))
    return Partnerships(found, horizon.months)


def _falls(organisation: Organisation, one: Partnership, horizon: Horizon) -> list[tuple[int, float, str]]:
    """(month, points, what it is) of settlements, and of tender rounds as planned: bids, and retenders at the end of the first term."""
    held = one.goodwill
    assert held is not None
    months = [t for t, month in enumerate(horizon) if t > 0 and month.month == held.settles]
    found = [(t, float(held.at_settlement), f"settlement.{k}") for k, t in enumerate(months)]
    for name in one.of:
        stream, bid = organisation.streams.get(name), organisation.bids.get(name)
        if bid:
            found.append((bid.decision - horizon.first, float(held.at_tender), name))
        elif stream and stream.until and isinstance(stream.renewal, Renewal) and stream.renewal.retender:
            told = stream.until - horizon.first + 1 - stream.renewal.told
            found.append((told, float(held.at_tender), name))
    return sorted((max(0, t), fall, what) for t, fall, what in found if t < horizon.months)
