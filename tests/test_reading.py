"""A file from anyone is read or refused with every reason, never with a traceback."""

import datetime
import hashlib
import os

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from resilience.errors import InputError
from resilience.reading import DEEPEST, read_toml, sha256_of


@pytest.fixture
def refused(tmp_path, monkeypatch):
    """Writes f.toml and returns the lines of its refusal, without the file's name."""
    monkeypatch.chdir(tmp_path)

    def of(content: str | bytes) -> list[str]:
        (tmp_path / "f.toml").write_bytes(content.encode() if isinstance(content, str) else content)
        with pytest.raises(InputError) as caught:
            read_toml("f.toml")
        lines = str(caught.value).split("\n")
        assert all(line.startswith("f.toml: ") for line in lines)
        return [line.removeprefix("f.toml: ") for line in lines]

    return of


@pytest.fixture
def read(tmp_path):
    def of(content: str | bytes) -> dict:
        path = tmp_path / "f.toml"
        path.write_bytes(content.encode() if isinstance(content, str) else content)
        return read_toml(path)

    return of


def test_an_ordinary_file_is_read(read):
    text = "name = 'Riverside – £'\r\nfrom = 2026-04-06\n[streams.city]\nyearly = { low = 1, likely = 2.5, high = 4 }\n"
    assert read(text) == {
        "name": "Riverside – £",
        "from": datetime.date(2026, 4, 6),
        "streams": {"city": {"yearly": {"low": 1, "likely": 2.5, "high": 4}}},
    }
    assert read("") == {}


def test_a_byte_order_mark_is_no_fault(read):
    assert read(b"\xef\xbb\xbfbank = 1") == {"bank": 1}


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-32"])
def test_utf16_is_named(refused, encoding):
    assert refused("bank = 1".encode(encoding)) == ['is in UTF-16 or UTF-32; save it again as "UTF-8"']


def test_other_bytes_are_refused_with_their_line(refused):
    assert refused(b"bank = 1\nname = '\xa3'") == [
        'line 2: holds a byte (0xa3) that is not UTF-8; save it again as "UTF-8"'
    ]


def test_numbers_that_are_not_finite_are_refused_all_at_once(refused):
    text = "bank = nan\n[b]\nc = [1, -inf, +inf]\n[[bids]]\nok = 1e300\nwin = 1e400\n[d.'e f']\ng = -nan\n"
    fix = "is not a finite number; write the amount, or leave the line out"
    assert refused(text) == [
        f"bank: nan {fix}",
        f"b.c[2]: -inf {fix}",
        f"b.c[3]: inf {fix}",
        f"bids[1].win: inf {fix}",
        f'd."e f".g: nan {fix}',
    ]


def test_whole_numbers_beyond_64_bits_are_refused(refused, read):
    assert read(f"a = {2**63 - 1}") == {"a": 2**63 - 1}
    assert refused(f"a = {2**63}") == [
        "a: 0x8000000000000000 is too large a number; write amounts in pounds, such as 12500.50"
    ]
    assert "too large a number" in refused("a = 0x" + "f" * 5000)[0]
    assert "a number that is far too long" in refused("a = " + "9" * 5000)[0]


def test_the_size_limit(read, refused):
    assert read("#" * 1_000_000) == {}
    assert refused("#" * 1_000_001) == ["is larger than 1 MB; split it, or remove what does not belong in it"]


DOTS = "has more than 20 dots in one key; use fewer tables within tables"
BRACKETS = "has more than 20 brackets within each other; use fewer tables within tables"


