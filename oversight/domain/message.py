"""A message to one person, before any channel has put it into its own form."""

import hashlib
import hmac
from dataclasses import dataclass


@dataclass(frozen=True)
class Message:
    """What is sent. `key` is stable over retries: the same alert is always the same message (SAFETY G5).

    `html` says the same as `text`, which may stand alone; `calendar` is a file in the iCalendar format.
    """

    key: str
    subject: str
    text: str
    headers: tuple[tuple[str, str], ...] = ()
    html: str | None = None
    calendar: str | None = None


def message_key(secret_key: str, kind: str, identifier: int) -> str:
    """A name for a message that outsiders can neither guess nor count from: HMAC of its row's id."""
    return hmac.new(secret_key.encode(), f"{kind}:{identifier}".encode(), hashlib.sha256).hexdigest()[:40]
