"""Keys of platforms that want one: they fill `{NAME}` in a feed's address, and are hidden from all that is shown."""

import re
from collections.abc import Iterable, Mapping
from urllib.parse import urlsplit

from oversight.domain.feed import Outcome, Request
from oversight.errors import FeedError

PLACEHOLDER = re.compile(r"\{([A-Z][A-Z0-9_]*)\}")


def keys_of(address: str, questions: Iterable[Request], keys: Mapping[str, str]) -> dict[str, str]:
    """The keys that a feed uses: those named in its address of feeds.toml, or in the headers that its reader sends."""
    named = set(PLACEHOLDER.findall(address))
    for question in questions:
        named |= {name for _, value in question.headers for name in PLACEHOLDER.findall(value)}
    return {name: keys[name] for name in named if name in keys}


def keys_for(url: str, address: str, keys: Mapping[str, str]) -> Mapping[str, str]:
    """The keys that a question may be filled with: the feed's own, and only at the very host of its address.

    What a feed says may hold placeholders, too, and must not send our keys to whom it likes.
    """
    return keys if urlsplit(url).netloc == urlsplit(address).netloc else {}


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
