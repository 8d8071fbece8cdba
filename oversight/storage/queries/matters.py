"""One matter: its passport, every sighting across meetings and feeds, and the steps that bodies took with it."""

import datetime as dt
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.orm import Session

from oversight.domain.matter_stage import MatterStage, stage_of
from oversight.storage.joint_hearings import same_business
from oversight.storage.matters import get_matter
from oversight.storage.models import FeedRow, ItemRow, MatterLinkRow, MatterRow, MatterStepRow, MentionRow
from oversight.storage.queries.documents import DocumentLine, documents_of_matter
from oversight.storage.queries.entry_versions import EntryVersion, entry_versions
from oversight.storage.queries.items import ItemLine, item_lines
from oversight.storage.queries.mentions import MentionLine, mentions_of


@dataclass(frozen=True)
class StepLine:
    """One thing that a body did with a matter, and the feed that said so."""

    date: dt.date | None
    body: str | None
    action: str
    outcome: str | None
    votes: str | None
    stage: MatterStage
    feed_key: str
    feed_title: str


@dataclass(frozen=True)
class ReintroducedLine:
    """A bill with the same words under another number; `similarity` is 0 where only the headline is the same."""

    id: int
    file: str
    title: str
    status: str | None
    similarity: float


@dataclass(frozen=True)
class MatterPage:
    """All about one matter. Sightings are newest first, steps oldest first.

    `other_files` are the numbers under which bodies that sat together filed the same thing.
    """

    id: int
    jurisdiction: str
    file: str
    other_files: tuple[str, ...]
    title: str
    type: str | None
    status: str | None
    url: str | None
    first_seen_at: datetime | None
    is_watched: bool
    sightings: Sequence[ItemLine]
    steps: Sequence[StepLine]
    documents: Sequence[DocumentLine]
    mentions: Sequence[MentionLine]
    earlier: Sequence[ReintroducedLine]
    later: Sequence[ReintroducedLine]
    versions: Sequence[EntryVersion]

    @property
    def last_sighting(self) -> ItemLine | None:
        """The newest sighting with a recorded outcome; the newest of all where there is none."""
        return next((line for line in self.sightings if line.outcome), next(iter(self.sightings), None))

    @property
    def bodies(self) -> tuple[str, ...]:
        """Every body that had it before it."""
        named = [line.meeting.body for line in self.sightings if line.meeting] + [step.body for step in self.steps]
        return tuple(dict.fromkeys(body for body in named if body))


def matter_page(session: Session, matter_id: int) -> MatterPage:
    """All about one matter; raises NotFound."""
    row = get_matter(session, matter_id)
    same = same_business(session, matter_id)
    sightings = item_lines(session, ItemRow.matter_id.in_(same))
    return MatterPage(
        id=row.id,
        jurisdiction=row.jurisdiction,
        file=row.file,
        other_files=tuple(file for identifier, file in same.items() if identifier != matter_id),
        title=row.title,
        type=row.type,
        status=row.status,
        url=row.url,
        first_seen_at=row.first_seen_at,
        is_watched=row.is_watched,
        sightings=sorted(sightings, key=_day, reverse=True),
        steps=_with_agendas(_steps(session, list(same)), sightings),
        documents=documents_of_matter(session, list(same)),
        mentions=mentions_of(session, MentionRow.item_id.in_([line.id for line in sightings])),
        earlier=_reintroduced(session, MatterLinkRow.earlier_id, MatterLinkRow.matter_id.in_(same)),
        later=_reintroduced(session, MatterLinkRow.matter_id, MatterLinkRow.earlier_id.in_(same)),
        versions=entry_versions(session, sightings),
    )


def _reintroduced(session: Session, end: Any, condition: Any) -> list[ReintroducedLine]:
    """The earlier or the later matters of the pairs that fit."""
    query = select(MatterRow, MatterLinkRow.similarity).join(MatterLinkRow, end == MatterRow.id).where(condition)
    return [
        ReintroducedLine(id=row.id, file=row.file, title=row.title, status=row.status, similarity=similarity)
        for row, similarity in session.execute(query.order_by(MatterRow.id))
    ]


def _day(line: ItemLine) -> dt.date:
    if line.meeting and line.meeting.date:
        return line.meeting.date
    return line.published_at.date() if line.published_at else dt.date.min


def _steps(session: Session, matter_ids: list[int]) -> list[StepLine]:
    query = (
        select(MatterStepRow, FeedRow)
        .join(FeedRow, FeedRow.id == MatterStepRow.feed_id)
        .where(MatterStepRow.matter_id.in_(matter_ids))
        .order_by(MatterStepRow.date.is_(None), MatterStepRow.date, MatterStepRow.id)
    )
    return [
        StepLine(
            date=row.date,
            body=row.body,
            action=row.action,
            outcome=row.outcome,
            votes=row.votes,
            stage=MatterStage(row.stage),
            feed_key=feed.key,
            feed_title=feed.title,
        )
        for row, feed in session.execute(query)
    ]


def _with_agendas(steps: list[StepLine], sightings: Sequence[ItemLine]) -> list[StepLine]:
    """The steps that platforms tell, and what agendas say was decided on days and by bodies that they leave out."""
    told = {(step.date, step.body) for step in steps}
    found = [
        StepLine(
            date=line.meeting.date,
            body=line.meeting.body,
            action=line.outcome,
            outcome=None,
            votes=None,
            stage=stage_of(f"{line.outcome} by {line.meeting.body or 'a body'}"),
            feed_key=line.feed_key,
            feed_title=line.feed_title,
        )
        for line in sightings
        if line.outcome and line.meeting and (line.meeting.date, line.meeting.body) not in told
    ]
    return sorted([*steps, *found], key=lambda step: step.date or dt.date.max)
