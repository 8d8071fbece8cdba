"""One subscription as an Atom feed and a calendar, for who has its address: a token that can do nothing else."""

from collections.abc import Iterable
from datetime import date

from flask import Blueprint
from flask.typing import ResponseReturnValue
from icalendar import Event

from oversight.domain.event import EventKind, Told
from oversight.domain.query_parser import parse
from oversight.errors import NotFound
from oversight.services.diary import entries_for
from oversight.services.told import told_of
from oversight.storage.models import EventRow
from oversight.storage.queries.calendar import entries_of_meetings
from oversight.storage.queries.names import known_names
from oversight.storage.queries.sent import events_of
from oversight.storage.subscriptions import by_feed_token
from oversight.web import atom
from oversight.web.auth import public
from oversight.web.ical import diary, ical_file, told_event
from oversight.web.session import reading

bp = Blueprint("private_feeds", __name__, url_prefix="/f")


@bp.get("/<token>.atom")
@public
def atom_feed(token: str) -> ResponseReturnValue:
    """What was found for the subscription, the newest first."""
    title, found = followed(token)
    entries = [atom.Told(told.path, title_of(row, told), summary_of(told), row.at) for row, told in found]
    return atom.atom_file(entries, title=title, page="/")


@bp.get("/<token>.ics")
@public
def calendar(token: str) -> ResponseReturnValue:
    """When what was found for the subscription is decided or due."""
    title, found = followed(token)
    return ical_file([*meetings_of(found), *days_of(found)], name="oversight", title=f"Oversight: {title}")


def followed(token: str) -> tuple[str, list[tuple[EventRow, Told]]]:
    """What a subscription follows, in words, with its events; raises NotFound where there is none, or none any more."""
    with reading() as session:
        subscription = by_feed_token(session, token)
        if subscription is None:
            raise NotFound("There is no feed at this address, or no more.")
        found = [(row, told_of(row)) for row in events_of(session, subscription.id)]
        return known_names(session).said(parse(subscription.query.text)), found


def meetings_of(found: list[tuple[EventRow, Told]]) -> Iterable[Event]:
    """The meetings that were told of, as they stand now: moved or called off, each is one entry for ever."""
    ids = dict.fromkeys(one for _, told in found for one in told.meetings)
    with reading() as session:
        meetings = [one for one in entries_of_meetings(session, list(ids)) if one.day]
        return entries_for(session, diary(), meetings).values()


def days_of(found: list[tuple[EventRow, Told]]) -> list[Event]:
    """What else is due: one entry for each page and day, of which the newest tells."""
    dated = {(told.path, told.until): (row, told) for row, told in reversed(found) if told.until and not told.meetings}
    return [
        told_event(
            told,
            on=date.fromisoformat(told.until or ""),
            words=f"{title_of(row, told)}\n{summary_of(told)}",
            at=row.at,
        )
        for row, told in dated.values()
    ]


def title_of(row: EventRow, told: Told) -> str:
    """What happened, where, to what."""
    kind = EventKind(row.kind)
    parts = (told.place, "" if kind is EventKind.MENTION else kind.label, told.title)
    return ": ".join(part for part in parts if part)


def summary_of(told: Told) -> str:
    """The facts, one after the other."""
    return "; ".join(f"{name}: {value}" for name, value in told.facts)
