"""Writes what answers said: what items belong to, then the items of many polls at once, then what hangs on them."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from sqlalchemy.orm import Session

from oversight.domain.feed import Outcome
from oversight.domain.meeting_change import completed
from oversight.domain.reading import Meeting, Reading
from oversight.platforms import reader_of
from oversight.services.events_of_mentions import sure_score
from oversight.services.examine import Examined
from oversight.services.visit import Visit
from oversight.services.watch import FLOOD
from oversight.storage.agendas import save_agendas
from oversight.storage.documents import save_documents
from oversight.storage.items import Found, Kept, Owners, Saved, Sighting, note_looks, save_items
from oversight.storage.joint_hearings import link_joint_hearings
from oversight.storage.matters import StepKey, matter_ids, save_matters, save_steps
from oversight.storage.meetings import (
    bodies_of,
    link_twins,
    meeting_ids,
    note_vanished,
    remember_questions,
    save_meetings,
)
from oversight.storage.models import FeedRow
from oversight.storage.outcome_looks import note_outcome_looks
from oversight.vocabulary.candidates import load_candidates


@dataclass
class Brought:
    """What readings brought: counts by feed, and what may be told of it.

    `sure` are by feed the new and changed items that the detector is sure of, `outcomes` those whose outcome is new,
    `steps` what bodies did.
    """

    saved: dict[int, Saved] = field(default_factory=dict)
    sure: defaultdict[int, list[int]] = field(default_factory=lambda: defaultdict(list))
    outcomes: list[int] = field(default_factory=list)
    steps: list[StepKey] = field(default_factory=list)


def save_readings(session: Session, visits: Sequence[Visit]) -> Brought:
    """Write what these polls read: first what items belong to, then all items together, then what hangs on them."""
    belonging, brought = [], Brought()
    for visit in visits:
        told: dict[str, Meeting] = {}
        for examined in visit.examined:
            belonging.append((visit, examined, _save_owners(session, visit, examined, told)))
            brought.steps += _save_steps(session, visit, examined, belonging[-1][2])
    polls = {visit.row.id: Found(visit.row, [], visit.started_at) for visit in visits if visit.examined}
    for visit, examined, owners in belonging:
        documented = {document.item_uid for document in examined.clean.reading.documents}
        polls[visit.row.id].items.extend(
            Sighting(
                item,
                examined.fingerprints[place],
                examined.detections.get(place),
                owners,
                needs_row=item.uid in documented,
                signature=examined.signatures.get(place),
            )
            for place, item in enumerate(examined.clean.reading.items)
        )
    kept = dict(zip(polls, save_items(session, list(polls.values())), strict=True))
    for visit, examined, owners in belonging:
        _save_what_hangs(session, visit, examined, (owners, kept[visit.row.id].ids))
        brought.sure[visit.row.id] += _sure_of(examined, kept[visit.row.id])
    brought.saved = {feed_id: one.saved for feed_id, one in kept.items()}
    brought.outcomes = [item_id for one in kept.values() for item_id in one.outcomes]
    return brought


def _sure_of(examined: Examined, kept: Kept) -> list[int]:
    """The new and changed items that the detector is sure of; none of a flood, at which editors look first."""
    if kept.saved.mentions_new > FLOOD:
        return []
    sure = [place for place, detection in examined.detections.items() if detection.score >= sure_score()]
    return [one for place in sure if (one := kept.ids[examined.fingerprints[place].identity]) in kept.fresh]


def _save_owners(session: Session, visit: Visit, examined: Examined, told: dict[str, Meeting]) -> Owners:
    """Write what items belong to; `told` are the meetings as this poll's earlier answers told them."""
    feed, now, reading = visit.row, visit.started_at, examined.clean.reading
    meetings: dict[str, int] = {}
    matters: dict[str, int] = {}
    if reading.meetings:
        looks = reader_of(feed.platform).records_outcomes
        whole = [completed(told[one.uid], one) if one.uid in told else one for one in reading.meetings]
        told |= {one.uid: one for one in whole}
        meetings = save_meetings(session, feed, whole, looks_for_outcomes=looks, now=now)
    meetings |= _others(session, feed, reading, meetings)
    if reading.matters:
        matters = save_matters(session, feed, reading.matters, now=now)
    if reading.steps and feed.jurisdiction:
        matters |= matter_ids(session, feed.jurisdiction, [step.matter_file for step in reading.steps])
    return Owners(meetings, matters)


