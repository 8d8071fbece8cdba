"""Tests of domain/marked_page.py."""

import re

from oversight.domain.marked_page import pieces
from oversight.domain.page import parse_page

MARK = re.compile(r"I\d+")


def parts(markup: str, **options: bool):
    return [(part.mark, part.lines, part.links) for part in pieces(parse_page(markup.encode()), MARK, **options)]


def test_a_bookmark_parts_the_text_before_it_from_the_text_after_it() -> None:
    found = parts("<p>Before.</p><p><a name='I1'></a>One <b>b</b></p><p>more</p><p><a name='I2'></a>Two</p>")
    assert [(mark, lines) for mark, lines, _ in found] == [("I1", ["One b", "more"]), ("I2", ["Two"])]


def test_numbers_of_items_and_pages_are_no_words_of_a_piece() -> None:
    labels = ("1.", "(1)", "3.1.", "a.", "iv.", "B)", "3 - 86", "12", "•", "2.a.")
    words = ("A day", "I", "No. 5", "2026-1", "1.1 Lease", "mix")
    rows = "".join(f"<p>{line}</p>" for line in (*labels, *words))
    ((_, lines, _),) = parts(f"<a name='I1'></a>{rows}")
    assert lines == list(words)


def test_links_are_kept_with_their_words() -> None:
    ((_, _, links),) = parts("<a name='I1'></a><a href='/document/3'>Draft <i>lease</i></a><a>no link</a>")
    assert links == [("/document/3", "Draft lease")]


def test_a_piece_may_end_with_the_table_of_its_bookmark() -> None:
    markup = "<table><tr><td><a name='I1'></a>One</td></tr></table><p>Notes for all.</p>"
    assert [lines for _, lines, _ in parts(markup, in_table=True)] == [["One"]]
    assert [lines for _, lines, _ in parts(markup)] == [["One", "Notes for all."]]


def test_other_bookmarks_part_nothing() -> None:
    assert [mark for mark, _, _ in parts("<a name='I1'></a>x<a name='TemplateTable-1'></a>y")] == ["I1"]
