"""Items with the meeting they are on, the matter they belong to, and the mention that was made of them."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import ColumnElement, select
from sqlalchemy.orm import Session

from oversight.domain.mention import MentionState
from oversight.domain.reading import ItemKind
from oversight.storage.models import FeedRow, ItemRow, MatterRow, MeetingRow, MentionRow
from oversight.storage.queries.meetings import MeetingLine, meeting_line

MOST = 1000


@dataclass(frozen=True)
class ItemLine:
    """One thing that a feed published. `looked_at` is when we last looked for its outcome (UTC)."""

    id: int
    identity: str
    kind: ItemKind
    title: str
    excerpt: str
    url: str | None
    sequence: int | None
    published_at: datetime | None
    outcome: str | None
    looked_at: datetime | None
    platform: str
    feed_key: str
    feed_title: str
    meeting: MeetingLine | None
    matter_id: int | None
    matter_file: str | None
    mention_id: int | None
    mention_state: MentionState | None


def item_lines(session: Session, condition: ColumnElement[bool]) -> list[ItemLine]:
    """The items that fit, in the order of their agendas."""
    query = (
        select(ItemRow, FeedRow, MeetingRow, MatterRow.file, MentionRow.id, MentionRow.state)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .outerjoin(MatterRow, MatterRow.id == ItemRow.matter_id)
        .outerjoin(MentionRow, MentionRow.item_id == ItemRow.id)
        .where(condition)
        .order_by(ItemRow.sequence.is_(None), ItemRow.sequence, ItemRow.id)
        .limit(MOST)
    )
    return [_line(row) for row in session.execute(query)]


def _line(row: Any) -> ItemLine:
    item, feed, meeting, matter_file, mention_id, mention_state = row
    return ItemLine(
        id=item.id,
        identity=item.identity,
        kind=ItemKind(item.kind),
        title=item.title,
        excerpt=item.excerpt,
        url=item.url,
        sequence=item.sequence,
        published_at=item.published_at,
        outcome=item.outcome,
        looked_at=item.outcome_looked_at,
        platform=feed.platform,
        feed_key=feed.key,
        feed_title=feed.title,
        meeting=meeting_line(meeting) if meeting else None,
        matter_id=item.matter_id,
        matter_file=matter_file,
        mention_id=mention_id,
        mention_state=MentionState(mention_state) if mention_state else None,
    )
