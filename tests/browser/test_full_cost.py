"""The page of full cost recovery as people meet it: a real browser, a running server, shipped charities."""

from __future__ import annotations

import json
import re
import zipfile
from collections.abc import Callable, Iterator
from io import BytesIO
from pathlib import Path
from typing import Any

import openpyxl
import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from resilience.cli import cli
from resilience.costing.costed import cost
from resilience.organisation_file import organisation_from, read_organisation
from resilience.words import costing as words
from resilience.words.numbers import money

pytestmark = pytest.mark.xdist_group("browser")
Visit = Callable[..., Any]


@pytest.fixture
def costs(visit: Visit) -> Iterator[Callable[..., Any]]:
    yield lambda organisation="advice_charity", width=1280: visit(organisation, width, page="full_cost")


def rested(page: Page, deed: Callable[[], Any]) -> None:
    """Does something and waits until its answer is drawn."""
    before = int(page.locator("[data-seq]").get_attribute("data-seq") or 0)
    deed()
    page.wait_for_function("before => Number(document.querySelector('[data-seq]').dataset.seq) > before", arg=before)


def cell(page: Page, label: str) -> Any:
    return page.locator(".entries").get_by_label(label, exact=True)


def section(page: Page, title: str) -> None:
    summary = page.locator("details.group > summary").filter(has_text=title)
    if not summary.evaluate("one => one.parentElement.open"):
        summary.click()


def typed(page: Page, label: str, text: str) -> None:
    box = cell(page, label)
    rested(page, lambda: (box.fill(text), box.press("Enter")))


def changed(org: str = "advice_charity", **places: Any) -> Any:
    """The organisation with places of its file set."""
    raw = json.loads(json.dumps(read_organisation(org).raw, default=str))
    for place, value in places.items():
        *way, last = place.split("__")
        table = raw
        for key in way:
            table = table.setdefault(key, {})
        table[last] = value
    return organisation_from(raw, "x")


def test_the_page_says_what_the_command_says(costs: Any) -> None:
    page, seen = costs()
    found = cost(read_organisation("advice_charity"))
    text = page.locator(".answer").text_content()
    for said in words.whole(found):
        assert said in text
    rows = page.locator(".answer .scroll").first.locator("tbody tr").all_text_contents()
    assert rows == ["".join(row) for row in words.by_dock(found)[1:]]
    assert page.locator("main h1").count() == 1 and "Lantern Row Advice" in page.locator("h1").text_content()
    assert seen.faults == [] and seen.outside == []


def test_a_cell_that_is_edited_gives_the_cost_of_the_file_with_that_figure(costs: Any) -> None:
    page, seen = costs()
    typed(page, "hub, audit and governance: pounds a year", "£25,000.50")
    expected = cost(changed(hub__costs__audit_and_governance__yearly=25_000.5))
    for said in words.whole(expected):
        expect(page.locator(".answer")).to_contain_text(said)
    expect(page.locator("[role=status].status")).to_have_text(words.in_all(expected))
    expect(page.locator(".manifest")).to_contain_text("1 figure changed on the page")
    expect(page.locator("h1")).to_contain_text("changed")
    page.locator("details.changes > summary").click()
    expect(page.locator(".changes")).to_contain_text("£25,000.50, in the file 10,500")
    rested(page, lambda: page.get_by_role("button", name=re.compile("^Undo")).click())
    expect(cell(page, "hub, audit and governance: pounds a year")).to_have_value("10,500")
    rested(page, lambda: page.get_by_role("button", name=re.compile("^Redo")).click())
    expect(cell(page, "hub, audit and governance: pounds a year")).to_have_value("£25,000.50")
    rested(page, lambda: page.get_by_role("button", name="Everything as in the file").click())
    for said in words.whole(cost(read_organisation("advice_charity"))):
        expect(page.locator(".answer")).to_contain_text(said)
    assert seen.faults == []


def test_a_mistyped_cell_keeps_its_entry_says_its_fault_and_makes_no_sums(costs: Any) -> None:
    page, _ = costs()
    label = "community advice, premises: pounds a year"
    typed(page, label, "52 thousand")
    box = cell(page, label)
    expect(box).to_have_value("52 thousand")
    expect(box).to_have_attribute("aria-invalid", "true")
    fault = page.locator("td .fault:visible")
    expect(fault).to_contain_text('"52 thousand" is not a number; write it in figures, like 1,234.50.')
    assert fault.get_attribute("id") in box.get_attribute("aria-describedby")
    expect(page.locator(".answer .note")).to_contain_text("Not worked out: a figure cannot be read")
    assert page.locator(".answer .scroll:visible").count() == 0 and page.locator(".waterfall:visible").count() == 0
    assert page.locator(".rules:visible").count() == 0
    problem = page.locator(".problems a")
    expect(problem).to_contain_text(label)
    page.locator("body").click(position={"x": 5, "y": 5})
    problem.click()
    expect(box).to_be_focused()
    typed(page, label, "60000")
    expect(page.locator(".problems")).to_be_hidden()
    expect(page.locator(".answer")).to_contain_text(
        money(cost(changed(docks__community_advice__costs__premises__yearly=60_000)).total)
    )


