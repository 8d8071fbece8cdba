"""Stored items as the detector reads them: in the words that were matched, beside the mention that came of them."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session, selectinload

from oversight.domain.cleaning import EXCERPT_LENGTH
from oversight.domain.fingerprint import digest
from oversight.domain.mention import MentionState, Paper
from oversight.domain.reading import ItemKind
from oversight.domain.rerun import Standing
from oversight.domain.story import sign_paper
from oversight.storage.models import DocumentRow, FeedRow, ItemRow, ItemTextRow, MatterRow, MentionRow
from oversight.storage.signatures import Signed


@dataclass(frozen=True)
class Scope:
    """Which items: of one feed or of all, first seen at a moment or later, up to a row."""

    last_item_id: int
    feed_id: int | None = None
    since: datetime | None = None


@dataclass(frozen=True)
class Archived:
    """One stored item. `content_hash` changes with its words and with its mention; `is_cut` where only an excerpt of
    its words was kept. `matter_file` is the number of its matter; `is_spoken` where the words are a document's.
    """

    item_id: int
    first_seen_at: datetime
    paper: Paper
    standing: Standing | None
    content_hash: str
    is_cut: bool
    matter_file: str | None
    is_spoken: bool

    def signed(self, mention_id: int, *, is_edited: bool) -> Signed:
        """Its mention with what copies are found by; a document's words are not what others publish."""
        signature = None if self.is_spoken else sign_paper(self.paper, self.matter_file)
        is_news = self.paper.kind == ItemKind.NEWS
        return Signed(mention_id, signature, self.first_seen_at, is_news=is_news, is_edited=is_edited)


def measure(session: Session, *, feed_id: int | None, since: datetime | None) -> tuple[Scope, int]:
    """The items that there are now, and how many."""
    last = session.scalar(select(func.max(ItemRow.id))) or 0
    scope = Scope(last, feed_id, since)
    return scope, session.scalar(_within(select(func.count(ItemRow.id)), scope)) or 0


def archived_after(session: Session, scope: Scope, cursor: int, *, most: int) -> list[Archived]:
    """The next items of a scope, in the order of their rows."""
    query = _within(_items(), scope).where(ItemRow.id > cursor)
    return _archived(session, query.order_by(ItemRow.id).limit(most))


def archived_items(session: Session, item_ids: Sequence[int], *, is_locking: bool = False) -> dict[int, Archived]:
    """These items as they are now; `is_locking` keeps polls from editing them until the transaction ends."""
    if is_locking:
        session.execute(select(ItemRow.id).where(ItemRow.id.in_(item_ids)).order_by(ItemRow.id).with_for_update())
    query = _items().where(ItemRow.id.in_(item_ids)).order_by(ItemRow.id)
    return {one.item_id: one for one in _archived(session, query)}


def _within(query: Any, scope: Scope) -> Any:
    query = query.where(ItemRow.id <= scope.last_item_id)
    if scope.feed_id is not None:
        query = query.where(ItemRow.feed_id == scope.feed_id)
    return query if scope.since is None else query.where(ItemRow.first_seen_at >= scope.since)


def _items() -> Any:
    return (
        select(ItemRow, FeedRow.jurisdiction, ItemTextRow.text, MentionRow, MatterRow.file)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(ItemTextRow, ItemTextRow.item_id == ItemRow.id)
        .outerjoin(MentionRow, MentionRow.item_id == ItemRow.id)
        .outerjoin(MatterRow, MatterRow.id == ItemRow.matter_id)
        .options(selectinload(MentionRow.technologies))
        .execution_options(populate_existing=True)
    )


def _archived(session: Session, query: Any) -> list[Archived]:
    rows = session.execute(query).all()
    spoken = _documents(session, [row[3].id for row in rows if row[3] is not None])
    return [_one(row, spoken) for row in rows]


def _documents(session: Session, mention_ids: Sequence[int]) -> dict[int, str]:
    """The address of the document whose words made a mention."""
    query = select(DocumentRow.mention_id, DocumentRow.url).where(DocumentRow.mention_id.in_(mention_ids))
    return {mention_id: url for mention_id, url in session.execute(query) if mention_id is not None}


def _one(row: Any, spoken: Mapping[int, str]) -> Archived:
    item, jurisdiction, text, mention, file = row
    document = spoken.get(mention.id) if mention is not None else None
    paper = Paper(item.kind, item.title, item.excerpt if text is None else text, item.url, jurisdiction)
    if mention is not None:
        paper = _paper_of_mention(paper, mention, document)
    standing = _standing(mention) if mention is not None else None
    is_cut = mention is None and text is None and len(item.excerpt) == EXCERPT_LENGTH
    return Archived(
        item_id=item.id,
        first_seen_at=item.first_seen_at,
        paper=paper,
        standing=standing,
        content_hash=_hash(paper, standing),
        is_cut=is_cut,
        matter_file=file,
        is_spoken=document is not None,
    )


def _paper_of_mention(paper: Paper, mention: MentionRow, document: str | None) -> Paper:
    """The words that its evidence points into: the item's own as they were matched, or those of a document behind it.

    A document is judged as an agenda's, as it was when it was read.
    """
    if document is None:
        return Paper(paper.kind, mention.title, mention.text, paper.url, paper.feed_jurisdiction)
    return Paper(ItemKind.AGENDA_ITEM, mention.title, mention.text, document, paper.feed_jurisdiction)


def _standing(mention: MentionRow) -> Standing:
    return Standing(mention.id, MentionState(mention.state), values_of(mention), mention.opinion)


def values_of(mention: MentionRow) -> dict[str, Any]:
    """What a mention keeps of the detection that made it, in the form of `detected_values`, with its technologies."""
    told = {name: getattr(mention, name) for name in DETECTED}
    return told | {"technologies": sorted(one.technology for one in mention.technologies)}


DETECTED = (
    "score", "detector", "stage", "jurisdiction", "places", "modes", "vendors", "products", "seller", "agencies",
    "placement", "badges", "amount", "dates", "evidence",
)  # fmt: skip


def _hash(paper: Paper, standing: Standing | None) -> str:
    parts = [asdict(paper), asdict(standing) if standing else None]
    return digest(json.dumps(parts, sort_keys=True, ensure_ascii=False))
