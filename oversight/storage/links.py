"""Hands out the sources whose address is to be looked at, and keeps what the looks found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, or_, select, update
from sqlalchemy.orm import Session

from oversight.domain.link_check import Link
from oversight.domain.record import LinkState
from oversight.storage.models import SourceRow
from oversight.storage.upsert import UNSEEN

LEASE = timedelta(hours=1)


@dataclass(frozen=True)
class DueLink:
    """A source whose address is to be looked at, and what is known of that address."""

    source_id: int
    key: str
    url: str
    link: Link


def claim_links(session: Session, *, now: datetime, most: int) -> list[DueLink]:
    """Take sources that are due, those first that nobody has looked at; nobody else gets them for an hour."""
    is_new = or_(SourceRow.link_url.is_(None), SourceRow.link_url != SourceRow.url)
    query = (
        select(SourceRow)
        .where(SourceRow.url.is_not(None), or_(SourceRow.link_due_at.is_(None), SourceRow.link_due_at <= now))
        .order_by(is_new.desc(), SourceRow.link_due_at, SourceRow.id)
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    found = [DueLink(row.id, row.key, row.url, link_of(row)) for row in session.scalars(query) if row.url]
    put_off(session, SourceRow.id.in_([due.source_id for due in found]), until=now + LEASE)
    return found


def put_off(session: Session, condition: ColumnElement[bool], *, until: datetime) -> None:
    """Have these sources looked at later; nothing is noted of them."""
    session.execute(update(SourceRow).where(condition).values(link_due_at=until), execution_options=UNSEEN)


def keep_link(session: Session, due: DueLink, link: Link, *, now: datetime, due_at: datetime) -> None:
    """Note what is known of an address now, unless the source has another one meanwhile."""
    values: dict[str, Any] = {
        "link_url": due.url,
        "link_state": link.state.value if link.state else None,
        "link_checked_at": now,
        "link_due_at": due_at,
        "link_reason": link.reason,
        "link_moved_to": link.moved_to,
        "link_failures": link.failures,
        "link_failing_since": link.failing_since,
        "link_text_hash": link.text_hash,
        "link_text_looks": link.text_looks,
        "link_text_changed_at": link.text_changed_at,
    }
    query = update(SourceRow).where(SourceRow.id == due.source_id, SourceRow.url == due.url).values(values)
    session.execute(query, execution_options=UNSEEN)


def link_of(row: SourceRow) -> Link:
    """What is known of the address that the source has today; nothing where it had another one."""
    if row.link_url != row.url:
        return Link()
    return Link(
        state=LinkState(row.link_state) if row.link_state else None,
        reason=row.link_reason,
        moved_to=row.link_moved_to,
        failures=row.link_failures,
        failing_since=row.link_failing_since,
        text_hash=row.link_text_hash,
        text_looks=row.link_text_looks,
        text_changed_at=row.link_text_changed_at,
    )
