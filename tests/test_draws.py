"""Named uniforms: Philox4x32-10 against the published vectors and a second writing of it, names, and the uniforms themselves.

The vectors are those of the Random123 library, tests/kat_vectors (J. K. Salmon et al., 2011): counter, key, output, in hexadecimal.
Seeds are fixed; the limits of what is counted are exact binomial ones, shared out over all that is counted.
"""

import hashlib
import itertools

import numba
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.stats import binom

from resilience import draws
from resilience.draws import Sources, fill, key

VECTORS = {
    "zeros": ("00000000 00000000 00000000 00000000", "00000000 00000000", "6627e8d5 e169c58d bc57ac4c 9b00dbd8"),
    "ones": ("ffffffff ffffffff ffffffff ffffffff", "ffffffff ffffffff", "408f276d 41c83b0e a20bc7c6 6d5451fd"),
    "pi": ("243f6a88 85a308d3 13198a2e 03707344", "a4093822 299f31d0", "d16cfe09 94fdcceb 5001e420 24126ea1"),
}
WORD = st.integers(0, 2**32 - 1)
LUCK = 1e-6  # chance that one test fails though all is well


def words(text):
    return [int(word, 16) for word in text.split()]


def philox(counter, keys, rounds=10):
    """Philox4x32 as the paper has it, in whole numbers of any size."""
    for _ in range(rounds):
        high0, low0 = divmod(0xD2511F53 * counter[0], 2**32)
        high1, low1 = divmod(0xCD9E8D57 * counter[2], 2**32)
        counter = [high1 ^ counter[1] ^ keys[0], low1, high0 ^ counter[3] ^ keys[1], low0]
        keys = [(keys[0] + 0x9E3779B9) % 2**32, (keys[1] + 0xBB67AE85) % 2**32]
    return counter


@numba.njit
def _compiled(a, b, c, d, k, m):
    return draws.philox(a, b, c, d, k, m)


def filled(keys, paths, calls=1):
    """Uniforms of some sources, calls each: shape (sources, 4 · calls, paths)."""
    n = len(keys)
    out = np.full((n * 4 * calls, len(paths)), np.nan)
    rows = np.arange(n, dtype=np.int64) * 4 * calls
    fill(np.array(keys, dtype=np.uint64), rows, np.full(n, calls), np.array(paths, dtype=np.uint64), out)
    return out.reshape(n, 4 * calls, len(paths))


@pytest.mark.parametrize("name", VECTORS)
def test_the_published_vectors(name):
    counter, keys, expected = (words(text) for text in VECTORS[name])
    given_words = [np.uint64(word) for word in (*counter, *keys)]
    assert philox(counter, keys) == expected
    assert [int(word) for word in _compiled(*given_words)] == expected
    assert [int(word) for word in draws._philox(*given_words)] == expected  # as with NUMBA_DISABLE_JIT=1


def test_the_published_vector_that_fill_can_reach():
    # fill counts (path, draw, 0): of the three vectors only the one of zeros
    assert (filled([(0, 0)], [0])[0, :, 0] * 2**32 - 0.5).tolist() == words(VECTORS["zeros"][2])


