"""Writes what a poll read: meetings, matters, items and the mentions among them, each known thing once."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.fingerprint import content_hash, identity, likeness
from oversight.domain.mention import Detection, MentionState
from oversight.domain.reading import Item, Reading
from oversight.storage.models import FeedRow, ItemRow, MatterRow, MeetingRow, MentionRow, MentionTechnologyRow
from oversight.storage.upsert import insert_new, upsert

LIKENESS_LIFE = timedelta(days=30)


@dataclass(frozen=True)
class Saved:
    """How many items were new, how many had changed, and how many mentions were new."""

    items_new: int = 0
    items_changed: int = 0
    mentions_new: int = 0

    def __add__(self, other: "Saved") -> "Saved":
        return Saved(
            self.items_new + other.items_new,
            self.items_changed + other.items_changed,
            self.mentions_new + other.mentions_new,
        )


def save_reading(
    session: Session, feed: FeedRow, reading: Reading, detections: Mapping[int, Detection], *, now: datetime
) -> Saved:
    """Write one reading. Known things are left alone, changed ones updated; doing it twice changes nothing.

    `detections` holds what the detector says of the relevant items, by their position in `reading.items`.
    """
    meetings = _save_meetings(session, feed, reading)
    matters = _save_matters(session, feed, reading)
    keyed = {identity(item): (item, detections.get(position)) for position, item in enumerate(reading.items)}
    known = _known(session, feed, list(keyed))
    known |= _known_by_likeness(session, feed, {key: pair[0] for key, pair in keyed.items() if key not in known}, now)
    fresh = {key: pair for key, pair in keyed.items() if key not in known}
    changed = {key: pair for key, pair in keyed.items() if key in known and known[key][1] != content_hash(pair[0])}
    rows = {
        key: _item_values(item, feed, meetings, matters) | {"feed_id": feed.id, "identity": key, "first_seen_at": now}
        for key, (item, _) in fresh.items()
    }
    inserted = insert_new(session, ItemRow, list(rows.values()), [ItemRow.id, ItemRow.identity])
    found = [(identifier, *fresh[key]) for identifier, key in inserted]
    for key, (item, detection) in changed.items():
        values = _item_values(item, feed, meetings, matters)
        session.execute(update(ItemRow).where(ItemRow.id == known[key][0]).values(values))
        found.append((known[key][0], item, detection))
    return Saved(len(inserted), len(changed), save_mentions(session, found, now=now))


def save_mentions(session: Session, found: Sequence[tuple[int, Item, Detection | None]], *, now: datetime) -> int:
    """Add a mention for each relevant item that has none, and say how many.

    A pending mention of an edited item is brought up to date, so that the evidence fits its words; a decided one
    keeps what was decided.
    """
    rows = {identifier: _mention_values(item, detection) for identifier, item, detection in found if detection}
    technologies = {identifier: detection.technologies for identifier, _, detection in found if detection}
    new = [
        values | {"item_id": key, "state": MentionState.PENDING.value, "first_matched_at": now}
        for key, values in rows.items()
    ]
    inserted = insert_new(session, MentionRow, new, [MentionRow.id, MentionRow.item_id])
    fresh = {item_id: mention_id for mention_id, item_id in inserted}
    pending = _pending(session, [item_id for item_id in rows if item_id not in fresh])
    for item_id, mention_id in pending.items():
        session.execute(update(MentionRow).where(MentionRow.id == mention_id).values(rows[item_id]))
        session.execute(delete(MentionTechnologyRow).where(MentionTechnologyRow.mention_id == mention_id))
    pairs = [
        {"mention_id": mention_id, "technology": code}
        for item_id, mention_id in (fresh | pending).items()
        for code in technologies[item_id]
    ]
    insert_new(session, MentionTechnologyRow, pairs, [MentionTechnologyRow.mention_id])
    return len(fresh)


def _save_meetings(session: Session, feed: FeedRow, reading: Reading) -> dict[str, int]:
    about = {"feed_id": feed.id, "jurisdiction": feed.jurisdiction}
    rows = {meeting.uid: asdict(meeting) | about | {"status": meeting.status.value} for meeting in reading.meetings}
    key = [MeetingRow.feed_id, MeetingRow.uid]
    upsert(session, MeetingRow, [rows[uid] for uid in sorted(rows)], key=key, returning=[MeetingRow.id])
    wanted = {item.meeting_uid for item in reading.items if item.meeting_uid}
    query = select(MeetingRow.uid, MeetingRow.id).where(MeetingRow.feed_id == feed.id, MeetingRow.uid.in_(wanted))
    return {uid: identifier for uid, identifier in session.execute(query)}


def _save_matters(session: Session, feed: FeedRow, reading: Reading) -> dict[str, int]:
    if feed.jurisdiction is None:
        return {}
    rows = {matter.file: asdict(matter) | {"jurisdiction": feed.jurisdiction} for matter in reading.matters}
    found = upsert(
        session,
        MatterRow,
        [rows[file] for file in sorted(rows)],  # one order for all: two feeds of a jurisdiction must not lock crosswise
        key=[MatterRow.jurisdiction, MatterRow.file],
        returning=[MatterRow.file, MatterRow.id],
    )
    return {file: identifier for file, identifier in found}


def _known(session: Session, feed: FeedRow, keys: list[str]) -> dict[str, tuple[int, str]]:
    found: dict[str, tuple[int, str]] = {}
    for start in range(0, len(keys), 1000):
        query = select(ItemRow.identity, ItemRow.id, ItemRow.content_hash).where(
            ItemRow.feed_id == feed.id, ItemRow.identity.in_(keys[start : start + 1000])
        )
        found |= {key: (identifier, known_hash) for key, identifier, known_hash in session.execute(query)}
    return found


def _known_by_likeness(
    session: Session, feed: FeedRow, items: Mapping[str, Item], now: datetime
) -> dict[str, tuple[int, str]]:
    """Items whose feed gave them a new id: known ones take over the new identity, and are no news (SAFETY C6)."""
    wanted = {like: key for key, item in items.items() if (like := likeness(item))}
    query = select(ItemRow.likeness, ItemRow.id, ItemRow.content_hash).where(
        ItemRow.feed_id == feed.id, ItemRow.likeness.in_(wanted), ItemRow.first_seen_at >= now - LIKENESS_LIFE
    )
    found = {}
    for like, identifier, known_hash in session.execute(query.order_by(ItemRow.id)).all():
        found[wanted[str(like)]] = (identifier, known_hash)
    for key, (identifier, _) in found.items():
        session.execute(update(ItemRow).where(ItemRow.id == identifier).values(identity=key))
    return found


def _item_values(item: Item, feed: FeedRow, meetings: dict[str, int], matters: dict[str, int]) -> dict[str, Any]:
    return {
        "uid": item.uid,
        "kind": item.kind.value,
        "title": item.title,
        "excerpt": (item.text or "")[:EXCERPT_LENGTH],
        "url": item.url,
        "published_at": item.published,
        "content_hash": content_hash(item),
        "likeness": likeness(item),
        "meeting_id": meetings.get(item.meeting_uid or ""),
        "matter_id": matters.get(item.matter_file or ""),
        "sequence": item.sequence,
        "outcome": item.outcome,
    }


def _mention_values(item: Item, detection: Detection) -> dict[str, Any]:
    places = [asdict(place) for place in detection.places]
    return {
        "score": detection.score,
        "detector": detection.detector,
        "title": item.title,
        "text": item.text or "",
        "stage": detection.stage.value if detection.stage else None,
        "jurisdiction": next((place["ocd_id"] for place in places if place["ocd_id"]), None),
        "places": places,
        "vendors": list(detection.vendors),
        "products": list(detection.products),
        "agencies": list(detection.agencies),
        "badges": list(detection.badges),
        "amount": asdict(detection.amount) if detection.amount else None,
        "evidence": [asdict(evidence) for evidence in detection.evidence],
    }


def _pending(session: Session, item_ids: list[int]) -> dict[int, int]:
    query = select(MentionRow.item_id, MentionRow.id).where(
        MentionRow.item_id.in_(item_ids), MentionRow.state == MentionState.PENDING
    )
    return {item_id: mention_id for item_id, mention_id in session.execute(query)}
