"""Reads the documents behind items: asks robots.txt, fetches, has a child read and match, and writes once."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from secrets import token_hex
from typing import Any

from sqlalchemy.orm import Session

from oversight.children import ChildFailed, ChildOutOfMemory, ChildPool, ChildTimeout
from oversight.documents.ocr import OCR_SECONDS
from oversight.domain.cleaning import FAILURE_LENGTH, clean_line
from oversight.domain.document import DocumentState
from oversight.domain.feed import Outcome
from oversight.domain.fingerprint import digest, fingerprint
from oversight.domain.hosts import site_of
from oversight.domain.reading import Item, ItemKind
from oversight.domain.schedule import retry_after
from oversight.errors import FeedError
from oversight.outbound.client import Fetched
from oversight.outbound.exchange import Payload
from oversight.outbound.failure import FetchError
from oversight.outbound.robots import RobotsCache
from oversight.services.ask import ClosedForNow, heed_robots, is_strangers
from oversight.services.events_of_mentions import tell_unreviewed
from oversight.services.examine_document import ExaminedDocument, examine_document
from oversight.services.visit import TROUBLE, Web
from oversight.storage.documents import claim_documents, finish_document, put_on_meeting
from oversight.storage.engine import Sessions, reading
from oversight.storage.items import Found, Owners, Sighting, save_items
from oversight.storage.mentions import Match, mention_of, save_mentions
from oversight.storage.models import DocumentRow, FeedRow, ItemRow
from oversight.storage.pauses import pause_host, paused_hosts

log = logging.getLogger(__name__)
AT_ONCE = 20
THREADS = 4
TRIES = 4
RETRY = timedelta(hours=1)
ACCEPT = "application/pdf, text/html;q=0.9, */*;q=0.5"
OCR_WALL_SECONDS = OCR_SECONDS + 15
# What may be over when it is tried again; any other failure is final.
PASSING = {*TROUBLE, Outcome.TRUNCATED}
BROKEN_SERVER = 500


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
    stop: threading.Event = field(default_factory=threading.Event)


@dataclass(frozen=True)
class Result:
    """What came of one document: the columns to write, what was read where anything was, a site's wish for peace."""

    row: DocumentRow
    values: dict[str, Any]
    examined: ExaminedDocument | None = None
    pause: datetime | None = None


def read_documents(librarian: Librarian, *, most: int = AT_ONCE) -> int:
    """Read documents that are due, at most so many; how many were dealt with. One bad never stops the others.

    An unexpected error is raised after all had their turn; its document is due again by itself.
    """
    with librarian.sessions.begin() as session:
        rows = claim_documents(session, now=librarian.now(), most=most)
        feeds = {row.feed_id: session.get_one(FeedRow, row.feed_id).address for row in rows}
        paused = paused_hosts(session, now=librarian.now())
    count, broken = 0, list[Exception]()
    with ThreadPoolExecutor(THREADS, thread_name_prefix="documents") as threads:
        reading_now = [(row, threads.submit(read_one, librarian, row, feeds[row.feed_id], paused)) for row in rows]
        for row, future in reading_now:
            try:
                count += _save(librarian, future.result())
            except Exception as error:
                log.critical("the document %s could not be dealt with", row.id, exc_info=True)
                broken.append(error)
    if broken:
        raise broken[0]
    return count


def read_one(librarian: Librarian, row: DocumentRow, feed_url: str, paused: dict[str, datetime]) -> Result | None:
    """Fetch and read one document; None where the process is to stop: then it is due again by itself.

    `paused` are the sites that want to be left in peace; one that asks for it now is added.
    """
    if librarian.stop.is_set():
        return None
    site = site_of(row.url)
    if site in paused:
        return Result(row, {"due_at": paused[site], "tries": row.tries})
    try:
        heed_robots(librarian.robots, librarian.web, row.url)
        payload = Payload(is_strangers=is_strangers(row.url, feed_url))
        fetched = librarian.web.fetch(row.url, accept=ACCEPT, payload=payload)
    except FeedError as error:
        refused = _refused(librarian, row, error)
        if refused.pause is not None:
            paused[site] = refused.pause
        return refused
    return _examined(librarian, row, fetched)


def _save(librarian: Librarian, result: Result | None) -> bool:
    """Write what came of one document; False where nothing did."""
    if result is None:
        return False
    with librarian.sessions.begin() as session:
        save_result(session, result, now=librarian.now())
    return True


