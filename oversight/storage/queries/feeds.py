"""The status of every feed, and all about one."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.feed import Outcome
from oversight.domain.health import Finding, Health, Trouble, health_of
from oversight.domain.mention import SET_ASIDE, MentionState
from oversight.domain.schedule import Rhythm
from oversight.errors import NotFound
from oversight.storage.models import FeedRow, ItemRow, MentionRow, PollRow
from oversight.storage.operator_events import open_events
from oversight.storage.pulses import pulse_of
from oversight.storage.queries.mention_filter import stories_in_lists

# What needs a look comes first, what nobody expects to answer last.
ORDER = (
    Health.FAILING,
    Health.BLOCKED,
    Health.EMPTY,
    Health.MOVED,
    Health.SILENT,
    Health.WAITING,
    Health.QUIET,
    Health.HEALTHY,
    Health.DISABLED,
)


@dataclass(frozen=True)
class FeedLine:
    """One feed: what it is, how it is and why, when it was last really checked, and what came of it."""

    id: int
    key: str
    title: str
    platform: str
    jurisdiction: str | None
    is_enabled: bool
    finding: Finding
    note: str | None
    evidence: str | None
    outcome: Outcome | None
    failures: int
    first_ok_at: datetime | None
    last_ok_at: datetime | None
    last_item_at: datetime | None
    next_due_at: datetime
    every: timedelta
    usual_gap_hours: float | None
    mentions: int


@dataclass(frozen=True)
class Address:
    """Where a feed is asked, and where it leads: `moved_to` is not believed yet, `followed` is, `refused` never."""

    own: str
    asked: str
    moved_to: str | None
    moved_since: datetime | None
    moved_polls: int
    followed: str | None
    refused: str | None
    gone_since: datetime | None
    gone_polls: int
    gone_at: datetime | None

    @property
    def is_questioned(self) -> bool:
        """Whether an editor may say that it is right all the same."""
        return bool(self.moved_to or self.followed or self.gone_at)


@dataclass(frozen=True)
class FeedPage:
    """All about one feed."""

    line: FeedLine
    address: Address
    every_minutes: int
    wished_minutes: int | None
    next_meeting_at: datetime | None
    late_polls: int
    items: int
    polls: Sequence[PollRow]


@dataclass(frozen=True)
class EventLine:
    """One thing that operators should look at; after a flood of mentions `waiting` of the feed's wait for an editor."""

    id: int
    feed_key: str
    feed_title: str
    kind: Trouble
    detail: str
    raised_at: datetime
    last_seen_at: datetime
    waiting: int = 0


def feed_lines(session: Session, *, now: datetime, jurisdiction: str | None = None) -> list[FeedLine]:
    """Every feed, or those of a jurisdiction, by state: what needs a look comes first."""
    # From the few mentions to their items, not through all items.
    of_feed = select(ItemRow.feed_id).where(ItemRow.id == MentionRow.item_id).scalar_subquery().label("of_feed")
    counting = select(of_feed, stories_in_lists().label("mentions")).where(MentionRow.state.not_in(SET_ASIDE))
    found = counting.group_by("of_feed").subquery()
    query = select(FeedRow, func.coalesce(found.c.mentions, 0)).outerjoin(found, found.c.of_feed == FeedRow.id)
    if jurisdiction is not None:
        query = query.where(FeedRow.jurisdiction == jurisdiction)
    lines = [_line(row, mentions, now) for row, mentions in session.execute(query)]
    return sorted(lines, key=lambda line: (ORDER.index(line.finding.health), line.title, line.key))


def feed_page(session: Session, key: str, *, now: datetime) -> FeedPage:
    """All about one feed with its last polls; raises NotFound."""
    row = session.scalars(select(FeedRow).where(FeedRow.key == key)).one_or_none()
    if row is None:
        raise NotFound("There is no feed of this name.")
    own = select(func.count(ItemRow.id)).where(ItemRow.feed_id == row.id)
    shown = select(stories_in_lists()).join(ItemRow, ItemRow.id == MentionRow.item_id)
    mentions = session.scalar(shown.where(ItemRow.feed_id == row.id, MentionRow.state.not_in(SET_ASIDE))) or 0
    return FeedPage(
        line=_line(row, mentions, now),
        address=_address(row),
        every_minutes=row.every_minutes,
        wished_minutes=row.wished_minutes,
        next_meeting_at=row.next_meeting_at,
        late_polls=row.late_polls,
        items=session.scalar(own) or 0,
        polls=recent_polls(session, row.id),
    )


def recent_polls(session: Session, feed_id: int, *, limit: int = 20) -> list[PollRow]:
    """The last polls of a feed, newest first."""
    query = select(PollRow).where(PollRow.feed_id == feed_id)
    return list(session.scalars(query.order_by(PollRow.started_at.desc(), PollRow.id.desc()).limit(limit)))


def event_lines(session: Session, feed_key: str | None = None) -> list[EventLine]:
    """What is open for operators, newest first."""
    found = open_events(session, feed_key)
    waiting = _waiting(session, {feed.id for event, feed in found if event.kind == Trouble.FLOOD})
    return [
        EventLine(
            id=event.id,
            feed_key=feed.key,
            feed_title=feed.title,
            kind=Trouble(event.kind),
            detail=event.detail,
            raised_at=event.raised_at,
            last_seen_at=event.last_seen_at,
            waiting=waiting.get(feed.id, 0) if event.kind == Trouble.FLOOD else 0,
        )
        for event, feed in found
    ]


def _waiting(session: Session, feed_ids: Collection[int]) -> dict[int, int]:
    """How many mentions of each of these feeds wait for an editor, each story once."""
    query = select(ItemRow.feed_id, stories_in_lists()).join(MentionRow, MentionRow.item_id == ItemRow.id)
    query = query.where(ItemRow.feed_id.in_(feed_ids), MentionRow.state == MentionState.PENDING)
    return dict(session.execute(query.group_by(ItemRow.feed_id)).tuples().all()) if feed_ids else {}


def _line(row: FeedRow, mentions: int, now: datetime) -> FeedLine:
    rhythm = Rhythm(row.every_minutes, row.wished_minutes, row.next_meeting_at)
    return FeedLine(
        id=row.id,
        key=row.key,
        title=row.title,
        platform=row.platform,
        jurisdiction=row.jurisdiction,
        is_enabled=row.is_enabled,
        finding=health_of(pulse_of(row), now=now),
        note=row.note,
        evidence=row.evidence,
        outcome=Outcome(row.last_outcome) if row.last_outcome else None,
        failures=row.failures,
        first_ok_at=row.first_ok_at,
        last_ok_at=row.last_ok_at,
        last_item_at=row.last_item_at,
        next_due_at=row.next_due_at,
        every=rhythm.interval(now),
        usual_gap_hours=row.usual_gap_hours,
        mentions=mentions,
    )


def _address(row: FeedRow) -> Address:
    return Address(
        own=row.url,
        asked=row.address,
        moved_to=row.moved_to,
        moved_since=row.moved_since,
        moved_polls=row.moved_polls,
        followed=row.moved_url,
        refused=row.refused_url,
        gone_since=row.gone_since,
        gone_polls=row.gone_polls,
        gone_at=row.gone_at,
    )
