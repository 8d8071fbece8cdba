"""The chain of hashes that makes a removed or altered revision visible."""

import hashlib
import json
from datetime import datetime
from typing import Any


def revision_hash(*, previous: str | None, change: dict[str, Any], at: datetime) -> str:
    """SHA-256 over the hash before it, the change and its time, in canonical JSON."""
    text = json.dumps([previous, change, at.isoformat()], sort_keys=True, ensure_ascii=False, default=str)
    return hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
