"""Opens what jobs and commands work with, from the settings."""

import os
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import cached_property

from sqlalchemy import Engine

from oversight.channels import open_channel
from oversight.channels.webhook import Webhooks
from oversight.children import ChildPool
from oversight.domain.breaker import Breaker
from oversight.domain.throttle import Throttle
from oversight.outbound.client import Client
from oversight.outbound.robots import RobotsCache
from oversight.services.calm import calm_garbage_collection
from oversight.services.courier import Courier
from oversight.services.examine import PRELOAD
from oversight.services.notify import Herald, Lanes
from oversight.services.read_documents import Librarian
from oversight.services.readiness import require_safe_parser
from oversight.services.visit import Collector
from oversight.settings import Settings
from oversight.storage.engine import Sessions, open_engine, open_sessions
from oversight.vocabulary import load_vocabulary


@dataclass
class Tools:
    """The database and the settings of one process; the rest is opened when it is asked for.

    Setting `stop` makes work in progress end at the next whole step.
    """

    settings: Settings
    engine: Engine
    sessions: Sessions
    stop: threading.Event = field(default_factory=threading.Event)
    breaker: Breaker = field(default_factory=lambda: Breaker(time.monotonic))
    throttle: Throttle = field(init=False)
    lanes: Lanes = field(default_factory=Lanes)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.settings.mail_per_minute, time.monotonic)

    @classmethod
    def open(cls, settings: Settings) -> "Tools":
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

    def librarian(self, collector: Collector) -> Librarian:
        """A librarian with the collector's web and children."""
        return Librarian(
            self.sessions,
            collector.web,
            collector.children,
            self.settings.now,
            robots=collector.robots,
            shelf=self.settings.instance / "documents" if self.settings.keep_documents else None,
            is_ocr=self.settings.ocr,
            stop=self.stop,
        )

    @cached_property
    def webhooks(self) -> Webhooks:
        """The channel to webhooks; reading the certificates of authorities takes a while."""
        return Webhooks(self.settings)

    def herald(self) -> Herald:
        """A herald for webhooks; raises ConfigurationError without a secret key."""
        return Herald(
            sessions=self.sessions,
            webhooks=self.webhooks,
            base_url=self.settings.base_url,
            secret_key=self.settings.required_secret_key(),
            now=self.settings.now,
            stop=self.stop,
            lanes=self.lanes,
        )

    def courier(self) -> Courier:
        """A courier for the mail channel of the settings; raises ConfigurationError without a secret key."""
        return Courier(
            sessions=self.sessions,
            channel=open_channel(self.settings),
            channel_name=self.settings.mail.partition(":")[0],
            base_url=self.settings.base_url,
            mail_from=self.settings.mail_from,
            secret_key=self.settings.required_secret_key(),
            technologies={code: entry.label for code, entry in load_vocabulary().technologies.items()},
            now=self.settings.now,
            postal_address=self.settings.postal_address,
            stop=self.stop,
            breaker=self.breaker,
            throttle=self.throttle,
        )
