"""Mentions as lists and one by one."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import case, func, select
from sqlalchemy.orm import Session, defer

from oversight.domain.mention import SET_ASIDE, Amount, Evidence, MentionState, Place, Stage
from oversight.domain.reading import ItemKind
from oversight.errors import NotFound
from oversight.storage.models import FeedRow, ItemRow, MatterRow, MeetingRow, MentionRow, MentionTechnologyRow
from oversight.storage.queries.meetings import MeetingLine, meeting_line

PAGE = 50


@dataclass(frozen=True)
class MentionLine:
    """One mention as a list shows it. `seen_at` is when we first saw it; `published_at` is what the source says."""

    id: int
    title: str
    state: MentionState
    score: float
    stage: Stage | None
    kind: ItemKind
    places: tuple[Place, ...]
    technologies: tuple[str, ...]
    vendors: tuple[str, ...]
    published_at: datetime | None
    seen_at: datetime
    feed_title: str
    feed_key: str
    meeting: MeetingLine | None


@dataclass(frozen=True)
class MentionPage:
    """One mention with all that explains it."""

    line: MentionLine
    text: str
    url: str | None
    products: tuple[str, ...]
    agencies: tuple[str, ...]
    badges: tuple[str, ...]
    amount: Amount | None
    evidence: tuple[Evidence, ...]
    detector: str
    matter_id: int | None
    matter_file: str | None
    matter_status: str | None
    outcome: str | None
    looked_at: datetime | None
    platform: str
    decided_by: str | None
    decided_at: datetime | None
    reason: str | None
    opinion: dict[str, Any] | None


@dataclass(frozen=True)
class MentionFilter:
    """What a list of mentions is narrowed to; empty fields do not narrow."""

    state: str | None = None
    jurisdiction: str | None = None
    technology: str | None = None
    feed: str | None = None
    upcoming_from: dt.date | None = None


def list_mentions(
    session: Session, wanted: MentionFilter, *, limit: int = PAGE, before: int | None = None
) -> list[MentionLine]:
    """Mentions, newest first; `before` is the id after which the next page starts."""
    query = narrowed(_lines(), wanted)
    if before is not None:
        query = query.where(MentionRow.id < before)
    return lines(session, query.order_by(MentionRow.id.desc()).limit(limit))


def newest_mentions(session: Session, *, limit: int) -> list[MentionLine]:
    """What was found last, and of that what was published last; those set aside are left out."""
    query = narrowed(_lines(), MentionFilter()).order_by(
        MentionRow.first_matched_at.desc(), ItemRow.published_at.desc().nulls_last(), MentionRow.id.desc()
    )
    return lines(session, query.limit(limit))


def count_mentions(session: Session, wanted: MentionFilter) -> int:
    """How many mentions a filter leaves."""
    inner = narrowed(_lines().with_only_columns(MentionRow.id), wanted).subquery()
    return session.scalar(select(func.count()).select_from(inner)) or 0


def review_queue(session: Session, *, today: date, limit: int = PAGE) -> list[MentionPage]:
    """Undecided mentions with their evidence: what is decided soonest first, then the most certain."""
    query = _lines().where(MentionRow.state == MentionState.PENDING)
    is_coming = case((MeetingRow.date >= today, MeetingRow.date), else_=None)
    query = query.order_by(is_coming.is_(None), is_coming, MentionRow.score.desc(), MentionRow.id)
    rows = session.execute(query.limit(limit)).all()
    technologies = _technologies(session, [row[0].id for row in rows])
    return [_page(row, technologies) for row in rows]


def mention_page(session: Session, mention_id: int) -> MentionPage:
    """One mention; raises NotFound."""
    row = session.execute(_lines().where(MentionRow.id == mention_id)).one_or_none()
    if row is None:
        raise NotFound(f"There is no mention {mention_id}.")
    return _page(row, _technologies(session, [mention_id]))


def upcoming_mentions(session: Session, *, today: date, jurisdiction: str | None = None) -> list[MentionLine]:
    """Mentions on meetings that are still to come, the next one first; those set aside are left out."""
    query = _lines().where(MeetingRow.date >= today, MentionRow.state.not_in(SET_ASIDE))
    if jurisdiction is not None:
        query = query.where(MentionRow.jurisdiction == jurisdiction)
    return lines(session, query.order_by(MeetingRow.date, MeetingRow.starts_at, MentionRow.id).limit(PAGE))


def mentions_of(session: Session, condition: Any) -> list[MentionLine]:
    """The mentions that fit and were not set aside, newest first."""
    query = narrowed(_lines(), MentionFilter()).where(condition)
    return lines(session, query.order_by(MentionRow.id.desc()).limit(PAGE))


def narrowed(query: Any, wanted: MentionFilter) -> Any:
    """The query with a filter's conditions. Without a state, those set aside are left out."""
    if wanted.state:
        query = query.where(MentionRow.state == wanted.state)
    else:
        query = query.where(MentionRow.state.not_in(SET_ASIDE))
    if wanted.jurisdiction:
        query = query.where(MentionRow.jurisdiction == wanted.jurisdiction)
    if wanted.feed:
        query = query.where(FeedRow.key == wanted.feed)
    if wanted.upcoming_from:
        query = query.where(MeetingRow.date >= wanted.upcoming_from)
    if wanted.technology:
        matching = select(MentionTechnologyRow.mention_id).where(MentionTechnologyRow.technology == wanted.technology)
        query = query.where(MentionRow.id.in_(matching))
    return query


