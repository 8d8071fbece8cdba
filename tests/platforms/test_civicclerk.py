"""Tests of platforms/civicclerk.py that no sample can show: what is asked, its pages, and odd answers."""

import json
from dataclasses import replace
from datetime import date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import FeedState, Outcome, Request
from oversight.domain.reading import Days, Reading
from oversight.errors import FeedError
from oversight.platforms.civicclerk import CivicClerk
from tests.factories import NOW, make_answer, make_council

API = "https://samplecity.api.civicclerk.com/v1"
PORTAL = "https://samplecity.portal.civicclerk.com"
FEED = f"{API}/Events?$filter=startDateTime+ge+{{since}}+and+startDateTime+lt+{{until}}&$orderby=startDateTime+asc"
AGENDA = "Council agenda\n1. Call to order\n2. Plate readers\n3. Adjournment\n"
FIELDS = (
    *("value", "id", "eventName", "startDateTime", "eventDate", "agendaId", "publishedFiles", "fileId", "type", "url"),
    *("streamUrl", "items", "childItems", "agendaObjectItemName", "isSection", "minutesItemVotes", "passFail", "error"),
    *("attachmentsList", "eventBookmarks", "markerTitle", "sortorder", "eventLocation", "address1", "@odata.nextLink"),
    *("agendaObjectItemId", "mediaStreamPath", "categoryName", "isPublished", "@odata.context", "eventDescription"),
)
SCRAPS = (
    st.none() | st.booleans() | st.integers() | st.floats() | st.text() | st.sampled_from(["2026-12-01", "http://["])
)
VALUES = st.recursive(
    SCRAPS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.sampled_from(FIELDS), inner, max_size=8),
    max_leaves=25,
)
LINES = st.lists(
    st.sampled_from(["agenda", "1. A", "  B. C", "IV) D", "words", "\x0c", "2.", "Page 1 of 2"]), max_size=12
)


def feed():
    return make_council(platform="civicclerk", url=FEED)


def read(body: object, *, url: str = "", request: Request | None = None) -> Reading:
    answer = make_answer(body if isinstance(body, str | bytes) else json.dumps(body), url=url)
    return CivicClerk().read(feed(), replace(answer, request=request))


def asked(last_ok_at: datetime | None = None) -> Request:
    (question,) = CivicClerk().start(feed(), FeedState(NOW, last_ok_at))
    return question


def event(number: int, day: str = "2026-12-01", **changes: object) -> dict[str, object]:
    files = [{"fileId": 800 + number, "type": "Agenda", "name": "Agenda"}]
    valid = {"id": number, "eventName": "City Council", "startDateTime": f"{day}T18:00:00Z", "agendaId": 70 + number}
    return valid | {"publishedFiles": files} | changes


def page(*rows: dict[str, object], more: bool = False) -> dict[str, object]:
    following = {"@odata.nextLink": f"{API}/Events?$skip=15"} if more else {}
    return {"value": list(rows)} | following


def test_the_window_is_asked_for_as_the_portal_would_ask() -> None:
    question = asked()
    assert question.url == (
        f"{API}/Events?$filter=startDateTime+ge+2026-10-21T00:00:00Z+and+startDateTime+lt+2026-12-21T00:00:00Z"
        "&$orderby=startDateTime+asc"
    )
    assert question.headers == (("Origin", PORTAL), ("Referer", f"{PORTAL}/"))


def test_later_polls_ask_for_a_week_back() -> None:
    assert "ge+2026-11-13T" in asked(NOW - timedelta(hours=1)).url


def test_the_next_page_is_asked_for_before_the_agendas() -> None:
    following = read(page(event(1), more=True)).next
    assert [request.url for request in following] == [f"{API}/Events?$skip=15", f"{API}/Meetings/71"]
    assert {request.headers for request in following} == {(("Origin", PORTAL), ("Referer", f"{PORTAL}/"))}


def test_a_whole_answer_covers_the_days_that_were_asked_for() -> None:
    everything = Days(date(2026, 10, 21), date(2026, 12, 20))
    assert read(page(), url=asked().url).covers == everything
    assert read(page(event(1)), url=asked().url).covers == everything
    assert read(page(event(1))).covers is None


def test_a_page_covers_the_days_that_lie_wholly_on_it() -> None:
    first = page(event(1, "2026-10-22"), event(2, "2026-11-05"), more=True)
    last = page(event(3, "2026-11-05"), event(4, "2026-11-20"))
    skipped = f"{asked().url}&$skip=15"
    assert read(first, url=asked().url).covers == Days(date(2026, 10, 21), date(2026, 11, 4))
    assert read(last, url=skipped).covers == Days(date(2026, 11, 6), date(2026, 12, 20))
    assert read(page(event(1), more=True), url=skipped).covers is None


