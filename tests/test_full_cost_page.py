"""What stands behind the page of full cost recovery: its grid, what a viewer types, what the model answers. Without a browser."""

import base64
import copy
from pathlib import Path

import openpyxl
import pytest

from resilience.costing.costed import cost
from resilience.dashboard.full_cost import grid
from resilience.dashboard.full_cost.answers import Costs
from resilience.dashboard.full_cost.state import State
from resilience.dashboard.model import Here
from resilience.errors import InputError
from resilience.exports.workbook import write_workbook
from resilience.organisation_file import organisation_from, read_organisation
from resilience.shipped import names
from resilience.words import costing as words

PLAIN = {"base": None, "edits": {}, "dock": "", "term": "", "margin": "", "uplift": ""}


def asked(edits=(), **more):
    return PLAIN | {"edits": dict(edits)} | more


def cells(found):
    return {cell["place"]: cell for one in found["grid"]["sections"] for row in one["rows"] for cell in row["cells"]}


def rows(found):
    return [words.BY_DOCK, *found["results"]["docks"]["rows"]]


def with_places(org, places):
    raw = copy.deepcopy(read_organisation(org).raw)
    for where, value in places.items():
        grid.put(raw, where, value)
    return organisation_from(raw, "x.toml")


# ---- the grid


@pytest.mark.parametrize("org", names("organisations"))
def test_typing_what_a_cell_shows_changes_nothing(org):
    """Every cell of every shipped organisation: what it shows is the file's figure, read back."""
    costs, before = Costs(org), read_organisation(org)
    found = costs.answer(asked())
    held = {where: cell["shown"] for where, cell in cells(found).items() if where}
    again = costs.answer(asked(held))
    assert len(held) >= 4 and again["faults"] == {}
    assert again["results"] == found["results"] and (found["results"] or found["others"])
    assert {"costs", "posts"} & {one["id"] for one in found["grid"]["sections"]} and found["grid"][
        "title"
    ] == before.name


@pytest.mark.parametrize(
    ("where", "text", "value"),
    [
        ("hub.costs.audit_and_governance.yearly", "£12,345.60", 12_345.6),
        ("docks.debt_advice.costs.premises.yearly", "20000", 20_000),
        ("docks.legal_aid.posts.solicitor.heads", "4", 4),
        ("hub.posts.finance.pay", "41 000", 41_000),
        ("streams.debt_advice.yearly", "230,000", 230_000),
        ("costing.pools.hub.driver", "headcount", "headcount"),
    ],
)
def test_an_edit_is_the_file_with_that_figure(where, text, value):
    found = Costs("advice_charity").answer(asked({where: text}))
    if where not in cells(Costs("advice_charity").answer(asked())):
        pytest.fail(f"{where} is no cell")
    expected = words.by_dock(cost(with_places("advice_charity", {where: value})))
    assert found["faults"] == {} and rows(found) == expected
    assert rows(found) != rows(Costs("advice_charity").answer(asked()))


def test_the_cells_of_pools_follow_the_file_and_the_driver():
    costs = Costs("advice_charity")
    assert {one["id"] for one in costs.answer(asked())["grid"]["sections"]} == {"costs", "posts", "income", "pools"}
    by_area = costs.answer(asked({"costing.pools.hub.driver": "floor area"}))
    assert by_area["results"] is None and "says nothing of community_advice" in by_area["others"][0]
    areas = {f"costing.floor_area.{dock}": "50" for dock in read_organisation("advice_charity").docks}
    assert set(areas) <= set(cells(by_area))
    found = costs.answer(asked({"costing.pools.hub.driver": "floor area", **areas}))
    assert (
        found["results"] and len({row[2] for row in found["results"]["docks"]["rows"][:4]}) <= 2
    )  # in equal parts, to the pound


POOLED = {
    "costing.pools.office.driver": "headcount",
    "costing.pools.office.lines": {"audit_and_governance": 0.5},
    "costing.pools.shared.driver": "fixed shares",
    "costing.pools.shared.posts": {"finance": 1.0},
    "costing.pools.shared.shares": {"community_advice": 0.5, "debt_advice": 0.2, "legal_aid": 0.2, "pensions_guidance": 0.1},
}  # fmt: skip


