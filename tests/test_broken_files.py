"""Broken organisation files, each with the sentences that the user must see: written by hand before anything ran."""

from pathlib import Path

import pytest

from resilience.errors import InputError
from resilience.organisation_file import read_organisation

BROKEN = Path(__file__).parent / "examples" / "broken"
KINDS = (
    '"local authority", "NHS", "central government", "lottery", "trust", "corporate", "giving", "legacies", '
    '"trading" or "investment"'
)
IDLE = "does nothing: an award with an end and no break clause is cut only at renewal"

SAID: dict[str, list[str]] = {
    "wrong_type_and_dangling_name": [
        "opening.bank: lots is not a number; write it in figures, like 1234.50",
        'docks.advice.funded_by: citty is neither a stream nor a bid of this file; did you mean "city"?',
    ],
    "not_a_number": ["streams.city.yearly: nan is not a finite number; write the amount, or leave the line out"],
    "infinite": [
        "opening.bank: inf is not a finite number; write the amount, or leave the line out",
        "opening.debtors: -inf is not a finite number; write the amount, or leave the line out",
    ],
    "utf_16": ['is in UTF-16 or UTF-32; save it again as "UTF-8"'],
    "too_deep": ["line 3: has more than 20 brackets within each other; use fewer tables within tables"],
    "typing_slip": [
        "first_month: is missing; add it",
        'frist_month: is not a field of this table; did you mean "first_month"?',
        'streams.city.untill: is not a field of this table; did you mean "until"?',
    ],
    "percent": [
        "streams.city.renewal: 70 is not a probability; write 0.70",
        "streams.city.uplift: 3 is not a yearly rate; write 0.03 for 3 %",
    ],
    "pound_sign_in_text": [
        "opening.bank: £1,200 is text; write the number without quotes, pound sign or commas: 1200",
    ],
    "pound_sign": [
        "line 5, column 8: cannot be read as TOML (invalid value); write amounts without the pound sign: 12500.50",
    ],
    "two_pays": [
        "hub.posts.office: needs pay or pay_bill; write one of them",
        "hub.posts.cleaner: needs pay or pay_bill; write one of them",
    ],
    "low_above_high": [
        "streams.city.yearly: low 110000, likely 100000, high 90000 do not rise; "
        "write low 90000, likely 100000, high 110000",
    ],
    "half_a_range": [
        "streams.city.yearly: likely missing from the range; write low, likely and high",
    ],
    "months": [
        "first_month: April 2026 is not a month; write it as 2026-04",
        "streams.city.until: 2028-3 is not a month; write it as 2028-03",
    ],
    "two_docks": [
        "docks.outreach.funded_by: city already funds the dock advice; "
        "a stream funds one dock; split it in two streams",
    ],
    "cut_within_a_term": [
        f"streams.city.cut: {IDLE}; add break_clause = true, or remove cut",
        f"streams.city.notice: {IDLE}; add break_clause = true, or remove notice",
    ],
    "late_but_not_in_arrears": [
        'streams.city.lag: does nothing: it is paid monthly; write payment = "arrears", or remove lag',
        'streams.city.late: does nothing: it is paid monthly; write payment = "arrears", or remove late',
    ],
    "dates_out_of_order": [
        "streams.lottery.until: 2025-12 lies before the first month, 2026-04; "
        "correct the month, or leave this out if it is over",
        "streams.city.until: 2026-09 lies before from, 2027-04; until is the last month paid; correct one of them",
    ],
    "unknown_fund": [
        'streams.city.fund: citty is not a restricted fund of this file; did you mean "city"?',
        "hub.costs.rent.charged_to: unrestricted need not be named; "
        "what the shares leave over is unrestricted; remove it",
        "hub.costs.rent.charged_to: hardship is not a restricted fund of this file; add [funds.hardship]",
    ],
    "names": [
        "streams.City: differs from city only in capitals; give one of them another name",
        'streams."the city": is not a name that can be used; use letters, digits, - and _ only, 60 at most',
        "bids.city: has the name of the stream city; give one of them another name",
    ],
    "missing": [
        "first_month: is missing; add it",
        "opening: is missing; add it",
        "streams.city.yearly: is missing; add it",
    ],
    "more_than_all": ["hub.costs.rent: charges 120% of the cost; make the shares add up to 1 or less"],
    "no_such_team": [
        'hub.core: directr is not a post of the hub; did you mean "director"?',
        'services.advice.dock: advise is not a dock of this file; did you mean "advice"?',
    ],
    "before_the_law": [
        "first_month: 2005-04 is too early: employer_nic_rate is not known for April 2005 in England; "
        "write a later month: the first figure is of April 2020",
        "economy.cpi: is missing: cpi_growth is not known for December 2005 in England; "
        "write the yearly growth, such as 0.03",
        "economy.earnings: is missing: average_earnings_growth is not known for April 2006 in England; "
        "write the yearly growth, such as 0.03",
    ],
    "true_people": [
        "hub.posts.office.heads: true is not a whole number; write it in figures, like 12",
        "hub.posts.office.pay: 30000.005 has more than two decimals; write pounds and whole pence",
        "hub.posts.office.service: 3.5 is not a whole number; write it in figures, like 12",
    ],
    "renewal_without_end": [
        "streams.city.renewal: does nothing: the stream has no end; add until, or remove renewal",
        "streams.city.break_clause: does nothing: the stream has no end; add until, or remove break_clause",
    ],
    "noise_in_advance": [
        "streams.city.noise: does nothing: an instalment paid in advance does not vary; "
        'write payment = "monthly" or "arrears", or remove noise',
        "hub.costs.rent.noise.sd: 10 is too wide for noise in logs, at most 2; "
        'write 0.10 for a tenth, or add of = "pounds"',
    ],
    "a_million_each": [
        "hub.posts.office: pays a head more than a million pounds a year; "
        "write pay for one head, pay_bill for all of them",
    ],
    "negative": [
        "reserves_policy: names no target or several; write one of months, amount, closing_liability = true",
        "streams.city.yearly: -100000 is below nil; receipts and costs are both written as positive amounts",
    ],
    "likely_words": [
        'nation: Walles is not known here; write one of "England", "Wales", "Scotland" or "Northern Ireland"; '
        'did you mean "Wales"?',
        f"streams.city.kind: council is not known here; write one of {KINDS}",
        'streams.city.cut: probably is not a probability; write a number from 0 to 1, "6 in 10" or "don\'t know"',
    ],
}


def test_every_broken_file_has_its_sentences() -> None:
    assert {path.stem for path in BROKEN.glob("*.toml")} == set(SAID)
    assert len(SAID) >= 20


@pytest.mark.parametrize("name", sorted(SAID))
def test_the_user_sees(name: str) -> None:
    path = BROKEN / f"{name}.toml"
    with pytest.raises(InputError) as caught:
        read_organisation(path)
    assert sorted(str(caught.value).splitlines()) == sorted(f"{path}: {sentence}" for sentence in SAID[name])


def test_a_byte_order_mark_is_no_fault(tmp_path: Path) -> None:
    path = tmp_path / "windows.toml"
    path.write_bytes(b'\xef\xbb\xbfname = "Riverside"\r\nfirst_month = "2026-04"\r\n[opening]\r\nbank = 5\r\n')
    assert read_organisation(path).opening.bank == 500
