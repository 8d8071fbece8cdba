"""The rows of which tasks are made: of each kind one query, however much there is."""

from collections.abc import Sequence
from datetime import date
from typing import Any

from sqlalchemy import exists, func, select
from sqlalchemy.orm import Session, aliased

from oversight.domain.mention import MentionState
from oversight.domain.provision import FieldState
from oversight.domain.use_status import IN_USE
from oversight.storage.models import (
    AgencyRow,
    CitationRow,
    ClaimRow,
    DeploymentRow,
    DeploymentStatusRow,
    DutyRow,
    FeedRow,
    ItemRow,
    JurisdictionRow,
    MatterRow,
    MeetingRow,
    MentionRow,
    PolicyRow,
    PolicyStatusRow,
    SnoozeRow,
    SourceRow,
)

MOST = 1000  # of one kind; nobody works through more


def meetings_without_outcome(session: Session, *, today: date) -> Sequence[Any]:
    """Confirmed mentions whose meeting is over and that have no outcome; none where a later sitting decided."""
    other, sitting = aliased(ItemRow), aliased(MeetingRow)
    was_decided = exists().where(
        other.matter_id == ItemRow.matter_id,
        other.outcome.is_not(None),
        sitting.id == other.meeting_id,
        sitting.date >= MeetingRow.date,
    )
    query = (
        select(
            MentionRow.id,
            MentionRow.title,
            MentionRow.places,
            ItemRow.matter_id,
            ItemRow.outcome_looked_at,
            MeetingRow.body,
            MeetingRow.date,
            FeedRow.platform,
            MatterRow.file,
        )
        .join(ItemRow, ItemRow.id == MentionRow.item_id)
        .join(MeetingRow, MeetingRow.id == ItemRow.meeting_id)
        .join(FeedRow, FeedRow.id == ItemRow.feed_id)
        .outerjoin(MatterRow, MatterRow.id == ItemRow.matter_id)
        .where(MentionRow.state == MentionState.CONFIRMED, MeetingRow.date < today, ItemRow.outcome.is_(None))
        .where(~was_decided)
        .order_by(MeetingRow.date.desc(), MentionRow.id)
    )
    return session.execute(query.limit(MOST)).all()


def policy_steps(session: Session) -> Sequence[Any]:
    """Every step of every policy, those of one policy together and in order."""
    query = (
        select(PolicyRow.key, PolicyRow.title, JurisdictionRow.name, PolicyStatusRow)
        .join(JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id)
        .join(PolicyStatusRow, PolicyStatusRow.policy_id == PolicyRow.id)
    )
    return session.execute(query.order_by(PolicyRow.id, PolicyStatusRow.position)).all()


def duties_not_researched(session: Session) -> Sequence[Any]:
    """Dated duties of which nobody noted whether they were met."""
    query = (
        select(PolicyRow.key, PolicyRow.title, JurisdictionRow.name, DutyRow)
        .join(PolicyRow, PolicyRow.id == DutyRow.policy_id)
        .join(JurisdictionRow, JurisdictionRow.id == PolicyRow.jurisdiction_id)
        .where(DutyRow.due.is_not(None), DutyRow.filed.is_(None), DutyRow.filing == FieldState.NOT_RESEARCHED)
    )
    return session.execute(query.order_by(DutyRow.id).limit(MOST)).all()


def deployments_in_use(session: Session) -> Sequence[Any]:
    """Deployments whose last step is a use, with the date of their newest source."""
    last = select(DeploymentStatusRow.status).where(DeploymentStatusRow.deployment_id == DeploymentRow.id)
    status = last.order_by(DeploymentStatusRow.position.desc()).limit(1).scalar_subquery()
    dates = select(func.max(SourceRow.date)).join(CitationRow, CitationRow.source_id == SourceRow.id)
    newest = dates.where(CitationRow.deployment_id == DeploymentRow.id).scalar_subquery()
    query = (
        select(
            DeploymentRow.key,
            DeploymentRow.technology,
            AgencyRow.name.label("agency"),
            JurisdictionRow.name.label("place"),
            status.label("status"),
            newest.label("newest"),
        )
        .join(AgencyRow, AgencyRow.id == DeploymentRow.agency_id)
        .join(JurisdictionRow, JurisdictionRow.id == DeploymentRow.jurisdiction_id)
        .where(status.in_([one.value for one in IN_USE]))
    )
    return session.execute(query.order_by(newest, DeploymentRow.id).limit(MOST)).all()


def claims_by_field(session: Session) -> Sequence[Any]:
    """Of each field that somebody claims something about: how many values are claimed, and whether one is followed."""
    query = (
        select(
            PolicyRow.key.label("policy"),
            PolicyRow.title,
            DeploymentRow.key.label("deployment"),
            DeploymentRow.technology,
            AgencyRow.name.label("agency"),
            ClaimRow.field,
            func.count(ClaimRow.value.distinct()).label("values_claimed"),
            func.count(ClaimRow.followed_because).label("followed"),
        )
        .outerjoin(PolicyRow, PolicyRow.id == ClaimRow.policy_id)
        .outerjoin(DeploymentRow, DeploymentRow.id == ClaimRow.deployment_id)
        .outerjoin(AgencyRow, AgencyRow.id == DeploymentRow.agency_id)
        .group_by(
            PolicyRow.key,
            PolicyRow.title,
            DeploymentRow.key,
            DeploymentRow.technology,
            AgencyRow.name,
            ClaimRow.field,
        )
        .having(func.count(ClaimRow.value.distinct()) > 1)
    )
    return session.execute(query.limit(MOST)).all()


def snoozes(session: Session, *, today: date) -> dict[str, SnoozeRow]:
    """The tasks that somebody put off beyond today, by key."""
    return {row.task: row for row in session.scalars(select(SnoozeRow).where(SnoozeRow.until > today))}
