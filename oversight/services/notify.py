"""Tells endpoints: each in a lane of its own, so that a slow one delays nobody else (SAFETY H2)."""

import logging
import threading
from collections.abc import Callable
from concurrent.futures import Future, ThreadPoolExecutor, wait
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import partial

from sqlalchemy.orm import Session

from oversight.channels.webhook import Webhooks
from oversight.domain.alert import AlertState, Ending
from oversight.domain.endpoint import EndpointKind, EndpointState, Note, is_given_up, retry_at
from oversight.domain.event import EventKind, Told
from oversight.domain.message import message_key
from oversight.domain.schedule import retry_after
from oversight.domain.subscription import Purpose
from oversight.errors import DeliveryError, ReceiverBusy, ReceiverGone
from oversight.services.endpoints import prove, receiver_of
from oversight.services.told import told_of
from oversight.storage.endpoints import due_endpoints, due_of, hold, load_event, put_off
from oversight.storage.engine import Sessions, reading
from oversight.storage.mailed_links import add_mailed_link
from oversight.storage.models import AlertRow, EndpointRow, EventRow
from oversight.storage.outbox import Route, claim, due_alert
from oversight.storage.sending import Claim, begin_attempt, end_attempt

log = logging.getLogger(__name__)
MOST_LANES = 32
LONGEST_TURN = timedelta(minutes=2)
TEST = Told("This is a test. So Oversight tells you of an event.", "Nowhere", (("Kind", "test"),), "/")


class Lanes:
    """A thread for each endpoint that something waits for; one that is busy is left alone."""

    def __init__(self) -> None:
        self._threads = ThreadPoolExecutor(MOST_LANES, thread_name_prefix="lane")
        self._busy: dict[int, Future[None]] = {}
        self._lock = threading.Lock()

    def run(self, endpoint_id: int, work: Callable[[], None]) -> None:
        """Work for an endpoint, unless that is done already."""
        with self._lock:
            if endpoint_id in self._busy and not self._busy[endpoint_id].done():
                return
            self._busy[endpoint_id] = self._threads.submit(work)

    def wait(self) -> None:
        """Until all that was begun is done."""
        with self._lock:
            busy = list(self._busy.values())
        wait(busy)


@dataclass(frozen=True)
class Herald:
    """What telling endpoints needs."""

    sessions: Sessions
    webhooks: Webhooks
    base_url: str
    secret_key: str
    now: Callable[[], datetime]
    stop: threading.Event = field(default_factory=threading.Event)
    lanes: Lanes = field(default_factory=Lanes)


def notify(herald: Herald) -> int:
    """Set a lane to work for every endpoint that something waits for, and do not wait for them; how many."""
    with reading(herald.sessions) as session:
        waiting = due_endpoints(session, now=herald.now())
    for endpoint_id in waiting:
        herald.lanes.run(endpoint_id, partial(serve, herald, endpoint_id))
    return len(waiting)


def serve(herald: Herald, endpoint_id: int) -> None:
    """Tell one endpoint what waits for it, one after the other, until it fails."""
    until = herald.now() + LONGEST_TURN
    try:
        is_well = _ask(herald, endpoint_id)
        while is_well and not herald.stop.is_set() and herald.now() < until:
            is_well = _tell_next(herald, endpoint_id)
    except Exception:
        log.critical("endpoint %s cannot be told", endpoint_id, exc_info=True)


def _ask(herald: Herald, endpoint_id: int) -> bool:
    """Send the question whose an endpoint is, or a test, if one was asked for; False where it failed."""
    with herald.sessions.begin() as session:
        row = session.get(EndpointRow, endpoint_id)
        if row is None or row.asked_at is None:
            return row is not None
        asked_at, code, row.asked_at = row.asked_at, row.challenge, None
        receiver = receiver_of(row, now=herald.now())
    told = TEST if code is None else Told(f"Your code is {code}", "Oversight", (("challenge", code),), "/manage/")
    kind = "test" if code is None else "challenge"
    key = message_key(herald.secret_key, f"{kind} {asked_at.isoformat()}", endpoint_id)
    note = Note(key, kind, "", asked_at, told, True, herald.base_url + told.path)
    answer, detail = "", "taken"
    try:
        answer = herald.webhooks.tell(receiver, note, now=herald.now())
    except DeliveryError as error:
        detail = str(error)
    with herald.sessions.begin() as session:
        found = session.get(EndpointRow, endpoint_id)
        if found is not None:
            found.answered_at, found.answer = herald.now(), f"{kind}: {detail}"
            if code and receiver.kind is EndpointKind.WEBHOOK and code in answer:
                prove(session, found, code, now=herald.now())
    return detail == "taken"


