"""What one version of an agenda added to the one before: only added words may alert."""

from collections.abc import Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from oversight.domain.fingerprint import digest

MOST_LINES = 100


@dataclass(frozen=True)
class Entry:
    """One item of an agenda as people read it; `identity` is the item's own."""

    identity: str
    title: str
    text: str


@dataclass(frozen=True)
class Revision:
    """What came and what went; the entries hold only the lines that did."""

    added: tuple[Entry, ...]
    removed: tuple[Entry, ...]


def agenda_hash(entries: Sequence[Entry]) -> str:
    """Changes when any entry does, or their order."""
    return digest("\0".join(f"{entry.identity}\1{entry.title}\1{entry.text}" for entry in entries))


def compared(before: Sequence[Entry], after: Sequence[Entry]) -> Revision:
    """The difference of two versions. A moved entry is neither added nor removed; nor is one with another id and the
    same words.
    """
    old, new = {entry.identity: entry for entry in before}, {entry.identity: entry for entry in after}
    known_words = {(entry.title, entry.text) for entry in before}
    kept_words = {(entry.title, entry.text) for entry in after}
    added, removed = [], []
    for identity, entry in new.items():
        if identity not in old:
            added += [] if (entry.title, entry.text) in known_words else [entry]
        elif entry != old[identity]:
            came, went = _lines(old[identity], entry)
            added += [came] if came.title or came.text else []
            removed += [went] if went.title or went.text else []
    removed += [
        entry for identity, entry in old.items() if identity not in new and (entry.title, entry.text) not in kept_words
    ]
    return Revision(tuple(added), tuple(removed))


def _lines(old: Entry, new: Entry) -> tuple[Entry, Entry]:
    before, after = old.text.split("\n"), new.text.split("\n")
    if max(len(before), len(after)) > MOST_LINES:
        known, kept = set(before), set(after)  # the order of so many lines is not worth the minutes it may take
        came, went = [line for line in after if line not in known], [line for line in before if line not in kept]
        return _told(old, new, came, went)
    came, went = [], []
    for tag, start, end, first, last in SequenceMatcher(None, before, after, autojunk=False).get_opcodes():
        if tag != "equal":
            went += before[start:end]
            came += after[first:last]
    return _told(old, new, came, went)


def _told(old: Entry, new: Entry, came: Sequence[str], went: Sequence[str]) -> tuple[Entry, Entry]:
    has_new_title = old.title != new.title
    return (
        Entry(new.identity, new.title if has_new_title else "", "\n".join(line for line in came if line)),
        Entry(old.identity, old.title if has_new_title else "", "\n".join(line for line in went if line)),
    )
