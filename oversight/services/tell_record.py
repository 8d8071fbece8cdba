"""Tells what an editor's change of the record says newly, and withdraws what it no longer says.

Files that are loaded and imports tell nothing: they bring the past.
"""

from collections.abc import Callable, Mapping, Sequence
from datetime import date, datetime, timedelta
from typing import Any

from sqlalchemy.orm import Session

from oversight.domain.event import EventKind
from oversight.domain.local_time import today_at
from oversight.domain.partial_date import span_of
from oversight.domain.withdrawal import is_withdrawn
from oversight.services.events_of_claims import contradiction_events
from oversight.services.events_of_deployments import deployment_events
from oversight.services.events_of_duties import filing_events
from oversight.services.events_of_policies import policy_events
from oversight.services.tell import tell
from oversight.services.tellable import Dated, Entry, Tellable, tellable_deployment, tellable_policy
from oversight.storage.events import Recall, withdraw_event
from oversight.storage.models import JurisdictionRow, RevisionRow
from oversight.storage.queries.jurisdictions import rows_by_key
from oversight.storage.queries.sources import sources_by_key

LATELY = timedelta(days=60)  # what an editor enters of longer ago is history, and told to nobody
THINGS: Mapping[str, Callable[[Entry, JurisdictionRow, str | None], Tellable]] = {
    "policy": tellable_policy,
    "deployment": tellable_deployment,
}
EVENTS: Mapping[str, tuple[Callable[[Tellable, Entry, Entry], list[Dated]], ...]] = {
    "policy": (policy_events, filing_events, contradiction_events),
    "deployment": (deployment_events, contradiction_events),
}


def tell_revision(session: Session, revision: RevisionRow, *, at: datetime) -> Recall:
    """Raise the events of a new version of a thing; what became of the alerts about what it says no more."""
    before, after = _said(revision.before), _said(revision.after)
    if revision.entity not in THINGS or not (before or after):
        return Recall(0, 0)
    ((place, thing),) = described(session, revision.entity, [after or before])
    today, recall = today_at(place.timezone, at), Recall(0, 0)
    for events in EVENTS[revision.entity]:
        for event, _ in events(thing, after, before) if before else ():
            recall += withdraw_event(session, event.kind, event.subject, event.occurrence, at=at)
        for event, day in events(thing, before, after) if after else ():
            if event.kind is EventKind.DUTY_FILED:  # nobody need hear any more that it is due, or was not filed
                for kind in (EventKind.DUTY_DUE, EventKind.DUTY_LATE):
                    recall += withdraw_event(session, kind, event.subject, event.occurrence, at=at)
            if _is_news(event.kind, day, today, is_new=not before):
                tell(session, event, at=at)
    return recall


def described(session: Session, noun: str, entries: Sequence[Entry]) -> list[tuple[JurisdictionRow, Tellable]]:
    """What revisions say, as events tell of it, each with whose it is; the same few questions for any number."""
    places = rows_by_key(session, {entry["jurisdiction_key"] for entry in entries})
    lasts = [entry["sources"][-1] if entry.get("sources") else "" for entry in entries]
    sources = sources_by_key(session, set(lasts))
    found = []
    for entry, last in zip(entries, lasts, strict=True):
        place, source = places[entry["jurisdiction_key"]], sources.get(last)
        found.append((place, THINGS[noun](entry, place, source.url if source else None)))
    return found


def _is_news(kind: EventKind, day: str | None, today: date, *, is_new: bool) -> bool:
    """Whether it happened lately; a contradiction in what was on record happens when it is found."""
    if kind is EventKind.CONTRADICTION and not is_new:
        return True
    return day is not None and span_of(day).first >= today - LATELY


def _said(held: dict[str, Any] | None) -> dict[str, Any]:
    return {} if held is None or is_withdrawn(held) else held
