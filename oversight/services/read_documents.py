"""Reads the documents behind items: asks robots.txt, fetches, has a child read and match, and writes once."""

import threading
from collections.abc import Callable, Mapping
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.domain.cleaning import clean_line
from oversight.domain.document import DocumentState
from oversight.domain.feed import Outcome
from oversight.domain.fingerprint import digest, fingerprint
from oversight.domain.reading import Item, ItemKind
from oversight.errors import FeedError
from oversight.outbound.client import Fetched
from oversight.outbound.robots import RobotsCache
from oversight.services.ask import heed_robots
from oversight.services.examine_document import ExaminedDocument, examine_document
from oversight.services.feed_keys import filled, masked
from oversight.services.visit import TROUBLE, Web
from oversight.storage.documents import claim_documents, finish_document
from oversight.storage.engine import Sessions, reading
from oversight.storage.items import Found, Owners, Sighting, save_items
from oversight.storage.mentions import Match, save_mentions
from oversight.storage.models import DocumentRow, FeedRow, ItemRow, MentionRow

AT_ONCE = 20
THREADS = 4
TRIES = 4
RETRY = timedelta(hours=1)


@dataclass(frozen=True)
class Librarian:
    """What reading documents needs: as a poll does, with robots.txt, and a shelf where copies are kept, if any."""

    sessions: Sessions
    web: Web
    children: ChildPool
    now: Callable[[], datetime]
    robots: RobotsCache | None = None
    shelf: Path | None = None
    is_ocr: bool = False
    keys: Mapping[str, str] = field(default_factory=dict)
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Result:
    """What came of one document: the columns to write, and what was read where anything was."""

    row: DocumentRow
    values: dict[str, Any]
    examined: ExaminedDocument | None = None


def read_documents(librarian: Librarian, *, most: int = AT_ONCE) -> int:
    """Read documents that are due, at most so many; how many were dealt with. One bad never stops the others."""
    with librarian.sessions.begin() as session:
        rows = claim_documents(session, now=librarian.now(), most=most)
    with ThreadPoolExecutor(THREADS, thread_name_prefix="documents") as threads:
        results = [result for result in threads.map(lambda row: read_one(librarian, row), rows) if result]
    for result in results:
        with librarian.sessions.begin() as session:
            save_result(session, result, now=librarian.now())
    return len(results)


def read_one(librarian: Librarian, row: DocumentRow) -> Result | None:
    """Fetch and read one document; None where the process is to stop: then it is due again by itself."""
    if librarian.stop.is_set():
        return None
    try:
        heed_robots(librarian.robots, librarian.web, row.url)
        fetched = librarian.web.fetch(
            filled(row.url, librarian.keys),
            accept="application/pdf, text/html;q=0.9, */*;q=0.5",
        )
    except FeedError as error:
        is_final = Outcome(error.outcome) not in TROUBLE
        return _refused(librarian, row, masked(str(error), librarian.keys), is_final=is_final)
    return _examined(librarian, row, fetched)


def save_result(session: Session, result: Result, *, now: datetime) -> None:
    """Write what came of a document, and the mention that its words make where the item's own made none."""
    finish_document(session, result.row.id, result.values)
    examined = result.examined
    if examined is None or examined.detection is None:
        return
    item_id = result.row.item_id or _own_item(session, result.row, now=now)
    if session.scalar(select(MentionRow.id).where(MentionRow.item_id == item_id)) is not None:
        return  # it is known; its evidence is the item's own
    item = session.get_one(ItemRow, item_id)
    spoken = Item(uid=item.uid, kind=ItemKind(item.kind), title=item.title, text=examined.document.text, url=item.url,
                  published=item.published_at)  # fmt: skip
    save_mentions(session, [Match(item_id, spoken, examined.detection, now)])
    mention_id = session.scalar(select(MentionRow.id).where(MentionRow.item_id == item_id))
    finish_document(session, result.row.id, {"mention_id": mention_id})


def _own_item(session: Session, row: DocumentRow, *, now: datetime) -> int:
    """A document of a whole meeting has no item: it becomes one itself."""
    feed = session.get_one(FeedRow, row.feed_id)
    title = row.title or "Document of the meeting"
    item = Item(uid=f"document {row.url}", kind=ItemKind.NOTICE, title=title, text=None, url=row.url, published=None)
    (kept,) = save_items(
        session, [Found(feed, [Sighting(item, fingerprint(item), None, Owners({}, {}), needs_row=True)], now)]
    )
    (identifier,) = kept.ids.values()
    session.get_one(ItemRow, identifier).meeting_id = row.meeting_id
    session.flush()
    return identifier


def _examined(librarian: Librarian, row: DocumentRow, fetched: Fetched) -> Result:
    media_type = fetched.headers.get("content-type", "") or row.media_type or ""
    with reading(librarian.sessions) as session:
        feed = session.get_one(FeedRow, row.feed_id)
        title = session.scalar(select(ItemRow.title).where(ItemRow.id == row.item_id)) or row.title or ""
    try:
        examined = librarian.children.run(
            examine_document, (fetched.body, media_type, row.url), title, feed.jurisdiction, librarian.is_ocr
        )
    except (ChildTimeout, ChildOutOfMemory, ChildFailed) as error:
        return _unreadable(librarian, row, str(error))
    document = examined.document
    values = {
        "state": document.state.value,
        "reason": document.reason,
        "media_type": document.media_type,
        "read_at": librarian.now(),
        "due_at": None,
        "content_hash": digest(fetched.body),
        "size": len(fetched.body),
        "page_count": document.page_count,
        "pages": list(document.pages),
        "is_ocr": document.is_ocr,
        "stored_as": _shelved(librarian, fetched.body),
    }
    return Result(row, values, examined)


def _refused(librarian: Librarian, row: DocumentRow, reason: str, *, is_final: bool) -> Result:
    """It could not be fetched: tried again a few times, later each time, unless it is of no use."""
    is_over = is_final or row.tries >= TRIES
    due = None if is_over else librarian.now() + RETRY * 2**row.tries
    state = DocumentState.REFUSED if is_over else DocumentState.WAITING
    return Result(row, {"state": state.value, "reason": clean_line(reason, 300), "due_at": due})


def _unreadable(librarian: Librarian, row: DocumentRow, reason: str) -> Result:
    values = {"state": DocumentState.UNREADABLE.value, "reason": clean_line(reason, 300), "due_at": None}
    return Result(row, values | {"read_at": librarian.now()})


def _shelved(librarian: Librarian, body: bytes) -> str | None:
    """Keep a copy under its hash, where a shelf is set."""
    if librarian.shelf is None:
        return None
    name = digest(body)
    file = librarian.shelf / name[:2] / name
    file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
    if not file.exists():
        unfinished = file.with_suffix(".new")
        unfinished.write_bytes(body)
        unfinished.replace(file)
    return f"{name[:2]}/{name}"
