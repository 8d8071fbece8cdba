"""How messages leave: one channel a file, found by scanning this folder, chosen by the scheme of OVERSIGHT_MAIL."""

import sys
from collections.abc import Callable
from typing import Protocol

from oversight.domain.message import Message
from oversight.registry import Registry
from oversight.settings import Settings


class Channel(Protocol):
    """Sends one message to one address."""

    def send(self, address: str, message: Message) -> None:
        """Return only when the message was accepted.

        Raises DeliveryError if it certainly was not (ChannelDown if no message would have been), DeliveryUncertain if
        that cannot be known (SAFETY G4).
        """
        ...

    def close(self) -> None:
        """Let go of what is kept open between messages; the next one opens it again."""
        ...


channels: Registry[Callable[[Settings], Channel]] = Registry("channel")
channels.scan(sys.modules[__name__])
register = channels.register


def open_channel(settings: Settings) -> Channel:
    """The channel for mail that the settings name; raises ConfigurationError for a scheme we do not know."""
    return channels.get(settings.mail.partition(":")[0])(settings)
