"""How each platform speaks: one reader a file, no I/O, found by scanning this folder."""

import sys
from typing import Protocol

from oversight.domain.feed import Answer, Feed, FeedState, Request
from oversight.domain.reading import Reading
from oversight.registry import Registry


class Reader(Protocol):
    """Says what to ask a platform, and reads one answer. Stateless; the same for a file, a test and the live web.

    `may_be_empty`: whether an answer with nothing in it is normal for a feed that was full before.
    """

    may_be_empty: bool

    def start(self, feed: Feed, state: FeedState) -> list[Request]:
        """The first questions of a poll."""
        ...

    def read(self, feed: Feed, answer: Answer) -> Reading:
        """What one answer says; raises FeedError where it is not an answer of this platform."""
        ...


readers: Registry[type[Reader]] = Registry("platform")
readers.scan(sys.modules[__name__])
register = readers.register


def reader_of(platform: str) -> Reader:
    """A reader for the platform; raises ConfigurationError for one we do not know."""
    return readers.get(platform)()
