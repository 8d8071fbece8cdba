"""Tests of services/read_stored.py: answers from files, one by one and as a table."""

import pytest

from oversight.domain.feed import Outcome
from oversight.errors import FeedError
from oversight.services.read_stored import COLUMNS, read_stored, row_of, table_of
from tests.factories import ALPR_TITLE, NOW, make_answer, make_feed, rss

GOOD = make_answer(rss(("1", ALPR_TITLE), ("2", "Other")))
BAD = make_answer("<html><h1>Sign in</h1></html>")


def test_an_answer_is_read_and_cleaned() -> None:
    dirty = make_answer(rss(("1", "A\u202e title")))
    assert [item.title for item in read_stored(make_feed(), dirty, now=NOW).items] == ["A title"]


def test_a_refusal_names_the_file_and_the_outcome() -> None:
    with pytest.raises(FeedError, match=r"^answer\.xml: not_a_feed: ") as caught:
        read_stored(make_feed(title="answer.xml"), BAD, now=NOW)
    assert caught.value.outcome == Outcome.NOT_A_FEED


def test_a_row_counts_what_an_answer_holds() -> None:
    row = row_of(make_feed(title="answer.xml"), GOOD, now=NOW)
    assert dict(zip(COLUMNS, row.counts, strict=True))["items"] == 2
    assert (row.file, row.platform, row.outcome, row.reason) == ("answer.xml", "rss", Outcome.OK, None)


def test_a_refused_answer_is_a_row_too() -> None:
    row = row_of(make_feed(title="answer.xml"), BAD, now=NOW)
    assert (row.outcome, sum(row.counts)) == (Outcome.NOT_A_FEED, 0)
    assert row.reason
    assert not row.reason.startswith("answer.xml")


def test_a_table_ends_with_its_sum() -> None:
    rows = [row_of(make_feed(title=name), answer, now=NOW) for name, answer in [("a", GOOD), ("b", GOOD), ("c", BAD)]]
    head, *lines, total = table_of(rows)
    assert head.split()[:3] == ["file", "platform", "meetings"]
    assert [line.split()[0] for line in lines] == ["a", "b", "c"]
    assert total.split()[:2] == ["0", "4"]
    assert total.endswith("2 of 3 files read, 1 refused")


def test_a_table_of_nothing_says_so() -> None:
    assert table_of([])[-1].endswith("0 of 0 files read, 0 refused")
