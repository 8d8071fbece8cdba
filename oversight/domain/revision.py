"""The chains of hashes that make a removed, added, moved or altered revision visible."""

import json
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from oversight.domain.fingerprint import digest


def revision_hash(*, previous: str | None, change: dict[str, Any], at: datetime) -> str:
    """SHA-256 over the hash before it, the change and its time, in canonical JSON."""
    text = json.dumps([previous, change, at.isoformat()], sort_keys=True, ensure_ascii=False, default=str)
    return digest(text)


@dataclass(frozen=True)
class Sealed:
    """What the journal keeps of one revision: which it is, and its hash."""

    entity: str
    key: str
    version: int
    hash: str


def journal_hash(previous: str, sequence: int, sealed: Sealed) -> str:
    """SHA-256 over the entry before it, its own number and the revision that it seals."""
    line = json.dumps([previous, sequence, sealed.entity, sealed.key, sealed.version, sealed.hash], ensure_ascii=False)
    return digest(line)
