"""A collector of fakes, and one that dies in the middle of a poll."""

import os
import signal
from dataclasses import dataclass, field

from sqlalchemy import event, func, select

from oversight.services.collect import collect
from oversight.services.summary import Summary
from oversight.services.visit import Collector
from oversight.storage.engine import Sessions, open_engine, open_sessions, reading
from oversight.storage.leases import Wanted
from oversight.storage.models import FeedRow, ItemRow, MentionRow, PollRow
from tests.factories import ALPR_TITLE, NEWS_URL, NOW, PLAIN_TITLE, rss
from tests.fakes import FakeWeb, FixedClock, InlineChildren

FIRST = rss(("1", ALPR_TITLE), ("2", PLAIN_TITLE))


@dataclass
class Poller:
    """Polls every enabled feed, with a fake web and the reading done in this process."""

    sessions: Sessions
    web: FakeWeb = field(default_factory=FakeWeb)
    children: InlineChildren = field(default_factory=InlineChildren)
    clock: FixedClock = field(default_factory=lambda: FixedClock(NOW))

    @property
    def collector(self) -> Collector:
        return Collector(self.sessions, self.web, self.children, self.clock)  # type: ignore[arg-type]

    def poll(self) -> Summary:
        """Poll every feed, an hour after the last poll."""
        self.clock.advance(hours=1)
        self.web.forget()
        return collect(self.collector, Wanted(everything=True))

    def polls(self) -> list[PollRow]:
        """Every poll on record, oldest first."""
        with reading(self.sessions) as session:
            return list(session.scalars(select(PollRow).order_by(PollRow.id)))

    def feed(self) -> FeedRow:
        """The only feed."""
        with reading(self.sessions) as session:
            return session.scalars(select(FeedRow)).one()

    def counts(self) -> tuple[int, int]:
        """How many items and mentions are stored."""
        with reading(self.sessions) as session:
            items, mentions = (
                session.scalars(select(func.count()).select_from(entity)).one() for entity in (ItemRow, MentionRow)
            )
        return items, mentions


def die(*_: object) -> None:
    """What `kill -9` does."""
    os.kill(os.getpid(), signal.SIGKILL)


class DeadlyWeb(FakeWeb):
    """A web whose first answer is never heard."""

    def fetch(self, *_: object, **__: object):
        die()


def poll_and_die(url: str, point: str) -> None:
    """Poll, and die at `fetch`, `flush` (the rows are written) or `commit` (just before they are kept)."""
    engine = open_engine(url)
    poller = Poller(open_sessions(engine), DeadlyWeb() if point == "fetch" else FakeWeb())
    poller.web.answer(NEWS_URL, FIRST)
    if point == "flush":
        event.listen(engine, "after_cursor_execute", lambda *given: die() if "INTO mentions" in given[2] else None)
    if point == "commit":
        event.listen(engine, "commit", die)
    poller.poll()
