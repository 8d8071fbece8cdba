"""Where places lie, as far as the record knows."""

from collections.abc import Collection

from sqlalchemy import Select, select
from sqlalchemy.orm import Session

from oversight.domain.nearness import Point
from oversight.storage.batches import in_batches
from oversight.storage.models import JurisdictionRow


def centres(session: Session) -> dict[str, Point]:
    """The centre of every place that has one on record, by key."""
    return _by_key(session, _QUERY)


def centres_of(session: Session, keys: Collection[str]) -> dict[str, Point]:
    """Those of these places."""
    found: dict[str, Point] = {}
    for some in in_batches(list(keys)):
        found |= _by_key(session, _QUERY.where(JurisdictionRow.key.in_(some)))
    return found


def _by_key(session: Session, query: Select[str, float | None, float | None]) -> dict[str, Point]:
    rows = session.execute(query)
    return {key: Point(north, east) for key, north, east in rows if north is not None and east is not None}


_QUERY = select(JurisdictionRow.key, JurisdictionRow.latitude, JurisdictionRow.longitude).where(
    JurisdictionRow.latitude.is_not(None)
)
