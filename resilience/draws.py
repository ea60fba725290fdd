"""Named uniforms by block: the only door for randomness.

Each source of chance has a name; its key is 64 bits of blake2b(seed, name). Draw d of path k is lane d mod 4 of Philox4x32-10 at counter
(k, d div 4). So a path is the same whatever else is drawn, and a source added or taken away moves no other.

Source: J. K. Salmon et al., Parallel random numbers: as easy as 1, 2, 3 (2011); known answers of the Random123 library.
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass, field

import numpy as np

from resilience.compiled import compiled

_MULTIPLY_0, _MULTIPLY_1 = np.uint64(0xD2511F53), np.uint64(0xCD9E8D57)
_WEYL_0, _WEYL_1 = np.uint64(0x9E3779B9), np.uint64(0xBB67AE85)
_LOW, _HALF = np.uint64(0xFFFFFFFF), np.uint64(32)


def key(seed: int, name: str) -> tuple[int, int]:
    """The Philox key of a named source: two 32-bit words."""
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest()
    return int.from_bytes(digest[:4], "little"), int.from_bytes(digest[4:], "little")


def _philox(c0, c1, c2, c3, k0, k1):
    """Philox4x32-10: four 32-bit words of counter and two of key, as uint64, to four random 32-bit words."""
    for _ in range(10):
        p0 = _MULTIPLY_0 * c0
        p1 = _MULTIPLY_1 * c2
        c0, c1, c2, c3 = (p1 >> _HALF) ^ c1 ^ k0, p1 & _LOW, (p0 >> _HALF) ^ c3 ^ k1, p0 & _LOW
        k0 = (k0 + _WEYL_0) & _LOW
        k1 = (k1 + _WEYL_1) & _LOW
    return c0, c1, c2, c3


philox = compiled(_philox, tiny=True)


def _fill(keys, rows, calls, paths, out):
    """Uniforms of every source for a block of paths.

    keys uint64 (sources, 2); rows int64: first row of each source; calls: four draws each; paths uint64 (block,);
    out float64 (rows, block).
    """
    zero = np.uint64(0)
    step = 2.0**-32
    for i in range(keys.shape[0]):
        k0, k1 = keys[i, 0], keys[i, 1]
        for c in range(calls[i]):
            r = rows[i] + 4 * c
            d = np.uint64(c)
            for p in range(paths.shape[0]):
                x0, x1, x2, x3 = philox(paths[p] & _LOW, paths[p] >> _HALF, d, zero, k0, k1)
                out[r, p] = (float(np.int64(x0)) + 0.5) * step
                out[r + 1, p] = (float(np.int64(x1)) + 0.5) * step
                out[r + 2, p] = (float(np.int64(x2)) + 0.5) * step
                out[r + 3, p] = (float(np.int64(x3)) + 0.5) * step


fill = compiled(_fill)


NATIONAL = (
    "climate",
    "storyline",
    "economy.",
    "government",
    "policy.",
)  # beginnings of names that all share


@dataclass
class Sources:
    """The sources of chance of one projection, and the rows of a block in which their uniforms stand.

    own: whose they are, where several organisations are played on the same futures: then what is national is drawn under its name
    for all of them, and so is what befalls the payers in `shared`; everything else is drawn under the organisation's own name.
    """

    own: str = ""
    shared: frozenset[str] = frozenset()
    names: dict[str, tuple[int, int]] = field(default_factory=dict)  # name -> (first row, calls)
    height: int = 0

    def row(self, name: str, draws: int = 1) -> int:
        """First row of a source's uniforms; asked for again, the same row."""
        if name in self.names:
            first, calls = self.names[name]
            if 4 * calls < draws:
                raise ValueError(f"{name} was given {4 * calls} draws, not {draws}")
            return first
        calls = -(-draws // 4)
        self.names[name] = (self.height, calls)
        self.height += 4 * calls
        return self.height - 4 * calls

    def arrays(self, seed: int) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
        """(keys, rows, calls) for `fill`."""
        keys = np.array([key(seed, self._drawn_as(name)) for name in self.names], dtype=np.uint64).reshape(-1, 2)
        places = np.array(list(self.names.values()), dtype=np.int64).reshape(-1, 2)
        return keys, np.ascontiguousarray(places[:, 0]), np.ascontiguousarray(places[:, 1])

    def _drawn_as(self, name: str) -> str:
        payer = name.removeprefix("payers.").rpartition(".")[0] if name.startswith("payers.") else None
        national = name.startswith(NATIONAL) or payer in self.shared
        return name if national or not self.own else f"{self.own}/{name}"