def _tell_next(herald: Herald, endpoint_id: int) -> bool:
    """Tell of one event; False where nothing was left or it failed. Claim, commit, post, commit (SAFETY G3)."""
    now = herald.now()
    with herald.sessions.begin() as session:
        row = session.get(EndpointRow, endpoint_id)
        taken = _take(session, herald, row, now=now) if row else None
        if row is None or taken is None:
            return False
        receiver = receiver_of(row, now=now)
    error: Exception | None = None
    try:
        with reading(herald.sessions) as session:
            note = note_of(load_event(session, taken.id), key=taken.key, base_url=herald.base_url)
        herald.webhooks.tell(receiver, note, now=herald.now())
    except Exception as caught:
        error = caught
        if not isinstance(caught, DeliveryError):
            log.critical("alert %s cannot be told to endpoint %s", taken.id, endpoint_id, exc_info=True)
    with herald.sessions.begin() as session:
        _end(session, taken, endpoint_id, error, now=herald.now())
    return error is None


def _take(session: Session, herald: Herald, row: EndpointRow, *, now: datetime) -> Claim | None:
    """Take what waited longest for an endpoint, and begin it."""
    route = Route(row.kind, partial(message_key, herald.secret_key, "alert"))
    for alert_id in due_of(session, row.subscriber_id, now=now):
        for taken in claim(session, AlertRow, due_alert(session, alert_id, now=now), route, now=now):
            begin_attempt(session, taken, now=now)
            return taken
    return None


def note_of(event: EventRow, *, key: str, base_url: str) -> Note:
    """What a machine is told of an event."""
    told, kind = told_of(event), EventKind(event.kind)
    label = "" if kind is EventKind.MENTION else kind.label
    return Note(key, kind.value, label, event.at, told, event.is_reviewed, base_url + told.path)


def _end(session: Session, taken: Claim, endpoint_id: int, error: Exception | None, *, now: datetime) -> None:
    """Write how one attempt ended, and what it means for the endpoint."""
    row = session.get(EndpointRow, endpoint_id)
    if error is None:
        end_attempt(session, taken, Ending(AlertState.SENT), now=now)
        if row is not None:
            row.failing_since, row.answered_at, row.answer = None, now, "taken"
        return
    detail = str(error) if isinstance(error, DeliveryError) else type(error).__name__
    if isinstance(error, ReceiverBusy):
        due_at: datetime | None = now + retry_after(error.retry_after, now=now)
    else:
        due_at = retry_at(taken.attempt, now=now)
    state = AlertState.PENDING if due_at else AlertState.FAILED
    end_attempt(session, taken, Ending(state, detail, due_at), now=now)
    if row is None:
        return
    row.answered_at, row.answer = now, detail
    if due_at:
        put_off(session, endpoint_id, due_at)
    if not isinstance(error, ReceiverBusy):
        row.failing_since = row.failing_since or now
        if isinstance(error, ReceiverGone) or is_given_up(row.failing_since, now=now):
            switch_off(session, row, detail, now=now)


def switch_off(session: Session, row: EndpointRow, reason: str, *, now: datetime) -> None:
    """Tell an endpoint nothing more, and mail its owner."""
    row.state, row.disabled_reason = EndpointState.DISABLED.value, reason
    hold(session, row.subscriber_id, now=now)
    add_mailed_link(session, row.owner_id, Purpose.SWITCHED_OFF, due_at=now, now=now)