def _save_steps(session: Session, visit: Visit, examined: Examined, owners: Owners) -> list[StepKey]:
    steps = examined.clean.reading.steps
    return save_steps(session, visit.row, steps, owners.matters) if steps else []


def _save_what_hangs(
    session: Session, visit: Visit, examined: Examined, known: tuple[Owners, Mapping[str, int]]
) -> None:
    """Agendas, documents, and the questions that are asked again after the meeting."""
    owners, ids = known
    feed, now, reading = visit.row, visit.started_at, examined.clean.reading
    if owners.meetings:
        save_agendas(session, reading.items, owners.meetings, now=now)
        remember_questions(session, owners.meetings, [request for request in reading.next if request.meeting_uid])
    if owners.meetings and owners.matters:
        link_joint_hearings(session, feed, set(owners.meetings.values()))
    if reading.documents:
        marks = zip(reading.items, examined.fingerprints, strict=True)
        rows = {item.uid: ids[mark.identity] for item, mark in marks if mark.identity in ids}
        documents = list(zip(reading.documents, _wanted(session, examined, owners), strict=True))
        save_documents(session, feed, documents, {"items": rows, "meetings": owners.meetings}, now=now)


def _wanted(session: Session, examined: Examined, owners: Owners) -> list[str | None]:
    """Why each document should be read: an agenda's answer seldom names the body, which the calendar's told."""
    reading = examined.clean.reading
    meeting_of = {item.uid: item.meeting_uid for item in reading.items}
    sitting = [
        owners.meetings.get(one.meeting_uid or meeting_of.get(one.item_uid or "") or "") for one in reading.documents
    ]
    reasons = list(zip(sitting, examined.wanted, strict=True))
    bodies = bodies_of(session, {one for one, why in reasons if one is not None and why is None})
    return [why or load_candidates().why(body=bodies.get(one or 0)) for one, why in reasons]


def _others(session: Session, feed: FeedRow, reading: Reading, known: dict[str, int]) -> dict[str, int]:
    """Meetings that this answer speaks of, and another one listed."""
    named = {item.meeting_uid for item in reading.items} | {one.meeting_uid for one in reading.documents}
    missing = sorted(uid for uid in named if uid and uid not in known)
    return meeting_ids(session, feed, missing) if missing else {}


def note_whole_poll(session: Session, visit: Visit, outcome: Outcome) -> None:
    """What only the whole poll can tell: which meetings are missing, and which took their place."""
    readings = [examined.clean.reading for examined in visit.examined]
    meetings = {meeting.uid for reading in readings for meeting in reading.meetings}
    spans = [reading.covers for reading in readings if reading.covers]
    is_sure = (
        outcome is Outcome.OK and not visit.waiting and not visit.failures and not visit.troubles and bool(meetings)
    )
    if spans and is_sure:
        note_vanished(session, visit.row, spans, meetings, now=visit.started_at)
    if meetings:
        link_twins(session, visit.row, spans, now=visit.started_at)


def note_looks_of(session: Session, visit: Visit) -> None:
    """A question about a meeting that is over was a look for what it decided.

    One whose page is gone was looked for in vain; it waits for the next look like the others.
    """
    is_vain = not visit.failures and not visit.waiting
    asked = visit.looked | (visit.sought if is_vain else set())
    ids = meeting_ids(session, visit.row, sorted(asked))
    over = note_outcome_looks(session, list(ids.values()), now=visit.started_at, timezone=visit.row.timezone)
    answered = {ids[uid] for uid in visit.looked if uid in ids}
    note_looks(session, [one for one in over if one in answered], now=visit.started_at)
