"""What councils write beside a meeting to say where it stands."""

import re

from oversight.domain.reading import MeetingStatus

SAID = (
    (re.compile(r"\bcancel|\bcx?ld\b|\bno meeting\b|\bnot being held\b", re.I), MeetingStatus.CANCELLED),
    (re.compile(r"\b(resched|postpone|moved to|adjourned to|continued to)", re.I), MeetingStatus.RESCHEDULED),
    (re.compile(r"\b(draft|tentative)\b", re.I), MeetingStatus.TENTATIVE),
)


def status_said(*texts: str | None, otherwise: MeetingStatus = MeetingStatus.UNKNOWN) -> MeetingStatus:
    """The status that any of the texts (a title, a note, a place) speaks of; `otherwise` where none does."""
    said = "\n".join(text for text in texts if text)
    for pattern, status in SAID:
        if pattern.search(said):
            return status
    return otherwise
