"""Writes alerts for who follows what happened, and calls them back."""

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy import ColumnElement, func, or_, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import HANDED_OVER, AlertState
from oversight.domain.query_match import Subject
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.settings import fault_point
from oversight.storage.batches import in_batches
from oversight.storage.events import copies_of
from oversight.storage.models import AlertRow, EventRow, SubscriptionRow
from oversight.storage.stored_queries import fitting_queries
from oversight.storage.upsert import insert_selected

QUERIES_AT_A_TIME = 5_000
RHYTHM = (SubscriptionRow.cadence, SubscriptionRow.hour, SubscriptionRow.weekday, SubscriptionRow.timezone)


def queue_alerts(session: Session, event_id: int, subject: Subject, *, is_reviewed: bool, at: datetime) -> int:
    """Write an alert for every active subscription whose query the event fits; how many were written.

    Who was sent another mention of the same story has heard of it.
    """
    wanted = [SubscriptionRow.state == SubscriptionState.ACTIVE]
    if copies := copies_of(session, event_id):
        was_sent = AlertRow.event_id.in_(copies) & AlertRow.state.in_(HANDED_OVER)
        wanted.append(SubscriptionRow.id.not_in(select(AlertRow.subscription_id).where(was_sent)))
    if not is_reviewed:
        wanted.append(SubscriptionRow.reviewed_only.is_(False))
    return _queue(session, event_id, fitting_queries(session, subject), wanted, at=at)


def queue_missing(session: Session, event: EventRow, subject: Subject, *, at: datetime) -> int:
    """Write the alerts of an event that should have been written when it happened; how many (SAFETY G8).

    Who began to follow later, or paused at that time, is told nothing: the past is silent.
    """
    copies = copies_of(session, event.id)
    heard = select(AlertRow.subscription_id).where(AlertRow.event_id.in_([event.id, *copies]))
    wanted = [
        SubscriptionRow.state == SubscriptionState.ACTIVE,
        func.coalesce(SubscriptionRow.consent_at, SubscriptionRow.created_at) <= event.at,
        or_(SubscriptionRow.paused_until.is_(None), SubscriptionRow.paused_until <= event.at),
        SubscriptionRow.id.not_in(heard),
    ]
    if not event.is_reviewed:
        wanted.append(SubscriptionRow.reviewed_only.is_(False))
    return _queue(session, event.id, fitting_queries(session, subject), wanted, at=at)


def _queue(
    session: Session, event_id: int, fitting: Sequence[int], wanted: Sequence[ColumnElement[bool]], *, at: datetime
) -> int:
    written = 0
    for some in in_batches(fitting, QUERIES_AT_A_TIME):
        theirs = SubscriptionRow.query_id.in_(some)
        for rhythm in session.execute(select(*RHYTHM).where(theirs, *wanted).distinct()).all():
            cadence, hour, weekday, timezone = rhythm
            row = {
                "subscription_id": SubscriptionRow.id,
                "event_id": event_id,
                "state": AlertState.PENDING.value,
                "attempts": 0,
                "in_digest": cadence != Cadence.IMMEDIATE,
                "due_at": Rhythm(Cadence(cadence), hour, weekday, timezone).due_at(at),
                "created_at": at,
            }
            same = [column == value for column, value in zip(RHYTHM, rhythm, strict=True)]
            written += insert_selected(session, AlertRow, row, [theirs, *wanted, *same])
            fault_point("mid_fanout")
    return written


def cancel_alerts(session: Session, subscription_id: int, *, now: datetime) -> None:
    """Call back every alert of a subscription that has not been handed to a mail server."""
    query = update(AlertRow).where(
        AlertRow.subscription_id == subscription_id,
        AlertRow.state.in_([AlertState.PENDING, AlertState.GATHERED, AlertState.UNCERTAIN]),
        AlertRow.ended_at.is_(None),
    )
    session.execute(query.values(state=AlertState.CANCELLED.value, ended_at=now))