@pytest.mark.parametrize(
    ("text", "line"),
    [
        ("x = 1\n" + "a." * 16_000 + "a = 1", f"line 2: {DOTS}"),  # 32 KB: tomllib alone needs about five seconds
        ("a . " * 8_000 + "a = 1", f"line 1: {DOTS}"),
        ("[" + "'a'.\"b\"." * 4_000 + "a]", f"line 1: {DOTS}"),
        ("x = { " + "a." * 21 + "a = 1 }", f"line 1: {DOTS}"),
        ("a = " + "[" * 500, f"line 1: {BRACKETS}"),
        ("a = " + "[" * 500 + "]" * 500, f"line 1: {BRACKETS}"),
        ("a = " + "{a=" * 400, f"line 1: {BRACKETS}"),
        ("a = [\n" * 50, f"line 21: {BRACKETS}"),
        ('a = ["""x"""", ' + "[" * 500, f"line 1: {BRACKETS}"),  # the fourth quote belongs to the text
        ('a = [\'x\', "y\\"", ' + "[" * 500, f"line 1: {BRACKETS}"),
    ],
)
def test_depth_is_refused_before_it_can_hurt(refused, monkeypatch, text, line):
    monkeypatch.setattr("tomllib.loads", lambda text: pytest.fail("tomllib was reached"))
    assert refused(text) == [line]


def test_depth_that_adds_up_from_headings_and_keys_is_refused(refused):
    heading, key = ".".join("abcdefghijk"), ".".join("lmnopqrstuv")
    assert (
        refused(f"[{heading}]\n{key} = 1")
        == [  # 11 + 11 = 22 levels: the 21st is the first too deep
            f"{heading}.{key[:-2]}: lies more than 20 levels deep; use fewer tables within tables"
        ]
    )


def test_dots_and_brackets_that_are_no_depth_pass(read):
    many = "[" * 50 + "." * 50
    lines = [
        f"# {many}",
        f'basic = "{many} \\" {many}"',
        f"literal = '{many}'",
        f'long = """{many}\n\\""" {many} """""',  # three quotes close it, the two before them belong to it
        f"long_literal = '''{many} '' {many}'''''",
        f"numbers = [{', '.join(['0.5'] * 40)}]",
        f"tables = [{', '.join(['[[0.5], {a = 1.5}]'] * 40)}]",
        "after = 1",
    ]
    tables = read("\n".join(lines))
    assert tables["basic"] == f'{many} " {many}'
    assert tables["long"] == f'{many}\n""" {many} ""'
    assert tables["long_literal"] == f"{many} '' {many}''"
    assert tables["after"] == 1


def test_twenty_levels_are_allowed(read):
    assert read(".".join("abcdefghijklmnopqrst") + " = 1")
    assert read("a = " + "[" * (DEEPEST - 1) + "]" * (DEEPEST - 1))


@pytest.mark.parametrize(
    ("text", "place", "fix"),
    [
        ("bank = £12", "line 1, column 8", "write amounts without the pound sign: 12500.50"),
        ("x = 1\nbank = 12,000", "line 2, column 10", "write amounts without commas: 12500 or 12_500"),
        ("renewal = 70%", "line 1, column 13", "write a share without the percent sign: 0.70 for 70 %"),
        ("day = 06/04/2026", "line 1, column 8", "write a day as year-month-day: 2026-04-06"),
        ("month = 2026-04", "line 1, column 13", 'put a month in quotes: "2026-04"'),
        ("day = 2026-02-30", "line 1, column 7", "no such day in the calendar; correct it"),
        ("chance = True", "line 1, column 10", "write true or false, in small letters"),
        ('file = "C:\\data"', "line 1, column 13", "put a text with backslashes in single quotes"),
        ("code = 007", "line 1, column 9", "write numbers without leading zeros, or put them in quotes"),
        ("name = Riverside", "line 1, column 8", "put text in quotes"),
        ("name = “Riverside”", "line 1, column 8", "use straight quotes, not curly ones"),
        ("city council = 1", "line 1, column 6", "write names without spaces, or put the name in quotes"),
        ("just a remark", "line 1, column 6", "write name = value, or a heading in square brackets"),
        ("a = 1\na = 2\n", "line 2, column 6", "this name stands twice; keep one of them"),
        ("[a]\n[a]", "line 2, column 3", "this name stands twice; keep one of them"),
        ("a = {b = 1, b = 2}", "line 1, column 18", "this name stands twice; keep one of them"),
        ("a = [1,\n2", "end of file", "close the bracket or quote that is still open"),
        ('name = "St John’s\nb = 1', "line 1, column 18", "close the bracket or quote that is still open"),
        ("a = 1 b = 2", "line 1, column 7", "look for a missing quote, bracket or comma here or on the line before"),
    ],
)
def test_a_slip_of_the_pen_gets_its_place_and_its_fix(refused, text, place, fix):
    (line,) = refused(text)
    assert line.startswith(f"{place}: cannot be read as TOML (")
    assert line.endswith(f"; {fix}")


