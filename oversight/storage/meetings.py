"""Writes meetings and what changed about them; finds those that vanished and those that took their place."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import asdict
from datetime import UTC, date, datetime, time, timedelta
from typing import Any

from sqlalchemy import delete, func, select, update
from sqlalchemy.orm import Session

from oversight.domain.feed import Request
from oversight.domain.local_time import today_at
from oversight.domain.meeting_change import CALLED_OFF, Changed, Dated, MeetingChange, changes, is_still_to_come, twins
from oversight.domain.outcome_look import next_look
from oversight.domain.reading import Days, Meeting
from oversight.storage.batches import in_batches
from oversight.storage.models import FeedRow, MeetingChangeRow, MeetingMoveRow, MeetingRow
from oversight.storage.upsert import UNSEEN, insert_new

# What one answer does not tell, another of the same platform did: it is kept.
KEPT = ("body", "date", "starts_at", "location", "url", "agenda_url", "minutes_url", "video_url", "how_to_comment")
TWIN_MEMORY = timedelta(days=30)


def save_meetings(
    session: Session, feed: FeedRow, meetings: Sequence[Meeting], *, looks_for_outcomes: bool, now: datetime
) -> dict[str, int]:
    """Add new meetings, bring known ones up to date, and note what changed; the row of each uid."""
    said = {meeting.uid: meeting for meeting in meetings}
    known = {row.uid: row for row in _of(session, feed, list(said))}
    fresh = [
        _values(feed, said[uid], looks_for_outcomes=looks_for_outcomes) | {"feed_id": feed.id, "first_seen_at": now}
        for uid in sorted(said)
        if uid not in known
    ]
    insert_new(session, MeetingRow, fresh, [MeetingRow.id])
    for uid, row in known.items():
        day = row.date
        _bring_up_to_date(session, feed, row, said[uid], now=now)
        if looks_for_outcomes and row.date != day:
            row.outcome_looks, row.outcome_due_at = 0, next_look(row.date, looks=0, timezone=feed.timezone)
    return meeting_ids(session, feed, list(said))


def meeting_ids(session: Session, feed: FeedRow, uids: Sequence[str]) -> dict[str, int]:
    """The row of each meeting of a feed that is known."""
    return {row.uid: row.id for row in _of(session, feed, uids)}


def bodies_of(session: Session, ids: Collection[int]) -> dict[int, str]:
    """The body of each of these meetings that has one."""
    query = select(MeetingRow.id, MeetingRow.body).where(MeetingRow.id.in_(ids))
    return {identifier: body for identifier, body in session.execute(query).tuples() if body} if ids else {}


def note_vanished(session: Session, feed: FeedRow, spans: Sequence[Days], seen: set[str], *, now: datetime) -> None:
    """Mark the meetings to come that whole calendars of these days no longer name; they stay, as "cancelled?"."""
    today = today_at(feed.timezone, now)
    for span in spans:
        query = select(MeetingRow).where(
            MeetingRow.feed_id == feed.id,
            MeetingRow.vanished_at.is_(None),
            MeetingRow.date.between(span.first, span.last),
        )
        for row in session.scalars(query.where(MeetingRow.date >= today)):
            if row.uid not in seen and is_still_to_come(row, now=now, today=today):
                row.vanished_at = now
                _note(session, row, Changed(MeetingChange.VANISHED, row.status, None), now=now)
    session.flush()


def link_twins(session: Session, feed: FeedRow, spans: Sequence[Days], *, now: datetime) -> None:
    """Link meetings that were called off or vanished lately to the new one of their body that took their place.

    `spans` are the days of this poll's calendars. A new meeting counts only on a day that was known before: at the far
    end of a calendar every meeting is new.
    """
    recent = select(MeetingRow).where(MeetingRow.feed_id == feed.id)
    unlinked = recent.where(
        MeetingRow.date >= (now - TWIN_MEMORY).date(), MeetingRow.id.not_in(select(MeetingMoveRow.meeting_id))
    )
    gone = [row for row in session.scalars(unlinked) if row.vanished_at is not None or row.status in CALLED_OFF]
    known_until = _known_until(session, feed, spans, now=now) if gone else None
    if known_until is None:
        return
    fresh = session.scalars(
        recent.where(MeetingRow.first_seen_at == now, MeetingRow.vanished_at.is_(None), MeetingRow.date <= known_until)
    )
    found = twins([_dated(row) for row in gone], [_dated(row) for row in fresh if row.status not in CALLED_OFF])
    links = [{"meeting_id": key, "moved_to_id": twin, "seen_at": now} for key, twin in found.items()]
    insert_new(session, MeetingMoveRow, links, [MeetingMoveRow.meeting_id])


def next_meeting(session: Session, feed: FeedRow, *, now: datetime) -> datetime | None:
    """When the feed's next meeting begins; one of unknown hour counts from the start of its day (UTC)."""
    listed = (MeetingRow.feed_id == feed.id, MeetingRow.vanished_at.is_(None))
    hour = session.scalar(select(func.min(MeetingRow.starts_at)).where(*listed, MeetingRow.starts_at > now))
    days = select(func.min(MeetingRow.date)).where(
        *listed, MeetingRow.starts_at.is_(None), MeetingRow.date > now.date()
    )
    day = session.scalar(days)
    start = datetime.combine(day, time(), UTC) if day is not None else None
    return min((moment for moment in (hour, start) if moment is not None), default=None)


