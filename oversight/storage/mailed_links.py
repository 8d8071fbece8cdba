"""Reads and writes of the links that are mailed, to confirm and to manage."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.sign_up import MAILS_AN_HOUR
from oversight.domain.subscription import LINK_LIFE, Purpose
from oversight.storage.models import ConfirmationRow
from oversight.storage.upsert import was_changed

LEASE = timedelta(minutes=5)


@dataclass(frozen=True)
class Posting:
    """One mail with a link that this process may send now: to whom, for what, and how often it was tried."""

    address: str
    purpose: Purpose
    attempts: int
    requested_at: datetime


def is_mailed_link_under_way(session: Session, subscriber_id: int, purpose: Purpose, *, now: datetime) -> bool:
    """Whether a mail with such a link waits to be sent; or, of links that confirm, is in the subscriber's hands."""
    query = select(ConfirmationRow).where(
        ConfirmationRow.subscriber_id == subscriber_id,
        ConfirmationRow.purpose == purpose,
        ConfirmationRow.used_at.is_(None),
    )
    is_once = purpose is Purpose.CONFIRM
    return any(
        row.due_at is not None or (is_once and row.sent_at is not None and (row.expires_at or now) > now)
        for row in session.scalars(query)
    )


def add_mailed_link(session: Session, subscriber_id: int, purpose: Purpose, *, due_at: datetime, now: datetime) -> None:
    """Queue a mail with a link."""
    row = ConfirmationRow(subscriber_id=subscriber_id, purpose=purpose.value, requested_at=now, due_at=due_at)
    session.add(row)


def due_mailed_links(session: Session, *, now: datetime) -> list[int]:
    """Ids of mails with links that wait to be sent, as many as may go within this hour (SAFETY F1).

    Links to manage go first: whoever fills the queue with sign-ups keeps no subscriber from leaving.
    """
    sent = select(func.count()).where(ConfirmationRow.sent_at > now - timedelta(hours=1))
    most = max(0, MAILS_AN_HOUR - (session.scalar(sent) or 0))
    query = select(ConfirmationRow.id).where(ConfirmationRow.sent_at.is_(None), ConfirmationRow.due_at <= now)
    is_sign_up = ConfirmationRow.purpose == Purpose.CONFIRM.value
    return list(session.scalars(query.order_by(is_sign_up, ConfirmationRow.due_at, ConfirmationRow.id).limit(most)))


def claim_mailed_link(session: Session, link_id: int, *, token_hash: str, key: str, now: datetime) -> Posting | None:
    """Take one mail with a link for sending and give it its key and the link its token; None if another took it."""
    row = session.get(ConfirmationRow, link_id, options=[selectinload(ConfirmationRow.subscriber)])
    if row is None:
        return None
    query = (
        update(ConfirmationRow)
        .where(ConfirmationRow.id == link_id, ConfirmationRow.sent_at.is_(None), ConfirmationRow.due_at <= now)
        .values(
            token_hash=token_hash,
            key=key,
            expires_at=now + LINK_LIFE[Purpose(row.purpose)],
            due_at=now + LEASE,
            attempts=ConfirmationRow.attempts + 1,
        )
    )
    if not was_changed(session, query):
        return None
    return Posting(row.subscriber.address, Purpose(row.purpose), row.attempts + 1, row.requested_at)


def end_mailed_link(session: Session, link_id: int, *, sent_at: datetime | None, due_at: datetime | None) -> None:
    """Write how one attempt to mail a link ended; neither time means that it is given up."""
    query = update(ConfirmationRow).where(ConfirmationRow.id == link_id)
    session.execute(query.values(sent_at=sent_at, due_at=due_at))


def find_mailed_link(
    session: Session, token_hash: str, purposes: Sequence[Purpose], *, now: datetime
) -> ConfirmationRow | None:
    """The unused, unexpired link of such a purpose with this token."""
    query = select(ConfirmationRow).where(
        ConfirmationRow.token_hash == token_hash,
        ConfirmationRow.purpose.in_(purposes),
        ConfirmationRow.used_at.is_(None),
        ConfirmationRow.expires_at > now,
    )
    return session.scalars(query.options(selectinload(ConfirmationRow.subscriber))).one_or_none()


def use_mailed_link(session: Session, link_id: int, *, now: datetime) -> bool:
    """Spend a link that confirms; False where it was spent a moment ago."""
    query = update(ConfirmationRow).where(ConfirmationRow.id == link_id, ConfirmationRow.used_at.is_(None))
    return was_changed(session, query.values(used_at=now))
