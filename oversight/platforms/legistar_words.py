"""What Legistar's answers have in common, whatever their form: words for a meeting's status, hours, kinds of files."""

import re
from datetime import date, datetime

from oversight.domain.local_time import hour_in, in_zone
from oversight.domain.meeting_words import status_said
from oversight.domain.reading import MeetingStatus

# What the field of an agenda's status holds, in clerks' spellings; the gravest first.
STATUS_WORDS = {
    "cancel": MeetingStatus.CANCELLED,
    **dict.fromkeys(("resched", "postpone", "deferred"), MeetingStatus.RESCHEDULED),
    **dict.fromkeys(("final", "published", "revised"), MeetingStatus.CONFIRMED),
    **dict.fromkeys(("draft", "tentative", "not viewable"), MeetingStatus.TENTATIVE),
}
# A meeting that was moved here from another day takes place.
MOVED_HERE = re.compile(r"\b(?:resched\w*|postponed|deferred) from\b", re.I)
HOW_TO_COMMENT = re.compile(r"public comment|\bcomments? (?:by|to|at)\b|\bto speak\b|\btestif|\be-?comment", re.I)
COMMENT_LENGTH = 500


def status_of(agenda: str | None, *others: str | None) -> MeetingStatus:
    """What the agenda's status says, unless a comment calls the meeting off: its agenda often stays `Final`."""
    known = (agenda or "").casefold()
    of_agenda = next((status for word, status in STATUS_WORDS.items() if word in known), MeetingStatus.UNKNOWN)
    said = status_said(*(MOVED_HERE.sub(" ", other) for other in others if other))
    return next((status for status in STATUS_WORDS.values() if status in (of_agenda, said)), MeetingStatus.UNKNOWN)


def starts_at(day: date | None, text: str | None, timezone: str | None) -> tuple[datetime | None, tuple[str, ...]]:
    """The moment a meeting starts, and what is to be said where the hour cannot be read."""
    if day is None or not text:
        return None, ()
    hour = hour_in(text)
    if hour is None:
        is_status = status_of(None, text) is not MeetingStatus.UNKNOWN
        return None, () if is_status else (f"unreadable hour {text[:40]!r}",)
    if timezone is None:
        return None, ("the feed names no time zone, so no hour of a meeting is known",)
    return in_zone(day, hour, timezone), ()


def how_to_comment(text: str | None) -> str | None:
    """The clerk's own words beside a meeting, where they tell people how to be heard."""
    return " ".join(text.split())[:COMMENT_LENGTH] if text and HOW_TO_COMMENT.search(text) else None