def has_new_meeting(session: Session, feed: FeedRow, *, now: datetime) -> bool:
    """Whether the poll of this moment brought a meeting that was not known."""
    query = select(MeetingRow.id).where(MeetingRow.feed_id == feed.id, MeetingRow.first_seen_at == now)
    return session.scalar(query.limit(1)) is not None


def remember_questions(session: Session, ids: Mapping[str, int], requests: Sequence[Request]) -> None:
    """Keep the question that each meeting's agenda answers, so that it can be asked again after the meeting."""
    for request in requests:
        identifier = ids.get(request.meeting_uid or "")
        if identifier is not None:
            asked: dict[str, Any] = {"url": request.url, "accept": request.accept, "body": request.body}
            asked |= {"content_type": request.content_type, "headers": [list(pair) for pair in request.headers]}
            changed = update(MeetingRow).where(MeetingRow.id == identifier)
            session.execute(changed.values(asked=asked), execution_options=UNSEEN)


def _of(session: Session, feed: FeedRow, uids: Sequence[str]) -> list[MeetingRow]:
    found: list[MeetingRow] = []
    for some in in_batches(uids):
        query = select(MeetingRow).where(MeetingRow.feed_id == feed.id, MeetingRow.uid.in_(some))
        found += session.scalars(query.order_by(MeetingRow.id))
    return found


def _values(feed: FeedRow, meeting: Meeting, *, looks_for_outcomes: bool) -> dict[str, Any]:
    due = next_look(_day(meeting), looks=0, timezone=feed.timezone) if looks_for_outcomes else None
    about = {"jurisdiction": feed.jurisdiction, "status": meeting.status.value, "outcome_due_at": due}
    return asdict(meeting) | about


def _known_until(session: Session, feed: FeedRow, spans: Sequence[Days], *, now: datetime) -> date | None:
    """The last day on which a meeting could have been known before this poll; None where there was no poll before."""
    furthest = session.scalar(
        select(func.max(MeetingRow.date)).where(MeetingRow.feed_id == feed.id, MeetingRow.first_seen_at < now)
    )
    if furthest is None or feed.last_ok_at is None or not spans:
        return furthest
    # Calendars move on with the day: the last one ended as many days earlier as have passed since.
    return max(furthest, max(span.last for span in spans) - (now.date() - feed.last_ok_at.date()))


def _dated(row: MeetingRow) -> Dated:
    return row.id, row.body, row.date


def _day(meeting: Meeting) -> date | None:
    return meeting.date or (meeting.starts_at.date() if meeting.starts_at else None)


def _bring_up_to_date(session: Session, feed: FeedRow, row: MeetingRow, said: Meeting, *, now: datetime) -> None:
    was_off = row.vanished_at is not None or row.status in CALLED_OFF
    for changed in changes(row, said):
        _note(session, row, changed, now=now)
    if row.vanished_at is not None:
        row.vanished_at = None
        _note(session, row, Changed(MeetingChange.RETURNED, None, said.status.value), now=now)
    if said.date is not None and said.date != row.date:
        row.starts_at = said.starts_at  # of another day, the hour that was known says nothing
    for name in KEPT:
        value = getattr(said, name)
        if value is not None and value != getattr(row, name):
            setattr(row, name, value)
    row.status = said.status.value
    row.jurisdiction, row.timezone = feed.jurisdiction, said.timezone or row.timezone
    if was_off and said.status not in CALLED_OFF:  # it takes place after all, so nothing took its place
        session.execute(delete(MeetingMoveRow).where(MeetingMoveRow.meeting_id == row.id))


def _note(session: Session, row: MeetingRow, changed: Changed, *, now: datetime) -> None:
    session.add(
        MeetingChangeRow(
            meeting_id=row.id, kind=changed.kind.value, before=changed.before, after=changed.after, seen_at=now
        )
    )
