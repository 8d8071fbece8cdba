"""Keeps every version of a meeting's agenda, with what each added to the one before."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from typing import Any

from sqlalchemy import delete, func, select
from sqlalchemy.orm import Session

from oversight.domain.agenda import Entry, agenda_hash, compared
from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.fingerprint import identity
from oversight.domain.reading import Item, ItemKind
from oversight.storage.models import AgendaVersionRow
from oversight.storage.upsert import insert_new

VERSIONS_KEPT = 50


def save_agendas(session: Session, items: Sequence[Item], meetings: Mapping[str, int], *, now: datetime) -> None:
    """Add a version for each meeting whose agenda is new or has changed.

    One answer holds the whole agenda of a meeting; `meetings` gives the row of each uid.
    """
    agendas: defaultdict[int, list[Entry]] = defaultdict(list)
    for item in items:
        meeting_id = meetings.get(item.meeting_uid or "")
        if meeting_id is not None and item.kind is ItemKind.AGENDA_ITEM:
            agendas[meeting_id].append(Entry(identity(item), item.title, (item.text or "")[:EXCERPT_LENGTH]))
    last = _last_versions(session, list(agendas))
    rows: list[dict[str, Any]] = []
    for meeting_id, entries in agendas.items():
        before, content = last.get(meeting_id), agenda_hash(entries)
        if before is not None and before.content_hash == content:
            continue
        revision = compared([Entry(**entry) for entry in before.entries], entries) if before is not None else None
        rows.append(
            {
                "meeting_id": meeting_id,
                "number": before.number + 1 if before is not None else 1,
                "seen_at": now,
                "content_hash": content,
                "entries": [asdict(entry) for entry in entries],
                "added": [asdict(entry) for entry in revision.added] if revision else [],
                "removed": [asdict(entry) for entry in revision.removed] if revision else [],
            }
        )
    insert_new(session, AgendaVersionRow, rows, [AgendaVersionRow.id])
    for row in rows:
        # An agenda that changes at every look must not fill the disk.
        if row["number"] > VERSIONS_KEPT:
            old = delete(AgendaVersionRow).where(AgendaVersionRow.meeting_id == row["meeting_id"])
            session.execute(old.where(AgendaVersionRow.number <= row["number"] - VERSIONS_KEPT))


def agenda_versions(session: Session, meeting_id: int) -> list[AgendaVersionRow]:
    """Every version of a meeting's agenda, newest first."""
    query = select(AgendaVersionRow).where(AgendaVersionRow.meeting_id == meeting_id)
    return list(session.scalars(query.order_by(AgendaVersionRow.number.desc())))


def _last_versions(session: Session, meeting_ids: list[int]) -> dict[int, AgendaVersionRow]:
    newest = (
        select(AgendaVersionRow.meeting_id, func.max(AgendaVersionRow.number).label("number"))
        .where(AgendaVersionRow.meeting_id.in_(meeting_ids))
        .group_by(AgendaVersionRow.meeting_id)
        .subquery()
    )
    query = select(AgendaVersionRow).join(
        newest,
        (AgendaVersionRow.meeting_id == newest.c.meeting_id) & (AgendaVersionRow.number == newest.c.number),
    )
    return {row.meeting_id: row for row in session.scalars(query)} if meeting_ids else {}
