"""Two persons for a published legal status: what needs a second editor, and where a proposal stands."""

from collections.abc import Mapping
from typing import Any

from oversight.domain.word import Word


class ProposalState(Word):
    """Where a proposal stands."""

    OPEN = "open", "Waits for a second editor"
    APPROVED = "approved", "Approved"
    REJECTED = "rejected", "Rejected"


def changes_legal_status(noun: str, before: Mapping[str, Any], after: Mapping[str, Any]) -> bool:
    """Whether an edit changes what the record says of a policy's standing: its steps, or the end that its text sets."""
    if noun != "policy":
        return False
    return before.get("history") != after.get("history") or _end(before) != _end(after)


def _end(values: Mapping[str, Any]) -> Any:
    facts = values.get("facts")
    return facts.get("expires") if isinstance(facts, Mapping) else None
