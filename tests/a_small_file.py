"""The smallest organisation that isolates a stream: money in the bank, no costs, and the income of one month as arrays."""

from quiet import FLAT, QUIET

from resilience import project, read_strategy
from resilience.organisation_file import organisation_from

PLENTY = 1_000_000


def raw(streams, **more):
    """Tables of a file that starts in April 2026 with a million pounds in the bank and nothing to pay."""
    return {
        "name": "Small",
        "first_month": "2026-04",
        "opening": {"bank": PLENTY, "creditors": 0},
        "creditor_days": 0,
        "economy": FLAT,
        "streams": streams,
    } | (QUIET | more)


def play(tables, months=24, paths=1, strategy="carry on", scenarios=(), **how):
    """The projection of these tables, every account kept."""
    chosen = read_strategy(strategy) if isinstance(strategy, str) else strategy
    return project(
        organisation_from(tables, "x.toml"), list(scenarios), chosen, months=months, paths=paths, keep_paths=True, **how
    )


def account(projection, name="income"):
    """Whole pence, shape (months, paths)."""
    return projection.played.money[name]


def pence(projection, name="income"):
    """The account of the first path as a list of pence."""
    return account(projection, name)[:, 0].tolist()


def errors_off(sample, expected):
    """How many standard errors the mean of a sample lies from what is expected."""
    error = sample.std(ddof=1) / len(sample) ** 0.5
    return abs(sample.mean() - expected) / error if error else (0.0 if sample.mean() == expected else float("inf"))
