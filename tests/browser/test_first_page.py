"""The main page as people meet it: a real browser, a running server, the shipped charity."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from axe_playwright_python.sync_playwright import Axe
from click.testing import CliRunner
from playwright.sync_api import Page, expect

from resilience import words
from resilience.cli import cli
from resilience.organisation_file import organisation_from
from resilience.projection import project
from resilience.shipped import names, shipped
from resilience.strategy import read_strategy
from resilience.words.strategies import rules

pytestmark = pytest.mark.xdist_group("browser")  # one server and one browser for all
Visit = Callable[..., Any]


def headline(page: Page) -> str:
    return str(page.locator(".headline p").first.text_content())


def rested(page: Page, deed: Callable[[], Any]) -> None:
    """Does something and waits until the full count is drawn."""
    before = int(page.locator("[data-seq]").get_attribute("data-seq") or 0)
    deed()
    page.wait_for_function(
        "before => { const one = document.querySelector('[data-seq]');"
        " return Number(one.dataset.seq) > before && one.dataset.preview === 'no'; }",
        arg=before,
    )


def group(page: Page, name: str) -> None:
    """Opens a group of levers."""
    summary = page.locator("details.group > summary").filter(has_text=name)
    if not summary.evaluate("one => one.parentElement.open"):
        summary.click()


def box(page: Page, label: str) -> Any:
    return page.locator("input[type=text]:visible").and_(page.get_by_label(re.compile(label)))


def printed(path: Path, *more: str) -> dict[str, Any]:
    """What `resilience project FILE --json` prints."""
    run = CliRunner().invoke(cli, ["project", str(path), *more, "--json"])
    assert run.exit_code == 0, run.output
    found: dict[str, Any] = json.loads(run.stdout)
    return found


@pytest.fixture(scope="session")
def edited(tmp_path_factory: pytest.TempPathFactory) -> Callable[[str, str], Path]:
    """The shipped charity's file with one line of text exchanged for another."""

    def made(before: str, after: str) -> Path:
        text = shipped("organisations", "advice_charity").read_text("utf-8")
        assert text.count(before) == 1, before
        file = tmp_path_factory.mktemp("edited") / "edited.toml"
        file.write_text(text.replace(before, after), encoding="utf-8")
        return file

    return made


def test_the_first_answer_is_that_of_the_command_line(visit: Visit) -> None:
    page, seen = visit()
    expected = project(organisation_from(tomllib.loads(_text()), "x"), strategy=read_strategy("carry_on"))
    assert headline(page) == words.headline(expected)[0]
    assert page.title()
    assert page.locator("html").get_attribute("lang") == "en-GB"
    assert page.locator("main h1").count() == 1
    for part in words.risks(expected):
        assert part in page.locator(".risks").text_content()
    assert words.manifest(expected.manifest).split(";")[0] in page.locator(".manifest").text_content()
    assert seen.faults == [] and seen.outside == []


def test_a_lever_moved_says_what_project_says_of_the_file_with_that_value(visit: Visit, edited: Any) -> None:
    page, seen = visit()
    before = headline(page)
    group(page, "Opening cash")
    entry = box(page, "money in the bank")

    def typed() -> None:
        entry.fill("£400,000")
        entry.press("Enter")

    rested(page, typed)
    assert headline(page) != before
    found = printed(edited("bank = 524_000", "bank = 400_000"))
    insolvent = found["probabilities"]["insolvent"]["by_month"][-1]
    assert words.futures(insolvent, 10_000) in headline(page)
    expect(page.locator("h1")).to_contain_text("changed")
    expect(page.locator(".changes")).to_contain_text("£400,000, in the file £524,000")
    expect(page.locator(".difference")).to_contain_text(f"With these changes, {words.of_100(insolvent)} of 100 run out")
    expect(page.locator("[role=status].status")).to_contain_text(words.futures(insolvent, 10_000))
    bank = page.locator(".ours tr").first.text_content()
    assert "£400,000" in bank
    page.get_by_text("Table: Spendable cash", exact=False).click()
    rows = page.locator("figure").first.locator("tbody tr").all_text_contents()
    year = found["months"].index("2029-03")
    assert any("Mar 2029" in row and words.money(found["measures"]["spendable"]["p50"][year]) in row for row in rows)
    assert seen.faults == []


