"""Reads and writes of the addresses to which nothing is sent."""

from collections.abc import Collection
from datetime import date, datetime, timedelta

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from oversight.domain.suppression import SOFT_MEMORY, Suppression
from oversight.storage.models import SoftBounceRow, SuppressionRow
from oversight.storage.upsert import insert_new, upsert


def is_blocked(session: Session, address_hash: str, *, since: datetime) -> bool:
    """Whether what its owner asked for at a moment is not to be sent.

    Who was erased may come back: what they ask for after that is sent.
    """
    row = session.get(SuppressionRow, address_hash)
    return row is not None and (row.reason != Suppression.ERASED or since <= row.at)


def suppressed(session: Session, hashes: Collection[str]) -> list[SuppressionRow]:
    """Those of these addresses to which nothing is sent."""
    return list(session.scalars(select(SuppressionRow).where(SuppressionRow.address_hash.in_(hashes))))


def add_suppression(session: Session, address_hash: str, reason: Suppression, *, now: datetime) -> None:
    """From now on send nothing to an address; the newest reason counts."""
    row = {"address_hash": address_hash, "reason": reason.value, "at": now}
    upsert(session, SuppressionRow, [row], key=[SuppressionRow.address_hash])


def lift_suppression(session: Session, address_hash: str) -> Suppression | None:
    """Write to an address again; why it was not, or None where it was."""
    row = session.get(SuppressionRow, address_hash)
    if row is None:
        return None
    session.delete(row)
    session.execute(delete(SoftBounceRow).where(SoftBounceRow.address_hash == address_hash))
    return Suppression(row.reason)


def note_soft_bounce(session: Session, address_hash: str, *, day: date) -> int:
    """Count a day on which an address could not be reached; on how many of the last 30 days that was."""
    insert_new(session, SoftBounceRow, [{"address_hash": address_hash, "day": day}], [SoftBounceRow.day])
    query = select(func.count()).where(
        SoftBounceRow.address_hash == address_hash, SoftBounceRow.day > day - SOFT_MEMORY, SoftBounceRow.day <= day
    )
    return session.scalar(query) or 0


def drop_soft_bounces(session: Session, *, now: datetime) -> None:
    """Forget days that count no more."""
    session.execute(delete(SoftBounceRow).where(SoftBounceRow.day <= now.date() - SOFT_MEMORY - timedelta(days=1)))
