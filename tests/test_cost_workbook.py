"""The workbook of a full cost, recalculated in LibreOffice: the program's pounds and pence, also after input cells have been changed."""

import shutil
import subprocess
import tomllib

import openpyxl
import pytest
from click.testing import CliRunner
from test_cost_recovery import EXAMPLE

from resilience.cli import cli
from resilience.costing.costed import cost, worked
from resilience.exports.cost_workbook import INPUTS, write_workbook
from resilience.organisation_file import organisation_from, read_organisation

OFFICE = shutil.which("soffice") or shutil.which("libreoffice")
needs_office = pytest.mark.skipif(OFFICE is None, reason="LibreOffice is absent")


def example(**more):
    return tomllib.loads(EXAMPLE) | more


def made(raw):
    return organisation_from(raw, "x.toml")


def written(at, organisation):
    write_workbook(at, worked(organisation))
    return at


def recalculated(tmp_path, book):
    """{dock: (direct, full cost, income)} and the check, as LibreOffice works them out; what the file says of them is thrown away."""
    changed = tmp_path / "changed.xlsx"
    book.save(changed)  # openpyxl keeps formulas and no values
    profile = f"-env:UserInstallation=file://{tmp_path}/profile"
    done = subprocess.run([OFFICE, profile, "--headless", "--convert-to", "xlsx:Calc MS Excel 2007 XML", "--outdir", str(tmp_path / "out"), str(changed)], capture_output=True, timeout=180)  # fmt: skip
    assert done.returncode == 0, done.stderr
    rows = list(
        openpyxl.load_workbook(tmp_path / "out" / "changed.xlsx", data_only=True)["Result"].iter_rows(values_only=True)
    )
    at = {name: i for i, name in enumerate(rows[0])}
    docks = [row for row in rows[1:] if row[at["full cost"]] is not None]
    (check,) = (row[1] for row in rows if row[0] == "check")
    return {row[0]: tuple(round(row[at[k]], 2) for k in ("direct", "full cost", "income")) for row in docks}, check


def told(organisation):
    return {one.name: (one.direct_total, one.full, one.income_total) for one in cost(organisation).docks}


def put(book, sheet, row, column, value):
    """Changes an input cell, found by the name in its row and the title of its column."""
    (at,) = (c.column for c in book[sheet][1] if c.value == column)
    (line,) = (r for r in range(2, book[sheet].max_row + 1) if book[sheet].cell(r, 1).value == row)
    book[sheet].cell(line, at).value = value


def with_method(method, drivers=None, shares=None):
    raw = example()
    raw["costing"]["method"] = method
    for pool, driver in (drivers or {}).items():
        raw["costing"]["pools"][pool]["driver"] = driver
    return raw


@needs_office
@pytest.mark.parametrize("method", ["direct", "step-down", "reciprocal"])
def test_libreoffice_works_out_what_the_program_does(tmp_path, method):
    one = made(with_method(method))
    found, check = recalculated(tmp_path, openpyxl.load_workbook(written(tmp_path / "a.xlsx", one)))
    assert found == told(one) and check == "adds up"


@needs_office
@pytest.mark.parametrize("name", ["advice_charity", "nursery", "small_grants", "certain"])
def test_every_shipped_charity(tmp_path, name):
    one = read_organisation(name)
    found, check = recalculated(tmp_path, openpyxl.load_workbook(written(tmp_path / "a.xlsx", one)))
    assert found == told(one) and check == "adds up"


@needs_office
def test_every_kind_of_post(tmp_path):
    raw = example(employment_allowance=True)
    kinds = {"kind": "sessional"}, {"kind": "freelance", "absence": 0.1, "cover": 0.5, "cover_cost": 1.3}
    raw["docks"]["advice"]["posts"]["adviser"] |= kinds[0]
    raw["docks"]["youth"]["posts"]["worker"] |= kinds[1]
    one = made(raw)
    found, check = recalculated(tmp_path, openpyxl.load_workbook(written(tmp_path / "a.xlsx", one)))
    assert found == told(one) and check == "adds up"


