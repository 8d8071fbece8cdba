"""The ledger of alerts as operators see it: how many stand where, and the last attempts; whose they are is not told."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.alert import WAITING, AlertState
from oversight.storage.models import AlertRow, DeliveryRow, DigestRow

MOST = 100
LATELY = timedelta(days=1)


@dataclass(frozen=True)
class Attempted:
    """One attempt to send something; `outcome` is None while it runs."""

    kind: str
    number: int
    attempt: int
    channel: str
    at: datetime
    outcome: AlertState | None
    detail: str


@dataclass(frozen=True)
class Ledger:
    """Alerts and digests by state; how attempts of the last day ended; since when the oldest one waits that is due."""

    alerts: Mapping[AlertState, int]
    digests: Mapping[AlertState, int]
    lately: Mapping[AlertState, int]
    oldest_due_at: datetime | None
    log: Sequence[Attempted]


def ledger(session: Session, *, now: datetime, outcome: AlertState | None = None) -> Ledger:
    """The ledger; its log may be narrowed to one ending."""
    ended = select(DeliveryRow.outcome, func.count()).where(DeliveryRow.ended_at > now - LATELY)
    lately = {
        AlertState(state): count for state, count in session.execute(ended.group_by(DeliveryRow.outcome)) if state
    }
    return Ledger(
        alerts=_by_state(session, AlertRow),
        digests=_by_state(session, DigestRow),
        lately=lately,
        oldest_due_at=oldest_due(session, now=now),
        log=_log(session, outcome),
    )


def oldest_due(session: Session, *, now: datetime) -> datetime | None:
    """Since when the message waits that should have gone first."""
    found = []
    for row in (AlertRow, DigestRow):
        waits = (row.state.in_(WAITING), row.ended_at.is_(None), row.due_at <= now)
        found.append(session.scalar(select(func.min(row.due_at)).where(*waits)))
    return min((moment for moment in found if moment), default=None)


def _by_state(session: Session, row: type[AlertRow] | type[DigestRow]) -> Mapping[AlertState, int]:
    query = select(row.state, func.count()).group_by(row.state)
    return Counter({AlertState(state): count for state, count in session.execute(query)})


def _log(session: Session, outcome: AlertState | None) -> list[Attempted]:
    query = select(DeliveryRow).where(DeliveryRow.started_at.is_not(None))
    query = query.order_by(DeliveryRow.started_at.desc(), DeliveryRow.id.desc()).limit(MOST)
    if outcome is not None:
        query = query.where(DeliveryRow.outcome == outcome)
    return [
        Attempted(
            kind="Digest" if row.digest_id else "Alert",
            number=row.digest_id or row.alert_id or 0,
            attempt=row.attempt,
            channel=row.channel,
            at=row.started_at,
            outcome=AlertState(row.outcome) if row.outcome else None,
            detail=row.detail or "",
        )
        for row in session.scalars(query)
        if row.started_at
    ]
