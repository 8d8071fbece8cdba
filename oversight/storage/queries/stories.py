"""Stories on pages: who else tells one, what else is known of its matter, and how many tell it."""

import datetime as dt
from collections import defaultdict
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.mention import MentionState
from oversight.domain.near_duplicate import outlet_of
from oversight.storage.models import FeedRow, ItemRow, MatterAliasRow, MeetingRow, MentionRow
from oversight.storage.tellings import BUSINESS, business_of, is_about

MOST_SHOWN = 200
OUTLET_LENGTH = 200  # a text that is nothing but an outlet is no longer


@dataclass(frozen=True)
class Copy:
    """A mention beside others: of one story or of one matter.

    `outlet` is who published it, `day` and `body` those of its meeting, `reason` why it stands in its story.
    """

    id: int
    title: str
    outlet: str
    url: str | None
    state: MentionState
    published_at: datetime | None
    body: str | None
    day: dt.date | None
    reason: str | None


def copies_of(session: Session, story_ids: Collection[int | None]) -> dict[int, list[Copy]]:
    """The mentions of each of these stories, the lead first; of very large ones not all."""
    known = {story_id for story_id in story_ids if story_id is not None}
    place = func.row_number().over(partition_by=MentionRow.story_id, order_by=MentionRow.id).label("place")
    ranked = select(MentionRow.id, place).where(MentionRow.story_id.in_(known)).subquery()
    shown = select(ranked.c.id).where(ranked.c.place <= MOST_SHOWN)
    found: defaultdict[int, list[Copy]] = defaultdict(list)
    if known:
        for *row, story_id, _ in session.execute(_copies().where(MentionRow.id.in_(shown))):
            found[story_id].append(_copy(row))
    return found


def sightings_of(session: Session, stories: Mapping[int, int | None]) -> dict[int, list[Copy]]:
    """For each of these mentions, given with their stories, the pending others of its matter outside of its story."""
    business = business_of(session, MentionRow.id.in_(stories))
    if not business:
        return {}
    pending = _copies().where(is_about(set(business.values())), MentionRow.state == MentionState.PENDING)
    telling: defaultdict[int, list[tuple[int | None, Copy]]] = defaultdict(list)
    for *row, story_id, matter in session.execute(pending):
        telling[matter].append((story_id, _copy(row)))
    return {
        mention_id: [
            one
            for story_id, one in telling[matter]
            if one.id != mention_id and _is_apart(story_id, stories[mention_id])
        ]
        for mention_id, matter in business.items()
    }


def _is_apart(one: int | None, other: int | None) -> bool:
    return one is None or one != other


def _copies() -> Any:
    return (
        select(MentionRow, ItemRow, FeedRow.title, MeetingRow, MentionRow.story_id, BUSINESS)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .outerjoin(MatterAliasRow, MatterAliasRow.matter_id == ItemRow.matter_id)
        .order_by(MentionRow.id)
    )


def _copy(row: Any) -> Copy:
    mention, item, feed_title, meeting = row
    return Copy(
        id=mention.id,
        title=mention.title,
        outlet=outlet_of(item.title, item.excerpt[:OUTLET_LENGTH]) or feed_title,
        url=item.url or (meeting.url if meeting else None),
        state=MentionState(mention.state),
        published_at=item.published_at,
        body=meeting.body if meeting else None,
        day=meeting.date if meeting else None,
        reason=mention.story_reason,
    )