def test_shares_in_pools_and_fixed_shares_are_cells():
    base = with_places("advice_charity", POOLED).raw
    costs = Costs("advice_charity")
    held = cells(costs.answer(asked(base=base)))
    assert held["costing.pools.office.lines.audit_and_governance"]["shown"] == "50 %"
    assert held["costing.pools.office.posts.finance"]["shown"] == ""
    assert held["costing.pools.shared.shares.legal_aid"]["shown"] == "20 %"
    edits = {"costing.pools.office.lines.audit_and_governance": "25%", "costing.pools.shared.shares.community_advice": "0.4", "costing.pools.shared.shares.debt_advice": "30 %"}  # fmt: skip
    found = costs.answer(asked(edits, base=base))
    expected = copy.deepcopy(base)
    expected["costing"]["pools"]["office"]["lines"]["audit_and_governance"] = 0.25
    expected["costing"]["pools"]["shared"]["shares"] |= {"community_advice": 0.4, "debt_advice": 0.3}
    assert rows(found) == words.by_dock(cost(organisation_from(expected, "x")))
    emptied = costs.answer(asked({"costing.pools.office.lines.audit_and_governance": ""}, base=base))
    del expected["costing"]["pools"]["office"]["lines"]["audit_and_governance"]
    expected["costing"]["pools"]["shared"]["shares"] = POOLED["costing.pools.shared.shares"]
    assert rows(emptied) == words.by_dock(cost(organisation_from(expected, "x")))
    over = costs.answer(asked({"costing.pools.shared.shares.debt_advice": "90 %"}, base=base))
    assert over["results"] is None and (over["faults"] or over["others"])


@pytest.mark.parametrize(
    ("kind", "text", "value"),
    [("money", "£1,234.50", 1234.5), ("money", "1 234", 1234), ("share", "12.5 %", 0.125), ("share", ".5", 0.5), ("whole", "3", 3), ("money", "−5", -5), ("number", "", None)],
)  # fmt: skip
def test_entries_are_read_as_people_write_them(kind, text, value):
    assert grid.read(kind, text) == value


@pytest.mark.parametrize(
    ("kind", "text"), [("money", "1,23"), ("money", "12k"), ("share", "30"), ("money", "1e5"), ("number", "nan"), ("choice", "by eye"), ("money", "1.2.3")]
)  # fmt: skip
def test_entries_that_are_no_figures_are_refused(kind, text):
    with pytest.raises(ValueError, match=r"; (write|choose)"):
        grid.read(kind, text, ("headcount",))


def test_hours_count_where_time_divides_a_pool():
    by_time, where = {"costing.pools.hub.driver": "time"}, "docks.debt_advice.posts.caseworker.hours"
    found = Costs("advice_charity").answer(asked(by_time | {where: "18.5"}))
    assert rows(found) == words.by_dock(cost(with_places("advice_charity", by_time | {where: 18.5})))
    assert rows(found) != rows(Costs("advice_charity").answer(asked(by_time)))


# ---- no fallback sums


@pytest.mark.parametrize(
    ("edits", "place", "said"),
    [
        ({"hub.costs.audit_and_governance.yearly": "lots"}, "hub.costs.audit_and_governance.yearly", '"lots" is not a number; write it in figures, like 1,234.50.'),
        ({"hub.costs.audit_and_governance.yearly": "-3"}, "hub.costs.audit_and_governance.yearly", "below nil"),
        ({"hub.posts.finance.heads": "1.5"}, "hub.posts.finance.heads", "is not a whole number"),
        ({"hub.costs.audit_and_governance.yearly": ""}, "hub.costs.audit_and_governance.yearly", "is missing; add it"),
        ({"costing.pools.hub.driver": "magic"}, "costing.pools.hub.driver", "is not known here; choose one of headcount"),
    ],
)  # fmt: skip
def test_a_fault_stands_at_its_cell_and_nothing_is_worked_out(edits, place, said):
    found = Costs("advice_charity").answer(asked(edits | {"hub.posts.finance.pay": "40000"}))
    assert said in found["faults"][place] and set(found["faults"]) == {place}
    assert found["results"] is None and found["others"] == []


@pytest.mark.parametrize(
    ("terms", "place"), [({"term": "0"}, "price.term"), ({"term": "1.5"}, "price.term"), ({"margin": "5"}, "price.margin"), ({"uplift": "x"}, "price.uplift"), ({"term": "241"}, "price.term")]
)  # fmt: skip
def test_terms_of_a_price_that_cannot_be(terms, place):
    found = Costs("advice_charity").answer(asked(**terms))
    assert set(found["faults"]) == {place} and found["results"] is None


def test_a_place_that_is_no_cell_is_left_alone():
    costs = Costs("advice_charity")
    for where in (
        "name",
        "opening.bank",
        "costing.pools",
        "hub.posts.finance.age",
        "__class__",
        "costing.pools.hub.kind",
    ):
        found = costs.answer(asked({where: "7"}))
        assert found["faults"] == {} and found["results"] == costs.answer(asked())["results"], where


# ---- what a viewer does


