"""Opens what polls work with, from the settings; it imports nothing of what sends or reads documents."""

import os
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import Self

from sqlalchemy import Engine

from oversight.children import ChildPool
from oversight.outbound.client import Client
from oversight.outbound.robots import RobotsCache
from oversight.services.calm import calm_garbage_collection
from oversight.services.examine import PRELOAD
from oversight.services.readiness import require_safe_parser
from oversight.services.visit import Collector
from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions


@dataclass
class PollingTools:
    """The database and the settings of one process; the rest is opened when it is asked for.

    Setting `stop` makes work in progress end at the next whole step.
    """

    settings: Settings
    engine: Engine
    sessions: Sessions
    stop: threading.Event = field(default_factory=threading.Event)

    @classmethod
    def open(cls, settings: Settings) -> Self:
        """Tools on the database that the settings name; nothing is connected yet.

        Raises ConfigurationError where this Python cannot read strangers' XML safely.
        """
        require_safe_parser()
        engine = open_engine(settings.database_url)
        return cls(settings, engine, open_sessions(engine))

    def children(self) -> ChildPool:
        """Child processes that read and match, until the block ends."""
        return ChildPool(os.cpu_count() or 2, preload=PRELOAD)

    @contextmanager
    def collector(self) -> Iterator[Collector]:
        """A collector, with its child processes until the block ends."""
        with self.children() as children:
            web = Client(self.settings)
            calm_garbage_collection()
            yield Collector(
                self.sessions,
                web,
                children,
                self.settings.now,
                self.stop,
                self.settings.host_connections,
                is_polite=self.settings.host_gap_seconds > 0,
                keys=self.settings.feed_keys,
                robots=None if self.settings.robots == "none" else RobotsCache(web.fetch),
                asks_robots_for_feeds=self.settings.robots == "all",
            )
