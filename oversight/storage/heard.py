"""The mentions that subscribers were told of, found by what happens later to their items, meetings and matters."""

from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

from sqlalchemy import ColumnElement, and_, exists, or_, select
from sqlalchemy.orm import Session

from oversight.domain.event import EventKind
from oversight.domain.mention import FALSE_ALARMS, MentionState
from oversight.domain.reading import ItemKind
from oversight.storage.batches import in_batches
from oversight.storage.models import EventRow, ItemRow, MatterAliasRow, MeetingRow, MentionRow
from oversight.storage.subjects import OF_MENTION
from oversight.storage.tellings import BUSINESS, business_of, is_about

STANDING_EVENT = and_(
    EventRow.mention_id == MentionRow.id, EventRow.kind == EventKind.MENTION.value, EventRow.withdrawn_at.is_(None)
)


@dataclass(frozen=True)
class Heard:
    """A mention whose event stands, loaded with `OF_MENTION`; `business` is its matter, or the one that leads that."""

    mention: MentionRow
    is_reviewed: bool
    business: int | None


def heard_of_items(session: Session, item_ids: Collection[int]) -> dict[int, list[Heard]]:
    """The mentions of these items that were told of, or of the matters that they are about, by item."""
    query = select(ItemRow.id, BUSINESS).outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
    business = dict(session.execute(query.where(ItemRow.id.in_(item_ids))).tuples().all()) if item_ids else {}
    heard = _heard(session, MentionRow.item_id.in_(item_ids)) if item_ids else []
    heard += heard_of_matters(session, {matter for matter in business.values() if matter is not None})
    return {
        item_id: _once(
            [one for one in heard if one.mention.item_id == item_id or (matter is not None and one.business == matter)]
        )
        for item_id, matter in business.items()
    }


def heard_of_meetings(session: Session, meeting_ids: Collection[int]) -> dict[int, list[Heard]]:
    """The mentions that were told of, on these meetings' agendas or of matters that are on them, by meeting."""
    if not meeting_ids:
        return {}
    found: defaultdict[int, list[Heard]] = defaultdict(list)
    for one in _heard(session, ItemRow.meeting_id.in_(meeting_ids)):
        found[one.mention.item.meeting_id or 0].append(one)
    query = select(ItemRow.meeting_id, BUSINESS).outerjoin(
        MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id
    )
    on = query.where(ItemRow.meeting_id.in_(meeting_ids), ItemRow.matter_id.is_not(None)).distinct()
    pairs = session.execute(on).tuples().all()
    heard = heard_of_matters(session, {matter for _, matter in pairs})
    for meeting_id, matter in pairs:
        found[meeting_id or 0] += [one for one in heard if one.business == matter]
    return {meeting_id: _once(ones) for meeting_id, ones in found.items() if ones}


def heard_of_matters(session: Session, leads: Collection[int]) -> list[Heard]:
    """The mentions that were told of these matters, or of others that they lead."""
    return [one for some in in_batches(sorted(leads)) for one in _heard(session, is_about(some))]


def leads_of(session: Session, matter_ids: Collection[int]) -> dict[int, int]:
    """The matter that leads each of these: itself, where no other does."""
    query = select(MatterAliasRow.matter_id, MatterAliasRow.lead_id).where(MatterAliasRow.matter_id.in_(matter_ids))
    led: Mapping[int, int] = dict(session.execute(query).tuples().all()) if matter_ids else {}
    return {matter_id: led.get(matter_id, matter_id) for matter_id in matter_ids}


def unheard_of(session: Session, item_ids: Collection[int], *, score: float, since: date) -> list[MentionRow]:
    """The official mentions of these items that wait for an editor, have such a score, and were not told of.

    Only of meetings of that day or later.
    One that an editor confirmed and took back is not among them: it was looked at.
    """
    if not item_ids:
        return []
    was_told = exists().where(
        EventRow.mention_id == MentionRow.id, or_(EventRow.withdrawn_at.is_(None), EventRow.is_reviewed)
    )
    query = (
        select(MentionRow)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .where(
            MentionRow.item_id.in_(item_ids),
            MentionRow.state == MentionState.PENDING.value,
            MentionRow.score >= score,
            ItemRow.kind != ItemKind.NEWS.value,
            MeetingRow.date >= since,
            ~was_told,
        )
    )
    loaded = query.options(*OF_MENTION).order_by(MentionRow.id).execution_options(populate_existing=True)
    return list(session.scalars(loaded))


def is_story_settled(session: Session, mention: MentionRow) -> bool:
    """Whether another mention of its story or its matter was told of, or an editor set one aside as no mention."""
    business = business_of(session, MentionRow.id == mention.id)
    same = [is_about(set(business.values()))] if business else []
    same += [MentionRow.story_id == mention.story_id] if mention.story_id is not None else []
    if not same:
        return False
    query = select(MentionRow.id).join(ItemRow, ItemRow.id == MentionRow.item_id)
    query = query.outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
    settled = or_(exists().where(STANDING_EVENT), MentionRow.state == MentionState.DISMISSED.value)
    return session.scalar(query.where(MentionRow.id != mention.id, or_(*same), settled).limit(1)) is not None


def _heard(session: Session, condition: ColumnElement[bool]) -> list[Heard]:
    query = (
        select(MentionRow, EventRow.is_reviewed, BUSINESS)
        .join(EventRow, STANDING_EVENT)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
        .where(condition, MentionRow.state.not_in(FALSE_ALARMS))
    )
    # Polls write beside the session: what it has loaded may be what was there before.
    loaded = query.options(*OF_MENTION).order_by(MentionRow.id).execution_options(populate_existing=True)
    return [Heard(*row) for row in session.execute(loaded)]


def _once(heard: list[Heard]) -> list[Heard]:
    return list({one.mention.id: one for one in heard}.values())