def test_a_slider_by_keyboard_shows_a_preview_then_the_full_count(visit: Visit) -> None:
    page, seen = visit()
    slider = page.locator("input[type=range]:visible").first
    slider.focus()
    noted: list[str] = []
    page.expose_function("noted", lambda text: noted.append(text))
    page.evaluate(
        "document.addEventListener('resilience:drawn', (e) => window.noted(`${e.detail.preview}`"
        " + ` ${document.querySelector('.note').textContent}`))"
    )
    rested(page, lambda: [slider.press("ArrowRight") for _ in range(12)])
    # A loaded machine is shown fewer futures than the 1,000 of a quiet one, and the page says how many.
    previews = [re.match(r"true Preview: ([\d,]+) futures, ±", one) for one in noted[:-1]]
    assert any(found and 0 < int(found[1].replace(",", "")) <= 1_000 for found in previews)
    assert noted[-1].startswith("false")
    assert page.locator(".note").is_hidden() or "Preview" not in page.locator(".note").text_content()
    expect(slider).to_have_value("12")
    expect(slider).to_have_attribute("aria-valuetext", "12 %")
    expect(page.locator(".changes")).to_contain_text("cut from next April: 12 %, in the file 0 %")
    rested(page, lambda: page.get_by_role("button", name=re.compile("^Undo")).click())
    expect(slider).to_have_value("0")
    expect(page.locator(".changes")).to_be_hidden()
    rested(page, lambda: page.get_by_role("button", name=re.compile("^Redo")).click())
    expect(slider).to_have_value("12")
    assert seen.faults == []


def test_scenarios_and_strategies_are_chosen(visit: Visit) -> None:
    page, seen = visit()
    rested(page, lambda: page.get_by_label("Late payment").check())
    rested(page, lambda: page.get_by_label("Council cut 30 %").check())
    rested(page, lambda: page.get_by_label("What management does").select_option(label="Hub and dock"))
    rested(page, lambda: page.get_by_label("Compare with").select_option(label="Carry on"))
    run = CliRunner().invoke(
        cli,
        [
            "project",
            "advice_charity",
            "--scenario",
            "council_cut_30+late_payment",
            "--strategy",
            "hub_and_dock",
            "--json",
        ],
    )
    found = json.loads(run.stdout)
    assert words.futures(found["probabilities"]["insolvent"]["by_month"][-1], 10_000) in headline(page)
    assert "Council cut 30 % + Late payment" in page.locator(".under").text_content()
    figures = page.locator("figure h3").all_text_contents()
    assert any("Hub and dock" in one and "; Carry on" in one for one in figures)
    assert seen.faults == []


def test_an_entry_that_makes_no_sense_stays_and_says_why(visit: Visit) -> None:
    page, seen = visit()
    group(page, "Opening cash")
    entry, before = box(page, "money in the bank"), headline(page)
    entry.fill("12 appels")
    entry.press("Enter")
    problem = page.get_by_role("group", name="There is a problem")
    expect(problem).to_contain_text('"12 appels" is not a number')
    expect(problem).to_be_focused()
    assert entry.input_value() == "12 appels"
    assert entry.get_attribute("aria-invalid") == "true"
    assert headline(page) == before
    problem.get_by_role("link").click()
    expect(entry).to_be_focused()
    rested(page, lambda: (entry.fill("500000"), entry.press("Enter")))
    expect(problem).to_be_hidden()
    assert seen.faults == []


def test_downloads_are_what_the_command_line_writes(visit: Visit, tmp_path: Path) -> None:
    page, seen = visit()
    group(page, "Bids")
    entry = box(page, "Probability of winning").first
    rested(page, lambda: (entry.fill("9 in 10"), entry.press("Enter")))
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile("TOML")).click()
    overlay = tmp_path / caught.value.suggested_filename
    caught.value.save_as(overlay)
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile("JSON")).click()
    caught.value.save_as(tmp_path / "page.json")
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile("CSV")).click()
    caught.value.save_as(tmp_path / "page.csv")
    run = CliRunner().invoke(
        cli, ["project", "advice_charity", "--scenario", str(overlay), "--out", str(tmp_path / "out")]
    )
    assert run.exit_code == 0, run.output
    from_page, from_line = (
        json.loads(file.read_text("utf-8")) for file in (tmp_path / "page.json", tmp_path / "out" / "projection.json")
    )
    for one in (from_page, from_line):
        one["manifest"].pop("inputs")  # the overlay is a file in one and none in the other
    assert from_page == from_line
    assert (tmp_path / "page.csv").read_bytes() == (tmp_path / "out" / "measures.csv").read_bytes()
    assert seen.faults == []


def test_two_visitors_see_only_their_own(visit: Visit) -> None:
    (one, _), (other, _) = visit(), visit()
    before = headline(other)
    rested(one, lambda: one.get_by_label("Council cut 30 %").check())
    assert headline(one) != before
    assert headline(other) == before
    assert not other.get_by_label("Council cut 30 %").is_checked()


