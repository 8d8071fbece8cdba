"""Raises events, with an alert for everyone whose query fits, in the transaction of what they tell (SAFETY G2)."""

from dataclasses import replace
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.event import About, Event
from oversight.domain.query import Filter
from oversight.storage.alerts import queue_alerts
from oversight.storage.events import raise_event, raise_mention
from oversight.storage.models import MentionRow
from oversight.storage.queries.centres import centres_of
from oversight.storage.subjects import OF_MENTION, mention_subject


def tell(session: Session, event: Event, *, at: datetime) -> None:
    """Write an event and its alerts. The same event told again goes to those who have not heard of it."""
    located = replace(event, about=_located(session, event.about))
    event_id = raise_event(session, located, at=at)
    subject = located.about.subject(event.kind)
    queue_alerts(session, event_id, subject, is_reviewed=event.is_reviewed, at=at)


def tell_mention(session: Session, mention_id: int, *, is_reviewed: bool = True, at: datetime) -> None:
    """Write the event of a mention and its alerts. Once reviewed, it goes to those who wanted only that."""
    event_id = raise_mention(session, mention_id, is_reviewed=is_reviewed, at=at)
    mention = session.get_one(MentionRow, mention_id, options=OF_MENTION, populate_existing=True)
    lies = centres_of(session, [place["ocd_id"] for place in mention.places if place["ocd_id"]])
    queue_alerts(session, event_id, mention_subject(mention, lies), is_reviewed=is_reviewed, at=at)


def _located(session: Session, about: About) -> About:
    """The same with where its places lie, as far as that is known."""
    lies = centres_of(session, {value for name, value in about.values if name is Filter.PLACE})
    return replace(about, values=(*about.values, *((Filter.NEAR, str(lies[key])) for key in sorted(lies))))
