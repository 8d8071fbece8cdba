"""What makes two sightings the same thing, and what makes an edit (SAFETY C6)."""

import hashlib
from dataclasses import dataclass

from oversight.domain.reading import Item, ItemKind


@dataclass(frozen=True)
class Fingerprint:
    """What tells an item from others, from its like under another id, and from itself before an edit."""

    identity: str
    likeness: str | None
    content: str


def fingerprint(item: Item) -> Fingerprint:
    """All three of an item."""
    return Fingerprint(identity(item), likeness(item), content_hash(item))


def identity(item: Item) -> str:
    """The item's key within its feed: its uid, else its link, else its words."""
    return digest(item.uid or item.url or f"{item.title}\n{item.text or ''}")


def likeness(item: Item) -> str | None:
    """What stays the same when a feed gives its items new ids: link and title. None for what has no link of its own.

    Business of a council is told apart by its meeting and its file, so it has none either.
    """
    if item.url is None or item.kind not in (ItemKind.NEWS, ItemKind.NOTICE):
        return None
    return digest(f"{item.url.rstrip('/')}\0{' '.join(item.title.casefold().split())}")


def content_hash(item: Item) -> str:
    """Changes when something a reader would see has changed."""
    return digest("\0".join([item.title, item.text or "", item.url or "", item.outcome or ""]))


def digest(text: str | bytes) -> str:
    """SHA-256 in hexadecimal."""
    return hashlib.sha256(text if isinstance(text, bytes) else text.encode("utf-8", "surrogatepass")).hexdigest()
