"""Takes things out of the tables of the record, and says who still names them; revisions stay where they are."""

from collections.abc import Iterator, Mapping, Sequence

from sqlalchemy import delete, select
from sqlalchemy.orm import InstrumentedAttribute, Session

from oversight.storage.models import (
    ActionRow,
    CitationRow,
    ClaimRow,
    DeploymentRow,
    DutyRow,
    JurisdictionRow,
    PolicyRow,
    ProvisionRow,
    RevisionRow,
    VendorNameRow,
)
from oversight.storage.record import vendor_ids_by_name
from oversight.storage.revisions import RECORD

Column = InstrumentedAttribute[int] | InstrumentedAttribute[int | None] | InstrumentedAttribute[str | None]

BY_ID: Mapping[str, Sequence[Column]] = {
    "source": [row.source_id for row in (CitationRow, ClaimRow, ProvisionRow, DutyRow, VendorNameRow)],
    "jurisdiction": [PolicyRow.jurisdiction_id, DeploymentRow.jurisdiction_id, ActionRow.jurisdiction_id],
}
BY_KEY: Mapping[str, Column] = {
    "policy": PolicyRow.amends_key,
    "jurisdiction": JurisdictionRow.parent_key,
}
OWNERS = ("policy", "deployment", "action", "vendor")  # whose parts name something


def naming(session: Session, noun: str, key: str) -> list[tuple[str, str]]:
    """What in the record names a thing, each once: its noun and its key."""
    table = RECORD[noun]
    held = session.scalar(select(table.id).where(table.key == key))
    found = {one for column in BY_ID.get(noun, ()) for one in _owners(session, column, held)}
    if noun in BY_KEY:
        found |= set(_owners(session, BY_KEY[noun], key))
    if noun == "vendor":
        found |= set(_buyers(session, held))
    return sorted(found - {(noun, key)})


def _owners(session: Session, column: Column, value: object) -> Iterator[tuple[str, str]]:
    """The things whose own column, or a part's, holds the value."""
    table = column.class_
    itself = next((noun for noun, owner in RECORD.items() if owner is table), None)
    if itself:
        yield from ((itself, key) for key in session.scalars(select(table.key).where(column == value)))
        return
    for noun in OWNERS:
        if owner_id := getattr(table, f"{noun}_id", None):
            query = select(RECORD[noun].key).join(table, owner_id == RECORD[noun].id).where(column == value)
            yield from ((noun, key) for key in session.scalars(query))


def _buyers(session: Session, vendor_id: int | None) -> Iterator[tuple[str, str]]:
    """The deployments that name a vendor, by whichever of its names, as maker or as seller."""
    ids = vendor_ids_by_name(session)
    query = select(DeploymentRow.key, DeploymentRow.vendor, DeploymentRow.seller)
    for key, *names in session.execute(query):
        if any(name and ids.get(name.casefold()) == vendor_id for name in names):
            yield "deployment", key


def take_out(session: Session, noun: str, key: str) -> None:
    """Remove a thing and its parts from the tables."""
    table = RECORD[noun]
    session.execute(delete(table).where(table.key == key))


def withdrawn_keys(session: Session, noun: str) -> set[str]:
    """The keys of what has a history and no row any more."""
    table = RECORD[noun]
    there = select(table.id).where(table.key == RevisionRow.entity_key).exists()
    query = select(RevisionRow.entity_key).where(RevisionRow.entity == noun, ~there)
    return set(session.scalars(query.distinct()))