@pytest.mark.parametrize("width", [320, 768, 1280])
def test_nothing_bars_the_way_at_any_width(visit: Visit, width: int, shots: Path) -> None:
    page, seen = visit(width=width)
    page.screenshot(path=shots / f"first-{width}.png", full_page=True)
    for one in page.locator("details > summary").all():
        if one.is_visible() and not one.evaluate("one => one.parentElement.open"):
            one.click()
    rested(page, lambda: page.get_by_label("Council cut 30 %").check())
    page.screenshot(path=shots / f"first-{width}-open.png", full_page=True)
    found = Axe().run(page)
    assert found.violations_count == 0, found.generate_report()
    wide = page.evaluate("document.documentElement.scrollWidth")
    assert wide <= width, f"{wide} px of page in {width}"
    small = page.evaluate(
        "[...document.querySelectorAll('main *')].filter((e) => e.checkVisibility() && e.childNodes.length"
        " && [...e.childNodes].some((n) => n.nodeType === 3 && n.textContent.trim())"
        " && parseFloat(getComputedStyle(e).fontSize) < 15.9).map((e) => e.outerHTML.slice(0, 80))"
    )
    assert small == []
    assert seen.faults == [] and seen.outside == []


def test_the_whole_page_is_walked_by_keyboard(visit: Visit) -> None:
    page, _ = visit()
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.textContent").strip().startswith("Skip to")
    page.keyboard.press("Enter")
    page.keyboard.press("Tab")
    stops: list[str] = []
    for _ in range(120):
        found = page.evaluate(
            "(() => { const e = document.activeElement; if (e === document.body) return '';"
            " const seen = [e, e.parentElement].some((one) => {"
            "   const s = getComputedStyle(one); return s.outlineStyle !== 'none' || s.boxShadow !== 'none'; });"
            " return `${seen ? '' : 'UNSEEN '}${e.tagName} ${e.getAttribute('aria-label') || e.labels?.[0]?.textContent || e.textContent || ''}`.slice(0, 90); })()"
        )
        if not found:
            break
        stops.append(found)
        page.keyboard.press("Tab")
    joined = "\n".join(stops)
    for name in (
        "Council cut 30 %",
        "What management does",
        "Compare with",
        "Cut from next April",
        "JSON",
        "Table: Spendable",
    ):
        assert name in joined, f"{name} is not reached:\n{joined}"
    assert "UNSEEN" not in joined, joined
    assert len(stops) < 100


def test_a_dead_kernel_is_announced_and_the_page_offers_to_reload(visit: Visit, serve: Any) -> None:
    import psutil

    page, _ = visit()
    kernels = [
        one
        for one in psutil.Process(serve("advice_charity").process.pid).children(recursive=True)
        if "ipykernel_launcher" in " ".join(one.cmdline())
    ]
    for one in kernels:
        one.kill()
    alert = page.get_by_role("alert").filter(has_text="connection to the model is lost")
    expect(alert).to_be_visible(timeout=60_000)
    assert page.locator("form input:enabled").count() == 0
    alert.get_by_role("button", name="Reload").click()
    page.wait_for_selector("[data-seq]")
    expect(alert).to_have_count(0)


HOSTILE = '<img src=x onerror="alert(1)"><script>alert(2)</script>'


def test_a_script_planted_in_every_name_and_note_runs_nowhere(visit: Visit, tmp_path: Path) -> None:
    page, seen = visit(str(_planted(tmp_path)))
    assert "<img src=x" in page.locator("h1").text_content()
    for one in page.locator("details > summary").all():
        if one.is_visible() and not one.evaluate("one => one.parentElement.open"):
            one.click()
    rested(page, lambda: page.get_by_label("Council cut 30 %").check())
    page.wait_for_timeout(500)
    assert page.locator("img[src=x]").count() == 0
    scripts = page.evaluate("[...document.querySelectorAll('script')].map((one) => one.outerHTML)")
    assert not [one for one in scripts if "alert(" in one]
    assert seen.faults == []


def _planted(folder: Path) -> Path:
    """The shipped charity with a script in every text that a file can hold freely; the names of tables are letters and digits only."""
    text = re.sub(r'""".*?"""', '"…"', _text(), flags=re.S)
    text = re.sub(r'^(name|note|source) = "[^"]*"', lambda m: f"{m[1]} = {json.dumps(HOSTILE)}", text, flags=re.M)
    text = re.sub(r'^payer = "[^"]*"', lambda m: f"payer = {json.dumps(HOSTILE)}", text, flags=re.M)
    file = folder / "planted.toml"
    file.write_text(text, encoding="utf-8")
    return file


