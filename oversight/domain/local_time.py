"""Days and hours as councils write them: local, without a zone, with dates that stand for none."""

import re
from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from oversight.domain.month_names import MONTH_NAME, month_number

LATEST_ZONE = timedelta(hours=10)
NO_DATE_BEFORE = 1901  # 1900-01-01 and 0001-01-01 stand for no date
# What looks ahead says sooner than twelve names that no month stands here.
WRITTEN_DAY = re.compile(
    r"\b(?P<iso>\d{4}-\d{1,2}-\d{1,2})(?!\d)"
    r"|\b(?P<month>\d{1,2})[/.](?P<day>\d{1,2})[/.](?P<year>\d{4}|\d{2})\b"
    rf"|\b(?=[A-Za-z]{{3,9}}\.?\s+\d)(?P<name>(?i:{MONTH_NAME}))\.?\s+(?P<of>\d{{1,2}})(?i:st|nd|rd|th)?,?\s+(?P<in>\d{{4}})\b"
    rf"|\b(?P<first>\d{{1,2}})\s+(?P<called>(?i:{MONTH_NAME}))\.?,?\s+(?P<then>\d{{4}})\b"
)
# An hour, or a range that names the half of the day at its end only; before a lone number stands what makes it an hour.
WRITTEN_HOUR = re.compile(
    r"(?<![:\d])(?:(?P<start>\d{1,2}:\d{2}"
    r"|(?:(?<=\bat )|(?<=\bfrom )|(?<=\bbetween )|(?<=@)|(?<=@ ))\d{1,2}|^\d{1,2}(?=-))"
    r"\s{0,3}(?:[-–—]|to\b|until\b|and\b)\s{0,3})?"
    r"\b(?P<hour>\d{1,2})(?::(?P<minute>\d{2}))?(?::\d{2})?\s*(?P<half>[ap])\.?\s*m\b\.?"
    r"|(?:\b|(?<=\dT))(?<!:)(?P<hour24>[01]?\d|2[0-3]):(?P<minute24>[0-5]\d)\b(?::\d{2}\b)?|\b(?P<word>noon|midnight)\b",
    re.I,
)


def local_day(text: object) -> date | None:
    """The day of an ISO 8601 date or time; None for what is not one, or stands for none."""
    try:
        day = datetime.fromisoformat(str(text)).date()
    except ValueError:
        return None
    return day if day.year >= NO_DATE_BEFORE else None


def in_zone(day: date | None, hour: time, timezone: str | None) -> datetime | None:
    """The moment of a local day and hour (aware); None where the day or the zone is not known."""
    if day is None or timezone is None:
        return None
    try:
        return datetime.combine(day, hour, ZoneInfo(timezone))
    except (ZoneInfoNotFoundError, ValueError):
        return None


def day_in(text: str) -> date | None:
    """The first day named in a text, as American councils write them: `11/17/26`, `Nov. 17, 2026`, `2026-11-17`."""
    for match in WRITTEN_DAY.finditer(text.replace("\xa0", " ")):
        found = _day_of(match)
        if found is not None:
            return found
    return None


def hour_in(text: str) -> time | None:
    """The first hour named in a text: `6:00 PM`, `6 p.m.`, `18:00`, `noon`; `7:00` is none: its half is not known."""
    for match in WRITTEN_HOUR.finditer(text.replace("\xa0", " ")):
        if len(match["hour24"] or "24") == 1:
            return None
        found = _hour_of(match)
        if found is not None:
            return found
    return None


def _day_of(match: re.Match[str]) -> date | None:
    said = match.groupdict()
    if said["iso"]:
        year, month, day = (int(part) for part in said["iso"].split("-"))
    elif said["month"]:
        year, month, day = int(said["year"]), int(said["month"]), int(said["day"])
        year += 2000 if year < 100 else 0
    else:
        month = month_number(said["name"] or said["called"])
        year, day = int(said["in"] or said["then"]), int(said["of"] or said["first"])
    try:
        found = date(year, month, day)
    except ValueError:
        return None
    return found if found.year >= NO_DATE_BEFORE else None


def _hour_of(match: re.Match[str]) -> time | None:
    said = match.groupdict()
    if said["word"]:
        return time(12) if said["word"].casefold() == "noon" else time(0)
    if said["hour24"]:
        return time(int(said["hour24"]), int(said["minute24"]))
    end = _of_half(int(said["hour"]), int(said["minute"] or 0), said["half"])
    return _start_before(end, said["start"], said["half"]) if end and said["start"] else end


def _of_half(hour: int, minute: int, half: str) -> time | None:
    if not 1 <= hour <= 12 or minute > 59:
        return None
    return time(hour % 12 + (12 if half in "pP" else 0), minute)


def _start_before(end: time, start: str, half: str) -> time | None:
    """The start of a range, in the half of its end, or in the other one where it would be later than the end."""
    hour, minute = (int(part) for part in f"{start}:0".split(":")[:2])
    if 13 <= hour <= 23 and minute <= 59:
        return time(hour, minute)
    same = _of_half(hour, minute, half)
    return same if same is None or same <= end else _of_half(hour, minute, "a" if half in "pP" else "p")


def today_at(timezone: str | None, now: datetime) -> date:
    """The day at that place; the day of UTC where no zone is known."""
    return now.astimezone(ZoneInfo(timezone)).date() if timezone else now.date()


def day_not_over(timezone: str | None, now: datetime) -> date:
    """The first day that is not over at that place; where no zone is known, not over in Hawaii, where days end last."""
    return today_at(timezone, now) if timezone else (now - LATEST_ZONE).date()


def said(moment: datetime, timezone: str) -> str:
    """A moment as people at that place say it, with the zone."""
    return f"{moment.astimezone(ZoneInfo(timezone)):%A %-d %B %Y, %H:%M} ({timezone})"


def said_of_meeting(day: date | None, starts_at: datetime | None, timezone: str | None) -> str:
    """When a meeting is, as far as it is known, at its own place."""
    if starts_at and timezone:
        return said(starts_at, timezone)
    return f"{day:%A %-d %B %Y}, hour not known" if day else "day not known"


def local_hour_of(now: datetime, timezone: str) -> int:
    """The hour of the day at that place, from 0 to 23."""
    return now.astimezone(ZoneInfo(timezone)).hour
