"""How many logins may fail before a door is closed for a while, so that no password is guessed (SAFETY E1)."""

import hashlib
import hmac
from datetime import timedelta

WINDOW = timedelta(minutes=15)
TO_ONE_ACCOUNT, FROM_ONE_SENDER = 5, 50  # the first counts what one sender tries on one account


def account_hash(address: str, *, secret: str) -> str:
    """Under which logins to an address are counted, whether it has an account or not; the address cannot be told."""
    return hmac.new(secret.encode(), f"login {address.lower()}".encode(), hashlib.sha256).hexdigest()[:32]


def is_closed(to_account: int, from_sender: int) -> bool:
    """Whether one attempt too many was made; both counts include the present one."""
    return to_account > TO_ONE_ACCOUNT or from_sender > FROM_ONE_SENDER
