"""Tests of services/keep_address.py: a redirect or a "gone" is undone, and the history says so."""

from datetime import timedelta
from typing import Any

import pytest

from oversight.errors import NotAllowed, NotFound
from oversight.services.keep_address import keep_address
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import FeedRow
from oversight.storage.revisions import history
from tests.factories import NEWS_URL, NOW, add_feed

ELSEWHERE = "https://elsewhere.example.org/feed.xml"
LATER = NOW + timedelta(days=9)


def kept(sessions: Sessions, **feed: Any) -> FeedRow:
    """Keep the address of a feed that became so."""
    with sessions.begin() as session:
        add_feed(session, key="moved", next_due_at=LATER, **feed)
    with sessions.begin() as session:
        keep_address(session, "moved", actor="ana", now=NOW)
    with reading(sessions) as session:
        return session.query(FeedRow).one()


def test_a_redirect_that_was_followed_is_undone(sessions: Sessions) -> None:
    row = kept(sessions, moved_url=ELSEWHERE)
    assert (row.address, row.refused_url, row.next_due_at) == (NEWS_URL, ELSEWHERE, NOW)


def test_a_redirect_that_is_not_yet_believed_is_refused(sessions: Sessions) -> None:
    row = kept(sessions, moved_to=ELSEWHERE, moved_since=NOW, moved_polls=2)
    assert (row.address, row.moved_to, row.refused_url) == (NEWS_URL, None, ELSEWHERE)


def test_a_feed_that_was_gone_is_asked_again(sessions: Sessions) -> None:
    row = kept(sessions, gone_at=NOW, gone_since=NOW, gone_polls=3, is_enabled=False)
    assert (row.gone_at, row.is_enabled, row.next_due_at) == (None, True, NOW)


def test_a_feed_that_a_person_disabled_stays_so(sessions: Sessions) -> None:
    assert kept(sessions, moved_url=ELSEWHERE, is_enabled=False).is_enabled is False


def test_the_history_says_who_did_it(sessions: Sessions) -> None:
    kept(sessions, moved_url=ELSEWHERE)
    with reading(sessions) as session:
        (revision,) = history(session, "feed", "moved")
    assert (revision.actor, revision.at) == ("ana", NOW)
    assert (revision.before, revision.after) == (
        {"address": ELSEWHERE, "is_enabled": True},
        {"address": NEWS_URL, "is_enabled": True},
    )


def test_a_feed_that_never_moved_has_nothing_to_undo(sessions: Sessions) -> None:
    with pytest.raises(NotAllowed, match="its own address already"):
        kept(sessions)


def test_a_feed_that_is_not_there_is_told(sessions: Sessions) -> None:
    with sessions.begin() as session, pytest.raises(NotFound, match="flask feeds list"):
        keep_address(session, "nobody", actor="ana", now=NOW)
