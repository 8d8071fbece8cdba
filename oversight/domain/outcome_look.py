"""When to look again for what a meeting decided, and what is known of it: three answers, not two."""

from datetime import UTC, date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from oversight.domain.word import Word

# Days after the meeting: results appear with the action minutes, or weeks later with the approved ones.
LOOKS = (1, 3, 7, 14, 30, 60)


class Finding(Word):
    """What is known of the outcome of an item."""

    NOT_SEARCHED = "not_searched", "Not looked for yet"
    NOT_RECORDED = "not_recorded", "Looked for, not recorded"
    NEVER_RECORDED = "never_recorded", "This system never records outcomes"
    RECORDED = "recorded", "Recorded"


def finding(*, outcome: str | None, looked_at: datetime | None, records_outcomes: bool) -> Finding:
    """What is known: a null in a council's system is never a refusal."""
    if outcome:
        return Finding.RECORDED
    if not records_outcomes:
        return Finding.NEVER_RECORDED
    return Finding.NOT_RECORDED if looked_at is not None else Finding.NOT_SEARCHED


def next_look(day: date | None, *, looks: int, timezone: str | None) -> datetime | None:
    """When to look for the `looks`-th time (from 0) after a meeting of that local day; None when it is enough."""
    if day is None or looks >= len(LOOKS):
        return None
    zone = ZoneInfo(timezone) if timezone else UTC
    return datetime.combine(day + timedelta(days=LOOKS[looks]), time(6), zone).astimezone(UTC)
