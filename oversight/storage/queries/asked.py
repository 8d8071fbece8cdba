"""Whether a word by which an address narrows a list is one that any row has."""

from sqlalchemy import or_, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from oversight.storage.models import FeedRow, JurisdictionRow, MatterRow, MeetingRow, MentionRow, MentionTechnologyRow


def has_place(session: Session, key: str) -> bool:
    """Whether the record, a feed or anything that a feed told is of this place."""
    columns = (FeedRow.jurisdiction, MentionRow.jurisdiction, MeetingRow.jurisdiction, MatterRow.jurisdiction)
    return _has(session, key, JurisdictionRow.key, *columns)


def has_feed(session: Session, key: str) -> bool:
    """Whether there is a feed with this key."""
    return _has(session, key, FeedRow.key)


def has_body(session: Session, name: str) -> bool:
    """Whether a body of this name met anywhere, or will."""
    return _has(session, name, MeetingRow.body)


def has_technology(session: Session, code: str) -> bool:
    """Whether a mention is about a technology of this code."""
    return _has(session, code, MentionTechnologyRow.technology)


def _has(session: Session, word: str, *columns: InstrumentedAttribute[str] | InstrumentedAttribute[str | None]) -> bool:
    found = or_(*(select(column).where(column == word).exists() for column in columns))
    return bool(session.scalar(select(found)))
