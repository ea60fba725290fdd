"""Dividing a pool: by a driver, to the penny; and pools that serve pools, solved exactly. Pure, no file. docs/cost_recovery.md.

Weights are exact fractions; nothing is rounded but once, where pence are shared out.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction

Weights = Mapping[str, Fraction | int]
Shares = dict[str, Fraction]


def shares_of(weights: Weights) -> Shares:
    """Each weight as a share of their sum. Raises ValueError, with a sentence, if one is negative or all are nil."""
    if negative := sorted(name for name, weight in weights.items() if weight < 0):
        raise ValueError(f"the driver of {negative[0]} is below nil; write 0 or more")
    total = sum(weights.values(), Fraction(0))
    if not total:
        raise ValueError(
            "the driver is nil everywhere, so nothing says who is to bear it; give it a figure, or choose another"
        )
    return {name: Fraction(weight) / total for name, weight in weights.items()}


def largest_remainder(pence: int, weights: Weights) -> dict[str, int]:
    """Whole pence by weight that add up to `pence`; who has the largest remainder gets the odd penny.

    Of equal remainders the larger share comes first, then the alphabet. Raises ValueError as `shares_of`.
    """
    shares = shares_of(weights)
    exact = {name: pence * share for name, share in shares.items()}
    found = {name: amount.numerator // amount.denominator for name, amount in exact.items()}
    odd = pence - sum(found.values())
    first = sorted(shares, key=lambda name: (found[name] - exact[name], -shares[name], name))
    return {name: found[name] + (name in first[:odd]) for name in found}


def direct(weights: Mapping[str, Weights]) -> dict[str, Shares]:
    """Share of each pool that each service bears where pools serve services only; what pools use of a pool is left out."""
    return {pool: shares_of({n: w for n, w in given.items() if n not in weights}) for pool, given in weights.items()}


def step_down(weights: Mapping[str, Weights], order: Sequence[str]) -> dict[str, Shares]:
    """The same where a pool serves services and the pools after it in the order.

    F(pool) = Σ share to a service + Σ share to a later pool × F(later pool); solved from the last pool back.
    """
    found: dict[str, Shares] = {}
    for i, pool in reversed(list(enumerate(order))):
        later = order[i + 1 :]
        held = shares_of({n: w for n, w in weights[pool].items() if n not in weights or n in later})
        total = {n: share for n, share in held.items() if n not in weights}
        for other in later:
            for name, share in found[other].items():
                total[name] = total.get(name, Fraction(0)) + held.get(other, 0) * share
        found[pool] = total
    return {pool: found[pool] for pool in weights}


def reciprocal(weights: Mapping[str, Weights]) -> dict[str, Shares]:
    """The same where every pool serves every other: F = D + R·F, so (1 − R)·F = D, by elimination in fractions.

    D: shares to services, R: shares to pools; what a pool uses of itself is left out. Raises ValueError where pools serve only one
    another, so that their cost reaches no service.
    """
    pools = list(weights)
    held = {p: shares_of({n: w for n, w in given.items() if n != p}) for p, given in weights.items()}
    services = list(dict.fromkeys(n for given in held.values() for n in given if n not in weights))
    rows = [
        [Fraction(p == q) - held[p].get(q, Fraction(0)) for q in pools]
        + [held[p].get(s, Fraction(0)) for s in services]
        for p in pools
    ]
    size = len(pools)
    for i in range(size):
        pivot = next((j for j in range(i, size) if rows[j][i]), None)
        if pivot is None:
            raise ValueError(
                "pools serve only one another, so their cost reaches no service; let one of them serve a service"
            )
        rows[i], rows[pivot] = rows[pivot], rows[i]
        rows[i] = [x / rows[i][i] for x in rows[i]]
        for j in range(size):
            if j != i and rows[j][i]:
                rows[j] = [x - rows[j][i] * y for x, y in zip(rows[j], rows[i], strict=True)]
    return {p: dict(zip(services, row[size:], strict=True)) for p, row in zip(pools, rows, strict=True)}
