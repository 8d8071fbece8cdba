"""One reason for a derived value."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Reason:
    """Words for people; the key of the policy or deployment they come from, and the date they rest on (partial)."""

    text: str
    key: str | None
    date: str | None
