"""Tests of services/events_of_feeds.py: that a place is not watched is told once, until it is watched again."""

from datetime import datetime, timedelta

import pytest
from sqlalchemy import select

from oversight.domain.event import About, EventKind
from oversight.domain.query_match import matches
from oversight.domain.query_parser import parse
from oversight.services.watch import watch_all
from oversight.storage.engine import Sessions
from oversight.storage.models import EventRow, FeedRow
from tests.factories import NOW, SEATTLE, add_council

DAY = timedelta(days=1)
NEWS = {"last_outcome": "ok", "first_ok_at": NOW - 100 * DAY, "last_ok_at": NOW, "last_item_at": NOW - DAY}


def watch(sessions: Sessions, first: int, last: int) -> list[int]:
    """Look twice a day from then on; on which days something was told."""
    found = []
    for day in range(first, last + 1):
        before = len(events(sessions))
        for hour in (0, 6):
            with sessions.begin() as session:
                watch_all(session, now=NOW + day * DAY + timedelta(hours=hour))
        found += [day] * (len(events(sessions)) - before)
    return found


def events(sessions: Sessions) -> list[EventRow]:
    with sessions() as session:
        return list(session.scalars(select(EventRow).order_by(EventRow.id)))


def hear(sessions: Sessions, at: datetime, **values: object) -> None:
    with sessions.begin() as session:
        feed = session.scalars(select(FeedRow)).one()
        for name, value in ({"last_item_at": at} | values).items():
            setattr(feed, name, value)


def test_a_feed_of_a_place_that_falls_silent_is_told_once_for_each_silence(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_council(session, **NEWS)
    (silent,) = watch(sessions, 0, 40)
    hear(sessions, NOW + 40 * DAY)
    assert len(watch(sessions, 41, 80)) == 1
    event = events(sessions)[0]
    assert (event.occurrence, (event.told or {})["path"]) == (
        f"{NOW + silent * DAY:%Y-%m-%d}",
        "/feeds/seattle-legistar",
    )
    subject = About.from_json(event.about or {}).subject(EventKind(event.kind))
    assert matches(parse(f"place:{SEATTLE} state:WA kind:feed_silent"), subject)


def test_one_trouble_after_another_is_one_telling(sessions: Sessions) -> None:
    with sessions.begin() as session:
        add_council(session, **NEWS)
    hear(sessions, NOW - DAY, last_outcome="timeout", failures=9)
    assert watch(sessions, 0, 0) == [0]
    hear(sessions, NOW - DAY, last_outcome="http_error", failures=12, last_status=404)
    assert watch(sessions, 1, 2) == []


@pytest.mark.parametrize("values", [{"jurisdiction": None, "last_outcome": "timeout", "failures": 9}, {}])
def test_news_and_feeds_that_are_well_are_not_told(sessions: Sessions, values: dict[str, object]) -> None:
    with sessions.begin() as session:
        add_council(session, **(NEWS | values))
    assert watch(sessions, 0, 2) == []
