"""How many mentions each choice of their list would leave, all other choices kept, of each story one."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.storage.models import FeedRow, ItemRow, MeetingRow, MentionRow, MentionTechnologyRow
from oversight.storage.queries.mention_filter import MentionFilter, narrowed, narrowed_but_for_state


@dataclass(frozen=True)
class MentionFacets:
    """How many mentions each choice leaves."""

    state: Mapping[str, int]
    jurisdiction: Mapping[str, int]
    technology: Mapping[str, int]
    stage: Mapping[str, int]


def mention_facets(session: Session, wanted: MentionFilter) -> MentionFacets:
    """Of each choice the number of its rows."""
    by_technology = _stories(MentionTechnologyRow.technology).join(
        MentionTechnologyRow, MentionTechnologyRow.mention_id == MentionRow.id
    )
    return MentionFacets(
        state=_counted(session, narrowed_but_for_state(_stories(MentionRow.state), wanted), MentionRow.state),
        jurisdiction=_counted(
            session,
            narrowed(_stories(MentionRow.jurisdiction), replace(wanted, jurisdiction=None)),
            MentionRow.jurisdiction,
        ),
        technology=_counted(
            session, narrowed(by_technology, replace(wanted, technology=None)), MentionTechnologyRow.technology
        ),
        stage=_counted(session, narrowed(_stories(MentionRow.stage), replace(wanted, stage=None)), MentionRow.stage),
    )


def _stories(column: Any) -> Any:
    story = func.coalesce(MentionRow.story_id, MentionRow.id)
    return (
        select(column, func.count(story.distinct()))
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
    )


def _counted(session: Session, query: Any, column: Any) -> dict[str, int]:
    return {word: count for word, count in session.execute(query.group_by(column)) if word}
