"""Writes the items that a poll read and the mentions among them, each known thing once."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from sqlalchemy import select, update
from sqlalchemy.orm import Session

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.fingerprint import Fingerprint
from oversight.domain.mention import Detection
from oversight.domain.near_duplicate import Signature
from oversight.domain.reading import Item
from oversight.storage.batches import in_batches
from oversight.storage.item_texts import is_long, save_texts
from oversight.storage.mentions import Match, save_mentions
from oversight.storage.models import FeedRow, ItemRow
from oversight.storage.upsert import UNSEEN, insert_all, insert_new

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


@dataclass(frozen=True)
class Sighting:
    """One item as it was read: what tells it apart, what the detector says of it, and what it belongs to.

    `needs_row` says that something else will point at its row, such as a document. A mention and a long text do too.
    Only what is relevant is signed.
    """

    item: Item
    mark: Fingerprint
    detection: Detection | None
    owners: Owners
    needs_row: bool = False
    signature: Signature | None = None

    def match(self, item_id: int, seen_at: datetime) -> Match:
        """What the detector says of it, for its row."""
        return Match(item_id, self.item, self.detection, seen_at, self.signature)

    @property
    def is_pointed_at(self) -> bool:
        """Whether any other row will point at its row."""
        return self.needs_row or self.detection is not None or is_long(self.item.text)


@dataclass(frozen=True)
class Found:
    """The items that one poll of a feed found."""

    feed: FeedRow
    items: list[Sighting]
    seen_at: datetime


@dataclass
class Kept:
    """What writing the items of one poll did: what was new, and the rows of those identities that need one.

    `fresh` are the rows that are new or changed; `outcomes` those of known items that have an outcome or another one.
    """

    saved: Saved = field(default_factory=Saved)
    ids: dict[str, int] = field(default_factory=dict)
    fresh: set[int] = field(default_factory=set)
    outcomes: list[int] = field(default_factory=list)


def save_items(session: Session, polls: Sequence[Found]) -> list[Kept]:
    """Write the items of several polls at once; what it did for each of them.

    Known items are left alone, changed ones updated; doing it twice changes nothing.
    """
    sorted_out = [_sorted_out(session, poll) for poll in polls]
    # Most items are only stored: to ask for their rows would cost more than all the rest of the writing.
    insert_all(session, ItemRow, [row for one in sorted_out for row in one.rows(needed=False)])
    rows = [row for one in sorted_out for row in one.rows(needed=True)]
    inserted = insert_new(session, ItemRow, rows, [ItemRow.id, ItemRow.feed_id, ItemRow.identity])
    by_feed: defaultdict[int, dict[str, int]] = defaultdict(dict)
    for identifier, feed_id, key in inserted:
        by_feed[feed_id][key] = identifier
    matched = [match for one in sorted_out for match in one.matches(session, by_feed[one.poll.feed.id])]
    save_texts(session, {identifier: text for one in sorted_out for identifier, text in one.texts(by_feed)})
    new = save_mentions(session, matched)
    return [_kept(one, by_feed[one.poll.feed.id], new) for one in sorted_out]


class _KnownItem(NamedTuple):
    """A row, and what its item said when it was last read."""

    id: int
    content: str
    outcome: str | None


@dataclass(frozen=True)
class _SortedOut:
    """The items of a poll by their identity: all of them, and the known ones with those of them that changed."""

    poll: Found
    found: dict[str, Sighting]
    known: dict[str, _KnownItem]
    changed: set[str]

    @property
    def ids(self) -> dict[str, int]:
        """The rows of the known ones."""
        return {key: one.id for key, one in self.known.items()}

    @property
    def outcomes(self) -> list[int]:
        """The rows of those whose outcome is new."""
        said = [(self.known[key], self.found[key].item.outcome) for key in sorted(self.changed)]
        return [known.id for known, outcome in said if outcome not in (None, known.outcome)]

    def rows(self, *, needed: bool) -> list[dict[str, Any]]:
        """The rows of what is not known: those that something else will point at, or the others."""
        about = {"feed_id": self.poll.feed.id, "first_seen_at": self.poll.seen_at}
        return [
            _item_values(seen) | about
            for key, seen in self.found.items()
            if key not in self.known and seen.is_pointed_at == needed
        ]

    def texts(self, inserted: Mapping[int, Mapping[str, int]]) -> list[tuple[int, str | None]]:
        """The texts to keep whole: the long ones of new items, and those of changed items, which may have shrunk."""
        new = inserted.get(self.poll.feed.id, {})
        texts = [
            (new[key], seen.item.text) for key, seen in self.found.items() if key in new and is_long(seen.item.text)
        ]
        return texts + [(self.known[key].id, self.found[key].item.text) for key in sorted(self.changed)]

    def matches(self, session: Session, inserted: Mapping[str, int]) -> list[Match]:
        """What the detector says of new and of changed items, whose rows are brought up to date."""
        found = []
        for key, seen in self.found.items():
            if key in inserted:
                found.append(seen.match(inserted[key], self.poll.seen_at))
            elif key in self.changed:
                query = update(ItemRow).where(ItemRow.id == self.known[key].id).values(_item_values(seen))
                session.execute(query, execution_options=UNSEEN)
                found.append(seen.match(self.known[key].id, self.poll.seen_at))
        return found


def _kept(one: _SortedOut, inserted: Mapping[str, int], mentioned: set[int]) -> Kept:
    ids = {**one.ids, **inserted}
    mentions = sum(identifier in mentioned for identifier in ids.values())
    fresh = {*inserted.values(), *(one.known[key].id for key in one.changed)}
    return Kept(Saved(len(one.found) - len(one.known), len(one.changed), mentions), ids, fresh, one.outcomes)


def _sorted_out(session: Session, poll: Found) -> _SortedOut:
    found = {seen.mark.identity: seen for seen in poll.items}
    known: dict[str, _KnownItem] = {}
    # A feed that never had an item can have no known one; the unique constraint guards what a crash left behind.
    if poll.feed.last_item_at is not None:
        known = _known(session, poll.feed, list(found))
        unknown = {key: seen for key, seen in found.items() if key not in known}
        known |= _known_by_likeness(session, poll, unknown, set(found))
    changed = {key for key, one in known.items() if one.content != found[key].mark.content}
    return _SortedOut(poll, found, known, changed)


def note_looks(session: Session, meeting_ids: Sequence[int], *, now: datetime) -> None:
    """Note that the outcomes of these meetings' items were looked for."""
    query = update(ItemRow).where(ItemRow.meeting_id.in_(meeting_ids)).values(outcome_looked_at=now)
    session.execute(query, execution_options=UNSEEN)


