"""Reads and writes of feeds and their polls."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import asdict
from datetime import datetime, timedelta
from typing import Any, cast

from sqlalchemy import Table, bindparam, delete, insert, select, update
from sqlalchemy.orm import Session

from oversight.domain.feed import Feed
from oversight.domain.poll import Poll
from oversight.errors import NotFound
from oversight.storage.models import FeedRow, PollRow
from oversight.storage.upsert import insert_all

POLLS_KEPT = timedelta(days=30)
_FEEDS, _POLLS = cast(Table, FeedRow.__table__), cast(Table, PollRow.__table__)


def sync_feeds(session: Session, feeds: Iterable[Feed], *, is_whole: bool, now: datetime) -> None:
    """Make the table say what a file says. A feed that left the whole list is disabled, never deleted."""
    rows = {row.key: row for row in session.scalars(select(FeedRow))}
    listed = list(feeds)
    # Two clocks may start at once with the same new file: whoever is first adds a feed.
    insert_all(session, FeedRow, [_new(feed, now) for feed in listed if feed.key not in rows])
    for feed in listed:
        row = rows.pop(feed.key, None)
        if row is None:
            continue
        if row.url != feed.url:  # another address: what was learnt of the old one is void
            row.moved_to = row.moved_url = row.refused_url = row.gone_at = row.gone_since = None
            row.moved_polls = row.gone_polls = 0
        row.platform, row.url, row.title = feed.platform, feed.url, feed.title
        row.note, row.evidence = feed.note, feed.evidence
        row.jurisdiction, row.timezone = feed.jurisdiction, feed.timezone
        row.every_minutes, row.is_enabled = feed.every_minutes, feed.is_enabled and row.gone_at is None
    for row in rows.values() if is_whole else ():
        row.is_enabled = False


def _new(feed: Feed, now: datetime) -> dict[str, Any]:
    """The row of a feed that was never polled, due at once."""
    counters = dict.fromkeys(("failures", "late_polls", "empty_polls", "moved_polls", "gone_polls"), 0)
    return asdict(feed) | counters | {"next_due_at": now}


def was_answered_since(session: Session, moment: datetime) -> bool:
    """Whether any feed was really checked since then, which says that our own network works."""
    return session.scalar(select(FeedRow.id).where(FeedRow.last_ok_at >= moment).limit(1)) is not None


def overdue_feeds(session: Session, *, before: datetime) -> list[FeedRow]:
    """Enabled feeds that should have been polled before that moment."""
    return list(session.scalars(select(FeedRow).where(FeedRow.is_enabled, FeedRow.next_due_at < before)))


def get_feed(session: Session, key: str) -> FeedRow:
    """The feed; raises NotFound."""
    row = session.scalars(select(FeedRow).where(FeedRow.key == key)).one_or_none()
    if row is None:
        raise NotFound(f"no such feed: {key}; `flask feeds list` shows them")
    return row


def all_feeds(session: Session) -> list[FeedRow]:
    """Every feed, enabled or not."""
    return list(session.scalars(select(FeedRow)))


def keep_address(row: FeedRow, *, now: datetime) -> None:
    """Ask a feed at its own address again, and never follow the redirect that led elsewhere."""
    row.refused_url = row.moved_url or row.moved_to
    row.moved_url, row.moved_to, row.moved_since, row.moved_polls = None, None, None, 0
    row.gone_at, row.gone_since, row.gone_polls = None, None, 0
    row.next_due_at = now


def save_polls(session: Session, ended: Sequence[tuple[Poll, Mapping[str, Any]]]) -> None:
    """Write polls, each with the columns of its feed after it: the same columns together, in one statement for all."""
    if not ended:
        return
    session.execute(insert(_POLLS), [vars(poll) for poll, _ in ended])
    groups: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for poll, values in ended:
        groups[tuple(sorted(values))].append({**values, "feed": poll.feed_id})
    for names, rows in groups.items():
        changed: dict[str, Any] = {name: bindparam(name) for name in names}
        session.connection().execute(update(_FEEDS).where(_FEEDS.c.id == bindparam("feed")).values(changed), rows)


def drop_old_polls(session: Session, *, now: datetime) -> None:
    """Forget polls after 30 days (SAFETY B13)."""
    session.execute(delete(PollRow).where(PollRow.started_at < now - POLLS_KEPT))
