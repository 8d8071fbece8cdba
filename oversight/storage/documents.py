"""Writes the documents behind items, and hands out those that are to be read."""

from collections.abc import Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from oversight.domain.document import DocumentState
from oversight.domain.reading import Document
from oversight.storage.models import DocumentRow, FeedRow, ItemRow, MatterRow
from oversight.storage.upsert import insert_new

LEASE = timedelta(minutes=15)
WATCHED = "its matter is watched"


def save_documents(
    session: Session,
    feed: FeedRow,
    found: Sequence[tuple[Document, str | None]],
    owners: Mapping[str, Mapping[str, int]],
    *,
    now: datetime,
) -> None:
    """Add documents that are not known, each with the reason why it should be read, or None.

    `owners` gives the rows of `items` and of `meetings` by their uids.
    """
    rows: dict[str, dict[str, Any]] = {
        document.url: {
            "feed_id": feed.id,
            "url": document.url,
            "title": document.title,
            "media_type": document.media_type,
            "item_id": owners["items"].get(document.item_uid or ""),
            "meeting_id": owners["meetings"].get(document.meeting_uid or ""),
            "wanted": wanted,
            "state": DocumentState.WAITING.value,
            "found_at": now,
            "due_at": now if wanted else None,
            "tries": 0,
            "pages": [],
            "is_ocr": False,
        }
        for document, wanted in found
    }
    insert_new(session, DocumentRow, [rows[url] for url in sorted(rows)], [DocumentRow.id])
    unwanted = {row["item_id"] for row in rows.values() if not row["wanted"]}
    want_watched(session, ItemRow.id.in_(unwanted - {None}), now=now)


def want_watched(session: Session, condition: ColumnElement[bool], *, now: datetime) -> None:
    """Have the documents of those items read whose matter is on the watch list."""
    items = session.scalars(select(ItemRow.id).join(MatterRow).where(condition, MatterRow.is_watched)).all()
    if items:
        attached = update(DocumentRow).where(DocumentRow.item_id.in_(items), DocumentRow.wanted.is_(None))
        session.execute(attached.values(wanted=WATCHED, due_at=now), execution_options={"synchronize_session": False})


def claim_documents(session: Session, *, now: datetime, most: int) -> list[DocumentRow]:
    """Take documents that are due, the newest first; nobody else gets them for a quarter of an hour."""
    query = (
        select(DocumentRow)
        .where(DocumentRow.state == DocumentState.WAITING, DocumentRow.due_at <= now)
        .order_by(DocumentRow.due_at, DocumentRow.id.desc())
        .limit(most)
        .with_for_update(skip_locked=True)
    )
    rows = list(session.scalars(query))
    ids = [row.id for row in rows]
    session.execute(
        update(DocumentRow).where(DocumentRow.id.in_(ids)).values(due_at=now + LEASE, tries=DocumentRow.tries + 1),
        execution_options={"synchronize_session": False},
    )
    return rows


def finish_document(session: Session, document_id: int, values: dict[str, Any]) -> None:
    """Write what came of reading a document."""
    session.execute(
        update(DocumentRow).where(DocumentRow.id == document_id).values(values),
        execution_options={"synchronize_session": False},
    )
