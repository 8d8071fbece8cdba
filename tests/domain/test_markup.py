"""Markup: what is not words is blanked in its place, so that evidence still points into the original."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.markup import FILL, without_markup
from oversight.domain.text import fold


def words(original: str) -> str:
    return fold(original).text.strip()


@pytest.mark.parametrize(
    "written",
    [
        "<p>facial</p><p>recognition</p>",
        "facial&nbsp;recognition",
        "facial&#8209;recognition",
        "facial&#x2011;recogn<b>ition</b>",
        "&lt;p&gt;facial&lt;/p&gt; recognition",
        "&amp;lt;i&amp;gt;facial&amp;lt;/i&amp;gt; recognition",
        r"facial\u2011recognition",
        r"facial\nrecognition",
        r"\u003cp\u003efacial\u003c/p\u003erecognition",
        "<td class='x'>FACIAL</td>\n<td>RECOGNITION</td>",
    ],
)
def test_the_words_of_markup_are_read(written: str) -> None:
    assert words(written) == "facial recognition"


def test_what_only_looks_like_markup_stays() -> None:
    assert words("fines < $500 & up; AT&T 5 > 3") == "fines < $500 & up; at&t 5 > 3"


def test_numbers_of_lines_are_no_words() -> None:
    scanned = "1  the city will use facial\n2  recognition in\n3  its squares and\n4  streets"
    assert "facial recognition in its squares" in words(scanned)


def test_numbers_of_a_list_stay() -> None:
    assert words("agenda\n12 parks\n13 roads") == "agenda 12 parks 13 roads"


def test_a_phrase_leads_back_over_a_number_of_a_line() -> None:
    scanned = "21 use of facial\n22 recognition by\n23 the police of\n24 the city"
    folded = fold(scanned)
    start = folded.text.index("facial recognition")
    first, last = folded.span(start, start + len("facial recognition"))
    assert scanned[first:last] == "facial\n22 recognition"


@pytest.mark.parametrize(
    ("written", "marked"),
    [("a facial&nbsp;scan b", "facial&nbsp;scan"), ("<b>face</b> <i>scan</i>", "face</b> <i>scan")],
)
def test_evidence_is_the_words_as_they_are_written(written: str, marked: str) -> None:
    folded = fold(written)
    start = folded.text.index("fac")
    first, last = folded.span(start, folded.text.index("scan") + 4)
    assert written[first:last] == marked


@given(st.text(st.sampled_from("<>/&;#xlgtamp\\un\"' 0123456789ab\n\t"), max_size=80))
def test_every_position_stays_where_it_is(original: str) -> None:
    plain = without_markup(original)
    assert len(plain) == len(original)
    folded = fold(original)
    for position in range(len(folded.text)):
        first, last = folded.span(position, position + 1)
        assert 0 <= first < last <= len(original)


@pytest.mark.parametrize("piece", ["<", "<a ", "&amp;", "&", "\\u", "1 a\n", "<" * 50 + ">", "&#x", "\n 1"])
def test_hostile_markup_costs_no_more_than_its_length(piece: str) -> None:
    long = piece * (100_000 // len(piece))
    assert len(without_markup(long)) == len(long)


def test_filling_shows_nothing() -> None:
    assert fold(f"a{FILL}b").text == "ab"
