"""How often the publisher of an RSS feed wants to be asked for it."""

import re

FIRST_ITEM = re.compile(r"<(?:\w+:)?(?:item|entry)\b", re.I)
TTL = re.compile(r"<ttl>\s*(\d+)\s*</ttl>", re.I)
MOST_DIGITS = 6


def wished_minutes(text: str) -> int | None:
    """The minutes of `<ttl>` before the first item, however many they are; None where there is no wish."""
    item = FIRST_ITEM.search(text)
    found = TTL.search(text, 0, item.start() if item else len(text))
    return int(found[1].lstrip("0")[:MOST_DIGITS] or 0) or None if found else None
