"""The overview: what is new, what is next, what changed, where places stand, and whether the watch is working."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.orm import Session

from oversight.domain.duty import DutyState
from oversight.domain.mention import MentionState
from oversight.domain.posture import Stance
from oversight.storage.models import DeploymentRow, PolicyRow
from oversight.storage.queries.calendar import CalendarFilter
from oversight.storage.queries.duties import DutyEntry, duties_between
from oversight.storage.queries.jurisdictions import Recorded, stances
from oversight.storage.queries.mention_filter import MentionFilter
from oversight.storage.queries.mentions import MentionLine, mention_count, new_and_next
from oversight.storage.queries.week import Week, last_week

MOST = 6
MOST_DUTIES = 5
YEAR = timedelta(days=365)


@dataclass(frozen=True)
class Overview:
    """What the first page shows; every number is that of the list it leads to."""

    new: Sequence[MentionLine]
    upcoming: Sequence[MentionLine]
    duties: Sequence[DutyEntry]
    week: Week
    stances: Sequence[tuple[Recorded, Stance]]
    policies: int
    deployments: int
    mentions: int
    pending: int


def overview(session: Session, *, technology: str, now: datetime) -> Overview:
    """The overview at a moment; stances are those toward one technology."""
    counted = select(
        select(func.count()).select_from(PolicyRow).scalar_subquery(),
        select(func.count()).select_from(DeploymentRow).scalar_subquery(),
        mention_count(MentionFilter()).scalar_subquery(),
        mention_count(MentionFilter(state=MentionState.PENDING)).scalar_subquery(),
    )
    policies, deployments, mentions, pending = session.execute(counted).one()
    new, upcoming = new_and_next(session, now=now, limit=MOST)
    return Overview(
        new=new,
        upcoming=upcoming,
        duties=due_next(session, now.date()),
        week=last_week(session, now=now),
        stances=stances(session, technology=technology, as_of=now.date()),
        policies=policies,
        deployments=deployments,
        mentions=mentions,
        pending=pending,
    )


def due_next(session: Session, today: date) -> list[DutyEntry]:
    """The duties that fall due next, within a year."""
    found = duties_between(session, CalendarFilter(), today, today + YEAR, as_of=today)
    return [one for one in found if one.line.clock.state is DutyState.DUE][:MOST_DUTIES]
