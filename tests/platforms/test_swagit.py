"""Tests of platforms/swagit.py that no sample can show: what is asked, odd rows, and addresses."""

import dataclasses
from datetime import date

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome, Request
from oversight.domain.reading import Reading
from oversight.errors import FeedError
from oversight.platforms.swagit import Swagit
from tests.factories import NOW, make_answer, make_council

HOST = "https://sampletontx.new.swagit.com"
VIEW = f"{HOST}/views/322"
VIDEO = f"{HOST}/videos/9"


def read(body: bytes | str, *, request: Request | None = None, url: str = VIEW) -> Reading:
    answer = dataclasses.replace(make_answer(body, url=url), request=request)
    return Swagit().read(make_council(platform="swagit", url=VIEW), answer)


def asked(url: str) -> list[str]:
    council = make_council(platform="swagit", url=url)
    return [request.url for request in Swagit().start(council, FeedState(NOW, None))]


def row(number: int, day: str, links: str = "") -> str:
    return f'<tr><td><a href="/videos/{number}">Council</a></td><td>{day}</td><td>{links}</td></tr>'


def page_of(*rows: str) -> str:
    return f'<table class="table videos" id="video-table"><tbody>{"".join(rows)}</tbody></table>Powered by Swagit'


def test_a_view_is_asked_for_as_it_is() -> None:
    assert asked(VIEW) == [VIEW]


def test_a_bare_address_is_asked_for_its_default_view() -> None:
    assert asked(f"{HOST}/") == asked(HOST) == [f"{HOST}/views/default/"]


def test_recent_recordings_are_asked_for_with_their_meeting() -> None:
    found = read(page_of(row(3, "Nov 17, 2026"), row(2, "Oct 18, 2026"), row(1, "Oct 17, 2026")))
    assert [(question.url, question.meeting_uid) for question in found.next] == [
        (f"{HOST}/videos/3", "video-3"),
        (f"{HOST}/videos/2", "video-2"),
    ]
    assert found.next[0].again_on == date(2026, 11, 17)


def test_a_recording_is_asked_for_again_when_its_row_changed() -> None:
    before, after = (
        read(page_of(row(3, "Nov 17, 2026", link))).next[0].revision
        for link in ("", "<a href='/videos/3/minutes'>m</a>")
    )
    assert before != after


def test_a_list_without_videos_is_an_empty_reading() -> None:
    assert read(page_of()) == Reading()


def test_a_row_with_no_day_is_kept_and_one_with_no_video_is_not() -> None:
    found = read(page_of(row(3, "soon"), "<tr><td>Nothing</td></tr>", "<tr></tr>"))
    assert [(meeting.uid, meeting.date) for meeting in found.meetings] == [("video-3", None)]


def test_the_items_of_a_question_belong_to_its_meeting() -> None:
    index = '<a class="playerControl" data-ts="5" data-title="Cameras"></a>'
    body = f"<title>Nov 17, 2026 Council - Sampleton, TX</title>{index} Powered by Swagit"
    found = read(body, request=Request(VIDEO, meeting_uid="video-9"), url=VIDEO)
    assert (found.meetings, [(item.meeting_uid, item.url) for item in found.items]) == (
        (),
        [("video-9", f"{VIDEO}?ts=5")],
    )


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        ("", Outcome.EMPTY_BODY),
        ("<title>Nov 17, 2026 Council - Sampleton, TX</title>", Outcome.NOT_A_FEED),
        ("<table id='video-table'></table>", Outcome.NOT_A_FEED),
        ("<title>Live</title>Powered by Swagit", Outcome.NOT_A_FEED),
    ],
)
def test_what_is_no_list_and_no_video_is_refused(body: str, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as refused:
        read(body)
    assert refused.value.outcome is outcome


@pytest.mark.parametrize(
    ("address", "url"),
    [
        (f"{VIEW}/commission-meetings?page=2", f"{VIEW}/commission-meetings"),
        (f"{VIEW}/", VIEW),
        ("https://dart.swagit.com/dart/views/Default", "https://dart.swagit.com/dart/views/Default"),
        (f"{HOST}/videos/401121?ts=120", f"{HOST}/"),
        (HOST, f"{HOST}/"),
        ("https://www.swagit.com/", None),
        ("https://swagit.com.example.org/views/3", None),
        ("swagit.com/views/3", None),
        ("http://[broken", None),
    ],
)
def test_an_address_of_a_tenant_is_recognised(address: str, url: str | None) -> None:
    assert Swagit().recognise(address) == url


PIECES = st.sampled_from(
    [
        "<table id='video-table'>",
        "</table>",
        "<tr>",
        "<td>",
        "<a href='/videos/1'>",
        "<a href='//['>",
        "</a>",
        "swagit",
        "Aug 13, 9999",
        "<title>Nov 1, 2026 x - Y, TX</title>",
        "<a href='/views/3/x'>x</a>",
        "<p class='playerControl' data-title='a' data-ts='²'>",
    ]
)


@given(st.one_of(st.binary(max_size=300), st.lists(PIECES, max_size=30).map(lambda parts: "".join(parts).encode())))
def test_any_bytes_are_read_or_refused(body: bytes) -> None:
    try:
        found = read(body)
    except FeedError:
        return
    assert isinstance(found, Reading)
