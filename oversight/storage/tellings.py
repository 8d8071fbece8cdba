"""Reads of mentions what decides whether they tell one story, and which of them may."""

from collections import defaultdict
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from sqlalchemy import ColumnElement, func, select
from sqlalchemy.orm import Session

from oversight.domain.reading import ItemKind
from oversight.domain.story import NEWS_LIFE, Telling
from oversight.storage.models import ItemRow, MatterAliasRow, MatterRow, MeetingRow, MentionRow, SignatureRow
from oversight.storage.signatures import SIGNATURE, Signed, having_keys, signature_in

MOST_OF_STORY = 100
BUSINESS = func.coalesce(MatterAliasRow.lead_id, ItemRow.matter_id)  # a matter, or the one that leads it


@dataclass(frozen=True)
class Known:
    """A mention as it stands: what it tells, the lead of its story, the file number and the type of its matter."""

    telling: Telling
    lead: int | None
    file: str | None
    type: str | None


def rivals_of(session: Session, signed: Sequence[Signed]) -> dict[int, set[int]]:
    """For each of these mentions those that may tell the same: by a key that both have, or by their matter."""
    rivals: dict[int, set[int]] = {one.mention_id: set() for one in signed}
    newcomers: defaultdict[int, list[int]] = defaultdict(list)
    for one in signed:
        for key in one.signature.keys if one.signature else ():
            newcomers[key].append(one.mention_id)
    for key, mention_id in having_keys(session, list(newcomers)):
        for newcomer in newcomers[key]:
            rivals[newcomer].add(mention_id)
    for newcomer, others in _of_the_same_matter(session, signed).items():
        rivals[newcomer] |= others
    return rivals


def known_mentions(session: Session, mention_ids: Collection[int]) -> dict[int, Known]:
    """These mentions, and the first of all that stand in a story with one of them."""
    found = {row[0]: _known(row) for row in session.execute(_tellings().where(MentionRow.id.in_(mention_ids)))}
    leads = {one.lead for one in found.values()} - {None}
    place = func.row_number().over(partition_by=MentionRow.story_id, order_by=MentionRow.id).label("place")
    ranked = select(MentionRow.id, place).where(MentionRow.story_id.in_(leads)).subquery()
    first = select(ranked.c.id).where(ranked.c.place <= MOST_OF_STORY)
    beside = _tellings().where(MentionRow.id.in_(first)) if leads else None
    return found | ({row[0]: _known(row) for row in session.execute(beside)} if beside is not None else {})


def _of_the_same_matter(session: Session, signed: Sequence[Signed]) -> Mapping[int, set[int]]:
    """For each official mention those of the same business that were found lately."""
    official = [one for one in signed if not one.is_news]
    business = business_of(session, MentionRow.id.in_([one.mention_id for one in official])) if official else {}
    if not business:
        return {}
    since = min(one.seen_at for one in official) - NEWS_LIFE
    is_lately_of_them = is_about(set(business.values())) & (MentionRow.first_matched_at >= since)
    telling: defaultdict[int, set[int]] = defaultdict(set)
    for mention_id, matter in business_of(session, is_lately_of_them).items():
        telling[matter].add(mention_id)
    return {newcomer: telling[matter] for newcomer, matter in business.items()}


def is_about(matters: Collection[int]) -> ColumnElement[bool]:
    """That an item is about one of these matters, or one that they lead; said so that the index on items serves."""
    led = select(MatterAliasRow.matter_id).where(MatterAliasRow.lead_id.in_(matters))
    return BUSINESS.in_(matters) & (ItemRow.matter_id.in_(matters) | ItemRow.matter_id.in_(led))


def business_of(session: Session, condition: ColumnElement[bool]) -> dict[int, int]:
    """The matter of each mention that fits and has one, or the matter that leads it."""
    query = (
        select(MentionRow.id, BUSINESS)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
        .where(condition, ItemRow.matter_id.is_not(None))
    )
    return dict(session.execute(query).tuples().all())


def _tellings() -> Any:
    told_at = func.coalesce(ItemRow.published_at, MentionRow.first_matched_at, type_=ItemRow.published_at.type)
    return (
        select(
            MentionRow.id,
            MentionRow.story_id,
            MentionRow.places,
            ItemRow.kind,
            ItemRow.feed_id,
            MeetingRow.date,
            BUSINESS,
            told_at,
            MatterRow.file,
            MatterRow.type,
            *SIGNATURE,
        )
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .outerjoin(MatterRow, MatterRow.id == ItemRow.matter_id)
        .outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
        .outerjoin(SignatureRow, SignatureRow.mention_id == MentionRow.id)
    )


def _known(row: Any) -> Known:
    mention_id, lead, places, kind, feed_id, day, matter, told_at, file, type_, *signature = row
    telling = Telling(
        mention_id=mention_id,
        kind=ItemKind(kind),
        feed_id=feed_id,
        places=frozenset(place["ocd_id"] or place["name"] for place in places),
        day=day,
        matter=matter,
        told_at=told_at,
        signature=signature_in(*signature),
    )
    return Known(telling, lead, file, type_)
