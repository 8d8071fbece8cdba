"""Tests of platforms/boarddocs.py that no sample can show: what is asked, odd rows, and other addresses."""

import json
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from oversight.domain.feed import Answer, FeedState, Outcome, Request
from oversight.domain.reading import Days
from oversight.errors import FeedError
from oversight.platforms.boarddocs import MAIN_BOARD, BoardDocs
from tests.factories import NOW, make_answer, make_council

ROOT = "https://go.boarddocs.com/oh/sample/Board.nsf"
XML, LIST = f"{ROOT}/XML-ActiveMeetings", f"{ROOT}/BD-GetMeetingsList?open"
LATER = FeedState(NOW, NOW - timedelta(hours=1))
JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=9),
    lambda inner: (
        st.lists(inner, max_size=4)
        | st.dictionaries(st.sampled_from(["unique", "Unique", "name", "Description", "numberdate", "Date"]), inner)
    ),
    max_leaves=12,
)


def read(body: str | bytes, *, url: str = XML, asked: str | None = None):
    answer = make_answer(body)
    if asked:
        answer = Answer(asked, {}, answer.body, Request(asked))
    return BoardDocs().read(make_council(platform="boarddocs", url=url), answer)


def row(unique: str, day: str, **changes: object) -> dict[str, object]:
    return {"unique": unique, "name": "Board Meeting", "numberdate": day} | changes


def xml(*days: str) -> str:
    meetings = "".join(
        f"<meeting id='M{place}'><name>m</name><start><date>{day}</date></start><category><agendaitems>"
        f"<item id='I{place}'><name>i</name></item></agendaitems></category></meeting>"
        for place, day in enumerate(days)
    )
    return f"<meetings>{meetings}</meetings>"


def test_the_document_is_asked_for_once_and_names_the_days_beside_its_address() -> None:
    (question,) = BoardDocs().start(make_council(url=XML), LATER)
    assert (question.url, question.body) == (f"{XML}#days=2026-11-13/2026-12-20", None)


def test_the_list_is_asked_for_as_its_own_page_would() -> None:
    (question,) = BoardDocs().start(make_council(url=LIST), LATER)
    assert question.url.startswith(f"{LIST}#days=")
    assert (question.body, question.content_type.partition(";")[0]) == (
        f"current_committee_id={MAIN_BOARD}",
        "application/x-www-form-urlencoded",
    )
    assert ("Origin", "https://go.boarddocs.com") in question.headers
    assert ("Referer", f"{ROOT}/Public") in question.headers


def test_the_committee_of_a_feed_is_the_one_its_address_names() -> None:
    url = f"{LIST}&current_committee_id=A9HCRJ3251CA"
    (question,) = BoardDocs().start(make_council(url=url), LATER)
    (agenda,) = read(json.dumps([row("M1", "20261201")]), url=url).next
    assert (question.body, agenda.body) == (
        "current_committee_id=A9HCRJ3251CA",
        "id=M1&current_committee_id=A9HCRJ3251CA",
    )


def test_only_meetings_of_the_days_asked_about_are_kept() -> None:
    (question,) = BoardDocs().start(make_council(url=XML), LATER)
    listed = json.dumps([row("M0", "20261112"), row("M1", "20261113"), row("M2", "20261220"), row("M3", "20261221")])
    for body in (xml("2026-11-12", "2026-11-13", "2026-12-20", "2026-12-21"), listed):
        assert {meeting.uid for meeting in read(body, asked=question.url).meetings} == {"M1", "M2"}


def test_the_list_names_every_meeting_of_the_days_asked_about() -> None:
    found = read(json.dumps([row("M1", "20261201"), {}]), asked=f"{LIST}#days=2026-11-13/2026-12-20")
    assert found.covers == Days(date(2026, 11, 13), date(2026, 12, 20))
    assert read(json.dumps([row("M1", "20261201"), {}])).covers is None