def test_the_hour_that_claims_to_be_utc_is_the_councils_own() -> None:
    starts_at = read(page(event(1))).meetings[0].starts_at
    assert starts_at is not None
    assert starts_at.isoformat() == "2026-12-01T18:00:00-08:00"


def test_an_agenda_is_asked_for_once_it_is_posted() -> None:
    rows = [event(1, publishedFiles=[]), event(2, publishedFiles=[], publishedAgendaTimeStamp="Posted"), event(3)]
    assert [request.meeting_uid for request in read(page(*rows)).next] == ["event-2", "event-3"]


def test_an_agenda_is_asked_for_anew_when_its_row_changed_but_not_when_its_video_was_watched() -> None:
    rows = (event(1), event(1, mediaTotalPlay=7), event(1, eventNotice="Moved to Room 2"))
    (before,), (watched,), (after,) = (read(page(row)).next for row in rows)
    assert before == watched
    assert before.revision != after.revision
    assert before.again_on == date(2026, 12, 1)


def test_the_text_of_an_agenda_belongs_to_the_meeting_that_was_asked_about() -> None:
    question = Request(f"{API}/Meetings/71", meeting_uid="event-1", again_on=date(2026, 12, 1))
    empty = {"id": 71, "items": [], "publishedFiles": [{"fileId": 801, "type": "Agenda"}]}
    (instead,) = read(empty, request=question).next
    assert instead.url == f"{API}/Meetings/GetMeetingFileStream(fileId=801,plainText=true)"
    assert (instead.meeting_uid, instead.again_on) == ("event-1", date(2026, 12, 1))
    items = read(AGENDA, request=instead).items
    assert [(item.title, item.meeting_uid) for item in items][1] == ("Plate readers", "event-1")


def test_an_item_of_a_plain_text_keeps_its_name_when_its_number_moves() -> None:
    later = "Council agenda\n1. Call to order\n2. A new item\n3. Plate readers\n4. Adjournment\n"
    before, after = ({item.title: item.uid for item in read(text).items} for text in (AGENDA, later))
    assert before["Plate readers"] == after["Plate readers"]
    assert len(set(after.values())) == 4


def test_an_agenda_nested_beyond_reason_is_read_as_far_as_an_agenda_goes() -> None:
    item: dict[str, object] = {"id": 1, "agendaObjectItemName": "Deepest"}
    for number in range(2, 100):
        item = {"id": number, "agendaObjectItemName": "Outer", "childItems": [item]}
    assert len(read({"items": [item]}).items) == 21


def test_without_a_tenants_name_nothing_is_asked_for() -> None:
    elsewhere = make_council(platform="civicclerk", url="https://council.example.gov/")
    reading = CivicClerk().read(elsewhere, make_answer(json.dumps([event(1)])))
    assert (len(reading.meetings), reading.documents, reading.next) == (1, (), ())


@pytest.mark.parametrize(
    "address", [FEED, f"{API}/Events/17", f"{PORTAL}/event/17/files/agenda/47", f" {PORTAL}", PORTAL]
)
def test_an_address_of_the_portal_or_its_api_is_recognised(address: str) -> None:
    assert CivicClerk().recognise(address) == FEED


@pytest.mark.parametrize(
    "address", ["https://www.civicclerk.com/", "https://example.org/?u=x.api.civicclerk.com", "https://[", "stream/"]
)
def test_an_address_of_others_is_not(address: str) -> None:
    assert CivicClerk().recognise(address) is None


@pytest.mark.parametrize(
    ("body", "outcome"),
    [
        (b"", Outcome.EMPTY_BODY),
        ("{", Outcome.NOT_A_FEED),
        ({"blobUri": "https://blob.example.org/1.pdf"}, Outcome.NOT_A_FEED),
        ({"value": "none"}, Outcome.NOT_A_FEED),
        ({"value": [{"id": 1}]}, Outcome.NOT_A_FEED),
        ("<html><title>Access Denied</title></html>", Outcome.HTTP_ERROR),
        ("<html><title>Portal</title>agenda\n1. A\n2. B\n3. C</html>", Outcome.NOT_A_FEED),
        ("%PDF-1.7 agenda", Outcome.NOT_A_FEED),
    ],
)
def test_what_is_no_answer_is_refused(body: object, outcome: Outcome) -> None:
    with pytest.raises(FeedError) as caught:
        read(body)
    assert caught.value.outcome == outcome


@given(VALUES.map(json.dumps) | LINES.map("\n".join) | st.binary())
def test_any_answer_is_read_or_refused(body: str | bytes) -> None:
    try:
        assert isinstance(read(body), Reading)
    except FeedError as error:
        assert error.outcome
