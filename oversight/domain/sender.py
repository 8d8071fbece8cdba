"""Who sent a form, for counting only: nobody can tell the address from it, and after a day it says nothing."""

import hashlib
import hmac
from dataclasses import dataclass
from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

WINDOW = timedelta(hours=1)
FROM_ONE_ADDRESS, FROM_ONE_NETWORK = 5, 20


@dataclass(frozen=True)
class Sender:
    """Where a form came from, as keyed hashes of the address and of its network; they change every day.

    The earlier pair is that of the day in which the window of counting begins.
    """

    address: str
    network: str
    earlier_address: str
    earlier_network: str


def sender_of(address: str | None, *, form: str, secret: str, now: datetime) -> Sender:
    """Who sent a form; the same address is another sender for another form."""
    narrow, wide = networks_of(address)

    def hashed(network: str, moment: datetime) -> str:
        words = f"{form} {moment.date().isoformat()} {network}"
        return hmac.new(secret.encode(), words.encode(), hashlib.sha256).hexdigest()[:32]

    earlier = now - WINDOW
    return Sender(hashed(narrow, now), hashed(wide, now), hashed(narrow, earlier), hashed(wide, earlier))


def networks_of(address: str | None) -> tuple[str, str]:
    """What counts as one sender, and as one network: a v4 address and its /24, the /64 and the /48 of a v6 one."""
    try:
        found = ip_address((address or "").partition("%")[0])
    except ValueError:
        return "unknown", "unknown"
    if isinstance(found, IPv6Address):
        found = found.ipv4_mapped or found
    narrow, wide = (8, 6) if isinstance(found, IPv6Address) else (4, 3)
    return found.packed[:narrow].hex(), found.packed[:wide].hex()