def save_result(session: Session, result: Result, *, now: datetime) -> None:
    """Write what came of a document, and the mention that its words make where the item's own made none."""
    finish_document(session, result.row.id, result.values)
    if result.pause is not None:
        pause_host(session, site_of(result.row.url), until=result.pause, reason=result.values["reason"])
    examined = result.examined
    if examined is None or examined.detection is None:
        return
    item_id = result.row.item_id or _own_item(session, result.row, now=now)
    if mention_of(session, item_id) is not None:
        return  # it is known; its evidence is the item's own
    item = session.get_one(ItemRow, item_id)
    spoken = Item(uid=item.uid, kind=ItemKind(item.kind), title=item.title, text=examined.document.text, url=item.url,
                  published=item.published_at)  # fmt: skip
    save_mentions(session, [Match(item_id, spoken, examined.detection, now)])
    finish_document(session, result.row.id, {"mention_id": mention_of(session, item_id)})
    tell_unreviewed(session, [item_id], at=now)


def _own_item(session: Session, row: DocumentRow, *, now: datetime) -> int:
    """A document of a whole meeting has no item: it becomes one itself."""
    feed = session.get_one(FeedRow, row.feed_id)
    title = row.title or "Document of the meeting"
    item = Item(uid=f"document {row.url}", kind=ItemKind.NOTICE, title=title, text=None, url=row.url, published=None)
    mark = fingerprint(item)
    save_items(session, [Found(feed, [Sighting(item, mark, None, Owners({}, {}), needs_row=True)], now)])
    return put_on_meeting(session, row, mark.identity)


def _examined(librarian: Librarian, row: DocumentRow, fetched: Fetched) -> Result:
    media_type = fetched.headers.get("content-type", "") or row.media_type or ""
    with reading(librarian.sessions) as session:
        feed = session.get_one(FeedRow, row.feed_id)
        item = session.get_one(ItemRow, row.item_id) if row.item_id else None
        title = (item and item.title) or row.title or ""
    try:
        examined = librarian.children.run(
            examine_document,
            (fetched.body, media_type, row.url),
            title,
            feed.jurisdiction,
            librarian.is_ocr,
            wall_seconds=OCR_WALL_SECONDS if librarian.is_ocr else None,
        )
    except (ChildTimeout, ChildOutOfMemory, ChildFailed) as error:
        return _unreadable(librarian, row, str(error))
    document = examined.document
    values = {
        "state": document.state.value,
        "reason": clean_line(document.reason, FAILURE_LENGTH) if document.reason else None,
        "media_type": document.media_type,
        "read_at": librarian.now(),
        "due_at": None,
        "content_hash": digest(fetched.body),
        "size": len(fetched.body),
        "page_count": document.page_count,
        "pages": list(document.pages),
        "is_ocr": document.is_ocr,
        "stored_as": shelved(librarian, fetched.body),
    }
    return Result(row, values, examined)


def _refused(librarian: Librarian, row: DocumentRow, error: FeedError) -> Result:
    """It could not be fetched: tried again a few times, later each time, unless it is of no use."""
    now = librarian.now()
    status = error.status if isinstance(error, FetchError) else None
    is_passing = isinstance(error, ClosedForNow) or Outcome(error.outcome) in PASSING
    may_pass = is_passing or (status or 0) >= BROKEN_SERVER
    reason = clean_line(str(error), FAILURE_LENGTH)
    pause = None
    if isinstance(error, FetchError) and Outcome(error.outcome) is Outcome.RATE_LIMITED:
        pause = now + retry_after(error.headers.get("retry-after"), now=now)
    if not may_pass or row.tries >= TRIES:
        return Result(row, {"state": DocumentState.REFUSED.value, "reason": reason, "due_at": None}, pause=pause)
    due = pause or now + RETRY * 2**row.tries
    return Result(row, {"state": DocumentState.WAITING.value, "reason": reason, "due_at": due}, pause=pause)


def _unreadable(librarian: Librarian, row: DocumentRow, reason: str) -> Result:
    values = {"state": DocumentState.UNREADABLE.value, "reason": clean_line(reason, FAILURE_LENGTH), "due_at": None}
    return Result(row, values | {"read_at": librarian.now()})


def shelved(librarian: Librarian, body: bytes) -> str | None:
    """Keep a copy under its hash, where a shelf is set."""
    if librarian.shelf is None:
        return None
    name = digest(body)
    file = librarian.shelf / name[:2] / name
    try:
        file.parent.mkdir(mode=0o700, parents=True, exist_ok=True)
        if not file.exists():
            # A name of its own: another thread may be keeping the same bytes at this moment.
            unfinished = file.with_suffix(f".{token_hex(8)}.new")
            try:
                unfinished.write_bytes(body)
                unfinished.replace(file)
            finally:
                unfinished.unlink(missing_ok=True)
    except OSError:
        log.exception("no copy of a document could be kept in %s", librarian.shelf)
        return None
    return f"{name[:2]}/{name}"
