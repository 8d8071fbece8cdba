"""Writes the documents behind items, and hands out those that are to be read."""

from collections.abc import Collection, Mapping, Sequence
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import ColumnElement, select, update
from sqlalchemy.orm import Session

from oversight.domain.document import DocumentState
from oversight.domain.mention import FALSE_ALARMS
from oversight.domain.reading import Document
from oversight.storage.models import DocumentRow, FeedRow, ItemRow, MatterRow, MentionRow
from oversight.storage.upsert import UNSEEN, insert_new

LEASE = timedelta(minutes=15)
WATCHED, MENTIONED = "its matter is watched", "belongs to a mention"


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
    # One address twice is one document: whoever has a reason to read it comes last, and stays.
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
        for document, wanted in sorted(found, key=lambda pair: pair[1] is not None)
    }
    fresh = insert_new(session, DocumentRow, [rows[url] for url in sorted(rows)], [DocumentRow.url])
    for url in rows.keys() - {url for (url,) in fresh}:
        if rows[url]["wanted"]:
            same = (DocumentRow.feed_id == feed.id) & (DocumentRow.url == url)
            _want(session, same, rows[url]["wanted"], now=now)
    unwanted = {row["item_id"] for row in rows.values() if not row["wanted"]} - {None}
    if unwanted:
        want_watched(session, ItemRow.id.in_(unwanted), now=now)
        want_mentioned(session, unwanted, now=now)


def want_watched(session: Session, condition: ColumnElement[bool], *, now: datetime) -> None:
    """Have the documents of those items read whose matter is on the watch list."""
    items = session.scalars(select(ItemRow.id).join(MatterRow).where(condition, MatterRow.is_watched)).all()
    if items:
        _want(session, DocumentRow.item_id.in_(items), WATCHED, now=now)


def want_mentioned(session: Session, item_ids: Collection[int], *, now: datetime) -> None:
    """Have the documents of those items read that are mentions, unless they are none after all."""
    query = select(MentionRow.item_id).where(MentionRow.item_id.in_(item_ids), MentionRow.state.not_in(FALSE_ALARMS))
    items = session.scalars(query).all()
    if items:
        _want(session, DocumentRow.item_id.in_(items), MENTIONED, now=now)


def _want(session: Session, condition: ColumnElement[bool], reason: str, *, now: datetime) -> None:
    """Have documents read that nobody wanted until now."""
    unwanted = update(DocumentRow).where(condition, DocumentRow.wanted.is_(None))
    session.execute(unwanted.values(wanted=reason, due_at=now), execution_options=UNSEEN)


def claim_documents(session: Session, *, now: datetime, most: int) -> list[DocumentRow]:
    """Take documents of enabled feeds that are due, the longest waiting first.

    Nobody else gets them for a quarter of an hour.
    """
    query = (
        select(DocumentRow)
        .join(FeedRow, FeedRow.id == DocumentRow.feed_id)
        .where(DocumentRow.state == DocumentState.WAITING, DocumentRow.due_at <= now, FeedRow.is_enabled)
        .order_by(DocumentRow.due_at, DocumentRow.id.desc())
        .limit(most)
        .with_for_update(skip_locked=True, of=DocumentRow)
    )
    rows = list(session.scalars(query))
    ids = [row.id for row in rows]
    session.execute(
        update(DocumentRow).where(DocumentRow.id.in_(ids)).values(due_at=now + LEASE, tries=DocumentRow.tries + 1),
        execution_options=UNSEEN,
    )
    return rows


def put_on_meeting(session: Session, document: DocumentRow, identity: str) -> int:
    """Put the item that a document of a whole meeting became on that meeting; the item."""
    query = select(ItemRow).where(ItemRow.feed_id == document.feed_id, ItemRow.identity == identity)
    item = session.scalars(query).one()
    item.meeting_id = document.meeting_id
    session.flush()
    return item.id


def finish_document(session: Session, document_id: int, values: dict[str, Any]) -> None:
    """Write what came of reading a document."""
    session.execute(
        update(DocumentRow).where(DocumentRow.id == document_id).values(values),
        execution_options=UNSEEN,
    )
