"""Rows of Legistar's Web API about matters: what they are, what was done with them, and what is attached to them."""

import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import time

from oversight.domain.fingerprint import digest
from oversight.domain.local_time import in_zone, local_day
from oversight.domain.media_type import media_type_of
from oversight.domain.reading import Document, Item, ItemKind, Matter, MatterStep, Reading
from oversight.platforms.legistar_api import Row, Tenant, history_question

WHO = ("Mover", "Seconder")


@dataclass(frozen=True)
class Place:
    """What rows do not say of themselves: the feed, its tenant, and the matter that was asked about."""

    tenant: Tenant
    timezone: str | None
    matter: str | None
    file: str | None


def text_in(row: Row, name: str) -> str | None:
    """A field's words; None for what is empty, or of another kind than the API's help says."""
    value = row.get(name)
    if isinstance(value, str):
        return value if value.strip() else None
    return str(value) if type(value) in (int, float) else None


def listed_in(row: Row, name: str) -> list[Row]:
    """The rows inside of a field."""
    value = row.get(name)
    return [inner for inner in value if isinstance(inner, dict)] if isinstance(value, list) else []


def revision_of(row: Row) -> str:
    """The whole row, because publishing an agenda does not always move the last-modified stamp."""
    return digest(
        json.dumps({name: row[name] for name in row if not isinstance(row[name], list | dict)}, sort_keys=True)
    )


def attached_to(row: Row, item_uid: str) -> tuple[Document, ...]:
    """The documents that hang on an item or a matter."""
    names = ("EventItemMatterAttachments", "MatterAttachments", "Attachments")
    rows = (attachment for name in names for attachment in listed_in(row, name))
    found = (document for attachment in rows for document in _document(attachment, item_uid))
    return tuple({document.url: document for document in found}.values())


def read_matter(row: Row, place: Place) -> Reading:
    """A matter that changed, and the question for its history."""
    identifier = str(text_in(row, "MatterId"))
    name, file, status = text_in(row, "MatterName"), text_in(row, "MatterFile"), text_in(row, "MatterStatusName")
    title, notes = text_in(row, "MatterTitle") or name or "", text_in(row, "MatterNotes")
    url = place.tenant.matter_url(identifier)
    item = Item(
        uid=f"matter-{identifier}",
        kind=ItemKind.LEGISLATION,
        title=title,
        text="\n\n".join(dict.fromkeys(text for text in (name, notes) if text and text != title)) or None,
        url=url,
        published=in_zone(local_day(row.get("MatterIntroDate")), time(), place.timezone),
        matter_file=file,
        outcome=status,
    )
    return Reading(
        items=(item,) if title else (),
        matters=(Matter(file, title, text_in(row, "MatterTypeName"), status, url),) if file else (),
        documents=attached_to(row, item.uid),
        next=(history_question(place.tenant, identifier, file, revision_of(row)),) if file else (),
    )


def read_history(row: Row, place: Place) -> Reading:
    """One thing that a body did with the matter that was asked about."""
    action = text_in(row, "MatterHistoryActionName") or text_in(row, "MatterHistoryActionText")
    if not place.file:
        return Reading(warnings=("these steps do not say of which matter they are, and so were left out",))
    step = MatterStep(
        matter_file=place.file,
        uid=f"history-{text_in(row, 'MatterHistoryId')}",
        date=local_day(row.get("MatterHistoryActionDate")),
        body=text_in(row, "MatterHistoryActionBodyName"),
        action=action or "",
        outcome=text_in(row, "MatterHistoryPassedFlagName"),
        votes=votes_in(row, "MatterHistory"),
    )
    return Reading(steps=(step,) if action else ())


def votes_in(row: Row, kind: str) -> str | None:
    """The tally, the single votes counted, and who moved."""
    counted = Counter(value for vote in listed_in(row, "Votes") if (value := text_in(vote, "VoteValueName")))
    mover, seconder = (text_in(row, f"{kind}{name}Name") or text_in(row, f"{kind}{name}") for name in WHO)
    parts = [
        text_in(row, f"{kind}Tally"),
        ", ".join(f"{count} {value}" for value, count in counted.items()),
        f"moved by {mover}" if mover else "",
        f"seconded by {seconder}" if seconder else "",
    ]
    return "; ".join(part for part in parts if part) or None


def read_vote(row: Row, place: Place) -> Reading:
    """A vote of one person, which names the item by a number only."""
    return Reading(warnings=("votes that stand alone do not say of which matter they are, and so were left out",))


def read_attachment(row: Row, place: Place) -> Reading:
    """A document of the matter that was asked about."""
    return Reading(documents=_document(row, f"matter-{place.matter}" if place.matter else None))


def _document(row: Row, item_uid: str | None) -> tuple[Document, ...]:
    url, file = text_in(row, "MatterAttachmentHyperlink"), text_in(row, "MatterAttachmentFileName")
    name = text_in(row, "MatterAttachmentName")
    return (Document(url, name or file, media_type_of(file, url, name), item_uid=item_uid),) if url else ()


def without_echoes(rows: Iterable[Row]) -> list[Row]:
    """A step once: a tenant is known to tell it twice, as it stood on the agenda and in the minutes (Chicago)."""
    kept: list[Row] = []
    on_agenda: dict[tuple[str, ...], int] = {}
    for row in rows:
        event, action = text_in(row, "MatterHistoryEventId"), text_in(row, "MatterHistoryActionName")
        key = (event, action) if event and action else ()
        if key in on_agenda and row.get("MatterHistoryAgendaSequence") is None:
            first = on_agenda.pop(key)
            kept[first] = row | {name: value for name, value in kept[first].items() if value is not None}
            continue
        if key and row.get("MatterHistoryMinutesSequence") is None:
            on_agenda[key] = len(kept)
        kept.append(row)
    return kept
