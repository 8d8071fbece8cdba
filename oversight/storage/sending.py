"""How what is sent is claimed, ended and taken up again: alerts and digests by the same statements (SAFETY G3, G4)."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import Select, and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from oversight.domain.alert import GIVE_UP_AFTER, LEASE, MOST_A_DAY, AlertState, Ending
from oversight.domain.digest import HEARTBEAT
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.storage.models import AlertRow, DeliveryRow, DigestRow, SubscriberRow, SubscriptionRow
from oversight.storage.upsert import was_changed

Sendable = type[AlertRow] | type[DigestRow]
IN_DELIVERIES: dict[Sendable, Any] = {AlertRow: DeliveryRow.alert_id, DigestRow: DeliveryRow.digest_id}
AT_A_TIME = 100
WINDOW = 8  # so many of the oldest are offered to a claim: of several senders each finds one that no other holds
A_DAY = timedelta(days=1)
WAITING = (AlertState.PENDING.value, AlertState.UNCERTAIN.value)
CANCELLED = {"state": AlertState.CANCELLED.value}
PLAIN: dict[str, Any] = {"execution_options": {"synchronize_session": False}}  # no row of the session is written so
# Where the subscriber heard of an event, or hears of it in a digest: nothing tells it again.
TOLD = (AlertState.SENT.value, AlertState.UNCERTAIN.value, AlertState.GATHERED.value)


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
    query = _with_subscriber(select(row.id, SubscriberRow.email), row)
    query = query.where(row.ended_at.is_(None), row.due_at <= now, SubscriberRow.email.is_not(None))
    if row is AlertRow:
        query = query.where(AlertRow.in_digest.is_(False))
    for domain in without:
        query = query.where(SubscriberRow.email.not_like(f"%@{domain}"))
    query = query.order_by(row.due_at, row.id).limit(AT_A_TIME)
    # State by state: so both databases read no more of the index than these.
    return [Due(*found) for state in WAITING for found in session.execute(query.where(row.state == state))]


def claim_next(session: Session, row: Sendable, ids: list[int], *, now: datetime) -> Claim | None:
    """Take the oldest of these that may be sent; what this looked at is taken off `ids`. None where none was left.

    What must not be sent is ended on the way. Write `begin_attempt` and commit before sending (SAFETY G3).
    """
    for _ in range(AT_A_TIME):
        if not ids:
            return None
        found = session.execute(_candidate(row, ids[:WINDOW], now)).one_or_none()
        if found is None:
            del ids[:WINDOW]
            continue
        ids.remove(found.id)
        if row is AlertRow:
            is_to_send = _is_alert_to_send(session, found, now)
        else:
            is_to_send = _is_digest_to_send(session, found, now)
        if is_to_send:
            was_uncertain = found.attempts > 0 and _was_uncertain(session, row, found.id)
            return Claim(row, found.id, found.attempts + 1, was_uncertain, found.created_at)
    return None


def begin_attempt(session: Session, claim: Claim, attempt: Attempt, *, now: datetime) -> None:
    """Write that a message is being handed over, under a lease."""
    values = {"state": AlertState.SENDING.value, "attempts": claim.attempt, "lease_until": now + LEASE}
    session.execute(update(claim.row).where(claim.row.id == claim.id).values(values), **PLAIN)
    started = {"attempt": claim.attempt, "channel": attempt.channel, "key": attempt.key, "started_at": now}
    session.execute(insert(DeliveryRow).values({IN_DELIVERIES[claim.row].key: claim.id, **started}))


def end_attempt(session: Session, claim: Claim, ending: Ending, *, now: datetime) -> None:
    """Write how one attempt ended; the message itself is left alone where a later attempt has begun (SAFETY A4)."""
    row = claim.row
    values = {"state": ending.state.value, "lease_until": None, "ended_at": None if ending.due_at else now}
    if ending.due_at:
        values["due_at"] = ending.due_at
    is_ours = was_changed(session, update(row).where(row.id == claim.id, row.attempts == claim.attempt).values(values))
    of_it = IN_DELIVERIES[row] == claim.id
    said = {"ended_at": now, "outcome": ending.state.value, "detail": ending.detail}
    this = update(DeliveryRow).where(of_it, DeliveryRow.attempt == claim.attempt).values(said)
    session.execute(this, **PLAIN)
    if row is DigestRow and is_ours and not ending.due_at:
        gathered = update(AlertRow).where(AlertRow.digest_id == claim.id, AlertRow.state == AlertState.GATHERED)
        session.execute(gathered.values(state=ending.state.value, ended_at=now), **PLAIN)


def expired(session: Session, row: Sendable, *, now: datetime) -> list[Claim]:
    """What a sender took and was never heard of again; locked, so that one process takes it up."""
    query = select(row.id, row.attempts, row.created_at).where(row.state == AlertState.SENDING, row.lease_until < now)
    found = session.execute(query.with_for_update(of=row)).all()
    return [Claim(row, one.id, one.attempts, _was_uncertain(session, row, one.id), one.created_at) for one in found]


def give_up_old(session: Session, row: Sendable, *, now: datetime) -> int:
    """Give up what waited for three days while nobody took messages; how many (SAFETY G6)."""
    query = update(row).where(
        row.state == AlertState.PENDING, row.ended_at.is_(None), row.due_at <= now, row.created_at < now - GIVE_UP_AFTER
    )
    if row is AlertRow:
        query = query.where(AlertRow.in_digest.is_(False))
    given_up = session.execute(query.values(state=AlertState.FAILED.value, ended_at=now), **PLAIN)
    return int(getattr(given_up, "rowcount", 0))


def _with_subscriber(query: Any, row: Sendable) -> Any:
    if row is DigestRow:
        return query.join(SubscriberRow, SubscriberRow.id == DigestRow.subscriber_id)
    query = query.join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    return query.join(SubscriberRow, SubscriberRow.id == SubscriptionRow.subscriber_id)


def _candidate(row: Sendable, ids: Sequence[int], now: datetime) -> Any:
    """The oldest of them that nobody else holds, with its subscriber: what one person gets is claimed one by one."""
    columns = [row.id, row.attempts, row.created_at, SubscriberRow.id.label("subscriber_id"), SubscriberRow.email]
    if row is AlertRow:
        rhythm = (SubscriptionRow.hour, SubscriptionRow.weekday, SubscriptionRow.timezone)
        columns += [AlertRow.event_id, SubscriptionRow.state.label("subscription"), *rhythm]
    else:
        columns += [DigestRow.period]
    query = _with_subscriber(select(*columns), row).where(row.id.in_(ids), row.state.in_(WAITING))
    query = query.where(row.ended_at.is_(None), row.due_at <= now).order_by(row.due_at, row.id).limit(1)
    return query.with_for_update(of=[row, SubscriberRow], key_share=True, skip_locked=True)


def _is_alert_to_send(session: Session, found: Any, now: datetime) -> bool:
    """Whether an alert is still to be sent in a mail of its own; where not, what becomes of it is written."""
    if found.subscription != SubscriptionState.ACTIVE:
        _put(session, found.id, ended_at=now, **CANCELLED)
        return False
    others = session.execute(_others(found, now)).one()
    if others.is_told:
        _put(session, found.id, state=AlertState.COVERED.value, ended_at=now)
    elif others.today >= MOST_A_DAY and not found.attempts and found.email is not None:  # machines do not tire
        daily = Rhythm(Cadence.DAILY, found.hour, found.weekday, found.timezone)
        _put(session, found.id, in_digest=True, due_at=daily.due_at(now))
    else:
        return not others.is_telling
    return False


def _others(found: Any, now: datetime) -> Select[Any]:
    """Whether the subscriber was told of the same event, or is being told; how many mails at once they had today."""
    other, theirs = aliased(AlertRow), aliased(SubscriptionRow)
    mine = and_(theirs.id == other.subscription_id, theirs.subscriber_id == found.subscriber_id)
    same = exists().where(mine, other.event_id == found.event_id, other.id != found.id)
    out = other.state.in_((AlertState.SENT, AlertState.SENDING, AlertState.UNCERTAIN))
    lately = or_(other.ended_at.is_(None), other.ended_at > now - A_DAY)
    today = select(func.count()).select_from(other).join(theirs, mine)
    return select(
        same.where(other.state.in_(TOLD)).label("is_told"),
        same.where(other.state == AlertState.SENDING).label("is_telling"),
        today.where(out, lately, other.in_digest.is_(False)).scalar_subquery().label("today"),
    )


def _is_digest_to_send(session: Session, found: Any, now: datetime) -> bool:
    """Whether a digest has still something to tell; one whose alerts were all called back is called back itself."""
    active = exists().where(
        SubscriptionRow.subscriber_id == found.subscriber_id, SubscriptionRow.state == SubscriptionState.ACTIVE
    )
    gathered = and_(AlertRow.digest_id == found.id, AlertRow.state == AlertState.GATHERED)
    unwanted = exists().where(
        SubscriptionRow.id == AlertRow.subscription_id, SubscriptionRow.state != SubscriptionState.ACTIVE
    )
    session.execute(update(AlertRow).where(gathered, unwanted).values(CANCELLED | {"ended_at": now}), **PLAIN)
    is_heartbeat = found.period.startswith(HEARTBEAT)
    if session.scalar(select(active if is_heartbeat else exists().where(gathered))):
        return True
    query = update(DigestRow).where(DigestRow.id == found.id).values(CANCELLED | {"ended_at": now})
    session.execute(query, **PLAIN)
    return False


def _put(session: Session, alert_id: int, **values: Any) -> None:
    session.execute(update(AlertRow).where(AlertRow.id == alert_id).values(values), **PLAIN)


def _was_uncertain(session: Session, row: Sendable, row_id: int) -> bool:
    outcome = DeliveryRow.outcome == AlertState.UNCERTAIN
    return session.scalar(select(DeliveryRow.id).where(IN_DELIVERIES[row] == row_id, outcome).limit(1)) is not None
