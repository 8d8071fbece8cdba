"""Takes messages from the outbox, one by one; what must not be sent is ended on the way (SAFETY G3, G7)."""

from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from sqlalchemy import and_, bindparam, exists, func, or_, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import LEASE, MOST_A_DAY, AlertState
from oversight.domain.digest import HEARTBEAT
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.storage.models import AlertRow, DigestRow, SubscriberRow, SubscriptionRow
from oversight.storage.sending import AT_A_TIME, PLAIN, SENDING, TOLD, WAITING, Claim, Sendable, table_of, was_uncertain

WINDOW = 8  # so many of the oldest are offered to a claim: of several senders each finds one that no other holds
A_DAY = timedelta(days=1)
NO_LIMIT = 1_000_000
HANDED_OVER = (AlertState.SENT.value, SENDING, AlertState.UNCERTAIN.value)
CANCELLED = {"state": AlertState.CANCELLED.value}


def claim_next(session: Session, row: Sendable, ids: list[int], *, now: datetime) -> Claim | None:
    """Take the oldest of these that may be sent, under a lease; what this looked at is taken off `ids`. None where none
    was left.

    What must not be sent is ended on the way. Write `note_attempt` and commit before sending (SAFETY G3).
    """
    for _ in range(AT_A_TIME):
        if not ids:
            return None
        found = session.connection().execute(_candidate(row), {**_named(ids), "now": now}).one_or_none()
        if found is None:
            del ids[:WINDOW]
            continue
        ids.remove(found.id)
        if _takes(session, row, found, now):
            is_doubtful = found.attempts > 0 and was_uncertain(session, row, found.id)
            return Claim(row, found.id, found.attempts + 1, is_doubtful, found.created_at)
    return None


def _named(ids: list[int]) -> dict[str, int]:
    """The first ids as parameters, always as many: a statement with a list of any length is rewritten at each call."""
    window = [*ids[:WINDOW], *[0] * WINDOW][:WINDOW]
    return {f"id_{place}": one for place, one in enumerate(window)}


def _one_of(column: Any, values: Sequence[Any]) -> Any:
    return or_(*(column == value for value in values))


def _takes(session: Session, row: Sendable, found: Any, now: datetime) -> bool:
    """Take one; where it is not to be sent, write what becomes of it."""
    ledger, taken = session.connection(), {"this_id": found.id, "attempt": found.attempts + 1, "until": now + LEASE}
    if row is DigestRow:
        return _is_digest_to_send(session, found, now) and bool(ledger.execute(_take(row), taken).rowcount)
    if found.subscription != SubscriptionState.ACTIVE:
        _put(session, found.id, ended_at=now, **CANCELLED)
        return False
    is_counted = found.attempts == 0 and found.email is not None  # machines do not tire
    most = MOST_A_DAY if is_counted else NO_LIMIT
    asked = {"event": found.event_id, "subscriber": found.subscriber_id, "since": now - A_DAY}
    if ledger.execute(_take_alert(), taken | asked | {"most": most}).rowcount:
        return True
    if ledger.execute(_is_told(), asked | {"this_id": found.id}).scalar():
        _put(session, found.id, state=AlertState.COVERED.value, ended_at=now)
    elif not ledger.execute(_is_being_told(), asked | {"this_id": found.id}).scalar():
        daily = Rhythm(Cadence.DAILY, found.hour, found.weekday, found.timezone)
        _put(session, found.id, in_digest=True, due_at=daily.due_at(now))
    return False


@cache
def _candidate(row: Sendable) -> Any:
    """The oldest of them that nobody else holds, with its subscriber: what one person gets is claimed one by one."""
    this, person, follows = table_of(row), table_of(SubscriberRow), table_of(SubscriptionRow)
    columns = [this.c.id, this.c.attempts, this.c.created_at, person.c.id.label("subscriber_id"), person.c.email]
    if row is AlertRow:
        rhythm = (follows.c.hour, follows.c.weekday, follows.c.timezone)
        query = select(*columns, this.c.event_id, follows.c.state.label("subscription"), *rhythm)
        query = query.join_from(this, follows, follows.c.id == this.c.subscription_id)
        query = query.join(person, person.c.id == follows.c.subscriber_id)
    else:
        query = select(*columns, this.c.period).join_from(this, person, person.c.id == this.c.subscriber_id)
    # Found by their ids: "coalesce" keeps the databases from walking all that waits by the index of states.
    state, due_at = (
        func.coalesce(this.c.state, ""),
        func.coalesce(this.c.due_at, bindparam("now", type_=this.c.due_at.type)),
    )
    query = query.where(_one_of(this.c.id, [bindparam(f"id_{place}") for place in range(WINDOW)]))
    query = query.where(_one_of(state, WAITING), this.c.ended_at.is_(None), due_at <= bindparam("now"))
    query = query.order_by(this.c.due_at, this.c.id)
    return query.limit(1).with_for_update(of=[this, person], key_share=True, skip_locked=True)


@cache
def _take(row: Sendable) -> Any:
    columns = table_of(row).c
    mine = table_of(row).update().where(columns.id == bindparam("this_id"))
    return mine.values(
        {columns.state: SENDING, columns.attempts: bindparam("attempt"), columns.lease_until: bindparam("until")}
    )


@cache
def _take_alert() -> Any:
    """Take an alert, unless its subscriber was told of the event, is being told, or had so many mails at once today."""
    other, theirs = table_of(AlertRow).alias(), table_of(SubscriptionRow).alias()
    mine = and_(theirs.c.id == other.c.subscription_id, theirs.c.subscriber_id == bindparam("subscriber"))
    lately = or_(other.c.ended_at.is_(None), other.c.ended_at > bindparam("since"))
    today = select(func.count()).select_from(other).join(theirs, mine)
    today = today.where(_one_of(other.c.state, HANDED_OVER), lately, other.c.in_digest.is_(False))
    return _take(AlertRow).where(~_same(*TOLD, SENDING), today.scalar_subquery() < bindparam("most"))


@cache
def _is_told() -> Any:
    return select(_same(*TOLD))


@cache
def _is_being_told() -> Any:
    return select(_same(SENDING))


def _same(*states: str) -> Any:
    """Whether another alert of the same subscriber is about the same event, and stands so.

    Asked by subscription: an event may have many thousand alerts, a subscriber has few subscriptions.
    """
    other, theirs = table_of(AlertRow).alias(), table_of(SubscriptionRow).alias()
    of_event = (other.c.subscription_id == theirs.c.id, other.c.event_id == bindparam("event"))
    told = select(other.c.id).where(*of_event, other.c.id != bindparam("this_id"), _one_of(other.c.state, states))
    return select(theirs.c.id).where(theirs.c.subscriber_id == bindparam("subscriber"), told.exists()).exists()


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
