"""Tests of storage/operator_events.py: one open event of a kind for each feed, settled when it is over."""

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.health import Trouble
from oversight.errors import NotFound
from oversight.storage.engine import Sessions
from oversight.storage.models import OperatorEventRow
from oversight.storage.operator_events import (
    KEPT,
    bring_up_to_date,
    drop_settled,
    get_event,
    last_settled,
    open_events,
    settle_event,
)
from tests.factories import NOW, add_feed, add_trouble

HOUR = timedelta(hours=1)


def every(session: Session) -> list[Any]:
    session.flush()
    session.expire_all()
    return list(session.scalars(select(OperatorEventRow).order_by(OperatorEventRow.id)))


def test_a_trouble_is_opened_once_and_refreshed_while_it_lasts(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_feed(session)
        opened = [
            bring_up_to_date(session, {feed.id: {Trouble.FAILING: detail}}, now=NOW + hours * HOUR)
            for hours, detail in enumerate(("first", "second"))
        ]
        (row,) = every(session)
        assert opened == [1, 0]
        assert (row.kind, row.detail, row.raised_at, row.last_seen_at) == ("failing", "second", NOW, NOW + HOUR)


def test_a_trouble_that_is_over_is_settled_and_a_new_one_is_another_event(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_feed(session)
        for hours, troubles in enumerate(({Trouble.FAILING: "a"}, {}, {Trouble.FAILING: "b"})):
            bring_up_to_date(session, {feed.id: troubles}, now=NOW + hours * HOUR)
        assert [(row.detail, row.settled_at) for row in every(session)] == [("a", NOW + HOUR), ("b", None)]


def test_what_was_one_moment_stays_open_until_somebody_closes_it(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_feed(session)
        event = add_trouble(session, feed_id=feed.id, kind=Trouble.FLOOD.value)
        bring_up_to_date(session, {feed.id: {}}, now=NOW + HOUR, lasting=(Trouble.FLOOD,))
        assert every(session)[0].settled_at is None
        assert settle_event(session, event.id, now=NOW + 2 * HOUR)
        assert not settle_event(session, event.id, now=NOW + 3 * HOUR)
        assert every(session)[0].settled_at == NOW + 2 * HOUR


def test_feeds_that_were_not_looked_at_keep_their_events(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_trouble(session, kind=Trouble.FAILING.value)
        bring_up_to_date(session, {add_feed(session).id: {}}, now=NOW + HOUR)
        assert every(session)[0].settled_at is None


def test_two_kinds_of_one_feed_are_two_events(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed = add_feed(session)
        both = {Trouble.MOVED: "there", Trouble.SILENT: "for long"}
        assert bring_up_to_date(session, {feed.id: both}, now=NOW) == 2
        bring_up_to_date(session, {feed.id: {Trouble.SILENT: "for longer"}}, now=NOW + HOUR)
        assert {row.kind: row.settled_at for row in every(session)} == {"moved": NOW + HOUR, "silent": None}


def test_open_events_come_newest_first_and_by_feed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        for key, hours in (("old", 2), ("new", 0), ("older", 9)):
            add_trouble(session, feed_id=add_feed(session, key=key).id, raised_at=NOW - hours * HOUR)
        add_trouble(session, settled_at=NOW)
        assert [feed.key for _, feed in open_events(session)] == ["new", "old", "older"]
        assert [feed.key for _, feed in open_events(session, "old")] == ["old"]


def test_an_event_is_found_with_its_feed_or_not_at_all(sessions: Sessions) -> None:
    with sessions.begin() as session:
        event = add_trouble(session)
        assert [row.id for row in get_event(session, event.id)] == [event.id, event.feed_id]
        with pytest.raises(NotFound):
            get_event(session, event.id + 1)


def test_when_a_kind_was_last_closed_is_known_by_feed(sessions: Sessions) -> None:
    with sessions.begin() as session:
        feed, other = add_feed(session), add_feed(session)
        for hours in (1, 3, 2):
            add_trouble(session, feed_id=feed.id, kind=Trouble.GONE.value, settled_at=NOW + hours * HOUR)
        add_trouble(session, feed_id=other.id, kind=Trouble.GONE.value)
        add_trouble(session, feed_id=other.id, kind=Trouble.FLOOD.value, settled_at=NOW)
        assert last_settled(session, Trouble.GONE, [feed.id, other.id]) == {feed.id: NOW + 3 * HOUR}


def test_what_was_settled_a_year_ago_is_forgotten_and_what_is_open_is_not(sessions: Sessions) -> None:
    with sessions.begin() as session:
        long_ago = NOW - KEPT - HOUR
        for settled_at in (long_ago, NOW - KEPT, None):
            add_trouble(session, raised_at=long_ago, settled_at=settled_at)
        drop_settled(session, now=NOW)
        assert [row.settled_at for row in every(session)] == [NOW - KEPT, None]
