"""What is to be drawn: quantities, cuts, decisions on awards, doubt, each with the rows of its uniforms. docs/model.md, sections 2 to 4."""

from __future__ import annotations

from dataclasses import dataclass, field

import numpy as np

from resilience import chance as bend
from resilience.distributions import Exact
from resilience.draws import Sources
from resilience.organisation import Noise
from resilience.ranges import Quantity
from resilience.variation import Variation


@dataclass
class Drawn:
    """A quantity of the plan: its place, its uniform's row, what is drawn, and the median of what the file says."""

    place: str
    row: int
    value: Quantity
    median: float


@dataclass
class Cuts:
    """What `chance.cuts` needs for one stream."""

    rows: np.ndarray
    told: np.ndarray
    effective: np.ndarray
    yearly: (
        np.ndarray
    )  # float64 (climates,): probability of a cut of its own; of a programme (stages × climates,), stage by stage
    settles: float  # share of its odds that falls on the yearly decision
    gap: int
    begins: int
    at_most: int  # cuts of its own
    depth: Quantity
    payer: int = -1  # row of `Luck.trouble`
    programme: int = -1  # row of `Luck.gone`; its odds are then by climate and stage
    together: int = -1  # row of its partnership
    befalls: int = 0  # things that can befall its partnership
    harmonised: tuple[tuple[int, float, int], ...] = ()  # (month told, most by which it moves, row of its uniform)
    deeper: float = 1.0  # what is lost in a cut of its own that is decided in austerity, over what it would be

    @property
    def own(self) -> bool:
        """It can be cut without its payer being in trouble."""
        return self.at_most > 0

    @property
    def most(self) -> int:
        """Rows that its cuts take."""
        return self.at_most + (self.payer >= 0) + (self.programme >= 0) + len(self.harmonised) + self.befalls

    def events(
        self,
        trouble: np.ndarray,
        kept: np.ndarray,
        gone: np.ndarray,
        u: np.ndarray,
        befallen: list[tuple[np.ndarray, float, int]],
    ) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """What befalls it beside its own cuts: months int16 and what stands for their depths float64 (events, block), gaps int64 (events,).

        trouble, kept: of payers, and what stands for what it keeps; gone: of programmes. Moved in a reorganisation: 1 + (2u − 1)·most.
        befallen: months, depths and gaps of what befalls its partnership.
        """
        B = u.shape[1]
        found = [(trouble[self.payer], kept[self.payer])] if self.payer >= 0 else []
        found += [(gone[self.programme], np.full(B, -1.0))] if self.programme >= 0 else []
        found += [
            (np.full(B, told, dtype=np.int16), -2.0 - (2 * u[row] - 1) * most) for told, most, row in self.harmonised
        ]
        gaps = [self.gap] * len(found) + [gap for _, _, gap in befallen]
        found += [(month, np.full(B, depth)) for month, depth, _ in befallen]
        months = np.array([one for one, _ in found], dtype=np.int16).reshape(len(found), B)
        depths = np.array([one for _, one in found], dtype=np.float64).reshape(len(found), B)
        return months, depths, np.array(gaps, dtype=np.int64)

    def odds(self, shift: np.ndarray, chance: bool) -> tuple[np.ndarray, np.ndarray]:
        """(probability of a cut at a settlement, hazard of one in a month) in each climate, float64 (climates, block).

        shift: of the log-odds of the yearly probability, path by path.
        """
        q, w = np.empty((len(self.yearly), len(shift))), self.settles
        bend.shifted(self.yearly, shift, q)
        if shift.any():
            settle = 1 - (1 - q) ** w
            hazard = np.where(q < 1, -(1 - w) * np.log1p(-np.minimum(q, 1 - 1e-16)) / 12, 1e9 * (w < 1))
        else:
            settle, hazard = np.empty_like(q), np.empty_like(q)
            for i, one in enumerate(self.yearly):
                settle[i], hazard[i] = 1 - (1 - float(one)) ** w if w else 0.0, bend.monthly_hazard(float(one), 1 - w)
        return settle, hazard * chance


