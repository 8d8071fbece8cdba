"""Reads, writes and decides mentions."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.mention import Detection, MentionState, Ruling
from oversight.domain.near_duplicate import Signature
from oversight.domain.reading import Item, ItemKind
from oversight.errors import NotFound
from oversight.storage.models import DocumentRow, MentionRow, MentionTechnologyRow
from oversight.storage.signatures import Signed
from oversight.storage.stories import join_stories
from oversight.storage.upsert import insert_new, was_changed


def get_mention(session: Session, mention_id: int) -> MentionRow:
    """The mention with its technologies; raises NotFound."""
    options = [selectinload(MentionRow.technologies), selectinload(MentionRow.item)]
    row = session.get(MentionRow, mention_id, options=options)
    if row is None:
        raise NotFound(f"there is no mention {mention_id}")
    return row


def decide_mention(session: Session, mention: MentionRow, state: MentionState, ruling: Ruling) -> bool:
    """Move a pending mention to `state`; False where somebody else decided it first."""
    query = (
        update(MentionRow)
        .where(MentionRow.id == mention.id, MentionRow.state == MentionState.PENDING)
        .values(state=state.value, decided_by=ruling.reviewer, decided_at=ruling.at, reason=ruling.reason)
    )
    is_first = was_changed(session, query)
    session.refresh(mention, ["state", "decided_by", "decided_at", "reason"])
    return is_first


@dataclass(frozen=True)
class Match:
    """What the detector says of an item that is new or has changed; None where it is not relevant.

    By its signature the copies of a relevant one are found; a known one without stays in the story that it is in.
    """

    item_id: int
    item: Item
    detection: Detection | None
    seen_at: datetime
    signature: Signature | None = None


def save_mentions(session: Session, matches: Sequence[Match]) -> set[int]:
    """Add a mention for each relevant item that has none, to the story that it tells; the items that got one.

    A pending mention of an edited item is brought up to date, so that the evidence fits its words; a decided one
    keeps what was decided.
    """
    relevant = {match.item_id: (match, match.detection) for match in matches if match.detection}
    if not relevant:
        return set()
    rows = {key: _mention_values(match.item, detection) for key, (match, detection) in relevant.items()}
    new = [
        values | {"item_id": key, "state": MentionState.PENDING.value, "first_matched_at": relevant[key][0].seen_at}
        for key, values in rows.items()
    ]
    inserted = insert_new(session, MentionRow, new, [MentionRow.id, MentionRow.item_id])
    fresh = {item_id: mention_id for mention_id, item_id in inserted}
    known = [item_id for item_id in rows if item_id not in fresh]
    pending = _pending(session, known) if known else {}
    # Its words are the item's own from now on: a document's pages would not fit them.
    spoken = update(DocumentRow).where(DocumentRow.mention_id.in_(pending.values())).values(mention_id=None)
    if pending:
        session.execute(spoken, execution_options={"synchronize_session": False})
    for item_id, mention_id in pending.items():
        session.execute(update(MentionRow).where(MentionRow.id == mention_id).values(rows[item_id]))
        session.execute(delete(MentionTechnologyRow).where(MentionTechnologyRow.mention_id == mention_id))
    if pending:  # their evidence is now in the items' own words
        spoken = update(DocumentRow).where(DocumentRow.mention_id.in_(pending.values()))
        session.execute(spoken.values(mention_id=None), execution_options={"synchronize_session": False})
    pairs = [
        {"mention_id": mention_id, "technology": code}
        for item_id, mention_id in (fresh | pending).items()
        for code in relevant[item_id][1].technologies
    ]
    insert_new(session, MentionTechnologyRow, pairs, [MentionTechnologyRow.mention_id])
    told = {mention_id: relevant[item_id][0] for item_id, mention_id in (fresh | pending).items()}
    signed = [_signed(told[key], key, is_edited=key in pending.values()) for key in sorted(told)]
    join_stories(session, [one for one in signed if one.signature or not one.is_edited])
    return set(fresh)


def _signed(match: Match, mention_id: int, *, is_edited: bool) -> Signed:
    is_news = match.item.kind is ItemKind.NEWS
    return Signed(mention_id, match.signature, match.seen_at, is_news=is_news, is_edited=is_edited)


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
