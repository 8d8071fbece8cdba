"""Days and hours in words, the same on pages, in files and in mails."""

from datetime import date, datetime
from zoneinfo import ZoneInfo

from oversight.domain.month_names import SHORT


def day(value: date | datetime | None) -> str:
    """7 May 2019."""
    return f"{value.day} {SHORT[value.month - 1]} {value.year}" if value else "date not known"


def hour_in(starts_at: datetime | None, timezone: str | None) -> str:
    """The hour there with its zone, or that it is not known."""
    if starts_at is None or timezone is None:
        return "hour not known"
    local = starts_at.astimezone(ZoneInfo(timezone))
    return f"{local:%H:%M} {local.tzname()}"
