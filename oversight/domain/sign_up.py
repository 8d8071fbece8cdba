"""How often somebody may be written to because a form says so, so that nobody's mailbox is filled by others."""

import hashlib
import hmac
from collections.abc import Sequence
from datetime import datetime, timedelta

from oversight.domain.subscription import Purpose

MAILS_AN_HOUR = 200  # to all together; what is over waits
MEMORY = timedelta(days=30)
# No more than so many within each span (SAFETY F1).
MOST: dict[Purpose, tuple[tuple[int, timedelta], ...]] = {
    Purpose.CONFIRM: ((1, timedelta(hours=24)), (3, MEMORY)),
    Purpose.MANAGE: ((1, timedelta(hours=1)), (4, timedelta(hours=24))),
}
# A mail that would have to wait for longer is not sent: what it would confirm is forgotten by then.
LONGEST_WAIT = {Purpose.CONFIRM: timedelta(days=2), Purpose.MANAGE: timedelta()}
WITHOUT_DOTS = ("gmail.com", "googlemail.com")


def person_of(address: str) -> str:
    """What addresses of one mailbox have in common, for counting only: no +tags, nor dots where they say nothing."""
    local, _, domain = address.lower().rpartition("@")
    local = local.partition("+")[0]
    if domain in WITHOUT_DOTS:
        local, domain = local.replace(".", ""), WITHOUT_DOTS[0]
    return f"{local}@{domain}"


def person_hash(address: str, purpose: Purpose, *, secret: str) -> str:
    """Under which a person's mails are counted; the address cannot be told from it."""
    words = f"{purpose} {person_of(address)}"
    return hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()


def address_hash(address: str, *, secret: str) -> str:
    """What is kept of an address to which nothing is sent any more (SAFETY F6, F8)."""
    return hmac.new(secret.encode(), f"suppressed {address.lower()}".encode(), hashlib.sha256).hexdigest()


def next_mail_at(mailed: Sequence[datetime], purpose: Purpose, *, now: datetime) -> datetime | None:
    """When the next mail of a kind may go to a person who got these, oldest first; None where that is too far off."""
    free = [mailed[-count] + span for count, span in MOST[purpose] if len(mailed) >= count]
    due = max([now, *free])
    return due if due - now <= LONGEST_WAIT[purpose] else None
