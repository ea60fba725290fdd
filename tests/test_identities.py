"""The identities of docs/model.md, section 8, on the accounts that `--keep-paths` writes: every month of every path.

The simulator is used to write the file and for nothing else. What follows reads accounts.parquet and the organisation's
own TOML, and adds up whole pence.
"""

import tomllib
from pathlib import Path

import pandas as pd
import pytest

SHIPPED = Path(__file__).resolve().parent.parent / "scenarios" / "organisations"
NAMES = sorted(path.stem for path in SHIPPED.glob("*.toml"))
MONTHS, PATHS = 60, 300


@pytest.fixture(scope="module", params=NAMES)
def written(request, tmp_path_factory):
    """(name, organisation as written, accounts with one row a path and month, in order)."""
    from resilience import project, read_organisation
    from resilience.exports import write

    folder = tmp_path_factory.mktemp(request.param)
    played = project(read_organisation(request.param), months=MONTHS, paths=PATHS, seed=7, keep_paths=True)
    write(played, folder, keep_paths=True)
    accounts = pd.read_parquet(next(folder.rglob("accounts.parquet")))
    accounts = accounts.sort_values(["path", "month"], kind="stable").reset_index(drop=True)
    raw = tomllib.loads((SHIPPED / f"{request.param}.toml").read_text("utf-8-sig"))
    return request.param, raw, accounts


def before(accounts, column, opening):
    """The balance a month earlier; `opening` in a path's first month."""
    return accounts.groupby("path")[column].shift(1).fillna(opening).astype("int64")


def pence(pounds):
    return round(pounds * 100)


def index(month):
    """Months since the year 0 of a month like "2026-04"."""
    return 12 * int(month[:4]) + int(month[5:]) - 1


def opening_debtors(raw):
    """All that is owed to us at the opening, with a date or without."""
    opening = raw["opening"]
    return pence(opening.get("debtors", 0)) + sum(pence(debt["amount"]) for debt in opening.get("owed", []))


def opening_deferred(raw):
    """Months of a contract's quarter that were paid for before the first month: parts of the yearly amount."""
    first, total = index(raw["first_month"]), 0
    for stream in raw.get("streams", {}).values():
        form = stream.get("form", "contract" if stream["kind"] in ("local authority", "NHS") else "grant")
        ahead = form in ("contract", "sale") and stream.get("payment") == "quarterly in advance"
        began = (
            index(stream["from"]) if "from" in stream else 3
        )  # an April: the quarters are those of the funders' year
        if not ahead or began >= first:
            continue
        gone, yearly = first - began, pence(stream["yearly"])
        last = index(stream["until"]) if "until" in stream else first + 3
        for month in range(first, min(first + -gone % 3, last + 1)):
            m = (month - 3) % 12 + 1  # April is the first
            total += (2 * yearly * m + 12) // 24 - (2 * yearly * (m - 1) + 12) // 24
    return total


def test_every_path_has_every_month(written):
    _, raw, accounts = written
    assert len(accounts) == (PATHS if raw.get("chance", True) else 1) * MONTHS
    assert not accounts.isna().any(axis=None)
    assert (accounts.groupby("path").size() == MONTHS).all()


def test_bank_moves_by_receipts_and_payments(written):
    _, raw, accounts = written
    moved = before(accounts, "bank", pence(raw["opening"]["bank"])) + accounts["receipts"] - accounts["payments"]
    assert (moved == accounts["bank"]).all()
    assert (accounts["receipts"] >= 0).all() or (accounts["receipts"].min() < 0 and has_noise(raw))


def has_noise(raw):
    return any("noise" in s for s in raw.get("streams", {}).values())


def test_funds_are_assets_less_liabilities(written):
    _, _, a = written
    assets = a["bank"] + a["investments"] + a["fixed_assets"] + a["programme_related_investments"] + a["debtors"]
    owed = a["creditors"] + a["deferred"] + a["provisions"] + a["loans"] + a["facility"] + a["held_for_others"]
    funds = a["unrestricted_funds"] + sum(a[c] for c in a.columns if c.startswith("balance:"))
    assert (funds == assets - owed).all()


def test_unrestricted_funds_move_by_what_is_earned_and_spent(written):
    # income less spending is the change of all funds together: nothing else may move them
    _, raw, a = written
    opening = raw["opening"]
    held = pence(opening["bank"] + opening.get("investments", 0)) + opening_debtors(raw)
    held += pence(opening.get("programme_related_investments", 0) + raw.get("fixed_assets", {}).get("value", 0))
    owed = pence(opening.get("creditors", 0) + opening.get("provisions", 0) + opening.get("held_for_others", 0))
    owed += sum(pence(loan["balance"]) for loan in raw.get("loans", {}).values())
    total = a["unrestricted_funds"] + sum(a[c] for c in a.columns if c.startswith("balance:"))
    a = a.assign(total=total)
    was = before(a, "total", held - owed - opening_deferred(raw))
    known = (a["month"] != a["month"].min()) | ("creditors" in opening)  # else the program's own default stands there
    assert (a["total"] - was == a["income"] - a["spending"])[known].all()


def test_income_is_receipts_and_what_is_owed_and_deferred(written):
    _, raw, a = written
    owed = a["debtors"] - before(a, "debtors", opening_debtors(raw))
    deferred = a["deferred"] - before(a, "deferred", opening_deferred(raw))
    assert (a["income"] == a["receipts_of_income"] + owed - deferred).all()


def test_heads_move_by_joiners_and_leavers(written):
    _, _, a = written
    first = a["month"] == a["month"].min()
    moved = before(a, "heads", 0) + a["joined"] - a["left"] - a["transferred_out"]
    assert (moved == a["heads"])[~first].all()
    opening = (a["heads"] - a["joined"] + a["left"] + a["transferred_out"])[first]
    assert (opening == opening.iloc[0]).all()  # the same people on every path
    assert (a[["heads", "joined", "left", "transferred_out"]] >= 0).all(axis=None)


def test_opening_heads_are_those_of_the_file(written):
    name, raw, a = written
    funded = {s for s, x in raw.get("streams", {}).items() if x.get("from", "0") <= raw["first_month"]}
    posts = list(raw.get("hub", {}).get("posts", {}).values())
    for dock in raw.get("docks", {}).values():
        if not dock.get("funded_by") or funded & set(dock["funded_by"]):
            posts += dock.get("posts", {}).values()
    first = a[a["month"] == a["month"].min()]
    assert (
        first["heads"] - first["joined"] + first["left"] + first["transferred_out"] == sum(p["heads"] for p in posts)
    ).all(), name


def test_balances_below_nil_are_only_those_that_may_be(written):
    _, raw, a = written
    for column in ("investments", "fixed_assets", "creditors", "deferred", "provisions", "loans", "facility"):
        assert (a[column] >= 0).all(), column
    if not has_noise(raw):
        assert (a["debtors"] >= 0).all()
        for fund in (c for c in a.columns if c.startswith("balance:")):
            assert (a[fund] >= 0).all(), fund
    if "facility" in raw:
        assert (a["facility"] <= pence(raw["facility"]["limit"])).all()


def test_after_an_end_nothing_moves(written):
    _, _, a = written
    flows = ["receipts", "payments", "income", "spending", "joined"]
    still = (a[flows] == 0).all(axis=1) & (a["receipts_of_income"] == 0)
    # a month in which nothing at all moves is followed by none in which something does, on every shipped organisation
    stopped = still.groupby(a["path"]).cummax()
    assert (still == stopped).all()
    assert (a["bank"] == before(a, "bank", 0))[stopped & (a["month"] != a["month"].min())].all()
