"""Tests of how pages become one text: offsets that hold, words made whole, nothing over the limit."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.documents.healing import heal
from oversight.documents.paging import paged
from oversight.domain.cleaning import TEXT_LENGTH, clean_text
from oversight.domain.document import page_at

PIECES = st.sampled_from(
    ["\x02", "\ufffe", "-\n", "-\r\n", "\u00ad\n", " ", "\n", "\f", "\ufb01", "\u0301", "a", "ward", "7"]
)
PAGES = st.lists(st.lists(PIECES | st.text(max_size=3), max_size=12).map("".join), max_size=6)


@given(PAGES)
def test_a_page_stands_where_it_is_said_to_stand(pages: list[str]) -> None:
    found = paged(pages)
    ends = [*found.pages[1:], len(found.text)]
    cut = [found.text[start:end].strip() for start, end in zip(found.pages, ends, strict=True)] if pages else []
    assert cut == [clean_text(page, TEXT_LENGTH) for page in heal(pages)]


@given(PAGES)
def test_the_text_is_in_normal_form_already(pages: list[str]) -> None:
    found = paged(pages)
    assert clean_text(found.text, TEXT_LENGTH) == found.text


@given(PAGES)
def test_pages_begin_in_order(pages: list[str]) -> None:
    found = paged(pages)
    assert list(found.pages) == sorted(found.pages)
    assert len(found.pages) == len(pages)


@pytest.mark.parametrize(
    ("pages", "count", "length"),
    [
        (["x" * TEXT_LENGTH], 1, TEXT_LENGTH),
        (["x" * (TEXT_LENGTH + 1)], 1, TEXT_LENGTH),
        (["x" * (TEXT_LENGTH - 1), "y"], 1, TEXT_LENGTH - 1),
        (["x" * (TEXT_LENGTH - 3), "yy"], 2, TEXT_LENGTH),
        (["x" * TEXT_LENGTH, "y"], 1, TEXT_LENGTH),
        (["x" * TEXT_LENGTH, " "], 2, TEXT_LENGTH),
    ],
)
def test_no_text_is_longer_than_allowed(pages: list[str], count: int, length: int) -> None:
    found = paged(pages)
    assert (len(found.pages), len(found.text)) == (count, length)
    assert found.is_cut == (found.text.replace("\n", "") != "".join(pages).strip())


@pytest.mark.parametrize(
    ("written", "whole"),
    [
        ("surveil\x02lance", "surveillance"),
        ("surveil-\r\nlance", "surveillance"),
        ("surveil\u2010\nlance", "surveillance"),
        ("com\u00ad\nmit", "commit"),
        ("license-\nplate", "license-plate"),
        ("two\x02factor", "two-factor"),
        ("Computer\x02Aided", "Computer-Aided"),
        ("2023-\n2025", "2023-2025"),
        ("Item A -\nDrones", "Item A -\nDrones"),
        ("well-known", "well-known"),
        ("\ufb01le of\ufb01ce con\ufb02ict", "file office conflict"),
        ("Right\x02of-Way", "Right-of-Way"),
    ],
)
def test_a_divided_word_is_made_whole(written: str, whole: str) -> None:
    assert heal([written]) == [whole]


def test_the_words_of_the_document_tell_how_a_word_is_written() -> None:
    assert heal(["the zwei-\nback"]) == ["the zwei-back"]
    assert heal(["the zwei-\nback", "a zweiback"]) == ["the zweiback", "a zweiback"]


@pytest.mark.parametrize(("offset", "page"), [(0, 1), (9, 1), (10, 2), (19, 2), (20, 4), (99, 4)])
def test_a_place_is_on_the_last_page_that_begins_before_it(offset: int, page: int) -> None:
    assert page_at((0, 10, 20, 20), offset) == page


def test_a_document_without_pages_is_one_page() -> None:
    assert page_at((), 5) == 1
