"""Events of feeds: of a place nothing is checked any more, so that silence no longer means that there is nothing."""

from collections.abc import Iterable
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.event import About, Event, EventKind, Told
from oversight.domain.health import Trouble
from oversight.domain.query import Filter
from oversight.services.tell import tell
from oversight.storage.models import FeedRow, OperatorEventRow
from oversight.storage.operator_events import opened_at
from oversight.storage.queries.jurisdictions import names_of

UNWATCHED = (
    Trouble.SILENT,
    Trouble.EMPTIED,
    Trouble.BLOCKED,
    Trouble.FAILING,
    Trouble.MISSING,
    Trouble.GONE,
)


def tell_unwatched(session: Session, feed_ids: Iterable[int], *, at: datetime) -> None:
    """Tell of the feeds of places that are not checked from this moment on; once, until all of it is over."""
    opened = [(event, feed) for event, feed in opened_at(session, feed_ids, UNWATCHED, at) if feed.jurisdiction]
    names = names_of(session, {feed.jurisdiction or "" for _, feed in opened}) if opened else {}
    for event, feed in opened:
        tell(session, _event(event, feed, names[feed.jurisdiction or ""]), at=at)


def _event(opened: OperatorEventRow, feed: FeedRow, place: str) -> Event:
    trouble = Trouble(opened.kind)
    return Event(
        kind=EventKind.FEED_SILENT,
        subject=f"feed:{feed.key}",
        occurrence=str(opened.raised_at.date()),
        about=About(((Filter.PLACE, feed.jurisdiction or ""),), (feed.title, place, trouble.label)),
        told=Told(
            title=f"Not watched at present: {feed.title}",
            place=place,
            facts=(("What is wrong", trouble.label), ("Since", str(opened.raised_at.date())), ("Said", opened.detail)),
            path=f"/feeds/{feed.key}",
        ),
    )
