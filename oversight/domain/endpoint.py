"""Where machines are told: a webhook, or a room of a chat service."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from oversight.domain.event import Told
from oversight.domain.word import Word


class EndpointKind(Word):
    """What listens at an endpoint."""

    WEBHOOK = "webhook", "Webhook"
    SLACK = "slack", "Slack"
    DISCORD = "discord", "Discord"
    MATRIX = "matrix", "Matrix"


class EndpointState(Word):
    """Where an endpoint stands: pending until its owner proved that it is theirs."""

    PENDING = "pending", "Waiting for proof"
    ACTIVE = "active", "Active"
    DISABLED = "disabled", "Switched off"


BACKOFF = tuple(timedelta(minutes=minutes) for minutes in (1, 5, 30, 120, 480, 1440))
MOST_FAILING = timedelta(days=5)  # of failures only, and it is switched off
OLD_SECRET_LIFE = timedelta(hours=24)
MOST_OWNED = 10
SECRET_PREFIX = "whsec_"  # noqa: S105 - as Standard Webhooks writes secrets


@dataclass(frozen=True)
class Receiver:
    """Where a machine listens, and the secrets that sign what it is told: two while one takes the other's place."""

    kind: EndpointKind
    url: str
    secrets: tuple[str, ...]


@dataclass(frozen=True)
class Note:
    """What a machine is told of one event; nothing in it is about the subscriber. `key` is the same at every retry."""

    key: str
    kind: str
    label: str
    at: datetime
    told: Told
    is_reviewed: bool
    url: str

    @property
    def title(self) -> str:
        """One line for people: where, what happened, to what."""
        parts = (self.told.place, self.label, self.told.title)
        return ": ".join(part for part in parts if part)


def retry_at(attempts: int, *, now: datetime) -> datetime | None:
    """When what failed so often is tried again; None when it is given up."""
    return now + BACKOFF[attempts - 1] if attempts <= len(BACKOFF) else None


def is_given_up(failing_since: datetime, *, now: datetime) -> bool:
    """Whether an endpoint has failed for so long that it is switched off."""
    return now - failing_since >= MOST_FAILING
