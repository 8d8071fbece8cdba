"""Reads, writes and decides mentions."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import delete, select, update
from sqlalchemy.orm import Session, selectinload

from oversight.domain.mention import Detection, MentionState, Ruling
from oversight.domain.near_duplicate import Signature
from oversight.domain.reading import Item, ItemKind
from oversight.errors import NotFound
from oversight.storage.models import DocumentRow, FeedRow, ItemRow, MeetingRow, MentionRow, MentionTechnologyRow
from oversight.storage.revisions import Change, add_revision
from oversight.storage.signatures import Signed
from oversight.storage.stories import join_stories, take_turns
from oversight.storage.upsert import UNSEEN, insert_new, was_changed

UNDECIDED = (MentionState.PENDING, MentionState.WITHDRAWN)


def get_mention(session: Session, mention_id: int) -> MentionRow:
    """The mention with its technologies; raises NotFound."""
    options = [selectinload(MentionRow.technologies), selectinload(MentionRow.item)]
    row = session.get(MentionRow, mention_id, options=options)
    if row is None:
        raise NotFound(f"there is no mention {mention_id}")
    return row


def mention_of(session: Session, item_id: int) -> int | None:
    """The mention of an item; None where it has none, or one that was withdrawn."""
    query = select(MentionRow.id).where(MentionRow.item_id == item_id, MentionRow.state != MentionState.WITHDRAWN)
    return session.scalar(query)


def title_of(session: Session, mention_id: int) -> str:
    """The title of a mention; empty where there is no such mention, or it has none."""
    return session.scalar(select(MentionRow.title).where(MentionRow.id == mention_id)) or ""


@dataclass(frozen=True)
class Publication:
    """Where a mention's item can be read, who published it, and on which day as far as that is known."""

    url: str | None
    publisher: str
    day: date | None


def source_of(session: Session, mention: MentionRow) -> Publication:
    """A mention's item as a source: an agenda's entry may be read on the page of its meeting."""
    query = select(ItemRow.url, ItemRow.published_at, FeedRow.title, MeetingRow.url, MeetingRow.date)
    query = query.join(FeedRow, FeedRow.id == ItemRow.feed_id).outerjoin(
        MeetingRow, MeetingRow.id == ItemRow.meeting_id
    )
    url, published, title, page, day = session.execute(query.where(ItemRow.id == mention.item_id)).one()
    return Publication(url or page, title, day or (published.date() if published else None))


def decide_mention(session: Session, mention: MentionRow, state: MentionState, ruling: Ruling) -> bool:
    """Move a mention that is not decided to `state`; False where somebody else decided it first."""
    query = (
        update(MentionRow)
        .where(MentionRow.id == mention.id, MentionRow.state == mention.state)
        .values(state=state.value, decided_by=ruling.reviewer, decided_at=ruling.at, reason=ruling.reason)
    )
    is_first = was_changed(session, query)
    session.refresh(mention, ["state", "decided_by", "decided_at", "reason"])
    return is_first


def undecide_mention(session: Session, mention: MentionRow, state: MentionState) -> bool:
    """Give a mention the state back that it had before it was decided; False where somebody else decided it anew."""
    gone = {"decided_by": None, "decided_at": None, "reason": None, "opinion": None}
    query = update(MentionRow).where(MentionRow.id == mention.id, MentionRow.state == mention.state)
    is_first = was_changed(session, query.values(state=state.value, **gone))
    session.refresh(mention, ["state", *gone])
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


@dataclass(frozen=True)
class Move:
    """A detector's step with a mention: from which state to which, by which version, and why."""

    before: MentionState
    after: MentionState
    detector: str
    reason: str


def save_mentions(session: Session, matches: Sequence[Match]) -> set[int]:
    """Add a mention for each relevant item that has none, to the story that it tells; the items that got one.

    A mention of an edited item that no editor decided is brought up to date, so that the evidence fits its words, and
    waits again where it had been withdrawn; a decided one keeps what was decided.
    """
    relevant = {match.item_id: (match, match.detection) for match in matches if match.detection}
    if not relevant:
        return set()
    take_turns(session)  # before any mention is locked: whoever else waits for its turn must not hold one
    rows = {key: _row_of(match.item, detection) for key, (match, detection) in relevant.items()}
    new = [values | {"item_id": key, "first_matched_at": relevant[key][0].seen_at} for key, values in rows.items()]
    inserted = insert_new(session, MentionRow, new, [MentionRow.id, MentionRow.item_id])
    fresh = {item_id: mention_id for mention_id, item_id in inserted}
    known = [item_id for item_id in rows if item_id not in fresh]
    renewed = _renew(session, known, relevant, rows) if known else {}
    pairs = [
        {"mention_id": mention_id, "technology": code}
        for item_id, mention_id in (fresh | renewed).items()
        for code in relevant[item_id][1].technologies
    ]
    insert_new(session, MentionTechnologyRow, pairs, [MentionTechnologyRow.mention_id])
    told = {mention_id: relevant[item_id][0] for item_id, mention_id in (fresh | renewed).items()}
    signed = [_signed(told[key], key, is_edited=key in renewed.values()) for key in sorted(told)]
    join_stories(session, [one for one in signed if one.signature or not one.is_edited])
    return set(fresh)


