"""Undoes what polls made of a feed for good: a redirect that was followed, or "gone"; the step is in the history."""

from datetime import datetime
from typing import Any

from sqlalchemy.orm import Session

from oversight.errors import NotAllowed
from oversight.storage import feeds
from oversight.storage.models import FeedRow
from oversight.storage.revisions import Change, add_revision


def keep_address(session: Session, key: str, *, actor: str, now: datetime) -> FeedRow:
    """Ask a feed at its own address again, at once and from now on.

    Raises NotFound where there is no such feed, and NotAllowed where nothing led it away or ended it.
    """
    row = feeds.get_feed(session, key)
    before, was_gone = state_of(row), row.gone_at is not None
    if not (was_gone or row.moved_url or row.moved_to):
        raise NotAllowed(f"feed {key} is asked at its own address already: {row.url}")
    feeds.keep_address(row, now=now)
    # What polls switched off, this switches on again; feeds.toml still has the last word when it is read.
    row.is_enabled = row.is_enabled or was_gone
    reason = "is to be asked again" if was_gone else "does not follow the redirect"
    change = Change(entity="feed", key=key, before=before, after=state_of(row), actor=actor, reason=reason)
    add_revision(session, change, at=now)
    return row


def state_of(row: FeedRow) -> dict[str, Any]:
    """What the history says of a feed: where it is asked, and whether it is."""
    return {"address": row.address, "is_enabled": row.is_enabled}
