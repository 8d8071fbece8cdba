"""How what is sent is listed, begun, ended and taken up again: alerts and digests alike (SAFETY G3, G4)."""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, Update, bindparam, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import GIVE_UP_AFTER, AlertState, Ending
from oversight.storage.models import AlertRow, Base, DeliveryRow, DigestRow, SubscriberRow, SubscriptionRow

Sendable = type[AlertRow] | type[DigestRow]
OF: dict[Sendable, str] = {AlertRow: "alert_id", DigestRow: "digest_id"}
IN_DELIVERIES: dict[Sendable, Any] = {AlertRow: DeliveryRow.alert_id, DigestRow: DeliveryRow.digest_id}
AT_A_TIME = 200
SENDING = AlertState.SENDING.value
WAITING = (AlertState.PENDING.value, AlertState.UNCERTAIN.value)
# Where the subscriber heard of an event, or hears of it in a digest: nothing tells it again.
TOLD = (AlertState.SENT.value, AlertState.UNCERTAIN.value, AlertState.GATHERED.value)
PLAIN: dict[str, Any] = {"execution_options": {"synchronize_session": False}}  # no row of the session is written so


@dataclass(frozen=True)
class Claim:
    """One message that this process may send now; `was_uncertain` if this is its one retry after a silent ending."""

    row: Sendable
    id: int
    attempt: int
    was_uncertain: bool
    created_at: datetime


@dataclass(frozen=True)
class Due:
    """One message that waits, and where it goes."""

    id: int
    address: str


@dataclass(frozen=True)
class Attempt:
    """What is written of a message that is about to be handed over: by which channel, under which key."""

    channel: str
    key: str


def due(session: Session, row: Sendable, *, now: datetime, without: Collection[str] = ()) -> list[Due]:
    """What waits to be mailed, the longest waiting first; addresses at some domains may be left out."""
    query = with_subscriber(select(row.id, SubscriberRow.email), row)
    query = query.where(row.ended_at.is_(None), row.due_at <= now, SubscriberRow.email.is_not(None))
    if row is AlertRow:
        query = query.where(AlertRow.in_digest.is_(False))
    for domain in without:
        query = query.where(SubscriberRow.email.not_like(f"%@{domain}"))
    query = query.order_by(row.due_at, row.id).limit(AT_A_TIME)
    # State by state: so both databases read no more of the index than these.
    return [Due(*found) for state in WAITING for found in session.execute(query.where(row.state == state))]


def table_of(row: type[Base]) -> Table:
    """The table itself, for statements that no row of a session takes part in."""
    return cast(Table, row.__table__)


def note_attempt(session: Session, claim: Claim, attempt: Attempt, *, now: datetime) -> None:
    """Write that a message is being handed over."""
    started = {"attempt": claim.attempt, "channel": attempt.channel, "key": attempt.key, "started_at": now}
    session.connection().execute(DELIVERY, {OF[claim.row]: claim.id, **started})


def end_attempt(session: Session, claim: Claim, ending: Ending, *, now: datetime) -> None:
    """Write how one attempt ended; the message itself is left alone where a later attempt has begun (SAFETY A4)."""
    this = {"this_id": claim.id, "this_attempt": claim.attempt}
    values = {"new_state": ending.state.value, "new_end": None if ending.due_at else now}
    ledger = session.connection()
    if ending.due_at:
        changed = ledger.execute(_put_back(claim.row), this | values | {"new_due": ending.due_at})
    else:
        changed = ledger.execute(_end(claim.row), this | values)
    said = {"new_end": now, "new_outcome": ending.state.value, "new_detail": ending.detail}
    ledger.execute(_note(claim.row), this | said)
    if claim.row is DigestRow and changed.rowcount and not ending.due_at:
        gathered = update(AlertRow).where(AlertRow.digest_id == claim.id, AlertRow.state == AlertState.GATHERED)
        session.execute(gathered.values(state=ending.state.value, ended_at=now), **PLAIN)


def expired(session: Session, row: Sendable, *, now: datetime) -> list[Claim]:
    """What a sender took and was never heard of again; locked, so that one process takes it up."""
    query = select(row.id, row.attempts, row.created_at).where(row.state == SENDING, row.lease_until < now)
    found = session.execute(query.with_for_update(of=row)).all()
    return [Claim(row, one.id, one.attempts, was_uncertain(session, row, one.id), one.created_at) for one in found]


def give_up_old(session: Session, row: Sendable, *, now: datetime) -> int:
    """Give up what waited for three days while nobody took messages; how many (SAFETY G6)."""
    query = update(row).where(
        row.state == AlertState.PENDING, row.ended_at.is_(None), row.due_at <= now, row.created_at < now - GIVE_UP_AFTER
    )
    if row is AlertRow:
        query = query.where(AlertRow.in_digest.is_(False))
    given_up = session.execute(query.values(state=AlertState.FAILED.value, ended_at=now), **PLAIN)
    return int(getattr(given_up, "rowcount", 0))


def with_subscriber(query: Any, row: Sendable) -> Any:
    """A query of alerts or digests, joined with whom they are for."""
    if row is DigestRow:
        return query.join(SubscriberRow, SubscriberRow.id == DigestRow.subscriber_id)
    query = query.join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    return query.join(SubscriberRow, SubscriberRow.id == SubscriptionRow.subscriber_id)


def was_uncertain(session: Session, row: Sendable, row_id: int) -> bool:
    """Whether an attempt ended in silence."""
    outcome = DeliveryRow.outcome == AlertState.UNCERTAIN
    return session.scalar(select(DeliveryRow.id).where(IN_DELIVERIES[row] == row_id, outcome).limit(1)) is not None


# Built once, and of tables: to build a statement, or to let the rows of a session take part, takes longer than to send.
DELIVERIES = cast(Table, DeliveryRow.__table__)
DELIVERY = DELIVERIES.insert()


@cache
def _end(row: Sendable) -> Update:
    columns = table_of(row).c
    is_latest = columns.attempts == bindparam("this_attempt")
    mine = table_of(row).update().where(columns.id == bindparam("this_id"), is_latest)
    return mine.values(
        {columns.state: bindparam("new_state"), columns.ended_at: bindparam("new_end"), columns.lease_until: None}
    )


@cache
def _put_back(row: Sendable) -> Update:
    return _end(row).values({table_of(row).c.due_at: bindparam("new_due")})


@cache
def _note(row: Sendable) -> Update:
    columns = DELIVERIES.c
    is_it = (columns[OF[row]] == bindparam("this_id"), columns.attempt == bindparam("this_attempt"))
    how: dict[Any, Any] = {columns.outcome: bindparam("new_outcome"), columns.detail: bindparam("new_detail")}
    return DELIVERIES.update().where(*is_it).values(how | {columns.ended_at: bindparam("new_end")})