def _signed(match: Match, mention_id: int, *, is_edited: bool) -> Signed:
    is_news = match.item.kind is ItemKind.NEWS
    return Signed(mention_id, match.signature, match.seen_at, is_news=is_news, is_edited=is_edited)


def _renew(
    session: Session,
    item_ids: list[int],
    relevant: Mapping[int, tuple[Match, Detection]],
    rows: Mapping[int, dict[str, Any]],
) -> dict[int, int]:
    """Bring the mentions of these items up to date that no editor decided; those, by item."""
    query = select(MentionRow).where(MentionRow.item_id.in_(item_ids), MentionRow.state.in_(UNDECIDED))
    renewed = {}
    for mention in session.scalars(query).all():
        # The condition again: an editor may have decided since.
        same = update(MentionRow).where(MentionRow.id == mention.id, MentionRow.state == mention.state)
        if not was_changed(session, same.values(rows[mention.item_id])):
            continue
        renewed[mention.item_id] = mention.id
        if mention.state == MentionState.WITHDRAWN:
            match, detection = relevant[mention.item_id]
            move = Move(
                MentionState.WITHDRAWN, MentionState.PENDING, detection.detector, "found again in changed words"
            )
            note_move(session, mention.id, move, at=match.seen_at)
    ids = list(renewed.values())
    session.execute(
        delete(MentionTechnologyRow).where(MentionTechnologyRow.mention_id.in_(ids)), execution_options=UNSEEN
    )
    # Its words are the item's own from now on: a document's pages would not fit them.
    spoken = update(DocumentRow).where(DocumentRow.mention_id.in_(ids)).values(mention_id=None)
    session.execute(spoken, execution_options=UNSEEN)
    return renewed


def note_move(session: Session, mention_id: int, move: Move, *, at: datetime) -> None:
    """Leave in the history that a detector, and no editor, moved a mention."""
    before, after = {"state": move.before.value}, {"state": move.after.value}
    actor = f"detector {move.detector}"
    change = Change(entity="mention", key=str(mention_id), before=before, after=after, actor=actor, reason=move.reason)
    add_revision(session, change, at=at)


def _row_of(item: Item, detection: Detection) -> dict[str, Any]:
    words = {"title": item.title, "text": item.text or "", "state": MentionState.PENDING.value}
    return detected_values(detection) | words


def detected_values(detection: Detection) -> dict[str, Any]:
    """What a mention keeps of a detection; its technologies have a table of their own."""
    places = [asdict(place) for place in detection.places]
    return {
        "score": detection.score,
        "detector": detection.detector,
        "stage": detection.stage.value if detection.stage else None,
        "jurisdiction": next((place["ocd_id"] for place in places if place["ocd_id"]), None),
        "places": places,
        "modes": list(detection.modes),
        "vendors": list(detection.vendors),
        "products": list(detection.products),
        "seller": detection.seller,
        "agencies": list(detection.agencies),
        "placement": detection.placement,
        "badges": list(detection.badges),
        "amount": asdict(detection.amount) if detection.amount else None,
        "dates": [asdict(named) for named in detection.dates],
        "evidence": [vars(evidence) for evidence in detection.evidence],  # flat, and there are very many of them
    }


@dataclass(frozen=True)
class Decided:
    """What an editor decided about a mention, and why."""

    mention_id: int
    state: MentionState
    reason: str | None


def decided_after(session: Session, item_id: int, *, most: int) -> dict[int, Decided]:
    """The next decisions by their items, in the order of the items."""
    query = select(MentionRow.item_id, MentionRow.id, MentionRow.state, MentionRow.reason).where(
        MentionRow.item_id > item_id, MentionRow.state.in_((MentionState.CONFIRMED, MentionState.DISMISSED))
    )
    rows = session.execute(query.order_by(MentionRow.item_id).limit(most))
    return {row.item_id: Decided(row.id, MentionState(row.state), row.reason) for row in rows}
