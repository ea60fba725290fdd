"""An organisation as a workbook and back: nothing is lost, a fault names its cell, and what is planted in a workbook harms nobody."""

import copy
import shutil
import subprocess
import sys
import zipfile

import openpyxl
import pytest
import test_no_dead_field as no_dead_field
from click.testing import CliRunner

from resilience.cli import cli
from resilience.errors import InputError
from resilience.exports.toml import organisation_toml
from resilience.exports.workbook import cell_of, rows_of, values_of, write_workbook
from resilience.importers import cells, read_workbook, workbook
from resilience.organisation_file import organisation_from, read_organisation
from resilience.reading import read_toml
from resilience.sheets import ORGANISATION, sheets
from resilience.shipped import names


def run(*words):
    return CliRunner().invoke(cli, ["workbook", *map(str, words)])


def made(tmp_path, org=None):
    file = tmp_path / "book.xlsx"
    done = run("new", file, *(["--from", org] if org else []))
    assert done.exit_code == 0, done.output
    return file


def column(sheet, heading):
    return next(cell.column for cell in sheet[1] if cell.value == heading)


def filled(file, into, **rows):
    """The workbook with figures of the sheet Organisation, and with rows of the others by sheet."""
    book = openpyxl.load_workbook(file)
    for sheet, held in rows.items():
        page = book[sheet.capitalize()]
        if sheet == "organisation":
            at = {page.cell(r, 1).value: r for r in range(2, page.max_row + 1)}
            for heading, value in held.items():
                page.cell(at[heading], 2).value = value
            continue
        for r, row in enumerate(held, 3):
            for heading, value in row.items():
                page.cell(r, column(page, heading)).value = value
    book.save(into)
    return into


# ---- nothing is lost


@pytest.mark.parametrize("org", names("organisations"))
def test_every_shipped_file_comes_back_as_it_was(tmp_path, org):
    out = tmp_path / "back.toml"
    done = run("read", made(tmp_path, org), "-o", out)
    assert done.exit_code == 0, done.output
    back, before = read_organisation(out), read_organisation(org)
    assert back.raw == before.raw and back.model_dump() == before.model_dump()


def cells_for(raw):
    """The cells of the workbook of these tables, without the file."""
    found = {}
    for sheet in sheets():
        if sheet.name == ORGANISATION:
            rows, left = [((), list(values_of(sheet, raw)))], ()
        else:
            left = ("name", "where")[: 1 + sheet.placed]
            rows = [((name, where)[: len(left)], list(values_of(sheet, table))) for where, name, table in rows_of(sheet, raw)]  # fmt: skip
        held = [[(".".join(keys), keys, value) for keys, value in row] for _, row in rows]
        if sheet.name == ORGANISATION:
            found[sheet.name] = [one for r, (heading, keys, value) in enumerate(held[0], 2) for one in [(r, 1, "s", heading), (r, 2, *kind(sheet, keys, value))]]  # fmt: skip
            continue
        heads = [*left, *dict.fromkeys(heading for row in held for heading, _, _ in row)]
        placed = [(1, c, "s", heading) for c, heading in enumerate(heads, 1)]
        for r, ((names_, _), row) in enumerate(zip(rows, held, strict=True), 3):
            placed += [(r, c, "s", text) for c, text in enumerate(names_, 1)]
            placed += [(r, heads.index(heading) + 1, *kind(sheet, keys, value)) for heading, keys, value in row]
        found[sheet.name] = placed
    return found


def kind(sheet, keys, value):
    one = sheet.by_heading.get(".".join(keys))
    held = cell_of(value, one) if one else value
    return ("b" if isinstance(held, bool) else "s" if isinstance(held, str) else "n", held)


def variations():
    """A file for each variation of a field of the format."""
    for one in no_dead_field.VARIATIONS:
        places = one.given | one.besides | {one.place: one.to}
        yield one.place, no_dead_field.changed(no_dead_field.organisation(), places)


def test_every_field_of_the_format_comes_back(monkeypatch):
    lost, number = [], 0
    for where, raw in variations():
        try:
            before = organisation_from(raw, "x.toml")
        except InputError:
            continue
        monkeypatch.setattr(workbook, "cells_of", lambda _, raw=raw: cells_for(raw))
        back, number = read_workbook("x.xlsx"), number + 1
        if organisation_from(back, "x.toml").model_dump() != before.model_dump():
            lost.append(where)
    assert not lost and number > 400


