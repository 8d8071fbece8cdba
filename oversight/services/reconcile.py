"""Finds what a crash or a fault left undone in the ledger and mends it; twice in a row changes nothing (SAFETY G8)."""

import logging
from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.domain.alert import UNCERTAIN_RETRY, AlertState, Ending
from oversight.storage.alerts import queue_missing
from oversight.storage.engine import Sessions, reading
from oversight.storage.models import AlertRow, DigestRow
from oversight.storage.queries.centres import centres
from oversight.storage.queries.events import event_of, events_since
from oversight.storage.sending import end_attempt, expired, give_back
from oversight.storage.subjects import event_subject

log = logging.getLogger(__name__)
LATELY = timedelta(days=1)
MOST_EVENTS = 5_000
SENDABLE = (AlertRow, DigestRow)


@dataclass(frozen=True)
class Mended:
    """How many messages a dead sender had left, how many alerts were missing, and how many events cannot be matched."""

    left: int
    missing: int
    unreadable: int


def reconcile(sessions: Sessions, *, now: datetime) -> Mended:
    """Take up what dead senders left, and write the alerts that events of the last day should have."""
    left = take_up(sessions, now=now)
    with reading(sessions) as session:
        found = events_since(session, now - LATELY, reviewed_only=False, most=MOST_EVENTS)
        event_ids = sorted(event.id for event in found)
        lies = centres(session)
    missing = unreadable = 0
    for event_id in event_ids:  # one transaction each: others write meanwhile
        with sessions.begin() as session:
            event = event_of(session, event_id)
            if event is None or event.withdrawn_at is not None:
                continue
            try:
                subject = event_subject(event, lies)
            except Exception:  # one that nothing can be held against must not keep the others from being told
                log.critical("event %s says nothing that can be read", event_id, exc_info=True)
                unreadable += 1
                continue
            missing += queue_missing(session, event, subject, at=now)
    if missing:
        log.error("%s alerts were missing and have been written", missing)
    return Mended(left, missing, unreadable)


def take_up(sessions: Sessions, *, now: datetime) -> int:
    """Take up what a dead sender left; how many. What it had begun it may have sent: that is uncertain (SAFETY G4)."""
    left = 0
    with sessions.begin() as session:
        for row in SENDABLE:
            taken = expired(session, row, now=now)
            left += len(taken)
            for claim in set(taken) - give_back(session, taken):
                due_at = None if claim.was_uncertain else now + UNCERTAIN_RETRY
                end_attempt(session, claim, Ending(AlertState.UNCERTAIN, "the sender stopped", due_at), now=now)
    return left
