"""How each platform speaks: one reader a file, no I/O, found by scanning this folder."""

import sys
from typing import Protocol

from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.reading import Reading
from oversight.registry import Registry


class Reader(Protocol):
    """Says what to ask a platform, and reads one answer. Stateless; the same for a file, a test and the live web.

    `may_be_empty`: whether an answer with nothing in it is normal for a feed that was full before.
    `records_outcomes`: whether the platform ever says what was decided; where it never does, looking is in vain.
    """

    may_be_empty: bool
    records_outcomes: bool

    def recognise(self, address: str) -> str | None:
        """The `url` of a feed, where an address that a person would copy is this platform's; None for others'."""
        ...

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        """The first questions of a poll."""
        ...

    def read(self, feed: Feed, answer: Answer) -> Reading:
        """What one answer says; raises FeedError where it is not an answer of this platform."""
        ...


readers: Registry[type[Reader]] = Registry("platform")
readers.scan(sys.modules[__name__])
register = readers.register
GENERIC = ("page", "rss")


def reader_of(platform: str) -> Reader:
    """A reader for the platform; raises ConfigurationError for one we do not know."""
    return readers.get(platform)()


def recognised(address: str) -> tuple[str, str] | None:
    """Platform and feed address for what a person copied from a browser; None where no platform claims it.

    A platform that is known by its host claims it before `page` and `rss`, which would take anything.
    """
    for name in sorted(readers.names(), key=lambda name: (name in GENERIC, name)):
        url = reader_of(name).recognise(address)
        if url is not None:
            return name, url
    return None
