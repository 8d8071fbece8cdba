"""Brings the table of feeds to what feeds.toml says."""

from datetime import datetime
from pathlib import Path

from sqlalchemy.orm import Session

from oversight.catalog import load_feeds
from oversight.domain.feed import Feed
from oversight.platforms import readers
from oversight.storage import feeds
from oversight.vocabulary.places import load_places


def zone_of(jurisdiction: str) -> str | None:
    """The time zone of a jurisdiction by its Open Civic Data id; None where it lies in several, or is not known."""
    row = load_places().by_id(jurisdiction)
    return row.timezone or None if row else None


def read_feeds(path: Path) -> list[Feed]:
    """The feeds of a feeds.toml; raises ConfigurationError with every fault."""
    return load_feeds(path, platforms=readers.names(), zone_of=zone_of)


def sync_feeds(session: Session, listed: list[Feed], *, now: datetime, is_whole: bool = True) -> None:
    """Store the feeds, new ones due at once. With a whole list, those no longer named are disabled, not deleted."""
    feeds.sync_feeds(session, listed, is_whole=is_whole, now=now)
