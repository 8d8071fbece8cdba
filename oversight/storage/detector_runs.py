"""Reruns of the detector and their changes: who holds a run, how far it is, what it found."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.domain.lease import Lease, is_taken
from oversight.domain.rerun import ChangeState, Difference, RunState
from oversight.errors import NotAllowed, NotFound
from oversight.storage import leases
from oversight.storage.archive import Archived, Scope
from oversight.storage.models import DetectorChangeRow, DetectorRunRow
from oversight.storage.upsert import UNSEEN, insert_new, upsert, was_changed

FREE = {"is_running": False, **leases.FREE}


@dataclass(frozen=True)
class Claimant:
    """Who wants a run: a lease in this process's name, how to tell a dead owner, and the moment."""

    lease: Lease
    is_dead: Callable[[str], bool]
    now: datetime

    @property
    def values(self) -> dict[str, Any]:
        """The columns of a run that is ours."""
        return {"is_running": True, **leases.held_by(self.lease, self.now)}


def begin_run(session: Session, version: str, scope: Scope, total: int, claimant: Claimant) -> DetectorRunRow:
    """A new run, ours; raises NotAllowed while another one runs."""
    _free_the_dead(session, claimant)
    values: dict[str, Any] = {
        "version": version,
        "state": RunState.PREVIEWING.value,
        "since": scope.since,
        "feed_id": scope.feed_id,
        "cursor": 0,
        "last_item_id": scope.last_item_id,
        "total": total,
        "counts": {},
        "started_at": claimant.now,
    }
    made = insert_new(session, DetectorRunRow, [values | claimant.values], [DetectorRunRow.id])
    if not made:
        raise NotAllowed(_busy(session))
    return session.get_one(DetectorRunRow, made[0][0])


def take_run(session: Session, run_id: int | None, claimant: Claimant) -> DetectorRunRow:
    """A run that was interrupted or waits, ours now: this one, or the newest that is not applied.

    Raises NotFound, or NotAllowed while another one runs.
    """
    query = select(DetectorRunRow).order_by(DetectorRunRow.id.desc()).limit(1).with_for_update()
    query = query.where(DetectorRunRow.id == run_id if run_id else DetectorRunRow.state != RunState.APPLIED)
    row = session.scalars(query).one_or_none()
    if row is None:
        raise NotFound(f"there is no run {run_id}" if run_id else "no run waits to be continued or applied")
    _free_the_dead(session, claimant)
    if session.scalar(select(DetectorRunRow.id).where(DetectorRunRow.is_running)) is not None:
        raise NotAllowed(_busy(session))
    session.execute(update(DetectorRunRow).where(DetectorRunRow.id == row.id).values(claimant.values))
    session.refresh(row)
    return row


def advance_run(session: Session, run_id: int, lease: Lease, values: Mapping[str, Any], *, now: datetime) -> None:
    """Write how far a run of ours is, and hold it on; raises NotAllowed where it is no longer ours."""
    ours = update(DetectorRunRow).where(DetectorRunRow.id == run_id, DetectorRunRow.lease_token == lease.token)
    if not was_changed(session, ours.values({"lease_until": lease.until(now), **values})):
        raise NotAllowed(f"another process has taken run {run_id} over; this one stops, and nothing is lost")


def release_run(session: Session, lease: Lease) -> None:
    """Give back what is ours; it can be continued."""
    ours = update(DetectorRunRow).where(DetectorRunRow.lease_token == lease.token).values(FREE)
    session.execute(ours, execution_options=UNSEEN)


def save_change(session: Session, run_id: int, found: Sequence[tuple[Archived, Difference]]) -> None:
    """Keep what would change about these items; what was known of them in this run is replaced."""
    rows = [
        {
            "run_id": run_id,
            "item_id": item.item_id,
            "mention_id": item.standing.mention_id if item.standing else None,
            "kind": difference.kind.value,
            "differs": list(difference.differs),
            "before": dict(difference.before) if difference.before is not None else None,
            "after": dict(difference.after),
            "content_hash": item.content_hash,
            "state": ChangeState.FOUND.value,
        }
        for item, difference in found
    ]
    upsert(session, DetectorChangeRow, rows, key=[DetectorChangeRow.run_id, DetectorChangeRow.item_id])


def waiting_changes(session: Session, run_id: int, *, most: int, is_locking: bool = False) -> list[DetectorChangeRow]:
    """The next changes of a run that are neither applied nor overtaken."""
    query = select(DetectorChangeRow).where(
        DetectorChangeRow.run_id == run_id, DetectorChangeRow.state == ChangeState.FOUND
    )
    query = query.order_by(DetectorChangeRow.id).limit(most)
    return list(session.scalars(query.with_for_update() if is_locking else query))


def note_overtaken(session: Session, run_id: int, item_ids: Sequence[int]) -> None:
    """Nothing is left to change about these items: they were edited, decided or read meanwhile."""
    query = update(DetectorChangeRow).where(
        DetectorChangeRow.run_id == run_id,
        DetectorChangeRow.item_id.in_(item_ids),
        DetectorChangeRow.state == ChangeState.FOUND,
    )
    session.execute(query.values(state=ChangeState.OVERTAKEN.value), execution_options=UNSEEN)


def _free_the_dead(session: Session, claimant: Claimant) -> None:
    """What a process held that is gone, or that does not renew its lease, is free."""
    row = session.scalars(select(DetectorRunRow).where(DetectorRunRow.is_running).with_for_update()).one_or_none()
    if row is None:
        return
    is_dead = row.lease_owner is None or claimant.is_dead(row.lease_owner)
    if not is_taken(owner=row.lease_owner, until=row.lease_until, now=claimant.now, is_dead=is_dead):
        free = update(DetectorRunRow).where(DetectorRunRow.id == row.id, DetectorRunRow.lease_token == row.lease_token)
        session.execute(free.values(FREE), execution_options=UNSEEN)
        session.expire(row)


def _busy(session: Session) -> str:
    row = session.scalars(select(DetectorRunRow).where(DetectorRunRow.is_running)).first()
    which = f"run {row.id} ({RunState(row.state).label.lower()}, by {row.lease_owner})" if row else "another run"
    return f"{which} is at work; two reruns at once would judge the same items. Wait for it, or stop it, then try again"