@dataclass
class Doubt:
    """A shift of log-odds that many things share: sd·z, z the normal deviate of a row, or of one number where it is held."""

    row: int
    sd: float
    held: float | None = None

    def shift(self, u: np.ndarray) -> np.ndarray:
        """The shift of each path, float64 (block,)."""
        out = np.zeros(u.shape[1])
        if self.sd:
            bend.doubt(u if self.held is None else np.full_like(u[:1], self.held), self.row, self.sd, out)
        return out


@dataclass
class Turns:
    """What `chance.turns` needs for one award with an end: its decisions, in order."""

    row: int  # first row of their uniforms
    held_row: int
    chance: np.ndarray  # float64 (decisions,): of being renewed
    held: np.ndarray  # float64 (decisions,)
    terms: np.ndarray  # int64 (decisions,)
    fractions: list[Drawn]
    told: int
    payer: int = -1  # row of `Luck.trouble`, which meets the next decision
    programme: int = -1  # row of `Luck.gone`, likewise
    option_row: int = 0
    option: float = 0.0  # chance that an option to extend is taken up
    option_months: int = 0
    options: int = 0

    @property
    def most(self) -> int:
        """Decisions there can be."""
        return len(self.terms)

    @property
    def differ(self) -> bool:
        """The months in which terms begin and end differ from path to path."""
        return bool((self.held > 0).any()) or self.options > 0


@dataclass
class Chooser:
    """Registers quantities and noise with the sources of chance, as the variation has them."""

    sources: Sources
    variation: Variation
    chance: bool
    noises: list[tuple[int, float, bool, float]] = field(default_factory=list)
    wider: bool = False  # every range half as wide again; without chance a median is the file's own

    def quantity(self, place: str, value: Quantity, draws: int = 1) -> Drawn:
        if isinstance(value, Exact):
            return Drawn(place, 0, value, value.value)
        u = self.variation.pinned.get(place, None if self.chance else 0.5)
        row, drawn = self.sources.row(place, draws), value.wider() if self.wider and self.chance else value
        if u is None:
            return Drawn(place, row, drawn, value.median())
        held = Exact(drawn.quantile(u))
        return Drawn(place, row, held, held.value)

    def noise(self, place: str, noise: Noise | None, months: int) -> tuple[int, int]:
        """(row of the noises or −1, 1 if in pounds)."""
        if noise is None or noise.sd == 0 or not self.chance or f"{place}.noise" in self.variation.off:
            return -1, 0
        pounds = noise.of == "pounds"
        self.noises.append(
            (
                self.sources.row(f"{place}.noise", months),
                noise.sd * (100 if pounds else 1),
                not pounds,
                noise.autocorrelation,
            )
        )
        return len(self.noises) - 1, int(pounds)


def _table(drawn: list[Drawn]) -> tuple[np.ndarray, np.ndarray, list[int]]:
    """Rows and coefficients for the compiled engine, and which of them it cannot bend: nil stands there."""
    found = [d.value.coefficients() for d in drawn]
    coefficients = np.array([one or (0.0, 0.0, 0.0, 0) for one in found], dtype=np.float64).reshape(-1, 4)
    rows = np.array([d.row for d in drawn], dtype=np.int64)
    return rows, coefficients, [i for i, one in enumerate(found) if one is None]


def whole(u: np.ndarray, drawn: list[Drawn], scale: float, net: list[float] | None = None) -> np.ndarray:
    """Quantities in whole pence or ppm, int64 (len(drawn), block); `net`: share of each that counts."""
    out = np.zeros((len(drawn), u.shape[1]), dtype=np.int64)
    rows, coefficients, others = _table(drawn)
    bend.whole_quantities(u, rows, coefficients, scale, out)
    for i in others:
        bent = np.minimum(drawn[i].value.quantile(u[rows[i]]) * scale, bend.MOST)
        out[i] = np.floor(bent + 0.5).astype(np.int64)
    for i, part in enumerate(net or []):
        if part != 1.0:
            out[i] = np.floor(out[i] * part + 0.5).astype(np.int64)
    return out


def real(u: np.ndarray, drawn: list[Drawn]) -> np.ndarray:
    """Quantities as they are, float64 (len(drawn), block)."""
    out = np.zeros((len(drawn), u.shape[1]))
    rows, coefficients, others = _table(drawn)
    bend.quantities(u, rows, coefficients, out)
    for i in others:
        out[i] = drawn[i].value.quantile(u[rows[i]])
    return out
