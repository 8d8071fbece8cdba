"""Mentions as lists and one by one."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, null, select
from sqlalchemy.orm import Session, defer

from oversight.domain.mention import Amount, DateRole, Evidence, MentionState, NamedDate, Place, Stage
from oversight.domain.reading import ItemKind
from oversight.errors import NotFound
from oversight.storage.models import FeedRow, ItemRow, MatterRow, MeetingRow, MentionRow, MentionTechnologyRow
from oversight.storage.queries.meetings import MeetingLine, meeting_line
from oversight.storage.queries.mention_filter import MentionFilter, narrowed, one_of_each_story

PAGE = 50


@dataclass(frozen=True)
class MentionLine:
    """One mention as a list shows it. `seen_at` is when we first saw it; `published_at` is what the source says.

    `told_by` says how many mentions tell its story, itself included.
    """

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
    story_id: int | None
    told_by: int


@dataclass(frozen=True)
class MentionPage:
    """One mention with all that explains it."""

    line: MentionLine
    text: str
    url: str | None
    products: tuple[str, ...]
    agencies: tuple[str, ...]
    modes: tuple[str, ...]
    seller: str | None
    placement: str | None
    badges: tuple[str, ...]
    dates: tuple[NamedDate, ...]
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


def list_mentions(
    session: Session, wanted: MentionFilter, *, limit: int = PAGE, before: int | None = None
) -> list[MentionLine]:
    """Mentions, newest first, of each story one; `before` is the id after which the next page starts."""
    query = one_of_each_story(narrowed(_lines(), wanted), wanted)
    if before is not None:
        query = query.where(MentionRow.id < before)
    return lines(session, query.order_by(MentionRow.id.desc()).limit(limit))


def newest_mentions(session: Session, *, limit: int) -> list[MentionLine]:
    """What was found last, and of that what was published last; of each story one, without those set aside."""
    return lines(session, _newest().limit(limit))


def new_and_next(session: Session, *, now: datetime, limit: int) -> tuple[list[MentionLine], list[MentionLine]]:
    """What was found last, and what is on the agenda of the next meetings."""
    newest, upcoming = lists(session, _newest().limit(limit), _upcoming(now).limit(limit))
    return newest, upcoming


def count_mentions(session: Session, wanted: MentionFilter) -> int:
    """How many mentions a filter leaves, of each story one."""
    return session.scalar(mention_count(wanted)) or 0


def mention_count(wanted: MentionFilter) -> Any:
    """The query that counts them."""
    inner = one_of_each_story(narrowed(_lines().with_only_columns(MentionRow.id), wanted), wanted).subquery()
    return select(func.count()).select_from(inner)


def mention_pages(session: Session, mention_ids: Sequence[int]) -> list[MentionPage]:
    """These mentions with all that explains them, in the same order."""
    rows = {row[0].id: row for row in session.execute(_lines().where(MentionRow.id.in_(mention_ids)))}
    about = _about(session, [row[0] for row in rows.values()])
    return [_page(rows[mention_id], about) for mention_id in mention_ids if mention_id in rows]


def mention_page(session: Session, mention_id: int) -> MentionPage:
    """One mention; raises NotFound."""
    pages = mention_pages(session, [mention_id])
    if not pages:
        raise NotFound(f"There is no mention {mention_id}.")
    return pages[0]


def upcoming_mentions(session: Session, *, now: datetime) -> list[MentionLine]:
    """Mentions on meetings that are still to come, the next one first, of each story one, without those set aside."""
    return lines(session, _upcoming(now).limit(PAGE))


def mentions_of(session: Session, condition: Any) -> list[MentionLine]:
    """The mentions that fit and were not set aside, newest first."""
    query = narrowed(_lines(), MentionFilter()).where(condition)
    return lines(session, query.order_by(MentionRow.id.desc()).limit(PAGE))


def lines(session: Session, query: Any) -> list[MentionLine]:
    """The rows of a query over mentions as lines."""
    return lists(session, query)[0]


def lists(session: Session, *queries: Any) -> list[list[MentionLine]]:
    """The rows of several queries over mentions as lines; what they are about is asked once for all."""
    unseen = (defer(MentionRow.text, raiseload=True), defer(MentionRow.evidence, raiseload=True))
    found = [session.execute(query.options(*unseen)).all() for query in queries]
    about = _about(session, [row[0] for rows in found for row in rows])
    return [[_line(row, about) for row in rows] for rows in found]


def _newest() -> Any:
    found = one_of_each_story(narrowed(_lines(), MentionFilter()), MentionFilter())
    order = (MentionRow.first_matched_at.desc(), ItemRow.published_at.desc().nulls_last(), MentionRow.id.desc())
    return found.order_by(*order)


def _upcoming(now: datetime) -> Any:
    wanted = MentionFilter(coming_at=now)
    query = one_of_each_story(narrowed(_lines(), wanted), wanted)
    return query.order_by(MeetingRow.date, MeetingRow.starts_at, MentionRow.id)


def _lines() -> Any:
    return (
        select(MentionRow, ItemRow, FeedRow, MeetingRow, MatterRow)
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .outerjoin(MatterRow, MatterRow.id == ItemRow.matter_id)
    )


@dataclass(frozen=True)
class _About:
    """What several mentions are about, by their ids, and how many tell each of their stories."""

    technologies: dict[int, tuple[str, ...]]
    sizes: dict[int, int]


def _about(session: Session, mentions: Sequence[MentionRow]) -> _About:
    """In one question: rows with a technology are of a mention, rows with a count of a story."""
    ids, stories = [one.id for one in mentions], {one.story_id for one in mentions if one.story_id is not None}
    tagged = select(MentionTechnologyRow.mention_id, MentionTechnologyRow.technology, null())
    told = select(MentionRow.story_id, null(), func.count()).where(MentionRow.story_id.in_(stories))
    query = tagged.where(MentionTechnologyRow.mention_id.in_(ids)).union_all(told.group_by(MentionRow.story_id))
    technologies: dict[int, tuple[str, ...]] = {}
    sizes: dict[int, int] = {}
    for of, code, count in session.execute(query) if ids else ():
        if code is None:
            sizes[of] = count
        else:
            technologies[of] = tuple(sorted((*technologies.get(of, ()), code)))
    return _About(technologies, sizes)


def _line(row: Any, about: _About) -> MentionLine:
    mention, item, feed, meeting, _matter = row
    return MentionLine(
        id=mention.id,
        title=mention.title,
        state=MentionState(mention.state),
        score=mention.score,
        stage=Stage(mention.stage) if mention.stage else None,
        kind=ItemKind(item.kind),
        places=tuple(Place(**place) for place in mention.places),
        technologies=about.technologies.get(mention.id, ()),
        vendors=tuple(mention.vendors),
        published_at=item.published_at,
        seen_at=mention.first_matched_at,
        feed_title=feed.title,
        feed_key=feed.key,
        meeting=meeting_line(meeting) if meeting else None,
        story_id=mention.story_id,
        told_by=about.sizes.get(mention.story_id, 1),
    )


def _page(row: Any, about: _About) -> MentionPage:
    mention, item, feed, meeting, matter = row
    return MentionPage(
        line=_line(row, about),
        text=mention.text,
        url=item.url or (meeting.url if meeting else None),
        products=tuple(mention.products),
        agencies=tuple(mention.agencies),
        modes=tuple(mention.modes),
        seller=mention.seller,
        placement=mention.placement,
        badges=tuple(mention.badges),
        dates=tuple(NamedDate(one["value"], DateRole(one["role"]), one["text"]) for one in mention.dates),
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