def test_the_state_keeps_entries_with_undo_and_redo():
    model, state = Here("advice_charity", "full_cost"), State()
    where = "hub.costs.audit_and_governance.yearly"
    state.answered(model.ask("cost", state.request()))
    assert not state.set("name", "x") and not state.set("nowhere", "x") and not state.price("bank", "1")
    assert not state.undo() and state.view()["undo"] is None
    assert state.set(where, " 12000 ") and state.request()["edits"] == {where: "12000"}
    assert state.view()["changed"] == ["hub, audit and governance: pounds a year: 12000, in the file 10,500"]
    assert state.set(where, "oops") and state.price("margin", "5 %") and state.price("dock", "legal_aid")
    assert state.request() | {"edits": None} == PLAIN | {"edits": None, "margin": "5 %", "dock": "legal_aid"}
    assert [state.undo() for _ in range(4)] == [True] * 4 and state.request() == PLAIN
    assert state.redo() and state.request()["edits"] == {where: "12000"}
    assert state.view()["undo"].startswith("Undo: hub, audit and governance") and state.view()["redo"]
    assert state.set(where, "10,500") and state.request()["edits"] == {} and state.view()["redo"] is None
    assert state.set(where, "1") and state.reset() and state.request() == PLAIN and state.view()["changes"] == 0


def test_what_is_restored_is_checked():
    state = State()
    state.answered(Costs("advice_charity").answer(asked()))
    where = "hub.costs.audit_and_governance.yearly"
    assert not state.restore(None) and not state.restore([1])
    assert state.restore({"edits": {where: "1" * 500, "name": "x", "a": 3}, "terms": {"term": 36}, "dock": "nowhere"})
    assert state.request() == asked({where: "1" * 80}, term="36")
    assert state.view()["choices"] == {
        "edits": {where: "1" * 80},
        "terms": {"term": "36", "margin": "", "uplift": ""},
        "dock": "",
    }


def test_a_workbook_that_is_brought_takes_the_place_of_the_file(tmp_path):
    model, state = Here("advice_charity", "full_cost"), State()
    state.answered(model.ask("cost", state.request()))
    write_workbook(tmp_path / "n.xlsx", read_organisation("nursery").raw)
    brought = model.ask("cost brought", {"data": base64.b64encode((tmp_path / "n.xlsx").read_bytes()).decode()})
    assert brought["faults"] == [] and state.bring(brought["raw"], "n.xlsx")
    found = model.ask("cost", state.request())
    assert rows(found) == words.by_dock(cost(read_organisation("nursery")))
    state.answered(found)
    assert state.set("hub.costs.office.yearly", "6,000") and state.view()["changes"] == 2
    assert state.undo() and state.undo() and state.request()["base"] is None
    book = openpyxl.load_workbook(tmp_path / "n.xlsx")
    book["Posts"].cell(3, 3).value, book["Posts"].cell(3, 2).value = None, "nowhere"
    book.save(tmp_path / "bad.xlsx")
    brought = model.ask("cost brought", {"data": base64.b64encode((tmp_path / "bad.xlsx").read_bytes()).decode()})
    assert brought["raw"] is None and brought["faults"][0][0] == "sheet Posts, cell B3"
    assert model.ask("cost brought", {"data": base64.b64encode(b"no workbook").decode()})["faults"][0][2].startswith(
        "is damaged"
    )


def test_files_to_take_away_hold_the_edits(tmp_path):
    costs = Costs("nursery")
    edits = {"hub.costs.office.yearly": "6,000"}
    text = base64.b64decode(costs.organisation_file(asked(edits)))
    (tmp_path / "o.toml").write_bytes(text)
    assert read_organisation(tmp_path / "o.toml").raw == with_places("nursery", {"hub.costs.office.yearly": 6_000}).raw
    for what in (costs.working, costs.organisation_workbook):
        (tmp_path / "x.xlsx").write_bytes(base64.b64decode(what(asked(edits))))
        assert openpyxl.load_workbook(tmp_path / "x.xlsx").sheetnames[0] == "Read me"
    for typed in ("-1", "two"):  # what cannot be read is not left out
        for what in (costs.working, costs.organisation_workbook, costs.organisation_file):
            with pytest.raises(InputError, match=r"hub\.posts\.manager\.heads"):
                what(asked(edits | {"hub.posts.manager.heads": typed}))


def test_a_figure_says_what_it_came_from(tmp_path):
    """The manifest says how many figures were changed; a file that was edited meanwhile is answered no more."""
    file = tmp_path / "n.toml"
    text = Path(read_organisation("nursery").file).read_text("utf-8")
    file.write_text(text, "utf-8")
    costs = Costs(str(file))
    assert "changed" not in costs.answer(asked())["results"]["manifest"]
    assert costs.answer(asked({"hub.costs.office.yearly": "6,000"}))["results"]["manifest"].endswith(
        "; 1 figure changed on the page"
    )
    assert (
        "a workbook that was brought"
        in costs.answer(asked(base=read_organisation("nursery").raw))["results"]["manifest"]
    )
    file.write_text(text + "# later\n", "utf-8")
    with pytest.raises(InputError, match="has been changed since this page was opened"):
        costs.answer(asked())
