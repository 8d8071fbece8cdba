"""Events of meetings with something on their agenda that was told of: moved, cancelled, on again."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.event import Event, EventKind, Told
from oversight.domain.local_time import said, today_at
from oversight.domain.meeting_change import MeetingChange, is_still_to_come
from oversight.services.about import about_mentions, places_of
from oversight.services.tell import tell
from oversight.services.told import meeting_facts, when_there
from oversight.storage.events import Recall, withdraw_event
from oversight.storage.happened import Moments, changed_meetings, moved_meetings
from oversight.storage.heard import Heard, heard_of_meetings
from oversight.storage.models import MeetingChangeRow, MeetingRow

MOVED = (MeetingChange.MOVED, MeetingChange.PLACE)
OFF = (MeetingChange.CANCELLED, MeetingChange.RESCHEDULED, MeetingChange.VANISHED)
ON_AGAIN = (MeetingChange.REINSTATED, MeetingChange.RETURNED)


def coming_facts(meeting: MeetingRow) -> tuple[tuple[str, str], ...]:
    """Who meets, when and where, and how to be heard."""
    comment = (("How to comment", meeting.how_to_comment),) if meeting.how_to_comment else ()
    return *meeting_facts(meeting), *comment


def tell_changed_meetings(session: Session, moments: Moments, *, at: datetime) -> None:
    """Tell what these polls saw change about meetings to come; what took a place is said, not "cancelled"."""
    changes: defaultdict[int, list[MeetingChangeRow]] = defaultdict(list)
    rows = {}
    for change, row in changed_meetings(session, moments):
        if is_still_to_come(row, now=at, today=today_at(row.timezone, at)):
            changes[row.id].append(change)
            rows[row.id] = row
    moved = {gone.id: (gone, new) for gone, new in moved_meetings(session, moments)}
    heard = heard_of_meetings(session, changes.keys() | moved.keys())
    for meeting_id in sorted(heard):
        if meeting_id in moved:
            _tell_twin(session, *moved[meeting_id], heard[meeting_id], at=at)
        else:
            _tell_changes(session, rows[meeting_id], changes[meeting_id], heard[meeting_id], at=at)


def _tell_twin(session: Session, gone: MeetingRow, new: MeetingRow, heard: Sequence[Heard], *, at: datetime) -> None:
    withdraw_event(session, EventKind.MEETING_CANCELLED, f"meeting:{gone.id}", at=at)
    facts = (("Was to be", when_there(gone)), *coming_facts(new))
    title = f"{new.body or 'Body not known'}: now, {when_there(new)}"
    tell(session, _event(EventKind.MEETING_MOVED, (gone, new), f"meeting {new.id}", (title, facts), heard), at=at)


def _tell_changes(
    session: Session, row: MeetingRow, changes: Sequence[MeetingChangeRow], heard: Sequence[Heard], *, at: datetime
) -> None:
    """One event for all that one poll saw of a kind; each has the moment at which it was seen."""
    body, seen = row.body or "Body not known", changes[0].seen_at.isoformat()
    kinds = {MeetingChange(change.kind): change for change in changes}
    off = next((kind for kind in OFF if kind in kinds), None)
    if off is not None:
        title, facts = f"{body}: {off.label.lower()}", coming_facts(row)
        tell(session, _event(EventKind.MEETING_CANCELLED, (row, row), seen, (title, facts), heard), at=at)
        return
    recall = Recall(0, 0)
    if any(kind in kinds for kind in ON_AGAIN):
        recall = withdraw_event(session, EventKind.MEETING_CANCELLED, f"meeting:{row.id}", at=at)
    moved = [kinds[kind] for kind in MOVED if kind in kinds]
    if moved or recall.sent:  # who was told that it is cancelled must hear that it is not
        when = when_there(row)
        news = "on again" if recall.sent else "now" if MeetingChange.MOVED in kinds else "now elsewhere"
        title = f"{body}: {news}, {when}"
        facts = (*(_before(change, row.timezone) for change in moved), *coming_facts(row))
        tell(session, _event(EventKind.MEETING_MOVED, (row, row), seen, (title, facts), heard), at=at)


def _before(change: MeetingChangeRow, timezone: str | None) -> tuple[str, str]:
    before = change.before or ""
    if change.kind == MeetingChange.PLACE:
        return "Was to be at", before
    if "T" not in before:  # a day without an hour
        return "Was to be", before
    return "Was to be", said(datetime.fromisoformat(before), timezone or "UTC")


def _event(
    kind: EventKind,
    meetings: tuple[MeetingRow, MeetingRow],
    occurrence: str,
    words: tuple[str, tuple[tuple[str, str], ...]],
    heard: Sequence[Heard],
) -> Event:
    """An event of a meeting; the second one is what people are to know of now, which may be another."""
    gone, new = meetings
    mentions = [one.mention for one in heard]
    told = Told(
        title=words[0],
        place=places_of(mentions),
        facts=(*words[1], ("On its agenda", "; ".join(dict.fromkeys(mention.title for mention in mentions)))),
        path=f"/meetings/{new.id}",
        source=new.url or gone.url,
        until=str(new.date) if kind is EventKind.MEETING_MOVED else None,
        meetings=tuple(dict.fromkeys((gone.id, new.id))),
        timezone=new.timezone,
    )
    is_reviewed = any(one.is_reviewed for one in heard)
    return Event(kind, f"meeting:{gone.id}", occurrence, about_mentions(mentions), told, is_reviewed)
