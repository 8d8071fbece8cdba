"""Tests of platforms/page.py and its parts that no sample can show: what is new on a page, and what never is."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome
from oversight.domain.reading import ItemKind
from oversight.errors import FeedError
from oversight.platforms import recognised
from oversight.platforms.page import Page
from oversight.platforms.page_words import plain_address
from tests.factories import NOW, make_answer, make_council

URL = "https://council.example.gov/agendas"
WORDS = st.text("abcdefghij", min_size=3, max_size=9)
SENTENCE = st.lists(WORDS, min_size=3, max_size=6).map(" ".join)
DAY = st.dates().filter(lambda day: day.year > 1950).map(lambda day: f"{day:%B} {day.day}, {day.year}")
BLOCK = st.one_of(
    SENTENCE.map(lambda text: f"<p>{text}</p>"),
    SENTENCE.map(lambda text: f"<h2>{text}</h2>"),
    SENTENCE.map(lambda text: f"<div><div>{text}</div></div>"),
    st.tuples(WORDS, SENTENCE).map(lambda two: f'<p><a href="/{two[0]}">{two[1]}</a></p>'),
    st.tuples(WORDS, SENTENCE).map(lambda two: f'<ul><li><a href="/{two[0]}.pdf">Agenda</a> {two[1]}</li></ul>'),
    st.tuples(DAY, SENTENCE).map(
        lambda two: f"<table><tr><td>{two[0]}</td><td>{two[1]} council meeting</td></tr></table>"
    ),
    st.tuples(DAY, WORDS).map(lambda two: f'<ul><li>{two[0]} <a href="/{two[1]}.pdf">Agenda</a></li></ul>'),
)
FURNITURE = [
    "<nav><a href='/jobs'>Jobs at the city</a></nav>",
    "<header><a href='/'>City of Riverton government</a></header>",
    "<footer>City hall, open from Monday on</footer>",
    "<aside>Other news of the city</aside>",
    "<div class='cookie-banner'>We would like to count visitors here</div>",
    "<ul class='breadcrumb'><li><a href='/council'>The city council</a></li></ul>",
    "<ul class='pager'><li><a href='?page=2'>2</a></li></ul>",
    "<p>Today is Friday, November 20, 2026</p>",
    "<p>Page last updated: November 19, 2026, 4:12 PM by the clerk</p>",
    "<p>1,204 visitors since Monday</p>",
    "<p><a href='mailto:clerk@council.example.gov'>Write to the clerk of the council</a></p>",
    "<p><a href='tel:+15551234567'>Call the city clerk today</a></p>",
    "<p><a href='https://www.facebook.com/sharer.php?u=x'>Share this page with friends</a></p>",
    "<p><a href='#top'>Back to the top</a></p>",
    "<p>Phone: (555) 123-4567</p>",
    "<p>6:00 PM</p>",
    "<script>var words = 'many words that are none';</script>",
]
ALWAYS = "<p>The council keeps its agendas here.</p>"


def page(*blocks: str) -> str:
    return f"<!DOCTYPE html><html><head><title>Agendas</title></head><body>{ALWAYS}{''.join(blocks)}</body></html>"


def read(body: str | bytes):
    return Page().read(make_council(platform="page", url=URL), make_answer(body, url=URL))


def uids(*blocks: str) -> set[str]:
    return {item.uid for item in read(page(*blocks)).items}


def test_a_poll_is_one_question() -> None:
    feed = make_council(url=URL)
    assert [request.url for request in Page().start(feed, FeedState(NOW, None))] == [URL]


@given(st.lists(BLOCK, max_size=8).flatmap(lambda blocks: st.tuples(st.just(blocks), st.permutations(blocks))))
def test_blocks_that_were_moved_are_nothing_new(two: tuple[list[str], list[str]]) -> None:
    before, after = two
    assert uids(*before) == uids(*after)


@given(st.lists(BLOCK, max_size=5), BLOCK, st.integers(0, 5))
def test_a_block_that_was_added_adds_its_own_items_only(blocks: list[str], added: str, place: int) -> None:
    assert uids(*blocks[:place], added, *blocks[place:]) == uids(*blocks) | uids(added)


@pytest.mark.parametrize("furniture", FURNITURE)
def test_furniture_of_a_page_is_no_item(furniture: str) -> None:
    assert uids(furniture) == uids()


def test_the_same_link_with_another_session_is_nothing_new() -> None:
    link = '<p><a href="/paper{}">A paper on cameras</a></p>'
    addresses = ["", ";jsessionid=1F2E", "?utm_source=mail", "?sid=77&fbclid=x", "?v=1700000000", "#part", "/"]
    assert len({frozenset(uids(link.format(address))) for address in addresses}) == 1


def test_another_paper_behind_the_same_words_is_new() -> None:
    link = '<p><a href="/paper?id={}">A paper on cameras</a></p>'
    assert uids(link.format(1)) != uids(link.format(2))


def test_what_tells_papers_apart_stays_in_the_address() -> None:
    assert (
        plain_address("https://www.Example.gov/watch?v=dQw4w9WgXcQ&b=2&a=1")
        == "example.gov/watch?a=1&b=2&v=dQw4w9WgXcQ"
    )


def test_a_paper_added_to_a_row_makes_the_row_new_but_not_its_meeting() -> None:
    row = "<table><tr><td>December 1, 2026 6:00 PM</td><td>City Council</td><td>{}</td></tr></table>"
    before, after = read(page(row.format(""))), read(page(row.format('<a href="/a.pdf">Agenda</a>')))
    assert before.items[-1].uid != after.items[-1].uid
    assert before.meetings[0].uid == after.meetings[0].uid
    assert (before.meetings[0].agenda_url, after.meetings[0].agenda_url) == (None, "https://council.example.gov/a.pdf")


def test_a_cancelled_meeting_keeps_its_id() -> None:
    row = "<ul><li>December 1, 2026 6:00 PM: City Council{}</li></ul>"
    before, after = (read(page(row.format(said))).meetings[0] for said in ("", " - CANCELLED"))
    assert (before.uid, str(after.status)) == (after.uid, "cancelled")


def test_a_meeting_about_what_is_cancelled_takes_place() -> None:
    row = "<ul><li>December 1, 2026 6:00 PM: City Council special meeting, vote to cancel the Flock contract</li></ul>"
    assert str(read(page(row)).meetings[0].status) == "unknown"


def test_two_sittings_of_a_body_on_one_day_are_told_apart_by_the_hour() -> None:
    row = "<tr><td>December 1, 2026 {}</td><td>City Council</td></tr>"
    first, second = read(page(f"<table>{row.format('9:30am')}{row.format('6:00pm')}</table>")).meetings
    assert second.uid == f"{first.uid}-1800"


def test_a_day_of_posting_is_no_day_of_a_meeting() -> None:
    table = "<table><tr><th>Posted</th><th>Paper</th></tr><tr><td>12/1/2026</td><td>Committee hearing</td></tr></table>"
    assert read(page(table)).meetings == ()


def test_short_words_carry_the_heading_above_them() -> None:
    item = read(page("<h2>License plate readers</h2><p>Vote next month</p>")).items[-1]
    assert item.text == "License plate readers\nVote next month"


def test_a_link_that_says_nothing_carries_the_words_beside_it() -> None:
    item = read(page('<ul><li>Contract with the camera firm <a href="/c.pdf">PDF</a></li></ul>')).items[-1]
    assert (item.title, item.kind) == ("Contract with the camera firm: PDF", ItemKind.NOTICE)


def test_a_document_belongs_to_its_item() -> None:
    reading = read(page('<p><a href="/c.docx">Contract with the camera firm</a></p>'))
    (document,) = reading.documents
    assert document.item_uid == reading.items[-1].uid
    assert document.media_type is not None


def test_words_inside_and_outside_of_the_main_part_are_told_apart() -> None:
    body = "<html><body><div>Jobs and permits of the city</div><main><p>Vote on drones in May</p></main></body></html>"
    assert [item.title for item in read(body).items] == ["Vote on drones in May"]


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.EMPTY_BODY),
        ("  \n ", Outcome.EMPTY_BODY),
        ("%PDF-1.7", Outcome.NOT_A_FEED),
        ("<rss><channel></channel></rss>", Outcome.NOT_A_FEED),
        ("Received: from mail\n\n<html><p>Words of a letter</p></html>", Outcome.NOT_A_FEED),
        (
            "<html><head><title>404 Not Found</title></head><body><h1>Not found here</h1></body></html>",
            Outcome.NOT_A_FEED,
        ),
        (
            "<html><head><title>Log in</title></head><body><p>Please tell us who you are</p></body></html>",
            Outcome.NOT_A_FEED,
        ),
        (
            "<html><head><title>Access Denied</title></head><body>You may not see this page</body></html>",
            Outcome.HTTP_ERROR,
        ),
        ("<html><body><nav><a href='/a'>Jobs at the city</a></nav></body></html>", Outcome.NOT_A_FEED),
    ],
)
def test_what_is_no_page_of_the_council_is_refused(body: str, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.outcome == outcome


def test_any_page_is_recognised_but_a_feed_is_left_to_its_reader() -> None:
    assert recognised("https://council.example.gov/agendas#top") == ("page", "https://council.example.gov/agendas")
    assert recognised("https://council.example.gov/feed.xml") == ("rss", "https://council.example.gov/feed.xml")
    assert Page().recognise("clerk@council.example.gov") is None


PIECES = st.sampled_from(
    [
        "<table>",
        "<tr>",
        "<td>",
        "<li>",
        "<a href='http://['>x",
        "<a href='/a.pdf'>",
        "<h2>",
        "<main>",
        "</main>",
        "</td>",
        "<article>",
        "December 1, 2026",
        "City Council",
        "<nav>",
        "</nav>",
        "<th>Date",
        "<div class='views-row'>",
        "<",
        "&",
    ]
)


@given(st.binary(max_size=200) | st.lists(PIECES | st.text(max_size=10), max_size=25).map("".join).map(str.encode))
def test_no_bytes_end_in_anything_but_a_reading_or_a_refusal(body: bytes) -> None:
    try:
        reading = read(b"<html>" + body)
    except FeedError as error:
        assert str(error)
    else:
        assert len({item.uid for item in reading.items}) == len(reading.items)


def test_a_page_nested_deeply_is_read_or_refused() -> None:
    try:
        assert read("<html>" + "<div>" * 5_000 + "Vote on drones in May") is not None
    except FeedError as error:
        assert error.outcome == Outcome.NOT_A_FEED
