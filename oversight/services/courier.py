"""What a delivery works with, and one message handed over: what its ending means for the ledger (SAFETY G4, G6)."""

import logging
import random
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from oversight.channels import Channel
from oversight.domain.alert import MOST_UNSAID, UNCERTAIN_RETRY, AlertState, Ending, retry_at
from oversight.domain.breaker import PROBE_SECONDS, Breaker
from oversight.domain.message import Message
from oversight.domain.throttle import Throttle
from oversight.errors import ChannelDown, DeliveryError, DeliveryUncertain, NothingToSay
from oversight.services.bounce import take_refusal
from oversight.services.imprint import Imprint
from oversight.storage.engine import Sessions
from oversight.storage.sending import Claim
from oversight.vocabulary.labels import Labels

log = logging.getLogger(__name__)
Write = Callable[[], Message]


def _breaker() -> Breaker:
    return Breaker(time.monotonic)


def _no_throttle() -> Throttle:
    return Throttle(0, time.monotonic)


@dataclass(frozen=True)
class Courier:
    """What a delivery needs: the database, a channel and its name, the site's address, the secret, and the time.

    `breaker` and `throttle` outlive a pass; `chance` spreads what is tried again.
    """

    sessions: Sessions
    channel: Channel
    channel_name: str
    base_url: str
    mail_from: str
    secret_key: str
    technologies: Labels
    now: Callable[[], datetime]
    postal_address: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    breaker: Breaker = field(default_factory=_breaker)
    throttle: Throttle = field(default_factory=_no_throttle)
    chance: Callable[[], float] = random.random

    @property
    def may_send(self) -> bool:
        """Whether the next message may be tried."""
        return self.breaker.lets_pass and not self.stop.is_set()

    @cached_property
    def imprint(self) -> Imprint:
        """What every mail says of us."""
        return Imprint(self.base_url, self.mail_from, self.postal_address)

    def hand_over(self, address: str, message: Message) -> None:
        """Send one message; raises as a channel does, and remembers whether anybody answered."""
        try:
            self.channel.send(address, message)
        except ChannelDown:
            self.breaker.failed()
            raise
        except DeliveryError as error:
            self.breaker.answered()
            if error.permanent:
                self.take_refusal(address, error.status)
            raise
        self.breaker.answered()

    def take_refusal(self, address: str, status: str) -> None:
        """Remember what a server said of an address that it does not take; all else is our fault (SAFETY F8)."""
        if not status:
            log.critical("a mail was refused, and not for its address")
            return
        with self.sessions.begin() as session:
            take_refusal(session, address, status, secret_key=self.secret_key, now=self.now())

    def retry_at(self, attempts: int, created_at: datetime) -> datetime | None:
        """When what was refused is tried again; None when it is given up."""
        return retry_at(attempts=attempts, created_at=created_at, now=self.now(), chance=self.chance())


def attempt(courier: Courier, claim: Claim, address: str, write: Write) -> Ending:
    """Put a message into words and send it, outside any transaction; how it ended."""
    try:
        message = write()
    except NothingToSay as error:
        return Ending(AlertState.CANCELLED, str(error))
    except Exception as error:
        log.critical("%s %s cannot be put into words", claim.row.__tablename__, claim.id, exc_info=True)
        return _refused(courier, claim, f"no message could be made: {type(error).__name__}", is_unsaid=True)
    try:
        courier.hand_over(address, message)
    except DeliveryUncertain as error:
        due_at = None if claim.was_uncertain else courier.now() + UNCERTAIN_RETRY
        return Ending(AlertState.UNCERTAIN, str(error), due_at)
    except DeliveryError as error:
        ending = _refused(courier, claim, str(error), is_permanent=error.permanent)
        if ending.state is AlertState.FAILED and not error.permanent:
            courier.take_refusal(address, error.status)
        return ending
    return Ending(AlertState.SENT)


def _refused(
    courier: Courier, claim: Claim, detail: str, *, is_permanent: bool = False, is_unsaid: bool = False
) -> Ending:
    if claim.was_uncertain:  # the first copy may have arrived: tried once more, and no further
        return Ending(AlertState.UNCERTAIN, detail)
    due_at = courier.retry_at(claim.attempt, claim.created_at)
    if courier.breaker.is_open and due_at is not None:  # it only found out that nobody answers: it keeps its turn
        due_at = courier.now() + timedelta(seconds=PROBE_SECONDS)
    if is_permanent or (is_unsaid and claim.attempt >= MOST_UNSAID):
        due_at = None
    return Ending(AlertState.PENDING if due_at else AlertState.FAILED, detail, due_at)
