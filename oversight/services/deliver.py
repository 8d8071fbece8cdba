"""One pass of the outbox: gather digests, then claim, commit, send, write down how it ended (SAFETY G1 to G5)."""

import logging
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import closing
from functools import partial

from oversight.domain.alert import AlertState, Ending
from oversight.domain.message import Message, message_key
from oversight.domain.throttle import domain_of
from oversight.services.bounce import stop_suppressed
from oversight.services.compose_digest import write_digest
from oversight.services.courier import Courier, attempt
from oversight.services.manage import resume_due
from oversight.services.pen import take_pen
from oversight.services.reconcile import SENDABLE, take_up
from oversight.services.send_mailed_links import send_mailed_links
from oversight.services.subscribe import forget_unconfirmed
from oversight.settings import fault_point
from oversight.storage.digests import awaiting_digest, awaiting_heartbeat, beat, gather
from oversight.storage.engine import Steps, in_steps, reading
from oversight.storage.letters import load_alerts
from oversight.storage.models import AlertRow, DigestRow
from oversight.storage.outbox import Route, claim, due_mails
from oversight.storage.sending import Claim, Sendable, give_back, give_up_old, step

log = logging.getLogger(__name__)
NOUNS: dict[Sendable, str] = {AlertRow: "alert", DigestRow: "digest"}
AT_ONCE: dict[Sendable, int] = {AlertRow: 200, DigestRow: 1}  # taken together: alerts share what is put into words


def deliver(courier: Courier) -> Counter[str]:
    """Send every mailed link, alert and digest that is due; how many ended in which state."""
    results: Counter[str] = Counter()
    recover(courier)
    gather_digests(courier)
    with closing(courier.channel):
        send_mailed_links(courier, results)
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
    with in_steps(courier.sessions) as steps:
        while courier.may_send and (page := take_page(courier, row, slowed)) is not None:
            send_page(courier, row, page, steps, results)


def take_page(courier: Courier, row: Sendable, slowed: set[str]) -> dict[Claim, str] | None:
    """Take what waited longest, with where each goes; None where nothing waits that no other sender holds.

    Domains that have had enough for now are added to `slowed`, and left out.
    """
    route, now = Route(courier.channel_name, partial(message_key, courier.secret_key, NOUNS[row])), courier.now()
    with courier.sessions.begin() as session:
        found = due_mails(session, row, now=now, most=AT_ONCE[row], without=slowed)
        stopped = stop_suppressed(session, {one.address for one in found}, secret_key=courier.secret_key, now=now)
        wanted = [one for one in found if one.address not in stopped]
        allowed = [one for one in wanted if courier.throttle.takes(one.address)]
        slowed |= {domain_of(one.address) for one in wanted} - {domain_of(one.address) for one in allowed}
        addresses = {one.id: one.address for one in allowed}
        claims = claim(session, row, allowed, route, now=now)
    return {one: addresses[one.id] for one in claims} if found else None


def send_page(courier: Courier, row: Sendable, page: dict[Claim, str], steps: Steps, results: Counter[str]) -> None:
    """Send these. How one ended is committed as the next begins, before that one is touched (SAFETY G3, G4).

    What has not begun when sending stops is given back. What takes so long that another sender takes the rest does not
    begin here any more.
    """
    write, left = _writer(courier, row, page), deque(page)
    idle: list[Claim] = []
    ended: tuple[Claim, Ending] | None = None
    while left or ended:
        then = left.popleft() if left and courier.may_send else None
        if not ended and not then:
            break
        has_begun = step(steps, ended, then, now=courier.now())
        if ended:
            results[ended[1].state] += 1
        ended = None
        if then and has_begun:
            fault_point("after_claim")
            ended = then, attempt(courier, then, page[then], partial(write, then))
            fault_point("after_ack_before_commit")
        elif then:
            idle.append(then)
    if idle or left:
        with courier.sessions.begin() as session:
            give_back(session, [*idle, *left])


def _writer(courier: Courier, row: Sendable, page: Iterable[Claim]) -> Callable[[Claim], Message]:
    """How the messages of a page are put into words: alerts of one event share what is told, a digest stands alone."""
    if row is DigestRow:
        return lambda claim: write_digest(courier, claim.id, key=claim.key)
    with reading(courier.sessions) as session:
        alerts = load_alerts(session, [one.id for one in page])
        pen = take_pen(session, courier, list(alerts.values()))
    return lambda claim: pen.alert(alerts[claim.id], key=claim.key)


def _give_up(courier: Courier, results: Counter[str]) -> None:
    with courier.sessions.begin() as session:
        given_up = sum(give_up_old(session, row, now=courier.now()) for row in SENDABLE)
    if given_up:
        results[AlertState.FAILED] += given_up