@pytest.mark.parametrize("part", range(4))
def test_fields_come_back_through_a_file(tmp_path, part):
    where, raw = list(variations())[part * 97 + 5]
    write_workbook(tmp_path / "x.xlsx", raw)
    assert read_workbook(tmp_path / "x.xlsx") == raw, where


def test_what_is_written_is_a_toml_file_of_the_same_tables(tmp_path):
    raw = read_organisation("advice_charity").raw
    (tmp_path / "x.toml").write_text(organisation_toml(raw), "utf-8")
    assert read_toml(tmp_path / "x.toml") == raw


def test_the_same_organisation_gives_the_same_bytes(tmp_path):
    raw = read_organisation("nursery").raw
    for name in ("a", "b"):
        write_workbook(tmp_path / f"{name}.xlsx", raw)
    assert (tmp_path / "a.xlsx").read_bytes() == (tmp_path / "b.xlsx").read_bytes()


def test_remarks_empty_tables_and_odd_texts_come_back(tmp_path):
    raw = copy.deepcopy(read_organisation("small_grants").raw)
    raw["opening"] |= {"note": '=HYPERLINK("x")', "owner": "", "review_by": "2027-01-31"}
    raw["doubt"], raw["note"] = {}, "two\nlines; { not a table }"
    stream = next(iter(raw["streams"].values()))
    stream["renewal"] = {"chance": {"low": 0.2, "likely": 0.5, "high": 0.7, "source": "a guess"}, "note": "@SUM(1)"}
    raw["streams"]["other"] = stream | {"renewal": {"low": 0.1, "likely": 0.5, "high": 0.7}, "fund": "unrestricted"}
    stream["payment"], stream["season"] = "monthly", [1, 2, 0, 0.5] * 3
    write_workbook(tmp_path / "x.xlsx", raw)
    assert read_workbook(tmp_path / "x.xlsx") == raw


def test_the_template_marks_helps_and_offers_choices(tmp_path):
    book = openpyxl.load_workbook(made(tmp_path))
    assert book.sheetnames == ["Read me", *(sheet.name for sheet in sheets())]
    assert {"Funds", "Streams", "Bids", "Posts", "Services", "Costs"} <= set(book.sheetnames)
    page = book["Streams"]
    kind_at = column(page, "kind")
    assert page.cell(1, kind_at).font.bold and not page.cell(1, column(page, "notice")).font.bold
    assert page.cell(3, kind_at).fill.fgColor.rgb.endswith("E8EEFA")
    lists = {str(one.sqref).split(":")[0]: one for one in page.data_validations.dataValidation}
    held = lists[page.cell(3, kind_at).coordinate]
    assert held.type == "list" and "local authority" in held.formula1 and "kind of payer" in held.prompt.lower()
    said = [cell.value for cell in page[2]]
    assert len([text for text in said if text]) >= 60


# ---- filling it in

FIRST = {"name": "Riverside", "first_month": "2026-04", "opening.bank": 120_000}
COUNCIL = {"name": "council", "kind": "local authority", "yearly": 90_000, "until": "2027-03", "renewal": "7 in 10"}


