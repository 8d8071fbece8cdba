"""The sources that an editor names for a change: those of the record by key or address, and one that is new."""

from dataclasses import dataclass
from typing import Any

from pydantic import ValidationError
from sqlalchemy.orm import Session

from oversight.domain.cleaning import clean_link
from oversight.domain.record import EvidenceTier
from oversight.domain.record_key import source_key
from oversight.services.check_entry import Fault, in_words
from oversight.services.record_entries import SourceEntry
from oversight.storage.record import source_at, source_tiers


@dataclass(frozen=True)
class Named:
    """What a change rests on: the keys of its sources with their tiers, and the one that has to be written first."""

    tiers: dict[str, EvidenceTier | None]
    new: SourceEntry | None

    @property
    def keys(self) -> list[str]:
        """The keys, in the order in which they were named."""
        return list(self.tiers)


def named_sources(
    session: Session, told: tuple[str, ...], described: dict[str, Any] | None, faults: list[Fault]
) -> Named:
    """The sources that a person told by key or address, and the one described; what is wrong is added to the faults."""
    keys: list[str] = []
    for position, words in enumerate(told):
        key = words if source_tiers(session, [words]) else source_at(session, words)
        if key is None:
            faults.append((("source", position), "The record has no such source. Choose one, or describe it below."))
        else:
            keys.append(key)
    new = _new_source(described, faults) if described else None
    if new and (key := _known(session, new)):
        keys, new = [*keys, key], None
    tiers = source_tiers(session, keys) | ({new.key: new.tier} if new else {})
    return Named(
        {key: EvidenceTier(tier) if (tier := tiers[key]) else None for key in [*keys, *([new.key] if new else [])]}, new
    )


def key_of(session: Session, told: str, new: SourceEntry | None) -> str:
    """The key of a source that a person told by its address; anything else as it was told."""
    if new and told == new.url:
        return new.key
    return (source_at(session, told) if "://" in told else None) or told


def _known(session: Session, new: SourceEntry) -> str | None:
    """The key under which the record has this source already."""
    return (new.url and source_at(session, new.url)) or next(iter(source_tiers(session, [new.key])), None)


def _new_source(described: dict[str, Any], faults: list[Fault]) -> SourceEntry | None:
    if described.get("url") and clean_link(described["url"]) is None:
        faults.append((("new_source", "url"), "Write the whole address, with https:// at its beginning."))
    try:
        return SourceEntry.model_validate(
            {"key": source_key(described), "date_certainty": None, "note": None} | described
        )
    except ValidationError as error:
        faults += [(("new_source", *fault["loc"]), in_words(fault)) for fault in error.errors()]
        return None
