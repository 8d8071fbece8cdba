"""A courier of fakes, and one that dies while it sends."""

import os
import signal

from oversight.channels import Channel
from oversight.domain.breaker import Breaker
from oversight.services.courier import Courier
from oversight.services.deliver import deliver
from oversight.storage.engine import Sessions, open_engine, open_sessions
from oversight.vocabulary.labels import Labels
from tests.factories import NOW
from tests.fakes import FakeChannel, FixedClock


def make_courier(sessions: Sessions, channel: Channel, clock: FixedClock) -> Courier:
    """A courier with the secret, the address and the vocabulary of the tests."""
    return Courier(
        sessions=sessions,
        channel=channel,
        channel_name="test",
        base_url="https://oversight.example.org",
        mail_from="Oversight <alerts@oversight.example>",
        secret_key="a-secret-of-the-tests-with-enough-bytes",
        technologies=Labels({"alpr": "Automated licence-plate reader"}),
        now=clock,
        breaker=Breaker(lambda: clock().timestamp()),
        chance=lambda: 0.0,
    )


class DeadlyChannel(FakeChannel):
    """Kills its process where it would hand over the message, so that nobody can tell how far it came."""

    def send(self, *_: object) -> None:
        os.kill(os.getpid(), signal.SIGKILL)


def send_and_die(url: str) -> None:
    """Make one pass of the outbox, and die at its first message."""
    deliver(make_courier(open_sessions(open_engine(url)), DeadlyChannel(), FixedClock(NOW)))
