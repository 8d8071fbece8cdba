"""Opens what jobs and commands work with, from the settings."""

import time
from dataclasses import dataclass, field
from functools import cached_property

from oversight.channels import open_channel
from oversight.channels.webhook import Webhooks
from oversight.domain.breaker import Breaker
from oversight.domain.throttle import Throttle
from oversight.jobs.polling import PollingTools
from oversight.services.courier import Courier
from oversight.services.notify import Herald, Lanes
from oversight.services.read_documents import Librarian
from oversight.services.visit import Collector
from oversight.vocabulary import load_vocabulary


@dataclass
class Tools(PollingTools):
    """The tools of polls, and what reads documents and sends."""

    breaker: Breaker = field(default_factory=lambda: Breaker(time.monotonic))
    throttle: Throttle = field(init=False)
    lanes: Lanes = field(default_factory=Lanes)

    def __post_init__(self) -> None:
        self.throttle = Throttle(self.settings.mail_per_minute, time.monotonic)

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
            technologies=load_vocabulary().technology_labels,
            now=self.settings.now,
            postal_address=self.settings.postal_address,
            stop=self.stop,
            breaker=self.breaker,
            throttle=self.throttle,
        )
