"""Tests of storage/documents.py: each document once, and handed out to one reader at a time."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from sqlalchemy import Engine, select
from sqlalchemy.orm import Session

from oversight.domain.reading import Document
from oversight.storage.documents import LEASE, claim_documents, finish_document, save_documents
from oversight.storage.engine import Sessions, open_sessions
from oversight.storage.models import DocumentRow, FeedRow
from tests.factories import NOW, add_council, add_document, add_feed, add_item, add_meeting

URL, OTHER = "https://files.example.org/a.pdf", "https://files.example.org/b.pdf"
MINUTE = timedelta(minutes=1)


def save(
    session: Session, feed: FeedRow, *found: tuple[Document, str | None], now: datetime = NOW, **owners: Any
) -> None:
    save_documents(session, feed, found, {"items": {}, "meetings": {}} | owners, now=now)


def every(session: Session) -> list[DocumentRow]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(DocumentRow).order_by(DocumentRow.id)))


def claimed(session: Session, *, now: datetime = NOW, most: int = 9) -> list[int]:
    return [row.id for row in claim_documents(session, now=now, most=most)]


def test_a_document_is_kept_with_its_owners_and_the_reason(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        item, meeting = add_item(session, feed_id=feed.id), add_meeting(session, feed_id=feed.id)
        found = Document(URL, "Report", "application/pdf", item_uid="i", meeting_uid="m")
        save(session, feed, (found, "a reason"), items={"i": item.id}, meetings={"m": meeting.id})
        (row,) = every(session)
        assert (row.url, row.title, row.media_type) == (URL, "Report", "application/pdf")
        assert (row.item_id, row.meeting_id, row.wanted) == (item.id, meeting.id, "a reason")
        assert (row.state, row.found_at, row.due_at, row.tries) == ("waiting", NOW, NOW, 0)


def test_a_document_of_nothing_that_is_known_is_kept_too(sessions: Sessions) -> None:
    with sessions.begin() as session:
        save(session, add_council(session), (Document(URL, None, None, "unknown", "unknown"), None))
        (row,) = every(session)
        assert (row.item_id, row.meeting_id, row.wanted, row.due_at) == (None, None, None, None)


def test_a_known_document_is_left_alone(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        save(session, feed, (Document(URL, "Report", None), "a reason"))
        finish_document(session, every(session)[0].id, {"state": "read", "due_at": None})
        save(session, feed, (Document(URL, "Another title", None), "another"), now=NOW + MINUTE)
        (row,) = every(session)
        assert (row.title, row.wanted, row.state, row.due_at) == ("Report", "a reason", "read", None)


def test_a_known_document_is_wanted_when_a_reason_comes(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed, other = add_council(session), add_council(session, key="other")
        for one in (feed, other):
            save(session, one, (Document(URL, None, None), None))
        save(session, feed, (Document(URL, None, None), "a reason"), now=NOW + MINUTE)
        save(session, feed, (Document(URL, None, None), None), now=NOW + 2 * MINUTE)
        assert [(row.wanted, row.due_at) for row in every(session)] == [("a reason", NOW + MINUTE), (None, None)]


@pytest.mark.parametrize("order", [1, -1])
def test_one_address_twice_in_an_answer_is_one_document_with_the_reason_of_one(sessions: Sessions, order: int) -> None:
    found = [(Document(URL, "Wanted", None), "a reason"), (Document(URL, "Unwanted", None), None)]
    with sessions.begin() as session:
        save(session, add_council(session), *found[::order])
        assert [(row.title, row.wanted) for row in every(session)] == [("Wanted", "a reason")]


def test_the_same_address_behind_two_feeds_is_two_documents(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for key in ("a", "b"):
            save(session, add_feed(session, key=key), (Document(URL, None, None), None))
        assert len(every(session)) == 2


# Handing them out


def test_a_document_is_handed_out_to_one_reader_until_its_lease_ends(sessions: Sessions) -> None:
    with sessions.begin() as session:
        identifier = add_document(session, due_at=NOW).id
    for moment, expected in ((NOW, [identifier]), (NOW + LEASE - MINUTE, []), (NOW + LEASE, [identifier])):
        with sessions.begin() as session:
            assert claimed(session, now=moment) == expected
    with sessions.begin() as session:
        assert [row.tries for row in every(session)] == [2]


def test_the_longest_waiting_are_handed_out_first_and_of_one_moment_the_newest(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        ids = [add_document(session, feed_id=feed.id, due_at=NOW - wait * MINUTE).id for wait in (0, 5, 5)]
        assert claimed(session, most=2) == [ids[2], ids[1]]
        assert claimed(session, most=2) == [ids[0]]


def test_what_is_not_due_not_wanted_or_done_is_not_handed_out(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_council(session)
        for changes in ({"due_at": None}, {"due_at": NOW + MINUTE}, {"due_at": NOW, "state": "unreadable"}):
            add_document(session, feed_id=feed.id, **changes)
        add_document(session, feed_id=add_feed(session, is_enabled=False).id, due_at=NOW)
        assert claimed(session) == []


def test_two_processes_at_once_get_different_documents(postgresql_engine: Engine) -> None:
    sessions = open_sessions(postgresql_engine)
    with sessions.begin() as session:
        feed = add_council(session)
        for _ in range(4):
            add_document(session, feed_id=feed.id, due_at=NOW)
    with sessions.begin() as one, sessions.begin() as two:
        first, second = claimed(one, most=2), claimed(two)
    assert (len(first), len(second), set(first) & set(second)) == (2, 2, set())
