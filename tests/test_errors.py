"""A refusal names file, address, value and fix, all faults at once, and is safe to print."""

import pickle

import pytest

from resilience.errors import Fault, InputError, WriteError, did_you_mean, place, shown

RENEWAL = Fault("riverside.toml", "streams.city.renewal", 70, "is not a probability", "write 0.70")
LINE = "riverside.toml: streams.city.renewal: 70 is not a probability; write 0.70"


def test_one_line_is_the_house_sentence():
    assert str(RENEWAL) == LINE


@pytest.mark.parametrize("value", [70, "70", None, ""])
def test_a_problem_may_open_with_the_value_itself(value):
    assert str(Fault("riverside.toml", "streams.city.renewal", value, "70 is not a probability", "write 0.70")) == LINE


def test_parts_that_are_empty_leave_no_punctuation():
    assert str(Fault("a.toml", "", None, "is a folder", "")) == "a.toml: is a folder"
    assert str(Fault("a.toml", "x", True, "is not a number", "")) == "a.toml: x: true is not a number"


def test_every_fault_is_a_line_in_the_order_found():
    second = Fault("riverside.toml", "bank", "lots", "is not a number", "write it in figures")
    error = InputError(fault for fault in (RENEWAL, second))
    assert error.faults == (RENEWAL, second)
    assert str(error).split("\n") == [LINE, "riverside.toml: bank: lots is not a number; write it in figures"]


def test_very_many_faults_are_counted_but_all_kept():
    error = InputError([RENEWAL] * 250)
    assert len(error.faults) == 250
    assert str(error).split("\n") == [LINE] * 100 + ["… and 150 more faults"]


def test_an_error_without_a_fault_is_a_mistake_of_ours():
    with pytest.raises(ValueError, match="at least one fault"):
        InputError([])


def test_errors_cross_process_boundaries():
    assert pickle.loads(pickle.dumps(InputError([RENEWAL]))).faults == (RENEWAL,)
    assert WriteError.exit_status == 4


def test_nothing_a_file_holds_can_forge_a_line_or_colour_the_terminal():
    line = str(Fault("a\n.toml", "x\r\ny", "\x1b[31mred\u202e\u2028\x00", "is\nwrong", ""))
    assert line == r"a\n.toml: x\r\ny: \x1b[31mred\u202e\u2028\x00 is\nwrong"
    assert shown("Müller’s Café £5 — 日本") == "Müller’s Café £5 — 日本"


def test_a_long_value_keeps_both_ends():
    assert shown("a" * 500 + "z" * 500) == "a" * 29 + "…" + "z" * 29
    assert shown("a" * 60) == "a" * 60
    assert len(str(Fault("f" * 10**6, "p" * 10**6, "v" * 10**6, "p" * 10**6, "f" * 10**6))) < 1300


def test_an_address_counts_lists_from_one():
    assert place(("bids", 0, "win")) == "bids[1].win"
    assert place(["streams", "city council", "a-b_2"]) == 'streams."city council".a-b_2'
    assert place([""]) == '""'


@pytest.mark.parametrize(
    ("word", "answer"),
    [
        ("renewl", 'did you mean "renewal"?'),
        ("RENEWAL", 'did you mean "renewal"?'),
        ("employer-nic rate", 'did you mean "employer_nic_rate"?'),
        ("zebra", ""),
        ("", ""),
    ],
)
def test_did_you_mean(word, answer):
    assert did_you_mean(word, ["renewal", "notice", "employer_nic_rate"]) == answer


def test_did_you_mean_without_choices_or_with_a_very_long_word():
    assert did_you_mean("renewal", []) == ""
    assert did_you_mean("x" * 10**6, ["renewal"]) == ""
