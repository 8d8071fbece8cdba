"""Writes of events: each once, withdrawn and raised anew with what they tell."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import Select, func, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import HANDED_OVER, AlertState
from oversight.domain.event import Event, EventKind
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.storage.batches import in_batches
from oversight.storage.models import AlertRow, EventRow, MentionRow, SubscriptionRow
from oversight.storage.upsert import insert_new


@dataclass(frozen=True)
class Recall:
    """How many alerts of an event were called back, and how many messages had gone out, or may have."""

    called_back: int
    sent: int

    def __add__(self, other: "Recall") -> "Recall":
        return Recall(self.called_back + other.called_back, self.sent + other.sent)


def mention_event(mention_id: int) -> str:
    """The `subject` of events about a mention."""
    return f"mention:{mention_id}"


def raise_event(session: Session, event: Event, *, at: datetime) -> int:
    """Write an event; its id. What happened before stays as it was told, unless it was withdrawn: then it is raised
    anew, and its alerts that were called back wait again.
    """
    values = {"about": event.about.as_json(), "told": event.told.as_json(), "mention_id": None}
    row = {"kind": event.kind.value, "subject": event.subject, "occurrence": event.occurrence, "at": at}
    return _raise(session, row | values, is_reviewed=event.is_reviewed)


def raise_mention(session: Session, mention_id: int, *, is_reviewed: bool, at: datetime) -> int:
    """Write the event of a mention; its id. One that nobody had reviewed becomes a reviewed one, never the reverse."""
    row = {"kind": EventKind.MENTION.value, "subject": mention_event(mention_id), "occurrence": "", "at": at}
    return _raise(session, row | {"about": None, "told": None, "mention_id": mention_id}, is_reviewed=is_reviewed)


def withdraw_event(
    session: Session, kind: EventKind, subject: str, occurrence: str | None = None, *, at: datetime
) -> Recall:
    """Call back every alert of what happened, or of all its occurrences, that was not handed over; others cannot be."""
    events = select(EventRow.id).where(EventRow.kind == kind.value, EventRow.subject == subject)
    if occurrence is not None:
        events = events.where(EventRow.occurrence == occurrence)
    session.execute(update(EventRow).where(EventRow.id.in_(events)).values(withdrawn_at=at))
    of_it = AlertRow.event_id.in_(events)
    waits = AlertRow.state.in_([AlertState.PENDING, AlertState.GATHERED])
    waiting = update(AlertRow).where(of_it, waits, AlertRow.ended_at.is_(None))
    back = session.execute(waiting.values(state=AlertState.CANCELLED.value, digest_id=None, ended_at=at))
    perhaps = update(AlertRow).where(of_it, AlertRow.state == AlertState.UNCERTAIN, AlertRow.ended_at.is_(None))
    session.execute(perhaps.values(ended_at=at))  # not tried again; it may have arrived
    sent = session.scalar(_handed_over(events))
    return Recall(getattr(back, "rowcount", 0), sent or 0)


def copies_of(session: Session, event_id: int) -> list[int]:
    """The events of other mentions that tell the story of this one's, withdrawn ones too."""
    mine = select(MentionRow.story_id).join(EventRow, EventRow.mention_id == MentionRow.id)
    story = session.scalar(mine.where(EventRow.id == event_id))
    if story is None:
        return []
    query = select(EventRow.id).join(MentionRow, MentionRow.id == EventRow.mention_id)
    return list(session.scalars(query.where(MentionRow.story_id == story, EventRow.id != event_id)))


def is_told(session: Session, kind: EventKind, subject: str, beginning: str) -> bool:
    """Whether an event stands whose occurrence begins so."""
    said = EventRow.occurrence.startswith(beginning, autoescape=True)
    query = select(EventRow.id).where(EventRow.kind == kind.value, EventRow.subject == subject, said)
    return session.scalar(query.where(EventRow.withdrawn_at.is_(None)).limit(1)) is not None


def those_told(session: Session, events: Collection[Event]) -> set[tuple[str, str, str]]:
    """Which of these events stand, each by its kind, its subject and its occurrence."""
    columns = (EventRow.kind, EventRow.subject, EventRow.occurrence)
    stands = select(*columns).where(EventRow.withdrawn_at.is_(None))
    pages = in_batches(sorted({event.subject for event in events}))
    found = [row for some in pages for row in session.execute(stands.where(EventRow.subject.in_(some)))]
    return {(kind, subject, occurrence) for kind, subject, occurrence in found}


def _raise(session: Session, row: dict[str, Any], *, is_reviewed: bool) -> int:
    found = insert_new(session, EventRow, [row | {"is_reviewed": is_reviewed}], [EventRow.id])
    if found:
        return int(found[0][0])
    is_it = [getattr(EventRow, name) == row[name] for name in ("kind", "subject", "occurrence")]
    known = session.scalars(select(EventRow).where(*is_it).execution_options(populate_existing=True)).one()
    if known.withdrawn_at is not None:
        known.withdrawn_at = None
        _bring_back(session, known.id, at=row["at"])
    known.is_reviewed = known.is_reviewed or is_reviewed
    return known.id


def _bring_back(session: Session, event_id: int, *, at: datetime) -> None:
    """Let wait again what was called back, for who follows it still, until their rhythm says that it is due."""
    columns = (SubscriptionRow.cadence, SubscriptionRow.hour, SubscriptionRow.weekday, SubscriptionRow.timezone)
    query = select(AlertRow.id, *columns).join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    query = query.where(AlertRow.event_id == event_id, AlertRow.state == AlertState.CANCELLED)
    ids: dict[Rhythm, list[int]] = {}
    query = query.where(SubscriptionRow.state == SubscriptionState.ACTIVE)
    for alert_id, cadence, hour, weekday, timezone in session.execute(query):
        ids.setdefault(Rhythm(Cadence(cadence), hour, weekday, timezone), []).append(alert_id)
    for rhythm, theirs in ids.items():
        again = {"state": AlertState.PENDING.value, "created_at": at, "ended_at": None}
        again |= {"due_at": rhythm.due_at(at), "in_digest": rhythm.cadence is not Cadence.IMMEDIATE}
        for some in in_batches(theirs):
            session.execute(update(AlertRow).where(AlertRow.id.in_(some)).values(again))


def _handed_over(events: Select[int]) -> Select[int]:
    query = select(func.count()).select_from(AlertRow)
    return query.where(AlertRow.event_id.in_(events), AlertRow.state.in_(HANDED_OVER))