def test_what_the_checks_of_the_file_refuse_stands_beside_its_cell(costs: Any) -> None:
    page, _ = costs()
    section(page, "Posts")
    typed(page, "hub, finance: people", "-1")
    expect(page.locator("td .fault:visible")).to_contain_text("-1 is too small; write 0 or more")
    expect(cell(page, "hub, finance: people")).to_have_value("-1")


def test_another_driver_opens_its_cells_and_divides_anew(costs: Any) -> None:
    page, _ = costs()
    section(page, "Pools and drivers")
    rested(page, lambda: cell(page, "pool hub: divided by").select_option("floor area"))
    expect(page.locator(".answer .note")).to_contain_text("says nothing of community_advice")
    section(page, "Floor area")
    areas = {"community_advice": 210, "debt_advice": 60, "legal_aid": 90, "pensions_guidance": 20}
    for dock, metres in areas.items():
        typed(page, f"{dock.replace('_', ' ')}: floor area, square metres", str(metres))
    expected = cost(changed(costing={"pools": {"hub": {"driver": "floor area"}}, "floor_area": areas}))
    rows = page.locator(".answer .scroll").first.locator("tbody tr")
    expect(rows.first).to_have_text("".join(words.by_dock(expected)[1]))
    working = page.locator(".workings details").first
    working.locator("summary").click()
    expect(working).to_contain_text("community advice: 210 square metres")
    expect(working).to_contain_text(words.exact_money(expected.docks[0].overhead[0].pounds))


def test_the_price_with_its_terms_and_the_steps_to_it(costs: Any) -> None:
    page, seen = costs()
    rested(page, lambda: page.get_by_label("Service").select_option("debt_advice"))
    for label, text in (("Term in months", "36"), ("Margin", "5 %"), ("Rise each April", "2 %")):
        box = page.get_by_label(label)
        rested(page, lambda box=box, text=text: (box.fill(text), box.press("Enter")))
    run = CliRunner().invoke(cli, ["cost", "advice_charity", "--price", "debt_advice", "--term", "36", "--margin", "0.05", "--uplift", "0.02", "--json"])  # fmt: skip
    at = json.loads(run.stdout)["price"]
    expect(page.locator(".price .said")).to_contain_text(
        f"Price that recovers it: {words.exact_money(at['yearly'])} a year"
    )
    figure = page.locator("figure.waterfall")
    page.get_by_text("Table: from direct cost to price").click()
    rows = dict(row.split("\t")[:2] for row in figure.locator("tbody tr").evaluate_all("all => all.map(r => [...r.children].map(c => c.textContent).join('\\t'))"))  # fmt: skip
    assert rows["Direct cost"] == money(at["direct"]) and rows["Share of the hub"] == money(at["overhead"])
    assert rows["To recover"] == money(at["to_recover"]) and rows["Margin"] == money(at["to_recover"] - at["full"])
    bars = figure.locator("rect.bar").evaluate_all("all => all.map(r => [Number(r.getAttribute('x')), Number(r.getAttribute('width'))])")  # fmt: skip
    assert abs(bars[0][0] + bars[0][1] - bars[1][0]) < 0.5  # a part stands where the one above it ended
    box = page.get_by_label("Margin")
    rested(page, lambda: (box.fill("lots"), box.press("Enter")))
    expect(page.locator(".terms .fault:visible")).to_contain_text('"lots" is not a number')
    assert page.locator(".price .said p").count() == 0
    assert seen.faults == []


def test_rule_sets_side_by_side(costs: Any) -> None:
    page, _ = costs()
    run = CliRunner().invoke(cli, ["cost", "advice_charity", "--compare", "--json"])
    found = json.loads(run.stdout)
    rows = page.locator(".rules tbody tr").all_text_contents()
    assert len(rows) == len(found["rules"])
    for one, row in zip(found["rules"], rows, strict=True):
        dock = next(d for d in one["docks"] if d["dock"] == "community_advice")
        assert row == "".join([one["name"], money(dock["overhead"]), money(dock["full"]), money(dock["unpaid"])])


def downloaded(page: Page, name: str) -> tuple[str, bytes]:
    with page.expect_download() as held:
        page.get_by_role("button", name=name).click()
    return held.value.suggested_filename, Path(held.value.path()).read_bytes()


