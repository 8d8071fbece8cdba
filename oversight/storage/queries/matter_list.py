"""Matters as a list, what narrows it, and how many each choice would leave."""

import datetime as dt
from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.matter_stage import MatterStage
from oversight.domain.mention import FALSE_ALARMS
from oversight.storage.models import ItemRow, MatterRow, MatterStepRow, MentionRow, MentionTechnologyRow

PAGE = 50


@dataclass(frozen=True)
class MatterFilter:
    """What a list of matters is narrowed to; empty fields do not narrow. `stage` is that of the last step told."""

    jurisdiction: str = ""
    technology: str = ""
    stage: str = ""
    is_mentioned: bool = False


@dataclass(frozen=True)
class MatterLine:
    """One matter with the last step that its platform tells, and how many mentions its sightings made."""

    id: int
    jurisdiction: str
    file: str
    title: str
    type: str | None
    status: str | None
    stage: MatterStage | None
    stage_date: dt.date | None
    mentions: int
    first_seen_at: dt.datetime | None
    url: str | None


@dataclass(frozen=True)
class MatterFacets:
    """How many matters each choice leaves, all other choices kept."""

    jurisdiction: Mapping[str, int]
    technology: Mapping[str, int]
    stage: Mapping[str, int]
    mentioned: int


_LAST = (
    select(
        MatterStepRow.matter_id,
        MatterStepRow.stage,
        MatterStepRow.date,
        func.row_number()
        .over(
            partition_by=MatterStepRow.matter_id,
            order_by=(MatterStepRow.date.is_(None), MatterStepRow.date.desc(), MatterStepRow.id.desc()),
        )
        .label("place"),
    )
).subquery()
_MENTIONED = (
    select(ItemRow.matter_id, func.count().label("mentions"))
    .join(MentionRow, MentionRow.item_id == ItemRow.id)
    .where(ItemRow.matter_id.is_not(None), MentionRow.state.not_in(FALSE_ALARMS))
    .group_by(ItemRow.matter_id)
    .subquery()
)


def list_matters(
    session: Session, wanted: MatterFilter, *, limit: int = PAGE, before: int | None = None
) -> list[MatterLine]:
    """Matters, the one that was seen last first; `before` is the id after which the next page starts."""
    query = _narrowed(select(MatterRow, _LAST.c.stage, _LAST.c.date, _MENTIONED.c.mentions), wanted)
    if before is not None:
        query = query.where(MatterRow.id < before)
    return [_line(*row) for row in session.execute(query.order_by(MatterRow.id.desc()).limit(limit))]


def count_matters(session: Session, wanted: MatterFilter) -> int:
    """How many matters a filter leaves."""
    return session.scalar(_narrowed(select(func.count(MatterRow.id)), wanted)) or 0


def matter_facets(session: Session, wanted: MatterFilter) -> MatterFacets:
    """How many matters each choice leaves."""

    def counted(column: Any, others: MatterFilter) -> dict[str, int]:
        query = _narrowed(select(column, func.count(MatterRow.id.distinct())), others).group_by(column)
        return {word: count for word, count in session.execute(query) if word}

    return MatterFacets(
        jurisdiction=counted(MatterRow.jurisdiction, replace(wanted, jurisdiction="")),
        technology=_by_technology(session, replace(wanted, technology="")),
        stage=counted(_LAST.c.stage, replace(wanted, stage="")),
        mentioned=count_matters(session, replace(wanted, is_mentioned=True)),
    )


def _narrowed(query: Any, wanted: MatterFilter) -> Any:
    query = query.select_from(MatterRow)
    query = query.outerjoin(_LAST, (_LAST.c.matter_id == MatterRow.id) & (_LAST.c.place == 1))
    query = query.outerjoin(_MENTIONED, _MENTIONED.c.matter_id == MatterRow.id)
    if wanted.jurisdiction:
        query = query.where(MatterRow.jurisdiction == wanted.jurisdiction)
    if wanted.stage:
        query = query.where(_LAST.c.stage == wanted.stage)
    if wanted.is_mentioned:
        query = query.where(_MENTIONED.c.mentions > 0)
    if wanted.technology:
        query = query.where(MatterRow.id.in_(_about().where(MentionTechnologyRow.technology == wanted.technology)))
    return query


def _about(*columns: Any) -> Any:
    """The matters with the technologies of their mentions."""
    query = select(ItemRow.matter_id, *columns).join(MentionRow, MentionRow.item_id == ItemRow.id)
    query = query.join(MentionTechnologyRow, MentionTechnologyRow.mention_id == MentionRow.id)
    return query.where(ItemRow.matter_id.is_not(None), MentionRow.state.not_in(FALSE_ALARMS))


def _by_technology(session: Session, others: MatterFilter) -> dict[str, int]:
    about = _about(MentionTechnologyRow.technology).distinct().subquery()
    query = _narrowed(select(about.c.technology, func.count(MatterRow.id.distinct())), others)
    query = query.join(about, about.c.matter_id == MatterRow.id).group_by(about.c.technology)
    return {word: count for word, count in session.execute(query)}


def _line(row: MatterRow, stage: str | None, date: dt.date | None, mentions: int | None) -> MatterLine:
    return MatterLine(
        id=row.id,
        jurisdiction=row.jurisdiction,
        file=row.file,
        title=row.title,
        type=row.type,
        status=row.status,
        stage=MatterStage(stage) if stage else None,
        stage_date=date,
        mentions=mentions or 0,
        first_seen_at=row.first_seen_at,
        url=row.url,
    )
