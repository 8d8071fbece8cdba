"""Writes what polls found, many polls in one short transaction, and only where the lease is still ours."""

import logging
from collections import defaultdict
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, cast

from sqlalchemy import Table, bindparam, insert, update
from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from oversight.domain.feed import Outcome
from oversight.domain.lease import Lease
from oversight.domain.reading import Reading
from oversight.platforms import reader_of
from oversight.services.examine import Examined
from oversight.services.pulse import outcome_of, pulse_values
from oversight.services.visit import Collector, Visit
from oversight.services.watch import Life, note_health
from oversight.storage.agendas import save_agendas
from oversight.storage.answers import save_answers, touch_answers
from oversight.storage.documents import save_documents
from oversight.storage.items import Found, Owners, Saved, Sighting, note_looks, save_items
from oversight.storage.joint_hearings import link_joint_hearings
from oversight.storage.leases import held
from oversight.storage.matters import matter_ids, save_matters, save_steps
from oversight.storage.meetings import (
    link_twins,
    meeting_ids,
    next_meeting,
    note_vanished,
    remember_questions,
    save_meetings,
)
from oversight.storage.models import FeedRow, PollRow
from oversight.storage.outcome_looks import note_outcome_looks
from oversight.storage.pauses import pause_host
from oversight.storage.pulses import pulse_of
from oversight.storage.revisions import Change, add_revision

log = logging.getLogger(__name__)
WRITES = 3
TRY_AGAIN = ("40001", "40P01")  # PostgreSQL: could not serialise, deadlock (SAFETY I1)
_FEEDS, _POLLS = cast(Table, FeedRow.__table__), cast(Table, PollRow.__table__)
FREE = {"lease_owner": None, "lease_token": None, "lease_until": None}


@dataclass(frozen=True)
class Written:
    """One poll as it was written, and the feed's columns after it."""

    visit: Visit
    poll: PollRow
    values: dict[str, Any]


def save_all(
    collector: Collector, lease: Lease, visits: Sequence[Visit], site_of_feed: Callable[[FeedRow], str]
) -> list[Written]:
    """Write these polls and what follows from them; `site_of_feed` names what a host's wish for peace holds for.

    Polls whose feed is no longer ours are dropped: another process has taken it over (SAFETY A4).
    """
    for attempt in range(1, WRITES + 1):
        try:
            with collector.sessions.begin() as session:
                written = _save(session, collector, lease, visits)
                _write_consequences(session, collector, written, site_of_feed)
                return written
        except OperationalError as error:
            if attempt == WRITES or getattr(error.orig, "sqlstate", None) not in TRY_AGAIN:
                raise
    return []


def _save(session: Session, collector: Collector, lease: Lease, visits: Sequence[Visit]) -> list[Written]:
    ours = held(session, lease, [visit.row.id for visit in visits])
    kept = [visit for visit in visits if visit.row.id in ours]
    if len(kept) < len(visits):
        log.warning("%s polls were overtaken by another process and are dropped", len(visits) - len(kept))
    saved = save_readings(session, kept)
    written = [_write(session, collector, visit, saved.get(visit.row.id, Saved())) for visit in kept]
    save_answers(session, [values for one in written for values in _answers(one)])
    touched = [(one.visit.row.id, key) for one in written for key in one.visit.unchanged]
    touch_answers(session, touched, now=collector.now())
    if written:
        session.execute(insert(_POLLS), [_columns(one.poll) for one in written])
        _write_feeds(session, written)
    return written


def _write_consequences(
    session: Session, collector: Collector, written: Sequence[Written], site_of_feed: Callable[[FeedRow], str]
) -> None:
    """Pauses, for every process to see, and what operators should look at."""
    for one in written:
        if one.visit.pause is not None:
            site = site_of_feed(one.visit.row)
            pause_host(session, site, until=one.visit.pause, reason=one.poll.detail or "")
    lives = {one.visit.row.id: Life(pulse_of(one.visit.row, one.values), one.poll.mentions_new) for one in written}
    note_health(session, lives, now=collector.now())


def _write_feeds(session: Session, written: Sequence[Written]) -> None:
    """Each feed's columns, the same ones together, in one statement for all of them."""
    groups: defaultdict[tuple[str, ...], list[dict[str, Any]]] = defaultdict(list)
    for one in written:
        values = one.values | FREE
        groups[tuple(sorted(values))].append(values | {"feed": one.visit.row.id})
    for names, rows in groups.items():
        changed: dict[str, Any] = {name: bindparam(name) for name in names}
        session.connection().execute(update(_FEEDS).where(_FEEDS.c.id == bindparam("feed")).values(changed), rows)


def _write(session: Session, collector: Collector, visit: Visit, saved: Saved) -> Written:
    outcome, detail = outcome_of(visit)
    if visit.examined:
        _after_reading(session, visit, outcome)
    if visit.looked:
        _note_looks(session, visit)
    meeting = visit.row.next_meeting_at
    if any(examined.clean.reading.meetings for examined in visit.examined) or _is_over(visit.row, visit.started_at):
        meeting = next_meeting(session, visit.row, now=visit.started_at)
    values = pulse_values(visit, outcome, detail, has_news=saved.items_new > 0, next_meeting_at=meeting)
    _keep_history(session, visit, values)
    return Written(visit, _poll(collector, visit, (outcome, detail), saved), values)


