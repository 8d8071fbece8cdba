"""Writes what polls found, many polls in one short transaction, and only where the lease is still ours."""

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy.exc import OperationalError
from sqlalchemy.orm import Session

from oversight.domain.feed import Outcome
from oversight.domain.lease import Lease
from oversight.domain.poll import Poll
from oversight.services.pulse import outcome_of, pulse_values
from oversight.services.save_readings import note_looks_of, note_whole_poll, save_readings
from oversight.services.tell_polls import tell_polls
from oversight.services.visit import Collector, Visit
from oversight.services.watch import Life, note_health
from oversight.storage.answers import save_answers, touch_answers
from oversight.storage.feeds import save_polls
from oversight.storage.items import Saved
from oversight.storage.leases import FREE, held
from oversight.storage.meetings import has_new_meeting, next_meeting
from oversight.storage.models import FeedRow
from oversight.storage.pauses import pause_host
from oversight.storage.pulses import pulse_of
from oversight.storage.revisions import Change, add_revision

log = logging.getLogger(__name__)
WRITES = 4  # SQLite waits ten seconds for its lock each time
TRY_AGAIN = ("40001", "40P01")  # PostgreSQL: could not serialise, deadlock (SAFETY I1)


@dataclass(frozen=True)
class Written:
    """One poll as it was written, and the feed's columns after it."""

    visit: Visit
    poll: Poll
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
            if attempt == WRITES or not may_be_tried_again(error):
                raise
    return []


def may_be_tried_again(error: OperationalError) -> bool:
    """Whether another writer was in the way: SQLite's lock, PostgreSQL's deadlock or failed serialisation."""
    return getattr(error.orig, "sqlstate", None) in TRY_AGAIN or "locked" in str(error.orig)


def _save(session: Session, collector: Collector, lease: Lease, visits: Sequence[Visit]) -> list[Written]:
    ours = held(session, lease, [visit.row.id for visit in visits])
    kept = [visit for visit in visits if visit.row.id in ours]
    if len(kept) < len(visits):
        log.warning("%s polls were overtaken by another process and are dropped", len(visits) - len(kept))
    brought = save_readings(session, kept)
    written = [_write(session, collector, visit, brought.saved.get(visit.row.id, Saved())) for visit in kept]
    tell_polls(session, kept, brought, at=collector.now())
    save_answers(session, [values for one in written for values in _answers(one)])
    touch_answers(session, [known for one in written for known in one.visit.unchanged], now=collector.now())
    save_polls(session, [(one.poll, {**one.values, **FREE}) for one in written])
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


def _write(session: Session, collector: Collector, visit: Visit, saved: Saved) -> Written:
    outcome, detail = outcome_of(visit)
    if visit.examined:
        note_whole_poll(session, visit, outcome)
    if visit.looked or visit.sought:
        note_looks_of(session, visit)
    meeting = visit.row.next_meeting_at
    has_meetings = any(examined.clean.reading.meetings for examined in visit.examined)
    if has_meetings or _is_over(visit.row, visit.started_at):
        meeting = next_meeting(session, visit.row, now=visit.started_at)
    has_news = saved.items_new > 0 or (has_meetings and has_new_meeting(session, visit.row, now=visit.started_at))
    values = pulse_values(visit, outcome, detail, has_news=has_news, next_meeting_at=meeting)
    _keep_history(session, visit, values)
    return Written(visit, _poll(collector, visit, (outcome, detail), saved), values)


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


def _poll(collector: Collector, visit: Visit, ended: tuple[Outcome, str | None], saved: Saved) -> Poll:
    warnings = [warning for examined in visit.examined for warning in examined.clean.reading.warnings]
    warnings += visit.missing
    if visit.waiting and visit.pause is None:
        warnings.append(f"{len(visit.waiting)} questions are left for the next poll")
    return Poll(
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
