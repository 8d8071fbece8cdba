"""Policies and deployments as events tell of them: what filters know of them, their titles, where they are read."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import quote

from oversight.domain.event import About, Event, EventKind, Told
from oversight.domain.mention import Stage
from oversight.domain.query import Filter
from oversight.storage.models import JurisdictionRow
from oversight.vocabulary import load_vocabulary

Entry = Mapping[str, Any]
"""What a revision says of a thing."""
Dated = tuple[Event, str | None]
"""An event and the day, as far as it is known, on which happened what it tells."""


@dataclass(frozen=True)
class Happening:
    """What happened to a thing: `words` begin the line that tells it, the facts are searched with it.

    `stage` is what `stage:` of a query means for it, `until` the day (ISO) by which something is to be done.
    """

    kind: EventKind
    occurrence: str
    words: str
    facts: Iterable[tuple[str, str]]
    stage: Stage | None = None
    until: str | None = None


@dataclass(frozen=True)
class Tellable:
    """A policy or a deployment; `source` is where it was read last."""

    subject: str
    title: str
    about: About
    place: str
    path: str
    source: str | None

    def event(self, what: Happening) -> Event:
        """An event about it."""
        known = tuple((name, value) for name, value in what.facts if value)
        values = (*self.about.values, *(((Filter.STAGE, what.stage.value),) if what.stage else ()))
        texts = (*self.about.texts, *(value for _, value in known))
        told = Told(f"{what.words}: {self.title}", self.place, known, self.path, self.source, what.until)
        return Event(what.kind, self.subject, what.occurrence, About(values, texts), told)


def tellable_policy(entry: Entry, place: JurisdictionRow, source: str | None) -> Tellable:
    """A policy; its number is that of a file, too."""
    codes, labels = entry["technologies"], load_vocabulary().technology_labels
    values = [*_of_place(place), *((Filter.TECHNOLOGY, code) for code in codes)]
    values += [(Filter.POLICY, entry["key"]), *([(Filter.MATTER, entry["number"])] if entry.get("number") else [])]
    texts = [entry["title"], entry.get("number"), entry.get("summary"), place.name, *(labels[code] for code in codes)]
    return Tellable(
        subject=f"policy:{entry['key']}",
        title=entry["title"],
        about=About(tuple(values), tuple(text for text in texts if text)),
        place=place.name,
        path=f"/policies/{quote(entry['key'], safe='')}",
        source=source,
    )


def tellable_deployment(entry: Entry, place: JurisdictionRow, source: str | None) -> Tellable:
    """A deployment, by its agency and technology."""
    agency, label = entry["agency"]["name"], load_vocabulary().technology_labels[entry["technology"]]
    values = [*_of_place(place), (Filter.TECHNOLOGY, entry["technology"]), (Filter.AGENCY, agency)]
    sellers = [name for name in (entry.get("vendor"), entry.get("seller")) if name]
    values += [(Filter.VENDOR, name) for name in sellers]
    texts = [label, agency, entry.get("product"), entry.get("summary"), place.name, *sellers]
    return Tellable(
        subject=f"deployment:{entry['key']}",
        title=f"{label}, {agency}",
        about=About(tuple(values), tuple(text for text in texts if text)),
        place=place.name,
        path=f"/deployments/{quote(entry['key'], safe='')}",
        source=source,
    )


def _of_place(place: JurisdictionRow) -> list[tuple[Filter, str]]:
    values = [(Filter.PLACE, place.key), (Filter.PLACE, place.ocd_id), (Filter.STATE, place.state)]
    return list(dict.fromkeys((name, value) for name, value in values if value))
