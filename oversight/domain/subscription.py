"""What a subscriber may follow, and which events fall under it."""

from dataclasses import dataclass

from oversight.domain.word import Word


class Topic(Word):
    """What kind of thing is followed."""

    JURISDICTION = "jurisdiction", "Jurisdiction"
    TECHNOLOGY = "technology", "Technology"


class SubscriptionState(Word):
    """Where a subscription stands: pending until its mail is confirmed, then active until it is ended."""

    PENDING = "pending", "Waiting for confirmation"
    ACTIVE = "active", "Active"
    ENDED = "ended", "Ended"


class EventKind(Word):
    """What happened."""

    MENTION_CONFIRMED = "mention_confirmed", "Confirmed mention"


@dataclass(frozen=True)
class Followed:
    """One thing to follow: a jurisdiction's key or a technology's code."""

    topic: Topic
    key: str


def topics_of(*, jurisdictions: list[str], technologies: list[str]) -> list[Followed]:
    """Everything under which an event about these places and technologies is followed."""
    return [Followed(Topic.JURISDICTION, key) for key in jurisdictions] + [
        Followed(Topic.TECHNOLOGY, code) for code in technologies
    ]
