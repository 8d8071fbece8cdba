"""Hosts that asked to be left in peace, for every process to see (SAFETY B11)."""

from datetime import datetime

from sqlalchemy import delete, select
from sqlalchemy.orm import Session

from oversight.domain.schedule import furthest_due
from oversight.storage.models import HostPauseRow
from oversight.storage.upsert import upsert


def pause_host(session: Session, host: str, *, until: datetime, reason: str) -> None:
    """Leave a host in peace until then."""
    row = {"host": host, "until": until, "reason": reason}
    upsert(session, HostPauseRow, [row], key=[HostPauseRow.host])


def paused_hosts(session: Session, *, now: datetime) -> dict[str, datetime]:
    """Every host that is left in peace, and until when."""
    # What ends later than any host is left in peace was written by a clock that was wrong (SAFETY A5).
    query = select(HostPauseRow.host, HostPauseRow.until).where(
        HostPauseRow.until > now, HostPauseRow.until <= furthest_due(now)
    )
    return {host: until for host, until in session.execute(query)}


def drop_ended(session: Session, *, now: datetime) -> None:
    """Forget pauses that are over."""
    session.execute(delete(HostPauseRow).where(HostPauseRow.until <= now))
