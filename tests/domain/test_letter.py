"""Tests of domain/letter.py: text and HTML of a mail say the same."""

import re
from html import unescape

from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.letter import Facts, Heading, Link, Paragraph, say, whole, write

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"]), min_size=1, max_size=20)


@given(st.lists(WORDS, min_size=1, max_size=6))
def test_every_word_is_in_both(words: list[str]) -> None:
    line = " ".join(words)
    parts = [Heading(line, level=1), say(line), Facts(((line, line),)), Link(line, "https://example.org/")]
    written = write(parts)
    markup = unescape(re.sub(r"<[^>]+>", " ", written.html))
    for word in words:
        assert markup.split().count(word) >= 4
        assert word in written.text


def test_what_is_marked_is_marked_in_both() -> None:
    written = write([Paragraph((("a ", False), ("plate reader", True), (" <b>", False)))])
    assert written.text == "a *plate reader* <b>\n\n"
    assert written.html == "<p>a <mark>plate reader</mark> &lt;b&gt;</p>"


def test_a_page_takes_nothing_from_elsewhere_and_can_be_dark() -> None:
    page = whole("A & B", [write([say("Body")])], write([say("Foot")]))
    assert page.text == "Body\n\n-- \nFoot\n"
    assert 'content="light dark"' in page.html
    assert "A &amp; B" in page.html
    assert not re.search(r"<(img|script|link|iframe)|url\(|@import", page.html)


def test_values_stand_below_each_other() -> None:
    lines = write([Facts((("Stage", "Contract"), ("Meeting", "City Council " * 10)))]).text.splitlines()
    assert lines[0] == "Stage:   Contract"
    assert {line.index("C") for line in lines if line} == {9}
