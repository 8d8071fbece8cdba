"""Claims feeds for one pass, and refuses what is written without the claim (SAFETY A2 to A4)."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from sqlalchemy import Select, select, update
from sqlalchemy.orm import Session

from oversight.domain.lease import Lease, is_taken
from oversight.domain.schedule import furthest_due
from oversight.storage.batches import in_batches
from oversight.storage.models import FeedRow
from oversight.storage.upsert import UNSEEN

FREE: Mapping[str, Any] = {"lease_owner": None, "lease_token": None, "lease_until": None}


@dataclass(frozen=True)
class Wanted:
    """Which feeds a pass is for: what is due, every enabled one, or those of these keys; `among` leaves others out."""

    keys: Sequence[str] = ()
    everything: bool = False
    among: Collection[str] | None = None


@dataclass(frozen=True)
class Claim:
    """The feeds that are ours now, and the keys of those that another process polls."""

    rows: list[FeedRow] = field(default_factory=list)
    leased: list[str] = field(default_factory=list)


def held_by(lease: Lease, now: datetime) -> dict[str, Any]:
    """The columns of what is ours."""
    return {"lease_owner": lease.owner, "lease_token": lease.token, "lease_until": lease.until(now)}


def wanted_feeds(session: Session, wanted: Wanted, *, now: datetime) -> list[FeedRow]:
    """The feeds of a pass, the longest waiting first."""
    return [row for row in session.scalars(_query(wanted, now)) if _is_among(wanted, row.key)]


def claim(session: Session, wanted: Wanted, lease: Lease, *, is_dead: Callable[[str], bool], now: datetime) -> Claim:
    """Take the lease of every wanted feed that nobody else holds; whoever commits first has it."""
    query = _query(wanted, now).with_for_update(skip_locked=True)
    seen = [row for row in session.scalars(query) if _is_among(wanted, row.key)]
    # What this very pass still works on is never claimed twice, however late its clock says it is.
    rows = [row for row in seen if row.lease_token != lease.token]
    dead = {owner: is_dead(owner) for owner in {row.lease_owner for row in rows if row.lease_owner}}
    taken = [row for row in rows if _is_taken(row, dead, now)]
    free = [row for row in rows if not _is_taken(row, dead, now)]
    values = held_by(lease, now)
    for ids in in_batches([row.id for row in free]):
        session.execute(update(FeedRow).where(FeedRow.id.in_(ids)).values(values), execution_options=UNSEEN)
    return Claim(free, [row.key for row in taken] + _locked(session, wanted, {row.id for row in seen}, now=now))


def held(session: Session, lease: Lease, ids: Sequence[int]) -> set[int]:
    """Which of these feeds are still ours, locked until the transaction ends: what we know of others is dropped."""
    query = select(FeedRow.id).where(FeedRow.id.in_(ids), FeedRow.lease_token == lease.token)
    return set(session.scalars(query.order_by(FeedRow.id).with_for_update()))


def renew(session: Session, lease: Lease, *, now: datetime) -> None:
    """Hold on to what is still ours."""
    query = update(FeedRow).where(FeedRow.lease_token == lease.token).values(lease_until=lease.until(now))
    session.execute(query, execution_options=UNSEEN)


def release(session: Session, lease: Lease) -> None:
    """Give back what was not polled; it stays due."""
    session.execute(update(FeedRow).where(FeedRow.lease_token == lease.token).values(FREE), execution_options=UNSEEN)


def postpone(session: Session, lease: Lease, until: Mapping[int, datetime]) -> None:
    """Give back feeds of ours that are not to be polled before a moment; they are not counted as failing."""
    for feed_id, moment in until.items():
        query = update(FeedRow).where(FeedRow.id == feed_id, FeedRow.lease_token == lease.token)
        session.execute(query.values({**FREE, "next_due_at": moment}), execution_options=UNSEEN)


def pull_in(session: Session, *, now: datetime) -> None:
    """Make due again what a clock that ran ahead put off too far (SAFETY A5)."""
    query = update(FeedRow).where(FeedRow.next_due_at > furthest_due(now)).values(next_due_at=now)
    session.execute(query, execution_options=UNSEEN)


def _query(wanted: Wanted, now: datetime) -> Select[FeedRow]:
    query = select(FeedRow).order_by(FeedRow.next_due_at, FeedRow.id)
    if wanted.keys:
        return query.where(FeedRow.key.in_(wanted.keys))
    query = query.where(FeedRow.is_enabled)
    return query if wanted.everything else query.where(FeedRow.next_due_at <= now)


def _locked(session: Session, wanted: Wanted, seen: Collection[int], *, now: datetime) -> list[str]:
    """The keys of wanted feeds that another process claims or writes at this very moment."""
    found = session.execute(_query(wanted, now).with_only_columns(FeedRow.id, FeedRow.key)).tuples()
    return [key for identifier, key in found if identifier not in seen and _is_among(wanted, key)]


def _is_among(wanted: Wanted, key: str) -> bool:
    return wanted.among is None or key in wanted.among


def _is_taken(row: FeedRow, dead: dict[str, bool], now: datetime) -> bool:
    is_gone = dead.get(row.lease_owner or "", False)
    return is_taken(owner=row.lease_owner, until=row.lease_until, now=now, is_dead=is_gone)