def _known(session: Session, feed: FeedRow, keys: list[str]) -> dict[str, _KnownItem]:
    found: dict[str, _KnownItem] = {}
    for some in in_batches(keys):
        query = select(ItemRow.identity, ItemRow.id, ItemRow.content_hash, ItemRow.outcome)
        query = query.where(ItemRow.feed_id == feed.id, ItemRow.identity.in_(some))
        found |= {key: _KnownItem(row, content, told) for key, row, content, told in session.execute(query)}
    return found


def _known_by_likeness(
    session: Session, poll: Found, items: Mapping[str, Sighting], present: set[str]
) -> dict[str, _KnownItem]:
    """Items whose feed gave them a new id: known ones take over the new identity, and are no news (SAFETY C6).

    `present` are the identities of everything that was read.
    """
    wanted = {seen.mark.likeness: key for key, seen in items.items() if seen.mark.likeness}
    columns = (ItemRow.likeness, ItemRow.identity, ItemRow.id, ItemRow.content_hash, ItemRow.outcome)
    query = select(*columns).where(
        ItemRow.feed_id == poll.feed.id,
        ItemRow.likeness.in_(wanted),
        ItemRow.first_seen_at >= poll.seen_at - LIKENESS_LIFE,
    )
    found = {}
    for like, identity, row, content, told in session.execute(query.order_by(ItemRow.id)).all():
        if identity not in present:  # the one that is still there under its own id is another
            found[wanted[str(like)]] = _KnownItem(row, content, told)
    for key, known in found.items():
        session.execute(update(ItemRow).where(ItemRow.id == known.id).values(identity=key))
    return found


def _item_values(seen: Sighting) -> dict[str, Any]:
    item, mark = seen.item, seen.mark
    return {
        "identity": mark.identity,
        "uid": item.uid,
        "kind": item.kind.value,
        "title": item.title,
        "excerpt": (item.text or "")[:EXCERPT_LENGTH],
        "url": item.url,
        "published_at": item.published,
        "content_hash": mark.content,
        "likeness": mark.likeness,
        "meeting_id": seen.owners.meetings.get(item.meeting_uid or ""),
        "matter_id": seen.owners.matters.get(item.matter_file or ""),
        "sequence": item.sequence,
        "outcome": item.outcome,
    }
