"""The status of every feed."""

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.feed import Outcome
from oversight.storage.models import FeedRow, ItemRow, MentionRow, PollRow


@dataclass(frozen=True)
class FeedHealth:
    """One feed: what it is, when it was last really checked, and what came of it."""

    key: str
    title: str
    platform: str
    url: str
    jurisdiction: str | None
    is_enabled: bool
    every_minutes: int
    last_polled_at: datetime | None
    last_ok_at: datetime | None
    last_item_at: datetime | None
    next_due_at: datetime
    outcome: Outcome | None
    detail: str | None
    failures: int
    late_polls: int
    items: int
    mentions: int

    @property
    def is_healthy(self) -> bool:
        """Whether the last poll really checked the feed."""
        return self.outcome is not None and self.outcome.is_healthy

    @property
    def outcome_label(self) -> str:
        """The last outcome in words."""
        return self.outcome.label if self.outcome else "Not polled yet"


def feed_health(session: Session, *, jurisdiction: str | None = None) -> list[FeedHealth]:
    """Every feed, or those of a jurisdiction: enabled ones first, the failing ones on top."""
    items = select(func.count(ItemRow.id)).where(ItemRow.feed_id == FeedRow.id).scalar_subquery()
    mentions = (
        select(func.count(MentionRow.id))
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .where(ItemRow.feed_id == FeedRow.id)
        .scalar_subquery()
    )
    query = select(FeedRow, items, mentions).order_by(
        FeedRow.is_enabled.desc(), (FeedRow.failures > 0).desc(), FeedRow.title
    )
    if jurisdiction is not None:
        query = query.where(FeedRow.jurisdiction == jurisdiction)
    return [_health(row, count, found) for row, count, found in session.execute(query)]


def recent_polls(session: Session, feed_key: str, *, limit: int = 20) -> list[PollRow]:
    """The last polls of a feed, newest first."""
    query = select(PollRow).join(FeedRow, FeedRow.id == PollRow.feed_id).where(FeedRow.key == feed_key)
    return list(session.scalars(query.order_by(PollRow.started_at.desc(), PollRow.id.desc()).limit(limit)))


def _health(row: FeedRow, items: int, mentions: int) -> FeedHealth:
    return FeedHealth(
        key=row.key,
        title=row.title,
        platform=row.platform,
        url=row.url,
        jurisdiction=row.jurisdiction,
        is_enabled=row.is_enabled,
        every_minutes=row.every_minutes,
        last_polled_at=row.last_polled_at,
        last_ok_at=row.last_ok_at,
        last_item_at=row.last_item_at,
        next_due_at=row.next_due_at,
        outcome=Outcome(row.last_outcome) if row.last_outcome else None,
        detail=row.last_detail,
        failures=row.failures,
        late_polls=row.late_polls,
        items=items,
        mentions=mentions,
    )
