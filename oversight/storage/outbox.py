"""Takes messages from the outbox, a page at a time; what must not be sent is ended on the way (SAFETY G3, G7)."""

from collections import Counter
from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import and_, exists, func, insert, or_, select, update
from sqlalchemy.orm import Session, aliased

from oversight.domain.alert import HANDED_OVER, HOLD, MOST_A_DAY, TOLD, WAITING, AlertState
from oversight.domain.digest import HEARTBEAT
from oversight.domain.subscription import Cadence, Rhythm, SubscriptionState
from oversight.storage.models import AlertRow, DigestRow, EventRow, SubscriberRow, SubscriptionRow
from oversight.storage.sending import DELIVERIES, OF, SENDING, Claim, Sendable, doubtful
from oversight.storage.upsert import UNSEEN

A_DAY = timedelta(days=1)
A_WHILE = timedelta(minutes=1)  # until it is known how what is being told ended
CANCELLED = {"state": AlertState.CANCELLED.value}
Other, Theirs = aliased(AlertRow), aliased(SubscriptionRow)


class Waiting(NamedTuple):
    """One message that is due, locked for the transaction that reads it; of alerts, what decides about them."""

    id: int
    attempts: int
    created_at: datetime
    subscriber_id: int
    address: str  # of an endpoint: none
    period: str = ""
    event_id: int = 0
    is_wanted: bool = True  # its subscription lives, and its event stands
    rhythm: tuple[int, int, str] | None = None


@dataclass(frozen=True)
class Route:
    """The way that messages take: by which channel, and how one of this id is named in every attempt (SAFETY G5)."""

    channel: str
    key_of: Callable[[int], str]


def due_mails(
    session: Session, row: Sendable, *, now: datetime, most: int, without: Collection[str] = ()
) -> list[Waiting]:
    """What waits to be mailed and no other sender holds, the longest waiting first; some domains may be left out."""
    query = _waiting(row).where(row.ended_at.is_(None), row.due_at <= now, SubscriberRow.email.is_not(None))
    if row is AlertRow:
        query = query.where(AlertRow.in_digest.is_(False))
    for domain in without:
        query = query.where(SubscriberRow.email.not_like(f"%@{domain}"))
    query = query.order_by(row.due_at, row.id).limit(most)
    # State by state: so both databases read no more of the index than these.
    return [_read(row, one) for state in WAITING for one in session.execute(query.where(row.state == state))]


def due_alert(session: Session, alert_id: int, *, now: datetime) -> list[Waiting]:
    """This alert, if it waits and no other sender holds it."""
    query = _waiting(AlertRow).where(AlertRow.id == alert_id, AlertRow.state.in_(WAITING))
    query = query.where(AlertRow.ended_at.is_(None), AlertRow.due_at <= now)
    return [_read(AlertRow, one) for one in session.execute(query)]


def claim(session: Session, row: Sendable, found: Sequence[Waiting], route: Route, *, now: datetime) -> list[Claim]:
    """Hold of these what may be sent, with an attempt for each that has not begun.

    What must not be sent is ended or put off. Commit, then let each begin before it is sent (SAFETY G3).
    """
    if row is DigestRow:
        good = [one for one in found if _is_digest_to_send(session, one, now)]
    else:
        good = _alerts_to_send(session, found, now)
    if not good:
        return []
    taken = {"state": SENDING, "attempts": row.attempts + 1, "lease_until": now + HOLD}
    session.execute(update(row).where(row.id.in_([one.id for one in good])).values(taken), execution_options=UNSEEN)
    keys = {one.id: route.key_of(one.id) for one in good}
    columns = (OF[row], "attempt", "channel", "key")
    attempts = [
        dict(zip(columns, (one.id, one.attempts + 1, route.channel, keys[one.id]), strict=True)) for one in good
    ]
    added = insert(DELIVERIES).returning(DELIVERIES.c[OF[row]], DELIVERIES.c.id)
    deliveries: dict[int, int] = dict(session.connection().execute(added, attempts).tuples().all())
    doubted = doubtful(session, row, [one.id for one in good if one.attempts])
    return [
        Claim(row, one.id, one.attempts + 1, one.id in doubted, one.created_at, deliveries[one.id], keys[one.id])
        for one in good
    ]


def _waiting(row: Sendable) -> Any:
    columns = (row.id, row.attempts, row.created_at, SubscriberRow.id, func.coalesce(SubscriberRow.email, ""))
    query: Any
    if row is DigestRow:
        query = select(*columns, DigestRow.period).join(SubscriberRow, SubscriberRow.id == DigestRow.subscriber_id)
    else:
        rhythm = (SubscriptionRow.hour, SubscriptionRow.weekday, SubscriptionRow.timezone)
        is_wanted = and_(SubscriptionRow.state == SubscriptionState.ACTIVE, EventRow.withdrawn_at.is_(None))
        query = select(*columns, AlertRow.event_id, is_wanted, *rhythm)
        query = query.join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
        query = query.join(EventRow, EventRow.id == AlertRow.event_id)
        query = query.join(SubscriberRow, SubscriberRow.id == SubscriptionRow.subscriber_id)
    return query.with_for_update(of=[row, SubscriberRow], key_share=True, skip_locked=True)