def test_what_is_no_file(tmp_path):
    pipe = tmp_path / "pipe"
    os.mkfifo(pipe)
    for path, reason in [
        (tmp_path, "is a folder; name the file in it"),
        (tmp_path / "none.toml", "does not exist; check the name and the folder"),
        (tmp_path / "none.toml" / "x", "does not exist; check the name and the folder"),
        (pipe, "is not an ordinary file; name a file on disk"),
        ("a\0b", "cannot be read (embedded null byte); check the name and the folder"),
        ("x" * 5000, "cannot be read (File name too long); check the name and the folder"),
    ]:
        for reader in (read_toml, sha256_of):
            with pytest.raises(InputError) as caught:
                reader(path)
            assert str(caught.value).endswith(f": {reason}")


def test_a_file_that_may_not_be_read(tmp_path, monkeypatch):
    def forbidden(path, mode):
        raise PermissionError(13, "Permission denied")

    (tmp_path / "f.toml").write_text("")
    monkeypatch.setattr("pathlib.Path.open", forbidden)  # the tests may run as root, whom nothing is forbidden
    with pytest.raises(InputError, match="may not be read; ask for permission"):
        read_toml(tmp_path / "f.toml")


def test_the_hash_is_of_the_bytes(tmp_path):
    path = tmp_path / "f.toml"
    path.write_bytes(b"\xef\xbb\xbfbank = 1\r\n")
    assert sha256_of(path) == hashlib.sha256(b"\xef\xbb\xbfbank = 1\r\n").hexdigest()
    path.write_bytes(b"abc")  # FIPS 180-2, appendix B.1
    assert sha256_of(path) == "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"


HOSTILE = st.lists(
    st.sampled_from(['"', "'", '"""', "'''", "\\", "\n", "\r\n", ".", "[", "]", "{", "}", "=", ",", "#", " ", "a", "é"])
    | st.sampled_from(["nan", "inf", "1e400", "0x", "2026-04-06", "a = 1\n", "[a]\n", "[[a]]\n", "\0", "\ufeff"]),
    max_size=60,
)


@given(HOSTILE)
@settings(deadline=None)
def test_any_text_is_read_or_refused(tmp_path_factory, pieces):
    path = tmp_path_factory.getbasetemp() / "hostile.toml"
    path.write_text("".join(pieces), "utf-8", newline="")
    try:
        assert isinstance(read_toml(path), dict)
    except InputError as error:
        assert error.faults


@given(st.binary(max_size=80))
@settings(deadline=None)
def test_any_bytes_are_read_or_refused(tmp_path_factory, data):
    path = tmp_path_factory.getbasetemp() / "bytes.toml"
    path.write_bytes(data)
    try:
        assert isinstance(read_toml(path), dict)
    except InputError as error:
        assert error.faults


def test_a_stack_that_overflows_all_the_same_is_no_traceback(refused, monkeypatch):
    def overflow(text):
        raise RecursionError

    monkeypatch.setattr("tomllib.loads", overflow)
    assert refused("a = 1") == ["is nested too deeply; use fewer tables within tables"]
