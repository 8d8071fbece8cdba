"""Reads and writes of the ledger of alerts."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.alert import LEASE, AlertState, Ending
from oversight.domain.query_match import Subject
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.storage.models import AlertRow, DeliveryRow, EventRow, ItemRow, MentionRow, SubscriptionRow
from oversight.storage.stored_queries import fitting_queries
from oversight.storage.upsert import insert_selected, was_changed

QUERIES_AT_A_TIME = 5_000
RHYTHM = (SubscriptionRow.cadence, SubscriptionRow.hour, SubscriptionRow.weekday, SubscriptionRow.timezone)


@dataclass(frozen=True)
class Claim:
    """One alert that this process may send now; `was_uncertain` if this is its one retry after a silent ending."""

    alert_id: int
    attempt: int
    was_uncertain: bool


def queue_alerts(session: Session, event_id: int, subject: Subject, *, is_reviewed: bool, at: datetime) -> int:
    """Write an alert for every active subscription whose query the event fits; how many were written."""
    wanted = [SubscriptionRow.state == SubscriptionState.ACTIVE]
    if not is_reviewed:
        wanted.append(SubscriptionRow.reviewed_only.is_(False))
    fitting = fitting_queries(session, subject)
    written = 0
    for start in range(0, len(fitting), QUERIES_AT_A_TIME):
        theirs = SubscriptionRow.query_id.in_(fitting[start : start + QUERIES_AT_A_TIME])
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
    return written


def due_alerts(session: Session, *, now: datetime, limit: int = 100) -> list[int]:
    """Ids of alerts that wait to be sent, or whose sender died, the longest waiting first."""
    waiting = AlertRow.state.in_([AlertState.PENDING, AlertState.UNCERTAIN]) & AlertRow.ended_at.is_(None)
    query = (
        select(AlertRow.id).where(waiting, AlertRow.due_at <= now).order_by(AlertRow.due_at, AlertRow.id).limit(limit)
    )
    return list(session.scalars(query))


def claim_alert(session: Session, alert_id: int, *, channel: str, now: datetime) -> Claim | None:
    """Take one alert for sending, or None if it is no longer to be sent. Commit before sending (SAFETY G3)."""
    row = session.get(AlertRow, alert_id, options=[selectinload(AlertRow.subscription)])
    if row is None or row.state not in (AlertState.PENDING, AlertState.UNCERTAIN):
        return None
    if row.ended_at is not None or row.due_at > now:
        return None  # another process tried it since this one listed what is due
    before = row.state
    is_wanted = row.subscription.state == SubscriptionState.ACTIVE
    state = AlertState.SENDING if is_wanted else AlertState.CANCELLED
    query = (
        update(AlertRow)
        .where(AlertRow.id == alert_id, AlertRow.state == before, AlertRow.attempts == row.attempts)
        .values(
            state=state.value,
            attempts=row.attempts + is_wanted,
            lease_until=now + LEASE if is_wanted else None,
            ended_at=None if is_wanted else now,
        )
    )
    attempt = row.attempts + 1
    if not was_changed(session, query) or not is_wanted:
        return None
    session.add(DeliveryRow(alert_id=alert_id, attempt=attempt, channel=channel, started_at=now))
    return Claim(alert_id, attempt, was_uncertain=_was_uncertain(session, alert_id))


def end_attempt(session: Session, claim: Claim, ending: Ending, *, now: datetime) -> None:
    """Write how one attempt ended; the alert itself is left alone where a later attempt has begun (SAFETY A4)."""
    values = {"state": ending.state.value, "lease_until": None, "ended_at": None if ending.due_at else now}
    if ending.due_at:
        values["due_at"] = ending.due_at
    is_latest = AlertRow.attempts == claim.attempt
    session.execute(update(AlertRow).where(AlertRow.id == claim.alert_id, is_latest).values(values))
    session.execute(
        update(DeliveryRow)
        .where(DeliveryRow.alert_id == claim.alert_id, DeliveryRow.attempt == claim.attempt)
        .values(ended_at=now, outcome=ending.state.value, detail=ending.detail)
    )


def expired_claims(session: Session, *, now: datetime) -> list[Claim]:
    """Alerts whose sender took them and was never heard of again; locked, so that one process takes them up."""
    query = select(AlertRow).where(AlertRow.state == AlertState.SENDING, AlertRow.lease_until < now).with_for_update()
    return [Claim(row.id, row.attempts, _was_uncertain(session, row.id)) for row in session.scalars(query)]


def _was_uncertain(session: Session, alert_id: int) -> bool:
    outcome = DeliveryRow.outcome == AlertState.UNCERTAIN
    return session.scalar(select(DeliveryRow.id).where(DeliveryRow.alert_id == alert_id, outcome).limit(1)) is not None


def cancel_alerts(session: Session, subscription_id: int, *, now: datetime) -> None:
    """Call back every alert of a subscription that has not been handed to a mail server."""
    query = update(AlertRow).where(
        AlertRow.subscription_id == subscription_id,
        AlertRow.state.in_([AlertState.PENDING, AlertState.UNCERTAIN]),
        AlertRow.ended_at.is_(None),
    )
    session.execute(query.values(state=AlertState.CANCELLED.value, ended_at=now))


def load_alert(session: Session, alert_id: int) -> AlertRow:
    """An alert with all that its message tells."""
    mention = selectinload(AlertRow.event).selectinload(EventRow.mention)
    options = [
        selectinload(AlertRow.subscription).selectinload(SubscriptionRow.subscriber),
        selectinload(AlertRow.subscription).selectinload(SubscriptionRow.query),
        mention.selectinload(MentionRow.technologies),
        mention.selectinload(MentionRow.item).selectinload(ItemRow.meeting),
    ]
    return session.get_one(AlertRow, alert_id, options=options)
