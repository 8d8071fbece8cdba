"""Opens and settles what operators should look at: one open event of a kind for each feed."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from datetime import datetime, timedelta

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from oversight.domain.health import Trouble
from oversight.errors import NotFound
from oversight.storage.models import FeedRow, OperatorEventRow
from oversight.storage.upsert import insert_new, was_changed

KEPT = timedelta(days=365)


def bring_up_to_date(
    session: Session, troubles: Mapping[int, Mapping[Trouble, str]], *, now: datetime, lasting: Sequence[Trouble] = ()
) -> int:
    """For each feed open what is new, refresh what goes on, and settle what is over; how many were opened.

    What is `lasting` is not settled because it is absent: it was one moment, and people close it.
    """
    query = select(OperatorEventRow).where(
        OperatorEventRow.feed_id.in_(troubles), OperatorEventRow.settled_at.is_(None)
    )
    known = {(row.feed_id, Trouble(row.kind)): row for row in session.scalars(query)}
    fresh = []
    for feed_id, current in troubles.items():
        for kind, detail in current.items():
            row = known.pop((feed_id, kind), None)
            if row is not None:
                row.detail, row.last_seen_at = detail, now
            else:
                opening = {"feed_id": feed_id, "kind": kind.value, "detail": detail}
                fresh.append(opening | {"raised_at": now, "last_seen_at": now})
    opened = insert_new(session, OperatorEventRow, fresh, [OperatorEventRow.id])
    for (_, kind), row in known.items():
        if kind not in lasting:
            row.settled_at = now
    session.flush()
    return len(opened)


def open_events(session: Session, feed_key: str | None = None) -> list[tuple[OperatorEventRow, FeedRow]]:
    """What is open, newest first, each with its feed."""
    query = select(OperatorEventRow, FeedRow).join(FeedRow, FeedRow.id == OperatorEventRow.feed_id)
    query = query.where(OperatorEventRow.settled_at.is_(None))
    if feed_key is not None:
        query = query.where(FeedRow.key == feed_key)
    ordered = query.order_by(OperatorEventRow.raised_at.desc(), OperatorEventRow.id.desc())
    return [(event, feed) for event, feed in session.execute(ordered)]


def opened_at(
    session: Session, feed_ids: Iterable[int], kinds: Collection[Trouble], at: datetime
) -> list[tuple[OperatorEventRow, FeedRow]]:
    """What was opened at that moment, of feeds that had nothing of these kinds open until then; one for each feed."""
    query = select(OperatorEventRow, FeedRow).join(FeedRow, FeedRow.id == OperatorEventRow.feed_id)
    query = query.where(OperatorEventRow.feed_id.in_(feed_ids), OperatorEventRow.kind.in_(kinds))
    found: dict[int, tuple[OperatorEventRow, FeedRow]] = {}
    goes_on = OperatorEventRow.settled_at.is_(None) | (OperatorEventRow.settled_at == at)  # one led to the other
    oldest = query.where(goes_on).order_by(OperatorEventRow.raised_at, OperatorEventRow.id)
    for event, feed in session.execute(oldest):
        found.setdefault(feed.id, (event, feed))
    return [one for one in found.values() if one[0].raised_at == at]


def get_event(session: Session, event_id: int) -> tuple[OperatorEventRow, FeedRow]:
    """One event with its feed; raises NotFound."""
    query = select(OperatorEventRow, FeedRow).join(FeedRow, FeedRow.id == OperatorEventRow.feed_id)
    found = session.execute(query.where(OperatorEventRow.id == event_id)).one_or_none()
    if found is None:
        raise NotFound(f"There is no event {event_id}.")
    event, feed = found
    return event, feed


def settle_event(session: Session, event_id: int, *, now: datetime) -> bool:
    """Close an open event; False where somebody else did."""
    query = update(OperatorEventRow).where(OperatorEventRow.id == event_id, OperatorEventRow.settled_at.is_(None))
    return was_changed(session, query.values(settled_at=now))


def last_settled(session: Session, kind: Trouble, feed_ids: Iterable[int]) -> dict[int, datetime]:
    """When an event of this kind was last closed, by feed."""
    query = select(OperatorEventRow.feed_id, func.max(OperatorEventRow.settled_at)).where(
        OperatorEventRow.kind == kind, OperatorEventRow.settled_at.is_not(None), OperatorEventRow.feed_id.in_(feed_ids)
    )
    rows = session.execute(query.group_by(OperatorEventRow.feed_id))
    return {feed_id: moment for feed_id, moment in rows if moment}


def drop_settled(session: Session, *, now: datetime) -> None:
    """Forget what was settled a year ago."""
    session.execute(delete(OperatorEventRow).where(OperatorEventRow.settled_at < now - KEPT))
