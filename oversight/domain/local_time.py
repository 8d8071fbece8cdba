"""Days and hours as councils write them: local, without a zone, with dates that stand for none."""

from datetime import date, datetime, time
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

HOURS = ("%I:%M %p", "%I:%M:%S %p", "%H:%M", "%I %p")
NO_DATE_BEFORE = 1901  # 1900-01-01 and 0001-01-01 stand for no date


def local_day(text: object) -> date | None:
    """The day of an ISO 8601 date or time; None for what is not one, or stands for none."""
    try:
        day = datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None
    return day if day.year >= NO_DATE_BEFORE else None


def local_hour(text: str) -> time | None:
    """The hour in `9:30 AM`, `9:30:00 a.m.`, `14:00` or `7 PM`; None for what is not one."""
    for form in HOURS:
        try:
            return datetime.strptime(text.strip().upper().replace(".", ""), form).time()  # noqa: DTZ007
        except ValueError:
            continue
    return None


def in_zone(day: date | None, hour: time, timezone: str | None) -> datetime | None:
    """The moment of a local day and hour (aware); None where the day or the zone is not known."""
    if day is None or timezone is None:
        return None
    try:
        return datetime.combine(day, hour, ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return None