def _text() -> str:
    return shipped("organisations", "advice_charity").read_text("utf-8")


def test_what_was_chosen_survives_a_reload(visit: Visit) -> None:
    page, seen = visit()
    rested(page, lambda: page.get_by_label("Late payment").check())
    group(page, "Opening cash")
    entry = box(page, "money in the bank")
    rested(page, lambda: (entry.fill("450,000"), entry.press("Enter")))
    before = headline(page)
    page.reload()
    page.wait_for_selector("[data-seq]")
    expect(page.locator(".headline p").first).to_have_text(before)
    assert page.get_by_label("Late payment").is_checked()
    expect(page.locator(".changes")).to_contain_text("£450,000, in the file £524,000")
    assert "450" not in page.url
    assert seen.faults == []


def test_two_strategies_stand_side_by_side(visit: Visit) -> None:
    page, seen = visit()
    table = page.get_by_role("table").filter(has_text="Cash runs out").first
    assert table.is_visible()
    plans = [
        project(organisation_from(tomllib.loads(_text()), "x"), strategy=read_strategy(name))
        for name in ("carry_on", "hub_and_dock")
    ]
    row = table.get_by_role("row").filter(has_text="Cash runs out").text_content()
    for plan in plans:
        assert words.count(plan.probabilities["insolvent"].last) in row
    helped = table.get_by_role("row").filter(has_text="People helped").text_content()
    for plan in plans:
        assert words.people(float(plan.paths["served"].mean())) in helped
    rested(page, lambda: page.get_by_label("What management does").select_option(label="Hub and dock"))
    assert page.get_by_label("Compare with").input_value() == "carry_on"  # beside itself there is nothing to see
    assert seen.faults == []


def test_a_file_edited_meanwhile_is_said_and_what_was_moved_can_be_saved(visit: Visit, tmp_path: Path) -> None:
    file = tmp_path / "mine.toml"
    file.write_text(shipped("organisations", "small_grants").read_text("utf-8"), encoding="utf-8")
    page, _ = visit(str(file))
    file.write_text(file.read_text("utf-8") + "\n", encoding="utf-8")
    group(page, "Opening cash")
    entry = box(page, "money in the bank")
    entry.fill("9,000")
    entry.press("Enter")
    expect(page.get_by_role("alert").filter(has_text="has been changed since this page was opened")).to_be_visible()
    with page.expect_download() as caught:
        page.get_by_role("button", name=re.compile("TOML")).click()
    assert "to = 9000" in Path(caught.value.path()).read_text("utf-8")


@pytest.mark.parametrize("width", [1280, 390])
def test_the_rules_of_each_strategy_stand_below_the_choice(visit: Visit, width: int, shots: Path) -> None:
    page, seen = visit(width=width)
    page.get_by_text("What each of these decides").click()
    box_ = page.locator(".ruled")
    for name in names("strategies"):
        for rule in rules(read_strategy(name)):
            expect(box_.locator("li", has_text=rule).first).to_be_visible()
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box_.screenshot(path=shots / f"strategies-{width}.png")
    assert seen.faults == []


@pytest.mark.parametrize("width", [1280, 390])
def test_what_becomes_of_bids_and_awards_stands_in_a_table(visit: Visit, width: int, shots: Path) -> None:
    page, seen = visit(width=width)
    box_ = page.locator(".awards")
    expect(box_.locator("h3")).to_have_text("Won, told, lost")
    assert box_.locator("tbody tr").count() == 7
    expect(box_.locator("tbody tr").first).to_contain_text("social prescribing (bid)")
    expect(box_).to_contain_text("hangs on decisions")
    assert page.evaluate("document.documentElement.scrollWidth <= window.innerWidth")
    box_.scroll_into_view_if_needed()
    box_.screenshot(path=shots / f"awards-{width}.png")
    assert seen.faults == []


def test_where_nothing_that_nobody_knows_is_on_nothing_is_told(visit: Visit) -> None:
    page, _ = visit("small_bids")
    expect(page.locator("details.alone")).to_be_hidden()


def test_what_nobody_knows_is_told_after_the_full_count(visit: Visit, edited: Any, shots: Path) -> None:
    page, seen = visit(str(edited('nation = "England"', 'nation = "England"\nredeployment = 0.5')))
    part = page.locator("details.alone")
    part.wait_for()
    part.locator("summary").click()
    expect(part.locator("li").first).to_contain_text("[unlisted_event.chance]")
    expect(part).to_contain_text("[redeployment]")
    part.screenshot(path=shots / "alone-1280.png")
    assert seen.faults == []