def _read(row: Sendable, found: Any) -> Waiting:
    if row is DigestRow:
        return Waiting(*found)
    return Waiting._make((*found[:5], "", *found[5:7], found[7:]))


def _alerts_to_send(session: Session, found: Sequence[Waiting], now: datetime) -> list[Waiting]:
    """Those still wanted, of events that their subscriber was not told of, who had not so many mails at once today."""
    told, being_told = _same_elsewhere(session, [one.id for one in found])
    today = _handed_over(session, {one.subscriber_id for one in found}, since=now - A_DAY)
    good: dict[tuple[int, int], Waiting] = {}
    ended: dict[str, list[int]] = {AlertState.CANCELLED.value: [], AlertState.COVERED.value: []}
    for one in found:
        who_and_what = one.subscriber_id, one.event_id
        if not one.is_wanted:
            ended[AlertState.CANCELLED.value].append(one.id)
        elif one.id in told:
            ended[AlertState.COVERED.value].append(one.id)
        elif one.id in being_told or who_and_what in good:
            _put_off(session, one, now + A_WHILE)
        elif not one.attempts and one.address and today[one.subscriber_id] >= MOST_A_DAY:  # machines do not tire
            assert one.rhythm
            _put_off(session, one, Rhythm(Cadence.DAILY, *one.rhythm).due_at(now), in_digest=True)
        else:
            today[one.subscriber_id] += 1
            good[who_and_what] = one
    for state, ids in ended.items():
        if ids:
            values = {"state": state, "ended_at": now}
            session.execute(update(AlertRow).where(AlertRow.id.in_(ids)).values(values), execution_options=UNSEEN)
    return list(good.values())


def _same_elsewhere(session: Session, ids: Sequence[int]) -> tuple[set[int], set[int]]:
    """Of these alerts, those of whose event the subscriber was told by another alert, and is being told.

    Asked by subscription: an event may have many thousand alerts, a subscriber has few subscriptions.
    """
    query = select(AlertRow.id, Other.state).join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    query = query.join(Theirs, Theirs.subscriber_id == SubscriptionRow.subscriber_id)
    same = and_(Other.subscription_id == Theirs.id, Other.event_id == AlertRow.event_id, Other.id != AlertRow.id)
    query = query.join(Other, same).where(AlertRow.id.in_(ids), Other.state.in_((*TOLD, SENDING)))
    states = session.execute(query).all()
    return {one for one, state in states if state != SENDING}, {one for one, state in states if state == SENDING}


def _handed_over(session: Session, subscriber_ids: Collection[int], *, since: datetime) -> Counter[int]:
    """How many mails of one event each of them was sent at once since then."""
    lately = or_(AlertRow.ended_at.is_(None), AlertRow.ended_at > since)
    query = select(SubscriptionRow.subscriber_id, func.count()).join(
        AlertRow, AlertRow.subscription_id == SubscriptionRow.id
    )
    query = query.where(SubscriptionRow.subscriber_id.in_(subscriber_ids), AlertRow.state.in_(HANDED_OVER), lately)
    query = query.where(AlertRow.in_digest.is_(False)).group_by(SubscriptionRow.subscriber_id)
    return Counter(dict(session.execute(query).tuples().all()))


def _put_off(session: Session, alert: Waiting, due_at: datetime, **values: bool) -> None:
    query = update(AlertRow).where(AlertRow.id == alert.id)
    session.execute(query.values(due_at=due_at, **values), execution_options=UNSEEN)


def _is_digest_to_send(session: Session, found: Waiting, now: datetime) -> bool:
    """Whether a digest has still something to tell; one whose alerts were all called back is called back itself."""
    active = exists().where(
        SubscriptionRow.subscriber_id == found.subscriber_id, SubscriptionRow.state == SubscriptionState.ACTIVE
    )
    gathered = and_(AlertRow.digest_id == found.id, AlertRow.state == AlertState.GATHERED)
    unwanted = exists().where(
        SubscriptionRow.id == AlertRow.subscription_id, SubscriptionRow.state != SubscriptionState.ACTIVE
    )
    session.execute(
        update(AlertRow).where(gathered, unwanted).values(CANCELLED | {"ended_at": now}), execution_options=UNSEEN
    )
    is_heartbeat = found.period.startswith(HEARTBEAT)
    if session.scalar(select(active if is_heartbeat else exists().where(gathered))):
        return True
    query = update(DigestRow).where(DigestRow.id == found.id).values(CANCELLED | {"ended_at": now})
    session.execute(query, execution_options=UNSEEN)
    return False