def test_a_template_that_is_filled_in_is_an_organisation(tmp_path):
    rows = {
        "organisation": FIRST | {"chance": True, "opening.owed": '[{ month = "2026-05", amount = 900.5 }]'},
        "streams": [COUNCIL, {"name": "gifts", "kind": "giving", "yearly": "{ low = 5000, likely = 8000, high = 9000 }"}],
        "docks": [{"name": "advice", "funded_by": "council; gifts"}],
        "posts": [{"name": "adviser", "where": "advice", "heads": 2, "pay": 28_000, "service": 3}, {"name": "lead", "where": "HUB".lower(), "heads": 1, "pay": 41_000, "service": 9}],
    }  # fmt: skip
    file = filled(made(tmp_path), tmp_path / "filled.xlsx", **rows)
    done = run("read", file, "-o", tmp_path / "riverside.toml")
    assert done.exit_code == 0, done.output
    found = read_organisation(tmp_path / "riverside.toml")
    assert (found.name, found.opening.bank, found.opening.owed[0].amount) == ("Riverside", 12_000_000, 90_050)
    assert found.docks["advice"].funded_by == ["council", "gifts"] and found.docks["advice"].posts["adviser"].heads == 2
    assert found.hub.posts["lead"].pay == 4_100_000 and found.streams["council"].renewal.chance == 0.7
    assert CliRunner().invoke(cli, ["check", str(tmp_path / "riverside.toml")]).exit_code == 0


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is absent")
def test_formulas_dates_and_what_libreoffice_saves_are_read(tmp_path):
    import datetime

    rows = {"organisation": FIRST | {"opening.bank": "=1000*120+0.5"}, "streams": [COUNCIL | {"until": datetime.date(2027, 3, 1), "yearly": "=opening"}]}  # fmt: skip
    rows["streams"][0]["yearly"] = "=90000+2*250"
    file = filled(made(tmp_path), tmp_path / "typed.xlsx", **rows)
    with pytest.raises(InputError) as refused:
        read_workbook(file)  # openpyxl writes no values of formulas
    assert "is a formula whose value is not in the file" in str(refused.value)
    subprocess.run(["soffice", f"-env:UserInstallation={(tmp_path / 'profile').as_uri()}", "--headless", "--convert-to", "xlsx", "--outdir", str(tmp_path / "saved"), str(file)], check=True, capture_output=True)  # fmt: skip
    raw = read_workbook(tmp_path / "saved" / "typed.xlsx")
    assert raw["opening"]["bank"] == 120_000.5
    assert raw["streams"]["council"]["yearly"] == 90_500 and raw["streams"]["council"]["until"] == "2027-03"


def fault_of(tmp_path, **rows):
    file = filled(made(tmp_path), tmp_path / "filled.xlsx", **{"organisation": FIRST} | rows)
    done = run("read", file, "-o", tmp_path / "x.toml")
    assert done.exit_code == 2 and not (tmp_path / "x.toml").exists() and "Traceback" not in done.output
    return done.output


def test_every_fault_is_told_at_once_by_sheet_and_cell(tmp_path):
    said = fault_of(
        tmp_path,
        organisation={"name": "Riverside", "first_month": "soon", "opening.bank": "£120,000"},
        streams=[COUNCIL | {"kind": "local autority", "renewal": 70}, COUNCIL, {"kind": "trust"}, {"name": "t", "kind": "trust", "yearly": "{ low = 1"}],
        docks=[{"name": "advice", "funded_by": "council; tt"}],
        posts=[{"name": "w", "where": "advcie", "heads": 2}, {"name": "w"}, {"name": "boss", "where": "hub", "heads": 1.5, "pay": 3, "service": 1}],
    )  # fmt: skip
    for words in (
        "sheet Organisation, cell B3 (first_month): soon",
        "(opening.bank): £120,000 is text; write the number without pound sign or commas: 120000",
        'sheet Streams, cell C3 (streams.council.kind): local autority is not known here; write one of "local authority"',
        "(streams.council.renewal): 70 is not a probability; write 0.70",
        "sheet Streams, cell A4 (streams.council): stands in cell A3 too; give one of them another name",
        "sheet Streams, cell A5: has no name beside filled cells; type a name, or clear the row",
        "(streams.t.yearly): { low = 1 cannot be read",
        'sheet Posts, cell B3: advcie is no dock of the sheet Docks; did you mean "advice"?',
        "sheet Posts, cell B4: does not say where it belongs; type hub, or advice",
        "(hub.posts.boss.heads): 1.5 is not a whole number",
    ):
        assert words in said, words
    assert "sheet Docks, cell B3" in said and "tt" in said


def test_the_nearest_cell_stands_for_what_is_missing(tmp_path):
    said = fault_of(tmp_path, organisation={"name": "x"}, streams=[{"name": "c", "yearly": 5}])
    assert "sheet Organisation, cell B3 (first_month): is missing; type it here" in said
    assert "(opening): is missing; fill in the bold rows below it" in said
    assert "sheet Streams, cell C3 (streams.c.kind): is missing; type it here" in said


