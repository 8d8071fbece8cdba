"""How what is sent is begun, ended, given back and taken up again: alerts and digests alike (SAFETY G3, G4)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import Any, cast

from sqlalchemy import Table, Update, bindparam, delete, select, update
from sqlalchemy.orm import Session

from oversight.domain.alert import GIVE_UP_AFTER, LEASE, AlertState, Ending
from oversight.domain.subscription import SubscriptionState
from oversight.storage.batches import in_batches
from oversight.storage.engine import Steps
from oversight.storage.models import AlertRow, Base, DeliveryRow, DigestRow, EventRow, SubscriptionRow
from oversight.storage.upsert import UNSEEN

Sendable = type[AlertRow] | type[DigestRow]
OF: dict[Sendable, str] = {AlertRow: "alert_id", DigestRow: "digest_id"}
IN_DELIVERIES: dict[Sendable, Any] = {AlertRow: DeliveryRow.alert_id, DigestRow: DeliveryRow.digest_id}
SENDING = AlertState.SENDING.value


@dataclass(frozen=True)
class Claim:
    """One message that this process may begin to send; `was_uncertain` where an attempt ended in silence.

    Its attempt is on record as `delivery_id`; `key` names the message in every attempt (SAFETY G5).
    """

    row: Sendable
    id: int
    attempt: int
    was_uncertain: bool
    created_at: datetime
    delivery_id: int
    key: str


def step(steps: Steps, ended: tuple[Claim, Ending] | None, then: Claim | None, *, now: datetime) -> bool:
    """Write how one attempt ended and that the next begins, in one transaction; whether that may begin (SAFETY G4).

    It may not where it was given back, its subscription ended or its event was withdrawn meanwhile.
    """
    statements: tuple[Update, ...] = ()
    values: dict[str, Any] = {"now": now}
    if ended:
        statements += _endings(ended[0].row, is_over=not ended[1].due_at)
        values |= _of_ending(*ended)
    if then:
        statements += (_beginning(then.row),)
        values |= _of_beginning(then)
    return steps.run(statements, values) > 0 and then is not None


def begin_attempt(session: Session, claim: Claim, *, now: datetime) -> bool:
    """Write that one attempt begins; whether it may."""
    begun = session.connection().execute(_beginning(claim.row), {"now": now} | _of_beginning(claim))
    return begun.rowcount > 0


def end_attempt(session: Session, claim: Claim, ending: Ending, *, now: datetime) -> None:
    """Write how one attempt ended; the message itself is left alone where a later attempt was taken (SAFETY A4)."""
    for statement in _endings(claim.row, is_over=not ending.due_at):
        session.connection().execute(statement, {"now": now} | _of_ending(claim, ending))


def give_back(session: Session, claims: Sequence[Claim]) -> set[Claim]:
    """Let wait again what of this has not begun, as if it had not been taken; which that was."""
    given: set[Claim] = set()
    for some in in_batches(claims):
        idle = (DeliveryRow.id.in_([claim.delivery_id for claim in some]), DeliveryRow.started_at.is_(None))
        idle_ids = set(
            session.scalars(delete(DeliveryRow).where(*idle).returning(DeliveryRow.id), execution_options=UNSEEN)
        )
        given |= {claim for claim in some if claim.delivery_id in idle_ids}
    for claim in given:
        row, state = claim.row, AlertState.UNCERTAIN if claim.was_uncertain else AlertState.PENDING
        values = {"state": state.value, "attempts": claim.attempt - 1, "lease_until": None}
        mine = update(row).where(row.id == claim.id, row.state == SENDING, row.attempts == claim.attempt)
        session.execute(mine.values(values), execution_options=UNSEEN)
    return given


def expired(session: Session, row: Sendable, *, now: datetime) -> list[Claim]:
    """What a sender took or began and was never heard of again; locked, so that one process takes it up."""
    attempt = (IN_DELIVERIES[row] == row.id) & (DeliveryRow.attempt == row.attempts)
    query: Any = select(row.id, row.attempts, row.created_at, DeliveryRow.id, DeliveryRow.key)
    held = DeliveryRow.started_at.is_(None) & (row.lease_until < now)
    query = query.join(DeliveryRow, attempt).where(row.state == SENDING, held | (DeliveryRow.started_at < now - LEASE))
    found = session.execute(query.with_for_update(of=row)).all()
    doubted = doubtful(session, row, [one[0] for one in found])
    return [Claim(row, number, attempts, number in doubted, *rest) for number, attempts, *rest in found]


def give_up_old(session: Session, row: Sendable, *, now: datetime) -> int:
    """Give up what waited for three days while nobody took messages; how many (SAFETY G6)."""
    query = update(row).where(
        row.state == AlertState.PENDING, row.ended_at.is_(None), row.due_at <= now, row.created_at < now - GIVE_UP_AFTER
    )
    if row is AlertRow:
        query = query.where(AlertRow.in_digest.is_(False))
    given_up = session.execute(query.values(state=AlertState.FAILED.value, ended_at=now), execution_options=UNSEEN)
    return int(getattr(given_up, "rowcount", 0))


def doubtful(session: Session, row: Sendable, ids: Sequence[int]) -> set[int]:
    """Of these those of which an attempt ended in silence."""
    outcome, of = DeliveryRow.outcome == AlertState.UNCERTAIN, IN_DELIVERIES[row]
    return {one for some in in_batches(ids) for one in session.scalars(select(of).where(of.in_(some), outcome))}


# Built once, and of tables: to build a statement, or to let the rows of a session take part, takes longer than to send.
DELIVERIES = cast(Table, DeliveryRow.__table__)


def _table_of(row: type[Base]) -> Table:
    return cast(Table, row.__table__)


def _of_ending(claim: Claim, ending: Ending) -> dict[str, Any]:
    this = {"ended_id": claim.id, "ended_attempt": claim.attempt, "ended_delivery": claim.delivery_id}
    said = {"new_state": ending.state.value, "new_detail": ending.detail}
    return this | said | ({"new_due": ending.due_at} if ending.due_at else {})


def _of_beginning(claim: Claim) -> dict[str, Any]:
    return {"next_delivery": claim.delivery_id, "next_id": claim.id}


@cache
def _endings(row: Sendable, *, is_over: bool) -> tuple[Update, ...]:
    """Of the message, of its attempt, and of what a digest gathered; none sees what the others write."""
    this = _table_of(row)
    is_latest = (this.c.id == bindparam("ended_id"), this.c.attempts == bindparam("ended_attempt"))
    state: Any = bindparam("new_state")
    now: Any = bindparam("now")
    when = {"ended_at": now} if is_over else {"ended_at": None, "due_at": bindparam("new_due")}
    message = this.update().where(*is_latest).values(when | {"state": state, "lease_until": None})
    attempt = DELIVERIES.update().where(*_attempt_of(row, "ended"))
    attempt = attempt.values(ended_at=now, outcome=state, detail=bindparam("new_detail"))
    if row is AlertRow or not is_over:
        return message, attempt
    alerts = _table_of(AlertRow)
    gathered = (alerts.c.digest_id == bindparam("ended_id"), alerts.c.state == AlertState.GATHERED.value)
    still = select(this.c.id).where(*is_latest).exists()
    return message, attempt, alerts.update().where(*gathered, still).values(state=state, ended_at=now)


@cache
def _beginning(row: Sendable) -> Update:
    """Of an alert only while its subscription lives and its event stands: both may have ended since it was taken."""
    idle = DELIVERIES.c.started_at.is_(None)
    begun = DELIVERIES.update().where(*_attempt_of(row, "next"), idle).values(started_at=bindparam("now"))
    if row is DigestRow:
        return begun
    wanted = select(AlertRow.id).join(SubscriptionRow, SubscriptionRow.id == AlertRow.subscription_id)
    wanted = wanted.join(EventRow, EventRow.id == AlertRow.event_id).where(AlertRow.id == bindparam("next_id"))
    wanted = wanted.where(SubscriptionRow.state == SubscriptionState.ACTIVE.value, EventRow.withdrawn_at.is_(None))
    return begun.where(wanted.exists())


def _attempt_of(row: Sendable, which: str) -> tuple[Any, Any]:
    """One attempt of one message: SQLite gives the number of an attempt that was given back to the next one."""
    return DELIVERIES.c.id == bindparam(f"{which}_delivery"), DELIVERIES.c[OF[row]] == bindparam(f"{which}_id")
