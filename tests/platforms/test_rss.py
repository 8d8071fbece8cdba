"""Tests of platforms/rss.py that no sample can show."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome
from oversight.domain.reading import ItemKind
from oversight.errors import FeedError
from oversight.platforms.rss import Rss
from tests.factories import NOW, SEATTLE, make_answer, make_feed, rss

SUBSET = '<!ENTITY a "aaaa">'
REST = "<rss version='2.0'><channel><title>t</title><item><title>&a;</title></item></channel></rss>"


def read(body: bytes | str, **feed: object):
    return Rss().read(make_feed(**feed), make_answer(body))


def test_a_poll_is_one_question() -> None:
    assert [request.url for request in Rss().start(make_feed(), FeedState(NOW, None))] == [make_feed().url]


def test_a_government_feed_publishes_notices_and_a_paper_news() -> None:
    notice, news = (read(rss(("1", "One")), jurisdiction=place).items[0].kind for place in (SEATTLE, None))
    assert (notice, news) == (ItemKind.NOTICE, ItemKind.NEWS)


@pytest.mark.parametrize(
    "doctype",
    [
        f"<!DOCTYPE rss [{SUBSET}]>",
        f"<!doctype rss[{SUBSET}]>",
        f"<!DOCTYPE\nrss\n[\n{SUBSET}\n]\n>",
        f'<!DOCTYPE rss PUBLIC "-//X" "http://127.0.0.1/x.dtd" [{SUBSET}]>',
        f"<!-- a comment --><!DOCTYPE rss [{SUBSET}]>",
        f'<!DOCTYPE rss SYSTEM "a>b" [{SUBSET}]>',
        f'<!DOCTYPE rss SYSTEM "a<b" [{SUBSET}]>',
        f"<!DOCTYPE rss SYSTEM 'a[b' [{SUBSET}]>",
        f"<!DOCTYPE rss><!DOCTYPE rss [{SUBSET}]>",
        f"<!DOC<!DOCTYPE rss>TYPE rss [{SUBSET}]>",
    ],
)
@pytest.mark.parametrize("codec", ["utf-8", "utf-16", "utf-32", "utf-16-be"])
def test_no_entity_of_the_document_is_ever_expanded(doctype: str, codec: str) -> None:
    try:
        items = read(f"{doctype}{REST}".encode(codec)).items
    except FeedError as error:
        assert error.outcome in (Outcome.PARSE_ERROR, Outcome.NOT_A_FEED)
    else:
        assert not any("aaaa" in item.title for item in items)


def test_an_external_entity_is_not_fetched() -> None:
    body = f'<!DOCTYPE rss SYSTEM "http://127.0.0.1:9/x.dtd">{REST.replace("&a;", "t&a;")}'
    assert read(body).items[0].title.startswith("t")


@pytest.mark.parametrize("body", ["{", '{"items": ', '{"a": [1, 2', "{" * 5_000])
def test_broken_json_is_refused(body: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.outcome == Outcome.PARSE_ERROR


@given(st.binary(max_size=200))
def test_no_bytes_end_in_anything_but_items_or_a_refusal(body: bytes) -> None:
    try:
        assert read(body).items is not None
    except FeedError as error:
        assert error.outcome in (Outcome.NOT_A_FEED, Outcome.PARSE_ERROR, Outcome.EMPTY_BODY)


def test_an_article_that_quotes_a_doctype_is_read() -> None:
    quoted = "<![CDATA[How to write <!DOCTYPE note [<!ENTITY a 'b'>]> by hand]]>"
    body = f"<rss version='2.0'><channel><item><guid>1</guid><title>{quoted}</title></item></channel></rss>"
    assert len(read(body.encode()).items) == 1