@pytest.mark.parametrize(
    ("rows", "words"),
    [
        ({"streams": [COUNCIL | {"renewal.chance": 0.5}]}, "0.5 is a second value beside cell AF3; clear one of the two"),
        ({"streams": [COUNCIL | {"yearly": "#DIV/0!"}]}, "#DIV/0!"),
        ({"streams": [COUNCIL | {"payer": 7, "note": True}]}, "note"),
        ({"organisation": FIRST | {"chance": "perhaps"}}, "is neither true nor false; write true or false"),
        ({"organisation": FIRST | {"opening": "5"}}, "(opening.bank): 120000 is a second value beside cell"),
        ({"services": [{"name": "s", "dock": "nowhere", "caseload": 1, "length": 1, "referrals": 1}]}, "sheet Services, cell B3"),
        ({"docks": [{"name": "hub"}]}, "sheet Docks, cell A3"),
        ({"streams": [COUNCIL | {"fund": "lottery"}]}, "add a row lottery to the sheet Funds"),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told(tmp_path, rows, words):
    assert words in fault_of(tmp_path, **rows)


def test_headings_and_sheets_that_are_not_ours(tmp_path):
    file = filled(made(tmp_path), tmp_path / "x.xlsx", organisation=FIRST, streams=[COUNCIL])
    book = openpyxl.load_workbook(file)
    page = book["Streams"]
    page.cell(1, column(page, "notice")).value = "noticee"
    page.cell(3, 120).value = "stray"
    book["Organisation"].cell(300, 2).value = 5
    book.create_sheet("Stream")["A1"] = "x"
    book.save(file)
    done = run("read", file, "-o", tmp_path / "x.toml")
    assert done.exit_code == 2
    assert 'is no field of this sheet; did you mean "notice"?' in done.output
    assert "cell DP3: stray stands in a column without a heading" in done.output
    assert "cell B300: 5 stands beside no field" in done.output
    assert 'sheet Stream: is none of ours and is left out; did you mean "Streams"?' in done.output
    del book["Organisation"]
    book.save(file)
    assert "sheet Organisation: is missing" in run("read", file, "-o", tmp_path / "x.toml").output


def test_what_is_there_is_not_overwritten(tmp_path):
    file = made(tmp_path, "small_bids")
    again = run("new", file)
    assert again.exit_code == 2 and "is there already and is left as it is" in again.output
    out = tmp_path / "x.toml"
    out.write_text("mine", "utf-8")
    assert run("read", file, "-o", out).exit_code == 2 and out.read_text("utf-8") == "mine"
    assert run("read", file, "-o", out, "--replace").exit_code == 0 and read_organisation(out).name
    for wrong in (["new", tmp_path / "x.xls"], ["read", file, "-o", tmp_path / "x.txt"], ["nwe"]):
        assert run(*wrong).exit_code == 2
    assert 'Did you mean "new"?' in run("nwe").output


# ---- what is planted in a workbook


def remade(file, into, **parts):
    """A copy of the workbook with some of its parts replaced or added."""
    with zipfile.ZipFile(file) as before, zipfile.ZipFile(into, "w", zipfile.ZIP_DEFLATED) as after:
        held = {name: before.read(name) for name in before.namelist()} | parts
        for name, data in held.items():
            after.writestr(name, data)
    return into


SHEET, STRINGS = "xl/worksheets/sheet2.xml", "xl/sharedStrings.xml"
MAIN = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'


def huge(file, into):
    return remade(file, into, **{"xl/media/zeros.bin": bytes(60_000_000)})


def shared_strings(file, into):
    one = f"<si><t>{'a' * 30_000}</t></si>".encode()
    return remade(file, into, **{STRINGS: f"<sst {MAIN}>".encode() + one * 1500 + b"</sst>"})


def far_corner(file, into, at="XFD1048576"):
    rows = f'<row r="1"><c r="A1"><v>1</v></c></row><row r="{at.lstrip("AXFD")}"><c r="{at}"><v>1</v></c></row>'
    return remade(file, into, **{SHEET: f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()})


def far_column(file, into):
    return far_corner(file, into, "XFD2")


def far_row(file, into):
    return far_corner(file, into, "A1048576")


def entities(file, into):
    lines = "".join(f'<!ENTITY l{i} "{f"&l{i - 1};" * 10 if i else "lol"}">' for i in range(10))
    text = f"<?xml version='1.0'?><!DOCTYPE sst [{lines}]><sst {MAIN}><si><t>&l9;</t></si></sst>"
    return remade(file, into, **{STRINGS: text.encode()})


def wrong_checksum(file, into):
    data = bytearray(file.read_bytes())
    with zipfile.ZipFile(file) as held:
        one = held.getinfo(SHEET)
    at = data.find(b"PK\x01\x02")
    while data[at + 46 : at + 46 + len(SHEET)] != SHEET.encode():
        at = data.find(b"PK\x01\x02", at + 4)
    data[at + 16 : at + 20] = (one.CRC ^ 1).to_bytes(4, "little")
    into.write_bytes(data)
    return into


def false_size(file, into):
    """Says of its zeros that they are few."""
    huge(file, into)
    data = bytearray(into.read_bytes())
    at = data.rfind(b"PK\x01\x02")
    data[at + 24 : at + 28] = (100).to_bytes(4, "little")
    into.write_bytes(data)
    return into


def many_cells(file, into):
    row = "".join(f"<c><v>{i}</v></c>" for i in range(200))
    rows = "".join(f'<row r="{r}">{row}</row>' for r in range(1, 1700))
    return remade(file, into, **{SHEET: f"<worksheet {MAIN}><sheetData>{rows}</sheetData></worksheet>".encode()})


def no_workbook(file, into):
    into.write_bytes(b"name = 'x'")
    return into


def other_zip(file, into):
    with zipfile.ZipFile(into, "w") as held:
        held.writestr("a.txt", "a")
    return into


def broken_xml(file, into):
    return remade(file, into, **{SHEET: b"<worksheet><sheetData>"})


@pytest.mark.parametrize(
    ("plant", "words"),
    [
        (huge, "unpacks to more than"),
        (shared_strings, "unpacks to more than"),
        (far_corner, "has a cell beyond row 100,000 or column 200"),
        (far_column, "has a cell beyond row 100,000 or column 200"),
        (far_row, "has a cell beyond row 100,000 or column 200"),
        (entities, "defines entities"),
        (wrong_checksum, "is damaged"),
        (false_size, "is damaged"),
        (many_cells, "holds more than 300,000 cells"),
        (no_workbook, "is not a workbook"),
        (other_zip, "cannot be read as a workbook"),
        (broken_xml, "cannot be read as a workbook"),
    ],
)
def test_a_planted_workbook_ends_in_one_sentence(tmp_path, plant, words):
    file = plant(made(tmp_path, "small_bids"), tmp_path / "planted.xlsx")
    done = run("read", file, "-o", tmp_path / "x.toml")
    assert done.exit_code == 2 and words in done.output
    assert done.output.count("\n") == 1 and not (tmp_path / "x.toml").exists()


def test_a_workbook_that_takes_too_long_or_too_much_is_stopped(tmp_path, monkeypatch):
    file = made(tmp_path)
    monkeypatch.setattr(cells, "CLOCK", 0.01)
    with pytest.raises(InputError, match="takes more memory or time"):
        cells.cells_of(file)


@pytest.mark.skipif(sys.platform == "win32", reason="Windows knows no such limit")
def test_the_process_that_reads_may_take_so_much_memory(tmp_path):
    code = "import resource; from resilience.importers import cells; cells._limit(); print(resource.getrlimit(resource.RLIMIT_AS)[0], resource.getrlimit(resource.RLIMIT_CPU)[0]); bytearray(3 * 2**30)"  # fmt: skip
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True)
    assert done.stdout.split() == [str(2 * 2**30), "30"] and "MemoryError" in done.stderr


@pytest.mark.parametrize("name", ["missing.xlsx", "."])
def test_no_file_is_told(tmp_path, name):
    done = run("read", tmp_path / name, "-o", tmp_path / "x.toml")
    assert done.exit_code == 2 and ("does not exist" in done.output or "is a folder" in done.output)


def test_a_partner_says_to_which_partnership_it_belongs(tmp_path):
    said = fault_of(tmp_path, streams=[COUNCIL], partnerships=[{"name": "alliance", "of": "council"}], partners=[{"name": "north", "where": "aliance", "share": 0.3}])  # fmt: skip
    assert (
        'sheet Partners, cell B3: aliance is no partnership of the sheet Partnerships; did you mean "alliance"?' in said
    )
