"""What editors decided of late, with what each act did to which mention, and what was mailed."""

from collections import defaultdict
from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from sqlalchemy import String, and_, cast, func, select
from sqlalchemy.orm import Session

from oversight.domain.alert import HANDED_OVER, AlertState
from oversight.domain.mention import Decision
from oversight.storage.models import (
    AgencyRow,
    AlertRow,
    DecisionRow,
    DecisionStepRow,
    DeploymentRow,
    EventRow,
    MentionLinkRow,
    MentionRow,
    PolicyRow,
)

PAGE = 50


@dataclass(frozen=True)
class Named:
    """A mention by its title; `why` where it was left as it was."""

    id: int
    title: str
    why: str | None = None


@dataclass(frozen=True)
class DecisionLine:
    """One act: what was done to which mentions, which were left, what was attached, how many mails are out."""

    id: int
    decision: Decision
    actor: str
    reason: str
    at: datetime
    undone_at: datetime | None
    undone_by: str | None
    mentions: Sequence[Named]
    refused: Sequence[Named]
    things: Sequence[tuple[str, str]]
    mailed: int
    waiting: int


@dataclass(frozen=True)
class AttachmentLine:
    """A mention and a thing of the record that it is attached to."""

    mention_id: int
    mention_title: str
    title: str
    technology: str | None
    noun: str
    key: str
    reason: str
    attached_by: str
    attached_at: datetime
    decision_id: int
    has_status: bool


def recent_decisions(session: Session, *, before: int | None = None) -> list[DecisionLine]:
    """The last acts, newest first; `before` is the id after which the next page starts."""
    wanted = select(DecisionRow.id).order_by(DecisionRow.id.desc()).limit(PAGE)
    return _lines(session, wanted.where(DecisionRow.id < before) if before else wanted)


def decision_line(session: Session, decision_id: int) -> DecisionLine | None:
    """One act."""
    return next(iter(_lines(session, [decision_id])), None)


def attachments_of_mention(session: Session, mention_id: int) -> list[AttachmentLine]:
    """What a mention is attached to."""
    return _attachments(session, MentionLinkRow.mention_id == mention_id)


def attachments_to(session: Session, things: Collection[str]) -> dict[str, list[AttachmentLine]]:
    """The mentions that are attached to these things of the record, by key, the newest first."""
    found: defaultdict[str, list[AttachmentLine]] = defaultdict(list)
    for one in _attachments(session, MentionLinkRow.key.in_(things)) if things else ():
        found[one.key].append(one)
    return dict(found)


def _attachments(session: Session, condition: Any) -> list[AttachmentLine]:
    query = (
        select(
            MentionLinkRow, MentionRow.title, func.coalesce(PolicyRow.title, AgencyRow.name), DeploymentRow.technology
        )
        .join(MentionRow, MentionRow.id == MentionLinkRow.mention_id)
        .outerjoin(PolicyRow, (MentionLinkRow.noun == "policy") & (PolicyRow.key == MentionLinkRow.key))
        .outerjoin(DeploymentRow, (MentionLinkRow.noun == "deployment") & (DeploymentRow.key == MentionLinkRow.key))
        .outerjoin(AgencyRow, AgencyRow.id == DeploymentRow.agency_id)
    )
    return [
        AttachmentLine(
            mention_id=row.mention_id,
            mention_title=mention_title,
            title=title or row.key,
            technology=technology,
            noun=row.noun,
            key=row.key,
            reason=row.reason,
            attached_by=row.attached_by,
            attached_at=row.attached_at,
            decision_id=row.decision_id,
            has_status=row.status_version is not None,
        )
        for row, mention_title, title, technology in session.execute(
            query.where(condition).order_by(MentionLinkRow.id.desc())
        )
    ]


def _lines(session: Session, wanted: Any) -> list[DecisionLine]:
    """The acts with these ids, newest first, in one query: a row for each step."""
    mention = and_(DecisionStepRow.entity == "mention", cast(MentionRow.id, String) == DecisionStepRow.entity_key)
    query = (
        select(
            DecisionRow,
            DecisionStepRow,
            MentionRow.id,
            MentionRow.title,
            _mails(HANDED_OVER),
            _mails((AlertState.PENDING,)),
        )
        .outerjoin(DecisionStepRow, DecisionStepRow.decision_id == DecisionRow.id)
        .outerjoin(MentionRow, mention)
        .where(DecisionRow.id.in_(wanted))
        .order_by(DecisionRow.id.desc(), DecisionStepRow.position)
    )
    grouped = groupby(session.execute(query), key=lambda row: row[0])
    return [_line(decision, list(rows)) for decision, rows in grouped]


def _line(row: DecisionRow, steps: Sequence[Any]) -> DecisionLine:
    return DecisionLine(
        id=row.id,
        decision=Decision(row.decision),
        actor=row.actor,
        reason=row.reason,
        at=row.at,
        undone_at=row.undone_at,
        undone_by=row.undone_by,
        mentions=[Named(mention_id, title) for _, _, mention_id, title, _, _ in steps if mention_id is not None],
        refused=[Named(one["mention"], one["title"], one["why"]) for one in row.refused],
        things=[(step.entity, step.entity_key) for _, step, *_ in steps if step and step.entity != "mention"],
        mailed=sum(mailed for *_, mailed, _ in steps),
        waiting=sum(waiting for *_, waiting in steps),
    )


def _mails(states: Sequence[AlertState]) -> Any:
    """How many mails about the mention of a step are in these states."""
    query = select(func.count()).select_from(AlertRow).join(EventRow, EventRow.id == AlertRow.event_id)
    of_it = query.where(EventRow.mention_id == MentionRow.id, AlertRow.state.in_(states))
    return of_it.correlate(MentionRow).scalar_subquery()