def lines(session: Session, query: Any) -> list[MentionLine]:
    """The rows of a query over mentions as lines."""
    unseen = (defer(MentionRow.text, raiseload=True), defer(MentionRow.evidence, raiseload=True))
    rows = session.execute(query.options(*unseen)).all()
    technologies = _technologies(session, [row[0].id for row in rows])
    return [_line(row, technologies) for row in rows]


def _lines() -> Any:
    return (
        select(MentionRow, ItemRow, FeedRow, MeetingRow, MatterRow)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .outerjoin(MatterRow, MatterRow.id == ItemRow.matter_id)
    )


def _technologies(session: Session, mention_ids: Sequence[int]) -> dict[int, tuple[str, ...]]:
    query = select(MentionTechnologyRow.mention_id, MentionTechnologyRow.technology).where(
        MentionTechnologyRow.mention_id.in_(mention_ids)
    )
    found: dict[int, tuple[str, ...]] = {}
    for mention_id, code in session.execute(query.order_by(MentionTechnologyRow.technology)):
        found[mention_id] = (*found.get(mention_id, ()), code)
    return found


def _line(row: Any, technologies: dict[int, tuple[str, ...]]) -> MentionLine:
    mention, item, feed, meeting, _matter = row
    return MentionLine(
        id=mention.id,
        title=mention.title,
        state=MentionState(mention.state),
        score=mention.score,
        stage=Stage(mention.stage) if mention.stage else None,
        kind=ItemKind(item.kind),
        places=tuple(Place(**place) for place in mention.places),
        technologies=technologies.get(mention.id, ()),
        vendors=tuple(mention.vendors),
        published_at=item.published_at,
        seen_at=mention.first_matched_at,
        feed_title=feed.title,
        feed_key=feed.key,
        meeting=meeting_line(meeting) if meeting else None,
    )


def _page(row: Any, technologies: dict[int, tuple[str, ...]]) -> MentionPage:
    mention, item, feed, meeting, matter = row
    return MentionPage(
        line=_line(row, technologies),
        text=mention.text,
        url=item.url or (meeting.url if meeting else None),
        products=tuple(mention.products),
        agencies=tuple(mention.agencies),
        badges=tuple(mention.badges),
        amount=Amount(**mention.amount) if mention.amount else None,
        evidence=tuple(Evidence(**evidence) for evidence in mention.evidence),
        detector=mention.detector,
        matter_id=matter.id if matter else None,
        matter_file=matter.file if matter else None,
        matter_status=matter.status if matter else None,
        outcome=item.outcome,
        looked_at=item.outcome_looked_at,
        platform=feed.platform,
        decided_by=mention.decided_by,
        decided_at=mention.decided_at,
        reason=mention.reason,
        opinion=mention.opinion,
    )
