"""Which meetings are still to come, and which are over, wherever a list asks: by the hour, or by the day at its end."""

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import and_, or_

from oversight.domain.local_time import day_not_over

SITTING = timedelta(hours=4)  # so long after its start a meeting is still listed among those to come
WIDEST = timedelta(days=2)  # no zone is further from UTC; the plain bound on the day lets an index find the rows


def is_coming(meeting: Any, now: datetime) -> Any:
    """The condition that a meeting, whose table or alias is given, is to come; one whose day is not known is not."""
    by_day = and_(meeting.starts_at.is_(None), meeting.date >= day_not_over(None, now))
    return and_(meeting.date >= (now - WIDEST).date(), or_(meeting.starts_at >= now - SITTING, by_day))


def is_over(meeting: Any, now: datetime) -> Any:
    """The condition that it is over."""
    by_day = and_(meeting.starts_at.is_(None), meeting.date < day_not_over(None, now))
    return and_(meeting.date <= (now + WIDEST).date(), or_(meeting.starts_at < now - SITTING, by_day))