@needs_office
def test_changed_cells_give_the_pence_of_the_changed_file(tmp_path):
    """Pay, heads, hours, pension, a line, areas, a driver, a share of a post, the method, the law, income: one after the other, together."""
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", made(with_method("direct"))))
    raw = with_method("reciprocal", {"central": "headcount"})
    adviser = raw["docks"]["advice"]["posts"]["adviser"]
    adviser["pay"], adviser["heads"], adviser["hours"], adviser["pension"] = 31_234.56, 4, 35, 0.075
    raw["hub"]["costs"]["rent"]["yearly"] = 27_777.77
    raw["costing"]["floor_area"] = {"advice": 95, "youth": 133}
    raw["costing"]["pools"]["central"]["posts"]["director"] = 0.3
    raw["costing"]["pools"]["governance"]["posts"]["director"] = 0.7
    raw["streams"]["council"]["yearly"] = 151_515.15
    raw["economy"] = {"employer_nic": {"from": "2026-04", "rate": 0.17, "threshold": 4_500}}
    place = "docks.advice.posts.adviser"
    for column, value in (("pay a head", 31_234.56), ("heads", 4), ("hours a week", 35), ("pension, per cent", 7.5)):
        put(book, "Posts", place, column, value)
    put(book, "Lines", "hub.costs.rent", "pounds a year", 27_777.77)
    put(book, "Docks", "advice", "floor area", 95)
    put(book, "Docks", "youth", "floor area", 133)
    put(book, "Pools", "central", "driver", "headcount")
    put(book, "In pools", "hub.posts.director", "pool central", 0.3)
    put(book, "In pools", "hub.posts.director", "pool governance", 0.7)
    put(book, "Income", "council", "pounds a year", 151_515.15)
    put(book, "Law", "employer NIC, per cent", "value", 17)
    put(book, "Law", "NIC above, pounds a year", "value", 4_500)
    put(book, "Law", "method: may pools serve pools", "value", "reciprocal")
    found, check = recalculated(tmp_path, book)
    assert found == told(made(raw)) and check == "adds up"


@needs_office
@pytest.mark.parametrize(
    "change",
    [
        ("Lines", "docks.advice.costs.travel", "dock, or hub", "nowhere"),
        (
            "In pools",
            "hub.posts.director",
            "pool central",
            0.3,
        ),  # with governance's half, a fifth of the post is in no pool
    ],
)
def test_the_check_says_so_where_something_is_left_out(tmp_path, change):
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", made(example())))
    put(book, *change)
    assert recalculated(tmp_path, book)[1] == "does not add up"


def test_no_number_off_the_input_sheets_is_a_value(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", made(with_method("reciprocal"))))
    for sheet in book:
        matrix = (
            {c for a in sheet.array_formulae for row in sheet[sheet.array_formulae[a]] for c in row}
            if hasattr(sheet, "array_formulae")
            else set()
        )
        numbers = [
            c.coordinate
            for row in sheet.iter_rows()
            for c in row
            if isinstance(c.value, int | float) and c not in matrix
        ]
        assert not numbers or sheet.title in INPUTS, (sheet.title, numbers[:5])


def test_input_cells_are_marked_and_have_lists(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", made(example())))
    assert (
        book["Posts"].cell(2, 5).fill.fgColor.rgb == "FFE8EEFA"
        and book["Pay"].cell(2, 2).fill.fgColor.rgb != "FFE8EEFA"
    )
    assert any("step-down" in one.formula1 for one in book["Law"].data_validations.dataValidation)


def test_text_stays_text(tmp_path):
    book = openpyxl.load_workbook(written(tmp_path / "a.xlsx", made(example(name='=HYPERLINK("http://x")'))))
    first = book["Read me"].cell(1, 1)
    assert first.data_type == "s" and first.value.endswith('=HYPERLINK("http://x")')


def test_the_same_input_gives_the_same_bytes(tmp_path):
    a, b = (written(tmp_path / name, made(example())).read_bytes() for name in ("a.xlsx", "b.xlsx"))
    assert a == b


def test_the_command_line_writes_it(tmp_path):
    done = CliRunner().invoke(cli, ["cost", "advice_charity", "--xlsx", str(tmp_path / "out.xlsx")])
    assert done.exit_code == 0 and (tmp_path / "out.xlsx").stat().st_size > 10_000
    wrong = CliRunner().invoke(cli, ["cost", "advice_charity", "--xlsx", str(tmp_path / "out.ods")])
    assert wrong.exit_code == 2 and "end it in .xlsx" in wrong.output