def test_workbooks_go_down_and_come_up(costs: Any, tmp_path: Path) -> None:
    page, seen = costs()
    typed(page, "hub, audit and governance: pounds a year", "12000")
    name, data = downloaded(page, "The working, with live formulas")
    assert name == "full-cost.xlsx" and "Result" in openpyxl.load_workbook(BytesIO(data)).sheetnames
    name, data = downloaded(page, "This organisation as a file")
    (tmp_path / "org.toml").write_bytes(data)
    assert name == "organisation.toml" and read_organisation(tmp_path / "org.toml").hub.costs["audit_and_governance"].yearly.mean() == 1_200_000  # fmt: skip
    name, data = downloaded(page, "This organisation as a workbook")
    book = openpyxl.load_workbook(BytesIO(data))
    costs_sheet = book["Costs"]
    heads = {c.value: c.column for c in costs_sheet[1]}
    row = next(r for r in range(3, 60) if costs_sheet.cell(r, 1).value == "audit_and_governance")
    assert costs_sheet.cell(row, heads["yearly"]).value == 12_000
    costs_sheet.cell(row, heads["yearly"]).value = 14_000
    book.save(tmp_path / "mine.xlsx")
    rested(page, lambda: page.get_by_label("Bring a workbook").set_input_files(tmp_path / "mine.xlsx"))
    expect(page.locator(".downloads [role=status]")).to_contain_text("mine.xlsx is taken up.")
    expect(cell(page, "hub, audit and governance: pounds a year")).to_have_value("14,000")
    total = money(cost(changed(hub__costs__audit_and_governance__yearly=14_000)).total)
    expect(page.locator(".answer")).to_contain_text(total)
    costs_sheet.cell(row, heads["yearly"]).value = "a lot"
    book.save(tmp_path / "bad.xlsx")
    page.get_by_label("Bring a workbook").set_input_files(tmp_path / "bad.xlsx")
    table = page.locator(".downloads table")
    expect(table).to_contain_text("sheet Costs, cell")
    expect(table).to_contain_text("is not a number; write it in figures, like 1234.50")
    expect(page.locator(".answer")).to_contain_text(total)  # what stood there stands
    assert seen.faults == []


def test_a_planted_or_too_large_workbook_is_refused_in_a_sentence(costs: Any, tmp_path: Path) -> None:
    page, _ = costs("nursery")
    with zipfile.ZipFile(tmp_path / "bomb.xlsx", "w", zipfile.ZIP_DEFLATED) as held:
        held.writestr("xl/zeros.bin", bytes(60_000_000))
    page.get_by_label("Bring a workbook").set_input_files(tmp_path / "bomb.xlsx")
    expect(page.locator(".downloads table")).to_contain_text("unpacks to more than")
    (tmp_path / "large.xlsx").write_bytes(bytes(700_000))
    page.get_by_label("Bring a workbook").set_input_files(tmp_path / "large.xlsx")
    expect(page.locator(".alert[role=alert]:visible")).to_contain_text("larger than 600 kB")


def test_what_was_typed_is_there_when_the_page_is_loaded_again(costs: Any) -> None:
    page, seen = costs()
    typed(page, "hub, audit and governance: pounds a year", "11000")
    rested(page, lambda: page.get_by_label("Service").select_option("legal_aid"))
    page.reload()
    page.wait_for_selector("[data-seq]")
    expect(cell(page, "hub, audit and governance: pounds a year")).to_have_value("11000")
    expect(page.get_by_label("Service")).to_have_value("legal_aid")
    assert seen.faults == []


def test_the_page_says_that_its_kernel_is_gone(costs: Any, serve: Any) -> None:
    import psutil

    page, _ = costs("small_grants")
    for one in psutil.Process(serve("small_grants", "full_cost").process.pid).children(recursive=True):
        if "ipykernel_launcher" in " ".join(one.cmdline()):
            one.kill()
    alert = page.get_by_role("alert").filter(has_text="connection to the model is lost")
    expect(alert).to_be_visible(timeout=60_000)
    assert page.locator("form input:enabled").count() == 0


def test_keys_move_through_the_grid(costs: Any) -> None:
    page, _ = costs()
    first = page.locator(".entries input").first
    first.focus()
    first.press("ArrowDown")
    expect(page.locator(".entries input").nth(1)).to_be_focused()
    page.locator(".entries input").nth(1).press("ArrowUp")
    expect(first).to_be_focused()


@pytest.mark.parametrize("width", [320, 375, 1280])
def test_no_fault_that_axe_finds_and_nothing_wider_than_the_page(costs: Any, width: int, shots: Path) -> None:
    page, seen = costs("nursery", width)
    page.locator("details").evaluate_all("all => all.forEach((one) => { one.open = true; })")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    page.screenshot(path=shots / f"full_cost_{width}.png", full_page=True)
    assert seen.faults == [] and seen.outside == []


def test_a_script_in_a_name_runs_nowhere(costs: Any, tmp_path: Path) -> None:
    text = Path(read_organisation("nursery").file).read_text("utf-8")
    name = re.search(r'^name = "(.*)"$', text, re.MULTILINE)
    assert name
    file = tmp_path / "planted.toml"
    file.write_text(text.replace(name[0], 'name = "<img src=x onerror=alert(1)>"', 1), "utf-8")
    page, seen = costs(str(file))
    expect(page.locator("h1")).to_contain_text("<img src=x onerror=alert(1)>")
    assert page.locator("main img").count() == 0 and seen.faults == []