def test_the_newest_meetings_come_first() -> None:
    assert [item.uid for item in read(xml("2024-01-01", "2026-01-01", "2025-01-01")).items] == ["I1", "I2", "I0"]


def test_an_agenda_is_asked_for_anew_when_its_row_changed_and_on_its_day() -> None:
    (before,), (same,), (after,) = (
        read(json.dumps([one])).next
        for one in (row("M1", "20261201"), row("M1", "20261201"), row("M1", "20261201", name="Moved"))
    )
    assert before == same
    assert (before.key, before.revision != after.revision) == (after.key, True)
    assert (before.again_on, before.meeting_uid) == (date(2026, 12, 1), "M1")


def test_the_items_of_an_agenda_belong_to_the_meeting_that_was_asked_about() -> None:
    body = b"<dl class='wrap-category'></dl><li class='item' unique='I1'><span class='title'>x</span></li>"
    question = Request(f"{ROOT}/BD-GetAgenda?open", body="id=M1", meeting_uid="M1")
    found = BoardDocs().read(make_council(url=LIST), Answer(question.url, {}, body, question))
    assert [(item.uid, item.meeting_uid, item.url) for item in found.items] == [("I1", "M1", f"{ROOT}/goto?open&id=I1")]


def test_a_document_that_was_cut_off_gives_what_is_whole() -> None:
    found = read(xml("2026-01-01", "2026-01-02")[:-60])
    assert [meeting.uid for meeting in found.meetings] == ["M1", "M0"]
    assert found.warnings != ()


@pytest.mark.parametrize(
    ("address", "url"),
    [
        ("https://go.boarddocs.com/fla/talgov/Board.nsf/Public", "https://go.boarddocs.com/fla/talgov/Board.nsf/XML-ActiveMeetings"),
        ("http://www.boarddocs.com/il/ctpf/Board.nsf/goto?open&id=B55S995DF24B", "https://go.boarddocs.com/il/ctpf/Board.nsf/XML-ActiveMeetings"),
        (LIST, LIST),
        (f"{LIST}&current_committee_id=A1", f"{LIST}&current_committee_id=A1"),
        ("https://boarddocs.example.org/fla/talgov/Board.nsf/Public", None),
        ("https://go.boarddocs.com/", None),
    ],
)  # fmt: skip
def test_an_address_of_a_site_is_recognised(address: str, url: str | None) -> None:
    assert BoardDocs().recognise(address) == url


@pytest.mark.parametrize(
    "doctype", ["[<!ENTITY a 'b'>]", "SYSTEM 'a>b' [<!ENTITY a 'b'>]", "[<!ATTLIST a b CDATA #IMPLIED>]"]
)
def test_a_document_with_declarations_of_its_own_is_refused(doctype: str) -> None:
    with pytest.raises(FeedError) as caught:
        read(f"<!DOCTYPE meetings {doctype}>{xml('2026-01-01')}")
    assert caught.value.outcome == Outcome.PARSE_ERROR


def test_a_bare_doctype_is_removed() -> None:
    assert len(read(f"<!DOCTYPE meetings SYSTEM 'http://127.0.0.1:9/x.dtd'>{xml('2026-01-01')}").meetings) == 1


@given(st.binary(max_size=200) | JSON.map(lambda value: json.dumps(value).encode()))
def test_any_bytes_end_in_a_reading_or_a_refusal(body: bytes) -> None:
    refused_or_read(body)


@given(st.text("<>/=\"' aeiwrtm-&;!", max_size=80))
def test_any_document_ends_in_a_reading_or_a_refusal(inside: str) -> None:
    refused_or_read(f"<meetings><meeting id='M'>{inside}".encode())
    refused_or_read(f"<div class='meeting-name'>{inside}<li class='item' unique='I'>{inside}".encode())


def refused_or_read(body: bytes) -> None:
    try:
        assert read(body).meetings is not None
    except FeedError as error:
        assert error.outcome in Outcome
