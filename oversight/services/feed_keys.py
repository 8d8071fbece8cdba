"""Keys of platforms that want one: they fill `{NAME}` in a feed's address, and are hidden from all that is shown."""

import re
from collections.abc import Mapping

from oversight.domain.feed import Outcome
from oversight.domain.hosts import site_of
from oversight.errors import FeedError

PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


def keys_for(url: str, feed_url: str, keys: Mapping[str, str]) -> Mapping[str, str]:
    """The keys that an address may be filled with: none elsewhere than at the feed's own site.

    What a feed says may hold placeholders, too, and must not send our keys to whom it likes.
    """
    return keys if site_of(url) == site_of(feed_url) else {}


def filled(url: str, keys: Mapping[str, str]) -> str:
    """The address with its placeholders filled; raises FeedError where a key is not set."""
    missing = sorted(set(PLACEHOLDER.findall(url)) - set(keys))
    if missing:
        names = ", ".join(missing)
        raise FeedError(Outcome.HTTP_ERROR, f"no key for {names}: set OVERSIGHT_FEED_KEYS to {missing[0]}=...")
    return PLACEHOLDER.sub(lambda match: keys[match.group(1)], url) if "{" in url else url


def masked(text: str, keys: Mapping[str, str]) -> str:
    """The text with the name of each key in place of the key."""
    for name, value in keys.items():
        text = text.replace(value, "{" + name + "}") if value else text
    return text
