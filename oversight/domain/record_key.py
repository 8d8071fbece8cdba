"""Keys for what editors add to the record: words that people can read, and never a name alone."""

import re
from collections.abc import Mapping
from typing import Any

from oversight.domain.fingerprint import digest

OCD_ID = re.compile(r"ocd-division/country:[a-z]{2}(/[a-z_]+:[\w.~-]+)*", re.ASCII)
MARK = re.compile(r"[0-9a-f]{8}")
LONGEST = 40


def new_key(noun: str, values: Mapping[str, Any], mark: str) -> str:
    """The key of a new thing; `mark` is its form's own, so that a form that is sent twice makes one thing.

    A government goes by its Open Civic Data id, a source by its address: those are found again.
    """
    if noun == "source":
        return source_key(values)
    if noun == "jurisdiction":
        place = f"x-oversight/us/{slug(values.get('state')) or 'no-state'}/{slug(values.get('name')) or noun}-{mark}"
        return str(values.get("ocd_id") or place)
    words = {
        "policy": ("pol", place_words(values.get("jurisdiction_key")), values.get("instrument")),
        "deployment": ("dep", place_words(values.get("jurisdiction_key")), values.get("technology")),
        "action": ("act", values.get("date") or "undated", values.get("kind")),
        "vendor": ("vendor", values.get("name")),
    }[noun]
    return "-".join([*(slug(word) for word in words if word), mark])


def source_key(values: Mapping[str, Any]) -> str:
    """The key of a source: from its address, or from what names it where it has none."""
    said = (values.get("title"), values.get("publisher"), values.get("date"))
    return "src-" + digest(values.get("url") or "\n".join(str(one) for one in said))[:12]


def place_words(key: str | None) -> str:
    """A place and its state as words: "seattle-wa"."""
    parts = [part.rpartition(":")[2] for part in (key or "").split("/") if not part.startswith(("ocd-", "country:"))]
    return "-".join(slug(part) for part in reversed(parts)) or "nowhere"


def slug(text: str | None) -> str:
    """Lower-case words with hyphens."""
    return "-".join(re.findall(r"[a-z0-9]+", (text or "").lower()))[:LONGEST].strip("-")