def save_readings(session: Session, visits: Sequence[Visit]) -> dict[int, Saved]:
    """Write what these polls read: first what items belong to, then all items together, then what hangs on them."""
    belonging = [
        (visit, examined, _save_owners(session, visit, examined)) for visit in visits for examined in visit.examined
    ]
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
            )
            for place, item in enumerate(examined.clean.reading.items)
        )
    kept = dict(zip(polls, save_items(session, list(polls.values())), strict=True))
    for visit, examined, owners in belonging:
        _save_what_hangs(session, visit, examined, (owners, kept[visit.row.id].ids))
    return {feed_id: one.saved for feed_id, one in kept.items()}


def _save_owners(session: Session, visit: Visit, examined: Examined) -> Owners:
    feed, now, reading = visit.row, visit.started_at, examined.clean.reading
    meetings: dict[str, int] = {}
    matters: dict[str, int] = {}
    if reading.meetings:
        looks = reader_of(feed.platform).records_outcomes
        meetings = save_meetings(session, feed, reading.meetings, looks_for_outcomes=looks, now=now)
    meetings |= _others(session, feed, reading, meetings)
    if reading.matters:
        matters = save_matters(session, feed, reading.matters, now=now)
    if reading.steps and feed.jurisdiction:
        matters |= matter_ids(session, feed.jurisdiction, [step.matter_file for step in reading.steps])
        save_steps(session, feed, reading.steps, matters)
    return Owners(meetings, matters)


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
        documents = list(zip(reading.documents, examined.wanted, strict=True))
        save_documents(session, feed, documents, {"items": rows, "meetings": owners.meetings}, now=now)


def _others(session: Session, feed: FeedRow, reading: Reading, known: dict[str, int]) -> dict[str, int]:
    """Meetings that this answer speaks of, and another one listed."""
    named = {item.meeting_uid for item in reading.items} | {one.meeting_uid for one in reading.documents}
    missing = sorted(uid for uid in named if uid and uid not in known)
    return meeting_ids(session, feed, missing) if missing else {}


def _after_reading(session: Session, visit: Visit, outcome: Outcome) -> None:
    """What only the whole poll can tell: which meetings are missing, and which took their place."""
    readings = [examined.clean.reading for examined in visit.examined]
    meetings = {meeting.uid for reading in readings for meeting in reading.meetings}
    spans = [reading.covers for reading in readings if reading.covers]
    is_sure = outcome is Outcome.OK and not visit.waiting and not visit.failures and bool(meetings)
    if spans and is_sure:
        note_vanished(session, visit.row, spans, meetings, now=visit.started_at)
    if meetings:
        link_twins(session, visit.row, now=visit.started_at)


def _note_looks(session: Session, visit: Visit) -> None:
    """A question about a meeting that is over was a look for what it decided."""
    ids = meeting_ids(session, visit.row, sorted(visit.looked))
    over = note_outcome_looks(session, list(ids.values()), now=visit.started_at, timezone=visit.row.timezone)
    note_looks(session, over, now=visit.started_at)


def _is_over(feed: FeedRow, now: datetime) -> bool:
    return feed.next_meeting_at is not None and feed.next_meeting_at <= now


def _answers(one: Written) -> list[dict[str, Any]]:
    """Pages whose follow-up questions were not all answered are read again next time, and so is an answer that is
    empty where there was something before; the others are known.
    """
    if one.poll.outcome == Outcome.EMPTY_BODY:
        return []
    return one.visit.answers + (one.visit.parents if one.visit.is_whole else [])


def _keep_history(session: Session, visit: Visit, values: dict[str, Any]) -> None:
    """What changes a feed for good is in the history, and can be undone (SAFETY B5, B11)."""
    for name, reason in (("moved_url", "permanent redirects"), ("gone_at", "the server says it is gone")):
        if values.get(name) is not None:
            before = {"address": visit.row.address, "is_enabled": visit.row.is_enabled}
            after = {"address": values.get("moved_url") or visit.row.address}
            after["is_enabled"] = values.get("is_enabled", visit.row.is_enabled)
            change = Change(entity="feed", key=visit.row.key, before=before, after=after, actor="poll", reason=reason)
            add_revision(session, change, at=visit.started_at)


def _poll(collector: Collector, visit: Visit, ended: tuple[Outcome, str | None], saved: Saved) -> PollRow:
    warnings = [warning for examined in visit.examined for warning in examined.clean.reading.warnings]
    warnings += visit.missing
    if visit.waiting and visit.pause is None:
        warnings.append(f"{len(visit.waiting)} questions are left for the next poll")
    return PollRow(
        feed_id=visit.row.id,
        started_at=visit.started_at,
        ended_at=max(visit.started_at, collector.now()),
        outcome=ended[0].value,
        detail=ended[1],
        requests=visit.requests,
        bytes=visit.bytes,
        hops=visit.hops,
        items_new=saved.items_new,
        items_changed=saved.items_changed,
        items_dropped=sum(examined.clean.dropped for examined in visit.examined),
        mentions_new=saved.mentions_new,
        warnings=[warning[:500] for warning in dict.fromkeys(warnings)][:20],
    )


def _columns(poll: PollRow) -> dict[str, Any]:
    return {name: getattr(poll, name) for name in PollRow.__table__.columns.keys() if name != "id"}  # noqa: SIM118
