"""Puts a matter on the watch list, so that everything attached to it is read, or takes it off."""

from datetime import datetime

from sqlalchemy.orm import Session

from oversight.storage.documents import want_watched
from oversight.storage.matters import get_matter
from oversight.storage.models import ItemRow, MatterRow
from oversight.storage.revisions import Change, add_revision


def watch_matter(session: Session, matter_id: int, *, is_watched: bool, actor: str, now: datetime) -> MatterRow:
    """Watch a matter, or stop; doing it twice changes nothing. What is attached to it is due to be read at once.

    Raises NotFound.
    """
    matter = get_matter(session, matter_id)
    if matter.is_watched is is_watched:
        return matter
    before, after = {"is_watched": matter.is_watched}, {"is_watched": is_watched}
    matter.is_watched = is_watched
    session.flush()
    if is_watched:
        want_watched(session, ItemRow.matter_id == matter.id, now=now)
    reason = "is to be watched" if is_watched else "need not be watched any more"
    change = Change(entity="matter", key=str(matter.id), before=before, after=after, actor=actor, reason=reason)
    add_revision(session, change, at=now)
    return matter
