"""Writes the items that a poll read and the mentions among them, each known thing once."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.fingerprint import content_hash, identity, likeness
from oversight.domain.mention import Detection
from oversight.domain.reading import Item
from oversight.storage.mentions import save_mentions
from oversight.storage.models import FeedRow, ItemRow
from oversight.storage.upsert import insert_new

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


@dataclass(frozen=True)
class Owners:
    """The rows that items belong to: meetings by uid, matters by file number."""

    meetings: Mapping[str, int]
    matters: Mapping[str, int]


def save_items(
    session: Session,
    feed: FeedRow,
    found: Sequence[tuple[Item, Detection | None]],
    owners: Owners,
    *,
    now: datetime,
) -> tuple[Saved, dict[str, int]]:
    """Write items with what the detector says of the relevant ones; what was new, and the row of each identity.

    Known items are left alone, changed ones updated; doing it twice changes nothing.
    """
    keyed = {identity(item): (item, detection) for item, detection in found}
    known = _known(session, feed, list(keyed))
    known |= _known_by_likeness(session, feed, {key: pair[0] for key, pair in keyed.items() if key not in known}, now)
    fresh = {key: pair for key, pair in keyed.items() if key not in known}
    changed = {key: pair for key, pair in keyed.items() if key in known and known[key][1] != content_hash(pair[0])}
    rows = {
        key: _item_values(item, owners) | {"feed_id": feed.id, "identity": key, "first_seen_at": now}
        for key, (item, _) in fresh.items()
    }
    inserted = insert_new(session, ItemRow, list(rows.values()), [ItemRow.id, ItemRow.identity])
    matched = [(identifier, *fresh[key]) for identifier, key in inserted]
    for key, (item, detection) in changed.items():
        values = _item_values(item, owners)
        session.execute(update(ItemRow).where(ItemRow.id == known[key][0]).values(values))
        matched.append((known[key][0], item, detection))
    mentions = save_mentions(session, matched, now=now)
    ids = {key: identifier for identifier, key in inserted} | {key: pair[0] for key, pair in known.items()}
    return Saved(len(inserted), len(changed), mentions), ids


def note_looks(session: Session, meeting_ids: Sequence[int], *, now: datetime) -> None:
    """Note that the outcomes of these meetings' items were looked for."""
    query = update(ItemRow).where(ItemRow.meeting_id.in_(meeting_ids)).values(outcome_looked_at=now)
    session.execute(query, execution_options={"synchronize_session": False})


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


def _item_values(item: Item, owners: Owners) -> dict[str, Any]:
    return {
        "uid": item.uid,
        "kind": item.kind.value,
        "title": item.title,
        "excerpt": (item.text or "")[:EXCERPT_LENGTH],
        "url": item.url,
        "published_at": item.published,
        "content_hash": content_hash(item),
        "likeness": likeness(item),
        "meeting_id": owners.meetings.get(item.meeting_uid or ""),
        "matter_id": owners.matters.get(item.matter_file or ""),
        "sequence": item.sequence,
        "outcome": item.outcome,
    }