@settings(max_examples=150, deadline=None)
@given(
    keys=st.lists(st.tuples(WORD, WORD), min_size=1, max_size=3),
    paths=st.lists(st.integers(0, 2**64 - 1), min_size=1, max_size=3),
    calls=st.integers(1, 3),
)
def test_fill_is_the_paper_at_counter_path_and_draw(keys, paths, calls):
    u = filled(keys, paths, calls)
    for i, k in enumerate(keys):
        for p, path in enumerate(paths):
            for call in range(calls):
                block = philox([path % 2**32, path // 2**32, call, 0], list(k))
                assert u[i, 4 * call : 4 * call + 4, p].tolist() == [(x + 0.5) / 2**32 for x in block]


def test_fill_writes_the_rows_it_is_given_and_no_others():
    out = np.full((20, 2), -1.0)
    fill(np.array([[1, 2], [3, 4]], dtype=np.uint64), np.array([12, 4]), np.array([1, 2]), np.array([5, 6], dtype=np.uint64), out)  # fmt: skip
    assert (out[:4] == -1).all() and (out[16:] == -1).all()
    assert np.array_equal(out[12:16], filled([(1, 2)], [5, 6])[0])
    assert np.array_equal(out[4:12], filled([(3, 4)], [5, 6], calls=2)[0])


def test_a_path_is_the_same_whatever_else_is_drawn():
    keys = [key(7, name) for name in ("a", "b", "c")]
    whole = filled(keys, range(50), calls=3)
    assert np.array_equal(filled(keys, [31, 4], calls=3), whole[:, :, [31, 4]])
    assert np.array_equal(filled(keys[1:2], range(50), calls=1)[0], whole[1, :4])


def test_a_uniform_is_never_nought_or_one():
    # the ends of the 32 bits, by the same bending as in `fill`
    assert (0 + 0.5) * 2.0**-32 > 0 and (2**32 - 1 + 0.5) * 2.0**-32 < 1
    u = filled([key(1, str(i)) for i in range(50)], range(2_000))
    assert 0 < u.min() < 1e-4 and 1 - 1e-4 < u.max() < 1


@given(st.integers(0, 10**9), st.text(max_size=30))
def test_a_key_is_64_bits_of_blake2b_of_seed_and_name(seed, name):
    digest = hashlib.blake2b(f"{seed}/{name}".encode(), digest_size=8).digest()
    first, second = key(seed, name)
    assert second * 2**32 + first == int.from_bytes(digest, "little")


def test_keys_stay_what_they_are_from_version_to_version():
    # blake2b("1/streams.council.settlement") is 64 67 21 50 d4 f0 2a ec, read as two words, lowest byte first
    assert key(1, "streams.council.settlement") == (1344366436, 3962237140)


def test_every_name_and_seed_has_a_key_of_its_own():
    names = [
        f"{kind}.{i}{what}"
        for kind in ("streams", "bids", "payers")
        for i in range(300)
        for what in ("", ".late", ".noise")
    ]
    keys = {key(seed, name) for seed in range(5) for name in names}
    assert len(keys) == 5 * len(names)
    for word in (0, 1):  # each half for itself tells them apart: 13,500 words of 32 bits, 0.02 alike expected
        assert len({k[word] for k in keys}) >= len(keys) - 2


def test_sources_give_each_name_rows_of_its_own():
    sources = Sources()
    first, second, third = sources.row("a", 5), sources.row("b"), sources.row("c", 12)
    assert sources.row("a", 8) == first and sources.row("b", 4) == second
    spans = sorted([(first, 8), (second, 4), (third, 12)])
    assert all(a + n <= b for (a, n), (b, _) in itertools.pairwise(spans)) and sources.height == 24
    with pytest.raises(ValueError, match="a was given 8 draws, not 9"):
        sources.row("a", 9)


def test_a_source_added_or_taken_away_moves_no_other():
    def uniforms(names):
        sources = Sources()
        for name, n in names:
            sources.row(name, n)
        out = np.zeros((sources.height, 30))
        fill(*sources.arrays(3), np.arange(30, dtype=np.uint64), out)
        return {name: out[first : first + 4 * calls] for name, (first, calls) in sources.names.items()}

    every = uniforms([("a", 1), ("b", 9), ("c", 4)])
    for names in ([("c", 4), ("a", 1)], [("new", 30), ("b", 9), ("a", 1), ("c", 4)]):
        other = uniforms(names)
        for name in set(other) & set(every):
            assert np.array_equal(other[name], every[name]), name


def within(count, trials, chance, tests):
    """Whether every count lies within the exact binomial limits; the luck of a test is shared among `tests` of them."""
    tail = LUCK / (2 * tests)
    return ((binom.ppf(tail, trials, chance) <= count) & (count <= binom.ppf(1 - tail, trials, chance))).all()


def test_uniforms_fill_every_sixteenth_alike():
    n = 100_000
    u = filled([key(1, f"source {i}") for i in range(4)], range(n), calls=2)
    for source, draw in itertools.product(range(4), range(8)):
        count = np.bincount((u[source, draw] * 16).astype(int), minlength=16)
        assert len(count) == 16 and within(count, n, 1 / 16, 16 * 32), (source, draw)


@pytest.mark.parametrize("between", ["draws of a path", "paths", "sources", "seeds", "calls"])
def test_uniforms_say_nothing_of_one_another(between):
    n = 100_000
    one = filled([key(1, "one")], range(n + 1), calls=2)[0]
    pairs = {
        "draws of a path": [(one[i, :n], one[j, :n]) for i, j in itertools.combinations(range(4), 2)],
        "paths": [(one[i, :n], one[i, 1:]) for i in range(4)],
        "sources": [(one[i, :n], filled([key(1, "two")], range(n))[0, i]) for i in range(4)],
        "seeds": [(one[i, :n], filled([key(2, "one")], range(n))[0, i]) for i in range(4)],
        "calls": [(one[i, :n], one[4 + j, :n]) for i in range(4) for j in range(4)],
    }[between]
    for a, b in pairs:
        cell = (a * 4).astype(int) * 4 + (b * 4).astype(int)
        count = np.bincount(cell, minlength=16)
        assert within(count, n, 1 / 16, 16 * len(pairs))
        # the lowest of the 32 bits too, where a weak generator shows first
        bits = ((a * 2**32 - 0.5).astype(np.int64) ^ (b * 2**32 - 0.5).astype(np.int64)) & 1
        assert within(np.array([bits.sum()]), n, 0.5, len(pairs))
