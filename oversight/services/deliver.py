"""One pass of the outbox: gather digests, then claim, commit, send, write down how it ended (SAFETY G1 to G5)."""

import logging
from collections import Counter
from collections.abc import Callable
from contextlib import closing
from functools import partial

from sqlalchemy.orm import Session

from oversight.domain.alert import AlertState, Ending
from oversight.domain.message import Message, message_key
from oversight.domain.throttle import domain_of
from oversight.services.compose_digest import write_digest
from oversight.services.courier import Courier, attempt
from oversight.services.manage import resume_due
from oversight.services.pen import take_pen
from oversight.services.reconcile import SENDABLE, take_up
from oversight.services.send_links import send_links
from oversight.services.subscribe import forget_unconfirmed
from oversight.services.take_back import stop_suppressed
from oversight.settings import fault_point
from oversight.storage.digests import awaiting_digest, awaiting_heartbeat, beat, gather
from oversight.storage.engine import on_one_connection, reading
from oversight.storage.letters import load_alerts
from oversight.storage.models import AlertRow, DigestRow
from oversight.storage.outbox import claim_next
from oversight.storage.sending import (
    Attempt,
    Claim,
    Due,
    Sendable,
    due,
    end_attempt,
    give_up_old,
    note_attempt,
)

log = logging.getLogger(__name__)
NOUNS: dict[Sendable, str] = {AlertRow: "alert", DigestRow: "digest"}
Writer = Callable[..., Message]


def deliver(courier: Courier) -> Counter[str]:
    """Send every confirmation, alert and digest that is due; how many ended in which state."""
    results: Counter[str] = Counter()
    recover(courier)
    gather_digests(courier)
    with closing(courier.channel):
        send_links(courier, results)
        for row in SENDABLE:
            send_all(courier, row, results)
    if courier.breaker.is_open:
        log.warning("nobody takes mail; it is tried once a minute")
        _give_up(courier, results)
    return results


def recover(courier: Courier) -> None:
    """Take up what a dead sender left, and what a pause or time itself ended."""
    now = courier.now()
    with courier.sessions.begin() as session:
        forget_unconfirmed(session, now=now)
        resume_due(session, now=now)
    take_up(courier.sessions, now=now)


def gather_digests(courier: Courier) -> int:
    """Make every digest and heartbeat that is due; how many."""
    made = 0
    for find, make in ((awaiting_digest, gather), (awaiting_heartbeat, beat)):
        with reading(courier.sessions) as session:
            subscribers = find(session, now=courier.now())
        for subscriber_id in subscribers:
            if courier.stop.is_set():
                return made
            with courier.sessions.begin() as session:
                made += make(session, subscriber_id, now=courier.now()) is not None
    return made


def send_all(courier: Courier, row: Sendable, results: Counter[str]) -> None:
    """Send page after page of what is due, until nothing is left that may be sent."""
    slowed: set[str] = set()
    before: list[Due] = []
    while courier.may_send:
        with reading(courier.sessions) as session:
            page = due(session, row, now=courier.now(), without=slowed)
            write = _writer(courier, row, page, session)
        if page == before:  # another sender holds them
            return
        before = page
        with courier.sessions.begin() as session:
            addresses = {one.address for one in page}
            stop_suppressed(session, addresses, secret_key=courier.secret_key, now=courier.now())
        allowed = [one for one in page if courier.throttle.takes(one.address)]
        slowed |= {domain_of(one.address) for one in page} - {domain_of(one.address) for one in allowed}
        send_page(courier, row, allowed, write, results)


def send_page(courier: Courier, row: Sendable, page: list[Due], write: Writer, results: Counter[str]) -> None:
    """Send these. How one ended is committed with the claim of the next, before that one is touched (SAFETY G3, G4)."""
    ids, addresses = [one.id for one in page], {one.id: one.address for one in page}
    ended: tuple[Claim, Ending] | None = None
    with on_one_connection(courier.sessions) as sessions:
        while ended or (ids and courier.may_send):
            with sessions.begin() as session:
                if ended:
                    end_attempt(session, *ended, now=courier.now())
                    results[ended[1].state] += 1
                claim = claim_next(session, row, ids, now=courier.now()) if courier.may_send else None
                if claim:
                    key = message_key(courier.secret_key, NOUNS[row], claim.id)
                    note_attempt(session, claim, Attempt(courier.channel_name, key), now=courier.now())
            ended = None
            if claim:
                fault_point("after_claim")
                ended = claim, attempt(courier, claim, addresses[claim.id], partial(write, claim.id, key=key))
                fault_point("after_ack_before_commit")


def _writer(courier: Courier, row: Sendable, page: list[Due], session: Session) -> Writer:
    """How the messages of a page are put into words: alerts of one event share what is told, a digest stands alone."""
    if row is AlertRow:
        alerts = load_alerts(session, [one.id for one in page])
        pen = take_pen(session, courier, list(alerts.values()))
        return lambda alert_id, key: pen.alert(alerts[alert_id], key=key)
    return partial(write_digest, courier)


def _give_up(courier: Courier, results: Counter[str]) -> None:
    with courier.sessions.begin() as session:
        given_up = sum(give_up_old(session, row, now=courier.now()) for row in SENDABLE)
    if given_up:
        results[AlertState.FAILED] += given_up
