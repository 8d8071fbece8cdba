"""Events of agendas: a matter that was told of stands on one that is to come, or one of those is revised."""

from collections.abc import Collection, Sequence
from datetime import datetime

from sqlalchemy.orm import Session

from oversight.domain.event import Event, EventKind, Told
from oversight.domain.local_time import today_at
from oversight.domain.meeting_change import is_on
from oversight.services.about import about_mentions, only_places, places_of, with_texts
from oversight.services.events_of_meetings import coming_facts
from oversight.services.tell import tell
from oversight.storage.happened import Moments, items_of_entries, items_with_business, new_sightings, revised_agendas
from oversight.storage.heard import Heard, heard_of_matters, heard_of_meetings, leads_of
from oversight.storage.models import AgendaVersionRow, ItemRow, MeetingRow, MentionRow

MOST_ADDED = 5
ADDED_LENGTH = 300


def tell_sightings(session: Session, moments: Moments, *, at: datetime) -> set[int]:
    """Tell of the matters that were told of before and stand anew on an agenda to come; the items of those."""
    sightings = new_sightings(session, moments)
    leads = leads_of(session, {matter for _, matter, _ in sightings})
    heard = heard_of_matters(session, set(leads.values()))
    known = {one.business for one in heard}
    wanted = [item_id for item_id, matter, _ in sightings if leads[matter] in known]
    told = set()
    for item in items_with_business(session, wanted):
        lead = leads[item.matter_id or 0]
        if _tell_sighting(session, item, lead, [one for one in heard if one.business == lead], at=at):
            told.add(item.id)
    return told


def _tell_sighting(session: Session, item: ItemRow, lead: int, heard: Sequence[Heard], *, at: datetime) -> bool:
    meeting, matter = item.meeting, item.matter
    if meeting is None or matter is None or not is_on(meeting, now=at, today=today_at(meeting.timezone, at)):
        return False
    days = {one.mention.item.meeting.date for one in heard if one.mention.item.meeting is not None}
    if meeting.date in days:  # another feed's word of the same, or the same day's second item
        return False
    mentions = [one.mention for one in heard]
    event = Event(
        kind=EventKind.ON_AGENDA,
        subject=f"matter:{lead}",
        occurrence=str(meeting.date),
        about=with_texts(about_mentions(mentions), [item.title, item.excerpt, meeting.body, matter.file, matter.title]),
        told=Told(
            title=item.title or matter.title,
            place=places_of(mentions),
            facts=(("File", matter.file), *coming_facts(meeting)),
            path=f"/meetings/{meeting.id}",
            source=item.url or meeting.url,
            until=str(meeting.date),
            meetings=(meeting.id,),
            timezone=meeting.timezone,
        ),
        is_reviewed=any(one.is_reviewed for one in heard),
    )
    tell(session, event, at=at)
    return True


def tell_revisions(session: Session, moments: Moments, *, told: Collection[int], at: datetime) -> None:
    """Tell what was added to agendas to come that have on them what was told of; `told` are items told of just now."""
    revised = [
        (version, meeting)
        for version, meeting in revised_agendas(session, moments)
        if is_on(meeting, now=at, today=today_at(meeting.timezone, at))
    ]
    heard = heard_of_meetings(session, {meeting.id for _, meeting in revised})
    for version, meeting in revised:
        if meeting.id in heard:
            _tell_revision(session, (version, meeting), heard[meeting.id], told=told, at=at)


def _tell_revision(
    session: Session,
    what: tuple[AgendaVersionRow, MeetingRow],
    heard: Sequence[Heard],
    *,
    told: Collection[int],
    at: datetime,
) -> None:
    """Of an entry that was told of just now as such nothing is told again."""
    version, meeting = what
    rows = items_of_entries(session, meeting.feed_id, [entry["identity"] for entry in version.added])
    added = [entry for entry in version.added if rows.get(entry["identity"], (0, None))[0] not in told]
    if not added:
        return
    mentions = [one.mention for one in heard]
    about = about_mentions(mentions, [text for entry in added for text in (entry["title"], entry["text"])])
    touched = _touched(mentions, [rows[entry["identity"]] for entry in added if entry["identity"] in rows])
    about = about_mentions(touched, about.texts) if touched else only_places(about)
    titles = {entry["identity"]: entry["title"] for entry in version.entries}
    words = [f"{titles[entry['identity']]}: {entry['text']}"[:ADDED_LENGTH] for entry in added[:MOST_ADDED]]
    more = (("Added", f"and {len(added) - MOST_ADDED} more"),) if len(added) > MOST_ADDED else ()
    event = Event(
        kind=EventKind.AGENDA_REVISED,
        subject=f"meeting:{meeting.id}",
        occurrence=str(version.number),
        about=about,
        told=Told(
            title=f"{meeting.body or 'Body not known'}: {titles[added[0]['identity']]}",
            place=places_of(mentions),
            facts=(*(("Added", one.rstrip(": ")) for one in words), *more, *coming_facts(meeting)),
            path=f"/meetings/{meeting.id}",
            source=meeting.agenda_url or meeting.url,
            until=str(meeting.date),
            meetings=(meeting.id,),
            timezone=meeting.timezone,
        ),
        is_reviewed=any(one.is_reviewed for one in heard),
    )
    tell(session, event, at=at)


def _touched(mentions: Sequence[MentionRow], rows: Sequence[tuple[int, int | None]]) -> list[MentionRow]:
    """The mentions whose own item has new words, or another item of their matter; only for them filters fit."""
    items, matters = {item_id for item_id, _ in rows}, {matter_id for _, matter_id in rows} - {None}
    return [one for one in mentions if one.item_id in items or one.item.matter_id in matters]
