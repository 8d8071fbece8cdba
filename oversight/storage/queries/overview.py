"""The overview: what is new, what is next, how much is known, and whether the watch is working."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.mention import SET_ASIDE, MentionState
from oversight.domain.posture import STRENGTH
from oversight.domain.record import Posture
from oversight.storage.models import DeploymentRow, FeedRow, ItemRow, JurisdictionRow, MentionRow, PolicyRow
from oversight.storage.queries.jurisdictions import list_jurisdictions
from oversight.storage.queries.mentions import MentionLine, newest_mentions, upcoming_mentions

CHECKED_WITHIN = timedelta(hours=24)


@dataclass(frozen=True)
class Watch:
    """Whether silence means nothing or not checked."""

    feeds: int
    checked: int
    failing: int
    last_ok_at: datetime | None


@dataclass(frozen=True)
class Overview:
    """What the first page shows."""

    new: Sequence[MentionLine]
    upcoming: Sequence[MentionLine]
    postures: Mapping[Posture, int]
    jurisdictions: int
    policies: int
    deployments: int
    items: int
    mentions: int
    pending: int
    watch: Watch


def overview(session: Session, *, technology: str, now: datetime) -> Overview:
    """The overview at a moment; postures are those toward one technology."""
    jurisdictions = list_jurisdictions(session, technology=technology, as_of=now.date())
    postures = Counter(line.stance.posture for line in jurisdictions)
    strictest_first = sorted(Posture, key=STRENGTH.__getitem__, reverse=True)
    by_state = select(MentionRow.state, func.count()).group_by(MentionRow.state)
    states = {state: count for state, count in session.execute(by_state)}
    return Overview(
        new=newest_mentions(session, limit=8),
        upcoming=upcoming_mentions(session, today=now.date())[:8],
        postures={posture: postures[posture] for posture in strictest_first if postures[posture]},
        jurisdictions=_count(session, JurisdictionRow),
        policies=_count(session, PolicyRow),
        deployments=_count(session, DeploymentRow),
        items=_count(session, ItemRow),
        mentions=sum(count for state, count in states.items() if state not in SET_ASIDE),
        pending=states.get(MentionState.PENDING, 0),
        watch=watch(session, now=now),
    )


def watch(session: Session, *, now: datetime) -> Watch:
    """How many feeds there are, how many were really checked in the last day, how many fail."""
    feeds = list(session.scalars(select(FeedRow).where(FeedRow.is_enabled)))
    checked = [feed.last_ok_at for feed in feeds if feed.last_ok_at]
    return Watch(
        feeds=len(feeds),
        checked=sum(moment >= now - CHECKED_WITHIN for moment in checked),
        failing=sum(feed.failures > 0 for feed in feeds),
        last_ok_at=max(checked, default=None),
    )


def _count(session: Session, table: type[JurisdictionRow | PolicyRow | DeploymentRow | ItemRow]) -> int:
    return session.scalar(select(func.count()).select_from(table)) or 0
