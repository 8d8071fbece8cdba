"""Tests of platforms/google_news.py that no sample can show: recognised addresses, and odd answers."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState
from oversight.platforms.google_news import GoogleNews
from tests.factories import NOW, make_feed
from tests.platforms.garbage import is_survived

SEARCH = (
    "https://news.google.com/rss/search?q=%22facial+recognition%22+%28police+OR+%22city+council%22%29+when%3A7d"
    "&hl=en-US&gl=US&ceid=US:en"
)
PIECES = [
    "<rss>",
    "<channel>",
    "<item>",
    "<source url='x'>",
    "</source>",
    "<title>",
    "</title>",
    "A - B",
    "</item>",
    "&",
]


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (SEARCH, SEARCH),
        (SEARCH.replace("/rss", ""), SEARCH),
        (
            "https://news.google.com/search?q=Clearview%20AI",
            "https://news.google.com/rss/search?q=Clearview+AI&hl=en-US&gl=US&ceid=US:en",
        ),
        (
            "https://news.google.com/topics/CAAq?hl=en-GB&gl=GB&ceid=GB:en",
            "https://news.google.com/rss/topics/CAAq?hl=en-GB&gl=GB&ceid=GB:en",
        ),
        ("https://news.google.com/", None),
        ("https://news.example.com/search?q=x", None),
        ("http://[", None),
    ],
)
def test_a_search_is_recognised_as_its_feed(address: str, url: str | None) -> None:
    assert GoogleNews().recognise(address) == url


def test_the_search_is_asked_as_it_is_written() -> None:
    requests = GoogleNews().start(make_feed(url=SEARCH), FeedState(NOW, None))
    assert [request.url for request in requests] == [SEARCH]


@given(
    st.binary()
    | st.lists(st.sampled_from(PIECES), max_size=30).map(lambda pieces: "<!-- news.google.com -->" + "".join(pieces))
)
def test_any_answer_is_read_or_refused(body: bytes | str) -> None:
    assert is_survived("google_news", body)
