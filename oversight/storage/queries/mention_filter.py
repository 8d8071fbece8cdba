"""What a list of mentions is narrowed to, and that each story stands in it once."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import distinct, func, select
from sqlalchemy.orm import aliased

from oversight.domain.mention import SET_ASIDE
from oversight.storage.models import FeedRow, ItemRow, MeetingRow, MentionRow, MentionTechnologyRow
from oversight.storage.queries.coming import is_coming

# Made once: to make four of them takes longer than many a query.
_EARLIER = (aliased(MentionRow), aliased(ItemRow), aliased(FeedRow), aliased(MeetingRow))


@dataclass(frozen=True)
class MentionFilter:
    """What a list of mentions is narrowed to; empty fields do not narrow.

    `coming_at` is the moment at which the meeting that decides must be still to come.
    """

    state: str | None = None
    jurisdiction: str | None = None
    technology: str | None = None
    feed: str | None = None
    stage: str | None = None
    coming_at: datetime | None = None


def narrowed(query: Any, wanted: MentionFilter) -> Any:
    """The query with a filter's conditions. Without a state, those set aside are left out."""
    return query.where(*_conditions(wanted, MentionRow, FeedRow, MeetingRow))


def narrowed_but_for_state(query: Any, wanted: MentionFilter) -> Any:
    """The query with a filter's other conditions, in whatever state."""
    return query.where(*_conditions(wanted, MentionRow, FeedRow, MeetingRow)[1:])


def one_of_each_story(query: Any, wanted: MentionFilter) -> Any:
    """The query without mentions for which an earlier one of their story stands, that fits the filter too."""
    other, item, feed, meeting = _EARLIER
    earlier = select(other.id).where(other.story_id == MentionRow.story_id, other.id < MentionRow.id)
    if wanted.feed or wanted.coming_at:  # the joins are asked for where they tell something: each row pays them
        earlier = earlier.join(item, item.id == other.item_id).join(feed, feed.id == item.feed_id)
        earlier = earlier.outerjoin(meeting, meeting.id == item.meeting_id)
    earlier = earlier.where(*_conditions(wanted, other, feed, meeting)).correlate(MentionRow)
    is_first = MentionRow.story_id.is_(None) | (MentionRow.story_id == MentionRow.id)
    return query.where(is_first | ~earlier.exists())


def stories_in_lists() -> Any:
    """How many mentions a group of them is in lists that leave out what was set aside: of each story one."""
    return func.count(distinct(func.coalesce(MentionRow.story_id, MentionRow.id)))


def _conditions(wanted: MentionFilter, mention: Any, feed: Any, meeting: Any) -> list[Any]:
    found = [mention.state == wanted.state if wanted.state else mention.state.not_in(SET_ASIDE)]
    if wanted.jurisdiction:
        found.append(mention.jurisdiction == wanted.jurisdiction)
    if wanted.stage:
        found.append(mention.stage == wanted.stage)
    if wanted.feed:
        found.append(feed.key == wanted.feed)
    if wanted.coming_at:
        found.append(is_coming(meeting, wanted.coming_at))
    if wanted.technology:
        matching = select(MentionTechnologyRow.mention_id).where(MentionTechnologyRow.technology == wanted.technology)
        found.append(mention.id.in_(matching))
    return found
